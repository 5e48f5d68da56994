//! Where a change would go that makes a handler show what it catches, and which logger it would use.
//! It has no text at hand; `change` makes the line of it.

use super::logger::{self, Scope};
use crate::code::{Call, Handler};

/// Where a change would go.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Repair {
    /// A log call as the first statement of the handler.
    Insert {
        /// Line and bytes before the first statement.
        line: u32,
        column: u32,
        /// The statement is a `pass` and gives way.
        replaces: bool,
        /// The logger's name in that place.
        logger: String,
        /// `import logging` is missing.
        needs_import: bool,
        /// The message.
        message: String,
    },
    /// This log call becomes `.exception(…)`.
    Rename {
        /// First line of the call.
        line: u32,
        /// As written.
        callee: String,
    },
    /// This log call gets `exc_info=True`.
    Argument {
        /// Last line of the call and bytes before its end in there.
        line: u32,
        end_column: u32,
    },
    /// None in this place.
    None,
}

/// The change of a log call that lacks the traceback or the level.
pub(super) fn of_call(call: &Call, scope: &Scope<'_>) -> Repair {
    if call
        .keywords
        .iter()
        .any(|(name, value)| name == "exc_info" && value == "False")
    {
        // Somebody said so on purpose; that is for people to talk about.
        return Repair::None;
    }
    let level = logger::level(call, scope).unwrap_or_default();
    // A warning stays one; everything else becomes an error with the traceback.
    if call.name() == "log" || matches!(level, "warning" | "critical") {
        return Repair::Argument {
            line: call.last_line,
            end_column: call.end_column,
        };
    }
    Repair::Rename {
        line: call.line,
        callee: call.callee.clone(),
    }
}

/// A log call where none is.
pub(super) fn insertion(scope: &Scope<'_>, handler: &Handler) -> Repair {
    let (logger, needs_import) = logger_name(scope);
    let subject = match scope.function {
        Some(function) => function.name.clone(),
        None => scope.module.name.clone(),
    };
    Repair::Insert {
        line: handler.body_line,
        column: handler.body_column,
        replaces: handler.is_empty,
        logger,
        needs_import,
        message: format!("{subject} failed"),
    }
}

/// What a log call in this place would be made on, and whether `import logging` is missing for it.
fn logger_name(scope: &Scope<'_>) -> (String, bool) {
    let module = scope.module;
    let assigned = module
        .assignments
        .iter()
        .find(|a| logger::makes_logger(&a.value) && !a.target.contains('.'));
    if let Some(assigned) = assigned {
        return (assigned.target.clone(), false);
    }
    let imported = module
        .imports
        .iter()
        .find(|i| matches!(i.alias.as_str(), "logger" | "log" | "LOGGER") && i.target != "logging");
    if let Some(imported) = imported {
        return (imported.alias.clone(), false);
    }
    let own = scope
        .class()
        .and_then(|c| c.attributes.iter().find(|(_, v)| logger::makes_logger(v)));
    if let Some((name, _)) = own
        && scope
            .function
            .is_some_and(|f| !f.has_decorator("staticmethod"))
    {
        let owner = match scope
            .function
            .is_some_and(|f| f.has_decorator("classmethod"))
        {
            true => "cls",
            false => "self",
        };
        return (format!("{owner}.{name}"), false);
    }
    // `current_app.logger`, `app.logger`: what the function itself logs with.
    let used = scope.function.iter().flat_map(|f| &f.calls).find_map(|c| {
        logger::level(c, scope)?;
        c.receiver().filter(|r| !r.contains('(') && *r != "logging")
    });
    if let Some(used) = used {
        return (used.to_owned(), false);
    }
    let has_logging = module
        .imports
        .iter()
        .any(|i| i.alias == "logging" && i.target == "logging");
    ("logging.getLogger(__name__)".to_owned(), !has_logging)
}
