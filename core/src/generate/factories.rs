//! What makes an application: the classes of the frameworks, and the functions of a project that return an object of one.
//!
//! Read from the code map alone: by the class that is called, by what a function returns, by how the project's tests call
//! it. Running the test shows whether it was the right one.

use std::collections::BTreeSet;

use super::literal;
use super::search::{import_line, is_given_by_python, names_in};
use crate::code::{Call, CodeMap, Function, FunctionRef, Module, Value};

/// What speaks to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framework {
    Flask,
    FastApi,
    Starlette,
    Litestar,
    /// It speaks HTTP itself.
    AioHttp,
    /// It speaks HTTP itself.
    Tornado,
    /// Any other that speaks ASGI.
    Asgi,
    /// Any other that speaks WSGI.
    Wsgi,
}

/// A function that makes an application.
pub(super) struct Factory<'m> {
    pub(super) at: FunctionRef<'m>,
    pub(super) framework: Framework,
    /// What a test of the project gives it.
    pub(super) shown: Option<Given>,
}

/// What a factory is given, as the project's tests write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) arguments: Vec<String>,
    /// Import statements that they need.
    pub(super) lines: BTreeSet<String>,
}

impl Given {
    /// The call of a factory with it.
    pub(super) fn call(&self, factory: &str) -> String {
        format!("{factory}({})", self.arguments.join(", "))
    }
}

/// Longer ways from a name to its class are not followed.
pub(super) const DEPTH: usize = 9;
/// Longer arguments are no readable test.
const LONGEST: usize = 120;
/// The packages of the classes below.
const PACKAGES: [&str; 11] = [
    "aiohttp",
    "tornado",
    "flask",
    "apiflask",
    "fastapi",
    "starlette",
    "quart",
    "litestar",
    "bottle",
    "falcon",
    "pyramid",
];

impl Framework {
    /// As the capture calls it. `None`: it does not say.
    pub(super) fn named(name: &str) -> Option<Framework> {
        Some(match name {
            "flask" => Framework::Flask,
            "fastapi" => Framework::FastApi,
            "starlette" => Framework::Starlette,
            "aiohttp" => Framework::AioHttp,
            "tornado" => Framework::Tornado,
            "asgi" => Framework::Asgi,
            "wsgi" => Framework::Wsgi,
            _ => return None,
        })
    }

    /// By the full name of a class that is called.
    fn of_class(dotted: &str) -> Option<Framework> {
        Some(match dotted.rsplit('.').next()? {
            "Flask" | "APIFlask" => Framework::Flask,
            "FastAPI" => Framework::FastApi,
            "Starlette" => Framework::Starlette,
            "Application" if dotted.starts_with("aiohttp.web") => Framework::AioHttp,
            "Application" if dotted.starts_with("tornado.web.") => Framework::Tornado,
            "Litestar" => Framework::Litestar,
            "Quart" => Framework::Asgi,
            "Bottle" => Framework::Wsgi,
            "App" | "API" if dotted.starts_with("falcon.asgi.") => Framework::Asgi,
            "App" | "API" if dotted.starts_with("falcon.") => Framework::Wsgi,
            _ => return None,
        })
    }

    pub(super) fn is_asgi(self) -> bool {
        matches!(
            self,
            Framework::FastApi | Framework::Starlette | Framework::Litestar | Framework::Asgi
        )
    }

    /// Whether it is its own server: there is no interface to call it by.
    pub(super) fn is_server(self) -> bool {
        matches!(self, Framework::AioHttp | Framework::Tornado)
    }

    /// Whether an application of this one may have served what was captured as the other.
    pub(super) fn may_be(self, captured: Framework) -> bool {
        match captured {
            // What stands around the application hides what it is.
            Framework::Asgi | Framework::Wsgi => {
                self.is_asgi() == captured.is_asgi() && !self.is_server()
            }
            Framework::Starlette => self.is_asgi(),
            _ => self == captured,
        }
    }

    /// The module of its test client, where that is not a method of the application.
    pub(super) fn client_module(self) -> Option<&'static str> {
        match self {
            Framework::FastApi => Some("fastapi.testclient"),
            Framework::Starlette | Framework::Asgi => Some("starlette.testclient"),
            Framework::Litestar => Some("litestar.testing"),
            Framework::Flask | Framework::Wsgi | Framework::AioHttp | Framework::Tornado => None,
        }
    }
}

