//! Tells when a log may have changed: by the file system's events, and where there are none by looking.
//!
//! It reads no log: whoever is woken scans, and the scan finds out what is new. So an event too many costs a look,
//! and one too few is made up for by the next look.

mod bell;
mod exec;
mod folders;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::source::SourceSpec;

pub use bell::{Bell, Wake};
pub use exec::{ExecError, exec};

/// Time between two looks where events come; they make up for events that got lost.
const LOOK_SELDOM: Duration = Duration::from_secs(30);
/// Time between two looks where no events come.
const LOOK_OFTEN: Duration = Duration::from_secs(1);

/// Size, time and identity of every log: a hint whether a scan is worth it, nothing more.
type Signature = Vec<(PathBuf, u64, Option<SystemTime>, u64)>;

/// Waits for changes of logs.
pub struct Eyes {
    root: PathBuf,
    patterns: Vec<String>,
    bell: Arc<Bell>,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    signature: Signature,
    /// Why there are no events, once that was found out.
    why_looking: Option<String>,
    told: bool,
}

impl Eyes {
    /// For the logs that `patterns` name below `root`. Files below `state_dir` are ours and wake nobody.
    pub fn new(
        root: &Path,
        patterns: &[String],
        state_dir: &Path,
        bell: Arc<Bell>,
        looks_only: bool,
    ) -> Eyes {
        bell.ignore(
            &state_dir
                .canonicalize()
                .unwrap_or_else(|_| state_dir.to_path_buf()),
        );
        let mut eyes = Eyes {
            root: root.to_path_buf(),
            patterns: patterns.to_vec(),
            bell,
            watcher: None,
            watched: BTreeSet::new(),
            signature: Signature::new(),
            why_looking: None,
            told: false,
        };
        if looks_only {
            eyes.why_looking = Some("as asked".to_owned());
            eyes.told = true;
        } else {
            eyes.open();
        }
        eyes
    }

    /// What the user must hear: that logs are looked at instead of waited for, and why. Once.
    pub fn notice(&mut self) -> Option<String> {
        let why = self.why_looking.as_ref().filter(|_| !self.told)?;
        self.told = true;
        Some(format!(
            "the system gives no file events ({why}); looking every second instead"
        ))
    }

    /// To be called before each scan with the logs it will read, so that nothing falls between two scans.
    pub fn sync(&mut self, specs: &[SourceSpec]) {
        let mut files: BTreeSet<PathBuf> = BTreeSet::new();
        for spec in specs {
            let (SourceSpec::File { path, .. } | SourceSpec::Table { path, .. }) = spec else {
                continue;
            };
            files.extend(path.canonicalize());
            files.insert(std::path::absolute(path).unwrap_or_else(|_| path.clone()));
        }
        self.signature = signature(&files);
        if self.watcher.is_none() {
            return;
        }
        let mut wanted = folders::folders(&self.root, &self.patterns);
        wanted.extend(files.iter().filter_map(|f| Some(f.parent()?.to_path_buf())));
        // One name a folder: the system keeps one watch for it, whatever names lead to it.
        let wanted: BTreeSet<PathBuf> = wanted.iter().flat_map(|f| f.canonicalize()).collect();
        for gone in self.bell.watch_for(files) {
            // A folder of that name may be there again, but it is another one.
            if self.watched.remove(&gone)
                && let Some(watcher) = &mut self.watcher
            {
                let _ = watcher.unwatch(&gone);
            }
        }
        let gone: Vec<PathBuf> = self.watched.difference(&wanted).cloned().collect();
        for folder in gone {
            self.watched.remove(&folder);
            if let Some(watcher) = &mut self.watcher {
                // It went away together with its watch.
                let _ = watcher.unwatch(&folder);
            }
        }
        let new: Vec<PathBuf> = wanted.difference(&self.watched).cloned().collect();
        for folder in new {
            self.add(folder);
        }
    }

    /// Waits for a change, the end, or `limit`.
    pub fn wait(&mut self, limit: Option<Duration>) -> Wake {
        let look = match self.why_looking {
            Some(_) => LOOK_OFTEN,
            None => LOOK_SELDOM,
        };
        let mut left = limit;
        loop {
            let step = left.map_or(look, |left| left.min(look));
            match self.bell.wait(step) {
                Wake::Time => {}
                woken => return woken,
            }
            if self.has_changed() {
                if self.why_looking.is_none() {
                    // No event told of it: the watches are stale or the file system gives none.
                    self.watched.clear();
                    self.watcher = None;
                    self.open();
                }
                return Wake::Changed;
            }
            left = match left {
                Some(left) if left <= step => return Wake::Time,
                Some(left) => Some(left - step),
                None => None,
            };
        }
    }

    fn has_changed(&self) -> bool {
        let mut files: BTreeSet<PathBuf> = self.signature.iter().map(|s| s.0.clone()).collect();
        if self.why_looking.is_some() {
            for spec in crate::source::discover(&self.root, &self.patterns) {
                if let SourceSpec::File { path, .. } | SourceSpec::Table { path, .. } = spec {
                    files.extend(path.canonicalize());
                    files.insert(path);
                }
            }
            // Both names of a linked file are in the list; new names make another list.
        }
        signature(&files) != self.signature
    }

    fn open(&mut self) {
        let bell = Arc::clone(&self.bell);
        match notify::recommended_watcher(move |event| bell.ring_for(event)) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.give_up(&error),
        }
    }

    fn add(&mut self, folder: PathBuf) {
        if let Some(kind) = folders::without_events(&folder) {
            self.why_looking.get_or_insert(format!(
                "`{}` lies on {kind}",
                crate::render::plain(&folder.to_string_lossy())
            ));
        }
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        match watcher.watch(&folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.watched.insert(folder);
            }
            Err(error) if is_gone(&error) => {}
            Err(error) => self.give_up(&error),
        }
    }

    fn give_up(&mut self, error: &notify::Error) {
        let why = match &error.kind {
            notify::ErrorKind::MaxFilesWatch => {
                "the limit of watches is reached; raise fs.inotify.max_user_watches".to_owned()
            }
            notify::ErrorKind::Io(error) => error.to_string(),
            other => format!("{other:?}"),
        };
        self.why_looking.get_or_insert(why);
    }
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn signature(files: &BTreeSet<PathBuf>) -> Signature {
    let mut found = Signature::new();
    for path in files {
        for path in [path.clone(), with_wal(path)] {
            let Ok(metadata) = path.metadata() else {
                continue;
            };
            found.push((
                path,
                metadata.len(),
                metadata.modified().ok(),
                inode(&metadata),
            ));
        }
    }
    found
}

fn with_wal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

#[cfg(unix)]
fn inode(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &std::fs::Metadata) -> u64 {
    0
}
