//! The lowest layer at which a test would have caught a failure, with the reason.

use super::{Layer, ProjectFrame, Shown, crash_base};
use crate::code::{CodeMap, Function, FunctionRef, Module, Origin, origin_of};
use crate::model::Exception;

pub(super) fn layer(
    shown: &Shown,
    frames: &[ProjectFrame],
    callee: Option<FunctionRef>,
    map: &CodeMap,
    exception: &Exception,
) -> (Layer, String) {
    let Some(crash) = frames.last() else {
        return (Layer::Unit, "one frame".to_owned());
    };
    let here = &crash.module.path;
    if let Shown::StartUp { module } = shown {
        let other = imported_module(crash, map);
        return match other {
            Some(other) => (
                Layer::Integration,
                format!(
                    "importing `{module}` joins two modules: `{here}` needs a name of `{}`",
                    other.path
                ),
            ),
            None => (Layer::Unit, format!("`{here}` alone cannot be imported")),
        };
    }
    if let Some(callee) = callee
        && callee.module.path != *here
    {
        return (
            Layer::Integration,
            format!(
                "`{}` in `{here}` relies on `{}` in `{}`; only a test that runs both with the real parts sees it",
                crash
                    .function
                    .map(|f| f.function.qualified_name())
                    .unwrap_or_default(),
                callee.function.qualified_name(),
                callee.module.path
            ),
        );
    }
    if let Some(function) = crash.function
        && is_route(function.function)
    {
        return (
            Layer::E2e,
            format!(
                "`{}` is a request handler; a request shows it",
                function.function.qualified_name()
            ),
        );
    }
    if let Some(function) = crash.function
        && let Some(line) = crash.frame.line
        && let Some(base) = crash_base(function.function, exception, line)
    {
        match origin_of(function.function, &base, line) {
            Origin::Param { name, .. } => {
                return (
                    Layer::Unit,
                    format!(
                        "the value comes in through parameter `{name}` of `{}`; a call of this one function shows it",
                        function.function.qualified_name()
                    ),
                );
            }
            Origin::Call { callee, .. } => {
                if let Some(target) = map.callee(function, &callee)
                    && target.module.path != *here
                {
                    return (
                        Layer::Integration,
                        format!(
                            "the value comes from `{}` in `{}`",
                            target.function.qualified_name(),
                            target.module.path
                        ),
                    );
                }
            }
            Origin::Unknown => {}
        }
    }
    let mut files: Vec<&str> = frames.iter().map(|f| f.module.path.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    if files.len() > 1 {
        (
            Layer::Integration,
            format!(
                "the call chain crosses {} files of the project",
                files.len()
            ),
        )
    } else {
        (Layer::Unit, format!("all project frames lie in `{here}`"))
    }
}

pub(super) fn imported_module<'a>(crash: &ProjectFrame, map: &'a CodeMap) -> Option<&'a Module> {
    let line = crash.frame.line?;
    let import = crash
        .module
        .imports
        .iter()
        .filter(|i| i.line <= line)
        .max_by_key(|i| i.line)?;
    map.module(&import.target)
        .or_else(|| map.module(import.target.rsplit_once('.')?.0))
        .filter(|m| m.path != crash.module.path)
}

/// A function that a web framework calls: `@app.route(…)`, `@router.get(…)`.
pub fn is_route(function: &Function) -> bool {
    function.decorators.iter().any(|d| {
        let callee = d.split('(').next().unwrap_or(d);
        d.contains('(')
            && callee.contains('.')
            && matches!(
                callee.rsplit('.').next(),
                Some("route" | "get" | "post" | "put" | "patch" | "delete" | "websocket")
            )
    })
}
