//! Where events, signals and the waiting loop meet. However many events come, it holds no more than "something changed".

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{EventKind, ModifyKind};

/// A burst has ended when nothing came for so long …
const QUIET: Duration = Duration::from_millis(250);
/// … and one that does not end is cut off here.
const LONGEST_BURST: Duration = Duration::from_secs(1);

/// Why the waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// A log may have changed.
    Changed,
    /// The time is over.
    Time,
    /// The command is to end.
    Stop,
}

/// Rung by events and signals.
#[derive(Debug, Default)]
pub struct Bell {
    state: Mutex<State>,
    rung: Condvar,
    stop: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct State {
    changed: bool,
    /// Logs whose growth matters.
    files: BTreeSet<PathBuf>,
    /// Watched folders that were removed or renamed.
    gone: BTreeSet<PathBuf>,
    ignored: PathBuf,
}

impl Bell {
    /// Asks the loop to end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        // Taking the lock makes sure that nobody is between looking at `stop` and going to sleep.
        drop(self.state());
        self.rung.notify_all();
    }

    /// Whether the command is to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The same, for whoever waits for something else.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Whether a log may have changed since the last wait.
    pub fn has_rung(&self) -> bool {
        self.state().changed
    }

    pub(super) fn ignore(&self, folder: &Path) {
        self.state().ignored = folder.to_path_buf();
    }

    /// Sets the logs whose growth matters and forgets older rings; returns the folders that went away.
    pub(super) fn watch_for(&self, files: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut state = self.state();
        state.files = files;
        state.changed = false;
        std::mem::take(&mut state.gone)
    }

    /// Waits until a burst of changes is over, the command is to end, or `limit` has passed without any change.
    pub(super) fn wait(&self, limit: Duration) -> Wake {
        let deadline = Instant::now() + limit;
        let mut state = self.state();
        while !state.changed {
            if self.is_stopped() {
                return Wake::Stop;
            }
            let now = Instant::now();
            if now >= deadline {
                return Wake::Time;
            }
            state = self.sleep(state, deadline - now);
        }
        let first = Instant::now();
        let mut last = first;
        loop {
            if self.is_stopped() {
                return Wake::Stop;
            }
            let now = Instant::now();
            if state.changed {
                state.changed = false;
                last = now;
            }
            let end = (last + QUIET).min(first + LONGEST_BURST);
            if now >= end {
                return Wake::Changed;
            }
            state = self.sleep(state, end - now);
        }
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let woken = self.rung.wait_timeout(state, time);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn ring_for(&self, event: notify::Result<notify::Event>) {
        let mut state = self.state();
        match event {
            Ok(event) if event.need_rescan() => state.changed = true,
            Ok(event) => state.take(&event),
            // What it is about shows at the next look.
            Err(_) => state.changed = true,
        }
        if state.changed {
            drop(state);
            self.rung.notify_all();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain marks: what a panicking thread left of them is as good as any.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, event: &notify::Event) {
        let is_new_name = match event.kind {
            EventKind::Access(_) => return,
            EventKind::Create(_) => true,
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                // Kept only where a log or its folder can be meant, so the set stays small.
                let gone = event.paths.iter().filter(|p| self.holds_log(p));
                let gone: Vec<PathBuf> = gone.cloned().collect();
                self.gone.extend(gone);
                true
            }
            // SQLite sets the owner of these when they are opened, also by us; a log may have become readable.
            EventKind::Modify(ModifyKind::Metadata(_))
                if event.paths.iter().all(|p| is_companion(p)) =>
            {
                return;
            }
            EventKind::Modify(_) | EventKind::Any | EventKind::Other => false,
        };
        self.changed |= event.paths.iter().any(|path| {
            if !self.ignored.as_os_str().is_empty() && path.starts_with(&self.ignored) {
                return false;
            }
            match is_new_name {
                true => !is_companion(path),
                false => self.files.contains(path) || self.files.contains(&without_wal(path)),
            }
        });
    }

    fn holds_log(&self, folder: &Path) -> bool {
        self.files.iter().any(|file| file.starts_with(folder))
    }
}

/// Files that SQLite makes beside a database, also when it is only read.
fn is_companion(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    [&b"-wal"[..], b"-shm", b"-journal"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// `app_logs.db-wal` grows where rows are added to `app_logs.db`.
fn without_wal(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    PathBuf::from(text.strip_suffix("-wal").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use notify::Event;
    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind, RemoveKind};

    use super::*;

    fn bell() -> Bell {
        let bell = Bell::default();
        bell.ignore(Path::new("/p/tools/guwu"));
        bell.watch_for(
            ["/p/logs/app.log", "/p/logs/app.db"]
                .map(PathBuf::from)
                .into(),
        );
        bell
    }

    fn rings(kind: EventKind, path: &str) -> bool {
        let bell = bell();
        bell.ring_for(Ok(Event::new(kind).add_path(PathBuf::from(path))));
        bell.has_rung()
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const MADE: EventKind = EventKind::Create(CreateKind::File);

    #[test]
    fn growth_of_a_log_rings_and_that_of_another_file_does_not() {
        assert!(rings(WRITTEN, "/p/logs/app.log"));
        assert!(rings(WRITTEN, "/p/logs/app.db-wal"));
        assert!(!rings(WRITTEN, "/p/logs/app.db-shm"));
        assert!(!rings(WRITTEN, "/p/data.bin"));
        // Reading a database must not wake the reader.
        let owner = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
        assert!(!rings(owner, "/p/logs/app.db-wal"));
        assert!(rings(owner, "/p/logs/app.log"));
        assert!(!rings(
            EventKind::Access(AccessKind::Any),
            "/p/logs/app.log"
        ));
    }

    #[test]
    fn new_names_ring_unless_they_are_ours_or_sqlite_s() {
        assert!(rings(MADE, "/p/logs/app.log.1"));
        assert!(!rings(MADE, "/p/tools/guwu/logs/failures.db"));
        assert!(!rings(MADE, "/p/logs/app.db-wal"));
    }

    #[test]
    fn a_folder_that_went_away_is_told_once() {
        let bell = bell();
        let gone = Event::new(EventKind::Remove(RemoveKind::Folder)).add_path("/p/logs".into());
        bell.ring_for(Ok(gone));
        assert_eq!(
            bell.watch_for(BTreeSet::new()),
            [PathBuf::from("/p/logs")].into()
        );
        assert!(bell.watch_for(BTreeSet::new()).is_empty());
    }

    #[test]
    fn a_stop_ends_the_waiting() {
        let bell = bell();
        bell.stop();
        assert_eq!(bell.wait(Duration::from_secs(3600)), Wake::Stop);
    }
}
