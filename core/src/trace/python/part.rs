//! One exception of a chain as CPython prints it: frames, the place of a syntax error, the line that names the exception.
//! Chains and groups are put together in chain.rs; notes and further lines of the message are read in message.rs.

use super::exception::{self, ExceptionLine};
use super::frame::{self, Place};
use super::header::{self, Kind};
use super::margin::Margin;
use super::message::{self, Known};
use super::reader::Reader;
use crate::model::{Exception, Frame, StackEntry, SyntaxPlace};

/// One exception and where reading goes on.
pub(super) struct Part {
    pub(super) exception: Exception,
    /// First line behind it.
    pub(super) next: usize,
    /// The text ended before the exception was named.
    pub(super) partial: bool,
}

/// The frames below a header.
#[derive(Default)]
struct Stack {
    entries: Vec<StackEntry>,
    /// Lines of source of the last frame.
    source: Vec<String>,
    syntax: Option<SyntaxPlace>,
    next: usize,
}

impl Stack {
    fn close(&mut self) {
        let source = std::mem::take(&mut self.source);
        if source.is_empty() {
            return;
        }
        let text = dedent(&source);
        if let Some(syntax) = &mut self.syntax {
            syntax.source_line = Some(text);
        } else if let Some(StackEntry::Frame(frame)) = self.entries.last_mut() {
            frame.source_line = Some(text);
        }
    }

    /// IPython prints the place of a syntax error like a frame.
    fn only_frame_is_place(&mut self, kind: &str) -> Option<()> {
        let [StackEntry::Frame(frame)] = &self.entries[..] else {
            return None;
        };
        matches!(kind, "SyntaxError" | "IndentationError" | "TabError").then_some(())?;
        self.syntax = Some(SyntaxPlace {
            file: frame.file.clone(),
            line: frame.line,
            source_line: frame.source_line.clone(),
        });
        self.entries.clear();
        Some(())
    }

    fn push(&mut self, file: &str, line: Option<u32>, function: &str) {
        self.close();
        self.entries.push(StackEntry::Frame(Frame {
            function: Some(function.to_owned()),
            file: Some(file.to_owned()),
            line,
            ..Frame::default()
        }));
    }
}

/// Reads what follows a header that stands on the line before `at`.
pub(super) fn after_header(
    reader: &Reader<'_>,
    at: usize,
    margin: &Margin,
    kind: Kind,
) -> Option<Part> {
    let stack = stack(reader, at, margin, kind);
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
        let mut stack = stack(reader, at, margin, Kind::Plain);
        let named = reader
            .get(stack.next, margin)
            .and_then(exception::exception_line)?;
        if stack.syntax.is_none() {
            stack.only_frame_is_place(named.1)?;
        }
        return Some(name(reader, stack, margin, named, false));
    }
    let named = exception::exception_line(line)?;
    let stack = Stack {
        next: at,
        ..Stack::default()
    };
    Some(name(reader, stack, margin, named, false))
}

