//! The last step of the ladder: no test, but all that is known of one. It imports what failed, writes the call, says what
//! stands in each place that nobody knows, and skips itself, so that it can never pass for a proof.

use super::captured::short;
use super::habits::Habits;
use super::hypothesis;
use super::strategies::{Writer, wrap, writer};
use super::{Candidate, Header, Plan, Strategy, candidate, literal};
use crate::capture::{self, Captured, CapturedFrame};
use crate::code::{ClassRef, CodeMap, FunctionRef, Param};
use crate::correlate::{Gap, Shown, snake_case};
use crate::model::Failure;

/// Stands where something has to be filled in.
const OPEN: &str = "...";
/// A call that fits on a line is written on one.
const LINE: usize = 88;

/// The skeletons of a failure, the better first: the second imports inside of its test, for modules that can not be
/// imported where the tests run. `why` says why there is no test.
pub fn skeletons(
    failure: &Failure,
    gap: &Gap,
    map: &CodeMap,
    habits: &Habits,
    header: &Header,
    why: &str,
) -> Vec<Candidate> {
    let Some(writer) = writer(failure, gap, map, habits) else {
        return Vec::new();
    };
    let captured = failure.captured.as_deref().and_then(capture::read);
    let mut found: Vec<Candidate> = Vec::new();
    for is_late in [false, true] {
        let mut plan = writer.skeleton(captured.as_ref(), why);
        if is_late {
            import_late(&mut plan);
        }
        found.extend(candidate(&plan, false, gap, habits, header, &found));
    }
    found
}

/// A call that could be written.
struct Target<'w> {
    index: usize,
    at: FunctionRef<'w>,
}

/// What is open, in words and in the order of the text.
#[derive(Default)]
struct Gaps(Vec<String>);

impl<'a> Writer<'a> {
    fn skeleton(&self, captured: Option<&Captured>, why: &str) -> Plan {
        let target = self.innermost_callable();
        let type_name = self.type_name();
        let mut gaps = Gaps::default();
        let mut plan = match (&target, &self.gap.shown) {
            (_, Shown::StartUp { module }) if literal::is_dotted(module) => {
                self.skeleton_of_import(module)
            }
            (Some(target), _) => self.skeleton_of_call(target, captured, &mut gaps),
            (None, _) => self.skeleton_of_module(&mut gaps),
        };
        let place = match &target {
            Some(target) => target.at.function.qualified_name(),
            None => plan.subject.clone(),
        };
        let place = literal::words(&place, 80);
        plan.strategy = Strategy::Skeleton;
        plan.title = format!("Skeleton of a regression test: {type_name} in {place}. Not proven.");
        plan.summary = "No call that Gu Wu tried fails as production did. What is known stands here; the rest \
                        is to be filled in."
            .to_owned();
        let open = match gaps.0.as_slice() {
            [] => "what production had around this call".to_owned(),
            names => names.join(", "),
        };
        let todo = [
            format!("Why this is no test yet: {}.", literal::words(why, 300)),
            format!(
                "To make it one: fill in {open}, take the skip mark away and run it. It is right when it fails \
                 with {type_name} in {place}, and passes with the fix."
            ),
        ];
        for paragraph in todo {
            plan.incident.push(String::new());
            plan.incident.extend(wrap(&paragraph, 96));
        }
        let reason = format!("skeleton: fill in {open}, then take this mark away");
        plan.setup
            .marker(&format!("skip(reason={})", literal::string(&reason)));
        plan
    }

