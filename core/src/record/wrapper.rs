//! What transports put around each line of a program: container runtimes, log collectors, process managers, syslog.
//! A line is peeled to the program's own line and the stream that it belongs to; streams are framed apart.

use std::borrow::Cow;

use super::header::timestamp;
use super::json_value::{self, Value};
use super::word::{Word, any_in};

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

/// A line without its wrapper.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Peeled<'a> {
    /// Tells streams apart; never 0.
    pub lane: u64,
    pub text: Cow<'a, [u8]>,
    /// The line goes on in the stream's next one.
    pub piece: bool,
}

/// Takes the wrappers off a line, if it has one.
pub(crate) fn peel(line: &[u8]) -> Option<Peeled<'_>> {
    Some(unwrap_inner(outermost(line)?))
}

fn outermost(line: &[u8]) -> Option<Peeled<'_>> {
    match *line.first()? {
        b'{' => object(line),
        b'0'..=b'9' => stamped(line).or_else(|| pm2(line)),
        b'A'..=b'Z' | b'a'..=b'z' => syslog(line)
            .or_else(|| named(line, 0))
            .or_else(|| tabbed(line)),
        b'[' => kubectl(line).or_else(|| apache(line)),
        b'<' => priority(line),
        _ => None,
    }
}

/// One tool's output becomes another's input: what is inside of a wrapper may be wrapped once more, by a shape that no
/// program's own line has. `web-1  | 2026-02-05T10:00:00.912985563Z text`
fn unwrap_inner(outer: Peeled<'_>) -> Peeled<'_> {
    let inner = |text: &[u8]| match text.first() {
        Some(b'{') => true,
        Some(b'0'..=b'9') => runtime_stamp(text),
        _ => false,
    };
    if outer.piece || !inner(&outer.text) {
        return outer;
    }
    let lane = outer.lane;
    let both = |inner: u64| (lane.rotate_left(1) ^ inner).max(1);
    match outer.text {
        Cow::Borrowed(text) => match outermost(text) {
            Some(peeled) => Peeled {
                lane: both(peeled.lane),
                ..peeled
            },
            None => borrowed(lane, text),
        },
        Cow::Owned(text) => {
            let peeled = outermost(&text).map(|peeled| Peeled {
                lane: both(peeled.lane),
                text: Cow::Owned(peeled.text.into_owned()),
                piece: peeled.piece,
            });
            peeled.unwrap_or(Peeled {
                lane,
                text: Cow::Owned(text),
                piece: false,
            })
        }
    }
}

// 2026-02-05T10:00:00.912985563Z, as container runtimes write it
fn runtime_stamp(line: &[u8]) -> bool {
    timestamp::length(line).is_some_and(|length| is_runtime_stamp(&line[..length]))
}

fn is_runtime_stamp(stamp: &[u8]) -> bool {
    let fraction = stamp.len().checked_sub(20);
    stamp.get(10) == Some(&b'T') && stamp.ends_with(b"Z") && matches!(fraction, Some(8 | 10))
}

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

fn object(line: &[u8]) -> Option<Peeled<'_>> {
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

fn lane(parts: &[&[u8]]) -> u64 {
    // FNV-1a
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.iter().chain(b"\n") {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash.max(1)
}

fn borrowed<'a>(lane: u64, text: &'a [u8]) -> Peeled<'a> {
    Peeled {
        lane,
        text: Cow::Borrowed(text),
        piece: false,
    }
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

fn stamped(line: &[u8]) -> Option<Peeled<'_>> {
    let length = timestamp::length(line)?;
    let rest = line.get(length..)?;
    if rest.first() == Some(&b'\t') && line.get(10) == Some(&b'T') {
        return fluentd(rest);
    }
    // 2026-02-05T10:00:00: text, as pm2 writes it
    if length == 19
        && line.get(10) == Some(&b'T')
        && let Some(text) = rest.strip_prefix(b": ")
    {
        return Some(borrowed(lane(&[b"pm2"]), text));
    }
    let rest = rest.strip_prefix(b" ")?;
    // 2026-11-27 10:00:01.123456789 +0000 docker.web: {"log": …}, as fluentd prints it
    if line.get(10) == Some(&b' ')
        && rest.ends_with(b"}")
        && let Some((_, body)) = ident(rest)
        && body.starts_with(b"{\"")
    {
        return object(body);
    }
    // 2026-02-05T10:00:00.912985563Z stderr F Traceback (most recent call last):
    for stream in [&b"stdout"[..], b"stderr"] {
        if let Some(rest) = rest.strip_prefix(stream).and_then(|r| r.strip_prefix(b" ")) {
            let piece = match rest.first() {
                Some(b'F') => false,
                Some(b'P') => true,
                _ => return None,
            };
            let text = match rest.get(1) {
                None => &rest[1..],
                Some(b' ') => &rest[2..],
                // F:partial tags
                Some(b':') => &rest[memchr::memchr(b' ', rest)? + 1..],
                _ => return None,
            };
            return Some(Peeled {
                lane: lane(&[b"cri", stream]),
                text: Cow::Borrowed(text),
                piece,
            });
        }
    }
    let stamp = &line[..length];
    if stamp.get(10) != Some(&b'T') {
        // 13:42:59 web.1   | text
        return (length <= 12).then(|| named(line, length + 1)).flatten();
    }
    // 2026-02-05T10:00:00.123456+00:00 app[web.1]: text
    if let Some((ident, text)) = ident(rest)
        && ident.ends_with(b"]")
    {
        return Some(borrowed(lane(&[b"heroku", ident]), text));
    }
    // 2026-02-05T10:00:00.912985563Z text, as `docker logs -t` and `kubectl logs --timestamps` write it
    if is_runtime_stamp(stamp) {
        return Some(borrowed(lane(&[b"stamp"]), rest));
    }
    if let Some(peeled) = dated_syslog(stamp, rest) {
        return Some(peeled);
    }
    // 2026-01-02T03:04:05Z web.1 | text
    named(line, length + 1)
}

