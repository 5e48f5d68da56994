//! What the command line says. It resolves nothing: defaults and configuration are config.rs's.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Reads failures out of production logs, writes the missing test and proves it by running it.
#[derive(Debug, Parser)]
#[command(name = "guwu", version, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Parse and classify what a text holds; needs no project and writes nothing.
    Triage {
        /// Files to read; `-` is standard input.
        #[arg(default_value = "-")]
        paths: Vec<String>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print each setting with its value and where that comes from.
    Config {
        /// A folder of the project.
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// A file to read instead of `guwu.toml` and `[tool.guwu]`.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Jsonl,
}
