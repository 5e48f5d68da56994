//! Classification and titles: the wordings of every Python version and of every JavaScript engine.

use guwu_core::model::{Exception, Failure, Frame, Origin, Platform, Relation, StackEntry};
use guwu_core::pattern::{all, classify, get, title};

fn exception(name: &str, message: &str) -> Exception {
    let (module, name) = match name.rsplit_once('.') {
        Some((module, name)) => (Some(module.to_owned()), name),
        None => (None, name),
    };
    Exception {
        type_name: (!name.is_empty()).then(|| name.to_owned()),
        module,
        message: Some(message.to_owned()),
        ..Exception::default()
    }
}

fn frame(function: &str, file: &str, in_app: bool) -> StackEntry {
    StackEntry::Frame(Frame {
        function: Some(function.to_owned()),
        file: Some(file.to_owned()),
        in_app,
        ..Frame::default()
    })
}

fn failure(platform: Platform, exceptions: Vec<Exception>) -> Failure {
    Failure {
        platform,
        exceptions,
        fingerprint: String::new(),
        family: String::new(),
        pattern: String::new(),
        title: String::new(),
        level: None,
        logger: None,
        timestamp: None,
        log_message: None,
        count: 1,
        partial: false,
        origin: Origin::default(),
        notes: Vec::new(),
        captured: None,
    }
}

/// Rows of `type | message | code`, one a line.
fn check(platform: Platform, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let mut cells = row.split('|');
        let mut cell = || cells.next().unwrap_or("").trim();
        let (name, message, code) = (cell(), cell(), cell());
        let got = classify(&failure(platform, vec![exception(name, message)]));
        assert_eq!(got, code, "{name}: {message}");
        assert!(get(got).is_some(), "{got}");
    }
}

#[test]
fn python_calls_and_types() {
    check(
        Platform::Python,
        r#"
        TypeError | f() missing 1 required positional argument: 'x' | GW101
        TypeError | C.f() missing 2 required keyword-only arguments: 'a' and 'b' | GW101
        TypeError | f() takes 1 positional argument but 2 were given | GW101
        TypeError | f() got an unexpected keyword argument 'b'. Did you mean 'a'? | GW101
        TypeError | f() got multiple values for argument 'a' | GW101
        TypeError | C() takes no arguments | GW101
        TypeError | int() takes at most 2 arguments (3 given) | GW101
        TypeError | expected at most 1 arguments, got 2 | GW101
        TypeError | can only concatenate str (not "int") to str | GW102
        TypeError | '<' not supported between instances of 'str' and 'int' | GW102
        TypeError | 'int' object is not callable | GW103
        TypeError | 'int' object is not iterable | GW104
        TypeError | list indices must be integers or slices, not str | GW105
        TypeError | string indices must be integers, not 'str' | GW105
        TypeError | unhashable type: 'list' | GW106
        TypeError | cannot use 'list' as a dict key (unhashable type: 'list') | GW106
        TypeError | Can't instantiate abstract class A with abstract methods f | GW107
        TypeError | Can't instantiate abstract class A without an implementation for abstract method 'f' | GW107
        TypeError | exceptions must derive from BaseException | GW108
        TypeError | Object of type datetime is not JSON serializable | GW109
        NameError | name 'x' is not defined. Did you mean: 'y'? | GW110
        UnboundLocalError | local variable 'x' referenced before assignment | GW111
        UnboundLocalError | cannot access local variable 'x' where it is not associated with a value | GW111
        AttributeError | module 'x' has no attribute 'y' | GW112
        RuntimeError | maximum recursion depth exceeded | GW115
        RecursionError | maximum recursion depth exceeded in comparison | GW115
        ZeroDivisionError | division by zero | GW116
        decimal.InvalidOperation | [<class 'decimal.ConversionSyntax'>] | GW116
        ValueError | math domain error | GW116
        ValueError | negative quantity | GW117
        RuntimeError | generator raised StopIteration | GW118
        shop.errors.PaymentDeclined | card declined | GW100
        "#,
    );
}

