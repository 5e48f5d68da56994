//! Loops that stop reading their queue for ever after an idle while.
//!
//! The queue is read only while little time has passed since a mark, and the mark is set again only when something was
//! read: once nothing came for that time, neither happens any more. Only this shape is told; everything that can not
//! be followed (a bound by `max`, a mark set on any other way) is taken to be in order.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, CmpOp, Expr, Operator, Stmt, UnaryOp};

use super::dotted::dotted;

/// The first such loop among the statements of a function and below, as its `while`.
pub(super) fn stalled_loop(body: &[Stmt]) -> Option<&ast::StmtWhile> {
    body.iter().find_map(|stmt| match stmt {
        Stmt::While(stmt) if is_stalled(stmt) => Some(stmt),
        Stmt::While(stmt) => stalled_loop(&stmt.body),
        Stmt::If(stmt) => stalled_loop(&stmt.body),
        Stmt::Try(stmt) => stalled_loop(&stmt.body),
        Stmt::With(stmt) => stalled_loop(&stmt.body),
        _ => None,
    })
}

fn is_stalled(outer: &ast::StmtWhile) -> bool {
    let mut names = Names::default();
    names.visit_body(&outer.body);
    let marks = names.values.iter().filter(|(_, values)| {
        // `last_write = time.time()`, each time behind `if batch:`
        values
            .iter()
            .all(|v| is_clock(v.value) && v.needs.iter().any(|need| names.filled.contains(need)))
    });
    marks.into_iter().any(|(mark, _)| {
        let mut reads = Reads {
            time: Time {
                mark,
                values: &names.values,
            },
            open: false,
            blocked: 0,
            free: 0,
        };
        reads.block(&outer.body);
        reads.blocked > 0 && reads.free == 0
    })
}

/// An assignment inside the loop.
struct Assigned<'a> {
    value: &'a Expr,
    /// Names that must be true (hold something) for it to be reached.
    needs: Vec<&'a str>,
}

/// What the loop assigns, and which lists it fills.
#[derive(Default)]
struct Names<'a> {
    values: BTreeMap<&'a str, Vec<Assigned<'a>>>,
    filled: Vec<&'a str>,
    needs: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        let needs = self.needs.clone();
                        let value = &*assign.value;
                        self.values
                            .entry(name.id.as_str())
                            .or_default()
                            .push(Assigned { value, needs });
                    }
                }
            }
            Stmt::If(stmt) => {
                let before = self.needs.len();
                self.needs.extend(needed(&stmt.test));
                self.visit_body(&stmt.body);
                self.needs.truncate(before);
                for clause in &stmt.elif_else_clauses {
                    self.visit_body(&clause.body);
                }
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Expr::Attribute(method) = &*call.func
            && matches!(method.attr.as_str(), "append" | "extend" | "appendleft")
            && let Expr::Name(list) = &*method.value
        {
            self.filled.push(list.id.as_str());
        }
        visitor::walk_expr(self, expr);
    }
}

/// `batch`, `len(batch)`, `batch and x`, `len(batch) > 0`: names that must hold something.
fn needed(test: &Expr) -> Vec<&str> {
    match test {
        Expr::Name(name) => vec![name.id.as_str()],
        Expr::Call(call) if matches!(&*call.func, Expr::Name(f) if f.id.as_str() == "len") => {
            call.arguments.args.iter().flat_map(needed).collect()
        }
        Expr::BoolOp(op) => match (op.op, op.values.split_first()) {
            (ast::BoolOp::And, _) => op.values.iter().flat_map(needed).collect(),
            // `len(batch) >= 50 or batch and late`: what each way needs.
            (ast::BoolOp::Or, Some((first, rest))) => {
                let mut names = needed(first);
                names.retain(|name| rest.iter().all(|way| needed(way).contains(name)));
                names
            }
            (ast::BoolOp::Or, None) => Vec::new(),
        },
        Expr::Compare(compare) if matches!(&*compare.ops, [CmpOp::Gt | CmpOp::GtE]) => {
            needed(&compare.left)
        }
        _ => Vec::new(),
    }
}

