//! The first tier over a block of bytes at once: how many lines it has, and which of them the second tier must look at.
//! The answer depends on the block alone, so that several blocks can be looked at at the same time; what it means for
//! the log, and the lines that a block's borders cut, are the reader's.

use super::back::{self, Region};
use super::header;
use super::scan::Prefilter;
use super::window;

/// Blocks that are longer than this are read piece by piece.
pub(crate) const LONGEST: usize = 1 << 20;

/// A whole line in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Where the line begins in the block.
    pub line: usize,
    /// Where the hit is.
    pub hit: usize,
    /// Line ends before it in the block.
    pub before: u64,
    /// Where reading has to begin for it and the line ends before that, if the block tells.
    pub region: Option<(Region, u64)>,
}

/// What a look at a block showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Skim {
    /// Lines that matter, of those that lie in the block as a whole.
    pub marks: Vec<Mark>,
    /// Line ends in the block.
    pub lines: u64,
    /// After the last line end; 0 without one.
    pub limit: usize,
}

pub(crate) fn skim(prefilter: &Prefilter, block: &[u8]) -> Skim {
    let mut skim = Skim::default();
    let (Some(first), Some(last)) = (memchr::memchr(b'\n', block), memchr::memrchr(b'\n', block))
    else {
        return skim;
    };
    skim.limit = last + 1;
    let whole = &block[..skim.limit];
    let mut from = first + 1;
    let mut counted = 0;
    while let Some(hit) = prefilter.next(whole, from) {
        let line = memchr::memrchr(b'\n', &whole[from..hit]).map_or(from, |at| from + at + 1);
        let end = memchr::memchr(b'\n', &whole[hit..]).map_or(whole.len(), |n| hit + n);
        if !header::is_harmless(&whole[line..end]) {
            skim.lines += lines(&whole[counted..line]);
            counted = line;
            let last = skim.marks.last().map(|mark| (mark.before, mark.line));
            let region = region(whole, line..end, skim.lines, last);
            skim.marks.push(Mark {
                line,
                hit,
                before: skim.lines,
                region,
            });
        }
        from = (end + 1).min(whole.len());
    }
    skim.lines += lines(&whole[counted..]);
    skim
}

/// Where reading has to begin for a line with a hit, and the line ends before that; `last` are the line ends before the
/// line with the hit before and its start. Nothing where that hit lies near, since most likely it is one record's,
/// and nothing where it depends on the block before.
fn region(
    block: &[u8],
    line: std::ops::Range<usize>,
    before: u64,
    last: Option<(u64, usize)>,
) -> Option<(Region, u64)> {
    if line.start <= window::BYTES
        || last.is_some_and(|(number, at)| {
            number + window::LINES as u64 >= before && at + window::BYTES > line.start
        })
    {
        return None;
    }
    let wrapped = back::is_wrapped(&block[line.clone()]);
    let region = back::region(block, 0, line.start, wrapped);
    let within = lines(&block[region.begin..line.start]);
    Some((region, before - within))
}

/// Line ends in a text.
pub(crate) fn lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Looks at blocks of a log ahead of the [`Reader`](super::Reader) that reads them, on whatever thread.
#[derive(Debug, Clone)]
pub struct Skimmer(&'static Prefilter);

impl Skimmer {
    /// Builds the searcher; one serves for any number of blocks.
    #[must_use]
    pub fn new() -> Skimmer {
        Skimmer(Prefilter::shared())
    }

    /// Looks at a block, best one of up to 1 MiB.
    #[must_use]
    pub fn skim<B: AsRef<[u8]>>(&self, bytes: B) -> Block<B> {
        let skim = match bytes.as_ref() {
            long if long.len() > LONGEST => Skim::default(),
            block => skim(self.0, block),
        };
        Block { bytes, skim }
    }
}

impl Default for Skimmer {
    fn default() -> Self {
        Skimmer::new()
    }
}

/// Bytes of a log that a [`Skimmer`] looked at.
#[derive(Debug)]
pub struct Block<B> {
    bytes: B,
    pub(crate) skim: Skim,
}

impl<B: AsRef<[u8]>> Block<B> {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// What holds the bytes, so that its memory can be used again.
    #[must_use]
    pub fn into_bytes(self) -> B {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_that_matter_are_marked() {
        let block =
            b"rror cut\nplain\nINFO:a:no error here\nERROR:a:x ERROR\nplain\nERROR:b:y\nERROR cut";
        let found = skim(Prefilter::shared(), block);
        let lines: Vec<(usize, u64)> = found.marks.iter().map(|m| (m.line, m.before)).collect();
        assert_eq!(lines, [(36, 3), (58, 5)]);
        assert_eq!(found.lines, 6);
        assert_eq!(found.limit, block.len() - 9);
        assert_eq!(skim(Prefilter::shared(), b"ERROR"), Skim::default());
    }
}
