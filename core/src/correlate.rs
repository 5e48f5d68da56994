//! From a failure and the code map to the gap: which call chain no test covers, at which layer, and why the nearest tests missed it.
//!
//! It reads names and lines only; what it says is checked later by running a test, not here.

use crate::code::{
    AccessKind, Call, CodeMap, Function, FunctionRef, Module, Origin, Value, origin_of,
};
use crate::model::{Exception, Failure, Frame};

/// The lowest test level that would have caught a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Layer {
    /// One module.
    Unit,
    /// Two or more modules of the project.
    Integration,
    /// Only the whole application shows it.
    E2e,
}

impl Layer {
    /// `unit`, `integration`, `e2e`.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Unit => "unit",
            Layer::Integration => "integration",
            Layer::E2e => "e2e",
        }
    }
}

/// How the failure came to light, which decides what a test must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", tag = "how")
)]
pub enum Shown {
    /// It reached the caller.
    Raised,
    /// A handler of the project caught and logged it.
    Swallowed {
        /// The function that caught it.
        by: String,
        /// Keys of the dictionary that the handler returns where the good path returns another literal: `("success", "True")`.
        contract: Vec<(String, String)>,
        /// The handler puts the traceback into the message instead of passing `exc_info`.
        in_message: bool,
    },
    /// It ended a request.
    Request {
        /// `GET`.
        method: String,
        /// `/api/nodes/7`.
        path: String,
    },
    /// A module could not be imported.
    StartUp {
        /// The dotted module that was started or imported.
        module: String,
    },
}

/// One function of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Link {
    /// `KnowledgeGraphFacade.refresh_ontology_cache`, `<module>`.
    pub name: String,
    /// Dotted module.
    pub module: String,
    /// Path relative to the project.
    pub file: String,
    /// Line in the trace, or of the definition for a callee that is no frame.
    pub line: Option<u32>,
    /// Stands in the trace; false for a callee recovered from source line, message and code map.
    pub in_trace: bool,
}

/// A test near the gap.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NearTest {
    /// pytest's node id.
    pub id: String,
    /// Why it did not catch the failure.
    pub reason: String,
}

/// What no test covers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Gap {
    /// Lowest level at which a test would have caught it.
    pub layer: Layer,
    /// Why that layer.
    pub layer_reason: String,
    /// How the failure came to light.
    pub shown: Shown,
    /// Outermost call first.
    pub chain: Vec<Link>,
    /// Nearest first, at most five.
    pub tests: Vec<NearTest>,
    /// The gap in one or two sentences.
    pub summary: String,
}

impl Gap {
    /// `A.b → C.d`.
    pub fn chain_text(&self) -> String {
        let names: Vec<&str> = self.chain.iter().map(|l| l.name.as_str()).collect();
        names.join(" → ")
    }
}

/// A frame of the trace together with the project function that it means.
#[derive(Debug, Clone, Copy)]
pub struct ProjectFrame<'a> {
    /// As logged.
    pub frame: &'a Frame,
    /// The module.
    pub module: &'a Module,
    /// `None` for module level and for functions that the map does not hold.
    pub function: Option<FunctionRef<'a>>,
}

/// The exception whose frames lead into the project: the primary one, else the last that has any.
pub fn project_exception<'a>(failure: &'a Failure, map: &CodeMap) -> Option<&'a Exception> {
    let leads_in = |e: &&Exception| !project_frames(e, map).is_empty();
    failure
        .primary()
        .filter(leads_in)
        .or_else(|| failure.exceptions.iter().rev().find(leads_in))
}

