//! Log tables of SQLite files, such as a logging handler writes them.
//!
//! Neighbouring rows that report one event become one failure (core's `record::Messages`). The position is the last row id, checked against the last rows themselves: ids start anew when a
//! file is replaced or a table cleared. When they did, all rows are read again and those counted before are
//! recognised by their contents.

mod columns;
mod open;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use guwu_core::model::Failure;
use rusqlite::{Connection, params};

use super::name::place_key;
use super::pending::Pending;
use super::probe::Fnv;
use super::{Scan, SourceSpec};
use crate::store::{Batch, Generation, Kind, Progress, StoreError};
use guwu_core::record::{Messages, RecordMeta};

pub use columns::Columns;
use columns::quoted;
use open::Database;

/// Rows read in one statement. A reader of a rollback-journal database keeps writers waiting for as long.
const ROWS: usize = 500;
/// How many of the last rows are remembered to tell whether ids still mean the same rows.
const ANCHORS: usize = 64;

/// Reads all table specs.
pub(super) fn read(scan: &mut Scan<'_>, specs: &[SourceSpec]) -> Result<(), StoreError> {
    let mut seen = HashSet::new();
    for spec in specs {
        let (path, name, table, columns, explicit) = match spec {
            SourceSpec::Table {
                path,
                name,
                table,
                columns,
                explicit,
            } => (path, name, table.as_deref(), columns.as_ref(), *explicit),
            // A database may turn up under the name of a log.
            SourceSpec::File {
                path,
                name,
                explicit,
            } if super::discover::is_database(path) => (path, name, None, None, *explicit),
            _ => continue,
        };
        let true_path = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !seen.insert((true_path.clone(), table.map(str::to_owned))) {
            continue;
        }
        let database = match open::open(&true_path, scan.store.patience()) {
            Ok(database) => database,
            Err(error) => {
                scan.problem(unreadable(name, &error));
                continue;
            }
        };
        match tables(&database.connection, table, columns) {
            Ok(found) if found.is_empty() && (explicit || table.is_some()) => {
                scan.problem(match table {
                    Some(table) => format!(
                        "`{name}` has no table `{table}` with a message column; name another table or its columns"
                    ),
                    None => format!(
                        "`{name}` has no table that looks like a log; name the table if there is one"
                    ),
                });
            }
            Ok(found) => {
                for (table, columns) in found {
                    if !read_table(scan, &database, &true_path, name, &table, &columns)? {
                        break;
                    }
                }
            }
            Err(error) => scan.problem(unreadable(name, &error)),
        }
    }
    Ok(())
}

fn tables(
    connection: &Connection,
    table: Option<&str>,
    told: Option<&Columns>,
) -> rusqlite::Result<Vec<(String, Columns)>> {
    match (table, told) {
        (Some(table), Some(columns)) => Ok(vec![(table.to_owned(), columns.clone())]),
        (Some(table), None) => Ok(columns::recognise(connection, table)?
            .map(|columns| (table.to_owned(), columns))
            .into_iter()
            .collect()),
        (None, _) => columns::log_tables(connection),
    }
}

fn unreadable(name: &str, error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds it, the next scan goes on where this one stopped"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "the file is damaged, check it with `PRAGMA integrity_check`"
        }
        _ => "check the path, its permissions and the names of the table and its columns",
    };
    format!("cannot read the log table in `{name}`: {error}; {advice}")
}

/// One row.
struct Entry {
    id: i64,
    /// Hash of all that is read of it.
    whole: u64,
    /// Hash of what stays the same when a row gets another id; `None` when no time tells equal rows apart.
    content: Option<u64>,
    message: String,
    meta: RecordMeta,
}

/// Row id and hash of a row.
type Anchor = (i64, u64);

struct Rows<'a> {
    /// Name of the column that holds traces.
    trace: String,
    database: &'a Database,
    sql: String,
}

