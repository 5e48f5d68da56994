//! `guwu doctor`: what keeps failures of this project from being seen, and what would change that. It changes nothing.

mod print;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use guwu::source::{self, SourceSpec};
use guwu::store::{Filter, Store, StoreError};
use guwu::{project, session};
use guwu_core::doctor::{self, Change, SilentHandler};

use crate::args::Format;

/// So many handlers are printed unless all are asked for.
const SHOWN: usize = 20;

/// Something that is amiss besides handlers.
struct Problem {
    /// `logs`, `python`, `store`, `log-setup`.
    check: &'static str,
    file: Option<String>,
    line: Option<u32>,
    words: String,
    advice: String,
}

/// What is in order.
struct Facts {
    python: Option<String>,
    logs: Vec<String>,
    groups: Option<usize>,
}

/// Examines the project. Exit status 1 when something was found.
pub fn run(all: bool, format: Format, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let mut problems = Vec::new();
    let facts = Facts {
        python: python(&config, &mut problems),
        logs: logs(&config, &mut problems),
        groups: store(&config, &mut problems),
    };
    let project = project::read(&config);
    for lost in doctor::lost_records(&project.map) {
        problems.push(Problem {
            check: "log-setup",
            file: Some(lost.file),
            line: Some(lost.line),
            words: format!("`{}`: {}", lost.name, lost.words),
            advice: lost.advice,
        });
    }
    let report = doctor::silent_handlers(&project.map);
    let shown = match format {
        Format::Text if !all => report.handlers.len().min(SHOWN),
        _ => report.handlers.len(),
    };
    let changes = changes(&config, &report.handlers[..shown]);
    match format {
        Format::Text => print::text(&config, &facts, &problems, &report, &changes)?,
        Format::Json | Format::Jsonl => print::json(format, &facts, &problems, &report, &changes)?,
    }
    let found = !problems.is_empty() || !report.handlers.is_empty();
    Ok(ExitCode::from(u8::from(found)))
}

fn python(config: &Config, problems: &mut Vec<Problem>) -> Option<String> {
    let runner = session::runner(config);
    match runner.versions() {
        Ok(versions) => Some(format!("{} ({versions})", runner.python.display())),
        Err(error) => {
            problems.push(told("python", &error.to_string()));
            None
        }
    }
}

/// A message of ours as a problem: what is wrong before the last semicolon, what to do behind it.
fn told(check: &'static str, message: &str) -> Problem {
    let (words, advice) = message.rsplit_once("; ").unwrap_or((message, ""));
    Problem {
        check,
        file: None,
        line: None,
        words: words.to_owned(),
        advice: advice.to_owned(),
    }
}

fn logs(config: &Config, problems: &mut Vec<Problem>) -> Vec<String> {
    let specs = source::discover(&config.root, &config.logs);
    if specs.is_empty() && config.logs.is_empty() {
        problems.push(told(
            "logs",
            &format!(
                "no log found below `{}`, so no failure can be seen; let the application log to a file and set `logs` in guwu.toml",
                config.root.display()
            ),
        ));
    }
    for pattern in &config.logs {
        let named = source::discover(&config.root, std::slice::from_ref(pattern));
        let is_there = named.iter().any(|spec| match spec {
            SourceSpec::File { path, .. } | SourceSpec::Table { path, .. } => path.exists(),
            SourceSpec::Stdin => true,
        });
        if !is_there {
            problems.push(told(
                "logs",
                &format!("`{pattern}` in `logs` names no log that is there; correct it in guwu.toml, or start the application once"),
            ));
        }
    }
    let mut found = Vec::new();
    for spec in specs {
        let (SourceSpec::File { path, name, .. } | SourceSpec::Table { path, name, .. }) = spec
        else {
            continue;
        };
        match fs::File::open(&path) {
            Ok(_) => found.push(name),
            // Told above by its pattern.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => problems.push(told(
                "logs",
                &format!(
                    "cannot read `{name}`: {error}; make it readable for the user that runs guwu"
                ),
            )),
        }
    }
    found
}

fn store(config: &Config, problems: &mut Vec<Problem>) -> Option<usize> {
    let folder = &config.state_dir;
    if folder.exists() {
        writable(folder, problems);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.contains(".db.corrupt-") && !name.ends_with("-wal") && !name.ends_with("-shm") {
                problems.push(told(
                    "store",
                    &format!("`{}` was found damaged and put aside; restore a backup under its former name or remove it", entry.path().display()),
                ));
            }
        }
    }
    let opened = Store::open_read_only(folder)
        .and_then(|store| store.map(|s| s.groups(&Filter::default())).transpose());
    match opened {
        Ok(groups) => groups.map(|g| g.len()),
        Err(error) => {
            problems.push(match &error {
                StoreError::Content { .. } => told("store", &format!("{error}; run guwu scan")),
                _ => told("store", &error.to_string()),
            });
            None
        }
    }
}

fn writable(folder: &Path, problems: &mut Vec<Problem>) {
    let mut tell = |path: &Path, error: std::io::Error| {
        problems.push(told(
            "store",
            &format!(
                "cannot write `{}`: {error}, so nothing can be remembered; make it writable or set `state-dir` in guwu.toml",
                path.display()
            ),
        ));
    };
    // It has no name and is gone when it is closed.
    if let Err(error) = tempfile::tempfile_in(folder) {
        return tell(folder, error);
    }
    for name in ["failures.db", "patterns.db", "learning_metrics.db"] {
        let path = folder.join(name);
        match fs::OpenOptions::new().append(true).open(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => tell(&path, error),
            _ => {}
        }
    }
}

/// The changes for the first handlers, each at its handler's place.
fn changes(config: &Config, handlers: &[SilentHandler]) -> Vec<Option<Change>> {
    let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, handler) in handlers.iter().enumerate() {
        by_file.entry(&handler.file).or_default().push(index);
    }
    let mut found = vec![None; handlers.len()];
    for (file, indexes) in by_file {
        let Ok(bytes) = fs::read(config.root.join(file)) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        let of_file: Vec<&SilentHandler> = indexes.iter().map(|i| &handlers[*i]).collect();
        for (index, change) in indexes.iter().zip(doctor::changes(&of_file, file, &text)) {
            found[*index] = change;
        }
    }
    found
}
