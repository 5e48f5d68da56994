//! What was captured beside a failure while it was handled: arguments, object state, the request. Plain data, and the
//! reader of its JSON (docs/capture.md). It judges nothing and builds no code.

mod read;

use std::collections::BTreeMap;

pub use read::{is_of_test, read};

/// Everything that a line of the capture file says beyond the failure itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// In-app frames of the chain, oldest call first.
    pub frames: Vec<CapturedFrame>,
    /// Callers of the function that caught the failure, nearest first.
    pub outer: Vec<CapturedFrame>,
    /// The request that was being served.
    pub request: Option<Request>,
    /// Saved instances of models that the frames or their database sessions had at hand.
    pub rows: Vec<Value>,
    /// What other services had answered.
    pub replies: Vec<Reply>,
    /// What modules and classes of the project held in memory, and functions of the trace name.
    pub state: Vec<Held>,
    /// What cut the capture short.
    pub notes: Vec<String>,
}

/// A call as it stood when the failure was caught.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapturedFrame {
    /// Index of the exception in the failure's list; `None` for callers outside of the traceback.
    pub exception: Option<usize>,
    /// Index of the frame in that exception's list.
    pub frame: Option<usize>,
    /// The module's name as Python knows it.
    pub module: String,
    /// `Cart.total`.
    pub qualname: Option<String>,
    /// How the function is made.
    pub kind: FunctionKind,
    /// In the order of the signature.
    pub arguments: Vec<Argument>,
    /// What calls that it made had returned, in the order of their lines.
    pub returned: Vec<Returned>,
}

/// What a call had returned to the function that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The variable that it was assigned to.
    pub variable: String,
    /// The first line of the assignment.
    pub line: u32,
    /// The function that was called: `shop.client:Client.fetch`.
    pub function: Name,
    /// The call was awaited.
    pub is_awaited: bool,
    /// What the variable held when the failure was caught.
    pub value: Value,
}

/// A response of another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The client that had asked: `requests`, `httpx`, `httpx.async`.
    pub client: String,
    /// `GET`.
    pub method: String,
    /// Without credentials.
    pub url: String,
    /// `200`.
    pub status: u16,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// Text or bytes.
    pub body: Value,
}

/// What a module or a class held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// `shop.store:ORDERS`, `shop.store:Store.orders`.
    pub name: Name,
    /// What it was.
    pub value: Value,
}

/// How a function is made, as far as a call of it must know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FunctionKind {
    /// A plain function, a static method or a method.
    #[default]
    Plain,
    /// A class method.
    ClassMethod,
    /// `__init__`.
    Constructor,
    /// Holds a `yield`.
    Generator,
    /// `async def`.
    Coroutine,
    /// `async def` with a `yield`.
    AsyncGenerator,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Name of the parameter.
    pub name: String,
    /// How it is passed.
    pub kind: ArgumentKind,
    /// What was passed.
    pub value: Value,
    /// It is what the function had bound it to when it failed; what was passed is not known.
    pub is_rebound: bool,
}

/// How a parameter takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// By position alone.
    PositionalOnly,
    /// By position or name.
    Positional,
    /// By name alone.
    Keyword,
    /// `*args`.
    VarPositional,
    /// `**kwargs`.
    VarKeyword,
    /// No parameter: a variable of the function around it.
    Free,
}

/// A request that was being served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `flask`, `django`, `fastapi`, `starlette`, `wsgi`, `asgi`.
    pub framework: String,
    /// The application object.
    pub app: Option<Value>,
    /// `POST`.
    pub method: String,
    /// `/cart`.
    pub path: String,
    /// `a=1&b=2`, without the question mark.
    pub query: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// Text or bytes.
    pub body: Option<Value>,
}

/// The number that ties a [`Value::Ref`] to the value it means; 0 where none was written.
pub type Id = u64;

/// A value as far as it was looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// Digits with an optional sign.
    Int(String),
    /// As `repr` writes it, or `nan`, `inf`, `-inf`.
    Float(String),
    /// Text.
    Text(String),
    /// Bytes; mutable ones are a `bytearray`.
    Bytes {
        /// The bytes.
        data: Vec<u8>,
        /// A `bytearray`.
        is_mutable: bool,
        /// Its number.
        id: Id,
    },
    /// A list, tuple, set or frozen set.
    Sequence {
        /// Which.
        kind: SequenceKind,
        /// Members.
        items: Vec<Value>,
        /// Its number.
        id: Id,
        /// Members were left out.
        is_cut: bool,
    },
    /// A dictionary.
    Dict {
        /// Keys and values.
        entries: Vec<(Value, Value)>,
        /// Its number.
        id: Id,
        /// Entries were left out.
        is_cut: bool,
    },
    /// A value of a known class by the call that makes it.
    Call {
        /// What is called.
        callee: Name,
        /// By position.
        args: Vec<Value>,
        /// By name.
        kwargs: Vec<(String, Value)>,
        /// Its number.
        id: Id,
    },
    /// Something that can be imported.
    Global(Name),
    /// A method bound to an object.
    Method {
        /// The object.
        of: Box<Value>,
        /// Name of the method.
        name: String,
    },
    /// An instance of any other class.
    Object(Box<Object>),
    /// The value that carries this number.
    Ref(Id),
    /// A secret that was not written.
    Redacted {
        /// Type name.
        of: String,
        /// Length.
        length: usize,
        /// `digits`, `hex`, `email`, `latin`, `wide`, `text`.
        like: String,
        /// Which of the line's secrets it is, from 1.
        number: u64,
    },
    /// Not looked into.
    Opaque {
        /// Its class.
        class: Option<Name>,
        /// `generator`, `lazy`, `stream`, `connection`, `local`, `limit`, `native`, `app`.
        why: String,
        /// Its number.
        id: Id,
        /// A module of the project holds this very object under that name.
        global: Option<Name>,
        /// A function that is awaited.
        is_async: bool,
    },
}