/// The frames of an exception that lie in the project's sources, oldest call first.
pub fn project_frames<'a>(exception: &'a Exception, map: &'a CodeMap) -> Vec<ProjectFrame<'a>> {
    exception
        .plain_frames()
        .filter_map(|frame| {
            let module = map.module_of_path(frame.file.as_deref()?)?;
            if module.is_test || is_library_path(frame.file.as_deref()?) {
                return None;
            }
            let name = frame.function.as_deref().unwrap_or("<module>");
            let function = match name.starts_with('<') && name != "<lambda>" {
                // `<listcomp>` and its like belong to the function around their line.
                true if name != "<module>" => frame.line.and_then(|line| enclosing(module, line)),
                true => None,
                false => crate::code::function_at(module, name, frame.line),
            };
            Some(ProjectFrame {
                frame,
                module,
                function,
            })
        })
        .collect()
}

fn is_library_path(path: &str) -> bool {
    path.contains("site-packages") || path.contains("dist-packages")
}

fn enclosing(module: &Module, line: u32) -> Option<FunctionRef<'_>> {
    let function = module.functions.iter().rev().find(|f| f.contains(line))?;
    Some(FunctionRef { module, function })
}

/// Finds the gap of a failure. `None` when no frame lies in the project.
pub fn correlate(failure: &Failure, map: &CodeMap) -> Option<Gap> {
    let exception = project_exception(failure, map)?;
    let frames = project_frames(exception, map);
    let innermost = *frames.last()?;
    let shown = shown(failure, exception, &frames, map);
    let mut chain = links(&frames);
    let callee = hidden_callee(exception, &innermost, map);
    if let Some(callee) = callee
        && chain
            .last()
            .is_none_or(|l| l.name != callee.function.qualified_name())
    {
        chain.push(Link {
            name: callee.function.qualified_name(),
            module: callee.module.name.clone(),
            file: callee.module.path.clone(),
            line: Some(callee.function.first_line),
            in_trace: false,
        });
    }
    if let Shown::StartUp { .. } = shown
        && let Some(other) = imported_module(&innermost, map)
    {
        chain.push(Link {
            name: other.name.clone(),
            module: other.name.clone(),
            file: other.path.clone(),
            line: None,
            in_trace: false,
        });
    }
    let (layer, layer_reason) = layer(&shown, &frames, callee, map, exception);
    let tests = near_tests(&chain, &shown, map);
    let summary = summary(&chain, layer, &tests, &shown);
    Some(Gap {
        layer,
        layer_reason,
        shown,
        chain,
        tests,
        summary,
    })
}

fn links(frames: &[ProjectFrame]) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    for frame in frames {
        let name = match &frame.function {
            Some(function) => function.function.qualified_name(),
            // Module level is known by the module's name.
            None => match frame.frame.function.as_deref() {
                Some("<module>") | None => frame.module.name.clone(),
                Some(name) => name.to_owned(),
            },
        };
        if chain
            .last()
            .is_some_and(|l| l.name == name && l.file == frame.module.path)
        {
            continue;
        }
        chain.push(Link {
            name,
            module: frame.module.name.clone(),
            file: frame.module.path.clone(),
            line: frame.frame.line,
            in_trace: true,
        });
    }
    chain
}

fn shown(
    failure: &Failure,
    exception: &Exception,
    frames: &[ProjectFrame],
    map: &CodeMap,
) -> Shown {
    let type_name = exception.type_name.as_deref().unwrap_or_default();
    if let Some(last) = frames.last()
        && last.frame.function.as_deref() == Some("<module>")
    {
        // The outermost module of the unbroken run of imports is what was started.
        let first = frames
            .iter()
            .rev()
            .take_while(|f| f.frame.function.as_deref() == Some("<module>"))
            .last()
            .unwrap_or(last);
        return Shown::StartUp {
            module: first.module.name.clone(),
        };
    }
    let outermost_of_trace = exception.plain_frames().next();
    if let Some(first) = frames.first()
        && outermost_of_trace.is_some_and(|f| std::ptr::eq(f, first.frame))
        && let Some(function) = first.function
        && let Some(line) = first.frame.line
        && let Some(handler) = function
            .function
            .handlers
            .iter()
            .filter(|h| h.try_first <= line && line <= h.try_last && !h.reraises)
            .find(|h| h.catches(type_name))
    {
        return Shown::Swallowed {
            by: function.function.qualified_name(),
            contract: error_contract(function.function, handler.line, handler.last_line),
            in_message: handler
                .calls
                .iter()
                .any(|c| c.name() == "format_exc" || c.name() == "format_exception"),
        };
    }
    let texts = [failure.log_message.as_deref(), Some(failure.title.as_str())];
    let _ = map;
    match texts.iter().flatten().find_map(|text| request_in(text)) {
        Some((method, path)) => Shown::Request { method, path },
        None => Shown::Raised,
    }
}

