//! The findings of `guwu doctor` as text and as JSON.

use std::io::Write;

use guwu::config::Config;
use guwu::render::{clip, plain};
use guwu_core::alert::plural;
use guwu_core::doctor::{Change, Kind, Report, SilentHandler};
use serde_json::Value;

use super::{Facts, Problem};
use crate::args::Format;

/// What to do, in words, where no single line does it.
fn advice(handler: &SilentHandler, change: Option<&Change>) -> String {
    match (change, &handler.helper) {
        (Some(change), _) if change.needs_import => {
            "add this line, and `import logging` at the top of the file".to_owned()
        }
        (Some(_), _) => "change this line".to_owned(),
        (None, Some(helper)) => {
            format!("the message comes from `{helper}`; log with exc_info=True there")
        }
        (None, None) => {
            "log with exc_info=True or logger.exception(…) in the handler, or raise again"
                .to_owned()
        }
    }
}

fn summary(report: &Report) -> String {
    let kinds: Vec<String> = Kind::ALL
        .iter()
        .filter_map(|kind| {
            let count = report.handlers.iter().filter(|h| h.kind == *kind).count();
            (count > 0).then(|| format!("{count} {}", kind.summary(count)))
        })
        .collect();
    let hide = if report.handlers.len() == 1 {
        "hides"
    } else {
        "hide"
    };
    format!(
        "{} of {} {hide} what they catch: {}",
        report.handlers.len(),
        plural(report.broad, "broad handler"),
        kinds.join(", ")
    )
}

/// For people.
pub fn text(
    config: &Config,
    facts: &Facts,
    problems: &[Problem],
    report: &Report,
    changes: &[Option<Change>],
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "project  {}", plain(&config.root.to_string_lossy()))?;
    if let Some(python) = &facts.python {
        writeln!(out, "python   {}", plain(python))?;
    }
    if !facts.logs.is_empty() {
        let names = facts.logs.iter().take(5).map(String::as_str);
        let names: Vec<&str> = names.collect();
        let more = match facts.logs.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        writeln!(out, "logs     {}{more}", plain(&names.join(", ")))?;
    }
    if let Some(groups) = facts.groups {
        writeln!(
            out,
            "store    {}, {}",
            plain(&config.state_dir.to_string_lossy()),
            plural(groups, "group")
        )?;
    }
    for problem in problems {
        let place = match (&problem.file, problem.line) {
            (Some(file), Some(line)) => format!("{}:{line}: ", plain(file)),
            _ => String::new(),
        };
        writeln!(out, "\n{}: {place}{}", problem.check, plain(&problem.words))?;
        if !problem.advice.is_empty() {
            writeln!(out, "  {}", plain(&problem.advice))?;
        }
    }
    if report.handlers.is_empty() {
        if problems.is_empty() {
            writeln!(out, "\nnothing hides failures here")?;
        }
        return Ok(());
    }
    writeln!(out, "\nhandlers: {}", summary(report))?;
    for (handler, change) in report.handlers.iter().zip(changes) {
        let function = handler.function.as_deref().unwrap_or("the module");
        writeln!(
            out,
            "\n  {}:{} in {}: {}{}",
            plain(&handler.file),
            handler.line,
            plain(function),
            words(handler),
            match handler.guards.is_empty() {
                true => String::new(),
                false => format!("; guards {}", plain(&handler.guards.join(", "))),
            }
        )?;
        match change {
            Some(change) => {
                if let Some(removed) = &change.removed {
                    writeln!(out, "    -{}", line(removed))?;
                }
                writeln!(out, "    +{}", line(&change.added))?;
                if change.needs_import {
                    writeln!(out, "    and at the top of the file: import logging")?;
                }
            }
            None => writeln!(out, "    {}", plain(&advice(handler, None)))?,
        }
    }
    let rest = report.handlers.len() - changes.len();
    if rest > 0 {
        writeln!(out, "\n  and {rest} more; guwu doctor --all prints them")?;
    }
    Ok(())
}

/// A source line for a terminal: tabs as blanks, the rest escaped.
fn line(text: &str) -> String {
    plain(&clip(&text.replace('\t', "    "), 200))
}

fn words(handler: &SilentHandler) -> String {
    match (handler.kind, &handler.level) {
        (Kind::Message, Some(level)) if level != "error" => {
            format!("{}, at level {level}", handler.kind.words())
        }
        (Kind::Level, Some(level)) => format!("{}, {level}", handler.kind.words()),
        _ => handler.kind.words().to_owned(),
    }
}

/// For programs.
pub fn json(
    format: Format,
    facts: &Facts,
    problems: &[Problem],
    report: &Report,
    changes: &[Option<Change>],
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let problems: Vec<Value> = problems
        .iter()
        .map(|p| {
            serde_json::json!({
                "check": p.check,
                "file": p.file,
                "line": p.line,
                "words": p.words,
                "advice": p.advice,
            })
        })
        .collect();
    let handlers: Vec<Value> = report
        .handlers
        .iter()
        .zip(changes)
        .map(|(h, change)| {
            serde_json::json!({
                "check": "handler",
                "file": h.file,
                "line": h.line,
                "function": h.function,
                "kind": h.kind.as_str(),
                "level": h.level,
                "words": words(h),
                "guards": h.guards,
                "is_entry": h.is_entry,
                "helper": h.helper,
                "advice": advice(h, change.as_ref()),
                "change": change.as_ref().map(|c| serde_json::json!({
                    "line": c.line,
                    "removed": c.removed,
                    "added": c.added,
                    "needs_import": c.needs_import,
                })),
            })
        })
        .collect();
    if format == Format::Jsonl {
        for row in problems.iter().chain(&handlers) {
            writeln!(out, "{row}")?;
        }
        return Ok(());
    }
    let by_kind: serde_json::Map<String, Value> = Kind::ALL
        .iter()
        .map(|kind| {
            let count = report.handlers.iter().filter(|h| h.kind == *kind).count();
            (kind.as_str().to_owned(), serde_json::json!(count))
        })
        .collect();
    let document = serde_json::json!({
        "schema_version": guwu_core::SCHEMA_VERSION,
        "python": facts.python,
        "logs": facts.logs,
        "groups": facts.groups,
        "problems": problems,
        "handlers": handlers,
        "counts": {
            "broad": report.broad,
            "hiding": report.handlers.len(),
            "undecided": report.undecided,
            "by_kind": by_kind,
        },
    });
    writeln!(out, "{document}")?;
    Ok(())
}
