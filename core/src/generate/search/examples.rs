//! Pieces of Python in the project's own texts that show how something is used: the bodies of tests, examples in
//! docstrings and in documents. Each is cut into its statements; what they mean is not looked at here.

use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, PySourceType, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::code::SourceFile;

/// A piece of Python that stands by itself.
#[derive(Debug, Clone)]
pub(super) struct Example {
    /// The text that the ranges of its statements point into.
    pub source: Rc<str>,
    /// In order.
    pub statements: Vec<Stmt>,
    /// Statements of the file around it: imports, helpers, constants.
    pub around: Rc<[Stmt]>,
    /// Path of the file.
    pub path: String,
    /// Parameters of the test and the values that its decorators give them, as ranges of the text.
    pub parameters: Vec<(String, Vec<TextRange>)>,
    /// Bodies of the fixtures of the same file.
    pub fixtures: Rc<[(String, Vec<Stmt>)]>,
    /// What `setUp` does with `self`.
    pub set_up: Vec<Stmt>,
    /// It is the body of a test, not an example of a document.
    pub is_test: bool,
}

/// More examples of one file are not read.
const MOST: usize = 400;
/// A longer text is no document.
const LONGEST: usize = 1 << 20;

/// The examples of a text that name one of the wanted things.
pub(super) fn examples(file: &SourceFile, wanted: &[&str]) -> Vec<Example> {
    if file.text.len() > LONGEST {
        return Vec::new();
    }
    let mut found = match file.path.ends_with(".py") {
        true if file.is_test => tests(file, wanted),
        true => docstrings(&file.text)
            .iter()
            .filter(|text| wanted.iter().any(|w| text.contains(w)))
            .flat_map(|text| of_prose(text, &file.path))
            .collect(),
        false => of_prose(&file.text, &file.path),
    };
    found.retain(|example| {
        let mut texts = example
            .statements
            .iter()
            .map(|s| &example.source[s.range()]);
        texts.any(|text| wanted.iter().any(|w| text.contains(w)))
    });
    found.truncate(MOST);
    found
}

/// The bodies of the tests of a file.
fn tests(file: &SourceFile, wanted: &[&str]) -> Vec<Example> {
    let parsed = ruff_python_parser::parse_unchecked_source(&file.text, PySourceType::Python);
    let mut around: Vec<Stmt> = Vec::new();
    let mut fixtures: Vec<(String, Vec<Stmt>)> = Vec::new();
    for stmt in parsed.suite() {
        match stmt {
            Stmt::FunctionDef(function) if is_fixture(function) => {
                fixtures.push((function.name.to_string(), function.body.to_vec()));
            }
            Stmt::FunctionDef(function) if function.name.starts_with("test") => {}
            Stmt::ClassDef(class) if is_test_class(class) => {}
            _ => around.push(stmt.clone()),
        }
    }
    let source: Rc<str> = file.text.as_str().into();
    let around: Rc<[Stmt]> = around.into();
    let fixtures: Rc<[(String, Vec<Stmt>)]> = fixtures.into();
    let mut found = Vec::new();
    let mut add = |function: &ast::StmtFunctionDef, set_up: &[Stmt]| {
        let text = &file.text[function.range()];
        if !function.name.starts_with("test")
            || function.is_async
            || !wanted.iter().any(|w| text.contains(w))
        {
            return;
        }
        found.push(Example {
            source: source.clone(),
            statements: function.body.to_vec(),
            around: around.clone(),
            path: file.path.clone(),
            parameters: parameters(function),
            fixtures: fixtures.clone(),
            set_up: set_up.to_vec(),
            is_test: true,
        });
    };
    for stmt in parsed.suite() {
        match stmt {
            Stmt::FunctionDef(function) => add(function, &[]),
            Stmt::ClassDef(class) => {
                let methods = || {
                    class.body.iter().filter_map(|s| match s {
                        Stmt::FunctionDef(function) => Some(function),
                        _ => None,
                    })
                };
                let set_up = methods()
                    .find(|f| matches!(f.name.as_str(), "setUp" | "setup_method"))
                    .map_or(&[][..], |f| f.body.as_ref());
                methods().for_each(|function| add(function, set_up));
            }
            _ => {}
        }
    }
    found
}

