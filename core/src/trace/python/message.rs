//! Where a message of several lines ends, and which of the lines below the exception line are notes.
//!
//! Python prints the message and then each note, nothing marks the borders, and in a raw stream ordinary output follows.
//! Evidence decides: the source line of the `raise`, how the first line ends, how the next one begins.

use super::header;
use super::margin::Margin;
use super::reader::{Bounds, Reader};
use crate::model::StackEntry;

/// More lines than this below an exception line, none of them proven to be the message, are the program's output.
const MOST_NOTE_LINES: usize = 40;

/// What is known about the exception whose message is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known<'k> {
    /// The exception's stack.
    pub(super) frames: &'k [StackEntry],
    /// It is a group in a group's margin: its message ends with the number of its members.
    pub(super) group: bool,
}

impl Known<'_> {
    /// Whether a library raised it: what a message of a library has below its first line is hardly ever a note.
    fn is_library(&self) -> bool {
        const NOTES: &str = "add_note(";
        const FOLDERS: [&str; 3] = ["site-packages/", "dist-packages/", "/lib/python3."];
        let frames = || self.frames.iter().filter_map(StackEntry::frame);
        let last = frames().next_back().and_then(|frame| frame.file.as_deref());
        let is_noted =
            frames().any(|f| f.source_line.as_deref().is_some_and(|s| s.contains(NOTES)));
        !is_noted
            && last.is_some_and(|file| {
                let file = file.replace('\\', "/");
                // CPython's own tests lie in its library.
                let is_test = file.contains("/test/");
                FOLDERS
                    .iter()
                    .any(|folder| file.contains(folder) && !is_test)
                    || file.ends_with(".pyx")
            })
    }

    /// Source of the innermost frame, usually the `raise`.
    fn source(&self) -> Option<&str> {
        let last = self.frames.iter().rev().find_map(StackEntry::frame)?;
        last.source_line.as_deref()
    }

    /// Whether the statement that raised goes on below the line that is shown, so that its literals are not known:
    /// `raise ValueError(`.
    fn is_cut(&self) -> bool {
        self.source().is_some_and(|source| {
            source.starts_with("raise ") && !source.contains('\n') && brackets(source) > 0
        })
    }
}

/// A message, its notes and the first line behind both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
    pub(super) next: usize,
}

/// Reads on below exception line `at`, whose own part of the message is `first`.
pub(super) fn read(
    reader: &Reader<'_>,
    margin: &Margin,
    at: usize,
    first: Option<&str>,
    known: Known<'_>,
) -> Message {
    let mut body = Body {
        text: first.unwrap_or("").to_owned(),
        notes: Vec::new(),
        noting: first.is_none_or(closes_group) && !reader.is_older_than_notes(),
        open: first.is_some_and(is_open) || (known.group && !first.is_some_and(closes_group)),
        cut: known.is_cut(),
        quoting: false,
        brackets: brackets(first.unwrap_or("")),
        no_notes: reader.is_older_than_notes() || known.is_library(),
    };
    if first == Some("")
        && let Some(next) = quoted(reader, margin, at + 1, &mut body.text)
    {
        return body.finish(next);
    }
    let bounded = margin.depth() > 0 || reader.framed();
    let mut literal = Literal::of(known.source());
    let (mut next, mut index) = (at + 1, at + 1);
    let mut blanks: Vec<&str> = Vec::new();
    while let Some(raw) = reader.raw(index) {
        // 3.11 and 3.12 print further lines of a message without the bars of its group, but notes with them.
        let (line, bare) = match margin.strip(raw) {
            Some(line) => (line, false),
            None if reader.bare_in_group(margin, index) => (raw, true),
            None => break,
        };
        if line.trim().is_empty() {
            if reader.banner(index, margin).is_some() {
                break;
            }
            blanks.push(line);
            index += 1;
            continue;
        }
        // The program's own output that repeats the message.
        if index == at + 1 && first.is_some_and(|first| first.len() > 2 && first == line) {
            break;
        }
        let predicted = !body.noting && (bare || literal.predicts(line, blanks.len()));
        if !predicted {
            let opens = reader.opens_trace(index, margin);
            // In a record a traceback of another program is what the message quotes.
            let quotes = || reader.framed() && !body.noting;
            let quoting = opens && blanks.is_empty() && (body.announces() || quotes());
            body.quoting |= quoting;
            let foreign = opens && !body.quoting
                || header::is_break(line)
                || header::banner(line).is_some()
                || (header::starts_record(line) && !reader.framed());
            // A blank line of a message may hold blanks, one that separates is empty.
            let separates = !bounded && !body.open && reader.bounds() == Bounds::Open;
            let apart = separates
                && blanks.iter().any(|l| l.is_empty())
                && !(resumes(line) || compares(line) && body.text.contains(" != "));
            if foreign || apart {
                break;
            }
        }
        body.add(line, &blanks, predicted, margin.depth() > 0);
        blanks.clear();
        index += 1;
        next = index;
        if !bounded && body.notes.len() > MOST_NOTE_LINES {
            next -= body.notes.len();
            body.notes.clear();
            break;
        }
    }
    body.finish(next)
}

