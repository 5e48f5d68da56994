//! JavaScript errors as objects: `{name, message, stack, cause, errors}` as serializers write them, and the events of services
//! that hold a list of frames (Bugsnag, Airbrake, Rollbar, Honeybadger).

use super::client;
use super::json_value::Value;
use super::stacks::{has_script_frames, stack};
use crate::model::{Exception, Frame, Platform, Relation, StackEntry, Trace};

/// Causes of causes, and members of members, are followed this deep.
const DEPTH: usize = 16;
/// So many members of a group are kept.
const MOST_MEMBERS: usize = 64;

// {"name": "PaymentDeclined", "message": "order 7", "stack": "PaymentDeclined: order 7\n    at …", "cause": {"name": "TypeError", …}}
/// An error with its cause or its members, or one whose stack does not say what was thrown.
pub(crate) fn error(value: &Value) -> Option<Trace> {
    let stack = stack(value)?;
    let own = exception(value)?;
    let has_more = value.get("cause").and_then(exception).is_some() || !members(value).is_empty();
    // Gecko's stack has no first line.
    let is_bare = !stack.trim_start().starts_with("at ")
        && stack.lines().next().is_some_and(|line| line.contains('@'));
    if own.frames.is_empty() || !(has_more || is_bare) {
        return None;
    }
    let mut chain = Vec::new();
    put(value, own, &[], 0, &mut chain);
    Some(trace(chain))
}

/// The error of one object, without its cause.
fn exception(value: &Value) -> Option<Exception> {
    let of = |key: &str| value.get(key).and_then(Value::text);
    let name = of("name").or_else(|| of("type"))?;
    let message = of("message")?;
    let is_name = !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
    if !is_name {
        return None;
    }
    let stack = stack(value).unwrap_or_default();
    if !stack.is_empty() && !has_script_frames(&format!("{stack}\n")) {
        return None;
    }
    let said = client::Payload {
        message: format!("{name}: {message}"),
        stack: Some(stack),
        ..client::Payload::default()
    };
    let read = client::trace(&said).exceptions.into_iter().next_back()?;
    let is_told = read
        .type_name
        .as_deref()
        .is_some_and(|kind| kind != "Error");
    Some(Exception {
        type_name: if is_told {
            read.type_name
        } else {
            Some(name.to_owned())
        },
        message: Some(message.to_owned()),
        module: read.module,
        frames: read.frames,
        ..Exception::default()
    })
}

fn members(value: &Value) -> Vec<Exception> {
    let list = value
        .get("errors")
        .and_then(Value::list)
        .unwrap_or_default();
    list.iter()
        .take(MOST_MEMBERS)
        .filter_map(exception)
        .collect()
}

/// Adds an error behind its causes and before its members.
fn put(value: &Value, mut own: Exception, path: &[u32], depth: usize, chain: &mut Vec<Exception>) {
    if depth < DEPTH
        && let Some(cause) = value.get("cause")
        && let Some(below) = exception(cause)
    {
        put(cause, below, path, depth + 1, chain);
        own.relation = Some(Relation::Cause);
    }
    own.group_path = path.to_vec();
    chain.push(own);
    if depth >= DEPTH {
        return;
    }
    let list = value
        .get("errors")
        .and_then(Value::list)
        .unwrap_or_default();
    let mut inner = path.to_vec();
    inner.push(0);
    for member in list.iter().take(MOST_MEMBERS) {
        let Some(own) = exception(member) else {
            continue;
        };
        let first = chain.len();
        put(member, own, &inner, depth + 1, chain);
        if let Some(first) = chain.get_mut(first) {
            first.relation = Some(Relation::Member);
        }
        if let Some(last) = inner.last_mut() {
            *last += 1;
        }
    }
}

