//! The lines of one text or stream with the questions that every part of the reader asks about them.

use super::frame;
use super::header;
use super::lines::Lines;
use super::margin::Margin;
use crate::model::Relation;

/// How many blank lines may lie between an exception and the banner of a chain, or around frames.
const MOST_BLANKS: usize = 4;

/// Minor version of Python 3 that knows notes.
const NOTES_CAME: u32 = 11;

/// The minor version in a path: `/usr/lib/python3.8/json/decoder.py`; 0 for Python 2.
fn minor_version(line: &str) -> Option<u32> {
    let version = &line[line.find("python")? + "python".len()..];
    if version.starts_with("2.") {
        return Some(0);
    }
    let minor = version.strip_prefix("3.")?;
    let digits = minor.bytes().take_while(u8::is_ascii_digit).count();
    minor[..digits].parse().ok()
}

/// What a text is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    /// A stream: anything may follow.
    Open,
    /// What stands below a record's header: hardly anything else follows.
    Headed,
    /// One record: nothing else follows.
    Record,
}

/// Lines and how they are to be read.
pub(super) struct Reader<'a> {
    lines: &'a Lines<'a>,
    /// For each line the next one that is drawn like part of a group (`| …`, `+-…`); its own index if it is.
    bars: Vec<usize>,
    bounds: Bounds,
    nested: bool,
    no_notes: bool,
}

impl<'a> Reader<'a> {
    /// A reader; `bounds` says whether something foreign may follow the exception.
    pub(super) fn new(lines: &'a Lines<'a>, bounds: Bounds) -> Self {
        let mut bars = vec![usize::MAX; lines.len()];
        let mut next = usize::MAX;
        let (mut old, mut new) = (false, false);
        for (index, line) in lines.iter().enumerate().rev() {
            let body = line.text.trim_start();
            if body.starts_with("| ") || body == "|" || body.starts_with("+-") {
                next = index;
            }
            bars[index] = next;
            if body.starts_with("File \"") {
                let version = minor_version(body);
                old |= version.is_some_and(|minor| minor < NOTES_CAME);
                new |= version.is_some_and(|minor| minor >= NOTES_CAME);
            }
        }
        Reader {
            lines,
            bars,
            bounds,
            nested: false,
            no_notes: old && !new,
        }
    }

    /// A reader of lines that were taken out of another text: nothing is taken out of them again.
    pub(super) fn nested(lines: &'a Lines<'a>, bounds: Bounds) -> Self {
        Reader {
            nested: true,
            ..Reader::new(lines, bounds)
        }
    }

    /// Whether the lines were taken out of another text.
    pub(super) fn is_nested(&self) -> bool {
        self.nested
    }

    /// The lines.
    pub(super) fn lines(&self) -> &'a Lines<'a> {
        self.lines
    }

    /// What the text is known to be.
    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the text is one record.
    pub(super) fn framed(&self) -> bool {
        self.bounds == Bounds::Record
    }

    /// Whether paths of the standard library say that an interpreter without notes printed the text.
    pub(super) fn is_older_than_notes(&self) -> bool {
        self.no_notes
    }

    /// A line as it is.
    pub(super) fn raw(&self, index: usize) -> Option<&'a str> {
        self.lines.get(index)
    }

    /// A line without the margin; nothing at the end or where the margin is missing.
    pub(super) fn get(&self, index: usize, margin: &Margin) -> Option<&'a str> {
        margin.strip(self.lines.get(index)?)
    }

    /// Whether the text is over.
    pub(super) fn is_end(&self, index: usize) -> bool {
        index >= self.lines.len()
    }

    /// Whether only blank lines follow.
    pub(super) fn is_blank_from(&self, index: usize) -> bool {
        (index..self.lines.len())
            .take(MOST_BLANKS + 1)
            .all(|i| self.lines.get(i).is_none_or(|l| l.trim().is_empty()))
    }

    /// The first line at or after `index` that is not blank, unless too many blanks lie before it.
    pub(super) fn skip_blanks(&self, index: usize, margin: &Margin) -> Option<usize> {
        for at in index..=index + MOST_BLANKS {
            if !self.get(at, margin)?.trim().is_empty() {
                return Some(at);
            }
        }
        None
    }

    /// The banner after the blank lines from `index` on, and the line after it.
    pub(super) fn banner(&self, index: usize, margin: &Margin) -> Option<(Relation, usize)> {
        let at = self.skip_blanks(index, margin)?;
        let relation = header::banner(self.get(at, margin)?)?;
        Some((relation, at + 1))
    }

    /// Whether a line without bars may still belong to a message inside of a group (3.11 prints the further lines so).
    pub(super) fn bare_in_group(&self, margin: &Margin, index: usize) -> bool {
        const FAR: usize = 50;
        margin.depth() > 0
            && self
                .bars
                .get(index)
                .is_some_and(|bar| *bar > index && *bar - index < FAR)
    }

    /// Whether the exception named on this line is the first of a chain: a quoted traceback or a banner follows.
    pub(super) fn chained(&self, index: usize, margin: &Margin) -> bool {
        const MOST_LINES: usize = 30;
        for at in index + 1..=index + MOST_LINES {
            match self.get(at, margin).map(str::trim_end) {
                Some("\"\"\"" | "'''") if at == index + 1 => return true,
                Some("") => return self.banner(at, margin).is_some(),
                Some(line) if header::banner(line).is_some() => return true,
                Some(line) if header::is_end(line) || header::names_exception(line) => {
                    return false;
                }
                Some(_) => {}
                None => return false,
            }
        }
        false
    }

    /// Whether a traceback starts on this line: a header with what has to follow one.
    pub(super) fn opens_trace(&self, index: usize, margin: &Margin) -> bool {
        let Some(line) = self.get(index, margin) else {
            return false;
        };
        // IPython reports a cell that does not parse without a header.
        (header::header(line).is_some() && self.follows_header(index + 1))
            || line.starts_with("  Cell In[")
    }

    /// Whether a line below a header looks like the inside of a traceback.
    pub(super) fn follows_header(&self, index: usize) -> bool {
        let mut at = index;
        while at <= index + 2 {
            let Some(raw) = self.lines.get(at) else {
                return false;
            };
            let body = raw.trim_start_matches([' ', '\t', '|', '>']);
            if body.is_empty() {
                at += 1;
                continue;
            }
            return frame::opens(body)
                || (at == index
                    && header::names_exception(raw.trim_start_matches([' ', '\t', '|'])));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_paths() {
        assert_eq!(minor_version("File \"/usr/lib/python3.8/x.py\""), Some(8));
        assert_eq!(minor_version("File \"/usr/lib/python3.13/x.py\""), Some(13));
        assert_eq!(minor_version("File \"/usr/lib/python2.7/x.py\""), Some(0));
        assert_eq!(minor_version("File \"/srv/python/x.py\""), None);
    }
}
