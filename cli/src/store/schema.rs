//! The tables of the three files and how an older file becomes a newer one.
//! A migration is never edited once released: a change is a new entry at the end of its list.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{At, StoreError};

/// `application_id` of the three files, so that no other program's database is taken for ours.
const APPLICATION_ID: i64 = 0x4775_5775;

/// One of the three files.
pub(crate) struct Schema {
    /// File name below the store's folder.
    pub file: &'static str,
    /// `migrations[n]` leads from `user_version` n to n + 1.
    pub migrations: &'static [&'static str],
    /// The oldest `user_version` that reads like the newest; what came since changed values that have an older reading.
    pub readable_from: i64,
}

/// Groups, failures, sources and read positions, gaps, candidates.
pub(crate) const FAILURES: Schema = Schema {
    file: "failures.db",
    readable_from: 1,
    migrations: &["CREATE TABLE meta (
             key TEXT PRIMARY KEY,
             value TEXT NOT NULL
         ) WITHOUT ROWID;
         INSERT INTO meta VALUES ('store_id', lower(hex(randomblob(8))));

         CREATE TABLE groups (
             fingerprint TEXT PRIMARY KEY,
             family TEXT NOT NULL,
             pattern TEXT NOT NULL,
             title TEXT NOT NULL,
             platform TEXT NOT NULL,
             status TEXT NOT NULL DEFAULT 'new',
             first_seen TEXT NOT NULL,
             last_seen TEXT NOT NULL,
             first_logged TEXT,
             last_logged TEXT,
             count INTEGER NOT NULL DEFAULT 0,
             -- the fullest occurrence; `settled` when it can not grow any more
             example TEXT NOT NULL,
             weight INTEGER NOT NULL,
             settled INTEGER NOT NULL
         ) WITHOUT ROWID;

         -- a log however often it was rotated, a log table, or standard input
         CREATE TABLE sources (
             id INTEGER PRIMARY KEY,
             kind TEXT NOT NULL,
             key TEXT NOT NULL,
             UNIQUE (kind, key)
         );

         -- one run of bytes (or of rows) of a source: a new one starts when the log starts anew
         CREATE TABLE generations (
             id INTEGER PRIMARY KEY,
             source_id INTEGER NOT NULL REFERENCES sources (id),
             number INTEGER NOT NULL,
             path TEXT NOT NULL,
             device INTEGER NOT NULL,
             inode INTEGER NOT NULL,
             packed INTEGER NOT NULL,
             disk_size INTEGER NOT NULL,
             disk_probe INTEGER NOT NULL,
             seen INTEGER NOT NULL,
             head_length INTEGER NOT NULL,
             head_hash INTEGER NOT NULL,
             marker_hash INTEGER NOT NULL,
             running_hash INTEGER NOT NULL,
             marks TEXT NOT NULL,
             checkpoint_offset INTEGER NOT NULL,
             checkpoint_line INTEGER NOT NULL,
             cursor TEXT,
             copy_of INTEGER REFERENCES generations (id),
             shared INTEGER NOT NULL DEFAULT 0,
             revision INTEGER NOT NULL DEFAULT 0,
             UNIQUE (source_id, number)
         );
         CREATE INDEX generations_file ON generations (device, inode);

         -- files beside a log that lay there before it was first read and that nobody asked for
         CREATE TABLE passed_over (
             source_id INTEGER NOT NULL REFERENCES sources (id),
             device INTEGER NOT NULL,
             inode INTEGER NOT NULL,
             length INTEGER NOT NULL,
             head_hash INTEGER NOT NULL,
             PRIMARY KEY (source_id, device, inode, head_hash, length)
         ) WITHOUT ROWID;

         CREATE TABLE events (
             generation_id INTEGER NOT NULL REFERENCES generations (id),
             offset INTEGER NOT NULL,
             ordinal INTEGER NOT NULL,
             fingerprint TEXT NOT NULL REFERENCES groups (fingerprint),
             -- 0: the same occurrence was already counted elsewhere
             count INTEGER NOT NULL,
             line INTEGER NOT NULL,
             logged TEXT,
             content INTEGER,
             -- only while the record may still grow
             json TEXT,
             PRIMARY KEY (generation_id, offset, ordinal)
         ) WITHOUT ROWID;
         CREATE INDEX events_group ON events (fingerprint);
         CREATE INDEX events_content ON events (content) WHERE content IS NOT NULL;
         CREATE INDEX events_open ON events (generation_id, offset) WHERE json IS NOT NULL;

         CREATE TABLE gaps (
             fingerprint TEXT PRIMARY KEY REFERENCES groups (fingerprint),
             json TEXT NOT NULL
         ) WITHOUT ROWID;

         CREATE TABLE candidates (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             fingerprint TEXT NOT NULL REFERENCES groups (fingerprint),
             strategy TEXT NOT NULL,
             layer TEXT NOT NULL,
             tier TEXT NOT NULL,
             confidence REAL NOT NULL,
             evidence TEXT NOT NULL,
             path TEXT NOT NULL,
             node_id TEXT NOT NULL,
             content TEXT NOT NULL,
             content_hash TEXT NOT NULL,
             state TEXT NOT NULL,
             created_at TEXT NOT NULL
         );
         CREATE INDEX candidates_group ON candidates (fingerprint);",
        // what was captured beside failures that a log may tell as well
        "ALTER TABLE events ADD COLUMN captured INTEGER NOT NULL DEFAULT 0;
         CREATE INDEX events_captured ON events (fingerprint) WHERE captured = 1;",
    ],
};

