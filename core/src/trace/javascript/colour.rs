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
        let before = self.cuts.iter().rfind(|cut| cut.0 <= offset);
        offset + before.map_or(0, |cut| cut.1)
    }
}

/// What begins a sequence.
//  ESC[90m
const ESCAPE: &str = "\x1b[";

/// The text without colours, or None when it has none.
pub(super) fn plain(text: &str) -> Option<Plain> {
    let resets = "\x1b[0m|\x1b[m|\x1b[39m|\x1b[22m|\x1b[24m";
    if !text::items(resets, "|").any(|reset| text::has(text, reset)) {
        return None;
    }
    let mut plain = Plain {
        text: String::new(),
        cuts: Vec::new(),
    };
    let mut rest = text;
    while let Some((before, after)) = text::split(rest, ESCAPE) {
        plain.text.push_str(before);
        let mut after_digits = text::from(after, text::run(after, text::DIGIT, ";"));
        if text::eat(&mut after_digits, "m") {
            rest = after_digits;
            let removed = text.len() - rest.len() - plain.text.len();
            plain.cuts.push((plain.text.len(), removed));
        } else {
            plain.text.push_str(ESCAPE);
            rest = after;
        }
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
