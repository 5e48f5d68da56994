//! The fields between the time and the message of a text header: level, logger, process, thread.

use super::level::{self};
use super::words::{
    is_call_place, is_capital, is_common, is_field, is_known, is_name, is_number, is_place,
    is_thread, is_type, without_process,
};
use super::{Header, timestamp};

/// Longest stretch of a line that is searched for fields.
const REACH: usize = 400;

/// Reads the fields from `at` on, where the timestamp ended.
pub(crate) fn read(line: &[u8], at: usize, header: &mut Header) {
    fields(line, at, header, false);
}

/// [`read`]; `is_own`: they stand behind what a tool said already.
fn fields(line: &[u8], at: usize, header: &mut Header, is_own: bool) {
    let reach = line.len().min(at + REACH);
    let mut at = at;
    let mut name = None;
    let mut first_text = None;
    let mut own = None;
    for _ in 0..8 {
        let begin = skip_tight(line, at, reach);
        if begin >= reach {
            break;
        }
        // The program's own time behind that of a tool.
        if line.get(begin + 4) == Some(&b'-')
            && let Some(length) = timestamp::length(&line[begin..reach])
        {
            own = Some(begin..begin + length);
            at = begin + length;
            continue;
        }
        let (word, next) = item(line, begin, reach);
        let bracketed =
            matches!(line[begin], b'[' | b'(' | b'<') || line[begin] == b'{' && word.start > begin;
        let head_end = word.start
            + line[word.clone()]
                .iter()
                .take_while(|c| c.is_ascii_alphabetic())
                .count();
        let head = &line[word.start..head_end];
        let after = line.get(head_end);
        let found = if bracketed {
            matches!(after, Some(b']' | b')' | b'>' | b'}' | b' ' | b'/' | b':'))
                .then(|| std::str::from_utf8(head).ok().and_then(level::severity))
                .flatten()
        } else {
            match after {
                None
                | Some(
                    b' ' | b'\t' | b':' | b';' | b'|' | b']' | b'/' | b',' | b'-' | b'[' | b')',
                ) => level::capital(head).or_else(|| lower(line, begin, head_end, reach)),
                _ => None,
            }
        };
        if let Some(severity) = found {
            header.level = Some(word.start..head_end);
            header.severity = Some(severity);
            header.timestamp = own.or(header.timestamp.take());
            header.logger = name;
            let end = if bracketed { next } else { head_end };
            // `[error    ] job failed`: structlog's console has the event there, whatever its first word is.
            let is_event = bracketed && line[word.start].is_ascii_lowercase();
            if !is_own && own_header(line, skip_separators(line, end, reach), header) {
                return;
            }
            between(line, end, header, !is_event);
            if is_event && header.logger.is_none() {
                header.logger = named_behind(line, header.message, reach);
            }
            return;
        }
        if bracketed {
            // [-], [845], [MainThread], [app.orders]
            if line[word.clone()].contains(&b'.') && is_name(&line[word.clone()]) {
                name = Some(word);
            }
        } else {
            first_text.get_or_insert(begin);
            let end = word.end - usize::from(matches!(line[word.end - 1], b':' | b';'));
            if !is_field(&line[word.start..end]) {
                break;
            }
            // A Lambda function says so of its request while it starts.
            // Behind a logger's name may stand its process: shop.jobs[29318]
            let text = &line[word.start..end];
            let text = without_process(text).unwrap_or(text);
            // shop.cart:handle:ERROR
            let own = text.iter().take_while(|c| **c != b':').count();
            let is_called = text[..own].contains(&b'.') && !text[..own].ends_with(b".py");
            let text = if is_called { &text[..own] } else { text };
            let is_dotted = |name: &std::ops::Range<usize>| line[name.clone()].contains(&b'.');
            // shop.cart handle ERROR
            let is_function = name.as_ref().is_some_and(is_dotted) && !text.contains(&b'.');
            if is_name(text) && !is_thread(text) && text != b"undefined" && !is_function {
                name = Some(word.start..word.start + text.len());
            }
        }
        at = next;
    }
    // No level: only what is in brackets was a field.
    header.message = first_text.unwrap_or_else(|| skip_separators(line, at, reach));
}

