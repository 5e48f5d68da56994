//! Whole candidates from a project's texts and one captured line.

use crate::code::CodeMap;
use crate::correlate;
use crate::generate::{Candidate, Header, candidates, habits};
use crate::model::Options;
use crate::triage::triage_text;

const MODELS: &str = "\
from pydantic import BaseModel
class Order(BaseModel):
    number: str
    country: str = \"DE\"
";
const MAIN: &str = "\
from fastapi import FastAPI
from shop.models import Order
from shop.prices import price
app = FastAPI()
@app.middleware(\"http\")
async def log(request, call_next):
    return await call_next(request)
@app.post(\"/orders\")
def take(order: Order):
    return price(order)
";
const PRICES: &str = "\
RATES = {}
def price(order):
    return RATES[order.country]
";
const CONFTEST: &str = "\
import pytest
@pytest.fixture
def client():
    return None
";

const ORDER: &str = r#"{"t":"object","id":1,"class":"shop.models:Order","kind":"pydantic","attrs":[["__pydantic_fields_set__",{"t":"set","id":2,"v":["number"]}],["__pydantic_private__",null],["number","A 1"],["country","DE"]],"init":[["data","var_keyword",false]]}"#;

fn written() -> Vec<Candidate> {
    written_with("", &[])
}

/// With what modules held in memory, and more files.
fn written_with(state: &str, more: &[(&str, &str)]) -> Vec<Candidate> {
    written_where(&format!("\"state\":[{state}]"), more)
}

/// With more keys of the capture.
fn written_where(more_keys: &str, more: &[(&str, &str)]) -> Vec<Candidate> {
    let mut files = [
        ("shop/__init__.py", ""),
        ("shop/models.py", MODELS),
        ("shop/main.py", MAIN),
        ("shop/prices.py", PRICES),
        ("tests/conftest.py", CONFTEST),
    ]
    .to_vec();
    files.extend(more);
    let frame = |function: &str, file: &str, line: u32, source: &str| {
        format!(
            r#"{{"function":"{function}","file":"/srv/shop/{file}","line":{line},"column":null,"source_line":"{source}","in_app":true,"async":false}}"#
        )
    };
    let captured = |frame: u32, module: &str, qualname: &str, arguments: &str| {
        format!(
            r#"{{"exception":0,"frame":{frame},"module":"{module}","qualname":"{qualname}","kind":"function","arguments":[{arguments}]}}"#
        )
    };
    let order = format!(r#"{{"name":"order","kind":"positional","value":{ORDER}}}"#);
    let again = r#"{"name":"order","kind":"positional","value":{"t":"ref","id":1}}"#;
    let line = format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"KeyError","module":null,"message":"'DE'","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{},{},{}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{},{}],"outer":[],"request":{{"framework":"fastapi","app":{{"t":"global","v":"shop.main:app"}},"method":"POST","path":"/orders","query":"","headers":[["Content-Type","application/json"]],"body":"{{\"number\":\"A 1\"}}"}},{more_keys},"notes":[]}}}}"#,
        frame("log", "shop/main.py", 7, "return await call_next(request)"),
        frame("take", "shop/main.py", 10, "return price(order)"),
        frame("price", "shop/prices.py", 3, "return RATES[order.country]"),
        captured(1, "shop.main", "take", &order),
        captured(2, "shop.prices", "price", again),
    );
    written_for(&files, &line)
}

fn written_for(files: &[(&str, &str)], line: &str) -> Vec<Candidate> {
    let map = CodeMap::of_texts(files);
    let failure = triage_text(line, &Options::default())
        .pop()
        .expect("a failure");
    let gap = correlate::correlate(&failure, &map).expect("a gap");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let header = Header {
        failure_id: "0".to_owned(),
        fingerprint: "1:0".to_owned(),
        first_seen: "2026".to_owned(),
        version: "0".to_owned(),
        environment: Vec::new(),
    };
    candidates(&failure, &gap, &map, &habits, &header)
}

