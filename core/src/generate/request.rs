//! The request again, through the framework's own test client; or straight through the interface that the framework
//! is called by (see `interface`), for when the client's own dependencies are not installed.

use super::applications::Application;
use super::arguments::Source;
use super::captured::{self, layout::Code};
use super::django::{log_in, uses_django};
use super::factories::Framework;
use super::literal;
use super::strategies::Writer;
use super::{Plan, Strategy};
use crate::capture::{Request, Value};
use crate::correlate::{Layer, Shown};

/// What is sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) method: String,
    /// With its query.
    pub(super) path: String,
    pub(super) query: String,
    /// Neither host, length nor cookies.
    pub(super) headers: Vec<(String, String)>,
    pub(super) content_type: Option<String>,
    pub(super) body: Option<Vec<u8>>,
    /// The body where none was captured.
    pub(super) made: Option<Made>,
    pub(super) is_captured: bool,
    pub(super) is_django: bool,
    /// What served it, where that is known.
    pub(super) framework: Option<Framework>,
}

/// A body that the client writes from a value.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) form: Form,
    /// The value as code.
    pub(super) code: String,
}

/// How a client writes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    /// Fields of a form.
    Fields,
}

impl Form {
    /// What the clients of Flask and Starlette call it.
    pub(super) fn keyword(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Fields => "data",
        }
    }
}

impl Writer<'_> {
    /// Plans for the request that the log names: to what is in the database of a test, then to made-up rows.
    pub(super) fn request(&self, method: &str, path: &str) -> Vec<Plan> {
        let sent = Sent::logged(method, path);
        let mut plans = self.request_plans(&sent, || self.applications(None));
        let made = plans.iter();
        let made: Vec<Plan> = made
            .filter_map(|plan| self.with_made_rows(plan, path))
            .collect();
        plans.extend(made);
        plans
    }

    /// Plans for the request that was captured.
    pub(super) fn captured_request(&self, request: &Request) -> Vec<Plan> {
        let sent = Sent::captured(request);
        let app = request.app.as_ref().and_then(|app| match app {
            Value::Global(name) => Some(name),
            Value::Object(object) => object.global.as_ref(),
            Value::Opaque { global, .. } => global.as_ref(),
            _ => None,
        });
        let plans =
            |sent: &Sent| self.request_plans(sent, || self.applications_for(app, sent.framework));
        match sent.without_credentials() {
            // Who asked is not known: first nobody, then somebody with credentials of that form.
            Some(bare) => {
                let mut all = plans(&bare);
                all.iter_mut().for_each(|plan| plan.is_anonymous = true);
                all.extend(plans(&sent));
                all
            }
            None => plans(&sent),
        }
    }

    fn request_plans(
        &self,
        sent: &Sent,
        applications: impl FnOnce() -> Vec<Application>,
    ) -> Vec<Plan> {
        let is_verb = literal::is_identifier(&sent.method.to_lowercase());
        if !is_verb {
            return Vec::new();
        }
        let mut plans = match self.is_to_django(sent) {
            true => self.through_django(sent),
            false => self.through_any(sent, &applications()),
        };
        plans
            .iter_mut()
            .for_each(|plan| self.look_for_swallowed(plan));
        plans
    }

    /// What was swallowed is answered as if nothing had happened.
    pub(super) fn look_for_swallowed(&self, plan: &mut Plan) {
        if let Shown::Swallowed { in_message, .. } = &self.gap.shown {
            self.logs_nothing(plan, *in_message);
        }
    }

    fn through_any(&self, sent: &Sent, applications: &[Application]) -> Vec<Plan> {
        let mut plans = self.through_clients(sent, applications);
        // Without the client, whose own dependencies may be missing.
        plans.extend(applications.iter().filter_map(|app| match app.framework {
            framework if framework.is_server() => None,
            framework if framework.is_asgi() => self.through_asgi(sent, app),
            _ => self.through_wsgi(sent, app),
        }));
        plans
    }

    pub(super) fn is_to_django(&self, sent: &Sent) -> bool {
        sent.is_django || (sent.framework.is_none() && uses_django(self.map))
    }

    /// Through Django's client, also by somebody who is logged in where the site knows who sends a request.
    pub(super) fn through_django(&self, sent: &Sent) -> Vec<Plan> {
        let mut plans: Vec<Plan> = self.django(sent, false).into_iter().collect();
        if self.has_logins() {
            plans.extend(self.django(sent, true));
        }
        plans
    }

    /// Through a client from the project's fixtures, or those of its applications; an application that is its own server is
    /// served.
    pub(super) fn through_clients(&self, sent: &Sent, applications: &[Application]) -> Vec<Plan> {
        let is_server = |app: &Application| app.framework.is_server();
        let is_served = match sent.framework {
            Some(framework) => framework.is_server(),
            None => !applications.is_empty() && applications.iter().all(is_server),
        };
        // What their fixtures give is no such client.
        if !is_served && let Some(plan) = self.through_fixture(sent) {
            return vec![plan];
        }
        let through = |app: &Application| match is_server(app) {
            true => self.through_server(sent, app),
            false => self.through_client(sent, app),
        };
        applications.iter().filter_map(through).collect()
    }

    pub(super) fn request_plan(&self, sent: &Sent) -> Option<Plan> {
        let layer = self.gap.layer.max(Layer::Integration);
        let subject = subject(sent);
        let mut plan = self.plan(Strategy::Request, layer, &subject, "request_is_answered");
        plan.setup.used(Source::Known);
        if sent.may_have_body() && !sent.is_captured {
            // The log tells the path, not the body.
            plan.setup.used(Source::Invented);
        }
        Some(plan)
    }

    /// Through a test client that the project's fixtures give.
    fn through_fixture(&self, sent: &Sent) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let arguments = self.arguments(plan.layer);
        let client = self.client_of_fixtures(&arguments, sent.framework, &mut plan.setup)?;
        // A client from a fixture does not tell what it is; the framework that served does.
        let is_asgi = sent.framework.is_some_and(Framework::is_asgi)
            || plan
                .setup
                .imports
                .iter()
                .any(|(module, _)| module.ends_with(".testclient"));
        Some(sent_by(plan, &client, is_asgi, sent))
    }

    /// Through a test client of an application.
    fn through_client(&self, sent: &Sent, app: &Application) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        let client = app.client(self.map, &mut plan.setup)?;
        Some(sent_by(plan, &client, app.framework.is_asgi(), sent))
    }

    /// Through Django's client: of somebody unknown, or of somebody who is logged in and may do everything.
    fn django(&self, sent: &Sent, as_somebody: bool) -> Option<Plan> {
        let mut plan = self.request_plan(sent)?;
        self.django_setup(&mut plan.setup);
        plan.setup.import("django.test", "Client");
        let client = if as_somebody {
            // Who it was no log tells, and their cookies are never written down.
            plan.stand_ins += 1;
            log_in(&mut plan.setup)
        } else {
            "Client()"
        };
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
        } else if let Some(made) = &sent.made {
            items.push(Code::named("data", Code::atom(&made.code)));
            if made.form == Form::Json {
                let kind = Code::atom(literal::string("application/json"));
                items.push(Code::named("content_type", kind));
            }
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
            format!("{client}.{}(", sent.method.to_lowercase()),
            items,
            ")",
        );
        plan.act.extend(call.lines("response = ", ""));
        plan.assertions
            .push("assert response.status_code < 500".to_owned());
        Some(plan)
    }
}

