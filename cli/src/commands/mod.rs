//! One module a verb.

mod completions;
mod config;
mod triage;

use std::process::ExitCode;

use crate::args::{Args, Command};

/// Runs the verb and says with which status to end.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Triage { paths, format } => triage::run(&paths, format),
        Command::Config {
            folder,
            config,
            format,
        } => config::run(&folder, config, format),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// Whether the reader of our output went away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
