//! Calls that are made many times in one process, each time with other literals in their places: what a round of written
//! tests can not try, a loop beside the code can. Here is which calls, and what becomes of the values it finds; the loop
//! is the caller's.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, PySourceType};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::lines;
use super::mutations::{self, is_literal};
use super::node::{Hole, Piece};
use super::rounds::Genome;
use super::{Search, Step};
use crate::generate::Candidate;
use crate::generate::arguments::Source;
use crate::prove::Explored;

/// What a call's places are filled with while it is explored: `guwu_value(0)`.
const PLACE: &str = "guwu_value";
/// Places of one call, and of one value of it.
const MOST_PLACES: usize = 8;
const MOST_OF_VALUE: usize = 3;
/// Values that a place begins with.
const MOST_SEEDS: usize = 24;
/// A longer literal is left as it is.
const LONGEST: usize = 4096;

/// A call to be made with many values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Exploration {
    /// For each place the literals to begin with; the first is the call's own.
    pub values: Vec<Vec<String>>,
    /// Texts that may matter.
    pub words: Vec<String>,
    /// The recorded exception's class name without module.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub type_name: String,
    /// Its message.
    pub message: String,
    /// The recorded chain from the called function on, the innermost last.
    pub steps: Vec<Step>,
    /// Milliseconds to look for values.
    pub milliseconds: u32,
}

/// A call that is being explored: the choices it began with, and its places.
#[derive(Debug, Clone)]
pub(super) struct Place {
    genome: Genome,
    marks: Vec<Mark>,
}

/// A literal within the value of a hole.
#[derive(Debug, Clone)]
struct Mark {
    hole: usize,
    /// Within the code of the hole's value.
    range: TextRange,
}

impl Search<'_> {
    /// The calls that are worth exploring, one for each share of time, the most promising first.
    pub fn explorations(&mut self, milliseconds: &[u32]) -> Vec<(Candidate, Exploration)> {
        self.exploring.clear();
        let mut found = Vec::new();
        for genome in self.rounds.worth_exploring() {
            let Some(share) = milliseconds.get(found.len()) else {
                break;
            };
            if let Some((place, candidate, exploration)) = self.exploration(&genome, *share) {
                self.exploring.push(place);
                found.push((candidate, exploration));
            }
        }
        found
    }

    fn exploration(
        &self,
        genome: &Genome,
        milliseconds: u32,
    ) -> Option<(Place, Candidate, Exploration)> {
        let draft = &self.drafts[genome.draft];
        let mut template = draft.template.clone();
        let mut choices = genome.choices.clone();
        let mut marks = Vec::new();
        let mut values = Vec::new();
        for (number, hole) in draft.template.holes.iter().enumerate() {
            let Some(piece) = hole.chosen(genome.choices[number]) else {
                continue;
            };
            let mut ranges = literals(&piece.code);
            ranges.truncate(MOST_OF_VALUE.min(MOST_PLACES - marks.len()));
            if ranges.is_empty() {
                continue;
            }
            let is_whole = ranges.len() == 1 && usize::from(ranges[0].len()) == piece.code.len();
            let places = (marks.len()..).map(|n| format!("{PLACE}({n})"));
            let marked = replaced(&piece.code, ranges.iter().copied().zip(places));
            for range in ranges {
                let mut seeds = vec![piece.code[range].to_owned()];
                if is_whole {
                    seeds.extend(other_literals(hole, &piece.code));
                }
                values.push(seeds);
                marks.push(Mark {
                    hole: number,
                    range,
                });
            }
            let marked = Piece {
                code: marked,
                setup: piece.setup.clone(),
            };
            template.holes[number].pool.push(marked);
            choices[number] = template.holes[number].choices() - 1;
        }
        if marks.is_empty() {
            return None;
        }
        let plan = self.plan_of(genome.draft, &template, &choices)?;
        let candidate = super::candidate(
            &plan,
            false,
            self.writer.gap,
            self.writer.habits,
            self.header,
            &[],
        )?;
        let exception = self.writer.exception;
        let exploration = Exploration {
            values,
            words: self.words.clone(),
            type_name: self.writer.type_name(),
            message: exception.message.clone().unwrap_or_default(),
            steps: self.chain_from(draft.frame),
            milliseconds,
        };
        let genome = genome.clone();
        Some((Place { genome, marks }, candidate, exploration))
    }

    /// What exploring showed, in the order of the explorations; the next round tries what it found.
    pub fn explored(&mut self, results: impl IntoIterator<Item = Option<Explored>>) {
        let places = std::mem::take(&mut self.exploring);
        for (place, explored) in places.into_iter().zip(results) {
            let Some(explored) = explored else { continue };
            let all = match explored.found.is_some() {
                true => [explored.found, explored.passing],
                false => [explored.furthest, None],
            };
            for values in all.into_iter().flatten() {
                self.wish(&place, &values);
            }
        }
    }

    /// Has the call tried with other values in its places.
    fn wish(&mut self, place: &Place, values: &[String]) {
        let draft = place.genome.draft;
        let mut choices = place.genome.choices.clone();
        let holes: BTreeSet<usize> = place.marks.iter().map(|m| m.hole).collect();
        // What a test run told is no more than a text: only literals are taken, and spelled anew.
        let spelled: Option<Vec<String>> = values.iter().map(|value| spelled(value)).collect();
        let Some(values) = spelled.filter(|values| values.len() == place.marks.len()) else {
            return;
        };
        for number in holes {
            let hole = &mut self.drafts[draft].template.holes[number];
            let Some(piece) = hole.chosen(place.genome.choices[number]) else {
                return;
            };
            let new = place
                .marks
                .iter()
                .zip(&values)
                .filter(|(mark, _)| mark.hole == number)
                .map(|(mark, value)| (mark.range, value.clone()));
            let mut piece = Piece {
                code: replaced(&piece.code, new),
                setup: piece.setup.clone(),
            };
            let first = usize::from(hole.can_omit);
            choices[number] = match hole.pool.iter().position(|p| p.code == piece.code) {
                Some(at) => at + first,
                None => {
                    piece.setup.used(Source::Explored);
                    hole.pool.push(piece);
                    self.rounds.widen(draft, number);
                    hole.choices() - 1
                }
            };
        }
        self.rounds.wish(Genome { draft, choices });
    }
}

