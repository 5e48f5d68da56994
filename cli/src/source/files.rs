//! Which file is which after rotations, and which of them hold something new.
//!
//! A file is known again by device and inode together with its contents, or by its contents alone when it was
//! renamed, copied or compressed. What nobody knows is read from its start. Names only say where to look.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::feed::{self, End, cannot_read};
use super::probe::{self, Found};
use super::{Scan, SourceSpec, discover, name};
use crate::store::{Generation, Kind, StoreError};

/// Logs that rotation makes out of one.
#[derive(Default)]
struct Family {
    /// Path, name, whether the user named this very file.
    asked: Vec<(PathBuf, String, bool)>,
}

/// Reads all file specs.
pub(super) fn read(scan: &mut Scan<'_>, specs: &[SourceSpec]) -> Result<(), StoreError> {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    for spec in specs {
        let SourceSpec::File {
            path,
            name,
            explicit,
        } = spec
        else {
            continue;
        };
        // Through links to the file itself, so that the log it was rotated to is looked for beside it.
        let true_path = path.canonicalize().unwrap_or_else(|_| path.clone());
        families
            .entry(name::source_key(&true_path, &scan.home))
            .or_default()
            .asked
            .push((true_path, name.clone(), *explicit));
    }
    let mut listings = Listings::default();
    for (key, mut family) in families {
        family.asked.sort();
        read_family(scan, &key, &family, &mut listings)?;
    }
    Ok(())
}

/// Files of each folder by family, listed once a scan.
#[derive(Default)]
struct Listings(BTreeMap<PathBuf, BTreeMap<String, Vec<PathBuf>>>);

impl Listings {
    fn siblings(&mut self, path: &Path) -> Vec<PathBuf> {
        let family =
            |path: &Path| name::family(&path.file_name().unwrap_or_default().to_string_lossy());
        let folder = path.parent().unwrap_or(Path::new("."));
        let by_family = self.0.entry(folder.to_path_buf()).or_insert_with(|| {
            let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                found.entry(family(&path)).or_default().push(path);
            }
            found
        });
        let mut siblings = by_family.get(&family(path)).cloned().unwrap_or_default();
        siblings.sort();
        siblings
    }
}

fn read_family(
    scan: &mut Scan<'_>,
    key: &str,
    family: &Family,
    listings: &mut Listings,
) -> Result<(), StoreError> {
    let mut files = Vec::new();
    for (path, name, explicit) in &family.asked {
        match look(scan, path, name, true) {
            Ok(found) => files.extend(found),
            // Gone between listing and opening: its bytes turn up under another name or not at all.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !explicit => {}
            Err(error) => scan.problem(cannot_read(name, &error)),
        }
        if *explicit && path.exists() && !path.is_file() {
            scan.problem(format!(
                "`{name}` is no regular file and was not read; name a log file, or pipe it into `guwu scan -`"
            ));
        }
    }
    let Some((first, shown, _)) = family.asked.first() else {
        return Ok(());
    };
    for path in listings.siblings(first) {
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = Path::new(shown)
            .with_file_name(&*file_name)
            .to_string_lossy()
            .into_owned();
        // One that can not be read and that nobody asked for is nobody's problem.
        files.extend(look(scan, &path, &name, false).ok().flatten());
    }
    if files.is_empty() {
        return Ok(());
    }
    let (source_id, known) = scan.store.source(Kind::File, key)?;
    // A log that is exchanged while it is read shows up as another file on the next look.
    for _ in 0..3 {
        let mut rotated = false;
        let strangers = read_known(scan, source_id, &files, &mut rotated)?;
        for found in strangers {
            let asked = family.asked.iter().map(|(path, ..)| path.as_path());
            if !found.asked && !is_ours_to_read(scan, source_id, known, asked, &found)? {
                continue;
            }
            match start(scan, source_id, &found) {
                Ok(generation) => {
                    rotated |= feed::feed(scan, &generation?, &found)? == End::Rotated;
                }
                Err(error) => scan.problem(cannot_read(&found.name, &error)),
            }
        }
        if !rotated {
            break;
        }
        files = files
            .iter()
            .filter_map(|f| probe::look(&f.path, &f.name, f.asked).ok().flatten())
            .collect();
    }
    Ok(())
}

