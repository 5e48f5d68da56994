//! What every command that works on a project needs: configuration, store, time.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use guwu_core::model::Options;

use crate::config::{Config, ConfigError, Overrides};
use crate::project::{self, Project};
use crate::verify::{Bounds, Runner};

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
    let root = config.root.clone();
    let mut runner = Runner::new(root, project::python(config), config.test_timeout);
    runner.bounds = Bounds {
        memory: config.test_memory,
        file_size: config.test_file_size,
        allow_processes: config.allow_processes,
        allow_hosts: config.allow_hosts.clone(),
        is_closed: false,
        keep_environment: config.keep_environment.clone(),
    };
    if config.state_dir != config.root {
        runner.skip.push(config.state_dir.clone());
    }
    runner
}

/// Reads the project.
pub fn project(config: &Config) -> Project {
    project::read(config)
}

/// Paths as given on the command line, as patterns relative to the working directory.
pub fn patterns(paths: &[PathBuf]) -> Vec<String> {
    paths
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect()
}
