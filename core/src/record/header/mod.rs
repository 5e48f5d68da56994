//! Tells whether a line begins a record, and what it says about it: time, level, logger, message.
//!
//! The answer depends on the line alone, never on earlier lines, so that reading can begin at any line.
//! The shapes are those of the standard library's formatters and of the common servers, workers and loggers;
//! none has to be configured.

pub(crate) mod fields;
mod layout;
pub(crate) mod level;
mod levelled;
mod objects;
mod timed;
pub(crate) mod timestamp;
pub(crate) mod words;

use std::ops::Range;

use super::word::{Word, any_in};
use level::Severity;
pub(crate) use levelled::is_anybodys;
use levelled::{bracket_level, level_first, name_first, row, simple, tagged_badge};
use objects::{json, json_array, key_value, tagged};
use timed::{access, bracket_stamp, decorated, glog, letter, nest, program, quoted, stamp, uwsgi};

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
    usual(line).or_else(|| layout::layout(line))
}

/// A header of a usual shape.
fn usual(line: &[u8]) -> Option<Header> {
    match *line.first()? {
        b'{' => json(line),
        b'[' => bracket(line)
            .or_else(|| program(line))
            .or_else(|| nest(line))
            .or_else(|| uwsgi(line))
            .or_else(|| tagged_badge(line))
            .or_else(|| name_first(line)),
        b'0'..=b'9' => access(line).or_else(|| stamp(line)),
        b'A'..=b'Z' => level_first(line)
            .or_else(|| stamp(line))
            .or_else(|| glog(line))
            .or_else(|| key_value(line))
            .or_else(|| program(line))
            .or_else(|| name_first(line))
            .or_else(|| tagged(line)),
        b'a'..=b'z' => key_value(line)
            .or_else(|| simple(line))
            .or_else(|| program(line))
            .or_else(|| name_first(line))
            .or_else(|| tagged(line)),
        b'_' => name_first(line),
        b'<' | b'(' => bracket_stamp(line),
        0x80.. => decorated(line),
        b' ' => row(line),
        b':' => access(line),
        b'"' => quoted(line),
        _ => None,
    }
}

fn bracket(line: &[u8]) -> Option<Header> {
    letter(line)
        .or_else(|| bracket_stamp(line))
        .or_else(|| bracket_level(line))
        .or_else(|| json_array(line))
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
                "[Nest] 4121  - 11/27/2026, 10:00:01 AM   ERROR [ExceptionsHandler] job failed",
                "Stamp|11/27/2026, 10:00:01 AM|ERROR|ExceptionsHandler|job failed",
            ),
            (" ERROR  job failed", "Row|-|ERROR|-|job failed"),
            (
                "[orders]  ERROR  job failed",
                "Row|-|ERROR|orders|job failed",
            ),
            (
                "[Nest] 4121  - 11/27/2026, 10:00:01 AM     LOG job done",
                "Stamp|11/27/2026, 10:00:01 AM|LOG|-|job done",
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
                "\"2026-11-22 13:31:44,213\",\"ERROR\",\"shop\",\"job failed\"",
                "Stamp|2026-11-22 13:31:44,213|-|-|\"ERROR\",\"shop\",\"job failed\"",
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
                "Stamp|2026-11-22T13:37:46.1Z|error|shop|job failed  [shop] k=1",
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
            "\"2026-11-22 13:31:44\" is no date",
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
