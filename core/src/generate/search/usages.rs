//! What an example needs to run by itself: the statements before its call that the call rests on, and where the names in
//! them come from. Purely by names; running shows whether it was right.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::examples::Example;
use super::lines;
use super::scene::Scene;
use crate::code::FunctionRef;

/// One step of an example.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'e> {
    /// A statement.
    Stmt(&'e Stmt),
    /// `with open_database() as database:`, entered and not left.
    Enter(&'e ast::WithItem),
}

/// A call of a function of the failing chain, in an example.
#[derive(Debug, Clone)]
pub(super) struct Usage<'e> {
    pub example: &'e Example,
    /// The steps that the call rests on, in order.
    pub steps: Vec<Step<'e>>,
    pub call: &'e ast::ExprCall,
    /// The project frame that it enters.
    pub frame: usize,
    /// Names in it that none of its steps gives a value.
    pub free: BTreeSet<String>,
}

/// An example that rests on more is no example.
const MOST_STEPS: usize = 24;
/// Calls that say that what is inside goes wrong, or that only group.
const GROUPS: [&str; 10] = [
    "raises",
    "assertRaises",
    "assertRaisesRegex",
    "warns",
    "assertWarns",
    "subTest",
    "catch_warnings",
    "suppress",
    "patch",
    "object",
];

/// All calls of an example that enter the chain, with what they rest on.
pub(super) fn usages<'e>(scene: &Scene, example: &'e Example) -> Vec<Usage<'e>> {
    let mut steps = Vec::new();
    flatten(&example.statements, &mut steps);
    let mut found = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let mut calls = Calls(Vec::new());
        match step {
            Step::Stmt(stmt) if is_compound(stmt) => continue,
            Step::Stmt(stmt) => calls.visit_stmt(stmt),
            Step::Enter(item) => calls.visit_expr(&item.context_expr),
        }
        let entering = calls.0.iter().filter_map(|call| {
            let name = lines::last_name(&call.func)?;
            Some((scene.frame_called(name)?, *call))
        });
        // Of one statement the call that enters furthest out.
        let Some((frame, call)) = entering.min_by_key(|(frame, call)| (*frame, call.range().len()))
        else {
            continue;
        };
        let mut names = Names::default();
        names.visit_expr(&Expr::Call(call.clone()));
        let mut free = names.free();
        let mut rests: Vec<Step> = Vec::new();
        for step in steps[..at].iter().rev() {
            let (gives, needs) = step.names();
            if !gives.iter().any(|name| free.contains(name)) {
                continue;
            }
            // Bound anew here, and needed before no more; what is only changed still has to come from somewhere.
            for name in step.binds() {
                free.remove(&name);
            }
            free.extend(needs);
            rests.push(*step);
            if rests.len() > MOST_STEPS {
                break;
            }
        }
        if rests.len() > MOST_STEPS {
            continue;
        }
        rests.reverse();
        found.push(Usage {
            example,
            steps: rests,
            call,
            frame,
            free,
        });
    }
    found
}

/// Statements in the order in which they run, with blocks that only group them opened.
pub(super) fn flatten<'e>(stmts: &'e [Stmt], into: &mut Vec<Step<'e>>) {
    for stmt in stmts {
        match stmt {
            Stmt::With(with) if !with.is_async => {
                for item in &with.items {
                    let is_group = match &item.context_expr {
                        Expr::Call(call) => {
                            lines::last_name(&call.func).is_some_and(|n| GROUPS.contains(&n))
                        }
                        _ => false,
                    };
                    if !is_group {
                        into.push(Step::Enter(item));
                    }
                }
                flatten(&with.body, into);
            }
            Stmt::Try(block) => flatten(&block.body, into),
            Stmt::If(block) if block.elif_else_clauses.is_empty() => flatten(&block.body, into),
            _ => into.push(Step::Stmt(stmt)),
        }
    }
}

fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::Match(_)
            | Stmt::With(_)
    )
}

