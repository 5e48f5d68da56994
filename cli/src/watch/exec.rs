//! Runs the user's command for a failure. The failure goes to its standard input alone: log text is hostile, and on a
//! command line the shell would run it.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::verify::process::{self, Ended};

/// Why the command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    /// No shell.
    #[error("cannot start `{command}`: {source}; check that a shell is installed")]
    Start {
        /// The command.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// It failed.
    #[error(
        "`{command}` ended with {status}; run it by hand with the failure from guwu show --format json"
    )]
    Failed {
        /// The command.
        command: String,
        /// As the system calls it.
        status: String,
    },
    /// It took too long.
    #[error("`{command}` was ended after {seconds} seconds; give it more with --exec-timeout")]
    TimedOut {
        /// The command.
        command: String,
        /// The limit.
        seconds: u64,
    },
}

/// Gives `command` to the shell with `input` on its standard input; what it prints goes to our standard error.
///
/// # Errors
/// When the command can not be started, fails or takes longer than `limit`.
pub fn exec(
    command: &str,
    input: &str,
    folder: &Path,
    limit: Duration,
    stop: &AtomicBool,
) -> Result<(), ExecError> {
    let start = |source| ExecError::Start {
        command: command.to_owned(),
        source,
    };
    let mut shell = shell(command);
    shell
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(io::stderr())
        .stderr(io::stderr());
    process::own_group(&mut shell);
    let mut child = shell.spawn().map_err(start)?;
    if let Some(mut stdin) = child.stdin.take() {
        let input = format!("{input}\n");
        // A thread of its own: a command that does not read must not stop us. It need not read, either.
        std::thread::spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
    }
    let (ended, status) = process::wait(&mut child, limit, stop).map_err(start)?;
    match ended {
        Ended::TimedOut => Err(ExecError::TimedOut {
            command: command.to_owned(),
            seconds: limit.as_secs(),
        }),
        Ended::Exited if !status.success() => Err(ExecError::Failed {
            command: command.to_owned(),
            status: status.to_string(),
        }),
        Ended::Exited | Ended::Stopped => Ok(()),
    }
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}