/// What was read below an exception line so far.
struct Body {
    text: String,
    /// Line by line; put together at the end.
    notes: Vec<String>,
    /// The message is over.
    noting: bool,
    /// The first line announced more.
    open: bool,
    /// What the message was made from can not be seen.
    cut: bool,
    /// The message quotes a traceback.
    quoting: bool,
    /// Brackets opened in the message and not closed.
    brackets: i64,
    /// The interpreter knows no notes, or a library would hardly add one.
    no_notes: bool,
}

impl Body {
    /// Whether the message so far announces what comes next: `child failed:`.
    fn announces(&self) -> bool {
        // ImportError: Failed to import test module: tests.test_cart
        let announced = self.text.trim_end().ends_with(':')
            || self.text.starts_with("Failed to import test module");
        !self.noting && (self.quoting || announced)
    }

    fn add(&mut self, line: &str, blanks: &[&str], predicted: bool, in_group: bool) {
        // A note stands right below what it is a note to: what has paragraphs is a message.
        self.open |= !blanks.is_empty() && !self.noting && !predicted;
        let proven = predicted || self.quoting || self.open || self.cut || self.no_notes;
        self.noting = self.noting || !(proven || self.brackets > 0 || goes_on(line));
        let lines = blanks.iter().copied().chain([line]);
        if self.noting {
            self.notes.extend(lines.map(str::to_owned));
            return;
        }
        for line in lines {
            self.text.push('\n');
            self.text.push_str(line);
            self.brackets += brackets(line);
        }
        self.noting = in_group && closes_group(line) && !self.no_notes;
    }

    fn finish(self, next: usize) -> Message {
        Message {
            text: self.text,
            notes: join_notes(self.notes),
            next,
        }
    }
}

/// `"""`, a whole traceback of another process, `"""`: message of a `RemoteTraceback`.
fn quoted(reader: &Reader<'_>, margin: &Margin, at: usize, text: &mut String) -> Option<usize> {
    let fence = reader.get(at, margin)?.trim_end();
    if fence != "\"\"\"" && fence != "'''" {
        return None;
    }
    text.push('\n');
    text.push_str(fence);
    let mut index = at + 1;
    while let Some(line) = reader.get(index, margin) {
        if header::starts_record(line) && !reader.framed() {
            break;
        }
        index += 1;
        text.push('\n');
        text.push_str(line);
        if line.trim_end() == fence {
            break;
        }
        if line.starts_with(|c: char| c.is_ascii_digit() || c == '[') && header::starts_record(line)
        {
            break;
        }
    }
    Some(index)
}

// outer (2 sub-exceptions)
fn closes_group(line: &str) -> bool {
    line.ends_with(" sub-exceptions)") || line.ends_with(" sub-exception)")
}

/// Whether the first line of a message announces more.
fn is_open(first: &str) -> bool {
    let first = first.trim_end();
    if first.is_empty() || first.ends_with([':', ',', ';', '(', '[', '{']) {
        return true;
    }
    // 3 validation errors for Invoice
    let words = first.trim_start_matches(|c: char| c.is_ascii_digit());
    words.len() < first.len() && words.starts_with(" validation error")
}

