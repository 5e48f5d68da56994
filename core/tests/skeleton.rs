//! What is written where no test could be proven: a failure and a source text in, a file to fill in out.
#![cfg(feature = "generate")]

use guwu_core::code::{CodeMap, SourceFile};
use guwu_core::correlate::correlate;
use guwu_core::generate::{Candidate, Header, habits, skeletons};
use guwu_core::model::{Failure, Options};

const SHOP: &str = "\
class Cart:
    def __init__(self, lines, owner: str = 'x'):
        self.lines = lines

    def total(self, rate: float, *, note=None):
        return self.lines[0].price * rate

    async def send(self):
        return self.lines[0].address

    @property
    def first(self):
        return self.lines[0].sku


def price(row: 'dict[str, int]', cart: Cart):
    return row['price']


def outer():
    def inner(x):
        return x.y
    return inner
";

fn written(json: &str, why: &str) -> Vec<Candidate> {
    let mut failures = guwu_core::triage(format!("{json}\n").as_bytes(), &Options::default());
    assert_eq!(failures.len(), 1, "{json}");
    let failure: Failure = failures.remove(0);
    let files = [SourceFile {
        path: "shop.py".to_owned(),
        text: SHOP.to_owned(),
        is_test: false,
    }];
    let map = CodeMap::new(&files, &[".".to_owned()]);
    let gap = correlate(&failure, &map).expect("a frame in the project");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    skeletons(&failure, &gap, &map, &habits, &Header::default(), why)
}

fn failure(function: &str, line: u32, message: &str, arguments: &str) -> String {
    let message = message.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"TypeError","module":null,"message":"{message}","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"{function}","file":"/srv/app/shop.py","line":{line},"column":null,"source_line":"x","in_app":true,"async":false}}]}}],"level":"ERROR","logger":"shop","timestamp":"2026-02-05T05:33:10","log_message":"failed","captured":{{"version":1,"frames":[{{"exception":0,"frame":0,"module":"shop","qualname":"{function}","kind":"function","arguments":[{arguments}]}}],"outer":[],"request":null,"notes":[]}}}}"#
    )
}

/// The text of the first one, which has to skip itself.
fn text(function: &str, line: u32) -> String {
    let first = written(&failure(function, line, "m", ""), "nothing was red").remove(0);
    assert_eq!(first.strategy.as_str(), "skeleton");
    assert!(
        first.content.contains("@pytest.mark.skip(reason="),
        "{}",
        first.content
    );
    first.content
}

#[test]
fn the_call_is_written_and_what_nobody_knows_is_open() {
    let total = text("total", 6);
    assert!(total.contains("from shop import Cart\n"), "{total}");
    assert!(total.contains("    rate = ...  # float\n"), "{total}");
    assert!(
        total.contains("    cart = Cart(\n        lines=...,\n    )\n"),
        "{total}"
    );
    assert!(
        total.contains("    cart.total(rate)  # raised TypeError in production\n"),
        "{total}"
    );
    assert!(
        total.contains("Why this is no test yet: nothing was red."),
        "{total}"
    );
    assert!(
        total.contains("skeleton: fill in rate, cart, then"),
        "{total}"
    );
    assert!(!total.contains("note"), "it has a default: {total}");
    assert!(text("send", 9).contains("asyncio.run(cart.send())"));
    assert!(text("first", 13).contains("    cart.first  # raised"));
}

#[test]
fn what_was_captured_is_told() {
    let arguments = r#"{"name":"row","kind":"positional","value":{"t":"dict","id":1,"v":[]}},{"name":"cart","kind":"positional","value":7}"#;
    let first = written(&failure("price", 17, "m", arguments), "w").remove(0);
    let content = first.content;
    assert!(
        content.contains("row = ...  # 'dict[str, int]'; an empty dict in production"),
        "{content}"
    );
    assert!(
        content.contains("cart = 7  # Cart; as captured in production"),
        "{content}"
    );
    assert!(content.contains("price(row, cart)"), "{content}");
}

#[test]
fn what_has_no_name_is_left_to_the_reader() {
    let content = text("inner", 22);
    assert!(content.contains("import shop\n"), "{content}");
    assert!(
        content.contains("...  # a call that leads to inner"),
        "{content}"
    );
    assert!(
        content.contains("skeleton: fill in the call, then"),
        "{content}"
    );
}

#[test]
fn the_second_imports_inside_of_its_test() {
    let all = written(&failure("total", 6, "m", ""), "w");
    assert_eq!(all.len(), 2);
    assert!(
        all[1].content.contains("\n    from shop import Cart\n"),
        "{}",
        all[1].content
    );
}

#[test]
fn no_text_of_a_log_leaves_its_place() {
    let evil = "\"\"\"\nimport os\n)]\n# '''";
    for skeleton in written(&failure("total", 6, &evil.replace('\n', " "), ""), evil) {
        let content = skeleton.content;
        assert_eq!(content.matches("\"\"\"").count(), 4, "{content}");
        assert!(
            !content.lines().any(|l| l.trim() == "import os"),
            "{content}"
        );
    }
}
