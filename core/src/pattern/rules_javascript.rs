//! Which pattern a JavaScript error is: one code for the wordings of V8, Gecko, JavaScriptCore and old engines.

use super::has;
use crate::model::{Exception, Platform};
use crate::normalize::{is_stack_overflow, type_name};

/// Code of the pattern; `GW700` where no rule knows the error.
pub(super) fn classify(exception: &Exception) -> &'static str {
    let m = exception.message.as_deref().unwrap_or("");
    let name = type_name(Platform::JavaScript, exception);
    if let Some(code) = noise(name, m) {
        return code;
    }
    if is_stack_overflow(Platform::JavaScript, exception) {
        return "GW709";
    }
    if let Some(code) = modules(m).or_else(|| system(m)) {
        return code;
    }
    match name {
        "TypeError" => type_error(m),
        "ReferenceError" => reference_error(m),
        "SyntaxError" => syntax_error(m),
        "RangeError" => "GW710",
        "URIError" => "GW723",
        "AggregateError" => "GW724",
        "AssertionError" => "GW720",
        // of WebAssembly: memory access out of bounds, unreachable
        "RuntimeError" | "LinkError" | "CompileError" => "GW725",
        "ChunkLoadError" => "GW712",
        "NetworkError" => "GW711",
        "TimeoutError" => "GW406",
        "AxiosError" | "HTTPError" | "HttpErrorResponse" | "FetchError" => "GW608",
        "UnhandledPromiseRejection" => "GW713",
        "SecurityError"
        | "QuotaExceededError"
        | "NotAllowedError"
        | "NS_ERROR_DOM_QUOTA_REACHED" => "GW716",
        "NotFoundError"
        | "HierarchyRequestError"
        | "InvalidStateError"
        | "InvalidCharacterError"
        | "IndexSizeError"
        | "WrongDocumentError"
        | "NotSupportedError"
        | "DataCloneError"
        | "DOMException" => "GW715",
        // `console.error('…')`: a message, nothing was thrown
        "" if is_logged(exception) => from_text(m),
        "" => general(m).unwrap_or(if m.is_empty() { "GW700" } else { "GW713" }),
        _ => general(m).unwrap_or("GW700"),
    }
}

/// Whether the stack is that of a logging call.
fn is_logged(exception: &Exception) -> bool {
    let innermost = exception.plain_frames().next_back();
    innermost
        .and_then(|frame| frame.function.as_deref())
        .is_some_and(|function| function.starts_with("console."))
}

const NETWORK: [&str; 9] = [
    "Failed to fetch",
    "NetworkError when attempting",
    "Network request failed",
    "Network Error",
    "Load failed",
    "fetch failed",
    "network connection was lost",
    "connection appears to be offline",
    "Could not connect to the server",
];
const MISSING: [&str; 13] = [
    "Cannot read prop",
    "Cannot set prop",
    "Cannot destructure property",
    "of undefined",
    "of null",
    "undefined is not an object",
    "null is not an object",
    "can't access property",
    "undefined or null",
    "has no properties",
    "in undefined",
    "in null",
    "cannot be destructured",
];
const CONSTRUCTION: [&str; 8] = [
    "is not a constructor",
    "lass constructor",
    "Illegal constructor",
    "Illegal invocation",
    "super constructor",
    "does not implement interface",
    "super() hasn't been called",
    "must be invoked with 'new'",
];
const READ_ONLY: [&str; 10] = [
    "constant variable",
    "read only property",
    "readonly property",
    "is read-only",
    "not extensible",
    "only a getter",
    "assignment to const",
    "Cannot delete property",
    "can't delete",
    "Cannot redefine property",
];
const ITERATION: [&str; 6] = [
    "is not iterable",
    "not a function or its return value is not iterable",
    "non-iterable",
    "Spread syntax requires",
    "Symbol.iterator",
    "is not async iterable",
];
const MIXED: [&str; 10] = [
    "BigInt",
    "Cannot convert a Symbol",
    "can't convert",
    "Cannot convert object to primitive",
    "No default value",
    "'in' operator",
    "'in' operand",
    "instanceof",
    "Reduce of empty array",
    "reduce of empty array",
];
const CYCLES: [&str; 3] = [
    "circular structure",
    "cyclic object value",
    "cyclic structures",
];

