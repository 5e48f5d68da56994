//! One captured call as a test: the receiver, the arguments, the call as a person would write it, and what counts as
//! an answer.

use std::collections::BTreeSet;

use super::anew::is_called_otherwise;
use super::build::Builder;
use super::layout::Code;
use super::manner::{Change, Cut, Manner, Rows};
use super::mapped;
use super::objects::{class_of, excludes_none};
use super::results::option;
use super::{Given, Made, Recipe};
use crate::capture::{
    Argument, ArgumentKind, CapturedFrame, FunctionKind, Name, ObjectKind, Value,
};
use crate::code::{Function, FunctionRef};
use crate::correlate::{is_route, project_frames, snake_case};
use crate::generate::arguments::Source;
use crate::generate::strategies::Writer;
use crate::generate::{Plan, Strategy, literal};

impl<'a> Writer<'a> {
    /// A test that makes a captured call again.
    pub(super) fn captured_call(
        &self,
        frame: &'a CapturedFrame,
        index: usize,
        manner: Manner,
        given: &Given<'a>,
        change: &Change,
    ) -> Option<Plan> {
        let target = self.frames[index].function?;
        let function = target.function;
        let named = Named::of(frame, target)?;
        // A view is called through its application, a fixture by pytest.
        let is_view =
            is_route(function) && function.class.is_none() && function.has_decorator("route");
        if is_view || function.has_decorator("fixture") {
            return None;
        }
        let module = self.module_of(frame, target)?;
        let layer = self.layer_from(index);
        let mut plan =
            self.call_plan(function, index, layer, &named.name, named.class.as_deref())?;
        let swallows = plan.strategy == Strategy::Contract;
        let mut roots: Vec<&Value> = frame.arguments.iter().map(|a| &a.value).collect();
        if manner.rows == Rows::All {
            // An instance that the call is given and its session holds is one.
            roots.extend(mapped::rows(&given.known));
        }
        if manner.holds {
            roots.extend(given.captured.state.iter().map(|held| &held.value));
        }
        roots.extend(self.returned_values(given.captured, change));
        let mut builder = Builder::new(self.map, manner, given.known.clone(), &roots);
        builder.request = given.captured.request.as_ref();
        builder.cut(&change.cuts);
        for reserved in [
            "self", "caplog", "result", "response", "suppress", "asyncio",
        ] {
            builder.reserve(reserved);
        }
        builder.reserve_for_rows();
        builder.setup.used(Source::Known);
        self.answer(&mut builder, given.captured, change)?;
        plan.answers = change.answers.len();
        if manner.holds && !builder.hold(given.captured) {
            return None;
        }
        let call = Call {
            module,
            named,
            frame,
            target,
        };
        let expression = call.expression(&mut builder)?;
        builder.write_rows();
        plan.raw_objects = builder.raw_objects;
        plan.recipe = Some(Recipe {
            made: Made::Call(index, manner),
            change: change.clone(),
            cuttable: std::mem::take(&mut builder.cuttable),
        });
        plan.stand_ins = builder.stand_ins;
        plan.is_half_made = builder.is_half_made;
        // What a framework calls a route from, such as a middleware, makes none of the route's values.
        let entrance = self.frames[..=index]
            .iter()
            .rposition(|f| f.function.is_some_and(|f| is_route(f.function)))
            .unwrap_or(0);
        plan.entered = self.frames[entrance..index]
            .iter()
            .filter(|f| f.function.is_some_and(|f| !f.function.is_nested))
            .count()
            // What called it made the request.
            .max(usize::from(builder.has_asked));
        plan.blames_caller = self.passes_on_too_little(index, frame)
            || self.is_given_what_was_raised(frame)
            || self.names_one_of(&builder.mistyped)
            || plan.entered > 0 && self.is_given_none(index, frame, function)
            || plan.entered > 0 && self.refuses_on_purpose(index);
        plan.is_called_otherwise = is_called_otherwise(frame, function);
        let setup = std::mem::take(&mut builder.setup);
        plan.setup = setup;
        if super::super::django::uses_django(self.map) {
            self.django_setup(&mut plan.setup);
        }
        let is_statement = matches!(&expression, Spoken::Statement(_));
        if swallows && !is_statement {
            self.contract(&mut plan, index, &expression.flat());
            return Some(plan);
        }
        match is_statement {
            true => self.act(&mut plan, index, expression.lines()),
            false => self.act_and_look(&mut plan, index, expression.lines()),
        }
        Some(plan)
    }

