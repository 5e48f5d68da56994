//! Writes candidate tests for a gap: which function to call with what, and what to look at afterwards.
//!
//! A candidate is only a text; whether it proves anything is found out by running it (see `prove`).

mod act;
mod answers;
mod applications;
pub mod arguments;
pub mod bodies;
mod captured;
mod django;
pub mod environment;
mod factories;
mod fits;
pub mod habits;
mod hypothesis;
mod interface;
pub mod literal;
mod oracle;
mod render;
mod request;
pub mod search;
mod served;
mod skeleton;
mod startup;
mod strategies;

pub use captured::{Answer, Recipe};
pub use render::Header;
pub use skeleton::skeletons;

use arguments::{Setup, Source};
use habits::Habits;

use crate::capture;
use crate::code::CodeMap;
use crate::correlate::{Gap, Layer};
use crate::model::Failure;
use crate::prove::Seen;
use crate::score;

/// One way of writing a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Calls the function that failed again.
    Replay,
    /// Calls a function that swallowed the failure and looks at the log and at the answer.
    Contract,
    /// Sends the request again through the framework's test client.
    Request,
    /// Imports the module that could not be imported.
    Import,
    /// Calls into the failing chain as a test or an example of the project does, with a value bent.
    Adapt,
    /// Calls into the failing chain with values that a search found.
    Search,
    /// Looks whether caller and callee fit, or a part that is read is there, without running either.
    Static,
    /// No test: what is known of one, for a person to fill in.
    Skeleton,
}

impl Strategy {
    /// Whether its values were found by trying.
    pub fn tries(self) -> bool {
        matches!(self, Strategy::Adapt | Strategy::Search)
    }

    /// The name in the store and in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Strategy::Replay => "replay",
            Strategy::Contract => "contract",
            Strategy::Request => "request",
            Strategy::Import => "import",
            Strategy::Adapt => "adapt",
            Strategy::Search => "search",
            Strategy::Static => "static",
            Strategy::Skeleton => "skeleton",
        }
    }
}

/// A test that has not been run yet.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// How it was written.
    pub strategy: Strategy,
    /// Level of the test.
    pub layer: Layer,
    /// Where it belongs, relative to the project.
    pub path: String,
    /// Name of the test within the file: `TestX::test_y` or `test_y`.
    pub test: String,
    /// The file's text.
    pub content: String,
    /// Where its values come from; `None` when it needs none.
    pub source: Option<Source>,
    /// The lowest layer that shows the failure is this test's layer.
    pub is_at_gap_layer: bool,
    /// The value that makes it fail was made by a caller of the project, which may be what is wrong.
    pub blames_caller: bool,
    /// The function had bound a parameter to something else when it failed: it may be called with another value.
    pub is_called_otherwise: bool,
    /// An object that it is called with had nothing yet of what its constructor sets.
    pub is_half_made: bool,
    /// Its values were captured when the failure happened.
    pub is_captured: bool,
    /// Objects that were filled in past their constructor.
    pub raw_objects: usize,
    /// Stand-ins for what was not captured.
    pub stand_ins: usize,
    /// Functions that are not run: they return what production's had.
    pub answers: usize,
    /// The failure says that a framework had set nothing up around the call, and the test sets nothing up.
    pub lacks_surroundings: bool,
    /// Functions of the trace further out than the one that is called, which a test could have called.
    pub entered: usize,
    /// Lines that make its values.
    pub arranged: usize,
    /// The same call with one other value ran to its end; `None` when that was not tried.
    pub has_passing_sibling: Option<bool>,
    /// The request that failed in production was sent again as a test, and was answered.
    pub request_passes: bool,
    /// A request from nobody, while production's came with credentials.
    pub is_anonymous: bool,
    /// How its captured call was written.
    pub recipe: Option<Recipe>,
}

/// Everything but the texts' frame.
#[derive(Debug, Clone)]
struct Plan {
    strategy: Strategy,
    layer: Layer,
    /// `refresh_ontology_cache`: what file, class and function are called after.
    subject: String,
    title: String,
    summary: String,
    exception: String,
    chain: String,
    class_name: String,
    class_summary: String,
    function_name: String,
    incident: Vec<String>,
    setup: Setup,
    blames_caller: bool,
    /// The function had bound a parameter to something else when it failed: it may be called with another value.
    is_called_otherwise: bool,
    /// An object that it is called with had nothing yet of what its constructor sets.
    is_half_made: bool,
    /// Objects that were filled in past their constructor.
    raw_objects: usize,
    /// Stand-ins for what was not captured.
    stand_ins: usize,
    /// Functions that are not run: they return what production's had.
    answers: usize,
    /// Functions of the trace further out than the one that is called, which a test could have called.
    entered: usize,
    /// A request from nobody, while production's came with credentials.
    is_anonymous: bool,
    recipe: Option<Recipe>,
    act: Vec<String>,
    assertions: Vec<String>,
}

impl Plan {
    /// Whether two plans would make the same test.
    fn does_as(&self, other: &Plan) -> bool {
        self.act == other.act
            && self.setup.statements == other.setup.statements
            && self.setup.imports == other.setup.imports
    }