impl Rows<'_> {
    fn new<'a>(database: &'a Database, table: &str, columns: &Columns) -> Rows<'a> {
        let column = |name: &Option<String>| name.as_deref().map_or("NULL".to_owned(), quoted);
        Rows {
            database,
            trace: columns.trace.clone().unwrap_or_default(),
            sql: format!(
                "SELECT rowid, {}, {}, {}, {}, {} FROM {} WHERE rowid >= ?1 ORDER BY rowid LIMIT ?2",
                column(&columns.timestamp),
                column(&columns.level),
                column(&columns.logger),
                quoted(&columns.message),
                column(&columns.trace),
                quoted(table)
            ),
        }
    }

    /// Up to `limit` rows from an id on. The statement ends with the call, and with it the lock.
    fn from(&self, id: i64, limit: usize) -> rusqlite::Result<Vec<Entry>> {
        let mut statement = self.database.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params![id, limit as i64])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let timestamp = columns::text(row, 1)?;
            let level = columns::text(row, 2)?.map(columns::level);
            let logger = columns::text(row, 3)?;
            let mut message = columns::text(row, 4)?.unwrap_or_default();
            if let Some(trace) = columns::text(row, 5)?
                && !message.contains(trace.trim())
                && columns::is_trace(&self.trace, &trace)
            {
                message.push('\n');
                message.push_str(&trace);
            }
            let mut fnv = Fnv::default();
            for cell in [
                timestamp.as_deref(),
                level.as_deref(),
                logger.as_deref(),
                Some(&message),
            ] {
                fnv.update(cell.unwrap_or_default().as_bytes());
                fnv.update(&[0]);
            }
            entries.push(Entry {
                id: row.get(0)?,
                whole: fnv.0,
                content: timestamp.is_some().then_some(fnv.0),
                message,
                meta: RecordMeta {
                    level,
                    logger,
                    timestamp,
                },
            });
        }
        Ok(entries)
    }

    /// Whether the rows with these ids are (still) there and what they hash to.
    fn hash_of(&self, id: i64) -> rusqlite::Result<Option<u64>> {
        Ok(self
            .from(id, 1)?
            .first()
            .filter(|entry| entry.id == id)
            .map(|entry| entry.whole))
    }
}

/// How a stored position relates to the table as it is now.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Ids mean the same rows: go on behind the last one.
    Same,
    /// Ids were given anew.
    Anew,
}

fn standing(rows: &Rows<'_>, anchors: &[Anchor]) -> rusqlite::Result<Standing> {
    let mut gone = 0;
    for (id, hash) in anchors {
        match rows.hash_of(*id)? {
            Some(now) if now == *hash => {}
            Some(_) => return Ok(Standing::Anew),
            None => gone += 1,
        }
    }
    if gone < anchors.len() {
        return Ok(Standing::Same);
    }
    // All remembered rows are gone. If nothing older is left either, retention took them; otherwise the ids
    // that are left may be new ones, and reading them again counts nothing twice.
    let last = anchors.last().map_or(-1, |(id, _)| *id);
    Ok(match rows.from(0, 1)?.first() {
        Some(first) if first.id <= last => Standing::Anew,
        _ => Standing::Same,
    })
}

/// `Ok(false)`: the file can not be read on.
fn read_table(
    scan: &mut Scan<'_>,
    database: &Database,
    path: &Path,
    name: &str,
    table: &str,
    columns: &Columns,
) -> Result<bool, StoreError> {
    let rows = Rows::new(database, table, columns);
    let key = format!("{}#{table}", place_key(path, &scan.home));
    let (source_id, _) = scan.store.source(Kind::Table, &key)?;
    let last = scan.store.generations(source_id)?.pop();
    let fresh = || Generation {
        source_id,
        path: path.to_string_lossy().into_owned(),
        ..Generation::default()
    };
    let mut reading = Reading {
        generation: fresh(),
        anchors: Vec::new(),
        restart_at: None,
        next: 0,
    };
    let outcome = match last {
        None => Ok(()),
        Some(generation) => reading.resume(scan, &rows, generation, fresh)?,
    };
    let outcome = match outcome {
        Ok(()) => reading.run(scan, &rows, &format!("{name}#{table}"))?,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        scan.problem(unreadable(name, &error));
        return Ok(false);
    }
    Ok(true)
}

struct Reading {
    generation: Generation,
    /// The last rows read.
    anchors: Vec<Anchor>,
    restart_at: Option<u64>,
    /// First row id to read.
    next: i64,
}

impl Reading {
    fn resume(
        &mut self,
        scan: &Scan<'_>,
        rows: &Rows<'_>,
        generation: Generation,
        fresh: impl Fn() -> Generation,
    ) -> Result<rusqlite::Result<()>, StoreError> {
        let anchors: Vec<Anchor> = generation
            .cursor
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        match standing(rows, &anchors) {
            Ok(Standing::Same) => {}
            Ok(Standing::Anew) => {
                self.generation = fresh();
                return Ok(Ok(()));
            }
            Err(error) => return Ok(Err(error)),
        }
        let behind = anchors.last().map_or(0, |(id, _)| id + 1);
        let checkpoint = generation.checkpoint_offset;
        // Rows at or after the checkpoint are read again, unless retention took one: what was counted stays counted.
        let open: Result<bool, rusqlite::Error> = scan
            .store
            .open_offsets(&generation)?
            .into_iter()
            .try_fold(
                true,
                |all, id| Ok(all && rows.hash_of(id as i64)?.is_some()),
            );
        let again = match open {
            Ok(again) => again,
            Err(error) => return Ok(Err(error)),
        };
        self.next = if again { checkpoint as i64 } else { behind };
        self.restart_at = Some(self.next as u64);
        self.generation = generation;
        self.anchors = anchors;
        Ok(Ok(()))
    }

