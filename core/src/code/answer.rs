//! What a function answers with, where every way out of it says the same: the keys of a dictionary, a builtin type, a
//! class that it makes. Anything less than certain is nothing.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, CmpOp, Expr, Stmt, UnaryOp};

/// What every `return` of a function gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A dictionary with these keys and perhaps, in some returns, more.
    Keys(Vec<String>),
    /// A value of a builtin type: `int`, `str`.
    Builtin(&'static str),
    /// What calling that name makes, as written.
    Made(String),
}

/// Fewer returns than this could agree by chance, where no annotation says the same.
const ENOUGH: usize = 2;

/// The one answer of a function. `None` where its returns differ, where it can end without one, or where its
/// annotation says less.
pub(super) fn answer(def: &ast::StmtFunctionDef) -> Option<Answer> {
    if !ends(&def.body) {
        return None;
    }
    let mut returns = Returns::default();
    returns.visit_body(&def.body);
    if returns.is_generator || returns.values.is_empty() {
        return None;
    }
    let annotation = def.returns.as_deref().map(annotated);
    let values: Vec<&Expr> = returns.values.into_iter().collect::<Option<_>>()?;
    let keys: Option<Vec<Vec<String>>> = values.iter().map(|v| literal_keys(v)).collect();
    if let Some(all) = keys {
        // A dictionary that is annotated as a list, as optional, as anything, is not certain.
        let is_said = match &annotation {
            None => all.len() >= ENOUGH,
            Some(Some(name)) => name == "dict",
            Some(None) => false,
        };
        let mut common = all.first()?.clone();
        common.retain(|key| all.iter().all(|keys| keys.contains(key)));
        return (is_said && !common.is_empty()).then_some(Answer::Keys(common));
    }
    let annotation = annotation??;
    if let Some(kind) = kind_of(values.first()?) {
        let is_agreed = annotation == kind && values.iter().all(|v| kind_of(v) == Some(kind));
        return is_agreed.then_some(Answer::Builtin(kind));
    }
    let is_made = |v: &&Expr| match v {
        Expr::Call(call) => super::dotted::dotted(&call.func).is_some_and(|n| n == annotation),
        _ => false,
    };
    values
        .iter()
        .all(is_made)
        .then_some(Answer::Made(annotation))
}

/// The name of a concrete type; `None` for what leaves something open (`Optional`, `Any`, unions, protocols).
fn annotated(annotation: &Expr) -> Option<String> {
    match annotation {
        Expr::Name(_) | Expr::Attribute(_) => {
            let name = super::dotted::dotted(annotation)?;
            let last = name.rsplit('.').next().unwrap_or(&name);
            Some(match last {
                "Dict" => "dict".to_owned(),
                "List" => "list".to_owned(),
                "Tuple" => "tuple".to_owned(),
                "Set" => "set".to_owned(),
                _ => name,
            })
        }
        Expr::Subscript(subscript) => {
            let name = annotated(&subscript.value)?;
            matches!(name.as_str(), "dict" | "list" | "tuple" | "set").then_some(name)
        }
        // A name that is only known later.
        Expr::StringLiteral(text) => {
            let text = text.value.to_str();
            let is_name = text
                .split('.')
                .all(|p| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '_'));
            is_name.then(|| text.to_owned())
        }
        _ => None,
    }
}

/// The keys of a dictionary that is written out.
fn literal_keys(value: &Expr) -> Option<Vec<String>> {
    let dict = value.as_dict_expr()?;
    dict.items
        .iter()
        .map(|item| {
            let key = item.key.as_ref()?.as_string_literal_expr()?;
            Some(key.value.to_str().to_owned())
        })
        .collect()
}

/// The builtin type of an expression that can have no other.
fn kind_of(value: &Expr) -> Option<&'static str> {
    Some(match value {
        Expr::BooleanLiteral(_) => "bool",
        Expr::UnaryOp(op) if op.op == UnaryOp::Not => "bool",
        // Only those that no operand can answer otherwise.
        Expr::Compare(compare) => match &*compare.ops {
            [CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn] => "bool",
            _ => return None,
        },
        Expr::NumberLiteral(number) if number.value.is_int() => "int",
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Call(call) => match &*call.func {
            // `", ".join(…)`
            Expr::Attribute(attribute)
                if attribute.value.is_string_literal_expr()
                    && matches!(attribute.attr.as_str(), "join" | "format") =>
            {
                "str"
            }
            _ => return None,
        },
        Expr::If(choice) => {
            let kind = kind_of(&choice.body)?;
            (kind_of(&choice.orelse) == Some(kind)).then_some(kind)?
        }
        _ => return None,
    })
}

