//! The second tier: lines to failures. A program that fails logs the same text again and again; what was read once is
//! remembered and only its time and place change.

use super::analyse;
use super::assemble::Assembler;
use super::back::header_alone;
use super::finding::{Found, Outcome, Settled, settle};
use super::framer::{Line, Place, Record};
use super::header::{self, Kind};
use super::lanes::Lanes;
use super::repeat::Repeats;
use crate::model::Options;

/// Texts that are remembered, and the longest of them.
const MOST_TEXTS: usize = 128;
const LONGEST_TEXT: usize = 64 << 10;

/// Streams, what was read before, and what waits for its neighbours.
pub(crate) struct Second {
    pub options: Options,
    pub lanes: Lanes,
    pub assembler: Assembler,
    pub done: Vec<Found>,
    known: Vec<Known>,
    /// Which is forgotten next.
    oldest: usize,
    repeats: Repeats,
    stretch: Stretch,
}

/// What the lines gave that were read one by one since the first tier last had the say.
#[derive(Debug, Default)]
struct Stretch {
    records: usize,
    /// Where the only record begins, and what it holds, if that follows from its lines alone.
    only: Option<(Place, Vec<Settled>)>,
}

/// A known record that was read again.
#[derive(Debug)]
pub(crate) struct Again {
    /// Where the line behind it begins and ends.
    pub next: usize,
    pub end: usize,
    /// Number of the last line with a hit.
    pub last_hit: u64,
}

/// A record's text behind its time, and the failures in it.
struct Known {
    text: Vec<u8>,
    failures: Vec<Settled>,
}

impl Second {
    pub(crate) fn new(options: &Options) -> Second {
        Second {
            options: options.clone(),
            lanes: Lanes::new(),
            assembler: Assembler::default(),
            done: Vec::new(),
            known: Vec::new(),
            oldest: 0,
            repeats: Repeats::default(),
            stretch: Stretch::default(),
        }
    }

    /// Lines are read one by one from here on.
    pub(crate) fn begin(&mut self) {
        self.stretch = Stretch::default();
    }

    /// The lines since [`Second::begin`], all but the last one, which began a record that does not matter.
    pub(crate) fn end(&mut self, raw: &[u8], begin: Place, last_hit: u64) {
        let stretch = std::mem::take(&mut self.stretch);
        if let Some((place, settled)) = stretch.only
            && stretch.records == 1
            && place.offset == begin.offset
            && last_hit >= begin.number
        {
            self.repeats
                .remember(raw, &settled, last_hit - begin.number);
        }
    }

    /// Reads the record at the start of `bytes`, whole lines of the source, if it is known and what follows is the header
    /// of a record that does not matter. `place` is where they begin, `next_hit` where in them the next hit is after this one.
    pub(crate) fn again(
        &mut self,
        bytes: &[u8],
        place: Place,
        next_hit: impl FnOnce(usize) -> Option<usize>,
    ) -> Option<Again> {
        let (known, time) = self.repeats.find(bytes)?;
        let length = known.length();
        let rest = bytes.get(length..)?;
        let end = length + memchr::memchr(b'\n', rest)?;
        if !header_alone(&bytes[length..end]) || next_hit(length).is_some_and(|hit| hit < end) {
            return None;
        }
        let last = place.number + known.lines - 1;
        let mut settled = known.settled.clone();
        for settled in &mut settled {
            settled.timestamp.clone_from(&time);
        }
        let again = Again {
            next: length,
            end: end + 1,
            last_hit: place.number + known.last_hit,
        };
        self.assembler
            .accept(0, place, last, settled, &self.options, &mut self.done);
        self.assembler.pass(last + 1, &self.options, &mut self.done);
        Some(again)
    }

    /// Reads the next line of the source.
    pub(crate) fn read(&mut self, line: Line<'_>) {
        let number = line.number;
        for (lane, record) in self.lanes.push(line) {
            self.record(lane, &record);
        }
        // An open record is not behind anything yet, however long it becomes.
        let number = self.lanes.begun().unwrap_or(number);
        self.assembler.pass(number, &self.options, &mut self.done);
    }

    /// The source ends, perhaps inside of a line.
    pub(crate) fn finish(&mut self, unfinished: bool) {
        for (lane, record) in self.lanes.close(unfinished) {
            self.record(lane, &record);
        }
        self.assembler.finish(&self.options, &mut self.done);
    }

    fn record(&mut self, lane: u64, record: &Record) {
        let place = record.places[0];
        let mut alone = lane == 0 && record.free && !record.tail && !record.shortened;
        let (stamp, rest) = timed(record).unwrap_or((0..0, 0));
        let text = &record.text[rest..];
        let settled = if rest > 0
            && let Some(known) = self.known.iter().find(|k| k.text == text)
        {
            let stamp = String::from_utf8_lossy(&record.text[stamp]).into_owned();
            let mut failures = known.failures.clone();
            for settled in &mut failures {
                settled.timestamp = Some(stamp.clone());
            }
            failures
        } else {
            let outcome = analyse::outcome(record);
            alone &= outcome.part.is_none();
            let settled = self.settle(lane, place, record.last, outcome);
            if rest > 0 && is_plain(&settled) {
                self.remember(text.to_vec(), settled.clone());
            }
            settled
        };
        self.stretch.records += 1;
        self.stretch.only = alone.then(|| (place, settled.clone()));
        self.assembler.accept(
            lane,
            place,
            record.last,
            settled,
            &self.options,
            &mut self.done,
        );
    }

    fn settle(&mut self, lane: u64, place: Place, last: u64, outcome: Outcome) -> Vec<Settled> {
        if let Some((part, meta)) = outcome.part {
            self.assembler
                .part(lane, place, last, part, meta, &self.options, &mut self.done);
        }
        outcome
            .findings
            .into_iter()
            .map(|finding| settle(finding, &self.options))
            .collect()
    }

    fn remember(&mut self, text: Vec<u8>, failures: Vec<Settled>) {
        let known = Known { text, failures };
        if self.known.len() < MOST_TEXTS {
            self.known.push(known);
        } else {
            self.known[self.oldest] = known;
            self.oldest = (self.oldest + 1) % MOST_TEXTS;
        }
    }
}

/// Where a record's time stands and where its text goes on, if its time is all that changes when it is logged again.
fn timed(record: &Record) -> Option<(std::ops::Range<usize>, usize)> {
    if record.tail
        || record.shortened
        || record.places.len() < 3
        || record.text.len() > LONGEST_TEXT
    {
        return None;
    }
    let line = &record.text[..memchr::memchr(b'\n', &record.text)?];
    let header = header::recognise(line)?;
    if !matches!(header.kind, Kind::Stamp | Kind::BracketStamp) {
        return None;
    }
    let stamp = header.timestamp?;
    let rest = stamp.end;
    Some((stamp, rest))
}

/// Whether every failure is the record's own: it has the record's time, and stands where the record begins.
fn is_plain(settled: &[Settled]) -> bool {
    !settled.is_empty()
        && settled
            .iter()
            .all(|s| s.place.is_none() && s.timestamp.is_some() && !s.message_only)
}
