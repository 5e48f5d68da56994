//! Objects of the project's classes for a place: members of enumerations, what modules and fixtures hold, constructor
//! calls, and plain stand-ins with the attributes that the code reads.

use std::collections::BTreeMap;

use super::kinds;
use super::piece::{Piece, merge};
use super::samples;
use super::scene::Scene;
use crate::code::{ClassRef, FunctionRef, Module, Param, Value};
use crate::correlate::snake_case;
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

impl<'a> Scene<'a> {
    /// Members of an enumeration.
    pub(super) fn members(&self, class: ClassRef<'a>) -> Vec<Piece> {
        let is_enum = class
            .class
            .bases
            .iter()
            .any(|b| b.contains("Enum") || b.contains("Flag"));
        if !is_enum {
            return Vec::new();
        }
        class
            .class
            .attributes
            .keys()
            .filter(|name| literal::is_identifier(name) && !name.starts_with('_'))
            .take(4)
            .map(|name| {
                let mut setup = Setup::default();
                let class = setup.import(&class.module.name, &class.class.name);
                setup.used(Source::Built);
                Piece {
                    code: format!("{class}.{name}"),
                    setup,
                }
            })
            .collect()
    }

    /// Objects with the attributes that the body reads: of the project's classes, else a plain stand-in.
    pub(super) fn with_attributes(
        &self,
        attributes: &[&str],
        name: &str,
        depth: usize,
    ) -> Vec<Piece> {
        let mut found = Vec::new();
        let is_of = |kind: &[&str]| attributes.iter().all(|a| kind.contains(a));
        const TEXT: [&str; 24] = [
            "strip",
            "split",
            "lower",
            "upper",
            "startswith",
            "endswith",
            "encode",
            "replace",
            "join",
            "format",
            "lstrip",
            "rstrip",
            "splitlines",
            "partition",
            "rpartition",
            "find",
            "index",
            "count",
            "isdigit",
            "title",
            "rsplit",
            "casefold",
            "translate",
            "isspace",
        ];
        const DICT: [&str; 8] = [
            "items",
            "keys",
            "values",
            "get",
            "pop",
            "setdefault",
            "update",
            "copy",
        ];
        const LIST: [&str; 8] = [
            "append", "extend", "sort", "insert", "remove", "pop", "reverse", "copy",
        ];
        const FILE: [&str; 7] = [
            "read", "write", "close", "seek", "readline", "flush", "tell",
        ];
        if attributes.is_empty() {
            return found;
        }
        if is_of(&TEXT) {
            return samples::texts(&[name])
                .into_iter()
                .take(6)
                .map(|t| Piece::plain(literal::string(t), Source::Invented))
                .collect();
        }
        for (names, kind) in [
            (&DICT[..], "dict"),
            (&LIST[..], "list"),
            (&FILE[..], "BytesIO"),
            (&FILE[..], "StringIO"),
        ] {
            if is_of(names) {
                found.extend(kinds::values(kind));
            }
        }
        if !found.is_empty() {
            return found;
        }
        if depth > 0 {
            for class in self.classes_with(attributes) {
                found.extend(self.instances(class, depth - 1));
            }
        }
        found.extend(self.namespace(attributes));
        found
    }

    /// A plain object with module-level objects of the same names as attributes.
    fn namespace(&self, attributes: &[&str]) -> Option<Piece> {
        let mut setup = Setup::default();
        setup.modules.insert("types".to_owned());
        setup.used(Source::Mocked);
        let mut parts = Vec::new();
        for name in attributes.iter().filter(|n| literal::is_identifier(n)) {
            let known = self
                .writer
                .map
                .modules
                .iter()
                .filter(|m| !m.is_test)
                .find(|m| {
                    literal::is_dotted(&m.name)
                        && m.assignments
                            .iter()
                            .any(|a| a.target == *name && matches!(a.value, Value::Call(_)))
                });
            match known {
                Some(module) => {
                    setup.import(&module.name, name);
                    parts.push(format!("{name}={name}"));
                }
                None => parts.push(format!("{name}=None")),
            }
        }
        (parts.len() <= 8).then(|| Piece {
            code: format!("types.SimpleNamespace({})", parts.join(", ")),
            setup,
        })
    }

