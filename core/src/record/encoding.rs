//! Byte order marks and UTF-16. Everything else is bytes, whose text is decoded record by record.

/// How the source's characters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Line ends are single bytes.
    Bytes,
    /// UTF-16, least significant byte first.
    Little,
    /// UTF-16, most significant byte first.
    Big,
}

/// Bytes that are enough to tell.
pub(crate) const ENOUGH: usize = 32;

/// The encoding that the first bytes tell, and the length of their byte order mark.
pub(crate) fn detect(head: &[u8], at_start: bool) -> (Encoding, usize) {
    if at_start {
        match head {
            [0xef, 0xbb, 0xbf, ..] => return (Encoding::Bytes, 3),
            [0xff, 0xfe, ..] => return (Encoding::Little, 2),
            [0xfe, 0xff, ..] => return (Encoding::Big, 2),
            _ => {}
        }
    }
    // Latin text in UTF-16 has a zero in every other byte.
    let head = &head[..head.len().min(ENOUGH)];
    let zeros = |odd: usize| {
        head.iter()
            .enumerate()
            .filter(|(i, b)| i % 2 == odd && **b == 0)
            .count()
    };
    let half = head.len() / 2;
    if half < 4 {
        return (Encoding::Bytes, 0);
    }
    match (zeros(0), zeros(1)) {
        (0, high) if high * 10 >= half * 7 => (Encoding::Little, 0),
        (high, 0) if high * 10 >= half * 7 => (Encoding::Big, 0),
        _ => (Encoding::Bytes, 0),
    }
}

/// Index of the line end at or after `from`, which is even.
pub(crate) fn line_end(b: &[u8], from: usize, encoding: Encoding) -> Option<usize> {
    let end: [u8; 2] = match encoding {
        Encoding::Big => [0, b'\n'],
        _ => [b'\n', 0],
    };
    b.get(from..)?
        .chunks_exact(2)
        .position(|unit| unit == end)
        .map(|n| from + 2 * n)
}

/// UTF-16 as UTF-8; what is broken becomes a mark.
pub(crate) fn narrow(b: &[u8], encoding: Encoding) -> String {
    let units = b.chunks_exact(2).map(|unit| match encoding {
        Encoding::Big => u16::from_be_bytes([unit[0], unit[1]]),
        _ => u16::from_le_bytes([unit[0], unit[1]]),
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_zeros() {
        assert_eq!(detect(b"\xef\xbb\xbfx", true), (Encoding::Bytes, 3));
        assert_eq!(detect(b"\xff\xfex\0", true), (Encoding::Little, 2));
        assert_eq!(
            detect(b"2\x000\x002\x006\x00-\x001\x001\x00", false),
            (Encoding::Little, 0)
        );
        assert_eq!(
            detect(b"\x002\x000\x002\x006\x00-\x001", false),
            (Encoding::Big, 0)
        );
        assert_eq!(detect(&[0; 40], false), (Encoding::Bytes, 0));
        assert_eq!(detect(b"2026-11-22 plain", false), (Encoding::Bytes, 0));
        assert_eq!(narrow(b"a\0\xe4\0", Encoding::Little), "aä");
        assert_eq!(line_end(b"a\0\n\0", 0, Encoding::Little), Some(2));
    }
}
