//! From a new group to a proven test: gap, candidates, proof, score, place. The middle of the main job.
//!
//! It writes a test into the project only when running it proved it, and never over anything that is there.

mod access;
mod answer;
mod around;
mod judge;
mod reduce;
mod search;
mod skeleton;

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use guwu_core::correlate::{self, Gap, Shown};
use guwu_core::generate::Candidate;
use guwu_core::model::Platform;
use guwu_core::prove::Likeness;
use guwu_core::score::{Thresholds, Tier};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::project::Project;
use crate::store::{Group, NewCandidate, Status, Store, StoreError};
use crate::verify::{Runner, VerifyError};
use judge::Judged;
pub use judge::Trial;

/// Why a group could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum DevelopError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The test run.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The test file could not be written.
    #[error(
        "cannot write the test `{path}`: {source}; check the folder's permissions and the free space"
    )]
    Write {
        /// Where to.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What became of a group.
#[derive(Debug, Clone)]
pub struct Developed {
    /// Group.
    pub fingerprint: String,
    /// What the group is now.
    pub status: Status,
    /// Candidate that was kept, if any.
    pub kept: Option<Kept>,
    /// In words, when nothing was kept.
    pub reason: String,
}

impl Developed {
    /// What was done with the file that was kept.
    pub fn word(&self) -> &'static str {
        match self.status {
            Status::Tested => "created",
            Status::Skeleton => "skeleton",
            _ => "staged",
        }
    }
}

/// The test that was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Where the file lies, relative to the project.
    pub path: String,
    /// Its tier.
    pub tier: Tier,
    /// 0..1.
    pub confidence: f64,
}

/// Everything that stays the same for all groups of a run.
pub struct Workshop<'a> {
    /// Settings.
    pub config: &'a Config,
    /// The project's code.
    pub project: &'a Project,
    /// Runs tests.
    pub runner: &'a Runner,
    /// Time of this run, RFC 3339.
    pub now: String,
    /// No new candidate is started after it.
    pub deadline: Option<Instant>,
    /// Variables of the environment that runs missed, with values for them.
    pub environment: RefCell<Vec<(String, String)>>,
}

impl Workshop<'_> {
    /// Works on one group. `None` when the deadline came first; the next run takes it up again.
    ///
    /// # Errors
    /// When the store, the interpreter or the project's folders do not work.
    pub fn develop(
        &self,
        store: &mut Store,
        group: &Group,
    ) -> Result<Option<Developed>, DevelopError> {
        let done = |status, reason: String| Developed {
            fingerprint: group.fingerprint.clone(),
            status,
            kept: None,
            reason,
        };
        let pattern = guwu_core::pattern::get(&group.pattern);
        if let Some(reason) = pattern.and_then(|p| p.noise) {
            store.set_status(&group.fingerprint, Status::Noise)?;
            return Ok(Some(done(Status::Noise, reason.to_owned())));
        }
        let gap = (group.example.platform == Platform::Python)
            .then(|| self.gap(group))
            .flatten();
        let Some(gap) = gap else {
            store.set_status(&group.fingerprint, Status::Advised)?;
            return Ok(Some(done(Status::Advised, self.no_gap_reason(group))));
        };
        store.put_gap(&group.fingerprint, &gap_json(&gap))?;
        if pattern.is_some_and(|p| !p.worth_test) {
            store.set_status(&group.fingerprint, Status::Advised)?;
            return Ok(Some(done(
                Status::Advised,
                "a regression test is not the remedy for this kind of failure".to_owned(),
            )));
        }
        let Some(judged) = self.judge_all(store, group, &gap)? else {
            return Ok(None);
        };
        // Of equals the first: it was written the best way.
        let best = judged
            .into_iter()
            .rev()
            .max_by(|a, b| a.score.confidence.total_cmp(&b.score.confidence));
        self.withdraw_skeletons(store, group)?;
        let is_open = skeleton::is_needed(best.as_ref());
        let why = match &best {
            Some(best) => format!("of the best try: {}", best.proof.reason),
            None => "no way to call the failing code was found".to_owned(),
        };
        let placed = match best {
            Some(best) => self.place(store, group, best)?,
            None => {
                store.set_status(&group.fingerprint, Status::Advised)?;
                done(
                    Status::Advised,
                    "no way to call the failing code was found".to_owned(),
                )
            }
        };
        if is_open && let Some(staged) = self.skeleton(store, group, &gap, &why)? {
            return Ok(Some(staged));
        }
        Ok(Some(placed))
    }

    fn gap(&self, group: &Group) -> Option<Gap> {
        let mut gap = correlate::correlate(&group.example, &self.project.map)?;
        if matches!(gap.shown, Shown::Request { .. }) {
            self.complete(&mut gap, &group.example);
        }
        Some(gap)
    }

    fn no_gap_reason(&self, group: &Group) -> String {
        match group.example.platform {
            Platform::JavaScript => {
                "browser failures are triaged, tests are written for Python so far".to_owned()
            }
            Platform::Python if group.example.exceptions.iter().all(|e| e.frames.is_empty()) => {
                "the log holds no traceback; log it with exc_info=True to make a test possible"
                    .to_owned()
            }
            Platform::Python => "no frame of the traceback lies in this project".to_owned(),
        }
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|d| Instant::now() >= d)
    }

    fn thresholds(&self) -> Thresholds {
        Thresholds {
            create: self.config.confidence_threshold,
            draft: self.config.draft_threshold,
        }
    }

    fn place(
        &self,
        store: &mut Store,
        group: &Group,
        best: Judged,
    ) -> Result<Developed, DevelopError> {
        let tier = match best.score.tier {
            Tier::Create if !self.config.auto_generate_tests => Tier::Draft,
            tier => tier,
        };
        let (path, state, status) = match tier {
            Tier::Create => (
                self.write_new(
                    &self.config.root,
                    &best.candidate.path,
                    &best.candidate.content,
                )?,
                "created",
                Status::Tested,
            ),
            Tier::Draft => (best.candidate.path.clone(), "staged", Status::Staged),
            Tier::Advise => (best.candidate.path.clone(), "advised", Status::Advised),
        };
        let lies_at = if tier == Tier::Draft {
            let staged = stage(store, &best.candidate)?;
            relative(&staged, &self.config.root)
        } else {
            path.clone()
        };
        let detail = json!({
            "reason": best.proof.reason,
            "runs": best.runs,
            "same_message": best.proof.message == Likeness::Same,
        });
        let id = store.put_candidate(&NewCandidate {
            fingerprint: group.fingerprint.clone(),
            strategy: best.candidate.strategy.as_str().to_owned(),
            layer: best.candidate.layer.as_str().to_owned(),
            tier: tier.as_str().to_owned(),
            confidence: best.score.confidence,
            evidence: serde_json::to_string(&best.score.evidence)
                .unwrap_or_else(|_| "[]".to_owned()),
            path: path.clone(),
            node_id: format!("{path}::{}", best.candidate.test),
            content_hash: content_hash(&best.candidate.content),
            content: best.candidate.content,
            state: state.to_owned(),
            created_at: self.now.clone(),
        })?;
        store.record_proof(
            &group.fingerprint,
            id,
            best.proof.outcome.as_str(),
            &detail.to_string(),
            &self.now,
        )?;
        store.set_status(&group.fingerprint, status)?;
        let kept = (tier != Tier::Advise).then_some(Kept {
            path: lies_at,
            tier,
            confidence: best.score.confidence,
        });
        Ok(Developed {
            fingerprint: group.fingerprint.clone(),
            status,
            reason: best.proof.reason,
            kept,
        })
    }

    /// Writes a test where nothing is, under the next free name; a file with the very same text is taken as it is.
    fn write_new(&self, root: &Path, path: &str, content: &str) -> Result<String, DevelopError> {
        write_free(root, path, content).map_err(|source| DevelopError::Write {
            path: path.to_owned(),
            source,
        })
    }
}

