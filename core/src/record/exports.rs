//! What query tools print: one document with many records, of CloudWatch, Elasticsearch, Loki, Datadog, Splunk or Sentry.
//!
//! It is written down as the log that its records would make; what they say is not asked here.

use super::json_value::Value;

/// The records of such a document, each on a line, the oldest first.
pub(crate) fn log(value: &Value) -> Option<String> {
    let records = match value {
        Value::List(items) if !items.is_empty() => {
            let each = items.iter().map(|item| hit(item).or_else(|| sentry(item)));
            each.collect::<Option<Vec<Record>>>()?
        }
        Value::Object(_) => cloudwatch(value)
            .or_else(|| insights(value))
            .or_else(|| elastic(value))
            .or_else(|| loki(value))
            .or_else(|| datadog(value))
            .or_else(|| splunk(value))
            .or_else(|| hit(value).or_else(|| sentry(value)).map(|one| vec![one]))?,
        _ => return None,
    };
    let time = |record: Option<&Record>| record.map(|r| r.time.clone()).unwrap_or_default();
    let (first, last) = (time(records.first()), time(records.last()));
    // Most tools show the newest first.
    let is_reversed = first.len() == last.len() && first > last;
    let mut log = String::new();
    let mut add = |record: &Record| {
        match &record.said {
            Value::Text(line) => log.push_str(line.trim_end_matches('\n')),
            other => other.write_json(&mut log),
        }
        log.push('\n');
    };
    match is_reversed {
        true => records.iter().rev().for_each(&mut add),
        false => records.iter().for_each(&mut add),
    }
    Some(log)
}

/// A record, and when it was written.
struct Record {
    /// A line of text, or an object.
    said: Value,
    time: String,
}

/// A line as it is; a text of several is a record that is told with its time.
fn record(text: &str, time: String) -> Record {
    let said = match text.trim_end_matches('\n').contains('\n') {
        false => Value::Text(text.to_owned()),
        true => Value::Object(vec![
            ("timestamp".to_owned(), Value::Text(time.clone())),
            ("message".to_owned(), Value::Text(text.to_owned())),
        ]),
    };
    Record { said, time }
}

/// The text or the digits under a key.
fn plain(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::Text(text) | Value::Number(text)) => text.clone(),
        _ => String::new(),
    }
}

// {"events": [{"timestamp": 1763982000000, "message": "…", "ingestionTime": 1763982000500, "eventId": "376…"}]}
/// `aws logs filter-log-events`, `get-log-events`
fn cloudwatch(value: &Value) -> Option<Vec<Record>> {
    let events = value.get("events")?.list()?;
    let of = |event: &Value| {
        event.get("ingestionTime")?;
        Some(record(
            event.get("message")?.text()?,
            plain(event, "timestamp"),
        ))
    };
    some(events.iter().map(of))
}

// {"results": [[{"field": "@timestamp", "value": "2026-11-24 11:00:00.000"}, {"field": "@message", "value": "…"}]]}
/// `aws logs get-query-results`
fn insights(value: &Value) -> Option<Vec<Record>> {
    let rows = value.get("results")?.list()?;
    let of = |row: &Value| {
        let named = |name: &str| {
            let cell = row.list()?.iter().find(|cell| plain(cell, "field") == name);
            cell?.get("value")?.text()
        };
        let time = named("@timestamp").unwrap_or_default();
        Some(record(named("@message")?, time.to_owned()))
    };
    some(rows.iter().map(of))
}

// {"hits": {"hits": [{"_index": "logs", "_source": {"@timestamp": "…", "message": "…"}}]}}
fn elastic(value: &Value) -> Option<Vec<Record>> {
    some(value.path("hits.hits")?.list()?.iter().map(hit))
}

/// A document of Elasticsearch or OpenSearch.
fn hit(value: &Value) -> Option<Record> {
    value.get("_index")?;
    let source = value.get("_source")?;
    Some(Record {
        said: source.clone(),
        time: plain(source, "@timestamp"),
    })
}

// {"data": {"result": [{"stream": {"app": "shop"}, "values": [["1763982000000000000", "Traceback …"]]}]}}
fn loki(value: &Value) -> Option<Vec<Record>> {
    let streams = value.get("data")?.get("result")?.list()?;
    let mut records = Vec::new();
    for stream in streams {
        stream.get("stream")?;
        for pair in stream.get("values")?.list()? {
            if let [Value::Text(time), Value::Text(line), ..] = pair.list()? {
                records.push(record(line, time.clone()));
            }
        }
    }
    (!records.is_empty()).then_some(records)
}

// {"data": [{"type": "log", "attributes": {"status": "error", "message": "…", "attributes": {"error": {"stack": "…"}}}}]}
fn datadog(value: &Value) -> Option<Vec<Record>> {
    let of = |event: &Value| {
        let outer = event.get("attributes")?;
        if plain(event, "type") != "log" {
            return None;
        }
        let own = outer.get("attributes").map_or(&[][..], Value::entries);
        let mut entries = own.to_vec();
        let is_new = |key: &str| key != "attributes" && own.iter().all(|(name, _)| name != key);
        entries.extend(
            outer
                .entries()
                .iter()
                .filter(|(key, _)| is_new(key))
                .cloned(),
        );
        Some(Record {
            said: Value::Object(entries),
            time: plain(outer, "timestamp"),
        })
    };
    some(value.get("data")?.list()?.iter().map(of))
}

// {"preview": false, "result": {"_raw": "…", "_time": "2026-11-24T11:00:00.000+00:00"}}
fn splunk(value: &Value) -> Option<Vec<Record>> {
    let of = |row: &Value| {
        let raw = row.get("_raw")?.text()?;
        Some(record(raw, plain(row, "_time")))
    };
    match value.get("results") {
        Some(rows) => some(rows.list()?.iter().map(of)),
        None => Some(vec![of(value.get("result")?)?]),
    }
}

// {"eventID": "…", "dateCreated": "…", "entries": [{"type": "exception", "data": {"values": […]}}]}
/// An event as Sentry's API gives it: its exceptions are spelled otherwise than those that were sent.
fn sentry(value: &Value) -> Option<Record> {
    value.get("eventID")?;
    let entries = value.get("entries")?.list()?;
    let exception = entries.iter().find(|e| plain(e, "type") == "exception")?;
    let time = plain(value, "dateCreated");
    Some(Record {
        said: Value::Object(vec![
            ("timestamp".to_owned(), Value::Text(time.clone())),
            ("level".to_owned(), Value::Text("error".to_owned())),
            ("exception".to_owned(), as_sent(exception.get("data")?)),
        ]),
        time,
    })
}

fn as_sent(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(as_sent).collect()),
        Value::Object(entries) => {
            let renamed = entries.iter().map(|(key, inner)| {
                let key = match key.as_str() {
                    "lineNo" => "lineno",
                    "colNo" => "colno",
                    "absPath" => "abs_path",
                    other => other,
                };
                (key.to_owned(), as_sent(inner))
            });
            Value::Object(renamed.collect())
        }
        plain => plain.clone(),
    }
}

/// All of them, if there is any.
fn some(records: impl Iterator<Item = Option<Record>>) -> Option<Vec<Record>> {
    let records: Vec<Record> = records.collect::<Option<_>>()?;
    (!records.is_empty()).then_some(records)
}
