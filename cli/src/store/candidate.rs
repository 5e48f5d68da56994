//! Candidate tests: what was written or could be written for a group.

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::error::{At, StoreError};

/// A stored test.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Never used twice within one store.
    pub id: i64,
    /// The group that it is for.
    pub fingerprint: String,
    /// `replay`, `adapt`, `search`, `contract`, `import`, `static`, `skeleton`, `model`.
    pub strategy: String,
    /// `unit`, `integration`, `e2e`.
    pub layer: String,
    /// `create`, `draft`, `advise`.
    pub tier: String,
    /// 0..1.
    pub confidence: f64,
    /// JSON.
    pub evidence: String,
    /// Relative to the project: where the test lies or would lie.
    pub path: String,
    /// What pytest calls it.
    pub node_id: String,
    /// The test's text.
    pub content: String,
    /// Hash of the text as written, to tell an edited file.
    pub content_hash: String,
    /// `proposed`, `created`, `staged`, `advised`, `accepted`, `rejected`.
    pub state: String,
    /// RFC 3339, UTC.
    pub created_at: String,
}

/// A test to store; fields as in [`Candidate`].
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the same fields as in Candidate")]
pub struct NewCandidate {
    pub fingerprint: String,
    pub strategy: String,
    pub layer: String,
    pub tier: String,
    pub confidence: f64,
    pub evidence: String,
    pub path: String,
    pub node_id: String,
    pub content: String,
    pub content_hash: String,
    pub state: String,
    pub created_at: String,
}

/// Which candidates to list; the default lists all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// Only these states; empty: any.
    pub states: Vec<String>,
    /// Only this tier.
    pub tier: Option<String>,
    /// Only those that lie or would lie here.
    pub path: Option<String>,
}

const COLUMNS: &str = "id, fingerprint, strategy, layer, tier, confidence, evidence, path, node_id, content, \
                       content_hash, state, created_at";

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        id: row.get(0)?,
        fingerprint: row.get(1)?,
        strategy: row.get(2)?,
        layer: row.get(3)?,
        tier: row.get(4)?,
        confidence: row.get(5)?,
        evidence: row.get(6)?,
        path: row.get(7)?,
        node_id: row.get(8)?,
        content: row.get(9)?,
        content_hash: row.get(10)?,
        state: row.get(11)?,
        created_at: row.get(12)?,
    })
}

impl Store {
    /// Stores a test and returns its id. An older one of the same group, strategy and path that is only
    /// `proposed` or `advised` gives way to it; with the same text it keeps its id and thereby its proofs.
    ///
    /// # Errors
    /// [`StoreError::NoGroup`] when the (whole) fingerprint is not known.
    pub fn put_candidate(&mut self, new: &NewCandidate) -> Result<i64, StoreError> {
        let path = self.failures_path().to_path_buf();
        let known: Option<i64> = self
            .failures
            .query_row(
                "SELECT 1 FROM groups WHERE fingerprint = ?1",
                [&new.fingerprint],
                |row| row.get(0),
            )
            .optional()
            .at(&path)?;
        self.must_exist(usize::from(known.is_some()), &new.fingerprint)?;
        let transaction = self
            .failures
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .at(&path)?;
        let same: Option<i64> = transaction
            .query_row(
                "SELECT max(id) FROM candidates
                 WHERE fingerprint = ?1 AND strategy = ?2 AND path = ?3 AND content_hash = ?4
                   AND state IN ('proposed', 'advised')",
                params![new.fingerprint, new.strategy, new.path, new.content_hash],
                |row| row.get(0),
            )
            .at(&path)?;
        transaction
            .execute(
                "DELETE FROM candidates
                 WHERE fingerprint = ?1 AND strategy = ?2 AND path = ?3 AND state IN ('proposed', 'advised')",
                params![new.fingerprint, new.strategy, new.path],
            )
            .at(&path)?;
        transaction
            .execute(
                "INSERT INTO candidates (id, fingerprint, strategy, layer, tier, confidence, evidence, path,
                                         node_id, content, content_hash, state, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    same,
                    new.fingerprint,
                    new.strategy,
                    new.layer,
                    new.tier,
                    new.confidence,
                    new.evidence,
                    new.path,
                    new.node_id,
                    new.content,
                    new.content_hash,
                    new.state,
                    new.created_at
                ],
            )
            .at(&path)?;
        let id = transaction.last_insert_rowid();
        transaction.commit().at(&path)?;
        Ok(id)
    }

    /// The tests of a group, oldest first.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn candidates(&self, fingerprint: &str) -> Result<Vec<Candidate>, StoreError> {
        let path = self.failures_path();
        self.failures
            .prepare(&format!(
                "SELECT {COLUMNS} FROM candidates WHERE fingerprint = ?1 ORDER BY id"
            ))
            .at(path)?
            .query_map([fingerprint], candidate)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)
    }

    /// The tests of all groups, oldest first.
    ///
    /// # Errors
    /// When the file can not be read.
    pub fn all_candidates(&self, filter: &CandidateFilter) -> Result<Vec<Candidate>, StoreError> {
        let path = self.failures_path();
        let mut found: Vec<Candidate> = self
            .failures
            .prepare(&format!(
                "SELECT {COLUMNS} FROM candidates
                 WHERE (?1 IS NULL OR tier = ?1) AND (?2 IS NULL OR path = ?2) ORDER BY id"
            ))
            .at(path)?
            .query_map(params![filter.tier, filter.path], candidate)
            .at(path)?
            .collect::<rusqlite::Result<_>>()
            .at(path)?;
        found.retain(|c| filter.states.is_empty() || filter.states.contains(&c.state));
        Ok(found)
    }

    /// The test with this id.
    ///
    /// # Errors
    /// [`StoreError::NoCandidate`], or when the file can not be read.
    pub fn candidate(&self, id: i64) -> Result<Candidate, StoreError> {
        self.failures
            .query_row(
                &format!("SELECT {COLUMNS} FROM candidates WHERE id = ?1"),
                [id],
                candidate,
            )
            .optional()
            .at(self.failures_path())?
            .ok_or(StoreError::NoCandidate { id })
    }

    /// Notes what became of a test.
    ///
    /// # Errors
    /// [`StoreError::NoCandidate`] when the id is not known.
    pub fn set_candidate_state(&mut self, id: i64, state: &str) -> Result<(), StoreError> {
        let changed = self
            .failures
            .execute(
                "UPDATE candidates SET state = ?2 WHERE id = ?1",
                params![id, state],
            )
            .at(self.failures_path())?;
        if changed == 0 {
            return Err(StoreError::NoCandidate { id });
        }
        Ok(())
    }

    /// Notes what verification found out about a test.
    ///
    /// # Errors
    /// [`StoreError::NoCandidate`] when the id is not known.
    pub fn set_candidate_score(
        &mut self,
        id: i64,
        tier: &str,
        confidence: f64,
        evidence: &str,
    ) -> Result<(), StoreError> {
        let changed = self
            .failures
            .execute(
                "UPDATE candidates SET tier = ?2, confidence = ?3, evidence = ?4 WHERE id = ?1",
                params![id, tier, confidence, evidence],
            )
            .at(self.failures_path())?;
        if changed == 0 {
            return Err(StoreError::NoCandidate { id });
        }
        Ok(())
    }
}
