//! The search over small projects: which calls it writes for a log, and which it never writes.

mod explored;

use super::chain;
use super::{Search, Surroundings};
use crate::code::{CodeMap, SourceFile};
use crate::correlate::correlate;
use crate::generate::Header;
use crate::generate::habits;
use crate::model::Options;
use crate::prove::{Likeness, Outcome, Proof, Reached, Run};
use crate::triage_text;

/// What the tests of the first rounds do, without what is around it.
fn calls(
    sources: &[(&str, &str)],
    log: &str,
    surroundings: &Surroundings,
    rounds: usize,
) -> Vec<String> {
    let map = CodeMap::of_texts(sources);
    let failure = triage_text(log, &Options::default()).remove(0);
    let gap = correlate(&failure, &map).expect("a gap");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let header = Header::default();
    let mut search = Search::new(&failure, &gap, &map, &habits, &header, surroundings)
        .expect("something to call");
    let mut found = Vec::new();
    for _ in 0..rounds {
        let candidates = search.next(40);
        found.extend(candidates.iter().map(|c| c.content.clone()));
        // All run, none reproduces.
        let run = Run {
            passed: 1,
            ..Run::default()
        };
        let proof = Proof::new(Outcome::Green, "");
        search.learn(candidates.iter().map(|_| (&proof, &run)));
    }
    found
}

fn acts(contents: &[String]) -> Vec<String> {
    let acts = contents.iter().filter_map(|content| {
        let line = content.lines().find(|l| l.contains("  # raised "))?;
        Some(line.split("  # raised ").next()?.trim().to_owned())
    });
    acts.collect()
}

fn log(lines: &[(&str, &str, &str)], error: &str) -> String {
    let mut text =
        "2026-01-01 10:00:00,000 ERROR app: failed\nTraceback (most recent call last):\n"
            .to_owned();
    for (place, function, source) in lines {
        text.push_str(&format!(
            "  File \"/srv/{place}, in {function}\n    {source}\n"
        ));
    }
    text + error + "\n"
}

fn at(file: &str, line: u32) -> String {
    format!("{file}\", line {line}")
}

const BAR: &str =
    "class bar:\n    def __init__(self, items, unit=None):\n        self.n = len(items) * unit\n";

#[test]
fn the_line_of_a_file_that_is_not_there_is_called_with_what_it_was_passed() {
    let log = log(
        &[
            (
                &at("run.py", 30),
                "main",
                "work(b\"x\" * 8 for _ in range(10))",
            ),
            (&at("run.py", 20), "work", "for c in bar(chunks, unit=10):"),
            (
                &at("pkg/bars.py", 3),
                "__init__",
                "self.n = len(items) * unit",
            ),
        ],
        "TypeError: object of type 'generator' has no len()",
    );
    let found = acts(&calls(
        &[("pkg/bars.py", BAR)],
        &log,
        &Surroundings::default(),
        1,
    ));
    assert_eq!(found[0], "bar(((b\"x\" * 8) for _ in range(10)), unit=10)");
}

#[test]
fn an_object_is_made_as_the_outer_line_made_it() {
    let source = "class Table(dict):\n    def get(self, key, default=None, type=None):\n        return type(self[key])\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "page(Table({\"size\": None}))"),
            (
                &at("run.py", 20),
                "page",
                "return options.get(\"size\", default=25, type=int)",
            ),
            (&at("pkg/tables.py", 3), "get", "return type(self[key])"),
        ],
        "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    );
    let found = acts(&calls(
        &[("pkg/tables.py", source)],
        &log,
        &Surroundings::default(),
        1,
    ));
    assert_eq!(
        found[0],
        "Table({\"size\": None}).get(\"size\", default=25, type=int)"
    );
}

#[test]
fn the_trace_tells_which_class_a_collaborator_has() {
    let writer = "class Writer:\n    def __init__(self, renderer=None):\n        self.renderer = renderer\n\n    def write(self, text):\n        return self.renderer.render(text)\n";
    let rst = "class Rst:\n    def render(self, text):\n        return text['prev']\n\n\nclass Html:\n    def render(self, text):\n        return text\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "writer.write(TEXT)"),
            (
                &at("pkg/writer.py", 6),
                "write",
                "return self.renderer.render(text)",
            ),
            (&at("pkg/rst.py", 3), "render", "return text['prev']"),
        ],
        "KeyError: 'prev'",
    );
    let found = acts(&calls(
        &[("pkg/writer.py", writer), ("pkg/rst.py", rst)],
        &log,
        &Surroundings::default(),
        1,
    ));
    assert!(
        found
            .iter()
            .any(|a| a.starts_with("Writer(renderer=Rst()).write(")),
        "{found:#?}"
    );
}

