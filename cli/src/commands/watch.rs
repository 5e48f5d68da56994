//! `guwu watch`: follows the logs and tells each new group once, as soon as it is there.
//!
//! Positions live in the store, so it goes on where the last scan or watch stopped, and a kill loses nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use guwu::config::{Config, Overrides};
use guwu::develop::{DevelopError, Developed, Workshop};
use guwu::project::Project;
use guwu::render::{self, plain, short_id};
use guwu::session;
use guwu::source::{self, SourceSpec};
use guwu::store::{Filter, Group, Status, Store, StoreError};
use guwu::verify::{Runner, VerifyError};
use guwu::watch::{self, Bell, Eyes, Wake};

use crate::args::Format;

/// A group whose traceback is not all there yet is told after this time as it is.
const GROWING: Duration = Duration::from_secs(2);
/// Time until the next try when the store can not be used.
const RETRY: Duration = Duration::from_secs(5);
/// Time to end in after a signal; after it the process goes as it is, which loses nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the command line says.
pub struct WatchArgs {
    /// Logs to follow; empty: the configured ones, else those that are found.
    pub paths: Vec<PathBuf>,
    /// Shell command for each new group.
    pub exec: Option<String>,
    /// Seconds for that command.
    pub exec_timeout: u64,
    /// Read what is there and end.
    pub once: bool,
    /// Write no tests.
    pub no_generate: bool,
    /// Look every second instead of waiting for events.
    pub poll: bool,
    /// How to print.
    pub format: Format,
    /// Flags that override the configuration.
    pub overrides: Overrides,
}

/// Watches until a signal comes. Exit status 0; with `--once` 1 when there was a new group.
pub fn run(args: &WatchArgs) -> anyhow::Result<ExitCode> {
    if args.paths.iter().any(|p| p.as_os_str() == "-") {
        bail!("`-` can not be watched, it ends by itself; pipe the text into guwu scan -");
    }
    let config = Config::load(Path::new("."), &args.overrides)?;
    let bell = Arc::new(Bell::default());
    let on_signal = Arc::clone(&bell);
    ctrlc::set_handler(move || end(&on_signal))
        .context("cannot listen to signals; run guwu watch --once from a timer instead")?;
    let (root, patterns) = match args.paths.is_empty() {
        true => (config.root.clone(), config.logs.clone()),
        false => (std::env::current_dir()?, session::patterns(&args.paths)),
    };
    let store = open(&config)?;
    // What is known already was told before, by whoever read it.
    let told = fingerprints(&store)?;
    let unfinished = match args.no_generate {
        true => VecDeque::new(),
        false => new_groups(&store)?,
    };
    let runner = Runner {
        stop: bell.stop_flag(),
        ..session::runner(&config)
    };
    let eyes = Eyes::new(
        &root,
        &patterns,
        &config.state_dir,
        Arc::clone(&bell),
        args.poll,
    );
    let mut watch = Watch {
        args,
        config: &config,
        root,
        patterns,
        bell,
        eyes,
        store: Some(store),
        told,
        growing: BTreeMap::new(),
        unfinished,
        project: None,
        runner,
        problems: BTreeSet::new(),
        new_groups: 0,
    };
    watch.run()
}

/// What a signal does: the first one asks to end, the second one ends.
fn end(bell: &Arc<Bell>) {
    if bell.is_stopped() {
        std::process::exit(130);
    }
    bell.stop();
    std::thread::spawn(|| {
        std::thread::sleep(PATIENCE);
        eprintln!(
            "guwu: ended in the middle of a log; the next run goes on where the last transaction stopped"
        );
        std::process::exit(0);
    });
}

struct Watch<'a> {
    args: &'a WatchArgs,
    config: &'a Config,
    root: PathBuf,
    patterns: Vec<String>,
    bell: Arc<Bell>,
    eyes: Eyes,
    /// `None` while it can not be opened.
    store: Option<Store>,
    /// Fingerprints that were told or were known before.
    told: BTreeSet<String>,
    /// New groups whose traceback may still grow, with the time of the first look.
    growing: BTreeMap<String, Instant>,
    /// Groups that wait for a test.
    unfinished: VecDeque<String>,
    /// Read when the first test of a row is written, and dropped after the last: the code changes meanwhile.
    project: Option<Project>,
    runner: Runner,
    /// What was said about unreadable logs.
    problems: BTreeSet<String>,
    new_groups: u64,
}

