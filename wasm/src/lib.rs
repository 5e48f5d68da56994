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

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use guwu_core::model::{Failure, Options};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(feature = "full"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(not(feature = "full"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The failures of a text as a JSON array, in the order in which they stand there.
///
/// The three lists hold one entry a line: cheaper than an array of JavaScript values, and no path holds a line break
/// that matters here.
#[wasm_bindgen]
pub fn triage(text: &str, source: &str, roots: &str, include: &str, exclude: &str) -> String {
    let options = Options {
        source: source.to_owned(),
        project_roots: lines(roots),
        in_app_include: lines(include),
        in_app_exclude: lines(exclude),
        log_format: None,
    };
    array(&guwu_core::triage_text(text, &options))
}

fn array(failures: &[Failure]) -> String {
    let mut out = String::from("[");
    for (index, failure) in failures.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&guwu_core::json::failure(failure));
    }
    out.push(']');
    out
}

fn lines(list: &str) -> Vec<String> {
    list.split('\n')
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
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
