//! Undoes what formatters and transports did to a traceback's lines: joined on one line with escapes or marks, quoted as a
//! `repr`, set apart by blank lines or behind bars.

use super::collapsed;
use super::json_value;
use super::word::{Word, any_in};
use crate::trace;

// f@http://host/a.js:1:2
fn is_script_frame(line: &str) -> bool {
    line.contains('@') && line.contains("://") && line.ends_with(|c: char| c.is_ascii_digit())
}

/// The text with one-line escapes of line ends resolved, where it holds a trace written so.
pub(crate) fn unfold(text: &str) -> Option<String> {
    // Traceback (most recent call last):#012  File …
    if text.contains("#012")
        && (text.contains(":#012")
            || text.contains("#012  ")
            || text.contains("#012Traceback")
            || text.split("#012").skip(1).any(is_script_frame))
    {
        return Some(text.replace("#012", "\n").replace("#011", "\t"));
    }
    // Traceback (most recent call last):\r<nbsp><nbsp>File …
    if text.contains('\r')
        && (text.contains("\rTraceback") || text.contains("\r\u{a0}") || text.contains("\r  "))
    {
        return Some(text.replace('\r', "\n").replace('\u{a0}', " "));
    }
    let plain = without_objects(text)
        .or_else(|| said_once(text))
        .or_else(|| typed_above(text))
        .or_else(|| outermost_first(text))
        .or_else(|| died_in_line(text))
        .or_else(|| without_bars(text))
        .or_else(|| joined(text))
        .or_else(|| collapsed::expand(text))
        .or_else(|| unquoted_lines(text))
        .or_else(|| with_header(text));
    if let Some(whole) = plain {
        return Some(whole);
    }
    // Traceback (most recent call last):\n  File …
    // Source lines quote escapes as well: a record that was folded has hardly any line end of its own.
    let folded = || {
        let escapes = memchr::memmem::find_iter(text.as_bytes(), "\\n").count();
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        escapes > 2 * lines
            && !text
                .lines()
                .any(|line| line.trim_start().starts_with("File \""))
    };
    if text.contains("\\n") && !text.contains("last):\n") && folded() {
        // 'Traceback (most recent call last):\n  File …\nKeyError: \'b\''
        if let Some(unquoted) = unquote(text) {
            return Some(unquoted);
        }
        let quoted = ["\\n  File \\\"", "\\n    at "]
            .iter()
            .any(|mark| text.contains(mark))
            || text.split("\\n").skip(1).any(is_script_frame);
        if quoted {
            return Some(json_value::unescape(text));
        }
        if text.contains("last):\\n") || text.contains("\\n  File \"") {
            return Some(escaped_lines(text, "\\n"));
        }
    }
    None
}

const TRACEBACK: &str = "Traceback (most recent call last):";
static BEGINS: Word = Word::new("Traceback (most recent call last):");

// KeyError: 'sku'
//
// Stack Trace:
//   File "/srv/jobs.py", line 4, in load
//
// The above exception was caused by the following exception:
/// The text with tracebacks as Python prints them in place of Dagster's: the type above its frames, the cause below.
fn outermost_first(text: &str) -> Option<String> {
    const MARK: &str = "\nStack Trace:\n";
    const CAUSE: &str = "\nThe above exception was caused by the following exception:\n";
    const ABOVE: &str =
        "\n\nThe above exception was the direct cause of the following exception:\n\n";
    static STACK: Word = Word::new("\nStack Trace:\n  File \"");
    STACK.find(text.as_bytes())?;
    let mut prefix = "";
    let mut chain: Vec<String> = Vec::new();
    for (index, part) in text.split(CAUSE).enumerate() {
        let (head, frames) = part.split_once(MARK)?;
        let head = head.trim_end();
        let named = match head.rfind("\n\n").filter(|_| index == 0) {
            Some(at) => {
                prefix = &head[..at];
                &head[at + 2..]
            }
            None => head,
        };
        let frames = frames.trim_end();
        if named.is_empty() || !frames.starts_with("  File \"") {
            return None;
        }
        chain.push(format!("{TRACEBACK}\n{frames}\n{named}"));
    }
    chain.reverse();
    Some(format!("{prefix}\n{}", chain.join(ABOVE)))
}

