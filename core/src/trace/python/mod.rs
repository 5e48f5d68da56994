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
use reader::{Bounds, Reader};

/// Finds every trace in `text`, in the order in which they stand there.
///
/// `text` is one record's text or a whole stream (a paste, standard error) with several traces and other lines in between.
/// Offsets are bytes of `text`, on character boundaries. Never fails; without a trace the answer is empty.
pub fn find(text: &str) -> Vec<Trace> {
    search(text, Bounds::Open)
}

/// Like [`find`], for what stands below the header of a record: a message goes on behind its blank lines, since the next
/// header ends it.
pub fn find_below_header(text: &str) -> Vec<Trace> {
    search(text, Bounds::Headed)
}

/// Like [`find`], for a text that is known to be one record: what follows the line of an exception belongs to its message,
/// so neither a forged record nor a traceback that the message quotes becomes a failure.
pub fn find_in_record(text: &str) -> Vec<Trace> {
    search(text, Bounds::Record)
}

fn search(text: &str, bounds: Bounds) -> Vec<Trace> {
    let lines = Lines::split(text);
    let Some(streams) = streams::part(&lines) else {
        return scan::traces(&Reader::new(&lines, bounds));
    };
    let mut found: Vec<Trace> = Vec::new();
    for stream in streams {
        let lines = Lines::of(stream);
        found.extend(scan::traces(&Reader::new(&lines, bounds)));
    }
    found.sort_by_key(|trace| trace.start);
    found
}