    //     raise TypeError("`address` must not be None")
    /// Whether a function was not made for what it was called with, and says so: called so again it will.
    fn refuses_on_purpose(&self, index: usize) -> bool {
        let line = self.frames[index].frame.source_line.as_deref();
        index + 1 == self.frames.len() && line.is_some_and(|line| line.starts_with("raise "))
    }

    // TypeError: JSONDecodeError.__init__() missing 2 required positional arguments: 'doc' and 'pos'
    //     CompatJSONDecodeError.__init__(self, *args)
    /// Whether a function failed for passing on what it was called with, which was too little: whoever called it is wrong.
    fn passes_on_too_little(&self, index: usize, frame: &CapturedFrame) -> bool {
        let message = self.exception.message.as_deref().unwrap_or_default();
        let line = self.frames[index].frame.source_line.as_deref();
        let rest = frame
            .arguments
            .iter()
            .find(|a| a.kind == ArgumentKind::VarPositional);
        index + 1 == self.frames.len()
            && message.contains(" required positional argument")
            && rest.zip(line).is_some_and(|(rest, line)| {
                line.contains(&format!("*{},", rest.name))
                    || line.contains(&format!("*{})", rest.name))
            })
    }

    // AttributeError: 'NoneType' object has no attribute 'rate'
    //     return room.rate * hours
    /// Whether a function failed for a `None` that it says it does not take: whoever passed it is wrong.
    fn is_given_none(&self, index: usize, frame: &CapturedFrame, function: &Function) -> bool {
        let message = self.exception.message.as_deref().unwrap_or_default();
        let line = self.frames[index].frame.source_line.as_deref();
        let uses = |name: &str| {
            line.is_some_and(|line| {
                line.contains(&format!("{name}.")) || line.contains(&format!("{name}["))
            })
        };
        index + 1 == self.frames.len()
            && message.contains("'NoneType'")
            && frame.arguments.iter().any(|argument| {
                let param = function.params.iter().find(|p| p.name == argument.name);
                argument.value == Value::None
                    && uses(&argument.name)
                    && param.is_some_and(|p| {
                        p.default.is_none() && p.annotation.as_deref().is_some_and(excludes_none)
                    })
            })
    }

    // TypeError: unsupported operand type(s) for +: 'decimal.Decimal' and 'float'
    /// Whether the message names one of these types, which whoever made the object should not have put there.
    fn names_one_of(&self, types: &BTreeSet<&'static str>) -> bool {
        let message = self.exception.message.as_deref().unwrap_or_default();
        let mut types = types.iter();
        types.any(|name| message.contains(&format!("'{name}'")))
    }

    //     except colander.Invalid as error:
    //         refused[number] = error.asdict()
    /// Whether the call is one on an exception that the project had raised before: what is wrong with it, was when it was
    /// raised.
    fn is_given_what_was_raised(&self, frame: &CapturedFrame) -> bool {
        let raised = |class: &Name| {
            let name = class.qualname.rsplit('.').next();
            let mut others = self.failure.exceptions.iter();
            others.any(|e| {
                !std::ptr::eq(e, self.exception)
                    && e.type_name.as_deref() == name
                    && !project_frames(e, self.map).is_empty()
            })
        };
        frame
            .arguments
            .iter()
            .any(|argument| match &argument.value {
                Value::Object(object) => {
                    object.kind == ObjectKind::Exception && raised(&object.class)
                }
                _ => false,
            })
    }

    /// The module to import from: as Python called it, else as the project's layout has it.
    fn module_of(&self, frame: &CapturedFrame, target: FunctionRef) -> Option<String> {
        [frame.module.as_str(), target.module.name.as_str()]
            .into_iter()
            .find(|name| literal::is_dotted(name) && *name != "__main__")
            .map(str::to_owned)
    }
}

/// What stands on the line of the call.
enum Spoken {
    /// An expression.
    Expression(Code, String, String),
    /// Whole statements.
    Statement(Vec<String>),
}

impl Spoken {
    fn flat(&self) -> String {
        match self {
            Spoken::Expression(code, before, after) => format!("{before}{}{after}", code.flat()),
            Spoken::Statement(lines) => lines.join("; "),
        }
    }

