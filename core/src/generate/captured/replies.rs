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
    function: &'static str,
    helper: &'static str,
}

const CLIENTS: [Client; 3] = [
    Client {
        name: "requests",
        replaced: "requests.adapters.HTTPAdapter.send",
        function: "requests_replies",
        helper: include_str!("../templates/requests_replies.py"),
    },
    Client {
        name: "httpx",
        replaced: "httpx.HTTPTransport.handle_request",
        function: "httpx_replies",
        helper: include_str!("../templates/httpx_replies.py"),
    },
    Client {
        name: "httpx.async",
        replaced: "httpx.AsyncHTTPTransport.handle_async_request",
        function: "httpx_async_replies",
        helper: include_str!("../templates/httpx_async_replies.py"),
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
            let replies = Code::group("{", items, "}");
            let before = format!(
                "monkeypatch.setattr({}, {}(",
                literal::string(client.replaced),
                client.function
            );
            statements.extend(replies.lines(&before, "))"));
            let lines = client.helper.trim_end().lines();
            plan.setup.helpers.push(lines.map(str::to_owned).collect());
            let module = client.name.split('.').next().unwrap_or_default();
            plan.setup.modules.insert(module.to_owned());
            if module == "requests" {
                plan.setup.import("urllib.parse", "urlsplit");
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
