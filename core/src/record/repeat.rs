//! A program that fails logs the same lines again and again. A record that was read before, byte for byte but for its
//! time, is not read again: its failures are those of the first one with another time and another place.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::finding::Settled;
use super::header::{self, Header};

/// Records that are remembered, the longest of them, and their bytes together.
const MOST: usize = 256;
const LONGEST: usize = 64 << 10;
const MOST_BYTES: usize = 4 << 20;
const MOST_ONCE: usize = 256;
const MOST_BYTES_ONCE: usize = 1 << 20;
/// Bytes of a first line by which records are told apart quickly.
const LOOK: usize = 96;

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

/// The records that came last, so many at most and so many bytes of them.
#[derive(Debug)]
struct Shelf {
    most: usize,
    most_bytes: usize,
    /// By what [`look`] says of the first line; each with its number.
    known: HashMap<u64, Vec<(u64, Known)>>,
    /// Looks and numbers in the order in which they came.
    order: VecDeque<(u64, u64)>,
    next: u64,
    bytes: usize,
}

impl Shelf {
    fn new(most: usize, most_bytes: usize) -> Shelf {
        Shelf {
            most,
            most_bytes,
            known: HashMap::new(),
            order: VecDeque::new(),
            next: 0,
            bytes: 0,
        }
    }

    /// Where among those of its look the record is with which `bytes` begin.
    fn find(&self, look: u64, bytes: &[u8]) -> Option<usize> {
        let alike = self.known.get(&look)?;
        alike.iter().position(|(_, known)| known.begins(bytes))
    }

    fn get(&self, look: u64, index: usize) -> Option<&Known> {
        Some(&self.known.get(&look)?.get(index)?.1)
    }

    fn put(&mut self, look: u64, known: Known) {
        self.bytes += known.raw.len();
        self.order.push_back((look, self.next));
        let alike = self.known.entry(look).or_default();
        alike.push((self.next, known));
        self.next += 1;
        while self.order.len() > self.most || self.bytes > self.most_bytes {
            // Of one look the first is the oldest.
            let oldest = self.order.front().map(|(look, _)| *look);
            if oldest.and_then(|look| self.take(look, 0)).is_none() {
                break;
            }
        }
    }

    fn take(&mut self, look: u64, index: usize) -> Option<Known> {
        let alike = self.known.get_mut(&look)?;
        if index >= alike.len() {
            return None;
        }
        let (number, known) = alike.remove(index);
        if alike.is_empty() {
            self.known.remove(&look);
        }
        let place = self.order.iter().position(|(_, one)| *one == number)?;
        self.order.remove(place);
        self.bytes -= known.raw.len();
        Some(known)
    }
}

/// The records read last.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// Those that were read again: they will be once more.
    often: Shelf,
    /// Those that were read once: most of what a log says is never said again.
    once: Shelf,
}

impl Default for Repeats {
    fn default() -> Self {
        Repeats {
            often: Shelf::new(MOST, MOST_BYTES),
            once: Shelf::new(MOST_ONCE, MOST_BYTES_ONCE),
        }
    }
}

impl Repeats {
    /// The record with which `bytes` begin, and its time, if such a one was read before.
    pub(crate) fn find(&mut self, bytes: &[u8]) -> Option<(&Known, Option<String>)> {
        let look = look(first_line(bytes));
        let index = if let Some(index) = self.often.find(look, bytes) {
            index
        } else {
            let known = self.once.take(look, self.once.find(look, bytes)?)?;
            self.often.put(look, known);
            self.often.find(look, bytes)?
        };
        let known = self.often.get(look, index)?;
        let time = bytes[known.time.clone()].to_vec();
        let time = String::from_utf8(time).ok().filter(|t| !t.is_empty());
        Some((known, time))
    }

    /// Remembers a record that reads the same wherever it stands.
    pub(crate) fn remember(&mut self, raw: &[u8], settled: &[Settled], last_hit: u64) {
        if raw.len() > LONGEST || raw.last() != Some(&b'\n') {
            return;
        }
        let line = first_line(raw);
        let look = look(line);
        let header = header::recognise(line);
        let Some(time) = time(raw, header.as_ref(), settled) else {
            return;
        };
        // Where a record could not be read by what is known of it, it is known nevertheless.
        if self
            .often
            .find(look, raw)
            .or_else(|| self.once.find(look, raw))
            .is_some()
        {
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
        self.once.put(look, known);
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

/// A number that the first lines of records have in common that differ in digits alone, as their times do.
fn look(line: &[u8]) -> u64 {
    let head = &line[..line.len().min(LOOK)];
    head.iter().fold(line.len() as u64, |look, byte| {
        let byte = if byte.is_ascii_digit() { b'0' } else { *byte };
        (look ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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
    use crate::model::{Failure, Options};
    use crate::record::Reader;

    fn read(text: &str) -> Vec<Failure> {
        read_in_pieces(text, text.len())
    }

    fn read_in_pieces(text: &str, size: usize) -> Vec<Failure> {
        let mut reader = Reader::new(&Options::default());
        for piece in text.as_bytes().chunks(size) {
            reader.feed(piece);
        }
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
        check_pieces(&log, &together);
        assert_eq!(together.len(), apart.len());
        for (one, other) in together.iter().zip(apart) {
            let origin = one.origin.clone();
            assert_eq!(*one, Failure { origin, ..other });
            let line = log[..one.origin.offset as usize].matches('\n').count() as u64 + 1;
            assert_eq!(one.origin.line, line);
        }
    }

    fn check_pieces(log: &str, together: &[Failure]) {
        for size in [1, 700, 5_000, 9_000, 20_000, 40_000] {
            assert_eq!(read_in_pieces(log, size), together, "pieces of {size}");
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
    fn what_follows_a_repeated_record_belongs_to_its_own() {
        let said = "2026-02-05 10:00:00,594 - app - ERROR - cannot reach the shop\n";
        let next = format!("2026-02-05 10:00:00,600 - app - INFO - done\n{TRACE}");
        let plain = format!("2026-02-05 10:00:00,600 - app - ERROR - x\n{TRACE}");
        let piped: String = plain.lines().map(|l| format!("web-1  | {l}\n")).collect();
        let near = "2026-02-05 10:00:00,000 - app - INFO - done\n".repeat(100);
        let far = near.repeat(8);
        let parts = [
            said, &far, said, &next, said, &piped, said, &far, &piped, &next,
        ];
        let log: String = parts
            .iter()
            .flat_map(|part| [near.as_str(), part])
            .collect();
        let together = read(&log);
        assert_eq!(together.len(), 8);
        check_pieces(&log, &together);
    }

    #[test]
    fn records_without_time_and_without_trace_repeat() {
        let bare = format!("ERROR:    Exception in ASGI application\n{TRACE}");
        let said = "2026-02-05 10:00:00,594 - app - ERROR - cannot reach the shop\n";
        let later = said.replace("594", "977");
        check(&[&bare, said, &bare, &later, said, &bare, &later]);
    }
}
