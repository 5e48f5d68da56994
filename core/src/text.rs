//! Small operations on `str` and on lists, each compiled once.
//!
//! The searchers and the panicking slices of the standard library cost more bytes in a browser's module than the whole
//! grammar. Here a slice outside the text is empty, which the rule "never panics" wants anyway. Deliberately ASCII:
//! every mark that is searched for is. Where whole logs are read (`logs`), what is used most is fast instead of small.

use alloc::string::String;

/// A function whose result is two words, such as a `&str`. Where the code has to be small it is compiled once and hands
/// them over in an array of one: for a bare `&str` a wasm caller keeps eight bytes of its own for each call, which are told
/// apart all over its code; the places of arrays are used again by the next call.
macro_rules! in_place {
    ($(#[$doc:meta])* $vis:vis fn $name:ident $(<$t:lifetime>)? ($($arg:ident: $kind:ty),*) -> $out:ty $body:block) => {
        $(#[$doc])*
        #[cfg(feature = "logs")]
        $vis fn $name$(<$t>)?($($arg: $kind),*) -> $out $body

        $(#[$doc])*
        #[cfg(not(feature = "logs"))]
        #[inline(always)]
        $vis fn $name$(<$t>)?($($arg: $kind),*) -> $out {
            #[inline(always)]
            fn plain$(<$t>)?($($arg: $kind),*) -> $out $body
            #[inline(never)]
            fn placed$(<$t>)?($($arg: $kind),*) -> [$out; 1] {
                [plain($($arg),*)]
            }
            let [out] = placed($($arg),*);
            out
        }
    };
}
pub(crate) use in_place;

/// A copy. Grown like any other string: another way to make one is more code.
#[inline(never)]
pub(crate) fn owned(text: &str) -> String {
    let mut copy = String::new();
    copy.push_str(text);
    copy
}

in_place! {
    /// The text, or an empty one.
    pub(crate) fn given(text: &Option<String>) -> &str {
        text.as_deref().unwrap_or("")
    }
}

in_place! {
    /// `text[first..last]`.
    pub(crate) fn part(text: &str, first: usize, last: usize) -> &str {
        text.get(first..last).unwrap_or("")
    }
}

in_place! {
    /// `text[at..]`.
    pub(crate) fn from(text: &str, at: usize) -> &str {
        text.get(at..).unwrap_or("")
    }
}

in_place! {
    /// `text[..at]`.
    pub(crate) fn until(text: &str, at: usize) -> &str {
        text.get(..at).unwrap_or("")
    }
}

in_place! {
    /// Where `mark` begins. The marks are short, so that looking at each place costs no more than a searcher.
    pub(crate) fn find(text: &str, mark: &str) -> Option<usize> {
        let (text, mark) = (text.as_bytes(), mark.as_bytes());
        let first = *mark.first()?;
        places(first, text).find(|&at| text[at..].starts_with(mark))
    }
}

in_place! {
    /// Where `mark` begins for the last time.
    pub(crate) fn rfind(text: &str, mark: &str) -> Option<usize> {
        let (text, mark) = (text.as_bytes(), mark.as_bytes());
        let first = *mark.first()?;
        places(first, text).rfind(|&at| text[at..].starts_with(mark))
    }
}

/// Where a byte stands.
#[cfg(feature = "logs")]
fn places(byte: u8, text: &[u8]) -> impl DoubleEndedIterator<Item = usize> {
    memchr::memchr_iter(byte, text)
}

#[cfg(not(feature = "logs"))]
#[inline(always)]
fn places(byte: u8, text: &[u8]) -> impl DoubleEndedIterator<Item = usize> {
    (0..text.len()).filter(move |&at| text[at] == byte)
}

/// `mark` is in the text.
pub(crate) fn has(text: &str, mark: &str) -> bool {
    find(text, mark).is_some()
}

/// What stands before and after the first `mark`.
#[cfg_attr(not(feature = "logs"), inline(never))]
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

in_place! {
    /// What stands before the first `mark`, or all.
    pub(crate) fn before<'t>(text: &'t str, mark: &str) -> &'t str {
        split(text, mark).map_or(text, |(before, _)| before)
    }
}

in_place! {
    /// What stands after the last `mark`, or all.
    pub(crate) fn after<'t>(text: &'t str, mark: &str) -> &'t str {
        rsplit(text, mark).map_or(text, |(_, after)| after)
    }
}

