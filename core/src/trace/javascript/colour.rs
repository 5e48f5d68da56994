//! Takes terminal colours out of a text and remembers where they stood.
//!
//! Deliberately only `ESC [ … m`, and only in a text that also switches a colour off again: a lone escape in a name is
//! part of that name.

use alloc::string::String;
use alloc::vec::Vec;

use crate::text;

/// A text without colours.
pub(super) struct Plain {
    pub text: String,
    /// (offset in `text`, bytes taken out before it), in order.
    cuts: Vec<(usize, usize)>,
}

impl Plain {
    /// Offset in the coloured text of an offset in the plain one.
    pub fn original(&self, offset: usize) -> usize {
        let after = self.cuts.partition_point(|cut| cut.0 <= offset);
        match after.checked_sub(1) {
            Some(last) => offset + self.cuts[last].1,
            None => offset,
        }
    }
}

/// Length of the colour sequence at the start of `text`.
//  ESC[90m
fn sequence(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("\x1b[")?;
    let digits = text::run(rest, text::DIGIT, ";");
    text::from(rest, digits)
        .starts_with('m')
        .then_some(digits + 3)
}

/// The text without colours, or None when it has none.
pub(super) fn plain(text: &str) -> Option<Plain> {
    let first = text::find(text, "\x1b[")?;
    let resets = ["\x1b[0m", "\x1b[m", "\x1b[39m", "\x1b[22m", "\x1b[24m"];
    if !resets
        .iter()
        .any(|reset| text::has(text::from(text, first), reset))
    {
        return None;
    }
    let mut plain = Plain {
        text: String::with_capacity(text.len()),
        cuts: Vec::new(),
    };
    let (mut rest, mut removed) = (text, 0);
    while let Some(at) = text::find(rest, "\x1b[") {
        let length = sequence(text::from(rest, at)).unwrap_or(0);
        plain.text.push_str(text::until(rest, at));
        if length == 0 {
            plain.text.push('\x1b');
            rest = text::from(rest, at + 1);
            continue;
        }
        removed += length;
        plain.cuts.push((plain.text.len(), removed));
        rest = text::from(rest, at + length);
    }
    plain.text.push_str(rest);
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_coloured_text() {
        let text = "a\x1b[90mbc\x1b[39md";
        let plain = plain(text).unwrap();
        assert_eq!(plain.text, "abcd");
        assert_eq!(
            (plain.original(0), plain.original(1), plain.original(3)),
            (0, 6, 13)
        );
        assert_eq!(&text[plain.original(3)..plain.original(4)], "d");
    }

    #[test]
    fn a_lone_escape_stays() {
        assert!(plain("Object.\x1b[44;37m foo").is_none());
        assert!(plain("none").is_none());
    }
}
