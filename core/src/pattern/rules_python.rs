//! Which pattern a Python exception is: by type, then by the wordings of every Python version.

use super::has;
use crate::model::Exception;
use crate::normalize::type_name;

/// Code of the pattern; `GW100` where no rule knows the type.
pub(super) fn classify(exception: &Exception) -> &'static str {
    let message = exception.message.as_deref().unwrap_or("");
    let name = type_name(crate::model::Platform::Python, exception);
    let module = exception.module.as_deref().unwrap_or("");
    match name {
        // cut off before the type
        "" if message.is_empty() => "GW100",
        "" => from_text(message),
        "TypeError" => type_error(message),
        "AttributeError" => attribute_error(message),
        "KeyError" if reads_environment(exception) => "GW305",
        "KeyError" => "GW202",
        "IndexError" => "GW203",
        "NameError" => "GW110",
        "UnboundLocalError" => "GW111",
        "ValueError" => value_error(message),
        "RuntimeError" => runtime_error(message),
        "AssertionError" => "GW113",
        "NotImplementedError" => "GW114",
        "RecursionError" => "GW115",
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" | "ArithmeticError"
        | "InvalidOperation" | "DivisionByZero" => "GW116",
        "StopIteration" | "StopAsyncIteration" => "GW118",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" | "UnicodeError" => {
            "GW206"
        }
        "JSONDecodeError" => "GW207",
        "ImportError" | "ModuleNotFoundError" => import_error(message),
        "SyntaxError" | "IndentationError" | "TabError" => "GW304",
        "OSError" => os_error(message),
        "ExceptionGroup" | "BaseExceptionGroup" => "GW503",
        "KeyboardInterrupt" => "GW905",
        "SystemExit" if innermost_function(exception) == "handle_abort" => "GW611",
        "SystemExit" => "GW906",
        name => by_name(name, module, message),
    }
}

/// `os.environ[…]` ends in the standard library's mapping.
fn reads_environment(exception: &Exception) -> bool {
    exception.plain_frames().next_back().is_some_and(|frame| {
        let file = frame.file.as_deref().unwrap_or("");
        !frame.in_app
            && (file.ends_with("/os.py") || file.ends_with("\\os.py") || file == "<frozen os>")
    })
}

fn innermost_function(exception: &Exception) -> &str {
    exception
        .plain_frames()
        .next_back()
        .and_then(|frame| frame.function.as_deref())
        .unwrap_or("")
}

const SIGNATURE: [&str; 12] = [
    "required positional argument",
    "required keyword-only argument",
    "unexpected keyword argument",
    "invalid keyword argument",
    "multiple values for",
    "positional argument",
    "takes no arguments",
    "takes no keyword arguments",
    "takes exactly",
    "takes at least",
    "takes at most",
    "missing a required argument",
];
const COROUTINE: [&str; 8] = [
    "'coroutine' object",
    "coroutine object",
    "type 'coroutine'",
    "type coroutine",
    "'async_generator'",
    "'await' expression",
    "'async for' requires",
    "asynchronous context manager",
];
const SHAPE: [&str; 4] = [
    "is not subscriptable",
    "does not support item",
    "indices must be integers",
    "object has no attribute '__getitem__'",
];
const ITERATION: [&str; 8] = [
    "is not iterable",
    "non-iterable",
    "has no len()",
    "is not an iterator",
    "is not a container",
    "must be an iterable",
    "must be a mapping",
    "object is not reversible",
];
const OPERATION: [&str; 14] = [
    "unsupported operand",
    "can only concatenate",
    "not supported between instances",
    "must be str, not",
    "must be real number",
    "can't multiply sequence",
    "bad operand type",
    "argument must be",
    "expected str",
    "expected string or bytes-like",
    "bytes-like object is required",
    "must be integer",
    "cannot be interpreted as an integer",
    "unsupported format string",
];
const ZONES: [&str; 2] = ["offset-naive", "tz-naive"];

