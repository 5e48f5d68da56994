//! The header of a stack in a TAP report, which stands in other keys of the same YAML block.
//!
//! Deliberately no YAML: the keys `name` and `error` as Node's reporter writes them.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::line::Line;
use crate::model::Exception;
use crate::text::{self, part};

/// How far above the stack its keys are looked for.
const KEYS: usize = 64;

/// First line of the block that holds the stack, and the exception without frames.
//    ---
//    error: '1 == 2'
//    name: 'AssertionError'
//    stack: |-
pub(super) fn header(lines: &[Line], from: usize, stack: usize) -> (usize, Exception) {
    let mut made = Exception::default();
    let mut at = stack;
    while at > from && stack - at < KEYS && lines[at].trimmed() != "---" {
        at -= 1;
        let text = lines[at].trimmed();
        if let Some(value) = text.strip_prefix("name: ") {
            made.type_name = Some(unquoted(value));
        } else if text == "error: |-" {
            made.message = Some(block(part(lines, at, stack)));
        } else if let Some(value) = text.strip_prefix("error: ") {
            made.message = Some(unquoted(value));
        }
    }
    if made.type_name.is_none() {
        made.type_name = Some("Error".to_owned());
    }
    (at, made)
}

fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('\'')
        .and_then(|v| v.strip_suffix('\''))
        .unwrap_or(value);
    let (mut plain, mut rest) = (String::new(), inner);
    while !rest.is_empty() {
        let escaped = [("\\n", "\n"), ("''", "'")]
            .into_iter()
            .find(|(from, _)| rest.starts_with(from));
        if let Some((_, to)) = escaped {
            plain.push_str(to);
            rest = text::from(rest, 2);
            continue;
        }
        // up to the next byte that may begin an escape
        let more = rest
            .bytes()
            .skip(1)
            .position(|b| matches!(b, b'\\' | b'\''));
        let end = more.map_or(rest.len(), |at| at + 1);
        plain.push_str(text::until(rest, end));
        rest = text::from(rest, end);
    }
    plain
}

fn block(lines: &[Line]) -> String {
    let indent = lines.first().map_or(0, Line::indent);
    let mut text = String::new();
    for line in lines
        .iter()
        .skip(1)
        .take_while(|line| line.indent() > indent || line.trimmed().is_empty())
    {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line.text.get(indent + 2..).unwrap_or(""));
    }
    text
}
