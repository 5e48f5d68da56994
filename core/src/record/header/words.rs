//! What the words of a header look like: names of loggers, threads, places in the code, numbers. Each is asked alone.

/// Whether a text begins as a sentence, a type or an object does: what stands before it is none of it.
pub(crate) fn is_capital(text: &[u8]) -> bool {
    text.first()
        .is_some_and(|c| c.is_ascii_uppercase() || matches!(c, b'[' | b'{'))
}

/// Whether a word that nothing sets off is more likely the name of a logger than the first word of a message.
pub(crate) fn is_known(word: &[u8]) -> bool {
    const WORDS: &str = " root app apps api main web django flask fastapi starlette celery uvicorn gunicorn hypercorn \
        daphne waitress werkzeug asyncio aiohttp tornado twisted sanic quart falcon bottle pyramid kombu amqp sqlalchemy \
        alembic requests urllib3 httpx httpcore boto3 botocore airflow scrapy dramatiq huey rq apscheduler peewee pika \
        paramiko prefect dagster luigi streamlit gradio tensorflow torch basehttp concurrent backend frontend browser client shop \
        utils views models services ";
    let Ok(text) = std::str::from_utf8(word) else {
        return false;
    };
    text.contains('_') || WORDS.split_ascii_whitespace().any(|w| w == text)
}

/// Words with which messages begin, so they are no logger's name.
pub(crate) fn is_common(word: &[u8]) -> bool {
    const WORDS: &str = " failed failure error errors could cannot can unable unexpected no not exception invalid missing \
        timeout timed connection task request unhandled uncaught retry retrying while when during in on at for from \
        the a an this got received sending send reading read writing write opening open closing close starting start \
        stopping stop started stopped loading load loaded saving save processing process handling handle skipping \
        user order payment database db query http https bad wrong too out lost dropped dropping giving refused aborted \
        crash crashed fatal critical traceback job jobs caught reason ";
    let Ok(word) = std::str::from_utf8(word) else {
        return false;
    };
    WORDS
        .split_ascii_whitespace()
        .any(|w| w.eq_ignore_ascii_case(word))
}

/// `KeyError`, `json.JSONDecodeError`: a type, not a logger.
pub(crate) fn is_type(text: &[u8]) -> bool {
    let last = text.rsplit(|c| *c == b'.').next().unwrap_or(text);
    last.first().is_some_and(u8::is_ascii_uppercase)
        && (last.ends_with(b"Error") || last.ends_with(b"Exception") || last.ends_with(b"Warning"))
}

/// `worker.py:49`
pub(crate) fn is_place(text: &[u8]) -> bool {
    let Some(colon) = memchr::memrchr(b':', text) else {
        return false;
    };
    let (file, line) = (&text[..colon], &text[colon + 1..]);
    file.ends_with(b".py") && is_field(file) && is_number(line)
}

/// `handle:42`, `<module>:3`
pub(crate) fn is_call_place(text: &[u8]) -> bool {
    memchr::memrchr(b':', text)
        .is_some_and(|colon| is_field(&text[..colon]) && is_number(&text[colon + 1..]))
}

pub(crate) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// `MainThread`, `Thread-3`, `ThreadPoolExecutor-0_1`, `SyncWorker_0`
pub(crate) fn is_thread(text: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"MainThread",
        b"Thread-",
        b"ThreadPoolExecutor-",
        b"SyncWorker_",
        b"MainProcess",
    ];
    NAMES.iter().any(|name| text.starts_with(name))
}

/// The name in `shop[4242]`.
pub(crate) fn without_process(text: &[u8]) -> Option<&[u8]> {
    let inside = text.strip_suffix(b"]")?;
    let open = memchr::memrchr(b'[', inside)?;
    let number = &inside[open + 1..];
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_hexdigit);
    is_number.then_some(&text[..open])
}

/// May be a field of a header: nothing that only prose or data would hold.
pub(crate) fn is_field(text: &[u8]) -> bool {
    if text.ends_with(b"]") {
        return without_process(text).is_some_and(is_field);
    }
    !text.is_empty()
        && text.len() <= 80
        && text.iter().all(|c| {
            c.is_ascii_alphanumeric()
                || matches!(
                    c,
                    b'.' | b'_' | b'-' | b':' | b'/' | b'#' | b'@' | b'<' | b'>' | b'=' | b'+'
                )
        })
}

/// May be the name of a logger.
pub(crate) fn is_name(text: &[u8]) -> bool {
    text.len() <= 100
        && text
            .first()
            .is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && text
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-' | b'/'))
}
