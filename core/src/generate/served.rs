//! A request to an application that speaks HTTP itself: the test serves it on a port of the loopback interface for as long
//! as one answer takes. Such a server keeps the exception to itself, so the test looks for it in the log.

use super::applications::Application;
use super::captured::layout::Code;
use super::factories::Framework;
use super::request::{Form, Sent, body_literal, header_dict};
use super::strategies::Writer;
use super::{Plan, literal};
use crate::correlate::Shown;
use crate::generate::arguments::Setup;

impl Writer<'_> {
    /// Through the application's own server.
    pub(super) fn through_server(&self, sent: &Sent, app: &Application) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let setup = &mut plan.setup;
        setup.modules.insert("asyncio".to_owned());
        let made = app.awaited(setup)?;
        let (lines, status) = match app.framework {
            Framework::AioHttp => (aiohttp(sent, &made, setup), "status"),
            Framework::Tornado => (tornado(sent, &made, setup), "code"),
            _ => return None,
        };
        setup.statements.push("async def request():".to_owned());
        setup
            .statements
            .extend(lines.iter().map(|line| format!("    {line}")));
        setup.statements.push(String::new());
        plan.act
            .push("response = asyncio.run(request())".to_owned());
        if !matches!(self.gap.shown, Shown::Swallowed { .. }) {
            self.logs_nothing(&mut plan, false);
        }
        plan.assertions
            .push(format!("assert response.{status} < 500"));
        Some(plan)
    }
}

/// By the client that aiohttp brings for tests.
fn aiohttp(sent: &Sent, app: &str, setup: &mut Setup) -> Vec<String> {
    setup.import("aiohttp.test_utils", "TestClient");
    setup.import("aiohttp.test_utils", "TestServer");
    let mut items = vec![text(&sent.method.to_uppercase()), text(&sent.target())];
    if let Some(body) = &sent.body {
        items.push(Code::named("data", Code::atom(body_literal(body))));
    } else if let Some(made) = &sent.made {
        items.push(Code::named(made.form.keyword(), Code::atom(&made.code)));
    } else if !sent.is_captured && sent.may_have_body() {
        items.push(Code::named("json", Code::atom("{}")));
    }
    let headers = sent.headers_with_type();
    if !headers.is_empty() {
        items.push(Code::named("headers", header_dict(&headers)));
    }
    let call = Code::group("client.request(", items, ")");
    let mut lines = vec![format!(
        "async with TestClient(TestServer({app})) as client:"
    )];
    lines.extend(indented(call.lines("return await ", "")));
    lines
}

/// By Tornado's client.
fn tornado(sent: &Sent, app: &str, setup: &mut Setup) -> Vec<String> {
    setup.import("tornado.httpclient", "AsyncHTTPClient");
    setup.import("tornado.httpserver", "HTTPServer");
    setup.import("tornado.testing", "bind_unused_port");
    let mut headers = sent.headers_with_type();
    let body = match (&sent.body, &sent.made) {
        (Some(body), _) => Some(body_literal(body)),
        (None, Some(made)) if made.form == Form::Json => {
            setup.modules.insert("json".to_owned());
            if sent.content_type.is_none() {
                headers.insert(
                    0,
                    ("Content-Type".to_owned(), "application/json".to_owned()),
                );
            }
            Some(format!("json.dumps({})", made.code))
        }
        (None, Some(made)) => {
            setup.import("urllib.parse", "urlencode");
            Some(format!("urlencode({})", made.code))
        }
        (None, None) if sent.may_have_body() => Some(literal::string("")),
        (None, None) => None,
    };
    let mut items = vec![Code::atom(format!(
        "f\"http://127.0.0.1:{{port}}\" + {}",
        literal::string(&sent.target())
    ))];
    items.push(Code::named("method", text(&sent.method.to_uppercase())));
    if let Some(body) = body {
        items.push(Code::named("body", Code::atom(body)));
    }
    if !headers.is_empty() {
        items.push(Code::named("headers", header_dict(&headers)));
    }
    items.push(Code::named("raise_error", Code::atom("False")));
    // Any method may come with any body.
    items.push(Code::named("allow_nonstandard_methods", Code::atom("True")));
    let call = Code::group("AsyncHTTPClient().fetch(", items, ")");
    let mut lines = vec![
        "socket, port = bind_unused_port()".to_owned(),
        format!("server = HTTPServer({app})"),
        "server.add_socket(socket)".to_owned(),
        "try:".to_owned(),
    ];
    lines.extend(indented(call.lines("return await ", "")));
    lines.push("finally:".to_owned());
    lines.push("    server.stop()".to_owned());
    lines
}

fn text(value: &str) -> Code {
    Code::atom(literal::string(value))
}

fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("    {line}"))
}
