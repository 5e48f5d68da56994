//! A request straight through the interface that a framework is called by, for when the client's own dependencies are not
//! installed.

use super::applications::{Application, tables};
use super::captured::{self, layout::Code};
use super::factories::Framework;
use super::request::Sent;
use super::strategies::Writer;
use super::{Plan, literal};

impl Writer<'_> {
    /// The interface itself: a scope, a body, and what is sent back.
    pub(super) fn through_asgi(&self, sent: &Sent, app: &Application) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let app = app.bind(&mut plan.setup)?;
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
        // As from a server: the request once, then nothing until it is answered.
        plan.setup.statements.extend(
            [
                &format!(
                    "received = [{{\"type\": \"http.request\", \"body\": {body}, \"more_body\": False}}]"
                ),
                "messages = []",
                "",
                "async def receive():",
                "    while not received:",
                "        await asyncio.sleep(0.001)",
                "    return received.pop()",
                "",
                "async def send(message):",
                "    messages.append(message)",
                "    if message[\"type\"] == \"http.response.body\" and not message.get(\"more_body\"):",
                "        received.append({\"type\": \"http.disconnect\"})",
            ]
            .map(str::to_owned),
        );
        plan.act
            .push(format!("asyncio.run({app}(scope, receive, send))"));
        plan.assertions
            .push("assert messages[0][\"status\"] < 500".to_owned());
        Some(plan)
    }

    /// The same for WSGI: an environment, and what is started.
    pub(super) fn through_wsgi(&self, sent: &Sent, app: &Application) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let framework = app.framework;
        let app = app.bind(&mut plan.setup)?;
        if framework == Framework::Flask {
            tables(&app, self.map, &mut plan.setup);
        }
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
}
