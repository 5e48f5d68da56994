//! Tells whether a line begins a record, and what it says about it: time, level, logger, message.
//!
//! The answer depends on the line alone, never on earlier lines, so that reading can begin at any line.
//! The shapes are those of the standard library's formatters and of the common servers, workers and loggers;
//! none has to be configured.

pub(crate) mod fields;
pub(crate) mod level;
pub(crate) mod timestamp;

use std::ops::Range;

use super::word::{Word, any_in};
use level::Severity;

/// The outer shape of a header. Two records of one program have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `2026-11-22 13:31:44,213 - app - ERROR - message`
    Stamp,
    /// `[2026-11-22 13:18:47,002] ERROR in app: message`
    BracketStamp,
    /// `ERROR:logger:message`, `[ERROR] message`
    LevelFirst,
    /// `[E 261122 13:33:22 web:2108] message`
    Letter,
    /// `           ERROR    message      file.py:14`: a table row whose time is that of the row above.
    Row,
    /// `127.0.0.1 - - [22/Nov/2026 13:18:46] "GET /ok HTTP/1.1" 200 -`
    Access,
    /// `{"level": …}` on one line, or `{` where the object is spread over several.
    Json,
    /// `timestamp='…' level='error' event='…'`
    KeyValue,
}

/// What the first line of a record says. Ranges are byte ranges of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub kind: Kind,
    pub timestamp: Option<Range<usize>>,
    pub level: Option<Range<usize>>,
    pub severity: Option<Severity>,
    pub logger: Option<Range<usize>>,
    /// Where the message begins.
    pub message: usize,
}

impl Header {
    fn bare(kind: Kind) -> Header {
        Header {
            kind,
            timestamp: None,
            level: None,
            severity: None,
            logger: None,
            message: 0,
        }
    }
}

/// The header of a line that begins a record; `None` for a continuation line.
pub(crate) fn recognise(line: &[u8]) -> Option<Header> {
    match *line.first()? {
        b'{' => json(line),
        b'[' => bracket(line)
            .or_else(|| program(line))
            .or_else(|| name_first(line)),
        b'0'..=b'9' => access(line).or_else(|| stamp(line)),
        b'A'..=b'Z' => level_first(line)
            .or_else(|| stamp(line))
            .or_else(|| glog(line))
            .or_else(|| key_value(line))
            .or_else(|| program(line))
            .or_else(|| name_first(line)),
        b'a'..=b'z' => key_value(line)
            .or_else(|| simple(line))
            .or_else(|| program(line))
            .or_else(|| name_first(line)),
        b'_' => name_first(line),
        b'<' | b'(' => bracket_stamp(line),
        0x80.. => decorated(line),
        b' ' => row(line),
        b':' => access(line),
        _ => None,
    }
}

// {"level": "ERROR", … | { | {"
fn json(line: &[u8]) -> Option<Header> {
    let rest = line[1..].trim_ascii();
    match rest.first() {
        None | Some(b'"') => Some(Header::bare(Kind::Json)),
        _ => None,
    }
}

fn bracket(line: &[u8]) -> Option<Header> {
    letter(line)
        .or_else(|| bracket_stamp(line))
        .or_else(|| bracket_level(line))
        .or_else(|| json_array(line))
}

// [{"level": … | [
fn json_array(line: &[u8]) -> Option<Header> {
    let rest = line[1..].trim_ascii();
    match rest.first() {
        None => Some(Header::bare(Kind::Json)),
        Some(b'{') if rest.len() == 1 || rest[1..].trim_ascii_start().first() == Some(&b'"') => {
            Some(Header::bare(Kind::Json))
        }
        _ => None,
    }
}

