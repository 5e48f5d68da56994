//! Boxes drawn around text: `╭─ title ─╮`, `│ … │`, `╰─╯`, and their square and ASCII sisters.
//! It takes a box off its content; what the content means is rich.rs's matter.

/// A box taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Panel<'l> {
    pub(super) title: &'l str,
    /// Lines between the bars, one blank of padding removed on the left, all on the right.
    pub(super) content: Vec<&'l str>,
    /// Characters between the bars without the padding.
    pub(super) inner_width: usize,
    /// First line behind the box.
    pub(super) next: usize,
    /// The text ended inside the box.
    pub(super) open: bool,
}

const CORNERS: [(char, char, char); 3] = [('╭', '╮', '╰'), ('┌', '┐', '└'), ('+', '+', '+')];

/// Whether a line draws the top of a box, and its title.
pub(super) fn top(line: &str) -> Option<&str> {
    let body = line.trim();
    let (_, right, _) = CORNERS
        .iter()
        .find(|(left, _, _)| body.starts_with(*left))?;
    // The right edge may have been cut off by a column of the log handler.
    let inner = body.strip_suffix(*right).unwrap_or(body);
    let inner = inner.trim_start_matches(['╭', '┌', '+']);
    let rule = inner.starts_with(['─', '━']) || inner.starts_with("--");
    rule.then(|| inner.trim_matches(['─', '━', '-', ' ']))
}

/// Whether a line draws the bottom of a box.
pub(super) fn bottom(line: &str) -> bool {
    let body = line.trim();
    body.starts_with(['╰', '└'])
        || (body.starts_with("+--")
            && body.ends_with('+')
            && body.trim_matches(['+', '-']).is_empty())
}

/// Takes the box apart whose top is line `at`.
pub(super) fn read<'l>(get: &dyn Fn(usize) -> Option<&'l str>, at: usize) -> Option<Panel<'l>> {
    let first = get(at)?;
    let title = top(first)?;
    let inner_width = first.trim().chars().count().saturating_sub(4);
    let mut panel = Panel {
        title,
        content: Vec::new(),
        inner_width,
        next: at + 1,
        open: true,
    };
    while let Some(line) = get(panel.next) {
        let body = line.trim();
        if body.starts_with(['│', '|', '┃']) {
            panel.content.push(between(body));
            panel.next += 1;
            continue;
        }
        if bottom(line) {
            panel.next += 1;
        }
        panel.open = false;
        break;
    }
    Some(panel)
}

// │ /srv/app.py:8 in checkout      │
fn between(body: &str) -> &str {
    let inner = body.trim_start_matches(|c| c == body.chars().next().unwrap_or(' '));
    let inner = if body.starts_with("││") || body.starts_with("||") {
        &body[body.chars().next().map_or(0, char::len_utf8)..]
    } else {
        inner
    };
    let inner = inner.strip_suffix(['│', '|', '┃']).unwrap_or(inner);
    inner.strip_prefix(' ').unwrap_or(inner).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_taken_apart() {
        let lines = [
            "╭─ Traceback (most recent cal─╮  ",
            "│ a b                          │",
            "│ ╭─ locals ─╮                 │",
            "╰──────────────────────────────╯",
            "x",
        ];
        let panel = read(&|i| lines.get(i).copied(), 0).unwrap();
        assert_eq!(panel.title, "Traceback (most recent cal");
        assert_eq!(panel.content, ["a b", "╭─ locals ─╮"]);
        assert_eq!((panel.next, panel.open), (4, false));
    }

    #[test]
    fn tops_and_bottoms() {
        assert_eq!(
            top("+--- Traceback (most recent call last) ---+"),
            Some("Traceback (most recent call last)")
        );
        assert_eq!(
            top("  + Exception Group Traceback (most recent call last):"),
            None
        );
        assert!(bottom("+----------+"));
        assert!(!bottom("+---------------- 1 ----------------"));
    }
}
