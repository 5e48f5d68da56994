//! The report of `unittest`: ruled lines around each traceback say where a message ends, however many blank lines it has.

use super::chain::Chain;
use super::reader::Reader;

/// Longest message that is looked for, in lines.
const MOST_LINES: usize = 2000;
/// Width of the rules.
const WIDTH: usize = 70;

// ======================================================================
// FAIL: test_total (tests.TestShop.test_total)
// ----------------------------------------------------------------------
// Traceback (most recent call last):
/// Lets the last message of a chain, whose header stands on line `at`, go on up to the rule below it.
pub(super) fn lengthen(reader: &Reader<'_>, at: usize, chain: &mut Chain) {
    let titled = at >= 2
        && reader.raw(at - 1).is_some_and(|line| is_rule(line, '-'))
        && (at == 2
            || (at.saturating_sub(4)..at - 1)
                .filter_map(|i| reader.raw(i))
                .any(|line| line.starts_with("FAIL: ") || line.starts_with("ERROR: ")));
    if !titled || chain.partial {
        return;
    }
    let Some(end) = (chain.next..chain.next + MOST_LINES)
        .map_while(|i| Some((i, reader.raw(i)?)))
        .find(|(_, line)| is_rule(line, '=') || is_rule(line, '-') || is_output(line))
        .map(|(i, _)| i)
    else {
        return;
    };
    let Some(last) = chain
        .exceptions
        .last_mut()
        .filter(|e| e.group_path.is_empty())
    else {
        return;
    };
    let message = last.message.get_or_insert_default();
    let notes = std::mem::take(&mut last.notes);
    // The report puts one blank line behind each traceback.
    let rest = (chain.next..end.max(chain.next + 1) - 1).filter_map(|i| reader.raw(i));
    for line in notes.iter().map(String::as_str).chain(rest) {
        message.push('\n');
        message.push_str(line);
    }
    chain.next = end;
}

fn is_rule(line: &str, mark: char) -> bool {
    line.len() == WIDTH && line.chars().all(|c| c == mark)
}

/// What the test printed stands below its traceback.
fn is_output(line: &str) -> bool {
    line == "Stdout:" || line == "Stderr:"
}
