//! Which exceptions are an answer rather than a crash: those that the project, or its framework, raises on purpose
//! for input that it refuses. Read from what the modules of the failing chain raise today.

use std::cell::LazyCell;

use crate::code::{ClassRef, CodeMap, Module};
use crate::correlate::ProjectFrame;
use crate::generate::literal;
use crate::model::{Exception, Relation};

/// Modules of frameworks whose exceptions answer a bad request.
const FRAMEWORKS: [&str; 13] = [
    "django.core.exceptions",
    "django.forms",
    "django.http",
    "rest_framework",
    "werkzeug.exceptions",
    "flask",
    "fastapi",
    "starlette.exceptions",
    "pydantic",
    "pydantic_core",
    "marshmallow",
    "voluptuous",
    "jsonschema",
];

/// Where exceptions live that need no import.
pub(super) const BUILTINS: &str = "builtins";
/// At most this many are named.
const MOST: usize = 3;

/// `(module, class)` of the exceptions that are an answer, those raised nearest to the crash first.
pub(super) fn answers(
    frames: &[ProjectFrame],
    type_name: &str,
    map: &CodeMap,
) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    // Most projects import what they raise where it can be seen, and need not be walked through.
    let loaded = LazyCell::new(|| map.loaded_with(frames.iter().map(|frame| frame.module)));
    let mut add = |module: &Module, callee: &str| {
        if let Some(answer) = answer(module, callee, type_name, map)
            && (is_imported(module, callee)
                || map.module(&answer.0).is_none()
                || loaded.contains(answer.0.as_str()))
            && !found.contains(&answer)
        {
            found.push(answer);
        }
    };
    for frame in frames.iter().rev() {
        if let Some(at) = frame.function {
            at.function
                .calls
                .iter()
                .for_each(|c| add(at.module, &c.callee));
        }
    }
    for frame in frames.iter().rev().take(2) {
        for function in &frame.module.functions {
            function
                .calls
                .iter()
                .for_each(|c| add(frame.module, &c.callee));
        }
    }
    // What a module imports of its framework's refusals, it may raise after the fix, or its caller does.
    if is_builtin_fault(type_name) {
        for frame in frames.iter().rev().take(2) {
            let names = frame.module.imports.iter().map(|i| i.alias.as_str());
            names
                .filter(|name| map.class_named(frame.module, name).is_none())
                .for_each(|name| add(frame.module, name));
        }
    }
    found.truncate(MOST);
    // The chain itself refuses with a builtin exception.
    for name in ["ValueError", "TypeError"] {
        let raises = |f: &ProjectFrame| {
            f.function
                .is_some_and(|at| at.function.calls.iter().any(|c| c.callee == name))
        };
        if !is_kind_of(type_name, name) && frames.iter().any(raises) {
            found.push((BUILTINS.to_owned(), name.to_owned()));
        }
    }
    let entered = frames.first().and_then(|frame| frame.function);
    for name in entered.map_or(&[][..], |at| of_protocol(&at.function.name)) {
        let answer = (BUILTINS.to_owned(), (*name).to_owned());
        if *name != type_name && is_plain(type_name) && !found.contains(&answer) {
            found.push(answer);
        }
    }
    found
}

/// Exceptions of Python itself that tell of the program's surroundings or of its input.
const OF_PYTHON: [&str; 36] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "EOFError",
    "FileExistsError",
    "FileNotFoundError",
    "ImportError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "LookupError",
    "ModuleNotFoundError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "ProcessLookupError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "TimeoutError",
    "TypeError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "ValueError",
    "ZeroDivisionError",
];

//     except Exception:
//         os.unlink(dest.name)      UnboundLocalError
//         raise
/// `(module, class)` of the exception that a handler meant to hand on when it failed: that one comes once it does not.
pub(super) fn handed_on(
    frames: &[ProjectFrame],
    exception: &Exception,
    before: &Exception,
    map: &CodeMap,
) -> Option<(String, String)> {
    let crash = frames.last()?;
    let line = crash.frame.line?;
    let mut handlers = crash.function?.function.handlers.iter();
    let is_meant = handlers.any(|handler| {
        (handler.line..=handler.last_line).contains(&line)
            && handler.reraises
            && handler.raised.is_none()
    });
    let name = before.type_name.as_deref()?;
    let is_other = exception.type_name.as_deref() != Some(name);
    if !is_meant || !is_other || exception.relation != Some(Relation::Context) {
        return None;
    }
    match before.module.as_deref() {
        None if OF_PYTHON.contains(&name) => Some((BUILTINS.to_owned(), name.to_owned())),
        Some(module) if literal::is_dotted(module) && literal::is_identifier(name) => map
            .module(module)
            .is_some_and(|module| module.classes.iter().any(|class| class.name == name))
            .then(|| (module.to_owned(), name.to_owned())),
        _ => None,
    }
}

