//! Rules as text: one line a rule, a code and what it looks for, the first line that fits decides.
//! Text instead of code keeps the order visible and the module small in a browser.

use crate::text;

/// The code of the first line `CODE needle|needle` with a needle that `text` holds. Needles keep their blanks.
pub(super) fn by_text(rules: &'static str, text: &str) -> Option<&'static str> {
    by_line(rules, "|", text)
}

/// The code of the line `CODE name name` that lists `name`.
pub(super) fn by_name(rules: &'static str, name: &str) -> Option<&'static str> {
    by_line(rules, " ", name)
}

/// The code of the first line with an item that fits.
#[inline(never)]
fn by_line(rules: &'static str, mark: &'static str, text: &str) -> Option<&'static str> {
    text::items(rules, "\n").find_map(|line| {
        let (code, items) = text::split(line, " ")?;
        text::items(items, mark)
            .any(|item| item == text || mark == "|" && text::has(text, item))
            .then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_decides() {
        let rules = "GW1 a b|c\nGW2 c|b";
        assert_eq!(by_text(rules, "xa bx"), Some("GW1"));
        assert_eq!(by_text(rules, "xb"), Some("GW2"));
        assert_eq!(by_text(rules, "x"), None);
        assert_eq!(by_name("GW1 A B\nGW2 C", "C"), Some("GW2"));
        assert_eq!(by_name("GW1 A B\nGW2 C", "GW2"), None);
    }
}
