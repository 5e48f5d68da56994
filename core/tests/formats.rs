//! One log for each format and each shape of a record: everything that a record says about its failure is read.

mod common;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use guwu_core::model::{Failure, Options, Platform};
use guwu_core::record::{Checkpoint, Reader};

fn read(bytes: &[u8], at: Checkpoint) -> Vec<Failure> {
    let mut reader = Reader::resume(&Options::default(), at);
    reader.feed(&bytes[usize::try_from(at.offset).expect("a small file")..]);
    reader.finish();
    reader.take()
}

/// platform, type, message, frames, level, logger, text of the record, time
fn line(failure: &Failure) -> String {
    let last = failure.exceptions.last().expect("an exception");
    let platform = match failure.platform {
        Platform::Python => "python",
        Platform::JavaScript => "javascript",
    };
    let text = |value: &Option<String>| {
        value
            .as_deref()
            .map_or("-".to_owned(), |value| value.replace('\n', "\\n"))
    };
    format!(
        "{platform}|{}|{}|{}|{}|{}|{}|{}",
        text(&last.type_name),
        text(&last.message),
        last.frames.len(),
        text(&failure.level),
        text(&failure.logger),
        text(&failure.log_message),
        text(&failure.timestamp),
    )
}

#[test]
fn what_a_record_says_is_read_in_every_format() {
    let mut wrong = Vec::new();
    for path in common::logs("formats", 100) {
        let bytes = std::fs::read(&path).expect("a fixture");
        let found: Vec<String> = read(&bytes, Checkpoint::default())
            .iter()
            .map(line)
            .collect();
        let found = found.join("\n") + "\n";
        let want = std::fs::read_to_string(path.with_extension("want")).unwrap_or_default();
        if found != want {
            wrong.push(format!("{}\n{found}instead of\n{want}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_format_depends_on_where_reading_stopped() {
    let paths = common::logs("formats", 100);
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    reads_the_same_from_everywhere(path);
                }
            });
        }
    });
}

fn reads_the_same_from_everywhere(path: &Path) {
    let bytes = std::fs::read(path).expect("a fixture");
    let all = read(&bytes, Checkpoint::default());
    let whole: Vec<String> = all.iter().map(line).collect();
    let step = 1 + bytes.len() / 125;
    for cut in (0..bytes.len()).step_by(step) {
        let mut reader = Reader::new(&Options::default());
        reader.feed(&bytes[..cut]);
        let told = reader.take().len();
        let at = reader.checkpoint();
        let before = all.iter().filter(|f| f.origin.offset < at.offset);
        let mut both: Vec<String> = before.map(line).collect();
        assert!(told >= both.len(), "{} at {cut}", path.display());
        let rest = read(&bytes, at);
        both.extend(
            rest.iter()
                .filter(|f| f.origin.offset >= at.offset)
                .map(line),
        );
        assert_eq!(both, whole, "{} at {cut}", path.display());
    }
}