fn type_error(m: &str) -> &'static str {
    if has(m, &SIGNATURE) || (m.contains("expected") && m.contains("arguments, got")) {
        "GW101"
    } else if m.contains("NoneType") {
        "GW201"
    } else if has(m, &COROUTINE) {
        "GW501"
    } else if m.contains("is not callable") {
        "GW103"
    } else if has(
        m,
        &[
            "not JSON serializable",
            "not serializable",
            "keys must be str, int",
        ],
    ) {
        "GW109"
    } else if has(m, &["cannot pickle", "can't pickle"]) {
        "GW505"
    } else if m.contains("unhashable type") {
        "GW106"
    } else if has(
        m,
        &[
            "abstract class",
            "abstract method",
            "metaclass conflict",
            "consistent method resolution",
        ],
    ) {
        "GW107"
    } else if has(m, &ZONES) {
        "GW211"
    } else if m.contains("did not return a valid response") || m.contains("valid response tuple") {
        "GW610"
    } else if has(m, &SHAPE) {
        "GW105"
    } else if has(m, &ITERATION) {
        "GW104"
    } else if has(m, &OPERATION) {
        "GW102"
    } else {
        "GW108"
    }
}

fn attribute_error(m: &str) -> &'static str {
    if m.contains("'NoneType' object") {
        "GW201"
    } else if m.contains("'coroutine' object") {
        "GW501"
    } else if m.contains("partially initialized module") {
        "GW303"
    } else {
        "GW112"
    }
}

const CONVERSION: [&str; 13] = [
    "invalid literal for",
    "could not convert string",
    "nvalid isoformat",
    "does not match format",
    "unconverted data remains",
    "badly formed hexadecimal UUID",
    "out of range for month",
    "must be in 1..12",
    "must be in 0..23",
    "is out of range",
    "non-hexadecimal number",
    "does not appear to be an IPv4",
    "Unknown string format",
];

fn value_error(m: &str) -> &'static str {
    if m.contains("to unpack") {
        "GW205"
    } else if has(m, &CONVERSION) {
        "GW204"
    } else if has(
        m,
        &[
            "empty sequence",
            "is empty",
            "empty range",
            "empty population",
        ],
    ) {
        "GW209"
    } else if m.contains("is not a valid ") {
        "GW210"
    } else if has(
        m,
        &[
            "x not in list",
            "is not in list",
            "not in tuple",
            "substring not found",
            "subsection not found",
        ],
    ) {
        "GW212"
    } else if has(m, &["Circular reference", "Out of range float"]) {
        "GW109"
    } else if has(
        m,
        &[
            "math domain error",
            "cannot convert float",
            "Exceeds the limit",
        ],
    ) {
        "GW116"
    } else if m.contains("returned None instead") || m.contains("didn't return an HttpResponse") {
        "GW610"
    } else if has(m, &ZONES) {
        "GW211"
    } else {
        "GW117"
    }
}

fn runtime_error(m: &str) -> &'static str {
    if has(m, &["during iteration"]) {
        "GW504"
    } else if has(
        m,
        &[
            "event loop",
            "different loop",
            "asyncio.run() cannot",
            "Event loop",
        ],
    ) {
        "GW502"
    } else if m.contains("raised StopIteration") || m.contains("raised StopAsyncIteration") {
        "GW118"
    } else if m.contains("already awaited coroutine") {
        "GW501"
    } else if m.contains("start new thread") {
        "GW508"
    } else if m.starts_with("Working outside of") {
        "GW609"
    } else if m.contains("No response returned") {
        "GW610"
    } else if m.starts_with("maximum recursion depth") {
        "GW115"
    } else if m.contains("out of memory") {
        "GW408"
    } else {
        "GW100"
    }
}

