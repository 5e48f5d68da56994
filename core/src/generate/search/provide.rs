//! Where the names of an example come from: imports, helpers and fixtures of its file, parameters of its test, and what a
//! document takes for granted. What is not known makes the example useless.

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::adapt::{Bend, MOST_VALUES, bent};
use super::lines;
use super::mutations;
use super::node::Node;
use super::piece::Piece;
use super::splice::CASE;
use super::usages::{Names, Step, bound_by, flatten};
use crate::generate::arguments::Source;
use crate::generate::literal;

/// Names that Python gives.
const BUILTINS: &str = include_str!("builtins.txt");
/// Fixtures that pytest gives.
const PYTEST: [&str; 7] = [
    "tmp_path",
    "monkeypatch",
    "capsys",
    "caplog",
    "tmpdir",
    "capfd",
    "recwarn",
];

impl<'e> Bend<'_, 'e, '_> {
    /// Gives a name what it stands for outside of the example's own steps. `None` when that is not known.
    pub fn provide(&mut self, name: &str, depth: usize) -> Option<()> {
        if self.given.contains(name) || is_given_by_python(name) {
            return Some(());
        }
        self.given.insert(name.to_owned());
        let depth = depth.checked_sub(1)?;
        let example = self.example;
        if name == "self" {
            return self.provide_case(depth);
        }
        if let Some((_, values)) = example.parameters.iter().find(|(n, _)| n == name) {
            return self.provide_parameter(name, values, depth);
        }
        if let Some(stmt) = example.around.iter().find(|s| gives(s, name)) {
            return self.provide_around(stmt, name, depth);
        }
        // What a document does not say where it comes from.
        let module = self
            .scene
            .writer
            .map
            .modules
            .iter()
            .find(|m| m.path == example.path);
        if let Some(module) = module
            && literal::is_dotted(&module.name)
        {
            let defines = module.classes.iter().any(|c| c.name == name)
                || module
                    .functions
                    .iter()
                    .any(|f| f.name == name && f.class.is_none())
                || module.assignments.iter().any(|a| a.target == name);
            if defines {
                self.setup.import(&module.name, name);
                return Some(());
            }
            if let Some(import) = module.imports.iter().find(|i| i.alias == name) {
                return self.provide_import(&import.target, name);
            }
        }
        if example.is_test {
            return None;
        }
        self.provide_known(name)
    }

    /// A module or something of a module, by its full name.
    fn provide_import(&mut self, target: &str, name: &str) -> Option<()> {
        self.setup.lines.insert(import_line(target, name)?);
        Some(())
    }

    /// A name of the project that a document takes for granted: a class, a function, a package.
    fn provide_known(&mut self, name: &str) -> Option<()> {
        let map = self.scene.writer.map;
        let near = self.scene.near.iter().copied();
        let mut modules = near.chain(map.modules.iter().filter(|m| !m.is_test));
        let home = modules.find(|m| {
            literal::is_dotted(&m.name)
                && (m.classes.iter().any(|c| c.name == name)
                    || m.functions
                        .iter()
                        .any(|f| f.name == name && f.class.is_none() && !f.is_nested))
        });
        if let Some(module) = home {
            self.setup.import(&module.name, name);
            return Some(());
        }
        if map.modules.iter().any(|m| m.name == name) {
            self.setup.lines.insert(format!("import {name}"));
            return Some(());
        }
        None
    }

    /// `self.rows`: what `setUp` puts there, on a plain object.
    fn provide_case(&mut self, depth: usize) -> Option<()> {
        let example = self.example;
        let mut steps = Vec::new();
        flatten(&example.set_up, &mut steps);
        self.setup.modules.insert("types".to_owned());
        self.before
            .push(Node::Code(format!("{CASE} = types.SimpleNamespace()")));
        for step in &steps {
            let text = &example.source[step.range()];
            // Another class's part of it, or a check.
            if text.contains("super(") {
                continue;
            }
            self.provide_names(step, depth)?;
            let line = self.step(step)?;
            self.before.push(line);
        }
        Some(())
    }

    fn provide_names(&mut self, step: &Step, depth: usize) -> Option<()> {
        let mut names = Names::default();
        match step {
            Step::Stmt(stmt) => names.visit_stmt(stmt),
            Step::Enter(item) => names.visit_expr(&item.context_expr),
        }
        for name in names.free() {
            self.provide(&name, depth)?;
        }
        // What it binds is there for the steps after it.
        self.given.extend(step.binds());
        Some(())
    }

    /// A parameter of a test: a value that its decorators give, a fixture.
    fn provide_parameter(&mut self, name: &str, values: &[TextRange], depth: usize) -> Option<()> {
        let example = self.example;
        let texts: Vec<String> = values
            .iter()
            .map(|range| &example.source[*range])
            .filter(|text| !text.contains('\n') && text.len() < 400)
            .map(str::to_owned)
            .collect();
        if !texts.is_empty() {
            let mut pool: Vec<Piece> = Vec::new();
            for text in texts.iter().take(MOST_VALUES) {
                let expr = lines::expression(text)?;
                let mut names = Names::default();
                names.visit_expr(&expr);
                for needed in names.free() {
                    self.provide(&needed, depth)?;
                }
                pool.push(Piece::plain(text.clone(), Source::Built));
            }
            let first = lines::expression(&texts[0])?;
            if mutations::is_literal(&first) {
                let source = format!("({}\n)", texts[0]);
                pool.extend(bent(&first, &source));
            }
            let hole = self.hole(name, pool)?;
            self.before
                .push(Node::Parts(vec![Node::Code(format!("{name} = ")), hole]));
            return Some(());
        }
        let arguments = self.scene.writer.arguments(self.scene.writer.gap.layer);
        if PYTEST.contains(&name) || arguments.visible_fixture(name) {
            self.setup.fixture(name);
            return Some(());
        }
        let (_, body) = example.fixtures.iter().find(|(n, _)| n == name)?;
        self.provide_fixture(name, body, depth)
    }

