//! Proofs (what running a candidate showed) and outcomes (what became of it later), in `learning_metrics.db`.
//! Calibration itself is computed elsewhere from what is read here.

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::error::{At, StoreError};

/// What one run of a candidate showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The group.
    pub fingerprint: String,
    /// The test that was run.
    pub candidate_id: i64,
    /// Pattern code of the group at that time.
    pub pattern: Option<String>,
    /// Strategy of the test.
    pub strategy: Option<String>,
    /// `red-same`, `green`, `red-other`, `error`, `timeout` …
    pub outcome: String,
    /// JSON.
    pub detail: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// What became of a test or of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The group.
    pub fingerprint: String,
    /// The test, if it was about one.
    pub candidate_id: Option<i64>,
    /// Pattern code of the group at that time.
    pub pattern: Option<String>,
    /// Strategy of the test.
    pub strategy: Option<String>,
    /// `guards`, `accepted`, `rejected`, `recurred`.
    pub kind: String,
    /// What had been predicted, 0..1.
    pub predicted_confidence: Option<f64>,
    /// RFC 3339, UTC.
    pub at: String,
}

/// A file that is only read may still have the names of a former version.
fn named(outcome: String) -> String {
    match guwu_core::prove::Outcome::from_name(&outcome) {
        Some(known) => known.as_str().to_owned(),
        None => outcome,
    }
}

fn proof(row: &Row<'_>) -> rusqlite::Result<Proof> {
    Ok(Proof {
        fingerprint: row.get(0)?,
        candidate_id: row.get(1)?,
        pattern: row.get(2)?,
        strategy: row.get(3)?,
        outcome: named(row.get(4)?),
        detail: row.get(5)?,
        at: row.get(6)?,
    })
}

impl Store {
    /// Stores what a run showed.
    ///
    /// # Errors
    /// When the file can not be written.
    pub fn record_proof(
        &mut self,
        fingerprint: &str,
        candidate_id: i64,
        outcome: &str,
        detail_json: &str,
        at: &str,
    ) -> Result<(), StoreError> {
        let (pattern, strategy) = self.kind_of(fingerprint, Some(candidate_id))?;
        self.learning
            .execute(
                "INSERT INTO proofs (store_id, fingerprint, candidate_id, pattern, strategy, outcome, detail, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    self.id,
                    fingerprint,
                    candidate_id,
                    pattern,
                    strategy,
                    outcome,
                    detail_json,
                    at
                ],
            )
            .at(&self.paths.learning)?;
        self.refresh_patterns()
    }

    /// The proofs of a candidate, oldest first.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn proofs(&self, candidate_id: i64) -> Result<Vec<Proof>, StoreError> {
        let path = &self.paths.learning;
        self.learning
            .prepare(
                "SELECT fingerprint, candidate_id, pattern, strategy, outcome, detail, at
                 FROM proofs WHERE store_id = ?1 AND candidate_id = ?2 ORDER BY id",
            )
            .at(path)?
            .query_map(params![self.id, candidate_id], proof)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Every proof ever stored, of former stores too, oldest first.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn all_proofs(&self) -> Result<Vec<Proof>, StoreError> {
        let path = &self.paths.learning;
        self.learning
            .prepare(
                "SELECT fingerprint, candidate_id, pattern, strategy, outcome, detail, at
                 FROM proofs ORDER BY id",
            )
            .at(path)?
            .query_map([], proof)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Stores what became of a test or of a group.
    ///
    /// # Errors
    /// When the file can not be written.
    pub fn record_outcome(
        &mut self,
        fingerprint: &str,
        candidate_id: Option<i64>,
        kind: &str,
        predicted_confidence: Option<f64>,
        at: &str,
    ) -> Result<(), StoreError> {
        let (pattern, strategy) = self.kind_of(fingerprint, candidate_id)?;
        self.learning
            .execute(
                "INSERT INTO outcomes (store_id, fingerprint, candidate_id, pattern, strategy, kind,
                                       predicted_confidence, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    self.id,
                    fingerprint,
                    candidate_id,
                    pattern,
                    strategy,
                    kind,
                    predicted_confidence,
                    at
                ],
            )
            .at(&self.paths.learning)?;
        self.refresh_patterns()
    }

    /// Every outcome ever stored, of former stores too, oldest first.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn outcomes(&self) -> Result<Vec<Outcome>, StoreError> {
        let path = &self.paths.learning;
        self.learning
            .prepare(
                "SELECT fingerprint, candidate_id, pattern, strategy, kind, predicted_confidence, at
                 FROM outcomes ORDER BY id",
            )
            .at(path)?
            .query_map([], |row| {
                Ok(Outcome {
                    fingerprint: row.get(0)?,
                    candidate_id: row.get(1)?,
                    pattern: row.get(2)?,
                    strategy: row.get(3)?,
                    kind: row.get(4)?,
                    predicted_confidence: row.get(5)?,
                    at: row.get(6)?,
                })
            })
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// Pattern of a group and strategy of a candidate, kept with the proof so that it outlives both.
    fn kind_of(
        &self,
        fingerprint: &str,
        candidate_id: Option<i64>,
    ) -> Result<(Option<String>, Option<String>), StoreError> {
        let path = self.failures_path();
        let pattern = self
            .failures
            .query_row(
                "SELECT pattern FROM groups WHERE fingerprint = ?1",
                [fingerprint],
                |row| row.get(0),
            )
            .optional()
            .at(path)?;
        let strategy = self
            .failures
            .query_row(
                "SELECT strategy FROM candidates WHERE id = ?1",
                [candidate_id],
                |row| row.get(0),
            )
            .optional()
            .at(path)?;
        Ok((pattern, strategy))
    }
}
