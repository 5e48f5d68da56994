//! The request that was served, as the object of its framework that a function was called with.

use super::build::Builder;
use super::import_into;
use super::layout::Code;
use super::manner::State;
use super::objects::class_of;
use super::spell::bytes;
use super::trust;
use crate::capture::{Name, Request, Value};
use crate::code::CodeMap;
use crate::generate::arguments::Source;
use crate::generate::request::{Sent, body_literal, header_dict};
use crate::generate::{Plan, literal};

/// Packages whose own requests the client makes by itself.
const FLASK: [&str; 2] = ["flask", "werkzeug"];

/// A call while Flask serves the request that was captured: what a function reads of `flask.request` is there. `None` where
/// something else served it.
pub(super) fn with_context(plan: &Plan, request: &Request, map: &CodeMap) -> Option<Plan> {
    if request.framework != "flask" {
        return None;
    }
    let sent = Sent::captured(request);
    let mut plan = plan.clone();
    // An application of that kind, without what production's was set up with.
    plan.stand_ins += 1;
    plan.setup.used(Source::Invented);
    let own = match &request.app {
        Some(Value::Opaque { class, .. }) => class.as_ref(),
        Some(Value::Object(object)) => Some(&object.class),
        _ => None,
    };
    let own = own.filter(|class| class_of(map, class).is_some());
    let flask = Name {
        module: "flask".to_owned(),
        qualname: "Flask".to_owned(),
    };
    let class = import_into(&mut plan.setup, own.unwrap_or(&flask))?;
    let mut items = vec![
        text(&sent.target()),
        Code::named("method", text(&sent.method.to_uppercase())),
    ];
    items.extend(parts_of_werkzeug(&sent));
    let context = Code::group(
        format!("{class}(__name__).test_request_context("),
        items,
        ")",
    );
    let act = std::mem::take(&mut plan.act);
    // An error of HTTP is an answer there.
    plan.setup.import("contextlib", "suppress");
    plan.setup.import("werkzeug.exceptions", "HTTPException");
    plan.act = context.lines("with suppress(HTTPException), ", ":");
    plan.act
        .extend(act.into_iter().map(|line| match line.is_empty() {
            true => line,
            false => format!("    {line}"),
        }));
    // Written again with less, it would be without the request.
    plan.recipe = None;
    Some(plan)
}

/// Body, type and headers as werkzeug's builders take them.
fn parts_of_werkzeug(sent: &Sent) -> Vec<Code> {
    let mut items = Vec::new();
    if let Some(body) = &sent.body {
        items.push(Code::named("data", Code::atom(body_literal(body))));
    }
    if let Some(kind) = &sent.content_type {
        items.push(Code::named("content_type", text(kind)));
    }
    if !sent.headers.is_empty() {
        items.push(Code::named("headers", header_dict(&sent.headers)));
    }
    items
}

