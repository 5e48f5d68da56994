//! Which file names belong together: a log and what rotation makes of its name.
//! A name only proposes; contents decide (see `identity`).

use std::path::Path;

/// Parts of a name that rotation adds.
fn is_added(part: &str) -> bool {
    const WORDS: [&str; 8] = ["gz", "old", "bak", "backup", "prev", "save", "orig", "copy"];
    let dated = part.chars().any(|c| c.is_ascii_digit())
        && part
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, 'T' | 'Z' | 't' | 'z'));
    dated || WORDS.contains(&part.to_ascii_lowercase().as_str())
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['.', '-', '_', '+', ':', ' '])
        .filter(|part| !part.is_empty())
}

/// `app.log`, `app.log.1`, `app.log.2.gz`, `app-20260101.log` and `app.2026-01-01_00-00-00_123456.log` give the same.
pub(super) fn family(name: &str) -> String {
    let kept: Vec<&str> = parts(name).filter(|part| !is_added(part)).collect();
    if kept.is_empty() {
        return name.to_owned();
    }
    kept.join(".")
}

/// Whether it is the file that `guwu.capture` writes, or a rotated one: `app/logs/guwu-failures.jsonl.1`.
pub(super) fn is_capture(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_prefix("guwu-failures")
        .is_some_and(|rest| rest == ".jsonl" || rest.starts_with(".jsonl."))
}

/// Whether `name` is what rotation makes of `base`: the same parts in the same order and some more.
pub(super) fn is_rotated(base: &str, name: &str) -> bool {
    let mut rest = parts(base).peekable();
    let mut added = 0;
    for part in parts(name) {
        if rest.next_if(|next| *next == part).is_none() {
            if !is_added(part) {
                return false;
            }
            added += 1;
        }
    }
    rest.next().is_none() && added > 0
}

/// A log's name in the store: folder and family.
pub(super) fn source_key(path: &Path, store: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new(""));
    place_key(&folder.join(family(&name)), store)
}

/// A place as seen from the store, so that a project may move or be copied together with its store.
/// Places farther away are named as they are.
pub(super) fn place_key(path: &Path, store: &Path) -> String {
    let shared = path
        .components()
        .zip(store.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = store.components().count() - shared;
    if shared < 2 || up > 3 {
        return path.to_string_lossy().into_owned();
    }
    let rest: Vec<_> = path
        .components()
        .skip(shared)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    format!("{}{}", "../".repeat(up), rest.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_keeps_the_family() {
        for name in [
            "app.log",
            "app.log.1",
            "app.log.12.gz",
            "app.log-20260101",
            "app.log.2026-01-01",
            "app-2026-01-01T00-00-00Z.log",
            "app.2026-01-01_00-00-00_123456.log",
            "app.log.old",
        ] {
            assert_eq!(family(name), "app.log", "{name}");
            assert_eq!(is_rotated("app.log", name), name != "app.log", "{name}");
        }
        assert_ne!(family("app.log"), family("error.log"));
        assert_eq!(family("20260101"), "20260101");
    }

    #[test]
    fn places_near_the_store_are_relative() {
        let store = Path::new("/srv/shop/tools/guwu");
        for (path, key) in [
            ("/srv/shop/logs/app.log.1", "../../logs/app.log"),
            ("/srv/shop/app.log", "../../app.log"),
            ("/srv/logs/app.log", "../../../logs/app.log"),
            ("/var/log/app.log", "/var/log/app.log"),
        ] {
            assert_eq!(source_key(Path::new(path), store), key);
        }
    }

    #[test]
    fn other_logs_are_not_rotated_ones() {
        assert!(!is_rotated("app.log", "app.error.log"));
        assert!(!is_rotated("worker-1.log", "worker-2.log"));
        assert!(!is_rotated("app.log.1", "app.log"));
    }
}
