//! Bytes of a log to failures: frames lines into records, records into failures, as a stream.
//!
//! Two tiers. `scan` and `skim` skip, in a few nanoseconds a line, what can not matter, in the caller's own memory.
//! Around each hit the `reader`, which takes `blocks`, goes back to the line with which the record begins and hands its
//! lines to a `framer`, which puts a record together in `open`, asks `stacked` for tracebacks of which each line has a header and
//! takes what was drawn for a `terminal` off; complete records go to
//! `analyse`, unless `repeat` knows them, and become what `finding` holds: `unfold`, `table` and `csv` undo what formatters did to
//! lines, `prefixed` takes off what tools put before those of a stack, `text` finds the traces and
//! `mended` undoes what printers do differently, `said` reads what has none; `exports` writes down the log that a document of many
//! records would make. Which lines are read depends on the bytes alone,
//! never on how they were cut into chunks, and reading can begin anew at every [`Checkpoint`]. No format is configured.
//! Files, tables, positions on disk and threads are the caller's.

pub(crate) mod analyse;
mod assemble;
mod back;
mod blocks;
mod client;
mod collapsed;
mod csv;
mod encoding;
mod events;
mod exports;
mod failure_json;
mod finding;
mod form;
pub(crate) mod framer;
pub(crate) mod header;
mod inspected;
pub(crate) mod json_value;
mod keyvalue;
mod lanes;
mod mended;
mod messages;
mod named;
mod node;
mod objects;
mod open;
mod parts;
mod places;
mod prefixed;
mod quoted;
mod reader;
mod repeat;
mod said;
mod scan;
mod second;
mod skim;
mod stacked;
mod stacks;
mod structured;
mod table;
mod terminal;
mod text;
mod told;
mod unfold;
mod window;
mod word;
mod wrapper;

pub(crate) use back::looks_like_log;
pub use finding::Found;
pub use messages::{Messages, RecordMeta, is_record, record_failures};
pub use reader::Reader;
pub use skim::{Block, Skimmer};

/// Whether a word says how bad something is, in any case: `ERROR`, `warn`.
#[must_use]
pub fn is_level(word: &str) -> bool {
    header::level::severity(word).is_some()
}

/// A place from which reading can go on.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Byte offset in the source.
    pub offset: u64,
    /// 1-based number of the line that begins there (0 means 1).
    pub line: u64,
}
