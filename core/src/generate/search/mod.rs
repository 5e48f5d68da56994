//! A bounded search for a call that fails as production did, when nothing but the log is known.
//!
//! The trace guides it: its source lines show calls, its frames the functions and classes, its message the values. Each
//! round gives candidates; the caller runs them and says what they showed; what came furthest along the recorded chain
//! is changed further. It runs nothing and reads no file itself.

mod adapt;
mod bound;
mod calls;
mod examples;
mod explore;
mod kinds;
mod lines;
mod mutations;
mod nearby;
mod node;
mod objects;
mod open;
mod patterns;
mod piece;
mod prepare;
mod provide;
mod rebuild;
mod rounds;
mod samples;
mod scene;
mod sequences;
mod splice;
mod templates;
mod usages;
mod values;

#[cfg(test)]
mod tests;

pub use calls::{Calls, Method, Parameter};
pub use explore::Exploration;
pub(in crate::generate) use explore::spelled as spelled_literal;
pub(in crate::generate) use kinds::quoted;
pub use nearby::{Logged, complete_request, requests};
pub(in crate::generate) use provide::{import_line, is_given_by_python};
pub use scene::Surroundings;
pub(in crate::generate) use usages::names_in;

use super::habits::Habits;
use super::hypothesis::{self, Hypothesis};
use super::render::Header;
use super::strategies::{self, Writer};
use super::{Candidate, Plan, candidate};
use crate::code::CodeMap;
use crate::correlate::{Gap, ProjectFrame, Shown, project_exception, project_frames, snake_case};
use crate::model::Failure;
use crate::prove::{Outcome, Proof, Run};
use node::Template;
use rounds::{Fitness, Genome, Rounds, Space};
use scene::Scene;
use templates::Draft;

/// A function of the recorded chain, for the run to tell how far a call came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Step {
    /// Path relative to the project.
    pub path: String,
    /// Function.
    pub function: String,
    /// The recorded line.
    pub line: u32,
}

/// One failure's search.
pub struct Search<'a> {
    writer: Writer<'a>,
    header: &'a Header,
    drafts: Vec<Draft>,
    /// Plans without anything to choose, for the first round.
    fixed: Vec<Plan>,
    rounds: Rounds,
    /// What is being run: `None` for a fixed plan.
    running: Vec<Option<Genome>>,
    found: Vec<Candidate>,
    /// Texts of the candidates with their choices.
    tried: Vec<(String, Genome)>,
    /// Texts that may matter to the failing code.
    words: Vec<String>,
    /// What is being explored.
    exploring: Vec<explore::Place>,
}

/// The project's functions of the recorded chain, the outermost first: entering them shows how far a call came.
pub fn chain(failure: &Failure, map: &CodeMap) -> Vec<Step> {
    let exception = project_exception(failure, map);
    exception.map_or_else(Vec::new, |exception| steps(&project_frames(exception, map)))
}

fn steps(frames: &[ProjectFrame]) -> Vec<Step> {
    let step = |frame: &ProjectFrame| {
        Some(Step {
            path: frame.module.path.clone(),
            function: frame.frame.function.clone()?.rsplit('.').next()?.to_owned(),
            line: frame.frame.line?,
        })
    };
    frames.iter().filter_map(step).collect()
}

impl Writer<'_> {
    /// The project's functions of the recorded chain, from that frame on.
    pub(super) fn steps_from(&self, frame: usize) -> Vec<Step> {
        steps(self.frames.get(frame..).unwrap_or_default())
    }
}

