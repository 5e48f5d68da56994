//! What was found in a record, from what it says about itself to a failure that only lacks its place.

use std::sync::Arc;

use super::client;
use super::framer::Place;
use super::header::level;
use crate::failure::{Context, complete};
use crate::model::{Failure, Options, Origin, Trace};

/// What is known about a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meta {
    pub level: Option<String>,
    pub logger: Option<String>,
    pub timestamp: Option<String>,
    pub message: Option<String>,
    /// How its header stands there.
    pub form: Form,
}

/// A header without its time: what it says, and the order in which it says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Form {
    said: u64,
    layout: u64,
}

impl Form {
    pub(crate) fn of(header: &[u8], time: Option<std::ops::Range<usize>>) -> Form {
        use std::hash::{DefaultHasher, Hasher};
        let (mut said, mut layout) = (DefaultHasher::new(), DefaultHasher::new());
        let time = time.unwrap_or(0..0);
        let is_word = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
        let mut within = false;
        for (at, byte) in header.iter().enumerate() {
            if time.contains(&at) {
                continue;
            }
            said.write_u8(*byte);
            if !is_word(*byte) || !within {
                layout.write_u8(if is_word(*byte) { b'a' } else { *byte });
            }
            within = is_word(*byte);
        }
        Form {
            said: said.finish(),
            layout: layout.finish(),
        }
    }

    /// Whether two headers are of one format.
    pub(crate) fn is_like(self, other: Form) -> bool {
        self.layout == other.layout
    }

    /// Whether two headers of one format say different things: of another thread, another process.
    pub(crate) fn is_of_another(self, other: Form) -> bool {
        self.layout == other.layout && self.said != other.said
    }
}

impl Meta {
    pub(crate) fn severity(&self) -> Option<level::Severity> {
        self.level.as_deref().and_then(level::severity)
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity() >= Some(level::Severity::Error)
    }

    /// Logged as nothing that matters.
    pub(crate) fn is_harmless(&self) -> bool {
        self.severity().is_some_and(|s| s <= level::Severity::Info)
    }

    pub(crate) fn finding(&self, trace: Trace) -> Finding {
        Finding {
            trace,
            context: Context {
                level: self.level.clone(),
                logger: self.logger.clone(),
                timestamp: self.timestamp.clone(),
                log_message: self.message.clone(),
                captured: None,
                origin: Origin::default(),
            },
            message_only: false,
            place: None,
            form: self.form,
        }
    }
}

/// A failure of a record that has not met its neighbours yet.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub trace: Trace,
    pub context: Context,
    /// Nothing but a message.
    pub message_only: bool,
    /// Where it stands, if that is not where the record begins.
    pub place: Option<Place>,
    /// How the record's header stands there.
    pub form: Form,
}

/// What a record holds.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub findings: Vec<Finding>,
    /// The record is a part of a browser error that is spread over several.
    pub part: Option<(client::Part, Meta)>,
}

/// A failure of a record, complete but for its place.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// Shared by all records that were written alike; their times are not its own.
    pub failure: Arc<Failure>,
    pub timestamp: Option<String>,
    pub message_only: bool,
    pub place: Option<Place>,
    /// Its exceptions, as one number.
    pub same: u64,
    /// How the record's header stands there.
    pub form: Form,
}

/// In-app marks, fingerprint, pattern and title of a finding.
pub(crate) fn settle(finding: Finding, options: &Options) -> Settled {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    finding.trace.exceptions.hash(&mut hasher);
    let mut failure = complete(finding.trace, finding.context, options);
    failure.origin.source.clone_from(&options.source);
    Settled {
        message_only: finding.message_only,
        place: finding.place,
        form: finding.form,
        same: hasher.finish(),
        timestamp: failure.timestamp.clone(),
        failure: Arc::new(failure),
    }
}

/// Says where a failure stands.
pub(crate) fn finish(settled: Settled, first: Place) -> Found {
    let place = settled.place.unwrap_or(first);
    Found {
        failure: settled.failure,
        timestamp: settled.timestamp,
        line: place.number,
        offset: place.offset,
    }
}

/// A failure that may share what it says with others: a program that fails logs the same lines again and again.
#[derive(Debug, Clone)]
pub struct Found {
    /// What happened. Its time, line and offset are those of one of the records that say the same.
    pub failure: Arc<Failure>,
    /// As logged.
    pub timestamp: Option<String>,
    /// 1-based line at which it stands.
    pub line: u64,
    /// Byte offset of that line.
    pub offset: u64,
}

impl Found {
    /// The failure with its own time and place.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let mut failure = Arc::unwrap_or_clone(self.failure);
        failure.timestamp = self.timestamp;
        failure.origin.line = self.line;
        failure.origin.offset = self.offset;
        failure
    }
}
