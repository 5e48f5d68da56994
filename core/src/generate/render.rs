//! Fills the templates. Every text that came from a log is a literal or plain words before it gets here.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, context};

use super::Plan;
use super::arguments::Setup;
use super::habits::Habits;
use super::literal;

const TEMPLATE: &str = include_str!("templates/test.py.j2");

/// What stands in the header of a generated file.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Short id of the failure.
    pub failure_id: String,
    /// The group's fingerprint.
    pub fingerprint: String,
    /// When the failure was first logged or read.
    pub first_seen: String,
    /// Version of the tool.
    pub version: String,
    /// Variables of the environment that importing the project needs, with values.
    pub environment: Vec<(String, String)>,
}

/// The text of a test file. An error means a defect of the template.
pub(super) fn render(
    plan: &Plan,
    header: &Header,
    habits: &Habits,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_template("test.py", TEMPLATE)?;
    let mut markers: Vec<String> = habits
        .marker(plan.layer)
        .map(str::to_owned)
        .into_iter()
        .collect();
    markers.extend(plan.setup.markers.iter().cloned());
    let mut parameters: Vec<String> = Vec::new();
    if habits.uses_classes {
        parameters.push("self".to_owned());
    }
    parameters.extend(plan.setup.fixtures.iter().cloned());
    let indent = if habits.uses_classes { "    " } else { "" };
    let text = environment.get_template("test.py")?.render(context! {
        title => &plan.title,
        summary => &plan.summary,
        version => literal::words(&header.version, 40),
        failure_id => literal::words(&header.failure_id, 40),
        fingerprint => literal::words(&header.fingerprint, 60),
        first_seen => literal::words(&header.first_seen, 60),
        exception => &plan.exception,
        chain => &plan.chain,
        preamble => preamble(plan, header),
        imports => import_lines(
            &plan.setup,
            !markers.is_empty() || plan.setup.helpers.iter().flatten().any(|line| line.contains("pytest.")),
        ),
        helpers => &plan.setup.helpers,
        class_name => habits.uses_classes.then_some(&plan.class_name),
        class_summary => &plan.class_summary,
        markers => markers,
        indent => indent,
        function_name => &plan.function_name,
        parameters => parameters.join(", "),
        arrow => if habits.annotates { " -> None" } else { "" },
        incident => &plan.incident,
        sections => habits.sections.clone(),
        arrange => &plan.setup.statements,
        act => &plan.act,
        assertions => &plan.assertions,
    })?;
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        tidy.push_str(line.trim_end());
        tidy.push('\n');
    }
    Ok(tidy)
}

/// What comes before any import of the project.
fn preamble(plan: &Plan, header: &Header) -> Vec<String> {
    const OS: &str = "import os";
    let own = &plan.setup.preamble;
    if header.environment.is_empty() {
        return own.clone();
    }
    let mut lines = vec![OS.to_owned(), String::new()];
    lines.push("# What the project asks its environment for when it is imported.".to_owned());
    lines.extend(header.environment.iter().map(|(name, value)| {
        let (name, value) = (literal::string(name), literal::string(value));
        format!("os.environ.setdefault({name}, {value})")
    }));
    let rest: Vec<&String> = own.iter().filter(|line| *line != OS).collect();
    if !rest.is_empty() {
        lines.push(String::new());
        lines.extend(rest.into_iter().skip_while(|l| l.is_empty()).cloned());
    }
    lines
}

/// Standard library, then third party, then the project, as import sorters want them.
fn import_lines(setup: &Setup, needs_pytest: bool) -> Vec<String> {
    let mut standard: Vec<String> = setup
        .modules
        .iter()
        .map(|m| format!("import {m}"))
        .collect();
    let mut project = Vec::new();
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for (module, name) in &setup.imports {
        match grouped.last_mut() {
            Some((m, names)) if *m == module => names.push(name),
            _ => grouped.push((module, vec![name])),
        }
    }
    for (module, names) in grouped {
        let line = format!("from {module} import {}", names.join(", "));
        if super::captured::trust::is_standard(module) {
            standard.push(line);
        } else {
            project.push(line);
        }
    }
    for line in &setup.lines {
        let module = line.split_whitespace().nth(1).unwrap_or_default();
        let lines = match super::captured::trust::is_standard(module.trim_end_matches(',')) {
            true => &mut standard,
            false => &mut project,
        };
        if !lines.contains(line) {
            lines.push(line.clone());
        }
    }
    let third: Vec<String> = needs_pytest
        .then(|| "import pytest".to_owned())
        .into_iter()
        .collect();
    let mut lines = Vec::new();
    for block in [standard, third, project] {
        if block.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.extend(block);
    }
    lines
}
