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
        "WARNING" | "WARN" | "WARNI" => Severity::Warning,
        "ERROR" | "ERR" | "ERRO" | "EXCEPTION" | "SEVERE" => Severity::Error,
        "CRITICAL" | "CRITI" | "CRIT" | "FATAL" | "ALERT" | "EMERGENCY" | "EMERG" | "PANIC" => {
            Severity::Critical
        }
        _ => return None,
    })
}

/// A level's name in capitals, whole where a format cut it off: `%(levelname)-5.5s` makes `CRITI` of `CRITICAL`.
pub(crate) fn whole(word: &str) -> String {
    match word.to_ascii_uppercase().as_str() {
        "CRITI" => "CRITICAL".to_owned(),
        "WARNI" => "WARNING".to_owned(),
        "ERRO" => "ERROR".to_owned(),
        "DEBU" => "DEBUG".to_owned(),
        word => word.to_owned(),
    }
}

/// Severity of a level word in capitals, as it stands free in a line (`ERROR`, never `error` or `LOG`).
pub(crate) fn capital(word: &[u8]) -> Option<Severity> {
    if !(3..=9).contains(&word.len()) || !word.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    Some(match word {
        b"TRACE" | b"DEBUG" | b"DEBU" => Severity::Debug,
        b"INFO" | b"NOTICE" | b"SUCCESS" => Severity::Info,
        b"WARNING" | b"WARN" | b"WARNI" => Severity::Warning,
        b"ERROR" | b"ERR" | b"ERRO" | b"SEVERE" => Severity::Error,
        b"CRITICAL" | b"CRITI" | b"CRIT" | b"FATAL" | b"ALERT" | b"EMERG" | b"EMERGENCY" => {
            Severity::Critical
        }
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
