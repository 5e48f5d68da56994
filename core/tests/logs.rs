//! Logs that real frameworks wrote: every failure is found, however the bytes are cut and wherever reading begins.

mod common;

use std::path::{Path, PathBuf};

use guwu_core::model::{Failure, Options};
use guwu_core::record::{Checkpoint, Messages, Reader, RecordMeta, record_failures};
use proptest::prelude::*;

fn text(failure: &Failure) -> String {
    guwu_core::json::failure(failure)
}

fn read(
    bytes: &[u8],
    at: Checkpoint,
    chunk: impl Fn(usize) -> usize,
) -> (Vec<String>, Vec<(usize, Checkpoint)>) {
    let mut reader = Reader::resume(&Options::default(), at);
    let mut failures = Vec::new();
    let mut checkpoints = Vec::new();
    let mut from = usize::try_from(at.offset).expect("a small file");
    let mut turn = 0;
    while from < bytes.len() {
        let to = (from + chunk(turn).max(1)).min(bytes.len());
        reader.feed(&bytes[from..to]);
        failures.extend(reader.take());
        checkpoints.push((to, reader.checkpoint()));
        from = to;
        turn += 1;
    }
    reader.finish();
    failures.extend(reader.take());
    checkpoints.push((bytes.len(), reader.checkpoint()));
    (failures.iter().map(text).collect(), checkpoints)
}

fn whole(bytes: &[u8]) -> Vec<Failure> {
    let mut reader = Reader::new(&Options::default());
    reader.feed(bytes);
    reader.finish();
    reader.take()
}

/// How many failures each fixture holds; the numbers come from the programs that wrote them.
#[test]
fn fixtures_hold_what_their_programs_raised() {
    let expected = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs/expected.txt"),
    )
    .expect("the expectations are there");
    let mut seen = 0;
    for line in expected
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let mut words = line.split_whitespace();
        let (name, count) = (
            words.next().expect("a name"),
            words.next().expect("a number"),
        );
        let count: usize = count.parse().expect("a number");
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/logs")
            .join(name);
        let bytes = std::fs::read(&path).expect("a fixture");
        let traced = guwu_core::triage(&bytes, &Options::default())
            .iter()
            .filter(|f| {
                f.primary()
                    .is_some_and(|e| e.type_name.is_some() || e.plain_frames().next().is_some())
            })
            .count();
        assert_eq!(traced, count, "{name}");
        seen += 1;
    }
    assert_eq!(
        seen,
        common::logs("logs", 20).len(),
        "every fixture has an expectation"
    );
}

#[test]
fn byte_by_byte_is_as_at_once() {
    for path in common::logs("logs", 20) {
        let bytes = std::fs::read(&path).expect("a fixture");
        let bytes = &bytes[..bytes.len().min(24_000)];
        let at_once: Vec<String> = whole(bytes).iter().map(text).collect();
        let (single, _) = read(bytes, Checkpoint::default(), |_| 1);
        assert_eq!(single, at_once, "{}", path.display());
    }
}

/// A reader that begins at any checkpoint gives exactly the failures at or after it.
#[test]
fn reading_goes_on_at_every_checkpoint() {
    for path in common::logs("logs", 20) {
        let bytes = std::fs::read(&path).expect("a fixture");
        let all = whole(&bytes);
        let (_, mut checkpoints) = read(&bytes, Checkpoint::default(), |_| 997);
        checkpoints.dedup_by_key(|c| c.1);
        for (fed, checkpoint) in checkpoints {
            assert!(checkpoint.offset <= fed as u64);
            let (rest, _) = read(&bytes, checkpoint, |_| 4096);
            let wanted: Vec<String> = all
                .iter()
                .filter(|f| f.origin.offset >= checkpoint.offset)
                .map(text)
                .collect();
            assert_eq!(rest, wanted, "{} from {checkpoint:?}", path.display());
        }
    }
}

