//! The pattern library in `patterns.db`: the built-in codes and what was lived through with each.

use rusqlite::params;

use super::Store;
use super::error::{At, StoreError};

/// A pattern and its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternRecord {
    /// `GW101`.
    pub code: String,
    /// One line for people.
    pub title: String,
    /// Failures counted, in former stores too.
    pub seen: u64,
    /// Candidates whose run failed for the reason of production.
    pub proven: u64,
    /// Tests that went green with the fix.
    pub guarded: u64,
    /// Tests that a person refused.
    pub rejected: u64,
}

impl Store {
    /// Brings the stored list to the built-in one; records stay, also of codes that are no longer built in.
    ///
    /// # Errors
    /// When the file can not be written.
    pub fn sync_patterns(&mut self, builtin: &[(&str, &str)]) -> Result<(), StoreError> {
        let path = self.paths.patterns.clone();
        let transaction = self.patterns.transaction().at(&path)?;
        for (code, title) in builtin {
            transaction
                .execute(
                    "INSERT INTO patterns (code, title) VALUES (?1, ?2)
                     ON CONFLICT (code) DO UPDATE SET title = excluded.title",
                    [code, title],
                )
                .at(&path)?;
        }
        transaction.commit().at(&path)?;
        self.refresh_patterns()
    }

    /// The library, by code.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn patterns(&self) -> Result<Vec<PatternRecord>, StoreError> {
        let path = &self.paths.patterns;
        self.patterns
            .prepare(
                "SELECT code, title, seen, proven, guarded, rejected FROM patterns ORDER BY code",
            )
            .at(path)?
            .query_map([], |row| {
                Ok(PatternRecord {
                    code: row.get(0)?,
                    title: row.get(1)?,
                    seen: row.get::<_, i64>(2)? as u64,
                    proven: row.get::<_, i64>(3)? as u64,
                    guarded: row.get::<_, i64>(4)? as u64,
                    rejected: row.get::<_, i64>(5)? as u64,
                })
            })
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Derives the records from the other two files. Run after every change of these and at each opening,
    /// so a kill between two files heals itself.
    pub(crate) fn refresh_patterns(&self) -> Result<(), StoreError> {
        let counts = |sql: &str,
                      connection: &rusqlite::Connection,
                      path|
         -> Result<Vec<(String, i64)>, StoreError> {
            connection
                .prepare(sql)
                .at(path)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .at(path)?
                .collect::<rusqlite::Result<_>>()
                .at(path)
        };
        let seen = counts(
            "SELECT pattern, sum(count) FROM groups WHERE pattern <> '' GROUP BY pattern",
            &self.failures,
            &self.paths.failures,
        )?;
        let learning = |sql: &str| counts(sql, &self.learning, &self.paths.learning);
        let proven = learning(
            "SELECT pattern, count(DISTINCT store_id || candidate_id) FROM proofs
             WHERE outcome = 'red-same' AND pattern IS NOT NULL GROUP BY pattern",
        )?;
        let guarded = learning(
            "SELECT pattern, count(*) FROM outcomes
             WHERE kind = 'guards' AND pattern IS NOT NULL GROUP BY pattern",
        )?;
        let rejected = learning(
            "SELECT pattern, count(*) FROM outcomes
             WHERE kind = 'rejected' AND pattern IS NOT NULL GROUP BY pattern",
        )?;

        let path = &self.paths.patterns;
        let transaction = self.patterns.unchecked_transaction().at(path)?;
        transaction
            .execute("DELETE FROM seen WHERE store_id = ?1", [&self.id])
            .at(path)?;
        for (code, count) in seen {
            transaction
                .execute(
                    "INSERT INTO patterns (code, title) VALUES (?1, ?1) ON CONFLICT DO NOTHING",
                    [&code],
                )
                .at(path)?;
            transaction
                .execute(
                    "INSERT INTO seen VALUES (?1, ?2, ?3)",
                    params![code, self.id, count],
                )
                .at(path)?;
        }
        transaction
            .execute(
                "UPDATE patterns SET proven = 0, guarded = 0, rejected = 0,
                     seen = (SELECT coalesce(sum(count), 0) FROM seen WHERE seen.code = patterns.code)",
                [],
            )
            .at(path)?;
        for (column, rows) in [
            ("proven", proven),
            ("guarded", guarded),
            ("rejected", rejected),
        ] {
            for (code, count) in rows {
                transaction
                    .execute(
                        &format!("UPDATE patterns SET {column} = ?2 WHERE code = ?1"),
                        params![code, count],
                    )
                    .at(path)?;
            }
        }
        transaction.commit().at(path)
    }
}
