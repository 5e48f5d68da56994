//! Finds logs below a project: globs, folders and plain paths. It opens nothing but folders and a file's first bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::SourceSpec;

/// Where logs lie when nobody says anything else.
pub const DEFAULT_PATTERNS: [&str; 5] = ["logs/**", "*/logs/**", "log/**", "*.log", "*/*.log"];

/// Folders that hold other people's files or our own.
const SKIPPED_FOLDERS: [&str; 8] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "__pycache__",
    ".tox",
    ".nox",
    "site-packages",
];

/// Endings of files in a log folder that are no logs.
const SKIPPED_ENDINGS: [&str; 52] = [
    "py", "pyi", "pyc", "js", "mjs", "cjs", "jsx", "ts", "tsx", "css", "scss", "html", "htm", "md",
    "rst", "toml", "yaml", "yml", "ini", "cfg", "lock", "map", "sh", "sql", "rs", "go", "java",
    "c", "h", "png", "jpg", "jpeg", "gif", "webp", "ico", "svg", "pdf", "zip", "tar", "tgz", "7z",
    "bz2", "xz", "zst", "so", "exe", "dll", "jar", "whl", "pid", "woff2", "mp4",
];

/// The logs that `patterns` name below `root`, each once, in the order of their paths.
///
/// A pattern is a glob (`logs/**`), a folder (read with all below it), a file, or `-` for standard input.
/// Without any pattern the [`DEFAULT_PATTERNS`] hold. A plain path that does not exist is kept: reading reports it.
pub fn discover(root: &Path, patterns: &[String]) -> Vec<SourceSpec> {
    let defaults: Vec<String>;
    let patterns = if patterns.is_empty() {
        defaults = DEFAULT_PATTERNS.iter().map(|p| (*p).to_owned()).collect();
        &defaults
    } else {
        patterns
    };
    // Whether the user named this very file.
    let mut files: BTreeMap<PathBuf, bool> = BTreeMap::new();
    let mut stdin = false;
    for pattern in patterns {
        if pattern == "-" {
            stdin = true;
            continue;
        }
        let path = root.join(pattern);
        if path.is_dir() {
            let mut walk = Walk::default();
            walk.all_below(&path);
            for file in walk.files {
                files.entry(file).or_insert(false);
            }
        } else if path.exists() || !is_glob(pattern) {
            files.insert(path, true);
        } else {
            let mut walk = Walk::default();
            walk.glob(root, pattern);
            for file in walk.files {
                files.entry(file).or_insert(false);
            }
        }
    }
    let mut specs: Vec<SourceSpec> = Vec::new();
    for (path, explicit) in files {
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        specs.push(if is_database(&path) {
            SourceSpec::Table {
                path,
                name,
                table: None,
                columns: None,
                explicit,
            }
        } else {
            SourceSpec::File {
                path,
                name,
                explicit,
            }
        });
    }
    if stdin {
        specs.push(SourceSpec::Stdin);
    }
    specs
}

fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

/// The first bytes of every SQLite file.
pub(super) fn is_database(path: &Path) -> bool {
    if !path.metadata().is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut head = [0u8; 16];
    std::fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut head))
        .is_ok_and(|()| head == *b"SQLite format 3\0")
}

#[derive(Default)]
struct Walk {
    files: BTreeSet<PathBuf>,
    /// Folders entered, by their true path: a link that leads back up ends here.
    entered: BTreeSet<PathBuf>,
}

impl Walk {
    fn glob(&mut self, root: &Path, pattern: &str) {
        let mut start = root.to_path_buf();
        let mut parts: Vec<&str> = pattern.split(['/', '\\']).collect();
        if pattern.starts_with('/') {
            start = PathBuf::from("/");
        }
        parts.retain(|part| !part.is_empty() && *part != ".");
        self.expand(&start, &parts);
    }

    fn expand(&mut self, folder: &Path, parts: &[&str]) {
        let Some((first, rest)) = parts.split_first() else {
            return;
        };
        if *first == ".." || !is_glob(first) {
            let next = folder.join(first);
            if rest.is_empty() {
                self.take(&next, false);
            } else if next.is_dir() {
                self.expand(&next, rest);
            }
            return;
        }
        if *first == "**" {
            if rest.is_empty() {
                self.all_below(folder);
                return;
            }
            self.expand(folder, rest);
            if self.enter(folder) {
                for (path, is_folder) in entries(folder) {
                    if is_folder && !is_hidden(&path) {
                        self.expand(&path, parts);
                    }
                }
            }
            return;
        }
        // A part that is no valid glob matches itself alone.
        let pattern = Pattern::new(first)
            .or_else(|_| Pattern::new(&Pattern::escape(first)))
            .unwrap_or_default();
        let options = MatchOptions {
            require_literal_leading_dot: true,
            ..MatchOptions::new()
        };
        for (path, is_folder) in entries(folder) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !pattern.matches_with(&name, options) {
                continue;
            }
            if rest.is_empty() {
                if !is_folder {
                    self.take(&path, false);
                }
            } else if is_folder {
                self.expand(&path, rest);
            }
        }
    }

    fn all_below(&mut self, folder: &Path) {
        if !self.enter(folder) {
            return;
        }
        for (path, is_folder) in entries(folder) {
            if is_hidden(&path) {
                continue;
            }
            if is_folder {
                self.all_below(&path);
            } else {
                self.take(&path, true);
            }
        }
    }

    /// `false` where the walk has been already.
    fn enter(&mut self, folder: &Path) -> bool {
        match folder.canonicalize() {
            Ok(true_path) => self.entered.insert(true_path),
            Err(_) => false,
        }
    }

    fn take(&mut self, path: &Path, choosy: bool) {
        let Ok(found) = path.metadata() else {
            return;
        };
        if !found.is_file() {
            return;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ["-wal", "-shm", "-journal"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            return;
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if choosy && SKIPPED_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
            return;
        }
        self.files.insert(path.to_path_buf());
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// What lies in a folder, with whether it is one itself. Folders that are skipped everywhere are left out.
fn entries(folder: &Path) -> Vec<(PathBuf, bool)> {
    let Ok(listing) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<(PathBuf, bool)> = listing
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter_map(|path| {
            let is_folder = path.is_dir();
            let name = path.file_name()?.to_string_lossy().into_owned();
            let skipped = is_folder
                && (SKIPPED_FOLDERS.contains(&name.as_str())
                    // a virtual environment, whatever it is called
                    || path.join("pyvenv.cfg").exists()
                    // a store of ours, wherever it is configured to be
                    || (path.join("failures.db").exists() && path.join("learning_metrics.db").exists())
                    || path.ends_with("tools/guwu"));
            (!skipped).then_some((path, is_folder))
        })
        .collect();
    found.sort();
    found
}
