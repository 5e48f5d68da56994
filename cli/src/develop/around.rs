//! What lies around a failure: the log before and after it, the texts of the trace's modules, and the tests and documents
//! of the project that name what failed.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use guwu_core::code::SourceFile;
use guwu_core::correlate;
use guwu_core::generate::search::Surroundings;
use guwu_core::model::Failure;
use guwu_core::redact;

use super::Workshop;

/// Bytes of the log that are read before and after a failure.
const BEFORE: u64 = 16 << 10;
const AFTER: u64 = 64 << 10;
/// Texts of tests, of modules with examples, and documents that are read, and the size of one.
const MOST_TESTS: usize = 40;
const MOST_MODULES: usize = 30;
const MOST_DOCUMENTS: usize = 60;
const LONGEST: u64 = 512 << 10;
/// Folders with documents, and how deep they are looked into.
const FOLDERS: [&str; 4] = ["docs", "doc", "documentation", "examples"];
const DEPTH: usize = 4;

impl Workshop<'_> {
    /// The lines of the log alone.
    pub(super) fn lines_around(&self, failure: &Failure) -> Surroundings {
        let (before, after) = self.log_around(failure).unwrap_or_default();
        Surroundings {
            before,
            after,
            ..Surroundings::default()
        }
    }

    pub(super) fn surroundings(&self, failure: &Failure) -> Surroundings {
        let mut texts = Vec::new();
        let root = &self.config.root;
        if let Some(exception) = correlate::project_exception(failure, &self.project.map) {
            let mut paths: Vec<&str> = correlate::project_frames(exception, &self.project.map)
                .iter()
                .map(|frame| frame.module.path.as_str())
                .collect();
            paths.sort_unstable();
            paths.dedup();
            for path in paths.into_iter().take(24) {
                if let Ok(text) = fs::read_to_string(root.join(path)) {
                    texts.push(SourceFile {
                        path: path.to_owned(),
                        text,
                        is_test: false,
                    });
                }
            }
        }
        texts.extend(self.examples(failure, &texts));
        Surroundings {
            texts,
            ..self.lines_around(failure)
        }
    }

    /// Tests, modules and documents that name a function or class of the trace.
    fn examples(&self, failure: &Failure, there: &[SourceFile]) -> Vec<SourceFile> {
        let map = &self.project.map;
        let root = &self.config.root;
        let Some(exception) = correlate::project_exception(failure, map) else {
            return Vec::new();
        };
        let mut names: Vec<&str> = Vec::new();
        let mut packages: Vec<&str> = Vec::new();
        for frame in correlate::project_frames(exception, map) {
            let function = frame.function.map(|f| f.function);
            names.extend(function.and_then(|f| f.class.as_deref()));
            names.extend(
                function
                    .map(|f| f.name.as_str())
                    .filter(|n| !n.starts_with("__")),
            );
            packages.extend(frame.module.path.rsplit_once('/').map(|(folder, _)| folder));
        }
        let mentions = |text: &str| names.iter().any(|name| text.contains(name));
        let mut found = Vec::new();
        let mut left = (MOST_TESTS, MOST_MODULES);
        for module in &map.modules {
            let is_near = module.is_test
                || packages.iter().any(|p| module.path.starts_with(p))
                || module.path.ends_with("__init__.py");
            let left = if module.is_test {
                &mut left.0
            } else {
                &mut left.1
            };
            if *left == 0 || !is_near || there.iter().any(|t| t.path == module.path) {
                continue;
            }
            let Some(text) = short_text(&root.join(&module.path)) else {
                continue;
            };
            if mentions(&text) && (module.is_test || text.contains(">>>")) {
                *left -= 1;
                found.push(SourceFile {
                    path: module.path.clone(),
                    text,
                    is_test: module.is_test,
                });
            }
        }
        let mut paths = Vec::new();
        documents(root, 0, &mut paths);
        for path in paths {
            let Some(text) = short_text(&path).filter(|text| mentions(text)) else {
                continue;
            };
            let path = path.strip_prefix(root).unwrap_or(&path);
            found.push(SourceFile {
                path: path.to_string_lossy().replace('\\', "/"),
                text,
                is_test: false,
            });
        }
        found
    }

    /// Lines of the log before and after a failure, while the file is still there.
    fn log_around(&self, failure: &Failure) -> Option<(Vec<String>, Vec<String>)> {
        let path = self.log_path(&failure.origin.source)?;
        let mut file = fs::File::open(path).ok()?;
        let at = failure.origin.offset;
        let from = at.saturating_sub(BEFORE);
        file.seek(SeekFrom::Start(from)).ok()?;
        let mut bytes = Vec::new();
        file.take(at - from + AFTER).read_to_end(&mut bytes).ok()?;
        let split = usize::try_from(at - from).ok()?.min(bytes.len());
        let lines = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes);
            redact::text(&text).lines().map(str::to_owned).collect()
        };
        let before = lines(&bytes[..split]);
        let mut after = lines(&bytes[split..]);
        // Up to the end of the failure's own traceback.
        let last = failure.primary().and_then(|e| e.type_name.as_deref());
        if let Some(end) = last.and_then(|last| after.iter().position(|l| names(l, last))) {
            after.drain(..=end);
        }
        Some((before, after))
    }

    fn log_path(&self, source: &str) -> Option<PathBuf> {
        let path = Path::new(source);
        let inside = self.config.root.join(path);
        inside.is_file().then_some(inside)
    }
}

/// Whether a line begins with an exception's class, with or without its module: `shop.errors.NoStock: 3 missing`.
fn names(line: &str, type_name: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let word = line.trim_start().split([':', ' ']).next();
    !type_name.is_empty() && word.map(last) == Some(last(type_name))
}

/// README and the like, and what lies in folders of documents.
fn documents(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if found.len() >= MOST_DOCUMENTS {
            return;
        }
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_document = [".md", ".rst", ".txt"]
            .iter()
            .any(|end| name.ends_with(end));
        if kind.is_dir() && depth < DEPTH && (depth > 0 || FOLDERS.contains(&name.as_str())) {
            documents(&entry.path(), depth + 1, found);
        } else if kind.is_file() && is_document {
            found.push(entry.path());
        }
    }
}

/// A file's text, unless it is too long or no text.
fn short_text(path: &Path) -> Option<String> {
    let length = fs::metadata(path).ok()?.len();
    (length <= LONGEST)
        .then(|| fs::read_to_string(path).ok())
        .flatten()
}
