//! Where a named value of a function comes from: a parameter (or a member of one), a call, or something else.

use super::{Function, Value};

/// Where a name gets its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A parameter; `depth` is how many loops lie between it and the name (1: a member of it).
    Param {
        /// The parameter's name.
        name: String,
        /// Loops between.
        depth: usize,
    },
    /// The result of a call.
    Call {
        /// As written.
        callee: String,
        /// Loops between.
        depth: usize,
    },
    /// Cannot be told.
    Unknown,
}

/// Follows a name backwards through the assignments above a line.
pub fn origin_of(function: &Function, name: &str, line: u32) -> Origin {
    let mut name = name.to_owned();
    let mut line = line;
    let mut depth = 0;
    // Each step goes to an earlier assignment, so the number of assignments bounds the walk.
    for _ in 0..=function.assignments.len() {
        let assignment = function
            .assignments
            .iter()
            .rev()
            .find(|a| a.target == name && (a.line < line || (a.is_member && a.line <= line)))
            // A comprehension's variable may be used on a line above its `for`.
            .or_else(|| {
                function
                    .assignments
                    .iter()
                    .find(|a| a.target == name && a.is_member)
            });
        let Some(assignment) = assignment else {
            return if function.params.iter().any(|p| p.name == name) {
                Origin::Param { name, depth }
            } else {
                Origin::Unknown
            };
        };
        depth += usize::from(assignment.is_member);
        match first_source(&assignment.value) {
            Some(Value::Name(next)) => {
                if *next == name && !assignment.is_member {
                    return Origin::Unknown;
                }
                name.clone_from(next);
                line = assignment.line;
            }
            Some(Value::Call(callee)) => {
                // `enumerate(rows)` and `sorted(rows)` pass their argument's members on.
                let passes_on = matches!(
                    callee.as_str(),
                    "enumerate" | "sorted" | "list" | "reversed" | "iter" | "tuple"
                );
                let argument = passes_on.then(|| {
                    function
                        .calls
                        .iter()
                        .find(|c| c.line == assignment.line && c.callee == *callee)
                        .and_then(|c| c.args.first())
                });
                match argument.flatten() {
                    Some(argument) if is_name(argument) => {
                        name.clone_from(argument);
                        line = assignment.line;
                    }
                    _ => {
                        return Origin::Call {
                            callee: callee.clone(),
                            depth,
                        };
                    }
                }
            }
            Some(Value::Other(text)) if text.ends_with("()") => {
                return Origin::Call {
                    callee: text.trim_end_matches("()").to_owned(),
                    depth,
                };
            }
            _ => return Origin::Unknown,
        }
    }
    Origin::Unknown
}

fn first_source(value: &Value) -> Option<&Value> {
    match value {
        Value::Either(values) => values.iter().find_map(first_source),
        other => Some(other),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{SourceFile, module_from_source};

    fn function(text: &str) -> Function {
        let file = SourceFile {
            path: "m.py".to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        module_from_source("m", &file).functions.remove(0)
    }

    #[test]
    fn loop_members_lead_to_the_parameter() {
        let f = function(
            "def f(rows):\n    for i, row in enumerate(rows):\n        print(row['label'])\n",
        );
        assert_eq!(
            origin_of(&f, "row", 3),
            Origin::Param {
                name: "rows".to_owned(),
                depth: 1
            }
        );
    }

    #[test]
    fn a_result_leads_to_its_call() {
        let f =
            function("def f(self, id):\n    node = self.repo.find(id)\n    return node.label\n");
        assert_eq!(
            origin_of(&f, "node", 3),
            Origin::Call {
                callee: "self.repo.find".to_owned(),
                depth: 0
            }
        );
    }

    #[test]
    fn comprehension_variables_are_members() {
        let f = function("def f(rows):\n    return [r['label'] for r in rows]\n");
        assert_eq!(
            origin_of(&f, "r", 2),
            Origin::Param {
                name: "rows".to_owned(),
                depth: 1
            }
        );
    }
}
