//! Python literals, comments and docstrings from untrusted text. Nothing from a log reaches a test file by another way.

/// A Python string literal for any text, pure ASCII, that evaluates to exactly that text.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// One line of plain words for a comment or docstring: control characters, back-slashes and quotes can not end it.
pub fn words(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for c in text.chars().take(limit) {
        match c {
            '\\' => out.push('/'),
            '"' => out.push('\''),
            // Bidirectional marks and other invisible characters could make a comment read as code.
            c if c.is_control() || is_invisible(c) => out.push(' '),
            c => out.push(c),
        }
    }
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a text is a plain Python identifier, safe to stand in code.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&text)
}

/// Whether a text is a dotted chain of identifiers.
pub fn is_dotted(text: &str) -> bool {
    !text.is_empty() && text.split('.').all(is_identifier)
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_can_not_become_code() {
        assert_eq!(
            string("\"); import os #\n\u{202e}é😀\\"),
            "\"\\\"); import os #\\n\\u202e\\xe9\\U0001f600\\\\\""
        );
    }

    #[test]
    fn words_stay_on_one_line_and_inside_their_quotes() {
        assert_eq!(words("a\nb \"\"\" \\ \u{202e}c", 100), "a b ''' / c");
        assert_eq!(words("abcdef", 3), "abc…");
    }

    #[test]
    fn identifiers_only() {
        assert!(is_dotted("modules.kg.facade"));
        assert!(!is_dotted("modules.import"));
        assert!(!is_dotted("a..b"));
        assert!(!is_identifier("x; import os"));
    }
}
