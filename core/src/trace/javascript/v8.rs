//! `at …` lines: V8 (Chrome, Edge, Node, Deno), Bun, Hermes, old Edge and IE, PhantomJS, Rhino.
//!
//! Deliberately read from both ends and never by backtracking: names and paths may hold blanks and brackets, and only
//! the balance of the brackets tells them apart.

use super::line::Raw;
use super::place::{self, Place, Proof};
use super::work;
use crate::text;

/// What an `at` line says.
pub(super) enum At<'t> {
    /// A frame.
    Frame(Raw<'t>),
    /// An entry without any place (`at <anonymous>`, `at App` of a component stack): nothing to keep.
    Nowhere,
}

/// Reads a line from its `at ` on; outer blanks and a trailing ` {` are gone already.
//  at fn (file:1:2)
pub(super) fn at_line(line: &str) -> Option<At<'_>> {
    body(line.strip_prefix("at ")?)
}

/// Reads what follows `at `; also the frames of a TAP report, which have no `at`.
pub(super) fn body(text: &str) -> Option<At<'_>> {
    let (text, is_async) = match text.strip_prefix("async ") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let frame = evaluated(text)
        .or_else(|| bracketed(text))
        .or_else(|| bare(text));
    Some(match frame {
        Some((name, place)) => At::Frame(Raw {
            name,
            place,
            is_async,
        }),
        None => At::Nowhere,
    })
}