/// The pattern library with its record.
pub(crate) const PATTERNS: Schema = Schema {
    file: "patterns.db",
    readable_from: 1,
    migrations: &["CREATE TABLE patterns (
             code TEXT PRIMARY KEY,
             title TEXT NOT NULL,
             seen INTEGER NOT NULL DEFAULT 0,
             proven INTEGER NOT NULL DEFAULT 0,
             guarded INTEGER NOT NULL DEFAULT 0,
             rejected INTEGER NOT NULL DEFAULT 0
         ) WITHOUT ROWID;
         -- per failures.db, so that a reset of that file does not take back what was seen before
         CREATE TABLE seen (
             code TEXT NOT NULL,
             store_id TEXT NOT NULL,
             count INTEGER NOT NULL,
             PRIMARY KEY (code, store_id)
         ) WITHOUT ROWID;"],
};

/// Proofs, outcomes, predictions.
pub(crate) const LEARNING: Schema = Schema {
    file: "learning_metrics.db",
    readable_from: 1,
    migrations: &[
        "CREATE TABLE stores (
             store_id TEXT PRIMARY KEY
         ) WITHOUT ROWID;
         -- candidate ids are those of the failures.db with this store_id
         CREATE TABLE proofs (
             id INTEGER PRIMARY KEY,
             store_id TEXT NOT NULL,
             fingerprint TEXT NOT NULL,
             candidate_id INTEGER NOT NULL,
             pattern TEXT,
             strategy TEXT,
             outcome TEXT NOT NULL,
             detail TEXT NOT NULL,
             at TEXT NOT NULL
         );
         CREATE INDEX proofs_candidate ON proofs (store_id, candidate_id);
         CREATE TABLE outcomes (
             id INTEGER PRIMARY KEY,
             store_id TEXT NOT NULL,
             fingerprint TEXT NOT NULL,
             candidate_id INTEGER,
             pattern TEXT,
             strategy TEXT,
             kind TEXT NOT NULL,
             predicted_confidence REAL,
             at TEXT NOT NULL
         );",
        // Outcomes got the names that `guwu verify` prints.
        "UPDATE proofs SET outcome = 'red-same' WHERE outcome = 'red-as-recorded';
         UPDATE proofs SET outcome = 'red-other' WHERE outcome = 'red-elsewhere';",
    ],
};

/// `user_version` of an open file, after a look at whose it is.
pub(crate) fn version(
    connection: &Connection,
    schema: &Schema,
    path: &Path,
) -> Result<i64, StoreError> {
    let number = |pragma: &str| -> Result<i64, StoreError> {
        connection
            .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
            .at(path)
    };
    let found = number("user_version")?;
    let owner = number("application_id")?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .at(path)?;
    if owner != APPLICATION_ID && (tables > 0 || found != 0 || owner != 0) {
        return Err(StoreError::Foreign {
            path: path.to_path_buf(),
        });
    }
    let known = schema.migrations.len() as i64;
    if found > known {
        return Err(StoreError::Newer {
            path: path.to_path_buf(),
            found,
            known,
        });
    }
    Ok(found)
}

/// Brings an open file to the newest version, all or nothing.
pub(crate) fn migrate(
    connection: &mut Connection,
    schema: &Schema,
    path: &Path,
) -> Result<(), StoreError> {
    let known = schema.migrations.len() as i64;
    if version(connection, schema, path)? == known {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .at(path)?;
    // Another process may have done it while this one waited for the lock.
    let found = version(&transaction, schema, path)?;
    for step in schema.migrations.iter().skip(found as usize) {
        transaction.execute_batch(step).at(path)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .at(path)?;
    transaction
        .pragma_update(None, "user_version", known)
        .at(path)?;
    transaction.commit().at(path)
}
