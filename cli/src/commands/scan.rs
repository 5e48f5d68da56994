//! `guwu scan`: read what is new in the logs, and turn each new group into a proven test.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use guwu::config::{Config, Overrides};
use guwu::develop::{Developed, Workshop};
use guwu::render::{self, plain, short_id};
use guwu::session;
use guwu::source::{self, Report, SourceSpec};
use guwu::store::{Filter, Group, Status, Store, StoreError};
use guwu_core::alert::plural;
use serde_json::json;

use crate::args::Format;

/// What the command line says.
pub struct ScanArgs {
    /// Logs to read; empty: the configured ones, else those that are found.
    pub paths: Vec<PathBuf>,
    /// How to print.
    pub format: Format,
    /// Only read the logs.
    pub no_generate: bool,
    /// Exit with 0 whatever was found.
    pub exit_zero: bool,
    /// Flags that override the configuration.
    pub overrides: Overrides,
}

/// Scans. Exit status 1 when there are new groups.
pub fn run(args: &ScanArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), &args.overrides)?;
    let mut store = Store::open(&config.state_dir)?;
    for notice in store.notices() {
        eprintln!("guwu: {notice}");
    }
    let report = read_logs(&config, &mut store, &args.paths)?;
    for problem in &report.problems {
        eprintln!("guwu: {}", plain(problem));
    }
    let developed = if args.no_generate {
        Vec::new()
    } else {
        develop_new(&config, &mut store, None)?
    };
    let groups = store.groups(&Filter::default())?;
    let told: Vec<&Group> = groups
        .iter()
        .filter(|g| {
            report.new_groups.contains(&g.fingerprint)
                || developed.iter().any(|d| d.fingerprint == g.fingerprint)
        })
        .collect();
    print(args.format, &report, &told, &developed, &store)?;
    let found = !report.new_groups.is_empty() || !developed.is_empty();
    Ok(ExitCode::from(u8::from(found && !args.exit_zero)))
}

/// Brings the stored pattern library to the built-in one.
pub fn sync_patterns(store: &mut Store) -> Result<(), StoreError> {
    let names: Vec<(&str, &str)> = guwu_core::pattern::all()
        .iter()
        .map(|p| (p.code, p.name))
        .collect();
    store.sync_patterns(&names)
}

/// Reads what is new in the given logs, else in the project's.
pub fn read_logs(config: &Config, store: &mut Store, paths: &[PathBuf]) -> anyhow::Result<Report> {
    sync_patterns(store)?;
    let mut specs = Vec::new();
    let (stdin, paths): (Vec<_>, Vec<_>) = paths.iter().partition(|p| p.as_os_str() == "-");
    if !stdin.is_empty() {
        specs.push(SourceSpec::Stdin);
    }
    if !paths.is_empty() {
        let given: Vec<String> = paths
            .iter()
            .map(|p| p.to_string_lossy().into_owned())
            .collect();
        specs.extend(source::discover(Path::new("."), &given));
    } else if stdin.is_empty() {
        specs.extend(source::discover(&config.root, &config.logs));
    }
    if specs.is_empty() {
        eprintln!(
            "guwu: no log found below `{}`; name one (guwu scan app/logs/app.log) or set `logs` in guwu.toml",
            config.root.display()
        );
    }
    let options = session::options(config);
    Ok(source::ingest(store, &specs, &options, &session::now())?)
}

/// Works on every group that is still new.
pub fn develop_new(
    config: &Config,
    store: &mut Store,
    deadline: Option<Instant>,
) -> anyhow::Result<Vec<Developed>> {
    let filter = Filter {
        statuses: vec![Status::New],
        ..Filter::default()
    };
    let groups = store.groups(&filter)?;
    develop(config, store, &groups, deadline)
}

/// Works on the given groups, in their order.
pub fn develop(
    config: &Config,
    store: &mut Store,
    groups: &[Group],
    deadline: Option<Instant>,
) -> anyhow::Result<Vec<Developed>> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let project = session::project(config);
    let runner = session::runner(config);
    let workshop = Workshop {
        config,
        project: &project,
        runner: &runner,
        now: session::now(),
        deadline,
        environment: RefCell::default(),
    };
    let mut developed = Vec::new();
    for group in groups {
        match workshop.develop(store, group)? {
            Some(done) => developed.push(done),
            None => break,
        }
    }
    Ok(developed)
}

fn print(
    format: Format,
    report: &Report,
    groups: &[&Group],
    developed: &[Developed],
    store: &Store,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            if groups.is_empty() && report.seen_again.is_empty() {
                eprintln!(
                    "guwu: nothing new in {}",
                    plural(report.sources_read, "changed log")
                );
                return Ok(());
            }
            for group in groups {
                writeln!(out, "{}", render::group_line(group))?;
                if let Some(done) = developed
                    .iter()
                    .find(|d| d.fingerprint == group.fingerprint)
                {
                    match &done.kept {
                        Some(kept) => writeln!(
                            out,
                            "          {} {} ({:.0} %): {}",
                            done.word(),
                            kept.path,
                            kept.confidence * 100.0,
                            plain(&done.reason)
                        )?,
                        None => writeln!(out, "          no test: {}", plain(&done.reason))?,
                    }
                }
            }
            for fingerprint in &report.seen_again {
                writeln!(out, "{}  again", short_id(fingerprint))?;
            }
        }
        Format::Json | Format::Jsonl => {
            let mut rows = Vec::new();
            for group in groups {
                rows.push(super::show::document(store, group)?);
            }
            if format == Format::Jsonl {
                for row in rows {
                    writeln!(out, "{row}")?;
                }
            } else {
                let document = json!({
                    "schema_version": guwu_core::SCHEMA_VERSION,
                    "new_groups": report.new_groups,
                    "seen_again": report.seen_again,
                    "failures": report.failures,
                    "sources_read": report.sources_read,
                    "problems": report.problems,
                    "groups": rows,
                });
                writeln!(out, "{document}")?;
            }
        }
    }
    Ok(())
}
