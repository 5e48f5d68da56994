//! The plain data that flows through Gu Wu. No behaviour beyond small accessors, no parsing, no formatting.

use alloc::string::String;
use alloc::vec::Vec;

/// Where a failure happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Platform {
    /// A CPython (or PyPy) traceback.
    Python,
    /// A stack of any JavaScript engine.
    #[cfg_attr(feature = "serde", serde(rename = "javascript"))]
    JavaScript,
}

impl Platform {
    /// False for certain where Python is not read at all.
    pub(crate) fn is_python(self) -> bool {
        cfg!(feature = "python") && self == Platform::Python
    }
}

/// How an exception came from the one before it in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Relation {
    /// `raise B from A`, JavaScript `cause`.
    Cause,
    /// Raised while A was being handled.
    Context,
    /// Member of an exception group or of an `AggregateError`.
    Member,
}

/// One stack entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct Frame {
    /// As the runtime prints it, without an `async ` prefix; anonymous spellings are `None`.
    pub function: Option<String>,
    /// As printed; native places have none.
    pub file: Option<String>,
    /// 1-based line.
    pub line: Option<u32>,
    /// Column as printed (1-based in JavaScript engines); Python prints none.
    pub column: Option<u32>,
    /// The source line(s) printed below the frame, outer blanks removed, carets left out.
    pub source_line: Option<String>,
    /// The project's own code, not a library, the standard library or the runtime.
    pub in_app: bool,
    /// Printed with an `async` mark.
    #[cfg_attr(feature = "serde", serde(rename = "async"))]
    pub is_async: bool,
}

/// One entry of a printed stack: a frame, or a mark that stands for several.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize), serde(untagged))]
pub enum StackEntry {
    /// `[Previous line repeated 996 more times]`.
    Repeated {
        /// How many more times the frame before it was entered.
        repeated: u64,
    },
    /// `... 6 lines matching cause stack trace ...`, `... skipping 50 frames`.
    Elided {
        /// How many frames were left out.
        elided: u64,
    },
    /// A frame.
    Frame(Frame),
}

impl StackEntry {
    /// The frame, if this entry is one.
    pub fn frame(&self) -> Option<&Frame> {
        match self {
            StackEntry::Frame(frame) => Some(frame),
            _ => None,
        }
    }
}

/// Place of a `SyntaxError` inside the file that does not parse.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct SyntaxPlace {
    /// File that does not parse.
    pub file: Option<String>,
    /// 1-based line.
    pub line: Option<u32>,
    /// The line's text, outer blanks removed.
    pub source_line: Option<String>,
}

/// One exception of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct Exception {
    /// Class name without module; `None` for a thrown value that is no error object.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub type_name: Option<String>,
    /// Dotted module where the type was printed dotted (`sqlalchemy.exc`).
    pub module: Option<String>,
    /// Text after the type, notes excluded; empty string when the type was printed alone.
    pub message: Option<String>,
    /// PEP 678 notes, where they can be told from the message.
    pub notes: Vec<String>,
    /// How it came from the one before.
    pub relation: Option<Relation>,
    /// `[1, 0]` is the first member of the second member of a group; empty at top level.
    pub group_path: Vec<u32>,
    /// Place of a `SyntaxError`.
    pub syntax: Option<SyntaxPlace>,
    /// Oldest call first, whatever the runtime's order.
    pub frames: Vec<StackEntry>,
}

impl Exception {
    /// The frames without repetition and elision marks.
    pub fn plain_frames(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.frames.iter().filter_map(StackEntry::frame)
    }

    /// Nothing is known. Not in line: it is half a hundred stores.
    #[inline(never)]
    pub(crate) fn new() -> Exception {
        Exception::default()
    }

    /// The frames without marks, innermost first.
    #[inline(never)]
    pub(crate) fn innermost(&self) -> Vec<&Frame> {
        let mut frames = Vec::new();
        for frame in self.plain_frames().rev() {
            frames.push(frame);
        }
        frames
    }
}

/// A trace found in a text: an exception chain and the bytes that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Which runtime printed it.
    pub platform: Platform,
    /// Root cause first, the primary (what reached the top) last; members follow their group.
    pub exceptions: Vec<Exception>,
    /// Byte offset of the first byte that belongs to the trace (headers such as `Exception in thread` included).
    pub start: usize,
    /// Byte offset after the last one.
    pub end: usize,
    /// The text ended inside the trace.
    pub partial: bool,
    /// What was odd, in words.
    pub notes: Vec<String>,
}

/// Where a failure was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct Origin {
    /// File name, table or `-`.
    pub source: String,
    /// 1-based line of the record's first line (row id in a table).
    pub line: u64,
    /// Byte offset of the record's first byte.
    pub offset: u64,
}

/// One occurrence (or `count` equal, neighbouring ones) of an exception, or of an error reported without any trace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct Failure {
    /// Python or JavaScript.
    pub platform: Platform,
    /// Root cause first, primary last. A message-only failure has one exception without type and frames.
    pub exceptions: Vec<Exception>,
    /// `1:` and 16 hex digits, see docs/fingerprint.md.
    pub fingerprint: String,
    /// Looser than the fingerprint: type, message template and innermost in-app function.
    pub family: String,
    /// Pattern code, `GW101`.
    pub pattern: String,
    /// `TypeError in refresh: clear_cache() missing argument`.
    pub title: String,
    /// Level of the record as logged, in upper case (`ERROR`).
    pub level: Option<String>,
    /// Logger name as logged.
    pub logger: Option<String>,
    /// As logged.
    pub timestamp: Option<String>,
    /// The record's own text without the trace.
    pub log_message: Option<String>,
    /// How many equal occurrences this stands for (usually 1).
    pub count: u64,
    /// The text ended inside the trace.
    pub partial: bool,
    /// Where it was read.
    pub origin: Origin,
    /// What was odd, in words.
    pub notes: Vec<String>,
    /// JSON of what was captured beside the failure (docs/capture.md).
    #[cfg(feature = "logs")]
    #[cfg_attr(
        feature = "serde",
        serde(default, deserialize_with = "crate::json_text::deserialize")
    )]
    pub captured: Option<String>,
}

impl Failure {
    /// The exception that reached the top: the last one that is no group member.
    pub fn primary(&self) -> Option<&Exception> {
        primary(&self.exceptions)
    }
}

/// The exception of a chain that reached the top: the last one that is no group member.
pub fn primary(exceptions: &[Exception]) -> Option<&Exception> {
    exceptions
        .iter()
        .rev()
        .find(|e| e.group_path.is_empty())
        .or(exceptions.last())
}

/// What a caller tells about its input. Everything has a sensible default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Name of the source, for `origin.source`.
    pub source: String,
    /// Folders that hold the project's own code (absolute or relative); empty: decide by the path alone.
    pub project_roots: Vec<String>,
    /// Path parts or module prefixes that are in-app although the rules say no.
    pub in_app_include: Vec<String>,
    /// Path parts or module prefixes that are not in-app although the rules say yes.
    pub in_app_exclude: Vec<String>,
    /// Overrides the recognition of the log's format.
    pub log_format: Option<String>,
}
