//! Captured values as Python code: literals where there are literals, constructors where the state maps to their
//! parameters, else an empty instance whose attributes are set. It writes code for data only: what may be called or
//! imported beyond the project's own classes is on a list (see `trust`).

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Code;
use super::trust;
use crate::capture::{ArgumentKind, Id, InitParam, Name, Object, ObjectKind, SequenceKind, Value};
use crate::code::{ClassRef, CodeMap};
use crate::correlate::snake_case;
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

/// How objects come to their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// By their constructor alone.
    Constructed,
    /// By their constructor; what it does not set is set afterwards.
    Completed,
    /// Without it: an empty instance, then every attribute.
    Raw,
}

/// A part of an object's state that its constructor would fill by itself: an optional parameter, an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    object: Id,
    name: String,
}

/// How to build the values of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How objects come to their state.
    pub state: State,
    /// An object that a module of the project holds is taken from there.
    pub takes_globals: bool,
}

/// More statements than this are no readable test.
const MOST_STATEMENTS: usize = 400;
/// Deeper structures are not built.
const DEPTH: usize = 40;

/// Builds the values of one test, shared ones once.
pub struct Builder<'a> {
    map: &'a CodeMap,
    manner: Manner,
    /// Imports and statements so far.
    pub setup: Setup,
    /// Every value with a number.
    known: BTreeMap<Id, &'a Value>,
    /// Numbers that more than one place refers to.
    shared: BTreeSet<Id>,
    names: BTreeMap<Id, String>,
    taken: BTreeSet<String>,
    /// Imported names: name in the file → (module, name there).
    imported: BTreeMap<String, (String, String)>,
    open: Vec<Id>,
    /// Objects whose constructor was not used although it would have been wanted.
    pub raw_objects: usize,
    /// Stand-ins for what was not captured.
    pub stand_ins: usize,
    /// What is left to the constructors.
    cuts: BTreeSet<Cut>,
    /// What could be left to them as well.
    pub cuttable: Vec<Cut>,
}

/// A state to go back to.
struct Mark {
    setup: Setup,
    names: BTreeMap<Id, String>,
    taken: BTreeSet<String>,
    imported: BTreeMap<String, (String, String)>,
    cuttable: usize,
    open: usize,
    raw_objects: usize,
    stand_ins: usize,
}

impl<'a> Builder<'a> {
    /// A builder for the values of `roots`. `known` holds every value with a number that was captured, here or elsewhere.
    pub fn new(
        map: &'a CodeMap,
        manner: Manner,
        known: BTreeMap<Id, &'a Value>,
        roots: &[&'a Value],
    ) -> Builder<'a> {
        let shared = met_twice(&known, roots);
        Builder {
            map,
            manner,
            setup: Setup::default(),
            known,
            shared,
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            imported: BTreeMap::new(),
            open: Vec::new(),
            raw_objects: 0,
            stand_ins: 0,
            cuts: BTreeSet::new(),
            cuttable: Vec::new(),
        }
    }