#[test]
fn python_data() {
    check(
        Platform::Python,
        r#"
        AttributeError | 'NoneType' object has no attribute 'clear' | GW201
        TypeError | 'NoneType' object is not subscriptable | GW201
        TypeError | cannot unpack non-iterable NoneType object | GW201
        TypeError | object of type 'NoneType' has no len() | GW201
        TypeError | argument of type 'NoneType' is not iterable | GW201
        TypeError | argument of type 'NoneType' is not a container or iterable | GW201
        TypeError | unsupported operand type(s) for +: 'NoneType' and 'int' | GW201
        KeyError | 'graph_type' | GW202
        IndexError | list index out of range | GW203
        ValueError | invalid literal for int() with base 10: 'x' | GW204
        ValueError | time data 'x' does not match format '%Y' | GW204
        ValueError | not enough values to unpack (expected 2, got 1) | GW205
        UnicodeDecodeError | 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte | GW206
        json.decoder.JSONDecodeError | Expecting value: line 1 column 1 (char 0) | GW207
        pydantic_core._pydantic_core.ValidationError | 1 validation error for Order | GW208
        ValueError | max() arg is an empty sequence | GW209
        ValueError | max() iterable argument is empty | GW209
        ValueError | 'x' is not a valid Status | GW210
        TypeError | can't compare offset-naive and offset-aware datetimes | GW211
        ValueError | list.remove(x): x not in list | GW212
        yaml.scanner.ScannerError | while scanning | GW213
        struct.error | unpack requires a buffer of 4 bytes | GW213
        "#,
    );
}

#[test]
fn python_start_up_and_machine() {
    check(
        Platform::Python,
        r#"
        ModuleNotFoundError | No module named 'x' | GW301
        ImportError | cannot import name 'x' from 'y' (/p/y.py) | GW302
        ImportError | cannot import name 'x' from partially initialized module 'y' (most likely due to a circular import) | GW303
        AttributeError | partially initialized module 'x' has no attribute 'y' (most likely due to a circular import) | GW303
        IndentationError | unexpected indent | GW304
        django.core.exceptions.ImproperlyConfigured | The SECRET_KEY setting must not be empty. | GW305
        pydantic_core._pydantic_core.ValidationError | 1 validation error for Settings | GW305
        ImportError | libGL.so.1: cannot open shared object file: No such file or directory | GW306
        FileNotFoundError | [Errno 2] No such file or directory: 'x' | GW401
        IOError | [Errno 2] No such file or directory: 'x' | GW401
        OSError | [Errno 28] No space left on device | GW403
        ConnectionRefusedError | [Errno 111] Connection refused | GW405
        requests.exceptions.ReadTimeout | HTTPConnectionPool(...) | GW406
        socket.timeout | timed out | GW406
        asyncio.exceptions.TimeoutError | too slow | GW406
        ssl.SSLCertVerificationError | [SSL: CERTIFICATE_VERIFY_FAILED] | GW407
        MemoryError | | GW408
        OSError | [Errno 98] Address already in use | GW410
        subprocess.CalledProcessError | Command 'x' returned non-zero exit status 1. | GW411
        "#,
    );
}

#[test]
fn python_concurrency_and_web() {
    check(
        Platform::Python,
        r#"
        TypeError | 'coroutine' object is not subscriptable | GW501
        AttributeError | 'coroutine' object has no attribute 'json' | GW501
        TypeError | object dict can't be used in 'await' expression | GW501
        RuntimeError | no running event loop | GW502
        RuntimeError | There is no current event loop in thread 'x'. | GW502
        RuntimeError | Event loop is closed | GW502
        RuntimeError | dictionary changed size during iteration | GW504
        TypeError | cannot pickle '_thread.lock' object | GW505
        concurrent.futures.process.BrokenProcessPool | A process was terminated | GW506
        _queue.Empty | | GW507
        RuntimeError | can't start new thread | GW508
        sqlalchemy.exc.IntegrityError | (sqlite3.IntegrityError) UNIQUE constraint failed: u.e | GW601
        sqlite3.OperationalError | no such table: x | GW602
        sqlite3.OperationalError | database is locked | GW603
        shop.models.Order.DoesNotExist | Order matching query does not exist. | GW604
        sqlalchemy.orm.exc.DetachedInstanceError | Parent instance | GW605
        jinja2.exceptions.UndefinedError | 'x' is undefined | GW606
        django.urls.exceptions.NoReverseMatch | Reverse for 'x' not found. | GW607
        requests.exceptions.HTTPError | 503 Server Error: x for url: y | GW608
        RuntimeError | Working outside of application context. | GW609
        TypeError | The view function for 'x' did not return a valid response. | GW610
        fastapi.exceptions.ResponseValidationError | 1 validation errors: | GW610
        psycopg2.errors.StringDataRightTruncation | value too long | GW612
        asyncio.exceptions.CancelledError | | GW904
        KeyboardInterrupt | | GW905
        SystemExit | 1 | GW906
        BrokenPipeError | [Errno 32] Broken pipe | GW907
        werkzeug.exceptions.NotFound | 404 Not Found: x | GW908
        starlette.exceptions.HTTPException | 404: Not Found | GW908
        django.core.exceptions.DisallowedHost | Invalid HTTP_HOST header | GW909
        "#,
    );
}

