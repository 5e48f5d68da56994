//! Objects in which container runtimes, collectors and services pass a program's lines on.

use std::borrow::Cow;

use super::super::json_value::{self, Value};
use super::super::word::{Word, any_in};
use super::{Peeled, lane};

static STREAM: Word = Word::new("\"stream\"");
static STREAMS: [Word; 2] = [
    Word::new("\"stream\":\"std"),
    Word::new("\"stream\": \"std"),
];
static MESSAGE: Word = Word::new("\"MESSAGE\"");
static OFFSET: Word = Word::new("\"offset\"");
static VERSION: Word = Word::new("\"@version\"");
static CONTAINER: Word = Word::new("\"container_id\"");
/// Of a service or a shipper that passes lines on one by one.
static PASSED_ON: [Word; 3] = [
    Word::new("\"ingestionTime\""),
    Word::new("\"textPayload\""),
    Word::new("\"entry\""),
];
pub(crate) static LABELS: Word = Word::new("\"labels\"");
static LINE: Word = Word::new("\"line\"");

/// Whether an object begins as one that holds a program's line does. Those that begin in any way have [`LABELS`], or name
/// a stream.
pub(crate) fn may_be_envelope(line: &[u8]) -> bool {
    matches!(line.get(2), Some(b'_' | b'A'..=b'Z'))
        || line.starts_with(b"{\"log\"")
        || line.starts_with(b"{\"@timestamp\"")
        || line.starts_with(b"{\"date\"")
        || line.starts_with(b"{\"container_")
        || line.starts_with(b"{\"@version\"")
        || line.starts_with(b"{\"insertId\"")
        || line.starts_with(b"{\"timestamp\": 1")
        || line.starts_with(b"{\"timestamp\":1")
}

pub(super) fn object(line: &[u8]) -> Option<Peeled<'_>> {
    docker(line)
        .or_else(|| journal(line))
        .or_else(|| shipped(line))
        .or_else(|| passed_on(line))
}

// {"container_id": "4f2a", "container_name": "/web", "source": "stderr", "log": "Traceback (most recent call last):"}
// {"date": 1795776263.564, "log": "Traceback (most recent call last):"}
// {"@version": "1", "host": "web1", "message": "Traceback (most recent call last):", "path": "/var/log/app.log"}
// {"timestamp": 1795776262565, "message": "Traceback (most recent call last):", "ingestionTime": 1795776262999}
// {"insertId": "a1", "textPayload": "Traceback (most recent call last):", "severity": "ERROR", "logName": "…/stderr"}
/// One line of a program in what Docker's driver, Fluent Bit, Logstash, CloudWatch, Cloud Logging or Promtail makes of it.
fn passed_on(line: &[u8]) -> Option<Peeled<'_>> {
    if !may_be_envelope(line) && !LABELS.is_in(line) {
        return None;
    }
    let is_log = line.starts_with(b"{\"log\"");
    let is_driver = line.starts_with(b"{\"container_") || is_log && CONTAINER.is_in(line);
    let is_dated = line.starts_with(b"{\"date\"");
    if !(is_driver || is_dated || VERSION.is_in(line) || any_in(&PASSED_ON, line)) {
        return None;
    }
    let (value, _) = json_value::parse(std::str::from_utf8(line).ok()?)?;
    let of = |key: &str| value.get(key).and_then(Value::text);
    let has = |key: &str| value.get(key).is_some();
    let is_number = |key: &str| value.get(key).and_then(Value::number).is_some();
    let count = value.entries().len();
    let (text, key) = if is_driver {
        (of("log")?, of("container_id").or_else(|| of("source"))?)
    } else if is_dated && count == 2 {
        (of("log")?, "")
    } else if has("@version") && has("host") && has("path") && !has("level") {
        (of("message")?, of("path")?)
    } else if is_number("ingestionTime") && is_number("timestamp") {
        (of("message")?, of("logStreamName").unwrap_or(""))
    } else if has("insertId") && has("logName") {
        (of("textPayload")?, of("logName")?)
    } else if has("labels") && has("ts") && count == 3 {
        (of("entry")?, "")
    } else {
        return None;
    };
    // A whole record was logged as one: it is told with what the service says about it.
    if text.trim_end_matches('\n').contains('\n') {
        return None;
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    Some(Peeled {
        lane: lane(&[b"passed on", key.as_bytes()]),
        text: Cow::Owned(text.as_bytes().to_vec()),
        piece: false,
    })
}