// job failed                     [shop.worker] job=7
/// The logger's name as structlog's console has it, behind the event.
fn named_behind(line: &[u8], message: usize, reach: usize) -> Option<std::ops::Range<usize>> {
    let rest = line.get(message..reach)?;
    let open = message + memchr::memmem::find(rest, b"  [")? + 3;
    let length = memchr::memchr(b']', &line[open..reach])?;
    is_name(&line[open..open + length]).then_some(open..open + length)
}

// 2026-11-27T10:00:00Z app[e2865c1] ams [info] 2026-11-27 10:44:20,100 - shop.api - ERROR - lookup failed
/// Where a tool says something before a program's own header, the program knows better.
fn own_header(line: &[u8], at: usize, header: &mut Header) -> bool {
    if line.get(at + 4) != Some(&b'-') {
        return false;
    }
    let Some(length) = timestamp::length(&line[at..]) else {
        return false;
    };
    let mut own = Header::bare(header.kind);
    own.timestamp = Some(at..at + length);
    fields(line, at + length, &mut own, true);
    let is_own = own.level.is_some();
    if is_own {
        *header = own;
    }
    is_own
}

/// Reads what stands between the level and the message.
pub(crate) fn after_level(line: &[u8], at: usize, header: &mut Header) {
    between(line, at, header, true);
}