    fn lines(&self) -> Vec<String> {
        match self {
            Spoken::Expression(code, before, after) => code.lines(before, after),
            Spoken::Statement(lines) => lines.clone(),
        }
    }
}

/// The name by which a function can be had.
struct Named {
    /// `Cart`, `Outer.Inner`.
    class: Option<String>,
    name: String,
}

impl Named {
    /// As it was captured (what a decorator made is known by what it decorates), else as the sources have it.
    fn of(frame: &CapturedFrame, target: FunctionRef) -> Option<Named> {
        let function = target.function;
        let named = match frame.qualname.as_deref() {
            // Made by another function, and nothing has it by name.
            Some(qualname) if qualname.contains('<') => return None,
            Some(qualname) => match qualname.rsplit_once('.') {
                Some((class, name)) => Named {
                    class: Some(class.to_owned()),
                    name: name.to_owned(),
                },
                None => Named {
                    class: None,
                    name: qualname.to_owned(),
                },
            },
            None if function.is_nested => return None,
            None => Named {
                class: function.class.clone(),
                name: function.name.clone(),
            },
        };
        let is_sound = literal::is_identifier(&named.name)
            && named.class.as_deref().is_none_or(literal::is_dotted);
        is_sound.then_some(named)
    }
}

struct Call<'a, 'w> {
    module: String,
    named: Named,
    frame: &'a CapturedFrame,
    target: FunctionRef<'w>,
}

