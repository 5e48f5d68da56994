//! `name@place` lines: Gecko, SpiderMonkey shells, JavaScriptCore (Safari), React Native on iOS.
//!
//! Deliberately no guess at names without a place: `eval code` alone says nothing.

use super::legacy;
use super::line::Raw;
use super::place::{self, Proof};
use super::work;
use crate::text;

/// How much a line proves that it stands in a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proven {
    /// `fn@http://h/x.js:1:2`.
    Alone,
    /// `http://h/x.js:1:2`, `fn@`, `[native code]`: a frame among frames.
    AmongFrames,
}

/// Reads a trimmed line.
pub(super) fn line(text: &str) -> Option<(Raw<'_>, Proven)> {
    match text {
        "[native code]" => return Some((Raw::default(), Proven::AmongFrames)),
        _ if !text::has(text, "@") => return bare(text),
        _ => {}
    }
    let at = split(text)?;
    let (label, right) = (text::until(text, at), text::from(text, at + 1));
    let (label, is_async) = asynchronous(unlabelled(label));
    let name = without_arguments(label);
    if right.is_empty() {
        // ev2@
        let plausible = !name.is_empty() && !name.bytes().any(|b| matches!(b, b':' | b'"' | b','));
        let raw = Raw {
            name,
            is_async,
            ..Raw::default()
        };
        return plausible.then_some((raw, Proven::AmongFrames));
    }
    let (place, proof) = located(right);
    let proven = match proof {
        Proof::Full => Proven::Alone,
        // a blank in a path needs more proof than this
        Proof::Weak
            if !text::has(right, " ") && (place.line.is_some() || place::is_rooted(right)) =>
        {
            Proven::AmongFrames
        }
        _ => return bare(text),
    };
    Some((
        Raw {
            name,
            place,
            is_async,
        },
        proven,
    ))
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
        if right.starts_with('[') && place::is_native(right)
            || right == "[wasm code]"
            || place::is_rooted(right)
        {
            return Some(at);
        }
        if last.is_none() || !text::until(text, at).ends_with('/') {
            last = Some(at);
        }
    }
    last
}

//  ev2@http://h/scen.js line 36 > eval line 1 > eval:1:18
fn located(text: &str) -> (place::Place<'_>, Proof) {
    let (mut place, proof) = place::read(text);
    if let Some(file) = place.file
        && let Some((file, line)) = place::evaluated(file)
    {
        place.file = Some(file);
        place.line = Some(line);
        place.column = None;
    } else if place.line.is_none()
        && let Some(head) = text.strip_suffix(':')
    {
        // https://h/bar.dart:10:     has a line and no column
        return place::read(head);
    }
    (place, proof)
}

//  Stack: fn@http://h/x.js:1:2
fn unlabelled(name: &str) -> &str {
    match text::rfind(name, "tack: ").or_else(|| text::rfind(name, "race: ")) {
        Some(at) => text::from(name, at + 6),
        None => name,
    }
}

//  promise callback*fn
fn asynchronous(name: &str) -> (&str, bool) {
    match text::split(name, "*") {
        Some((cause, rest))
            if !cause.is_empty()
                && cause
                    .bytes()
                    .all(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'.')) =>
        {
            (rest, true)
        }
        _ => (name, false),
    }
}

/// Gecko up to version 13 and Opera print arguments: `bar(1)`, `()`, `(null)`. A bracket after a blank is part of
/// a name.
fn without_arguments(name: &str) -> &str {
    let name = text::trim(name);
    if name.starts_with("<anonymous function") {
        return legacy::function(name);
    }
    if !name.ends_with(')') {
        return name;
    }
    match text::find(name, "(") {
        Some(0) => "",
        Some(at) if !text::ends(text::until(name, at), " .") => text::until(name, at),
        _ => name,
    }
}

//  http://path/to/file.js:48:22
fn bare(text: &str) -> Option<(Raw<'_>, Proven)> {
    if text::has(text, " ") && !place::is_rooted(text) || text.starts_with('(') {
        return None;
    }
    let (place, proof) = located(text);
    let good = proof == Proof::Full
        && place.file.is_some()
        && place.line.is_some()
        && place.column.is_some();
    good.then_some((
        Raw {
            place,
            ..Raw::default()
        },
        Proven::AmongFrames,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str, Option<u32>, Option<u32>)> {
        line(text).map(|(raw, _)| {
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
            assert!(
                line(text).is_some_and(|(raw, _)| raw.is_async && raw.name == "f"),
                "{text}"
            );
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
        assert!(line("ev2@").is_some_and(|(_, proven)| proven == Proven::AmongFrames));
    }
}