/// [`after_level`]; `named`: a word that nothing sets off may be the logger's name.
fn between(line: &[u8], at: usize, header: &mut Header, named: bool) {
    let reach = line.len().min(at + REACH);
    // ERROR,shop.worker,message
    if line.get(at) == Some(&b',')
        && let Some(length) = memchr::memchr(b',', &line[at + 1..reach])
        && is_name(&line[at + 1..at + 1 + length])
    {
        header.logger.get_or_insert(at + 1..at + 1 + length);
        header.message = at + length + 2;
        return;
    }
    // web1 shop[4242] ERROR shop.worker: message
    if let Some(name) = &header.logger
        && !line[name.clone()].contains(&b'.')
        && line.get(at) == Some(&b' ')
        && let Some(length) = colon_name(&line[at + 1..reach])
        && line[at + 1..at + 1 + length].contains(&b'.')
        && !is_type(&line[at + 1..at + 1 + length])
    {
        header.logger = None;
    }
    // ERROR/ForkPoolWorker-1] message
    if line.get(at) == Some(&b'/')
        && let Some(close) = memchr::memchr(b']', &line[at..reach])
    {
        header.message = super::skip_blank(line, at + close + 1);
        return;
    }
    // ERROR in app: message
    if line[at..].starts_with(b" in ") {
        let word = line[at + 4..reach]
            .iter()
            .take_while(|c| !matches!(c, b' ' | b':'))
            .count();
        if word > 0 && line[at + 4..].get(word) == Some(&b':') {
            header.message = super::skip_blank(line, at + 4 + word + 1);
            return;
        }
    }
    // ERROR:worker.py:42:message
    if line.get(at) == Some(&b':') {
        let place = place_before_colon(&line[at + 1..reach]);
        if place > 0 {
            header.message = super::skip_blank(line, at + 1 + place);
            return;
        }
    }
    // ERROR:logger:message | ERROR:logger:worker.py:42:message
    if line.get(at) == Some(&b':')
        && let Some(length) = colon_name(&line[at + 1..reach])
        && !(header.logger.is_some() && is_type(&line[at + 1..at + 1 + length]))
    {
        if is_thread(&line[at + 1..at + 1 + length]) {
            return between(line, at + 1 + length, header, named);
        }
        header.logger.get_or_insert(at + 1..at + 1 + length);
        header.message = at + 1 + length + 1;
        header.message += place_before_colon(&line[header.message..reach]);
        return;
    }
    let mut at = at;
    // ERROR   :message
    let padded = super::skip_blank(line, at);
    if matches!(line.get(padded), Some(b':' | b';')) && line.get(padded + 1) != Some(&b':') {
        at = padded;
    }
    if matches!(line.get(at), Some(b']' | b':' | b';')) && line.get(at + 1) != Some(&b':') {
        at += 1;
        let place = place_before_colon(&line[at..reach]);
        if place > 0 {
            header.message = super::skip_blank(line, at + place);
            return;
        }
        // ERROR   :shop.worker:message
        if at > padded
            && padded > 0
            && line[padded - 1] == b' '
            && let Some(length) = colon_name(&line[at..reach])
            && line[at..at + length].contains(&b'.')
            && !is_type(&line[at..at + length])
        {
            header.logger.get_or_insert(at..at + length);
            header.message = at + length + 1;
            header.message += place_before_colon(&line[header.message..reach]);
            return;
        }
    }
    for _ in 0..6 {
        let begin = skip_separators(line, at, reach);
        header.message = begin;
        if begin >= reach {
            header.message = begin.min(line.len());
            return;
        }
        if matches!(line[begin], b'(' | b'<') {
            // (shop.worker) message | <shop.worker> message
            let (word, next) = item(line, begin, reach);
            let text = &line[word.clone()];
            let is_logger = header.logger.is_none() && is_name(text) && text.contains(&b'.');
            if is_logger && word.start > begin {
                header.logger = Some(word);
                at = next;
                continue;
            }
        }
        if line[begin] == b'['
            || matches!(line[begin], b'(' | b'<' | b'{') && is_part(line, begin, reach)
        {
            let (word, next) = item(line, begin, reach);
            let text = &line[word.clone()];
            if header.timestamp.is_none() && timestamp::length(text) == Some(text.len()) {
                header.timestamp = Some(word);
                at = next;
                continue;
            }
            // [trace_id=ab12 span_id=cd34]
            let is_pair = |part: &[u8]| part.contains(&b'=') && !part.contains(&b'"');
            if next < line.len() && text.split(|c| *c == b' ').all(is_pair) {
                at = next;
                continue;
            }
            // `[CLIENT] ERROR: …` belongs to the message; `[pid:thread]` and `[app.orders:7]` do not.
            let is_tag = text.iter().any(u8::is_ascii_uppercase)
                && !text.contains(&b':')
                && !text.contains(&b'-')
                && !text.contains(&b'.')
                && !text.ends_with(b"Thread");
            if is_tag || !is_field(text) || next >= line.len() {
                return;
            }
            let name = word.start..word.start + text.iter().take_while(|c| **c != b':').count();
            if header.logger.is_none()
                && is_name(&line[name.clone()])
                && !is_place(text)
                && !text.starts_with(b"Main")
                && !text.contains(&b'-')
            {
                header.logger = Some(name);
            }
            at = next;
            continue;
        }
        if header.timestamp.is_none()
            && let Some(length) = timestamp::length(&line[begin..reach])
                .or_else(|| timestamp::short(&line[begin..reach]))
        {
            header.timestamp = Some(begin..begin + length);
            at = begin + length;
            // ERROR:2026-11-22 13:31:44,213:shop.worker:message
            if line.get(at) == Some(&b':') && line.get(at + 1) != Some(&b':') {
                at += 1;
                if let Some(length) = colon_name(&line[at..reach])
                    && line[at..at + length].contains(&b'.')
                    && header.logger.is_none()
                    && !is_type(&line[at..at + length])
                {
                    header.logger = Some(at..at + length);
                    header.message = super::skip_blank(line, at + length + 1);
                    return;
                }
            }
            continue;
        }
        // ERROR (1626): message
        if line[begin] == b'('
            && let Some(length) = memchr::memchr(b')', &line[begin..reach])
            && is_number(&line[begin + 1..begin + length])
            && line.get(begin + length + 1) == Some(&b':')
        {
            at = begin + length + 2;
            continue;
        }
        if let Some(length) = thread(&line[begin..reach]) {
            at = begin + length;
            continue;
        }
        let (word, next) = item(line, begin, reach);
        let text = &line[word.clone()];
        // handle:42 - message | /srv/shop/api.py:42: message
        let place = text.strip_suffix(b":").unwrap_or(text);
        let is_placed = is_place(place) || header.logger.is_some() && is_call_place(place);
        let is_set_off = text.len() > place.len()
            || is_place(place) && !place.contains(&b'/')
            || line[next..].starts_with(b" - ")
            || line[next..].starts_with(b" | ");
        if is_placed && is_set_off {
            at = next;
            continue;
        }
        // shop.worker - handle - message
        let is_function = is_name(text)
            && text
                .iter()
                .all(|c| c.is_ascii_lowercase() || *c == b'_' || c.is_ascii_digit())
            && [&b" - "[..], b" | ", b" > ", b"; ", b" -- ", b"|"]
                .iter()
                .any(|joint| {
                    let above = &line[..begin];
                    line[next..].starts_with(joint) && above.ends_with(joint)
                });
        if is_function && header.logger.is_some() && header.timestamp.is_some() {
            at = next;
            continue;
        }
        let digits = text.iter().all(u8::is_ascii_digit);
        let is_id = text.len() >= 8
            && text.iter().all(|c| c.is_ascii_hexdigit() || *c == b'-')
            && text.iter().any(u8::is_ascii_digit);
        // A process, a thread, a request: `basehttp 123 4567 message`
        if (is_id || digits && header.logger.is_some())
            && header.timestamp.is_some()
            && next < reach
        {
            at = next;
            continue;
        }
        if header.logger.is_none() && header.timestamp.is_some() {
            // ERROR proddb odoo.http: message | ERROR ? odoo.http: message
            let below = next + line[next..reach].iter().take_while(|c| **c == b' ').count();
            let is_alone = text == b"?" || is_name(text) && !text.contains(&b'.');
            if is_alone
                && next < below
                && let Some(length) = colon_name(&line[below..reach])
                && line[below..below + length].contains(&b'.')
                && !is_type(&line[below..below + length])
            {
                header.logger = Some(below..below + length);
                at = below + length + 1;
                header.message = skip_separators(line, at, reach);
                continue;
            }
        }
        let stamped = header.timestamp.is_some();
        if header.logger.is_none()
            && line[begin] != b'('
            && let Some(length) = logger(line, word.clone(), reach, stamped, named)
        {
            header.logger = Some(word.start..word.start + length);
            at = word.end;
            header.message = skip_separators(line, at, reach);
            continue;
        }
        return;
    }
}