in_place! {
    /// Without `lead` at the start, where it stands there.
    pub(crate) fn without<'t>(text: &'t str, lead: &str) -> &'t str {
        text.strip_prefix(lead).unwrap_or(text)
    }
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

    #[inline(always)]
    fn next(&mut self) -> Option<&'t str> {
        next_item(self)
    }
}

in_place! {
    fn next_item<'t>(items: &mut Items<'t>) -> Option<&'t str> {
        let text = items.rest?;
        let parts = split(text, items.mark);
        items.rest = parts.map(|(_, rest)| rest);
        Some(parts.map_or(text, |(item, _)| item))
    }
}

/// The first or the last byte is one of `set`.
#[inline(never)]
pub(crate) fn is_one_of(byte: Option<&u8>, set: &str) -> bool {
    byte.is_some_and(|byte| set.bytes().any(|one| one == *byte))
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

/// Kinds of characters, to be or-ed together.
pub(crate) const DIGIT: u32 = 1;
/// ASCII, as `DIGIT` and all the others but `WIDE` are.
pub(crate) const UPPER: u32 = 2;
pub(crate) const LOWER: u32 = 4;
pub(crate) const HEX: u32 = 8;
/// Every character beyond ASCII: tables of Unicode differ between versions, and a fingerprint must not.
pub(crate) const WIDE: u32 = 16;
/// Unicode's white space, beyond ASCII too.
pub(crate) const SPACE: u32 = 32;
/// Unicode's control characters.
pub(crate) const CONTROL: u32 = 64;
/// All other kinds, and none of the characters that are named.
pub(crate) const NOT: u32 = 128;
pub(crate) const ALPHA: u32 = UPPER | LOWER;
pub(crate) const ALNUM: u32 = ALPHA | DIGIT;
pub(crate) const LETTER: u32 = ALPHA | WIDE;
pub(crate) const WORD: u32 = LETTER | DIGIT;

#[cfg_attr(not(feature = "logs"), inline(never))]
const fn kind(c: char) -> u32 {
    match c {
        '0'..='9' => DIGIT | HEX,
        'A'..='F' => UPPER | HEX,
        'G'..='Z' => UPPER,
        'a'..='f' => LOWER | HEX,
        'g'..='z' => LOWER,
        ' ' => SPACE,
        '\t'..='\r' => SPACE | CONTROL,
        '\0'..='\x1f' | '\x7f' => CONTROL,
        '\u{85}' => WIDE | SPACE | CONTROL,
        '\u{80}'..='\u{9f}' => WIDE | CONTROL,
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => WIDE | SPACE,
        '\u{a1}'.. => WIDE,
        _ => 0,
    }
}

/// The kinds of the ASCII characters.
#[cfg(feature = "logs")]
const ASCII: [u32; 128] = {
    let mut kinds = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = kind(byte as u8 as char);
        byte += 1;
    }
    kinds
};

/// The character is of one of the kinds or among `also` (or neither, with `NOT`).
#[cfg(feature = "logs")]
#[inline]
pub(crate) fn is(c: char, kinds: u32, also: &str) -> bool {
    let own = ASCII.get(c as usize).copied().unwrap_or_else(|| kind(c));
    let within = own & kinds != 0 || also.bytes().any(|one| u32::from(one) == c as u32);
    within != (kinds & NOT != 0)
}

#[cfg(not(feature = "logs"))]
#[inline(never)]
pub(crate) fn is(c: char, kinds: u32, also: &str) -> bool {
    let named = also.bytes().any(|one| u32::from(one) == c as u32);
    (kind(c) & kinds != 0 || named) != (kinds & NOT != 0)
}

