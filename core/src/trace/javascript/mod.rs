//! Finds JavaScript stacks in a text: V8 (browsers, Node, Deno), Bun, Hermes, Gecko, JavaScriptCore, SpiderMonkey
//! shells and the engines of old, with or without the `Name: message` line, alone or inside a process's whole output.
//!
//! It deliberately does not resolve source maps, decide what is the project's own code, or undo what a log format
//! did to the text (see `record`).
//!
//! The work is done line by line: each line is looked at once on its own (`line`, `v8`, `gecko`, `legacy`, `place`),
//! then `segment` decides which lines belong to which error, and where a message that quotes a stack ends.

mod build;
#[cfg(feature = "logs")]
pub(crate) mod class;
mod colour;
mod gecko;
mod header;
mod legacy;
mod line;
mod node;
mod place;
mod run;
mod segment;
mod tap;
#[cfg(test)]
mod tests;
mod v8;
mod work;

use alloc::vec::Vec;

use crate::model::Trace;

/// Finds every JavaScript stack in `text`, in the order in which they stand there.
///
/// Frames come out oldest call first, exceptions root cause first. Never fails and never panics; the work grows
/// with the length of the text alone.
pub fn find(text: &str) -> Vec<Trace> {
    found(text, segment::traces)
}

/// [`find`] in what programs printed, where words of their own stand before an error's: there its class may be any, as in
/// `Payment failed PaymentDeclined: card 2`.
#[cfg(feature = "logs")]
pub(crate) fn find_printed(text: &str) -> Vec<Trace> {
    found(text, segment::printed_traces)
}

fn found(text: &str, traces: fn(&str) -> Vec<Trace>) -> Vec<Trace> {
    match colour::plain(text) {
        None => traces(text),
        Some(plain) => {
            let mut traces = traces(&plain.text);
            for trace in &mut traces {
                trace.start = plain.original(trace.start);
                trace.end = plain.original(trace.end);
            }
            traces
        }
    }
}
