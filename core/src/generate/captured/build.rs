//! Captured values as Python code: literals where there are literals, constructors where the state maps to their
//! parameters, else an empty instance whose attributes are set. It writes code for data only: what may be called or
//! imported beyond the project's own classes is on a list (see `trust`).

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Code;
use super::manner::{Cut, Manner, Written};
use super::mapped;
use super::spell::{bytes, float, int, is_builtin, placeholder, singular};
use super::trust;
use crate::capture::{Id, Name, Request, SequenceKind, Value};
use crate::code::CodeMap;
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

/// More statements than this are no readable test.
const MOST_STATEMENTS: usize = 400;
/// Longer values get a name of their own.
const INLINE: usize = 48;
/// Deeper structures are not built.
const DEPTH: usize = 40;

/// Builds the values of one test, shared ones once.
pub struct Builder<'a> {
    pub(super) map: &'a CodeMap,
    pub(super) manner: Manner,
    /// The request that was served.
    pub request: Option<&'a Request>,
    /// An object like it was made.
    pub has_asked: bool,
    /// Imports and statements so far.
    pub setup: Setup,
    /// Every value with a number.
    known: BTreeMap<Id, &'a Value>,
    /// Numbers that more than one place refers to.
    pub(super) shared: BTreeSet<Id>,
    pub(super) names: BTreeMap<Id, String>,
    taken: BTreeSet<String>,
    /// Imported names: name in the file → (module, name there).
    imported: BTreeMap<String, (String, String)>,
    pub(super) open: Vec<Id>,
    /// Objects that are made although a module of the project held them.
    pub(super) anew: BTreeSet<Id>,
    /// Objects whose constructor was not used although it would have been wanted.
    pub raw_objects: usize,
    /// One of them has nothing of what its constructor sets.
    pub is_half_made: bool,
    /// Stand-ins for what was not captured.
    pub stand_ins: usize,
    /// Types of values that a class of the project says it does not hold.
    pub mistyped: BTreeSet<&'static str>,
    /// What is left to the constructors.
    pub(super) cuts: BTreeSet<Cut>,
    /// What could be left to them as well.
    pub cuttable: Vec<Cut>,
    pub(super) written: Written,
}

