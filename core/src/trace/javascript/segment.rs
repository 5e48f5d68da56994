//! Decides which lines belong to which error, and where a message ends and its stack begins.
//!
//! A message may hold anything, whole stacks included. The rule: lines that look like frames and are followed by other
//! text and then by more frames are part of the message, unless that text begins an error of its own or is one of the
//! marks that runtimes print between frames. Deliberately no look inside lines here (see `line`).

use alloc::vec::Vec;

use super::build;
use super::header::{self, Header};
use super::line::{self, Lines, Role, Style};
use super::node::{self, TOP, Tail};
use super::run::{NONE, Run, next_run, run_end, soft_run};
use super::tap;
use crate::model::{Exception, Platform, Relation, Trace};
use crate::text;

/// Other text between two stacks: more than this is no message.
const GAP: usize = 128;

/// Every stack of the text.
pub(super) fn traces(text: &str) -> Vec<Trace> {
    of_lines(&line::split(text))
}

/// [`traces`] of what programs printed.
#[cfg(feature = "logs")]
pub(super) fn printed_traces(text: &str) -> Vec<Trace> {
    of_lines(&line::split(text).printed())
}

fn of_lines(lines: &Lines) -> Vec<Trace> {
    let mut traces = Vec::new();
    let mut from = 0;
    while let Some(next) = next_trace(lines, from, &mut traces) {
        from = next.max(from + 1);
    }
    if traces.is_empty() {
        header_alone(lines, &mut traces);
    }
    traces
}

/// Takes the next trace; the first line after it, if there was one.
fn next_trace(lines: &Lines, from: usize, traces: &mut Vec<Trace>) -> Option<usize> {
    let found = next_run(lines, from, lines.len()).or_else(|| soft_run(lines, from));
    let limit = found.map_or(lines.len(), |run| run.first);
    let next = group_without_stack(lines, from, limit, traces);
    if next.is_some() {
        return next;
    }
    let mut run = found?;
    // what React lists above its error is no stack
    let mut from = from;
    if lines.are_printed() {
        let above = lines.filled_end(from, run.first);
        let below = next_run(lines, run.last, run.last + GAP);
        if above > from
            && is_component_mark(lines, above - 1)
            && let Some(below) = below
        {
            from = run.last;
            run = below;
        }
    }
    let mut merged = false;
    let mut tail = tail_of(lines, run);
    // React lists the components below
    let mark = lines.filled(tail.next);
    if is_component_mark(lines, mark) {
        tail.next = run_end(lines, mark + 1, Style::At);
    }
    // the message goes on after what looked like its stack
    while cause_after(lines, &tail) == 0
        && run.style != Style::Tap
        && (tail.next == run.last || is_trailer(lines, lines.filled(tail.next)))
        && let Some(next) = next_run(lines, tail.next, tail.next + GAP)
        && !begins_error(lines, tail.next, next.first)
    {
        merged = true;
        run = next;
        tail = tail_of(lines, run);
    }
    // where it was thrown or emitted again: the same error, and its properties stand below
    let mark = lines.filled(tail.next);
    if is_throw_mark(lines, mark) {
        let again = Run {
            first: mark,
            last: run_end(lines, mark + 1, Style::At),
            style: Style::At,
        };
        let below = tail_of(lines, again);
        if tail.cause.is_empty() && tail.members.is_empty() {
            tail = below;
        } else {
            (tail.next, tail.open) = (below.next, below.open);
        }
    }
    Some(finish(lines, from, run, merged, tail, traces))
}

#[inline(never)]
fn tail_of(lines: &Lines, run: Run) -> Tail {
    let indent = lines.at(run.last - 1).indent().saturating_sub(4);
    node::tail(lines, run.last, indent, TOP)
}

/// Where in the next line with text a cause begins; else 0.
fn cause_after(lines: &Lines, tail: &Tail) -> usize {
    node::caused_by(lines, lines.filled(tail.next))
}

/// Other text between two stacks shows that the second belongs to another error.
fn begins_error(lines: &Lines, from: usize, to: usize) -> bool {
    let heads = |at: usize| {
        let text = lines.at(at).text;
        // job 7 failed TypeError: x is null
        header::strong(text, &mut Header::default())
            || is_throw_mark(lines, at)
            || build::is_caret(lines, at)
            || starts_with_date(text)
            || text.starts_with("(node:")
    };
    let end = lines.filled_end(from, to);
    // late: QuotaExceeded: quota     request failed Error
    let is_weak = |text: &str| header::weak(text, &mut Header::default());
    (from..to).any(heads)
        || end > from && {
            let text = lines.at(end - 1).text;
            let said = text::split(text, ": ").map_or("", |(_, said)| said);
            // Payment failed PaymentDeclined: card 2
            #[cfg(feature = "logs")]
            if lines.are_printed() && super::class::named(text).is_some() {
                return true;
            }
            is_weak(text) || is_weak(said) || header::last_name(text).is_some()
        }
}

