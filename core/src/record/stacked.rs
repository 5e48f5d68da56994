//! A traceback of which every line has a header of its own: a stream that writes to a logger or through a tool that puts
//! the time before each line, or a formatter that repeats its header.

use std::borrow::Cow;

use super::header::{self, Header, Kind};
use super::json_value::{self, Value};
use super::word::Word;

static FRAME: Word = Word::new("    at ");
static HEADER: Word = Word::new("Traceback (most recent call last):");

const TRACEBACK: &[u8] = b"Traceback (most recent call last):";
const GROUP: &[u8] = b"  + Exception Group Traceback (most recent call last):";
/// Longest header.
const LONGEST: usize = 200;
/// Longer records above a traceback are not compared with it.
const LONGEST_ABOVE: usize = 4 << 10;

/// A traceback that began behind a header and may go on behind others like it.
#[derive(Debug)]
pub(crate) struct Stack {
    form: Form,
    at: At,
    /// The record above it, of several lines: it may say what the exception says.
    above: Vec<u8>,
}

/// How its lines stand in those of the log.
#[derive(Debug)]
enum Form {
    Prefix(Prefix),
    Object(Object),
}

/// The line with which it began, up to the traceback.
#[derive(Debug)]
struct Prefix {
    text: Vec<u8>,
    kind: Kind,
    /// Where the time stands in it.
    stamp: std::ops::Range<usize>,
}

// {"unix":1795794275,"msg":"Traceback (most recent call last):"}
/// An object for each line.
#[derive(Debug)]
struct Object {
    /// What the line stands under.
    key: String,
    keys: Vec<String>,
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
    /// A frame of a script engine, or a property below it.
    Script,
}

impl Stack {
    /// A traceback's first line behind a header.
    pub(crate) fn begin(text: &[u8], header: &Header) -> Option<Stack> {
        let form = if header.kind == Kind::Json {
            Form::Object(Object::begin(text)?)
        } else {
            Form::Prefix(Prefix::begin(text, header)?)
        };
        Some(Stack {
            form,
            at: At::Frames,
            above: Vec::new(),
        })
    }

    /// The first frame of a script engine behind the header of the line above, and what is left of it.
    // 2026-11-27 15:46:33 +00:00: TypeError: x is null
    // 2026-11-27 15:46:33 +00:00:     at f (/srv/app.js:4:42)
    pub(crate) fn script<'t>(
        above: &[u8],
        text: &'t [u8],
        header: &Header,
    ) -> Option<(Stack, &'t [u8])> {
        let at = FRAME.find(&text[..text.len().min(LONGEST)])?;
        let own = header::recognise(above)?;
        let stamp = own.timestamp.clone()?;
        let prefix = Prefix {
            text: above.get(..at)?.to_vec(),
            kind: own.kind,
            stamp,
        };
        let is_frame =
            own.message == at && prefix.stamp.end <= at && prefix.is_like(text, header, at);
        is_frame.then(|| {
            let stack = Stack {
                form: Form::Prefix(prefix),
                at: At::Script,
                above: Vec::new(),
            };
            (stack, &text[at..])
        })
    }

    /// Keeps what the record above says below its first line.
    pub(crate) fn stands_below(&mut self, above: &[u8]) {
        if let Some(end) = memchr::memchr(b'\n', above)
            && above.len() <= LONGEST_ABOVE
        {
            self.above = above[end + 1..].to_vec();
        }
    }

    /// The line that is left of the first one, where what stands around it tells nothing.
    pub(crate) fn first(&self, text: &[u8]) -> Option<Vec<u8>> {
        match &self.form {
            Form::Prefix(_) => None,
            Form::Object(object) => object.text(text),
        }
    }

    /// The program's own line and the line of the traceback that begins below it, where both stand behind the same: `above`
    /// is the line above.
    pub(crate) fn below(&self, above: &[u8], text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let (own, rest) = match &self.form {
            Form::Prefix(prefix) => {
                let at = prefix.text.len();
                let header = header::recognise(above)?;
                prefix.is_like(above, &header, at).then_some(())?;
                (above.get(at..)?.to_vec(), text.get(at..)?.to_vec())
            }
            Form::Object(object) => (object.text(above)?, object.text(text)?),
        };
        header::recognise(&own)?.level?;
        Some((own, rest))
    }

    /// What a line adds to the traceback, its header taken off; `None`: it is read as any other.
    pub(crate) fn goes_on<'t>(&mut self, text: &'t [u8], header: &Header) -> Option<Cow<'t, [u8]>> {
        let rest = match &self.form {
            Form::Prefix(prefix) => {
                prefix.is_next(text, header).then_some(())?;
                Cow::Borrowed(text.get(prefix.text.len()..).unwrap_or_default())
            }
            Form::Object(object) => Cow::Owned(object.text(text)?),
        };
        let is_blank = rest.trim_ascii().is_empty();
        self.at = match self.at {
            At::Frames if is_blank || rest.starts_with(b"  ") => At::Frames,
            At::Frames if names_exception(&rest) => At::Exception,
            At::Exception if is_banner(&rest) => At::Banner,
            At::Exception if is_blank || self.is_said(&rest) => At::Exception,
            At::Banner if *rest == *TRACEBACK => At::Frames,
            At::Banner if is_blank => At::Banner,
            At::Script if is_blank || rest.starts_with(b" ") || *rest == *b"}" => At::Script,
            _ => return None,
        };
        Some(rest)
    }

    /// Whether the record above, which tells the exception's message as well, has this line.
    fn is_said(&self, line: &[u8]) -> bool {
        let mut lines = self.above.split(|byte| *byte == b'\n');
        lines.any(|said| !line.is_empty() && said.trim_ascii_end() == line.trim_ascii_end())
    }

    /// Whether a line is the next one of the same process, by the same logger.
    pub(crate) fn is_next(&self, text: &[u8], header: &Header) -> bool {
        match &self.form {
            Form::Prefix(prefix) => prefix.is_next(text, header),
            Form::Object(object) => object.text(text).is_some(),
        }
    }
}

