//! `name@place` lines: Gecko, SpiderMonkey shells, JavaScriptCore (Safari), React Native on iOS.
//!
//! Deliberately no guess at names without a place: `eval code` alone says nothing.

use super::legacy;
use super::line::{Raw, Role};
use super::place::{self, Place, Proof};
use super::work;
use crate::text::{self, ALPHA, NOT};

/// Reads a trimmed line. `Frame` for `fn@http://h/x.js:1:2`, `Soft` for what is a frame among frames
/// (`http://h/x.js:1:2`, `fn@`, `[native code]`), else `Text`.
pub(super) fn line<'t>(text: &'t str, raw: &mut Raw<'t>) -> Role {
    *raw = Raw::default();
    if text == "[native code]" {
        return Role::Soft;
    }
    let Some(at) = split(text) else {
        return bare(text, raw);
    };
    let right = text::from(text, at + 1);
    let mut label = unlabelled(text::until(text, at));
    // promise callback*fn
    if let Some((cause, rest)) = text::split(label, "*")
        && text::all(cause, ALPHA, " .")
    {
        label = rest;
        raw.is_async = true;
    }
    raw.name = without_arguments(text::trim(label));
    if right.is_empty() {
        // ev2@
        return if text::all(raw.name, NOT, ":\",") {
            Role::Soft
        } else {
            Role::Text
        };
    }
    match located(right, &mut raw.place) {
        Proof::Full => Role::Frame,
        // a blank in a path needs more proof than this
        Proof::Weak
            if !text::has(right, " ") && (raw.place.line.is_some() || place::is_rooted(right)) =>
        {
            Role::Soft
        }
        _ => {
            (raw.name, raw.is_async) = ("", false);
            bare(text, raw)
        }
    }
}

/// Position of the `@` between name and place. Both may hold more of them: the place starts at the first root, and a
/// package scope (`node_modules/@scope`) has a slash before it.
fn split(text: &str) -> Option<usize> {
    let mut last = None;
    for (at, byte) in text.bytes().enumerate() {
        if byte != b'@' {
            continue;
        }
        let right = text::from(text, at + 1);
        work::spend(1);
        if text::listed("[native code]|[bytecode]|[wasm code]", right) || place::is_rooted(right) {
            return Some(at);
        }
        if last.is_none() || !text::ends(text::until(text, at), "/") {
            last = Some(at);
        }
    }
    last
}

//  ev2@http://h/scen.js line 36 > eval line 1 > eval:1:18
fn located<'t>(text: &'t str, place: &mut Place<'t>) -> Proof {
    let proof = place::read(text, place);
    let mut head = text;
    if let Some(file) = place.file
        && place::evaluated(file, place)
    {
        place.column = None;
    } else if place.line.is_none() && text::eat_end(&mut head, ":") {
        // https://h/bar.dart:10:     has a line and no column
        return place::read(head, place);
    }
    proof
}

//  Stack: fn@http://h/x.js:1:2
fn unlabelled(name: &str) -> &str {
    let name = text::after(name, "tack: ");
    text::after(name, "race: ")
}

/// Gecko up to version 13 and Opera print arguments: `bar(1)`, `()`, `(null)`. A bracket after a blank is part of
/// a name.
fn without_arguments(name: &str) -> &str {
    if name.starts_with("<anonymous function") {
        return legacy::function(name);
    }
    let before = text::before(name, "(");
    if !name.ends_with(')') || text::ends(before, " .") {
        name
    } else {
        before
    }
}

//  http://path/to/file.js:48:22
fn bare<'t>(text: &'t str, raw: &mut Raw<'t>) -> Role {
    if (!text::has(text, " ") || place::is_rooted(text))
        && !text.starts_with('(')
        && located(text, &mut raw.place) == Proof::Full
        && raw.place.file.is_some()
        && raw.place.line.is_some()
        && raw.place.column.is_some()
    {
        Role::Soft
    } else {
        Role::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str, Option<u32>, Option<u32>)> {
        let mut raw = Raw::default();
        (line(text, &mut raw) != Role::Text).then(|| {
            (
                raw.name,
                raw.place.file.unwrap_or("-"),
                raw.place.line,
                raw.place.column,
            )
        })
    }

    #[test]
    fn the_place_begins_at_the_first_root() {
        let text = "a@b@http://h/@scope/x.js?v=1.2:3:28:54";
        assert_eq!(
            read(text),
            Some(("a@b", "http://h/@scope/x.js?v=1.2:3", Some(28), Some(54)))
        );
        assert_eq!(
            read("o[\"@f\"]@Scratchpad/1:10:29"),
            Some(("o[\"@f\"]", "Scratchpad/1", Some(10), Some(29)))
        );
        assert_eq!(
            read("f@node_modules/@s/x.js:1:2"),
            Some(("f", "node_modules/@s/x.js", Some(1), Some(2)))
        );
    }

    #[test]
    fn evaluated_code_points_to_the_file_that_evaluated_it() {
        let text = "e@http://h/x.js line 36 > eval line 1 > eval:1:18";
        assert_eq!(read(text), Some(("e", "http://h/x.js", Some(36), None)));
    }

    #[test]
    fn asynchronous_callers_are_marked() {
        for text in [
            "async*f@/x.js:1:2",
            "promise callback*f@/x.js:1:2",
            "setTimeout handler*f@/x.js:1:2",
        ] {
            let mut raw = Raw::default();
            assert_eq!(line(text, &mut raw), Role::Frame, "{text}");
            assert!(raw.is_async && raw.name == "f", "{text}");
        }
    }

    #[test]
    fn arguments_of_old_are_left_out() {
        assert_eq!(
            read("bar(1)@http://h/x.js:13"),
            Some(("bar", "http://h/x.js", Some(13), None))
        );
        assert_eq!(
            read("(null)@http://h/x.js:31"),
            Some(("", "http://h/x.js", Some(31), None))
        );
        assert_eq!(
            read("x (y:1:2)@/x.js:1:2"),
            Some(("x (y:1:2)", "/x.js", Some(1), Some(2)))
        );
    }

    #[test]
    fn native_code_and_code_without_a_place() {
        assert_eq!(read("map@[native code]"), Some(("map", "-", None, None)));
        assert_eq!(
            read("f@[wasm code]"),
            Some(("f", "[wasm code]", None, None))
        );
        assert_eq!(line("ev2@", &mut Raw::default()), Role::Soft);
    }
}
