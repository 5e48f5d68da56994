//! Stacks of script engines as texts, before anything of them is read.

use super::json_value::Value;

/// Whether a line reads as a frame of a script engine: `    at f (a.js:1:2)`, `f@http://h/a.js:1:2`.
pub(crate) fn has_script_frames(text: &str) -> bool {
    text.lines().any(|line| {
        let body = line.trim_start();
        let ends_with_place = line
            .trim_end_matches([')', ' ', '{'])
            .ends_with(|c: char| c.is_ascii_digit() || c == '>');
        (body.len() < line.len()
            && body.starts_with("at ")
            && (ends_with_place || line.ends_with(')')))
            || (ends_with_place && line.contains('@') && line.contains(':'))
    })
}

/// The stack of an object, as a text or as a list of its lines.
pub(crate) fn stack(value: &Value) -> Option<String> {
    let stack = value.get("stack")?;
    if let Some(text) = stack.text() {
        return Some(text.to_owned());
    }
    let lines: Option<Vec<&str>> = stack.list()?.iter().map(Value::text).collect();
    lines.filter(|l| !l.is_empty()).map(|l| l.join("\n"))
}
