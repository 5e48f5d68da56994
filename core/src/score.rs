//! From evidence to a confidence: a sum of named weights in log-odds, and the tier that it earns.
//!
//! The base rates come from replaying real crash bugs: of the tests that reproduce a crash at its place about four in
//! five turn green with the fix; of the others almost none. A test that passes before the fix proves nothing and a test
//! that is red for another reason is a draft at best, whatever else speaks for it.

use crate::generate::Strategy;
use crate::generate::arguments::Source;
use crate::prove::{Likeness, Outcome, Proof};

/// Where a test may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Tier {
    /// Written into the project's tests.
    Create,
    /// Staged for review.
    Draft,
    /// Only told.
    Advise,
}

impl Tier {
    /// The name in the store and in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Create => "create",
            Tier::Draft => "draft",
            Tier::Advise => "advise",
        }
    }
}

/// One named reason for or against a test.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evidence {
    /// `reproduces`, `same-message`, …
    pub name: String,
    /// What it adds in log-odds; negative speaks against.
    pub weight: f64,
    /// In words.
    pub words: String,
}

/// A confidence with its reasons.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Score {
    /// Probability in 0..1 that the test is right.
    pub confidence: f64,
    /// The tier it earns.
    pub tier: Tier,
    /// Why.
    pub evidence: Vec<Evidence>,
}

/// What is known about a candidate besides its proof.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// How it was written.
    pub strategy: Strategy,
    /// Where its values come from.
    pub source: Option<Source>,
    /// It runs at the gap's layer.
    pub is_at_gap_layer: bool,
    /// The bad value was made by a caller inside the project.
    pub blames_caller: bool,
    /// It may call the function with another value than production did.
    pub is_called_otherwise: bool,
    /// An object that it is called with had nothing yet of what its constructor sets.
    pub is_half_made: bool,
    /// It looks at the answer too, not at the exception alone.
    pub checks_contract: bool,
    /// Its values were captured when the failure happened.
    pub is_captured: bool,
    /// Objects that were filled in past their constructor.
    pub raw_objects: usize,
    /// Stand-ins for what was not captured.
    pub stand_ins: usize,
    /// Functions that are not run: they return what production's had.
    pub answers: usize,
    /// The failure says that it happened outside of what a framework sets up around a call, and the test sets nothing up.
    pub lacks_surroundings: bool,
    /// Functions of the trace further out than the one that is called, which a test could have called.
    pub entered: usize,
    /// Lines that make its values.
    pub arranged: usize,
    /// The same call with one other value ran to its end; `None` when that was not tried.
    pub has_passing_sibling: Option<bool>,
    /// The request that failed in production was sent again as a test, and was answered.
    pub request_passes: bool,
    /// Every further run gave the same result; `None` when there was none.
    pub is_stable: Option<bool>,
    /// Earlier tests of this strategy that guarded, and that did not.
    pub record: (u32, u32),
}

/// From which confidence on a test is created or staged.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    /// Above it: create.
    pub create: f64,
    /// From it on: draft.
    pub draft: f64,
}

/// Whether what an exception says is that something was used outside of what a framework sets up around each call.
pub fn is_of_surroundings(message: &str) -> bool {
    const SAID: [&str; 7] = [
        "Working outside of application context",
        "Working outside of request context",
        "no running event loop",
        "There is no current event loop",
        "settings are not configured",
        "Apps aren't loaded yet",
        "You cannot call this from an async context",
    ];
    SAID.iter().any(|said| message.contains(said))
}

