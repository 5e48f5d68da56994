//! What a test asserts of a result: only what is certain of it.
#![cfg(feature = "generate")]

use guwu_core::code::{CodeMap, SourceFile};
use guwu_core::correlate::correlate;
use guwu_core::generate::{Header, candidates, habits};
use guwu_core::model::Options;

/// The best test of `function` at `line` of a source text.
fn test_of(source: &str, function: &str, line: usize) -> String {
    test_after(source, function, line, "", "null")
}

/// The same where another exception came before.
fn test_after(source: &str, function: &str, line: usize, before: &str, relation: &str) -> String {
    let json = format!(
        r#"{{"schema_version":1,"platform":"python","exceptions":[{before}{{"type":"AttributeError","module":null,"message":"'NoneType' object has no attribute 'y'","notes":[],"relation":{relation},"group_path":[],"syntax":null,"frames":[{{"function":"{function}","file":"/srv/app/shop.py","line":{line},"column":null,"source_line":"x.y","in_app":true,"async":false}}]}}],"level":"ERROR","logger":"shop","timestamp":"2026-02-05T05:33:10","log_message":"failed"}}"#
    );
    let failure = guwu_core::triage(format!("{json}\n").as_bytes(), &Options::default()).remove(0);
    let files = [SourceFile {
        path: "shop.py".to_owned(),
        text: source.to_owned(),
        is_test: false,
    }];
    let map = CodeMap::new(&files, &[".".to_owned()]);
    let gap = correlate(&failure, &map).expect("a frame in the project");
    let habits = habits::learn(&map, &[], &["tests".to_owned()]);
    let all = candidates(&failure, &gap, &map, &habits, &Header::default());
    all.first().expect("a candidate").content.clone()
}

/// The source line that fails, always the same.
fn line_of(source: &str) -> usize {
    1 + source
        .lines()
        .position(|l| l.contains("x.y"))
        .expect("a failing line")
}

fn test(source: &str, function: &str) -> String {
    test_of(source, function, line_of(source))
}

#[test]
fn what_annotation_and_returns_agree_on_is_looked_at() {
    let text = test("def name(x) -> str:\n    return f'{x.y}'\n", "name");
    assert!(text.contains("    result = name(None)  # raised AttributeError in production\n\n    assert isinstance(result, str)\n"), "{text}");
    let text = test(
        "def name(x):\n    if x.y:\n        return {'ok': True, 'n': 1}\n    return {'ok': False}\n",
        "name",
    );
    assert!(
        text.contains("    assert {\"ok\"} <= set(result)\n"),
        "{text}"
    );
    let text = test(
        "class Cart:\n    def __init__(self, x):\n        self.x = x\n\n\ndef cart(x) -> Cart:\n    return Cart(x.y)\n",
        "cart",
    );
    assert!(text.contains("assert isinstance(result, Cart)\n"), "{text}");
    assert!(text.contains("from shop import Cart, cart\n"), "{text}");
}

#[test]
fn a_reader_of_command_lines_may_end_the_program() {
    let frame = |file: &str, function: &str, line: u32| {
        format!(
            r#"{{"function":"{function}","file":"{file}","line":{line},"column":null,"source_line":"x","in_app":true,"async":false}}"#
        )
    };
    let test = |reader: &str| {
        let frames = [
            frame("/srv/app/backup.py", "run", 2),
            frame(reader, "parse_args", 1869),
            frame("/srv/app/shown.py", "add", 2),
        ];
        let json = format!(
            r#"{{"schema_version":1,"platform":"python","exceptions":[{{"type":"KeyError","module":null,"message":"'a'","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{}]}}],"level":"ERROR","logger":"x","timestamp":"2026-02-05T05:33:10","log_message":"failed"}}"#,
            frames.join(",")
        );
        let failure =
            guwu_core::triage(format!("{json}\n").as_bytes(), &Options::default()).remove(0);
        let source = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        let files = [
            source(
                "backup.py",
                "def run(arguments):\n    return parser().parse_args(arguments)\n",
            ),
            source("shown.py", "def add(action):\n    return action['a']\n"),
        ];
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let gap = correlate(&failure, &map).expect("a frame in the project");
        let habits = habits::learn(&map, &[], &["tests".to_owned()]);
        let all = candidates(&failure, &gap, &map, &habits, &Header::default());
        let of = |name: &str| {
            let call = format!("{name}(");
            let mut texts = all.iter().map(|c| c.content.clone());
            texts
                .find(|text| text.contains(&format!("    {call}")))
                .expect("a call")
        };
        [of("run"), of("add")].map(|text| text.contains("suppress(SystemExit)"))
    };
    assert_eq!(test("/usr/lib/python3.11/argparse.py"), [true, false]);
    assert_eq!(
        test("/srv/venv/lib/site-packages/click/core.py"),
        [true, false]
    );
    assert_eq!(
        test("/srv/venv/lib/site-packages/other/core.py"),
        [false, false]
    );
}

