//! Takes the prefix off each line of a stream that a shipper wrote (`web_1  | `, syslog, kubectl) and parts the streams
//! that were mixed. It acts only where a traceback's own lines prove the prefix.

use super::frame;
use super::header;
use super::lines::{Line, Lines};

/// More kinds of prefixes than this are not told apart.
const MOST_STREAMS: usize = 64;

/// Longer texts before a header are no prefix.
const MOST_PREFIX: usize = 200;

/// How far behind its header the first frame of a mixed stream may stand.
const MOST_BETWEEN: usize = 50;

/// A prefix: fixed text, and times that differ from line to line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Prefix {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Time,
}

/// The lines by stream: first those without a known prefix, then one list for each prefix. Nothing if no prefix was found.
pub(super) fn part<'a>(lines: &Lines<'a>) -> Option<Vec<Vec<Line<'a>>>> {
    let mut prefixes: Vec<Prefix> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(found) = header::header(&line.text) else {
            continue;
        };
        let before = &line.text[..found.column];
        let bars = before.trim_end_matches([' ', '\t']);
        // The indentation of the traceback itself is not part of the prefix, one blank behind it is.
        let indented = found.kind == header::Kind::Group;
        let cut = match indented {
            true => before.strip_suffix("  ").map_or(bars.len(), str::len),
            false => before.len(),
        };
        // Bars alone are those of an exception group.
        if before.len() > MOST_PREFIX
            || !bars.contains(char::is_alphanumeric)
            || prefixes.len() >= MOST_STREAMS
        {
            continue;
        }
        let prefix = Prefix::of(&before[..cut]);
        if !prefixes.contains(&prefix) && prefix.proven(lines, index + 1) {
            prefixes.push(prefix);
        }
    }
    if prefixes.is_empty() {
        return None;
    }
    let mut streams: Vec<Vec<Line<'a>>> = vec![Vec::new(); prefixes.len() + 1];
    for line in lines.iter() {
        let found = prefixes
            .iter()
            .enumerate()
            .find_map(|(i, prefix)| Some((i + 1, prefix.strip(&line.text)?)));
        match found {
            Some((stream, rest)) => {
                let made = Line::made(rest.to_owned().into(), line.start, line.end);
                streams[stream].push(made);
            }
            None => streams[0].push(line.clone()),
        }
    }
    Some(streams)
}

impl Prefix {
    fn of(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(rest.len());
            let (before, after) = rest.split_at(plain);
            let run = time(after);
            // One number alone is an id: `web.1`, `app[812]`.
            let groups = after[..run]
                .split(|c: char| !c.is_ascii_digit())
                .filter(|g| !g.is_empty());
            let varies = groups.count() > 1;
            let text = if varies { before } else { &rest[..plain + run] };
            match pieces.last_mut() {
                Some(Piece::Text(last)) => last.push_str(text),
                _ if text.is_empty() => {}
                _ => pieces.push(Piece::Text(text.to_owned())),
            }
            if varies {
                pieces.push(Piece::Time);
            }
            rest = &rest[plain + run..];
        }
        Prefix { pieces }
    }

    /// The line behind the prefix; a line that ends inside the prefix's last blanks is an empty one.
    fn strip<'l>(&self, line: &'l str) -> Option<&'l str> {
        let mut rest = line;
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => match rest.strip_prefix(text.as_str()) {
                    Some(after) => rest = after,
                    None if index + 1 == self.pieces.len()
                        && rest == text.trim_end()
                        && !rest.is_empty() =>
                    {
                        return Some("");
                    }
                    None => return None,
                },
                Piece::Time => {
                    let run = time(rest);
                    if run == 0 {
                        return None;
                    }
                    rest = &rest[run..];
                }
            }
        }
        Some(rest)
    }

    /// Whether a frame follows behind the same prefix.
    fn proven(&self, lines: &Lines<'_>, from: usize) -> bool {
        (from..lines.len().min(from + MOST_BETWEEN))
            .filter_map(|at| self.strip(lines.get(at)?))
            .take(3)
            .any(|line| {
                frame::opens(line.trim_start_matches([' ', '|', '\t']))
                    && line.starts_with([' ', '\t'])
            })
    }
}

/// Length of the run of digits and the marks of times at the start.
fn time(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let mark = matches!(byte, b':' | b'.' | b',' | b'-' | b'/' | b'+' | b'T');
        let goes_on =
            byte.is_ascii_digit() || (mark && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::python::find;

    #[test]
    fn times_vary_and_ids_do_not() {
        let prefix = Prefix::of("2026-01-02T03:04:05Z web.1 | ");
        assert_eq!(prefix.strip("2026-01-02 web.1 | x"), None);
        assert_eq!(
            prefix.strip("2026-11-12T23:04:06Z web.1 |   x"),
            Some("  x")
        );
        assert_eq!(prefix.strip("2026-11-12T23:04:06Z web.1 |"), Some(""));
        assert_eq!(prefix.strip("2026-11-12T23:04:06Z web.2 | x"), None);
    }

    #[test]
    fn mixed_streams_are_parted() {
        let text = "a-1 | Traceback (most recent call last):\nb-1 | hello\nb-1 | Traceback (most recent call last):\n\
                    a-1 |   File \"a.py\", line 1, in f\nb-1 |   File \"b.py\", line 2, in g\na-1 | KeyError: 'a'\n\
                    b-1 | ValueError: b\nb-1 | 12:00:00 INFO x\n";
        let found = find(text);
        let read: Vec<_> = found
            .iter()
            .map(|t| {
                let e = &t.exceptions[0];
                (
                    e.message.clone().unwrap(),
                    e.plain_frames().next().unwrap().file.clone().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                ("'a'".to_owned(), "a.py".to_owned()),
                ("b".to_owned(), "b.py".to_owned())
            ]
        );
        assert_eq!(found[0].start, 0);
    }
}