fn is_test_class(class: &ast::StmtClassDef) -> bool {
    class.name.starts_with("Test")
        || class.name.ends_with("Test")
        || class.name.ends_with("Tests")
        || class.name.ends_with("TestCase")
}

fn is_fixture(function: &ast::StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(|d| {
        let expr = match &d.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        super::lines::last_name(expr) == Some("fixture")
    })
}

/// What `@pytest.mark.parametrize("a, b", [(1, 2)])` gives.
fn parameters(function: &ast::StmtFunctionDef) -> Vec<(String, Vec<TextRange>)> {
    let mut found: Vec<(String, Vec<TextRange>)> = function
        .parameters
        .iter()
        .map(|p| p.name().to_string())
        .filter(|name| !matches!(name.as_str(), "self" | "cls"))
        .map(|name| (name, Vec::new()))
        .collect();
    for decorator in &function.decorator_list {
        let Expr::Call(call) = &decorator.expression else {
            continue;
        };
        if super::lines::last_name(&call.func) != Some("parametrize") {
            continue;
        }
        let [names, values, ..] = &*call.arguments.args else {
            continue;
        };
        let names: Vec<String> = match names {
            Expr::StringLiteral(text) => text
                .value
                .to_str()
                .split(',')
                .map(|n| n.trim().to_owned())
                .collect(),
            Expr::List(list) => texts(&list.elts),
            Expr::Tuple(tuple) => texts(&tuple.elts),
            _ => continue,
        };
        let rows = match values {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => continue,
        };
        for row in rows.iter().take(40) {
            let row = match row {
                // `pytest.param(1, 2, id="x")`
                Expr::Call(call) if super::lines::last_name(&call.func) == Some("param") => {
                    call.arguments.args.iter().collect::<Vec<_>>()
                }
                Expr::Tuple(tuple) if names.len() > 1 => tuple.elts.iter().collect(),
                Expr::List(list) if names.len() > 1 => list.elts.iter().collect(),
                other => vec![other],
            };
            for (name, value) in names.iter().zip(row) {
                if let Some((_, values)) = found.iter_mut().find(|(n, _)| n == name) {
                    values.push(value.range());
                }
            }
        }
    }
    found
}

fn texts(elements: &[Expr]) -> Vec<String> {
    elements
        .iter()
        .filter_map(|e| e.as_string_literal_expr())
        .map(|t| t.value.to_str().to_owned())
        .collect()
}

/// All docstrings of a module.
fn docstrings(text: &str) -> Vec<String> {
    struct Reader(Vec<String>);
    impl Reader {
        fn first(&mut self, body: &[Stmt]) {
            if let Some(Stmt::Expr(stmt)) = body.first()
                && let Expr::StringLiteral(text) = &*stmt.value
            {
                self.0.push(text.value.to_str().to_owned());
            }
        }
    }
    impl Visitor<'_> for Reader {
        fn visit_stmt(&mut self, stmt: &Stmt) {
            match stmt {
                Stmt::FunctionDef(function) => self.first(&function.body),
                Stmt::ClassDef(class) => self.first(&class.body),
                _ => {}
            }
            visitor::walk_stmt(self, stmt);
        }
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    let mut reader = Reader(Vec::new());
    reader.first(parsed.suite());
    for stmt in parsed.suite() {
        reader.visit_stmt(stmt);
    }
    reader.0
}

