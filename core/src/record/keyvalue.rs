//! Records of `key=value` pairs: logfmt, and structlog's Python-quoted form.

use super::json_value::{self, Value};

/// The pairs of a line, in their order. `None` if it does not begin with one.
pub(crate) fn parse(line: &str) -> Option<Value> {
    let mut entries = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let key = rest
            .bytes()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-' | b'@'))
            .count();
        if key == 0 || !rest[key..].starts_with('=') {
            // A bare word between pairs.
            match rest.find([' ', '\n']) {
                Some(next) if !entries.is_empty() => {
                    rest = rest[next..].trim_start();
                    continue;
                }
                _ => break,
            }
        }
        let name = rest[..key].to_owned();
        let value = &rest[key + 1..];
        let (value, used) = one(value);
        entries.push((name, value));
        rest = rest[key + 1 + used..].trim_start();
    }
    (!entries.is_empty()).then_some(Value::Object(entries))
}

/// The value at the start of `text`, and its length.
fn one(text: &str) -> (Value, usize) {
    if let Some((quoted, used)) = json_value::quoted(text) {
        return (Value::Text(quoted), used);
    }
    if let Some((value, used)) = json_value::parse_whole(text) {
        return (value, used);
    }
    let length = text.find([' ', '\n']).unwrap_or(text.len());
    let word = &text[..length];
    let value = match word {
        "None" | "null" => Value::Null,
        "True" | "true" => Value::Bool(true),
        "False" | "false" => Value::Bool(false),
        _ if word.parse::<i64>().is_ok() => Value::Number(word.to_owned()),
        // A stack of Gecko needs no quotes.
        _ if word.contains("://") && word.contains("\\n") => {
            Value::Text(json_value::unescape(word))
        }
        _ => Value::Text(word.to_owned()),
    };
    (value, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let v = parse(
            "timestamp='x' level='error' user={'id': 0} n=3 exception='Trace\\n  \\'a\\'' ok=True",
        )
        .unwrap();
        assert_eq!(v.get("level").and_then(Value::text), Some("error"));
        assert_eq!(
            v.get("exception").and_then(Value::text),
            Some("Trace\n  'a'")
        );
        assert_eq!(v.get("n").and_then(Value::number), Some(3));
        assert_eq!(
            v.get("user")
                .and_then(|u| u.get("id"))
                .and_then(Value::number),
            Some(0)
        );
        assert!(parse("no pairs here").is_none());
    }
}