fn import_error(m: &str) -> &'static str {
    if has(m, &["partially initialized module", "circular import"]) {
        "GW303"
    } else if has(
        m,
        &[
            "cannot open shared object",
            "DLL load failed",
            "undefined symbol",
            "Library not loaded",
            "GLIBC",
            "invalid ELF",
            "incompatible architecture",
        ],
    ) {
        "GW306"
    } else if m.contains("cannot import name") {
        "GW302"
    } else {
        "GW301"
    }
}

/// By the number or the system's words, which `[Errno N]`, `[WinError N]` and wrapped errors share.
fn os_error(m: &str) -> &'static str {
    if has(
        m,
        &[
            "[Errno 2]",
            "No such file or directory",
            "[WinError 2]",
            "[WinError 3]",
        ],
    ) {
        "GW401"
    } else if has(
        m,
        &[
            "[Errno 13]",
            "[Errno 30]",
            "[Errno 1]",
            "Permission denied",
            "[WinError 5]",
        ],
    ) {
        "GW402"
    } else if has(
        m,
        &[
            "[Errno 28]",
            "[Errno 24]",
            "[Errno 23]",
            "[Errno 122]",
            "No space left",
            "Too many open files",
        ],
    ) {
        "GW403"
    } else if has(
        m,
        &[
            "ddress already in use",
            "[Errno 98]",
            "[Errno 48]",
            "[WinError 10048]",
        ],
    ) {
        "GW410"
    } else if has(m, &["[Errno 12]", "Cannot allocate memory"]) {
        "GW408"
    } else if has(m, &["[Errno 32]", "Broken pipe"]) {
        "GW907"
    } else if has(m, &["[Errno 110]", "[Errno 60]", "timed out"]) {
        "GW406"
    } else if has(m, &NETWORK) {
        "GW405"
    } else {
        "GW404"
    }
}

const NETWORK: [&str; 10] = [
    "[Errno 111]",
    "[Errno 104]",
    "[Errno 113]",
    "[Errno -2]",
    "[Errno -3]",
    "[Errno 61]",
    "onnection refused",
    "onnection reset",
    "name resolution",
    "getaddrinfo failed",
];

