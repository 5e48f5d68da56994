//! Bytes of a log to failures: frames lines into records, records into failures, as a stream.
//!
//! Two tiers. `scan` skips, in a few nanoseconds a line, what can not matter. Around each hit the reader goes
//! back to the line with which the record begins and hands its lines to a `framer`; complete records go to
//! `analyse`. Which lines are read depends on the bytes alone, never on how they were cut into chunks, and
//! reading can begin anew at every [`Checkpoint`]. No format is configured. Files, tables and positions on disk
//! are the caller's.

pub(crate) mod analyse;
mod client;
pub(crate) mod framer;
pub(crate) mod header;
mod json_value;
mod keyvalue;
pub(crate) mod scan;
mod structured;
mod text;

use crate::model::{Failure, Options};
use framer::{Framer, Line};
use scan::Prefilter;

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

/// What a caller knows about a message that it framed itself, such as a row of a log table.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct RecordMeta {
    /// Level as logged.
    pub level: Option<String>,
    /// Name of the logger.
    pub logger: Option<String>,
    /// Time as logged.
    pub timestamp: Option<String>,
}

/// Reads failures from the bytes of a log, in whatever pieces they come.
pub struct Reader {
    options: Options,
    prefilter: Prefilter,
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
    /// Bytes cut out of the last, unfinished line.
    squeezed: u64,
    /// Lines are being read one by one.
    hot: bool,
    /// A hit at or after `start`, as far as it is known.
    hit: Option<usize>,
    framer: Framer,
    done: Vec<Failure>,
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
            options: options.clone(),
            prefilter: Prefilter::new(),
            buffer: Vec::new(),
            start: 0,
            line: at.line.max(1),
            floor: 0,
            end: at.offset,
            squeezed: 0,
            hot: false,
            hit: None,
            framer: Framer::default(),
            done: Vec::new(),
            last: None,
        }
    }

    /// Takes the next bytes. How they are cut does not matter.
    pub fn feed(&mut self, chunk: &[u8]) {
        for piece in chunk.chunks(PIECE) {
            self.trim();
            self.buffer.extend_from_slice(piece);
            self.end += piece.len() as u64;
            self.drain(false);
            self.squeeze();
        }
    }

    /// The input ends here: the last record is reported as well.
    pub fn finish(&mut self) {
        if self.last.is_some() {
            return;
        }
        let last = self.checkpoint();
        self.drain(true);
        self.last = Some(last);
        if let Some(mut record) = self.framer.close() {
            record.tail = true;
            self.done.extend(analyse::failures(&record, &self.options));
        }
    }

    /// The failures that are complete so far, in the order of the source; each is given once.
    pub fn take(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.done)
    }

    /// Where a new reader can go on: it gives exactly the failures whose origin lies at or after this place.
    /// The last record, which may still grow, lies after it, also once `finish` was called.
    pub fn checkpoint(&self) -> Checkpoint {
        if let Some(last) = self.last {
            return last;
        }
        if self.hot
            && let Some(place) = self.framer.start()
        {
            return Checkpoint {
                offset: place.offset,
                line: place.number,
            };
        }
        let at = self.look_back(self.start);
        let lines = memchr::memchr_iter(b'\n', &self.buffer[at..self.start]).count() as u64;
        Checkpoint {
            offset: self.offset(at),
            line: self.line - lines,
        }
    }

    /// Source offset of an index that is not inside the last, unfinished line.
    fn offset(&self, index: usize) -> u64 {
        self.end - (self.buffer.len() - index) as u64 - self.squeezed
    }

    fn drain(&mut self, ended: bool) {
        loop {
            if self.hot {
                if !self.read_line(ended) {
                    return;
                }
            } else if !self.skip(ended) {
                return;
            }
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
        let Some(hit) = self.prefilter.next(&self.buffer[..limit], self.start) else {
            self.line += memchr::memchr_iter(b'\n', &self.buffer[self.start..limit]).count() as u64;
            self.start = limit;
            return false;
        };
        let line = memchr::memrchr(b'\n', &self.buffer[self.start..hit])
            .map_or(self.start, |at| self.start + at + 1);
        let begin = self.look_back(line);
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

    /// Start of the line with which the record around the line at `from` begins.
    fn look_back(&self, from: usize) -> usize {
        let floor = self.floor.max(from.saturating_sub(BACK_BYTES));
        let mut at = from;
        for _ in 0..BACK_LINES {
            let end =
                memchr::memchr(b'\n', &self.buffer[at..]).map_or(self.buffer.len(), |n| at + n);
            if at < end && begins_record(&self.buffer[at..end]) {
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
        let hit = self.hit.is_some_and(|hit| hit < end);
        let offset = self.offset(start);
        if next > start && self.squeezed > 0 && next >= self.buffer.len() {
            self.squeezed = 0;
        }
        let line = Line {
            text: &self.buffer[start..end],
            offset,
            number: self.line,
            hit,
        };
        let record = self.framer.push(line);
        self.start = next;
        self.line += 1;
        if let Some(record) = record {
            self.done.extend(analyse::failures(&record, &self.options));
        }
        // With a hit known to lie ahead this record was gone back to for its sake.
        let awaited = self.hit.is_some_and(|hit| hit >= next);
        if !awaited && self.framer.is_idle() && self.framer.is_fresh() {
            self.framer.reset();
            self.floor = start;
            self.hot = false;
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
        }
    }

    /// Cuts the middle out of an unfinished line that is too long.
    fn squeeze(&mut self) {
        let line = memchr::memrchr(b'\n', &self.buffer[self.start..])
            .map_or(self.start, |at| self.start + at + 1);
        while self.buffer.len() - line >= LONG_LINE {
            self.buffer
                .drain(line + LONG_LINE_CUT.start..line + LONG_LINE_CUT.end);
            self.squeezed += LONG_LINE_CUT.len() as u64;
        }
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
    input
        .split(|b| *b == b'\n')
        .any(|line| begins_record(line.strip_suffix(b"\r").unwrap_or(line)))
}

/// The failures of one message that the caller framed itself: a row of a log table.
pub fn record_failures(message: &str, meta: &RecordMeta, options: &Options) -> Vec<Failure> {
    analyse::message(message, meta, options)
}
