//! Captured values as tests: a line of the capture file and a source text in, the body of a test out.
#![cfg(feature = "generate")]

use guwu_core::code::{CodeMap, SourceFile};
use guwu_core::correlate::correlate;
use guwu_core::generate::{Candidate, Header, again, candidates, habits};
use guwu_core::model::{Failure, Options};

const SHOP: &str = r#"
from decimal import Decimal


class ShopError(Exception):
    pass


class Line:
    def __init__(self, sku, qty=1, note=None):
        self.sku = sku
        self.qty = qty
        self._note = note


class Cart:
    def __init__(self, lines, owner=None):
        self.lines = lines
        self.owner = owner
        self.cache = {}

    def total(self, rate):
        if rate < 0:
            raise ShopError("no such rate")
        return sum(line.qty * rate for line in self.lines)

    @property
    def first(self):
        return self.lines[0].sku

    @classmethod
    def parse(cls, text):
        return cls([text.split()])

    def __add__(self, other):
        return Cart(self.lines + other.lines)

    async def send(self, to, *, subject="order"):
        return to.address


def price(row, *rest, currency="EUR", **more):
    return row["price"]
"#;

/// The place of a function in [`SHOP`].
fn line_of(text: &str) -> usize {
    1 + SHOP
        .lines()
        .position(|line| line.contains(text))
        .expect("a line of the source")
}

fn failure(qualname: &str, source_line: &str, arguments: &str, request: &str) -> Failure {
    let name = qualname.rsplit('.').next().unwrap_or(qualname);
    let line = line_of(source_line);
    let kind = match name {
        "parse" => "classmethod",
        "__init__" => "constructor",
        "send" => "coroutine",
        _ => "function",
    };
    let json = format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"TypeError","module":null,"message":"m","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"{name}","file":"/srv/app/shop.py","line":{line},"column":null,"source_line":"x","in_app":true,"async":false}}]}}],"level":"ERROR","logger":"shop","timestamp":"2026-02-05T05:33:10","log_message":"failed","captured":{{"version":1,"frames":[{{"exception":0,"frame":0,"module":"shop","qualname":"{qualname}","kind":"{kind}","arguments":[{arguments}]}}],"outer":[],"request":{request},"notes":[]}}}}"#
    );
    let mut failures = guwu_core::triage(format!("{json}\n").as_bytes(), &Options::default());
    assert_eq!(failures.len(), 1, "{json}");
    failures.remove(0)
}

struct Case {
    failure: Failure,
    map: CodeMap,
}

fn case(qualname: &str, source_line: &str, arguments: &str) -> Case {
    let files = [SourceFile {
        path: "shop.py".to_owned(),
        text: SHOP.to_owned(),
        is_test: false,
    }];
    Case {
        failure: failure(qualname, source_line, arguments, "null"),
        map: CodeMap::new(&files, &[".".to_owned()]),
    }
}

impl Case {
    fn candidates(&self) -> Vec<Candidate> {
        let gap = correlate(&self.failure, &self.map).expect("a gap");
        let habits = habits::learn(&self.map, &[], &[]);
        candidates(&self.failure, &gap, &self.map, &habits, &Header::default())
            .into_iter()
            .filter(|c| c.is_captured)
            .collect()
    }
}