/// `application/json; charset=None` names no encoding in which a test client could send a body.
fn known_charset(kind: String) -> String {
    const NONE: [&str; 3] = ["none", "null", "undefined"];
    match kind.split_once(';') {
        Some((media, rest))
            if rest
                .trim()
                .to_ascii_lowercase()
                .strip_prefix("charset=")
                .is_some_and(|c| NONE.contains(&c.trim_matches('"'))) =>
        {
            media.trim().to_owned()
        }
        _ => kind,
    }
}

impl Sent {
    /// What a line of a log tells.
    pub(super) fn logged(method: &str, path: &str) -> Sent {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Sent {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Sent::default()
        }
    }

    pub(super) fn may_have_body(&self) -> bool {
        matches!(self.method.as_str(), "POST" | "PUT" | "PATCH")
    }

    /// What was captured.
    pub(super) fn captured(request: &Request) -> Sent {
        let header = |name: &str| {
            request
                .headers
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        const OWN: [&str; 8] = [
            "host",
            "content-length",
            "content-type",
            "cookie",
            "connection",
            "user-agent",
            "accept-encoding",
            "transfer-encoding",
        ];
        Sent {
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
            content_type: header("content-type").map(known_charset),
            body: match &request.body {
                Some(Value::Text(text)) => Some(text.clone().into_bytes()),
                Some(Value::Bytes { data, .. }) => Some(data.clone()),
                _ => None,
            }
            .filter(|body| !body.is_empty()),
            made: None,
            is_captured: true,
            is_django: request.framework == "django",
            framework: Framework::named(&request.framework),
        }
    }

    /// The same from nobody. `None`: it is so already.
    fn without_credentials(&self) -> Option<Sent> {
        let mut bare = self.clone();
        bare.headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        (bare.headers.len() < self.headers.len()).then_some(bare)
    }

    /// Its headers, what its body is among them.
    pub(super) fn headers_with_type(&self) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        if let Some(kind) = &self.content_type {
            headers.insert(0, ("Content-Type".to_owned(), kind.clone()));
        }
        headers
    }

    /// Path and query.
    pub(super) fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

/// The request by a test client, and what is an answer to it.
fn sent_by(mut plan: Plan, client: &str, is_asgi: bool, sent: &Sent) -> Plan {
    let mut items = vec![Code::atom(literal::string(&sent.target()))];
    if let Some(body) = &sent.body {
        let name = if is_asgi { "content" } else { "data" };
        items.push(Code::named(name, Code::atom(body_literal(body))));
    } else if let Some(made) = &sent.made {
        items.push(Code::named(made.form.keyword(), Code::atom(&made.code)));
    } else if !sent.is_captured && sent.may_have_body() {
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
    plan
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
pub(super) fn body_literal(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.is_ascii() => literal::string(text),
        _ => captured::bytes(body),
    }
}

pub(super) fn header_dict(headers: &[(String, String)]) -> Code {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_that_is_none_is_left_out() {
        for (kind, want) in [
            ("application/json; charset=None", "application/json"),
            ("application/json;charset=\"undefined\"", "application/json"),
            ("text/plain; charset=latin-1", "text/plain; charset=latin-1"),
            ("application/json", "application/json"),
        ] {
            assert_eq!(known_charset(kind.to_owned()), want);
        }
    }
}
