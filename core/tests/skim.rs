//! Big pieces of a log are skimmed where they lie and known records are not read again; small pieces are read line by
//! line. Both ways give the same failures, at the same places, and stop at the same checkpoints.

use std::path::Path;

use guwu_core::model::Options;
use guwu_core::record::{Checkpoint, Reader, Skimmer};
use proptest::prelude::*;

/// Small enough that a reader never looks further than at the line in hand.
const LITTLE: usize = 700;

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "log"))
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| std::fs::read(path).expect("a log");
    let files: Vec<Vec<u8>> = paths.iter().map(read).collect();
    assert!(files.len() >= 20, "fixtures are missing");
    files
}

type Read = (Vec<String>, Checkpoint, Checkpoint);

fn ended(mut reader: Reader, mut failures: Vec<String>) -> Read {
    let before = reader.checkpoint();
    reader.finish();
    failures.extend(reader.take().iter().map(guwu_core::json::failure));
    (failures, before, reader.checkpoint())
}

fn pieces(log: &[u8], mut length: impl FnMut() -> usize) -> Read {
    let mut reader = Reader::new(&Options::default());
    let mut failures = Vec::new();
    let mut rest = log;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(length().clamp(1, rest.len()));
        reader.feed(now);
        failures.extend(reader.take().iter().map(guwu_core::json::failure));
        rest = later;
    }
    ended(reader, failures)
}

fn blocks(log: &[u8], size: usize) -> Read {
    let skimmer = Skimmer::new();
    let mut reader = Reader::new(&Options::default());
    let mut failures = Vec::new();
    for block in log.chunks(size) {
        reader.feed_block(&skimmer.skim(block.to_vec()));
        let found = reader.take_found();
        failures.extend(
            found
                .into_iter()
                .map(|f| guwu_core::json::failure(&f.into_failure())),
        );
    }
    ended(reader, failures)
}

/// Reads a log in every way; gives the number of its failures.
fn alike(log: &[u8], lengths: &[usize]) -> Result<usize, TestCaseError> {
    let slow = pieces(log, || LITTLE);
    prop_assert_eq!(&pieces(log, || log.len()), &slow);
    let mut turns = lengths.iter().copied().cycle();
    prop_assert_eq!(&pieces(log, || turns.next().unwrap_or(1)), &slow);
    prop_assert_eq!(&blocks(log, lengths[0].max(40_000)), &slow);
    Ok(slow.0.len())
}

fn quiet(lines: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for n in 0..lines {
        let line = match n % 4 {
            0 => format!(
                "10.0.{}.7 - - [05/Feb/2026:10:00:00 +0000] \"GET /docs/errors?id={n} HTTP/1.1\" 200 {n}\n",
                n % 255
            ),
            1 => format!(
                "2026-02-05 10:00:00,{:03} - app.orders - INFO - request {n} done\n",
                n % 1000
            ),
            2 => format!(
                "{{\"timestamp\": \"2026-02-05 10:00:00,{:03}\", \"level\": \"INFO\", \"message\": \"batch {n}\"}}\n",
                n % 1000
            ),
            _ => format!(
                "2026-02-05 10:00:00,{:03} - app.orders - INFO - catalog {n} without errors\n",
                n % 1000
            ),
        };
        out.extend_from_slice(line.as_bytes());
    }
    out
}

/// Lines of a text, at most so many bytes of it, from one of its lines on.
fn lines_from(text: &[u8], from: usize, most: usize) -> &[u8] {
    let from = from % text.len().max(1);
    let begin = last_line_end(&text[..from]).map_or(0, |at| at + 1);
    let cut = &text[begin..text.len().min(begin + most)];
    &cut[..last_line_end(cut).map_or(cut.len(), |at| at + 1)]
}

fn last_line_end(text: &[u8]) -> Option<usize> {
    text.iter().rposition(|b| *b == b'\n')
}

#[test]
fn every_log_among_quiet_lines_and_twice() {
    let (far, near) = (quiet(480), quiet(40));
    for text in fixtures() {
        let text = lines_from(&text, 0, 6_000);
        let later: Vec<u8> = String::from_utf8_lossy(text)
            .replace(":13:", ":14:")
            .replace(":33:", ":34:")
            .into_bytes();
        let log = [&far, text, &near, &later, text, &far].concat();
        alike(&log, &[90_000, 1, 33_000, 5]).expect("the same in every way");
    }
}

#[test]
fn a_long_line_loses_its_middle_in_every_way() {
    let long = format!(
        "ERROR:app:x {} KeyError: 'a' {}\n",
        "y".repeat(2_500_000),
        "z".repeat(3_000_000)
    );
    let log = [&quiet(400)[..], long.as_bytes(), &quiet(400)].concat();
    let slow = pieces(&log, || 300_000);
    assert_eq!(slow.0.len(), 1);
    assert_eq!(pieces(&log, || log.len()), slow);
    assert_eq!(blocks(&log, 512 << 10), slow);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn random_logs_are_read_alike_in_every_way(
        parts in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0usize..200_000, 200usize..4000, 0usize..500, 1usize..4),
            1..4,
        ),
        again in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        lengths in proptest::collection::vec(1usize..200_000, 1..6),
    ) {
        let fixtures = fixtures();
        let cut: Vec<&[u8]> = parts
            .iter()
            .map(|(file, from, most, ..)| lines_from(&fixtures[file.index(fixtures.len())], *from, *most))
            .collect();
        let mut log = Vec::new();
        for (text, (.., gap, times)) in cut.iter().zip(&parts) {
            for _ in 0..*times {
                log.extend_from_slice(text);
                log.extend(quiet(*gap));
            }
        }
        for text in &again {
            log.extend_from_slice(cut[text.index(cut.len())]);
            log.extend(quiet(450));
        }
        for (at, byte) in damage {
            let at = at.index(log.len().max(1));
            if let Some(place) = log.get_mut(at) {
                *place = byte;
            }
        }
        alike(&log, &lengths)?;
    }
}
