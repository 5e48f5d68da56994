//! Calls that are made many times in one process, each time with other literals in their places: what a round of written
//! tests can not try, a loop beside the code can. Here is which calls, and what becomes of the values it finds; the loop
//! is the caller's.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, PySourceType};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::calls::{Calls, Sequence};
use super::lines;
use super::mutations::{self, is_literal};
use super::node::{Hole, Template};
use super::open::{OF_CONSTRUCTOR, RECEIVER};
use super::piece::Piece;
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
    /// The places that take sequences of calls, and which.
    pub calls: BTreeMap<usize, Calls>,
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
    /// Within the code of the hole's value; `None`: all of it, which is a sequence of calls.
    range: Option<TextRange>,
}

/// A call with places, while they are being found.
struct Marked {
    template: Template,
    choices: Vec<usize>,
    marks: Vec<Mark>,
    values: Vec<Vec<String>>,
    calls: BTreeMap<usize, Calls>,
}

impl Marked {
    fn fill(&mut self, hole: usize, piece: Piece) {
        let hole_there = &mut self.template.holes[hole];
        hole_there.pool.push(piece);
        self.choices[hole] = hole_there.choices() - 1;
    }

    /// Marks the place of a sequence of calls.
    fn sequence(&mut self, number: usize, sequence: &Sequence, code: &str) {
        let place = self.marks.len();
        let known = sequence.literal_of(code).unwrap_or("[]");
        self.values.push(vec![known.to_owned()]);
        self.calls.insert(place, sequence.calls.clone());
        self.marks.push(Mark {
            hole: number,
            range: None,
        });
        self.fill(number, sequence.marked(place));
    }

    /// Marks the literals of a value.
    fn literals(&mut self, number: usize, hole: &Hole, piece: &Piece) {
        let mut ranges = literals(&piece.code);
        ranges.truncate(MOST_OF_VALUE.min(MOST_PLACES.saturating_sub(self.marks.len())));
        if ranges.is_empty() {
            return;
        }
        let is_whole = ranges.len() == 1 && usize::from(ranges[0].len()) == piece.code.len();
        let places = (self.marks.len()..).map(|n| format!("{PLACE}({n})"));
        let code = replaced(&piece.code, ranges.iter().copied().zip(places));
        for range in ranges {
            let mut seeds = vec![piece.code[range].to_owned()];
            if is_whole {
                seeds.extend(other_literals(hole, &piece.code));
            }
            self.values.push(seeds);
            self.marks.push(Mark {
                hole: number,
                range: Some(range),
            });
        }
        let setup = piece.setup.clone();
        self.fill(number, Piece { code, setup });
    }
}

impl Search<'_> {
    /// The calls that are worth exploring, one for each share of time, the most promising first.
    pub fn explorations(&mut self, milliseconds: &[u32]) -> Vec<(Candidate, Exploration)> {
        self.exploring.clear();
        let mut promising = Vec::new();
        let mut others = Vec::new();
        for genome in self.rounds.worth_exploring() {
            if promising.len() == milliseconds.len() {
                break;
            }
            let Some(found) = self.exploration(&genome) else {
                continue;
            };
            match self.is_about_arguments(&found.0) {
                true => promising.push(found),
                false => others.push(found),
            }
        }
        let all = promising.into_iter().chain(others).zip(milliseconds);
        let mut found = Vec::new();
        for ((place, candidate, mut exploration), share) in all {
            exploration.milliseconds = *share;
            self.exploring.push(place);
            found.push((candidate, exploration));
        }
        found
    }

    /// Whether something can be changed beside what the object is made of.
    fn is_about_arguments(&self, place: &Place) -> bool {
        let holes = &self.drafts[place.genome.draft].template.holes;
        place.marks.iter().any(|mark| {
            let hole = &holes[mark.hole];
            hole.name != RECEIVER && hole.stride != OF_CONSTRUCTOR
        })
    }

    fn exploration(&self, genome: &Genome) -> Option<(Place, Candidate, Exploration)> {
        let draft = &self.drafts[genome.draft];
        let mut marked = Marked {
            template: draft.template.clone(),
            choices: genome.choices.clone(),
            marks: Vec::new(),
            values: Vec::new(),
            calls: BTreeMap::new(),
        };
        for (number, hole) in draft.template.holes.iter().enumerate() {
            let Some(piece) = hole.chosen(genome.choices[number]) else {
                continue;
            };
            match &hole.sequence {
                Some(sequence) => marked.sequence(number, sequence, &piece.code),
                None => marked.literals(number, hole, piece),
            }
        }
        if marked.marks.is_empty() {
            return None;
        }
        let plan = self.plan_of(genome.draft, &marked.template, &marked.choices)?;
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
            values: marked.values,
            calls: marked.calls,
            words: self.words.clone(),
            type_name: self.writer.type_name(),
            message: exception.message.clone().unwrap_or_default(),
            steps: self.writer.steps_from(draft.frame),
            milliseconds: 0,
        };
        let place = Place {
            genome: genome.clone(),
            marks: marked.marks,
        };
        Some((place, candidate, exploration))
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
        if values.len() != place.marks.len() {
            return;
        }
        for number in holes {
            let of_hole = place
                .marks
                .iter()
                .zip(values)
                .filter(|(mark, _)| mark.hole == number);
            let hole = &mut self.drafts[draft].template.holes[number];
            let Some(piece) = filled(hole, place.genome.choices[number], of_hole) else {
                return;
            };
            let first = usize::from(hole.can_omit);
            let own = place.genome.choices[number];
            let is_own = hole.chosen(own).is_some_and(|p| p.code == piece.code);
            // What exploring chose it chose, also where the place would have offered it some time.
            let there = hole
                .pool
                .iter()
                .position(|p| p.code == piece.code && p.setup.source >= Some(Source::Explored));
            choices[number] = match there {
                _ if is_own => own,
                Some(at) => at + first,
                None => {
                    hole.pool.push(piece);
                    self.rounds.widen(draft, number);
                    hole.choices() - 1
                }
            };
        }
        self.rounds.wish(Genome { draft, choices });
    }
}

/// A value with what was found in its places. What a test run told is no more than a text: only literals and sequences of
/// known calls are taken, and spelled anew.
fn filled<'m>(
    hole: &mut Hole,
    choice: usize,
    values: impl Iterator<Item = (&'m Mark, &'m String)>,
) -> Option<Piece> {
    let mut piece = hole.chosen(choice)?.clone();
    let mut new = Vec::new();
    for (mark, value) in values {
        match mark.range {
            Some(range) => new.push((range, spelled(value)?)),
            None => return hole.sequence.as_mut()?.written(value),
        }
    }
    piece.code = replaced(&piece.code, new.into_iter());
    piece.setup.used(Source::Explored);
    Some(piece)
}

/// A literal in this project's own spelling; `None` for anything else.
pub(in crate::generate) fn spelled(text: &str) -> Option<String> {
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
