//! The request again, through the framework's own test client; or straight through the interface that the framework
//! is called by, for when the client's own dependencies are not installed.

use super::arguments::{Arguments, Setup, Source};
use super::captured::{self, layout::Code};
use super::literal;
use super::strategies::Writer;
use super::{Plan, Strategy};
use crate::capture::{Name, Request, Value};
use crate::code::{self, CodeMap, Module};
use crate::correlate::Layer;

/// What is sent.
#[derive(Debug, Clone, Default)]
struct Sent {
    method: String,
    /// With its query.
    path: String,
    query: String,
    /// Neither host, length nor cookies.
    headers: Vec<(String, String)>,
    content_type: Option<String>,
    body: Option<Vec<u8>>,
    is_captured: bool,
    framework: String,
}

enum Application<'a> {
    Factory(&'a Module, String),
    Flask(&'a Module, String),
    Asgi(&'a Module, String, &'static str),
}

impl<'a> Writer<'a> {
    /// Plans for the request that the log names.
    pub(super) fn request(&self, method: &str, path: &str) -> Vec<Plan> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let sent = Sent {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Sent::default()
        };
        let mut plans = self.request_plans(&sent, None);
        if !uses_django(self.map) {
            // The application objects by name, and without the client, whose own dependencies may be missing.
            for (app, framework) in self.application_objects() {
                let sent = Sent {
                    framework: framework.to_owned(),
                    ..sent.clone()
                };
                for plan in self.request_plans(&sent, Some(&app)) {
                    if !plans.iter().any(|p| p.does_as(&plan)) {
                        plans.push(plan);
                    }
                }
            }
        }
        plans
    }

    /// Applications that a module of the project holds: in the modules of the trace first.
    fn application_objects(&self) -> Vec<(Name, &'static str)> {
        let is_near = |module: &Module| self.frames.iter().any(|f| std::ptr::eq(f.module, module));
        let mut found: Vec<(bool, Name, &'static str)> = Vec::new();
        let sources = self
            .map
            .modules
            .iter()
            .filter(|m| !m.is_test && literal::is_dotted(&m.name));
        for module in sources {
            for assignment in &module.assignments {
                let crate::code::Value::Call(callee) = &assignment.value else {
                    continue;
                };
                let framework = match callee.rsplit('.').next() {
                    Some("FastAPI") => "fastapi",
                    Some("Starlette") => "starlette",
                    Some("Flask") => "flask",
                    Some("Quart" | "Litestar") => "asgi",
                    Some("Bottle") => "wsgi",
                    Some("App" | "API") if imports_from(module, "falcon") => "wsgi",
                    _ => continue,
                };
                if literal::is_identifier(&assignment.target) {
                    let name = Name {
                        module: module.name.clone(),
                        qualname: assignment.target.clone(),
                    };
                    found.push((!is_near(module), name, framework));
                }
            }
        }
        found.sort_by_key(|(is_far, name, _)| (*is_far, name.module.len()));
        found.truncate(3);
        found
            .into_iter()
            .map(|(_, name, framework)| (name, framework))
            .collect()
    }

    /// Plans for the request that was captured.
    pub(super) fn captured_request(&self, request: &Request) -> Vec<Plan> {
        let header = |name: &str| {
            request
                .headers
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        const OWN: [&str; 9] = [
            "host",
            "content-length",
            "content-type",
            "cookie",
            "authorization",
            "connection",
            "user-agent",
            "accept-encoding",
            "transfer-encoding",
        ];
        let sent = Sent {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request
                .headers
                .iter()
                .filter(|(name, value)| {
                    let accepts_all = name.eq_ignore_ascii_case("accept") && value == "*/*";
                    !accepts_all && !OWN.contains(&name.to_ascii_lowercase().as_str())
                })
                .cloned()
                .collect(),
            content_type: header("content-type"),
            body: match &request.body {
                Some(Value::Text(text)) => Some(text.clone().into_bytes()),
                Some(Value::Bytes { data, .. }) => Some(data.clone()),
                _ => None,
            }
            .filter(|body| !body.is_empty()),
            is_captured: true,
            framework: request.framework.clone(),
        };
        let app = request.app.as_ref().and_then(|app| match app {
            Value::Global(name) => Some(name),
            Value::Object(object) => object.global.as_ref(),
            _ => None,
        });
        self.request_plans(&sent, app)
    }

    fn request_plans(&self, sent: &Sent, app: Option<&Name>) -> Vec<Plan> {
        let is_verb = literal::is_identifier(&sent.method.to_lowercase());
        if !is_verb {
            return Vec::new();
        }
        let mut plans = Vec::new();
        if sent.framework == "django" || (sent.framework.is_empty() && uses_django(self.map)) {
            plans.extend(self.django(sent));
            return plans;
        }
        plans.extend(self.through_client(sent, app));
        if let Some(app) = app.filter(|app| captured::trust::may_import(app, self.map)) {
            match sent.framework.as_str() {
                "fastapi" | "starlette" | "asgi" => plans.extend(self.through_asgi(sent, app)),
                "wsgi" | "flask" => plans.extend(self.through_wsgi(sent, app)),
                _ => {}
            }
        }
        plans
    }

    fn request_plan(&self, sent: &Sent) -> Option<Plan> {
        let layer = self.gap.layer.max(Layer::Integration);
        let subject = subject(sent);
        let mut plan = self.plan(Strategy::Request, layer, &subject, "request_is_answered");
        plan.setup.used(Source::Known);
        let has_body = matches!(sent.method.as_str(), "POST" | "PUT" | "PATCH");
        if has_body && !sent.is_captured {
            // The log tells the path, not the body.
            plan.setup.used(Source::Invented);
        }
        Some(plan)
    }

    fn through_client(&self, sent: &Sent, app: Option<&Name>) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let arguments = self.arguments(plan.layer);
        let client = self.client(&arguments, &mut plan.setup, sent, app)?;
        // A client from a fixture does not tell what it is; the framework that served does.
        let is_asgi = matches!(sent.framework.as_str(), "fastapi" | "starlette" | "asgi")
            || plan
                .setup
                .imports
                .iter()
                .any(|(module, _)| module.ends_with(".testclient"));
        let mut items = vec![Code::atom(literal::string(&sent.target()))];
        if let Some(body) = &sent.body {
            let name = if is_asgi { "content" } else { "data" };
            items.push(Code::named(name, Code::atom(body_literal(body))));
        } else if !sent.is_captured && matches!(sent.method.as_str(), "POST" | "PUT" | "PATCH") {
            items.push(Code::named("json", Code::atom("{}")));
        }
        let mut headers = sent.headers.clone();
        if let Some(kind) = &sent.content_type {
            if is_asgi {
                headers.insert(0, ("content-type".to_owned(), kind.clone()));
            } else if sent.body.is_some() {
                items.push(Code::named(
                    "content_type",
                    Code::atom(literal::string(kind)),
                ));
            }
        }
        if !headers.is_empty() {
            items.push(Code::named("headers", header_dict(&headers)));
        }
        let verb = sent.method.to_lowercase();
        let call = Code::group(format!("{client}.{verb}("), items, ")");
        plan.act.extend(call.lines("response = ", ""));
        plan.assertions
            .push("assert response.status_code < 500".to_owned());
        Some(plan)
    }

    fn django(&self, sent: &Sent) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        self.django_setup(&mut plan.setup);
        plan.setup.import("django.test", "Client");
        let mut items = vec![Code::atom(literal::string(&sent.target()))];
        if let Some(body) = &sent.body {
            items.push(Code::named("data", Code::atom(body_literal(body))));
            let kind = sent
                .content_type
                .as_deref()
                .unwrap_or("application/octet-stream");
            items.push(Code::named(
                "content_type",
                Code::atom(literal::string(kind)),
            ));
        }
        if !sent.headers.is_empty() {
            // The spelling that all versions understand.
            for (name, value) in &sent.headers {
                let key = format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_"));
                if literal::is_identifier(&key) {
                    items.push(Code::named(&key, Code::atom(literal::string(value))));
                }
            }
        }
        let call = Code::group(
            format!("Client().{}(", sent.method.to_lowercase()),
            items,
            ")",
        );
        plan.act.extend(call.lines("response = ", ""));
        plan.assertions
            .push("assert response.status_code < 500".to_owned());
        Some(plan)
    }

    /// Settings before anything of the project is imported, unless a plugin does that.
    pub(super) fn django_setup(&self, setup: &mut Setup) {
        if self.habits.has_django_plugin {
            setup.marker("django_db");
            return;
        }
        let Some(settings) = django_settings(self.map) else {
            return;
        };
        if setup.preamble.iter().any(|line| line == "django.setup()") {
            return;
        }
        setup.preamble.extend([
            "import os".to_owned(),
            String::new(),
            "import django".to_owned(),
            String::new(),
            format!(
                "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", {})",
                literal::string(&settings.name)
            ),
            "django.setup()".to_owned(),
        ]);
        if has_databases(settings) {
            setup
                .helpers
                .push(TEST_DATABASES.map(str::to_owned).to_vec());
        }
    }

    /// The interface itself: a scope, a body, and what is sent back.
    fn through_asgi(&self, sent: &Sent, app: &Name) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let app = captured::import_into(&mut plan.setup, app)?;
        plan.setup.modules.insert("asyncio".to_owned());
        let mut headers = vec![("host".to_owned(), "testserver".to_owned())];
        if let Some(kind) = &sent.content_type {
            headers.push(("content-type".to_owned(), kind.clone()));
        }
        if let Some(body) = &sent.body {
            headers.push(("content-length".to_owned(), body.len().to_string()));
        }
        headers.extend(sent.headers.iter().cloned());
        let pairs = headers
            .iter()
            .map(|(name, value)| {
                Code::group(
                    "(",
                    vec![
                        Code::atom(captured::bytes(name.to_ascii_lowercase().as_bytes())),
                        Code::atom(captured::bytes(value.as_bytes())),
                    ],
                    ")",
                )
            })
            .collect();
        let entry = |key: &str, value: Code| {
            Code::Prefixed(format!("{}: ", literal::string(key)), Box::new(value))
        };
        let text = |value: &str| Code::atom(literal::string(value));
        let scope = Code::group(
            "{",
            vec![
                entry("type", text("http")),
                entry("asgi", Code::atom("{\"version\": \"3.0\"}")),
                entry("http_version", text("1.1")),
                entry("method", text(&sent.method)),
                entry("scheme", text("http")),
                entry("path", text(&sent.path)),
                entry(
                    "raw_path",
                    Code::atom(captured::bytes(sent.path.as_bytes())),
                ),
                entry(
                    "query_string",
                    Code::atom(captured::bytes(sent.query.as_bytes())),
                ),
                entry("root_path", text("")),
                entry("headers", Code::group("[", pairs, "]")),
                entry("client", Code::atom("(\"127.0.0.1\", 50000)")),
                entry("server", Code::atom("(\"testserver\", 80)")),
            ],
            "}",
        );
        plan.setup.statements.extend(scope.lines("scope = ", ""));
        let body = captured::bytes(sent.body.as_deref().unwrap_or_default());
        plan.setup.statements.extend([
            "messages = []".to_owned(),
            String::new(),
            "async def receive():".to_owned(),
            format!(
                "    return {{\"type\": \"http.request\", \"body\": {body}, \"more_body\": False}}"
            ),
            String::new(),
            "async def send(message):".to_owned(),
            "    messages.append(message)".to_owned(),
        ]);
        plan.act
            .push(format!("asyncio.run({app}(scope, receive, send))"));
        plan.assertions
            .push("assert messages[0][\"status\"] < 500".to_owned());
        Some(plan)
    }

    fn through_wsgi(&self, sent: &Sent, app: &Name) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let app = captured::import_into(&mut plan.setup, app)?;
        plan.setup.modules.insert("io".to_owned());
        plan.setup.import("wsgiref.util", "setup_testing_defaults");
        let body = sent.body.clone().unwrap_or_default();
        let entry = |key: &str, value: String| {
            Code::Prefixed(
                format!("{}: ", literal::string(key)),
                Box::new(Code::atom(value)),
            )
        };
        let mut items = vec![
            entry("REQUEST_METHOD", literal::string(&sent.method)),
            // One character a byte, as servers give it.
            entry(
                "PATH_INFO",
                literal::string(&sent.path.bytes().map(char::from).collect::<String>()),
            ),
            entry("QUERY_STRING", literal::string(&sent.query)),
            entry(
                "wsgi.input",
                format!("io.BytesIO({})", captured::bytes(&body)),
            ),
            entry("CONTENT_LENGTH", literal::string(&body.len().to_string())),
        ];
        if let Some(kind) = &sent.content_type {
            items.push(entry("CONTENT_TYPE", literal::string(kind)));
        }
        for (name, value) in &sent.headers {
            let key = format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_"));
            items.push(entry(&key, literal::string(value)));
        }
        plan.setup
            .statements
            .extend(Code::group("{", items, "}").lines("environ = ", ""));
        plan.setup.statements.extend([
            "setup_testing_defaults(environ)".to_owned(),
            "statuses = []".to_owned(),
            String::new(),
            "def start_response(status, headers, exc_info=None):".to_owned(),
            "    statuses.append(status)".to_owned(),
        ]);
        plan.act
            .push(format!("b\"\".join({app}(environ, start_response))"));
        plan.assertions
            .push("assert not statuses[-1].startswith(\"5\"), statuses".to_owned());
        Some(plan)
    }

    /// An expression for a test client of the application.
    fn client(
        &self,
        arguments: &Arguments,
        setup: &mut Setup,
        sent: &Sent,
        app: Option<&Name>,
    ) -> Option<String> {
        let clients = ["client", "test_client", "api_client", "flask_client"];
        if let Some(name) = clients.iter().find(|n| arguments.visible_fixture(n)) {
            setup.fixture(name);
            return Some((*name).to_owned());
        }
        if arguments.visible_fixture("app") {
            setup.fixture("app");
            setup
                .statements
                .push("client = app.test_client()".to_owned());
            return Some("client".to_owned());
        }
        if let Some(name) = app.filter(|name| captured::trust::may_import(name, self.map)) {
            let framework = match sent.framework.as_str() {
                "flask" => None,
                "fastapi" => Some("fastapi"),
                "starlette" | "asgi" => Some("starlette"),
                _ => return None,
            };
            let app = captured::import_into(setup, name)?;
            self.client_of(&app, framework, setup);
            return Some("client".to_owned());
        }
        match self.application()? {
            Application::Factory(module, name) => {
                let name = setup.import(&module.name, &name);
                setup.statements.extend([
                    format!("app = {name}()"),
                    "app.testing = True".to_owned(),
                    "client = app.test_client()".to_owned(),
                ]);
            }
            Application::Flask(module, name) => {
                let name = setup.import(&module.name, &name);
                self.client_of(&name, None, setup);
            }
            Application::Asgi(module, name, framework) => {
                let name = setup.import(&module.name, &name);
                self.client_of(&name, Some(framework), setup);
            }
        }
        Some("client".to_owned())
    }

    fn client_of(&self, app: &str, framework: Option<&str>, setup: &mut Setup) {
        match framework {
            Some(framework) => {
                setup.import(&format!("{framework}.testclient"), "TestClient");
                setup.statements.push(format!("client = TestClient({app})"));
            }
            None => {
                // As in production it would answer 500 and keep the exception to itself.
                setup.fixture("monkeypatch");
                setup.statements.extend([
                    format!("monkeypatch.setattr({app}, \"testing\", True)"),
                    format!("client = {app}.test_client()"),
                ]);
            }
        }
    }

    fn application(&self) -> Option<Application<'a>> {
        let sources = || {
            self.map
                .modules
                .iter()
                .filter(|m| !m.is_test && literal::is_dotted(&m.name))
        };
        for module in sources() {
            for assignment in &module.assignments {
                let calls = |name: &str| matches!(&assignment.value, crate::code::Value::Call(c) if c.rsplit('.').next() == Some(name));
                if !literal::is_identifier(&assignment.target) {
                    continue;
                }
                if calls("Flask") || calls("create_app") {
                    return Some(Application::Flask(module, assignment.target.clone()));
                }
                if calls("FastAPI") {
                    return Some(Application::Asgi(
                        module,
                        assignment.target.clone(),
                        "fastapi",
                    ));
                }
                if calls("Starlette") {
                    return Some(Application::Asgi(
                        module,
                        assignment.target.clone(),
                        "starlette",
                    ));
                }
            }
        }
        sources().find_map(|module| {
            module
                .functions
                .iter()
                .find(|f| {
                    f.class.is_none()
                        && matches!(f.name.as_str(), "create_app" | "make_app" | "build_app")
                        && f.required_params().next().is_none()
                })
                .map(|f| Application::Factory(module, f.name.clone()))
        })
    }
}