/// A byte order mark stands at the start alone; a reader that goes on is told of it, since what it reads first may hold no
/// Latin letter.
#[test]
fn reading_goes_on_in_a_wide_encoding() {
    let record = |text: &str| format!("2026-02-05 10:00:00,123 - app - ERROR - {text}\n");
    let filler = "失敗しました、もう一度お試しください。\n".repeat(20);
    let log = format!("{}{filler}{}", record("一"), record("二"));
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(log.encode_utf16().flat_map(u16::to_le_bytes));
    let all = whole(&bytes);
    assert_eq!(all.len(), 2);
    // Inside the filler.
    let line = 2 + log[..log.find('失').expect("the filler")]
        .encode_utf16()
        .count()
        * 2;
    let at = Checkpoint {
        offset: line as u64,
        line: 2,
    };
    let mut reader = Reader::resume(&Options::default(), at).with_head(&bytes[..512]);
    reader.feed(&bytes[line..]);
    reader.finish();
    assert_eq!(reader.take(), all[1..]);
}

/// The encoding of a source that has but a few bytes is told again when there are more.
#[test]
fn a_source_too_short_to_tell_is_read_from_its_start() {
    let mut reader = Reader::new(&Options::default());
    reader.feed(b"2\0\n\0");
    reader.finish();
    assert_eq!(reader.checkpoint().offset, 0);
}

/// What was reported before a checkpoint's moment and what is reported from it on is all there is.
#[test]
fn a_record_that_is_open_at_the_stop_still_repeats_what_came_before() {
    let header =
        |level: &str, text: &str| format!("2026-02-05 10:00:00,000 - a - {level} - {text}\n");
    for between in 20..36 {
        let mut log = header("ERROR", "order 7 failed");
        log.push_str("Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in f\n    g()\nValueError: no rate\n");
        log.push_str(&header("INFO", "going on").repeat(between));
        let open = log.len();
        log.push_str(&header("ERROR", "gave up: no rate"));
        log.push_str("the rest of it\n");
        let end = log.len();
        log.push_str(&header("INFO", "next"));
        let bytes = log.as_bytes();
        let all: Vec<u64> = whole(bytes).iter().map(|f| f.origin.offset).collect();
        for cut in open..=end {
            let mut reader = Reader::new(&Options::default());
            reader.feed(&bytes[..cut]);
            let checkpoint = reader.checkpoint();
            let mut got = reader.take();
            got.retain(|f| f.origin.offset < checkpoint.offset);
            let mut reader = Reader::resume(&Options::default(), checkpoint);
            reader.feed(&bytes[usize::try_from(checkpoint.offset).expect("a small log")..]);
            reader.finish();
            got.extend(reader.take());
            let got: Vec<u64> = got.iter().map(|f| f.origin.offset).collect();
            assert_eq!(
                got, all,
                "{between} lines between, cut at {cut}, on at {checkpoint:?}"
            );
        }
    }
}

#[test]
fn a_stop_at_any_moment_loses_nothing() {
    for path in common::logs("logs", 20) {
        let bytes = std::fs::read(&path).expect("a fixture");
        let all: Vec<(u64, String)> = whole(&bytes)
            .iter()
            .map(|f| (f.origin.offset, text(f)))
            .collect();
        for cut in [
            bytes.len() / 5,
            bytes.len() / 3,
            bytes.len() / 2,
            bytes.len() * 4 / 5,
        ] {
            let mut reader = Reader::new(&Options::default());
            reader.feed(&bytes[..cut]);
            let mut got = reader.take();
            let checkpoint = reader.checkpoint();
            let mut reader = Reader::resume(&Options::default(), checkpoint);
            reader.feed(&bytes[usize::try_from(checkpoint.offset).expect("a small file")..]);
            reader.finish();
            got.extend(reader.take());
            let mut got: Vec<(u64, String)> =
                got.iter().map(|f| (f.origin.offset, text(f))).collect();
            got.sort();
            got.dedup();
            let mut all = all.clone();
            all.sort();
            all.dedup();
            assert_eq!(got, all, "{} cut at {cut}", path.display());
        }
    }
}