impl Builder<'_> {
    /// An object like the request that was captured. `None` where its framework has no way to make one.
    pub(super) fn asked(&mut self, class: &Name, request: &Request) -> Option<Code> {
        let sent = Sent::captured(request);
        let package = class.module.split('.').next().unwrap_or_default();
        match request.framework.as_str() {
            // What middlewares add to one is not known; a stand-in has everything.
            "django" if self.manner.state == State::Raw => None,
            "django" => self.of_django(&sent, package == "rest_framework"),
            "flask" | "wsgi" => {
                let is_own = !FLASK.contains(&package) && trust::may_import(class, self.map);
                self.of_werkzeug(&sent, class, is_own)
            }
            "fastapi" | "starlette" | "asgi" => self.of_starlette(&sent, class, package),
            "tornado" => self.of_tornado(&sent),
            "aiohttp" => self.of_aiohttp(&sent),
            _ => None,
        }
    }

    fn of_django(&mut self, sent: &Sent, is_of_rest: bool) -> Option<Code> {
        let factory = self.named("django.test", "RequestFactory")?;
        let mut items = vec![text(&sent.method.to_uppercase()), text(&sent.target())];
        if let Some(body) = &sent.body {
            items.push(Code::named("data", Code::atom(bytes(body))));
        }
        if let Some(kind) = &sent.content_type {
            items.push(Code::named("content_type", text(kind)));
        }
        for (name, value) in &sent.headers {
            let key = format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_"));
            if literal::is_identifier(&key) {
                items.push(Code::named(&key, text(value)));
            }
        }
        let request = Code::group(format!("{factory}().generic("), items, ")");
        if !is_of_rest {
            return Some(request);
        }
        let view = self.named("rest_framework.views", "APIView")?;
        Some(Code::group(
            format!("{view}().initialize_request("),
            vec![request],
            ")",
        ))
    }

    fn of_werkzeug(&mut self, sent: &Sent, class: &Name, is_own: bool) -> Option<Code> {
        let builder = self.named("werkzeug.test", "EnvironBuilder")?;
        let of_flask = Name {
            module: "flask".to_owned(),
            qualname: "Request".to_owned(),
        };
        let class = match class.module.split('.').next() {
            _ if is_own => self.import(class)?,
            Some("flask") => self.import(&of_flask)?,
            _ => String::new(),
        };
        let mut items = vec![
            Code::named("path", text(&sent.target())),
            Code::named("method", text(&sent.method.to_uppercase())),
        ];
        items.extend(parts_of_werkzeug(sent));
        let close = format!(").get_request({class})");
        Some(Code::group(format!("{builder}("), items, close))
    }

    fn of_starlette(&mut self, sent: &Sent, class: &Name, package: &str) -> Option<Code> {
        let is_own = !matches!(package, "starlette" | "fastapi");
        let request = match is_own && trust::may_import(class, self.map) {
            true => self.import(class)?,
            false => self.named("starlette.requests", "Request")?,
        };
        let pairs = sent.headers_with_type();
        let pairs = pairs.iter().map(|(name, value)| {
            let pair = [name.to_ascii_lowercase().as_bytes(), value.as_bytes()].map(bytes);
            Code::group("(", pair.map(Code::atom).to_vec(), ")")
        });
        let scope = [
            ("type", text("http")),
            ("method", text(&sent.method)),
            ("scheme", text("http")),
            ("path", text(&sent.path)),
            ("query_string", Code::atom(bytes(sent.query.as_bytes()))),
            ("headers", Code::group("[", pairs.collect(), "]")),
        ];
        let scope = scope.map(|(key, value)| {
            Code::Prefixed(format!("{}: ", literal::string(key)), Box::new(value))
        });
        let mut items = vec![Code::group("{", scope.to_vec(), "}")];
        if let Some(body) = &sent.body {
            let receive = self.variable("receive");
            self.statement(vec![
                format!("async def {receive}():"),
                format!(
                    "    return {{\"type\": \"http.request\", \"body\": {}, \"more_body\": False}}",
                    bytes(body)
                ),
                String::new(),
            ]);
            items.push(Code::atom(receive));
        }
        Some(Code::group(format!("{request}("), items, ")"))
    }

    fn of_tornado(&mut self, sent: &Sent) -> Option<Code> {
        let request = self.named("tornado.httputil", "HTTPServerRequest")?;
        let headers = self.named("tornado.httputil", "HTTPHeaders")?;
        let mock = self.named("unittest.mock", "MagicMock")?;
        let mut items = vec![
            Code::named("method", text(&sent.method)),
            Code::named("uri", text(&sent.target())),
            Code::named(
                "headers",
                Code::group(
                    format!("{headers}("),
                    vec![header_dict(&sent.headers_with_type())],
                    ")",
                ),
            ),
        ];
        if let Some(body) = &sent.body {
            items.push(Code::named("body", Code::atom(bytes(body))));
        }
        let connection = Code::atom(format!("{mock}(context=None)"));
        items.push(Code::named("connection", connection));
        Some(Code::group(format!("{request}("), items, ")"))
    }

    fn of_aiohttp(&mut self, sent: &Sent) -> Option<Code> {
        let make = self.named("aiohttp.test_utils", "make_mocked_request")?;
        let mut items = vec![text(&sent.method), text(&sent.target())];
        let headers = sent.headers_with_type();
        if !headers.is_empty() {
            items.push(Code::named("headers", header_dict(&headers)));
        }
        let call = Code::group(format!("{make}("), items, ")");
        let Some(body) = &sent.body else {
            return Some(call);
        };
        let name = self.variable("request");
        self.statement(call.lines(&format!("{name} = "), ""));
        // As if it had been read.
        self.statement(vec![format!("{name}._read_bytes = {}", bytes(body))]);
        Some(Code::atom(name))
    }

    fn named(&mut self, module: &str, qualname: &str) -> Option<String> {
        self.import(&Name {
            module: module.to_owned(),
            qualname: qualname.to_owned(),
        })
    }
}

fn text(value: &str) -> Code {
    Code::atom(literal::string(value))
}
