//! The ladder: request replay, import, contract of a swallowing handler, replay of a function; best first.

use super::arguments::{Arguments, Setup};
use super::habits::Habits;
use super::hypothesis::{self, Hypothesis};
use super::literal;
use super::{Plan, Strategy};
use crate::code::{CodeMap, Function, FunctionRef};
use crate::correlate::{
    Gap, Layer, ProjectFrame, Shown, is_route, project_exception, project_frames, snake_case,
};
use crate::model::{Exception, Failure};

/// What all strategies of one failure share.
pub(super) struct Writer<'a> {
    pub(super) failure: &'a Failure,
    pub(super) exception: &'a Exception,
    pub(super) gap: &'a Gap,
    pub(super) map: &'a CodeMap,
    pub(super) habits: &'a Habits,
    pub(super) frames: Vec<ProjectFrame<'a>>,
    chain_classes: Vec<String>,
}

/// The writer of a failure's tests. `None` when no frame lies in the project.
pub(super) fn writer<'a>(
    failure: &'a Failure,
    gap: &'a Gap,
    map: &'a CodeMap,
    habits: &'a Habits,
) -> Option<Writer<'a>> {
    let exception = project_exception(failure, map)?;
    let chain_classes = gap
        .chain
        .iter()
        .filter_map(|l| l.name.split_once('.').map(|(class, _)| class.to_owned()))
        .collect();
    Some(Writer {
        failure,
        exception,
        gap,
        map,
        habits,
        frames: project_frames(exception, map),
        chain_classes,
    })
}

/// The plans that need nothing but the log.
pub(super) fn plans(writer: &Writer) -> Vec<Plan> {
    let mut plans = Vec::new();
    match &writer.gap.shown {
        Shown::StartUp { module } => plans.extend(writer.import(module)),
        Shown::Request { method, path } => {
            plans.extend(writer.request(method, path));
            plans.extend(writer.calls());
        }
        Shown::Swallowed { .. } | Shown::Raised => {
            plans.extend(writer.starting());
            plans.extend(writer.calls());
        }
    }
    plans.extend(writer.fits());
    plans
}

impl<'a> Writer<'a> {
    pub(super) fn type_name(&self) -> String {
        let name = self.exception.type_name.as_deref().unwrap_or("Exception");
        let safe: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if safe.is_empty() {
            "Exception".to_owned()
        } else {
            safe
        }
    }

    /// Title, header texts and the incident; the caller adds what the test does.
    pub(super) fn plan(
        &self,
        strategy: Strategy,
        layer: Layer,
        subject: &str,
        check: &str,
    ) -> Plan {
        let type_name = self.type_name();
        let subject = identifier(subject);
        let message = literal::words(self.exception.message.as_deref().unwrap_or_default(), 160);
        let separator = if message.is_empty() { "" } else { ": " };
        let mut incident = vec![format!("Production failed here with {type_name}.")];
        let logged = match (&self.failure.timestamp, &self.failure.logger) {
            (Some(at), Some(logger)) => format!(
                "Logged {} by {}",
                literal::words(at, 40),
                literal::words(logger, 80)
            ),
            (Some(at), None) => format!("Logged {}", literal::words(at, 40)),
            (None, Some(logger)) => format!("Logged by {}", literal::words(logger, 80)),
            (None, None) => "Seen on standard error".to_owned(),
        };
        let said = literal::words(self.failure.log_message.as_deref().unwrap_or_default(), 120);
        incident.push(if said.is_empty() {
            format!("{logged}:")
        } else {
            format!("{logged} as '{said}':")
        });
        incident.push(format!("{type_name}{separator}{message}"));
        let missed = literal::words(&self.gap.summary.replace('`', "'"), 400);
        incident.push(String::new());
        incident.extend(wrap(&format!("Why no test caught it: {missed}."), 96));
        Plan {
            strategy,
            layer,
            title: format!("Regression test: {type_name} in {}.", subject),
            summary: wrap(
                &literal::words(
                    &format!("{}.", self.gap.layer_reason.replace('`', "'")),
                    400,
                ),
                100,
            )
            .join("\n"),
            exception: format!("{type_name}{separator}{message}"),
            chain: literal::words(&self.gap.chain_text().replace('→', "->"), 300),
            class_name: format!("Test{}{}", camel(&subject), camel(layer.as_str())),
            class_summary: format!("{} as production ran it.", subject),
            function_name: format!("test_{subject}_{check}"),
            subject,
            incident,
            setup: Setup::default(),
            blames_caller: false,
            is_called_otherwise: false,
            is_half_made: false,
            is_anonymous: false,
            raw_objects: 0,
            stand_ins: 0,
            answers: 0,
            entered: 0,
            recipe: None,
            act: Vec::new(),
            assertions: Vec::new(),
        }
    }

