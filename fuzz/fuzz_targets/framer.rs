//! The record reader: how a log is cut into chunks does not matter, and reading goes on at every checkpoint as if it had
//! never stopped.
#![no_main]

use guwu_core::model::Options;
use guwu_fuzz::{Cuts, reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let options = Options::default();
    let mut cuts = Cuts::of(input);
    let all = reading::whole(input, &options);
    // One way of each kind: more inputs show more than more ways of reading one.
    let longest = [7, 300][cuts.below(2)];
    let pieces = cuts.pieces(input, longest);
    assert_eq!(
        reading::pieces(&pieces, &options),
        all,
        "pieces of up to {longest} bytes"
    );
    reading::stopped(input, &all, &mut cuts, &options);
});