/// Reads an exception whose line stands above its frames, as some services show it.
pub(super) fn message_first(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Part> {
    let (module, kind, first) = exception::exception_line(reader.get(at, margin)?)?;
    let below = reader.get(at + 1, margin)?;
    let frame = matches!(frame::place(below.trim_start()), Some(Place::Frame { .. }));
    (frame && below.starts_with("  ")).then_some(())?;
    let stack = stack(reader, at + 1, margin, Kind::Plain);
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
        source: stack
            .entries
            .iter()
            .rev()
            .find_map(StackEntry::frame)
            .and_then(|frame| frame.source_line.as_deref()),
        no_notes: is_older_than_notes(&stack.entries),
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

fn stack(reader: &Reader<'_>, at: usize, margin: &Margin, kind: Kind) -> Stack {
    let mut stack = Stack::default();
    let mut index = at;
    // Some shippers cut the indentation off.
    let flat = reader
        .get(at, margin)
        .is_some_and(|line| line.starts_with("File \""));
    while let Some(line) = reader.get(index, margin) {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if body.is_empty() {
            // A blank line inside of a statement keeps its indentation.
            if indent >= 4 && !stack.source.is_empty() {
                stack.source.push(String::new());
                index += 1;
                continue;
            }
            let Some(after) = reader.skip_blanks(index, margin) else {
                break;
            };
            if !goes_on_after_blank(reader, after, margin, !stack.entries.is_empty()) {
                break;
            }
            index = after;
            continue;
        }
        let marked = body.strip_prefix("> ").filter(|_| indent == 0);
        let in_column = flat || indent <= 3 || marked.is_some();
        let body = marked.unwrap_or(body);
        if in_column && (indent > 0 || flat || marked.is_some()) {
            let (joined, used) = join_file_name(reader, index, margin, body);
            match frame::place(&joined) {
                Some(
                    Place::Frame {
                        file,
                        line,
                        function,
                    }
                    | Place::Dump {
                        file,
                        line,
                        function,
                    },
                ) => {
                    stack.push(file, line, function);
                    index += used;
                    continue;
                }
                Some(Place::Location { file, line }) => {
                    stack.close();
                    stack.syntax = Some(SyntaxPlace {
                        file: Some(file.to_owned()),
                        line,
                        source_line: None,
                    });
                    index += used;
                    continue;
                }
                None => {}
            }
            if let Some(repeated) = frame::repeated(body) {
                stack.close();
                stack.entries.push(StackEntry::Repeated { repeated });
                index += 1;
                continue;
            }
            if let Some((file, line, function)) = frame::unquoted(body) {
                stack.push(file, line, function);
                index += 1;
                continue;
            }
        }
        let inside = if flat {
            stack.source.is_empty() && !header::names_exception(line)
        } else {
            indent > 1
        };
        if !inside || (stack.entries.is_empty() && stack.syntax.is_none()) {
            break;
        }
        let first_only = kind == Kind::Variables && !stack.source.is_empty();
        let caret = frame::is_caret_line(body) && !stack.source.is_empty();
        if indent > 2 | usize::from(flat) && !caret && !first_only && !frame::is_value_line(body) {
            stack.source.push(line.to_owned());
        }
        index += 1;
    }
    stack.close();
    stack.next = index;
    stack
}

/// After a blank line frames go on, or the exception is named.
fn goes_on_after_blank(reader: &Reader<'_>, at: usize, margin: &Margin, found: bool) -> bool {
    reader.get(at, margin).is_some_and(|line| {
        let body = line.trim_start_matches([' ', '>']);
        frame::opens(body)
            || (found && line.len() == line.trim_start().len() && header::names_exception(line))
    })
}

/// A file name may hold a line break: the frame line then goes on below.
fn join_file_name<'r>(
    reader: &Reader<'r>,
    index: usize,
    margin: &Margin,
    body: &'r str,
) -> (std::borrow::Cow<'r, str>, usize) {
    const MOST: usize = 3;
    if !body.starts_with("File \"") || frame::place(body).is_some() {
        return (body.into(), 1);
    }
    let mut joined = body.to_owned();
    for used in 2..=MOST {
        let Some(line) = reader.get(index + used - 1, margin) else {
            break;
        };
        if line.trim_start().starts_with("File \"") {
            break;
        }
        joined.push('\n');
        joined.push_str(line);
        if frame::place(&joined).is_some() {
            return (joined.into(), used);
        }
    }
    (body.into(), 1)
}

/// What `str()` gives for a syntax error: message, file name and line. The interpreter's own report on the script that it
/// was asked to run (no header, a full path) stays as printed.
fn as_str(message: String, place: &mut SyntaxPlace, header: bool) -> String {
    let file = place.file.clone().unwrap_or_default();
    let own_report = !header
        && (file.starts_with(['/', '\\']) || file.get(1..3) == Some(":\\") || file == "<stdin>");
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
        part.exception.message = Some(value.trim().to_owned());
        part.next = at + 2;
    }
}

/// Notes came with 3.11; the standard library's path tells the version.
fn is_older_than_notes(entries: &[StackEntry]) -> bool {
    entries
        .iter()
        .filter_map(StackEntry::frame)
        .take(64)
        .filter_map(|frame| frame.file.as_deref())
        .any(|file| {
            let Some(at) = file.find("python") else {
                return false;
            };
            let version = &file[at + "python".len()..];
            let minor = version
                .strip_prefix("3.")
                .map(|v| v.bytes().take_while(u8::is_ascii_digit).count());
            match minor {
                Some(1) => version.len() > 3,
                Some(2) => &version[2..4] == "10",
                _ => version.starts_with("2."),
            }
        })
}

/// Source lines without their common indentation and outer blanks.
fn dedent(lines: &[String]) -> String {
    let common = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        text.push_str(line.get(common..).unwrap_or("").trim_end());
    }
    text.trim().to_owned()
}
