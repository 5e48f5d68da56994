//! Messages that the caller framed itself: rows of a log table. They take the same way as the records of a file.

use super::analyse;
use super::assemble::Assembler;
use super::finding::{Found, Meta, settle};
use super::framer::{Place, Record};
use super::header::{self, Kind};
use super::{json_value, structured};
use crate::model::{Failure, Options};

/// What a caller knows about a message that it framed itself.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct RecordMeta {
    /// Level as logged.
    pub level: Option<String>,
    /// Name of the logger.
    pub logger: Option<String>,
    /// Time as logged.
    pub timestamp: Option<String>,
}

/// Reads the rows of a log table, in the order of their ids. Neighbouring rows that report one event (an error and its
/// echo, the parts of a browser error) become one failure, as in [`super::Reader`].
#[derive(Debug)]
pub struct Messages {
    options: Options,
    assembler: Assembler,
    done: Vec<Found>,
}

impl Messages {
    /// Begins before the first row.
    pub fn new(options: &Options) -> Messages {
        Messages {
            options: options.clone(),
            assembler: Assembler::default(),
            done: Vec::new(),
        }
    }

    /// Takes the next row. `id` becomes line and offset of the origin.
    pub fn push(&mut self, id: u64, message: &str, meta: &RecordMeta) {
        let place = Place {
            at: 0,
            offset: id,
            number: id,
        };
        let meta = Meta::of(meta);
        let outcome = if meta.level.is_none() && is_record(message) {
            analyse::outcome(&Record {
                text: message.as_bytes().to_vec(),
                places: message.split('\n').map(|_| place).collect(),
                end: id,
                last: id,
                shortened: false,
                tail: false,
                unfinished: false,
                free: false,
            })
        } else {
            analyse::body(&message[own_header(message, &meta)..], &meta)
        };
        self.assembler.pass(id, &self.options, &mut self.done);
        if let Some((part, meta)) = outcome.part {
            self.assembler
                .part(0, place, id, part, meta, &self.options, &mut self.done);
        }
        let settled = outcome
            .findings
            .into_iter()
            .map(|finding| settle(finding, &self.options))
            .collect();
        self.assembler
            .accept(0, place, id, settled, &self.options, &mut self.done);
    }

    /// The rows end here: what waits for its neighbours is reported.
    pub fn finish(&mut self) {
        self.assembler.finish(&self.options, &mut self.done);
    }

    /// The failures that are complete so far.
    pub fn take(&mut self) -> Vec<Failure> {
        let done = std::mem::take(&mut self.done);
        done.into_iter().map(Found::into_failure).collect()
    }

    /// Id of the first row that must be read again by a reader that goes on after row `id`; `id + 1` if none.
    pub fn checkpoint(&self, id: u64) -> u64 {
        self.assembler
            .start(id + 1)
            .map_or(id + 1, |place| place.number)
    }
}

/// The failures of one message alone. Rows of a table belong to [`Messages`], which knows their neighbours.
pub fn record_failures(message: &str, meta: &RecordMeta, options: &Options) -> Vec<Failure> {
    let mut messages = Messages::new(options);
    messages.push(1, message, meta);
    messages.finish();
    messages.take()
}

/// Whether a text is a whole record, which says its level itself: `{"level": "ERROR", …}`, `2026-11-22 13:31:44 ERROR …`.
#[must_use]
pub fn is_record(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let is_object = || {
        json_value::parse(text.trim())
            .is_some_and(|(value, _)| structured::meta(&value, &Meta::default()).level.is_some())
    };
    match header::recognise(first.as_bytes()) {
        Some(header) if header.kind == Kind::Json => is_object(),
        Some(header) => header.severity.is_some(),
        None => false,
    }
}

/// Length of the header with which a handler formatted a message that has its level in a column of its own as well.
fn own_header(message: &str, meta: &Meta) -> usize {
    let first = message.lines().next().unwrap_or_default();
    header::recognise(first.as_bytes())
        .filter(|header| header.severity.is_some() && header.severity == meta.severity())
        .filter(|header| header.timestamp.is_some() && message.is_char_boundary(header.message))
        .map_or(0, |header| header.message)
}

impl Meta {
    fn of(meta: &RecordMeta) -> Meta {
        Meta {
            level: meta.level.as_ref().map(|l| l.to_ascii_uppercase()),
            logger: meta.logger.clone(),
            timestamp: meta.timestamp.clone(),
            ..Meta::default()
        }
    }
}
