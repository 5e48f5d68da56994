//! Single files and links for the mirror: take away, link, share, date. What goes where is `mirror`'s.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Takes away whatever lies there.
pub fn clear(path: &Path) -> io::Result<()> {
    let done = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Compiled code belongs to a text of that age.
pub fn keep_time(path: &Path, metadata: &Metadata) -> io::Result<()> {
    let Ok(changed) = metadata.modified() else {
        return Ok(());
    };
    let file = match fs::OpenOptions::new().write(true).open(path) {
        // A file that nobody may write was copied as such.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
        file => file?,
    };
    file.set_modified(changed)
}

/// Lets two files share their blocks, where the file system can.
#[cfg(target_os = "linux")]
pub fn share(from: &Path, to: &Path) -> io::Result<()> {
    let source = fs::File::open(from)?;
    let target = fs::File::create(to)?;
    rustix::fs::ioctl_ficlone(&target, &source)?;
    Ok(())
}

/// Lets two files share their blocks, where the file system can.
#[cfg(not(target_os = "linux"))]
pub fn share(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
pub fn link(aim: &Path, at: &Path) -> io::Result<()> {
    if fs::read_link(at).is_ok_and(|there| there == aim) {
        return Ok(());
    }
    clear(at)?;
    std::os::unix::fs::symlink(aim, at)
}

#[cfg(windows)]
pub fn link(aim: &Path, at: &Path) -> io::Result<()> {
    clear(at)?;
    // Links need a privilege there; without it a test does not find the file, which it says.
    let _ = match aim.is_dir() {
        true => std::os::windows::fs::symlink_dir(aim, at),
        false => std::os::windows::fs::symlink_file(aim, at),
    };
    Ok(())
}

/// Without `.` and `..`, by the letters alone.
pub fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}