// [E 261122 13:33:22 web:2108] Uncaught exception GET /jobs/cache_refresh (127.0.0.1)
fn letter(line: &[u8]) -> Option<Header> {
    let severity = level::severity(level::of_letter(*line.get(1)?)?)?;
    if line.get(2) != Some(&b' ') {
        return None;
    }
    let close = memchr::memchr(b']', &line[..line.len().min(120)])?;
    let inside = &line[3..close];
    let date = inside
        .iter()
        .take_while(|c| !c.is_ascii_whitespace())
        .count();
    if date < 6
        || !inside[..date]
            .iter()
            .all(|c| c.is_ascii_digit() || *c == b'-')
    {
        return None;
    }
    let clock = timestamp::length(inside.get(date + 1..)?)?;
    let end = 3 + date + 1 + clock;
    Some(Header {
        kind: Kind::Letter,
        timestamp: Some(3..end),
        level: Some(1..2),
        severity: Some(severity),
        logger: None,
        message: skip_blank(line, close + 1),
    })
}

// [2026-11-22 13:33:11 +0100] [845] [ERROR] Error handling request GET /x
// [2026-11-22 13:37:59,206: ERROR/ForkPoolWorker-1] Task shop.tasks.job[…] raised unexpected: …
// [22/Nov/2026 13:19:00] "GET /ok?0 HTTP/1.1" 200 2
fn bracket_stamp(line: &[u8]) -> Option<Header> {
    let blank = usize::from(line.get(1) == Some(&b' '));
    let begin = 1 + blank;
    let length = timestamp::length(line.get(begin..)?)?;
    let end = begin + length;
    let mut at = end;
    let mut header = Header::bare(Kind::BracketStamp);
    header.timestamp = Some(begin..end);
    let close = match line[0] {
        b'<' => b'>',
        b'(' => b')',
        _ => b']',
    };
    if line.get(at) == Some(&close) {
        at += 1;
    } else if close != b']' || !matches!(line.get(at), Some(b':' | b' ' | b'|' | b',' | b'\t')) {
        return None;
    }
    fields::read(line, at, &mut header);
    if is_request_line(&line[header.message..]) {
        header.kind = Kind::Access;
    }
    Some(header)
}

// [ERROR] TypeError: x | [ERROR]<tab>2026-…Z<tab>request-id<tab>message | [error] message
fn bracket_level(line: &[u8]) -> Option<Header> {
    let close = memchr::memchr(b']', &line[..line.len().min(16)])?;
    let word = line[1..close].trim_ascii();
    let severity = level::severity(std::str::from_utf8(word).ok()?)?;
    if !matches!(line.get(close + 1), None | Some(b' ' | b'\t' | b':')) {
        return None;
    }
    let begin = 1 + line[1..close].iter().take_while(|c| **c == b' ').count();
    let mut header = Header::bare(Kind::LevelFirst);
    header.level = Some(begin..begin + word.len());
    header.severity = Some(severity);
    fields::after_level(line, close + 1, &mut header);
    Some(header)
}

// 2026-11-22 13:31:44,213 - app - ERROR - message | Nov 22 2026 … | 1795776262.564630 ERROR message
fn stamp(line: &[u8]) -> Option<Header> {
    let (length, is_sure) = match timestamp::length(line) {
        Some(length) => (length, true),
        None => (
            timestamp::epoch(line).or_else(|| timestamp::short(line))?,
            false,
        ),
    };
    if !matches!(
        line.get(length),
        None | Some(b' ' | b'\t' | b':' | b'|' | b',' | b'-' | b'[' | b']')
    ) {
        return None;
    }
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(0..length);
    fields::read(line, length, &mut header);
    (is_sure || header.level.is_some()).then_some(header)
}

