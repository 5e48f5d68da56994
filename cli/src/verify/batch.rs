//! Many test files with as few processes as their behaviour allows: all in one, and what a process that died left
//! without a result in the next one. It judges nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use guwu_core::prove::Run;

use super::mirror::Mirror;
use super::session::{self, Session};
use super::{Placed, Runner, VerifyError, databases};

/// Files for one process; keeps the command line and the loss by a crash small.
const MOST_FILES: usize = 100;
/// Processes that may die before the rest is given up.
const MOST_DEATHS: usize = 10;

/// A run for each file, in their order.
pub fn run(
    runner: &Runner,
    mirror: &mut Mirror,
    files: &[Placed],
) -> Result<Vec<Run>, VerifyError> {
    let mut batch = Batch {
        runner,
        mirror,
        files,
        runs: vec![None; files.len()],
    };
    // pytest collects a file once, however often it is named.
    let first = |file: &Placed| files.iter().position(|other| other == file);
    let firsts: Vec<Option<usize>> = files.iter().map(first).collect();
    let different: Vec<usize> = (0..files.len())
        .filter(|n| firsts[*n] == Some(*n))
        .collect();
    for some in different.chunks(MOST_FILES) {
        batch.run_all(some.to_vec())?;
    }
    let run_of = |n: &Option<usize>| n.and_then(|n| batch.runs[n].clone());
    Ok(firsts
        .iter()
        .map(|n| run_of(n).unwrap_or_default())
        .collect())
}

struct Batch<'a> {
    runner: &'a Runner,
    mirror: &'a mut Mirror,
    files: &'a [Placed],
    runs: Vec<Option<Run>>,
}

impl Batch<'_> {
    /// Runs the files with those numbers until each has a run.
    fn run_all(&mut self, mut open: Vec<usize>) -> Result<(), VerifyError> {
        let mut deaths = 0;
        while !open.is_empty() {
            let session = self.run_once(&open)?;
            let current = session.progress.current.and_then(|n| open.get(n).copied());
            let is_alone = open.len() == 1;
            let before = open.len();
            open.retain(|file| self.runs[*file].is_none());
            if open.is_empty() {
                return Ok(());
            }
            let folders: BTreeSet<PathBuf> = open.iter().map(|f| self.folder(*f)).collect();
            deaths += 1;
            match current.filter(|file| self.runs[*file].is_none()) {
                Some(culprit) if session.is_timed_out || is_alone => {
                    let place = session.progress.current.unwrap_or_default();
                    self.runs[culprit] = Some(died(&session, place));
                }
                // Perhaps it only suffered from what ran before it.
                Some(culprit) => {
                    let alone = self.run_once(&[culprit])?;
                    self.runs[culprit].get_or_insert_with(|| died(&alone, 0));
                }
                // Nothing was begun: the interpreter, the settings or a conftest.py, and perhaps only that of one folder.
                None if !session.progress.is_begun && folders.len() > 1 => {
                    for folder in folders {
                        let there = open.iter().copied();
                        let there = there.filter(|f| self.folder(*f) == folder).collect();
                        self.run_all(there)?;
                    }
                    return Ok(());
                }
                None if !session.progress.is_begun || open.len() == before => {
                    for (place, file) in open.into_iter().enumerate() {
                        self.runs[file] = Some(died(&session, place));
                    }
                    return Ok(());
                }
                None => {}
            }
            open.retain(|file| self.runs[*file].is_none());
            if deaths >= MOST_DEATHS {
                for file in open {
                    self.runs[file] = Some(Run {
                        errors: 1,
                        output: format!("not run: the test process died {deaths} times"),
                        ..Run::default()
                    });
                }
                return Ok(());
            }
        }
        Ok(())
    }

    fn folder(&self, file: usize) -> PathBuf {
        let path = self.files[file].path.parent();
        path.map(PathBuf::from).unwrap_or_default()
    }

    /// Runs the files with those numbers and keeps what they showed.
    fn run_once(&mut self, numbers: &[usize]) -> Result<Session, VerifyError> {
        let files: Vec<&Placed> = numbers.iter().map(|n| &self.files[*n]).collect();
        let mut session = session::run(self.runner, self.mirror, &files)?;
        for (place, number) in numbers.iter().enumerate() {
            if let Some(mut run) = session.progress.runs[place].take() {
                run.refused = session.progress.refused_to(place);
                let opened = session.progress.opened_by(place);
                run.databases = databases::own(&self.runner.root, &opened);
                if numbers.len() == 1 {
                    // Of several nobody knows which one it was.
                    run.at_home.clone_from(&session.at_home);
                    if run.output.is_empty() {
                        run.output.clone_from(&session.output);
                    }
                }
                self.runs[*number] = Some(run);
            }
        }
        Ok(session)
    }
}

/// A run that ended before its end: a crash of the interpreter, `os._exit`, the time limit.
fn died(session: &Session, place: usize) -> Run {
    Run {
        errors: u32::from(!session.is_timed_out),
        timed_out: session.is_timed_out,
        refused: session.progress.refused_to(place),
        output: session.output.clone(),
        ..Run::default()
    }
}
