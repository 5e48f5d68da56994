//! Message → template: what the program's text says stays, what the data says becomes a placeholder.
//! Hand-written rules, no regex engine: two engines would give two templates. One pass over the first line.
//! It deliberately does not translate between languages or programs' own texts; engines' wordings are `wording`'s.

use alloc::string::String;
use alloc::vec::Vec;

use super::wording::one_wording;
use crate::text::{
    self, ALNUM, ALPHA, CONTROL, DIGIT, HEX, LETTER, LOWER, NOT, SPACE, UPPER, WORD,
};

/// Longest template in bytes; what a message says is said by then.
const LIMIT: usize = 240;

/// The template of a message: its first line with data replaced.
///
/// Placeholders: `<str>` quoted value, `<n>` number, `<hex>`, `<uuid>`, `<id>` (random-looking name), `<date>`, `<time>`,
/// `<path>`, `<url>`, `<email>`, `<ip>`, `<data>` (a printed list or mapping). Quoted names of the code (`'NoneType' object`,
/// `attribute 'x'`, `argument: 'x'`) and numbers that are codes (`[Errno 2]`, `status 404`) belong to the message and stay.
/// Suggestions that newer Pythons append are cut off; `C.f() missing …` is `f() missing …` as in older ones; where
/// JavaScript engines word the same facts differently, V8's wording stands for all.
pub fn message_template(message: &str) -> String {
    let line = first_line(message);
    let line = one_wording(line);
    let line = without_additions(&line);
    let mut template = Template {
        line,
        at: 0,
        out: String::new(),
    };
    template.run();
    template.out
}

fn first_line(message: &str) -> &str {
    let line = text::before(text::first_line(message), "\u{2028}");
    text::without(
        text::without(text::trim_end(line), "Uncaught "),
        "(in promise) ",
    )
}

/// What newer Pythons append to the older wording.
const ADDITIONS: &str = ". Did you mean|? Did you mean| Did you mean|. Did you forget to import| (consider renaming |. Maybe you meant";

fn without_additions(line: &str) -> &str {
    // From the first addition on nothing is the program's own text.
    text::items(ADDITIONS, "|").fold(line, |line, addition| text::before(line, addition))
}

/// Length of the bracketed text at the start, its brackets included; 0 where there is none.
///
/// Looks at the rest of the line for each bracket of the few that fit into a template.
fn bracketed(text: &str) -> usize {
    let mut open = Vec::new();
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'{' | b'[' => open.push(b),
            // `{` and `}` are two apart, as `[` and `]` are
            b'}' | b']' if open.last() == Some(&(b - 2)) => {
                open.pop();
            }
            _ => {}
        }
        if open.is_empty() {
            return if at > 0 { at + 1 } else { 0 };
        }
    }
    0
}

/// Length of the quoted text at the start, its quotes included; 0 where there is none. A quote closes a value where no
/// letter or digit stands behind it.
fn quoted(text: &str) -> usize {
    let mut bytes = text.bytes();
    let Some(quote @ (b'\'' | b'"' | b'`')) = bytes.next() else {
        return 0;
    };
    let mut escaped = false;
    while let Some(b) = bytes.next() {
        let after = text::from(text, text.len() - bytes.len());
        if b == quote && !escaped && text::run(after, ALNUM, "") == 0 {
            return text.len() - after.len();
        }
        escaped = b == b'\\' && !escaped;
    }
    0
}

struct Template<'a> {
    line: &'a str,
    at: usize,
    out: String,
}

impl<'a> Template<'a> {
    fn run(&mut self) {
        self.call_name();
        while self.at < self.line.len() && self.out.len() < LIMIT {
            if !self.data() && !self.quoted() && !self.chunk() {
                self.character();
            }
        }
        let end = self.out.floor_char_boundary(LIMIT);
        let end = text::trim_end(text::until(&self.out, end)).len();
        self.out.truncate(end);
    }