fn type_error(m: &str) -> &'static str {
    if has(m, &NETWORK) {
        "GW711"
    } else if has(m, &CYCLES) || m.contains("serialize a BigInt") {
        "GW722"
    } else if has(m, &ITERATION) {
        "GW706"
    } else if has(m, &CONSTRUCTION) {
        "GW714"
    } else if has(
        m,
        &[
            "is not a function",
            "support property or method",
            "has no method",
        ],
    ) {
        "GW702"
    } else if has(m, &READ_ONLY) {
        "GW705"
    } else if has(m, &MISSING) || m.ends_with(" is undefined") || m.ends_with(" is null") {
        "GW701"
    } else if has(m, &MIXED) {
        "GW721"
    } else if has(
        m,
        &[
            "must be of type",
            "must be an instance of",
            "ERR_INVALID_ARG_TYPE",
        ],
    ) {
        "GW719"
    } else if has(m, &URLS) {
        "GW723"
    } else if m.starts_with("Failed to execute") || m.contains("does not implement") {
        "GW715"
    } else {
        general(m).unwrap_or("GW700")
    }
}

fn reference_error(m: &str) -> &'static str {
    if has(
        m,
        &[
            "before initialization",
            "uninitialized variable",
            "lexical declaration",
        ],
    ) {
        "GW704"
    } else if has(m, &["super()", "super constructor"]) {
        "GW714"
    } else {
        "GW703"
    }
}

const URLS: [&str; 6] = [
    "Invalid URL",
    "not a valid URL",
    "cannot be parsed as a URL",
    "URI malformed",
    "malformed URI",
    "Invalid regular expression",
];

fn syntax_error(m: &str) -> &'static str {
    if has(m, &["JSON", "did not match the expected pattern"]) {
        "GW707"
    } else if has(m, &["nvalid regular expression", "regular expression"]) {
        "GW723"
    } else if has(m, &["valid selector", "querySelector"]) {
        "GW715"
    } else if m.contains("BigInt") {
        "GW721"
    } else {
        "GW708"
    }
}

/// Loading of modules and chunks, whatever the type is.
fn modules(m: &str) -> Option<&'static str> {
    if has(
        m,
        &[
            "Loading chunk",
            "Loading CSS chunk",
            "dynamically imported module",
            "Importing a module script",
            "preload CSS",
            "module script",
        ],
    ) {
        Some("GW712")
    } else if has(
        m,
        &[
            "Cannot find module",
            "Cannot find package",
            "require() of ES Module",
            "require is not defined",
            "import statement outside a module",
            "provide an export named",
            "resolve module specifier",
            "import not found",
            "exports is not defined",
            "module is not defined",
        ],
    ) {
        Some("GW718")
    } else {
        None
    }
}

/// Node's system errors begin with or contain their code.
fn system(m: &str) -> Option<&'static str> {
    const CODES: [(&str, &str); 21] = [
        ("ENOENT", "GW401"),
        ("EACCES", "GW402"),
        ("EPERM", "GW402"),
        ("EROFS", "GW402"),
        ("ENOSPC", "GW403"),
        ("EMFILE", "GW403"),
        ("EISDIR", "GW404"),
        ("ENOTDIR", "GW404"),
        ("EEXIST", "GW404"),
        ("ECONNREFUSED", "GW405"),
        ("ECONNRESET", "GW405"),
        ("ENOTFOUND", "GW405"),
        ("EAI_AGAIN", "GW405"),
        ("EHOSTUNREACH", "GW405"),
        ("socket hang up", "GW405"),
        ("ETIMEDOUT", "GW406"),
        ("CERT_", "GW407"),
        ("certificate", "GW407"),
        ("heap out of memory", "GW408"),
        ("EADDRINUSE", "GW410"),
        ("EPIPE", "GW907"),
    ];
    CODES
        .iter()
        .find(|(needle, _)| m.contains(needle))
        .map(|(_, code)| *code)
}

