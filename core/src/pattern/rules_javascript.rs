//! Which pattern a JavaScript error is: one code for the wordings of V8, Gecko, JavaScriptCore and old engines.

use alloc::borrow::ToOwned;

use super::rules::{by_name, by_text};
use crate::model::{Exception, Platform};
use crate::normalize::{is_stack_overflow, type_name};
use crate::text::{self, ALNUM};

/// Code of the pattern; `GW700` where no rule knows the error.
pub(super) fn classify(exception: &Exception) -> &'static str {
    let message = exception.message.as_deref().unwrap_or("");
    let name = type_name(Platform::JavaScript, exception);
    if let Some(code) = noise(name, message) {
        return code;
    }
    if is_stack_overflow(Platform::JavaScript, exception) {
        return "GW709";
    }
    if let Some(code) = by_text(ANY_TYPE, message) {
        return code;
    }
    match name {
        "TypeError" => type_error(message),
        "ReferenceError" => by_text(REFERENCE_ERROR, message).unwrap_or("GW703"),
        "SyntaxError" => by_text(SYNTAX_ERROR, message).unwrap_or("GW708"),
        // `console.error('…')`: a message, nothing was thrown
        "" if is_logged(exception) => from_text(message),
        "" if message.is_empty() => "GW700",
        "" => by_text(GENERAL, message).unwrap_or("GW713"),
        name => by_name(BY_NAME, name)
            .or_else(|| by_text(GENERAL, message))
            .unwrap_or("GW700"),
    }
}

/// Whether the stack is that of a logging call.
fn is_logged(exception: &Exception) -> bool {
    let frames = exception.innermost();
    frames
        .first()
        .and_then(|frame| frame.function.as_deref())
        .is_some_and(|function| function.starts_with("console."))
}

fn type_error(message: &str) -> &'static str {
    by_text(TYPE_ERROR, message)
        .or_else(|| is_nothing(message))
        .or_else(|| by_text(LATE_TYPE_ERROR, message))
        .or_else(|| by_text(GENERAL, message))
        .unwrap_or("GW700")
}

/// Gecko until 79: `a.b is undefined`.
fn is_nothing(message: &str) -> Option<&'static str> {
    (message.ends_with(" is undefined") || message.ends_with(" is null")).then_some("GW701")
}

/// Loading of modules and chunks, and Node's system errors, whatever the type is.
const ANY_TYPE: &str = "\
GW712 Loading chunk|Loading CSS chunk|dynamically imported module|mporting a module script|preload CSS|module script
GW718 Cannot find module|Cannot find package|require() of ES Module|require is not defined|import statement outside a module|provide an export named|resolve module specifier|import not found|exports is not defined|module is not defined
GW401 ENOENT
GW402 EACCES|EPERM|EROFS
GW403 ENOSPC|EMFILE
GW404 EISDIR|ENOTDIR|EEXIST
GW405 ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|socket hang up
GW406 ETIMEDOUT
GW407 CERT_|certificate
GW408 heap out of memory
GW410 EADDRINUSE
GW907 EPIPE";

const TYPE_ERROR: &str = "\
GW711 Failed to fetch|NetworkError when attempting|Network request failed|Network Error|Load failed|fetch failed|network connection was lost|connection appears to be offline|Could not connect to the server
GW722 circular structure|cyclic object value|cyclic structures|serialize a BigInt
GW706 is not iterable|non-iterable|Spread syntax requires|Symbol.iterator|is not async iterable
GW714 is not a constructor|lass constructor|Illegal constructor|Illegal invocation|super constructor|does not implement interface|super() hasn't been called|must be invoked with 'new'
GW702 is not a function|support property or method|has no method
GW705 constant variable|read only property|readonly property|is read-only|not extensible|only a getter|assignment to const|Cannot delete property|can't delete|Cannot redefine property
GW701 Cannot read prop|Cannot set prop|Cannot destructure property|of undefined|of null|undefined is not an object|null is not an object|can't access property|undefined or null|has no properties|in undefined|in null|cannot be destructured";

const LATE_TYPE_ERROR: &str = "\
GW721 BigInt|Cannot convert a Symbol|can't convert|Cannot convert object to primitive|No default value|'in' operator|'in' operand|instanceof|educe of empty array
GW719 must be of type|must be an instance of
GW723 Invalid URL|not a valid URL|cannot be parsed as a URL|malformed URI|URI malformed
GW715 Failed to execute";

