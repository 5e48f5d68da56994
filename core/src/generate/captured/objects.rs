//! Objects as Python code: taken from their module, constructed, completed, filled in, or stood in for.

use std::collections::BTreeSet;

use super::build::Builder;
use super::layout::Code;
use super::manner::{Cut, State};
use super::trust;
use crate::capture::{ArgumentKind, InitParam, Name, Object, ObjectKind, Value};
use crate::code::{ClassRef, CodeMap};
use crate::correlate::snake_case;
use crate::generate::literal;

impl<'a> Builder<'a> {
    /// An object: taken from its module, constructed, or filled in.
    pub(super) fn object(&mut self, object: &'a Object, hint: &str) -> Option<Code> {
        if self.manner.takes_globals
            && !self.anew.contains(&object.id)
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
            let mark = self.mark();
            match self.value(value, attr) {
                Some(code) => items.push((attr, code)),
                None => self.back_to(mark),
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
        self.mistyped.extend(mistyped(self.map, object));
        if self.manner.state != State::Raw
            && let Some((call, rest)) = self.constructor(object)
        {
            let is_row = self.is_row(object);
            let rest: Vec<&(String, Value)> = match self.manner.state {
                _ if is_row => self.rest_of_row(object, rest),
                State::Constructed => Vec::new(),
                _ => rest,
            };
            let is_shared = self.shared.contains(&object.id);
            if rest.is_empty() && !is_shared && !is_row {
                return Some(call);
            }
            let name = self.variable(&name_for(object, hint));
            self.names.insert(object.id, name.clone());
            self.statement(call.lines(&format!("{name} = "), ""));
            self.set(object, &name, rest, true)?;
            if is_row {
                self.complete_row(object, &name);
            }
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

    fn constructor_call(&mut self, object: &'a Object) -> Option<(Code, Vec<&'a (String, Value)>)> {
        let class = self.import(&object.class)?;
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut items = Vec::new();
        if let Some(fields) = self.model(object) {
            let (items, used) = fields?;
            let rest = object
                .attrs
                .iter()
                .filter(|(name, _)| !used.contains(name.as_str()))
                .collect();
            return Some((Code::group(format!("{class}("), items, ")"), rest));
        }
        let holds_content = object.base.is_some();
        match &object.init {
            Some(params) if !holds_content => {
                let known = class_of(self.map, &object.class);
                let has_required = params.iter().any(|param| param.is_required);
                for param in params {
                    if matches!(
                        param.kind,
                        ArgumentKind::VarPositional | ArgumentKind::VarKeyword
                    ) {
                        continue;
                    }
                    if self.manner.state == State::Bare && !param.is_required {
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
                            if !param.is_required && (has_required || is_simple(value)) {
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
        if object.kind == ObjectKind::SqlAlchemy {
            // Nothing works of an instance that its constructor has not seen.
            return None;
        }
        self.raw_objects += 1;
        self.is_half_made |= is_half_made(self.map, object);
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
        if self.is_row(object) {
            self.complete_row(object, &name);
        }
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
            if matches!(self.manner.state, State::Completed | State::Bare) {
                // The constructor's own is better than a stand-in.
                let cut = Cut {
                    object: object.id,
                    name: attr.clone(),
                };
                if is_opaque(value) || self.cuts.contains(&cut) {
                    continue;
                }
                // What the constructor does not set itself would be missing.
                if is_constructed
                    && sets(self.map, object, attr)
                    && (is_simple(value) || !makes_it_what_it_is(self.map, object, attr))
                {
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
            } else if object.kind == ObjectKind::SqlAlchemy {
                self.statement(code.lines(&format!("{name}.{attr} = "), ""));
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

/// Whether an object has nothing of what its constructor sets: whoever made it (`copy`, `pickle`) was not done.
fn is_half_made(map: &CodeMap, object: &Object) -> bool {
    let init = class_of(map, &object.class).and_then(|class| map.method(class, "__init__"));
    object.attrs.is_empty()
        && object.base.is_none()
        && init.is_some_and(|init| {
            let mut assigned = init.function.assignments.iter();
            assigned.any(|a| a.target.starts_with("self."))
        })
}

/// Types of what an object's fields hold although their annotations do not have it: a text where a number shall be, a `float`
/// where a `Decimal` shall be. `None` says something in records alone: elsewhere much is annotated without it that may be
/// missing.
fn mistyped(map: &CodeMap, object: &Object) -> Vec<&'static str> {
    const PLAIN: [&str; 12] = [
        "str", "bytes", "int", "float", "bool", "Decimal", "Fraction", "date", "datetime", "UUID",
        "None", "Optional",
    ];
    let Some(class) = class_of(map, &object.class) else {
        return Vec::new();
    };
    let fields = class.class.fields.iter();
    let wrong = fields.filter_map(|field| {
        let (_, value) = object.attrs.iter().find(|(name, _)| *name == field.name)?;
        let (held, fits): (_, &[&str]) = match value {
            Value::Text(_) => ("str", &["str"]),
            Value::Float(_) => ("float", &["float"]),
            Value::None if object.kind == ObjectKind::Dataclass => {
                let annotation = field.annotation.as_deref()?;
                return (field.default.is_none() && excludes_none(annotation))
                    .then_some("NoneType");
            }
            _ => return None,
        };
        let annotation = field.annotation.as_deref()?;
        let names = annotation.split(|c: char| !c.is_alphanumeric() && c != '_');
        let mut names = names.filter(|name| !name.is_empty());
        let is_plain = names.all(|name| PLAIN.contains(&name) && !fits.contains(&name));
        is_plain.then_some(held)
    });
    wrong.collect()
}

/// Whether an annotation leaves no room for `None`.
pub(super) fn excludes_none(annotation: &str) -> bool {
    const OPEN: [&str; 5] = ["None", "Optional", "Any", "object", "TypeVar"];
    let mut names = annotation.split(|c: char| !c.is_alphanumeric() && c != '_');
    // A single letter is a type variable.
    names.all(|name| !OPEN.contains(&name) && (name.is_empty() || name.len() > 1))
}

/// Whether an object has an attribute from its constructor or its class.
fn sets(map: &CodeMap, object: &Object, attr: &str) -> bool {
    let Some(class) = class_of(map, &object.class) else {
        return false;
    };
    let assigned = format!("self.{attr}");
    let by_constructor = map.method(class, "__init__").is_some_and(|init| {
        init.function
            .assignments
            .iter()
            .any(|a| a.target == assigned)
    });
    by_constructor || class.class.fields.iter().any(|f| f.name == attr)
}

/// Whether an attribute holds what a parameter of a constructor was given that needs none.
fn makes_it_what_it_is(map: &CodeMap, object: &Object, attr: &str) -> bool {
    let class = class_of(map, &object.class);
    let params = object.init.as_deref().unwrap_or_default();
    let holds = |param: &InitParam| {
        attribute_of(map, class, object, param).is_some_and(|(name, _)| name == attr)
    };
    !params.iter().any(|param| param.is_required) && params.iter().any(holds)
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

pub fn is_opaque(value: &Value) -> bool {
    matches!(value, Value::Opaque { global: None, .. })
}

/// A name under which an attribute can be stored by keyword.
pub(super) fn is_attribute(name: &str) -> bool {
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

/// Whether an object that needs no argument at all is still one like production's without an argument of that value: one
/// that holds others, or says what to do, may have made it what it was, and what is left may be nothing that the fixed
/// code can work with.
fn is_simple(value: &Value) -> bool {
    matches!(
        value,
        Value::None | Value::Int(_) | Value::Float(_) | Value::Text(_)
    )
}

#[cfg(test)]
mod tests {
    use super::excludes_none;

    #[test]
    fn annotations_that_leave_no_room_for_none() {
        for annotation in ["Room", "dict[str, float]", "list[Order]", "datetime"] {
            assert!(excludes_none(annotation), "{annotation}");
        }
        for annotation in [
            "Room | None",
            "Optional[Room]",
            "Any",
            "T",
            "dict[K, V]",
            "object",
        ] {
            assert!(!excludes_none(annotation), "{annotation}");
        }
    }
}
