//! The spellings of a point in time with which a record may begin. Nothing is computed from them: a stamp
//! is kept as logged.

/// Length of the timestamp at the start of `b`, if there is one.
pub(crate) fn length(b: &[u8]) -> Option<usize> {
    match b.first()? {
        b'0'..=b'9' => year_first(b)
            .or_else(|| compact(b))
            .or_else(|| day_first(b))
            .or_else(|| time_of_day(b)),
        b'A'..=b'Z' => month_name_first(b),
        _ => None,
    }
}

fn digits(b: &[u8], count: usize) -> bool {
    b.len() >= count && b[..count].iter().all(u8::is_ascii_digit)
}

fn digit_run(b: &[u8]) -> usize {
    b.iter().take_while(|c| c.is_ascii_digit()).count()
}

fn is_any(b: &[u8], at: usize, set: &[u8]) -> bool {
    b.get(at).is_some_and(|c| set.contains(c))
}

// 2026-11-22 13:31:44,213 | 2026-11-22T12:37:32.578305Z | 2026/11/22 14:29:13 | 2026-11-22 13:33:10 +0100
fn year_first(b: &[u8]) -> Option<usize> {
    if !(digits(b, 4) && is_any(b, 4, b"-/.")) {
        return None;
    }
    let sep = b[4];
    if !(digits(&b[5..], 2) && b.get(7) == Some(&sep) && digits(&b[8..], 2)) {
        return None;
    }
    if !is_any(b, 10, b"T _") {
        return None;
    }
    let clock = clock(b.get(11..)?)?;
    Some(11 + clock)
}

// 20261122-133144 | 20261122T133144Z | 20261122 13:31:44
fn compact(b: &[u8]) -> Option<usize> {
    if digits(b, 8) && b[..2] == *b"20" && is_any(b, 8, b" T_-") && is_any(b, 11, b":") {
        return Some(9 + clock(&b[9..])?);
    }
    if !(digits(b, 8) && is_any(b, 8, b"-T_ ") && digits(b.get(9..)?, 6)) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        b[range].iter().fold(0, |n, c| 10 * n + u32::from(c - b'0'))
    };
    let is_date = matches!(number(0..2), 19 | 20)
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8));
    let is_clock = number(9..11) < 24 && number(11..13) < 60 && number(13..15) < 61;
    if !is_date || !is_clock || is_any(b, 15, b"0123456789") {
        return None;
    }
    let mut at = 15;
    if is_any(b, at, b".,") {
        let fraction = digit_run(&b[at + 1..]);
        if (1..=9).contains(&fraction) {
            at += 1 + fraction;
        }
    }
    Some(at + zone(&b[at..]))
}

// 22/Nov/2026:13:33:11 +0100 | 22/Nov/2026 13:18:47 | 22-Nov-2026 … | 22.11.2026 … | 11/22/26 13:37:46
fn day_first(b: &[u8]) -> Option<usize> {
    let day = digit_run(b);
    if !(1..=2).contains(&day) || !is_any(b, day, b"/-. ") {
        return None;
    }
    let mut at = day + 1;
    let rest = b.get(at..)?;
    if month(rest) {
        at += 3;
    } else {
        let n = digit_run(rest);
        if !(1..=2).contains(&n) || b[day] == b' ' {
            return None;
        }
        at += n;
    }
    if b.get(at) != Some(&b[day]) {
        return None;
    }
    at += 1;
    let year = digit_run(b.get(at..)?);
    if year != 4 && year != 2 {
        return None;
    }
    at += year;
    if b.get(at) == Some(&b',') {
        at += 1;
    }
    if !is_any(b, at, b": T") {
        return None;
    }
    at += 1;
    Some(at + clock(b.get(at..)?)?)
}

// 13:37:46 | 13:37:46.123
fn time_of_day(b: &[u8]) -> Option<usize> {
    clock(b)
}

// Nov 22 14:29:04 | Nov 22, 2026 14:29:04 | Sun Nov 22 13:18:46.123456 2026
fn month_name_first(b: &[u8]) -> Option<usize> {
    let mut at = 0;
    if weekday(b) && is_any(b, 3, b" ,") {
        at = 4;
        if b.get(at) == Some(&b' ') {
            at += 1;
        }
        // Sun, 22 Nov 2026 13:18:46 +0000
        if is_any(b, at, b"0123456789") {
            return Some(at + day_first(&b[at..])?);
        }
    }
    let rest = b.get(at..)?;
    if !month(rest) || rest.get(3) != Some(&b' ') {
        return None;
    }
    at += 4;
    if b.get(at) == Some(&b' ') {
        at += 1;
    }
    let day = digit_run(b.get(at..)?);
    if !(1..=2).contains(&day) {
        return None;
    }
    at += day;
    if b.get(at) == Some(&b',') {
        at += 1;
        if b.get(at) == Some(&b' ') && digits(b.get(at + 1..)?, 4) {
            at += 5;
        }
    }
    if b.get(at) != Some(&b' ') {
        return None;
    }
    at += 1;
    at += clock(b.get(at..)?)?;
    if b.get(at) == Some(&b' ') && digits(b.get(at + 1..)?, 4) && !is_any(b, at + 5, b"0123456789-")
    {
        at += 5;
    }
    Some(at)
}

