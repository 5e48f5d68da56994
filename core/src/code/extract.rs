//! One source text to one [`Module`]. Reads the syntax tree; resolves nothing beyond relative imports.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, PySourceType, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::answer::answer;
use super::asserted::asserted;
use super::dotted::dotted;
use super::lines::Lines;
use super::stall::stalled_loop;
use super::uses::{Uses, is_nothing};
use super::{
    Access, AccessKind, Assignment, Call, Class, Function, Handler, Import, Module, Param,
    ReturnedDict, SourceFile, Value,
};

/// Reads one text. A text that does not parse gives what could be read, with `is_valid` false.
pub fn module_from_source(name: &str, file: &SourceFile) -> Module {
    let parsed = ruff_python_parser::parse_unchecked_source(&file.text, PySourceType::Python);
    let lines = LineIndex::new(&file.text);
    let mut module = Module {
        name: name.to_owned(),
        path: file.path.clone(),
        is_test: file.is_test,
        is_valid: parsed.has_valid_syntax(),
        lines: Lines::new(&file.text),
        ..Module::default()
    };
    let is_package = file.path.ends_with("__init__.py");
    let mut reader = Reader {
        text: &file.text,
        lines: &lines,
        module: &mut module,
        is_package,
        class: None,
        functions: Vec::new(),
        is_of_main: false,
        is_for_checkers: false,
    };
    for stmt in parsed.suite() {
        reader.visit_stmt(stmt);
    }
    module
        .functions
        .sort_by_key(|f| (f.first_line, f.last_line));
    module
}

/// Byte offset to 1-based line.
struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| u32::try_from(i + 1).unwrap_or(u32::MAX)),
        );
        LineIndex { starts }
    }

    fn line(&self, at: TextSize) -> u32 {
        let at = u32::from(at);
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    /// Bytes between the start of its line and an offset.
    fn column(&self, at: TextSize) -> u32 {
        let start = self.starts[self.line(at) as usize - 1];
        u32::from(at).saturating_sub(start)
    }

    /// Line of the last character of a range.
    fn last_line(&self, range: TextRange) -> u32 {
        let end = u32::from(range.end()).max(u32::from(range.start()) + 1) - 1;
        self.line(TextSize::new(end))
    }
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    module: &'a mut Module,
    is_package: bool,
    /// Index of the class whose body is being read.
    class: Option<usize>,
    /// The functions that are being read, outermost first.
    functions: Vec<Function>,
    /// Inside of `if __name__ == "__main__":`.
    is_of_main: bool,
    /// Inside of `if TYPE_CHECKING:`.
    is_for_checkers: bool,
}

