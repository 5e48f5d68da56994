//! Groups as text for a terminal. All log text goes through `plain`.

use std::fmt::Write;

use guwu_core::correlate::Gap;
use guwu_core::model::{Failure, StackEntry};
use guwu_core::score::Evidence;

use super::{clip, plain, short_id};
use crate::store::{Candidate, Group, Proof};

/// One line of `guwu list`.
pub fn group_line(group: &Group) -> String {
    format!(
        "{}  {:<8} {:>5}x  {}  {}",
        short_id(&group.fingerprint),
        group.status.as_str(),
        group.count,
        group.pattern,
        plain(&clip(&group.title, 120))
    )
}

/// One failure of `guwu triage`: what, where, what to do.
pub fn failure_text(failure: &Failure) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_failure(&mut out, failure);
    out
}

fn write_failure(out: &mut String, failure: &Failure) -> std::fmt::Result {
    writeln!(
        out,
        "{}  {}",
        failure.pattern,
        plain(&clip(&failure.title, 160))
    )?;
    let frames = || {
        let primary = failure.primary();
        primary.into_iter().flat_map(|e| e.plain_frames().rev())
    };
    if let Some(frame) = frames().find(|f| f.in_app).or_else(|| frames().next()) {
        writeln!(
            out,
            "  at           {}:{} in {}",
            plain(frame.file.as_deref().unwrap_or("native")),
            frame.line.unwrap_or(0),
            plain(frame.function.as_deref().unwrap_or("anonymous"))
        )?;
    }
    let logged: Vec<String> = [&failure.timestamp, &failure.level, &failure.logger]
        .into_iter()
        .flatten()
        .map(|text| plain(text))
        .collect();
    let logged = if logged.is_empty() {
        String::new()
    } else {
        format!("  ({})", logged.join(" "))
    };
    writeln!(
        out,
        "  read from    {}:{}{logged}",
        plain(&failure.origin.source),
        failure.origin.line
    )?;
    writeln!(out, "  fingerprint  {}", failure.fingerprint)?;
    if let Some(pattern) = guwu_core::pattern::get(&failure.pattern) {
        match pattern.noise {
            Some(reason) => writeln!(out, "  noise        {reason}")?,
            None => writeln!(out, "  advice       {}", pattern.advice)?,
        }
    }
    Ok(())
}

/// Everything about a group, for a person.
pub fn show_text(
    group: &Group,
    gap: Option<&Gap>,
    candidates: &[(Candidate, Vec<Proof>)],
) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_group(&mut out, group);
    if let Some(gap) = gap {
        let _ = write_gap(&mut out, gap);
    }
    for (candidate, proofs) in candidates {
        let _ = write_candidate(&mut out, candidate, proofs);
    }
    out
}

fn write_group(out: &mut String, group: &Group) -> std::fmt::Result {
    writeln!(
        out,
        "{}  {}",
        short_id(&group.fingerprint),
        plain(&group.title)
    )?;
    writeln!(
        out,
        "  fingerprint  {}   pattern {}   status {}",
        group.fingerprint,
        group.pattern,
        group.status.as_str()
    )?;
    let logged = |at: &Option<String>| {
        at.as_deref()
            .map_or_else(|| "no time logged".to_owned(), plain)
    };
    writeln!(
        out,
        "  seen         {} times, first {}, last {}",
        group.count,
        logged(&group.first_logged),
        logged(&group.last_logged)
    )?;
    let origin = &group.example.origin;
    writeln!(
        out,
        "  read from    {}:{}",
        plain(&origin.source),
        origin.line
    )?;
    if let Some(message) = group
        .example
        .log_message
        .as_deref()
        .filter(|m| !m.is_empty())
    {
        writeln!(out, "  logged as    {}", plain(&clip(message, 200)))?;
    }
    for exception in &group.example.exceptions {
        let name = exception.type_name.as_deref().unwrap_or("no type");
        let message = exception.message.as_deref().unwrap_or_default();
        writeln!(
            out,
            "  exception    {}: {}",
            plain(name),
            plain(&clip(message, 200))
        )?;
        for entry in &exception.frames {
            match entry {
                StackEntry::Frame(frame) => writeln!(
                    out,
                    "    {} {}:{} in {}",
                    if frame.in_app { ">" } else { " " },
                    plain(frame.file.as_deref().unwrap_or("native")),
                    frame.line.unwrap_or(0),
                    plain(frame.function.as_deref().unwrap_or("anonymous"))
                )?,
                StackEntry::Repeated { repeated } => {
                    writeln!(out, "      … repeated {repeated} more times")?
                }
                StackEntry::Elided { elided } => writeln!(out, "      … {elided} frames left out")?,
            }
        }
    }
    Ok(())
}

fn write_gap(out: &mut String, gap: &Gap) -> std::fmt::Result {
    writeln!(out, "\ngap")?;
    writeln!(out, "  chain        {}", plain(&gap.chain_text()))?;
    writeln!(
        out,
        "  layer        {}: {}",
        gap.layer.as_str(),
        plain(&gap.layer_reason)
    )?;
    writeln!(out, "  in words     {}", plain(&gap.summary))?;
    for test in &gap.tests {
        writeln!(
            out,
            "  near         {}\n               {}",
            plain(&test.id),
            plain(&test.reason)
        )?;
    }
    Ok(())
}

fn write_candidate(out: &mut String, candidate: &Candidate, proofs: &[Proof]) -> std::fmt::Result {
    writeln!(
        out,
        "\ntest {} ({}, {}, {})",
        plain(&candidate.path),
        candidate.strategy,
        candidate.layer,
        candidate.state
    )?;
    writeln!(
        out,
        "  confidence   {:.0} % ({})",
        candidate.confidence * 100.0,
        candidate.tier
    )?;
    let evidence: Vec<Evidence> = serde_json::from_str(&candidate.evidence).unwrap_or_default();
    for item in &evidence {
        writeln!(
            out,
            "    {:+.1}  {:<15} {}",
            item.weight,
            item.name,
            plain(&item.words)
        )?;
    }
    for proof in proofs {
        let reason = serde_json::from_str::<serde_json::Value>(&proof.detail)
            .ok()
            .and_then(|d| Some(d.get("reason")?.as_str()?.to_owned()))
            .unwrap_or_default();
        writeln!(
            out,
            "  run          {}  {}: {}",
            proof.at,
            proof.outcome,
            plain(&reason)
        )?;
    }
    Ok(())
}
