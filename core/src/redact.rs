//! Takes secrets out of texts before they are stored, sent or written into a test: values of telling names,
//! passwords in URLs, authorization headers, private keys, mail addresses and strings that look like tokens.
//!
//! The shape stays (`password=[redacted]`), and so do values that are none (`token=None`). One pass over the text,
//! no matter what it holds. It deliberately never touches an id: fingerprints are computed before.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::model::{Failure, StackEntry};

/// What stands in a secret's place.
pub(crate) const REDACTED: &str = "[redacted]";

/// Ends of names (small letters, without separators) whose values are secret.
const NAMES: [&str; 27] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwordhash",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "privatekey",
    "authkey",
    "signingkey",
    "encryptionkey",
    "accountkey",
    "sharedkey",
    "masterkey",
    "sessionkey",
    "sessionid",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "connectionstring",
    "jwt",
];
/// Whole names.
const WHOLE_NAMES: [&str; 7] = ["auth", "otp", "cvv", "cvc", "ssn", "sid", "signature"];
/// Beginnings that issuers give to their tokens.
const PREFIXES: [&str; 22] = [
    "sk-",
    "sk_live_",
    "sk_test_",
    "pk_live_",
    "rk_live_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "AIza",
    "npm_",
    "pypi-",
    "hf_",
    "SG.",
    "whsec_",
];

/// Takes secrets out of every text of a failure.
pub fn failure(failure: &mut Failure) {
    for exception in &mut failure.exceptions {
        message(&mut exception.message);
        for note in &mut exception.notes {
            apply(note, Kind::Text);
        }
        if let Some(place) = &mut exception.syntax
            && let Some(line) = &mut place.source_line
        {
            apply(line, Kind::Code);
        }
        for entry in &mut exception.frames {
            if let StackEntry::Frame(frame) = entry {
                if let Some(line) = &mut frame.source_line {
                    apply(line, Kind::Code);
                }
                if let Some(file) = &mut frame.file {
                    apply(file, Kind::Place);
                }
            }
        }
    }
    message(&mut failure.log_message);
    apply(&mut failure.title, Kind::Text);
    for note in &mut failure.notes {
        apply(note, Kind::Text);
    }
}

fn message(text: &mut Option<String>) {
    if let Some(text) = text {
        apply(text, Kind::Text);
    }
}

fn apply(text: &mut String, kind: Kind) {
    if let Cow::Owned(clean) = run(text, kind) {
        *text = clean;
    }
}

/// A text without its secrets.
pub fn text(input: &str) -> Cow<'_, str> {
    run(input, Kind::Text)
}

/// A line of source code without the secrets in its string literals; names and calls stay.
pub fn code(input: &str) -> Cow<'_, str> {
    run(input, Kind::Code)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Code,
    /// A path or URL: no mail addresses in it.
    Place,
}

struct Pass<'a> {
    input: &'a str,
    kind: Kind,
    out: String,
    /// Everything before is in `out`.
    copied: usize,
    /// Everything before is done with.
    at: usize,
    /// End of the run of words and dots around `at`.
    run: usize,
}

