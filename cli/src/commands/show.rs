//! `guwu list` and `guwu show`: what the store knows. They change nothing.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;
use guwu::config::{Config, Overrides};
use guwu::render;
use guwu::store::{Candidate, Filter, Group, Proof, Status, Store};
use guwu_core::correlate::Gap;
use serde_json::{Value, json};

use crate::args::Format;

/// Prints one line a group. Exit status 1 when there is something that waits for the developer.
pub fn list(all: bool, format: Format, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let Some(store) = Store::open_read_only(&config.state_dir)? else {
        eprintln!(
            "guwu: nothing stored yet in `{}`; run guwu scan",
            config.state_dir.display()
        );
        return Ok(ExitCode::SUCCESS);
    };
    let mut groups = store.groups(&Filter::default())?;
    if !all {
        groups.retain(|g| !matches!(g.status, Status::Noise | Status::Rejected | Status::Guarded));
    }
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            for group in &groups {
                writeln!(out, "{}", render::group_line(group))?;
            }
        }
        Format::Json => {
            let rows: Vec<Value> = groups.iter().map(render::group_json).collect();
            writeln!(
                out,
                "{}",
                json!({"schema_version": guwu_core::SCHEMA_VERSION, "groups": rows})
            )?;
        }
        Format::Jsonl => {
            for group in &groups {
                writeln!(out, "{}", render::group_json(group))?;
            }
        }
    }
    let waits = groups.iter().any(|g| {
        matches!(
            g.status,
            Status::New | Status::Tested | Status::Staged | Status::Skeleton
        )
    });
    Ok(ExitCode::from(u8::from(waits)))
}

/// Prints everything about a group.
pub fn show(id: &str, format: Format, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let store = Store::open_read_only(&config.state_dir)?.ok_or_else(|| {
        anyhow!(
            "nothing stored yet in `{}`; run guwu scan first",
            config.state_dir.display()
        )
    })?;
    let group = store.find_group(id)?;
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            let (gap, candidates) = details(&store, &group)?;
            write!(
                out,
                "{}",
                render::show_text(&group, gap.as_ref(), &candidates)
            )?;
        }
        Format::Json | Format::Jsonl => writeln!(out, "{}", document(&store, &group)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The JSON of a group with gap, candidates and proofs.
pub fn document(store: &Store, group: &Group) -> anyhow::Result<Value> {
    let (gap, candidates) = details(store, group)?;
    Ok(render::show_json(group, gap.as_ref(), &candidates))
}

pub type Details = (Option<Gap>, Vec<(Candidate, Vec<Proof>)>);

pub fn details(store: &Store, group: &Group) -> anyhow::Result<Details> {
    let gap = store
        .gap(&group.fingerprint)?
        .and_then(|text| serde_json::from_str(&text).ok());
    let mut candidates = Vec::new();
    for candidate in store.candidates(&group.fingerprint)? {
        let proofs = store.proofs(candidate.id)?;
        candidates.push((candidate, proofs));
    }
    Ok((gap, candidates))
}
