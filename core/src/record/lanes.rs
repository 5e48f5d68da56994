//! The streams of one source, framed apart: container, process, standard output or error. Lines without a wrapper are
//! a stream of their own.

use std::collections::VecDeque;

use super::framer::{Framer, Line, Place, Record};
use super::terminal;
use super::window;
use super::word::Word;
use super::wrapper::{self, Peeled};

/// Streams that are followed at once; the one that was silent longest is closed for a new one.
const MOST_LANES: usize = 128;
/// A longer line made of pieces is cut.
const LONG_PIECE: usize = 4 << 20;
/// Records that matter whose places are remembered for the checkpoint.
const MOST_SPANS: usize = 256;

#[derive(Debug)]
struct Lane {
    key: u64,
    framer: Framer,
    /// The line that is being joined from pieces.
    piece: Option<Joined>,
    last: u64,
}

/// A line of which more is to come.
#[derive(Debug, Default)]
struct Joined {
    text: Vec<u8>,
    /// One for each piece; never empty.
    places: Vec<Place>,
    hit: bool,
}

impl Joined {
    fn add(&mut self, text: &[u8], line: Line<'_>) {
        self.places.push(Place {
            at: self.text.len(),
            offset: line.offset,
            number: line.number,
        });
        self.hit |= line.hit;
        if self.text.len() < LONG_PIECE {
            self.text.extend_from_slice(text);
        }
    }

    /// As [`Framer::narrow`]; `false`: nothing is left.
    fn narrow(&mut self, number: u64, offset: u64) -> bool {
        let within =
            |place: &Place| window::reaches((number, offset), (place.number, place.offset));
        let Some(first) = self.places.iter().position(within) else {
            return false;
        };
        let gone = self.places[first].at.min(self.text.len());
        self.text.drain(..gone);
        self.places.drain(..first);
        for place in &mut self.places {
            place.at -= gone.min(place.at);
        }
        true
    }

    fn line(&self) -> Line<'_> {
        Line {
            text: &self.text,
            offset: self.places[0].offset,
            number: self.places[0].number,
            hit: self.hit,
        }
    }
}

impl Lane {
    fn new(key: u64) -> Lane {
        Lane {
            key,
            framer: Framer::default(),
            piece: None,
            last: 0,
        }
    }

    fn start(&self, number: u64, offset: u64) -> Option<Place> {
        let within =
            |place: &&Place| window::reaches((number, offset), (place.number, place.offset));
        let piece = self.piece.as_ref().and_then(|piece| {
            if piece.hit {
                piece.places.first().copied()
            } else {
                piece.places.iter().find(within).copied()
            }
        });
        let open = self.framer.start(number, offset);
        open.into_iter().chain(piece).min_by_key(|p| p.offset)
    }

    fn is_idle(&self) -> bool {
        self.framer.is_idle() && self.piece.as_ref().is_none_or(|piece| !piece.hit)
    }

    /// As [`Framer::narrow`].
    fn narrow(&mut self, number: u64, offset: u64) {
        if self.piece.as_ref().is_some_and(|piece| piece.hit) {
            return;
        }
        self.piece.take_if(|piece| !piece.narrow(number, offset));
        self.framer.narrow(number, offset);
    }
}

/// All streams of a source.
#[derive(Debug)]
pub(crate) struct Lanes {
    /// The first is that of bare lines.
    lanes: Vec<Lane>,
    /// Source ranges of records that were given out.
    spans: VecDeque<(Place, u64)>,
    given: u64,
    wrapped: bool,
    /// The stream of the line above and how much its wrapper took, where what follows may be set in by as much.
    margin: Option<(u64, usize)>,
}

/// `journalctl` sets the further lines of a message in below its first; less is no margin.
const LEAST_MARGIN: usize = 20;

impl Lanes {
    pub(crate) fn new() -> Lanes {
        Lanes {
            lanes: vec![Lane::new(0)],
            spans: VecDeque::new(),
            given: 0,
            wrapped: false,
            margin: None,
        }
    }

