//! How a failure came to light: raised, swallowed and logged, the end of a request, a start that failed.

use super::{ProjectFrame, Shown};
use crate::code::Function;
use crate::model::{Exception, Failure};

pub(super) fn shown(failure: &Failure, exception: &Exception, frames: &[ProjectFrame]) -> Shown {
    let type_name = exception.type_name.as_deref().unwrap_or_default();
    if let Some(last) = frames.last()
        && last.frame.function.as_deref() == Some("<module>")
    {
        // The outermost module of the unbroken run of imports is what was started.
        let first = frames
            .iter()
            .rev()
            .take_while(|f| f.frame.function.as_deref() == Some("<module>"))
            .last()
            .unwrap_or(last);
        return Shown::StartUp {
            module: first.module.name.clone(),
        };
    }
    let outermost_of_trace = exception.plain_frames().next();
    if let Some(first) = frames.first()
        && outermost_of_trace.is_some_and(|f| std::ptr::eq(f, first.frame))
        && let Some(function) = first.function
        && let Some(line) = first.frame.line
        && let Some(handler) = function
            .function
            .handlers
            .iter()
            .filter(|h| h.try_first <= line && line <= h.try_last && !h.reraises)
            .find(|h| h.catches(type_name))
    {
        return Shown::Swallowed {
            by: function.function.qualified_name(),
            contract: error_contract(function.function, handler.line, handler.last_line),
            in_message: handler
                .calls
                .iter()
                .any(|c| c.name() == "format_exc" || c.name() == "format_exception"),
        };
    }
    let texts = [failure.log_message.as_deref(), Some(failure.title.as_str())];
    match texts.iter().flatten().find_map(|text| request_in(text)) {
        Some((method, path)) => Shown::Request { method, path },
        None => Shown::Raised,
    }
}

/// Keys that the handler's dictionary and every other returned dictionary share, with another literal there.
fn error_contract(function: &Function, first: u32, last: u32) -> Vec<(String, String)> {
    let in_handler = |line: u32| first <= line && line <= last;
    let Some(bad) = function.returned_dicts.iter().find(|d| in_handler(d.line)) else {
        return Vec::new();
    };
    let good: Vec<_> = function
        .returned_dicts
        .iter()
        .filter(|d| {
            !function
                .handlers
                .iter()
                .any(|h| h.line <= d.line && d.line <= h.last_line)
        })
        .collect();
    // What a handler for another error answers as well is a right answer once this one is refused as such.
    let is_refusal = |key: &str, value: &str| {
        function.handlers.iter().any(|h| {
            !h.is_broad()
                && !in_handler(h.line)
                && function
                    .returned_dicts
                    .iter()
                    .filter(|d| h.line <= d.line && d.line <= h.last_line)
                    .any(|d| d.items.iter().any(|(k, v)| k == key && v == value))
        })
    };
    bad.items
        .iter()
        .filter(|(_, value)| matches!(value.as_str(), "True" | "False"))
        .filter(|(key, value)| !is_refusal(key, value))
        .filter_map(|(key, bad_value)| {
            let mut values = good.iter().map(|d| {
                d.items
                    .iter()
                    .find(|(k, _)| k == key)
                    .map(|(_, value)| value.as_str())
            });
            let first = values
                .next()
                .flatten()
                .filter(|v| matches!(*v, "True" | "False"));
            let expected = match first {
                Some(value) if values.all(|v| v == Some(value)) => value,
                Some(_) => return None,
                // No literal on the good path: the opposite is what `success: False` implies.
                None if bad_value == "False" => "True",
                None => return None,
            };
            (expected != bad_value).then(|| (key.clone(), expected.to_owned()))
        })
        .collect()
}

/// The HTTP request that a record's own text names.
///
/// `Exception on /api/nodes/7 [GET]` (Flask), `Internal Server Error: /sitemap.xml` (Django),
/// `Error handling request GET /x` (gunicorn), `"GET /x HTTP/1.1" 500`.
pub fn request_in(text: &str) -> Option<(String, String)> {
    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    const AROUND: [char; 6] = ['"', '\'', '`', ',', '(', ')'];
    let written: Vec<&str> = text.split_whitespace().take(64).collect();
    let trimmed = written.iter().enumerate().map(|(at, word)| {
        // `GET /x?sort=a, HTTP/1.1`: between method and protocol stands the path alone.
        match written.get(at + 1) {
            Some(next) if next.starts_with("HTTP/") => word.trim_start_matches(AROUND),
            _ => word.trim_matches(AROUND),
        }
    });
    let words: Vec<&str> = trimmed.collect();
    let is_path = |word: &&&str| {
        word.starts_with('/') && word.len() < 2048 && !word.contains(['\\', '<', '>'])
    };
    let path = words.iter().find(is_path)?;
    let method = words
        .iter()
        .map(|w| w.trim_matches(['[', ']']))
        .find(|w| METHODS.contains(w));
    match method {
        Some(method) => Some((method.to_owned(), (*path).to_owned())),
        None => text
            .contains("Internal Server Error: /")
            .then(|| ("GET".to_owned(), (*path).to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{CodeMap, SourceFile};

    #[test]
    fn what_a_refusal_answers_too_is_no_contract() {
        let contract = |refusal: &str| {
            let text = format!(
                "def load(path):\n    try:\n        return {{\"success\": True}}\n    except TooLarge:\n        return {refusal}\n    except Exception:\n        return {{\"success\": False}}\n"
            );
            let map = CodeMap::new(
                &[SourceFile {
                    path: "shop.py".to_owned(),
                    text,
                    is_test: false,
                }],
                &[".".to_owned()],
            );
            error_contract(&map.modules[0].functions[0], 6, 7)
        };
        assert_eq!(contract("None").len(), 1);
        assert_eq!(contract("{\"success\": True}").len(), 1);
        assert!(contract("{\"success\": False}").is_empty());
    }

    #[test]
    fn requests_are_read_from_the_record() {
        let read = |t: &str| request_in(t).map(|(m, p)| format!("{m} {p}"));
        assert_eq!(
            read("Exception on /api/nodes/7 [GET]").as_deref(),
            Some("GET /api/nodes/7")
        );
        assert_eq!(
            read("\"GET /staff/?order=name, HTTP/1.1\" 500").as_deref(),
            Some("GET /staff/?order=name,")
        );
        assert_eq!(
            read("Internal Server Error: /sitemap.xml").as_deref(),
            Some("GET /sitemap.xml")
        );
        assert_eq!(
            read("Error handling request POST /x?a=1").as_deref(),
            Some("POST /x?a=1")
        );
        assert_eq!(read("cannot open /etc/shop.conf"), None);
    }
}
