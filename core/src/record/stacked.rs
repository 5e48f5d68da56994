//! A traceback of which every line was logged as a record of its own: by a stream that writes to a logger, or by a
//! formatter that puts its header before each line.

use super::header::{Header, Kind};

const TRACEBACK: &[u8] = b"Traceback (most recent call last):";

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
    /// A traceback whose own first line is all that a record says so far.
    pub(crate) fn begin(text: &[u8], header: &Header) -> Option<Stack> {
        if text.get(header.message..) != Some(TRACEBACK) {
            return None;
        }
        let stamp = header.timestamp.clone().unwrap_or_default();
        (stamp.end <= header.message).then(|| Stack {
            prefix: text[..header.message].to_vec(),
            kind: header.kind,
            stamp,
            at: At::Frames,
        })
    }

    /// What a line adds to the traceback, its header taken off; `None`: it is read as any other.
    pub(crate) fn goes_on<'t>(
        &mut self,
        text: &'t [u8],
        header: Option<&Header>,
    ) -> Option<&'t [u8]> {
        let header = header?;
        if !self.is_like(text, header) {
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

    /// Whether a header is that of the first line, but for its time.
    fn is_like(&self, text: &[u8], header: &Header) -> bool {
        let prefix = self.prefix.as_slice();
        // Blanks at the end of a line may be lost.
        let length = prefix.trim_ascii_end().len();
        header.kind == self.kind
            && header.timestamp.clone().unwrap_or_default() == self.stamp
            && text.len() >= length
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
