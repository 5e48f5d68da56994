//! Bodies for a request of which the log tells method and path alone: the request is made with many of them, what it is
//! answered and what its code looks for tell which keys it wants.
//!
//! Here is which requests, and what becomes of the body that is found; the loop is the caller's. A body that is
//! malformed on purpose is not tried: a server that can not read one says so in its own way.

use super::habits::Habits;
use super::literal;
use super::render::Header;
use super::request::{Form, Made, Sent};
use super::search::{Exploration, Surroundings, quoted, requests, spelled_literal};
use super::strategies::{self, Writer};
use super::{Candidate, Plan, arguments::Source, candidate};
use crate::code::{AccessKind, ClassRef, CodeMap, Function, Module, Value};
use crate::correlate::{Gap, Shown, is_route};
use crate::model::Failure;
use crate::prove::Explored;

/// What the body is while the request is explored, and who is told what it was answered.
const PLACE: &str = "guwu_value(0)";
const TOLD: &str = "guwu_answer(response)";
/// Requests of the log that are explored, and ways to send each.
const MOST_REQUESTS: usize = 2;
const MOST_PLANS: usize = 2;
/// Keys of a body to begin with, and models within models.
const MOST_KEYS: usize = 12;
const DEEPEST: usize = 3;

/// The requests of one failure, each with places for bodies.
pub struct Bodies<'a> {
    writer: Writer<'a>,
    header: &'a Header,
    /// Requests with the number of the plan.
    open: Vec<(Sent, usize)>,
}

/// A request with a body that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// It fails as recorded.
    pub failing: Candidate,
    /// A body like it that is answered well.
    pub passing: Option<Candidate>,
}

