//! What Gu Wu remembers: three SQLite files in one folder (`tools/guwu/` by default).
//! It reads no log and no configuration, and it has no clock: every time comes from the caller.

mod candidate;
mod error;
mod file;
mod group;
mod learning;
mod library;
mod lock;
mod occurrence;
mod position;
mod schema;
pub(crate) mod shape;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

pub use candidate::{Candidate, CandidateFilter, NewCandidate};
pub use error::StoreError;
pub use group::{Filter, Group, Status};
pub use learning::{Outcome, Proof};
pub use library::PatternRecord;

pub(crate) use error::At;
pub(crate) use file::escaped;
pub(crate) use lock::FileLock;
pub(crate) use occurrence::{Arrival, Batch, Counted, Progress};
pub(crate) use position::{Generation, Kind};

use file::Manner;
use schema::{FAILURES, LEARNING, PATTERNS};

/// How to open a store; the default suits everyone but tests and unusual hosts.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// How long to wait for another process before giving up.
    pub busy: Duration,
    /// Upper bound of each file in bytes; beyond it a write ends as on a full disk.
    pub size_limit: Option<u64>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            busy: Duration::from_secs(10),
            size_limit: None,
        }
    }
}

/// The three files, open.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    paths: Paths,
    id: String,
    notices: Vec<String>,
    busy: Duration,
    identity: Option<(u64, u64)>,
    pub(crate) failures: Connection,
    patterns: Connection,
    learning: Connection,
}

#[derive(Debug)]
struct Paths {
    failures: PathBuf,
    patterns: PathBuf,
    learning: PathBuf,
}

impl Paths {
    fn below(dir: &Path) -> Paths {
        Paths {
            failures: dir.join(FAILURES.file),
            patterns: dir.join(PATTERNS.file),
            learning: dir.join(LEARNING.file),
        }
    }
}

impl Store {
    /// Opens for writing; makes the folder and the files where they are missing.
    ///
    /// A damaged file is kept aside under another name and [`Store::notices`] says so.
    ///
    /// # Errors
    /// See [`StoreError`]: a newer schema, another program's database, a lock, a full or read-only disk.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        Store::open_with(dir, &OpenOptions::default())
    }

    /// [`Store::open`] with other waiting times and limits.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(dir: &Path, options: &OpenOptions) -> Result<Store, StoreError> {
        let folder = |source| StoreError::Folder {
            path: dir.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(dir).map_err(folder)?;
        let paths = Paths::below(dir);
        let manner = Manner {
            busy: options.busy,
            size_limit: options.size_limit,
        };
        // One process at a time creates, migrates or puts aside.
        let _lock = match lock::acquire(&dir.join(".open.lock"), options.busy) {
            Ok(Some(held)) => held,
            Ok(None) => {
                return Err(StoreError::Locked {
                    path: paths.failures,
                });
            }
            Err(source)
                if matches!(
                    source.kind(),
                    std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                return Err(StoreError::ReadOnly {
                    path: paths.failures,
                });
            }
            Err(source) => return Err(folder(source)),
        };
        // The learning file first: it tells whether there was a failures.db before.
        let (learning, mut notices) = file::open(dir, &LEARNING, manner, false)?;
        let known: i64 = learning
            .query_row("SELECT count(*) FROM stores", [], |row| row.get(0))
            .at(&paths.learning)?;
        let (failures, more) = file::open(dir, &FAILURES, manner, known > 0)?;
        notices.extend(more);
        let (patterns, more) = file::open(dir, &PATTERNS, manner, false)?;
        notices.extend(more);
        let id = store_id(&failures).at(&paths.failures)?;
        learning
            .execute("INSERT OR IGNORE INTO stores VALUES (?1)", [&id])
            .at(&paths.learning)?;
        let store = Store {
            dir: dir.to_path_buf(),
            identity: identity(&paths.failures),
            paths,
            id,
            notices,
            busy: options.busy,
            failures,
            patterns,
            learning,
        };
        // A kill between two files leaves these figures behind; they are derived, so derive them again.
        store.refresh_patterns()?;
        Ok(store)
    }

    /// Opens without writing anything; `None` where no store exists.
    ///
    /// # Errors
    /// As [`Store::open`]; a damaged file is an error here and stays where it is.
    pub fn open_read_only(dir: &Path) -> Result<Option<Store>, StoreError> {
        let options = OpenOptions::default();
        let manner = Manner {
            busy: options.busy,
            size_limit: None,
        };
        let paths = Paths::below(dir);
        let Some(failures) = file::open_read_only(dir, &FAILURES, manner)? else {
            return Ok(None);
        };
        let id = store_id(&failures).at(&paths.failures)?;
        Ok(Some(Store {
            dir: dir.to_path_buf(),
            identity: identity(&paths.failures),
            id,
            notices: Vec::new(),
            busy: options.busy,
            failures,
            patterns: or_empty(
                file::open_read_only(dir, &PATTERNS, manner)?,
                &PATTERNS,
                &paths.patterns,
            )?,
            learning: or_empty(
                file::open_read_only(dir, &LEARNING, manner)?,
                &LEARNING,
                &paths.learning,
            )?,
            paths,
        }))
    }

    /// What the user must hear about the opening: damaged or missing files and where they were kept.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The store's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where staged tests wait for review. Not created by opening.
    pub fn generated_tests(&self) -> PathBuf {
        self.dir.join("generated_tests")
    }

    /// Path of `failures.db`, for messages.
    pub(crate) fn failures_path(&self) -> &Path {
        &self.paths.failures
    }

    /// How long to wait for other processes.
    pub(crate) fn patience(&self) -> Duration {
        self.busy
    }

    /// Keeps other scans out until the lock is dropped.
    pub(crate) fn lock_scan(&self) -> Result<FileLock, StoreError> {
        match lock::acquire(&self.dir.join(".scan.lock"), self.busy) {
            Ok(Some(held)) => Ok(held),
            Ok(None) => Err(StoreError::Scanning {
                path: self.dir.clone(),
            }),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Err(StoreError::Gone {
                path: self.paths.failures.clone(),
            }),
            Err(source) => Err(StoreError::Folder {
                path: self.dir.clone(),
                source,
            }),
        }
    }

    /// An open file that was unlinked takes writes that nobody will ever read.
    pub(crate) fn still_there(&self) -> Result<(), StoreError> {
        if identity(&self.paths.failures) == self.identity {
            return Ok(());
        }
        Err(StoreError::Gone {
            path: self.paths.failures.clone(),
        })
    }
}

fn store_id(failures: &Connection) -> rusqlite::Result<String> {
    let stored: Option<String> = failures
        .query_row("SELECT value FROM meta WHERE key = 'store_id'", [], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(stored.unwrap_or_default())
}

/// An absent companion file reads as an empty one.
fn or_empty(
    found: Option<Connection>,
    schema: &schema::Schema,
    path: &Path,
) -> Result<Connection, StoreError> {
    if let Some(found) = found {
        return Ok(found);
    }
    let mut connection = Connection::open_in_memory().at(path)?;
    schema::migrate(&mut connection, schema, path)?;
    Ok(connection)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|_| (0, 0))
}
