//! Reads a file ahead of the one that looks for failures, and does on threads of their own what depends on a block of
//! bytes alone: the search for what can matter, and the hash. Blocks come in their order. A little of the file is in
//! memory at a time, however long it is.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use guwu_core::record::{Block, Skimmer};

use super::probe::Digest;

/// Bytes read at a time: they stay in a core's own cache until they were looked at.
const BLOCK: usize = 512 * 1024;
/// Blocks of one thread that wait to be taken: enough to go on while failures are stored.
const WAITING: usize = 16;
/// More threads than this would only wait for the memory.
const MOST_THREADS: usize = 4;
/// Less is not worth a thread.
pub(super) const WORTHWHILE: u64 = 4 * BLOCK as u64;

/// A block of a file, looked at.
pub(super) struct Ready {
    pub block: Block,
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
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.clamp(1, if ANYWHERE { MOST_THREADS } else { 1 });
    let skimmer = Skimmer::new();
    std::thread::scope(|scope| {
        let mut lanes = Vec::new();
        for number in 0..threads {
            let (ready, taken) = sync_channel(WAITING);
            let (spent, again) = channel();
            let reader = Reader {
                file,
                skimmer: skimmer.clone(),
                at: begin + (number * BLOCK) as u64,
                step: (threads * BLOCK) as u64,
                end,
            };
            scope.spawn(move || reader.run(&ready, &again));
            lanes.push((taken, spent));
        }
        let mut at = begin;
        for (taken, spent) in lanes.iter().cycle() {
            let taken: Result<Ready, _> = taken.recv();
            let Ok(ready) = taken else {
                break;
            };
            let length = ready.block.bytes().len();
            at += length as u64;
            // A short block is the last one of a file that became shorter.
            let goes_on = take(&ready)? && length == BLOCK && at < end;
            if !goes_on {
                break;
            }
            // Nobody waits for it where the file is read to its end.
            let _ = spent.send(ready.block.into_bytes());
        }
        // Threads that still read find nobody to give it to.
        Ok(())
    })
}

struct Reader<'f> {
    file: &'f File,
    skimmer: Skimmer,
    at: u64,
    step: u64,
    end: u64,
}

impl Reader<'_> {
    fn run(mut self, ready: &SyncSender<Ready>, again: &Receiver<Vec<u8>>) {
        while self.at < self.end {
            let mut bytes = again.try_recv().unwrap_or_default();
            bytes.resize(BLOCK, 0);
            let room = usize::try_from(self.end - self.at).unwrap_or(BLOCK);
            let (count, error) = fill(self.file, &mut bytes[..room.min(BLOCK)], self.at);
            bytes.truncate(count);
            let next = Ready {
                digest: Digest::of(&bytes),
                block: self.skimmer.skim(bytes),
                error,
            };
            if ready.send(next).is_err() || count < BLOCK {
                return;
            }
            self.at += self.step;
        }
    }
}

/// Reads until the buffer is full, the file ends or can not be read.
fn fill(file: &File, buffer: &mut [u8], offset: u64) -> (usize, Option<io::Error>) {
    let mut count = 0;
    while count < buffer.len() {
        match read_at(file, &mut buffer[count..], offset + count as u64) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (count, Some(error)),
        }
    }
    (count, None)
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