impl Object {
    fn begin(text: &[u8]) -> Option<Object> {
        HEADER.is_in(text).then_some(())?;
        let value = object(text)?;
        let begins = |(_, value): &&(String, Value)| {
            let line = value.text().map(str::trim_end).map(str::as_bytes);
            line == Some(TRACEBACK) || line == Some(GROUP)
        };
        let (key, _) = value.entries().iter().find(begins)?;
        Some(Object {
            key: key.clone(),
            keys: keys(&value),
        })
    }

    /// The line in an object with the same keys.
    fn text(&self, text: &[u8]) -> Option<Vec<u8>> {
        let value = object(text)?;
        let line = value
            .get(&self.key)
            .and_then(Value::text)?
            .trim_end_matches('\n');
        (keys(&value) == self.keys && !line.contains('\n')).then(|| line.as_bytes().to_vec())
    }
}

fn object(text: &[u8]) -> Option<Value> {
    text.first().filter(|c| **c == b'{')?;
    let (value, _) = json_value::parse(std::str::from_utf8(text).ok()?)?;
    Some(value)
}

fn keys(value: &Value) -> Vec<String> {
    value.entries().iter().map(|(key, _)| key.clone()).collect()
}

impl Prefix {
    fn begin(text: &[u8], header: &Header) -> Option<Prefix> {
        let prefix = text
            .strip_suffix(GROUP)
            .or_else(|| text.strip_suffix(TRACEBACK))?;
        let stamp = header.timestamp.clone().unwrap_or_default();
        // A header ends before the blanks that indent the frame of a group.
        let is_header = header.message <= prefix.len() + 2 && stamp.end <= prefix.len();
        (is_header && (1..=LONGEST).contains(&prefix.len())).then(|| Prefix {
            text: prefix.to_vec(),
            kind: header.kind,
            stamp,
        })
    }

    fn is_next(&self, text: &[u8], header: &Header) -> bool {
        // Blanks at the end of a line may be lost.
        let length = self.text.trim_ascii_end().len();
        self.is_like(text, header, length.max(self.stamp.end))
    }

    /// Whether a line begins as the first one did, but for its time.
    fn is_like(&self, text: &[u8], header: &Header, length: usize) -> bool {
        let prefix = self.text.as_slice();
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