/// Whether the module itself has what is called as soon as it is loaded. What it imports where it raises it may need what
/// is not installed here, as nothing else does.
fn is_imported(module: &Module, callee: &str) -> bool {
    let head = callee.split('.').next().unwrap_or(callee);
    let mut imports = module.imports.iter().filter(|i| i.alias == head);
    imports.clone().next().is_none() || imports.any(|i| !i.is_deferred)
}

/// What a method that Python calls by itself raises to say no.
fn of_protocol(function: &str) -> &'static [&'static str] {
    match function {
        "__getattr__" | "__getattribute__" | "__setattr__" | "__delattr__" => &["AttributeError"],
        "__getitem__" | "__delitem__" | "__missing__" => &["KeyError", "IndexError"],
        "__next__" => &["StopIteration"],
        "__anext__" => &["StopAsyncIteration"],
        _ => &[],
    }
}

/// Builtin types of which none is derived from another that says no.
fn is_plain(type_name: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "RecursionError",
        "UnboundLocalError",
        "NameError",
        "AssertionError",
        "RuntimeError",
        "OverflowError",
        "NotImplementedError",
    ];
    is_builtin_fault(type_name) || OTHERS.contains(&type_name)
}

/// Builtin types that say that the program is wrong, and that no framework derives from its refusals.
fn is_builtin_fault(type_name: &str) -> bool {
    [
        "AttributeError",
        "KeyError",
        "IndexError",
        "ZeroDivisionError",
        "ValueError",
        "TypeError",
    ]
    .contains(&type_name)
}

/// Whether the failure is, or may be, of a builtin type or of one derived from it.
fn is_kind_of(type_name: &str, builtin: &str) -> bool {
    type_name == builtin || !is_builtin_fault(type_name)
}

fn answer(
    module: &Module,
    callee: &str,
    type_name: &str,
    map: &CodeMap,
) -> Option<(String, String)> {
    let last = callee.rsplit('.').next()?;
    if last == type_name || !last.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    if let Some(class) = map.class_named(module, callee) {
        let fits = |class: ClassRef| {
            is_exception(class, map)
                && !is_fault(&class.class.name)
                && !is_base_of(class, type_name, module, map)
                && literal::is_dotted(&class.module.name)
                && literal::is_identifier(&class.class.name)
        };
        if !fits(class) {
            return None;
        }
        // The fix may raise another of the same family.
        let mut root = class;
        for _ in 0..10 {
            let mut bases = root.class.bases.iter();
            match bases.find_map(|b| map.class_named(root.module, b).filter(|b| fits(*b))) {
                Some(base) => root = base,
                None => break,
            }
        }
        return Some((root.module.name.clone(), root.class.name.clone()));
    }
    let full = module.target_of(callee)?;
    let (home, name) = full.rsplit_once('.')?;
    let is_framework = FRAMEWORKS
        .iter()
        .any(|f| home == *f || home.starts_with(&format!("{f}.")));
    if !is_framework || !literal::is_dotted(&full) {
        return None;
    }
    // The fix may refuse with another of the same family.
    let root = ROOTS.iter().find(|(module, _)| home == *module);
    if let Some((module, root)) = root.filter(|_| is_builtin_fault(type_name)) {
        let is_class = name.starts_with(|c: char| c.is_ascii_uppercase());
        return is_class.then(|| ((*module).to_owned(), (*root).to_owned()));
    }
    looks_like_exception(name).then(|| (home.to_owned(), name.to_owned()))
}

/// Modules in which every class is a refusal, and the class that all derive from.
const ROOTS: [(&str, &str); 2] = [
    ("rest_framework.exceptions", "APIException"),
    ("werkzeug.exceptions", "HTTPException"),
];