#[test]
fn the_tail_lies_after_the_checkpoint_also_when_it_was_reported() {
    let log = b"INFO:a:one\nERROR:a:failed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\nKeyError: 'k'";
    let mut reader = Reader::new(&Options::default());
    reader.feed(log);
    let before = reader.checkpoint();
    reader.finish();
    assert_eq!(reader.take().len(), 1);
    assert_eq!(reader.checkpoint(), before);
    assert_eq!(
        before,
        Checkpoint {
            offset: 11,
            line: 2
        }
    );
}

#[test]
fn one_event_is_one_failure() {
    let log = "2026-01-02 03:04:05,001 - app - ERROR - Exception on /x [GET]\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\n\
        KeyError: 'node:99'\n2026-01-02 03:04:05,002 - app - ERROR - 500 Internal Server Error: 'node:99'\n\
        127.0.0.1 - - [02/Jan/2026 03:04:05] \"GET /x HTTP/1.1\" 500 -\n2026-01-02 03:05:05,002 - app - ERROR - disk full\n";
    let got = whole(log.as_bytes());
    assert_eq!(
        got.len(),
        2,
        "{:?}",
        got.iter().map(text).collect::<Vec<_>>()
    );
    assert_eq!(got[0].logger.as_deref(), Some("app"));
    assert_eq!(got[0].timestamp.as_deref(), Some("2026-01-02 03:04:05,001"));
    assert_eq!(got[1].log_message.as_deref(), Some("disk full"));
    assert_eq!(got[1].exceptions.len(), 1);
}

#[test]
fn rows_of_a_table_are_put_together() {
    let mut rows = Messages::new(&Options::default());
    let meta = RecordMeta {
        level: Some("ERROR".to_owned()),
        logger: Some("app".to_owned()),
        timestamp: None,
    };
    for (id, message) in [
        "[CLIENT] ERROR: Uncaught TypeError: x is null",
        "[CLIENT] Location: http://h/a.js:6:58",
        "[CLIENT] Stack:\nTypeError: x is null\n    at f (http://h/a.js:6:58)",
        "[CLIENT] User Agent: Mozilla/5.0",
    ]
    .iter()
    .enumerate()
    {
        rows.push(id as u64 + 7, message, &meta);
    }
    rows.finish();
    let got = rows.take();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].origin.offset, 7);
    assert_eq!(got[0].exceptions[0].type_name.as_deref(), Some("TypeError"));
    assert_eq!(got[0].exceptions[0].frames.len(), 1);
    let one = record_failures(
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 1",
        &meta,
        &Options::default(),
    );
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].level.as_deref(), Some("ERROR"));
}

#[test]
fn long_lines_and_records_are_bounded() {
    let mut log = Vec::new();
    log.extend_from_slice(b"2026-01-02 03:04:05,001 INFO a: ");
    log.resize(log.len() + (9 << 20), b'x');
    log.extend_from_slice(
        b"\n2026-01-02 03:04:05,002 ERROR a: bad\nTraceback (most recent call last):\n",
    );
    for n in 0..120_000 {
        log.extend_from_slice(
            format!("  File \"/srv/app/deep.py\", line {n}, in f\n    return f(n + 1)\n")
                .as_bytes(),
        );
    }
    let offset = log.len() as u64;
    log.extend_from_slice(b"RecursionError: deep\n2026-01-02 03:04:05,003 ERROR a: next\n");
    let got = whole(&log);
    assert_eq!(got.len(), 2);
    assert_eq!(
        got[0]
            .primary()
            .and_then(|e| e.type_name.clone())
            .as_deref(),
        Some("RecursionError")
    );
    assert_eq!(got[1].origin.offset, offset + 21);
    let (pieces, _) = read(&log, Checkpoint::default(), |turn| 30_000 + turn % 7);
    assert_eq!(pieces, got.iter().map(text).collect::<Vec<_>>());
}

