//! A record, and how it is put together: what follows its first line, and where it ends.

use std::borrow::Cow;

use super::header::{self, Kind};
use super::stacked::Stack;
use super::word::{Word, any_in};

/// Longer records lose their middle: the first frames and the exception line at the end stay.
const LONG: usize = 8 << 20;
const LONG_HEAD: usize = 3 << 20;
const LONG_TAIL: usize = 3 << 20;
/// Lines that may follow without a hit, an indent or a header before a record counts as ended.
const QUIET_LINES: u32 = 200;
/// A record without header that is longer than this ends where the next traceback begins.
const HEADLESS: usize = 64 << 10;

/// One line of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Without its end.
    pub text: &'a [u8],
    /// Byte offset in the source.
    pub offset: u64,
    /// 1-based line number in the source.
    pub number: u64,
    /// The first tier found something on it.
    pub hit: bool,
}

/// Where a line of a record's text stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Offset in the record's text.
    pub at: usize,
    pub offset: u64,
    pub number: u64,
}

/// A complete record that the first tier found worth a look.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub text: Vec<u8>,
    /// One for each line; never empty.
    pub places: Vec<Place>,
    /// Source offset after the last line's text.
    pub end: u64,
    /// Number of the last line.
    pub last: u64,
    /// Something was cut out of its middle.
    pub shortened: bool,
    /// The input ended here, so the record may go on.
    pub tail: bool,
    /// Its last line has no end yet.
    pub unfinished: bool,
    /// The header of the next record ended it, as any other header would have.
    pub free: bool,
}

/// A record whose end was not met yet.
#[derive(Debug)]
pub(super) struct Open {
    pub record: Record,
    pub kind: Option<Kind>,
    /// The date digits of the header, where it begins with a year.
    date: Option<[u8; 10]>,
    /// How the header's time begins, with digits made equal.
    shape: [u8; 5],
    pub hit: bool,
    quiet: u32,
    /// Nothing but a new record can follow.
    complete: bool,
    /// A Node process has ended; where an error quotes that, its own frames follow.
    dead: bool,
    /// JSON spread over lines: it ends with a closing line, not at the next header.
    spread: bool,
    quote: Quote,
    /// Whether any header ends it.
    pub free: bool,
    /// A traceback of which each line has a header.
    pub stack: Option<Stack>,
}

/// Follows the tracebacks inside a record: one in which no file is a Python file was put there by a message,
/// and the line that follows it, even if it looks like a header, belongs to the message too.
#[derive(Debug, Default, Clone, Copy)]
struct Quote {
    inside: bool,
    frames: u32,
    plausible: bool,
    forged: bool,
}

impl Open {
    pub fn new(line: Line<'_>, text: &[u8], header: Option<&header::Header>) -> Open {
        let stack = header.and_then(|header| Stack::begin(text, header));
        let first = stack.as_ref().and_then(|stack| stack.first(text));
        // Nothing of an object that holds one line of a traceback is kept but that line.
        let header = header.filter(|_| first.is_none());
        let text = first.as_deref().unwrap_or(text);
        let kind = header.map(|h| h.kind);
        let one_line = text.trim_ascii_end();
        let spread = kind == Some(Kind::Json) && !matches!(one_line.last(), Some(b'}' | b']'));
        Open {
            record: Record {
                text: text.to_vec(),
                places: vec![Place {
                    at: 0,
                    offset: line.offset,
                    number: line.number,
                }],
                end: line.offset + line.text.len() as u64,
                last: line.number,
                shortened: false,
                tail: false,
                unfinished: false,
                free: false,
            },
            date: header.and_then(|h| date(h, text)),
            shape: header.map(|h| shape(h, text)).unwrap_or_default(),
            kind,
            hit: false,
            quiet: 0,
            complete: match kind {
                Some(Kind::Access) => true,
                Some(Kind::Json) => !spread,
                _ => false,
            },
            dead: false,
            spread,
            quote: Quote::default(),
            free: false,
            stack,
        }
    }

