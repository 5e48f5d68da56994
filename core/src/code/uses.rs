//! What a handler does with the exception that it caught.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Stmt};

use super::dotted::dotted;

/// Where the caught exception itself goes. Its text and its attributes are no concern here.
#[derive(Default)]
pub(super) struct Uses {
    name: String,
    /// Functions that get it, as written.
    pub given_to: Vec<String>,
    /// It is returned, assigned or put into a container.
    pub keeps: bool,
}

impl Uses {
    /// Reads the body of a handler.
    pub fn of(handler: &ast::ExceptHandlerExceptHandler) -> Uses {
        let mut uses = Uses::default();
        if let Some(name) = &handler.name {
            uses.name = name.to_string();
            uses.visit_body(&handler.body);
        }
        uses
    }

    fn is_it(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Name(name) if name.id.as_str() == self.name)
    }
}

impl<'a> Visitor<'a> for Uses {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let value = match stmt {
            Stmt::Assign(assign) => Some(&*assign.value),
            Stmt::AnnAssign(assign) => assign.value.as_deref(),
            Stmt::Return(stmt) => stmt.value.as_deref(),
            // What is raised is told by `raised`.
            Stmt::Raise(_) => return,
            _ => None,
        };
        self.keeps |= value.is_some_and(|v| self.is_it(v));
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let mut held: Vec<&Expr> = Vec::new();
        match expr {
            Expr::Call(call) => {
                let arguments = &call.arguments;
                let mut values = arguments
                    .args
                    .iter()
                    .chain(arguments.keywords.iter().map(|k| &k.value));
                if values.any(|v| self.is_it(v)) {
                    self.given_to.extend(dotted(&call.func));
                }
            }
            // `"%s" % (name, error)` makes text.
            Expr::BinOp(op) if op.op == ast::Operator::Mod => {
                if let Expr::Tuple(tuple) = &*op.right {
                    for element in &tuple.elts {
                        visitor::walk_expr(self, element);
                    }
                    return;
                }
            }
            Expr::Tuple(tuple) => held.extend(&tuple.elts),
            Expr::List(list) => held.extend(&list.elts),
            Expr::Set(set) => held.extend(&set.elts),
            Expr::Dict(dict) => held.extend(dict.items.iter().map(|i| &i.value)),
            Expr::Yield(stmt) => held.extend(stmt.value.as_deref()),
            _ => {}
        }
        self.keeps |= held.into_iter().any(|v| self.is_it(v));
        visitor::walk_expr(self, expr);
    }
}

/// `pass`, `...` or a text that stands alone.
pub(super) fn is_nothing(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(stmt) => matches!(
            &*stmt.value,
            Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)
        ),
        _ => false,
    }
}