impl Sent {
    /// Path and query.
    fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

/// `GET /orders/7/lines` → `get_orders_lines`.
fn subject(sent: &Sent) -> String {
    let words: Vec<String> = std::iter::once(sent.method.to_lowercase())
        .chain(
            sent.path
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
                .map(str::to_lowercase),
        )
        .take(6)
        .collect();
    words.join("_")
}

/// Text where it is text.
fn body_literal(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.is_ascii() => literal::string(text),
        _ => captured::bytes(body),
    }
}

fn header_dict(headers: &[(String, String)]) -> Code {
    let items = headers
        .iter()
        .map(|(name, value)| {
            Code::Prefixed(
                format!("{}: ", literal::string(name)),
                Box::new(Code::atom(literal::string(value))),
            )
        })
        .collect();
    Code::group("{", items, "}")
}

/// Whether a module imports a package or something of it.
fn imports_from(module: &Module, package: &str) -> bool {
    let of = |target: &str| target == package || target.starts_with(&format!("{package}."));
    module.imports.iter().any(|i| of(&i.target))
}

/// Whether the project is a Django site.
pub(super) fn uses_django(map: &CodeMap) -> bool {
    django_settings(map).is_some()
}

/// What Django's own test runner does: databases of its own for the tests, never those of the settings.
const TEST_DATABASES: [&str; 13] = [
    "@pytest.fixture(autouse=True, scope=\"module\")",
    "def databases():",
    "    from django.db.utils import OperationalError",
    "    from django.test.utils import setup_databases, teardown_databases",
    "",
    "    try:",
    "        kept = setup_databases(verbosity=0, interactive=False)",
    "    except OperationalError:",
    "        # No server is there: a test that needs it will say so.",
    "        yield",
    "        return",
    "    yield",
    "    teardown_databases(kept, verbosity=0)",
];

/// Whether the settings name a database.
fn has_databases(settings: &Module) -> bool {
    settings.assignments.iter().any(|a| {
        let is_empty = matches!(&a.value, code::Value::Other(text) if text.trim() == "{}");
        a.target == "DATABASES" && !a.is_member && !is_empty
    })
}

/// The module of the site's settings.
fn django_settings(map: &CodeMap) -> Option<&Module> {
    let assigns = |module: &Module, name: &str| module.assignments.iter().any(|a| a.target == name);
    let mut found: Vec<&Module> = map
        .modules
        .iter()
        .filter(|m| literal::is_dotted(&m.name))
        .filter(|m| assigns(m, "ROOT_URLCONF") && assigns(m, "INSTALLED_APPS"))
        .collect();
    // Settings for tests before those for production, then the plainest name.
    found.sort_by_key(|m| {
        let name = m.name.rsplit('.').next().unwrap_or_default();
        (!name.contains("test"), name.contains("prod"), m.name.len())
    });
    found.first().copied()
}
