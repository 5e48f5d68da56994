//! Tracebacks that were written on one line, with `\n` (or syslog's `#012`) where the lines ended.
//!
//! Only what follows a header that is itself followed by such a mark is unescaped: elsewhere `\n` may be part of a path.
//! JSON documents are not parsed here.

use super::exception::exception_line;
use super::lines::{Line, Lines};

const HEADER: &str = "Traceback (most recent call last):";

/// Escapes may be escaped again (JSON in JSON), this often.
const MOST_LEVELS: usize = 4;

/// How far around a header the signs of its quoting are looked for.
const FAR: usize = 4096;

/// The lines that a line was made of, if it holds tracebacks; one list for each.
pub(super) fn unfold<'a>(line: &Line<'_>) -> Vec<Lines<'a>> {
    let text = line.text.as_ref();
    let (mut from, mut found) = (0, Vec::new());
    while let Some(at) = next_header(&text[from..]) {
        let at = from + at;
        // `  + Exception Group Traceback`: the bars before the header matter.
        let group = text[..at].strip_suffix("+ Exception Group ").map(str::len);
        let column = group.unwrap_or(at).max(from);
        let end = at + extent(&text[..at], &text[at..]);
        let plain = unescape(&text[at..end]);
        let (start, stop) = line.span(column, end);
        let parts = plain.split('\n').enumerate().map(|(index, part)| {
            let part = part.trim_end_matches('\r');
            let part = match (index, group) {
                (0, Some(_)) => format!("  + Exception Group {part}"),
                _ => part.to_owned(),
            };
            Line::made(part.into(), start, stop)
        });
        found.push(Lines::of(parts.collect()));
        from = end;
    }
    found
}

/// Where a header stands that a mark follows.
fn next_header(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find(HEADER) {
        let at = from + found;
        let after = &text[at + HEADER.len()..];
        if after.starts_with("#012")
            || after.trim_start_matches('\\').starts_with('n') && after.starts_with('\\')
        {
            return Some(at);
        }
        from = at + HEADER.len();
    }
    None
}

/// How far the escaped text reaches: to the quote that closes it, or to the end of the line.
fn extent(before: &str, text: &str) -> usize {
    // Only near the header, so that a line with many headers is not searched again for each.
    let near = &text[..floor(text, FAR)];
    let quote = match near.find("File ") {
        Some(at) if near[at + 5..].starts_with('\\') => Some('"'),
        _ => opened(before),
    };
    let Some(quote) = quote else {
        return text.len();
    };
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at;
        }
    }
    text.len()
}

/// The character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A single quote that was opened as a value's first character: `exception='…`.
fn opened(before: &str) -> Option<char> {
    let start = before.len() - floor(before, before.len().min(FAR));
    let before = before.get(start..).unwrap_or("");
    let at = before.rfind('\'')?;
    let head = before[..at].chars().next_back();
    head.is_none_or(|c| matches!(c, '=' | ':' | '(' | '[' | '{' | ',' | ' ' | 'u' | 'b'))
        .then_some('\'')
}

fn unescape(text: &str) -> String {
    let after = &text[HEADER.len().min(text.len())..];
    if after.starts_with("#012") {
        return text.replace("#012", "\n").replace("#011", "\t");
    }
    let proper = after.contains("\\\"") || after.contains("\\'") || after.contains("\\\\");
    if !proper {
        return split_only(text);
    }
    let mut plain = text.to_owned();
    for _ in 0..MOST_LEVELS {
        if !plain[HEADER.len().min(plain.len())..].starts_with('\\') {
            break;
        }
        plain = once(&plain[..extent("", &plain)]);
    }
    plain
}

/// Nothing but the line ends was escaped: `\\n` in a path or in a source line stays. A line of a traceback is known by its
/// start; below the line that names the exception every mark ends a line.
fn split_only(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut message) = (text, false);
    while let Some(at) = rest.find("\\n") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let line = &rest[..rest.find("\\n").unwrap_or(rest.len())];
        let named = exception_line(line).is_some();
        let frame = line.starts_with("  File \"");
        let known = line.is_empty()
            || frame
            || [
                "    ",
                "  [Prev",
                "  |",
                "  +",
                "Traceback (",
                "The above",
                "During h",
            ]
            .iter()
            .any(|s| line.starts_with(s));
        message = (message && !line.starts_with("Traceback (")) || named;
        plain.push_str(if known || named || message {
            "\n"
        } else {
            "\\n"
        });
    }
    plain.push_str(rest);
    plain
}

