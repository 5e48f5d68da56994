//! What Node and its loggers (pino, bunyan, winston) write of an error that has no stack worth parsing: aggregated errors,
//! thrown values that are no errors, and errors without a stack, which Node prints in brackets.

use super::client;
use super::json_value::Value;
use super::word::{Word, any_in};
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, Trace};

/// A thrown value that is printed over more lines than this is not looked for.
const VALUE_LINES: usize = 100;
/// An error in brackets has no more lines than this in its message.
const MESSAGE_LINES: usize = 20;
/// Below a process that died of a value without a stack; below an object stands the last line of the process alone.
const DEATH: [&str; 2] = ["(Use `node --trace-uncaught", "Node.js v"];

//     err: {
//       "type": "AggregateError",
//       "aggregateErrors": [
/// The errors below an aggregated one, as pino-pretty prints them, are its members.
pub(crate) fn gather_members(found: &mut Vec<Trace>, text: &str) {
    static LIST: Word = Word::new("\n      \"aggregateErrors\": [");
    let Some(list) = LIST.find(text.as_bytes()) else {
        return;
    };
    let end = text[list..]
        .find("\n      ]")
        .map_or(text.len(), |at| list + at);
    let Some(owner) = found.iter().rposition(|trace| trace.end <= list) else {
        return;
    };
    let is_member = |trace: &mut Trace| trace.start > list && trace.end <= end;
    let members: Vec<Trace> = found.extract_if(owner + 1.., is_member).collect();
    for (index, member) in members.into_iter().enumerate() {
        let Some(inner) = member.exceptions.into_iter().next_back() else {
            continue;
        };
        found[owner].exceptions.push(Exception {
            relation: Some(Relation::Member),
            group_path: vec![u32::try_from(index).unwrap_or(u32::MAX)],
            ..inner
        });
    }
}

// {"name":"TypeError","message":"x is null","stack":[{"fullFilePath":"/srv/app.js:4:42","method":"f"}, …]}
/// An error with a frame for each entry of its stack, as tslog writes it.
pub(crate) fn listed(value: &Value) -> Option<Trace> {
    let error = value
        .get("error")
        .or_else(|| value.get("nativeError"))
        .unwrap_or(value);
    let stack = error.get("stack").and_then(Value::list)?;
    let of = |key: &str| error.get(key).and_then(Value::text);
    let frame = |entry: &Value| {
        let of = |key: &str| entry.get(key).and_then(Value::text);
        let number = |key: &str| of(key).and_then(|n| n.parse().ok());
        let place = of("fullFilePath").or_else(|| of("filePath"))?;
        let place = place
            .rsplit_once(':')
            .and_then(|(place, _)| place.rsplit_once(':'))
            .map_or(place, |(file, _)| file);
        Some(StackEntry::Frame(Frame {
            function: of("method").map(str::to_owned),
            file: Some(place.to_owned()),
            line: number("fileLine"),
            column: number("fileColumn"),
            ..Frame::default()
        }))
    };
    let exception = Exception {
        type_name: Some(of("name")?.to_owned()),
        message: Some(of("message").unwrap_or_default().to_owned()),
        frames: stack.iter().rev().map(frame).collect::<Option<_>>()?,
        ..Exception::default()
    };
    (!stack.is_empty()).then(|| trace(exception, 0, 0))
}

//  TypeError  x is null
// error stack:
//   • app.js<tab>f
// <tab>app.js:4
/// An error as tslog prints it for people.
pub(crate) fn bulleted(text: &str) -> Option<Trace> {
    let (above, below) = text.split_once("\nerror stack:\n")?;
    let (kind, message) = above.rsplit('\n').next()?.trim().split_once("  ")?;
    let mut lines = below.lines().peekable();
    let mut frames = Vec::new();
    while let Some(entry) = lines
        .next()
        .and_then(|line| line.trim_start().strip_prefix("• "))
    {
        let (_, function) = entry.split_once('\t')?;
        let (file, line) = lines.next()?.trim().rsplit_once(':')?;
        frames.push(StackEntry::Frame(Frame {
            function: Some(function.to_owned()),
            file: Some(file.to_owned()),
            line: Some(line.parse().ok()?),
            ..Frame::default()
        }));
    }
    frames.reverse();
    let exception = Exception {
        type_name: Some(kind.to_owned()),
        message: Some(message.trim().to_owned()),
        frames,
        ..Exception::default()
    };
    Some(trace(exception, 0, text.len()))
}

