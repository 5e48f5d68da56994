//! How far each log was read, and what it looked like there, so that it is known again after a rotation.

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::error::{At, StoreError};

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A log file with its rotated siblings.
    File,
    /// A table of an SQLite file.
    Table,
    /// Standard input.
    Input,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Table => "table",
            Kind::Input => "input",
        }
    }
}

/// One run of bytes or rows of a source and how far it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Generation {
    /// `None` until it was stored.
    pub id: Option<i64>,
    pub source_id: i64,
    /// Where it was last found.
    pub path: String,
    pub device: u64,
    pub inode: u64,
    /// Compressed where it lies now; all other figures are of the plain bytes.
    pub packed: bool,
    /// Size and probe (hash of the first and last bytes) of the file as it lies on the disk.
    pub disk_size: u64,
    pub disk_probe: u64,
    /// How many bytes were fed to the reader.
    pub seen: u64,
    /// Hash of the first `head_length` bytes (up to 1 KiB).
    pub head_length: u64,
    pub head_hash: u64,
    /// Hash of the up to 1 KiB before `seen`.
    pub marker_hash: u64,
    /// Hash of all bytes before `seen` (of whole words).
    pub running_hash: u64,
    /// `(length, hash of all bytes before it)` at growing distances, to know shorter copies.
    pub marks: Vec<(u64, u64)>,
    /// Where a reader takes up again: everything at or after it is read anew.
    pub checkpoint_offset: u64,
    pub checkpoint_line: u64,
    /// What a table's reader wants to remember (JSON).
    pub cursor: Option<String>,
    /// A generation whose first `shared` bytes are the same; what it counted is not counted again.
    pub copy_of: Option<i64>,
    pub shared: u64,
    /// Grows with each commit; tells when another process was faster.
    pub revision: i64,
}

const COLUMNS: &str = "id, source_id, path, device, inode, packed, disk_size, disk_probe, seen, head_length, \
                       head_hash, marker_hash, running_hash, marks, checkpoint_offset, checkpoint_line, \
                       cursor, copy_of, shared, revision";

// SQLite's integers are signed; hashes and inodes keep all their bits this way.
fn unsigned(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(index)? as u64)
}

fn generation(row: &Row<'_>) -> rusqlite::Result<Generation> {
    Ok(Generation {
        id: Some(row.get(0)?),
        source_id: row.get(1)?,
        path: row.get(2)?,
        device: unsigned(row, 3)?,
        inode: unsigned(row, 4)?,
        packed: row.get(5)?,
        disk_size: unsigned(row, 6)?,
        disk_probe: unsigned(row, 7)?,
        seen: unsigned(row, 8)?,
        head_length: unsigned(row, 9)?,
        head_hash: unsigned(row, 10)?,
        marker_hash: unsigned(row, 11)?,
        running_hash: unsigned(row, 12)?,
        marks: serde_json::from_str(&row.get::<_, String>(13)?).unwrap_or_default(),
        checkpoint_offset: unsigned(row, 14)?,
        checkpoint_line: unsigned(row, 15)?,
        cursor: row.get(16)?,
        copy_of: row.get(17)?,
        shared: unsigned(row, 18)?,
        revision: row.get(19)?,
    })
}

impl Store {
    /// Id of a source, known or new. Second value: it was known.
    pub(crate) fn source(&mut self, kind: Kind, key: &str) -> Result<(i64, bool), StoreError> {
        let path = self.failures_path();
        let find = || {
            self.failures
                .query_row(
                    "SELECT id FROM sources WHERE kind = ?1 AND key = ?2",
                    [kind.as_str(), key],
                    |row| row.get(0),
                )
                .optional()
                .at(path)
        };
        if let Some(id) = find()? {
            return Ok((id, true));
        }
        self.failures
            .execute(
                "INSERT OR IGNORE INTO sources (kind, key) VALUES (?1, ?2)",
                [kind.as_str(), key],
            )
            .at(path)?;
        find()?
            .map(|id| (id, false))
            .ok_or_else(|| StoreError::Gone {
                path: path.to_path_buf(),
            })
    }