/// The builtin sequences and sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceKind {
    /// `list`.
    List,
    /// `tuple`.
    Tuple,
    /// `set`.
    Set,
    /// `frozenset`.
    FrozenSet,
}

/// `module:qualname`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// `shop.cart`.
    pub module: String,
    /// `Cart.Line`; empty for the module itself.
    pub qualname: String,
}

/// What an object's class is known to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ObjectKind {
    /// Nothing special.
    #[default]
    Plain,
    /// A dataclass.
    Dataclass,
    /// Made by attrs.
    Attrs,
    /// A pydantic model.
    Pydantic,
    /// Mapped by SQLAlchemy.
    SqlAlchemy,
    /// An exception.
    Exception,
}

/// An instance of a class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// Its number.
    pub id: Id,
    /// Its class.
    pub class: Name,
    /// Its class can not be imported by that name.
    pub is_local: bool,
    /// What the class is.
    pub kind: ObjectKind,
    /// Of SQLAlchemy's: it was in the database.
    pub is_saved: bool,
    /// The builtin class it derives from, with that part's value.
    pub base: Option<(String, Value)>,
    /// Attributes that lie in slots, not in `__dict__`.
    pub slots: Vec<String>,
    /// Stored attributes.
    pub attrs: Vec<(String, Value)>,
    /// Arguments of an exception.
    pub args: Vec<Value>,
    /// Parameters of the constructor; `None` when they can not be told.
    pub init: Option<Vec<InitParam>>,
    /// A module of the project holds this very object under that name.
    pub global: Option<Name>,
}

/// A parameter of a constructor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitParam {
    /// Name.
    pub name: String,
    /// How it is passed.
    pub kind: ArgumentKind,
    /// Has no default.
    pub is_required: bool,
}

impl Captured {
    /// Every value with a number, wherever it was written.
    pub fn numbered(&self) -> BTreeMap<Id, &Value> {
        let mut known = BTreeMap::new();
        let frames = self.frames.iter().chain(&self.outer);
        let arguments = frames.flat_map(|f| f.arguments.iter().map(|a| &a.value));
        let returned = self.frames.iter().flat_map(|f| &f.returned);
        let request = self
            .request
            .iter()
            .flat_map(|r| r.app.iter().chain(&r.body));
        let state = self.state.iter().map(|held| &held.value);
        let others = returned.map(|call| &call.value).chain(&self.rows);
        for root in arguments.chain(request).chain(others).chain(state) {
            root.walk(&mut |value| {
                if let Some(id) = value.id() {
                    known.entry(id).or_insert(value);
                }
                true
            });
        }
        known
    }
}

impl Value {
    /// The number that a [`Value::Ref`] would name.
    pub fn id(&self) -> Option<Id> {
        match self {
            Value::Bytes { id, .. }
            | Value::Sequence { id, .. }
            | Value::Dict { id, .. }
            | Value::Opaque { id, .. }
            | Value::Call { id, .. } => (*id != 0).then_some(*id),
            Value::Object(object) => (object.id != 0).then_some(object.id),
            _ => None,
        }
    }

    /// Calls `visit` for this value and everything inside, outer ones first; false: not what is inside of this one.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Value) -> bool) {
        if !visit(self) {
            return;
        }
        match self {
            Value::Sequence { items, .. } => items.iter().for_each(|v| v.walk(visit)),
            Value::Dict { entries, .. } => entries.iter().for_each(|(key, value)| {
                key.walk(visit);
                value.walk(visit);
            }),
            Value::Call { args, kwargs, .. } => {
                args.iter().for_each(|v| v.walk(visit));
                kwargs.iter().for_each(|(_, v)| v.walk(visit));
            }
            Value::Method { of, .. } => of.walk(visit),
            Value::Object(object) => {
                if let Some((_, items)) = &object.base {
                    items.walk(visit);
                }
                object.args.iter().for_each(|v| v.walk(visit));
                object.attrs.iter().for_each(|(_, v)| v.walk(visit));
            }
            _ => {}
        }
    }
}
