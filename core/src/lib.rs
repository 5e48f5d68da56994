//! The pure heart of Gu Wu: bytes of a log in, failures out; sources and a failure in, a test out.
//!
//! It deliberately does no I/O: no files, clock, environment, network, processes, threads or printing.
//! Time and settings are arguments. `clippy.toml` lists what is out of bounds and the attributes
//! below switch that list on for this crate alone.
//!
//! The JavaScript reader, all that a browser loads, needs no `std`: without feature `std` the panics' texts and their
//! printing stay out of its module.
#![cfg_attr(not(any(test, feature = "std")), no_std)]
#![deny(missing_docs)]
#![deny(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "core does no I/O"
)]
#![deny(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "core returns data"
)]

extern crate alloc;

#[cfg(feature = "generate")]
pub mod alert;
#[cfg(feature = "generate")]
pub mod capture;
#[cfg(feature = "code")]
pub mod code;
#[cfg(feature = "code")]
pub mod correlate;
#[cfg(feature = "code")]
pub mod doctor;
mod failure;
pub mod fingerprint;
#[cfg(feature = "generate")]
pub mod generate;
pub mod json;
#[cfg(feature = "serde")]
mod json_text;
pub mod model;
pub mod normalize;
pub mod pattern;
#[cfg(feature = "code")]
pub mod prove;
#[cfg(feature = "logs")]
pub mod record;
pub mod redact;
#[cfg(feature = "generate")]
pub mod score;
mod text;
pub mod trace;
mod triage;

pub use triage::{triage, triage_json, triage_text};

/// Version of the failure JSON (`schema_version`).
pub const SCHEMA_VERSION: u32 = 1;
