//! Sequences of calls on the object of a draft: which methods there are and what each may be given, and a sequence that
//! exploring found as lines of a test. Only methods of the project's classes that stand here can come into a test, with
//! literals that are spelled anew and objects that the search made itself.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::{Expr, Number, UnaryOp};

use super::lines;
use super::mutations::{self, is_literal};
use super::node::{Piece, merge};
use super::prepare::{attributes, puts_something_in};
use super::scene::Scene;
use super::templates::PREPARED;
use crate::code::{ClassRef, Function, FunctionRef};
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

/// Methods of one class, classes, literals of one parameter, and objects in all.
const METHODS: usize = 32;
const CLASSES: usize = 4;
const VALUES: usize = 8;
const OBJECTS: usize = 24;
/// Parameters of a method that has more are left as they are.
const PARAMETERS: usize = 6;
/// Calls of a sequence.
const LONGEST: usize = 12;
/// How deep methods that call others of their object are followed.
const DEPTH: usize = 3;
/// What an object of the search is written as while it is explored: `{"guwu_object": 0}`.
const OBJECT: &str = "guwu_object";

/// The calls that may be made on an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Calls {
    /// The object's class.
    pub class: String,
    /// Methods of that class and of those that they give, by class, the most promising first.
    pub methods: BTreeMap<String, Vec<Method>>,
}

/// A method of a class of the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Method {
    /// Name.
    pub name: String,
    /// Parameters in order, without `*args` and `**kwargs`.
    pub params: Vec<Parameter>,
    /// It has `*args`.
    pub takes_more: bool,
}

/// A parameter of a method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// It has no default.
    pub is_needed: bool,
    /// Must be passed by its name.
    pub is_named: bool,
    /// Literals.
    pub values: Vec<String>,
    /// Objects by their number.
    pub objects: Vec<usize>,
}

/// A place for a sequence of calls on the prepared object.
#[derive(Debug, Clone, Default)]
pub(super) struct Sequence {
    pub calls: Calls,
    /// The objects that may be passed.
    objects: Vec<Piece>,
    /// The sequences that were written so far, with their code.
    known: Vec<(String, String)>,
}

impl<'a> Scene<'a> {
    /// What may be called on an object before the call that failed; `None` where there is nothing.
    pub fn sequence(&self, class: ClassRef<'a>, callee: FunctionRef<'a>) -> Option<Sequence> {
        let mut sequence = Sequence::default();
        let own = self.methods_of(class, Some(callee));
        let mut classes = vec![(class, own)];
        for at in &classes[0].1.clone() {
            let given = self.class_made_by(*at);
            if let Some(given) = given.filter(|g| !g.module.is_test)
                && classes.len() < CLASSES
                && !classes
                    .iter()
                    .any(|(c, _)| c.class.name == given.class.name)
            {
                classes.push((given, self.methods_of(given, None)));
            }
        }
        for (class, methods) in classes {
            let described = methods.into_iter().map(|at| self.method(at, &mut sequence));
            let described: Vec<Method> = described.collect();
            let name = class.class.name.clone();
            sequence.calls.methods.insert(name, described);
        }
        sequence.calls.class.clone_from(&class.class.name);
        let has_any = !sequence.calls.methods.get(&class.class.name)?.is_empty();
        has_any.then_some(sequence)
    }

    /// Methods of a class and of its bases that a test may call, those that touch what the failing call reads first.
    fn methods_of(
        &self,
        class: ClassRef<'a>,
        callee: Option<FunctionRef<'a>>,
    ) -> Vec<FunctionRef<'a>> {
        let all = self.all_methods(class);
        let read = callee.map(|callee| touched(&all, callee.function, DEPTH));
        let mut found: Vec<_> = all
            .values()
            .filter(|at| is_callable(at.function))
            .map(|at| {
                let shared = read.as_ref().map_or(0, |read| {
                    touched(&all, at.function, DEPTH).intersection(read).count()
                });
                let rank = (
                    shared == 0,
                    !puts_something_in(at.function),
                    usize::MAX - shared,
                );
                (rank, *at)
            })
            .collect();
        found.sort_by_key(|(rank, at)| (*rank, at.function.first_line));
        found.truncate(METHODS);
        found.into_iter().map(|(_, at)| at).collect()
    }

    fn all_methods(&self, class: ClassRef<'a>) -> BTreeMap<&'a str, FunctionRef<'a>> {
        let mut all: BTreeMap<&'a str, FunctionRef<'a>> = BTreeMap::new();
        let mut classes = vec![class];
        let mut at = 0;
        while let Some(class) = classes.get(at).copied() {
            at += 1;
            let module: &'a crate::code::Module = class.module;
            for function in &module.functions {
                if function.class.as_deref() == Some(class.class.name.as_str())
                    && !function.is_nested
                {
                    let method = FunctionRef { module, function };
                    all.entry(function.name.as_str()).or_insert(method);
                }
            }
            let bases = class.class.bases.iter();
            for base in bases.filter_map(|base| self.writer.map.class_named(module, base)) {
                if classes.len() < 8 && !classes.iter().any(|c| std::ptr::eq(c.class, base.class)) {
                    classes.push(base);
                }
            }
        }
        all
    }

    fn method(&self, at: FunctionRef<'a>, sequence: &mut Sequence) -> Method {
        let all = at.function.params.iter();
        let plain = all.filter(|p| !p.is_variadic && literal::is_identifier(&p.name));
        let params = plain.take(PARAMETERS).map(|param| {
            let mut parameter = Parameter {
                name: param.name.clone(),
                is_needed: param.default.is_none(),
                is_named: param.is_keyword_only,
                ..Parameter::default()
            };
            for piece in self.pool(param, at, &[], 1).ordered() {
                let is_plain = lines::expression(&piece.code).is_some_and(|e| is_literal(&e));
                if is_plain && parameter.values.len() < VALUES {
                    parameter.values.push(piece.code);
                } else if !is_plain && parameter.objects.len() < 2 {
                    parameter.objects.extend(sequence.object(piece));
                }
            }
            parameter
        });
        Method {
            params: params.collect(),
            name: at.function.name.clone(),
            takes_more: at
                .function
                .params
                .iter()
                .any(|p| p.is_variadic && p.name != "kwargs"),
        }
    }
}