    /// Objects of a class: what the project has at module level, its fixtures, its constructor, its subclasses.
    pub fn instances(&self, class: ClassRef<'a>, depth: usize) -> Vec<Piece> {
        let mut found = Vec::new();
        let arguments = self.writer.arguments(self.writer.gap.layer);
        if arguments.has_fixture_for(class) {
            let mut setup = Setup::default();
            if let Some(code) = arguments.instance(class, &mut setup)
                && !setup.fixtures.is_empty()
            {
                found.push(Piece { code, setup });
            }
        }
        found.extend(self.module_level(class));
        if !class.is_abstract() {
            found.extend(self.constructed(class, depth));
        }
        found.extend(self.produced(class, depth));
        let mut subclasses = self.writer.map.subclasses(class);
        subclasses.retain(|c| !c.is_abstract() && !c.module.is_test);
        subclasses.sort_by_key(|c| !self.near.iter().any(|m| std::ptr::eq(*m, c.module)));
        for subclass in subclasses.into_iter().take(3) {
            found.extend(self.constructed(subclass, depth));
        }
        found
    }

    /// Objects of a class that a module of the project holds.
    fn module_level(&self, class: ClassRef<'a>) -> Vec<Piece> {
        let mut found = Vec::new();
        for module in self.writer.map.modules.iter().filter(|m| !m.is_test) {
            for assignment in &module.assignments {
                let Value::Call(callee) = &assignment.value else {
                    continue;
                };
                if callee.rsplit('.').next() != Some(class.class.name.as_str())
                    || !literal::is_identifier(&assignment.target)
                    || !literal::is_dotted(&module.name)
                {
                    continue;
                }
                let is_it = self
                    .writer
                    .map
                    .class_named(module, callee)
                    .is_some_and(|c| std::ptr::eq(c.class, class.class));
                // Imported under the package's own name for it.
                let is_alike = module.imports.iter().any(|i| {
                    i.target.ends_with(&format!(".{}", class.class.name))
                        && class
                            .module
                            .name
                            .starts_with(i.target.split('.').next().unwrap_or_default())
                });
                if is_it || is_alike {
                    let mut setup = Setup::default();
                    setup.import(&module.name, &assignment.target);
                    setup.used(Source::Built);
                    found.push(Piece {
                        code: assignment.target.clone(),
                        setup,
                    });
                }
            }
            if found.len() >= 3 {
                break;
            }
        }
        found
    }

