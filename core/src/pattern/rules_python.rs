//! Which pattern a Python exception is: by type, then by the wordings of every Python version.

use super::rules::{by_name, by_text};
use crate::model::{Exception, Platform};
use crate::normalize::type_name;

/// Code of the pattern; `GW100` where no rule knows the type.
pub(super) fn classify(exception: &Exception) -> &'static str {
    let message = exception.message.as_deref().unwrap_or("");
    let name = type_name(Platform::Python, exception);
    let module = exception.module.as_deref().unwrap_or("");
    let by_message = |rules, otherwise| by_text(rules, message).unwrap_or(otherwise);
    match name {
        // cut off before the type
        "" if message.is_empty() => "GW100",
        "" => from_text(message),
        "TypeError" if message.starts_with("expected") && message.contains("arguments, got") => {
            "GW101"
        }
        "TypeError" => by_message(TYPE_ERROR, "GW108"),
        "AttributeError" => by_message(ATTRIBUTE_ERROR, "GW112"),
        "ValueError" => by_message(VALUE_ERROR, "GW117"),
        "RuntimeError" => by_message(RUNTIME_ERROR, "GW100"),
        "ImportError" | "ModuleNotFoundError" => by_message(IMPORT_ERROR, "GW301"),
        "OSError" => by_message(OS_ERROR, "GW404"),
        "OperationalError" | "DatabaseError" | "InternalError" | "InterfaceError" => {
            by_message(DATABASE_ERROR, "GW603")
        }
        "KeyError" if reads_environment(exception) => "GW305",
        "SystemExit" if innermost_function(exception) == "handle_abort" => "GW611",
        "ValidationError" if message.contains("for Settings") => "GW305",
        "ClientError" if module.starts_with("botocore") => "GW412",
        "HTTPException" if message.starts_with('5') => "GW100",
        "error" | "Error" => by_name(BY_MODULE, module).unwrap_or("GW100"),
        name => by_name(BY_NAME, name)
            .or_else(|| by_text(BY_PART_OF_NAME, name))
            .unwrap_or("GW100"),
    }
}

/// `os.environ[…]` ends in the standard library's mapping.
fn reads_environment(exception: &Exception) -> bool {
    exception.plain_frames().next_back().is_some_and(|frame| {
        let file = frame.file.as_deref().unwrap_or("");
        !frame.in_app
            && ["/os.py", "\\os.py", "<frozen os>"]
                .iter()
                .any(|end| file.ends_with(end))
    })
}

fn innermost_function(exception: &Exception) -> &str {
    exception
        .plain_frames()
        .next_back()
        .and_then(|frame| frame.function.as_deref())
        .unwrap_or("")
}

const TYPE_ERROR: &str = "\
GW101 positional argument|required keyword-only argument|unexpected keyword argument|invalid keyword argument|multiple values for|takes no arguments|takes no keyword arguments|takes exactly|takes at least|takes at most|missing a required argument
GW201 NoneType
GW501 'coroutine' object|coroutine object|type 'coroutine'|type coroutine|'async_generator'|'await' expression|'async for' requires|asynchronous context manager
GW103 is not callable
GW109 not JSON serializable|not serializable|keys must be str, int
GW505 cannot pickle|can't pickle
GW106 unhashable type
GW107 abstract class|abstract method|metaclass conflict|consistent method resolution
GW211 offset-naive|tz-naive
GW610 did not return a valid response|valid response tuple
GW105 is not subscriptable|does not support item|indices must be integers|object has no attribute '__getitem__'
GW104 is not iterable|non-iterable|has no len()|is not an iterator|is not a container|must be an iterable|must be a mapping|is not reversible
GW102 unsupported operand|can only concatenate|not supported between instances|must be str, not|must be real number|can't multiply sequence|bad operand type|argument must be|expected str|bytes-like object|must be integer|cannot be interpreted as an integer|unsupported format string";

const ATTRIBUTE_ERROR: &str = "\
GW201 'NoneType' object
GW501 'coroutine' object
GW303 partially initialized module";

