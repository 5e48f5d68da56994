//! Feeds the bytes of one file to the reader and commits as it goes. Memory is bounded by the batch, not by the file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use guwu_core::model::Options;

use super::Scan;
use super::ahead::{self, Ready};
use super::pending::Pending;
use super::probe::{self, Found, Trail, WINDOW};
use crate::store::{Batch, Generation, Progress, StoreError};
use guwu_core::record::{Checkpoint, Reader};

/// Bytes read at a time.
pub(super) const CHUNK: usize = 256 * 1024;
/// A batch is committed when [`Pending`] is full, or when so many bytes of log lie behind the last commit.
const BATCH_BYTES: u64 = 32 * 1024 * 1024;

/// How the feeding of a file ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All that was there is stored.
    Done,
    /// The file was exchanged or truncated while it was read; look again which file is which.
    Rotated,
}

enum Body {
    Plain { file: File, at: u64, end: u64 },
    Packed(Box<dyn Read>),
}

impl Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Body::Packed(plain) => plain.read(buffer),
            Body::Plain { file, at, end } => {
                // Not beyond the size at the start: a writer faster than us must not keep us here.
                let room = usize::try_from(*end - *at)
                    .unwrap_or(usize::MAX)
                    .min(buffer.len());
                file.seek(SeekFrom::Start(*at))?;
                let count = file.read(&mut buffer[..room])?;
                *at += count as u64;
                Ok(count)
            }
        }
    }

    /// Whether the bytes read up to `position` can still be those of one run: nothing was truncated behind our back.
    fn is_sound(&mut self, head: &[u8], position: u64) -> io::Result<bool> {
        match self {
            Body::Packed(_) => Ok(true),
            Body::Plain { file, .. } => Ok(file.metadata()?.len() >= position
                && probe::read_range(file, 0, head.len() as u64)? == head),
        }
    }
}

/// Reads a file from the generation's checkpoint to its present end.
pub(super) fn feed(
    scan: &mut Scan<'_>,
    start: &Generation,
    found: &Found,
) -> Result<End, StoreError> {
    let options = scan.options_for(&found.name);
    match Feed::open(start, found, &options) {
        Ok(Some(mut feed)) => {
            let end = feed.run(scan, found)?;
            if end == End::Rotated
                && let Some(id) = feed.generation.id
            {
                scan.taken.remove(&id);
            }
            Ok(end)
        }
        Ok(None) => Ok(End::Rotated),
        Err(error) => {
            if error.kind() == io::ErrorKind::NotFound {
                return Ok(End::Rotated);
            }
            scan.problem(cannot_read(&found.name, &error));
            Ok(End::Done)
        }
    }
}

/// The words for a file that can not be read.
pub(super) fn cannot_read(name: &str, error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "make it readable for the user that runs guwu, the next scan goes on where it stopped"
        }
        io::ErrorKind::NotFound => "check the path",
        _ => "the next scan goes on where it stopped",
    };
    format!("cannot read `{name}`: {error}; {advice}")
}

/// Why reading stopped.
enum Stop {
    /// All of it was read.
    Complete,
    /// It can not be read further, now.
    Broken,
    /// It is not the file any more that it was.
    Rotated,
}

struct Feed {
    generation: Generation,
    reader: Reader,
    body: Body,
    /// Bytes read, counted from the start of the plain text.
    position: u64,
    head: Vec<u8>,
    /// The last bytes before `position`.
    window: Vec<u8>,
    trail: Trail,
    pending: Pending,
    progress: Progress,
    /// The checkpoint at the start.
    feed_from: u64,
    restart_at: Option<u64>,
    committed: u64,
}

impl Feed {
    fn open(start: &Generation, found: &Found, options: &Options) -> io::Result<Option<Feed>> {
        let file = File::open(&found.path)?;
        if probe::identity(&file)? != (found.device, found.inode) {
            return Ok(None);
        }
        let checkpoint = Checkpoint {
            offset: start.checkpoint_offset,
            line: start.checkpoint_line,
        };
        let begin = checkpoint.offset.min(start.seen.saturating_sub(WINDOW));
        let body = if found.packed {
            Body::Packed(probe::open_at(file, true, begin)?)
        } else {
            Body::Plain {
                file,
                at: begin,
                end: found.disk_size.max(begin),
            }
        };
        let head = probe::head(found)?;
        let reader = if checkpoint == Checkpoint::default() {
            Reader::new(options)
        } else {
            Reader::resume(options, checkpoint).with_head(&head)
        };
        Ok(Some(Feed {
            generation: Generation {
                path: found.path.to_string_lossy().into_owned(),
                device: found.device,
                inode: found.inode,
                packed: found.packed,
                ..start.clone()
            },
            reader,
            body,
            position: begin,
            head,
            window: Vec::new(),
            trail: Trail::resume(start.seen, start.running_hash, start.marks.clone()),
            pending: Pending::default(),
            progress: Progress::default(),
            feed_from: checkpoint.offset,
            restart_at: Some(checkpoint.offset),
            committed: begin,
        }))
    }

    fn run(&mut self, scan: &mut Scan<'_>, found: &Found) -> Result<End, StoreError> {
        let ahead = match &self.body {
            Body::Plain { file, at, end } if end - at >= ahead::WORTHWHILE => {
                file.try_clone().ok().map(|file| (file, *at, *end))
            }
            _ => None,
        };
        let stop = match ahead {
            Some((file, begin, end)) => self.run_ahead(scan, found, &file, begin, end)?,
            None => self.run_alone(scan, found)?,
        };
        let complete = match stop {
            Stop::Complete => true,
            Stop::Broken => false,
            Stop::Rotated => return Ok(End::Rotated),
        };
        if complete {
            if self.position < self.generation.seen {
                return Ok(End::Rotated);
            }
            self.reader.finish();
            self.collect();
        }
        if !self.commit(scan, complete.then_some(found))? {
            return Ok(End::Rotated);
        }
        scan.report.sources_read += 1;
        Ok(End::Done)
    }

