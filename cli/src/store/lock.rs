//! Advisory locks between Gu Wu processes. The kernel drops them with the process, so a kill leaves none behind.
//! They only spare the loser work: what keeps the store right are its transactions.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// Held until dropped. `None` inside: this file system knows no locks.
#[derive(Debug)]
pub(crate) struct FileLock(#[allow(dead_code, reason = "held for its Drop")] Option<File>);

/// Waits for the lock at `path`; `None` when another process holds it for longer than `wait`.
pub(crate) fn acquire(path: &Path, wait: Duration) -> std::io::Result<Option<FileLock>> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(FileLock(Some(file)))),
            Err(TryLockError::WouldBlock) if start.elapsed() >= wait => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::Error(_)) => return Ok(Some(FileLock(None))),
        }
    }
}