fn month(b: &[u8]) -> bool {
    const MONTHS: [&[u8; 3]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    b.len() >= 3 && MONTHS.iter().any(|m| b.starts_with(*m))
}

fn weekday(b: &[u8]) -> bool {
    const DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    b.len() >= 3 && DAYS.iter().any(|d| b.starts_with(*d))
}

// 13:31:44,213 | 12:37:32.578305Z | 13:33:10 +0100 | 13:33:25+0100 | 13:37:37.911310+01:00
fn clock(b: &[u8]) -> Option<usize> {
    let hour = digit_run(b);
    if !(1..=2).contains(&hour) || b.get(hour) != Some(&b':') {
        return None;
    }
    let mut at = hour + 1;
    if !digits(b.get(at..)?, 2) || b.get(at + 2) != Some(&b':') || !digits(b.get(at + 3..)?, 2) {
        return None;
    }
    at += 5;
    if is_any(b, at, b"0123456789") {
        return None;
    }
    if is_any(b, at, b".,:") {
        let fraction = digit_run(&b[at + 1..]);
        if (1..=9).contains(&fraction) {
            at += 1 + fraction;
        }
        // 13:31:44,213.213: `%(asctime)s.%(msecs)03d`
        if fraction == 3 && is_any(b, at, b".,") && digit_run(&b[at + 1..]) == 3 {
            at += 4;
        }
    }
    at += half_day(&b[at..]);
    Some(at + zone(&b[at..]))
}

// " AM" | "PM"
fn half_day(b: &[u8]) -> usize {
    let blank = usize::from(b.first() == Some(&b' '));
    let is_half = is_any(b, blank, b"AP") && is_any(b, blank + 1, b"M");
    let ends = !b.get(blank + 2).is_some_and(u8::is_ascii_alphanumeric);
    if is_half && ends { blank + 2 } else { 0 }
}

// 1795776262.564630 | 1795776262 | 1795776262564
/// Length of a number of seconds or milliseconds since 1970 at the start of `b`. It may be any number: what follows has to tell.
pub(crate) fn epoch(b: &[u8]) -> Option<usize> {
    let seconds = digit_run(b);
    let fraction = if b.get(seconds) == Some(&b'.') {
        1 + digit_run(&b[seconds + 1..])
    } else {
        0
    };
    let is_seconds = seconds == 10 && fraction != 1 && fraction <= 10;
    (is_seconds || seconds == 13 && fraction == 0).then_some(seconds + fraction)
}

// 11-22 13:31
/// Length of a day and a time without seconds at the start of `b`, as the logging cookbook writes them.
pub(crate) fn short(b: &[u8]) -> Option<usize> {
    let is_short = digits(b, 2)
        && b.get(2) == Some(&b'-')
        && digits(&b[3..], 2)
        && b.get(5) == Some(&b' ')
        && digits(&b[6..], 2)
        && b.get(8) == Some(&b':')
        && digits(&b[9..], 2)
        && b.get(11) == Some(&b' ');
    is_short.then_some(11)
}

// Z | +0100 | " +0100" | +01:00 | " UTC" | " CET"
fn zone(b: &[u8]) -> usize {
    if b.first() == Some(&b'Z') {
        return 1;
    }
    let blank = usize::from(b.first() == Some(&b' '));
    let rest = &b[blank..];
    if is_any(rest, 0, b"+-") {
        let n = digit_run(&rest[1..]);
        if n == 4 {
            return blank + 5;
        }
        if n == 2 && rest.get(3) == Some(&b':') && digits(&rest[4..], 2) {
            return blank + 6;
        }
        return 0;
    }
    for name in [
        &b"UTC"[..],
        b"GMT",
        b"CEST",
        b"CET",
        b"EST",
        b"EDT",
        b"PST",
        b"PDT",
    ] {
        if blank == 1 && rest.starts_with(name) && is_any(rest, name.len(), b" ]:|-,") {
            return 1 + name.len();
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps() {
        for text in [
            "2026-11-22 13:31:44,213",
            "2026-11-22T12:37:32.578305Z",
            "2026/11/22 14:29:13",
            "2026-11-22 13:33:10 +0100",
            "2026-11-22 13:33:25+0100",
            "22/Nov/2026:13:33:11 +0100",
            "22/Nov/2026 13:18:47",
            "Nov 22 14:29:04",
            "Nov  2 14:29:04",
            "Sun Nov 22 13:18:46.123456 2026",
            "13:37:46",
            "11/22/26 13:37:46",
            "2026-11-22 13:36:10 CET",
            "11/22/2026 01:31:44 PM",
            "20261122-133144",
            "20261122T133144Z",
            "Sun, 22 Nov 2026 13:18:46 +0000",
        ] {
            let line = format!("{text}] x");
            assert_eq!(length(line.as_bytes()), Some(text.len()), "{text}");
        }
        for text in [
            "127.0.0.1 - -",
            "2026 orders",
            "12 apples",
            "Mary had",
            "",
            "1:2",
            "May be",
        ] {
            assert_eq!(length(text.as_bytes()), None, "{text}");
        }
    }
}