// worker.py:42:message
/// Length of a place in the code and the colon behind it.
fn place_before_colon(b: &[u8]) -> usize {
    let file = b
        .iter()
        .take_while(|c| is_field(&[**c]) && **c != b':')
        .count();
    let digits = b.get(file + 1..).unwrap_or_default();
    let digits = digits.iter().take_while(|c| c.is_ascii_digit()).count();
    let end = file + 1 + digits;
    if is_place(b.get(..end).unwrap_or_default()) && b.get(end) == Some(&b':') {
        end + 1
    } else {
        0
    }
}

/// Whether a group in other than square brackets is a part of the header: a time, a dotted name, a place in the code.
fn is_part(line: &[u8], begin: usize, reach: usize) -> bool {
    let (word, next) = item(line, begin, reach);
    let text = &line[word.clone()];
    word.start > begin
        && next < line.len()
        && (timestamp::length(text) == Some(text.len())
            || is_name(text) && text.contains(&b'.')
            || is_place(text)
            || is_thread(text) && line[begin] != b'(')
}

/// Length of the thread's or process' name at the start of `b`: `MainThread`, `(MainThread)`, `(Thread-1 (run))`.
pub(super) fn thread(b: &[u8]) -> Option<usize> {
    if b.first() != Some(&b'(') {
        let length = b
            .iter()
            .take_while(|c| !matches!(c, b' ' | b'\t' | b'|' | b':'))
            .count();
        return is_thread(&b[..length]).then_some(length);
    }
    let close = 1 + memchr::memchr(b')', &b[1..b.len().min(80)])?;
    let inside = &b[1..close];
    if inside.contains(&b'(') {
        return (is_thread(inside) && b.get(close + 1) == Some(&b')')).then_some(close + 2);
    }
    // (SomethingElse) [shop.worker] message
    let is_followed = b[close + 1..].starts_with(b" [");
    (is_thread(inside) || is_followed && is_name(inside)).then_some(close + 1)
}