/// `time.time()`, `monotonic()`, `datetime.now()`
fn is_clock(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else {
        return false;
    };
    let name = dotted(&call.func).unwrap_or_default();
    matches!(
        name.rsplit('.').next(),
        Some("time" | "monotonic" | "perf_counter" | "now" | "utcnow")
    )
}

/// How expressions change while time passes and the mark stays.
struct Time<'a> {
    mark: &'a str,
    values: &'a BTreeMap<&'a str, Vec<Assigned<'a>>>,
}

impl Time<'_> {
    /// 1: grows with the time since the mark, -1: shrinks, 0: neither or not known.
    fn slope(&self, expr: &Expr, depth: usize) -> i8 {
        let Some(depth) = depth.checked_sub(1) else {
            return 0;
        };
        match expr {
            Expr::BinOp(op) => {
                let (left, right) = (self.slope(&op.left, depth), self.slope(&op.right, depth));
                match op.op {
                    Operator::Sub if is_clock(&op.left) && self.is_mark(&op.right) => 1,
                    Operator::Sub if self.is_mark(&op.left) && is_clock(&op.right) => -1,
                    Operator::Sub => self
                        .now_minus_mark(op, depth)
                        .unwrap_or((left - right).signum()),
                    Operator::Add => (left + right).signum(),
                    _ => 0,
                }
            }
            Expr::Name(name) => match self.values.get(name.id.as_str()).map(Vec::as_slice) {
                Some([one]) => self.slope(one.value, depth),
                _ => 0,
            },
            // `(datetime.now() - last).total_seconds()`
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if method.attr.as_str() == "total_seconds" => {
                    self.slope(&method.value, depth)
                }
                _ => 0,
            },
            _ => 0,
        }
    }

    /// `now - last_write` with `now = time.time()` in the loop.
    fn now_minus_mark(&self, op: &ast::ExprBinOp, depth: usize) -> Option<i8> {
        let is_now = |expr: &Expr| {
            depth > 0
                && matches!(expr, Expr::Name(name)
                    if matches!(self.values.get(name.id.as_str()).map(Vec::as_slice), Some([one]) if is_clock(one.value)))
        };
        (is_now(&op.left) && self.is_mark(&op.right)).then_some(1)
    }

    fn is_mark(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Name(name) if name.id.as_str() == self.mark)
    }

    /// What a condition comes to be when nothing happens: `Some(false)` for `time.time() - last < limit`.
    fn in_the_end(&self, test: &Expr) -> Option<bool> {
        match test {
            Expr::Compare(compare) => {
                let [op] = &*compare.ops else { return None };
                let right = compare.comparators.first()?;
                let slope = self.slope(&compare.left, 6) - self.slope(right, 6);
                match op {
                    CmpOp::Lt | CmpOp::LtE if slope != 0 => Some(slope < 0),
                    CmpOp::Gt | CmpOp::GtE if slope != 0 => Some(slope > 0),
                    _ => None,
                }
            }
            Expr::UnaryOp(op) if op.op == UnaryOp::Not => self.in_the_end(&op.operand).map(|v| !v),
            Expr::BoolOp(op) if op.op == ast::BoolOp::And => {
                let values = op.values.iter().map(|v| self.in_the_end(v));
                values
                    .into_iter()
                    .any(|v| v == Some(false))
                    .then_some(false)
            }
            _ => None,
        }
    }
}

/// Counts the reads of a queue that are out of reach in the end, and the others.
struct Reads<'a> {
    time: Time<'a>,
    /// Whether the present place is out of reach in the end.
    open: bool,
    blocked: usize,
    free: usize,
}

