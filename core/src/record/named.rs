//! The type of a JavaScript error that a program printed behind words of its own: `Payment failed: PaymentDeclined: card 2`,
//! `Uncaught Exception: TypeError: x is null`. What is printed last before the stack's frames is the error's own first line.

use crate::model::{Exception, Platform, Trace};
use crate::trace::javascript::class::{self, Named};

/// The first line of an error may stand above more lines of its message than this, but is not looked for there.
const LINES: usize = 40;
/// More classes on one line are not compared with what stands before them.
const MOST_NAMES: usize = 16;

/// Gives the error its own name where words that stand before it were taken for its type, or for its message. `is_alone`: the
/// text is the error's stack and nothing else, of which the first line tells the type.
pub(super) fn by_own_name(trace: &mut Trace, text: &str, is_alone: bool) {
    if trace.platform != Platform::JavaScript {
        return;
    }
    let (start, end) = (trace.start, trace.end);
    let Some(own) = text.get(start..end) else {
        return;
    };
    let Some(exception) = own_exception(trace) else {
        return;
    };
    if exception.plain_frames().next().is_none() {
        return;
    }
    let label = exception.type_name.clone().unwrap_or_default();
    let again = said_again(own);
    let begin = again.as_ref().map(|(_, _, first)| *first);
    let found = again.map(|(line, named, _)| (line, named)).or_else(|| {
        let (line, named) = nearest(own).filter(|_| is_label(&label, exception, is_alone))?;
        let is_sure = label != "Error" || ends_in_error(named.name) || class::is_fault(named.name);
        (is_sure && named.name != label).then_some((line, named))
    });
    let Some((line, named)) = found else {
        return;
    };
    let whole = &own[line.clone()];
    let below = own.get(line.end..).unwrap_or_default();
    let more = &below[..frames_at(below).unwrap_or(0)];
    let mut message = whole[named.message..].trim_end().to_owned();
    message.push_str(more.trim_end_matches('\n'));
    let (module, name) = match named.name.rsplit_once('.') {
        Some((module, name)) => (Some(module.to_owned()), name),
        None => (None, named.name),
    };
    exception.type_name = Some(name.to_owned());
    exception.module = module;
    exception.message = Some(message);
    trace.start = start + begin.unwrap_or(line.start + named.start);
}

/// The error that the text shows first; its cause is another's.
fn own_exception(trace: &mut Trace) -> Option<&mut Exception> {
    trace
        .exceptions
        .iter_mut()
        .rev()
        .find(|e| e.group_path.is_empty())
}

/// Whether what was read as the type is rather a word that a program put before the error.
fn is_label(kind: &str, exception: &Exception, is_alone: bool) -> bool {
    let message = exception.message.as_deref().unwrap_or_default();
    match kind {
        "" => true,
        "Error" => !is_alone && class::named(first_line(message)).is_some_and(|n| n.start == 0),
        "Exception" => !is_alone,
        "Line" | "Column" | "URL" | "Url" | "Message" | "Source" | "Location" | "Page" | "Type" => {
            true
        }
        _ => kind.contains(' ') && class::named(message.trim_start()).is_some_and(|n| n.start == 0),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn ends_in_error(name: &str) -> bool {
    name.ends_with("Error") || name.ends_with("Exception")
}

/// Where in a text the first line stands that is a frame.
fn frames_at(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        if body.len() < line.len() && body.starts_with("at ") {
            return Some(at);
        }
        at += line.len();
    }
    None
}

// Client error: card 7 declined at /cart:28 - Stack: PaymentDeclined: card 7 declined
/// The line right above the frames, which says what was said before: the second time it is the error's own. And where it is
/// said first.
fn said_again(own: &str) -> Option<(std::ops::Range<usize>, Named<'_>, usize)> {
    let head = own[..frames_at(own)?].trim_end_matches(['\n', '\r']);
    let start = head.rfind('\n').map_or(0, |at| at + 1);
    let line = &head[start..];
    let mut from = 0;
    let mut last = None;
    for _ in 0..MOST_NAMES {
        let Some(named) = class::named(&line[from..]) else {
            break;
        };
        let at = from + named.start;
        let said = line[from + named.message..].trim_end();
        let above = &head[..start + at];
        // on a line of its own it has to be the same error
        let whole = format!("{}: {said}", named.name);
        let wanted = if at == 0 { whole.as_str() } else { said };
        if let Some(first) = above.find(wanted).filter(|_| !said.is_empty()) {
            let before = above[..first].strip_suffix(": ").unwrap_or(&above[..first]);
            let before = before.strip_suffix(named.name).unwrap_or(&above[..first]);
            let before = before.strip_suffix("Uncaught ").unwrap_or(before);
            let named = Named {
                start: at,
                message: from + named.message,
                ..named
            };
            last = Some((named, before.len()));
        }
        from = at + named.name.len();
    }
    let (named, first) = last?;
    Some((start..head.len(), named, first))
}

/// The line nearest above the frames that names a class.
fn nearest(own: &str) -> Option<(std::ops::Range<usize>, Named<'_>)> {
    let head = &own[..frames_at(own)?];
    let mut end = head.trim_end_matches(['\n', '\r']).len();
    for _ in 0..LINES {
        let start = head[..end].rfind('\n').map_or(0, |at| at + 1);
        let line = &own[start..end];
        if let Some(named) = class::named(line) {
            return Some((start..end, named));
        }
        end = start.checked_sub(1)?;
    }
    None
}
