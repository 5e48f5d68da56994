//! Which function or class of the project a name means, as far as reading tells.

use super::{Class, CodeMap, Function, Module, Param, Value};

/// A function with its module.
#[derive(Debug, Clone, Copy)]
pub struct FunctionRef<'a> {
    /// Where it is defined.
    pub module: &'a Module,
    /// The function.
    pub function: &'a Function,
}

/// A class with its module.
#[derive(Debug, Clone, Copy)]
pub struct ClassRef<'a> {
    /// Where it is defined.
    pub module: &'a Module,
    /// The class.
    pub class: &'a Class,
}

/// How deep a chain of attributes, imports and factories is followed.
const DEPTH: usize = 8;

impl<'a> FunctionRef<'a> {
    /// `modules.kg.facade.KnowledgeGraphFacade.refresh`.
    pub fn dotted(&self) -> String {
        format!("{}.{}", self.module.name, self.function.qualified_name())
    }

    /// The class that it is a method of.
    pub fn class(&self) -> Option<ClassRef<'a>> {
        let name = self.function.class.as_deref()?;
        let class = self.module.classes.iter().find(|c| c.name == name)?;
        Some(ClassRef {
            module: self.module,
            class,
        })
    }

    /// Whether both mean the same definition.
    pub fn is(&self, other: &FunctionRef) -> bool {
        std::ptr::eq(self.function, other.function)
    }
}

impl<'a> ClassRef<'a> {
    /// `core.services.cache_service.CacheService`.
    pub fn dotted(&self) -> String {
        format!("{}.{}", self.module.name, self.class.name)
    }

    /// A method defined by this very class.
    pub fn own_method(&self, name: &str) -> Option<FunctionRef<'a>> {
        let class = self.class.name.as_str();
        let function = self
            .module
            .functions
            .iter()
            .find(|f| f.class.as_deref() == Some(class) && f.name == name)?;
        Some(FunctionRef {
            module: self.module,
            function,
        })
    }

    /// Has abstract methods or is a protocol, so that it can not be constructed.
    pub fn is_abstract(&self) -> bool {
        let name = self.class.name.as_str();
        self.class
            .bases
            .iter()
            .any(|b| b == "Protocol" || b.ends_with(".Protocol"))
            || self
                .module
                .functions
                .iter()
                .any(|f| f.class.as_deref() == Some(name) && f.has_decorator("abstractmethod"))
    }

    /// Fields of a dataclass that its constructor must be given.
    pub fn required_fields(&self) -> impl Iterator<Item = &'a Param> + use<'a> {
        let is_class_level = |field: &Param| {
            let annotation = field.annotation.as_deref();
            annotation.is_some_and(|a| a.contains("ClassVar"))
        };
        let fields: &'a [Param] = match self.is_dataclass() {
            true => &self.class.fields,
            false => &[],
        };
        fields
            .iter()
            .filter(move |f| f.default.is_none() && !is_class_level(f))
    }

    /// `@dataclass`.
    pub fn is_dataclass(&self) -> bool {
        self.class.decorators.iter().any(|decorator| {
            decorator
                .split('(')
                .next()
                .is_some_and(|name| name.ends_with("dataclass"))
        })
    }
}

/// The function that a frame means: by name, and by line when the name stands more than once.
pub fn function_at<'a>(
    module: &'a Module,
    name: &str,
    line: Option<u32>,
) -> Option<FunctionRef<'a>> {
    let name = name.rsplit('.').next().unwrap_or(name);
    let mut named = module.functions.iter().filter(|f| f.name == name);
    let found = match line.and_then(|line| named.clone().rev().find(|f| f.contains(line))) {
        Some(function) => function,
        None => {
            // The source may have moved on since the log was written: the one function of that name is still it.
            let first = named.next()?;
            if named.next().is_some() {
                return None;
            }
            first
        }
    };
    Some(FunctionRef {
        module,
        function: found,
    })
}

