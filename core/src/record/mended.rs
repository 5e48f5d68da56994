//! What printers and engines do differently, undone in the traces that were found: a message said twice, frames glued to
//! words, an error printed once with its promise and once as its reason.

use super::client;
use super::named;
use super::node;
use super::word::Word;
use crate::model::{Exception, Platform, Relation, StackEntry, Trace};
use crate::trace;

/// What is a failure of those found, and what their printers do differently undone.
/// `is_alone`: the text is a field of its own, without words of whoever printed it.
pub(super) fn settled(mut found: Vec<Trace>, text: &str, is_alone: bool) -> Vec<Trace> {
    for trace in &mut found {
        named::by_own_name(trace, text, is_alone);
    }
    static REJECTED: Word = Word::new("<rejected>");
    if REJECTED.is_in(text.as_bytes()) {
        within_promise(&mut found, text);
    }
    found.retain(|t| {
        !crate::triage::is_stop(t)
            && !crate::triage::is_process_warning(t, text)
            && !is_console_trace(t)
    });
    node::gather_members(&mut found, text);
    for trace in &mut found {
        said_twice(trace);
        glued(trace);
        spaced(trace);
        named_last(trace);
        unwrap_remote(trace);
        without_closing_quotes(trace, text);
        broken_text(trace);
        bare_assertion(trace);
    }
    found
}

// Unhandled Rejection at: Promise {
//   <rejected> Error: x
//       at f (/srv/a.js:1:2)
// } reason: Error: x
/// An error that was printed with the promise that it rejected, and once more as the reason.
fn within_promise(found: &mut Vec<Trace>, text: &str) {
    let is_rejected = |trace: &Trace| {
        let before = text.get(..trace.start).unwrap_or_default();
        before.trim_end().ends_with("<rejected>")
    };
    let again: Vec<bool> = (0..found.len())
        .map(|index| {
            let next = found.get(index + 1);
            is_rejected(&found[index])
                && next.is_some_and(|next| {
                    let kind = |t: &Trace| t.exceptions.last().and_then(|e| e.type_name.clone());
                    let frames = |t: &Trace| t.exceptions.last().map(|e| e.frames.clone());
                    kind(&found[index]) == kind(next) && frames(&found[index]) == frames(next)
                })
        })
        .collect();
    let mut again = again.into_iter();
    found.retain(|_| !again.next().unwrap_or(false));
}

/// `console.trace` prints where it was called, as an error would.
fn is_console_trace(trace: &Trace) -> bool {
    trace.platform == Platform::JavaScript
        && trace.exceptions.last().and_then(|e| e.type_name.as_deref()) == Some("Trace")
}

/// A message above a stack whose own first line says it again: `x is null\nTypeError: x is null`, with or without labels in
/// between; and labels alone.
fn said_twice(trace: &mut Trace) {
    const LABELS: [&str; 10] = [
        "URL:",
        "Url:",
        "url:",
        "User-Agent:",
        "UserAgent:",
        "User agent:",
        "Stack trace:",
        "Stack:",
        "Location:",
        "Page:",
    ];
    if trace.platform != Platform::JavaScript {
        return;
    }
    for exception in &mut trace.exceptions {
        let kind = exception.type_name.as_deref().unwrap_or_default();
        let Some(message) = &mut exception.message else {
            continue;
        };
        let first = message.find('\n').unwrap_or(message.len());
        let again = ["\n", " | "].iter().find_map(|joint| {
            let at = message.rfind(&format!("{joint}{kind}: "))?;
            let again = &message[at + joint.len() + kind.len() + 2..];
            let said = first.min(at);
            (*again == message[..said]).then_some(said)
        });
        let is_label = |line: &str| LABELS.iter().any(|label| line.starts_with(label));
        let labelled = message[first..]
            .trim_start_matches('\n')
            .lines()
            .next()
            .is_some_and(is_label);
        if let Some(said) = again {
            message.truncate(said);
        } else if labelled || are_properties(&message[first..]) {
            message.truncate(first);
        }
    }
}

// client error: run@https://shop.example/app.js:2:18
/// What a record says before a stack of Gecko or JavaScriptCore, whose first frame stands on the same line.
fn glued(trace: &mut Trace) {
    let nameless = |e: &&mut Exception| e.type_name.is_none() && e.message.is_none();
    for exception in trace.exceptions.iter_mut().filter(nameless) {
        let Some(StackEntry::Frame(top)) = exception.frames.last_mut() else {
            continue;
        };
        let name = top.function.take().unwrap_or_default();
        let joint = [": ", " | ", " - ", "=\""];
        let ends = joint
            .iter()
            .filter_map(|joint| Some((name.rfind(joint)?, joint.len())));
        let (said, own) = match ends.max() {
            Some((at, length)) => (Some(&name[..at]), &name[at + length..]),
            None => (None, name.as_str()),
        };
        top.function = Some(own.to_owned()).filter(|own| !own.is_empty());
        let Some(said) = said else {
            continue;
        };
        let kind = said.rfind("Error: ").map(|at| {
            let letters = said[..at]
                .bytes()
                .rev()
                .take_while(u8::is_ascii_alphanumeric)
                .count();
            at - letters
        });
        match kind.and_then(|at| client::error_type(&said[at..])) {
            Some((kind, message)) => {
                exception.type_name = Some(kind.to_owned());
                exception.message = Some(message.to_owned());
            }
            None => exception.message = Some(said.to_owned()),
        }
    }
}