/// A literal in this project's own spelling; `None` for anything else.
fn spelled(text: &str) -> Option<String> {
    let expr = lines::expression(text).filter(is_literal)?;
    if text.trim().is_empty() {
        return None;
    }
    // As `expression` read it: in parentheses.
    mutations::code(&expr, &format!("({text}\n)"))
}

/// Literals of a hole other than `own`.
fn other_literals(hole: &Hole, own: &str) -> Vec<String> {
    let others = hole.pool.iter().map(|p| p.code.as_str());
    others
        .filter(|code| *code != own && is_one_literal(code))
        .take(MOST_SEEDS)
        .map(str::to_owned)
        .collect()
}

fn is_one_literal(code: &str) -> bool {
    matches!(literals(code)[..], [range] if usize::from(range.len()) == code.len())
}

/// Where the literals of an expression stand, the outermost ones, in order.
fn literals(code: &str) -> Vec<TextRange> {
    struct Reader(Vec<TextRange>);
    impl Visitor<'_> for Reader {
        fn visit_expr(&mut self, expr: &Expr) {
            match expr {
                _ if is_literal(expr) => self.0.push(expr.range()),
                Expr::FString(_) | Expr::TString(_) => {}
                _ => visitor::walk_expr(self, expr),
            }
        }
    }
    if code.len() > LONGEST {
        return Vec::new();
    }
    let parsed = ruff_python_parser::parse_unchecked_source(code, PySourceType::Python);
    if !parsed.has_valid_syntax() {
        return Vec::new();
    }
    let mut reader = Reader(Vec::new());
    reader.visit_body(parsed.suite());
    reader.0
}

/// The code with other texts in some ranges, which come in order.
fn replaced(code: &str, new: impl Iterator<Item = (TextRange, String)>) -> String {
    let mut text = String::new();
    let mut at = TextSize::new(0);
    for (range, value) in new {
        text.push_str(&code[TextRange::new(at, range.start())]);
        text.push_str(&value);
        at = range.end();
    }
    text.push_str(&code[usize::from(at)..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(code: &str) -> String {
        let ranges = literals(code);
        let new = ranges.into_iter().zip((0..).map(|n| format!("<{n}>")));
        replaced(code, new)
    }

    #[test]
    fn only_literals_are_taken_and_spelled_anew() {
        let text = |text: &str| spelled(text);
        assert_eq!(text("'a\u{e9}\"'").as_deref(), Some("\"a\\xe9\\\"\""));
        assert_eq!(
            text("{'k': [1, -2.5, (None,)], b'x': {True}}").as_deref(),
            Some("{\"k\": [1, -2.5, (None,)], b'x': {True}}")
        );
        for other in [
            "__import__('os')",
            "1)\nimport os\n(1",
            "f'{x}'",
            "a",
            "[f()]",
            "",
        ] {
            assert_eq!(text(other), None, "{other}");
        }
    }

    #[test]
    fn the_outermost_literals_of_a_value_are_its_places() {
        assert_eq!(marked("'a'"), "<0>");
        assert_eq!(marked("[1, (2, -3)]"), "<0>");
        assert_eq!(
            marked("Book('x', rows=[1, f(2)])"),
            "Book(<0>, rows=[<1>, f(<2>)])"
        );
        assert_eq!(marked("f'{1}'"), "f'{1}'");
        assert_eq!(marked("subject.add(0, None)"), "subject.add(<0>, <1>)");
    }
}
