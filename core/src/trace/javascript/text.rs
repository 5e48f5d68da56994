//! Small operations on `str` and on lists of lines, each compiled once.
//!
//! The searchers and the panicking slices of the standard library cost more bytes in a browser's module than the whole
//! grammar. Here a slice outside the text is empty, which the rule "never panics" wants anyway. Deliberately ASCII:
//! every mark that is searched for is.

/// `text[at..]`.
#[inline(never)]
pub(super) fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

/// `text[..at]`.
#[inline(never)]
pub(super) fn until(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or("")
}

/// `items[first..last]`.
pub(super) fn part<T>(items: &[T], first: usize, last: usize) -> &[T] {
    items.get(first..last).unwrap_or(&[])
}

/// Where `mark` begins. The marks are a few bytes long, so that looking at each place costs no more than a searcher.
#[inline(never)]
pub(super) fn find(text: &str, mark: &str) -> Option<usize> {
    let mark = mark.as_bytes();
    text.as_bytes()
        .windows(mark.len())
        .position(|window| window == mark)
}

/// Where `mark` begins for the last time.
#[inline(never)]
pub(super) fn rfind(text: &str, mark: &str) -> Option<usize> {
    let mark = mark.as_bytes();
    text.as_bytes()
        .windows(mark.len())
        .rposition(|window| window == mark)
}

/// `mark` is in the text.
pub(super) fn has(text: &str, mark: &str) -> bool {
    find(text, mark).is_some()
}

/// What stands before and after the first `mark`.
pub(super) fn split<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, mark)?;
    Some((until(text, at), from(text, at + mark.len())))
}

/// What stands before and after the last `mark`.
pub(super) fn rsplit<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = rfind(text, mark)?;
    Some((until(text, at), from(text, at + mark.len())))
}

/// The first or the last byte is one of `set`.
#[inline(never)]
pub(super) fn is_one_of(byte: Option<&u8>, set: &str) -> bool {
    byte.is_some_and(|byte| set.as_bytes().contains(byte))
}

/// The last byte is one of `set`.
pub(super) fn ends(text: &str, set: &str) -> bool {
    is_one_of(text.as_bytes().last(), set)
}

/// The first byte is one of `set`.
pub(super) fn begins(text: &str, set: &str) -> bool {
    is_one_of(text.as_bytes().first(), set)
}

/// `word` is in a list of words with `|` between them.
#[inline(never)]
pub(super) fn listed(list: &str, word: &str) -> bool {
    let mut rest = list.as_bytes();
    loop {
        let end = rest.iter().position(|b| *b == b'|').unwrap_or(rest.len());
        if part(rest, 0, end) == word.as_bytes() {
            return true;
        }
        if end == rest.len() {
            return false;
        }
        rest = part(rest, end + 1, rest.len());
    }
}

/// Number of digits at the start.
#[inline(never)]
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Without blanks at the start.
#[inline(never)]
pub(super) fn trim_start(text: &str) -> &str {
    text.trim_start()
}

/// Without blanks at the end.
#[inline(never)]
pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end()
}

/// Without blanks around.
pub(super) fn trim(text: &str) -> &str {
    trim_start(trim_end(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_outside_are_empty() {
        assert_eq!(
            (from("ab", 1), from("ab", 3), until("ab", 1), until("ab", 3)),
            ("b", "", "a", "")
        );
        assert_eq!((from("ü", 1), part(&[1, 2], 1, 5)), ("", &[][..]));
    }

    #[test]
    fn marks_are_found() {
        assert_eq!(
            (find("a b b", " b"), rfind("a b b", " b"), find("a", "long")),
            (Some(1), Some(3), None)
        );
        assert_eq!(split("a: b: c", ": "), Some(("a", "b: c")));
        assert_eq!(rsplit("a: b: c", ": "), Some(("a: b", "c")));
    }

    #[test]
    fn words_are_found_whole() {
        assert!(listed("ab|c", "ab") && listed("ab|c", "c"));
        assert!(!listed("ab|c", "a") && !listed("ab|c", "") && listed("|c", ""));
    }
}
