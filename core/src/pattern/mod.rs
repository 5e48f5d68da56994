//! The kinds of failure: which pattern a failure is (`rules_*`), what each pattern means (`catalogue`), and a failure's title.
//! It deliberately decides by the failure alone: no sources, no history.

mod catalogue;
mod rules;
mod rules_javascript;
#[cfg(feature = "python")]
mod rules_python;
mod title;

use crate::model::{Exception, Failure, Platform};
use crate::normalize::is_extension;
use crate::text;

pub use title::title;

/// A kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// `GW101`: 0xx nothing known, 1xx calls and types, 2xx data, 3xx start-up, 4xx files, network and machine,
    /// 5xx concurrency, 6xx HTTP and databases, 7xx JavaScript, 9xx noise.
    pub code: &'static str,
    /// A few words.
    pub name: &'static str,
    /// Where it happens; `None`: everywhere.
    pub platform: Option<Platform>,
    /// What to do about it, one sentence.
    pub advice: &'static str,
    /// Lowest level of test that would have caught it, typically: `unit`, `integration` or `e2e`.
    pub layer: &'static str,
    /// Whether a test for such a failure helps anybody.
    pub worth_test: bool,
    /// Why it is no fault of the program, where that is so.
    pub noise: Option<&'static str>,
    /// A page: what it means, why tests miss it, how to test it, an example.
    #[cfg(feature = "explain")]
    pub explain: &'static str,
}

/// All patterns, ordered by code.
pub fn all() -> &'static [Pattern] {
    &catalogue::ALL
}

/// The pattern with this code, in any case of letters.
pub fn get(code: &str) -> Option<&'static Pattern> {
    all().iter().find(|p| p.code.eq_ignore_ascii_case(code))
}

/// Code of the pattern that a failure is.
///
/// The exception that reached the top decides. Where it is of no class of its own (a project's own type, a group), the
/// exceptions behind it are asked, those that are no noise first. Where there is no exception, the message is.
pub fn classify(failure: &Failure) -> &'static str {
    let platform = failure.platform;
    let Some(primary) = failure.primary().filter(|e| !is_bare(e)) else {
        let message = failure.primary().and_then(|e| e.message.as_deref());
        let text = message
            .filter(|m| !m.is_empty())
            .or(failure.log_message.as_deref())
            .unwrap_or("");
        return match platform {
            #[cfg(feature = "python")]
            Platform::Python => rules_python::from_text(text),
            _ => rules_javascript::from_text(text),
        };
    };
    if !platform.is_python() && is_foreign(primary) {
        return "GW901";
    }
    let own = by_exception(platform, primary);
    if !is_general(own) {
        return own;
    }
    // Members of a group in their order, then the chain from the nearest cause to the root.
    let mut noise = own;
    for of_chain in [false, true] {
        let mut exceptions = failure.exceptions.iter();
        while let Some(exception) = if of_chain {
            exceptions.next_back()
        } else {
            exceptions.next()
        } {
            let code = by_exception(platform, exception);
            if is_of_chain(exception) != of_chain || is_general(code) {
                continue;
            }
            if !is_from_outside(code) {
                return code;
            }
            if noise == own {
                noise = code;
            }
        }
    }
    noise
}

fn is_of_chain(exception: &Exception) -> bool {
    exception.group_path.is_empty()
}

fn by_exception(platform: Platform, exception: &Exception) -> &'static str {
    match platform {
        #[cfg(feature = "python")]
        Platform::Python => rules_python::classify(exception),
        _ => rules_javascript::classify(exception),
    }
}

fn is_bare(exception: &Exception) -> bool {
    exception.type_name.is_none() && exception.frames.is_empty()
}

/// Patterns that say little: another exception of the chain may say more.
fn is_general(code: &str) -> bool {
    text::listed("GW100|GW503|GW700|GW724", code)
}

/// Patterns of the machine and of noise: a fault of the program beside them says more.
fn is_from_outside(code: &str) -> bool {
    code.starts_with("GW4") || code.starts_with("GW9")
}

/// Whether the innermost frame with a place lies in a browser extension.
fn is_foreign(exception: &Exception) -> bool {
    exception
        .innermost()
        .into_iter()
        .filter_map(|frame| frame.file.as_deref())
        .find(|file| !file.starts_with('<'))
        .is_some_and(is_extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered() {
        for pair in all().windows(2) {
            assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
        }
        assert!(all().len() >= 40);
    }

    #[test]
    fn every_pattern_is_complete() {
        for p in all() {
            assert!(
                ["unit", "integration", "e2e"].contains(&p.layer),
                "{}",
                p.code
            );
            assert!(p.noise.is_none() || !p.worth_test, "{}", p.code);
            assert!(!p.advice.is_empty() && !p.name.is_empty(), "{}", p.code);
            assert_eq!(get(&p.code.to_lowercase()), Some(p));
            #[cfg(feature = "explain")]
            for part in [
                "What it means: ",
                "\nWhy tests miss it: ",
                "\nHow to test it: ",
                "\nExample:\n    ",
            ] {
                assert!(p.explain.contains(part), "{}: {part}", p.code);
            }
        }
    }
}
