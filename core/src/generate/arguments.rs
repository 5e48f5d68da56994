//! Where the values of a test come from: fixtures, the code map, the failure's message, or invention (in that order of trust).

use std::collections::BTreeSet;

use super::literal;
use crate::code::{AccessKind, ClassRef, CodeMap, Function, FunctionRef, Param};
use crate::correlate::{fixture_is_mock, is_mock, snake_case};

/// How far a value can be trusted to be what production had. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Read from the failure itself (a key in the message, the request line), or no value was needed.
    Known,
    /// An existing fixture.
    Fixture,
    /// Built from the code map.
    Built,
    /// The kind of value follows from the failure, the rest is made up.
    Inferred,
    /// Made up.
    Invented,
    /// Found by making the call with many values.
    Explored,
    /// A stand-in for a part that is not on the failing chain.
    Mocked,
}

/// What a test needs around its call.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// `(module, name)` of `from module import name`.
    pub imports: BTreeSet<(String, String)>,
    /// `import name` lines.
    pub modules: BTreeSet<String>,
    /// Import statements as the project writes them itself.
    pub lines: BTreeSet<String>,
    /// Fixtures in the order of use.
    pub fixtures: Vec<String>,
    /// Lines before any import of the project.
    pub preamble: Vec<String>,
    /// Definitions before the test, such as a fixture of its own, each of several lines.
    pub helpers: Vec<Vec<String>>,
    /// Markers of pytest's plugins that the test needs.
    pub markers: Vec<String>,
    /// Statements before the call.
    pub statements: Vec<String>,
    /// The worst source of any value.
    pub source: Option<Source>,
}

impl Setup {
    /// Notes where a value came from.
    pub fn used(&mut self, source: Source) {
        self.source = Some(self.source.map_or(source, |s| s.max(source)));
    }

    /// Asks for a fixture.
    pub fn fixture(&mut self, name: &str) {
        if !self.fixtures.iter().any(|f| f == name) {
            self.fixtures.push(name.to_owned());
        }
    }

    /// Asks for a marker.
    pub fn marker(&mut self, name: &str) {
        if !self.markers.iter().any(|m| m == name) {
            self.markers.push(name.to_owned());
        }
    }

    /// Imports a class or function of the project; gives the name to use.
    pub fn import(&mut self, module: &str, name: &str) -> String {
        self.imports.insert((module.to_owned(), name.to_owned()));
        name.to_owned()
    }
}

/// Builds values for one test.
pub struct Arguments<'a> {
    /// The project.
    pub map: &'a CodeMap,
    /// Folder of the test to be, which decides what fixtures are visible.
    pub folder: &'a str,
    /// Classes of the failing chain, which must not be replaced.
    pub chain_classes: &'a [String],
}

/// How deep constructors may need other objects.
const DEPTH: usize = 4;

