//! Many test files with as few processes as their behaviour allows: all in one, and what a process that died left
//! without a result in the next one. It judges nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guwu_core::prove::Run;

use super::session::{self, Session};
use super::{Runner, VerifyError};

/// Files for one process; keeps the command line and the loss by a crash small.
const MOST_FILES: usize = 100;
/// Processes that may die before the rest is given up.
const MOST_DEATHS: usize = 10;

/// A run for each file, in their order.
pub fn run(runner: &Runner, files: &[PathBuf]) -> Result<Vec<Run>, VerifyError> {
    let mut runs: Vec<Option<Run>> = vec![None; files.len()];
    for start in (0..files.len()).step_by(MOST_FILES) {
        let end = files.len().min(start + MOST_FILES);
        run_some(runner, files, (start..end).collect(), &mut runs)?;
    }
    Ok(runs.into_iter().map(Option::unwrap_or_default).collect())
}

fn run_some(
    runner: &Runner,
    files: &[PathBuf],
    mut open: Vec<usize>,
    runs: &mut [Option<Run>],
) -> Result<(), VerifyError> {
    let mut deaths = 0;
    while !open.is_empty() {
        let session = run_once(runner, files, &open, runs)?;
        let left: Vec<usize> = open
            .iter()
            .copied()
            .filter(|file| runs[*file].is_none())
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        let current = session.progress.current.and_then(|n| open.get(n).copied());
        let folders: BTreeSet<&Path> = left.iter().filter_map(|f| files[*f].parent()).collect();
        deaths += 1;
        match current.filter(|file| runs[*file].is_none()) {
            Some(culprit) => {
                if session.is_timed_out || open.len() == 1 {
                    runs[culprit] = Some(died(&session));
                } else {
                    // Perhaps it only suffered from what ran before it.
                    run_once(runner, files, &[culprit], runs)
                        .map(|alone| runs[culprit].get_or_insert_with(|| died(&alone)).clone())?;
                }
            }
            // Nothing was begun: the interpreter, the settings or a conftest.py, and perhaps only that of one folder.
            None if !session.progress.is_begun && folders.len() > 1 => {
                for folder in folders {
                    let there = left
                        .iter()
                        .copied()
                        .filter(|f| files[*f].parent() == Some(folder))
                        .collect();
                    run_some(runner, files, there, runs)?;
                }
                return Ok(());
            }
            None if !session.progress.is_begun || left.len() == open.len() => {
                for file in left {
                    runs[file] = Some(died(&session));
                }
                return Ok(());
            }
            None => {}
        }
        open = left.into_iter().filter(|f| runs[*f].is_none()).collect();
        if deaths >= MOST_DEATHS {
            for file in open {
                runs[file] = Some(Run {
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

/// Runs the files with those numbers and keeps what they showed.
fn run_once(
    runner: &Runner,
    files: &[PathBuf],
    numbers: &[usize],
    runs: &mut [Option<Run>],
) -> Result<Session, VerifyError> {
    let paths: Vec<PathBuf> = numbers.iter().map(|n| files[*n].clone()).collect();
    let mut session = session::run(runner, &paths)?;
    for (number, run) in numbers.iter().zip(&mut session.progress.runs) {
        if let Some(mut run) = run.take() {
            if run.output.is_empty() && numbers.len() == 1 {
                run.output.clone_from(&session.output);
            }
            runs[*number] = Some(run);
        }
    }
    Ok(session)
}

/// A run that ended before its end: a crash of the interpreter, `os._exit`, the time limit.
fn died(session: &Session) -> Run {
    Run {
        errors: u32::from(!session.is_timed_out),
        timed_out: session.is_timed_out,
        output: session.output.clone(),
        ..Run::default()
    }
}
