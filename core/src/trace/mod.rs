//! Finds tracebacks and stacks in a text. One module per platform, one public function each.
//! Framing of log files is not done here (see `record`).

#[cfg(feature = "python")]
pub(crate) mod ansi;
pub mod javascript;
#[cfg(feature = "python")]
pub mod python;
