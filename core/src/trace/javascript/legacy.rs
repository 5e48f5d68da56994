//! Frames of Opera 8 to 12, which print a sentence and below it the statement.
//!
//! Deliberately nothing for engines whose frames look like Gecko's or V8's (Safari, PhantomJS, Rhino, IE 10 and 11).

use super::line::Raw;
use super::place::Place;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_until};
use nom::character::complete::u32 as number;
use nom::combinator::opt;
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// Reads a trimmed line.
pub(super) fn line(text: &str) -> Option<Raw<'_>> {
    if !text.contains("ine ") {
        return None;
    }
    linked(text)
        .or_else(|_| thrown(text))
        .ok()
        .map(|(_, raw)| raw)
}

//  Line 18 of linked script http://path/to/file.js: In function printStackTrace
fn linked(text: &str) -> IResult<&str, Raw<'_>> {
    let (rest, line) = preceded((opt(tag("...  ")), tag("Line ")), number).parse(text)?;
    let (rest, _) = (tag(" of "), take_until("script ")).parse(rest)?;
    let (rest, _) = (tag("script "), opt(tag("in "))).parse(rest)?;
    let (file, name) = rest.split_once(": In function ").unwrap_or((rest, ""));
    let place = Place {
        file: Some(file),
        line: Some(line),
        ..Place::default()
    };
    Ok((
        "",
        Raw {
            name,
            place,
            is_async: false,
        },
    ))
}

//  Error thrown at line 42, column 12 in <anonymous function: f>() in http://path/to/file.js:
//  called from line 15, column 3 in http://path/to/file.js:
fn thrown(text: &str) -> IResult<&str, Raw<'_>> {
    let (rest, _) =
        alt((tag("Error thrown at line "), tag("called from line "), via)).parse(text)?;
    let (rest, (line, _, column)) = (number, tag(", column "), number).parse(rest)?;
    let (rest, _) = tag(" in ").parse(rest)?;
    let rest = rest.strip_suffix(':').unwrap_or(rest);
    let (name, file) = rest.rsplit_once(" in ").unwrap_or(("", rest));
    let name = function(name);
    let place = Place {
        file: Some(file),
        line: Some(line),
        column: Some(column),
        ..Place::default()
    };
    Ok((
        "",
        Raw {
            name,
            place,
            is_async: false,
        },
    ))
}

/// Opera's name of a function without its arguments: `<anonymous function: run>(ex)` is `run`.
pub(super) fn function(name: &str) -> &str {
    let name = match name.strip_prefix("<anonymous function: ") {
        Some(inner) => inner.split('>').next().unwrap_or(inner),
        None => name.split('(').next().unwrap_or(name),
    };
    name.trim()
}

//  called via Function.prototype.apply() from line 3, column 4 in …
fn via(text: &str) -> IResult<&str, &str> {
    preceded(
        (tag("called via "), take_until(" from line ")),
        tag(" from line "),
    )
    .parse(text)
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
