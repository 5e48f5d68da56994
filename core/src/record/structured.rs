//! Records that are objects: JSON lines of any logger, events of services, and dictionaries that were printed.
//!
//! Known shapes are read as what they are; of unknown ones every text is searched for a trace. A trace that an
//! object holds twice (in its message and in a field) is one failure.

use super::analyse::{Finding, Meta};
use super::header::level;
use super::json_value::{self, Value};
use super::{client, text};
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, SyntaxPlace, Trace};

/// Objects inside of texts inside of objects are followed this deep.
const DEPTH: usize = 4;

const LEVEL: [&str; 13] = [
    "level",
    "levelname",
    "severity",
    "log.level",
    "lvl",
    "severityText",
    "severity_text",
    "levelName",
    "level_name",
    "loglevel",
    "log_level",
    "levelno",
    "@level",
];
const LOGGER: [&str; 10] = [
    "logger",
    "logger_name",
    "log.logger",
    "loggerName",
    "name",
    "_logger",
    "logger.name",
    "log",
    "channel",
    "category",
];
const TIME: [&str; 11] = [
    "timestamp",
    "@timestamp",
    "time",
    "ts",
    "asctime",
    "datetime",
    "eventTime",
    "date",
    "t",
    "_time",
    "created",
];
const MESSAGE: [&str; 11] = [
    "message",
    "msg",
    "event",
    "short_message",
    "log_message",
    "MESSAGE",
    "text",
    "@message",
    "body",
    "errorMessage",
    "title",
];
/// Fields that hold traces, the most telling first.
const TRACE: [&str; 28] = [
    "exc_info",
    "exception",
    "exc_text",
    "traceback",
    "stack_trace",
    "stackTrace",
    "stacktrace",
    "error.stack_trace",
    "error.stack",
    "exception.stacktrace",
    "err.stack",
    "stack",
    "exc",
    "exc_traceback",
    "error",
    "err",
    "full_message",
    "details",
    "message",
    "msg",
    "event",
    "text",
    "MESSAGE",
    "body",
    "log",
    "textPayload",
    "jsonPayload",
    "payload",
];
/// Fields in which a stack is no failure.
const NO_FAILURE: [&str; 4] = ["stack_info", "call_stack", "locals", "vars"];

/// The failures that an object reports.
pub(crate) fn findings(value: &Value, outer: &Meta) -> Vec<Finding> {
    object(value, outer, 0)
}

fn object(value: &Value, outer: &Meta, depth: usize) -> Vec<Finding> {
    if depth > DEPTH {
        return Vec::new();
    }
    if let Value::List(items) = value {
        return items
            .iter()
            .take(10_000)
            .filter(|item| matches!(item, Value::Object(_)))
            .flat_map(|item| object(item, outer, depth + 1))
            .collect();
    }
    let Value::Object(entries) = value else {
        return Vec::new();
    };
    if let Some(records) = otlp(value) {
        return records
            .iter()
            .flat_map(|record| object(record, outer, depth + 1))
            .collect();
    }
    let meta = meta(value, outer);
    let mut found = shaped(value, &meta);
    if found.is_empty() {
        found = searched(value, &meta, depth);
    }
    if found.is_empty() && entries.len() > 1 {
        found.extend(text::message_only(
            meta.message.as_deref().unwrap_or_default(),
            &meta,
        ));
    }
    found
}

/// A value that is no error object, thrown in Node and logged by pino or bunyan: `{"level":50,"err":"just a string"}`.
fn thrown(value: &Value, meta: &Meta) -> Option<Finding> {
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
    let mut finding = text::message_only(text, meta)?;
    finding.trace.platform = Platform::JavaScript;
    finding.context.log_message = meta.message.clone();
    Some(finding)
}

/// Looks up `a.b` as one key or as two.
fn path<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    value.get(key).or_else(|| {
        let (first, rest) = key.split_once('.')?;
        path(value.get(first)?, rest)
    })
}

fn first_text<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| {
        path(value, key)
            .and_then(Value::text)
            .filter(|t| !t.is_empty())
    })
}

