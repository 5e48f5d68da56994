//! What JavaScript sees of guwu-core. Exports only: no parsing, no formatting, no state.
//!
//! Text goes in and the failure JSON of core's own writer comes out, so every frontend gives the same bytes and no
//! serializer is paid for. On a host that is no wasm machine the crate is empty.
//!
//! The slim module does without `std`: its panics print their place, and the code and texts for it weigh more than
//! the reader. Core does not panic; should it, the trap says so.
#![cfg(target_family = "wasm")]
#![cfg_attr(not(feature = "full"), no_std)]

extern crate alloc;

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(feature = "full"))]
#[global_allocator]
static ALLOCATOR: mini_alloc::MiniAlloc = mini_alloc::MiniAlloc::INIT;

#[cfg(not(feature = "full"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The failures of a text as a JSON array, in the order in which they stand there; `settings` as `triage_json` of core
/// reads it: one string costs less than four.
#[wasm_bindgen]
pub fn triage(text: &str, settings: &str) -> String {
    guwu_core::triage_json(text, settings)
}

/// What is known about a pattern: name, advice, layer and (where it is noise) why, one a line, then the explain page.
/// Empty for an unknown code.
#[cfg(feature = "full")]
#[wasm_bindgen]
pub fn explain(code: &str) -> String {
    guwu_core::pattern::get(code).map_or_else(String::new, |pattern| {
        let head = [
            pattern.name,
            pattern.advice,
            pattern.layer,
            pattern.noise.unwrap_or_default(),
            pattern.explain,
        ];
        head.join("\n")
    })
}
