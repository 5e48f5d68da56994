//! What a search looks at: the trace with its project frames, the project's calls and classes by name, the texts around.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{CmpOp, Expr, PySourceType};
use ruff_text_size::Ranged;

use super::lines::{self, Line};
use super::piece::Piece;
use crate::code::{Call, ClassRef, Function, FunctionRef, Module, SourceFile, Value};
use crate::generate::strategies::Writer;
use crate::model::Frame;

/// What is around a failure besides its record: read by the caller, since nothing here reads files.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Lines of the log before the failure's record, the nearest last.
    pub before: Vec<String>,
    /// Lines after it.
    pub after: Vec<String>,
    /// Texts of the modules of the trace and of what documents them.
    pub texts: Vec<SourceFile>,
}

/// A text that stands in a function, and what it is compared with.
#[derive(Debug, Clone)]
pub(super) struct Constant {
    pub line: u32,
    pub text: String,
    pub compared_with: Option<String>,
}

/// Everything a search knows.
pub(super) struct Scene<'a> {
    pub writer: &'a Writer<'a>,
    pub surroundings: &'a Surroundings,
    /// All frames of the trace.
    pub trace: Vec<&'a Frame>,
    /// Its source lines, read.
    pub lines: Vec<Line>,
    /// Where in `trace` each project frame stands.
    pub places: Vec<usize>,
    /// Modules of the project frames, innermost first.
    pub near: Vec<&'a Module>,
    /// Which class an attribute or parameter of a class or function holds, as the trace shows: `("Markdown", "renderer")`.
    pub hints: BTreeMap<(String, String), ClassRef<'a>>,
    calls: BTreeMap<&'a str, Vec<(FunctionRef<'a>, &'a Call)>>,
    methods: BTreeMap<&'a str, Vec<ClassRef<'a>>>,
    constants: BTreeMap<String, Vec<Constant>>,
    /// Texts that the regular expressions of the trace's modules accept, by path.
    accepted: BTreeMap<String, Vec<String>>,
    /// Classes by their names as functions spell them, once somebody asks.
    pub(super) spelled: std::cell::OnceCell<BTreeMap<String, ClassRef<'a>>>,
    /// Functions by the names of the classes that they may give, once somebody asks.
    pub(super) makers: std::cell::OnceCell<BTreeMap<&'a str, Vec<FunctionRef<'a>>>>,
    pub(super) logged: std::cell::OnceCell<Vec<Piece>>,
}

impl<'a> Scene<'a> {
    pub fn new(writer: &'a Writer<'a>, surroundings: &'a Surroundings) -> Scene<'a> {
        let trace: Vec<&Frame> = writer.exception.plain_frames().collect();
        let lines: Vec<Line> = trace
            .iter()
            .map(|f| {
                f.source_line
                    .as_deref()
                    .map(lines::line)
                    .unwrap_or_default()
            })
            .collect();
        let places = writer
            .frames
            .iter()
            .filter_map(|p| trace.iter().position(|f| std::ptr::eq(*f, p.frame)))
            .collect();
        let mut near: Vec<&Module> = Vec::new();
        for frame in writer.frames.iter().rev() {
            if !near.iter().any(|m| std::ptr::eq(*m, frame.module)) {
                near.push(frame.module);
            }
        }
        let mut calls: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        let mut methods: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        let wanted: Vec<&str> = writer
            .frames
            .iter()
            .filter_map(|f| f.function)
            .flat_map(|f| [Some(f.function.name.as_str()), f.function.class.as_deref()])
            .flatten()
            .collect();
        for module in &writer.map.modules {
            for function in &module.functions {
                let at = FunctionRef { module, function };
                for call in &function.calls {
                    if wanted.contains(&call.name()) {
                        calls.entry(call.name()).or_default().push((at, call));
                    }
                }
            }
            if module.is_test {
                continue;
            }
            for class in &module.classes {
                let class = ClassRef { module, class };
                for function in &module.functions {
                    if function.class.as_deref() == Some(class.class.name.as_str()) {
                        methods
                            .entry(function.name.as_str())
                            .or_default()
                            .push(class);
                    }
                }
                for attribute in class.class.attributes.keys() {
                    methods.entry(attribute.as_str()).or_default().push(class);
                }
            }
        }
        let constants = surroundings
            .texts
            .iter()
            .filter(|t| t.path.ends_with(".py"))
            .map(|t| (t.path.clone(), constants(&t.text)))
            .collect();
        let accepted = surroundings
            .texts
            .iter()
            .filter(|t| t.path.ends_with(".py") && near.iter().any(|m| m.path == t.path))
            .map(|t| (t.path.clone(), accepted(&t.text)))
            .collect();
        let mut scene = Scene {
            writer,
            surroundings,
            trace,
            lines,
            places,
            near,
            hints: BTreeMap::new(),
            calls,
            methods,
            constants,
            accepted,
            spelled: std::cell::OnceCell::new(),
            makers: std::cell::OnceCell::new(),
            logged: std::cell::OnceCell::new(),
        };
        scene.hints = scene.hints_of_trace();
        scene
    }

    /// The project function of a frame of the trace.
    pub fn function_at(&self, place: usize) -> Option<FunctionRef<'a>> {
        let index = self.places.iter().position(|p| *p == place)?;
        self.writer.frames[index].function
    }

