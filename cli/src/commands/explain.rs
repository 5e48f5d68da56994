//! `guwu explain`: what a pattern means, why tests miss it and how to test it. Reads nothing but the built-in library.

use std::io::Write;
use std::process::ExitCode;

use guwu_core::model::Platform;
use guwu_core::pattern::{self, Pattern};
use serde_json::{Value, json};

use crate::args::ExplainFormat;

/// Prints one pattern's page, or all of them where no code is given.
pub fn run(code: Option<&str>, format: ExplainFormat) -> anyhow::Result<ExitCode> {
    let one = code.map(find).transpose()?;
    let patterns = match one {
        Some(one) => std::slice::from_ref(one),
        None => pattern::all(),
    };
    let mut out = std::io::stdout().lock();
    match format {
        ExplainFormat::Json => {
            let rows: Vec<Value> = patterns.iter().map(row).collect();
            writeln!(out, "{}", json!({"schema_version": 1, "patterns": rows}))?;
        }
        ExplainFormat::Markdown if one.is_none() => write!(out, "{}", book(patterns))?,
        ExplainFormat::Markdown => {
            write!(out, "{}", patterns.iter().map(page).collect::<String>())?
        }
        ExplainFormat::Text => {
            for (i, p) in patterns.iter().enumerate() {
                if i > 0 {
                    writeln!(out)?;
                }
                writeln!(out, "{} {}", p.code, p.name)?;
                writeln!(out, "{}", traits(p))?;
                writeln!(out, "\n{}\n\nNext: {}", p.explain, p.advice)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find(code: &str) -> anyhow::Result<&'static Pattern> {
    if let Some(found) = pattern::get(code) {
        return Ok(found);
    }
    let shown = code.escape_default();
    match nearest(code) {
        Some(near) => anyhow::bail!(
            "no pattern has the code `{shown}`; did you mean `{}` ({})?",
            near.code,
            near.name
        ),
        None => anyhow::bail!(
            "no pattern has the code `{shown}`; `guwu explain --all` prints every code"
        ),
    }
}

/// The code with the fewest wrong letters, then the nearest number.
fn nearest(code: &str) -> Option<&'static Pattern> {
    let wanted = code.trim().to_ascii_uppercase();
    let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    pattern::all()
        .iter()
        .filter(|p| strsim::damerau_levenshtein(&wanted, p.code) <= 2)
        .min_by_key(|p| {
            let own: u32 = p.code[2..].parse().unwrap_or(0);
            (
                strsim::damerau_levenshtein(&wanted, p.code),
                own.abs_diff(number),
            )
        })
}

fn platform(p: &Pattern) -> &'static str {
    match p.platform {
        Some(Platform::Python) => "Python",
        Some(Platform::JavaScript) => "JavaScript",
        None => "Python and JavaScript",
    }
}

/// `Python, layer unit, worth a test`.
fn traits(p: &Pattern) -> String {
    let mut text = format!("{}, layer {}, ", platform(p), p.layer);
    text.push_str(if p.worth_test {
        "worth a test"
    } else {
        "not worth a test by itself"
    });
    if let Some(reason) = p.noise {
        text.push_str("; noise: ");
        text.push_str(reason);
    }
    text
}

fn row(p: &Pattern) -> Value {
    json!({
        "code": p.code,
        "name": p.name,
        "platform": p.platform.map(|platform| match platform {
            Platform::Python => "python",
            Platform::JavaScript => "javascript",
        }),
        "layer": p.layer,
        "worth_test": p.worth_test,
        "noise": p.noise,
        "advice": p.advice,
        "explain": p.explain,
    })
}

/// The whole library as docs/patterns.md.
fn book(patterns: &[Pattern]) -> String {
    let mut text = String::from(
        "# Patterns\n\n\
         The kinds of failure that Gu Wu knows. `guwu explain CODE` prints one page, `guwu explain --all --format markdown`\n\
         prints this file.\n\n\
         | code | what | where | layer | worth a test |\n|---|---|---|---|---|\n",
    );
    for p in patterns {
        let worth = match (p.worth_test, p.noise) {
            (true, _) => "yes",
            (false, None) => "no",
            (false, Some(_)) => "no, noise",
        };
        text.push_str(&format!(
            "| [{}](#{}) | {} | {} | {} | {worth} |\n",
            p.code,
            anchor(p),
            p.name,
            platform(p),
            p.layer
        ));
    }
    for p in patterns {
        text.push('\n');
        text.push_str(&page(p));
    }
    text
}

/// The id that a Markdown reader gives the page's heading.
fn anchor(p: &Pattern) -> String {
    format!("{} {}", p.code, p.name)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'))
        .map(|c| {
            if c == ' ' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

/// One pattern: the parts of its text become paragraphs, its example a code block.
fn page(p: &Pattern) -> String {
    let mut text = format!("## {} {}\n\n{}.\n", p.code, p.name, traits(p));
    let (words, example) = p
        .explain
        .split_once("\nExample:\n")
        .unwrap_or((p.explain, ""));
    for line in words.lines() {
        match line.split_once(": ") {
            Some((part @ ("What it means" | "Why tests miss it" | "How to test it"), rest)) => {
                text.push_str(&format!("\n**{part}:** {rest}\n"));
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text.push_str(&format!("\n**Next:** {}\n", p.advice));
    if !example.is_empty() {
        let language = if example.contains("def test_") {
            "python"
        } else if example.contains("test(") || example.contains("test.each(") {
            "js"
        } else {
            "text"
        };
        text.push_str(&format!("\n```{language}\n"));
        for line in example.lines() {
            text.push_str(line.strip_prefix("    ").unwrap_or(line));
            text.push('\n');
        }
        text.push_str("```\n");
    }
    text
}
