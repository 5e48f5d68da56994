//! Errors of a browser that were sent as a form and logged as it came: `msg=TypeError%3A%20x&stack=…&line=3`.

use super::client::Payload;
use crate::normalize::percent_decoded;

/// The error in the first word that is such a form, and what stands before it.
pub(crate) fn reported(text: &str) -> Option<(&str, Payload)> {
    // Not even one escape: no form that holds a stack or an address.
    memchr::memchr(b'%', text.as_bytes())?;
    let word = text.split_ascii_whitespace().find(|word| {
        memchr::memchr(b'&', word.as_bytes()).is_some() && word.contains('%') && word.contains('=')
    })?;
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    // POST /log?msg=…
    let query = word.rsplit('?').next().unwrap_or(word);
    let mut payload = Payload::default();
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let value = decoded(value);
        match key {
            "message" | "msg" | "error" => payload.message = value,
            "stack" | "stacktrace" | "stackTrace" => payload.stack = Some(value),
            "url" | "filename" | "file" | "source" => payload.url = Some(value),
            "line" | "lineno" | "lineNumber" => payload.line = value.parse().ok(),
            "column" | "col" | "colno" | "columnNumber" => payload.column = value.parse().ok(),
            _ => {}
        }
    }
    let is_placed = payload.url.is_some() && payload.line.is_some();
    let has_stack = payload
        .stack
        .as_deref()
        .is_some_and(|stack| super::stacks::has_script_frames(&format!("{stack}\n")));
    let is_error = !payload.message.is_empty() && (is_placed || has_stack);
    is_error.then(|| (text[..at].trim_end(), payload))
}

fn decoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    percent_decoded(&value.replace('+', " "), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_form() {
        let text = "client error: msg=TypeError%3A+x+%26+y&stack=TypeError%3A%20x%0A%20%20%20%20at%20f%20(http%3A%2F%2Fh%2Fa.js%3A1%3A2)&line=1";
        let (before, payload) = reported(text).expect("an error");
        assert_eq!(before, "client error:");
        assert_eq!(payload.message, "TypeError: x & y");
        assert_eq!(payload.line, Some(1));
        assert_eq!(
            payload.stack.as_deref(),
            Some("TypeError: x\n    at f (http://h/a.js:1:2)")
        );
        let placed = reported("/log?msg=x%20is%20null&url=http%3A%2F%2Fh%2Fa.js&line=3&col=4");
        assert_eq!(placed.map(|(_, p)| p.column), Some(Some(4)));
    }

    #[test]
    fn what_is_no_error_of_a_browser() {
        for text in [
            "GET /search?q=a%20b&page=2",
            "msg=hello%20world&user=3",
            "100% & more = less",
            "msg=a&stack=b%20c",
        ] {
            assert_eq!(reported(text), None, "{text}");
        }
    }
}
