//! Which of a gap's candidates is right: all are tried together in one pytest process, the promising ones are then
//! proven alone, in processes of their own.

use guwu_core::correlate::Gap;
use guwu_core::generate::arguments::Source;
use guwu_core::generate::search;
use guwu_core::generate::{self, Candidate, Header, Strategy, environment};
use guwu_core::prove::{self, Outcome, Proof, Seen};
use guwu_core::score::{self, Facts, Score, Tier};

use super::{DevelopError, Workshop, record_of};
use crate::store::{Group, Store};
use crate::verify::TestFile;

/// A candidate with its proof and score.
pub(super) struct Judged {
    pub candidate: Candidate,
    pub proof: Proof,
    pub score: Score,
    pub runs: u32,
    /// Variables of the environment without which it could not be set up.
    pub missing: Vec<String>,
    /// What a trial of it brought up.
    pub seen: Vec<Seen>,
}

/// What one run of a candidate showed.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Where its file would lie.
    pub path: String,
    /// Its text.
    pub content: String,
    /// How it was written.
    pub strategy: &'static str,
    /// What happened.
    pub outcome: &'static str,
    /// In words.
    pub reason: String,
    /// 0..1.
    pub confidence: f64,
}

/// A candidate that a first run showed red is proven by this many more, in processes of their own.
const PROOFS: u32 = 3;
/// So many candidates that a trial showed red are proven at most, the best first.
const MOST_PROVEN: usize = 4;
/// And so many while none of them stays red alone.
const MOST_IN_VAIN: usize = 8;
/// What further runs may add to a confidence.
const MOST_GAINED: f64 = 0.1;
/// So often what importing the project asks the environment for is given and asked for more.
const MOST_MISSING: usize = 8;
/// Seconds of one test when all are tried together.
const TRIAL_LIMIT: u64 = 10;
/// So many candidates are run alone when the trial of all together shows nothing: one may have spoilt it for another.
const MOST_ALONE: usize = 3;

/// Red at the recorded function, for what the recorded message says.
pub(super) fn is_red(judged: &Judged) -> bool {
    judged.proof.is_as_recorded()
}

/// Red as recorded, and fit to be shown to people: of objects put together piece by piece that is not said.
fn is_worth_keeping(judged: &Judged) -> bool {
    is_red(judged) && judged.score.tier != Tier::Advise
}

/// Red at the recorded function, if perhaps with another message.
fn is_red_there(judged: &Judged) -> bool {
    judged.proof.outcome == Outcome::RedSame
}

/// Red for the recorded reason, from the outermost function, and not for a value that a caller of the project made:
/// nothing better is looked for.
fn is_good(judged: &Judged) -> bool {
    let candidate = &judged.candidate;
    let is_outermost = candidate.strategy != Strategy::Replay || candidate.entered == 0;
    is_red(judged)
        && !candidate.blames_caller
        && !candidate.is_called_otherwise
        && !candidate.is_half_made
        && (is_outermost || judged.score.tier == Tier::Create)
        && judged.score.tier != Tier::Advise
}

/// The very request, import or handler that failed is answered well now.
pub(super) fn is_gone(judged: &Judged) -> bool {
    let candidate = &judged.candidate;
    let is_very = match candidate.strategy {
        Strategy::Contract => candidate.source <= Some(Source::Built),
        _ => candidate.source == Some(Source::Known),
    };
    judged.proof.outcome == Outcome::Green && is_very && !candidate.is_captured
}

/// A candidate as a file to run.
pub(super) fn test_file(candidate: &Candidate) -> TestFile {
    TestFile {
        path: candidate.path.clone(),
        content: candidate.content.clone(),
    }
}

/// Every test hangs, and not only for what a stand-in answers.
fn all_hang(judged: &[Judged]) -> bool {
    let hangs = |j: &Judged| j.proof.outcome == Outcome::Timeout;
    let is_real = |j: &Judged| j.candidate.source != Some(Source::Mocked);
    judged.iter().all(hangs) && judged.iter().any(is_real)
}

