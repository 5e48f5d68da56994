//! Frames of Opera 8 to 12, which print a sentence and below it the statement.
//!
//! Deliberately nothing for engines whose frames look like Gecko's or V8's (Safari, PhantomJS, Rhino, IE 10 and 11).

use super::line::Raw;
use super::place::Place;
use crate::text;

/// Reads a trimmed line.
//  Line 18 of linked script http://path/to/file.js: In function printStackTrace
//  Error thrown at line 42, column 12 in <anonymous function: f>() in http://path/to/file.js:
//  called from line 15, column 3 in http://path/to/file.js:
//  called via Function.prototype.apply() from line 3, column 4 in …
pub(super) fn line<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    let mut parts = [""; 4];
    let column;
    let (name, file);
    if text::like(
        text::without(text, "...  "),
        "Line # of *script *",
        &mut parts,
    ) {
        let rest = text::without(parts[2], "in ");
        (file, name) = text::split(rest, ": In function ").unwrap_or((rest, ""));
        column = None;
    } else {
        if text::like(text, "Error thrown at line #, column # in *", &mut parts) {
        } else if text::like(text, "called *from line #, column # in *", &mut parts) {
            parts.rotate_left(1);
        } else {
            return false;
        }
        column = text::number(parts[1]);
        let mut rest = parts[2];
        text::eat_end(&mut rest, ":");
        let (head, tail) = text::rsplit(rest, " in ").unwrap_or(("", rest));
        (name, file) = (function(head), tail);
        if column.is_none() {
            return false;
        }
    }
    let line = text::number(parts[0]);
    *raw = Raw {
        name,
        place: Place {
            scheme: "",
            file: Some(file),
            line,
            column,
        },
        is_async: false,
    };
    line.is_some()
}

/// Opera's name of a function without its arguments: `<anonymous function: run>(ex)` is `run`.
pub(super) fn function(name: &str) -> &str {
    let mut name = name;
    let anonymous = text::eat(&mut name, "<anonymous function: ");
    text::trim(text::before(name, if anonymous { ">" } else { "(" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str, Option<u32>, Option<u32>)> {
        let mut raw = Raw::default();
        line(text, &mut raw).then(|| {
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
