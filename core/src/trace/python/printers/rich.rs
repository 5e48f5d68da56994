//! The look of `rich.traceback`: a box for each exception with wrapped paths, listings and local values; the exception's
//! line below it, wrapped at the console's width.

use super::panel::{self, Panel};
use super::{Start, entry, listed, set_source};
use crate::model::{Exception, Relation, StackEntry, SyntaxPlace};
use crate::trace::python::chain::Chain;
use crate::trace::python::exception;
use crate::trace::python::header;
use crate::trace::python::margin::Margin;
use crate::trace::python::reader::Reader;

/// Sub-exceptions nested deeper are passed over.
const MOST_DEPTH: usize = 10;

/// Lines of a page: the log itself, or what a box holds.
type Page<'p, 'l> = &'p dyn Fn(usize) -> Option<&'l str>;

/// Reads a chain whose first box starts on line `index`.
pub(super) fn starts(reader: &Reader<'_>, index: usize, line: &str) -> Option<Start> {
    is_traceback(panel::top(line)?).then_some(())?;
    let indentation = &line[..line.len() - line.trim_start().len()];
    let margin = Margin::outer(indentation);
    let page = |at: usize| reader.get(at, &margin);
    let mut chain = Chain::default();
    read(&page, index, &[], None, &mut chain)?;
    let said = |e: &Exception| e.type_name.is_some() || !e.frames.is_empty();
    chain.exceptions.iter().any(said).then_some((index, chain))
}

/// The title may be cut to fit.
fn is_traceback(title: &str) -> bool {
    let title = title.trim_end_matches('…').trim_end();
    title.len() >= 9 && "Traceback (most recent call last)".starts_with(title)
}

/// Reads a chain and its groups from a page. Nothing if no exception starts on line `at`.
fn read(
    page: Page<'_, '_>,
    at: usize,
    path: &[u32],
    relation: Option<Relation>,
    chain: &mut Chain,
) -> Option<()> {
    let (mut at, mut relation) = (at, relation);
    loop {
        let (mut exception, next, open) = one(page, at)?;
        exception.relation = relation;
        exception.group_path = path.to_vec();
        chain.exceptions.push(exception);
        chain.next = next;
        chain.partial = open;
        members(page, path, chain);
        let Some((link, below)) = banner(page, chain.next) else {
            return Some(());
        };
        let following = skip_blanks(page, below)?;
        if !page(following)
            .and_then(panel::top)
            .is_some_and(is_traceback)
        {
            return Some(());
        }
        (at, relation) = (following, Some(link));
    }
}

/// The boxes of sub-exceptions below a group.
fn members(page: Page<'_, '_>, path: &[u32], chain: &mut Chain) {
    while let Some(at) = skip_blanks(page, chain.next) {
        let Some(number) = page(at).and_then(panel::top).and_then(member) else {
            return;
        };
        let Some(inside) = panel::read(page, at) else {
            return;
        };
        if path.len() < MOST_DEPTH {
            let mut path = path.to_vec();
            path.push(number);
            let content = |line: usize| inside.content.get(line).copied();
            let _ = read(&content, 0, &path, Some(Relation::Member), chain);
        }
        chain.next = inside.next;
        chain.partial = inside.open;
    }
}

// Sub-exception #2
fn member(title: &str) -> Option<u32> {
    title.strip_prefix("Sub-exception #")?.trim().parse().ok()
}

/// One exception: its boxes and its line.
fn one(page: Page<'_, '_>, at: usize) -> Option<(Exception, usize, bool)> {
    let mut exception = Exception::default();
    let (mut next, mut width, mut open) = (at, usize::MAX, false);
    if let Some(panel) = panel::read(page, at) {
        is_traceback(panel.title).then_some(())?;
        width = panel.inner_width + 4;
        frames(&panel, &mut exception.frames);
        (next, open) = (panel.next, panel.open);
        if let Some(second) = panel::read(page, next)
            && second.title.is_empty()
        {
            exception.syntax = Some(syntax(&second));
            next = second.next;
        }
    }
    let line = page(next);
    let named = line.and_then(|line| {
        if next > at {
            exception::due(line.trim_end())
        } else {
            exception::exception_line(line)
        }
    });
    let Some((module, kind, first)) = named else {
        let ended = open || (next..next + 3).all(|i| page(i).is_none_or(|l| l.trim().is_empty()));
        return (next > at).then_some((exception, next, ended));
    };
    exception.type_name = Some(kind.to_owned());
    exception.module = module.map(str::to_owned);
    let next = message(page, next, first.unwrap_or(""), width, &mut exception);
    Some((exception, next, false))
}

