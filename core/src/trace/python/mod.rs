//! Reads Python tracebacks out of any text: CPython 2.7 to 3.14 and the common other printers.
//!
//! It does not frame records, decide what is in-app, or unpack JSON; it reads what a program printed.

mod chain;
mod escaped;
mod exception;
mod frame;
mod header;
mod lines;
mod margin;
mod message;
mod part;
mod printers;
mod reader;
mod scan;
mod stack;
mod streams;
#[cfg(test)]
mod tests;
mod unittest;

#[cfg_attr(
    not(feature = "logs"),
    allow(unused_imports, reason = "the record layer asks for it")
)]
pub(crate) use exception::exception_line;

use crate::model::Trace;
use lines::Lines;
use reader::Reader;

/// Finds every trace in `text`, in the order in which they stand there.
///
/// `text` is one record's text or a whole stream (a paste, standard error) with several traces and other lines in between.
/// Offsets are bytes of `text`, on character boundaries. Never fails; without a trace the answer is empty.
pub fn find(text: &str) -> Vec<Trace> {
    search(text, false)
}

/// Like [`find`], for a text that is known to be one record: what follows the line of an exception belongs to its message,
/// so neither a forged record nor a traceback of another program becomes a failure. A traceback of the same program right
/// below (its first file is one of the failure's own) still is one: records without a prefix look alike.
pub fn find_in_record(text: &str) -> Vec<Trace> {
    search(text, true)
}

fn search(text: &str, framed: bool) -> Vec<Trace> {
    let lines = Lines::split(text);
    let Some(streams) = streams::part(&lines) else {
        return scan::traces(&Reader::new(&lines, framed));
    };
    let mut found: Vec<Trace> = Vec::new();
    for stream in streams {
        let lines = Lines::of(stream);
        found.extend(scan::traces(&Reader::new(&lines, framed)));
    }
    found.sort_by_key(|trace| trace.start);
    found
}
