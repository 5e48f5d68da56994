//! `guwu prove`: run tests on the present code and on other code, and say which fail here and pass there.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use guwu::config::{Config, Overrides};
use guwu::render::plain;
use guwu::session;
use guwu::store::{Filter, Store};
use guwu::verify::revision::Elsewhere;
use guwu::verify::{Runner, Scratch, Test, TestFile};
use guwu_core::model::Failure;
use guwu_core::prove::{self, Outcome, Run};
use serde_json::{Value, json};

use crate::args::Format;

/// A test file and the failure it stands for, where it is Gu Wu's.
struct Proving {
    file: TestFile,
    failure: Option<Failure>,
}

/// What one side showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Pass,
    Fail,
    Error,
}

/// Exit status 0 when every test fails here and passes there.
pub fn run(
    tests: &[String],
    fixed: &str,
    format: Format,
    overrides: &Overrides,
) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let tests = match tests.is_empty() {
        true => kept(&config)?,
        false => named(&config, tests)?,
    };
    let elsewhere = Elsewhere::open(&config.root, fixed)?;
    let here = session::runner(&config);
    let there = Runner {
        root: elsewhere.root().to_owned(),
        // What is installed from this project is that one's, too.
        aliases: vec![config.root.clone()],
        scratch: Scratch::default(),
        skip: other_skip(&config, elsewhere.root()),
        ..here.clone()
    };
    let files: Vec<Test> = tests.iter().map(|t| Test::Named(t.file.clone())).collect();
    let before = here.run_tests(&files)?;
    let after = there.run_tests(&files)?;
    let project = session::project(&config);
    let mut rows = Vec::new();
    for ((test, before), after) in tests.iter().zip(&before).zip(&after) {
        // A test that can not even be collected fails for the recorded reason when that is the failure itself.
        let is_same = test
            .failure
            .as_ref()
            .map(|failure| prove::judge(failure, &project.map, before).outcome == Outcome::RedSame);
        let (first, second) = (side(before, is_same == Some(true)), side(after, false));
        let mut refused = [before.refused.as_slice(), &after.refused].concat();
        refused.sort();
        refused.dedup();
        rows.push(json!({
            "test": test.file.path,
            "verdict": verdict(first, second),
            "before": told(first, before),
            "after": told(second, after),
            "same_failure": is_same,
            "refused": refused,
        }));
    }
    let is_proven = !rows.is_empty() && rows.iter().all(|row| row["verdict"] == "fail-to-pass");
    print(&rows, fixed, format)?;
    Ok(ExitCode::from(u8::from(!is_proven)))
}

/// The tests of the store that lie in the project.
fn kept(config: &Config) -> anyhow::Result<Vec<Proving>> {
    let mut tests: Vec<Proving> = Vec::new();
    let Some(store) = Store::open_read_only(&config.state_dir)? else {
        return Ok(tests);
    };
    for group in store.groups(&Filter::default())? {
        for candidate in store.candidates(&group.fingerprint)? {
            let is_kept = matches!(candidate.state.as_str(), "created" | "accepted");
            let is_new = tests.iter().all(|test| test.file.path != candidate.path);
            if is_kept && is_new && config.root.join(&candidate.path).is_file() {
                let file = read(config, &candidate.path)?;
                let failure = Some(group.example.clone());
                tests.push(Proving { file, failure });
            }
        }
    }
    Ok(tests)
}

/// The named files; a name is a path, from the working directory or from the project's root.
fn named(config: &Config, names: &[String]) -> anyhow::Result<Vec<Proving>> {
    let known = kept(config)?;
    let root = config.root.canonicalize()?;
    let mut tests: Vec<Proving> = Vec::new();
    for name in names {
        let path = [Path::new(name).to_owned(), config.root.join(name)]
            .into_iter()
            .find(|path| path.is_file());
        let Some(path) = path else {
            bail!(
                "there is no test file `{}`; name a file of the project",
                plain(name)
            );
        };
        let path = path.canonicalize()?;
        let Ok(inside) = path.strip_prefix(&root) else {
            bail!(
                "`{}` lies outside the project; copy it into the project's tests",
                plain(name)
            );
        };
        let inside = inside.to_string_lossy().replace('\\', "/");
        if tests.iter().any(|test| test.file.path == inside) {
            continue;
        }
        let failure = known
            .iter()
            .find(|test| test.file.path == inside)
            .and_then(|test| test.failure.clone());
        let file = read(config, &inside)?;
        tests.push(Proving { file, failure });
    }
    Ok(tests)
}

fn read(config: &Config, path: &str) -> anyhow::Result<TestFile> {
    let content = fs::read_to_string(config.root.join(path))
        .with_context(|| format!("cannot read `{}`; check its permissions", plain(path)))?;
    Ok(TestFile {
        path: path.to_owned(),
        content,
    })
}

/// Gu Wu's folder of the other project.
fn other_skip(config: &Config, root: &Path) -> Vec<std::path::PathBuf> {
    let inside = config.state_dir.strip_prefix(&config.root).ok();
    inside
        .filter(|inside| !inside.as_os_str().is_empty())
        .map(|inside| root.join(inside))
        .into_iter()
        .collect()
}

fn side(run: &Run, is_same: bool) -> Side {
    if is_same {
        Side::Fail
    } else if run.timed_out {
        Side::Error
    } else if run.failed > 0 {
        Side::Fail
    } else if run.passed > 0 && run.errors == 0 {
        Side::Pass
    } else {
        Side::Error
    }
}

fn verdict(before: Side, after: Side) -> &'static str {
    match (before, after) {
        (Side::Fail, Side::Pass) => "fail-to-pass",
        (Side::Fail, Side::Fail) => "fails-both",
        (Side::Pass, Side::Pass) => "passes-both",
        (Side::Pass, Side::Fail) => "pass-to-fail",
        (Side::Error, _) | (_, Side::Error) => "error",
    }
}

/// A side in words: `fails (KeyError: 'label')`.
fn told(side: Side, run: &Run) -> String {
    let why = match run.seen.iter().rfind(|seen| !seen.is_logged) {
        Some(seen) => format!("{}: {}", seen.type_name, seen.message),
        None if run.timed_out => "time limit".to_owned(),
        None if run.failed + run.errors + run.passed == 0 => "no test ran".to_owned(),
        None => run
            .output
            .trim_end()
            .lines()
            .last()
            .unwrap_or("no output")
            .to_owned(),
    };
    let why: String = why
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(160)
        .collect();
    match side {
        Side::Pass => "passes".to_owned(),
        Side::Fail => format!("fails ({why})"),
        Side::Error => format!("error ({why})"),
    }
}

fn print(rows: &[Value], fixed: &str, format: Format) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let text = |row: &Value, key: &str| plain(row[key].as_str().unwrap_or_default());
    match format {
        Format::Text => {
            if rows.is_empty() {
                eprintln!("guwu: no test to prove; run guwu scan first, or name a test file");
            }
            for row in rows {
                writeln!(out, "{:<12}  {}", text(row, "verdict"), text(row, "test"))?;
                if row["verdict"] != "fail-to-pass" {
                    writeln!(out, "              here {}", text(row, "before"))?;
                    writeln!(out, "              there {}", text(row, "after"))?;
                }
            }
        }
        Format::Json => writeln!(
            out,
            "{}",
            json!({"schema_version": guwu_core::SCHEMA_VERSION, "fixed": fixed, "tests": rows})
        )?,
        Format::Jsonl => {
            for row in rows {
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(())
}
