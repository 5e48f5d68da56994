//! What production's modules and classes held in memory, put there for the time of a test: entries of dictionaries, other
//! containers, attributes of objects. Only what importing the project does not make by itself, which is told by what the
//! sources assign there.

use std::collections::BTreeSet;

use super::build::Builder;
use super::layout::Code;
use super::manner::{Change, Cut, PLAIN};
use super::objects::{class_of, is_attribute, is_opaque};
use super::trust;
use crate::capture::{Captured, Held, Id, Name, Object, Value};
use crate::code::{self, CodeMap};
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

/// More entries of one container are no readable test.
const MOST_ENTRIES: usize = 24;
/// How many objects within objects are followed.
const DEPTH: usize = 3;
/// How many base classes are asked what an attribute is at first.
const BASES: usize = 5;

/// What importing the project makes of a name.
#[derive(Clone, Copy)]
enum Initial<'m> {
    /// An empty container.
    Empty,
    /// `None`, or nothing at all.
    Nothing,
    /// A literal, as written.
    Literal(&'m str),
    /// Something that is made when the module is imported.
    Made,
}

impl<'a> Writer<'a> {
    /// The same after what was held in memory is there again, and what of it could be left out. `None` where that is
    /// nothing.
    pub(super) fn with_held(
        &self,
        plan: &Plan,
        captured: &'a Captured,
        change: &Change,
    ) -> Option<(Plan, Vec<Cut>)> {
        let mut roots: Vec<&Value> = captured.state.iter().map(|held| &held.value).collect();
        roots.extend(self.returned_values(captured, change));
        let mut builder = Builder::new(self.map, PLAIN, captured.numbered(), &roots);
        builder.cut(&change.cuts);
        for name in ["response", "client", "app", "environ", "Client", "somebody"] {
            builder.reserve(name);
        }
        self.answer(&mut builder, captured, change)?;
        if !builder.hold(captured) && change.answers.is_empty() {
            return None;
        }
        let mut plan = plan.clone();
        plan.answers = change.answers.len();
        plan.stand_ins += builder.stand_ins;
        plan.insert(0, builder.setup)?;
        Some((plan, builder.cuttable))
    }
}

impl<'a> Builder<'a> {
    /// Puts what was held in memory there. False where there is nothing that importing the project would not make.
    pub(super) fn hold(&mut self, captured: &'a Captured) -> bool {
        self.reserve("monkeypatch");
        let before = self.setup.statements.len();
        let mut walk = Walk {
            mentioned: mentioned(captured),
            met: BTreeSet::new(),
        };
        for held in &captured.state {
            let mark = self.mark();
            let statements = self.setup.statements.len();
            let is_held = self.hold_one(held, &mut walk).is_some();
            if !is_held || self.setup.statements.len() == statements {
                self.back_to(mark);
            }
        }
        let is_any = self.setup.statements.len() > before;
        if is_any {
            self.setup.fixture("monkeypatch");
        }
        is_any
    }

    fn hold_one(&mut self, held: &'a Held, walk: &mut Walk<'a>) -> Option<()> {
        if !trust::may_import(&held.name, self.map) {
            return None;
        }
        let value = self.meant(&held.value);
        let initial = initial_of_name(self.map, &held.name);
        if let Some(object) = of_project(self.map, value)
            && matches!(initial, Initial::Made)
        {
            let holder = self.import(&held.name)?;
            self.names.insert(object.id, holder.clone());
            return self.hold_attributes(&holder, object, walk, DEPTH);
        }
        match (entries(value), initial) {
            (Some(entries), Initial::Empty | Initial::Literal(_)) => {
                let written = match initial {
                    Initial::Literal(text) => text,
                    _ => "",
                };
                let holder = self.import(&held.name)?;
                self.hold_entries(&holder, value.id()?, entries, written, walk)
            }
            (_, Initial::Empty | Initial::Nothing) if !is_opaque(value) => {
                self.hold_whole(&held.name, value)
            }
            _ => None,
        }
    }

    /// The value itself, wherever modules of the project know it by a name.
    fn hold_whole(&mut self, name: &Name, value: &'a Value) -> Option<()> {
        if let Value::Object(object) = value {
            // What its module holds before is another one.
            self.anew.insert(object.id);
        }
        let hint = name.qualname.rsplit('.').next()?.to_lowercase();
        let mut code = self.value(value, &hint)?;
        let mut places = self.map.known_as(&name.module, &name.qualname);
        places.retain(|place| literal::is_dotted(place));
        if places.len() > 1 && !matches!(code, Code::Atom(_)) {
            let variable = self.variable(&hint);
            self.statement(code.lines(&format!("{variable} = "), ""));
            code = Code::atom(&variable);
            if let Some(id) = value.id() {
                self.names.insert(id, variable);
            }
        }
        for place in &places {
            let before = format!("monkeypatch.setattr({}, ", literal::string(place));
            self.statement(code.lines(&before, ")"));
        }
        Some(())
    }