/// Scores a candidate.
pub fn score(facts: &Facts, proof: &Proof, thresholds: &Thresholds) -> Score {
    let mut evidence = Vec::new();
    let mut add = |name: &str, weight: f64, words: &str| {
        evidence.push(Evidence {
            name: name.to_owned(),
            weight,
            words: words.to_owned(),
        });
    };
    let is_static = facts.strategy == Strategy::Static;
    match proof.outcome {
        Outcome::RedSame => add("reproduces", 1.0, &proof.reason),
        Outcome::RedOther if proof.is_same_type && is_static => add(
            "does-not-fit",
            0.2,
            "what the failing line names is not there, or not as the line says; nothing was run to see it",
        ),
        Outcome::RedOther if proof.is_same_type => add("other-place", -0.6, &proof.reason),
        Outcome::RedOther => add("other-reason", -1.2, &proof.reason),
        Outcome::Green => add("passes-today", -6.0, &proof.reason),
        Outcome::Flaky => add("flaky", -2.5, &proof.reason),
        Outcome::Refused => add("refused", -4.0, &proof.reason),
        Outcome::Error | Outcome::Timeout | Outcome::Skipped => {
            add("did-not-run", -4.0, &proof.reason)
        }
    }
    let reproduces = proof.outcome == Outcome::RedSame;
    if reproduces {
        match proof.message {
            _ if proof.is_other_line => add(
                "other-line",
                -1.2,
                "another line of the function than the recorded one fails: it may be another failure",
            ),
            Likeness::Same => add(
                "same-message",
                0.3,
                "the message is the recorded one to the letter",
            ),
            Likeness::Alike => {}
            Likeness::Other => add(
                "other-message",
                -1.2,
                "the message is not the recorded one: it may be another failure of the same function",
            ),
        }
        match facts.strategy {
            Strategy::Import => add(
                "oracle-import",
                0.7,
                "the check is the import itself, as in production",
            ),
            Strategy::Request => add(
                "oracle-request",
                0.2,
                "the request is answered without a server error",
            ),
            Strategy::Contract => add(
                "oracle-contract",
                0.1,
                "the swallowed exception is looked for in the log, where production showed it",
            ),
            Strategy::Replay
            | Strategy::Adapt
            | Strategy::Search
            | Strategy::Static
            | Strategy::Skeleton => {
                add("oracle-raised", 0.0, "the call itself is the check");
            }
        }
        if let Some(database) = proof.databases.first() {
            add(
                "own-database",
                -1.0,
                &format!(
                    "it read `{database}`, which was not made for tests and is not there where the sources are checked out"
                ),
            );
        }
        if let Some(made) = proof.at_home.first() {
            add(
                "home-folder",
                -0.6,
                &format!("it makes `{made}` in the home folder of whoever runs it"),
            );
        }
        if facts.checks_contract {
            add(
                "answer-checked",
                0.2,
                "the answer is checked as well, so that hiding the exception is not enough",
            );
        }
        if facts.is_at_gap_layer {
            add(
                "layer",
                0.2,
                "runs at the lowest layer that shows the failure",
            );
        }
    }
    match facts.has_passing_sibling {
        Some(true) if reproduces => add(
            "value-alone",
            0.3,
            "the same call passes with another value in one place",
        ),
        Some(false) if reproduces => add(
            "never-passes",
            -0.4,
            "no call like it passes: it may be wrong whatever its values",
        ),
        _ => {}
    }
    if facts.blames_caller {
        add(
            "caller",
            -0.6,
            "the bad value was made elsewhere in the project, which may be what is wrong",
        );
    }
    if facts.is_called_otherwise {
        add(
            "value-bound-anew",
            -0.6,
            "the function had given a parameter another value when it failed: what it was called with is not known",
        );
    }
    if facts.is_half_made {
        add(
            "half-made-object",
            -0.6,
            "an object was not complete when it was used: whoever made it so is left out, and may be what is wrong",
        );
    }
    if facts.lacks_surroundings {
        add(
            "bare-call",
            -0.6,
            "the failure is that the framework had set nothing up around the call, which no test that makes the call bare can tell apart",
        );
    }
    if facts.strategy.tries() && facts.entered > 0 {
        add(
            "entered-further-in",
            -0.3,
            "enters the chain further in than production did: what is wrong may lie before",
        );
    }
    if facts.is_captured && facts.strategy != Strategy::Request {
        // Of the tests of the outermost function that reproduces three in four turn green, of the innermost two in three.
        match facts.entered {
            0 => add(
                "outermost",
                0.2,
                "calls the outermost function of the project, as production did",
            ),
            n => add(
                "entered-further-in",
                -0.4 - 0.1 * (n.min(6) as f64),
                &format!(
                    "enters {n} calls further in than production did: what is wrong may lie before"
                ),
            ),
        }
        if facts.request_passes && facts.entered > 0 {
            add(
                "request-passes",
                -0.3,
                "the request itself is answered in a test: what leads to this call in production is not there",
            );
        }
        if facts.arranged > 20 {
            add(
                "long-arrange",
                -0.01 * (facts.arranged.min(80) as f64 - 20.0),
                "needs much state, which other versions may keep differently",
            );
        }
    }
    if facts.raw_objects > 0 {
        add(
            "state-filled-in",
            match facts.raw_objects {
                1 | 2 => -0.3,
                3..=5 => -0.5,
                _ => -0.8,
            },
            "some objects were filled in past their constructor, which the fix may change",
        );
    }
    if facts.answers > 0 {
        add(
            "answers-given",
            -0.6,
            "what a test cannot reach returns what it had returned in production: whether that itself was wrong, the test can not tell",
        );
    }
    match facts.source {
        Some(Source::Invented) if facts.is_captured => add(
            "made-up",
            -0.6,
            "what surrounds the call (rows, files, the application) is made up: production's was something else",
        ),
        Some(_) if facts.is_captured && facts.stand_ins == 0 => add(
            "values-captured",
            0.5,
            "its values were captured when production failed",
        ),
        Some(_) if facts.is_captured => add(
            "values-captured",
            if facts.stand_ins > 3 { -0.6 } else { -0.2 },
            "its values were captured when production failed, but for stand-ins where something could not be",
        ),
        None => add("no-values", 0.2, "needs no made-up values"),
        Some(Source::Known) => add("values-known", 0.3, "its values are those of the failure"),
        // That an object is real does not make it the one that production had.
        Some(Source::Fixture | Source::Built | Source::Inferred) if facts.strategy.tries() => {
            add(
                "values-searched",
                -0.4,
                "some of its values are not production's: they were found by trying",
            );
        }
        Some(Source::Fixture | Source::Built) => {
            add(
                "values-real",
                0.1,
                "real objects of the project, from its fixtures or constructors",
            );
        }
        Some(Source::Inferred) => add(
            "values-inferred",
            0.0,
            "its values follow from the failing line and the message",
        ),
        Some(Source::Invented) => add("values-invented", -0.5, "some of its values are made up"),
        // One in seven of such values was none that the fixed code has to accept.
        Some(Source::Explored) => add(
            "values-explored",
            -0.9,
            "some of its values were found by making the call with many: whether such an input has to work is for you to say",
        ),
        Some(Source::Mocked) => add("mocks", -0.9, "a part beside the failing chain is a mock"),
    }
    match facts.is_stable {
        Some(true) => add("stable", 0.2, "every further run gave the same result"),
        Some(false) if proof.outcome != Outcome::Flaky => {
            add("flaky", -2.5, "the runs gave different results");
        }
        _ => {}
    }
    let (guarded, failed) = facts.record;
    if guarded + failed > 0 {
        // Beta(4, 1): the base rate counts as five earlier tests.
        let rate = (f64::from(guarded) + 4.0) / (f64::from(guarded + failed) + 5.0);
        let weight = logit(rate) - logit(0.8);
        add(
            "record",
            weight,
            &format!(
                "of {} earlier tests written this way {guarded} guarded their fix",
                guarded + failed
            ),
        );
    }
    let sum: f64 = evidence.iter().map(|e| e.weight).sum();
    let mut confidence = 1.0 / (1.0 + (-sum).exp());
    if !reproduces {
        confidence = confidence.min(match proof.outcome {
            Outcome::RedOther if proof.is_same_type => thresholds.create.min(0.6),
            Outcome::RedOther | Outcome::Flaky => 0.4,
            _ => 0.05,
        });
    }
    let is_made_up = facts.source == Some(Source::Invented)
        && (facts.is_captured || facts.strategy == Strategy::Request);
    let rests_on_one_machine = !proof.databases.is_empty() || !proof.at_home.is_empty();
    let stays_draft = is_made_up
        || rests_on_one_machine
        || facts.is_called_otherwise
        || facts.is_half_made
        || facts.answers > 0
        || facts.lacks_surroundings
        // Of those about every second stays red: the fix is made where the value comes from.
        || facts.blames_caller
        || reproduces && !proof.is_as_recorded();
    if stays_draft {
        confidence = confidence.min(thresholds.create - 0.05);
    }
    let confidence = (confidence * 100.0).round() / 100.0;
    let tier = if confidence > thresholds.create && reproduces {
        Tier::Create
    } else if confidence >= thresholds.draft && proof.outcome != Outcome::Green {
        Tier::Draft
    } else {
        Tier::Advise
    };
    Score {
        confidence,
        tier,
        evidence,
    }
}

