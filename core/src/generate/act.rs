//! The act of a test: the call with what may come of it. What refuses the input is let through, what is certain of the
//! result is looked at.

use super::Plan;
use super::answers::{BUILTINS, answers, handed_on};
use super::django::uses_django;
use super::strategies::Writer;
use crate::code::Value;
use crate::correlate::ProjectFrame;
use crate::model::{Frame, StackEntry};

impl Writer<'_> {
    /// The call, with what is an answer rather than a crash let through, and what is certain of its result.
    pub(super) fn act_and_look(&self, plan: &mut Plan, index: usize, mut lines: Vec<String>) {
        let at = self.frames.get(index).and_then(|f| f.function);
        let checks = at.map_or_else(Vec::new, |at| self.oracle(at, &mut plan.setup));
        if checks.is_empty() {
            return self.act(plan, index, lines);
        }
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, "result = ");
        }
        self.act(plan, index, lines);
        // Where a refusal is let through there is a result only behind the call.
        match plan.act.first() {
            Some(line) if line.starts_with("with suppress(") => {
                let inside = checks.into_iter().map(|line| format!("    {line}"));
                plan.act.extend(inside);
            }
            _ => plan.assertions.extend(checks),
        }
    }

    /// The call, with what is an answer rather than a crash let through.
    pub(super) fn act(&self, plan: &mut Plan, index: usize, mut lines: Vec<String>) {
        if uses_django(self.map) {
            self.django_setup(&mut plan.setup);
        }
        if self.uses_standard_input(index) {
            // pytest's own has neither a buffer nor an encoding, and whoever reads it fails.
            plan.setup.import("io", "BytesIO");
            plan.setup.import("io", "TextIOWrapper");
            plan.setup.fixture("monkeypatch");
            let empty = "monkeypatch.setattr(\"sys.stdin\", TextIOWrapper(BytesIO()))";
            plan.setup.statements.insert(0, empty.to_owned());
        }
        if let Some(last) = lines.last_mut() {
            let note = format!("  # raised {} in production", self.type_name());
            if last.len() + note.len() < 110 {
                last.push_str(&note);
            }
        }
        self.let_through(plan, index, lines);
    }

    /// Whether a module of the called function or of one below it does something with the standard input.
    fn uses_standard_input(&self, index: usize) -> bool {
        let is_it = |name: &str| name == "sys.stdin" || name.starts_with("sys.stdin.");
        let frames = self.frames.get(index..).unwrap_or_default();
        frames.iter().any(|frame| {
            let mut functions = frame.module.functions.iter();
            functions.any(|function| {
                let is_called = function.calls.iter().any(|call| is_it(&call.callee));
                let is_kept = |value: &Value| matches!(value, Value::Name(name) if is_it(name));
                is_called || function.assignments.iter().any(|a| is_kept(&a.value))
            })
        })
    }

    /// Statements, with what is an answer rather than a crash let through.
    pub(super) fn let_through(&self, plan: &mut Plan, index: usize, lines: Vec<String>) {
        let frames = self.frames.get(index..).unwrap_or_default();
        let mut names: Vec<String> = Vec::new();
        let mut all = answers(frames, &self.type_name(), self.map);
        let mut exceptions = self.failure.exceptions.iter();
        let at = exceptions.position(|e| std::ptr::eq(e, self.exception));
        let before = at.and_then(|at| self.failure.exceptions.get(at.checked_sub(1)?));
        let handed_on =
            before.and_then(|before| handed_on(frames, self.exception, before, self.map));
        all.extend(handed_on.filter(|one| !all.contains(one)));
        for (module, name) in all {
            // A variable or another class of that name would hide it.
            let is_hidden = plan
                .setup
                .imports
                .iter()
                .any(|(m, n)| *n == name && *m != module);
            if is_hidden {
                continue;
            }
            names.push(match module.as_str() {
                BUILTINS => name,
                _ => plan.setup.import(&module, &name),
            });
        }
        let why = match names.is_empty() {
            true => "ending the program is an answer, too",
            false => "refusing the input is an answer, too",
        };
        if self.may_exit(index) {
            names.push("SystemExit".to_owned());
        }
        if names.is_empty() {
            plan.act.extend(lines);
            return;
        }
        plan.setup.import("contextlib", "suppress");
        plan.act
            .push(format!("with suppress({}):  # {why}", names.join(", ")));
        plan.act
            .extend(lines.into_iter().map(|line| format!("    {line}")));
    }

    /// Whether a function that runs below the called one ends programs: what reads a command line does, after it told how it
    /// is to be used.
    fn may_exit(&self, index: usize) -> bool {
        const READERS: [&str; 5] = [
            "argparse.py",
            "optparse.py",
            "click/core.py",
            "typer/core.py",
            "docopt.py",
        ];
        let frames = self.frames.get(index..).unwrap_or_default();
        let Some(called) = frames.first() else {
            return false;
        };
        let all = self.exception.frames.iter().filter_map(StackEntry::frame);
        let below = all.skip_while(|frame| !std::ptr::eq(*frame, called.frame));
        let is_reader = |frame: &Frame| {
            let file = frame.file.as_deref().unwrap_or_default().replace('\\', "/");
            READERS.iter().any(|name| {
                file.strip_suffix(name)
                    .is_some_and(|rest| rest.ends_with('/'))
            })
        };
        let exits = |frame: &ProjectFrame| {
            frame
                .function
                .is_some_and(|at| at.function.calls.iter().any(|c| c.callee == "sys.exit"))
        };
        self.type_name() != "SystemExit"
            && (below.into_iter().any(is_reader) || frames.iter().any(exits))
    }
}
