//! Lines of syslog: with a priority or without, from the daemon, from journalctl, or from a drain.

use super::super::header::level;
use super::super::header::timestamp;
use super::{Peeled, borrowed, lane};

// 2026-11-22T14:29:04+0100 web-1 shop[812]: text | 2026-11-22T14:29:04.123456+01:00 web-1 shop: text
/// Syslog with a full date, from journalctl or rsyslog. An application's own line may look like it: `2026-… ERROR shop: text`.
pub(super) fn dated_syslog<'a>(stamp: &[u8], rest: &'a [u8]) -> Option<Peeled<'a>> {
    let host = &rest[..memchr::memchr(b' ', &rest[..rest.len().min(80)])?];
    let level = std::str::from_utf8(host).ok()?;
    if level::severity(level).is_some() {
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

/// `shop[812]: text` or `shop: text`: the program and the text.
pub(super) fn ident(rest: &[u8]) -> Option<(&[u8], &[u8])> {
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

// Nov 22 14:29:04 localhost shop[25497]: Traceback (most recent call last):
// Fri 2026-11-27 10:00:01 UTC localhost shop[25497]: Traceback (most recent call last):
pub(super) fn syslog(line: &[u8]) -> Option<Peeled<'_>> {
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
    // uwsgi's `Fri Nov 27 15:12:36 2026 - text` has none.
    if host == 0 || &rest[..host] == b"-" || rest.get(host) != Some(&b' ') {
        return None;
    }
    // Nov 22 14:29:04 ERROR shop: the program's own line
    let is_level =
        std::str::from_utf8(&rest[..host]).is_ok_and(|word| level::severity(word).is_some());
    if is_level {
        return None;
    }
    let rest_of_line = &rest[host + 1..];
    let (ident, text) = ident(rest_of_line)?;
    // Nov 22 14:29:04 shop.worker api.py:42 ERROR: the program's own line
    if level::capital(ident).is_some() {
        return None;
    }
    let is_set_off =
        ident.ends_with(b"]") || matches!(rest_of_line.get(ident.len() + 1), None | Some(b' '));
    is_set_off.then(|| borrowed(lane(&[b"syslog", &rest[..host], ident]), text))
}

// <11>Nov 22 14:29:04 host shop[1]: text | <34>1 2026-10-11T22:14:15.003Z host app 812 - - text
pub(super) fn priority(line: &[u8]) -> Option<Peeled<'_>> {
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
