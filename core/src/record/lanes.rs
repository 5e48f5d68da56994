//! The streams of one source, framed apart: container, process, standard output or error. Lines without a wrapper are
//! a stream of their own.

use super::framer::{Framer, Line, Place, Record};
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
    /// The line that is being joined from pieces, and its place.
    piece: Option<(Vec<u8>, Place, bool)>,
    last: u64,
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

    fn start(&self) -> Option<Place> {
        let piece = self.piece.as_ref().map(|p| p.1);
        self.framer.start().or(piece)
    }

    fn is_idle(&self) -> bool {
        self.framer.is_idle() && self.piece.as_ref().is_none_or(|p| !p.2)
    }
}

/// All streams of a source.
#[derive(Debug)]
pub(crate) struct Lanes {
    /// The first is that of bare lines.
    lanes: Vec<Lane>,
    /// Source ranges of records that were given out.
    spans: Vec<(Place, u64)>,
    wrapped: bool,
}

impl Lanes {
    pub(crate) fn new() -> Lanes {
        Lanes {
            lanes: vec![Lane::new(0)],
            spans: Vec::new(),
            wrapped: false,
        }
    }

    /// Adds a line of the source; gives the records that it ended, each with its stream.
    pub(crate) fn push(&mut self, line: Line<'_>) -> Vec<(u64, Record)> {
        if let Some(at) = glued(line.text) {
            let (before, after) = line.text.split_at(at);
            let mut out = self.push_one(Line {
                text: before,
                ..line
            });
            out.extend(self.push_one(Line {
                text: after,
                offset: line.offset + at as u64,
                ..line
            }));
            return out;
        }
        self.push_one(line)
    }

    fn push_one(&mut self, line: Line<'_>) -> Vec<(u64, Record)> {
        let cleaned;
        let head = match super::framer::clean(&line.text[..line.text.len().min(16)]) {
            // Colours around the name of a stream.
            Some(_) => {
                cleaned = super::framer::clean(line.text).unwrap_or_default();
                &cleaned[..]
            }
            None => line.text,
        };
        let mut out = Vec::new();
        let Some(peeled) = wrapper::peel(head) else {
            self.wrapped = false;
            let lane = &mut self.lanes[0];
            lane.last = line.number;
            if let Some(record) = lane.framer.push(line) {
                out.push((0, record));
            }
            self.note(&out);
            return out;
        };
        self.wrapped = true;
        let index = self.lane(peeled.lane, &mut out);
        if let Some(record) = self.lanes[index].add(&peeled, line) {
            out.push((peeled.lane, record));
        }
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
            if let Some(record) = silent.framer.close() {
                out.push((silent.key, record));
            }
        }
        self.lanes.push(Lane::new(key));
        self.lanes.len() - 1
    }

    fn note(&mut self, records: &[(u64, Record)]) {
        for (_, record) in records {
            if self.spans.len() >= MOST_SPANS {
                self.spans.remove(0);
            }
            self.spans.push((record.places[0], record.end));
        }
    }

    /// Ends all open records.
    pub(crate) fn close(&mut self) -> Vec<(u64, Record)> {
        let mut out = Vec::new();
        for lane in &mut self.lanes {
            if let Some((text, place, hit)) = lane.piece.take() {
                let line = Line {
                    text: &text,
                    offset: place.offset,
                    number: place.number,
                    hit,
                };
                out.extend(lane.framer.push(line).map(|r| (lane.key, r)));
            }
            out.extend(lane.framer.close().map(|mut r| {
                r.tail = true;
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

    /// Whether the last line without wrapper began a record.
    pub(crate) fn is_fresh(&self) -> bool {
        self.lanes[0].framer.is_fresh()
    }

    /// Forgets what is open.
    pub(crate) fn reset(&mut self) {
        self.lanes.truncate(1);
        self.lanes[0].framer.reset();
        self.lanes[0].piece = None;
        self.spans.clear();
    }

    /// The place from which all that is open can be read anew, without cutting a record in two.
    pub(crate) fn start(&self) -> Option<Place> {
        let mut start = self
            .lanes
            .iter()
            .filter_map(Lane::start)
            .min_by_key(|p| p.offset)?;
        for (begin, end) in self.spans.iter().rev() {
            if begin.offset < start.offset && *end > start.offset {
                start = *begin;
            }
        }
        Some(start)
    }
}

// KeyError: 'x'[INFO]<tab>2026-11-22T13:29:08.290Z<tab>8476a536-e9f4<tab>next
/// Where a record begins in the middle of a line, because the one before it was written without a line end.
pub(crate) fn glued(line: &[u8]) -> Option<usize> {
    let close = memchr::memmem::find(line, b"]\t20")?;
    let open = memchr::memrchr(b'[', &line[..close])?;
    let stamp = super::header::timestamp::length(&line[close + 2..])?;
    (open > 0
        && super::header::level::capital(&line[open + 1..close]).is_some()
        && line.get(close + 2 + stamp) == Some(&b'\t'))
    .then_some(open)
}

impl Lane {
    fn add(&mut self, peeled: &Peeled<'_>, line: Line<'_>) -> Option<Record> {
        self.last = line.number;
        if peeled.piece {
            let (text, _, hit) = self.piece.get_or_insert_with(|| {
                let place = Place {
                    at: 0,
                    offset: line.offset,
                    number: line.number,
                };
                (Vec::new(), place, false)
            });
            *hit |= line.hit;
            if text.len() < LONG_PIECE {
                text.extend_from_slice(&peeled.text);
            }
            return None;
        }
        match self.piece.take() {
            None => self.framer.push(Line {
                text: &peeled.text,
                ..line
            }),
            Some((mut text, place, hit)) => {
                text.extend_from_slice(&peeled.text);
                self.framer.push(Line {
                    text: &text,
                    offset: place.offset,
                    number: place.number,
                    hit: hit || line.hit,
                })
            }
        }
    }
}
