//! What a value must have been like for the failure to happen, read from the message, the failing line and the code.

use super::arguments::{Source, dict_for, dict_with};
use super::literal;
use crate::code::{AccessKind, CodeMap, Function, Origin, Value, origin_of};
use crate::correlate::{ProjectFrame, crash_base, is_none_error, key_of, none_base};
use crate::model::Exception;

/// A parameter of a function and the value that would make it fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hypothesis {
    /// Parameter.
    pub param: String,
    /// Python expression.
    pub value: String,
    /// How sure that is.
    pub source: Source,
    /// Standard library module that the expression needs.
    pub needs: Option<&'static str>,
}

/// The hypotheses about the innermost frame, most likely first.
pub fn innermost(exception: &Exception, crash: &ProjectFrame) -> Vec<Hypothesis> {
    let (Some(function), Some(line)) = (crash.function, crash.frame.line) else {
        return Vec::new();
    };
    let function = function.function;
    let message = exception.message.as_deref().unwrap_or_default();
    let mut found = Vec::new();
    let mut about = |base: &str, value: String, source: Source| {
        if let Origin::Param { name, depth } = origin_of(function, base, line) {
            found.push(Hypothesis {
                param: name,
                needs: module_of(&value),
                value: nested(value, depth),
                source,
            });
        }
    };
    match exception.type_name.as_deref().unwrap_or_default() {
        "KeyError" => {
            let key = key_of(message);
            if let Some(base) = crash_base(function, exception, line) {
                if let Some(dict) = dict_for(function, &base, Some(key)) {
                    about(&base, dict, Source::Inferred);
                }
                about(&base, "{}".to_owned(), Source::Inferred);
            }
            // `self.nodes[node_id]`: the key itself came in, and the message tells it.
            for access in function.accesses.iter().filter(|a| a.line == line) {
                if let Some(variable) = access.key.strip_prefix('$') {
                    about(variable, key_literal(message), Source::Known);
                }
            }
        }
        "IndexError" => {
            if let Some(base) = crash_base(function, exception, line) {
                about(&base, "[]".to_owned(), Source::Inferred);
                about(&base, "\"\"".to_owned(), Source::Inferred);
            }
        }
        "ZeroDivisionError" => {
            for param in function.params.iter().filter(|p| !p.is_variadic) {
                about(&param.name, "0".to_owned(), Source::Inferred);
                about(&param.name, "[]".to_owned(), Source::Inferred);
            }
        }
        "ValueError" => {
            if let Some(text) = quoted_after(message, "invalid literal for int() with base 10: ")
                .or_else(|| quoted_after(message, "could not convert string to float: "))
            {
                for param in function.params.iter().filter(|p| !p.is_variadic) {
                    about(&param.name, literal::string(text), Source::Known);
                }
            }
            if message.contains("empty sequence") || message.contains("iterable argument is empty")
            {
                for param in function.params.iter().filter(|p| !p.is_variadic) {
                    about(&param.name, "[]".to_owned(), Source::Inferred);
                }
            }
        }
        _ => {}
    }
    if is_none_error(message) {
        if let Some(base) = none_base(function, message, line) {
            about(&base, "None".to_owned(), Source::Known);
        } else {
            for name in params_near(function, line) {
                about(&name, "None".to_owned(), Source::Inferred);
            }
        }
    } else if let Some(kind) = object_kind(message) {
        match crash_base(function, exception, line) {
            Some(base) => about(&base, kind.to_owned(), Source::Known),
            None => {
                for name in params_near(function, line) {
                    about(&name, kind.to_owned(), Source::Inferred);
                }
            }
        }
    }
    // A member of what came in: `int(row["n"])`.
    for bad in bad_values(exception.type_name.as_deref().unwrap_or_default(), message) {
        for access in function.accesses.iter().filter(|a| a.line == line) {
            let is_key = matches!(access.kind, AccessKind::Item | AccessKind::Get)
                && !access.key.starts_with('$')
                && access.key.parse::<i64>().is_err();
            if is_key {
                let dict = dict_with(function, &access.base, &access.key, &bad);
                if let Origin::Param { name, depth } = origin_of(function, &access.base, line) {
                    found.push(Hypothesis {
                        param: name,
                        needs: module_of(&bad),
                        value: nested(dict, depth),
                        source: Source::Inferred,
                    });
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|h| seen.insert((h.param.clone(), h.value.clone())));
    found.truncate(6);
    found
}

/// Values that the message complains about.
fn bad_values(type_name: &str, message: &str) -> Vec<String> {
    if is_none_error(message) || message.contains("NoneType") {
        return vec!["None".to_owned()];
    }
    if let Some(kind) = object_kind(message) {
        return vec![kind.to_owned()];
    }
    if type_name == "ValueError"
        && let Some(text) = quoted_after(message, "invalid literal for int() with base 10: ")
            .or_else(|| quoted_after(message, "could not convert string to float: "))
    {
        return vec![literal::string(text)];
    }
    Vec::new()
}

/// The same hypothesis one call further out: which parameter of the caller carries the value.
pub fn one_out(
    hypothesis: &Hypothesis,
    callee: &Function,
    caller: &ProjectFrame,
) -> Option<Hypothesis> {
    let function = caller.function?.function;
    let line = caller.frame.line?;
    let argument = argument_of(hypothesis, callee, function, line)?;
    if !literal::is_identifier(argument) {
        return None;
    }
    match origin_of(function, argument, line) {
        Origin::Param { name, depth } => Some(Hypothesis {
            param: name,
            value: nested(hypothesis.value.clone(), depth),
            source: hypothesis.source,
            needs: hypothesis.needs,
        }),
        _ => None,
    }
}

/// Whether the caller made the bad value itself, out of the project's own code: then the caller may be what is wrong,
/// and a test of the callee may stay red after the fix. A value that came from outside (a parsed file) is no such case.
pub fn is_made_by_caller(
    hypothesis: &Hypothesis,
    callee: &Function,
    caller: &ProjectFrame,
    map: &CodeMap,
) -> bool {
    let (Some(at), Some(line)) = (caller.function, caller.frame.line) else {
        return false;
    };
    let Some(argument) = argument_of(hypothesis, callee, at.function, line) else {
        return true;
    };
    let is_foreign = |callee: &str| map.callee(at, callee).is_none();
    if literal::is_identifier(argument) {
        if is_chosen(at.function, argument, line) {
            return true;
        }
        return match origin_of(at.function, argument, line) {
            Origin::Param { .. } => false,
            Origin::Call { callee, .. } => !is_foreign(&callee),
            Origin::Unknown => true,
        };
    }
    // `app.conf.broker_url`: a part of what came in.
    if literal::is_dotted(argument)
        && let Some((root, _)) = argument.split_once('.')
        && root != "self"
        && matches!(origin_of(at.function, root, line), Origin::Param { .. })
    {
        return false;
    }
    // `normalise(json.loads(text))`: the outermost call of the argument says where the value comes from.
    !at.function
        .calls_at(line)
        .any(|c| argument.starts_with(&format!("{}(", c.callee)) && is_foreign(&c.callee))
}

/// Whether a function picks the value of a name out of several: by branches, by a conditional expression.
fn is_chosen(function: &Function, name: &str, line: u32) -> bool {
    let mut values = function
        .assignments
        .iter()
        .filter(|a| a.target == name && !a.is_member && a.line < line)
        .map(|a| &a.value);
    let Some(first) = values.next() else {
        return false;
    };
    values.any(|v| v != first)
        || matches!(first, Value::Either(parts) if parts.iter().any(|p| *p != parts[0]))
}

/// What the caller passes for the parameter.
fn argument_of<'a>(
    hypothesis: &Hypothesis,
    callee: &Function,
    function: &'a Function,
    line: u32,
) -> Option<&'a String> {
    let call = function.calls_at(line).find(|c| {
        c.name() == callee.name
            || (callee.name == "__init__" && callee.class.as_deref() == Some(c.name()))
    })?;
    call.keywords
        .iter()
        .find(|(name, _)| *name == hypothesis.param)
        .map(|(_, value)| value)
        .or_else(|| {
            let at = callee
                .params
                .iter()
                .position(|p| p.name == hypothesis.param)?;
            call.args.get(at)
        })
}

fn nested(value: String, depth: usize) -> String {
    (0..depth).fold(value, |value, _| format!("[{value}]"))
}

/// A key as the message prints it: a number stays a number, a quoted text becomes a literal of its own.
fn key_literal(message: &str) -> String {
    let message = message.trim();
    if message.parse::<i64>().is_ok() || message == "None" {
        return message.to_owned();
    }
    literal::string(key_of(message))
}

fn quoted_after<'a>(message: &'a str, lead: &str) -> Option<&'a str> {
    let rest = message.split_once(lead)?.1;
    Some(key_of(rest))
}

