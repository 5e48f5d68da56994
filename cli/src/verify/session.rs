//! One pytest process over some test files of the mirror: its arguments, its environment, its limits. It runs them once;
//! what to do about files that a dead process left without a result is `batch`'s.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use guwu_core::generate::search::Exploration;

use super::events::{self, Progress};
use super::mirror::Mirror;
use super::{Placed, Runner, VerifyError, environment, home, process, tail};

/// What runs inside the process, as modules beside the plan.
const INSIDE: &[(&str, &str)] = &[
    ("guwu_probe.py", include_str!("inside/probe.py")),
    ("guwu_explore.py", include_str!("inside/explore.py")),
    ("guwu_watch.py", include_str!("inside/watch.py")),
    ("guwu_words.py", include_str!("inside/words.py")),
    ("guwu_place.py", include_str!("inside/place.py")),
    ("guwu_vary.py", include_str!("inside/vary.py")),
    ("guwu_formats.py", include_str!("inside/formats.py")),
    ("guwu_sequences.py", include_str!("inside/sequences.py")),
    ("guwu_guard.py", include_str!("inside/guard.py")),
    ("guwu_drivers.py", include_str!("inside/drivers.py")),
    ("guwu_kernel.py", include_str!("inside/kernel.py")),
];
/// Between the probe's own limit for a test, its way out of one that holds the interpreter, and our end of the process.
const GRACE: Duration = Duration::from_secs(4);
/// What a process that has told everything may still take to go.
const FAREWELL: Duration = Duration::from_secs(3);

/// What a process showed.
#[derive(Debug)]
pub struct Session {
    /// As far as it came.
    pub progress: Progress,
    /// A test hung and the whole process had to be ended for it.
    pub is_timed_out: bool,
    /// The end of what was printed.
    pub output: String,
    /// What was made in the user's home folder.
    pub at_home: Vec<String>,
}

/// Runs the tests of the files in one process, in the mirror as it should be.
pub fn run(
    runner: &Runner,
    mirror: &mut Mirror,
    files: &[&Placed],
) -> Result<Session, VerifyError> {
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |source| VerifyError::File { path, source }
    };
    mirror.sync().map_err(at(mirror.root()))?;
    for file in files {
        if let Some(content) = &file.content {
            let placed = mirror.place(&file.path, content);
            placed.map_err(at(&runner.root.join(&file.path)))?;
        }
    }
    let work = tempfile::tempdir_in(mirror.folder()).map_err(at(mirror.folder()))?;
    let work_path = work.path().canonicalize().map_err(at(work.path()))?;
    let place = |name: &str| work_path.join(name);
    let (plan, log) = (place("plan.json"), place("output.txt"));
    let (told, hung) = (place("events.jsonl"), place("hung.txt"));
    for (name, text) in INSIDE {
        fs::write(place(name), text).map_err(at(&place(name)))?;
    }
    fs::create_dir(place("temporary")).map_err(at(&place("temporary")))?;
    let user_home = home::of_user();
    let home = place("home");
    fs::create_dir(&home).map_err(at(&home))?;
    if let Some(real) = &user_home {
        home::fill(real, &home).map_err(at(&home))?;
    }
    let paths: Vec<PathBuf> = files.iter().map(|f| mirror.root().join(&f.path)).collect();
    let bounds = &runner.bounds;
    let explore: BTreeMap<usize, &Exploration> = files
        .iter()
        .enumerate()
        .filter_map(|(n, file)| Some((n, file.explore.as_ref()?)))
        .collect();
    let planned = serde_json::json!({
        "files": paths,
        "events": told,
        "hung": hung,
        "limit": runner.timeout,
        "mirror": mirror.root(),
        "home": home,
        "chain": &runner.chain,
        "explore": explore,
        "sources": sources(runner),
        "rules": {
            "roots": [mirror.root(), work_path],
            "memory": bounds.memory,
            "file_size": bounds.file_size,
            "allow_processes": bounds.allow_processes,
            "allow_hosts": if bounds.is_closed { &[] } else { bounds.allow_hosts.as_slice() },
            "is_closed": bounds.is_closed,
        },
    });
    fs::write(&plan, planned.to_string()).map_err(at(&plan))?;
    let mut command = command(runner, mirror.root(), &work_path);
    command.args(&paths).env("GUWU_PROBE_PLAN", &plan);
    let log_file = fs::File::create(&log).map_err(at(&log))?;
    let silence = Duration::from_secs(runner.timeout) + GRACE;
    let mut watch = Watch::new(told.clone(), silence);
    let ended = process::run_until(command, log_file, &runner.stop, || watch.is_late())
        .map_err(|source| runner.no_python(source))?;
    if ended == process::Ended::Stopped {
        return Err(VerifyError::Stopped);
    }
    let (inside, outside) = (text(mirror.root()), text(&runner.root));
    let output = tail(&log).replace(&inside, &outside);
    if output.contains("No module named pytest") {
        return Err(VerifyError::NoPytest {
            python: runner.python.display().to_string(),
        });
    }
    let mut progress = events::read(&told, files.len());
    progress.map_paths(&inside, &outside);
    if let Some(real) = &user_home {
        progress.map_paths(&text(&home), &text(real));
    }
    let is_hung = fs::metadata(&hung).is_ok_and(|m| m.len() > 0);
    Ok(Session {
        // A process that told everything and then did not go has shown what there is.
        is_timed_out: is_hung || (ended == process::Ended::TimedOut && !progress.is_finished),
        progress,
        output,
        at_home: home::made(&home),
    })
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The project's roots, each as it is written and as the interpreter may know it.
fn sources(runner: &Runner) -> Vec<PathBuf> {
    let mut sources = Vec::new();
    for root in std::iter::once(&runner.root).chain(&runner.aliases) {
        sources.push(root.clone());
        sources.extend(root.canonicalize().ok().filter(|real| real != root));
    }
    sources
}