/// What an object says about its record.
fn meta(value: &Value, outer: &Meta) -> Meta {
    let record = value.get("record").filter(|r| r.get("level").is_some());
    let mut meta = outer.clone();
    if let Some(level) = level_of(value, record) {
        meta.level = Some(level);
    }
    let logger = record
        .and_then(|r| r.get("name"))
        .and_then(Value::text)
        .or_else(|| first_text(value, &LOGGER));
    if let Some(logger) = logger.filter(|l| l.len() <= 120 && !l.contains(['\n', ' '])) {
        meta.logger = Some(logger.to_owned());
    }
    let stamp = record
        .and_then(|r| path(r, "time.repr"))
        .or_else(|| TIME.iter().find_map(|key| path(value, key)));
    match stamp {
        Some(Value::Text(stamp) | Value::Number(stamp)) if stamp.len() <= 64 => {
            meta.timestamp = Some(stamp.clone());
        }
        _ => {}
    }
    let message = record
        .and_then(|r| r.get("message"))
        .and_then(Value::text)
        .or_else(|| first_text(value, &MESSAGE));
    if let Some(message) = message {
        meta.message = Some(message.to_owned());
    }
    meta
}

fn level_of(value: &Value, record: Option<&Value>) -> Option<String> {
    if let Some(name) = record
        .and_then(|r| path(r, "level.name"))
        .and_then(Value::text)
    {
        return Some(name.to_ascii_uppercase());
    }
    let is_gelf = value.get("short_message").is_some();
    let is_node =
        value.get("pid").is_some() || value.get("hostname").is_some() || value.get("msg").is_some();
    LEVEL.iter().find_map(|key| match path(value, key)? {
        Value::Text(name) => level::severity(name).map(|_| name.to_ascii_uppercase()),
        number @ Value::Number(_) => {
            let number = number.number()?;
            if is_gelf {
                level::of_syslog(number)
            } else {
                level::of_number(number, is_node && *key == "level")
            }
            .map(str::to_owned)
        }
        _ => None,
    })
}

/// Shapes that are read field by field.
fn shaped(value: &Value, meta: &Meta) -> Vec<Finding> {
    let one = |trace: Trace| vec![meta.finding(trace)];
    if let Some(values) = value
        .get("exception")
        .and_then(|e| e.get("values").or(Some(e)))
        .and_then(Value::list)
    {
        if values.iter().any(|v| v.get("exc_type").is_some()) {
            return dictionaries(values).map(one).unwrap_or_default();
        }
        if values
            .iter()
            .any(|v| v.get("type").is_some() || v.get("value").is_some())
        {
            return sentry(values).map(one).unwrap_or_default();
        }
    }
    for key in ["exc_info", "traceback", "error"] {
        if let Some(values) = value.get(key).and_then(Value::list)
            && values.iter().any(|v| v.get("exc_type").is_some())
        {
            return dictionaries(values).map(one).unwrap_or_default();
        }
    }
    if let Some(trace) = lambda(value) {
        return one(trace);
    }
    if let Some(trace) = headless(value) {
        return one(trace);
    }
    if let Some(payload) = client::payload(value) {
        if client::is_noise(&payload.message) {
            return Vec::new();
        }
        let python = payload
            .stack
            .as_deref()
            .is_some_and(|s| s.contains("Traceback (most recent"));
        let reports = meta.is_error()
            || (payload.stack.as_deref().is_some_and(|s| !s.is_empty()) && !meta.is_harmless());
        if !python && reports {
            let mut finding = meta.finding(client::trace(&payload));
            finding.context.log_message = Some(payload.message);
            return vec![finding];
        }
        if !python {
            return Vec::new();
        }
    }
    Vec::new()
}

/// `errorType`, `errorMessage` and a list of frames as text, as AWS Lambda writes them.
fn lambda(value: &Value) -> Option<Trace> {
    let kind = value.get("errorType").and_then(Value::text)?;
    let message = value
        .get("errorMessage")
        .and_then(Value::text)
        .unwrap_or_default();
    let lines = value
        .get("stackTrace")
        .or_else(|| value.get("stack"))
        .and_then(Value::list)?;
    let frames: Vec<&str> = lines.iter().filter_map(Value::text).collect();
    if frames.iter().any(|f| f.trim_start().starts_with("at ")) {
        let stack = frames.join("\n");
        return Some(client::trace(&client::Payload {
            message: format!("{kind}: {message}"),
            stack: Some(stack),
            ..client::Payload::default()
        }));
    }
    let stack: String = frames
        .iter()
        .map(|frame| format!("{}\n", frame.trim_end_matches('\n')))
        .collect();
    Some(from_parts(kind, message, &stack))
}

