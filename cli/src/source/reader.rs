//! The reader of core, under the name by which the sources know it.

pub use guwu_core::record::{Checkpoint, Reader, RecordMeta, record_failures};
