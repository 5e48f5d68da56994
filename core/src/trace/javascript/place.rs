//! Places as engines print them: `file:line:column` in all its spellings.
//!
//! Deliberately no URL parsing: a place is split from its end, where the numbers stand, so that whatever a path
//! holds (colons, brackets, blanks, `@`) stays untouched.

use super::work;
use crate::text;

/// Where a frame points to, borrowed from the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place<'t> {
    /// Printed before `file` but cut off from it (`safari-extension:` in `safari-extension:(//…)`).
    pub scheme: &'t str,
    /// None for native code and the like.
    pub file: Option<&'t str>,
    pub line: Option<u32>,
    pub column: Option<u32>,
}

impl Place<'_> {
    /// A file without any number, which any bracket in any sentence may hold.
    pub fn is_path_alone(&self) -> bool {
        let wasm = |file: &str| file == "[wasm code]" || text::has(file, ":wasm-function[");
        self.line.is_none() && self.column.is_none() && self.file.is_some_and(|file| !wasm(file))
    }
}

/// How much a place proves that its line is a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// Says nothing: a word, a sentence.
    None,
    /// A name with one number (`chapter:5`), or a path without any.
    Weak,
    /// `file:1:2`, a URL or path with a number, native code.
    Full,
}

/// All digits, and a number that a line can have.
#[inline(never)]
pub(super) fn number(digits: &str) -> Option<u32> {
    let good = text::digits(digits) == digits.len();
    digits.parse().ok().filter(|_| good)
}

/// The number behind the last colon: `a:b:12` is (`a:b`, 12).
fn last_number(text: &str) -> Option<(&str, u32)> {
    let (head, digits) = text::rsplit(text, ":")?;
    Some((head, number(digits)?))
}

/// Length of a URL scheme with its colon at the start of `text`: 5 for `http://h`, 5 for `data:,`.
/// One letter is a Windows drive, and a number after the colon is a line.
fn scheme_length(text: &str) -> Option<usize> {
    let end = text
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_')))?;
    work::spend(end);
    let starts_well = text.as_bytes().first()?.is_ascii_alphabetic();
    let rest = text::from(text, end).strip_prefix(':')?;
    if !starts_well || end < 2 {
        return None;
    }
    let known = text::listed("data|node|blob|ext|javascript", text::until(text, end));
    let path = rest.starts_with('/') || (known && !rest.is_empty());
    path.then_some(end + 1)
}

/// A place that starts at a root: a URL, `/srv/x.js`, `C:\x.js`, `\\host\x.js`.
pub(super) fn is_rooted(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [b'/', ..] | [b'\\', b'\\', ..] => true,
        [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic() => true,
        _ => scheme_length(text).is_some(),
    }
}

/// The scheme and host of a URL (`http://h:80`), the scheme of another (`node:`), or nothing for a path.
pub(super) fn authority(file: &str) -> Option<&str> {
    let scheme = scheme_length(file)?;
    let Some(rest) = text::from(file, scheme).strip_prefix("//") else {
        return Some(text::until(file, scheme));
    };
    let host = text::find(rest, "/").unwrap_or(rest.len());
    Some(text::until(file, scheme + 2 + host))
}

/// Languages whose stacks look alike (`at a.b.C.d(C.java:12)`) and that are not ours.
fn is_foreign(file: &str) -> bool {
    let extension = text::rsplit(file, ".").map_or("", |(_, e)| e);
    text::listed(
        "java|kt|scala|groovy|clj|cs|py|rb|go|rs|php|swift",
        extension,
    )
}

/// Reads a place: what stands between the brackets of a frame, or after its `@`.
pub(super) fn read(text: &str) -> (Place<'_>, Proof) {
    work::spend(text.len());
    let mut place = Place::default();
    let text = text.strip_prefix("async ").unwrap_or(text);
    // (address at index.android.bundle:1:849)
    let text = text.strip_prefix("address at ").unwrap_or(text);
    if is_native(text) {
        return (place, Proof::Full);
    }
    if text == "[wasm code]" || text::has(text, ":wasm-function[") {
        return (wasm(text), Proof::Full);
    }
    let Some((head, last)) = last_number(text) else {
        place.file = Some(text);
        return (place, without_number(text));
    };
    let (file, numbers) = match last_number(head) {
        Some((file, line)) => {
            place.line = Some(line);
            place.column = Some(last);
            (file, 2)
        }
        // https://host/bar.dart::11 has a column and no line
        None if head.ends_with(':') && is_rooted(head) => {
            place.column = Some(last);
            (text::until(head, head.len() - 1), 2)
        }
        None => {
            place.line = Some(last);
            (head, 1)
        }
    };
    if is_foreign(file) {
        return (place, Proof::None);
    }
    if let Some(authority) = authority(file)
        && authority == file
        && numbers == 1
        && text::has(file, "://")
    {
        // http://localhost:3000 ends with a port
        return (
            Place {
                file: Some(text),
                ..Place::default()
            },
            Proof::None,
        );
    }
    if !file.is_empty() && file != "<anonymous>" {
        place.file = Some(file);
    }
    let proof = match numbers {
        2 => Proof::Full,
        _ if is_rooted(file) => Proof::Full,
        _ if file.bytes().any(|b| matches!(b, b'/' | b'\\' | b'.')) => Proof::Weak,
        _ => Proof::None,
    };
    (place, proof)
}