// test_shop.py .Fatal Python error: Aborted
/// The text with what a process died of on a line of its own, where it was printed behind something without a line end.
fn died_in_line(text: &str) -> Option<String> {
    static DEATH: Word = Word::new("Fatal Python error: ");
    let at = DEATH.find(text.as_bytes())?;
    let before = text.get(..at.checked_sub(1)?)?;
    let is_glued = matches!(text.as_bytes().get(at - 1), Some(b'.' | b' ' | b'%' | b's'))
        && text[at..].contains("(most recent call first):");
    is_glued.then(|| format!("{before}\n{}", &text[at..]))
}

// Result: Failure
// Exception: KeyError: 'sku'
// Stack:   File "/srv/app.py", line 8, in main
/// The text with a traceback in place of the type, the message and the frames, as the host of Azure Functions prints them.
fn typed_above(text: &str) -> Option<String> {
    static STACK: Word = Word::new("\nStack:   File \"");
    let stack = STACK.find(text.as_bytes())?;
    let said = text[..stack].find("\nException: ")?;
    let named = &text[said + "\nException: ".len()..stack];
    let frames = &text[stack + "\nStack: ".len()..];
    let frames = frames.trim_end().strip_suffix("\n.").unwrap_or(frames);
    let frames = frames.trim_end();
    Some(format!("{}\n{TRACEBACK}\n{frames}\n{named}", &text[..said]))
}

//     at f (/srv/a.js:1:2) {"orderId":7}
/// The text without the objects that a logger put behind a stack's last frame.
fn without_objects(text: &str) -> Option<String> {
    let place = |line: &str| {
        let body = line.trim_start();
        if body.len() == line.len() || !body.starts_with("at ") || !body.ends_with('}') {
            return None;
        }
        let at = line.find(" {")?;
        let frame = line[..at].strip_suffix(')').unwrap_or(&line[..at]);
        frame.ends_with(|c: char| c.is_ascii_digit()).then_some(at)
    };
    if !text.contains("}") || !text.lines().any(|line| place(line).is_some()) {
        return None;
    }
    let lines = text.split('\n');
    let cut = lines.map(|line| place(line).map_or(line, |at| &line[..at]));
    Some(cut.collect::<Vec<_>>().join("\n"))
}

