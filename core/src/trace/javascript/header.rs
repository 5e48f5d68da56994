//! `Name: message` lines.
//!
//! Deliberately by the look of the name alone: a name that ends like an error's name is strong; a capitalised word
//! before a colon counts only where a stack follows and nothing better is there.

use super::work;
use crate::text;

/// What a header line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'t> {
    /// `TypeError`, `ns.MyError`; None where the line is all message.
    pub name: Option<&'t str>,
    /// Offset in the line where the header begins, `Uncaught` included.
    pub start: usize,
    /// Offset in the line where the message begins.
    pub message: usize,
    /// Nothing but known words or a log's own prefix stands before the name.
    pub leads: bool,
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.') || byte >= 0x80
}

/// `TypeError`, `DOMException`, `ns.ParseError`; not `error` and not `Errors`.
fn is_error_name(name: &str) -> bool {
    (name.ends_with("Error")
        || name.ends_with("Exception")
        || name == "Trace"
        || name == "UnhandledPromiseRejection")
        && !text::begins(name, ".0123456789")
}

/// The first error name of a line that a message (or the line's end) follows.
//  2026-02-05 ERROR app: Uncaught (in promise) TypeError: x is undefined
pub(super) fn strong(text: &str) -> Option<Header<'_>> {
    let text = match text::trim_end(text) {
        // the message of `Error: ` is empty
        trimmed if trimmed.ends_with(':') => text::until(text, text.len().min(trimmed.len() + 1)),
        trimmed => trimmed,
    };
    work::spend(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_name_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_name_byte(bytes[at]) {
            at += 1;
        }
        let name = text::from(text::until(text, at), start);
        if is_error_name(name)
            && let Some(found) = named(text, start, at)
        {
            return Some(found);
        }
    }
    None
}

fn named(text: &str, start: usize, end: usize) -> Option<Header<'_>> {
    let whole = text::until(text, start);
    let before = text::trim_end(whole);
    work::spend(1 + start - before.len());
    let leads = before.is_empty()
        || text::ends(before, ":])}>|")
        || before.ends_with(" -")
        || before.ends_with("ncaught")
        || before.ends_with("ejection")
        || before.ends_with("Console");
    // in a path, a quotation, or `[Error: x]`, which is a whole error (see `node`)
    if text::ends(whole, "/\\-@'\"#[") {
        return None;
    }
    let mut name = text::from(text::until(text, end), start);
    let mut after = end;
    // AssertionError [ERR_ASSERTION]: …     DOMException [AbortError]: …
    if let Some(code) = code(text::from(text, end)) {
        after += code.len() + 3;
        if name == "DOMException" {
            name = code;
        }
    }
    let rest = text::from(text, after);
    let message = if rest.starts_with(": ") {
        after + 2
    } else if rest == ":" {
        after + 1
    } else if rest.is_empty() && leads {
        text.len()
    } else {
        return None;
    };
    work::spend(start);
    let wrapper = text::find(whole, "Uncaught ").or_else(|| text::find(whole, "Unhandled "));
    Some(Header {
        name: Some(name),
        start: wrapper.unwrap_or(start),
        message,
        leads,
    })
}

/// The code of ` [ERR_ASSERTION]: …`.
fn code(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(" [")?;
    work::spend(64.min(rest.len()));
    let end = rest.bytes().take(64).position(|b| !is_name_byte(b))?;
    (end > 0 && text::from(rest, end).starts_with(']')).then(|| text::until(rest, end))
}

/// Log levels and labels, which look like names before a colon.
fn is_level(name: &str) -> bool {
    let levels = "ERROR|WARN|WARNING|INFO|DEBUG|CRITICAL|FATAL|NOTICE|TRACE|Warn|Warning|Info|Debug|warn|warning|info|debug|fatal|err|Stack|Stacktrace|Backtrace";
    text::listed(levels, name)
}