impl CodeMap {
    /// The function that a frame of a trace means.
    pub fn function_of_frame(
        &self,
        file: &str,
        name: &str,
        line: Option<u32>,
    ) -> Option<FunctionRef<'_>> {
        function_at(self.module_of_path(file)?, name, line)
    }

    /// The class that a name in a module means: its own, an imported or a re-exported one.
    pub fn class_named<'a>(&'a self, module: &'a Module, name: &str) -> Option<ClassRef<'a>> {
        self.class_named_within(module, clean_annotation(name), DEPTH)
    }

    fn class_named_within<'a>(
        &'a self,
        module: &'a Module,
        name: &str,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        if let Some(class) = module.classes.iter().find(|c| c.name == name) {
            return Some(ClassRef { module, class });
        }
        let (target, last) = self.target_of(module, name, depth)?;
        self.class_named_within(target, &last, depth.checked_sub(1)?)
    }

    /// The function that a plain or dotted name in a module means.
    pub fn function_named<'a>(&'a self, module: &'a Module, name: &str) -> Option<FunctionRef<'a>> {
        self.function_named_within(module, name, DEPTH)
    }

    fn function_named_within<'a>(
        &'a self,
        module: &'a Module,
        name: &str,
        depth: usize,
    ) -> Option<FunctionRef<'a>> {
        let own = module
            .functions
            .iter()
            .find(|f| f.name == name && f.class.is_none() && !f.is_nested);
        if let Some(function) = own {
            return Some(FunctionRef { module, function });
        }
        let (target, last) = self.target_of(module, name, depth)?;
        self.function_named_within(target, &last, depth.checked_sub(1)?)
    }

    /// Follows an import: the module that defines the last part of a name, and that part.
    fn target_of<'a>(
        &'a self,
        module: &'a Module,
        name: &str,
        depth: usize,
    ) -> Option<(&'a Module, String)> {
        depth.checked_sub(1)?;
        let full = module.target_of(name)?;
        // The longest prefix that is a module; exactly one part may be left over.
        let (target, last) = full.rsplit_once('.')?;
        let target = self.module(target)?;
        (!std::ptr::eq(target, module)).then(|| (target, last.to_owned()))
    }

    /// A method of a class or of its bases.
    pub fn method<'a>(&'a self, class: ClassRef<'a>, name: &str) -> Option<FunctionRef<'a>> {
        self.method_within(class, name, DEPTH)
    }

    fn method_within<'a>(
        &'a self,
        class: ClassRef<'a>,
        name: &str,
        depth: usize,
    ) -> Option<FunctionRef<'a>> {
        if let Some(method) = class.own_method(name) {
            return Some(method);
        }
        let depth = depth.checked_sub(1)?;
        class.class.bases.iter().find_map(|base| {
            let base = self.class_named_within(class.module, clean_annotation(base), depth)?;
            self.method_within(base, name, depth)
        })
    }

    /// Classes of the project that have this one as a direct base.
    pub fn subclasses<'a>(&'a self, class: ClassRef<'a>) -> Vec<ClassRef<'a>> {
        let mut found = Vec::new();
        for module in self.modules.iter().filter(|m| !m.is_test) {
            for candidate in &module.classes {
                let is_sub = candidate.bases.iter().any(|base| {
                    self.class_named(module, base)
                        .is_some_and(|b| std::ptr::eq(b.class, class.class))
                });
                if is_sub {
                    found.push(ClassRef {
                        module,
                        class: candidate,
                    });
                }
            }
        }
        found
    }

    /// The class of an expression inside a function (`self.cache_service`, `service`, `get_service()`).
    pub fn class_of<'a>(&'a self, at: FunctionRef<'a>, expression: &str) -> Option<ClassRef<'a>> {
        self.class_of_within(at.module, Some(at.function), expression, DEPTH)
    }

    fn class_of_within<'a>(
        &'a self,
        module: &'a Module,
        function: Option<&'a Function>,
        expression: &str,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        let depth = depth.checked_sub(1)?;
        let own_class = || {
            FunctionRef {
                module,
                function: function?,
            }
            .class()
        };
        if expression == "self" || expression == "cls" {
            return own_class();
        }
        if let Some(callee) = expression.strip_suffix("()") {
            return self.class_of_call(module, function, callee, depth);
        }
        if let Some((base, attribute)) = expression.rsplit_once('.') {
            let class = self.class_of_within(module, function, base, depth);
            return match class {
                Some(class) => self.class_of_attribute(class, attribute, depth),
                // `module.NAME`
                None => self
                    .target_of(module, expression, depth)
                    .and_then(|(target, last)| self.class_of_within(target, None, &last, depth)),
            };
        }
        let function_assignments = function
            .map(|f| f.assignments.as_slice())
            .unwrap_or_default();
        if let Some(param) = function.and_then(|f| f.params.iter().find(|p| p.name == expression)) {
            if let Some(annotation) = &param.annotation {
                return self.class_named_within(module, clean_annotation(annotation), depth);
            }
            return self.class_of_fixture(module, expression, depth);
        }
        let assignment = function_assignments
            .iter()
            .chain(&module.assignments)
            .find(|a| a.target == expression && !a.is_member);
        if let Some(assignment) = assignment {
            return self.class_of_value(module, function, &assignment.value, depth);
        }
        let (target, last) = self.target_of(module, expression, depth)?;
        self.class_of_within(target, None, &last, depth)
    }

    fn class_of_value<'a>(
        &'a self,
        module: &'a Module,
        function: Option<&'a Function>,
        value: &Value,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        match value {
            Value::Name(name) => self.class_of_within(module, function, name, depth),
            Value::Call(callee) => self.class_of_call(module, function, callee, depth),
            Value::Either(values) => values
                .iter()
                .find_map(|v| self.class_of_value(module, function, v, depth)),
            Value::Other(_) => None,
        }
    }

    /// The class of an attribute: assigned in `__init__` or annotated in the class body.
    fn class_of_attribute<'a>(
        &'a self,
        class: ClassRef<'a>,
        attribute: &str,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        let depth = depth.checked_sub(1)?;
        if let Some(value) = class.class.attributes.get(attribute) {
            let init = class.own_method("__init__").map(|m| m.function);
            if let Some(found) = self.class_of_value(class.module, init, value, depth) {
                return Some(found);
            }
        }
        if let Some(property) = class.own_method(attribute)
            && let Some(returns) = &property.function.returns
        {
            return self.class_named_within(class.module, clean_annotation(returns), depth);
        }
        class.class.bases.iter().find_map(|base| {
            let base = self.class_named_within(class.module, clean_annotation(base), depth)?;
            self.class_of_attribute(base, attribute, depth)
        })
    }

    /// What a call gives: the class itself when a class is called, else what the function is said to return.
    fn class_of_call<'a>(
        &'a self,
        module: &'a Module,
        function: Option<&'a Function>,
        callee: &str,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        let depth = depth.checked_sub(1)?;
        let callee = clean_annotation(callee);
        if let Some(class) = self.class_named_within(module, callee, depth) {
            return Some(class);
        }
        let target = match function {
            Some(function) => self.callee_within(FunctionRef { module, function }, callee, depth),
            None => self.function_named_within(module, callee, depth),
        }?;
        if let Some(returns) = &target.function.returns
            && let Some(class) =
                self.class_named_within(target.module, clean_annotation(returns), depth)
        {
            return Some(class);
        }
        target
            .function
            .returned_values
            .iter()
            .find_map(|v| self.class_of_value(target.module, Some(target.function), v, depth))
    }

    /// What a fixture of that name gives, for parameters of tests and fixtures.
    fn class_of_fixture<'a>(
        &'a self,
        module: &'a Module,
        name: &str,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        if !module.is_test {
            return None;
        }
        let (home, fixture) = self.fixtures().find(|(_, f)| f.name == name)?;
        self.class_given_by(home, fixture, depth)
    }

    /// The class that a fixture returns or yields, if that can be read.
    pub fn class_given_by<'a>(
        &'a self,
        module: &'a Module,
        fixture: &'a Function,
        depth: usize,
    ) -> Option<ClassRef<'a>> {
        if let Some(returns) = &fixture.returns
            && let Some(class) = self.class_named(module, returns)
        {
            return Some(class);
        }
        fixture
            .returned_values
            .iter()
            .find_map(|v| self.class_of_value(module, Some(fixture), v, depth.min(DEPTH)))
    }

    /// The function of the project that a call means; a called class gives its `__init__`.
    pub fn callee<'a>(&'a self, at: FunctionRef<'a>, callee: &str) -> Option<FunctionRef<'a>> {
        self.callee_within(at, callee, DEPTH)
    }

    fn callee_within<'a>(
        &'a self,
        at: FunctionRef<'a>,
        callee: &str,
        depth: usize,
    ) -> Option<FunctionRef<'a>> {
        let depth = depth.checked_sub(1)?;
        if let Some((receiver, name)) = callee.rsplit_once('.') {
            if let Some(class) = self.class_of_within(at.module, Some(at.function), receiver, depth)
            {
                return self.method_within(class, name, depth);
            }
            // `ClassName.method(…)` and `module.function(…)`
            if let Some(class) = self.class_named_within(at.module, receiver, depth) {
                return self.method_within(class, name, depth);
            }
            return self.function_named_within(at.module, callee, depth);
        }
        if let Some(class) = self.class_named_within(at.module, callee, depth) {
            return self.method_within(class, "__init__", depth);
        }
        let nested = at
            .module
            .functions
            .iter()
            .find(|f| f.is_nested && f.name == callee && at.function.contains(f.first_line));
        if let Some(function) = nested {
            return Some(FunctionRef {
                module: at.module,
                function,
            });
        }
        self.function_named_within(at.module, callee, depth)
    }

    /// The only function of the project (tests aside) with that name, for names that can not be resolved.
    pub fn only_function_named(&self, name: &str) -> Option<FunctionRef<'_>> {
        let mut found = self
            .modules
            .iter()
            .filter(|m| !m.is_test)
            .flat_map(|module| {
                module
                    .functions
                    .iter()
                    .filter(|f| f.name == name)
                    .map(move |function| FunctionRef { module, function })
            });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// `Optional["CacheService"]`, `CacheService | None` and `Iterator[CacheService]` name the class they hold.
