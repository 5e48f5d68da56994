//! A child process with a time limit, ended together with everything that it started.

use std::fs::File;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Exited,
    /// At the limit.
    TimedOut,
    /// Because we are to stop.
    Stopped,
}

/// Runs a command with its output in a file and nothing on standard input. It is ended when `stop` becomes true.
pub fn run(
    command: Command,
    output: File,
    limit: Duration,
    stop: &AtomicBool,
) -> io::Result<Ended> {
    let deadline = Instant::now() + limit;
    run_until(command, output, stop, || Instant::now() >= deadline)
}

/// As [`run`], with a limit that the caller decides on while the process is at work.
pub fn run_until(
    mut command: Command,
    output: File,
    stop: &AtomicBool,
    is_late: impl FnMut() -> bool,
) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    own_group(&mut command);
    let mut child = command.spawn()?;
    wait_until(&mut child, stop, is_late).map(|(ended, _)| ended)
}

/// Waits for a child in a group of its own, and ends the group at the limit or when `stop` becomes true.
pub fn wait(
    child: &mut Child,
    limit: Duration,
    stop: &AtomicBool,
) -> io::Result<(Ended, ExitStatus)> {
    let deadline = Instant::now() + limit;
    wait_until(child, stop, || Instant::now() >= deadline)
}

fn wait_until(
    child: &mut Child,
    stop: &AtomicBool,
    mut is_late: impl FnMut() -> bool,
) -> io::Result<(Ended, ExitStatus)> {
    loop {
        if let Some(status) = child.try_wait()? {
            // What the test left running must not outlive it.
            end_group(child);
            return Ok((Ended::Exited, status));
        }
        let is_late = is_late();
        if is_late || stop.load(Ordering::Relaxed) {
            end_group(child);
            let _ = child.kill();
            let status = child.wait()?;
            let ended = if is_late {
                Ended::TimedOut
            } else {
                Ended::Stopped
            };
            return Ok((ended, status));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Puts a command to be started into a process group of its own.
#[cfg(unix)]
pub fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// Puts a command to be started into a process group of its own.
#[cfg(not(unix))]
pub fn own_group(_command: &mut Command) {}

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