impl<'a> Search<'a> {
    /// `None` when no frame of the failure lies in the project, or nothing of it can be called.
    pub fn new(
        failure: &'a Failure,
        gap: &'a Gap,
        map: &'a CodeMap,
        habits: &'a Habits,
        header: &'a Header,
        surroundings: &Surroundings,
    ) -> Option<Search<'a>> {
        if matches!(gap.shown, Shown::StartUp { .. }) {
            return None;
        }
        let writer = strategies::writer(failure, gap, map, habits)?;
        let (drafts, words) = {
            let scene = Scene::new(&writer, surroundings);
            let carried = carried(&writer);
            let mut drafts = scene.drafts(&carried);
            drafts.extend(scene.adapted_calls(&carried));
            // Stable: what the log shows before what tests and documents show.
            drafts.sort_by_key(|draft| draft.frame);
            (drafts, scene.words())
        };
        let mut fixed = Vec::new();
        if !matches!(gap.shown, Shown::Request { .. }) {
            for request in requests(surroundings) {
                fixed.extend(writer.request(&request.method, &request.path));
            }
        }
        if drafts.is_empty() && fixed.is_empty() {
            return None;
        }
        let spaces = drafts
            .iter()
            .map(|draft| Space {
                holes: draft
                    .template
                    .holes
                    .iter()
                    .map(|h| (h.choices(), h.stride))
                    .collect(),
                frame: draft.frame,
                is_for_exploring: draft.is_for_exploring(),
            })
            .collect();
        Some(Search {
            writer,
            header,
            drafts,
            fixed,
            rounds: Rounds::new(spaces),
            running: Vec::new(),
            found: Vec::new(),
            tried: Vec::new(),
            words,
            exploring: Vec::new(),
        })
    }

    /// The next candidates, at most `most`; none when the search is over.
    pub fn next(&mut self, most: usize) -> Vec<Candidate> {
        self.running.clear();
        let mut candidates = Vec::new();
        for plan in std::mem::take(&mut self.fixed) {
            if let Some(candidate) = self.candidate(&plan) {
                self.running.push(None);
                candidates.push(candidate);
            }
        }
        // What can not be written or is there already leaves room for others.
        self.rounds.begin();
        for _ in 0..4 {
            let missing = most.saturating_sub(candidates.len());
            let genomes = self.rounds.next(missing);
            if genomes.is_empty() {
                break;
            }
            for genome in genomes {
                match self.plan(&genome).and_then(|plan| self.candidate(&plan)) {
                    Some(candidate) => {
                        self.tried.push((candidate.content.clone(), genome.clone()));
                        self.running.push(Some(genome));
                        candidates.push(candidate);
                    }
                    None => self.rounds.learn(genome, Fitness::default()),
                }
            }
        }
        candidates
    }

    /// What the candidates of the last round showed, in their order.
    pub fn learn<'r>(&mut self, results: impl Iterator<Item = (&'r Proof, &'r Run)>) {
        let type_name = self.writer.type_name();
        for (genome, (proof, run)) in std::mem::take(&mut self.running).into_iter().zip(results) {
            let Some(genome) = genome else { continue };
            let reached = run.reached.unwrap_or_default();
            let fitness = Fitness {
                reproduces: proof.is_as_recorded(),
                ran: run.passed + run.failed > 0,
                frames: reached.frames,
                nearness: 1000_u32.saturating_sub(reached.distance),
                is_same_type: run.seen.iter().any(|s| s.type_name == type_name),
                passes: proof.outcome == Outcome::Green,
            };
            self.rounds.learn(genome, fitness);
        }
    }

    /// Whether a call like this candidate's ran to its end but for one value; `None` for what has no values to change.
    pub fn has_passing_sibling(&self, candidate: &Candidate) -> Option<bool> {
        let (_, genome) = self
            .tried
            .iter()
            .find(|(content, _)| *content == candidate.content)?;
        (!genome.choices.is_empty()).then(|| self.rounds.has_passing_sibling(genome))
    }

    /// The outermost frame from which the failure was reproduced.
    pub fn reproduced(&self) -> Option<usize> {
        self.rounds.reproduced()
    }

    fn candidate(&mut self, plan: &Plan) -> Option<Candidate> {
        let made = candidate(
            plan,
            false,
            self.writer.gap,
            self.writer.habits,
            self.header,
            &self.found,
        )?;
        self.found.push(made.clone());
        Some(made)
    }

    fn plan(&self, genome: &Genome) -> Option<Plan> {
        let draft = &self.drafts[genome.draft];
        let mut plan = self.plan_of(genome.draft, &draft.template, &genome.choices)?;
        plan.blames_caller = self.blames_caller(draft, genome);
        Some(plan)
    }

    fn plan_of(&self, draft: usize, template: &Template, choices: &[usize]) -> Option<Plan> {
        let draft = &self.drafts[draft];
        let frame = &self.writer.frames[draft.frame];
        let function = frame.function?.function;
        let piece = template.fill(choices)?;
        let swallows = match &self.writer.gap.shown {
            Shown::Swallowed { by, .. } => draft.frame == 0 && *by == function.qualified_name(),
            _ => false,
        };
        let type_snake = snake_case(&self.writer.type_name());
        let check = match swallows {
            true => format!("logs_no_{type_snake}"),
            false => format!("raises_no_{type_snake}"),
        };
        let subject = match function.name.as_str() {
            "__init__" | "__call__" | "__new__" => snake_case(function.class.as_deref()?),
            name => name.trim_matches('_').to_owned(),
        };
        let layer = self.writer.layer_from(draft.frame);
        let mut plan = self.writer.plan(draft.strategy, layer, &subject, &check);
        plan.setup = piece.setup;
        if piece.code.contains("asyncio.run(") {
            plan.setup.modules.insert("asyncio".to_owned());
        }
        plan.entered = draft.frame;
        if swallows {
            self.writer.contract(&mut plan, draft.frame, &piece.code);
        } else {
            let lines: Vec<String> = piece.code.lines().map(str::to_owned).collect();
            // What an operator gives need not be what its method returned.
            if lines.len() == 1 && !function.name.starts_with("__") {
                self.writer.act_and_look(&mut plan, draft.frame, lines);
            } else {
                self.writer.act(&mut plan, draft.frame, lines);
            }
        }
        Some(plan)
    }

    /// Whether a value that was chosen stands for one that a function of the project made further out.
    fn blames_caller(&self, draft: &Draft, genome: &Genome) -> bool {
        if draft.frame == 0 {
            return false;
        }
        let function = self.writer.frames[draft.frame].function;
        let is_param =
            |name: &str| function.is_some_and(|f| f.function.params.iter().any(|p| p.name == name));
        let holes = || draft.template.holes.iter().zip(&genome.choices);
        // Any value at all: then all of them count.
        let is_plain = holes().all(|(_, choice)| *choice == 0);
        holes()
            .filter(|(hole, choice)| {
                is_param(&hole.name) && (**choice > 0 || (is_plain && !hole.can_omit))
            })
            .any(|(hole, _)| {
                let carried = Hypothesis {
                    param: hole.name.clone(),
                    value: "None".to_owned(),
                    source: super::arguments::Source::Invented,
                    needs: None,
                };
                self.writer.blames_caller(&carried, draft.frame)
            })
    }
}

/// The values that would fail, for each project frame as far outwards as they can be followed.
fn carried(writer: &Writer) -> Vec<Vec<Hypothesis>> {
    let frames = &writer.frames;
    let mut all: Vec<Vec<Hypothesis>> = vec![Vec::new(); frames.len()];
    let Some(crash) = frames.last() else {
        return all;
    };
    let mut current = hypothesis::innermost(writer.exception, crash);
    for index in (0..frames.len()).rev() {
        if index + 1 < frames.len() {
            current = match frames[index + 1].function {
                Some(callee) => current
                    .iter()
                    .filter_map(|h| hypothesis::one_out(h, callee.function, &frames[index]))
                    .collect(),
                None => Vec::new(),
            };
        }
        all[index].clone_from(&current);
    }
    all
}
