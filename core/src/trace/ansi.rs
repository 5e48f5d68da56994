//! Takes terminal escape sequences out of a line and maps places in the clean text back to the raw one.
//! It interprets none of them: colours, cursor moves and hyperlinks are all just left out.

use std::borrow::Cow;

/// The line without escape sequences (CSI, OSC and two-byte ones).
pub(crate) fn strip(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\u{1b}') {
        return Cow::Borrowed(raw);
    }
    let mut clean = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(found) = raw[at..].find('\u{1b}') {
        clean.push_str(&raw[at..at + found]);
        at += found + sequence(&raw[at + found..]);
    }
    clean.push_str(&raw[at..]);
    Cow::Owned(clean)
}

/// Where byte `clean` of `strip(raw)` lies in `raw`.
pub(crate) fn raw_offset(raw: &str, clean: usize) -> usize {
    let (mut at, mut left) = (0, clean);
    while let Some(found) = raw[at..].find('\u{1b}') {
        if left < found {
            break;
        }
        left -= found;
        at += found + sequence(&raw[at + found..]);
    }
    (at + left).min(raw.len())
}

/// Length of the escape sequence at the start of `text` (which starts with ESC).
fn sequence(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        // ESC [ 1 ; 35 m
        Some(b'[') => {
            let body = bytes[2..]
                .iter()
                .take_while(|b| (0x20..=0x3f).contains(*b))
                .count();
            match bytes.get(2 + body) {
                Some(0x40..=0x7e) => 3 + body,
                _ => 2 + body,
            }
        }
        // ESC ] 8 ; ; url ESC \   or ended by BEL; an unended one is cut after the introducer
        Some(b']') => {
            let body = &bytes[2..];
            let limit = body.len().min(4096);
            match body[..limit].iter().position(|b| matches!(b, 7 | 0x1b)) {
                Some(end) if body[end] == 7 => 2 + end + 1,
                Some(end) if body.get(end + 1) == Some(&b'\\') => 2 + end + 2,
                Some(end) => 2 + end,
                None => 2,
            }
        }
        Some(0x30..=0x7e) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_links_go() {
        assert_eq!(strip("a\u{1b}[1;35mb\u{1b}[0m c"), "ab c");
        assert_eq!(
            strip("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{7}!"),
            "link!"
        );
        assert_eq!(strip("cut \u{1b}[3"), "cut ");
        assert_eq!(strip("é\u{1b}é\u{1b}"), "éé");
    }

    #[test]
    fn places_map_back() {
        let raw = "\u{1b}[1mab\u{1b}[0mcd";
        assert_eq!(&raw[raw_offset(raw, 0)..], "ab\u{1b}[0mcd");
        assert_eq!(&raw[raw_offset(raw, 2)..], "cd");
        assert_eq!(raw_offset(raw, 4), raw.len());
    }
}
