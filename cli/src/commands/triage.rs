//! `guwu triage`: what is in this text? No project, no store.

use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use guwu::render;
use guwu::source::table;
use guwu_core::model::{Failure, Options};
use guwu_core::record::Reader;

use crate::args::Format;

/// Prints every failure of the given files as it is found. Exit status 1 when there is any.
pub fn run(paths: &[String], format: Format) -> anyhow::Result<ExitCode> {
    let mut printer = Printer {
        out: BufWriter::new(std::io::stdout().lock()),
        format,
        count: 0,
        broken: None,
    };
    printer.begin();
    for path in paths {
        let options = Options {
            source: path.clone(),
            ..Options::default()
        };
        let mut each = |failure: Failure| printer.print(&failure);
        let read = if path == "-" {
            read(std::io::stdin().lock(), &options, &mut each)
        } else if is_database(path) {
            table::failures(Path::new(path), path, None, &options)
                .map_err(std::io::Error::other)
                .and_then(|failures| failures.into_iter().try_for_each(each))
        } else {
            std::fs::File::open(path).and_then(|file| read(file, &options, &mut each))
        };
        if let Err(error) = read {
            printer.end()?;
            return Err(error).with_context(|| {
                format!("cannot read `{path}`; check the path and its permissions")
            });
        }
    }
    let count = printer.count;
    printer.end()?;
    if count == 0 && format == Format::Text {
        eprintln!(
            "guwu: no failure in the text; for one log among many, name it (guwu triage app.log)"
        );
    }
    Ok(ExitCode::from(u8::from(count > 0)))
}

/// Writes failures one by one: there may be more of them than fit into memory.
struct Printer<W: Write> {
    out: W,
    format: Format,
    count: u64,
    /// Why nothing is written any more.
    broken: Option<std::io::Error>,
}

impl<W: Write> Printer<W> {
    fn write(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = self.out.write_all(text.as_bytes()).err();
        }
    }

    fn begin(&mut self) {
        if self.format == Format::Json {
            self.write("{\"schema_version\":1,\"failures\":[");
        }
    }

    /// An error says to stop; [`Printer::end`] gives the one that was met.
    fn print(&mut self, failure: &Failure) -> std::io::Result<()> {
        match self.format {
            Format::Text => self.write(&render::failure_text(failure)),
            Format::Jsonl => {
                self.write(&guwu_core::json::failure(failure));
                self.write("\n");
            }
            Format::Json => {
                if self.count > 0 {
                    self.write(",");
                }
                self.write(&guwu_core::json::failure(failure));
            }
        }
        self.count += 1;
        match self.broken {
            None => Ok(()),
            Some(_) => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn end(mut self) -> std::io::Result<()> {
        if self.format == Format::Json {
            self.write("]}\n");
        }
        self.broken.map_or_else(|| self.out.flush(), Err)
    }
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

/// Gives the failures of an input of any length, in bounded memory.
fn read(
    mut input: impl Read,
    options: &Options,
    each: &mut dyn FnMut(Failure) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    input
        .by_ref()
        .take(WHOLE as u64 + 1)
        .read_to_end(&mut head)?;
    if head.len() <= WHOLE {
        return guwu_core::triage(&head, options)
            .into_iter()
            .try_for_each(each);
    }
    let mut reader = Reader::new(options);
    reader.feed(&head);
    drop(head);
    reader.take().into_iter().try_for_each(&mut *each)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => {
                reader.feed(&chunk[..length]);
                reader.take().into_iter().try_for_each(&mut *each)?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.finish();
    reader.take().into_iter().try_for_each(each)
}