    /// A traceback below a record's only line, where both stand behind what a tool put before each line: the record is
    /// that of the program's own header. Gives the traceback's line without the tool's.
    pub fn adopt<'t>(&mut self, text: &'t [u8], header: &header::Header) -> Option<Cow<'t, [u8]>> {
        if self.record.places.len() != 1 || self.stack.is_some() {
            return None;
        }
        let stack = Stack::begin(text, header)?;
        let (line, rest) = stack.below(&self.record.text, text)?;
        let own = header::recognise(&line)?;
        self.date = date(&own, &line);
        self.shape = shape(&own, &line);
        self.kind = Some(own.kind);
        self.complete = false;
        self.record.text = line;
        self.stack = Some(stack);
        Some(Cow::Owned(rest))
    }

    /// A frame of a script engine behind the same header as the record's only line. Gives the frame.
    pub fn take_frame<'t>(
        &mut self,
        text: &'t [u8],
        header: &header::Header,
    ) -> Option<Cow<'t, [u8]>> {
        if self.record.places.len() != 1 || self.stack.is_some() {
            return None;
        }
        let (stack, rest) = Stack::script(&self.record.text, text, header)?;
        self.stack = Some(stack);
        Some(Cow::Borrowed(rest))
    }

    /// Whether what looks like a header can be one here. `error: text` in a record is that of a program that it quotes, and
    /// below `error:` the object that it announces.
    pub fn can_end_at(&self, text: &[u8]) -> bool {
        let own = self.record.text.as_slice();
        if header::is_anybodys(text) {
            let is_simple = own.first().is_some_and(u8::is_ascii_lowercase)
                && self.kind == Some(Kind::LevelFirst);
            return is_simple || self.complete || self.kind.is_none() && !self.hit;
        }
        let announces = self.record.places.len() == 1
            && own.trim_ascii_end().ends_with(b":")
            && !matches!(self.kind, None | Some(Kind::Json));
        !(announces && matches!(text.trim_ascii_end(), b"{" | b"[" | b"[{"))
    }

    pub fn ends_before(&mut self, header: &header::Header, text: &[u8]) -> bool {
        if !self.hit {
            return true;
        }
        if self.spread {
            // Inside a spread object only another object's first line counts.
            return header.kind == Kind::Json || self.record.text.len() > LONG;
        }
        if !std::mem::take(&mut self.quote.forged) || self.complete {
            return true;
        }
        let same = match self.kind {
            Some(kind) => kind == header.kind && self.shape == shape(header, text),
            None => header.kind != Kind::Stamp,
        };
        let earlier = match (self.date, date(header, text)) {
            (Some(own), Some(other)) => other < own,
            _ => false,
        };
        same && !earlier
    }

    pub fn ends_without_header(&self, text: &[u8]) -> bool {
        if self.dead && (text.trim_ascii().is_empty() || text.starts_with(b"    at ")) {
            return false;
        }
        if self.complete || self.hit && self.quiet > QUIET_LINES {
            return true;
        }
        if !self.hit {
            return false;
        }
        self.record.text.len() > HEADLESS && self.kind.is_none() && begins_trace(text) && {
            let before = self
                .record
                .text
                .strip_suffix(b"\n")
                .unwrap_or(&self.record.text);
            let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
            let last = &before[start..];
            // After a banner's blank line or a quoting line the chain goes on.
            !last.is_empty()
                && !last.starts_with(b" ")
                && last != b"\"\"\""
                && last != b"'''"
                && !last.ends_with(b":")
                && !last.ends_with(b">")
        }
    }

    pub fn append(&mut self, line: Line<'_>, text: &[u8]) {
        let record = &mut self.record;
        record.text.push(b'\n');
        record.places.push(Place {
            at: record.text.len(),
            offset: line.offset,
            number: line.number,
        });
        record.text.extend_from_slice(text);
        record.end = line.offset + line.text.len() as u64;
        record.last = line.number;
        if record.text.len() > LONG {
            record.shorten();
        }
    }

    /// Keeps the notes about the record's text up to date with its newest line.
    pub fn follow(&mut self, text: &[u8], hit: bool) {
        self.note(text, hit);
        self.free = !self.spread && !self.quote.forged && self.stack.is_none();
    }

    fn note(&mut self, text: &[u8], hit: bool) {
        if hit || matches!(text.first(), None | Some(b' ' | b'\t')) || is_drawn(text) {
            if hit {
                self.quiet = 0;
            }
        } else {
            self.quiet += 1;
        }
        if self.spread && matches!(text.trim_ascii_end(), b"}" | b"}," | b"]" | b"],") {
            self.spread = false;
            self.complete = true;
        }
        // The last line of a Node process that an error ended.
        if self.kind.is_none()
            && text.starts_with(b"Node.js v")
            && text.get(9).is_some_and(u8::is_ascii_digit)
        {
            (self.complete, self.dead) = (true, true);
        }
        let inner = text.trim_ascii_start();
        if inner.starts_with(b"Traceback (most recent call last)") {
            self.quote = Quote {
                inside: true,
                ..Quote::default()
            };
        } else if self.quote.inside {
            if let Some(rest) = inner.strip_prefix(b"File \"") {
                self.quote.frames += 1;
                self.quote.plausible |= is_python_file(rest);
            } else if !matches!(text.first(), None | Some(b' ' | b'\t')) {
                self.quote.inside = false;
                self.quote.forged = self.quote.frames > 0 && !self.quote.plausible;
            }
        }
    }
}