/// V8 new and old, Gecko new and old, JavaScriptCore, Internet Explorer.
#[test]
fn javascript_wordings() {
    check(
        Platform::JavaScript,
        r#"
        TypeError | Cannot read properties of undefined (reading 'deep') | GW701
        TypeError | Cannot read property 'deep' of undefined | GW701
        TypeError | can't access property "deep", u is undefined | GW701
        TypeError | u is undefined | GW701
        TypeError | undefined is not an object (evaluating 'u.deep') | GW701
        TypeError | Unable to get property 'deep' of undefined or null reference | GW701
        TypeError | Cannot set properties of null (setting 'x') | GW701
        TypeError | Cannot destructure property 'a' of 'b' as it is undefined. | GW701
        TypeError | a.b is not a function | GW702
        TypeError | a.b is not a function. (In 'a.b()', 'a.b' is undefined) | GW702
        TypeError | Object #<Object> has no method 'b' | GW702
        TypeError | Object doesn't support property or method 'b' | GW702
        ReferenceError | x is not defined | GW703
        ReferenceError | Can't find variable: x | GW703
        ReferenceError | Cannot access 'x' before initialization | GW704
        ReferenceError | can't access lexical declaration 'x' before initialization | GW704
        ReferenceError | Cannot access uninitialized variable. | GW704
        TypeError | Assignment to constant variable. | GW705
        TypeError | invalid assignment to const 'x' | GW705
        TypeError | Attempted to assign to readonly property. | GW705
        TypeError | Cannot add property x, object is not extensible | GW705
        TypeError | undefined is not iterable (cannot read property Symbol(Symbol.iterator)) | GW706
        TypeError | x is not iterable | GW706
        SyntaxError | Unexpected token '<', "<!DOCTYPE "... is not valid JSON | GW707
        SyntaxError | JSON.parse: unexpected character at line 1 column 1 of the JSON data | GW707
        SyntaxError | JSON Parse error: Unrecognized token '<' | GW707
        SyntaxError | Unexpected token '<' | GW708
        RangeError | Maximum call stack size exceeded | GW709
        RangeError | Maximum call stack size exceeded. | GW709
        InternalError | too much recursion | GW709
        RangeError | Invalid time value | GW710
        TypeError | Failed to fetch | GW711
        TypeError | NetworkError when attempting to fetch resource. | GW711
        TypeError | Load failed | GW711
        ChunkLoadError | Loading chunk 7 failed. | GW712
        TypeError | Failed to fetch dynamically imported module: https://x/y.js | GW712
        TypeError | error loading dynamically imported module: https://x/y.js | GW712
        TypeError | Importing a module script failed. | GW712
        TypeError | x is not a constructor | GW714
        TypeError | Class constructor A cannot be invoked without 'new' | GW714
        NotFoundError | Failed to execute 'removeChild' on 'Node': the node is not a child | GW715
        QuotaExceededError | The quota has been exceeded. | GW716
        Error | Minified React error #31; visit the page | GW717
        Error | Cannot find module 'x' | GW718
        SyntaxError | The requested module './x.js' does not provide an export named 'y' | GW718
        TypeError [ERR_INVALID_ARG_TYPE] | The "path" argument must be of type string. Received undefined | GW719
        AssertionError [ERR_ASSERTION] | 1 == 2 | GW720
        TypeError | Cannot mix BigInt and other types, use explicit conversions | GW721
        TypeError | can't convert BigInt to number | GW721
        TypeError | Invalid mix of BigInt and other type in addition. | GW721
        TypeError | Converting circular structure to JSON | GW722
        TypeError | cyclic object value | GW722
        URIError | URI malformed | GW723
        AggregateError | All promises were rejected | GW724
        RuntimeError | unreachable | GW725
        Error | ENOENT: no such file or directory, open 'x' | GW401
        Error | connect ECONNREFUSED 127.0.0.1:5432 | GW405
        AxiosError | Request failed with status code 500 | GW608
        Error | ResizeObserver loop completed with undelivered notifications. | GW902
        AbortError | The user aborted a request. | GW904
        DOMException [AbortError] | This operation was aborted | GW904
        ReferenceError | Can't find variable: gmo | GW910
        NotAllowedError | play() failed because the user didn't interact with the document first. | GW911
        Error | cart total mismatch | GW700
        "#,
    );
}

