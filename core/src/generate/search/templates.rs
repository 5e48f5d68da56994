//! Calls that enter the failing chain: as the log's source lines show them, and as the code map allows them.
//!
//! What the lines do not tell (names of a file that is not there, objects) is a hole with several values.

use std::collections::BTreeMap;

use ruff_python_ast::{Expr, Operator};

use super::lines::{self, Entering};
use super::node::{Argument, Hole, Node, Piece, Template, merge};
use super::rebuild::Rebuild;
use super::scene::Scene;
use super::values::depth;
use crate::code::{ClassRef, FunctionRef, Module, Param};
use crate::correlate::is_route;
use crate::generate::arguments::{Setup, Source};
use crate::generate::hypothesis::Hypothesis;
use crate::generate::literal;

/// A call with holes, and where it enters the chain.
pub(super) struct Draft {
    pub template: Template,
    /// Number of the project frame that it enters.
    pub frame: usize,
}

/// Frames from the outside and from the inside that are tried; those between add nothing but time.
const OUTER: usize = 3;
const INNER: usize = 4;

impl<'a> Scene<'a> {
    /// The calls, the outermost first.
    pub fn drafts(&self, carried: &[Vec<Hypothesis>]) -> Vec<Draft> {
        let frames = self.writer.frames.len();
        let mut drafts = Vec::new();
        for index in 0..frames {
            if index >= OUTER && index + INNER < frames {
                continue;
            }
            let Some(function) = self.writer.frames[index].function else {
                continue;
            };
            // A recursive function is called once.
            let is_again = self.writer.frames[..index]
                .iter()
                .any(|f| f.function.is_some_and(|f| f.is(&function)));
            if is_again || !self.is_callable(function) {
                continue;
            }
            let suspects = carried.get(index).map_or(&[][..], Vec::as_slice);
            if let Some(template) = self.from_line(index, function, suspects) {
                drafts.push(Draft {
                    template,
                    frame: index,
                });
            }
            for template in self.from_map(index, function, suspects) {
                drafts.push(Draft {
                    template,
                    frame: index,
                });
            }
        }
        drafts
    }

    fn is_callable(&self, target: FunctionRef) -> bool {
        let function = target.function;
        let is_class_safe = function.class.as_deref().is_none_or(literal::is_identifier);
        !function.is_nested
            && !is_route(function)
            && !function.has_decorator("fixture")
            && literal::is_dotted(&target.module.name)
            && literal::is_identifier(&function.name)
            && is_class_safe
    }

