//! The traces in a text, and what the printers of some of them do differently. What formatters did to their lines is undone in
//! `unfold`.

use super::word::{Word, any_in};
use super::{node, table};
use crate::model::{Exception, Platform, Relation, StackEntry, Trace};
use crate::trace;

/// Cheap look whether a text can hold a trace at all.
pub(crate) fn may_hold_trace(text: &str) -> bool {
    static SIGNS: [Word; 9] = [
        Word::new("raceback"),
        Word::new("most recent"),
        Word::new("File \""),
        Word::new("    at "),
        Word::new("\n at "),
        Word::new("\n  at "),
        Word::new("\tat "),
        Word::new("rror"),
        Word::new("xception"),
    ];
    any_in(&SIGNS, text.as_bytes()) || (text.contains('@') && text.contains(":"))
}

/// The traces of a text that holds one record and nothing else: a field, a row of a table.
pub(crate) fn traces_of_field(text: &str) -> Vec<Trace> {
    traces_with(text, trace::python::find_in_record)
}

/// The traces of a text in a file, where other output may follow. Tracebacks that are quoted in a message belong to that
/// message.
pub(crate) fn traces(text: &str) -> Vec<Trace> {
    celled(text, trace::python::find)
}

/// [`traces`] of what stands below a record's header.
pub(crate) fn traces_below_header(text: &str) -> Vec<Trace> {
    celled(text, trace::python::find_below_header)
}

fn celled(text: &str, python: fn(&str) -> Vec<Trace>) -> Vec<Trace> {
    let mut found = traces_with(text, python);
    if text.contains('❱') {
        table::cell_message(&mut found, text);
    }
    found
}

fn traces_with(text: &str, python: fn(&str) -> Vec<Trace>) -> Vec<Trace> {
    let mut found = absorb(python(text), text);
    found.retain(|trace| !is_quoted_by_script(trace, text));
    if found.is_empty() && has_script_frames(text) {
        found = trace::javascript::find(text);
        found.retain(|t| {
            t.exceptions
                .iter()
                .any(|e| e.type_name.is_some() || e.plain_frames().count() > 1)
        });
    } else if let Some(last) = found.last()
        && has_script_frames(&text[last.end.min(text.len())..])
    {
        let from = last.end.min(text.len());
        let mut more = trace::javascript::find(&text[from..]);
        more.retain(|t| {
            t.exceptions
                .iter()
                .any(|e| e.type_name.is_some() && e.plain_frames().count() > 0)
        });
        for mut trace in more {
            trace.start += from;
            trace.end += from;
            found.push(trace);
        }
    }
    for trace in node::printed(text) {
        let is_told = |told: &Trace| told.start < trace.end && trace.start < told.end;
        if !found.iter().any(is_told) {
            let at = found.partition_point(|told| told.start < trace.start);
            found.insert(at, trace);
        }
    }
    found.retain(|t| !crate::triage::is_stop(t) && !crate::triage::is_process_warning(t, text));
    for trace in &mut found {
        said_twice(trace);
        spaced(trace);
        named_last(trace);
        unwrap_remote(trace);
        without_closing_quotes(trace, text);
        broken_text(trace);
        bare_assertion(trace);
    }
    found
}

// Error: worker failed: Traceback (most recent call last):
//   File "worker.py", line 10, in run
// ValueError: bad row
//     at PythonShell.parseError (/srv/web/node_modules/python-shell/index.js:303:21)
/// A traceback that the message of a JavaScript error quotes.
fn is_quoted_by_script(trace: &Trace, text: &str) -> bool {
    let above = text.get(..trace.start).unwrap_or_default();
    let line = above.rsplit('\n').next().unwrap_or_default();
    let below = text.get(trace.start..).unwrap_or_default();
    let last = trace.exceptions.last().and_then(|e| e.message.as_deref());
    line.contains("Error: ")
        && below.starts_with("Traceback (")
        && (last.is_some_and(has_script_frames)
            || has_script_frames(text.get(trace.end..).unwrap_or_default()))
}

