//! A call in the making: what of a line can be written anew is written, everything else becomes a hole with the values
//! that the log, the trace and the code suggest.

use std::collections::BTreeMap;

use ruff_python_ast::Expr;

use super::calls::Sequence;
use super::lines;
use super::node::{Argument, Hole, Node, Template};
use super::piece::{Piece, merge};
use super::rebuild::Rebuild;
use super::scene::Scene;
use super::values::depth;
use crate::code::{ClassRef, FunctionRef, Param};
use crate::generate::arguments::{Setup, Source};
use crate::generate::hypothesis::Hypothesis;
use crate::generate::literal;

/// What the place of the object is called that a method is called on.
pub(super) const RECEIVER: &str = "self";
/// How many values of another place are worth one of a constructor's.
pub(super) const OF_CONSTRUCTOR: usize = 3;

/// A template in the making.
pub(super) struct Open<'s, 'a> {
    scene: &'s Scene<'a>,
    /// Where the line stands.
    place: usize,
    pub setup: Setup,
    holes: Vec<Hole>,
    named: BTreeMap<String, usize>,
    /// Something of the line itself is in it.
    pub is_telling: bool,
}

impl<'s, 'a> Open<'s, 'a> {
    pub fn new(scene: &'s Scene<'a>, place: usize) -> Open<'s, 'a> {
        Open {
            scene,
            place,
            setup: Setup::default(),
            holes: Vec::new(),
            named: BTreeMap::new(),
            is_telling: false,
        }
    }

    pub fn finish(self, node: Node) -> Template {
        Template {
            before: Vec::new(),
            node,
            setup: self.setup,
            holes: self.holes,
        }
    }

    pub fn hole(&mut self, name: &str, pool: Vec<Piece>, can_omit: bool) -> Option<Node> {
        if pool.is_empty() && !can_omit {
            return None;
        }
        self.holes.push(Hole {
            name: name.to_owned(),
            pool,
            can_omit,
            stride: 1,
            ..Hole::default()
        });
        Some(Node::Hole(self.holes.len() - 1))
    }

    /// A place for calls on the prepared object: none at first.
    pub fn sequence(&mut self, sequence: Sequence) -> Node {
        self.holes.push(Hole {
            pool: vec![Piece::plain("", Source::Built)],
            stride: 1,
            sequence: Some(Box::new(sequence)),
            ..Hole::default()
        });
        Node::Hole(self.holes.len() - 1)
    }

    /// A hole for a parameter: what the log says first, then what the code says.
    pub fn param_hole(
        &mut self,
        param: &Param,
        owner: FunctionRef<'a>,
        suspects: &[Hypothesis],
        known: Vec<Piece>,
        can_omit: bool,
    ) -> Node {
        let mut pool = known;
        if pool.is_empty() {
            pool = self.scene.logged_as(&param.name);
        }
        let has_known = !pool.is_empty();
        let others = self.scene.pool(param, owner, suspects, depth()).ordered();
        let logged = self.scene.logged_values();
        // Objects made of what the log shows.
        let mut classes: Vec<ClassRef> = param
            .annotation
            .as_deref()
            .and_then(|a| self.scene.writer.map.class_named(owner.module, a))
            .into_iter()
            .collect();
        classes.extend(self.scene.hinted(owner, &param.name));
        // `a + b`, `a == b`: mostly two of a kind.
        if owner.function.name.starts_with("__")
            && lines::operator_of(&owner.function.name).is_some()
        {
            classes.extend(owner.class());
        }
        let is_certain = !classes.is_empty();
        if classes.is_empty() {
            let attributes = self.scene.attributes_of(owner, &param.name, 2);
            classes.extend(self.scene.classes_with(&attributes));
        }
        let is_object = |p: &&Piece| is_object(&p.code);
        let (head, tail) = others.split_at(others.len().min(if has_known { 0 } else { 8 }));
        // What the log shows may be what an object was made of.
        let made_of_known: Vec<Piece> = classes
            .iter()
            .take(2)
            .flat_map(|c| self.made_of(*c, &pool))
            .collect();
        let made: Vec<Piece> = classes
            .iter()
            .take(2)
            .flat_map(|c| self.made_of(*c, &logged))
            .collect();
        if is_certain {
            pool.splice(0..0, made_of_known);
            pool.extend(head.iter().cloned());
        } else {
            pool.extend(head.iter().cloned());
            pool.extend(made_of_known);
        }
        pool.extend(tail.iter().filter(is_object).take(3).cloned());
        pool.extend(made);
        pool.extend(logged);
        pool.extend(tail.iter().cloned());
        let pool = mixed(pool);
        self.holes.push(Hole {
            name: param.name.clone(),
            pool,
            can_omit,
            stride: 1,
            ..Hole::default()
        });
        Node::Hole(self.holes.len() - 1)
    }

