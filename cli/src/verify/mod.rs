//! Runs a candidate test in a pytest process of its own and brings back what came up.
//!
//! It judges nothing (see `guwu_core::prove`) and keeps nothing behind: the candidate lies in the project only while it runs,
//! under a name that no ordinary run collects.

mod batch;
mod events;
pub(crate) mod process;
mod session;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use guwu_core::prove::Run;

/// Begins the name of a candidate file while it runs; pytest's default patterns do not match it.
const CANDIDATE: &str = "guwu_candidate_";

/// What a run needs to know about the project.
#[derive(Debug, Clone)]
pub struct Runner {
    /// The project's root; the working directory of the run.
    pub root: PathBuf,
    /// The interpreter.
    pub python: PathBuf,
    /// Seconds after which a run is ended.
    pub timeout: u64,
    /// Becomes true when the whole command is to end; a run that is at work is ended then.
    pub stop: Arc<AtomicBool>,
}

/// Why a run could not be started.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The interpreter does not start.
    #[error(
        "cannot start python `{python}`: {source}; set `python` in guwu.toml to the project's interpreter"
    )]
    NoPython {
        /// As configured or found.
        python: String,
        /// Why.
        source: io::Error,
    },
    /// The interpreter has no pytest.
    #[error(
        "python `{python}` has no pytest; install it there or set `python` in guwu.toml to the project's interpreter"
    )]
    NoPytest {
        /// As configured or found.
        python: String,
    },
    /// The command is to end; the run showed nothing.
    #[error("the test run was stopped; the next guwu scan takes it up again")]
    Stopped,
    /// A file of the run could not be written or read.
    #[error(
        "cannot use `{path}` for a test run: {source}; check its permissions and the free space"
    )]
    File {
        /// The file or folder.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// A test file that is not in the project: where it would lie, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFile {
    /// Relative to the root.
    pub path: String,
    /// Its text.
    pub content: String,
}

impl Runner {
    /// Runs a candidate's text as if it lay at `path` (relative to the root).
    ///
    /// # Errors
    /// When the run could not be started; a red, broken or slow test is a result, not an error.
    pub fn run_candidate(&self, path: &str, content: &str) -> Result<Run, VerifyError> {
        let file = TestFile {
            path: path.to_owned(),
            content: content.to_owned(),
        };
        Ok(one(self.run_batch(std::slice::from_ref(&file))?))
    }

    /// Runs many candidates, as many as can be in one pytest process; a run for each, in their order.
    ///
    /// A candidate that hangs, crashes or cannot be collected is a result of its own; the others still run.
    ///
    /// # Errors
    /// As [`Runner::run_candidate`].
    pub fn run_batch(&self, files: &[TestFile]) -> Result<Vec<Run>, VerifyError> {
        let mut folders = Vec::new();
        let mut placed = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let target = self.root.join(&file.path);
            let folder = target.parent().unwrap_or(&self.root);
            folders.push(Folders::create(folder)?);
            let path = folder.join(format!("{CANDIDATE}{}_{number}.py", std::process::id()));
            placed.push(Remove(path.clone()));
            write_new(&path, &file.content)?;
        }
        let paths: Vec<PathBuf> = placed.iter().map(|file| file.0.clone()).collect();
        batch::run(self, &paths)
    }

    /// Runs the tests of a file.
    ///
    /// # Errors
    /// As [`Runner::run_candidate`].
    pub fn run_file(&self, file: &Path) -> Result<Run, VerifyError> {
        Ok(one(batch::run(self, &[file.to_owned()])?))
    }

    /// What the interpreter and its pytest call themselves: `python 3.11.9, pytest 8.3.3`. Runs no test.
    ///
    /// # Errors
    /// When the interpreter does not start or has no pytest.
    pub fn versions(&self) -> Result<String, VerifyError> {
        const ASK: &str = "import sys\nprint('python %d.%d.%d' % sys.version_info[:3])\n\
                           import pytest\nprint('pytest', pytest.__version__)\n";
        let temp = |source| VerifyError::File {
            path: std::env::temp_dir().display().to_string(),
            source,
        };
        let work = tempfile::tempdir().map_err(temp)?;
        let log = work.path().join("output.txt");
        let mut command = std::process::Command::new(&self.python);
        command.args(["-c", ASK]).current_dir(&self.root);
        let limit = Duration::from_secs(self.timeout);
        let file = fs::File::create(&log).map_err(temp)?;
        process::run(command, file, limit, &self.stop).map_err(|source| self.no_python(source))?;
        let output = tail(&log);
        let line = |name: &str| output.lines().find(|l| l.starts_with(name));
        match (line("python "), line("pytest ")) {
            (Some(python), Some(pytest)) => Ok(format!("{python}, {pytest}")),
            (Some(_), None) => Err(VerifyError::NoPytest {
                python: self.python.display().to_string(),
            }),
            (None, _) => {
                let said = output.lines().last().unwrap_or("it printed nothing");
                Err(self.no_python(io::Error::other(said.to_owned())))
            }
        }
    }

    fn no_python(&self, source: io::Error) -> VerifyError {
        VerifyError::NoPython {
            python: self.python.display().to_string(),
            source,
        }
    }
}

fn one(runs: Vec<Run>) -> Run {
    runs.into_iter().next().unwrap_or_default()
}

/// Removes candidates that a killed run left in the project's test folders.
pub fn sweep(root: &Path, folders: &[&str]) {
    for folder in folders {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let owner = name
                .strip_prefix(CANDIDATE)
                .and_then(|rest| rest.split('_').next())
                .and_then(|pid| pid.parse::<u32>().ok());
            if let Some(pid) = owner
                && !process::is_alive(pid)
            {
                // Another sweep may have been faster.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn write_new(path: &Path, content: &str) -> Result<(), VerifyError> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .map_err(|source| VerifyError::File {
            path: path.display().to_string(),
            source,
        })
}

/// The end of what was printed.
fn tail(path: &Path) -> String {
    const LIMIT: usize = 4096;
    let bytes = fs::read(path).unwrap_or_default();
    let from = bytes.len().saturating_sub(LIMIT);
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}

/// Removes a file when the run is over, however it ends.
struct Remove(PathBuf);

impl Drop for Remove {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Folders that were made for a run and go again, unless something else has come to lie there.
struct Folders(Vec<PathBuf>);

impl Folders {
    fn create(folder: &Path) -> Result<Folders, VerifyError> {
        let missing: Vec<PathBuf> = folder
            .ancestors()
            .take_while(|f| !f.exists())
            .map(Path::to_owned)
            .collect();
        fs::create_dir_all(folder).map_err(|source| VerifyError::File {
            path: folder.display().to_string(),
            source,
        })?;
        Ok(Folders(missing))
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir(folder);
        }
    }
}
