//! The broad handlers that hide what they catch, the ones worth most on top.

use super::is_test;
use super::logger::{self, Scope, Shows};
use super::repair::{self, Repair};
use crate::code::{Call, CodeMap, Function, FunctionRef, Handler, Module};
use crate::correlate::is_route;

/// Why a failure in a handler's guarded code can not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing is logged.
    Nothing,
    /// A message is printed, nothing logged.
    Printed,
    /// A message without the traceback is logged.
    Message,
    /// The traceback is logged at a level that is often filtered out.
    Level,
}

impl Kind {
    /// All, the worst first.
    pub const ALL: [Kind; 4] = [Kind::Nothing, Kind::Printed, Kind::Message, Kind::Level];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Nothing => "nothing",
            Kind::Printed => "printed",
            Kind::Message => "message",
            Kind::Level => "level",
        }
    }

    /// In words, behind how many: "2 log nothing".
    pub fn summary(self, count: usize) -> &'static str {
        match (self, count) {
            (Kind::Nothing, 1) => "logs nothing",
            (Kind::Nothing, _) => "log nothing",
            (Kind::Printed, 1) => "only prints",
            (Kind::Printed, _) => "only print",
            (Kind::Message, 1) => "logs only a message",
            (Kind::Message, _) => "log only a message",
            (Kind::Level, 1) => "logs at too low a level",
            (Kind::Level, _) => "log at too low a level",
        }
    }

    /// In words, as the end of "the handler …".
    pub fn words(self) -> &'static str {
        match self {
            Kind::Nothing => "logs nothing",
            Kind::Printed => "only prints a message",
            Kind::Message => "logs only a message, no traceback",
            Kind::Level => "logs the traceback at too low a level",
        }
    }
}

/// A broad handler that hides failures.
#[derive(Debug, Clone, PartialEq)]
pub struct SilentHandler {
    /// Relative path.
    pub file: String,
    /// Line of the `except`.
    pub line: u32,
    /// `Facade.refresh`; `None` at module level.
    pub function: Option<String>,
    /// What is missing.
    pub kind: Kind,
    /// Level of the best log call, where there is one.
    pub level: Option<String>,
    /// Functions of other modules of the project that the guarded code calls, dotted, the first three.
    pub guards: Vec<String>,
    /// In a route, a view, a facade: where requests come in.
    pub is_entry: bool,
    /// The message is logged by this function of the project instead of by the handler itself.
    pub helper: Option<String>,
    /// What `changes` needs to know.
    pub(super) repair: Repair,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The handlers that hide failures, the ones worth most first.
    pub handlers: Vec<SilentHandler>,
    /// Broad handlers in the sources, tests aside.
    pub broad: usize,
    /// Broad handlers that give the exception to something that can not be followed; nothing is said about them.
    pub undecided: usize,
}

/// Finds the broad handlers of the sources, tests aside, that hide what they catch.
///
/// A handler that raises again is none, unless it raises an HTTP answer, which frameworks send without logging it.
pub fn silent_handlers(map: &CodeMap) -> Report {
    let mut report = Report::default();
    for module in map.modules.iter().filter(|m| !is_test(m)) {
        let of_functions = module
            .functions
            .iter()
            // Nothing can be done about an exception there, and the interpreter reports it by itself.
            .filter(|f| !matches!(f.name.as_str(), "__del__" | "__repr__" | "__str__"))
            .flat_map(|f| f.handlers.iter().map(move |h| (Some(f), h)));
        let of_module = module.handlers.iter().map(|h| (None, h));
        for (function, handler) in of_functions.chain(of_module) {
            if !handler.is_broad() {
                continue;
            }
            report.broad += 1;
            if handler.reraises && !answers_http(handler) {
                continue;
            }
            match judge(map, module, function, handler) {
                Verdict::Visible => {}
                Verdict::Undecided => report.undecided += 1,
                Verdict::Silent(found) => report.handlers.push(*found),
            }
        }
    }
    report.handlers.sort_by(|a, b| {
        let matters = |h: &SilentHandler| u8::from(!h.guards.is_empty()) + u8::from(h.is_entry);
        matters(b)
            .cmp(&matters(a))
            .then(a.kind.cmp(&b.kind))
            .then_with(|| a.file.cmp(&b.file))
            .then(a.line.cmp(&b.line))
    });
    report
}

enum Verdict {
    Visible,
    Undecided,
    Silent(Box<SilentHandler>),
}

/// `raise HTTPException(status_code=500) from error`
fn answers_http(handler: &Handler) -> bool {
    handler.raised.as_deref().is_some_and(|raised| {
        let callee = raised.split('(').next().unwrap_or(raised);
        let name = callee.rsplit('.').next().unwrap_or(callee);
        name.starts_with("HTTP") || name == "APIException"
    })
}

