//! Just enough JSON to read labelled cases; valid input is taken for granted.

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    True,
    False,
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(pairs) => pairs
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub fn is_true(&self) -> bool {
        *self == Value::True
    }
}

/// Reads one value.
pub fn parse(text: &str) -> Value {
    let mut rest = text;
    value(&mut rest)
}

fn take(rest: &mut &str, mark: &str) -> bool {
    *rest = rest.trim_start();
    match rest.strip_prefix(mark) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

fn value(rest: &mut &str) -> Value {
    if take(rest, "{") {
        let mut pairs = Vec::new();
        while !take(rest, "}") {
            take(rest, ",");
            assert!(take(rest, "\""), "a key before {rest:.40}");
            let key = string(rest);
            assert!(take(rest, ":"));
            pairs.push((key, value(rest)));
        }
        return Value::Map(pairs);
    }
    if take(rest, "[") {
        let mut items = Vec::new();
        while !take(rest, "]") {
            take(rest, ",");
            items.push(value(rest));
        }
        return Value::List(items);
    }
    if take(rest, "\"") {
        return Value::Text(string(rest));
    }
    for (word, value) in [
        ("null", Value::Null),
        ("true", Value::True),
        ("false", Value::False),
    ] {
        if take(rest, word) {
            return value;
        }
    }
    let end = rest.find([',', '}', ']', '\n', ' ']).unwrap_or(rest.len());
    let number = rest[..end].parse().expect("a number");
    *rest = &rest[end..];
    Value::Number(number)
}

/// The rest of a string after its opening quote.
fn string(rest: &mut &str) -> String {
    let mut text = String::new();
    loop {
        let end = rest.find(['"', '\\']).expect("a closing quote");
        text.push_str(&rest[..end]);
        let closing = rest[end..].starts_with('"');
        *rest = &rest[end + 1..];
        if closing {
            return text;
        }
        let escape = rest.chars().next().expect("an escape");
        *rest = &rest[escape.len_utf8()..];
        match escape {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'u' => {
                let mut code = unit(rest);
                if (0xd800..0xdc00).contains(&code) && rest.starts_with("\\u") {
                    *rest = &rest[2..];
                    code = 0x10000 + ((code - 0xd800) << 10) + (unit(rest) - 0xdc00);
                }
                text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            other => text.push(other),
        }
    }
}

fn unit(rest: &mut &str) -> u32 {
    let code = u32::from_str_radix(&rest[..4], 16).expect("four hex digits");
    *rest = &rest[4..];
    code
}
