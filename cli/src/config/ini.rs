//! The ini dialect of pytest (`pytest.ini`, `tox.ini`, `setup.cfg`): sections, `name = value`, indented continuation.
//! It reads and reports nothing else: a line that makes no sense is pytest's to complain about.

/// One `name = value` with the lines that continue it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The section's name, empty before the first.
    pub section: &'a str,
    /// As written.
    pub name: &'a str,
    /// Continuation lines are joined by line feeds; comments behind a value are gone.
    pub value: String,
    /// Counted from 1.
    pub line: u32,
}

/// All entries in the order of the file.
pub fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut section = "";
    // Whether an indented line may continue the last entry.
    let mut open = false;
    for (number, line) in (1u32..).zip(text.lines()) {
        let content = without_comment(line).trim();
        if content.is_empty() {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let (true, Some(entry)) = (open, found.last_mut()) {
                entry.value.push('\n');
                entry.value.push_str(content);
            }
        } else if let Some(name) = content.strip_prefix('[').and_then(|c| c.strip_suffix(']')) {
            section = name;
            open = false;
        } else if let Some((name, value)) = separate(content) {
            found.push(Entry {
                section,
                name: name.trim(),
                value: value.trim().to_owned(),
                line: number,
            });
            open = true;
        }
    }
    found
}

// timeout = 5
// timeout: 5
fn separate(content: &str) -> Option<(&str, &str)> {
    match content.split_once('=') {
        Some((name, value)) if !name.contains(':') => Some((name, value)),
        _ => content.split_once(':'),
    }
}

// guwu_strict = true  # until the release
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with(['#', ';']) {
        return "";
    }
    let end = line
        .match_indices(['#', ';'])
        .map(|(at, _)| at)
        .find(|at| line[..*at].ends_with([' ', '\t']));
    end.map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_values_continuations_and_comments() {
        let text = "# top\n[pytest]\ntestpaths =\n    tests  # ours\n    # not this\n    more\n\
                    guwu_strict: yes ; for now\nurl=a#b\n[other]\n  stray\nx = 1\n";
        let rows: Vec<_> = entries(text)
            .into_iter()
            .map(|e| (e.section, e.name, e.value, e.line))
            .collect();
        assert_eq!(
            rows,
            [
                ("pytest", "testpaths", "\ntests\nmore".to_owned(), 3),
                ("pytest", "guwu_strict", "yes".to_owned(), 7),
                ("pytest", "url", "a#b".to_owned(), 8),
                ("other", "x", "1".to_owned(), 11),
            ]
        );
    }

    #[test]
    fn nonsense_is_skipped() {
        assert_eq!(entries("[\n]\nä\n  =\n\u{0}"), []);
    }
}
