//! Tests from captured values: the functions of the trace called again with what they were called with, outermost
//! first, each in several manners. Which of them reproduces the failure is found out by running them.

mod anew;
mod asked;
mod build;
mod call;
mod databases;
mod files;
mod held;
pub(super) mod layout;
mod made;
mod manner;
mod mapped;
mod models;
mod objects;
mod replies;
mod results;
mod returned;
#[cfg(test)]
mod returned_tests;
mod rows;
mod spell;
#[cfg(test)]
mod tests;
pub(super) mod trust;

pub use manner::Answer;
pub(super) use spell::{bytes, short};

use std::collections::BTreeMap;

use super::arguments::Setup;
use super::strategies::Writer;
use super::{Plan, literal};
use crate::capture::{Captured, CapturedFrame, Id, Name, Request, Value};
use manner::{Change, Cut, MANNERS, Manner, Rows};

/// Frames further in than this are not tried: they are too many to be of use.
const MOST_FRAMES: usize = 24;

impl<'a> Writer<'a> {
    /// Plans from captured values: of every frame the best manner first, outermost first, then of each the next.
    pub(super) fn captured(&self, captured: &'a Captured) -> Vec<Plan> {
        let mut plans = Vec::new();
        let mut last = Vec::new();
        if let Some(request) = &captured.request {
            for (number, plan) in self.captured_request(request).into_iter().enumerate() {
                let from_database = [
                    self.with_rows(&plan, captured),
                    self.with_results(&plan, captured),
                ];
                let is_stored = self.names_what_is_stored(captured, request);
                plans.extend(from_database.into_iter().flatten().map(|plan| Plan {
                    blames_caller: plan.blames_caller || is_stored,
                    ..plan
                }));
                let change = Change::default();
                let held = self.request_with_held(captured, number, &plan, &change);
                let with_files = files::with_files(&plan, captured);
                let made = self.with_made_rows(&plan, &request.path);
                let with_database = self.with_database(&plan, captured);
                plans.extend(self.with_replies(held.as_ref().unwrap_or(&plan), captured));
                plans.push(Plan {
                    recipe: Some(Recipe::of(Made::Request(number))),
                    ..plan
                });
                plans.extend(held);
                plans.extend(with_database);
                plans.extend(with_files);
                last.extend(made);
            }
        }
        let given = Given::of(captured);
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
                let ways = ways.map(|rows| Manner {
                    rows: *rows,
                    ..*manner
                });
                ways.flat_map(Manner::with_and_without_memory)
            });
            for (rank, manner) in manners.enumerate() {
                if let Some(plan) =
                    self.captured_call(frame, index, manner, &given, &Change::default())
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
            let with_replies = self.with_replies(&plan, captured);
            let request = captured.request.as_ref();
            let with_context =
                request.and_then(|request| asked::with_context(&plan, request, self.map));
            let with_files = files::with_files(&plan, captured);
            plans.push(plan);
            plans.extend(with_replies);
            plans.extend(with_database);
            plans.extend(with_context);
            plans.extend(with_files);
        }
        plans.extend(last);
        plans.extend(others.into_iter().map(|(_, plan)| plan));
        plans
    }

    //     ValueError: 'Staff ' is not a valid Tier
    /// Whether the message quotes a text that a row of the database has and the request has not: whoever stored it may be
    /// wrong.
    fn names_what_is_stored(&self, captured: &Captured, request: &Request) -> bool {
        let message = self.exception.message.as_deref().unwrap_or_default();
        let body = match &request.body {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        let asked = [request.path.as_str(), request.query.as_str(), body];
        let is_quoted = |text: &str| {
            text.len() > 1
                && message.contains(&format!("'{text}'"))
                && !asked.iter().any(|part| part.contains(text))
        };
        let known = captured.numbered();
        let mut rows = captured.rows.iter().map(|row| match row {
            Value::Ref(id) => known.get(id).copied().unwrap_or(row),
            row => row,
        });
        rows.any(|row| match row {
            Value::Object(object) => object
                .attrs
                .iter()
                .any(|(_, value)| matches!(value, Value::Text(text) if is_quoted(text))),
            _ => false,
        })
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

/// What a capture has, with its values by their numbers.
pub(super) struct Given<'a> {
    captured: &'a Captured,
    known: BTreeMap<Id, &'a Value>,
}

impl<'a> Given<'a> {
    fn of(captured: &'a Captured) -> Given<'a> {
        Given {
            captured,
            known: captured.numbered(),
        }
    }
}

/// What a test makes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// The call of the function of that frame.
    Call(usize, Manner),
    /// The request, the plan of that number, with what was held in memory.
    Request(usize),
}

/// How something captured was written, so that it can be written again with less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    made: Made,
    change: Change,
    /// Parts of the state that could be left to the constructors, arguments that could be left to their defaults.
    pub cuttable: Vec<Cut>,
}

impl Recipe {
    fn of(made: Made) -> Recipe {
        Recipe {
            made,
            change: Change::default(),
            cuttable: Vec::new(),
        }
    }

    /// The same with more left to the constructors.
    pub fn without(&self, cuts: &[Cut]) -> Recipe {
        let mut recipe = self.clone();
        recipe.change.cuts.extend(cuts.iter().cloned());
        recipe
    }

    /// The same without these calls, which return what they had returned in production. `None` where that is no change.
    pub fn answered(&self, answers: &[Answer]) -> Option<Recipe> {
        let mut recipe = self.clone();
        let given = &mut recipe.change.answers;
        given.extend(answers);
        given.sort_unstable();
        given.dedup();
        (given.len() > self.change.answers.len()).then_some(recipe)
    }
}

impl<'a> Writer<'a> {
    /// A captured call written by its recipe.
    pub(super) fn captured_again(&self, captured: &'a Captured, recipe: &Recipe) -> Option<Plan> {
        match recipe.made {
            Made::Call(index, manner) => {
                let frame = self.captured_frame(captured, index)?;
                self.captured_call(frame, index, manner, &Given::of(captured), &recipe.change)
            }
            Made::Request(number) => {
                let request = captured.request.as_ref()?;
                let plan = self.captured_request(request).into_iter().nth(number)?;
                self.request_with_held(captured, number, &plan, &recipe.change)
            }
        }
    }

    /// The request after what was held in memory is there again, and what is to be answered is.
    fn request_with_held(
        &self,
        captured: &'a Captured,
        number: usize,
        plan: &Plan,
        change: &Change,
    ) -> Option<Plan> {
        let (mut plan, cuttable) = self.with_held(plan, captured, change)?;
        plan.recipe = Some(Recipe {
            made: Made::Request(number),
            change: change.clone(),
            cuttable,
        });
        Some(plan)
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
