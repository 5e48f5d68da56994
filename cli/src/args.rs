//! What the command line says. It resolves nothing: defaults and configuration are config.rs's.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use guwu::config::Overrides;

/// Reads failures out of production logs, writes the missing test and proves it by running it.
#[derive(Debug, Parser)]
#[command(name = "guwu", version, arg_required_else_help = true)]
pub struct Args {
    /// When to colour what people read; `auto` looks at the terminal and at `NO_COLOR`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
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
    /// Read what is new in the logs, and write and prove a test for each new failure.
    Scan {
        /// Logs to read: files, folders, globs, SQLite files; `-` is standard input. Without: the configured ones.
        paths: Vec<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Only read the logs; write and run no test.
        #[arg(long)]
        no_generate: bool,
        /// Exit with 0 whatever was found.
        #[arg(long)]
        exit_zero: bool,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Follow the logs and tell each new failure as it comes; Ctrl-C or SIGTERM ends it.
    Watch {
        /// Logs to follow: files, folders, globs, SQLite files. Without: the configured ones.
        paths: Vec<PathBuf>,
        /// Shell command to run for each new group, in the project's root. It gets the failure as JSON on standard
        /// input, never on its command line; what it prints goes to standard error.
        #[arg(long, value_name = "CMD")]
        exec: Option<String>,
        /// Seconds that the command of `--exec` may take.
        #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
        exec_timeout: u64,
        /// Read what is there and end; with 1 when there was a new group.
        #[arg(long)]
        once: bool,
        /// Only tell; write and run no test.
        #[arg(long)]
        no_generate: bool,
        /// Look every second instead of waiting for file events (network file systems).
        #[arg(long)]
        poll: bool,
        /// How to print; `json` is one document a line too.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Say what keeps failures from being seen: silent handlers, missing logs, no pytest, a broken store.
    Doctor {
        /// Print every finding, not only those worth most.
        #[arg(long)]
        all: bool,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Write a `guwu.toml` with what was found in the project; overwrites nothing.
    Init {
        /// A folder of the project.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Count groups, proofs and outcomes, and compare what was predicted with what came of it.
    Stats {
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Go through the tests that wait for a word; without a terminal, print the commands for it.
    Review {
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Scan and print the alert of what was not told yet, or nothing; the pytest plugin calls it.
    Check {
        /// Read the store and change nothing.
        #[arg(long)]
        read_only: bool,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// List the groups that wait for you.
    List {
        /// Noise, rejected and guarded ones too.
        #[arg(long)]
        all: bool,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Show a group with its gap, its test, the evidence and every run.
    Show {
        /// The first digits of the group's id.
        id: String,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Run the written tests again and record what became of them; red to green is recorded as a guard.
    Verify {
        /// Only this group.
        id: Option<String>,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Run tests on this code and on fixed code; exit status 0 when each fails here and passes there.
    Prove {
        /// Test files; without any: the written tests that lie in the project.
        tests: Vec<String>,
        /// The fixed code: a git revision of this repository, or a folder with the project.
        #[arg(long, value_name = "REV|DIR")]
        fixed: String,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Write and prove a test for a group again.
    Generate {
        /// The first digits of the group's id.
        id: String,
        /// Print every candidate with what running it showed; write nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Take a group's test over into the project's tests.
    Accept {
        /// The first digits of the group's id.
        id: String,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Drop a group's test.
    Reject {
        /// The first digits of the group's id.
        id: String,
        /// Why, for the record.
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        project: ProjectArgs,
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
    /// Say what a pattern means, why tests miss it and how to test it.
    Explain {
        /// The pattern's code, such as `GW101`.
        #[arg(required_unless_present = "all")]
        code: Option<String>,
        /// Every pattern.
        #[arg(long, conflicts_with = "code")]
        all: bool,
        /// How to print.
        #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
        format: ExplainFormat,
    },
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to colour standard output.
    pub fn is_on(self) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::IsTerminal::is_terminal(&std::io::stdout())
                    && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            }
        }
    }
}

/// What every command on a project takes.
#[derive(Debug, clap::Args)]
pub struct ProjectArgs {
    /// A file to read instead of `guwu.toml` and `[tool.guwu]`.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ProjectArgs {
    /// The flags as overrides of the configuration.
    pub fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::default();
        overrides.file.clone_from(&self.config);
        overrides
    }
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

/// Output formats of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// A page for a repository; with `--all` this is docs/patterns.md.
    Markdown,
}
