//! What running a test showed: judges the exceptions that a run brought up against the recorded failure.
//!
//! The run itself (a process) is the caller's; here are only its results, as data.

use crate::code::CodeMap;
use crate::correlate::{ProjectFrame, project_exception, project_frames};
use crate::model::{Exception, Failure, Frame, StackEntry};
use crate::redact;

/// An exception that a run brought up: one that ended the test, or one that was logged while it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Seen {
    /// Class name without module.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub type_name: String,
    /// Its text.
    pub message: String,
    /// Oldest call first.
    pub frames: Vec<SeenFrame>,
    /// Logged or being handled while something was logged, not the test's own end.
    pub is_logged: bool,
    /// 0 for what ended the test or was logged itself; from 1 on its causes, contexts and members.
    #[cfg_attr(feature = "serde", serde(default))]
    pub chain: u32,
}

/// A frame of a seen exception.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SeenFrame {
    /// File as the interpreter knows it.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Function.
    pub function: String,
    /// What stands in that line, if it is known.
    #[cfg_attr(feature = "serde", serde(default))]
    pub text: String,
}

/// The result of running one test file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Run {
    /// Tests that ran to an end.
    pub passed: u32,
    /// Tests that failed in their call phase.
    pub failed: u32,
    /// Tests that failed in set-up or tear-down, and files that could not be collected.
    pub errors: u32,
    /// Tests that were skipped.
    pub skipped: u32,
    /// The time limit was hit.
    pub timed_out: bool,
    /// Everything that came up, in that order.
    pub seen: Vec<Seen>,
    /// How far along the recorded chain it came, when that was asked for.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reached: Option<Reached>,
    /// What was found when it was called with many values.
    #[cfg_attr(feature = "serde", serde(default))]
    pub explored: Option<Explored>,
    /// What the test tried and was not allowed, in words: `connect 10.0.0.5:5432`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub refused: Vec<String>,
    /// Databases beside the project's sources that it opened and that were there before: a developer's own.
    #[cfg_attr(feature = "serde", serde(default))]
    pub databases: Vec<String>,
    /// What it made in the user's home folder, relative to that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub at_home: Vec<String>,
    /// The last lines that pytest printed, for when nothing else explains the result.
    pub output: String,
}

/// How far a run came along the recorded chain of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reached {
    /// Functions of the chain that were entered, up to the innermost.
    pub frames: u32,
    /// Lines between the nearest line that ran in the innermost of them and the recorded one.
    pub distance: u32,
}

/// What was found when a call was made with many values; a literal for each of its places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Explored {
    /// How many calls were made.
    pub runs: u32,
    /// The call fails as recorded with these.
    pub found: Option<Vec<String>>,
    /// It passes with these, which differ from those in one place.
    pub passing: Option<Vec<String>>,
    /// With these it came furthest along the recorded chain.
    pub furthest: Option<Vec<String>>,
}

/// What a run of a candidate proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
pub enum Outcome {
    /// Red, and for the recorded exception at the recorded function.
    #[cfg_attr(feature = "serde", serde(alias = "red-as-recorded"))]
    RedSame,
    /// Red for another reason or at another place.
    #[cfg_attr(feature = "serde", serde(alias = "red-elsewhere"))]
    RedOther,
    /// Green.
    Green,
    /// Could not be set up or collected.
    Error,
    /// Hit the time limit.
    Timeout,
    /// Red after something was refused that a test run may not do.
    Refused,
    /// Not the same in every run.
    Flaky,
    /// Did not run.
    Skipped,
}

impl Outcome {
    /// The name in the store and in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::RedSame => "red-same",
            Outcome::RedOther => "red-other",
            Outcome::Green => "green",
            Outcome::Error => "error",
            Outcome::Timeout => "timeout",
            Outcome::Refused => "refused",
            Outcome::Flaky => "flaky",
            Outcome::Skipped => "skipped",
        }
    }

    /// The outcome of that name, or of a name that a former version wrote.
    pub fn from_name(name: &str) -> Option<Outcome> {
        Some(match name {
            "red-same" | "red-as-recorded" => Outcome::RedSame,
            "red-other" | "red-elsewhere" => Outcome::RedOther,
            "green" => Outcome::Green,
            "error" => Outcome::Error,
            "timeout" => Outcome::Timeout,
            "refused" => Outcome::Refused,
            "flaky" => Outcome::Flaky,
            "skipped" => Outcome::Skipped,
            _ => return None,
        })
    }
}

