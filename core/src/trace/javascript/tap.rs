//! The header of a stack in a TAP report, which stands in other keys of the same YAML block.
//!
//! Deliberately no YAML: the keys `name` and `error` as Node's reporter writes them.

use alloc::string::String;

use super::build::owned;
use super::line::Lines;
use crate::model::Exception;
use crate::text::{self, NOT};

/// How far above the stack its keys are looked for.
const KEYS: usize = 64;

/// First line of the block that holds the stack; fills in type and message.
//    ---
//    error: '1 == 2'
//    name: 'AssertionError'
//    stack: |-
pub(super) fn header(lines: &Lines, from: usize, stack: usize, made: &mut Exception) -> usize {
    made.type_name = owned("Error");
    let mut at = stack;
    while at > from && stack - at < KEYS && lines.at(at).trimmed() != "---" {
        at -= 1;
        let mut text = lines.at(at).trimmed();
        if text::eat(&mut text, "name: ") {
            made.type_name = Some(unquoted(text));
        } else if text == "error: |-" {
            made.message = Some(block(lines, at, stack));
        } else if text::eat(&mut text, "error: ") {
            made.message = Some(unquoted(text));
        }
    }
    at
}

fn unquoted(value: &str) -> String {
    let mut rest = value;
    if !(text::eat(&mut rest, "'") && text::eat_end(&mut rest, "'")) {
        rest = value;
    }
    let mut plain = String::new();
    while !rest.is_empty() {
        if text::eat(&mut rest, "\\n") {
            plain.push('\n');
        } else if text::eat(&mut rest, "''") {
            plain.push('\'');
        } else {
            // the next character, and all up to one that may begin an escape
            let mut chars = rest.chars();
            plain.push(chars.next().unwrap_or_default());
            let more = text::lead(chars.as_str(), NOT, "\\'");
            plain.push_str(more);
            rest = text::from(chars.as_str(), more.len());
        }
    }
    plain
}

fn block(lines: &Lines, from: usize, to: usize) -> String {
    let indent = lines.at(from).indent();
    let mut text = String::new();
    for at in from + 1..to {
        let line = lines.at(at);
        if line.indent() <= indent && !line.trimmed().is_empty() {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(text::from(line.text, indent + 2));
    }
    text
}
