//! Logs in all states of rotation, damage and interruption against a real store. Tests are named by the fault
//! that they are about: f07 is "a log is copied and truncated".

#![allow(clippy::unwrap_used, reason = "a test ends where something is amiss")]

mod corpus;
mod files;
mod kill;
mod rotation;
mod store;
mod table;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use guwu::source::{self, Report, SourceSpec};
use guwu::store::{Filter, OpenOptions, Store};
use guwu_core::model::Options;

/// The time of every scan; nothing may depend on it.
pub const NOW: &str = "2026-02-05T06:00:00Z";

/// A folder with logs and a store.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    #[allow(clippy::new_without_default, reason = "each call makes a folder")]
    pub fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// In memory where the system has such a folder: for tests that open hundreds of stores.
    pub fn quick() -> Place {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Place {
            folder: folder.unwrap(),
        }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path("tools/guwu")).unwrap()
    }

    /// One that gives up at once where another process is in the way.
    pub fn impatient_store(&self) -> Store {
        let options = OpenOptions {
            busy: std::time::Duration::ZERO,
            ..OpenOptions::default()
        };
        Store::open_with(&self.path("tools/guwu"), &options).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn append(&self, name: &str, text: &str) {
        fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.path(name))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Packs a file and removes the plain one, as logrotate does.
    pub fn pack(&self, from: &str, to: &str) {
        let plain = fs::read(self.path(from)).unwrap();
        fs::write(self.path(to), packed(&plain)).unwrap();
        fs::remove_file(self.path(from)).unwrap();
    }

    /// A scan with a store opened anew, as each run of the command does.
    pub fn scan(&self, patterns: &[&str]) -> Report {
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        let specs = source::discover(self.root(), &patterns);
        self.scan_specs(&specs)
    }

    pub fn scan_specs(&self, specs: &[SourceSpec]) -> Report {
        let mut store = self.store();
        assert_eq!(store.notices(), [""; 0]);
        source::ingest(&mut store, specs, &Options::default(), NOW).unwrap()
    }

    /// Failures counted in all groups.
    pub fn total(&self) -> u64 {
        self.groups().iter().map(|(_, count)| count).sum()
    }

    /// Title and count of each group, in the order of the titles.
    pub fn groups(&self) -> Vec<(String, u64)> {
        let mut groups: Vec<(String, u64)> = self
            .store()
            .groups(&Filter::default())
            .unwrap()
            .into_iter()
            .map(|group| (group.title, group.count))
            .collect();
        groups.sort();
        groups
    }
}

pub fn packed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A record that is no failure.
pub fn fine(number: usize) -> String {
    format!(
        "2026-02-05 05:{:02}:{:02},{:03} INFO app.web: request {number} served\n",
        number / 60 % 60,
        number % 60,
        number % 1000
    )
}

/// A record with a traceback. Equal kinds make one group, whatever the number.
pub fn failure(number: usize, kind: &str) -> String {
    format!(
        "2026-02-05 05:{:02}:{:02},{:03} ERROR app.facade: refreshing the cache failed\n\
         Traceback (most recent call last):\n\
         \x20 File \"/srv/app/{kind}.py\", line 12, in refresh_{kind}\n\
         \x20   return cache[{kind}]\n\
         KeyError: '{kind}'\n",
        number / 60 % 60,
        number % 60,
        number % 1000
    )
}

/// `count` failures of three kinds with other records between, numbered from `first`.
pub fn log(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|number| fine(number) + &failure(number, ["alpha", "beta", "gamma"][number % 3]))
        .collect()
}
