//! Headers of which only the parts are known: any order of a time, a level, a logger's name, a thread, a process and a place in
//! the code, with whatever stands between them, as a format of one's own puts them together. It is asked where no usual shape fits.

use super::fields;
use super::level;
use super::timestamp;
use super::words;
use super::{Header, Kind};

/// A header is no longer than this, and has no more parts up to its level.
const REACH: usize = 240;
const PARTS: usize = 8;

/// What stands before the level.
enum Part {
    Time(std::ops::Range<usize>),
    Name(std::ops::Range<usize>),
    /// A thread, a process, a place in the code.
    Other,
}

// shop.cart:ERROR: message | api.py:10 ERROR message | [MainThread] ERROR message | (shop.cart)(2026-11-22 13:31:44,213)(ERROR) message
pub(super) fn layout(line: &[u8]) -> Option<Header> {
    let reach = line.len().min(REACH);
    let mut header = Header::bare(Kind::LevelFirst);
    let mut at = indent(line)?;
    let mut name = None;
    let mut is_certain = true;
    for index in 0..PARTS {
        let begin = fields::skip_tight(line, at, reach);
        if begin >= reach {
            return None;
        }
        let (inner, mut next) = fields::item(line, begin, reach);
        let is_bracketed = inner.start > begin;
        if let Some(end) = level_end(line, &inner, is_bracketed) {
            let is_first = index == 0 && !(is_bracketed && line[begin] != b'[' || begin > 0);
            if is_first || !is_certain && header.timestamp.is_none() {
                return None;
            }
            header.level = Some(inner.start..end);
            header.severity = level::capital(&line[inner.start..end]);
            header.logger = name;
            let end = if is_bracketed { next } else { end };
            fields::after_level(line, end, &mut header);
            // Behind blanks only a time tells.
            let is_set_in = begin > 0 && index == 0;
            return (!is_set_in || header.timestamp.is_some()).then_some(header);
        }
        match part(line, begin, &inner, &mut next, reach)? {
            Part::Time(time) if header.timestamp.is_none() => {
                header.timestamp = Some(time);
                header.kind = Kind::Stamp;
            }
            Part::Time(_) => return None,
            Part::Name(range) => {
                let text = &line[range.clone()];
                let is_set_off = is_bracketed
                    || !matches!(line.get(next), None | Some(b' '))
                    || line[next..].starts_with(b" - ")
                    || line[next..].starts_with(b" | ")
                    || line[next..].starts_with(b" : ")
                    || line[next..].starts_with(b" -- ")
                    || line[next..].starts_with(b" > ");
                is_certain &= is_set_off || text.contains(&b'.') || text.contains(&b'_');
                name = name.or(Some(range));
            }
            Part::Other => {}
        }
        at = next;
    }
    None
}

/// A column of levels is set in by as much as the longest is longer.
fn indent(line: &[u8]) -> Option<usize> {
    const WIDEST: usize = 8;
    let indent = line.iter().take_while(|c| **c == b' ').count();
    if indent == 0 {
        return Some(0);
    }
    let word = line[indent..].iter().take_while(|c| c.is_ascii_uppercase());
    (indent + word.count() == WIDEST).then_some(indent)
}

/// Where the level that an item is ends.
fn level_end(line: &[u8], inner: &std::ops::Range<usize>, is_bracketed: bool) -> Option<usize> {
    let text = &line[inner.clone()];
    let capitals = text.iter().take_while(|c| c.is_ascii_uppercase()).count();
    level::capital(&text[..capitals])?;
    let end = inner.start + capitals;
    let is_whole = if is_bracketed {
        capitals == text.len()
    } else {
        matches!(
            line.get(end),
            None | Some(b' ' | b'\t' | b':' | b'|' | b',' | b';' | b'>' | b'[')
        )
    };
    is_whole.then_some(end)
}

/// What an item is, if it can stand before a level; `next` is moved where it is longer.
fn part(
    line: &[u8],
    begin: usize,
    inner: &std::ops::Range<usize>,
    next: &mut usize,
    reach: usize,
) -> Option<Part> {
    let is_bracketed = inner.start > begin;
    if let Some(length) = timestamp::length(&line[inner.start..reach]) {
        let end = inner.start + length;
        if is_bracketed {
            return (end == inner.end).then_some(Part::Time(inner.start..end));
        }
        *next = end;
        return Some(Part::Time(inner.start..end));
    }
    if let Some(length) = fields::thread(&line[begin..reach]) {
        if !is_bracketed {
            *next = begin + length;
        }
        return Some(Part::Other);
    }
    let text = line[inner.clone()]
        .strip_suffix(b":")
        .unwrap_or(&line[inner.clone()]);
    if words::is_thread(text)
        || words::is_place(text)
        || words::is_call_place(text) && (is_bracketed || text.first() != Some(&b'<'))
        || words::is_number(text)
    {
        return Some(Part::Other);
    }
    // shop.cart:records | shop.cart(records)
    let name = text
        .iter()
        .take_while(|c| !matches!(**c, b':' | b'(' | b';' | b','))
        .count();
    let (own, rest) = text.split_at(name);
    let is_name = words::is_name(own)
        && own.iter().any(u8::is_ascii_alphabetic)
        && !words::is_type(own)
        && level::severity(std::str::from_utf8(own).ok()?).is_none()
        && (own
            .first()
            .is_some_and(|c| c.is_ascii_lowercase() || *c == b'_')
            || own.contains(&b'.')
            || is_bracketed && begin == 0 && own.contains(&b'_'));
    let is_rest = rest.is_empty() || words::is_field(rest) || rest.ends_with(b")");
    (is_name && is_rest).then(|| Part::Name(inner.start..inner.start + name))
}