fn once(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(c @ ('"' | '\'' | '\\' | '/')) => plain.push(c),
            Some('u') => code(&mut chars, 4, 'u', &mut plain),
            Some('x') => code(&mut chars, 2, 'x', &mut plain),
            Some(c) => plain.extend(['\\', c]),
            None => plain.push('\\'),
        }
    }
    plain
}

/// `\u00e9`, `\xe9`, `\ud83d\udea8`; what is no code stays as it is.
fn code(chars: &mut std::str::Chars<'_>, digits: usize, mark: char, plain: &mut String) {
    let rest = chars.as_str();
    let unit = |from: usize| {
        let hex = rest.get(from..from + digits)?;
        hex.bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(hex, 16).ok())?
    };
    let pair = || match (unit(0)?, rest.get(4..6)?, unit(6)?) {
        (high @ 0xd800..0xdc00, "\\u", low @ 0xdc00..0xe000) => {
            char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
        }
        _ => None,
    };
    let (value, used) = match unit(0).and_then(char::from_u32) {
        Some(c) => (Some(c), digits),
        None if digits == 4 => (pair(), 10),
        None => (None, 0),
    };
    match value {
        Some(c) => {
            plain.push(c);
            *chars = rest[used..].chars();
        }
        None => plain.extend(['\\', mark]),
    }
}

#[cfg(test)]
mod tests {
    use crate::trace::python::find;

    fn summary(text: &str) -> Vec<(String, String, usize)> {
        find(text)
            .iter()
            .map(|trace| {
                let e = trace.exceptions.last().unwrap();
                (
                    e.type_name.clone().unwrap_or_default(),
                    e.message.clone().unwrap_or_default(),
                    e.frames.len(),
                )
            })
            .collect()
    }

    #[test]
    fn quoting_of_every_kind() {
        let want = vec![("KeyError".to_owned(), "'k'".to_owned(), 1)];
        for text in [
            r#"x failed\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    d['k']\nKeyError: 'k'"#,
            r#"{"exc": "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    d['k']\nKeyError: 'k'", "n": 1}"#,
            r#"exception='Traceback (most recent call last):\n  File "a.py", line 1, in f\n    d[\'k\']\nKeyError: \'k\'' n=1"#,
            r#"{"log": "{\"exc\": \"Traceback (most recent call last):\\n  File \\\"a.py\\\", line 1, in f\\nKeyError: 'k'\"}"}"#,
            "boom#012Traceback (most recent call last):#012  File \"a.py\", line 1, in f#012    d['k']#012KeyError: 'k'#012",
        ] {
            assert_eq!(summary(text), want, "{text}");
        }
    }

    #[test]
    fn characters_by_number() {
        assert_eq!(
            super::once(r"\u00e9 \ud83d\udea8 \xe9 \ud83d \uzz"),
            "é \u{1f6a8} é \\ud83d \\uzz"
        );
    }

    #[test]
    fn paths_are_not_unescaped() {
        let text = r#"Traceback (most recent call last):\n  File "C:\new\a.py", line 1, in f\nKeyError: k"#;
        let found = find(text);
        let frame = found[0].exceptions[0].plain_frames().next().unwrap();
        assert_eq!(frame.file.as_deref(), Some(r"C:\new\a.py"));
        assert_eq!((found[0].start, found[0].end), (0, text.len()));
    }

    #[test]
    fn a_folded_trace_does_not_name_the_next() {
        let header = "Traceback (most recent call last):";
        let first = format!("Ke: {header}\\n  File \"a.py\", line 2\n");
        let text = format!("{first}{header}\n  File \"b.py\", line 1");
        let found = find(&text);
        let starts: Vec<_> = found.iter().map(|t| t.start).collect();
        assert_eq!(starts, [4, first.len()]);
    }

    #[test]
    fn a_folded_trace_behind_a_prefix_has_a_place() {
        let header = "Traceback (most recent call last):";
        let folded = format!("web-3 {header}\\n  File \"a.py\", line 1, in f\\nKeyError: 'k'\n");
        let text = format!(
            "{folded}web-3 {header}\nweb-3   File \"b.py\", line 2, in g\nweb-3 KeyError: 'm'\n"
        );
        let found = find(&text);
        let places: Vec<_> = found.iter().map(|t| &text[t.start..t.end]).collect();
        assert_eq!(places.len(), 2, "{found:#?}");
        assert_eq!(places[0], folded.trim_end());
        assert!(
            places[1].starts_with("web-3 Traceback") && places[1].ends_with("'m'"),
            "{places:?}"
        );
    }
}