fn run(input: &str, kind: Kind) -> Cow<'_, str> {
    let mut pass = Pass {
        input,
        kind,
        out: String::new(),
        copied: 0,
        at: 0,
        run: 0,
    };
    while pass.at < input.len() {
        pass.step();
    }
    if pass.copied == 0 && pass.out.is_empty() {
        return Cow::Borrowed(input);
    }
    pass.out.push_str(&input[pass.copied..]);
    Cow::Owned(pass.out)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Pass<'_> {
    fn bytes(&self) -> &[u8] {
        self.input.as_bytes()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes().get(at).copied()
    }

    /// Puts a mark in place of a range; both ends lie beside ASCII characters or at the text's ends.
    fn replace(&mut self, from: usize, to: usize) {
        if from < self.copied || from >= to {
            self.at = self.at.max(to);
            return;
        }
        self.out.push_str(&self.input[self.copied..from]);
        self.out.push_str(REDACTED);
        self.copied = to;
        self.at = to;
    }

    /// Index of the first byte from `at` on that ends a run.
    fn until(&self, at: usize, ends: impl Fn(u8) -> bool) -> usize {
        self.bytes()[at..]
            .iter()
            .position(|b| ends(*b))
            .map_or(self.input.len(), |n| at + n)
    }

    fn step(&mut self) {
        let at = self.at;
        match self.bytes()[at] {
            b'-' if self.input[at..].starts_with("-----BEGIN ") => self.private_key(),
            b':' if self.input[at..].starts_with("://") => self.url(),
            b'@' if self.kind == Kind::Text => self.mail(),
            byte if is_word(byte) => self.word(),
            _ => self.at += 1,
        }
    }

    // -----BEGIN RSA PRIVATE KEY----- … -----END RSA PRIVATE KEY-----
    fn private_key(&mut self) {
        let at = self.at;
        let label = &self.bytes()[at + 11..self.input.len().min(at + 64)];
        let close = label.windows(5).position(|w| w == b"-----");
        let Some(close) = close.filter(|n| is_private(&label[..*n])) else {
            self.at += 5;
            return;
        };
        let begin = at + 11 + close + 5;
        let end = self.input[begin..]
            .find("-----END ")
            .map_or(self.input.len(), |n| begin + n);
        self.replace(begin, end);
        // The closing line is no opening one.
        self.at = self.until(end, |b| b == b'\n');
    }

    // postgres://user:secret@host/db
    fn url(&mut self) {
        let begin = self.at + 3;
        let end = self.until(begin, |b| {
            b.is_ascii_whitespace() || matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>')
        });
        self.at = begin;
        let authority = &self.input[begin..end];
        let Some(sign) = authority.rfind('@') else {
            return;
        };
        match authority[..sign].find(':') {
            Some(colon) => self.replace(begin + colon + 1, begin + sign),
            None => self.replace(begin, begin + sign),
        }
        self.at = begin + sign + 1;
    }

    // jane.doe@example.org
    fn mail(&mut self) {
        let at = self.at;
        self.at += 1;
        let local = self.bytes()[self.copied..at]
            .iter()
            .rev()
            .take(64)
            .take_while(|b| is_word(**b) || matches!(**b, b'.' | b'+' | b'-' | b'%'))
            .count();
        let end = self.until(at + 1, |b| {
            !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        });
        let domain = self.input[at + 1..end].trim_end_matches(['.', '-']);
        let end = at + 1 + domain.len();
        let is_domain = domain.rsplit_once('.').is_some_and(|(name, top)| {
            !name.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
        });
        // `run@app.js:12:5` is a place in a script.
        let is_place =
            self.byte(end) == Some(b':') && self.byte(end + 1).is_some_and(|b| b.is_ascii_digit());
        if local > 0 && is_domain && !is_place {
            self.replace(at - local, at);
            self.out.push('@');
            self.copied = at + 1;
            self.at = at + 1;
            self.replace(at + 1, end);
        }
    }

    /// A name, a word or a token.
    fn word(&mut self) {
        let begin = self.at;
        let end = self.until(begin, |b| !(is_word(b) || b == b'-'));
        self.at = end;
        if self.named(begin, end) {
            return;
        }
        let word = &self.input[begin..end];
        if (word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic"))
            && self.byte(end) == Some(b' ')
        {
            let last = self.until(end + 1, |b| !is_token(b));
            let token = &self.bytes()[end + 1..last];
            if token.len() >= 8 && token.iter().any(u8::is_ascii_digit) {
                self.replace(end + 1, last);
            }
            return;
        }
        // A run with dots in it is measured once, however many words it has.
        if self.run < end {
            let last = self.until(begin, |b| !(is_word(b) || matches!(b, b'-' | b'.')));
            self.run = begin + self.input[begin..last].trim_end_matches('.').len();
        }
        if is_token_text(&self.input[begin..self.run]) {
            self.replace(begin, self.run);
        } else if is_random(&self.input[begin..end]) {
            self.replace(begin, end);
        }
    }

    /// The value behind a telling name. `false`: there is none, or the name tells nothing.
    fn named(&mut self, begin: usize, end: usize) -> bool {
        let mut at = end;
        let mut spaced = false;
        // 'password': …, "password": …, \"password\": …
        if self.byte(at) == Some(b'\\') {
            at += 1;
        }
        if matches!(self.byte(at), Some(b'"' | b'\'' | b'`')) {
            at += 1;
        } else if self.byte(at) == Some(b']') {
            // headers[Authorization] = …
            at += 1;
        }
        at = self.until(at, |b| b != b' ');
        let name = &self.input[begin..end];
        let sign = match (self.byte(at), self.byte(at + 1)) {
            (Some(b'='), Some(b'=')) | (Some(b':'), Some(b':')) => return false,
            (Some(b'='), Some(b'>')) | (Some(b':'), Some(b'=')) => 2,
            (Some(b'='), _) => 1,
            (Some(b':'), _) => {
                spaced = true;
                1
            }
            _ if self.input[..begin].ends_with("--") && self.byte(end) == Some(b' ') => 0,
            _ => return false,
        };
        // SyntaxError: Unexpected token: …
        if spaced && self.input[..begin].ends_with("nexpected ") {
            return false;
        }
        // Asked last: few words have a sign behind them.
        if !is_secret_name(name) {
            return false;
        }
        let value = self.until(at + sign, |b| b != b' ');
        self.at = value;
        self.value(value, is_header(name));
        true
    }

    fn value(&mut self, at: usize, whole_line: bool) {
        let literal = if self.kind == Kind::Code {
            self.until(at, |b| {
                !matches!(b, b'f' | b'b' | b'r' | b'F' | b'B' | b'R')
            })
        } else {
            at
        };
        let escaped = self.byte(literal) == Some(b'\\');
        let open = literal + usize::from(escaped);
        if let Some(quote @ (b'"' | b'\'' | b'`')) = self.byte(open) {
            let begin = open + 1;
            let end = self.closing(begin, quote, escaped);
            if !is_no_value(&self.input[begin..end]) {
                self.replace(begin, end);
            }
            self.at = end;
            return;
        }
        if self.kind == Kind::Code {
            return;
        }
        // Containers and calls show their own names.
        if matches!(self.byte(at), Some(b'{' | b'[' | b'(' | b'<')) {
            return;
        }
        let end = if whole_line {
            self.until(at, |b| matches!(b, b'\n' | b'\r' | b'"' | b'\''))
        } else {
            self.until(at, |b| {
                b.is_ascii_whitespace()
                    || matches!(
                        b,
                        b',' | b';' | b'&' | b')' | b'}' | b']' | b'>' | b'"' | b'\'' | b'\\'
                    )
            })
        };
        let text = &self.input[at..end];
        if !is_no_value(text) {
            self.replace(at, end);
        }
    }

    /// Index of the quote that ends a string, or of the end of its line.
    fn closing(&self, from: usize, quote: u8, escaped: bool) -> usize {
        let bytes = self.bytes();
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => return at,
                b'\\' if escaped && bytes.get(at + 1) == Some(&quote) => return at,
                b'\\' if !escaped => at += 1,
                byte if byte == quote && !escaped => return at,
                _ => {}
            }
            at += 1;
        }
        bytes.len()
    }
}

