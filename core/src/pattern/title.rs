//! One line that names a failure. Log text is hostile: control characters and marks that reorder text are left out.

use alloc::string::String;

use crate::model::{Exception, Failure, Platform};
use crate::normalize::function_name;
use crate::text::{self, CONTROL, NOT};

/// Longest message in a title, in characters.
const MESSAGE: usize = 80;
/// Longest name in a title, in characters.
const NAME: usize = 60;

/// `TypeError in refresh: clear_cache() missing 1 required positional argument: 'graph_type'`: type, innermost in-app
/// function (else the innermost), first line of the message. What is unknown is left out.
pub fn title(failure: &Failure) -> String {
    let primary = failure.primary();
    let mut title = String::new();
    if let Some(name) = primary.and_then(|e| e.type_name.as_deref()) {
        clip(name, NAME, &mut title);
    }
    if let Some(function) = primary.and_then(|e| function(failure.platform, e)) {
        title.push_str(if title.is_empty() {
            "error in "
        } else {
            " in "
        });
        clip(function, NAME, &mut title);
    }
    let mut line = first_line(primary.and_then(|e| e.message.as_deref()));
    if line.is_empty() && title.is_empty() {
        // without type and frames the record's own text is all there is
        line = first_line(failure.log_message.as_deref());
    }
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

/// The innermost in-app function, else the innermost. Names that say nothing (`<anonymous>`, `<listcomp>`) give way to
/// the function around them.
fn function(platform: Platform, exception: &Exception) -> Option<&str> {
    let mut innermost = None;
    for frame in exception.innermost() {
        let Some(function) = frame.function.as_deref() else {
            continue;
        };
        if function_name(platform, function).is_some() {
            if frame.in_app {
                return Some(function);
            }
            innermost = innermost.or(Some(function));
        }
    }
    innermost
}

fn first_line(message: Option<&str>) -> &str {
    text::first_line(message.unwrap_or(""))
}

/// Appends the printable characters of `text`, `limit` of them at most.
fn clip(text: &str, limit: usize, out: &mut String) {
    let mut left = limit;
    for c in text.chars().filter(|c| is_printable(*c)) {
        if left == 0 {
            out.push('…');
            return;
        }
        left -= 1;
        out.push(c);
    }
}

fn is_printable(c: char) -> bool {
    text::is(c, NOT | CONTROL, "")
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
