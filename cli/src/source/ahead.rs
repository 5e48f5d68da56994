//! Reads a file ahead of the one that looks for failures, and does beside it what depends on a block of bytes alone: the
//! search for what can matter, and the hash. Blocks come in their order. A little of the file is in memory at a time,
//! however long it is.
//!
//! Whoever has nothing else to do takes the next block, the one that waits for a block as well: no core stands still
//! while there is something to read, and there are no more threads than cores.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use guwu_core::record::{Block, Skimmer};

use super::probe::Digest;

/// Bytes read at a time: they stay in a core's own cache until they were looked at.
const BLOCK: usize = 512 * 1024;
/// Blocks that are read ahead: enough to go on while failures are stored.
const AHEAD: u64 = 48 * BLOCK as u64;
/// More threads than this would only wait for the memory.
const MOST_THREADS: usize = 4;
/// Less is not worth a thread.
pub(super) const WORTHWHILE: u64 = 4 * BLOCK as u64;

/// A block of a file, looked at.
pub(super) struct Ready {
    pub block: Block<Buffer>,
    pub digest: Digest,
    /// Why there is nothing behind it.
    pub error: Option<io::Error>,
}

/// Gives the bytes of `file` from `begin` to `end`, or to where it ends by now, block by block to `take`, which says
/// whether to go on. A block with an error is the last one.
pub(super) fn each<E>(
    file: &File,
    begin: u64,
    end: u64,
    mut take: impl FnMut(&Ready) -> Result<bool, E>,
) -> Result<(), E> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let helpers = if ANYWHERE {
        cores.min(MOST_THREADS) - 1
    } else {
        0
    };
    let reading = Reading {
        file,
        skimmer: Skimmer::new(),
        end,
        queue: Mutex::new(Queue {
            next: begin,
            taken: begin,
            ready: BTreeMap::new(),
            spent: Vec::new(),
            broken: false,
        }),
        changed: Condvar::new(),
    };
    std::thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|| reading.help());
        }
        // However this ends, helpers that still read find that nobody waits for it.
        let _end = Ended(&reading);
        let mut at = begin;
        while let Some(ready) = reading.next(at) {
            let length = ready.block.bytes().len();
            // A short block is the last one of a file that became shorter.
            if !take(&ready)? || length < BLOCK {
                break;
            }
            at += length as u64;
            reading.taken(at, ready.block.into_bytes());
        }
        Ok(())
    })
}

/// A file that several threads read.
struct Reading<'f> {
    file: &'f File,
    skimmer: Skimmer,
    end: u64,
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    /// Where the next block to be read begins.
    next: u64,
    /// What lies before was taken.
    taken: u64,
    /// By where they begin.
    ready: BTreeMap<u64, Ready>,
    /// Memory to be used again.
    spent: Vec<Buffer>,
    /// A thread that helped broke off; what it had is lost.
    broken: bool,
}

impl Queue {
    /// A block for whoever asks, unless enough are read ahead or none is left.
    fn claim(&mut self, end: u64) -> Option<(u64, Buffer)> {
        let at = self.next;
        if at >= end || at - self.taken >= AHEAD {
            return None;
        }
        self.next += BLOCK as u64;
        Some((at, self.spent.pop().unwrap_or_else(Buffer::new)))
    }
}