// error: job failed {"stack":"Error: boom\n    at …"}
/// A line as winston's simple format writes it.
fn simple(line: &[u8]) -> Option<Header> {
    const LEVELS: [&[u8]; 7] = [
        b"error", b"warn", b"info", b"http", b"verbose", b"debug", b"silly",
    ];
    static OBJECT: Word = Word::new(" {\"");
    let word = line.iter().take(8).take_while(|c| c.is_ascii_lowercase());
    let word = word.count();
    let is_simple = LEVELS.contains(&&line[..word])
        && line[word..].starts_with(b": ")
        && line.ends_with(b"}")
        && OBJECT.is_in(line);
    is_simple.then(|| Header {
        kind: Kind::LevelFirst,
        timestamp: None,
        level: Some(0..word),
        severity: std::str::from_utf8(&line[..word])
            .ok()
            .and_then(level::severity),
        logger: None,
        message: word + 2,
    })
}

// E1122 13:31:44.213456 1400154 worker.py:49] message
/// A line as absl, glog and klog write it.
fn glog(line: &[u8]) -> Option<Header> {
    let severity = level::severity(level::of_letter(*line.first()?)?)?;
    let date = line[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    if !matches!(date, 4 | 8) || line.get(1 + date) != Some(&b' ') {
        return None;
    }
    let begin = 2 + date;
    let end = begin + timestamp::length(&line[begin..])?;
    let close = end + memchr::memchr(b']', &line[end..line.len().min(end + 200)])?;
    let mut fields = line[end..close]
        .split(|c| *c == b' ')
        .filter(|f| !f.is_empty());
    let (thread, place) = (fields.next()?, fields.next()?);
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let line_number = memchr::memrchr(b':', place).map(|at| &place[at + 1..])?;
    if fields.next().is_some() || !is_number(thread) || !is_number(line_number) {
        return None;
    }
    Some(Header {
        kind: Kind::Letter,
        timestamp: Some(1..end),
        level: Some(0..1),
        severity: Some(severity),
        logger: None,
        message: skip_blank(line, close + 1),
    })
}

// Main  2026-11-22 13:31:44 +0000 ERROR: message | Srv 0 |2026-11-22 13:31:44 +0000 ERROR: message
// [web] 2026-11-22 13:31:44,213 - app - ERROR - message | web:dev: 2026-… | web-7d4b9c-xk2p web 2026-…
/// The name of a process, a program or a container before the time.
fn program(line: &[u8]) -> Option<Header> {
    let begin = named_before(line)?;
    if line.get(begin + 4) != Some(&b'-') {
        return None;
    }
    let length = timestamp::length(&line[begin..])?;
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(begin..begin + length);
    fields::read(line, begin + length, &mut header);
    header.level.is_some().then_some(header)
}

/// Where the text behind a name begins.
fn named_before(line: &[u8]) -> Option<usize> {
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'/');
    let word = |at: usize| {
        let rest = line.get(at..).unwrap_or_default();
        rest.iter().take(64).take_while(|c| is_part(c)).count()
    };
    if line.first() == Some(&b'[') {
        let name = word(1);
        return (name > 0 && line[1 + name..].starts_with(b"] ")).then_some(3 + name);
    }
    let name = word(0);
    if line.get(name) == Some(&b':') {
        // web:dev:
        let task = word(name + 1);
        let end = name + 1 + if task > 0 { task + 1 } else { 0 };
        let is_set_off = line.get(end - 1) == Some(&b':') && line.get(end) == Some(&b' ');
        return is_set_off.then_some(end + 1);
    }
    let mut end = name;
    if line.get(name) == Some(&b' ') {
        let second = word(name + 1);
        let is_number =
            (1..=3).contains(&second) && line[name + 1..][..second].iter().all(u8::is_ascii_digit);
        let is_pod = second > 0
            && line[..name].contains(&b'-')
            && line[..name].iter().any(u8::is_ascii_digit);
        let is_next = matches!(line.get(name + 1 + second), Some(b' ' | b'|'));
        if is_next && (is_number || is_pod) {
            end = name + 1 + second;
        }
    }
    let gap = line[end..].iter().take(24);
    let gap = gap.take_while(|c| matches!(c, b' ' | b'|')).count();
    (gap > 0).then_some(end + gap)
}

