//! What names stand for where a line of the trace stands: what the frame outside of it passed, and the values that the log
//! shows anywhere.

use ruff_python_ast::{Expr, UnaryOp};

use super::lines;
use super::nearby;
use super::node::{Node, Template};
use super::piece::{Piece, merge};
use super::rebuild::{Rebuild, assigned_text, number_text};
use super::scene::Scene;
use crate::code::{Module, Param};
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

impl<'a> Scene<'a> {
    /// Values that a name can have where a line of the trace stands: what the frame outside of it passed.
    pub fn bound(&self, name: &str, place: usize, depth: usize) -> Vec<Piece> {
        let Some(depth) = depth.checked_sub(1) else {
            return Vec::new();
        };
        let function = self.function_at(place);
        if let Some(function) = function {
            let assigned = function
                .function
                .assignments
                .iter()
                .rev()
                .find(|a| a.target == name && !a.is_member)
                .and_then(|a| assigned_text(&a.value));
            if let Some(text) = assigned
                && let Some(expr) = lines::expression(&text)
                && let Some(piece) = self.closed(&expr, Some(function.module))
            {
                return vec![piece];
            }
        }
        let Some(outer) = place.checked_sub(1).filter(|o| !self.is_foreign(*o)) else {
            return Vec::new();
        };
        let own = self.trace[place].function.as_deref().unwrap_or_default();
        let own = own.rsplit('.').next().unwrap_or(own);
        let Some(call) = self.lines[outer].call_named(own) else {
            return Vec::new();
        };
        let keyword = call
            .arguments
            .keywords
            .iter()
            .find(|k| k.arg.as_ref().is_some_and(|a| a.as_str() == name));
        if let Some(keyword) = keyword {
            return self.with_members(&keyword.value, outer, depth);
        }
        let args = &call.arguments.args;
        let mut order: Vec<usize> = (0..args.len()).collect();
        let at = match function {
            Some(function) => match function.function.params.iter().position(|p| p.name == name) {
                Some(at) => Some(at),
                // Not a parameter of a function that is known: bound in its body.
                None => return Vec::new(),
            },
            None => self.free_names(place).iter().position(|n| n == name),
        };
        if let Some(at) = at {
            if function.is_some() {
                order.retain(|o| *o == at);
            } else {
                order.sort_by_key(|o| *o != at);
            }
        }
        let mut found: Vec<Piece> = Vec::new();
        for at in order {
            found.extend(self.with_members(&args[at], outer, depth));
        }
        found
    }

    /// An expression, and the members of a container, the last first: loops die at one of them.
    fn with_members(&self, expr: &Expr, place: usize, depth: usize) -> Vec<Piece> {
        let mut found = Vec::new();
        let mut add = |expr: &Expr| found.extend(self.known(expr, place, depth));
        add(expr);
        let members: &[Expr] = match expr {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::Set(set) => &set.elts,
            _ => &[],
        };
        members.iter().rev().take(12).for_each(add);
        if let Expr::Name(name) = expr
            && found.is_empty()
        {
            found = self.bound(name.id.as_str(), place, depth);
        }
        found
    }

    /// An expression with what is bound outside put in.
    fn known(&self, expr: &Expr, place: usize, depth: usize) -> Option<Piece> {
        let mut setup = Setup::default();
        let mut needed = Setup::default();
        let module = self.module_at(place);
        let node = {
            let mut unknown = |name: &str| {
                let piece = self.bound(name, place, depth).into_iter().next()?;
                merge(&mut needed, &piece.setup);
                Some(Node::Code(piece.code))
            };
            Rebuild::new(
                self.writer.map,
                module,
                &self.near,
                &mut setup,
                &mut unknown,
            )
            .expression(expr)?
        };
        merge(&mut setup, &needed);
        setup.used(Source::Known);
        let template = Template {
            before: Vec::new(),
            node,
            setup,
            holes: Vec::new(),
        };
        template.fill(&[])
    }

