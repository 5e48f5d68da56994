//! The lines of a log around a failure: the requests they tell of, and the values they name.

use super::scene::Surroundings;
use crate::correlate::{Gap, Shown, request_in};

/// A request that a line tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// `GET`.
    pub method: String,
    /// With its query.
    pub path: String,
    /// The line says that it ended with a server error.
    pub is_failed: bool,
}

impl Logged {
    /// The request that a line tells of.
    pub fn of(line: &str) -> Option<Logged> {
        let (method, path) = request_in(line)?;
        let is_failed = status_of(line, &path).is_some_and(|status| status >= 500);
        Some(Logged {
            method,
            path,
            is_failed,
        })
    }

    /// Whether it ended with a server error and went to that path, perhaps with a query.
    pub fn is_failure_of(&self, path: &str) -> bool {
        let bare = self.path.split('?').next();
        self.is_failed && (self.path == path || bare == Some(path))
    }
}

/// So far from the failure a line is still about it.
const NEAR: usize = 12;

/// The requests near a failure, the most likely first: those that failed, of these the ones behind it (how a request ended
/// is written when it has ended), then the nearest.
pub fn requests(surroundings: &Surroundings) -> Vec<Logged> {
    let before = surroundings.before.iter().rev().take(NEAR).enumerate();
    let after = surroundings.after.iter().take(NEAR).enumerate();
    let before = before.map(|(distance, line)| (true, distance, line));
    let after = after.map(|(distance, line)| (false, distance, line));
    let mut found: Vec<((bool, bool, usize), Logged)> = Vec::new();
    for (is_before, distance, line) in before.chain(after) {
        let Some(logged) = Logged::of(line) else {
            continue;
        };
        let is_failed = logged.is_failed;
        if !found.iter().any(|(.., l)| *l == logged) {
            found.push(((!is_failed, is_failed && is_before, distance), logged));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found
        .into_iter()
        .map(|(.., logged)| logged)
        .take(3)
        .collect()
}

/// Command lines that the record and the lines right before it may show, from their last word outwards: `restore --help` of
/// `called: backup restore --help`.
pub(super) fn command_lines(message: &str, surroundings: &Surroundings) -> Vec<Vec<String>> {
    const LINES: usize = 3;
    const WORDS: usize = 6;
    let lines = surroundings.before.iter().rev().take(LINES);
    let mut found: Vec<Vec<String>> = Vec::new();
    for line in std::iter::once(message).chain(lines.map(String::as_str)) {
        let said = line.rsplit_once(": ").map_or(line, |(_, said)| said);
        let words: Vec<&str> = said.split_whitespace().collect();
        // Prose has no options.
        if words.len() > WORDS || !words.iter().any(|word| word.starts_with('-')) {
            continue;
        }
        for at in (0..words.len()).rev() {
            let part = words[at..].iter().map(|word| (*word).to_owned()).collect();
            if !found.contains(&part) {
                found.push(part);
            }
        }
    }
    found
}

/// Completes the request of a gap from the access line about it: some frameworks log a failure without query and method.
pub fn complete_request(gap: &mut Gap, surroundings: &Surroundings) {
    let Shown::Request { method, path } = &mut gap.shown else {
        return;
    };
    let is_same = |logged: &Logged| logged.is_failure_of(path);
    if let Some(logged) = requests(surroundings).into_iter().find(is_same) {
        (*method, *path) = (logged.method, logged.path);
    }
}

/// The status that a line tells behind the path: `"GET /x HTTP/1.1" 500 27`, `GET /x -> 500`, `"POST /x" 201`.
fn status_of(line: &str, path: &str) -> Option<u16> {
    let (_, rest) = line.split_once(path)?;
    rest.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 3)
        .find_map(|word| word.parse().ok())
        .filter(|status| (100..600).contains(status))
}

/// Values that the record's own text and the lines right before it name: `ranges=:5,2:10`, quoted parts.
pub(super) fn words_of(message: &str, surroundings: &Surroundings) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let lines = std::iter::once(message)
        .chain(surroundings.before.iter().rev().take(2).map(String::as_str));
    for line in lines {
        let line: String = line.chars().take(500).collect();
        let mut add = |text: &str| {
            let text = text.trim_matches([',', ';', '"', '\'']);
            if (1..=100).contains(&text.len()) && !found.iter().any(|f| f == text) {
                found.push(text.to_owned());
            }
        };
        for quote in ['\'', '"'] {
            line.split(quote).skip(1).step_by(2).for_each(&mut add);
        }
        for word in line.split_whitespace() {
            if let Some((name, value)) = word.split_once('=')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !name.is_empty()
            {
                add(value);
                if value.contains(',') {
                    value.split(',').for_each(&mut add);
                }
            }
        }
    }
    found.truncate(8);
    found
}

