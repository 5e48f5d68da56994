//! The files that may hold settings, each turned into rows of key, raw value and place. Which row wins is not known
//! here; a name that is no setting is an error here, because only here it is known which names a file may hold.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, read};
use super::keys::{KEYS, Key, advice, by_constant, by_name};
use super::root::STATE_DIR;
use super::value::Raw;
use super::{Origin, Setting, constants, ini};

/// Files that may configure pytest, in its own order of precedence; the first that does so hides the others.
const PYTEST_FILES: &[&str] = &[
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
];

/// The settings of `guwu.toml`, or where there is none of `[tool.guwu]` in `pyproject.toml`; never of both.
pub fn own(root: &Path) -> Result<Vec<Setting>, ConfigError> {
    if let Some(text) = read(&root.join("guwu.toml"))? {
        return named("guwu.toml", &text, &[]);
    }
    match read(&root.join("pyproject.toml"))? {
        Some(text) => named("pyproject.toml", &text, &["tool", "guwu"]),
        None => Ok(Vec::new()),
    }
}

/// The settings of the file that the user named.
pub fn given(path: &Path) -> Result<Vec<Setting>, ConfigError> {
    let Some(text) = read(path)? else {
        return Err(ConfigError::Unreadable {
            path: path.to_owned(),
            reason: "there is no such file".to_owned(),
        });
    };
    let pyproject = path
        .file_name()
        .is_some_and(|name| name == "pyproject.toml");
    let table: &[&str] = if pyproject { &["tool", "guwu"] } else { &[] };
    named(&path.to_string_lossy(), &text, table)
}

fn named(file: &str, text: &str, path: &[&str]) -> Result<Vec<Setting>, ConfigError> {
    let known: Vec<String> = KEYS.iter().map(|key| key.name.to_owned()).collect();
    let mut found = Vec::new();
    for (name, raw, line) in table(file, text, path)?.unwrap_or_default() {
        let Some(key) = by_name(&name) else {
            return Err(unknown(file, line, &name, &known));
        };
        found.push(setting(key, raw, file, line, name));
    }
    Ok(found)
}

/// What pytest's own configuration says.
#[derive(Debug, Default)]
pub struct Pytest {
    /// The keys that start with `guwu`.
    pub settings: Vec<Setting>,
    /// `testpaths` as `test-roots`.
    pub test_roots: Option<Setting>,
}

/// Reads the file that configures pytest for `start`: the nearest one up to the root.
pub fn pytest(root: &Path, start: &Path) -> Result<Pytest, ConfigError> {
    for folder in start
        .ancestors()
        .take_while(|folder| folder.starts_with(root))
    {
        for name in PYTEST_FILES {
            let Some(text) = read(&folder.join(name))? else {
                continue;
            };
            let from_root = folder.strip_prefix(root).unwrap_or(Path::new(""));
            let file = slashes(&from_root.join(name));
            if let Some(rows) = pytest_rows(name, &file, &text)? {
                return pytest_settings(rows, &file, from_root);
            }
        }
    }
    Ok(Pytest::default())
}

type Row = (String, Raw, u32);

/// The options in a file, or `None` where it does not configure pytest.
fn pytest_rows(name: &str, file: &str, text: &str) -> Result<Option<Vec<Row>>, ConfigError> {
    let section = match name {
        "pyproject.toml" => {
            let old = table(file, text, &["tool", "pytest", "ini_options"])?;
            return match old {
                Some(rows) => Ok(Some(rows)),
                None => table(file, text, &["tool", "pytest"]),
            };
        }
        _ if name.ends_with(".toml") => {
            return Ok(Some(table(file, text, &["pytest"])?.unwrap_or_default()));
        }
        "setup.cfg" => "tool:pytest",
        _ => "pytest",
    };
    let rows: Vec<Row> = ini::entries(text)
        .into_iter()
        .filter(|entry| entry.section == section)
        .map(|entry| (entry.name.to_owned(), Raw::Untyped(entry.value), entry.line))
        .collect();
    // pytest.ini counts even when it is empty.
    let counts = name.ends_with("pytest.ini") || !rows.is_empty();
    Ok(counts.then_some(rows))
}

