//! One wording for what engines say differently about the same error.
//! It deliberately covers only wordings that carry the same facts: where one engine names the variable and another
//! does not, both stay as they are.

use alloc::string::String;

use crate::text::{self, WORD};

/// Engines' wordings and V8's, with `$` for what stands for the `*` in the other.
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
error loading dynamically imported module: *|Failed to fetch dynamically imported module: $
can't access lexical declaration *|Cannot access $
Can't find variable: *|$ is not defined";

/// V8's wording of a JavaScript message; any other text as it is.
pub(super) fn one_wording(line: &str) -> String {
    let mut parts = [""; 2];
    let mut same = text::items(SAME, "\n").filter_map(|same| text::split(same, "|"));
    let v8;
    if let Some((_, wording)) = same.find(|(other, _)| text::like(line, other, &mut parts)) {
        v8 = wording;
    } else if property_of_nothing(line, &mut parts) {
        v8 = "Cannot read properties of $ (reading '$')";
    // x is not a function. (In 'x()', 'x' is undefined)
    } else if text::like(line, "* is not a function. (In '*", &mut parts) {
        v8 = "$ is not a function";
    } else {
        return text::owned(line);
    }
    let (mut whole, mut lead, mut parts) = (String::new(), "", parts.iter());
    for piece in text::items(v8, "$") {
        whole.push_str(lead);
        whole.push_str(piece);
        lead = parts.next().unwrap_or(&"");
    }
    whole
}

/// `undefined` or `null`, and the property that was read from it.
fn property_of_nothing<'t>(line: &'t str, parts: &mut [&'t str; 2]) -> bool {
    // Cannot read property 'deep' of undefined
    if text::like(line, "Cannot read property '*", parts) {
        let Some((property, value)) = text::rsplit(parts[0], "' of ") else {
            return false;
        };
        *parts = [value, property];
    // can't access property "deep", u is undefined; can't access property "deep" of undefined
    } else if text::like(line, "can't access property \"*\"*", parts) {
        *parts = [text::after(parts[1], " "), parts[0]];
    // undefined is not an object (evaluating 'u.deep')
    } else if text::like(line, "* is not an object (evaluating '*", parts) {
        if !text::eat_end(&mut parts[1], "')") {
            return false;
        }
        let Some((_, property)) = text::rsplit(parts[1], ".") else {
            return false;
        };
        parts[1] = property;
        if !text::only(property, WORD, "_$#") {
            return false;
        }
    } else {
        return false;
    }
    text::listed("undefined|null", parts[0])
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