impl Step<'_> {
    pub fn range(&self) -> TextRange {
        match self {
            Step::Stmt(stmt) => stmt.range(),
            Step::Enter(item) => item.range(),
        }
    }

    /// Names that it gives a value or changes, and names that it needs.
    fn names(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut names = Names::default();
        let mut changed = BTreeSet::new();
        match self {
            Step::Stmt(stmt) => {
                names.visit_stmt(stmt);
                // `cart.add(item)`, `cart.total = 1`: made into what is needed.
                match stmt {
                    Stmt::Expr(expr) => {
                        if let Expr::Call(call) = &*expr.value {
                            changed.extend(root(&call.func));
                        }
                    }
                    Stmt::Assign(assign) => {
                        changed.extend(assign.targets.iter().filter_map(root));
                    }
                    Stmt::AugAssign(assign) => changed.extend(root(&assign.target)),
                    Stmt::Assert(_) => return (BTreeSet::new(), BTreeSet::new()),
                    _ => {}
                }
            }
            Step::Enter(item) => {
                names.visit_expr(&item.context_expr);
                if let Some(Expr::Name(name)) = item.optional_vars.as_deref() {
                    names.stored.insert(name.id.to_string());
                }
            }
        }
        let mut gives = names.stored.clone();
        gives.extend(changed.clone());
        let mut needs = names.free();
        needs.extend(changed);
        for name in &names.stored {
            needs.remove(name);
        }
        (gives, needs)
    }

    /// Names that it binds whatever they were before.
    pub fn binds(&self) -> Vec<String> {
        let name = |expr: &Expr| expr.as_name_expr().map(|n| n.id.to_string());
        match self {
            Step::Stmt(Stmt::Assign(assign)) => {
                let mut found = Vec::new();
                for target in &assign.targets {
                    match target {
                        Expr::Tuple(tuple) => found.extend(tuple.elts.iter().filter_map(name)),
                        other => found.extend(name(other)),
                    }
                }
                found
            }
            Step::Stmt(Stmt::AnnAssign(assign)) => name(&assign.target).into_iter().collect(),
            Step::Stmt(Stmt::FunctionDef(function)) => vec![function.name.to_string()],
            Step::Stmt(Stmt::ClassDef(class)) => vec![class.name.to_string()],
            Step::Stmt(Stmt::Import(import)) => import.names.iter().map(bound_by).collect(),
            Step::Stmt(Stmt::ImportFrom(import)) => import.names.iter().map(bound_by).collect(),
            Step::Enter(item) => item
                .optional_vars
                .as_deref()
                .and_then(name)
                .into_iter()
                .collect(),
            Step::Stmt(_) => Vec::new(),
        }
    }
}

/// The name that an import binds.
pub(super) fn bound_by(alias: &ast::Alias) -> String {
    match &alias.asname {
        Some(name) => name.to_string(),
        None => alias.name.split('.').next().unwrap_or_default().to_owned(),
    }
}

/// `cart` of `cart.lines[0].add`.
fn root(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Attribute(attribute) => match &*attribute.value {
            Expr::Name(name) => Some(name.id.to_string()),
            other => root(other),
        },
        Expr::Subscript(subscript) => match &*subscript.value {
            Expr::Name(name) => Some(name.id.to_string()),
            other => root(other),
        },
        Expr::Call(call) => root(&call.func),
        _ => None,
    }
}

struct Calls<'e>(Vec<&'e ast::ExprCall>);

impl<'e> Visitor<'e> for Calls<'e> {
    fn visit_expr(&mut self, expr: &'e Expr) {
        if let Expr::Call(call) = expr {
            self.0.push(call);
        }
        if !matches!(expr, Expr::Lambda(_)) {
            visitor::walk_expr(self, expr);
        }
    }
}

/// The names of a piece of code.
#[derive(Debug, Default)]
pub(super) struct Names {
    loaded: BTreeSet<String>,
    stored: BTreeSet<String>,
    /// Of comprehensions, lambdas and functions: they come from nowhere outside.
    own: BTreeSet<String>,
}

/// Names in an expression that have to come from outside. `None`: it is none.
pub(in crate::generate) fn names_in(text: &str) -> Option<BTreeSet<String>> {
    let mut names = Names::default();
    names.visit_expr(&lines::expression(text)?);
    Some(names.free())
}