fn pytest_settings(rows: Vec<Row>, file: &str, from_root: &Path) -> Result<Pytest, ConfigError> {
    let known: Vec<String> = KEYS
        .iter()
        .map(|key| key.constant().to_lowercase())
        .collect();
    let mut found = Pytest::default();
    for (name, raw, line) in rows {
        let lower = name.to_ascii_lowercase();
        if lower == "guwu" || lower.starts_with("guwu_") {
            let Some(key) = by_constant(&lower) else {
                return Err(unknown(file, line, &name, &known));
            };
            found.settings.push(setting(key, raw, file, line, name));
        } else if name == "testpaths" {
            let roots = test_roots(&raw, from_root);
            found.test_roots = by_name("test-roots")
                .filter(|_| !roots.is_empty())
                .map(|key| setting(key, Raw::Texts(roots), file, line, name));
        }
    }
    Ok(found)
}

/// `testpaths` from the root; of a pattern the folders before its first wildcard.
fn test_roots(raw: &Raw, from_root: &Path) -> Vec<String> {
    let paths: Vec<String> = match raw {
        Raw::Texts(paths) => paths.clone(),
        Raw::Text(text) | Raw::Untyped(text) => text
            .split_whitespace()
            .map(|path| path.trim_matches(['"', '\'']).to_owned())
            .collect(),
        _ => Vec::new(),
    };
    let mut roots = Vec::new();
    for path in paths {
        let plain: PathBuf = Path::new(&path)
            .components()
            .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']))
            .collect();
        let root = match slashes(&from_root.join(plain)) {
            empty if empty.is_empty() => ".".to_owned(),
            root => root.trim_end_matches('/').to_owned(),
        };
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// The constants of `tools/guwu/config.py`.
pub fn constants(root: &Path) -> Result<Vec<Setting>, ConfigError> {
    let file = format!("{STATE_DIR}/config.py");
    let Some(text) = read(&root.join(&file))? else {
        return Ok(Vec::new());
    };
    let known: Vec<String> = KEYS.iter().map(Key::constant).collect();
    let mut found = Vec::new();
    for constant in constants::constants(&text, "GUWU_") {
        let Some(key) = by_constant(constant.name) else {
            return Err(unknown(&file, constant.line, constant.name, &known));
        };
        let name = constant.name.to_owned();
        found.push(setting(key, constant.value, &file, constant.line, name));
    }
    Ok(found)
}

fn setting(key: &'static Key, raw: Raw, file: &str, line: u32, name: String) -> Setting {
    let file = file.to_owned();
    Setting {
        key,
        raw,
        origin: Origin::File { file, line, name },
    }
}

fn unknown(file: &str, line: u32, key: &str, known: &[String]) -> ConfigError {
    ConfigError::UnknownKey {
        place: format!("{file}:{line}"),
        key: key.to_owned(),
        advice: advice(key, known),
    }
}

/// The entries of the table at `path` in the order of the file, or `None` where there is no such table.
fn table(file: &str, text: &str, path: &[&str]) -> Result<Option<Vec<Row>>, ConfigError> {
    let document = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        place: format!(
            "{file}:{}",
            line_of(text, error.span().map_or(0, |s| s.start))
        ),
        reason: error.message().replace('\n', " "),
    })?;
    let mut table = document.get_ref();
    for part in path {
        match entry(table, part).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => table = inner,
            _ => return Ok(None),
        }
    }
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(name, _)| name.span().start);
    let rows = rows.into_iter().map(|(name, value)| {
        let line = line_of(text, name.span().start);
        (name.get_ref().to_string(), raw(value, text), line)
    });
    Ok(Some(rows.collect()))
}

fn entry<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a Spanned<DeValue<'i>>> {
    table
        .iter()
        .find(|(key, _)| key.get_ref() == name)
        .map(|(_, value)| value)
}

fn raw(value: &Spanned<DeValue<'_>>, text: &str) -> Raw {
    let written = || text.get(value.span()).unwrap_or_default().to_owned();
    match value.get_ref() {
        DeValue::String(v) => Raw::Text(v.to_string()),
        DeValue::Boolean(v) => Raw::Switch(*v),
        DeValue::Integer(_) | DeValue::Float(_) => Raw::Number(written().replace('_', "")),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect();
            texts.map_or_else(|| Raw::Other(written()), Raw::Texts)
        }
        _ => Raw::Other(written()),
    }
}

fn line_of(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let lines = before.iter().filter(|b| **b == b'\n').count();
    u32::try_from(lines).map_or(u32::MAX, |n| n.saturating_add(1))
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