    /// The entries of a dictionary that are not written in its literal, those that the failure mentions first.
    fn hold_entries(
        &mut self,
        holder: &str,
        id: Id,
        entries: &'a [(Value, Value)],
        written: &str,
        walk: &Walk<'a>,
    ) -> Option<()> {
        let mut wanted: Vec<(usize, &(Value, Value))> = entries
            .iter()
            .enumerate()
            .filter(|(_, (key, _))| !is_written(key, written))
            // The last ones were put there last.
            .rev()
            .collect();
        wanted.sort_by_key(|(_, (key, _))| !walk.mentioned.has(key));
        wanted.truncate(MOST_ENTRIES);
        wanted.sort_by_key(|(place, _)| *place);
        for (_, (key, value)) in wanted {
            let mark = self.mark();
            let key = self.value(key, "key").map(|code| code.flat());
            let Some(key) = key else {
                self.back_to(mark);
                continue;
            };
            let cut = Cut {
                object: id,
                name: key.clone(),
            };
            if self.cuts.contains(&cut) {
                self.back_to(mark);
                continue;
            }
            let hint = super::spell::singular(&holder.rsplit('.').next()?.to_lowercase());
            let Some(code) = self.value(value, &hint) else {
                self.back_to(mark);
                continue;
            };
            let before = format!("monkeypatch.setitem({holder}, {key}, ");
            self.statement(code.lines(&before, ")"));
            self.cuttable.push(cut);
        }
        Some(())
    }

    /// Attributes that an object's constructor does not set to what they were.
    fn hold_attributes(
        &mut self,
        holder: &str,
        object: &'a Object,
        walk: &mut Walk<'a>,
        depth: usize,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        if !walk.met.insert(object.id) {
            return None;
        }
        for (attr, value) in &object.attrs {
            if !is_attribute(attr) {
                continue;
            }
            let mark = self.mark();
            let held = self.hold_attribute(holder, object, (attr, value), walk, depth);
            if held.is_none() {
                self.back_to(mark);
            }
        }
        Some(())
    }

    fn hold_attribute(
        &mut self,
        holder: &str,
        object: &'a Object,
        (attr, value): (&str, &'a Value),
        walk: &mut Walk<'a>,
        depth: usize,
    ) -> Option<()> {
        let meant = self.meant(value);
        let initial = initial_of_attribute(self.map, &object.class, attr)?;
        if let Some(inner) = of_project(self.map, meant)
            && matches!(initial, Initial::Made)
        {
            return self.hold_attributes(&format!("{holder}.{attr}"), inner, walk, depth);
        }
        if let Some(entries) = entries(meant)
            && matches!(initial, Initial::Empty)
        {
            let holder = format!("{holder}.{attr}");
            return self.hold_entries(&holder, meant.id()?, entries, "", walk);
        }
        let is_new = match initial {
            Initial::Empty => !is_empty(meant),
            Initial::Nothing => *meant != Value::None,
            Initial::Literal(_) => matches!(meant, Value::Int(_) | Value::Bool(_) | Value::Text(_)),
            Initial::Made => false,
        };
        if !is_new || is_opaque(meant) || is_of_surroundings(meant) {
            return None;
        }
        let code = self.value(value, attr)?;
        if matches!(initial, Initial::Literal(text) if text.replace('\'', "\"") == code.flat()) {
            return None;
        }
        let before = format!("monkeypatch.setattr({holder}, {}, ", literal::string(attr));
        self.statement(code.lines(&before, ")"));
        Some(())
    }
}

/// What is known while what was held is walked through.
struct Walk<'a> {
    mentioned: Mentioned<'a>,
    /// Objects that were looked into.
    met: BTreeSet<Id>,
}

/// What the failure was called with and asked for.
struct Mentioned<'a> {
    values: Vec<&'a Value>,
    /// The parts of the request's path and query.
    parts: BTreeSet<&'a str>,
}

impl Mentioned<'_> {
    fn has(&self, key: &Value) -> bool {
        let is_part = match key {
            Value::Text(text) | Value::Int(text) => self.parts.contains(text.as_str()),
            _ => false,
        };
        is_part || self.values.contains(&key)
    }
}

