//! An exception that one record tells twice: in its text, and as the exception itself.

use crate::model::{Exception, Platform, Trace};

// log.exception(traceback.format_exc())
/// What a record says of an exception and the exception itself are one failure: the same traceback twice, or one that the
/// exception's message quotes.
/// Gives where the first of those that were left out begins.
pub(super) fn told_once(traces: &mut Vec<Trace>) -> Option<usize> {
    let last = traces.last()?;
    let places = |trace: &Trace| -> Vec<(Option<String>, Option<u32>)> {
        let frames = trace.exceptions.iter().flat_map(Exception::plain_frames);
        frames
            .map(|frame| (frame.file.clone(), frame.line))
            .collect()
    };
    let named = |trace: &Trace| {
        let last = trace.exceptions.last();
        last.map(|e| (e.type_name.clone(), e.message.clone()))
    };
    let (own, kind) = (places(last), named(last));
    let said = last
        .exceptions
        .last()
        .and_then(|e| e.message.clone())
        .unwrap_or_default();
    let quotes = |trace: &Trace| {
        let quoted = trace.exceptions.last();
        let last_line = quoted.map(|e| {
            let kind = e.type_name.as_deref().unwrap_or_default();
            let said = e.message.as_deref().unwrap_or_default();
            format!("{kind}: {said}")
        });
        said.contains("Traceback (most recent call last):")
            && last_line.is_some_and(|line| said.contains(line.trim_end()))
    };
    let last = traces.len() - 1;
    let is_told = |trace: &Trace| {
        let is_again = places(trace) == own && named(trace) == kind && !own.is_empty();
        trace.platform == Platform::Python && (is_again || quotes(trace))
    };
    let first = traces[..last].iter().find(|t| is_told(t))?.start;
    let mut index = 0;
    traces.retain(|trace| {
        index += 1;
        index > last || !is_told(trace)
    });
    Some(first)
}
