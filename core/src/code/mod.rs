//! The code map: what the project's sources and tests define, call, catch and return, as plain data.
//!
//! Built from texts that the caller passes in. It resolves names within the project only, by reading;
//! it deliberately does not execute, import or type-check anything.

mod answer;
mod asserted;
mod dotted;
mod extract;
mod imports;
mod lines;
mod resolve;
mod shape;
mod stall;
mod uses;

pub use answer::Answer;
pub use asserted::{Asserted, Constant, Fact};
pub(crate) use dotted::dotted;
pub use extract::module_from_source;
pub use lines::Lines;
pub use resolve::{ClassRef, FunctionRef, function_at};
pub use shape::{Origin, origin_of};

use std::collections::BTreeMap;

/// A source text with its path relative to the project root, `/` between parts.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// `modules/knowledge_graph/backend/facade.py`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Lies under one of the project's test roots.
    pub is_test: bool,
}

/// Everything that is known about the project's Python code.
#[derive(Debug, Clone, Default)]
pub struct CodeMap {
    /// Sorted by path.
    pub modules: Vec<Module>,
    by_name: BTreeMap<String, usize>,
}

/// One Python file.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// Dotted name as the project imports it.
    pub name: String,
    /// Relative path.
    pub path: String,
    /// Leading parts of the path that Python's imports do not see (`src`).
    pub root_parts: usize,
    /// Lies under a test root.
    pub is_test: bool,
    /// What the names of other modules are called here.
    pub imports: Vec<Import>,
    /// Classes at module level.
    pub classes: Vec<Class>,
    /// Functions and methods, nested ones too.
    pub functions: Vec<Function>,
    /// Assignments at module level.
    pub assignments: Vec<Assignment>,
    /// Calls outside of any function.
    pub calls: Vec<Call>,
    /// Exception handlers outside of any function.
    pub handlers: Vec<Handler>,
    /// Whether the file parsed without an error.
    pub is_valid: bool,
    /// Its lines and statements.
    pub lines: Lines,
}

/// `from target import name as alias`.
#[derive(Debug, Clone)]
pub struct Import {
    /// The local name.
    pub alias: String,
    /// Absolute dotted target (`core.services.cache_service.CacheService`).
    pub target: String,
    /// 1-based line.
    pub line: u32,
    /// Not done when the module is loaded: it stands in a function, or is for type checkers alone.
    pub is_deferred: bool,
}

/// A class.
#[derive(Debug, Clone, Default)]
pub struct Class {
    /// Name.
    pub name: String,
    /// Base classes as written.
    pub bases: Vec<String>,
    /// Made by a metaclass that the class names itself.
    pub has_metaclass: bool,
    /// First line, decorators included.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Decorators as written, without `@`.
    pub decorators: Vec<String>,
    /// `self.NAME = value` of any method and class-level assignments, the first of each name.
    pub attributes: BTreeMap<String, Value>,
    /// Annotated class-level names in order: fields of a dataclass, with the default if any.
    pub fields: Vec<Param>,
}

/// What is known of an assigned value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A name or dotted name.
    Name(String),
    /// The result of calling a name.
    Call(String),
    /// One of several (`a or B()`, `x if c else y`).
    Either(Vec<Value>),
    /// Something else, as written.
    Other(String),
}

/// A function or method.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Name without class.
    pub name: String,
    /// The class it is a method of.
    pub class: Option<String>,
    /// Defined inside another function.
    pub is_nested: bool,
    /// First line, decorators included.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Parameters without `self` and `cls` of methods.
    pub params: Vec<Param>,
    /// Decorators as written, without `@`.
    pub decorators: Vec<String>,
    /// The return annotation as written.
    pub returns: Option<String>,
    /// `async def`.
    pub is_async: bool,
    /// Holds a `yield`.
    pub is_generator: bool,
    /// Calls in order.
    pub calls: Vec<Call>,
    /// Assignments, loop variables and `with … as` names in order.
    pub assignments: Vec<Assignment>,
    /// Names that get a new value made of their old one by an operator: `n += 1`.
    pub augmented: Vec<String>,
    /// `base["key"]` and `base.get("key")` and `base.attribute` reads.
    pub accesses: Vec<Access>,
    /// Exception handlers.
    pub handlers: Vec<Handler>,
    /// Returned dictionaries with literal keys.
    pub returned_dicts: Vec<ReturnedDict>,
    /// Returned values that are no dictionaries.
    pub returned_values: Vec<Value>,
    /// What every return gives, where that is certain.
    pub answer: Option<Answer>,
    /// What a function of a test file asserts of its own names.
    pub asserted: Vec<Asserted>,
    /// The first line of the docstring.
    pub summary: Option<String>,
    /// Comment lines inside the body (`# ARRANGE`), without `#`.
    pub comments: Vec<String>,
    /// Line of a loop that stops reading its queue for ever once nothing came for a while.
    pub stalled_loop: Option<u32>,
}