impl<'a> Bodies<'a> {
    /// `None` where no frame of the failure lies in the project, or no request with a body is told of.
    pub fn new(
        failure: &'a Failure,
        gap: &'a Gap,
        map: &'a CodeMap,
        habits: &'a Habits,
        header: &'a Header,
        surroundings: &Surroundings,
    ) -> Option<Bodies<'a>> {
        let writer = strategies::writer(failure, gap, map, habits)?;
        let mut sent: Vec<Sent> = match &gap.shown {
            Shown::Request { method, path } => vec![Sent::logged(method, path)],
            Shown::StartUp { .. } => Vec::new(),
            Shown::Swallowed { .. } | Shown::Raised => requests(surroundings)
                .iter()
                .map(|request| Sent::logged(&request.method, &request.path))
                .collect(),
        };
        sent.retain(Sent::may_have_body);
        sent.truncate(MOST_REQUESTS);
        let mut open = Vec::new();
        for sent in sent {
            let forms = forms(&writer);
            for plan in 0..MOST_PLANS {
                open.extend(forms.map(|form| {
                    let made = Some(Made {
                        form,
                        code: PLACE.to_owned(),
                    });
                    (
                        Sent {
                            made,
                            ..sent.clone()
                        },
                        plan,
                    )
                }));
            }
        }
        (!open.is_empty()).then_some(Bodies {
            writer,
            header,
            open,
        })
    }

    /// The requests to explore, one for each share of time.
    pub fn explorations(&mut self, milliseconds: &[u32]) -> Vec<(Candidate, Exploration)> {
        let mut kept = Vec::new();
        let mut found = Vec::new();
        for (sent, number) in std::mem::take(&mut self.open) {
            let Some(share) = milliseconds.get(found.len()) else {
                break;
            };
            let Some(mut plan) = self.plan(&sent, number) else {
                continue;
            };
            plan.act.push(TOLD.to_owned());
            let Some(candidate) = self.candidate(&plan, &found) else {
                continue;
            };
            let exception = self.writer.exception;
            let message = exception.message.clone().unwrap_or_default();
            let exploration = Exploration {
                values: vec![self.seeds()],
                words: quoted(&message),
                type_name: self.writer.type_name(),
                message,
                steps: self.writer.steps_from(0),
                milliseconds: *share,
                ..Exploration::default()
            };
            kept.push((sent, number));
            found.push((candidate, exploration));
        }
        self.open = kept;
        found
    }

    /// Whether the tests make databases of their own, so that what a request stores is stored there.
    pub fn has_own_database(&self) -> bool {
        self.writer.has_database()
    }

    /// What exploring found, in the order of the explorations.
    pub fn explored(&self, results: impl IntoIterator<Item = Option<Explored>>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for ((sent, number), explored) in self.open.iter().zip(results) {
            let Some(explored) = explored else { continue };
            let with = |values: Option<Vec<String>>| {
                let code = spelled_literal(values?.first()?)?;
                let made = sent.made.clone().map(|made| Made { code, ..made });
                let plan = self.plan(
                    &Sent {
                        made,
                        ..sent.clone()
                    },
                    *number,
                )?;
                self.candidate(&plan, &[])
            };
            if let Some(failing) = with(explored.found) {
                let passing = with(explored.passing);
                found.push(Found { failing, passing });
            }
        }
        found
    }

    fn plan(&self, sent: &Sent, number: usize) -> Option<Plan> {
        let mut plans = match self.writer.is_to_django(sent) {
            true => {
                let mut plans = self.writer.through_django(sent);
                // Somebody who may do everything comes further.
                plans.reverse();
                plans
            }
            false => {
                let applications = self.writer.applications(None);
                self.writer.through_clients(sent, &applications)
            }
        };
        if number >= plans.len() {
            return None;
        }
        let mut plan = plans.swap_remove(number);
        plan.setup.used(Source::Explored);
        self.writer.look_for_swallowed(&mut plan);
        Some(plan)
    }

    fn candidate(&self, plan: &Plan, others: &[(Candidate, Exploration)]) -> Option<Candidate> {
        let (gap, habits) = (self.writer.gap, self.writer.habits);
        let candidate = candidate(plan, false, gap, habits, self.header, &[])?;
        let is_new = others
            .iter()
            .all(|(other, _)| other.content != candidate.content);
        is_new.then_some(candidate)
    }

    /// Bodies to begin with: none, one with the keys that the chain looks for, those of the models that the view takes.
    fn seeds(&self) -> Vec<String> {
        let mut seeds = vec!["{}".to_owned()];
        let frames = &self.writer.frames;
        let functions: Vec<_> = frames.iter().filter_map(|frame| frame.function).collect();
        let models = functions
            .iter()
            .find(|f| is_route(f.function))
            .or(functions.first())
            .map(|view| models_of(view.module, view.function, self.writer.map));
        for model in models.into_iter().flatten() {
            seeds.extend(object(model, self.writer.map, 0));
        }
        let mut keys: Vec<&str> = Vec::new();
        for function in &functions {
            for access in &function.function.accesses {
                let is_key = matches!(access.kind, AccessKind::Item | AccessKind::Get)
                    && literal::is_identifier(&access.key);
                if is_key && !keys.contains(&access.key.as_str()) && keys.len() < MOST_KEYS {
                    keys.push(&access.key);
                }
            }
        }
        if !keys.is_empty() {
            let items = keys.into_iter().map(|key| (key, sample(key)));
            seeds.push(dict(items));
        }
        seeds
    }
}

/// Which form the code reads comes first.
fn forms(writer: &Writer) -> [Form; 2] {
    let functions = writer.frames.iter().filter_map(|frame| frame.function);
    let reads_fields = |function: &Function| {
        let accesses = function.accesses.iter().map(|access| access.base.as_str());
        let calls = function.calls.iter().map(|call| call.callee.as_str());
        let is_fields = |name: &str| {
            let mut parts = name.split('.');
            parts.any(|part| matches!(part, "form" | "POST"))
        };
        let assigned = function.assignments.iter().filter_map(|a| match &a.value {
            Value::Name(name) | Value::Call(name) => Some(name.as_str()),
            Value::Either(_) | Value::Other(_) => None,
        });
        accesses.chain(calls).chain(assigned).any(is_fields)
    };
    match functions.into_iter().any(|f| reads_fields(f.function)) {
        true => [Form::Fields, Form::Json],
        false => [Form::Json, Form::Fields],
    }
}

