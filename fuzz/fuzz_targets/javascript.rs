//! The stack reader: any text.
#![no_main]

use guwu_core::model::Platform;
use guwu_core::trace::javascript;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    guwu_fuzz::traces_are_sound(&text, &javascript::find(&text), Platform::JavaScript);
});
