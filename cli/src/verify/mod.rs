//! Runs tests in a pytest process of their own, in a mirror of the project, and brings back what came up.
//!
//! It judges nothing (see `guwu_core::prove`) and leaves nothing behind: the project is only read.

mod batch;
mod databases;
mod disk;
pub mod environment;
mod events;
mod home;
mod mirror;
pub(crate) mod process;
pub mod revision;
mod session;

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guwu_core::generate::search::{Exploration, Step};
use guwu_core::prove::{Explored, Run};

use mirror::Mirror;

/// Begins the name of a candidate file while it runs.
const CANDIDATE: &str = "guwu_candidate_";
/// Each name is used once: compiled code of an earlier candidate must never be taken for a later one's.
static CANDIDATES: AtomicU64 = AtomicU64::new(0);

/// What a run needs to know about the project.
#[derive(Debug, Clone)]
pub struct Runner {
    /// The project's root, absolute.
    pub root: PathBuf,
    /// The interpreter.
    pub python: PathBuf,
    /// Seconds after which a test is ended.
    pub timeout: u64,
    /// What a run may do and use.
    pub bounds: Bounds,
    /// Other folders whose paths mean this project, such as that of an editable installation.
    pub aliases: Vec<PathBuf>,
    /// Folders and files of the project that no run sees.
    pub skip: Vec<PathBuf>,
    /// Functions whose entering a run tells; empty: none, and no run is slowed down.
    pub chain: Vec<Step>,
    /// Becomes true when the whole command is to end; a run that is at work is ended then.
    pub stop: Arc<AtomicBool>,
    /// The mirror that the runs share; made by the first.
    pub scratch: Scratch,
}

/// What a run may do and use.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Mebibytes of memory; 0: no limit.
    pub memory: u64,
    /// Mebibytes that a file may grow to, and with it the output; 0: no limit.
    pub file_size: u64,
    /// Whether tests may start processes.
    pub allow_processes: bool,
    /// Hosts, and folders of sockets, that may be connected to beyond the loopback.
    pub allow_hosts: Vec<String>,
    /// Nothing at all is connected to, not even on the loopback: what is done thousands of times must not reach a database
    /// that somebody works with.
    pub is_closed: bool,
    /// Patterns of variables that are passed on although they look like secrets.
    pub keep_environment: Vec<String>,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            memory: 4096,
            file_size: 256,
            allow_processes: false,
            allow_hosts: Vec::new(),
            is_closed: false,
            keep_environment: Vec::new(),
        }
    }
}

/// A mirror that clones of a runner share. It goes with the last of them.
#[derive(Debug, Clone, Default)]
pub struct Scratch(Arc<Mutex<Option<Mirror>>>);

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

/// A test file to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One that the project has, relative to the root.
    Kept(String),
    /// A candidate: it runs beside what the project has, under a name of its own.
    Candidate(TestFile),
    /// A text that runs under its own name, in place of what the project has there.
    Named(TestFile),
    /// A candidate with places, to be called with many values.
    Explored(TestFile, Exploration),
}

/// A file of a run: where it lies from the root, and its text when it is not the project's.
#[derive(Debug, PartialEq, Eq)]
struct Placed {
    path: PathBuf,
    content: Option<String>,
    /// It is not run once but called with many values.
    explore: Option<Exploration>,
}

impl Runner {
    /// A runner with the usual bounds.
    pub fn new(root: PathBuf, python: PathBuf, timeout: u64) -> Runner {
        Runner {
            root,
            python,
            timeout,
            bounds: Bounds::default(),
            aliases: Vec::new(),
            skip: Vec::new(),
            chain: Vec::new(),
            stop: Arc::default(),
            scratch: Scratch::default(),
        }
    }

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
        let tests: Vec<Test> = files.iter().cloned().map(Test::Candidate).collect();
        self.run_tests(&tests)
    }

    /// Calls candidates with many values each, all in one pytest process; what was found, in their order.
    ///
    /// # Errors
    /// As [`Runner::run_candidate`].
    pub fn explore(
        &self,
        calls: Vec<(TestFile, Exploration)>,
    ) -> Result<Vec<Option<Explored>>, VerifyError> {
        let tests: Vec<Test> = calls
            .into_iter()
            .map(|(file, exploration)| Test::Explored(file, exploration))
            .collect();
        let runs = self.run_tests(&tests)?;
        Ok(runs.into_iter().map(|run| run.explored).collect())
    }

    /// Runs the tests of a file of the project.
    ///
    /// # Errors
    /// As [`Runner::run_candidate`].
    pub fn run_file(&self, file: &Path) -> Result<Run, VerifyError> {
        let path = file.strip_prefix(&self.root).unwrap_or(file);
        let test = Test::Kept(path.to_string_lossy().into_owned());
        Ok(one(self.run_tests(&[test])?))
    }

    /// Runs test files of every kind in as few processes as can be; a run for each, in their order.
    ///
    /// # Errors
    /// As [`Runner::run_candidate`].
    pub fn run_tests(&self, tests: &[Test]) -> Result<Vec<Run>, VerifyError> {
        let files: Vec<Placed> = tests.iter().map(placed).collect();
        let mut scratch = self
            .scratch
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mirror = match &mut *scratch {
            Some(mirror) => mirror,
            none => none.insert(Mirror::new(&self.root, &self.skip).map_err(|source| {
                VerifyError::File {
                    path: std::env::temp_dir().display().to_string(),
                    source,
                }
            })?),
        };
        batch::run(self, mirror, &files)
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

fn placed(test: &Test) -> Placed {
    match test {
        Test::Kept(path) => Placed {
            path: PathBuf::from(path),
            content: None,
            explore: None,
        },
        Test::Named(file) => Placed {
            path: PathBuf::from(&file.path),
            content: Some(file.content.clone()),
            explore: None,
        },
        Test::Candidate(file) => beside(file, None),
        Test::Explored(file, exploration) => beside(file, Some(exploration.clone())),
    }
}

fn beside(file: &TestFile, explore: Option<Exploration>) -> Placed {
    let number = CANDIDATES.fetch_add(1, Ordering::Relaxed);
    Placed {
        path: Path::new(&file.path).with_file_name(format!("{CANDIDATE}{number}.py")),
        content: Some(file.content.clone()),
        explore,
    }
}

fn one(runs: Vec<Run>) -> Run {
    runs.into_iter().next().unwrap_or_default()
}

/// The end of what was printed.
fn tail(path: &Path) -> String {
    const LIMIT: u64 = 4096;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LIMIT)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}
