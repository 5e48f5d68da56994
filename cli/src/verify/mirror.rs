//! A copy of the project for test runs, so that nothing a candidate does reaches the project.
//!
//! Files are copied (blocks are shared where the file system can), and only what is too large for that is a symbolic link
//! to the original, which the guard keeps from being written. Version control, virtual environments, caches and Gu Wu's
//! own folder are left out. The same mirror serves all runs of a command: before each it is brought back to the project's
//! present state. No link is ever followed.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::disk::{clear, keep_time, lexical, link, share};
use super::environment;
use super::process;

/// Begins the name of a mirror's folder; the id of the process that made it follows.
const NAME: &str = "guwu-scratch-";
/// Files above are data; they are shared or linked, not copied.
const LARGEST: u64 = 8 << 20;
/// A log that tests have as sample data is smaller.
const LARGEST_LOG: u64 = 256 << 10;
/// Bytes that one mirror may copy.
const MOST_BYTES: u64 = 512 << 20;
/// From so many entries on, folders without any code are linked as a whole.
const MANY_ENTRIES: usize = 20_000;

/// The mirror of one project.
#[derive(Debug)]
pub struct Mirror {
    folder: TempDir,
    root: PathBuf,
    source: PathBuf,
    skip: Vec<PathBuf>,
    files: HashMap<PathBuf, Entry>,
    /// Bytes of the files that were copied.
    copied: u64,
    can_share: bool,
}

/// A file of the project as it was when it came into the mirror, and what it was there.
#[derive(Debug)]
struct Entry {
    source: Stamp,
    there: Stamp,
    /// Bytes that were copied for it; a shared or linked file takes none.
    copied: u64,
}

/// What tells a changed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    changed: Option<SystemTime>,
    inode: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Stamp {
            length: metadata.len(),
            changed: metadata.modified().ok(),
            inode,
        }
    }
}

impl Mirror {
    /// An empty mirror of the project at `source`; folders and files of `skip` never get into it.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn new(source: &Path, skip: &[PathBuf]) -> io::Result<Mirror> {
        sweep();
        let prefix = format!("{NAME}{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir()?;
        // The interpreter knows files by their real names.
        let root = folder.path().canonicalize()?.join("project");
        Ok(Mirror {
            folder,
            root,
            source: source.to_owned(),
            skip: skip.to_vec(),
            files: HashMap::new(),
            copied: 0,
            can_share: true,
        })
    }

    /// The project's root in the mirror.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder beside it that goes away with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the mirror equal to the project, whatever a run did to it.
    ///
    /// # Errors
    /// When the project cannot be read or the mirror cannot be written.
    pub fn sync(&mut self) -> io::Result<()> {
        let source = self.source.clone();
        let (plain, count) = folders_without_code(&source, &self.skip);
        let plain = match count > MANY_ENTRIES {
            true => plain,
            false => BTreeSet::new(),
        };
        let root = self.root.clone();
        self.folder_in(&source, &root, &plain)
    }

    /// Writes a file that the project does not have. A link on the way that leads out of the mirror becomes a copy.
    ///
    /// # Errors
    /// When the path is not one below the root, or cannot be written.
    pub fn place(&mut self, path: &Path, content: &str) -> io::Result<()> {
        let is_below =
            |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if !path.components().all(is_below) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut at = self.root.clone();
        for part in path.parent().unwrap_or(Path::new("")).components() {
            at.push(part);
            let is_link = fs::symlink_metadata(&at).is_ok_and(|m| m.is_symlink());
            match at.canonicalize() {
                Ok(real) if is_link && !real.starts_with(&self.root) => {
                    clear(&at)?;
                    self.folder_in(&real, &at, &BTreeSet::new())?;
                }
                Ok(_) => {}
                Err(_) => {
                    clear(&at)?;
                    fs::create_dir(&at)?;
                }
            }
        }
        let path = self.root.join(path);
        // Never through a link.
        clear(&path)?;
        fs::write(&path, content)
    }

