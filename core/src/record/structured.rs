//! Records that are objects: JSON lines of any logger, events of services, and dictionaries that were printed.
//!
//! Known shapes are read as what they are; of unknown ones every text is searched for a trace. A trace that an
//! object holds twice (in its message and in a field) is one failure.

use super::finding::{Finding, Meta};
use super::header::{self, level};
use super::json_value::{self, Value};
use super::{client, events, failure_json, node, objects, parts, said, text, unfold};
use crate::model::{Platform, Trace};

/// Objects inside of texts inside of objects are followed this deep.
const DEPTH: usize = 4;

const LEVEL: [&str; 17] = [
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
    // logfmter
    "at",
    // Datadog
    "status",
    // winston's logstash format, roarr
    "@fields.level",
    "context.logLevel",
];
const LOGGER: [&str; 11] = [
    "LOGGER",
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
const TIME: [&str; 12] = [
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
    "__REALTIME_TIMESTAMP",
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
const TRACE: [&str; 29] = [
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
    "trace",
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

/// An object inside of the message: `ERROR in client: {"message": …}`, `app-7f9c {'level': …}`.
pub(crate) fn embedded(message: &str, meta: &Meta) -> Vec<Finding> {
    for at in memchr::memchr2_iter(b'{', b'[', message.as_bytes()).take(8) {
        let rest = &message[at..];
        let inner = rest[1..].trim_start();
        if !inner.starts_with(['"', '\'', '{']) {
            continue;
        }
        // The object ends the message; a `dict` in the middle of a sentence is no record.
        let Some((value, used)) = json_value::parse_whole(rest) else {
            continue;
        };
        if !rest[used..].trim().is_empty() {
            continue;
        }
        let head = message[..at].trim().trim_end_matches(':').trim();
        let mut meta = meta.clone();
        if !head.is_empty() {
            meta.message = Some(head.to_owned());
        }
        let mut found = if is_traceback(&value) {
            in_value(&value, &value, &meta, 0)
        } else {
            findings(&value, &meta)
        };
        found.retain(|f| !f.message_only);
        for finding in &mut found {
            // The record's own header knows better than the object.
            finding.context.level = meta.level.clone().or(finding.context.level.take());
            finding.context.logger = meta.logger.clone().or(finding.context.logger.take());
            finding.context.timestamp = meta.timestamp.clone().or(finding.context.timestamp.take());
        }
        return found;
    }
    Vec::new()
}

// ['Traceback (most recent call last):\n', '  File "a.py", line 1, in f\n', …]
/// Whether a list holds the lines of a traceback.
fn is_traceback(value: &Value) -> bool {
    let first = value.list().and_then(|lines| lines.first()?.text());
    first.is_some_and(|line| line.trim_end() == "Traceback (most recent call last):")
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
    if let Some(records) = events::otlp(value) {
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
        found.extend(said::thrown(value, &meta));
    }
    if found.is_empty() && entries.len() > 1 {
        found.extend(said::message_only(
            meta.message.as_deref().unwrap_or_default(),
            &meta,
        ));
    }
    found
}

/// What an object says about its record.
pub(crate) fn meta(value: &Value, outer: &Meta) -> Meta {
    let record = value.get("record").filter(|r| r.get("level").is_some());
    let mut meta = match value.get("jsonPayload") {
        // The record itself lies within what the service says about it.
        Some(payload) => own_meta(payload, None, outer.clone()),
        None => outer.clone(),
    };
    let labels = value
        .get("logging.googleapis.com/labels")
        .or_else(|| value.get("labels"));
    if let Some(logger) = labels
        .and_then(|l| l.get("python_logger"))
        .and_then(Value::text)
    {
        meta.logger = Some(logger.to_owned());
    }
    let mut meta = own_meta(value, record, meta);
    let own = value
        .get("textPayload")
        .and_then(Value::text)
        .map(str::to_owned);
    // A shipper's object around a program's record knows nothing of it.
    let own = own.or_else(|| {
        let text = meta.message.clone()?;
        (meta.level.is_none() || has_own_header(&text)).then_some(text)
    });
    if let Some(line) = own {
        printed(&line, &mut meta);
    }
    meta
}

// {"message": "2026-11-27 23:08:04,986 INFO shop.cart start", "severity": "error"}
/// Whether a text begins with a whole header of a program's own: its level counts, not that of the stream it was written to.
fn has_own_header(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    header::recognise(first.as_bytes()).is_some_and(|h| {
        h.level.is_some()
            && h.timestamp
                .is_some_and(|time| time.start <= 1 && time.len() >= 19)
    })
}

/// What a program printed, first its own header, within what a service says about it.
fn printed(text: &str, meta: &mut Meta) {
    let end = text.find("\nTraceback (").unwrap_or(text.len());
    let first = text.lines().next().unwrap_or_default();
    let header = header::recognise(first.as_bytes()).filter(|h| h.level.is_some());
    let Some(header) = header else {
        meta.message = text.get(..end).map(str::to_owned);
        return;
    };
    let part =
        |range: Option<std::ops::Range<usize>>| range.and_then(|r| first.get(r)).map(str::to_owned);
    meta.message = text
        .get(header.message..end.max(header.message))
        .map(str::to_owned);
    meta.logger = part(header.logger).or(meta.logger.take());
    if meta.level.is_none() || has_own_header(text) {
        meta.level = part(header.level).map(|level| level.to_ascii_uppercase());
        meta.timestamp = part(header.timestamp).or(meta.timestamp.take());
    }
}

/// The text of a record.
pub(crate) fn said(value: &Value) -> Option<&str> {
    let record = value.get("record").filter(|r| r.get("level").is_some());
    record
        .and_then(|r| r.get("message"))
        .and_then(Value::text)
        .or_else(|| value.first_text(&MESSAGE))
        .or_else(|| value.get("jsonPayload").and_then(said))
}

fn own_meta(value: &Value, record: Option<&Value>, outer: Meta) -> Meta {
    let mut meta = outer;
    if let Some(level) = level_of(value, record) {
        meta.level = Some(level);
    }
    let logger = record
        .and_then(|r| r.get("name"))
        .and_then(Value::text)
        .or_else(|| value.first_text(&LOGGER));
    // winston copies an error's name.
    let stack = value.first_text(&["stack"]).unwrap_or_default();
    let is_name = |l: &&str| l.len() <= 120 && !l.contains(['\n', ' ']) && !stack.starts_with(l);
    if let Some(logger) = logger.filter(is_name) {
        meta.logger = Some(logger.to_owned());
    }
    let stamp = record
        .and_then(|r| r.path("time.repr"))
        .or_else(|| TIME.iter().find_map(|key| value.path(key)));
    match stamp {
        Some(Value::Text(stamp) | Value::Number(stamp)) if stamp.len() <= 64 => {
            meta.timestamp = Some(stamp.clone());
        }
        _ => {}
    }
    if let Some(message) = said(value) {
        meta.message = Some(message.to_owned());
    }
    meta
}

fn level_of(value: &Value, record: Option<&Value>) -> Option<String> {
    if let Some(name) = record
        .and_then(|r| r.path("level.name"))
        .and_then(Value::text)
    {
        return Some(name.to_ascii_uppercase());
    }
    // journald
    if let Some(number) = value.get("PRIORITY").and_then(Value::text) {
        return level::of_syslog(number.parse().ok()?).map(str::to_owned);
    }
    let is_gelf = value.get("short_message").is_some();
    let is_node =
        value.get("pid").is_some() || value.get("hostname").is_some() || value.get("msg").is_some();
    LEVEL.iter().find_map(|key| match value.path(key)? {
        Value::Text(name) => level::severity(name).map(|_| name.to_ascii_uppercase()),
        number @ Value::Number(_) => {
            let number = number.number()?;
            if is_gelf {
                level::of_syslog(number)
            } else {
                level::of_number(
                    number,
                    is_node && *key == "level" || *key == "context.logLevel",
                )
            }
            .map(str::to_owned)
        }
        _ => None,
    })
}

/// Shapes that are read field by field.
fn shaped(value: &Value, meta: &Meta) -> Vec<Finding> {
    let one = |trace: Trace| vec![meta.finding(trace)];
    if let Some((trace, captured)) = failure_json::trace(value) {
        let mut finding = meta.finding(trace);
        finding.context.captured = captured;
        return vec![finding];
    }
    if let Some(values) = value
        .get("exception")
        .and_then(|e| e.get("values").or(Some(e)))
        .and_then(Value::list)
    {
        if values.iter().any(|v| v.get("exc_type").is_some()) {
            return parts::dictionaries(values).map(one).unwrap_or_default();
        }
        if values
            .iter()
            .any(|v| v.get("type").is_some() || v.get("value").is_some())
        {
            return events::sentry(values).map(one).unwrap_or_default();
        }
    }
    // structlog's dictionaries, under whatever key: Airflow has them under `error_detail`.
    let dictionaries = value.entries().iter().find_map(|(_, inner)| {
        let values = inner.list()?;
        values
            .iter()
            .any(|v| v.get("exc_type").is_some())
            .then_some(values)
    });
    if let Some(values) = dictionaries {
        return parts::dictionaries(values).map(one).unwrap_or_default();
    }
    let within = || {
        let inner = value.entries().iter();
        inner
            .filter(|(key, _)| !NO_FAILURE.contains(&key.as_str()))
            .find_map(|(_, inner)| objects::error(inner))
    };
    let read = node::error(value)
        .or_else(|| node::listed(value))
        .or_else(|| objects::error(value))
        .or_else(within)
        .or_else(|| objects::event(value));
    if let Some(trace) = read {
        return one(trace);
    }
    if let Some(trace) = events::lambda(value) {
        return one(trace);
    }
    if let Some(trace) = parts::headless(value) {
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

/// Searches the texts of an object for a trace, the most telling fields first. A type without any frame counts only where
/// no other field has more to tell.
fn searched(value: &Value, meta: &Meta, depth: usize) -> Vec<Finding> {
    let known = TRACE.iter().filter_map(|key| value.path(key));
    let others = value
        .entries()
        .iter()
        .filter(|(key, _)| !TRACE.contains(&key.as_str()) && !NO_FAILURE.contains(&key.as_str()))
        .map(|(_, inner)| inner);
    let mut bare = Vec::new();
    for inner in known.chain(others) {
        let found = in_value(inner, value, meta, depth);
        if found.iter().any(has_place) {
            return found;
        }
        if bare.is_empty() {
            bare = found;
        }
    }
    bare
}

fn has_place(finding: &Finding) -> bool {
    finding
        .trace
        .exceptions
        .iter()
        .any(|e| e.plain_frames().next().is_some() || e.syntax.is_some())
}

fn in_value(inner: &Value, owner: &Value, meta: &Meta, depth: usize) -> Vec<Finding> {
    match inner {
        Value::Text(text) => in_text(text, owner, meta, depth),
        // A traceback as a list of its lines.
        Value::List(items)
            if items.len() > 1 && items.iter().all(|i| matches!(i, Value::Text(_))) =>
        {
            if let Some(trace) = parts::three(items) {
                return vec![meta.finding(trace)];
            }
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
    let trimmed = text.trim();
    if !trimmed.starts_with('{') && !text::may_hold_trace(text) {
        return Vec::new();
    }
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
    // JS error: {"message": …} | TypeError: x is null at http://host/a.js:6:58
    if trimmed.ends_with('}') {
        let mut behind = embedded(text, meta);
        behind.retain(|f| f.trace.platform == Platform::JavaScript);
        if !behind.is_empty() {
            return behind;
        }
    }
    if meta.is_error()
        && text.contains("://")
        && let Some(payload) = client::placed_message(text)
        && payload.stack.is_some()
        && !client::is_noise(&payload.message)
    {
        let mut meta = meta.clone();
        meta.message = Some(payload.message.clone());
        return vec![meta.finding(client::trace(&payload))];
    }
    let closed = unfold::close_up(text);
    let mut traces = text::traces_of_field(closed.as_deref().unwrap_or(text));
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
        && matches!(last.type_name.as_deref(), None | Some("Error"))
        && let Some(kind) = owner.first_text(&["type", "name", "error.type", "err.type"])
        && (kind.ends_with("Error") || kind.ends_with("Exception"))
    {
        let named = last.type_name.replace(kind.to_owned());
        if named.is_none() {
            last.message = owner
                .first_text(&["message", "msg"])
                .map(str::to_owned)
                .or(last.message.take());
        }
    }
    // job failed\nTraceback (most recent call last): …
    let is_message = meta.message.as_deref() == Some(text);
    traces
        .into_iter()
        .map(|trace| {
            let above = text.get(..trace.start).map(str::trim).unwrap_or_default();
            let mut finding = meta.finding(trace);
            if is_message && !above.is_empty() {
                finding.context.log_message = Some(above.to_owned());
            }
            finding
        })
        .collect()
}
