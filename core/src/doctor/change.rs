//! The one-line change that makes a handler show what it catches, as text. The changes of a file are tried together
//! on its text: one that does not parse or does not help is not offered.

use super::handlers::{SilentHandler, silent_handlers};
use super::repair::Repair;
use crate::code::{CodeMap, SourceFile};

/// Lines to take out and to put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Line of the removed line, or the one before which the added one goes.
    pub line: u32,
    /// As it is; `None` when a line is only added.
    pub removed: Option<String>,
    /// As it would be.
    pub added: String,
    /// `import logging` is to be added at the top of the file.
    pub needs_import: bool,
}

/// The changes for handlers of one file, in their order; `None` where no single line does it.
pub fn changes(handlers: &[&SilentHandler], path: &str, text: &str) -> Vec<Option<Change>> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut changes: Vec<Option<Change>> = handlers.iter().map(|h| change(h, &lines)).collect();
    let mut ordered: Vec<&Change> = changes.iter().flatten().collect();
    ordered.sort_by_key(|c| c.line);
    let Some(still_silent) = silent_lines(path, &applied(&lines, &ordered)) else {
        return vec![None; handlers.len()];
    };
    let added: Vec<u32> = ordered
        .iter()
        .filter(|c| c.removed.is_none())
        .map(|c| c.line)
        .collect();
    for (handler, change) in handlers.iter().zip(&mut changes) {
        let shift = added.partition_point(|line| *line <= handler.line);
        let line = handler.line + u32::try_from(shift).unwrap_or(0);
        if still_silent.binary_search(&line).is_ok() {
            *change = None;
        }
    }
    changes
}

/// The lines of the handlers that are still silent, sorted; `None` when the text does not parse.
fn silent_lines(path: &str, text: &str) -> Option<Vec<u32>> {
    let file = SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
        is_test: false,
    };
    let map = CodeMap::new(&[file], &[]);
    if !map.modules.iter().all(|m| m.is_valid) {
        return None;
    }
    let mut lines: Vec<u32> = silent_handlers(&map)
        .handlers
        .iter()
        .map(|h| h.line)
        .collect();
    lines.sort_unstable();
    Some(lines)
}