    /// All generations of a source, oldest first.
    pub(crate) fn generations(&self, source_id: i64) -> Result<Vec<Generation>, StoreError> {
        let path = self.failures_path();
        self.failures
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM generations WHERE source_id = ?1 ORDER BY number"
            ))
            .at(path)?
            .query_map([source_id], generation)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Generations of any log file that were last found in this file, newest first.
    pub(crate) fn generations_in_file(
        &self,
        device: u64,
        inode: u64,
    ) -> Result<Vec<Generation>, StoreError> {
        let path = self.failures_path();
        self.failures
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM generations
                 WHERE device = ?1 AND inode = ?2
                   AND source_id IN (SELECT id FROM sources WHERE kind = 'file')
                 ORDER BY id DESC"
            ))
            .at(path)?
            .query_map([device as i64, inode as i64], generation)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Where the failures of a generation lie whose records may still grow.
    pub(crate) fn open_offsets(&self, generation: &Generation) -> Result<Vec<u64>, StoreError> {
        let path = self.failures_path();
        self.failures
            .prepare_cached(
                "SELECT DISTINCT offset FROM events WHERE generation_id = ?1 AND offset >= ?2",
            )
            .at(path)?
            .query_map(
                params![generation.id, generation.checkpoint_offset as i64],
                |row| unsigned(row, 0),
            )
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Whether a file beside a log was there before the log was first read, unasked for.
    pub(crate) fn is_passed_over(
        &self,
        source_id: i64,
        file: (u64, u64),
        length: u64,
        head_hash: u64,
    ) -> Result<bool, StoreError> {
        self.failures
            .prepare_cached(
                "SELECT 1 FROM passed_over WHERE source_id = ?1
                   AND ((device = ?2 AND inode = ?3 AND head_hash = ?5) OR (length = ?4 AND head_hash = ?5))",
            )
            .and_then(|mut statement| {
                statement.exists(params![
                    source_id,
                    file.0 as i64,
                    file.1 as i64,
                    length as i64,
                    head_hash as i64
                ])
            })
            .at(self.failures_path())
    }

    /// Notes such a file.
    pub(crate) fn pass_over(
        &mut self,
        source_id: i64,
        file: (u64, u64),
        length: u64,
        head_hash: u64,
    ) -> Result<(), StoreError> {
        self.failures
            .execute(
                "INSERT OR IGNORE INTO passed_over VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    source_id,
                    file.0 as i64,
                    file.1 as i64,
                    length as i64,
                    head_hash as i64
                ],
            )
            .at(self.failures_path())?;
        Ok(())
    }
}

/// Writes a generation's row inside the caller's transaction. `Ok(None)`: another process was faster.
pub(super) fn write(
    connection: &rusqlite::Connection,
    g: &Generation,
) -> rusqlite::Result<Option<i64>> {
    let marks = serde_json::to_string(&g.marks).unwrap_or_default();
    let figures = params![
        g.id,
        g.source_id,
        g.path,
        g.device as i64,
        g.inode as i64,
        g.packed,
        g.disk_size as i64,
        g.disk_probe as i64,
        g.seen as i64,
        g.head_length as i64,
        g.head_hash as i64,
        g.marker_hash as i64,
        g.running_hash as i64,
        marks,
        g.checkpoint_offset as i64,
        g.checkpoint_line as i64,
        g.cursor,
        g.copy_of,
        g.shared as i64,
        g.revision,
    ];
    let Some(id) = g.id else {
        connection
            .prepare_cached(&format!(
                "INSERT INTO generations ({COLUMNS}, number)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                         (SELECT coalesce(max(number), 0) + 1 FROM generations WHERE source_id = ?2))"
            ))?
            .execute(figures)?;
        return Ok(Some(connection.last_insert_rowid()));
    };
    let changed = connection
        .prepare_cached(
            "UPDATE generations SET source_id = ?2, path = ?3, device = ?4, inode = ?5, packed = ?6,
                 disk_size = ?7, disk_probe = ?8, seen = ?9, head_length = ?10, head_hash = ?11,
                 marker_hash = ?12, running_hash = ?13, marks = ?14, checkpoint_offset = ?15,
                 checkpoint_line = ?16, cursor = ?17, copy_of = ?18, shared = ?19, revision = ?20 + 1
             WHERE id = ?1 AND revision = ?20",
        )?
        .execute(figures)?;
    Ok((changed == 1).then_some(id))
}
