//! Lays out expressions over lines as formatters do: on one line where it fits, else one element a line with a comma
//! after each.

/// Lines stay within this width where an element allows it.
const WIDTH: usize = 92;

/// A Python expression that may be broken between its elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Never broken.
    Atom(String),
    /// `open` elements `close`.
    Group {
        /// `[`, `{`, `Cart(`.
        open: String,
        /// What stands between the commas.
        items: Vec<Code>,
        /// `]`, `}`, `)`.
        close: String,
        /// A single element needs its comma on one line too, as in `(1,)`.
        is_tuple: bool,
    },
    /// `key: value`, `name=value`, `*args`.
    Prefixed(String, Box<Code>),
}

impl Code {
    /// An atom.
    pub fn atom(text: impl Into<String>) -> Code {
        Code::Atom(text.into())
    }

    /// A group.
    pub fn group(open: impl Into<String>, items: Vec<Code>, close: impl Into<String>) -> Code {
        Code::Group {
            open: open.into(),
            items,
            close: close.into(),
            is_tuple: false,
        }
    }

    /// `name=value`.
    pub fn named(name: &str, value: Code) -> Code {
        Code::Prefixed(format!("{name}="), Box::new(value))
    }

    /// The whole on one line.
    pub fn flat(&self) -> String {
        let mut out = String::new();
        self.flat_into(&mut out);
        out
    }

    fn flat_into(&self, out: &mut String) {
        match self {
            Code::Atom(text) => out.push_str(text),
            Code::Prefixed(prefix, value) => {
                out.push_str(prefix);
                value.flat_into(out);
            }
            Code::Group {
                open,
                items,
                close,
                is_tuple,
            } => {
                out.push_str(open);
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    item.flat_into(out);
                }
                if *is_tuple && items.len() == 1 {
                    out.push(',');
                }
                out.push_str(close);
            }
        }
    }

    /// The lines of `before` + expression + `after`, the first without indent.
    pub fn lines(&self, before: &str, after: &str) -> Vec<String> {
        let mut lines = Vec::new();
        self.lay_out(before.to_owned(), after, 0, &mut lines);
        lines
    }

    fn lay_out(&self, before: String, after: &str, indent: usize, lines: &mut Vec<String>) {
        let pad = "    ".repeat(indent);
        let flat = self.flat();
        let fits = indent * 4 + before.len() + flat.len() + after.len() <= WIDTH;
        match self {
            Code::Prefixed(prefix, value) if !fits => {
                value.lay_out(format!("{before}{prefix}"), after, indent, lines);
            }
            Code::Group {
                open, items, close, ..
            } if !fits && !items.is_empty() => {
                lines.push(format!("{pad}{before}{open}"));
                for item in items {
                    item.lay_out(String::new(), ",", indent + 1, lines);
                }
                lines.push(format!("{pad}{close}{after}"));
            }
            _ => lines.push(format!("{pad}{before}{flat}{after}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_stay_on_a_line() {
        let code = Code::group("[", vec![Code::atom("1"), Code::atom("2")], "]");
        assert_eq!(code.lines("x = ", ""), ["x = [1, 2]"]);
        let one = Code::Group {
            open: "(".to_owned(),
            items: vec![Code::atom("1")],
            close: ")".to_owned(),
            is_tuple: true,
        };
        assert_eq!(one.flat(), "(1,)");
    }

    #[test]
    fn long_ones_are_broken_between_their_elements() {
        let long = "\"".to_owned() + &"a".repeat(60) + "\"";
        let code = Code::group(
            "Cart(",
            vec![
                Code::named("name", Code::atom(long.clone())),
                Code::named(
                    "tags",
                    Code::group("[", vec![Code::atom(long.clone())], "]"),
                ),
            ],
            ")",
        );
        assert_eq!(
            code.lines("cart = ", ""),
            [
                "cart = Cart(".to_owned(),
                format!("    name={long},"),
                format!("    tags=[{long}],"),
                ")".to_owned()
            ]
        );
    }
}
