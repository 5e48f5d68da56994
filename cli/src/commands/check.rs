//! `guwu check`: what the pytest plugin calls at the end of a run. Reads the logs, writes tests, tells what is new, once.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use guwu::config::{Config, Overrides};
use guwu::render::{plain, short_id};
use guwu::session;
use guwu::store::{Filter, Group, Status, Store};
use guwu_core::alert::{self, Item, Test};
use guwu_core::correlate::Gap;
use guwu_core::generate::Strategy;

use super::scan;
use crate::args::Color;

/// Kind of the outcome that says that a group was told.
const TOLD: &str = "told";

/// Prints the alert, or nothing. Exit status 1 when something was said.
pub fn run(read_only: bool, color: Color, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let config = Config::load(Path::new("."), overrides)?;
    if !config.enabled {
        return Ok(ExitCode::SUCCESS);
    }
    let read_only = read_only || config.read_only;
    let items = if read_only {
        let Some(store) = Store::open_read_only(&config.state_dir)? else {
            return Ok(ExitCode::SUCCESS);
        };
        items(&store, &[])?.0
    } else {
        let mut store = Store::open(&config.state_dir)?;
        for notice in store.notices() {
            eprintln!("guwu: {}", plain(notice));
        }
        let mut again = Vec::new();
        if config.log_monitoring {
            let report = scan::read_logs(&config, &mut store, &[])?;
            for problem in &report.problems {
                eprintln!("guwu: {}", plain(problem));
            }
            again = report.seen_again;
        }
        // The caller ends us at its limit; what is not done by then is taken up by the next run.
        let budget = Duration::from_secs(config.timeout).mul_f64(0.7);
        scan::develop_new(&config, &mut store, Some(started + budget))?;
        let (items, fingerprints) = items(&store, &again)?;
        print(&items, color)?;
        for fingerprint in fingerprints {
            store.record_outcome(&fingerprint, None, TOLD, None, &session::now())?;
        }
        return Ok(ExitCode::from(u8::from(!items.is_empty())));
    };
    print(&items, color)?;
    Ok(ExitCode::from(u8::from(!items.is_empty())))
}

fn print(items: &[Item], color: Color) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let text = alert::alert(items);
    let text = if color.is_on() { painted(&text) } else { text };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The heads of an alert in colour: yellow for what is told, red for what needs somebody.
fn painted(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let (color, head) = if line.starts_with("CRITICAL:") {
                ("1;31", line.trim_end())
            } else if line.starts_with("[Gu Wu]") {
                ("33", "[Gu Wu]")
            } else {
                return line.to_owned();
            };
            format!("\u{1b}[{color}m{head}\u{1b}[0m{}", &line[head.len()..])
        })
        .collect()
}

/// What has not been told yet, with the fingerprints.
fn items(store: &Store, again: &[String]) -> anyhow::Result<(Vec<Item>, Vec<String>)> {
    let told: Vec<String> = store
        .outcomes()?
        .into_iter()
        .filter(|o| o.kind == TOLD)
        .map(|o| o.fingerprint)
        .collect();
    let mut items = Vec::new();
    let mut fingerprints = Vec::new();
    for group in store.groups(&Filter::default())? {
        let came_back = group.status == Status::Guarded && again.contains(&group.fingerprint);
        let is_fresh = !told.contains(&group.fingerprint)
            && matches!(
                group.status,
                Status::Tested | Status::Staged | Status::Skeleton | Status::Advised
            );
        if !is_fresh && !came_back {
            continue;
        }
        items.push(item(store, &group, came_back)?);
        fingerprints.push(group.fingerprint);
    }
    // Proven tests first, the surest on top.
    let mut order: Vec<usize> = (0..items.len()).collect();
    let weight = |i: &Item| {
        i.test
            .as_ref()
            .map_or(0.0, |t| t.confidence + f64::from(u8::from(t.is_created)))
    };
    order.sort_by(|a, b| weight(&items[*b]).total_cmp(&weight(&items[*a])));
    let items = order.into_iter().map(|i| items[i].clone()).collect();
    Ok((items, fingerprints))
}

fn item(store: &Store, group: &Group, came_back: bool) -> anyhow::Result<Item> {
    let primary = group.example.primary();
    let gap: Option<Gap> = store
        .gap(&group.fingerprint)?
        .and_then(|text| serde_json::from_str(&text).ok());
    let place = gap
        .as_ref()
        .and_then(|g| g.chain.iter().rfind(|l| l.in_trace));
    let candidate = store
        .candidates(&group.fingerprint)?
        .into_iter()
        .rfind(|c| matches!(c.state.as_str(), "created" | "staged"));
    let test = match candidate {
        None => None,
        Some(candidate) => {
            let proof = store
                .proofs(candidate.id)?
                .first()
                .and_then(|p| serde_json::from_str::<serde_json::Value>(&p.detail).ok())
                .and_then(|d| Some(d.get("reason")?.as_str()?.to_owned()))
                .unwrap_or_default();
            Some(Test {
                layer: candidate.layer.clone(),
                path: candidate.path.clone(),
                is_created: candidate.state == "created",
                is_skeleton: candidate.strategy == Strategy::Skeleton.as_str(),
                confidence: candidate.confidence,
                proof,
            })
        }
    };
    Ok(Item {
        id: short_id(&group.fingerprint).to_owned(),
        type_name: primary
            .and_then(|e| e.type_name.clone())
            .unwrap_or_else(|| "error".to_owned()),
        message: primary.and_then(|e| e.message.clone()).unwrap_or_default(),
        file: place.map(|l| l.file.clone()),
        function: place.map(|l| l.name.clone()),
        count: group.count,
        test,
        reason: String::new(),
        came_back,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn colour_changes_no_text() {
        let text = "[Gu Wu] one\n\nCRITICAL: two\n   three\n";
        assert_eq!(
            super::painted(text),
            "\u{1b}[33m[Gu Wu]\u{1b}[0m one\n\n\u{1b}[1;31mCRITICAL: two\u{1b}[0m\n   three\n"
        );
    }
}
