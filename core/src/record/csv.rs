//! Records that are rows of comma-separated values (RFC 4180), as log viewers export them: `"time","level","message"`.

use super::header;

/// Rows have no more fields.
const MOST_FIELDS: usize = 64;

// "2026-11-22 13:31:44,213","ERROR","shop.worker","job failed","Traceback (most recent call last):
//   File ""/srv/app.py"", line 6, in f
// KeyError: 'lines'"
/// The fields of a row as a record of text: what has one line behind each other, what has several below. `None` where no
/// field is quoted, or the row goes on.
pub(crate) fn row(text: &str) -> Option<String> {
    let text = text.trim_end();
    let begins_quoted = text.starts_with('"');
    let ends_quoted = text.ends_with('"') && text.contains(",\"");
    if !begins_quoted && !ends_quoted {
        return None;
    }
    // A time, and what was logged then.
    header::recognise(text.as_bytes())?.timestamp?;
    let fields = fields(text)?;
    let is_escaped = fields.iter().any(|field| field.contains(['\n', '"', ',']));
    if fields.len() < 2 || !is_escaped {
        return None;
    }
    let filled = || fields.iter().filter(|field| !field.trim().is_empty());
    let mut record = String::with_capacity(text.len());
    for field in filled().filter(|field| !is_trace(field.trim_start())) {
        if !record.is_empty() {
            record.push_str(" - ");
        }
        record.push_str(field.trim());
    }
    for field in filled().filter(|field| is_trace(field.trim_start())) {
        record.push('\n');
        record.push_str(field.trim_end());
    }
    Some(record)
}

fn is_trace(field: &str) -> bool {
    let begins = ["Traceback (", "+ Exception Group Traceback ("];
    begins.iter().any(|begin| field.starts_with(begin)) || field.contains("\n    at ")
}

/// The fields without their quotes.
fn fields(text: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => {
                let end = rest.find([',', '\n', '"']).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        fields.push(field);
        if after.is_empty() {
            return Some(fields);
        }
        rest = after.strip_prefix(',')?;
        if fields.len() == MOST_FIELDS {
            return None;
        }
    }
}

/// A field behind its opening quote, and what follows the closing one.
fn quoted_field(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return Some((field, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_records() {
        let quoted = "\"2026-11-22 13:31:44,213\",\"ERROR\",\"shop\",\"job \"\"a\"\" failed\",\"Traceback (most recent call last):\n  File \"\"a.py\"\", line 1, in f\nKeyError: 1\"";
        assert_eq!(
            row(quoted).as_deref(),
            Some(
                "2026-11-22 13:31:44,213 - ERROR - shop - job \"a\" failed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 1"
            )
        );
        let sparse = "2026-11-22 13:31:44.213,ERROR,,\"disk, or what is left of it, is full\"";
        assert_eq!(
            row(sparse).as_deref(),
            Some("2026-11-22 13:31:44.213 - ERROR - disk, or what is left of it, is full")
        );
        for other in [
            "2026-11-22 13:31:44,213 ERROR shop: no row",
            "2026-11-22 13:31:44.213 ERROR got a,\"b\"",
            "\"2026-11-22 13:31:44,213\",\"ERROR\",\"cut",
            "\"quoted\", he said",
        ] {
            assert_eq!(row(other), None, "{other}");
        }
    }
}
