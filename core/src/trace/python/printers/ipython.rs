//! The look of IPython and notebooks: `KeyError      Traceback (most recent call last)`, listings with arrows, and the
//! exception's line at the end.

use super::{Start, entry, link, listed, set_source};
use crate::model::{Exception, StackEntry};
use crate::trace::python::exception;
use crate::trace::python::header;
use crate::trace::python::margin::Margin;
use crate::trace::python::message::{self, Known};
use crate::trace::python::part::Part;
use crate::trace::python::reader::Reader;

/// Lines between a header and its first frame.
const MOST_BEFORE_FRAMES: usize = 4;

/// Reads a chain from its ruler or its first header.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    let margin = Margin::outer("");
    let ruled = line.len() >= 20 && line.bytes().all(|b| b == b'-');
    let at = if ruled { index + 1 } else { index };
    let first = part(reader, at, &margin)?;
    let chain = link(first, |at| {
        let (relation, below) = reader.banner(at, &margin)?;
        let below = reader.skip_blanks(below, &margin)?;
        Some((relation, part(reader, below, &margin)?))
    });
    Some((index, chain))
}

// KeyError                                  Traceback (most recent call last)
fn named(line: &str) -> Option<&str> {
    let kind = line
        .trim_end()
        .strip_suffix("Traceback (most recent call last)")?;
    let name = kind.trim_end();
    let alone = !name.is_empty() && kind.len() > name.len() && !name.contains(char::is_whitespace);
    (alone && exception::due(name).is_some()).then_some(name)
}

fn part(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Part> {
    let kind = named(reader.get(at, margin)?)?;
    let mut frames: Vec<StackEntry> = Vec::new();
    let mut index = at + 1;
    while let Some(line) = reader.get(index, margin) {
        let rest = line.strip_prefix(kind);
        if let Some(rest) = rest
            && (rest.is_empty() || rest.starts_with(':'))
        {
            let (module, name) = exception::split_type(kind);
            let first = rest.strip_prefix(": ").or(rest.strip_prefix(':'));
            let known = Known {
                frames: &frames,
                ..Known::default()
            };
            let message = message::read(reader, margin, index, first, known);
            return Some(Part {
                exception: Exception {
                    type_name: Some(name.to_owned()),
                    module: module.map(str::to_owned),
                    message: Some(message.text),
                    notes: message.notes,
                    frames,
                    ..Exception::default()
                },
                next: message.next,
                partial: false,
            });
        }
        if let Some((file, line, function)) = place(line) {
            frames.push(entry(Some(file), line, Some(function)));
        } else if let Some((number, code)) = arrow(line) {
            if let Some(StackEntry::Frame(frame)) = frames.last_mut() {
                frame.line = frame.line.or(Some(number));
            }
            set_source(&mut frames, code);
        } else if let Some(skipped) = skipped(line) {
            frames.push(skipped);
        } else if (frames.is_empty() && index - at > MOST_BEFORE_FRAMES)
            || header::header(line).is_some()
            || (header::is_end(line) && !line.starts_with('-'))
        {
            break;
        }
        index += 1;
    }
    let found = !frames.is_empty();
    let (module, name) = exception::split_type(kind);
    found.then(|| Part {
        exception: Exception {
            type_name: Some(name.to_owned()),
            module: module.map(str::to_owned),
            frames,
            ..Exception::default()
        },
        next: index,
        partial: reader.is_blank_from(index),
    })
}

/// A frame's heading: file, line where it is told here, and function.
fn place(line: &str) -> Option<(&str, Option<u32>, &str)> {
    // File /srv/app.py:8, in checkout(order)   |   File ~/app.py:8
    if let Some(body) = line.strip_prefix("File ") {
        let (at, function) = body.split_once(", in ").unwrap_or((body, "<module>"));
        let (file, number) = at.rsplit_once(':')?;
        return Some((file, Some(number.trim().parse().ok()?), bare(function)));
    }
    // Cell In[1], line 2, in cell(o)   |   Input In [1], in <cell line: 3>()
    if line.starts_with("Cell In[") || line.starts_with("Input In ") {
        let (cell, rest) = line.split_once(", ")?;
        let (rest, function) = match rest.split_once("in ") {
            Some((before, function)) => (before.trim_end_matches([',', ' ']), bare(function)),
            None => (rest, "<module>"),
        };
        let number = rest
            .trim()
            .strip_prefix("line ")
            .and_then(|n| n.trim().parse().ok());
        let function = if function.starts_with("<cell line") || function.starts_with("<module") {
            "<module>"
        } else {
            function
        };
        return Some((cell, number, function));
    }
    // <ipython-input-1-3cb5> in <module>()   |   ~/app.py in checkout(order)
    if line.starts_with(['<', '/', '~']) || line.as_bytes().get(1..3) == Some(b":\\") {
        let (file, function) = line.split_once(" in ")?;
        return Some((file.trim_end(), None, bare(function)));
    }
    None
}

/// A function's name without the arguments: `checkout(order)`, `<genexpr>(.0)`.
fn bare(function: &str) -> &str {
    let cut = function.find('(').unwrap_or(function.len());
    function[..cut].trim_end()
}

// ----> 8     return total(order)
fn arrow(line: &str) -> Option<(u32, &str)> {
    let body = line.trim_start();
    let code = body.trim_start_matches('-');
    let code = (body.len() - code.len() >= 2)
        .then_some(code)?
        .strip_prefix('>')?;
    listed(code)
}

// [... skipping similar frames: r at line 1 (139 times)]   |   [... skipping hidden 1 frame]
fn skipped(line: &str) -> Option<StackEntry> {
    let body = line
        .trim()
        .strip_prefix("[... skipping ")?
        .strip_suffix(']')?;
    let digits = |text: &str| {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let text = &text[start..];
        let end = text.bytes().take_while(u8::is_ascii_digit).count();
        text[..end].parse::<u64>().ok()
    };
    if body.starts_with("hidden") {
        return Some(StackEntry::Elided {
            elided: digits(body)?,
        });
    }
    let times = body.rfind('(').map_or(body, |at| &body[at..]);
    Some(StackEntry::Repeated {
        repeated: digits(times)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings() {
        assert_eq!(
            place("File /srv/app.py:8, in checkout(order={'a': 1})"),
            Some(("/srv/app.py", Some(8), "checkout"))
        );
        assert_eq!(
            place("Cell In[1], line 3"),
            Some(("Cell In[1]", Some(3), "<module>"))
        );
        assert_eq!(
            place("Cell In[1], line 2, in cell(o)"),
            Some(("Cell In[1]", Some(2), "cell"))
        );
        assert_eq!(
            place("Input In [4], in <cell line: 3>()"),
            Some(("Input In [4]", None, "<module>"))
        );
        assert_eq!(
            place("<ipython-input-1-3cb5> in f(x)"),
            Some(("<ipython-input-1-3cb5>", None, "f"))
        );
        assert_eq!(arrow("---> 10     raise X"), Some((10, "     raise X")));
        assert_eq!(arrow("     10     raise X"), None);
    }

    #[test]
    fn skips() {
        assert_eq!(
            skipped("    [... skipping similar frames: r at line 1 (139 times)]"),
            Some(StackEntry::Repeated { repeated: 139 })
        );
        assert_eq!(
            skipped("    [... skipping hidden 1 frame]"),
            Some(StackEntry::Elided { elided: 1 })
        );
        assert_eq!(
            named("KeyError            Traceback (most recent call last)"),
            Some("KeyError")
        );
        assert_eq!(named("see Traceback (most recent call last)"), Some("see"));
        assert_eq!(named("Traceback (most recent call last)"), None);
    }
}