// 2026-11-22T14:29:04+0100 web-1 shop[812]: text | 2026-11-22T14:29:04.123456+01:00 web-1 shop: text
/// Syslog with a full date, from journalctl or rsyslog. An application's own line may look like it: `2026-… ERROR shop: text`.
fn dated_syslog<'a>(stamp: &[u8], rest: &'a [u8]) -> Option<Peeled<'a>> {
    let host = &rest[..memchr::memchr(b' ', &rest[..rest.len().min(80)])?];
    let level = std::str::from_utf8(host).ok()?;
    if super::header::level::severity(level).is_some() {
        return None;
    }
    let (ident, _) = ident(&rest[host.len() + 1..])?;
    // rsyslog: microseconds and a zone
    let precise = stamp.len() == 32 && stamp.get(29) == Some(&b':');
    let numbered = ident.ends_with(b"]");
    (precise || numbered)
        .then(|| host_and_ident(rest))
        .flatten()
}

// <tab>app.shop<tab>{"log":"Traceback (most recent call last):","stream":"stderr"}
fn fluentd(rest: &[u8]) -> Option<Peeled<'_>> {
    let tag = 1 + memchr::memchr(b'\t', rest.get(1..rest.len().min(120))?)?;
    let body = rest.get(tag + 1..)?;
    body.starts_with(b"{").then(|| object(body)).flatten()
}

/// `shop[812]: text` or `shop: text`: the program and the text.
fn ident(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let name = rest
        .iter()
        .take(64)
        .take_while(|c| {
            c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b'/' | b'@' | b'(' | b')')
        })
        .count();
    if name == 0 {
        return None;
    }
    let mut at = name;
    if rest.get(at) == Some(&b'[') {
        at += 1 + memchr::memchr(b']', &rest[at..rest.len().min(at + 40)])?;
    }
    if rest.get(at) != Some(&b':') {
        return None;
    }
    let text = &rest[at + 1..];
    Some((&rest[..at], text.strip_prefix(b" ").unwrap_or(text)))
}

// 0|shop  | Traceback (most recent call last):
/// `pm2 logs`: a process' number and name.
fn pm2(line: &[u8]) -> Option<Peeled<'_>> {
    let digits = line.iter().take(4).take_while(|c| c.is_ascii_digit());
    let number = digits.count();
    if line.get(number) != Some(&b'|') {
        return None;
    }
    let rest = &line[number + 1..];
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b' ');
    let name = rest.iter().take(64).take_while(|c| is_part(c)).count();
    let text = rest[name..].strip_prefix(b"|")?;
    (name > 1 && rest[name - 1] == b' ' && rest[0] != b' ').then(|| {
        let key = lane(&[b"pm2", &line[..number + 1 + name]]);
        borrowed(key, text.strip_prefix(b" ").unwrap_or(text))
    })
}

// test<tab>Run pytest<tab>2026-11-27T10:00:01.1234567Z Traceback (most recent call last):
/// `gh run view --log`: job and step.
fn tabbed(line: &[u8]) -> Option<Peeled<'_>> {
    let head = &line[..line.len().min(200)];
    let first = memchr::memchr(b'\t', head)?;
    let second = first + 1 + memchr::memchr(b'\t', &head[first + 1..])?;
    let rest = &line[second + 1..];
    let length = timestamp::length(rest)?;
    let stamp = &rest[..length];
    (stamp.get(10) == Some(&b'T') && stamp.ends_with(b"Z") && length > 26).then_some(())?;
    let text = rest[length..].strip_prefix(b" ")?;
    Some(borrowed(lane(&[b"tabbed", &line[..second]]), text))
}

