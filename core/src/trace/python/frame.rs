//! The grammar of one frame line, in each spelling that prints `File "…"`. What stands around frames is not its matter.
//!
//! File and function names are printed unescaped, so the **last** place that reads as `", line N` decides.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{digit1, space0};
use nom::combinator::{all_consuming, map, opt, rest, value};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use crate::text;

/// What a line that starts with `File "` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place<'l> {
    /// `File "x.py", line 3, in f`
    Frame {
        file: &'l str,
        line: Option<u32>,
        function: &'l str,
    },
    /// `File "x.py", line 3`: where a `SyntaxError` lies.
    Location { file: &'l str, line: Option<u32> },
    /// `File "x.py", line 3 in f`: faulthandler.
    Dump {
        file: &'l str,
        line: Option<u32>,
        function: &'l str,
    },
}

enum Tail<'l> {
    In(&'l str),
    DumpIn(&'l str),
    Nothing,
}

// line 3 | line None | line ?
fn number(input: &str) -> IResult<&str, Option<u32>> {
    alt((
        map(digit1, |digits: &str| digits.parse().ok()),
        value(None, preceded(opt(tag("-")), digit1)),
        value(None, tag("None")),
        // faulthandler of a frame whose line is not known
        value(None, tag("???")),
        value(None, tag("?")),
    ))
    .parse(input)
}

// 3, in f
fn number_and_tail(input: &str) -> IResult<&str, (Option<u32>, Tail<'_>)> {
    all_consuming((
        number,
        alt((
            map(preceded(tag(", in "), rest), Tail::In),
            // an empty name; the blank at the end may have been trimmed
            map(all_consuming(tag(", in")), |_| Tail::In("")),
            map(preceded(tag(" in "), rest), Tail::DumpIn),
            map(space0, |_| Tail::Nothing),
        )),
    ))
    .parse(input)
}

/// Reads a line, its indentation removed.
pub(super) fn place(line: &str) -> Option<Place<'_>> {
    let body = line.strip_prefix("File \"")?;
    let mut end = body.len();
    loop {
        end = text::rfind(&body[..end], "\", line ")?;
        let after = &body[end + "\", line ".len()..];
        if let Ok((_, (line, tail))) = number_and_tail(after) {
            let file = &body[..end];
            return Some(match tail {
                Tail::In(function) => Place::Frame {
                    file,
                    line,
                    function: function.trim_end(),
                },
                Tail::DumpIn(function) => Place::Dump {
                    file,
                    line,
                    function: function.trim_end(),
                },
                Tail::Nothing => Place::Location { file, line },
            });
        }
    }
}

/// Whether a line, its indentation removed, starts like a frame of any printer that follows a `Traceback` header.
pub(super) fn opens(line: &str) -> bool {
    line.starts_with("File ") || line.starts_with("Cell In[") || line.starts_with("Input In ")
}

/// Reads a frame whose file is not quoted, as IPython prints it: `File ~/app.py:8 in checkout`, `Cell In[1], line 2 in cell`,
/// `Cell In[1], line 3` for a cell's own code.
pub(super) fn unquoted(line: &str) -> Option<(&str, Option<u32>, &str)> {
    let (place, function) = match line.rfind(" in ") {
        Some(at) => (line[..at].trim_end_matches(','), line[at + 4..].trim_end()),
        None => (line.trim_end(), "<module>"),
    };
    let (file, number) = if line.starts_with("Cell In[") || line.starts_with("Input In ") {
        place.rsplit_once(", line ")?
    } else {
        let body = place
            .strip_prefix("File ")
            .filter(|body| !body.starts_with('"'))?;
        body.rsplit_once(':')?
    };
    Some((file, Some(number.parse().ok()?), function))
}

// [Previous line repeated 996 more times]
fn repeated_line(input: &str) -> IResult<&str, u64> {
    delimited(
        tag("[Previous line repeated "),
        map(digit1, |digits: &str| digits.parse().unwrap_or(u64::MAX)),
        (tag(" more time"), opt(tag("s")), tag("]"), space0),
    )
    .parse(input)
}

/// How often a repetition marker says that the line before it came again.
pub(super) fn repeated(line: &str) -> Option<u64> {
    all_consuming(repeated_line)
        .parse(line)
        .ok()
        .map(|(_, n)| n)
}

/// Whether a line below a source line only points at parts of it.
pub(super) fn is_caret_line(line: &str) -> bool {
    let body = line.trim();
    !body.is_empty() && body.bytes().all(|b| matches!(b, b'^' | b'~' | b' '))
}

/// Whether a line draws values under a source line (`│ └ {'id': 42}`).
pub(super) fn is_value_line(line: &str) -> bool {
    let body = line.trim_start();
    body.starts_with(['│', '└', '├', '┌']) || body.trim_start_matches([' ', '|']).starts_with("-> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(line: &str) -> Option<(&str, Option<u32>, &str)> {
        match place(line) {
            Some(Place::Frame {
                file,
                line,
                function,
            }) => Some((file, line, function)),
            _ => None,
        }
    }

    #[test]
    fn names_are_unescaped() {
        assert_eq!(
            frame("File \"a\", line 3, in x\", line 4, in block 'content'"),
            Some(("a\", line 3, in x", Some(4), "block 'content'"))
        );
        assert_eq!(
            frame("File \"/a/line 7, in b.py\", line 3, in <module>"),
            Some(("/a/line 7, in b.py", Some(3), "<module>"))
        );
        assert_eq!(frame("File \"x\", line 1, in "), Some(("x", Some(1), "")));
        assert_eq!(frame("File \"x\", line 1, in"), Some(("x", Some(1), "")));
        assert_eq!(frame("File \"\", line 1, in f"), Some(("", Some(1), "f")));
    }

    #[test]
    fn numbers_that_are_none() {
        assert_eq!(frame("File \"x\", line None, in f"), Some(("x", None, "f")));
        assert_eq!(
            frame("File \"x\", line 99999999999, in f"),
            Some(("x", None, "f"))
        );
    }

    #[test]
    fn files_without_quotes() {
        assert_eq!(
            unquoted("File ~/app.py:8 in checkout"),
            Some(("~/app.py", Some(8), "checkout"))
        );
        assert_eq!(
            unquoted("Cell In[1], line 2 in cell"),
            Some(("Cell In[1]", Some(2), "cell"))
        );
        assert_eq!(
            unquoted("Cell In[1], line 3"),
            Some(("Cell In[1]", Some(3), "<module>"))
        );
        assert_eq!(unquoted("File \"a.py\", line 3"), None);
    }

    #[test]
    fn locations_and_dumps() {
        assert_eq!(
            place("File \"<string>\", line 2"),
            Some(Place::Location {
                file: "<string>",
                line: Some(2)
            })
        );
        assert_eq!(
            place("File \"x.py\", line 4 in crash"),
            Some(Place::Dump {
                file: "x.py",
                line: Some(4),
                function: "crash"
            })
        );
        assert_eq!(place("File \"x.py\", lin"), None);
        assert_eq!(place("File \"x.py"), None);
    }

    #[test]
    fn markers() {
        assert_eq!(
            repeated("[Previous line repeated 996 more times]"),
            Some(996)
        );
        assert_eq!(repeated("[Previous line repeated 1 more time]"), Some(1));
        assert_eq!(repeated("[Previous line repeated x more times]"), None);
        assert!(is_caret_line("    ~~~^^^  ^"));
        assert!(!is_caret_line("    a ^ b"));
        assert!(!is_caret_line("   "));
    }
}