fn is_callable(function: &Function) -> bool {
    const OTHER: [&str; 9] = [
        "property",
        "cached_property",
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "overload",
        "contextmanager",
        "fixture",
        "hybrid_property",
    ];
    !function.is_async
        && !function.is_generator
        && !function.name.starts_with('_')
        && literal::is_identifier(&function.name)
        && !OTHER.iter().any(|name| function.has_decorator(name))
        && !function
            .decorators
            .iter()
            .any(|d| d.ends_with(".setter") || d.ends_with(".deleter"))
}

/// Attributes of its object that a method reads or writes, itself or by methods of the object that it calls.
fn touched<'a>(
    all: &BTreeMap<&'a str, FunctionRef<'a>>,
    function: &'a Function,
    depth: usize,
) -> BTreeSet<&'a str> {
    let mut found = attributes(function);
    let Some(depth) = depth.checked_sub(1) else {
        return found;
    };
    let own = function
        .calls
        .iter()
        .filter_map(|c| c.callee.strip_prefix("self."));
    let names: BTreeSet<&str> = own.collect();
    for called in names.into_iter().filter_map(|name| all.get(name)) {
        if !std::ptr::eq(called.function, function) {
            found.extend(touched(all, called.function, depth));
        }
    }
    found
}

impl Sequence {
    /// The number of an object that may be passed, unless there are too many or it needs more than imports.
    fn object(&mut self, piece: Piece) -> Option<usize> {
        let setup = &piece.setup;
        let is_plain = setup.fixtures.is_empty()
            && setup.statements.is_empty()
            && setup.preamble.is_empty()
            && setup.helpers.is_empty()
            && setup.markers.is_empty()
            && setup.source != Some(Source::Mocked)
            && !piece.code.contains('\n');
        if let Some(there) = self.objects.iter().position(|p| p.code == piece.code) {
            return Some(there);
        }
        (is_plain && self.objects.len() < OBJECTS).then(|| {
            self.objects.push(piece);
            self.objects.len() - 1
        })
    }

    /// What stands in the test for the calls while they are explored.
    pub fn marked(&self, number: usize) -> Piece {
        let mut setup = Setup::default();
        let mut makers = Vec::new();
        for object in &self.objects {
            merge(&mut setup, &object.setup);
            makers.push(format!("lambda: {}", object.code));
        }
        let code = format!("guwu_calls({number}, {PREPARED}, [{}])", makers.join(", "));
        Piece { code, setup }
    }

    /// The sequence behind lines that were written for one.
    pub fn literal_of(&self, code: &str) -> Option<&str> {
        let known = self.known.iter().find(|(known, _)| known == code);
        known.map(|(_, literal)| literal.as_str())
    }

