//! Message → template: what the program's text says stays, what the data says becomes a placeholder.
//! Hand-written rules, no regex engine: two engines would give two templates. One pass over the first line.
//! It deliberately does not translate between languages or programs' own texts; engines' wordings are `wording`'s.

use alloc::string::String;
use alloc::vec::Vec;

use super::wording::one_wording;
use super::{is_letter, is_word};

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
        closers: closers(line),
        last_quote: last_closing_quotes(line),
    };
    template.run();
    template.out
}

fn first_line(message: &str) -> &str {
    let line = message
        .split(['\n', '\r', '\u{2028}'])
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    let line = line.strip_prefix("Uncaught ").unwrap_or(line);
    line.strip_prefix("(in promise) ").unwrap_or(line)
}

/// What newer Pythons append to the older wording.
const ADDITIONS: [&str; 6] = [
    ". Did you mean",
    "? Did you mean",
    " Did you mean",
    ". Did you forget to import",
    " (consider renaming ",
    ". Maybe you meant",
];

fn without_additions(line: &str) -> &str {
    // From the first addition on nothing is the program's own text.
    ADDITIONS
        .iter()
        .filter_map(|addition| line.find(addition))
        .min()
        .map_or(line, |cut| &line[..cut])
}

/// For each opening bracket, in their order, its place and that of its partner; 0 where there is none.
fn closers(line: &str) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let bytes = line.as_bytes();
    for (at, b) in bytes.iter().enumerate() {
        match b {
            b'{' | b'[' => {
                open.push(pairs.len());
                pairs.push((at, 0));
            }
            b'}' | b']' => {
                // `{` and `}` are two apart, as `[` and `]` are
                if let Some(&last) = open.last()
                    && bytes[pairs[last].0] + 2 == *b
                {
                    pairs[last].1 = at;
                    open.pop();
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Where the last quote stands that can close a value, for `'`, `"` and `` ` ``: behind it an opening one stays text,
/// so that no opening quote makes the pass look at the rest of the line in vain.
fn last_closing_quotes(line: &str) -> [usize; 3] {
    let mut last = [0; 3];
    let bytes = line.as_bytes();
    for (at, b) in bytes.iter().enumerate() {
        if let Some(kind) = quote_kind(*b)
            && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            last[kind] = at;
        }
    }
    last
}

fn quote_kind(b: u8) -> Option<usize> {
    match b {
        b'\'' => Some(0),
        b'"' => Some(1),
        b'`' => Some(2),
        _ => None,
    }
}

struct Template<'a> {
    line: &'a str,
    at: usize,
    out: String,
    closers: Vec<(usize, usize)>,
    last_quote: [usize; 3],
}

impl<'a> Template<'a> {
    fn run(&mut self) {
        self.call_name();
        while self.at < self.line.len() && self.out.len() < LIMIT {
            let b = self.line.as_bytes()[self.at];
            let took = match b {
                b'{' | b'[' => self.data(b),
                b'\'' | b'"' | b'`' => self.quoted(b),
                _ => false,
            };
            if !took && !self.chunk() {
                self.character();
            }
        }
        let mut end = self.out.len().min(LIMIT);
        while !self.out.is_char_boundary(end) {
            end -= 1;
        }
        self.out.truncate(end);
        let end = self.out.trim_end().len();
        self.out.truncate(end);
    }

    /// `Cache.clear() missing …` (3.10 and later) is `clear() missing …`.
    fn call_name(&mut self) {
        let Some(end) = self.line.find("() ") else {
            return;
        };
        let name = &self.line[..end];
        if name.contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '(')) {
            return;
        }
        let bare = name.rsplit('.').next().unwrap_or(name);
        self.out.push_str(bare);
        self.at = end;
    }

    fn character(&mut self) {
        let Some(c) = self.line[self.at..].chars().next() else {
            return;
        };
        self.at += c.len_utf8();
        if c.is_whitespace() || c.is_control() {
            if !self.out.ends_with(' ') {
                self.out.push(' ');
            }
        } else {
            self.out.push(c);
        }
    }

    /// `{'a': 1}`, `[1, 2]`, `["a"]`, `[]`; but `[Errno 2]` and `[SSL: …]` are text.
    fn data(&mut self, open: u8) -> bool {
        let Ok(pair) = self
            .closers
            .binary_search_by_key(&self.at, |(from, _)| *from)
        else {
            return false;
        };
        let close = self.closers[pair].1;
        if close == 0 {
            return false;
        }
        let inner = self.line[self.at + 1..close].trim_start();
        let first = inner.as_bytes().first();
        let literal = first.is_none_or(|b| b.is_ascii_digit() || b"'\"{[<-(".contains(b));
        if open == b'[' && !literal {
            return false;
        }
        self.out.push_str("<data>");
        self.at = close + 1;
        true
    }

    fn quoted(&mut self, quote: u8) -> bool {
        let bytes = self.line.as_bytes();
        let from = self.at;
        let inside_word = from > 0 && bytes[from - 1].is_ascii_alphanumeric();
        let last = quote_kind(quote).map_or(0, |kind| self.last_quote[kind]);
        if inside_word || from >= last {
            return false;
        }
        let mut at = from + 1;
        while at <= last {
            match bytes[at] {
                b'\\' => at += 1,
                b if b == quote && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => {
                    let value = &self.line[from + 1..at];
                    let after = &self.line[at + 1..];
                    if is_code_name(value) && self.names_code(value, after) {
                        self.out.push_str(&self.line[from..=at]);
                    } else {
                        self.out.push_str("<str>");
                    }
                    self.at = at + 1;
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// Whether the words around a quoted name say that it is a name of the code.
    fn names_code(&self, value: &str, after: &str) -> bool {
        const TYPES: [&str; 14] = [
            "NoneType",
            "str",
            "int",
            "float",
            "bool",
            "list",
            "dict",
            "tuple",
            "set",
            "bytes",
            "object",
            "function",
            "method",
            "coroutine",
        ];
        const BEFORE: [&str; 16] = [
            "attribute",
            "argument",
            "arguments",
            "argument:",
            "arguments:",
            "name",
            "module",
            "named",
            "variable",
            "property",
            "properties",
            "reading",
            "method",
            "function",
            "variable:",
            "type",
        ];
        let before = self.out.trim_end().rsplit([' ', '(']).next().unwrap_or("");
        let after = after.split_whitespace().next().unwrap_or("");
        TYPES.contains(&value) || BEFORE.contains(&before) || matches!(after, "object" | "codec")
    }

    /// A run of letters, digits and what joins them; true when something was taken.
    fn chunk(&mut self) -> bool {
        let rest = &self.line[self.at..];
        let end = rest.find(is_delimiter).unwrap_or(rest.len());
        let chunk = rest[..end].trim_end_matches(['.', ':', '!', '?']);
        if chunk.is_empty() {
            return false;
        }
        self.at += chunk.len();
        if let Some(colons) = chunk.find("://") {
            let scheme = chunk[..colons]
                .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-'))
                .map_or(0, |at| at + 1);
            // a scheme begins behind a one-byte joint only if that is ASCII
            let scheme = if chunk.is_char_boundary(scheme) {
                scheme
            } else {
                colons
            };
            words(&chunk[..scheme], &mut self.out);
            self.out.push_str("<url>");
            // a URL may hold brackets, quotes end it
            let rest = &self.line[self.at..];
            let more = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '>' | ')' | ','))
                .unwrap_or(rest.len());
            self.at += rest[..more]
                .trim_end_matches(['.', ':', ';', '}', ']'])
                .len();
            return true;
        }
        match whole(chunk) {
            Some(placeholder) => self.out.push_str(placeholder),
            None if is_code_number(chunk, &self.out, &self.line[self.at..]) => {
                self.out.push_str(chunk);
            }
            None => words(chunk, &mut self.out),
        }
        true
    }
}

fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "'\"`<>()[]{},;|=".contains(c)
}

