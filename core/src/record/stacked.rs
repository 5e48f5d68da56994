//! A traceback of which every line has a header of its own: a stream that writes to a logger or through a tool that puts
//! the time before each line, or a formatter that repeats its header.

use super::header::{self, Header, Kind};

const TRACEBACK: &[u8] = b"Traceback (most recent call last):";
const GROUP: &[u8] = b"  + Exception Group Traceback (most recent call last):";
/// Longest header.
const LONGEST: usize = 200;

/// A traceback that began behind a header and may go on behind others like it.
#[derive(Debug)]
pub(crate) struct Stack {
    /// The line with which it began, up to the traceback.
    prefix: Vec<u8>,
    kind: Kind,
    /// Where the time stands in it.
    stamp: std::ops::Range<usize>,
    at: At,
}

/// What the last of its lines was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// The traceback's header or one of its entries.
    Frames,
    /// The exception.
    Exception,
    /// `During handling of the above exception, another exception occurred:`
    Banner,
}

impl Stack {
    /// A traceback's first line behind a header.
    pub(crate) fn begin(text: &[u8], header: &Header) -> Option<Stack> {
        let prefix = text
            .strip_suffix(GROUP)
            .or_else(|| text.strip_suffix(TRACEBACK))?;
        let stamp = header.timestamp.clone().unwrap_or_default();
        // A header ends before the blanks that indent the frame of a group.
        let is_header = header.message <= prefix.len() + 2 && stamp.end <= prefix.len();
        (is_header && (1..=LONGEST).contains(&prefix.len())).then(|| Stack {
            prefix: prefix.to_vec(),
            kind: header.kind,
            stamp,
            at: At::Frames,
        })
    }

    /// Where the program's own header stands in a line that has the same one before it.
    pub(crate) fn own_header(&self, text: &[u8]) -> Option<usize> {
        let at = self.prefix.len();
        let own = text.get(at..)?;
        let is_like = self.is_like(text, &header::recognise(text)?, at);
        (is_like && header::recognise(own)?.level.is_some()).then_some(at)
    }

    /// What a line adds to the traceback, its header taken off; `None`: it is read as any other.
    pub(crate) fn goes_on<'t>(&mut self, text: &'t [u8], header: &Header) -> Option<&'t [u8]> {
        if !self.is_next(text, header) {
            return None;
        }
        let rest = text.get(self.prefix.len()..).unwrap_or_default();
        let is_blank = rest.trim_ascii().is_empty();
        self.at = match self.at {
            At::Frames if is_blank || rest.starts_with(b"  ") => At::Frames,
            At::Frames if names_exception(rest) => At::Exception,
            At::Exception if is_banner(rest) => At::Banner,
            At::Exception if is_blank => At::Exception,
            At::Banner if rest == TRACEBACK => At::Frames,
            At::Banner if is_blank => At::Banner,
            _ => return None,
        };
        Some(rest)
    }

    /// Whether a line is the next one of the same process, by the same logger.
    pub(crate) fn is_next(&self, text: &[u8], header: &Header) -> bool {
        // Blanks at the end of a line may be lost.
        let length = self.prefix.trim_ascii_end().len();
        self.is_like(text, header, length.max(self.stamp.end))
    }

    /// Whether a line begins as the first one did, but for its time.
    fn is_like(&self, text: &[u8], header: &Header, length: usize) -> bool {
        let prefix = self.prefix.as_slice();
        let is_stamp = |stamp: &[u8]| {
            let mut pairs = stamp.iter().zip(&prefix[self.stamp.clone()]);
            pairs.all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit())
        };
        header.kind == self.kind
            && text.len() >= length
            && is_stamp(&text[self.stamp.clone()])
            && text[..self.stamp.start] == prefix[..self.stamp.start]
            && text[self.stamp.end..length] == prefix[self.stamp.end..length]
    }
}

/// `KeyError: 'a'`, `shop.Declined`: below the frames any name is an exception's.
fn names_exception(rest: &[u8]) -> bool {
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'<' | b'>');
    let length = rest.iter().take_while(|c| is_part(c)).count();
    rest.first()
        .is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && matches!(rest.get(length), None | Some(b':'))
}

fn is_banner(rest: &[u8]) -> bool {
    rest.starts_with(b"The above exception was")
        || rest.starts_with(b"During handling of the above")
}