impl Reader<'_> {
    /// Whether what is read now does not run when the module is loaded.
    fn is_deferred(&self) -> bool {
        !self.functions.is_empty() || self.is_for_checkers || self.is_of_main
    }

    fn source(&self, ranged: &impl Ranged) -> String {
        self.text[ranged.range()].to_owned()
    }

    fn value(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Name(_) | Expr::Attribute(_) => match dotted(expr) {
                Some(name) => Value::Name(name),
                None => Value::Other(self.source(expr)),
            },
            Expr::Call(call) => match dotted(&call.func) {
                Some(name) => Value::Call(name),
                None => Value::Other(self.source(expr)),
            },
            Expr::Await(inner) => self.value(&inner.value),
            Expr::BoolOp(op) => Value::Either(op.values.iter().map(|v| self.value(v)).collect()),
            Expr::If(choice) => {
                Value::Either(vec![self.value(&choice.body), self.value(&choice.orelse)])
            }
            Expr::Named(named) => self.value(&named.value),
            other => Value::Other(self.source(other)),
        }
    }

    fn call(&self, call: &ast::ExprCall) -> Option<Call> {
        Some(Call {
            callee: dotted(&call.func)?,
            line: self.lines.line(call.range().start()),
            last_line: self.lines.last_line(call.range()),
            end_column: self.lines.column(call.range().end()),
            args: call.arguments.args.iter().map(|a| self.source(a)).collect(),
            keywords: call
                .arguments
                .keywords
                .iter()
                .filter_map(|k| Some((k.arg.as_ref()?.to_string(), self.source(&k.value))))
                .collect(),
        })
    }

    fn param(&self, param: &ast::Parameter, default: Option<&Expr>) -> Param {
        Param {
            name: param.name.to_string(),
            annotation: param.annotation.as_deref().map(|a| self.source(a)),
            default: default.map(|d| self.source(d)),
            ..Param::default()
        }
    }

    fn params(&self, parameters: &ast::Parameters, skip_first: bool) -> Vec<Param> {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let mut params: Vec<Param> = positional
            .skip(usize::from(skip_first))
            .map(|p| self.param(&p.parameter, p.default.as_deref()))
            .collect();
        if let Some(vararg) = &parameters.vararg {
            params.push(Param {
                is_variadic: true,
                ..self.param(vararg, None)
            });
        }
        params.extend(parameters.kwonlyargs.iter().map(|p| Param {
            is_keyword_only: true,
            ..self.param(&p.parameter, p.default.as_deref())
        }));
        if let Some(kwarg) = &parameters.kwarg {
            params.push(Param {
                is_variadic: true,
                ..self.param(kwarg, None)
            });
        }
        params
    }

    fn function(&mut self, def: &ast::StmtFunctionDef) {
        let decorators: Vec<String> = def
            .decorator_list
            .iter()
            .map(|d| self.source(&d.expression))
            .collect();
        let class = self
            .class
            .filter(|_| self.functions.is_empty())
            .map(|index| self.module.classes[index].name.clone());
        let is_static = decorators.iter().any(|d| d == "staticmethod");
        let body = &self.text[def.range];
        let function = Function {
            name: def.name.to_string(),
            is_nested: !self.functions.is_empty(),
            first_line: self.lines.line(def.range.start()),
            last_line: self.lines.last_line(def.range),
            params: self.params(&def.parameters, class.is_some() && !is_static),
            class,
            decorators,
            returns: def.returns.as_deref().map(|r| self.source(r)),
            is_async: def.is_async,
            answer: answer(def),
            asserted: match self.module.is_test {
                true => asserted(def),
                false => Vec::new(),
            },
            summary: summary(&def.body),
            comments: body
                .lines()
                .filter_map(|line| line.trim().strip_prefix('#'))
                .map(|comment| comment.trim().to_owned())
                .collect(),
            stalled_loop: stalled_loop(&def.body).map(|l| self.lines.line(l.range.start())),
            ..Function::default()
        };
        for decorator in &def.decorator_list {
            self.visit_decorator(decorator);
        }
        self.functions.push(function);
        visitor::walk_body(self, &def.body);
        if let Some(function) = self.functions.pop() {
            self.module.functions.push(function);
        }
    }

    fn class(&mut self, def: &ast::StmtClassDef) {
        let bases = def
            .arguments
            .iter()
            .flat_map(|a| a.args.iter())
            .map(|base| self.source(base))
            .collect();
        self.module.classes.push(Class {
            name: def.name.to_string(),
            bases,
            has_metaclass: def
                .arguments
                .iter()
                .flat_map(|a| a.keywords.iter())
                .any(|k| k.arg.as_deref() == Some("metaclass")),
            first_line: self.lines.line(def.range.start()),
            last_line: self.lines.last_line(def.range),
            decorators: def
                .decorator_list
                .iter()
                .map(|d| self.source(&d.expression))
                .collect(),
            ..Class::default()
        });
        let outer = self.class.replace(self.module.classes.len() - 1);
        visitor::walk_body(self, &def.body);
        self.class = outer;
    }

    fn import_from(&mut self, import: &ast::StmtImportFrom) {
        let line = self.lines.line(import.range().start());
        let mut base = import
            .module
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        if import.level > 0 {
            let mut package: Vec<&str> = self.module.name.split('.').collect();
            let up = import.level - u32::from(self.is_package);
            for _ in 0..up {
                package.pop();
            }
            base = match (package.join("."), base) {
                (package, base) if base.is_empty() => package,
                (package, base) if package.is_empty() => base,
                (package, base) => format!("{package}.{base}"),
            };
        }
        for name in &import.names {
            self.module.imports.push(Import {
                alias: name.asname.as_ref().unwrap_or(&name.name).to_string(),
                target: format!("{base}.{}", name.name),
                line,
                is_deferred: self.is_deferred(),
            });
        }
    }

    fn assign(&mut self, target: &Expr, value: Value, is_member: bool) {
        if let Expr::Tuple(tuple) = target {
            for element in &tuple.elts {
                let value = match &value {
                    value if is_member => value.clone(),
                    Value::Call(callee) => Value::Other(format!("{callee}()")),
                    Value::Name(text) | Value::Other(text) => Value::Other(text.clone()),
                    Value::Either(_) => Value::Other(String::new()),
                };
                self.assign(element, value, is_member);
            }
            return;
        }
        let Some(name) = dotted(target) else { return };
        let assignment = Assignment {
            target: name,
            line: self.lines.line(target.range().start()),
            value,
            is_member,
            is_of_main: self.is_of_main,
        };
        if let Some(class) = self.class
            && let Some(attribute) = match self.functions.is_empty() {
                true => Some(assignment.target.as_str()),
                false => assignment.target.strip_prefix("self."),
            }
            && !attribute.contains('.')
        {
            let attributes = &mut self.module.classes[class].attributes;
            if !attributes.contains_key(attribute) {
                attributes.insert(attribute.to_owned(), assignment.value.clone());
            }
        }
        match self.functions.last_mut() {
            Some(function) => function.assignments.push(assignment),
            None if self.class.is_none() => self.module.assignments.push(assignment),
            // A module does not have it.
            None => {}
        }
    }

    fn handlers(&mut self, stmt: &ast::StmtTry) {
        let (Some(first), Some(last)) = (stmt.body.first(), stmt.body.last()) else {
            return;
        };
        let try_first = self.lines.line(first.range().start());
        let try_last = self.lines.last_line(last.range());
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            let types = match handler.type_.as_deref() {
                None => Vec::new(),
                Some(Expr::Tuple(tuple)) => tuple.elts.iter().map(|t| self.source(t)).collect(),
                Some(one) => vec![self.source(one)],
            };
            let mut calls = CallCollector {
                reader: self,
                calls: Vec::new(),
            };
            visitor::walk_body(&mut calls, &handler.body);
            let calls = calls.calls;
            let uses = Uses::of(handler);
            let body_start = handler
                .body
                .first()
                .map_or(handler.range.start(), |s| s.range().start());
            let entry = Handler {
                try_first,
                try_last,
                line: self.lines.line(handler.range.start()),
                last_line: self.lines.last_line(handler.range),
                types,
                reraises: matches!(handler.body.last(), Some(Stmt::Raise(_))),
                calls,
                raised: match handler.body.last() {
                    Some(Stmt::Raise(raise)) => raise.exc.as_deref().map(|e| self.source(e)),
                    _ => None,
                },
                given_to: uses.given_to,
                keeps: uses.keeps,
                is_empty: handler.body.iter().all(is_nothing),
                body_line: self.lines.line(body_start),
                body_column: self.lines.column(body_start),
            };
            match self.functions.last_mut() {
                Some(function) => function.handlers.push(entry),
                None => self.module.handlers.push(entry),
            }
        }
    }

    fn returned(&mut self, stmt: &ast::StmtReturn) {
        let Some(value) = stmt.value.as_deref() else {
            return;
        };
        // `return jsonify({...}), 200` and `return {...}, 200` report through the dictionary too.
        let dict = match value {
            Expr::Dict(dict) => Some(dict),
            Expr::Tuple(tuple) => tuple.elts.first().and_then(Expr::as_dict_expr),
            _ => None,
        };
        let line = self.lines.line(stmt.range.start());
        if let Some(dict) = dict {
            let items = dict
                .items
                .iter()
                .filter_map(|item| {
                    let key = item.key.as_ref()?.as_string_literal_expr()?;
                    Some((key.value.to_str().to_owned(), self.source(&item.value)))
                })
                .collect();
            if let Some(function) = self.functions.last_mut() {
                function.returned_dicts.push(ReturnedDict { line, items });
            }
        } else {
            let value = self.value(value);
            if let Some(function) = self.functions.last_mut() {
                function.returned_values.push(value);
            }
        }
    }

    fn access(&mut self, base: &Expr, key: String, kind: AccessKind, at: TextSize) {
        let Some(base) = dotted(base) else { return };
        let line = self.lines.line(at);
        if let Some(function) = self.functions.last_mut() {
            function.accesses.push(Access {
                base,
                key,
                kind,
                line,
                used_by: None,
            });
        }
    }

    /// `int(record["n"])` and `record["name"].strip()` tell what the value must be like.
    fn mark_use(&mut self, value: &Expr, user: &str) {
        let Expr::Subscript(subscript) = value else {
            return;
        };
        let (Some(base), Some(key)) = (dotted(&subscript.value), literal_key(&subscript.slice))
        else {
            return;
        };
        if let Some(function) = self.functions.last_mut()
            && let Some(access) = function
                .accesses
                .iter_mut()
                .rev()
                .find(|a| a.base == base && a.key == key && a.used_by.is_none())
        {
            access.used_by = Some(user.to_owned());
        }
    }
}

