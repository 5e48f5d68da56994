//! One record to its failures. Which lines belong to the record was decided before; how failures of neighbouring
//! records belong together is decided later.

use super::finding::{Finding, Form, Meta, Outcome};
use super::framer::{Line, Record};
use super::header::{self, Header, Kind, level};
use super::json_value::{self, Value};
use super::lanes::Lanes;
use super::places::Places;
use super::scan::Prefilter;
use super::word::Word;
use super::{
    client, csv, exports, form, inspected, keyvalue, node, parts, quoted, said, structured, table,
    text, told, unfold,
};
use crate::failure::Context;
use crate::model::{Exception, Platform, Trace};
use crate::trace::javascript::class::named;

/// Reads a record.
pub(crate) fn outcome(record: &Record) -> Outcome {
    let text = decode(&record.text);
    let text = table::table(&text)
        .or_else(|| csv::row(&text))
        .unwrap_or(text);
    let first_line = text.split('\n').next().unwrap_or_default();
    let header = header::recognise(first_line.as_bytes()).and_then(|header| typed(header, &text));
    let mut outcome = match &header {
        Some(header) => framed(&text, first_line, header, record),
        None => Outcome {
            findings: headless(&text, record),
            part: None,
        },
    };
    if record.tail {
        for finding in &mut outcome.findings {
            pending(finding, &text, record.unfinished);
        }
    }
    if record.shortened {
        for finding in &mut outcome.findings {
            finding
                .trace
                .notes
                .push("the record is very long: its middle was left out".to_owned());
        }
    }
    outcome
}

// [2026-11-27T10:00:00.000Z] Error: boom
/// The header of a line whose level or logger is rather the type of the JavaScript error whose stack follows.
fn typed(mut header: Header, text: &str) -> Option<Header> {
    let is_below = |text: &str| {
        text.lines().nth(1).is_some_and(|line| {
            line.trim_start().starts_with("at ") && line.starts_with([' ', '\t'])
        })
    };
    // [error] PaymentDeclined: order 7 declined
    let class = header.logger.clone().filter(|logger| {
        text.get(logger.end..header.message) == Some(": ")
            && text
                .get(logger.start..)
                .and_then(|rest| named(rest.lines().next().unwrap_or_default()))
                .is_some_and(|n| n.start == 0 && n.name.len() == logger.len())
    });
    if let Some(class) = class.filter(|_| is_below(text)) {
        header.message = class.start;
        header.logger = None;
        return Some(header);
    }
    // error: boom     as Bun prints an `Error`
    let first = text.lines().next().unwrap_or_default();
    if header::is_anybodys(first.as_bytes()) && is_below(text) && named(first).is_none() {
        return None;
    }
    let level = header.level.clone().filter(|level| {
        text.get(level.clone()) == Some("Error")
            && text
                .get(level.end..)
                .is_some_and(|rest| rest.starts_with(':'))
    });
    if let Some(level) = level
        && is_below(text)
    {
        header.message = level.start;
        header.level = None;
        header.severity = None;
        header.logger = None;
    }
    Some(header)
}

/// A trace that the end of the input cuts off is not told yet: until the rest is there, its record's message stands
/// for it. Without such a message the part that can be seen is reported as partial.
fn pending(finding: &mut Finding, text: &str, unfinished: bool) {
    let trace = &mut finding.trace;
    let rest = text.trim_end();
    let last = rest.rsplit('\n').next().unwrap_or_default();
    let goes_on = [
        "following exception:",
        "another exception occurred:",
        "(most recent call last):",
    ]
    .iter()
    .any(|end| rest.ends_with(end))
        || (last.starts_with([' ', '\t'])
            && last.trim_start().starts_with("File \"")
            && !is_dump_frame(last));
    let named = trace
        .exceptions
        .iter()
        .rev()
        .find(|e| e.group_path.is_empty())
        .and_then(|e| e.type_name.as_deref());
    // `Attri`, and half a banner
    let half = unfinished
        && (named.is_some_and(|kind| last.ends_with(kind) && !unfold::is_type(last))
            || unfold::begins_banner(last));
    // Only a traceback that is text, line below line, names its exception last.
    let lines = text.contains('\n') && !text.starts_with(['{', '[']);
    let nameless =
        lines && named.is_none() && trace.platform == Platform::Python && !finding.message_only;
    trace.partial |= goes_on || half && !finding.message_only || nameless;
    let known = finding.context.level.is_some() && finding.context.log_message.is_some();
    if !trace.partial || !known || finding.message_only {
        return;
    }
    let exception = Exception {
        message: finding.context.log_message.clone(),
        ..Exception::default()
    };
    trace.exceptions = vec![exception];
    trace
        .notes
        .push("the input ends inside of the traceback".to_owned());
    finding.message_only = true;
}