/// Wordings that say what happened under any type.
fn general(m: &str) -> Option<&'static str> {
    const FRAMEWORK: [&str; 16] = [
        "Minified React error",
        "Invalid hook call",
        "Rendered more hooks",
        "Rendered fewer hooks",
        "Too many re-renders",
        "not valid as a React child",
        "Element type is invalid",
        "ydration failed",
        "ydrating",
        "Maximum update depth exceeded",
        "must be used within",
        "did not match server",
        "ExpressionChangedAfterItHasBeenChecked",
        "NG0",
        "[Vue",
        "[vuex]",
    ];
    if has(m, &FRAMEWORK) {
        Some("GW717")
    } else if has(m, &["status code ", "HTTP error", "HTTP status"]) {
        Some("GW608")
    } else if has(m, &NETWORK) {
        Some("GW711")
    } else if has(
        m,
        &[
            "exceeded the quota",
            "quota has been exceeded",
            "operation is insecure",
            "Access is denied",
        ],
    ) {
        Some("GW716")
    } else if has(
        m,
        &[
            "uncaught exception:",
            "Non-Error ",
            "[object Object]",
            "[object Event]",
            "reason \"",
        ],
    ) {
        Some("GW713")
    } else if has(m, &["imeout", "timed out"]) {
        Some("GW406")
    } else {
        None
    }
}

fn noise(name: &str, m: &str) -> Option<&'static str> {
    const CANCELLED: [&str; 8] = [
        "aborted",
        "AbortError",
        "canceled",
        "cancelled",
        "BodyStreamBuffer was aborted",
        "signal is aborted",
        "navigation was aborted",
        "Fetch is aborted",
    ];
    const INJECTED: [&str; 9] = [
        "Can't find variable: gmo",
        "__gCrWeb",
        "instantSearchSDKJSBridge",
        "ibFindAllVideos",
        "Java object is gone",
        "Java bridge method",
        "webkit.messageHandlers",
        "_AutofillCallbackHandler",
        "zaloJSV2",
    ];
    if m.starts_with("ResizeObserver loop") {
        Some("GW902")
    } else if matches!(m.trim_end_matches('.'), "Script error") {
        Some("GW903")
    } else if has(
        m,
        &[
            "play() request was",
            "play() failed",
            "play method is not allowed",
        ],
    ) {
        Some("GW911")
    } else if has(m, &INJECTED) {
        Some("GW910")
    } else if matches!(
        name,
        "AbortError" | "CanceledError" | "CancelledError" | "Cancel"
    ) || (m.len() < 120 && has(m, &CANCELLED))
    {
        Some("GW904")
    } else if m == "{}" || m == "Console Error: {}" {
        Some("GW912")
    } else {
        None
    }
}

/// A message without type and frames, as a browser posts it: `Uncaught TypeError: …`, `Unhandled Promise Rejection: …`.
pub(super) fn from_text(text: &str) -> &'static str {
    let mut m = text.trim();
    for lead in [
        "Console Error: ",
        "Unhandled Promise Rejection: ",
        "Uncaught ",
        "(in promise) ",
    ] {
        if m != "Console Error: {}" {
            m = m.strip_prefix(lead).unwrap_or(m);
        }
    }
    let (name, message) = match m.split_once(": ") {
        Some((name, message)) if is_type(name) => (Some(name), message),
        _ => (None, m),
    };
    let exception = Exception {
        type_name: name.map(str::to_owned),
        message: Some(message.to_owned()),
        ..Exception::default()
    };
    match classify(&exception) {
        // without type, any text looks like a thrown one
        "GW713" | "GW700" if name.is_none() => untyped(message),
        code => code,
    }
}

fn is_type(name: &str) -> bool {
    name.len() < 60
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Wordings of engines that leave no doubt about the type.
fn untyped(m: &str) -> &'static str {
    if m.contains("is not defined") || m.starts_with("Can't find variable") {
        "GW703"
    } else if has(
        m,
        &[
            "is not a function",
            "Cannot read propert",
            "is not an object (evaluating",
            "can't access property",
        ],
    ) || m.ends_with(" is undefined")
        || m.ends_with(" is null")
    {
        type_error(m)
    } else if m.contains("JSON") && has(m, &["Unexpected", "JSON.parse", "JSON Parse error"]) {
        "GW707"
    } else if has(m, &["uncaught exception:", "[object "]) {
        "GW713"
    } else {
        "GW001"
    }
}
