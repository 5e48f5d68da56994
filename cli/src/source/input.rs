//! Reads standard input to its end. It has no lasting offsets, so a failure is known again by what it says:
//! one with a logged time that was read from standard input before is not counted again.

use std::io::{self, Read};

use guwu_core::model::Failure;

use super::Scan;
use super::feed::CHUNK;
use super::pending::Pending;
use super::probe::Fnv;
use crate::store::{Batch, Generation, Kind, Progress, StoreError};
use guwu_core::record::Reader;

/// Reads and stores; batches are committed as they fill.
pub(super) fn read(scan: &mut Scan<'_>) -> Result<(), StoreError> {
    read_from(scan, &mut io::stdin().lock())
}

fn read_from(scan: &mut Scan<'_>, input: &mut dyn Read) -> Result<(), StoreError> {
    let (source_id, _) = scan.store.source(Kind::Input, "-")?;
    let mut generation = Generation {
        source_id,
        path: "-".to_owned(),
        ..Generation::default()
    };
    let mut reader = Reader::new(&scan.options_for("-"));
    let mut pending = Pending::default();
    let mut progress = Progress::default();
    let mut buffer = vec![0u8; CHUNK];
    loop {
        let end = match input.read(&mut buffer) {
            Ok(0) => true,
            Ok(count) => {
                reader.feed(&buffer[..count]);
                generation.seen += count as u64;
                scan.report.bytes_read += count as u64;
                false
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                scan.problem(format!(
                    "standard input broke off: {error}; what came before was stored, pipe the text in again"
                ));
                true
            }
        };
        if end {
            reader.finish();
        }
        pending.extend(reader.take().into_iter().map(|failure| {
            let content = same_again(&failure);
            (failure, content)
        }));
        if !end && !pending.is_full() {
            continue;
        }
        // Nothing of it is ever read again, so all of it counts as complete.
        generation.checkpoint_offset = if end {
            generation.seen + 1
        } else {
            reader.checkpoint().offset
        };
        let batch = Batch {
            generation: &generation,
            arrivals: &pending.arrivals,
            restart_at: None,
            now: scan.now,
        };
        let (stored, counted) = scan.store.commit(&batch, &mut progress)?;
        scan.add(counted);
        pending.clear(generation.checkpoint_offset);
        generation = stored;
        if end {
            scan.report.sources_read += 1;
            return Ok(());
        }
    }
}

/// Hash of what makes a failure the same occurrence; `None` when it carries no time.
fn same_again(failure: &Failure) -> Option<u64> {
    let time = failure.timestamp.as_deref()?;
    let mut fnv = Fnv::default();
    let texts = [
        Some(failure.fingerprint.as_str()),
        Some(time),
        failure.level.as_deref(),
        failure.logger.as_deref(),
        failure.log_message.as_deref(),
    ];
    let messages = failure.exceptions.iter().map(|e| e.message.as_deref());
    for text in texts.into_iter().chain(messages) {
        fnv.update(text.unwrap_or_default().as_bytes());
        fnv.update(&[0]);
    }
    Some(fnv.0)
}