//   File "/srv/app.py", line 4 in inner
/// Whether a frame is one of `faulthandler`, which prints no source below it.
fn is_dump_frame(line: &str) -> bool {
    line.rsplit_once("\", line ").is_some_and(|(_, rest)| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(" in ")
    })
}

/// The bytes as text: UTF-8, or else Windows' Latin-1, or else UTF-8 with marks where it is broken.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let lossy = String::from_utf8_lossy(bytes);
            let has_wide = lossy.chars().any(|c| c as u32 > 0x7f && c != '\u{fffd}');
            if has_wide {
                lossy.into_owned()
            } else {
                bytes.iter().map(|b| latin(*b)).collect()
            }
        }
    }
}

fn latin(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte) - 0x80],
        _ => char::from(byte),
    }
}

fn framed(text: &str, first_line: &str, header: &Header, record: &Record) -> Outcome {
    match header.kind {
        Kind::Access => return Outcome::default(),
        Kind::Json => {
            if let Some((value, _)) = json_value::parse(text[header.message..].trim()) {
                return inspected::inspected(text, &value, record)
                    .unwrap_or_else(|| object(&value));
            }
            return Outcome {
                findings: headless(text, record),
                part: None,
            };
        }
        Kind::KeyValue => {
            if let Some(value) = keyvalue::parse(text) {
                let Outcome { findings, part } = object(&value);
                if part.is_some() {
                    return Outcome { findings, part };
                }
                // time=… level=ERROR msg="job failed", and the traceback below
                let below = memchr::memchr(b'\n', text.as_bytes())
                    .filter(|_| findings.iter().all(|f| f.message_only));
                if let Some(traced) = below.and_then(|at| below_pairs(text, at, &value, record)) {
                    return traced;
                }
                return Outcome {
                    findings,
                    part: None,
                };
            }
        }
        _ => {}
    }
    let part = |range: &Option<std::ops::Range<usize>>| {
        range
            .clone()
            .and_then(|r| first_line.get(r))
            .map(str::to_owned)
    };
    let meta = Meta {
        level: part(&header.level).map(|word| match word.as_bytes() {
            [letter] => level::of_letter(*letter).unwrap_or_default().to_owned(),
            _ => level::whole(&word),
        }),
        logger: part(&header.logger),
        timestamp: part(&header.timestamp),
        message: None,
        form: Form::of(
            first_line
                .as_bytes()
                .get(..header.message)
                .unwrap_or_default(),
            header.timestamp.clone(),
        ),
    };
    let Some(message) = text.get(header.message..) else {
        return Outcome::default();
    };
    let mut outcome = body(message, &meta);
    let shift = header.message;
    let mut places = Places::new(text, record);
    for (index, finding) in outcome.findings.iter_mut().enumerate() {
        // Only the first trace is the record's own; others were printed behind it without a header.
        let own = index == 0 && (finding.context.level.is_some() || meta.level.is_none());
        if !own && finding.trace.start > 0 && !finding.message_only {
            let at = places.of(finding.trace.start + shift);
            finding.place = Some(at);
            finding.context = Context::default();
        }
    }
    outcome
}

/// A record that is an object.
fn object(value: &Value) -> Outcome {
    // One record of several that together report an error of a browser.
    if let Some(said) = structured::said(value).filter(|said| said.starts_with('['))
        && let Some(outcome) = part(said, &structured::meta(value, &Meta::default()))
    {
        return outcome;
    }
    let findings = match exports::log(value) {
        Some(log) => logged(&log),
        None => structured::findings(value, &Meta::default()),
    };
    Outcome {
        findings,
        part: None,
    }
}

/// What a log holds that is itself a single record.
fn logged(log: &str) -> Vec<Finding> {
    let prefilter = Prefilter::shared();
    let mut lanes = Lanes::new();
    let mut records = Vec::new();
    let mut offset = 0;
    for (number, text) in (1..).zip(log.lines()) {
        let text = text.as_bytes();
        records.extend(lanes.push(Line {
            text,
            offset,
            number,
            hit: prefilter.next(text, 0).is_some(),
        }));
        offset += text.len() as u64 + 1;
    }
    records.extend(lanes.close(false));
    let mut findings: Vec<Finding> = records
        .iter()
        .flat_map(|(_, record)| outcome(record).findings)
        .collect();
    for finding in &mut findings {
        finding.place = None;
    }
    findings
}

/// Traces below the pairs of a record's first line, which ends at byte `at`.
fn below_pairs(text: &str, at: usize, value: &Value, record: &Record) -> Option<Outcome> {
    let traces = text::traces(&text[at..]);
    let meta = structured::meta(value, &Meta::default());
    let mut places = Places::new(text, record);
    let mut findings: Vec<Finding> = Vec::new();
    for trace in traces {
        let first = findings.is_empty();
        let start = trace.start + at;
        let mut finding = if first {
            meta.finding(trace)
        } else {
            Meta::default().finding(trace)
        };
        finding.place = (!first).then(|| places.of(start));
        findings.push(finding);
    }
    (!findings.is_empty()).then_some(Outcome {
        findings,
        part: None,
    })
}

