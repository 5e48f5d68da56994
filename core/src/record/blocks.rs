//! How the reader takes bytes: it skips in a block from mark to mark and takes over what has to be read line by line.

use super::back;
use super::encoding::{self, Encoding};
use super::framer::Place;
use super::reader::{BEHIND, Reader};
use super::skim::{self, Block, Mark, Skim};

/// Bytes that are taken over from the caller at once where lines are read one by one.
const PIECE: usize = 8 << 10;

impl Reader {
    /// Takes the next bytes. How they are cut does not matter.
    pub fn feed(&mut self, chunk: &[u8]) {
        for block in chunk.chunks(skim::LONGEST) {
            let skim = skim::skim(self.prefilter, block);
            self.take_block(block, &skim);
        }
    }

    /// [`Reader::feed`] for bytes that were looked at before.
    pub fn feed_block<B: AsRef<[u8]>>(&mut self, block: &Block<B>) {
        let bytes = block.bytes();
        if bytes.len() > skim::LONGEST {
            self.feed(bytes);
        } else {
            self.take_block(bytes, &block.skim);
        }
    }

    /// Reads a block: skips in it from mark to mark, and takes into the buffer what is read line by line.
    fn take_block(&mut self, block: &[u8], skim: &Skim) {
        let first = self.line + skim::lines(&self.buffer[self.start..]);
        let mut marks = skim.marks.iter().copied().peekable();
        let mut at = 0;
        while at < block.len() {
            let bytes = self.encoding == Some(Encoding::Bytes);
            // Marks do not tell about a block's first line, of which a part may lie in the block before.
            if at == 0 || !bytes || self.hot || self.start < self.buffer.len() {
                at = self.take_piece(block, at);
                continue;
            }
            let Some(next) = self.skip_block(block, at, first, skim, &mut marks) else {
                return;
            };
            at = next;
        }
    }

    /// Takes over a little and reads it, or what there is of the line that is not complete yet.
    fn take_piece(&mut self, block: &[u8], at: usize) -> usize {
        let most = block.len().min(at + PIECE);
        let cold = !self.hot && self.encoding == Some(Encoding::Bytes);
        let end = match memchr::memchr(b'\n', &block[at..]) {
            Some(n) if cold => at + n + 1,
            None if cold => block.len(),
            _ => most,
        };
        self.push(&block[at..end]);
        if self.encoding.is_none() && self.buffer.len() < encoding::ENOUGH {
            return end;
        }
        self.drain(false);
        // What was taken over in vain is skipped with the rest of the block.
        let unread = self.buffer.len() - self.start;
        if cold || self.hot || self.encoding != Some(Encoding::Bytes) || unread > end - at {
            return end;
        }
        self.buffer.truncate(self.start);
        self.end -= unread as u64;
        end - unread
    }

    /// First tier, from a line's start on: goes to the next mark of the block, or behind the last line. Where it stopped;
    /// `None`: the block is done with.
    fn skip_block(
        &mut self,
        block: &[u8],
        from: usize,
        first: u64,
        skim: &Skim,
        marks: &mut std::iter::Peekable<impl Iterator<Item = Mark> + Clone>,
    ) -> Option<usize> {
        let base = self.end - from as u64;
        let mut at = from;
        // Where in the block no record may begin before; 0 where that lies further back.
        let mut floor = (self.offset(self.floor).saturating_sub(base)) as usize;
        loop {
            while marks.next_if(|mark| mark.line < at).is_some() {}
            let Some(mark) = marks.peek().copied() else {
                let limit = skim.limit.max(at);
                self.pass(block, from, limit, floor);
                self.line = first + skim.lines;
                if limit < block.len() {
                    self.push(&block[limit..]);
                }
                return None;
            };
            let line_end = mark.line
                + memchr::memchr(b'\n', &block[mark.line..]).unwrap_or(block.len() - mark.line);
            let end = (line_end + 1).min(block.len());
            let wrapped = || back::is_wrapped(&block[mark.line..line_end]);
            let whole = &block[..skim.limit];
            let later = marks.clone();
            if mark.line < BEHIND {
                // What lies before it is partly in the buffer.
                let news = end - from;
                self.push(&block[from..end]);
                let joint = self.buffer.len() - news;
                let line = joint + (mark.line - from);
                let lowest = if floor > from {
                    joint + (floor - from)
                } else {
                    self.floor
                };
                let begin = back::region(&self.buffer, lowest, line, wrapped()).begin;
                let number = first + mark.before - skim::lines(&self.buffer[begin..line]);
                if let Some(at_block) = begin.checked_sub(joint)
                    && let Some(next) = self.again(whole, from + at_block, base, number, later)
                {
                    self.buffer.truncate(joint);
                    self.end -= news as u64;
                    (floor, at) = next;
                    continue;
                }
                self.floor = lowest;
                self.line = number;
                self.heat(begin, line + (mark.hit - mark.line));
                self.drain(false);
                return Some(end);
            }
            let (begin, before) = match mark.region {
                Some((region, before)) if region.holds(floor, mark.line) => (region.begin, before),
                _ => {
                    let begin = back::region(block, floor, mark.line, wrapped()).begin;
                    (begin, mark.before - skim::lines(&block[begin..mark.line]))
                }
            };
            let number = first + before;
            if let Some(next) = self.again(whole, begin, base, number, later) {
                (floor, at) = next;
                continue;
            }
            self.buffer.clear();
            self.cuts.clear();
            self.floor = 0;
            self.start = 0;
            self.line = number;
            self.end = base + begin as u64;
            self.push(&block[begin..end]);
            self.heat(0, mark.hit - begin);
            self.drain(false);
            return Some(end);
        }
    }

    /// Reads the record that begins in a block at `begin`, on line `number`, if it is known. Gives the place before which
    /// no record may begin then, and the end of the line behind it.
    fn again(
        &mut self,
        whole: &[u8],
        begin: usize,
        base: u64,
        number: u64,
        mut later: impl Iterator<Item = Mark>,
    ) -> Option<(usize, usize)> {
        let place = Place {
            at: 0,
            offset: base + begin as u64,
            number,
        };
        let following = |length: usize| {
            let next = later.find(|m| m.line >= begin + length);
            next.map(|m| m.line - begin)
        };
        let bytes = whole.get(begin..).unwrap_or_default();
        let again = self.second.again(bytes, place, following)?;
        self.last_hit = again.last_hit;
        Some((begin + again.next, begin + again.end))
    }

    /// Everything before `limit` is done with: the buffer holds what lies before it.
    fn pass(&mut self, block: &[u8], from: usize, limit: usize, floor: usize) {
        let base = self.end - from as u64;
        if limit > BEHIND {
            let begin = limit - BEHIND;
            self.buffer.clear();
            self.cuts.clear();
            self.buffer.extend_from_slice(&block[begin..limit]);
            self.floor = floor.saturating_sub(begin);
        } else {
            self.trim();
            if floor > from {
                self.floor = self.buffer.len() + (floor - from);
            }
            self.buffer.extend_from_slice(&block[from..limit]);
        }
        self.end = base + limit as u64;
        self.start = self.buffer.len();
    }
}
