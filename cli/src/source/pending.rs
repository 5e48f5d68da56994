//! Failures on their way into the store. A program that fails logs the same failure again and again: what was made ready
//! to be stored once is not made ready again.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use guwu_core::model::Failure;
use guwu_core::record::Found;

use super::name;
use crate::store::{Arrival, shape};

/// A batch is committed when it holds so many failures …
const BATCH_FAILURES: usize = 4096;
/// … or so much JSON.
const BATCH_JSON: usize = 4 * 1024 * 1024;
/// Failures that are remembered; there are as many as the reader remembers, and not all of them at once.
const MOST_KNOWN: usize = 768;

/// Failures ready to commit.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub arrivals: Vec<Arrival>,
    json: usize,
    ordinals: HashMap<u64, u32>,
    /// By address; each keeps its own alive, so that no other can have it.
    known: HashMap<*const Failure, Known>,
}

#[derive(Debug)]
struct Known {
    _read: Arc<Failure>,
    stored: Arc<Failure>,
}

impl Pending {
    /// Takes what the reader found, each with the hash of its contents where the source has no lasting offsets.
    pub(super) fn extend(&mut self, failures: impl IntoIterator<Item = (Failure, Option<u64>)>) {
        for (failure, content) in failures {
            if is_of_test(&failure) {
                continue;
            }
            let timestamp = failure.timestamp.clone();
            let (line, offset) = (failure.origin.line, failure.origin.offset);
            self.push(Arc::new(shaped(failure)), timestamp, line, offset, content);
        }
    }

    /// Takes what the reader found in a source with lasting offsets.
    pub(super) fn extend_found(&mut self, found: Vec<Found>) {
        for found in found {
            if is_of_test(&found.failure) {
                continue;
            }
            let (line, offset) = (found.line, found.offset);
            let stored = if let Some(known) = self.known.get(&Arc::as_ptr(&found.failure)) {
                known.stored.clone()
            } else if Arc::strong_count(&found.failure) == 1 {
                let timestamp = found.timestamp.clone();
                let stored = Arc::new(shaped(found.into_failure()));
                self.push(stored, timestamp, line, offset, None);
                continue;
            } else {
                let stored = Arc::new(shaped(Failure::clone(&found.failure)));
                if self.known.len() >= MOST_KNOWN {
                    self.known.clear();
                }
                let known = Known {
                    _read: found.failure.clone(),
                    stored: stored.clone(),
                };
                self.known.insert(Arc::as_ptr(&found.failure), known);
                stored
            };
            self.push(stored, found.timestamp, line, offset, None);
        }
    }

    fn push(
        &mut self,
        failure: Arc<Failure>,
        timestamp: Option<String>,
        line: u64,
        offset: u64,
        content: Option<u64>,
    ) {
        let ordinal = self.ordinals.entry(offset).or_insert(0);
        let alone = Arc::strong_count(&failure) == 1;
        let arrival = Arrival {
            offset,
            ordinal: *ordinal,
            content,
            // A time of any length may have been cut with the rest.
            timestamp: if alone {
                failure.timestamp.clone()
            } else {
                timestamp
            },
            line,
            failure,
            json: OnceCell::new(),
        };
        *ordinal += 1;
        if alone {
            self.json += arrival.json().len();
        }
        self.arrivals.push(arrival);
    }

    pub(super) fn is_full(&self) -> bool {
        self.arrivals.len() >= BATCH_FAILURES || self.json >= BATCH_JSON
    }

    /// After a commit; ordinals before the checkpoint are not needed any more.
    pub(super) fn clear(&mut self, checkpoint: u64) {
        self.arrivals.clear();
        self.json = 0;
        self.ordinals.retain(|offset, _| *offset >= checkpoint);
    }
}

/// What a test run captured did not happen in production.
fn is_of_test(failure: &Failure) -> bool {
    failure
        .captured
        .as_deref()
        .is_some_and(guwu_core::capture::is_of_test)
}

fn shaped(mut failure: Failure) -> Failure {
    if !name::is_capture(&failure.origin.source) {
        // Anybody may write into a log; values for tests come from the capture's own file alone.
        failure.captured = None;
    }
    shape::shape(&mut failure);
    failure
}
