//! Frames of Opera 8 to 12, which print a sentence and below it the statement.
//!
//! Deliberately nothing for engines whose frames look like Gecko's or V8's (Safari, PhantomJS, Rhino, IE 10 and 11).

use super::line::Raw;
use crate::text;

/// Reads a trimmed line.
//  Line 18 of linked script http://path/to/file.js: In function printStackTrace
//  Error thrown at line 42, column 12 in <anonymous function: f>() in http://path/to/file.js:
//  called from line 15, column 3 in http://path/to/file.js:
//  called via Function.prototype.apply() from line 3, column 4 in …
pub(super) fn line<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    *raw = Raw::default();
    let mut parts = [""; 3];
    let linked = text::without(text, "...  ");
    let mut file;
    if text::like(linked, "Line # of *script *", &mut parts) {
        file = text::without(parts[2], "in ");
        if let Some((head, name)) = text::split(file, ": In function ") {
            (file, raw.name) = (head, name);
        }
    } else {
        // called via Function.prototype.apply() from line 3, …
        let mut rest = text;
        if text::eat(&mut rest, "called ") {
            rest = text::split(rest, "from line ").map_or("", |(_, rest)| rest);
        } else if !text::eat(&mut rest, "Error thrown at line ") {
            return false;
        }
        if !text::like(rest, "#, column # in *", &mut parts) {
            return false;
        }
        raw.place.column = text::number(parts[1]);
        file = parts[2];
        text::eat_end(&mut file, ":");
        if let Some((head, tail)) = text::rsplit(file, " in ") {
            (raw.name, file) = (function(head), tail);
        }
        if raw.place.column.is_none() {
            return false;
        }
    }
    raw.place.file = Some(file);
    raw.place.line = text::number(parts[0]);
    raw.place.line.is_some()
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
