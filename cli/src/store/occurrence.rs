//! Counts failures exactly once: what was read and how far it was read commit together or not at all.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use guwu_core::model::{Failure, Platform};
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, params};

use super::error::{At, StoreError};
use super::position::{self, Generation};
use super::{Store, shape};

/// A failure ready to be stored: redacted and bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Where its record begins (row id in a table); `origin.offset` unless the source counts otherwise.
    pub offset: u64,
    /// Tells several failures of one record apart.
    pub ordinal: u32,
    /// Hash of what makes it the same occurrence wherever it is read again; sources without lasting offsets need it.
    pub content: Option<u64>,
    /// What happened; others may share it, so its time and place are not its own.
    pub failure: Arc<Failure>,
    pub timestamp: Option<String>,
    pub line: u64,
    /// Written when it is asked for.
    pub json: OnceCell<String>,
}

impl Arrival {
    /// The failure's JSON: few of many equal ones are ever looked at.
    pub(crate) fn json(&self) -> &str {
        self.json.get_or_init(|| {
            let mut failure = Failure::clone(&self.failure);
            failure.timestamp.clone_from(&self.timestamp);
            failure.origin.line = self.line;
            failure.origin.offset = self.offset;
            guwu_core::json::failure(&failure)
        })
    }
}

/// What one commit stores.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    /// The position after it.
    pub generation: &'a Generation,
    pub arrivals: &'a [Arrival],
    /// On the first commit of a run: everything at or after this offset is read anew and was therefore taken back.
    pub restart_at: Option<u64>,
    /// RFC 3339, UTC.
    pub now: &'a str,
}

/// What was taken back at the start of a run, so that reading it again is no news.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    taken_back: HashMap<(u64, u32), (String, u64)>,
    /// The groups' examples: whether each is settled, and how much it tells.
    examples: HashMap<String, (bool, i64)>,
}

/// What happened again to a group and is not written yet.
#[derive(Debug, Default)]
struct Tally<'a> {
    number: u64,
    fresh: bool,
    first_logged: Option<&'a str>,
    /// Of those that are news.
    last_logged: Option<&'a str>,
}

/// Newly counted failures of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    pub fingerprint: String,
    pub occurrences: u64,
}

impl Store {
    /// Stores a batch and the position after it in one transaction; returns the generation as stored.
    pub(crate) fn commit(
        &mut self,
        batch: &Batch<'_>,
        progress: &mut Progress,
    ) -> Result<(Generation, Vec<Counted>), StoreError> {
        let path = self.failures_path().to_path_buf();
        // That an event's group and generation exist is known where it is stored; asking again for each would read all of
        // the group's example. The switch works outside of a transaction only.
        let keys = |on: &str, connection: &Connection| {
            connection.execute_batch(&format!("PRAGMA foreign_keys = {on}"))
        };
        keys("OFF", &self.failures).at(&path)?;
        let done = self.commit_batch(batch, progress, &path);
        keys("ON", &self.failures).at(&path)?;
        done
    }

    fn commit_batch(
        &mut self,
        batch: &Batch<'_>,
        progress: &mut Progress,
        path: &Path,
    ) -> Result<(Generation, Vec<Counted>), StoreError> {
        let folder = self.dir.clone();
        let transaction = self
            .failures
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .at(path)?;
        let stored = position::write(&transaction, batch.generation).at(path)?;
        let Some(id) = stored else {
            return Err(StoreError::Scanning { path: folder });
        };
        let counted = count(&transaction, id, batch, progress).at(path)?;
        transaction.commit().at(path)?;
        let known = batch.generation.id.is_some();
        let generation = Generation {
            id: Some(id),
            revision: batch.generation.revision + i64::from(known),
            ..batch.generation.clone()
        };
        Ok((generation, counted))
    }

