//! Access lines in a server's own log: which request it was that failed, where neither the failing record nor the lines
//! around it tell its query.
//!
//! Deliberately no reading of whole logs: the end of each other log is looked at, and a line counts only if it tells of a
//! server error for the same path in the same moment.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use guwu_core::correlate::{Gap, Shown};
use guwu_core::generate::search::{Logged, Surroundings, complete_request};
use guwu_core::model::Failure;
use guwu_core::redact;

use super::Workshop;
use crate::source::{SourceSpec, discover};

/// Bytes at the end of a log that are looked at, logs, and lines that are kept.
const TAIL: u64 = 2 << 20;
const MOST_LOGS: usize = 8;
const MOST_LINES: usize = 8;
/// Seconds by which two logs may differ about one moment.
const APART: u32 = 2;
const HOUR: u32 = 3600;

impl Workshop<'_> {
    /// Completes the request of a gap from the lines around the failure, else from other logs.
    pub(super) fn complete(&self, gap: &mut Gap, failure: &Failure) {
        complete_request(gap, &self.lines_around(failure));
        let Shown::Request { path, .. } = &gap.shown else {
            return;
        };
        if path.contains('?') {
            return;
        }
        let after = self.access_lines(failure, path);
        if !after.is_empty() {
            let surroundings = Surroundings {
                after,
                ..Surroundings::default()
            };
            complete_request(gap, &surroundings);
        }
    }

    /// Lines of the other logs that tell of a server error for a path in the moment of a failure.
    fn access_lines(&self, failure: &Failure, path: &str) -> Vec<String> {
        let Some(moment) = failure.timestamp.as_deref().and_then(moment) else {
            return Vec::new();
        };
        let root = &self.config.root;
        let own = root.join(&failure.origin.source);
        let mut found = Vec::new();
        let logs = discover(root, &self.config.logs);
        let files = logs.iter().filter_map(|spec| match spec {
            SourceSpec::File { path, .. } if *path != own => Some(path),
            _ => None,
        });
        for file in files.take(MOST_LOGS) {
            for line in tail(file).unwrap_or_default().lines() {
                let is_it = line.contains(path)
                    && self::moment(line).is_some_and(|m| is_near(m, moment))
                    && Logged::of(line).is_some_and(|logged| logged.is_failure_of(path));
                if is_it {
                    found.push(redact::text(line).into_owned());
                }
            }
        }
        found.truncate(MOST_LINES);
        found
    }
}

/// The end of a log as text.
fn tail(path: &Path) -> Option<String> {
    // A FIFO would block the opening.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Seconds of the hour that a text tells: of `2026-02-05T05:33:10` and of `[05/Feb/2026:06:33:10 +0100]` the same, since time
/// zones mostly differ by hours.
fn moment(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let digits = |at: usize| -> Option<u32> {
        let pair = bytes.get(at..at + 2)?;
        let is_number = pair.iter().all(u8::is_ascii_digit);
        is_number.then(|| u32::from(pair[0] - b'0') * 10 + u32::from(pair[1] - b'0'))
    };
    (2..bytes.len()).find_map(|at| {
        // In `2026:06:33:10` the hour is not the first.
        let is_clock = bytes[at] == b':'
            && bytes.get(at + 3) == Some(&b':')
            && bytes.get(at + 6) != Some(&b':');
        if !is_clock {
            return None;
        }
        digits(at - 2)?;
        Some(digits(at + 1)? * 60 + digits(at + 4)?)
    })
}

fn is_near(one: u32, other: u32) -> bool {
    let apart = one.abs_diff(other) % HOUR;
    apart.min(HOUR - apart) <= APART
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_known_in_the_clocks_of_several_logs() {
        let of = |text| moment(text).unwrap_or(9999);
        assert_eq!(of("2026-02-05 05:33:10,123"), 33 * 60 + 10);
        assert_eq!(
            of("10.0.0.4 - - [05/Feb/2026:06:33:10 +0100] \"GET /x HTTP/1.1\" 500 1"),
            33 * 60 + 10
        );
        assert_eq!(moment("no time at 1:2:3"), None);
        assert!(is_near(3599, 1) && is_near(10, 12) && !is_near(10, 13));
    }
}