/// Functions that return an application, the likeliest first.
pub(super) fn factories(map: &CodeMap) -> Vec<Factory<'_>> {
    let imports_any = sources(map).any(|m| m.imports.iter().any(|i| is_of_framework(&i.target)));
    if !imports_any {
        return Vec::new();
    }
    let mut found: Vec<Factory> = sources(map)
        .flat_map(|module| module.functions.iter().map(move |f| (module, f)))
        .filter(|(_, function)| is_named(function))
        .filter_map(|(module, function)| {
            let at = FunctionRef { module, function };
            let framework = made_by(map, module, function, DEPTH)?;
            // A server is served by a coroutine, which can wait for another.
            (!function.is_async || framework.is_server()).then(|| Factory {
                at,
                framework,
                shown: shown(map, at),
            })
        })
        .collect();
    let is_part = |factory: &Factory| {
        let calls = |other: &Factory| {
            let calls = &other.at.function.calls;
            calls
                .iter()
                .any(|c| is_call_of(map, other.at, c, factory.at))
        };
        found
            .iter()
            .any(|other| !other.at.is(&factory.at) && calls(other))
    };
    let ranks: Vec<_> = found
        .iter()
        .map(|factory| {
            let name = factory.at.function.name.as_str();
            (
                is_part(factory) || name.starts_with('_'),
                factory.shown.is_none(),
                !matches!(
                    name,
                    "create_app" | "make_app" | "build_app" | "create_application"
                ),
                factory.at.module.name.len(),
            )
        })
        .collect();
    let mut ranked: Vec<_> = ranks.into_iter().zip(found.drain(..)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, factory)| factory).collect()
}

/// Modules that a test can import from.
pub(super) fn sources(map: &CodeMap) -> impl Iterator<Item = &Module> {
    map.modules
        .iter()
        .filter(|m| !m.is_test && literal::is_dotted(&m.name))
}

fn is_of_framework(target: &str) -> bool {
    let package = target.split('.').next().unwrap_or(target);
    PACKAGES.contains(&package)
}

/// A function that can be called by its name and gives what it returns.
fn is_callable(function: &Function) -> bool {
    is_named(function) && !function.is_async
}

/// The same, or one that has to be waited for.
fn is_named(function: &Function) -> bool {
    let keeps = |decorator: &String| {
        let name = decorator.split('(').next().unwrap_or(decorator);
        matches!(name.rsplit('.').next(), Some("cache" | "lru_cache"))
    };
    function.class.is_none()
        && !function.is_nested
        && !function.is_generator
        && literal::is_identifier(&function.name)
        && function.decorators.iter().all(keeps)
}

/// The framework of what a function returns: by every value that it may return, else by its annotation.
fn made_by(map: &CodeMap, module: &Module, function: &Function, depth: usize) -> Option<Framework> {
    let depth = depth.checked_sub(1)?;
    let annotated = || {
        let annotation = function
            .returns
            .as_deref()?
            .trim()
            .trim_matches(['"', '\'']);
        of_callee(map, module, None, annotation, depth)
    };
    function
        .returned_values
        .iter()
        .find_map(|value| of_value(map, module, Some(function), value, depth))
        .or_else(annotated)
}

/// The framework of an application that a fixture makes, whether it returns or yields it.
pub(super) fn used_in(map: &CodeMap, module: &Module, fixture: &Function) -> Option<Framework> {
    fixture
        .calls
        .iter()
        .find_map(|call| of_callee(map, module, Some(fixture), &call.callee, DEPTH))
}

/// The framework of a value that is one of its applications.
pub(super) fn of_value(
    map: &CodeMap,
    module: &Module,
    function: Option<&Function>,
    value: &Value,
    depth: usize,
) -> Option<Framework> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Call(callee) => of_callee(map, module, function, callee, depth),
        Value::Either(values) => values
            .iter()
            .find_map(|value| of_value(map, module, function, value, depth)),
        // An object that is only passed on is made by somebody else.
        Value::Name(name) => function?
            .assignments
            .iter()
            .filter(|a| a.target == *name && !a.is_member)
            .find_map(|a| of_value(map, module, function, &a.value, depth)),
        Value::Other(_) => None,
    }
}

