//! Headers that begin with a level or a name: without a time, or with the time behind.

use super::super::word::Word;
use super::fields;
use super::level;
use super::words;
use super::{Header, Kind, skip_blank};

// [ERROR] TypeError: x | [ERROR]<tab>2026-…Z<tab>request-id<tab>message | [error] message
pub(super) fn bracket_level(line: &[u8]) -> Option<Header> {
    let close = memchr::memchr(b']', &line[..line.len().min(16)])?;
    let word = line[1..close].trim_ascii();
    let severity = level::severity(std::str::from_utf8(word).ok()?)?;
    if !matches!(line.get(close + 1), None | Some(b' ' | b'\t' | b':' | b'[')) {
        return None;
    }
    let begin = 1 + line[1..close].iter().take_while(|c| **c == b' ').count();
    let mut header = Header::bare(Kind::LevelFirst);
    header.level = Some(begin..begin + word.len());
    header.severity = Some(severity);
    fields::after_level(line, close + 1, &mut header);
    Some(header)
}

// error: job failed {"stack":"Error: boom\n    at …"}
/// A line as winston's simple format writes it.
pub(super) fn simple(line: &[u8]) -> Option<Header> {
    const LEVELS: [&[u8]; 7] = [
        b"error", b"warn", b"info", b"http", b"verbose", b"debug", b"silly",
    ];
    let word = line.iter().take(8).take_while(|c| c.is_ascii_lowercase());
    let word = word.count();
    let begin = skip_blank(line, word + 1);
    let is_simple = LEVELS.contains(&&line[..word]) && line[word..].starts_with(b": ");
    is_simple.then(|| Header {
        kind: Kind::LevelFirst,
        timestamp: None,
        level: Some(0..word),
        severity: std::str::from_utf8(&line[..word])
            .ok()
            .and_then(level::severity),
        logger: None,
        message: begin,
    })
}

/// Anybody writes `error: text`; a column of levels is nine wide, and an object ends the line of a logger.
pub(crate) fn is_anybodys(line: &[u8]) -> bool {
    const COLUMN: usize = 9;
    static OBJECT: Word = Word::new(" {\"");
    line.starts_with(b"error: ")
        && skip_blank(line, 6) != COLUMN
        && !(line.ends_with(b"}") && OBJECT.is_in(line))
}

// shop.worker: ERROR: message | shop.worker - ERROR - message | shop.worker    : ERROR    message | [shop.worker] ERROR: message
pub(super) fn name_first(line: &[u8]) -> Option<Header> {
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
    let is_named = words::is_name(text)
        && text.iter().any(u8::is_ascii_alphabetic)
        && !words::is_type(text)
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

// ERROR:shop.worker:job failed | ERROR:    Exception in ASGI application | ERROR 2026-… module 1 2 message
pub(super) fn level_first(line: &[u8]) -> Option<Header> {
    let word = line.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let severity = level::capital(&line[..word])?;
    if !matches!(
        line.get(word),
        Some(b':' | b' ' | b'\t' | b']' | b'|' | b'-' | b',' | b';')
    ) {
        return None;
    }
    if is_summary(&line[word..]) {
        return None;
    }
    let mut header = Header::bare(Kind::LevelFirst);
    header.level = Some(0..word);
    header.severity = Some(severity);
    fields::after_level(line, word, &mut header);
    Some(header)
}

// ERROR tests/test_shop.py::test_cart - KeyError: 'sku' | ERROR tests/test_shop.py
/// Whether what follows a level is a line of pytest's short summary.
fn is_summary(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b" ") else {
        return false;
    };
    let end = rest.iter().position(|c| *c == b' ').unwrap_or(rest.len());
    let (file, rest) = rest.split_at(end);
    let in_file = memchr::memmem::find(file, b".py::").is_some();
    in_file || file.ends_with(b".py") && (rest.is_empty() || rest.starts_with(b" - "))
}

//  ERROR  message | [shop.orders]  ERROR  message
/// The level at byte `at` as consola prints it: in capitals, with two blanks behind.
fn badge(line: &[u8], at: usize) -> Option<Header> {
    let rest = &line[at..];
    let word = rest.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let severity = level::capital(&rest[..word])?;
    let is_badge = rest[word..].starts_with(b"  ") && rest.get(word + 2) != Some(&b' ');
    is_badge.then(|| Header {
        level: Some(at..at + word),
        severity: Some(severity),
        message: at + word + 2,
        ..Header::bare(Kind::Row)
    })
}

/// [`badge`] behind a tag.
pub(super) fn tagged_badge(line: &[u8]) -> Option<Header> {
    let close = memchr::memchr(b']', &line[..line.len().min(64)])?;
    let mut header = line[close + 1..]
        .starts_with(b"  ")
        .then(|| badge(line, close + 3))??;
    header.logger = words::is_name(&line[1..close]).then_some(1..close);
    Some(header)
}

//            ERROR    job cache_refresh failed        rich_narrow_locals_run.py:14
pub(super) fn row(line: &[u8]) -> Option<Header> {
    let indent = line.iter().take_while(|c| **c == b' ').count();
    if indent == 1 {
        return badge(line, 1);
    }
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