/// A type, a message and frames without header and exception line: ECS and others.
fn headless(value: &Value) -> Option<Trace> {
    let stack = first_text(
        value,
        &[
            "error.stack_trace",
            "error.stack",
            "exception.stacktrace",
            "stack_trace",
        ],
    )?;
    if stack.contains("Traceback (most recent") || !stack.trim_start().starts_with("File \"") {
        return None;
    }
    let kind = first_text(
        value,
        &[
            "error.type",
            "error.kind",
            "exception.type",
            "error_type",
            "exc_type",
        ],
    )?;
    let message = first_text(
        value,
        &[
            "error.message",
            "exception.message",
            "error_message",
            "exc_value",
        ],
    )
    .unwrap_or_default();
    Some(from_parts(kind, message, stack))
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

fn owned(value: &Value, key: &str) -> Option<String> {
    value
        .get(key)
        .and_then(Value::text)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
}

fn line_number(value: &Value, key: &str) -> Option<u32> {
    value
        .get(key)
        .and_then(Value::number)
        .and_then(|n| u32::try_from(n).ok())
}

/// `[{exc_type, exc_value, exc_notes, is_cause, frames: [{filename, lineno, name}], exceptions}]`: the raised one first.
fn dictionaries(values: &[Value]) -> Option<Trace> {
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

/// `exception.values` of a Sentry event: root cause first, members of groups flattened with `parent_id`.
fn sentry(values: &[Value]) -> Option<Trace> {
    let id = |v: &Value, key: &str| path(v, &format!("mechanism.{key}")).and_then(Value::number);
    let is_group = |parent: Option<i64>| {
        parent.is_some()
            && values.iter().any(|v| {
                id(v, "exception_id") == parent
                    && path(v, "mechanism.is_exception_group") == Some(&Value::Bool(true))
            })
    };
    let mut platform = Platform::Python;
    let mut chain: Vec<Exception> = Vec::new();
    let mut members: Vec<Exception> = Vec::new();
    for value in values {
        let kind = owned(value, "type");
        let frames: Vec<StackEntry> = path(value, "stacktrace.frames")
            .and_then(Value::list)
            .unwrap_or_default()
            .iter()
            .map(|f| {
                // A pseudo file such as `<string>` gets a folder in `abs_path`.
                let file = owned(f, "filename")
                    .filter(|name| name.starts_with('<'))
                    .or_else(|| owned(f, "abs_path"))
                    .or_else(|| owned(f, "filename"));
                if file.as_deref().is_some_and(|f| {
                    f.ends_with(".js") || f.ends_with(".ts") || f.ends_with(".mjs")
                }) {
                    platform = Platform::JavaScript;
                }
                StackEntry::Frame(Frame {
                    function: owned(f, "function"),
                    file,
                    line: line_number(f, "lineno"),
                    column: line_number(f, "colno"),
                    source_line: owned(f, "context_line").map(|l| l.trim().to_owned()),
                    ..Frame::default()
                })
            })
            .collect();
        let parent = id(value, "parent_id");
        let member = is_group(parent)
            && path(value, "mechanism.source")
                .and_then(Value::text)
                .is_some_and(|s| s.starts_with("exceptions["));
        let exception = Exception {
            type_name: kind,
            module: owned(value, "module"),
            message: Some(
                value
                    .get("value")
                    .and_then(Value::text)
                    .unwrap_or_default()
                    .to_owned(),
            ),
            relation: if member {
                Some(Relation::Member)
            } else if chain.is_empty() {
                None
            } else if path(value, "mechanism.source").and_then(Value::text) == Some("__cause__") {
                Some(Relation::Cause)
            } else {
                Some(Relation::Context)
            },
            group_path: Vec::new(),
            frames,
            ..Exception::default()
        };
        if member {
            let index = path(value, "mechanism.source")
                .and_then(Value::text)
                .and_then(|s| {
                    s.strip_prefix("exceptions[")?
                        .strip_suffix(']')?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            members.push(Exception {
                group_path: vec![index],
                ..exception
            });
        } else {
            chain.push(exception);
        }
    }
    members.sort_by(|a, b| a.group_path.cmp(&b.group_path));
    chain.extend(members);
    (!chain.is_empty()).then_some(Trace {
        platform,
        exceptions: chain,
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    })
}

/// The log records of an OTLP export as plain objects.
fn otlp(value: &Value) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for resource in value.get("resourceLogs")?.list()? {
        for scope in resource
            .get("scopeLogs")
            .and_then(Value::list)
            .unwrap_or_default()
        {
            let name = path(scope, "scope.name").cloned();
            for record in scope
                .get("logRecords")
                .and_then(Value::list)
                .unwrap_or_default()
            {
                let mut entries = Vec::new();
                for (key, value) in record_entries(record) {
                    match key.as_str() {
                        "attributes" => {
                            for attribute in value.list().unwrap_or_default() {
                                if let Some(key) = attribute.get("key").and_then(Value::text) {
                                    entries
                                        .push((key.to_owned(), any_value(attribute.get("value"))));
                                }
                            }
                        }
                        "body" => entries.push(("body".to_owned(), any_value(Some(value)))),
                        "timeUnixNano" => entries.push(("timestamp".to_owned(), value.clone())),
                        _ => entries.push((key.clone(), value.clone())),
                    }
                }
                if let Some(name) = &name {
                    entries.push(("logger".to_owned(), name.clone()));
                }
                out.push(Value::Object(entries));
            }
        }
    }
    Some(out)
}

fn record_entries(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Object(entries) => entries,
        _ => &[],
    }
}

/// `{"stringValue": "x"}` is `"x"`.
fn any_value(value: Option<&Value>) -> Value {
    match value {
        Some(Value::Object(entries)) if entries.len() == 1 && entries[0].0.ends_with("Value") => {
            entries[0].1.clone()
        }
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

/// Searches the texts of an object for a trace, the most telling fields first.
fn searched(value: &Value, meta: &Meta, depth: usize) -> Vec<Finding> {
    for key in TRACE {
        if let Some(inner) = path(value, key) {
            let found = in_value(inner, value, meta, depth);
            if !found.is_empty() {
                return found;
            }
        }
    }
    for (key, inner) in record_entries(value) {
        if TRACE.contains(&key.as_str()) || NO_FAILURE.contains(&key.as_str()) {
            continue;
        }
        let found = in_value(inner, value, meta, depth);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn in_value(inner: &Value, owner: &Value, meta: &Meta, depth: usize) -> Vec<Finding> {
    match inner {
        Value::Text(text) => in_text(text, owner, meta, depth),
        // A traceback as a list of its lines.
        Value::List(items)
            if items.len() > 1 && items.iter().all(|i| matches!(i, Value::Text(_))) =>
        {
            let lines: Vec<&str> = items
                .iter()
                .filter_map(Value::text)
                .map(|l| l.trim_end_matches('\n'))
                .collect();
            in_text(&lines.join("\n"), owner, meta, depth)
        }
        Value::List(_) if depth < DEPTH => object(inner, meta, depth + 1)
            .into_iter()
            .filter(|f| !f.message_only)
            .collect(),
        Value::Object(_) if depth < DEPTH => {
            let mut found = shaped(inner, meta);
            if found.is_empty() {
                found = searched(inner, meta, depth + 1);
            }
            found
        }
        _ => Vec::new(),
    }
}

fn in_text(text: &str, owner: &Value, meta: &Meta, depth: usize) -> Vec<Finding> {
    if !text::may_hold_trace(text) {
        return Vec::new();
    }
    let trimmed = text.trim_start();
    if trimmed.starts_with(['{', '['])
        && depth < DEPTH
        && let Some((value, used)) = json_value::parse_whole(trimmed)
        && trimmed[used..].trim().is_empty()
    {
        let found = object(&value, meta, depth + 1);
        if !found.is_empty() {
            return found;
        }
    }
    let mut traces = text::traces_of_field(text);
    // A type without frames is no trace unless an error is reported.
    if !meta.is_error() {
        traces.retain(|t| {
            t.exceptions
                .iter()
                .any(|e| e.plain_frames().next().is_some() || e.syntax.is_some())
        });
    }
    // A stack alone: the object says what was thrown.
    if let [trace] = &mut traces[..]
        && trace.platform == Platform::JavaScript
        && let Some(last) = trace.exceptions.last_mut()
        && last.type_name.is_none()
        && let Some(kind) = first_text(owner, &["type", "name", "error.type", "err.type"])
        && (kind.ends_with("Error") || kind.ends_with("Exception"))
    {
        last.type_name = Some(kind.to_owned());
        last.message = first_text(owner, &["message", "msg"])
            .map(str::to_owned)
            .or(last.message.take());
    }
    traces
        .into_iter()
        .map(|trace| meta.finding(trace))
        .collect()
}
