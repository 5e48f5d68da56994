//! Lines that are failures already: the failure JSON, as `guwu.capture` appends it to its file. What was captured
//! beside the failure stays text; who may be believed about it is the caller's question.

use super::json_value::Value;
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, SyntaxPlace, Trace};

/// A failure JSON's exceptions, and the JSON under its key `captured`.
pub(crate) fn trace(value: &Value) -> Option<(Trace, Option<String>)> {
    value.get("schema_version").and_then(Value::number)?;
    let platform = match value.get("platform").and_then(Value::text)? {
        "python" => Platform::Python,
        "javascript" => Platform::JavaScript,
        _ => return None,
    };
    let exceptions: Vec<Exception> = value
        .get("exceptions")
        .and_then(Value::list)?
        .iter()
        .map(exception)
        .collect();
    if exceptions.is_empty() {
        return None;
    }
    let captured = match value.get("captured") {
        Some(captured @ Value::Object(_)) => {
            let mut text = String::new();
            captured.write_json(&mut text);
            Some(text)
        }
        _ => None,
    };
    let trace = Trace {
        platform,
        exceptions,
        start: 0,
        end: 0,
        partial: value.get("partial") == Some(&Value::Bool(true)),
        notes: texts(value, "notes"),
    };
    Some((trace, captured))
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::text).map(str::to_owned)
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key)
        .iter()
        .filter_map(|v| v.text().map(str::to_owned))
        .collect()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::list).unwrap_or_default()
}

fn number(value: &Value, key: &str) -> Option<u32> {
    value
        .get(key)
        .and_then(Value::number)
        .and_then(|n| u32::try_from(n).ok())
}

fn exception(value: &Value) -> Exception {
    Exception {
        type_name: text(value, "type"),
        module: text(value, "module"),
        message: text(value, "message"),
        notes: texts(value, "notes"),
        relation: match value.get("relation").and_then(Value::text) {
            Some("cause") => Some(Relation::Cause),
            Some("context") => Some(Relation::Context),
            Some("member") => Some(Relation::Member),
            _ => None,
        },
        group_path: list(value, "group_path")
            .iter()
            .filter_map(|v| u32::try_from(v.number()?).ok())
            .collect(),
        syntax: value
            .get("syntax")
            .filter(|s| matches!(s, Value::Object(_)))
            .map(|s| SyntaxPlace {
                file: text(s, "file"),
                line: number(s, "line"),
                source_line: text(s, "source_line"),
            }),
        frames: list(value, "frames").iter().map(entry).collect(),
    }
}

fn entry(value: &Value) -> StackEntry {
    let count = |key| {
        value
            .get(key)
            .and_then(Value::number)
            .and_then(|n| u64::try_from(n).ok())
    };
    if let Some(repeated) = count("repeated") {
        return StackEntry::Repeated { repeated };
    }
    if let Some(elided) = count("elided") {
        return StackEntry::Elided { elided };
    }
    StackEntry::Frame(Frame {
        function: text(value, "function"),
        file: text(value, "file"),
        line: number(value, "line"),
        column: number(value, "column"),
        source_line: text(value, "source_line"),
        in_app: value.get("in_app") == Some(&Value::Bool(true)),
        is_async: value.get("async") == Some(&Value::Bool(true)),
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Options;

    #[test]
    fn the_failure_json_reads_back_as_the_same_failure() {
        let log = "2026-02-05 05:33:10 ERROR shop: cannot pay\nTraceback (most recent call last):\n  File \"app/shop.py\", line 3, in pay\n    return cart[\"total\"]\nKeyError: 'total'\n";
        let first = crate::triage(log.as_bytes(), &Options::default()).remove(0);
        let mut line = crate::json::failure(&first);
        line.pop();
        line.push_str(",\"captured\":{\"version\":1,\"frames\":[\"a\\nb\",-3,1.5,true,null]}}\n");
        let mut again = crate::triage(line.as_bytes(), &Options::default());
        assert_eq!(again.len(), 1);
        let again = again.remove(0);
        assert_eq!(again.exceptions, first.exceptions);
        assert_eq!(again.fingerprint, first.fingerprint);
        assert_eq!(again.level, first.level);
        assert_eq!(again.logger, first.logger);
        assert_eq!(again.timestamp, first.timestamp);
        assert_eq!(again.log_message, first.log_message);
        assert_eq!(
            again.captured.as_deref(),
            Some("{\"version\":1,\"frames\":[\"a\\nb\",-3,1.5,true,null]}")
        );
        assert!(crate::json::failure(&again).contains("\"captured\":{\"version\":1,"));
    }
}