/// Types of the standard library and of the libraries that most backends use; endings where families share one.
fn by_name(name: &str, module: &str, m: &str) -> &'static str {
    match name {
        "FileNotFoundError" => "GW401",
        "PermissionError" => "GW402",
        "IsADirectoryError"
        | "NotADirectoryError"
        | "FileExistsError"
        | "EOFError"
        | "UnsupportedOperation" => "GW404",
        "ConnectionRefusedError"
        | "ConnectionResetError"
        | "ConnectionAbortedError"
        | "ConnectionError"
        | "gaierror"
        | "herror"
        | "NewConnectionError"
        | "NameResolutionError"
        | "MaxRetryError"
        | "ClientConnectorError"
        | "ClientConnectionError"
        | "ClientConnectorDNSError"
        | "ClientOSError"
        | "ServerDisconnectedError"
        | "RemoteDisconnected"
        | "ConnectError"
        | "ReadError"
        | "WriteError"
        | "RemoteProtocolError"
        | "ProtocolError"
        | "ChunkedEncodingError"
        | "IncompleteRead"
        | "URLError"
        | "ProxyError"
        | "APIConnectionError"
        | "EndpointConnectionError"
        | "AMQPConnectionError"
        | "NoBrokersAvailable"
        | "ServiceUnavailable"
        | "AutoReconnect"
        | "NetworkError" => "GW405",
        "SSLError" | "SSLCertVerificationError" | "CertificateError" | "SSLEOFError" => "GW407",
        "MemoryError" | "OutOfMemoryError" => "GW408",
        "CalledProcessError" => "GW411",
        "NoCredentialsError"
        | "PartialCredentialsError"
        | "TokenRetrievalError"
        | "AuthenticationError"
        | "RateLimitError"
        | "ThrottlingException" => "GW412",
        "ClientError" if module.starts_with("botocore") => "GW412",
        "CancelledError" | "GeneratorExit" | "Cancelled" | "TaskRevokedError" => "GW904",
        "BrokenPipeError"
        | "ClientDisconnect"
        | "ClientDisconnected"
        | "ClientConnectionResetError" => "GW907",
        "BrokenProcessPool" | "BrokenExecutor" | "BrokenThreadPool" | "WorkerLostError"
        | "Terminated" => "GW506",
        "PicklingError"
        | "UnpicklingError"
        | "MaybeEncodingError"
        | "UnpickleableExceptionWrapper" => "GW505",
        "Empty" | "Full" | "QueueEmpty" | "QueueFull" | "QueueShutDown" => "GW507",
        "IntegrityError"
        | "UniqueViolation"
        | "ForeignKeyViolation"
        | "NotNullViolation"
        | "CheckViolation"
        | "UniqueViolationError"
        | "ForeignKeyViolationError"
        | "NotNullViolationError"
        | "DuplicateKeyError"
        | "ProtectedError"
        | "RestrictedError" => "GW601",
        "ProgrammingError"
        | "UndefinedTable"
        | "UndefinedColumn"
        | "UndefinedTableError"
        | "UndefinedColumnError"
        | "NoSuchTableError"
        | "InconsistentMigrationHistory" => "GW602",
        "OperationalError" | "DatabaseError" | "InternalError" | "InterfaceError" => {
            database_error(m)
        }
        "DataError" | "StringDataRightTruncation" | "NumericValueOutOfRange" => "GW612",
        "DoesNotExist"
        | "ObjectDoesNotExist"
        | "NoResultFound"
        | "MultipleObjectsReturned"
        | "MultipleResultsFound" => "GW604",
        "DetachedInstanceError"
        | "PendingRollbackError"
        | "TransactionManagementError"
        | "MissingGreenlet"
        | "InvalidRequestError"
        | "StaleDataError"
        | "SynchronousOnlyOperation"
        | "IllegalStateChangeError" => "GW605",
        "UndefinedError"
        | "TemplateNotFound"
        | "TemplatesNotFound"
        | "TemplateDoesNotExist"
        | "TemplateSyntaxError"
        | "TemplateAssertionError"
        | "TemplateRuntimeError"
        | "VariableDoesNotExist" => "GW606",
        "BuildError" | "NoReverseMatch" | "NoMatchFound" => "GW607",
        "HTTPError"
        | "HTTPStatusError"
        | "ClientResponseError"
        | "APIStatusError"
        | "BadStatusCode" => "GW608",
        "ResponseValidationError" | "SerializationError" | "PydanticSerializationError" => "GW610",
        "WorkerTimeout" => "GW611",
        "ValidationError" if has(m, &["for Settings", "for Config"]) => "GW305",
        "ValidationError"
        | "RequestValidationError"
        | "SchemaError"
        | "MultipleInvalid"
        | "PydanticUserError" => "GW208",
        "ImproperlyConfigured"
        | "ConfigError"
        | "ConfigurationError"
        | "SettingsError"
        | "UndefinedValueError"
        | "AppRegistryNotReady"
        | "NoAppException"
        | "NoSectionError"
        | "NoOptionError"
        | "NoRegionError" => "GW305",
        "ExpatError"
        | "ParseError"
        | "XMLSyntaxError"
        | "YAMLError"
        | "ScannerError"
        | "ParserError"
        | "ComposerError"
        | "TOMLDecodeError"
        | "BadZipFile"
        | "BadGzipFile"
        | "ReadingError"
        | "UnidentifiedImageError"
        | "MissingSectionHeaderError"
        | "EmptyDataError" => "GW213",
        "error" | "Error"
            if matches!(
                module,
                "struct" | "binascii" | "zlib" | "csv" | "_csv" | "lzma"
            ) =>
        {
            "GW213"
        }
        "PicklingWarning" => "GW505",
        "HTTPException" if m.starts_with('5') => "GW100",
        "Http404"
        | "NotFound"
        | "HTTPNotFound"
        | "HTTPException"
        | "MethodNotAllowed"
        | "HTTPMethodNotAllowed"
        | "PermissionDenied"
        | "Forbidden"
        | "HTTPForbidden"
        | "Unauthorized"
        | "HTTPUnauthorized"
        | "BadRequest"
        | "HTTPBadRequest"
        | "BadRequestKeyError"
        | "NotAuthenticated"
        | "AuthenticationFailed"
        | "Throttled"
        | "RequestEntityTooLarge"
        | "TooManyRequests"
        | "ExpiredSignatureError"
        | "InvalidTokenError"
        | "Resolver404"
        | "NotAcceptable"
        | "UnsupportedMediaType"
        | "Gone" => "GW908",
        "DisallowedHost"
        | "SuspiciousOperation"
        | "SuspiciousFileOperation"
        | "RequestDataTooBig"
        | "TooManyFieldsSent"
        | "DisallowedRedirect"
        | "CSRFError"
        | "SecurityError"
        | "BadSignature" => "GW909",
        name if name.starts_with("Fatal Python error") => "GW409",
        name if has(
            name,
            &[
                "Timeout",
                "TimedOut",
                "TimeLimitExceeded",
                "DeadlineExceeded",
            ],
        ) =>
        {
            "GW406"
        }
        _ => "GW100",
    }
}

