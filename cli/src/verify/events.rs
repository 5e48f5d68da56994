//! What the probe tells, line by line, while pytest runs: which file it is at and what each file showed.
//! It only reads; what to do about a process that died is `batch`'s.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use guwu_core::prove::{Explored, Reached, Run, Seen};

/// One line of the probe.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "at", rename_all = "lowercase")]
enum Event {
    /// The file is collected, or one of its tests runs.
    Start { file: usize },
    /// That came to its end.
    End { file: usize },
    /// Nothing more comes of the file.
    Done { file: usize, run: Reported },
    /// It was called with many values; comes before it is done.
    Explored { file: usize, found: Explored },
    /// Something was not allowed; without a file: before any was begun.
    Refused { file: Option<usize>, what: String },
    /// A file of SQLite was opened.
    Database { file: Option<usize>, path: String },
    /// The session is over.
    Finish,
}

#[derive(Debug, serde::Deserialize)]
struct Reported {
    passed: u32,
    failed: u32,
    errors: u32,
    skipped: u32,
    timed_out: bool,
    seen: Vec<Seen>,
    #[serde(default)]
    reached: Option<Reached>,
    output: String,
}

/// What is known of a run, finished or not.
#[derive(Debug, Default)]
pub struct Progress {
    /// What each file showed; `None` when the process ended before.
    pub runs: Vec<Option<Run>>,
    /// What was refused, and while which file was worked on.
    pub refused: Vec<(Option<usize>, String)>,
    /// Databases that were opened, and while which file was worked on.
    pub databases: Vec<(Option<usize>, String)>,
    /// The file that was worked on when the process ended.
    pub current: Option<usize>,
    /// Whether any file was begun.
    pub is_begun: bool,
    /// Whether pytest came to its end.
    pub is_finished: bool,
}

impl Progress {
    /// What was refused to a file, or to all of them before any was begun.
    pub fn refused_to(&self, file: usize) -> Vec<String> {
        const MOST: usize = 20;
        let mut words: Vec<String> = Vec::new();
        for (at, what) in &self.refused {
            if at.is_none_or(|at| at == file) && !words.contains(what) && words.len() < MOST {
                words.push(what.clone());
            }
        }
        words
    }

    /// The databases that a file opened, or that were opened before any was begun.
    pub fn opened_by(&self, file: usize) -> Vec<String> {
        let its_own = |at: &Option<usize>| at.is_none_or(|at| at == file);
        let opened = self.databases.iter().filter(|(at, _)| its_own(at));
        let paths: BTreeSet<&String> = opened.map(|(_, path)| path).collect();
        paths.into_iter().cloned().collect()
    }

    /// Puts the project's paths in place of the mirror's.
    pub fn map_paths(&mut self, mirror: &str, project: &str) {
        let map = |text: &mut String| {
            if text.contains(mirror) {
                *text = text.replace(mirror, project);
            }
        };
        for run in self.runs.iter_mut().flatten() {
            map(&mut run.output);
            for seen in &mut run.seen {
                map(&mut seen.message);
                for frame in &mut seen.frames {
                    map(&mut frame.file);
                }
            }
        }
        for (_, text) in self.refused.iter_mut().chain(&mut self.databases) {
            map(text);
        }
    }
}

/// Reads the lines that are there; a torn last line is left out.
pub fn read(path: &Path, files: usize) -> Progress {
    let mut progress = Progress {
        runs: vec![None; files],
        ..Progress::default()
    };
    let text = fs::read(path).unwrap_or_default();
    let mut explored = None;
    for line in text.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Event::Start { file }) => {
                progress.is_begun = true;
                progress.current = Some(file);
            }
            Ok(Event::End { file }) => {
                progress.current = progress.current.filter(|current| *current != file);
            }
            Ok(Event::Done { file, run }) => {
                if let Some(slot) = progress.runs.get_mut(file) {
                    let found = explored.take_if(|(at, _)| *at == file);
                    *slot = Some(Run {
                        explored: found.map(|(_, found)| found),
                        ..run.into()
                    });
                }
            }
            Ok(Event::Explored { file, found }) => explored = Some((file, found)),
            Ok(Event::Refused { file, what }) => progress.refused.push((file, what)),
            Ok(Event::Database { file, path }) => progress.databases.push((file, path)),
            Ok(Event::Finish) => progress.is_finished = true,
            Err(_) => {}
        }
    }
    progress
}

impl From<Reported> for Run {
    fn from(reported: Reported) -> Run {
        Run {
            passed: reported.passed,
            failed: reported.failed,
            errors: reported.errors,
            skipped: reported.skipped,
            timed_out: reported.timed_out,
            seen: reported.seen,
            reached: reported.reached,
            explored: None,
            refused: Vec::new(),
            databases: Vec::new(),
            at_home: Vec::new(),
            output: reported.output,
        }
    }
}
