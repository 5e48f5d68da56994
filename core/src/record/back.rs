//! Where reading has to begin for a line in which the first tier found something: at the line with which its record
//! begins or, among lines of several mixed streams, far enough back for the records of all of them.
//!
//! A record matters from its first hit on. Of what stands before that hit only a window counts, however much of it was
//! read: so it makes no difference whether lines were skipped or read one by one.

use super::{framer, header, lanes, wrapper};

/// Lines and bytes before a hit in which the record's first line is looked for.
pub(crate) const LINES: usize = 64;
pub(crate) const BYTES: usize = 32 << 10;

/// Whether the window before the line with a first hit holds another line; both are told by their numbers and offsets.
pub(crate) fn reaches(hit: (u64, u64), line: (u64, u64)) -> bool {
    line.0 + LINES as u64 >= hit.0 && line.1 + BYTES as u64 > hit.1
}

/// Start of the line at which reading has to begin for the line at `from`. No record may begin before `floor`, the start
/// of a line unless it lies more than [`BYTES`] before `from`.
pub(crate) fn region(bytes: &[u8], floor: usize, from: usize, wrapped: bool) -> usize {
    let far = window(bytes, floor, from);
    if wrapped || holds_wrapped(&bytes[far..from]) {
        far
    } else {
        back(bytes, floor, from, begins_record)
    }
}

/// Start of the first line that may belong to the record of the line at `from`.
pub(crate) fn window(bytes: &[u8], floor: usize, from: usize) -> usize {
    back(bytes, floor, from, |_| false)
}

fn back(bytes: &[u8], lowest: usize, from: usize, is_start: impl Fn(&[u8]) -> bool) -> usize {
    let floor = lowest.max(from.saturating_sub(BYTES));
    let mut at = from;
    let mut end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
    for _ in 0..LINES {
        if at < end && is_start(&bytes[at..end]) {
            return at;
        }
        if at <= floor {
            return at;
        }
        end = at - 1;
        match memchr::memrchr(b'\n', &bytes[floor..end]) {
            Some(newline) => at = floor + newline + 1,
            None if floor == lowest => return floor,
            None => return at,
        }
    }
    at
}

fn holds_wrapped(lines: &[u8]) -> bool {
    let mut start = 0;
    memchr::memchr_iter(b'\n', lines)
        .chain(std::iter::once(lines.len()))
        .any(|end| {
            let line = &lines[start..end];
            start = end + 1;
            is_wrapped(line)
        })
}

pub(crate) fn is_wrapped(line: &[u8]) -> bool {
    let line = &line[..lanes::glued(line).unwrap_or(line.len())];
    match framer::clean(&line[..line.len().min(16)]) {
        Some(_) => framer::clean(line).is_some_and(|text| wrapper::peel(&text).is_some()),
        None => wrapper::peel(line).is_some(),
    }
}

pub(crate) fn begins_record(line: &[u8]) -> bool {
    let is_header = |text: &[u8]| {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        header::recognise(text).is_some()
    };
    match framer::clean(line) {
        Some(text) => is_header(&text),
        None => is_header(line),
    }
}
