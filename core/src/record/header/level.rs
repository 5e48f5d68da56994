//! The words with which loggers say how bad it is.

/// How bad a level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

/// Severity of a level word in any case (`error`, `WARN`, `CRITICAL`).
pub(crate) fn severity(word: &str) -> Option<Severity> {
    if word.len() > 12 {
        return None;
    }
    Some(match word.to_ascii_uppercase().as_str() {
        "TRACE" | "DEBUG" | "NOTSET" | "VERBOSE" | "FINE" => Severity::Debug,
        "INFO" | "NOTICE" | "SUCCESS" | "INFORMATION" | "INFORMATIONAL" | "LOG" | "DEFAULT" => {
            Severity::Info
        }
        "WARNING" | "WARN" => Severity::Warning,
        "ERROR" | "ERR" | "EXCEPTION" | "SEVERE" => Severity::Error,
        "CRITICAL" | "CRIT" | "FATAL" | "ALERT" | "EMERGENCY" | "EMERG" | "PANIC" => {
            Severity::Critical
        }
        _ => return None,
    })
}

/// Severity of a level word in capitals, as it stands free in a line (`ERROR`, never `error` or `LOG`).
pub(crate) fn capital(word: &[u8]) -> Option<Severity> {
    if !(3..=9).contains(&word.len()) || !word.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    Some(match word {
        b"TRACE" | b"DEBUG" => Severity::Debug,
        b"INFO" | b"NOTICE" | b"SUCCESS" => Severity::Info,
        b"WARNING" | b"WARN" => Severity::Warning,
        b"ERROR" | b"ERR" | b"SEVERE" => Severity::Error,
        b"CRITICAL" | b"CRIT" | b"FATAL" | b"ALERT" | b"EMERG" | b"EMERGENCY" => Severity::Critical,
        _ => return None,
    })
}

/// Level word of a number: Python's (40), pino's and bunyan's (50).
pub(crate) fn of_number(number: i64, node: bool) -> Option<&'static str> {
    Some(match (number, node) {
        (10, true) => "TRACE",
        (20, true) | (10, false) => "DEBUG",
        (30, true) | (20, false) => "INFO",
        (40, true) | (30, false) => "WARNING",
        (50, true) | (40, false) => "ERROR",
        (60, true) => "FATAL",
        (50, false) => "CRITICAL",
        _ => return None,
    })
}

/// Level word of a syslog severity (GELF, journald).
pub(crate) fn of_syslog(number: i64) -> Option<&'static str> {
    Some(match number {
        0..=2 => "CRITICAL",
        3 => "ERROR",
        4 => "WARNING",
        5 | 6 => "INFO",
        7 => "DEBUG",
        _ => return None,
    })
}

/// Level word of tornado's one letter.
pub(crate) fn of_letter(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'D' => "DEBUG",
        b'I' => "INFO",
        b'W' => "WARNING",
        b'E' => "ERROR",
        b'C' | b'F' => "CRITICAL",
        _ => return None,
    })
}