/// The framework of what a call gives: by the class that is called, its bases, or the factory.
fn of_callee(
    map: &CodeMap,
    module: &Module,
    function: Option<&Function>,
    callee: &str,
    depth: usize,
) -> Option<Framework> {
    let depth = depth.checked_sub(1)?;
    // Pyramid's configurator, whatever it is called.
    if callee.ends_with(".make_wsgi_app") {
        return Some(Framework::Wsgi);
    }
    if let Some(class) = map.class_named(module, callee) {
        // The framework may be the project itself.
        let own = is_of_framework(&class.module.name).then(|| Framework::of_class(&class.dotted()));
        let mut bases = class.class.bases.iter();
        return own
            .flatten()
            .or_else(|| bases.find_map(|base| of_callee(map, class.module, None, base, depth)));
    }
    if let Some(factory) = map.function_named(module, callee) {
        let is_itself = function.is_some_and(|f| std::ptr::eq(f, factory.function));
        return (!is_itself && is_callable(factory.function))
            .then(|| made_by(map, factory.module, factory.function, depth))?;
    }
    let target = module.target_of(callee);
    Framework::of_class(target.as_deref().unwrap_or(callee))
}

/// What the project's tests give a factory, the first that means the same in another file.
fn shown(map: &CodeMap, factory: FunctionRef) -> Option<Given> {
    for module in map.modules.iter().filter(|m| m.is_test) {
        let of_module = module.calls.iter().map(|call| (None, call));
        let of_functions = module
            .functions
            .iter()
            .flat_map(|f| f.calls.iter().map(move |call| (Some(f), call)));
        for (function, call) in of_functions.chain(of_module) {
            let is_it = match function {
                Some(function) => is_call_of(map, FunctionRef { module, function }, call, factory),
                None => map
                    .function_named(module, &call.callee)
                    .is_some_and(|f| f.is(&factory)),
            };
            if is_it
                && !(call.args.is_empty() && call.keywords.is_empty())
                && let Some(given) = given(module, call)
            {
                return Some(given);
            }
        }
    }
    None
}

fn is_call_of(map: &CodeMap, at: FunctionRef, call: &Call, factory: FunctionRef) -> bool {
    call.name() == factory.function.name
        && map.callee(at, &call.callee).is_some_and(|f| f.is(&factory))
}

