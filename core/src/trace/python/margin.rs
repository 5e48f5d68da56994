//! What stands left of a traceback's lines: the indentation of the whole, and the bars of exception groups.
//! It decides whether a line belongs to a margin, never what the line says.

/// The left edge of a chain: `    | ` is depth 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Margin {
    /// Blanks in front of everything.
    base: String,
    /// 0 outside of groups; members of the outermost group have 2.
    depth: usize,
}

/// A line drawn between the members of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// `+---------------- 2 ----------------`; no number where members were left out (`...`).
    Member(Option<u32>),
    /// `+------------------------------------`
    End,
}

impl Margin {
    /// The margin of a chain that is not in a group.
    pub(super) fn outer(base: &str) -> Self {
        Margin {
            base: base.to_owned(),
            depth: 0,
        }
    }

    /// The margin `levels` deeper.
    pub(super) fn deeper(&self, levels: usize) -> Self {
        Margin {
            base: self.base.clone(),
            depth: self.depth + levels,
        }
    }

    /// How deep inside of groups it is.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The line without the margin, or nothing if it does not carry it. A blank line carries a margin without bars.
    pub(super) fn strip<'l>(&self, line: &'l str) -> Option<&'l str> {
        let rest = match line.strip_prefix(self.base.as_str()) {
            Some(rest) => rest,
            None if line.trim().is_empty() => "",
            None => return None,
        };
        if self.depth == 0 {
            return Some(rest);
        }
        let body = self.indented(rest, self.depth)?.strip_prefix('|')?;
        Some(body.strip_prefix(' ').unwrap_or(body))
    }

    /// The rule that opens this margin's group: `  +-+---------------- 1 ----------------`.
    pub(super) fn opening(&self, line: &str) -> Option<Rule> {
        let rest = line.strip_prefix(self.base.as_str())?;
        let body = self.indented(rest, self.depth)?.strip_prefix("+-")?;
        rule(body)
    }

    /// A rule between the members whose margin this is.
    pub(super) fn rule(&self, line: &str) -> Option<Rule> {
        let rest = line.strip_prefix(self.base.as_str())?;
        rule(self.indented(rest, self.depth)?)
    }

    fn indented<'l>(&self, rest: &'l str, depth: usize) -> Option<&'l str> {
        let pad = 2 * depth;
        let blank = rest.len() >= pad && rest.as_bytes()[..pad].iter().all(|b| *b == b' ');
        blank.then(|| &rest[pad..])
    }
}

// +---------------- 12 ----------------
fn rule(text: &str) -> Option<Rule> {
    let body = text.trim_end().strip_prefix("+--")?;
    let label = body.trim_matches('-');
    if label.is_empty() {
        return Some(Rule::End);
    }
    let label = label.strip_prefix(' ')?.strip_suffix(' ')?;
    match label.parse() {
        Ok(number) => Some(Rule::Member(Some(number))),
        Err(_) if label == "..." => Some(Rule::Member(None)),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_by_depth() {
        let inner = Margin::outer("").deeper(2);
        assert_eq!(inner.strip("    | ValueError: 1"), Some("ValueError: 1"));
        assert_eq!(inner.strip("    |"), Some(""));
        assert_eq!(inner.strip("    |   File"), Some("  File"));
        assert_eq!(inner.strip("  | x"), None);
        assert_eq!(inner.strip(""), None);
    }

    #[test]
    fn indentation_of_the_whole() {
        let tab = Margin::outer("\t");
        assert_eq!(tab.strip("\t  File"), Some("  File"));
        assert_eq!(tab.strip(""), Some(""));
        assert_eq!(tab.strip("x"), None);
    }

    #[test]
    fn rules() {
        let group = Margin::outer("").deeper(1);
        let members = group.deeper(1);
        assert_eq!(
            group.opening("  +-+---------------- 1 ----------------"),
            Some(Rule::Member(Some(1)))
        );
        assert_eq!(
            members.rule("    +---------------- 12 ----------------"),
            Some(Rule::Member(Some(12)))
        );
        assert_eq!(
            members.rule("    +---------------- ... ----------------"),
            Some(Rule::Member(None))
        );
        assert_eq!(
            members.rule("    +------------------------------------"),
            Some(Rule::End)
        );
        assert_eq!(members.rule("    +- x"), None);
    }
}