    /// The call that the line of the calling frame shows.
    fn from_line(
        &self,
        index: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Template> {
        let place = self.places.get(index)?.checked_sub(1)?;
        if self.is_foreign(place) {
            return None;
        }
        let mut open = Open::new(self, place);
        let is_outside = self.function_at(place).is_none();
        let node = match self.lines[place].entering(&callee)? {
            Entering::Call(call) => {
                let head = open.head(callee, &call.func)?;
                let params: Vec<&Param> = callee.function.params.iter().collect();
                let mut args = Vec::new();
                let mut passed: Vec<&str> = Vec::new();
                for (at, value) in call.arguments.args.iter().enumerate() {
                    if value.is_starred_expr() {
                        return None;
                    }
                    let param = params.get(at).filter(|p| !p.is_variadic && !p.is_keyword_only).copied();
                    passed.extend(param.map(|p| p.name.as_str()));
                    args.push(Argument {
                        name: param.map(|p| p.name.clone()),
                        is_named: false,
                        value: open.value(value, param, callee, suspects)?,
                    });
                }
                for keyword in &call.arguments.keywords {
                    let name = keyword.arg.as_ref()?.to_string();
                    if !literal::is_identifier(&name) {
                        return None;
                    }
                    let param = params.iter().find(|p| p.name == name && !p.is_variadic).copied();
                    passed.extend(param.map(|p| p.name.as_str()));
                    args.push(Argument {
                        value: open.value(&keyword.value, param, callee, suspects)?,
                        name: Some(name),
                        is_named: true,
                    });
                }
                // A call over several lines is cut off after the first.
                for param in callee.function.required_params() {
                    if !passed.contains(&param.name.as_str()) {
                        let value = open.param_hole(param, callee, suspects, Vec::new(), false);
                        args.push(Argument {
                            name: Some(param.name.clone()),
                            is_named: true,
                            value,
                        });
                    }
                }
                Node::Call {
                    head: Box::new(head),
                    args,
                }
            }
            Entering::Binary(left, operator, right) => {
                let is_reflected = callee.function.name.starts_with("__r");
                let class = callee.class()?;
                let param = callee.function.params.first();
                let (own, other) = if is_reflected { (right, left) } else { (left, right) };
                let own = open.receiver(own, class)?;
                let other = open.value(other, param, callee, suspects)?;
                let (left, right) = if is_reflected { (other, own) } else { (own, other) };
                Node::Binary(Box::new(left), symbol(operator)?, Box::new(right))
            }
            Entering::Index(base, key) => {
                let base = open.receiver(base, callee.class()?)?;
                let key = open.value(key, callee.function.params.first(), callee, suspects)?;
                Node::Index(Box::new(base), Box::new(key))
            }
            Entering::Attribute(attribute) => {
                let base = open.receiver(&attribute.value, callee.class()?)?;
                Node::Attribute(Box::new(base), callee.function.name.clone())
            }
        };
        // Of a line of the project that names only what came in, the code map knows as much.
        (is_outside || open.is_telling).then(|| open.finish(wrapped(node, callee)))
    }

    /// The call as the code map allows it, in one or two manners.
    fn from_map(
        &self,
        index: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Vec<Template> {
        let place = self.places.get(index).copied().unwrap_or_default();
        let function = callee.function;
        let is_static = function.has_decorator("classmethod") || function.has_decorator("staticmethod");
        let mut found = Vec::new();
        for manner in 0..2 {
            let mut open = Open::new(self, place);
            let head = match callee.class() {
                None if manner == 0 && function.class.is_none() => {
                    Node::Code(open.setup.import(&callee.module.name, &function.name))
                }
                Some(class) if is_static || function.name == "__init__" => {
                    if manner > 0 {
                        break;
                    }
                    let name = Node::Code(open.setup.import(&class.module.name, &class.class.name));
                    match function.name.as_str() {
                        "__init__" => name,
                        method => Node::Attribute(Box::new(name), method.to_owned()),
                    }
                }
                Some(class) => {
                    let object = if manner == 0 && !class.is_abstract() {
                        open.constructor(class)
                    } else {
                        let mut pool = self.instances(class, depth());
                        if manner > 0 {
                            // The constructor was the first manner.
                            let made = format!("{}(", class.class.name);
                            pool.retain(|p| !p.code.starts_with(&made));
                        }
                        if pool.is_empty() {
                            break;
                        }
                        open.hole("self", pool, false)
                    };
                    let Some(object) = object else { continue };
                    object
                }
                None => break,
            };
            let mut args = Vec::new();
            for param in function.params.iter().filter(|p| !p.is_variadic) {
                let value = open.param_hole(param, callee, suspects, Vec::new(), param.default.is_some());
                args.push(Argument {
                    name: Some(param.name.clone()),
                    is_named: param.is_keyword_only,
                    value,
                });
            }
            let is_method = callee.class().is_some() && !is_static && function.name != "__init__";
            let node = if is_method {
                called(head, &function.name, args, function)
            } else {
                Node::Call {
                    head: Box::new(head),
                    args,
                }
            };
            found.push(open.finish(wrapped(node, callee)));
        }
        found
    }

    /// Values that a name can have where a line of the trace stands: what the frame outside of it passed.
    pub fn bound(&self, name: &str, place: usize, depth: usize) -> Vec<Piece> {
        let Some(depth) = depth.checked_sub(1) else {
            return Vec::new();
        };
        let function = self.function_at(place);
        if let Some(function) = function {
            let assigned = function
                .function
                .assignments
                .iter()
                .rev()
                .find(|a| a.target == name && !a.is_member)
                .and_then(|a| super::rebuild::assigned_text(&a.value));
            if let Some(text) = assigned
                && let Some(expr) = lines::expression(&text)
                && let Some(piece) = self.closed(&expr, Some(function.module))
            {
                return vec![piece];
            }
        }
        let Some(outer) = place.checked_sub(1).filter(|o| !self.is_foreign(*o)) else {
            return Vec::new();
        };
        let own = self.trace[place].function.as_deref().unwrap_or_default();
        let own = own.rsplit('.').next().unwrap_or(own);
        let Some(call) = self.lines[outer].call_named(own) else {
            return Vec::new();
        };
        let keyword = call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|a| a.as_str() == name));
        if let Some(keyword) = keyword {
            return self.with_members(&keyword.value, outer, depth);
        }
        let args = &call.arguments.args;
        let mut order: Vec<usize> = (0..args.len()).collect();
        let at = match function {
            Some(function) => match function.function.params.iter().position(|p| p.name == name) {
                Some(at) => Some(at),
                // Not a parameter of a function that is known: bound in its body.
                None => return Vec::new(),
            },
            None => self.free_names(place).iter().position(|n| n == name),
        };
        if let Some(at) = at {
            if function.is_some() {
                order.retain(|o| *o == at);
            } else {
                order.sort_by_key(|o| *o != at);
            }
        }
        let mut found: Vec<Piece> = Vec::new();
        for at in order {
            found.extend(self.with_members(&args[at], outer, depth));
        }
        found
    }

