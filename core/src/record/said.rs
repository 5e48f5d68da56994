//! Records without a trace: whether what they say reports an error, and which type it names.

use super::finding::{Finding, Meta};
use super::json_value::Value;
use super::{client, node};
use crate::model::{Exception, Platform, Trace};
use crate::trace;

/// A record without a trace that reports an error.
pub(crate) fn message_only(message: &str, meta: &Meta) -> Option<Finding> {
    let message = message.trim();
    if message.is_empty() || !reports(message, meta) {
        return None;
    }
    let script = node::bracketed(message).or_else(|| uncaught(message));
    let (type_name, text) = match script.or_else(|| named(message)) {
        Some((kind, text)) => (Some(kind), text),
        None => (None, message),
    };
    let is_script = script.is_some() || type_name == Some("AggregateError");
    let (module, type_name) = match type_name.map(|kind| (kind.rfind('.'), kind)) {
        Some((Some(dot), kind)) => (
            Some(kind[..dot].to_owned()),
            Some(kind[dot + 1..].to_owned()),
        ),
        Some((None, kind)) => (None, Some(kind.to_owned())),
        None => (None, None),
    };
    let platform = match is_script {
        true => Platform::JavaScript,
        false => Platform::Python,
    };
    let mut finding = meta.finding(Trace {
        platform,
        exceptions: vec![Exception {
            type_name,
            module,
            message: Some(text.to_owned()),
            ..Exception::default()
        }],
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    });
    finding.context.log_message = Some(message.to_owned());
    finding.message_only = true;
    Some(finding)
}

// [CLIENT] Uncaught TypeError: x is null
/// What a browser calls an error that nobody caught, or whose stack is nothing but its name and message.
fn uncaught(message: &str) -> Option<(&str, &str)> {
    //   Stack: TypeError: Failed to fetch dynamically imported module: http://h/a.js
    let labelled = message.lines().skip(1).find_map(|line| {
        let (label, said) = line.trim_start().split_once(": ")?;
        matches!(label, "Stack" | "stack" | "Stack trace" | "Stacktrace").then_some(())?;
        client::error_type(said.trim_end())
    });
    if labelled.is_some() {
        return labelled;
    }
    let first = message.lines().next()?;
    let at = first.find("Uncaught ")? + "Uncaught ".len();
    let said = first[at..]
        .strip_prefix("(in promise) ")
        .unwrap_or(&first[at..]);
    client::error_type(said)
}

fn reports(message: &str, meta: &Meta) -> bool {
    use super::header::level::Severity;
    if super::header::is_request_line(message.as_bytes())
        || is_operation(message)
        || is_test(message, meta)
    {
        return false;
    }
    match meta.severity() {
        Some(Severity::Error | Severity::Critical) => true,
        Some(Severity::Warning) => {
            let mut text = message.to_ascii_lowercase();
            denials(&mut text);
            // What `warnings.warn` says goes to this logger.
            if meta.logger.as_deref() == Some("py.warnings") {
                return false;
            }
            [
                "error",
                "exception",
                "failed",
                "failure",
                "traceback",
                "could not",
                "cannot",
                "unable to",
            ]
            .iter()
            .any(|word| text.contains(word))
                && !text.contains("console warning")
        }
        _ => false,
    }
}

// ERROR: test_cart (tests.test_shop.CartTest.test_cart)
/// The line with which unittest heads a test that failed; its traceback follows.
fn is_test(message: &str, meta: &Meta) -> bool {
    let inner = message.strip_prefix('(').and_then(|m| m.strip_suffix(')'));
    let is_named = meta
        .logger
        .as_deref()
        .is_some_and(|l| l.starts_with("test"));
    inner.is_some_and(|inner| {
        is_named
            && inner.contains('.')
            && inner
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_'))
    })
}

/// Takes out what says that nothing failed: `no errors`, `0 failed`.
fn denials(text: &mut String) {
    const NONE: [&str; 7] = [
        "no error",
        "no failure",
        "no exception",
        "0 error",
        "0 failure",
        "0 failed",
        "0 exception",
    ];
    for none in NONE {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(none) {
            let (before, found) = rest.split_at(at);
            kept.push_str(before);
            // Not `10 errors` or `piano errors`.
            if kept.ends_with(|c: char| c.is_alphanumeric()) {
                kept.push_str(none);
            }
            rest = &found[none.len()..];
        }
        kept.push_str(rest);
        *text = kept;
    }
}

/// Lines of servers about themselves or about their peers: no failure of the program.
fn is_operation(message: &str) -> bool {
    // 25634#25634: *6 connect() failed (111: Connection refused) while connecting to upstream
    let digits = message.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && message[digits..].starts_with('#') && message.contains(": ")
}

/// `KeyError: 'a'` on a line of its own below the message.
fn named(message: &str) -> Option<(&str, &str)> {
    let lines = message
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .chain(std::iter::once(0));
    for start in lines {
        let rest = &message[start..];
        let first = rest.lines().next().unwrap_or_default();
        if let Some((module, kind, said)) = trace::python::exception_line(first) {
            let name_end = module.map_or(0, |m| m.len() + 1) + kind.len();
            let text = match said {
                Some(_) => rest[name_end + 1..].trim_start_matches(' '),
                None => &rest[name_end..],
            };
            return Some((&rest[..name_end], text.trim_end()));
        }
    }
    None
}

/// A value that is no error object, thrown in Node and logged by pino or bunyan: `{"level":50,"err":"just a string"}`.
pub(crate) fn thrown(value: &Value, meta: &Meta) -> Option<Finding> {
    let node = value
        .get("level")
        .is_some_and(|l| matches!(l, Value::Number(_)))
        && value.get("pid").is_some();
    let text = value
        .get("err")
        .or_else(|| value.get("error"))
        .and_then(Value::text)?;
    if !node || !meta.is_error() {
        return None;
    }
    let mut finding = message_only(text, meta)?;
    finding.trace.platform = Platform::JavaScript;
    finding.context.log_message = meta.message.clone();
    Some(finding)
}