// shop.worker: ERROR: message | shop.worker - ERROR - message | shop.worker    : ERROR    message | [shop.worker] ERROR: message
fn name_first(line: &[u8]) -> Option<Header> {
    let open = usize::from(line.first() == Some(&b'['));
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-' | b'/');
    let name = line[open..]
        .iter()
        .take(64)
        .take_while(|c| is_part(c))
        .count();
    let name = open..open + name;
    let mut at = name.end;
    if open == 1 {
        at += line[at..].starts_with(b"] ").then_some(2)?;
    } else {
        at = skip_blank(line, at);
        at += 1 + line[at..]
            .starts_with(b": ")
            .then_some(0)
            .or_else(|| (at > name.end && line[at..].starts_with(b"- ")).then_some(0))?;
    }
    let begin = skip_blank(line, at);
    let word = line[begin..]
        .iter()
        .take_while(|c| c.is_ascii_uppercase())
        .count();
    let severity = level::capital(&line[begin..][..word])?;
    let text = &line[name.clone()];
    let is_named = fields::is_name(text)
        && !fields::is_type(text)
        && text.first().is_some_and(|c| !c.is_ascii_uppercase());
    if !is_named || !matches!(line.get(begin + word), Some(b':' | b' ')) {
        return None;
    }
    let mut header = Header::bare(Kind::LevelFirst);
    header.logger = Some(name);
    header.level = Some(begin..begin + word);
    header.severity = Some(severity);
    fields::after_level(line, begin + word, &mut header);
    Some(header)
}

// 🚨 2026-11-22 13:31:44,213 ERROR shop.worker message
fn decorated(line: &[u8]) -> Option<Header> {
    let begin = 1 + memchr::memchr(b' ', &line[..line.len().min(9)])?;
    let length = timestamp::length(&line[begin..])?;
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(begin..begin + length);
    fields::read(line, begin + length, &mut header);
    header.level.is_some().then_some(header)
}

// ERROR:shop.worker:job failed | ERROR:    Exception in ASGI application | ERROR 2026-… module 1 2 message
fn level_first(line: &[u8]) -> Option<Header> {
    let word = line.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let severity = level::capital(&line[..word])?;
    if !matches!(
        line.get(word),
        Some(b':' | b' ' | b'\t' | b']' | b'|' | b'-')
    ) {
        return None;
    }
    let mut header = Header::bare(Kind::LevelFirst);
    header.level = Some(0..word);
    header.severity = Some(severity);
    fields::after_level(line, word, &mut header);
    Some(header)
}

// 127.0.0.1 - - [22/Nov/2026 13:18:46] "GET /ok?i=0 HTTP/1.1" 200 -
fn access(line: &[u8]) -> Option<Header> {
    let (mut host, mut dots, mut colons) = (0, 0, 0);
    for byte in line.iter().take(46) {
        match byte {
            b'.' => dots += 1,
            b':' => colons += 1,
            _ if byte.is_ascii_hexdigit() => {}
            _ => break,
        }
        host += 1;
    }
    if !(dots == 3 || colons >= 2) || line.get(host) != Some(&b' ') {
        return None;
    }
    let open = memchr::memchr(b'[', &line[host..line.len().min(host + 120)])? + host;
    timestamp::length(&line[open + 1..])?;
    Some(Header::bare(Kind::Access))
}

// timestamp='2026-11-22T12:37:34.294043Z' level='info' event='start'
fn key_value(line: &[u8]) -> Option<Header> {
    const FIRST: [&[u8]; 14] = [
        b"timestamp=",
        b"time=",
        b"ts=",
        b"level=",
        b"lvl=",
        b"severity=",
        b"event=",
        b"msg=",
        b"message=",
        b"logger=",
        b"name=",
        b"at=",
        b"t=",
        b"asctime=",
    ];
    static LEVEL: [Word; 5] = [
        Word::new("level="),
        Word::new("lvl="),
        Word::new("severity="),
        Word::new("levelname="),
        Word::new("at="),
    ];
    let is_known = FIRST.iter().any(|key| line.starts_with(key));
    if !is_known && !has_pairs(line) {
        return None;
    }
    any_in(&LEVEL, line).then(|| Header::bare(Kind::KeyValue))
}

