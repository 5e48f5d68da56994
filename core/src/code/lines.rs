//! What stands in the lines of a file, and which of them one statement spans.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The lines of one file: their texts as hashes, and the spans of its statements.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// Of each line without the blanks around it.
    texts: Vec<u32>,
    /// First and last line of each statement, nested ones too.
    statements: Vec<(u32, u32)>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Lines {
        Lines {
            texts: text.lines().map(hash).collect(),
            statements: Vec::new(),
        }
    }

    pub(super) fn add_statement(&mut self, first: u32, last: u32) {
        self.statements.push((first, last));
    }

    /// Whether a 1-based line reads so, but for the blanks around it.
    pub fn reads(&self, line: u32, text: &str) -> bool {
        (line as usize)
            .checked_sub(1)
            .and_then(|at| self.texts.get(at))
            .is_some_and(|there| *there == hash(text))
    }

    /// Whether both lines belong to one statement and to none inside of it.
    ///
    /// Versions of Python name other lines of a statement that spans several.
    pub fn are_of_one_statement(&self, a: u32, b: u32) -> bool {
        a == b
            || self
                .innermost(a)
                .is_some_and(|span| self.innermost(b) == Some(span))
    }

    fn innermost(&self, line: u32) -> Option<(u32, u32)> {
        self.statements
            .iter()
            .filter(|(first, last)| *first <= line && line <= *last)
            .min_by_key(|(first, last)| last - first)
            .copied()
    }
}

fn hash(line: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    line.trim().hash(&mut hasher);
    // Half of it tells lines of one file apart.
    (hasher.finish() >> 32) as u32
}
