//! Puts exceptions together: chains joined by banners, and groups with their members. How one exception is printed is
//! part.rs's matter.

use super::header::{self, Kind};
use super::lines::Lines;
use super::margin::{Margin, Rule};
use super::part::{self, Part};
use super::reader::{Bounds, Reader};
use super::scan;
use super::unittest;
use crate::model::{Exception, Relation};

/// Groups deeper than this are passed over; CPython itself prints ten levels.
const MOST_DEPTH: usize = 40;

/// A chain with all that belongs to it.
#[derive(Default)]
pub(super) struct Chain {
    pub(super) exceptions: Vec<Exception>,
    /// First line behind it.
    pub(super) next: usize,
    pub(super) partial: bool,
    /// The line before `next` closes a group. Only the innermost of nested groups prints one.
    pub(super) is_closed: bool,
}

/// Reads the chain whose first header ends line `at` in column `column`.
pub(super) fn from_header(reader: &Reader<'_>, at: usize, header: header::Header) -> Option<Chain> {
    let margin = base(reader, at, header);
    let mut chain = Chain::default();
    let first = start_part(reader, at + 1, &margin, header.kind)?;
    extend(reader, first, &margin, &[], None, &mut chain);
    unittest::lengthen(reader, at, &mut chain);
    Some(chain)
}