/// A parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Annotation as written.
    pub annotation: Option<String>,
    /// Default as written.
    pub default: Option<String>,
    /// `*args` or `**kwargs`.
    pub is_variadic: bool,
    /// Must be passed by name.
    pub is_keyword_only: bool,
}

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    /// As written: `self.cache_service.clear_cache`.
    pub callee: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub last_line: u32,
    /// Bytes before the end of the call in its last line.
    pub end_column: u32,
    /// Positional arguments as written.
    pub args: Vec<String>,
    /// Keyword arguments as written.
    pub keywords: Vec<(String, String)>,
}

/// A name that gets a value.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The name (dotted for attributes).
    pub target: String,
    /// Line of the assignment.
    pub line: u32,
    /// Where the value comes from.
    pub value: Value,
    /// The name is bound to the members of the value (loops, comprehensions).
    pub is_member: bool,
    /// Only where the file is run as a program (`if __name__ == "__main__":`).
    pub is_of_main: bool,
}

/// How something was read from a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessKind {
    /// `base["key"]`, `base[0]`.
    Item,
    /// `base.get("key")`.
    Get,
    /// `base.attribute`.
    Attribute,
}

/// A read of a part of a named value.
#[derive(Debug, Clone)]
pub struct Access {
    /// The name (dotted) that is read from.
    pub base: String,
    /// Literal key, index or attribute; `$name` where the key is a variable.
    pub key: String,
    /// What kind of read.
    pub kind: AccessKind,
    /// Line.
    pub line: u32,
    /// The function or method that the value goes to or through: `int`, `strip`.
    pub used_by: Option<String>,
}

/// One `except` clause.
#[derive(Debug, Clone)]
pub struct Handler {
    /// First line of the guarded body.
    pub try_first: u32,
    /// Last line of the guarded body.
    pub try_last: u32,
    /// Line of the `except`.
    pub line: u32,
    /// Last line of the handler.
    pub last_line: u32,
    /// Caught types as written; empty for a bare `except`.
    pub types: Vec<String>,
    /// Ends by raising.
    pub reraises: bool,
    /// Calls inside the handler.
    pub calls: Vec<Call>,
    /// What the raise at its end raises, as written; `None` for a bare `raise` or no raise.
    pub raised: Option<String>,
    /// Functions that get the exception itself, not only its text.
    pub given_to: Vec<String>,
    /// The exception itself is returned, yielded, assigned or put into a container.
    pub keeps: bool,
    /// The body does nothing: `pass` or `...`.
    pub is_empty: bool,
    /// Line of the first statement of the body.
    pub body_line: u32,
    /// Bytes before that statement in its line.
    pub body_column: u32,
}

/// `return {"success": False, "error": str(e)}`.
#[derive(Debug, Clone)]
pub struct ReturnedDict {
    /// Line.
    pub line: u32,
    /// Keys with their values as written.
    pub items: Vec<(String, String)>,
}

impl Handler {
    /// Catches (nearly) everything.
    pub fn is_broad(&self) -> bool {
        self.types.is_empty()
            || self
                .types
                .iter()
                .any(|t| t == "Exception" || t == "BaseException")
    }

    /// Whether it would catch an exception of this type, as far as names tell.
    pub fn catches(&self, type_name: &str) -> bool {
        self.is_broad()
            || self.types.iter().any(|t| {
                let name = t.rsplit('.').next().unwrap_or(t);
                name == type_name || is_builtin_base(name, type_name)
            })
    }
}

