//! Ways of reading one log that must all give the same failures.

use guwu_core::model::{Failure, Options};
use guwu_core::record::{Checkpoint, Reader};

use crate::Cuts;

/// Everything at once.
pub fn whole(input: &[u8], options: &Options) -> Vec<Failure> {
    pieces(&[input], options)
}

/// Piece by piece, taking what is complete after each.
pub fn pieces(pieces: &[&[u8]], options: &Options) -> Vec<Failure> {
    let mut reader = Reader::new(options);
    let mut failures = Vec::new();
    for piece in pieces {
        reader.feed(piece);
        failures.append(&mut reader.take());
    }
    reader.finish();
    failures.append(&mut reader.take());
    failures
}

/// From a checkpoint to the end.
pub fn resumed(input: &[u8], at: Checkpoint, options: &Options) -> Vec<Failure> {
    let mut reader = Reader::resume(options, at).with_head(input);
    reader.feed(&input[at.offset as usize..]);
    reader.finish();
    reader.take()
}

/// Reads up to a cut, stops there (with or without being told that the input ends), and goes on at the checkpoint with
/// another reader: together they give what one reader gives.
pub fn stopped(input: &[u8], all: &[Failure], cuts: &mut Cuts, options: &Options) {
    let cut = cuts.below(input.len() + 1);
    let mut reader = Reader::new(options);
    for piece in cuts.pieces(&input[..cut], 256) {
        reader.feed(piece);
    }
    let ended = cuts.below(2) == 1;
    if ended {
        reader.finish();
    }
    let at = reader.checkpoint();
    assert!(
        at.offset <= cut as u64,
        "checkpoint {at:?} lies after the {cut} bytes that were read"
    );
    let mut joined = reader.take();
    // What began at or after the checkpoint is read again.
    joined.retain(|failure| failure.origin.offset < at.offset);
    joined.extend(resumed(input, at, options));
    // Where streams are mixed a record can be complete before one that began earlier.
    joined.sort_by_key(|failure| failure.origin.offset);
    let mut all = all.to_vec();
    all.sort_by_key(|failure| failure.origin.offset);
    assert_eq!(
        joined, all,
        "stopped at byte {cut} (told so: {ended}), went on at {at:?}"
    );
}
