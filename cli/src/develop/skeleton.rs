//! Where no candidate reproduces a failure: what is known of a test is staged for a person to fill in. It is run once,
//! to know that pytest collects it and skips it; it is never called proven.

use std::fs;

use guwu_core::correlate::{self, Gap};
use guwu_core::generate::{self, Candidate, Strategy};
use guwu_core::model::Failure;
use guwu_core::prove::{self, Run};
use guwu_core::score::{self, Tier};
use serde_json::json;

use super::judge::{Judged, is_gone};
use super::{DevelopError, Developed, Kept, Workshop, content_hash, relative, stage};
use crate::store::{Group, NewCandidate, Status, Store};

/// Seconds to collect one.
const LIMIT: u64 = 10;

/// Whether what was tried shows so little that only a person can go on.
pub(super) fn is_needed(best: Option<&Judged>) -> bool {
    best.is_none_or(|best| {
        best.score.tier == Tier::Advise && !best.proof.is_as_recorded() && !is_gone(best)
    })
}

impl Workshop<'_> {
    /// Stages a skeleton. `None` when there is nothing to fill in, or when it could not even be collected.
    pub(super) fn skeleton(
        &self,
        store: &mut Store,
        group: &Group,
        gap: &Gap,
        why: &str,
    ) -> Result<Option<Developed>, DevelopError> {
        if self.is_late() || self.failing_line_is_gone(&group.example) {
            return Ok(None);
        }
        let Some((skeleton, run)) = self.collected_skeleton(group, gap, why)? else {
            return Ok(None);
        };
        let staged = stage(store, &skeleton)?;
        let lies_at = relative(&staged, &self.config.root);
        let score = score::skeleton(why);
        let id = store.put_candidate(&NewCandidate {
            fingerprint: group.fingerprint.clone(),
            strategy: skeleton.strategy.as_str().to_owned(),
            layer: skeleton.layer.as_str().to_owned(),
            tier: score.tier.as_str().to_owned(),
            confidence: score.confidence,
            evidence: serde_json::to_string(&score.evidence).unwrap_or_else(|_| "[]".to_owned()),
            path: skeleton.path.clone(),
            node_id: format!("{}::{}", skeleton.path, skeleton.test),
            content_hash: content_hash(&skeleton.content),
            content: skeleton.content,
            state: "staged".to_owned(),
            created_at: self.now.clone(),
        })?;
        let proof = prove::judge(&group.example, &self.project.map, &run);
        let detail = json!({
            "reason": format!("not a test yet ({why}); fill it in at {lies_at}"),
            "runs": 1,
            "same_message": false,
        });
        store.record_proof(
            &group.fingerprint,
            id,
            proof.outcome.as_str(),
            &detail.to_string(),
            &self.now,
        )?;
        store.set_status(&group.fingerprint, Status::Skeleton)?;
        Ok(Some(Developed {
            fingerprint: group.fingerprint.clone(),
            status: Status::Skeleton,
            reason: format!("no test is proven, fill it in ({why})"),
            kept: Some(Kept {
                path: lies_at,
                tier: score.tier,
                confidence: score.confidence,
            }),
        }))
    }

    /// Takes back the skeletons of a group that nobody has touched: a test or a newer one takes their place.
    pub(super) fn withdraw_skeletons(
        &self,
        store: &mut Store,
        group: &Group,
    ) -> Result<(), DevelopError> {
        let folder = store.generated_tests();
        for old in store.candidates(&group.fingerprint)? {
            let is_staged = old.strategy == Strategy::Skeleton.as_str() && old.state == "staged";
            if !is_staged {
                continue;
            }
            let name = old.path.rsplit('/').next().unwrap_or(&old.path);
            let stem = name.trim_end_matches(".py");
            let names = std::iter::once(name.to_owned());
            let untouched = names
                .chain((2..100).map(|n| format!("{stem}_{n}.py")))
                .map(|name| folder.join(name))
                .find(|path| fs::read_to_string(path).is_ok_and(|text| text == old.content));
            if let Some(path) = untouched {
                fs::remove_file(&path).map_err(|source| DevelopError::Write {
                    path: path.display().to_string(),
                    source,
                })?;
                store.set_candidate_state(old.id, "advised")?;
            }
        }
        Ok(())
    }

    /// The first skeleton that pytest collects, and that does nothing but skip itself.
    fn collected_skeleton(
        &self,
        group: &Group,
        gap: &Gap,
        why: &str,
    ) -> Result<Option<(Candidate, Run)>, DevelopError> {
        let header = self.header(group);
        let skeletons = generate::skeletons(
            &group.example,
            gap,
            &self.project.map,
            &self.project.habits,
            &header,
            why,
        );
        let mut runner = self.runner.clone();
        runner.timeout = runner.timeout.min(LIMIT);
        for skeleton in skeletons {
            let run = runner.run_candidate(&skeleton.path, &skeleton.content)?;
            if run.timed_out {
                // The project's own set-up hangs; the next one would hang as well.
                break;
            }
            if run.skipped > 0 && run.passed + run.failed + run.errors == 0 {
                return Ok(Some((skeleton, run)));
            }
        }
        Ok(None)
    }

    /// The code has changed where it failed: there may be nothing left to write a test for.
    fn failing_line_is_gone(&self, failure: &Failure) -> bool {
        let map = &self.project.map;
        let Some(exception) = correlate::project_exception(failure, map) else {
            return false;
        };
        let Some((module, line)) = correlate::project_frames(exception, map)
            .last()
            .and_then(|f| Some((f.module, f.frame.source_line.as_deref()?.trim())))
        else {
            return false;
        };
        let is_whole = !line.is_empty() && !line.contains('…');
        let text = fs::read_to_string(self.config.root.join(&module.path));
        is_whole && text.is_ok_and(|text| !text.lines().any(|there| there.contains(line)))
    }
}