#[test]
fn messages_without_an_exception() {
    use Platform::{JavaScript, Python};
    let check = |platform, text: &str, code| {
        let mut one = failure(platform, vec![Exception::default()]);
        one.log_message = Some(text.to_owned());
        assert_eq!(classify(&one), code, "{text}");
    };
    check(
        Python,
        "Error: clear() missing 1 required positional argument: 'x'",
        "GW101",
    );
    check(
        Python,
        "refresh failed: 'NoneType' object is not iterable",
        "GW201",
    );
    check(Python, "could not load: 'node:99'", "GW001");
    check(Python, "[CRITICAL] WORKER TIMEOUT (pid:7)", "GW611");
    check(
        JavaScript,
        "Uncaught TypeError: Cannot read properties of null (reading 'x')",
        "GW701",
    );
    check(
        JavaScript,
        "Unhandled Promise Rejection: TypeError: Failed to fetch",
        "GW711",
    );
    check(JavaScript, "Console Error: {}", "GW912");
    check(JavaScript, "Script error.", "GW903");
    check(JavaScript, "cart total mismatch", "GW001");
}

#[test]
fn what_stands_behind_a_general_exception_decides() {
    let mut cause = exception("KeyError", "'id'");
    cause.frames = vec![frame("load", "app/repo.py", true)];
    let mut top = exception("shop.errors.ServiceError", "load failed");
    top.relation = Some(Relation::Cause);
    assert_eq!(
        classify(&failure(Platform::Python, vec![cause, top])),
        "GW202"
    );

    let group = exception(
        "ExceptionGroup",
        "unhandled errors in a TaskGroup (2 sub-exceptions)",
    );
    let mut interrupt = exception("KeyboardInterrupt", "");
    interrupt.group_path = vec![0];
    let mut index = exception("IndexError", "list index out of range");
    index.group_path = vec![1];
    let members = vec![group, interrupt, index];
    assert_eq!(classify(&failure(Platform::Python, members)), "GW203");
}

#[test]
fn places_that_decide() {
    let mut extension = exception("TypeError", "x is undefined");
    extension.frames = vec![
        frame("load", "https://shop.example/app.js", true),
        frame("inject", "chrome-extension://abcdef/content.js", false),
    ];
    assert_eq!(
        classify(&failure(Platform::JavaScript, vec![extension])),
        "GW901"
    );

    let mut setting = exception("KeyError", "'API_KEY'");
    setting.frames = vec![
        frame("create_app", "/srv/app/app.py", true),
        frame("__getitem__", "/usr/lib/python3.11/os.py", false),
    ];
    assert_eq!(classify(&failure(Platform::Python, vec![setting])), "GW305");

    let mut hang = exception("SystemExit", "1");
    hang.frames = vec![frame(
        "handle_abort",
        "/v/site-packages/gunicorn/workers/base.py",
        false,
    )];
    assert_eq!(classify(&failure(Platform::Python, vec![hang])), "GW611");
}

#[test]
fn titles() {
    let mut call = exception(
        "TypeError",
        "clear_cache() missing 1 required positional argument: 'graph_type'",
    );
    call.frames = vec![
        frame("<module>", "/srv/app/app.py", true),
        frame("refresh", "/srv/app/facade.py", true),
        frame("<listcomp>", "/srv/app/facade.py", true),
        frame("wrapper", "/v/site-packages/x.py", false),
    ];
    assert_eq!(
        title(&failure(Platform::Python, vec![call])),
        "TypeError in refresh: clear_cache() missing 1 required positional argument: 'graph_type'"
    );
    let long = exception(
        "ValueError",
        &format!("\u{1b}[31mfirst\u{202e} line {}\nsecond", "x".repeat(200)),
    );
    let shown = title(&failure(Platform::Python, vec![long]));
    assert!(
        shown.starts_with("ValueError: [31mfirst line xxx") && shown.ends_with('…'),
        "{shown}"
    );
    assert!(shown.chars().count() < 100, "{shown}");

    let mut message = failure(Platform::Python, vec![Exception::default()]);
    message.log_message = Some("Error refreshing cache\nmore".to_owned());
    assert_eq!(title(&message), "Error refreshing cache");
    assert_eq!(
        title(&failure(Platform::Python, Vec::new())),
        "unknown error"
    );
    let bare = failure(Platform::JavaScript, vec![exception("TypeError", "")]);
    assert_eq!(title(&bare), "TypeError");
}

#[test]
fn enough_patterns_of_both_platforms() {
    let count = |platform| {
        all()
            .iter()
            .filter(|p| p.platform == Some(platform))
            .count()
    };
    assert!(count(Platform::Python) >= 30 && count(Platform::JavaScript) >= 25);
}
