//! Errors that a browser reported to its backend, in the shapes in which backends log them: a payload object,
//! `message at url:line:column` above a stack, or one record for each part of it.

use super::collapsed;
use super::json_value::{self, Value};
use crate::model::{Exception, Platform, SyntaxPlace, Trace};
use crate::trace;

/// What the browser sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Payload {
    pub message: String,
    pub url: Option<String>,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub stack: Option<String>,
}

/// One record of several that together report one error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// `[CLIENT] ERROR: message`
    Message { level: String, text: String },
    /// `[CLIENT] Location: url:line:column`
    Location(String),
    /// `[CLIENT] Stack:` and the stack below
    Stack(String),
    /// `[CLIENT] User Agent: …`: the last part, or the last but one
    Agent,
    /// `[CLIENT] Timestamp: …`
    Time,
    /// Any other line of the same sender.
    Other,
}

/// What a backend calls such errors, before the error itself: `JS error: TypeError: x is null`.
const LABELS: [&str; 8] = [
    "JS",
    "js",
    "avaScript",
    "lient",
    "rontend",
    "ront-end",
    "rowser",
    "ncaught",
];
/// Longer texts before a colon are no label.
const LONGEST_LABEL: usize = 24;

// frontend error message='x is null' url='http://host/' stack='TypeError: x is null\n    at f (http://host/a.js:1:2)' ua='…'
/// An error that stands among the pairs behind a record's first words, and these words.
pub(crate) fn paired(text: &str) -> Option<(&str, Payload)> {
    let of = |key: &str| {
        let at = text.find(key)?;
        let value = &text[at + key.len()..];
        let is_own = text[..at].ends_with([' ', '|', ',']) || at == 0;
        let (value, _) = json_value::quoted(value).filter(|_| is_own)?;
        Some((at, value))
    };
    let (end, stack) = of("stack=")?;
    let (begin, message) = of("message=").or_else(|| of("msg="))?;
    if !super::stacks::has_script_frames(&format!("{stack}\n")) {
        return None;
    }
    let payload = Payload {
        message,
        stack: Some(stack),
        ..Payload::default()
    };
    Some((text[..begin.min(end)].trim_end(), payload))
}

/// Reads the message of a record that begins with `[CLIENT]` (or another sender's tag of that kind).
pub(crate) fn part(message: &str) -> Option<Part> {
    let rest = [
        "[CLIENT]",
        "[client]",
        "[Client]",
        "[FRONTEND]",
        "[BROWSER]",
        "[CLIENT ERROR]",
    ]
    .iter()
    .find_map(|tag| message.strip_prefix(tag))?
    .trim_start();
    // The payload itself stands behind the tag.
    if rest.starts_with('{') {
        return None;
    }
    let (label, text) = rest.split_once(':')?;
    // All of the error stands behind the tag: its message, and perhaps its stack.
    let is_said = label.len() > LONGEST_LABEL
        || ["rror", "xception", "ejection"]
            .iter()
            .any(|word| label.contains(word));
    let is_labelled = label.starts_with("Stack") || label.bytes().all(|c| c.is_ascii_uppercase());
    if !is_labelled && (is_said || super::stacks::has_script_frames(text)) {
        return None;
    }
    let text = text.strip_prefix(' ').unwrap_or(text);
    Some(match label {
        "ERROR" | "WARNING" | "WARN" | "CRITICAL" | "FATAL" | "INFO" | "DEBUG" | "LOG" => {
            Part::Message {
                level: label.to_owned(),
                text: text.to_owned(),
            }
        }
        "Location" | "Source" => Part::Location(text.trim().to_owned()),
        "Stack" | "Stack trace" | "Stack Trace" | "Stacktrace" => {
            Part::Stack(text.trim_matches(['\n', ' ']).to_owned())
        }
        "User Agent" | "User-Agent" | "UserAgent" => Part::Agent,
        "Timestamp" | "Time" => Part::Time,
        _ => Part::Other,
    })
}