/// The classes of the project that a view takes.
fn models_of<'a>(
    module: &'a Module,
    view: &Function,
    map: &'a CodeMap,
) -> impl Iterator<Item = ClassRef<'a>> {
    let annotations: Vec<&str> = view
        .params
        .iter()
        .filter_map(|p| p.annotation.as_deref())
        .collect();
    let names = annotations
        .iter()
        .flat_map(|text| names(text))
        .map(str::to_owned);
    let names: Vec<String> = names.collect();
    names
        .into_iter()
        .filter_map(move |name| map.class_named(module, &name))
        .filter(|class| !class.class.fields.is_empty())
}

/// The names in an annotation.
fn names(annotation: &str) -> impl Iterator<Item = &str> {
    annotation
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .filter(|name| !name.is_empty())
}

/// A dictionary with a value for each field that has to be given.
fn object(model: ClassRef, map: &CodeMap, depth: usize) -> Option<String> {
    let fields = model.class.fields.iter().filter(|f| f.default.is_none());
    let items = fields.take(MOST_KEYS).map(|field| {
        let annotation = field.annotation.as_deref().unwrap_or_default();
        (
            field.name.as_str(),
            annotated(&field.name, annotation, model.module, map, depth),
        )
    });
    (depth < DEEPEST).then(|| dict(items))
}

/// A value that an annotation takes, as JSON would hold it.
fn annotated(name: &str, annotation: &str, module: &Module, map: &CodeMap, depth: usize) -> String {
    for word in names(annotation) {
        let last = word.rsplit('.').next().unwrap_or(word);
        return match last {
            "Optional" | "Union" | "Annotated" | "None" => continue,
            "int" | "PositiveInt" | "NonNegativeInt" => "1".to_owned(),
            "float" => "1.5".to_owned(),
            "bool" => "True".to_owned(),
            "Decimal" => "\"1.50\"".to_owned(),
            "datetime" => "\"2024-01-31T12:00:00\"".to_owned(),
            "date" => "\"2024-01-31\"".to_owned(),
            "time" => "\"12:00\"".to_owned(),
            "UUID" => "\"12345678-1234-4234-8234-123456789abc\"".to_owned(),
            "EmailStr" => "\"a@b.example\"".to_owned(),
            "HttpUrl" | "AnyUrl" | "AnyHttpUrl" => "\"http://example.com/\"".to_owned(),
            "dict" | "Dict" | "Mapping" => "{}".to_owned(),
            "list" | "List" | "Sequence" | "set" | "Set" | "tuple" | "Tuple" | "Iterable" => {
                let inner = annotation.split_once('[').map_or("", |(_, inner)| inner);
                format!("[{}]", annotated(name, inner, module, map, depth))
            }
            _ => match map.class_named(module, word) {
                Some(class) => of_class(class, map, depth).unwrap_or_else(|| sample(name)),
                None => sample(name),
            },
        };
    }
    sample(name)
}

/// A model's fields, or an enumeration's first value.
fn of_class(class: ClassRef, map: &CodeMap, depth: usize) -> Option<String> {
    if !class.class.fields.is_empty() {
        return object(class, map, depth + 1);
    }
    let is_enum = class.class.bases.iter().any(|base| base.ends_with("Enum"));
    let mut values = class.class.attributes.values().filter(|_| is_enum);
    values.find_map(|value| match value {
        Value::Other(code) => spelled_literal(code),
        _ => None,
    })
}

/// A value that a name suggests.
fn sample(name: &str) -> String {
    let last = name.rsplit('_').next().unwrap_or(name);
    match last {
        "id" | "count" | "number" | "quantity" | "amount" | "price" | "total" | "page" | "size"
        | "limit" | "year" => "1".to_owned(),
        "email" => "\"a@b.example\"".to_owned(),
        "date" | "day" | "from" | "to" | "until" | "since" => "\"2024-01-31\"".to_owned(),
        "url" => "\"http://example.com/\"".to_owned(),
        _ if name.starts_with("is_") || name.starts_with("has_") => "True".to_owned(),
        _ if last.ends_with('s') && !last.ends_with("ss") && last.len() > 3 => "[]".to_owned(),
        _ => "\"a\"".to_owned(),
    }
}

