//! Events of services: Sentry's exception values, AWS Lambda's errors and the log records of an OTLP export.

use super::client;
use super::json_value::Value;
use super::parts::{from_parts, line_number, owned};
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, Trace};

/// `exception.values` of a Sentry event: root cause first, members of groups flattened with `parent_id`.
pub(crate) fn sentry(values: &[Value]) -> Option<Trace> {
    let id = |v: &Value, key: &str| v.path(&format!("mechanism.{key}")).and_then(Value::number);
    let is_group = |parent: Option<i64>| {
        parent.is_some()
            && values.iter().any(|v| {
                id(v, "exception_id") == parent
                    && v.path("mechanism.is_exception_group") == Some(&Value::Bool(true))
            })
    };
    let mut platform = Platform::Python;
    let mut chain: Vec<Exception> = Vec::new();
    let mut members: Vec<Exception> = Vec::new();
    for value in values {
        let kind = owned(value, "type");
        let frames: Vec<StackEntry> = value
            .path("stacktrace.frames")
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
            && value
                .path("mechanism.source")
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
            } else if value.path("mechanism.source").and_then(Value::text) == Some("__cause__") {
                Some(Relation::Cause)
            } else {
                Some(Relation::Context)
            },
            group_path: Vec::new(),
            frames,
            ..Exception::default()
        };
        if member {
            let index = value
                .path("mechanism.source")
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
pub(crate) fn otlp(value: &Value) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for resource in value.get("resourceLogs")?.list()? {
        for scope in resource
            .get("scopeLogs")
            .and_then(Value::list)
            .unwrap_or_default()
        {
            let name = scope.path("scope.name").cloned();
            for record in scope
                .get("logRecords")
                .and_then(Value::list)
                .unwrap_or_default()
            {
                let mut entries = Vec::new();
                for (key, value) in record.entries() {
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

/// `errorType`, `errorMessage` and a list of frames as text, as AWS Lambda writes them.
pub(crate) fn lambda(value: &Value) -> Option<Trace> {
    let kind = value.get("errorType").and_then(Value::text)?;
    let message = value
        .get("errorMessage")
        .and_then(Value::text)
        .unwrap_or_default();
    let lines = value
        .get("stackTrace")
        .or_else(|| value.get("stack"))
        .and_then(Value::list)?;
    // What Node printed of it says more.
    let said = value.get("message").and_then(Value::text);
    if let Some(said) = said.filter(|said| said.contains("\n  [cause]: ")) {
        return super::text::traces_of_field(said).into_iter().next();
    }
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
