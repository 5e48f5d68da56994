//! Lines that open a traceback, join the parts of a chain, or end one: headers, banners and what programs print around.
//! Only whole lines are judged here; reading on is the business of chain.rs.

use super::exception::exception_line;
use crate::model::Relation;

/// Which printer's header it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `Traceback (most recent call last):`
    Plain,
    /// `  + Exception Group Traceback (most recent call last):`
    Group,
    /// `Traceback with variables (most recent call last):`
    Variables,
}

/// A header and the column where it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) column: usize,
}

/// Reads a header, which always ends its line but need not start it.
pub(super) fn header(line: &str) -> Option<Header> {
    let line = line.trim_end();
    if !line.ends_with("last):") && !line.ends_with("call last):") {
        return None;
    }
    let plain = line
        .strip_suffix("Traceback (most recent call last):")
        .or_else(|| line.strip_suffix("Traceback (innermost last):"));
    if let Some(before) = plain {
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        return Some(match before.strip_suffix("Exception Group ") {
            Some(before) => Header {
                kind: Kind::Group,
                column: before.strip_suffix("+ ").unwrap_or(before).len(),
            },
            None => Header {
                kind: Kind::Plain,
                column: before.len(),
            },
        });
    }
    let before = line.strip_suffix("Traceback with variables (most recent call last):")?;
    Some(Header {
        kind: Kind::Variables,
        column: before.len(),
    })
}

/// Reads the sentence between two exceptions of a chain.
pub(super) fn banner(line: &str) -> Option<Relation> {
    let line = line.trim();
    if !line.ends_with("exception:") && !line.ends_with("occurred:") {
        return None;
    }
    // Some pages repeat the message: The above exception ('qty') was the direct cause of the following exception:
    if line.starts_with("The above exception")
        && line.ends_with(" was the direct cause of the following exception:")
    {
        return Some(Relation::Cause);
    }
    ["During", "While"]
        .iter()
        .any(|s| {
            line.strip_prefix(s).is_some_and(|l| {
                l.starts_with(" handling of the above exception")
                    || l.starts_with(" handling the above exception")
            })
        })
        .then_some(())?;
    (line.ends_with(", another exception occurred:")).then_some(Relation::Context)
}

/// What a page says the exception above a banner said: `'qty'` of `The above exception ('qty') was the direct cause …`.
pub(super) fn quoted(banner: &str) -> Option<&str> {
    let (_, rest) = banner.split_once(" above exception (")?;
    let (said, _) = rest
        .rsplit_once(") was the direct cause")
        .or_else(|| rest.rsplit_once("), another exception"))?;
    Some(said)
}

/// Lines that programs print in front of a traceback. They belong to it.
pub(super) fn is_announcement(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "Exception in thread ",
        "Exception ignored ",
        "Unhandled exception in ",
        "Unhandled exception",
        "Task exception was never retrieved",
        "Future exception was never retrieved",
        "Exception in callback ",
        "Exception in default exception handler",
        "Task was destroyed but it is pending",
        "unhandled exception during asyncio.run() shutdown",
        "--- Logging error",
        "--- End of logging error",
        "Error in sys.excepthook:",
        "Error in atexit._run_exitfuncs:",
        "Original exception was:",
        "The original exception:",
        "Exception occurred during processing of request",
    ];
    let line = line.trim();
    STARTS.iter().any(|s| line.starts_with(s))
        || (line.starts_with("Process ") && line.ends_with(':'))
        || (line.ends_with("Traceback:") && line.starts_with("billiard."))
}

/// Lines that come between an announcement and its traceback.
pub(super) fn is_detail(line: &str) -> bool {
    [
        "future: <",
        "handle: <",
        "task: <",
        "protocol: <",
        "transport: <",
        "context: {",
    ]
    .iter()
    .any(|s| line.trim_start().starts_with(s))
}

/// Lines with which a message can not go on.
pub(super) fn is_end(line: &str) -> bool {
    is_break(line) || starts_record(line)
}

/// Lines with which a message can not go on, whatever the text is: prompts, rules, announcements, other stacks.
pub(super) fn is_break(line: &str) -> bool {
    if line.starts_with(">>> ") || line == ">>>" {
        return true;
    }
    let drawn = |c: char, least: usize| line.len() >= least && line.chars().all(|d| d == c);
    // pytest: ===== FAILURES =====   _____ test_x _____   ----- Captured log call -----
    let titled = |mark: &str| line.len() >= 40 && line.starts_with(mark) && line.ends_with(mark);
    titled("=====")
        || titled("_____")
        || titled("-----")
        || drawn('=', 20)
        || drawn('-', 60)
        || is_announcement(line)
        || is_stack(line)
        || is_warning(line)
}