    // Nov 27 10:00:00 web-1 shop[812]: job failed
    //                                  Traceback (most recent call last):
    /// A line that is set in as far as the wrapper of the line above reached.
    fn set_in<'t>(&self, line: &'t [u8]) -> Option<Peeled<'t>> {
        let (lane, margin) = self.margin?;
        let blanks = line.get(..margin)?;
        blanks.iter().all(|c| *c == b' ').then(|| Peeled {
            lane,
            text: std::borrow::Cow::Borrowed(&line[margin..]),
            piece: false,
        })
    }

    /// Adds a line of the source; gives the records that it ended, each with its stream.
    pub(crate) fn push(&mut self, line: Line<'_>) -> Vec<(u64, Record)> {
        let cleaned;
        let head = match terminal::clean(&line.text[..line.text.len().min(16)]) {
            // Colours around the name of a stream.
            Some(_) => {
                cleaned = terminal::clean(line.text).unwrap_or_default();
                &cleaned[..]
            }
            None => line.text,
        };
        let mut out = Vec::new();
        let Some(peeled) = self.set_in(head).or_else(|| wrapper::peel(head)) else {
            self.margin = None;
            self.wrapped = false;
            let lane = &mut self.lanes[0];
            lane.last = line.number;
            if line.hit {
                lane.narrow(line.number, line.offset);
            }
            out.extend(lane.framer.push(line).into_iter().map(|record| (0, record)));
            self.note(&out);
            return out;
        };
        self.wrapped = true;
        let taken = head.len().saturating_sub(peeled.text.len());
        let is_borrowed = matches!(peeled.text, std::borrow::Cow::Borrowed(_));
        self.margin = (is_borrowed && taken >= LEAST_MARGIN).then_some((peeled.lane, taken));
        let index = self.lane(peeled.lane, &mut out);
        let ended = self.lanes[index].add(&peeled, line).into_iter();
        out.extend(ended.map(|record| (peeled.lane, record)));
        self.note(&out);
        out
    }

    fn lane(&mut self, key: u64, out: &mut Vec<(u64, Record)>) -> usize {
        if let Some(index) = self.lanes.iter().position(|l| l.key == key) {
            return index;
        }
        if self.lanes.len() >= MOST_LANES
            && let Some((index, _)) = self
                .lanes
                .iter()
                .enumerate()
                .skip(1)
                .min_by_key(|(_, lane)| lane.last)
        {
            let mut silent = self.lanes.swap_remove(index);
            let closed = silent.framer.close().into_iter();
            out.extend(closed.map(|record| (silent.key, record)));
        }
        self.lanes.push(Lane::new(key));
        self.lanes.len() - 1
    }

    fn note(&mut self, records: &[(u64, Record)]) {
        for (_, record) in records {
            if self.spans.len() >= MOST_SPANS {
                self.spans.pop_front();
            }
            self.spans.push_back((record.places[0], record.end));
            self.given = self.given.max(record.end);
        }
    }

    /// Ends all open records; `unfinished`: the source's last line has no end.
    pub(crate) fn close(&mut self, unfinished: bool) -> Vec<(u64, Record)> {
        let mut out = Vec::new();
        for lane in &mut self.lanes {
            if let Some(piece) = lane.piece.take() {
                let ended = lane.framer.push(piece.line()).into_iter();
                out.extend(ended.map(|r| (lane.key, r)));
            }
            out.extend(lane.framer.close().into_iter().map(|mut r| {
                r.tail = true;
                r.unfinished = unfinished;
                (lane.key, r)
            }));
        }
        out.sort_by_key(|(_, record)| record.places[0].offset);
        out
    }

    /// Whether the last line had a wrapper.
    pub(crate) fn wrapped(&self) -> bool {
        self.wrapped
    }

    /// Whether no open record matters so far.
    pub(crate) fn is_idle(&self) -> bool {
        self.lanes.iter().all(Lane::is_idle)
    }

    /// Number of the first line of what is open and matters.
    pub(crate) fn begun(&self) -> Option<u64> {
        self.lanes
            .iter()
            .filter_map(|lane| lane.framer.begun())
            .min()
    }

    /// Whether the last line without wrapper began a record.
    pub(crate) fn is_fresh(&self) -> bool {
        self.lanes[0].framer.is_fresh()
    }

    /// Forgets what is open.
    pub(crate) fn reset(&mut self) {
        self.margin = None;
        self.lanes.truncate(1);
        self.lanes[0].framer.reset();
        self.lanes[0].piece = None;
    }

    /// The first line of what is open and matters, or may matter once something is found at or after the line with this
    /// number and offset.
    pub(crate) fn start(&self, number: u64, offset: u64) -> Option<Place> {
        self.lanes
            .iter()
            .filter_map(|lane| lane.start(number, offset))
            .min_by_key(|p| p.offset)
    }

    /// Begin and end of the records that were given out.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (Place, u64)> + Clone {
        self.spans.iter().copied()
    }

    /// Source offset behind the last line of the records that were given out.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }
}

// KeyError: 'x'[INFO]<tab>2026-11-22T13:29:08.290Z<tab>8476a536-e9f4<tab>next
/// Where a record begins in the middle of a line, because the one before it was written without a line end.
pub(crate) fn glued(line: &[u8]) -> Option<usize> {
    static STAMPED: Word = Word::new("]\t20");
    let close = STAMPED.find(line)?;
    let open = memchr::memrchr(b'[', &line[..close])?;
    let stamp = super::header::timestamp::length(&line[close + 2..])?;
    (open > 0
        && super::header::level::capital(&line[open + 1..close]).is_some()
        && line.get(close + 2 + stamp) == Some(&b'\t'))
    .then_some(open)
}

impl Lane {
    fn add(&mut self, peeled: &Peeled<'_>, line: Line<'_>) -> Vec<Record> {
        self.last = line.number;
        let long = self.piece.as_ref().is_some_and(|p| {
            p.places.len() > 4 * window::LINES || p.text.len() > 4 * window::BYTES
        });
        if line.hit || long {
            self.narrow(line.number, line.offset);
        }
        if peeled.piece {
            self.piece.get_or_insert_default().add(&peeled.text, line);
            return Vec::new();
        }
        match self.piece.take() {
            None => self.framer.push(Line {
                text: &peeled.text,
                ..line
            }),
            Some(mut piece) => {
                piece.add(&peeled.text, line);
                self.framer.push(piece.line())
            }
        }
    }
}