/// How like the recorded message the message of a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
pub enum Likeness {
    /// It says something else.
    #[default]
    Other,
    /// It differs in its values alone.
    Alike,
    /// The same to the letter, but for what was redacted.
    Same,
}

/// An outcome with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Proof {
    /// What happened.
    pub outcome: Outcome,
    /// In words.
    pub reason: String,
    /// How like the recorded message the one of the run is.
    #[cfg_attr(feature = "serde", serde(default))]
    pub message: Likeness,
    /// The recorded exception came up, if not where it was recorded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_same_type: bool,
    /// It came up in the recorded function, but not in the recorded line.
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_other_line: bool,
    /// What the run tried and was not allowed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub refused: Vec<String>,
    /// Databases of a developer's own that the runs opened.
    #[cfg_attr(feature = "serde", serde(default))]
    pub databases: Vec<String>,
    /// What the runs made in the user's home folder, relative to that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub at_home: Vec<String>,
}

impl Proof {
    /// Red at the recorded line, where that is known, and for what the recorded message says.
    pub fn is_as_recorded(&self) -> bool {
        self.outcome == Outcome::RedSame && self.message > Likeness::Other && !self.is_other_line
    }

    /// A proof of nothing more than its outcome.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Proof {
        Proof {
            outcome,
            reason: reason.into(),
            message: Likeness::Other,
            is_same_type: false,
            is_other_line: false,
            refused: Vec::new(),
            databases: Vec::new(),
            at_home: Vec::new(),
        }
    }

    /// What is left of it when another run of the same test on the same code showed something else.
    pub fn and_then(self, other: &Proof) -> Proof {
        let all = |one: &[String], other: &[String]| {
            let mut all = [one, other].concat();
            all.sort();
            all.dedup();
            all
        };
        let databases = all(&self.databases, &other.databases);
        let at_home = all(&self.at_home, &other.at_home);
        if self.outcome == other.outcome {
            return Proof {
                message: self.message.min(other.message),
                is_other_line: self.is_other_line || other.is_other_line,
                databases,
                at_home,
                ..self
            };
        }
        Proof {
            databases,
            at_home,
            is_same_type: self.is_same_type && other.is_same_type,
            ..Proof::new(
                Outcome::Flaky,
                format!(
                    "runs on the same code differ: {}, then {} ({})",
                    self.outcome.as_str(),
                    other.outcome.as_str(),
                    other.reason
                ),
            )
        }
    }
}

/// Judges a run against the failure it should reproduce.
pub fn judge(failure: &Failure, map: &CodeMap, run: &Run) -> Proof {
    let mut proof = judge_result(failure, map, run);
    proof.databases.clone_from(&run.databases);
    proof.at_home.clone_from(&run.at_home);
    let Some(first) = run.refused.first() else {
        return proof;
    };
    let more = match run.refused.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let told = format!("refused: {}{more}", clip(first));
    // What a test could not do may be why it is red; of the recorded failure it is not the reason.
    if matches!(proof.outcome, Outcome::RedOther | Outcome::Error) {
        proof.outcome = Outcome::Refused;
        proof.reason = format!("the test needs what a test run may not do ({told})");
    } else {
        proof.reason = format!("{}; {told}", proof.reason);
    }
    proof.refused.clone_from(&run.refused);
    proof
}

