//! The traces in a text: of Python, of script engines, and of both. What formatters did to their lines is undone in `unfold`,
//! what printers do differently in `mended`.

use super::stacks::has_script_frames;
use super::word::{Word, any_in};
use super::{mended, node, prefixed, table};
use crate::model::{Exception, Platform, Trace};
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
    settled(both(text, trace::python::find_in_record(text)), text, true)
}

/// The traces of a text in a file, where other output may follow. Tracebacks that are quoted in a message belong to that
/// message.
pub(crate) fn traces(text: &str) -> Vec<Trace> {
    let python = without_script(text, trace::python::find);
    let mut found = celled(both(text, python), text);
    add_untold(&mut found, prefixed::traces(text));
    if found.iter().any(|t| t.platform == Platform::JavaScript) {
        add_untold(&mut found, node::named_alone(text));
    }
    found
}

/// [`traces`] of what stands below a record's header.
pub(crate) fn traces_below_header(text: &str) -> Vec<Trace> {
    let python = without_script(text, trace::python::find_below_header);
    let mut found = both(text, python);
    if found.is_empty() {
        found = below_glued_header(text);
    }
    add_untold(&mut found, prefixed::traces(text));
    celled(found, text)
}

/// Python's traces, without what was printed below them and is none of the message; that is read on its own.
fn without_script(text: &str, find: fn(&str) -> Vec<Trace>) -> Vec<Trace> {
    let mut out = Vec::new();
    for mut trace in find(text) {
        let start = trace.start;
        let script = script_within(&trace, text);
        let cut = script.into_iter().chain(other_within(&trace, text)).min();
        let own = cut.and_then(|cut| text.get(start..cut));
        let shorter = own.and_then(|own| find(own).into_iter().next());
        let (Some(cut), Some(mut shorter)) = (cut, shorter) else {
            out.push(trace);
            continue;
        };
        shorter.start += start;
        shorter.end += start;
        let end = std::mem::replace(&mut trace, shorter).end;
        out.push(trace);
        let below = text.get(cut..end).unwrap_or_default();
        for mut trace in trace::python::find(below) {
            trace.start += cut;
            trace.end += cut;
            out.push(trace);
        }
    }
    out
}

/// Where within a traceback's message or notes something begins that a process prints by itself: what it dies of, or the
/// traceback of something else.
fn other_within(trace: &Trace, text: &str) -> Option<usize> {
    static SIGNS: [Word; 5] = [
        Word::new("Fatal Python error: "),
        Word::new("\u{256d}\u{2500}"),
        Word::new("Traceback (most recent call last):"),
        Word::new("SyntaxError: "),
        Word::new("Error: "),
    ];
    let own = text.get(trace.start..trace.end)?;
    let last = trace.exceptions.last()?;
    let kind = last.type_name.as_deref()?;
    if !any_in(&SIGNS, own.as_bytes()) || !last.group_path.is_empty() {
        return None;
    }
    let mut at = trace.start;
    let mut is_below = false;
    let mut is_whole = false;
    let mut lines = own.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let said = line.trim_end();
        if !is_below {
            let named = trace::python::exception_line(said);
            is_below = named.is_some_and(|(_, name, _)| name == kind);
            // `str()` of a `KeyError` is a `repr`, on one line.
            is_whole = is_below && kind == "KeyError" && said.ends_with(['\'', '"', ')']);
            continue;
        }
        let next = lines.peek().map_or("", |next| next.trim_end());
        let begins = said.starts_with("Fatal Python error: ")
            || said.starts_with('\u{256d}') && said.contains("Traceback (most recent call last)")
            || said == "Exception in threading.excepthook:"
            || is_whole
                && said.ends_with(':')
                && next.starts_with("Traceback (most recent call last)")
            || said.ends_with("RemoteTraceback:") && next == "\"\"\""
            || glued_header(said).is_some() && next.starts_with("  File \"")
            || said.starts_with("  File \"") && is_syntax_block(&own[start - trace.start..]);
        if begins {
            let glued = glued_header(said).unwrap_or(0);
            return Some(start + glued);
        }
    }
    None
}

