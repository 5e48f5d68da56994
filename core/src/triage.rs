//! From bytes to failures in one call: frame, parse, fingerprint, classify.

use crate::model::{Failure, Options, Origin, Trace};
use crate::{fingerprint, normalize, pattern, trace};

/// Every failure of an input, in the order in which it stands there.
///
/// Never fails and never panics, whatever the bytes are.
pub fn triage(input: &[u8], options: &Options) -> Vec<Failure> {
    let text = String::from_utf8_lossy(input);
    let mut traces = trace::python::find(&text);
    if traces.is_empty() {
        traces = trace::javascript::find(&text);
    }
    traces
        .into_iter()
        .map(|trace| complete(trace, options))
        .collect()
}

fn complete(trace: Trace, options: &Options) -> Failure {
    let mut exceptions = trace.exceptions;
    for exception in &mut exceptions {
        for entry in &mut exception.frames {
            if let crate::model::StackEntry::Frame(frame) = entry {
                frame.in_app = normalize::is_in_app(trace.platform, frame, options);
            }
        }
    }
    let mut failure = Failure {
        platform: trace.platform,
        fingerprint: fingerprint::fingerprint(trace.platform, &exceptions, None),
        family: fingerprint::family(trace.platform, &exceptions, None),
        exceptions,
        pattern: String::new(),
        title: String::new(),
        level: None,
        logger: None,
        timestamp: None,
        log_message: None,
        count: 1,
        partial: trace.partial,
        origin: Origin {
            source: options.source.clone(),
            line: 1,
            offset: trace.start as u64,
        },
        notes: trace.notes,
    };
    failure.pattern = pattern::classify(&failure).to_owned();
    failure.title = pattern::title(&failure);
    failure
}
