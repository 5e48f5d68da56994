//! The command line prints, byte for byte, what core returns, and both are what was reviewed.
//!
//! `tests/parity.test.mjs` holds the npm package against the same binary and the same fixtures.
//! `GUWU_BLESS=1 cargo test -p guwu-tests` writes the expectations anew; read the diff before you commit it.

use std::process::Command;

use guwu_core::model::Options;
use guwu_tests::{fixtures, fixtures_dir, guwu_binary};
use serde_json::Value;

fn core_lines(name: &str, input: &[u8]) -> Vec<String> {
    let options = Options {
        source: name.to_owned(),
        ..Options::default()
    };
    guwu_core::triage(input, &options)
        .iter()
        .map(guwu_core::json::failure)
        .collect()
}

#[test]
fn the_command_line_prints_what_core_returns() {
    let binary = guwu_binary();
    for fixture in fixtures() {
        let run = Command::new(&binary)
            .args(["triage", "--format", "jsonl", &fixture.name])
            .current_dir(fixtures_dir())
            .output()
            .unwrap_or_else(|error| panic!("cannot run `{}`: {error}", binary.display()));
        let printed = String::from_utf8(run.stdout).expect("JSON is UTF-8");
        let printed: Vec<&str> = printed.lines().collect();
        assert_eq!(
            printed,
            core_lines(&fixture.name, &fixture.input),
            "{}",
            fixture.name
        );
        assert_eq!(
            run.status.code(),
            Some(1),
            "{}: failures were found",
            fixture.name
        );
    }
}

#[test]
fn the_failures_are_those_that_were_reviewed() {
    let bless = std::env::var_os("GUWU_BLESS").is_some();
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let failures: Vec<Value> = core_lines(&fixture.name, &fixture.input)
            .iter()
            .map(|line| serde_json::from_str(line).expect("core writes valid JSON"))
            .collect();
        assert!(!failures.is_empty(), "no failure in `{}`", fixture.name);
        let text = serde_json::to_string_pretty(&failures).expect("JSON") + "\n";
        if bless {
            std::fs::write(&fixture.expected, &text).expect("a writable expectation");
        } else if std::fs::read_to_string(&fixture.expected).ok() != Some(text) {
            wrong.push(fixture.name);
        }
    }
    assert!(
        wrong.is_empty(),
        "differ from what was reviewed: {wrong:?}; see the diff after `GUWU_BLESS=1 cargo test -p guwu-tests`"
    );
}
