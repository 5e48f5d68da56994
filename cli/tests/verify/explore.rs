//! A call is made with many values: what fails as recorded is found, what hangs or prints is no harm.

use std::collections::BTreeMap;

use guwu::verify::Runner;
use guwu_core::generate::search::{Calls, Exploration, Method, Parameter, Step};
use guwu_core::prove::Explored;

use super::{Project, file};

/// Reads `name = value, value`; a section that is empty at the end of a line is forgotten about.
const READER: &str = r#"
import logging


def fields(text):
    found = []
    for part in text.split(","):
        found.append(part.strip())
    return found


def read(text, limit=3):
    print("reading", text)
    logging.getLogger("reader").info("reading")
    if text.startswith("loop"):
        while True:
            pass
    name, sign, rest = text.partition("=")
    if not sign:
        return {}
    if name.strip() == "sections":
        return {"sections": [first(part) for part in fields(rest)][:limit]}
    return {name: fields(rest)}


def first(part):
    return part[0]
"#;

/// A search ends with what it finds: so much time is taken only on a machine that is busy with something else.
const PLENTY: u32 = 20_000;

fn exploration(values: &[&[&str]]) -> Exploration {
    let step = |function: &str, line: u32| Step {
        path: "reader.py".to_owned(),
        function: function.to_owned(),
        line,
    };
    Exploration {
        values: values
            .iter()
            .map(|codes| codes.iter().map(|c| (*c).to_owned()).collect())
            .collect(),
        calls: BTreeMap::new(),
        words: vec!["sections".to_owned()],
        type_name: "IndexError".to_owned(),
        message: "string index out of range".to_owned(),
        steps: vec![step("read", 22), step("<listcomp>", 22), step("first", 27)],
        milliseconds: 4000,
    }
}

fn explored(project: &Project, body: &str, exploration: Exploration) -> Option<Explored> {
    let runner = Runner {
        chain: exploration.steps.clone(),
        ..project.runner.clone()
    };
    let test = file("test_it", body);
    let mut found = runner.explore(vec![(test, exploration)]).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn values_with_which_the_call_fails_as_recorded_are_found() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("reader.py", READER);
    let body = "from reader import read\n\n\ndef test_it():\n    read(guwu_value(0), limit=guwu_value(1))\n";
    let found = explored(&project, body, exploration(&[&["'a = 1'"], &["3"]])).unwrap();
    let values = found.found.expect("found");
    assert!(
        values[0].contains("sections") && values[0].contains('='),
        "{values:?}"
    );
    assert!(values[0].len() <= 14, "made as small as can be: {values:?}");
    let passing = found.passing.expect("a call like it passes");
    assert_eq!(
        passing.iter().zip(&values).filter(|(a, b)| a != b).count(),
        1
    );
}

#[test]
fn a_call_that_hangs_or_never_fails_ends_in_time() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("reader.py", READER);
    let body = "from reader import read\n\n\ndef test_it(tmp_path):\n    read(guwu_value(0))\n";
    let hanging = exploration(&[&["'loop'", "'loops'", "'loop 1'", "'loop 2'", "'loop 3'"]]);
    let found = explored(&project, body, hanging).unwrap();
    assert!(found.found.is_none() && found.runs < 20, "{found:?}");
    let mut other = exploration(&[&["'a = 1'"]]);
    other.type_name = "ZeroDivisionError".to_owned();
    other.milliseconds = 500;
    let found = explored(&project, body, other).unwrap();
    assert!(found.found.is_none() && found.runs > 20, "{found:?}");
    assert!(found.furthest.is_some());
}

#[test]
fn what_a_test_run_may_not_do_is_refused_to_each_call() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().canonicalize().unwrap().join("precious.txt");
    std::fs::write(&precious, "x").unwrap();
    project.write("reader.py", READER);
    let body = format!(
        "import os\nfrom reader import read\n\n\ndef test_it():\n    os.remove({:?})\n    read(guwu_value(0))\n",
        precious.display().to_string()
    );
    let mut short = exploration(&[&["'a'"]]);
    short.milliseconds = 300;
    let found = explored(&project, &body, short).unwrap();
    assert!(found.found.is_none());
    assert!(precious.exists());
}

/// What was booked without a text can not be printed.
const LEDGER: &str = r#"
class Ledger:
    def __init__(self):
        self.accounts = {}

    def account(self, name):
        if not name.isalpha():
            raise ValueError(name)
        return self.accounts.setdefault(name, Account())

    def report(self):
        return [line for account in self.accounts.values() for line in account.lines()]


class Account:
    def __init__(self):
        self.entries = []

    def book(self, amount, text=None):
        self.entries.append((amount + 0, text))

    def lines(self):
        return [text.strip() for _, text in self.entries]
"#;

fn method(name: &str, params: &[(&str, bool, &[&str])]) -> Method {
    let params = params.iter().map(|(name, is_needed, values)| Parameter {
        name: (*name).to_owned(),
        is_needed: *is_needed,
        values: values.iter().map(|v| (*v).to_owned()).collect(),
        ..Parameter::default()
    });
    Method {
        name: name.to_owned(),
        params: params.collect(),
        ..Method::default()
    }
}

