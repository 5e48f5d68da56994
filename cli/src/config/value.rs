//! From what was written to what is meant: one reading of values for flags, environment and all files. It knows no
//! file format; the readers of formats hand over [`Raw`].

use super::keys::{Key, Kind};

/// A value as a source holds it, before its setting is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Text without a type: environment, ini files, flags.
    Untyped(String),
    /// A TOML or Python string.
    Text(String),
    /// A TOML or Python boolean.
    Switch(bool),
    /// A TOML or Python number, as written but for underscores.
    Number(String),
    /// A list of strings.
    Texts(Vec<String>),
    /// Python's `None`: as if the line were not there.
    Unset,
    /// Anything else, as written.
    Other(String),
}

/// A value that fits its setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a [`Kind::Switch`].
    Switch(bool),
    /// Of a [`Kind::Fraction`].
    Fraction(f64),
    /// Of a [`Kind::Seconds`].
    Seconds(u64),
    /// Of a [`Kind::Mebibytes`].
    Mebibytes(u64),
    /// Of a [`Kind::Text`].
    Text(Option<String>),
    /// Of a [`Kind::Texts`].
    Texts(Vec<String>),
}

impl Value {
    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Switch(v) => (*v).into(),
            Value::Fraction(v) => (*v).into(),
            Value::Seconds(v) | Value::Mebibytes(v) => (*v).into(),
            Value::Text(v) => v.clone().into(),
            Value::Texts(v) => v.clone().into(),
        }
    }
}

/// A value given on the command line.
impl From<bool> for Raw {
    fn from(value: bool) -> Self {
        Raw::Switch(value)
    }
}
impl From<f64> for Raw {
    fn from(value: f64) -> Self {
        Raw::Number(value.to_string())
    }
}
impl From<u64> for Raw {
    fn from(value: u64) -> Self {
        Raw::Number(value.to_string())
    }
}
impl From<&str> for Raw {
    fn from(value: &str) -> Self {
        Raw::Untyped(value.to_owned())
    }
}
impl From<String> for Raw {
    fn from(value: String) -> Self {
        Raw::Untyped(value)
    }
}
impl From<Vec<String>> for Raw {
    fn from(value: Vec<String>) -> Self {
        Raw::Texts(value)
    }
}

/// Reads `raw` as the setting asks; the error is what to write instead. `None`: the setting is left unset.
pub fn read(key: &Key, raw: &Raw) -> Result<Option<Value>, String> {
    if *raw == Raw::Unset {
        return Ok(None);
    }
    match key.kind {
        Kind::Switch => switch(raw).map(Value::Switch),
        Kind::Fraction => fraction(raw).map(Value::Fraction),
        Kind::Seconds => seconds(raw).map(Value::Seconds),
        Kind::Mebibytes => mebibytes(raw).map(Value::Mebibytes),
        Kind::Text => text(raw).map(Value::Text),
        Kind::Texts => texts(raw).map(Value::Texts),
    }
    .map(Some)
}

/// As written, shortened to one line for a message.
pub fn shown(raw: &Raw) -> String {
    let full = match raw {
        Raw::Untyped(v) | Raw::Text(v) | Raw::Number(v) | Raw::Other(v) => v.clone(),
        Raw::Switch(v) => v.to_string(),
        Raw::Texts(v) => format!("{v:?}"),
        Raw::Unset => "None".to_owned(),
    };
    let mut line: String = full
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(60)
        .collect();
    if full.chars().count() > 60 {
        line.push('…');
    }
    line
}

fn switch(raw: &Raw) -> Result<bool, String> {
    let advice = || "write `true` or `false`".to_owned();
    match raw {
        Raw::Switch(v) => Ok(*v),
        Raw::Untyped(v) | Raw::Text(v) | Raw::Number(v) => {
            match v.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(advice()),
            }
        }
        _ => Err(advice()),
    }
}

fn fraction(raw: &Raw) -> Result<f64, String> {
    let (Raw::Untyped(v) | Raw::Number(v)) = raw else {
        return Err("write a number from 0 to 1, such as `0.8`, without quotes".to_owned());
    };
    match v.trim().trim_end_matches('%').parse::<f64>() {
        Ok(n) if (0.0..=1.0).contains(&n) && !v.contains('%') => Ok(n),
        // 80 and 80% are the same wish.
        Ok(n) if n > 1.0 && n <= 100.0 => Err(format!(
            "write a number from 0 to 1; did you mean `{}`?",
            n / 100.0
        )),
        _ => Err("write a number from 0 to 1, such as `0.8`".to_owned()),
    }
}