fn dict<'k>(items: impl Iterator<Item = (&'k str, String)>) -> String {
    let items: Vec<String> = items
        .map(|(key, value)| format!("{}: {value}", literal::string(key)))
        .collect();
    format!("{{{}}}", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correlate::correlate;
    use crate::generate::habits;
    use crate::model::Options;
    use crate::triage_text;

    /// Explores the request of a log about a view at line 20 of a module.
    fn explore(
        source: &str,
        request: &str,
        then: impl FnOnce(&mut Bodies, Vec<(Candidate, Exploration)>),
    ) {
        let map = CodeMap::of_texts(&[("shop.py", source)]);
        let line = 1 + source
            .lines()
            .position(|l| l.contains("total = "))
            .expect("a failing line");
        let text = format!(
            "ERROR shop: Exception on /orders [{request}]\nTraceback (most recent call last):\n  File \"/srv/shop.py\", line {line}, in take\n    total = f(body)\nZeroDivisionError: division by zero\n"
        );
        let failure = triage_text(&text, &Options::default()).remove(0);
        let gap = correlate(&failure, &map).expect("a gap");
        let habits = habits::learn(&map, &[], &["tests".to_owned()]);
        let (header, around) = (Header::default(), Surroundings::default());
        match Bodies::new(&failure, &gap, &map, &habits, &header, &around) {
            Some(mut bodies) => {
                let found = bodies.explorations(&[900, 300]);
                then(&mut bodies, found);
            }
            None => assert_eq!(request, "GET"),
        }
    }

    const FLASK: &str = "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.post(\"/orders\")\ndef take():\n    body = request.form\n    total = 1 / int(body[\"rate\"]) + len(body.get(\"lines\"))\n    return {\"total\": total}\n";

    const FASTAPI: &str = "from datetime import date\nfrom enum import Enum\n\nfrom fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\nclass Kind(str, Enum):\n    gift = \"gift\"\n\n\nclass Line(BaseModel):\n    weight: float\n    note: str = \"\"\n\n\nclass Order(BaseModel):\n    kind: Kind\n    day: date | None\n    email: str\n    lines: list[Line]\n\n\n@app.post(\"/orders\")\ndef take(order: Order):\n    total = f(order)\n    return total\n";

    #[test]
    fn bodies_begin_with_what_the_code_looks_for() {
        explore(FLASK, "POST", |_, found| {
            let act: Vec<&str> = found.iter().map(|(c, _)| c.content.as_str()).collect();
            assert!(
                act[0].contains("client.post(\"/orders\", data=guwu_value(0))"),
                "{}",
                act[0]
            );
            assert!(
                act[1].contains("client.post(\"/orders\", json=guwu_value(0))"),
                "{}",
                act[1]
            );
            assert!(act[0].contains("\n    guwu_answer(response)\n"));
            assert_eq!(
                found[0].1.values,
                [["{}", "{\"rate\": \"a\", \"lines\": []}"]],
                "and nothing at first"
            );
            assert_eq!(
                (found[0].1.milliseconds, found[1].1.milliseconds),
                (900, 300)
            );
        });
        explore(FASTAPI, "POST", |_, found| {
            assert_eq!(
                found[0].1.values[0][1],
                "{\"kind\": \"gift\", \"day\": \"2024-01-31\", \"email\": \"a@b.example\", \"lines\": [{\"weight\": 1.5}]}"
            );
        });
        explore(FLASK, "GET", |_, _| panic!("it has no body"));
    }

    #[test]
    fn only_a_literal_becomes_a_body() {
        let found = |code: &str| Explored {
            found: Some(vec![code.to_owned()]),
            passing: Some(vec!["{'rate': '1'}".to_owned()]),
            ..Explored::default()
        };
        explore(FLASK, "POST", |bodies, _| {
            let made = bodies.explored([Some(found("{'rate': '0'}"))]);
            assert!(
                made[0].failing.content.contains("data={\"rate\": \"0\"})"),
                "{}",
                made[0].failing.content
            );
            assert_eq!(made[0].failing.source, Some(Source::Explored));
            let passing = made[0].passing.as_ref().expect("one that passes");
            assert!(passing.content.contains("data={\"rate\": \"1\"})"));
            assert!(bodies.explored([Some(found("{'rate': f()}"))]).is_empty());
            assert!(bodies.explored([None]).is_empty());
        });
    }
}