    /// Calls of a function or class by its last name, in tests first.
    pub fn calls_of(&self, name: &str) -> Vec<(FunctionRef<'a>, &'a Call)> {
        let mut found = self.calls.get(name).cloned().unwrap_or_default();
        found.sort_by_key(|(at, _)| !at.module.is_test);
        found
    }

    /// Classes that have all of these attributes and methods, those with few needs first.
    pub fn classes_with(&self, names: &[&str]) -> Vec<ClassRef<'a>> {
        let Some(rarest) = names
            .iter()
            .min_by_key(|n| self.methods.get(**n).map_or(0, Vec::len))
        else {
            return Vec::new();
        };
        let mut found: Vec<ClassRef> = Vec::new();
        for class in self.methods.get(*rarest).into_iter().flatten() {
            let has_all = names.iter().all(|n| self.has(*class, n));
            if has_all && !found.iter().any(|c| std::ptr::eq(c.class, class.class)) {
                found.push(*class);
            }
            if found.len() > 40 {
                break;
            }
        }
        let needs = |class: &ClassRef<'a>| {
            self.writer
                .map
                .method(*class, "__init__")
                .map_or(0, |m| m.function.required_params().count())
        };
        found.sort_by_key(|c| {
            (
                c.is_abstract(),
                !self.near.iter().any(|m| std::ptr::eq(*m, c.module)),
                needs(c),
                c.module.name.len() + c.class.name.len(),
            )
        });
        found.truncate(4);
        found
    }

    fn has(&self, class: ClassRef<'a>, name: &str) -> bool {
        class.class.attributes.contains_key(name)
            || class.class.fields.iter().any(|f| f.name == name)
            || self.writer.map.method(class, name).is_some()
    }

    /// Texts that stand in a module of the trace.
    pub fn texts_of(&self, module: &Module) -> impl Iterator<Item = &str> {
        let of_module = self.constants.get(&module.path);
        of_module.into_iter().flatten().map(|c| c.text.as_str())
    }

    fn constants_of(&self, function: FunctionRef<'a>) -> impl Iterator<Item = &Constant> {
        let of_module = self.constants.get(&function.module.path);
        let all = of_module.into_iter().flatten();
        all.filter(move |c| function.function.contains(c.line))
    }

    /// Texts that stand in a function, those that are compared with `name` first.
    pub fn constants_in(&self, function: FunctionRef<'a>, name: &str) -> Vec<String> {
        let mut found: Vec<&Constant> = self.constants_of(function).collect();
        found.sort_by_key(|c| c.compared_with.as_deref() != Some(name));
        let mut texts: Vec<String> = Vec::new();
        for constant in found {
            if !texts.contains(&constant.text) {
                texts.push(constant.text.clone());
            }
        }
        texts.truncate(10);
        texts
    }

    /// Texts that the regular expressions of the trace's innermost modules accept.
    pub fn accepted_texts(&self) -> Vec<&str> {
        let modules = self.near.iter().take(3);
        let mut found: Vec<&str> = Vec::new();
        for text in modules.filter_map(|m| self.accepted.get(&m.path)).flatten() {
            if !found.contains(&text.as_str()) && found.len() < 16 {
                found.push(text);
            }
        }
        found
    }

    /// Texts that may matter to the failing code: what the message quotes, what the functions of the trace compare with,
    /// what its modules' regular expressions accept.
    pub fn words(&self) -> Vec<String> {
        const MOST: usize = 200;
        let message = self.writer.exception.message.as_deref().unwrap_or_default();
        let mut words: Vec<String> = super::kinds::quoted(message);
        for function in self.writer.frames.iter().rev().filter_map(|f| f.function) {
            words.extend(self.constants_of(function).map(|c| c.text.clone()));
        }
        words.extend(self.accepted_texts().into_iter().map(str::to_owned));
        let mut known = std::collections::BTreeSet::new();
        words.retain(|word| !word.is_empty() && known.insert(word.clone()));
        words.truncate(MOST);
        words
    }

    /// Which class each receiver of the trace has: the frame that it entered tells.
    fn hints_of_trace(&self) -> BTreeMap<(String, String), ClassRef<'a>> {
        let mut hints = BTreeMap::new();
        for pair in self.places.windows(2) {
            let [outer, inner] = pair else { continue };
            if inner - outer != 1 {
                continue;
            }
            let (Some(caller), Some(callee)) = (self.function_at(*outer), self.function_at(*inner))
            else {
                continue;
            };
            let Some(class) = callee.class() else {
                continue;
            };
            let Some(lines::Entering::Call(call)) = self.lines[*outer].entering(&callee) else {
                continue;
            };
            let receiver = match &*call.func {
                _ if callee.function.name == "__call__" => &*call.func,
                Expr::Attribute(attribute) => &attribute.value,
                _ => continue,
            };
            self.hint(caller, receiver, class, &mut hints);
        }
        hints
    }

    fn hint(
        &self,
        caller: FunctionRef<'a>,
        receiver: &Expr,
        class: ClassRef<'a>,
        hints: &mut BTreeMap<(String, String), ClassRef<'a>>,
    ) {
        match receiver {
            Expr::Name(name) if !matches!(name.id.as_str(), "self" | "cls") => {
                hints.insert(
                    (caller.function.qualified_name(), name.id.to_string()),
                    class,
                );
            }
            Expr::Attribute(attribute) if matches!(&*attribute.value, Expr::Name(n) if n.id.as_str() == "self") =>
            {
                let Some(own) = caller.class() else { return };
                let attribute = attribute.attr.to_string();
                // `self.renderer = renderer` in the constructor: the parameter.
                if let Some(Value::Name(param)) = own.class.attributes.get(&attribute) {
                    hints.insert((own.class.name.clone(), param.clone()), class);
                }
                hints.insert((own.class.name.clone(), attribute), class);
            }
            _ => {}
        }
    }

    /// The class that a parameter holds, as the trace shows.
    pub fn hinted(&self, owner: FunctionRef, param: &str) -> Option<ClassRef<'a>> {
        let function = owner.function;
        let by_class = function
            .class
            .as_ref()
            .filter(|_| function.name == "__init__")
            .and_then(|class| self.hints.get(&(class.clone(), param.to_owned())));
        by_class
            .or_else(|| {
                self.hints
                    .get(&(function.qualified_name(), param.to_owned()))
            })
            .copied()
    }

    /// Whether a file of the trace belongs to Python or to an installed package.
    pub fn is_foreign(&self, place: usize) -> bool {
        let file = self.trace[place].file.as_deref().unwrap_or_default();
        file.contains("site-packages")
            || file.contains("dist-packages")
            || file.contains("/lib/python3")
            || file.contains("\\Lib\\")
            || file.starts_with('<')
    }
}