fn command(runner: &Runner, root: &Path, work: &Path) -> Command {
    let mut entries = vec![work.to_owned()];
    let sources = sources(runner);
    let inherited = std::env::var_os("PYTHONPATH");
    entries.extend(
        inherited
            .iter()
            .flat_map(std::env::split_paths)
            .map(|entry| mirrored(&entry, &sources, root)),
    );
    let python_path: OsString = std::env::join_paths(entries).unwrap_or_default();
    let mut command = Command::new(&runner.python);
    for (name, value) in std::env::vars_os() {
        let (name_text, value) = (name.to_string_lossy(), value.to_string_lossy());
        if environment::is_withheld(&name_text, &value, &runner.bounds.keep_environment) {
            command.env_remove(&name);
        }
    }
    let temporary = work.join("temporary");
    command
        .args(["-m", "pytest", "-p", "guwu_probe", "-p", "no:guwu"])
        .args(["-p", "no:cacheprovider"])
        // The project's own configuration counts, but its addopts (coverage, -x, -n) must not decide the result.
        .args(["-o", "addopts=", "--import-mode=importlib", "-q"])
        .args([
            "--tb=short",
            "--color=no",
            "--continue-on-collection-errors",
        ])
        .arg(format!("--rootdir={}", root.display()))
        .arg(format!("--basetemp={}", work.join("tmp").display()))
        .current_dir(root)
        .env("PYTHONPATH", python_path)
        .env("GUWU_VERIFYING", "1")
        .env("TMPDIR", &temporary)
        .env("TEMP", &temporary)
        .env("TMP", &temporary)
        .env_remove("PYTEST_ADDOPTS")
        .env_remove("PYTEST_PLUGINS")
        .env_remove("PYTEST_XDIST_WORKER")
        .env_remove("PYTEST_CURRENT_TEST");
    command
}

/// Where a path of the project lies in the mirror.
fn mirrored(path: &Path, sources: &[PathBuf], root: &Path) -> PathBuf {
    let inside = sources.iter().find_map(|s| path.strip_prefix(s).ok());
    match inside.map(|inside| root.join(inside)) {
        Some(there) if there.exists() => there,
        _ => path.to_owned(),
    }
}

/// Whether a process has been silent for too long. The probe tells each phase, so silence is one test that hangs.
struct Watch {
    told: PathBuf,
    silence: Duration,
    length: u64,
    since: Instant,
    next_look: Instant,
    is_finished: bool,
}

impl Watch {
    fn new(told: PathBuf, silence: Duration) -> Watch {
        let now = Instant::now();
        Watch {
            told,
            silence,
            length: 0,
            since: now,
            next_look: now,
            is_finished: false,
        }
    }

    fn is_late(&mut self) -> bool {
        const LOOK: Duration = Duration::from_millis(50);
        let now = Instant::now();
        if now < self.next_look {
            return false;
        }
        self.next_look = now + LOOK;
        let length = fs::metadata(&self.told).map_or(0, |m| m.len());
        if length != self.length {
            self.length = length;
            self.since = now;
            self.is_finished = last_line_is_finish(&self.told);
        }
        let limit = match self.is_finished {
            true => FAREWELL,
            false => self.silence,
        };
        now.duration_since(self.since) >= limit
    }
}

fn last_line_is_finish(path: &Path) -> bool {
    const FINISH: &[u8] = b"{\"at\": \"finish\"}\n";
    let read = || -> io::Result<Vec<u8>> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(FINISH.len() as u64)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    read().is_ok_and(|end| end == FINISH)
}
