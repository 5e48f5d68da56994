//! Which of a gap's candidates is right: all are tried together in one pytest process, the promising ones are then
//! proven alone, in processes of their own.

use guwu_core::correlate::{self, Gap};
use guwu_core::generate::arguments::Source;
use guwu_core::generate::{self, Candidate, Header, Strategy};
use guwu_core::prove::{self, Outcome, Proof};
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

/// A candidate is proven by this many runs of its own.
const PROOFS: u32 = 2;
/// So many candidates that a trial showed red are proven at most, the best first.
const MOST_PROVEN: usize = 4;
/// Seconds of one test when all are tried together.
const TRIAL_LIMIT: u64 = 10;
/// So many candidates are run alone when the trial of all together shows nothing: one may have spoilt it for another.
const MOST_ALONE: usize = 3;

impl Judged {
    /// Red for the recorded reason.
    pub(super) fn is_red(&self) -> bool {
        self.proof.outcome == Outcome::RedAsRecorded
    }
}

impl Workshop<'_> {
    /// Tries and proves candidates. `None` when the deadline came before the first was judged.
    pub(super) fn judge_all(
        &self,
        store: &mut Store,
        group: &Group,
        gap: &Gap,
    ) -> Result<Option<Vec<Judged>>, DevelopError> {
        let candidates = self.candidates(group, gap);
        if self.is_late() {
            // Half a search is no result: the group stays new and the next run begins it again.
            return Ok(None);
        }
        let mut judged = self.try_all(store, group, candidates)?;
        let is_red = Judged::is_red;
        // The very request or import that failed passes now: what is left would only be guesses.
        let is_gone = judged.iter().any(|j| {
            j.proof.outcome == Outcome::Green
                && j.candidate.source == Some(Source::Known)
                && !j.candidate.is_captured
        });
        let is_good = |j: &Judged| j.is_red() && !j.candidate.blames_caller && j.score.tier != Tier::Advise;
        if !judged.iter().any(is_good) && !is_gone {
            judged.extend(self.search(store, group, gap, &self.header(group))?);
        }
        if !judged.iter().any(is_red) && judged.len() > 1 && !is_gone {
            for at in 0..judged.len().min(MOST_ALONE) {
                if self.is_late() {
                    return Ok(None);
                }
                // A search tried much more than these.
                if matches!(judged[at].candidate.strategy, Strategy::Search | Strategy::Replay)
                    && !judged[at].candidate.is_captured
                    && judged.len() > 2 * MOST_ALONE
                {
                    continue;
                }
                let candidate = judged[at].candidate.clone();
                judged[at] = self.run_alone(store, group, candidate, 1)?;
            }
        }
        let mut order: Vec<usize> = (0..judged.len()).filter(|i| is_red(&judged[*i])).collect();
        // A stable sort: of equals, the one that was written first.
        order.sort_by(|a, b| {
            judged[*b]
                .score
                .confidence
                .total_cmp(&judged[*a].score.confidence)
        });
        for at in order.into_iter().take(MOST_PROVEN) {
            if self.is_late() {
                return Ok(None);
            }
            let candidate = judged[at].candidate.clone();
            judged[at] = self.run_alone(store, group, candidate, PROOFS)?;
            if judged[at].score.tier == Tier::Create {
                break;
            }
        }
        Ok(Some(judged))
    }

    /// Every candidate of a group with what one run of it showed; nothing is kept.
    ///
    /// # Errors
    /// When the store, the interpreter or the project's folders do not work.
    pub fn trials(&self, store: &Store, group: &Group) -> Result<Vec<Trial>, DevelopError> {
        let Some(gap) = correlate::correlate(&group.example, &self.project.map) else {
            return Ok(Vec::new());
        };
        let mut judged = self.try_all(store, group, self.candidates(group, &gap))?;
        if !judged.iter().any(|j| j.is_red() && !j.candidate.blames_caller) {
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

    fn header(&self, group: &Group) -> Header {
        Header {
            failure_id: crate::render::short_id(&group.fingerprint).to_owned(),
            fingerprint: group.fingerprint.clone(),
            first_seen: group
                .first_logged
                .clone()
                .unwrap_or_else(|| group.first_seen.clone()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// One run of all candidates together.
    fn try_all(
        &self,
        store: &Store,
        group: &Group,
        candidates: Vec<Candidate>,
    ) -> Result<Vec<Judged>, DevelopError> {
        let files: Vec<TestFile> = candidates
            .iter()
            .map(|candidate| TestFile {
                path: candidate.path.clone(),
                content: candidate.content.clone(),
            })
            .collect();
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
                let proof = prove::judge(&group.example, &self.project.map, &run);
                self.judged(store, candidate, proof, None, 1)
            })
            .collect()
    }

    /// Runs a candidate alone until it was red as recorded `times` times, or once not.
    fn run_alone(
        &self,
        store: &Store,
        group: &Group,
        candidate: Candidate,
        times: u32,
    ) -> Result<Judged, DevelopError> {
        let mut first: Option<Proof> = None;
        let mut is_stable = None;
        let mut runs = 0;
        while runs < times {
            let run = self
                .runner
                .run_candidate(&candidate.path, &candidate.content)?;
            runs += 1;
            let proof = prove::judge(&group.example, &self.project.map, &run);
            let is_red = proof.outcome == Outcome::RedAsRecorded;
            match &first {
                None => first = Some(proof),
                Some(before) => {
                    is_stable = Some(before.outcome == proof.outcome);
                    if !is_red {
                        first = Some(proof);
                    }
                }
            }
            if !is_red {
                break;
            }
        }
        let proof = first.unwrap_or(Proof {
            outcome: Outcome::Skipped,
            reason: "no test ran".to_owned(),
            is_same_message: false,
        });
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
            frame: candidate.frame,
            checks_contract: candidate.content.contains("assert result["),
            is_captured: candidate.is_captured,
            raw_objects: candidate.raw_objects,
            stand_ins: candidate.stand_ins,
            is_stable,
            record: record_of(store, candidate.strategy.as_str())?,
        };
        let score = score::score(&facts, &proof, &self.thresholds());
        Ok(Judged {
            candidate,
            proof,
            score,
            runs,
        })
    }
}
