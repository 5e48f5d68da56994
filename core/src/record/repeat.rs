//! A program that fails logs the same lines again and again. A record that was read before, byte for byte but for its
//! time, is not read again: its failures are those of the first one with another time and another place.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::analyse::Settled;
use super::header::{self, Header};

/// Records that are remembered, the longest of them, and their bytes together.
const MOST: usize = 256;
const LONGEST: usize = 64 << 10;
const MOST_BYTES: usize = 4 << 20;
const MOST_ONCE: usize = 4096;

/// A record as it stood in the log, and what it holds.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its lines, with the end of the last one.
    raw: Vec<u8>,
    /// Where its time stands; empty if it tells none.
    time: Range<usize>,
    header: Option<Header>,
    pub settled: Vec<Settled>,
    pub lines: u64,
    /// How many lines behind the first one the last hit is.
    pub last_hit: u64,
}

/// The records read last.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    known: Vec<Known>,
    /// Which is forgotten next.
    oldest: usize,
    bytes: usize,
    /// Those that were read once: most of what a log says is never said again.
    once: HashSet<u64>,
}

impl Repeats {
    /// The record with which `bytes` begin, and its time, if such a one was read before.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<(&Known, Option<String>)> {
        let known = self.known.iter().find(|known| known.begins(bytes))?;
        let time = bytes[known.time.clone()].to_vec();
        let time = String::from_utf8(time).ok().filter(|t| !t.is_empty());
        Some((known, time))
    }

    /// Remembers a record that reads the same wherever it stands, the second time that it is met.
    pub(crate) fn remember(&mut self, raw: &[u8], settled: &[Settled], last_hit: u64) {
        if raw.len() > LONGEST || raw.last() != Some(&b'\n') {
            return;
        }
        let header = header::recognise(first_line(raw));
        let Some(time) = time(raw, header.as_ref(), settled) else {
            return;
        };
        let mut hasher = DefaultHasher::new();
        (&raw[..time.start], &raw[time.end..]).hash(&mut hasher);
        let hash = hasher.finish();
        if !self.once.remove(&hash) {
            if self.once.len() >= MOST_ONCE {
                self.once.clear();
            }
            self.once.insert(hash);
            return;
        }
        let known = Known {
            raw: raw.to_vec(),
            time,
            header,
            settled: settled.to_vec(),
            lines: super::skim::lines(raw),
            last_hit,
        };
        self.bytes += raw.len();
        if self.known.len() < MOST && self.bytes <= MOST_BYTES {
            self.known.push(known);
            return;
        }
        self.oldest = (self.oldest + 1) % self.known.len().max(1);
        if let Some(place) = self.known.get_mut(self.oldest) {
            self.bytes -= place.raw.len();
            *place = known;
        }
    }
}

impl Known {
    /// The record's length in bytes.
    pub(crate) fn length(&self) -> usize {
        self.raw.len()
    }

    fn begins(&self, bytes: &[u8]) -> bool {
        let length = self.raw.len();
        let (head, tail) = (..self.time.start, self.time.end..length);
        // A record ends at a line's end: that alone rules out nearly all.
        bytes.get(length - 1) == Some(&b'\n')
            && bytes[tail.clone()] == self.raw[tail]
            && bytes[head] == self.raw[head]
            && bytes[self.time.clone()]
                .iter()
                .zip(&self.raw[self.time.clone()])
                .all(|(a, b)| a == b || (a.is_ascii_digit() && b.is_ascii_digit()))
            && (self.time.is_empty() || header::recognise(first_line(bytes)) == self.header)
    }
}

fn first_line(text: &[u8]) -> &[u8] {
    &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())]
}

/// Where the time stands that all failures of a record have; `None`: other digits there could mean another failure.
fn time(raw: &[u8], header: Option<&Header>, settled: &[Settled]) -> Option<Range<usize>> {
    let first = settled.first()?;
    if settled
        .iter()
        .any(|s| s.place.is_some() || s.timestamp != first.timestamp)
    {
        return None;
    }
    let Some(stamp) = first.timestamp.as_deref().map(str::as_bytes) else {
        // Nothing may differ.
        return header.is_none_or(|h| h.timestamp.is_none()).then_some(0..0);
    };
    // Spelled in one way alone, and nowhere but in its own field.
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b" :.,+-_".contains(b);
    let in_header = header.and_then(|h| h.timestamp.clone());
    if stamp.is_empty() || (in_header.is_none() && !stamp.iter().all(plain)) {
        return None;
    }
    let at = memchr::memmem::find(raw, stamp)?;
    let range = at..at + stamp.len();
    (memchr::memmem::rfind(raw, stamp) == Some(at) && in_header.is_none_or(|h| h == range))
        .then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Failure, Options};
    use crate::record::Reader;

    fn read(text: &str) -> Vec<Failure> {
        let mut reader = Reader::new(&Options::default());
        reader.feed(text.as_bytes());
        reader.finish();
        reader.take()
    }

    /// Each record between ordinary lines, far apart; every failure as if it stood alone.
    fn check(records: &[&str]) {
        let quiet = "2026-02-05 10:00:00,000 - app - INFO - done\n".repeat(100);
        let mut log = quiet.clone();
        for record in records {
            log.push_str(record);
            log.push_str(&quiet);
        }
        let together = read(&log);
        let apart: Vec<Failure> = records
            .iter()
            .flat_map(|record| read(&format!("{quiet}{record}{quiet}")))
            .collect();
        assert!(!together.is_empty());
        assert_eq!(together.len(), apart.len());
        for (one, other) in together.iter().zip(apart) {
            let origin = one.origin.clone();
            assert_eq!(*one, Failure { origin, ..other });
            let line = log[..one.origin.offset as usize].matches('\n').count() as u64 + 1;
            assert_eq!(one.origin.line, line);
        }
    }

    const TRACE: &str = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    g()\nKeyError: 'a'\n";

    #[test]
    fn only_the_time_of_a_repeated_record_changes() {
        let one = format!("2026-02-05 10:00:00,594 - app - ERROR - x\n{TRACE}");
        let two = one.replace("10:00:00,594", "11:00:01,000");
        let three = one.replace("KeyError: 'a'", "KeyError: 'b'");
        check(&[&one, &two, &three, &two, &one, &three, &three]);
    }

    #[test]
    fn a_time_inside_of_an_object_changes_as_well() {
        let line = |time: &str, said: &str| {
            format!(
                "{{\"timestamp\": \"{time}\", \"level\": \"ERROR\", \"message\": \"{said}\", \"exc_info\": \"{}\"}}\n",
                TRACE.replace('"', "\\\"").replace('\n', "\\n")
            )
        };
        let one = line("2026-02-05 10:00:00,594", "x");
        let two = line("2026-02-05 10:00:07,111", "x");
        let told = line("2026-02-05 10:00:00,594", "at 2026-02-05 10:00:00,594");
        let other = line("2026-02-05 10:00:07,111", "at 2026-02-05 10:00:00,594");
        check(&[&one, &two, &one, &told, &other, &told, &told, &two]);
    }

    #[test]
    fn records_without_time_and_without_trace_repeat() {
        let bare = format!("ERROR:    Exception in ASGI application\n{TRACE}");
        let said = "2026-02-05 10:00:00,594 - app - ERROR - cannot reach the shop\n";
        let later = said.replace("594", "977");
        check(&[&bare, said, &bare, &later, said, &bare, &later]);
    }
}
