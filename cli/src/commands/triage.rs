//! `guwu triage`: what is in this text? No project, no store.

use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::Context;
use guwu_core::model::Options;

use crate::args::Format;

/// Prints every failure of the given files. Exit status 1 when there is any.
pub fn run(paths: &[String], format: Format) -> anyhow::Result<ExitCode> {
    let mut failures = Vec::new();
    for path in paths {
        let mut bytes = Vec::new();
        if path == "-" {
            std::io::stdin().read_to_end(&mut bytes)?;
        } else {
            bytes = std::fs::read(path).with_context(|| {
                format!("cannot read `{path}`; check the path and its permissions")
            })?;
        }
        let options = Options {
            source: path.clone(),
            ..Options::default()
        };
        failures.extend(guwu_core::triage(&bytes, &options));
    }
    let mut out = std::io::stdout().lock();
    match format {
        Format::Jsonl => {
            for failure in &failures {
                writeln!(out, "{}", guwu_core::json::failure(failure))?;
            }
        }
        Format::Json => {
            let rows: Vec<String> = failures.iter().map(guwu_core::json::failure).collect();
            writeln!(
                out,
                "{{\"schema_version\":1,\"failures\":[{}]}}",
                rows.join(",")
            )?;
        }
        Format::Text => {
            for failure in &failures {
                writeln!(
                    out,
                    "{} {} {}",
                    failure.fingerprint, failure.pattern, failure.title
                )?;
            }
        }
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}
