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

/// First line of the block that holds the stack, and the exception without frames.
//    ---
//    error: '1 == 2'
//    name: 'AssertionError'
//    stack: |-
pub(super) fn header(lines: &Lines, from: usize, stack: usize) -> (usize, Exception) {
    let mut made = Exception {
        type_name: owned("Error"),
        ..Exception::default()
    };
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
    (at, made)
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
            // up to the next byte that may begin an escape
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = first + text::run(text::from(rest, first), NOT, "\\'");
            plain.push_str(text::until(rest, end));
            rest = text::from(rest, end);
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
