//! The window before a line in which something was found: how far back it can belong to an earlier line.

/// Lines and bytes before a hit in which the record's first line is looked for.
pub(crate) const LINES: usize = 64;
pub(crate) const BYTES: usize = 32 << 10;

/// Whether the window before the line with a first hit holds another line; both are told by their numbers and offsets.
pub(crate) fn reaches(hit: (u64, u64), line: (u64, u64)) -> bool {
    line.0 + LINES as u64 >= hit.0 && line.1 + BYTES as u64 > hit.1
}