/// Texts that the regular expressions of a module accept.
fn accepted(text: &str) -> Vec<String> {
    struct Reader(Vec<String>);
    impl Visitor<'_> for Reader {
        fn visit_expr(&mut self, expr: &Expr) {
            const READERS: [&str; 8] = [
                "compile",
                "match",
                "search",
                "fullmatch",
                "split",
                "findall",
                "finditer",
                "sub",
            ];
            if let Expr::Call(call) = expr
                && lines::last_name(&call.func).is_some_and(|n| READERS.contains(&n))
                && let Some(Expr::StringLiteral(pattern)) = call.arguments.args.first()
                && self.0.len() < 200
            {
                let flags = call.arguments.args.iter().skip(1);
                let flags = flags.chain(call.arguments.keywords.iter().map(|k| &k.value));
                let is_verbose = flags
                    .filter_map(lines::last_name)
                    .any(|n| matches!(n, "X" | "VERBOSE"));
                self.0.extend(super::patterns::accepted(
                    pattern.value.to_str(),
                    is_verbose,
                ));
            }
            visitor::walk_expr(self, expr);
        }
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    let mut reader = Reader(Vec::new());
    for stmt in parsed.suite() {
        reader.visit_stmt(stmt);
    }
    reader.0
}

/// The texts of a module's functions.
fn constants(text: &str) -> Vec<Constant> {
    struct Reader {
        /// Where each line begins.
        starts: Vec<usize>,
        found: Vec<Constant>,
    }
    impl Reader {
        fn add(&mut self, expr: &Expr, compared_with: Option<String>) {
            if let Expr::StringLiteral(literal) = expr {
                let value = literal.value.to_str();
                let at = usize::from(expr.range().start());
                // Docstrings and messages are no values.
                if value.len() > 60 || value.contains("{}") || self.found.len() > 5000 {
                    return;
                }
                let line = self.starts.partition_point(|start| *start <= at);
                self.found.push(Constant {
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    text: value.to_owned(),
                    compared_with,
                });
            }
        }
    }
    impl Visitor<'_> for Reader {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                Expr::Compare(compare) => {
                    let name = lines::last_name(&compare.left).map(str::to_owned);
                    for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
                        match (operator, right) {
                            (CmpOp::In | CmpOp::NotIn, Expr::Tuple(tuple)) => {
                                for element in &tuple.elts {
                                    self.add(element, name.clone());
                                }
                            }
                            _ => self.add(right, name.clone()),
                        }
                    }
                }
                Expr::Call(call) => {
                    if let Expr::Attribute(attribute) = &*call.func
                        && matches!(
                            attribute.attr.as_str(),
                            "startswith" | "endswith" | "split" | "partition"
                        )
                    {
                        let name = lines::last_name(&attribute.value).map(str::to_owned);
                        for argument in &call.arguments.args {
                            self.add(argument, name.clone());
                        }
                    }
                }
                Expr::StringLiteral(_) => self.add(expr, None),
                _ => {}
            }
            visitor::walk_expr(self, expr);
        }
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    let starts = std::iter::once(0)
        .chain(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| at + 1),
        )
        .collect();
    let mut reader = Reader {
        starts,
        found: Vec::new(),
    };
    for stmt in parsed.suite() {
        reader.visit_stmt(stmt);
    }
    reader.found
}

