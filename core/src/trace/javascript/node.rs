//! What Node prints around a stack: the place of the throw above it, properties, causes and members below it.
//!
//! Deliberately only errors under `cause` and `errors`: an error that sits in another property is data of the error.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::build;
use super::header;
use super::line::{Kind, Line, Style};
use super::place;
use crate::model::{Exception, Relation, StackEntry, SyntaxPlace};
use crate::text::{self, part};

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
    /// First line after it.
    pub next: usize,
    /// The text ended before the closing brace.
    pub open: bool,
}

/// Reads the properties after a frame that ends with ` {`, up to the brace at `indent`.
pub(super) fn properties(
    lines: &[Line],
    from: usize,
    indent: usize,
    path: &[u32],
    depth: usize,
) -> Tail {
    let mut tail = Tail {
        next: from,
        ..Tail::default()
    };
    while let Some(line) = lines.get(tail.next) {
        let at = line.indent();
        let text = line.trimmed();
        if line.kind != Kind::Blank && at <= indent {
            if text.starts_with('}') && at == indent {
                tail.next += 1;
            }
            return tail;
        }
        tail.next += 1;
        if at != indent + 2 || depth >= DEPTH {
            continue;
        }
        //   [cause]: TypeError: x
        if let Some(label) = ["[cause]: ", "cause: "]
            .iter()
            .find(|label| text.starts_with(**label))
        {
            if let Some((cause, next)) =
                value(lines, tail.next - 1, at + label.len(), path, depth + 1)
            {
                tail.cause = cause;
                tail.next = next;
            }
        //   [errors]: [
        } else if matches!(text, "[errors]: [" | "errors: [") {
            tail.next = members(lines, tail.next, at, path, depth + 1, &mut tail.members);
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
    lines: &[Line],
    from: usize,
    indent: usize,
    path: &[u32],
    depth: usize,
    into: &mut Vec<Exception>,
) -> usize {
    let mut next = from;
    let mut index = 0;
    let mut path = path.to_vec();
    path.push(0);
    while let Some(line) = lines.get(next) {
        let at = line.indent();
        if line.kind != Kind::Blank && at <= indent {
            return if line.trimmed().starts_with(']') && at == indent {
                next + 1
            } else {
                next
            };
        }
        next += 1;
        if at != indent + 2 || line.trimmed().starts_with(['}', ']']) {
            continue;
        }
        if let Some(last) = path.last_mut() {
            *last = index;
        }
        if let Some((mut found, after)) = value(lines, next - 1, at, &path, depth) {
            if let Some(first) = found.iter_mut().find(|e| e.group_path == path) {
                first.relation = Some(Relation::Member);
            }
            into.append(&mut found);
            next = after;
        }
        index += 1;
    }
    next
}

/// Reads an error that is the value of a property: its header begins at byte `column` of line `at`.
pub(super) fn value(
    lines: &[Line],
    at: usize,
    column: usize,
    path: &[u32],
    depth: usize,
) -> Option<(Vec<Exception>, usize)> {
    let line = lines.get(at)?;
    let indent = line.indent();
    let text = line.text.get(column..)?;
    if text.starts_with('[') {
        let (made, opens) = bracketed(text)?;
        let tail = if opens {
            properties(lines, at + 1, indent, path, depth)
        } else {
            Tail {
                next: at + 1,
                ..Tail::default()
            }
        };
        let next = tail.next;
        return Some((chain(made, tail, path), next));
    }
    let mut header = header::strong(text)
        .filter(|h| h.start == 0)
        .or_else(|| header::weak(text))?;
    header.message += column;
    let first = (at + 1..lines.len())
        .take(MESSAGE_LINES)
        .find(|&n| ends_message(&lines[n], indent))?;
    if !matches!(lines[first].kind, Kind::Frame(Style::At)) {
        return None;
    }
    let last = run_end(lines, first);
    let made = build::exception(
        Some(&header),
        part(lines, at, first),
        part(lines, first, last),
    );
    let tail = tail(lines, last, indent, path, depth);
    let next = tail.next;
    Some((chain(made, tail, path), next))
}

fn ends_message(line: &Line, indent: usize) -> bool {
    let closes = line.indent() == indent && text::begins(text::from(line.text, indent), "]}");
    matches!(line.kind, Kind::Frame(Style::At))
        || (line.kind != Kind::Blank && line.indent() < indent)
        || closes && !line.opens()
}

/// First line after the frames that begin at `first`; a frame that opens properties is the last.
fn run_end(lines: &[Line], first: usize) -> usize {
    let mut end = first;
    while let Some(line) = lines.get(end) {
        if !matches!(
            line.kind,
            Kind::Frame(Style::At) | Kind::Skip(Style::At) | Kind::Elided(_)
        ) {
            break;
        }
        end += 1;
        if line.opens() || line.trimmed().ends_with(',') {
            break;
        }
    }
    end
}

/// What follows the frames that end before `after`: properties, then `Caused by:`.
pub(super) fn tail(
    lines: &[Line],
    after: usize,
    indent: usize,
    path: &[u32],
    depth: usize,
) -> Tail {
    let opens = after
        .checked_sub(1)
        .and_then(|last| lines.get(last))
        .is_some_and(Line::opens);
    if opens {
        properties(lines, after, indent, path, depth)
    } else {
        Tail {
            next: after,
            ..Tail::default()
        }
    }
}

/// Root cause first, then the error itself, then its members.
pub(super) fn chain(mut made: Exception, tail: Tail, path: &[u32]) -> Vec<Exception> {
    made.group_path = path.to_vec();
    if !tail.cause.is_empty() {
        made.relation = Some(Relation::Cause);
    }
    let mut all = tail.cause;
    all.push(made);
    all.extend(tail.members);
    all
}

//  [AggregateError: All promises were rejected] {
pub(super) fn bracketed(text: &str) -> Option<(Exception, bool)> {
    let text = text::trim_end(text);
    let text = text.strip_suffix(',').unwrap_or(text);
    let (text, opens) = match text.strip_suffix(" {") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let header = header::strong(inner).filter(|h| h.start == 0)?;
    let made = Exception {
        type_name: header.name.map(str::to_owned),
        message: inner.get(header.message..).map(str::to_owned),
        ..Exception::default()
    };
    Some((made, opens))
}

/// First line of the place, statement and caret lines that Node prints above the header at line `header`.
//  /srv/bad.cjs:2
//  const x = @invalid;
//            ^
pub(super) fn preamble(lines: &[Line], from: usize, header: usize) -> Option<usize> {
    let mut at = header;
    while at > from && lines[at - 1].kind == Kind::Blank {
        at -= 1;
    }
    let first = at.checked_sub(3).filter(|first| *first >= from)?;
    let (place, _) = place::read(lines[first].trimmed());
    (build::is_caret(&lines[at - 1]) && place.file.is_some() && place.line.is_some())
        .then_some(first)
}

/// Notes the place and the statement of the preamble that begins at line `first`.
pub(super) fn locate(made: &mut Exception, lines: &[Line], first: usize) {
    let (place, _) = place::read(lines[first].trimmed());
    let statement = lines[first + 1].trimmed();
    if made.type_name.as_deref() == Some("SyntaxError") {
        made.syntax = Some(SyntaxPlace {
            file: place.file.map(str::to_owned),
            line: place.line,
            source_line: Some(statement.to_owned()),
        });
    } else if let Some(StackEntry::Frame(top)) = made.frames.last_mut()
        && top.file.as_deref() == place.file
        && top.line == place.line
    {
        top.source_line = Some(statement.to_owned());
    }
}

//  caused by: Error: x     [pino], Caused by: Error: x     [Deno]
pub(super) fn caused_by(line: &Line) -> Option<usize> {
    let text = line.trimmed();
    let label = "caused by: ";
    let head = text.get(..label.len())?;
    head.eq_ignore_ascii_case(label)
        .then(|| line.indent() + label.len())
}
