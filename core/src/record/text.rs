//! Records that are text: a message, and perhaps a trace below it or inside it.

use super::finding::{Finding, Meta};
use super::word::{Word, any_in};
use super::{json_value, node};
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
        cell_message(&mut found, text);
    }
    found
}

/// Every line of a record in a table stands in the same column, so what follows a trace there ends its message, blank
/// lines or not.
fn cell_message(found: &mut [Trace], text: &str) {
    const COLUMN: usize = 8;
    let Some(last) = found.last_mut() else {
        return;
    };
    let rest = text.get(last.end..).unwrap_or_default().trim_end();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || rest.split('\n').skip(1);
    let Some(column) = lines().filter(|l| !l.trim().is_empty()).map(indent).min() else {
        return;
    };
    if column < COLUMN || rest.contains('│') {
        return;
    }
    let Some(exception) = last
        .exceptions
        .iter_mut()
        .rev()
        .find(|e| e.group_path.is_empty())
    else {
        return;
    };
    let message = exception.message.get_or_insert_default();
    for line in lines() {
        message.push('\n');
        message.push_str(line.get(column..).unwrap_or_default().trim_end());
    }
    last.end += rest.len();
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

// f@http://host/a.js:1:2
fn is_script_frame(line: &str) -> bool {
    line.contains('@') && line.contains("://") && line.ends_with(|c: char| c.is_ascii_digit())
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

/// The text with one-line escapes of line ends resolved, where it holds a trace written so.
pub(crate) fn unfold(text: &str) -> Option<String> {
    // Traceback (most recent call last):#012  File …
    if text.contains("#012")
        && (text.contains(":#012")
            || text.contains("#012  ")
            || text.contains("#012Traceback")
            || text.split("#012").skip(1).any(is_script_frame))
    {
        return Some(text.replace("#012", "\n").replace("#011", "\t"));
    }
    // Traceback (most recent call last):\r<nbsp><nbsp>File …
    if text.contains('\r')
        && (text.contains("\rTraceback") || text.contains("\r\u{a0}") || text.contains("\r  "))
    {
        return Some(text.replace('\r', "\n").replace('\u{a0}', " "));
    }
    if let Some(whole) = without_bars(text).or_else(|| joined(text)) {
        return Some(whole);
    }
    // Traceback (most recent call last):\n  File …
    // Source lines quote escapes as well: a record that was folded has hardly any line end of its own.
    let folded = || {
        let escapes = memchr::memmem::find_iter(text.as_bytes(), "\\n").count();
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        escapes > 2 * lines
            && !text
                .lines()
                .any(|line| line.trim_start().starts_with("File \""))
    };
    if text.contains("\\n") && !text.contains("last):\n") && folded() {
        // 'Traceback (most recent call last):\n  File …\nKeyError: \'b\''
        if let Some(unquoted) = unquote(text) {
            return Some(unquoted);
        }
        let quoted = ["\\n  File \\\"", "\\n    at "]
            .iter()
            .any(|mark| text.contains(mark));
        if quoted {
            return Some(json_value::unescape(text));
        }
        if text.contains("last):\\n") || text.contains("\\n  File \"") {
            return Some(escaped_lines(text, "\\n"));
        }
    }
    None
}

const TRACEBACK: &str = "Traceback (most recent call last):";

//   | Traceback (most recent call last):
//   |   File "a.py", line 1, in f
/// The text without the bars that a formatter put before every line but the first.
fn without_bars(text: &str) -> Option<String> {
    const BAR: &str = "\n  | ";
    text.contains("\n  | Traceback (most recent call last):")
        .then_some(())?;
    let lines = memchr::memchr_iter(b'\n', text.trim_end().as_bytes()).count();
    let barred = memchr::memmem::find_iter(text.as_bytes(), BAR).count();
    (lines == barred).then(|| text.replace(BAR, "\n"))
}

// job failed | Traceback (most recent call last): |   File "a.py", line 1, in f |     g() | KeyError: 1
/// The lines of a traceback that a formatter joined with something else than a line's end.
fn joined(text: &str) -> Option<String> {
    const LONGEST: usize = 8;
    let at = text.find(TRACEBACK)? + TRACEBACK.len();
    let rest = &text[at..];
    let length = rest
        .find("  File \"")
        .filter(|length| (1..=LONGEST).contains(length))?;
    let joint = &rest[..length];
    if joint.contains(['\n', '\\', '\r']) || rest.contains("\n  ") {
        return None;
    }
    if joint != " " {
        return Some(escaped_lines(text, joint));
    }
    let mut out = text[..at].to_owned();
    let mut frames = rest.split("   File \"").skip(1).peekable();
    while let Some(frame) = frames.next() {
        out.push_str("\n  File \"");
        let Some((place, source)) = frame.split_once("     ") else {
            out.push_str(frame);
            continue;
        };
        out.push_str(place);
        out.push_str("\n    ");
        let end = match frames.peek() {
            Some(_) => source.len(),
            None => type_within(source).unwrap_or(source.len()),
        };
        out.push_str(&source[..end]);
        if end < source.len() {
            out.push('\n');
            out.push_str(source[end..].trim_start());
        }
    }
    Some(out)
}

/// Where behind a statement on the same line the exception is named.
fn type_within(text: &str) -> Option<usize> {
    text.match_indices(' ').map(|(at, _)| at).find(|at| {
        let named = trace::python::exception_line(&text[at + 1..]);
        named.is_some_and(|(_, kind, _)| kind.ends_with("Error") || kind.ends_with("Exception"))
            && !text[..*at].ends_with("except")
    })
}

/// The text with a traceback that was logged as its `repr` in place of the quoted one, on a line of its own.
fn unquote(text: &str) -> Option<String> {
    const MOST_QUOTES: usize = 16;
    let at = text.find(TRACEBACK)?;
    let quotes = memchr::memchr2_iter(b'\'', b'"', &text.as_bytes()[..at]);
    quotes.take(MOST_QUOTES).find_map(|open| {
        let (quoted, used) = json_value::quoted(&text[open..])?;
        let rest = text[open + used..].trim_matches(['|', ' ', '\n']);
        let before = text[..open].trim_end_matches(['|', ' ']);
        (rest.is_empty() && open + used > at).then(|| format!("{before}\n{quoted}"))
    })
}

// Traceback (most recent call last):\n\n  File "a.py", line 1, in f\n    g()\n\nKeyError: 1
/// The text without the blank lines that a logger put between the entries of a traceback when it joined them.
pub(crate) fn close_up(text: &str) -> Option<String> {
    text.contains("(most recent call last):\n\n")
        .then_some(())?;
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for (index, line) in text.split('\n').enumerate() {
        if line.is_empty() && inside {
            continue;
        }
        if index > 0 {
            out.push('\n');
        }
        out.push_str(line);
        inside = line.ends_with("(most recent call last):")
            || (inside && (line.starts_with([' ', '\t']) || line.starts_with("> ")));
    }
    Some(out)
}

/// Resolves the `\n` (or what else is the `joint`) of a traceback on one line, and leaves those alone that its source lines and paths hold:
/// among frames a line is indented or names an exception.
fn escaped_lines(text: &str, joint: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut among_frames = false;
    let pieces: Vec<&str> = text.split(joint).collect();
    for (index, piece) in pieces.iter().enumerate() {
        let body = piece.trim_start();
        // Blank lines lie before a banner, and among loguru's frames.
        let blank = piece.is_empty()
            && pieces.get(index + 1).is_none_or(|next| {
                next.is_empty()
                    || is_banner(next)
                    || next.trim_start_matches([' ', '>']).starts_with("File \"")
            });
        let header = piece.ends_with("(most recent call last):");
        let fits = index == 0
            || !among_frames
            || body.len() + 2 <= piece.len()
            || header
            || trace::python::exception_line(piece).is_some()
            || blank
            || is_banner(piece);
        if index > 0 {
            out.push_str(if fits { "\n" } else { joint });
        }
        out.push_str(piece);
        if header {
            among_frames = true;
        } else if fits && body.len() == piece.len() {
            among_frames = false;
        }
    }
    out
}

/// Whether a line is the beginning of a banner or of the header below one, as far as it goes.
pub(crate) fn begins_banner(line: &str) -> bool {
    const LEAST: usize = 2;
    line.len() >= LEAST
        && [
            "Traceback (most recent call last):",
            "The above exception was the direct cause of the following exception:",
            "During handling of the above exception, another exception occurred:",
        ]
        .iter()
        .any(|banner| banner.starts_with(line))
}

/// Whether a line says nothing but the type of an exception.
pub(crate) fn is_type(line: &str) -> bool {
    trace::python::exception_line(line).is_some()
}

/// Whether a line below frames is one of its own: the type with its message, or the header of a traceback.
pub(crate) fn opens_line(line: &str) -> bool {
    is_type(line) || line.starts_with("Traceback (most recent call last)")
}

fn is_banner(line: &str) -> bool {
    line.starts_with("The above exception was") || line.starts_with("During handling of the above")
}

/// A record without a trace that reports an error.
pub(crate) fn message_only(message: &str, meta: &Meta) -> Option<Finding> {
    let message = message.trim();
    if message.is_empty() || !reports(message, meta) {
        return None;
    }
    let script = node::bracketed(message);
    let (type_name, text) = match script.or_else(|| named(message)) {
        Some((kind, text)) => (Some(kind), text),
        None => (None, message),
    };
    let is_script = script.is_some() || type_name == Some("AggregateError");
    let (module, type_name) = match type_name.map(|kind| (kind.rfind('.'), kind)) {
        Some((Some(dot), kind)) => (
            Some(kind[..dot].to_owned()),
            Some(kind[dot + 1..].to_owned()),
        ),
        Some((None, kind)) => (None, Some(kind.to_owned())),
        None => (None, None),
    };
    let platform = match is_script {
        true => Platform::JavaScript,
        false => Platform::Python,
    };
    let mut finding = meta.finding(Trace {
        platform,
        exceptions: vec![Exception {
            type_name,
            module,
            message: Some(text.to_owned()),
            ..Exception::default()
        }],
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    });
    finding.context.log_message = Some(message.to_owned());
    finding.message_only = true;
    Some(finding)
}

fn reports(message: &str, meta: &Meta) -> bool {
    use super::header::level::Severity;
    if super::header::is_request_line(message.as_bytes()) || is_operation(message) {
        return false;
    }
    match meta.severity() {
        Some(Severity::Error | Severity::Critical) => true,
        Some(Severity::Warning) => {
            let mut text = message.to_ascii_lowercase();
            denials(&mut text);
            // What `warnings.warn` says goes to this logger.
            if meta.logger.as_deref() == Some("py.warnings") {
                return false;
            }
            [
                "error",
                "exception",
                "failed",
                "failure",
                "traceback",
                "could not",
                "cannot",
                "unable to",
            ]
            .iter()
            .any(|word| text.contains(word))
                && !text.contains("console warning")
        }
        _ => false,
    }
}

/// Takes out what says that nothing failed: `no errors`, `0 failed`.
fn denials(text: &mut String) {
    const NONE: [&str; 7] = [
        "no error",
        "no failure",
        "no exception",
        "0 error",
        "0 failure",
        "0 failed",
        "0 exception",
    ];
    for none in NONE {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(none) {
            let (before, found) = rest.split_at(at);
            kept.push_str(before);
            // Not `10 errors` or `piano errors`.
            if kept.ends_with(|c: char| c.is_alphanumeric()) {
                kept.push_str(none);
            }
            rest = &found[none.len()..];
        }
        kept.push_str(rest);
        *text = kept;
    }
}

/// Lines of servers about themselves or about their peers: no failure of the program.
fn is_operation(message: &str) -> bool {
    // 25634#25634: *6 connect() failed (111: Connection refused) while connecting to upstream
    let digits = message.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && message[digits..].starts_with('#') && message.contains(": ")
}

/// `KeyError: 'a'` on a line of its own below the message.
fn named(message: &str) -> Option<(&str, &str)> {
    let lines = message
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .chain(std::iter::once(0));
    for start in lines {
        let rest = &message[start..];
        let first = rest.lines().next().unwrap_or_default();
        if let Some((module, kind, said)) = trace::python::exception_line(first) {
            let name_end = module.map_or(0, |m| m.len() + 1) + kind.len();
            let text = match said {
                Some(_) => rest[name_end + 1..].trim_start_matches(' '),
                None => &rest[name_end..],
            };
            return Some((&rest[..name_end], text.trim_end()));
        }
    }
    None
}