const VALUE_ERROR: &str = "\
GW205 to unpack
GW204 invalid literal for|could not convert string|nvalid isoformat|does not match format|unconverted data remains|badly formed hexadecimal UUID|out of range for month|must be in 1..12|must be in 0..23|is out of range|non-hexadecimal number|does not appear to be an IP|Unknown string format
GW209 empty sequence|is empty|empty range|empty population
GW210 is not a valid
GW212 x not in list|is not in list|not in tuple|substring not found|subsection not found
GW109 Circular reference|Out of range float
GW116 math domain error|cannot convert float|Exceeds the limit
GW610 returned None instead|didn't return an HttpResponse
GW211 offset-naive|tz-naive";

const RUNTIME_ERROR: &str = "\
GW504 during iteration
GW502 event loop|different loop|asyncio.run() cannot|Event loop
GW118 raised StopIteration|raised StopAsyncIteration
GW501 already awaited coroutine
GW508 start new thread
GW609 Working outside of
GW610 No response returned
GW115 maximum recursion depth
GW408 out of memory";

const IMPORT_ERROR: &str = "\
GW303 partially initialized module|circular import
GW306 cannot open shared object|DLL load failed|undefined symbol|Library not loaded|GLIBC|invalid ELF|incompatible architecture
GW302 cannot import name";

/// By the number or the system's words, which `[Errno N]`, `[WinError N]` and wrapped errors share.
const OS_ERROR: &str = "\
GW401 [Errno 2]|No such file or directory|[WinError 2]|[WinError 3]
GW402 [Errno 13]|[Errno 30]|[Errno 1]|Permission denied|[WinError 5]
GW403 [Errno 28]|[Errno 24]|[Errno 23]|[Errno 122]|No space left|Too many open files
GW410 ddress already in use|[Errno 98]|[Errno 48]|[WinError 10048]
GW408 [Errno 12]|Cannot allocate memory
GW907 [Errno 32]|Broken pipe
GW406 [Errno 110]|[Errno 60]|timed out
GW405 [Errno 111]|[Errno 104]|[Errno 113]|[Errno -2]|[Errno -3]|[Errno 61]|onnection refused|onnection reset|name resolution|getaddrinfo failed";

const DATABASE_ERROR: &str = "\
GW602 no such table|no such column|does not exist|doesn't exist|Unknown column|has no column|syntax error
GW601 constraint|Duplicate entry
GW213 malformed";

/// Modules whose only exception is called `error` or `Error`.
const BY_MODULE: &str = "GW213 struct binascii zlib csv _csv lzma";

