//! Places to cut an input at. They follow from the input alone, so that a file of the corpus is a plain log and a crash
//! is repeated by its file.

/// An endless row of numbers that follows from the bytes (xorshift over an FNV-1a hash).
#[derive(Debug)]
pub struct Cuts {
    state: u64,
}

impl Cuts {
    /// Another row for every input.
    pub fn of(input: &[u8]) -> Cuts {
        let hash = input.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Cuts { state: hash | 1 }
    }

    /// The next number, below `limit` (0 for a limit of 0).
    pub fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 16) as usize)
            .checked_rem(limit)
            .unwrap_or(0)
    }

    /// The input in pieces of up to `longest` bytes; nothing is left out.
    pub fn pieces<'a>(&mut self, input: &'a [u8], longest: usize) -> Vec<&'a [u8]> {
        let mut pieces = Vec::new();
        let mut rest = input;
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at((1 + self.below(longest)).min(rest.len()));
            pieces.push(piece);
            rest = tail;
        }
        pieces
    }
}