/// Length of the run of characters at the start that are of one of the kinds or among `also`.
#[cfg(feature = "logs")]
#[inline(never)]
pub(crate) fn run(text: &str, kinds: u32, also: &str) -> usize {
    let wanted = kinds & NOT == 0;
    let named = also
        .bytes()
        .fold(0u128, |named, one| named | 1 << (one & 127));
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        let (own, listed, length) = if byte.is_ascii() {
            let byte = usize::from(byte);
            (ASCII[byte], named >> byte & 1 != 0, 1)
        } else {
            let c = from(text, at).chars().next().unwrap_or_default();
            (kind(c), false, c.len_utf8())
        };
        if (own & kinds != 0 || listed) != wanted {
            break;
        }
        at += length;
    }
    at
}

/// Length of the run of characters at the start that are of one of the kinds or among `also`.
#[cfg(not(feature = "logs"))]
#[inline(never)]
pub(crate) fn run(text: &str, kinds: u32, also: &str) -> usize {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if !is(c, kinds, also) {
            return text.len() - rest.as_str().len() - c.len_utf8();
        }
    }
    text.len()
}

/// Where the run at the end begins; see [`run`].
#[inline(never)]
pub(crate) fn last_run(text: &str, kinds: u32, also: &str) -> usize {
    let mut end = text.len();
    while end > 0 {
        let mut at = end - 1;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        if run(part(text, at, end), kinds, also) == 0 {
            break;
        }
        end = at;
    }
    end
}

in_place! {
    /// The run at the start; see [`run`].
    pub(crate) fn lead<'t>(text: &'t str, kinds: u32, also: &str) -> &'t str {
        until(text, run(text, kinds, also))
    }
}

in_place! {
    /// Without the run at the end; see [`run`].
    pub(crate) fn without_end<'t>(text: &'t str, kinds: u32, also: &str) -> &'t str {
        until(text, last_run(text, kinds, also))
    }
}

/// Only characters of one of the kinds or among `also`, if any.
#[inline(never)]
pub(crate) fn only(text: &str, kinds: u32, also: &str) -> bool {
    run(text, kinds, also) == text.len()
}

/// There are characters, and all are of one of the kinds or among `also`.
pub(crate) fn all(text: &str, kinds: u32, also: &str) -> bool {
    !text.is_empty() && only(text, kinds, also)
}

/// Number of digits at the start.
#[inline(never)]
pub(crate) fn digits(text: &str) -> usize {
    run(text, DIGIT, "")
}

in_place! {
    /// The number that the text is: nothing but digits.
    pub(crate) fn number(text: &str) -> Option<u32> {
        let mut number = 0;
        for byte in text.bytes() {
            let digit = byte.wrapping_sub(b'0');
            number = number * 10 + u64::from(digit);
            if digit > 9 || number > u64::from(u32::MAX) {
                return None;
            }
        }
        (!text.is_empty()).then_some(number as u32)
    }
}

in_place! {
    /// Without blanks at the start.
    pub(crate) fn trim_start(text: &str) -> &str {
        from(text, run(text, SPACE, ""))
    }
}

in_place! {
    /// Without blanks at the end.
    pub(crate) fn trim_end(text: &str) -> &str {
        without_end(text, SPACE, "")
    }
}

in_place! {
    /// Without blanks around.
    pub(crate) fn trim(text: &str) -> &str {
        trim_start(trim_end(text))
    }
}

in_place! {
    /// The first line that is not blank, without blanks around.
    pub(crate) fn first_line(text: &str) -> &str {
        trim_end(lead(trim_start(text), NOT, "\n\r"))
    }
}

/// Takes `lead` off the start; false if it does not stand there.
#[inline(never)]
pub(crate) fn eat(text: &mut &str, lead: &str) -> bool {
    let rest = text.strip_prefix(lead);
    *text = rest.unwrap_or(text);
    rest.is_some()
}

/// Takes `end` off the end; false if it does not stand there.
#[inline(never)]
pub(crate) fn eat_end(text: &mut &str, end: &str) -> bool {
    let rest = text.strip_suffix(end);
    *text = rest.unwrap_or(text);
    rest.is_some()
}

