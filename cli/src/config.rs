//! The resolved configuration: every setting with its value and where the value comes from.
//!
//! Flags win over `GUWU_*` of the environment, these over `guwu.toml` or `[tool.guwu]` of `pyproject.toml`, these over
//! pytest's ini files, these over the constants of `tools/guwu/config.py`, these over the defaults. Every source is
//! checked, also where another one wins: a mistake is told when it is made. It deliberately runs no file, and looks
//! at nothing that a setting points to (whether a log exists is for who reads it).

mod constants;
mod error;
mod files;
mod ini;
mod keys;
mod root;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};

pub use error::ConfigError;
pub use ini::{Entry as IniEntry, entries as ini_entries};
pub use keys::{KEYS, Key, Kind};
pub use value::{Raw, Value};

/// What the whole program goes by. Roots and patterns are relative to `root`, with `/`.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project's folder, absolute.
    pub root: PathBuf,
    /// `phase4-enabled`: whether Gu Wu does anything at all here.
    pub enabled: bool,
    /// Whether a test of the create tier is written without asking.
    pub auto_generate_tests: bool,
    /// Confidence above which a test is created, 0 to 1.
    pub confidence_threshold: f64,
    /// Confidence from which a test is a draft, 0 to 1; never above `confidence_threshold`.
    pub draft_threshold: f64,
    /// Whether `guwu check` reads what the logs gained.
    pub log_monitoring: bool,
    /// Whether a model may be asked.
    pub use_ai_generation: bool,
    /// Logs to read; empty: look for them.
    pub logs: Vec<String>,
    /// Format of the logs; `None`: tell from the content.
    pub log_format: Option<String>,
    /// Folders that hold the code.
    pub source_roots: Vec<String>,
    /// Folders that hold the tests.
    pub test_roots: Vec<String>,
    /// Folder for what Gu Wu remembers, absolute; it may not exist yet.
    pub state_dir: PathBuf,
    /// Interpreter that runs the tests; `None`: look for it.
    pub python: Option<String>,
    /// Seconds that one run of a generated test may take.
    pub test_timeout: u64,
    /// Mebibytes of memory that such a run may take; 0: no limit.
    pub test_memory: u64,
    /// Mebibytes that a file of such a run may grow to; 0: no limit.
    pub test_file_size: u64,
    /// Whether such a run may start processes.
    pub allow_processes: bool,
    /// Hosts and folders of sockets that such a run may connect to beyond the loopback.
    pub allow_hosts: Vec<String>,
    /// Variables that such a run gets although they look like secrets.
    pub keep_environment: Vec<String>,
    /// Path patterns of frames that are the project's own.
    pub in_app_include: Vec<String>,
    /// Path patterns of frames that are not the project's own.
    pub in_app_exclude: Vec<String>,
    /// Whether `guwu check` writes nothing.
    pub read_only: bool,
    /// Whether a pytest run ends with `guwu check` (read by the plugin).
    pub pytest: bool,
    /// Seconds that the plugin waits for `guwu check` (read by the plugin).
    pub timeout: u64,
    /// Whether a pytest run fails when there is something to say (read by the plugin).
    pub strict: bool,
    root_mark: String,
    resolved: Resolved,
}

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// A file to read instead of `guwu.toml` and `[tool.guwu]`.
    pub file: Option<PathBuf>,
    settings: Vec<(&'static str, Raw, &'static str)>,
}

