//! Where the project begins: from a folder upwards. It reads no setting.

use std::path::{Path, PathBuf};

/// The folder of state where nothing else is said, from the root.
pub const STATE_DIR: &str = "tools/guwu";

/// What only Gu Wu leaves in its folder; the folder's name alone may be a checkout of anything.
const TRACES: &[&str] = &[
    "config.py",
    "failures.db",
    "patterns.db",
    "learning_metrics.db",
    "generated_tests",
];

/// Marks any Python project.
const MARKERS: &[&str] = &[
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
    "setup.py",
    ".git",
];

/// The project's folder and what marked it; without any mark the folder started from.
///
/// The nearest folder with something of Gu Wu's own wins over a nearer one that is any project, so that one `guwu.toml`
/// at the top of a repository serves all its parts; the search for it ends with the repository.
pub fn find(start: &Path) -> (PathBuf, String) {
    let repository = start
        .ancestors()
        .find(|folder| folder.join(".git").exists());
    for folder in start.ancestors() {
        if let Some(mark) = own_mark(folder) {
            return (folder.to_owned(), mark);
        }
        if Some(folder) == repository {
            break;
        }
    }
    for folder in start.ancestors() {
        if let Some(mark) = MARKERS.iter().find(|name| folder.join(name).exists()) {
            return (folder.to_owned(), (*mark).to_owned());
        }
    }
    (start.to_owned(), "default".to_owned())
}

fn own_mark(folder: &Path) -> Option<String> {
    if folder.join("guwu.toml").is_file() {
        return Some("guwu.toml".to_owned());
    }
    // A line, not a parse: a broken file must lead to the message that says so, not to another root.
    let pyproject = std::fs::read(folder.join("pyproject.toml")).unwrap_or_default();
    if String::from_utf8_lossy(&pyproject)
        .lines()
        .any(|line| line.trim_start().starts_with("[tool.guwu]"))
    {
        return Some("pyproject.toml".to_owned());
    }
    let state = folder.join(STATE_DIR);
    TRACES
        .iter()
        .any(|name| state.join(name).exists())
        .then(|| STATE_DIR.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir_all, write};

    use super::*;

    /// Makes the files, then says which folder (from the top) `find` takes from `start` and why.
    fn check(files: &[&str], start: &str) -> (String, String) {
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        create_dir_all(top.join(start)).unwrap();
        for file in files {
            let (name, text) = file.split_once(':').unwrap_or((file, ""));
            create_dir_all(top.join(name).parent().unwrap()).unwrap();
            write(top.join(name), text).unwrap();
        }
        let (root, mark) = find(&top.join(start));
        let from_top = root
            .strip_prefix(&top)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        (from_top, mark)
    }

    #[test]
    fn the_nearest_project_is_the_root() {
        assert_eq!(
            check(&["a/pytest.ini", "pyproject.toml"], "a/b/c"),
            ("a".into(), "pytest.ini".into())
        );
        assert_eq!(
            check(&["a/setup.cfg", "a/b/.git/HEAD"], "a/b"),
            ("a/b".into(), ".git".into())
        );
    }

    #[test]
    fn gu_wu_s_own_mark_wins_inside_the_repository() {
        let files = ["guwu.toml", "api/pyproject.toml", ".git/HEAD"];
        assert_eq!(
            check(&files, "api/src"),
            (String::new(), "guwu.toml".into())
        );
        let files = [
            "p/pyproject.toml:[tool.guwu]",
            "p/api/pytest.ini",
            "p/.git/HEAD",
        ];
        assert_eq!(
            check(&files, "p/api"),
            ("p".into(), "pyproject.toml".into())
        );
        let files = ["p/tools/guwu/config.py", "p/api/pytest.ini", "p/.git/HEAD"];
        assert_eq!(check(&files, "p/api"), ("p".into(), "tools/guwu".into()));
    }

    #[test]
    fn beyond_the_repository_nothing_is_ours() {
        let files = ["guwu.toml", "p/.git/HEAD", "p/api/pytest.ini"];
        assert_eq!(
            check(&files, "p/api"),
            ("p/api".into(), "pytest.ini".into())
        );
        let files = ["tools/guwu/Cargo.toml", "p/pytest.ini"];
        assert_eq!(check(&files, "p"), ("p".into(), "pytest.ini".into()));
    }
}
