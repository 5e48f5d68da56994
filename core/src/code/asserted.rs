//! What a test asserts of a name of its own: a key, the value under a key, a builtin type. Only assertions of the test's own
//! body: what stands in a branch or a block may never run.

use ruff_python_ast::{self as ast, CmpOp, Expr, Stmt};

/// One assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asserted {
    /// The name that it is about.
    pub of: String,
    /// What is said.
    pub fact: Fact,
}

/// What can be asserted of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It has this key.
    Key(String),
    /// Under this key is a value that is written out.
    Item(String, Constant),
    /// It is an instance of a builtin class.
    Kind(&'static str),
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// `None`, `True`, `False` and whole numbers, as Python writes them.
    Plain(String),
    /// A text.
    Text(String),
}

const KINDS: [&str; 8] = [
    "bool", "int", "float", "str", "list", "tuple", "set", "dict",
];

/// The assertions of a function's body in order.
pub(super) fn asserted(def: &ast::StmtFunctionDef) -> Vec<Asserted> {
    let mut found = Vec::new();
    for stmt in &def.body {
        match stmt {
            Stmt::Assert(assert) => of_test(&assert.test, &mut found),
            Stmt::Expr(expr) => {
                if let Expr::Call(call) = &*expr.value {
                    found.extend(of_method(call));
                }
            }
            _ => {}
        }
    }
    found
}

fn of_test(test: &Expr, found: &mut Vec<Asserted>) {
    match test {
        Expr::BoolOp(op) if op.op == ast::BoolOp::And => {
            op.values.iter().for_each(|value| of_test(value, found));
        }
        Expr::Compare(compare) => {
            let [right] = &*compare.comparators else {
                return;
            };
            found.extend(match &*compare.ops {
                [CmpOp::Eq | CmpOp::Is] => item(&compare.left, right),
                [CmpOp::In] => key(&compare.left, right),
                _ => None,
            });
        }
        Expr::Call(call) => {
            let is_it = matches!(&*call.func, Expr::Name(name) if name.id == "isinstance");
            if let ([value, class], true) = (&*call.arguments.args, is_it) {
                found.extend(kind(value, class));
            }
        }
        _ => {}
    }
}

//  self.assertEqual(result["state"], "new")
fn of_method(call: &ast::ExprCall) -> Option<Asserted> {
    let Expr::Attribute(method) = &*call.func else {
        return None;
    };
    let [first, second, ..] = &*call.arguments.args else {
        return None;
    };
    match method.attr.as_str() {
        "assertEqual" | "assertEquals" | "assertIs" => item(first, second),
        "assertIn" => key(first, second),
        "assertIsInstance" => kind(first, second),
        _ => None,
    }
}

fn item(left: &Expr, right: &Expr) -> Option<Asserted> {
    let of_sides = |read: &Expr, value: &Expr| {
        let subscript = read.as_subscript_expr()?;
        Some(Asserted {
            of: subscript.value.as_name_expr()?.id.to_string(),
            fact: Fact::Item(text(&subscript.slice)?, constant(value)?),
        })
    };
    of_sides(left, right).or_else(|| of_sides(right, left))
}

fn key(key: &Expr, of: &Expr) -> Option<Asserted> {
    Some(Asserted {
        of: of.as_name_expr()?.id.to_string(),
        fact: Fact::Key(text(key)?),
    })
}

fn kind(value: &Expr, class: &Expr) -> Option<Asserted> {
    let class = class.as_name_expr()?.id.as_str();
    Some(Asserted {
        of: value.as_name_expr()?.id.to_string(),
        fact: Fact::Kind(KINDS.into_iter().find(|kind| *kind == class)?),
    })
}

fn text(expr: &Expr) -> Option<String> {
    Some(expr.as_string_literal_expr()?.value.to_str().to_owned())
}

fn constant(expr: &Expr) -> Option<Constant> {
    Some(match expr {
        Expr::StringLiteral(_) => Constant::Text(text(expr)?),
        Expr::NoneLiteral(_) => Constant::Plain("None".to_owned()),
        Expr::BooleanLiteral(truth) => {
            Constant::Plain(if truth.value { "True" } else { "False" }.to_owned())
        }
        Expr::NumberLiteral(number) => {
            let ast::Number::Int(int) = &number.value else {
                return None;
            };
            Constant::Plain(int.as_u64()?.to_string())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruff_python_ast::PySourceType;

    fn facts(body: &str) -> Vec<Asserted> {
        let source = format!("def test():\n    {}\n", body.replace('\n', "\n    "));
        let parsed = ruff_python_parser::parse_unchecked_source(&source, PySourceType::Python);
        match parsed.suite().first() {
            Some(Stmt::FunctionDef(def)) => asserted(def),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_styles_are_read() {
        let plain = facts(
            "assert \"id\" in got and isinstance(got, dict)\nassert got[\"state\"] == 'new', got\nassert 3 == got[\"n\"]",
        );
        let methods = facts(
            "self.assertIn('id', got)\nself.assertIsInstance(got, dict)\nself.assertEqual(got['state'], 'new')\nself.assertEqual(3, got['n'])",
        );
        assert_eq!(plain, methods);
        assert_eq!(plain.len(), 4);
        assert_eq!(
            plain[2].fact,
            Fact::Item("state".to_owned(), Constant::Text("new".to_owned()))
        );
    }

    #[test]
    fn what_may_not_run_or_says_less_is_nothing() {
        for nothing in [
            "if x:\n    assert 'id' in got",
            "assert 'id' not in got",
            "assert got['n'] > 3",
            "assert got['x'] == other",
            "assert isinstance(got, Order)",
            "assert 'id' in got.keys()",
            "assert 'id' in got or x",
        ] {
            assert_eq!(facts(nothing), [], "{nothing}");
        }
    }
}
