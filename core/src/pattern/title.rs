//! One line that names a failure. Log text is hostile: control characters and marks that reorder text are left out.

use alloc::string::String;
use alloc::vec::Vec;

use crate::model::{Failure, Frame};
use crate::normalize::function_name;

/// Longest message in a title, in characters.
const MESSAGE: usize = 80;
/// Longest name in a title, in characters.
const NAME: usize = 60;

/// `TypeError in refresh: clear_cache() missing 1 required positional argument: 'graph_type'`: type, innermost in-app
/// function (else the innermost), first line of the message. What is unknown is left out.
pub fn title(failure: &Failure) -> String {
    let primary = failure.primary();
    let mut title = String::with_capacity(NAME + NAME + MESSAGE);
    if let Some(name) = primary.and_then(|e| e.type_name.as_deref()) {
        clip(name, NAME, &mut title);
    }
    // Names that say nothing (`<anonymous>`, `<listcomp>`) give way to the function around them.
    let telling = |frame: &&Frame| {
        let function = frame.function.as_deref();
        function.is_some_and(|f| function_name(failure.platform, f).is_some())
    };
    let function = primary.and_then(|e| {
        let frames: Vec<&Frame> = e.plain_frames().rev().filter(telling).collect();
        let in_app = frames.iter().find(|frame| frame.in_app);
        in_app.or(frames.first())?.function.as_deref()
    });
    if let Some(function) = function {
        title.push_str(if title.is_empty() {
            "error in "
        } else {
            " in "
        });
        clip(function, NAME, &mut title);
    }
    let message = primary
        .and_then(|e| e.message.as_deref())
        .filter(|m| !m.trim().is_empty())
        // without type and frames the record's own text is all there is
        .or_else(|| failure.log_message.as_deref().filter(|_| title.is_empty()))
        .unwrap_or("");
    let line = message
        .split(['\n', '\r'])
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    if !line.is_empty() {
        if !title.is_empty() {
            title.push_str(": ");
        }
        clip(line, MESSAGE, &mut title);
    }
    if title.is_empty() {
        title.push_str("unknown error");
    }
    title
}

/// Appends the printable characters of `text`, `limit` of them at most.
fn clip(text: &str, limit: usize, out: &mut String) {
    let mut printable = text.chars().filter(|c| is_printable(*c));
    out.extend(printable.by_ref().take(limit));
    if printable.next().is_some() {
        out.push('…');
    }
}

fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