    pub fn module_at(&self, place: usize) -> Option<&'a Module> {
        let index = self.places.iter().position(|p| *p == place)?;
        Some(self.writer.frames[index].module)
    }

    /// Names of a line that mean nothing at module level, in order.
    fn free_names(&self, place: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let callees: Vec<&Expr> = self.lines[place]
            .expressions
            .iter()
            .filter_map(|e| e.as_call_expr().map(|c| &*c.func))
            .collect();
        for expr in &self.lines[place].expressions {
            let Expr::Name(name) = expr else { continue };
            let name = name.id.as_str();
            let is_called = callees
                .iter()
                .any(|c| matches!(c, Expr::Name(n) if n.id.as_str() == name));
            let is_stored = matches!(expr, Expr::Name(n) if n.ctx.is_store());
            if !is_called
                && !is_stored
                && self.closed(expr, None).is_none()
                && !names.iter().any(|n| n == name)
            {
                names.push(name.to_owned());
            }
        }
        // `nx.relabel_nodes(g, mapping)`: what the call is made on is often a module.
        let parameters: Vec<String> = names
            .iter()
            .filter(|n| !self.is_module_alias(n, place))
            .cloned()
            .collect();
        parameters
    }

    fn is_module_alias(&self, name: &str, place: usize) -> bool {
        let entered = self.function_at(place + 1);
        self.lines[place].expressions.iter().any(|e| {
            matches!(e, Expr::Attribute(a) if matches!(&*a.value, Expr::Name(n) if n.id.as_str() == name)
                && entered.is_some_and(|f| f.function.class.is_none() && f.function.name == a.attr.as_str()))
        })
    }

    /// Literals of the lines of files that are not in the project, and values that the log's text names.
    pub fn logged_values(&self) -> Vec<Piece> {
        self.logged
            .get_or_init(|| self.read_logged_values())
            .clone()
    }

    /// Values that the log gives that name; of digits both the number and the text.
    pub fn logged_as(&self, name: &str) -> Vec<Piece> {
        let mut found = Vec::new();
        if name.len() < 2 {
            return found;
        }
        for text in nearby::values_named(name, self.log_message(), self.surroundings) {
            found.extend(number(&text).map(|code| Piece::plain(code, Source::Inferred)));
            found.push(Piece::plain(literal::string(&text), Source::Inferred));
        }
        found
    }

    /// What a command line may be, split as the system splits it: what the log shows, else a call for help.
    pub fn command_lines(&self, param: &Param) -> Vec<Piece> {
        const NAMES: [&str; 6] = [
            "argv",
            "args",
            "arguments",
            "cmdline",
            "command_line",
            "options",
        ];
        let annotation = param.annotation.as_deref().unwrap_or("list");
        let is_list = ["list", "List", "Sequence", "Iterable"]
            .iter()
            .any(|word| annotation.contains(word));
        if param.is_variadic || !is_list || !NAMES.contains(&param.name.as_str()) {
            return Vec::new();
        }
        let shown = nearby::command_lines(self.log_message(), self.surroundings);
        let shown = shown.into_iter().map(|words| (words, Source::Inferred));
        let plain = [vec!["--help".to_owned()], Vec::new()].map(|words| (words, Source::Invented));
        shown
            .chain(plain)
            .map(|(words, source)| {
                let words: Vec<String> = words.iter().map(|word| literal::string(word)).collect();
                Piece::plain(format!("[{}]", words.join(", ")), source)
            })
            .collect()
    }

    fn log_message(&self) -> &'a str {
        let message = self.writer.failure.log_message.as_deref();
        message.unwrap_or_default()
    }

    fn read_logged_values(&self) -> Vec<Piece> {
        let mut found: Vec<Piece> = Vec::new();
        for place in (0..self.trace.len()).rev() {
            if self.is_foreign(place) || self.function_at(place).is_some() {
                continue;
            }
            for expr in &self.lines[place].expressions {
                let Some(call) = expr.as_call_expr() else {
                    continue;
                };
                let values = call
                    .arguments
                    .args
                    .iter()
                    .chain(call.arguments.keywords.iter().map(|k| &k.value));
                for value in values {
                    if !matches!(value, Expr::Name(_) | Expr::Attribute(_)) {
                        found.extend(self.with_members(value, place, 3));
                    }
                }
            }
        }
        for text in nearby::words_of(self.log_message(), self.surroundings) {
            let mut piece = Piece::plain(literal::string(&text), Source::Known);
            piece.setup.used(Source::Inferred);
            found.push(piece);
        }
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|p| {
            !matches!(p.code.as_str(), "None" | "True" | "False")
                && p.code.len() < 400
                && seen.insert(p.code.clone())
        });
        found.truncate(24);
        found
    }
}

/// A number that somebody wrote, spelled anew.
fn number(text: &str) -> Option<String> {
    match lines::expression(text)? {
        Expr::NumberLiteral(number) => number_text(&number.value),
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => {
            let number = unary.operand.as_number_literal_expr()?;
            Some(format!("-{}", number_text(&number.value)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_python_are_numbers() {
        for (text, code) in [
            ("1000", "1000"),
            ("-3", "-3"),
            ("1.50", "1.5"),
            ("-0.5", "-0.5"),
        ] {
            assert_eq!(number(text).as_deref(), Some(code));
        }
        for text in [
            "007", "-012", "1e999", "inf", "nan", "-nan", "3,4", "1 2", "f()", "", "1)\nx=(1",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
