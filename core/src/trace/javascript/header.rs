//! `Name: message` lines.
//!
//! Deliberately by the look of the name alone: a name that ends like an error's name is strong; a capitalised word
//! before a colon counts only where a stack follows and nothing better is there.

use super::work;
use crate::text::{self, NOT, UPPER, WORD};

/// What a header line says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Header<'t> {
    /// `TypeError`, `ns.MyError`; empty where the line is all message.
    pub name: &'t str,
    /// Offset in the line where the header begins, `Uncaught` included.
    pub start: usize,
    /// Offset in the line where the message begins.
    pub message: usize,
    /// Nothing but known words or a log's own prefix stands before the name.
    pub leads: bool,
}

/// What a name holds beside letters and digits.
const NAME: &str = "_$.";

/// `TypeError`, `DOMException`, `ns.ParseError`; not `error` and not `Errors`.
fn is_error_name(name: &str) -> bool {
    (ends_in(name, "Error|Exception") || text::listed("Trace|UnhandledPromiseRejection", name))
        && text::run(name, text::DIGIT, ".") == 0
}

/// The text ends with one of the words.
#[inline(never)]
fn ends_in(text: &str, words: &'static str) -> bool {
    text::items(words, "|").any(|word| text.ends_with(word))
}

/// The line says nothing behind the name of an error: `request failed Error`. Gives that name.
#[inline(never)]
pub(super) fn last_name(text: &str) -> Option<&str> {
    let text = text::trim_end(text);
    let name = text::rsplit(text, " ").map_or(text, |(_, name)| name);
    (text::only(name, WORD, NAME) && is_error_name(name)).then_some(name)
}

/// The first error name of a line that a message (or the line's end) follows.
//  2026-02-05 ERROR app: Uncaught (in promise) TypeError: x is undefined
#[inline(never)]
pub(super) fn strong<'t>(text: &'t str, header: &mut Header<'t>) -> bool {
    let trimmed = text::trim_end(text);
    // the message of `Error: ` is empty
    let kept = trimmed.len() + usize::from(trimmed.ends_with(':'));
    let text = text::until(text, kept.min(text.len()));
    work::spend(text.len());
    let mut at = 0;
    while at < text.len() {
        at += text::run(text::from(text, at), NOT | WORD, NAME);
        let name = text::lead(text::from(text, at), WORD, NAME);
        let rest = text::from(text, at + name.len());
        if (is_error_name(name) || is_class(rest)) && named(text, at, name, header) {
            return true;
        }
        at += name.len();
    }
    false
}

/// Behind the name of a class stands the name of the error, which is another one: `n [UpstreamError]: x`.
fn is_class(mut rest: &str) -> bool {
    text::eat(&mut rest, " [") && is_error_name(text::lead(rest, WORD, NAME))
}

/// The line has an error name that leads.
#[inline(never)]
pub(super) fn leads(text: &str) -> bool {
    let mut header = Header::default();
    strong(text, &mut header) && header.leads
}

/// The whole text is one error.
pub(super) fn whole<'t>(text: &'t str, header: &mut Header<'t>) -> bool {
    strong(text, header) && header.start == 0
}

fn named<'t>(text: &'t str, start: usize, name: &'t str, header: &mut Header<'t>) -> bool {
    let whole = text::until(text, start);
    let before = text::trim_end(whole);
    work::spend(1 + start - before.len());
    let leads = before.is_empty()
        || text::ends(before, ":])}>|")
        || ends_in(before, " -|ncaught|ejection|Console");
    // in a path, a quotation, or `[Error: x]`, which is a whole error (see `node`)
    if text::ends(whole, "/\\-@'\"#[") {
        return false;
    }
    *header = Header {
        name,
        start,
        message: start + name.len(),
        leads,
    };
    // AssertionError [ERR_ASSERTION]: …     DOMException [AbortError]: …
    let mut rest = text::from(text, header.message);
    work::spend(64.min(rest.len()));
    if text::eat(&mut rest, " [") {
        let code = text::lead(rest, WORD, NAME);
        if !code.is_empty() && code.len() < 64 && text::from(rest, code.len()).starts_with(']') {
            header.message += code.len() + 3;
            // Error [FooError]: a name that was given later; TypeError [Error]: one that was taken from it
            if name == "DOMException" || is_error_name(code) && code != "Error" {
                header.name = code;
            }
        }
    }
    let rest = text::from(text, header.message);
    if rest.starts_with(": ") {
        header.message += 2;
    } else if rest == ":" || rest.is_empty() && leads {
        header.message = text.len();
    } else {
        return false;
    }
    work::spend(start);
    let wrapper = text::find(whole, "Uncaught ").or_else(|| text::find(whole, "Unhandled "));
    header.start = wrapper.unwrap_or(start);
    true
}

/// Log levels and labels, which look like names before a colon.
fn is_level(name: &str) -> bool {
    let levels = "ERROR|WARN|WARNING|INFO|DEBUG|CRITICAL|FATAL|NOTICE|TRACE|Warn|Warning|Info|Debug|warn|warning|info|debug|fatal|err|Stack|Stacktrace|Backtrace";
    text::listed(levels, name)
}

/// The first line of a text that is nothing but one error: there any single word before the colon is its name.
//  e: x is not a function     (a minified class)
pub(super) fn first<'t>(text: &'t str, header: &mut Header<'t>) -> bool {
    let inner = text::trim_start(text);
    let start = text.len() - inner.len();
    let name = text::before(inner, ": ");
    *header = Header {
        name,
        start,
        message: start + name.len() + 2,
        leads: true,
    };
    name.len() < inner.len()
        && text::all(name, WORD, NAME)
        && name.len() <= 60
        && !is_level(name)
        && name != "error"
}

/// A line that may be a header when a stack follows: capitalised words and a colon.
//  Invariant Violation: Minified React error #31
#[inline(never)]
pub(super) fn weak<'t>(text: &'t str, header: &mut Header<'t>) -> bool {
    let mut rest = text::trim_start(text);
    // (node:1234) [DEP0005] DeprecationWarning: …
    let warned = rest.starts_with("(node:");
    if warned && let Some((_, after)) = text::split(rest, ") ") {
        rest = after;
    }
    if rest.starts_with('[')
        && let Some((_, after)) = text::split(rest, "] ")
    {
        rest = after;
    }
    let Some((mut name, message)) = text::split(rest, ":") else {
        return false;
    };
    if !message.is_empty() && !message.starts_with(' ') {
        return false;
    }
    let good = name.len() <= 60 && are_words(name);
    // Bun prints `error: x` for an Error
    if name == "error" {
        name = "Error";
    }
    *header = Header {
        name,
        start: text.len() - rest.len(),
        message: text.len() - message.len() + usize::from(!message.is_empty()),
        leads: true,
    };
    (good || name == "Error") && (warned || !is_level(name))
}

/// One to three capitalised words.
fn are_words(name: &str) -> bool {
    let mut words = 0;
    text::items(name, " ").all(|word| {
        words += 1;
        text::run(word, UPPER, "") > 0 && text::only(word, WORD, NAME)
    }) && words <= 3
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
        let mut h = Header::default();
        strong(text, &mut h).then(|| (h.name, &text[h.message..], &text[..h.start]))
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
        let mut header = Header::default();
        assert!(!weak("the next line: x", &mut header));
        assert!(weak("Invariant Violation: m", &mut header));
        assert_eq!(header.name, "Invariant Violation");
    }
}
