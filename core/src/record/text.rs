//! The traces in a text, and what the printers of some of them do differently. What formatters did to their lines is undone in
//! `unfold`.

use super::word::{Word, any_in};
use super::{node, prefixed, table};
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
    settled(both(text, trace::python::find_in_record(text)), text)
}

/// The traces of a text in a file, where other output may follow. Tracebacks that are quoted in a message belong to that
/// message.
pub(crate) fn traces(text: &str) -> Vec<Trace> {
    let mut python = trace::python::find(text);
    let cuts: Vec<usize> = python
        .iter()
        .filter_map(|t| script_within(t, text))
        .collect();
    if let Some(cut) = cuts.first() {
        // What another program printed below is none of the message.
        let (head, tail) = text.split_at(*cut);
        python = trace::python::find(head);
        let mut found = celled(both(head, python), head);
        let rest = traces(tail).into_iter().map(|mut trace| {
            trace.start += cut;
            trace.end += cut;
            trace
        });
        found.extend(rest);
        return found;
    }
    let mut found = celled(both(text, python), text);
    add_untold(&mut found, prefixed::traces(text));
    if found.iter().any(|t| t.platform == Platform::JavaScript) {
        add_untold(&mut found, node::named_alone(text));
    }
    found
}

/// [`traces`] of what stands below a record's header.
pub(crate) fn traces_below_header(text: &str) -> Vec<Trace> {
    celled(both(text, trace::python::find_below_header(text)), text)
}

fn celled(found: Vec<Trace>, text: &str) -> Vec<Trace> {
    let mut found = settled(found, text);
    if text.contains('❱') {
        table::cell_message(&mut found, text);
    }
    found
}

/// Where within a traceback's message the output of a script engine begins: below the line of the exception.
fn script_within(trace: &Trace, text: &str) -> Option<usize> {
    static AT: Word = Word::new("    at ");
    let own = text.get(trace.start..trace.end)?;
    AT.is_in(own.as_bytes()).then_some(())?;
    let last = trace.exceptions.last()?;
    let kind = last.type_name.as_deref()?;
    if !has_placed_frames(own) || last.group_path.is_empty() && is_quoted_by_script(trace, text) {
        return None;
    }
    let mut below = trace.start;
    let mut at = trace.start;
    for line in own.split_inclusive('\n') {
        at += line.len();
        let named = trace::python::exception_line(line.trim_end());
        if named.is_some_and(|(_, name, _)| name == kind) {
            below = at;
            break;
        }
    }
    let rest = text.get(below..)?;
    let script = trace::javascript::find(rest).into_iter().next()?;
    let line = rest[..script.start].rfind('\n').map_or(0, |at| at + 1);
    (below > trace.start && below + line < trace.end).then_some(below + line)
}

/// Python's traces, and those of script engines before, between and behind them.
fn both(text: &str, python: Vec<Trace>) -> Vec<Trace> {
    let mut found = absorb(python, text);
    found.retain(|trace| !is_quoted_by_script(trace, text));
    if found.is_empty() {
        if has_script_frames(text) {
            found = trace::javascript::find(text);
            found.retain(|t| {
                t.exceptions
                    .iter()
                    .any(|e| e.type_name.is_some() || e.plain_frames().count() > 1)
            });
        }
        return found;
    }
    let mut all = Vec::new();
    let mut from = 0;
    for trace in found {
        all.extend(script_between(text, from, trace.start));
        from = trace.end;
        all.push(trace);
    }
    all.extend(script_between(text, from, text.len()));
    all
}

/// Stacks of script engines in the part of a text that no traceback takes.
fn script_between(text: &str, from: usize, to: usize) -> Vec<Trace> {
    let part = text.get(from..to).unwrap_or_default();
    if !has_script_frames(part) {
        return Vec::new();
    }
    let mut more = trace::javascript::find(part);
    more.retain(|t| {
        t.exceptions
            .iter()
            .any(|e| e.type_name.is_some() && e.plain_frames().count() > 0)
    });
    for trace in &mut more {
        trace.start += from;
        trace.end += from;
    }
    more
}

/// Adds what does not lie within a trace that is told already.
fn add_untold(found: &mut Vec<Trace>, more: Vec<Trace>) {
    for trace in more {
        let is_told = |told: &Trace| told.start < trace.end && trace.start < told.end;
        if !found.iter().any(is_told) {
            let at = found.partition_point(|told| told.start < trace.start);
            found.insert(at, trace);
        }
    }
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

// papermill.exceptions.PapermillExecutionError:
// ---------------------------------------------------------------------------
// KeyError                                  Traceback (most recent call last)
/// What failed in a notebook's cell is the cause of what its runner raises.
fn join_cells(found: &mut Vec<Trace>, text: &str) {
    let is_runner = |trace: &Trace| {
        let kind = trace.exceptions.last().and_then(|e| e.type_name.as_deref());
        matches!(kind, Some("PapermillExecutionError" | "CellExecutionError"))
    };
    let Some(index) = found.iter().position(is_runner) else {
        return;
    };
    let Some(next) = found.get(index + 1) else {
        return;
    };
    let between = text.get(found[index].end..next.start).unwrap_or_default();
    let is_cell = next.platform == Platform::Python
        && (between.contains("-----")
            || text
                .get(next.start..)
                .is_some_and(|t| t.starts_with("-----")));
    if is_cell {
        let cell = found.remove(index + 1);
        let runner = &mut found[index];
        runner.end = cell.end;
        if let Some(first) = runner.exceptions.first_mut() {
            first.relation = Some(Relation::Cause);
        }
        runner.exceptions.splice(0..0, cell.exceptions);
    }
}

/// `console.trace` prints where it was called, as an error would.
fn is_console_trace(trace: &Trace) -> bool {
    trace.platform == Platform::JavaScript
        && trace.exceptions.last().and_then(|e| e.type_name.as_deref()) == Some("Trace")
}

/// What is a failure of those found, and what their printers do differently undone.
fn settled(mut found: Vec<Trace>, text: &str) -> Vec<Trace> {
    static REJECTED: Word = Word::new("<rejected>");
    add_untold(&mut found, node::printed(text));
    if REJECTED.is_in(text.as_bytes()) {
        within_promise(&mut found, text);
    }
    found.retain(|t| {
        !crate::triage::is_stop(t)
            && !crate::triage::is_process_warning(t, text)
            && !is_console_trace(t)
    });
    node::gather_members(&mut found, text);
    join_cells(&mut found, text);
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
        match kind.and_then(|at| super::client::error_type(&said[at..])) {
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

/// Whether a line is a frame with a line and a column: `    at f (a.js:1:2)`.
fn has_placed_frames(text: &str) -> bool {
    text.lines().any(|line| {
        let body = line.trim();
        let end = body.trim_end_matches([')', ' ', '{']);
        let mut parts = end.rsplit(':');
        let is_number = |part: Option<&str>| {
            part.is_some_and(|p| !p.is_empty() && p.bytes().all(|c| c.is_ascii_digit()))
        };
        body.len() < line.len()
            && body.starts_with("at ")
            && is_number(parts.next())
            && is_number(parts.next())
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
