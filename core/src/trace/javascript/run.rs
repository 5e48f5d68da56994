//! Runs of neighbouring frame lines of one style.
//!
//! Deliberately no judgement whether a run is a stack or a quotation (see `segment`).

use super::header;
use super::line::{Line, Lines, Raw, Role, Style};
use crate::text;

/// A stack: lines `first` to `last` (not included).
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub first: usize,
    pub last: usize,
    pub style: Style,
}

/// No stack.
pub(super) const NONE: Run = Run {
    first: 0,
    last: 0,
    style: Style::At,
};

/// The stack that goes on at line `at`.
fn run(lines: &Lines, first: usize, at: usize) -> Run {
    let style = lines.at(at).style;
    Run {
        first,
        last: run_end(lines, at, style),
        style,
    }
}

/// The next stack that begins at or after line `from`; nothing after line `limit` is looked at for its beginning.
pub(super) fn next_run(lines: &Lines, from: usize, limit: usize) -> Option<Run> {
    let is_sure = |at: usize| {
        let line = lines.at(at);
        line.role == Role::Frame
            || line.is(Role::Soft, Style::At) && at > from && header::leads(lines.at(at - 1).text)
    };
    let sure = (from..lines.len().min(limit)).find(|&at| is_sure(at))?;
    let mut first = sure;
    while first > from && lines.at(first - 1).is(Role::Soft, lines.at(sure).style) {
        first -= 1;
    }
    Some(run(lines, first, sure))
}

/// First line after the stack that goes on at line `from`.
pub(super) fn run_end(lines: &Lines, from: usize, style: Style) -> usize {
    let mut last = from;
    let mut at = from;
    while at < lines.len() {
        let line = lines.at(at);
        at += 1;
        if line.role == Role::Elided || line.role >= Role::Skip && line.style == style {
            last = at;
            if style == Style::At && line.opens() {
                break;
            }
        } else if line.role != Role::Blank {
            break;
        }
    }
    last
}

/// A text that is nothing but soft frames is a stack all the same.
pub(super) fn soft_run(lines: &Lines, from: usize) -> Option<Run> {
    let soft = |at: usize| matches!(lines.at(at).role, Role::Blank | Role::Soft | Role::Skip);
    let mut all = 0..lines.len();
    let first = all.clone().find(|&at| lines.at(at).role == Role::Soft)?;
    if from > 0 || !all.all(soft) {
        return None;
    }
    let line: &Line = lines.at(first);
    let mut raw = Raw::default();
    line.raw(&mut raw);
    let file = raw.place.file?;
    // bob@example.com:25 is none, nor is `at home (http://wiki/plan)`
    let good = raw.place.column.is_some()
        || text::has(file, "/") && (line.style == Style::Sign || !text::has(file, "://"));
    good.then(|| run(lines, first, first))
}