/// The builtin classes whose sub-classes are caught under another name.
fn is_builtin_base(base: &str, type_name: &str) -> bool {
    match base {
        "LookupError" => matches!(type_name, "KeyError" | "IndexError"),
        "ArithmeticError" => matches!(type_name, "ZeroDivisionError" | "OverflowError"),
        "ImportError" => type_name == "ModuleNotFoundError",
        "ValueError" => matches!(type_name, "UnicodeDecodeError" | "UnicodeEncodeError"),
        "OSError" => matches!(
            type_name,
            "FileNotFoundError" | "PermissionError" | "ConnectionError" | "TimeoutError"
        ),
        _ => false,
    }
}

impl Function {
    /// `KnowledgeGraphFacade.refresh_ontology_cache`.
    pub fn qualified_name(&self) -> String {
        match &self.class {
            Some(class) => format!("{class}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether a line lies inside.
    pub fn contains(&self, line: u32) -> bool {
        self.first_line <= line && line <= self.last_line
    }

    /// Calls whose text covers a line.
    pub fn calls_at(&self, line: u32) -> impl Iterator<Item = &Call> {
        self.calls
            .iter()
            .filter(move |c| c.line <= line && line <= c.last_line)
    }

    /// Parameters that a caller must pass.
    pub fn required_params(&self) -> impl Iterator<Item = &Param> {
        self.params
            .iter()
            .filter(|p| p.default.is_none() && !p.is_variadic)
    }

    /// Whether a decorator's last name is `name` (`property`, `staticmethod`).
    pub fn has_decorator(&self, name: &str) -> bool {
        self.decorators.iter().any(|d| {
            let callee = d.split('(').next().unwrap_or(d);
            callee.rsplit('.').next() == Some(name)
        })
    }
}

impl Call {
    /// The last part of the callee: `clear_cache`.
    pub fn name(&self) -> &str {
        self.callee.rsplit('.').next().unwrap_or(&self.callee)
    }

    /// What the call is made on: `self.cache_service`.
    pub fn receiver(&self) -> Option<&str> {
        self.callee.rsplit_once('.').map(|(receiver, _)| receiver)
    }
}

#[cfg(test)]
impl CodeMap {
    /// A project of these texts, by path; those below `tests/` are tests.
    pub(crate) fn of_texts(texts: &[(&str, &str)]) -> CodeMap {
        let files: Vec<SourceFile> = texts
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
                is_test: path.starts_with("tests/"),
            })
            .collect();
        CodeMap::new(&files, &[".".to_owned()])
    }
}

impl CodeMap {
    /// Reads every text. `source_roots` are folders that are on the import path (`.` for the project root, `src`).
    pub fn new(files: &[SourceFile], source_roots: &[String]) -> CodeMap {
        let mut modules: Vec<Module> = files
            .iter()
            .map(|file| {
                let name = module_name(&file.path, source_roots);
                let mut module = module_from_source(&name, file);
                let below_root = name.split('.').count();
                let parts = path_parts(&file.path);
                let own = parts.len() - usize::from(parts.last() == Some(&"__init__.py"));
                module.root_parts = own.saturating_sub(below_root);
                module
            })
            .collect();
        modules.sort_by(|a, b| a.path.cmp(&b.path));
        let by_name = modules
            .iter()
            .enumerate()
            .rev()
            .map(|(index, module)| (module.name.clone(), index))
            .collect();
        CodeMap { modules, by_name }
    }

    /// The module of a dotted name.
    pub fn module(&self, name: &str) -> Option<&Module> {
        self.by_name.get(name).map(|&index| &self.modules[index])
    }