impl<'a> Call<'a, '_> {
    fn expression(&self, builder: &mut Builder<'a>) -> Option<Spoken> {
        let function = self.target.function;
        let mut arguments = self.frame.arguments.as_slice();
        let is_static = function.has_decorator("staticmethod") || self.named.name == "__new__";
        let callee = match &self.named.class {
            None => builder.import(&self.name(&self.named.name))?,
            Some(class) if is_static => {
                format!("{}.{}", builder.import(&self.name(class))?, self.named.name)
            }
            Some(class) => {
                let (own, rest) = arguments.split_first()?;
                arguments = rest;
                if self.named.name == "__init__" {
                    return self.construction(own, rest, builder);
                }
                if self.frame.kind == FunctionKind::ClassMethod
                    || function.has_decorator("classmethod")
                    || matches!(builder.meant(&own.value), Value::Global(_))
                {
                    let class = match builder.meant(&own.value) {
                        Value::Global(name) if class_of(builder.map(), name).is_some() => {
                            builder.import(name)?
                        }
                        _ => builder.import(&self.name(class))?,
                    };
                    format!("{class}.{}", self.named.name)
                } else {
                    let receiver = self.receiver(own, builder)?;
                    return self.on(&receiver, rest, builder);
                }
            }
        };
        let items = self.passed(arguments, builder)?;
        Some(self.spoken(Code::group(format!("{callee}("), items, ")"), builder))
    }

    fn name(&self, qualname: &str) -> Name {
        Name {
            module: self.module.clone(),
            qualname: qualname.to_owned(),
        }
    }

    /// The object itself, under a name.
    fn receiver(&self, own: &'a Argument, builder: &mut Builder<'a>) -> Option<String> {
        let value = builder.meant(&own.value);
        if matches!(
            value,
            Value::Opaque { .. } | Value::Redacted { .. } | Value::None
        ) {
            return None;
        }
        let code = builder.value(&own.value, "self")?;
        let flat = code.flat();
        if literal::is_dotted(&flat) {
            return Some(flat);
        }
        let class = match value {
            Value::Object(object) => object.class.qualname.rsplit('.').next().unwrap_or_default(),
            _ => "subject",
        };
        let name = builder.variable(&snake_case(class));
        builder
            .setup
            .statements
            .extend(code.lines(&format!("{name} = "), ""));
        Some(name)
    }

    /// `Cart(lines)`: the constructor of the object's own class, where that is the function that failed.
    fn construction(
        &self,
        own: &'a Argument,
        rest: &'a [Argument],
        builder: &mut Builder<'a>,
    ) -> Option<Spoken> {
        let class = match builder.meant(&own.value) {
            Value::Object(object) => {
                let is_own = class_of(builder.map(), &object.class)
                    .and_then(|class| builder.map().method(class, "__init__"))
                    .is_some_and(|init| init.is(&self.target));
                if is_own {
                    object.class.clone()
                } else {
                    self.name(self.named.class.as_deref()?)
                }
            }
            _ => self.name(self.named.class.as_deref()?),
        };
        let class = builder.import(&class)?;
        let items = self.passed(rest, builder)?;
        Some(Spoken::Expression(
            Code::group(format!("{class}("), items, ")"),
            String::new(),
            String::new(),
        ))
    }

    /// A method of an object, by its operator or statement where it has one.
    fn on(
        &self,
        receiver: &str,
        arguments: &'a [Argument],
        builder: &mut Builder<'a>,
    ) -> Option<Spoken> {
        let function = self.target.function;
        let name = self.named.name.as_str();
        let plain = |code: Code| Spoken::Expression(code, String::new(), String::new());
        if function.has_decorator("setter") {
            let value = self.passed(arguments, builder)?.pop()?;
            return Some(Spoken::Statement(
                value.lines(&format!("{receiver}.{name} = "), ""),
            ));
        }
        let is_property = ["property", "cached_property", "lazyproperty", "reify"]
            .iter()
            .any(|d| function.has_decorator(d));
        if is_property && arguments.is_empty() {
            return Some(plain(Code::atom(format!("{receiver}.{name}"))));
        }
        let items = self.passed(arguments, builder)?;
        let operator = match name {
            "__add__" => "+",
            "__sub__" => "-",
            "__mul__" => "*",
            "__truediv__" => "/",
            "__eq__" => "==",
            "__lt__" => "<",
            "__le__" => "<=",
            "__gt__" => ">",
            "__ge__" => ">=",
            "__and__" => "&",
            "__or__" => "|",
            _ => "",
        };
        let flat = |items: &[Code]| items.first().map(Code::flat).unwrap_or_default();
        if items.len() == 1 && !operator.is_empty() {
            return Some(plain(Code::atom(format!(
                "{receiver} {operator} {}",
                flat(&items)
            ))));
        }
        match (name, items.len()) {
            ("__getitem__", 1) => {
                return Some(plain(Code::atom(format!("{receiver}[{}]", flat(&items)))));
            }
            ("__contains__", 1) => {
                return Some(plain(Code::atom(format!("{} in {receiver}", flat(&items)))));
            }
            ("__len__", 0) => return Some(plain(Code::atom(format!("len({receiver})")))),
            ("__str__", 0) => return Some(plain(Code::atom(format!("str({receiver})")))),
            ("__repr__", 0) => return Some(plain(Code::atom(format!("repr({receiver})")))),
            ("__bool__", 0) => return Some(plain(Code::atom(format!("bool({receiver})")))),
            ("__iter__", 0) => return Some(plain(Code::atom(format!("list({receiver})")))),
            _ => {}
        }
        let callee = if name == "__call__" {
            receiver.to_owned()
        } else if name.starts_with("__") && !name.ends_with("__") {
            let class = self.named.class.as_deref()?;
            let class = class.rsplit('.').next()?.trim_start_matches('_');
            format!("{receiver}._{class}{name}")
        } else {
            format!("{receiver}.{name}")
        };
        Some(self.spoken(Code::group(format!("{callee}("), items, ")"), builder))
    }

    /// Runs what a call alone would not: coroutines, generators, context managers.
    fn spoken(&self, call: Code, builder: &mut Builder) -> Spoken {
        let function = self.target.function;
        if function.has_decorator("contextmanager") {
            let mut lines = call.lines("with ", ":");
            lines.push("    pass".to_owned());
            return Spoken::Statement(lines);
        }
        let around =
            |before: &str| Spoken::Expression(call.clone(), before.to_owned(), ")".to_owned());
        if function.is_async && function.is_generator {
            builder.setup.modules.insert("asyncio".to_owned());
            let mut lines = vec!["async def collect():".to_owned()];
            lines.extend(
                call.lines("return [item async for item in ", "]")
                    .into_iter()
                    .map(|line| format!("    {line}")),
            );
            lines.push(String::new());
            lines.push("asyncio.run(collect())".to_owned());
            return Spoken::Statement(lines);
        }
        if function.is_async && !function.is_generator {
            builder.setup.modules.insert("asyncio".to_owned());
            return around("asyncio.run(");
        }
        if function.is_generator && !function.is_async {
            return around("list(");
        }
        Spoken::Expression(call, String::new(), String::new())
    }

    /// The arguments as they are passed.
    fn passed(&self, arguments: &'a [Argument], builder: &mut Builder<'a>) -> Option<Vec<Code>> {
        let function = self.target.function;
        let has_rest = arguments.iter().any(|a| {
            a.kind == ArgumentKind::VarPositional
                && matches!(builder.meant(&a.value), Value::Sequence { items, .. } if !items.is_empty())
        });
        let mut items = Vec::new();
        let gone = self.gone(arguments);
        // What stands behind one that is missing moves up.
        let mut must_name = !gone.is_empty();
        for argument in arguments {
            match argument.kind {
                // What is had by its name brings its own closure.
                ArgumentKind::Free => {}
                ArgumentKind::VarPositional => {
                    let Value::Sequence { items: rest, .. } = builder.meant(&argument.value) else {
                        return None;
                    };
                    for value in rest {
                        let code = builder.value(value, "argument")?;
                        items.push(builder.short(code, "argument"));
                    }
                }
                ArgumentKind::VarKeyword => {
                    let Value::Dict { entries, .. } = builder.meant(&argument.value) else {
                        return None;
                    };
                    for (key, value) in entries {
                        let Value::Text(key) = key else { return None };
                        if !matches!(value, Value::Bool(_)) && builder.is_left_out(key) {
                            continue;
                        }
                        let code = builder.value(value, key)?;
                        let code = builder.short(code, key);
                        items.push(option(key, code));
                    }
                }
                ArgumentKind::PositionalOnly => {
                    let code = builder.value(&argument.value, &argument.name)?;
                    items.push(builder.short(code, &argument.name));
                }
                ArgumentKind::Positional | ArgumentKind::Keyword => {
                    if !literal::is_identifier(&argument.name) {
                        return None;
                    }
                    let param = function.params.iter().find(|p| p.name == argument.name);
                    let default = param.and_then(|p| p.default.as_deref());
                    let is_by_name = argument.kind == ArgumentKind::Keyword;
                    if default.is_some()
                        && matches!(builder.meant(&argument.value), Value::Opaque { .. })
                        && !has_rest
                    {
                        must_name = true;
                        continue;
                    }
                    // A switch says what the function shall do; the fixed one would do something else without it.
                    let is_switch = matches!(argument.value, Value::Bool(_));
                    let can_go = default.is_some() && !has_rest && !is_switch;
                    if can_go && builder.cuts.contains(&Cut::of_call(&argument.name)) {
                        must_name = true;
                        continue;
                    }
                    let code = builder.value(&argument.value, &argument.name)?;
                    let is_default = default.is_some_and(|d| d.replace('\'', "\"") == code.flat());
                    if is_default && (is_by_name || !has_rest) {
                        must_name = true;
                        continue;
                    }
                    if can_go {
                        builder.cuttable.push(Cut::of_call(&argument.name));
                    }
                    let code = builder.short(code, &argument.name);
                    must_name |= is_by_name || (default.is_some() && !has_rest);
                    items.push(if must_name {
                        Code::named(&argument.name, code)
                    } else {
                        code
                    });
                }
            }
        }
        for name in gone {
            let code = match self.attribute(name, builder) {
                Some(held) => builder.value(held, name)?,
                None => builder.stand_in(),
            };
            items.push(Code::named(name, builder.short(code, name)));
        }
        Some(items)
    }

    /// Required parameters that the function had deleted when it failed.
    fn gone(&self, arguments: &[Argument]) -> Vec<&str> {
        let function = self.target.function;
        let is_there = |name: &str| arguments.iter().any(|a| a.name == name);
        let is_plain = |kind| matches!(kind, ArgumentKind::Positional | ArgumentKind::Keyword);
        if self.frame.qualname.is_none() || !arguments.iter().all(|a| is_plain(a.kind)) {
            return Vec::new();
        }
        let required = function.required_params().map(|p| p.name.as_str());
        required
            .filter(|name| !matches!(*name, "self" | "cls") && !is_there(name))
            .collect()
    }

    /// What the object itself holds under a name.
    fn attribute(&self, name: &str, builder: &Builder<'a>) -> Option<&'a Value> {
        match builder.meant(&self.frame.arguments.first()?.value) {
            Value::Object(object) => {
                let mut attrs = object.attrs.iter();
                attrs.find(|(held, _)| held == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}
