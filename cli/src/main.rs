//! The `guwu` command: files, SQLite, processes and the terminal around the pure core.

mod args;
mod commands;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(code) => code,
        Err(error) => {
            if commands::is_broken_pipe(&error) {
                return ExitCode::SUCCESS;
            }
            eprintln!("guwu: {error:#}");
            ExitCode::from(2)
        }
    }
}