    /// The body of a fixture, with its name for what it returns.
    fn provide_fixture(&mut self, name: &str, body: &'e [Stmt], depth: usize) -> Option<()> {
        let mut steps = Vec::new();
        flatten(body, &mut steps);
        for step in &steps {
            let value = match step {
                Step::Stmt(Stmt::Return(end)) => end.value.as_deref(),
                Step::Stmt(Stmt::Expr(expr)) => match &*expr.value {
                    Expr::Yield(end) => end.value.as_deref(),
                    _ => None,
                },
                _ => None,
            };
            self.provide_names(step, depth)?;
            if let Some(value) = value {
                let value = self.spliced(value.range(), Vec::new(), value)?;
                self.before
                    .push(Node::Parts(vec![Node::Code(format!("{name} = ")), value]));
                return Some(());
            }
            if !matches!(step, Step::Stmt(Stmt::Expr(expr)) if expr.value.is_string_literal_expr())
            {
                let line = self.step(step)?;
                self.before.push(line);
            }
        }
        None
    }

    /// An import, a helper or a constant of the test's file.
    fn provide_around(&mut self, stmt: &'e Stmt, name: &str, depth: usize) -> Option<()> {
        match stmt {
            Stmt::Import(import) => {
                let alias = import.names.iter().find(|a| bound_by(a) == name)?;
                let line = match &alias.asname {
                    Some(short) => format!("import {} as {short}", alias.name),
                    None => format!("import {}", alias.name),
                };
                self.setup.lines.insert(line);
                Some(())
            }
            Stmt::ImportFrom(import) => {
                let alias = import.names.iter().find(|a| bound_by(a) == name)?;
                let module = self.absolute(import)?;
                let line = match &alias.asname {
                    Some(short) => format!("from {module} import {} as {short}", alias.name),
                    None => format!("from {module} import {}", alias.name),
                };
                self.setup.lines.insert(line);
                Some(())
            }
            // Imports that may fail.
            Stmt::Try(block) => {
                let inner = block.body.iter().find(|s| gives(s, name))?;
                self.provide_around(inner, name, depth)
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::Assign(_) | Stmt::AnnAssign(_) => {
                if stmt.range().len().to_usize() > 4000 {
                    return None;
                }
                let step = Step::Stmt(stmt);
                self.provide_names(&step, depth)?;
                let line = self.step(&step)?;
                self.before.push(line);
                Some(())
            }
            _ => None,
        }
    }

    fn absolute(&self, import: &ast::StmtImportFrom) -> Option<String> {
        let own = import
            .module
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        if import.level == 0 {
            return Some(own);
        }
        let file = self.example.path.strip_suffix(".py")?;
        let mut parts: Vec<&str> = file.split('/').collect();
        for _ in 0..import.level {
            parts.pop()?;
        }
        let folder = parts.join(".");
        Some(match (folder.is_empty(), own.is_empty()) {
            (true, _) => own,
            (false, true) => folder,
            (false, false) => format!("{folder}.{own}"),
        })
    }
}

/// Whether a name needs no import.
pub(in crate::generate) fn is_given_by_python(name: &str) -> bool {
    BUILTINS.lines().any(|builtin| builtin == name)
}

/// The statement that imports a module, or something of one, by its full name.
pub(in crate::generate) fn import_line(target: &str, name: &str) -> Option<String> {
    if !literal::is_dotted(target) || !literal::is_identifier(name) {
        return None;
    }
    Some(match target.rsplit_once('.') {
        None if target == name => format!("import {target}"),
        None => format!("import {target} as {name}"),
        Some((module, last)) if last == name => format!("from {module} import {last}"),
        Some((module, last)) => format!("from {module} import {last} as {name}"),
    })
}

/// Whether a statement gives a name its value.
fn gives(stmt: &Stmt, name: &str) -> bool {
    let is_it = |expr: &Expr| expr.as_name_expr().is_some_and(|n| n.id.as_str() == name);
    match stmt {
        Stmt::Import(import) => import.names.iter().any(|a| bound_by(a) == name),
        Stmt::ImportFrom(import) => import.names.iter().any(|a| bound_by(a) == name),
        Stmt::FunctionDef(function) => function.name.as_str() == name,
        Stmt::ClassDef(class) => class.name.as_str() == name,
        Stmt::Assign(assign) => assign.targets.iter().any(is_it),
        Stmt::AnnAssign(assign) => is_it(&assign.target),
        Stmt::Try(block) => block.body.iter().any(|s| gives(s, name)),
        _ => false,
    }
}
