//! Source lines of a log, written anew. A line that a traceback prints is untrusted text: it is parsed, and only what is
//! on the lists below comes out again, spelled by this module. Nothing of the line itself reaches a test.
//!
//! Literals, containers, plain arithmetic, comprehensions over few members, classes of the project, and those parts of
//! the standard library that only hold values. Everything else is unknown, and the caller decides what stands there.

use ruff_python_ast::{self as ast, Expr, Number, Operator, UnaryOp};

use super::node::{Argument, Item, Node};
use crate::capture::Name;
use crate::code::{CodeMap, Module, Value};
use crate::generate::arguments::Setup;
use crate::generate::captured::{self, trust};
use crate::generate::literal;

/// Longer texts, containers and numbers are no arguments that somebody typed.
const LONGEST_TEXT: usize = 4096;
const MOST_ITEMS: usize = 200;
const LARGEST: i64 = 100_000;
const DEEPEST: usize = 12;

/// Builtins that only make or hold a value.
const BUILTINS: [&str; 24] = [
    "int",
    "str",
    "float",
    "bool",
    "bytes",
    "bytearray",
    "list",
    "dict",
    "tuple",
    "set",
    "frozenset",
    "complex",
    "object",
    "range",
    "len",
    "sorted",
    "enumerate",
    "zip",
    "reversed",
    "iter",
    "abs",
    "min",
    "max",
    "repr",
];
/// Names that are imported from the standard library so often that their module goes without saying.
const USUAL: [(&str, &str); 21] = [
    ("Decimal", "decimal"),
    ("datetime", "datetime"),
    ("date", "datetime"),
    ("timedelta", "datetime"),
    ("timezone", "datetime"),
    ("StringIO", "io"),
    ("BytesIO", "io"),
    ("Path", "pathlib"),
    ("PurePath", "pathlib"),
    ("UUID", "uuid"),
    ("OrderedDict", "collections"),
    ("defaultdict", "collections"),
    ("Counter", "collections"),
    ("deque", "collections"),
    ("namedtuple", "collections"),
    ("SimpleNamespace", "types"),
    ("Fraction", "fractions"),
    ("partial", "functools"),
    ("ip_address", "ipaddress"),
    ("ip_network", "ipaddress"),
    ("count", "itertools"),
];
/// Methods of texts that give another text.
const METHODS: [&str; 12] = [
    "encode",
    "decode",
    "split",
    "strip",
    "lower",
    "upper",
    "join",
    "replace",
    "format",
    "splitlines",
    "copy",
    "items",
];
/// How functions of a project begin that make an object.
const MAKERS: [&str; 6] = ["create_", "make_", "build_", "from_", "parse_", "new_"];

/// What a name or an expression turns into that can not be written anew.
pub(super) type Unknown<'a> = dyn FnMut(&str) -> Option<Node> + 'a;

/// One line's reader.
pub(super) struct Rebuild<'a, 'b> {
    pub map: &'a CodeMap,
    /// Where the line stands, when that is a file of the project.
    pub module: Option<&'a Module>,
    /// Modules of the trace; their classes are meant first.
    pub near: &'b [&'a Module],
    pub setup: &'b mut Setup,
    /// Gives the value of a name that is bound where the line stands; `None` makes the whole expression unknown.
    pub unknown: &'b mut Unknown<'b>,
    locals: Vec<String>,
    depth: usize,
}