/// Brackets opened less brackets closed.
fn brackets(text: &str) -> i64 {
    text.bytes().fold(0, |sum, byte| match byte {
        b'(' | b'[' | b'{' => sum + 1,
        b')' | b']' | b'}' => sum - 1,
        _ => sum,
    })
}

/// Whether a line goes on with a message behind a blank line, whatever the text is: SQLAlchemy puts the statement below
/// what the database said, and PostgreSQL ends that with a line end.
fn resumes(line: &str) -> bool {
    ["[SQL: ", "[parameters: ", "(Background on this error"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// Whether unittest goes on to tell how two values differ.
fn compares(line: &str) -> bool {
    const STARTS: [&str; 9] = [
        "First differing element",
        "First extra element",
        "Second extra element",
        "First sequence",
        "Second sequence",
        "First list contains",
        "Second list contains",
        "First tuple contains",
        "Second tuple contains",
    ];
    ["- ", "+ ", "? ", "  "]
        .iter()
        .any(|start| line.starts_with(start))
        || STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether a line reads as a further line of the message above it rather than as a note.
fn goes_on(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "[SQL",
        "[parameters:",
        "(Background on this error",
        "LINE ",
        "DETAIL:",
        "HINT:",
        "CONTEXT:",
        "QUERY:",
        "Reason: ",
        "HTTP response",
        "First differing",
        "First list",
        "Second list",
        "- ",
        "+ ",
        "? ",
        "assert ",
        "CUDA kernel errors",
        "For debugging consider passing CUDA",
        "Compile with `TORCH",
    ];
    line.starts_with([' ', '\t', ')', ']', '}']) || STARTS.iter().any(|s| line.starts_with(s))
}

/// The string literals of a source line, cut at `\n`: what lines a message made from them will have.
struct Literal {
    pieces: Vec<String>,
    at: usize,
}

impl Literal {
    fn of(source: Option<&str>) -> Self {
        let pieces = match source {
            Some(source) if source.contains("\\n") => source
                .split("\\n")
                .skip(1)
                .take(200)
                .map(|piece| {
                    piece
                        .replace("\\\"", "\"")
                        .replace("\\'", "'")
                        .replace("\\t", "\t")
                        .replace("\\\\", "\\")
                })
                .collect(),
            _ => Vec::new(),
        };
        Literal { pieces, at: 0 }
    }

    /// Whether the literals hold this line after `blanks` empty ones. Pieces are used up in order.
    fn predicts(&mut self, line: &str, blanks: usize) -> bool {
        let Some(left) = self.pieces.get(self.at..) else {
            return false;
        };
        let Some(skipped) = left.iter().position(|piece| holds(piece, line)) else {
            return false;
        };
        if blanks > skipped {
            return false;
        }
        self.at += skipped + 1;
        true
    }
}

// piece: fake()   %s   {count} rows')
fn holds(piece: &str, line: &str) -> bool {
    if piece.starts_with(line) {
        return true;
    }
    match piece.find(['%', '{']) {
        Some(0) => true,
        Some(cut) => line.starts_with(&piece[..cut]),
        None => false,
    }
}

/// A note starts with a capital letter, a label or a quoted frame; other lines go on with the note above.
fn join_notes(lines: Vec<String>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for line in lines {
        let first = notes.is_empty();
        match notes.last_mut() {
            Some(note) if !first && !starts_note(&line) => {
                note.push('\n');
                note.push_str(&line);
            }
            _ => notes.push(line),
        }
    }
    notes
}

fn starts_note(line: &str) -> bool {
    if line.starts_with(char::is_uppercase) || line.trim_start().starts_with("File \"") {
        return true;
    }
    // hint: see row 7
    let label = line.find(':').unwrap_or(0);
    (1..=20).contains(&label)
        && line.starts_with(char::is_alphabetic)
        && line[..label]
            .chars()
            .all(|c| c.is_alphanumeric() || c == ' ')
}
