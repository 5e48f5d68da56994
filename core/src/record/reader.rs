//! The reader of a log: its state, its checkpoints, and what is read line by line.

use super::encoding::{self, Encoding};
use super::finding::Found;
use super::framer::{Line, Place};
use super::scan::Prefilter;
use super::second::Second;
use super::{Checkpoint, back, header, lanes, skim, window};
use crate::model::{Failure, Options};

/// A longer line loses its middle.
const LONG_LINE: usize = 4 << 20;
const LONG_LINE_CUT: std::ops::Range<usize> = (2 << 20)..(3 << 20);
/// Bytes kept of what lies behind, in which a record may begin.
pub(super) const BEHIND: usize = window::BYTES + 1;
/// So many more are dropped at once.
const SLACK: usize = 256 << 10;

/// Reads failures from the bytes of a log, in whatever pieces they come.
pub struct Reader {
    pub(super) prefilter: &'static Prefilter,
    /// `None` until enough bytes are there to tell.
    pub(super) encoding: Option<Encoding>,
    at_start: bool,
    /// Bytes not yet done with, and those before them that a record may begin in.
    pub(super) buffer: Vec<u8>,
    /// Index of the first line that is not yet read.
    pub(super) start: usize,
    /// Number of that line.
    pub(super) line: u64,
    /// Index before which no record may begin.
    pub(super) floor: usize,
    /// Source offset after the last byte of the buffer.
    pub(super) end: u64,
    /// Where something was cut out of a long line of the buffer, and how much.
    pub(super) cuts: Vec<(usize, u64)>,
    /// Lines are being read one by one.
    pub(super) hot: bool,
    /// A hit at or after `start`, as far as it is known.
    hit: Option<usize>,
    /// Number of the last line with a hit.
    pub(super) last_hit: u64,
    /// Where reading line by line began, while the buffer holds all of it.
    began: Option<(usize, Place)>,
    pub(super) second: Second,
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
            prefilter: Prefilter::shared(),
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
            began: None,
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
        let unfinished = self.buffer.last().is_some_and(|byte| *byte != b'\n');
        self.second.finish(unfinished);
    }

    /// The failures that are complete so far, in the order of the source; each is given once.
    pub fn take(&mut self) -> Vec<Failure> {
        let found = self.take_found();
        found.into_iter().map(Found::into_failure).collect()
    }

    /// [`Reader::take`] without a copy of what several failures share.
    pub fn take_found(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.second.done)
    }

    /// Where a new reader can go on: it gives exactly the failures whose origin lies at or after this place.
    /// The last record, which may still grow, lies after it, also once `finish` was called.
    pub fn checkpoint(&self) -> Checkpoint {
        if let Some(last) = self.last {
            return last;
        }
        let mut place = self.place(self.start, self.line);
        let lines = self.hot || self.encoding.is_some_and(|e| e != Encoding::Bytes);
        if lines {
            if let Some(open) = self.second.lanes.start(place.number, place.offset) {
                place = open;
            }
        } else if self.encoding == Some(Encoding::Bytes) {
            let at = back::window(&self.buffer, self.floor, self.start);
            let lines = skim::lines(&self.buffer[at..self.start]);
            place = self.place(at, self.line - lines);
        }
        if let Some(pin) = self.second.assembler.start(place.number)
            && pin.offset < place.offset
        {
            place = pin;
        }
        // Not in the middle of what was read as one.
        let whole = self.second.lanes.spans();
        let whole = whole.chain(self.second.assembler.bonds());
        while let Some((begin, _)) = whole
            .clone()
            .find(|(begin, end)| begin.offset < place.offset && place.offset < *end)
        {
            place = begin;
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
    pub(super) fn offset(&self, index: usize) -> u64 {
        let cut: u64 = self.cuts.iter().filter(|c| c.0 > index).map(|c| c.1).sum();
        self.end - (self.buffer.len() - index) as u64 - cut
    }

    /// From the line at `begin` on lines are read one by one, at least to the hit.
    pub(super) fn heat(&mut self, begin: usize, hit: usize) {
        self.start = begin;
        self.hit = Some(hit);
        self.hot = true;
        self.began = Some((begin, self.place(begin, self.line)));
        self.second.begin();
    }

    pub(super) fn drain(&mut self, ended: bool) {
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
                hit: is_hit(self.prefilter, text.as_bytes()),
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
                self.line += skim::lines(&self.buffer[self.start..limit]);
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
        let wrapped = back::is_wrapped(&self.buffer[line..end]);
        let begin = back::region(&self.buffer, self.floor, line, wrapped).begin;
        if begin >= self.start {
            self.line += skim::lines(&self.buffer[self.start..begin]);
        } else {
            self.line -= skim::lines(&self.buffer[begin..self.start]);
        }
        self.heat(begin, hit);
        true
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
        let line = Line {
            text: &text,
            offset,
            number: self.line,
            hit,
        };
        read_parts(&mut self.second, self.prefilter, line);
        self.start = next;
        self.line += 1;
        // With a hit known to lie ahead, this record was gone back to for its sake.
        let awaited = self.hit.is_some_and(|hit| hit >= next);
        let lanes = &mut self.second.lanes;
        if !awaited && lanes.is_idle() {
            let quiet = self.line - self.last_hit > window::LINES as u64;
            if if lanes.wrapped() {
                quiet
            } else {
                lanes.is_fresh()
            } {
                let wrapped = lanes.wrapped();
                lanes.reset();
                // What was given out is not read again; all else may begin a record.
                let behind = offset.saturating_sub(lanes.given() + 1) as usize;
                let given = start.saturating_sub(behind);
                let line = memchr::memrchr(b'\n', &self.buffer[..given]).map_or(0, |at| at + 1);
                self.floor = self.floor.max(line);
                self.hot = false;
                if let Some((index, place)) = self.began.take()
                    && !wrapped
                {
                    let raw = &self.buffer[index..start];
                    self.second.end(raw, place, self.last_hit);
                }
            }
        }
        true
    }

    /// Takes bytes into the buffer.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.trim();
        let mut line_end = memchr::memchr(b'\n', bytes)
            .map_or(self.buffer.len() + bytes.len(), |n| self.buffer.len() + n);
        self.buffer.extend_from_slice(bytes);
        self.end += bytes.len() as u64;
        // The line that was not complete loses its middle if it is too long.
        while self.encoding == Some(Encoding::Bytes) && line_end - self.start >= LONG_LINE {
            let at = self.start + LONG_LINE_CUT.start;
            self.buffer.drain(at..self.start + LONG_LINE_CUT.end);
            self.cuts.push((at, LONG_LINE_CUT.len() as u64));
            line_end -= LONG_LINE_CUT.len();
        }
    }

    /// Drops what no record can begin in any more.
    pub(super) fn trim(&mut self) {
        let keep = self.start.saturating_sub(BEHIND);
        if keep > SLACK {
            self.buffer.drain(..keep);
            self.start -= keep;
            self.floor = self.floor.saturating_sub(keep);
            self.hit = self.hit.and_then(|hit| hit.checked_sub(keep));
            self.began = None;
            self.cuts.retain_mut(|cut| {
                cut.0 = cut.0.saturating_sub(keep);
                cut.0 > 0
            });
        }
    }
}

/// Reads a line, or both parts of one in whose middle a record begins, each as if it stood alone.
fn read_parts(second: &mut Second, prefilter: &Prefilter, line: Line<'_>) {
    let Some(at) = lanes::glued(line.text) else {
        second.read(line);
        return;
    };
    let (before, after) = line.text.split_at(at);
    for (text, offset) in [(before, line.offset), (after, line.offset + at as u64)] {
        second.read(Line {
            text,
            offset,
            number: line.number,
            hit: is_hit(prefilter, text),
        });
    }
}

fn is_hit(prefilter: &Prefilter, line: &[u8]) -> bool {
    prefilter.next(line, 0).is_some() && !header::is_harmless(line)
}