impl Overrides {
    /// Sets the setting of that kebab-case name, as the flag (`--log`) said it.
    pub fn set(&mut self, name: &'static str, value: impl Into<Raw>, flag: &'static str) {
        self.settings.push((name, value.into(), flag));
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The flag, such as `--log`.
    Flag(String),
    /// The environment variable.
    Environment(String),
    /// A line of a file.
    File {
        /// From the root.
        file: String,
        /// Counted from 1.
        line: u32,
        /// The key as written there.
        name: String,
    },
    /// Nothing says otherwise.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => write!(f, "flag `{flag}`"),
            Origin::Environment(name) => write!(f, "environment variable `{name}`"),
            Origin::File { file, line, .. } => write!(f, "{file}:{line}"),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A row of some source, not yet checked against its key.
#[derive(Debug)]
struct Setting {
    key: &'static Key,
    raw: Raw,
    origin: Origin,
}

type Resolved = BTreeMap<&'static str, (Value, Origin)>;

impl Config {
    /// The configuration for `start`, a folder in the project, with the process's environment.
    ///
    /// # Errors
    /// The first mistake in any source, with its file and line and what to write instead.
    pub fn load(start: &Path, flags: &Overrides) -> Result<Config, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                name.starts_with("GUWU_")
                    .then(|| (name, value.to_string_lossy().into_owned()))
            })
            .collect();
        Config::load_with(start, flags, &environment)
    }

    /// As [`Config::load`] with the given environment.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_with(
        start: &Path,
        flags: &Overrides,
        environment: &BTreeMap<String, String>,
    ) -> Result<Config, ConfigError> {
        let start = folder(start)?;
        let (root, root_mark) = root::find(&start);
        let mut settings = from_flags(flags)?;
        settings.extend(from_environment(environment));
        settings.extend(match &flags.file {
            Some(file) => files::given(file)?,
            None => files::own(&root)?,
        });
        let pytest = files::pytest(&root, &start)?;
        settings.extend(pytest.settings);
        settings.extend(files::constants(&root)?);
        settings.extend(pytest.test_roots);
        settings.extend(KEYS.iter().map(|key| Setting {
            key,
            raw: key.default.into(),
            origin: Origin::Default,
        }));
        let mut resolved = resolve(settings)?;
        order_thresholds(&mut resolved)?;
        Ok(build(root, root_mark, resolved))
    }

    /// Every setting in the order of [`KEYS`] with its value (as JSON) and where that comes from; the root first.
    pub fn origins(&self) -> Vec<(&'static str, serde_json::Value, String)> {
        let root = self.root.to_string_lossy().into_owned();
        let mut rows = vec![("root", root.into(), self.root_mark.clone())];
        rows.extend(KEYS.iter().filter_map(|key| {
            let (value, origin) = self.resolved.get(key.name)?;
            Some((key.name, value.json(), origin.to_string()))
        }));
        rows
    }
}

/// The absolute path of a folder, without `..`, because its ancestors are looked at; symbolic links stay.
fn folder(start: &Path) -> Result<PathBuf, ConfigError> {
    let climbs = start.components().any(|part| part == Component::ParentDir);
    let path = if climbs {
        start.canonicalize()
    } else {
        std::path::absolute(start)
    };
    path.ok()
        .filter(|path| path.is_dir())
        .ok_or_else(|| ConfigError::NoFolder(start.to_owned()))
}

fn from_flags(flags: &Overrides) -> Result<Vec<Setting>, ConfigError> {
    // The last of a repeated flag holds.
    let rows = flags.settings.iter().rev().map(|(name, raw, flag)| {
        let key = keys::by_name(name).ok_or_else(|| ConfigError::UnknownKey {
            place: format!("flag `{flag}`"),
            key: (*name).to_owned(),
            advice: "use a name that `guwu config` prints".to_owned(),
        })?;
        Ok(Setting {
            key,
            raw: raw.clone(),
            origin: Origin::Flag((*flag).to_owned()),
        })
    });
    rows.collect()
}

fn from_environment(environment: &BTreeMap<String, String>) -> Vec<Setting> {
    let rows = KEYS.iter().filter_map(|key| {
        let name = key.constant();
        let value = environment.get(&name)?;
        // An empty variable is how a shell unsets one for a single command.
        (!value.is_empty()).then(|| Setting {
            key,
            raw: value.as_str().into(),
            origin: Origin::Environment(name),
        })
    });
    rows.collect()
}

fn resolve(settings: Vec<Setting>) -> Result<Resolved, ConfigError> {
    let mut resolved = Resolved::new();
    for Setting { key, raw, origin } in settings {
        let value = value::read(key, &raw)
            .map_err(|advice| bad_value(key, &origin, value::shown(&raw), advice))?;
        if let Some(value) = value {
            resolved.entry(key.name).or_insert((value, origin));
        }
    }
    Ok(resolved)
}

