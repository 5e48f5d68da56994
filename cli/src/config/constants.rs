//! Reads `NAME = literal` at the left edge of a Python file. It never runs the file: what is not a plain literal
//! (a call, a name, an f-string) is handed over as [`Raw::Other`]. One pass, linear in the text.

use super::value::Raw;

/// One assignment at module level.
#[derive(Debug, PartialEq)]
pub struct Constant<'a> {
    /// The name assigned to.
    pub name: &'a str,
    /// What is assigned.
    pub value: Raw,
    /// Counted from 1.
    pub line: u32,
}

/// The assignments whose name starts with `prefix`, the last first: it is the one that holds.
pub fn constants<'a>(text: &'a str, prefix: &str) -> Vec<Constant<'a>> {
    let mut found: Vec<Constant<'a>> = Vec::new();
    for (line, statement) in statements(text) {
        let end = statement
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(statement.len());
        let (name, rest) = statement.split_at(end);
        if !name.starts_with(prefix) {
            continue;
        }
        if let Some(literal) = assigned(rest) {
            found.push(Constant {
                name,
                value: value(literal),
                line,
            });
        }
    }
    found.reverse();
    found
}

/// Top-level logical lines with their numbers: brackets, strings and back-slashes join physical lines.
fn statements(text: &str) -> Vec<(u32, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut start_line, mut line) = (0, 1, 1u32);
    let (mut at, mut depth) = (0, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            b'\'' | b'"' => {
                let end = string_end(bytes, at);
                line += newlines(&bytes[at..end]);
                at = end;
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => {
                line += 1;
                at += 2;
                continue;
            }
            b'\n' => {
                line += 1;
                if depth == 0 {
                    found.push((start_line, &text[start..at]));
                    (start, start_line) = (at + 1, line);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found.push((start_line, &text[start..]));
    found
}

fn newlines(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|b| **b == b'\n').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Where the string that opens at `at` is over; a one-line string that is not closed ends with its line.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let mut i = at + if triple { 3 } else { 1 };
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 1,
            b'\n' if !triple => return i,
            b if b == quote && !triple => return i + 1,
            b if b == quote && bytes[i..].starts_with(&[quote; 3]) => return i + 3,
            _ => {}
        }
        i += 1;
    }
    bytes.len()
}

// = True
// : bool = True
fn assigned(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let after = match rest.strip_prefix(':') {
        Some(annotated) => annotated.split_once('=')?.1,
        None => rest.strip_prefix('=')?,
    };
    (!after.starts_with('=')).then_some(after)
}

fn value(text: &str) -> Raw {
    let mut cursor = Cursor { rest: text };
    let read = cursor.literal(0);
    cursor.space();
    match read {
        Some(raw) if cursor.rest.is_empty() => raw,
        _ => Raw::Other(text.trim().to_owned()),
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    /// Skips blanks, line ends, joined lines and comments.
    fn space(&mut self) {
        loop {
            self.rest = self
                .rest
                .trim_start_matches([' ', '\t', '\r', '\n', '\\', '\u{c}']);
            if !self.rest.starts_with('#') {
                return;
            }
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.rest = &self.rest[end..];
        }
    }

    fn take(&mut self, token: char) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn literal(&mut self, depth: u8) -> Option<Raw> {
        self.space();
        match self.rest.chars().next()? {
            '[' if depth == 0 => self.list(']'),
            '(' if depth == 0 => self.list(')'),
            '\'' | '"' => self.strings(),
            'r' | 'R' | 'u' | 'U' if self.rest[1..].starts_with(['\'', '"']) => self.strings(),
            _ => self.word(),
        }
    }

    // ["app.log", "worker.log"]
    fn list(&mut self, close: char) -> Option<Raw> {
        let open = self.rest.chars().next()?;
        self.take(open);
        let mut items = Vec::new();
        let mut comma = true;
        while comma && !self.take(close) {
            let item = self.literal(1)?;
            comma = self.take(',');
            if !comma && !self.take(close) {
                return None;
            }
            match item {
                Raw::Text(text) => items.push(text),
                // (0.8): brackets without a comma are only brackets.
                other if close == ')' && !comma && items.is_empty() => return Some(other),
                _ => return None,
            }
        }
        match items.as_slice() {
            [only] if close == ')' && !comma => Some(Raw::Text(only.clone())),
            _ => Some(Raw::Texts(items)),
        }
    }

    // True   None   1_000   -0.5
    fn word(&mut self) -> Option<Raw> {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || "_.+-".contains(c)))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let raw = match word {
            "True" => Raw::Switch(true),
            "False" => Raw::Switch(false),
            "None" => Raw::Unset,
            _ => {
                let digits = word.replace('_', "");
                let first = digits.trim_start_matches(['+', '-']).chars().next()?;
                if !(first.is_ascii_digit() || first == '.') {
                    return None;
                }
                digits.parse::<f64>().ok()?;
                Raw::Number(digits)
            }
        };
        self.rest = rest;
        Some(raw)
    }

    // "a" r'b'
    fn strings(&mut self) -> Option<Raw> {
        let mut text = String::new();
        loop {
            let raw = self.rest.starts_with(['r', 'R']);
            let open = self.rest.trim_start_matches(['r', 'R', 'u', 'U']);
            if !open.starts_with(['\'', '"']) || self.rest.len() - open.len() > 1 {
                break;
            }
            let end = string_end(open.as_bytes(), 0);
            let width = if open.starts_with("'''") || open.starts_with("\"\"\"") {
                3
            } else {
                1
            };
            let quotes = &open[..width];
            let body = open.get(width..end.checked_sub(width)?)?;
            if !open[..end].ends_with(quotes) {
                return None;
            }
            if raw {
                text.push_str(body);
            } else {
                unescape(body, &mut text);
            }
            self.rest = &open[end..];
            self.space();
        }
        Some(Raw::Text(text))
    }
}

