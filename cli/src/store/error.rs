//! What can go wrong with the store, in words that end with what to do next.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// An operation on the store failed. Nothing of it was stored: every write is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder can not be made or entered.
    #[error("cannot use the store folder `{}`: {source}; check its permissions or configure another folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file, its folder or its file system is read-only.
    #[error("cannot write `{}`: it is read-only, nothing was stored; make the file and its folder writable or configure another folder", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// Another process holds the database.
    #[error("`{}` is locked by another process, nothing was stored; wait until it has ended and run the command again", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// Another scan is writing into the same store.
    #[error("another scan is at work in `{}`, nothing was stored by this one; wait until it has ended and run the command again", path.display())]
    Scanning {
        /// The store's folder.
        path: PathBuf,
    },
    /// The file is no database or a damaged one.
    #[error("`{}` is damaged ({detail}); the next command that writes keeps it aside and starts a new one, so restore a backup before that if you have one", path.display())]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// A later version of Gu Wu wrote it.
    #[error("`{}` has schema version {found}, this guwu reads up to {known}; install a newer guwu or configure another folder", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its `user_version`.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// A database of some other program.
    #[error("`{}` is a database of another program, it was left as it is; configure another folder for the store", path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// No space left.
    #[error("no space left for `{}`, nothing of this step was stored and no read position moved; free some space and run the command again", path.display())]
    Full {
        /// The database file.
        path: PathBuf,
    },
    /// The file was deleted or exchanged while it was open.
    #[error("`{}` was deleted or replaced while it was in use; run the command again, the logs are then read from where the store on disk says", path.display())]
    Gone {
        /// The database file.
        path: PathBuf,
    },
    /// No group with this id.
    #[error("no group has the id `{id}`; `guwu list` shows the known ones")]
    NoGroup {
        /// What was asked for.
        id: String,
    },
    /// A prefix that fits several groups.
    #[error("`{id}` fits {} groups ({}); give more digits", matches.len(), quoted(matches))]
    Ambiguous {
        /// What was asked for.
        id: String,
        /// The fingerprints that it fits.
        matches: Vec<String>,
    },
    /// No candidate with this id.
    #[error("no candidate test has the id `{id}`; `guwu list` shows the groups and their tests")]
    NoCandidate {
        /// What was asked for.
        id: i64,
    },
    /// A stored text can not be read back.
    #[error("`{}` holds {what} that cannot be read back ({detail}); run `guwu doctor`", path.display())]
    Content {
        /// The database file.
        path: PathBuf,
        /// Which text.
        what: String,
        /// Why.
        detail: String,
    },
    /// Anything else that SQLite reports.
    #[error("cannot use `{}`: {source}; nothing of this step was stored, run `guwu doctor`", path.display())]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

fn quoted(ids: &[String]) -> String {
    let shown: Vec<String> = ids.iter().take(8).map(|id| format!("`{id}`")).collect();
    let more = if ids.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

impl StoreError {
    /// Sorts an error of SQLite by what the user can do about it.
    pub(crate) fn from_sqlite(path: &Path, source: rusqlite::Error) -> StoreError {
        let path = path.to_path_buf();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Locked { path }
            }
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreError::ReadOnly { path }
            }
            Some(ErrorCode::CannotOpen) if path.exists() => StoreError::ReadOnly { path },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Corrupt {
                path,
                detail: source.to_string(),
            },
            _ => StoreError::Sqlite { path, source },
        }
    }
}

/// Adds the file to a result of SQLite.
pub(crate) trait At<T> {
    /// Names the database that the error is about.
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::from_sqlite(path, source))
    }
}