fn bad_value(key: &Key, origin: &Origin, value: String, advice: String) -> ConfigError {
    let (written, advice) = match origin {
        Origin::File { file, name, .. } if file.ends_with(".py") => {
            let python = advice.replace("`true` or `false`", "`True` or `False`");
            (
                name.clone(),
                format!("{python} (the file is read, never run)"),
            )
        }
        Origin::File { name, .. } => (name.clone(), advice),
        _ => (key.name.to_owned(), advice),
    };
    ConfigError::BadValue {
        place: origin.to_string(),
        key: written,
        value,
        advice,
    }
}

/// A draft can not ask for more than a creation: the default gives way, two figures that someone wrote are an error.
fn order_thresholds(resolved: &mut Resolved) -> Result<(), ConfigError> {
    let create = fraction(resolved, "confidence-threshold");
    let draft = fraction(resolved, "draft-threshold");
    if draft <= create {
        return Ok(());
    }
    let (Some(key), Some((value, origin))) = (
        keys::by_name("draft-threshold"),
        resolved.get_mut("draft-threshold"),
    ) else {
        return Ok(());
    };
    if *origin != Origin::Default {
        let advice = format!("write a number up to `confidence-threshold`, which is `{create}`");
        return Err(bad_value(key, origin, draft.to_string(), advice));
    }
    *value = Value::Fraction(create);
    Ok(())
}

fn switch(resolved: &Resolved, name: &str) -> bool {
    matches!(resolved.get(name), Some((Value::Switch(true), _)))
}

fn fraction(resolved: &Resolved, name: &str) -> f64 {
    match resolved.get(name) {
        Some((Value::Fraction(v), _)) => *v,
        _ => 0.0,
    }
}

fn seconds(resolved: &Resolved, name: &str) -> u64 {
    match resolved.get(name) {
        Some((Value::Seconds(v), _)) => *v,
        _ => 1,
    }
}

fn mebibytes(resolved: &Resolved, name: &str) -> u64 {
    match resolved.get(name) {
        Some((Value::Mebibytes(v), _)) => *v,
        _ => 0,
    }
}

fn text(resolved: &Resolved, name: &str) -> Option<String> {
    match resolved.get(name) {
        Some((Value::Text(v), _)) => v.clone(),
        _ => None,
    }
}

fn texts(resolved: &Resolved, name: &str) -> Vec<String> {
    match resolved.get(name) {
        Some((Value::Texts(v), _)) => v.clone(),
        _ => Vec::new(),
    }
}

fn build(root: PathBuf, root_mark: String, resolved: Resolved) -> Config {
    let r = &resolved;
    Config {
        enabled: switch(r, "phase4-enabled"),
        auto_generate_tests: switch(r, "auto-generate-tests"),
        confidence_threshold: fraction(r, "confidence-threshold"),
        draft_threshold: fraction(r, "draft-threshold"),
        log_monitoring: switch(r, "log-monitoring"),
        use_ai_generation: switch(r, "use-ai-generation"),
        logs: texts(r, "logs"),
        log_format: text(r, "log-format"),
        source_roots: texts(r, "source-roots"),
        test_roots: texts(r, "test-roots"),
        state_dir: root.join(text(r, "state-dir").as_deref().unwrap_or(root::STATE_DIR)),
        python: text(r, "python"),
        test_timeout: seconds(r, "test-timeout"),
        test_memory: mebibytes(r, "test-memory"),
        test_file_size: mebibytes(r, "test-file-size"),
        allow_processes: switch(r, "allow-processes"),
        allow_hosts: texts(r, "allow-hosts"),
        keep_environment: texts(r, "keep-environment"),
        in_app_include: texts(r, "in-app-include"),
        in_app_exclude: texts(r, "in-app-exclude"),
        read_only: switch(r, "read-only"),
        pytest: switch(r, "pytest"),
        timeout: seconds(r, "timeout"),
        strict: switch(r, "strict"),
        root,
        root_mark,
        resolved,
    }
}
