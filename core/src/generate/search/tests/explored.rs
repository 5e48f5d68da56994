//! Which calls are made with many values, what becomes of what that finds, and where the values come from.

use super::{CodeMap, Header, Search, Surroundings, acts, at, calls, log, texts};
use crate::correlate::correlate;
use crate::generate::arguments::Source;
use crate::generate::{Candidate, habits};
use crate::model::Options;
use crate::prove::{Explored, Outcome, Proof, Reached, Run};
use crate::triage_text;

const SLOTS: &str = "def slots(text, sign=\"@\"):\n    day, _, hour = text.partition(sign)\n    return runs(day, hour)\n\n\ndef runs(day, hour):\n    return 60 // int(hour)\n";

fn failure_log() -> String {
    log(
        &[
            (&at("run.py", 30), "main", "slots(rule, sign=\"@\")"),
            (&at("pkg/slots.py", 3), "slots", "return runs(day, hour)"),
            (&at("pkg/slots.py", 7), "runs", "return 60 // int(hour)"),
        ],
        "ZeroDivisionError: integer division or modulo by zero",
    )
}

/// A search over the project, after a round in which everything ran but nothing failed.
fn searched(then: impl FnOnce(&mut Search)) {
    let map = CodeMap::of_texts(&[("pkg/slots.py", SLOTS)]);
    let failure = triage_text(&failure_log(), &Options::default()).remove(0);
    let gap = correlate(&failure, &map).expect("a gap");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let (header, around) = (Header::default(), texts(&[("pkg/slots.py", SLOTS)]));
    let mut search = Search::new(&failure, &gap, &map, &habits, &header, &around).expect("calls");
    let candidates = search.next(12);
    learn(&mut search, &candidates);
    then(&mut search);
}

fn learn(search: &mut Search, candidates: &[Candidate]) {
    let run = Run {
        passed: 1,
        reached: Some(Reached {
            frames: 1,
            distance: 0,
        }),
        ..Run::default()
    };
    let proof = Proof::new(Outcome::Green, "");
    search.learn(candidates.iter().map(|_| (&proof, &run)));
}

#[test]
fn the_literals_of_the_best_calls_become_places() {
    searched(|search| {
        let found = search.explorations(&[900, 300]);
        assert_eq!(found.len(), 2);
        let (candidate, exploration) = &found[0];
        let act = &acts(std::slice::from_ref(&candidate.content))[0];
        assert_eq!(
            act, "slots(guwu_value(0), sign=\"@\")",
            "what the line shows stays"
        );
        assert_eq!(exploration.milliseconds, 900);
        assert_eq!(exploration.type_name, "ZeroDivisionError");
        assert_eq!(exploration.steps.len(), 2, "from the called function on");
        assert!(
            exploration.values[0].len() > 1,
            "it begins with the pool's values"
        );
        assert!(exploration.words.contains(&"@".to_owned()));
    });
}

#[test]
fn what_was_found_is_tried_first_and_bracketed_by_what_passes() {
    searched(|search| {
        search.explorations(&[900]);
        let values = |text: &str| Some(vec![text.to_owned()]);
        search.explored([Some(Explored {
            runs: 10,
            found: values("'mon@0'"),
            passing: values("'mon@1'"),
            furthest: values("'never'"),
        })]);
        let next = search.next(4);
        let contents: Vec<String> = next.iter().map(|c| c.content.clone()).collect();
        let found = acts(&contents);
        assert_eq!(
            found[..2],
            [
                "slots(\"mon@0\", sign=\"@\")",
                "slots(\"mon@1\", sign=\"@\")"
            ]
        );
        assert!(!found.iter().any(|act| act.contains("never")), "{found:?}");
        learn(search, &next);
        assert_eq!(search.has_passing_sibling(&next[0]), Some(true));
    });
}

#[test]
fn what_exploring_chose_is_marked_so_even_if_the_place_offers_it() {
    searched(|search| {
        let explorations = search.explorations(&[900]);
        let offered = explorations[0].1.values[0].last().cloned();
        search.explored([Some(Explored {
            found: offered.map(|value| vec![value]),
            ..Explored::default()
        })]);
        let next = search.next(1);
        assert_eq!(
            next[0].source,
            Some(Source::Explored),
            "{}",
            next[0].content
        );
    });
}

#[test]
fn what_came_furthest_is_tried_where_nothing_was_found() {
    searched(|search| {
        search.explorations(&[900]);
        search.explored([Some(Explored {
            furthest: Some(vec!["'mon@'".to_owned()]),
            ..Explored::default()
        })]);
        let contents: Vec<String> = search.next(1).into_iter().map(|c| c.content).collect();
        assert_eq!(acts(&contents), ["slots(\"mon@\", sign=\"@\")"]);
        search.explored([None]);
    });
}

#[test]
fn a_value_that_the_log_names_goes_to_the_parameter_of_that_name() {
    let surroundings = Surroundings {
        before: vec!["INFO tiles: locale=nl_NL amount=1000 tile=3,4".to_owned()],
        ..Surroundings::default()
    };
    let source = "def tile(amount, locale):\n    return NAMES[locale]\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "tile(amount, locale)"),
            (&at("pkg/tiles.py", 2), "tile", "return NAMES[locale]"),
        ],
        "KeyError: 'x'",
    );
    let found = acts(&calls(&[("pkg/tiles.py", source)], &log, &surroundings, 1));
    assert_eq!(found[0], "tile(1000, \"nl_NL\")");
}

