//! The source lines that a traceback prints, parsed: which call on a line entered the next frame's function.
//!
//! A line may be half a statement (`if a > b:`, `return f(`, `elif x in y:`); what can be read of it is read.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Operator, PySourceType, Stmt};

use crate::code::FunctionRef;

/// What a line holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// All expressions, inner ones after the ones around them.
    pub expressions: Vec<Expr>,
    /// `total += r`.
    pub augmented: Vec<(Expr, Operator, Expr)>,
    /// What a loop or a comprehension reads.
    pub iterated: Vec<Expr>,
    /// What a `with` enters.
    pub entered: Vec<Expr>,
}

/// The part of a line that entered a function.
pub(super) enum Entering<'a> {
    /// `f(…)`, `x.f(…)`, `C(…)`, `x(…)`.
    Call(&'a ast::ExprCall),
    /// `left + right`.
    Binary(&'a Expr, Operator, &'a Expr),
    /// `base[key]`.
    Index(&'a Expr, &'a Expr),
    /// What Python calls by itself: `len(x)`, `for … in x`, `with x`.
    Protocol(&'a Expr),
    /// A property: `x.f`.
    Attribute(&'a ast::ExprAttribute),
}

/// Reads a line.
pub(super) fn line(text: &str) -> Line {
    let text = text.trim();
    let text = text
        .strip_prefix("el")
        .filter(|t| t.starts_with("if "))
        .unwrap_or(text);
    if text.len() > 2000 {
        return Line::default();
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    let mut reader = Reader(Line::default());
    for stmt in parsed.suite() {
        reader.visit_stmt(stmt);
    }
    reader.0
}

/// One expression from its text.
pub(super) fn expression(text: &str) -> Option<Expr> {
    if text.len() > 20_000 {
        return None;
    }
    // In parentheses, so that it may have several lines.
    let text = format!("({text}\n)");
    let parsed = ruff_python_parser::parse_unchecked_source(&text, PySourceType::Python);
    if !parsed.has_valid_syntax() {
        return None;
    }
    match parsed.suite().as_slice() {
        [Stmt::Expr(stmt)] => Some((*stmt.value).clone()),
        _ => None,
    }
}

struct Reader(Line);

impl Visitor<'_> for Reader {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if let Stmt::AugAssign(assign) = stmt {
            let (left, right) = ((*assign.target).clone(), (*assign.value).clone());
            self.0.augmented.push((left, assign.op, right));
        }
        if let Stmt::For(block) = stmt {
            self.0.iterated.push((*block.iter).clone());
        }
        if let Stmt::With(block) = stmt {
            let entered = block.items.iter().map(|i| i.context_expr.clone());
            self.0.entered.extend(entered);
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_comprehension(&mut self, comprehension: &ast::Comprehension) {
        self.0.iterated.push(comprehension.iter.clone());
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        self.0.expressions.push(expr.clone());
        visitor::walk_expr(self, expr);
    }
}

/// The method behind an operator.
pub(super) fn operator_of(method: &str) -> Option<Operator> {
    let name = method.trim_matches('_');
    let of = |name: &str| {
        Some(match name {
            "add" => Operator::Add,
            "sub" => Operator::Sub,
            "mul" => Operator::Mult,
            "truediv" => Operator::Div,
            "floordiv" => Operator::FloorDiv,
            "mod" => Operator::Mod,
            "or" => Operator::BitOr,
            "and" => Operator::BitAnd,
            "xor" => Operator::BitXor,
            _ => return None,
        })
    };
    of(name)
        .or_else(|| of(name.strip_prefix('r')?))
        .or_else(|| of(name.strip_prefix('i')?))
}

impl Line {
    /// What entered `function`, which may be called by the name of its class.
    pub fn entering(&self, function: &FunctionRef) -> Option<Entering<'_>> {
        let name = function.function.name.as_str();
        let class = function.function.class.as_deref();
        let calls = || {
            self.expressions.iter().filter_map(|e| match e {
                Expr::Call(call) => Some(call),
                _ => None,
            })
        };
        fn called<'c>(call: &&'c ast::ExprCall) -> Option<&'c str> {
            last_name(&call.func)
        }
        match name {
            "__init__" | "__new__" | "__post_init__" => {
                return calls()
                    .find(|c| called(c) == class)
                    // An alias, or a class that inherits its constructor.
                    .or_else(|| {
                        calls().find(|c| {
                            called(c)
                                .is_some_and(|n| n.starts_with(|c: char| c.is_ascii_uppercase()))
                        })
                    })
                    .map(Entering::Call);
            }
            "__call__" => {
                let is_builtin = |c: &&ast::ExprCall| {
                    matches!(
                        called(c),
                        Some("len" | "str" | "list" | "next" | "print" | "repr" | "run" | "info")
                    )
                };
                return calls().find(|c| !is_builtin(c)).map(Entering::Call);
            }
            "__len__" | "__str__" | "__repr__" | "__iter__" | "__next__" | "__bool__"
            | "__hash__" | "__enter__" => {
                return self.protocol(name).map(Entering::Protocol);
            }
            "__getitem__" | "__delitem__" => {
                return self.expressions.iter().find_map(|e| match e {
                    Expr::Subscript(s) => Some(Entering::Index(&s.value, &s.slice)),
                    _ => None,
                });
            }
            _ => {}
        }
        if name.starts_with("__")
            && let Some(operator) = operator_of(name)
        {
            return self
                .expressions
                .iter()
                .find_map(|e| match e {
                    Expr::BinOp(b) if b.op == operator => {
                        Some(Entering::Binary(&b.left, b.op, &b.right))
                    }
                    _ => None,
                })
                .or_else(|| {
                    self.augmented
                        .iter()
                        .find(|(_, op, _)| *op == operator)
                        .map(|(left, op, right)| Entering::Binary(left, *op, right))
                });
        }
        if let Some(call) = calls().find(|c| called(c) == Some(name)) {
            return Some(Entering::Call(call));
        }
        let is_property = function.function.has_decorator("property")
            || function.function.has_decorator("cached_property");
        if is_property {
            return self.expressions.iter().find_map(|e| match e {
                Expr::Attribute(a) if a.attr.as_str() == name => Some(Entering::Attribute(a)),
                _ => None,
            });
        }
        None
    }

    /// The object that Python asked for one of its protocols.
    fn protocol(&self, method: &str) -> Option<&Expr> {
        let argument_of = |names: &[&str]| {
            self.expressions.iter().find_map(|e| match e {
                Expr::Call(call) if last_name(&call.func).is_some_and(|n| names.contains(&n)) => {
                    call.arguments.args.first()
                }
                _ => None,
            })
        };
        match method {
            "__len__" => argument_of(&["len"]),
            "__str__" => argument_of(&[
                "str", "print", "format", "write", "info", "debug", "warning",
            ]),
            "__repr__" => argument_of(&["repr", "print", "str"]),
            "__next__" => argument_of(&["next"]).or(self.iterated.first()),
            "__bool__" => argument_of(&["bool"]),
            "__hash__" => argument_of(&["hash", "set", "add"]),
            "__enter__" => self.entered.first(),
            "__iter__" => self.iterated.first().or_else(|| {
                argument_of(&[
                    "list",
                    "tuple",
                    "set",
                    "dict",
                    "sorted",
                    "iter",
                    "sum",
                    "enumerate",
                    "max",
                    "min",
                    "any",
                    "all",
                    "join",
                ])
            }),
            _ => None,
        }
    }

    /// The call of a function that is known by its name alone.
    pub fn call_named(&self, name: &str) -> Option<&ast::ExprCall> {
        self.expressions.iter().find_map(|e| match e {
            Expr::Call(call) if last_name(&call.func) == Some(name) => Some(call),
            _ => None,
        })
    }
}

/// `c` of `a.b.c`.
pub(super) fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_statements_are_read() {
        for text in [
            "return f(a, 1)",
            "for c in f(a, 1):",
            "if f(a, 1) > 2:",
            "elif f(a, 1):",
            "with f(a, 1) as g:",
            "x = await f(a, 1)",
            "yield f(a, 1)",
            "f(a, 1),",
        ] {
            let line = line(text);
            let call = line.call_named("f").unwrap_or_else(|| panic!("{text}"));
            assert_eq!(call.arguments.args.len(), 2, "{text}");
        }
        assert!(line("response = f(").call_named("f").is_some());
        for (text, method) in [
            ("for row in table:", "__iter__"),
            ("rows = [r.id for r in table]", "__iter__"),
            ("if len(table) > 2:", "__len__"),
            ("with table:", "__enter__"),
            ("print(table)", "__str__"),
        ] {
            let line = line(text);
            let found = line.protocol(method).and_then(last_name);
            assert_eq!(found, Some("table"), "{text}");
        }
    }
}
