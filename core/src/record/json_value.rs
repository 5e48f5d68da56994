//! A small, lenient reader of JSON and of Python literals (`{'a': None}`), for records that hold either.
//! It never fails on a cut text: what was read until then is the value. Numbers stay text.

/// Deeper nesting is read as null.
const DEPTH: usize = 64;

/// A JSON value or a Python literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Value>),
    /// In the order of the text.
    Object(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Object(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Looks up `a.b` as one key or as two.
    pub(crate) fn path(&self, key: &str) -> Option<&Value> {
        self.get(key).or_else(|| {
            let (first, rest) = key.split_once('.')?;
            self.get(first)?.path(rest)
        })
    }

    /// The first text that stands under one of the keys and is not empty.
    pub(crate) fn first_text(&self, keys: &[&str]) -> Option<&str> {
        let mut texts = keys.iter().filter_map(|key| self.path(key)?.text());
        texts.find(|text| !text.is_empty())
    }

    /// Keys and values of an object.
    pub(crate) fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Appends the value as JSON.
    pub(crate) fn write_json(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            // Only what JSON knows as a number: a lenient reader may have met others.
            Value::Number(text)
                if text.parse::<f64>().is_ok_and(f64::is_finite)
                    && !text.starts_with(['+', '.']) =>
            {
                out.push_str(text);
            }
            Value::Number(text) | Value::Text(text) => crate::json::quote(out, text),
            Value::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Value::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    crate::json::quote(out, key);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }

    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Value::Number(text) => text.split(['.', 'e']).next().and_then(|t| t.parse().ok()),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// A value at the start of `text`, and how many bytes it took. `None` if no object or list begins there.
pub(crate) fn parse(text: &str) -> Option<(Value, usize)> {
    let mut reader = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        cut: false,
    };
    reader.blank();
    if !matches!(reader.peek(), Some(b'{' | b'[')) {
        return None;
    }
    let value = reader.value(0)?;
    Some((value, reader.at))
}

/// Like [`parse`], but only if the value ends with its closing bracket.
pub(crate) fn parse_whole(text: &str) -> Option<(Value, usize)> {
    let mut reader = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        cut: false,
    };
    reader.blank();
    if !matches!(reader.peek(), Some(b'{' | b'[')) {
        return None;
    }
    let value = reader.value(0)?;
    (!reader.cut).then_some((value, reader.at))
}

/// A quoted text at the start of `text` with JSON's or Python's escapes, and how many bytes it took.
pub(crate) fn quoted(text: &str) -> Option<(String, usize)> {
    let mut reader = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        cut: false,
    };
    let quote = reader.peek()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let value = reader.string(quote);
    Some((value, reader.at))
}