/// Text without any header: what a program printed.
fn headless(text: &str, record: &Record) -> Vec<Finding> {
    let unfolded = unfold::unfold(text);
    let text = unfolded.as_deref().unwrap_or(text);
    let mut places = Places::new(text, record);
    let mut previous = 0;
    let traces = text::traces(text);
    let mut out = Vec::with_capacity(traces.len());
    for trace in traces {
        let start = trace.start.min(text.len());
        let said = announced(text.get(previous..start).unwrap_or_default());
        previous = trace.end.min(text.len());
        let meta = Meta {
            message: said.map(str::to_owned),
            ..Meta::default()
        };
        let mut finding = meta.finding(trace);
        finding.place = Some(places.of(start));
        out.push(finding);
    }
    out
}

/// The line above a trace that says what it is about: `Internal Server Error: /orders/7`.
fn announced(before: &str) -> Option<&str> {
    let line = before.trim_end_matches('\n').rsplit('\n').next()?.trim();
    (!line.is_empty() && line.len() <= 300 && line.is_ascii() && {
        let lower = line.to_ascii_lowercase();
        ["error", "exception", "failed", "failure", "unhandled"]
            .iter()
            .any(|word| lower.contains(word))
    })
    .then_some(line)
}

/// The message of a record, its header taken off.
pub(crate) fn body(message: &str, meta: &Meta) -> Outcome {
    if let Some(outcome) = part(message, meta) {
        return outcome;
    }
    let mut findings = structured::embedded(message, meta);
    if findings.is_empty() {
        findings = plain(message, meta);
    }
    Outcome {
        findings,
        part: None,
    }
}

/// One record of several that together report an error of a browser.
fn part(message: &str, meta: &Meta) -> Option<Outcome> {
    if !message.starts_with('[') {
        return None;
    }
    let unfolded = unfold::unfold(message);
    let part = client::part(unfolded.as_deref().unwrap_or(message))?;
    let meta = Meta {
        message: None,
        ..meta.clone()
    };
    Some(Outcome {
        findings: Vec::new(),
        part: Some((part, meta)),
    })
}

/// A browser's error whose stack, or the object that holds it, is a quoted text of the record.
fn from_quotes(message: &str, meta: &Meta) -> Option<Vec<Finding>> {
    let quoted = quoted::stack(message)?;
    let mut meta = meta.clone();
    meta.message = Some(quoted.before.to_owned());
    let found = if quoted.text.starts_with('{') {
        let mut found = structured::embedded(&quoted.text, &meta);
        found.retain(|f| f.trace.exceptions.iter().any(|e| !e.frames.is_empty()));
        found
    } else if let Some(said) = quoted.message {
        let payload = client::Payload {
            message: said,
            stack: Some(quoted.text),
            ..client::Payload::default()
        };
        vec![meta.finding(client::trace(&payload))]
    } else {
        let traces = text::traces_of_field(&quoted.text);
        let scripts = traces
            .into_iter()
            .filter(|t| t.platform == Platform::JavaScript);
        scripts.map(|trace| meta.finding(trace)).collect()
    };
    (!found.is_empty()).then_some(found)
}

/// Whether a record tells of a failure by its level or its words.
fn is_told(message: &str, meta: &Meta) -> bool {
    meta.is_error() || said::message_only(message, meta).is_some()
}