    /// What functions and methods of the project give that return such an object: `Workbook("x").add_worksheet()`.
    fn produced(&self, class: ClassRef<'a>, depth: usize) -> Vec<Piece> {
        let Some(depth) = depth.checked_sub(1) else {
            return Vec::new();
        };
        let gives = |at: &FunctionRef<'a>| {
            let given = self.writer.map.class_given_by(at.module, at.function, 3);
            match given {
                Some(given) => std::ptr::eq(given.class, class.class),
                // Running shows whether its name is true.
                None => named_for(&at.function.name) == snake_case(&class.class.name),
            }
        };
        let mut found: Vec<Piece> = Vec::new();
        for at in self.naming(&class.class.name) {
            if gives(at) {
                found.extend(self.product(*at, class, depth));
            }
            if found.len() >= 2 {
                break;
            }
        }
        found
    }

    /// The class that a function gives, as it is written or else as its name says.
    pub(super) fn class_made_by(&self, at: FunctionRef<'a>) -> Option<ClassRef<'a>> {
        let map = self.writer.map;
        if let Some(given) = map.class_given_by(at.module, at.function, 3) {
            return Some(given);
        }
        self.spelled().get(named_for(&at.function.name)).copied()
    }

    /// The project's classes by their names as a function's would spell them: `work_sheet`.
    fn spelled(&self) -> &BTreeMap<String, ClassRef<'a>> {
        self.spelled.get_or_init(|| {
            let modules = self.writer.map.modules.iter().filter(|m| !m.is_test);
            let classes = modules.flat_map(|module| {
                let classes = module.classes.iter();
                classes.map(move |class| (snake_case(&class.name), ClassRef { module, class }))
            });
            let mut spelled = BTreeMap::new();
            for (name, class) in classes {
                // Of several the first one.
                spelled.entry(name).or_insert(class);
            }
            spelled
        })
    }

    /// Functions that can be called and that name a class as what they return or make.
    fn naming(&self, class: &str) -> &[FunctionRef<'a>] {
        let makers = self
            .makers
            .get_or_init(|| makers(&self.writer.map.modules, self.spelled()));
        makers.get(class).map_or(&[], Vec::as_slice)
    }

    fn product(&self, at: FunctionRef<'a>, class: ClassRef<'a>, depth: usize) -> Option<Piece> {
        let function = at.function;
        let mut setup = Setup::default();
        setup.used(Source::Built);
        let head = match at.class() {
            None if function.class.is_none() => setup.import(&at.module.name, &function.name),
            None => return None,
            Some(owner)
                if std::ptr::eq(owner.class, class.class)
                    && !function.has_decorator("classmethod") =>
            {
                return None;
            }
            Some(owner)
                if function.has_decorator("classmethod")
                    || function.has_decorator("staticmethod") =>
            {
                let owner = setup.import(&owner.module.name, &owner.class.name);
                format!("{owner}.{}", function.name)
            }
            Some(owner) => {
                let owner = self.constructed(owner, depth)?;
                merge(&mut setup, &owner.setup);
                format!("{}.{}", owner.code, function.name)
            }
        };
        let mut parts = Vec::new();
        for param in function.required_params() {
            let depth = depth.checked_sub(1)?;
            let value = self
                .pool(param, at, &[], depth)
                .ordered()
                .into_iter()
                .next()?;
            merge(&mut setup, &value.setup);
            parts.push(match param.is_keyword_only {
                true => format!("{}={}", param.name, value.code),
                false => value.code,
            });
        }
        Some(Piece {
            code: format!("{head}({})", parts.join(", ")),
            setup,
        })
    }

    /// A call of the constructor, with the first value of everything that it needs.
    fn constructed(&self, class: ClassRef<'a>, depth: usize) -> Option<Piece> {
        if !literal::is_dotted(&class.module.name) || !literal::is_identifier(&class.class.name) {
            return None;
        }
        let mut setup = Setup::default();
        let name = setup.import(&class.module.name, &class.class.name);
        setup.used(Source::Built);
        let mut parts = Vec::new();
        for (param, owner) in self.needs(class) {
            let depth = depth.checked_sub(1)?;
            let value = match owner {
                Some(owner) => self
                    .pool(&param, owner, &[], depth)
                    .ordered()
                    .into_iter()
                    .next()?,
                None => Piece::plain("\"example\"", Source::Invented),
            };
            merge(&mut setup, &value.setup);
            parts.push(format!("{}={}", param.name, value.code));
        }
        Some(Piece {
            code: format!("{name}({})", parts.join(", ")),
            setup,
        })
    }

    /// Constructor parameters that must be passed, and those that the trace says something about.
    pub fn needs(&self, class: ClassRef<'a>) -> Vec<(Param, Option<FunctionRef<'a>>)> {
        if let Some(init) = self.writer.map.method(class, "__init__") {
            return init
                .function
                .params
                .iter()
                .filter(|p| !p.is_variadic && literal::is_identifier(&p.name))
                .filter(|p| p.default.is_none() || self.hinted(init, &p.name).is_some())
                .map(|p| (p.clone(), Some(init)))
                .collect();
        }
        class.required_fields().map(|f| (f.clone(), None)).collect()
    }
}

/// What a function says by its name that it makes: `add_work_sheet` a `work_sheet`.
fn named_for(function: &str) -> &str {
    const VERBS: [&str; 10] = [
        "add_", "create_", "new_", "make_", "get_", "build_", "open_", "load_", "start_", "insert_",
    ];
    let made = VERBS.iter().find_map(|verb| function.strip_prefix(verb));
    made.unwrap_or(function)
}

/// Functions by the names of the classes that they may give.
fn makers<'a>(
    modules: &'a [Module],
    spelled: &BTreeMap<String, ClassRef<'a>>,
) -> BTreeMap<&'a str, Vec<FunctionRef<'a>>> {
    let mut makers: BTreeMap<&str, Vec<FunctionRef>> = BTreeMap::new();
    let modules = modules
        .iter()
        .filter(|m| !m.is_test && literal::is_dotted(&m.name));
    for module in modules {
        for function in &module.functions {
            let is_callable = !function.is_nested
                && !function.is_async
                && !function.is_generator
                && !function.name.starts_with('_')
                && literal::is_identifier(&function.name)
                && !function.has_decorator("property")
                && function.required_params().count() <= 2;
            if !is_callable {
                continue;
            }
            let assigned = function.assignments.iter().map(|a| &a.value);
            let values = function.returned_values.iter().chain(assigned);
            let mut names: Vec<&str> = values
                .filter_map(|value| match value {
                    Value::Call(callee) => callee.rsplit('.').next(),
                    _ => None,
                })
                .collect();
            let returns = function.returns.as_deref().unwrap_or_default();
            names.extend(returns.split(|c: char| !c.is_alphanumeric() && c != '_'));
            let named = spelled.get(named_for(&function.name));
            names.extend(named.map(|at| at.class.name.as_str()));
            names.sort_unstable();
            names.dedup();
            for name in names.into_iter().filter(|n| !n.is_empty()) {
                let at = FunctionRef { module, function };
                makers.entry(name).or_default().push(at);
            }
        }
    }
    makers
}
