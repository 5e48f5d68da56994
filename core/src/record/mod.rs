//! Bytes of a log to failures: frames lines into records, records into failures, as a stream.
//!
//! Two tiers. `scan` skips, in a few nanoseconds a line, what can not matter. Around each hit the reader goes
//! back to the line with which the record begins and hands its lines to a `framer`; complete records go to
//! `analyse`. Which lines are read depends on the bytes alone, never on how they were cut into chunks, and
//! reading can begin anew at every [`Checkpoint`]. No format is configured. Files, tables and positions on disk
//! are the caller's.

pub(crate) mod analyse;
mod assemble;
mod client;
mod encoding;
mod events;
mod failure_json;
pub(crate) mod framer;
pub(crate) mod header;
pub(crate) mod json_value;
mod keyvalue;
mod lanes;
mod messages;
mod node;
mod parts;
mod scan;
mod second;
mod structured;
mod text;
mod wrapper;

pub use messages::{Messages, RecordMeta, record_failures};

use crate::model::{Failure, Options};
use encoding::Encoding;
use framer::{Line, Place};
use scan::Prefilter;
use second::Second;

/// Lines and bytes before a hit in which the record's first line is looked for.
const BACK_LINES: usize = 64;
const BACK_BYTES: usize = 32 << 10;
/// A longer line loses its middle.
const LONG_LINE: usize = 4 << 20;
const LONG_LINE_CUT: std::ops::Range<usize> = (2 << 20)..(3 << 20);
/// Bytes that are taken over from the caller at once.
const PIECE: usize = 256 << 10;

/// A place from which reading can go on.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Byte offset in the source.
    pub offset: u64,
    /// 1-based number of the line that begins there (0 means 1).
    pub line: u64,
}

/// Reads failures from the bytes of a log, in whatever pieces they come.
pub struct Reader {
    prefilter: Prefilter,
    /// `None` until enough bytes are there to tell.
    encoding: Option<Encoding>,
    at_start: bool,
    /// Bytes not yet done with, and those before them that a record may begin in.
    buffer: Vec<u8>,
    /// Index of the first line that is not yet read.
    start: usize,
    /// Number of that line.
    line: u64,
    /// Index before which no record may begin.
    floor: usize,
    /// Source offset after the last byte of the buffer.
    end: u64,
    /// Where something was cut out of a long line of the buffer, and how much.
    cuts: Vec<(usize, u64)>,
    /// Lines are being read one by one.
    hot: bool,
    /// A hit at or after `start`, as far as it is known.
    hit: Option<usize>,
    /// Number of the last line with a hit.
    last_hit: u64,
    second: Second,
    last: Option<Checkpoint>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("checkpoint", &self.checkpoint())
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Begins at the source's first byte.
    pub fn new(options: &Options) -> Reader {
        Reader::resume(options, Checkpoint { offset: 0, line: 1 })
    }

    /// Begins at a checkpoint: the next byte fed is byte `at.offset` of the source.
    pub fn resume(options: &Options, at: Checkpoint) -> Reader {
        Reader {
            prefilter: Prefilter::new(),
            encoding: None,
            at_start: at.offset == 0,
            buffer: Vec::new(),
            start: 0,
            line: at.line.max(1),
            floor: 0,
            end: at.offset,
            cuts: Vec::new(),
            hot: false,
            hit: None,
            last_hit: 0,
            second: Second::new(options),
            last: None,
        }
    }

    /// Tells a reader that goes on somewhere in the middle the source's first bytes, as many as there are: only there a
    /// byte order mark stands.
    #[must_use]
    pub fn with_head(mut self, head: &[u8]) -> Reader {
        if !self.at_start && head.len() >= encoding::ENOUGH {
            self.encoding = Some(encoding::detect(head, true).0);
        }
        self
    }

    /// Takes the next bytes. How they are cut does not matter.
    pub fn feed(&mut self, chunk: &[u8]) {
        for piece in chunk.chunks(PIECE) {
            self.trim();
            self.buffer.extend_from_slice(piece);
            self.end += piece.len() as u64;
            if self.encoding.is_none() && self.buffer.len() < encoding::ENOUGH {
                continue;
            }
            self.drain(false);
        }
    }

    /// The input ends here: the last record is reported as well.
    pub fn finish(&mut self) {
        if self.last.is_some() {
            return;
        }
        // What is too short to tell its encoding is looked at again once there is more.
        let short = self.encoding.is_none().then(|| self.checkpoint());
        self.drain(false);
        let last = short.unwrap_or_else(|| self.checkpoint());
        self.drain(true);
        self.last = Some(last);
        self.second.finish();
    }

