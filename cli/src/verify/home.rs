//! A home folder for test runs: what a user keeps there can be read, all but the keys to elsewhere, and what a run makes
//! there is gone with it.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::link;

/// Folders in which programs make folders of their own.
const SHARED: [&str; 8] = [
    ".cache",
    ".config",
    ".local",
    ".local/share",
    ".local/state",
    "Library",
    "Library/Application Support",
    "Library/Caches",
];
/// What is made there can be made again, and nobody minds.
const CACHES: [&str; 2] = [".cache", "Library/Caches"];
/// What lets a program act in the name of the user.
const WITHHELD: [&str; 13] = [
    ".aws",
    ".azure",
    ".boto",
    ".docker",
    ".git-credentials",
    ".gnupg",
    ".kube",
    ".my.cnf",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".ssh",
    ".config/gcloud",
];

/// The home folder of whoever runs this.
pub(super) fn of_user() -> Option<PathBuf> {
    let named = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    Some(PathBuf::from(named)).filter(|home| home.is_absolute())
}

/// Fills an empty folder with links to what the user has at home.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn fill(real: &Path, home: &Path) -> io::Result<()> {
    fill_from(real, home, Path::new(""))
}

fn fill_from(real: &Path, home: &Path, below: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(real.join(below)) else {
        return Ok(());
    };
    for name in entries.flatten().map(|entry| entry.file_name()) {
        let path = below.join(name);
        let is = |names: &[&str]| {
            names
                .iter()
                .any(|name| path.as_os_str() == OsStr::new(name))
        };
        if is(&WITHHELD) {
            continue;
        }
        if is(&SHARED) {
            fs::create_dir(home.join(&path))?;
            fill_from(real, home, &path)?;
        } else {
            link(&real.join(&path), &home.join(&path))?;
        }
    }
    Ok(())
}

/// What a run made in it beside caches: paths below the folder, none of them below another.
pub(super) fn made(home: &Path) -> Vec<String> {
    let mut found = Vec::new();
    look(home, Path::new(""), &mut found);
    found.sort();
    found
}

fn look(home: &Path, below: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(home.join(below)) else {
        return;
    };
    for entry in entries.flatten() {
        let path = below.join(entry.file_name());
        let name = path.to_string_lossy().replace('\\', "/");
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() || CACHES.contains(&name.as_str()) => {}
            Ok(kind) if kind.is_dir() && SHARED.contains(&name.as_str()) => {
                look(home, &path, found);
            }
            _ => found.push(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_home_can_be_read_and_what_is_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (real, home) = (folder.path().join("real"), folder.path().join("home"));
        for path in [
            ".ssh",
            ".config/shop",
            ".config/gcloud",
            ".local/share",
            "data",
        ] {
            fs::create_dir_all(real.join(path)).unwrap();
        }
        fs::write(real.join(".config/shop/shop.toml"), "x").unwrap();
        fs::create_dir(&home).unwrap();
        fill(&real, &home).unwrap();
        assert!(home.join(".config/shop/shop.toml").is_file());
        assert!(home.join("data").is_dir());
        assert!(!home.join(".ssh").exists() && !home.join(".config/gcloud").exists());
        assert_eq!(made(&home), [""; 0]);

        for path in [".config/beets", ".local/share/app", ".app", ".cache/fonts"] {
            fs::create_dir_all(home.join(path)).unwrap();
        }
        fs::write(home.join(".config/beets/state"), "x").unwrap();
        assert_eq!(made(&home), [".app", ".config/beets", ".local/share/app"]);
        assert!(!real.join(".app").exists());
    }
}