/// Counts the shared corpus, where it lies beside the repository.
#[test]
fn shared_corpus() {
    let root = std::env::var("GUWU_SHARED").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let folder = root.join("corpus/logs");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: `{}` is not there", folder.display());
        return;
    };
    let mut checked = 0;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "log") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a sample");
        let at_once: Vec<String> = whole(&bytes).iter().map(text).collect();
        let (pieces, checkpoints) = read(&bytes, Checkpoint::default(), |turn| {
            1 + (turn * 7919) % 5000
        });
        assert_eq!(pieces, at_once, "{}", path.display());
        if let Some((_, middle)) = checkpoints.get(checkpoints.len() / 2) {
            let (rest, _) = read(&bytes, *middle, |_| 65_536);
            let wanted: Vec<String> = whole(&bytes)
                .iter()
                .filter(|f| f.origin.offset >= middle.offset)
                .map(text)
                .collect();
            assert_eq!(rest, wanted, "{} from {middle:?}", path.display());
        }
        checked += 1;
    }
    assert!(checked > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = whole(&bytes);
    }

    #[test]
    fn damaged_logs_are_read_alike_however_they_are_cut(
        file in 0usize..100,
        from in 0usize..100_000,
        damage in proptest::collection::vec((0usize..6000, any::<u8>()), 0..30),
        cut in 1usize..700,
    ) {
        let files = common::logs("logs", 20);
        let bytes = std::fs::read(&files[file % files.len()]).expect("a fixture");
        let from = from % bytes.len();
        let mut bytes = bytes[from..(from + 6000).min(bytes.len())].to_vec();
        for (at, byte) in damage {
            if let Some(b) = bytes.get_mut(at) {
                *b = byte;
            }
        }
        let at_once: Vec<String> = whole(&bytes).iter().map(text).collect();
        let (pieces, checkpoints) = read(&bytes, Checkpoint::default(), |turn| 1 + (turn * 31) % cut);
        prop_assert_eq!(&pieces, &at_once);
        for (_, checkpoint) in checkpoints.iter().step_by(7) {
            let (rest, _) = read(&bytes, *checkpoint, |_| 4096);
            let wanted: Vec<String> = whole(&bytes)
                .iter()
                .filter(|f| f.origin.offset >= checkpoint.offset)
                .map(text)
                .collect();
            prop_assert_eq!(&rest, &wanted);
        }
    }
}

#[test]
fn the_first_line_of_a_piece_is_looked_at() {
    let long = "x".repeat(40_000);
    let quiet = "INFO:a:b\n".repeat(20);
    let failed = format!("ERROR:a:{long}\n");
    for pieces in [
        vec![format!("{failed}{quiet}")],
        vec![quiet.clone(), failed.clone(), quiet.clone()],
        vec![quiet.clone(), "ERROR:a:x\n".to_owned(), quiet.clone()],
    ] {
        let mut reader = Reader::new(&Options::default());
        for piece in pieces {
            reader.feed(piece.as_bytes());
        }
        reader.finish();
        assert_eq!(reader.take().len(), 1);
    }
}

#[test]
fn what_the_interpreter_prints_below_a_record_is_not_the_record_s() {
    let record = "2026-11-22 13:00:00,000 - app - ERROR - cannot reach node 7\n";
    let trace = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 4, in work\n    {}[1]\nKeyError: 1\n";
    let dump = "\nCurrent thread 0x00007f6d (most recent call first):\n  File \"/srv/b.py\", line 4 in inner\n";
    for below in [
        format!("Exception in thread Thread-6 (work):\n{trace}"),
        format!("Exception ignored in: <function A.__del__ at 0x7f>\n{trace}"),
        format!("Process Process-1:\n{trace}"),
        format!("Fatal Python error: Segmentation fault\n{dump}"),
    ] {
        let found = whole(format!("{record}{below}").as_bytes());
        assert_eq!(found.len(), 2, "{below}");
        assert_eq!(
            found[0].log_message.as_deref(),
            Some("cannot reach node 7"),
            "{below}"
        );
        assert!(found[0].exceptions[0].frames.is_empty() && !found[0].partial);
        assert_eq!(found[1].level, None, "{below}");
        assert!(!found[1].exceptions[0].frames.is_empty(), "{below}");
        assert_eq!(found[1].origin.line, 2, "{below}");
    }
}

