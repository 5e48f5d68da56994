//! Records in a table: the cells of a column without what fills them up, and without the line breaks of wrapping.

use super::header::{self, Kind};
use super::unfold;
use crate::model::Trace;

//            ERROR    job failed                        worker.py:14
//                     Traceback (most recent call last):
/// A record in a table without the blanks that fill its cells, and without the place of the call in the last column.
pub(crate) fn table(text: &str) -> Option<String> {
    let first = text.split('\n').next()?;
    let (said, place) = first.trim_end().rsplit_once("  ")?;
    let (file, line) = place.trim_start().rsplit_once(':')?;
    let is_place = file.ends_with(".py")
        && !file.contains([' ', '"'])
        && !line.is_empty()
        && line.bytes().all(|c| c.is_ascii_digit());
    if !is_place || !text.contains("\n      ") {
        return None;
    }
    let header = header::recognise(first.as_bytes())?;
    if !matches!(header.kind, Kind::Row | Kind::BracketStamp) || header.message > said.len() {
        return None;
    }
    let place = first.trim_end().len() - place.trim_start().len();
    // Drawn boxes fill the column.
    let is_boxed = text.contains('│') || text.contains("- Traceback (most recent call last) -");
    let width = match is_boxed {
        true => usize::MAX,
        false => first.get(header.message..place)?.chars().count() - 1,
    };
    Some(unwrapped(text, said.trim_end(), header.message, width))
}

/// The lines of a record in a table whose column of messages begins at byte `column` and is `width` wide, with what was
/// wrapped there put together again; `first` stands for the first line.
fn unwrapped(text: &str, first: &str, column: usize, width: usize) -> String {
    let mut lines = vec![first.to_owned()];
    let mut last = first.get(column..).unwrap_or_default();
    for line in text.split('\n').skip(1) {
        let line = line.trim_end();
        let cell = match line.split_at_checked(column) {
            Some((blank, cell)) if blank.trim().is_empty() => cell,
            _ => "",
        };
        let used = cells(last);
        let word = cells(cell.split(' ').next().unwrap_or_default());
        // Behind a bar they may stand far to the right.
        let is_rest = used + 1 + word > width
            || !cell.is_empty() && cell.bytes().all(|c| matches!(c, b'^' | b'~'));
        let whole = lines.last_mut().map(|line| (line.len() > column, line));
        match whole {
            Some((true, whole)) if word > 0 && is_rest && !is_own(whole, column, cell) => {
                // A word that is longer than a line was cut.
                let is_cut = used == width && !last.trim_start().contains(' ');
                if !is_cut {
                    whole.push(' ');
                }
                whole.push_str(cell);
            }
            _ => lines.push(line.to_owned()),
        }
        last = cell;
    }
    if width < usize::MAX {
        without_carets(&mut lines);
    }
    lines.join("\n")
}

/// Whether a cell is a line of its own rather than the rest of the one before.
fn is_own(before: &str, column: usize, cell: &str) -> bool {
    let before = before.get(column..).unwrap_or_default();
    before.starts_with("  ") && unfold::opens_line(cell) || unfold::begins_banner(cell)
}

/// Takes out the lines of carets, which no longer stand where they did, and the blank ones that wrapping put above them.
fn without_carets(lines: &mut Vec<String>) {
    let is_caret = |line: &str| {
        line.contains(['^', '~']) && line.bytes().all(|c| matches!(c, b' ' | b'|' | b'^' | b'~'))
    };
    let is_frame = |line: &String| line.trim_start_matches([' ', '|']).starts_with("File \"");
    let mut kept: Vec<String> = Vec::with_capacity(lines.len());
    for line in lines.drain(..) {
        let mut above = kept.iter().rev().filter(|line| !line.trim().is_empty());
        if !is_caret(&line) || !above.nth(1).is_some_and(is_frame) {
            kept.push(line);
            continue;
        }
        while kept.last().is_some_and(|line| line.trim().is_empty()) {
            kept.pop();
        }
    }
    *lines = kept;
}

/// How many columns of a terminal a text takes.
fn cells(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}')
    };
    text.chars().map(|c| 1 + usize::from(wide(c))).sum()
}

/// Every line of a record in a table stands in the same column, so what follows a trace there ends its message, blank
/// lines or not.
pub(crate) fn cell_message(found: &mut [Trace], text: &str) {
    const COLUMN: usize = 8;
    let Some(last) = found.last_mut() else {
        return;
    };
    let rest = text.get(last.end..).unwrap_or_default().trim_end();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || rest.split('\n').skip(1);
    let Some(column) = lines().filter(|l| !l.trim().is_empty()).map(indent).min() else {
        return;
    };
    if column < COLUMN || rest.contains('│') {
        return;
    }
    let Some(exception) = last
        .exceptions
        .iter_mut()
        .rev()
        .find(|e| e.group_path.is_empty())
    else {
        return;
    };
    let message = exception.message.get_or_insert_default();
    for line in lines() {
        message.push('\n');
        message.push_str(line.get(column..).unwrap_or_default().trim_end());
    }
    last.end += rest.len();
}