    /// What is not read yet.
    fn rest(&self) -> &'a str {
        text::from(self.line, self.at)
    }

    /// `Cache.clear() missing …` (3.10 and later) is `clear() missing …`.
    fn call_name(&mut self) {
        if let Some((name, _)) = text::split(self.line, "() ")
            && text::only(name, NOT | SPACE, "'\"(")
        {
            self.out.push_str(text::after(name, "."));
            self.at = name.len();
        }
    }

    fn character(&mut self) {
        let Some(c) = self.rest().chars().next() else {
            return;
        };
        self.at += c.len_utf8();
        if text::is(c, NOT | SPACE | CONTROL, "") {
            self.out.push(c);
        } else if !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// `{'a': 1}`, `[1, 2]`, `["a"]`, `[]`; but `[Errno 2]` and `[SSL: …]` are text.
    fn data(&mut self) -> bool {
        let rest = self.rest();
        let length = bracketed(rest);
        let inner = text::trim_start(text::from(text::until(rest, length.saturating_sub(1)), 1));
        let literal = inner.is_empty() || text::begins(inner, "0123456789'\"{[<-(");
        if length == 0 || !literal && text::begins(rest, "[") {
            return false;
        }
        self.out.push_str("<data>");
        self.at += length;
        true
    }

    fn quoted(&mut self) -> bool {
        let rest = self.rest();
        let length = quoted(rest);
        let before = text::until(self.line, self.at).as_bytes().last();
        if length == 0 || before.is_some_and(u8::is_ascii_alphanumeric) {
            return false;
        }
        self.at += length;
        let quoted = text::until(rest, length);
        let value = text::from(text::until(rest, length - 1), 1);
        let stays = is_code_name(value) && self.names_code(value);
        self.out.push_str(if stays { quoted } else { "<str>" });
        true
    }

    /// Whether the words around a quoted name say that it is a name of the code.
    fn names_code(&self, value: &str) -> bool {
        const TYPES: &str = "NoneType|str|int|float|bool|list|dict|tuple|set|bytes|object|function|method|coroutine";
        const BEFORE: &str = "attribute|argument|arguments|argument:|arguments:|name|module|named|variable|property|\
properties|reading|method|function|variable:|type";
        let before = text::trim_end(&self.out);
        let before = text::from(before, text::last_run(before, NOT, " ("));
        let after = text::lead(text::trim_start(self.rest()), NOT | SPACE, "");
        text::listed(TYPES, value)
            || text::listed(BEFORE, before)
            || text::listed("object|codec", after)
    }

    /// A run of letters, digits and what joins them; true when something was taken.
    fn chunk(&mut self) -> bool {
        let chunk = text::lead(self.rest(), NOT | SPACE | CONTROL, "'\"`<>()[]{},;|=");
        let chunk = text::without_end(chunk, 0, ".:!?");
        self.at += chunk.len();
        if let Some((head, _)) = text::split(chunk, "://") {
            self.url(head);
        } else if let Some(placeholder) = whole(chunk) {
            self.out.push_str(placeholder);
        } else if is_code_number(chunk, &self.out, self.rest()) {
            self.out.push_str(chunk);
        } else {
            words(chunk, &mut self.out);
        }
        !chunk.is_empty()
    }

    /// A URL whose scheme ends `head`, and what of it stands behind the chunk.
    fn url(&mut self, head: &str) {
        let scheme = text::last_run(head, ALNUM, "+-");
        let joint = text::until(head, scheme).as_bytes().last();
        // a scheme begins behind a joint only if that is ASCII
        let scheme = if joint.is_none_or(u8::is_ascii) {
            scheme
        } else {
            head.len()
        };
        words(text::until(head, scheme), &mut self.out);
        self.out.push_str("<url>");
        // a URL may hold brackets, quotes end it
        let more = text::lead(self.rest(), NOT | SPACE, "'\">),");
        self.at += text::last_run(more, 0, ".:;}]");
    }
}

/// `clear_cache`, `shop.errors.E`, `graph-type`: no blanks, no data.
fn is_code_name(value: &str) -> bool {
    value.len() <= 60 && text::run(value, LETTER, "_") > 0 && text::only(value, WORD, "_.-$")
}

/// Numbers that say which error it is: `[Errno 2]`, `HTTP 404`, `status code: 500`, `503 Service Unavailable …`.
fn is_code_number(chunk: &str, before: &str, after: &str) -> bool {
    const WORDS: &str = "errno|winerror|http|status|code|exit|signal|error";
    if chunk.len() > 5 || !text::all(chunk, DIGIT, "") {
        return false;
    }
    let word = text::without_end(before, 0, " :");
    let word = text::from(word, text::last_run(word, WORD, ""));
    let status = before.is_empty()
        && chunk.len() == 3
        && text::begins(chunk, "45")
        && text::run(text::trim_start(after), UPPER, "") > 0;
    status || text::listed_in_any_case(WORDS, word)
}

