//! What people and programs read: terminal-safe text and JSON documents. It decides nothing.

mod document;
mod text;

pub use document::{candidate_json, group_json, show_json};
pub use text::{failure_text, group_line, show_text};

/// The id that people type: the fingerprint without its version, its first eight digits.
pub fn short_id(fingerprint: &str) -> &str {
    let hex = fingerprint
        .split_once(':')
        .map_or(fingerprint, |(_, hex)| hex);
    hex.get(..8).unwrap_or(hex)
}

/// Log text for a terminal: control characters and invisible marks become visible escapes, line ends become blanks.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}') =>
            {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// The first characters of a text, with a mark when something is left out.
pub fn clip(text: &str, limit: usize) -> String {
    let mut out: String = text.chars().take(limit).collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_text_can_not_move_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\nc\u{202e}"), "a\\u{1b}[2Jb c\\u{202e}");
    }

    #[test]
    fn ids_are_short() {
        assert_eq!(short_id("1:0123456789abcdef"), "01234567");
        assert_eq!(short_id("12"), "12");
    }
}