// {"@timestamp":"…","message":"Traceback (most recent call last):","log":{"offset":812,"file":{"path":"/var/log/app.log"}}}
// {"labels":{"app":"shop"},"line":"Traceback (most recent call last):","timestamp":"…"}
// {"stream":"stderr","logtag":"F","message":"Traceback (most recent call last):","kubernetes":{…}}
/// One line of a program in the envelope of a shipper: Filebeat, Loki, Fluent Bit.
fn shipped(line: &[u8]) -> Option<Peeled<'_>> {
    let filebeat = line.starts_with(b"{\"@timestamp\"") && OFFSET.is_in(line);
    let loki = !filebeat && LABELS.is_in(line) && LINE.is_in(line);
    let fluent = !filebeat && !loki && any_in(&STREAMS, line);
    if !(filebeat || loki || fluent) {
        return None;
    }
    let (value, _) = json_value::parse(std::str::from_utf8(line).ok()?)?;
    let of = |key: &str| value.get(key).and_then(Value::text);
    let inner = |a: &str, b: &str| value.get(a).and_then(|v| v.get(b));
    let (text, key) = if filebeat {
        // An application's own record in this shape has a level.
        if inner("log", "level").is_some() || value.get("log.level").is_some() {
            return None;
        }
        inner("log", "offset").or(value.get("offset"))?;
        let file = inner("log", "file").and_then(|f| f.get("path"));
        (of("message")?, file.and_then(Value::text).unwrap_or(""))
    } else if loki {
        value.get("labels")?;
        (of("line")?, "")
    } else {
        let text = of("log").or_else(|| of("message"))?;
        (text, of("stream")?)
    };
    let pod = inner("kubernetes", "pod_name").and_then(Value::text);
    let piece = fluent && of("logtag") == Some("P");
    let text = text.strip_suffix('\n').unwrap_or(text);
    Some(Peeled {
        lane: lane(&[b"shipped", key.as_bytes(), pod.unwrap_or("").as_bytes()]),
        text: Cow::Owned(text.as_bytes().to_vec()),
        piece,
    })
}

// {"log": "Traceback (most recent call last):\n", "stream": "stderr", "time": "2026-02-05T10:00:00.002251148Z"}
fn docker(line: &[u8]) -> Option<Peeled<'_>> {
    line.strip_prefix(b"{\"log\"")?;
    let tail = &line[line.len().saturating_sub(400)..];
    STREAM.find(tail)?;
    let text = std::str::from_utf8(line).ok()?;
    let (value, _) = json_value::parse(text)?;
    let stream = value.get("stream").and_then(Value::text)?;
    let log = value.get("log").and_then(Value::text)?;
    // Collectors that add their own fields pass whole lines on without their end.
    let whole = value.get("time").is_none() || value.entries().len() > 4;
    let (text, piece) = match log.strip_suffix('\n') {
        Some(text) => (text, false),
        None => (log, !whole),
    };
    let pod = value.path("kubernetes.pod_name").and_then(Value::text);
    Some(Peeled {
        lane: lane(&[b"docker", stream.as_bytes(), pod.unwrap_or("").as_bytes()]),
        text: Cow::Owned(text.as_bytes().to_vec()),
        piece,
    })
}

// {"__REALTIME_TIMESTAMP": "1770285603354595", "_PID": "812", "MESSAGE": "…"}
fn journal(line: &[u8]) -> Option<Peeled<'_>> {
    if !matches!(line.get(2), Some(b'_' | b'A'..=b'Z')) {
        return None;
    }
    MESSAGE.find(line)?;
    let text = std::str::from_utf8(line).ok()?;
    let (value, _) = json_value::parse(text)?;
    if ![
        "__REALTIME_TIMESTAMP",
        "_PID",
        "SYSLOG_IDENTIFIER",
        "PRIORITY",
        "_HOSTNAME",
    ]
    .iter()
    .any(|key| value.get(key).is_some())
    {
        return None;
    }
    // What `JournalHandler` writes is a record of its own, with its level.
    if value.get("LOGGER").is_some() && value.get("PRIORITY").is_some() {
        return None;
    }
    let of = |key: &str| {
        value
            .get(key)
            .and_then(Value::text)
            .unwrap_or_default()
            .to_owned()
    };
    let key = [of("_HOSTNAME"), of("SYSLOG_IDENTIFIER"), of("_PID")];
    let message = match value.get("MESSAGE")? {
        Value::Text(text) => text.as_bytes().to_vec(),
        // Bytes that are no clean text come as numbers.
        Value::List(items) => items
            .iter()
            .filter_map(|i| i.number().and_then(|n| u8::try_from(n).ok()))
            .collect(),
        _ => Vec::new(),
    };
    Some(Peeled {
        lane: lane(&[
            b"journal",
            key[0].as_bytes(),
            key[1].as_bytes(),
            key[2].as_bytes(),
        ]),
        text: Cow::Owned(message),
        piece: false,
    })
}
