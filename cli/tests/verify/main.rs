//! The runner with a real interpreter and a real pytest. Skips with a word where there is none.

#![allow(clippy::unwrap_used, reason = "a test ends where something is amiss")]

mod batch;
mod classes;
mod explore;
mod guard;
mod lines;
mod mirror;

use std::path::{Path, PathBuf};
use std::process::Command;

use guwu::verify::{Runner, TestFile};
use tempfile::TempDir;

/// An interpreter with pytest: the one that the Makefile names, the one in the cache, the machine's own.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("GUWU_TEST_PYTHON").map(PathBuf::from);
    let cache = std::env::var_os("GUWU_CACHE")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/guwu")));
    let cached = cache
        .and_then(|cache| std::fs::read_dir(cache).ok())
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("venv-"))
        .map(|entry| entry.path().join("bin/python"));
    let found = named
        .into_iter()
        .chain(cached)
        .chain([PathBuf::from("python3")])
        .find(|python| {
            Command::new(python)
                .args(["-c", "import pytest"])
                .output()
                .is_ok_and(|done| done.status.success())
        });
    if found.is_none() {
        eprintln!("skipped: no python with pytest; `make venv` makes one");
    }
    found
}

/// A project in a folder of its own and what runs its tests.
struct Project {
    folder: TempDir,
    runner: Runner,
}

impl Project {
    fn new(timeout: u64) -> Option<Project> {
        let python = python()?;
        let folder = tempfile::tempdir().unwrap();
        let runner = Runner::new(folder.path().to_owned(), python, timeout);
        let project = Project { folder, runner };
        project.write("shop.py", SHOP);
        Some(project)
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn file(name: &str, content: &str) -> TestFile {
    TestFile {
        path: format!("tests/{name}.py"),
        content: content.to_owned(),
    }
}

const SHOP: &str = "
import logging


def price(basket):
    return sum(basket[name] for name in ('apple', 'pear'))


def total(basket):
    try:
        return price(basket)
    except KeyError as error:
        raise ValueError('no total') from error


def quiet(basket):
    try:
        return price(basket)
    except KeyError:
        logging.getLogger('shop').exception('no price')
        return 0
";