    /// The function nearest to the failure that a test can call by its name.
    fn innermost_callable(&self) -> Option<Target<'a>> {
        self.frames
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, frame)| {
                let at = frame.function?;
                let function = at.function;
                let is_callable = !function.is_nested
                    && !function.has_decorator("fixture")
                    && literal::is_dotted(&at.module.name)
                    && literal::is_identifier(&function.name)
                    && function.class.as_deref().is_none_or(literal::is_identifier);
                is_callable.then_some(Target { index, at })
            })
    }

    fn skeleton_of_import(&self, module: &str) -> Plan {
        let short = module.rsplit('.').next().unwrap_or(module);
        let subject = format!("import_{short}");
        let mut plan = self.plan(Strategy::Skeleton, self.gap.layer, &subject, "starts");
        plan.setup.modules.insert("importlib".to_owned());
        plan.act.push(format!(
            "importlib.import_module({})  # raised {} in production",
            literal::string(module),
            self.type_name()
        ));
        plan
    }

    /// Nothing in the trace can be called by a name.
    fn skeleton_of_module(&self, gaps: &mut Gaps) -> Plan {
        let last = self.gap.chain.last();
        let name = last.map_or("failure", |l| l.name.rsplit('.').next().unwrap_or(&l.name));
        let check = format!("raises_no_{}", snake_case(&self.type_name()));
        let mut plan = self.plan(Strategy::Skeleton, self.gap.layer, name, &check);
        if let Some(module) = self.frames.last().map(|f| &f.module.name)
            && literal::is_dotted(module)
        {
            plan.setup.modules.insert(module.clone());
        }
        gaps.0.push("the call".to_owned());
        plan.act.push(format!(
            "{OPEN}  # a call that leads to {}, which has no name to call it by",
            literal::words(name, 80)
        ));
        plan
    }

    fn skeleton_of_call(
        &self,
        target: &Target<'a>,
        captured: Option<&Captured>,
        gaps: &mut Gaps,
    ) -> Plan {
        let function = target.at.function;
        let layer = self.layer_from(target.index);
        let type_name = self.type_name();
        let mut plan = self
            .call_plan(
                function,
                target.index,
                layer,
                &function.name,
                function.class.as_deref(),
            )
            .unwrap_or_else(|| self.plan(Strategy::Skeleton, layer, &function.name, "is_answered"));
        let frame = captured.and_then(|c| self.captured_frame(c, target.index));
        let hints = match target.index + 1 == self.frames.len() {
            true => hypothesis::innermost(self.exception, &self.frames[target.index]),
            false => Vec::new(),
        };
        let mut arguments = Vec::new();
        for param in function.params.iter().filter(|p| !p.is_variadic) {
            if !literal::is_identifier(&param.name) {
                continue;
            }
            let known = frame.and_then(|f| known(f, &param.name));
            let hint = hints.iter().find(|h| h.param == param.name);
            if param.default.is_some() && known.is_none() && hint.is_none() {
                continue;
            }
            let mut notes = Vec::new();
            notes.extend(param.annotation.as_deref().map(|a| literal::words(a, 80)));
            let value = match &known {
                Some(Known::Value(code)) => {
                    notes.push("as captured in production".to_owned());
                    code.clone()
                }
                Some(Known::Kind(kind)) => {
                    notes.push(format!("{kind} in production"));
                    OPEN.to_owned()
                }
                None => OPEN.to_owned(),
            };
            if let Some(hint) = hint.filter(|_| value == OPEN) {
                notes.push(format!("perhaps {}", literal::words(&hint.value, 80)));
            }
            if value == OPEN {
                gaps.0.push(param.name.clone());
            }
            let line = noted(&format!("{} = {value}", param.name), &notes);
            plan.setup.statements.push(line);
            arguments.push(match param.is_keyword_only || param.default.is_some() {
                true => format!("{0}={0}", param.name),
                false => param.name.clone(),
            });
        }
        let callee = self.skeleton_callee(target.at, &mut plan, gaps);
        let mut call = callee;
        let is_property = ["property", "cached_property"]
            .iter()
            .any(|d| function.has_decorator(d));
        if !is_property {
            call = format!("{call}({})", arguments.join(", "));
        }
        if function.is_async && !function.is_generator {
            plan.setup.modules.insert("asyncio".to_owned());
            call = format!("asyncio.run({call})");
        } else if function.is_generator && !function.is_async {
            call = format!("list({call})");
        }
        if let Shown::Request { method, path } = &self.gap.shown {
            plan.setup.statements.push(format!(
                "# Production got here by {} {}.",
                literal::words(method, 20),
                literal::words(path, 120)
            ));
        }
        plan.act
            .push(noted(&call, &[format!("raised {type_name} in production")]));
        plan
    }

    /// What stands before the parentheses; the object of a method is made in a statement of its own.
    fn skeleton_callee(&self, at: FunctionRef<'a>, plan: &mut Plan, gaps: &mut Gaps) -> String {
        let function = at.function;
        let module = &at.module.name;
        let Some(class_name) = &function.class else {
            return plan.setup.import(module, &function.name);
        };
        let class_name = plan.setup.import(module, class_name);
        if function.name == "__init__" {
            return class_name;
        }
        if function.has_decorator("classmethod") || function.has_decorator("staticmethod") {
            return format!("{class_name}.{}", function.name);
        }
        let mut object = snake_case(&class_name);
        let is_taken = !literal::is_identifier(&object)
            || object == class_name
            || function.params.iter().any(|p| p.name == object);
        if is_taken {
            object = "subject".to_owned();
        }
        let lines = match at.class().filter(|c| !c.is_abstract()) {
            Some(class) => self.construction(class, &class_name, &object, gaps),
            None => {
                gaps.0.push(object.clone());
                vec![format!("{object} = {OPEN}  # a {class_name}")]
            }
        };
        plan.setup.statements.extend(lines);
        format!("{object}.{}", function.name)
    }

    fn construction(
        &self,
        class: ClassRef<'a>,
        name: &str,
        object: &str,
        gaps: &mut Gaps,
    ) -> Vec<String> {
        let required: Vec<Param> = match self.map.method(class, "__init__") {
            Some(init) => init.function.required_params().cloned().collect(),
            None if class.is_dataclass() => {
                let is_field = |f: &&Param| {
                    let annotation = f.annotation.as_deref().unwrap_or_default();
                    f.default.is_none() && !annotation.contains("ClassVar")
                };
                class
                    .class
                    .fields
                    .iter()
                    .filter(is_field)
                    .cloned()
                    .collect()
            }
            None => Vec::new(),
        };
        if required.is_empty() {
            return vec![format!("{object} = {name}()")];
        }
        gaps.0.push(object.to_owned());
        let mut lines = vec![format!("{object} = {name}(")];
        for param in required.iter().filter(|p| literal::is_identifier(&p.name)) {
            let annotation = param.annotation.as_deref().map(|a| literal::words(a, 80));
            let notes: Vec<String> = annotation.into_iter().collect();
            lines.push(noted(&format!("    {}={OPEN},", param.name), &notes));
        }
        lines.push(")".to_owned());
        lines
    }
}