impl Names {
    /// What has to come from outside.
    pub fn free(&self) -> BTreeSet<String> {
        let is_free = |name: &&String| !self.own.contains(*name);
        self.loaded.iter().filter(is_free).cloned().collect()
    }

    fn targets(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => {
                self.own.insert(name.id.to_string());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|e| self.targets(e)),
            Expr::List(list) => list.elts.iter().for_each(|e| self.targets(e)),
            _ => {}
        }
    }
}

impl Visitor<'_> for Names {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.stored.insert(function.name.to_string());
                let own: Vec<String> = function
                    .parameters
                    .iter()
                    .map(|p| p.name().to_string())
                    .collect();
                let mut inner = Names::default();
                inner.own.extend(own);
                inner.own.extend(["self".to_owned(), "cls".to_owned()]);
                visitor::walk_stmt(&mut inner, stmt);
                let stored = std::mem::take(&mut inner.stored);
                inner.own.extend(stored);
                self.loaded.extend(inner.free());
                return;
            }
            Stmt::ClassDef(class) => {
                self.stored.insert(class.name.to_string());
                let mut inner = Names::default();
                visitor::walk_stmt(&mut inner, stmt);
                let stored = std::mem::take(&mut inner.stored);
                inner.own.extend(stored);
                self.loaded.extend(inner.free());
                return;
            }
            Stmt::Import(import) => self.stored.extend(import.names.iter().map(bound_by)),
            Stmt::ImportFrom(import) => self.stored.extend(import.names.iter().map(bound_by)),
            Stmt::Try(_) | Stmt::For(_) => {}
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => {
                let name_text = name.id.to_string();
                match name.ctx {
                    ast::ExprContext::Store => self.stored.insert(name_text),
                    _ => self.loaded.insert(name_text),
                };
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    for parameter in &**parameters {
                        self.own.insert(parameter.name().to_string());
                    }
                }
            }
            Expr::ListComp(c) => c.generators.iter().for_each(|g| self.targets(&g.target)),
            Expr::SetComp(c) => c.generators.iter().for_each(|g| self.targets(&g.target)),
            Expr::DictComp(c) => c.generators.iter().for_each(|g| self.targets(&g.target)),
            Expr::Generator(c) => c.generators.iter().for_each(|g| self.targets(&g.target)),
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

impl<'a> Scene<'a> {
    /// The names by which the functions of the chain are called.
    pub fn chain_names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for frame in &self.writer.frames {
            let name = frame.function.and_then(|f| call_name(&f));
            if let Some(name) = name.filter(|n| n.len() > 1 && !names.contains(n)) {
                names.push(name);
            }
        }
        names
    }

    /// The outermost frame whose function is called by that name.
    fn frame_called(&self, name: &str) -> Option<usize> {
        self.writer
            .frames
            .iter()
            .position(|f| f.function.and_then(|f| call_name(&f)) == Some(name))
    }
}

/// The name by which a function is called, if it is called by one.
fn call_name<'a>(function: &FunctionRef<'a>) -> Option<&'a str> {
    match function.function.name.as_str() {
        "__init__" | "__new__" | "__post_init__" => function.function.class.as_deref(),
        name if name.starts_with("__") || function.function.is_nested => None,
        name => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(text: &str) -> Vec<String> {
        let parsed =
            ruff_python_parser::parse_unchecked_source(text, ruff_python_ast::PySourceType::Python);
        let mut names = Names::default();
        for stmt in parsed.suite() {
            names.visit_stmt(stmt);
        }
        names.free().into_iter().collect()
    }

    #[test]
    fn names_of_comprehensions_and_functions_are_their_own() {
        assert_eq!(free("[x + y for x in z]"), ["y", "z"]);
        assert_eq!(free("f(lambda a: a + b)"), ["b", "f"]);
        assert_eq!(free("def g(a):\n    c = a\n    return c + d\n"), ["d"]);
        assert_eq!(free("{k: v for k, v in m.items()}"), ["m"]);
    }
}
