//! Cuts a text into lines and says of each, alone, what it looks like.
//!
//! Deliberately no judgement about neighbours: whether a frame-like line is a frame or a quotation is for `segment`.

use alloc::vec::Vec;

use super::gecko;
use super::legacy;
use super::place::Place;
use super::v8;
use super::work;
use crate::text::{self, in_place};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Blank,
    Text,
    /// Stands for several frames.
    Elided,
    /// Belongs to a stack of its style and holds nothing to keep.
    Skip,
    /// A frame if it stands among frames of its style.
    Soft,
    /// A frame, whatever stands around it.
    Frame,
}

/// One line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Without the line break.
    pub text: &'t str,
    /// Offset in the whole text.
    pub start: usize,
    pub role: Role,
    /// Of a stack's lines.
    pub style: Style,
}

/// The lines of a text.
pub(super) struct Lines<'t> {
    lines: Vec<Line<'t>>,
    #[cfg(feature = "logs")]
    printed: bool,
}

impl<'t> Lines<'t> {
    /// The line, or a blank one outside of the text.
    #[inline(never)]
    pub fn at(&self, at: usize) -> &Line<'t> {
        const OUTSIDE: Line<'static> = Line {
            text: "",
            start: 0,
            role: Role::Blank,
            style: Style::At,
        };
        self.lines.get(at).unwrap_or(&OUTSIDE)
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The text is what programs printed, with words of their own around the errors; see [`super::find_printed`].
    pub fn are_printed(&self) -> bool {
        #[cfg(feature = "logs")]
        return self.printed;
        #[cfg(not(feature = "logs"))]
        false
    }

    /// Notes that it is.
    #[cfg(feature = "logs")]
    pub fn printed(mut self) -> Self {
        self.printed = true;
        self
    }

    /// The first line with any text at or after line `from`, or the number of lines.
    #[inline(never)]
    pub fn filled(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.len() && self.at(at).role == Role::Blank {
            at += 1;
        }
        at
    }

    /// The line after the last one with any text before line `to`, at least `from`.
    #[inline(never)]
    pub fn filled_end(&self, from: usize, to: usize) -> usize {
        let mut at = to;
        while at > from && self.at(at - 1).role == Role::Blank {
            at -= 1;
        }
        at
    }
}

impl<'t> Line<'t> {
    /// Without blanks around.
    pub fn trimmed(&self) -> &'t str {
        text::trim(self.text)
    }

    /// Number of blanks it begins with.
    #[inline(never)]
    pub fn indent(&self) -> usize {
        let indent = text::run(self.text, 0, " \t");
        work::spend(indent + 1);
        indent
    }

    /// Offset after its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, role: Role, style: Style) -> bool {
        self.role == role && self.style == style
    }

    /// The frame ends with ` {`: properties follow.
    #[inline(never)]
    pub fn opens(&self) -> bool {
        text::trim_end(self.text).ends_with(" {")
    }

    /// The frame, read again (nothing is kept between the two passes, so that a long log costs no memory); false where
    /// the line is none.
    pub fn raw(&self, raw: &mut Raw<'t>) -> bool {
        if self.role < Role::Soft {
            return false;
        }
        work::spend(self.text.len());
        if self.style == Style::Tap {
            v8::line(core(self.text), raw);
        } else {
            { *self }.look(raw);
        }
        true
    }

    fn look(&mut self, raw: &mut Raw<'t>) {
        work::spend(self.text.len());
        let core = core(self.text);
        let mut rest = core;
        (self.role, self.style) = if core.is_empty() {
            let blank = text::trim(self.text).is_empty();
            (if blank { Role::Blank } else { Role::Text }, Style::At)
        } else if text::eat(&mut rest, "at ") {
            let role = if !v8::line(rest, raw) {
                Role::Skip
            } else if raw.place.is_path_alone() {
                // at the office (http://wiki/plan)
                Role::Soft
            } else {
                Role::Frame
            };
            (role, Style::At)
        } else if core == "From previous event:"
            || core.starts_with("--------")
            || core.starts_with("-> ")
            || core.starts_with("[... lines ")
        {
            // marks between frames: of long stacks, of Node's first source maps, and for what it printed above
            (Role::Skip, Style::At)
        } else if elided(core).is_some() {
            (Role::Elided, Style::At)
        } else if legacy::line(core, raw) {
            (Role::Frame, Style::Opera)
        } else if text::listed("eval code|global code|module code", core)
            || core.starts_with("Error created at ")
        {
            (Role::Skip, Style::Sign)
        } else {
            match gecko::line(core, raw) {
                Role::Text if spoiled(core, raw) => (Role::Frame, Style::At),
                role => (role, Style::Sign),
            }
        };
    }

    /// How many frames the line stands for.
    pub fn elided(&self) -> u32 {
        elided(core(self.text)).unwrap_or(0)
    }
}