#[test]
fn operators_are_called_as_operators() {
    let source = "class Span:\n    def __init__(self, text):\n        self.text = text\n\n    def __add__(self, other):\n        if self.text > other.text:\n            return other\n        return self\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "join([\":5\", \"2:10\"])"),
            (&at("run.py", 20), "join", "total = total + r"),
            (
                &at("pkg/spans.py", 6),
                "__add__",
                "if self.text > other.text:",
            ),
        ],
        "TypeError: '>' not supported between instances of 'NoneType' and 'int'",
    );
    let found = acts(&calls(
        &[("pkg/spans.py", source)],
        &log,
        &Surroundings::default(),
        2,
    ));
    assert!(
        found.contains(&"(Span(\":5\") + Span(\"2:10\"))".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn a_decorated_function_is_called_by_its_own_name() {
    let source = "def cached(f):\n    def wrapper(*args):\n        return f(*args)\n    return wrapper\n\n\n@cached\ndef total(rows, scale=1):\n    return rows['sum'] * scale\n";
    let log = log(
        &[
            (&at("run.py", 30), "main", "total({\"a\": 1}, 2)"),
            (&at("pkg/m.py", 3), "wrapper", "return f(*args)"),
            (&at("pkg/m.py", 9), "total", "return rows['sum'] * scale"),
        ],
        "KeyError: 'sum'",
    );
    let found = acts(&calls(
        &[("pkg/m.py", source)],
        &log,
        &Surroundings::default(),
        1,
    ));
    assert!(
        found.contains(&"total({\"a\": 1}, 2)".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn what_a_line_does_not_show_is_open() {
    let source = "def total(rows, scale=1, mode='x'):\n    return rows['sum'] * scale\n";
    for (line, expected) in [
        ("total(", "total({"),
        ("total({\"a\": 1},", "total({\"a\": 1}, "),
        ("total({\"a\": 1}, **options)", "total({\"a\": 1})"),
    ] {
        let log = log(
            &[
                (&at("run.py", 30), "main", line),
                (&at("pkg/m.py", 2), "total", "return rows['sum'] * scale"),
            ],
            "KeyError: 'sum'",
        );
        let found = acts(&calls(
            &[("pkg/m.py", source)],
            &log,
            &Surroundings::default(),
            1,
        ));
        assert!(
            found.iter().any(|a| a.starts_with(expected)),
            "{line}: {found:#?}"
        );
    }
}

#[test]
fn values_come_from_tests_annotations_constants_and_the_body() {
    let source = concat!(
        "import enum\nfrom typing import Literal\n\n\nclass Mode(enum.Enum):\n    FAST = 1\n\n\n",
        "class Graph:\n    def nodes(self):\n        return []\n\n\n",
        "def inner(g):\n    return g.nodes()\n\n\n",
        "def run(g, mode: Mode, kind: Literal['wide', 'deep'], row, name):\n",
        "    if name == 'special':\n        pass\n    inner(g)\n    return row['a'] + row['b']\n",
    );
    let test = "from pkg.runs import run\n\n\ndef test_run():\n    run(None, None, 'wide', {'a': 77}, 'n')\n";
    let log = log(
        &[(&at("pkg/runs.py", 21), "run", "return row['a'] + row['b']")],
        "KeyError: 'b'",
    );
    let surroundings = Surroundings {
        texts: vec![SourceFile {
            path: "pkg/runs.py".to_owned(),
            text: source.to_owned(),
            is_test: false,
        }],
        ..Surroundings::default()
    };
    let found = acts(&calls(
        &[("pkg/runs.py", source), ("tests/test_runs.py", test)],
        &log,
        &surroundings,
        4,
    ))
    .join("\n");
    for value in [
        "{\"a\": 77}",
        "Mode.FAST",
        "\"deep\"",
        "Graph()",
        "\"special\"",
        "{\"a\": \"b\"}",
    ] {
        assert!(found.contains(value), "no {value} in\n{found}");
    }
}

#[test]
fn no_line_of_a_log_becomes_code() {
    let evil = [
        "os.system(\"id\")",
        "__import__(\"os\").system(\"id\")",
        "eval(\"1\")",
        "open(\"/etc/passwd\")",
        "(lambda: exit())()",
        "subprocess.run([\"id\"])",
        "[c for c in ().__class__.__base__.__subclasses__()]",
        "\"a\" * 10**9",
        "f\"{exit()}\"",
        "pickle.loads(b\"x\")",
        "getattr(chunks, \"x\")",
        "danger(1)",
        "types.FunctionType(1, {})",
    ];
    let source = format!("{BAR}\n\ndef danger(x):\n    return x\n");
    for line in evil {
        let log = log(
            &[
                (&at("run.py", 30), "main", &format!("work({line})")),
                (
                    &at("run.py", 20),
                    "work",
                    &format!("bar({line}, unit=chunks)"),
                ),
                (
                    &at("pkg/bars.py", 3),
                    "__init__",
                    "self.n = len(items) * unit",
                ),
            ],
            "TypeError: object of type 'generator' has no len()",
        );
        for content in calls(
            &[("pkg/bars.py", &source)],
            &log,
            &Surroundings::default(),
            3,
        ) {
            let code = content.split("\"\"\"").last().unwrap_or_default();
            for word in [
                "system(",
                "eval(",
                "open(",
                "exit",
                "run(",
                "__class__",
                "**",
                "loads(",
                "danger",
                "getattr",
                "FunctionType",
                "lambda:",
            ] {
                assert!(!code.contains(word), "`{word}` of `{line}` in\n{code}");
            }
        }
    }
}

#[test]
fn the_call_that_came_furthest_keeps_its_value() {
    let source = "def f(kind, size):\n    if kind != 'special':\n        return 0\n    return g(size)\n\n\ndef g(size):\n    return 1 / size\n";
    let files = [SourceFile {
        path: "pkg/m.py".to_owned(),
        text: source.to_owned(),
        is_test: false,
    }];
    let map = CodeMap::new(&files, &[".".to_owned()]);
    let text = log(
        &[
            (&at("pkg/m.py", 4), "f", "return g(size)"),
            (&at("pkg/m.py", 8), "g", "return 1 / size"),
        ],
        "ZeroDivisionError: division by zero",
    );
    let failure = triage_text(&text, &Options::default()).remove(0);
    let gap = correlate(&failure, &map).expect("a gap");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let header = Header::default();
    let surroundings = Surroundings {
        texts: files.to_vec(),
        ..Surroundings::default()
    };
    let mut search =
        Search::new(&failure, &gap, &map, &habits, &header, &surroundings).expect("a call");
    assert_eq!(chain(&failure, &map).len(), 2);
    for _ in 0..6 {
        let candidates = search.next(12);
        let runs: Vec<Run> = candidates
            .iter()
            .map(|c| {
                let enters = c.content.contains("f(\"special\"") || c.content.contains("  g(");
                Run {
                    passed: 1,
                    reached: Some(Reached {
                        frames: if enters { 2 } else { 1 },
                        distance: 0,
                    }),
                    ..Run::default()
                }
            })
            .collect();
        let proofs: Vec<Proof> = candidates
            .iter()
            .map(|c| match c.content.contains("f(\"special\", 0)") {
                true => Proof {
                    message: Likeness::Same,
                    ..Proof::new(Outcome::RedSame, "")
                },
                false => Proof::new(Outcome::Green, ""),
            })
            .collect();
        search.learn(proofs.iter().zip(&runs));
        if search.reproduced().is_some() {
            return;
        }
    }
    panic!("`f(\"special\", 0)` was never tried");
}

/// The project's own texts, as they are read around a failure.
fn texts(sources: &[(&str, &str)]) -> Surroundings {
    Surroundings {
        texts: sources
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
                is_test: path.starts_with("tests/"),
            })
            .collect(),
        ..Surroundings::default()
    }
}

const CARTS: &str = "class Cart:\n    def __init__(self, owner, lines):\n        self.owner = owner\n        self.lines = lines\n    def total(self, discount=0):\n        return sum(n for _, n in self.lines) - discount\n";

fn of_carts(test: (&str, &str)) -> Vec<String> {
    let log = log(
        &[(
            &at("pkg/carts.py", 6),
            "total",
            "return sum(n for _, n in self.lines) - discount",
        )],
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
    );
    let sources = [("pkg/carts.py", CARTS), test];
    calls(&sources, &log, &texts(&[test]), 4)
}

#[test]
fn a_test_of_the_project_is_bent_with_what_it_rests_on() {
    let found = of_carts((
        "tests/test_carts.py",
        "import decimal as d\nimport pytest\nfrom pkg.carts import Cart\n\ndef line(n):\n    return ('pear', n)\n\n@pytest.mark.parametrize('owner', ['bob'])\ndef test_total(owner):\n    unused = open('x')\n    cart = Cart(owner, [line(1)])\n    cart.lines.append(('apple', d.Decimal(2)))\n    assert cart.total() == 3\n",
    ));
    let adapted: Vec<&String> = found.iter().filter(|c| c.contains("\"apple\"")).collect();
    let first = adapted.first().expect("an adapted test");
    for expected in [
        "import decimal as d",
        "from pkg.carts import Cart",
        "def line(n):",
        "owner = 'bob'",
        "cart = Cart(owner, [line(1)])",
        "cart.lines.append((\"apple\", d.Decimal(2)))",
        "cart.total()",
    ] {
        assert!(first.contains(expected), "{expected}\n{first}");
    }
    assert!(
        !first.contains("unused") && !first.contains("assert"),
        "{first}"
    );
    assert!(
        adapted.iter().any(|c| c.contains("[line(None)]")),
        "a literal is bent"
    );
    assert!(
        adapted.iter().any(|c| c.contains("total(discount=")),
        "a default is passed"
    );
}

#[test]
fn set_up_and_fixtures_of_the_file_come_along() {
    let found = of_carts((
        "tests/test_carts.py",
        "import pytest\nfrom pkg.carts import Cart\n\n@pytest.fixture\ndef lines():\n    rows = [('kiwi', 5)]\n    return rows\n\nclass TestCart:\n    def setup_method(self):\n        self.owner = 'eve'\n    def test_total(self, lines):\n        assert Cart(self.owner, lines).total() == 5\n",
    ));
    let is_it = |c: &&String| c.contains("Cart(case.owner, lines).total()");
    let test = found.iter().find(is_it).expect("an adapted test");
    for expected in [
        "case = types.SimpleNamespace()",
        "case.owner = \"eve\"",
        "rows = [(\"kiwi\", 5)]",
        "lines = rows",
    ] {
        assert!(test.contains(expected), "{expected}\n{test}");
    }
}

#[test]
fn an_example_of_a_document_is_bent() {
    let found = of_carts((
        "README.md",
        "# Carts\n\n```python\nfrom pkg.carts import Cart\n\ncart = Cart('ann', [('plum', 2)])\nprint(cart.total())\n```\n",
    ));
    let has = |text: &str| found.iter().any(|c| c.contains(text));
    assert!(has("cart = Cart(\"ann\", [(\"plum\", 2)])"));
    assert!(has("[(\"plum\", None)]"));
}

#[test]
fn an_object_is_had_from_what_makes_it() {
    let source = "class Sheet:\n    def __init__(self, book):\n        self.book = book\n    def fit(self, width):\n        return self.book.wide > width\n\nclass Book:\n    def __init__(self):\n        self.wide = 1\n    def add_sheet(self, name=None):\n        sheet = Sheet(self)\n        return sheet\n";
    let log = log(
        &[(
            &at("pkg/books.py", 5),
            "fit",
            "return self.book.wide > width",
        )],
        "TypeError: '>' not supported between instances of 'int' and 'NoneType'",
    );
    let found = acts(&calls(
        &[("pkg/books.py", source)],
        &log,
        &Surroundings::default(),
        2,
    ));
    assert!(
        found
            .iter()
            .any(|act| act == "Book().add_sheet().fit(None)"),
        "{found:#?}"
    );
}

#[test]
fn an_object_is_prepared_by_methods_that_touch_the_same() {
    let source = "class Cart:\n    def __init__(self):\n        self.lines = []\n    def add_line(self, name, price=None):\n        self.lines.append((name, price))\n    def rename(self, title):\n        self.title = title\n    def total(self):\n        return sum(p for _, p in self.lines)\n";
    let log = log(
        &[(
            &at("pkg/carts.py", 9),
            "total",
            "return sum(p for _, p in self.lines)",
        )],
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
    );
    let found = calls(
        &[("pkg/carts.py", source)],
        &log,
        &Surroundings::default(),
        2,
    );
    let prepared = found
        .iter()
        .find(|c| c.contains("subject.add_line(\"example\")"))
        .expect("a line is added before");
    assert!(prepared.contains("subject = Cart()") && prepared.contains("subject.total()"));
    assert!(!found.iter().any(|c| c.contains(".rename(")));
}
