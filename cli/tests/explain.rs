//! `guwu explain`, run as a user runs it, and docs/patterns.md, which is its output.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not run the program has to stop"
)]

use std::process::{Command, Output};

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guwu"))
        .arg("explain")
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn one_page() {
    let output = explain(&["gw101"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with(
        "GW101 call does not fit the signature\nPython, layer integration, worth a test\n"
    ));
    for part in [
        "What it means: ",
        "Why tests miss it: ",
        "How to test it: ",
        "Example:",
        "Next: ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn noise_says_why() {
    let text = stdout(&explain(&["GW902"]));
    assert!(
        text.contains("not worth a test by itself; noise: "),
        "{text}"
    );
}

#[test]
fn json_names_every_pattern() {
    let output = explain(&["--all", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema_version"], 1);
    let rows = document["patterns"].as_array().unwrap();
    assert!(rows.len() >= 40, "{}", rows.len());
    let row = rows.iter().find(|row| row["code"] == "GW701").unwrap();
    assert_eq!(row["platform"], "javascript");
    assert_eq!(row["worth_test"], true);
}

#[test]
fn an_unknown_code_leads_to_the_nearest() {
    let output = explain(&["GW119"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    let text = stderr(&output);
    assert!(
        text.contains("`GW119`") && text.contains("did you mean `GW118`"),
        "{text}"
    );

    let text = stderr(&explain(&["\u{1b}[31mkeyerror"]));
    assert!(
        text.contains("guwu explain --all") && !text.contains('\u{1b}'),
        "{text}"
    );

    assert_eq!(explain(&[]).status.code(), Some(2));
}

#[test]
fn the_page_in_docs_is_this_output() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/patterns.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let printed = stdout(&explain(&["--all", "--format", "markdown"]));
    assert!(
        written == printed,
        "docs/patterns.md is out of step; write it with `guwu explain --all --format markdown > docs/patterns.md`"
    );
}