#[test]
fn a_model_is_made_of_the_fields_that_were_given() {
    let written = written();
    assert!(
        written
            .iter()
            .any(|c| c.content.contains("take(Order(number=\"A 1\"))")),
        "{written:#?}"
    );
}

#[test]
fn a_client_from_a_fixture_is_called_as_its_framework_wants_it() {
    let written = written();
    let through = written
        .iter()
        .find(|c| c.content.contains("client.post("))
        .expect("a request");
    assert!(
        through.content.contains("content=\""),
        "{}",
        through.content
    );
    assert!(
        through
            .content
            .contains("headers={\"content-type\": \"application/json\"}"),
        "{}",
        through.content
    );
}

#[test]
fn a_middleware_is_no_caller_of_the_route() {
    let entered: Vec<(String, usize)> = written()
        .into_iter()
        .filter(|c| c.is_captured && !c.content.contains("client.") && !c.content.contains("scope"))
        .map(|c| (c.test, c.entered))
        .collect();
    assert!(entered.contains(&("test_take_raises_no_key_error".to_owned(), 0)));
    assert!(entered.contains(&("test_price_raises_no_key_error".to_owned(), 1)));
}

const DJANGO: &str = "\
from django.db import models
class Customer(models.Model):
    name = models.CharField(max_length=9)
class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    total = models.IntegerField()
    def price(self):
        return divided(self.lines.first())
class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    name = models.CharField(max_length=9)
def divided(line):
    return line.total / line.name
";

const INIT: &str = r#""init":[["args","var_positional",false],["kwargs","var_keyword",false]]"#;

fn state(id: u32, adding: &str, cache: &str) -> String {
    format!(
        r#"["_state",{{"t":"object","id":{id},"class":"django.db.models.base:ModelState","kind":"plain","attrs":[["db","default"],["adding",{adding}],["fields_cache",{{"t":"dict","id":{},"v":[{cache}]}}]],"init":[]}}]"#,
        id + 1
    )
}

/// `Order.price` failed, with an order and, in another function, a line of it.
fn failed(order: &str, line: &str) -> String {
    let frame = |function: &str, line: u32, source: &str| {
        format!(
            r#"{{"function":"{function}","file":"/srv/shop/shop/models.py","line":{line},"column":null,"source_line":"{source}","in_app":true,"async":false}}"#
        )
    };
    format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"TypeError","module":null,"message":"x","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{},{}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{{"exception":0,"frame":0,"module":"shop.models","qualname":"Order.price","kind":"method","arguments":[{{"name":"self","kind":"positional","value":{order}}}]}},{{"exception":0,"frame":1,"module":"shop.models","qualname":"divided","kind":"function","arguments":[{{"name":"line","kind":"positional","value":{line}}}]}}],"outer":[],"request":null,"notes":[]}}}}"#,
        frame("price", 8, "return divided(self.lines.first())"),
        frame("divided", 13, "return line.total / line.name"),
    )
}