// AppError: upstream refused
//  status: 503,
//    code: "E_APP"
/// Whether the lines below the first of a message are the error's properties, as Bun prints them.
fn are_properties(lines: &str) -> bool {
    let mut lines = lines.trim_end().split('\n').skip(1).peekable();
    let mut count = 0;
    while let Some(line) = lines.next() {
        let indent = if count == 0 { 1 } else { 3 };
        let body = line.trim_start_matches(' ');
        let is_pair = body.split_once(": ").is_some_and(|(key, _)| {
            !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        });
        if line.len() - body.len() != indent
            || !is_pair
            || lines.peek().is_some() != line.ends_with(',')
        {
            return false;
        }
        count += 1;
    }
    count > 0
}

/// A message that has no type and a blank line between itself and its stack, as consola prints it.
fn spaced(trace: &mut Trace) {
    let nameless = |e: &&mut Exception| e.type_name.is_none();
    for exception in trace.exceptions.iter_mut().filter(nameless) {
        if let Some(message) = &mut exception.message {
            message.truncate(message.trim_end().len());
        }
    }
}

/// `job failed RangeError`: a type without a message behind other words, above its stack.
fn named_last(trace: &mut Trace) {
    if trace.platform != Platform::JavaScript {
        return;
    }
    for exception in trace
        .exceptions
        .iter_mut()
        .filter(|e| e.type_name.is_none())
    {
        let said = exception.message.as_deref().unwrap_or_default();
        let last = said.rsplit([' ', '\n']).next().unwrap_or_default();
        let is_type = last.len() > "Error".len()
            && last.len() < said.len()
            && last.ends_with("Error")
            && last.starts_with(|c: char| c.is_ascii_uppercase())
            && last.bytes().all(|c| c.is_ascii_alphanumeric());
        if is_type && exception.plain_frames().next().is_some() {
            exception.type_name = Some(last.to_owned());
            exception.message = Some(String::new());
        }
    }
}

/// The failure of another process that came as text: what it says is inside of the quotes.
fn unwrap_remote(trace: &mut Trace) {
    let Some(last) = trace.exceptions.last() else {
        return;
    };
    let remote = last
        .type_name
        .as_deref()
        .is_some_and(|t| t == "ExceptionWithTraceback" || t.ends_with("RemoteTraceback"));
    let Some(message) = last
        .message
        .as_deref()
        .filter(|m| remote && m.contains("Traceback (most recent call last):"))
    else {
        return;
    };
    let inner = message.trim().trim_matches(['"', '\'']).trim();
    if let Some(found) = trace::python::find_in_record(inner).into_iter().next() {
        trace.exceptions = found.exceptions;
    }
}

// billiard.einfo.ExceptionWithTraceback:
// """
// Traceback (most recent call last):
/// The quotes that end another process' traceback are none of its message.
fn without_closing_quotes(trace: &mut Trace, text: &str) {
    let last = trace.exceptions.last_mut();
    let Some(message) = last.and_then(|last| last.message.as_mut()) else {
        return;
    };
    let quotes = ["\"\"\"", "'''"]
        .into_iter()
        .find(|quotes| message.ends_with(quotes));
    let Some((quotes, kept)) = quotes.and_then(|q| Some((q, message.strip_suffix(q)?))) else {
        return;
    };
    let opening = format!("\n{quotes}\nTraceback (");
    let text = text.get(..trace.end).unwrap_or_default();
    if kept.ends_with('\n') && !kept.starts_with(&opening[..4]) && text.contains(&opening) {
        message.truncate(kept.trim_end().len());
    }
}

/// An exception whose `__str__` fails: what failed while it was being reported is not what went wrong.
fn broken_text(trace: &mut Trace) {
    let [.., before, last] = &trace.exceptions[..] else {
        return;
    };
    let lost = before.message.as_deref().is_some_and(|m| {
        m.starts_with("<exception str() failed>") || m.starts_with("<unprintable ")
    });
    let in_text = last
        .plain_frames()
        .next_back()
        .and_then(|f| f.function.as_deref())
        .is_some_and(|f| matches!(f, "__str__" | "__repr__"));
    if lost && in_text && last.relation == Some(Relation::Context) && last.group_path.is_empty() {
        trace.exceptions.pop();
        trace
            .notes
            .push("the exception's own text could not be made".to_owned());
    }
}

/// Some printers show the statement where a bare `assert` has no message.
fn bare_assertion(trace: &mut Trace) {
    for exception in &mut trace.exceptions {
        let bare = exception.type_name.as_deref() == Some("AssertionError")
            && exception.message.as_deref().is_some_and(|m| {
                m.starts_with("assert ")
                    && exception
                        .frames
                        .iter()
                        .rev()
                        .find_map(StackEntry::frame)
                        .is_some_and(|f| f.source_line.as_deref().is_some_and(|s| s.starts_with(m)))
            });
        if bare {
            exception.message = Some(String::new());
        }
    }
}
