//! The Python trace reader against what programs printed: fixtures with their truth, the shared corpus where it is at hand,
//! and texts that nobody wrote.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guwu_core::model::{Exception, Relation, StackEntry, Trace};
use guwu_core::trace::python::{find, find_in_record};
use proptest::prelude::*;

#[path = "fixtures/python/document.rs"]
mod document;
use document::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Why an exception is not the expected one; a key that the expectation leaves out is not asserted.
fn differs(want: &Value, got: &Exception) -> Option<String> {
    if let Some(kind) = want.get("type").and_then(Value::text) {
        let full = match (&got.module, &got.type_name) {
            (Some(module), Some(name)) => format!("{module}.{name}"),
            (_, name) => name.clone().unwrap_or_default(),
        };
        let last = kind.rsplit('.').next().unwrap_or(kind);
        if kind != full && Some(last) != got.type_name.as_deref() {
            return Some(format!("type {full:?}, not {kind:?}"));
        }
    }
    if let Some(message) = want.get("message").and_then(Value::text) {
        let found = got.message.as_deref().unwrap_or("");
        if message != found {
            return Some(format!("message {found:?}, not {message:?}"));
        }
    }
    let path: Vec<u32> = want
        .list("group_path")
        .iter()
        .filter_map(|n| n.number())
        .map(|n| n as u32)
        .collect();
    if path != got.group_path {
        return Some(format!("group path {:?}, not {path:?}", got.group_path));
    }
    if let Some(notes) = want.get("notes").filter(|notes| !notes.is_empty()) {
        let want: Option<Vec<&str>> = notes
            .as_list()
            .map(|l| l.iter().filter_map(Value::text).collect());
        if want.as_deref() != Some(&got.notes.iter().map(String::as_str).collect::<Vec<_>>()[..]) {
            return Some(format!("notes {:?}, not {notes:?}", got.notes));
        }
    }
    if let Some(relation) = want.get("relation") {
        let found = got.relation.map(|r| match r {
            Relation::Cause => "cause",
            Relation::Context => "context",
            Relation::Member => "member",
        });
        if relation.text() != found {
            return Some(format!("relation {found:?}, not {relation:?}"));
        }
    }
    frames_differ(want.list("frames"), &got.frames)
}

fn frames_differ(want: &[Value], got: &[StackEntry]) -> Option<String> {
    if want.len() != got.len() {
        return Some(format!("{} entries, not {}", got.len(), want.len()));
    }
    for (index, (want, got)) in want.iter().zip(got).enumerate() {
        let number = |key: &str| want.get(key).and_then(Value::number);
        let same = match got {
            StackEntry::Repeated { repeated } => number("repeated") == Some(*repeated),
            StackEntry::Elided { elided } => number("elided") == Some(*elided),
            StackEntry::Frame(frame) => {
                let text = |key: &str, found: &Option<String>| {
                    want.get(key).is_none_or(|v| v.text() == found.as_deref())
                };
                text("file", &frame.file)
                    && text("function", &frame.function)
                    && number("line") == frame.line.map(u64::from)
            }
        };
        if !same {
            return Some(format!("entry {index}: {got:?}, not {want:?}"));
        }
    }
    None
}

fn compare(want: &[&[Value]], got: &[Trace]) -> Result<(), String> {
    if want.len() != got.len() {
        return Err(format!("{} traces, not {}", got.len(), want.len()));
    }
    for (want, got) in want.iter().zip(got) {
        if want.len() != got.exceptions.len() {
            return Err(format!(
                "{} exceptions, not {}",
                got.exceptions.len(),
                want.len()
            ));
        }
        for (index, (want, got)) in want.iter().zip(&got.exceptions).enumerate() {
            if let Some(why) = differs(want, got) {
                return Err(format!("exception {index}: {why}"));
            }
        }
    }
    Ok(())
}

