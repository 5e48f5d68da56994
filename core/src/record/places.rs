//! Where a record's text stands in its source, line by line.

use super::framer::{Place, Record};

/// Places of the lines of a record's text, asked from its begin to its end.
pub(super) struct Places<'r> {
    text: &'r str,
    record: &'r Record,
    /// Lines before this byte are counted.
    at: usize,
    lines: usize,
}

impl<'r> Places<'r> {
    pub(super) fn new(text: &'r str, record: &'r Record) -> Places<'r> {
        Places {
            text,
            record,
            at: 0,
            lines: 0,
        }
    }

    /// Place of the line that holds byte `at`.
    pub(super) fn of(&mut self, at: usize) -> Place {
        let places = &self.record.places;
        let last = places.len() - 1;
        // A record of one line was unfolded.
        if last == 0 {
            return places[0];
        }
        let at = at.min(self.text.len());
        if at < self.at {
            (self.at, self.lines) = (0, 0);
        }
        let between = &self.text.as_bytes()[self.at..at];
        self.lines += memchr::memchr_iter(b'\n', between).count();
        self.at = at;
        places[self.lines.min(last)]
    }
}