/// Writes `content` to `path` below `root`, or to `path` with a number when that name is taken.
///
/// # Errors
/// When no name is free or the folder can not be written.
pub fn write_free(root: &Path, path: &str, content: &str) -> std::io::Result<String> {
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, "py"));
    for number in 1..100 {
        let name = if number == 1 {
            path.to_owned()
        } else {
            format!("{stem}_{number}.{ending}")
        };
        let target = root.join(&name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&target)
        {
            Ok(mut file) => {
                file.write_all(content.as_bytes())?;
                return Ok(name);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                if fs::read(&target).is_ok_and(|there| there == content.as_bytes()) {
                    return Ok(name);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// Puts a draft into the staging folder, which pytest does not collect.
fn stage(store: &Store, candidate: &Candidate) -> Result<PathBuf, DevelopError> {
    let folder = store.generated_tests();
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |source| DevelopError::Write { path, source }
    };
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let guard = folder.join("conftest.py");
    if !guard.exists() {
        let text = "\"\"\"Staged tests wait here for review and are not collected.\"\"\"\n\ncollect_ignore_glob = [\"*\"]\n";
        fs::write(&guard, text).map_err(at(&guard))?;
    }
    let name = candidate.path.rsplit('/').next().unwrap_or(&candidate.path);
    let written = write_free(&folder, name, &candidate.content).map_err(at(&folder.join(name)))?;
    Ok(folder.join(written))
}

/// How earlier tests of a strategy did: (guarded, rejected).
fn record_of(store: &Store, strategy: &str) -> Result<(u32, u32), StoreError> {
    let mut record = (0, 0);
    for outcome in store.outcomes()? {
        if outcome.strategy.as_deref() != Some(strategy) {
            continue;
        }
        match outcome.kind.as_str() {
            "guards" => record.0 += 1,
            "rejected" => record.1 += 1,
            _ => {}
        }
    }
    Ok(record)
}

fn gap_json(gap: &Gap) -> String {
    serde_json::to_string(gap).unwrap_or_else(|_| "{}".to_owned())
}

/// Hex SHA-256 of a file's text, to tell whether somebody edited it.
pub fn content_hash(content: &str) -> String {
    Sha256::digest(content.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}
