//! Candidates again without calls of which it is known what they had returned in production: those that a test did not come
//! back from, and, where that shows nothing, each of them.

use guwu_core::correlate::Gap;
use guwu_core::generate::{self, Candidate, Recipe};
use guwu_core::prove::{Outcome, Seen};

use super::judge::{Judged, is_red};
use super::{DevelopError, Workshop};
use crate::store::{Group, Store};

/// So many calls, one after the other, are left out for what they had returned.
const MOST_ANSWERED: usize = 4;
/// So many candidates are tried with such answers at once.
const MOST_AT_ONCE: usize = 8;
/// So many candidates are tried with each answer that is known.
const MOST_WAYS: usize = 3;

impl Workshop<'_> {
    /// Tries candidates again without the calls that they did not come back from: those return what they had returned in
    /// production.
    pub(super) fn answer(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        judged: &[Judged],
    ) -> Result<Vec<Judged>, DevelopError> {
        let (map, habits) = (&self.project.map, &self.project.habits);
        let mut found: Vec<Judged> = Vec::new();
        for round in 0..MOST_ANSWERED {
            let last = if round == 0 { judged } else { &found };
            if last.iter().any(is_red) || self.is_late() {
                break;
            }
            let seen: Vec<&[Seen]> = last.iter().map(|j| j.seen.as_slice()).collect();
            let calls = generate::unanswered(&group.example, gap, map, habits, &seen);
            let mut recipes: Vec<Recipe> = Vec::new();
            for (one, answers) in last.iter().zip(&calls) {
                let recipe = one.candidate.recipe.as_ref();
                let recipe = recipe.and_then(|recipe| recipe.answered(answers));
                recipes.extend(recipe.filter(|recipe| !recipes.contains(recipe)));
            }
            recipes.truncate(MOST_AT_ONCE);
            let written = self.written_again(group, gap, &recipes);
            let again = self.try_all(store, group, written.into_iter().flatten().collect())?;
            if again.is_empty() {
                break;
            }
            found = again;
        }
        if !judged.iter().chain(&found).any(is_red) && !self.is_late() {
            found.extend(self.answer_any(store, group, gap, judged)?);
        }
        Ok(found)
    }

    /// Tries candidates again without one call each of those whose results are known, and without all of them: what they
    /// come back with in a test may be something else.
    fn answer_any(
        &self,
        store: &Store,
        group: &Group,
        gap: &Gap,
        judged: &[Judged],
    ) -> Result<Vec<Judged>, DevelopError> {
        let (map, habits) = (&self.project.map, &self.project.habits);
        let known = generate::returned(&group.example, gap, map, habits);
        let is_over = |j: &&Judged| j.proof.outcome != Outcome::Timeout;
        let ways = judged.iter().filter(is_over);
        let ways = ways.filter_map(|j| j.candidate.recipe.as_ref());
        let mut recipes: Vec<Recipe> = Vec::new();
        for way in ways.take(MOST_WAYS) {
            let each = known.iter().map(std::slice::from_ref);
            recipes.extend(each.chain([&known[..]]).filter_map(|one| way.answered(one)));
        }
        let written = self.written_again(group, gap, &recipes);
        self.try_all(store, group, written.into_iter().flatten().collect())
    }

    /// The candidates that recipes give; `None` for one that gives none.
    pub(super) fn written_again(
        &self,
        group: &Group,
        gap: &Gap,
        recipes: &[Recipe],
    ) -> Vec<Option<Candidate>> {
        let header = self.header(group);
        let (map, habits) = (&self.project.map, &self.project.habits);
        let again = |recipe| generate::again(&group.example, gap, map, habits, &header, recipe);
        recipes.iter().map(again).collect()
    }
}