// Nov 22 14:29:04 localhost shop[25497]: Traceback (most recent call last):
// Fri 2026-11-27 10:00:01 UTC localhost shop[25497]: Traceback (most recent call last):
fn syslog(line: &[u8]) -> Option<Peeled<'_>> {
    if line.get(3) == Some(&b' ')
        && line.get(8) == Some(&b'-')
        && let Some(length) = timestamp::length(&line[4..])
    {
        return host_and_ident(line.get(4 + length..)?.strip_prefix(b" ")?);
    }
    let length = timestamp::length(line)?;
    if !(15..=30).contains(&length) || !line[..3].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let rest = line.get(length..)?.strip_prefix(b" ")?;
    host_and_ident(rest)
}

fn host_and_ident(rest: &[u8]) -> Option<Peeled<'_>> {
    // The program's own time.
    if timestamp::length(rest).is_some() {
        return None;
    }
    let host = rest
        .iter()
        .take(80)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b':'))
        .count();
    if host == 0 || rest.get(host) != Some(&b' ') {
        return None;
    }
    // Nov 22 14:29:04 ERROR shop: the program's own line
    let is_level = std::str::from_utf8(&rest[..host])
        .is_ok_and(|word| super::header::level::severity(word).is_some());
    if is_level {
        return None;
    }
    let (ident, text) = ident(&rest[host + 1..])?;
    Some(borrowed(lane(&[b"syslog", &rest[..host], ident]), text))
}

// <11>Nov 22 14:29:04 host shop[1]: text | <34>1 2026-10-11T22:14:15.003Z host app 812 - - text
fn priority(line: &[u8]) -> Option<Peeled<'_>> {
    let close = memchr::memchr(b'>', &line[..line.len().min(5)])?;
    if close < 2 || !line[1..close].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let rest = &line[close + 1..];
    let Some(rest) = rest.strip_prefix(b"1 ") else {
        return syslog(rest);
    };
    let length = timestamp::length(rest)?;
    let mut parts = rest.get(length + 1..)?.splitn(6, |c| *c == b' ');
    let (host, app, pid) = (parts.next()?, parts.next()?, parts.next()?);
    let id = parts.next()?;
    let mut tail = parts.next()?;
    let text = parts.next().unwrap_or_default();
    // Heroku's drains leave the structured data out.
    if tail != b"-" && !tail.starts_with(b"[") {
        let before = length + 5 + host.len() + app.len() + pid.len() + id.len();
        return Some(borrowed(
            lane(&[b"syslog", host, app, pid]),
            &rest[before..],
        ));
    }
    let whole;
    if tail.first() == Some(&b'[') && !tail.ends_with(b"]") {
        let from = rest.len() - text.len() - tail.len() - 1;
        whole = &rest[from..];
        let end = memchr::memmem::find(whole, b"] ")?;
        tail = &whole[end + 2..];
        return Some(borrowed(lane(&[b"syslog", host, app, pid]), tail));
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    Some(borrowed(lane(&[b"syslog", host, app, pid]), text))
}

// web-1  | Traceback (most recent call last):
fn named(line: &[u8], from: usize) -> Option<Peeled<'_>> {
    let rest = line.get(from..)?;
    let name = rest
        .iter()
        .take(64)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.'))
        .count();
    let blank = rest[name..]
        .iter()
        .take(64)
        .take_while(|c| **c == b' ')
        .count();
    if name == 0 || blank == 0 || rest.get(name + blank) != Some(&b'|') {
        return None;
    }
    // A table in a message has no numbered names: `name | value`.
    let numbered = rest[name - 1].is_ascii_digit();
    let is_level = super::header::level::capital(&rest[..name]).is_some();
    if is_level || !(numbered || (from == 0 && blank >= 2)) {
        return None;
    }
    let text = &rest[name + blank + 1..];
    Some(borrowed(
        lane(&[b"named", &rest[..name]]),
        text.strip_prefix(b" ").unwrap_or(text),
    ))
}

// [pod/web-7f9c/shop] Traceback (most recent call last):
fn kubectl(line: &[u8]) -> Option<Peeled<'_>> {
    let rest = line.strip_prefix(b"[pod/")?;
    let close = memchr::memchr(b']', &rest[..rest.len().min(300)])?;
    let text = &rest[close + 1..];
    Some(borrowed(
        lane(&[b"pod", &rest[..close]]),
        text.strip_prefix(b" ").unwrap_or(text),
    ))
}