fn mentioned(captured: &Captured) -> Mentioned<'_> {
    let frames = captured.frames.iter().chain(&captured.outer);
    let arguments = frames.flat_map(|frame| frame.arguments.iter().map(|a| &a.value));
    let asked = captured.request.iter().flat_map(|r| {
        let path = r.path.split('/');
        path.chain(r.query.split(['&', '=']))
    });
    Mentioned {
        values: arguments
            .filter(|value| matches!(value, Value::Text(_) | Value::Int(_)))
            .collect(),
        parts: asked.filter(|part| !part.is_empty()).collect(),
    }
}

/// The pairs of a dictionary, of one of `collections`, or of a class below it.
fn entries(value: &Value) -> Option<&[(Value, Value)]> {
    match value {
        Value::Dict { entries, .. } => Some(entries),
        Value::Call { callee, args, .. } if callee.module == "collections" => {
            args.iter().find_map(|arg| match arg {
                Value::Dict { entries, .. } => Some(entries.as_slice()),
                _ => None,
            })
        }
        Value::Object(object) => object.base.as_ref().and_then(|(_, held)| entries(held)),
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Sequence { items, .. } => items.is_empty(),
        Value::Dict { entries, .. } => entries.is_empty(),
        Value::None => true,
        _ => false,
    }
}

/// An instance of a class of the project.
fn of_project<'v>(map: &CodeMap, value: &'v Value) -> Option<&'v Object> {
    match value {
        Value::Object(object) if object.base.is_none() => {
            class_of(map, &object.class).is_some().then_some(&**object)
        }
        _ => None,
    }
}

/// Whether a text says where production's surroundings are: an address, or the path of a file.
fn is_of_surroundings(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains("://") || text.starts_with('/'))
}

/// Whether a dictionary's literal has a key.
fn is_written(key: &Value, literal: &str) -> bool {
    match key {
        Value::Text(text) => {
            literal.contains(&format!("\"{text}\"")) || literal.contains(&format!("'{text}'"))
        }
        Value::Int(digits) => literal.contains(&format!("{digits}:")),
        // Names of members and classes: there is no telling.
        _ => !literal.is_empty(),
    }
}

fn initial_of_name<'m>(map: &'m CodeMap, name: &Name) -> Initial<'m> {
    let Some(module) = map.module(&name.module) else {
        return Initial::Made;
    };
    match name.qualname.rsplit_once('.') {
        Some((class, attr)) => {
            let class = Name {
                module: name.module.clone(),
                qualname: class.to_owned(),
            };
            initial_of_attribute(map, &class, attr).unwrap_or(Initial::Nothing)
        }
        None => {
            let mut assigned = module.assignments.iter();
            let found = assigned.find(|a| a.target == name.qualname && !a.is_of_main);
            found.map_or(Initial::Nothing, |a| initial(&a.value))
        }
    }
}

/// What a class makes of an attribute at first; `None` where neither it nor a base class of the project sets it.
fn initial_of_attribute<'m>(map: &'m CodeMap, class: &Name, attr: &str) -> Option<Initial<'m>> {
    let mut waiting = vec![class_of(map, class)?];
    for _ in 0..BASES {
        let class = waiting.pop()?;
        // `self.__orders` of a class `Store` is stored as `_Store__orders`.
        let own = attr
            .strip_prefix('_')
            .and_then(|rest| rest.strip_prefix(class.class.name.trim_start_matches('_')))
            .filter(|rest| rest.starts_with("__"));
        if let Some(value) = class.class.attributes.get(own.unwrap_or(attr)) {
            return Some(initial(value));
        }
        let bases = class.class.bases.iter().rev();
        waiting.extend(bases.filter_map(|base| map.class_named(class.module, base)));
    }
    None
}

fn initial(value: &code::Value) -> Initial<'_> {
    const CONTAINERS: [&str; 7] = [
        "dict",
        "list",
        "set",
        "defaultdict",
        "OrderedDict",
        "Counter",
        "deque",
    ];
    match value {
        code::Value::Other(text) => match text.trim() {
            "{}" | "[]" => Initial::Empty,
            "None" => Initial::Nothing,
            text if text.contains(" for ") || text.ends_with(')') => Initial::Made,
            text => Initial::Literal(text),
        },
        code::Value::Call(name) => {
            let last = name.rsplit('.').next().unwrap_or_default();
            match CONTAINERS.contains(&last) {
                true => Initial::Empty,
                false => Initial::Made,
            }
        }
        // What it was given, or one of two.
        code::Value::Either(values)
            if values.iter().any(|v| matches!(initial(v), Initial::Empty)) =>
        {
            Initial::Empty
        }
        code::Value::Either(_) | code::Value::Name(_) => Initial::Made,
    }
}