/// Length of the logger's name if a word is one.
fn logger(
    line: &[u8],
    word: std::ops::Range<usize>,
    reach: usize,
    stamped: bool,
    named: bool,
) -> Option<usize> {
    let std::ops::Range { start, end } = word;
    let word = &line[start..end];
    // shop.worker:49 | shop.worker(49):
    let name = word
        .iter()
        .take_while(|c| !matches!(**c, b':' | b'('))
        .count();
    let text = &word[..name];
    if let Some(inside) = word[name..].strip_prefix(b"(")
        && !inside.strip_suffix(b"):").is_some_and(is_number)
    {
        return None;
    }
    // ENOENT: no such file
    let is_code = text.len() > 3 && text[0] == b'E' && text.iter().all(u8::is_ascii_uppercase);
    if !is_name(text) || is_type(text) || is_code {
        return None;
    }
    let rest = &line[end..reach];
    let set_off = word.ends_with(b":") || rest.starts_with(b" - ") || rest.starts_with(b" | ");
    let dotted = text.contains(&b'.') && !text.ends_with(b".");
    let placed = name < word.len() && word[name + 1..].iter().any(u8::is_ascii_digit);
    if dotted || placed {
        return Some(name);
    }
    let lower = text
        .first()
        .is_some_and(|c| c.is_ascii_lowercase() || *c == b'_');
    if set_off && (lower || stamped) && !is_common(text) {
        return Some(name);
    }
    let is_bare = named && lower && name == word.len() && rest.len() > 1;
    let is_start = is_capital(rest.trim_ascii_start());
    let likely = match stamped {
        true => is_known(text) || is_start,
        false => is_known(text) && is_start,
    };
    (is_bare && !is_common(text) && likely).then_some(name)
}

// shop.worker:job failed
fn colon_name(b: &[u8]) -> Option<usize> {
    let length = b
        .iter()
        .take_while(|c| !matches!(c, b' ' | b':' | b'\t' | b'"' | b'{'))
        .count();
    (length > 0 && b.get(length) == Some(&b':') && is_name(&b[..length])).then_some(length)
}

/// A lower-case level that is set off: `| error |`, `error:`.
fn lower(line: &[u8], begin: usize, end: usize, reach: usize) -> Option<level::Severity> {
    let rest = &line[end..reach];
    let before = line[..begin].trim_ascii_end().last();
    let set_off = rest.starts_with(b":")
        || rest.starts_with(b" - ")
        || (before == Some(&b'|') && rest.trim_ascii_start().starts_with(b"|"));
    let word = std::str::from_utf8(&line[begin..end]).ok()?;
    // 2026-11-27T15:32:50.282Z error request failed
    let is_first = timestamp::length(line).is_some_and(|length| length + 1 == begin);
    if is_first && matches!(word, "error" | "warn" | "info" | "debug") {
        return level::severity(word);
    }
    // 2026-11-22 13:31:44,213 error shop.worker: message
    let named = || {
        let rest = rest.trim_ascii_start();
        colon_name(rest).is_some_and(|length| rest[..length].contains(&b'.'))
    };
    // except Exception: raise
    if word.len() < 4 || word == "Exception" || !(set_off || named()) {
        return None;
    }
    level::severity(word)
}

