//! Words that are looked for in very many lines. Building a searcher costs more than a search in one line, so each is
//! built once.

use std::sync::OnceLock;

use memchr::memmem::Finder;

/// A word and its searcher.
#[derive(Debug)]
pub(crate) struct Word {
    word: &'static str,
    finder: OnceLock<Finder<'static>>,
}

impl Word {
    pub(crate) const fn new(word: &'static str) -> Word {
        Word {
            word,
            finder: OnceLock::new(),
        }
    }

    /// Where it begins in a text for the first time.
    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        let finder = self.finder.get_or_init(|| Finder::new(self.word));
        finder.find(text)
    }

    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        self.find(text).is_some()
    }
}

/// Whether any of the words is in a text.
pub(crate) fn any_in(words: &[Word], text: &[u8]) -> bool {
    words.iter().any(|word| word.is_in(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again_and_again() {
        static WORDS: [Word; 2] = [Word::new("\"line\""), Word::new("{")];
        for _ in 0..2 {
            assert_eq!(WORDS[0].find(b"x \"line\" \"line\""), Some(2));
            assert!(any_in(&WORDS, b"line {"));
            assert!(!any_in(&WORDS, b"line"));
            assert!(!any_in(&WORDS, b""));
        }
    }
}