/// `clear_cache`, `shop.errors.E`, `graph-type`: no blanks, no data.
fn is_code_name(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= 60
        && value.starts_with(|c: char| is_letter(c) || c == '_')
        && value
            .chars()
            .all(|c| is_word(c) || matches!(c, '_' | '.' | '-' | '$'))
}

/// Numbers that say which error it is: `[Errno 2]`, `HTTP 404`, `status code: 500`, `503 Service Unavailable …`.
fn is_code_number(chunk: &str, before: &str, after: &str) -> bool {
    if chunk.is_empty() || chunk.len() > 5 || !chunk.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    const WORDS: [&str; 8] = [
        "errno", "winerror", "http", "status", "code", "exit", "signal", "error",
    ];
    let word = before
        .trim_end_matches([' ', ':'])
        .rsplit(|c: char| !is_word(c))
        .next()
        .unwrap_or("");
    let named = WORDS.iter().any(|w| w.eq_ignore_ascii_case(word));
    let status = before.is_empty()
        && chunk.len() == 3
        && matches!(chunk.as_bytes()[0], b'4' | b'5')
        && after
            .trim_start()
            .starts_with(|c: char| c.is_ascii_uppercase());
    named || status
}

/// What a whole chunk is, if it is one thing.
fn whole(chunk: &str) -> Option<&'static str> {
    let bytes = chunk.as_bytes();
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if bytes.len() == 36
        && hex(&chunk.replace('-', ""))
        && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-')
    {
        return Some("<uuid>");
    }
    if let Some((local, domain)) = chunk.split_once('@')
        && !local.is_empty()
        && domain.contains('.')
        && !domain.contains(['/', '@'])
    {
        return Some("<email>");
    }
    if is_path(chunk) {
        return Some("<path>");
    }
    if chunk.starts_with("0x") && chunk.len() > 2 && hex(&chunk[2..]) {
        return Some("<hex>");
    }
    match shape(chunk).as_str() {
        "9.9.9.9" | "9.9.9.9:9" | "9.9.9.9/9" => return Some("<ip>"),
        // 13:15:42.123, 0:00:05
        "9:9" | "9:9:9" | "9:9:9.9" => return Some("<time>"),
        // 2026/11/22, 22/Nov/2026:13:15:42, 2026-11-22, 2026-11-22T13:15:42.123Z
        day if day.starts_with("9/9/9") || day.starts_with("9/a/9") => return Some("<date>"),
        day if day.starts_with("9-9-9") && bytes.get(4) == Some(&b'-') => return Some("<date>"),
        _ => {}
    }
    // fe80::1:2
    let colons = bytes.iter().filter(|b| **b == b':').count();
    if colons >= 2 && bytes.iter().all(|b| b.is_ascii_hexdigit() || *b == b':') {
        return Some("<ip>");
    }
    if bytes.len() >= 8 && hex(chunk) && bytes.iter().any(u8::is_ascii_digit) {
        return Some(if digits(chunk) { "<n>" } else { "<hex>" });
    }
    None
}

