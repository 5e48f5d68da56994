//! What transports put around each line of a program: container runtimes, log collectors, process managers, syslog.
//! A line is peeled to the program's own line and the stream that it belongs to; streams are framed apart.

mod envelope;
mod hosted;
mod syslog;

use std::borrow::Cow;

use super::header::timestamp;
use super::word::Word;
use envelope::object;
pub(crate) use envelope::{LABELS, may_be_envelope};
use hosted::{bracketed, buildkit, log_stream, package, pod, railway};
use syslog::{dated_syslog, ident, priority, syslog};

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
            .or_else(|| tabbed(line))
            .or_else(|| pod(line)),
        b'[' => kubectl(line)
            .or_else(|| apache(line))
            .or_else(|| railway(line))
            .or_else(|| package(line)),
        b'@' => package(line),
        b'#' => buildkit(line),
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
    // 2026-11-27 10:00:00 shop[v1]  text, as `gcloud app logs` prints it
    if length == 19
        && line.get(10) == Some(&b' ')
        && let Some((name, text)) = bracketed(rest)
        && let Some(text) = text.strip_prefix(b"  ")
    {
        return Some(borrowed(lane(&[b"gcloud", name]), text));
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
    // 2026-11-27T22:59:00.000997Z 01O text, as GitLab's runner writes it
    if let [a, b, b'O' | b'E', b' ' | b'+', text @ ..] = rest
        && stamp.ends_with(b"Z")
        && a.is_ascii_hexdigit()
        && b.is_ascii_hexdigit()
    {
        return Some(borrowed(lane(&[b"gitlab", &rest[..3]]), text));
    }
    // 2026-11-27T23:06:00.002000+00:00 ecs/web/abc text, as `aws logs tail` prints it
    if stamp.len() == 32
        && stamp.ends_with(b"+00:00")
        && let Some((stream, text)) = log_stream(rest)
    {
        return Some(borrowed(lane(&[b"aws", stream]), text));
    }
    // 2026-11-27T10:00:00Z app[5683d92b1c1e89] fra [info] text, as `fly logs` prints it
    if let Some((name, text)) = bracketed(rest)
        && let Some(text) = text.strip_prefix(b" ")
        && text.len() > 4
        && text[..3].iter().all(u8::is_ascii_lowercase)
        && text[3..].starts_with(b" [")
    {
        let close = memchr::memchr(b']', &text[..text.len().min(20)])?;
        let text = &text[close + 1..];
        let key = lane(&[b"fly", name]);
        return Some(borrowed(key, text.strip_prefix(b" ").unwrap_or(text)));
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

// <tab>app.shop<tab>{"log":"Traceback (most recent call last):","stream":"stderr"}
fn fluentd(rest: &[u8]) -> Option<Peeled<'_>> {
    let tag = 1 + memchr::memchr(b'\t', rest.get(1..rest.len().min(120))?)?;
    let body = rest.get(tag + 1..)?;
    body.starts_with(b"{").then(|| object(body)).flatten()
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
    (seen >= 2).then(|| borrowed(lane(&[b"apache", key]), without_referer(rest)))
}

// Traceback (most recent call last):, referer: https://shop.example/cart
/// Apache puts the page from which a request came behind each line.
fn without_referer(text: &[u8]) -> &[u8] {
    static REFERER: Word = Word::new(", referer: ");
    match REFERER.find(text) {
        Some(at) if !text[at + 11..].contains(&b' ') => &text[..at],
        _ => text,
    }
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