    /// A plan for the call of a function of the trace: of its contract where it swallowed the failure.
    pub(super) fn call_plan(
        &self,
        function: &Function,
        index: usize,
        layer: Layer,
        name: &str,
        class: Option<&str>,
    ) -> Option<Plan> {
        let swallows = match &self.gap.shown {
            Shown::Swallowed { by, .. } => index == 0 && *by == function.qualified_name(),
            _ => false,
        };
        let type_snake = snake_case(&self.type_name());
        let (strategy, check) = if swallows {
            (Strategy::Contract, format!("logs_no_{type_snake}"))
        } else {
            (Strategy::Replay, format!("raises_no_{type_snake}"))
        };
        let subject = match name {
            "__init__" | "__call__" => snake_case(class?),
            name => name.trim_matches('_').to_owned(),
        };
        Some(self.plan(strategy, layer, &subject, &check))
    }

    pub(super) fn arguments(&self, layer: Layer) -> Arguments<'_> {
        Arguments {
            map: self.map,
            folder: self.habits.folder(layer),
            chain_classes: &self.chain_classes,
        }
    }

    /// Calls of the project functions of the trace, the most telling first.
    fn calls(&self) -> Vec<Plan> {
        let mut plans: Vec<(u32, Plan)> = Vec::new();
        let Some(crash) = self.frames.last() else {
            return Vec::new();
        };
        let mut carried: Vec<Hypothesis> = hypothesis::innermost(self.exception, crash);
        for (index, frame) in self.frames.iter().enumerate().rev() {
            if index + 1 < self.frames.len() {
                carried = match self.frames[index + 1].function {
                    Some(callee) => carried
                        .iter()
                        .filter_map(|h| hypothesis::one_out(h, callee.function, frame))
                        .collect(),
                    None => Vec::new(),
                };
            }
            let Some(function) = frame.function else {
                continue;
            };
            // A recursive function is called once.
            if self.frames[..index]
                .iter()
                .any(|f| f.function.is_some_and(|f| f.is(&function)))
            {
                continue;
            }
            let layer = self.layer_from(index);
            let mut variants: Vec<Option<&Hypothesis>> = carried.iter().map(Some).collect();
            if variants.is_empty() {
                variants.push(None);
            }
            for (order, variant) in variants.into_iter().enumerate() {
                let Some(mut plan) = self.call(function, index, layer, variant) else {
                    continue;
                };
                plan.entered = index;
                plan.blames_caller = variant.is_some_and(|h| self.blames_caller(h, index));
                // At the gap's layer first; then with a known bad value; then the outermost call.
                let rank = u32::from(layer != self.gap.layer) * 1000
                    + u32::from(variant.is_none() && !self.gap_is_a_call()) * 100
                    + u32::try_from(order * 10 + index).unwrap_or(99).min(99);
                plans.push((rank, plan));
            }
        }
        plans.sort_by_key(|(rank, _)| *rank);
        plans.into_iter().map(|(_, plan)| plan).collect()
    }

    /// Follows a bad value outwards from a frame: whether a function of the project made it on the way.
    pub(super) fn blames_caller(&self, hypothesis: &Hypothesis, index: usize) -> bool {
        let mut carried = hypothesis.clone();
        for outer in (0..index).rev() {
            let Some(callee) = self.frames[outer + 1].function else {
                return false;
            };
            let caller = &self.frames[outer];
            match hypothesis::one_out(&carried, callee.function, caller) {
                Some(next) => carried = next,
                None => {
                    return hypothesis::is_made_by_caller(
                        &carried,
                        callee.function,
                        caller,
                        self.map,
                    );
                }
            }
        }
        false
    }

    /// The failure needs no particular value: the wrong call itself is the defect.
    fn gap_is_a_call(&self) -> bool {
        self.gap.chain.last().is_some_and(|l| !l.in_trace)
    }

    /// One module from here inwards: unit; more: integration.
    pub(super) fn layer_from(&self, index: usize) -> Layer {
        let mut files: Vec<&str> = self.frames[index..]
            .iter()
            .map(|f| f.module.path.as_str())
            .collect();
        files.extend(
            self.gap
                .chain
                .iter()
                .filter(|l| !l.in_trace)
                .map(|l| l.file.as_str()),
        );
        files.sort_unstable();
        files.dedup();
        if files.len() > 1 {
            Layer::Integration
        } else {
            Layer::Unit
        }
    }

    fn call(
        &self,
        target: FunctionRef<'a>,
        index: usize,
        layer: Layer,
        bad: Option<&Hypothesis>,
    ) -> Option<Plan> {
        let function = target.function;
        let is_callable = !function.is_nested
            && !is_route(function)
            && !function.has_decorator("fixture")
            && literal::is_dotted(&target.module.name)
            && literal::is_identifier(&function.name);
        if !is_callable {
            return None;
        }
        let mut plan = self.call_plan(
            function,
            index,
            layer,
            &function.name,
            function.class.as_deref(),
        )?;
        let swallows = plan.strategy == Strategy::Contract;
        let arguments = self.arguments(layer);
        let mut values = Vec::new();
        for param in function.params.iter().filter(|p| !p.is_variadic) {
            let value = match bad.filter(|h| h.param == param.name) {
                Some(hypothesis) => {
                    if let Some(module) = hypothesis.needs {
                        plan.setup.modules.insert(module.to_owned());
                    }
                    plan.setup.used(hypothesis.source);
                    hypothesis.value.clone()
                }
                None if param.default.is_some() => continue,
                None => arguments.value(param, Some(target), &mut plan.setup)?,
            };
            values.push((param, value));
        }
        let mut expression = self.callee(target, &arguments, &mut plan.setup)?;
        // A long value reads better under its own name.
        let mut passed = Vec::new();
        let mut must_name = false;
        for (param, value) in values {
            let is_simple = literal::is_identifier(&value) || value.len() <= 24;
            let value = if is_simple {
                value
            } else {
                plan.setup
                    .statements
                    .push(format!("{} = {value}", param.name));
                param.name.clone()
            };
            must_name |= param.is_keyword_only || param.default.is_some();
            passed.push(if must_name {
                format!("{}={value}", param.name)
            } else {
                value
            });
        }
        if !function.has_decorator("property") && !function.has_decorator("cached_property") {
            expression = format!("{expression}({})", passed.join(", "));
        }
        if function.is_async {
            plan.setup.modules.insert("asyncio".to_owned());
            expression = format!("asyncio.run({expression})");
        } else if function.is_generator {
            expression = format!("list({expression})");
        }
        if swallows {
            self.contract(&mut plan, index, &expression);
        } else {
            self.act_and_look(&mut plan, index, vec![expression]);
        }
        Some(plan)
    }

    /// What to call: `facade.refresh`, `Parser.from_text`, `normalise_rows`.
    fn callee(
        &self,
        target: FunctionRef<'a>,
        arguments: &Arguments,
        setup: &mut Setup,
    ) -> Option<String> {
        let function = target.function;
        let Some(class_name) = &function.class else {
            let name = setup.import(&target.module.name, &function.name);
            return Some(name);
        };
        let class = target.class()?;
        if !literal::is_identifier(class_name) {
            return None;
        }
        if function.name == "__init__"
            || function.has_decorator("classmethod")
            || function.has_decorator("staticmethod")
        {
            let name = setup.import(&target.module.name, class_name);
            return Some(match function.name.as_str() {
                "__init__" => name,
                method => format!("{name}.{method}"),
            });
        }
        let object = arguments.instance(class, setup)?;
        Some(format!("{object}.{}", function.name))
    }

    /// Looks for the failure in the log, where production showed it.
    pub(super) fn logs_nothing(&self, plan: &mut Plan, in_message: bool) {
        let type_name = self.type_name();
        plan.setup.fixture("caplog");
        let test = if in_message {
            format!(
                "{} in record.getMessage()",
                literal::string(&format!("{type_name}:"))
            )
        } else {
            format!(
                "record.exc_info and record.exc_info[0] and record.exc_info[0].__name__ == {}",
                literal::string(&type_name)
            )
        };
        plan.assertions.extend([
            "swallowed = [".to_owned(),
            "    record.getMessage()".to_owned(),
            "    for record in caplog.records".to_owned(),
            format!("    if {test}"),
            "]".to_owned(),
            format!(
                "assert not swallowed, f\"{type_name} was swallowed and logged: {{swallowed}}\""
            ),
        ]);
    }

    pub(super) fn contract(&self, plan: &mut Plan, index: usize, expression: &str) {
        let Shown::Swallowed {
            contract,
            in_message,
            ..
        } = &self.gap.shown
        else {
            return;
        };
        match contract.is_empty() {
            true => self.let_through(plan, index, vec![expression.to_owned()]),
            false => plan.act.push(format!("result = {expression}")),
        }
        self.logs_nothing(plan, *in_message);
        for (key, value) in contract {
            plan.assertions.push(format!(
                "assert result[{}] is {value}",
                literal::string(key)
            ));
        }
    }
}

/// A name made safe for files, classes and functions.
fn identifier(text: &str) -> String {
    let mut out: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    out.truncate(60);
    let out = out.trim_matches('_').to_owned();
    if out.is_empty() {
        "failure".to_owned()
    } else {
        out
    }
}

/// `refresh_ontology_cache` → `RefreshOntologyCache`.
fn camel(snake: &str) -> String {
    snake
        .split('_')
        .map(|part| {
            let mut chars = part.chars();
            chars
                .next()
                .map(|c| c.to_ascii_uppercase())
                .into_iter()
                .chain(chars)
                .collect::<String>()
        })
        .collect()
}

pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