// job=cache event="job failed" level=error timestamp=2026-11-22T12:37:34.294043Z
/// Whether a line that begins with any key has a level and a message or a time among its pairs.
fn has_pairs(line: &[u8]) -> bool {
    const SAID: [&[u8]; 7] = [
        b"event=",
        b"msg=",
        b"message=",
        b"timestamp=",
        b"time=",
        b"ts=",
        b"asctime=",
    ];
    let key = line
        .iter()
        .take(40)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-'))
        .count();
    if key == 0 || line.get(key) != Some(&b'=') || line.get(key + 1) == Some(&b'=') {
        return false;
    }
    let keys = || memchr::memchr_iter(b' ', line).map(|at| &line[at + 1..]);
    let is_level = |pair: &[u8]| {
        let value = [&b"level="[..], b"lvl=", b"severity=", b"levelname="]
            .iter()
            .find_map(|key| pair.strip_prefix(*key));
        let word = value.map(|value| {
            let value = value.trim_ascii_start();
            let quoted = matches!(value.first(), Some(b'"' | b'\''));
            let value = &value[usize::from(quoted)..];
            let length = value.iter().take_while(|c| c.is_ascii_alphabetic());
            &value[..length.count()]
        });
        word.and_then(|word| std::str::from_utf8(word).ok())
            .is_some_and(|word| level::severity(word).is_some())
    };
    keys().any(is_level) && keys().any(|pair| SAID.iter().any(|key| pair.starts_with(key)))
}

//            ERROR    job cache_refresh failed        rich_narrow_locals_run.py:14
fn row(line: &[u8]) -> Option<Header> {
    let indent = line.iter().take_while(|c| **c == b' ').count();
    if !(8..=40).contains(&indent) {
        return None;
    }
    let rest = &line[indent..];
    let word = rest.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let severity = level::capital(&rest[..word])?;
    // The level column is eight wide.
    if rest.len() < 10 || word > 8 || !rest[word..9].iter().all(|c| *c == b' ') || rest[9] == b' ' {
        return None;
    }
    Some(Header {
        kind: Kind::Row,
        timestamp: None,
        level: Some(indent..indent + word),
        severity: Some(severity),
        logger: None,
        message: indent + 9,
    })
}

/// Whether a line in which the first tier found something reports nothing: a request that was served, or a record that
/// was logged as harmless and holds no trace. The lines below it are asked on their own.
pub(crate) fn is_harmless(line: &[u8]) -> bool {
    static HARMLESS: [Word; 4] = [
        Word::new("\"INFO\""),
        Word::new("\"info\""),
        Word::new("\"DEBUG\""),
        Word::new("\"debug\""),
    ];
    let Some(header) = recognise(line) else {
        return false;
    };
    match header.kind {
        Kind::Access => true,
        Kind::Json => {
            let head = &line[..line.len().min(160)];
            any_in(&HARMLESS, head) && !may_hold_trace(line)
        }
        _ => header.severity.is_some_and(|s| s <= Severity::Info) && !may_hold_trace(line),
    }
}

/// Whether one line can hold a trace, however it is written.
fn may_hold_trace(line: &[u8]) -> bool {
    static SIGNS: [Word; 5] = [
        Word::new("raceback"),
        Word::new("\\n"),
        Word::new("#012"),
        Word::new("tack"),
        Word::new("{"),
    ];
    any_in(&SIGNS, &line[1..])
}