/// Values that the lines around a failure give a name: `locale=nl_NL`, `"locale": "nl_NL"`, `locale: nl_NL`; those of
/// the nearest line first.
pub(super) fn values_named(name: &str, message: &str, surroundings: &Surroundings) -> Vec<String> {
    const MOST: usize = 3;
    let before = surroundings.before.iter().rev().take(NEAR);
    let lines = std::iter::once(message).chain(before.map(String::as_str));
    let mut found: Vec<String> = Vec::new();
    for line in lines.filter(|line| line.len() <= 4096) {
        for (at, _) in line.match_indices(name) {
            let is_part = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let value = value_after(&line[at + name.len()..]);
            if let Some(value) = value.filter(|v| !is_part && !found.iter().any(|f| f == v)) {
                found.push(value.to_owned());
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.truncate(MOST);
    found
}

/// The value behind a name and its `=` or `:`.
fn value_after(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let rest = rest.strip_prefix('=').or_else(|| rest.strip_prefix(':'))?;
    let rest = rest.trim_start_matches(' ');
    let value = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => {
            let end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | ']' | '}');
            rest.split(end).next()?
        }
    };
    (1..=100).contains(&value.len()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::CodeMap;
    use crate::correlate::correlate;
    use crate::model::Options;
    use crate::triage_text;

    #[test]
    fn values_are_found_by_their_names() {
        let surroundings = Surroundings {
            before: vec![
                "locale=de_DE".to_owned(),
                "INFO tiles: old_locale=x locale=nl_NL tile=3,4 {\"user\": \"a b\"}".to_owned(),
            ],
            ..Surroundings::default()
        };
        let named = |name: &str| values_named(name, "not rendered", &surroundings);
        assert_eq!(named("locale"), ["nl_NL", "de_DE"]);
        assert_eq!(named("user"), ["a b"]);
        assert_eq!(named("tile"), ["3"]);
        assert!(named("amount").is_empty());
    }

    #[test]
    fn the_request_that_failed_comes_first() {
        let surroundings = Surroundings {
            before: vec![
                "INFO uvicorn.access: 10.0.0.7:50000 - \"GET /quotes/DEF HTTP/1.1\" 200".to_owned(),
                "INFO uvicorn.access: 10.0.0.7:50000 - \"GET /quotes/ABC\" 500 27 0.124".to_owned(),
                "INFO x: nothing".to_owned(),
            ],
            after: vec!["INFO gunicorn.access: 10.0.0.9 - \"POST /next HTTP/1.1\" 201".to_owned()],
            ..Surroundings::default()
        };
        let paths: Vec<String> = requests(&surroundings)
            .into_iter()
            .map(|r| r.path)
            .collect();
        assert_eq!(paths, ["/quotes/ABC", "/next", "/quotes/DEF"]);
    }

    #[test]
    fn a_command_line_is_read_from_its_end() {
        let surroundings = Surroundings {
            before: [
                "done: 2 copies",
                "nas1 backup[4]: called: backup restore --help",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Surroundings::default()
        };
        let lines = command_lines("unexpected error", &surroundings);
        let lines: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
        assert_eq!(lines, ["--help", "restore --help", "backup restore --help"]);
    }

    #[test]
    fn a_request_is_completed_from_its_access_line() {
        let map = CodeMap::of_texts(&[("shop.py", "def page(number):\n    return 1 / number\n")]);
        let text = "ERROR django.request: Internal Server Error: /movements/\n\
                    Traceback (most recent call last):\n  File \"/srv/shop.py\", line 2, in page\n    return 1 / number\n\
                    ZeroDivisionError: division by zero\n";
        let failure = triage_text(text, &Options::default()).remove(0);
        let shown = |after: &[&str]| {
            let mut gap = correlate(&failure, &map).expect("a gap");
            let after = after.iter().map(|line| (*line).to_owned()).collect();
            let surroundings = Surroundings {
                // Of the one before, which failed as well.
                before: vec!["10.0.0.4 \"GET /movements/?page=11 HTTP/1.1\" 500".to_owned()],
                after,
                ..Surroundings::default()
            };
            complete_request(&mut gap, &surroundings);
            match gap.shown {
                Shown::Request { method, path } => format!("{method} {path}"),
                _ => String::new(),
            }
        };
        assert_eq!(
            shown(&["10.0.0.4 \"POST /movements/?page=12 HTTP/1.1\" 500"]),
            "POST /movements/?page=12"
        );
        let others = [
            "10.0.0.4 \"POST /movements/?page=12 HTTP/1.1\" 200",
            "10.0.0.4 \"POST /movements/12 HTTP/1.1\" 500",
        ];
        assert_eq!(shown(&others), "GET /movements/?page=11");
    }

    #[test]
    fn values_of_the_log_are_read() {
        let surroundings = Surroundings {
            before: vec!["INFO pdfsplit.api: POST /split ranges=:5,2:10".to_owned()],
            ..Surroundings::default()
        };
        assert_eq!(
            words_of("POST /split failed", &surroundings),
            [":5,2:10", ":5", "2:10"]
        );
    }
}