    /// The project.
    pub fn map(&self) -> &'a CodeMap {
        self.map
    }

    /// Leaves parts of the state to the constructors.
    pub fn cut(&mut self, cuts: &[Cut]) {
        self.cuts = cuts.iter().cloned().collect();
    }

    /// Keeps a name from being used for a variable.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// A free variable name.
    pub fn variable(&mut self, wanted: &str) -> String {
        let wanted = match wanted.trim_matches('_') {
            name if literal::is_identifier(name) && !is_builtin(name) => name.to_owned(),
            name if literal::is_identifier(&format!("{name}_")) => format!("{name}_"),
            _ => "value".to_owned(),
        };
        let mut name = wanted.clone();
        let mut number = 2;
        while self.taken.contains(&name) || self.imported.contains_key(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.taken.insert(name.clone());
        name
    }

    /// Imports a name of a module; gives the expression to use. `None` when it can not be imported or must not.
    pub fn import(&mut self, name: &Name) -> Option<String> {
        if name.module == "builtins" {
            return literal::is_dotted(&name.qualname).then(|| name.qualname.clone());
        }
        if !literal::is_dotted(&name.module) || name.module == "__main__" {
            return None;
        }
        if name.qualname.is_empty() {
            self.setup.modules.insert(name.module.clone());
            return Some(name.module.clone());
        }
        if !literal::is_dotted(&name.qualname) {
            return None;
        }
        let (first, rest) = match name.qualname.split_once('.') {
            Some((first, rest)) => (first, format!(".{rest}")),
            None => (name.qualname.as_str(), String::new()),
        };
        let wanted = (name.module.clone(), first.to_owned());
        if let Some((local, _)) = self.imported.iter().find(|(_, there)| **there == wanted) {
            return Some(format!("{local}{rest}"));
        }
        let mut local = first.to_owned();
        let mut number = 2;
        while self.taken.contains(&local) || self.imported.contains_key(&local) {
            local = format!("{first}_{number}");
            number += 1;
        }
        let imported = if local == first {
            first.to_owned()
        } else {
            format!("{first} as {local}")
        };
        self.setup.imports.insert((name.module.clone(), imported));
        self.imported.insert(local.clone(), wanted);
        Some(format!("{local}{rest}"))
    }

    /// The expression of a value; statements that it needs are added before. `None` when it can not be built.
    pub fn value(&mut self, value: &'a Value, hint: &str) -> Option<Code> {
        if self.open.len() > DEPTH || self.setup.statements.len() > MOST_STATEMENTS {
            return None;
        }
        if let Value::Ref(id) = value {
            if let Some(name) = self.names.get(id) {
                return Some(Code::atom(name));
            }
            let target = *self.known.get(id)?;
            return self.value(target, hint);
        }
        let Some(id) = value.id() else {
            return self.expression(value, hint);
        };
        if let Some(name) = self.names.get(&id) {
            return Some(Code::atom(name));
        }
        if self.open.contains(&id) {
            return None;
        }
        if let Value::Object(object) = value {
            return self.object(object, hint);
        }
        if !self.shared.contains(&id) {
            self.open.push(id);
            let code = self.expression(value, hint);
            self.open.pop();
            return code;
        }
        self.shared_container(value, id, hint)
    }

    /// A container that several places refer to, perhaps one inside itself.
    fn shared_container(&mut self, value: &'a Value, id: Id, hint: &str) -> Option<Code> {
        let mut holds_itself = false;
        let mut is_root = true;
        value.walk(&mut |inner| {
            holds_itself |= !is_root && *inner == Value::Ref(id);
            is_root = false;
            true
        });
        let name = self.variable(hint);
        let (empty, fill) = match value {
            Value::Sequence {
                kind: SequenceKind::List,
                ..
            } => ("[]", "extend"),
            Value::Sequence {
                kind: SequenceKind::Set,
                ..
            } => ("set()", "update"),
            Value::Dict { .. } => ("{}", "update"),
            _ if holds_itself => return None,
            _ => ("", ""),
        };
        if holds_itself {
            self.names.insert(id, name.clone());
            self.statement(vec![format!("{name} = {empty}")]);
            let code = self.expression(value, hint)?;
            self.statement(code.lines(&format!("{name}.{fill}("), ")"));
        } else {
            self.open.push(id);
            let code = self.expression(value, hint);
            self.open.pop();
            self.names.insert(id, name.clone());
            self.statement(code?.lines(&format!("{name} = "), ""));
        }
        Some(Code::atom(name))
    }

    fn statement(&mut self, lines: Vec<String>) {
        self.setup.statements.extend(lines);
    }

    fn expression(&mut self, value: &'a Value, hint: &str) -> Option<Code> {
        Some(match value {
            Value::None => Code::atom("None"),
            Value::Bool(true) => Code::atom("True"),
            Value::Bool(false) => Code::atom("False"),
            Value::Int(digits) => Code::atom(int(digits)?),
            Value::Float(text) => Code::atom(float(text)?),
            Value::Text(text) => Code::atom(literal::string(text)),
            Value::Bytes {
                data, is_mutable, ..
            } => {
                let bytes = bytes(data);
                Code::atom(if *is_mutable {
                    format!("bytearray({bytes})")
                } else {
                    bytes
                })
            }
            Value::Sequence { kind, items, .. } => self.sequence(*kind, items, hint)?,
            Value::Dict { entries, .. } => self.dict(entries, hint)?,
            Value::Call {
                callee,
                args,
                kwargs,
                ..
            } => {
                if !trust::may_call(callee, self.map) {
                    return Some(self.stand_in());
                }
                let name = self.import(callee)?;
                let mut items = Vec::new();
                for arg in args {
                    items.push(self.value(arg, hint)?);
                }
                for (key, arg) in kwargs {
                    if !literal::is_identifier(key) {
                        return None;
                    }
                    items.push(Code::named(key, self.value(arg, key)?));
                }
                Code::group(format!("{name}("), items, ")")
            }
            Value::Global(name) => {
                if !trust::may_import(name, self.map) {
                    return Some(self.stand_in());
                }
                Code::atom(self.import(name)?)
            }
            Value::Method { of, name } => {
                if !literal::is_identifier(name) {
                    return None;
                }
                let object = self.value(of, hint)?;
                Code::atom(format!("{}.{name}", object.flat()))
            }
            Value::Redacted { of, length, like } => Code::atom(placeholder(of, *length, like)),
            Value::Opaque {
                global: Some(global),
                ..
            } if trust::may_import(global, self.map) => Code::atom(self.import(global)?),
            Value::Opaque { why, .. } if why == "generator" => {
                self.stand_ins += 1;
                Code::atom("iter([])")
            }
            Value::Opaque { .. } => self.stand_in(),
            // Handled by their number.
            Value::Object(object) => self.object(object, hint)?,
            Value::Ref(_) => return None,
        })
    }

    /// Stands where something was not captured and answers to anything.
    fn stand_in(&mut self) -> Code {
        self.stand_ins += 1;
        let name = Name {
            module: "unittest.mock".to_owned(),
            qualname: "MagicMock".to_owned(),
        };
        self.setup.used(Source::Mocked);
        match self.import(&name) {
            Some(mock) => Code::atom(format!("{mock}()")),
            None => Code::atom("None"),
        }
    }

    fn sequence(&mut self, kind: SequenceKind, items: &'a [Value], hint: &str) -> Option<Code> {
        let singular = singular(hint);
        let mut inner = Vec::with_capacity(items.len());
        for item in items {
            inner.push(self.value(item, &singular)?);
        }
        Some(match (kind, inner.is_empty()) {
            (SequenceKind::List, _) => Code::group("[", inner, "]"),
            (SequenceKind::Tuple, _) => Code::Group {
                open: "(".to_owned(),
                items: inner,
                close: ")".to_owned(),
                is_tuple: true,
            },
            (SequenceKind::Set, true) => Code::atom("set()"),
            (SequenceKind::Set, false) => Code::group("{", inner, "}"),
            (SequenceKind::FrozenSet, true) => Code::atom("frozenset()"),
            (SequenceKind::FrozenSet, false) => Code::group("frozenset({", inner, "})"),
        })
    }

    fn dict(&mut self, entries: &'a [(Value, Value)], hint: &str) -> Option<Code> {
        let mut items = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let hint = match key {
                Value::Text(name) if literal::is_identifier(name) => name.as_str(),
                _ => hint,
            };
            let key = self.value(key, "key")?;
            let value = self.value(value, hint)?;
            items.push(Code::Prefixed(format!("{}: ", key.flat()), Box::new(value)));
        }
        Some(Code::group("{", items, "}"))
    }

    /// An object: taken from its module, constructed, or filled in.
    fn object(&mut self, object: &'a Object, hint: &str) -> Option<Code> {
        if self.manner.takes_globals
            && let Some(global) = &object.global
            && trust::may_import(global, self.map)
        {
            let code = self.import(global)?;
            self.names.insert(object.id, code.clone());
            return Some(Code::atom(code));
        }
        let is_importable = !object.is_local
            && literal::is_dotted(&object.class.module)
            && literal::is_dotted(&object.class.qualname)
            && object.class.module != "__main__";
        if !is_importable || !trust::may_build(&object.class, self.map) {
            return self.impostor(object, hint);
        }
        if object.id != 0 {
            self.open.push(object.id);
        }
        let built = self.built(object, hint);
        if object.id != 0 {
            self.open.pop();
        }
        built
    }

    /// Stands where an object's class can not be had, with the object's attributes.
    fn impostor(&mut self, object: &'a Object, hint: &str) -> Option<Code> {
        let Code::Atom(mock) = self.stand_in() else {
            return None;
        };
        let is_shared = self.shared.contains(&object.id);
        let name = is_shared.then(|| self.variable(&name_for(object, hint)));
        if let Some(name) = &name {
            // First the name: an attribute may lead back.
            self.names.insert(object.id, name.clone());
            self.statement(vec![format!("{name} = {mock}")]);
        }
        if object.id != 0 {
            self.open.push(object.id);
        }
        let mut items = Vec::new();
        for (attr, value) in &object.attrs {
            // Names that the mock takes for itself.
            let is_own = matches!(
                attr.as_str(),
                "name"
                    | "spec"
                    | "side_effect"
                    | "return_value"
                    | "wraps"
                    | "parent"
                    | "spec_set"
                    | "method_calls"
            );
            if !is_attribute(attr) || is_opaque(value) || is_own {
                continue;
            }
            if let Some(code) = self.value(value, attr) {
                items.push((attr, code));
            }
        }
        if object.id != 0 {
            self.open.pop();
        }
        if !items.is_empty() {
            // It answers with what was captured; only the class's own methods are missing.
            self.stand_ins -= 1;
        }
        match name {
            Some(name) => {
                for (attr, code) in items {
                    self.statement(code.lines(&format!("{name}.{attr} = "), ""));
                }
                Some(Code::atom(name))
            }
            None => {
                let items = items
                    .into_iter()
                    .map(|(attr, code)| Code::named(attr, code))
                    .collect();
                let call = mock.trim_end_matches("()");
                Some(Code::group(format!("{call}("), items, ")"))
            }
        }
    }

    fn built(&mut self, object: &'a Object, hint: &str) -> Option<Code> {
        if self.manner.state != State::Raw
            && let Some((call, rest)) = self.constructor(object)
        {
            let rest: Vec<&(String, Value)> = if self.manner.state == State::Constructed {
                Vec::new()
            } else {
                rest
            };
            let is_shared = self.shared.contains(&object.id);
            if rest.is_empty() && !is_shared {
                return Some(call);
            }
            let name = self.variable(&name_for(object, hint));
            self.names.insert(object.id, name.clone());
            self.statement(call.lines(&format!("{name} = "), ""));
            self.set(object, &name, rest, true)?;
            return Some(Code::atom(name));
        }
        self.raw(object, hint)
    }

    /// The call of the constructor, and the attributes that it does not take. `None` when a required one is not known.
    fn constructor(&mut self, object: &'a Object) -> Option<(Code, Vec<&'a (String, Value)>)> {
        let mark = self.mark();
        let found = self.constructor_call(object);
        if found.is_none() {
            // What was written for the arguments must not stay.
            self.back_to(mark);
        }
        found
    }

    fn mark(&self) -> Mark {
        Mark {
            setup: self.setup.clone(),
            names: self.names.clone(),
            taken: self.taken.clone(),
            imported: self.imported.clone(),
            cuttable: self.cuttable.len(),
            open: self.open.len(),
            raw_objects: self.raw_objects,
            stand_ins: self.stand_ins,
        }
    }

    fn back_to(&mut self, mark: Mark) {
        self.setup = mark.setup;
        self.names = mark.names;
        self.taken = mark.taken;
        self.imported = mark.imported;
        self.cuttable.truncate(mark.cuttable);
        self.open.truncate(mark.open);
        self.raw_objects = mark.raw_objects;
        self.stand_ins = mark.stand_ins;
    }

    fn constructor_call(&mut self, object: &'a Object) -> Option<(Code, Vec<&'a (String, Value)>)> {
        let class = self.import(&object.class)?;
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut items = Vec::new();
        let holds_content = object.base.is_some();
        match &object.init {
            Some(params) if !holds_content => {
                let known = class_of(self.map, &object.class);
                for param in params {
                    if matches!(
                        param.kind,
                        ArgumentKind::VarPositional | ArgumentKind::VarKeyword
                    ) {
                        continue;
                    }
                    let attr = attribute_of(self.map, known, object, param);
                    let cut = Cut {
                        object: object.id,
                        name: param.name.clone(),
                    };
                    if !param.is_required && self.cuts.contains(&cut) {
                        used.extend(attr.map(|(name, _)| name));
                        continue;
                    }
                    match attr {
                        // Something that can not be built is left to the default, if there is one.
                        Some((name, value)) if param.is_required || !is_opaque(value) => {
                            let code = self.value(value, &param.name)?;
                            used.insert(name);
                            if param.kind == ArgumentKind::PositionalOnly {
                                items.push(code);
                                continue;
                            }
                            if known.is_some_and(|c| is_default(self.map, c, param, &code)) {
                                continue;
                            }
                            if !param.is_required {
                                self.cuttable.push(cut);
                            }
                            items.push(Code::named(&param.name, code));
                        }
                        _ if param.is_required => return None,
                        _ => {}
                    }
                }
            }
            // `MultiDict(mapping=None)`: a container that takes its content first.
            Some(params)
                if params.first().is_some_and(|p| {
                    matches!(
                        p.kind,
                        ArgumentKind::Positional | ArgumentKind::PositionalOnly
                    )
                }) && params.iter().skip(1).all(|p| !p.is_required) =>
            {
                let (_, content) = object.base.as_ref()?;
                items.push(self.value(content, "content")?);
            }
            Some(_) => return None,
            None if object.kind == ObjectKind::Exception => {
                for arg in &object.args {
                    items.push(self.value(arg, "argument")?);
                }
            }
            None => {
                if let Some((base, content)) = &object.base {
                    if !matches!(
                        base.as_str(),
                        "dict"
                            | "list"
                            | "set"
                            | "str"
                            | "int"
                            | "float"
                            | "tuple"
                            | "frozenset"
                            | "bytes"
                    ) {
                        return None;
                    }
                    items.push(self.value(content, "content")?);
                }
            }
        }
        let rest = object
            .attrs
            .iter()
            .filter(|(name, _)| !used.contains(name.as_str()))
            .collect();
        Some((Code::group(format!("{class}("), items, ")"), rest))
    }

    fn raw(&mut self, object: &'a Object, hint: &str) -> Option<Code> {
        self.raw_objects += 1;
        let class = self.import(&object.class)?;
        let name = self.variable(&name_for(object, hint));
        let creation = match (&object.base, object.kind) {
            (_, ObjectKind::Exception) => {
                let mut items = vec![Code::atom(class.clone())];
                for arg in &object.args {
                    items.push(self.value(arg, "argument")?);
                }
                Code::group(format!("{class}.__new__("), items, ")")
            }
            (Some((base, _)), _) if matches!(base.as_str(), "dict" | "list" | "set") => {
                Code::atom(format!("{base}.__new__({class})"))
            }
            (Some((base, _)), _) if is_ordered(base) => {
                let base = self.import(&collections(base))?;
                Code::atom(format!("{base}.__new__({class})"))
            }
            (Some((base, content)), _)
                if matches!(
                    base.as_str(),
                    "str" | "int" | "float" | "tuple" | "frozenset" | "bytes"
                ) =>
            {
                let content = self.value(content, "content")?;
                Code::group(
                    format!("{base}.__new__("),
                    vec![Code::atom(class), content],
                    ")",
                )
            }
            (Some(_), _) => return None,
            (None, _) => Code::atom(format!("object.__new__({class})")),
        };
        self.statement(creation.lines(&format!("{name} = "), ""));
        self.names.insert(object.id, name.clone());
        if let Some((base, content)) = &object.base
            && is_ordered(base)
            && let Value::Dict { entries, .. } = content
        {
            // Its order is kept by its own `__setitem__` alone.
            let base = self.import(&collections(base))?;
            for (key, value) in entries {
                let key = self.value(key, "key")?;
                let value = self.value(value, "value")?;
                let set = Code::group(
                    format!("{base}.__setitem__("),
                    vec![Code::atom(name.clone()), key, value],
                    ")",
                );
                self.statement(set.lines("", ""));
            }
        } else if let Some((base, content)) = &object.base {
            let fill = match base.as_str() {
                "dict" | "set" => "update",
                "list" => "extend",
                _ => "",
            };
            if !fill.is_empty() {
                let content = self.value(content, "content")?;
                self.statement(content.lines(&format!("{base}.{fill}({name}, "), ")"));
            }
        }
        self.set(object, &name, object.attrs.iter().collect(), false)?;
        Some(Code::atom(name))
    }

    /// Stores attributes as they were stored, past properties and `__setattr__`.
    fn set(
        &mut self,
        object: &'a Object,
        name: &str,
        attrs: Vec<&'a (String, Value)>,
        is_constructed: bool,
    ) -> Option<()> {
        let mut stored = Vec::new();
        for (attr, value) in attrs {
            if !is_attribute(attr) {
                continue;
            }
            if self.manner.state == State::Completed {
                // The constructor's own is better than a stand-in.
                let cut = Cut {
                    object: object.id,
                    name: attr.clone(),
                };
                if is_opaque(value) || self.cuts.contains(&cut) {
                    continue;
                }
                if is_constructed {
                    self.cuttable.push(cut);
                }
            }
            let mark = self.mark();
            match self.value(value, attr) {
                Some(code) => stored.push((attr, code)),
                // One attribute that can not be written must not cost the rest.
                None => self.back_to(mark),
            }
        }
        if stored.is_empty() {
            return Some(());
        }
        let mut items = Vec::new();
        for (attr, code) in stored {
            if object.slots.contains(attr) || object.kind == ObjectKind::Pydantic {
                self.statement(code.lines(
                    &format!("object.__setattr__({name}, {}, ", literal::string(attr)),
                    ")",
                ));
            } else {
                items.push(Code::named(attr, code));
            }
        }
        if items.is_empty() {
            return Some(());
        }
        let update = Code::group(format!("vars({name}).update("), items, ")");
        self.statement(update.lines("", ""));
        Some(())
    }
}