impl Arguments<'_> {
    /// An expression for an instance of a class: a fixture, or a constructor call on a statement of its own.
    pub fn instance(&self, class: ClassRef, setup: &mut Setup) -> Option<String> {
        self.instance_within(class, setup, DEPTH)
    }

    fn instance_within(&self, class: ClassRef, setup: &mut Setup, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        if let Some(fixture) = self.fixture_giving(class) {
            setup.fixture(&fixture);
            setup.used(Source::Fixture);
            return Some(fixture);
        }
        if class.is_abstract() {
            let mut concrete = self.map.subclasses(class);
            concrete.retain(|c| !c.is_abstract());
            concrete.sort_by_key(|c| self.required(*c).len());
            return concrete
                .into_iter()
                .find_map(|c| self.instance_within(c, setup, depth));
        }
        if !literal::is_dotted(&class.module.name) || !literal::is_identifier(&class.class.name) {
            return None;
        }
        let mut arguments = Vec::new();
        let init = self.map.method(class, "__init__");
        for param in self.required(class) {
            let value = self.value_within(&param, init, setup, depth)?;
            arguments.push(format!("{}={value}", param.name));
        }
        let name = setup.import(&class.module.name, &class.class.name);
        let variable = variable_for(&name);
        setup.used(Source::Built);
        let taken = setup
            .statements
            .iter()
            .any(|s| s.starts_with(&format!("{variable} = ")));
        let variable = if taken { snake_case(&name) } else { variable };
        setup
            .statements
            .push(format!("{variable} = {name}({})", arguments.join(", ")));
        Some(variable)
    }

    /// Constructor parameters that must be passed.
    fn required(&self, class: ClassRef) -> Vec<Param> {
        if let Some(init) = self.map.method(class, "__init__") {
            return init.function.required_params().cloned().collect();
        }
        class.required_fields().cloned().collect()
    }

    /// An expression for a parameter.
    pub fn value(
        &self,
        param: &Param,
        owner: Option<FunctionRef>,
        setup: &mut Setup,
    ) -> Option<String> {
        self.value_within(param, owner, setup, DEPTH)
    }

    fn value_within(
        &self,
        param: &Param,
        owner: Option<FunctionRef>,
        setup: &mut Setup,
        depth: usize,
    ) -> Option<String> {
        if !literal::is_identifier(&param.name) {
            return None;
        }
        if self.visible_fixture(&param.name) && !self.stands_in_for_chain(&param.name) {
            setup.fixture(&param.name);
            setup.used(if fixture_is_mock(self.map, &param.name) {
                Source::Mocked
            } else {
                Source::Fixture
            });
            return Some(param.name.clone());
        }
        let annotation = param.annotation.as_deref().unwrap_or_default();
        if let Some(owner) = owner
            && let Some(class) = self.map.class_named(owner.module, annotation)
        {
            return self.instance_within(class, setup, depth);
        }
        if let Some(value) = of_annotation(annotation, setup) {
            setup.used(Source::Invented);
            return Some(value);
        }
        if let Some(owner) = owner
            && let Some(value) = self.of_use(owner.function, &param.name, setup)
        {
            return Some(value);
        }
        setup.used(Source::Invented);
        Some(of_name(&param.name))
    }

    /// A value of the shape that the function's body expects.
    fn of_use(&self, function: &Function, name: &str, setup: &mut Setup) -> Option<String> {
        if let Some(dict) = dict_for(function, name, None) {
            setup.used(Source::Invented);
            return Some(dict);
        }
        let is_iterated = function
            .assignments
            .iter()
            .any(|a| a.is_member && a.value == crate::code::Value::Name(name.to_owned()));
        if is_iterated {
            setup.used(Source::Invented);
            return Some("[]".to_owned());
        }
        // A collaborator whose methods are called, or that is stored by a constructor, with no type to go by.
        let has_methods = function.calls.iter().any(|c| {
            c.receiver()
                .is_some_and(|r| r == name || r == format!("self.{name}"))
        });
        let is_stored = function.name == "__init__" && looks_like_collaborator(name);
        if has_methods || is_stored {
            setup
                .imports
                .insert(("unittest.mock".to_owned(), "MagicMock".to_owned()));
            setup.used(Source::Mocked);
            return Some("MagicMock()".to_owned());
        }
        None
    }

    /// Whether a fixture gives an object of this class.
    pub fn has_fixture_for(&self, class: ClassRef) -> bool {
        self.fixture_giving(class).is_some()
    }

    /// A fixture of the project's conftest files that gives this class and is no mock.
    fn fixture_giving(&self, class: ClassRef) -> Option<String> {
        self.map
            .fixtures()
            .filter(|(m, _)| self.sees(&m.path))
            .filter(|(_, f)| !f.calls.iter().any(|c| is_mock(&c.callee)))
            .filter(|(_, f)| !f.params.iter().any(|p| fixture_is_mock(self.map, &p.name)))
            .find(|(m, f)| {
                self.map.class_given_by(m, f, DEPTH).is_some_and(|c| {
                    std::ptr::eq(c.class, class.class) || self.is_subclass(c, class)
                })
            })
            .map(|(_, f)| f.name.clone())
            .filter(|name| literal::is_identifier(name))
    }

    fn is_subclass(&self, class: ClassRef, base: ClassRef) -> bool {
        class.class.bases.iter().any(|b| {
            self.map
                .class_named(class.module, b)
                .is_some_and(|b| std::ptr::eq(b.class, base.class))
        })
    }

    /// Whether a conftest on the way from the root to the test's folder defines a fixture of that name which a plain test
    /// can take: what a coroutine gives has to be awaited.
    pub fn visible_fixture(&self, name: &str) -> bool {
        self.map
            .fixtures()
            .any(|(m, f)| f.name == name && !f.is_async && self.sees(&m.path))
    }

    /// Whether a conftest's fixtures are visible from the test's folder.
    pub fn sees(&self, path: &str) -> bool {
        let Some(folder) = path.strip_suffix("conftest.py") else {
            return false;
        };
        folder.is_empty() || format!("{}/", self.folder).starts_with(folder)
    }

    fn stands_in_for_chain(&self, fixture: &str) -> bool {
        fixture_is_mock(self.map, fixture)
            && self
                .chain_classes
                .iter()
                .any(|c| snake_case(c).contains(fixture.trim_start_matches("mock_")))
    }
}

fn looks_like_collaborator(name: &str) -> bool {
    [
        "service",
        "client",
        "repository",
        "store",
        "source",
        "gateway",
        "session",
        "db",
        "logger",
        "manager",
    ]
    .iter()
    .any(|word| name.ends_with(word))
}

/// `KnowledgeGraphFacade` → `facade`, `tqdm` → `tqdm_object`.
fn variable_for(class: &str) -> String {
    let snake = snake_case(class);
    let last = snake.rsplit('_').next().unwrap_or(&snake).to_owned();
    if literal::is_identifier(&last) && last != class {
        last
    } else {
        format!("{snake}_object")
    }
}

