//! Groups: all failures with one fingerprint, their status and the gap found for them.

use std::fmt;
use std::str::FromStr;

use guwu_core::model::Failure;
use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::error::{At, StoreError};

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing was done yet.
    New,
    /// A test was written into the project.
    Tested,
    /// A test waits for review.
    Staged,
    /// No test could be proven; what is known of one waits to be filled in.
    Skeleton,
    /// Only advice was given.
    Advised,
    /// A test that failed for it passes now.
    Guarded,
    /// A person took the test.
    Accepted,
    /// A person refused the test.
    Rejected,
    /// A person said that it is no failure worth a test.
    Noise,
}

impl Status {
    const ALL: [(Status, &'static str); 9] = [
        (Status::New, "new"),
        (Status::Tested, "tested"),
        (Status::Staged, "staged"),
        (Status::Skeleton, "skeleton"),
        (Status::Advised, "advised"),
        (Status::Guarded, "guarded"),
        (Status::Accepted, "accepted"),
        (Status::Rejected, "rejected"),
        (Status::Noise, "noise"),
    ];

    /// The word that is stored and printed.
    pub fn as_str(self) -> &'static str {
        Status::ALL
            .iter()
            .find(|(status, _)| *status == self)
            .map_or("new", |(_, word)| word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Status, String> {
        Status::ALL
            .iter()
            .find(|(_, word)| *word == text)
            .map(|(status, _)| *status)
            .ok_or_else(|| {
                let words: Vec<&str> = Status::ALL.iter().map(|(_, word)| *word).collect();
                format!("`{text}` is no status; use one of {}", words.join(", "))
            })
    }
}

/// All failures with one fingerprint.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The id, `1:` and 16 hex digits.
    pub fingerprint: String,
    /// The looser id.
    pub family: String,
    /// Pattern code, `GW101`.
    pub pattern: String,
    /// One line for people.
    pub title: String,
    /// `python` or `javascript`.
    pub platform: String,
    /// What became of it.
    pub status: Status,
    /// When its first failure was read (RFC 3339, UTC).
    pub first_seen: String,
    /// When its last failure was read (RFC 3339, UTC).
    pub last_seen: String,
    /// Time of the first failure read, as logged.
    pub first_logged: Option<String>,
    /// Time of the last failure read, as logged.
    pub last_logged: Option<String>,
    /// How often it happened.
    pub count: u64,
    /// The fullest occurrence.
    pub example: Failure,
    /// The same as failure JSON.
    pub example_json: String,
}

/// Which groups to list; the default lists all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these statuses; empty: any.
    pub statuses: Vec<Status>,
    /// Only this pattern code.
    pub pattern: Option<String>,
    /// Only `python` or `javascript`.
    pub platform: Option<String>,
    /// Only groups read first at or after this time (RFC 3339, UTC).
    pub first_seen_from: Option<String>,
}

const COLUMNS: &str = "fingerprint, family, pattern, title, platform, status, first_seen, last_seen, \
                       first_logged, last_logged, count, example";

