//! A name as the source spells it.

use ruff_python_ast::Expr;

/// `a.b.c` as text; calls in between keep their parentheses (`get_service().refresh`).
pub(crate) fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => {
            Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr))
        }
        Expr::Call(call) => Some(format!("{}()", dotted(&call.func)?)),
        Expr::Await(inner) => dotted(&inner.value),
        _ => None,
    }
}