/// What a whole chunk is, if it is one thing.
fn whole(chunk: &str) -> Option<&'static str> {
    if is_uuid(chunk) {
        return Some("<uuid>");
    }
    if let Some((local, domain)) = text::split(chunk, "@")
        && !local.is_empty()
        && text::has(domain, ".")
        && !text::has(domain, "/")
        && !text::has(domain, "@")
    {
        return Some("<email>");
    }
    if is_path(chunk) {
        return Some("<path>");
    }
    if let Some(digits) = chunk.strip_prefix("0x")
        && text::all(digits, HEX, "")
    {
        return Some("<hex>");
    }
    let shape = shape(chunk);
    if text::listed("9.9.9.9|9.9.9.9:9|9.9.9.9/9", &shape) {
        return Some("<ip>");
    }
    // 13:15:42.123, 0:00:05
    if text::listed("9:9|9:9:9|9:9:9.9", &shape) {
        return Some("<time>");
    }
    // 2026/11/22, 22/Nov/2026:13:15:42, 2026-11-22, 2026-11-22T13:15:42.123Z
    if shape.starts_with("9/9/9")
        || shape.starts_with("9/a/9")
        || (shape.starts_with("9-9-9") && text::begins(text::from(chunk, 4), "-"))
    {
        return Some("<date>");
    }
    // fe80::1:2
    let (_, other_groups) = text::split(chunk, ":").unwrap_or_default();
    if text::has(other_groups, ":") && text::only(chunk, HEX, ":") {
        return Some("<ip>");
    }
    let number = text::only(chunk, DIGIT, "");
    if chunk.len() >= 8 && text::only(chunk, HEX, "") && !text::only(chunk, ALPHA, "") {
        return Some(if number { "<n>" } else { "<hex>" });
    }
    None
}

fn is_uuid(chunk: &str) -> bool {
    chunk.len() == 36
        && text::only(chunk, HEX, "-")
        && [8, 13, 18, 23]
            .iter()
            .all(|at| text::begins(text::from(chunk, *at), "-"))
}

/// Runs of digits as `9`, of letters as `a`, the rest as it is: `22/Nov/2026` is `9/a/9`.
fn shape(chunk: &str) -> String {
    let mut shape = String::new();
    for c in chunk.chars().take(40) {
        let kind = match c {
            _ if text::is(c, DIGIT, "") => '9',
            _ if text::is(c, LETTER, "") => 'a',
            _ => c,
        };
        if !shape.ends_with(kind) || !matches!(kind, '9' | 'a') {
            shape.push(kind);
        }
    }
    shape
}

/// `/srv/x`, `./x`, `~/x`, `C:\x`, `\\host\x`, `app/kg/x.py`; but not `and/or`, `text/html`, `HTTP/1.1`, `/`.
fn is_path(chunk: &str) -> bool {
    for lead in text::items("/|./|../|~/|\\\\", "|") {
        if let Some(rest) = chunk.strip_prefix(lead) {
            return text::run(rest, WORD, "._-@~%*:") > 0;
        }
    }
    if text::run(chunk, ALPHA, "") == 1
        && text::listed(":/|:\\", text::until(text::from(chunk, 1), 2))
    {
        return true;
    }
    let last = text::last_run(chunk, NOT, "/\\");
    let folders = text::until(chunk, last.saturating_sub(1));
    let file = text::rsplit(text::from(chunk, last), ".")
        .is_some_and(|(stem, end)| !stem.is_empty() && text::run(end, LETTER, "") > 0);
    last > 0 && text::digits(chunk) == 0 && (file || text::last_run(folders, NOT, "/\\") > 0)
}

/// Pieces between joints: `order_1234` is `order_<n>`, `pay_9aKx72LmQ` is `pay_<id>`, `utf-8` and `sha256` stay.
fn words(chunk: &str, out: &mut String) {
    let mut rest = chunk;
    let mut before = "";
    while !rest.is_empty() {
        let piece = text::lead(rest, WORD, "");
        word(piece, before, out);
        before = piece;
        rest = text::from(rest, piece.len());
        let Some(joint) = rest.chars().next() else {
            return;
        };
        rest = text::from(rest, joint.len_utf8());
        let digits = text::digits(rest);
        if joint == '.' && digits > 0 && out.ends_with("<n>") {
            // 3.5 is one number
            rest = text::from(rest, digits);
        } else if digits == 0 || !piece.is_empty() || !matches!(joint, '-' | '+') {
            out.push(joint);
        }
    }
}

/// Names of standards that a number belongs to: `utf-8`, `sha-256`, `x86_64`.
const STANDARDS: &str = "utf|iso|latin|sha|x86|cp|aes|windows|tls";

fn word(piece: &str, before: &str, out: &mut String) {
    let leading = text::digits(piece);
    // user98765, but sha256 and python3
    let stem = text::without_end(piece, DIGIT, "");
    let number_of_standard = leading <= 4 && text::listed_in_any_case(STANDARDS, before);
    let (kept, mark, after) = if leading == piece.len() {
        if piece.is_empty() || number_of_standard {
            (piece, "", "")
        } else {
            ("", "<n>", "")
        }
    } else if is_random(piece) {
        ("", "<id>", "")
    } else if leading > 0 {
        // 12ms, 3rd
        ("", "<n>", text::from(piece, leading))
    } else if piece.len() - stem.len() > 3 {
        (stem, "<n>", "")
    } else {
        (piece, "", "")
    };
    out.push_str(kept);
    out.push_str(mark);
    out.push_str(after);
}

