//! One wording for what engines say differently about the same error.
//! It deliberately covers only wordings that carry the same facts: where one engine names the variable and another
//! does not, both stay as they are.

use alloc::borrow::Cow;

use super::is_word;

/// Whole messages, V8's wording last.
const SAME: [(&str, &str); 11] = [
    (
        "NetworkError when attempting to fetch resource.",
        "Failed to fetch",
    ),
    ("Load failed", "Failed to fetch"),
    ("too much recursion", "Maximum call stack size exceeded"),
    (
        "Maximum call stack size exceeded.",
        "Maximum call stack size exceeded",
    ),
    ("invalid array length", "Invalid array length"),
    (
        "Array size is not a small enough positive integer.",
        "Invalid array length",
    ),
    (
        "No Promise in Promise.any was resolved",
        "All promises were rejected",
    ),
    (
        "can't convert BigInt to number",
        "Cannot mix BigInt and other types, use explicit conversions",
    ),
    (
        "Invalid mix of BigInt and other type in addition.",
        "Cannot mix BigInt and other types, use explicit conversions",
    ),
    (
        "cyclic object value",
        "Converting circular structure to JSON",
    ),
    (
        "JSON.stringify cannot serialize cyclic structures.",
        "Converting circular structure to JSON",
    ),
];

/// Beginnings, V8's wording last.
const SAME_START: [(&str, &str); 2] = [
    (
        "error loading dynamically imported module: ",
        "Failed to fetch dynamically imported module: ",
    ),
    ("can't access lexical declaration ", "Cannot access "),
];

/// V8's wording of a JavaScript message; any other text as it is.
pub(super) fn one_wording(line: &str) -> Cow<'_, str> {
    if let Some((_, v8)) = SAME.iter().find(|(other, _)| line == *other) {
        return Cow::Borrowed(v8);
    }
    for (other, v8) in SAME_START {
        if let Some(rest) = line.strip_prefix(other) {
            return Cow::Owned([v8, rest].concat());
        }
    }
    if let Some(name) = line.strip_prefix("Can't find variable: ") {
        return Cow::Owned([name, " is not defined"].concat());
    }
    if let Some((value, property)) = property_of_nothing(line) {
        return Cow::Owned(
            [
                "Cannot read properties of ",
                value,
                " (reading '",
                property,
                "')",
            ]
            .concat(),
        );
    }
    // x is not a function. (In 'x()', 'x' is undefined)
    match line.find(" is not a function. (In '") {
        Some(at) => Cow::Borrowed(&line[..at + " is not a function".len()]),
        None => Cow::Borrowed(line),
    }
}

/// `undefined` or `null`, and the property that was read from it.
fn property_of_nothing(line: &str) -> Option<(&str, &str)> {
    let nothing = |text: &str| matches!(text, "undefined" | "null");
    // Cannot read property 'deep' of undefined
    if let Some(rest) = line.strip_prefix("Cannot read property '") {
        let (property, value) = rest.rsplit_once("' of ")?;
        return nothing(value).then_some((value, property));
    }
    // can't access property "deep", u is undefined; can't access property "deep" of undefined
    if let Some(rest) = line.strip_prefix("can't access property \"") {
        let (property, rest) = rest.split_once('"')?;
        let value = rest.rsplit(' ').next()?;
        return nothing(value).then_some((value, property));
    }
    // undefined is not an object (evaluating 'u.deep')
    let (value, rest) = line.split_once(" is not an object (evaluating '")?;
    let expression = rest.strip_suffix("')")?;
    let (_, property) = expression.rsplit_once('.')?;
    let name = property
        .chars()
        .all(|c| is_word(c) || matches!(c, '_' | '$' | '#'));
    (nothing(value) && name).then_some((value, property))
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
