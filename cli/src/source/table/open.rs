//! Opens an application's database so that the application never notices.
//!
//! Read-only, one short statement at a time. SQLite leaves `-wal` and `-shm` files behind when it opens a database in
//! WAL mode that nobody uses, and these would belong to our user and could lock the application out. Such a file
//! is read as immutable instead, which is right as long as no `-wal` appears; [`Database::is_undisturbed`] tells.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::store::escaped;

/// An application's database.
pub(super) struct Database {
    pub connection: Connection,
    path: PathBuf,
    /// What the file looked like when it was opened as immutable.
    frozen: Option<Vec<u8>>,
}

/// Opens for reading.
pub(super) fn open(path: &Path, busy: Duration) -> rusqlite::Result<Database> {
    if uses_wal(path) && !wal(path).exists() {
        return open_frozen(path, busy);
    }
    let live = connect(path, "mode=ro", busy);
    match live {
        // A folder that can not be written can not take the shared-memory file either.
        Err(_) if wal_is_empty(path) && uses_wal(path) => open_frozen(path, busy),
        other => other.map(|connection| Database {
            connection,
            path: path.to_path_buf(),
            frozen: None,
        }),
    }
}

fn open_frozen(path: &Path, busy: Duration) -> rusqlite::Result<Database> {
    let frozen = Some(signature(path));
    let connection = connect(path, "mode=ro&immutable=1", busy)?;
    Ok(Database {
        connection,
        path: path.to_path_buf(),
        frozen,
    })
}

fn connect(path: &Path, how: &str, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{}?{how}", escaped(path)), flags)?;
    connection.busy_timeout(busy)?;
    connection.pragma_update(None, "query_only", true)?;
    // Opening is lazy; this reads the header and finds what there is to complain about.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

impl Database {
    /// Whether what was read so far is what the file held.
    pub(super) fn is_undisturbed(&self) -> bool {
        self.frozen
            .as_ref()
            .is_none_or(|before| wal_is_empty(&self.path) && *before == signature(&self.path))
    }
}

fn wal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn wal_is_empty(path: &Path) -> bool {
    std::fs::metadata(wal(path)).map_or(true, |found| found.len() == 0)
}

fn uses_wal(path: &Path) -> bool {
    let head = signature(path);
    head.get(18) == Some(&2) && head.get(19) == Some(&2)
}

/// The header (it counts the changes) and the size.
fn signature(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(file) = File::open(path) {
        let size = file.metadata().map_or(0, |found| found.len());
        let _ = file.take(100).read_to_end(&mut head);
        head.extend_from_slice(&size.to_le_bytes());
    }
    head
}
