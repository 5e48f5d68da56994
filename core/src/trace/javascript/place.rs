//! Places as engines print them: `file:line:column` in all its spellings.
//!
//! Deliberately no URL parsing: a place is split from its end, where the numbers stand, so that whatever a path
//! holds (colons, brackets, blanks, `@`) stays untouched.

use super::work;
use crate::text::{self, ALNUM, ALPHA, NOT, in_place};

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
        self.line.is_none() && self.column.is_none() && self.file.is_some_and(|file| !is_wasm(file))
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

/// Takes the number behind the last colon off: `a:b:12` is `a:b` and 12.
fn last_number(text: &mut &str) -> Option<u32> {
    let (head, digits) = text::rsplit(text, ":")?;
    let number = text::number(digits)?;
    *text = head;
    Some(number)
}

/// Length of a URL scheme with its colon at the start of `text`: 5 for `http://h`, 5 for `data:,`; else 0.
/// One letter is a Windows drive, and a number after the colon is a line.
#[inline(never)]
fn scheme_length(text: &str) -> usize {
    let name = text::lead(text, ALNUM, "+-._");
    work::spend(name.len());
    let mut rest = text::from(text, name.len());
    let known = text::listed("data|node|blob|ext|javascript", name);
    let good = name.len() > 1
        && text::run(text, ALPHA, "") > 0
        && text::eat(&mut rest, ":")
        && (rest.starts_with('/') || known && !rest.is_empty());
    if good { name.len() + 1 } else { 0 }
}

/// A place that starts at a root: a URL, `/srv/x.js`, `C:\x.js`, `\\host\x.js`.
#[inline(never)]
pub(super) fn is_rooted(text: &str) -> bool {
    match text.as_bytes() {
        [b'/', ..] | [b'\\', b'\\', ..] => true,
        [_, b':', b'\\' | b'/', ..] if text::run(text, ALPHA, "") > 0 => true,
        _ => scheme_length(text) > 0,
    }
}

in_place! {
    /// The scheme and host of a URL (`http://h:80`), the scheme of another (`node:`), or nothing for a path.
    pub(super) fn authority(file: &str) -> &str {
        let scheme = scheme_length(file);
        let mut rest = text::from(file, scheme);
        let mut length = scheme;
        if scheme > 0 && text::eat(&mut rest, "//") {
            length += 2 + text::run(rest, NOT, "/");
        }
        text::until(file, length)
    }
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
#[inline(never)]
pub(super) fn read<'t>(text: &'t str, place: &mut Place<'t>) -> Proof {
    work::spend(text.len());
    *place = Place::default();
    let mut file = text;
    text::eat(&mut file, "async ");
    // (address at index.android.bundle:1:849)
    text::eat(&mut file, "address at ");
    let text = file;
    if is_native(text) {
        return Proof::Full;
    }
    place.file = Some(text);
    if is_wasm(text) {
        // `scen.js line 86 > WebAssembly.Module:wasm-function[1]:0x29` names the place that made the module; other
        // modules are known by the whole text.
        evaluated(text, place);
        return Proof::Full;
    }
    let Some(last) = last_number(&mut file) else {
        let path = is_rooted(text) || has_slash(text) && !text::has(text, " ");
        return if path && !text::has(text, "\"") && !is_foreign(text) {
            Proof::Weak
        } else {
            Proof::None
        };
    };
    let mut full = true;
    let (mut line, mut column) = (last_number(&mut file), Some(last));
    if line.is_none() {
        // https://host/bar.dart::11 has a column and no line
        if !(is_rooted(file) && text::eat_end(&mut file, ":")) {
            (line, column) = (column, None);
            full = is_rooted(file);
        }
    }
    let foreign = is_foreign(file);
    if column.is_none() && !foreign && text::has(file, "://") && authority(file) == file {
        // http://localhost:3000 ends with a port
        return Proof::None;
    }
    (place.line, place.column) = (line, column);
    place.file = Some(file).filter(|file| !foreign && !text::listed("|<anonymous>", file));
    if foreign {
        Proof::None
    } else if full {
        Proof::Full
    } else if has_slash(file) || text::has(file, ".") {
        Proof::Weak
    } else {
        Proof::None
    }
}

fn has_slash(text: &str) -> bool {
    !text::only(text, NOT, "/\\")
}

fn is_wasm(file: &str) -> bool {
    file == "[wasm code]" || text::has(file, ":wasm-function[")
}

/// `http://h/x.js line 36 > eval line 1 > eval` is code evaluated at line 36.
pub(super) fn evaluated<'t>(text: &'t str, place: &mut Place<'t>) -> bool {
    let mut rest = text;
    while let Some((_, after)) = text::split(rest, " line ") {
        let digits = text::lead(after, text::DIGIT, "");
        rest = text::from(after, digits.len());
        if rest.starts_with(" > ")
            && let Some(line) = text::number(digits)
        {
            place.file = Some(text::until(text, text.len() - after.len() - 6));
            place.line = Some(line);
            return true;
        }
        rest = after;
    }
    false
}

/// Spellings for code that has no file.
#[inline(never)]
pub(super) fn is_native(text: &str) -> bool {
    let known = "|native|native code|[native code]|<anonymous>|unknown location|[bytecode]";
    let mut index = text;
    text::listed(known, text) || text::eat(&mut index, "index ") && text::number(index).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Place<'_>, Proof) {
        let mut place = Place::default();
        let proof = super::read(text, &mut place);
        (place, proof)
    }

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
        let mut place = Place::default();
        assert!(evaluated(
            "http://h/x.js line 36 > eval line 1 > eval",
            &mut place
        ));
        assert_eq!((place.file, place.line), (Some("http://h/x.js"), Some(36)));
        assert!(!evaluated("http://h/on line x.js", &mut place));
    }

    #[test]
    fn authority_ends_before_the_path() {
        assert_eq!(authority("http://h:80/x/y.js"), "http://h:80");
        assert_eq!(authority("node:internal/x"), "node:");
        assert_eq!(authority("/srv/x.js"), "");
        assert_eq!(authority("C:\\x.js"), "");
    }
}
