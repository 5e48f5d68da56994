//! Dumps of `faulthandler` and of the interpreter's own fatal errors: no exception object, frames innermost first.
//!
//! Dumps on time-out or request (`Timeout (0:00:05)!`) are no failures and are not read.

use super::{Start, entry};
use crate::model::{Exception, StackEntry};
use crate::trace::python::chain::Chain;
use crate::trace::python::frame::{self, Place};
use crate::trace::python::header;
use crate::trace::python::margin::Margin;
use crate::trace::python::reader::Reader;

/// Lines between the message and the stacks; the interpreter prints one or two.
const MOST_BETWEEN: usize = 12;

/// One thread of a dump.
struct Thread {
    current: bool,
    frames: Vec<StackEntry>,
    next: usize,
}

/// Reads a dump that starts with `Fatal Python error: Segmentation fault`.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    let (kind, message, column) = fatal(line)?;
    let margin = Margin::outer(if line[..column].trim().is_empty() {
        &line[..column]
    } else {
        ""
    });
    let mut chosen: Option<Thread> = None;
    let (mut at, mut end, mut between) = (index + 1, index + 1, 0);
    while let Some(line) = reader.get(at, &margin) {
        if let Some(current) = thread(line) {
            let read = stack(reader, at + 1, &margin, current);
            at = read.next;
            end = at;
            between = 0;
            if read.current || chosen.is_none() {
                chosen = Some(read);
            }
            continue;
        }
        let other = !line.trim().is_empty();
        if other
            && (header::header(line).is_some()
                || header::is_end(line) && !line.starts_with("Fatal"))
        {
            break;
        }
        between += usize::from(other);
        if between > MOST_BETWEEN || (other && chosen.is_some() && !trailer(line)) {
            break;
        }
        at += 1;
        if other && (chosen.is_some() || line.starts_with("Python runtime state")) {
            end = at;
        }
    }
    Some((
        index,
        Chain {
            exceptions: vec![Exception {
                type_name: Some(kind.to_owned()),
                message: Some(message.trim().to_owned()),
                frames: chosen.map(|thread| thread.frames).unwrap_or_default(),
                ..Exception::default()
            }],
            next: end,
            partial: false,
            is_closed: false,
        },
    ))
}

// Fatal Python error: Segmentation fault
// Windows fatal exception: access violation
fn fatal(line: &str) -> Option<(&'static str, &str, usize)> {
    ["Fatal Python error", "Windows fatal exception"]
        .into_iter()
        .find_map(|kind| {
            let column = line.find(kind)?;
            let message = line[column + kind.len()..].strip_prefix(": ")?;
            Some((kind, message, column))
        })
}

// Current thread 0x00007f290e41bb80 (most recent call first):
// Thread 0x00007f290e41bb80 [worker] (most recent call first):
fn thread(line: &str) -> Option<bool> {
    let line = line.trim();
    if !line.ends_with("(most recent call first):") || line.contains("C stack") {
        return None;
    }
    if line.starts_with("Current thread") {
        return Some(true);
    }
    (line.starts_with("Thread 0x") || line.starts_with("Stack (")).then_some(false)
}

/// Lines behind the stacks that still belong to a dump.
fn trailer(line: &str) -> bool {
    [
        "Extension modules:",
        "Current thread's C stack",
        "Thread 0x",
        "  Binary file",
        "  <",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

fn stack(reader: &Reader<'_>, at: usize, margin: &Margin, current: bool) -> Thread {
    let (mut frames, mut next) = (Vec::new(), at);
    while let Some(line) = reader.get(next, margin) {
        let body = line.trim_start();
        match frame::place(body) {
            Some(Place::Dump {
                file,
                line,
                function,
            }) => {
                frames.push(entry(Some(file), line, Some(function)));
            }
            // `  ...` stands for more than 100 frames; `  <no Python frame>`
            _ if body == "..." || body.starts_with("<no Python frame>") => {}
            _ => break,
        }
        next += 1;
    }
    frames.reverse();
    Thread {
        current,
        frames,
        next,
    }
}

#[cfg(test)]
mod tests {
    use crate::trace::python::find;

    #[test]
    fn the_current_thread_counts() {
        let text = "Fatal Python error: Aborted\n\nThread 0x01 (most recent call first):\n  File \"a.py\", line 1 in wait\n\n\
                    Current thread 0x02 (most recent call first):\n  File \"b.py\", line 4 in crash\n  File \"b.py\", line 9 in <module>\n\n\
                    Extension modules: _x (total: 1)\n";
        let found = find(text);
        assert_eq!(found.len(), 1);
        let exception = &found[0].exceptions[0];
        assert_eq!(exception.type_name.as_deref(), Some("Fatal Python error"));
        assert_eq!(exception.message.as_deref(), Some("Aborted"));
        let functions: Vec<_> = exception
            .plain_frames()
            .map(|f| f.function.as_deref().unwrap())
            .collect();
        assert_eq!(functions, ["<module>", "crash"]);
        assert!(text[found[0].end..].trim().is_empty());
    }

    #[test]
    fn a_dump_on_time_out_is_no_failure() {
        let text = "Timeout (0:00:00.2)!\nThread 0x01 (most recent call first):\n  File \"a.py\", line 1 in wait\n";
        assert!(find(text).is_empty());
    }
}
