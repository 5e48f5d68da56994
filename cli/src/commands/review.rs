//! `guwu review`: the tests that wait, one after the other, each with a question. Without a terminal it asks nothing and
//! prints the commands that say the same.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use guwu::develop::content_hash;
use guwu::render::{self, plain, short_id};
use guwu::store::{Candidate, Filter, Group, Status, Store};

use super::{decide, show};

/// A group with the test that waits for a word.
struct Waiting {
    group: Group,
    candidate: Candidate,
    text: String,
    is_edited: bool,
}

/// Reviews. Exit status 1 when something waits afterwards.
pub fn run(overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let Some(store) = Store::open_read_only(&config.state_dir)? else {
        eprintln!(
            "guwu: nothing stored yet in `{}`; run guwu scan",
            config.state_dir.display()
        );
        return Ok(ExitCode::SUCCESS);
    };
    let waiting = waiting(&config, &store)?;
    // Accepting and rejecting open it themselves.
    drop(store);
    if waiting.is_empty() {
        eprintln!("guwu: no test waits for a review");
        return Ok(ExitCode::SUCCESS);
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        print_commands(&waiting)?;
        return Ok(ExitCode::FAILURE);
    }
    let left = ask(&config, &waiting, overrides)?;
    Ok(ExitCode::from(u8::from(left > 0)))
}

fn waiting(config: &Config, store: &Store) -> anyhow::Result<Vec<Waiting>> {
    let filter = Filter {
        statuses: vec![Status::Tested, Status::Staged, Status::Skeleton],
        ..Filter::default()
    };
    let mut found = Vec::new();
    for group in store.groups(&filter)? {
        let candidates = store.candidates(&group.fingerprint)?;
        let candidate = candidates
            .into_iter()
            .rfind(|c| matches!(c.state.as_str(), "created" | "staged"));
        if let Some(candidate) = candidate {
            let file = match candidate.state.as_str() {
                "created" => Some(config.root.join(&candidate.path)),
                _ => decide::staged_file(store, &candidate),
            };
            let there = file.and_then(|f| fs::read_to_string(f).ok());
            found.push(Waiting {
                is_edited: there
                    .as_ref()
                    .is_some_and(|text| content_hash(text) != candidate.content_hash),
                text: there.unwrap_or_else(|| candidate.content.clone()),
                group,
                candidate,
            });
        }
    }
    Ok(found)
}

fn print_commands(waiting: &[Waiting]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for one in waiting {
        let id = short_id(&one.group.fingerprint);
        writeln!(
            out,
            "# {} ({:.0} %): {}",
            plain(&one.candidate.path),
            one.candidate.confidence * 100.0,
            plain(&one.group.title)
        )?;
        writeln!(out, "guwu show {id}")?;
        writeln!(out, "guwu accept {id}")?;
        writeln!(out, "guwu reject {id} --reason WHY")?;
    }
    eprintln!("guwu: no terminal to ask on; run the commands above, or guwu review on a terminal");
    Ok(())
}

/// Asks for each; returns how many still wait.
fn ask(config: &Config, waiting: &[Waiting], overrides: &Overrides) -> anyhow::Result<usize> {
    let mut left = waiting.len();
    let mut lines = io::stdin().lock().lines();
    for (number, one) in (1..).zip(waiting) {
        let id = short_id(&one.group.fingerprint).to_owned();
        println!(
            "\n[{number}/{}] {id}  {}\n  test        {} ({}, {})\n  confidence  {:.0} %",
            waiting.len(),
            plain(&one.group.title),
            plain(&one.candidate.path),
            one.candidate.layer,
            one.candidate.state,
            one.candidate.confidence * 100.0
        );
        loop {
            print!("  [a]ccept [r]eject [s]kip [d]iff [e]vidence [q]uit: ");
            io::stdout().flush()?;
            let Some(line) = lines.next() else {
                println!();
                return Ok(left);
            };
            match line?.trim().to_ascii_lowercase().as_str() {
                "a" | "accept" => {
                    decide::accept(&id, overrides)?;
                    left -= 1;
                }
                "r" | "reject" => {
                    print!("  why (may be empty): ");
                    io::stdout().flush()?;
                    let reason = lines.next().transpose()?.unwrap_or_default();
                    let reason = Some(reason.trim()).filter(|r| !r.is_empty());
                    decide::reject(&id, reason, overrides)?;
                    left -= 1;
                }
                "s" | "skip" => {}
                "d" | "diff" => {
                    diff(one)?;
                    continue;
                }
                "e" | "evidence" => {
                    evidence(config, &id)?;
                    continue;
                }
                "q" | "quit" => return Ok(left),
                other => {
                    if !other.is_empty() {
                        println!("  `{}` is no answer; type one of the letters", plain(other));
                    }
                    continue;
                }
            }
            break;
        }
    }
    Ok(left)
}

/// The whole file is new, so that is what is added.
fn diff(one: &Waiting) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "+++ {}", plain(&one.candidate.path))?;
    for line in one.text.lines() {
        writeln!(out, "+{}", plain(&line.replace('\t', "    ")))?;
    }
    if one.is_edited {
        writeln!(
            out,
            "  somebody edited it since it was written; accept takes it as shown"
        )?;
    }
    Ok(())
}

fn evidence(config: &Config, id: &str) -> anyhow::Result<()> {
    let Some(store) = Store::open_read_only(&config.state_dir)? else {
        return Ok(());
    };
    let group = store.find_group(id)?;
    let (gap, candidates) = show::details(&store, &group)?;
    print!("{}", render::show_text(&group, gap.as_ref(), &candidates));
    Ok(())
}
