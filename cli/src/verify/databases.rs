//! Which of the databases that a run opened are a developer's own: what no test made and no checkout has, a test must not
//! rest on.

use std::ffi::OsStr;
use std::path::Path;

use super::revision::git;

/// Folders in which a project keeps what its tests read.
const OF_TESTS: [&str; 5] = ["test", "tests", "testing", "fixtures", "testdata"];

/// Of databases that were opened, those of the project that were there before and are kept nowhere; relative to its root.
pub(super) fn own(root: &Path, opened: &[String]) -> Vec<String> {
    let relative = opened
        .iter()
        .filter_map(|path| Path::new(path).strip_prefix(root).ok());
    relative
        .filter(|path| is_own(root, path))
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect()
}

fn is_own(root: &Path, path: &Path) -> bool {
    let was_there = root.join(path).metadata().is_ok_and(|m| m.len() > 0);
    let mut folders = path.parent().into_iter().flat_map(Path::components);
    let is_of_tests = folders.any(|folder| {
        let name = folder.as_os_str().to_string_lossy().to_lowercase();
        OF_TESTS.contains(&name.as_str())
    });
    was_there && !is_of_tests && !is_tracked(root, path)
}

/// Whether git keeps it.
fn is_tracked(root: &Path, path: &Path) -> bool {
    let asked = ["ls-files", "--error-unmatch", "--"].map(OsStr::new);
    git(root, asked.into_iter().chain([path.as_os_str()])).is_ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    #[test]
    fn what_no_checkout_has_is_a_developers_own() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["shop.db", "tests/data/rows.db", "data/cities.db"] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "SQLite format 3").unwrap();
        }
        fs::write(root.join("empty.db"), "").unwrap();
        let git = |arguments: &[&str]| {
            let done = Command::new("git")
                .arg("-C")
                .arg(root)
                .args(arguments)
                .output();
            assert!(done.unwrap().status.success());
        };
        git(&["init", "-q"]);
        git(&["add", "data"]);
        let paths = [
            "shop.db",
            "tests/data/rows.db",
            "data/cities.db",
            "empty.db",
            "made.db",
        ];
        let opened: Vec<String> = paths
            .iter()
            .map(|path| root.join(path).to_string_lossy().into_owned())
            .chain(["/elsewhere/shop.db".to_owned()])
            .collect();
        assert_eq!(own(root, &opened), ["shop.db"]);
    }
}