fn clean_annotation(annotation: &str) -> &str {
    let mut text = annotation.trim().trim_matches(['"', '\'']);
    loop {
        let wrapper = [
            "Optional[",
            "typing.Optional[",
            "Iterator[",
            "Generator[",
            "Type[",
            "type[",
        ]
        .iter()
        .find_map(|w| text.strip_prefix(w));
        text = match wrapper {
            Some(inner) => inner.split([',', ']']).next().unwrap_or(inner).trim(),
            None => break,
        };
    }
    let text = text
        .split('|')
        .map(str::trim)
        .find(|part| *part != "None")
        .unwrap_or(text);
    text.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callee_is_found_through_constructor_and_import() {
        let map = CodeMap::of_texts(&[
            (
                "app/facade.py",
                "from core.cache import CacheService\n\
                 class Facade:\n    \
                     def __init__(self, source, cache: 'CacheService | None' = None):\n        \
                         self.cache = cache or CacheService()\n    \
                     def refresh(self):\n        \
                         self.cache.clear()\n",
            ),
            (
                "core/cache.py",
                "class Base:\n    def clear(self, kind): ...\nclass CacheService(Base):\n    pass\n",
            ),
        ]);
        let refresh = map
            .function_of_frame("/srv/x/app/facade.py", "refresh", Some(6))
            .expect("frame");
        let callee = map.callee(refresh, "self.cache.clear").expect("callee");
        assert_eq!(callee.dotted(), "core.cache.Base.clear");
        assert_eq!(callee.function.params[0].name, "kind");
    }

    #[test]
    fn factories_and_reexports_are_followed() {
        let map = CodeMap::of_texts(&[
            ("pkg/__init__.py", "from .impl import make\n"),
            (
                "pkg/impl.py",
                "class Store:\n    def get(self): ...\ndef make() -> 'Store':\n    return Store()\n",
            ),
            (
                "use.py",
                "import pkg\nfrom pkg import make\ndef f():\n    s = make()\n    s.get()\n",
            ),
        ]);
        let f = map.function_of_frame("use.py", "f", None).expect("frame");
        assert_eq!(
            map.callee(f, "s.get").expect("callee").dotted(),
            "pkg.impl.Store.get"
        );
        assert!(map.callee(f, "s.missing").is_none());
    }

    #[test]
    fn cycles_end() {
        let map = CodeMap::of_texts(&[
            ("a.py", "from b import x\ndef f(): x()\n"),
            ("b.py", "from a import x\n"),
        ]);
        let f = map.function_of_frame("a.py", "f", None).expect("frame");
        assert!(map.callee(f, "x").is_none());
    }
}