/// A payload object: `{message, url, line, column, stack}`, or the newer `{message, details: {filename, lineno, …}}`.
pub(crate) fn payload(value: &Value) -> Option<Payload> {
    const PLACES: [&str; 10] = [
        "url",
        "line",
        "column",
        "lineno",
        "colno",
        "filename",
        "userAgent",
        "user_agent",
        "source",
        "lineNumber",
    ];
    let details = value
        .get("details")
        .filter(|d| matches!(d, Value::Object(_)));
    let of = |key: &str| {
        details
            .and_then(|d| d.get(key))
            .filter(|v| !matches!(v, Value::Null))
            .or_else(|| value.get(key))
    };
    let message = value
        .get("message")
        .or_else(|| of("message"))
        .and_then(Value::text)?;
    let placed = PLACES.iter().filter(|key| of(key).is_some()).count();
    let has_stack = of("stack").is_some();
    if placed < 2 && !(placed == 1 && has_stack) {
        return None;
    }
    // A backend's own record has a `line` too: of the call that logged it.
    if !has_stack && of("column").is_none() && of("colno").is_none() {
        return None;
    }
    let number = |keys: [&str; 3]| {
        keys.iter()
            .find_map(|key| of(key))
            .and_then(Value::number)
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| *n > 0)
    };
    Some(Payload {
        message: message.to_owned(),
        url: ["filename", "url", "source"]
            .iter()
            .find_map(|key| of(key).and_then(Value::text))
            .map(str::to_owned),
        line: number(["line", "lineno", "lineNumber"]),
        column: number(["column", "colno", "columnNumber"]),
        stack: details
            .and_then(super::stacks::stack)
            .or_else(|| super::stacks::stack(value)),
    })
}

/// What stands between a message and its place.
const BEFORE_PLACE: [&str; 7] = [" at ", " @ ", " (", " [", " in ", ", ", " "];

// TypeError: x is null at http://127.0.0.1:8974/src/cases.js:6:46
// TypeError: x is null @ http://127.0.0.1:8974/src/cases.js:6
/// A message that ends with its place, and the stack below it.
pub(crate) fn placed_message(text: &str) -> Option<Payload> {
    for (end, _) in text
        .match_indices('\n')
        .chain(std::iter::once((text.len(), "")))
        .take(12)
    {
        let head = &text[..end];
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        if head[line_start..].trim_start().starts_with("at ") {
            return None;
        }
        let Some((at, (url, line, column))) = place_behind(&head[line_start..]) else {
            continue;
        };
        let at = line_start + at;
        if head[line_start..at].trim().is_empty() {
            return None;
        }
        let stack = text[end..].trim_matches('\n');
        return Some(Payload {
            message: text[..at].to_owned(),
            url: Some(url.to_owned()),
            line: Some(line).filter(|n| *n > 0),
            column: Some(column).filter(|n| *n > 0),
            stack: Some(stack.to_owned()).filter(|s| !s.is_empty()),
        });
    }
    None
}

/// Where the message of a line ends, and the place behind it.
fn place_behind(line: &str) -> Option<(usize, (&str, u32, u32))> {
    let at = line.rfind(" at ");
    let found = at.and_then(|at| Some((at, location(&line[at + 4..])?)));
    found.or_else(|| listed(line)).or_else(|| {
        let body = line.trim_end().trim_end_matches([')', ']']);
        let scheme = body.rfind("://")?;
        let start = body[..scheme].rfind([' ', '(', '[']).map_or(0, |at| at + 1);
        // f@http://h/a.js:1:2
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let place = script_place(&body[start..])?;
        body[start..scheme].chars().all(is_scheme).then_some(())?;
        let before = BEFORE_PLACE.iter().find(|b| body[..start].ends_with(**b))?;
        Some((start - before.len(), place))
    })
}

// window.onerror: Uncaught TypeError: x is null, http://host/a.js, 6, 58
fn listed(line: &str) -> Option<(usize, (&str, u32, u32))> {
    let (rest, column) = line.trim_end().trim_end_matches(')').rsplit_once(", ")?;
    let (rest, line) = rest.rsplit_once(", ")?;
    let (message, url) = rest.rsplit_once(", ")?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    is_script(url).then_some((message.len(), (url, line, column)))
}

/// Whether an address is certainly one of a script or a page.
fn is_script(url: &str) -> bool {
    const SCRIPTS: [&str; 8] = [
        ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".vue", ".html",
    ];
    let path = url.split(['?', '#']).next().unwrap_or_default();
    SCRIPTS.iter().any(|ending| path.ends_with(ending))
}