impl<'a> Scene<'a> {
    /// Names that are read from a parameter as attributes, by the function or by those that it passes it on to.
    pub fn attributes_of(&self, owner: FunctionRef<'a>, param: &str, depth: usize) -> Vec<&'a str> {
        let function = owner.function;
        let mut names = attributes_in(function, param);
        if depth > 0 {
            for call in function.calls.iter().take(60) {
                let at = call.args.iter().position(|a| a == param);
                let keyword = call.keywords.iter().find(|(_, value)| value == param);
                if at.is_none() && keyword.is_none() {
                    continue;
                }
                let Some(callee) = self.writer.map.callee(owner, &call.callee) else {
                    continue;
                };
                let inner = match keyword {
                    Some((name, _)) => callee.function.params.iter().find(|p| p.name == *name),
                    None => at.and_then(|at| callee.function.params.get(at)),
                };
                if let Some(inner) = inner.filter(|_| !callee.is(&owner)) {
                    names.extend(self.attributes_of(callee, &inner.name, depth - 1));
                }
            }
        }
        // Every object has those.
        names.retain(|n| !n.starts_with("__"));
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn attributes_in<'f>(function: &'f Function, param: &str) -> Vec<&'f str> {
    let mut names: Vec<&str> = function
        .accesses
        .iter()
        .filter(|a| a.base == param && a.kind == crate::code::AccessKind::Attribute)
        .map(|a| a.key.as_str())
        .collect();
    for call in &function.calls {
        if let Some((base, name)) = call.callee.rsplit_once('.')
            && base == param
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}
