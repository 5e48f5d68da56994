//! `guwu triage`: what is in this text? No project, no store.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use guwu::render;
use guwu::source::table;
use guwu_core::model::{Failure, Options};
use guwu_core::record::Reader;

use crate::args::Format;

/// Prints every failure of the given files. Exit status 1 when there is any.
pub fn run(paths: &[String], format: Format) -> anyhow::Result<ExitCode> {
    let mut failures = Vec::new();
    for path in paths {
        let options = Options {
            source: path.clone(),
            ..Options::default()
        };
        let found = if path == "-" {
            read(std::io::stdin().lock(), &options)
        } else if is_database(path) {
            table::failures(Path::new(path), path, None, &options).map_err(std::io::Error::other)
        } else {
            std::fs::File::open(path).and_then(|file| read(file, &options))
        };
        failures.extend(found.with_context(|| {
            format!("cannot read `{path}`; check the path and its permissions")
        })?);
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
            if failures.is_empty() {
                eprintln!(
                    "guwu: no failure in the text; for one log among many, name it (guwu triage app.log)"
                );
            }
            for failure in &failures {
                write!(out, "{}", render::failure_text(failure))?;
            }
        }
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}

/// Whether a file is an SQLite database, by its first bytes.
fn is_database(path: &str) -> bool {
    let mut head = [0; 16];
    std::fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut head))
        .is_ok_and(|()| head == *b"SQLite format 3\0")
}

/// Bytes that are read whole: what is shorter may be one pasted trace.
const WHOLE: usize = 256 * 1024;
/// Bytes of one read. Small enough to stay in a processor's cache.
const CHUNK: usize = 128 * 1024;

/// The failures of an input of any length, in bounded memory.
fn read(mut input: impl Read, options: &Options) -> std::io::Result<Vec<Failure>> {
    let mut head = Vec::new();
    input
        .by_ref()
        .take(WHOLE as u64 + 1)
        .read_to_end(&mut head)?;
    if head.len() <= WHOLE {
        return Ok(guwu_core::triage(&head, options));
    }
    let mut reader = Reader::new(options);
    reader.feed(&head);
    drop(head);
    let mut failures = reader.take();
    let mut chunk = vec![0; CHUNK];
    loop {
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => {
                reader.feed(&chunk[..length]);
                failures.append(&mut reader.take());
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.finish();
    failures.append(&mut reader.take());
    Ok(failures)
}