fn judge_result(failure: &Failure, map: &CodeMap, run: &Run) -> Proof {
    if run.timed_out {
        return Proof::new(
            Outcome::Timeout,
            "the test did not end within the time limit",
        );
    }
    let Some(recorded) = project_exception(failure, map) else {
        return Proof::new(
            Outcome::Error,
            "no frame of the failure lies in the project",
        );
    };
    if run.failed == 0 && run.errors == 0 {
        return match run.passed {
            0 => Proof::new(Outcome::Skipped, "no test ran"),
            _ => Proof::new(Outcome::Green, "the test passes on the present code"),
        };
    }
    let type_name = recorded.type_name.as_deref().unwrap_or_default();
    let crash = project_frames(recorded, map).pop();
    let place = crash.as_ref().map(place);
    let mut best: Option<Proof> = None;
    for seen in run.seen.iter().filter(|s| s.type_name == type_name) {
        let frames = frames_of(seen);
        let last = project_frames(&frames, map).pop();
        let seen_place = last.as_ref().map(self::place);
        let at = place.as_ref().map(|p| p.1.as_str()).unwrap_or_default();
        let message = likeness(recorded, seen);
        let mut is_other_line = false;
        let (outcome, reason) = if place.is_none() || place != seen_place {
            let other = seen_place.map_or_else(|| "the test".to_owned(), |p| p.1);
            let reason = format!("fails with {type_name}, but in {other}, not in {at}");
            (Outcome::RedOther, reason)
        } else if message == Likeness::Other {
            let other = clip(&seen.message);
            let reason =
                format!("fails today with {type_name} in {at}, with another message (`{other}`)");
            (Outcome::RedSame, reason)
        } else if let (Some(crash), Some(last)) = (&crash, &last)
            && type_name != "RecursionError"
            && is_at_other_line(crash, last)
        {
            is_other_line = true;
            let there = clip(last.frame.source_line.as_deref().unwrap_or_default());
            let wanted = clip(crash.frame.source_line.as_deref().unwrap_or_default());
            let reason = format!(
                "fails today with {type_name} in {at}, but at `{there}`, not at `{wanted}`"
            );
            (Outcome::RedSame, reason)
        } else {
            let reason = format!("fails today as in production ({type_name} in {at})");
            (Outcome::RedSame, reason)
        };
        let candidate = Proof {
            message,
            is_same_type: true,
            is_other_line,
            ..Proof::new(outcome, reason)
        };
        let rank = |proof: &Proof| {
            let is_same = proof.outcome == Outcome::RedSame;
            (is_same, proof.is_as_recorded(), proof.message)
        };
        if best.as_ref().is_none_or(|b| rank(b) < rank(&candidate)) {
            best = Some(candidate);
        }
    }
    // An error before the test's own call proves nothing, unless it is the failure itself (a module that cannot be imported).
    if run.failed == 0 && best.as_ref().is_none_or(|b| b.outcome != Outcome::RedSame) {
        return Proof::new(
            Outcome::Error,
            format!("the test could not be set up: {}", first_seen(run)),
        );
    }
    best.unwrap_or_else(|| {
        Proof::new(
            Outcome::RedOther,
            format!("fails for another reason: {}", first_seen(run)),
        )
    })
}

fn first_seen(run: &Run) -> String {
    match run.seen.iter().rfind(|s| !s.is_logged) {
        Some(seen) => format!("{}: {}", seen.type_name, clip(&seen.message)),
        None => clip(run.output.lines().last().unwrap_or("no output")),
    }
}

fn clip(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut out: String = line.chars().take(160).collect();
    if line.chars().nth(160).is_some() {
        out.push('…');
    }
    out
}

/// Path and function of a frame.
pub(crate) fn place(at: &ProjectFrame) -> (String, String) {
    let function = match at.function {
        Some(function) => function.function.qualified_name(),
        None => match at.frame.function.as_deref() {
            Some("<module>") | None => at.module.name.clone(),
            Some(name) => name.to_owned(),
        },
    };
    (at.module.path.clone(), function)
}

/// A seen exception as one that was read from a trace.
pub(crate) fn frames_of(seen: &Seen) -> Exception {
    let frame = |f: &SeenFrame| {
        StackEntry::Frame(Frame {
            function: Some(f.function.clone()),
            file: Some(f.file.clone()),
            line: Some(f.line),
            source_line: Some(f.text.clone()).filter(|text| !text.is_empty()),
            ..Frame::default()
        })
    };
    Exception {
        frames: seen.frames.iter().map(frame).collect(),
        ..Exception::default()
    }
}

