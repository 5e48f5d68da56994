//! The parts of the `guwu` command that stand on their own: the store and what is read into it.
//! The binary and the integration tests use them; nothing here parses arguments or prints.

pub mod config;
pub mod develop;
pub mod project;
pub mod render;
pub mod session;
pub mod source;
pub mod store;
pub mod verify;
pub mod watch;
