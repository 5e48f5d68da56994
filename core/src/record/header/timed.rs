//! Headers that begin with a time, or have one behind the name of a process or a program.

use super::fields;
use super::level;
use super::timestamp;
use super::words;
use super::{Header, Kind, is_request_line, skip_blank};

// [E 261122 13:33:22 web:2108] Uncaught exception GET /jobs/cache_refresh (127.0.0.1)
pub(super) fn letter(line: &[u8]) -> Option<Header> {
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
pub(super) fn bracket_stamp(line: &[u8]) -> Option<Header> {
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

// 2026-11-22 13:31:44,213 - app - ERROR - message | Nov 22 2026 … | 1795776262.564630 ERROR message
pub(super) fn stamp(line: &[u8]) -> Option<Header> {
    let (length, is_sure) = match timestamp::length(line) {
        Some(length) => (length, true),
        None => (
            timestamp::epoch(line).or_else(|| timestamp::short(line))?,
            false,
        ),
    };
    if !matches!(
        line.get(length),
        None | Some(
            b' ' | b'\t' | b':' | b';' | b'|' | b',' | b'-' | b'[' | b']' | b'(' | b'<' | b'>'
        )
    ) {
        return None;
    }
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(0..length);
    fields::read(line, length, &mut header);
    (is_sure || header.level.is_some()).then_some(header)
}

// "2026-11-22 13:31:44,213","ERROR","shop.worker","job failed"
/// A row of quoted fields, of which the first is a time.
pub(super) fn quoted(line: &[u8]) -> Option<Header> {
    let length = timestamp::length(line.get(1..)?)?;
    let rest = &line[1 + length..];
    let time = 1..1 + length;
    rest.starts_with(b"\",").then(|| Header {
        timestamp: Some(time.clone()),
        message: time.end + 2,
        ..Header::bare(Kind::Stamp)
    })
}

// E1122 13:31:44.213456 1400154 worker.py:49] message
/// A line as absl, glog and klog write it.
pub(super) fn glog(line: &[u8]) -> Option<Header> {
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
pub(super) fn program(line: &[u8]) -> Option<Header> {
    let begin = named_before(line)?;
    if line.get(begin + 4) != Some(&b'-') {
        return None;
    }
    let length = timestamp::length(&line[begin..])?;
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(begin..begin + length);
    fields::read(line, begin + length, &mut header);
    // shop.cart 2026-11-22 13:31:44,213 ERROR message
    let named = line[..begin].trim_ascii_end();
    let named = named.strip_suffix(b"|").unwrap_or(named).trim_ascii_end();
    let open = usize::from(named.first() == Some(&b'['));
    let name = open..named.len() - usize::from(matches!(named.last(), Some(b']' | b':' | b'|')));
    let text = line.get(name.clone()).unwrap_or_default();
    let is_logger = words::is_name(text)
        && text.contains(&b'.')
        && !text.iter().any(|c| c.is_ascii_digit() || *c == b'-');
    if is_logger && header.logger.is_none() {
        header.logger = Some(name);
    }
    header.level.is_some().then_some(header)
}

// [Nest] 4121  - 11/27/2026, 10:00:01 AM   ERROR [ExceptionsHandler] message
/// A line of NestJS' console logger.
pub(super) fn nest(line: &[u8]) -> Option<Header> {
    let close = memchr::memchr(b']', &line[..line.len().min(40)])?;
    let number = skip_blank(line, close + 1);
    let digits = line[number..].iter().take_while(|c| c.is_ascii_digit());
    let dash = skip_blank(line, number + digits.count());
    if dash == number || !line[dash..].starts_with(b"- ") {
        return None;
    }
    let begin = dash + 2;
    let end = begin + timestamp::length(&line[begin..])?;
    let word = skip_blank(line, end);
    let level = line[word..].iter().take_while(|c| c.is_ascii_uppercase());
    let level = word..word + level.count();
    let mut header = Header::bare(Kind::Stamp);
    header.severity = Some(level::severity(
        std::str::from_utf8(&line[level.clone()]).ok()?,
    )?);
    header.timestamp = Some(begin..end);
    header.message = skip_blank(line, level.end);
    if line[header.message..].starts_with(b"[")
        && let Some(length) = line[header.message..].iter().position(|c| *c == b']')
    {
        header.logger = Some(header.message + 1..header.message + length);
        header.message = skip_blank(line, header.message + length + 1);
    }
    header.level = Some(level);
    Some(header)
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
        // RuntimeError: 2026-11-27 15:13:47,739 ERROR child: what another process said
        if line[0].is_ascii_uppercase() || words::is_type(&line[..name]) {
            return None;
        }
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

// 🚨 2026-11-22 13:31:44,213 ERROR shop.worker message
pub(super) fn decorated(line: &[u8]) -> Option<Header> {
    let begin = 1 + memchr::memchr(b' ', &line[..line.len().min(9)])?;
    let length = timestamp::length(&line[begin..])?;
    let mut header = Header::bare(Kind::Stamp);
    header.timestamp = Some(begin..begin + length);
    fields::read(line, begin + length, &mut header);
    header.level.is_some().then_some(header)
}

// [pid: 23125|app: 0|req: 3/3] 127.0.0.1 () {24 vars in 250 bytes} [Fri Nov 27 15:44:30 2026] GET /key => generated 0 bytes
/// A request as uWSGI logs it.
pub(super) fn uwsgi(line: &[u8]) -> Option<Header> {
    let rest = line.strip_prefix(b"[pid: ")?;
    let close = memchr::memchr(b']', &rest[..rest.len().min(80)])?;
    let is_request = memchr::memmem::find(&rest[..close], b"|req: ").is_some();
    is_request.then(|| Header::bare(Kind::Access))
}

// 127.0.0.1 - - [22/Nov/2026 13:18:46] "GET /ok?i=0 HTTP/1.1" 200 -
pub(super) fn access(line: &[u8]) -> Option<Header> {
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
