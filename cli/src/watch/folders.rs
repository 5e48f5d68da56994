//! The folders in which logs are or may come to lie. It follows the patterns as `source::discover` does and opens no file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use glob::Pattern;

use crate::source::DEFAULT_PATTERNS;

/// More folders than these are not followed; the looks in between find the logs there.
const MOST: usize = 4096;

/// Every folder whose entries decide what `patterns` name below `root`.
pub(super) fn folders(root: &Path, patterns: &[String]) -> BTreeSet<PathBuf> {
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
    let defaults = DEFAULT_PATTERNS.map(str::to_owned);
    let patterns = match patterns.is_empty() {
        true => defaults.as_slice(),
        false => patterns,
    };
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let path = root.join(pattern);
        if path.is_dir() {
            all_below(&path, &mut found);
            found.extend(path.parent().map(Path::to_path_buf));
            continue;
        }
        let start = match pattern.starts_with('/') {
            true => PathBuf::from("/"),
            false => root.clone(),
        };
        let parts: Vec<&str> = pattern
            .split(['/', '\\'])
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        expand(&start, &parts, &mut found);
    }
    found
}

fn expand(folder: &Path, parts: &[&str], found: &mut BTreeSet<PathBuf>) {
    let Some((first, rest)) = parts.split_first() else {
        return;
    };
    if *first == "**" {
        return all_below(folder, found);
    }
    let is_glob = first.contains(['*', '?', '[']);
    if is_glob || rest.is_empty() || !folder.join(first).is_dir() {
        // Its entries are looked through here, or what is named is still missing here.
        if found.len() < MOST {
            found.insert(folder.to_path_buf());
        }
    }
    if rest.is_empty() {
        return;
    }
    if !is_glob {
        let next = folder.join(first);
        if next.is_dir() {
            // It may be removed and made again.
            if folder.parent().is_some() && found.len() < MOST {
                found.insert(folder.to_path_buf());
            }
            expand(&next, rest, found);
        }
        return;
    }
    let pattern = Pattern::new(first).unwrap_or_default();
    for (path, name) in subfolders(folder) {
        if pattern.matches(&name) {
            expand(&path, rest, found);
        }
    }
}

fn all_below(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    if found.len() >= MOST || !folder.is_dir() || !found.insert(folder.to_path_buf()) {
        return;
    }
    for (path, _) in subfolders(folder) {
        all_below(&path, found);
    }
}

/// Folders in a folder, without links (they may lead back up) and without other people's.
fn subfolders(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (entry.path(), name)
        })
        .filter(|(path, name)| {
            !name.starts_with('.')
                && !matches!(
                    name.as_str(),
                    "node_modules" | "__pycache__" | "site-packages"
                )
                && !path.join("pyvenv.cfg").exists()
        })
        .collect()
}

/// What a folder lies on, when changes that another machine makes there give no event.
#[cfg(target_os = "linux")]
pub(super) fn without_events(folder: &Path) -> Option<&'static str> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type as u64 & 0xffff_ffff;
    // The magic numbers of statfs(2).
    match kind {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("a Windows share"),
        0x6573_5546 => Some("FUSE"),
        0x0102_1997 => Some("9P"),
        0x00c3_6400 => Some("Ceph"),
        _ => None,
    }
}

/// What a folder lies on, when changes that another machine makes there give no event; not known here.
#[cfg(not(target_os = "linux"))]
pub(super) fn without_events(_folder: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(made: &[&str], patterns: &[&str]) -> Vec<String> {
        let top = tempfile::tempdir().unwrap();
        for folder in made {
            std::fs::create_dir_all(top.path().join(folder)).unwrap();
        }
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        folders(top.path(), &patterns)
            .iter()
            .map(|f| {
                let inside = f.strip_prefix(top.path()).unwrap();
                inside.to_string_lossy().into_owned()
            })
            .collect()
    }

    #[test]
    fn the_default_patterns_need_the_root_its_folders_and_the_log_folders() {
        assert_eq!(
            check(
                &["app/logs/old", "tests/unit", ".git/x", "node_modules/y"],
                &[]
            ),
            ["", "app", "app/logs", "app/logs/old", "tests"]
        );
    }

    #[test]
    fn a_missing_folder_is_waited_for_where_it_would_appear() {
        assert_eq!(check(&[], &["var/log/*.log"]), [""]);
        assert_eq!(
            check(&["var/log"], &["var/log/*.log"]),
            ["", "var", "var/log"]
        );
    }

    #[test]
    fn a_named_folder_is_followed_with_all_below_it() {
        assert_eq!(check(&["a/b/c"], &["a"]), ["", "a", "a/b", "a/b/c"]);
    }
}