#[test]
fn fixtures_are_read_as_they_happened() {
    let folder = root().join("tests/fixtures/python");
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    names.sort();
    assert!(names.len() >= 70, "{} fixtures", names.len());
    let mut wrong = Vec::new();
    for path in names {
        let text = std::fs::read_to_string(&path).unwrap();
        let truth =
            Value::parse(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let want: Vec<&[Value]> = truth
            .list("traces")
            .iter()
            .map(|t| t.as_list().unwrap())
            .collect();
        if let Err(why) = compare(&want, &find(&text)) {
            wrong.push(format!(
                "{}: {why}",
                path.file_stem().unwrap().to_string_lossy()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Folder of the shared corpora; tests that use them are skipped where it is absent.
fn shared() -> Option<PathBuf> {
    let beside = || {
        root()
            .parent()
            .and_then(Path::parent)
            .map(|p| p.join("shared"))
    };
    let folder = std::env::var_os("GUWU_SHARED")
        .map(PathBuf::from)
        .or_else(beside)?;
    folder.is_dir().then_some(folder)
}

/// Ids in the page of contested labels: the first word in backticks of each list item.
fn contested() -> BTreeSet<String> {
    let page =
        std::fs::read_to_string(root().join("tests/python_contested.md")).unwrap_or_default();
    page.lines()
        .filter_map(|line| line.strip_prefix("- `"))
        .filter_map(|line| line.split('`').next())
        .map(str::to_owned)
        .collect()
}

/// The expectation of a row of the corpus.
fn expected(case: &Value) -> Vec<Vec<Value>> {
    if case.get("trace_count").and_then(Value::number) == Some(0) {
        return Vec::new();
    }
    let traces = case.list("traces");
    if !traces.is_empty() {
        return traces
            .iter()
            .map(|t| t.list("exceptions").to_vec())
            .collect();
    }
    if !case.list("exceptions").is_empty() {
        return vec![case.list("exceptions").to_vec()];
    }
    let mut frames = case.list("expected_frames").to_vec();
    if case.get("order").and_then(Value::text) == Some("innermost_first") {
        frames.reverse();
    }
    let kept = |key: &str| case.get(key).cloned().unwrap_or(Value::Null);
    vec![vec![Value::Object(vec![
        ("type".to_owned(), kept("expected_type")),
        ("message".to_owned(), kept("expected_message")),
        ("frames".to_owned(), Value::List(frames)),
    ])]]
}

#[test]
fn the_shared_corpus_is_read_but_for_contested_labels() {
    let Some(folder) = shared() else {
        eprintln!("skipped: no shared corpora at hand");
        return;
    };
    let rows = std::fs::read_to_string(folder.join("corpus/python.jsonl")).unwrap();
    let contested = contested();
    let (mut seen, mut wrong) = (0, Vec::new());
    for row in rows.lines() {
        let case = Value::parse(row).unwrap();
        let id = case.get("id").and_then(Value::text).unwrap().to_owned();
        let input = case.get("input").and_then(Value::text).unwrap();
        let want = expected(&case);
        let want: Vec<&[Value]> = want.iter().map(Vec::as_slice).collect();
        seen += 1;
        match (compare(&want, &find(input)), contested.contains(&id)) {
            (Err(why), false) => wrong.push(format!("{id}: {why}")),
            (Ok(()), true) => wrong.push(format!(
                "{id}: is read as labelled and need not be contested"
            )),
            _ => {}
        }
    }
    assert!(seen > 400, "{seen} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Pieces that traces are made of, and things that break them.
const PIECES: &[&str] = &[
    "Traceback (most recent call last):\n",
    "  + Exception Group Traceback (most recent call last):\n",
    "  |   File \"a.py\", line 1, in f\n",
    "  | ExceptionGroup: eg (2 sub-exceptions)\n",
    "  +-+---------------- 1 ----------------\n",
    "    +---------------- 2 ----------------\n",
    "    +------------------------------------\n",
    "    | ValueError: 1\n",
    "  File \"a.py\", line 1, in f\n",
    "  File \"a.py\", line 1\n",
    "  File \"a.py\", line 1 in f\n",
    "  File \"ü\n",
    "    x = [1]\n",
    "        ~~^^\n",
    "  [Previous line repeated 3 more times]\n",
    "ValueError: x:\n",
    "multiprocessing.pool.RemoteTraceback: \n",
    "x.ExceptionWithTraceback: \n",
    "\"\"\"\n",
    "\n",
    "The above exception was the direct cause of the following exception:\n",
    "During handling of the above exception, another exception occurred:\n",
    "Fatal Python error: Aborted\n",
    "Current thread 0x01 (most recent call first):\n",
    "╭─ Traceback (most recent call last) ─╮\n",
    "│ a.py:1 in f │\n",
    "│ ❱ 1 │ x │\n",
    "╰──╯\n",
    "╭─ Sub-exception #1 ─╮\n",
    "____ test_x ____\n",
    "a.py:1: in f\n",
    "a.py:1: KeyError\n",
    "E   KeyError: 'k'\n",
    ">   x\n",
    "KeyError      Traceback (most recent call last)\n",
    "Cell In[1], line 3\n",
    "----> 3 x\n",
    "--> 3 x\n",
    "web_1 | ",
    "2026-01-01 10:00:00 ",
    "\\n",
    "\\\\n",
    "\u{1b}[31m",
    "\u{a0}",
    "\r",
    "é'\"",
];

fn sound(text: &str) -> Result<(), TestCaseError> {
    for trace in find(text).into_iter().chain(find_in_record(text)) {
        prop_assert!(trace.start <= trace.end && trace.end <= text.len());
        prop_assert!(text.is_char_boundary(trace.start) && text.is_char_boundary(trace.end));
        prop_assert!(!trace.exceptions.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        sound(&text)?;
    }

    #[test]
    fn spliced_pieces_are_survived(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        sound(&pieces.concat())?;
    }

    #[test]
    fn traces_cut_and_joined_are_survived(
        pieces in prop::collection::vec((prop::sample::select(PIECES), 0..40usize, ".{0,3}"), 0..30)
    ) {
        let mut text = String::new();
        for (piece, cut, filling) in pieces {
            let mut cut = cut.min(piece.len());
            while !piece.is_char_boundary(cut) {
                cut -= 1;
            }
            text.push_str(&piece[..cut]);
            text.push_str(&filling);
            text.push_str(piece);
        }
        sound(&text)?;
    }
}
