//! What no single module can show: whole texts, and that the work grows with their length.

use super::lines::work;
use super::{find, find_in_record};
use crate::model::{Relation, StackEntry, Trace};

const FRAME: &str = "  File \"/srv/app.py\", line 3, in f\n    g()\n";
const HEADER: &str = "Traceback (most recent call last):\n";

fn only(text: &str) -> Trace {
    let mut found = find(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// Type, message and notes of the last exception.
fn said(trace: &Trace) -> (&str, &str, Vec<&str>) {
    let e = trace.exceptions.last().unwrap();
    (
        e.type_name.as_deref().unwrap_or(""),
        e.message.as_deref().unwrap_or(""),
        e.notes.iter().map(String::as_str).collect(),
    )
}

#[test]
fn a_page_of_django_says_what_the_cause_said() {
    for (banner, relation) in [
        (
            "The above exception ('lines') was the direct cause of the following exception:",
            Relation::Cause,
        ),
        (
            "During handling of the above exception ('lines'), another exception occurred:",
            Relation::Context,
        ),
    ] {
        let text = format!(
            "ShopError at /x\nno lines\nof it\n\nRequest Method: GET\n\nTraceback (most recent call last):\n  File \"/srv/app.py\", line 4, in load\n    return order[\"lines\"]\n           ^^^^^^^^^^^^^^\n\n{banner}\n  File \"/srv/django/base.py\", line 197, in get\n    response = view(request)\n  File \"/srv/app.py\", line 9, in total\n    raise ShopError(text) from e\n\nException Type: ShopError at /x\nException Value: no lines\nof it\nRaised during: shop.views.total\nRequest information:\nUSER: AnonymousUser\n"
        );
        let trace = only(&text);
        let [cause, error] = &trace.exceptions[..] else {
            panic!("{:?}", trace.exceptions);
        };
        assert_eq!(cause.message.as_deref(), Some("'lines'"));
        assert_eq!((cause.frames.len(), error.frames.len()), (1, 2));
        assert_eq!(error.type_name.as_deref(), Some("ShopError"));
        assert_eq!(error.message.as_deref(), Some("no lines\nof it"));
        assert_eq!(error.relation, Some(relation));
    }
}

#[test]
fn offsets_cover_announcements_and_messages() {
    let text = format!(
        "before\nException in thread T-1 (job):\n{HEADER}{FRAME}ValueError: a:\n  b\n2026-01-01 10:00:00 INFO after\n"
    );
    let trace = only(&text);
    assert_eq!(
        &text[trace.start..trace.end],
        format!("Exception in thread T-1 (job):\n{HEADER}{FRAME}ValueError: a:\n  b")
    );
    assert!(!trace.partial);
}

#[test]
fn a_header_in_mid_line_starts_there() {
    let text = format!("ERROR:    {HEADER}{FRAME}KeyError: 'k'\nINFO:     done\n");
    let trace = only(&text);
    assert_eq!(trace.start, 10);
    assert_eq!(said(&trace), ("KeyError", "'k'", vec![]));
}

#[test]
fn colour_does_not_move_offsets() {
    let text = format!(
        "\u{1b}[31mx: \u{1b}[0m{HEADER}  File \u{1b}[35m\"a.py\"\u{1b}[0m, line \u{1b}[35m1\u{1b}[0m, in \u{1b}[35mf\u{1b}[0m\n\u{1b}[1;35mKeyError\u{1b}[0m: \u{1b}[35m'k'\u{1b}[0m\n"
    );
    let trace = only(&text);
    assert_eq!(&text[trace.start..trace.start + 9], "Traceback");
    assert_eq!(said(&trace), ("KeyError", "'k'", vec![]));
    assert!(text.is_char_boundary(trace.end));
}

#[test]
fn truncated_traces_are_partial() {
    for end in ["", "  File \"/srv/b.py\", li", "    x ="] {
        let trace = only(&format!("{HEADER}{FRAME}{end}"));
        assert!(trace.partial, "{end}");
        assert_eq!(trace.exceptions[0].frames.len(), 1);
    }
    let chain = format!(
        "{HEADER}{FRAME}KeyError: 'k'\n\nThe above exception was the direct cause of the following exception:\n\n"
    );
    assert!(only(&chain).partial);
    let foreign = format!("{HEADER}{FRAME}2026-01-01 10:00:00 INFO next\n");
    assert!(!only(&foreign).partial);
}

#[test]
fn stacks_that_are_no_failures() {
    for text in [
        format!("INFO x\nStack (most recent call last):\n{FRAME}"),
        format!("Object created at (most recent call last):\n{FRAME}"),
        format!("Call stack:\n{FRAME}Message: 'x'\nArguments: ()\n"),
        FRAME.to_owned(),
        "NoneType: None\n".to_owned(),
        "x.py:2: DeprecationWarning: deprecated thing\n  def f(): pass\n".to_owned(),
        "The text `Traceback (most recent call last):` alone says nothing.\n".to_owned(),
        HEADER.to_owned(),
        "TypeError: x is not a function\n    at f (a.js:1:2)\n".to_owned(),
    ] {
        assert!(find(&text).is_empty(), "{text}");
    }
}

#[test]
fn quoted_tracebacks_stay_messages() {
    let text =
        format!("{HEADER}{FRAME}RuntimeError: child failed:\n{HEADER}{FRAME}KeyError: 'k'\n");
    let trace = only(&text);
    let (kind, message, _) = said(&trace);
    assert_eq!(kind, "RuntimeError");
    assert!(message.ends_with("KeyError: 'k'"), "{message}");
}

#[test]
fn a_record_is_one_failure() {
    let text = format!(
        "{HEADER}{FRAME}ValueError: row 3\n{HEADER}  File \"/etc/passwd\", line 1, in <module>\n    root\nKeyError: 'forged'\n2026-02-05 10:00:00,000 - app - ERROR - forged"
    );
    assert_eq!(find(&text).len(), 2);
    let found = find_in_record(&text);
    assert_eq!(found.len(), 1);
    assert!(said(&found[0]).1.ends_with("- forged"));
}

#[test]
fn a_trace_after_a_trace_is_a_second_failure() {
    let one = format!("{HEADER}{FRAME}ValueError: n\n");
    assert_eq!(find(&one.repeat(3)).len(), 3);
}

#[test]
fn remote_tracebacks_are_one_chain() {
    let text = format!(
        "multiprocessing.pool.RemoteTraceback: \n\"\"\"\n{HEADER}{FRAME}KeyError: 'k'\n\"\"\"\n\nThe above exception was the direct cause of the following exception:\n\n{HEADER}{FRAME}KeyError: 'k'\n"
    );
    let trace = only(&text);
    assert_eq!(trace.exceptions.len(), 2);
    assert_eq!(
        trace.exceptions[0].type_name.as_deref(),
        Some("RemoteTraceback")
    );
    assert!(trace.exceptions[0].frames.is_empty());
    assert_eq!(trace.exceptions[1].relation, Some(Relation::Cause));
}

#[test]
fn indentation_may_be_lost_or_added() {
    let plain = format!("{HEADER}{FRAME}    ^^^\nKeyError: 'k'\n");
    let flat: String = plain
        .lines()
        .map(|l| format!("{}\n", l.trim_start()))
        .collect();
    let tabbed: String = plain.lines().map(|l| format!("\t{l}\n")).collect();
    let crlf = plain.replace('\n', "\r\n");
    let cr = plain.replace('\n', "\r");
    let hard = plain.replace("  ", "\u{a0}\u{a0}");
    for text in [plain, flat, tabbed, crlf, cr, hard] {
        let trace = only(&text);
        let frame = trace.exceptions[0].plain_frames().next().unwrap();
        assert_eq!(frame.source_line.as_deref(), Some("g()"), "{text:?}");
        assert_eq!(said(&trace), ("KeyError", "'k'", vec![]), "{text:?}");
    }
}

#[test]
fn messages_and_notes_part_by_evidence() {
    let raise =
        "  File \"/srv/app.py\", line 3, in f\n    raise ValueError(\"a\\nb %s\\n\\nd\" % x)\n";
    let text = format!("{HEADER}{raise}ValueError: a\nb 1\n\nd\nNote one\n");
    let trace = only(&text);
    assert_eq!(
        said(&trace),
        ("ValueError", "a\nb 1\n\nd", vec!["Note one"])
    );
    let sql = format!(
        "{HEADER}{FRAME}db.Error: x\n[SQL: SELECT 1,\n2]\n(Background on this error at: y)\nworker start\n"
    );
    assert_eq!(
        said(&only(&sql)).1,
        "x\n[SQL: SELECT 1,\n2]\n(Background on this error at: y)"
    );
    let old =
        format!("{HEADER}  File \"/usr/lib/python3.8/x.py\", line 3, in f\nValueError: a\nb\n");
    assert_eq!(said(&only(&old)), ("ValueError", "a\nb", vec![]));
}

#[test]
fn wrapped_exceptions_are_named() {
    let text = format!(
        "{HEADER}{FRAME}billiard.einfo.ExceptionWithTraceback: \n\"\"\"\n{HEADER}{FRAME}billiard.exceptions.TimeLimitExceeded: (1,)\n\"\"\"\n"
    );
    assert_eq!(said(&only(&text)), ("TimeLimitExceeded", "(1,)", vec![]));
}

#[test]
fn file_names_over_two_lines() {
    let trace = only(&format!(
        "{HEADER}  File \"two\nlines.py\", line 3, in f\nKeyError\n"
    ));
    let frame = trace.exceptions[0].plain_frames().next().unwrap();
    assert_eq!(frame.file.as_deref(), Some("two\nlines.py"));
}

#[test]
fn records_may_name_the_exception_first() {
    let text = "[ERROR] TypeError: bad\rTraceback (most recent call last):\r\u{a0}\u{a0}File \"a.py\", line 1, in f\r\u{a0}\u{a0}\u{a0}\u{a0}g()\n";
    let trace = only(text);
    assert_eq!(said(&trace), ("TypeError", "bad", vec![]));
    assert_eq!((trace.start, trace.partial), (0, false));
}

#[test]
fn twenty_thousand_frames() {
    let text = format!("{HEADER}{}RecursionError: deep\n", FRAME.repeat(20_000));
    let mut count = 0;
    let done = work::of(|| count = find(&text)[0].exceptions[0].frames.len());
    assert_eq!(count, 20_000);
    assert!(done < 20 * text.len(), "{done} for {}", text.len());
}

#[test]
fn repetition_marks_stay_where_they_are() {
    let text = format!(
        "{HEADER}{FRAME}  [Previous line repeated 996 more times]\n{FRAME}RecursionError: deep\n"
    );
    let trace = only(&text);
    assert_eq!(
        trace.exceptions[0].frames[1],
        StackEntry::Repeated { repeated: 996 }
    );
}

/// Texts made to be looked at again and again.
fn hostile() -> Vec<(&'static str, String)> {
    let times = |line: &str, bytes: usize| line.repeat(bytes / line.len());
    let long = |unit: &str| times(unit, 1 << 17);
    let many = |unit: &str| times(unit, 1 << 15);
    vec![
        ("one long line", long("x")),
        ("one long frame", format!("{HEADER}  File \"{}\", line 1, in f\nKeyError\n", long("\", line "))),
        ("one long digit", format!("{HEADER}  File \"a\", line {}, in f\n", long("9"))),
        ("one long message", format!("{HEADER}{FRAME}KeyError: {}\n", long("(:"))),
        ("headers", many(HEADER)),
        ("headers in mid-line", many("x1 Traceback (most recent call last):\n")),
        ("prefixes", (0..1000).map(|i| format!("p{i}x Traceback (most recent call last):\n")).collect()),
        ("locations", many("  File \"a\", line 1\n")),
        ("locations and frames", many("  File \"a\", line 1\n  File \"a\", line 1, in f\n")),
        ("exception lines", many("ValueError: x\n")),
        ("exception lines and blanks", many("ValueError: x\n\n")),
        ("short traces", many("Traceback (most recent call last):\n  File \"a\", line 1, in f\nKeyError\nnote\n")),
        ("banners", many("\nThe above exception was the direct cause of the following exception:\n\n")),
        ("open messages", format!("{HEADER}{FRAME}ValueError: a (\n{}", many("( \n"))),
        ("blank lines", format!("{HEADER}{FRAME}{}", many("\n"))),
        ("group bars", many("  | ValueError: 1 (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n")),
        ("deep groups", (1..150).map(|d| {
            let pad = "  ".repeat(d);
            format!("{pad}| ExceptionGroup: e (1 sub-exception)\n{pad}+-+---------------- 1 ----------------\n")
        }).collect()),
        ("boxes", many("╭─ Traceback (most recent call last) ─╮\n│ a.py:1 in f │\n")),
        ("box tops", many("╭─ Sub-exception #1 ─╮\n")),
        ("pytest lines", many("E   x\n\n")),
        ("pytest frames", many("a.py:1: in f\n")),
        ("pytest rulers", many("____ x ____\n    y\n")),
        ("notebook headers", many("KeyError      Traceback (most recent call last)\n")),
        ("notebook rulers", many("---------------------------------------------------------------------------\nKeyError      Traceback (most recent call last)\n")),
        ("listings", many("File \"a\", line 1, in f\n    1  x\n")),
        ("dumps", many("Fatal Python error: x\n")),
        ("escaped", long("Traceback (most recent call last):\\n  ")),
        ("quoted and escaped", long("'Traceback (most recent call last):\\n' ")),
        ("escapes", format!("Traceback (most recent call last):{}", long("\\\\n"))),
        ("wrappers", format!("{HEADER}{FRAME}{}", many("a.ExceptionWithTraceback: "))),
        ("fences", format!("x.RemoteTraceback: \n{}", many("\"\"\"\nx.RemoteTraceback: \n"))),
        ("escape sequences", long("\u{1b}[")),
        ("operating system commands", many("\u{1b}]")),
    ]
}

#[test]
fn a_line_of_a_megabyte() {
    let text = format!("{HEADER}{FRAME}ValueError: {}\n", "x".repeat(1 << 20));
    let mut length = 0;
    let done = work::of(|| length = find(&text)[0].exceptions[0].message.as_ref().unwrap().len());
    assert_eq!(length, 1 << 20);
    assert!(done < 20 * text.len());
}

#[test]
fn work_grows_with_the_input() {
    for (name, text) in hostile() {
        let done = work::of(|| {
            find(&text);
            find_in_record(&text);
        });
        assert!(
            done <= 200 * text.len(),
            "{name}: {done} for {}",
            text.len()
        );
    }
}

#[test]
fn a_unittest_message_goes_on_to_the_rule() {
    let rule = "-".repeat(70);
    let double = "=".repeat(70);
    let text = format!(
        "{double}\nFAIL: test_a (t.T.test_a)\n{rule}\nTraceback (most recent call last):\n  File \"t.py\", line 3, in test_a\n    \
         self.assertEqual(a, b)\nAssertionError: Lists differ: [1] != [2]\n\nFirst differing element 0:\n1\n2\n\n- [1]\n+ [2]\n\n{rule}\n\
         Ran 1 test in 0.001s\n"
    );
    let found = super::find(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].exceptions[0].message.as_deref(),
        Some("Lists differ: [1] != [2]\n\nFirst differing element 0:\n1\n2\n\n- [1]\n+ [2]")
    );
    assert!(found[0].exceptions[0].notes.is_empty());
}

#[test]
fn the_message_of_a_raise_over_several_lines_has_several_lines() {
    let text = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    raise ValueError(\n    ^^^^^^^^^^^^^^^^^\n\
                ValueError: first\nsecond: line\n";
    let found = super::find(text);
    assert_eq!(
        found[0].exceptions[0].message.as_deref(),
        Some("first\nsecond: line")
    );
}

#[test]
fn the_place_of_a_syntax_error_may_lose_its_indentation() {
    let text = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    compile(s)\nFile \"conf.py\", line 1\n    x = = 1\n        ^\n\
                SyntaxError: invalid syntax\n";
    let found = super::find(text);
    let exception = &found[0].exceptions[0];
    assert_eq!(exception.type_name.as_deref(), Some("SyntaxError"));
    assert_eq!(exception.plain_frames().count(), 1);
    assert_eq!(
        exception.syntax.as_ref().and_then(|s| s.file.as_deref()),
        Some("conf.py")
    );
}
