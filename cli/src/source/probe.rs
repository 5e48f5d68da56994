//! What tells one log file from another: device and inode, and hashes of its bytes. Never its times.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

/// Bytes hashed at the head and before a position.
pub(super) const WINDOW: u64 = 1024;

/// FNV-1a, for small pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut state = self.0;
        for byte in bytes {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.0 = state;
    }
}

/// Hash of one piece.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut fnv = Fnv::default();
    fnv.update(bytes);
    fnv.0
}

/// A regular file as it lay there at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub path: PathBuf,
    /// How the user calls it.
    pub name: String,
    /// Somebody asked for it; otherwise it only lies beside such a file.
    pub asked: bool,
    pub device: u64,
    pub inode: u64,
    /// gzip.
    pub packed: bool,
    pub disk_size: u64,
    /// Hash of the first and last bytes.
    pub disk_probe: u64,
}

/// Device and inode; zeros where the system has none, so that contents alone decide.
#[cfg(unix)]
pub(super) fn identity(file: &File) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata()?;
    Ok((found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(file: &File) -> io::Result<(u64, u64)> {
    file.metadata().map(|_| (0, 0))
}

/// Looks at a file; `None` for anything that is not a regular file with bytes in it.
pub(super) fn look(path: &Path, name: &str, asked: bool) -> io::Result<Option<Found>> {
    // A FIFO would block the opening.
    let kind = std::fs::metadata(path)?;
    if !kind.is_file() {
        return Ok(None);
    }
    let mut file = File::open(path)?;
    let found = file.metadata()?;
    if !found.is_file() || found.len() == 0 {
        return Ok(None);
    }
    let disk_size = found.len();
    let (device, inode) = identity(&file)?;
    let head = read_range(&mut file, 0, WINDOW.min(disk_size))?;
    let packed = head.starts_with(&[0x1f, 0x8b]);
    if !packed && head.len() < 2 && path.extension().is_some_and(|end| end == "gz") {
        // Just created by the packer.
        return Ok(None);
    }
    let disk_probe = disk_probe(&mut file, disk_size)?;
    Ok(Some(Found {
        path: path.to_path_buf(),
        name: name.to_owned(),
        asked,
        device,
        inode,
        packed,
        disk_size,
        disk_probe,
    }))
}

/// Hash of the first and the last bytes before `size`.
pub(super) fn disk_probe(file: &mut File, size: u64) -> io::Result<u64> {
    let mut fnv = Fnv::default();
    fnv.update(&read_range(file, 0, WINDOW.min(size))?);
    fnv.update(&read_range(
        file,
        size.saturating_sub(WINDOW),
        WINDOW.min(size),
    )?);
    Ok(fnv.0)
}

/// Up to `length` bytes at `offset`.
pub(super) fn read_range(file: &mut File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length as usize);
    file.seek(SeekFrom::Start(offset))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The plain bytes of a file from `offset` on.
pub(super) fn open_at(file: File, packed: bool, offset: u64) -> io::Result<Box<dyn Read>> {
    let mut file = file;
    file.seek(SeekFrom::Start(0))?;
    if !packed {
        file.seek(SeekFrom::Start(offset))?;
        return Ok(Box::new(file));
    }
    let mut plain = MultiGzDecoder::new(io::BufReader::new(file));
    let skipped = io::copy(&mut (&mut plain).take(offset), &mut io::sink())?;
    if skipped < offset {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Box::new(plain))
}

/// The first up to 1 KiB of plain bytes.
pub(super) fn head(found: &Found) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let plain = open_at(File::open(&found.path)?, found.packed, 0)?;
    match plain.take(WINDOW).read_to_end(&mut bytes) {
        // A compressed file that is still being written.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
        other => {
            other?;
        }
    }
    Ok(bytes)
}

/// Number of plain bytes modulo 2^32 (what the end of a gzip file tells without reading it whole).
pub(super) fn plain_length(found: &Found) -> io::Result<u64> {
    if !found.packed || found.disk_size < 4 {
        return Ok(found.disk_size & 0xffff_ffff);
    }
    let mut file = File::open(&found.path)?;
    let end = read_range(&mut file, found.disk_size - 4, 4)?;
    let mut number = [0u8; 4];
    number[..end.len()].copy_from_slice(&end);
    Ok(u64::from(u32::from_le_bytes(number)))
}

/// A hash over all bytes so far, with marks at growing distances. It goes eight bytes at a time, so that it costs
/// little beside the search for failures; a rest of up to seven bytes waits for the next piece.
///
/// It is a polynomial of the words in [`BASE`], so that pieces can be hashed apart from each other. It tells files apart
/// that programs wrote; it does not withstand somebody who looks for two files with one hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trail {
    /// Bytes hashed, a multiple of [`WORD`].
    length: u64,
    pub running: u64,
    pub marks: Vec<(u64, u64)>,
    rest: Vec<u8>,
}

