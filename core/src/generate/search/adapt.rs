//! The project's own tests and examples, bent to the failing chain: what a test passes is what the code is used with, and
//! what fails is often one value away. The statements that a call rests on come along, stand-ins for the chain go.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::examples::{Example, examples};
use super::lines;
use super::mutations;
use super::node::{Hole, Node, Piece, Template};
use super::scene::Scene;
use super::templates::{Draft, wrapped};
use super::usages::{Names, Step, Usage, bound_by, flatten, usages};
use super::values::depth;
use crate::code::{FunctionRef, Param};
use crate::correlate::is_mock;
use crate::generate::arguments::{Setup, Source};
use crate::generate::hypothesis::Hypothesis;
use crate::generate::{Strategy, literal};

/// Usages of one frame, and of all.
const OF_FRAME: usize = 4;
const MOST: usize = 10;
/// Places of one usage that take other values.
const MOST_HOLES: usize = 10;
/// Values of one place.
const MOST_VALUES: usize = 20;
/// Parameters that an example does not pass.
const MOST_OPTIONS: usize = 6;
/// The object of a test class goes by this name.
const CASE: &str = "case";
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

impl<'a> Scene<'a> {
    /// The calls that tests and documents of the project make into the chain, the outermost first.
    pub fn adapted_calls(&self, carried: &[Vec<Hypothesis>]) -> Vec<Draft> {
        let names = self.chain_names();
        if names.is_empty() {
            return Vec::new();
        }
        let examples: Vec<Example> = self
            .surroundings
            .texts
            .iter()
            .flat_map(|text| examples(text, &names))
            .collect();
        let mut found: Vec<(usize, Usage)> = examples
            .iter()
            .flat_map(|example| usages(self, example))
            .map(|usage| (self.distance(&usage), usage))
            .collect();
        found.sort_by_key(|(distance, usage)| {
            (*distance, usage.steps.len(), usage.call.range().start())
        });
        let mut drafts: Vec<Draft> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (_, usage) in &found {
            let of_frame = drafts.iter().filter(|d| d.frame == usage.frame).count();
            if of_frame >= OF_FRAME || drafts.len() >= MOST {
                continue;
            }
            if !seen.insert(shape(usage)) {
                continue;
            }
            let suspects = carried.get(usage.frame).map_or(&[][..], Vec::as_slice);
            if let Some(template) = self.adapted(usage, suspects) {
                drafts.push(Draft {
                    template,
                    frame: usage.frame,
                    strategy: Strategy::Adapt,
                });
            }
        }
        drafts.sort_by_key(|draft| draft.frame);
        drafts
    }

    /// How far an example is from the failing call: a method of that name may be another class's.
    fn distance(&self, usage: &Usage) -> usize {
        let Some(function) = self.writer.frames[usage.frame].function else {
            return 9;
        };
        let source = &usage.example.source;
        let stem = function.module.name.rsplit('.').next().unwrap_or_default();
        let names_class = function
            .function
            .class
            .as_deref()
            .is_none_or(|class| source.contains(class));
        let is_beside = usage.example.path == function.module.path
            || usage.example.path.contains(stem)
            || source.contains(&function.module.name);
        usize::from(!names_class) * 2 + usize::from(!is_beside)
    }

    fn adapted(&self, usage: &Usage, suspects: &[Hypothesis]) -> Option<Template> {
        let callee = self.writer.frames[usage.frame].function?;
        let mut bend = Bend {
            scene: self,
            example: usage.example,
            setup: Setup::default(),
            before: Vec::new(),
            holes: Vec::new(),
            given: BTreeSet::new(),
        };
        bend.setup.used(Source::Built);
        for name in &usage.free {
            bend.provide(name, 3)?;
        }
        // The call's own places come first, then what it rests on, the nearest first.
        let node = bend.call(usage.call, callee, suspects)?;
        let mut before = Vec::new();
        for step in usage.steps.iter().rev() {
            before.push(bend.step(step)?);
        }
        before.reverse();
        let mut all = std::mem::take(&mut bend.before);
        all.extend(before);
        Some(Template {
            before: all,
            node: wrapped(node, callee),
            setup: bend.setup,
            holes: bend.holes,
        })
    }
}

/// Two calls of the same shape show the same: the text without its literals.
fn shape(usage: &Usage) -> String {
    let text = &usage.example.source[usage.call.range()];
    let mut shape = String::new();
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => {
                quote = Some(c);
                shape.push(c);
            }
            None if c.is_ascii_digit() => shape.push('0'),
            None => shape.push(c),
        }
    }
    shape
}

/// One usage on its way to a template.
struct Bend<'s, 'e, 'a> {
    scene: &'s Scene<'a>,
    example: &'e Example,
    setup: Setup,
    /// Lines that give what comes from outside of the example.
    before: Vec<Node>,
    holes: Vec<Hole>,
    /// Names that are there.
    given: BTreeSet<String>,
}

