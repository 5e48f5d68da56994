//! The traceback reader: any text, as a stream and as one record.
#![no_main]

use guwu_core::model::Platform;
use guwu_core::trace::python;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    for find in [python::find, python::find_in_record] {
        guwu_fuzz::traces_are_sound(&text, &find(&text), Platform::Python);
    }
});
