//! Lines to records, for one stream. A record begins at a header line and holds every line up to the next one;
//! text without any header is a record too. What a record means is not asked here.

use std::borrow::Cow;

use super::header;
use super::open::Open;
pub(crate) use super::open::{Line, Place, Record};
use super::stacked::Stack;
use super::terminal;
use super::window;

/// The open records of a stream.
#[derive(Debug, Default)]
pub(crate) struct Framer {
    open: Option<Open>,
    /// Tracebacks of which each line has a header, while lines of other processes stand in between.
    aside: Vec<Open>,
}

/// Tracebacks that wait for their next line at once, and the lines that they wait.
const MOST_ASIDE: usize = 16;
const ASIDE_LINES: u64 = 32;

impl Framer {
    /// Adds a line; gives the records that ended before it, if they matter.
    pub(crate) fn push(&mut self, line: Line<'_>) -> Vec<Record> {
        let cleaned;
        let text = match terminal::clean(line.text) {
            Some(text) => {
                cleaned = text;
                &cleaned[..]
            }
            None => line.text,
        };
        let text = terminal::undrawn(text).unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let header = header::recognise(text)
            .filter(|_| self.open.as_ref().is_none_or(|open| open.can_end_at(text)));
        let mut done = Vec::new();
        if let Some(header) = &header {
            let adopted = self.open.as_mut().and_then(|open| {
                open.adopt(text, header)
                    .or_else(|| open.take_frame(text, header))
            });
            let rest = adopted.or_else(|| self.go_on(text, header, &mut done));
            if let Some(rest) = rest
                && let Some(open) = &mut self.open
            {
                open.append(line, &rest);
                open.hit |= line.hit;
                open.follow(&rest, line.hit);
                return done;
            }
        }
        if !self.aside.is_empty() {
            done.extend(self.give_up(line.number, text, header.as_ref()));
        }
        let ended = match (&mut self.open, &header) {
            (None, _) => true,
            (Some(open), Some(header)) => open.ends_before(header, text),
            (Some(open), None) => open.ends_without_header(text),
        };
        if ended {
            let free = header.is_some() && self.open.as_ref().is_some_and(|open| open.free);
            let mut next = Open::new(line, text, header.as_ref());
            if let (Some(stack), Some(above)) = (&mut next.stack, &self.open) {
                stack.stands_below(&above.record.text);
            }
            if let Some(mut record) = self.leave(|stack| is_next(stack, text, header.as_ref())) {
                record.free = free;
                done.push(record);
            }
            self.open = Some(next);
        } else if let Some(open) = &mut self.open {
            open.append(line, text);
        }
        // Without a hit nothing of the record matters yet but the window before the next line.
        if self
            .open
            .as_ref()
            .is_some_and(|open| !open.hit && open.record.places.len() > 4 * window::LINES)
        {
            self.narrow(line.number, line.offset);
        }
        if let Some(open) = &mut self.open {
            open.hit |= line.hit;
            open.follow(text, line.hit);
        }
        done
    }

