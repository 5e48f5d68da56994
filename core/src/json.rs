//! Writes the failure JSON, one implementation for every frontend (no float, no reflection, few bytes of wasm).
//! It deliberately does not read JSON.

use alloc::string::String;

use crate::SCHEMA_VERSION;
use crate::model::{Exception, Failure, Relation, StackEntry};

/// One failure as one line of JSON, keys in the order of the schema.
pub fn failure(f: &Failure) -> String {
    let mut w = Writer {
        out: String::with_capacity(1024),
    };
    w.object(|w| {
        w.key("schema_version").digits(SCHEMA_VERSION.into());
        w.key("platform").string(if f.platform.is_python() {
            "python"
        } else {
            "javascript"
        });
        w.key("exceptions").array(&f.exceptions, exception);
        w.key("fingerprint").string(&f.fingerprint);
        w.key("family").string(&f.family);
        w.key("pattern").string(&f.pattern);
        w.key("title").string(&f.title);
        w.key("level").optional(f.level.as_deref());
        w.key("logger").optional(f.logger.as_deref());
        w.key("timestamp").optional(f.timestamp.as_deref());
        w.key("log_message").optional(f.log_message.as_deref());
        w.key("count").digits(f.count);
        w.key("partial").boolean(f.partial);
        w.key("origin").object(|w| {
            w.key("source").string(&f.origin.source);
            w.key("line").digits(f.origin.line);
            w.key("offset").digits(f.origin.offset);
        });
        w.key("notes").array(&f.notes, |w, n| w.string(n));
        #[cfg(feature = "logs")]
        if let Some(captured) = &f.captured {
            w.key("captured").raw(captured);
        }
    });
    w.out
}

/// Appends a text as a JSON string.
#[cfg(feature = "logs")]
pub(crate) fn quote(out: &mut String, text: &str) {
    let mut w = Writer {
        out: core::mem::take(out),
    };
    w.string(text);
    *out = w.out;
}

fn exception(w: &mut Writer, e: &Exception) {
    w.object(|w| {
        w.key("type").optional(e.type_name.as_deref());
        w.key("module").optional(e.module.as_deref());
        w.key("message").optional(e.message.as_deref());
        w.key("notes").array(&e.notes, |w, n| w.string(n));
        w.key("relation")
            .optional(e.relation.map(|relation| match relation {
                Relation::Cause => "cause",
                Relation::Context => "context",
                Relation::Member => "member",
            }));
        w.key("group_path")
            .array(&e.group_path, |w, n| w.digits((*n).into()));
        w.key("syntax");
        match &e.syntax {
            None => w.raw("null"),
            Some(s) => w.object(|w| {
                w.key("file").optional(s.file.as_deref());
                w.key("line").number(s.line);
                w.key("source_line").optional(s.source_line.as_deref());
            }),
        }
        w.key("frames").array(&e.frames, entry);
    });
}

fn entry(w: &mut Writer, entry: &StackEntry) {
    w.object(|w| match entry {
        StackEntry::Repeated { repeated } => w.key("repeated").digits(*repeated),
        StackEntry::Elided { elided } => w.key("elided").digits(*elided),
        StackEntry::Frame(f) => {
            w.key("function").optional(f.function.as_deref());
            w.key("file").optional(f.file.as_deref());
            w.key("line").number(f.line);
            w.key("column").number(f.column);
            w.key("source_line").optional(f.source_line.as_deref());
            w.key("in_app").boolean(f.in_app);
            w.key("async").boolean(f.is_async);
        }
    });
}

struct Writer {
    out: String,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(',');
        }
    }

    fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
        self
    }

    fn object(&mut self, body: impl FnOnce(&mut Self)) {
        self.out.push('{');
        body(self);
        self.out.push('}');
    }

    fn array<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            each(self, item);
        }
        self.out.push(']');
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    fn number(&mut self, number: Option<u32>) {
        match number {
            Some(number) => self.digits(number.into()),
            None => self.raw("null"),
        }
    }

    /// By hand: the standard library's formatting weighs more than this writer.
    fn digits(&mut self, number: u64) {
        if number > 9 {
            self.digits(number / 10);
        }
        self.out.push(char::from(b'0' + (number % 10) as u8));
    }

    fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                // Also the characters that end a line in JavaScript source or move a terminal's cursor.
                c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => {
                    const HEX: &[u8; 16] = b"0123456789abcdef";
                    self.out.push_str("\\u");
                    for shift in [12, 8, 4, 0] {
                        let digit = (c as u32 >> shift) & 15;
                        self.out.push(char::from(HEX[digit as usize]));
                    }
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut w = Writer { out: String::new() };
        w.string(text);
        w.out
    }

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 9, 10, 1907, u64::MAX] {
            let mut w = Writer { out: String::new() };
            w.digits(number);
            assert_eq!(w.out, number.to_string());
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
