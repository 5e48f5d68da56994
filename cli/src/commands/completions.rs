//! `guwu completions`: a shell's completion script on standard output. It installs nothing.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;

/// Prints the script for that shell.
pub fn run(shell: Shell) -> anyhow::Result<ExitCode> {
    // Into memory first: the generator panics where its writer fails, and a reader may go away.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "guwu", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
