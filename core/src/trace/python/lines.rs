//! A text as lines: terminators of every kind, escape sequences and no-break indentation removed, places in the
//! original text kept. It knows nothing about tracebacks.

use std::borrow::Cow;

use crate::trace::ansi;

/// One line without its terminator.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// What the line says, escape sequences removed.
    pub(super) text: Cow<'a, str>,
    /// The same bytes as they stand in the input; `None` where `text` was made from several places.
    raw: Option<&'a str>,
    /// Offset of the line's first byte in the input (of `raw`, where there is one).
    pub(super) start: usize,
    /// Offset after the line's last byte, the terminator excluded.
    pub(super) end: usize,
}

impl<'a> Line<'a> {
    fn read(raw: &'a str, start: usize) -> Self {
        Line {
            text: plain(ansi::strip(raw)),
            raw: Some(raw),
            start,
            end: start + raw.len(),
        }
    }

    /// A line whose text stands in the input between `start` and `end`, but not letter by letter.
    pub(super) fn made(text: Cow<'a, str>, start: usize, end: usize) -> Self {
        Line {
            text,
            raw: None,
            start,
            end,
        }
    }

    /// Where the columns from `from` to `to` of the clean text lie in the input: in a line that was made, anywhere in it.
    pub(super) fn span(&self, from: usize, to: usize) -> (usize, usize) {
        match self.raw {
            Some(_) => (self.place(from), self.place(to)),
            None => (self.start, self.end),
        }
    }

    /// Where column `column` of the clean text lies in the input.
    pub(super) fn place(&self, column: usize) -> usize {
        match self.raw {
            Some(_) if column == 0 => self.start,
            Some(raw) if raw.len() == self.text.len() => self.start + column.min(raw.len()),
            Some(raw) => {
                let mut at = ansi::raw_offset(raw, column);
                while !raw.is_char_boundary(at) {
                    at -= 1;
                }
                self.start + at
            }
            None => self.start,
        }
    }
}

/// U+00A0 in the indentation becomes a blank: some writers keep shippers from splitting a record that way.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    let body = text.trim_start_matches([' ', '\t', '\u{a0}']);
    let indentation = &text[..text.len() - body.len()];
    if !indentation.contains('\u{a0}') {
        return text;
    }
    Cow::Owned(indentation.replace('\u{a0}', " ") + body)
}

/// All lines of a text.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    lines: Vec<Line<'a>>,
}

impl<'a> Lines<'a> {
    /// Splits at `\n`, `\r\n` and a lone `\r`.
    pub(super) fn split(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
        while at < bytes.len() {
            if !matches!(bytes[at], b'\n' | b'\r') {
                at += 1;
                continue;
            }
            lines.push(Line::read(&text[start..at], start));
            while bytes.get(at) == Some(&b'\r') {
                at += 1;
                if bytes.get(at) == Some(&b'\n') {
                    break;
                }
                if bytes.get(at) != Some(&b'\r') {
                    at -= 1;
                    break;
                }
            }
            at = (at + 1).min(bytes.len());
            start = at;
        }
        if start < text.len() {
            lines.push(Line::read(&text[start..], start));
        }
        Lines::of(lines)
    }

    /// Lines that were made already.
    pub(super) fn of(lines: Vec<Line<'a>>) -> Self {
        Lines { lines }
    }

    /// Text of line `index`.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let line = self.lines.get(index)?;
        #[cfg(test)]
        work::add(1 + line.text.len());
        Some(&line.text)
    }

    /// The line itself, for its places.
    pub(super) fn line(&self, index: usize) -> Option<&Line<'a>> {
        self.lines.get(index)
    }

    /// Every line in turn, uncounted.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Line<'a>> {
        self.lines.iter()
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

/// Counts the bytes of the lines looked at, so that tests can tell linear work from more without timing anything.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(bytes: usize) {
        DONE.set(DONE.get() + bytes);
    }

    /// What `run` looks at.
    pub(in crate::trace::python) fn of(run: impl FnOnce()) -> usize {
        DONE.set(0);
        run();
        DONE.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        Lines::split(text)
            .iter()
            .map(|l| l.text.to_string())
            .collect()
    }

    #[test]
    fn every_terminator_splits_once() {
        assert_eq!(texts("a\nb\r\nc\rd\r\r\ne"), ["a", "b", "c", "d", "e"]);
        assert_eq!(texts("a\n\nb\r\n\r\n"), ["a", "", "b", ""]);
        assert_eq!(texts("\r"), [""]);
        assert_eq!(texts(""), Vec::<String>::new());
    }

    #[test]
    fn places_are_those_of_the_input() {
        let text = "x\r\n\u{1b}[1mab\u{1b}[0mc\n\u{a0} d";
        let lines = Lines::split(text);
        let second = lines.line(1).unwrap();
        assert_eq!(second.text, "abc");
        assert_eq!(&text[second.place(2)..second.end], "c");
        let third = lines.line(2).unwrap();
        assert_eq!(third.text, "  d");
        assert_eq!(third.place(0), third.start);
        assert!(text.is_char_boundary(third.place(1)));
    }
}
