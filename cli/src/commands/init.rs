//! `guwu init`: a `guwu.toml` with what was found in the project. It overwrites nothing and tells git nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use guwu::config::{Config, KEYS, Kind, Overrides};
use guwu::render::plain;
use guwu::source::{self, SourceSpec};

/// How deep below the root is looked for databases and tests.
const DEPTH: usize = 4;

/// What lies in the folder of state and is this machine's alone.
const IGNORED: &str = "# What Gu Wu remembers is this machine's alone; staged tests are not.\n\
                       *.db\n*.db-wal\n*.db-shm\n*.db-journal\n*.db.corrupt-*\n.*.lock\n";

/// Writes the settings and says what to do next.
pub fn run(folder: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::load(folder, &Overrides::default())?;
    let root = &config.root;
    let found = Found::below(&config);
    let mut out = std::io::stdout().lock();
    if has_table(&root.join("pyproject.toml")) {
        eprintln!(
            "guwu: `[tool.guwu]` in pyproject.toml holds the settings, a guwu.toml would hide them; none was written"
        );
    } else if create(&root.join("guwu.toml"), &settings(&found))? {
        writeln!(out, "wrote guwu.toml in {}", plain(&root.to_string_lossy()))?;
        writeln!(out, "  logs          {}", listed(&found.logs))?;
        writeln!(out, "  test-roots    {}", listed(&found.test_roots))?;
        writeln!(out, "  source-roots  {}", listed(&found.source_roots))?;
    } else {
        eprintln!(
            "guwu: `guwu.toml` is there already and stays as it is; remove it first to have it written anew"
        );
    }
    fs::create_dir_all(&config.state_dir).with_context(|| {
        format!(
            "cannot make `{}`; check the permissions",
            config.state_dir.display()
        )
    })?;
    let ignore = config.state_dir.join(".gitignore");
    if create(&ignore, IGNORED)? {
        let shown = ignore.strip_prefix(root).unwrap_or(&ignore);
        writeln!(out, "wrote {}", plain(&shown.to_string_lossy()))?;
    }
    writeln!(out, "\nnext:")?;
    if found.logs.is_empty() {
        writeln!(out, "  name the logs in guwu.toml; none was found")?;
    }
    for (command, what) in [
        ("guwu doctor", "what keeps failures from being seen"),
        ("guwu scan", "read the logs and write the missing tests"),
        ("guwu review", "go through the tests that wait"),
        ("guwu watch", "be told of each new failure as it comes"),
    ] {
        writeln!(out, "  {command:<12}  {what}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a file where none is; `false` where one is.
fn create(path: &Path, text: &str) -> anyhow::Result<bool> {
    let made = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    match made.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error)
            .with_context(|| format!("cannot write `{}`; check the permissions", path.display())),
    }
}

fn has_table(pyproject: &Path) -> bool {
    fs::read_to_string(pyproject).is_ok_and(|text| {
        text.lines()
            .any(|line| line.trim_start().starts_with("[tool.guwu]"))
    })
}

fn listed(values: &[String]) -> String {
    match values.is_empty() {
        true => "none found".to_owned(),
        false => plain(&values.join(", ")),
    }
}

/// What the project holds.
struct Found {
    logs: Vec<String>,
    test_roots: Vec<String>,
    source_roots: Vec<String>,
}

impl Found {
    fn below(config: &Config) -> Found {
        let mut places = Places::default();
        places.walk(&config.root, "", 0, config);
        let has_root = config
            .test_roots
            .iter()
            .any(|folder| config.root.join(folder).is_dir());
        let test_roots = match has_root || places.tests.is_empty() {
            true => config.test_roots.clone(),
            false => outermost(&places.tests),
        };
        let is_test = |folder: &str| {
            test_roots
                .iter()
                .any(|root| folder.split('/').next() == root.split('/').next())
        };
        let mut source_roots = Vec::new();
        let src = config.root.join("src");
        if places.code.contains("src") && !src.join("__init__.py").exists() {
            source_roots.push("src".to_owned());
        }
        let elsewhere = places
            .code
            .iter()
            .any(|folder| folder != "src" && !is_test(folder));
        if elsewhere || source_roots.is_empty() {
            source_roots.push(".".to_owned());
        }
        Found {
            logs: logs(config, &places.databases),
            test_roots,
            source_roots,
        }
    }
}

/// What a walk through the project came by, relative to the root.
#[derive(Default)]
struct Places {
    /// Folders with `test_*.py`.
    tests: BTreeSet<String>,
    /// Top-level folders (or `.`) with Python files.
    code: BTreeSet<String>,
    /// SQLite files that are called logs.
    databases: BTreeSet<String>,
}

impl Places {
    fn walk(&mut self, folder: &Path, relative: &str, depth: usize, config: &Config) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let below = match relative {
                "" => name.clone(),
                _ => format!("{relative}/{name}"),
            };
            if kind.is_dir() {
                let is_skipped = name.starts_with('.')
                    || matches!(
                        name.as_str(),
                        "node_modules" | "__pycache__" | "site-packages" | "build" | "dist"
                    )
                    || path == config.state_dir
                    || path.join("pyvenv.cfg").exists();
                if !is_skipped && depth < DEPTH {
                    self.walk(&path, &below, depth + 1, config);
                }
            } else if kind.is_file() {
                self.file(&name, relative, &below, &path);
            }
        }
    }

    fn file(&mut self, name: &str, folder: &str, below: &str, path: &Path) {
        if name.ends_with(".py") {
            if name.starts_with("test_") {
                self.tests.insert(match folder {
                    "" => ".".to_owned(),
                    _ => folder.to_owned(),
                });
            } else if !matches!(name, "setup.py" | "conftest.py") {
                let top = folder.split('/').next().filter(|top| !top.is_empty());
                self.code.insert(top.unwrap_or(".").to_owned());
            }
            return;
        }
        let lower = name.to_ascii_lowercase();
        let is_database = [".db", ".sqlite", ".sqlite3"]
            .iter()
            .any(|end| lower.ends_with(end));
        if is_database && lower.contains("log") && starts_as_sqlite(path) {
            self.databases.insert(below.to_owned());
        }
    }
}

