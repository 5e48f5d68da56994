//! What every command that works on a project needs: configuration, store, time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use guwu_core::model::Options;

use crate::config::{Config, ConfigError, Overrides};
use crate::project::{self, Project};
use crate::verify::{self, Runner};

/// The configuration of the project around a folder.
///
/// # Errors
/// When a setting is wrong.
pub fn config(folder: &Path, flags: &Overrides) -> Result<Config, ConfigError> {
    Config::load(folder, flags)
}

/// The time of this run, RFC 3339 in UTC.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// How core should look at the logs of a project.
pub fn options(config: &Config) -> Options {
    Options {
        source: String::new(),
        project_roots: vec![config.root.to_string_lossy().into_owned()],
        in_app_include: config.in_app_include.clone(),
        in_app_exclude: config.in_app_exclude.clone(),
        log_format: config.log_format.clone(),
    }
}

/// What runs the project's tests.
pub fn runner(config: &Config) -> Runner {
    Runner {
        root: config.root.clone(),
        python: project::python(config),
        timeout: config.test_timeout,
        stop: Arc::default(),
    }
}

/// Reads the project and clears away what a killed run may have left.
pub fn project(config: &Config) -> Project {
    let project = project::read(config);
    let mut folders: Vec<&str> = project
        .habits
        .folders
        .iter()
        .map(|(_, folder)| folder.as_str())
        .collect();
    folders.push(&project.habits.test_root);
    verify::sweep(&config.root, &folders);
    project
}

/// Paths as given on the command line, as patterns relative to the working directory.
pub fn patterns(paths: &[PathBuf]) -> Vec<String> {
    paths
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect()
}
