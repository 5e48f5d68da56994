//! One wording for what engines say differently about the same error.
//! It deliberately covers only wordings that carry the same facts: where one engine names the variable and another
//! does not, both stay as they are.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::is_word;
use crate::text;

/// Whole messages, and beginnings, which end with a blank; V8's wording last.
const SAME: &str = "\
NetworkError when attempting to fetch resource.|Failed to fetch
Load failed|Failed to fetch
too much recursion|Maximum call stack size exceeded
Maximum call stack size exceeded.|Maximum call stack size exceeded
invalid array length|Invalid array length
Array size is not a small enough positive integer.|Invalid array length
No Promise in Promise.any was resolved|All promises were rejected
can't convert BigInt to number|Cannot mix BigInt and other types, use explicit conversions
Invalid mix of BigInt and other type in addition.|Cannot mix BigInt and other types, use explicit conversions
cyclic object value|Converting circular structure to JSON
JSON.stringify cannot serialize cyclic structures.|Converting circular structure to JSON
error loading dynamically imported module: |Failed to fetch dynamically imported module: \n\
can't access lexical declaration |Cannot access ";

/// V8's wording of a JavaScript message; any other text as it is.
pub(super) fn one_wording(line: &str) -> String {
    let same = text::items(SAME, "\n").find_map(|same| {
        let (other, v8) = text::split(same, "|")?;
        let rest = line.strip_prefix(other)?;
        (rest.is_empty() || other.ends_with(' ')).then_some([v8, rest])
    });
    if let Some(parts) = same {
        parts.concat()
    } else if let Some(name) = line.strip_prefix("Can't find variable: ") {
        [name, " is not defined"].concat()
    } else if let Some((value, property)) = property_of_nothing(line) {
        let parts = [
            "Cannot read properties of ",
            value,
            " (reading '",
            property,
            "')",
        ];
        parts.concat()
    // x is not a function. (In 'x()', 'x' is undefined)
    } else if let Some((name, _)) = text::split(line, " is not a function. (In '") {
        [name, " is not a function"].concat()
    } else {
        line.to_owned()
    }
}

/// `undefined` or `null`, and the property that was read from it.
fn property_of_nothing(line: &str) -> Option<(&str, &str)> {
    // Cannot read property 'deep' of undefined
    let (value, property) = if let Some(rest) = line.strip_prefix("Cannot read property '") {
        let (property, value) = text::rsplit(rest, "' of ")?;
        (value, property)
    // can't access property "deep", u is undefined; can't access property "deep" of undefined
    } else if let Some(rest) = line.strip_prefix("can't access property \"") {
        let (property, rest) = text::split(rest, "\"")?;
        (
            text::rsplit(rest, " ").map_or(rest, |(_, last)| last),
            property,
        )
    // undefined is not an object (evaluating 'u.deep')
    } else {
        let (value, rest) = text::split(line, " is not an object (evaluating '")?;
        let (_, property) = text::rsplit(rest.strip_suffix("')")?, ".")?;
        let is_name = |c: char| is_word(c) || matches!(c, '_' | '$' | '#');
        if text::run(property, is_name) < property.len() {
            return None;
        }
        (value, property)
    };
    text::listed("undefined|null", value).then_some((value, property))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_agree() {
        for (given, want) in [
            (
                "Cannot read property 'deep' of undefined",
                "Cannot read properties of undefined (reading 'deep')",
            ),
            (
                "can't access property \"deep\", u is undefined",
                "Cannot read properties of undefined (reading 'deep')",
            ),
            (
                "can't access property \"x\" of null",
                "Cannot read properties of null (reading 'x')",
            ),
            (
                "undefined is not an object (evaluating 'u.deep')",
                "Cannot read properties of undefined (reading 'deep')",
            ),
            ("Can't find variable: x", "x is not defined"),
            (
                "a.b is not a function. (In 'a.b()', 'a.b' is undefined)",
                "a.b is not a function",
            ),
            ("Load failed", "Failed to fetch"),
            (
                "can't access lexical declaration 'x' before initialization",
                "Cannot access 'x' before initialization",
            ),
        ] {
            assert_eq!(one_wording(given), want);
        }
        for kept in [
            "u is undefined",
            "undefined is not an object (evaluating 'a[0]')",
            "Load failed: 3",
            "",
        ] {
            assert_eq!(one_wording(kept), kept);
        }
    }
}
