//! The first tier: finds, in a few nanoseconds a line, the places of a log that can matter at all.
//! It knows no format and decides nothing; a hit only means that the second tier has to look.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind, packed};

/// A word to look for, and the four bytes of it that are searched: the rarest, since each of them that is met costs a look.
#[derive(Debug)]
struct Needle {
    word: &'static [u8],
    code: &'static [u8],
    /// Where in the word the code stands.
    at: usize,
}

const fn needle(word: &'static [u8], code: &'static [u8], at: usize) -> Needle {
    Needle { word, code, at }
}

/// What every failure shows somewhere: its level, its type's name or the words around it.
/// Common words are left out on purpose: each hit costs a look at a line.
/// Needles of one code stand together. The codes' order decides which of them the searcher looks for together, eight sets
/// whose half bytes are mixed: codes 0, 8, 16 … are one. In this order hardly anything that is none looks like one; a new
/// code goes to the end.
const NEEDLES: [Needle; 31] = [
    // [E 261122 13:33:22 web:2108]; more years would only be met in other words' company
    needle(b"[E 0", b"[E 0", 0),
    needle(b"EMERG", b"EMER", 0),
    // pino, bunyan: also written with blanks, and quoted in another object
    needle(b"el\\\":6", b"\\\":6", 2),
    needle(b"el\\\":5", b"\\\":5", 2),
    // GELF
    needle(b"el\": 3", b"\": 3", 2),
    needle(b"    at ", b"  at", 2),
    needle(b"CRIT", b"CRIT", 0), // CRITICAL
    // journald
    needle(b"TY\": \"3", b": \"3", 3),
    needle(b"aile", b"aile", 0), // failed, Failed
    needle(b"SEVERE", b"EVER", 1),
    needle(b"ritical", b"riti", 0),
    needle(b"atal ", b"atal", 0), // Fatal Python error
    // journald
    needle(b"TY\":\"3", b"\":\"3", 2),
    needle(b"FATAL", b"FATA", 0),
    needle(b"Node.js v", b"js v", 5), // a Node process that died
    needle(b"[E 3", b"[E 3", 0),
    needle(b"[E 1", b"[E 1", 0),
    needle(b"raceback", b"ceba", 2), // Traceback
    needle(b"@http", b"@htt", 0),    // a stack of Gecko or JavaScriptCore
    needle(b"el\":5", b"l\":5", 1),
    needle(b"el\": 6", b"\": 6", 2),
    needle(b"el\\\": 6", b"\": 6", 3),
    needle(b"ALERT", b"LERT", 1),
    needle(b"ncaught", b"ncau", 0),
    needle(b"ERRO", b"ERRO", 0), // ERROR, and cut off
    needle(b"[E 2", b"[E 2", 0),
    needle(b" ERR ", b" ERR", 0),
    needle(b"el\":6", b"l\":6", 1),
    needle(b"rror", b"rror", 0), // Error, TypeError, error
    needle(b"el\": 5", b"\": 5", 2),
    needle(b"el\\\": 5", b"\": 5", 3),
];

/// Searches for the needles.
#[derive(Debug)]
pub(crate) struct Prefilter {
    packed: Option<packed::Searcher>,
    automaton: Option<AhoCorasick>,
    /// The first needle of each code.
    first: Vec<usize>,
}

impl Prefilter {
    /// The searcher, built once.
    pub(crate) fn shared() -> &'static Prefilter {
        static SHARED: OnceLock<Prefilter> = OnceLock::new();
        SHARED.get_or_init(Prefilter::new)
    }

    fn new() -> Prefilter {
        let is_first = |at: &usize| *at == 0 || NEEDLES[*at].code != NEEDLES[*at - 1].code;
        let first: Vec<usize> = (0..NEEDLES.len()).filter(is_first).collect();
        let codes = || first.iter().map(|at| NEEDLES[*at].code);
        let packed = packed::Searcher::new(codes());
        let automaton = match packed {
            Some(_) => None,
            None => AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(codes())
                .ok(),
        };
        Prefilter {
            packed,
            automaton,
            first,
        }
    }

    /// Offset of the first hit at or after `from`, the start of a line.
    pub(crate) fn next(&self, haystack: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = haystack.get(at..)?;
            let (code, pattern) = if let Some(packed) = &self.packed {
                let found = packed.find(rest)?;
                (at + found.start(), found.pattern().as_usize())
            } else if let Some(automaton) = &self.automaton {
                let found = automaton.find(rest)?;
                (at + found.start(), found.pattern().as_usize())
            } else {
                // Without any searcher nothing may be skipped.
                return (!rest.is_empty()).then_some(from);
            };
            let first = self.first[pattern];
            let same = |needle: &&Needle| needle.code == NEEDLES[first].code;
            let start = NEEDLES[first..].iter().take_while(same).find_map(|needle| {
                let start = code.checked_sub(needle.at)?;
                (start >= from && haystack[start..].starts_with(needle.word)).then_some(start)
            });
            if start.is_some() {
                return start;
            }
            at = code + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benign_lines_have_no_hit() {
        let p = Prefilter::shared();
        let line =
            b"2026-02-05 10:00:00,000 - app.orders - INFO - request 00ff done in 3ms cache=miss\n";
        assert_eq!(p.next(line, 0), None);
        assert_eq!(p.next(b"", 0), None);
        assert_eq!(p.next(b"x", 5), None);
        let near = b"catalog criticism placebacks rows\": 3, [E x] uncautious at noon FATA";
        assert_eq!(p.next(near, 0), None);
    }

    #[test]
    fn every_way_to_say_it_hits() {
        let p = Prefilter::shared();
        for text in [
            "ERROR x",
            "Traceback (most recent call last):",
            "KeyError: 'a'",
            "    at f (a.js:1:2)",
            "{\"level\":50}",
            "{\"level\": 3}",
            "{\"level\": 50}",
            "{\"PRIORITY\":\"3\"}",
            "{\"PRIORITY\": \"3\"}",
            "{\"log\": \"{\\\"level\\\":60}\"}",
            "{\"log\": \"{\\\"level\\\": 60}\"}",
            "[E 261122 13:33:22 web:2108] x",
            "CRITICAL",
        ] {
            assert!(p.next(text.as_bytes(), 0).is_some(), "{text}");
        }
    }

    #[test]
    fn a_code_is_searched_where_it_stands_in_its_word() {
        for needle in &NEEDLES {
            assert_eq!(needle.code.len(), 4);
            assert!(needle.word[needle.at..].starts_with(needle.code));
            let p = Prefilter::shared();
            assert_eq!(p.next(needle.word, 0), Some(0), "{needle:?}");
        }
        let codes: std::collections::BTreeSet<_> = NEEDLES.iter().map(|n| n.code).collect();
        assert_eq!(codes.len(), Prefilter::shared().first.len());
    }
}
