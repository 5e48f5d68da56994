//! Where reading has to begin for a line in which the first tier found something: at the line with which its record
//! begins or, among lines of several mixed streams, far enough back for the records of all of them.

use super::{framer, header, wrapper};

/// Lines and bytes before a hit in which the record's first line is looked for.
pub(crate) const LINES: usize = 64;
pub(crate) const BYTES: usize = 32 << 10;

/// Start of the line at which reading has to begin for the line at `from`. No record may begin before `floor`, the start
/// of a line unless it lies more than [`BYTES`] before `from`.
pub(crate) fn region(bytes: &[u8], floor: usize, from: usize, wrapped: bool) -> usize {
    let far = back(bytes, floor, from, |_| false);
    if wrapped || holds_wrapped(&bytes[far..from]) {
        far
    } else {
        back(bytes, floor, from, begins_record)
    }
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
    match framer::clean(&line[..line.len().min(16)]) {
        Some(_) => framer::clean(line).is_some_and(|text| wrapper::peel(&text).is_some()),
        None => wrapper::peel(line).is_some(),
    }
}

pub(crate) fn begins_record(line: &[u8]) -> bool {
    match framer::clean(&line[..line.len().min(512)]) {
        Some(text) => header::recognise(&text).is_some(),
        None => header::recognise(line).is_some(),
    }
}