impl Watch<'_> {
    fn run(&mut self) -> anyhow::Result<ExitCode> {
        let mut is_first = true;
        loop {
            let mut pass = self.pass(is_first)?;
            is_first = false;
            if self.bell.is_stopped() {
                return Ok(ExitCode::SUCCESS);
            }
            // New failures go before the tests for those that were told.
            if pass == Pass::Done
                && let Some(fingerprint) = self.unfinished.pop_front()
            {
                pass = self.develop(&fingerprint)?;
                if pass == Pass::Done {
                    continue;
                }
            }
            self.project = None;
            if self.args.once {
                return Ok(ExitCode::from(u8::from(self.new_groups > 0)));
            }
            let limit = match pass {
                Pass::Failed => Some(RETRY),
                Pass::Done if !self.growing.is_empty() => Some(GROWING),
                Pass::Done => None,
            };
            if self.eyes.wait(limit) == Wake::Stop {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }

    /// Reads what is new and tells it.
    fn pass(&mut self, is_first: bool) -> anyhow::Result<Pass> {
        let specs = source::discover(&self.root, &self.patterns);
        self.eyes.sync(&specs);
        if let Some(notice) = self.eyes.notice() {
            eprintln!("guwu: {notice}");
        }
        if is_first {
            self.greet(&specs);
        }
        let mut done = self.read(&specs);
        if matches!(done, Err(StoreError::Gone { .. })) {
            // Groups that were told stay told; the new store takes the logs in again from their start.
            eprintln!(
                "guwu: the store `{}` was deleted or replaced; going on with the one that is there now, or a new one",
                plain(&self.config.state_dir.to_string_lossy())
            );
            self.store = None;
            done = self.read(&specs);
        }
        match done {
            Ok(()) => {}
            Err(error) if is_passing(&error) && !self.args.once => {
                eprintln!("guwu: {}; trying again", plain(&error.to_string()));
                return Ok(Pass::Failed);
            }
            Err(error) => return Err(error.into()),
        }
        self.tell()?;
        Ok(Pass::Done)
    }

    fn greet(&self, specs: &[SourceSpec]) {
        if specs.is_empty() {
            eprintln!(
                "guwu: no log below `{}` yet; waiting for one (name it: guwu watch app/logs/app.log, or set `logs` in guwu.toml)",
                plain(&self.root.to_string_lossy())
            );
        } else if !self.args.once {
            eprintln!(
                "guwu: watching {}; stop with Ctrl-C",
                guwu_core::alert::plural(specs.len(), "log")
            );
        }
    }

    fn read(&mut self, specs: &[SourceSpec]) -> Result<(), StoreError> {
        let store = match &mut self.store {
            Some(store) => store,
            empty => empty.insert(open(self.config)?),
        };
        let options = session::options(self.config);
        let report = source::ingest(store, specs, &options, &session::now())?;
        let problems: BTreeSet<String> = report.problems.into_iter().collect();
        // Each is said when it begins, not at every look.
        for problem in problems.difference(&self.problems) {
            eprintln!("guwu: {}", plain(problem));
        }
        self.problems = problems;
        for fingerprint in &report.seen_again {
            let group = store.find_group(fingerprint)?;
            if group.status == Status::Guarded {
                eprintln!(
                    "guwu: {} came back although its test guards it; see guwu show {}",
                    short_id(fingerprint),
                    short_id(fingerprint)
                );
            }
        }
        Ok(())
    }

    /// Prints the groups that nobody was told of.
    fn tell(&mut self) -> anyhow::Result<()> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        let mut growing = BTreeMap::new();
        let mut groups = store.groups(&Filter::default())?;
        groups.retain(|g| !self.told.contains(&g.fingerprint));
        groups.sort_by(|a, b| {
            (&a.example.origin.source, a.example.origin.offset)
                .cmp(&(&b.example.origin.source, b.example.origin.offset))
        });
        for group in groups {
            let since = self.growing.get(&group.fingerprint).copied();
            let since = since.unwrap_or_else(Instant::now);
            if group.example.partial && !self.args.once && since.elapsed() < GROWING {
                growing.insert(group.fingerprint, since);
                continue;
            }
            self.told.insert(group.fingerprint.clone());
            if group.status == Status::New && !self.args.no_generate {
                self.unfinished.push_back(group.fingerprint.clone());
            }
            let pattern = guwu_core::pattern::get(&group.pattern);
            if pattern.is_some_and(|p| p.noise.is_some()) {
                continue;
            }
            self.new_groups += 1;
            print(store, &group, self.args.format)?;
            if let Some(command) = &self.args.exec {
                let limit = Duration::from_secs(self.args.exec_timeout);
                let stop = self.bell.stop_flag();
                let done = watch::exec(
                    command,
                    &group.example_json,
                    &self.config.root,
                    limit,
                    &stop,
                );
                if let Err(error) = done {
                    eprintln!("guwu: {}", plain(&error.to_string()));
                }
            }
        }
        self.growing = growing;
        Ok(())
    }

    /// Writes and proves a test for one group.
    fn develop(&mut self, fingerprint: &str) -> anyhow::Result<Pass> {
        let Some(store) = &mut self.store else {
            return Ok(Pass::Failed);
        };
        let group = match store.find_group(fingerprint) {
            Ok(group) if group.status == Status::New => group,
            // Another command was faster, or more of the log showed it to be part of another failure.
            Ok(_) | Err(StoreError::NoGroup { .. }) => return Ok(Pass::Done),
            Err(error) => return Err(error.into()),
        };
        let project = self
            .project
            .get_or_insert_with(|| session::project(self.config));
        let workshop = Workshop {
            config: self.config,
            project,
            runner: &self.runner,
            now: session::now(),
            deadline: None,
            environment: RefCell::default(),
        };
        match workshop.develop(store, &group) {
            Ok(Some(done)) => say(&done),
            Ok(None) | Err(DevelopError::Verify(VerifyError::Stopped)) => {}
            Err(DevelopError::Verify(error)) => {
                eprintln!(
                    "guwu: {}; no more tests are written, the next guwu scan takes them up",
                    plain(&error.to_string())
                );
                self.unfinished.clear();
            }
            Err(DevelopError::Store(error)) if is_passing(&error) && !self.args.once => {
                eprintln!("guwu: {}; trying again", plain(&error.to_string()));
                self.unfinished.push_back(fingerprint.to_owned());
                return Ok(Pass::Failed);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Pass::Done)
    }
}

/// How a pass went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Done,
    /// The store could not be used.
    Failed,
}