/// Parameters that are read on the failing line.
fn params_near(function: &Function, line: u32) -> Vec<String> {
    let mut names: Vec<String> = function
        .accesses
        .iter()
        .filter(|a| a.line == line && a.kind != AccessKind::Attribute)
        .map(|a| a.base.clone())
        .collect();
    names.extend(
        function
            .calls_at(line)
            .flat_map(|c| c.args.iter())
            .filter(|a| literal::is_identifier(a))
            .cloned(),
    );
    names.extend(
        function
            .params
            .iter()
            .filter(|p| !p.is_variadic)
            .map(|p| p.name.clone()),
    );
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|n| seen.insert(n.clone()));
    names.truncate(3);
    names
}

/// A value of the builtin type that a message complains about.
fn object_kind(message: &str) -> Option<&'static str> {
    let kind = message.strip_prefix('\'')?.split_once("' object")?.0;
    Some(match kind {
        "str" => "\"example\"",
        "int" => "1",
        "float" => "1.0",
        "bool" => "True",
        "list" => "[]",
        "tuple" => "()",
        "dict" => "{}",
        "set" => "set()",
        "bytes" => "b\"example\"",
        name => {
            return STANDARD
                .iter()
                .find(|(n, ..)| *n == name)
                .map(|(_, value, _)| *value);
        }
    })
}