fn looks_like_exception(name: &str) -> bool {
    [
        "Error",
        "Exception",
        "Http404",
        "PermissionDenied",
        "SuspiciousOperation",
        "NotFound",
        "BadRequest",
        "Forbidden",
        "Invalid",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// Names of exceptions that say that the program is wrong, not its input.
fn is_fault(name: &str) -> bool {
    ["Internal", "Assertion", "Unreachable", "Bug", "Fatal"]
        .iter()
        .any(|word| name.contains(word))
}

fn is_exception(class: ClassRef, map: &CodeMap) -> bool {
    let mut seen = 0;
    let mut open = vec![class];
    while let Some(class) = open.pop() {
        seen += 1;
        if seen > 20 {
            return false;
        }
        for base in &class.class.bases {
            match map.class_named(class.module, base) {
                Some(base) => open.push(base),
                None if looks_like_exception(base) => return true,
                None => {}
            }
        }
    }
    false
}

/// Whether catching the class would catch the failure itself.
fn is_base_of(class: ClassRef, type_name: &str, module: &Module, map: &CodeMap) -> bool {
    let Some(mut current) = map.class_named(module, type_name) else {
        return false;
    };
    for _ in 0..10 {
        if std::ptr::eq(current.class, class.class) {
            return true;
        }
        let next = current
            .class
            .bases
            .iter()
            .find_map(|b| map.class_named(current.module, b));
        match next {
            Some(base) => current = base,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;
    use crate::model::Frame;

    /// The names of what `check` of a module may answer with when it failed with an exception of that type.
    fn names(text: &str, type_name: &str) -> Vec<String> {
        names_of("check", text, type_name)
    }

    fn names_of(function: &str, text: &str, type_name: &str) -> Vec<String> {
        let files = [SourceFile {
            path: "shop.py".to_owned(),
            text: text.to_owned(),
            is_test: false,
        }];
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let frame = Frame::default();
        let frames = [ProjectFrame {
            frame: &frame,
            module: &map.modules[0],
            function: crate::code::function_at(&map.modules[0], function, None),
        }];
        let found = answers(&frames, type_name, &map);
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn what_a_module_imports_of_its_framework_is_an_answer_to_a_builtin_fault() {
        let text = "from django.http import Http404, HttpResponse\n\
                    from django.core.exceptions import ValidationError\n\
                    from os import error as OSError\n\
                    def check(x):\n    return x.y\n";
        assert_eq!(
            names(text, "AttributeError"),
            ["Http404", "ValidationError"]
        );
        assert!(
            names(text, "DoesNotExist").is_empty(),
            "it may be derived from one of them"
        );
    }

    #[test]
    fn what_is_imported_where_it_is_raised_is_no_answer_unless_it_is_loaded_anyway() {
        let lazy = "def check(x):\n    from tools.errors import Refused\n    raise Refused(x)\n";
        let names = |other: &str| {
            let files = [
                ("shop.py", format!("{other}{lazy}")),
                (
                    "tools/errors.py",
                    "class Refused(Exception): pass\n".to_owned(),
                ),
                ("tools/__init__.py", "import never_installed\n".to_owned()),
                ("prices.py", "import tools.errors as e\n".to_owned()),
            ]
            .map(|(path, text)| SourceFile {
                path: path.to_owned(),
                text,
                is_test: false,
            });
            let map = CodeMap::new(&files, &[".".to_owned()]);
            let module = map.module("shop").unwrap();
            let frame = Frame::default();
            let frames = [ProjectFrame {
                frame: &frame,
                module,
                function: crate::code::function_at(module, "check", None),
            }];
            answers(&frames, "KeyError", &map)
        };
        assert!(names("").is_empty());
        let refused = ("tools.errors".to_owned(), "Refused".to_owned());
        assert_eq!(names("import prices\n"), [refused]);
    }

    #[test]
    fn a_method_that_python_calls_says_no_as_python_wants_it() {
        let of = |function: &str, type_name: &str| {
            let text =
                format!("class Config:\n    def {function}(self, name):\n        return self.x\n");
            names_of(function, &text, type_name)
        };
        assert_eq!(of("__getattr__", "RecursionError"), ["AttributeError"]);
        assert!(of("__getattr__", "AttributeError").is_empty());
        assert!(of("__getattr__", "ConfigError").is_empty());
        assert_eq!(of("__getitem__", "KeyError"), ["IndexError"]);
        assert!(of("get", "RecursionError").is_empty());
    }

    #[test]
    fn a_refusal_of_a_framework_stands_for_its_whole_family() {
        let text = "from rest_framework import exceptions\n\
                    from werkzeug.exceptions import BadRequest\n\
                    def check(x):\n    if not x:\n        raise exceptions.AuthenticationFailed()\n    raise BadRequest()\n";
        assert_eq!(names(text, "KeyError"), ["APIException", "HTTPException"]);
        assert_eq!(names(text, "ShopError"), ["BadRequest"]);
    }

    #[test]
    fn what_the_project_raises_on_purpose_is_an_answer() {
        let files = [SourceFile {
            path: "shop.py".to_owned(),
            text: "from django.core.exceptions import ValidationError as Refused\n\
                   class ShopError(Exception): pass\n\
                   class NoStock(ShopError): pass\n\
                   class Cart: pass\n\
                   def check(x):\n    if x < 0:\n        raise NoStock(x)\n    return Cart(x)\n\
                   def other(x):\n    raise Refused(x)\n"
                .to_owned(),
            is_test: false,
        }];
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let module = &map.modules[0];
        let frame = Frame::default();
        let frames = [ProjectFrame {
            frame: &frame,
            module,
            function: crate::code::function_at(module, "check", None),
        }];
        let names = |type_name| {
            answers(&frames, type_name, &map)
                .into_iter()
                .map(|(module, name)| format!("{module}.{name}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("TypeError"),
            ["shop.ShopError", "django.core.exceptions.ValidationError"]
        );
        assert_eq!(
            names("NoStock"),
            ["django.core.exceptions.ValidationError"],
            "the failure itself is no answer"
        );
    }
}