/// Reads an exception whose line stands above its frames. Nothing tells what such blocks have to do with each other.
pub(super) fn from_message(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Chain> {
    let part = part::message_first(reader, at, margin)?;
    Some(Chain {
        exceptions: vec![part.exception],
        next: part.next,
        partial: part.partial,
        is_closed: false,
    })
}

/// Reads a chain whose first exception was printed without a traceback, or a group without one.
pub(super) fn from_bare(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Chain> {
    let mut chain = Chain::default();
    let first = next_part(reader, at, margin)?;
    extend(reader, first, margin, &[], None, &mut chain);
    Some(chain)
}

/// A part and the margin that it was printed in.
struct Placed {
    part: Part,
    margin: Margin,
}

fn start_part(reader: &Reader<'_>, below: usize, margin: &Margin, kind: Kind) -> Option<Placed> {
    let margin = match kind {
        Kind::Group if margin.depth() == 0 => margin.deeper(1),
        _ => margin.clone(),
    };
    let part = part::after_header(reader, below, &margin, kind)?;
    Some(Placed { part, margin })
}

/// The exception that starts on line `at`, in whatever form.
fn next_part(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Placed> {
    let line = reader.get(at, margin)?;
    if let Some(found) = header::header(line) {
        return start_part(reader, at + 1, margin, found.kind);
    }
    // |   ExceptionGroup: eg (3 sub-exceptions)
    let inner = margin.deeper(1);
    if margin.depth() == 0 && inner.strip(line).is_some() {
        let part = part::bare(reader, at, &inner)?;
        let group = reader.raw(part.next).and_then(|l| inner.opening(l));
        return group.map(|_| Placed {
            part,
            margin: inner,
        });
    }
    let part = part::bare(reader, at, margin)?;
    Some(Placed {
        part,
        margin: margin.clone(),
    })
}

/// Adds a part, its members if it is a group, and all that is chained to it.
fn extend(
    reader: &Reader<'_>,
    first: Placed,
    margin: &Margin,
    path: &[u32],
    relation: Option<Relation>,
    chain: &mut Chain,
) {
    let (mut placed, mut relation) = (first, relation);
    loop {
        let mut exception = unwrap(reader, placed.part.exception);
        exception.relation = relation;
        exception.group_path = path.to_vec();
        chain.exceptions.push(exception);
        chain.next = placed.part.next;
        chain.partial = placed.part.partial;
        if placed.margin.depth() > 0 {
            members(reader, &placed.margin, path, chain);
        }
        if chain.partial {
            return;
        }
        let Some((link, below)) = reader.banner(chain.next, margin) else {
            return;
        };
        let said = chain
            .exceptions
            .last_mut()
            .filter(|last| last.type_name.is_none())
            .and_then(|last| {
                last.message = Some(header::quoted(reader.get(below - 1, margin)?)?.to_owned());
                Some(())
            });
        let following = reader.skip_blanks(below, margin).and_then(|at| match said {
            // A page has no header between them.
            Some(()) => start_part(reader, at, margin, Kind::Plain),
            None => next_part(reader, at, margin),
        });
        match following {
            Some(following) => {
                placed = following;
                relation = Some(link);
            }
            None => {
                if reader.is_blank_from(below) {
                    chain.next = below;
                    chain.partial = true;
                }
                return;
            }
        }
    }
}

/// Pools of processes wrap an exception in one whose message is the whole traceback; the wrapped one is meant.
fn unwrap(reader: &Reader<'_>, mut exception: Exception) -> Exception {
    let wraps =
        exception.type_name.as_deref() == Some("ExceptionWithTraceback") && !reader.is_nested();
    let Some(message) = exception.message.as_deref().filter(|_| wraps) else {
        return exception;
    };
    let lines = Lines::split(message);
    let inner = scan::traces(&Reader::nested(&lines, Bounds::Record));
    if let Some(inner) = inner
        .into_iter()
        .next()
        .and_then(|mut trace| trace.exceptions.pop())
    {
        exception.type_name = inner.type_name;
        exception.module = inner.module;
        exception.message = inner.message;
        if exception.frames.is_empty() {
            exception.frames = inner.frames;
        }
    }
    exception
}

/// Reads the members below a group whose lines carry `margin`.
fn members(reader: &Reader<'_>, margin: &Margin, path: &[u32], chain: &mut Chain) {
    let Some(mut rule) = reader.raw(chain.next).and_then(|l| margin.opening(l)) else {
        return;
    };
    let inner = margin.deeper(1);
    loop {
        chain.next += 1;
        match rule {
            Rule::End => {
                chain.is_closed = true;
                return;
            }
            Rule::Member(number) => {
                chain.is_closed = false;
                let member = number
                    .filter(|_| inner.depth() < MOST_DEPTH)
                    .and_then(|n| next_part(reader, chain.next, &inner).map(|p| (n, p)));
                if let Some((number, first)) = member {
                    let mut path = path.to_vec();
                    path.push(number);
                    extend(reader, first, &inner, &path, Some(Relation::Member), chain);
                    if chain.partial {
                        return;
                    }
                }
            }
        }
        // What no part took: `... (max_group_depth is 10)`, `and 985 more exceptions`, groups that are too deep.
        while let Some(line) = reader.raw(chain.next) {
            let deeper = inner.depth() >= MOST_DEPTH && line.trim_start().starts_with(['|', '+']);
            if inner.strip(line).is_none() && !(deeper && inner.rule(line).is_none()) {
                break;
            }
            chain.next += 1;
        }
        match reader.raw(chain.next).and_then(|l| inner.rule(l)) {
            Some(next) => rule = next,
            None => {
                chain.partial = reader.is_end(chain.next) && !chain.is_closed;
                return;
            }
        }
    }
}

/// The indentation of a whole traceback, told by its first frame: two blanks less than the frame has.
fn base(reader: &Reader<'_>, at: usize, found: header::Header) -> Margin {
    let line = reader.raw(at).unwrap_or_default();
    let lead = &line[..found.column];
    let lead = if lead.trim().is_empty() { lead } else { "" };
    if found.kind == Kind::Group {
        return Margin::outer(lead.strip_suffix("  ").unwrap_or(lead));
    }
    let below = reader.raw(at + 1).unwrap_or_default();
    let body = below.trim_start();
    let indentation = &below[..below.len() - body.len()];
    if super::frame::opens(body) {
        return Margin::outer(indentation.strip_suffix("  ").unwrap_or(""));
    }
    Margin::outer(lead)
}
