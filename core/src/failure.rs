//! A failure from a trace and from what its record says: in-app marks, fingerprint, pattern and title are added.

use alloc::string::String;

use crate::model::{Failure, Options, Origin, StackEntry, Trace};
use crate::{fingerprint, normalize, pattern, text};

/// What the record around a trace says about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub level: Option<String>,
    pub logger: Option<String>,
    pub timestamp: Option<String>,
    pub log_message: Option<String>,
    /// JSON of what was captured beside the failure.
    #[cfg(feature = "logs")]
    pub captured: Option<String>,
    pub origin: Origin,
}

impl Context {
    /// Nothing is known but the place.
    pub(crate) fn at(origin: Origin) -> Context {
        Context {
            origin,
            ..Context::default()
        }
    }
}

/// A failure from a trace: in-app marks, fingerprint, pattern and title are added.
pub(crate) fn complete(trace: Trace, context: Context, options: &Options) -> Failure {
    let mut exceptions = trace.exceptions;
    for exception in &mut exceptions {
        for entry in &mut exception.frames {
            if let StackEntry::Frame(frame) = entry {
                frame.in_app = normalize::is_in_app(trace.platform, frame, options);
            }
        }
    }
    // A message-only failure has nothing but its text to be told apart by.
    let told_by_text = exceptions.iter().all(|e| e.frames.is_empty());
    let text = context.log_message.as_deref().filter(|_| told_by_text);
    let mut failure = Failure {
        platform: trace.platform,
        fingerprint: fingerprint::fingerprint(trace.platform, &exceptions, text),
        family: fingerprint::family(trace.platform, &exceptions, text),
        exceptions,
        pattern: String::new(),
        title: String::new(),
        level: context.level,
        logger: context.logger,
        timestamp: context.timestamp,
        log_message: context.log_message,
        count: 1,
        partial: trace.partial,
        origin: context.origin,
        notes: trace.notes,
        #[cfg(feature = "logs")]
        captured: context.captured,
    };
    failure.pattern = text::owned(pattern::classify(&failure));
    failure.title = pattern::title(&failure);
    failure
}