#[test]
fn what_the_end_of_a_log_cuts_is_not_told_as_a_whole() {
    let record = "2026-11-22 13:00:00,000 - app - ERROR - job 7 failed\nTraceback (most recent call last):\n  File \"/srv/a.py\", line 4, in work\n    {}[1]\n";
    for (end, partial) in [
        ("Attri", true),
        ("app.core.serv", true),
        ("KeyError: 1\n\nThe above excep", true),
        (
            "KeyError: 1\n\nThe above exception was the direct cause of the following exception:\n\nTrace",
            true,
        ),
        ("KeyError: 1", false),
        ("KeyError: 1\n", false),
        ("AppStop\n", false),
    ] {
        let found = whole(format!("{record}{end}").as_bytes());
        assert_eq!(found.len(), 1, "{end}");
        assert_eq!(found[0].partial, partial, "{end}");
        assert_eq!(found[0].exceptions[0].frames.is_empty(), partial, "{end}");
        assert_eq!(
            found[0].log_message.as_deref(),
            Some("job 7 failed"),
            "{end}"
        );
    }
}

/// Streams, shapes and damage side by side, with stretches longer and shorter than the window that is looked back.
fn mixture() -> String {
    let trace = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 4, in work\n    {}[1]\nKeyError: 1\n";
    let forged = "ERROR:a:x\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: row\nTraceback (most recent \
        call last):\n  File \"/etc/passwd\", line 1, in <module>\n    root\nKeyError: 'forged'\n2026-02-05 10:00:00,000 - app - ERROR - no\n";
    let docker = |stream: &str, text: &str| {
        format!("{{\"log\":{text:?},\"stream\":\"{stream}\",\"time\":\"x\"}}\n")
    };
    let mut log = "INFO:a:fresh\n    File \"/srv/a.py\", line 130, in decode\n        129  def decode(blob):\n    --> 130      return blob\n\n"
        .to_owned();
    log += &docker("stdout", "    at eval (a.js:1:2)\n");
    log += "    UnicodeDecodeError: x\n";
    for gap in [3, 70] {
        log += "web-1  | 2026-02-05 10:00:00,000 INFO start\nweb-1  | plain\n";
        log += &docker("stderr", "ERROR:a:b");
        log += &docker("stdout", "INFO:a:quiet\n");
        log += forged;
        log += &"plain output\n".repeat(gap);
        log += &docker("stderr", " went on\n");
        log += "{\n  \"level\": \"info\",\n  \"message\": \"spread\"\n}\ntext behind it\n";
        log += &trace
            .lines()
            .fold(String::new(), |all, line| all + "web-1  | " + line + "\n");
        log += "2026-02-05T10:00:00.1Z stderr P Trace\n2026-02-05T10:00:00.1Z stderr F back (most recent call last):\n";
        log += "INFO:a:fresh\n";
        log += &"web-2  | quiet\n".repeat(gap);
        log += "2026-02-05 10:00:01,000 - app - ERROR - Error reading order 7: 1\n";
        log += trace;
        log += "web-2  | ERROR:a:late\n{\"level\": \"ERROR\", \"message\": \"json\"}\nheadless\n";
        log += trace;
    }
    log
}

#[test]
fn a_stop_at_any_byte_of_a_mixture_makes_no_difference() {
    let log = mixture();
    let bytes = log.as_bytes();
    let key = |f: &Failure| (f.origin.offset, text(f));
    let mut all: Vec<_> = whole(bytes).iter().map(key).collect();
    all.sort();
    assert!(all.len() > 12);
    for cut in (0..bytes.len()).step_by(11) {
        for ended in [false, true] {
            let mut reader = Reader::new(&Options::default());
            reader.feed(&bytes[..cut]);
            if ended {
                reader.finish();
            }
            let at = reader.checkpoint();
            let mut got = reader.take();
            got.retain(|f| f.origin.offset < at.offset);
            let mut reader = Reader::resume(&Options::default(), at);
            reader.feed(&bytes[usize::try_from(at.offset).expect("a small file")..]);
            reader.finish();
            got.extend(reader.take());
            let mut got: Vec<_> = got.iter().map(key).collect();
            got.sort();
            assert_eq!(
                got, all,
                "stopped at byte {cut}, told so: {ended}, went on at {at:?}"
            );
        }
    }
}
