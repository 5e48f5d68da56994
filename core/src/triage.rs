//! From bytes to failures in one call: frame, parse, fingerprint, classify.
//!
//! A text that is nothing but one trace takes the same short way with and without the feature `logs`, so
//! that the slim build and the full one give the same JSON for it. Everything else is framed by `record`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::failure::{Context, complete};
use crate::model::{Failure, Options, Origin, Trace};
use crate::{text, trace};

/// Every failure of an input, in the order in which it stands there.
///
/// Never fails and never panics, whatever the bytes are.
pub fn triage(input: &[u8], options: &Options) -> Vec<Failure> {
    // A mark of the encoding says nothing where there is no log to tell it of.
    #[cfg(feature = "logs")]
    let (bare, input) = match input.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) if is_bare_trace(rest) => (true, rest),
        _ => (is_bare_trace(input), input),
    };
    #[cfg(feature = "logs")]
    if !bare {
        let mut reader = crate::record::Reader::new(options);
        reader.feed(input);
        reader.finish();
        return reader.take();
    }
    collect(&String::from_utf8_lossy(input), options)
}

/// Like [`triage`], for an input that is known to be text.
pub fn triage_text(input: &str, options: &Options) -> Vec<Failure> {
    if cfg!(feature = "logs") {
        triage(input.as_bytes(), options)
    } else {
        collect(input, options)
    }
}

fn collect(text: &str, options: &Options) -> Vec<Failure> {
    let mut failures = Vec::new();
    pasted(text, options, &mut |failure| failures.push(failure));
    failures
}

/// Like [`triage_text`], for frontends that exchange text alone: a JSON array of failures comes out.
///
/// `settings` holds the source's name, the roots, the inclusions and the exclusions of [`Options`], with a NUL between
/// them; the lists hold one entry a line.
pub fn triage_json(input: &str, settings: &str) -> String {
    let mut settings = text::items(settings, "\0");
    let mut next = || settings.next().unwrap_or("");
    let options = Options {
        source: text::owned(next()),
        project_roots: lines(next()),
        in_app_include: lines(next()),
        in_app_exclude: lines(next()),
        log_format: None,
    };
    let mut out = String::new();
    out.push('[');
    let mut take = |failure: Failure| crate::json::append(&mut out, &failure);
    if cfg!(feature = "logs") {
        triage(input.as_bytes(), &options)
            .into_iter()
            .for_each(take);
    } else {
        pasted(input, &options, &mut take);
    }
    out.push(']');
    out
}

#[inline(never)]
fn lines(list: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in text::items(list, "\n") {
        if !entry.is_empty() {
            lines.push(text::owned(entry));
        }
    }
    lines
}

/// Takes the failures of a text that holds nothing but traces.
fn pasted(text: &str, options: &Options, take: &mut impl FnMut(Failure)) {
    let traces = find(text);
    // Among other failures a stopped program is none; alone it is what was asked about.
    let alone = traces.len() == 1;
    for trace in traces {
        #[cfg(feature = "logs")]
        if !alone && is_process_warning(&trace, text) {
            continue;
        }
        if !alone && is_stop(&trace) {
            continue;
        }
        let before = text::until(text, trace.start);
        let line = 1 + before.bytes().filter(|b| *b == b'\n').count();
        let origin = Origin {
            source: text::owned(&options.source),
            line: line as u64,
            offset: trace.start as u64,
        };
        take(complete(trace, Context::at(origin), options));
    }
}

/// The traces of one text: Python's, or else JavaScript's.
pub(crate) fn find(text: &str) -> Vec<Trace> {
    #[cfg(feature = "python")]
    {
        let traces = trace::python::find(text);
        if !traces.is_empty() {
            return traces;
        }
    }
    trace::javascript::find(text)
}

/// Whether an operator stopped the program (Ctrl-C): no bug.
pub(crate) fn is_stop(trace: &Trace) -> bool {
    trace.exceptions.last().is_some_and(|e| {
        e.type_name.as_deref() == Some("KeyboardInterrupt") && e.group_path.is_empty()
    })
}

// (node:4242) MaxListenersExceededWarning: Possible EventEmitter memory leak detected.
/// Whether Node warns, with the stack of where it noticed. Of a rejection that nobody handled it warned of old.
#[cfg(feature = "logs")]
pub(crate) fn is_process_warning(trace: &Trace, text: &str) -> bool {
    let kind = trace
        .exceptions
        .first()
        .and_then(|e| e.type_name.as_deref());
    let is_warning = kind.is_some_and(|kind| {
        kind.ends_with("Warning") && kind != "UnhandledPromiseRejectionWarning"
    });
    let before = text.get(..trace.start).unwrap_or(text);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    trace.platform == crate::model::Platform::JavaScript
        && is_warning
        && text
            .get(line..)
            .is_some_and(|line| line.starts_with("(node:"))
}

/// Largest text that may be one pasted trace; more is a log.
#[cfg(feature = "logs")]
const BARE_LIMIT: usize = 256 * 1024;

/// Whether the text is one trace (or several) and nothing that a log would put around it.
#[cfg(feature = "logs")]
fn is_bare_trace(input: &[u8]) -> bool {
    if input.len() > BARE_LIMIT || std::str::from_utf8(input).is_err() {
        return false;
    }
    !crate::record::looks_like_log(input)
}