// JS error: Uncaught Error: first
// second
// Error: first
// second
//     at f (http://h/a.js:1:2)
/// The text without a message of several lines that the stack below it says again.
fn said_once(text: &str) -> Option<String> {
    const LONGEST: usize = 100;
    static FRAME: Word = Word::new("\n    at ");
    FRAME.find(text.as_bytes())?;
    let lines: Vec<&str> = text.split('\n').collect();
    let (first, again) = (2..lines.len()).find_map(|again| {
        let head = lines[again];
        let is_error = trace::javascript::class::named(head).is_some_and(|n| n.start == 0)
            || head.starts_with("Error: ");
        let from = again
            .saturating_sub(LONGEST)
            .max(again.saturating_sub(lines.len() - again));
        let is_said = |first: &usize| {
            let below = lines.get(2 * again - first);
            below.is_some_and(|below| below.starts_with("    at "))
                && lines[*first].ends_with(head)
                && lines[again + 1..].starts_with(&lines[first + 1..again])
        };
        let first = is_error.then(|| (from..again - 1).find(is_said))??;
        let below = lines.get(again + (again - first))?;
        below.starts_with("    at ").then_some((first, again))
    })?;
    let before = lines[first].strip_suffix(lines[again])?;
    let before = before.strip_suffix("Uncaught ").unwrap_or(before);
    let kept = lines[..first].iter().copied().chain([before]);
    Some(
        kept.chain(lines[again..].iter().copied())
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

//   | Traceback (most recent call last):
//   |   File "a.py", line 1, in f
/// The text without the bars that a formatter put before every line but the first.
fn without_bars(text: &str) -> Option<String> {
    const BAR: &str = "\n  | ";
    static HEADER: Word = Word::new("\n  | Traceback (most recent call last):");
    HEADER.is_in(text.as_bytes()).then_some(())?;
    let lines = memchr::memchr_iter(b'\n', text.trim_end().as_bytes()).count();
    let barred = memchr::memmem::find_iter(text.as_bytes(), BAR).count();
    (lines == barred).then(|| text.replace(BAR, "\n"))
}

//   err: "TypeError: x is null\n" +
//     '    at f (/srv/a.js:1:2)\n' +
//     '    at g (/srv/a.js:3:4)',
/// The text with the lines of a stack that Node printed as quoted texts in place of these.
fn unquoted_lines(text: &str) -> Option<String> {
    static FRAMES: [Word; 2] = [Word::new("'    at "), Word::new("\"    at ")];
    if !any_in(&FRAMES, text.as_bytes()) {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut is_below = false;
    for line in lines.iter().rev() {
        let said = quoted_line(line);
        let is_frame = said
            .as_ref()
            .is_some_and(|(_, said)| said.starts_with("    at "));
        match said {
            Some((before, said)) if is_frame || is_below => {
                let indent = &line[..line.len() - line.trim_start().len()];
                out.push(format!("{indent}{before}{}", said.trim_end_matches('\n')));
                is_below = true;
            }
            _ => {
                out.push((*line).to_owned());
                is_below = false;
            }
        }
    }
    out.reverse();
    Some(out.join("\n"))
}

/// What stands before a quoted text that ends a line (`err: `), and the text.
fn quoted_line(line: &str) -> Option<(&str, String)> {
    let body = line.trim_start();
    let key = body
        .bytes()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == b'_')
        .count();
    let value = match body[key..].strip_prefix(": ") {
        Some(value) => value,
        None if key == 0 => body,
        None => return None,
    };
    let (said, used) = json_value::quoted(value)?;
    let rest = value[used..].trim();
    matches!(rest, "" | "+" | ",").then(|| (&body[..body.len() - value.len()], said))
}

// sync failed
//   File "/srv/app.py", line 6, in <module>
//     f()
// KeyError: 'q'
/// The text with the header that `traceback.format_tb` leaves out.
fn with_header(text: &str) -> Option<String> {
    static FRAME: Word = Word::new("\n  File \"");
    if BEGINS.is_in(text.as_bytes()) {
        return None;
    }
    let at = FRAME.find(text.as_bytes())?;
    let line = text[at + 1..].lines().next()?;
    let is_frame = line.contains("\", line ") && line.contains(", in ");
    let is_named = || text[at..].lines().any(is_type);
    (is_frame && is_named()).then(|| format!("{}\n{TRACEBACK}{}", &text[..at], &text[at..]))
}

// job failed | Traceback (most recent call last): |   File "a.py", line 1, in f |     g() | KeyError: 1
/// The lines of a traceback that a formatter joined with something else than a line's end.
fn joined(text: &str) -> Option<String> {
    const LONGEST: usize = 8;
    let at = BEGINS.find(text.as_bytes())? + TRACEBACK.len();
    let rest = text.get(at..)?;
    let length = rest
        .find("  File \"")
        .filter(|length| (1..=LONGEST).contains(length))?;
    let joint = &rest[..length];
    if joint.contains(['\n', '\\', '\r']) || rest.contains("\n  ") {
        return None;
    }
    if joint != " " {
        return Some(escaped_lines(text, joint));
    }
    let mut out = text[..at].to_owned();
    let mut frames = rest.split("   File \"").skip(1).peekable();
    while let Some(frame) = frames.next() {
        out.push_str("\n  File \"");
        let Some((place, source)) = frame.split_once("     ") else {
            out.push_str(frame);
            continue;
        };
        out.push_str(place);
        out.push_str("\n    ");
        let end = match frames.peek() {
            Some(_) => source.len(),
            None => type_within(source).unwrap_or(source.len()),
        };
        out.push_str(&source[..end]);
        if end < source.len() {
            out.push('\n');
            out.push_str(source[end..].trim_start());
        }
    }
    Some(out)
}

/// Where behind a statement on the same line the exception is named.
fn type_within(text: &str) -> Option<usize> {
    text.match_indices(' ').map(|(at, _)| at).find(|at| {
        let named = trace::python::exception_line(&text[at + 1..]);
        named.is_some_and(|(_, kind, _)| kind.ends_with("Error") || kind.ends_with("Exception"))
            && !text[..*at].ends_with("except")
    })
}

/// The text with a traceback that was logged as its `repr` in place of the quoted one, on a line of its own.
fn unquote(text: &str) -> Option<String> {
    const MOST_QUOTES: usize = 16;
    let at = BEGINS.find(text.as_bytes())?;
    let quotes = memchr::memchr2_iter(b'\'', b'"', &text.as_bytes()[..at]);
    quotes.take(MOST_QUOTES).find_map(|open| {
        let (quoted, used) = json_value::quoted(&text[open..])?;
        let rest = text[open + used..].trim_matches(['|', ' ', '\n']);
        let before = text[..open].trim_end_matches(['|', ' ']);
        (rest.is_empty() && open + used > at).then(|| format!("{before}\n{quoted}"))
    })
}

// Traceback (most recent call last):\n\n  File "a.py", line 1, in f\n    g()\n\nKeyError: 1
/// The text without the blank lines that a logger put between the entries of a traceback when it joined them.
pub(crate) fn close_up(text: &str) -> Option<String> {
    text.contains("(most recent call last):\n\n")
        .then_some(())?;
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for (index, line) in text.split('\n').enumerate() {
        if line.is_empty() && inside {
            continue;
        }
        if index > 0 {
            out.push('\n');
        }
        out.push_str(line);
        inside = line.ends_with("(most recent call last):")
            || (inside && (line.starts_with([' ', '\t']) || line.starts_with("> ")));
    }
    Some(out)
}

/// Resolves the `\n` (or what else is the `joint`) of a traceback on one line, and leaves those alone that its source lines and paths hold:
/// among frames a line is indented or names an exception.
fn escaped_lines(text: &str, joint: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut among_frames = false;
    let pieces: Vec<&str> = text.split(joint).collect();
    for (index, piece) in pieces.iter().enumerate() {
        let body = piece.trim_start();
        // Blank lines lie before a banner, and among loguru's frames.
        let blank = piece.is_empty()
            && pieces.get(index + 1).is_none_or(|next| {
                next.is_empty()
                    || is_banner(next)
                    || next.trim_start_matches([' ', '>']).starts_with("File \"")
            });
        let header = piece.ends_with("(most recent call last):");
        let fits = index == 0
            || !among_frames
            || body.len() + 2 <= piece.len()
            || header
            || trace::python::exception_line(piece).is_some()
            || blank
            || is_banner(piece);
        if index > 0 {
            out.push_str(if fits { "\n" } else { joint });
        }
        out.push_str(piece);
        if header {
            among_frames = true;
        } else if fits && body.len() == piece.len() {
            among_frames = false;
        }
    }
    out
}

/// Whether a line is the beginning of a banner or of the header below one, as far as it goes.
pub(crate) fn begins_banner(line: &str) -> bool {
    const LEAST: usize = 2;
    line.len() >= LEAST
        && [
            "Traceback (most recent call last):",
            "The above exception was the direct cause of the following exception:",
            "During handling of the above exception, another exception occurred:",
        ]
        .iter()
        .any(|banner| banner.starts_with(line))
}

/// Whether a line says nothing but the type of an exception.
pub(crate) fn is_type(line: &str) -> bool {
    trace::python::exception_line(line).is_some()
}

/// Whether a line below frames is one of its own: the type with its message, or the header of a traceback.
pub(crate) fn opens_line(line: &str) -> bool {
    is_type(line) || line.starts_with("Traceback (most recent call last)")
}

fn is_banner(line: &str) -> bool {
    line.starts_with("The above exception was") || line.starts_with("During handling of the above")
}
