//! What platforms and tools of workspaces and clusters put before each line.

use super::{Peeled, borrowed, lane};

/// `name[instance]` at the start of a text, and what follows it.
pub(super) fn bracketed(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
    let name = text.iter().take(64).take_while(|c| is_part(c)).count();
    let inner = text.get(name + 1..)?;
    let length = inner.iter().take(64).take_while(|c| is_part(c)).count();
    let is_whole = name > 0 && length > 0 && text[name] == b'[' && inner.get(length) == Some(&b']');
    is_whole.then(|| text.split_at(name + length + 2))
}

/// The name of a stream of CloudWatch Logs, which has slashes, and what follows it.
pub(super) fn log_stream(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b' ', &rest[..rest.len().min(512)]).unwrap_or(rest.len());
    let (name, text) = rest.split_at(end);
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"._-/[]$".contains(c);
    let is_name = name.contains(&b'/') && name.iter().all(is_part) && !name.ends_with(b".py");
    is_name.then(|| (name, text.strip_prefix(b" ").unwrap_or(text)))
}

// #12 1.009 Traceback (most recent call last):
/// BuildKit's plain progress: the step and the seconds since it began.
pub(super) fn buildkit(line: &[u8]) -> Option<Peeled<'_>> {
    let digits = |at: usize| {
        let rest = line.get(at..).unwrap_or_default();
        rest.iter()
            .take(8)
            .take_while(|c| c.is_ascii_digit())
            .count()
    };
    let step = digits(1);
    let whole = digits(step + 2);
    let point = step + 2 + whole;
    let part = digits(point + 1);
    let is_progress = step > 0
        && line.get(step + 1) == Some(&b' ')
        && whole > 0
        && line.get(point) == Some(&b'.')
        && part > 0;
    let text = line.get(point + 1 + part..)?;
    let text = text
        .strip_prefix(b" ")
        .or(text.is_empty().then_some(text))?;
    is_progress.then(|| borrowed(lane(&[b"buildkit", &line[..=step]]), text))
}

// [inf]  listening
/// Railway: the stream as three letters, and two blanks.
pub(super) fn railway(line: &[u8]) -> Option<Peeled<'_>> {
    let level = [b"[inf]", b"[err]", b"[wrn]", b"[dbg]"]
        .into_iter()
        .find(|level| line.starts_with(*level))?;
    let text = line[level.len()..].strip_prefix(b"  ")?;
    Some(borrowed(lane(&[b"railway"]), text))
}

// @acme/web: listening     [@acme/web]: listening
/// A package of a workspace, as lerna and yarn name it before each line.
pub(super) fn package(line: &[u8]) -> Option<Peeled<'_>> {
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b'/');
    let open = usize::from(line.first() == Some(&b'['));
    let rest = line[open..].strip_prefix(b"@")?;
    let length = rest.iter().take(100).take_while(|c| is_part(c)).count();
    let (name, rest) = rest.split_at(length);
    let rest = if open == 1 {
        rest.strip_prefix(b"]")?
    } else {
        rest
    };
    let text = rest.strip_prefix(b":")?;
    let text = text
        .strip_prefix(b" ")
        .or(text.is_empty().then_some(text))?;
    name.contains(&b'/')
        .then(|| borrowed(lane(&[b"package", name]), text))
}

// shop-7d9f8c6b5d-x2x4z web Traceback (most recent call last):
/// A pod and its container before each line, as stern names them. Kubernetes makes the end of a pod's name without vowels.
pub(super) fn pod(line: &[u8]) -> Option<Peeled<'_>> {
    let is_part = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-';
    let is_made = |part: &[u8]| {
        part.iter()
            .all(|c| b"bcdfghjklmnpqrstvwxz2456789".contains(c))
    };
    let name = line.iter().take(254).take_while(|c| is_part(c)).count();
    let mut parts = line[..name].rsplit(|c| *c == b'-');
    let (last, set) = (parts.next()?, parts.next()?);
    let named = parts.next().is_some_and(|part| !part.is_empty());
    if !named
        || last.len() != 5
        || !(6..=10).contains(&set.len())
        || !is_made(last)
        || !is_made(set)
    {
        return None;
    }
    let rest = line[name..].strip_prefix(b" ")?;
    let container = rest.iter().take(64).take_while(|c| is_part(c)).count();
    let text = &rest[container..];
    let text = text
        .strip_prefix(b" ")
        .or(text.is_empty().then_some(text))?;
    (container > 0).then(|| borrowed(lane(&[b"stern", &line[..name], &rest[..container]]), text))
}