fn judge(
    map: &CodeMap,
    module: &Module,
    function: Option<&Function>,
    handler: &Handler,
) -> Verdict {
    let scope = Scope { module, function };
    let mut best = Shows::Nothing;
    let mut best_call: Option<&Call> = None;
    let mut helper = None;
    let mut is_followed = true;
    for call in &handler.calls {
        let mut shown = logger::shown_by(call, &scope);
        let is_given = handler.given_to.contains(&call.callee);
        if shown == Shows::Nothing {
            match resolve(map, module, function, &call.callee) {
                Some(target) => {
                    shown = shown_by_body(target);
                    if shown >= Shows::Message && shown > best {
                        helper = Some(target.dotted());
                    }
                    // A helper may do more with the exception than its own calls tell.
                    is_followed &=
                        !is_given || shown >= Shows::Message && shown != Shows::TracebackLow;
                }
                None => is_followed &= !is_given || only_looks(call),
            }
        } else if shown > best {
            helper = None;
        }
        if shown > best {
            best = shown;
            best_call = helper.is_none().then_some(call);
        }
    }
    let kind = match best {
        Shows::Traceback => return Verdict::Visible,
        Shows::TracebackLow => Kind::Level,
        Shows::Message => Kind::Message,
        Shows::Printed => Kind::Printed,
        Shows::Nothing => Kind::Nothing,
    };
    if handler.keeps || !is_followed {
        return Verdict::Undecided;
    }
    Verdict::Silent(Box::new(SilentHandler {
        file: module.path.clone(),
        line: handler.line,
        function: function.map(Function::qualified_name),
        kind,
        level: best_call
            .and_then(|call| logger::level(call, &scope))
            .map(str::to_owned),
        guards: guards(map, module, function, handler),
        is_entry: is_entry(module, function),
        repair: match (&helper, best_call) {
            (Some(_), _) => Repair::None,
            (None, Some(call)) if best >= Shows::Message => repair::of_call(call, &scope),
            _ => repair::insertion(&scope, handler),
        },
        helper,
    }))
}

/// The function of the project that a call means.
fn resolve<'a>(
    map: &'a CodeMap,
    module: &'a Module,
    function: Option<&'a Function>,
    callee: &str,
) -> Option<FunctionRef<'a>> {
    match function {
        Some(function) => map.callee(FunctionRef { module, function }, callee),
        None => map.function_named(module, callee),
    }
}

/// The most that the calls of a function show. Its own callees are not followed.
fn shown_by_body(target: FunctionRef<'_>) -> Shows {
    let scope = Scope {
        module: target.module,
        function: Some(target.function),
    };
    let shown = target.function.calls.iter();
    shown
        .map(|call| logger::shown_by(call, &scope))
        .max()
        .unwrap_or(Shows::Nothing)
}

/// Builtins that make text of the exception or look at it, and keep nothing.
fn only_looks(call: &Call) -> bool {
    matches!(
        call.callee.as_str(),
        "str"
            | "repr"
            | "ascii"
            | "format"
            | "type"
            | "isinstance"
            | "issubclass"
            | "len"
            | "id"
            | "bool"
            | "getattr"
            | "hasattr"
            | "dir"
            | "vars"
    ) || call.name() == "format"
}

