//! Records that are objects: the line with which one begins.

use super::super::word::{Word, any_in};
use super::level;
use super::{Header, Kind};

// {"level": "ERROR", … | { | {"
pub(super) fn json(line: &[u8]) -> Option<Header> {
    let rest = line[1..].trim_ascii();
    match rest.first() {
        None | Some(b'"') => Some(Header::bare(Kind::Json)),
        _ => None,
    }
}

// APP: {"level": "error", "message": …}
/// An object behind a word, on one line.
pub(super) fn tagged(line: &[u8]) -> Option<Header> {
    static LEVEL: [Word; 3] = [
        Word::new("level"),
        Word::new("severity"),
        Word::new("\"stack\""),
    ];
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
    let word = line.iter().take(40).take_while(|c| is_part(c)).count();
    let colon = usize::from(line.get(word) == Some(&b':'));
    let at = word + colon + 1;
    let is_tagged = line.get(at - 1) == Some(&b' ')
        && line[at..].starts_with(b"{\"")
        && line.trim_ascii_end().ends_with(b"}")
        && any_in(&LEVEL, &line[at..]);
    is_tagged.then(|| Header {
        message: at,
        ..Header::bare(Kind::Json)
    })
}

// [{"level": … | [
pub(super) fn json_array(line: &[u8]) -> Option<Header> {
    let rest = line[1..].trim_ascii();
    match rest.first() {
        None => Some(Header::bare(Kind::Json)),
        Some(b'{') if rest.len() == 1 || rest[1..].trim_ascii_start().first() == Some(&b'"') => {
            Some(Header::bare(Kind::Json))
        }
        _ => None,
    }
}

// timestamp='2026-11-22T12:37:34.294043Z' level='info' event='start'
pub(super) fn key_value(line: &[u8]) -> Option<Header> {
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