fn is_private(label: &[u8]) -> bool {
    [b"PRIVATE KEY".as_slice(), b"PGP PRIVATE"]
        .iter()
        .any(|words| label.windows(11).any(|w| w == *words))
}

/// `db_password`, `apiKey`, `X-Auth-Token`; not `max_tokens`.
fn is_secret_name(name: &str) -> bool {
    if name.len() > 64 {
        return false;
    }
    let squashed: String = name
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    NAMES.iter().any(|end| squashed.ends_with(end)) || WHOLE_NAMES.contains(&squashed.as_str())
}

/// Headers whose value is the rest of the line.
fn is_header(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    small.ends_with("authorization") || small.ends_with("cookie")
}

fn is_no_value(text: &str) -> bool {
    let text = text.trim();
    let words = ["none", "null", "nil", "undefined", "true", "false", "nan"];
    text.bytes().all(|b| b == b'*' || b == b'.')
        || text == REDACTED
        || words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_token(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'.' | b'~' | b'+' | b'/' | b'=')
}

/// Tokens that can be told by how they begin.
fn is_token_text(text: &str) -> bool {
    if text.len() < 16 {
        return false;
    }
    // eyJhbGciOi….eyJzdWIiOi….sflKxw…
    let is_jwt = text.starts_with("eyJ") && text.match_indices('.').nth(1).is_some();
    is_jwt
        || (PREFIXES.iter().any(|prefix| text.starts_with(prefix))
            && text.bytes().any(|b| b.is_ascii_digit())
            && text
                .bytes()
                .skip(4)
                .filter(u8::is_ascii_alphanumeric)
                .count()
                >= 12)
}