fn seconds(raw: &Raw) -> Result<u64, String> {
    let advice = || "write a whole number of seconds, at least 1, such as `30`".to_owned();
    let (Raw::Untyped(v) | Raw::Number(v)) = raw else {
        return Err(advice());
    };
    match v.trim().parse::<u64>() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(advice()),
    }
}

fn mebibytes(raw: &Raw) -> Result<u64, String> {
    const MOST: u64 = 1 << 30;
    let number = match raw {
        Raw::Untyped(v) | Raw::Number(v) => v.trim().parse::<u64>().ok(),
        _ => None,
    };
    number.filter(|n| *n <= MOST).ok_or_else(|| {
        "write a whole number of mebibytes, such as `4096`, or `0` for no limit".to_owned()
    })
}

fn text(raw: &Raw) -> Result<Option<String>, String> {
    let (Raw::Untyped(v) | Raw::Text(v)) = raw else {
        return Err("write one text".to_owned());
    };
    let v = v.trim();
    if v.contains(['\n', '\0']) {
        return Err("write one line".to_owned());
    }
    Ok(Some(v.to_owned()).filter(|v| !v.is_empty()))
}

fn texts(raw: &Raw) -> Result<Vec<String>, String> {
    match raw {
        Raw::Texts(v) => Ok(v.clone()),
        Raw::Text(v) => Ok(vec![v.clone()]),
        Raw::Untyped(v) => Ok(v
            .split(['\n', ','])
            .map(str::trim)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
            .collect()),
        _ => Err("write a list of texts, such as `[\"a\", \"b\"]`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{KEYS, by_name};
    use super::*;

    fn check(name: &str, raw: impl Into<Raw>) -> Result<Option<Value>, String> {
        read(by_name(name).unwrap(), &raw.into())
    }

    #[test]
    fn every_default_fits_its_setting() {
        for key in KEYS {
            assert!(
                matches!(read(key, &key.default.into()), Ok(Some(_))),
                "{}",
                key.name
            );
        }
    }

    #[test]
    fn switches() {
        for (text, value) in [("True", true), ("0", false), ("on", true), ("No", false)] {
            assert_eq!(check("strict", text), Ok(Some(Value::Switch(value))));
        }
        assert_eq!(
            check("strict", "maybe"),
            Err("write `true` or `false`".into())
        );
    }

    #[test]
    fn fractions() {
        assert_eq!(
            check("draft-threshold", "0.25"),
            Ok(Some(Value::Fraction(0.25)))
        );
        for text in ["80", "80%"] {
            assert!(
                check("draft-threshold", text)
                    .unwrap_err()
                    .ends_with("did you mean `0.8`?")
            );
        }
        for text in ["-1", "NaN", "inf", "much", "0.5%", ""] {
            assert!(check("draft-threshold", text).is_err(), "{text}");
        }
        assert!(
            read(
                by_name("draft-threshold").unwrap(),
                &Raw::Text("0.5".into())
            )
            .is_err()
        );
    }

    #[test]
    fn seconds_are_whole_and_positive() {
        assert_eq!(check("timeout", "5"), Ok(Some(Value::Seconds(5))));
        for text in ["0", "-3", "1.5", "5s"] {
            assert!(check("timeout", text).is_err(), "{text}");
        }
    }

    #[test]
    fn mebibytes_may_be_none() {
        assert_eq!(check("test-memory", "0"), Ok(Some(Value::Mebibytes(0))));
        for text in ["-1", "4G", "1.5", "99999999999"] {
            assert!(check("test-memory", text).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_split_at_commas_and_lines_and_only_when_untyped() {
        let two = Ok(Some(Value::Texts(vec!["a.log".into(), "b c.log".into()])));
        assert_eq!(check("logs", "a.log, b c.log"), two);
        assert_eq!(check("logs", "\na.log\nb c.log\n"), two);
        assert_eq!(
            read(by_name("logs").unwrap(), &Raw::Text("a,b".into())),
            Ok(Some(Value::Texts(vec!["a,b".into()])))
        );
        assert_eq!(check("logs", ""), Ok(Some(Value::Texts(vec![]))));
    }
}