/// Keys that the handler's dictionary and every other returned dictionary share, with another literal there.
fn error_contract(function: &Function, first: u32, last: u32) -> Vec<(String, String)> {
    let in_handler = |line: u32| first <= line && line <= last;
    let Some(bad) = function.returned_dicts.iter().find(|d| in_handler(d.line)) else {
        return Vec::new();
    };
    let good: Vec<_> = function
        .returned_dicts
        .iter()
        .filter(|d| {
            !function
                .handlers
                .iter()
                .any(|h| h.line <= d.line && d.line <= h.last_line)
        })
        .collect();
    bad.items
        .iter()
        .filter(|(_, value)| matches!(value.as_str(), "True" | "False"))
        .filter_map(|(key, bad_value)| {
            let mut values = good.iter().map(|d| {
                d.items
                    .iter()
                    .find(|(k, _)| k == key)
                    .map(|(_, value)| value.as_str())
            });
            let first = values
                .next()
                .flatten()
                .filter(|v| matches!(*v, "True" | "False"));
            let expected = match first {
                Some(value) if values.all(|v| v == Some(value)) => value,
                Some(_) => return None,
                // No literal on the good path: the opposite is what `success: False` implies.
                None if bad_value == "False" => "True",
                None => return None,
            };
            (expected != bad_value).then(|| (key.clone(), expected.to_owned()))
        })
        .collect()
}

/// The HTTP request that a record's own text names.
///
/// `Exception on /api/nodes/7 [GET]` (Flask), `Internal Server Error: /sitemap.xml` (Django),
/// `Error handling request GET /x` (gunicorn), `"GET /x HTTP/1.1" 500`.
pub fn request_in(text: &str) -> Option<(String, String)> {
    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let words: Vec<&str> = text
        .split_whitespace()
        .take(64)
        .map(|w| w.trim_matches(['"', '\'', '`', ',', '(', ')']))
        .collect();
    let is_path = |word: &&&str| {
        word.starts_with('/') && word.len() < 2048 && !word.contains(['\\', '<', '>'])
    };
    let path = words.iter().find(is_path)?;
    let method = words
        .iter()
        .map(|w| w.trim_matches(['[', ']']))
        .find(|w| METHODS.contains(w));
    match method {
        Some(method) => Some((method.to_owned(), (*path).to_owned())),
        None => text
            .contains("Internal Server Error: /")
            .then(|| ("GET".to_owned(), (*path).to_owned())),
    }
}

/// The call that failed without becoming a frame: a wrong call, or the call that gave the bad value.
///
/// Recovered from the source line, the message and the code map.
fn hidden_callee<'a>(
    exception: &Exception,
    crash: &ProjectFrame<'a>,
    map: &'a CodeMap,
) -> Option<FunctionRef<'a>> {
    let function = crash.function?;
    let line = crash.frame.line?;
    let message = exception.message.as_deref().unwrap_or_default();
    if let Some(name) = called_name(message) {
        let call = function.function.calls_at(line).find(|c| c.name() == name);
        return match call {
            Some(call) => map
                .callee(function, &call.callee)
                .or_else(|| map.only_function_named(name)),
            None => class_call(function, line, name, map).or_else(|| map.only_function_named(name)),
        };
    }
    if is_none_error(message)
        && let Some(base) = none_base(function.function, message, line)
        && let Origin::Call { callee, .. } = origin_of(function.function, &base, line)
    {
        return map.callee(function, &callee);
    }
    None
}

