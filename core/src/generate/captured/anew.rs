//! Parameters that their function had bound anew when it failed: what it was called with is not known. Called with what
//! they were bound to, a function that only makes sure of something does the same again; any other may not.

use super::super::search::names_in;
use crate::capture::CapturedFrame;
use crate::code::{Assignment, Call, Function, Value};

/// What gives the same when it is called with what it gave.
const SURE: [&str; 32] = [
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "list",
    "tuple",
    "set",
    "frozenset",
    "dict",
    "sorted",
    "abs",
    "fspath",
    "abspath",
    "normpath",
    "realpath",
    "expanduser",
    "resolve",
    "absolute",
    "Path",
    "PurePath",
    "Decimal",
    "copy",
    "deepcopy",
    "cast",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "casefold",
    "title",
];

/// Whether a test that calls this frame's function with what was captured may call it with something else than
/// production did.
pub(super) fn is_called_otherwise(frame: &CapturedFrame, function: &Function) -> bool {
    frame
        .arguments
        .iter()
        .any(|argument| argument.is_rebound && !only_makes_sure(function, &argument.name))
}

/// Whether all that a function binds its parameter to is that of any call, or the same for the parameter as it is then.
fn only_makes_sure(function: &Function, name: &str) -> bool {
    let mut seen = function.assignments.iter().filter(|a| a.target == name);
    seen.clone().next().is_some()
        && !function.augmented.iter().any(|other| other == name)
        && seen.all(|a| is_sure(&a.value, a, function, name))
}

fn is_sure(value: &Value, assignment: &Assignment, function: &Function, name: &str) -> bool {
    let is_of_it = |text: &str| text == name || text.starts_with(&format!("{name}."));
    let speaks_of_it = |text: &str| names_in(text).is_none_or(|names| names.contains(name));
    let takes_it = |callee: &str| {
        let its = |call: &&Call| call.line == assignment.line && call.callee == callee;
        function.calls.iter().filter(its).any(|call| {
            let mut arguments = call.args.iter().chain(call.keywords.iter().map(|k| &k.1));
            arguments.any(|text| speaks_of_it(text))
        })
    };
    match value {
        //  value = value or []
        Value::Either(values) => values
            .iter()
            .all(|each| is_sure(each, assignment, function, name)),
        Value::Name(text) => !assignment.is_member && text == name || !is_of_it(text),
        //  head, value = cut(value)
        Value::Other(text) => {
            !speaks_of_it(text)
                && text
                    .strip_suffix("()")
                    .is_none_or(|callee| !takes_it(callee))
        }
        Value::Call(callee) => {
            let last = callee.rsplit('.').next().unwrap_or(callee);
            !takes_it(callee) && !is_of_it(callee) || SURE.contains(&last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{CodeMap, SourceFile};

    fn is_kept(body: &str) -> bool {
        let text = format!("def f(x, y=None):\n    {}\n", body.replace('\n', "\n    "));
        let file = SourceFile {
            path: "shop.py".to_owned(),
            text,
            is_test: false,
        };
        let map = CodeMap::new(&[file], &[".".to_owned()]);
        only_makes_sure(&map.modules[0].functions[0], "x")
    }

    #[test]
    fn what_makes_sure_of_something_does_it_again() {
        for body in [
            "x = x or []",
            "x = x.strip()",
            "x = os.fspath(x)",
            "if x is None:\n    x = DEFAULT",
            "if x is None:\n    x = make(y)",
            "x = str(x) if y else x",
            "x = y.x",
        ] {
            assert!(is_kept(body), "{body}");
        }
        for body in [
            "x = [x]",
            "x = x.next",
            "x = json.loads(x)",
            "x = x[1:]",
            "x = parse(str(x))",
            "for x in x.parts:\n    pass",
            "x = x.parent()",
            "x += 1",
            "y, x = cut(x)",
            "x = x or []\nx = x + [1]",
            "x = x or []\nx += [1]",
            "y = x",
        ] {
            assert!(!is_kept(body), "{body}");
        }
    }
}