/// `text` with its escapes (`\n`, `\t`, `\"`, `\u00e4`) resolved; other backslashes stay.
pub(crate) fn unescape(text: &str) -> String {
    let mut reader = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        cut: false,
    };
    let mut out = String::with_capacity(text.len());
    while reader.at < reader.bytes.len() {
        reader.plain(&mut out, b'\\', b'\\');
        if reader.peek() == Some(b'\\') {
            reader.escape(&mut out);
        }
    }
    out
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    cut: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blank();
        match self.peek()? {
            b'{' => Some(self.object(depth)),
            b'[' => Some(Value::List(self.list(b']', depth))),
            b'(' => Some(Value::List(self.list(b')', depth))),
            b'"' | b'\'' => Some(Value::Text(self.strings())),
            b'-' | b'+' | b'0'..=b'9' => Some(self.number()),
            b'b' if matches!(self.bytes.get(self.at + 1), Some(b'\'' | b'"')) => {
                self.at += 1;
                let quote = self.peek()?;
                Some(Value::Text(self.string(quote)))
            }
            b'<' => Some(Value::Text(self.opaque())),
            c if c.is_ascii_alphabetic() || c == b'_' => Some(self.word(depth)),
            _ => None,
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.blank();
            match self.peek() {
                None => {
                    self.cut = true;
                    break;
                }
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let key = match self.peek() {
                Some(quote @ (b'"' | b'\'')) => self.string(quote),
                Some(c) if c.is_ascii_alphanumeric() || c == b'_' || c == b'-' => self.bare(),
                _ => {
                    self.cut = true;
                    break;
                }
            };
            self.blank();
            if self.peek() != Some(b':') {
                // A Python set, or damage.
                if self.peek() == Some(b',') || self.peek() == Some(b'}') {
                    entries.push((key, Value::Null));
                    continue;
                }
                self.cut = true;
                break;
            }
            self.at += 1;
            let value = if depth < DEPTH {
                self.value(depth + 1)
            } else {
                None
            };
            match value {
                Some(value) => entries.push((key, value)),
                None => {
                    self.cut = true;
                    entries.push((key, Value::Null));
                    break;
                }
            }
            if self.cut {
                break;
            }
        }
        Value::Object(entries)
    }

    fn list(&mut self, close: u8, depth: usize) -> Vec<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blank();
            match self.peek() {
                None => {
                    self.cut = true;
                    break;
                }
                Some(c) if c == close => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let value = if depth < DEPTH {
                self.value(depth + 1)
            } else {
                None
            };
            match value {
                Some(value) => items.push(value),
                None => {
                    self.cut = true;
                    break;
                }
            }
            if self.cut {
                break;
            }
        }
        items
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'+' | b'_'))
        {
            self.at += 1;
        }
        Value::Number(self.text[start..self.at].to_owned())
    }

    fn bare(&mut self) -> String {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-'))
        {
            self.at += 1;
        }
        self.text[start..self.at].to_owned()
    }

    // true | None | datetime.datetime(2026, 1, 1) | UUID('…')
    fn word(&mut self, depth: usize) -> Value {
        let word = self.bare();
        match word.as_str() {
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            "null" | "None" | "undefined" => Value::Null,
            _ => {
                if self.peek() == Some(b'(') && depth < DEPTH {
                    self.list(b')', depth + 1);
                }
                Value::Text(word)
            }
        }
    }

    // <Order object at 0x7f>
    fn opaque(&mut self) -> String {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                b'<' => depth += 1,
                b'>' => {
                    depth -= 1;
                    if depth == 0 {
                        return self.text[start..self.at].to_owned();
                    }
                }
                b'\n' => break,
                _ => {}
            }
        }
        self.cut = true;
        String::new()
    }

    //   stack: 'TypeError: x\n' +
    //     '    at f (/srv/a.js:1:2)',
    /// Quoted texts with a plus between them, as Node prints a long one.
    fn strings(&mut self) -> String {
        let mut out = String::new();
        while let Some(quote @ (b'"' | b'\'')) = self.peek() {
            out.push_str(&self.string(quote));
            let end = self.at;
            self.blank();
            if self.peek() != Some(b'+') || end == self.at {
                self.at = end;
                break;
            }
            self.at += 1;
            self.blank();
        }
        out
    }

    fn string(&mut self, quote: u8) -> String {
        self.at += 1;
        let mut out = String::new();
        loop {
            self.plain(&mut out, quote, b'\\');
            match self.peek() {
                None => {
                    self.cut = true;
                    return out;
                }
                Some(b'\\') => self.escape(&mut out),
                Some(_) => {
                    self.at += 1;
                    return out;
                }
            }
        }
    }

    /// Copies up to the next `stop` or `other`.
    fn plain(&mut self, out: &mut String, stop: u8, other: u8) {
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr2(stop, other, rest).unwrap_or(rest.len());
        out.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn escape(&mut self, out: &mut String) {
        self.at += 1;
        let Some(c) = self.peek() else {
            out.push('\\');
            return;
        };
        match c {
            b'n' => out.push('\n'),
            b't' => out.push('\t'),
            b'r' => out.push('\r'),
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'0' => out.push('\0'),
            b'"' | b'\'' | b'\\' | b'/' => out.push(char::from(c)),
            b'u' => return self.code(out, 4),
            b'x' => return self.code(out, 2),
            b'U' => return self.code(out, 8),
            _ => {
                out.push('\\');
                return;
            }
        }
        self.at += 1;
    }

    fn hex(&self, at: usize, digits: usize) -> Option<u32> {
        let text = self.text.get(at..at + digits)?;
        if !text.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(text, 16).ok()
    }

    // \u00e4 | \ud83d\udea8 | \xe4 | \U0001f6a8
    fn code(&mut self, out: &mut String, digits: usize) {
        let Some(code) = self.hex(self.at + 1, digits) else {
            out.push('\\');
            return;
        };
        self.at += 1 + digits;
        if (0xd800..0xdc00).contains(&code)
            && self.bytes[self.at..].starts_with(b"\\u")
            && let Some(low) = self.hex(self.at + 2, 4)
            && (0xdc00..0xe000).contains(&low)
        {
            self.at += 6;
            let joined = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            out.push(char::from_u32(joined).unwrap_or('\u{fffd}'));
            return;
        }
        out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        parse(text).map_or(Value::Null, |(value, _)| value)
    }

    #[test]
    fn json() {
        let v = value(
            r#" {"a": [1, -2.5e3, true, null], "b": {"c": "x\n\u00e4\ud83d\udea8\""}, "d": ""} rest"#,
        );
        assert_eq!(v.get("a").and_then(Value::list).map(<[_]>::len), Some(4));
        assert_eq!(
            v.get("b").and_then(|b| b.get("c")).and_then(Value::text),
            Some("x\nä🚨\"")
        );
        assert_eq!(v.get("a").and_then(|a| a.list()?[1].number()), Some(-2));
    }

    #[test]
    fn python() {
        let v = value(
            r#"{'a': None, 'b': 'it\'s', "c": (1, 2), 'd': <Order object at 0x7f>, 'e': datetime.datetime(2026, 1, 2), 'f': True}"#,
        );
        assert_eq!(v.get("b").and_then(Value::text), Some("it's"));
        assert_eq!(v.get("f"), Some(&Value::Bool(true)));
        assert_eq!(
            v.get("d").and_then(Value::text),
            Some("<Order object at 0x7f>")
        );
    }

    #[test]
    fn cut_texts_give_what_was_read() {
        assert_eq!(
            value(r#"{"a": "Traceback\n  Fi"#)
                .get("a")
                .and_then(Value::text),
            Some("Traceback\n  Fi")
        );
        assert!(parse_whole(r#"{"a": 1"#).is_none());
        assert!(parse("x").is_none());
        assert!(parse(&"[".repeat(10_000)).is_some());
    }

    #[test]
    fn escapes_in_plain_text() {
        assert_eq!(
            unescape(r#"a\n  File \"x\"\t\q C:\dir"#),
            "a\n  File \"x\"\t\\q C:\\dir"
        );
    }
}