/// A message above a stack whose own first line says it again: `x is null\nTypeError: x is null`.
fn said_twice(trace: &mut Trace) {
    if trace.platform != Platform::JavaScript {
        return;
    }
    for exception in &mut trace.exceptions {
        let kind = exception.type_name.as_deref().unwrap_or_default();
        let once = exception.message.as_deref().and_then(|message| {
            let (first, again) = message.split_once('\n')?;
            let again = again.strip_prefix(kind)?.strip_prefix(": ")?;
            (again == first).then(|| first.to_owned())
        });
        exception.message = once.or(exception.message.take());
    }
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
    for quotes in ["\"\"\"", "'''"] {
        let opening = format!("\n{quotes}\nTraceback (");
        let text = text.get(..trace.end).unwrap_or_default();
        if let Some(kept) = message.strip_suffix(quotes)
            && kept.ends_with('\n')
            && !kept.starts_with(&opening[..4])
            && text.contains(&opening)
        {
            message.truncate(kept.trim_end().len());
        }
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

// ValueError: bad row\rTraceback (most recent call last):\r  File "a.py", line 1, in f
/// The type line above its frames, with carriage returns for line ends, as AWS Lambda's runtime writes it.
pub(crate) fn type_first(text: &str) -> Option<Trace> {
    static HEADER: Word = Word::new("\rTraceback (most recent call last):");
    let at = HEADER.find(text.as_bytes())?;
    let head = &text[..at];
    let frames = text[at + 1..]
        .split_once('\r')
        .map_or("", |(_, frames)| frames);
    let frames = frames.replace('\r', "\n").replace('\u{a0}', " ");
    let first = head.lines().next().unwrap_or_default();
    let name = first
        .bytes()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'<' | b'>'))
        .count();
    let rest = &head[name..];
    let message = rest
        .strip_prefix(": ")
        .or_else(|| rest.strip_prefix(':'))
        .or(rest.is_empty().then_some(""))?;
    if name == 0 || !first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    Some(super::parts::from_parts(&head[..name], message, &frames))
}

/// Whether a line reads as a frame of a script engine: `    at f (a.js:1:2)`, `f@http://h/a.js:1:2`.
fn has_script_frames(text: &str) -> bool {
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

/// A traceback in which no file is one that Python runs was put there by a message, often by a hostile one.
/// It and what follows it belong to the message of the trace before; one that stands before the real one is dropped.
fn absorb(found: Vec<Trace>, text: &str) -> Vec<Trace> {
    if found.len() < 2 || found.iter().all(is_plausible) || !found.iter().any(is_plausible) {
        return found;
    }
    let mut out: Vec<Trace> = Vec::new();
    let starts: Vec<usize> = found.iter().map(|t| t.start).collect();
    for (index, trace) in found.into_iter().enumerate() {
        if is_plausible(&trace) {
            out.push(trace);
            continue;
        }
        let Some(before) = out.last_mut() else {
            continue;
        };
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        let Some(more) = text.get(before.end..end) else {
            continue;
        };
        let more = more.trim_end_matches('\n');
        if let Some(last) = before
            .exceptions
            .iter_mut()
            .rev()
            .find(|e| e.group_path.is_empty())
        {
            last.message.get_or_insert_default().push_str(more);
            before.end += more.len();
        }
    }
    out
}

fn is_plausible(trace: &Trace) -> bool {
    let mut frames = trace
        .exceptions
        .iter()
        .flat_map(Exception::plain_frames)
        .peekable();
    frames.peek().is_none()
        || trace
            .exceptions
            .iter()
            .flat_map(Exception::plain_frames)
            .any(|f| {
                f.file
                    .as_deref()
                    .is_some_and(|file| super::framer::is_python_file(file.as_bytes()))
            })
}