/// `http://host/a.js:6:58`, `http://host/a.js:6`: of a file that is certainly a script or a page.
fn script_place(text: &str) -> Option<(&str, u32, u32)> {
    let line_alone = || {
        let (url, line) = text.rsplit_once(':')?;
        Some((url, line.parse().ok()?, 0))
    };
    let place = location(text).or_else(line_alone)?;
    is_script(place.0).then_some(place)
}

/// `http://host/a.js:6:58` in its three parts.
pub(crate) fn location(text: &str) -> Option<(&str, u32, u32)> {
    let text = text.trim();
    let (rest, column) = text.rsplit_once(':')?;
    let (url, line) = rest.rsplit_once(':')?;
    let column = column.parse().ok()?;
    let line = line.parse().ok()?;
    let is_place = url.contains("://")
        || url.starts_with("blob:")
        || url == "undefined"
        || url.starts_with('/')
        || url.is_empty();
    is_place.then_some((url, line, column))
}

/// The trace of a payload.
pub(crate) fn trace(payload: &Payload) -> Trace {
    let told = told(&payload.message);
    let mut found = payload
        .stack
        .as_deref()
        .filter(|stack| !stack.trim().is_empty())
        .map(stack_of)
        .unwrap_or_default();
    let mut trace = if found.is_empty() {
        Trace {
            platform: Platform::JavaScript,
            exceptions: vec![Exception::default()],
            start: 0,
            end: 0,
            partial: false,
            notes: Vec::new(),
        }
    } else {
        found.swap_remove(0)
    };
    let Some(last) = trace
        .exceptions
        .iter_mut()
        .rev()
        .find(|e| e.group_path.is_empty())
    else {
        return trace;
    };
    match told {
        // The stack is the logger's own, so its type says nothing about the error.
        Told::Console(message) => {
            last.type_name = None;
            last.message = Some(message.to_owned());
        }
        Told::Typed(kind, message) => {
            last.type_name = Some(kind.to_owned());
            last.module = None;
            if !last
                .message
                .as_deref()
                .is_some_and(|m| m.len() > message.len() && m.starts_with(message))
                || message.is_empty()
            {
                last.message = Some(message.to_owned());
            }
        }
        Told::Untyped(message) => {
            // `Payment: declined`, where the stack names `Payment` as the type.
            let by_stack = last
                .type_name
                .as_deref()
                .and_then(|kind| message.strip_prefix(kind)?.strip_prefix(": "));
            match by_stack {
                Some(rest) => last.message = Some(rest.to_owned()),
                None => last.message = Some(message.to_owned()),
            }
        }
    }
    if let (Some(url), Some(line)) = (&payload.url, payload.line)
        && last.frames.is_empty()
    {
        if last.type_name.as_deref() == Some("SyntaxError") {
            last.syntax = Some(SyntaxPlace {
                file: Some(url.clone()),
                line: Some(line),
                source_line: None,
            });
        } else {
            trace.notes.push(match payload.column {
                Some(column) => format!("reported at `{url}:{line}:{column}`"),
                None => format!("reported at `{url}:{line}`"),
            });
        }
    }
    trace
}

fn stack_of(text: &str) -> Vec<Trace> {
    match collapsed::expand(text) {
        Some(whole) => trace::javascript::find(&whole),
        None => trace::javascript::find(text),
    }
}

enum Told<'a> {
    Console(&'a str),
    Typed(&'a str, &'a str),
    Untyped(&'a str),
}

// Uncaught TypeError: x | Unhandled Promise Rejection: just a string | Console Error: {}
fn told(message: &str) -> Told<'_> {
    for prefix in ["Console Error: ", "Console Warning: ", "console.error: "] {
        if let Some(rest) = message.strip_prefix(prefix) {
            return Told::Console(rest);
        }
    }
    let mut rest = message;
    for label in ["window.onerror: ", "onerror: "] {
        rest = rest.strip_prefix(label).unwrap_or(rest);
    }
    for prefix in [
        "Unhandled Promise Rejection: ",
        "Unhandled promise rejection: ",
        "Unhandled Rejection: ",
        "Uncaught (in promise) ",
        "uncaught exception: ",
        "Uncaught ",
    ] {
        if let Some(inner) = rest.strip_prefix(prefix) {
            rest = inner;
            break;
        }
    }
    let labelled = || {
        let (label, inner) = rest.split_once(": ")?;
        let is_label =
            label.len() <= LONGEST_LABEL && LABELS.iter().any(|word| label.contains(word));
        error_type(inner).filter(|_| is_label)
    };
    match error_type(rest).or_else(labelled) {
        Some((kind, message)) => Told::Typed(kind, message),
        None => Told::Untyped(rest),
    }
}

