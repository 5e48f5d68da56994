//! Makes paths, function names, types and messages comparable across hosts, runtimes and builds.
//! It deliberately reads no file and keeps no state: every function depends on its arguments alone.

mod function;
mod in_app;
mod module;
mod place;
mod template;
mod wording;

pub use function::{function_name, type_name};
pub(crate) use function::{is_stack_overflow, is_telling};
pub(crate) use in_app::is_extension;
pub use in_app::is_in_app;
pub(crate) use module::Modules;
pub use module::module_path;
#[cfg(feature = "logs")]
pub(crate) use module::percent_decoded;
pub use template::message_template;