/// Whether a function failed at another statement than the recorded one. Where the recorded text stands no more in the
/// function, it was changed since, and nobody knows.
fn is_at_other_line(recorded: &ProjectFrame, seen: &ProjectFrame) -> bool {
    let (Some(line), Some(text), Some(now)) = (
        recorded.frame.line,
        recorded.frame.source_line.as_deref(),
        seen.frame.line,
    ) else {
        return false;
    };
    let text = text.lines().next().unwrap_or_default();
    let lines = &recorded.module.lines;
    let is_there = |at: u32| lines.are_of_one_statement(at, now);
    if lines.reads(line, text) {
        return !is_there(line);
    }
    let Some(function) = recorded.function else {
        return false;
    };
    let mut moved = (function.function.first_line..=function.function.last_line)
        .filter(|at| lines.reads(*at, text))
        .peekable();
    moved.peek().is_some() && !moved.any(is_there)
}

/// How like the recorded message the seen one is.
fn likeness(recorded: &Exception, seen: &Seen) -> Likeness {
    let Some(message) = recorded.message.as_deref() else {
        return Likeness::Same;
    };
    let (message, other) = (message.trim(), seen.message.trim());
    if message == other || is_redacted_form(message, other) {
        return Likeness::Same;
    }
    if same_template(message, recorded, seen) {
        return Likeness::Alike;
    }
    Likeness::Other
}

/// Whether a recorded message is another one with secrets taken out: what stands between them is the same, in order.
fn is_redacted_form(recorded: &str, seen: &str) -> bool {
    let mut parts = recorded.split(redact::REDACTED);
    let Some(mut rest) = parts.next().and_then(|first| seen.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return false;
    };
    // Nothing but a secret: it says too little to be told from another.
    if recorded.trim() == redact::REDACTED {
        return false;
    }
    for part in between {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Messages that differ only in their values. A missing key, attribute or name is no mere value: it says what is wrong.
fn same_template(message: &str, recorded: &Exception, seen: &Seen) -> bool {
    if matches!(
        seen.type_name.as_str(),
        "KeyError" | "NameError" | "ImportError" | "ModuleNotFoundError"
    ) {
        if seen.type_name == "KeyError" && is_computed_key(recorded, seen) {
            return true;
        }
        // Suggestions come and go with the version of Python.
        return without_suggestion(message) == without_suggestion(&seen.message);
    }
    crate::normalize::message_template(without_suggestion(message))
        == crate::normalize::message_template(without_suggestion(&seen.message))
}

/// Whether the very line failed again with another key, and no key stands on that line: the key came in as a value.
fn is_computed_key(recorded: &Exception, seen: &Seen) -> bool {
    let Some(frame) = recorded.plain_frames().next_back() else {
        return false;
    };
    let is_same_line = seen
        .frames
        .last()
        .is_some_and(|last| Some(last.line) == frame.line);
    let names_a_key = frame.source_line.as_deref().is_none_or(|line| {
        line.contains("[\"") || line.contains("['") || line.contains("(\"") || line.contains("('")
    });
    is_same_line && !names_a_key
}

fn without_suggestion(message: &str) -> &str {
    message
        .split(". Did you mean")
        .next()
        .unwrap_or(message)
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redacted_message_is_the_message_with_its_secret() {
        for (recorded, seen, expected) in [
            (
                "bad token [redacted] for bob",
                "bad token s3cr3t for bob",
                true,
            ),
            (
                "bad token [redacted] for bob",
                "bad token s3cr3t for eve",
                false,
            ),
            ("[redacted] and [redacted]!", "a and b!", true),
            ("[redacted] and [redacted]!", "a or b!", false),
            ("a [redacted]", "a ", true),
            ("[redacted]", "anything", false),
            ("plain", "plain", false),
        ] {
            assert_eq!(
                is_redacted_form(recorded, seen),
                expected,
                "{recorded} {seen}"
            );
        }
    }
}
