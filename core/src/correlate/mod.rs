//! From a failure and the code map to the gap: which call chain no test covers, at which layer, and why the nearest tests missed it.
//!
//! It reads names and lines only; what it says is checked later by running a test, not here.

mod callee;
mod frames;
mod layer;
mod near_tests;
mod shown;

pub use callee::{crash_base, is_none_error, key_of, none_base};
pub use frames::{ProjectFrame, project_exception, project_frames};
pub use layer::is_route;
pub use near_tests::{fixture_is_mock, is_mock, node_id};
pub use shown::request_in;

use crate::code::CodeMap;
use crate::model::Failure;

/// The lowest test level that would have caught a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Layer {
    /// One module.
    Unit,
    /// Two or more modules of the project.
    Integration,
    /// Only the whole application shows it.
    E2e,
}

impl Layer {
    /// `unit`, `integration`, `e2e`.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Unit => "unit",
            Layer::Integration => "integration",
            Layer::E2e => "e2e",
        }
    }
}

/// How the failure came to light, which decides what a test must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", tag = "how")
)]
pub enum Shown {
    /// It reached the caller.
    Raised,
    /// A handler of the project caught and logged it.
    Swallowed {
        /// The function that caught it.
        by: String,
        /// Keys of the dictionary that the handler returns where the good path returns another literal: `("success", "True")`.
        contract: Vec<(String, String)>,
        /// The handler puts the traceback into the message instead of passing `exc_info`.
        in_message: bool,
    },
    /// It ended a request.
    Request {
        /// `GET`.
        method: String,
        /// `/api/nodes/7`.
        path: String,
    },
    /// A module could not be imported.
    StartUp {
        /// The dotted module that was started or imported.
        module: String,
    },
}

/// One function of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Link {
    /// `KnowledgeGraphFacade.refresh_ontology_cache`, `<module>`.
    pub name: String,
    /// Dotted module.
    pub module: String,
    /// Path relative to the project.
    pub file: String,
    /// Line in the trace, or of the definition for a callee that is no frame.
    pub line: Option<u32>,
    /// Stands in the trace; false for a callee recovered from source line, message and code map.
    pub in_trace: bool,
}

/// A test near the gap.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NearTest {
    /// pytest's node id.
    pub id: String,
    /// Why it did not catch the failure.
    pub reason: String,
}

/// What no test covers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Gap {
    /// Lowest level at which a test would have caught it.
    pub layer: Layer,
    /// Why that layer.
    pub layer_reason: String,
    /// How the failure came to light.
    pub shown: Shown,
    /// Outermost call first.
    pub chain: Vec<Link>,
    /// Nearest first, at most five.
    pub tests: Vec<NearTest>,
    /// The gap in one or two sentences.
    pub summary: String,
}

impl Gap {
    /// `A.b → C.d`.
    pub fn chain_text(&self) -> String {
        let names: Vec<&str> = self.chain.iter().map(|l| l.name.as_str()).collect();
        names.join(" → ")
    }
}

/// Finds the gap of a failure. `None` when no frame lies in the project.
pub fn correlate(failure: &Failure, map: &CodeMap) -> Option<Gap> {
    let exception = project_exception(failure, map)?;
    let frames = project_frames(exception, map);
    let innermost = *frames.last()?;
    let shown = shown::shown(failure, exception, &frames);
    let mut chain = links(&frames);
    let callee = callee::hidden_callee(exception, &innermost, map);
    if let Some(callee) = callee
        && chain
            .last()
            .is_none_or(|l| l.name != callee.function.qualified_name())
    {
        chain.push(Link {
            name: callee.function.qualified_name(),
            module: callee.module.name.clone(),
            file: callee.module.path.clone(),
            line: Some(callee.function.first_line),
            in_trace: false,
        });
    }
    if let Shown::StartUp { .. } = shown
        && let Some(other) = layer::imported_module(&innermost, map)
    {
        chain.push(Link {
            name: other.name.clone(),
            module: other.name.clone(),
            file: other.path.clone(),
            line: None,
            in_trace: false,
        });
    }
    let (layer, layer_reason) = layer::layer(&shown, &frames, callee, map, exception);
    let tests = near_tests::near_tests(&chain, &shown, map);
    let summary = summary(&chain, layer, &tests, &shown);
    Some(Gap {
        layer,
        layer_reason,
        shown,
        chain,
        tests,
        summary,
    })
}

fn links(frames: &[ProjectFrame]) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    for frame in frames {
        let name = match &frame.function {
            Some(function) => function.function.qualified_name(),
            // Module level is known by the module's name.
            None => match frame.frame.function.as_deref() {
                Some("<module>") | None => frame.module.name.clone(),
                Some(name) => name.to_owned(),
            },
        };
        if chain
            .last()
            .is_some_and(|l| l.name == name && l.file == frame.module.path)
        {
            continue;
        }
        chain.push(Link {
            name,
            module: frame.module.name.clone(),
            file: frame.module.path.clone(),
            line: frame.frame.line,
            in_trace: true,
        });
    }
    chain
}

fn summary(chain: &[Link], layer: Layer, tests: &[NearTest], shown: &Shown) -> String {
    let names: Vec<&str> = chain.iter().map(|l| l.name.as_str()).collect();
    let edge = match names.as_slice() {
        [.., a, b] => format!("`{a} → {b}`"),
        [one] => format!("`{one}`"),
        [] => String::new(),
    };
    let what = match shown {
        Shown::StartUp { module } => format!("no test imports `{module}`"),
        _ => format!("no {} test runs {edge} as production did", layer.as_str()),
    };
    match tests.first() {
        Some(test) => format!("{what}; the nearest test `{}` {}", test.id, test.reason),
        None => format!("{what}; no test touches this code"),
    }
}

/// `CacheService` → `cache_service`.
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            out.push('_');
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_names_become_argument_names() {
        assert_eq!(snake_case("CacheService"), "cache_service");
        assert_eq!(snake_case("HTTPClient"), "httpclient");
    }
}