/// Whether a message is the line that a server writes for each request, whatever its level:
/// `"GET /x HTTP/1.1" 500 64622`, `500 GET /x (127.0.0.1) 3.50ms`, `127.0.0.1:35364 - "GET /x HTTP/1.1" 500`.
pub(crate) fn is_request_line(message: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] = [
        b"GET ",
        b"POST ",
        b"PUT ",
        b"PATCH ",
        b"DELETE ",
        b"HEAD ",
        b"OPTIONS ",
        b"CONNECT ",
        b"TRACE ",
    ];
    static VERSION: Word = Word::new(" HTTP/");
    static QUOTE: Word = Word::new(" \"");
    let head = &message[..message.len().min(300)];
    let is_method = |at: usize| {
        head.get(at..)
            .is_some_and(|m| METHODS.iter().any(|x| m.starts_with(x)))
    };
    if head.first() == Some(&b'"') && is_method(1) {
        return true;
    }
    // 500 GET /x (127.0.0.1) 3.50ms
    if head.len() > 4 && head[..3].iter().all(u8::is_ascii_digit) && head[3] == b' ' && is_method(4)
    {
        return true;
    }
    // GET /x HTTP/1.1 500 | GET /x 200 3ms
    if is_method(0) && VERSION.is_in(head) {
        return true;
    }
    QUOTE.find(head).is_some_and(|quote| {
        let host = &head[..quote];
        let begins_with_host = host
            .iter()
            .take_while(|c| c.is_ascii_hexdigit() || matches!(c, b'.' | b':'))
            .count();
        begins_with_host >= 3
            && host[..begins_with_host]
                .iter()
                .any(|c| matches!(c, b'.' | b':'))
            && {
                let quoted = &head[quote + 2..];
                METHODS.iter().any(|x| quoted.starts_with(x)) || quoted.first() == Some(&0x1b)
            }
    })
}

