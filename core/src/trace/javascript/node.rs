//! What Node prints around a stack: the place of the throw above it, properties, causes and members below it.
//!
//! Deliberately only errors under `cause` and `errors`: an error that sits in another property is data of the error.

use alloc::string::String;
use alloc::vec::Vec;

use super::build::{self, owned};
use super::header::{self, Header};
use super::line::{Lines, Role, Style};
use super::place::{self, Place};
use super::run::Run;
use crate::model::{Exception, Relation, StackEntry, SyntaxPlace};
use crate::text;

/// Nothing is printed deeper than this; deeper text is passed over.
const DEPTH: usize = 32;

/// A message inside a property list is not searched further for its stack.
const MESSAGE_LINES: usize = 256;

/// What was found below a stack.
#[derive(Default)]
pub(super) struct Tail {
    /// The cause with its own causes and members, root first.
    pub cause: Vec<Exception>,
    /// Members with their own causes and members.
    pub members: Vec<Exception>,
    /// The name that the error was given where its stack keeps that of its class.
    pub name: Option<String>,
    /// First line after it.
    pub next: usize,
    /// The text ended before the closing brace.
    pub open: bool,
}

/// Where an error stands: its path in the group, and how deep.
#[derive(Clone, Copy)]
pub(super) struct Spot<'p> {
    pub path: &'p [u32],
    pub depth: usize,
}

/// Outside of everything.
pub(super) const TOP: Spot<'static> = Spot {
    path: &[],
    depth: 0,
};

/// What follows the frames or the bracketed error that end before line `from`: properties up to the brace at `indent`
/// where the line before `from` opens them.
#[inline(never)]
pub(super) fn tail(lines: &Lines, from: usize, indent: usize, spot: Spot) -> Tail {
    let mut tail = Tail {
        next: from,
        ..Tail::default()
    };
    if from == 0 || !lines.at(from - 1).opens() {
        return tail;
    }
    while tail.next < lines.len() {
        let line = lines.at(tail.next);
        let at = line.indent();
        let text = line.trimmed();
        if line.role != Role::Blank && at <= indent {
            tail.next += usize::from(text.starts_with('}') && at == indent);
            return tail;
        }
        tail.next += 1;
        if at != indent + 2 || spot.depth >= DEPTH {
            continue;
        }
        let inner = Spot {
            depth: spot.depth + 1,
            ..spot
        };
        let mut value = text;
        //   [errors]: [
        if text::listed("[errors]: [|errors: [", text) {
            tail.next = members(lines, tail.next, at, inner, &mut tail.members);
        //   name: 'SequelizeDatabaseError',
        } else if text::eat(&mut value, "name: '") {
            tail.name = owned(text::before(value, "'"));
        //   [cause]: TypeError: x
        } else if text::eat(&mut value, "[cause]: ") || text::eat(&mut value, "cause: ") {
            let column = at + text.len() - value.len();
            let mut cause = Vec::new();
            let next = error(lines, tail.next - 1, column, inner, &mut cause);
            if next > 0 {
                (tail.cause, tail.next) = (cause, next);
            }
        }
    }
    tail.open = true;
    tail
}

//     TypeError: b
//         at f (/srv/b.js:2:57) {
//       code: 'B'
//     },
//     'str'
//   ]
fn members(
    lines: &Lines,
    from: usize,
    indent: usize,
    spot: Spot,
    into: &mut Vec<Exception>,
) -> usize {
    let mut next = from;
    let mut path = Vec::new();
    path.extend_from_slice(spot.path);
    path.push(0);
    while next < lines.len() {
        let line = lines.at(next);
        let at = line.indent();
        if line.role != Role::Blank && at <= indent {
            return next + usize::from(line.trimmed().starts_with(']') && at == indent);
        }
        next += 1;
        if at != indent + 2 || text::begins(line.trimmed(), "}]") {
            continue;
        }
        let member = Spot {
            path: &path,
            ..spot
        };
        let before = into.len();
        next = next.max(error(lines, next - 1, at, member, into));
        let mut found = into.iter_mut().skip(before);
        if let Some(first) = found.find(|e| e.group_path == path) {
            first.relation = Some(Relation::Member);
        }
        if let Some(last) = path.last_mut() {
            *last += 1;
        }
    }
    next
}