/// Imports and body of a test, without its header and its docstring.
fn code(candidate: &Candidate) -> String {
    let imports = candidate
        .content
        .lines()
        .filter(|l| l.starts_with("from ") || l.starts_with("import "))
        .map(str::to_owned);
    let mut parts = candidate.content.rsplitn(2, "\"\"\"\n");
    let body = parts.next().unwrap_or_default().lines().map(|l| {
        let line = l.strip_prefix("    ").unwrap_or(l);
        line.split("  # ").next().unwrap_or(line).to_owned()
    });
    imports
        .chain(body)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The first candidate of a captured call.
fn check(qualname: &str, source_line: &str, arguments: &str, expected: &str) {
    let candidates = case(qualname, source_line, arguments).candidates();
    let first = candidates.first().map(code).unwrap_or_default();
    assert_eq!(first, expected.trim(), "\n{first}\n");
}

fn argument(name: &str, kind: &str, value: &str) -> String {
    format!(r#"{{"name":"{name}","kind":"{kind}","value":{value}}}"#)
}

const CART: &str = r#"{"t":"object","id":1,"class":"shop:Cart","kind":"plain","attrs":[["lines",{"t":"list","id":2,"v":[{"t":"object","id":3,"class":"shop:Line","kind":"plain","attrs":[["sku","a\"1"],["qty",null],["_note",null]],"init":[["sku","positional",true],["qty","positional",false],["note","positional",false]]}]}],["owner",null],["cache",{"t":"dict","id":4,"v":[["x",{"t":"float","v":"nan"}]]}]],"init":[["lines","positional",true],["owner","positional",false]]}"#;

#[test]
fn objects_are_built_by_their_constructors() {
    check(
        "Cart.total",
        "return sum(line.qty",
        &[
            argument("self", "positional", CART),
            argument(
                "rate",
                "positional",
                r#"{"t":"call","f":"decimal:Decimal","args":["1.5"],"kwargs":[]}"#,
            ),
        ]
        .join(","),
        r#"
from contextlib import suppress
from decimal import Decimal
from shop import Cart, Line, ShopError
cart = Cart(lines=[Line(sku="a\"1", qty=None)])
with suppress(ShopError):
    cart.total(Decimal("1.5"))
"#,
    );
}

#[test]
fn what_the_constructor_does_not_take_is_set_afterwards_and_can_be_cut_again() {
    let case = case(
        "Cart.total",
        "return sum(line.qty",
        &[
            argument("self", "positional", CART),
            argument("rate", "positional", "1"),
        ]
        .join(","),
    );
    let candidates = case.candidates();
    let completed = candidates
        .iter()
        .find(|c| c.content.contains("vars(cart).update"))
        .expect("a completed object");
    assert!(
        completed
            .content
            .contains(r#"vars(cart).update(cache={"x": float("nan")})"#)
    );
    let recipe = completed.recipe.as_ref().expect("a recipe");
    let gap = correlate(&case.failure, &case.map).expect("a gap");
    let habits = habits::learn(&case.map, &[], &[]);
    let smaller = again(
        &case.failure,
        &gap,
        &case.map,
        &habits,
        &Header::default(),
        &recipe.without(&recipe.cuttable),
    )
    .expect("a smaller one");
    assert!(!smaller.content.contains("vars("), "{}", smaller.content);
    assert!(smaller.content.contains("Cart(lines="));
    let raw = candidates
        .iter()
        .find(|c| c.content.contains("object.__new__(Cart)"))
        .expect("a raw object");
    assert_eq!(raw.raw_objects, 2);
}

#[test]
fn an_object_is_not_cut_down_to_an_empty_shell() {
    let cuts = |cart: &str| -> Vec<String> {
        let arguments = [
            argument("self", "positional", cart),
            argument("rate", "positional", "1"),
        ];
        let case = case("Cart.total", "return sum(line.qty", &arguments.join(","));
        let candidates = case.candidates();
        let recipes = candidates.iter().filter_map(|c| c.recipe.as_ref());
        recipes
            .flat_map(|recipe| recipe.cuttable.iter().map(|cut| format!("{cut:?}")))
            .collect()
    };
    let has = |cuts: &[String], name: &str| cuts.iter().any(|c| c.contains(&format!("{name:?}")));
    let owned = CART.replace(
        r#"["owner",null]"#,
        r#"["owner",{"t":"list","id":9,"v":["a"]}]"#,
    );
    let all = cuts(&owned);
    assert!(has(&all, "owner"), "its lines are left: {all:?}");
    let optional = owned.replace(
        r#"["lines","positional",true]"#,
        r#"["lines","positional",false]"#,
    );
    let all = cuts(&optional);
    assert!(
        !has(&all, "owner") && !has(&all, "lines"),
        "nothing would be left: {all:?}"
    );
}

#[test]
fn operators_properties_class_methods_and_coroutines_are_written_as_people_do() {
    let other = r#"{"t":"ref","id":1}"#;
    check(
        "Cart.__add__",
        "return Cart(self.lines + other",
        &[argument("self", "positional", CART), argument("other", "positional", other)].join(","),
        r#"
from shop import Cart, Line
from contextlib import suppress
"#
        .replace("from shop import Cart, Line\nfrom contextlib import suppress", "from contextlib import suppress\nfrom shop import Cart, Line, ShopError\ncart = Cart(lines=[Line(sku=\"a\\\"1\", qty=None)])\nwith suppress(ShopError):\n    cart + cart")
        .as_str(),
    );
    check(
        "Cart.first",
        "return self.lines[0]",
        &argument("self", "positional", CART),
        "from contextlib import suppress\nfrom shop import Cart, Line, ShopError\ncart = Cart(lines=[Line(sku=\"a\\\"1\", qty=None)])\nwith suppress(ShopError):\n    cart.first",
    );
    check(
        "Cart.parse",
        "return cls([text",
        &[
            argument("cls", "positional", r#"{"t":"global","v":"shop:Cart"}"#),
            argument(
                "text",
                "positional",
                r#"{"t":"redacted","of":"str","n":5,"like":"text"}"#,
            ),
        ]
        .join(","),
        "from contextlib import suppress\nfrom shop import Cart, ShopError\nwith suppress(ShopError):\n    Cart.parse(\"xxxxx\")",
    );
    check(
        "Cart.send",
        "return to.address",
        &[
            argument("self", "positional", CART),
            argument("to", "positional", "null"),
            argument("subject", "keyword", "\"order\""),
        ]
        .join(","),
        "import asyncio\nfrom contextlib import suppress\nfrom shop import Cart, Line, ShopError\ncart = Cart(lines=[Line(sku=\"a\\\"1\", qty=None)])\nwith suppress(ShopError):\n    asyncio.run(cart.send(None))",
    );
}

#[test]
fn rest_arguments_keep_their_places() {
    check(
        "price",
        "return row[\"price\"]",
        &[
            argument(
                "row",
                "positional",
                r#"{"t":"dict","id":1,"v":[["a",{"t":"ref","id":1}]]}"#,
            ),
            argument(
                "rest",
                "var_positional",
                r#"{"t":"tuple","v":[1,{"t":"ref","id":1}]}"#,
            ),
            argument("currency", "keyword", "\"USD\""),
            argument(
                "more",
                "var_keyword",
                r#"{"t":"dict","id":2,"v":[["x",true],["not a name",-1]]}"#,
            ),
        ]
        .join(","),
        r#"
from contextlib import suppress
from shop import ShopError, price
row = {}
row.update({"a": row})
with suppress(ShopError):
    price(row, 1, row, currency="USD", x=True, **{"not a name": -1})
"#,
    );
}

#[test]
fn nothing_that_starts_or_loads_is_written_because_a_line_says_so() {
    for value in [
        r#"{"t":"call","f":"os:system","args":["touch /tmp/x"],"kwargs":[]}"#,
        r#"{"t":"global","v":"os:system"}"#,
        r#"{"t":"global","v":"builtins:eval"}"#,
        r#"{"t":"object","id":9,"class":"subprocess:Popen","kind":"plain","attrs":[["args","ls"]],"init":[["args","positional",true]]}"#,
        r#"{"t":"global","v":"os; import sys:x"}"#,
        r#"{"t":"call","f":"shop:price","args":[],"kwargs":[]}"#,
        r#"{"t":"float","v":"__import__('os')"}"#,
        r#"{"t":"int","v":"1); import os"}"#,
    ] {
        let case = case(
            "price",
            "return row[\"price\"]",
            &argument("row", "positional", value),
        );
        for candidate in case.candidates() {
            for bad in [
                "os",
                "system",
                "eval",
                "Popen",
                "subprocess",
                "__import__",
                "price()",
            ] {
                let code = code(&candidate);
                assert!(
                    !code
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .any(|word| word == bad)
                        || (bad == "price()"),
                    "{bad} in\n{code}"
                );
                assert!(!code.contains("price())"), "{code}");
            }
        }
    }
}