fn starts_as_sqlite(path: &Path) -> bool {
    let mut head = [0u8; 16];
    fs::File::open(path)
        .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head))
        .is_ok_and(|()| head == *b"SQLite format 3\0")
}

/// The folders that lie in no other one of them.
fn outermost(folders: &BTreeSet<String>) -> Vec<String> {
    let is_inside = |folder: &str| {
        folders.iter().any(|outer| {
            folder
                .strip_prefix(outer.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let named_tests = |folder: &str| {
        // `pkg/tests/unit` and `pkg/tests/api` are `pkg/tests`.
        let parts: Vec<&str> = folder.split('/').collect();
        let at = parts.iter().position(|p| matches!(*p, "tests" | "test"));
        at.map_or_else(|| folder.to_owned(), |at| parts[..=at].join("/"))
    };
    let found: BTreeSet<String> = folders
        .iter()
        .filter(|f| !is_inside(f))
        .map(|f| named_tests(f))
        .collect();
    found.into_iter().collect()
}

/// Patterns for the logs that are there: whole log folders, and files that lie elsewhere.
fn logs(config: &Config, databases: &BTreeSet<String>) -> Vec<String> {
    let mut names: BTreeSet<String> = source::discover(&config.root, &config.logs)
        .into_iter()
        .filter_map(|spec| match spec {
            SourceSpec::File { path, name, .. } | SourceSpec::Table { path, name, .. } => {
                path.exists().then(|| name.replace('\\', "/"))
            }
            SourceSpec::Stdin => None,
        })
        .collect();
    names.extend(databases.iter().cloned());
    let mut found = BTreeSet::new();
    for name in &names {
        let parts: Vec<&str> = name.split('/').collect();
        let folders = &parts[..parts.len() - 1];
        match folders.iter().position(|p| matches!(*p, "logs" | "log")) {
            Some(at) => {
                found.insert(format!("{}/**", parts[..=at].join("/")));
            }
            // `app.log.1` is found through `app.log`.
            None if is_rotated(name, &names) => {}
            None => {
                found.insert(name.clone());
            }
        }
    }
    found.into_iter().collect()
}

fn is_rotated(name: &str, names: &BTreeSet<String>) -> bool {
    names.iter().any(|other| {
        name.strip_prefix(other.as_str())
            .is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    })
}

/// The text of `guwu.toml`: what was found, then every other setting with its default, switched off.
fn settings(found: &Found) -> String {
    let mut out = String::from(
        "# Settings of Gu Wu. `guwu config` prints each with its value and where that comes from.\n",
    );
    for key in KEYS {
        let detected = match key.name {
            "logs" => Some(&found.logs),
            "test-roots" => Some(&found.test_roots),
            "source-roots" => Some(&found.source_roots),
            _ => None,
        };
        let mark = match detected {
            Some(values) if !values.is_empty() => "",
            _ => "# ",
        };
        let value = match (detected.filter(|v| !v.is_empty()), key.kind) {
            (Some(values), _) => list(values.iter().map(String::as_str)),
            (None, Kind::Texts) => list(key.default.split(',').filter(|v| !v.is_empty())),
            (None, Kind::Text) => quoted(key.default),
            (None, Kind::Switch | Kind::Fraction | Kind::Seconds | Kind::Mebibytes) => {
                key.default.to_owned()
            }
        };
        out.push_str(&format!(
            "\n# {}.\n{mark}{} = {value}\n",
            upper_first(key.about),
            key.name
        ));
    }
    out
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.map(quoted).collect();
    format!("[{}]", values.join(", "))
}

/// A TOML string; but for one control character it is written as in JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007F")
}