//  2026-02-05 05:33:10
#[inline(never)]
fn starts_with_date(text: &str) -> bool {
    let text = text::without(text, "[");
    let date = text::until(text, 10);
    let joint = |at| text::run(text::from(date, at), 0, "-/") == 1;
    text.len() > 10
        && text::digits(date) == 4
        && joint(4)
        && text::digits(text::from(date, 5)) == 2
        && joint(7)
        && text::digits(text::from(date, 8)) == 2
}

//  Component stack:
//  The above error occurred in the <Cart> component:
#[inline(never)]
fn is_component_mark(lines: &Lines, at: usize) -> bool {
    let text = lines.at(at).trimmed();
    text.ends_with(':') && text::has(text, "omponent")
}

/// What stands above the place of a throw, below what was thrown.
//  Thrown at:
//  Emitted 'error' event on Server instance at:
#[inline(never)]
fn is_throw_mark(lines: &Lines, at: usize) -> bool {
    let text = lines.at(at).trimmed();
    text == "Thrown at:" || (text.starts_with("Emitted '") && text.ends_with(" at:"))
}

/// Line of the header of the stack that begins at line `run`, and what it says.
fn header_of<'t>(
    lines: &Lines<'t>,
    from: usize,
    run: usize,
    merged: bool,
    header: &mut Header<'t>,
) -> Option<usize> {
    let mut begin = from;
    let message = |start| Header {
        start,
        message: start,
        leads: true,
        ..Header::default()
    };
    // throw 'boom'
    // ^
    // boom
    // Thrown at:
    if run > from && is_throw_mark(lines, run - 1) {
        *header = message(0);
        let caret = (from..run).rev().find(|&at| build::is_caret(lines, at));
        return Some(caret.map_or(run - 1, |at| at + 1));
    }
    if !merged {
        // what stands above a statement's caret or a log's date is another record
        begin = (from..run)
            .rev()
            .find(|&at| {
                build::is_caret(lines, at) && lines.at(at + 1).role == Role::Blank
                    || starts_with_date(lines.at(at).text)
            })
            .unwrap_or(from);
    }
    let mut inner = None;
    for at in begin..run {
        let text = lines.at(at).text;
        let mut found = Header::default();
        if !header::strong(text, &mut found) {
            continue;
        }
        if found.leads {
            // the line right above the frames, below other output
            let mut near = Header::default();
            if run > at + 2
                && !text::has(text, "Traceback (")
                && header::strong(lines.at(run - 1).text, &mut near)
                && near.leads
            {
                *header = near;
                return Some(run - 1);
            }
            *header = found;
            return Some(at);
        }
        // My Error: x     at the very start of an error's text
        if at == 0 && header::weak(text, &mut Header::default()) {
            break;
        }
        if inner.is_none() {
            *header = found;
            inner = Some(at);
        }
    }
    if inner.is_some() {
        return inner;
    }
    let first = lines.filled(begin);
    if first >= run {
        return None;
    }
    let text = lines.at(first).text;
    if begin == 0 && (header::weak(text, header) || header::first(text, header)) {
        return Some(first);
    }
    let mut at = run;
    while at > first && lines.at(at - 1).role != Role::Blank {
        at -= 1;
        if header::weak(lines.at(at).text, header) {
            return Some(at);
        }
    }
    at = if begin == 0 { first } else { run - 1 };
    let line = lines.at(at);
    if begin > 0 && line.role == Role::Blank {
        return None;
    }
    *header = message(line.indent());
    // Query failed: error: no such table     (node-postgres)
    if let Some((said, _)) = text::split(line.text, " error: ") {
        *header = Header {
            name: "Error",
            message: said.len() + " error: ".len(),
            ..message(said.len() + 1)
        };
    }
    // request failed Error
    if let Some(name) = header::last_name(line.text) {
        *header = Header {
            name,
            message: line.text.len(),
            ..message(text::trim_end(line.text).len() - name.len())
        };
    }
    Some(at)
}

