//! Where failures come from: log files with all that rotation makes of them, log tables of SQLite files, standard input.
//! What is read goes into the store together with how far it was read (see `store::occurrence`).
//! Nothing here parses a log (that is core's `record`), and nothing relies on a file's times or on logged times.

mod ahead;
mod discover;
mod feed;
mod files;
mod input;
mod name;
mod pending;
mod probe;
pub mod table;

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use guwu_core::model::Options;

use crate::store::{Counted, Store, StoreError};

pub use discover::{DEFAULT_PATTERNS, discover};

/// One log to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceSpec {
    /// A text file, gzip or not.
    File {
        /// Where it lies.
        path: PathBuf,
        /// What to call it (`origin.source`).
        name: String,
        /// The user named this very file, so it is a problem when it is missing.
        explicit: bool,
    },
    /// Log tables of an SQLite file.
    Table {
        /// Where the file lies.
        path: PathBuf,
        /// What to call it (`origin.source`).
        name: String,
        /// Only this table; `None`: every table that looks like a log.
        table: Option<String>,
        /// What its columns mean; `None`: told by their names. Needs `table`.
        columns: Option<table::Columns>,
        /// The user named this very file, so it is a problem when it holds no log.
        explicit: bool,
    },
    /// Standard input, to its end. No position is kept. A failure with a logged time that was read from
    /// standard input before is not counted again; one without is counted each time.
    Stdin,
}

impl SourceSpec {
    /// A file that the user named.
    pub fn file(path: impl Into<PathBuf>) -> SourceSpec {
        let path = path.into();
        SourceSpec::File {
            name: path.to_string_lossy().into_owned(),
            path,
            explicit: true,
        }
    }

    /// A log table that the user named.
    pub fn table(path: impl Into<PathBuf>, table: Option<&str>) -> SourceSpec {
        let path = path.into();
        SourceSpec::Table {
            name: path.to_string_lossy().into_owned(),
            path,
            table: table.map(str::to_owned),
            columns: None,
            explicit: true,
        }
    }
}

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Fingerprints never seen before.
    pub new_groups: Vec<String>,
    /// Fingerprints known before that happened again.
    pub seen_again: Vec<String>,
    /// Newly counted failures.
    pub failures: u64,
    /// Sources in which there was something new to read.
    pub sources_read: usize,
    /// Bytes given to the reader.
    pub bytes_read: u64,
    /// What could not be read, in words for the user.
    pub problems: Vec<String>,
}

/// A scan at work.
pub(crate) struct Scan<'a> {
    store: &'a mut Store,
    options: &'a Options,
    now: &'a str,
    /// The store's folder, without links.
    home: PathBuf,
    report: Report,
    happened: BTreeSet<String>,
    /// Files visited, so that two names of one file count once.
    files: HashSet<(u64, u64)>,
    /// Generations that were found again.
    taken: HashSet<i64>,
}

impl Scan<'_> {
    fn add(&mut self, counted: Vec<Counted>) {
        for one in counted {
            self.report.failures += one.occurrences;
            self.happened.insert(one.fingerprint);
        }
    }

    fn problem(&mut self, text: String) {
        if !self.report.problems.contains(&text) {
            self.report.problems.push(text);
        }
    }

    /// The caller's options for one source.
    fn options_for(&self, name: &str) -> Options {
        Options {
            source: name.to_owned(),
            ..self.options.clone()
        }
    }
}

/// Reads what is new in `specs` into the store. `now` is the time of reading (RFC 3339, UTC).
///
/// A source that can not be read is a line in [`Report::problems`], and the others are read all the same.
///
/// # Errors
/// When the store can not take what was read. What was committed before stays; positions and failures agree
/// at every instant, so running it again goes on exactly there.
pub fn ingest(
    store: &mut Store,
    specs: &[SourceSpec],
    options: &Options,
    now: &str,
) -> Result<Report, StoreError> {
    store.still_there()?;
    let _lock = store.lock_scan()?;
    let before = store.fingerprints()?;
    let home = store.dir();
    let home = home.canonicalize().unwrap_or_else(|_| home.to_path_buf());
    let mut scan = Scan {
        store,
        options,
        now,
        home,
        report: Report::default(),
        happened: BTreeSet::new(),
        files: HashSet::new(),
        taken: HashSet::new(),
    };
    files::read(&mut scan, specs)?;
    table::read(&mut scan, specs)?;
    if specs.contains(&SourceSpec::Stdin) {
        input::read(&mut scan)?;
    }
    let Scan {
        mut report,
        happened,
        ..
    } = scan;
    store.still_there()?;
    store.prune_groups()?;
    store.refresh_patterns()?;
    let after = store.fingerprints()?;
    for fingerprint in happened {
        if before.contains(&fingerprint) {
            report.seen_again.push(fingerprint);
        } else if after.contains(&fingerprint) {
            report.new_groups.push(fingerprint);
        }
    }
    Ok(report)
}
