//! `name@place` lines: Gecko, SpiderMonkey shells, JavaScriptCore (Safari), React Native on iOS.
//!
//! Deliberately no guess at names without a place: `eval code` alone says nothing.

use super::legacy;
use super::line::Raw;
use super::place::{self, Proof};
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
        _ if !text.contains('@') => return bare(text),
        _ => {}
    }
    let at = split(text)?;
    let (label, right) = (&text[..at], &text[at + 1..]);
    let (label, is_async) = asynchronous(unlabelled(label));
    let name = without_arguments(label);
    if right.is_empty() {
        // ev2@
        let plausible = !name.is_empty() && !name.contains([':', '"', ',']);
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
            if !right.contains(' ') && (place.line.is_some() || place::is_rooted(right)) =>
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
    for (at, _) in text.match_indices('@') {
        let right = &text[at + 1..];
        work::spend(1);
        if right.starts_with('[') && place::is_native(right)
            || right == "[wasm code]"
            || place::is_rooted(right)
        {
            return Some(at);
        }
        if !text[..at].ends_with('/') || last.is_none() {
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
    match name.rfind("tack: ").or_else(|| name.rfind("race: ")) {
        Some(at) => &name[at + 6..],
        None => name,
    }
}

//  promise callback*fn
fn asynchronous(name: &str) -> (&str, bool) {
    match name.split_once('*') {
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
    let name = name.trim();
    if name.starts_with("<anonymous function") {
        return legacy::function(name);
    }
    if !name.ends_with(')') {
        return name;
    }
    match name.find('(') {
        Some(0) => "",
        Some(at) if !name[..at].ends_with([' ', '.']) => name[..at].trim_end(),
        _ => name,
    }
}

//  http://path/to/file.js:48:22
fn bare(text: &str) -> Option<(Raw<'_>, Proven)> {
    if text.contains(' ') && !place::is_rooted(text) || text.starts_with('(') {
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
