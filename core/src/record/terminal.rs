//! Takes terminal codes, the holes of a file and the bars that show how far a job has come out of a line of bytes.
//! Deliberately nothing is made of them.

use super::header;
use super::word::{Word, any_in};

/// The line without terminal codes and without the bytes that a hole in a file reads as; `None`: it had none.
pub(crate) fn clean(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(0x1b, 0, text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            0 => at += 1,
            0x1b => at += escape(&text[at..]),
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Some(out)
}

/// A line without what was drawn over and over before it, which ends without a line's end: `\r 25%|##   | 1/4 [00:01<00:03]`.
/// `None`: nothing was drawn. A bar alone is an empty line.
pub(crate) fn undrawn(text: &[u8]) -> Option<&[u8]> {
    static BAR: [Word; 2] = [Word::new("%"), Word::new("it/s")];
    let end = text.iter().rposition(|byte| *byte != b'\r')? + 1;
    let text = &text[..end];
    let drawn = memchr::memrchr(b'\r', text)?;
    let begins = text[0] == b'\r';
    if !begins && header::recognise(text).is_some() {
        return None;
    }
    let last = &text[drawn + 1..];
    if header::recognise(last).is_some() {
        return Some(last);
    }
    let bar = last.len().min(LONGEST_BAR);
    let starts = (1..bar).filter(|at| may_begin(last, *at));
    let mut rests = starts.map(|at| &last[at..]);
    let rest = rests.find(|rest| begins_trace(rest) || header::recognise(rest).is_some());
    if rest.is_none() && begins && any_in(&BAR, &last[..bar]) {
        return Some(b"");
    }
    rest
}

/// What is drawn is no wider than a terminal; its blocks have three bytes each.
const LONGEST_BAR: usize = 1024;

/// Whether a record may begin here, right behind a bar: with a date, a level or a traceback.
fn may_begin(text: &[u8], at: usize) -> bool {
    const WORDS: [&[u8]; 5] = [b"ERROR", b"WARNING", b"INFO", b"DEBUG", b"CRITICAL"];
    let rest = &text[at..];
    match rest[0] {
        b'1' | b'2' => {
            let is_digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
            (1..4).all(is_digit) && matches!(rest.get(4), Some(b'-' | b'/' | b'.')) && is_digit(5)
        }
        b'[' => rest.get(1).is_some_and(u8::is_ascii_digit) && may_begin(text, at + 1),
        b'T' => begins_trace(rest),
        b'A'..=b'Z' => WORDS.iter().any(|word| {
            rest.starts_with(word) && matches!(rest.get(word.len()), Some(b':' | b' '))
        }),
        _ => false,
    }
}

fn begins_trace(text: &[u8]) -> bool {
    text.starts_with(b"Traceback (most recent call last):")
}

/// Length of the terminal code at the start of `b`.
fn escape(b: &[u8]) -> usize {
    match b.get(1) {
        // ESC [ 35 ; 1 m
        Some(b'[') => {
            let body = b[2..]
                .iter()
                .take(64)
                .take_while(|c| (0x20..0x40).contains(*c))
                .count();
            match b.get(2 + body) {
                Some(last) if (0x40..0x7f).contains(last) => 3 + body,
                _ => 2,
            }
        }
        // ESC ] 8 ; ; URL ESC \
        Some(b']') => {
            let end = b[2..]
                .iter()
                .take(4096)
                .position(|c| *c == 0x07 || *c == 0x1b);
            match end {
                Some(n) if b[2 + n] == 0x07 => 3 + n,
                Some(n) if b.get(3 + n) == Some(&b'\\') => 4 + n,
                _ => 2,
            }
        }
        Some(b'(' | b')') => 3.min(b.len()),
        Some(_) => 2,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_goes() {
        let record = &b"2026-11-27 19:47:10,998 INFO batch: started"[..];
        for bar in [
            "\r  0%|          | 0/4 [00:00<?, ?it/s]",
            "\r  0% (0 of 4) |      | Elapsed Time: 0:00:00 ETA: 0:00:00",
            "orders  [####------]   25%  00:00:01\rorders  [#####-----]   50%  00:00:01",
            "  3%|x | 3/100\r",
        ] {
            let line = [bar.as_bytes(), record].concat();
            assert_eq!(undrawn(&line), Some(record), "{bar}");
            let line = [&line[..], b"\r"].concat();
            assert_eq!(undrawn(&line), Some(record), "{bar}");
        }
        assert_eq!(
            undrawn(b"\r 75%|xx | 3/4 [00:00<00:00, 19.55it/s]"),
            Some(&b""[..])
        );
        let lambda = b"[ERROR] KeyError: 'a'\rTraceback (most recent call last):\r\xa0\xa0File \"a.py\", line 1";
        for kept in [
            &b"plain\r"[..],
            b"plain",
            b"\r",
            b"",
            b"a value\rwith 5 %",
            lambda,
        ] {
            assert_eq!(undrawn(kept), None);
        }
    }

    #[test]
    fn terminal_codes_go() {
        assert_eq!(clean(b"\x1b[35m\x1b[1mGET\x1b[0m"), Some(b"GET".to_vec()));
        assert_eq!(
            clean(b"\x1b]8;;file://a\x1b\\a.py\x1b]8;;\x07\0\0x"),
            Some(b"a.pyx".to_vec())
        );
        assert_eq!(clean(b"plain"), None);
        assert_eq!(clean(b"\x1b"), Some(Vec::new()));
    }
}