/// Interpreter sessions and code blocks of a text for people.
fn of_prose(text: &str, path: &str) -> Vec<Example> {
    let mut sources: Vec<String> = Vec::new();
    let mut session = String::new();
    let mut block: Option<(usize, String)> = None;
    // A block is announced by a fence or by a line that ends with two colons.
    let mut is_announced = false;
    for line in text.lines().chain(std::iter::once("")) {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if let Some(code) = prompt(trimmed, ">>>") {
            session.push_str(code);
            session.push('\n');
            continue;
        }
        if !session.is_empty() && trimmed.starts_with("...") {
            session.push_str(prompt(trimmed, "...").unwrap_or_default());
            session.push('\n');
            continue;
        }
        // What a session printed may hold empty lines; prose ends it.
        if !session.is_empty() && trimmed.len() > 1 && trimmed.starts_with("```") {
            sources.push(std::mem::take(&mut session));
        }
        if let Some((depth, code)) = &mut block {
            let is_fence_end = trimmed.starts_with("```") && *depth == usize::MAX;
            let is_over = *depth != usize::MAX && !trimmed.is_empty() && indent < *depth;
            if is_fence_end || is_over {
                sources.push(std::mem::take(code));
                block = None;
                is_announced = trimmed.ends_with("::");
                continue;
            }
            code.push_str(line);
            code.push('\n');
            continue;
        }
        if let Some(kind) = trimmed.strip_prefix("```") {
            if ["python", "py", "python3", "pycon", ""].contains(&kind.trim()) {
                block = Some((usize::MAX, String::new()));
            }
            continue;
        }
        if is_announced && indent > 0 && !trimmed.is_empty() && !trimmed.starts_with(':') {
            block = Some((indent, format!("{line}\n")));
            is_announced = false;
            continue;
        }
        is_announced = trimmed.ends_with("::") || (is_announced && trimmed.is_empty());
    }
    sources.push(session);
    if let Some((_, code)) = block {
        sources.push(code);
    }
    sources
        .into_iter()
        .filter_map(|source| of_source(&dedented(&source), path))
        .collect()
}

fn prompt<'t>(line: &'t str, sign: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(sign)?;
    match rest.strip_prefix(' ') {
        Some(code) => Some(code),
        None => rest.is_empty().then_some(""),
    }
}

fn of_source(source: &str, path: &str) -> Option<Example> {
    if source.trim().is_empty() || source.contains(">>>") {
        return None;
    }
    let parsed = ruff_python_parser::parse_unchecked_source(source, PySourceType::Python);
    if !parsed.has_valid_syntax() {
        return None;
    }
    Some(Example {
        source: source.into(),
        statements: parsed.suite().to_vec(),
        around: Rc::new([]),
        path: path.to_owned(),
        parameters: Vec::new(),
        fixtures: Rc::new([]),
        set_up: Vec::new(),
        is_test: false,
    })
}

fn dedented(text: &str) -> String {
    let indent = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start().len())
        .min()
        .unwrap_or(0);
    text.lines()
        .map(|l| format!("{}\n", l.get(indent..).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(path: &str, text: &str) -> Vec<String> {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: path.starts_with("test"),
        };
        let found = examples(&file, &["f", "g"]);
        let text = |e: &Example| {
            let ranges = e.statements.iter().map(|s| e.source[s.range()].to_owned());
            ranges.collect::<Vec<_>>().join("; ")
        };
        found.iter().map(text).collect()
    }

    #[test]
    fn sessions_blocks_and_fences_are_examples() {
        let text = "Use it::\n\n    x = f(1)\n    g(x)\n\nor\n\n```python\nf(2)\n```\n\n>>> a = 1\n>>> f(\n...     a)\n3\n";
        assert_eq!(
            sources("README.md", text),
            ["x = f(1); g(x)", "f(2)", "a = 1; f(\n    a)"]
        );
        assert_eq!(
            sources(
                "m.py",
                "def f():\n    \"\"\"Does.\n\n    >>> f()\n    1\n    \"\"\"\n"
            ),
            ["f()"]
        );
    }

    #[test]
    fn the_bodies_of_tests_are_examples() {
        let text = "import m\n\n@pytest.mark.parametrize('a,b', [(1, 2), (3, 4)])\ndef test_f(a, b):\n    assert m.f(a) == b\n\nclass TestG:\n    def setup_method(self):\n        self.x = 1\n    def test_g(self):\n        m.g(self.x)\n";
        assert_eq!(
            sources("test_m.py", text),
            ["assert m.f(a) == b", "m.g(self.x)"]
        );
        let file = SourceFile {
            path: "test_m.py".to_owned(),
            text: text.to_owned(),
            is_test: true,
        };
        let found = examples(&file, &["f", "g"]);
        assert_eq!(found[0].parameters[1].0, "b");
        assert_eq!(&text[found[0].parameters[1].1[1]], "4");
        assert_eq!(found[1].set_up.len(), 1);
    }
}