impl<'e, 'a> Bend<'_, 'e, 'a> {
    /// Gives a name what it stands for outside of the example's own steps. `None` when that is not known.
    fn provide(&mut self, name: &str, depth: usize) -> Option<()> {
        if self.given.contains(name) || BUILTINS.lines().any(|builtin| builtin == name) {
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
        if !literal::is_dotted(target) || !literal::is_identifier(name) {
            return None;
        }
        let line = match target.rsplit_once('.') {
            None if target == name => format!("import {target}"),
            None => format!("import {target} as {name}"),
            Some((module, last)) if last == name => format!("from {module} import {last}"),
            Some((module, last)) => format!("from {module} import {last} as {name}"),
        };
        self.setup.lines.insert(line);
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
        let given: Vec<String> = names.free().into_iter().collect();
        for name in given {
            self.provide(&name, depth)?;
        }
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
            self.provide_names(step, depth).or_else(|| {
                // Its own variables are given by its own statements.
                matches!(step, Step::Stmt(_)).then_some(())
            })?;
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
                let mut names = Names::default();
                names.visit_stmt(stmt);
                for needed in names.free() {
                    self.provide(&needed, depth)?;
                }
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

    /// A step as a line, with places for its literals.
    fn step(&mut self, step: &Step<'e>) -> Option<Node> {
        let is_definition = matches!(
            step,
            Step::Stmt(
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_)
            )
        );
        let mut edits = Vec::new();
        if !is_definition {
            let mut places = Places::default();
            match step {
                Step::Stmt(stmt) => places.visit_stmt(stmt),
                Step::Enter(item) => places.visit_expr(&item.context_expr),
            }
            for expr in places.0 {
                if let Some(node) = self.place(expr) {
                    edits.push((expr.range(), node));
                }
            }
        }
        match step {
            Step::Stmt(stmt) => self.spliced(stmt.range(), edits, *stmt),
            Step::Enter(item) => {
                let range = item.context_expr.range();
                let value = self.spliced(range, edits, &item.context_expr)?;
                let before = match item.optional_vars.as_deref() {
                    Some(Expr::Name(name)) => format!("{} = ", name.id),
                    Some(_) => return None,
                    None => String::new(),
                };
                Some(Node::Around(
                    before,
                    Box::new(value),
                    ".__enter__()".to_owned(),
                ))
            }
        }
    }

    /// A place for a literal or for a stand-in.
    fn place(&mut self, expr: &Expr) -> Option<Node> {
        let source = &*self.example.source;
        if self.holes.len() >= MOST_HOLES {
            return None;
        }
        if let Expr::Call(call) = expr {
            // A stand-in at the seam is what kept the test from seeing the failure.
            let spec = call
                .arguments
                .keywords
                .iter()
                .find(|k| {
                    k.arg
                        .as_ref()
                        .is_some_and(|a| matches!(a.as_str(), "spec" | "spec_set"))
                })
                .map(|k| &k.value)
                .or(call.arguments.args.first())?;
            let class = lines::last_name(spec)?;
            let class = self
                .scene
                .near
                .iter()
                .find_map(|m| self.scene.writer.map.class_named(m, class))?;
            let mut pool = self.scene.instances(class, depth());
            pool.push(Piece::plain(&source[expr.range()], Source::Mocked));
            return self.hole("", pool);
        }
        let own = mutations::code(expr, source)?;
        let mut pool = vec![Piece::plain(own, Source::Built)];
        pool.extend(self.told(expr, source));
        pool.extend(bent(expr, source));
        let of_message = self.scene.of_message(0).into_iter().take(4);
        pool.splice(pool.len().min(4)..pool.len().min(4), of_message);
        self.hole("", pool)
    }

    /// A container with what the message complains about in it.
    fn told(&self, expr: &Expr, source: &str) -> Vec<Piece> {
        let values = self.scene.of_message(0).into_iter().take(2);
        values
            .flat_map(|value| {
                mutations::with_member(expr, source, &value.code)
                    .into_iter()
                    .map(move |code| Piece {
                        code,
                        setup: value.setup.clone(),
                    })
            })
            .collect()
    }

    fn hole(&mut self, name: &str, mut pool: Vec<Piece>) -> Option<Node> {
        let mut seen = BTreeSet::new();
        pool.retain(|p| seen.insert(p.code.clone()));
        pool.truncate(MOST_VALUES);
        if pool.is_empty() {
            return None;
        }
        self.holes.push(Hole {
            name: name.to_owned(),
            pool,
            can_omit: false,
            stride: 1,
        });
        Some(Node::Hole(self.holes.len() - 1))
    }

    /// The call itself: each argument can be another, each parameter that it leaves to its default can be passed.
    fn call(
        &mut self,
        call: &'e ast::ExprCall,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Node> {
        let source = self.example.source.clone();
        let params = &callee.function.params;
        let mut edits: Vec<(TextRange, Node)> = Vec::new();
        let mut passed: Vec<&str> = Vec::new();
        let mut is_spread = false;
        for (at, argument) in call.arguments.args.iter().enumerate() {
            if argument.is_starred_expr() {
                is_spread = true;
                break;
            }
            let param = params.get(at).filter(|p| !p.is_variadic);
            passed.extend(param.map(|p| p.name.as_str()));
            self.argument(argument, param, callee, suspects, &mut edits);
        }
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                is_spread = true;
                continue;
            };
            let param = params.iter().find(|p| p.name == name.as_str());
            passed.push(name.as_str());
            self.argument(&keyword.value, param, callee, suspects, &mut edits);
        }
        // What the call is made on: `Parser("…").parse(…)`.
        let mut places = Places::default();
        places.visit_expr(&call.func);
        for expr in places.0 {
            if let Some(node) = self.place(expr) {
                edits.push((expr.range(), node));
            }
        }
        let mut options = Vec::new();
        if !is_spread {
            let open = params
                .iter()
                .filter(|p| !p.is_variadic && p.default.is_some())
                .filter(|p| !passed.contains(&p.name.as_str()) && literal::is_identifier(&p.name));
            let mut is_first = call.arguments.is_empty();
            for param in open.take(MOST_OPTIONS) {
                let mut pool = self.scene.pool(param, callee, suspects, 1).ordered();
                pool.truncate(8);
                self.holes.push(Hole {
                    name: param.name.clone(),
                    pool,
                    can_omit: true,
                    stride: 2,
                });
                options.push(Node::Keyword {
                    name: param.name.clone(),
                    hole: self.holes.len() - 1,
                    is_first,
                });
                // Which of them is first is only known when it is filled; a call without arguments takes one option.
                if is_first {
                    break;
                }
                is_first = false;
            }
        }
        let expr = Expr::Call(call.clone());
        let range = call.range();
        if options.is_empty() {
            return self.spliced(range, edits, &expr);
        }
        // The closing parenthesis, and a comma before it, stand behind the options.
        let inner = source[range].strip_suffix(')')?.trim_end();
        let inner = inner.strip_suffix(',').unwrap_or(inner);
        let length = u32::try_from(inner.len()).ok()?;
        let head = TextRange::at(range.start(), length.into());
        let mut parts = vec![self.spliced(head, edits, &expr)?];
        parts.extend(options);
        parts.push(Node::Code(")".to_owned()));
        Some(Node::Parts(parts))
    }

    fn argument(
        &mut self,
        argument: &'e Expr,
        param: Option<&Param>,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
        edits: &mut Vec<(TextRange, Node)>,
    ) {
        let source = self.example.source.clone();
        let name = param.map_or("", |p| p.name.as_str());
        let told: Vec<Piece> = suspects
            .iter()
            .filter(|h| h.param == name)
            .map(|h| {
                let mut piece = Piece::plain(h.value.clone(), h.source);
                piece.setup.modules.extend(h.needs.map(str::to_owned));
                piece
            })
            .collect();
        let is_literal = mutations::is_literal(argument);
        let is_whole = is_literal || argument.is_name_expr() || !told.is_empty();
        let own = match is_literal {
            true => mutations::code(argument, &source),
            false => {
                let text = &source[argument.range()];
                (!text.contains('\n')).then(|| text.replace("self.", &format!("{CASE}.")))
            }
        };
        let (true, Some(own)) = (is_whole && self.holes.len() < MOST_HOLES, own) else {
            let mut places = Places::default();
            places.visit_expr(argument);
            for expr in places.0 {
                if let Some(node) = self.place(expr) {
                    edits.push((expr.range(), node));
                }
            }
            return;
        };
        let mut pool = vec![Piece::plain(own, Source::Built)];
        pool.extend(told);
        let of_message = self.scene.of_message(1);
        pool.extend(self.told(argument, &source));
        let mut others: Vec<Piece> = match is_literal {
            true => bent(argument, &source),
            false => vec![Piece::plain("None", Source::Invented)],
        };
        let at = others.len().min(3);
        others.splice(at..at, of_message.into_iter().take(6));
        pool.extend(others);
        if let Some(param) = param {
            pool.extend(
                self.scene
                    .pool(param, callee, &[], 1)
                    .ordered()
                    .into_iter()
                    .take(8),
            );
        }
        if let Some(node) = self.hole(name, pool) {
            edits.push((argument.range(), node));
        }
    }

    /// A part of the text with other nodes in some places, moved to the left margin.
    fn spliced(
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

/// Other values of a literal, as pieces.
fn bent(expr: &Expr, source: &str) -> Vec<Piece> {
    mutations::mutations(expr, source)
        .into_iter()
        .map(|code| Piece::plain(code, Source::Invented))
        .collect()
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

/// The outermost literals of an expression that a value could be, and stand-ins.
#[derive(Default)]
struct Places<'e>(Vec<&'e Expr>);

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
struct Fixed {
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
trait Walk {
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
