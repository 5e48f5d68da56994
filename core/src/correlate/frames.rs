//! Which frames of a trace lie in the project, and which functions they mean.

use crate::code::{CodeMap, FunctionRef, Module};
use crate::model::{Exception, Failure, Frame};

/// A frame of the trace together with the project function that it means.
#[derive(Debug, Clone, Copy)]
pub struct ProjectFrame<'a> {
    /// As logged.
    pub frame: &'a Frame,
    /// The module.
    pub module: &'a Module,
    /// `None` for module level and for functions that the map does not hold.
    pub function: Option<FunctionRef<'a>>,
}

/// The exception whose frames lead into the project: the primary one, else the last that has any.
pub fn project_exception<'a>(failure: &'a Failure, map: &CodeMap) -> Option<&'a Exception> {
    let leads_in = |e: &&Exception| !project_frames(e, map).is_empty();
    failure
        .primary()
        .filter(leads_in)
        .or_else(|| failure.exceptions.iter().rev().find(leads_in))
}

/// The frames of an exception that lie in the project's sources, oldest call first.
pub fn project_frames<'a>(exception: &'a Exception, map: &'a CodeMap) -> Vec<ProjectFrame<'a>> {
    exception
        .plain_frames()
        .filter_map(|frame| {
            let module = map.module_of_path(frame.file.as_deref()?)?;
            if module.is_test || is_library_path(frame.file.as_deref()?) {
                return None;
            }
            let name = frame.function.as_deref().unwrap_or("<module>");
            let function = match name.starts_with('<') && name != "<lambda>" {
                // `<listcomp>` and its like belong to the function around their line.
                true if name != "<module>" => frame.line.and_then(|line| enclosing(module, line)),
                true => None,
                false => crate::code::function_at(module, name, frame.line),
            };
            Some(ProjectFrame {
                frame,
                module,
                function,
            })
        })
        .collect()
}

fn is_library_path(path: &str) -> bool {
    path.contains("site-packages") || path.contains("dist-packages")
}

fn enclosing(module: &Module, line: u32) -> Option<FunctionRef<'_>> {
    let function = module.functions.iter().rev().find(|f| f.contains(line))?;
    Some(FunctionRef { module, function })
}