/// The arguments of a call with what they need. `None` where that is the caller's own.
fn given(module: &Module, call: &Call) -> Option<Given> {
    let mut given = Given::default();
    let keywords = call.keywords.iter();
    let passed = call
        .args
        .iter()
        .map(|text| (None, text))
        .chain(keywords.map(|(name, text)| (Some(name), text)));
    for (name, text) in passed {
        if text.len() > LONGEST || text.contains('\n') || text.starts_with('*') {
            return None;
        }
        for needed in names_in(text)? {
            if is_given_by_python(&needed) {
                continue;
            }
            let import = module.imports.iter().find(|i| i.alias == needed)?;
            given.lines.insert(import_line(&import.target, &needed)?);
        }
        given.arguments.push(match name {
            Some(name) => format!("{name}={text}"),
            None => text.clone(),
        });
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the function `make` of a module with this text makes.
    fn made(text: &str) -> Option<Framework> {
        let map = CodeMap::of_texts(&[("shop/web.py", text)]);
        let module = map.module("shop.web")?;
        let function = module.functions.iter().find(|f| f.name == "make")?;
        is_callable(function).then(|| made_by(&map, module, function, DEPTH))?
    }

    #[test]
    fn the_framework_may_be_the_project_itself() {
        let map = CodeMap::of_texts(&[
            (
                "starlette/applications.py",
                "class Starlette:\n    pass\n\n\nclass Site(Starlette):\n    pass\n",
            ),
            ("falcon/asgi/app.py", "class App:\n    pass\n"),
            (
                "shop.py",
                "from starlette.applications import Site, Starlette\nfrom falcon.asgi.app import App\n\n\ndef plain():\n    return Starlette()\n\n\ndef site():\n    return Site()\n\n\ndef other():\n    return App()\n",
            ),
        ]);
        let module = map.module("shop").expect("a module");
        let made = module
            .functions
            .iter()
            .map(|f| made_by(&map, module, f, DEPTH));
        assert_eq!(
            made.collect::<Vec<_>>(),
            [
                Some(Framework::Starlette),
                Some(Framework::Starlette),
                Some(Framework::Asgi)
            ]
        );
    }

    #[test]
    fn a_factory_is_known_by_what_it_returns() {
        for (text, framework) in [
            (
                "from flask import Flask\ndef make():\n    app = Flask(__name__)\n    app.config['A'] = 1\n    return app\n",
                Framework::Flask,
            ),
            (
                "from pyramid.config import Configurator\ndef make():\n    config = Configurator()\n    config.scan()\n    return config.make_wsgi_app()\n",
                Framework::Wsgi,
            ),
            (
                "import fastapi as api\ndef make(title='x'):\n    return api.FastAPI(title=title)\n",
                Framework::FastApi,
            ),
            (
                "from starlette.applications import Starlette as Site\ndef make():\n    site: Site = Site()\n    return site\n",
                Framework::Starlette,
            ),
            (
                "from flask import Flask\nclass Own(Flask):\n    pass\ndef make():\n    return Own('x')\n",
                Framework::Flask,
            ),
            (
                "from flask import Flask\ndef base():\n    return Flask('x')\ndef make():\n    app = base()\n    return app\n",
                Framework::Flask,
            ),
            (
                "from flask import Flask\nfrom shop.extra import wired\ndef make() -> 'Flask':\n    return wired()\n",
                Framework::Flask,
            ),
            (
                "from litestar import Litestar\ndef make() -> Litestar:\n    return Litestar([])\n",
                Framework::Litestar,
            ),
            (
                "import falcon.asgi\ndef make():\n    return falcon.asgi.App()\n",
                Framework::Asgi,
            ),
            (
                "from aiohttp import web\ndef make():\n    app = web.Application()\n    return app\n",
                Framework::AioHttp,
            ),
            (
                "import tornado.web\ndef make():\n    return tornado.web.Application([])\n",
                Framework::Tornado,
            ),
        ] {
            assert_eq!(made(text), Some(framework), "{text}");
        }
        for other in [
            "from flask import Flask\ndef make():\n    app = Flask('x')\n    return app.config\n",
            "from flask import Flask\ndef make():\n    def inner():\n        return Flask('x')\n    return inner\n",
            "from flask import Flask\nasync def make():\n    return Flask('x')\n",
            "import pytest\nfrom flask import Flask\n@pytest.fixture\ndef make():\n    return Flask('x')\n",
            "from desk import App\ndef make():\n    return App()\n",
            "def make():\n    return make()\n",
            "class Flask:\n    pass\ndef make():\n    return Flask()\n",
        ] {
            assert_eq!(made(other), None, "{other}");
        }
    }

    #[test]
    fn tests_show_what_a_factory_is_given() {
        let factory = "from flask import Flask\ndef make(settings):\n    return Flask('x')\n";
        let given = |test: &str| {
            let map = CodeMap::of_texts(&[("shop/web.py", factory), ("tests/test_web.py", test)]);
            let module = map.module("shop.web")?;
            let function = &module.functions[0];
            shown(&map, FunctionRef { module, function })
        };
        let found = given(
            "from shop import settings as chosen\nfrom shop.web import make\ndef test_a():\n    app = make(chosen.Testing)\n",
        );
        let found = found.expect("a value that can be imported");
        assert_eq!(found.arguments, ["chosen.Testing"]);
        assert_eq!(
            found.lines.into_iter().collect::<Vec<_>>(),
            ["from shop import settings as chosen"]
        );
        let found = given("from shop.web import make\napp = make(settings={'TESTING': True})\n");
        assert_eq!(
            found.expect("a literal at module level").arguments,
            ["settings={'TESTING': True}"]
        );
        for nothing in [
            "from shop.web import make\ndef test_a(path):\n    make({'DATABASE': path})\n",
            "from other import make\ndef test_a():\n    make(1)\n",
            "from shop.web import make\nclass Own: pass\ndef test_a():\n    make(Own)\n",
            "from shop.web import make\ndef test_a():\n    make(*[1])\n",
        ] {
            assert_eq!(given(nothing), None, "{nothing}");
        }
    }
}
