//! Calls that enter the failing chain: as the log's source lines show them, and as the code map allows them.
//!
//! What the lines do not tell (names of a file that is not there, objects) is a hole with several values.

use ruff_python_ast::{Expr, ExprCall, Operator};

use super::lines::{self, Entering};
use super::node::{Argument, Node, Template};
use super::open::{Open, RECEIVER};
use super::piece::PREPARED;
use super::scene::Scene;
use super::values::depth;
use crate::code::{FunctionRef, Param, dotted};
use crate::correlate::is_route;
use crate::generate::hypothesis::Hypothesis;
use crate::generate::{Strategy, literal};

/// A call with holes, and where it enters the chain.
pub(super) struct Draft {
    pub template: Template,
    /// Number of the project frame that it enters.
    pub frame: usize,
    /// Search, or adapt where a test or an example of the project shows the call.
    pub strategy: Strategy,
}

impl Draft {
    /// The same calls as those of another draft, but for calls before it that only exploring makes.
    pub fn is_for_exploring(&self) -> bool {
        let has_sequence = self.template.holes.iter().any(|h| h.sequence.is_some());
        // The object, and the sequence.
        has_sequence && self.template.before.len() == 2
    }
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
            let suspects = carried.get(index).map_or(&[][..], Vec::as_slice);
            if !is_again && !self.is_callable(function) {
                drafts.extend(self.decorated_call(index));
                drafts.extend(self.shown_call(index, function));
            }
            if is_again || !self.is_callable(function) {
                continue;
            }
            if let Some(template) = self.logged_call(index, function, suspects) {
                drafts.push(Draft {
                    template,
                    frame: index,
                    strategy: Strategy::Search,
                });
            }
            for template in self.mapped_calls(index, function, suspects) {
                drafts.push(Draft {
                    template,
                    frame: index,
                    strategy: Strategy::Search,
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

    /// A call that a decorator's inner function took: the line names what was decorated, which is a frame further in.
    fn decorated_call(&self, index: usize) -> Option<Draft> {
        let place = self.places.get(index)?.checked_sub(1)?;
        let inner = self.writer.frames.get(index + 1..)?.iter().take(3);
        let mut inner = inner
            .filter_map(|f| f.function)
            .filter(|f| self.is_callable(*f));
        let template = inner.find_map(|function| self.call_at(place, function, &[]))?;
        Some(Draft {
            template,
            frame: index,
            strategy: Strategy::Search,
        })
    }

    /// The call that the line shows, whatever it is named, of a function that has no name to be called by: one that a
    /// function made, such as `get_logger().info(event)`.
    fn shown_call(&self, index: usize, callee: FunctionRef<'a>) -> Option<Draft> {
        let place = self.places.get(index)?.checked_sub(1)?;
        if self.is_foreign(place) || self.function_at(place).is_some() {
            return None;
        }
        let mut open = Open::new(self, place);
        let call = self.lines[place]
            .expressions
            .iter()
            .find_map(|e| e.as_call_expr())?;
        let head = self.made_by_project(&mut open, &call.func)?;
        let params = callee.function.params.iter();
        let params: Vec<&Param> = params
            .skip_while(|p| matches!(p.name.as_str(), "self" | "cls"))
            .collect();
        let mut args = shown_arguments(&mut open, call, &params, callee, &[])?;
        for argument in args.iter_mut().filter(|a| !a.is_named) {
            // What it is called by at runtime is not known.
            argument.name = None;
        }
        let node = Node::Call {
            head: Box::new(head),
            args,
        };
        Some(Draft {
            template: open.finish(wrapped(node, callee)),
            frame: index,
            strategy: Strategy::Search,
        })
    }

    /// `get_logger().info` of a line where `get_logger` is a function of the project that needs nothing.
    fn made_by_project(&self, open: &mut Open<'_, 'a>, func: &Expr) -> Option<Node> {
        let method = func.as_attribute_expr()?;
        let name = method.attr.as_str();
        let maker = method.value.as_call_expr()?;
        if !maker.arguments.is_empty() || name.starts_with('_') || !literal::is_identifier(name) {
            return None;
        }
        let path = dotted(&maker.func).filter(|path| !path.contains('('))?;
        let (module, function) = path.rsplit_once('.')?;
        let map = self.writer.map;
        let found = map.function_named(map.module(module)?, function)?;
        if !self.is_callable(found) || found.class().is_some() {
            return None;
        }
        let maker = open.setup.import(&found.module.name, &found.function.name);
        Some(Node::Attribute(
            Box::new(Node::Code(format!("{maker}()"))),
            name.to_owned(),
        ))
    }

    /// The call that the line of the calling frame shows.
    fn logged_call(
        &self,
        index: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Template> {
        self.call_at(self.places.get(index)?.checked_sub(1)?, callee, suspects)
    }

    fn call_at(
        &self,
        place: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Template> {
        if self.is_foreign(place) {
            return None;
        }
        let is_cut = is_cut_off(self.trace[place].source_line.as_deref().unwrap_or_default());
        let mut open = Open::new(self, place);
        let is_outside = self.function_at(place).is_none();
        let node = match self.lines[place].entering(&callee)? {
            Entering::Call(call) => {
                let head = open.head(callee, &call.func)?;
                let params: Vec<&Param> = callee.function.params.iter().collect();
                let mut args = shown_arguments(&mut open, call, &params, callee, suspects)?;
                let is_passed = |args: &[Argument], param: &Param| {
                    args.iter().any(|a| a.name.as_deref() == Some(&*param.name))
                };
                // A call over several lines is cut off after the first.
                for param in params
                    .iter()
                    .filter(|p| !p.is_variadic && (is_cut || p.default.is_none()))
                {
                    if !is_passed(&args, param) {
                        let can_omit = param.default.is_some();
                        let value = open.param_hole(param, callee, suspects, Vec::new(), can_omit);
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
                let (own, other) = if is_reflected {
                    (right, left)
                } else {
                    (left, right)
                };
                let own = open.receiver(own, class)?;
                let other = open.value(other, param, callee, suspects)?;
                let (left, right) = if is_reflected {
                    (other, own)
                } else {
                    (own, other)
                };
                Node::Binary(Box::new(left), symbol(operator)?, Box::new(right))
            }
            Entering::Index(base, key) => {
                let base = open.receiver(base, callee.class()?)?;
                let key = open.value(key, callee.function.params.first(), callee, suspects)?;
                Node::Index(Box::new(base), Box::new(key))
            }
            Entering::Protocol(receiver) => {
                let object = open.receiver(receiver, callee.class()?)?;
                called(object, &callee.function.name, Vec::new(), callee.function)
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
    fn mapped_calls(
        &self,
        index: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Vec<Template> {
        let place = self.places.get(index).copied().unwrap_or_default();
        let function = callee.function;
        let is_static =
            function.has_decorator("classmethod") || function.has_decorator("staticmethod");
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
                        open.hole(RECEIVER, pool, false)
                    };
                    let Some(object) = object else { continue };
                    object
                }
                None => break,
            };
            let args = open.all_params(callee, suspects);
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
        found.extend(self.prepared_call(place, callee, suspects));
        found
    }

    /// A method of an object that other methods were called on before: `cart.add(…)`, then `cart.total()`.
    fn prepared_call(
        &self,
        place: usize,
        callee: FunctionRef<'a>,
        suspects: &[Hypothesis],
    ) -> Option<Template> {
        let class = callee.class()?;
        let function = callee.function;
        let is_static =
            function.has_decorator("classmethod") || function.has_decorator("staticmethod");
        if is_static || matches!(function.name.as_str(), "__init__" | "__new__") {
            return None;
        }
        let preparations = self.preparations(class, callee);
        let sequence = self.sequence(class, callee);
        if preparations.is_empty() && sequence.is_none() {
            return None;
        }
        let mut open = Open::new(self, place);
        let object = open.hole(RECEIVER, self.instances(class, depth()), false)?;
        let mut before = vec![Node::Parts(vec![
            Node::Code(format!("{PREPARED} = ")),
            object,
        ])];
        for pool in preparations {
            before.push(open.hole("", pool, false)?);
        }
        before.extend(sequence.map(|sequence| open.sequence(sequence)));
        let args = open.all_params(callee, suspects);
        let node = called(
            Node::Code(PREPARED.to_owned()),
            &function.name,
            args,
            function,
        );
        let mut template = open.finish(wrapped(node, callee));
        template.before = before;
        Some(template)
    }
}

/// The arguments that a line passes, each with the name of its parameter where that is known. `None` where one can not be
/// written.
fn shown_arguments<'a>(
    open: &mut Open<'_, 'a>,
    call: &ExprCall,
    params: &[&'a Param],
    callee: FunctionRef<'a>,
    suspects: &[Hypothesis],
) -> Option<Vec<Argument>> {
    let mut args = Vec::new();
    for (at, value) in call.arguments.args.iter().enumerate() {
        if value.is_starred_expr() {
            break;
        }
        let param = params
            .get(at)
            .filter(|p| !p.is_variadic && !p.is_keyword_only)
            .copied();
        args.push(Argument {
            name: param.map(|p| p.name.clone()),
            is_named: false,
            value: open.value(value, param, callee, suspects)?,
        });
    }
    for keyword in &call.arguments.keywords {
        // `**options`: what it held is as open as what is not passed.
        let Some(name) = keyword.arg.as_ref().map(ToString::to_string) else {
            continue;
        };
        if !literal::is_identifier(&name) {
            return None;
        }
        let param = params
            .iter()
            .find(|p| p.name == name && !p.is_variadic)
            .copied();
        args.push(Argument {
            value: open.value(&keyword.value, param, callee, suspects)?,
            name: Some(name),
            is_named: true,
        });
    }
    Some(args)
}

/// A line that ends within its call: `parse(`, `f(a,`.
fn is_cut_off(line: &str) -> bool {
    let opened = line.matches(['(', '[', '{']).count();
    opened > line.matches([')', ']', '}']).count()
}

/// A method by its name, or by what Python calls it for.
fn called(
    object: Node,
    method: &str,
    args: Vec<Argument>,
    function: &crate::code::Function,
) -> Node {
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
        ("__next__", []) => return around("next(", object),
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
pub(super) fn wrapped(node: Node, callee: FunctionRef) -> Node {
    let around = |before: &str, after: &str| {
        Node::Around(before.to_owned(), Box::new(node.clone()), after.to_owned())
    };
    let function = callee.function;
    if function.has_decorator("contextmanager") {
        return around("", ".__enter__()");
    }
    if function.is_async && function.is_generator {
        return around(
            "async def read():\n    return [item async for item in ",
            "]\n\nasyncio.run(read())",
        );
    }
    if function.is_async {
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
