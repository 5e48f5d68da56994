//! Opens one database file: pragmas, a look at its health, migrations. A damaged file is kept aside, never deleted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{At, StoreError};
use super::schema::{self, Schema};

/// How to open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// How long to wait for another process.
    pub busy: Duration,
    /// Upper bound of a file's size in bytes.
    pub size_limit: Option<u64>,
}

/// Opens for writing; makes the file where it is missing. Second value: what the user must hear.
pub(crate) fn open(
    dir: &Path,
    schema: &Schema,
    manner: Manner,
    lived_before: bool,
) -> Result<(Connection, Vec<String>), StoreError> {
    let path = dir.join(schema.file);
    let mut notices = Vec::new();
    match std::fs::metadata(&path) {
        Ok(found) if found.len() == 0 && lived_before => {
            let kept = put_aside(&path)?;
            notices.push(format!(
                "`{}` was empty although it held data before; it is kept as `{}` and a new one was started: \
                 logs are read again from their start, restore a backup if you have one",
                path.display(),
                kept.display()
            ));
        }
        Err(_) if lived_before => notices.push(format!(
            "`{}` is missing although it was there before; a new one was started: \
             logs are read again from their start, restore a backup if that is not wanted",
            path.display()
        )),
        _ => {}
    }
    match open_sound(&path, schema, manner) {
        Err(StoreError::Corrupt { detail, .. }) => {
            let kept = put_aside(&path)?;
            notices.push(format!(
                "`{}` is damaged ({detail}); it is kept as `{}` and a new one was started: \
                 what it held is gathered again from the logs that still exist, restore a backup if you have one",
                path.display(),
                kept.display()
            ));
            Ok((open_sound(&path, schema, manner)?, notices))
        }
        other => Ok((other?, notices)),
    }
}

fn open_sound(path: &Path, schema: &Schema, manner: Manner) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).at(path)?;
    connection.busy_timeout(manner.busy).at(path)?;
    // Before anything is written: a newer or a foreign file must stay as it is.
    schema::version(&connection, schema, path)?;
    check(&connection, path)?;
    connection
        .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .at(path)?;
    // In WAL mode a power cut may take back the last commits, position and failures alike, but never half of one.
    connection
        .execute_batch("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
        .at(path)?;
    if let Some(bytes) = manner.size_limit {
        let page: u64 = connection
            .query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))
            .at(path)? as u64;
        connection
            .query_row(
                &format!("PRAGMA max_page_count = {}", (bytes / page).max(1)),
                [],
                |_| Ok(()),
            )
            .at(path)?;
    }
    schema::migrate(&mut connection, schema, path)?;
    Ok(connection)
}

/// Opens without the wish to write; `None` where there is no file.
pub(crate) fn open_read_only(
    dir: &Path,
    schema: &Schema,
    manner: Manner,
) -> Result<Option<Connection>, StoreError> {
    let path = dir.join(schema.file);
    match std::fs::metadata(&path) {
        Ok(found) if found.len() > 0 => {}
        _ => return Ok(None),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let look = |connection: Connection| -> Result<Connection, StoreError> {
        connection.busy_timeout(manner.busy).at(&path)?;
        let found = schema::version(&connection, schema, &path)?;
        let known = schema.migrations.len() as i64;
        if found < known.min(schema.readable_from) {
            return Err(StoreError::Content {
                path: path.clone(),
                what: format!("schema version {found}, older than {known},"),
                detail: "it is brought up to date by the next `guwu scan`".to_owned(),
            });
        }
        check(&connection, &path)?;
        Ok(connection)
    };
    let opened = Connection::open_with_flags(&path, flags)
        .at(&path)
        .and_then(look);
    match opened {
        // A read-only folder can not take the shared-memory file of WAL mode. Without a log beside it
        // nothing can change under us, so the file alone is the whole truth.
        Err(StoreError::ReadOnly { .. }) if !beside(&path, "-wal").exists() => {
            let uri = format!("file:{}?immutable=1", escaped(&path));
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
                .at(&path)
                .and_then(look)
                .map(Some)
        }
        other => other.map(Some),
    }
}

/// A path as part of a `file:` URI.
pub(crate) fn escaped(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut out = String::new();
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                out.push(char::from(*byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .at(path)?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(StoreError::Corrupt {
        path: path.to_path_buf(),
        detail: verdict.lines().next().unwrap_or_default().to_owned(),
    })
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Renames a damaged file with its companions to the first free `NAME.corrupt-N`.
fn put_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let fail = |source| StoreError::Folder {
        path: path.to_path_buf(),
        source,
    };
    let mut number = 1u32;
    let kept = loop {
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(format!(".corrupt-{number}"));
        let kept = PathBuf::from(name);
        if !kept.exists() {
            break kept;
        }
        number += 1;
    };
    std::fs::rename(path, &kept).map_err(fail)?;
    for suffix in ["-wal", "-shm", "-journal"] {
        let companion = beside(path, suffix);
        if companion.exists() {
            std::fs::rename(&companion, beside(&kept, suffix)).map_err(fail)?;
        }
    }
    Ok(kept)
}
