//! Calls with gaps: an expression whose open places take one of several values each. What comes out is a text for the
//! test and what it needs around it; nothing here knows where the values come from.

use super::calls::Sequence;
use super::piece::{Piece, merge};
use crate::generate::arguments::Setup;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Finished.
    Code(String),
    /// The value of a hole, by its number.
    Hole(usize),
    /// `head(args)`.
    Call {
        head: Box<Node>,
        args: Vec<Argument>,
    },
    /// `base.name`.
    Attribute(Box<Node>, String),
    /// `[a, b]`, `{k: v}`, `(a, b)`: what opens it, items, what closes it.
    Group(&'static str, Vec<Item>, &'static str),
    /// `left + right`.
    Binary(Box<Node>, &'static str, Box<Node>),
    /// Two expressions and what stands between them, without parentheses.
    Joined(Box<Node>, String, Box<Node>),
    /// `base[key]`.
    Index(Box<Node>, Box<Node>),
    /// Text, expression, text.
    Around(String, Box<Node>, String),
    /// One after the other: a text with places in it.
    Parts(Vec<Node>),
    /// `, name=value` behind other arguments (else without the comma), or nothing where the hole is left out.
    Keyword {
        name: String,
        hole: usize,
        is_first: bool,
    },
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Argument {
    /// The parameter, as far as it is known.
    pub name: Option<String>,
    /// Must be passed by its name.
    pub is_named: bool,
    /// The value; an omitted hole leaves the argument out.
    pub value: Node,
}

/// A member of a container, with its key in a dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub key: Option<Node>,
    pub value: Node,
}

/// A place that takes one of several values.
#[derive(Debug, Clone, Default)]
pub(super) struct Hole {
    /// What it is called where it stands.
    pub name: String,
    /// Most promising first.
    pub pool: Vec<Piece>,
    /// The first choice is to leave it out.
    pub can_omit: bool,
    /// How many values of another hole are worth one of this.
    pub stride: usize,
    /// Calls on the prepared object, which only exploring makes.
    pub sequence: Option<Box<Sequence>>,
}

/// An expression with its holes.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// Lines before it.
    pub before: Vec<Node>,
    pub node: Node,
    pub setup: Setup,
    pub holes: Vec<Hole>,
}

impl Hole {
    /// How many choices there are.
    pub fn choices(&self) -> usize {
        self.pool.len() + usize::from(self.can_omit)
    }

    /// `None` when the choice is to leave it out.
    pub fn chosen(&self, choice: usize) -> Option<&Piece> {
        match self.can_omit {
            true => choice.checked_sub(1).and_then(|at| self.pool.get(at)),
            false => self.pool.get(choice),
        }
    }
}

impl Template {
    /// The expression with one choice for each hole. `None` when a needed hole has nothing to offer.
    pub fn fill(&self, choices: &[usize]) -> Option<Piece> {
        let mut setup = self.setup.clone();
        for line in &self.before {
            let line = self.text(line, choices, &mut setup)?;
            setup.statements.extend(line.lines().map(str::to_owned));
        }
        let code = self.text(&self.node, choices, &mut setup)?;
        Some(Piece { code, setup })
    }

    fn text(&self, node: &Node, choices: &[usize], setup: &mut Setup) -> Option<String> {
        Some(match node {
            Node::Code(code) => code.clone(),
            Node::Hole(number) => {
                let piece = self.holes.get(*number)?.chosen(*choices.get(*number)?)?;
                merge(setup, &piece.setup);
                piece.code.clone()
            }
            Node::Call { head, args } => {
                let head = self.text(head, choices, setup)?;
                let mut parts = Vec::new();
                let mut must_name = false;
                for argument in args {
                    if self.is_left_out(&argument.value, choices) {
                        must_name = true;
                        continue;
                    }
                    let value = self.text(&argument.value, choices, setup)?;
                    match &argument.name {
                        Some(name) if argument.is_named || must_name => {
                            parts.push(format!("{name}={value}"));
                        }
                        // Something before it is missing and it has no name to be passed by.
                        None if must_name => return None,
                        _ => parts.push(value),
                    }
                }
                format!("{head}({})", parts.join(", "))
            }
            Node::Attribute(base, name) => format!("{}.{name}", self.text(base, choices, setup)?),
            Node::Group(open, items, close) => {
                let mut parts = Vec::new();
                for item in items {
                    let value = self.text(&item.value, choices, setup)?;
                    parts.push(match &item.key {
                        Some(key) => format!("{}: {value}", self.text(key, choices, setup)?),
                        None => value,
                    });
                }
                let comma = if *open == "(" && parts.len() == 1 {
                    ","
                } else {
                    ""
                };
                format!("{open}{}{comma}{close}", parts.join(", "))
            }
            Node::Binary(left, operator, right) => {
                let left = self.text(left, choices, setup)?;
                let right = self.text(right, choices, setup)?;
                format!("({left} {operator} {right})")
            }
            Node::Joined(left, between, right) => format!(
                "{}{between}{}",
                self.text(left, choices, setup)?,
                self.text(right, choices, setup)?
            ),
            Node::Index(base, key) => format!(
                "{}[{}]",
                self.text(base, choices, setup)?,
                self.text(key, choices, setup)?
            ),
            Node::Around(before, inner, after) => {
                format!("{before}{}{after}", self.text(inner, choices, setup)?)
            }
            Node::Parts(parts) => {
                let mut text = String::new();
                for part in parts {
                    text.push_str(&self.text(part, choices, setup)?);
                }
                text
            }
            Node::Keyword {
                name,
                hole,
                is_first,
            } => {
                let value = Node::Hole(*hole);
                if self.is_left_out(&value, choices) {
                    return Some(String::new());
                }
                let comma = if *is_first { "" } else { ", " };
                format!("{comma}{name}={}", self.text(&value, choices, setup)?)
            }
        })
    }

    fn is_left_out(&self, node: &Node, choices: &[usize]) -> bool {
        let Node::Hole(number) = node else {
            return false;
        };
        self.holes.get(*number).is_some_and(|hole| {
            hole.can_omit && choices.get(*number).is_some_and(|choice| *choice == 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::arguments::Source;

    fn hole(name: &str, values: &[&str], can_omit: bool) -> Hole {
        Hole {
            name: name.to_owned(),
            pool: values
                .iter()
                .map(|v| Piece::plain(*v, Source::Invented))
                .collect(),
            can_omit,
            stride: 1,
            ..Hole::default()
        }
    }

    fn argument(name: &str, number: usize) -> Argument {
        Argument {
            name: Some(name.to_owned()),
            is_named: false,
            value: Node::Hole(number),
        }
    }

    #[test]
    fn what_follows_an_omitted_argument_is_passed_by_name() {
        let template = Template {
            before: Vec::new(),
            node: Node::Call {
                head: Box::new(Node::Code("f".to_owned())),
                args: vec![argument("a", 0), argument("b", 1), argument("c", 2)],
            },
            setup: Setup::default(),
            holes: vec![
                hole("a", &["1"], false),
                hole("b", &["2"], true),
                hole("c", &["3"], true),
            ],
        };
        let text = |choices: &[usize]| template.fill(choices).map(|p| p.code);
        assert_eq!(text(&[0, 0, 1]).as_deref(), Some("f(1, c=3)"));
        assert_eq!(text(&[0, 1, 1]).as_deref(), Some("f(1, 2, 3)"));
        assert_eq!(text(&[0, 0, 0]).as_deref(), Some("f(1)"));
        assert_eq!(text(&[1, 0, 0]), None, "there is no second value");
    }
}