const REFERENCE_ERROR: &str = "\
GW704 before initialization|uninitialized variable|lexical declaration
GW714 super()|super constructor";

const SYNTAX_ERROR: &str = "\
GW707 JSON|did not match the expected pattern
GW723 regular expression
GW715 valid selector|querySelector
GW721 BigInt";

const BY_NAME: &str = "\
GW710 RangeError
GW723 URIError
GW724 AggregateError
GW720 AssertionError
GW725 RuntimeError LinkError CompileError
GW712 ChunkLoadError
GW711 NetworkError
GW406 TimeoutError
GW608 AxiosError HTTPError HttpErrorResponse FetchError
GW713 UnhandledPromiseRejection
GW716 SecurityError QuotaExceededError NotAllowedError NS_ERROR_DOM_QUOTA_REACHED
GW715 NotFoundError HierarchyRequestError InvalidStateError InvalidCharacterError IndexSizeError WrongDocumentError NotSupportedError DataCloneError DOMException";

/// Wordings that say what happened under any type that has no rule of its own.
const GENERAL: &str = "\
GW717 Minified React error|Invalid hook call|Rendered more hooks|Rendered fewer hooks|Too many re-renders|not valid as a React child|Element type is invalid|ydration failed|ydrating|Maximum update depth exceeded|must be used within|did not match server|ExpressionChangedAfterItHasBeenChecked|NG0|[Vue|[vuex]
GW608 status code |HTTP error|HTTP status
GW711 Failed to fetch|NetworkError when attempting|Network request failed|Network Error|Load failed|fetch failed|network connection was lost|connection appears to be offline
GW716 exceeded the quota|quota has been exceeded|operation is insecure|Access is denied
GW713 uncaught exception:|Non-Error |[object Object]|[object Event]|reason \"
GW406 imeout|timed out";

fn noise(name: &str, message: &str) -> Option<&'static str> {
    const BY_TEXT: &str = "\
GW911 play() request was|play() failed|play method is not allowed
GW910 Can't find variable: gmo|__gCrWeb|instantSearchSDKJSBridge|ibFindAllVideos|Java object is gone|Java bridge method|webkit.messageHandlers|_AutofillCallbackHandler|zaloJSV2";
    const CANCELLED: &str = "GW904 aborted|AbortError|canceled|cancelled";
    if message.starts_with("ResizeObserver loop") {
        Some("GW902")
    } else if text::without_end(message, 0, ".") == "Script error" {
        Some("GW903")
    } else if matches!(message, "{}" | "Console Error: {}") {
        Some("GW912")
    } else {
        by_text(BY_TEXT, message)
            .or_else(|| by_name("GW904 AbortError CanceledError CancelledError Cancel", name))
            // in a long text the word may be the program's own
            .or_else(|| by_text(CANCELLED, message).filter(|_| message.len() < 120))
    }
}

/// A message without type and frames, as a browser posts it: `Uncaught TypeError: …`, `Unhandled Promise Rejection: …`.
pub(super) fn from_text(text: &str) -> &'static str {
    let mut text = text::trim(text);
    if let Some(code) = noise("", text) {
        return code;
    }
    for lead in [
        "Console Error: ",
        "Unhandled Promise Rejection: ",
        "Uncaught ",
        "(in promise) ",
    ] {
        text::eat(&mut text, lead);
    }
    match text::split(text, ": ") {
        Some((name, message)) if is_type(name) => classify(&Exception {
            type_name: Some(name.to_owned()),
            message: Some(message.to_owned()),
            ..Exception::default()
        }),
        _ => by_text(ANY_TYPE, text)
            .or_else(|| by_text(SURE, text))
            .or_else(|| is_nothing(text))
            .unwrap_or("GW001"),
    }
}

fn is_type(name: &str) -> bool {
    name.len() < 60
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && text::only(name, ALNUM, "_")
}

/// Wordings of engines that leave no doubt about the type.
const SURE: &str = "\
GW707 is not valid JSON|in JSON at position|JSON.parse: |JSON Parse error
GW711 Failed to fetch|NetworkError when attempting
GW702 is not a function
GW701 Cannot read prop|is not an object (evaluating|can't access property
GW703 is not defined|Can't find variable
GW717 Minified React error
GW713 uncaught exception:|[object ";