/// Appends a hexadecimal digit.
#[inline(never)]
pub(crate) fn push_digit(out: &mut String, digit: u64) {
    let digit = digit as u8 & 15;
    let letter = if digit > 9 { b'a' - b'0' - 10 } else { 0 };
    out.push(char::from(b'0' + digit + letter));
}

/// Appends the lowest `digits` hexadecimal digits.
#[inline(never)]
pub(crate) fn push_hex(out: &mut String, number: u64, digits: u32) {
    for digit in (0..digits).rev() {
        push_digit(out, number >> (digit * 4));
    }
}

/// Whether the text looks like `pattern`, where `*` stands for anything up to the first place of what follows it and
/// `#` for digits. What stands for them is put into `parts`, in order.
#[inline(never)]
pub(crate) fn like<'t>(text: &'t str, pattern: &'static str, parts: &mut [&'t str]) -> bool {
    let (mut rest, mut pattern) = (text, pattern);
    let mut parts = parts.iter_mut();
    let mut mark = "";
    loop {
        let literal = lead(pattern, NOT, "*#");
        let length = match mark {
            "" => 0,
            "#" => digits(rest),
            _ if literal.is_empty() => rest.len(),
            _ => find(rest, literal).unwrap_or(0),
        };
        let part = until(rest, length);
        rest = from(rest, length);
        if !eat(&mut rest, literal) || (mark == "#" && part.is_empty()) {
            return false;
        }
        if !mark.is_empty()
            && let Some(place) = parts.next()
        {
            *place = part;
        }
        pattern = from(pattern, literal.len());
        if pattern.is_empty() {
            return rest.is_empty();
        }
        mark = until(pattern, 1);
        pattern = from(pattern, 1);
    }
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
        assert_eq!(
            (from("ü", 1), part("ab", 0, 1), part("ab", 1, 5)),
            ("", "a", "")
        );
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
        assert_eq!(
            (run("äb1", LETTER, ""), last_run("1äb", LETTER, "")),
            (3, 1)
        );
        assert_eq!((run("1", LETTER, ""), last_run("1", LETTER, "")), (0, 1));
        assert_eq!((run("ü", LETTER, ""), last_run("ü", LETTER, "")), (2, 0));
        assert_eq!(
            (run("a-b c", ALPHA, "-"), run("a-b c", NOT | SPACE, "-")),
            (3, 1)
        );
        assert!(all("ab", LETTER, "") && !all("", LETTER, "") && !all("a1", LETTER, ""));
        assert_eq!(first_line(" \n a b \n c"), "a b");
    }

    #[test]
    fn kinds_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is(c, SPACE, ""), c.is_whitespace(), "{c:?}");
            assert_eq!(is(c, CONTROL, ""), c.is_control(), "{c:?}");
            assert_eq!(is(c, ALNUM, ""), c.is_ascii_alphanumeric(), "{c:?}");
            assert_eq!(is(c, HEX, ""), c.is_ascii_hexdigit(), "{c:?}");
            assert_eq!(is(c, UPPER, ""), c.is_ascii_uppercase(), "{c:?}");
            assert_eq!(
                is(c, LOWER | WIDE, ""),
                c.is_ascii_lowercase() || !c.is_ascii(),
                "{c:?}"
            );
        }
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(
            (number("0"), number("4294967295")),
            (Some(0), Some(u32::MAX))
        );
        for text in [
            "",
            "+1",
            "1a",
            "a",
            "4294967296",
            "99999999999999999999999999",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_fit_from_the_left() {
        let read = |text: &'static str, pattern| {
            let mut parts = [""; 3];
            like(text, pattern, &mut parts).then_some(parts)
        };
        assert_eq!(
            read("Line 18 of x: y", "Line # of *: *"),
            Some(["18", "x", "y"])
        );
        assert_eq!(read("Line x of x: y", "Line # of *: *"), None);
        assert_eq!(read("Line 18 of x", "Line # of *: *"), None);
        assert_eq!(read("a 'b' c 'd'", "a '*' *"), Some(["b", "c 'd'", ""]));
        assert_eq!(read("ab", "a"), None);
        assert_eq!(read("a", "a*"), Some(["", "", ""]));
        assert_eq!(read("", "#"), None);
    }
}