    /// Puts what something else needs before one of its statements. `None` where the two mean different things by a name.
    fn insert(&mut self, at: usize, made: Setup) -> Option<()> {
        let is_taken = |(module, name): &(String, String)| {
            let mut others = self.setup.imports.iter();
            others.any(|(other, same)| same == name && other != module)
        };
        if made.imports.iter().any(is_taken) {
            return None;
        }
        self.setup.imports.extend(made.imports);
        self.setup.modules.extend(made.modules);
        self.setup.helpers.extend(made.helpers);
        for fixture in &made.fixtures {
            self.setup.fixture(fixture);
        }
        self.setup.statements.splice(at..at, made.statements);
        Some(())
    }
}

/// At most this many candidates from the log alone are worth running.
const MOST: usize = 8;
/// The same with captured values: they are run together.
const MOST_CAPTURED: usize = 48;

/// The candidates for a gap, best first.
pub fn candidates(
    failure: &Failure,
    gap: &Gap,
    map: &CodeMap,
    habits: &Habits,
    header: &Header,
) -> Vec<Candidate> {
    let Some(writer) = strategies::writer(failure, gap, map, habits) else {
        return Vec::new();
    };
    let captured = failure.captured.as_deref().and_then(capture::read);
    let mut found: Vec<Candidate> = Vec::new();
    if let Some(captured) = &captured {
        for plan in writer.captured(captured) {
            found.extend(candidate(&plan, true, gap, habits, header, &found));
        }
        found.truncate(MOST_CAPTURED);
    }
    let most = found.len() + MOST;
    for plan in strategies::plans(&writer) {
        found.extend(candidate(&plan, false, gap, habits, header, &found));
    }
    found.truncate(most);
    found
}

/// A candidate with captured values written again by another recipe. `None` where that gives no test.
pub fn again(
    failure: &Failure,
    gap: &Gap,
    map: &CodeMap,
    habits: &Habits,
    header: &Header,
    recipe: &Recipe,
) -> Option<Candidate> {
    let read = Read::of(failure, gap, map, habits)?;
    let plan = read.writer.captured_again(&read.captured, recipe)?;
    candidate(&plan, true, gap, habits, header, &[])
}

/// For what each of several runs of candidates with captured values brought up: the calls that it did not come back from,
/// while production did and what they had returned is known.
pub fn unanswered(
    failure: &Failure,
    gap: &Gap,
    map: &CodeMap,
    habits: &Habits,
    runs: &[&[Seen]],
) -> Vec<Vec<Answer>> {
    let read = Read::of(failure, gap, map, habits);
    let of = |seen: &&[Seen]| {
        let read = read.as_ref();
        read.map_or_else(Vec::new, |r| r.writer.unanswered(&r.captured, seen))
    };
    runs.iter().map(of).collect()
}

/// The calls whose results are known, of those that came back with something.
pub fn returned(failure: &Failure, gap: &Gap, map: &CodeMap, habits: &Habits) -> Vec<Answer> {
    let read = Read::of(failure, gap, map, habits);
    read.map_or_else(Vec::new, |r| r.writer.returned_with_something(&r.captured))
}

/// What was captured of a failure, and who writes tests of it.
struct Read<'a> {
    writer: strategies::Writer<'a>,
    captured: capture::Captured,
}

impl<'a> Read<'a> {
    fn of(
        failure: &'a Failure,
        gap: &'a Gap,
        map: &'a CodeMap,
        habits: &'a Habits,
    ) -> Option<Read<'a>> {
        Some(Read {
            captured: capture::read(failure.captured.as_deref()?)?,
            writer: strategies::writer(failure, gap, map, habits)?,
        })
    }
}

fn candidate(
    plan: &Plan,
    is_captured: bool,
    gap: &Gap,
    habits: &Habits,
    header: &Header,
    found: &[Candidate],
) -> Option<Candidate> {
    let content = render::render(plan, header, habits).ok()?;
    if found.iter().any(|c| c.content == content) {
        return None;
    }
    let stem = format!("{}_{}", plan.subject, plan.layer.as_str());
    let file = if habits.name_ends_with_test {
        format!("{stem}_test.py")
    } else {
        format!("test_{stem}.py")
    };
    let test = if habits.uses_classes {
        format!("{}::{}", plan.class_name, plan.function_name)
    } else {
        plan.function_name.clone()
    };
    Some(Candidate {
        strategy: plan.strategy,
        layer: plan.layer,
        path: format!("{}/{file}", habits.folder(plan.layer)),
        test,
        content,
        source: plan.setup.source,
        is_at_gap_layer: plan.layer == gap.layer,
        blames_caller: plan.blames_caller,
        is_called_otherwise: plan.is_called_otherwise,
        is_half_made: plan.is_half_made,
        is_captured,
        raw_objects: plan.raw_objects,
        stand_ins: plan.stand_ins,
        answers: plan.answers,
        lacks_surroundings: score::is_of_surroundings(&plan.exception)
            && !matches!(plan.strategy, Strategy::Request | Strategy::Import),
        entered: plan.entered,
        arranged: plan.setup.statements.len(),
        has_passing_sibling: None,
        request_passes: false,
        is_anonymous: plan.is_anonymous,
        recipe: plan.recipe.clone(),
    })
}
