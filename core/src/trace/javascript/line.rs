//! Cuts a text into lines and says of each, alone, what it looks like.
//!
//! Deliberately no judgement about neighbours: whether a frame-like line is a frame or a quotation is for `segment`.

use alloc::vec::Vec;

use super::gecko::{self, Proven};
use super::legacy;
use super::place::{self, Place};
use super::v8::{self, At};
use super::work;
use crate::text;

/// A frame as it stands in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Raw<'t> {
    pub name: &'t str,
    pub place: Place<'t>,
    pub is_async: bool,
}

/// Who prints frames like this one. A stack has one style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `at fn (place)`.
    At,
    /// `fn@place`.
    Sign,
    /// Opera 8 to 12.
    Opera,
    /// `fn (place)` under `stack: |-`.
    Tap,
}

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// A frame, whatever stands around it.
    Frame(Style),
    /// A frame if it stands among frames of the style.
    Soft(Style),
    /// Belongs to a stack and holds nothing to keep.
    Skip(Style),
    /// Stands for so many frames.
    Elided(u64),
    Text,
}

/// One line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Without the line break.
    pub text: &'t str,
    /// Offset in the whole text.
    pub start: usize,
    pub kind: Kind,
}

impl<'t> Line<'t> {
    /// Without blanks around.
    pub fn trimmed(&self) -> &'t str {
        text::trim(self.text)
    }

    /// Number of blanks it begins with.
    pub fn indent(&self) -> usize {
        let indent = self
            .text
            .bytes()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        work::spend(indent + 1);
        indent
    }

    /// Offset after its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The frame ends with ` {`: properties follow.
    pub fn opens(&self) -> bool {
        text::trim_end(self.text).ends_with(" {")
    }

    /// The frame, read again (nothing is kept between the two passes, so that a long log costs no memory).
    pub fn raw(&self) -> Option<Raw<'t>> {
        work::spend(self.text.len());
        let core = core(self.text);
        match self.kind {
            Kind::Frame(style) | Kind::Soft(style) => match style {
                Style::At => match v8::at_line(core).or_else(|| spoiled(core))? {
                    At::Frame(raw) => Some(raw),
                    At::Nowhere => None,
                },
                Style::Tap => match v8::body(core)? {
                    At::Frame(raw) => Some(raw),
                    At::Nowhere => None,
                },
                Style::Sign => gecko::line(core).map(|(raw, _)| raw),
                Style::Opera => legacy::line(core),
            },
            _ => None,
        }
    }
}

/// The line without what a printer puts around a frame.
fn core(text: &str) -> &str {
    let text = text::trim(text);
    let text = text.strip_suffix(" {").unwrap_or(text);
    text.strip_suffix(',').unwrap_or(text)
}

//  oh no    at TestCase.run (/srv/test.js:61:8)
fn spoiled(text: &str) -> Option<At<'_>> {
    let at = text::find(text, "  at ")?;
    match v8::at_line(text::from(text, at + 2))? {
        At::Frame(raw) if text.ends_with(')') && raw.place.column.is_some() => Some(At::Frame(raw)),
        _ => None,
    }
}

//  ... 6 lines matching cause stack trace ...
//  ... collapsed 44 duplicate lines matching above 2 lines 22 times...
//  ... skipping 50 frames
fn elided(text: &str) -> Option<u64> {
    let rest = text.strip_prefix("... ")?;
    let known = ["skipping ", "collapsed "]
        .iter()
        .find_map(|word| rest.strip_prefix(word));
    let number = known.unwrap_or(rest);
    let end = text::digits(number);
    let rest = text::from(number, end);
    let right = known.is_some() || rest.starts_with(" lines matching") || rest == " more";
    place::number(text::until(number, end))
        .map(u64::from)
        .filter(|_| right)
}

fn kind(text: &str) -> Kind {
    work::spend(text.len());
    let core = core(text);
    if core.is_empty() {
        return if text::trim(text).is_empty() {
            Kind::Blank
        } else {
            Kind::Text
        };
    }
    if core.starts_with("at ") {
        return match v8::at_line(core) {
            // at the office (http://wiki/plan)
            Some(At::Frame(raw)) if raw.place.is_path_alone() => Kind::Soft(Style::At),
            Some(At::Frame(_)) => Kind::Frame(Style::At),
            _ => Kind::Skip(Style::At),
        };
    }
    // marks between frames: of long stacks, and of Node's first source maps
    if core == "From previous event:" || core.starts_with("--------") || core.starts_with("-> ") {
        return Kind::Skip(Style::At);
    }
    if let Some(count) = elided(core) {
        return Kind::Elided(count);
    }
    if legacy::line(core).is_some() {
        return Kind::Frame(Style::Opera);
    }
    if matches!(core, "eval code" | "global code" | "module code")
        || core.starts_with("Error created at ")
    {
        return Kind::Skip(Style::Sign);
    }
    match gecko::line(core) {
        Some((_, Proven::Alone)) => Kind::Frame(Style::Sign),
        Some((_, Proven::AmongFrames)) => Kind::Soft(Style::Sign),
        None if spoiled(core).is_some() => Kind::Frame(Style::At),
        None => Kind::Text,
    }
}

/// Cuts `text` into lines.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut start, mut rest) = (0, Some(text));
    let mut report: Option<usize> = None;
    let mut statement = false;
    while let Some(text) = rest {
        let (part, next) = match text::split(text, "\n") {
            Some((part, next)) => (part, Some(next)),
            None => (text, None),
        };
        rest = next;
        let mut line = Line {
            text: part.strip_suffix('\r').unwrap_or(part),
            start,
            kind: Kind::Blank,
        };
        start += part.len() + 1;
        if let Some(indent) = report
            && line.indent() > indent
        {
            line.kind = match v8::body(core(line.text)) {
                Some(At::Frame(_)) => Kind::Frame(Style::Tap),
                _ => Kind::Skip(Style::Tap),
            };
        } else {
            line.kind = kind(line.text);
            // Opera prints the statement below each place
            if statement && line.kind == Kind::Text {
                line.kind = Kind::Skip(Style::Opera);
            }
            report = (line.trimmed() == "stack: |-").then(|| line.indent());
        }
        statement = line.kind == Kind::Frame(Style::Opera);
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_told_by_its_look() {
        let kinds = |text| split(text).iter().map(|line| line.kind).collect::<Vec<_>>();
        assert_eq!(kinds("    at f (/x.js:1:2) {"), [Kind::Frame(Style::At)]);
        assert_eq!(kinds("oh no    at f (/x.js:1:2)"), [Kind::Frame(Style::At)]);
        assert_eq!(
            kinds("f@http://h/x.js:1:2\r\n"),
            [Kind::Frame(Style::Sign), Kind::Blank]
        );
        assert_eq!(kinds("[native code]"), [Kind::Soft(Style::Sign)]);
        assert_eq!(
            kinds("stack: |-\n  f (/x.js:1:2)"),
            [Kind::Text, Kind::Frame(Style::Tap)]
        );
        assert_eq!(
            kinds("...  Line 1 of linked script x\n  f()"),
            [Kind::Frame(Style::Opera), Kind::Skip(Style::Opera)]
        );
    }

    #[test]
    fn elided_frames_are_counted() {
        assert_eq!(
            elided("... 6 lines matching cause stack trace ..."),
            Some(6)
        );
        assert_eq!(
            elided("... collapsed 44 duplicate lines matching above 2 lines 22 times..."),
            Some(44)
        );
        assert_eq!(elided("... skipping 50 frames"), Some(50));
        assert_eq!(elided("... 5 apples"), None);
    }
}
