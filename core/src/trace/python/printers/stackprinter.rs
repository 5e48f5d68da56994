//! The look of `stackprinter`: no header, each frame with a listing, an arrow and a box of values.

use super::{Start, entry, link, listed, set_source};
use crate::model::Exception;
use crate::trace::python::exception;
use crate::trace::python::frame::{self, Place};
use crate::trace::python::margin::Margin;
use crate::trace::python::message::{self, Known};
use crate::trace::python::part::Part;
use crate::trace::python::reader::Reader;

/// Lines of a listing above its arrow.
const MOST_ABOVE: usize = 12;

/// Reads a chain whose first frame stands on line `index`.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    let body = line.trim_start();
    let margin = Margin::outer(&line[..line.len() - body.len()]);
    opens(reader, index, &margin).then_some(())?;
    let first = part(reader, index, &margin)?;
    let chain = link(first, |at| {
        let (relation, below) = reader.banner(at, &margin)?;
        let below = reader.skip_blanks(below, &margin)?;
        opens(reader, below, &margin).then_some(())?;
        Some((relation, part(reader, below, &margin)?))
    });
    Some((index, chain))
}

// File "/srv/app.py", line 8, in checkout
//     6    def checkout(order):
// --> 8            return total(order)
fn opens(reader: &Reader<'_>, index: usize, margin: &Margin) -> bool {
    let frame = reader.get(index, margin).and_then(frame::place);
    if !matches!(frame, Some(Place::Frame { .. })) {
        return false;
    }
    for at in index + 1..=index + MOST_ABOVE {
        match reader.get(at, margin) {
            Some(line) if arrow(line).is_some() => return true,
            Some(line) if listed(line).is_some() || line.trim() == "(...)" => {}
            _ => return false,
        }
    }
    false
}

// --> 8            return total(order)
fn arrow(line: &str) -> Option<&str> {
    let body = line
        .strip_prefix("--> ")
        .or_else(|| line.strip_prefix("-->"))?;
    listed(body).map(|(_, code)| code)
}

fn part(reader: &Reader<'_>, at: usize, margin: &Margin) -> Option<Part> {
    let mut frames = Vec::new();
    let (mut index, mut blank, mut summary) = (at, true, false);
    while let Some(line) = reader.get(index, margin) {
        let above = blank || summary;
        blank = line.trim().is_empty();
        // ---- (full traceback above) ----
        summary = summary || line.contains("(full traceback above)");
        if above
            && !summary
            && let Some(Place::Frame {
                file,
                line,
                function,
            }) = frame::place(line)
        {
            frames.push(entry(Some(file), line, Some(function)));
            // A function of one line is shown without numbers.
            let below = reader.get(index + 1, margin);
            if let Some(code) = below.filter(|l| l.starts_with(' ') && listed(l).is_none()) {
                set_source(&mut frames, code);
            }
        } else if let Some(code) = arrow(line) {
            set_source(&mut frames, code);
        } else if above && let Some((module, kind, first)) = exception::likely(line) {
            let known = Known {
                frames: &frames,
                ..Known::default()
            };
            let message = message::read(reader, margin, index, first, known);
            return Some(Part {
                exception: Exception {
                    type_name: Some(kind.to_owned()),
                    module: module.map(str::to_owned),
                    message: Some(message.text),
                    notes: message.notes,
                    frames,
                    ..Exception::default()
                },
                next: message.next,
                partial: false,
            });
        } else if !blank && !summary && !line.starts_with(' ') && listed(line).is_none() {
            break;
        }
        index += 1;
    }
    Some(Part {
        exception: Exception {
            frames,
            ..Exception::default()
        },
        next: index,
        partial: reader.is_blank_from(index),
    })
}
