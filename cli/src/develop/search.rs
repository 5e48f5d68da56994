//! Runs a search for a failing call in rounds: all candidates of a round in one process, then what they showed decides
//! the next ones. It also reads what lies around a failure: the log before and after it, the texts of the trace's modules.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use guwu_core::code::SourceFile;
use guwu_core::correlate::{self, Gap};
use guwu_core::generate::Header;
use guwu_core::generate::search::{Search, Surroundings};
use guwu_core::model::Failure;
use guwu_core::prove::{self, Outcome};
use guwu_core::redact;

use super::judge::{Judged, is_red, test_file};
use super::{DevelopError, Workshop};
use crate::store::{Group, Store};

/// Candidates of one round.
const ROUND: usize = 36;
/// Rounds of one search.
const ROUNDS: usize = 5;
/// No round begins after so long.
const LONGEST: Duration = Duration::from_secs(30);
/// After so long a reproduction from further in is good enough.
const ENOUGH: Duration = Duration::from_secs(15);
/// A call that takes longer is no short test.
const LIMIT: u64 = 5;
/// Bytes of the log that are read before and after a failure.
const BEFORE: u64 = 16 << 10;
const AFTER: u64 = 64 << 10;

impl Workshop<'_> {
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
        runner.chain = search.chain();
        let mut kept: Vec<Judged> = Vec::new();
        let mut is_last = false;
        for _ in 0..ROUNDS {
            if self.is_late() || began.elapsed() > LONGEST {
                break;
            }
            let candidates = search.next(ROUND);
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
            // From the outermost frame nothing better can come; else one more round looks further out.
            let is_best = kept.iter().any(|j| is_red(j) && j.candidate.entered == 0);
            if hang || is_best || is_last || (is_found && began.elapsed() > ENOUGH) {
                break;
            }
            is_last = is_found;
        }
        Ok(kept)
    }

    fn surroundings(&self, failure: &Failure) -> Surroundings {
        let (before, after) = self.log_around(failure).unwrap_or_default();
        let mut texts = Vec::new();
        let root = &self.config.root;
        if let Some(exception) = correlate::project_exception(failure, &self.project.map) {
            let mut paths: Vec<&str> = correlate::project_frames(exception, &self.project.map)
                .iter()
                .map(|frame| frame.module.path.as_str())
                .collect();
            paths.sort_unstable();
            paths.dedup();
            for path in paths.into_iter().take(24) {
                if let Ok(text) = fs::read_to_string(root.join(path)) {
                    texts.push(SourceFile {
                        path: path.to_owned(),
                        text,
                        is_test: false,
                    });
                }
            }
        }
        Surroundings {
            before,
            after,
            texts,
        }
    }

    /// Lines of the log before and after a failure, while the file is still there.
    fn log_around(&self, failure: &Failure) -> Option<(Vec<String>, Vec<String>)> {
        let path = self.log_path(&failure.origin.source)?;
        let mut file = fs::File::open(path).ok()?;
        let at = failure.origin.offset;
        let from = at.saturating_sub(BEFORE);
        file.seek(SeekFrom::Start(from)).ok()?;
        let mut bytes = Vec::new();
        file.take(at - from + AFTER).read_to_end(&mut bytes).ok()?;
        let split = usize::try_from(at - from).ok()?.min(bytes.len());
        let lines = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            redact::text(&text).lines().map(str::to_owned).collect()
        };
        let before = lines(&bytes[..split]);
        let mut after = lines(&bytes[split..]);
        // Up to the end of the failure's own traceback.
        let last = failure
            .primary()
            .and_then(|e| e.type_name.clone())
            .unwrap_or_default();
        let end = after
            .iter()
            .position(|l| !last.is_empty() && l.trim_start().starts_with(&last));
        if let Some(end) = end {
            after.drain(..=end);
        }
        Some((before, after))
    }

    fn log_path(&self, source: &str) -> Option<PathBuf> {
        let path = Path::new(source);
        let inside = self.config.root.join(path);
        inside.is_file().then_some(inside)
    }
}
