//! `name@place` lines: Gecko, SpiderMonkey shells, JavaScriptCore (Safari), React Native on iOS.
//!
//! Deliberately no guess at names without a place: `eval code` alone says nothing.

use super::legacy;
use super::line::Raw;
use super::place::{self, Proof};
use super::text;
use super::work;

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
