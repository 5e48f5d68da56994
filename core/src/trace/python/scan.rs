//! Walks over the lines once and asks at each whether a trace starts there. What a trace looks like is said elsewhere.

use super::chain::{self, Chain};
use super::escaped;
use super::exception::{exception_line, likely};
use super::frame;
use super::header;
use super::margin::Margin;
use super::printers;
use super::reader::Reader;
use crate::model::{Exception, Platform, Trace};

/// Every trace of the lines, in order.
pub(super) fn traces(reader: &Reader<'_>) -> Vec<Trace> {
    let mut found = Vec::new();
    let (mut index, mut floor) = (0, 0);
    while !reader.is_end(index) {
        let Some((start, column, chain)) = starts(reader, index, floor) else {
            let line = reader.lines().line(index).filter(|_| !reader.is_nested());
            let before = found.len();
            for lines in line.map(escaped::unfold).unwrap_or_default() {
                found.extend(traces(&Reader::nested(&lines, reader.bounds())));
            }
            index += 1;
            if found.len() > before {
                // A line that held traces names no other one below it.
                floor = index;
            }
            continue;
        };
        index = chain.next.max(index + 1);
        floor = index;
        found.push(finish(reader, start, column, chain));
    }
    if found.is_empty() {
        found.extend(only_named(reader));
    }
    found
}

/// The trace that starts on line `index`: its first line and column, and what it says.
fn starts(reader: &Reader<'_>, index: usize, floor: usize) -> Option<(usize, usize, Chain)> {
    let line = reader.raw(index)?;
    if let Some((start, chain)) = printers::starts(reader, index, line) {
        return Some((start, 0, chain));
    }
    if let Some(found) = header::header(line) {
        if !reader.follows_header(index + 1) {
            return None;
        }
        let mut chain = chain::from_header(reader, index, found)?;
        if let [only] = &mut chain.exceptions[..]
            && only.type_name.is_none()
            && let Some((start, name)) = named_above(reader, index, floor)
        {
            (only.module, only.type_name, only.message) =
                (name.module, name.type_name, name.message);
            chain.partial = false;
            return Some((start, 0, chain));
        }
        let alone = line[..found.column].trim().is_empty();
        let (start, column) = if alone {
            (announced(reader, index, floor), 0)
        } else {
            (index, found.column)
        };
        return Some((start, column, chain));
    }
    let body = line.trim_start();
    let indentation = &line[..line.len() - body.len()];
    if frame::opens(body) {
        // The place of a syntax error in the script itself.
        let margin = Margin::outer(indentation.strip_suffix("  ")?);
        let chain = chain::from_bare(reader, index, &margin)?;
        return Some((index, 0, chain));
    }
    if body.starts_with("| ") {
        let margin = Margin::outer(indentation.strip_suffix("  ")?);
        let chain = chain::from_bare(reader, index, &margin)?;
        return Some((index, 0, chain));
    }
    if header::names_exception(body) {
        let margin = Margin::outer(indentation);
        if reader.chained(index, &margin) {
            let chain = chain::from_bare(reader, index, &margin)?;
            let start = announced(reader, index, floor);
            return Some((start, 0, chain));
        }
        // A future that was never awaited has no traceback: future: <Future finished exception=ValueError('x')>
        if index > floor && reader.raw(index - 1).is_some_and(header::is_detail) {
            let chain = chain::from_bare(reader, index, &margin)?;
            return Some((announced(reader, index, floor), 0, chain));
        }
        return chain::from_message(reader, index, &margin).map(|chain| (index, 0, chain));
    }
    None
}

/// The exception that a record names above its frames, and the line: `[ERROR] TypeError: bad operand`. Its message may have
/// several lines.
fn named_above(reader: &Reader<'_>, index: usize, floor: usize) -> Option<(usize, Exception)> {
    const MOST_LINES: usize = 30;
    let lowest = floor.max(index.saturating_sub(MOST_LINES));
    for at in (lowest..index).rev() {
        let line = reader.raw(at)?;
        let named = match line.strip_prefix("[ERROR] ") {
            Some(rest) => likely(rest),
            // The record layer may have taken the level off.
            None if at == 0 => likely(line),
            None if at + 1 == index => exception_line(line),
            None => None,
        };
        let Some((module, kind, first)) = named else {
            continue;
        };
        let mut message = first.unwrap_or("").to_owned();
        for line in (at + 1..index).filter_map(|i| reader.raw(i)) {
            message.push('\n');
            message.push_str(line);
        }
        let exception = Exception {
            type_name: Some(kind.to_owned()),
            module: module.map(str::to_owned),
            message: Some(message),
            ..Exception::default()
        };
        return Some((at, exception));
    }
    None
}

/// The first of the lines that announce the trace on line `index`.
fn announced(reader: &Reader<'_>, index: usize, floor: usize) -> usize {
    const MOST_DETAILS: usize = 3;
    let mut at = index;
    while at > floor
        && index - at < MOST_DETAILS
        && reader.raw(at - 1).is_some_and(header::is_detail)
    {
        at -= 1;
    }
    if at > floor && reader.raw(at - 1).is_some_and(header::is_announcement) {
        return at - 1;
    }
    index
}

/// A text that is nothing but `Type: message`.
fn only_named(reader: &Reader<'_>) -> Option<Trace> {
    let margin = Margin::outer("");
    let first = reader.skip_blanks(0, &margin)?;
    let line = reader.raw(first)?;
    header::names_exception(line).then_some(())?;
    let foreign = (first + 1..reader.lines().len())
        .filter_map(|i| reader.raw(i))
        .any(is_foreign_frame);
    if foreign {
        return None;
    }
    let chain = chain::from_bare(reader, first, &margin)?;
    Some(finish(reader, first, 0, chain))
}

/// A line of a stack that no Python program prints: `    at f (file.js:1:2)`, `f@file.js:1:2`.
fn is_foreign_frame(line: &str) -> bool {
    let body = line.trim();
    (body.starts_with("at ") && line.starts_with([' ', '\t']))
        || (body.contains('@')
            && body.ends_with(|c: char| c.is_ascii_digit())
            && body.contains(':'))
}

fn finish(reader: &Reader<'_>, start: usize, column: usize, chain: Chain) -> Trace {
    let lines = reader.lines();
    let last = chain.next.max(start + 1) - 1;
    let end = lines
        .line(last.min(lines.len().saturating_sub(1)))
        .map_or(0, |line| line.end);
    Trace {
        platform: Platform::Python,
        exceptions: chain.exceptions,
        start: lines.line(start).map_or(0, |line| line.place(column)),
        end,
        partial: chain.partial,
        notes: Vec::new(),
    }
}