/// The failures without a stack that Node printed into a text.
pub(crate) fn printed(text: &str) -> Vec<Trace> {
    static DIES: [Word; 2] = [Word::new(DEATH[0]), Word::new(DEATH[1])];
    static BRACKETS: [Word; 2] = [Word::new("]\n"), Word::new("] {")];
    let dies = any_in(&DIES, text.as_bytes());
    if !dies && !text.ends_with(']') && !any_in(&BRACKETS, text.as_bytes()) {
        return Vec::new();
    }
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        start += line.len() + 1;
        Line {
            start: start - line.len() - 1,
            text: line.strip_suffix('\r').unwrap_or(line),
        }
    });
    let lines: Vec<Line> = lines.collect();
    (0..lines.len())
        .filter_map(|at| {
            let is_death = |mark: &&str| lines[at].text.starts_with(*mark);
            if dies && DEATH.iter().any(is_death) {
                thrown_value(&lines, at)
            } else {
                in_brackets(&lines[at..])
            }
        })
        .collect()
}

// Error: connect ETIMEDOUT 10.0.0.5:25
/// The errors that a text shows without a stack: a line that begins with one of the names that every engine has. Only for
/// what a script engine is known to have printed.
pub(crate) fn named_alone(text: &str) -> Vec<Trace> {
    const NAMES: [&str; 6] = [
        "Error",
        "TypeError",
        "RangeError",
        "ReferenceError",
        "SyntaxError",
        "AggregateError",
    ];
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split('\n') {
        let start = at;
        at += line.len() + 1;
        let said = line.strip_prefix("Uncaught ").unwrap_or(line).trim_end();
        let is_next = text
            .get(at..)
            .is_some_and(|next| next.starts_with([' ', '\t', '^']));
        if let Some((kind, message)) = named(said)
            && NAMES.contains(&kind)
            && !is_next
        {
            let exception = Exception {
                type_name: Some(kind.to_owned()),
                message: Some(message.to_owned()),
                ..Exception::default()
            };
            found.push(trace(exception, start, start + line.trim_end().len()));
        }
    }
    found
}

struct Line<'t> {
    start: usize,
    text: &'t str,
}

// /srv/app/job.js:2
//   throw 'no such job';
//   ^
// no such job
/// A value that is no error, of which the process died; line `end` follows it. Above an error Node leaves a line blank.
fn thrown_value(lines: &[Line], end: usize) -> Option<Trace> {
    let end = end
        - lines[..end]
            .iter()
            .rev()
            .take_while(|line| line.text.is_empty())
            .count();
    let is_caret = |line: &Line| {
        let text = line.text.trim();
        !text.is_empty() && text.bytes().all(|c| c == b'^')
    };
    let from = end.saturating_sub(VALUE_LINES);
    let caret = from + lines[from..end].iter().rposition(is_caret)?;
    if lines[caret + 1].text.is_empty() || lines[end - 1].text.starts_with(DEATH[0]) {
        return None;
    }
    let place = caret.checked_sub(2)?;
    let (file, number) = lines[place].text.rsplit_once(':')?;
    let value: Vec<&str> = lines[caret + 1..end].iter().map(|line| line.text).collect();
    let frame = Frame {
        file: Some(file.to_owned()),
        line: Some(number.parse().ok()?),
        source_line: Some(lines[place + 1].text.trim().to_owned()),
        ..Frame::default()
    };
    let exception = Exception {
        message: Some(value.join("\n")),
        frames: vec![StackEntry::Frame(frame)],
        ..Exception::default()
    };
    let last = &lines[end - 1];
    Some(trace(
        exception,
        lines[place].start,
        last.start + last.text.len(),
    ))
}