fn plain(message: &str, meta: &Meta) -> Vec<Finding> {
    if let Some(trace) = text::type_first(message) {
        return vec![meta.finding(trace)];
    }
    if let Some(found) = from_quotes(message, meta) {
        return found;
    }
    let unfolded = unfold::unfold(message);
    let message = unfolded.as_deref().unwrap_or(message);
    if let Some(payload) = client::placed_message(message) {
        if client::is_noise(&payload.message) {
            return Vec::new();
        }
        if is_told(message, meta) {
            let mut meta = meta.clone();
            meta.message = Some(payload.message.clone());
            let mut finding = meta.finding(client::trace(&payload));
            finding.message_only = payload.stack.is_none();
            return vec![finding];
        }
    }
    // Such a form in the line of an access log is told by whoever answered it.
    let sent = || form::reported(message).filter(|_| is_told(message, meta));
    if let Some((said, payload)) = sent().or_else(|| client::paired(message)) {
        let mut meta = meta.clone();
        meta.message = Some(said.to_owned()).filter(|said| !said.is_empty());
        return vec![meta.finding(client::trace(&payload))];
    }
    if let Some(trace) = node::bulleted(message).or_else(|| parts::labelled(message)) {
        return vec![meta.finding(trace)];
    }
    let mut traces = if text::may_hold_trace(message) {
        text::traces_below_header(message)
    } else {
        Vec::new()
    };
    // A type without frames is a trace only where an error is reported; `message_only` decides.
    traces.retain(|t| {
        t.exceptions
            .iter()
            .any(|e| e.plain_frames().next().is_some() || e.syntax.is_some())
            || (meta.is_error() && t.exceptions.len() > 1)
    });
    let told = told::told_once(&mut traces);
    if traces.is_empty() {
        return said::message_only(own_text(message), meta)
            .into_iter()
            .collect();
    }
    let request = header::is_request_line(message.as_bytes());
    let none = match message.starts_with("NoneType: None\n") {
        true => Some(0),
        false => message.find("\nNoneType: None\n"),
    };
    let apart = traces
        .first()
        .is_some_and(|t| printed_apart(message, t) || meta.is_harmless() && ends_program(t));
    let said = match traces.first() {
        Some(first) if apart => &message[..first.start.min(message.len())],
        _ => message,
    };
    let own = said::message_only(own_text(said), meta)
        .filter(|_| apart || message.contains("\nNoneType: None\n"));
    let found = traces
        .into_iter()
        .enumerate()
        .map(|(index, trace)| {
            // The record's own place for a trace says that there was none.
            let absent = none.is_some_and(|none| none < trace.start);
            if index > 0 || request || absent || apart {
                // Printed behind a record that has nothing to do with it.
                return Meta::default().finding(trace);
            }
            let end = told.unwrap_or(trace.start).min(trace.start);
            let said = message.get(..end.min(message.len())).unwrap_or_default();
            // The rule that unittest draws above a traceback says nothing.
            let said = match said.trim_end().rsplit_once('\n') {
                Some((above, rule)) if rule.len() > 20 && rule.bytes().all(|b| b == b'-') => above,
                _ => said,
            }
            .trim();
            let said = above_properties(said).trim();
            let said = if said.is_empty() {
                announcement(message)
            } else {
                said
            };
            let mut meta = meta.clone();
            meta.message = Some(said.to_owned()).filter(|s| !s.is_empty());
            meta.finding(trace)
        })
        .collect::<Vec<_>>();
    own.into_iter().chain(found).collect()
}

/// What a record says above the properties that pino-pretty prints below it, the error last of all.
//  ERROR (6102): order 17 has no lines
//     reqId: "req-1"
//     err: {
fn above_properties(said: &str) -> &str {
    let Some((above, _)) = said.split_once("\n    err: {") else {
        return said;
    };
    let is_property = |line: &str| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        let name = rest.split(": ").next().unwrap_or_default();
        indent.len() == 4
            && name.len() < rest.len()
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    let mut starts = above.match_indices('\n').map(|(at, _)| at);
    let first = starts.find(|at| is_property(above[at + 1..].lines().next().unwrap_or_default()));
    first.map_or(above, |at| &above[..at])
}

/// What a record says, if that is a sentence with which programs announce a trace: `Task exception was never retrieved`.
fn announcement(message: &str) -> &str {
    let first = message.lines().next().unwrap_or_default().trim();
    let is_trace = first.starts_with("Traceback (") || unfold::is_type(first);
    let is_above = message.contains("\nTraceback (") || message.contains("\n  + Exception Group");
    if is_trace || !is_above {
        return "";
    }
    first
}

/// Whether a trace begins where a program does: it died of it, and what it logged before as harmless has nothing to do
/// with that.
fn ends_program(trace: &Trace) -> bool {
    let outermost = trace
        .exceptions
        .last()
        .and_then(|e| e.plain_frames().next());
    trace.start > 0 && outermost.is_some_and(|f| f.function.as_deref() == Some("<module>"))
}

/// Whether the interpreter itself printed a trace, below a record that has nothing to do with it.
fn printed_apart(message: &str, trace: &Trace) -> bool {
    let line = message.get(trace.start..).unwrap_or_default();
    trace.start > 0
        && [
            "Exception in thread ",
            "Exception ignored ",
            "Process ",
            "Fatal Python error",
            // asyncio, whose logger has no handler
            "Task exception was never retrieved",
            "Future exception was never retrieved",
            "Exception in callback ",
        ]
        .iter()
        .any(|announcement| line.starts_with(announcement))
}

/// A message up to where stacks that are no failures begin, and without the mark of an absent exception.
fn own_text(message: &str) -> &str {
    static MARKS: [Word; 2] = [
        Word::new("\nStack (most recent call last):"),
        Word::new("\nNoneType: None"),
    ];
    let ends = MARKS
        .iter()
        .filter_map(|mark| mark.find(message.as_bytes()));
    message[..ends.min().unwrap_or(message.len())].trim_end()
}
