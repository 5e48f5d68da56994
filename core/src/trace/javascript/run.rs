//! Runs of neighbouring frame lines of one style.
//!
//! Deliberately no judgement whether a run is a stack or a quotation (see `segment`).

use super::header;
use super::line::{Kind, Line, Style};
use crate::text;

/// The first line with any text at or after line `from`.
pub(super) fn filled(lines: &[Line], from: usize) -> Option<usize> {
    (from..lines.len()).find(|&at| lines[at].kind != Kind::Blank)
}

/// A stack: lines `first` to `last` (not included).
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    pub style: Style,
}

fn style_of(kind: Kind) -> Option<Style> {
    match kind {
        Kind::Frame(style) | Kind::Soft(style) | Kind::Skip(style) => Some(style),
        _ => None,
    }
}

/// The next stack that begins at or after line `from`; nothing after line `limit` is looked at for its beginning.
pub(super) fn next_run(lines: &[Line], from: usize, limit: usize) -> Option<Run> {
    let is_sure = |at: usize| match lines[at].kind {
        Kind::Frame(_) => true,
        Kind::Soft(Style::At) => {
            at > from && header::strong(lines[at - 1].text).is_some_and(|header| header.leads)
        }
        _ => false,
    };
    let sure = (from..lines.len().min(limit)).find(|&at| is_sure(at))?;
    let style = style_of(lines[sure].kind)?;
    let mut first = sure;
    while first > from && lines[first - 1].kind == Kind::Soft(style) {
        first -= 1;
    }
    Some(Run {
        first,
        last: run_end(lines, sure, style),
        style,
    })
}

/// First line after the stack that goes on at line `from`.
pub(super) fn run_end(lines: &[Line], from: usize, style: Style) -> usize {
    let mut last = from;
    let mut at = from;
    while let Some(line) = lines.get(at) {
        match line.kind {
            Kind::Blank => {}
            Kind::Elided(_) => last = at + 1,
            kind if style_of(kind) == Some(style) => last = at + 1,
            _ => break,
        }
        at += 1;
        if last == at && style == Style::At && line.opens() {
            break;
        }
    }
    last
}

/// A text that is nothing but soft frames is a stack all the same.
pub(super) fn soft_run(lines: &[Line], from: usize) -> Option<Run> {
    let soft = |line: &Line| matches!(line.kind, Kind::Blank | Kind::Soft(_) | Kind::Skip(_));
    let first = lines
        .iter()
        .position(|line| matches!(line.kind, Kind::Soft(_)))?;
    if from > 0 || !lines.iter().all(soft) {
        return None;
    }
    let style = style_of(lines[first].kind)?;
    let place = lines[first].raw()?.place;
    let file = place.file?;
    // bob@example.com:25 is none, nor is `at home (http://wiki/plan)`
    let good = place.column.is_some()
        || (text::has(file, "/") && (style == Style::Sign || !text::has(file, "://")));
    good.then(|| Run {
        first,
        last: run_end(lines, first, style),
        style,
    })
}