impl Reading<'_> {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'q>(&self, queue: MutexGuard<'q, Queue>) -> MutexGuard<'q, Queue> {
        self.changed
            .wait(queue)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The block that begins at `at`. `None`: there is nothing, or a thread that helped broke off.
    fn next(&self, at: u64) -> Option<Ready> {
        let mut queue = self.queue();
        loop {
            if let Some(ready) = queue.ready.remove(&at) {
                return Some(ready);
            }
            if let Some((block, buffer)) = queue.claim(self.end) {
                drop(queue);
                let ready = self.read(block, buffer);
                if block == at {
                    return Some(ready);
                }
                queue = self.queue();
                queue.ready.insert(block, ready);
            } else if at < queue.next && !queue.broken {
                queue = self.wait(queue);
            } else {
                return None;
            }
        }
    }

    /// What lies before `at` was taken.
    fn taken(&self, at: u64, spent: Buffer) {
        let mut queue = self.queue();
        queue.taken = at;
        queue.spent.push(spent);
        self.changed.notify_all();
    }

    /// What a thread does that helps.
    fn help(&self) {
        let _breaks_off = BreaksOff(self);
        let mut queue = self.queue();
        while queue.next < self.end {
            if let Some((block, buffer)) = queue.claim(self.end) {
                drop(queue);
                let ready = self.read(block, buffer);
                queue = self.queue();
                queue.ready.insert(block, ready);
                self.changed.notify_all();
            } else {
                queue = self.wait(queue);
            }
        }
    }

    fn read(&self, at: u64, mut buffer: Buffer) -> Ready {
        let most = usize::try_from(self.end - at).map_or(BLOCK, |room| room.min(BLOCK));
        let error = buffer.fill(self.file, at, most);
        Ready {
            digest: Digest::of(buffer.as_ref()),
            block: self.skimmer.skim(buffer),
            error,
        }
    }
}

/// Tells the helpers that no block is wanted any more.
struct Ended<'r, 'f>(&'r Reading<'f>);

impl Drop for Ended<'_, '_> {
    fn drop(&mut self) {
        self.0.queue().next = u64::MAX;
        self.0.changed.notify_all();
    }
}

/// Tells, where a helper panics, that nobody may wait for its block; the scope hands the panic on.
struct BreaksOff<'r, 'f>(&'r Reading<'f>);

impl Drop for BreaksOff<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().broken = true;
            self.0.changed.notify_all();
        }
    }
}

/// Memory for one block. The bytes lie in it as far from a page's start as they do in the file: with some processors a
/// copy that is a few bytes out of step takes five times as long.
pub(super) struct Buffer {
    memory: Vec<u8>,
    begin: usize,
    length: usize,
}

/// Bytes in a page of memory, or a part of one.
const PAGE: usize = 4096;

impl Buffer {
    fn new() -> Buffer {
        Buffer {
            memory: vec![0; BLOCK + 2 * PAGE],
            begin: 0,
            length: 0,
        }
    }

    /// Reads up to `most` bytes of a file from `at` on: until it ends or can not be read.
    fn fill(&mut self, file: &File, at: u64, most: usize) -> Option<io::Error> {
        let page = self.memory.as_ptr().align_offset(PAGE).min(PAGE);
        self.begin = page + (at % PAGE as u64) as usize;
        self.length = 0;
        let room = &mut self.memory[self.begin..][..most];
        while self.length < most {
            match read_at(file, &mut room[self.length..], at + self.length as u64) {
                Ok(0) => break,
                Ok(more) => self.length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Some(error),
            }
        }
        None
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.memory[self.begin..][..self.length]
    }
}

/// Whether several threads can read one file, each at its own place.
const ANYWHERE: bool = cfg!(any(unix, windows));

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(buffer)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(length: usize) -> (File, Vec<u8>) {
        let bytes: Vec<u8> = (0..length).map(|n| (n / 7 % 251) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        (file, bytes)
    }

    #[test]
    fn blocks_come_in_their_order_from_anywhere() {
        let (file, bytes) = file(40 * BLOCK + 5);
        for begin in [0, 1, PAGE + 3, BLOCK, bytes.len() - 2, bytes.len()] {
            let mut read = Vec::new();
            let all = each(&file, begin as u64, bytes.len() as u64, |ready| {
                read.extend_from_slice(ready.block.bytes());
                assert!(ready.error.is_none());
                Ok::<bool, ()>(true)
            });
            assert_eq!(all, Ok(()));
            assert!(read == bytes[begin..], "from {begin}");
        }
    }

    #[test]
    fn it_ends_where_it_is_told_to_and_where_the_file_does() {
        let (file, bytes) = file(30 * BLOCK);
        let mut blocks = 0;
        let stopped = each(&file, 0, bytes.len() as u64, |_| {
            blocks += 1;
            Ok::<bool, ()>(blocks < 3)
        });
        assert_eq!((stopped, blocks), (Ok(()), 3));
        let failed = each(&file, 0, bytes.len() as u64, |_| Err::<bool, &str>("full"));
        assert_eq!(failed, Err("full"));
        // The file became shorter after its length was asked for.
        let mut length = 0;
        let short = each(&file, 0, 2 * bytes.len() as u64, |ready| {
            length += ready.block.bytes().len();
            Ok::<bool, ()>(true)
        });
        assert_eq!((short, length), (Ok(()), bytes.len()));
    }
}
