//! Moves a part of a file's text into a test: other nodes in some of its places, at the left margin, texts over several
//! lines spelled on one.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::adapt::Bend;
use super::lines;
use super::mutations;
use super::node::Node;
use crate::correlate::is_mock;
use crate::generate::literal;

/// The object of a test class goes by this name.
pub(super) const CASE: &str = "case";

impl Bend<'_, '_, '_> {
    /// An expression as it is, moved.
    pub fn moved(&self, expr: &Expr) -> Option<String> {
        let Node::Parts(parts) = self.spliced(expr.range(), Vec::new(), expr)? else {
            return None;
        };
        let code = |node: Node| match node {
            Node::Code(code) => Some(code),
            _ => None,
        };
        parts.into_iter().map(code).collect()
    }

    /// A part of the text with other nodes in some places, moved to the left margin.
    pub fn spliced(
        &self,
        range: TextRange,
        mut edits: Vec<(TextRange, Node)>,
        within: impl Walk,
    ) -> Option<Node> {
        let source = &*self.example.source;
        let mut fixed = Fixed::default();
        within.walk(&mut fixed);
        if fixed.is_unmovable {
            return None;
        }
        for (range, node) in fixed.edits {
            if !edits.iter().any(|(r, _)| r.contains_range(range)) {
                edits.push((range, node));
            }
        }
        edits.retain(|(r, _)| range.contains_range(*r));
        edits.sort_by_key(|(range, _)| range.start());
        let column = source[..range.start().to_usize()]
            .rsplit('\n')
            .next()
            .map_or(0, str::len);
        let code = |from: usize, to: usize| -> Option<Node> {
            let mut text = String::new();
            for (number, line) in source.get(from..to)?.split('\n').enumerate() {
                if number > 0 {
                    text.push('\n');
                    let indent = line.len() - line.trim_start().len();
                    text.push_str(line.get(indent.min(column)..)?);
                } else {
                    text.push_str(line);
                }
            }
            Some(Node::Code(text))
        };
        let mut parts = Vec::new();
        let mut at = range.start().to_usize();
        for (range, node) in edits {
            if range.start().to_usize() < at {
                continue;
            }
            parts.push(code(at, range.start().to_usize())?);
            parts.push(node);
            at = range.end().to_usize();
        }
        parts.push(code(at, range.end().to_usize())?);
        Some(Node::Parts(parts))
    }
}

/// The outermost literals of an expression that a value could be, and stand-ins.
#[derive(Default)]
pub(super) struct Places<'e>(pub Vec<&'e Expr>);

impl<'e> Visitor<'e> for Places<'e> {
    fn visit_stmt(&mut self, stmt: &'e Stmt) {
        // The left side names what is made.
        match stmt {
            Stmt::Assign(assign) => self.visit_expr(&assign.value),
            Stmt::AugAssign(assign) => self.visit_expr(&assign.value),
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'e Expr) {
        if mutations::is_literal(expr) {
            self.0.push(expr);
            return;
        }
        match expr {
            Expr::Call(call) if lines::last_name(&call.func).is_some_and(is_mock) => {
                self.0.push(expr);
            }
            Expr::Subscript(subscript) => self.visit_expr(&subscript.value),
            Expr::FString(_) | Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// What has to be spelled anew when a text is moved: texts over several lines, and `self`.
#[derive(Default)]
pub(super) struct Fixed {
    edits: Vec<(TextRange, Node)>,
    is_unmovable: bool,
    depth: usize,
}

impl Visitor<'_> for Fixed {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        let is_definition = matches!(stmt, Stmt::ClassDef(_));
        self.depth += usize::from(is_definition);
        visitor::walk_stmt(self, stmt);
        self.depth -= usize::from(is_definition);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::StringLiteral(text) => {
                let text = text.value.to_str();
                if text.contains('\n') {
                    self.edits
                        .push((expr.range(), Node::Code(literal::string(text))));
                }
            }
            Expr::BytesLiteral(data) => self.is_unmovable |= data.value.bytes().any(|b| b == b'\n'),
            Expr::FString(text) => {
                self.is_unmovable |= text
                    .value
                    .elements()
                    .any(|e| e.as_literal().is_some_and(|l| l.value.contains('\n')));
            }
            // A method of a class keeps its own.
            Expr::Name(name) if name.id.as_str() == "self" && self.depth == 0 => {
                self.edits.push((expr.range(), Node::Code(CASE.to_owned())));
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

/// What can be looked through.
pub(super) trait Walk {
    fn walk(&self, visitor: &mut Fixed);
}

impl Walk for &Stmt {
    fn walk(&self, visitor: &mut Fixed) {
        visitor.visit_stmt(self);
    }
}

impl Walk for &Expr {
    fn walk(&self, visitor: &mut Fixed) {
        visitor.visit_expr(self);
    }
}
