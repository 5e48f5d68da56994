//! Failures as pytest prints them with `--tb=long`, `auto`, `short` and `line`. Reports in the native style are CPython's.
//!
//! What a test printed while it ran (`Captured …`) is not part of its report.

use super::{Start, entry};
use crate::model::{Exception, Relation, StackEntry};
use crate::trace::python::chain::Chain;
use crate::trace::python::exception;
use crate::trace::python::frame;
use crate::trace::python::header;
use crate::trace::python::margin::Margin;
use crate::trace::python::reader::Reader;

/// Lines of a message in the style `line`, which ends with its place.
const MOST_ERROR_LINES: usize = 60;

/// What was read of one exception so far.
#[derive(Default)]
struct Entry {
    frames: Vec<StackEntry>,
    /// Lines that start with `E`, as printed behind it.
    error: Vec<String>,
    /// First line of a block of source if it is a `def`.
    function: Option<String>,
    /// Something of a block was seen: further `def`s are inner functions.
    block: bool,
    comprehension: bool,
    /// The line marked with `>`.
    source: Option<String>,
    /// A short frame was just read, its source comes next.
    short: bool,
}

/// Reads a report from its ruler `____ test_x ____`, from a short frame, or from `E` lines of the style `line`.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    let ruled = ruler(line);
    if !(ruled || short_frame(line).is_some() || error(line).is_some()) {
        return None;
    }
    let margin = Margin::outer("");
    let mut chain = Chain::default();
    let mut read = Entry::default();
    let (mut at, mut relation) = (if ruled { index + 1 } else { index }, None);
    while let Some(line) = reader.get(at, &margin) {
        if ruler(line)
            || line.starts_with("=====")
            || header::header(line).is_some()
            || captured(line)
        {
            break;
        }
        if let Some((link, below)) = header::banner(line).map(|link| (link, at + 1)) {
            if !read.finish(relation, &mut chain) {
                break;
            }
            (relation, at) = (Some(link), below);
            continue;
        }
        if !ruled && read.frames.is_empty() && at - index > MOST_ERROR_LINES {
            return None;
        }
        let done = read.take(line, ruled);
        at += 1;
        if done || !ruled {
            chain.next = at;
        }
        if !ruled && (done || !read.goes_on(reader.get(at, &margin))) {
            break;
        }
    }
    read.finish(relation, &mut chain);
    let framed = chain.exceptions.iter().any(|e| !e.frames.is_empty());
    if chain.exceptions.is_empty() || !framed {
        return None;
    }
    chain.next = at.max(index + 1);
    while chain.next > index + 1
        && reader
            .raw(chain.next - 1)
            .is_some_and(|l| l.trim().is_empty())
    {
        chain.next -= 1;
    }
    Some((index, chain))
}

impl Entry {
    /// Takes a line; true if it ended an exception (its place and type).
    fn take(&mut self, line: &str, ruled: bool) -> bool {
        if let Some(text) = error(line) {
            self.short = false;
            self.error.push(text.to_owned());
            return false;
        }
        if let Some((file, number, function)) = short_frame(line) {
            self.frames
                .push(entry(Some(file), Some(number), Some(function)));
            self.reset();
            self.short = true;
            return false;
        }
        if let Some((file, number, rest)) = long_place(line)
            && (rest.is_empty()
                || (!ruled && !self.error.is_empty())
                || exception::exception_line(rest).is_some()
                || exception::due(rest).is_some_and(|e| e.2.is_none()))
        {
            return self.place(file, number, rest);
        }
        // --tb=line marks the first line of a message only.
        if !ruled && !self.error.is_empty() && line.starts_with("    ") {
            self.error.push(line[3..].to_owned());
            return false;
        }
        if line.starts_with("_ _ _") {
            self.reset();
            return false;
        }
        if self.short {
            let source = line.trim();
            if line.starts_with("    ") && !frame::is_caret_line(line) {
                super::set_source(&mut self.frames, source);
            }
            return false;
        }
        self.listing(line);
        false
    }

    // app.py:8:    |   app.py:3: KeyError   |   /srv/app.py:10: app.OrderError: cannot price order 42
    fn place(&mut self, file: &str, number: u32, rest: &str) -> bool {
        // The innermost frame of a chain in the style `line`.
        let told = self
            .frames
            .last()
            .and_then(StackEntry::frame)
            .is_some_and(|f| {
                !self.block && f.line == Some(number) && f.file.as_deref() == Some(file)
            });
        if !told {
            let function = match (&self.function, self.comprehension, self.block) {
                (_, true, _) => Some("<genexpr>"),
                (Some(name), ..) => Some(name.as_str()),
                (None, _, true) => Some("<module>"),
                (None, _, false) => None,
            };
            self.frames.push(entry(Some(file), Some(number), function));
            if let Some(source) = self.source.take() {
                super::set_source(&mut self.frames, &source);
            }
        }
        self.reset();
        if rest.is_empty() {
            return false;
        }
        if self.error.is_empty() {
            self.error.push(rest.to_owned());
        } else if let Some((_, kind, _)) = exception::due(rest)
            && exception::due(self.error.first().map_or("", |e| e.trim())).is_none()
        {
            // A rewritten `assert` prints no type in front of its message.
            let first = &mut self.error[0];
            let indentation = first.len() - first.trim_start().len();
            first.insert_str(indentation, &format!("{kind}: "));
        }
        true
    }