    /// An expression, and the members of a container, the last first: loops die at one of them.
    fn with_members(&self, expr: &Expr, place: usize, depth: usize) -> Vec<Piece> {
        let mut found = Vec::new();
        let mut add = |expr: &Expr| found.extend(self.known(expr, place, depth));
        add(expr);
        let members: &[Expr] = match expr {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::Set(set) => &set.elts,
            _ => &[],
        };
        members.iter().rev().take(12).for_each(add);
        if let Expr::Name(name) = expr
            && found.is_empty()
        {
            found = self.bound(name.id.as_str(), place, depth);
        }
        found
    }

    /// An expression with what is bound outside put in.
    fn known(&self, expr: &Expr, place: usize, depth: usize) -> Option<Piece> {
        let mut setup = Setup::default();
        let mut needed = Setup::default();
        let module = self.module_at(place);
        let node = {
            let mut unknown = |name: &str| {
                let piece = self.bound(name, place, depth).into_iter().next()?;
                merge(&mut needed, &piece.setup);
                Some(Node::Code(piece.code))
            };
            Rebuild::new(self.writer.map, module, &self.near, &mut setup, &mut unknown).expression(expr)?
        };
        merge(&mut setup, &needed);
        setup.used(Source::Known);
        let template = Template {
            node,
            setup,
            holes: Vec::new(),
        };
        template.fill(&[])
    }

    fn module_at(&self, place: usize) -> Option<&'a Module> {
        let index = self.places.iter().position(|p| *p == place)?;
        Some(self.writer.frames[index].module)
    }

    /// Names of a line that mean nothing at module level, in order.
    fn free_names(&self, place: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let callees: Vec<&Expr> = self.lines[place]
            .expressions
            .iter()
            .filter_map(|e| e.as_call_expr().map(|c| &*c.func))
            .collect();
        for expr in &self.lines[place].expressions {
            let Expr::Name(name) = expr else { continue };
            let name = name.id.as_str();
            let is_called = callees.iter().any(|c| matches!(c, Expr::Name(n) if n.id.as_str() == name));
            let is_stored = matches!(expr, Expr::Name(n) if n.ctx.is_store());
            if !is_called && !is_stored && self.closed(expr, None).is_none() && !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        // `nx.relabel_nodes(g, mapping)`: what the call is made on is often a module.
        let parameters: Vec<String> = names.iter().filter(|n| !self.is_module_alias(n, place)).cloned().collect();
        parameters
    }

    fn is_module_alias(&self, name: &str, place: usize) -> bool {
        let entered = self.function_at(place + 1);
        self.lines[place].expressions.iter().any(|e| {
            matches!(e, Expr::Attribute(a) if matches!(&*a.value, Expr::Name(n) if n.id.as_str() == name)
                && entered.is_some_and(|f| f.function.class.is_none() && f.function.name == a.attr.as_str()))
        })
    }

    /// Literals of the lines of files that are not in the project, and values that the log's text names.
    pub fn logged_values(&self) -> Vec<Piece> {
        self.logged.get_or_init(|| self.read_logged_values()).clone()
    }

    fn read_logged_values(&self) -> Vec<Piece> {
        let mut found: Vec<Piece> = Vec::new();
        for place in (0..self.trace.len()).rev() {
            if self.is_foreign(place) || self.function_at(place).is_some() {
                continue;
            }
            for expr in &self.lines[place].expressions {
                let Some(call) = expr.as_call_expr() else { continue };
                let values = call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|k| &k.value));
                for value in values {
                    if !matches!(value, Expr::Name(_) | Expr::Attribute(_)) {
                        found.extend(self.with_members(value, place, 3));
                    }
                }
            }
        }
        let message = self.writer.failure.log_message.as_deref().unwrap_or_default();
        for text in super::nearby::words_of(message, self.surroundings) {
            let mut piece = Piece::plain(literal::string(&text), Source::Known);
            piece.setup.used(Source::Inferred);
            found.push(piece);
        }
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|p| !matches!(p.code.as_str(), "None" | "True" | "False") && p.code.len() < 400 && seen.insert(p.code.clone()));
        found.truncate(24);
        found
    }
}