impl Workshop<'_> {
    /// Tries and proves candidates. `None` when the deadline came before the first was judged.
    pub(super) fn judge_all(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
    ) -> Result<Option<Vec<Judged>>, DevelopError> {
        let candidates = self.candidates(group, gap);
        // What was captured comes first; guesses are run only where that proves nothing.
        let (captured, guessed): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|c| c.is_captured);
        let mut all = Vec::new();
        for (part, is_guess) in [(captured, false), (guessed, true)] {
            if part.is_empty() && !is_guess {
                continue;
            }
            let Some(judged) = self.judge_part(store, group, gap, part, is_guess)? else {
                return Ok(None);
            };
            all.extend(judged);
            if all.iter().any(is_worth_keeping) || all_hang(&all) {
                break;
            }
        }
        Ok(Some(all))
    }

    fn judge_part(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        candidates: Vec<Candidate>,
        is_guess: bool,
    ) -> Result<Option<Vec<Judged>>, DevelopError> {
        if self.is_late() {
            // Half a search is no result: the group stays new and the next run begins it again.
            return Ok(None);
        }
        let mut judged = self.try_all(store, group, candidates)?;
        for _ in 0..MOST_MISSING {
            if !self.supply(&judged) {
                break;
            }
            let all = self.candidates(group, gap).into_iter();
            let again = all.filter(|c| c.is_captured != is_guess).collect();
            judged = self.try_all(store, group, again)?;
        }
        if !is_guess {
            judged.extend(self.answer(store, group, gap, &judged)?);
        }
        self.look_at_request(store, group, &mut judged)?;
        // Where every test hangs (in what the project's own set-up does), more tests would hang as well.
        if all_hang(&judged) {
            return Ok(Some(judged));
        }
        // The very request, import or handler that failed is well now: what is left would only be guesses.
        let gone = judged.iter().position(is_gone);
        if let Some(gone) = gone
            && !judged.iter().any(is_red)
        {
            let judged_gone = judged.remove(gone);
            if self.comes_there(group, &judged_gone.candidate)? {
                return Ok(Some(vec![judged_gone]));
            }
        }
        if is_guess && !judged.iter().any(is_good) {
            judged.extend(self.bodies(store, group, gap)?);
        }
        if is_guess && !judged.iter().any(is_good) {
            judged.extend(self.search(store, group, gap, &self.header(group))?);
        }
        if !judged.iter().any(is_red) && judged.len() > 1 {
            // What a search wrote has many like it.
            let spoilt = |j: &Judged| {
                matches!(j.proof.outcome, Outcome::Error | Outcome::Timeout)
                    && !j.candidate.strategy.tries()
            };
            let again: Vec<usize> = (0..judged.len())
                .filter(|at| spoilt(&judged[*at]))
                .collect();
            for at in again.into_iter().take(MOST_ALONE) {
                if self.is_late() {
                    return Ok(None);
                }
                let candidate = judged[at].candidate.clone();
                judged[at] = self.run_alone(store, group, candidate, None, 1)?;
            }
        }
        // What no proof would make a draft of is only told of.
        let is_hopeless =
            |j: &Judged| j.score.confidence + MOST_GAINED < self.config.draft_threshold;
        let mut order: Vec<usize> = (0..judged.len())
            .filter(|i| is_red_there(&judged[*i]) && !is_hopeless(&judged[*i]))
            .collect();
        // Of equals, the one that was written first; of what was found by trying, the shortest: it says best what matters.
        let length = |judged: &Judged| match judged.candidate.strategy.tries() {
            true => judged.candidate.content.len(),
            false => 0,
        };
        order.sort_by(|a, b| {
            let (a, b) = (&judged[*a], &judged[*b]);
            b.score
                .confidence
                .total_cmp(&a.score.confidence)
                .then_with(|| length(a).cmp(&length(b)))
        });
        let mut is_proven = false;
        for (tried, at) in order.into_iter().enumerate() {
            if tried >= if is_proven { MOST_PROVEN } else { MOST_IN_VAIN } {
                break;
            }
            if self.is_late() {
                return Ok(None);
            }
            let candidate = judged[at].candidate.clone();
            let shown = Some(judged[at].proof.clone());
            let like = judged[at].proof.message;
            let smaller = self.reduce(store, group, gap, &candidate, like)?;
            if let Some(mut smaller) = smaller {
                smaller.request_passes = candidate.request_passes;
                let proven = self.run_alone(store, group, smaller, shown.clone(), PROOFS)?;
                if is_red(&proven) {
                    judged[at] = proven;
                }
            }
            if judged[at].runs < PROOFS {
                judged[at] = self.run_alone(store, group, candidate, shown, PROOFS)?;
            }
            is_proven |= is_red_there(&judged[at]);
            // Guesses are all scored alike: the next one can not become better than this, unless this rests on what only a
            // run of it alone shows (a connection that another had opened stays open).
            let proven = &judged[at];
            let is_sound = proven.proof.databases.is_empty() && proven.proof.at_home.is_empty();
            if proven.score.tier == Tier::Create || (is_guess && is_red(proven) && is_sound) {
                break;
            }
        }
        // What was red among others alone may owe it to them.
        judged.retain(|j| !is_red_there(j) || is_hopeless(j) || j.runs > 1);
        Ok(Some(judged))
    }

    /// Notes the variables of the environment without which no candidate could be set up; whether there are new ones.
    fn supply(&self, judged: &[Judged]) -> bool {
        let is_error = |j: &Judged| j.proof.outcome == Outcome::Error;
        if !judged.iter().all(is_error) {
            return false;
        }
        let mut environment = self.environment.borrow_mut();
        let before = environment.len();
        for name in judged.iter().flat_map(|j| &j.missing) {
            if !environment.iter().any(|(known, _)| known == name) {
                let value = environment::value_for(name, &self.project.map);
                environment.push((name.clone(), value));
            }
        }
        environment.len() > before
    }

    /// Notes on the calls from further in that the captured request itself passes.
    fn look_at_request(
        &self,
        store: &Store,
        group: &Group,
        judged: &mut [Judged],
    ) -> Result<(), DevelopError> {
        let passes = |j: &Judged| {
            j.candidate.strategy == Strategy::Request
                && j.candidate.is_captured
                && j.candidate.stand_ins == 0
                && !j.candidate.is_anonymous
                && j.proof.outcome == Outcome::Green
        };
        let Some(request) = judged.iter().find(|j| passes(j)) else {
            return Ok(());
        };
        let is_any = judged.iter().any(|j| j.candidate.entered > 0 && is_red(j));
        let is_request = |j: &Judged| j.candidate.strategy == Strategy::Request;
        // Where another request fails, calls from further in are worth less than that.
        let counts = judged.iter().any(|j| is_request(j) && is_red(j))
            || is_any && self.comes_there(group, &request.candidate)?;
        if !counts {
            return Ok(());
        }
        for one in judged.iter_mut().filter(|j| j.candidate.entered > 0) {
            let mut candidate = one.candidate.clone();
            candidate.request_passes = true;
            *one = self.judged(store, candidate, one.proof.clone(), None, one.runs)?;
        }
        Ok(())
    }

    /// Whether a request still enters the function that failed. One that was answered well without it shows nothing: in
    /// production other rows were in the database.
    fn comes_there(&self, group: &Group, candidate: &Candidate) -> Result<bool, DevelopError> {
        let chain = search::chain(&group.example, &self.project.map);
        if candidate.strategy != Strategy::Request || chain.is_empty() {
            return Ok(true);
        }
        let frames = chain.len();
        let mut runner = self.runner.clone();
        runner.chain = chain;
        let run = runner.run_candidate(&candidate.path, &candidate.content)?;
        Ok(run
            .reached
            .is_some_and(|reached| reached.frames as usize >= frames))
    }

    /// Every candidate of a group with what one run of it showed; nothing is kept.
    ///
    /// # Errors
    /// When the store, the interpreter or the project's folders do not work.
    pub fn trials(&self, store: &Store, group: &Group) -> Result<Vec<Trial>, DevelopError> {
        let Some(gap) = self.gap(group) else {
            return Ok(Vec::new());
        };
        let mut judged = self.try_all(store, group, self.candidates(group, &gap))?;
        if !judged.iter().any(is_good) {
            judged.extend(self.bodies(store, group, &gap)?);
        }
        if !judged.iter().any(is_good) {
            judged.extend(self.search(store, group, &gap, &self.header(group))?);
        }
        Ok(judged
            .into_iter()
            .map(|judged| Trial {
                path: judged.candidate.path,
                content: judged.candidate.content,
                strategy: judged.candidate.strategy.as_str(),
                outcome: judged.proof.outcome.as_str(),
                reason: judged.proof.reason,
                confidence: judged.score.confidence,
            })
            .collect())
    }

    fn candidates(&self, group: &Group, gap: &Gap) -> Vec<Candidate> {
        generate::candidates(
            &group.example,
            gap,
            &self.project.map,
            &self.project.habits,
            &self.header(group),
        )
    }

    pub(super) fn header(&self, group: &Group) -> Header {
        Header {
            failure_id: crate::render::short_id(&group.fingerprint).to_owned(),
            fingerprint: group.fingerprint.clone(),
            first_seen: group
                .first_logged
                .clone()
                .unwrap_or_else(|| group.first_seen.clone()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            environment: self.environment.borrow().clone(),
        }
    }

    /// One run of all candidates together.
    pub(super) fn try_all(
        &self,
        store: &Store,
        group: &Group,
        candidates: Vec<Candidate>,
    ) -> Result<Vec<Judged>, DevelopError> {
        let files: Vec<TestFile> = candidates.iter().map(test_file).collect();
        if files.is_empty() {
            return Ok(Vec::new());
        }
        // A trial; what is slow for good reasons is proven alone, with all its time.
        let mut runner = self.runner.clone();
        runner.timeout = runner.timeout.min(TRIAL_LIMIT);
        let runs = runner.run_batch(&files)?;
        candidates
            .into_iter()
            .zip(runs)
            .map(|(candidate, run)| {
                let map = &self.project.map;
                let proof = prove::judge(&group.example, map, &run);
                let missing = environment::missing(&run, map);
                let judged = self.judged(store, candidate, proof, None, 1)?;
                Ok(Judged {
                    missing,
                    seen: run.seen,
                    ..judged
                })
            })
            .collect()
    }

    /// Runs a candidate alone until it was red as recorded `times` times, or once not. What differs from what was
    /// `shown` before is flaky.
    fn run_alone(
        &self,
        store: &Store,
        group: &Group,
        candidate: Candidate,
        shown: Option<Proof>,
        times: u32,
    ) -> Result<Judged, DevelopError> {
        let mut proof = shown;
        let mut is_stable = None;
        let mut runs = u32::from(proof.is_some());
        for _ in 0..times {
            let run = self
                .runner
                .run_candidate(&candidate.path, &candidate.content)?;
            runs += 1;
            let next = prove::judge(&group.example, &self.project.map, &run);
            let latest = match proof.take() {
                None => next,
                Some(before) => {
                    is_stable = Some(before.outcome == next.outcome);
                    before.and_then(&next)
                }
            };
            let is_red = latest.outcome == Outcome::RedSame;
            proof = Some(latest);
            if !is_red {
                break;
            }
        }
        let proof = proof.unwrap_or_else(|| Proof::new(Outcome::Skipped, "no test ran"));
        self.judged(store, candidate, proof, is_stable, runs)
    }

    pub(super) fn judged(
        &self,
        store: &Store,
        candidate: Candidate,
        proof: Proof,
        is_stable: Option<bool>,
        runs: u32,
    ) -> Result<Judged, DevelopError> {
        let facts = Facts {
            strategy: candidate.strategy,
            source: candidate.source,
            is_at_gap_layer: candidate.is_at_gap_layer,
            blames_caller: candidate.blames_caller,
            is_called_otherwise: candidate.is_called_otherwise,
            is_half_made: candidate.is_half_made,
            checks_contract: candidate.content.contains("assert result["),
            is_captured: candidate.is_captured,
            raw_objects: candidate.raw_objects,
            lacks_surroundings: candidate.lacks_surroundings,
            entered: candidate.entered,
            arranged: candidate.arranged,
            stand_ins: candidate.stand_ins,
            answers: candidate.answers,
            has_passing_sibling: candidate.has_passing_sibling,
            request_passes: candidate.request_passes,
            is_stable,
            record: record_of(store, candidate.strategy.as_str())?,
        };
        let score = score::score(&facts, &proof, &self.thresholds());
        Ok(Judged {
            candidate,
            proof,
            score,
            runs,
            missing: Vec::new(),
            seen: Vec::new(),
        })
    }
}