    /// Reads with the help of other threads.
    fn run_ahead(
        &mut self,
        scan: &mut Scan<'_>,
        found: &Found,
        file: &File,
        begin: u64,
        end: u64,
    ) -> Result<Stop, StoreError> {
        let mut stop = Stop::Complete;
        ahead::each(file, begin, end, |ready| {
            self.take(scan, ready.block.bytes(), Some(ready));
            if let Some(error) = &ready.error {
                scan.problem(cannot_read(&found.name, error));
                stop = Stop::Broken;
                return Ok(false);
            }
            if !self.commit_full(scan)? {
                stop = Stop::Rotated;
                return Ok(false);
            }
            Ok(true)
        })?;
        Ok(stop)
    }

    fn run_alone(&mut self, scan: &mut Scan<'_>, found: &Found) -> Result<Stop, StoreError> {
        let mut buffer = vec![0u8; CHUNK];
        loop {
            match self.body.read(&mut buffer) {
                Ok(0) => return Ok(Stop::Complete),
                Ok(count) => self.take(scan, &buffer[..count], None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error)
                    if found.packed
                        && matches!(
                            error.kind(),
                            io::ErrorKind::UnexpectedEof
                                | io::ErrorKind::InvalidInput
                                | io::ErrorKind::InvalidData
                        ) =>
                {
                    scan.problem(format!(
                        "`{}` ends early or is damaged ({error}); what could be unpacked was read, \
                         the rest is read once the file is complete",
                        found.name
                    ));
                    return Ok(Stop::Complete);
                }
                Err(error) => {
                    scan.problem(cannot_read(&found.name, &error));
                    return Ok(Stop::Broken);
                }
            }
            if !self.commit_full(scan)? {
                return Ok(Stop::Rotated);
            }
        }
    }

    /// Commits if there is enough of it. `Ok(false)`: as in [`Feed::commit`].
    fn commit_full(&mut self, scan: &mut Scan<'_>) -> Result<bool, StoreError> {
        let full = self.pending.is_full() || self.position - self.committed >= BATCH_BYTES;
        Ok(!full || self.commit(scan, None)?)
    }

    fn take(&mut self, scan: &mut Scan<'_>, bytes: &[u8], ready: Option<&Ready>) {
        let end = self.position + bytes.len() as u64;
        // What lies before the checkpoint was read for the window alone.
        let skip = self
            .feed_from
            .saturating_sub(self.position)
            .min(bytes.len() as u64);
        let news = &bytes[skip as usize..];
        match ready {
            Some(ready) if skip == 0 => self.reader.feed_block(&ready.block),
            _ => self.reader.feed(news),
        }
        scan.report.bytes_read += news.len() as u64;
        if let Some(ready) = ready
            && self.trail.given() == self.position
        {
            self.trail.append(bytes, ready.digest);
        } else if end > self.trail.given() {
            let unhashed = (end - self.trail.given()).min(bytes.len() as u64) as usize;
            self.trail.update(&bytes[bytes.len() - unhashed..]);
        }
        let window = WINDOW as usize;
        if bytes.len() >= window {
            self.window.clear();
            self.window
                .extend_from_slice(&bytes[bytes.len() - window..]);
        } else {
            self.window.extend_from_slice(bytes);
            let surplus = self.window.len().saturating_sub(window);
            self.window.drain(..surplus);
        }
        self.position = end;
        self.collect();
    }

    fn collect(&mut self) {
        self.pending.extend_found(self.reader.take_found());
    }

    /// `Ok(false)`: the file is not the one that was read any more; nothing was stored.
    fn commit(&mut self, scan: &mut Scan<'_>, whole: Option<&Found>) -> Result<bool, StoreError> {
        let seen = self.position.max(self.generation.seen);
        let head_length = self.head.len().min(seen as usize);
        if !self
            .body
            .is_sound(&self.head[..head_length], self.position)
            .unwrap_or(true)
        {
            return Ok(false);
        }
        let checkpoint = self.reader.checkpoint();
        let generation = Generation {
            seen,
            head_length: head_length as u64,
            head_hash: probe::hash(&self.head[..head_length]),
            marker_hash: if seen == self.position {
                probe::hash(&self.window)
            } else {
                self.generation.marker_hash
            },
            running_hash: self.trail.running,
            marks: self.trail.marks.clone(),
            checkpoint_offset: checkpoint.offset,
            checkpoint_line: checkpoint.line,
            // Only a file that was read to its end can be told to be unchanged.
            disk_size: whole.map_or(0, |found| found.disk_size),
            disk_probe: whole.map_or(0, |found| found.disk_probe),
            ..self.generation.clone()
        };
        let batch = Batch {
            generation: &generation,
            arrivals: &self.pending.arrivals,
            restart_at: self.restart_at.take(),
            now: scan.now,
        };
        let (stored, counted) = scan.store.commit(&batch, &mut self.progress)?;
        scan.add(counted);
        if let Some(id) = stored.id {
            scan.taken.insert(id);
        }
        self.pending.clear(checkpoint.offset);
        self.committed = self.position;
        self.generation = stored;
        Ok(true)
    }
}