/// A template in the making.
struct Open<'s, 'a> {
    scene: &'s Scene<'a>,
    /// Where the line stands.
    place: usize,
    setup: Setup,
    holes: Vec<Hole>,
    named: BTreeMap<String, usize>,
    /// Something of the line itself is in it.
    is_telling: bool,
}

impl<'s, 'a> Open<'s, 'a> {
    fn new(scene: &'s Scene<'a>, place: usize) -> Open<'s, 'a> {
        Open {
            scene,
            place,
            setup: Setup::default(),
            holes: Vec::new(),
            named: BTreeMap::new(),
            is_telling: false,
        }
    }

    fn finish(self, node: Node) -> Template {
        Template {
            node,
            setup: self.setup,
            holes: self.holes,
        }
    }

    fn hole(&mut self, name: &str, pool: Vec<Piece>, can_omit: bool) -> Option<Node> {
        if pool.is_empty() && !can_omit {
            return None;
        }
        self.holes.push(Hole {
            name: name.to_owned(),
            pool,
            can_omit,
            stride: 1,
        });
        Some(Node::Hole(self.holes.len() - 1))
    }

    /// A hole for a parameter: what the log says first, then what the code says.
    fn param_hole(
        &mut self,
        param: &Param,
        owner: FunctionRef<'a>,
        suspects: &[Hypothesis],
        known: Vec<Piece>,
        can_omit: bool,
    ) -> Node {
        let mut pool = known;
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
        if owner.function.name.starts_with("__") && lines::operator_of(&owner.function.name).is_some() {
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
        let made_of_known: Vec<Piece> = classes.iter().take(2).flat_map(|c| self.made_of(*c, &pool)).collect();
        let made: Vec<Piece> = classes.iter().take(2).flat_map(|c| self.made_of(*c, &logged)).collect();
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
        });
        Node::Hole(self.holes.len() - 1)
    }

    /// `PageRange(":5")` of each value, for a class that takes one.
    fn made_of(&self, class: ClassRef<'a>, values: &[Piece]) -> Vec<Piece> {
        let Some(init) = self.scene.writer.map.method(class, "__init__") else {
            return Vec::new();
        };
        let takes_one = init.function.params.first().is_some_and(|p| !p.is_keyword_only)
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
    fn value(
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
        if is_bare
            && let Some(piece) = self.scene.closed(expr, self.scene.module_at(self.place))
        {
            self.is_telling = true;
            merge(&mut self.setup, &piece.setup);
            return Some(Node::Code(piece.code));
        }
        let known = match expr {
            Expr::Name(name) => self.scene.bound(name.id.as_str(), self.place, 4),
            _ => Vec::new(),
        };
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
                });
                named.insert(name.to_owned(), holes.len() - 1);
                Some(Node::Hole(holes.len() - 1))
            };
            let mut local = Setup::default();
            let node = Rebuild::new(scene.writer.map, module, &scene.near, &mut local, &mut unknown).expression(expr);
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
    fn receiver(&mut self, expr: &Expr, class: ClassRef<'a>) -> Option<Node> {
        let is_self = matches!(expr, Expr::Name(n) if matches!(n.id.as_str(), "self" | "cls"));
        if !is_self && !matches!(expr, Expr::Name(_)) && let Some(node) = self.rebuilt(expr) {
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
            let (own, other): (Vec<Piece>, Vec<Piece>) =
                bound.into_iter().partition(|p| p.code.starts_with(|c: char| c.is_ascii_uppercase()));
            pool.extend(own);
            pool.extend(self.made_of(class, &other));
        }
        pool.extend(self.scene.instances(class, depth()));
        pool.extend(self.made_of(class, &self.scene.logged_values()));
        let mut seen = std::collections::BTreeSet::new();
        pool.retain(|p| seen.insert(p.code.clone()));
        let node = self.hole("self", pool, false);
        if let (Expr::Name(name), Some(Node::Hole(number))) = (expr, &node) {
            self.named.insert(name.id.to_string(), *number);
        }
        node
    }

    /// What is called: a function, a class, a method of an object.
    fn head(&mut self, callee: FunctionRef<'a>, func: &Expr) -> Option<Node> {
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
                let near = self.scene.near.iter().find_map(|m| self.scene.writer.map.class_named(m, name));
                near.filter(|c| {
                    self.scene.writer.map.method(*c, &function.name).is_some_and(|m| m.is(&callee))
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
    fn constructor(&mut self, class: ClassRef<'a>) -> Option<Node> {
        let name = self.setup.import(&class.module.name, &class.class.name);
        let mut args = Vec::new();
        for (param, owner) in self.scene.needs(class) {
            let value = match owner {
                Some(owner) => {
                    let node = self.param_hole(&param, owner, &[], Vec::new(), false);
                    // The object matters less than what it is asked.
                    if let Some(hole) = self.holes.last_mut() {
                        hole.stride = 3;
                    }
                    node
                }
                None => self.hole(&param.name, vec![Piece::plain("\"example\"", Source::Invented)], false)?,
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
    let mut queues: Vec<_> = kinds.into_iter().map(|(_, pieces)| pieces.into_iter()).collect();
    loop {
        let before = mixed.len();
        mixed.extend(queues.iter_mut().filter_map(Iterator::next));
        if mixed.len() == before {
            return mixed;
        }
    }
}

/// A method by its name, or by what Python calls it for.
fn called(object: Node, method: &str, args: Vec<Argument>, function: &crate::code::Function) -> Node {
    let object = Box::new(object);
    let around = |before: &str, object| Node::Around(before.to_owned(), object, ")".to_owned());
    if function.has_decorator("property") || function.has_decorator("cached_property") {
        return Node::Attribute(object, method.to_owned());
    }
    match (method, args.as_slice()) {
        ("__len__", []) => return around("len(", object),
        ("__str__", []) => return around("str(", object),
        ("__repr__", []) => return around("repr(", object),
        ("__iter__", []) => return around("list(", object),
        ("__hash__", []) => return around("hash(", object),
        ("__bool__", []) => return around("bool(", object),
        ("__call__", _) => return Node::Call { head: object, args },
        ("__getitem__", [one]) => return Node::Index(object, Box::new(one.value.clone())),
        ("__contains__", [one]) => {
            return Node::Joined(Box::new(one.value.clone()), " in ".to_owned(), object);
        }
        ("__eq__" | "__lt__" | "__gt__" | "__le__" | "__ge__" | "__ne__", [one]) => {
            let sign = match method {
                "__eq__" => " == ",
                "__lt__" => " < ",
                "__gt__" => " > ",
                "__le__" => " <= ",
                "__ge__" => " >= ",
                _ => " != ",
            };
            return Node::Joined(object, sign.to_owned(), Box::new(one.value.clone()));
        }
        (name, [one]) if name.starts_with("__") => {
            if let Some(symbol) = lines::operator_of(name).and_then(symbol) {
                let other = Box::new(one.value.clone());
                let is_reflected = name.starts_with("__r");
                return match is_reflected {
                    true => Node::Binary(other, symbol, object),
                    false => Node::Binary(object, symbol, other),
                };
            }
        }
        _ => {}
    }
    Node::Call {
        head: Box::new(Node::Attribute(object, method.to_owned())),
        args,
    }
}

/// What makes the body run: a coroutine is awaited, a generator is read.
fn wrapped(node: Node, callee: FunctionRef) -> Node {
    let around = |before: &str, after: &str| Node::Around(before.to_owned(), Box::new(node.clone()), after.to_owned());
    let function = callee.function;
    if function.has_decorator("contextmanager") {
        return around("", ".__enter__()");
    }
    if function.is_async && !function.is_generator {
        return around("asyncio.run(", ")");
    }
    if function.is_generator && !function.is_async && function.name != "__iter__" {
        return around("list(", ")");
    }
    node
}

fn symbol(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mult => "*",
        Operator::Div => "/",
        Operator::FloorDiv => "//",
        Operator::Mod => "%",
        Operator::BitOr => "|",
        Operator::BitAnd => "&",
        Operator::BitXor => "^",
        _ => return None,
    })
}
