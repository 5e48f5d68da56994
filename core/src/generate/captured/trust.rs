//! What a test may import, build or call because a captured value says so. The project's own code, and of the
//! standard library what only holds or computes values: nothing that starts, opens, sends or loads.

use crate::capture::Name;
use crate::code::{CodeMap, Value};

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

/// Of those modules and of others: what may be called besides their classes. Nothing that calls what it is given.
const CALLS: [(&str, &str); 30] = [
    ("io", "StringIO"),
    ("io", "BytesIO"),
    ("logging", "getLogger"),
    ("threading", "Lock"),
    ("threading", "RLock"),
    ("threading", "Event"),
    ("threading", "Condition"),
    ("threading", "local"),
    ("_thread", "lock"),
    ("weakref", "WeakKeyDictionary"),
    ("weakref", "WeakValueDictionary"),
    ("weakref", "WeakSet"),
    ("unittest.mock", "MagicMock"),
    ("os", "stat_result"),
    ("xml.etree.ElementTree", "fromstring"),
    ("time", "struct_time"),
    ("email.headerregistry", "Address"),
    ("urllib.parse", "SplitResult"),
    ("urllib.parse", "ParseResult"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("re", "compile"),
    ("functools", "partial"),
    ("types", "MappingProxyType"),
    ("types", "SimpleNamespace"),
];

/// What parses the text of an element in packages.
const PARSERS: [(&str, &str); 3] = [
    ("lxml.etree", "fromstring"),
    ("lxml.html", "fromstring"),
    ("bs4", "Tag.find"),
];

/// Builtins that only make a value.
const BUILTIN_CALLS: [&str; 15] = [
    "object",
    "complex",
    "memoryview",
    "range",
    "slice",
    "list",
    "dict",
    "set",
    "frozenset",
    "tuple",
    "str",
    "bytes",
    "bytearray",
    "int",
    "float",
];

/// Builtins that run, load or ask for something.
const BUILTINS_OUT: [&str; 15] = [
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
    "vars",
    "setattr",
    "delattr",
];

/// Modules of the standard library of which nothing but the lists above is used.
const STANDARD: &str = include_str!("standard_modules.txt");

/// Whether a module is part of the standard library.
pub(in crate::generate) fn is_standard(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    STANDARD.split_whitespace().any(|name| name == top)
}

/// What a name leads to, when its module is one of the project: that, or what the module has imported under it.
enum Found<'n> {
    /// Of the project, or of a package.
    Own,
    /// The project's name of something in the standard library, as its dotted parts.
    Standard(String),
    /// Not in the project.
    Elsewhere(&'n Name),
}

fn look<'n>(name: &'n Name, map: &CodeMap) -> Found<'n> {
    if map.module(&name.module).is_none() {
        return Found::Elsewhere(name);
    }
    let mut at = (name.module.clone(), name.qualname.clone());
    // From module to module as they import from each other; a circle ends somewhere.
    for _ in 0..8 {
        let Some(module) = map.module(&at.0) else {
            break;
        };
        let (first, rest) = at.1.split_once('.').unwrap_or((&at.1, ""));
        // A name that is imported, for sure or perhaps, is what is imported.
        let mut targets = module
            .imports
            .iter()
            .filter(|i| i.alias == first)
            .map(|i| match rest {
                "" => i.target.clone(),
                rest => format!("{}.{rest}", i.target),
            })
            .collect::<Vec<_>>();
        if let Some(standard) = targets
            .iter()
            .find(|t| is_standard(t) && !is_project(t, map))
        {
            return Found::Standard(standard.clone());
        }
        let next = targets.pop().and_then(|target| {
            target
                .rmatch_indices('.')
                .map(|(dot, _)| (target[..dot].to_owned(), target[dot + 1..].to_owned()))
                .find(|(module, _)| map.module(module).is_some())
        });
        match next {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    Found::Own
}

/// Whether a dotted name begins with a module of the project.
fn is_project(dotted: &str, map: &CodeMap) -> bool {
    map.module(dotted).is_some()
        || dotted
            .match_indices('.')
            .any(|(dot, _)| map.module(&dotted[..dot]).is_some())
}

/// A test of module and name, for every way to split dotted parts into the two.
fn any_split(dotted: &str, is_good: impl Fn(&str, &str) -> bool) -> bool {
    dotted
        .match_indices('.')
        .any(|(at, _)| is_good(&dotted[..at], &dotted[at + 1..]))
        || is_good(dotted, "")
}

fn is_capitalised(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether something of the standard library is harmless to hold.
fn is_harmless(module: &str, qualname: &str) -> bool {
    if CALLS.contains(&(module, qualname)) {
        return true;
    }
    if module == "builtins" {
        let first = qualname.split('.').next().unwrap_or_default();
        return !BUILTINS_OUT.contains(&qualname)
            && !qualname.contains("__")
            && (first == qualname || BUILTIN_CALLS.contains(&first));
    }
    if matches!(
        (module, qualname),
        ("types", "FunctionType" | "LambdaType" | "CodeType")
    ) || !HARMLESS.contains(&module)
    {
        return false;
    }
    match qualname.rsplit_once('.') {
        None => !is_standard(qualname) && !qualname.starts_with('_'),
        // A member of an enum or a constant of a class; a dotted name may lead through an import to anywhere.
        Some((class, last)) => {
            (is_capitalised(class) || class == "timezone")
                && !class.contains('.')
                && (last == "utc"
                    || last
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        }
    }
}

/// Whether something of the standard library may be called to make a value.
fn is_harmless_call(module: &str, qualname: &str) -> bool {
    match module {
        "builtins" => {
            BUILTIN_CALLS.contains(&qualname) || is_capitalised(qualname) && !qualname.contains('.')
        }
        "types" | "operator" | "itertools" | "functools" => CALLS.contains(&(module, qualname)),
        _ => {
            CALLS.contains(&(module, qualname)) || is_class(qualname) && HARMLESS.contains(&module)
        }
    }
}

/// A class by its spelling, and not reached through anything.
fn is_class(qualname: &str) -> bool {
    is_capitalised(qualname) && !qualname.contains('.')
}

/// Whether a value may be a call of this.
pub fn may_call(name: &Name, map: &CodeMap) -> bool {
    match look(name, map) {
        Found::Standard(dotted) => any_split(&dotted, is_harmless_call),
        // A class of the project; a function of it is never called because a value says so.
        Found::Own => is_own_class(name, map),
        Found::Elsewhere(name) if is_standard(&name.module) => {
            is_harmless_call(&name.module, &name.qualname)
        }
        Found::Elsewhere(name) => {
            name.module == "numpy" && is_numpy_value(&name.qualname)
                || PARSERS.contains(&(name.module.as_str(), name.qualname.as_str()))
                || name.module == "dateutil.tz"
                    && matches!(name.qualname.as_str(), "gettz" | "tzutc" | "tzlocal")
                || !name.qualname.is_empty() && name.qualname.split('.').all(is_capitalised)
        }
    }
}

fn is_own_class(name: &Name, map: &CodeMap) -> bool {
    let Some(module) = map.module(&name.module) else {
        return false;
    };
    let first = name.qualname.split('.').next().unwrap_or_default();
    let is_made = module.assignments.iter().any(|a| {
        const MAKERS: [&str; 6] = ["namedtuple", "NamedTuple", "Enum", "IntEnum", "Flag", "IntFlag"];
        a.target == first
            && matches!(&a.value, Value::Call(callee) if callee.rsplit('.').next().is_some_and(|last| MAKERS.contains(&last)))
    });
    let rest = name.qualname.split('.').skip(1);
    (is_made || map.class_named(module, first).is_some()) && rest.into_iter().all(is_capitalised)
}

/// `array` and the types of numbers.
fn is_numpy_value(name: &str) -> bool {
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    name == "array"
        || matches!(
            kind,
            "bool"
                | "int"
                | "uint"
                | "float"
                | "complex"
                | "str"
                | "bytes"
                | "datetime"
                | "timedelta"
        )
}

/// Whether a value may be this very thing, imported.
pub fn may_import(name: &Name, map: &CodeMap) -> bool {
    match look(name, map) {
        Found::Standard(dotted) => any_split(&dotted, is_harmless),
        Found::Own => !name.qualname.split('.').any(|part| part.starts_with("__")),
        Found::Elsewhere(name) if is_standard(&name.module) => {
            name.qualname.is_empty() && HARMLESS.contains(&name.module.as_str())
                || is_harmless(&name.module, &name.qualname)
        }
        Found::Elsewhere(_) => true,
    }
}

/// Whether an instance of this class may be built.
pub fn may_build(class: &Name, map: &CodeMap) -> bool {
    match look(class, map) {
        Found::Standard(dotted) => any_split(&dotted, is_harmless_call),
        Found::Own => true,
        Found::Elsewhere(class) => {
            !is_standard(&class.module) || is_harmless_call(&class.module, &class.qualname)
        }
    }
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
        for bad in [
            "pathlib:os.system",
            "pathlib:Path.touch",
            "builtins:getattr",
            "builtins:max",
            "functools:reduce",
            "operator:methodcaller",
            "numpy:fromfile",
            "random:_os.system",
            "builtins:__import__",
        ] {
            assert!(!may_call(&name(bad), &map), "{bad} may be called");
        }
        for bad in [
            "pathlib:os.system",
            "pathlib:os",
            "random:_os",
            "builtins:type.__subclasses__",
        ] {
            assert!(!may_import(&name(bad), &map), "{bad} may be imported");
        }
        for good in [
            "datetime:timezone.utc",
            "re:RegexFlag.IGNORECASE",
            "builtins:str.lower",
            "math:",
            "json:dumps",
        ] {
            assert!(may_import(&name(good), &map), "{good} may not be imported");
        }
        for good in [
            "decimal:Decimal",
            "builtins:range",
            "datetime:datetime",
            "re:compile",
            "io:BytesIO",
            "numpy:array",
            "numpy:float64",
            "pathlib:PurePosixPath",
            "functools:partial",
            "zoneinfo:ZoneInfo",
            "collections:OrderedDict",
        ] {
            assert!(may_call(&name(good), &map), "{good} may not be called");
        }
    }

    #[test]
    fn what_a_module_of_the_project_imports_is_no_way_around() {
        let file = |path: &str, text: &str| crate::code::SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        let map = CodeMap::new(
            &[
                file(
                    "shop/desk.py",
                    "import os\nimport os.path\nfrom subprocess import Popen\nfrom decimal import Decimal\nfrom shop.till import Till, sys\nfrom collections import namedtuple\nPair = namedtuple('Pair', 'a b')\nclass Desk:\n    def clear(self): pass\ndef drop(): pass\n",
                ),
                file("shop/till.py", "import sys\nclass Till: pass\n"),
            ],
            &[".".to_owned()],
        );
        for bad in [
            "shop.desk:os.system",
            "shop.desk:Popen",
            "shop.desk:os",
            "shop.desk:sys.exit",
            "shop.desk:__loader__.get_data",
        ] {
            assert!(!may_call(&name(bad), &map), "{bad} may be called");
            assert!(!may_import(&name(bad), &map), "{bad} may be imported");
        }
        assert!(!may_build(&name("shop.desk:Popen"), &map));
        for bad in [
            "shop.desk:drop",
            "shop.desk:Desk.clear",
            "shop.desk:unknown",
        ] {
            assert!(!may_call(&name(bad), &map), "{bad} may be called");
        }
        for good in [
            "shop.desk:Desk",
            "shop.desk:Pair",
            "shop.desk:Till",
            "shop.desk:Decimal",
        ] {
            assert!(may_call(&name(good), &map), "{good} may not be called");
            assert!(may_import(&name(good), &map), "{good} may not be imported");
        }
        assert!(may_import(&name("shop.desk:drop"), &map));
    }
}