    /// The failures that are complete so far, in the order of the source; each is given once.
    pub fn take(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.second.done)
    }

    /// Where a new reader can go on: it gives exactly the failures whose origin lies at or after this place.
    /// The last record, which may still grow, lies after it, also once `finish` was called.
    pub fn checkpoint(&self) -> Checkpoint {
        if let Some(last) = self.last {
            return last;
        }
        let mut place = None;
        if self.hot || self.encoding.is_some_and(|e| e != Encoding::Bytes) {
            place = self.second.lanes.start();
        }
        let mut place = place.unwrap_or_else(|| {
            if self.hot || self.encoding != Some(Encoding::Bytes) {
                return self.place(self.start, self.line);
            }
            let at = self.region(self.start, false);
            let lines = memchr::memchr_iter(b'\n', &self.buffer[at..self.start]).count() as u64;
            self.place(at, self.line - lines)
        });
        if let Some(pin) = self.second.assembler.start(self.line)
            && pin.offset < place.offset
        {
            place = pin;
        }
        Checkpoint {
            offset: place.offset,
            line: place.number,
        }
    }

    fn place(&self, index: usize, number: u64) -> Place {
        Place {
            at: 0,
            offset: self.offset(index),
            number,
        }
    }

    /// Source offset of the line that begins at an index.
    fn offset(&self, index: usize) -> u64 {
        let cut: u64 = self.cuts.iter().filter(|c| c.0 > index).map(|c| c.1).sum();
        self.end - (self.buffer.len() - index) as u64 - cut
    }

    fn drain(&mut self, ended: bool) {
        if self.encoding.is_none() {
            let (encoding, mark) = encoding::detect(&self.buffer, self.at_start);
            self.encoding = Some(encoding);
            self.start = mark;
            self.floor = mark;
        }
        if self.encoding != Some(Encoding::Bytes) {
            self.drain_wide(ended);
            return;
        }
        loop {
            let goes_on = if self.hot {
                self.read_line(ended)
            } else {
                self.skip(ended)
            };
            if !goes_on {
                break;
            }
        }
        self.squeeze();
    }

    /// UTF-16 is rare: every line of it is read.
    fn drain_wide(&mut self, ended: bool) {
        let encoding = self.encoding.unwrap_or(Encoding::Little);
        loop {
            let (end, next) = match encoding::line_end(&self.buffer, self.start, encoding) {
                Some(end) => (end, end + 2),
                None if ended && self.start < self.buffer.len() => {
                    (self.buffer.len(), self.buffer.len())
                }
                None if self.buffer.len() - self.start >= LONG_LINE => {
                    let end = self.start + LONG_LINE;
                    (end, end)
                }
                None => return,
            };
            let text = encoding::narrow(&self.buffer[self.start..end], encoding);
            let line = Line {
                text: text.as_bytes(),
                offset: self.offset(self.start),
                number: self.line,
                hit: self.prefilter.next(text.as_bytes(), 0).is_some()
                    && !header::is_harmless(text.as_bytes()),
            };
            self.second.read(line);
            self.start = next;
            self.floor = next;
            self.line += 1;
        }
    }

    /// First tier: goes to the record of the next hit. `false`: there is none yet.
    fn skip(&mut self, ended: bool) -> bool {
        let limit = if ended {
            self.buffer.len()
        } else {
            match memchr::memrchr(b'\n', &self.buffer[self.start..]) {
                Some(at) => self.start + at + 1,
                None => return false,
            }
        };
        if limit <= self.start {
            return false;
        }
        let mut from = self.start;
        let (hit, line, end) = loop {
            let Some(hit) = self.prefilter.next(&self.buffer[..limit], from) else {
                self.line +=
                    memchr::memchr_iter(b'\n', &self.buffer[self.start..limit]).count() as u64;
                self.start = limit;
                return false;
            };
            let line =
                memchr::memrchr(b'\n', &self.buffer[from..hit]).map_or(from, |at| from + at + 1);
            let end = memchr::memchr(b'\n', &self.buffer[hit..limit]).map_or(limit, |n| hit + n);
            if !header::is_harmless(&self.buffer[line..end]) {
                break (hit, line, end);
            }
            from = (end + 1).min(limit);
        };
        let begin = self.region(line, is_wrapped(&self.buffer[line..end]));
        if begin >= self.start {
            self.line += memchr::memchr_iter(b'\n', &self.buffer[self.start..begin]).count() as u64;
        } else {
            self.line -= memchr::memchr_iter(b'\n', &self.buffer[begin..self.start]).count() as u64;
        }
        self.start = begin;
        self.hit = Some(hit);
        self.hot = true;
        true
    }

    /// Where reading has to begin for the line at `from`: with its record, or, among wrapped lines, far enough back
    /// for the records of all streams.
    fn region(&self, from: usize, wrapped: bool) -> usize {
        let far = self.lines_back(from);
        if wrapped
            || self.buffer[far..from]
                .split(|b| *b == b'\n')
                .any(is_wrapped)
        {
            far
        } else {
            self.look_back(from)
        }
    }

    /// Start of the line with which the record around the line at `from` begins.
    fn look_back(&self, from: usize) -> usize {
        self.back(from, begins_record)
    }

    /// Start of the line that stands as many lines before `from` as records of several streams may be mixed.
    fn lines_back(&self, from: usize) -> usize {
        self.back(from, |_| false)
    }

    fn back(&self, from: usize, is_start: impl Fn(&[u8]) -> bool) -> usize {
        let floor = self.floor.max(from.saturating_sub(BACK_BYTES));
        let mut at = from;
        for _ in 0..BACK_LINES {
            let end =
                memchr::memchr(b'\n', &self.buffer[at..]).map_or(self.buffer.len(), |n| at + n);
            if at < end && is_start(&self.buffer[at..end]) {
                return at;
            }
            if at <= floor {
                return at;
            }
            match memchr::memrchr(b'\n', &self.buffer[floor..at - 1]) {
                Some(newline) => at = floor + newline + 1,
                None if floor == self.floor => return floor,
                None => return at,
            }
        }
        at
    }

    /// Second tier: reads the line at `start`. `false`: it is not complete yet.
    fn read_line(&mut self, ended: bool) -> bool {
        let start = self.start;
        let (end, next) = match memchr::memchr(b'\n', &self.buffer[start..]) {
            Some(length) => (start + length, start + length + 1),
            None if ended && start < self.buffer.len() => (self.buffer.len(), self.buffer.len()),
            None => return false,
        };
        if self.hit.is_none_or(|hit| hit < start) {
            self.hit = self.prefilter.next(&self.buffer[..end], start);
        }
        let hit =
            self.hit.is_some_and(|hit| hit < end) && !header::is_harmless(&self.buffer[start..end]);
        if hit {
            self.last_hit = self.line;
        }
        let offset = self.offset(start);
        let mut text = std::borrow::Cow::Borrowed(&self.buffer[start..end]);
        // As it would be, had it come in small chunks.
        while text.len() >= LONG_LINE {
            text.to_mut().drain(LONG_LINE_CUT);
        }
        self.second.read(Line {
            text: &text,
            offset,
            number: self.line,
            hit,
        });
        self.start = next;
        self.line += 1;
        // With a hit known to lie ahead, this record was gone back to for its sake.
        let awaited = self.hit.is_some_and(|hit| hit >= next);
        let lanes = &mut self.second.lanes;
        if !awaited && lanes.is_idle() {
            let quiet = self.line - self.last_hit > BACK_LINES as u64;
            if if lanes.wrapped() {
                quiet
            } else {
                lanes.is_fresh()
            } {
                lanes.reset();
                self.floor = start;
                self.hot = false;
            }
        }
        true
    }

    /// Drops what no record can begin in any more.
    fn trim(&mut self) {
        let keep = self.start.saturating_sub(2 * BACK_BYTES);
        if keep > PIECE {
            self.buffer.drain(..keep);
            self.start -= keep;
            self.floor = self.floor.saturating_sub(keep);
            self.hit = self.hit.and_then(|hit| hit.checked_sub(keep));
            self.cuts.retain_mut(|cut| {
                cut.0 = cut.0.saturating_sub(keep);
                cut.0 > 0
            });
        }
    }

    /// Cuts the middle out of an unfinished line that is too long.
    fn squeeze(&mut self) {
        let line = memchr::memrchr(b'\n', &self.buffer[self.start..])
            .map_or(self.start, |at| self.start + at + 1);
        while self.buffer.len() - line >= LONG_LINE {
            let at = line + LONG_LINE_CUT.start;
            self.buffer.drain(at..line + LONG_LINE_CUT.end);
            self.cuts.push((at, LONG_LINE_CUT.len() as u64));
        }
    }
}

fn is_wrapped(line: &[u8]) -> bool {
    match framer::clean(&line[..line.len().min(16)]) {
        Some(_) => framer::clean(line).is_some_and(|text| wrapper::peel(&text).is_some()),
        None => wrapper::peel(line).is_some(),
    }
}

fn begins_record(line: &[u8]) -> bool {
    match framer::clean(&line[..line.len().min(512)]) {
        Some(text) => header::recognise(&text).is_some(),
        None => header::recognise(line).is_some(),
    }
}

/// Whether a text has lines that only a log has.
pub(crate) fn looks_like_log(input: &[u8]) -> bool {
    // Several lives of a Node process in one file.
    let ends = memchr::memmem::find(input, b"\nNode.js v").map(|at| at + 10);
    if ends.is_some_and(|at| {
        memchr::memchr(b'\n', &input[at..])
            .is_some_and(|n| !input[at + n..].trim_ascii().is_empty())
    }) {
        return true;
    }
    input
        .split(|b| *b == b'\n')
        .any(|line| begins_record(line.strip_suffix(b"\r").unwrap_or(line)) || is_wrapped(line))
}