#[test]
fn what_a_message_asks_for_is_called_before() {
    let source = "class Book:\n    def __init__(self, title=None):\n        self.title = title\n        self.pages = []\n\n    def open_page(self, size=None):\n        self.pages.append(size)\n\n    def feed(self, text):\n        if not self.pages:\n            raise BookError(\"no page is open, call open_page() first\")\n        return stack.pop()\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "book.feed(text)"),
            (&at("pkg/books.py", 12), "feed", "return stack.pop()"),
        ],
        "IndexError: pop from empty list",
    );
    let found = calls(
        &[("pkg/books.py", source)],
        &log,
        &texts(&[("pkg/books.py", source)]),
        1,
    );
    let prepared = found
        .iter()
        .find(|c| c.contains("subject = "))
        .expect("prepared");
    assert!(prepared.contains("    subject.open_page()\n"), "{prepared}");
}

#[test]
fn a_function_without_a_name_is_called_as_the_line_shows() {
    let source = "def get_logger():\n    return Logger()\n\n\ndef method(level):\n    def meth(self, event, **kw):\n        return event % ()\n\n    return meth\n\n\nclass Logger:\n    pass\n";
    let of = |line: &str| {
        let log = log(
            &[
                (&at("run.py", 30), "main", line),
                (&at("pkg/levels.py", 7), "meth", "return event % ()"),
            ],
            "TypeError: unsupported operand type(s) for %: 'dict' and 'tuple'",
        );
        let files = [
            ("pkg/levels.py", source),
            ("pkg/__init__.py", "from pkg.levels import get_logger\n"),
        ];
        acts(&calls(&files, &log, &texts(&files), 1))
    };
    let found = of("pkg.get_logger().info(event, number=3)");
    assert!(
        found[0].starts_with("get_logger().info(") && found[0].ends_with(", number=3)"),
        "{found:?}"
    );
}

const LEDGER: &str = "class Ledger:\n    def __init__(self):\n        self.accounts = {}\n\n    def account(self, name):\n        account = Account()\n        self.accounts[name] = account\n        return account\n\n    async def fetch(self):\n        self.accounts = {}\n\n    def report(self):\n        return [a.line() for a in self.accounts.values()]\n\n\nclass Account:\n    def __init__(self):\n        self.text = None\n\n    def book(self, text, style=None):\n        self.text = text\n\n    def line(self):\n        return self.text.strip()\n";

#[test]
fn calls_on_the_object_that_exploring_found_become_lines_of_the_test() {
    let map = CodeMap::of_texts(&[("pkg/ledger.py", LEDGER)]);
    let log = log(
        &[
            (&at("run.py", 30), "main", "ledger.report()"),
            (
                &at("pkg/ledger.py", 14),
                "report",
                "return [a.line() for a in self.accounts.values()]",
            ),
            (&at("pkg/ledger.py", 25), "line", "return self.text.strip()"),
        ],
        "AttributeError: 'int' object has no attribute 'strip'",
    );
    let failure = triage_text(&log, &Options::default()).remove(0);
    let gap = correlate(&failure, &map).expect("a gap");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let (header, around) = (Header::default(), texts(&[("pkg/ledger.py", LEDGER)]));
    let mut search = Search::new(&failure, &gap, &map, &habits, &header, &around).expect("calls");
    let candidates = search.next(24);
    learn(&mut search, &candidates);
    let explorations = search.explorations(&[900, 300, 300, 300]);
    let prepared = explorations.iter().position(|(candidate, exploration)| {
        candidate.content.contains("subject = Ledger()") && !exploration.calls.is_empty()
    });
    let at = prepared.expect("a place for calls");
    let (candidate, exploration) = &explorations[at];
    assert!(
        candidate.content.contains("    guwu_calls("),
        "{}",
        candidate.content
    );
    let (place, calls) = exploration.calls.iter().next().expect("one");
    assert_eq!(exploration.values[*place], ["[]"]);
    let names = |class: &str| -> Vec<&str> {
        calls.methods[class]
            .iter()
            .map(|m| m.name.as_str())
            .collect()
    };
    assert_eq!(
        (calls.class.as_str(), names("Ledger")),
        ("Ledger", vec!["account", "report"])
    );
    assert_eq!(names("Account"), ["book", "line"], "of what a method gives");
    let mut found: Vec<String> = exploration.values.iter().map(|v| v[0].clone()).collect();
    found[*place] = "[[-1, 'account', ['a'], {}], [0, 'book', [7], {'style': None}]]".to_owned();
    let mut results = vec![None; explorations.len()];
    results[at] = Some(Explored {
        found: Some(found),
        ..Explored::default()
    });
    search.explored(results);
    let content = &search.next(1)[0].content;
    assert!(
        content.contains("    made = subject.account(\"a\")\n    made.book(7, style=None)\n"),
        "{content}"
    );
    assert!(!content.contains("guwu_"), "{content}");
}