    /// The module that a path of a trace means: the one that shares the longest tail of path parts.
    ///
    /// The host's prefix (`/srv/app/`), back-slashes and `..` segments make no difference.
    pub fn module_of_path(&self, path: &str) -> Option<&Module> {
        let wanted = path_parts(path);
        let mut best: Option<(usize, &Module)> = None;
        let mut is_tie = false;
        let name = wanted.last()?;
        for module in self.modules.iter().filter(|m| m.path.ends_with(name)) {
            let have = path_parts(&module.path);
            let shared = wanted
                .iter()
                .rev()
                .zip(have.iter().rev())
                .take_while(|(a, b)| a == b)
                .count();
            // A file counts only when its whole project path is in the trace, or all that Python imports it by (it was
            // installed from `src/`), or when what differs is the trace's being shorter (a log written from another
            // working directory).
            let imported_by = have.len() - module.root_parts.min(have.len());
            let is_whole = shared >= have.len() || (shared >= imported_by && imported_by > 1);
            if shared == 0 || (!is_whole && shared < wanted.len()) {
                continue;
            }
            match best {
                Some((n, _)) if n > shared => {}
                Some((n, _)) if n == shared => is_tie = true,
                _ => {
                    best = Some((shared, module));
                    is_tie = false;
                }
            }
        }
        best.filter(|_| !is_tie).map(|(_, module)| module)
    }

    /// Test functions of the project with their modules.
    pub fn tests(&self) -> impl Iterator<Item = (&Module, &Function)> {
        self.modules
            .iter()
            .filter(|m| m.is_test)
            .flat_map(|m| m.functions.iter().map(move |f| (m, f)))
            .filter(|(_, f)| f.name.starts_with("test") && !f.is_nested)
    }

    /// Fixtures of the project: `@pytest.fixture` functions with their modules.
    pub fn fixtures(&self) -> impl Iterator<Item = (&Module, &Function)> {
        self.modules
            .iter()
            .flat_map(|m| m.functions.iter().map(move |f| (m, f)))
            .filter(|(_, f)| f.has_decorator("fixture"))
    }
}

/// Parts of a path with `.`, `..`, back-slashes and drives taken out.
fn path_parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part if part.len() == 2 && part.ends_with(':') => {}
            part => parts.push(part),
        }
    }
    parts
}

fn module_name(path: &str, source_roots: &[String]) -> String {
    let best = source_roots
        .iter()
        .filter_map(|root| {
            let root = root.trim_start_matches("./").trim_end_matches('/');
            if root.is_empty() || root == "." {
                return Some(path);
            }
            path.strip_prefix(root)?.strip_prefix('/')
        })
        .min_by_key(|rest| rest.len())
        .unwrap_or(path);
    let stem = best.strip_suffix(".py").unwrap_or(best);
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    stem.replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(paths: &[&str]) -> CodeMap {
        let files: Vec<SourceFile> = paths
            .iter()
            .map(|path| SourceFile {
                path: (*path).to_owned(),
                text: String::new(),
                is_test: false,
            })
            .collect();
        CodeMap::new(&files, &[".".to_owned(), "src".to_owned()])
    }

    #[test]
    fn names_follow_the_source_roots() {
        assert_eq!(
            module_name("src/shop/cart.py", &["src".to_owned(), ".".to_owned()]),
            "shop.cart"
        );
        assert_eq!(module_name("app/__init__.py", &[".".to_owned()]), "app");
    }

    #[test]
    fn a_trace_path_finds_its_module_on_any_host() {
        let map = map(&["modules/kg/facade.py", "core/facade.py", "app/__init__.py"]);
        for path in [
            "/srv/app/modules/kg/facade.py",
            "C:\\app\\modules\\kg\\facade.py",
            "/app/core/services/../../modules/kg/facade.py",
        ] {
            assert_eq!(
                map.module_of_path(path).map(|m| m.path.as_str()),
                Some("modules/kg/facade.py"),
                "{path}"
            );
        }
        assert!(
            map.module_of_path("/usr/lib/python3.11/json/decoder.py")
                .is_none()
        );
        assert!(map.module_of_path("facade.py").is_none(), "ambiguous");
    }

    #[test]
    fn what_lies_below_a_source_root_is_found_where_it_is_installed() {
        let map = map(&["src/shop/cart.py", "src/one.py"]);
        let found = |path| map.module_of_path(path).map(|m| m.path.as_str());
        assert_eq!(found("/opt/lib/shop/cart.py"), Some("src/shop/cart.py"));
        assert_eq!(found("/opt/other/cart.py"), None);
        assert_eq!(
            found("/opt/lib/one.py"),
            None,
            "one name alone is too little"
        );
    }
}