    /// A hole for each parameter; what has a default can be left out.
    pub fn all_params(
        &mut self,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Vec<Argument> {
        let params = callee.function.params.iter().filter(|p| !p.is_variadic);
        params
            .map(|param| Argument {
                value: self.param_hole(
                    param,
                    callee,
                    suspects,
                    Vec::new(),
                    param.default.is_some(),
                ),
                name: Some(param.name.clone()),
                is_named: param.is_keyword_only,
            })
            .collect()
    }

    /// `PageRange(":5")` of each value, for a class that takes one.
    fn made_of(&self, class: ClassRef<'a>, values: &[Piece]) -> Vec<Piece> {
        let Some(init) = self.scene.writer.map.method(class, "__init__") else {
            return Vec::new();
        };
        let takes_one = init
            .function
            .params
            .first()
            .is_some_and(|p| !p.is_keyword_only)
            && init.function.required_params().count() <= 1;
        if !takes_one || !literal::is_dotted(&class.module.name) {
            return Vec::new();
        }
        values
            .iter()
            .take(10)
            .map(|value| {
                let mut setup = value.setup.clone();
                let name = setup.import(&class.module.name, &class.class.name);
                Piece {
                    code: format!("{name}({})", value.code),
                    setup,
                }
            })
            .collect()
    }

    /// The value of an argument: the line's own expression, else a hole.
    pub fn value(
        &mut self,
        expr: &Expr,
        param: Option<&Param>,
        owner: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Node> {
        let is_bare = matches!(expr, Expr::Name(_));
        if !is_bare && let Some(node) = self.rebuilt(expr) {
            return Some(node);
        }
        if is_bare && let Some(piece) = self.scene.closed(expr, self.scene.module_at(self.place)) {
            self.is_telling = true;
            merge(&mut self.setup, &piece.setup);
            return Some(Node::Code(piece.code));
        }
        let mut known = Vec::new();
        if let Expr::Name(name) = expr {
            known.extend(self.scene.bound(name.id.as_str(), self.place, 4));
            known.extend(self.scene.logged_as(name.id.as_str()));
        }
        if let Expr::Name(name) = expr
            && let Some(number) = self.named.get(name.id.as_str())
        {
            return Some(Node::Hole(*number));
        }
        let node = match param {
            Some(param) => Some(self.param_hole(param, owner, suspects, known, false)),
            None => {
                let mut pool = known;
                pool.extend(self.scene.logged_values());
                pool.extend(self.scene.of_message(1));
                pool.push(Piece::plain("None", Source::Invented));
                let name = lines::last_name(expr).unwrap_or("value").to_owned();
                self.hole(&name, pool, false)
            }
        };
        if let (Expr::Name(name), Some(Node::Hole(number))) = (expr, &node) {
            self.named.insert(name.id.to_string(), *number);
        }
        node
    }

    /// An expression of the line with holes for the names that are bound there.
    fn rebuilt(&mut self, expr: &Expr) -> Option<Node> {
        let Open {
            scene,
            place,
            setup,
            holes,
            named,
            is_telling,
        } = self;
        let module = scene.module_at(*place);
        let before = (setup.clone(), holes.len());
        let node = {
            let mut unknown = |name: &str| {
                if let Some(number) = named.get(name) {
                    return Some(Node::Hole(*number));
                }
                let mut pool = scene.bound(name, *place, 4);
                if pool.is_empty() {
                    return None;
                }
                let mut seen = std::collections::BTreeSet::new();
                pool.retain(|p| seen.insert(p.code.clone()));
                holes.push(Hole {
                    name: name.to_owned(),
                    pool,
                    can_omit: false,
                    stride: 1,
                    ..Hole::default()
                });
                named.insert(name.to_owned(), holes.len() - 1);
                Some(Node::Hole(holes.len() - 1))
            };
            let mut local = Setup::default();
            let node = Rebuild::new(
                scene.writer.map,
                module,
                &scene.near,
                &mut local,
                &mut unknown,
            )
            .expression(expr);
            local.used(Source::Known);
            merge(setup, &local);
            node
        };
        *is_telling |= node.is_some();
        if node.is_none() {
            *setup = before.0;
            holes.truncate(before.1);
            named.retain(|_, number| *number < before.1);
        }
        node
    }

    /// What the call is made on, by the class that the frame shows.
    pub fn receiver(&mut self, expr: &Expr, class: ClassRef<'a>) -> Option<Node> {
        let is_self = matches!(expr, Expr::Name(n) if matches!(n.id.as_str(), "self" | "cls"));
        if !is_self
            && !matches!(expr, Expr::Name(_))
            && let Some(node) = self.rebuilt(expr)
        {
            return Some(node);
        }
        if let Expr::Name(name) = expr
            && let Some(number) = self.named.get(name.id.as_str())
        {
            return Some(Node::Hole(*number));
        }
        let mut pool = Vec::new();
        if let Expr::Name(name) = expr
            && !is_self
        {
            let bound = self.scene.bound(name.id.as_str(), self.place, 4);
            let (own, other): (Vec<Piece>, Vec<Piece>) = bound
                .into_iter()
                .partition(|p| p.code.starts_with(|c: char| c.is_ascii_uppercase()));
            pool.extend(own);
            pool.extend(self.made_of(class, &other));
        }
        pool.extend(self.scene.instances(class, depth()));
        pool.extend(self.made_of(class, &self.scene.logged_values()));
        let mut seen = std::collections::BTreeSet::new();
        pool.retain(|p| seen.insert(p.code.clone()));
        let node = self.hole(RECEIVER, pool, false);
        if let (Expr::Name(name), Some(Node::Hole(number))) = (expr, &node) {
            self.named.insert(name.id.to_string(), *number);
        }
        node
    }

    /// What is called: a function, a class, a method of an object.
    pub fn head(&mut self, callee: FunctionRef<'a>, func: &Expr) -> Option<Node> {
        let function = callee.function;
        let Some(class) = callee.class() else {
            return function
                .class
                .is_none()
                .then(|| Node::Code(self.setup.import(&callee.module.name, &function.name)));
        };
        let written = lines::last_name(func);
        let class_node = |setup: &mut Setup, name: Option<&str>| {
            // A class that inherits what was entered.
            let inherits = name.and_then(|name| {
                let near = self
                    .scene
                    .near
                    .iter()
                    .find_map(|m| self.scene.writer.map.class_named(m, name));
                near.filter(|c| {
                    self.scene
                        .writer
                        .map
                        .method(*c, &function.name)
                        .is_some_and(|m| m.is(&callee))
                })
            });
            let class = inherits.unwrap_or(class);
            Node::Code(setup.import(&class.module.name, &class.class.name))
        };
        if function.name == "__init__" || function.name == "__new__" {
            return Some(class_node(&mut self.setup, written));
        }
        if function.has_decorator("classmethod") || function.has_decorator("staticmethod") {
            let base = match func {
                Expr::Attribute(attribute) => lines::last_name(&attribute.value),
                _ => None,
            };
            let head = class_node(&mut self.setup, base);
            return Some(Node::Attribute(Box::new(head), function.name.clone()));
        }
        if function.name == "__call__" {
            return self.receiver(func, class);
        }
        match func {
            Expr::Attribute(attribute) => {
                let object = self.receiver(&attribute.value, class)?;
                Some(Node::Attribute(Box::new(object), function.name.clone()))
            }
            _ => None,
        }
    }

    /// A constructor call with holes for what it needs.
    pub fn constructor(&mut self, class: ClassRef<'a>) -> Option<Node> {
        let name = self.setup.import(&class.module.name, &class.class.name);
        let mut args = Vec::new();
        for (param, owner) in self.scene.needs(class) {
            let value = match owner {
                Some(owner) => {
                    let node = self.param_hole(&param, owner, &[], Vec::new(), false);
                    // The object matters less than what it is asked.
                    if let Some(hole) = self.holes.last_mut() {
                        hole.stride = OF_CONSTRUCTOR;
                    }
                    node
                }
                None => self.hole(
                    &param.name,
                    vec![Piece::plain("\"example\"", Source::Invented)],
                    false,
                )?,
            };
            args.push(Argument {
                name: Some(param.name.clone()),
                is_named: param.is_keyword_only || param.default.is_some(),
                value,
            });
        }
        Some(Node::Call {
            head: Box::new(Node::Code(name)),
            args,
        })
    }
}

/// `Graph()`, no `None` and no text.
fn is_object(code: &str) -> bool {
    code.starts_with(|c: char| c.is_ascii_uppercase()) && !matches!(code, "None" | "True" | "False")
}

/// The first value, then values of each kind in turn: what one list dies of, the next list mostly dies of too.
fn mixed(pool: Vec<Piece>) -> Vec<Piece> {
    let mut seen = std::collections::BTreeSet::new();
    let mut kinds: Vec<(char, Vec<Piece>)> = Vec::new();
    let mut mixed = Vec::new();
    for piece in pool {
        if !seen.insert(piece.code.clone()) {
            continue;
        }
        let first = piece.code.chars().next().unwrap_or(' ');
        let kind = match first {
            '0'..='9' | '-' => '1',
            'A'..='Z' if !is_object(&piece.code) => first,
            'A'..='Z' => 'A',
            // Texts and containers by what opens them, empty ones apart.
            '"' | '[' | '{' | '(' if piece.code.len() == 2 => '0',
            other => other,
        };
        if mixed.is_empty() {
            mixed.push(piece);
            continue;
        }
        match kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, pieces)) => pieces.push(piece),
            None => kinds.push((kind, vec![piece])),
        }
    }
    // One text says little about the next: there are more of them.
    let mut queues: Vec<_> = kinds
        .into_iter()
        .map(|(kind, pieces)| (if kind == '"' { 3 } else { 1 }, pieces.into_iter()))
        .collect();
    loop {
        let before = mixed.len();
        for (turn, queue) in &mut queues {
            mixed.extend(queue.take(*turn));
        }
        if mixed.len() == before {
            return mixed;
        }
    }
}