/// Types of the standard library and of the libraries that most backends use.
const BY_NAME: &str = "\
GW202 KeyError LookupError
GW203 IndexError
GW110 NameError
GW111 UnboundLocalError
GW113 AssertionError
GW114 NotImplementedError
GW115 RecursionError
GW116 ZeroDivisionError OverflowError FloatingPointError ArithmeticError InvalidOperation DivisionByZero
GW118 StopIteration StopAsyncIteration
GW206 UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError UnicodeError
GW207 JSONDecodeError
GW208 ValidationError RequestValidationError SchemaError MultipleInvalid PydanticUserError
GW213 ExpatError ParseError XMLSyntaxError YAMLError ScannerError ParserError ComposerError TOMLDecodeError BadZipFile BadGzipFile UnidentifiedImageError MissingSectionHeaderError EmptyDataError
GW304 SyntaxError IndentationError TabError
GW305 ImproperlyConfigured ConfigError ConfigurationError SettingsError UndefinedValueError AppRegistryNotReady NoAppException NoSectionError NoOptionError NoRegionError
GW401 FileNotFoundError
GW402 PermissionError
GW404 IsADirectoryError NotADirectoryError FileExistsError EOFError UnsupportedOperation
GW405 ConnectionRefusedError ConnectionResetError ConnectionAbortedError ConnectionError gaierror herror NewConnectionError NameResolutionError MaxRetryError ClientConnectorError ClientConnectionError ClientConnectorDNSError ClientOSError ServerDisconnectedError RemoteDisconnected ConnectError ReadError WriteError RemoteProtocolError ProtocolError ChunkedEncodingError IncompleteRead URLError ProxyError APIConnectionError EndpointConnectionError AMQPConnectionError NoBrokersAvailable ServiceUnavailable AutoReconnect NetworkError
GW407 SSLError SSLCertVerificationError CertificateError SSLEOFError
GW408 MemoryError OutOfMemoryError
GW411 CalledProcessError
GW412 NoCredentialsError PartialCredentialsError TokenRetrievalError AuthenticationError RateLimitError ThrottlingException
GW503 ExceptionGroup BaseExceptionGroup
GW505 PicklingError UnpicklingError MaybeEncodingError UnpickleableExceptionWrapper
GW506 BrokenProcessPool BrokenExecutor BrokenThreadPool WorkerLostError Terminated
GW507 Empty Full QueueEmpty QueueFull QueueShutDown
GW601 IntegrityError UniqueViolation ForeignKeyViolation NotNullViolation CheckViolation UniqueViolationError ForeignKeyViolationError NotNullViolationError DuplicateKeyError ProtectedError RestrictedError
GW602 ProgrammingError UndefinedTable UndefinedColumn UndefinedTableError UndefinedColumnError NoSuchTableError InconsistentMigrationHistory
GW604 DoesNotExist ObjectDoesNotExist NoResultFound MultipleObjectsReturned MultipleResultsFound
GW605 DetachedInstanceError PendingRollbackError TransactionManagementError MissingGreenlet InvalidRequestError StaleDataError SynchronousOnlyOperation IllegalStateChangeError
GW606 UndefinedError TemplateNotFound TemplatesNotFound TemplateDoesNotExist TemplateSyntaxError TemplateAssertionError TemplateRuntimeError VariableDoesNotExist
GW607 BuildError NoReverseMatch NoMatchFound
GW608 HTTPError HTTPStatusError ClientResponseError APIStatusError
GW610 ResponseValidationError PydanticSerializationError
GW612 DataError StringDataRightTruncation NumericValueOutOfRange
GW904 CancelledError GeneratorExit Cancelled TaskRevokedError
GW905 KeyboardInterrupt
GW906 SystemExit
GW907 BrokenPipeError ClientDisconnect ClientDisconnected ClientConnectionResetError
GW908 Http404 NotFound HTTPNotFound HTTPException MethodNotAllowed HTTPMethodNotAllowed PermissionDenied Forbidden HTTPForbidden Unauthorized HTTPUnauthorized BadRequest HTTPBadRequest BadRequestKeyError NotAuthenticated AuthenticationFailed Throttled RequestEntityTooLarge TooManyRequests ExpiredSignatureError InvalidTokenError Resolver404 NotAcceptable UnsupportedMediaType Gone
GW909 DisallowedHost SuspiciousOperation SuspiciousFileOperation RequestDataTooBig TooManyFieldsSent DisallowedRedirect CSRFError SecurityError BadSignature";

/// Families that share a word.
const BY_PART_OF_NAME: &str = "\
GW409 Fatal Python error
GW406 Timeout|TimedOut|TimeLimitExceeded|DeadlineExceeded";

/// A message without type: only wordings that leave no doubt. Swallowed exceptions are often logged this way.
pub(super) fn from_text(message: &str) -> &'static str {
    const SURE: &str = "\
GW409 Fatal Python error|Segmentation fault
GW611 WORKER TIMEOUT
GW506 exited with 'exitcode|exited with 'signal|exited prematurely
GW101 required positional argument|unexpected keyword argument|positional arguments but
GW201 'NoneType' object
GW501 'coroutine' object
GW303 partially initialized module
GW112 object has no attribute
GW103 object is not callable
GW109 is not JSON serializable
GW105 is not subscriptable|indices must be integers
GW104 object is not iterable
GW106 unhashable type
GW102 unsupported operand type|not supported between instances
GW116 division by zero
GW203 index out of range
GW205 values to unpack
GW204 invalid literal for
GW206 codec can't
GW207 Expecting value: line
GW301 No module named
GW302 cannot import name
GW401 No such file or directory
GW402 Permission denied
GW403 No space left on device
GW410 ddress already in use
GW601 UNIQUE constraint failed|violates unique constraint|violates foreign key constraint
GW602 no such table
GW603 database is locked
GW405 onnection refused
GW406 timed out|ime limit
GW908 404 Not Found";
    by_text(SURE, message).unwrap_or("GW001")
}
