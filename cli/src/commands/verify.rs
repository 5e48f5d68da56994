//! `guwu verify`: run the written tests again and record what became of them.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use guwu::render::{plain, short_id};
use guwu::session;
use guwu::store::{Candidate, Filter, Group, Status, Store};
use guwu_core::prove::{self, Outcome};
use serde_json::{Value, json};

use crate::args::Format;

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
    let mut rows: Vec<Value> = Vec::new();
    let mut is_red = false;
    for group in &groups {
        for candidate in store.candidates(&group.fingerprint)? {
            let run = match candidate.state.as_str() {
                "created" | "accepted" => {
                    let file = config.root.join(&candidate.path);
                    if !file.exists() {
                        eprintln!(
                            "guwu: the test `{}` is gone; if it was moved, nothing is lost, else run guwu generate {}",
                            candidate.path,
                            short_id(&group.fingerprint)
                        );
                        continue;
                    }
                    runner.run_file(&file)?
                }
                "staged" => runner.run_candidate(&candidate.path, &candidate.content)?,
                _ => continue,
            };
            let proof = prove::judge(&group.example, &project.map, &run);
            let was_red = store
                .proofs(candidate.id)?
                .iter()
                .any(|p| p.outcome == Outcome::RedAsRecorded.as_str());
            let verdict = match proof.outcome {
                Outcome::Green if was_red => "guards",
                Outcome::Green => "passes, and was never seen red",
                _ => {
                    is_red = true;
                    proof.outcome.as_str()
                }
            };
            record(&mut store, group, &candidate, &proof, verdict == "guards")?;
            rows.push(json!({
                "id": short_id(&group.fingerprint),
                "fingerprint": group.fingerprint,
                "test": candidate.node_id,
                "outcome": proof.outcome.as_str(),
                "verdict": verdict,
                "reason": proof.reason,
            }));
        }
    }
    print(&rows, format)?;
    Ok(ExitCode::from(u8::from(is_red)))
}

fn record(
    store: &mut Store,
    group: &Group,
    candidate: &Candidate,
    proof: &prove::Proof,
    guards: bool,
) -> anyhow::Result<()> {
    let now = session::now();
    let detail = json!({"reason": proof.reason, "same_message": proof.is_same_message});
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
                if text(row, "verdict") != "guards" {
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
