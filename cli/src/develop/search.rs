//! Runs a search for a failing call in rounds: all candidates of a round in one process, then what they showed decides
//! the next ones.

use std::time::{Duration, Instant};

use guwu_core::correlate::Gap;
use guwu_core::generate::bodies::Bodies;
use guwu_core::generate::search::{self, Exploration, Search};
use guwu_core::generate::{Candidate, Header};
use guwu_core::prove::{self, Explored, Outcome};

use super::judge::{Judged, is_red, test_file};
use super::{DevelopError, Workshop};
use crate::store::{Group, Store};
use crate::verify::Runner;

/// Candidates of one round.
const ROUND: usize = 36;
/// Rounds of one search.
const ROUNDS: usize = 5;
/// Before these rounds, and where nothing is left to try, the best calls are made with many values; so often at most.
const EXPLORING: [usize; 2] = [2, 4];
/// Milliseconds of the process' own time for each of them.
const SHARES: [u32; 4] = [4500, 2500, 1500, 1500];
/// Seconds in which one of them is to be over, however slow the machine.
const EXPLORING_LIMIT: u64 = 25;
/// No round begins after so long.
const LONGEST: Duration = Duration::from_secs(30);
/// A call that takes longer is no short test.
const LIMIT: u64 = 5;
/// The same for each way to send a request with many bodies.
const BODY_SHARES: [u32; 4] = [3000, 1500, 1000, 1000];

impl Workshop<'_> {
    /// Sends the request of the log with many bodies; those that made it fail as recorded. It keeps nothing.
    pub(super) fn bodies(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
    ) -> Result<Vec<Judged>, DevelopError> {
        let surroundings = self.lines_around(&group.example);
        let header = self.header(group);
        let (map, habits) = (&self.project.map, &self.project.habits);
        let Some(mut bodies) =
            Bodies::new(&group.example, gap, map, habits, &header, &surroundings)
        else {
            return Ok(Vec::new());
        };
        let mut runner = Runner {
            chain: search::chain(&group.example, map),
            ..self.runner.clone()
        };
        runner.bounds.is_closed = !bodies.has_own_database();
        let requests = bodies.explorations(&BODY_SHARES);
        let mut all = Vec::new();
        for found in bodies.explored(explored(&runner, requests)?) {
            let both = std::iter::once(found.failing).chain(found.passing);
            let mut judged = self.try_all(store, group, both.collect())?.into_iter();
            let Some(mut failing) = judged.next() else {
                continue;
            };
            let passes = |j: Judged| j.proof.outcome == Outcome::Green;
            failing.candidate.has_passing_sibling = judged.next().map(passes);
            all.push(self.judged(store, failing.candidate, failing.proof, None, 1)?);
        }
        Ok(all)
    }

    /// Searches for candidates; those that were red, and the most telling of the others. It keeps nothing.
    pub(super) fn search(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        header: &Header,
    ) -> Result<Vec<Judged>, DevelopError> {
        let began = Instant::now();
        let surroundings = self.surroundings(&group.example);
        let map = &self.project.map;
        let Some(mut search) = Search::new(
            &group.example,
            gap,
            map,
            &self.project.habits,
            header,
            &surroundings,
        ) else {
            return Ok(Vec::new());
        };
        let mut runner = self.runner.clone();
        runner.timeout = runner.timeout.min(LIMIT);
        runner.chain = search::chain(&group.example, map);
        let mut kept: Vec<Judged> = Vec::new();
        let mut is_last = false;
        let mut explored = 0;
        for round in 0..ROUNDS {
            if self.is_late() || (began.elapsed() > LONGEST && !is_last) {
                break;
            }
            let may_explore = explored < EXPLORING.len();
            let is_due = EXPLORING.contains(&round) || (is_last && explored == 0);
            let mut candidates = match may_explore && is_due {
                true => Vec::new(),
                false => search.next(ROUND),
            };
            if candidates.is_empty() && may_explore {
                explored += 1;
                Self::explore(&runner, &mut search)?;
                candidates = search.next(ROUND);
            }
            if candidates.is_empty() {
                break;
            }
            let files: Vec<_> = candidates.iter().map(test_file).collect();
            let runs = runner.run_batch(&files)?;
            let proofs: Vec<_> = runs
                .iter()
                .map(|run| prove::judge(&group.example, map, run))
                .collect();
            let hang = proofs.iter().all(|p| p.outcome == Outcome::Timeout);
            search.learn(proofs.iter().zip(&runs));
            let mut is_found = false;
            for (candidate, proof) in candidates.into_iter().zip(proofs) {
                is_found |= proof.is_as_recorded();
                kept.push(self.judged(store, candidate, proof, None, 1)?);
            }
            // One more round looks further out, and for calls like what was found that pass. From the outermost frame
            // nothing better can come.
            let is_best = kept.iter().any(|j| {
                is_red(j)
                    && j.candidate.entered == 0
                    && search.has_passing_sibling(&j.candidate) != Some(false)
            });
            if hang || is_best || is_last {
                break;
            }
            is_last = is_found;
        }
        let (red, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(is_red);
        let mut kept = others;
        for mut judged in red {
            judged.candidate.has_passing_sibling = search.has_passing_sibling(&judged.candidate);
            kept.push(self.judged(store, judged.candidate, judged.proof, None, 1)?);
        }
        Ok(kept)
    }

    /// Calls what came furthest with many values; the search goes on from what that found.
    fn explore(runner: &Runner, search: &mut Search) -> Result<(), DevelopError> {
        let calls = search.explorations(&SHARES);
        search.explored(explored(runner, calls)?);
        Ok(())
    }
}

/// What making calls with many values showed, in their order.
fn explored(
    runner: &Runner,
    calls: Vec<(Candidate, Exploration)>,
) -> Result<Vec<Option<Explored>>, DevelopError> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let calls = calls
        .into_iter()
        .map(|(candidate, exploration)| (test_file(&candidate), exploration))
        .collect();
    let runner = Runner {
        timeout: EXPLORING_LIMIT,
        ..runner.clone()
    };
    Ok(runner.explore(calls)?)
}
