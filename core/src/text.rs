//! Small operations on `str` and on lists, each compiled once.
//!
//! The searchers and the panicking slices of the standard library cost more bytes in a browser's module than the whole
//! grammar. Here a slice outside the text is empty, which the rule "never panics" wants anyway. Deliberately ASCII:
//! every mark that is searched for is.

/// `text[at..]`.
#[inline(never)]
pub(crate) fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

/// `text[..at]`.
#[inline(never)]
pub(crate) fn until(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or("")
}

/// `items[first..last]`.
pub(crate) fn part<T>(items: &[T], first: usize, last: usize) -> &[T] {
    items.get(first..last).unwrap_or(&[])
}

/// Where `mark` begins. The marks are short, so that looking at each place costs no more than a searcher.
#[inline(never)]
pub(crate) fn find(text: &str, mark: &str) -> Option<usize> {
    let (text, mark) = (text.as_bytes(), mark.as_bytes());
    let first = mark.first()?;
    (0..text.len()).find(|&at| text[at] == *first && text[at..].starts_with(mark))
}

/// Where `mark` begins for the last time.
#[inline(never)]
pub(crate) fn rfind(text: &str, mark: &str) -> Option<usize> {
    let (text, mark) = (text.as_bytes(), mark.as_bytes());
    let first = mark.first()?;
    (0..text.len()).rfind(|&at| text[at] == *first && text[at..].starts_with(mark))
}

/// `mark` is in the text.
pub(crate) fn has(text: &str, mark: &str) -> bool {
    find(text, mark).is_some()
}

/// What stands before and after the first `mark`.
#[inline(never)]
pub(crate) fn split<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, mark)?;
    Some((until(text, at), from(text, at + mark.len())))
}

/// What stands before and after the last `mark`.
#[inline(never)]
pub(crate) fn rsplit<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = rfind(text, mark)?;
    Some((until(text, at), from(text, at + mark.len())))
}

/// What stands before the first `mark`, or all.
pub(crate) fn before<'t>(text: &'t str, mark: &str) -> &'t str {
    split(text, mark).map_or(text, |(before, _)| before)
}

/// What stands after the last `mark`, or all.
pub(crate) fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    rsplit(text, mark).map_or(text, |(_, after)| after)
}

/// Without `lead` at the start, where it stands there.
#[inline(never)]
pub(crate) fn without<'t>(text: &'t str, lead: &str) -> &'t str {
    text.strip_prefix(lead).unwrap_or(text)
}

/// What stands between the `mark`s.
pub(crate) fn items<'t>(text: &'t str, mark: &'static str) -> Items<'t> {
    Items {
        rest: Some(text),
        mark,
    }
}

/// See [`items`].
pub(crate) struct Items<'t> {
    rest: Option<&'t str>,
    mark: &'static str,
}

impl<'t> Iterator for Items<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest?;
        let parts = split(text, self.mark);
        self.rest = parts.map(|(_, rest)| rest);
        Some(parts.map_or(text, |(item, _)| item))
    }
}

/// The first or the last byte is one of `set`.
#[inline(never)]
pub(crate) fn is_one_of(byte: Option<&u8>, set: &str) -> bool {
    byte.is_some_and(|byte| set.as_bytes().contains(byte))
}

/// The last byte is one of `set`.
pub(crate) fn ends(text: &str, set: &str) -> bool {
    is_one_of(text.as_bytes().last(), set)
}

/// The first byte is one of `set`.
pub(crate) fn begins(text: &str, set: &str) -> bool {
    is_one_of(text.as_bytes().first(), set)
}

/// `word` is in a list of words with `|` between them.
#[inline(never)]
pub(crate) fn listed(list: &'static str, word: &str) -> bool {
    items(list, "|").any(|item| item == word)
}

/// Like [`listed`], in any case of letters.
#[inline(never)]
pub(crate) fn listed_in_any_case(list: &'static str, word: &str) -> bool {
    items(list, "|").any(|item| item.eq_ignore_ascii_case(word))
}

/// Length of the run of characters at the start that pass the test.
#[inline(never)]
pub(crate) fn run(text: &str, test: fn(char) -> bool) -> usize {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if !test(c) {
            return text.len() - rest.as_str().len() - c.len_utf8();
        }
    }
    text.len()
}

/// Where the run of characters at the end begins that pass the test.
#[inline(never)]
pub(crate) fn last_run(text: &str, test: fn(char) -> bool) -> usize {
    let mut rest = text.chars();
    while let Some(c) = rest.next_back() {
        if !test(c) {
            return rest.as_str().len() + c.len_utf8();
        }
    }
    0
}

/// There are characters, and all pass the test.
pub(crate) fn all(text: &str, test: fn(char) -> bool) -> bool {
    !text.is_empty() && run(text, test) == text.len()
}

pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Number of digits at the start.
#[inline(never)]
pub(crate) fn digits(text: &str) -> usize {
    run(text, is_digit)
}

/// Without blanks at the start.
#[inline(never)]
pub(crate) fn trim_start(text: &str) -> &str {
    from(text, run(text, char::is_whitespace))
}

/// Without blanks at the end.
#[inline(never)]
pub(crate) fn trim_end(text: &str) -> &str {
    until(text, last_run(text, char::is_whitespace))
}

/// Without blanks around.
pub(crate) fn trim(text: &str) -> &str {
    trim_start(trim_end(text))
}

/// The first line that is not blank, without blanks around.
pub(crate) fn first_line(text: &str, is_inside: fn(char) -> bool) -> &str {
    let text = trim_start(text);
    trim_end(until(text, run(text, is_inside)))
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
        assert_eq!((before("a.b.c", "."), after("a.b.c", ".")), ("a", "c"));
        assert_eq!((before("abc", "."), after("abc", ".")), ("abc", "abc"));
    }

    #[test]
    fn words_are_found_whole() {
        assert!(listed("ab|c", "ab") && listed("ab|c", "c"));
        assert!(!listed("ab|c", "a") && !listed("ab|c", "") && listed("|c", ""));
        assert!(listed_in_any_case("ab|c", "AB"));
        assert_eq!(items("a||b", "|").collect::<Vec<_>>(), ["a", "", "b"]);
    }

    #[test]
    fn runs_end_between_characters() {
        let is_letter = |c: char| c.is_alphabetic();
        assert_eq!((run("äb1", is_letter), last_run("1äb", is_letter)), (3, 1));
        assert_eq!((run("1", is_letter), last_run("1", is_letter)), (0, 1));
        assert_eq!((run("ü", is_letter), last_run("ü", is_letter)), (2, 0));
        assert!(all("ab", is_letter) && !all("", is_letter) && !all("a1", is_letter));
        assert_eq!(first_line(" \n a b \n c", |c| c != '\n'), "a b");
    }
}