/// Numbers of the values that more than one place below `roots` holds.
fn met_twice<'a>(known: &BTreeMap<Id, &'a Value>, roots: &[&'a Value]) -> BTreeSet<Id> {
    let mut met = BTreeSet::new();
    let mut twice = BTreeSet::new();
    let mut open: Vec<&'a Value> = roots.to_vec();
    while let Some(root) = open.pop() {
        root.walk(&mut |value| {
            if let Some(id) = value.id()
                && !met.insert(id)
            {
                twice.insert(id);
                return false;
            }
            if let Value::Ref(id) = value {
                match known.get(id) {
                    // Its definition lies elsewhere: it is walked once, from here or from where it stands.
                    Some(target) if !met.contains(id) => open.push(target),
                    _ => {
                        twice.insert(*id);
                    }
                }
            }
            true
        });
    }
    twice
}

fn is_ordered(base: &str) -> bool {
    matches!(base, "OrderedDict" | "defaultdict")
}

fn collections(base: &str) -> Name {
    Name {
        module: "collections".to_owned(),
        qualname: base.to_owned(),
    }
}

/// The class of the project that a name means.
pub fn class_of<'m>(map: &'m CodeMap, name: &Name) -> Option<ClassRef<'m>> {
    let module = map.module(&name.module)?;
    let class = module.classes.iter().find(|c| c.name == name.qualname)?;
    Some(ClassRef { module, class })
}