pub(crate) fn skip_blank(line: &[u8], at: usize) -> usize {
    at + line
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|c| matches!(c, b' ' | b'\t'))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// kind, level, logger, message
    fn check(line: &str) -> String {
        let Some(h) = recognise(line.as_bytes()) else {
            return "none".to_owned();
        };
        let part = |r: &Option<Range<usize>>| r.clone().map_or("-", |r| &line[r]).to_owned();
        format!(
            "{:?}|{}|{}|{}|{}",
            h.kind,
            part(&h.timestamp),
            part(&h.level),
            part(&h.logger),
            &line[h.message..]
        )
    }

    #[test]
    fn headers() {
        for (line, want) in [
            (
                "2026-11-22 13:31:44,213 - modules.api - ERROR - Error in x",
                "Stamp|2026-11-22 13:31:44,213|ERROR|modules.api|Error in x",
            ),
            (
                "2026-11-22 13:33:23,835 aiohttp.server ERROR Error handling request",
                "Stamp|2026-11-22 13:33:23,835|ERROR|aiohttp.server|Error handling request",
            ),
            (
                "2026-11-22 13:36:15,127 ERROR asyncio: Task exception was never retrieved",
                "Stamp|2026-11-22 13:36:15,127|ERROR|asyncio|Task exception was never retrieved",
            ),
            (
                "2026-11-22 13:37:43,050 ERROR shop.worker job failed",
                "Stamp|2026-11-22 13:37:43,050|ERROR|shop.worker|job failed",
            ),
            (
                "2026-11-22 14:09:20,333 ERROR client TypeError: x is null at http://a/b.js:1:2",
                "Stamp|2026-11-22 14:09:20,333|ERROR|client|TypeError: x is null at http://a/b.js:1:2",
            ),
            (
                "2026-11-22 13:00:00,000 ERROR TypeError: x",
                "Stamp|2026-11-22 13:00:00,000|ERROR|-|TypeError: x",
            ),
            (
                "2026-11-22 14:06:18,715 - app.app - ERROR - [CLIENT] ERROR: Uncaught TypeError: x",
                "Stamp|2026-11-22 14:06:18,715|ERROR|app.app|[CLIENT] ERROR: Uncaught TypeError: x",
            ),
            (
                "2026-11-22 13:37:36.224 | ERROR    | __main__:ctx:15 - job cache_refresh failed",
                "Stamp|2026-11-22 13:37:36.224|ERROR|__main__|job cache_refresh failed",
            ),
            (
                "2026-11-22 13:37:41,387 [ERROR] app-7f9c {\"message\": \"x\"}",
                "Stamp|2026-11-22 13:37:41,387|ERROR|app-7f9c|{\"message\": \"x\"}",
            ),
            (
                "2026-11-22 13:31:44,213 [ ERROR  ] shop.worker(49): job failed",
                "Stamp|2026-11-22 13:31:44,213|ERROR|shop.worker|job failed",
            ),
            (
                "11/22/2026 01:31:44 PM ERROR shop.worker: job failed",
                "Stamp|11/22/2026 01:31:44 PM|ERROR|shop.worker|job failed",
            ),
            (
                "2026-11-22 13:31:44,213 10839 ERROR proddb odoo.http: job failed",
                "Stamp|2026-11-22 13:31:44,213|ERROR|odoo.http|job failed",
            ),
            (
                "2026-11-22 13:31:44.213 ERROR (MainThread) [shop.worker] job failed",
                "Stamp|2026-11-22 13:31:44.213|ERROR|shop.worker|job failed",
            ),
            (
                "2026-11-22 13:31:44.213 ERROR (Thread-1 (run)) [shop.worker] job failed",
                "Stamp|2026-11-22 13:31:44.213|ERROR|shop.worker|job failed",
            ),
            (
                "2026-11-22 13:31:44.213 ERROR MainThread shop.worker - job failed",
                "Stamp|2026-11-22 13:31:44.213|ERROR|shop.worker|job failed",
            ),
            (
                "2026-11-22 13:31:44,213 ERROR disk full on /data",
                "Stamp|2026-11-22 13:31:44,213|ERROR|-|disk full on /data",
            ),
            (
                "2026-11-22T13:31:44.213Z [error    ] plain error                    n=6",
                "Stamp|2026-11-22T13:31:44.213Z|error|-|plain error                    n=6",
            ),
            (
                "1795776262.564630 ERROR shop.worker job failed",
                "Stamp|1795776262.564630|ERROR|shop.worker|job failed",
            ),
            (
                "E1122 13:31:44.213456 140015493348224 worker.py:49] job failed",
                "Letter|1122 13:31:44.213456|E|-|job failed",
            ),
            (
                "Main  2026-11-22 13:31:44 +0000 ERROR: Exception occurred while handling uri: 'x'",
                "Stamp|2026-11-22 13:31:44 +0000|ERROR|-|Exception occurred while handling uri: 'x'",
            ),
            (
                "Srv 0 |2026-11-22 13:31:44 +0000 ERROR: job failed",
                "Stamp|2026-11-22 13:31:44 +0000|ERROR|-|job failed",
            ),
            (
                "[web] 2026-11-22 13:31:44,213 - app - ERROR - job failed",
                "Stamp|2026-11-22 13:31:44,213|ERROR|app|job failed",
            ),
            (
                "web:dev: 2026-11-22 13:31:44,213 - app - ERROR - job failed",
                "Stamp|2026-11-22 13:31:44,213|ERROR|app|job failed",
            ),
            (
                "web-7d4b9c-xk2p web 2026-11-22 13:31:44,213 - app - ERROR - job failed",
                "Stamp|2026-11-22 13:31:44,213|ERROR|app|job failed",
            ),
            (
                "job=cache event=\"job failed\" level=error",
                "KeyValue|-|-|-|job=cache event=\"job failed\" level=error",
            ),
            (
                "[2026-11-22T13:31:44.213+0000] {worker.py:49} ERROR - job failed",
                "BracketStamp|2026-11-22T13:31:44.213+0000|ERROR|-|job failed",
            ),
            (
                "[2026-11-22 13:18:47,002] ERROR in app: Exception on /x [GET]",
                "BracketStamp|2026-11-22 13:18:47,002|ERROR|-|Exception on /x [GET]",
            ),
            (
                "[2026-11-22 13:33:11 +0100] [845] [ERROR] Error handling request GET /x",
                "BracketStamp|2026-11-22 13:33:11 +0100|ERROR|-|Error handling request GET /x",
            ),
            (
                "[2026-11-22 13:37:59,206: ERROR/ForkPoolWorker-1] Task a.b[c] raised",
                "BracketStamp|2026-11-22 13:37:59,206|ERROR|-|Task a.b[c] raised",
            ),
            (
                "[22/Nov/2026 13:19:00] \"GET /ok?0 HTTP/1.1\" 200 2",
                "Access|22/Nov/2026 13:19:00|-|-|\"GET /ok?0 HTTP/1.1\" 200 2",
            ),
            (
                "ERROR:shop.worker:job failed",
                "LevelFirst|-|ERROR|shop.worker|job failed",
            ),
            (
                "ERROR:    Exception in ASGI application",
                "LevelFirst|-|ERROR|-|Exception in ASGI application",
            ),
            (
                "[E 261122 13:33:22 web:2108] Uncaught exception GET /x",
                "Letter|261122 13:33:22|E|-|Uncaught exception GET /x",
            ),
            (
                "2026-11-22 13:33:25+0100 [-] job failed",
                "Stamp|2026-11-22 13:33:25+0100|-|-|job failed",
            ),
            (
                "           ERROR    job failed     a.py:14",
                "Row|-|ERROR|-|job failed     a.py:14",
            ),
            (
                "[ERROR]\t2026-11-22T13:29:08.282Z\t8476a536-e9f4\tcaught customer",
                "LevelFirst|2026-11-22T13:29:08.282Z|ERROR|-|caught customer",
            ),
            (
                "[ERROR] KeyError: 'x'",
                "LevelFirst|-|ERROR|-|KeyError: 'x'",
            ),
            (
                "2026-11-22 13:31:45,549 ERROR    [29402:MainThread] app.a:12 a: x",
                "Stamp|2026-11-22 13:31:45,549|ERROR|app.a|a: x",
            ),
            (
                "2026-11-22T13:37:46.1Z [error    ] job failed  [shop] k=1",
                "Stamp|2026-11-22T13:37:46.1Z|error|-|job failed  [shop] k=1",
            ),
            (
                "ERROR 2026-11-22 13:31:45,549 basehttp 123 4567 Internal Server Error: /x",
                "LevelFirst|2026-11-22 13:31:45,549|ERROR|basehttp|Internal Server Error: /x",
            ),
        ] {
            assert_eq!(check(line), want, "{line}");
        }
    }

    #[test]
    fn continuation_lines() {
        for line in [
            "Traceback (most recent call last):",
            "  File \"a.py\", line 1, in f",
            "TypeError: x",
            "",
            "    at f (http://a/b.js:1:2)",
            "Internal Server Error: /x",
            "127.0.0.1 is down",
            "[SQL: SELECT 1]",
            "1795776262.564630 seconds",
            "x=1 level=high",
            "Expected 2026-11-22 13:31:44 to be later",
        ] {
            assert_eq!(check(line), "none", "{line}");
        }
    }

    #[test]
    fn request_lines() {
        for line in [
            "\"GET /x HTTP/1.1\" 500 1",
            "500 GET /x (127.0.0.1) 3.50ms",
            "127.0.0.1:35364 - \"GET /x HTTP/1.1\" 500 Internal Server Error",
            "127.0.0.1 - - [x] \"GET /x HTTP/1.1\" 500 -",
        ] {
            assert!(is_request_line(line.as_bytes()), "{line}");
        }
        assert!(!is_request_line(b"500 Internal Server Error: 'x'"));
    }
}
