//! Printers other than CPython's. Each module reads one look and answers with the same chain; none of them knows another.

mod faulthandler;
mod ipython;
mod panel;
mod pytest;
mod rich;
mod stackprinter;

use super::chain::Chain;
use super::frame;
use super::part::Part;
use super::reader::Reader;
use crate::model::{Frame, Relation, StackEntry};

/// A trace found: its first line and what it says.
pub(super) type Start = (usize, Chain);

/// The trace of one of these printers that starts on line `index`.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    let body = line.trim_start();
    match body.chars().next()? {
        '╭' | '┌' | '+' => rich::starts(reader, index, line),
        '_' | 'E' => pytest::starts(reader, index, line),
        'F' | 'W' if line.contains("atal ") => faulthandler::starts(reader, index, line),
        'F' if body.starts_with("File \"") => stackprinter::starts(reader, index, line),
        '-' => ipython::starts(reader, index, line),
        _ if line.contains("Traceback (most") => ipython::starts(reader, index, line),
        _ if line.contains(": in ") => pytest::starts(reader, index, line),
        _ => None,
    }
}

/// Joins parts to a chain; `next` reads what follows a line, if it is a further part.
fn link(first: Part, mut next: impl FnMut(usize) -> Option<(Relation, Part)>) -> Chain {
    let mut chain = Chain {
        next: first.next,
        partial: first.partial,
        is_closed: false,
        exceptions: vec![first.exception],
    };
    while let Some((relation, part)) = next(chain.next) {
        let mut exception = part.exception;
        exception.relation = Some(relation);
        chain.exceptions.push(exception);
        chain.next = part.next.max(chain.next + 1);
        chain.partial = part.partial;
    }
    chain
}

/// A frame as all these printers know it.
fn entry(file: Option<&str>, line: Option<u32>, function: Option<&str>) -> StackEntry {
    StackEntry::Frame(Frame {
        function: function.map(str::to_owned),
        file: file.map(str::to_owned),
        line,
        ..Frame::default()
    })
}

/// Gives the last frame its source, unless it has one.
fn set_source(frames: &mut [StackEntry], source: &str) {
    let source = source.trim();
    if let Some(StackEntry::Frame(frame)) = frames.last_mut()
        && frame.source_line.is_none()
        && !source.is_empty()
        && !frame::is_caret_line(source)
    {
        frame.source_line = Some(source.to_owned());
    }
}

/// The number and the text of a listed line: `  12   code`, `12 │ code`.
fn listed(line: &str) -> Option<(u32, &str)> {
    let body = line.trim_start();
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let number = body[..digits].parse().ok()?;
    Some((number, &body[digits..]))
}
