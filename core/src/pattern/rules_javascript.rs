//! Which pattern a JavaScript error is: one code for the wordings of V8, Gecko, JavaScriptCore and old engines.

use super::rules::by_kind;
use crate::model::{Exception, Platform};
use crate::normalize::{is_stack_overflow, type_name};
use crate::text::{self, ALNUM};

/// Code of the pattern; `GW700` where no rule knows the error.
pub(super) fn classify(exception: &Exception) -> &'static str {
    let message = text::given(&exception.message);
    let name = type_name(Platform::JavaScript, exception);
    if let Some(code) = by_kind(NOISE, name, message).or_else(|| by_kind(ANY_TYPE, name, message)) {
        return code;
    }
    // `console.error('…')`: a message, nothing was thrown
    if name.is_empty()
        && is_logged(exception)
        && !is_stack_overflow(Platform::JavaScript, exception)
    {
        return from_text(message);
    }
    by_kind(KINDS, name, message).unwrap_or("GW700")
}

/// Whether the stack is that of a logging call.
fn is_logged(exception: &Exception) -> bool {
    let frames = exception.innermost();
    frames
        .first()
        .and_then(|frame| frame.function.as_deref())
        .is_some_and(|function| function.starts_with("console."))
}

/// What is no fault of the page. In a long text the words of an abort may be the program's own.
const NOISE: &str = "\
* GW902 ^ResizeObserver loop
* GW903 =Script error|=Script error.
* GW912 ={}|=Console Error: {}
* GW911 play() request was|play() failed|play method is not allowed
* GW910 Can't find variable: gmo|__gCrWeb|instantSearchSDKJSBridge|ibFindAllVideos|Java object is gone|Java bridge method|webkit.messageHandlers|_AutofillCallbackHandler|zaloJSV2
AbortError|CanceledError|CancelledError|Cancel GW904 \n\
* GW904 ~aborted|~AbortError|~canceled|~cancelled";

/// Loading of modules and chunks, and Node's system errors, whatever the type is.
const ANY_TYPE: &str = "\
* GW712 Loading chunk|Loading CSS chunk|dynamically imported module|mporting a module script|preload CSS|module script
* GW718 Cannot find module|Cannot find package|require() of ES Module|require is not defined|import statement outside a module|provide an export named|resolve module specifier|import not found|exports is not defined|module is not defined
* GW401 ENOENT
* GW402 EACCES|EPERM|EROFS
* GW403 ENOSPC|EMFILE
* GW404 EISDIR|ENOTDIR|EEXIST
* GW405 ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|socket hang up
* GW406 ETIMEDOUT
* GW407 CERT_|certificate
* GW408 heap out of memory
* GW410 EADDRINUSE
* GW907 EPIPE";

/// By type; behind them the wordings that say what happened under any type that has no rule of its own.
const KINDS: &str = "\
* GW709 ^Maximum call stack|^too much recursion
TypeError GW711 Failed to fetch|NetworkError when attempting|Network request failed|Network Error|Load failed|fetch failed|network connection was lost|connection appears to be offline|Could not connect to the server
TypeError GW722 circular structure|cyclic object value|cyclic structures|serialize a BigInt
TypeError GW706 is not iterable|non-iterable|Spread syntax requires|Symbol.iterator|is not async iterable
TypeError GW714 is not a constructor|lass constructor|Illegal constructor|Illegal invocation|super constructor|does not implement interface|super() hasn't been called|must be invoked with 'new'
TypeError GW702 is not a function|support property or method|has no method
TypeError GW705 constant variable|read only property|readonly property|is read-only|not extensible|only a getter|assignment to const|Cannot delete property|can't delete|Cannot redefine property
TypeError GW701 Cannot read prop|Cannot set prop|Cannot destructure property|of undefined|of null|undefined is not an object|null is not an object|can't access property|undefined or null|has no properties|in undefined|in null|cannot be destructured
TypeError GW701 $ is undefined|$ is null
TypeError GW721 BigInt|Cannot convert a Symbol|can't convert|Cannot convert object to primitive|No default value|'in' operator|'in' operand|instanceof|educe of empty array
TypeError GW719 must be of type|must be an instance of
TypeError GW723 Invalid URL|not a valid URL|cannot be parsed as a URL|malformed URI|URI malformed
TypeError GW715 Failed to execute
ReferenceError GW704 before initialization|uninitialized variable|lexical declaration
ReferenceError GW714 super()|super constructor
ReferenceError GW703 \n\
SyntaxError GW707 JSON|did not match the expected pattern
SyntaxError GW723 regular expression
SyntaxError GW715 valid selector|querySelector
SyntaxError GW721 BigInt
SyntaxError GW708 \n \
GW700 =
RangeError GW710 \n\
URIError GW723 \n\
AggregateError GW724 \n\
AssertionError GW720 \n\
RuntimeError|LinkError|CompileError GW725 \n\
ChunkLoadError GW712 \n\
NetworkError GW711 \n\
TimeoutError GW406 \n\
AxiosError|HTTPError|HttpErrorResponse|FetchError GW608 \n\
UnhandledPromiseRejection GW713 \n\
SecurityError|QuotaExceededError|NotAllowedError|NS_ERROR_DOM_QUOTA_REACHED GW716 \n\
NotFoundError|HierarchyRequestError|InvalidStateError|InvalidCharacterError|IndexSizeError|WrongDocumentError|NotSupportedError|DataCloneError|DOMException GW715 \n\
* GW717 Minified React error|Invalid hook call|Rendered more hooks|Rendered fewer hooks|Too many re-renders|not valid as a React child|Element type is invalid|ydration failed|ydrating|Maximum update depth exceeded|must be used within|did not match server|ExpressionChangedAfterItHasBeenChecked|NG0|[Vue|[vuex]
* GW608 status code |HTTP error|HTTP status
* GW711 Failed to fetch|NetworkError when attempting|Network request failed|Network Error|Load failed|fetch failed|network connection was lost|connection appears to be offline
* GW716 exceeded the quota|quota has been exceeded|operation is insecure|Access is denied
* GW713 uncaught exception:|Non-Error |[object Object]|[object Event]|reason \"
* GW406 imeout|timed out
 GW713 ";

/// A message without type and frames, as a browser posts it: `Uncaught TypeError: …`, `Unhandled Promise Rejection: …`.
pub(super) fn from_text(text: &str) -> &'static str {
    let mut text = text::trim(text);
    if let Some(code) = by_kind(NOISE, "", text) {
        return code;
    }
    let leads = "Console Error: |Unhandled Promise Rejection: |Uncaught |(in promise) ";
    for lead in text::items(leads, "|") {
        text::eat(&mut text, lead);
    }
    if let Some((name, message)) = text::split(text, ": ")
        && is_type(name)
    {
        let mut made = Exception::new();
        made.type_name = Some(text::owned(name));
        made.message = Some(text::owned(message));
        return classify(&made);
    }
    by_kind(ANY_TYPE, "", text)
        .or_else(|| by_kind(SURE, "", text))
        .unwrap_or("GW001")
}

fn is_type(name: &str) -> bool {
    name.len() < 60
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && text::only(name, ALNUM, "_")
}

/// Wordings of engines that leave no doubt about the type.
const SURE: &str = "\
* GW707 is not valid JSON|in JSON at position|JSON.parse: |JSON Parse error
* GW711 Failed to fetch|NetworkError when attempting
* GW702 is not a function
* GW701 Cannot read prop|is not an object (evaluating|can't access property
* GW703 is not defined|Can't find variable
* GW717 Minified React error
* GW713 uncaught exception:|[object 
* GW701 $ is undefined|$ is null";
