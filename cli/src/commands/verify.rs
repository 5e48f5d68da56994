//! `guwu verify`: run the written tests again and record what became of them.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use guwu::project::Project;
use guwu::render::{plain, short_id};
use guwu::session;
use guwu::store::{Candidate, Filter, Group, Status, Store};
use guwu::verify::{Runner, Test, TestFile};
use guwu_core::generate::Strategy;
use guwu_core::prove::{self, Likeness, Outcome};
use serde_json::{Value, json};

use crate::args::Format;

/// A test that ran is run so many times more.
const AGAIN: u32 = 3;

/// Runs the tests of one group or of all. Exit status 1 when a test is still red.
pub fn run(id: Option<&str>, format: Format, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let mut store = Store::open(&config.state_dir)?;
    let groups = match id {
        Some(id) => vec![store.find_group(id)?],
        None => store.groups(&Filter::default())?,
    };
    let project = session::project(&config);
    let runner = session::runner(&config);
    let work = tests(&config, &store, groups)?;
    let proofs = prove_all(&runner, &project, &work)?;
    let mut rows: Vec<Value> = Vec::new();
    let mut is_red = false;
    for (task, proof) in work.iter().zip(&proofs) {
        let was_red = store
            .proofs(task.candidate.id)?
            .iter()
            .any(|p| p.outcome == Outcome::RedSame.as_str());
        let verdict = match proof.outcome {
            Outcome::Green if was_red => "guards",
            Outcome::Green => "passes, and was never seen red",
            _ => {
                is_red = true;
                proof.outcome.as_str()
            }
        };
        record(
            &mut store,
            &task.group,
            &task.candidate,
            proof,
            verdict == "guards",
        )?;
        rows.push(json!({
            "id": short_id(&task.group.fingerprint),
            "fingerprint": task.group.fingerprint,
            "test": task.candidate.node_id,
            "outcome": proof.outcome.as_str(),
            "verdict": verdict,
            "reason": proof.reason,
            "refused": proof.refused,
        }));
    }
    print(&rows, format)?;
    Ok(ExitCode::from(u8::from(is_red)))
}

/// A test of a group.
struct Task {
    group: Group,
    candidate: Candidate,
    test: Test,
}

/// The tests that the groups have: what lies in the project, and what waits for review.
fn tests(config: &Config, store: &Store, groups: Vec<Group>) -> anyhow::Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for group in groups {
        for candidate in store.candidates(&group.fingerprint)? {
            let test = match candidate.state.as_str() {
                "created" | "accepted" if config.root.join(&candidate.path).exists() => {
                    Test::Kept(candidate.path.clone())
                }
                "created" | "accepted" => {
                    eprintln!(
                        "guwu: the test `{}` is gone; if it was moved, nothing is lost, else run guwu generate {}",
                        candidate.path,
                        short_id(&group.fingerprint)
                    );
                    continue;
                }
                "staged" => match staged_text(store, &candidate) {
                    Some(content) => Test::Candidate(TestFile {
                        path: candidate.path.clone(),
                        content,
                    }),
                    None => {
                        eprintln!(
                            "guwu: `{}` is a skeleton; fill it in, then run guwu verify {}",
                            plain(&candidate.path),
                            short_id(&group.fingerprint)
                        );
                        continue;
                    }
                },
                _ => continue,
            };
            tasks.push(Task {
                group: group.clone(),
                candidate,
                test,
            });
        }
    }
    Ok(tasks)
}

/// The text of a staged test: of a skeleton what a person made of it, or nothing as long as nobody did.
fn staged_text(store: &Store, candidate: &Candidate) -> Option<String> {
    if candidate.strategy != Strategy::Skeleton.as_str() {
        return Some(candidate.content.clone());
    }
    let file = super::decide::staged_file(store, candidate)?;
    let text = std::fs::read_to_string(file).ok()?;
    (text != candidate.content).then_some(text)
}

/// Runs all together, and what ran to an end three times more: a test that is not always the same says nothing.
fn prove_all(
    runner: &Runner,
    project: &Project,
    work: &[Task],
) -> anyhow::Result<Vec<prove::Proof>> {
    let run = |places: &[usize]| -> anyhow::Result<Vec<prove::Proof>> {
        let tests: Vec<Test> = places.iter().map(|n| work[*n].test.clone()).collect();
        let runs = runner.run_tests(&tests)?;
        let judged = places.iter().zip(&runs);
        Ok(judged
            .map(|(n, run)| prove::judge(&work[*n].group.example, &project.map, run))
            .collect())
    };
    let mut proofs = run(&(0..work.len()).collect::<Vec<_>>())?;
    for _ in 0..AGAIN {
        let ran = |proof: &prove::Proof| {
            matches!(
                proof.outcome,
                Outcome::RedSame | Outcome::RedOther | Outcome::Green
            )
        };
        let places: Vec<usize> = (0..proofs.len()).filter(|n| ran(&proofs[*n])).collect();
        if places.is_empty() {
            break;
        }
        for (n, again) in places.iter().zip(run(&places)?) {
            proofs[*n] = proofs[*n].clone().and_then(&again);
        }
    }
    Ok(proofs)
}

fn record(
    store: &mut Store,
    group: &Group,
    candidate: &Candidate,
    proof: &prove::Proof,
    guards: bool,
) -> anyhow::Result<()> {
    let now = session::now();
    let detail = json!({
        "reason": proof.reason,
        "same_message": proof.message == Likeness::Same,
        "refused": proof.refused,
    });
    store.record_proof(
        &group.fingerprint,
        candidate.id,
        proof.outcome.as_str(),
        &detail.to_string(),
        &now,
    )?;
    if guards && group.status != Status::Guarded {
        store.record_outcome(
            &group.fingerprint,
            Some(candidate.id),
            "guards",
            Some(candidate.confidence),
            &now,
        )?;
        store.set_status(&group.fingerprint, Status::Guarded)?;
    }
    Ok(())
}

fn print(rows: &[Value], format: Format) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    match format {
        Format::Text => {
            if rows.is_empty() {
                eprintln!("guwu: no test to verify; run guwu scan first");
            }
            for row in rows {
                writeln!(
                    out,
                    "{}  {:<16} {}",
                    text(row, "id"),
                    text(row, "verdict"),
                    plain(&text(row, "test"))
                )?;
                let was_refused = row["refused"].as_array().is_some_and(|r| !r.is_empty());
                if text(row, "verdict") != "guards" || was_refused {
                    writeln!(out, "          {}", plain(&text(row, "reason")))?;
                }
            }
        }
        Format::Json => writeln!(
            out,
            "{}",
            json!({"schema_version": guwu_core::SCHEMA_VERSION, "tests": rows})
        )?,
        Format::Jsonl => {
            for row in rows {
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(())
}