in_place! {
    /// The line without what a printer puts around a frame.
    fn core(text: &str) -> &str {
        let mut text = text::trim(text);
        text::eat_end(&mut text, " {");
        text::eat_end(&mut text, ",");
        text
    }
}

//  oh no    at TestCase.run (/srv/test.js:61:8)
fn spoiled<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    text.ends_with(')')
        && text::split(text, "  at ").is_some_and(|(_, frame)| v8::line(frame, raw))
        && raw.place.column.is_some()
}

//  ... 6 lines matching cause stack trace ...
//  ... collapsed 44 duplicate lines matching above 2 lines 22 times...
//  ... skipping 50 frames
fn elided(text: &str) -> Option<u32> {
    let mut parts = [""];
    let known = "... # lines matching*\n... # more\n... skipping #*\n... collapsed #*";
    text::items(known, "\n")
        .any(|pattern| text::like(text, pattern, &mut parts))
        .then_some(parts[0])
        .and_then(text::number)
}

/// Cuts `text` into lines.
pub(super) fn split(text: &str) -> Lines<'_> {
    let mut lines = Vec::new();
    let (mut start, mut rest) = (0, Some(text));
    // indent of `stack: |-`
    let mut report = usize::MAX;
    let mut statement = false;
    let mut raw = Raw::default();
    while let Some(whole) = rest {
        let parts = text::split(whole, "\n");
        rest = parts.map(|(_, rest)| rest);
        let mut text = parts.map_or(whole, |(part, _)| part);
        let length = text.len();
        text::eat_end(&mut text, "\r");
        let mut line = Line {
            text,
            start,
            role: Role::Skip,
            style: Style::Tap,
        };
        start += length + 1;
        if line.indent() > report {
            if v8::line(core(text), &mut raw) {
                line.role = Role::Frame;
            }
        } else {
            line.look(&mut raw);
            // Opera prints the statement below each place
            if statement && line.role == Role::Text {
                (line.role, line.style) = (Role::Skip, Style::Opera);
            }
            report = usize::MAX;
            if line.trimmed() == "stack: |-" {
                report = line.indent();
            }
        }
        statement = line.is(Role::Frame, Style::Opera);
        lines.push(line);
    }
    Lines {
        lines,
        #[cfg(feature = "logs")]
        printed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_told_by_its_look() {
        let kinds = |text| {
            let lines = split(text);
            (0..lines.len())
                .map(|at| (lines.at(at).role, lines.at(at).style))
                .filter(|(role, _)| *role > Role::Text)
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds("    at f (/x.js:1:2) {"), [(Role::Frame, Style::At)]);
        assert_eq!(
            kinds("oh no    at f (/x.js:1:2)"),
            [(Role::Frame, Style::At)]
        );
        assert_eq!(
            kinds("f@http://h/x.js:1:2\r\n"),
            [(Role::Frame, Style::Sign)]
        );
        assert_eq!(kinds("[native code]"), [(Role::Soft, Style::Sign)]);
        assert_eq!(
            kinds("stack: |-\n  f (/x.js:1:2)"),
            [(Role::Frame, Style::Tap)]
        );
        assert_eq!(
            kinds("...  Line 1 of linked script x\n  f()"),
            [(Role::Frame, Style::Opera), (Role::Skip, Style::Opera)]
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
