//! The JavaScript reader against stacks that engines printed: the fixtures beside this file, and the shared corpus
//! where it is at hand (`GUWU_SHARED`, or `../shared` beside the repository).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its cases has failed"
)]

mod json;

use guwu_core::model::{Exception, Frame, StackEntry, Trace, primary};
use guwu_core::trace::javascript::find;
use json::Value;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn fixtures() -> Vec<(String, String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/javascript");
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .map(|path| {
            let expected = std::fs::read_to_string(path.with_extension("json")).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (
                name,
                std::fs::read_to_string(&path).unwrap(),
                json::parse(&expected),
            )
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

/// Anonymous spellings and native places of the labels are no name and no file.
fn plain<'v>(value: Option<&'v Value>, none: &[&str]) -> Option<&'v str> {
    value
        .and_then(Value::text)
        .filter(|text| !text.is_empty() && !none.contains(text))
}

const ANONYMOUS: &[&str] = &[
    "?",
    "<unknown>",
    "<anonymous>",
    "Anonymous function",
    "<anonymous function>",
    "anonymous",
    "(anonymous function)",
];
const NATIVE: &[&str] = &[
    "native",
    "(native)",
    "[native code]",
    "<anonymous>",
    "native code",
];

fn number(value: Option<&Value>) -> Option<u32> {
    value.and_then(Value::number).map(|n| n as u32)
}

/// A key that is missing, or a frame that is null, is not asserted.
fn same_frame(want: &Value, got: &Frame) -> bool {
    let name = |text: &Value| {
        let text = text
            .text()
            .map(|t| t.strip_prefix("async ").unwrap_or(t).to_owned());
        text.filter(|t| !t.is_empty() && !ANONYMOUS.contains(&t.as_str()))
    };
    let place = |want: &Value| {
        want.get("file")
            .is_none_or(|f| plain(Some(f), NATIVE) == plain_text(got.file.as_deref(), NATIVE))
            && want.get("line").is_none_or(|l| number(Some(l)) == got.line)
            && want
                .get("column")
                .is_none_or(|c| number(Some(c)) == got.column)
    };
    want.is_null()
        || want.get("function").is_none_or(|f| name(f) == got.function)
            && (place(want)
                || want
                    .get("alt")
                    .is_some_and(|alt| alt.items().iter().any(place)))
}

fn plain_text<'t>(text: Option<&'t str>, none: &[&str]) -> Option<&'t str> {
    text.filter(|text| !none.contains(text))
}

fn same_frames(want: &Value, oldest_first: bool, got: &Exception) -> Result<(), String> {
    let real = |f: &&Value| f.is_null() || f.get("function").is_some() || f.get("file").is_some();
    let mut want: Vec<_> = want.items().iter().filter(real).collect();
    if !oldest_first {
        want.reverse();
    }
    let got: Vec<_> = got.frames.iter().filter_map(StackEntry::frame).collect();
    if want.len() != got.len() {
        return Err(format!("{} frames, not {}", got.len(), want.len()));
    }
    for (at, (want, got)) in want.iter().zip(&got).enumerate() {
        if !same_frame(want, got) {
            return Err(format!("frame {at}: {got:?}, not {want:?}"));
        }
    }
    Ok(())
}

/// Compares what was found with one labelled case.
fn check(case: &Value, traces: &[Trace]) -> Result<(), String> {
    let oldest_first = case.get("order").and_then(Value::text) == Some("innermost_last");
    if let Some(chain) = case.get("expected_exceptions") {
        let mut found: Vec<_> = traces.iter().flat_map(|t| &t.exceptions).collect();
        for want in chain.items() {
            let kind = want.get("type").and_then(Value::text);
            let frames = want.get("frames").ok_or("a case without frames")?;
            let hit = found.iter().position(|got| {
                (kind.is_none() || kind == got.type_name.as_deref())
                    && (same_frames(frames, false, got).is_ok()
                        || same_frames(frames, true, got).is_ok())
            });
            found.remove(hit.ok_or_else(|| format!("exception {kind:?} not found"))?);
        }
        return if found.is_empty() {
            Ok(())
        } else {
            Err(format!("{} exceptions too many", found.len()))
        };
    }
    let frames = case.get("expected_frames").ok_or("a case without frames")?;
    let Some(got) = traces.last().and_then(|trace| primary(&trace.exceptions)) else {
        return if frames.items().is_empty() {
            Ok(())
        } else {
            Err("nothing found".to_owned())
        };
    };
    same_frames(frames, oldest_first, got)?;
    let header = case.get("header").is_some_and(Value::is_true)
        || case.get("header_matches").is_some_and(Value::is_true)
        || case
            .get("id")
            .and_then(Value::text)
            .is_some_and(|id| id.ends_with("+header"));
    let generated = case
        .get("source")
        .and_then(Value::text)
        .is_none_or(|s| s.starts_with("generated"));
    if header && generated {
        for (key, got) in [
            ("expected_type", &got.type_name),
            ("expected_message", &got.message),
        ] {
            let want = case.get(key).and_then(Value::text);
            if want.is_some() && want != got.as_deref() {
                return Err(format!("{key}: {got:?}, not {want:?}"));
            }
        }
    }
    Ok(())
}