/// What may be over after a while; everything else needs the user.
fn is_passing(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Gone { .. }
            | StoreError::Locked { .. }
            | StoreError::Scanning { .. }
            | StoreError::Full { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::Folder { .. }
    )
}

fn open(config: &Config) -> Result<Store, StoreError> {
    let mut store = Store::open(&config.state_dir)?;
    for notice in store.notices() {
        eprintln!("guwu: {}", plain(notice));
    }
    super::scan::sync_patterns(&mut store)?;
    Ok(store)
}

fn fingerprints(store: &Store) -> Result<BTreeSet<String>, StoreError> {
    let groups = store.groups(&Filter::default())?;
    Ok(groups.into_iter().map(|g| g.fingerprint).collect())
}

fn new_groups(store: &Store) -> Result<VecDeque<String>, StoreError> {
    let filter = Filter {
        statuses: vec![Status::New],
        ..Filter::default()
    };
    let groups = store.groups(&filter)?;
    Ok(groups.into_iter().map(|g| g.fingerprint).collect())
}

fn print(store: &Store, group: &Group, format: Format) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => writeln!(out, "{}", render::group_line(group))?,
        // A stream has no end, so there is no one document.
        Format::Json | Format::Jsonl => {
            writeln!(out, "{}", super::show::document(store, group)?)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// What became of a group, beside the lines for programs.
fn say(done: &Developed) {
    let id = short_id(&done.fingerprint);
    match &done.kept {
        Some(kept) => eprintln!(
            "guwu: {id} {} {} ({:.0} %): {}",
            done.word(),
            plain(&kept.path),
            kept.confidence * 100.0,
            plain(&done.reason)
        ),
        None => eprintln!("guwu: {id} no test: {}", plain(&done.reason)),
    }
}