fn database_error(m: &str) -> &'static str {
    let lower_needles = [
        "no such table",
        "no such column",
        "does not exist",
        "doesn't exist",
        "Unknown column",
        "has no column",
        "syntax error",
    ];
    if has(m, &lower_needles) {
        "GW602"
    } else if has(m, &["constraint", "Duplicate entry"]) {
        "GW601"
    } else if m.contains("malformed") {
        "GW213"
    } else {
        "GW603"
    }
}

/// A message without type: only wordings that leave no doubt. Swallowed exceptions are often logged this way.
pub(super) fn from_text(m: &str) -> &'static str {
    const SURE: [(&str, &str); 34] = [
        ("required positional argument", "GW101"),
        ("unexpected keyword argument", "GW101"),
        ("positional arguments but", "GW101"),
        ("'NoneType' object", "GW201"),
        ("'coroutine' object", "GW501"),
        ("object has no attribute", "GW112"),
        ("object is not callable", "GW103"),
        ("is not JSON serializable", "GW109"),
        ("is not subscriptable", "GW105"),
        ("indices must be integers", "GW105"),
        ("object is not iterable", "GW104"),
        ("unhashable type", "GW106"),
        ("unsupported operand type", "GW102"),
        ("not supported between instances", "GW102"),
        ("division by zero", "GW116"),
        ("index out of range", "GW203"),
        ("values to unpack", "GW205"),
        ("invalid literal for", "GW204"),
        ("codec can't", "GW206"),
        ("Expecting value: line", "GW207"),
        ("partially initialized module", "GW303"),
        ("No module named", "GW301"),
        ("cannot import name", "GW302"),
        ("No such file or directory", "GW401"),
        ("Permission denied", "GW402"),
        ("No space left on device", "GW403"),
        ("ddress already in use", "GW410"),
        ("UNIQUE constraint failed", "GW601"),
        ("violates unique constraint", "GW601"),
        ("violates foreign key constraint", "GW601"),
        ("no such table", "GW602"),
        ("database is locked", "GW603"),
        ("onnection refused", "GW405"),
        ("timed out", "GW406"),
    ];
    if m.contains("Fatal Python error") || m.contains("Segmentation fault") {
        return "GW409";
    }
    if m.contains("WORKER TIMEOUT") {
        return "GW611";
    }
    SURE.iter()
        .find(|(needle, _)| m.contains(needle))
        .map_or("GW001", |(_, code)| code)
}