#[test]
fn a_refusal_has_no_result_to_look_at() {
    let text = test(
        "class Refused(Exception):\n    pass\n\n\ndef name(x) -> str:\n    if x == 7:\n        raise Refused(x)\n    return f'{x.y}'\n",
        "name",
    );
    assert!(
        text.contains("    with suppress(Refused):  # refusing the input is an answer, too\n        result = name("),
        "{text}"
    );
    assert!(
        text.contains("\n        assert isinstance(result, str)\n"),
        "{text}"
    );
}

#[test]
fn what_could_be_otherwise_is_left_out() {
    for (source, function) in [
        // A decorator may answer anything.
        (
            "@cached\ndef name(x) -> str:\n    return f'{x.y}'\n",
            "name",
        ),
        (
            "class A:\n    @property\n    def name(self) -> str:\n        x = self\n        return f'{x.y}'\n",
            "name",
        ),
        // Another definition, or another binding.
        (
            "def name(x) -> str:\n    return f'{x.y}'\n\nname = print(name)\n",
            "name",
        ),
        // A class below may answer differently.
        (
            "class A:\n    def name(self, x) -> str:\n        return f'{x.y}'\n\n\nclass B(A):\n    def name(self, x):\n        return None\n",
            "name",
        ),
        (
            "def name(x) -> 'str | None':\n    return f'{x.y}'\n",
            "name",
        ),
        ("def name(x) -> str:\n    yield f'{x.y}'\n", "name"),
        ("def name(x):\n    return f'{x.y}'\n", "name"),
        // What makes the object may make something else.
        (
            "class Meta(type):\n    pass\n\n\nclass C(metaclass=Meta):\n    pass\n\n\ndef name(x) -> C:\n    x.y\n    return C()\n",
            "name",
        ),
        (
            "class C:\n    def __new__(cls):\n        return 1\n\n\ndef name(x) -> C:\n    x.y\n    return C()\n",
            "name",
        ),
        (
            "from other import Base\n\n\nclass C(Base):\n    pass\n\n\ndef name(x) -> C:\n    x.y\n    return C()\n",
            "name",
        ),
    ] {
        let text = test(source, function);
        assert!(!text.contains("result"), "{source}\n{text}");
    }
}

#[test]
fn what_a_handler_meant_to_hand_on_is_an_answer() {
    let test = |last: &str, before: &str, relation: &str| {
        let source = format!(
            "def load(x):\n    try:\n        return open(x)\n    except Exception:\n        x.y\n        {last}\n"
        );
        let before = format!(
            r#"{{"type":"{before}","module":null,"message":"a","notes":[],"relation":null,"group_path":[],"syntax":null,"frames":[{{"function":"load","file":"/srv/app/shop.py","line":3,"column":null,"source_line":"return open(x)","in_app":true,"async":false}}]}},"#
        );
        test_after(&source, "load", 5, &before, relation)
    };
    let context = r#""context""#;
    let text = test("raise", "FileNotFoundError", context);
    assert!(text.contains("with suppress(FileNotFoundError):"), "{text}");
    for (last, before, relation) in [
        ("return None", "FileNotFoundError", context),
        ("raise", "print", context),
        ("raise", "AttributeError", context),
        ("raise", "FileNotFoundError", "null"),
    ] {
        let text = test(last, before, relation);
        assert!(!text.contains("suppress"), "{last} {before}: {text}");
    }
}
