//! Which calls log, at which level and whether with the traceback.

use crate::code::{Call, Class, Function, Module, Value};

/// How much of an exception a handler shows, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shows {
    /// Nothing at all.
    Nothing,
    /// A printed message.
    Printed,
    /// A logged message.
    Message,
    /// The traceback, at a level that is often filtered out.
    TracebackLow,
    /// The traceback.
    Traceback,
}

/// A level below which records are commonly neither kept nor read as errors.
pub fn is_low(level: &str) -> bool {
    matches!(level, "trace" | "debug" | "info" | "success" | "notset")
}

/// The level of a log call, or `None` when the call does not log.
///
/// `logger.error("…")`, `current_app.logger.warning("…")`, `log.log(logging.INFO, "…")`
pub fn level<'a>(call: &'a Call, at: &Scope<'_>) -> Option<&'a str> {
    let receiver = call.receiver()?;
    let level = match call.name() {
        "warn" => "warning",
        "fatal" => "critical",
        // Without a level that can be read it is taken for an error: no accusation without a ground.
        "log" => call
            .args
            .first()
            .and_then(|level| {
                let name = level.rsplit('.').next()?;
                [
                    ("TRACE", "trace"),
                    ("DEBUG", "debug"),
                    ("INFO", "info"),
                    ("WARNING", "warning"),
                ]
                .into_iter()
                .find_map(|(upper, lower)| {
                    (name.trim_matches(['"', '\'']) == upper).then_some(lower)
                })
            })
            .unwrap_or("error"),
        name @ ("trace" | "debug" | "info" | "success" | "warning" | "error" | "critical"
        | "exception") => name,
        _ => return None,
    };
    is_logger(receiver, at).then_some(level)
}

/// Where a name is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The file.
    pub module: &'a Module,
    /// The function, if any.
    pub function: Option<&'a Function>,
}

impl<'a> Scope<'a> {
    /// The class that the function is a method of.
    pub fn class(&self) -> Option<&'a Class> {
        let name = self.function?.class.as_deref()?;
        self.module.classes.iter().find(|c| c.name == name)
    }
}

/// Whether a name is a logger: by how it is called, or by what it was assigned.
pub fn is_logger(receiver: &str, at: &Scope<'_>) -> bool {
    // `logger.opt(…)` and `logger.bind(…)` are read without their arguments: `logger.opt()`.
    let receiver = receiver.trim_end_matches("()");
    let last = receiver.rsplit('.').next().unwrap_or(receiver);
    let lower = last.trim_matches('_').to_ascii_lowercase();
    let by_name = matches!(
        lower.as_str(),
        "log" | "logger" | "logging" | "getlogger" | "get_logger"
    ) || lower.ends_with("logger")
        || lower.ends_with("_log")
        || (matches!(
            lower.as_str(),
            "opt" | "bind" | "getchild" | "contextualize"
        ) && receiver
            .rsplit_once('.')
            .is_some_and(|(head, _)| is_logger(head, at)));
    if by_name {
        return true;
    }
    let is_made = |value: &Value| makes_logger(value);
    let of_module = at
        .module
        .assignments
        .iter()
        .chain(at.function.iter().flat_map(|f| &f.assignments))
        .any(|a| a.target == receiver && is_made(&a.value));
    let of_class = || {
        let attribute = receiver
            .strip_prefix("self.")
            .or_else(|| receiver.strip_prefix("cls."))?;
        at.class()?.attributes.get(attribute)
    };
    of_module || of_class().is_some_and(is_made)
}

/// `logging.getLogger(__name__)`, `structlog.get_logger()`.
pub fn makes_logger(value: &Value) -> bool {
    match value {
        Value::Call(callee) => matches!(
            callee.rsplit('.').next(),
            Some("getLogger" | "get_logger" | "getChild")
        ),
        Value::Either(values) => values.iter().any(makes_logger),
        Value::Name(_) | Value::Other(_) => false,
    }
}

/// What one call shows of the exception that is being handled.
pub fn shown_by(call: &Call, at: &Scope<'_>) -> Shows {
    if tells_by_itself(call) {
        return Shows::Traceback;
    }
    if let Some(level) = level(call, at) {
        let has_traceback = match call.keywords.iter().find(|(name, _)| name == "exc_info") {
            Some((_, value)) => !matches!(value.as_str(), "False" | "None" | "0"),
            None => level == "exception",
        };
        return match has_traceback {
            true if is_low(level) => Shows::TracebackLow,
            true => Shows::Traceback,
            false => Shows::Message,
        };
    }
    match call.name() {
        "print" | "echo" | "secho" | "pprint" => Shows::Printed,
        // `sys.stderr.write`, `self.stderr.write` of a management command
        "write"
            if call
                .receiver()
                .is_some_and(|r| r.ends_with("stderr") || r.ends_with("stdout")) =>
        {
            Shows::Printed
        }
        _ => Shows::Nothing,
    }
}

/// Calls that find the exception that is being handled without being given it.
fn tells_by_itself(call: &Call) -> bool {
    // loguru: `logger.opt(exception=True)`
    let opens = call.name() == "opt"
        && call.keywords.iter().any(|(name, value)| {
            name == "exception" && !matches!(value.as_str(), "False" | "None")
        });
    opens
        || matches!(
            call.name(),
            // traceback
            "print_exc"
                | "format_exc"
                | "print_exception"
                | "format_exception"
                | "TracebackException"
                | "print_tb"
                | "format_tb"
                | "exc_info"
                | "excepthook"
                // logging.Handler, which prints the traceback to standard error
                | "handleError"
                // error trackers and tracing
                | "capture_exception"
                | "captureException"
                | "report_exc_info"
                | "report_exception"
                | "record_exception"
                | "notice_error"
        )
}