impl Store {
    /// The groups, ordered by the time of their first reading, then by fingerprint.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn groups(&self, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM groups
             WHERE count > 0
               AND (?1 IS NULL OR pattern = ?1) AND (?2 IS NULL OR platform = ?2)
               AND (?3 IS NULL OR first_seen >= ?3)
             ORDER BY first_seen, fingerprint"
        );
        let path = self.failures_path();
        let mut statement = self.failures.prepare(&sql).at(path)?;
        let mut rows = statement
            .query(params![
                filter.pattern,
                filter.platform,
                filter.first_seen_from
            ])
            .at(path)?;
        let mut groups = Vec::new();
        while let Some(row) = rows.next().at(path)? {
            let group = self.group(row)?;
            if filter.statuses.is_empty() || filter.statuses.contains(&group.status) {
                groups.push(group);
            }
        }
        Ok(groups)
    }

    /// The group with this id: a whole fingerprint (`1:abcd…`), the hex digits alone, or the start of either.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`], [`StoreError::Ambiguous`], or when the file can not be read.
    pub fn find_group(&self, id: &str) -> Result<Group, StoreError> {
        let path = self.failures_path();
        let none = || StoreError::NoGroup { id: id.to_owned() };
        let wanted = id.trim().to_ascii_lowercase();
        if wanted.is_empty() || !wanted.chars().all(|c| c.is_ascii_hexdigit() || c == ':') {
            return Err(none());
        }
        // Compared as text of fixed length, so no character of the id acts as a wildcard.
        let mut statement = self
            .failures
            .prepare(
                "SELECT fingerprint FROM groups
                 WHERE substr(fingerprint, 1, length(?1)) = ?1
                    OR substr(fingerprint, instr(fingerprint, ':') + 1, length(?1)) = ?1
                 ORDER BY count = 0, fingerprint",
            )
            .at(path)?;
        let mut matches: Vec<String> = statement
            .query_map([&wanted], |row| row.get(0))
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)?;
        if let Some(exact) = matches
            .iter()
            .find(|m| **m == wanted || m.split_once(':').is_some_and(|(_, hex)| hex == wanted))
        {
            matches = vec![exact.clone()];
        }
        match matches.as_slice() {
            [] => Err(none()),
            [fingerprint] => self
                .failures
                .prepare(&format!(
                    "SELECT {COLUMNS} FROM groups WHERE fingerprint = ?1"
                ))
                .at(path)?
                .query([fingerprint])
                .at(path)?
                .next()
                .at(path)?
                .map_or_else(|| Err(none()), |row| self.group(row)),
            _ => Err(StoreError::Ambiguous {
                id: id.to_owned(),
                matches,
            }),
        }
    }

    /// Notes what became of a group.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`] when the (whole) fingerprint is not known.
    pub fn set_status(&mut self, fingerprint: &str, status: Status) -> Result<(), StoreError> {
        let changed = self
            .failures
            .execute(
                "UPDATE groups SET status = ?2 WHERE fingerprint = ?1",
                params![fingerprint, status.as_str()],
            )
            .at(self.failures_path())?;
        self.must_exist(changed, fingerprint)
    }

    /// Stores the gap of a group (JSON), replacing an older one.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`] when the (whole) fingerprint is not known.
    pub fn put_gap(&mut self, fingerprint: &str, json: &str) -> Result<(), StoreError> {
        let changed = self
            .failures
            .execute(
                "INSERT INTO gaps (fingerprint, json)
                 SELECT fingerprint, ?2 FROM groups WHERE fingerprint = ?1
                 ON CONFLICT (fingerprint) DO UPDATE SET json = excluded.json",
                params![fingerprint, json],
            )
            .at(self.failures_path())?;
        self.must_exist(changed, fingerprint)
    }

    /// The gap of a group (JSON), if one was stored.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn gap(&self, fingerprint: &str) -> Result<Option<String>, StoreError> {
        self.failures
            .query_row(
                "SELECT json FROM gaps WHERE fingerprint = ?1",
                [fingerprint],
                |row| row.get(0),
            )
            .optional()
            .at(self.failures_path())
    }

    pub(super) fn must_exist(&self, changed: usize, id: &str) -> Result<(), StoreError> {
        if changed > 0 {
            return Ok(());
        }
        Err(StoreError::NoGroup { id: id.to_owned() })
    }

    fn group(&self, row: &Row<'_>) -> Result<Group, StoreError> {
        let path = self.failures_path();
        let text = |index: usize| row.get::<_, String>(index).at(path);
        let maybe = |index: usize| row.get::<_, Option<String>>(index).at(path);
        let unreadable = |what: String, detail: String| StoreError::Content {
            path: path.to_path_buf(),
            what,
            detail,
        };
        let fingerprint = text(0)?;
        let example_json = text(11)?;
        let example: Failure = serde_json::from_str(&example_json).map_err(|error| {
            unreadable(
                format!("an example of the group `{fingerprint}`"),
                error.to_string(),
            )
        })?;
        Ok(Group {
            family: text(1)?,
            pattern: text(2)?,
            title: text(3)?,
            platform: text(4)?,
            status: text(5)?.parse().map_err(|error| {
                unreadable(format!("a status of the group `{fingerprint}`"), error)
            })?,
            first_seen: text(6)?,
            last_seen: text(7)?,
            first_logged: maybe(8)?,
            last_logged: maybe(9)?,
            count: row.get::<_, i64>(10).at(path)?.max(0) as u64,
            example,
            example_json,
            fingerprint,
        })
    }
}
