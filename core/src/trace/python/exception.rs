//! The grammar of the line that names an exception: `module.Type: message`. Messages of several lines and notes are
//! read elsewhere.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::{all_consuming, opt, recognize, rest};
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// Module, type, and the message unless the type stands alone.
pub(crate) type ExceptionLine<'l> = (Option<&'l str>, &'l str, Option<&'l str>);

/// Endings of class names that people give to exceptions.
const ENDINGS: &[&str] = &[
    "Error",
    "Exception",
    "Warning",
    "Interrupt",
    "Exit",
    "Iteration",
    "ExceptionGroup",
    "Timeout",
    "Failure",
    "Failed",
    "Fault",
    "Abort",
    "Aborted",
    "Cancelled",
    "NotFound",
    "DoesNotExist",
    "Denied",
    "Invalid",
    "Forbidden",
    "Unauthorized",
    "Refused",
    "Missing",
    "Miss",
    "Exceeded",
    "Overflow",
    "Unavailable",
    "Exists",
    "BadRequest",
    "Retry",
    "Required",
    "Conflict",
    "Empty",
    "Full",
    "Closed",
    "Lost",
    "Stop",
    "Disconnect",
    "Http404",
];

/// Words before a colon that are no exceptions although they look like one.
const NO_TYPES: &[&str] = &[
    "NoneType",
    "Warning",
    "Error",
    "Exit",
    "Empty",
    "Missing",
    "Required",
    "Failed",
    "Full",
    "Closed",
    "Timeout",
    "Invalid",
    "Retry",
    "Stop",
    "Lost",
    "Aborted",
    "Abort",
    "Failure",
    "Cancelled",
    "Denied",
    "Exception ignored",
    "Forbidden",
    "Unauthorized",
    "Conflict",
    "Unavailable",
];

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

// OrderError | <locals>
fn segment(input: &str) -> IResult<&str, &str> {
    alt((
        recognize((
            take_while1(|c: char| is_name(c) && !c.is_ascii_digit()),
            take_while(is_name),
        )),
        recognize(delimited(tag("<"), take_while1(is_name), tag(">"))),
    ))
    .parse(input)
}

// app.main.<locals>.OrderError   ray.exceptions.RayTaskError(ValueError)
fn dotted(input: &str) -> IResult<&str, &str> {
    let cause = delimited(tag("("), segment, tag(")"));
    recognize((separated_list1(tag("."), segment), opt(cause))).parse(input)
}

// ValueError: bad   |   ValueError   |   AttributeError. Did you mean: 'blech'?
fn line(input: &str) -> IResult<&str, (&str, Option<&str>)> {
    let message = preceded(
        tag(":"),
        alt((preceded(tag(" "), rest), all_consuming(tag("")))),
    );
    let suggestion = preceded(tag(". "), recognize((tag("Did you mean: "), rest)));
    all_consuming((dotted, opt(alt((message, suggestion))))).parse(input)
}

/// Module and type of a dotted name.
pub(super) fn split_type(name: &str) -> (Option<&str>, &str) {
    match name.rfind('.') {
        Some(dot) => (Some(&name[..dot]), &name[dot + 1..]),
        None => (None, name),
    }
}

/// Reads a line where an exception is due (after frames): any dotted name may be the type, but no log level.
pub(super) fn due(text: &str) -> Option<ExceptionLine<'_>> {
    let (_, (name, message)) = line(text.trim_end_matches(['\r', '\n'])).ok()?;
    let (module, kind) = split_type(name);
    let level = module.is_none()
        && matches!(
            kind,
            "DEBUG"
                | "INFO"
                | "WARNING"
                | "WARN"
                | "ERROR"
                | "CRITICAL"
                | "FATAL"
                | "NOTICE"
                | "TRACE"
                | "File"
        );
    (!level).then_some((module, kind, message))
}

// OrderError   _RemoteTraceback
fn is_camel(kind: &str) -> bool {
    kind.trim_start_matches('_').starts_with(char::is_uppercase)
        && kind.contains(char::is_lowercase)
}

/// Reads a line where an exception is likely: any name in camel case may be the type.
pub(super) fn likely(text: &str) -> Option<ExceptionLine<'_>> {
    due(text.trim_end()).filter(|(_, kind, _)| is_camel(kind) && *kind != "NoneType")
}

/// Reads `module.Type: message`. Other lines of that shape (`Note: x`, `ERROR: x`, `app.py: x`) are refused: the last
/// part of the name has to look like the class of an exception.
pub(crate) fn exception_line(text: &str) -> Option<ExceptionLine<'_>> {
    let (module, kind, message) = due(text.trim_end())?;
    if NO_TYPES.contains(&kind) && module.is_none() {
        return None;
    }
    let lower_known =
        matches!(kind, "error" | "timeout" | "herror" | "gaierror") && module.is_some();
    let local = module.is_some_and(|module| module.contains("<locals>"));
    let camel = is_camel(kind);
    let named = camel && (module.is_some() || ENDINGS.iter().any(|e| kind.ends_with(e)));
    (named || lower_known || local).then_some((module, kind, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_messages() {
        assert_eq!(
            exception_line("sqlalchemy.exc.IntegrityError: a: b"),
            Some((Some("sqlalchemy.exc"), "IntegrityError", Some("a: b")))
        );
        assert_eq!(
            exception_line("main.<locals>.LocalError: x"),
            Some((Some("main.<locals>"), "LocalError", Some("x")))
        );
        assert_eq!(
            exception_line("KeyboardInterrupt"),
            Some((None, "KeyboardInterrupt", None))
        );
        assert_eq!(
            exception_line("ValueError: : leading"),
            Some((None, "ValueError", Some(": leading")))
        );
        assert_eq!(due("error"), Some((None, "error", None)));
        assert_eq!(due("ImportError: "), Some((None, "ImportError", Some(""))));
        assert_eq!(
            due("Ünicode.Fehler: x"),
            Some((Some("Ünicode"), "Fehler", Some("x")))
        );
    }

    #[test]
    fn what_is_no_exception() {
        for line in [
            "NoneType: None",
            "ERROR: failed",
            "INFO:root:x",
            "Note: x",
            "app.py: x",
            "Message: 'x'",
            "2026-01-01 ERROR x",
            "a sentence about ValueError: x",
            "",
            ": x",
            "http://x",
        ] {
            assert_eq!(exception_line(line), None, "{line}");
        }
    }
}