/// Reads the message and its notes; lines that the console broke are joined again.
fn message(
    page: Page<'_, '_>,
    at: usize,
    first: &str,
    width: usize,
    exception: &mut Exception,
) -> usize {
    let mut text = first.trim_end().to_owned();
    let mut used = page(at).map_or(0, |line| line.trim_end().chars().count());
    let mut next = at + 1;
    while let Some(line) = page(next) {
        let line = line.trim_end();
        let ends = |line: &str| {
            panel::top(line).is_some() || header::is_end(line) || header::banner(line).is_some()
        };
        if line.is_empty() {
            // A message that announced a list may go on below a blank line.
            let more = page(next + 1).filter(|l| !l.trim().is_empty() && !ends(l.trim_end()));
            if !first.ends_with(':') || more.is_none() || banner(page, next).is_some() {
                break;
            }
        } else if ends(line) {
            break;
        }
        next += 1;
        if let Some(note) = line.strip_prefix("[NOTE] ") {
            exception.notes.push(note.to_owned());
            used = line.chars().count();
            continue;
        }
        let word = line.split(' ').next().unwrap_or("").chars().count();
        let wrapped = used + 1 + word > width;
        let target = exception.notes.last_mut().unwrap_or(&mut text);
        target.push(if wrapped { ' ' } else { '\n' });
        target.push_str(line);
        used = line.chars().count();
    }
    exception.message = Some(text);
    next
}

/// The frames inside of a box.
fn frames(panel: &Panel<'_>, frames: &mut Vec<StackEntry>) {
    let mut lines = panel.content.iter().copied().peekable();
    while let Some(line) = lines.next() {
        // local values
        if panel::top(line).is_some() {
            for line in lines.by_ref() {
                if panel::bottom(line) {
                    break;
                }
            }
            continue;
        }
        if let Some(elided) = hidden(line) {
            frames.push(StackEntry::Elided { elided });
        } else if let Some(code) = marked(line) {
            set_source(frames, code);
        } else if !line.is_empty() && !line.starts_with(' ') {
            let mut heading = line.to_owned();
            let mut used = line.chars().count();
            while let Some(more) = lines.peek() {
                let whole = place(&heading).is_some()
                    && (used < panel.inner_width || place(more).is_some());
                // The blank before ` in f` may be the first of a row.
                let is_listed = more.starts_with([' ', '❱']) && !more.starts_with(" in ");
                if whole || more.is_empty() || is_listed {
                    break;
                }
                let cut = used >= panel.inner_width
                    && !heading.ends_with(" in")
                    && !more.starts_with("in ");
                if !cut {
                    heading.push(' ');
                }
                heading.push_str(more);
                used = more.chars().count();
                lines.next();
            }
            if let Some((file, line, function)) = place(&heading) {
                frames.push(entry(file, line, Some(function)));
            }
        }
    }
}

/// A frame's heading: `/srv/app.py:8 in checkout`, `in f:2` where the file is no file.
fn place(heading: &str) -> Option<(Option<&str>, Option<u32>, &str)> {
    if let Some((at, function)) = heading.rsplit_once(" in ")
        && let Some((file, number)) = at.rsplit_once(':')
        && let Ok(number) = number.trim().parse()
    {
        return Some((Some(file), Some(number), function.trim()));
    }
    let (function, number) = heading.strip_prefix("in ")?.rsplit_once(':')?;
    Some((None, Some(number.trim().parse().ok()?), function))
}

// ❱ 18 │   try: {}['k']
fn marked(line: &str) -> Option<&str> {
    let (_, code) = listed(line.strip_prefix(['❱', '>'])?)?;
    Some(code.trim_start_matches([' ', '│', '|']))
}

// ... 196 frames hidden ...
fn hidden(line: &str) -> Option<u64> {
    let body = line
        .trim()
        .strip_prefix("... ")?
        .strip_suffix(" frames hidden ...")?;
    body.parse().ok()
}

/// The second box of a syntax error: perhaps its place, then the line and a pointer.
fn syntax(panel: &Panel<'_>) -> SyntaxPlace {
    let mut place = SyntaxPlace::default();
    for line in &panel.content {
        let pointer = line.trim();
        if pointer.is_empty() || pointer == "▲" {
            continue;
        }
        if place.file.is_none()
            && place.source_line.is_none()
            && let Some((file, number)) = line.rsplit_once(':')
            && let Ok(number) = number.parse()
        {
            place.file = Some(file.to_owned());
            place.line = Some(number);
        } else if place.source_line.is_none() {
            place.source_line = Some(pointer.to_owned());
        }
    }
    place
}

/// The sentence of a chain, which the console may have broken into several lines.
fn banner(page: Page<'_, '_>, at: usize) -> Option<(Relation, usize)> {
    const MOST_LINES: usize = 8;
    let first = skip_blanks(page, at)?;
    let mut sentence = String::new();
    for next in first..first + MOST_LINES {
        let line = page(next)?.trim();
        if line.is_empty() {
            return None;
        }
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(line);
        if let Some(relation) = header::banner(&sentence) {
            return Some((relation, next + 1));
        }
    }
    None
}

fn skip_blanks(page: Page<'_, '_>, at: usize) -> Option<usize> {
    (at..at + 4).find(|i| page(*i).is_some_and(|line| !line.trim().is_empty()))
}
