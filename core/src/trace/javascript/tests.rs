//! The reader as a whole, one rule a test; whole stacks of real engines are in `core/tests`.

use super::{find, work};
use crate::model::{Exception, Frame, Relation, StackEntry, Trace};

fn one(text: &str) -> Trace {
    let mut traces = find(text);
    assert_eq!(traces.len(), 1, "{text}");
    traces.remove(0)
}

fn primary(text: &str) -> Exception {
    one(text).exceptions.pop().unwrap()
}

/// Innermost first, as printed: `fn@file:line:column`.
fn printed(exception: &Exception) -> Vec<String> {
    let number = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
    let frame = |f: &Frame| {
        let (function, file) = (f.function.as_deref(), f.file.as_deref());
        format!(
            "{}@{}:{}:{}",
            function.unwrap_or("-"),
            file.unwrap_or("-"),
            number(f.line),
            number(f.column)
        )
    };
    let entry = |entry: &StackEntry| match entry {
        StackEntry::Frame(f) => frame(f),
        StackEntry::Elided { elided } => format!("...{elided}"),
        StackEntry::Repeated { repeated } => format!("x{repeated}"),
    };
    exception.frames.iter().rev().map(entry).collect()
}

#[test]
fn a_quoted_stack_is_part_of_the_message() {
    let made =
        primary("Error: one\n    at bogus (filename:1:2)\nthree\n    at real (/srv/a.js:13:40)");
    assert_eq!(
        made.message.as_deref(),
        Some("one\n    at bogus (filename:1:2)\nthree")
    );
    assert_eq!(printed(&made), ["real@/srv/a.js:13:40"]);
}

#[test]
fn a_stack_of_another_style_is_part_of_the_message() {
    let made = primary("Error: up\n    at x (http://h/x.js:1:2)\nf@http://h/y.js:3:4\n");
    assert_eq!(printed(&made), ["f@http://h/y.js:3:4"]);
    let made = primary("Error: up\nf@http://h/y.js:3:4\n    at x (http://h/x.js:1:2)");
    assert_eq!(printed(&made), ["x@http://h/x.js:1:2"]);
}

#[test]
fn announced_frames_of_another_host_are_part_of_the_message() {
    let made = primary(
        "Error: said:\nfake@http://evil/x.js:1:2\nf@http://h/y.js:3:4\ng@http://h/y.js:5:6",
    );
    assert_eq!(
        made.message.as_deref(),
        Some("said:\nfake@http://evil/x.js:1:2")
    );
    assert_eq!(printed(&made).len(), 2);
    // without the colon nothing tells the first frame from the others
    let made = primary("Error: said\nlib@http://cdn/x.js:1:2\nf@http://h/y.js:3:4");
    assert_eq!(printed(&made).len(), 2);
    // an empty message announces nothing
    let made = primary("Error:\nlib@http://cdn/x.js:1:2\nf@http://h/y.js:3:4");
    assert_eq!(printed(&made).len(), 2);
}

#[test]
fn a_header_between_stacks_begins_another_error() {
    let text = "listening\nError: a\n    at f (/srv/a.js:1:2)\nGET / 200\nTypeError: b\n    at g (/srv/b.js:3:4)\nbye";
    let traces = find(text);
    let covered: Vec<_> = traces.iter().map(|t| &text[t.start..t.end]).collect();
    assert_eq!(
        covered,
        [
            "Error: a\n    at f (/srv/a.js:1:2)",
            "TypeError: b\n    at g (/srv/b.js:3:4)"
        ]
    );
}

#[test]
fn a_failed_command_quotes_a_whole_crash() {
    let text = "Error: Command failed: node a.js\n/srv/a.js:4\nthrow e\n^\n\nError: top\n    at t (/srv/a.js:4:1) {\n  code: 1\n}\n\nNode.js v20.1.0\n\n    at run (/srv/b.js:9:9)";
    let made = primary(text);
    assert!(
        made.message
            .unwrap()
            .starts_with("Command failed: node a.js\n/srv/a.js:4\n")
    );
}