// [Error: ENOENT: no such file or directory, open '/srv/data/x'] {
//   errno: -2,
// save failed: [TypeError: x is null]
/// An error without a stack, with its properties behind or below it; its message may have several lines.
fn in_brackets(lines: &[Line]) -> Option<Trace> {
    let first = lines[0].text.trim_end();
    let label = match first.starts_with('[') {
        true => 0,
        false => first.find(": [")? + ": ".len(),
    };
    let inner = first.get(label + 1..)?;
    named(inner)?;
    let mut said = inner.to_owned();
    let mut last = 0;
    let (message, is_open) = loop {
        if let Some(found) = closed(&said) {
            break found;
        }
        last += 1;
        let next = lines.get(last).filter(|_| last < MESSAGE_LINES)?;
        if next.text.is_empty() || next.text.starts_with('[') {
            return None;
        }
        said.push('\n');
        said.push_str(next.text.trim_end());
    };
    let end = if is_open {
        let next = lines.get(last + 1)?.text;
        if !next.starts_with("  ") || !next.contains(": ") {
            return None;
        }
        lines[last..]
            .iter()
            .take(VALUE_LINES)
            .find(|line| line.text == "}")?
    } else {
        &lines[last]
    };
    let (kind, message) = named(message)?;
    let exception = Exception {
        type_name: Some(kind.to_owned()),
        message: Some(message.to_owned()),
        ..Exception::default()
    };
    let start = lines[0].start + label;
    Some(trace(exception, start, end.start + end.text.len()))
}

/// The text before the bracket that ends an error, and whether its properties stand below.
fn closed(text: &str) -> Option<(&str, bool)> {
    if let Some(message) = text.strip_suffix("] {") {
        return Some((message, true));
    }
    let properties = || text.ends_with(" }").then(|| text.rfind("] { ")).flatten();
    let message = text
        .strip_suffix(']')
        .or_else(|| properties().map(|at| &text[..at]))?;
    Some((message, false))
}

/// Type and message of `Error: no such file`.
fn named(text: &str) -> Option<(&str, &str)> {
    let (kind, message) = text.split_once(": ")?;
    // `Error [ValidationError]: …` has a name that was given later, `TypeError [ERR_ARG]: …` a code.
    let kind = match kind
        .strip_suffix(']')
        .and_then(|kind| kind.split_once(" ["))
    {
        Some(("Error", name)) if name.ends_with("Error") => name,
        Some((kind, _)) => kind,
        None => kind,
    };
    let is_type = kind.ends_with("Error")
        && kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.bytes().all(|c| c.is_ascii_alphanumeric());
    is_type.then_some((kind, message))
}

/// Type and message of an error that Node printed in brackets, as the whole text or with its properties below.
pub(crate) fn bracketed(text: &str) -> Option<(&str, &str)> {
    let first = text.lines().next()?.trim_end();
    named(closed(first.strip_prefix('[')?)?.0)
}

fn trace(exception: Exception, start: usize, end: usize) -> Trace {
    Trace {
        platform: Platform::JavaScript,
        exceptions: vec![exception],
        start,
        end,
        partial: false,
        notes: Vec::new(),
    }
}

/// `{"type":"AggregateError","message":…,"stack":…,"aggregateErrors":[…]}`
pub(crate) fn error(value: &Value) -> Option<Trace> {
    let error = value
        .get("err")
        .or_else(|| value.get("error"))
        .unwrap_or(value);
    let members = error.get("aggregateErrors").and_then(Value::list)?;
    let mut trace = client::trace(&payload(error)?);
    for (index, member) in members.iter().enumerate() {
        let Some(inner) = payload(member) else {
            continue;
        };
        let inner = client::trace(&inner).exceptions.pop().unwrap_or_default();
        trace.exceptions.push(Exception {
            relation: Some(Relation::Member),
            group_path: vec![u32::try_from(index).unwrap_or(u32::MAX)],
            ..inner
        });
    }
    Some(trace)
}

fn payload(error: &Value) -> Option<client::Payload> {
    let kind = error
        .get("type")
        .or_else(|| error.get("name"))
        .and_then(Value::text)?;
    let message = error
        .get("message")
        .and_then(Value::text)
        .unwrap_or_default();
    Some(client::Payload {
        message: format!("{kind}: {message}"),
        stack: error.get("stack").and_then(Value::text).map(str::to_owned),
        ..client::Payload::default()
    })
}
