//! `guwu accept`, `guwu reject` and `guwu generate`: the developer's word on a group.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use guwu::config::{Config, Overrides};
use guwu::develop::{content_hash, write_free};
use guwu::render::{plain, short_id};
use guwu::session;
use guwu::store::{Candidate, Group, Status, Store};

/// Takes a group's test over: a staged one moves into the project's tests, a created one is confirmed.
pub fn accept(id: &str, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let mut store = Store::open(&config.state_dir)?;
    let group = store.find_group(id)?;
    let mut accepted = Vec::new();
    for candidate in store.candidates(&group.fingerprint)? {
        match candidate.state.as_str() {
            "created" => accepted.push(candidate.path.clone()),
            "staged" => {
                let staged = staged_file(&store, &candidate);
                // What the developer changed in the staged file is what is taken over.
                let content = match &staged {
                    Some(path) => fs::read_to_string(path).with_context(|| {
                        format!("cannot read `{}`; check its permissions", path.display())
                    })?,
                    None => candidate.content.clone(),
                };
                let path =
                    write_free(&config.root, &candidate.path, &content).with_context(|| {
                        format!(
                            "cannot write `{}`; check the folder's permissions",
                            candidate.path
                        )
                    })?;
                if let Some(staged) = staged {
                    fs::remove_file(&staged).with_context(|| {
                        format!("cannot remove `{}`; remove it by hand", staged.display())
                    })?;
                }
                accepted.push(path);
            }
            _ => continue,
        }
        store.set_candidate_state(candidate.id, "accepted")?;
        store.record_outcome(
            &group.fingerprint,
            Some(candidate.id),
            "accepted",
            Some(candidate.confidence),
            &session::now(),
        )?;
    }
    if accepted.is_empty() {
        bail!(
            "group `{}` has no test that waits; see guwu show {}",
            short_id(&group.fingerprint),
            short_id(&group.fingerprint)
        );
    }
    store.set_status(&group.fingerprint, Status::Accepted)?;
    for path in accepted {
        println!("accepted {}", plain(&path));
    }
    Ok(ExitCode::SUCCESS)
}

/// Drops a group's test. A file is removed only when nobody edited it.
pub fn reject(id: &str, reason: Option<&str>, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let mut store = Store::open(&config.state_dir)?;
    let group = store.find_group(id)?;
    for candidate in store.candidates(&group.fingerprint)? {
        let file = match candidate.state.as_str() {
            "created" => Some(config.root.join(&candidate.path)),
            "staged" => staged_file(&store, &candidate),
            _ => continue,
        };
        if let Some(file) = file.filter(|f| f.exists()) {
            let is_untouched = fs::read_to_string(&file)
                .is_ok_and(|text| content_hash(&text) == candidate.content_hash);
            if is_untouched {
                fs::remove_file(&file).with_context(|| {
                    format!("cannot remove `{}`; remove it by hand", file.display())
                })?;
                println!("removed {}", plain(&candidate.path));
            } else {
                eprintln!(
                    "guwu: `{}` was edited, so it stays; remove it by hand if it is not wanted",
                    file.display()
                );
            }
        }
        store.set_candidate_state(candidate.id, "rejected")?;
        store.record_outcome(
            &group.fingerprint,
            Some(candidate.id),
            "rejected",
            Some(candidate.confidence),
            &session::now(),
        )?;
    }
    store.set_status(&group.fingerprint, Status::Rejected)?;
    let because = reason
        .map(|r| format!(": {}", plain(r)))
        .unwrap_or_default();
    println!("rejected {}{because}", short_id(&group.fingerprint));
    Ok(ExitCode::SUCCESS)
}

/// Works on a group again, whatever became of it before.
pub fn generate(id: &str, dry_run: bool, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let mut store = Store::open(&config.state_dir)?;
    let group: Group = store.find_group(id)?;
    if dry_run {
        return try_candidates(&config, &store, &group);
    }
    let developed = super::scan::develop(&config, &mut store, std::slice::from_ref(&group), None)?;
    for done in developed {
        match done.kept {
            Some(kept) => println!(
                "{} ({:.0} %): {}",
                kept.path,
                kept.confidence * 100.0,
                plain(&done.reason)
            ),
            None => println!("no test: {}", plain(&done.reason)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints every candidate of a group with what one run of it showed.
fn try_candidates(config: &Config, store: &Store, group: &Group) -> anyhow::Result<ExitCode> {
    let project = guwu::session::project(config);
    let runner = guwu::session::runner(config);
    let workshop = guwu::develop::Workshop {
        config,
        project: &project,
        runner: &runner,
        now: guwu::session::now(),
        deadline: None,
        environment: RefCell::default(),
    };
    for trial in workshop.trials(store, group)? {
        println!(
            "{} {} {} ({:.0} %): {}",
            plain(&trial.path),
            trial.strategy,
            trial.outcome,
            trial.confidence * 100.0,
            plain(&trial.reason)
        );
        for line in trial.content.lines() {
            println!("    {}", plain(line));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a staged candidate's file lies, if it is still there.
pub fn staged_file(store: &Store, candidate: &Candidate) -> Option<std::path::PathBuf> {
    let name = candidate.path.rsplit('/').next()?;
    let (stem, ending) = name.rsplit_once('.')?;
    let folder = store.generated_tests();
    let header = format!("# fingerprint: {}", candidate.fingerprint);
    std::iter::once(name.to_owned())
        .chain((2..100).map(|n| format!("{stem}_{n}.{ending}")))
        .map(|name| folder.join(name))
        .find(|path| fs::read_to_string(path).is_ok_and(|text| text.contains(&header)))
}