/// The word or bracketed group at `begin`, and where the next begins.
pub(super) fn item(line: &[u8], begin: usize, reach: usize) -> (std::ops::Range<usize>, usize) {
    let close = match line[begin] {
        b'[' => Some(b']'),
        b'(' => Some(b')'),
        b'<' => Some(b'>'),
        _ => None,
    };
    if let Some(close) = close
        && let Some(length) = memchr::memchr(close, &line[begin + 1..reach.min(begin + 100)])
    {
        let inside = &line[begin + 1..begin + 1 + length];
        let blank = length - inside.trim_ascii_start().len();
        let kept = inside.trim_ascii().len();
        let start = begin + 1 + blank.min(length - kept);
        return (start..start + kept, begin + length + 2);
    }
    // {worker.py:49}, as Airflow writes it, {ERROR}; any other brace begins an object.
    if line[begin] == b'{'
        && let Some(length) = memchr::memchr(b'}', &line[begin + 1..reach.min(begin + 100)])
        && is_braced(line[begin + 1..begin + 1 + length].trim_ascii())
    {
        let inside = &line[begin + 1..begin + 1 + length];
        let blank = length - inside.trim_ascii_start().len();
        let start = begin + 1 + blank;
        return (start..start + inside.trim_ascii().len(), begin + length + 2);
    }
    let word = &line[begin..reach];
    let length = word
        .iter()
        .take_while(|c| !matches!(c, b' ' | b'\t' | b'|' | b',' | b';'))
        .count()
        .max(1);
    // ERROR::shop.worker::message
    let length = memchr::memmem::find(&word[..length], b"::")
        .filter(|at| *at > 0)
        .unwrap_or(length);
    // shop.worker:ERROR:message | shop.worker;ERROR;message
    let length = level_within(&word[..length]).unwrap_or(length);
    (begin..begin + length, begin + length)
}

/// May be a part of a header in braces.
fn is_braced(text: &[u8]) -> bool {
    is_field(text) || timestamp::length(text) == Some(text.len())
}

/// Where in a word a level stands between colons, or is the last of them.
fn level_within(word: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(joint) = memchr::memchr3(b':', b';', b',', &word[at..]) {
        at += joint;
        let rest = &word[at + 1..];
        let capitals = rest.iter().take_while(|c| c.is_ascii_uppercase()).count();
        if at > 0
            && level::capital(&rest[..capitals]).is_some()
            && matches!(rest.get(capitals), None | Some(b':' | b';' | b','))
        {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// [`skip_separators`] between the parts of a header, which need no blank between them: `2026-11-22 13:31:44,213:ERROR:message`.
pub(super) fn skip_tight(line: &[u8], at: usize, reach: usize) -> usize {
    let mut at = skip_separators(line, at, reach);
    while at < reach && at > 0 && matches!(line[at], b':' | b';' | b'-' | b'/') {
        at = skip_separators(line, at + 1, reach);
    }
    at
}

fn skip_separators(line: &[u8], at: usize, reach: usize) -> usize {
    let mut at = at;
    while at < reach {
        match line[at] {
            b' ' | b'\t' | b'|' | b',' => at += 1,
            b':' if line.get(at + 1) == Some(&b':') => at += 2,
            b'-' | b'=' | b'>' if line[at + 1..].starts_with(b"> ") => at += 2,
            b'-' if line[at + 1..].starts_with(b"- ") => at += 2,
            b'>' if line[at + 1..].starts_with(b">> ") => at += 3,
            b':' | b'-' | b'>' | b';' | b'~'
                if matches!(line.get(at + 1), Some(b' ' | b'\t') | None) =>
            {
                at += 1
            }
            _ => break,
        }
    }
    at
}
