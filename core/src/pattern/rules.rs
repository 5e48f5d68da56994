//! Rules as text: one line a rule, a code and what it looks for, the first line that fits decides.
//! Text instead of code keeps the order visible and the module small in a browser.

use crate::text::{self, in_place};

in_place! {
    /// The code of the first line `NAME|NAME CODE needle|needle` that lists the name (`*` stands for all) and fits the text:
    /// the text holds a needle, begins (`^`) or ends (`$`) with it, is it (`=`), or is short and holds it (`~`). A line
    /// without needles fits any text.
    pub(super) fn by_kind(rules: &'static str, name: &str, text: &str) -> Option<&'static str> {
        text::items(rules, "\n").find_map(|line| {
            let (names, rest) = text::split(line, " ")?;
            let (code, needles) = text::split(rest, " ")?;
            let fits = (names == "*" || text::listed(names, name))
                && text::items(needles, "|").any(|needle| is_found(needle, text));
            fits.then_some(code)
        })
    }
}

/// Longest text in which a needle with `~` is looked for, in bytes.
const SHORT: usize = 119;

fn is_found(needle: &str, text: &str) -> bool {
    let plain = text::from(needle, 1);
    match needle.bytes().next() {
        None => true,
        Some(b'^') => text.starts_with(plain),
        Some(b'$') => text.ends_with(plain),
        Some(b'=') => text == plain,
        Some(b'~') => text.len() <= SHORT && text::has(text, plain),
        Some(_) => text::has(text, needle),
    }
}

/// The code of the first line `CODE needle|needle` with a needle that `text` holds. Needles keep their blanks.
#[cfg(feature = "python")]
pub(super) fn by_text(rules: &'static str, text: &str) -> Option<&'static str> {
    by_line(rules, "|", text)
}

/// The code of the line `CODE name name` that lists `name`.
#[cfg(feature = "python")]
pub(super) fn by_name(rules: &'static str, name: &str) -> Option<&'static str> {
    by_line(rules, " ", name)
}

/// The code of the first line with an item that fits.
#[cfg(feature = "python")]
fn by_line(rules: &'static str, mark: &'static str, text: &str) -> Option<&'static str> {
    text::items(rules, "\n").find_map(|line| {
        let (code, items) = text::split(line, " ")?;
        text::items(items, mark)
            .any(|item| item == text || mark == "|" && text::has(text, item))
            .then_some(code)
    })
}

#[cfg(all(test, feature = "python"))]
mod tests {
    use super::*;

    #[test]
    fn lines_are_for_names_and_for_wordings() {
        let rules = "A|B GW1 x|^y|$z\n* GW2 =w|~v\n GW3 \nC GW4 ";
        for (name, text, want) in [
            ("A", "axa", Some("GW1")),
            ("B", "ya", Some("GW1")),
            ("B", "ay", None),
            ("A", "az", Some("GW1")),
            ("C", "x", Some("GW4")),
            ("D", "w", Some("GW2")),
            ("D", "ww", None),
            ("D", "av", Some("GW2")),
            ("", "u", Some("GW3")),
        ] {
            assert_eq!(by_kind(rules, name, text), want, "{name} {text}");
        }
        assert_eq!(by_kind(rules, "D", &["v"; 120].concat()), None);
    }

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