/// `TypeError: x` in its two parts.
pub(crate) fn error_type(text: &str) -> Option<(&str, &str)> {
    let length = text
        .bytes()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'$'))
        .count();
    let kind = &text[..length];
    let named = kind.ends_with("Error") || kind.ends_with("Exception");
    if !named || !kind.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let rest = &text[length..];
    match rest.strip_prefix(": ") {
        Some(message) => Some((kind, message)),
        None if rest.is_empty() || rest == ":" => Some((kind, "")),
        None => None,
    }
}

/// Whether a warning or an error of a browser is noise that no test can catch.
pub(crate) fn is_noise(message: &str) -> bool {
    message.contains("ResizeObserver loop")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        let check = |message: &str| {
            let t = trace(&Payload {
                message: message.to_owned(),
                ..Payload::default()
            });
            let e = &t.exceptions[0];
            format!("{:?} {:?}", e.type_name, e.message)
        };
        assert_eq!(
            check("Uncaught TypeError: a b"),
            r#"Some("TypeError") Some("a b")"#
        );
        assert_eq!(
            check("Uncaught just a string"),
            r#"None Some("just a string")"#
        );
        assert_eq!(check("Console Error: {}"), r#"None Some("{}")"#);
        assert_eq!(
            check("Unhandled Promise Rejection: AbortError: x"),
            r#"Some("AbortError") Some("x")"#
        );
        assert_eq!(
            check("window.onerror: Uncaught TypeError: a"),
            r#"Some("TypeError") Some("a")"#
        );
        assert_eq!(
            check("JS error: TypeError: a"),
            r#"Some("TypeError") Some("a")"#
        );
        assert_eq!(
            check("order: TypeError: a"),
            r#"None Some("order: TypeError: a")"#
        );
        assert_eq!(check("Script error."), r#"None Some("Script error.")"#);
    }

    #[test]
    fn parts() {
        assert_eq!(
            part("[CLIENT] ERROR: Uncaught x"),
            Some(Part::Message {
                level: "ERROR".to_owned(),
                text: "Uncaught x".to_owned()
            })
        );
        assert_eq!(
            part("[CLIENT] Stack:\nError: x\n    at f"),
            Some(Part::Stack("Error: x\n    at f".to_owned()))
        );
        assert_eq!(part("[SQL] x: y"), None);
    }

    #[test]
    fn a_message_with_its_place() {
        let p =
            placed_message("TypeError: x at y is null at http://h/a.js:6:46\nf@http://h/a.js:6:46")
                .unwrap();
        assert_eq!(p.message, "TypeError: x at y is null");
        assert_eq!((p.line, p.column), (Some(6), Some(46)));
        assert!(p.stack.is_some());
        assert_eq!(placed_message("nothing at all"), None);
        for (text, column) in [
            ("TypeError: x is null @ http://h/a.js:6:46", Some(46)),
            ("TypeError: x is null (http://h/a.js:6:46)", Some(46)),
            ("TypeError: x is null [http://h/a.js?v=1:6:46]", Some(46)),
            ("TypeError: x is null at http://h/a.js:6", None),
            ("TypeError: x is null, http://h/a.js, 6, 46", Some(46)),
        ] {
            let p = placed_message(text).expect(text);
            let found = (p.message.as_str(), p.line, p.column);
            assert_eq!(found, ("TypeError: x is null", Some(6), column), "{text}");
        }
        for text in [
            "failed at http://api.example:8080",
            "timeout for http://api.example/orders:10:20",
            "f@http://h/a.js:1:2",
            "    at f (http://h/a.js:1:2)",
        ] {
            assert_eq!(placed_message(text), None, "{text}");
        }
    }
}
