//! First lines of records as the standard library's `logging` writes them with formats of one's own: each is a record, with its
//! level, logger and message. `fixtures/headers/generate.py` writes the lines; `fixtures/headers/inexact.txt` says what is read
//! in those of which not everything is.

use guwu_core::model::{Failure, Options};
use guwu_core::record::Reader;

/// The failures of a line between two harmless ones.
fn read(line: &str) -> Vec<Failure> {
    let harmless = line.replace("ERROR", "INFO");
    let log = format!("{harmless}\n{line}\n{harmless}\n");
    let mut reader = Reader::new(&Options::default());
    reader.feed(log.as_bytes());
    reader.finish();
    reader.take()
}

/// level, logger and message of the failure of a line, if it is one.
fn parts(line: &str) -> Option<String> {
    let found = read(line);
    let [failure] = &found[..] else {
        return None;
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    Some(format!(
        "{}\t{}\t{}",
        text(&failure.level),
        text(&failure.logger),
        text(&failure.log_message)
    ))
}

#[test]
fn every_format_of_logging_begins_records() {
    let rows = include_str!("fixtures/headers/headers.tsv");
    let mut inexact = String::new();
    let mut lost = Vec::new();
    for row in rows.lines() {
        let mut columns = row.splitn(4, '\t');
        let want: Vec<&str> = columns.by_ref().take(3).collect();
        let line = columns.next().expect("four columns");
        match parts(line) {
            None => lost.push(line),
            Some(read) if read == want.join("\t") => {}
            Some(read) => {
                inexact.push_str(&format!("{line}\n    {}\n", read.replace('\t', " | ")));
            }
        }
    }
    assert!(rows.lines().count() > 2000);
    assert!(lost.is_empty(), "lost:\n{}", lost.join("\n"));
    assert_eq!(inexact, include_str!("fixtures/headers/inexact.txt"));
}
