//! The first tier: finds, in a few nanoseconds a line, the places of a log that can matter at all.
//! It knows no format and decides nothing; a hit only means that the second tier has to look.

use aho_corasick::{AhoCorasick, MatchKind, packed};

/// What every failure shows somewhere: its level, its type's name or the words around it.
/// Common words are left out on purpose: each hit costs a look at a line.
const NEEDLES: [&str; 14] = [
    "rror",     // Error, TypeError, error
    "RROR",     // ERROR
    "raceback", // Traceback
    "RITICAL", "ritical", "FATAL", "atal ", // Fatal Python error
    "aile",  // failed, Failed
    "    at ", "[E ", "ncaught", "el\":5", // pino, bunyan
    "el\":6", "el\": 3", // GELF
];

/// Searches for the needles.
pub(crate) struct Prefilter {
    packed: Option<packed::Searcher>,
    automaton: Option<AhoCorasick>,
}

impl Prefilter {
    pub(crate) fn new() -> Prefilter {
        let packed = packed::Searcher::new(NEEDLES);
        let automaton = match packed {
            Some(_) => None,
            None => AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(NEEDLES)
                .ok(),
        };
        Prefilter { packed, automaton }
    }

    /// Offset of the first hit at or after `from`.
    pub(crate) fn next(&self, haystack: &[u8], from: usize) -> Option<usize> {
        let rest = haystack.get(from..)?;
        if let Some(packed) = &self.packed {
            return packed.find(rest).map(|m| from + m.start());
        }
        match &self.automaton {
            Some(automaton) => automaton.find(rest).map(|m| from + m.start()),
            // Without any searcher nothing may be skipped.
            None => (!rest.is_empty()).then_some(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benign_lines_have_no_hit() {
        let p = Prefilter::new();
        let line =
            b"2026-02-05 10:00:00,000 - app.orders - INFO - request 00ff done in 3ms cache=miss\n";
        assert_eq!(p.next(line, 0), None);
        assert_eq!(p.next(b"", 0), None);
        assert_eq!(p.next(b"x", 5), None);
    }

    #[test]
    fn every_way_to_say_it_hits() {
        let p = Prefilter::new();
        for text in [
            "ERROR x",
            "Traceback (most recent call last):",
            "KeyError: 'a'",
            "    at f (a.js:1:2)",
            "{\"level\":50}",
            "[E 261122 13:33:22 web:2108] x",
            "CRITICAL",
        ] {
            assert!(p.next(text.as_bytes(), 0).is_some(), "{text}");
        }
    }
}
