//! Decides which lines belong to which error, and where a message ends and its stack begins.
//!
//! A message may hold anything, whole stacks included. The rule: lines that look like frames and are followed by other
//! text and then by more frames are part of the message, unless that text begins an error of its own or is one of the
//! marks that runtimes print between frames. Deliberately no look inside lines here (see `line`).

use alloc::borrow::ToOwned;
use alloc::vec;
use alloc::vec::Vec;

use super::build;
use super::header::{self, Header};
use super::line::{self, Kind, Line, Style};
use super::node::{self, Tail};
use super::run::{Run, filled, next_run, run_end, soft_run};
use super::tap;
use crate::model::{Exception, Platform, Relation, Trace};
use crate::text::{self, part};

/// Other text between two stacks: more than this is no message.
const GAP: usize = 128;

/// Every stack of the text.
pub(super) fn traces(text: &str) -> Vec<Trace> {
    let mut traces = Vec::new();
    let lines = line::split(text);
    let mut from = 0;
    while let Some((trace, next)) = next_trace(&lines, from) {
        traces.push(trace);
        from = next.max(from + 1);
    }
    if traces.is_empty() {
        traces.extend(header_alone(&lines));
    }
    traces
}

fn next_trace(lines: &[Line], from: usize) -> Option<(Trace, usize)> {
    let found = next_run(lines, from, lines.len()).or_else(|| soft_run(lines, from));
    let limit = found.map_or(lines.len(), |run| run.first);
    if let Some(trace) = group_without_stack(lines, from, limit) {
        return Some(trace);
    }
    let mut run = found?;
    let mut merged = false;
    let mut tail = tail_of(lines, run);
    // the message goes on after what looked like its stack
    while tail.cause_label.is_none()
        && run.style != Style::Tap
        && let Some(next) = next_run(lines, tail.below.next, tail.below.next + GAP)
        && !begins_error(part(lines, tail.below.next, next.first))
    {
        merged = true;
        run = next;
        tail = tail_of(lines, run);
    }
    // where it was thrown or emitted again: the same error, and its properties stand below
    if let Some(mark) = filled(lines, tail.below.next)
        && is_throw_mark(&lines[mark])
    {
        let again = Run {
            first: mark,
            last: run_end(lines, mark + 1, Style::At),
            style: Style::At,
        };
        let Below {
            mut below,
            cause_label,
        } = tail_of(lines, again);
        if !tail.below.cause.is_empty() || !tail.below.members.is_empty() {
            (below.cause, below.members) = (tail.below.cause, tail.below.members);
        }
        tail = Below { below, cause_label };
    }
    Some(finish(lines, from, run, merged, tail))
}

/// What follows a stack.
struct Below {
    below: Tail,
    /// Line of `Caused by:`.
    cause_label: Option<usize>,
}

fn tail_of(lines: &[Line], run: Run) -> Below {
    let indent = lines[run.last - 1].indent().saturating_sub(4);
    let below = node::tail(lines, run.last, indent, &[], 0);
    let next = filled(lines, below.next);
    let cause_label = next.filter(|&at| node::caused_by(&lines[at]).is_some());
    Below { below, cause_label }
}

/// Other text between two stacks shows that the second belongs to another error.
fn begins_error(gap: &[Line]) -> bool {
    let heads = |line: &Line| {
        // job 7 failed TypeError: x is null
        header::strong(line.text).is_some()
            || is_throw_mark(line)
            || starts_with_date(line.text)
            || line.text.starts_with("(node:")
    };
    let last = gap.iter().rfind(|line| line.kind != Kind::Blank);
    gap.iter().any(heads) || last.is_some_and(|line| header::weak(line.text).is_some())
}

//  2026-02-05 05:33:10
fn starts_with_date(text: &str) -> bool {
    let bytes = text.strip_prefix('[').unwrap_or(text).as_bytes();
    bytes.len() > 10
        && bytes.iter().take(10).enumerate().all(|(at, b)| match at {
            4 | 7 => matches!(b, b'-' | b'/'),
            _ => b.is_ascii_digit(),
        })
}

/// What stands above the place of a throw, below what was thrown.
//  Thrown at:
//  Emitted 'error' event on Server instance at:
fn is_throw_mark(line: &Line) -> bool {
    let text = line.trimmed();
    text == "Thrown at:" || (text.starts_with("Emitted '") && text.ends_with(" at:"))
}

/// The header of the stack that begins at line `run`: its line, and what it says.
fn header_of<'t>(
    lines: &[Line<'t>],
    from: usize,
    run: usize,
    merged: bool,
) -> Option<(usize, Header<'t>)> {
    let mut begin = from;
    // throw 'boom'
    // ^
    // boom
    // Thrown at:
    if run > from && is_throw_mark(&lines[run - 1]) {
        let caret = (from..run).rev().find(|&at| build::is_caret(&lines[at]));
        let start = 0;
        let header = Header {
            name: None,
            start,
            message: start,
            leads: true,
        };
        return Some((caret.map_or(run - 1, |at| at + 1), header));
    }
    if !merged {
        // what stands above a statement's caret or a log's date is another record
        let cut = (from..run).rev().find(|&at| {
            build::is_caret(&lines[at]) && lines.get(at + 1).is_some_and(|l| l.kind == Kind::Blank)
                || starts_with_date(lines[at].text)
        });
        begin = cut.unwrap_or(from);
    }
    let mut inner = None;
    for (line, at) in part(lines, begin, run).iter().zip(begin..) {
        match header::strong(line.text) {
            Some(header) if header.leads => return Some((at, header)),
            // My Error: x     at the very start of an error's text
            Some(_) if at == 0 && header::weak(line.text).is_some() => break,
            Some(header) => inner = inner.or(Some((at, header))),
            None => {}
        }
    }
    if inner.is_some() {
        return inner;
    }
    let first = (begin..run).find(|&at| lines[at].kind != Kind::Blank)?;
    if begin == 0
        && let Some(header) =
            header::weak(lines[first].text).or_else(|| header::first(lines[first].text))
    {
        return Some((first, header));
    }
    let paragraph = (first..run)
        .rev()
        .take_while(|&at| lines[at].kind != Kind::Blank);
    if let Some(found) = paragraph
        .clone()
        .find_map(|at| header::weak(lines[at].text).map(|header| (at, header)))
    {
        return Some(found);
    }
    let at = if begin == 0 {
        first
    } else {
        paragraph.clone().next()?
    };
    let start = lines[at].indent();
    Some((
        at,
        Header {
            name: None,
            start,
            message: start,
            leads: true,
        },
    ))
}