/// Bytes hashed in one step.
pub(super) const WORD: u64 = 8;

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
/// Words taken in one step: their products do not wait for each other.
const STRIDE: usize = 8;
const POWERS: [u64; STRIDE + 1] = {
    let mut powers = [1; STRIDE + 1];
    let mut n = 1;
    while n <= STRIDE {
        powers[n] = BASE.wrapping_mul(powers[n - 1]);
        n += 1;
    }
    powers
};

/// Goes on with the words of `bytes`, whole ones.
fn fold(mut state: u64, bytes: &[u8]) -> u64 {
    let word = |bytes: &[u8; WORD as usize]| {
        let high = bytes
            .last_chunk()
            .map_or(0, |high| u32::from_le_bytes(*high));
        // High bits reach the low ones, which a product never does.
        u64::from_le_bytes(*bytes) ^ u64::from(high)
    };
    let (words, _) = bytes.as_chunks();
    let (steps, rest) = words.as_chunks::<STRIDE>();
    for step in steps {
        state = step
            .iter()
            .zip(POWERS[..STRIDE].iter().rev())
            .fold(state.wrapping_mul(POWERS[STRIDE]), |sum, (bytes, power)| {
                sum.wrapping_add(word(bytes).wrapping_mul(*power))
            });
    }
    rest.iter().fold(state, |state, bytes| {
        state.wrapping_mul(BASE).wrapping_add(word(bytes))
    })
}

/// The hash of a piece alone, to be appended to a [`Trail`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Digest(u64);

impl Digest {
    /// Hashes all whole words.
    pub(super) fn of(bytes: &[u8]) -> Digest {
        let whole = bytes.len() - bytes.len() % WORD as usize;
        Digest(fold(0, &bytes[..whole]))
    }
}

/// How many of `length` bytes a [`Trail`] covers.
pub(super) fn covered(length: u64) -> u64 {
    length - length % WORD
}

impl Trail {
    /// Goes on behind `seen` bytes; the next byte given is byte `covered(seen)`.
    pub(super) fn resume(seen: u64, running: u64, marks: Vec<(u64, u64)>) -> Trail {
        Trail {
            length: covered(seen),
            running,
            marks,
            rest: Vec::new(),
        }
    }

    /// Bytes given so far.
    pub(super) fn given(&self) -> u64 {
        self.length + self.rest.len() as u64
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        let missing = (WORD as usize - self.rest.len()) % WORD as usize;
        let (first, later) = bytes.split_at(missing.min(bytes.len()));
        self.rest.extend_from_slice(first);
        if self.rest.len() == WORD as usize {
            let word = std::mem::take(&mut self.rest);
            self.words(&word);
        }
        let whole = later.len() - later.len() % WORD as usize;
        self.words(&later[..whole]);
        self.rest.extend_from_slice(&later[whole..]);
    }

    /// [`Trail::update`] with the digest of the same bytes at hand.
    pub(super) fn append(&mut self, bytes: &[u8], digest: Digest) {
        let words = bytes.len() / WORD as usize;
        let whole = words * WORD as usize;
        let within = self.length + whole as u64 <= self.next_mark();
        let (true, true, Ok(power)) = (self.rest.is_empty(), within, u32::try_from(words)) else {
            self.update(bytes);
            return;
        };
        self.running = self
            .running
            .wrapping_mul(BASE.wrapping_pow(power))
            .wrapping_add(digest.0);
        self.length += whole as u64;
        self.mark();
        self.rest.extend_from_slice(&bytes[whole..]);
    }

    fn next_mark(&self) -> u64 {
        let last = self.marks.last().map_or(0, |mark| mark.0);
        last + covered((last / 4).max(64))
    }

    fn mark(&mut self) {
        if self.length == self.next_mark() {
            self.marks.push((self.length, self.running));
        }
    }

    fn words(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let next = self.next_mark();
            let step = (next - self.length).min(bytes.len() as u64) as usize;
            let (now, later) = bytes.split_at(step);
            self.running = fold(self.running, now);
            self.length += step as u64;
            self.mark();
            bytes = later;
        }
    }
}

/// What the plain bytes of a file hash to at certain lengths.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub trail: Trail,
    at: Vec<(u64, u64)>,
}