    /// Fingerprints of all groups with a failure.
    pub(crate) fn fingerprints(&self) -> Result<BTreeSet<String>, StoreError> {
        let path = self.failures_path();
        self.failures
            .prepare("SELECT fingerprint FROM groups WHERE count > 0")
            .at(path)?
            .query_map([], |row| row.get(0))
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Removes groups whose only failures turned out to be something else once their record was complete,
    /// unless a person or a test already refers to them.
    pub(crate) fn prune_groups(&mut self) -> Result<(), StoreError> {
        self.failures
            .execute(
                "DELETE FROM groups WHERE count = 0 AND status = 'new'
                   AND NOT EXISTS (SELECT 1 FROM events e WHERE e.fingerprint = groups.fingerprint)
                   AND NOT EXISTS (SELECT 1 FROM gaps g WHERE g.fingerprint = groups.fingerprint)
                   AND NOT EXISTS (SELECT 1 FROM candidates c WHERE c.fingerprint = groups.fingerprint)",
                [],
            )
            .at(self.failures_path())?;
        Ok(())
    }
}

fn count(
    connection: &Connection,
    id: i64,
    batch: &Batch<'_>,
    progress: &mut Progress,
) -> rusqlite::Result<Vec<Counted>> {
    let mut changed = Vec::new();
    if let Some(offset) = batch.restart_at {
        take_back(connection, id, offset, progress)?;
        changed.extend(progress.taken_back.values().map(|(f, _)| f.clone()));
    }
    let mut counted = Vec::new();
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    let mut events = Events::default();
    for arrival in batch.arrivals {
        let fingerprint = arrival.failure.fingerprint.as_str();
        let is_captured = arrival.failure.captured.is_some();
        if is_captured || arrival.content.is_some() {
            // What is asked next depends on what came before.
            events.write(connection, id)?;
        }
        let doubled = is_doubled(connection, id, batch.generation, arrival)?;
        let number = if doubled { 0 } else { arrival.failure.count };
        let before = match progress
            .taken_back
            .remove(&(arrival.offset, arrival.ordinal))
        {
            Some((known, before)) if known == fingerprint => before,
            _ => 0,
        };
        let fresh = if is_captured && is_logged(connection, fingerprint)? {
            0
        } else {
            number.saturating_sub(before)
        };
        // A captured line is whole or it is no JSON.
        let settled = is_captured || arrival.offset < batch.generation.checkpoint_offset;
        let rank = (settled, shape::weight(&arrival.failure));
        let example = example(connection, progress, fingerprint)?;
        if example.is_some_and(|example| example >= rank) {
            tallies
                .entry(fingerprint)
                .or_default()
                .add(arrival, number, fresh > 0);
        } else {
            if let Some(tally) = tallies.remove(fingerprint) {
                tally.write(connection, fingerprint, batch.now)?;
            }
            add_to_group(connection, arrival, number, fresh > 0, batch.now)?;
            propose(connection, &arrival.failure, arrival.json(), settled)?;
            progress.examples.insert(fingerprint.to_owned(), rank);
        }
        events.add(
            connection,
            id,
            Event {
                arrival,
                number,
                settled,
            },
        )?;
        if fresh > 0 {
            counted.push(Counted {
                fingerprint: fingerprint.to_owned(),
                occurrences: fresh,
            });
        }
    }
    events.write(connection, id)?;
    for (fingerprint, tally) in tallies {
        tally.write(connection, fingerprint, batch.now)?;
    }
    let arrived = batch
        .arrivals
        .iter()
        .map(|a| a.failure.fingerprint.as_str());
    agree(
        connection,
        arrived.chain(changed.iter().map(String::as_str)),
    )?;
    if settle(connection, id, batch.generation.checkpoint_offset)? {
        progress.examples.clear();
    }
    Ok(counted)
}

/// Rows of `events` that one statement writes: it finds its way into the table and its indexes once for all of them.
const ROWS: usize = 64;

/// An occurrence on its way into the table.
struct Event<'a> {
    arrival: &'a Arrival,
    number: u64,
    settled: bool,
}

/// Occurrences that are not written yet.
#[derive(Default)]
struct Events<'a>(Vec<Event<'a>>);

impl<'a> Events<'a> {
    fn add(&mut self, connection: &Connection, id: i64, event: Event<'a>) -> rusqlite::Result<()> {
        self.0.push(event);
        if self.0.len() < ROWS {
            return Ok(());
        }
        self.write(connection, id)
    }

    fn write(&mut self, connection: &Connection, id: i64) -> rusqlite::Result<()> {
        // Two kinds of statements, so that neither is compiled more than once.
        let rows = if self.0.len() < ROWS { 1 } else { ROWS };
        for events in self.0.chunks(rows) {
            insert(connection, id, events)?;
        }
        self.0.clear();
        Ok(())
    }
}

