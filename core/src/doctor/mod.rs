//! What keeps failures of a project from being seen: broad handlers that hide them, settings and log handlers that lose them.
//!
//! It reads the code map and, for the concrete change, a file's text. It deliberately judges names and structure only:
//! where the exception goes on to a place that can not be followed, it stays silent rather than accuse.

mod change;
mod handlers;
mod logger;
mod records;
mod repair;

pub use change::{Change, changes};
pub use handlers::{Kind, Report, SilentHandler, silent_handlers};
pub use records::{LostRecords, lost_records};

/// Whether a file belongs to the tests, whatever folder the project keeps them in.
fn is_test(module: &crate::code::Module) -> bool {
    let path = module.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    module.is_test
        || name == "conftest.py"
        || name.starts_with("test_")
        || name.ends_with("_test.py")
        || path
            .split('/')
            .any(|part| matches!(part, "tests" | "test" | "testing"))
}