impl Measured {
    /// The hash of the first `seen` bytes, if it was asked for and the file is long enough.
    pub(super) fn at(&self, seen: u64) -> Option<u64> {
        let length = covered(seen);
        self.at
            .iter()
            .find(|(l, _)| *l == length && self.trail.given() >= seen)
            .map(|(_, h)| *h)
    }
}

/// Reads a whole file once for its hashes at `lengths`.
pub(super) fn measure(found: &Found, lengths: &[u64]) -> io::Result<Measured> {
    let mut lengths: Vec<u64> = lengths.iter().map(|seen| covered(*seen)).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut lengths = lengths.into_iter().peekable();
    let mut plain = open_at(File::open(&found.path)?, found.packed, 0)?;
    let mut measured = Measured::default();
    let mut buffer = vec![0u8; 64 * 1024];
    loop {
        let count = match plain.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        };
        let mut bytes = &buffer[..count];
        while let Some(length) =
            lengths.next_if(|l| *l <= measured.trail.given() + bytes.len() as u64)
        {
            let (now, later) = bytes.split_at((length - measured.trail.given()) as usize);
            measured.trail.update(now);
            measured.at.push((length, measured.trail.running));
            bytes = later;
        }
        measured.trail.update(bytes);
    }
    Ok(measured)
}

/// Whether these bytes hold a clock time, as nearly every log's do.
pub(super) fn holds_time(bytes: &[u8]) -> bool {
    let clock = |w: &[u8]| {
        w[0].is_ascii_digit()
            && w[1].is_ascii_digit()
            && w[2] == b':'
            && w[3].is_ascii_digit()
            && w[4].is_ascii_digit()
            && w[5] == b':'
    };
    // 12:34:56, or seconds since 1970
    bytes.windows(6).any(clock) || bytes.windows(10).any(|w| w.iter().all(u8::is_ascii_digit))
}

/// The name of a packing that is not read, by its first bytes.
pub(super) fn foreign_packing(path: &Path) -> io::Result<Option<&'static str>> {
    let mut file = File::open(path)?;
    let head = read_range(&mut file, 0, 6)?;
    let kinds: [(&[u8], &str); 4] = [
        (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
        (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz"),
        (b"BZh", "bzip2"),
        (b"PK\x03\x04", "zip"),
    ];
    Ok(kinds
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, name)| *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_does_not_depend_on_the_pieces() {
        let bytes: Vec<u8> = (0..5000u32).map(|n| ((n * n) >> 3) as u8).collect();
        let mut whole = Trail::default();
        whole.update(&bytes);
        assert_eq!(whole.given(), 5000);
        for size in [1, 3, 8, 13, 64, 1000] {
            let mut pieces = Trail::default();
            for piece in bytes.chunks(size) {
                pieces.update(piece);
            }
            assert_eq!(pieces, whole, "pieces of {size}");
            let mut digests = Trail::default();
            for piece in bytes.chunks(size) {
                digests.append(piece, Digest::of(piece));
            }
            assert_eq!(digests, whole, "digests of {size}");
        }
        for cut in [0, 1, 7, 8, 9, 1029, 4999] {
            let mut first = Trail::default();
            first.update(&bytes[..cut]);
            let mut second = Trail::resume(cut as u64, first.running, first.marks);
            second.update(&bytes[covered(cut as u64) as usize..]);
            assert_eq!(second, whole, "cut at {cut}");
        }
        let mut other = bytes.clone();
        other[70] ^= 1;
        let mut changed = Trail::default();
        changed.update(&other);
        assert_eq!(changed.marks[0], whole.marks[0]);
        assert!(
            changed
                .marks
                .iter()
                .zip(&whole.marks)
                .skip(1)
                .all(|(a, b)| a != b)
        );
    }

    #[test]
    fn stored_hashes_stay_valid() {
        let bytes: Vec<u8> = (0..1003u32).map(|n| ((n * n) >> 3) as u8).collect();
        let mut trail = Trail::default();
        trail.update(&bytes);
        let (words, _) = bytes.as_chunks();
        let running = words.iter().fold(0u64, |state, word| {
            let word = u64::from_le_bytes(*word);
            state.wrapping_mul(BASE).wrapping_add(word ^ (word >> 32))
        });
        assert_eq!(trail.running, running);
        assert_eq!(Digest::of(&bytes).0, running);
    }

    #[test]
    fn clock_times() {
        assert!(holds_time(b"2026-02-05 05:33:10,594 x"));
        assert!(holds_time(b"{\"ts\":1770269590}"));
        assert!(!holds_time(
            b"Traceback (most recent call last):\n  line 12"
        ));
    }
}