fn insert(connection: &Connection, id: i64, events: &[Event<'_>]) -> rusqlite::Result<()> {
    const COLUMNS: &str =
        "generation_id, offset, ordinal, fingerprint, count, line, logged, content, json, captured";
    let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let rows = vec![row; events.len()].join(", ");
    // Whatever fails takes back the whole transaction: SQLite need not remember the pages as they were before this statement.
    let sql = format!("INSERT OR FAIL INTO events ({COLUMNS}) VALUES {rows}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut at = 0;
    let mut bind = |value: &dyn ToSql| {
        at += 1;
        statement.raw_bind_parameter(at, value)
    };
    for event in events {
        let arrival = event.arrival;
        bind(&id)?;
        bind(&(arrival.offset as i64))?;
        bind(&arrival.ordinal)?;
        bind(&arrival.failure.fingerprint)?;
        bind(&(event.number as i64))?;
        bind(&(arrival.line as i64))?;
        bind(&arrival.timestamp)?;
        bind(&arrival.content.map(|hash| hash as i64))?;
        bind(&(!event.settled).then(|| arrival.json()))?;
        bind(&arrival.failure.captured.is_some())?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// What the group's example tells, if there is such a group.
fn example(
    connection: &Connection,
    progress: &mut Progress,
    fingerprint: &str,
) -> rusqlite::Result<Option<(bool, i64)>> {
    if let Some(known) = progress.examples.get(fingerprint) {
        return Ok(Some(*known));
    }
    let stored = connection
        .prepare_cached("SELECT settled, weight FROM groups WHERE fingerprint = ?1")?
        .query_row([fingerprint], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some(stored) = stored {
        progress.examples.insert(fingerprint.to_owned(), stored);
    }
    Ok(stored)
}

impl<'a> Tally<'a> {
    fn add(&mut self, arrival: &'a Arrival, number: u64, fresh: bool) {
        let logged = arrival.timestamp.as_deref();
        self.number += number;
        self.first_logged = self.first_logged.or(logged);
        if fresh {
            self.fresh = true;
            self.last_logged = logged.or(self.last_logged);
        }
    }

    fn write(self, connection: &Connection, fingerprint: &str, now: &str) -> rusqlite::Result<()> {
        let changed = connection
            .prepare_cached(
                "UPDATE groups SET
                     count = count + ?2,
                     first_logged = coalesce(first_logged, ?3),
                     last_seen = CASE WHEN ?4 THEN ?6 ELSE last_seen END,
                     last_logged = coalesce(?5, last_logged)
                 WHERE fingerprint = ?1",
            )?
            .execute(params![
                fingerprint,
                self.number as i64,
                self.first_logged,
                self.fresh,
                self.last_logged,
                now
            ])?;
        match changed {
            1 => Ok(()),
            // Another program took the group away.
            other => Err(rusqlite::Error::StatementChangedRows(other)),
        }
    }
}

/// Uncounts what will be read again.
fn take_back(
    connection: &Connection,
    id: i64,
    offset: u64,
    progress: &mut Progress,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT offset, ordinal, fingerprint, count FROM events WHERE generation_id = ?1 AND offset >= ?2",
    )?;
    let mut rows = statement.query(params![id, offset as i64])?;
    while let Some(row) = rows.next()? {
        let key = (row.get::<_, i64>(0)? as u64, row.get(1)?);
        let fingerprint: String = row.get(2)?;
        let count: i64 = row.get(3)?;
        connection
            .prepare_cached(
                "UPDATE groups SET count = count - ?2, weight = CASE settled WHEN 0 THEN -1 ELSE weight END
                 WHERE fingerprint = ?1",
            )?
            .execute(params![fingerprint, count])?;
        progress.taken_back.insert(key, (fingerprint, count as u64));
    }
    progress.examples.clear();
    connection
        .prepare_cached("DELETE FROM events WHERE generation_id = ?1 AND offset >= ?2")?
        .execute(params![id, offset as i64])?;
    Ok(())
}

/// Whether a log told of the group.
fn is_logged(connection: &Connection, fingerprint: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM events WHERE fingerprint = ?1 AND captured = 0")?
        .exists([fingerprint])
}

/// A log and the capture file both tell what happened, and either may miss some: the one that tells more gives the count.
fn agree<'f>(
    connection: &Connection,
    fingerprints: impl Iterator<Item = &'f str>,
) -> rusqlite::Result<()> {
    for fingerprint in fingerprints.collect::<BTreeSet<_>>() {
        connection
            .prepare_cached(
                "UPDATE groups SET count = (
                     SELECT max(sum(CASE captured WHEN 0 THEN e.count ELSE 0 END),
                                sum(CASE captured WHEN 1 THEN e.count ELSE 0 END))
                     FROM events e WHERE e.fingerprint = ?1)
                 WHERE fingerprint = ?1
                   AND EXISTS (SELECT 1 FROM events e WHERE e.fingerprint = ?1 AND e.captured = 1)",
            )?
            .execute([fingerprint])?;
    }
    Ok(())
}

/// Whether the same occurrence was already counted in a copy of this log or in an earlier life of this table.
fn is_doubled(
    connection: &Connection,
    id: i64,
    generation: &Generation,
    arrival: &Arrival,
) -> rusqlite::Result<bool> {
    if let Some(original) = generation.copy_of
        && arrival.offset < generation.shared
    {
        return connection
            .prepare_cached(
                "SELECT 1 FROM events
                 WHERE generation_id = ?1 AND offset = ?2 AND ordinal = ?3 AND fingerprint = ?4",
            )?
            .exists(params![
                original,
                arrival.offset as i64,
                arrival.ordinal,
                arrival.failure.fingerprint
            ]);
    }
    let Some(content) = arrival.content else {
        return Ok(false);
    };
    // Equal rows are told apart by number: the n-th one here stands for the n-th one there.
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM events e JOIN generations g ON g.id = e.generation_id
                     WHERE e.content = ?2 AND e.count > 0 AND g.source_id = ?3 AND g.id <> ?1)
                  > (SELECT count(*) FROM events WHERE content = ?2 AND count = 0 AND generation_id = ?1)",
        )?
        .query_row(
            params![id, content as i64, generation.source_id],
            |row| row.get(0),
        )
}

fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Python => "python",
        Platform::JavaScript => "javascript",
    }
}

fn add_to_group(
    connection: &Connection,
    arrival: &Arrival,
    number: u64,
    fresh: bool,
    now: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO groups (fingerprint, family, pattern, title, platform, first_seen, last_seen,
                                 first_logged, last_logged, count, example, weight, settled)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?7, ?8, ?9, -1, 0)
             ON CONFLICT (fingerprint) DO UPDATE SET
                 count = count + excluded.count,
                 first_logged = coalesce(first_logged, excluded.first_logged),
                 last_seen = CASE WHEN ?10 THEN excluded.last_seen ELSE last_seen END,
                 last_logged = CASE WHEN ?10 THEN coalesce(excluded.last_logged, last_logged) ELSE last_logged END",
        )?
        .execute(params![
            arrival.failure.fingerprint,
            arrival.failure.family,
            arrival.failure.pattern,
            arrival.failure.title,
            platform(arrival.failure.platform),
            now,
            arrival.timestamp,
            number as i64,
            arrival.json(),
            fresh,
        ])?;
    Ok(())
}

/// Makes an occurrence the group's example when it tells more. A record that may still grow yields to a complete
/// one, so the choice does not depend on where a run was interrupted.
fn propose(
    connection: &Connection,
    failure: &Failure,
    json: &str,
    settled: bool,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            // What was captured may make a test possible where the log alone did not.
            "UPDATE groups SET example = ?2, settled = ?4, family = ?5, pattern = ?6, title = ?7,
                 status = CASE WHEN status IN ('advised', 'skeleton') AND ?8 AND weight < ?9 THEN 'new' ELSE status END,
                 weight = ?3
             WHERE fingerprint = ?1 AND (settled < ?4 OR (settled = ?4 AND weight < ?3))",
        )?
        .execute(params![
            failure.fingerprint,
            json,
            shape::weight(failure),
            settled,
            failure.family,
            failure.pattern,
            failure.title,
            failure.captured.is_some(),
            shape::CAPTURED
        ])?;
    Ok(())
}

/// Records that can not grow any more compete for good and give up their text. Whether there were any.
fn settle(connection: &Connection, id: i64, checkpoint: u64) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        // The open ones are few; the planner would rather look at all of the generation's.
        "SELECT json FROM events INDEXED BY events_open
         WHERE generation_id = ?1 AND offset < ?2 AND json IS NOT NULL ORDER BY offset, ordinal",
    )?;
    let mut any = false;
    let mut rows = statement.query(params![id, checkpoint as i64])?;
    while let Some(row) = rows.next()? {
        any = true;
        let json: String = row.get(0)?;
        // What this program wrote itself and can not read back is no example.
        if let Ok(failure) = serde_json::from_str::<Failure>(&json) {
            propose(connection, &failure, &json, true)?;
        }
    }
    connection
        .prepare_cached(
            "UPDATE events INDEXED BY events_open SET json = NULL
             WHERE generation_id = ?1 AND offset < ?2 AND json IS NOT NULL",
        )?
        .execute(params![id, checkpoint as i64])?;
    Ok(any)
}