    fn folder_in(&mut self, from: &Path, to: &Path, plain: &BTreeSet<PathBuf>) -> io::Result<()> {
        if !fs::symlink_metadata(to).is_ok_and(|m| m.is_dir()) {
            clear(to)?;
            fs::create_dir(to)?;
        }
        let mut names: BTreeSet<OsString> = BTreeSet::new();
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if is_left_out(&path, &metadata, &self.skip) {
                continue;
            }
            let target = to.join(&name);
            let kind = metadata.file_type();
            if kind.is_dir() && plain.contains(&path) {
                link(&path, &target)?;
            } else if kind.is_dir() {
                // A folder that may not be read is empty for a test, too.
                match self.folder_in(&path, &target, plain) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                    done => done?,
                }
            } else if kind.is_symlink() {
                self.symbolic(&path, &target)?;
            } else if kind.is_file() {
                self.file(&path, &target, &metadata)?;
            } else {
                continue;
            }
            names.insert(name);
        }
        for entry in fs::read_dir(to)?.flatten() {
            let name = entry.file_name();
            // Compiled code is worth keeping from run to run.
            if !names.contains(&name) && name != "__pycache__" {
                clear(&entry.path())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, to: &Path, metadata: &Metadata) -> io::Result<()> {
        let stamp = Stamp::of(metadata);
        let there = fs::symlink_metadata(to).ok();
        if let (Some(there), Some(known)) = (&there, self.files.get(from))
            && known.source == stamp
            && known.there == Stamp::of(there)
        {
            return Ok(());
        }
        if there.is_some() {
            clear(to)?;
        }
        if let Some(former) = self.files.remove(from) {
            self.copied -= former.copied;
        }
        let copied = match self.copy(from, to, metadata) {
            Ok(copied) => copied,
            // It went away meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !from.exists() => {
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                link(from, to)?;
                0
            }
            Err(error) => return Err(error),
        };
        self.copied += copied;
        let entry = Entry {
            source: stamp,
            there: Stamp::of(&fs::symlink_metadata(to)?),
            copied,
        };
        self.files.insert(from.to_owned(), entry);
        Ok(())
    }

    /// The bytes that were copied.
    fn copy(&mut self, from: &Path, to: &Path, metadata: &Metadata) -> io::Result<u64> {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        let largest = match name.contains(".log") {
            true => LARGEST_LOG,
            false => LARGEST,
        };
        let length = metadata.len();
        if name == ".env" || name.starts_with(".env.") {
            let text = fs::read(from)?;
            fs::write(to, environment::without_secrets(&text))?;
            return Ok(0);
        }
        if length > largest || self.copied + length > MOST_BYTES {
            if self.can_share && share(from, to).is_ok() {
                return keep_time(to, metadata).map(|()| 0);
            }
            // One refusal speaks for the whole file system.
            self.can_share = false;
            clear(to)?;
            return link(from, to).map(|()| 0);
        }
        let copied = fs::copy(from, to)?;
        keep_time(to, metadata).map(|()| copied)
    }

    /// A link that stays within the project stays so in the mirror; any other leads where it always led.
    fn symbolic(&self, from: &Path, to: &Path) -> io::Result<()> {
        let aim = fs::read_link(from)?;
        let folder = from.parent().unwrap_or(&self.source);
        let absolute = lexical(&folder.join(&aim));
        let aim = match absolute.strip_prefix(&self.source) {
            Ok(_) if aim.is_relative() => aim,
            Ok(inside) => self.root.join(inside),
            Err(_) => absolute,
        };
        link(&aim, to)
    }
}

/// What no test needs, or what is not the project's own text.
fn is_left_out(path: &Path, metadata: &Metadata, skip: &[PathBuf]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    skip.iter().any(|skipped| skipped == path)
        || (metadata.is_dir()
            && (matches!(
                &*name,
                ".git"
                    | ".hg"
                    | ".svn"
                    | "node_modules"
                    | "__pycache__"
                    | "site-packages"
                    | ".tox"
                    | ".nox"
                    | ".hypothesis"
            ) || path.join("pyvenv.cfg").exists()
                || path.join("CACHEDIR.TAG").exists()))
}

/// Folders with no code anywhere below, the topmost of them, and how many entries the project has.
fn folders_without_code(source: &Path, skip: &[PathBuf]) -> (BTreeSet<PathBuf>, usize) {
    fn look(
        folder: &Path,
        skip: &[PathBuf],
        plain: &mut BTreeSet<PathBuf>,
        count: &mut usize,
    ) -> bool {
        let mut has_code = false;
        let mut below = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            *count += 1;
            let path = entry.path();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                if entry
                    .metadata()
                    .is_ok_and(|metadata| is_left_out(&path, &metadata, skip))
                {
                    continue;
                }
                if look(&path, skip, plain, count) {
                    has_code = true;
                } else {
                    below.push(path);
                }
            } else {
                has_code |= path
                    .extension()
                    .is_some_and(|e| ["py", "pyi", "toml", "ini", "cfg"].iter().any(|c| e == *c));
            }
        }
        if has_code {
            plain.extend(below);
        }
        has_code
    }
    let (mut plain, mut count) = (BTreeSet::new(), 0);
    look(source, skip, &mut plain, &mut count);
    (plain, count)
}

/// Removes the mirrors that killed processes of this user left.
fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir())
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name();
        let owner = name
            .to_string_lossy()
            .strip_prefix(NAME)
            .and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if owner.is_some_and(|pid| !process::is_alive(pid)) && is_ours(&entry) {
            // Another sweep may have been faster.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(unix)]
fn is_ours(entry: &fs::DirEntry) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    entry
        .metadata()
        .is_ok_and(|m| m.is_dir() && m.uid() == user)
}

#[cfg(not(unix))]
fn is_ours(entry: &fs::DirEntry) -> bool {
    entry.metadata().is_ok_and(|m| m.is_dir())
}