    fn run(
        &mut self,
        scan: &mut Scan<'_>,
        rows: &Rows<'_>,
        name: &str,
    ) -> Result<rusqlite::Result<()>, StoreError> {
        let behind = self.anchors.last().map_or(0, |(id, _)| id + 1);
        match rows.from(behind, 1) {
            Ok(news) if news.is_empty() && self.generation.id.is_some() => return Ok(Ok(())),
            Ok(_) => {}
            Err(error) => return Ok(Err(error)),
        }
        let mut messages = Messages::new(&scan.options_for(name));
        let mut pending = Pending::default();
        let mut progress = Progress::default();
        let mut contents: BTreeMap<u64, Option<u64>> = BTreeMap::new();
        loop {
            let entries = match rows.from(self.next, ROWS) {
                Ok(entries) if rows.database.is_undisturbed() => entries,
                // The application woke up while its file was read as it lay; the next scan sees it at work.
                Ok(_) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            let end = entries.len() < ROWS;
            for entry in entries {
                let id = entry.id as u64;
                contents.insert(id, entry.content);
                messages.push(id, &entry.message, &entry.meta);
                scan.report.bytes_read += entry.message.len() as u64;
                self.next = entry.id + 1;
                if self.anchors.last().is_none_or(|(id, _)| *id < entry.id) {
                    self.anchors.push((entry.id, entry.whole));
                }
            }
            let surplus = self.anchors.len().saturating_sub(ANCHORS);
            self.anchors.drain(..surplus);
            // Asked before the end: rows that wait for their neighbours may still get them.
            let checkpoint = messages.checkpoint(self.next.max(1) as u64 - 1);
            if end {
                messages.finish();
            }
            pending.extend(messages.take().into_iter().map(|failure| {
                let content = contents.get(&failure.origin.offset).copied().flatten();
                (failure, content)
            }));
            self.generation.checkpoint_offset = checkpoint;
            self.generation.seen = self.next.max(0) as u64;
            self.generation.cursor = Some(serde_json::to_string(&self.anchors).unwrap_or_default());
            let batch = Batch {
                generation: &self.generation,
                arrivals: &pending.arrivals,
                restart_at: self.restart_at.take(),
                now: scan.now,
            };
            let (stored, counted) = scan.store.commit(&batch, &mut progress)?;
            scan.add(counted);
            self.generation = stored;
            pending.clear(self.generation.checkpoint_offset);
            contents = contents.split_off(&checkpoint);
            if end {
                scan.report.sources_read += 1;
                return Ok(Ok(()));
            }
        }
    }
}

/// Every failure of a file's log tables, in the order of the tables and rows; nothing is stored.
///
/// # Errors
/// In words for the user, when the file can not be read.
pub fn failures(
    path: &Path,
    name: &str,
    table: Option<&str>,
    options: &guwu_core::model::Options,
) -> Result<Vec<Failure>, String> {
    let fail = |error: rusqlite::Error| unreadable(name, &error);
    let database = open::open(path, std::time::Duration::from_secs(5)).map_err(fail)?;
    let mut found = Vec::new();
    for (table, columns) in tables(&database.connection, table, None).map_err(fail)? {
        let rows = Rows::new(&database, &table, &columns);
        let mut messages = Messages::new(&guwu_core::model::Options {
            source: format!("{name}#{table}"),
            ..options.clone()
        });
        let mut next = 0;
        loop {
            let entries = rows.from(next, ROWS).map_err(fail)?;
            let end = entries.len() < ROWS;
            for entry in entries {
                messages.push(entry.id as u64, &entry.message, &entry.meta);
                next = entry.id + 1;
            }
            if end {
                messages.finish();
            }
            found.extend(messages.take());
            if end {
                break;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_survive_as_json() {
        let anchors: Vec<Anchor> = vec![(1, u64::MAX), (7, 3)];
        let json = serde_json::to_string(&anchors).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Anchor>>(&json).unwrap(), anchors);
    }
}