/// The errors of an event that holds a list of frames for each, the outermost error first.
pub(crate) fn event(value: &Value) -> Option<Trace> {
    let listed = |errors: &[Value], frames: &str| {
        let all: Option<Vec<Exception>> = errors.iter().map(|e| described(e, frames)).collect();
        all.filter(|all| !all.is_empty())
    };
    // Bugsnag
    let bugsnag = || {
        let event = value.get("events").and_then(Value::list)?.first()?;
        listed(event.get("exceptions").and_then(Value::list)?, "stacktrace")
    };
    // Airbrake
    let airbrake = || listed(value.get("errors").and_then(Value::list)?, "backtrace");
    // error-stack-parser, stacktrace.js
    let parsed = || Some(vec![described(value, "stack")?]);
    // Honeybadger
    let honeybadger = || {
        let error = value.get("error")?;
        let mut all = vec![described(error, "backtrace")?];
        let causes = error
            .get("causes")
            .and_then(Value::list)
            .unwrap_or_default();
        all.extend(
            causes
                .iter()
                .filter_map(|cause| described(cause, "backtrace")),
        );
        Some(all)
    };
    // Rollbar writes the outermost call first
    let rollbar = || {
        let body = value.path("data.body").or_else(|| value.get("body"))?;
        let traces = match body.get("trace_chain").and_then(Value::list) {
            Some(chain) => chain,
            None => std::slice::from_ref(body.get("trace")?),
        };
        let mut all = Vec::new();
        for trace in traces {
            let mut one = described(trace.get("exception")?, "frames")?;
            one.frames = frames(trace.get("frames")?.list()?)?;
            all.push(one);
        }
        Some(all)
    };
    let mut chain = bugsnag()
        .or_else(airbrake)
        .or_else(parsed)
        .or_else(honeybadger)
        .or_else(rollbar)?;
    let is_script = chain.iter().flat_map(Exception::plain_frames).any(|frame| {
        let file = frame.file.as_deref().unwrap_or_default();
        let file = file.split(['?', '#']).next().unwrap_or_default();
        let ends = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue"];
        file.contains("://") || ends.iter().any(|end| file.ends_with(end))
    });
    if !is_script {
        return None;
    }
    let last = chain.len() - 1;
    for caused in &mut chain[..last] {
        caused.relation = Some(Relation::Cause);
    }
    chain.reverse();
    Some(trace(chain))
}

/// An error of an event, whose frames are a list under `key`, innermost first.
fn described(value: &Value, key: &str) -> Option<Exception> {
    const KIND: [&str; 4] = ["errorClass", "class", "type", "name"];
    const MESSAGE: [&str; 2] = ["errorMessage", "message"];
    let listed = value.get(key).and_then(Value::list);
    let mut frames = match listed {
        Some(listed) => frames(listed)?,
        None if key == "frames" => Vec::new(),
        None => return None,
    };
    frames.reverse();
    Some(Exception {
        type_name: Some(value.first_text(&KIND)?.to_owned()),
        message: Some(value.first_text(&MESSAGE).unwrap_or_default().to_owned()),
        frames,
        ..Exception::default()
    })
}

fn frames(listed: &[Value]) -> Option<Vec<StackEntry>> {
    const FILE: [&str; 4] = ["file", "filename", "fileName", "abs_path"];
    const FUNCTION: [&str; 3] = ["method", "function", "functionName"];
    let frame = |value: &Value| {
        let number = |keys: [&str; 4]| {
            let found = keys.iter().find_map(|key| value.get(key))?;
            let number = found.number().or_else(|| found.text()?.parse().ok())?;
            u32::try_from(number).ok()
        };
        let function = value.first_text(&FUNCTION).unwrap_or_default();
        let is_named = !matches!(
            function,
            "" | "?" | "<unknown>" | "<anonymous>" | "[anonymous]"
        );
        let file = value.first_text(&FILE)?.to_owned();
        Some(StackEntry::Frame(Frame {
            function: is_named.then(|| function.to_owned()),
            file: Some(file),
            line: number(["lineNumber", "lineno", "line", "number"]),
            column: number(["columnNumber", "colno", "column", "col"]),
            ..Frame::default()
        }))
    };
    listed.iter().map(frame).collect()
}

fn trace(exceptions: Vec<Exception>) -> Trace {
    Trace {
        platform: Platform::JavaScript,
        exceptions,
        start: 0,
        end: 0,
        partial: false,
        notes: Vec::new(),
    }
}
