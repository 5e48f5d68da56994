//! Texts that the project's own regular expressions accept: what code takes apart by a pattern, it has branches for.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer patterns make texts that nobody reads.
const LONGEST_PATTERN: usize = 400;
const LONGEST: usize = 60;
/// Different texts of one pattern.
const VARIANTS: usize = 4;

/// Texts that a pattern accepts, the shortest first. Empty where it uses what this does not know, such as lookarounds.
pub(super) fn accepted(pattern: &str, is_verbose: bool) -> Vec<String> {
    if pattern.len() > LONGEST_PATTERN {
        return Vec::new();
    }
    let parsed = ParserBuilder::new()
        .ignore_whitespace(is_verbose)
        .nest_limit(40)
        .build()
        .parse(pattern);
    let Ok(hir) = parsed else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for variant in 0..VARIANTS {
        let mut text = String::new();
        write(&hir, variant, &mut text);
        if text.len() <= LONGEST && !text.trim().is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.sort_by_key(String::len);
    found
}

/// Variant 0 takes the least of everything, the others take what is optional and other alternatives.
fn write(hir: &Hir, variant: usize, text: &mut String) {
    if text.len() > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(member(class, variant)),
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let wished = if variant == 0 { least } else { least.max(1) };
            let most = repetition.max.map_or(usize::MAX, |max| max as usize);
            for _ in 0..wished.min(most).min(8) {
                write(&repetition.sub, variant, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, variant, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, variant, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.get(variant % parts.len().max(1)) {
                write(part, variant, text);
            }
        }
    }
}

/// A character that people would type, if the class has one.
fn member(class: &Class, variant: usize) -> Option<char> {
    let usual = match variant % 2 {
        0 => ['1', 'a', 'A', ' ', '-', '*'],
        _ => ['0', 'b', 'B', '_', '.', ','],
    };
    let has = |c: char| match class {
        Class::Unicode(ranges) => ranges.iter().any(|r| r.start() <= c && c <= r.end()),
        Class::Bytes(ranges) => {
            u8::try_from(c).is_ok_and(|b| ranges.iter().any(|r| r.start() <= b && b <= r.end()))
        }
    };
    let starts: Vec<char> = match class {
        Class::Unicode(ranges) => ranges.iter().map(|r| r.start()).collect(),
        Class::Bytes(ranges) => ranges.iter().map(|r| char::from(r.start())).collect(),
    };
    let other = starts.get(variant % starts.len().max(1)).copied();
    usual.into_iter().find(|c| has(*c)).or(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_and_have_not_what_is_optional() {
        let found = accepted(
            r"^(?P<kind>h|r)(\((?P<from>\d+)-(?P<to>\d+)\))?(\/(?P<by>\d+))?$",
            false,
        );
        assert_eq!(found[0], "h");
        assert!(found.contains(&"r(0-0)/0".to_owned()), "{found:?}");
        assert_eq!(accepted(r"\d{4}-\d\d", false)[0], "1111-11");
        assert_eq!(accepted("a b # c", true), ["ab"]);
    }

    #[test]
    fn what_is_not_known_gives_nothing() {
        assert!(accepted(r"(?<!a)b", false).is_empty());
        assert!(accepted("(", false).is_empty());
        assert!(accepted(".*", false).iter().all(|t| !t.trim().is_empty()));
    }
}
