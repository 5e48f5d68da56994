//! The frames below a header, with their source lines, carets, values and repetition marks, and the place of a syntax
//! error below them. What the exception is called is read in part.rs.

use std::borrow::Cow;

use super::frame::{self, Place};
use super::header::{self, Kind};
use super::margin::Margin;
use super::reader::Reader;
use crate::model::{Frame, StackEntry, SyntaxPlace};

/// The frames below a header.
#[derive(Default)]
pub(super) struct Stack {
    pub(super) entries: Vec<StackEntry>,
    /// Lines of source of the last frame.
    source: Vec<String>,
    /// Values were drawn under the source: what follows are values.
    valued: bool,
    /// The indentation is gone.
    flat: bool,
    /// Only the first line below a frame is source.
    one_line: bool,
    pub(super) syntax: Option<SyntaxPlace>,
    pub(super) next: usize,
}

impl Stack {
    /// No frames; the exception is named on line `next`.
    pub(super) fn empty(next: usize) -> Self {
        Stack {
            next,
            ..Stack::default()
        }
    }

    fn close(&mut self) {
        let source = std::mem::take(&mut self.source);
        self.valued = false;
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
    pub(super) fn only_frame_is_place(&mut self, kind: &str) -> Option<()> {
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

/// Reads frames from line `at` on, up to the first line that is none.
pub(super) fn read(reader: &Reader<'_>, at: usize, margin: &Margin, kind: Kind) -> Stack {
    // Some shippers cut the indentation off.
    let flat = reader
        .get(at, margin)
        .is_some_and(|line| line.starts_with("File \""));
    let mut stack = Stack {
        flat,
        one_line: kind == Kind::Variables,
        ..Stack::default()
    };
    let mut index = at;
    loop {
        let used = match reader.get(index, margin) {
            Some(line) if line.trim_start().is_empty() => stack.blank(reader, index, margin, line),
            Some(line) => stack
                .entry(reader, index, margin, line)
                .or_else(|| stack.below(line)),
            None => stack.bare(reader, index, margin),
        };
        match used {
            Some(used) => index += used,
            None => break,
        }
    }
    stack.close();
    stack.next = index;
    stack
}

/// Each of these takes line `index` and answers how many lines it used; none if the stack is over.
impl Stack {
    /// A frame, a repetition mark or the place of a syntax error.
    fn entry(
        &mut self,
        reader: &Reader<'_>,
        index: usize,
        margin: &Margin,
        line: &str,
    ) -> Option<usize> {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        // loguru marks the frame that caught the exception.
        let marked = body.strip_prefix("> ").filter(|_| indent == 0);
        let placed = indent == 0 && !self.entries.is_empty() && names_syntax(reader, index, margin);
        (self.flat || marked.is_some() || placed || (1..=3).contains(&indent)).then_some(())?;
        let body = marked.unwrap_or(body);
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
                self.push(file, line, function);
                return Some(used);
            }
            Some(Place::Location { .. }) if self.syntax.is_some() => return None,
            Some(Place::Location { file, line }) => {
                self.close();
                self.syntax = Some(SyntaxPlace {
                    file: Some(file.to_owned()),
                    line,
                    source_line: None,
                });
                return Some(used);
            }
            None => {}
        }
        if let Some(repeated) = frame::repeated(body) {
            self.close();
            self.entries.push(StackEntry::Repeated { repeated });
            return Some(1);
        }
        let (file, line, function) = frame::unquoted(body)?;
        self.push(file, line, function);
        Some(1)
    }

    /// A line below a frame: source, carets, values.
    fn below(&mut self, line: &str) -> Option<usize> {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let caret = frame::is_caret_line(body) && !self.source.is_empty();
        let inside = if self.flat {
            (caret || self.source.is_empty()) && !header::names_exception(line)
        } else {
            indent > 1
        };
        // A second place of a syntax error belongs to another one.
        if self.syntax.is_some() && indent <= 3 && body.starts_with("File \"") {
            return None;
        }
        let owned = !self.entries.is_empty() || self.syntax.is_some();
        (inside && owned).then_some(())?;
        self.valued |= frame::is_value_line(body);
        let more = self.source.is_empty() || !(self.one_line || self.valued);
        if (self.flat || indent > 2) && !caret && more && !frame::is_value_line(body) {
            self.source.push(line.to_owned());
        }
        Some(1)
    }

    fn blank(
        &mut self,
        reader: &Reader<'_>,
        index: usize,
        margin: &Margin,
        line: &str,
    ) -> Option<usize> {
        // A blank line inside of a statement keeps its indentation.
        if line.len() >= 4 && !self.source.is_empty() && !self.valued {
            self.source.push(String::new());
            return Some(1);
        }
        let after = reader.skip_blanks(index, margin)?;
        goes_on_after_blank(reader, after, margin, !self.entries.is_empty()).then(|| after - index)
    }

    /// 3.11 and 3.12 print the line of a syntax error without the bars of its group.
    fn bare(&mut self, reader: &Reader<'_>, index: usize, margin: &Margin) -> Option<usize> {
        let line = reader.raw(index)?;
        (self.syntax.is_some() && reader.bare_in_group(margin, index)).then_some(())?;
        if !frame::is_caret_line(line) {
            self.source.push(line.to_owned());
        }
        Some(1)
    }
}

// File "conf.py", line 1
//     x = = 1
//         ^
// SyntaxError: invalid syntax
/// Whether line `index` is the place of a syntax error that a printer did not indent.
fn names_syntax(reader: &Reader<'_>, index: usize, margin: &Margin) -> bool {
    const MOST_BELOW: usize = 3;
    let place = reader.get(index, margin).and_then(frame::place);
    matches!(place, Some(Place::Location { .. }))
        && (index + 1..=index + MOST_BELOW)
            .find_map(|at| reader.get(at, margin).filter(|line| !line.starts_with(' ')))
            .is_some_and(|line| {
                ["SyntaxError", "IndentationError", "TabError"]
                    .iter()
                    .any(|kind| line.starts_with(kind))
            })
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
) -> (Cow<'r, str>, usize) {
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
