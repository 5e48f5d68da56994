//! Stacks of script engines whose line ends a logger took out: `TypeError: x is null at f (http://h/a.js:1:2) at g (…)`.
//!
//! A place (`a.js:1:2`) ends a frame, and between two frames stands the same short joint throughout. What stands before
//! the first frame is the header.

use super::word::{Word, any_in};

/// Longer texts between two frames are none of the stack.
const LONGEST_JOINT: usize = 8;

/// The text with each frame on a line of its own. `None` where no line of it holds a whole stack.
pub(crate) fn expand(text: &str) -> Option<String> {
    static SIGNS: [Word; 3] = [Word::new(" at "), Word::new("@http"), Word::new("@file:")];
    if !any_in(&SIGNS, text.as_bytes()) {
        return None;
    }
    let mut is_any = false;
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| match frames_of(line) {
            Some(frames) => {
                is_any = true;
                written(line, &frames)
            }
            None => line.to_owned(),
        })
        .collect();
    is_any.then(|| lines.join("\n"))
}

/// A frame: where it begins and ends, and whether it is one of V8's.
struct Frame {
    start: usize,
    end: usize,
    is_v8: bool,
}

fn frames_of(line: &str) -> Option<Vec<Frame>> {
    // Line ends that are there, if escaped, are resolved elsewhere.
    if memchr::memmem::find(line.as_bytes(), b"\\n").is_some() {
        return None;
    }
    let mut frames: Vec<Frame> = Vec::new();
    let mut done = 0;
    for end in places(line) {
        let before = &line[done..end];
        let Some((start, is_v8)) = start_of(before) else {
            // at eval (eval at f (http://h/a.js:1:2), <anonymous>:3:4)
            match frames.last_mut() {
                Some(last) if before.starts_with([',', ')']) => {
                    last.end = end;
                    done = end;
                    continue;
                }
                _ => break,
            }
        };
        let start = done + start;
        let is_joined = frames.is_empty() || is_joint(&line[done..start]);
        if !is_joined {
            break;
        }
        frames.push(Frame { start, end, is_v8 });
        done = end;
    }
    let first = frames.first()?;
    let has_header = !line[..first.start].trim().is_empty();
    let is_certain = match frames.len() {
        1 => {
            first.is_v8
                && line[first.start..first.end].contains("://")
                && line[..first.end].ends_with(')')
        }
        _ => frames
            .iter()
            .all(|frame| is_file(&line[frame.start..frame.end])),
    };
    (has_header && is_certain).then_some(frames)
}

/// Ends of the places `:12:34` in a line, with the brackets that close behind them.
fn places(line: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = line.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut next = 0;
    memchr::memchr_iter(b':', bytes).filter_map(move |at| {
        let first = digits(at + 1);
        let second = at + 1 + first;
        if at < next || first == 0 || bytes.get(second) != Some(&b':') {
            return None;
        }
        let column = digits(second + 1);
        let mut end = second + 1 + column;
        while column > 0 && bytes.get(end) == Some(&b')') {
            end += 1;
        }
        next = end;
        (column > 0).then_some(end)
    })
}

/// Where the frame begins that ends a text, and whether it is one of V8's.
fn start_of(text: &str) -> Option<(usize, bool)> {
    let before = match text.ends_with(')') {
        true => text.rfind(" (").map_or(text, |at| &text[..at]),
        false => text,
    };
    if let Some(at) = before.rfind(" at ") {
        // at f (eval at g (http://h/a.js:1:2)
        let outer = before[..at]
            .strip_suffix("(eval")
            .and_then(|b| b.rfind(" at "));
        return Some((outer.unwrap_or(at) + 1, true));
    }
    if text.starts_with("at ") {
        return Some((0, true));
    }
    let word = text.rfind([' ', '\t']).map_or(0, |at| at + 1);
    let is_gecko = ["@http", "@file:", "@webpack", "@blob:", "@moz-"]
        .iter()
        .any(|sign| text[word..].contains(sign));
    // What stands in quotes, or is a value of a pair, is no name of a function.
    let name = text[word..].split('@').next().unwrap_or_default();
    (is_gecko && !name.contains(['"', '\'', '=', '`'])).then_some((word, false))
}

/// ` `, ` | `, `; `, `<br>`, ` -> `
fn is_joint(text: &str) -> bool {
    let is_sign =
        |c: char| c == ' ' || c == '\t' || c.is_ascii_punctuation() && !"(@[{\"'\\".contains(c);
    text.len() <= LONGEST_JOINT && text.replace("<br", "").chars().all(is_sign)
}

fn is_file(frame: &str) -> bool {
    frame.contains(['/', '\\', '<']) || frame.contains("native") || frame.contains(".js:")
}

fn written(line: &str, frames: &[Frame]) -> String {
    let header = &line[..frames[0].start];
    let joint = match frames {
        [first, second, ..] => &line[first.end..second.start],
        _ => " ",
    };
    let header = header.strip_suffix(joint).unwrap_or(header);
    let mut out = header.trim_end().to_owned();
    for frame in frames {
        out.push_str(if frame.is_v8 { "\n    " } else { "\n" });
        out.push_str(&line[frame.start..frame.end]);
    }
    let tail = frames.last().map_or("", |last| &line[last.end..]);
    if !tail.trim().is_empty() {
        out.push('\n');
        out.push_str(tail.trim_start());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_get_lines_of_their_own() {
        for (text, expected) in [
            (
                "TypeError: x at f (http://h/a.js:1:2) at http://h/b.js:3:4",
                "TypeError: x\n    at f (http://h/a.js:1:2)\n    at http://h/b.js:3:4",
            ),
            (
                "TypeError: x | at f (http://h/a.js:1:2) | at g (/srv/b.js:3:4) [Mozilla/5.0]",
                "TypeError: x\n    at f (http://h/a.js:1:2)\n    at g (/srv/b.js:3:4)\n[Mozilla/5.0]",
            ),
            (
                "TypeError: x f@http://h/a.js:1:2 @http://h/b.js:3:4",
                "TypeError: x\nf@http://h/a.js:1:2\n@http://h/b.js:3:4",
            ),
            (
                "TypeError: x <br> at f (http://h/a.js:1:2) <br> at g (http://h/a.js:3:4)",
                "TypeError: x\n    at f (http://h/a.js:1:2)\n    at g (http://h/a.js:3:4)",
            ),
            (
                "x at eval (eval at f (http://h/a.js:1:2), <anonymous>:3:4) at g (http://h/a.js:5:6)",
                "x\n    at eval (eval at f (http://h/a.js:1:2), <anonymous>:3:4)\n    at g (http://h/a.js:5:6)",
            ),
            (
                "x is null at f (http://h/a.js:1:2)",
                "x is null\n    at f (http://h/a.js:1:2)",
            ),
        ] {
            assert_eq!(expand(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_stack_stays() {
        for text in [
            "nothing at all",
            "Unexpected token at key (config.yaml:3:4)",
            "x is null at http://h/a.js:1:2",
            "started at 10:11:12 and ended at 10:11:13",
            "    at f (http://h/a.js:1:2)",
            "f@http://h/a.js:1:2",
            "meet at noon (10:20:30) or at one (13:00:00)",
        ] {
            assert_eq!(expand(text), None, "{text}");
        }
    }
}