fn finish(lines: &[Line], from: usize, run: Run, merged: bool, tail: Below) -> (Trace, usize) {
    let frames = part(lines, run.first, run.last);
    let mut start = lines[run.first].start + lines[run.first].indent();
    let mut made;
    if run.style == Style::Tap {
        let (first, header) = tap::header(lines, from, run.first);
        made = Exception {
            frames: build::entries(frames),
            ..header
        };
        start = lines[first].start;
    } else if let Some((at, header)) = header_of(lines, from, run.first, merged) {
        let thrown = run.first > at + 1 && is_throw_mark(&lines[run.first - 1]);
        made = build::exception(
            Some(&header),
            part(lines, at, run.first - usize::from(thrown)),
            frames,
        );
        start = lines[at].start + header.start;
        if let Some(first) = node::preamble(lines, from, at) {
            node::locate(&mut made, lines, first);
            start = lines[first].start;
        }
    } else {
        made = build::exception(None, &[], frames);
    }
    let mut end = tail.below.next;
    let mut open = tail.below.open;
    let mut label = tail.cause_label;
    let mut chain = node::chain(made, tail.below, &[]);
    while let Some(at) = label
        && let Some(column) = node::caused_by(&lines[at])
        && let Some((mut cause, next)) = node::value(lines, at, column, &[], 0)
    {
        // printed after what it caused
        chain[0].relation = Some(Relation::Cause);
        cause.append(&mut chain);
        chain = cause;
        end = next;
        label = filled(lines, end);
    }
    let last = part(lines, 0, end)
        .iter()
        .rposition(|line| line.kind != Kind::Blank)
        .unwrap_or(0);
    let cut_off =
        lines[last].kind == Kind::Skip(Style::At) && lines[last].trimmed() != "at <anonymous>";
    open |= cut_off && last + 1 == lines.len();
    let trace = trace(chain, start, lines[last].end(), open);
    (trace, trailer(lines, end))
}

//  Node.js v22.23.3
fn trailer(lines: &[Line], end: usize) -> usize {
    match filled(lines, end) {
        Some(at) if lines[at].text.starts_with("Node.js v") => at + 1,
        _ => end,
    }
}

fn trace(exceptions: Vec<Exception>, start: usize, end: usize, partial: bool) -> Trace {
    let notes = if partial {
        vec!["the text ends inside the stack".to_owned()]
    } else {
        Vec::new()
    };
    Trace {
        platform: Platform::JavaScript,
        exceptions,
        start,
        end,
        partial,
        notes,
    }
}

/// A group or a rejection that has no stack of its own.
//  [AggregateError: All promises were rejected] {
//    [errors]: [
fn group_without_stack(lines: &[Line], from: usize, limit: usize) -> Option<(Trace, usize)> {
    let mut at = from;
    while at < limit {
        let indent = lines[at].indent();
        let text = text::from(lines[at].text, indent);
        let Some((mut made, opens)) = node::bracketed(text).filter(|_| text.starts_with('['))
        else {
            at += 1;
            continue;
        };
        let preamble = node::preamble(lines, from, at);
        let tail = if opens {
            node::properties(lines, at + 1, indent, &[], 0)
        } else {
            Tail {
                next: at + 1,
                ..Tail::default()
            }
        };
        if preamble.is_none() && tail.cause.is_empty() && tail.members.is_empty() {
            at = tail.next.max(at + 1);
            continue;
        }
        let first = preamble.unwrap_or(at);
        if preamble.is_some() {
            node::locate(&mut made, lines, first);
        }
        let (next, open) = (tail.next, tail.open);
        let end = lines[next - 1].end();
        let trace = trace(node::chain(made, tail, &[]), lines[first].start, end, open);
        return Some((trace, trailer(lines, next)));
    }
    None
}

/// A text that is one header line and nothing else.
fn header_alone(lines: &[Line]) -> Option<Trace> {
    let mut filled = lines.iter().filter(|line| line.kind != Kind::Blank);
    let line = filled.next().filter(|_| filled.next().is_none())?;
    let header = header::strong(line.text).filter(|header| header.start == line.indent())?;
    let thrown = line.trimmed().starts_with("Un");
    header
        .name
        .filter(|name| thrown || header::is_builtin(name))?;
    let made = build::exception(Some(&header), core::slice::from_ref(line), &[]);
    Some(trace(
        vec![made],
        line.start + header.start,
        line.end(),
        false,
    ))
}
