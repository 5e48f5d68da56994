//! Exceptions whose type, message and frames a logger wrote apart: dictionaries of structlog, ECS fields.

use super::json_value::Value;
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, SyntaxPlace, Trace};

/// A type, a message and frames without header and exception line: ECS and others.
pub(crate) fn headless(value: &Value) -> Option<Trace> {
    const STACK: [&str; 9] = [
        "error.stack_trace",
        "error.stack",
        "exception.stacktrace",
        "stack_trace",
        "stacktrace",
        "stack",
        "traceback",
        "exception_traceback",
        "trace",
    ];
    const KIND: [&str; 12] = [
        "error.type",
        "error.kind",
        "exception.type",
        "error_type",
        "exc_type",
        "exception_type",
        "exception_class",
        "error_class",
        "error_name",
        "type",
        "class",
        "name",
    ];
    const MESSAGE: [&str; 8] = [
        "error.message",
        "exception.message",
        "error_message",
        "exc_value",
        "exception_message",
        "exc_message",
        "message",
        "msg",
    ];
    let stack = value.first_text(&STACK)?;
    if !stack.trim_start().starts_with("File \"")
        || stack
            .lines()
            .any(|line| line.trim_start().starts_with("Traceback (most recent"))
    {
        return None;
    }
    let kind = value.first_text(&KIND).filter(|kind| {
        kind.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>'))
    })?;
    // A record's own message is none of the exception's.
    let own = KIND[..9]
        .iter()
        .any(|key| value.first_text(&[key]) == Some(kind));
    let keys = if own { &MESSAGE[..6] } else { &MESSAGE[..] };
    let message = value.first_text(keys).unwrap_or_default();
    Some(from_parts(kind, message, stack))
}

/// `["KeyError", "KeyError: 'a'", "File \"a.py\", line 1, in f\n …"]`, as a JSON formatter writes what it formats piece by piece.
pub(crate) fn three(items: &[Value]) -> Option<Trace> {
    let [kind, said, frames] = items else {
        return None;
    };
    let (kind, said, frames) = (kind.text()?, said.text()?, frames.text()?);
    let message = said.strip_prefix(kind)?;
    let message = message.strip_prefix(": ").unwrap_or(message);
    frames
        .trim_start()
        .starts_with("File \"")
        .then(|| from_parts(kind, message, frames))
}

// Exception: "KeyError('dk')"
// Traceback: '  File "/srv/jobs.py", line 4, in bad\n'
/// An exception and its frames behind labels, each as its `repr`, as Dask's workers log them.
pub(crate) fn labelled(text: &str) -> Option<Trace> {
    let of = |label: &str| {
        let at = text.find(label)? + label.len();
        super::json_value::quoted(&text[at..]).map(|(value, _)| value)
    };
    let (said, frames) = (of("\nException: ")?, of("\nTraceback: ")?);
    let (kind, rest) = said.split_once('(')?;
    let message = rest.strip_suffix(')')?.trim_end_matches(',');
    // `str()` of a `KeyError` is the `repr` of its key.
    let is_key = kind.ends_with("KeyError");
    let message = match super::json_value::quoted(message) {
        Some((message, _)) if !is_key => message,
        _ => message.to_owned(),
    };
    Some(from_parts(kind, &message, &frames))
}

/// Builds a trace of one exception from its printed frames.
pub(crate) fn from_parts(kind: &str, message: &str, frames: &str) -> Trace {
    let (module, name) = match kind.rsplit_once('.') {
        Some((module, name)) => (Some(module.to_owned()), name),
        None => (None, kind),
    };
    // The message may hold anything, so it is not part of the text that is parsed.
    let text = format!(
        "Traceback (most recent call last):\n{}\nGuWuError\n",
        frames.trim_end_matches('\n')
    );
    let frames = crate::trace::python::find(&text)
        .into_iter()
        .next()
        .and_then(|mut t| t.exceptions.pop())
        .map(|e| e.frames)
        .unwrap_or_default();
    Trace {
        platform: Platform::Python,
        exceptions: vec![Exception {
            type_name: Some(name.to_owned()),
            module,
            message: Some(message.to_owned()),
            frames,
            ..Exception::default()
        }],
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    }
}

pub(crate) fn owned(value: &Value, key: &str) -> Option<String> {
    value
        .get(key)
        .and_then(Value::text)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
}

pub(crate) fn line_number(value: &Value, key: &str) -> Option<u32> {
    value
        .get(key)
        .and_then(Value::number)
        .and_then(|n| u32::try_from(n).ok())
}

/// `[{exc_type, exc_value, exc_notes, is_cause, frames: [{filename, lineno, name}], exceptions}]`: the raised one first.
pub(crate) fn dictionaries(values: &[Value]) -> Option<Trace> {
    let mut exceptions = Vec::new();
    add_dictionaries(values, &[], &mut exceptions, 0);
    (!exceptions.is_empty()).then(|| Trace {
        platform: Platform::Python,
        exceptions,
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    })
}

fn add_dictionaries(values: &[Value], group: &[u32], out: &mut Vec<Exception>, depth: usize) {
    if depth > 16 {
        return;
    }
    let mut relation = None;
    for value in values.iter().rev() {
        let Some(kind) = value.get("exc_type").and_then(Value::text) else {
            continue;
        };
        let (module, name) = match kind.rsplit_once('.') {
            Some((module, name)) => (Some(module.to_owned()), name.to_owned()),
            None => (None, kind.to_owned()),
        };
        let frames = value
            .get("frames")
            .and_then(Value::list)
            .unwrap_or_default()
            .iter()
            .filter(|f| f.get("filename").is_some() && owned(f, "filename").as_deref() != Some(""))
            .map(|f| {
                StackEntry::Frame(Frame {
                    function: owned(f, "name"),
                    file: owned(f, "filename"),
                    line: line_number(f, "lineno"),
                    source_line: owned(f, "line").map(|l| l.trim().to_owned()),
                    ..Frame::default()
                })
            })
            .collect();
        let syntax = value
            .get("syntax_error")
            .filter(|s| s.get("filename").is_some());
        let message = syntax
            .and_then(|s| owned(s, "msg"))
            .or_else(|| {
                value
                    .get("exc_value")
                    .and_then(Value::text)
                    .map(str::to_owned)
            })
            .unwrap_or_default();
        // The exception below in the list is where this one came from.
        out.push(Exception {
            type_name: Some(name),
            module,
            message: Some(message),
            notes: value
                .get("exc_notes")
                .and_then(Value::list)
                .unwrap_or_default()
                .iter()
                .filter_map(Value::text)
                .map(str::to_owned)
                .collect(),
            relation: relation.or((!group.is_empty()).then_some(Relation::Member)),
            group_path: group.to_vec(),
            syntax: syntax.map(|s| SyntaxPlace {
                file: owned(s, "filename"),
                line: line_number(s, "lineno"),
                source_line: owned(s, "line").map(|l| l.trim().to_owned()),
            }),
            frames,
        });
        relation = Some(if value.get("is_cause") == Some(&Value::Bool(true)) {
            Relation::Cause
        } else {
            Relation::Context
        });
        for (index, member) in value
            .get("exceptions")
            .and_then(Value::list)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let mut inner = group.to_vec();
            inner.push(u32::try_from(index).unwrap_or(u32::MAX));
            match member {
                Value::List(chain) => add_dictionaries(chain, &inner, out, depth + 1),
                one => add_dictionaries(std::slice::from_ref(one), &inner, out, depth + 1),
            }
        }
    }
}