impl Reads<'_> {
    fn block(&mut self, body: &[Stmt]) {
        let before = self.open;
        for stmt in body {
            match stmt {
                Stmt::If(stmt) => {
                    let end = self.time.in_the_end(&stmt.test);
                    self.nested(&stmt.body, end == Some(false));
                    for clause in &stmt.elif_else_clauses {
                        self.nested(&clause.body, end == Some(true));
                    }
                    // `if timeout <= 0: break`
                    let leaves = matches!(
                        stmt.body.last(),
                        Some(Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_))
                    );
                    self.open |= leaves && end == Some(true);
                }
                Stmt::While(stmt) => {
                    let end = self.time.in_the_end(&stmt.test);
                    self.nested(&stmt.body, end == Some(false));
                }
                Stmt::For(stmt) => self.nested(&stmt.body, false),
                Stmt::With(stmt) => self.nested(&stmt.body, false),
                Stmt::Try(stmt) => {
                    self.block(&stmt.body);
                    for ast::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                        self.nested(&handler.body, false);
                    }
                    self.nested(&stmt.orelse, false);
                    self.nested(&stmt.finalbody, false);
                }
                other => {
                    let mut gets = Gets(0);
                    gets.visit_stmt(other);
                    match self.open {
                        true => self.blocked += gets.0,
                        false => self.free += gets.0,
                    }
                }
            }
        }
        self.open = before;
    }

    fn nested(&mut self, body: &[Stmt], is_blocked: bool) {
        let before = self.open;
        self.open |= is_blocked;
        self.block(body);
        self.open = before;
    }
}

/// Reads of a queue: `self.queue.get(timeout=1)`, `q.get_nowait()`, `records.popleft()`; not `settings.get("key")`.
struct Gets(usize);

impl<'a> Visitor<'a> for Gets {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Expr::Attribute(method) = &*call.func
        {
            let is_plain = !matches!(call.arguments.args.first(), Some(Expr::StringLiteral(_)));
            let is_read = match method.attr.as_str() {
                "get" => is_plain,
                "get_nowait" | "popleft" => true,
                _ => false,
            };
            self.0 += usize::from(is_read);
        }
        visitor::walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use crate::code::{SourceFile, module_from_source};

    fn stalls(body: &str) -> bool {
        let text = format!(
            "def loop(self):\n    batch = []\n    last = time.time()\n    while self.running:\n{body}"
        );
        let file = SourceFile {
            path: "m.py".to_owned(),
            text,
            is_test: false,
        };
        let module = module_from_source("m", &file);
        assert!(module.is_valid);
        module.functions[0].stalled_loop == Some(4)
    }

    const WRITE: &str = "        if batch:\n            write(batch)\n            batch = []\n            last = time.time()\n";
    const ALWAYS: &str = "        if batch:\n            write(batch)\n            batch = []\n        last = time.time()\n";

    #[test]
    fn a_mark_that_only_moves_with_the_batch_stalls_the_loop() {
        for read in [
            "        while len(batch) < 50:\n            timeout = self.limit - (time.time() - last)\n            \
             if timeout <= 0:\n                break\n            try:\n                batch.append(self.queue.get(timeout=timeout))\n            \
             except Empty:\n                break\n",
            "        while time.time() - last < self.limit:\n            try:\n                batch.append(self.queue.get(timeout=1))\n            \
             except Empty:\n                pass\n",
            "        remaining = self.limit - (time.time() - last)\n        if remaining > 0:\n            \
             batch.append(self.queue.get(timeout=remaining))\n",
            "        now = time.time()\n        if not now - last >= self.limit and len(batch) < 50:\n            \
             batch.append(self.queue.get_nowait())\n",
        ] {
            assert!(stalls(&format!("{read}{WRITE}")), "{read}");
            assert!(!stalls(&format!("{read}{ALWAYS}")), "{read}");
            let late = WRITE.replace("if batch:", "if len(batch) >= 50 or (batch and late()):");
            assert!(stalls(&format!("{read}{late}")), "{read}");
            let any = WRITE.replace("if batch:", "if batch or late():");
            assert!(!stalls(&format!("{read}{any}")), "{read}");
        }
    }

    #[test]
    fn loops_that_always_come_to_read_are_in_order() {
        for read in [
            "        batch.append(self.queue.get(timeout=1))\n",
            "        timeout = max(0.1, self.limit - (time.time() - last))\n        batch.append(self.queue.get(timeout=timeout))\n",
            // Reads when much time has passed: that comes by itself.
            "        if time.time() - last > self.limit:\n            batch.append(self.queue.get())\n",
            "        if time.time() - last < self.limit:\n            batch.append(self.queue.get())\n        else:\n            \
             batch.append(self.queue.get_nowait())\n",
        ] {
            assert!(!stalls(&format!("{read}{WRITE}")), "{read}");
        }
    }
}