/// `Widget.__init__() missing …` is called as `Widget(…)`.
fn class_call<'a>(
    at: FunctionRef<'a>,
    line: u32,
    name: &str,
    map: &'a CodeMap,
) -> Option<FunctionRef<'a>> {
    if name != "__init__" {
        return None;
    }
    at.function
        .calls_at(line)
        .filter_map(|c| map.callee(at, &c.callee))
        .find(|f| f.function.name == "__init__")
}

/// `CacheService.clear_cache() missing 1 required positional argument: 'graph_type'` names `clear_cache`.
fn called_name(message: &str) -> Option<&str> {
    let (callee, rest) = message.split_once("() ")?;
    let is_call_error = ["missing ", "takes ", "got "]
        .iter()
        .any(|w| rest.starts_with(w));
    let name = callee.rsplit('.').next()?;
    (is_call_error && !name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// Whether a message tells of a `None` where a value was needed.
pub fn is_none_error(message: &str) -> bool {
    message.contains("'NoneType' object")
}

/// The name that was `None` on the failing line.
pub fn none_base(function: &Function, message: &str, line: u32) -> Option<String> {
    let mut on_line = function.accesses.iter().filter(|a| a.line == line);
    if let Some((_, rest)) = message.split_once("has no attribute '") {
        let attribute = rest.split('\'').next()?;
        return on_line
            .find(|a| a.kind == AccessKind::Attribute && a.key == attribute)
            .map(|a| a.base.clone());
    }
    if message.contains("not subscriptable") {
        return on_line
            .find(|a| a.kind == AccessKind::Item)
            .map(|a| a.base.clone());
    }
    if message.contains("not iterable") {
        let member = function
            .assignments
            .iter()
            .find(|a| a.is_member && a.line == line)?;
        return match &member.value {
            Value::Name(name) => Some(name.clone()),
            _ => None,
        };
    }
    None
}

fn layer(
    shown: &Shown,
    frames: &[ProjectFrame],
    callee: Option<FunctionRef>,
    map: &CodeMap,
    exception: &Exception,
) -> (Layer, String) {
    let Some(crash) = frames.last() else {
        return (Layer::Unit, "one frame".to_owned());
    };
    let here = &crash.module.path;
    if let Shown::StartUp { module } = shown {
        let other = imported_module(crash, map);
        return match other {
            Some(other) => (
                Layer::Integration,
                format!(
                    "importing `{module}` joins two modules: `{here}` needs a name of `{}`",
                    other.path
                ),
            ),
            None => (Layer::Unit, format!("`{here}` alone cannot be imported")),
        };
    }
    if let Some(callee) = callee
        && callee.module.path != *here
    {
        return (
            Layer::Integration,
            format!(
                "`{}` in `{here}` relies on `{}` in `{}`; only a test that runs both with the real parts sees it",
                crash
                    .function
                    .map(|f| f.function.qualified_name())
                    .unwrap_or_default(),
                callee.function.qualified_name(),
                callee.module.path
            ),
        );
    }
    if let Some(function) = crash.function
        && let Some(line) = crash.frame.line
        && is_route(function.function)
    {
        let _ = line;
        return (
            Layer::E2e,
            format!(
                "`{}` is a request handler; a request shows it",
                function.function.qualified_name()
            ),
        );
    }
    if let Some(function) = crash.function
        && let Some(line) = crash.frame.line
        && let Some(base) = crash_base(function.function, exception, line)
    {
        match origin_of(function.function, &base, line) {
            Origin::Param { name, .. } => {
                return (
                    Layer::Unit,
                    format!(
                        "the value comes in through parameter `{name}` of `{}`; a call of this one function shows it",
                        function.function.qualified_name()
                    ),
                );
            }
            Origin::Call { callee, .. } => {
                if let Some(target) = map.callee(function, &callee)
                    && target.module.path != *here
                {
                    return (
                        Layer::Integration,
                        format!(
                            "the value comes from `{}` in `{}`",
                            target.function.qualified_name(),
                            target.module.path
                        ),
                    );
                }
            }
            Origin::Unknown => {}
        }
    }
    let mut files: Vec<&str> = frames.iter().map(|f| f.module.path.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    if files.len() > 1 {
        (
            Layer::Integration,
            format!(
                "the call chain crosses {} files of the project",
                files.len()
            ),
        )
    } else {
        (Layer::Unit, format!("all project frames lie in `{here}`"))
    }
}

/// The name whose part could not be read on the failing line.
pub fn crash_base(function: &Function, exception: &Exception, line: u32) -> Option<String> {
    let message = exception.message.as_deref().unwrap_or_default();
    if is_none_error(message) {
        return none_base(function, message, line);
    }
    let mut on_line = function.accesses.iter().filter(|a| a.line == line);
    match exception.type_name.as_deref()? {
        "KeyError" => {
            let key = key_of(message);
            on_line
                .find(|a| a.kind == AccessKind::Item && (a.key == key || a.key.starts_with('$')))
                .map(|a| a.base.clone())
        }
        "IndexError" => on_line
            .find(|a| a.kind == AccessKind::Item)
            .map(|a| a.base.clone()),
        "AttributeError" => {
            let (_, rest) = message.split_once("has no attribute '")?;
            let attribute = rest.split('\'').next()?;
            on_line
                .find(|a| a.kind == AccessKind::Attribute && a.key == attribute)
                .map(|a| a.base.clone())
        }
        _ => None,
    }
}

/// `'label'` names the key `label`; `7` the key `7`.
pub fn key_of(message: &str) -> &str {
    let message = message.trim();
    let inner = message
        .strip_prefix('\'')
        .and_then(|m| m.strip_suffix('\''))
        .or_else(|| message.strip_prefix('"').and_then(|m| m.strip_suffix('"')));
    inner.unwrap_or(message)
}

fn imported_module<'a>(crash: &ProjectFrame, map: &'a CodeMap) -> Option<&'a Module> {
    let line = crash.frame.line?;
    let import = crash
        .module
        .imports
        .iter()
        .filter(|i| i.line <= line)
        .max_by_key(|i| i.line)?;
    map.module(&import.target)
        .or_else(|| map.module(import.target.rsplit_once('.')?.0))
        .filter(|m| m.path != crash.module.path)
}

/// A function that a web framework calls: `@app.route(…)`, `@router.get(…)`.
pub fn is_route(function: &Function) -> bool {
    function.decorators.iter().any(|d| {
        let callee = d.split('(').next().unwrap_or(d);
        d.contains('(')
            && callee.contains('.')
            && matches!(
                callee.rsplit('.').next(),
                Some("route" | "get" | "post" | "put" | "patch" | "delete" | "websocket")
            )
    })
}

fn near_tests(chain: &[Link], shown: &Shown, map: &CodeMap) -> Vec<NearTest> {
    let mut found: Vec<(u8, NearTest)> = Vec::new();
    let last = chain.last();
    let seam = last.map(|l| l.name.as_str()).unwrap_or_default();
    let methods: Vec<&str> = chain
        .iter()
        .map(|l| l.name.rsplit('.').next().unwrap_or(&l.name))
        .filter(|name| !name.starts_with('<'))
        .collect();
    for (module, test) in map.tests() {
        let called = methods.iter().rev().find(|m| {
            test.calls
                .iter()
                .any(|c| c.name() == **m && !is_mock_call(c))
        });
        let replaced = replaced_seam(module, test, chain, map);
        let imports_chain = module.imports.iter().any(|i| {
            chain.iter().any(|l| {
                i.target == l.module
                    || i.target
                        .strip_prefix(l.module.as_str())
                        .and_then(|rest| rest.strip_prefix('.'))
                        .is_some_and(|name| l.name.starts_with(name))
            })
        });
        let id = node_id(module, test);
        let entry = match (called, replaced) {
            (Some(called), Some(how)) => Some((
                0,
                format!("calls `{called}`, but {how}, so the real `{seam}` never runs"),
            )),
            (Some(called), None) => Some((
                1,
                match shown {
                    Shown::Swallowed { by, .. } if by.ends_with(called) => format!(
                        "calls `{called}`, but not with the real parts in the state that failed"
                    ),
                    _ => format!("calls `{called}`, but with other data than production did"),
                },
            )),
            (None, Some(how)) if imports_chain => {
                Some((2, format!("does not call the failing code: {how}")))
            }
            (None, _) if imports_chain => Some((
                3,
                format!(
                    "uses `{}`, but never calls `{}`",
                    chain.first().map(|l| l.module.as_str()).unwrap_or_default(),
                    methods.last().copied().unwrap_or_default()
                ),
            )),
            _ => None,
        };
        if let Some((rank, reason)) = entry {
            found.push((rank, NearTest { id, reason }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    found.into_iter().take(5).map(|(_, t)| t).collect()
}

/// pytest's id of a test function.
pub fn node_id(module: &Module, test: &Function) -> String {
    match &test.class {
        Some(class) => format!("{}::{class}::{}", module.path, test.name),
        None => format!("{}::{}", module.path, test.name),
    }
}

fn is_mock_call(call: &Call) -> bool {
    is_mock(&call.callee)
}

/// Whether a callee makes a stand-in: `Mock()`, `mock.patch.object(…)`, `mocker.patch(…)`.
pub fn is_mock(callee: &str) -> bool {
    callee.split('.').any(|part| {
        matches!(
            part.trim_end_matches("()"),
            "Mock"
                | "MagicMock"
                | "AsyncMock"
                | "NonCallableMock"
                | "create_autospec"
                | "patch"
                | "mocker"
        )
    })
}

/// How a test keeps a part of the chain from running for real.
fn replaced_seam(
    module: &Module,
    test: &Function,
    chain: &[Link],
    map: &CodeMap,
) -> Option<String> {
    let class_of = |link: &Link| link.name.split('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = chain
        .iter()
        .skip(1)
        .flat_map(|l| {
            [
                class_of(l),
                l.name.rsplit('.').next().unwrap_or_default().to_owned(),
            ]
        })
        .filter(|n| !n.is_empty() && !n.starts_with('<'))
        .collect();
    // `@patch("core.cache.CacheService")` and `patch.object(CacheService, "clear_cache")`
    let patch_texts = test.decorators.iter().cloned().chain(
        test.calls
            .iter()
            .filter(|c| c.callee.contains("patch") || c.callee.ends_with("setattr"))
            .map(|c| format!("{}({})", c.callee, c.args.join(", "))),
    );
    for text in patch_texts.filter(|t| t.contains("patch") || t.contains("setattr")) {
        if let Some(name) = names.iter().find(|n| text.contains(n.as_str())) {
            return Some(format!("patches `{name}`"));
        }
    }
    // `Facade(source, cache_service=Mock())`, directly or through a name or fixture that is a mock.
    let is_mocked = |argument: &str| {
        is_mock(argument.split('(').next().unwrap_or(argument))
            || test
                .assignments
                .iter()
                .any(|a| a.target == argument && value_is_mock(&a.value))
            || test
                .params
                .iter()
                .any(|p| p.name == argument && fixture_is_mock(map, argument))
    };
    let snake: Vec<String> = names.iter().map(|n| snake_case(n)).collect();
    let uses_fixture = |function: &Function| -> Vec<(String, String)> {
        function
            .calls
            .iter()
            .flat_map(|c| {
                c.keywords
                    .iter()
                    .cloned()
                    .chain(c.args.iter().map(|a| (a.clone(), a.clone())))
            })
            .collect()
    };
    let own = uses_fixture(test);
    for (keyword, argument) in &own {
        let is_seam = snake
            .iter()
            .any(|s| keyword.contains(s.as_str()) || s.contains(keyword.as_str()));
        if is_seam && is_mocked(argument) {
            return Some(format!("replaces `{keyword}` by a mock"));
        }
    }
    // The same through a fixture that builds the object under test.
    for param in &test.params {
        let fixture = map
            .fixtures()
            .filter(|(m, f)| {
                f.name == param.name && (m.path == module.path || m.path.ends_with("conftest.py"))
            })
            .map(|(_, f)| f)
            .next();
        if let Some(fixture) = fixture
            && (fixture.calls.iter().any(is_mock_call)
                || fixture.params.iter().any(|p| fixture_is_mock(map, &p.name)))
        {
            return Some(format!(
                "its fixture `{}` puts a mock in place of the real part",
                fixture.name
            ));
        }
    }
    // `facade.cache_service = Mock()`
    test.assignments
        .iter()
        .find(|a| a.target.contains('.') && value_is_mock(&a.value))
        .map(|a| format!("replaces `{}` by a mock", a.target))
}

fn value_is_mock(value: &Value) -> bool {
    match value {
        Value::Call(callee) => is_mock(callee),
        Value::Either(values) => values.iter().any(value_is_mock),
        _ => false,
    }
}

/// Whether a fixture of that name gives or uses a mock.
pub fn fixture_is_mock(map: &CodeMap, name: &str) -> bool {
    map.fixtures()
        .any(|(_, f)| f.name == name && f.calls.iter().any(is_mock_call))
}

/// `CacheService` → `cache_service`.
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            out.push('_');
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    out
}

fn summary(chain: &[Link], layer: Layer, tests: &[NearTest], shown: &Shown) -> String {
    let names: Vec<&str> = chain.iter().map(|l| l.name.as_str()).collect();
    let edge = match names.as_slice() {
        [.., a, b] => format!("`{a} → {b}`"),
        [one] => format!("`{one}`"),
        [] => String::new(),
    };
    let what = match shown {
        Shown::StartUp { module } => format!("no test imports `{module}`"),
        _ => format!("no {} test runs {edge} as production did", layer.as_str()),
    };
    match tests.first() {
        Some(test) => format!("{what}; the nearest test `{}` {}", test.id, test.reason),
        None => format!("{what}; no test touches this code"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_from_the_record() {
        let read = |t: &str| request_in(t).map(|(m, p)| format!("{m} {p}"));
        assert_eq!(
            read("Exception on /api/nodes/7 [GET]").as_deref(),
            Some("GET /api/nodes/7")
        );
        assert_eq!(
            read("Internal Server Error: /sitemap.xml").as_deref(),
            Some("GET /sitemap.xml")
        );
        assert_eq!(
            read("Error handling request POST /x?a=1").as_deref(),
            Some("POST /x?a=1")
        );
        assert_eq!(read("cannot open /etc/shop.conf"), None);
    }

    #[test]
    fn call_errors_name_the_callee_in_old_and_new_wording() {
        for message in [
            "clear_cache() missing 1 required positional argument: 'graph_type'",
            "CacheService.clear_cache() missing 1 required positional argument: 'graph_type'",
            "CacheService.clear_cache() takes 1 positional argument but 2 were given",
        ] {
            assert_eq!(called_name(message), Some("clear_cache"), "{message}");
        }
        assert_eq!(called_name("unsupported operand type(s)"), None);
    }

    #[test]
    fn class_names_become_argument_names() {
        assert_eq!(snake_case("CacheService"), "cache_service");
        assert_eq!(snake_case("HTTPClient"), "httpclient");
    }
}