    /// What a line adds to a traceback of which each line has a header: to the open one, or to one that waits, which is the
    /// open one then.
    fn go_on<'t>(
        &mut self,
        text: &'t [u8],
        header: &header::Header,
        done: &mut Vec<Record>,
    ) -> Option<Cow<'t, [u8]>> {
        let mut rest = |open: &mut Open| open.stack.as_mut()?.goes_on(text, header);
        if let Some(rest) = self.open.as_mut().and_then(&mut rest) {
            return Some(rest);
        }
        let (index, rest) = (0..self.aside.len())
            .find_map(|index| rest(&mut self.aside[index]).map(|rest| (index, rest)))?;
        let next = self.aside.remove(index);
        done.extend(self.leave(|_| false));
        self.open = Some(next);
        Some(rest)
    }

    /// Turns away from the open record: a traceback whose next line may still come waits aside, anything else ends.
    fn leave(&mut self, is_over: impl Fn(&Stack) -> bool) -> Option<Record> {
        let open = self.open.take()?;
        let waits = open.stack.as_ref().is_some_and(|stack| !is_over(stack));
        if open.hit && waits && self.aside.len() < MOST_ASIDE {
            self.aside.push(open);
            return None;
        }
        open.hit.then_some(open.record)
    }

    /// Ends the tracebacks that waited for too long, and those whose next line is not one of them.
    fn give_up(
        &mut self,
        number: u64,
        text: &[u8],
        header: Option<&header::Header>,
    ) -> Vec<Record> {
        let is_over = |open: &mut Open| {
            let next = |stack| is_next(stack, text, header);
            open.record.last + ASIDE_LINES < number || open.stack.as_ref().is_some_and(next)
        };
        let over = self.aside.extract_if(.., is_over);
        over.map(|open| open.record).collect()
    }

    /// The open records.
    fn all(&self) -> impl Iterator<Item = &Open> {
        self.open.iter().chain(&self.aside)
    }

    /// Something was found on the line with this number and offset: an open record that did not matter before begins
    /// within the window before that line, as if reading had begun there.
    pub(crate) fn narrow(&mut self, number: u64, offset: u64) {
        let within =
            |place: &Place| window::reaches((number, offset), (place.number, place.offset));
        let narrow = |open: &mut Open| !open.hit && !within(&open.record.places[0]);
        let Some(open) = self.open.take_if(narrow) else {
            return;
        };
        let mut again = Framer::default();
        let places = &open.record.places;
        for (index, place) in places.iter().enumerate().filter(|(_, p)| within(p)) {
            let end = places
                .get(index + 1)
                .map_or(open.record.text.len(), |next| next.at - 1);
            again.push(Line {
                text: &open.record.text[place.at..end],
                offset: place.offset,
                number: place.number,
                hit: false,
            });
        }
        self.open = again.open;
    }

    /// Ends the open records; gives those that matter.
    pub(crate) fn close(&mut self) -> Vec<Record> {
        let aside = std::mem::take(&mut self.aside);
        let open = aside.into_iter().chain(self.open.take());
        open.filter(|open| open.hit)
            .map(|open| open.record)
            .collect()
    }

    /// Forgets the open records.
    pub(crate) fn reset(&mut self) {
        *self = Framer::default();
    }

    /// Whether the open records hold nothing that matters so far.
    pub(crate) fn is_idle(&self) -> bool {
        self.all().all(|open| !open.hit)
    }

    /// Where that begins of the open record which matters, or may matter once something is found at or after the line
    /// with this number and offset.
    pub(crate) fn start(&self, number: u64, offset: u64) -> Option<Place> {
        let first = |open: &Open| {
            let within = |place: &&Place| {
                open.hit || window::reaches((number, offset), (place.number, place.offset))
            };
            open.record.places.iter().find(within).copied()
        };
        self.all()
            .filter_map(first)
            .min_by_key(|place| place.offset)
    }

    /// Number of the first line of the open records that matter.
    pub(crate) fn begun(&self) -> Option<u64> {
        let open = self.all().filter(|open| open.hit);
        open.map(|open| open.record.places[0].number).min()
    }

    /// Whether the open record has one line so far.
    pub(crate) fn is_fresh(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.record.places.len() == 1 && open.kind.is_some())
    }
}

/// Whether a line is the next one of a traceback's process.
fn is_next(stack: &Stack, text: &[u8], header: Option<&header::Header>) -> bool {
    header.is_some_and(|header| stack.is_next(text, header))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Vec<String> {
        let mut framer = Framer::default();
        let mut out = Vec::new();
        let mut offset = 0;
        for (n, line) in text.split('\n').enumerate() {
            let hit = line.contains("rror") || line.contains("ERROR");
            out.extend(framer.push(Line {
                text: line.as_bytes(),
                offset,
                number: n as u64 + 1,
                hit,
            }));
            offset += line.len() as u64 + 1;
        }
        out.extend(framer.close());
        out.into_iter()
            .map(|r| String::from_utf8_lossy(&r.text).into_owned())
            .collect()
    }

    #[test]
    fn a_record_ends_at_the_next_header() {
        let got = frame("INFO:a:b\nERROR:a:x\nTraceback\n  File\nKeyError: 1\nINFO:a:c");
        assert_eq!(got, ["ERROR:a:x\nTraceback\n  File\nKeyError: 1"]);
    }

    #[test]
    fn an_access_line_is_complete() {
        let got = frame(
            "[22/Nov/2026 13:19:00] \"GET /ok?0 HTTP/1.1\" 200 2\nInternal Server Error: /x\nKeyError: 1",
        );
        assert_eq!(got, ["Internal Server Error: /x\nKeyError: 1"]);
    }

    #[test]
    fn a_forged_header_in_a_message_ends_nothing() {
        let text = "ERROR:a:x\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: row\n\
            Traceback (most recent call last):\n  File \"/etc/passwd\", line 1, in <module>\n    root\nKeyError: 'forged'\n\
            2026-02-05 10:00:00,000 - app - ERROR - not a record\nINFO:a:y";
        assert_eq!(frame(text).len(), 1);
    }
}
