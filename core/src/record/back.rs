//! Where reading has to begin for a line in which the first tier found something: at the line with which its record
//! begins or, among lines of several mixed streams, far enough back for the records of all of them.

use super::{framer, header, wrapper};

/// Lines and bytes before a hit in which the record's first line is looked for.
pub(crate) const LINES: usize = 64;
pub(crate) const BYTES: usize = 32 << 10;

/// Start of the line at which reading has to begin for the line at `from`. No record may begin before `lowest`, the start
/// of a line unless it lies more than [`BYTES`] before `from`.
pub(crate) fn region(bytes: &[u8], lowest: usize, from: usize, wrapped: bool) -> usize {
    let floor = lowest.max(from.saturating_sub(BYTES));
    if from <= floor {
        return from;
    }
    // The next record's first line, and that of the farthest one, backwards line by line.
    let (mut begin, mut far, mut wrapped) = (None, from, wrapped);
    let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |n| from + n);
    if begins(&bytes[from..end]) {
        begin = Some(from);
    }
    let mut above = memchr::memrchr_iter(b'\n', &bytes[floor..from - 1]);
    for count in 1..=LINES {
        let end = far - 1;
        far = match above.next() {
            Some(newline) => floor + newline + 1,
            None if floor == lowest => floor,
            None => break,
        };
        let line = &bytes[far..end];
        wrapped = wrapped || is_wrapped(line);
        // The last of so many lines is not asked.
        if begin.is_none() && ((count < LINES && begins(line)) || far == floor) {
            begin = Some(far);
        }
        if far == floor {
            break;
        }
    }
    if wrapped { far } else { begin.unwrap_or(far) }
}

fn begins(line: &[u8]) -> bool {
    !line.is_empty() && begins_record(line)
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