#[test]
fn fixtures_are_read_exactly() {
    let cases = fixtures();
    assert!(cases.len() >= 40, "{} fixtures", cases.len());
    for (name, text, case) in cases {
        if let Err(why) = check(&case, &find(&text)) {
            panic!("{name}: {why}");
        }
    }
}

/// What comes before and after an error in a process's output does not change what is read.
#[test]
fn fixtures_are_read_in_the_midst_of_other_output() {
    for (name, text, case) in fixtures() {
        // a stack without its header would take the line above for its message
        if !case.get("header").is_some_and(Value::is_true) {
            continue;
        }
        let around =
            format!("2026-02-05 05:33:10 listening on :8080\n{text}\n2026-02-05 05:33:11 bye\n");
        if let Err(why) = check(&case, &find(&around)) {
            panic!("{name}: {why}");
        }
    }
}

#[test]
fn line_ends_of_windows_change_nothing() {
    for (name, text, case) in fixtures() {
        if text.contains("expected_message")
            || case
                .get("expected_message")
                .and_then(Value::text)
                .is_some_and(|m| m.contains('\n'))
        {
            continue;
        }
        if let Err(why) = check(&case, &find(&text.replace('\n', "\r\n"))) {
            panic!("{name}: {why}");
        }
    }
}

fn shared(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("GUWU_SHARED").map_or_else(beside, PathBuf::from);
    std::fs::read_to_string(folder.join("corpus").join(name)).ok()
}

#[test]
fn every_real_engine_of_the_corpus_is_read_exactly() {
    let Some(corpus) = shared("js_engines.jsonl") else {
        eprintln!("skipped: no shared corpus beside the repository");
        return;
    };
    for line in corpus.lines() {
        let case = json::parse(line);
        let text = case.get("input").and_then(Value::text).unwrap();
        if let Err(why) = check(&case, &find(text)) {
            panic!("{:?}: {why}", case.get("id"));
        }
    }
}

/// Cases of other parsers' own suites. What differs is listed, case by case, in javascript_contested.md.
#[test]
fn other_suites_agree_but_for_the_contested_cases() {
    let Some(corpus) = shared("js_peers.jsonl") else {
        eprintln!("skipped: no shared corpus beside the repository");
        return;
    };
    let contested = include_str!("javascript_contested.md");
    let mut unlisted = Vec::new();
    for line in corpus.lines() {
        let case = json::parse(line);
        let id = case.get("id").and_then(Value::text).unwrap();
        let text = case.get("input").and_then(Value::text).unwrap();
        let labels_differ = case.get("contested_by").is_some_and(|by| !by.is_null());
        if labels_differ {
            continue;
        }
        let listed = contested.contains(&format!("`{id}`"));
        match check(&case, &find(text)) {
            Ok(()) if listed => unlisted.push(format!("{id}: is listed and agrees")),
            Err(why) if !listed => unlisted.push(format!("{id}: {why}")),
            _ => {}
        }
    }
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
}

fn stack_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("    at f (/srv/a.js:1:2)".to_owned()),
        Just("    at f (/srv/a.js:1:2) {".to_owned()),
        Just("f@http://h/ü.js:1:2".to_owned()),
        Just("eval@[native code]".to_owned()),
        Just("Error: ü".to_owned()),
        Just("[AggregateError: x] {".to_owned()),
        Just("  [cause]: TypeError: y".to_owned()),
        Just("  [errors]: [".to_owned()),
        Just("    ... 6 lines matching cause stack trace ...".to_owned()),
        Just("Caused by: Error: z".to_owned()),
        Just("Thrown at:".to_owned()),
        Just("  stack: |-".to_owned()),
        Just("  error: 'it''s\\n'".to_owned()),
        Just("Error thrown at line 1, column 2 in f(ü) in http://h/x.js:".to_owned()),
        Just("/srv/a.js:1".to_owned()),
        Just("   ^".to_owned()),
        Just("}".to_owned()),
        Just("\u{1b}[31mat\u{1b}[39m ".to_owned()),
        Just(String::new()),
        "[ -~ü\u{2028}@():\\[\\]/\\\\{}]{0,40}",
        "\\PC{0,12}",
    ];
    let line =
        (0usize..9, piece).prop_map(|(indent, piece)| format!("{}{piece}", " ".repeat(indent)));
    proptest::collection::vec(line, 0..24).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in stack_text()) {
        let mut after = 0;
        for trace in find(&text) {
            prop_assert!(trace.start <= trace.end && trace.end <= text.len());
            prop_assert!(trace.start >= after, "traces overlap");
            prop_assert!(text.get(trace.start..trace.end).is_some(), "not on a character's border");
            prop_assert!(!trace.exceptions.is_empty());
            after = trace.end;
        }
    }

    #[test]
    fn any_string_is_read_without_a_panic(text in "\\PC*") {
        find(&text);
    }

    /// A stack that is cut anywhere is still read, and never longer than it is.
    #[test]
    fn a_cut_stack_is_read_without_a_panic(which in 0usize..1000, cut in 0usize..4000) {
        let cases = fixtures();
        let (_, text, _) = &cases[which % cases.len()];
        let mut cut = cut.min(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        for trace in find(&text[..cut]) {
            prop_assert!(trace.end <= cut);
        }
    }
}