/// Reads an error that is the value of a property: its header begins at byte `column` of line `at`. The first line
/// after it, or 0 where there is none.
#[inline(never)]
pub(super) fn error(
    lines: &Lines,
    at: usize,
    column: usize,
    spot: Spot,
    into: &mut Vec<Exception>,
) -> usize {
    let line = lines.at(at);
    let indent = line.indent();
    let text = text::from(line.text, column);
    let mut made = Exception::new();
    let mut end = at + 1;
    if text.starts_with('[') {
        let Some(found) = bracketed(text) else {
            return 0;
        };
        made = found;
    } else {
        let mut header = Header::default();
        if !header::whole(text, &mut header) && !header::weak(text, &mut header) {
            if spot.depth > 0 {
                return 0;
            }
            // consola leaves the type out
            header = Header::default();
        }
        header.message += column;
        let limit = lines.len().min(end + MESSAGE_LINES);
        while end < limit && !ends_message(lines, end, indent) {
            end += 1;
        }
        if end == limit || !lines.at(end).is(Role::Frame, Style::At) {
            return 0;
        }
        let frames = Run {
            first: end,
            last: run_end(lines, end),
            style: Style::At,
        };
        build::exception(&mut made, &header, lines, at, end, frames);
        end = frames.last;
    }
    let tail = tail(lines, end, indent, spot);
    let next = tail.next;
    into.append(&mut chain(made, tail, spot));
    next
}

fn ends_message(lines: &Lines, at: usize, indent: usize) -> bool {
    let line = lines.at(at);
    let own = line.indent();
    line.is(Role::Frame, Style::At)
        || line.role != Role::Blank && own < indent
        || own == indent && text::begins(text::from(line.text, indent), "]}") && !line.opens()
}

/// First line after the frames that begin at `first`; a frame that opens properties is the last.
fn run_end(lines: &Lines, first: usize) -> usize {
    let mut end = first;
    loop {
        let line = lines.at(end);
        if line.style != Style::At || !matches!(line.role, Role::Frame | Role::Skip | Role::Elided)
        {
            return end;
        }
        end += 1;
        if line.opens() || line.trimmed().ends_with(',') {
            return end;
        }
    }
}

/// Root cause first, then the error itself, then its members.
#[inline(never)]
pub(super) fn chain(mut made: Exception, tail: Tail, spot: Spot) -> Vec<Exception> {
    made.group_path.extend_from_slice(spot.path);
    if tail.name.is_some() && made.type_name.as_deref() == Some("Error") {
        made.type_name = tail.name;
    }
    if !tail.cause.is_empty() {
        made.relation = Some(Relation::Cause);
    }
    let mut all = tail.cause;
    let mut members = tail.members;
    all.push(made);
    all.append(&mut members);
    all
}

//  [AggregateError: All promises were rejected] {
#[inline(never)]
pub(super) fn bracketed(text: &str) -> Option<Exception> {
    let mut inner = text::trim_end(text);
    text::eat_end(&mut inner, ",");
    text::eat_end(&mut inner, " {");
    let mut header = Header::default();
    let good = text::eat(&mut inner, "[")
        && text::eat_end(&mut inner, "]")
        && header::whole(inner, &mut header);
    if !good {
        return None;
    }
    let mut made = Exception::new();
    made.type_name = owned(header.name);
    made.message = owned(text::from(inner, header.message));
    Some(made)
}

/// First line of the place, statement and caret lines that Node prints above the header at line `header`; else `header`.
//  /srv/bad.cjs:2
//  const x = @invalid;
//            ^
#[inline(never)]
pub(super) fn preamble(lines: &Lines, from: usize, header: usize) -> usize {
    let end = lines.filled_end(from, header);
    if end < from + 3 || !is_caret_of_place(lines, end) {
        return header;
    }
    end - 3
}

fn is_caret_of_place(lines: &Lines, end: usize) -> bool {
    let mut place = Place::default();
    place::read(lines.at(end - 3).trimmed(), &mut place);
    build::is_caret(lines, end - 1) && place.file.is_some() && place.line.is_some()
}

/// Notes the place and the statement of the preamble that begins at line `first`.
pub(super) fn locate(made: &mut Exception, lines: &Lines, first: usize) {
    let mut place = Place::default();
    place::read(lines.at(first).trimmed(), &mut place);
    let statement = owned(lines.at(first + 1).trimmed());
    if made.type_name.as_deref() == Some("SyntaxError") {
        made.syntax = Some(SyntaxPlace {
            file: place.file.and_then(owned),
            line: place.line,
            source_line: statement,
        });
    } else if let Some(StackEntry::Frame(top)) = made.frames.last_mut()
        && top.file.as_deref() == place.file
        && top.line == place.line
    {
        top.source_line = statement;
    }
}

/// Where the error begins in a line that names a cause; else 0.
//  caused by: Error: x     [pino], Caused by: Error: x     [Deno], [cause]: x     [consola]
#[inline(never)]
pub(super) fn caused_by(lines: &Lines, at: usize) -> usize {
    let line = lines.at(at);
    let begins = |label: &str| text::until(line.trimmed(), label.len()).eq_ignore_ascii_case(label);
    ["caused by: ", "[cause]: "]
        .into_iter()
        .find(|label| begins(label))
        .map_or(0, |label| line.indent() + label.len())
}
