//! A browser's stack that was logged as the `repr` or the JSON of a text, alone or within an object's: `stack='TypeError: …\n    at …'`,
//! `b'{"message": …}'`, `<QueryDict: {'stack': ['…']}>`, `ClientError(message='…', stack='…')`.

use super::json_value;
use super::word::{Word, any_in};

/// Quoted texts before the stack's that are looked at.
const MOST: usize = 64;

/// What was quoted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Quoted<'t> {
    /// The record's words before all quotes, brackets and keys.
    pub before: &'t str,
    /// The text of a `message` before the stack.
    pub message: Option<String>,
    /// The stack, or an object that holds it.
    pub text: String,
}

/// The quoted text of a record that holds frames of a script engine.
pub(crate) fn stack(record: &str) -> Option<Quoted<'_>> {
    static FRAME: [Word; 3] = [
        Word::new("\\n    at "),
        Word::new("\\n@http"),
        Word::new("@http"),
    ];
    if !record.contains("\\n") || !any_in(&FRAME, record.as_bytes()) {
        return None;
    }
    let marks = ["\\n    at ", "@http"];
    let frame = marks.iter().filter_map(|mark| record.find(mark)).min()?;
    let mut from = 0;
    let mut first = None;
    let mut message = None;
    for _ in 0..MOST {
        let open = from + memchr::memchr2(b'\'', b'"', record.as_bytes().get(from..frame)?)?;
        // l'addition
        if record[..open].ends_with(|c: char| c.is_alphanumeric() && c != 'b')
            || record[..open].ends_with("\\")
        {
            from = open + 1;
            continue;
        }
        let (said, used) = json_value::quoted(&record[open..])?;
        let key = key(&record[..open]);
        let lead = record[..open].trim_end_matches(' ');
        let is_value = lead.is_empty() || lead.ends_with(['=', ':', '[', '{', '(', '<']);
        first = first.or(Some(open).filter(|_| is_value || record[..open].ends_with('b')));
        let end = open + used;
        if end <= frame {
            // 'message': "…", ('message', "…"), message="…"
            if key.ends_with("message") {
                message = Some(said);
            }
            from = end;
            continue;
        }
        let is_closed =
            end > frame && record.as_bytes().get(end - 1) == record.as_bytes().get(open);
        let is_stack =
            said.starts_with('{') || super::stacks::has_script_frames(&format!("{said}\n"));
        if !is_closed || !is_stack {
            from = open + 1;
            continue;
        }
        return Some(Quoted {
            before: words(&record[..first.unwrap_or(open)]),
            message,
            text: said,
        });
    }
    None
}

/// The name that stands before a quoted value.
fn key(before: &str) -> &str {
    let is_joint = |c: char| matches!(c, ' ' | ':' | '=' | ',' | '\'' | '"' | '[' | '(');
    let named = before.trim_end_matches(is_joint);
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
    let length = named.bytes().rev().take_while(is_part).count();
    &named[named.len() - length..]
}

/// The record's own words: `form: <QueryDict: {` says `form`.
fn words(before: &str) -> &str {
    let mut open = Vec::new();
    for (at, byte) in before.bytes().enumerate() {
        match byte {
            b'{' | b'<' | b'(' | b'[' => open.push(at),
            b'}' | b'>' | b')' | b']' => drop(open.pop()),
            _ => {}
        }
    }
    let end = open.first().copied().unwrap_or(before.len());
    let mut said = &before[..end];
    // ClientError(     b'…'     stack=
    let last = said.rsplit([' ', '|']).next().unwrap_or_default();
    let is_constructor = before[end..].starts_with('(') && !last.is_empty();
    if is_constructor || last == "b" || last.ends_with('=') {
        said = &said[..said.len() - last.len()];
    }
    said.trim_end_matches([' ', '|', ':', '-', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Option<(String, Option<String>, String)> {
        stack(record).map(|q| (q.before.to_owned(), q.message, q.text))
    }

    #[test]
    fn shapes() {
        let text = "Error: x\n    at f (/a.js:1:2)".to_owned();
        for (record, before, message) in [
            (
                r"JS | x | None | stack='Error: x\n    at f (/a.js:1:2)'",
                "JS | x | None",
                None,
            ),
            (
                r"form: <QueryDict: {'message': ['m'], 'stack': ['Error: x\n    at f (/a.js:1:2)']}>",
                "form",
                Some("m"),
            ),
            (
                r"bad: Multi([('message', 'm'), ('stack', 'Error: x\n    at f (/a.js:1:2)')])",
                "bad",
                Some("m"),
            ),
            (
                r#"c: Client(message="it's", stack='Error: x\n    at f (/a.js:1:2)')"#,
                "c",
                Some("it's"),
            ),
            (
                r#"onerror ("m", 'http://h/', 1, 2, "Error: x\n    at f (/a.js:1:2)")"#,
                "onerror",
                None,
            ),
        ] {
            let want = (before.to_owned(), message.map(str::to_owned), text.clone());
            assert_eq!(read(record), Some(want), "{record}");
        }
        let body = read(r#"raw body: b'{"stack": "Error: x\\n    at f (/a.js:1:2)"}'"#);
        assert_eq!(
            body.map(|(before, _, text)| (before, text.starts_with('{'))),
            Some(("raw body".to_owned(), true))
        );
    }

    #[test]
    fn other_texts() {
        assert_eq!(read("plain"), None);
        assert_eq!(read(r"it's Error: x\n    at f (/a.js:1:2)"), None);
        assert_eq!(read("'"), None);
    }
}