    /// A line of a source block.
    fn listing(&mut self, line: &str) {
        let marked = line.strip_prefix('>').filter(|rest| rest.starts_with("  "));
        let body = marked.unwrap_or(line).trim();
        if line.starts_with(".0 = ") {
            self.comprehension = true;
        }
        if !(marked.is_some() || line.starts_with("    ")) || body.is_empty() {
            return;
        }
        if !self.block && !body.starts_with('@') {
            self.block = true;
            let name = body
                .strip_prefix("async ")
                .unwrap_or(body)
                .strip_prefix("def ")
                .map(|rest| rest.split(['(', ':']).next().unwrap_or(rest).trim());
            self.function = name.map(str::to_owned);
        }
        if marked.is_some() && !frame::is_caret_line(body) {
            self.source = Some(body.to_owned());
        }
    }

    fn reset(&mut self) {
        self.function = None;
        self.block = false;
        self.comprehension = false;
        self.short = false;
        self.source = None;
    }

    /// Whether the line after the one taken last belongs to the same report, where no rulers tell.
    fn goes_on(&self, next: Option<&str>) -> bool {
        next.is_some_and(|line| {
            let blank = line.trim().is_empty();
            error(line).is_some()
                || (blank && !self.error.is_empty())
                || line.starts_with("    ")
                || header::banner(line).is_some()
                || short_frame(line).is_some()
                || (!self.error.is_empty() && long_place(line).is_some())
        })
    }

    /// Turns what was read into an exception; false if there was nothing.
    fn finish(&mut self, relation: Option<Relation>, chain: &mut Chain) -> bool {
        let read = std::mem::take(self);
        if read.error.is_empty() && read.frames.is_empty() {
            return false;
        }
        let mut exception = Exception {
            relation,
            frames: read.frames,
            ..Exception::default()
        };
        let lines = dedent(&read.error);
        // The place of a syntax error comes before the exception's line.
        let named = lines
            .iter()
            .position(|line| exception::exception_line(line).is_some());
        let start = named.unwrap_or(0);
        if let Some(line) = lines.get(start) {
            let (module, kind, first) = match exception::due(line) {
                Some((module, kind, first)) => (module, kind, first.unwrap_or("")),
                None => (None, "AssertionError", line.as_str()),
            };
            let mut text = first.to_owned();
            for line in &lines[start + 1..] {
                text.push('\n');
                text.push_str(line);
            }
            exception.type_name = Some(kind.to_owned());
            exception.module = module.map(str::to_owned);
            exception.message = Some(text);
        }
        chain.exceptions.push(exception);
        true
    }
}

// ____________ test_checkout ____________
fn ruler(line: &str) -> bool {
    let name = line.trim_start_matches('_');
    line.len() - name.len() >= 3
        && name.starts_with(' ')
        && name.len() > 2
        && name.trim_end().ends_with("___")
        && !line.starts_with("_ ")
}

// ------------- Captured stdout call -------------
fn captured(line: &str) -> bool {
    line.starts_with("---") && line.contains(" Captured ")
}

// E       KeyError: 'qty'
fn error(line: &str) -> Option<&str> {
    let text = line.strip_prefix('E')?;
    match text.strip_prefix("  ") {
        Some(text) => Some(text),
        None => text.trim().is_empty().then_some(""),
    }
}

// app.py:8: in checkout
fn short_frame(line: &str) -> Option<(&str, u32, &str)> {
    let (file, number, rest) = long_place(line)?;
    let function = rest.strip_prefix("in ")?;
    (!function.contains(": ")).then_some((file, number, function.trim_end()))
}

// app.py:8: rest
fn long_place(line: &str) -> Option<(&str, u32, &str)> {
    if line.starts_with([' ', '\t', '>', 'E']) && !line.starts_with("E:\\") {
        return None;
    }
    // A drive letter has a colon of its own.
    let skip = if line.as_bytes().get(1) == Some(&b':') {
        2
    } else {
        0
    };
    let colon = skip + line.get(skip..)?.find(':')?;
    let rest = &line[colon + 1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok()?;
    let rest = rest[digits..].strip_prefix(':')?;
    (colon > 0).then(|| (&line[..colon], number, rest.trim()))
}

/// Without the first line's indentation, as far as each has it.
fn dedent(lines: &[String]) -> Vec<String> {
    let blanks = |line: &str| line.chars().take_while(|c| c.is_whitespace()).count();
    let common = lines.first().map_or(0, |first| blanks(first));
    let without = |line: &String| {
        let rest: String = line.chars().skip(common.min(blanks(line))).collect();
        rest.trim_end().to_owned()
    };
    lines.iter().map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_report() {
        assert!(ruler("______ test_checkout _______"));
        assert!(!ruler("_ _ _ _ _ _"));
        assert_eq!(
            short_frame("app.py:8: in checkout"),
            Some(("app.py", 8, "checkout"))
        );
        assert_eq!(
            short_frame("C:\\x\\app.py:8: in f"),
            Some(("C:\\x\\app.py", 8, "f"))
        );
        assert_eq!(short_frame("app.py:8: KeyError"), None);
        assert_eq!(error("E   KeyError: 'qty'"), Some(" KeyError: 'qty'"));
        assert_eq!(error("ERROR: x"), None);
    }

    #[test]
    fn indentation_of_wide_blanks_is_cut_between_characters() {
        let lines = ["   a", "\u{a0}\u{2028}\u{a0}\u{2028}b", " c ", ""].map(str::to_owned);
        assert_eq!(dedent(&lines), ["a", "\u{2028}b", "c", ""]);
    }
}