/// The attribute that holds what a parameter of the constructor was given.
fn attribute_of<'o>(
    map: &CodeMap,
    class: Option<ClassRef>,
    object: &'o Object,
    param: &InitParam,
) -> Option<(&'o str, &'o Value)> {
    let stored = |name: &str| {
        object
            .attrs
            .iter()
            .find(|(attr, _)| attr == name)
            .map(|(attr, value)| (attr.as_str(), value))
    };
    let assigned = class
        .and_then(|c| map.method(c, "__init__"))
        .and_then(|init| {
            init.function
                .assignments
                .iter()
                .find(|a| {
                    a.target.starts_with("self.")
                        && a.value == crate::code::Value::Name(param.name.clone())
                })
                .map(|a| a.target["self.".len()..].to_owned())
        });
    assigned
        .and_then(|name| stored(&name))
        .or_else(|| stored(&param.name))
        .or_else(|| stored(&format!("_{}", param.name)))
        .or_else(|| {
            let class = object.class.qualname.rsplit('.').next().unwrap_or_default();
            stored(&format!(
                "_{}__{}",
                class.trim_start_matches('_'),
                param.name
            ))
        })
}

/// Whether the value is what the parameter would get anyway.
fn is_default(map: &CodeMap, class: ClassRef, param: &InitParam, code: &Code) -> bool {
    let default = match map.method(class, "__init__") {
        Some(init) => init
            .function
            .params
            .iter()
            .find(|p| p.name == param.name)
            .and_then(|p| p.default.clone()),
        None => class
            .class
            .fields
            .iter()
            .find(|f| f.name == param.name)
            .and_then(|f| f.default.clone()),
    };
    default.is_some_and(|default| default.replace('\'', "\"") == code.flat())
}