impl Record {
    fn shorten(&mut self) {
        let line_end = |from: usize| {
            memchr::memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |n| from + n)
        };
        let head = line_end(LONG_HEAD).min(LONG_HEAD + (1 << 20));
        let tail = line_end(self.text.len() - LONG_TAIL).max(head);
        let tail = if tail == self.text.len() {
            self.text.len() - LONG_TAIL
        } else {
            tail
        };
        let gone = tail - head;
        self.text.drain(head..tail);
        self.places.retain_mut(|place| {
            if place.at <= head {
                true
            } else if place.at > tail {
                place.at -= gone;
                true
            } else {
                false
            }
        });
        self.shortened = true;
    }
}

/// Whether a line is part of a box: `│ /srv/shop/api.py:13 in main │`, `╰───╯`.
fn is_drawn(text: &[u8]) -> bool {
    matches!(text, [0xe2, 0x94 | 0x95, ..])
}

/// Whether the file named after `File "` is one that Python would run.
pub(crate) fn is_python_file(rest: &[u8]) -> bool {
    static WITHIN: [Word; 2] = [Word::new(".py"), Word::new("bin/")];
    let name = &rest[..memchr::memchr(b'"', rest).unwrap_or(rest.len())];
    name.starts_with(b"<")
        || [
            &b".py"[..],
            b".pyw",
            b".pyx",
            b".pyc",
            b".pyi",
            b".pxi",
            b".pxd",
            b".ipynb",
            b".html",
            b".zip",
            b".egg",
        ]
        .iter()
        .any(|end| name.ends_with(end))
        || name.ends_with(b"/bin")
        || any_in(&WITHIN, name)
}

/// First line of a trace that is not part of an earlier one.
fn begins_trace(text: &[u8]) -> bool {
    [
        &b"Traceback (most recent call last):"[..],
        b"Exception in thread ",
        b"Exception ignored ",
        b"Process ",
        b"Task exception was never",
        b"  + Exception Group Traceback",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// `00.00` for a time that begins with `22.11.2026`.
fn shape(header: &header::Header, text: &[u8]) -> [u8; 5] {
    let stamp = header
        .timestamp
        .clone()
        .map_or(&[][..], |range| &text[range]);
    let mut out = [0; 5];
    for (to, from) in out.iter_mut().zip(stamp) {
        *to = if from.is_ascii_digit() { b'0' } else { *from };
    }
    out
}

fn date(header: &header::Header, text: &[u8]) -> Option<[u8; 10]> {
    let stamp = &text[header.timestamp.clone()?];
    let date: [u8; 10] = stamp.get(..10)?.try_into().ok()?;
    date[..4].iter().all(u8::is_ascii_digit).then_some(date)
}
