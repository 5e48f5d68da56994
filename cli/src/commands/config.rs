//! `guwu config`: each setting, its value and where that comes from. It changes nothing.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use serde_json::json;

use crate::args::Format;

/// Prints the configuration that commands would go by in `folder`.
pub fn run(folder: &Path, file: Option<PathBuf>, format: Format) -> anyhow::Result<ExitCode> {
    let mut flags = Overrides::default();
    flags.file = file;
    let rows = Config::load(folder, &flags)?.origins();
    let mut out = std::io::stdout().lock();
    let row = |(key, value, origin): &(&str, serde_json::Value, String)| json!({"key": key, "value": value, "origin": origin});
    match format {
        Format::Json => {
            let settings: Vec<_> = rows.iter().map(row).collect();
            writeln!(
                out,
                "{}",
                json!({"schema_version": 1, "settings": settings})
            )?;
        }
        Format::Jsonl => {
            for setting in &rows {
                writeln!(out, "{}", row(setting))?;
            }
        }
        Format::Text => {
            let left: Vec<String> = rows
                .iter()
                .map(|(key, value, _)| match value.is_null() {
                    true => format!("{key} is not set"),
                    // JSON quoting also keeps control characters off the terminal.
                    false => format!("{key} = {value}"),
                })
                .collect();
            let width = left
                .iter()
                .map(|text| text.chars().count())
                .max()
                .unwrap_or(0)
                .min(60);
            for (text, (_, _, origin)) in left.iter().zip(&rows) {
                writeln!(out, "{text:width$}  # {origin}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