/// Values of standard library classes that often stand where a plain value was expected: class, expression, module.
const STANDARD: [(&str, &str, &str); 10] = [
    ("Decimal", "decimal.Decimal(\"1\")", "decimal"),
    ("datetime", "datetime.datetime(2024, 1, 31)", "datetime"),
    ("date", "datetime.date(2024, 1, 31)", "datetime"),
    ("timedelta", "datetime.timedelta(days=1)", "datetime"),
    ("UUID", "uuid.UUID(int=1)", "uuid"),
    ("PosixPath", "pathlib.Path(\"example\")", "pathlib"),
    ("WindowsPath", "pathlib.Path(\"example\")", "pathlib"),
    (
        "IPv4Address",
        "ipaddress.IPv4Address(\"127.0.0.1\")",
        "ipaddress",
    ),
    ("IPv6Address", "ipaddress.IPv6Address(\"::1\")", "ipaddress"),
    ("Fraction", "fractions.Fraction(1, 2)", "fractions"),
];

fn module_of(value: &str) -> Option<&'static str> {
    STANDARD
        .iter()
        .find(|(_, expression, _)| *expression == value)
        .map(|(.., module)| *module)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{CodeMap, FunctionRef, SourceFile};
    use crate::model::Frame;

    fn exception(type_name: &str, message: &str) -> Exception {
        Exception {
            type_name: Some(type_name.to_owned()),
            message: Some(message.to_owned()),
            ..Exception::default()
        }
    }

    fn check(
        source: &str,
        function: &str,
        line: u32,
        exception: &Exception,
        expected: &[(&str, &str)],
    ) {
        let files = [SourceFile {
            path: "m.py".to_owned(),
            text: source.to_owned(),
            is_test: false,
        }];
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let module = &map.modules[0];
        let frame = Frame {
            line: Some(line),
            ..Frame::default()
        };
        let at: Option<FunctionRef> = crate::code::function_at(module, function, Some(line));
        let crash = ProjectFrame {
            frame: &frame,
            module,
            function: at,
        };
        let found = innermost(exception, &crash);
        let found: Vec<_> = found
            .iter()
            .map(|h| (h.param.as_str(), h.value.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_missing_key_gives_a_dictionary_without_it() {
        check(
            "def f(rows):\n    for row in rows:\n        x = row['id']\n        y = row['label']\n",
            "f",
            4,
            &exception("KeyError", "'label'"),
            &[("rows", "[{\"id\": 1}]"), ("rows", "[{}]")],
        );
    }

    #[test]
    fn a_key_that_came_in_is_read_from_the_message() {
        check(
            "def f(self, node_id):\n    return self.nodes[node_id]\n",
            "f",
            2,
            &exception("KeyError", "'node:99'"),
            &[("node_id", "\"node:99\"")],
        );
    }

    #[test]
    fn a_member_can_be_what_is_bad() {
        check(
            "def f(row):\n    return row['name'].strip()\n",
            "f",
            2,
            &exception(
                "AttributeError",
                "'NoneType' object has no attribute 'strip'",
            ),
            &[("row", "None"), ("row", "{\"name\": None}")],
        );
    }

    #[test]
    fn none_reaches_the_parameter_it_was_read_from() {
        check(
            "def f(user):\n    name = user.name\n    return name\n",
            "f",
            2,
            &exception(
                "AttributeError",
                "'NoneType' object has no attribute 'name'",
            ),
            &[("user", "None")],
        );
    }
}
