//! Takes terminal codes, and the holes of a file, out of a line of bytes. Deliberately nothing is made of them.

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