fn guards(
    map: &CodeMap,
    module: &Module,
    function: Option<&Function>,
    handler: &Handler,
) -> Vec<String> {
    let Some(function) = function else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for call in &function.calls {
        if call.line < handler.try_first || handler.try_last < call.line || found.len() == 3 {
            continue;
        }
        let target = map
            .callee(FunctionRef { module, function }, &call.callee)
            .filter(|t| t.module.path != module.path && !is_test(t.module));
        if let Some(target) = target {
            let name = target.dotted();
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// Where requests come in, by decorator, class name or folder.
fn is_entry(module: &Module, function: Option<&Function>) -> bool {
    let is_word = |word: &str| {
        matches!(
            word,
            "facade"
                | "facades"
                | "route"
                | "routes"
                | "router"
                | "routers"
                | "view"
                | "views"
                | "viewsets"
                | "controller"
                | "controllers"
                | "endpoint"
                | "endpoints"
                | "api"
        )
    };
    let class = function.and_then(|f| f.class.as_deref()).unwrap_or("");
    function.is_some_and(is_route)
        || [
            "Facade",
            "View",
            "ViewSet",
            "Controller",
            "Endpoint",
            "Resource",
        ]
        .iter()
        .any(|end| class.ends_with(end))
        || module.path.split(['/', '_', '.']).any(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;

    fn report(files: &[(&str, &str)]) -> Report {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
                is_test: false,
            })
            .collect();
        silent_handlers(&CodeMap::new(&files, &[".".to_owned()]))
    }

    /// The kind of the one handler whose body is given; `None` when nothing is said about it.
    fn kind(head: &str, body: &str) -> Option<Kind> {
        let text = format!(
            "import logging, traceback, sys\nlogger = logging.getLogger(__name__)\n\
             def work(self, errors):\n    try:\n        run()\n    {head}:\n        {body}\n"
        );
        let report = report(&[("app/work.py", &text)]);
        assert!(report.handlers.len() <= 1);
        report.handlers.first().map(|h| h.kind)
    }

    #[test]
    fn what_a_broad_handler_shows() {
        let e = "except Exception as e";
        for (body, expected) in [
            ("pass", Some(Kind::Nothing)),
            ("return None", Some(Kind::Nothing)),
            ("return {'error': str(e)}", Some(Kind::Nothing)),
            ("errors.append(f'{e}')", Some(Kind::Nothing)),
            ("print(e)", Some(Kind::Printed)),
            ("sys.stderr.write(str(e))", Some(Kind::Printed)),
            ("logger.error(f'failed: {e}')", Some(Kind::Message)),
            ("logger.warning('failed: %s', e)", Some(Kind::Message)),
            ("self.logger.error(e)", Some(Kind::Message)),
            (
                "logger.error('failed', exc_info=False)",
                Some(Kind::Message),
            ),
            ("logger.debug('failed', exc_info=True)", Some(Kind::Level)),
            (
                "logger.log(logging.INFO, 'failed', exc_info=e)",
                Some(Kind::Level),
            ),
            ("logger.error('failed', exc_info=True)", None),
            ("logger.warning('failed', exc_info=e)", None),
            ("logger.exception('failed')", None),
            (
                "logger.exception('failed', exc_info=False)",
                Some(Kind::Message),
            ),
            ("logger.error(traceback.format_exc())", None),
            ("traceback.print_exc()", None),
            ("sentry_sdk.capture_exception(e)", None),
            ("logger.opt(exception=True).error('failed')", None),
            ("self.handleError(record)", None),
            ("raise", None),
            ("raise ValueError('no') from e", None),
            // The exception goes on: nothing can be said.
            ("errors.append(e)", None),
            ("self.error = e", None),
            ("return e", None),
            ("future.set_exception(e)", None),
        ] {
            assert_eq!(kind(e, body), expected, "{body}");
        }
    }

    #[test]
    fn an_http_answer_is_no_report() {
        let body = "raise HTTPException(status_code=500, detail=str(e))";
        assert_eq!(kind("except Exception as e", body), Some(Kind::Nothing));
        let body = "logger.exception('x'); raise HTTPException(500) from e";
        assert_eq!(kind("except Exception as e", body), None);
    }

    #[test]
    fn narrow_handlers_are_the_flow_of_control() {
        for head in [
            "except KeyError",
            "except (OSError, ValueError)",
            "except asyncio.CancelledError",
        ] {
            assert_eq!(kind(head, "pass"), None, "{head}");
        }
        for head in [
            "except",
            "except BaseException",
            "except (KeyError, Exception)",
        ] {
            assert_eq!(kind(head, "pass"), Some(Kind::Nothing), "{head}");
        }
    }

    #[test]
    fn a_helper_s_log_call_counts_and_is_named() {
        let text = |log: &str| {
            format!(
                "import logging\nlogger = logging.getLogger(__name__)\n\
                 def report(error):\n    {log}\n\
                 def work():\n    try:\n        run()\n    except Exception as e:\n        report(e)\n"
            )
        };
        let found = report(&[("a.py", &text("logger.exception('x')"))]);
        assert!(found.handlers.is_empty());
        let found = report(&[("a.py", &text("logger.error('x: %s', error)"))]);
        assert_eq!(found.handlers[0].helper.as_deref(), Some("a.report"));
        assert_eq!(found.handlers[0].kind, Kind::Message);
        let found = report(&[("a.py", &text("collected.append(error)"))]);
        assert_eq!((found.handlers.len(), found.undecided), (0, 1));
    }

    #[test]
    fn guards_of_other_modules_and_entries_come_first() {
        let found = report(&[
            (
                "aaa/plain.py",
                "def f():\n    try:\n        g()\n    except Exception:\n        pass\n",
            ),
            (
                "modules/kg/facade.py",
                "import logging\nfrom core.cache import clear\nlogger = logging.getLogger(__name__)\n\
                 class Facade:\n    def refresh(self):\n        try:\n            clear()\n        \
                 except Exception as e:\n            logger.error(f'no {e}')\n    def drop(self):\n        try:\n            \
                 clear()\n        except Exception:\n            return None\n",
            ),
            ("core/cache.py", "def clear(): ...\n"),
            (
                "tests/test_x.py",
                "try:\n    f()\nexcept Exception:\n    pass\n",
            ),
        ]);
        let order: Vec<_> = found
            .handlers
            .iter()
            .map(|h| (h.function.as_deref().unwrap_or(""), h.kind))
            .collect();
        assert_eq!(
            order,
            [
                ("Facade.drop", Kind::Nothing),
                ("Facade.refresh", Kind::Message),
                ("f", Kind::Nothing)
            ]
        );
        assert_eq!(found.handlers[0].guards, ["core.cache.clear"]);
        assert_eq!(found.broad, 3);
    }

    #[test]
    fn module_level_handlers_are_seen_and_finalizers_are_not() {
        let found = report(&[(
            "run.py",
            "try:\n    main()\nexcept Exception:\n    pass\n\
             class A:\n    def __del__(self):\n        try:\n            self.close()\n        except Exception:\n            pass\n",
        )]);
        assert_eq!(found.handlers.len(), 1);
        assert_eq!(
            (found.handlers[0].line, &found.handlers[0].function),
            (3, &None)
        );
    }
}