#[test]
fn node_prints_causes_and_members_below() {
    let text = "AggregateError: many\n    at f (/srv/a.js:1:2) {\n  [errors]: [\n    Error: a\n        at g (/srv/a.js:3:4),\n    'str',\n    TypeError: b\n        at h (/srv/a.js:5:6) {\n      code: 'B',\n      [cause]: RangeError: low\n      second\n          at i (/srv/a.js:7:8)\n          ... 6 lines matching cause stack trace ...\n          at j (/srv/a.js:9:1)\n    }\n  ]\n}";
    let trace = one(text);
    let shape: Vec<_> = trace
        .exceptions
        .iter()
        .map(|e| {
            (
                e.type_name.as_deref().unwrap(),
                e.relation,
                e.group_path.as_slice(),
            )
        })
        .collect();
    let (member, cause) = (Some(Relation::Member), Some(Relation::Cause));
    assert_eq!(
        shape,
        [
            ("AggregateError", None, &[][..]),
            ("Error", member, &[0]),
            ("RangeError", member, &[2]),
            ("TypeError", cause, &[2]),
        ]
    );
    assert_eq!(trace.exceptions[2].message.as_deref(), Some("low\nsecond"));
    assert_eq!(
        printed(&trace.exceptions[2]),
        ["i@/srv/a.js:7:8", "...6", "j@/srv/a.js:9:1"]
    );
    assert_eq!((trace.start, trace.end), (0, text.len()));
}

#[test]
fn caused_by_lines_lead_to_the_root() {
    let text = "Error: outer\n    at f (/srv/a.ts:1:2)\nCaused by: TypeError: mid\n    at g (/srv/a.ts:3:4)\nCaused by: Error: root\n    at h (/srv/a.ts:5:6)\n";
    let names: Vec<_> = one(text)
        .exceptions
        .into_iter()
        .map(|e| (e.message.unwrap(), e.relation))
        .collect();
    let cause = Some(Relation::Cause);
    assert_eq!(
        names,
        [
            ("root".to_owned(), None),
            ("mid".to_owned(), cause),
            ("outer".to_owned(), cause)
        ]
    );
}

#[test]
fn the_preamble_gives_the_statement() {
    let made = primary(
        "/srv/bad.cjs:2\nconst x = @invalid;\n          ^\n\nSyntaxError: Invalid token\n    at wrapSafe (node:internal/x:17:18)\n\nNode.js v22.1.0",
    );
    let place = made.syntax.unwrap();
    assert_eq!(
        (place.file.as_deref(), place.line),
        (Some("/srv/bad.cjs"), Some(2))
    );
    assert_eq!(place.source_line.as_deref(), Some("const x = @invalid;"));
    let made = primary("/srv/a.js:4\n  throw e\n  ^\n\nError: x\n    at f (/srv/a.js:4:3)");
    assert_eq!(
        made.plain_frames().next().unwrap().source_line.as_deref(),
        Some("throw e")
    );
}

#[test]
fn test_reports() {
    let made = primary(
        "    TypeError: x\n\n      10 |   a\n    > 11 |   b\n         |   ^\n\n      at Object.b (src/a.test.js:11:7)\n",
    );
    assert_eq!(made.message.as_deref(), Some("x"));
    let text = "not ok 1 - fails\n  ---\n  error: '1 == 2'\n  name: 'AssertionError'\n  stack: |-\n    T.<anonymous> (/srv/g.js:2:27)\n    async T.run (node:x:7:9)\n  ...\n1..1\n";
    let made = primary(text);
    assert_eq!(
        (made.type_name.as_deref(), made.message.as_deref()),
        (Some("AssertionError"), Some("1 == 2"))
    );
    assert_eq!(
        printed(&made),
        ["T.<anonymous>@/srv/g.js:2:27", "T.run@node:x:7:9"]
    );
}

#[test]
fn a_thrown_value_has_a_stack_only_when_node_prints_one() {
    assert_eq!(
        find(
            "/srv/d.js:1\nthrow 'boom'\n^\nboom\n(Use `node --trace-uncaught ...`)\n\nNode.js v20.1.0"
        ),
        []
    );
    let made = primary("/srv/d.js:1\nthrow 'boom'\n^\nboom\nThrown at:\n    at /srv/d.js:1:1\n");
    assert_eq!(
        (made.type_name, made.message.as_deref()),
        (None, Some("boom"))
    );
}

