//! Stacks of script engines of which every line stands behind the same words: `[web]     at f (a.js:1:2)`, as tools write it
//! that run several programs at once. It acts only where a frame proves the words.

use super::word::Word;
use crate::model::Trace;
use crate::trace::javascript;

/// More programs than this are not told apart.
const MOST: usize = 16;
/// Longer texts are no prefix.
const LONGEST: usize = 40;

/// The traces of the programs whose lines are set apart in that way.
pub(crate) fn traces(text: &str) -> Vec<Trace> {
    static SIGN: Word = Word::new("     at ");
    let mut prefixes: Vec<&str> = Vec::new();
    if !SIGN.is_in(text.as_bytes()) {
        return Vec::new();
    }
    for line in text.lines() {
        if let Some(prefix) = prefix(line)
            && !prefixes.contains(&prefix)
            && prefixes.len() < MOST
        {
            prefixes.push(prefix);
        }
    }
    prefixes
        .into_iter()
        .flat_map(|prefix| of_one(text, prefix))
        .collect()
}

/// What stands before a frame.
fn prefix(line: &str) -> Option<&str> {
    let at = line.find("    at ")?;
    let before = line.get(..at)?;
    let named = before.trim_end_matches(' ');
    let is_set_off = named.ends_with([']', ')', ':', '>', '|']) || is_pod(named);
    let is_frame = line
        .trim_end_matches([')', '{', ' '])
        .ends_with(|c: char| c.is_ascii_digit());
    let is_prefix =
        is_set_off && is_frame && (2..=LONGEST).contains(&before.len()) && !before.starts_with(' ');
    // One blank sets the program's own line off.
    is_prefix.then(|| &line[..named.len() + usize::from(before.len() > named.len())])
}

// shop-5d-abc web
/// A pod and its container, as stern names them.
fn is_pod(named: &str) -> bool {
    let is_name = |text: &str| {
        let is_part = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !text.is_empty() && text.bytes().all(is_part)
    };
    named
        .split_once(' ')
        .is_some_and(|(pod, container)| is_name(pod) && is_name(container) && pod.contains('-'))
}

fn of_one(text: &str, prefix: &str) -> Vec<Trace> {
    // The lines of one program, where each begins there, and where in the text.
    let mut own = String::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line
            .strip_prefix(prefix)
            .or_else(|| (line.trim_end() == prefix.trim_end()).then_some("\n"));
        if let Some(rest) = rest {
            places.push((own.len(), at + line.len() - rest.len().min(line.len())));
            own.push_str(rest);
        }
        at += line.len();
    }
    let origin = |offset: usize| {
        let line = places
            .partition_point(|(start, _)| *start <= offset)
            .saturating_sub(1);
        let (start, whole) = places.get(line).copied().unwrap_or_default();
        (whole + offset - start).min(text.len())
    };
    let mut found = javascript::find_printed(&own);
    found.retain(|t| {
        t.exceptions
            .iter()
            .any(|e| e.type_name.is_some() && e.plain_frames().count() > 0)
    });
    for trace in &mut found {
        (trace.start, trace.end) = (origin(trace.start), origin(trace.end));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_read_apart() {
        let text = "[web] TypeError: x\n[api] Error: y\n[web]     at f (/srv/a.js:1:2)\n[api]     at g (/srv/b.js:3:4)\n";
        let found = traces(text);
        let shape: Vec<_> = found
            .iter()
            .map(|t| {
                (
                    &text[t.start..t.start + 6],
                    t.exceptions[0].message.as_deref(),
                )
            })
            .collect();
        assert_eq!(shape, [("TypeEr", Some("x")), ("Error:", Some("y"))]);
    }

    #[test]
    fn a_prefix_ends_on_a_character() {
        assert_eq!(prefix("[INFO]\u{a0}\u{a0}    at f (a.js:1:2)"), None);
        assert_eq!(prefix("[wéb]     at f (a.js:1:2)"), Some("[wéb] "));
        assert_eq!(prefix("    at f (a.js:1:2)"), None);
        assert_eq!(prefix("job]    at noon"), None);
    }
}
