//! The whole path, from bytes to the JSON of each failure.
#![no_main]

use guwu_core::model::Options;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    for failure in guwu_core::triage(input, &Options::default()) {
        guwu_fuzz::failure_is_sound(input, &failure);
    }
});
