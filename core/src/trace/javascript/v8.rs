//! `at …` lines: V8 (Chrome, Edge, Node, Deno), Bun, Hermes, old Edge and IE, PhantomJS, Rhino.
//!
//! Deliberately read from both ends and never by backtracking: names and paths may hold blanks and brackets, and only
//! the balance of the brackets tells them apart.

use super::line::Raw;
use super::place::{self, Proof};
use super::work;
use crate::text::{self, NOT};

/// Reads what follows `at ` (or stands alone in a TAP report); outer blanks and a trailing ` {` are gone already. False
/// for an entry without any place (`at <anonymous>`, `at App` of a component stack): nothing to keep.
//  at fn (file:1:2)
pub(super) fn line<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    let mut text = text;
    raw.is_async = text::eat(&mut text, "async ");
    evaluated(text, raw) || bracketed(text, raw) || bare(text, raw)
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
fn evaluated<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    let Some((name, _)) = text::split(text, "(eval at ") else {
        return false;
    };
    raw.name = text::trim(name);
    last_group(text::after(text, "eval at "))
        .is_some_and(|inner| place::read(inner, &mut raw.place) != Proof::None)
}

/// Content of the last of the bracketed groups that follow each other: `x (y:1:2) (file:3:4)), …` gives `file:3:4`.
fn last_group(text: &str) -> Option<&str> {
    let mut rest = text::split(text, "(")?.1;
    loop {
        let mut depth = 1usize;
        let length = rest.bytes().position(|b| {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        work::spend(length);
        let group = text::until(rest, length);
        rest = text::from(rest, length);
        if !text::eat(&mut rest, ") (") {
            return Some(group);
        }
    }
}

//  at fn (file:1:2)
fn bracketed<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    let mut open = None;
    if text.ends_with(')') {
        open = opening(text);
    }
    // at new Foo (http://h/x.js:2:1     was cut off
    let Some(open) = open.or_else(|| text::find(text, " (").map(|at| at + 1)) else {
        return false;
    };
    let open = path_start(text, open);
    let (name, mut inner) = (text::until(text, open), text::from(text, open + 1));
    raw.name = text::trim(name);
    let closed = text::eat_end(&mut inner, ")");
    let proof = place::read(inner, &mut raw.place);
    if !closed {
        return proof == Proof::Full && !text::has(inner, ")");
    }
    // at f@safari-extension:(//host/x.js:1:2)
    if inner.starts_with("//") && name.ends_with(':') {
        let cut = text::last_run(name, NOT, "@ ");
        raw.place.scheme = text::from(name, cut);
        raw.name = text::until(name, cut.saturating_sub(1));
        return proof == Proof::Full;
    }
    if proof != Proof::None {
        return true;
    }
    // at test.js:12 (fn)     Rhino
    raw.name = inner;
    !text::has(inner, " ")
        && place::read(text::trim_end(name), &mut raw.place) != Proof::None
        && raw.place.line.is_some()
}

/// Moves `open` to the left when it is a bracket inside a path with more opening than closing ones:
/// `fn (/srv/a(b/x.js:1:2)`.
fn path_start(text: &str, open: usize) -> usize {
    let before = text::until(text, open);
    if !text::ends(before, " ")
        && let Some((head, path)) = text::rsplit(before, " (")
        && place::is_rooted(text::from(text, head.len() + 2))
        && !text::has(path, ")")
    {
        return head.len() + 1;
    }
    open
}

//  at file:///srv/x.js:1:2
fn bare<'t>(text: &'t str, raw: &mut Raw<'t>) -> bool {
    // at HTMLButtonElement.<anonymous> @  http://h/file.js:1:2
    if let Some((name, rest)) = text::split(text, " @ ")
        && let rest = text::trim_start(rest)
        && place::is_rooted(rest)
    {
        raw.name = text::trim(name);
        return place::read(rest, &mut raw.place) == Proof::Full;
    }
    raw.name = "";
    !place::is_native(text)
        && (place::read(text, &mut raw.place) == Proof::Full
            || raw.place.line.is_none() && place::is_rooted(text) && !text::has(text, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (name, scheme and file, line, column)
    fn read(line: &str) -> Option<(&str, String, Option<u32>, Option<u32>)> {
        let mut raw = Raw::default();
        super::line(line.strip_prefix("at ")?, &mut raw).then(|| {
            let file = [raw.place.scheme, raw.place.file.unwrap_or("-")].concat();
            (raw.name, file, raw.place.line, raw.place.column)
        })
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
            assert!(read(line).is_none(), "{line}");
        }
    }
}