#[test]
fn a_header_alone() {
    assert_eq!(
        primary("Uncaught TypeError: x is not a function\n").frames,
        []
    );
    assert_eq!(find("saw TypeError: x\nand went on\n"), []);
    assert_eq!(find("ValueError: x"), []);
}

#[test]
fn what_is_no_javascript() {
    for text in [
        "",
        "we met at the station (platform 5) at noon",
        "mail bob@example.com or see http://localhost:3000",
        "bob@example.com:25",
        "git@github.com:user/repo.git",
        "amqp://user:pass@host:5672",
        "at 10:30 (see notes.txt)",
        "look at this (http://h/x)",
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: at 5:12",
        "Exception in thread \"main\" java.lang.Error: x\n\tat a.b.C.d(C.java:12)\n\tat a.b.E.f(E.kt:3)",
        "src/foo.py:12:5: E501 line too long\nsrc/foo.py:14:5: E501 line too long",
        "   at Foo.Bar(String x) in C:\\src\\Foo.cs:line 12",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn warnings_of_node_are_headers() {
    let text = "(node:1) UnhandledPromiseRejectionWarning: Error: boom\n    at f (/srv/a.js:1:2)\n(node:1) [DEP0018] DeprecationWarning: old\n(node:2) Warning: careful\n    at g (/srv/b.js:1:2)\n";
    let types: Vec<_> = find(text)
        .into_iter()
        .map(|t| t.exceptions[0].type_name.clone().unwrap())
        .collect();
    assert_eq!(types, ["Error", "Warning"]);
}

#[test]
fn the_entries_of_a_log_end_a_message() {
    let text = "[CLIENT] ERROR: Uncaught TypeError: x is null\n[CLIENT] Location: http://h/a.js:3:4\n[CLIENT] Stack trace:\nf@http://h/a.js:3:4\n[CLIENT] User Agent: M/5.0\n";
    let made = primary(text);
    assert_eq!(
        (made.type_name.as_deref(), made.message.as_deref()),
        (Some("TypeError"), Some("x is null"))
    );
    let made = primary("x is null\nStack:\nf@http://h/a.js:3:4\n");
    assert_eq!(
        (made.type_name, made.message.as_deref()),
        (None, Some("x is null"))
    );
}

#[test]
fn an_emitted_error_keeps_its_own_stack() {
    let text = "node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: listen EADDRINUSE: :::80\n    at S.listen (node:net:1908:16)\nEmitted 'error' event on Server instance at:\n    at emit (node:net:1:2) {\n  code: 'EADDRINUSE',\n  [cause]: Error: c\n      at d (/a.js:1:2)\n}\n\nNode.js v20.1.0\n";
    let trace = one(text);
    assert_eq!(trace.exceptions.len(), 2);
    assert_eq!(printed(&trace.exceptions[1]), ["S.listen@node:net:1908:16"]);
    assert_eq!(
        trace.exceptions[1].message.as_deref(),
        Some("listen EADDRINUSE: :::80")
    );
    assert!(text[..trace.end].ends_with("\n}"));
}

#[test]
fn marks_between_frames_are_passed_over() {
    for mark in [
        "From previous event:",
        "---------------------------------------------",
        "        -> /srv/a.ts:5:1",
        "    at <anonymous>",
        "",
    ] {
        let text =
            format!("Error: x\n    at f (/srv/a.js:1:2)\n{mark}\n    at g (/srv/a.js:3:4)\n");
        let made = primary(&text);
        assert_eq!(
            printed(&made),
            ["f@/srv/a.js:1:2", "g@/srv/a.js:3:4"],
            "{mark}"
        );
        assert_eq!(made.message.as_deref(), Some("x"), "{mark}");
    }
    let made = primary(
        "Error: x\n    at f (/a.js:1:2)\n    ... collapsed 44 duplicate lines matching above 2 lines 22 times...\n    ... skipping 50 frames\n    at g (/a.js:3:4)",
    );
    assert_eq!(
        printed(&made),
        ["f@/a.js:1:2", "...44", "...50", "g@/a.js:3:4"]
    );
}

#[test]
fn engines_of_old() {
    let opera = "Error thrown at line 42, column 12 in <anonymous function: make>() in http://p/f.js:\n    this.undef();\ncalled from line 15, column 3 in http://p/f.js:\n    foo();";
    let made = primary(opera);
    assert_eq!(
        printed(&made),
        ["make@http://p/f.js:42:12", "-@http://p/f.js:15:3"]
    );
    assert_eq!(
        made.plain_frames()
            .next_back()
            .unwrap()
            .source_line
            .as_deref(),
        Some("this.undef();")
    );
    let rhino = "TypeError: x\n\tat test.js:12 (inner)\n\tat test.js:20 (outer)\n";
    assert_eq!(
        printed(&primary(rhino)),
        ["inner@test.js:12:-", "outer@test.js:20:-"]
    );
}

#[test]
fn a_cut_off_stack_is_partial() {
    assert!(one("Error: x\n    at f (/srv/a.js:1:2)\n    at g (/srv/b").partial);
    assert!(one("Error: x\n    at f (/srv/a.js:1:2) {\n  code: 'X',").partial);
    assert!(!one("Error: x\n    at f (/srv/a.js:1:2)\n").partial);
}

#[test]
fn colours_are_taken_out() {
    let text = "x \x1b[31mError: red\x1b[39m\n\x1b[90m    at f (/srv/\x1b[39ma.js:1:2\x1b[90m)\x1b[39m\nend";
    let trace = one(text);
    assert_eq!(printed(&trace.exceptions[0]), ["f@/srv/a.js:1:2"]);
    assert!(text[trace.start..].starts_with("Error: red"));
}

/// Twice the text, at most little more than twice the work.
#[test]
fn work_grows_with_the_text() {
    let seeds: &[&str] = &[
        "a",
        "(",
        ")",
        " (",
        "@",
        "a@",
        " line 1 > ",
        "Error ",
        "Error [",
        "Error: [",
        ":1",
        "at ",
        "\n",
        " ",
        "    at f (x:1:2)\n",
        "f@http://h/x.js:1:2\n",
        "[Error: x] {\n",
        "  [cause]: Error: x\n",
        "text\n",
        "    at f (x:1:2)\ntext\n",
        "    at f (x:1:2) {\n  [cause]: Error: y\n",
        "Error: x\n    at f (x:1:2)\n",
        "  [errors]: [\n    Error: x\n",
        "(eval at x ",
        "http://h/",
        "Caused by: Error: x\n    at f (x:1:2)\n",
        "... 5 lines matching cause stack trace ...\n",
        "\x1b[0m",
        "Line 1 of linked script x\n",
        "stack: |-\n a\n",
        "Error: x:\na@http://a/x:1:2\nb@http://b/x:1:2\n",
        "^\n",
        "Thrown at:\n",
        "a * b@",
        "Uncaught ",
        "[x] ",
    ];
    for seed in seeds {
        for head in ["", "Error: x\n    at f (/x.js:1:2) {\n", "    at "] {
            let text = |size: usize| {
                let mut text = head.to_owned();
                while text.len() < size {
                    text.push_str(seed);
                }
                text
            };
            let (small, large) = (text(20_000), text(40_000));
            let work = |text: &str| work::count(|| drop(find(text)));
            let (one, two) = (work(&small), work(&large));
            assert!(
                two <= one * 5 / 2 + 2_000,
                "{head:?} and {seed:?}: {one} steps, then {two}"
            );
        }
    }
    // deeper and deeper, which costs blanks as well
    let nested = |depth: usize| {
        let mut text = String::new();
        for level in 0..depth {
            text.push_str(&" ".repeat(level * 2));
            text.push_str("[cause]: Error: x {\n");
        }
        text
    };
    let per_byte = |text: &str| work::count(|| drop(find(text))) / text.len();
    assert!(per_byte(&nested(200)) <= 2 * per_byte(&nested(100)).max(8));
}

#[test]
fn blanks_behind_a_name_that_ends_a_line_are_none_of_it() {
    // A character of several bytes stands where the blank would be counted from.
    let trace = one("2 \u{fffd}Error \n    at run (a.js:1:2)");
    assert_eq!(trace.start, "2 ".len());
    assert_eq!(
        trace.exceptions[0].type_name.as_deref(),
        Some("\u{fffd}Error")
    );
    assert_eq!(trace.exceptions[0].message.as_deref().unwrap_or(""), "");
}
