//! Another state of the project: a revision in a git worktree of its own, or a folder. It only provides the folder;
//! what to run in it is the caller's.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Why there is no such state.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// Neither a folder nor a revision.
    #[error(
        "`{name}` is no folder and no revision of this repository; name a branch, a tag, a commit or a folder"
    )]
    Unknown {
        /// As given.
        name: String,
    },
    /// Git failed.
    #[error("git cannot check out `{name}`: {said}; check it out by hand and name the folder")]
    Git {
        /// As given.
        name: String,
        /// What it printed.
        said: String,
    },
    /// The worktree has no such project.
    #[error("revision `{name}` has no folder `{folder}`; name a revision that has the project")]
    NoProject {
        /// As given.
        name: String,
        /// From the top of the repository.
        folder: String,
    },
    /// A temporary folder could not be made.
    #[error("cannot make a temporary folder: {0}; check the free space")]
    Folder(#[from] io::Error),
}

/// The project as it is elsewhere. A worktree that was made for it goes with it.
#[derive(Debug)]
pub struct Elsewhere {
    root: PathBuf,
    worktree: Option<(PathBuf, TempDir)>,
}

impl Elsewhere {
    /// A folder of that name, else the revision of that name.
    ///
    /// # Errors
    /// When it is neither, or when git cannot check it out.
    pub fn open(root: &Path, name: &str) -> Result<Elsewhere, RevisionError> {
        let folder = Path::new(name);
        if folder.is_dir() {
            return Ok(Elsewhere {
                root: folder.canonicalize()?,
                worktree: None,
            });
        }
        let unknown = || RevisionError::Unknown {
            name: name.to_owned(),
        };
        let failed = |said: String| RevisionError::Git {
            name: name.to_owned(),
            said,
        };
        let commit = format!("{name}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
        let commit = git(
            root,
            verify.iter().map(OsStr::new).chain([OsStr::new(&commit)]),
        )
        .map_err(|_| unknown())?;
        let top = PathBuf::from(
            git(root, ["rev-parse", "--show-toplevel"].map(OsStr::new)).map_err(failed)?,
        );
        let inside = root.canonicalize()?;
        let inside = inside
            .strip_prefix(top.canonicalize()?)
            .map_err(|_| unknown())?
            .to_owned();
        let temporary = tempfile::Builder::new()
            .prefix("guwu-worktree-")
            .tempdir()?;
        let tree = temporary.path().canonicalize()?.join("tree");
        let add = ["worktree", "add", "--detach", "--force", "--quiet"];
        let add = add.iter().map(OsStr::new);
        git(&top, add.chain([tree.as_os_str(), OsStr::new(&commit)])).map_err(failed)?;
        let elsewhere = Elsewhere {
            root: tree.join(&inside),
            worktree: Some((top, temporary)),
        };
        if !elsewhere.root.is_dir() {
            return Err(RevisionError::NoProject {
                name: name.to_owned(),
                folder: inside.display().to_string(),
            });
        }
        Ok(elsewhere)
    }

    /// The project's root there.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if let Some((top, temporary)) = &self.worktree {
            let tree = temporary.path().join("tree");
            let remove = ["worktree", "remove", "--force", "--force"];
            let remove = remove.iter().map(OsStr::new);
            // What can not be removed is pruned by git itself once the folder is gone.
            let _ = git(top, remove.chain([tree.as_os_str()]));
        }
    }
}

/// Runs git and gives back what it printed; the error is what it complained of.
pub(super) fn git<'a>(
    folder: &Path,
    arguments: impl IntoIterator<Item = &'a OsStr>,
) -> Result<String, String> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        // A checkout for a test run is nobody's occasion to run something.
        .args(["-c", "core.hooksPath=/dev/null"])
        .args(arguments)
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    // Set by git for its hooks, they would lead to another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match status.success() {
        true => Ok(text(&stdout)),
        false => Err(text(&stderr)
            .lines()
            .last()
            .unwrap_or("it failed")
            .to_owned()),
    }
}
