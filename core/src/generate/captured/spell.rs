//! Scalars as Python spells them, and names. Texts go through `literal`.

use crate::capture::{SequenceKind, Value};
use crate::generate::literal;

/// A longer text is told by its kind.
const SHORT: usize = 60;

/// A value that fits on a line with its name, or else what kind of value it is, in words.
pub fn short(value: &Value) -> Result<String, String> {
    let code = match value {
        Value::None => Some("None".to_owned()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Int(digits) => int(digits),
        Value::Float(text) => float(text),
        Value::Text(text) => Some(literal::string(text)),
        _ => None,
    };
    if let Some(code) = code.filter(|code| code.len() <= SHORT) {
        return Ok(code);
    }
    let of = |kind: &str, count: usize| match count {
        0 => format!("an empty {kind}"),
        n => format!("a {kind} of {n}"),
    };
    Err(match value {
        Value::Text(text) => format!("a text of {} characters", text.chars().count()),
        Value::Bytes { data, .. } => format!("{} bytes", data.len()),
        Value::Sequence { kind, items, .. } => of(
            match kind {
                SequenceKind::List => "list",
                SequenceKind::Tuple => "tuple",
                SequenceKind::Set => "set",
                SequenceKind::FrozenSet => "frozenset",
            },
            items.len(),
        ),
        Value::Dict { entries, .. } => of("dict", entries.len()),
        Value::Object(object) => format!(
            "an object of {}",
            literal::words(&object.class.qualname, 60)
        ),
        Value::Opaque {
            class: Some(class), ..
        } => format!("an object of {}", literal::words(&class.qualname, 60)),
        Value::Global(name) => literal::words(&format!("{}.{}", name.module, name.qualname), 80),
        Value::Call { callee, .. } => format!("made by {}", literal::words(&callee.qualname, 60)),
        Value::Redacted { .. } => "a secret that was not written".to_owned(),
        Value::Int(_) | Value::Float(_) => "a long number".to_owned(),
        _ => "something that was not captured".to_owned(),
    })
}

/// `lines` → `line`.
pub fn singular(name: &str) -> String {
    match name.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => name.to_owned(),
    }
}

pub fn int(digits: &str) -> Option<String> {
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    // Python refuses to read longer ones, and reads leading zeros as an error.
    let is_plain = !bare.is_empty()
        && bare.len() <= 4000
        && bare.bytes().all(|b| b.is_ascii_digit())
        && (bare == "0" || !bare.starts_with('0'));
    is_plain.then(|| digits.to_owned())
}

pub fn float(text: &str) -> Option<String> {
    if matches!(text, "nan" | "inf" | "-inf") {
        return Some(format!("float(\"{text}\")"));
    }
    let is_plain = text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
        && text.parse::<f64>().is_ok();
    is_plain.then(|| text.to_owned())
}

