//! Calls that a run did not come back from.

use super::Answer;
use crate::code::CodeMap;
use crate::correlate::{self, Gap};
use crate::generate::{self, Candidate, Header, habits};
use crate::model::{Failure, Options};
use crate::prove::{Seen, SeenFrame};
use crate::triage::triage_text;

const CLIENT: &str = "\
def fetch(name):
    return connect(name).read()
";
const RATES: &str = "\
from shop.client import fetch
def rate(name):
    rates = fetch(name)
    names = fetch(\"names\")
    return names[rates[name]]
";

fn called(function: &str) -> String {
    format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"KeyError","module":null,"message":"1","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"rate","file":"/srv/shop/shop/rates.py","line":5,"column":null,"source_line":"return names[rates[name]]","in_app":true,"async":false}}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{{"exception":0,"frame":0,"module":"shop.rates","qualname":"rate","kind":"function","arguments":[{{"name":"name","kind":"positional","value":"EUR"}}],"returned":[{{"name":"rates","line":3,"function":"{function}","value":{{"t":"dict","id":1,"v":[["EUR",1]]}}}},{{"name":"names","line":4,"function":"{function}","value":{{"t":"dict","id":2,"v":[]}}}}]}}],"outer":[],"request":null,"notes":[]}}}}"#
    )
}

struct Shop {
    map: CodeMap,
    failure: Failure,
    gap: Gap,
    habits: habits::Habits,
    header: Header,
}

impl Shop {
    fn new(function: &str) -> Shop {
        let map = CodeMap::of_texts(&[
            ("shop/__init__.py", ""),
            ("shop/client.py", CLIENT),
            ("shop/rates.py", RATES),
        ]);
        let failure = triage_text(&called(function), &Options::default())
            .pop()
            .expect("a failure");
        let gap = correlate::correlate(&failure, &map).expect("a gap");
        Shop {
            habits: habits::learn(&map, &[], &["tests".to_owned()]),
            header: Header {
                failure_id: "0".to_owned(),
                fingerprint: "1:0".to_owned(),
                first_seen: "2026".to_owned(),
                version: "0".to_owned(),
                environment: Vec::new(),
            },
            map,
            failure,
            gap,
        }
    }

    fn first(&self) -> Candidate {
        let Shop {
            map,
            failure,
            gap,
            habits,
            header,
        } = self;
        let mut all = generate::candidates(failure, gap, map, habits, header).into_iter();
        all.find(|c| c.is_captured).expect("a captured call")
    }

    /// What a run shows that ended in `fetch`, called at a line of `rate`.
    fn unanswered(&self, line: u32, text: &str) -> Vec<Answer> {
        let frame = |file: &str, line, function: &str, text: &str| SeenFrame {
            file: file.to_owned(),
            line,
            function: function.to_owned(),
            text: text.to_owned(),
        };
        let seen = [Seen {
            type_name: "OSError".to_owned(),
            frames: vec![
                frame("tests/test_rate.py", 9, "test_rate", "rate(\"EUR\")"),
                frame("shop/rates.py", line, "rate", text),
                frame("shop/client.py", 2, "fetch", "return connect(name).read()"),
            ],
            ..Seen::default()
        }];
        generate::unanswered(&self.failure, &self.gap, &self.map, &self.habits, &[&seen]).remove(0)
    }

    fn answered(&self, answers: &[Answer]) -> Option<Candidate> {
        let recipe = self.first().recipe.expect("a recipe").answered(answers)?;
        let Shop {
            map,
            failure,
            gap,
            habits,
            header,
        } = self;
        generate::again(failure, gap, map, habits, header, &recipe)
    }
}

#[test]
fn what_a_call_had_returned_stands_in_wherever_its_function_is_known() {
    let shop = Shop::new("shop.client:fetch");
    let answers = shop.unanswered(3, "rates = fetch(name)");
    assert_eq!(answers.len(), 1);
    let candidate = shop.answered(&answers).expect("a candidate");
    assert_eq!(candidate.answers, 1);
    for text in [
        "fetch = Mock(return_value={\"EUR\": 1})",
        "monkeypatch.setattr(\"shop.client.fetch\", fetch)",
        "monkeypatch.setattr(\"shop.rates.fetch\", fetch)",
        "from unittest.mock import Mock",
        "(monkeypatch)",
    ] {
        assert!(candidate.content.contains(text), "{}", candidate.content);
    }
}

#[test]
fn two_calls_of_one_function_return_one_after_the_other() {
    let shop = Shop::new("shop.client:fetch");
    let mut answers = shop.unanswered(3, "rates = fetch(name)");
    // The line has moved since; its text tells.
    answers.extend(shop.unanswered(14, "names = fetch(\"names\")"));
    let candidate = shop.answered(&answers).expect("a candidate");
    let text = "fetch = Mock(side_effect=[{\"EUR\": 1}, {}])";
    assert!(candidate.content.contains(text), "{}", candidate.content);
}

#[test]
fn what_is_no_call_with_a_known_result_is_not_answered() {
    let shop = Shop::new("shop.client:fetch");
    assert!(shop.unanswered(9, "return names[fetch(name)]").is_empty());
    assert!(shop.answered(&[]).is_none());
}

#[test]
fn names_of_functions_lead_to_the_project_alone() {
    for function in ["os:system", "shop.client:fetch; import os", "shop.client:"] {
        let shop = Shop::new(function);
        let answers = shop.unanswered(3, "rates = fetch(name)");
        let written = shop.answered(&answers);
        assert!(written.is_none(), "{function}: {written:#?}");
    }
}
