//! Makes frames and exceptions of the lines that `segment` and `node` chose.
//!
//! Deliberately no choice of lines here, save one: frames that a message announces (`upstream said:`) and that come from
//! a host of which the rest of the stack knows nothing are part of the message.

use alloc::string::String;
use alloc::vec::Vec;

use super::header::Header;
use super::line::{Lines, Raw, Role, Style};
use super::place;
use super::run::Run;
use crate::model::{Exception, Frame, StackEntry};
use crate::text::{self, in_place};

/// Spellings for a function without a name.
fn is_anonymous(name: &str) -> bool {
    let names = "|?|anonymous|<anonymous>|(anonymous)|{anonymous}|<unknown>|Anonymous function|(anonymous function)|<anonymous function>";
    text::listed(names, name)
}

#[inline(never)]
pub(super) fn owned(text: &str) -> Option<String> {
    Some(text::owned(text))
}

fn frame(raw: &Raw) -> Frame {
    let mut frame = Frame {
        line: raw.place.line,
        column: raw.place.column,
        is_async: raw.is_async,
        ..Frame::default()
    };
    if !is_anonymous(raw.name) {
        frame.function = owned(raw.name);
    }
    if let Some(file) = raw.place.file {
        let mut whole = text::owned(raw.place.scheme);
        whole.push_str(file);
        frame.file = Some(whole);
    }
    frame
}

/// The stack entries of the lines, oldest call first.
#[inline(never)]
pub(super) fn entries(lines: &Lines, first: usize, last: usize) -> Vec<StackEntry> {
    let mut entries: Vec<StackEntry> = Vec::new();
    let mut raw = Raw::default();
    let mut at = last;
    while at > first {
        at -= 1;
        let line = lines.at(at);
        if line.role == Role::Elided {
            let elided = line.elided().into();
            entries.push(StackEntry::Elided { elided });
        } else if line.raw(&mut raw) {
            let mut frame = frame(&raw);
            let next = lines.at(at + 1);
            if at + 1 < last && next.is(Role::Skip, Style::Opera) {
                frame.source_line = owned(next.trimmed());
            }
            entries.push(StackEntry::Frame(frame));
        }
    }
    entries
}

/// Line after the first frame lines that are a quotation: the message ends with a colon, and these frames' hosts do not
/// occur in the rest.
fn announced(message: &str, lines: &Lines, first: usize, last: usize) -> usize {
    if !text::trim_end(message).ends_with(':') {
        return first;
    }
    let quoted = host(lines, first);
    let (mut end, mut others) = (first, false);
    for at in first..last {
        let host = host(lines, at);
        if host != quoted {
            if host.is_empty() && !others {
                return first;
            }
            others |= !host.is_empty();
        } else if others {
            return first;
        } else {
            end = at + 1;
        }
    }
    if others && !quoted.is_empty() {
        end
    } else {
        first
    }
}

in_place! {
    /// Where a frame's code was loaded from: `http://h:80`, `/` for a disk, `.` for a bare file name; nothing for native code
    /// and the runtime's own.
    fn host<'t>(lines: &Lines<'t>, at: usize) -> &'t str {
        let line = lines.at(at);
        let mut raw = Raw::default();
        if !line.raw(&mut raw) {
            return "";
        }
        let Some(file) = raw.place.file else {
            return "";
        };
        match place::authority(file) {
            "node:" | "ext:" => "",
            "" if !place::is_rooted(file) => ".",
            "" | "file://" => "/",
            authority => authority,
        }
    }
}

/// A caret line: `    ^^^^`.
#[inline(never)]
pub(super) fn is_caret(lines: &Lines, at: usize) -> bool {
    text::all(lines.at(at).trimmed(), 0, "^~")
}

//      > 12 |   foo()
//           |   ^
fn is_code_frame(text: &str) -> bool {
    let text = text::trim_start(text::without(text::trim(text), ">"));
    text::trim_start(text::from(text, text::digits(text))).starts_with('|')
}

/// The bracketed mark at the start of a log line.
fn mark(text: &str) -> &str {
    match text::split(text, "]") {
        Some((head, _)) if text.starts_with('[') => text::until(text, head.len() + 1),
        _ => "",
    }
}

/// The message: the rest of the header line and the lines up to the stack (line `last`). Lines lose the indent of the
/// header.
fn message(
    header: &Header,
    lines: &Lines,
    at: usize,
    last: usize,
    source: &mut Option<String>,
) -> String {
    let head = lines.at(at);
    let first = at + 1;
    let mut last = last.max(first);
    // [CLIENT] ERROR: TypeError: x, [CLIENT] Location: …: the same mark begins another entry of the log
    let mark = mark(text::until(head.text, header.start));
    if !mark.is_empty()
        && let Some(other) = (first..last).find(|&at| lines.at(at).text.starts_with(mark))
    {
        last = other;
    }
    // [CLIENT] Stack trace:
    if last > first {
        let label = lines.at(last - 1).trimmed();
        if label.ends_with("tack:") || label.ends_with("race:") {
            last -= 1;
        }
    }
    // the statement and the carets that Deno prints, the code frame that test runners print
    if last > at + 2 && is_caret(lines, last - 1) {
        last -= 2;
        *source = owned(lines.at(last).trimmed());
    } else {
        let mut end = lines.filled_end(first, last);
        if end > first && is_code_frame(lines.at(end - 1).text) {
            while end > first && {
                let line = lines.at(end - 1);
                line.role == Role::Blank || is_code_frame(line.text)
            } {
                end -= 1;
            }
            last = end;
        }
    }
    let indent = head.indent();
    let mut text = text::owned(text::from(head.text, header.message));
    for at in first..last {
        let line = lines.at(at);
        text.push('\n');
        text.push_str(text::from(line.text, indent.min(line.indent())));
    }
    text
}

/// Fills in the exception of the header in line `at` (with the message up to line `end`) and of the frames.
#[inline(never)]
pub(super) fn exception(
    made: &mut Exception,
    header: &Header,
    lines: &Lines,
    at: usize,
    end: usize,
    frames: Run,
) {
    let mut source = None;
    let Run {
        mut first, last, ..
    } = frames;
    let mut text = message(header, lines, at, end, &mut source);
    let quoted = announced(&text, lines, first, last);
    while first < quoted {
        text.push('\n');
        text.push_str(lines.at(first).text);
        first += 1;
    }
    made.message = Some(text);
    name(made, header.name);
    made.frames = entries(lines, first, last);
    if source.is_some()
        && let Some(StackEntry::Frame(top)) = made.frames.last_mut()
    {
        top.source_line = source;
    }
}

fn name(made: &mut Exception, name: &str) {
    if name.is_empty() {
        return;
    }
    let mut last = name;
    if let Some((module, rest)) = text::rsplit(name, ".")
        && !module.is_empty()
        && !rest.is_empty()
    {
        made.module = owned(module);
        last = rest;
    }
    made.type_name = owned(last);
}