/// A bytes literal, in the quotes that need fewer escapes.
pub fn bytes(data: &[u8]) -> String {
    let quote = match data.contains(&b'"') && !data.contains(&b'\'') {
        true => '\'',
        false => '"',
    };
    let mut out = String::from("b");
    out.push(quote);
    for byte in data {
        match byte {
            b'"' if quote == '"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// A value of the same type and length in place of a secret; its number makes it another one than every other secret's,
/// as docs/capture.md says, so that a message which quotes it is the recorded one.
pub fn placeholder(of: &str, length: usize, like: &str, number: u64) -> String {
    const ALPHABET: &str = "xyzabcdefghijklmnopqrstuvw";
    const DOMAIN: &str = "@example.com";
    let count = number.saturating_sub(1);
    let digits = |length: usize| match length {
        0 => String::new(),
        length => format!("1{}", counted("0123456789", length - 1, count)),
    };
    let text = match like {
        "digits" => digits(length),
        "hex" => counted("0123456789abcdef", length, count),
        "email" if length > DOMAIN.len() => {
            format!(
                "{}{DOMAIN}",
                counted(ALPHABET, length - DOMAIN.len(), count)
            )
        }
        // Letters that ASCII has not: some encodings have the first, fewer the second.
        "latin" | "wide" if length > 0 => {
            let first = if like == "latin" { 'é' } else { '一' };
            format!("{first}{}", counted(ALPHABET, length - 1, count))
        }
        _ => counted(ALPHABET, length, count),
    };
    match of {
        "bytes" => bytes(text.as_bytes()),
        "bytearray" => format!("bytearray({})", bytes(text.as_bytes())),
        "int" => digits(length.clamp(1, MOST_DIGITS)),
        "float" => format!("{}.0", count + 1),
        "bool" => "True".to_owned(),
        "NoneType" => "None".to_owned(),
        "list" => "[]".to_owned(),
        "dict" => "{}".to_owned(),
        _ => literal::string(&text),
    }
}

/// Digits of an int that every Python reads.
const MOST_DIGITS: usize = 1_300;

/// A number in the digits of an alphabet, filled up to a length; what does not fit is lost.
fn counted(alphabet: &str, length: usize, mut number: u64) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut reversed = Vec::with_capacity(length);
    for _ in 0..length {
        let base = alphabet.len() as u64;
        reversed.push(alphabet[usize::try_from(number % base).unwrap_or_default()]);
        number /= base;
    }
    reversed.iter().rev().collect()
}

/// Builtins that a variable would hide.
pub fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "dict"
            | "set"
            | "tuple"
            | "str"
            | "int"
            | "float"
            | "bytes"
            | "bool"
            | "object"
            | "type"
            | "vars"
            | "len"
            | "next"
            | "iter"
            | "format"
            | "input"
            | "filter"
            | "map"
            | "range"
            | "id"
            | "hash"
            | "print"
            | "open"
            | "property"
            | "super"
            | "sum"
            | "min"
            | "max"
            | "all"
            | "any"
            | "slice"
            | "dir"
            | "bytearray"
            | "frozenset"
            | "complex"
            | "compile"
            | "eval"
            | "exec"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same table as in the tests of the writer: both sides make the placeholder themselves.
    #[test]
    fn every_secret_has_a_placeholder_of_its_own() {
        for (like, length, number, expected) in [
            ("text", 7, 1, "xxxxxxx"),
            ("text", 7, 2, "xxxxxxy"),
            ("text", 7, 27, "xxxxxyx"),
            ("text", 1, 28, "y"),
            ("text", 0, 2, ""),
            ("digits", 6, 1, "100000"),
            ("digits", 6, 13, "100012"),
            ("digits", 1, 2, "1"),
            ("digits", 0, 2, ""),
            ("hex", 4, 1, "0000"),
            ("hex", 4, 17, "0010"),
            ("email", 16, 2, "xxxy@example.com"),
            ("email", 12, 2, "xxxxxxxxxxxy"),
            ("latin", 4, 2, "éxxy"),
            ("wide", 4, 28, "一xyy"),
            ("wide", 1, 28, "一"),
            ("wide", 0, 28, ""),
        ] {
            assert_eq!(
                placeholder("str", length, like, number),
                literal::string(expected),
                "{like} {length} {number}"
            );
        }
        assert_eq!(placeholder("int", 16, "digits", 3), "1000000000000002");
        assert_eq!(placeholder("int", 0, "digits", 0), "1");
        assert_eq!(placeholder("bytes", 2, "text", 2), "b\"xy\"");
        assert_eq!(placeholder("float", 3, "text", 2), "2.0");
    }

    #[test]
    fn bytes_have_the_quotes_that_need_fewer_escapes() {
        assert_eq!(bytes(b"a'b"), r#"b"a'b""#);
        assert_eq!(bytes(b"{\"a\": 1}"), r#"b'{"a": 1}'"#);
        assert_eq!(bytes(b"a\"b'c\n"), r#"b"a\"b'c\n""#);
    }
}
