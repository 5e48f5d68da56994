//! The project's own tests and examples, bent to the failing chain: what a test passes is what the code is used with, and
//! what fails is often one value away. The statements that a call rests on come along, stand-ins for the chain go.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::examples::{Example, examples};
use super::lines;
use super::mutations;
use super::node::{Hole, Node, Template};
use super::piece::Piece;
use super::samples;
use super::scene::Scene;
use super::splice::Places;
use super::templates::{Draft, wrapped};
use super::usages::{Step, Usage, usages};
use super::values::depth;
use crate::code::{FunctionRef, Param};
use crate::generate::arguments::{Setup, Source};
use crate::generate::hypothesis::Hypothesis;
use crate::generate::{Strategy, literal};

/// Usages of one frame, and of all.
const OF_FRAME: usize = 4;
const MOST: usize = 10;
/// Places of one usage that take other values.
const MOST_HOLES: usize = 10;
/// Values of one place.
pub(super) const MOST_VALUES: usize = 26;
/// Parameters that an example does not pass.
const MOST_OPTIONS: usize = 6;

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
pub(super) struct Bend<'s, 'e, 'a> {
    pub scene: &'s Scene<'a>,
    pub example: &'e Example,
    pub setup: Setup,
    /// Lines that give what comes from outside of the example.
    pub before: Vec<Node>,
    pub holes: Vec<Hole>,
    /// Names that are there.
    pub given: BTreeSet<String>,
}

impl<'e, 'a> Bend<'_, 'e, 'a> {
    /// A step as a line, with places for its literals.
    pub fn step(&mut self, step: &Step<'e>) -> Option<Node> {
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
            self.put_places(places, &mut edits);
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

    fn put_places(&mut self, places: Places, edits: &mut Vec<(TextRange, Node)>) {
        for expr in places.0 {
            if let Some(node) = self.place(expr) {
                edits.push((expr.range(), node));
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

    pub fn hole(&mut self, name: &str, mut pool: Vec<Piece>) -> Option<Node> {
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
            ..Hole::default()
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
        self.put_places(places, &mut edits);
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
                    ..Hole::default()
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
            .map(Piece::of_hypothesis)
            .collect();
        let is_literal = mutations::is_literal(argument);
        let is_whole = is_literal || argument.is_name_expr() || !told.is_empty();
        let own = match is_literal {
            true => mutations::code(argument, &source),
            false => self.moved(argument).filter(|text| !text.contains('\n')),
        };
        let (true, Some(own)) = (is_whole && self.holes.len() < MOST_HOLES, own) else {
            let mut places = Places::default();
            places.visit_expr(argument);
            self.put_places(places, edits);
            return;
        };
        let mut pool = vec![Piece::plain(own, Source::Built)];
        pool.extend(told);
        let of_message = self.scene.of_message(1);
        pool.extend(self.told(argument, &source));
        if argument.is_string_literal_expr() {
            let formats = samples::formatted(&[name]).into_iter().take(10);
            pool.extend(formats.map(|t| Piece::plain(literal::string(t), Source::Invented)));
        }
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
}

/// Other values of a literal, as pieces.
pub(super) fn bent(expr: &Expr, source: &str) -> Vec<Piece> {
    mutations::mutations(expr, source)
        .into_iter()
        .map(|code| Piece::plain(code, Source::Invented))
        .collect()
}
