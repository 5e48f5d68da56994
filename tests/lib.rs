//! What the tests across frontends share: the fixtures and the binary. No assertions here.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text and the place of what is expected of it.
pub struct Fixture {
    /// `python/key_error.txt`: also the name of the source that every frontend is told.
    pub name: String,
    /// The bytes that every frontend reads.
    pub input: Vec<u8>,
    /// Holds the failures that are expected, as pretty JSON.
    pub expected: PathBuf,
}

/// `tests/fixtures`.
pub fn fixtures_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture, sorted by name.
pub fn fixtures() -> Vec<Fixture> {
    let root = fixtures_dir();
    let mut all = Vec::new();
    for platform in ["js", "python"] {
        let folder = root.join(platform);
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("cannot list `{}`: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder entry").path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let stem = path.file_name().expect("a file name").to_string_lossy();
                all.push(Fixture {
                    name: format!("{platform}/{stem}"),
                    input: std::fs::read(&path).expect("a readable fixture"),
                    expected: path.with_extension("json"),
                });
            }
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The `guwu` binary of this workspace, freshly built, or the one that `GUWU_BINARY` names.
pub fn guwu_binary() -> PathBuf {
    if let Some(path) = std::env::var_os("GUWU_BINARY") {
        return PathBuf::from(path);
    }
    // Another package's binary is not built for this test; a stale one would test yesterday's code.
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "guwu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "`cargo build -p guwu` failed");
    let test = std::env::current_exe().expect("the test's own path");
    // target/debug/deps/parity-0123 -> target/debug/guwu
    let folder = test.ancestors().nth(2).expect("a target folder");
    folder.join(format!("guwu{}", std::env::consts::EXE_SUFFIX))
}
