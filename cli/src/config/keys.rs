//! The table of settings: one row a key, and from a row every spelling of it. It deliberately holds no value but
//! the defaults, which are text and go through the same reading as an environment variable.

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Switch,
    /// A number from 0 to 1.
    Fraction,
    /// A whole number of seconds, at least 1.
    Seconds,
    /// A whole number of mebibytes; 0 for no limit.
    Mebibytes,
    /// One line of text; may be unset.
    Text,
    /// Several lines of text; may be empty.
    Texts,
}

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// The name in TOML files, kebab-case; every other spelling follows from it.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The default as an environment variable would say it; empty for unset or for an empty list.
    pub default: &'static str,
    /// One line for people.
    pub about: &'static str,
}

impl Key {
    /// The name in the environment, in `tools/guwu/config.py` and (in either case) in pytest's ini files.
    pub fn constant(&self) -> String {
        format!("GUWU_{}", self.name.replace('-', "_").to_ascii_uppercase())
    }
}

const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        kind,
        default,
        about,
    }
}

/// Every setting, in the order in which `guwu config` prints them.
pub const KEYS: &[Key] = &[
    key(
        "phase4-enabled",
        Kind::Switch,
        "true",
        "whether Gu Wu does anything at all in this project",
    ),
    key(
        "auto-generate-tests",
        Kind::Switch,
        "true",
        "whether a test of the create tier is written without asking",
    ),
    key(
        "confidence-threshold",
        Kind::Fraction,
        "0.8",
        "confidence above which a test is created",
    ),
    key(
        "draft-threshold",
        Kind::Fraction,
        "0.5",
        "confidence from which a test is staged as a draft",
    ),
    key(
        "log-monitoring",
        Kind::Switch,
        "true",
        "whether `guwu check` reads what the logs gained since the last run",
    ),
    key(
        "use-ai-generation",
        Kind::Switch,
        "false",
        "whether a model may be asked where no other strategy writes a test",
    ),
    key(
        "logs",
        Kind::Texts,
        "",
        "log files, folders or SQLite files to read; empty: look for them",
    ),
    key(
        "log-format",
        Kind::Text,
        "",
        "format of the logs; unset: tell from the content",
    ),
    key(
        "source-roots",
        Kind::Texts,
        ".",
        "folders, from the root, that hold the code",
    ),
    key(
        "test-roots",
        Kind::Texts,
        "tests",
        "folders, from the root, that hold the tests",
    ),
    key(
        "state-dir",
        Kind::Text,
        "tools/guwu",
        "folder for what Gu Wu remembers",
    ),
    key(
        "python",
        Kind::Text,
        "",
        "interpreter that runs the tests; unset: look for it",
    ),
    key(
        "test-timeout",
        Kind::Seconds,
        "30",
        "seconds that one run of a generated test may take",
    ),
    key(
        "test-memory",
        Kind::Mebibytes,
        "4096",
        "mebibytes of memory that a run of generated tests may take; 0: no limit",
    ),
    key(
        "test-file-size",
        Kind::Mebibytes,
        "256",
        "mebibytes that a file or the output of such a run may grow to; 0: no limit",
    ),
    key(
        "allow-processes",
        Kind::Switch,
        "false",
        "whether such a run may start processes",
    ),
    key(
        "allow-hosts",
        Kind::Texts,
        "",
        "hosts, or folders of sockets, that such a run may connect to beyond the loopback",
    ),
    key(
        "keep-environment",
        Kind::Texts,
        "",
        "variables that such a run gets although they look like secrets or databases",
    ),
    key(
        "in-app-include",
        Kind::Texts,
        "",
        "path patterns of frames that are the project's own",
    ),
    key(
        "in-app-exclude",
        Kind::Texts,
        "",
        "path patterns of frames that are not the project's own",
    ),
    key(
        "read-only",
        Kind::Switch,
        "false",
        "whether `guwu check` only looks and writes nothing",
    ),
    key(
        "pytest",
        Kind::Switch,
        "true",
        "whether a pytest run ends with `guwu check`",
    ),
    key(
        "timeout",
        Kind::Seconds,
        "60",
        "seconds that the pytest plugin waits for `guwu check`",
    ),
    key(
        "strict",
        Kind::Switch,
        "false",
        "whether a pytest run fails when `guwu check` has something to say",
    ),
];

/// The setting of that kebab-case name.
pub fn by_name(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The setting of that `GUWU_…` or `guwu_…` name; bare `guwu` is the pytest plugin's own switch.
pub fn by_constant(name: &str) -> Option<&'static Key> {
    if name == "guwu" {
        return by_name("pytest");
    }
    KEYS.iter()
        .find(|key| key.constant().eq_ignore_ascii_case(name))
}

/// What to write instead of an unknown name: the nearest of `known`, or all of them when none is near.
pub fn advice(unknown: &str, known: &[String]) -> String {
    let wanted = unknown.to_ascii_lowercase().replace('_', "-");
    let distance = |name: &str| {
        strsim::damerau_levenshtein(&wanted, &name.to_ascii_lowercase().replace('_', "-"))
    };
    let nearest = known
        .iter()
        .map(|name| (distance(name), name))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        // A third of the letters may be wrong; beyond that a guess misleads.
        Some((distance, name)) if distance * 3 <= wanted.chars().count().max(3) => {
            format!("did you mean `{name}`?")
        }
        _ => format!("remove it or use one of `{}`", known.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_team_lead_to_their_keys() {
        for (constant, name) in [
            ("GUWU_PHASE4_ENABLED", "phase4-enabled"),
            ("GUWU_AUTO_GENERATE_TESTS", "auto-generate-tests"),
            ("GUWU_CONFIDENCE_THRESHOLD", "confidence-threshold"),
            ("GUWU_LOG_MONITORING", "log-monitoring"),
            ("GUWU_USE_AI_GENERATION", "use-ai-generation"),
            ("guwu_confidence_threshold", "confidence-threshold"),
            ("guwu", "pytest"),
        ] {
            assert_eq!(
                by_constant(constant).map(|k| k.name),
                Some(name),
                "{constant}"
            );
        }
        assert_eq!(by_constant("GUWU_CONFIDENCE"), None);
    }

    #[test]
    fn advice_names_a_near_key_and_else_all() {
        let known: Vec<String> = KEYS.iter().map(|k| k.name.to_owned()).collect();
        assert_eq!(
            advice("confidance_threshold", &known),
            "did you mean `confidence-threshold`?"
        );
        assert!(advice("colour", &known).starts_with("remove it or use one of `phase4-enabled`,"));
    }
}