/// `scen.js line 86 > WebAssembly.Module:wasm-function[1]:0x29` names the place that made the module; other modules
/// are known by the whole text.
fn wasm(text: &str) -> Place<'_> {
    let mut place = Place {
        file: Some(text),
        ..Place::default()
    };
    if let Some((file, line)) = evaluated(text) {
        place.file = Some(file);
        place.line = Some(line);
    }
    place
}

/// `http://h/x.js line 36 > eval line 1 > eval` is code evaluated at line 36.
pub(super) fn evaluated(text: &str) -> Option<(&str, u32)> {
    let mut from = 0;
    while let Some(found) = text::find(text::from(text, from), " line ") {
        let at = from + found;
        let rest = text::from(text, at + 6);
        let digits = text::digits(rest);
        if text::from(rest, digits).starts_with(" > ")
            && let Some(line) = number(text::until(rest, digits))
        {
            return Some((text::until(text, at), line));
        }
        from = at + 6;
    }
    None
}

fn without_number(text: &str) -> Proof {
    let path = is_rooted(text)
        || (text.bytes().any(|b| matches!(b, b'/' | b'\\')) && !text::has(text, " "));
    if path && !text::has(text, "\"") && !is_foreign(text) {
        Proof::Weak
    } else {
        Proof::None
    }
}

/// Spellings for code that has no file.
pub(super) fn is_native(text: &str) -> bool {
    let known = "native|native code|[native code]|<anonymous>|unknown location|[bytecode]";
    let index = text
        .strip_prefix("index ")
        .is_some_and(|n| number(n).is_some());
    text.is_empty() || index || text::listed(known, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> (&str, Option<u32>, Option<u32>) {
        let (place, _) = read(text);
        (place.file.unwrap_or("-"), place.line, place.column)
    }

    #[test]
    fn numbers_are_taken_from_the_end() {
        assert_eq!(
            place("http://h/@scope/x.js?v=1.2:3:28:54"),
            ("http://h/@scope/x.js?v=1.2:3", Some(28), Some(54))
        );
        assert_eq!(
            place("C:\\root\\x.js:182:7"),
            ("C:\\root\\x.js", Some(182), Some(7))
        );
        assert_eq!(place("/srv/test.js:45"), ("/srv/test.js", Some(45), None));
        assert_eq!(
            place("https://d/bar.dart::11"),
            ("https://d/bar.dart", None, Some(11))
        );
        assert_eq!(
            place("wasm://wasm/cd09376a:wasm-function[1]:0x29"),
            ("wasm://wasm/cd09376a:wasm-function[1]:0x29", None, None)
        );
    }

    #[test]
    fn native_code_has_no_file() {
        for text in ["native", "<anonymous>", "[native code]", "index 12", ""] {
            assert_eq!(read(text), (Place::default(), Proof::Full), "{text}");
        }
        assert_eq!(place("<anonymous>:8:9"), ("-", Some(8), Some(9)));
    }

    #[test]
    fn what_is_no_place_proves_nothing() {
        for text in [
            "http://localhost:3000",
            "see http://wiki/x",
            "chapter:5",
            "see below",
            "Bar.java:12",
            "99999999999:1",
        ] {
            assert_eq!(read(text).1, Proof::None, "{text}");
        }
    }

    #[test]
    fn code_evaluated_in_code_points_to_the_outermost() {
        assert_eq!(
            evaluated("http://h/x.js line 36 > eval line 1 > eval"),
            Some(("http://h/x.js", 36))
        );
        assert_eq!(evaluated("http://h/on line x.js"), None);
    }

    #[test]
    fn authority_ends_before_the_path() {
        assert_eq!(authority("http://h:80/x/y.js"), Some("http://h:80"));
        assert_eq!(authority("node:internal/x"), Some("node:"));
        assert_eq!(authority("/srv/x.js"), None);
        assert_eq!(authority("C:\\x.js"), None);
    }
}