/// What a skeleton is worth: nothing was proven, so nothing speaks for it.
pub fn skeleton(why: &str) -> Score {
    Score {
        confidence: 0.0,
        tier: Tier::Draft,
        evidence: vec![Evidence {
            name: "skeleton".to_owned(),
            weight: -6.0,
            words: format!("not a test yet: {why}"),
        }],
    }
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Thresholds = Thresholds {
        create: 0.8,
        draft: 0.5,
    };

    fn facts(strategy: Strategy, source: Source) -> Facts {
        Facts {
            strategy,
            source: Some(source),
            is_at_gap_layer: true,
            blames_caller: false,
            is_called_otherwise: false,
            is_half_made: false,
            checks_contract: false,
            is_captured: false,
            raw_objects: 0,
            stand_ins: 0,
            answers: 0,
            lacks_surroundings: false,
            entered: 0,
            arranged: 0,
            has_passing_sibling: None,
            request_passes: false,
            is_stable: Some(true),
            record: (0, 0),
        }
    }

    fn proof(outcome: Outcome) -> Proof {
        Proof {
            message: if outcome == Outcome::RedSame {
                Likeness::Same
            } else {
                Likeness::Other
            },
            ..Proof::new(outcome, "")
        }
    }

    /// The recorded exception at another place.
    fn elsewhere() -> Proof {
        Proof {
            is_same_type: true,
            ..Proof::new(Outcome::RedOther, "")
        }
    }

    #[test]
    fn only_a_reproduction_is_created() {
        let others = [
            proof(Outcome::Green),
            proof(Outcome::RedOther),
            elsewhere(),
            proof(Outcome::Error),
            proof(Outcome::Timeout),
            proof(Outcome::Refused),
            proof(Outcome::Flaky),
            proof(Outcome::Skipped),
        ];
        for other in others {
            let score = score(&facts(Strategy::Request, Source::Known), &other, &DEFAULT);
            assert_ne!(score.tier, Tier::Create, "{other:?} {}", score.confidence);
        }
        let good = score(
            &facts(Strategy::Contract, Source::Built),
            &proof(Outcome::RedSame),
            &DEFAULT,
        );
        assert_eq!(good.tier, Tier::Create);
    }

    #[test]
    fn what_rests_on_one_machine_or_fails_elsewhere_is_not_created_whatever_the_record_says() {
        let sure = Facts {
            is_captured: true,
            record: (200, 0),
            ..facts(Strategy::Request, Source::Known)
        };
        let of = |proof: &Proof| score(&sure, proof, &DEFAULT);
        let good = proof(Outcome::RedSame);
        assert_eq!(of(&good).tier, Tier::Create);
        let named = vec!["shop.db".to_owned()];
        let (mut own, mut home, mut other) = (good.clone(), good.clone(), good);
        own.databases.clone_from(&named);
        home.at_home = named;
        other.is_other_line = true;
        for (proof, evidence) in [
            (own, "own-database"),
            (home, "home-folder"),
            (other, "other-line"),
        ] {
            let score = of(&proof);
            assert_eq!(score.tier, Tier::Draft, "{evidence} {}", score.confidence);
            assert!(score.evidence.iter().any(|e| e.name == evidence));
        }
    }

    #[test]
    fn a_value_that_the_project_made_and_values_found_by_trying_are_not_created() {
        let reproduces = proof(Outcome::RedSame);
        let tier = |facts: &Facts| score(facts, &reproduces, &DEFAULT).tier;
        assert_eq!(tier(&facts(Strategy::Search, Source::Known)), Tier::Create);
        assert_eq!(
            tier(&facts(Strategy::Search, Source::Inferred)),
            Tier::Draft
        );
        assert_eq!(
            tier(&facts(Strategy::Search, Source::Invented)),
            Tier::Draft
        );
        assert_eq!(tier(&facts(Strategy::Search, Source::Built)), Tier::Draft);
        let explored = Facts {
            checks_contract: true,
            has_passing_sibling: Some(true),
            is_stable: Some(true),
            is_at_gap_layer: true,
            ..facts(Strategy::Search, Source::Explored)
        };
        assert_eq!(tier(&explored), Tier::Draft, "whatever else speaks for it");
        for strategy in [Strategy::Search, Strategy::Replay, Strategy::Contract] {
            let blamed = Facts {
                blames_caller: true,
                checks_contract: true,
                ..facts(strategy, Source::Known)
            };
            assert_eq!(tier(&blamed), Tier::Draft, "{strategy:?}");
        }
        let otherwise = Facts {
            is_called_otherwise: true,
            is_captured: true,
            checks_contract: true,
            is_stable: Some(true),
            is_at_gap_layer: true,
            ..facts(Strategy::Replay, Source::Known)
        };
        assert_eq!(tier(&otherwise), Tier::Draft, "whatever else speaks for it");
        let made_up = Facts {
            is_called_otherwise: false,
            source: Some(Source::Invented),
            strategy: Strategy::Request,
            record: (50, 0),
            ..otherwise
        };
        assert_eq!(tier(&made_up), Tier::Draft, "rows of the test's own");
    }

    #[test]
    fn a_call_from_further_in_counts_less_where_the_request_itself_passes() {
        let mut inner = facts(Strategy::Replay, Source::Known);
        (inner.is_captured, inner.entered) = (true, 1);
        let of = |facts: &Facts| score(facts, &proof(Outcome::RedSame), &DEFAULT).confidence;
        let before = of(&inner);
        inner.request_passes = true;
        assert!(of(&inner) < before);
        inner.entered = 0;
        let outermost = of(&inner);
        inner.request_passes = false;
        assert!((of(&inner) - outermost).abs() < 1e-9);
    }

    #[test]
    fn a_bare_call_proves_nothing_of_what_a_framework_sets_up() {
        let said = "RuntimeError: Working outside of application context.";
        assert!(is_of_surroundings(said));
        assert!(!is_of_surroundings("RuntimeError: no such loop"));
        let mut bare = facts(Strategy::Replay, Source::Known);
        bare.is_captured = true;
        let sure = score(&bare, &proof(Outcome::RedSame), &DEFAULT);
        assert_eq!(sure.tier, Tier::Create, "{}", sure.confidence);
        bare.lacks_surroundings = true;
        let unsure = score(&bare, &proof(Outcome::RedSame), &DEFAULT);
        assert_eq!(unsure.tier, Tier::Draft, "{}", unsure.confidence);
    }

    #[test]
    fn a_low_threshold_does_not_let_an_unproven_test_in() {
        let loose = Thresholds {
            create: 0.1,
            draft: 0.05,
        };
        let score = score(
            &facts(Strategy::Replay, Source::Known),
            &elsewhere(),
            &loose,
        );
        assert_eq!(score.tier, Tier::Draft);
    }

    #[test]
    fn made_up_values_and_bad_records_lower_it() {
        let reproduces = proof(Outcome::RedSame);
        let known = score(
            &facts(Strategy::Replay, Source::Known),
            &reproduces,
            &DEFAULT,
        );
        let invented = score(
            &facts(Strategy::Replay, Source::Invented),
            &reproduces,
            &DEFAULT,
        );
        let distrusted = score(
            &Facts {
                record: (0, 10),
                ..facts(Strategy::Replay, Source::Known)
            },
            &reproduces,
            &DEFAULT,
        );
        assert!(invented.confidence < known.confidence);
        assert!(distrusted.confidence < invented.confidence);
    }
}
