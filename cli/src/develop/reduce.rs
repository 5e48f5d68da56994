//! Makes a test with captured values smaller: what the constructors fill by themselves is left to them, and arguments to
//! their defaults, as long as the test stays red for the recorded reason. It leaves alone what would make an object
//! incomplete: the fixed code may need it.

use guwu_core::correlate::Gap;
use guwu_core::generate::{Candidate, Recipe};
use guwu_core::prove::Likeness;

use super::judge::is_red;
use super::{DevelopError, Workshop};
use crate::store::{Group, Store};

/// Fewer lines than this are readable as they are, but for arguments.
const SHORT: usize = 10;
/// More parts than this are not taken out one by one.
const MOST: usize = 24;
/// Times that what can go alone is tried together with what is gone already.
const ROUNDS: usize = 4;

impl Workshop<'_> {
    /// The smallest variant that was red as recorded, with a message as `like` the recorded one as the candidate's, if one is
    /// smaller than the candidate itself.
    pub(super) fn reduce(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        candidate: &Candidate,
        like: Likeness,
    ) -> Result<Option<Candidate>, DevelopError> {
        let Some(recipe) = &candidate.recipe else {
            return Ok(None);
        };
        let is_short = candidate.arranged < SHORT;
        let parts = recipe
            .cuttable
            .iter()
            .filter(|c| !is_short || c.is_of_call());
        let parts: Vec<_> = parts.take(MOST).cloned().collect();
        if parts.is_empty() || self.is_late() {
            return Ok(None);
        }
        let mut recipes = vec![recipe.without(&parts)];
        recipes.extend(
            parts
                .iter()
                .map(|part| recipe.without(std::slice::from_ref(part))),
        );
        let red = self.red_ones(store, group, gap, &recipes, like)?;
        if let Some(all) = red.iter().find(|(number, _)| *number == 0) {
            return Ok(Some(all.1.clone()));
        }
        // What can go alone can mostly go together.
        let alone: Vec<_> = red
            .iter()
            .filter_map(|(number, _)| parts.get(number - 1).cloned())
            .collect();
        if alone.len() < 2 {
            return Ok(red.into_iter().next().map(|(_, smaller)| smaller));
        }
        let mut smaller: Vec<Candidate> = red.into_iter().map(|(_, smaller)| smaller).collect();
        let mut gone = Vec::new();
        let mut rest = &alone[..];
        for _ in 0..ROUNDS {
            // One more with each test: the longest run that can go does.
            let runs: Vec<Recipe> = (1..=rest.len())
                .map(|length| recipe.without(&[&gone[..], &rest[..length]].concat()))
                .collect();
            let red = self.red_ones(store, group, gap, &runs, like)?;
            let length = red.last().map_or(0, |(number, _)| number + 1);
            smaller.extend(red.into_iter().map(|(_, smaller)| smaller));
            gone.extend_from_slice(&rest[..length]);
            // The next one is needed where these are gone.
            rest = rest.get(length + 1..).unwrap_or_default();
            if rest.is_empty() || self.is_late() {
                break;
            }
        }
        smaller.sort_by_key(|c| c.content.len());
        Ok(smaller.into_iter().next())
    }

    /// Which of the recipes give a test that is red as recorded, with their numbers.
    fn red_ones(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        recipes: &[Recipe],
        like: Likeness,
    ) -> Result<Vec<(usize, Candidate)>, DevelopError> {
        let written = self.written_again(group, gap, recipes).into_iter();
        let (numbers, candidates): (Vec<usize>, Vec<Candidate>) = written
            .enumerate()
            .filter_map(|(number, candidate)| Some((number, candidate?)))
            .unzip();
        let judged = self.try_all(store, group, candidates)?;
        Ok(numbers
            .into_iter()
            .zip(judged)
            .filter(|(_, judged)| is_red(judged) && judged.proof.message >= like)
            .map(|(number, judged)| (number, judged.candidate))
            .collect())
    }
}