// [Sun Nov 22 13:18:46.123456 2026] [wsgi:error] [pid 12:tid 34] [client 127.0.0.1:5000] Traceback (most recent call last):
fn apache(line: &[u8]) -> Option<Peeled<'_>> {
    let inner = &line[1..];
    let length = timestamp::length(inner)?;
    if !inner[..3].iter().all(u8::is_ascii_alphabetic) || !inner[length..].starts_with(b"] [") {
        return None;
    }
    let mut rest = &inner[length + 2..];
    let mut key: &[u8] = b"";
    let mut seen = 0;
    while rest.first() == Some(&b'[') && seen < 5 {
        let close = memchr::memchr(b']', &rest[..rest.len().min(120)])?;
        let group = &rest[1..close];
        let known = [
            &b"wsgi"[..],
            b"pid",
            b"tid",
            b"client",
            b"remote",
            b"core",
            b"proxy",
            b"mpm",
            b":error",
        ]
        .iter()
        .any(|p| group.starts_with(p))
            || (seen == 0 && group.contains(&b':'));
        if !known {
            break;
        }
        if group.starts_with(b"pid") {
            key = group;
        }
        rest = &rest[close + 1..];
        rest = rest.strip_prefix(b" ").unwrap_or(rest);
        seen += 1;
    }
    (seen >= 2).then(|| borrowed(lane(&[b"apache", key]), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> String {
        peel(line.as_bytes()).map_or("none".to_owned(), |p| {
            format!(
                "{}{}",
                String::from_utf8_lossy(&p.text),
                if p.piece { "…" } else { "" }
            )
        })
    }

    #[test]
    fn wrapped_lines() {
        for (line, want) in [
            (
                r#"{"log": "  File \"a\"\n", "stream": "stderr", "time": "x"}"#,
                "  File \"a\"",
            ),
            (r#"{"log":"xx","stream":"stdout","time":"x"}"#, "xx…"),
            (r#"{"log":"xx","stream":"stdout"}"#, "xx"),
            (
                r#"{"@timestamp":"x","message":"  File","log":{"offset":8,"file":{"path":"/a.log"}}}"#,
                "  File",
            ),
            (
                r#"{"labels":{"app":"a"},"line":"  File","timestamp":"x"}"#,
                "  File",
            ),
            (
                r#"{"stream":"stderr","logtag":"F","message":"  File","kubernetes":{"pod_name":"a"}}"#,
                "  File",
            ),
            (
                "2026-11-22T14:30:00+00:00\tapp\t{\"log\":\"  File\",\"stream\":\"stderr\"}",
                "  File",
            ),
            ("web_1  | 2026-02-05T10:00:00.912985563Z   File", "  File"),
            (
                "[pod/web/shop] 2026-02-05T10:00:00.912985563Z   File",
                "  File",
            ),
            ("2026-11-22T14:29:04+0100 web-1 shop[812]:   File", "  File"),
            (
                "2026-11-22T14:29:04.123456+01:00 web-1 shop:   File",
                "  File",
            ),
            (
                r#"{"__REALTIME_TIMESTAMP": "1", "_PID": "8", "MESSAGE": [104, 105]}"#,
                "hi",
            ),
            ("2026-02-05T10:00:00.912985563Z stderr F   File", "  File"),
            ("2026-02-05T10:00:00.912985563Z stderr P xx", "xx…"),
            ("2026-02-05T10:00:00.912985563Z plain", "plain"),
            (
                "2026-02-05T10:00:00.123456+00:00 app[web.1]:   File",
                "  File",
            ),
            ("Nov 22 14:29:04 localhost shop[25497]: ERROR x", "ERROR x"),
            ("<11>Nov 22 14:29:04 host shop[1]: text", "text"),
            (
                "<34>1 2026-10-11T22:14:15.003Z host app 812 - - text here",
                "text here",
            ),
            ("web-1  |   File", "  File"),
            ("2026-01-02T03:04:05Z web.1 |   File", "  File"),
            ("[pod/web-7f9c/shop]   File", "  File"),
            (
                "[Sun Nov 22 13:18:46.123456 2026] [wsgi:error] [pid 12:tid 34] [client 127.0.0.1:5000]   File",
                "  File",
            ),
        ] {
            assert_eq!(text(line), want, "{line}");
        }
    }

    #[test]
    fn other_lines() {
        for line in [
            "2026-11-22 13:37:36.223 | INFO     | __main__:ctx:10 - start 1",
            "ERROR | x",
            "name | value",
            "2026-11-22T12:37:32.578305Z [info] x",
            r#"{"log": "shop", "level": "error"}"#,
            "[2026-11-22 13:33:11 +0100] [845] [ERROR] x",
            "2026-11-22T14:29:04.123456+01:00 ERROR shop: x",
            "2026-11-22T14:29:04+0100 error shop[8]: x",
            r#"{"@timestamp":"x","log.level":"error","message":"x","log":{"offset":8}}"#,
            "May be: x",
            // shorter than any time
            "2026-02-05T0:00:00 x",
            "<module> x",
        ] {
            assert_eq!(text(line), "none", "{line}");
        }
    }
}
