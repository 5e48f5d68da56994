//! Calls that a test does not come back from as production did: they return what they had returned there.
//!
//! What reaches another service, a file or rows that are gone fails in a test before the failure can. The functions of the
//! trace that made such a call may have held its result; which of their calls these are, a run shows.

use std::collections::BTreeMap;

use super::build::Builder;
use super::layout::Code;
use super::manner::{Answer, Change};
use super::trust;
use crate::capture::{Captured, Name, Returned, Value};
use crate::correlate::project_frames;
use crate::generate::literal;
use crate::generate::strategies::Writer;
use crate::prove::{self, Seen};

impl<'a> Writer<'a> {
    /// The calls that a run did not come back from by what it brought up, of those whose results are known.
    pub(in crate::generate) fn unanswered(&self, captured: &Captured, run: &[Seen]) -> Vec<Answer> {
        let places: Vec<_> = self.frames.iter().map(prove::place).collect();
        let mut found: Vec<Answer> = Vec::new();
        for seen in run {
            let frames = prove::frames_of(seen);
            let met = project_frames(&frames, self.map);
            // The innermost of the functions that production had come to; it called what did not come back.
            let innermost = met.iter().rev().find_map(|frame| {
                let place = prove::place(frame);
                let index = places.iter().position(|other| *other == place)?;
                Some((index, frame.frame))
            });
            let Some((index, frame)) = innermost else {
                continue;
            };
            let Some(own) = self.captured_frame(captured, index) else {
                continue;
            };
            let stands_there = |call: &Returned| {
                frame.line == Some(call.line)
                    || frame
                        .source_line
                        .as_deref()
                        .is_some_and(|line| is_assigned(line, &call.variable))
            };
            if let Some(call) = own.returned.iter().position(stands_there) {
                found.push(Answer { frame: index, call });
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The calls of the trace's functions that had returned something.
    pub(in crate::generate) fn returned_with_something(&self, captured: &Captured) -> Vec<Answer> {
        let frames = 0..self.frames.len();
        let calls = frames.filter_map(|index| Some((index, self.captured_frame(captured, index)?)));
        calls
            .flat_map(|(frame, own)| {
                let calls = own.returned.iter().enumerate();
                let calls = calls.filter(|(_, call)| !is_nothing(&call.value));
                calls.map(move |(call, _)| Answer { frame, call })
            })
            .collect()
    }

    /// What the calls of a change had returned.
    pub(super) fn returned_values(
        &self,
        captured: &'a Captured,
        change: &Change,
    ) -> Vec<&'a Value> {
        let calls = change.answers.iter();
        calls
            .filter_map(|answer| Some(&self.returned(captured, *answer)?.value))
            .collect()
    }

    fn returned(&self, captured: &'a Captured, answer: Answer) -> Option<&'a Returned> {
        let frame = self.captured_frame(captured, answer.frame)?;
        frame.returned.get(answer.call)
    }

    /// Has the functions of a change return what they had returned. `None` where one of them can not.
    pub(super) fn answer(
        &self,
        builder: &mut Builder<'a>,
        captured: &'a Captured,
        change: &Change,
    ) -> Option<()> {
        let mut by_function: BTreeMap<&Name, Vec<&'a Returned>> = BTreeMap::new();
        for answer in &change.answers {
            let call = self.returned(captured, *answer)?;
            by_function.entry(&call.function).or_default().push(call);
        }
        for (function, calls) in by_function {
            let mut places = self.map.known_as(&function.module, &function.qualname);
            places.retain(|place| literal::is_dotted(place));
            if places.is_empty() || !trust::may_import(function, self.map) {
                return None;
            }
            let mut values = Vec::new();
            for call in &calls {
                let code = builder.value(&call.value, &call.variable)?;
                values.push(builder.short(code, &call.variable));
            }
            let mock = match calls.iter().any(|call| call.is_awaited) {
                true => "AsyncMock",
                false => "Mock",
            };
            let mock = builder.import(&Name {
                module: "unittest.mock".to_owned(),
                qualname: mock.to_owned(),
            })?;
            let answers = match (values.pop(), values.is_empty()) {
                (Some(value), true) => Code::named("return_value", value),
                (last, _) => {
                    values.extend(last);
                    Code::named("side_effect", Code::group("[", values, "]"))
                }
            };
            let mut made = Code::group(format!("{mock}("), vec![answers], ")");
            if places.len() > 1 {
                let name = function.qualname.rsplit('.').next()?;
                let variable = builder.variable(name);
                builder.statement(made.lines(&format!("{variable} = "), ""));
                made = Code::atom(variable);
            }
            for place in places {
                let before = format!("monkeypatch.setattr({}, ", literal::string(&place));
                builder.statement(made.lines(&before, ")"));
            }
        }
        if !change.answers.is_empty() {
            builder.setup.fixture("monkeypatch");
        }
        Some(())
    }
}

/// What tells a function nothing that a call would not, or nothing at all.
fn is_nothing(value: &Value) -> bool {
    matches!(
        value,
        Value::None | Value::Bool(_) | Value::Opaque { .. } | Value::Redacted { .. }
    )
}

/// Whether a line of source begins to assign to a variable.
fn is_assigned(line: &str, variable: &str) -> bool {
    let rest = line.trim_start().strip_prefix(variable);
    rest.is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(':') || rest.starts_with('=') && !rest.starts_with("==")
    })
}
