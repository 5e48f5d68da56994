//! One exception of a chain as CPython prints it: frames, the place of a syntax error, the line that names the exception.
//! Chains and groups are put together in chain.rs; notes and further lines of the message are read in message.rs.

use super::exception::{self, ExceptionLine};
use super::frame::{self, Place};
use super::header::Kind;
use super::margin::Margin;
use super::message::{self, Known};
use super::reader::Reader;
use super::stack::{self, Stack};
use crate::model::{Exception, SyntaxPlace};

/// One exception and where reading goes on.
pub(super) struct Part {
    pub(super) exception: Exception,
    /// First line behind it.
    pub(super) next: usize,
    /// The text ended before the exception was named.
    pub(super) partial: bool,
}

/// Reads what follows a header that stands on the line before `at`.
pub(super) fn after_header(
    reader: &Reader<'_>,
    at: usize,
    margin: &Margin,
    kind: Kind,
) -> Option<Part> {
    let stack = stack::read(reader, at, margin, kind);
    let found = !stack.entries.is_empty() || stack.syntax.is_some();
    let named = reader.get(stack.next, margin).and_then(|line| {
        if found {
            exception::due(line)
        } else {
            exception::exception_line(line)
        }
    });
    let Some(named) = named else {
        if !found {
            return None;
        }
        let partial = reader.is_blank_from(stack.next);
        let mut part = Part {
            exception: Exception {
                frames: stack.entries,
                syntax: stack.syntax,
                ..Exception::default()
            },
            next: stack.next,
            partial,
        };
        report_page(reader, &mut part, margin);
        return Some(part);
    };
    Some(name(reader, stack, margin, named, true))
}

/// Reads an exception that was printed without a traceback: a bare line, or a syntax error's place and its line.
pub(super) fn bare(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Part> {
    let line = reader.get(at, margin)?;
    let body = line.trim_start();
    let located = matches!(frame::place(body), Some(Place::Location { .. }));
    // IPython: `  Cell In[1], line 1`
    let cell = frame::unquoted(body).is_some_and(|(_, _, function)| function == "<module>");
    if (located || cell) && line.starts_with("  ") {
        let mut stack = stack::read(reader, at, margin, Kind::Plain);
        let named = reader
            .get(stack.next, margin)
            .and_then(exception::exception_line)?;
        match &stack.syntax {
            Some(_) => stack.entries.is_empty().then_some(())?,
            None => stack.only_frame_is_place(named.1)?,
        }
        return Some(name(reader, stack, margin, named, false));
    }
    let named = exception::exception_line(line)?;
    let stack = Stack::empty(at);
    Some(name(reader, stack, margin, named, false))
}

/// Reads an exception whose line stands above its frames, as some services show it.
pub(super) fn message_first(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Part> {
    let (module, kind, first) = exception::exception_line(reader.get(at, margin)?)?;
    let below = reader.get(at + 1, margin)?;
    let frame = matches!(frame::place(below.trim_start()), Some(Place::Frame { .. }));
    (frame && below.starts_with("  ")).then_some(())?;
    let stack = stack::read(reader, at + 1, margin, Kind::Plain);
    Some(Part {
        exception: Exception {
            type_name: Some(kind.to_owned()),
            module: module.map(str::to_owned),
            message: Some(first.unwrap_or("").to_owned()),
            syntax: stack.syntax,
            frames: stack.entries,
            ..Exception::default()
        },
        next: stack.next,
        partial: false,
    })
}

fn name(
    reader: &Reader<'_>,
    stack: Stack,
    margin: &Margin,
    (module, kind, first): ExceptionLine<'_>,
    header: bool,
) -> Part {
    let known = Known {
        frames: &stack.entries,
        group: margin.depth() > 0 && kind.ends_with("ExceptionGroup"),
    };
    let message = message::read(reader, margin, stack.next, first, known);
    let mut syntax = stack.syntax;
    let text = match &mut syntax {
        Some(place) => as_str(message.text, place, header),
        None => message.text,
    };
    Part {
        exception: Exception {
            type_name: Some(kind.to_owned()),
            module: module.map(str::to_owned),
            message: Some(text),
            notes: message.notes,
            syntax,
            frames: stack.entries,
            ..Exception::default()
        },
        next: message.next,
        partial: false,
    }
}

/// What `str()` gives for a syntax error: message, file name and line. The interpreter's own report on the script that it
/// was asked to run (no header, a full path or a notebook's cell) stays as printed.
fn as_str(message: String, place: &mut SyntaxPlace, header: bool) -> String {
    let file = place.file.clone().unwrap_or_default();
    let own_report = !header
        && (file.starts_with(['/', '\\', '~'])
            || file.get(1..3) == Some(":\\")
            || file == "<stdin>"
            || file.starts_with("Cell In[")
            || file.starts_with("Input In "));
    if own_report {
        return message;
    }
    // Printed for a syntax error that has no file at all.
    if !header && file == "<string>" && place.source_line.is_none() {
        place.file = None;
    }
    let base = file.rsplit('/').next().unwrap_or(&file);
    let (first, rest) = match message.find('\n') {
        Some(end) => message.split_at(end),
        None => (message.as_str(), ""),
    };
    match (&place.file, place.line) {
        (Some(_), Some(line)) => format!("{first} ({base}, line {line}){rest}"),
        (None, Some(line)) => format!("{first} (line {line}){rest}"),
        _ => message,
    }
}

/// Web pages name the exception below the frames: `Exception Type: KeyError at /orders/`, `Exception Value: 'qty'`.
fn report_page(reader: &Reader<'_>, part: &mut Part, margin: &Margin) {
    let Some(at) = reader.skip_blanks(part.next, margin) else {
        return;
    };
    let Some(kind) = reader
        .get(at, margin)
        .and_then(|line| line.strip_prefix("Exception Type: "))
    else {
        return;
    };
    let kind = kind.split(" at ").next().unwrap_or(kind).trim();
    let (module, name) = exception::split_type(kind);
    part.exception.type_name = Some(name.to_owned());
    part.exception.module = module.map(str::to_owned);
    part.next = at + 1;
    part.partial = false;
    if let Some(value) = reader
        .get(at + 1, margin)
        .and_then(|line| line.strip_prefix("Exception Value:"))
    {
        let mut message = value.trim().to_owned();
        part.next = at + 2;
        // Django says next where it was raised, or what was requested.
        let ends = |line: &str| {
            line.starts_with("Raised during: ") || line.starts_with("Request information")
        };
        let below = |at: usize| reader.get(at, margin);
        let end = (at + 2..at + 2 + MOST_LINES).find(|at| below(*at).is_none_or(ends));
        if let Some(end) = end.filter(|end| below(*end).is_some()) {
            for line in (at + 2..end).filter_map(below) {
                message.push('\n');
                message.push_str(line);
            }
            part.next = end;
        }
        part.exception.message = Some(message.trim_end().to_owned());
    }
}

/// Lines of a message on a page.
const MOST_LINES: usize = 100;