/// Runs of digits as `9`, of letters as `a`, the rest as it is: `22/Nov/2026` is `9/a/9`.
fn shape(chunk: &str) -> String {
    let mut shape = String::new();
    for c in chunk.chars().take(40) {
        let kind = match c {
            _ if c.is_ascii_digit() => '9',
            _ if is_letter(c) => 'a',
            _ => c,
        };
        if !shape.ends_with(kind) || !is_word(kind) {
            shape.push(kind);
        }
    }
    shape
}

/// `/srv/x`, `./x`, `~/x`, `C:\x`, `\\host\x`, `app/kg/x.py`; but not `and/or`, `text/html`, `HTTP/1.1`, `/`.
fn is_path(chunk: &str) -> bool {
    let name = |text: &str| text.starts_with(|c: char| is_word(c) || "._-@~%*:".contains(c));
    for lead in ["/", "./", "../", "~/", "\\\\"] {
        if let Some(rest) = chunk.strip_prefix(lead) {
            return name(rest);
        }
    }
    let bytes = chunk.as_bytes();
    if let [letter, b':', b'\\' | b'/', ..] = bytes
        && letter.is_ascii_alphabetic()
    {
        return true;
    }
    let joints = bytes.iter().filter(|b| matches!(b, b'/' | b'\\')).count();
    let last = chunk.rsplit(['/', '\\']).next().unwrap_or("");
    let file = last
        .rsplit_once('.')
        .is_some_and(|(stem, end)| !stem.is_empty() && end.starts_with(is_letter));
    joints > 0 && !chunk.starts_with(|c: char| c.is_ascii_digit()) && (file || joints > 1)
}

/// Pieces between joints: `order_1234` is `order_<n>`, `pay_9aKx72LmQ` is `pay_<id>`, `utf-8` and `sha256` stay.
fn words(chunk: &str, out: &mut String) {
    let mut from = 0;
    let mut before = "";
    while from < chunk.len() {
        let rest = &chunk[from..];
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let piece = &rest[..end];
        word(piece, before, out);
        from += end;
        before = piece;
        if let Some(joint) = chunk[from..].chars().next() {
            from += joint.len_utf8();
            let next_is_digit = chunk[from..].starts_with(|c: char| c.is_ascii_digit());
            let number_goes_on = joint == '.' && next_is_digit && out.ends_with("<n>");
            if number_goes_on {
                // 3.5 is one number
                let digits = chunk[from..]
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(chunk.len() - from);
                from += digits;
            } else if !(matches!(joint, '-' | '+') && next_is_digit && piece.is_empty()) {
                out.push(joint);
            }
        }
    }
}

/// Names of standards that a number belongs to: `utf-8`, `sha-256`, `x86_64`.
const STANDARDS: [&str; 9] = [
    "utf", "iso", "latin", "sha", "x86", "cp", "aes", "windows", "tls",
];

fn word(piece: &str, before: &str, out: &mut String) {
    if piece.is_empty() {
        return;
    }
    let leading = piece
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(piece.len());
    if leading == piece.len() {
        let standard = STANDARDS.iter().any(|s| s.eq_ignore_ascii_case(before));
        out.push_str(if standard && piece.len() <= 4 {
            piece
        } else {
            "<n>"
        });
        return;
    }
    if is_random(piece) {
        out.push_str("<id>");
        return;
    }
    // 12ms, 3rd
    if leading > 0 {
        out.push_str("<n>");
        out.push_str(&piece[leading..]);
        return;
    }
    // user98765, but sha256 and python3
    let tail = piece.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if piece.len() - tail > 3 {
        out.push_str(&piece[..tail]);
        out.push_str("<n>");
    } else {
        out.push_str(piece);
    }
}

/// Letters and digits mixed as no word is: `9aKx72LmQ`, `a1b2c3d4`.
fn is_random(piece: &str) -> bool {
    let bytes = piece.as_bytes();
    if bytes.len() < 6 || !piece.is_ascii() {
        return false;
    }
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let turns = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    has(u8::is_ascii_digit) && ((turns >= 2 && (mixed || bytes.len() >= 8)) || turns >= 4)
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