fn is_opaque(value: &Value) -> bool {
    matches!(value, Value::Opaque { global: None, .. })
}

/// A name under which an attribute can be stored by keyword.
fn is_attribute(name: &str) -> bool {
    literal::is_identifier(name)
        && !matches!(name, "__dict__" | "__class__" | "__weakref__" | "self")
}

fn name_for(object: &Object, hint: &str) -> String {
    if hint == "self" || hint.is_empty() || hint == "value" {
        let class = object.class.qualname.rsplit('.').next().unwrap_or_default();
        return snake_case(class.trim_matches('_'));
    }
    hint.to_owned()
}

/// `lines` → `line`.
fn singular(name: &str) -> String {
    match name.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => name.to_owned(),
    }
}

fn int(digits: &str) -> Option<String> {
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    // Python refuses to read longer ones, and reads leading zeros as an error.
    let is_plain = !bare.is_empty()
        && bare.len() <= 4000
        && bare.bytes().all(|b| b.is_ascii_digit())
        && (bare == "0" || !bare.starts_with('0'));
    is_plain.then(|| digits.to_owned())
}

fn float(text: &str) -> Option<String> {
    if matches!(text, "nan" | "inf" | "-inf") {
        return Some(format!("float(\"{text}\")"));
    }
    let is_plain = text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
        && text.parse::<f64>().is_ok();
    is_plain.then(|| text.to_owned())
}