/// The first line of a text that is nothing but one error: there any single word before the colon is its name.
//  e: x is not a function     (a minified class)
pub(super) fn first(text: &str) -> Option<Header<'_>> {
    let start = text.len() - text::trim_start(text).len();
    let name = text::until(
        text::trim_start(text),
        text::find(text::trim_start(text), ": ")?,
    );
    let colon = start + name.len();
    let good =
        !name.is_empty() && name.bytes().all(is_name_byte) && name.len() <= 60 && !is_level(name);
    let named = Header {
        name: Some(name),
        start,
        message: colon + 2,
        leads: true,
    };
    good.then_some(named).filter(|_| name != "error")
}

/// A line that may be a header when a stack follows: capitalised words and a colon.
//  Invariant Violation: Minified React error #31
pub(super) fn weak(text: &str) -> Option<Header<'_>> {
    let mut start = text.len() - text::trim_start(text).len();
    // (node:1234) [DEP0005] DeprecationWarning: …
    let warned = text::from(text, start).starts_with("(node:");
    for (opening, closing) in [("(node:", ") "), ("[", "] ")] {
        let rest = text::from(text, start);
        if rest.starts_with(opening)
            && let Some(close) = text::find(rest, closing)
        {
            start += close + 2;
        }
    }
    let rest = text::from(text, start);
    let colon = text::find(rest, ":")?;
    let name = text::until(rest, colon);
    let message = match rest.as_bytes().get(colon + 1) {
        Some(b' ') => start + colon + 2,
        None => start + colon + 1,
        Some(_) => return None,
    };
    let good = name.len() <= 60 && are_words(name);
    // Bun prints `error: x` for an Error
    let name = if name == "error" { "Error" } else { name };
    ((good || name == "Error") && (warned || !is_level(name))).then_some(Header {
        name: Some(name),
        start,
        message,
        leads: true,
    })
}

/// One to three capitalised words.
fn are_words(name: &str) -> bool {
    let (mut words, mut begins) = (0, true);
    for byte in name.bytes() {
        let good = if begins {
            byte.is_ascii_uppercase()
        } else {
            byte == b' ' || is_name_byte(byte)
        };
        if !good {
            return false;
        }
        words += usize::from(begins);
        begins = byte == b' ';
    }
    !begins && words <= 3
}

/// Names that every engine has, for a header that stands alone.
pub(super) fn is_builtin(name: &str) -> bool {
    let names = "Error|TypeError|RangeError|ReferenceError|SyntaxError|EvalError|URIError|AggregateError|InternalError|DOMException|AbortError|ChunkLoadError";
    text::listed(names, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(&str, &str, &str)> {
        strong(text).map(|h| (h.name.unwrap_or("-"), &text[h.message..], &text[..h.start]))
    }

    #[test]
    fn names_and_codes() {
        assert_eq!(parts("TypeError: x"), Some(("TypeError", "x", "")));
        assert_eq!(parts("Error"), Some(("Error", "", "")));
        assert_eq!(parts("Error: "), Some(("Error", "", "")));
        assert_eq!(
            parts("AssertionError [ERR_ASSERTION]: 1 == 2"),
            Some(("AssertionError", "1 == 2", ""))
        );
        assert_eq!(
            parts("DOMException [AbortError]: gone"),
            Some(("AbortError", "gone", ""))
        );
    }

    #[test]
    fn what_stands_before_the_name() {
        assert_eq!(
            parts("Uncaught (in promise) Error: x"),
            Some(("Error", "x", ""))
        );
        assert_eq!(
            parts("[CLIENT] ERROR: Uncaught TypeError: y"),
            Some(("TypeError", "y", "[CLIENT] ERROR: "))
        );
        assert_eq!(
            parts("Error: upstream: TypeError: x"),
            Some(("Error", "upstream: TypeError: x", ""))
        );
    }

    #[test]
    fn sentences_are_no_headers() {
        assert_eq!(parts("it was an Error"), None);
        assert_eq!(parts("Errors: 3"), None);
        assert_eq!(parts("see docs/Error: x"), None);
        assert!(weak("the next line: x").is_none());
        assert_eq!(
            weak("Invariant Violation: m").and_then(|h| h.name),
            Some("Invariant Violation")
        );
    }
}
