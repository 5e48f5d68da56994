//! Writes the failure JSON, one implementation for every frontend (no float, no reflection, few bytes of wasm).
//! It deliberately does not read JSON.

use alloc::string::String;

use crate::SCHEMA_VERSION;
use crate::model::{Exception, Failure, Relation, StackEntry};
use crate::text;

/// One failure as one line of JSON, keys in the order of the schema.
pub fn failure(f: &Failure) -> String {
    let mut out = String::new();
    append(&mut out, f);
    out
}

/// Appends a failure to a list of them, or to an empty text.
pub(crate) fn append(out: &mut String, f: &Failure) {
    let w = &mut Writer { out };
    if w.out.ends_with('}') {
        w.raw(",");
    }
    w.digits("{\"schema_version\":", SCHEMA_VERSION.into());
    w.raw(if f.platform.is_python() {
        ",\"platform\":\"python\",\"exceptions\":["
    } else {
        ",\"platform\":\"javascript\",\"exceptions\":["
    });
    for e in &f.exceptions {
        exception(w, e);
    }
    w.string("],\"fingerprint\":", &f.fingerprint);
    w.string(",\"family\":", &f.family);
    w.string(",\"pattern\":", &f.pattern);
    w.string(",\"title\":", &f.title);
    w.optional(",\"level\":", &f.level);
    w.optional(",\"logger\":", &f.logger);
    w.optional(",\"timestamp\":", &f.timestamp);
    w.optional(",\"log_message\":", &f.log_message);
    w.digits(",\"count\":", f.count);
    w.boolean(",\"partial\":", f.partial);
    w.string(",\"origin\":{\"source\":", &f.origin.source);
    w.digits(",\"line\":", f.origin.line);
    w.digits(",\"offset\":", f.origin.offset);
    w.strings("},\"notes\":[", &f.notes);
    w.raw("]");
    #[cfg(feature = "logs")]
    if let Some(captured) = &f.captured {
        w.raw(",\"captured\":");
        w.raw(captured);
    }
    w.raw("}");
}

/// Appends a text as a JSON string.
#[cfg(feature = "logs")]
pub(crate) fn quote(out: &mut String, text: &str) {
    Writer { out }.string("", text);
}

fn exception(w: &mut Writer, e: &Exception) {
    w.item("{");
    w.optional("\"type\":", &e.type_name);
    w.optional(",\"module\":", &e.module);
    w.optional(",\"message\":", &e.message);
    w.strings(",\"notes\":[", &e.notes);
    w.raw(match e.relation {
        None => "],\"relation\":null,\"group_path\":[",
        Some(Relation::Cause) => "],\"relation\":\"cause\",\"group_path\":[",
        Some(Relation::Context) => "],\"relation\":\"context\",\"group_path\":[",
        Some(Relation::Member) => "],\"relation\":\"member\",\"group_path\":[",
    });
    for step in &e.group_path {
        w.item("");
        w.digits("", (*step).into());
    }
    w.raw("],\"syntax\":");
    match &e.syntax {
        None => w.raw("null"),
        Some(s) => {
            w.optional("{\"file\":", &s.file);
            w.number(",\"line\":", s.line);
            w.optional(",\"source_line\":", &s.source_line);
            w.raw("}");
        }
    }
    w.raw(",\"frames\":[");
    for entry in &e.frames {
        w.item("{");
        match entry {
            StackEntry::Repeated { repeated } => w.digits("\"repeated\":", *repeated),
            StackEntry::Elided { elided } => w.digits("\"elided\":", *elided),
            StackEntry::Frame(f) => {
                w.optional("\"function\":", &f.function);
                w.optional(",\"file\":", &f.file);
                w.number(",\"line\":", f.line);
                w.number(",\"column\":", f.column);
                w.optional(",\"source_line\":", &f.source_line);
                w.boolean(",\"in_app\":", f.in_app);
                w.boolean(",\"async\":", f.is_async);
            }
        }
        w.raw("}");
    }
    w.raw("]}");
}

struct Writer<'o> {
    out: &'o mut String,
}

// Each writes `lead` first: the key and what stands before it.
impl Writer<'_> {
    #[inline(never)]
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins an item of a list.
    #[inline(never)]
    fn item(&mut self, lead: &str) {
        if !self.out.ends_with('[') {
            self.raw(",");
        }
        self.raw(lead);
    }

    #[inline(never)]
    fn optional(&mut self, lead: &str, text: &Option<String>) {
        match text {
            Some(text) => self.string(lead, text),
            None => {
                self.raw(lead);
                self.raw("null");
            }
        }
    }

    fn strings(&mut self, lead: &str, texts: &[String]) {
        self.raw(lead);
        for text in texts {
            self.item("");
            self.string("", text);
        }
    }

    #[inline(never)]
    fn number(&mut self, lead: &str, number: Option<u32>) {
        match number {
            Some(number) => self.digits(lead, number.into()),
            None => {
                self.raw(lead);
                self.raw("null");
            }
        }
    }

    /// By hand: the standard library's formatting weighs more than this writer.
    #[inline(never)]
    fn digits(&mut self, lead: &str, number: u64) {
        self.raw(lead);
        if number > 9 {
            self.digits("", number / 10);
        }
        text::push_digit(self.out, number % 10);
    }

    #[inline(never)]
    fn boolean(&mut self, lead: &str, value: bool) {
        self.raw(lead);
        self.raw(if value { "true" } else { "false" });
    }

    #[inline(never)]
    fn string(&mut self, lead: &str, text: &str) {
        self.raw(lead);
        self.raw("\"");
        self.characters(text);
        self.raw("\"");
    }

    /// What needs no second look is written in runs.
    #[cfg(feature = "logs")]
    fn characters(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
            let plain = rest.bytes().position(|byte| !is_plain(byte));
            let (run, more) = rest.split_at(plain.unwrap_or(rest.len()));
            self.raw(run);
            let mut more = more.chars();
            if let Some(c) = more.next() {
                self.character(c);
            }
            rest = more.as_str();
        }
    }

    #[cfg(not(feature = "logs"))]
    #[inline(always)]
    fn characters(&mut self, text: &str) {
        for c in text.chars() {
            self.character(c);
        }
    }

    #[inline(always)]
    fn character(&mut self, c: char) {
        let short = match c {
            '"' | '\\' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            // Also the characters that end a line in JavaScript source or move a terminal's cursor.
            _ if text::is(c, text::CONTROL, "") || matches!(c, '\u{2028}' | '\u{2029}') => 'u',
            _ => {
                self.out.push(c);
                return;
            }
        };
        self.out.push('\\');
        self.out.push(short);
        if short == 'u' {
            text::push_hex(self.out, (c as u32).into(), 4);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = String::new();
        Writer { out: &mut out }.string("", text);
        out
    }

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 9, 10, 1907, u64::MAX] {
            let mut out = String::new();
            Writer { out: &mut out }.digits("", number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn hostile_text_stays_one_string() {
        assert_eq!(
            quoted("a\"b\\c\n\u{1b}[31m\u{2028}"),
            r#""a\"b\\c\n\u001b[31m\u2028""#
        );
    }
}