/// A value of a builtin annotation.
fn of_annotation(annotation: &str, setup: &mut Setup) -> Option<String> {
    let annotation = annotation.trim().trim_matches(['"', '\'']);
    if annotation.starts_with("Optional[") || annotation.split('|').any(|p| p.trim() == "None") {
        return Some("None".to_owned());
    }
    let base = annotation.split('[').next().unwrap_or(annotation);
    let base = base.rsplit('.').next().unwrap_or(base);
    let value = match base {
        "str" => "\"example\"",
        "int" => "1",
        "float" => "1.0",
        "bool" => "True",
        "bytes" => "b\"example\"",
        "list" | "List" | "Sequence" | "Iterable" | "Collection" => "[]",
        "dict" | "Dict" | "Mapping" | "MutableMapping" => "{}",
        "set" | "Set" | "frozenset" => "set()",
        "tuple" | "Tuple" => "()",
        "Any" | "object" => "None",
        "Path" | "PathLike" => {
            setup.fixture("tmp_path");
            "tmp_path"
        }
        _ => return None,
    };
    Some(value.to_owned())
}

/// A value that fits a parameter's name.
fn of_name(name: &str) -> String {
    let is_number = [
        "id", "count", "limit", "size", "index", "number", "page", "offset", "total",
    ]
    .iter()
    .any(|w| name == *w || name.ends_with(&format!("_{w}")));
    if is_number {
        return "1".to_owned();
    }
    let is_many = ["rows", "items", "records", "values", "entries", "nodes"]
        .iter()
        .any(|w| name.ends_with(w));
    if is_many {
        return "[]".to_owned();
    }
    if [
        "data", "payload", "config", "options", "params", "record", "row",
    ]
    .iter()
    .any(|w| name.ends_with(w))
    {
        return "{}".to_owned();
    }
    "\"example\"".to_owned()
}

/// A dictionary with the keys that a function reads from a name, one of them with a given value.
pub fn dict_with(function: &Function, name: &str, key: &str, value: &str) -> String {
    let rest = dict_for(function, name, Some(key)).unwrap_or_default();
    let rest = rest.trim_start_matches('{').trim_end_matches('}');
    let comma = if rest.is_empty() { "" } else { ", " };
    format!("{{{}: {value}{comma}{rest}}}", literal::string(key))
}

/// A dictionary with the keys that a function reads from a name, one of them left out.
pub fn dict_for(function: &Function, name: &str, without: Option<&str>) -> Option<String> {
    let mut items: Vec<(String, String)> = Vec::new();
    let mut is_dict = without.is_some();
    for access in function.accesses.iter().filter(|a| a.base == name) {
        let is_key = match access.kind {
            AccessKind::Item => !access.key.starts_with('$') && access.key.parse::<i64>().is_err(),
            AccessKind::Get => true,
            AccessKind::Attribute => false,
        };
        if !is_key || access.kind == AccessKind::Get {
            is_dict |= is_key;
            continue;
        }
        is_dict = true;
        if Some(access.key.as_str()) == without || items.iter().any(|(k, _)| *k == access.key) {
            continue;
        }
        items.push((
            access.key.clone(),
            value_used_by(&access.key, access.used_by.as_deref()),
        ));
    }
    if !is_dict {
        return None;
    }
    let body: Vec<String> = items
        .iter()
        .map(|(key, value)| format!("{}: {value}", literal::string(key)))
        .collect();
    Some(format!("{{{}}}", body.join(", ")))
}

fn value_used_by(key: &str, user: Option<&str>) -> String {
    match user {
        Some("int" | "float" | "round" | "abs") => "1".to_owned(),
        Some(
            "strip" | "lower" | "upper" | "split" | "replace" | "startswith" | "str" | "title",
        ) => "\"example\"".to_owned(),
        Some("items" | "keys" | "values" | "get") => "{}".to_owned(),
        Some("append" | "extend" | "len" | "sum" | "sorted" | "list") => "[]".to_owned(),
        _ => of_name(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{SourceFile, module_from_source};

    #[test]
    fn no_variable_has_the_name_of_its_class() {
        for (class, variable) in [
            ("KnowledgeGraphFacade", "facade"),
            ("tqdm", "tqdm_object"),
            ("Class", "class_object"),
        ] {
            assert_eq!(variable_for(class), variable);
        }
    }

    #[test]
    fn dictionaries_have_the_keys_that_are_read() {
        let file = SourceFile {
            path: "m.py".to_owned(),
            text: "def f(row):\n    a = int(row['n'])\n    return row['name'].strip(), row['label'], row.get('x')\n".to_owned(),
            is_test: false,
        };
        let module = module_from_source("m", &file);
        assert_eq!(
            dict_for(&module.functions[0], "row", Some("label")).as_deref(),
            Some("{\"n\": 1, \"name\": \"example\"}")
        );
        assert_eq!(dict_for(&module.functions[0], "other", None), None);
        assert_eq!(
            dict_with(&module.functions[0], "row", "n", "None"),
            "{\"n\": None, \"name\": \"example\", \"label\": \"example\"}"
        );
    }
}