// /srv/app.py:25: RuntimeWarning: coroutine 'f' was never awaited
fn is_warning(line: &str) -> bool {
    let Some(at) = line.find("Warning: ") else {
        return false;
    };
    let mut before = line[..at].rsplitn(3, ':');
    let (class, number, file) = (before.next(), before.next(), before.next());
    class.is_some_and(|c| c.starts_with(' ') && c.len() > 1)
        && number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        && file.is_some_and(|f| !f.is_empty())
}

/// Headers of stacks that are no failures.
pub(super) fn is_stack(line: &str) -> bool {
    let line = line.trim();
    line == "Call stack:"
        || (line.ends_with("(most recent call last):")
            && ["Stack (", "Object created at (", "Coroutine created at ("]
                .iter()
                .any(|s| line.contains(s)))
}

/// Whether a line starts like a record of a log: with a time, or with a level and a colon.
pub(super) fn starts_record(line: &str) -> bool {
    let body = line.trim_start_matches(['[', '(', '"', '<']);
    let bytes = body.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    // 2026-01-02 03:04   2026/01/02   2026-01-02T03:04
    if digits == 4
        && matches!(at(4), b'-' | b'/')
        && at(5).is_ascii_digit()
        && at(6).is_ascii_digit()
        && at(7) == at(4)
    {
        return true;
    }
    // 22/Nov/2026:13:15:42   22-11-2026
    if digits == 2
        && matches!(at(2), b'-' | b'/')
        && matches!(at(5), b'-' | b'/') | matches!(at(6), b'-' | b'/')
    {
        return true;
    }
    // 03:04:05
    if digits == 2
        && at(2) == b':'
        && at(5) == b':'
        && at(3).is_ascii_digit()
        && at(6).is_ascii_digit()
    {
        return true;
    }
    // {"time": …, "message": …}
    (line.starts_with("{\"") && line.ends_with('}')) || level_prefix(body)
}

// ERROR: x   [ERROR] x   ERROR    x   CRITICAL:root:x   [E 261122 13:20:35 web:2108]
fn level_prefix(body: &str) -> bool {
    const LEVELS: &[&str] = &[
        "DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTICE", "TRACE",
    ];
    let word = body.bytes().take_while(u8::is_ascii_uppercase).count();
    let after = body.as_bytes().get(word).copied();
    LEVELS.contains(&&body[..word]) && matches!(after, Some(b':' | b']' | b' ' | b'\t' | b'|'))
}

/// Whether a line says `module.Type` with or without a message, in a place where any exception may stand.
pub(super) fn names_exception(line: &str) -> bool {
    exception_line(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_need_not_start_their_line() {
        let found = header("ERROR:    Traceback (most recent call last):").unwrap();
        assert_eq!((found.kind, found.column), (Kind::Plain, 10));
        let found = header("  + Exception Group Traceback (most recent call last):").unwrap();
        assert_eq!((found.kind, found.column), (Kind::Group, 2));
        assert_eq!(header("Stack (most recent call last):"), None);
        assert_eq!(header("RemoteTraceback (most recent call last):"), None);
        assert_eq!(
            header("a Traceback (most recent call last): in prose"),
            None
        );
    }

    #[test]
    fn banners() {
        assert_eq!(
            banner("The above exception was the direct cause of the following exception:"),
            Some(Relation::Cause)
        );
        assert_eq!(
            banner("The above exception ('x') was the direct cause of the following exception:"),
            Some(Relation::Cause)
        );
        assert_eq!(
            banner("During handling of the above exception, another exception occurred:"),
            Some(Relation::Context)
        );
        assert_eq!(banner("another exception occurred:"), None);
    }

    #[test]
    fn warnings_end_messages() {
        assert!(is_break("/srv/app.py:25: RuntimeWarning: never awaited"));
        assert!(!is_break("see RuntimeWarning: never awaited"));
    }

    #[test]
    fn records_start() {
        for line in [
            "2026-11-22 12:40:02,060 INFO [app] x",
            "[2026-11-22 12:40:02] x",
            "[22/Nov/2026 13:15:42] x",
            "13:15:42 x",
            "ERROR:root:x",
            "[ERROR] x",
            "INFO     x",
        ] {
            assert!(starts_record(line), "{line}");
        }
        for line in [
            "ValueError: x",
            "2026",
            "ERRORS are bad",
            "- 2026-01-01",
            "Information",
        ] {
            assert!(!starts_record(line), "{line}");
        }
    }
}
