//! A child process with a time limit, ended together with everything that it started.

use std::fs::File;
use std::io;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Exited,
    /// At the limit.
    TimedOut,
}

/// Runs a command with its output in a file and nothing on standard input.
pub fn run(mut command: Command, output: File, limit: Duration) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    own_group(&mut command);
    let mut child = command.spawn()?;
    let deadline = Instant::now() + limit;
    loop {
        if child.try_wait()?.is_some() {
            // What the test left running must not outlive it.
            end_group(&child);
            return Ok(Ended::Exited);
        }
        if Instant::now() >= deadline {
            end_group(&child);
            let _ = child.kill();
            child.wait()?;
            return Ok(Ended::TimedOut);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(unix)]
fn end_group(child: &Child) {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // The group may be gone already.
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_child: &Child) {}

/// Whether a process of that id runs.
#[cfg(unix)]
pub fn is_alive(pid: u32) -> bool {
    i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

/// Whether a process of that id runs; unknown here, so nothing is taken for dead.
#[cfg(not(unix))]
pub fn is_alive(_pid: u32) -> bool {
    true
}