/// What was captured of an argument.
enum Known {
    /// It can stand in the text.
    Value(String),
    /// Its kind in words.
    Kind(String),
}

fn known(frame: &CapturedFrame, name: &str) -> Option<Known> {
    let argument = frame.arguments.iter().find(|a| a.name == name)?;
    Some(match short(&argument.value) {
        Ok(code) => Known::Value(code),
        Err(kind) => Known::Kind(kind),
    })
}

/// A line with what there is to say about it.
fn noted(line: &str, notes: &[String]) -> String {
    let notes = notes.join("; ");
    match notes.is_empty() {
        true => line.to_owned(),
        false if line.len() + notes.len() > LINE * 2 => {
            format!("{line}  # {}", literal::words(&notes, LINE))
        }
        false => format!("{line}  # {notes}"),
    }
}

/// The imports of the project inside of the test.
fn import_late(plan: &mut Plan) {
    let setup = &mut plan.setup;
    let mut lines: Vec<String> = std::mem::take(&mut setup.imports)
        .into_iter()
        .map(|(module, name)| format!("from {module} import {name}"))
        .collect();
    let (own, standard): (Vec<String>, Vec<String>) = std::mem::take(&mut setup.modules)
        .into_iter()
        .partition(|m| !super::captured::trust::is_standard(m));
    setup.modules.extend(standard);
    lines.extend(own.into_iter().map(|module| format!("import {module}")));
    if lines.is_empty() {
        return;
    }
    lines.insert(
        0,
        "# Not at the top: where this was written, it could not be imported.".to_owned(),
    );
    lines.push(String::new());
    lines.append(&mut setup.statements);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    setup.statements = lines;
}