/// Position of the bracket that the last character closes.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => {
                depth -= 1;
                if depth == 0 {
                    work::spend(text.len() - at);
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

//  at eval (eval at foo (eval at bar (file:21:17)), <anonymous>:1:30)
fn evaluated(text: &str) -> Option<(&str, Place<'_>)> {
    let start = text::find(text, "(eval at ")?;
    let name = text::trim(text::until(text, start));
    let origin = text::from(text, text::rfind(text, "eval at ")? + 8);
    let inner = last_group(origin)?;
    let (place, proof) = place::read(inner);
    (proof != Proof::None).then_some((name, place))
}

/// Content of the last of the bracketed groups that follow each other: `x (y:1:2) (file:3:4)), …` gives `file:3:4`.
fn last_group(text: &str) -> Option<&str> {
    let mut from = text::find(text, "(")?;
    loop {
        let mut depth = 0usize;
        let length = text::from(text, from).bytes().position(|b| {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let end = from + length;
        work::spend(length);
        if text::from(text, end).starts_with(") (") {
            from = end + 2;
        } else {
            return Some(text::from(text::until(text, end), from + 1));
        }
    }
}

//  at fn (file:1:2)
fn bracketed(text: &str) -> Option<(&str, Place<'_>)> {
    let first = || text::find(text, " (").map(|at| at + 1);
    let open = if text.ends_with(')') {
        opening(text).or_else(first)?
    } else {
        // at new Foo (http://h/x.js:2:1     was cut off
        first()?
    };
    let open = path_start(text, open);
    let (name, inner) = (text::until(text, open), text::from(text, open + 1));
    let Some(inner) = inner.strip_suffix(')') else {
        let (place, proof) = place::read(inner);
        return (proof == Proof::Full && !text::has(inner, ")"))
            .then_some((text::trim(name), place));
    };
    // at f@safari-extension:(//host/x.js:1:2)
    if inner.starts_with("//") && name.ends_with(':') {
        let cut = name
            .bytes()
            .rposition(|b| matches!(b, b'@' | b' '))
            .map_or(0, |at| at + 1);
        let (mut place, proof) = place::read(inner);
        place.scheme = text::from(name, cut);
        let name = text::until(name, cut.saturating_sub(1));
        return (proof == Proof::Full).then_some((name, place));
    }
    let (place, proof) = place::read(inner);
    if proof != Proof::None {
        return Some((text::trim(name), place));
    }
    // at test.js:12 (fn)     Rhino
    let (place, proof) = place::read(text::trim_end(name));
    (proof != Proof::None && place.line.is_some() && !text::has(inner, " "))
        .then_some((inner, place))
}

/// Moves `open` to the left when it is a bracket inside a path with more opening than closing ones:
/// `fn (/srv/a(b/x.js:1:2)`.
fn path_start(text: &str, open: usize) -> usize {
    let before = text::until(text, open);
    if before.is_empty() || before.ends_with(' ') {
        return open;
    }
    match text::rfind(before, " (") {
        Some(at)
            if place::is_rooted(text::from(text, at + 2))
                && !text::has(text::from(before, at + 2), ")") =>
        {
            at + 1
        }
        _ => open,
    }
}

//  at file:///srv/x.js:1:2
fn bare(text: &str) -> Option<(&str, Place<'_>)> {
    // at HTMLButtonElement.<anonymous> @  http://h/file.js:1:2
    if let Some((name, rest)) = text::split(text, " @ ")
        && place::is_rooted(text::trim_start(rest))
    {
        let (place, proof) = place::read(text::trim_start(rest));
        return (proof == Proof::Full).then_some((text::trim(name), place));
    }
    if place::is_native(text) {
        return None;
    }
    let (place, proof) = place::read(text);
    let good = proof == Proof::Full
        || (place.line.is_none() && place::is_rooted(text) && !text::has(text, " "));
    good.then_some(("", place))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (name, scheme and file, line, column)
    fn read(line: &str) -> Option<(&str, String, Option<u32>, Option<u32>)> {
        match at_line(line)? {
            At::Frame(raw) => {
                let file = [raw.place.scheme, raw.place.file.unwrap_or("-")].concat();
                Some((raw.name, file, raw.place.line, raw.place.column))
            }
            At::Nowhere => None,
        }
    }

    fn assert_read(line: &str, name: &str, file: &str, number: u32, column: u32) {
        assert_eq!(
            read(line),
            Some((name, file.to_owned(), Some(number), Some(column))),
            "{line}"
        );
    }

    #[test]
    fn names_and_paths_with_blanks_and_brackets() {
        assert_read(
            "at f (/srv/my app (v2)/x.js:1:2)",
            "f",
            "/srv/my app (v2)/x.js",
            1,
            2,
        );
        assert_read(
            "at x (y:1:2) (http://h/x.js:3:4)",
            "x (y:1:2)",
            "http://h/x.js",
            3,
            4,
        );
        assert_read("at f (/srv/a(b/x.js:1:2)", "f", "/srv/a(b/x.js", 1, 2);
        assert_read("at f (/srv/a)b/x.js:1:2)", "f", "/srv/a)b/x.js", 1, 2);
        assert_read(
            "at I.fn.(anonymous function) [as i] (C:\\a b\\x.js:1:2)",
            "I.fn.(anonymous function) [as i]",
            "C:\\a b\\x.js",
            1,
            2,
        );
        assert_read(
            "at key(webpack/runtime/jsonp chunk loading:27:18)",
            "key",
            "webpack/runtime/jsonp chunk loading",
            27,
            18,
        );
    }

    #[test]
    fn places_without_a_name() {
        assert_read(
            "at http://h/(group)/[slug]/x.js:1:2",
            "",
            "http://h/(group)/[slug]/x.js",
            1,
            2,
        );
        assert_read(
            "at async /srv/my app/x.js:1:2",
            "",
            "/srv/my app/x.js",
            1,
            2,
        );
        assert_read(
            "at H.<anonymous> @  http://h/x.js:1:2",
            "H.<anonymous>",
            "http://h/x.js",
            1,
            2,
        );
    }

    #[test]
    fn evaluated_code_points_to_the_file_that_evaluated_it() {
        let line = "at e (eval at a (eval at b (y:1:2) (http://h/x.js:36:25)), <anonymous>:1:18)";
        assert_read(line, "e", "http://h/x.js", 36, 25);
    }

    #[test]
    fn other_engines() {
        assert_read(
            "at f (address at index.bundle:1:849)",
            "f",
            "index.bundle",
            1,
            849,
        );
        assert_read(
            "at f@safari-extension:(//h/x.js:1:2)",
            "f",
            "safari-extension://h/x.js",
            1,
            2,
        );
        assert_eq!(
            read("at x.js:12 (f)"),
            Some(("f", "x.js".to_owned(), Some(12), None))
        );
        assert_eq!(
            read("at async Promise.all (index 1)"),
            Some(("Promise.all", "-".to_owned(), None, None))
        );
    }

    #[test]
    fn what_has_no_place_is_nowhere() {
        for line in [
            "at <anonymous>",
            "at App",
            "at the end (see below)",
            "at foo (/srv/app/ind",
        ] {
            assert!(matches!(at_line(line), Some(At::Nowhere)), "{line}");
        }
        assert!(at_line("attach (x:1:2)").is_none());
    }
}