#[test]
fn calls_that_bring_an_object_into_the_state_in_which_it_fails_are_found() {
    let Some(project) = Project::new(90) else {
        return;
    };
    project.write("ledger.py", LEDGER);
    let body = "from ledger import Ledger\n\n\ndef test_it():\n    subject = Ledger()\n    guwu_calls(0, subject, [lambda: object()])\n    subject.report()\n";
    let step = |function: &str, line: u32| Step {
        path: "ledger.py".to_owned(),
        function: function.to_owned(),
        line,
    };
    let of_ledger = vec![
        method("report", &[]),
        method("close", &[]),
        method("account", &[("name", true, &["''", "'!'", "'example'"])]),
    ];
    let booked: [(&str, bool, &[&str]); 2] =
        [("amount", true, &["{}", "1"]), ("text", false, &["'a'"])];
    let methods = BTreeMap::from([
        ("Ledger".to_owned(), of_ledger),
        ("Account".to_owned(), vec![method("book", &booked)]),
    ]);
    let calls = Calls {
        class: "Ledger".to_owned(),
        methods,
    };
    let exploration = Exploration {
        values: vec![vec!["[]".to_owned()]],
        calls: BTreeMap::from([(0, calls)]),
        words: Vec::new(),
        type_name: "AttributeError".to_owned(),
        message: "'NoneType' object has no attribute 'strip'".to_owned(),
        steps: vec![step("report", 12), step("lines", 23)],
        milliseconds: PLENTY,
    };
    let found = explored(&project, body, exploration).unwrap();
    let calls = found.found.expect("found").remove(0);
    let (account, book) = (calls.find("'account'"), calls.find("'book'"));
    assert!(account.is_some() && account < book, "{calls}");
    assert!(calls.contains("[0, 'book'"), "on what was given: {calls}");
    assert_eq!(calls.matches("[-1,").count(), 1, "nothing else: {calls}");
    assert!(found.passing.is_some(), "calls like it pass");
}

/// Reads `{"shapes": [{"kind": "square", "side": 2}]}`, and steps that stand in markup.
const FORMATS: &str = r#"
import json
from html.parser import HTMLParser


def areas(text):
    try:
        data = json.loads(text)
    except ValueError:
        return []
    shapes = data.get("shapes") if isinstance(data, dict) else None
    return [area(shape) for shape in shapes or [] if isinstance(shape, dict)]


def area(shape):
    if shape.get("kind") == "square":
        return shape["side"] ** 2
    return 0


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.steps = []

    def handle_starttag(self, tag, attrs):
        if tag == "step":
            self.steps.append(self.number(dict(attrs).get("order", "0")))

    def number(self, order):
        return int(order)
"#;

#[test]
fn texts_of_structured_formats_are_made_of_what_the_code_looks_for() {
    let Some(project) = Project::new(90) else {
        return;
    };
    project.write("formats.py", FORMATS);
    let of = |call: &str, type_name: &str, message: &str, steps: &[(&str, u32)]| {
        let body = format!("from formats import *\n\n\ndef test_it():\n    {call}\n");
        let steps = steps.iter().map(|(function, line)| Step {
            path: "formats.py".to_owned(),
            function: (*function).to_owned(),
            line: *line,
        });
        let exploration = Exploration {
            values: vec![vec!["'example'".to_owned()]],
            type_name: type_name.to_owned(),
            message: message.to_owned(),
            steps: steps.collect(),
            milliseconds: PLENTY,
            ..Exploration::default()
        };
        let found = explored(&project, &body, exploration).unwrap().found;
        found.expect("found").remove(0)
    };
    let shapes = of(
        "areas(guwu_value(0))",
        "KeyError",
        "'side'",
        &[("areas", 12), ("<listcomp>", 12), ("area", 17)],
    );
    assert!(
        shapes.contains("\"shapes\"")
            && shapes.contains("\"kind\"")
            && shapes.contains("\"square\""),
        "{shapes}"
    );
    let outline = of(
        "Outline().feed(guwu_value(0))",
        "ValueError",
        "invalid literal for int() with base 10: 'x'",
        &[("handle_starttag", 28), ("number", 31)],
    );
    assert!(outline.contains("<step order="), "{outline}");
    let opened = outline.matches("<step").count();
    assert_eq!(
        outline.matches("</step>").count() + outline.matches("/>").count(),
        opened,
        "{outline}"
    );
}

#[test]
fn what_a_refusal_or_an_answer_names_becomes_a_key() {
    let Some(project) = Project::new(20) else {
        return;
    };
    // The names are put together, so that only what is said holds them.
    project.write(
        "desk.py",
        r#"
def wanted():
    return ["".join(parts) for parts in (("gu", "est"), ("nig", "hts"))]


class Answer:
    def __init__(self, text):
        self.text = text


def take(body):
    for name in wanted():
        if name not in body:
            raise LookupError("no value for '%s'" % name)
    return pay(body)


def answer(body):
    for name in wanted():
        if name not in body:
            return Answer('{"error": "required: `%s`"}' % name)
    return pay(body)


def pay(body):
    return 100 // body[wanted()[1]]
"#,
    );
    for (function, line, act) in [
        ("take", 15, "take(guwu_value(0))"),
        ("answer", 22, "guwu_answer(answer(guwu_value(0)))"),
    ] {
        let step = |function: &str, line: u32| Step {
            path: "desk.py".to_owned(),
            function: function.to_owned(),
            line,
        };
        let exploration = Exploration {
            values: vec![vec!["{}".to_owned()]],
            type_name: "ZeroDivisionError".to_owned(),
            message: "integer division or modulo by zero".to_owned(),
            steps: vec![step(function, line), step("pay", 26)],
            milliseconds: PLENTY,
            ..Exploration::default()
        };
        let body = format!("from desk import {function}\n\n\ndef test_it():\n    {act}\n");
        let found = explored(&project, &body, exploration).unwrap().found;
        let value = found.expect("found").remove(0);
        assert!(value.contains("'guest'"), "{value}");
        assert!(
            value.contains("'nights': 0") || value.contains("'nights': False"),
            "{value}"
        );
    }
}