/// Looks at a file unless it was visited under another name already.
fn look(scan: &mut Scan<'_>, path: &Path, name: &str, asked: bool) -> io::Result<Option<Found>> {
    let Some(found) = probe::look(path, name, asked)? else {
        return Ok(None);
    };
    if found.inode != 0 && !scan.files.insert((found.device, found.inode)) {
        return Ok(None);
    }
    if discover::is_database(path) {
        return Ok(None);
    }
    if let Some(kind) = probe::foreign_packing(path)? {
        if asked {
            scan.problem(format!(
                "`{name}` is compressed with {kind}, which is not read; unpack it or use gzip"
            ));
        }
        return Ok(None);
    }
    Ok(Some(found))
}

/// Whether a file that nobody asked for belongs to a log that is being followed: a rotation made it since.
fn is_ours_to_read<'a>(
    scan: &mut Scan<'_>,
    source_id: i64,
    known: bool,
    mut asked: impl Iterator<Item = &'a Path>,
    found: &Found,
) -> Result<bool, StoreError> {
    let base = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let name = base(&found.path);
    if !asked.any(|path| name::is_rotated(&base(path), &name)) {
        return Ok(false);
    }
    let (Ok(length), Ok(head)) = (probe::plain_length(found), probe::head(found)) else {
        return Ok(false);
    };
    let (file, head) = ((found.device, found.inode), probe::hash(&head));
    if !known {
        // There before the first scan: the user chose not to name it.
        scan.store.pass_over(source_id, file, length, head)?;
        return Ok(false);
    }
    Ok(!scan.store.is_passed_over(source_id, file, length, head)?)
}

/// Finds the files whose beginning was read before and reads on in them; returns the others.
fn read_known(
    scan: &mut Scan<'_>,
    source_id: i64,
    files: &[Found],
    rotated: &mut bool,
) -> Result<Vec<Found>, StoreError> {
    let mut strangers = Vec::new();
    let mut claimed: Vec<(Generation, &Found)> = Vec::new();
    for found in files {
        let mut claim = None;
        for generation in scan.store.generations_in_file(found.device, found.inode)? {
            if is_same(&generation, found) {
                claim = Some(generation);
                break;
            }
        }
        match claim {
            Some(generation) => {
                scan.taken.extend(generation.id);
                claimed.push((generation, found));
            }
            None => strangers.push(found),
        }
    }
    let lost: Vec<Generation> = scan
        .store
        .generations(source_id)?
        .into_iter()
        .filter(|g| g.seen > 0 && g.id.is_some_and(|id| !scan.taken.contains(&id)))
        .collect();
    let mut unknown = Vec::new();
    for found in strangers {
        match moved_here(&lost, scan, found) {
            Ok(Some(generation)) => {
                scan.taken.extend(generation.id);
                claimed.push((generation, found));
            }
            Ok(None) => unknown.push(found.clone()),
            Err(error) if found.asked => scan.problem(cannot_read(&found.name, &error)),
            Err(_) => {}
        }
    }
    for (generation, found) in claimed {
        if is_unchanged(&generation, found) {
            continue;
        }
        *rotated |= feed::feed(scan, &generation, found)? == End::Rotated;
    }
    Ok(unknown)
}

fn is_unchanged(g: &Generation, found: &Found) -> bool {
    (g.device, g.inode, g.packed) == (found.device, found.inode, found.packed)
        && (g.disk_size, g.disk_probe) == (found.disk_size, found.disk_probe)
}

