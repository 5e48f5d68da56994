//! One pytest process over some test files: its arguments, its environment, its limits. It runs them once;
//! what to do about files that a dead process left without a result is `batch`'s.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::events::{self, Progress};
use super::{Runner, VerifyError, process, tail};

const PROBE: &str = include_str!("probe.py");
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
}

/// Runs the tests of the files in one process.
pub fn run(runner: &Runner, files: &[PathBuf]) -> Result<Session, VerifyError> {
    let work = tempfile::tempdir().map_err(|source| VerifyError::File {
        path: std::env::temp_dir().display().to_string(),
        source,
    })?;
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |source| VerifyError::File { path, source }
    };
    let place = |name: &str| work.path().join(name);
    let (probe, plan, log) = (
        place("guwu_probe.py"),
        place("plan.json"),
        place("output.txt"),
    );
    let (told, hung) = (place("events.jsonl"), place("hung.txt"));
    fs::write(&probe, PROBE).map_err(at(&probe))?;
    let planned = serde_json::json!({
        "files": files,
        "events": told,
        "hung": hung,
        "limit": runner.timeout,
    });
    fs::write(&plan, planned.to_string()).map_err(at(&plan))?;
    let mut command = command(runner, work.path());
    command.args(files).env("GUWU_PROBE_PLAN", &plan);
    let log_file = fs::File::create(&log).map_err(at(&log))?;
    let silence = Duration::from_secs(runner.timeout) + GRACE;
    let mut watch = Watch::new(told.clone(), silence);
    let ended = process::run_until(command, log_file, &runner.stop, || watch.is_late())
        .map_err(|source| runner.no_python(source))?;
    if ended == process::Ended::Stopped {
        return Err(VerifyError::Stopped);
    }
    let output = tail(&log);
    if output.contains("No module named pytest") {
        return Err(VerifyError::NoPytest {
            python: runner.python.display().to_string(),
        });
    }
    let is_hung = fs::metadata(&hung).is_ok_and(|m| m.len() > 0);
    Ok(Session {
        progress: events::read(&told, files.len()),
        is_timed_out: is_hung || ended == process::Ended::TimedOut,
        output,
    })
}

fn command(runner: &Runner, work: &Path) -> Command {
    let mut entries = vec![work.to_owned()];
    entries.extend(
        std::env::var_os("PYTHONPATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    let python_path: OsString = std::env::join_paths(entries).unwrap_or_default();
    let mut command = Command::new(&runner.python);
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
        .arg(format!("--rootdir={}", runner.root.display()))
        .arg(format!("--basetemp={}", work.join("tmp").display()))
        .current_dir(&runner.root)
        .env("PYTHONPATH", python_path)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("GUWU_VERIFYING", "1")
        .env_remove("PYTEST_ADDOPTS")
        .env_remove("PYTEST_PLUGINS")
        .env_remove("PYTEST_XDIST_WORKER")
        .env_remove("PYTEST_CURRENT_TEST");
    command
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