    /// A sequence as lines of a test: `[[-1, "add", ["a"], {}]]`. `None` for anything else.
    pub fn written(&mut self, text: &str) -> Option<Piece> {
        let expr = lines::expression(text)?;
        let calls = &expr.as_list_expr()?.elts;
        if calls.len() > LONGEST {
            return None;
        }
        // As `expression` read it: in parentheses.
        let source = format!("({text}\n)");
        let mut parts: Vec<(Option<usize>, String)> = Vec::new();
        let mut setup = Setup::default();
        setup.used(Source::Explored);
        for call in calls {
            let [target, name, args, named] = call.as_list_expr()?.elts.as_slice() else {
                return None;
            };
            let target = target_of(target)?;
            let name = name.as_string_literal_expr()?.value.to_str();
            let is_known = self
                .calls
                .methods
                .values()
                .flatten()
                .any(|m| m.name == name);
            if !is_known || target.is_some_and(|target| target >= parts.len()) {
                return None;
            }
            let mut values = Vec::new();
            for value in &args.as_list_expr()?.elts {
                values.push(self.value(value, &source, &mut setup)?);
            }
            for item in &named.as_dict_expr()?.items {
                let key = item.key.as_ref()?.as_string_literal_expr()?.value.to_str();
                if !literal::is_identifier(key) {
                    return None;
                }
                let value = self.value(&item.value, &source, &mut setup)?;
                values.push(format!("{key}={value}"));
            }
            parts.push((target, format!("{name}({})", values.join(", "))));
        }
        let code = joined(&parts);
        if self.literal_of(&code).is_none() {
            self.known.push((code.clone(), text.to_owned()));
        }
        Some(Piece { code, setup })
    }

    fn value(&self, expr: &Expr, source: &str, setup: &mut Setup) -> Option<String> {
        if let Expr::Dict(dict) = expr
            && let [item] = dict.items.as_slice()
            && let Some(Expr::StringLiteral(key)) = &item.key
            && key.value.to_str() == OBJECT
        {
            let object = self.objects.get(number_of(&item.value)?)?;
            merge(setup, &object.setup);
            return Some(object.code.clone());
        }
        is_literal(expr)
            .then(|| mutations::code(expr, source))
            .flatten()
    }
}

/// The calls as lines; what one gives has a name where a later one is made on it.
fn joined(parts: &[(Option<usize>, String)]) -> String {
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mut lines = Vec::new();
    for (number, (target, call)) in parts.iter().enumerate() {
        let on = target.and_then(|target| names.get(&target).map(String::as_str));
        let call = format!("{}.{call}", on.unwrap_or(PREPARED));
        if parts.iter().any(|(target, _)| *target == Some(number)) {
            let name = match names.len() {
                0 => "made".to_owned(),
                others => format!("made_{}", others + 1),
            };
            lines.push(format!("{name} = {call}"));
            names.insert(number, name);
        } else {
            lines.push(call);
        }
    }
    lines.join("\n")
}

/// The number of an earlier call; `Some(None)` for the object itself.
fn target_of(expr: &Expr) -> Option<Option<usize>> {
    match expr {
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => {
            (number_of(&unary.operand)? == 1).then_some(None)
        }
        _ => number_of(expr).map(Some),
    }
}

fn number_of(expr: &Expr) -> Option<usize> {
    match &expr.as_number_literal_expr()?.value {
        Number::Int(number) => number.as_usize(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence() -> Sequence {
        let method = |name: &str| Method {
            name: name.to_owned(),
            ..Method::default()
        };
        let mut object = Piece::plain("Style(\"bold\")", Source::Built);
        object.setup.import("sheets.styles", "Style");
        let methods = ["add", "page"].map(method).to_vec();
        Sequence {
            calls: Calls {
                class: "Book".to_owned(),
                methods: BTreeMap::from([("Book".to_owned(), methods)]),
            },
            objects: vec![object],
            known: Vec::new(),
        }
    }

    #[test]
    fn calls_become_lines_and_what_one_gives_gets_a_name() {
        let text = "[[-1, 'page', [], {}], [0, 'add', ['x\\u00e9', {'guwu_object': 0}], {'at': (1, None)}]]";
        let mut sequence = sequence();
        let piece = sequence.written(text).expect("a sequence");
        assert_eq!(
            piece.code,
            "made = subject.page()\nmade.add(\"x\\xe9\", Style(\"bold\"), at=(1, None))"
        );
        assert_eq!(piece.setup.source, Some(Source::Explored));
        assert!(piece.setup.imports.iter().any(|(_, name)| name == "Style"));
        assert_eq!(sequence.literal_of(&piece.code), Some(text));
        assert_eq!(sequence.written("[]").expect("none").code, "");
    }

    #[test]
    fn nothing_but_the_known_methods_and_literals_becomes_code() {
        for text in [
            "[[-1, 'remove', [], {}]]",
            "[[-1, 'add', [print()], {}]]",
            "[[-1, 'add', [], {'a b': 1}]]",
            "[[-1, 'add', [], {**x}]]",
            "[[0, 'add', [], {}]]",
            "[[-2, 'add', [], {}]]",
            "[[-1, 'add', [{'guwu_object': 7}], {}]]",
            "[[-1, 'add', [], {}], *x]",
            "[[-1, 'add()', [], {}]]",
            "__import__('os')",
            "[]\nimport os",
        ] {
            assert!(sequence().written(text).is_none(), "{text}");
        }
    }
}