/// Whether a file with the generation's device and inode still holds what was read of it: inodes are used again,
/// and truncated files grow again.
fn is_same(g: &Generation, found: &Found) -> bool {
    if is_unchanged(g, found) {
        return true;
    }
    // Nothing was read of it, so its bytes tell nothing: the inode may have been used again.
    if g.packed != found.packed || g.seen == 0 {
        return false;
    }
    let contents = || -> io::Result<bool> {
        if found.packed {
            let measured = probe::measure(found, &[g.seen])?;
            return Ok(measured.at(g.seen) == Some(g.running_hash));
        }
        if found.disk_size < g.seen {
            return Ok(false);
        }
        let mut file = File::open(&found.path)?;
        let head = probe::read_range(&mut file, 0, g.head_length)?;
        let begin = g.seen.saturating_sub(probe::WINDOW);
        let window = probe::read_range(&mut file, begin, g.seen - begin)?;
        Ok(probe::hash(&head) == g.head_hash && probe::hash(&window) == g.marker_hash)
    };
    contents().unwrap_or(false)
}

/// The lost generation whose bytes this file begins with: it was renamed over a file system's border, copied or packed.
fn moved_here(
    lost: &[Generation],
    scan: &Scan<'_>,
    found: &Found,
) -> io::Result<Option<Generation>> {
    if lost.is_empty() {
        return Ok(None);
    }
    let head = probe::head(found)?;
    let likely: Vec<&Generation> = lost
        .iter()
        .filter(|g| {
            let length = g.head_length as usize;
            g.id.is_some_and(|id| !scan.taken.contains(&id))
                && length <= head.len()
                && probe::hash(&head[..length]) == g.head_hash
        })
        .collect();
    if likely.is_empty() {
        return Ok(None);
    }
    let lengths: Vec<u64> = likely.iter().map(|g| g.seen).collect();
    let measured = probe::measure(found, &lengths)?;
    Ok(likely
        .into_iter()
        .filter(|g| measured.at(g.seen) == Some(g.running_hash))
        .max_by_key(|g| g.seen)
        .cloned())
}

/// A new generation for a file that nobody knows. Where it repeats what another generation holds
/// (a copy made by a rotation that truncates, a compressed twin), it says so, and nothing is counted twice.
fn start(
    scan: &mut Scan<'_>,
    source_id: i64,
    found: &Found,
) -> io::Result<Result<Generation, StoreError>> {
    let mut generation = Generation {
        source_id,
        ..Generation::default()
    };
    let head = probe::head(found)?;
    // The same bytes without any time in them may just as well be a second run of the same program.
    if !found.packed && !probe::holds_time(&head) {
        return Ok(Ok(generation));
    }
    let others = match scan.store.generations(source_id) {
        Ok(others) => others,
        Err(error) => return Ok(Err(error)),
    };
    let likely: Vec<&Generation> = others
        .iter()
        .filter(|g| {
            let length = (g.head_length as usize).min(head.len());
            let hash = probe::hash(&head[..length]);
            g.seen > 0 && (length < g.head_length as usize || hash == g.head_hash)
        })
        .collect();
    if likely.is_empty() {
        return Ok(Ok(generation));
    }
    let lengths: Vec<u64> = likely.iter().map(|g| g.seen).collect();
    let measured = probe::measure(found, &lengths)?;
    let shared = |g: &Generation| -> u64 {
        if measured.at(g.seen) == Some(g.running_hash) {
            return g.seen;
        }
        if measured.trail.given() >= g.seen {
            return 0;
        }
        // Shorter than the original: alike up to the last mark that it reaches.
        match measured.trail.marks.last() {
            Some(mark) if g.marks.contains(mark) => measured.trail.given(),
            _ => 0,
        }
    };
    if let Some((length, original)) = likely
        .iter()
        .map(|g| (shared(g), g.id))
        .max()
        .filter(|(length, _)| *length > 0)
    {
        generation.shared = length;
        generation.copy_of = original;
    }
    Ok(Ok(generation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_which_nothing_was_read_is_not_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.log");
        std::fs::write(&path, "ERROR:a:x\n").unwrap();
        let found = probe::look(&path, "app.log", true).unwrap().unwrap();
        let empty = Generation {
            device: found.device,
            inode: found.inode,
            ..Generation::default()
        };
        assert!(!is_same(&empty, &found));
        let known = Generation {
            seen: 10,
            head_length: 10,
            head_hash: probe::hash(b"ERROR:a:x\n"),
            marker_hash: probe::hash(b"ERROR:a:x\n"),
            ..empty
        };
        assert!(is_same(&known, &found));
    }
}
