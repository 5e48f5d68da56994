//! What may be wrong with a configuration, in words that end with what to do. It decides nothing.

use std::path::{Path, PathBuf};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The place to start from is not a folder.
    #[error("`{}` is not a folder; name the project's folder", .0.display())]
    NoFolder(PathBuf),
    /// A file that is there can not be read.
    #[error("cannot read `{}` ({reason}); check the file and its permissions", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A file does not follow its own syntax.
    #[error("{place}: {reason}; mend the line and run the command again")]
    Syntax {
        /// File and line.
        place: String,
        /// What the reader of the format said.
        reason: String,
    },
    /// A name that is no setting.
    #[error("{place}: unknown key `{key}`; {advice}")]
    UnknownKey {
        /// File and line, or the flag.
        place: String,
        /// The name as written.
        key: String,
        /// The nearest known name.
        advice: String,
    },
    /// A value that does not fit its setting.
    #[error("{place}: bad value `{value}` for `{key}`; {advice}")]
    BadValue {
        /// File and line, the environment variable or the flag.
        place: String,
        /// The name as written there.
        key: String,
        /// The value as written, shortened.
        value: String,
        /// What to write instead.
        advice: String,
    },
}

/// The text of a file, or nothing where there is no such file.
pub fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // A path through a file, `pytest.ini/tools`, is one that is not there.
        Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => return Ok(None),
        Err(_) if path.is_dir() => return Ok(None),
        Err(e) => return Err(unreadable(e.to_string())),
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| unreadable("it is not UTF-8; save it as UTF-8".to_owned()))?;
    Ok(Some(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }))
}
