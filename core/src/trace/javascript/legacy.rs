//! Frames of Opera 8 to 12, which print a sentence and below it the statement.
//!
//! Deliberately nothing for engines whose frames look like Gecko's or V8's (Safari, PhantomJS, Rhino, IE 10 and 11).

use super::line::Raw;
use super::place::{self, Place};
use crate::text;

/// Reads a trimmed line.
pub(super) fn line(text: &str) -> Option<Raw<'_>> {
    linked(text).or_else(|| thrown(text))
}

/// The number at the start and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text::digits(text);
    Some((
        place::number(text::until(text, digits))?,
        text::from(text, digits),
    ))
}

//  Line 18 of linked script http://path/to/file.js: In function printStackTrace
fn linked(text: &str) -> Option<Raw<'_>> {
    let text = text.strip_prefix("...  ").unwrap_or(text);
    let (line, rest) = number(text.strip_prefix("Line ")?)?;
    let (_, rest) = text::split(rest.strip_prefix(" of ")?, "script ")?;
    let rest = rest.strip_prefix("in ").unwrap_or(rest);
    let (file, name) = text::split(rest, ": In function ").unwrap_or((rest, ""));
    let place = Place {
        file: Some(file),
        line: Some(line),
        ..Place::default()
    };
    Some(Raw {
        name,
        place,
        is_async: false,
    })
}

//  Error thrown at line 42, column 12 in <anonymous function: f>() in http://path/to/file.js:
//  called from line 15, column 3 in http://path/to/file.js:
//  called via Function.prototype.apply() from line 3, column 4 in …
fn thrown(text: &str) -> Option<Raw<'_>> {
    let rest = match text.strip_prefix("Error thrown at line ") {
        Some(rest) => rest,
        None => text::split(text.strip_prefix("called ")?, "from line ")?.1,
    };
    let (line, rest) = number(rest)?;
    let (column, rest) = number(rest.strip_prefix(", column ")?)?;
    let rest = rest.strip_prefix(" in ")?;
    let rest = rest.strip_suffix(':').unwrap_or(rest);
    let (name, file) = text::rsplit(rest, " in ").unwrap_or(("", rest));
    let place = Place {
        file: Some(file),
        line: Some(line),
        column: Some(column),
        ..Place::default()
    };
    Some(Raw {
        name: function(name),
        place,
        is_async: false,
    })
}

/// Opera's name of a function without its arguments: `<anonymous function: run>(ex)` is `run`.
pub(super) fn function(name: &str) -> &str {
    let (name, end) = match name.strip_prefix("<anonymous function: ") {
        Some(inner) => (inner, ">"),
        None => (name, "("),
    };
    text::trim(text::split(name, end).map_or(name, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str, Option<u32>, Option<u32>)> {
        line(text).map(|raw| {
            (
                raw.name,
                raw.place.file.unwrap_or("-"),
                raw.place.line,
                raw.place.column,
            )
        })
    }

    #[test]
    fn opera_8_to_10() {
        assert_eq!(
            read("Line 43 of linked script http://p/f.js"),
            Some(("", "http://p/f.js", Some(43), None))
        );
        assert_eq!(
            read("...  Line 4 of inline#1 script in http://p/f.js: In function bar"),
            Some(("bar", "http://p/f.js", Some(4), None))
        );
        assert_eq!(read("Line up here"), None);
    }

    #[test]
    fn opera_11_and_12() {
        assert_eq!(
            read(
                "Error thrown at line 42, column 12 in <anonymous function: make>() in http://p/f.js:"
            ),
            Some(("make", "http://p/f.js", Some(42), Some(12)))
        );
        assert_eq!(
            read("called from line 4, column 5 in bar(n) in http://p/f.js:"),
            Some(("bar", "http://p/f.js", Some(4), Some(5)))
        );
        assert_eq!(
            read("called via Function.prototype.call() from line 1, column 0 in http://p/f.js:"),
            Some(("", "http://p/f.js", Some(1), Some(0)))
        );
    }
}
