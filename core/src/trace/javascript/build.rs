//! Makes frames and exceptions of the lines that `segment` and `node` chose.
//!
//! Deliberately no choice of lines here, save one: frames that a message announces (`upstream said:`) and that come from
//! a host of which the rest of the stack knows nothing are part of the message.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::header::Header;
use super::line::{Kind, Line, Raw};
use super::place;
use crate::model::{Exception, Frame, StackEntry};
use crate::text::{self, part};

/// Spellings for a function without a name.
fn is_anonymous(name: &str) -> bool {
    let names = "?|anonymous|<anonymous>|(anonymous)|{anonymous}|<unknown>|Anonymous function|(anonymous function)|<anonymous function>";
    name.is_empty() || text::listed(names, name)
}

fn frame(raw: &Raw) -> Frame {
    let mut frame = Frame {
        line: raw.place.line,
        column: raw.place.column,
        is_async: raw.is_async,
        ..Frame::default()
    };
    if !is_anonymous(raw.name) {
        frame.function = Some(raw.name.to_owned());
    }
    if let Some(file) = raw.place.file {
        let mut whole = String::with_capacity(raw.place.scheme.len() + file.len());
        whole.push_str(raw.place.scheme);
        whole.push_str(file);
        frame.file = Some(whole);
    }
    frame
}

/// The stack entries of the lines, oldest call first.
pub(super) fn entries(lines: &[Line]) -> Vec<StackEntry> {
    let mut entries: Vec<StackEntry> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Kind::Elided(elided) = line.kind {
            entries.push(StackEntry::Elided { elided });
        } else if let Some(raw) = line.raw() {
            let mut frame = frame(&raw);
            if let Some(next) = lines.get(at + 1)
                && next.kind == Kind::Skip(super::line::Style::Opera)
            {
                frame.source_line = Some(next.trimmed().to_owned());
            }
            entries.push(StackEntry::Frame(frame));
        }
    }
    entries.reverse();
    entries
}

/// How many of the first frame lines are a quotation: the message ends with a colon, and these frames' hosts do not
/// occur in the rest.
pub(super) fn announced(message: &str, lines: &[Line]) -> usize {
    if !text::trim_end(message).ends_with(':') {
        return 0;
    }
    let mut hosts = lines
        .iter()
        .map(|line| line.raw().map(|raw| host(&raw)).unwrap_or(Host::Unknown));
    let Some(first) = hosts.next().filter(|first| *first != Host::Unknown) else {
        return 0;
    };
    let (mut quoted, mut others) = (1, 0);
    for host in hosts {
        if host == first {
            if others > 0 {
                return 0;
            }
            quoted += 1;
        } else {
            others += usize::from(host != Host::Unknown);
            // frames without a host end the quotation, too
            if host == Host::Unknown && others == 0 {
                return 0;
            }
        }
    }
    if others > 0 { quoted } else { 0 }
}

/// Where a frame's code was loaded from.
#[derive(Clone, Copy, PartialEq)]
enum Host<'t> {
    /// Native or the runtime's own.
    Unknown,
    /// `filename`.
    Relative,
    /// `/srv/x.js`, `file:///srv/x.js`.
    Disk,
    /// `http://h:80`.
    Authority(&'t str),
}

fn host<'t>(raw: &Raw<'t>) -> Host<'t> {
    let Some(file) = raw.place.file else {
        return Host::Unknown;
    };
    match place::authority(file) {
        Some("node:" | "ext:") => Host::Unknown,
        Some("file://") => Host::Disk,
        Some(authority) => Host::Authority(authority),
        None if place::is_rooted(file) => Host::Disk,
        None => Host::Relative,
    }
}

/// A caret line: `    ^^^^`.
pub(super) fn is_caret(line: &Line) -> bool {
    let text = line.trimmed();
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'^' | b'~'))
}

//      > 12 |   foo()
//           |   ^
fn is_code_frame(line: &Line) -> bool {
    let text = line.trimmed();
    let text = text::trim_start(text.strip_prefix('>').unwrap_or(text));
    let text = text::trim_start(text::from(text, text::digits(text)));
    text.starts_with('|')
}

/// The bracketed mark at the start of a log line.
fn mark(text: &str) -> Option<&str> {
    let close = text::find(text, "]").filter(|_| text.starts_with('['))?;
    Some(text::until(text, close + 1))
}

/// The message: the rest of the header line and the lines up to the stack. Lines lose the indent of the header.
pub(super) fn message(header: &Header, lines: &[Line], source: &mut Option<String>) -> String {
    let Some((first, mut rest)) = lines.split_first() else {
        return String::new();
    };
    // [CLIENT] ERROR: TypeError: x, [CLIENT] Location: …: the same mark begins another entry of the log
    if let Some(mark) = first.text.get(..header.start).and_then(mark)
        && let Some(other) = rest.iter().position(|line| line.text.starts_with(mark))
    {
        rest = part(rest, 0, other);
    }
    // [CLIENT] Stack trace:
    if let [kept @ .., label] = rest
        && (label.trimmed().ends_with("tack:") || label.trimmed().ends_with("race:"))
    {
        rest = kept;
    }
    // the statement and the carets that Deno prints, the code frame that test runners print
    if let [.., statement, caret] = rest
        && is_caret(caret)
    {
        *source = Some(statement.trimmed().to_owned());
        rest = part(rest, 0, rest.len() - 2);
    } else if let Some(last) = rest.iter().rposition(|line| line.kind != Kind::Blank)
        && is_code_frame(&rest[last])
    {
        let kept = rest
            .iter()
            .rposition(|line| line.kind != Kind::Blank && !is_code_frame(line));
        rest = part(rest, 0, kept.map_or(0, |at| at + 1));
    }
    let indent = first.indent();
    let mut text = first.text.get(header.message..).unwrap_or("").to_owned();
    for line in rest {
        text.push('\n');
        text.push_str(text::from(line.text, indent.min(line.indent())));
    }
    text
}

/// An exception of a header line and its message's lines (the header's own first) and the frame lines.
pub(super) fn exception(
    header: Option<&Header>,
    message_lines: &[Line],
    frames: &[Line],
) -> Exception {
    let mut made = Exception::default();
    let mut source = None;
    let mut skip = 0;
    if let Some(header) = header {
        let mut text = message(header, message_lines, &mut source);
        skip = announced(&text, frames);
        for line in part(frames, 0, skip) {
            text.push('\n');
            text.push_str(line.text);
        }
        made.message = Some(text);
        if let Some(name) = header.name {
            match text::rsplit(name, ".") {
                Some((module, last)) if !module.is_empty() && !last.is_empty() => {
                    made.module = Some(module.to_owned());
                    made.type_name = Some(last.to_owned());
                }
                _ => made.type_name = Some(name.to_owned()),
            }
        }
    }
    made.frames = entries(part(frames, skip, frames.len()));
    if let Some(source) = source
        && let Some(StackEntry::Frame(top)) = made.frames.last_mut()
    {
        top.source_line = Some(source);
    }
    made
}
