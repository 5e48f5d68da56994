//! Where reading has to begin for a line in which the first tier found something: at the line with which its record
//! begins or, among lines of several mixed streams, far enough back for the records of all of them.
//!
//! A record matters from its first hit on. Of what stands before that hit only a window counts, however much of it was
//! read: so it makes no difference whether lines were skipped or read one by one.

use super::window::{BYTES, LINES};
use super::word::Word;
use super::{header, lanes, terminal, wrapper};

/// In the name of a stream, whatever the wrapper.
static STREAM: Word = Word::new("std");

/// Where reading has to begin for a line, and what was looked at to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    /// Start of the first line that was looked at.
    pub far: usize,
    /// Start of the line at which reading has to begin.
    pub begin: usize,
}

impl Region {
    /// Whether [`region`] told for a `lowest` of 0 what it would tell for this one.
    pub(crate) fn holds(&self, lowest: usize, from: usize) -> bool {
        // A line that begins exactly where the window does is seen only by who knows that one begins there.
        lowest <= self.far && lowest + BYTES != from
    }
}

/// Where reading has to begin for the line at `from`. No record may begin before `lowest`, the start of a line unless it
/// lies more than [`BYTES`] before `from`; what lies before the region's `far` makes no difference.
pub(crate) fn region(bytes: &[u8], lowest: usize, from: usize, wrapped: bool) -> Region {
    let mut starts = [0; LINES];
    let count = above(bytes, lowest, from, &mut starts);
    let starts = &starts[..count];
    let far = starts.last().copied().unwrap_or(from);
    let begin = begin(bytes, starts, from, wrapped);
    Region { far, begin }
}

/// `starts` are those of the lines above, the nearest first.
fn begin(bytes: &[u8], starts: &[usize], from: usize, wrapped: bool) -> usize {
    let far = starts.last().copied().unwrap_or(from);
    // Each with its start, the nearest first.
    let lines = starts.iter().scan(from, |below, &start| {
        Some((start, &bytes[start..std::mem::replace(below, start) - 1]))
    });
    if wrapped || holds_wrapped(&bytes[far..from], lines.clone().map(|(_, line)| line)) {
        return far;
    }
    let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |n| from + n);
    if begins(&bytes[from..end]) {
        return from;
    }
    lines
        .into_iter()
        .find(|(_, line)| begins(line))
        .map_or(far, |(start, _)| start)
}

/// Start of the first line that may belong to the record of the line at `from`.
pub(crate) fn window(bytes: &[u8], lowest: usize, from: usize) -> usize {
    let mut starts = [0; LINES];
    let count = above(bytes, lowest, from, &mut starts);
    starts[..count].last().copied().unwrap_or(from)
}

/// The starts of the lines above, the nearest first, and how many there are.
fn above(bytes: &[u8], lowest: usize, from: usize, starts: &mut [usize; LINES]) -> usize {
    let floor = lowest.max(from.saturating_sub(BYTES));
    if from <= floor {
        return 0;
    }
    let mut count = 0;
    for newline in memchr::memrchr_iter(b'\n', &bytes[floor..from - 1]).take(LINES) {
        starts[count] = floor + newline + 1;
        count += 1;
    }
    if count < LINES && floor == lowest {
        starts[count] = floor;
        count += 1;
    }
    count
}

fn begins(line: &[u8]) -> bool {
    !line.is_empty() && begins_record(line)
}

/// Whether any of the lines of a text, all of them whole, has a wrapper. Asked for very many lines, so what rules out all
/// of them is looked for once.
fn holds_wrapped<'t>(text: &'t [u8], mut lines: impl Iterator<Item = &'t [u8]>) -> bool {
    let coded = memchr::memchr2(0x1b, 0, text).is_some();
    let piped = STREAM.is_in(text);
    let labelled = std::cell::LazyCell::new(|| wrapper::LABELS.is_in(text));
    lines.any(|line| {
        let can = match line.first() {
            Some(b'{') => piped || wrapper::may_be_envelope(line) || *labelled,
            None | Some(b'0'..=b'9') => {
                piped
                    || line.get(10) == Some(&b'T')
                    || line.get(1) == Some(&b':')
                    || line.get(2) == Some(&b':')
            }
            _ => true,
        };
        (coded || can) && is_wrapped(line)
    })
}

pub(crate) fn is_wrapped(line: &[u8]) -> bool {
    let line = &line[..lanes::glued(line).unwrap_or(line.len())];
    match terminal::clean(&line[..line.len().min(16)]) {
        Some(_) => terminal::clean(line).is_some_and(|text| wrapper::peel(&text).is_some()),
        None => wrapper::peel(line).is_some(),
    }
}

pub(crate) fn begins_record(line: &[u8]) -> bool {
    let is_header = |text: &[u8]| {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        header::recognise(text).is_some()
    };
    match terminal::clean(line) {
        Some(text) => is_header(&text),
        None => is_header(line),
    }
}

/// Whether a line begins a record in the stream of bare lines, whatever came before.
pub(crate) fn header_alone(line: &[u8]) -> bool {
    terminal::clean(line).is_none()
        && lanes::glued(line).is_none()
        && !is_wrapped(line)
        && header::recognise(line.strip_suffix(b"\r").unwrap_or(line)).is_some()
}

/// Whether a text has lines that only a log has.
pub(crate) fn looks_like_log(input: &[u8]) -> bool {
    // Several lives of a Node process in one file.
    let ends = memchr::memmem::find(input, b"\nNode.js v").map(|at| at + 10);
    if ends.is_some_and(|at| {
        memchr::memchr(b'\n', &input[at..])
            .is_some_and(|n| !input[at + n..].trim_ascii().is_empty())
    }) {
        return true;
    }
    input
        .split(|b| *b == b'\n')
        .any(|line| begins_record(line.strip_suffix(b"\r").unwrap_or(line)) || is_wrapped(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_wherever_it_depends_on_nothing_above() {
        let line = |n: usize| format!("2026-02-05 10:00:00,000 - a - INFO - {}\n", "x".repeat(n));
        let short: String = (0..900).map(|n| line(n % 7)).collect();
        let long: String = (0..60).map(|n| line(900 + n)).collect();
        let even: String = format!("{}\n", "y".repeat(1023)).repeat(40);
        for log in [short, long, even] {
            let bytes = log.as_bytes();
            let starts = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
            let starts: Vec<usize> = starts.filter(|at| *at < bytes.len()).collect();
            let from = *starts.last().unwrap();
            assert!(from > BYTES);
            let free = region(bytes, 0, from, false);
            let held = |lowest: &&usize| free.holds(**lowest, from);
            assert!(starts.iter().filter(held).count() > 5);
            for lowest in starts.iter().filter(held) {
                assert_eq!(region(bytes, *lowest, from, false), free, "{lowest}");
            }
        }
    }
}
