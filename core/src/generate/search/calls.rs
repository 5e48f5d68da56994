//! A sequence of calls on the object of a draft, and one that exploring found as lines of a test. Only methods that stand
//! here can come into a test, with literals that are spelled anew and objects that the search made itself.

use std::collections::BTreeMap;

use ruff_python_ast::{Expr, Number, UnaryOp};

use super::lines;
use super::mutations::{self, is_literal};
use super::piece::{PREPARED, Piece, merge};
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

/// Objects that may be passed in one sequence.
const OBJECTS: usize = 24;
/// Calls of a sequence, as many as exploring makes.
const LONGEST: usize = 8;
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

impl Sequence {
    /// The number of an object that may be passed, unless there are too many or it needs more than imports.
    pub fn object(&mut self, piece: Piece) -> Option<usize> {
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