/// The escapes that paths need; any other stays as written, as in Python.
fn unescape(body: &str, out: &mut String) {
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\n') => {}
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(literal: &str) -> Raw {
        let text = format!("GUWU_X = {literal}\n");
        let found = constants(&text, "GUWU_");
        assert_eq!(found.len(), 1, "{literal}");
        found.into_iter().next().unwrap().value
    }

    #[test]
    fn literals() {
        assert_eq!(one("True  # on"), Raw::Switch(true));
        assert_eq!(one("None"), Raw::Unset);
        assert_eq!(one("1_000"), Raw::Number("1000".into()));
        assert_eq!(one("-0.5"), Raw::Number("-0.5".into()));
        assert_eq!(one("(0.8)"), Raw::Number("0.8".into()));
        assert_eq!(one("'a' \"b\""), Raw::Text("ab".into()));
        assert_eq!(one(r#"r"C:\logs""#), Raw::Text(r"C:\logs".into()));
        assert_eq!(one(r#""C:\\logs\q""#), Raw::Text(r"C:\logs\q".into()));
        assert_eq!(one("'''a\nb'''"), Raw::Text("a\nb".into()));
        assert_eq!(one("[]"), Raw::Texts(vec![]));
        assert_eq!(one("('a',)"), Raw::Texts(vec!["a".into()]));
        assert_eq!(one("('a')"), Raw::Text("a".into()));
        assert_eq!(
            one("[\n  'a',  # first\n  \"b\",\n]"),
            Raw::Texts(vec!["a".into(), "b".into()])
        );
    }

    #[test]
    fn what_would_have_to_run_is_not_read() {
        for text in [
            "os.getenv('X')",
            "f'{x}'",
            "1 + 1",
            "not True",
            "[x]",
            "['a' 'b', 1]",
            "'open",
            "",
            "[['a']]",
            "b'x'",
            "float('0.8')",
        ] {
            assert!(matches!(one(text), Raw::Other(_)), "{text}");
        }
    }

    #[test]
    fn only_statements_at_the_left_edge_count() {
        let text = "\"\"\"Doc\nGUWU_A = True\n\"\"\"\nimport os\nif os:\n    GUWU_B = 1\nGUWU_C: float = 0.5\n\
                    x = [\nGUWU_D,\n]\nGUWU_E == 1\nGUWU_C = 0.6\nprint('''\nGUWU_G = 1''')\n";
        let rows: Vec<_> = constants(text, "GUWU_")
            .into_iter()
            .map(|c| (c.name, c.line))
            .collect();
        assert_eq!(rows, [("GUWU_C", 12), ("GUWU_C", 7)]);
    }

    #[test]
    fn any_text_is_survived() {
        for text in [
            "GUWU_X = [",
            "GUWU_X = '\\",
            "GUWU_X = rä",
            "GUWU_X = r",
            "'''",
            ")]}",
            "GUWU_X = \"\"\"a\"",
        ] {
            constants(text, "GUWU_");
        }
    }
}