impl<'a> Visitor<'a> for Reader<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let (first, last) = (
            self.lines.line(stmt.range().start()),
            self.lines.last_line(stmt.range()),
        );
        self.module.lines.add_statement(first, last);
        match stmt {
            Stmt::FunctionDef(def) => return self.function(def),
            Stmt::ClassDef(def) if self.functions.is_empty() => return self.class(def),
            Stmt::Import(import) => {
                let line = self.lines.line(import.range().start());
                for name in &import.names {
                    let target = name.name.to_string();
                    let alias = match &name.asname {
                        Some(asname) => asname.to_string(),
                        None => target.split('.').next().unwrap_or(&target).to_owned(),
                    };
                    let target = if name.asname.is_some() {
                        target
                    } else {
                        alias.clone()
                    };
                    self.module.imports.push(Import {
                        alias,
                        target,
                        line,
                        is_deferred: self.is_deferred(),
                    });
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Assign(assign) => {
                let value = self.value(&assign.value);
                for target in &assign.targets {
                    self.assign(target, value.clone(), false);
                }
            }
            Stmt::AnnAssign(assign) => {
                let annotation = self.source(&*assign.annotation);
                if let (Some(class), true, Some(name)) = (
                    self.class,
                    self.functions.is_empty(),
                    dotted(&assign.target),
                ) {
                    let field = Param {
                        name,
                        annotation: Some(annotation.clone()),
                        default: assign.value.as_deref().map(|v| self.source(v)),
                        ..Param::default()
                    };
                    self.module.classes[class].fields.push(field);
                }
                let mut values = vec![Value::Call(annotation)];
                if let Some(value) = assign.value.as_deref() {
                    values.insert(0, self.value(value));
                }
                self.assign(&assign.target, Value::Either(values), false);
            }
            Stmt::AugAssign(assign) => {
                if let (Some(function), Some(name)) =
                    (self.functions.last_mut(), dotted(&assign.target))
                {
                    function.augmented.push(name);
                }
            }
            Stmt::For(stmt) => {
                let value = self.value(&stmt.iter);
                self.assign(&stmt.target, value, true);
            }
            Stmt::With(stmt) => {
                for item in &stmt.items {
                    if let Some(target) = item.optional_vars.as_deref() {
                        let value = self.value(&item.context_expr);
                        self.assign(target, value, false);
                    }
                }
            }
            Stmt::If(block) if is_main_guard(&block.test) => {
                self.is_of_main = true;
                visitor::walk_body(self, &block.body);
                self.is_of_main = false;
                for clause in &block.elif_else_clauses {
                    visitor::walk_elif_else_clause(self, clause);
                }
                return;
            }
            Stmt::If(block) if is_for_checkers(&block.test) => {
                self.is_for_checkers = true;
                visitor::walk_body(self, &block.body);
                self.is_for_checkers = false;
                for clause in &block.elif_else_clauses {
                    visitor::walk_elif_else_clause(self, clause);
                }
                return;
            }
            Stmt::Try(stmt) => self.handlers(stmt),
            Stmt::Return(stmt) => self.returned(stmt),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_comprehension(&mut self, comprehension: &'a ast::Comprehension) {
        let value = self.value(&comprehension.iter);
        self.assign(&comprehension.target, value, true);
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) => {
                if let Some(call) = self.call(call) {
                    match self.functions.last_mut() {
                        Some(function) => function.calls.push(call),
                        None => self.module.calls.push(call),
                    }
                }
                visitor::walk_expr(self, expr);
                if let Expr::Attribute(attribute) = &*call.func {
                    if attribute.attr.as_str() == "get"
                        && let Some(key) = call.arguments.args.first().and_then(literal_key)
                    {
                        self.access(&attribute.value, key, AccessKind::Get, expr.range().start());
                    }
                    let method = attribute.attr.to_string();
                    self.mark_use(&attribute.value, &method);
                } else if let Some(callee) = dotted(&call.func) {
                    for arg in &call.arguments.args {
                        self.mark_use(arg, &callee);
                    }
                }
                return;
            }
            Expr::Subscript(subscript) => {
                if let Some(key) = literal_key(&subscript.slice) {
                    self.access(
                        &subscript.value,
                        key,
                        AccessKind::Item,
                        expr.range().start(),
                    );
                }
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.to_string();
                self.access(
                    &attribute.value,
                    name,
                    AccessKind::Attribute,
                    attribute.attr.range().start(),
                );
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if let Some(function) = self.functions.last_mut() {
                    function.is_generator = true;
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

struct CallCollector<'r, 'a> {
    reader: &'r Reader<'a>,
    calls: Vec<Call>,
}

impl<'a> Visitor<'a> for CallCollector<'_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Some(call) = self.reader.call(call)
        {
            self.calls.push(call);
        }
        visitor::walk_expr(self, expr);
    }
}

/// `TYPE_CHECKING` or `typing.TYPE_CHECKING`.
fn is_for_checkers(test: &Expr) -> bool {
    dotted(test).is_some_and(|name| name.rsplit('.').next() == Some("TYPE_CHECKING"))
}

/// `__name__ == "__main__"`
fn is_main_guard(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else {
        return false;
    };
    let is_name = |e: &Expr| {
        e.as_name_expr()
            .is_some_and(|n| n.id.as_str() == "__name__")
    };
    let is_main = |e: &Expr| {
        e.as_string_literal_expr()
            .is_some_and(|s| s.value.to_str() == "__main__")
    };
    match (&*compare.left, &*compare.comparators, &*compare.ops) {
        (left, [right], [ast::CmpOp::Eq]) => {
            is_name(left) && is_main(right) || is_main(left) && is_name(right)
        }
        _ => false,
    }
}

/// A literal string or whole number as a key.
fn literal_key(expr: &Expr) -> Option<String> {
    match expr {
        Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
        Expr::NumberLiteral(literal) => literal.value.as_int().map(ToString::to_string),
        // Not a literal: `nodes[node_id]` is kept as `$node_id`.
        Expr::Name(name) => Some(format!("${}", name.id)),
        _ => None,
    }
}

fn summary(body: &[Stmt]) -> Option<String> {
    let Stmt::Expr(first) = body.first()? else {
        return None;
    };
    let text = first.value.as_string_literal_expr()?.value.to_str();
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .map(str::to_owned)
}