/// Letters and digits mixed as no word is: `9aKx72LmQ`, `a1b2c3d4`.
fn is_random(piece: &str) -> bool {
    if piece.len() < 6 || !text::only(piece, ALNUM, "") {
        return false;
    }
    let has = |kind| !text::only(piece, NOT | kind, "");
    // runs of digits and of letters
    let (mut runs, mut rest, mut kind) = (0, piece, DIGIT);
    while !rest.is_empty() {
        let length = text::run(rest, kind, "");
        runs += usize::from(length > 0);
        rest = text::from(rest, length);
        kind ^= ALPHA | DIGIT;
    }
    let mixed = has(LOWER) && has(UPPER);
    has(DIGIT) && (runs > 2 && (mixed || piece.len() >= 8) || runs > 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, want: &str) {
        assert_eq!(message_template(message), want, "{message}");
    }

    #[test]
    fn data_becomes_a_placeholder() {
        check("user 42 not found in 3.5s", "user <n> not found in <n>s");
        check(
            "payment pay_9aKx72LmQ declined",
            "payment pay_<id> declined",
        );
        check("'graph_type'", "<str>");
        check("node:99", "node:<n>");
        check(
            "no row 5f3c1a2b-0d4e-4f6a-8b7c-9d0e1f2a3b4c at 2026-11-22 13:15:42,123",
            "no row <uuid> at <date> <time>,<n>",
        );
        check("at 2026-11-22T13:15:42.123Z", "at <date>");
        check("mail to bob@shop.example failed", "mail to <email> failed");
        check(
            "connect to 10.0.0.7:5432 refused",
            "connect to <ip> refused",
        );
        check(
            "from fe80::1:2 on 22/Nov/2026:13:15:42",
            "from <ip> on <date>",
        );
        check("took 0:00:05, not 13:15", "took <time>, not <time>");
        check("<Order object at 0x7f8a2c>", "<Order object at <hex>>");
        check("commit 4f3a9c1b missing", "commit <hex> missing");
        check(
            "GET https://api.example.com:8443/v1/items/42 failed: 500",
            "GET <url> failed: <n>",
        );
        check(
            "cannot open /srv/app/x.csv: gone",
            "cannot open <path>: gone",
        );
        check("cannot open C:\\data\\x.csv", "cannot open <path>");
        check(
            "bad payload {'a': 1, 'b': {}} here",
            "bad payload <data> here",
        );
        check("items [1, 2] and []", "items <data> and <data>");
        check("retry -3 of +5", "retry <n> of <n>");
        check("order_1234 is worker-7", "order_<n> is worker-<n>");
        check("user98765 left", "user<n> left");
        check("it said \"don't\" twice", "it said <str> twice");
    }

    #[test]
    fn the_programs_text_stays() {
        for text in [
            "division by zero",
            "'NoneType' object has no attribute 'clear_cache'",
            "unsupported operand type(s) for +: 'int' and 'str'",
            "name 'graph' is not defined",
            "No module named 'yaml.loader'",
            "[Errno 2] No such file or directory",
            "404 Client Error: Not Found",
            "HTTP 503 and status code: 500",
            "utf-8, sha256, x86_64 and python3",
            "Cannot read properties of undefined (reading 'x')",
            "text/html and/or I/O",
            "can't be done, isn't ready",
            "",
        ] {
            check(text, text);
        }
        check(
            "'utf-8' codec can't decode byte 0xff in position 10",
            "'utf-8' codec can't decode byte <hex> in position <n>",
        );
    }

    #[test]
    fn one_wording_for_every_python() {
        let old = message_template("clear() missing 1 required positional argument: 'graph_type'");
        assert_eq!(
            message_template("Cache.clear() missing 1 required positional argument: 'graph_type'"),
            old
        );
        assert_eq!(
            message_template(
                "main.<locals>.Cache.clear() missing 1 required positional argument: 'graph_type'"
            ),
            old
        );
        check(
            "name 'foo' is not defined. Did you mean: 'fob'?",
            "name 'foo' is not defined",
        );
        check(
            "name 'sys' is not defined. Did you forget to import 'sys'?",
            "name 'sys' is not defined",
        );
    }

    #[test]
    fn first_line_only_and_bounded() {
        check("\n  two errors\nfield required", "two errors");
        assert!(message_template(&"word ".repeat(100_000)).len() <= LIMIT);
        assert!(message_template(&"é".repeat(1000)).len() <= LIMIT);
        // Hostile: opening quotes and brackets without partners.
        for piece in ["'a ", "{[", "\"", "[(", "'\\"] {
            message_template(&piece.repeat(50_000));
        }
    }
}