/// Whether a body can not be left at its end.
fn ends(body: &[Stmt]) -> bool {
    match body.last() {
        Some(Stmt::Return(_) | Stmt::Raise(_)) => true,
        Some(Stmt::If(stmt)) => {
            let has_else = stmt
                .elif_else_clauses
                .last()
                .is_some_and(|clause| clause.test.is_none());
            has_else && ends(&stmt.body) && stmt.elif_else_clauses.iter().all(|c| ends(&c.body))
        }
        Some(Stmt::Try(stmt)) => {
            let main = match stmt.orelse.is_empty() {
                true => ends(&stmt.body),
                false => ends(&stmt.body) || ends(&stmt.orelse),
            };
            let handled = stmt.handlers.iter().all(|handler| {
                let ast::ExceptHandler::ExceptHandler(handler) = handler;
                ends(&handler.body)
            });
            ends(&stmt.finalbody) || (main && handled)
        }
        // A `with` may swallow what is raised in it; the others may not run at all.
        _ => false,
    }
}

/// The returned values of a function, those of functions inside of it left out.
#[derive(Default)]
struct Returns<'a> {
    values: Vec<Option<&'a Expr>>,
    is_generator: bool,
}

impl<'a> Visitor<'a> for Returns<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Return(stmt) => self.values.push(stmt.value.as_deref()),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Lambda(_) => return,
            Expr::Yield(_) | Expr::YieldFrom(_) => self.is_generator = true,
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{SourceFile, module_from_source};

    fn of(text: &str) -> Option<Answer> {
        let file = SourceFile {
            path: "m.py".to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        let module = module_from_source("m", &file);
        assert!(module.is_valid, "{text}");
        module.functions[0].answer.clone()
    }

    fn keys(names: &[&str]) -> Option<Answer> {
        Some(Answer::Keys(
            names.iter().map(|n| (*n).to_owned()).collect(),
        ))
    }

    #[test]
    fn keys_that_every_return_has() {
        assert_eq!(
            of(
                "def f(x):\n    if x:\n        return {'ok': True, 'n': 1}\n    return {'ok': False}\n"
            ),
            keys(&["ok"])
        );
        assert_eq!(
            of("def f(x) -> dict[str, int]:\n    return {'n': x, 'm': 2}\n"),
            keys(&["n", "m"])
        );
        for uncertain in [
            // One return alone, and nothing says that it is meant.
            "def f(x):\n    return {'n': x}\n",
            "def f(x):\n    if x:\n        return {'n': x}\n    return None\n",
            "def f(x):\n    if x:\n        return {'n': x}\n    return {'m': x}\n",
            "def f(x):\n    if x:\n        return {'n': x}\n    if x > 1:\n        return {'n': 1}\n",
            "def f(x) -> 'dict | None':\n    return {'n': x}\n",
            "def f(x) -> Optional[dict]:\n    return {'n': x}\n",
            "def f(x) -> Mapping:\n    return {'n': x}\n",
            "def f(x) -> dict:\n    return {'n': x}, 200\n",
            "def f(x) -> dict:\n    return jsonify({'n': x})\n",
            "def f(x) -> dict:\n    with x:\n        return {'n': x}\n",
            "def f(x) -> dict:\n    yield 1\n    return {'n': x}\n",
        ] {
            assert_eq!(of(uncertain), None, "{uncertain}");
        }
    }

    #[test]
    fn a_type_that_annotation_and_returns_agree_on() {
        for (text, kind) in [
            ("def f(x) -> dict:\n    return {'n': x, **x}\n", "dict"),
            (
                "def f(x) -> bool:\n    try:\n        return x is None\n    except ValueError:\n        return False\n",
                "bool",
            ),
            ("def f(x) -> str:\n    return ', '.join(x)\n", "str"),
            (
                "def f(x) -> List[int]:\n    return [n for n in x]\n",
                "list",
            ),
            (
                "def f(x) -> int:\n    if x:\n        return 1\n    else:\n        raise ValueError(x)\n",
                "int",
            ),
            (
                "def f(x) -> str:\n    def inner():\n        return 1\n    return f'{x}'\n",
                "str",
            ),
        ] {
            assert_eq!(of(text), Some(Answer::Builtin(kind)), "{text}");
        }
        assert_eq!(
            of("def f(x) -> Cart:\n    return Cart(x)\n"),
            Some(Answer::Made("Cart".to_owned()))
        );
        for uncertain in [
            "def f(x):\n    return 1\n",
            "def f(x) -> int:\n    return x\n",
            "def f(x) -> int:\n    return x + 1\n",
            "def f(x) -> bool:\n    return x == 1\n",
            "def f(x) -> bool:\n    return 0 < x < 2\n",
            "def f(x) -> int | None:\n    return 1\n",
            "def f(x) -> Any:\n    return 1\n",
            "def f(x) -> float:\n    return 1\n",
            "def f(x) -> Cart:\n    return x.cart\n",
            "def f(x) -> Cart:\n    if x:\n        return Other()\n    return Cart()\n",
            "def f(x) -> str:\n    if x:\n        return\n    return ''\n",
            "def f(x) -> str:\n    while x:\n        return ''\n",
        ] {
            assert_eq!(of(uncertain), None, "{uncertain}");
        }
    }
}