/// A bytes literal.
pub fn bytes(data: &[u8]) -> String {
    let mut out = String::from("b\"");
    for byte in data {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

/// A value of the same type and length in place of a secret.
fn placeholder(of: &str, length: usize, like: &str) -> String {
    let text = match like {
        "digits" | "hex" => "0".repeat(length),
        "email" if length > 12 => format!("{}@example.com", "x".repeat(length - 12)),
        _ => "x".repeat(length),
    };
    match of {
        "bytes" => bytes(text.as_bytes()),
        "bytearray" => format!("bytearray({})", bytes(text.as_bytes())),
        "int" => format!("1{}", "0".repeat(length.saturating_sub(1).min(30))),
        "float" => "1.0".to_owned(),
        "bool" => "True".to_owned(),
        "NoneType" => "None".to_owned(),
        "list" => "[]".to_owned(),
        "dict" => "{}".to_owned(),
        _ => literal::string(&text),
    }
}

/// Builtins that a variable would hide.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "dict"
            | "set"
            | "tuple"
            | "str"
            | "int"
            | "float"
            | "bytes"
            | "bool"
            | "object"
            | "type"
            | "vars"
            | "len"
            | "next"
            | "iter"
            | "format"
            | "input"
            | "filter"
            | "map"
            | "range"
            | "id"
            | "hash"
            | "print"
            | "open"
            | "property"
            | "super"
            | "sum"
            | "min"
            | "max"
            | "all"
            | "any"
            | "slice"
            | "dir"
            | "bytearray"
            | "frozenset"
            | "complex"
            | "compile"
            | "eval"
            | "exec"
    )
}
