//! What a test may import, build or call because a captured value says so. The project's own code, and of the
//! standard library what only holds or computes values: nothing that starts, opens, sends or loads.

use crate::capture::Name;
use crate::code::CodeMap;

/// Standard library modules whose functions and classes only make or hold values.
const HARMLESS: [&str; 39] = [
    "abc",
    "array",
    "base64",
    "binascii",
    "bisect",
    "calendar",
    "cmath",
    "collections",
    "collections.abc",
    "contextvars",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email.message",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "html",
    "http",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "pathlib",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
];

/// Of other modules of the standard library: these alone.
const HARMLESS_NAMES: [(&str, &str); 14] = [
    ("io", "StringIO"),
    ("io", "BytesIO"),
    ("logging", "getLogger"),
    ("threading", "Lock"),
    ("threading", "RLock"),
    ("threading", "local"),
    ("_thread", "lock"),
    ("weakref", "WeakKeyDictionary"),
    ("weakref", "WeakValueDictionary"),
    ("weakref", "WeakSet"),
    ("unittest.mock", "MagicMock"),
    ("time", "struct_time"),
    ("email.headerregistry", "Address"),
    ("urllib.parse", "SplitResult"),
];

/// Builtins that run, load or ask for something.
const BUILTINS_OUT: [&str; 12] = [
    "eval",
    "exec",
    "compile",
    "open",
    "__import__",
    "input",
    "breakpoint",
    "globals",
    "locals",
    "exit",
    "quit",
    "help",
];

/// Modules of the standard library of which nothing but the lists above is used.
const STANDARD: &str = include_str!("standard_modules.txt");

/// Whether a module is part of the standard library.
pub(in crate::generate) fn is_standard(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    STANDARD.split_whitespace().any(|name| name == top)
}

fn is_project(module: &str, map: &CodeMap) -> bool {
    map.module(module).is_some()
}

fn is_harmless(name: &Name) -> bool {
    if name.module == "builtins" {
        return !BUILTINS_OUT.contains(&name.qualname.as_str()) && !name.qualname.contains('.');
    }
    // A module of that list reached through another's name would not be on it.
    if name.module == "types" {
        return !matches!(
            name.qualname.as_str(),
            "FunctionType" | "LambdaType" | "CodeType"
        );
    }
    HARMLESS.contains(&name.module.as_str())
        || HARMLESS_NAMES.contains(&(name.module.as_str(), name.qualname.as_str()))
}

/// Whether a value may be a call of this.
pub fn may_call(name: &Name, map: &CodeMap) -> bool {
    match (is_project(&name.module, map), is_standard(&name.module)) {
        // A named tuple of the project; a function of it is never called because a value says so.
        (true, _) => map.module(&name.module).is_some_and(|module| {
            !module
                .functions
                .iter()
                .any(|f| f.class.is_none() && !f.is_nested && f.name == name.qualname)
        }),
        (false, true) => is_harmless(name),
        (false, false) => {
            // Classes are capitalised, or arrays.
            name.qualname
                .rsplit('.')
                .next()
                .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()))
                || matches!(name.module.as_str(), "numpy" | "pandas")
        }
    }
}

/// Whether a value may be this very thing, imported.
pub fn may_import(name: &Name, map: &CodeMap) -> bool {
    if is_project(&name.module, map) || !is_standard(&name.module) {
        return true;
    }
    name.qualname.is_empty() && HARMLESS.contains(&name.module.as_str()) || is_harmless(name)
}

/// Whether an instance of this class may be built.
pub fn may_build(class: &Name, map: &CodeMap) -> bool {
    is_project(&class.module, map) || !is_standard(&class.module) || is_harmless(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        let (module, qualname) = text.split_once(':').unwrap_or((text, ""));
        Name {
            module: module.to_owned(),
            qualname: qualname.to_owned(),
        }
    }

    #[test]
    fn nothing_that_starts_opens_or_loads() {
        let map = CodeMap::default();
        for bad in [
            "os:system",
            "subprocess:Popen",
            "builtins:eval",
            "builtins:open",
            "importlib:import_module",
            "pickle:loads",
            "shutil:rmtree",
            "types:CodeType",
            "socket:socket",
            "_posixsubprocess:fork_exec",
            "ctypes:CDLL",
        ] {
            assert!(!may_call(&name(bad), &map), "{bad} may be called");
            assert!(!may_import(&name(bad), &map), "{bad} may be imported");
            assert!(!may_build(&name(bad), &map), "{bad} may be built");
        }
        for good in [
            "decimal:Decimal",
            "builtins:range",
            "datetime:datetime",
            "re:compile",
            "io:BytesIO",
        ] {
            assert!(may_call(&name(good), &map), "{good} may not be called");
        }
    }
}