/// A state to go back to.
pub(super) struct Mark {
    setup: Setup,
    names: BTreeMap<Id, String>,
    taken: BTreeSet<String>,
    imported: BTreeMap<String, (String, String)>,
    cuttable: usize,
    open: usize,
    raw_objects: usize,
    stand_ins: usize,
    written: Written,
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
            request: None,
            has_asked: false,
            setup: Setup::default(),
            known,
            shared,
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            imported: BTreeMap::new(),
            open: Vec::new(),
            anew: BTreeSet::new(),
            raw_objects: 0,
            is_half_made: false,
            stand_ins: 0,
            mistyped: BTreeSet::new(),
            cuts: BTreeSet::new(),
            cuttable: Vec::new(),
            written: Written::default(),
        }
    }

    /// Every value with a number that was captured.
    pub(super) fn known(&self) -> &BTreeMap<Id, &'a Value> {
        &self.known
    }

    /// A value, or the one that a reference stands for.
    pub(super) fn meant(&self, value: &'a Value) -> &'a Value {
        match value {
            Value::Ref(id) => self.known.get(id).copied().unwrap_or(value),
            value => value,
        }
    }

    /// Whether an object is being built right now, so that what leads back to it has to wait.
    pub(super) fn is_open(&self, id: Id) -> bool {
        self.open.contains(&id)
    }

    /// The project.
    pub fn map(&self) -> &'a CodeMap {
        self.map
    }

    /// Leaves parts of the state to the constructors.
    pub fn cut(&mut self, cuts: &[Cut]) {
        self.cuts = cuts.iter().cloned().collect();
    }

    /// Whether an option of the call is left out; else it is noted that it could be.
    pub fn is_left_out(&mut self, option: &str) -> bool {
        let cut = Cut::of_call(option);
        let is_left_out = self.cuts.contains(&cut);
        if !is_left_out {
            self.cuttable.push(cut);
        }
        is_left_out
    }

    /// Keeps a name from being used for a variable.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// A long value reads better under its own name.
    pub(super) fn short(&mut self, code: Code, name: &str) -> Code {
        if code.flat().len() <= INLINE {
            return code;
        }
        let name = self.variable(name);
        self.statement(code.lines(&format!("{name} = "), ""));
        Code::atom(name)
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
        // pytest would collect what is called so.
        let is_test = first.starts_with("test") || first.starts_with("Test");
        let wished = format!("{}{first}", if is_test { "_" } else { "" });
        let mut local = wished.clone();
        let mut number = 2;
        while self.taken.contains(&local) || self.imported.contains_key(&local) {
            local = format!("{wished}_{number}");
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

    pub(super) fn statement(&mut self, lines: Vec<String>) {
        self.setup.statements.extend(lines);
    }

    fn expression(&mut self, value: &'a Value, hint: &str) -> Option<Code> {
        Some(match value {
            Value::None => Code::atom("None"),
            Value::Bool(true) => Code::atom("True"),
            Value::Bool(false) => Code::atom("False"),
            Value::Int(digits) => Code::atom(int(digits)?),
            Value::Float(text) => Code::atom(float(text)?),
            Value::Text(text) => match self.file(text) {
                Some(file) => Code::atom(file),
                None => Code::atom(literal::string(text)),
            },
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
                if let Some(row) = self.result(callee, args) {
                    return Some(row);
                }
                if !trust::may_call(callee, self.map) {
                    return Some(self.stand_in());
                }
                if let Some(path) = self.path(callee, args) {
                    return Some(path);
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
                let object = self.value(of, hint)?.flat();
                Code::atom(match object.starts_with("tmp_path /") {
                    true => format!("({object}).{name}"),
                    false => format!("{object}.{name}"),
                })
            }
            Value::Redacted {
                of,
                length,
                like,
                number,
            } => Code::atom(placeholder(of, *length, like, *number)),
            Value::Opaque {
                global: Some(global),
                ..
            } if trust::may_import(global, self.map) => Code::atom(self.import(global)?),
            Value::Opaque { why, .. } if why == "generator" => {
                self.stand_ins += 1;
                Code::atom("iter([])")
            }
            Value::Opaque {
                why,
                class: Some(class),
                ..
            } if why == "request" => self.request_or_stand_in(class),
            Value::Opaque {
                why,
                class: Some(class),
                ..
            } if why == "connection" && mapped::is_session(class) => self.session_or_stand_in(),
            Value::Opaque { is_async: true, .. } => self.awaitable_stand_in(),
            Value::Opaque {
                class: Some(class), ..
            } if is_awaited(class) => self.awaitable_stand_in(),
            Value::Opaque { .. } => self.stand_in(),
            // Handled by their number.
            Value::Object(object) => self.object(object, hint)?,
            Value::Ref(_) => return None,
        })
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            setup: self.setup.clone(),
            names: self.names.clone(),
            taken: self.taken.clone(),
            imported: self.imported.clone(),
            cuttable: self.cuttable.len(),
            open: self.open.len(),
            raw_objects: self.raw_objects,
            stand_ins: self.stand_ins,
            written: self.written.clone(),
        }
    }

    pub(super) fn back_to(&mut self, mark: Mark) {
        self.setup = mark.setup;
        self.names = mark.names;
        self.taken = mark.taken;
        self.imported = mark.imported;
        self.cuttable.truncate(mark.cuttable);
        self.open.truncate(mark.open);
        self.raw_objects = mark.raw_objects;
        self.stand_ins = mark.stand_ins;
        self.written = mark.written;
    }

    /// The request that was served; what cannot be made answers to anything.
    fn request_or_stand_in(&mut self, class: &Name) -> Code {
        let mark = self.mark();
        if let Some(request) = self.request
            && let Some(code) = self.asked(class, request)
        {
            self.has_asked = true;
            return code;
        }
        self.back_to(mark);
        match is_awaited(class) {
            true => self.awaitable_stand_in(),
            false => self.stand_in(),
        }
    }

    /// Stands where something was not captured and answers to anything.
    pub(super) fn stand_in(&mut self) -> Code {
        self.stand_in_of("MagicMock")
    }

    /// For a function that is awaited.
    fn awaitable_stand_in(&mut self) -> Code {
        self.stand_in_of("AsyncMock")
    }

    fn stand_in_of(&mut self, class: &str) -> Code {
        self.stand_ins += 1;
        let name = Name {
            module: "unittest.mock".to_owned(),
            qualname: class.to_owned(),
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

/// Whether the methods of a class are awaited, as far as its name and its module's tell.
fn is_awaited(class: &Name) -> bool {
    const MODULES: [&str; 6] = [
        "aiohttp",
        "aiosqlite",
        "asyncpg",
        "aioredis",
        "aio_pika",
        "motor",
    ];
    let mut parts = class.module.split('.');
    let name = class.qualname.rsplit('.').next().unwrap_or_default();
    // Of a request much is at hand.
    name != "Request"
        && (name.starts_with("Async")
            || name.starts_with("WebSocket")
            || parts.any(|part| MODULES.contains(&part)))
}