fn order(adding: &str) -> String {
    let customer = format!(
        r#"{{"t":"object","id":20,"class":"shop.models:Customer","kind":"plain","attrs":[{},["id",7],["name","Ada"]],{INIT}}}"#,
        state(21, adding, r#"["orders",{"t":"ref","id":10}]"#)
    );
    format!(
        r#"{{"t":"object","id":10,"class":"shop.models:Order","kind":"plain","attrs":[{},["id",1],["customer_id",7],["total",3]],{INIT}}}"#,
        state(11, adding, &format!(r#"["customer",{customer}]"#))
    )
}

fn line() -> String {
    format!(
        r#"{{"t":"object","id":30,"class":"shop.models:Line","kind":"plain","attrs":[{},["id",5],["order_id",1],["_hidden",1],["name",{{"t":"redacted","of":"str","n":4,"like":"text","v":1}}]],{INIT}}}"#,
        state(31, "false", "")
    )
}

fn texts(settings: &str, order: &str) -> Vec<String> {
    let files = [
        ("shop/__init__.py", ""),
        ("shop/models.py", DJANGO),
        ("shop/settings.py", settings),
    ];
    let written = written_for(&files, &failed(order, &line()));
    written.into_iter().map(|c| c.content).collect()
}

const SITE: &str = "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['shop']\n";
const STORED: &str = "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['shop']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n";

#[test]
fn an_instance_is_made_of_its_fields_and_of_those_that_it_had_at_hand() {
    let made = "Order(id=1, customer=Customer(id=7, name=\"Ada\"), total=3)";
    for (settings, adding) in [("", "false"), (SITE, "false"), (STORED, "true")] {
        let texts = texts(settings, &order(adding));
        assert!(texts.iter().any(|t| t.contains(made)), "{texts:#?}");
    }
}

#[test]
fn what_was_saved_is_in_the_database_before_the_call() {
    let texts = texts(STORED, &order("false"));
    let given = "    customer = Customer(id=7, name=\"Ada\")\n    order = Order(id=1, customer=customer, total=3)\n    write_rows(customer, order)\n\n    order.price()";
    let all = "    line = Line(id=5, order_id=1, name=\"xxxx\")\n    write_rows(customer, order, line)\n\n    order.price()";
    let at = |wanted: &str| texts.iter().position(|t| t.contains(wanted));
    let (first, second) = (at(given), at(all));
    assert!(first.is_some() && first < second, "{texts:#?}");
    // Where nothing refers to a row by its key alone, no place is held.
    let holds = |at: Option<usize>| at.is_some_and(|at| texts[at].contains("hold_places"));
    assert!(!holds(first) && holds(second));
    let without = |t: &String| t.contains("order.price()") && !t.contains("write_rows");
    assert!(texts.iter().any(without));
}

#[test]
fn what_was_not_saved_is_no_row() {
    for text in texts(STORED, &order("true")) {
        let is_row = text.contains("write_rows(customer") || text.contains("write_rows(order");
        assert!(!is_row, "{text}");
    }
    for text in texts(SITE, &order("false")) {
        assert!(!text.contains("write_rows"), "no database: {text}");
    }
}

#[test]
fn files_of_production_lie_in_a_folder_of_the_test() {
    let line = r#"{"schema_version":1,"platform":"python","exceptions":[{"type":"ValueError","module":null,"message":"no rows","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{"function":"export","file":"/srv/shop/shop/export.py","line":3,"column":null,"source_line":"raise ValueError('no rows')","in_app":true,"async":false}]}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{"version":1,"python":"3.11.7","frames":[{"exception":0,"frame":0,"module":"shop.export","qualname":"export","kind":"function","arguments":[{"name":"source","kind":"positional","value":"/tmp/tmpq1/inbox/a.csv"},{"name":"target","kind":"positional","value":"/var/out.csv"},{"name":"url","kind":"positional","value":"/api/orders/7"}]}],"outer":[],"request":null,"notes":[]}}"#;
    let source = "def export(source, target, url):\n    if not open(source).read():\n        raise ValueError('no rows')\n";
    let written = written_for(
        &[("shop/__init__.py", ""), ("shop/export.py", source)],
        line,
    );
    let texts: Vec<&str> = written.iter().map(|c| c.content.as_str()).collect();
    let holds = |parts: &[&str]| {
        texts
            .iter()
            .any(|text| parts.iter().all(|part| text.contains(part)))
    };
    assert!(
        holds(&["\"/tmp/tmpq1/inbox/a.csv\"", "\"/var/out.csv\""]),
        "{texts:?}"
    );
    let own = [
        "(tmp_path):",
        "    (tmp_path / \"inbox\").mkdir(exist_ok=True)\n",
        "str(tmp_path / \"inbox\" / \"a.csv\")",
        "str(tmp_path / \"out.csv\")",
        "\"/api/orders/7\"",
    ];
    assert!(holds(&own), "{texts:?}");
    let touched = "    (tmp_path / \"inbox\" / \"a.csv\").touch()\n";
    assert!(holds(&[touched]), "{texts:?}");
    assert!(
        texts
            .iter()
            .any(|text| text.contains("tmp_path") && !text.contains("touch()")),
        "{texts:?}"
    );
}

#[test]
fn nothing_is_imported_under_a_name_that_pytest_collects() {
    let line = r#"{"schema_version":1,"platform":"python","exceptions":[{"type":"KeyError","module":null,"message":"'a'","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{"function":"pick","file":"/srv/shop/shop/pick.py","line":2,"column":null,"source_line":"return rows['a']","in_app":true,"async":false}]}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{"version":1,"python":"3.11.7","frames":[{"exception":0,"frame":0,"module":"shop.pick","qualname":"pick","kind":"function","arguments":[{"name":"check","kind":"positional","value":{"t":"global","v":"shop.checks:test_even"}},{"name":"rows","kind":"positional","value":{"t":"dict","id":1,"v":[]}}]}],"outer":[],"request":null,"notes":[]}}"#;
    let files = [
        ("shop/__init__.py", ""),
        (
            "shop/checks.py",
            "def test_even(n):\n    return n % 2 == 0\n",
        ),
        (
            "shop/pick.py",
            "def pick(check, rows):\n    return rows['a']\n",
        ),
    ];
    let written = written_for(&files, line);
    assert!(
        written.iter().any(|c| c.is_captured
            && c.content
                .contains("from shop.checks import test_even as _test_even\n")
            && c.content.contains("pick(_test_even, {})")),
        "{written:#?}"
    );
}

#[test]
fn what_a_frame_passes_is_known_where_its_values_were_met_before() {
    // A function that raises again is in the traceback twice, with the same `*args` and `**options`.
    let at = |line: u32, source: &str| {
        format!(
            r#"{{"function":"run","file":"/srv/shop/shop/run.py","line":{line},"column":null,"source_line":"{source}","in_app":true,"async":false}}"#
        )
    };
    let call = |frame: u32, own: &str, args: &str, options: &str| {
        format!(
            r#"{{"exception":0,"frame":{frame},"module":"shop.run","qualname":"Runner.run","kind":"method","arguments":[{{"name":"self","kind":"positional","value":{own}}},{{"name":"args","kind":"var_positional","value":{{"t":"tuple","v":[{args}]}}}},{{"name":"options","kind":"var_keyword","value":{options}}}]}}"#
        )
    };
    let again = call(
        0,
        r#"{"t":"ref","id":1}"#,
        r#"{"t":"ref","id":2}"#,
        r#"{"t":"ref","id":3}"#,
    );
    let first = call(
        1,
        r#"{"t":"object","id":1,"class":"shop.run:Runner","kind":"plain","attrs":[],"init":[],"global":"shop.run:runner"}"#,
        r#"{"t":"list","id":2,"v":["total"]}"#,
        r#"{"t":"dict","id":3,"v":[["quiet",true]]}"#,
    );
    let line = format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"KeyError","module":null,"message":"'total'","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{},{}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{again},{first}],"outer":[],"request":null,"notes":[]}}}}"#,
        at(6, "raise"),
        at(4, "return {}[args[0][0]]"),
    );
    let files = [
        ("shop/__init__.py", ""),
        (
            "shop/run.py",
            "class Runner:\n    def run(self, *args, **options):\n        try:\n            return {}[args[0][0]]\n        except KeyError:\n            raise\n\nrunner = Runner()\n",
        ),
    ];
    let written = written_for(&files, &line);
    assert!(
        written.iter().any(|c| c.is_captured
            && c.content.contains("from shop.run import runner\n")
            && c.content.contains("runner.run([\"total\"], quiet=True)")),
        "{written:#?}"
    );
}

/// `shop.book:Book.total` (or another of its methods) failed; `own` is what it was called on, `before` the exception that
/// was being handled.
fn failed_on(own: &str, before: &str) -> Vec<Candidate> {
    const BOOK: &str = "\
class Refused(Exception):
    def __init__(self, reasons=()):
        self.reasons = reasons
    def total(self):
        return ', '.join(self.reasons)
class Book:
    def __init__(self, title, pages=()):
        self.title = title
        self.pages = dict(enumerate(pages))
    def total(self):
        return sum(self.pages.values())
def check():
    raise Refused([None])
";
    let line = format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{before}{{"type":"TypeError","module":null,"message":"bad","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"total","file":"/srv/shop/shop/book.py","line":5,"column":null,"source_line":"","in_app":true,"async":false}}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{{"exception":{},"frame":0,"module":"shop.book","qualname":"{}.total","kind":"method","arguments":[{{"name":"self","kind":"positional","value":{own}}}]}}],"outer":[],"request":null,"notes":[]}}}}"#,
        usize::from(!before.is_empty()),
        if own.contains("Refused") {
            "Refused"
        } else {
            "Book"
        },
    );
    let files = [("shop/__init__.py", ""), ("shop/book.py", BOOK)];
    let written = written_for(&files, &line);
    let captured: Vec<Candidate> = written.into_iter().filter(|c| c.is_captured).collect();
    assert!(!captured.is_empty(), "{line}");
    captured
}

const BOOK: &str = r#"{"t":"object","id":1,"class":"shop.book:Book","kind":"plain","attrs":[ATTRS],"init":[["title","positional",true],["pages","positional",false]]}"#;

#[test]
fn what_an_attribute_has_become_may_be_nothing_for_its_parameter() {
    let pages = r#"["title","A"],["pages",{"t":"dict","id":2,"v":[[0,"x"]]}]"#;
    let written = failed_on(&BOOK.replace("ATTRS", pages), "");
    for text in [
        "Book(title=\"A\", pages={0: \"x\"})",
        "book = Book(title=\"A\")\n    vars(book).update(pages={0: \"x\"})",
        "book = object.__new__(Book)",
    ] {
        let is_there = written.iter().any(|c| c.content.contains(text));
        assert!(is_there, "{text}: {written:#?}");
    }
    assert!(written.iter().all(|c| !c.is_half_made));
}

#[test]
fn an_object_without_anything_is_half_made() {
    let written = failed_on(&BOOK.replace("ATTRS", ""), "");
    let raw = written.iter().filter(|c| c.raw_objects > 0);
    assert_eq!(raw.clone().count(), 1, "{written:#?}");
    assert!(raw.clone().all(|c| c.is_half_made));
}

#[test]
fn what_the_project_raised_before_was_wrong_before() {
    const REFUSED: &str = r#"{"t":"object","id":1,"class":"shop.book:Refused","kind":"exception","attrs":[["reasons",{"t":"list","id":2,"v":[null]}]],"args":[],"init":[["reasons","positional",false]]}"#;
    let before = |file: &str| {
        format!(
            r#"{{"type":"Refused","module":"shop.book","message":"","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"check","file":"{file}","line":13,"column":null,"source_line":"raise Refused([None])","in_app":true,"async":false}}]}},"#
        )
    };
    let blames = |before: &str| {
        let written = failed_on(REFUSED, before);
        written.iter().all(|c| c.blames_caller)
    };
    assert!(blames(&before("/srv/shop/shop/book.py")));
    assert!(!blames(&before("/srv/other/else.py")));
    assert!(!blames(""));
}

/// `RATES` has two entries, one of them for what the order says.
const RATES: &str = r#"{"name":"shop.prices:RATES","value":{"t":"dict","id":9,"v":[["DE",{"t":"float","v":"1.5"}],["FR",2]]}}"#;

fn has(written: &[Candidate], texts: &[&str]) -> bool {
    let has = |c: &Candidate| texts.iter().all(|text| c.content.contains(text));
    written.iter().any(has)
}

#[test]
fn what_was_held_in_memory_is_there_before_requests_and_calls() {
    let written = written_with(RATES, &[]);
    let held = "monkeypatch.setitem(RATES, \"DE\", 1.5)\n    monkeypatch.setitem(RATES, \"FR\", 2)";
    assert!(has(&written, &[held, "client.post("]), "{written:#?}");
    assert!(has(&written, &[held, "price(Order("]), "{written:#?}");
    // First without.
    let is_request = |c: &&Candidate| c.content.contains("client.post(");
    let mut requests = written.iter().filter(is_request);
    assert!(requests.next().is_some_and(|c| !c.content.contains(held)));
}

#[test]
fn an_entry_that_the_call_does_not_need_can_be_left_out() {
    let written = written_with(RATES, &[]);
    let recipe = written
        .iter()
        .filter(|c| c.content.contains("monkeypatch.setitem(RATES, \"FR\", 2)"))
        .find_map(|c| c.recipe.clone())
        .expect("a recipe");
    assert_eq!(recipe.cuttable.len(), 2);
}

#[test]
fn what_importing_makes_is_not_put_there_again() {
    const SETTINGS: &str = "\
LIMITS = {'low': 1}
class Store:
    names = []
    def __init__(self, rows):
        self.rows = rows
        self.seen = {}
        self.__told = set()
        self.owner = None
        self.url = None
store = Store([])
current = None
";
    let more = [
        ("shop/settings.py", SETTINGS),
        ("shop/uses.py", "from shop.settings import current, store\n"),
    ];
    let state = r#"{"name":"shop.settings:LIMITS","value":{"t":"dict","id":9,"v":[["low",1],["high",5]]}},
        {"name":"shop.settings:Store.names","value":{"t":"list","id":10,"v":["a"]}},
        {"name":"shop.settings:store","value":{"t":"object","id":11,"class":"shop.settings:Store","kind":"plain","global":"shop.settings:store","attrs":[["rows",{"t":"list","id":12,"v":[1]}],["seen",{"t":"dict","id":13,"v":[["k",1]]}],["_Store__told",{"t":"set","id":16,"v":["b"]}],["owner","Ann"],["url","https://production"]],"init":[["rows","positional",true]]}},
        {"name":"shop.settings:current","value":{"t":"object","id":14,"class":"shop.settings:Store","kind":"plain","global":"shop.settings:current","attrs":[["rows",{"t":"list","id":15,"v":[]}]],"init":[["rows","positional",true]]}}"#
        .replace("\n        ", "");
    let written = written_with(&state, &more);
    let all = [
        "monkeypatch.setitem(LIMITS, \"high\", 5)",
        "monkeypatch.setattr(\"shop.settings.Store.names\", [\"a\"])",
        "monkeypatch.setitem(store.seen, \"k\", 1)",
        "monkeypatch.setattr(store, \"owner\", \"Ann\")",
        "monkeypatch.setattr(store, \"_Store__told\", {\"b\"})",
        "current = Store(rows=[])",
        "monkeypatch.setattr(\"shop.settings.current\", current)",
        "monkeypatch.setattr(\"shop.uses.current\", current)",
    ];
    assert!(has(&written, &all), "{written:#?}");
    // Its constructor was given the rows, and an address is production's own.
    for text in ["\"low\"", "\"rows\"", "https://production"] {
        assert!(!has(&written, &[text]), "{text}: {written:#?}");
    }
}

#[test]
fn names_of_what_was_held_lead_to_the_project_alone() {
    for name in [
        "os:environ",
        "shop.prices:__builtins__",
        "shop.prices:RATES, 1) or (print",
        "subprocess:run",
    ] {
        let held = RATES.replace("shop.prices:RATES", name);
        let written = written_with(&held, &[]);
        assert!(!has(&written, &["monkeypatch.set"]), "{name}: {written:#?}");
    }
}

#[test]
fn rows_of_queries_are_made_of_their_columns() {
    let row = |class: &str, columns: &str| {
        let row = format!(
            r#"{{"t":"call","f":"{class}","args":[{{"t":"dict","id":20,"v":[{columns}]}}],"kwargs":[]}}"#
        );
        written_with(&RATES.replace(r#"{"t":"float","v":"1.5"}"#, &row), &[])
    };
    let written = row("sqlite3:Row", r#"["rate",1],["max(\"rate\")",2]"#);
    let all = [
        "import sqlite3\n",
        "def sqlite_row(**columns):\n",
        "monkeypatch.setitem(RATES, \"DE\", sqlite_row(rate=1, **{\"max(\\\"rate\\\")\": 2}))",
    ];
    assert!(has(&written, &all), "{written:#?}");
    let written = row("sqlalchemy.engine.row:RowMapping", r#"["rate",1]"#);
    let all = [
        "from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData\n",
        "def sqlalchemy_row(**columns):\n",
        "monkeypatch.setitem(RATES, \"DE\", sqlalchemy_row(rate=1)._mapping)",
    ];
    assert!(has(&written, &all), "{written:#?}");
    let written = row("sqlite3:connect", r#"["rate",1]"#);
    assert!(!has(&written, &["sqlite3"]), "{written:#?}");
}

#[test]
fn other_services_answer_as_they_had() {
    let reply = |client: &str, url: &str, body: &str| {
        let replies = format!(
            r#""replies":[{{"client":"{client}","method":"GET","url":"{url}","status":200,"headers":[["Content-Type","application/json"]],"body":{body}}}]"#
        );
        written_where(&replies, &[])
    };
    let written = reply(
        "requests",
        "https://a.example/v1/rates?b=1",
        r#""{\"a\": 1}""#,
    );
    let all = [
        "def requests_replies(replies):\n",
        "import pytest\n",
        "monkeypatch.setattr(\"requests.adapters.HTTPAdapter.send\", requests_replies({\n",
        "(\"GET\", \"/v1/rates\"): (200, {\"Content-Type\": \"application/json\"}, b'{\"a\": 1}'),",
    ];
    assert!(
        has(&written, &[&all[..], &["client.post("]].concat()),
        "{written:#?}"
    );
    assert!(
        has(&written, &[&all[..], &["price(Order("]].concat()),
        "{written:#?}"
    );
    let written = reply("httpx.async", "https://a.example", r#""é""#);
    let all = [
        "    async def handle(transport, request):\n",
        "(\"GET\", \"/\"): (200, {\"Content-Type\": \"application/json\"}, \"\\xe9\".encode()),",
    ];
    assert!(has(&written, &all), "{written:#?}");
    assert!(!has(&written, &["httpx.HTTPTransport"]), "{written:#?}");
    let written = reply("os", "https://a.example", r#""""#);
    assert!(
        !has(&written, &["monkeypatch.setattr(\"os"]),
        "{written:#?}"
    );
    let written = reply(
        "requests",
        "https://a.example/\\\"): print(1), (\\\"",
        r#""""#,
    );
    assert!(!has(&written, &["/\"): print(1)"]), "{written:#?}");
}

#[test]
fn what_a_field_must_not_hold_was_put_there_by_somebody_else() {
    const TARIFF: &str = "\
from dataclasses import dataclass
from decimal import Decimal
@dataclass
class Tariff:
    code: str
    standing: Decimal | None = None
    def cost(self, days):
        return days * self.standing + Decimal(1)
";
    let blames = |message: &str, standing: &str| {
        let own = format!(
            r#"{{"t":"object","id":1,"class":"shop.tariff:Tariff","kind":"dataclass","attrs":[["code","STD"],["standing",{standing}]],"init":[["code","positional",true],["standing","positional",false]]}}"#
        );
        let line = format!(
            r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"TypeError","module":null,"message":"{message}","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"cost","file":"/srv/shop/shop/tariff.py","line":8,"column":null,"source_line":"","in_app":true,"async":false}}]}}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{{"version":1,"python":"3.11.7","frames":[{{"exception":0,"frame":0,"module":"shop.tariff","qualname":"Tariff.cost","kind":"method","arguments":[{{"name":"self","kind":"positional","value":{own}}},{{"name":"days","kind":"positional","value":3}}]}}],"outer":[],"request":null,"notes":[]}}}}"#
        );
        let files = [("shop/__init__.py", ""), ("shop/tariff.py", TARIFF)];
        let written = written_for(&files, &line);
        let mut captured = written.iter().filter(|c| c.is_captured).peekable();
        assert!(captured.peek().is_some());
        captured.any(|c| c.blames_caller)
    };
    let float = r#"{"t":"float","v":"0.35"}"#;
    let message = "unsupported operand type(s) for +: 'float' and 'decimal.Decimal'";
    assert!(blames(message, float));
    // Another reason, a value that the field may hold, nothing at all.
    assert!(!blames("bad", float));
    assert!(!blames(
        message,
        r#"{"t":"call","f":"decimal:Decimal","args":["1"],"kwargs":[]}"#
    ));
    assert!(!blames(
        "unsupported operand type(s) for *: 'int' and 'NoneType'",
        "null"
    ));
}

#[test]
fn what_is_awaited_gets_a_stand_in_that_can_be() {
    let state = |class: &str, why: &str| {
        let value = format!(r#"{{"t":"opaque","class":"{class}","why":"{why}","id":40}}"#);
        written_with(&RATES.replace(r#"{"t":"float","v":"1.5"}"#, &value), &[])
    };
    for (class, why) in [
        ("starlette.websockets:WebSocket", "request"),
        ("httpx:AsyncClient", "connection"),
        ("asyncpg.pool:Pool", "connection"),
    ] {
        let written = state(class, why);
        assert!(
            has(&written, &["RATES, \"DE\", AsyncMock())"]),
            "{class}: {written:#?}"
        );
    }
    let written = state("redis.client:Redis", "connection");
    assert!(
        has(&written, &["RATES, \"DE\", MagicMock())"]),
        "{written:#?}"
    );
}

#[test]
fn a_none_that_a_function_does_not_take_was_passed_by_somebody_else() {
    let blames = |annotation: &str| {
        let source = format!(
            "def quote(code):\n    return price(None)\ndef price(room{annotation}):\n    return room.rate\n"
        );
        let files = [
            ("shop/__init__.py", ""),
            ("shop/prices.py", source.as_str()),
        ];
        let line = r#"{"schema_version":1,"platform":"python","exceptions":[{"type":"AttributeError","module":null,"message":"'NoneType' object has no attribute 'rate'","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{"function":"quote","file":"/srv/shop/shop/prices.py","line":2,"column":null,"source_line":"return price(None)","in_app":true,"async":false},{"function":"price","file":"/srv/shop/shop/prices.py","line":4,"column":null,"source_line":"return room.rate","in_app":true,"async":false}]}],"level":"ERROR","logger":null,"timestamp":null,"log_message":null,"captured":{"version":1,"python":"3.11.7","frames":[{"exception":0,"frame":1,"module":"shop.prices","qualname":"price","kind":"function","arguments":[{"name":"room","kind":"positional","value":null}]}],"outer":[],"request":null,"notes":[]}}"#;
        let written = written_for(&files, line);
        let called = written.iter().find(|c| c.content.contains("price(None)"));
        called.expect("a call").blames_caller
    };
    assert!(blames(": Room"));
    assert!(!blames(": Room | None"));
    assert!(!blames(""));
}