/// The traces of what was printed below a record, of which the first has its header behind something that had no line end.
fn below_glued_header(text: &str) -> Vec<Trace> {
    let mut at = 0;
    let begin = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        glued_header(line.trim_end()).map(|glued| start + glued)
    });
    let Some(begin) = begin else {
        return Vec::new();
    };
    let mut found = traces(&text[begin..]);
    for trace in &mut found {
        trace.start += begin;
        trace.end += begin;
    }
    found
}

// 2 of 3 doneTraceback (most recent call last):
/// Where in a line a traceback's header stands right behind what had no line end.
fn glued_header(line: &str) -> Option<usize> {
    let before = line.strip_suffix("Traceback (most recent call last):")?;
    before
        .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | ')' | '.'))
        .then_some(before.len())
}

//   File "/srv/app.py", line 2
//     def f(:
//           ^
// SyntaxError: invalid syntax
/// Whether a text begins with what Python prints of a script that it cannot compile.
fn is_syntax_block(text: &str) -> bool {
    let mut lines = text.lines();
    let place = lines.next().unwrap_or_default();
    place.ends_with(|c: char| c.is_ascii_digit())
        && place.contains("\", line ")
        && lines
            .take(3)
            .find(|line| !line.starts_with(' '))
            .is_some_and(|line| {
                ["SyntaxError: ", "IndentationError: ", "TabError: "]
                    .iter()
                    .any(|kind| line.starts_with(kind))
            })
}

fn celled(found: Vec<Trace>, text: &str) -> Vec<Trace> {
    let mut found = settled(found, text, false);
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
    let rest = text.get(below..trace.end)?;
    let script = trace::javascript::find_printed(rest).into_iter().next()?;
    let line = rest[..script.start].rfind('\n').map_or(0, |at| at + 1);
    (below > trace.start && below + line < trace.end).then_some(below + line)
}

/// Python's traces, and those of script engines before, between and behind them.
fn both(text: &str, python: Vec<Trace>) -> Vec<Trace> {
    let mut found = absorb(python, text);
    found.retain(|trace| !is_quoted_by_script(trace, text));
    if found.is_empty() {
        if has_script_frames(text) {
            found = trace::javascript::find_printed(text);
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
    let mut more = trace::javascript::find_printed(part);
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

/// With what has no stack, and what printers do differently undone.
fn settled(mut found: Vec<Trace>, text: &str, is_alone: bool) -> Vec<Trace> {
    add_untold(&mut found, node::printed(text));
    mended::settled(found, text, is_alone)
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
            || has_script_frames(head(text.get(trace.end..).unwrap_or_default())))
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

/// The first lines of a text.
fn head(text: &str) -> &str {
    const LINES: usize = 64;
    let end = text.match_indices('\n').nth(LINES);
    &text[..end.map_or(text.len(), |(at, _)| at)]
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
                    .is_some_and(|file| super::open::is_python_file(file.as_bytes()))
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_programs_on_one_console_are_told_apart_however_often() {
        let script = "TypeError: x\n    at f (/srv/a.js:1:2)\n    at g (/srv/a.js:3:4)\n";
        let python = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in f\n    g()\nKeyError: 7\nGET /b 200\n";
        let text = [script, python].concat().repeat(1000);
        let found = traces(&text);
        let platforms: Vec<Platform> = found.iter().map(|t| t.platform).collect();
        assert_eq!(
            platforms,
            [Platform::JavaScript, Platform::Python].repeat(1000)
        );
        for trace in found {
            let own = &text[trace.start..trace.end];
            assert!(own.starts_with("TypeError: x") || own.starts_with("Traceback ("));
        }
    }
}
