//! The project on disk: its Python texts, its interpreter, its pytest markers. It reads and never writes.

use std::fs;
use std::path::{Path, PathBuf};

use guwu_core::code::{CodeMap, SourceFile};
use guwu_core::generate::habits::{self, Habits};

use crate::config::Config;

/// Files above this size are data, not code that people write.
const LARGEST: u64 = 1 << 20;
/// A tree with more files than this is not one project.
const MOST_FILES: usize = 20_000;

/// What the later steps need to know about a project.
#[derive(Debug)]
pub struct Project {
    /// The code map of sources and tests.
    pub map: CodeMap,
    /// How the project writes its tests.
    pub habits: Habits,
}

/// Reads the project.
pub fn read(config: &Config) -> Project {
    let mut files = Vec::new();
    walk(&config.root, &config.root, config, &mut files);
    let map = CodeMap::new(&files, &config.source_roots);
    let habits = habits::learn(&map, &declared_markers(&config.root), &config.test_roots);
    Project { map, habits }
}

fn walk(folder: &Path, root: &Path, config: &Config, files: &mut Vec<SourceFile>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Links are not followed: they lead to loops and out of the project.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            let is_skipped = name.starts_with('.')
                || matches!(
                    &*name,
                    "node_modules" | "__pycache__" | "site-packages" | "build" | "dist"
                )
                || path == config.state_dir
                || path.join("pyvenv.cfg").exists();
            if !is_skipped {
                walk(&path, root, config, files);
            }
        } else if kind.is_file()
            && name.ends_with(".py")
            && files.len() < MOST_FILES
            && entry.metadata().is_ok_and(|m| m.len() <= LARGEST)
            && let Ok(bytes) = fs::read(&path)
            && let Ok(relative) = path.strip_prefix(root)
        {
            let relative = relative.to_string_lossy().replace('\\', "/");
            let is_named_so = name.starts_with("test_") || name.ends_with("_test.py");
            let is_test = config
                .test_roots
                .iter()
                .any(|root| habits::is_below(&relative, root))
                || name == "conftest.py"
                // Tests that a package brings along.
                || (is_named_so && (config.test_roots.is_empty() || has_test_folder(&relative)));
            files.push(SourceFile {
                is_test,
                text: String::from_utf8_lossy(&bytes).into_owned(),
                path: relative,
            });
        }
    }
}

/// Whether a folder on the way to a file is called after tests.
fn has_test_folder(path: &str) -> bool {
    let mut parts = path.split('/').rev().skip(1);
    parts.any(|part| matches!(part, "tests" | "test" | "testing"))
}

/// Markers that the project declares to pytest.
fn declared_markers(root: &Path) -> Vec<String> {
    let mut markers = Vec::new();
    for (file, section) in [
        ("pytest.ini", "pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ] {
        let Ok(text) = fs::read_to_string(root.join(file)) else {
            continue;
        };
        for entry in crate::config::ini_entries(&text) {
            if entry.section == section && entry.name == "markers" {
                markers.extend(entry.value.lines().filter_map(marker_name));
            }
        }
    }
    let listed = fs::read_to_string(root.join("pyproject.toml"))
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
        .and_then(|table| {
            let options = table.get("tool")?.get("pytest")?.get("ini_options")?;
            options.get("markers")?.as_array().cloned()
        });
    markers.extend(
        listed
            .iter()
            .flatten()
            .filter_map(|m| marker_name(m.as_str()?)),
    );
    markers
}

/// `unit: fast, one class` → `unit`.
fn marker_name(line: &str) -> Option<String> {
    let name = line.split([':', '(']).next()?.trim();
    guwu_core::generate::literal::is_identifier(name).then(|| name.to_owned())
}

/// The interpreter that runs the project's tests.
pub fn python(config: &Config) -> PathBuf {
    if let Some(python) = &config.python {
        let path = PathBuf::from(python);
        // A relative path with a folder in it is meant from the project's root.
        return match path.is_relative() && path.components().count() > 1 {
            true => config.root.join(path),
            false => path,
        };
    }
    let in_environment = |folder: PathBuf| {
        ["bin/python", "Scripts/python.exe"]
            .iter()
            .map(|p| folder.join(p))
            .find(|p| p.exists())
    };
    std::env::var_os("VIRTUAL_ENV")
        .map(PathBuf::from)
        .and_then(in_environment)
        .or_else(|| {
            [".venv", "venv", "env"]
                .iter()
                .find_map(|f| in_environment(config.root.join(f)))
        })
        .unwrap_or_else(|| PathBuf::from(if cfg!(windows) { "python" } else { "python3" }))
}
