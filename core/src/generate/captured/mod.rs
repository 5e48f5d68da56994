//! Tests from captured values: the functions of the trace called again with what they were called with, outermost
//! first, each in several manners. Which of them reproduces the failure is found out by running them.

mod anew;
mod asked;
mod build;
mod call;
mod databases;
mod files;
pub(super) mod layout;
mod made;
mod manner;
mod mapped;
mod models;
mod objects;
mod rows;
mod spell;
#[cfg(test)]
mod tests;
pub(super) mod trust;

pub(super) use spell::{bytes, short};

use super::arguments::Setup;
use super::strategies::Writer;
use super::{Plan, literal};
use crate::capture::{Captured, CapturedFrame, Name};
use manner::{Cut, MANNERS, Manner, Rows};

/// Frames further in than this are not tried: they are too many to be of use.
const MOST_FRAMES: usize = 24;

impl<'a> Writer<'a> {
    /// Plans from captured values: of every frame the best manner first, outermost first, then of each the next.
    pub(super) fn captured(&self, captured: &'a Captured) -> Vec<Plan> {
        let mut plans = Vec::new();
        let mut last = Vec::new();
        if let Some(request) = &captured.request {
            for plan in self.captured_request(request) {
                plans.extend(self.with_rows(&plan, captured));
                let with_files = files::with_files(&plan, captured);
                let made = self.with_made_rows(&plan, &request.path);
                let with_database = self.with_database(&plan, captured);
                plans.push(plan);
                plans.extend(with_database);
                plans.extend(with_files);
                last.extend(made);
            }
        }
        let known = captured.numbered();
        let ways = self.ways_of_rows(captured);
        let mut indices: Vec<usize> = (0..self.frames.len()).collect();
        if indices.len() > MOST_FRAMES {
            // The outermost and the innermost ones.
            let inner = indices.split_off(indices.len() - MOST_FRAMES / 2);
            indices.truncate(MOST_FRAMES / 2);
            indices.extend(inner);
        }
        let mut calls: Vec<(usize, Plan)> = Vec::new();
        for index in indices {
            let Some(frame) = self.captured_frame(captured, index) else {
                continue;
            };
            // A recursive function is called once.
            let function = self.frames[index].function;
            if self.frames[..index]
                .iter()
                .any(|f| matches!((f.function, function), (Some(a), Some(b)) if a.is(&b)))
            {
                continue;
            }
            // With the objects of the project's modules, the rows of its database.
            let manners = MANNERS.iter().flat_map(|manner| {
                let ways = ways
                    .iter()
                    .filter(|rows| manner.takes_globals || **rows == Rows::None);
                ways.map(|rows| Manner {
                    rows: *rows,
                    ..*manner
                })
            });
            for (rank, manner) in manners.enumerate() {
                let request = captured.request.as_ref();
                if let Some(plan) = self.captured_call(frame, index, manner, &known, request, &[])
                    && !calls.iter().any(|(_, other)| other.does_as(&plan))
                {
                    calls.push((rank, plan));
                }
            }
        }
        calls.sort_by_key(|(rank, _)| *rank);
        // What was made up comes before what is left of the calls, so that it is tried at all.
        let (first, others): (Vec<_>, Vec<_>) = calls.into_iter().partition(|(rank, _)| *rank == 0);
        for (_, plan) in first {
            let with_database = self.with_database(&plan, captured);
            plans.push(plan);
            plans.extend(with_database);
        }
        plans.extend(last);
        plans.extend(others.into_iter().map(|(_, plan)| plan));
        plans
    }

    /// What was captured of a project frame.
    pub(super) fn captured_frame<'c>(
        &self,
        captured: &'c Captured,
        index: usize,
    ) -> Option<&'c CapturedFrame> {
        let wanted = self.frames[index].frame;
        captured.frames.iter().find(|frame| {
            let exception = frame
                .exception
                .and_then(|at| self.failure.exceptions.get(at));
            let entry = exception
                .zip(frame.frame)
                .and_then(|(exception, at)| exception.frames.get(at));
            entry
                .and_then(|entry| entry.frame())
                .is_some_and(|frame| std::ptr::eq(frame, wanted))
        })
    }
}

/// How a captured call was written, so that it can be written again with less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    index: usize,
    manner: Manner,
    cuts: Vec<Cut>,
    /// Parts of the state that could be left to the constructors, arguments that could be left to their defaults.
    pub cuttable: Vec<Cut>,
}

impl Recipe {
    /// The same with more left to the constructors.
    pub fn without(&self, cuts: &[Cut]) -> Recipe {
        let mut recipe = self.clone();
        recipe.cuts.extend(cuts.iter().cloned());
        recipe
    }
}

impl<'a> Writer<'a> {
    /// A captured call written by its recipe.
    pub(super) fn captured_again(&self, captured: &'a Captured, recipe: &Recipe) -> Option<Plan> {
        let frame = self.captured_frame(captured, recipe.index)?;
        self.captured_call(
            frame,
            recipe.index,
            recipe.manner,
            &captured.numbered(),
            captured.request.as_ref(),
            &recipe.cuts,
        )
    }
}

/// Imports a name for a text that is written by hand; gives the expression to use.
pub(super) fn import_into(setup: &mut Setup, name: &Name) -> Option<String> {
    if !literal::is_dotted(&name.module) || !literal::is_dotted(&name.qualname) {
        return None;
    }
    let first = name.qualname.split('.').next().unwrap_or_default();
    setup.import(&name.module, first);
    Some(name.qualname.clone())
}