/// A long run of mixed letters and digits that no one named so.
fn is_random(text: &str) -> bool {
    text.split(['-', '_']).any(|part| {
        let count = |is: fn(&u8) -> bool| part.bytes().filter(is).count();
        part.len() >= 24
            && count(u8::is_ascii_digit) >= 3
            && count(u8::is_ascii_uppercase) >= 3
            && count(u8::is_ascii_lowercase) >= 3
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_telling_names() {
        for (input, expected) in [
            (
                "password=hunter2, user=bob",
                "password=[redacted], user=bob",
            ),
            ("DB_PASSWORD: hunter2", "DB_PASSWORD: [redacted]"),
            (
                r#"{"apiKey": "a b", "n": 1}"#,
                r#"{"apiKey": "[redacted]", "n": 1}"#,
            ),
            (
                "{'client_secret': 'x\\'y'}",
                "{'client_secret': '[redacted]'}",
            ),
            (
                r#"{\"token\": \"abc\", \"n\": 1}"#,
                r#"{\"token\": \"[redacted]\", \"n\": 1}"#,
            ),
            (
                "GET /x?access_token=abc&page=2",
                "GET /x?access_token=[redacted]&page=2",
            ),
            (
                "mysql --password s3cret -u x",
                "mysql --password [redacted] -u x",
            ),
            ("secret => 'x'", "secret => '[redacted]'"),
            (
                "bad https://db/x?api_key=abc: retry",
                "bad https://db/x?api_key=[redacted] retry",
            ),
            ("error: password: abc", "error: password: [redacted]"),
            (
                "AWS_SECRET_ACCESS_KEY=ab/cd",
                "AWS_SECRET_ACCESS_KEY=[redacted]",
            ),
            ("pwd=\"unclosed\nnext", "pwd=\"[redacted]\nnext"),
            (
                "Authorization: Basic dXNlcjpw\nHost: x",
                "Authorization: [redacted]\nHost: x",
            ),
            (
                "'Cookie': 'a=b; c=d', 'x': 1",
                "'Cookie': '[redacted]', 'x': 1",
            ),
            ("Token: ä", "Token: [redacted]"),
        ] {
            assert_eq!(text(input), expected, "{input}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for input in [
            "KeyError: 'password'",
            "login() got an unexpected keyword argument 'token'",
            "missing 1 required positional argument: 'api_key'",
            "Unexpected token < in JSON at position 0",
            "Unexpected token: punc (})",
            "token=None, password='', secret: null",
            "max_tokens=4096 tokenizer=bpe",
            "if token == 'x'",
            "commit 5f0c9d7a4b3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a",
            "id 123E4567-E89B-12D3-A456-426614174000",
            "basic authentication failed, bearer authentication required",
            "http://localhost:8080/@vite/client",
            "lodash@4.17.21 run@app.js:12:5 @app.route",
            "AbstractSingletonProxyFactoryBean2 in modules/core/services/CacheServiceFacade2026.py",
            "password: {'min': 8}",
            "std::secret::value",
        ] {
            assert!(
                matches!(text(input), Cow::Borrowed(_)),
                "{input} -> {}",
                text(input)
            );
        }
    }

    #[test]
    fn urls_tokens_mails_and_keys() {
        for (input, expected) in [
            (
                "connect postgres://bob:p@ss@db:5432/x failed",
                "connect postgres://bob:[redacted]@db:5432/x failed",
            ),
            ("https://ghtoken@host/x", "https://[redacted]@host/x"),
            (
                "mail to jane.doe+x@example.org.",
                "mail to [redacted]@[redacted].",
            ),
            ("got Bearer abc.def-123456", "got Bearer [redacted]"),
            (
                "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sflKxwRJSMeKKF2QT4 end",
                "jwt [redacted] end",
            ),
            (
                "key ghp_16C7e42F292c6912E7710c838347Ae178B4a",
                "key [redacted]",
            ),
            ("AKIAIOSFODNN7EXAMPLE is used", "[redacted] is used"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest",
                "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nrest",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIE",
                "-----BEGIN PRIVATE KEY-----[redacted]",
            ),
            ("sid s7Gh2kLp9QwErTyUiOpAsDfG4hJk end", "sid [redacted] end"),
        ] {
            assert_eq!(text(input), expected, "{input}");
        }
    }

    #[test]
    fn source_lines_keep_their_names() {
        for (input, expected) in [
            (
                "login(user, password=form.password)",
                "login(user, password=form.password)",
            ),
            (
                "connect(password=\"hunter2\", port=1)",
                "connect(password=\"[redacted]\", port=1)",
            ),
            (
                "headers = {'Authorization': f'Bearer {x}'}",
                "headers = {'Authorization': f'[redacted]'}",
            ),
            ("token: str = read()", "token: str = read()"),
        ] {
            assert_eq!(code(input), expected, "{input}");
        }
    }

    #[test]
    fn redacting_twice_changes_nothing_more() {
        let once = text("password=x Authorization: Bearer y12345678 a@b.org //u:p@h ://u:p@h")
            .into_owned();
        assert_eq!(text(&once), once);
    }

    #[test]
    fn hostile_texts_end() {
        for piece in [
            "://",
            "a@",
            "password=",
            "-----BEGIN ",
            "--token ",
            "eyJ.",
            "\\\"",
            "ä=secret:'",
        ] {
            let long = piece.repeat(20_000);
            assert!(!text(&long).is_empty());
            assert!(!code(&long).is_empty());
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_survived(
            pieces in proptest::collection::vec("[ =:'\"\\\\@./-]|token|password|://|--|-----BEGIN |PRIVATE KEY-----|eyJ|Bearer |ä|\\PC{0,4}", 0..40)
        ) {
            let input = pieces.concat();
            let clean = text(&input).into_owned();
            let _ = code(&input);
            let _ = text(&clean);
        }
    }
}
