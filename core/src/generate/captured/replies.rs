//! What other services had answered: the same answers for a test, wherever the project's code asks them from. Nothing is
//! sent; a question that production did not ask fails the test in its own way.

use std::collections::BTreeSet;

use super::layout::Code;
use super::spell::bytes;
use crate::capture::{Captured, Reply, Value};
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

/// How a client is kept from the network: its name in a capture, what is replaced, and by what.
struct Client {
    name: &'static str,
    replaced: &'static str,
    helper: &'static str,
    /// What that imports: module and name, no name for the module itself.
    imports: &'static [(&'static str, &'static str)],
}

const CLIENTS: [Client; 4] = [
    Client {
        name: "requests",
        replaced: "requests.adapters.HTTPAdapter.send",
        helper: include_str!("../templates/requests_replies.py"),
        imports: &[("requests", ""), ("urllib.parse", "urlsplit")],
    },
    Client {
        name: "httpx",
        replaced: "httpx.HTTPTransport.handle_request",
        helper: include_str!("../templates/httpx_replies.py"),
        imports: &[("httpx", "")],
    },
    Client {
        name: "httpx.async",
        replaced: "httpx.AsyncHTTPTransport.handle_async_request",
        helper: include_str!("../templates/httpx_replies.py"),
        imports: &[("httpx", "")],
    },
    Client {
        name: "aiohttp",
        replaced: "aiohttp.ClientSession._request",
        helper: include_str!("../templates/aiohttp_replies.py"),
        imports: &[
            ("aiohttp", ""),
            ("http.client", ""),
            ("multidict", "CIMultiDict"),
            ("multidict", "CIMultiDictProxy"),
            ("unittest.mock", "Mock"),
        ],
    },
];

impl Writer<'_> {
    /// The same where other services answer as they did. `None` where nothing was captured of that.
    pub(super) fn with_replies(&self, plan: &Plan, captured: &Captured) -> Option<Plan> {
        let mut plan = plan.clone();
        let mut statements = Vec::new();
        for client in CLIENTS {
            let mut asked = BTreeSet::new();
            let items: Vec<Code> = captured
                .replies
                .iter()
                .filter(|reply| reply.client == client.name)
                .filter(|reply| asked.insert((reply.method.as_str(), path_of(&reply.url))))
                .filter_map(answer)
                .collect();
            if items.is_empty() {
                continue;
            }
            let helper = match client.name.ends_with(".async") {
                true => awaited(client.helper),
                false => client.helper.to_owned(),
            };
            let function = client.name.replace('.', "_");
            let place = literal::string(client.replaced);
            let before = format!("monkeypatch.setattr({place}, {function}_replies(");
            statements.extend(Code::group("{", items, "}").lines(&before, "))"));
            let lines = helper.trim_end().lines();
            plan.setup.helpers.push(lines.map(str::to_owned).collect());
            for (module, name) in client.imports {
                if name.is_empty() {
                    plan.setup.modules.insert((*module).to_owned());
                } else {
                    plan.setup.import(module, name);
                }
            }
        }
        if statements.is_empty() {
            return None;
        }
        plan.setup.fixture("monkeypatch");
        plan.setup.statements.splice(0..0, statements);
        // Written again with less, it would be without the answers.
        plan.recipe = None;
        Some(plan)
    }
}

/// The same helper for what is awaited, under a name of its own.
fn awaited(helper: &str) -> String {
    let helper = helper.replacen("_replies(", "_async_replies(", 1);
    helper.replacen("    def ", "    async def ", 1)
}

/// `("GET", "/rates"): (200, {"Content-Type": "application/json"}, b"{}")`.
fn answer(reply: &Reply) -> Option<Code> {
    let body = match &reply.body {
        Value::Text(text) if text.is_ascii() => bytes(text.as_bytes()),
        Value::Text(text) => format!("{}.encode()", literal::string(text)),
        Value::Bytes { data, .. } => bytes(data),
        Value::None => "b\"\"".to_owned(),
        _ => return None,
    };
    let headers = reply.headers.iter().map(|(name, value)| {
        let key = format!("{}: ", literal::string(name));
        Code::Prefixed(key, Box::new(Code::atom(literal::string(value))))
    });
    let items = vec![
        Code::atom(reply.status.to_string()),
        Code::group("{", headers.collect(), "}"),
        Code::atom(body),
    ];
    let asked = format!(
        "({}, {}): ",
        literal::string(&reply.method),
        literal::string(path_of(&reply.url))
    );
    Some(Code::Prefixed(
        asked,
        Box::new(Code::group("(", items, ")")),
    ))
}

/// `/v1/rates` of `https://api.example.com/v1/rates?base=EUR`.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    &path[..end]
}
