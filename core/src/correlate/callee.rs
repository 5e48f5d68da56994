//! What the failing line was about: the call that is no frame, and the name whose value was wrong.

use super::ProjectFrame;
use crate::code::{AccessKind, CodeMap, Function, FunctionRef, Origin, Value, origin_of};
use crate::model::Exception;

/// The call that failed without becoming a frame: a wrong call, or the call that gave the bad value.
///
/// Recovered from the source line, the message and the code map.
pub(super) fn hidden_callee<'a>(
    exception: &Exception,
    crash: &ProjectFrame<'a>,
    map: &'a CodeMap,
) -> Option<FunctionRef<'a>> {
    let function = crash.function?;
    let line = crash.frame.line?;
    let message = exception.message.as_deref().unwrap_or_default();
    if let Some(name) = called_name(message) {
        let call = function.function.calls_at(line).find(|c| c.name() == name);
        return match call {
            Some(call) => map
                .callee(function, &call.callee)
                .or_else(|| map.only_function_named(name)),
            None => class_call(function, line, name, map).or_else(|| map.only_function_named(name)),
        };
    }
    if is_none_error(message)
        && let Some(base) = none_base(function.function, message, line)
        && let Origin::Call { callee, .. } = origin_of(function.function, &base, line)
    {
        return map.callee(function, &callee);
    }
    None
}

/// `Widget.__init__() missing …` is called as `Widget(…)`.
fn class_call<'a>(
    at: FunctionRef<'a>,
    line: u32,
    name: &str,
    map: &'a CodeMap,
) -> Option<FunctionRef<'a>> {
    if name != "__init__" {
        return None;
    }
    at.function
        .calls_at(line)
        .filter_map(|c| map.callee(at, &c.callee))
        .find(|f| f.function.name == "__init__")
}

/// `CacheService.clear_cache() missing 1 required positional argument: 'graph_type'` names `clear_cache`.
fn called_name(message: &str) -> Option<&str> {
    let (callee, rest) = message.split_once("() ")?;
    let is_call_error = ["missing ", "takes ", "got "]
        .iter()
        .any(|w| rest.starts_with(w));
    let name = callee.rsplit('.').next()?;
    (is_call_error && !name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// Whether a message tells of a `None` where a value was needed.
pub fn is_none_error(message: &str) -> bool {
    message.contains("'NoneType' object")
}

/// The name that was `None` on the failing line.
pub fn none_base(function: &Function, message: &str, line: u32) -> Option<String> {
    let mut on_line = function.accesses.iter().filter(|a| a.line == line);
    if let Some((_, rest)) = message.split_once("has no attribute '") {
        let attribute = rest.split('\'').next()?;
        return on_line
            .find(|a| a.kind == AccessKind::Attribute && a.key == attribute)
            .map(|a| a.base.clone());
    }
    if message.contains("not subscriptable") {
        return on_line
            .find(|a| a.kind == AccessKind::Item)
            .map(|a| a.base.clone());
    }
    if message.contains("not iterable") {
        let member = function
            .assignments
            .iter()
            .find(|a| a.is_member && a.line == line)?;
        return match &member.value {
            Value::Name(name) => Some(name.clone()),
            _ => None,
        };
    }
    None
}

/// The name whose part could not be read on the failing line.
pub fn crash_base(function: &Function, exception: &Exception, line: u32) -> Option<String> {
    let message = exception.message.as_deref().unwrap_or_default();
    if is_none_error(message) {
        return none_base(function, message, line);
    }
    let mut on_line = function.accesses.iter().filter(|a| a.line == line);
    match exception.type_name.as_deref()? {
        "KeyError" => {
            let key = key_of(message);
            on_line
                .find(|a| a.kind == AccessKind::Item && (a.key == key || a.key.starts_with('$')))
                .map(|a| a.base.clone())
        }
        "IndexError" => on_line
            .find(|a| a.kind == AccessKind::Item)
            .map(|a| a.base.clone()),
        "AttributeError" => {
            let (_, rest) = message.split_once("has no attribute '")?;
            let attribute = rest.split('\'').next()?;
            on_line
                .find(|a| a.kind == AccessKind::Attribute && a.key == attribute)
                .map(|a| a.base.clone())
        }
        _ => None,
    }
}

/// `'label'` names the key `label`; `7` the key `7`.
pub fn key_of(message: &str) -> &str {
    let message = message.trim();
    let inner = message
        .strip_prefix('\'')
        .and_then(|m| m.strip_suffix('\''))
        .or_else(|| message.strip_prefix('"').and_then(|m| m.strip_suffix('"')));
    inner.unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_errors_name_the_callee_in_old_and_new_wording() {
        for message in [
            "clear_cache() missing 1 required positional argument: 'graph_type'",
            "CacheService.clear_cache() missing 1 required positional argument: 'graph_type'",
            "CacheService.clear_cache() takes 1 positional argument but 2 were given",
        ] {
            assert_eq!(called_name(message), Some("clear_cache"), "{message}");
        }
        assert_eq!(called_name("unsupported operand type(s)"), None);
    }
}
