//! Names of errors that do not end in `Error`: `PaymentDeclined: card 2`. Only for what programs print: in a stack alone the
//! first line tells the name by its place.

/// Where in a line an error's own class is named, and what follows it: the name, and `: ` or the line's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<'t> {
    /// `PaymentDeclined`, `billing.PaymentDeclined`.
    pub name: &'t str,
    /// Where the name begins.
    pub start: usize,
    /// Where the message begins.
    pub message: usize,
}

/// The first class of an error that a line names, whose message (or the line's end) follows.
//  Payment failed PaymentDeclined: card 2
pub(crate) fn named(line: &str) -> Option<Named<'_>> {
    let line = line.trim_end();
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let word = bytes[at..].iter().take_while(|c| is_part(**c)).count();
        if word == 0 {
            at += 1;
            continue;
        }
        let (start, end) = (at, at + word);
        at = end;
        let before = line.get(..start).unwrap_or_default();
        let rest = line.get(end..).unwrap_or_default();
        let message = match rest.strip_prefix(": ") {
            Some(_) => end + 2,
            None if rest.is_empty() || rest == ":" => line.len(),
            None => continue,
        };
        let Some(name) = line.get(start..end) else {
            continue;
        };
        let last = name.rsplit('.').next().unwrap_or(name);
        let behind = before.trim_end();
        let is_labelled = behind.ends_with([':', ']', ')', '}', '>', '|']) || behind.is_empty();
        let is_apart = before.is_empty() || before.ends_with([' ', '\t', '|', '"', '\'']);
        // a word alone is a class only where it says what went wrong
        let is_class = ends_as_error(last)
            || is_camel(last) && !LABELS.contains(&last)
            || is_fault(last) && is_labelled;
        if is_apart && is_class && (message < line.len() || is_labelled || rest == ":") {
            return Some(Named {
                name,
                start,
                message,
            });
        }
    }
    None
}

/// Labels of reports, which look like classes.
const LABELS: [&str; 16] = [
    "UserAgent",
    "StackTrace",
    "ComponentStack",
    "ErrorType",
    "ErrorMessage",
    "ErrorCode",
    "LineNumber",
    "ColumnNumber",
    "FileName",
    "RequestId",
    "TraceId",
    "UserId",
    "StatusCode",
    "HostName",
    "DateTime",
    "TimeStamp",
];

/// What an error's class says when it does not say `Error`.
const FAULTS: [&str; 30] = [
    "Abort",
    "Aborted",
    "Cancelled",
    "Canceled",
    "Closed",
    "Conflict",
    "Declined",
    "Denied",
    "Exceeded",
    "Exhausted",
    "Exists",
    "Expired",
    "Failed",
    "Failure",
    "Fault",
    "Forbidden",
    "Invalid",
    "Mismatch",
    "Missing",
    "NotFound",
    "Overflow",
    "Panic",
    "Refused",
    "Rejected",
    "Timeout",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
    "Unsupported",
    "Violation",
];

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.') || byte > 0x7f
}

fn ends_as_error(name: &str) -> bool {
    name.len() > "Error".len()
        && name != "Exception"
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// `PaymentDeclined`; not `Payment`, `ENOENT`, `GraphQL`.
fn is_camel(name: &str) -> bool {
    let is_small = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = name.as_bytes();
    let humps = bytes
        .windows(2)
        .filter(|pair| is_small(&pair[0]) && pair[1].is_ascii_uppercase());
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && humps.count() > 0
        && bytes.last().is_some_and(is_small)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// Whether a class says what went wrong: `Timeout`, `PaymentDeclined`.
pub(crate) fn is_fault(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|c| c.is_ascii_alphanumeric())
        && FAULTS.iter().any(|fault| name.ends_with(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<(&str, &str)> {
        named(line).map(|n| (n.name, &line[n.message..]))
    }

    #[test]
    fn classes_behind_words() {
        assert_eq!(
            parts("Payment failed PaymentDeclined: card 2: no"),
            Some(("PaymentDeclined", "card 2: no"))
        );
        assert_eq!(parts("} reason: Timeout: 30 s"), Some(("Timeout", "30 s")));
        assert_eq!(parts("[error] NotFound"), Some(("NotFound", "")));
        assert_eq!(parts("a.b.NotFound: x"), Some(("a.b.NotFound", "x")));
    }

    #[test]
    fn words_that_are_no_class() {
        for line in [
            "Payment failed: card 2",
            "UserAgent: Mozilla",
            "ENOENT: no such file",
            "from GraphQL: x",
            "the Timeout: 30 s",
            "see NotFound",
            "at http://h/PaymentDeclined: x",
        ] {
            assert_eq!(parts(line), None, "{line}");
        }
    }
}