impl<'a, 'b> Rebuild<'a, 'b> {
    pub fn new(
        map: &'a CodeMap,
        module: Option<&'a Module>,
        near: &'b [&'a Module],
        setup: &'b mut Setup,
        unknown: &'b mut Unknown<'b>,
    ) -> Rebuild<'a, 'b> {
        Rebuild {
            map,
            module,
            near,
            setup,
            unknown,
            locals: Vec::new(),
            depth: 0,
        }
    }

    /// The expression anew. `None` when something in it may not be in a test or is not known.
    pub fn expression(&mut self, expr: &Expr) -> Option<Node> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let node = self.expression_within(expr);
        self.depth -= 1;
        node
    }

    fn expression_within(&mut self, expr: &Expr) -> Option<Node> {
        let code = |text: String| Some(Node::Code(text));
        match expr {
            Expr::StringLiteral(text) => {
                let text = text.value.to_str();
                (text.len() <= LONGEST_TEXT).then(|| Node::Code(literal::string(text)))
            }
            Expr::BytesLiteral(data) => {
                let data: Vec<u8> = data.value.bytes().collect();
                (data.len() <= LONGEST_TEXT).then(|| Node::Code(captured::bytes(&data)))
            }
            Expr::NumberLiteral(number) => code(number_text(&number.value)?),
            Expr::BooleanLiteral(value) => {
                code(if value.value { "True" } else { "False" }.to_owned())
            }
            Expr::NoneLiteral(_) => code("None".to_owned()),
            Expr::EllipsisLiteral(_) => code("...".to_owned()),
            Expr::Await(inner) => self.expression(&inner.value),
            Expr::Named(named) => self.expression(&named.value),
            Expr::List(list) => self.group("[", &list.elts, "]"),
            Expr::Set(set) if !set.elts.is_empty() => self.group("{", &set.elts, "}"),
            Expr::Tuple(tuple) => self.group("(", &tuple.elts, ")"),
            Expr::Dict(dict) => {
                if dict.items.len() > MOST_ITEMS {
                    return None;
                }
                let mut items = Vec::new();
                for item in &dict.items {
                    let key = self.expression(item.key.as_ref()?)?;
                    let value = self.expression(&item.value)?;
                    items.push(Item {
                        key: Some(key),
                        value,
                    });
                }
                Some(Node::Group("{", items, "}"))
            }
            Expr::UnaryOp(unary) => {
                let operator = match unary.op {
                    UnaryOp::USub => "-",
                    UnaryOp::UAdd => "+",
                    UnaryOp::Not => "not ",
                    UnaryOp::Invert => "~",
                };
                let inner = self.expression(&unary.operand)?;
                Some(Node::Around(
                    operator.to_owned(),
                    Box::new(inner),
                    String::new(),
                ))
            }
            Expr::BinOp(binary) => {
                let operator = plain_operator(binary.op)?;
                if operator == "*" && (is_large(&binary.left) || is_large(&binary.right)) {
                    return None;
                }
                let left = self.expression(&binary.left)?;
                let right = self.expression(&binary.right)?;
                Some(Node::Binary(Box::new(left), operator, Box::new(right)))
            }
            Expr::Name(name) => self.name(name.id.as_str()),
            Expr::Attribute(_) => self.attribute(expr),
            Expr::Subscript(subscript) => {
                let base = self.expression(&subscript.value)?;
                let key = self.expression(&subscript.slice)?;
                Some(Node::Index(Box::new(base), Box::new(key)))
            }
            Expr::Call(call) => self.call(call),
            Expr::Generator(generator) => {
                self.comprehension("(", &generator.elt, &generator.generators, ")")
            }
            Expr::ListComp(list) => self.comprehension("[", &list.elt, &list.generators, "]"),
            Expr::SetComp(set) => self.comprehension("{", &set.elt, &set.generators, "}"),
            _ => None,
        }
    }

    fn group(
        &mut self,
        open: &'static str,
        elements: &[Expr],
        close: &'static str,
    ) -> Option<Node> {
        if elements.len() > MOST_ITEMS {
            return None;
        }
        let mut items = Vec::new();
        for element in elements {
            items.push(Item {
                key: None,
                value: self.expression(element)?,
            });
        }
        Some(Node::Group(open, items, close))
    }

    /// `x * 2 for x in range(10)`: one loop over few members, no condition.
    fn comprehension(
        &mut self,
        open: &str,
        element: &Expr,
        loops: &[ast::Comprehension],
        close: &str,
    ) -> Option<Node> {
        let [one] = loops else {
            return None;
        };
        let Expr::Name(target) = &one.target else {
            return None;
        };
        if !one.ifs.is_empty() || one.is_async || !literal::is_identifier(target.id.as_str()) {
            return None;
        }
        let members = self.expression(&one.iter)?;
        self.locals.push(target.id.to_string());
        let element = self.expression(element);
        self.locals.pop();
        let joined = Node::Joined(
            Box::new(element?),
            format!(" for {} in ", target.id),
            Box::new(members),
        );
        Some(Node::Around(
            open.to_owned(),
            Box::new(joined),
            close.to_owned(),
        ))
    }

    fn name(&mut self, name: &str) -> Option<Node> {
        if self.locals.iter().any(|local| local == name) {
            return Some(Node::Code(name.to_owned()));
        }
        if let Some(node) = self.global(name) {
            return Some(node);
        }
        (self.unknown)(name)
    }

    /// A name that means the same everywhere in the file.
    fn global(&mut self, name: &str) -> Option<Node> {
        if let Some(module) = self.module {
            return self.global_of(module, name).or_else(|| builtin(name));
        }
        if let Some(node) = builtin(name) {
            return Some(node);
        }
        // A file that is not there: what is called like that in the project, or usually.
        if name.starts_with(|c: char| c.is_ascii_uppercase())
            && let Some((module, class)) = self.class_called(name)
        {
            return Some(Node::Code(self.setup.import(module, class)));
        }
        let (_, module) = USUAL.iter().find(|(usual, _)| *usual == name)?;
        self.standard(module, name)
    }

    /// What a name at module level of a project file is.
    fn global_of(&mut self, module: &'a Module, name: &str) -> Option<Node> {
        if let Some(class) = self.map.class_named(module, name)
            && literal::is_dotted(&class.module.name)
        {
            return Some(Node::Code(
                self.setup.import(&class.module.name, &class.class.name),
            ));
        }
        if module
            .assignments
            .iter()
            .any(|a| a.target == name && !a.is_member)
            && literal::is_dotted(&module.name)
            && literal::is_identifier(name)
        {
            return Some(Node::Code(self.setup.import(&module.name, name)));
        }
        let import = module.imports.iter().find(|i| i.alias == name)?;
        if let Some((from, what)) = import.target.rsplit_once('.')
            && trust::is_standard(from)
        {
            return self.standard(from, what);
        }
        None
    }

    fn class_called(&self, name: &str) -> Option<(&'a str, &'a str)> {
        let of = |module: &'a Module| {
            let class = module.classes.iter().find(|c| c.name == name)?;
            literal::is_dotted(&module.name).then_some((module.name.as_str(), class.name.as_str()))
        };
        if let Some(found) = self.near.iter().copied().find_map(of) {
            return Some(found);
        }
        self.map
            .modules
            .iter()
            .filter(|m| !m.is_test)
            .filter_map(of)
            .min_by_key(|(module, _)| (module.matches('.').count(), module.len()))
    }

    /// A name of the standard library that only makes or holds a value.
    fn standard(&mut self, module: &str, name: &str) -> Option<Node> {
        let full = Name {
            module: module.to_owned(),
            qualname: name.to_owned(),
        };
        let may = trust::is_standard(module)
            && literal::is_dotted(module)
            && literal::is_identifier(name)
            && trust::may_call(&full, self.map);
        may.then(|| {
            self.setup.modules.insert(module.to_owned());
            Node::Code(format!("{module}.{name}"))
        })
    }

    /// `io.StringIO`, `jobs.Job`, `nx.Graph`, `tasks.app`, `order.total`.
    fn attribute(&mut self, expr: &Expr) -> Option<Node> {
        let Expr::Attribute(attribute) = expr else {
            return None;
        };
        let name = attribute.attr.as_str();
        if !literal::is_identifier(name) || name.starts_with("__") {
            return None;
        }
        if let Expr::Name(head) = &*attribute.value
            && !self.locals.iter().any(|local| local == head.id.as_str())
        {
            let head = head.id.as_str();
            if let Some(node) = self.of_module(head, name) {
                return Some(node);
            }
            if let Some(base) = self.global(head) {
                return Some(Node::Attribute(Box::new(base), name.to_owned()));
            }
            // An object that is not known: its attribute is what is needed.
            return (self.unknown)(&format!("{head}.{name}"));
        }
        let base = self.expression(&attribute.value)?;
        Some(Node::Attribute(Box::new(base), name.to_owned()))
    }

    /// `module.name`, by what the file imports or by what the project's modules are called.
    fn of_module(&mut self, head: &str, name: &str) -> Option<Node> {
        let target = match self.module {
            Some(module) => module
                .imports
                .iter()
                .rev()
                .find(|i| i.alias == head)?
                .target
                .clone(),
            None => head.to_owned(),
        };
        if trust::is_standard(&target) {
            return self.standard(&target, name);
        }
        let has = |module: &Module| {
            module.classes.iter().any(|c| c.name == name)
                || module.assignments.iter().any(|a| a.target == name)
        };
        let called = |module: &&&Module| {
            !module.is_test
                && literal::is_dotted(&module.name)
                && (module.name == target
                    || (self.module.is_none() && module.name.ends_with(&format!(".{target}"))))
        };
        let modules: Vec<&'a Module> = self.map.modules.iter().collect();
        let found = modules
            .iter()
            .filter(called)
            .filter(|m| has(m))
            .min_by_key(|m| m.name.len());
        if let Some(module) = found {
            return Some(Node::Code(self.setup.import(&module.name, name)));
        }
        // `nx.Graph`: an alias of the project's package.
        let is_class = name.starts_with(|c: char| c.is_ascii_uppercase());
        if is_class
            && self.module.is_none()
            && head.chars().all(|c| c.is_ascii_lowercase())
            && let Some((module, class)) = self.class_called(name)
        {
            return Some(Node::Code(self.setup.import(module, class)));
        }
        None
    }

    fn call(&mut self, call: &ast::ExprCall) -> Option<Node> {
        let before = self.setup.clone();
        let node = self.call_within(call);
        if node.is_none() {
            *self.setup = before;
        }
        node
    }

    fn call_within(&mut self, call: &ast::ExprCall) -> Option<Node> {
        let head = match &*call.func {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let head = match self.global(name) {
                    Some(head) => head,
                    None => self.maker(name)?,
                };
                // A constant of the project is no class.
                let is_callable = self.is_callable(name);
                is_callable.then_some(head)?
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                match &*attribute.value {
                    Expr::Name(base) if !METHODS.contains(&name) => {
                        let is_known = self.of_module(base.id.as_str(), name).is_some()
                            || (self.class_called(base.id.as_str()).is_some()
                                && MAKERS.iter().any(|m| name.starts_with(m)));
                        is_known.then(|| self.attribute(&call.func)).flatten()?
                    }
                    base if METHODS.contains(&name) => {
                        let base = self.expression(base)?;
                        Node::Attribute(Box::new(base), name.to_owned())
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        if let Node::Code(code) = &head
            && code == "range"
            && call.arguments.args.iter().any(is_large)
        {
            return None;
        }
        let mut args = Vec::new();
        for value in &call.arguments.args {
            args.push(Argument {
                name: None,
                is_named: false,
                value: self.expression(value)?,
            });
        }
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref()?.to_string();
            if !literal::is_identifier(&name) {
                return None;
            }
            args.push(Argument {
                name: Some(name),
                is_named: true,
                value: self.expression(&keyword.value)?,
            });
        }
        Some(Node::Call {
            head: Box::new(head),
            args,
        })
    }

    fn is_callable(&self, name: &str) -> bool {
        let Some(module) = self.module else {
            return true;
        };
        self.map.class_named(module, name).is_some()
            || BUILTINS.contains(&name)
            || module.imports.iter().any(|i| i.alias == name)
            || MAKERS.iter().any(|m| name.starts_with(m))
    }

    /// A function of the project that makes an object, by its name.
    fn maker(&mut self, name: &str) -> Option<Node> {
        if !MAKERS.iter().any(|m| name.starts_with(m)) {
            return None;
        }
        let function = match self.module {
            Some(module) => self.map.function_named(module, name)?,
            None => self.map.only_function_named(name)?,
        };
        let is_plain = function.function.class.is_none()
            && !function.function.is_nested
            && literal::is_dotted(&function.module.name);
        is_plain.then(|| {
            Node::Code(
                self.setup
                    .import(&function.module.name, &function.function.name),
            )
        })
    }
}

fn builtin(name: &str) -> Option<Node> {
    let is_error = name.ends_with("Error") && name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_known_error = is_error
        && matches!(
            name,
            "ValueError"
                | "TypeError"
                | "KeyError"
                | "IndexError"
                | "RuntimeError"
                | "AttributeError"
                | "OSError"
        );
    (BUILTINS.contains(&name) || is_known_error).then(|| Node::Code(name.to_owned()))
}

pub(super) fn number_text(number: &Number) -> Option<String> {
    match number {
        Number::Int(int) => {
            let text = int.to_string();
            (text.len() <= 40).then_some(text)
        }
        Number::Float(float) if float.is_finite() => Some(format!("{float:?}")),
        _ => None,
    }
}

/// Numbers that make a container or a text too large when it is repeated so often.
fn is_large(expr: &Expr) -> bool {
    match expr {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(int) => int.as_i64().is_none_or(|i| i > LARGEST),
            _ => false,
        },
        Expr::BinOp(binary) => {
            binary.op == Operator::Mult || is_large(&binary.left) || is_large(&binary.right)
        }
        _ => false,
    }
}

fn plain_operator(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mult => "*",
        Operator::Div => "/",
        Operator::Mod => "%",
        Operator::FloorDiv => "//",
        Operator::BitOr => "|",
        Operator::BitAnd => "&",
        Operator::BitXor => "^",
        _ => return None,
    })
}

/// Where the value of a name in a function of the project comes from, as an expression to be written anew.
pub(super) fn assigned_text(value: &Value) -> Option<String> {
    match value {
        Value::Other(text) => Some(text.clone()),
        Value::Name(name) => Some(name.clone()),
        Value::Call(_) | Value::Either(_) => None,
    }
}