fn finish(
    lines: &Lines,
    from: usize,
    run: Run,
    merged: bool,
    tail: Tail,
    traces: &mut Vec<Trace>,
) -> usize {
    let top = lines.at(run.first);
    let mut start = top.start + top.indent();
    let mut made = Exception::new();
    let mut header = Header::default();
    if run.style == Style::Tap {
        let first = tap::header(lines, from, run.first, &mut made);
        made.frames = build::entries(lines, run.first, run.last);
        start = lines.at(first).start;
    } else if let Some(at) = header_of(lines, from, run.first, merged, &mut header) {
        let thrown = run.first > at + 1 && is_throw_mark(lines, run.first - 1);
        let end = run.first - usize::from(thrown);
        build::exception(&mut made, &header, lines, at, end, run);
        start = lines.at(at).start + header.start;
        let first = node::preamble(lines, from, at);
        if first < at {
            node::locate(&mut made, lines, first);
            start = lines.at(first).start;
        }
    } else {
        made.frames = build::entries(lines, run.first, run.last);
    }
    let mut end = tail.next;
    let mut open = tail.open;
    let mut chain = node::chain(made, tail, TOP);
    // The root comes first, and is printed last.
    chain.reverse();
    loop {
        let at = lines.filled(end);
        let column = node::caused_by(lines, at);
        let mut cause = Vec::new();
        let next = node::error(lines, at, column, TOP, &mut cause);
        if column == 0 || next == 0 {
            break;
        }
        if let Some(caused) = chain.last_mut() {
            caused.relation = Some(Relation::Cause);
        }
        cause.reverse();
        chain.append(&mut cause);
        end = next;
    }
    chain.reverse();
    let after = lines.filled_end(0, end);
    let last = lines.at(after.saturating_sub(1));
    open |= after == lines.len()
        && last.is(Role::Skip, Style::At)
        && last.trimmed() != "at <anonymous>";
    traces.push(trace(chain, start, last.end(), open));
    trailer(lines, end)
}

//  Node.js v22.23.3
#[inline(never)]
fn is_trailer(lines: &Lines, at: usize) -> bool {
    lines.at(at).text.starts_with("Node.js v")
}

#[inline(never)]
fn trailer(lines: &Lines, end: usize) -> usize {
    let at = lines.filled(end);
    if is_trailer(lines, at) { at + 1 } else { end }
}

#[inline(never)]
fn trace(exceptions: Vec<Exception>, start: usize, end: usize, partial: bool) -> Trace {
    let mut notes = Vec::new();
    if partial {
        notes.push(text::owned("the text ends inside the stack"));
    }
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
fn group_without_stack(
    lines: &Lines,
    from: usize,
    limit: usize,
    traces: &mut Vec<Trace>,
) -> Option<usize> {
    let mut at = from;
    while at < limit {
        let line = lines.at(at);
        let indent = line.indent();
        let header = at;
        at += 1;
        let own = text::from(line.text, indent);
        // all mirrors failed: [AggregateError: All promises were rejected] {
        let own = match text::find(own, ": [").filter(|_| lines.are_printed()) {
            Some(at) => text::from(own, at + 2),
            None => own,
        };
        let Some(mut made) = node::bracketed(own) else {
            continue;
        };
        let first = node::preamble(lines, from, header);
        let tail = node::tail(lines, at, indent, TOP);
        let (next, open) = (tail.next, tail.open);
        if first == header && tail.cause.is_empty() && tail.members.is_empty() {
            at = next;
            continue;
        }
        if first < header {
            node::locate(&mut made, lines, first);
        }
        let chain = node::chain(made, tail, TOP);
        let end = lines.at(next - 1).end();
        traces.push(trace(chain, lines.at(first).start, end, open));
        return Some(trailer(lines, next));
    }
    None
}

/// A text that is one header line and nothing else.
fn header_alone(lines: &Lines, traces: &mut Vec<Trace>) {
    let at = lines.filled(0);
    let line = lines.at(at);
    let mut header = Header::default();
    if lines.filled(at + 1) >= lines.len()
        && header::strong(line.text, &mut header)
        && header.start == line.indent()
        && (line.trimmed().starts_with("Un") || header::is_builtin(header.name))
    {
        let mut made = Exception::new();
        build::exception(&mut made, &header, lines, at, at + 1, NONE);
        let start = line.start + header.start;
        let chain = node::chain(made, Tail::default(), TOP);
        traces.push(trace(chain, start, line.end(), false));
    }
}