/// The text with all changes, which are sorted by line.
fn applied(lines: &[&str], changes: &[&Change]) -> String {
    let mut out = String::new();
    let mut changes = changes.iter().peekable();
    for (number, line) in (1u32..).zip(lines) {
        let mut replaced = false;
        while let Some(change) = changes.next_if(|c| c.line == number) {
            // Two handlers, one inside the other, may ask for the same change.
            if replaced && change.removed.is_some() {
                continue;
            }
            replaced |= change.removed.is_some();
            out.push_str(&change.added);
            out.push('\n');
        }
        if !replaced {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn change(handler: &SilentHandler, lines: &[&str]) -> Option<Change> {
    let line_at = |line: u32| lines.get(line.checked_sub(1)? as usize).copied();
    let replaced = |line: u32, added: String| {
        Some(Change {
            line,
            removed: Some(line_at(line)?.trim_end_matches('\r').to_owned()),
            added,
            needs_import: false,
        })
    };
    match &handler.repair {
        Repair::None => None,
        Repair::Rename { line, callee } => {
            // `logger.error(` → `logger.exception(`
            let (receiver, _) = callee.rsplit_once('.')?;
            let text = line_at(*line)?.trim_end_matches('\r');
            let at = text.find(&format!("{callee}("))?;
            let rest = &text[at + callee.len()..];
            replaced(*line, format!("{}{receiver}.exception{rest}", &text[..at]))
        }
        Repair::Argument { line, end_column } => {
            let text = line_at(*line)?.trim_end_matches('\r');
            let close = (*end_column as usize).checked_sub(1)?;
            let before = text.get(..close)?;
            let after = text.get(close..).filter(|rest| rest.starts_with(')'))?;
            let trimmed = before.trim_end();
            let separator = match trimmed.chars().last() {
                // The parenthesis stands on a line of its own, behind a trailing comma or not: only one line changes.
                None => return argument_line(*line, before, after, lines),
                Some('(') => "",
                Some(',') => " ",
                Some(_) => ", ",
            };
            replaced(*line, format!("{trimmed}{separator}exc_info=True{after}"))
        }
        Repair::Insert {
            line,
            column,
            replaces,
            logger,
            needs_import,
            message,
        } => {
            let text = line_at(*line)?.trim_end_matches('\r');
            let before = text.get(..*column as usize)?;
            let rest = text.get(*column as usize..)?;
            let call = format!("{logger}.exception(\"{message}\")");
            let is_alone = before.trim().is_empty();
            let change = if *replaces {
                // `pass  # best effort`
                let comment = rest.find('#').map_or("", |at| &rest[at..]);
                let gap = if comment.is_empty() { "" } else { "  " };
                replaced(*line, format!("{before}{call}{gap}{comment}"))?
            } else if is_alone {
                Change {
                    line: *line,
                    removed: None,
                    added: format!("{before}{call}"),
                    needs_import: false,
                }
            } else {
                // `except Exception: return None`
                replaced(*line, format!("{before}{call}; {rest}"))?
            };
            Some(Change {
                needs_import: *needs_import,
                ..change
            })
        }
    }
}

/// A line with the argument before one that holds only the closing parenthesis.
fn argument_line(line: u32, indent: &str, after: &str, lines: &[&str]) -> Option<Change> {
    let above = lines.get(line.checked_sub(2)? as usize)?.trim_end();
    let text = lines
        .get(line.checked_sub(1)? as usize)?
        .trim_end_matches('\r');
    if above.ends_with(',') {
        return Some(Change {
            line,
            removed: None,
            added: format!("{indent}    exc_info=True,"),
            needs_import: false,
        });
    }
    Some(Change {
        line,
        removed: Some(text.to_owned()),
        added: format!("{indent}    , exc_info=True{after}"),
        needs_import: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The change for the one silent handler of a text, as the lines of a diff.
    fn diff(text: &str) -> Vec<String> {
        let file = SourceFile {
            path: "a.py".to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        let report = silent_handlers(&CodeMap::new(&[file], &[".".to_owned()]));
        assert_eq!(report.handlers.len(), 1, "{text}");
        let Some(change) = changes(&[&report.handlers[0]], "a.py", text).remove(0) else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        lines.extend(change.removed.map(|line| format!("-{line}")));
        lines.push(format!("+{}", change.added));
        if change.needs_import {
            lines.push("import".to_owned());
        }
        lines
    }

    fn in_handler(body: &str) -> String {
        format!(
            "import logging\nlogger = logging.getLogger(__name__)\n\
             def f():\n    try:\n        g()\n    except Exception as e:\n{body}"
        )
    }

    #[test]
    fn a_message_gets_its_traceback() {
        for (body, expected) in [
            (
                "        logger.error(f'no: {e}')  # why (really)\n",
                vec![
                    "-        logger.error(f'no: {e}')  # why (really)",
                    "+        logger.exception(f'no: {e}')  # why (really)",
                ],
            ),
            (
                "        logger.warning('no: %s', e)  # why (really)\n",
                vec![
                    "-        logger.warning('no: %s', e)  # why (really)",
                    "+        logger.warning('no: %s', e, exc_info=True)  # why (really)",
                ],
            ),
            (
                "        logger.warning(\n            'no: %s',\n            e,\n        )\n",
                vec!["+            exc_info=True,"],
            ),
            (
                "        logger.debug('no', exc_info=True)\n",
                vec![
                    "-        logger.debug('no', exc_info=True)",
                    "+        logger.exception('no', exc_info=True)",
                ],
            ),
        ] {
            assert_eq!(diff(&in_handler(body)), expected, "{body}");
        }
    }

    #[test]
    fn silence_gets_a_log_call() {
        for (body, expected) in [
            (
                "        pass  # best effort\n",
                vec![
                    "-        pass  # best effort",
                    "+        logger.exception(\"f failed\")  # best effort",
                ],
            ),
            (
                "        # nothing to do\n        return None\n",
                vec!["+        logger.exception(\"f failed\")"],
            ),
            (
                "        print(e)\n",
                vec!["+        logger.exception(\"f failed\")"],
            ),
        ] {
            assert_eq!(diff(&in_handler(body)), expected, "{body}");
        }
    }

    #[test]
    fn without_a_logger_one_is_made_on_the_spot() {
        assert_eq!(
            diff("try:\n\tg()\nexcept Exception: pass\n"),
            [
                "-except Exception: pass",
                "+except Exception: logging.getLogger(__name__).exception(\"a failed\")",
                "import"
            ]
        );
    }

    #[test]
    fn the_file_s_own_logger_is_used() {
        let class = "class A:\n    def __init__(self):\n        self.out = structlog.get_logger()\n    def f(self):\n        try:\n            \
                     g()\n        except Exception:\n            return 1\n";
        assert_eq!(
            diff(class),
            ["+            self.out.exception(\"f failed\")"]
        );
        let loguru = "from loguru import logger\ndef f():\n    try:\n        g()\n    except Exception:\n        return 1\n";
        assert_eq!(diff(loguru), ["+        logger.exception(\"f failed\")"]);
    }

    #[test]
    fn carriage_returns_stay_out() {
        let text = in_handler("        logger.error('no')\n").replace('\n', "\r\n");
        assert_eq!(
            diff(&text),
            [
                "-        logger.error('no')",
                "+        logger.exception('no')"
            ]
        );
    }

    #[test]
    fn a_change_that_would_not_help_is_not_offered() {
        // The text moved on since the map was made.
        let old = in_handler("        logger.error('no')\n");
        let file = SourceFile {
            path: "a.py".to_owned(),
            text: old.clone(),
            is_test: false,
        };
        let report = silent_handlers(&CodeMap::new(&[file], &[]));
        let new = old.replace("logger.error('no')", "return 5");
        assert_eq!(changes(&[&report.handlers[0]], "a.py", &new), [None]);
    }
}
