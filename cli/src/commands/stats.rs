//! `guwu stats`: what the store and the learning file hold, counted, and how good the predictions were. It changes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use guwu::config::{Config, Overrides};
use guwu::render::plain;
use guwu::store::{Filter, Outcome, Store};
use guwu_core::alert::plural;
use guwu_core::prove;
use serde_json::{Value, json};

use crate::args::Format;

/// Predictions are compared in so many bins of equal width.
const BINS: usize = 10;

/// What a strategy did so far.
#[derive(Debug, Default, PartialEq, Eq)]
struct Record {
    runs: u64,
    red_same: u64,
    accepted: u64,
    guards: u64,
    rejected: u64,
}

/// Predictions in a range and what came of them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Bin {
    count: u64,
    predicted: f64,
    right: u64,
}

/// Predicted confidence against outcome, over tests whose outcome is known.
#[derive(Debug, PartialEq)]
struct Calibration {
    bins: Vec<Bin>,
    known: u64,
    /// Mean squared difference, 0 is perfect, 0.25 is what a coin gets. `None` without any known outcome.
    brier: Option<f64>,
}

/// Counts.
pub fn run(format: Format, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = Config::load(Path::new("."), overrides)?;
    let Some(store) = Store::open_read_only(&config.state_dir)? else {
        eprintln!(
            "guwu: nothing stored yet in `{}`; run guwu scan",
            config.state_dir.display()
        );
        return Ok(ExitCode::SUCCESS);
    };
    let groups = store.groups(&Filter::default())?;
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_pattern: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for group in &groups {
        *by_status.entry(group.status.as_str()).or_default() += 1;
        let row = by_pattern.entry(group.pattern.clone()).or_default();
        row.0 += 1;
        row.1 += group.count;
    }
    let outcomes = store.outcomes()?;
    let mut by_outcome: BTreeMap<String, u64> = BTreeMap::new();
    let mut strategies: BTreeMap<String, Record> = BTreeMap::new();
    for proof in store.all_proofs()? {
        if let Some(strategy) = &proof.strategy {
            let record = strategies.entry(strategy.clone()).or_default();
            record.runs += 1;
            record.red_same += u64::from(proof.outcome == prove::Outcome::RedSame.as_str());
        }
        *by_outcome.entry(proof.outcome).or_default() += 1;
    }
    let mut kinds: BTreeMap<&str, u64> = ["accepted", "guards", "recurred", "rejected"]
        .map(|kind| (kind, 0))
        .into();
    for outcome in &outcomes {
        if let Some(count) = kinds.get_mut(outcome.kind.as_str()) {
            *count += 1;
        }
        let Some(strategy) = &outcome.strategy else {
            continue;
        };
        let record = strategies.entry(strategy.clone()).or_default();
        match outcome.kind.as_str() {
            "accepted" => record.accepted += 1,
            "guards" => record.guards += 1,
            "rejected" => record.rejected += 1,
            _ => {}
        }
    }
    let counts = Counts {
        groups: groups.len(),
        failures: groups.iter().map(|g| g.count).sum(),
        by_status,
        by_pattern,
        by_outcome,
        kinds,
        strategies,
        calibration: calibration(&outcomes),
    };
    match format {
        Format::Text => counts.print_text()?,
        Format::Json | Format::Jsonl => {
            writeln!(std::io::stdout().lock(), "{}", counts.json())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares the predictions with what came of the tests: right when the test guards, wrong when it was rejected.
/// A later word on the same test replaces the earlier one; an acceptance alone says nothing about the fix.
fn calibration(outcomes: &[Outcome]) -> Calibration {
    let mut last: BTreeMap<(&str, Option<i64>), (f64, bool)> = BTreeMap::new();
    for outcome in outcomes {
        let right = match outcome.kind.as_str() {
            "guards" => true,
            "rejected" => false,
            _ => continue,
        };
        if let Some(predicted) = outcome.predicted_confidence {
            let key = (outcome.fingerprint.as_str(), outcome.candidate_id);
            last.insert(key, (predicted.clamp(0.0, 1.0), right));
        }
    }
    let mut bins = vec![Bin::default(); BINS];
    let mut squares = 0.0;
    for (predicted, right) in last.values() {
        let bin = &mut bins[((predicted * BINS as f64) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.predicted += predicted;
        bin.right += u64::from(*right);
        squares += (predicted - f64::from(u8::from(*right))).powi(2);
    }
    for bin in bins.iter_mut().filter(|b| b.count > 0) {
        bin.predicted /= bin.count as f64;
    }
    Calibration {
        bins,
        known: last.len() as u64,
        brier: (!last.is_empty()).then(|| squares / last.len() as f64),
    }
}

struct Counts {
    groups: usize,
    failures: u64,
    by_status: BTreeMap<&'static str, u64>,
    by_pattern: BTreeMap<String, (u64, u64)>,
    by_outcome: BTreeMap<String, u64>,
    kinds: BTreeMap<&'static str, u64>,
    strategies: BTreeMap<String, Record>,
    calibration: Calibration,
}

impl Counts {
    fn print_text(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{}, {}",
            plural(self.groups, "group"),
            plural(
                usize::try_from(self.failures).unwrap_or(usize::MAX),
                "failure"
            )
        )?;
        for (status, count) in &self.by_status {
            writeln!(out, "  {status:<16} {count:>5}")?;
        }
        if !self.by_pattern.is_empty() {
            writeln!(out, "\npattern            groups  failures")?;
            let mut rows: Vec<_> = self.by_pattern.iter().collect();
            rows.sort_by_key(|(code, (groups, _))| (std::cmp::Reverse(*groups), *code));
            for (code, (groups, failures)) in rows {
                let name = guwu_core::pattern::get(code).map_or("", |p| p.name);
                writeln!(
                    out,
                    "  {:<16} {groups:>6} {failures:>9}  {name}",
                    plain(code)
                )?;
            }
        }
        writeln!(out, "\nruns of tests")?;
        for (outcome, count) in &self.by_outcome {
            writeln!(out, "  {:<16} {count:>5}", plain(outcome))?;
        }
        if self.by_outcome.is_empty() {
            writeln!(out, "  none yet")?;
        }
        writeln!(out, "\nwhat became of tests")?;
        for (kind, count) in &self.kinds {
            writeln!(out, "  {kind:<16} {count:>5}")?;
        }
        if !self.strategies.is_empty() {
            writeln!(
                out,
                "\nstrategy             runs   red  accepted  guards  rejected"
            )?;
            for (name, r) in &self.strategies {
                writeln!(
                    out,
                    "  {:<16} {:>6} {:>5} {:>9} {:>7} {:>9}",
                    plain(name),
                    r.runs,
                    r.red_same,
                    r.accepted,
                    r.guards,
                    r.rejected
                )?;
            }
        }
        let calibration = &self.calibration;
        let Some(brier) = calibration.brier else {
            writeln!(
                out,
                "\ncalibration: no outcome is known yet; guwu verify after a fix and guwu reject make some"
            )?;
            return Ok(());
        };
        writeln!(
            out,
            "\ncalibration over {} with a known outcome (Brier score {brier:.3}, 0 is perfect)\n  \
             predicted   tests  mean  guards",
            plural(
                usize::try_from(calibration.known).unwrap_or(usize::MAX),
                "test"
            )
        )?;
        for (number, bin) in calibration.bins.iter().enumerate() {
            if bin.count > 0 {
                writeln!(
                    out,
                    "  {:>3}-{:<3} % {:>7} {:>3.0} % {:>4.0} %",
                    number * 100 / BINS,
                    (number + 1) * 100 / BINS,
                    bin.count,
                    bin.predicted * 100.0,
                    bin.right as f64 / bin.count as f64 * 100.0
                )?;
            }
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let patterns: Vec<Value> = self
            .by_pattern
            .iter()
            .map(|(code, (groups, failures))| {
                json!({
                    "pattern": code,
                    "name": guwu_core::pattern::get(code).map(|p| p.name),
                    "groups": groups,
                    "failures": failures,
                })
            })
            .collect();
        let strategies: Vec<Value> = self
            .strategies
            .iter()
            .map(|(name, r)| {
                json!({
                    "strategy": name,
                    "runs": r.runs,
                    "red_same": r.red_same,
                    "accepted": r.accepted,
                    "guards": r.guards,
                    "rejected": r.rejected,
                })
            })
            .collect();
        let bins: Vec<Value> = self
            .calibration
            .bins
            .iter()
            .enumerate()
            .map(|(number, bin)| {
                json!({
                    "from": number as f64 / BINS as f64,
                    "to": (number + 1) as f64 / BINS as f64,
                    "tests": bin.count,
                    "predicted": (bin.count > 0).then_some(bin.predicted),
                    "right": bin.right,
                })
            })
            .collect();
        json!({
            "schema_version": guwu_core::SCHEMA_VERSION,
            "groups": self.groups,
            "failures": self.failures,
            "by_status": self.by_status,
            "patterns": patterns,
            "proofs": self.by_outcome,
            "outcomes": self.kinds,
            "strategies": strategies,
            "calibration": {
                "known": self.calibration.known,
                "brier": self.calibration.brier,
                "bins": bins,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(candidate: i64, kind: &str, predicted: f64) -> Outcome {
        Outcome {
            fingerprint: "1:00".to_owned(),
            candidate_id: Some(candidate),
            pattern: None,
            strategy: None,
            kind: kind.to_owned(),
            predicted_confidence: Some(predicted),
            at: String::new(),
        }
    }

    #[test]
    fn predictions_fall_into_their_bins() {
        let found = calibration(&[
            outcome(1, "guards", 0.95),
            outcome(2, "rejected", 0.91),
            outcome(3, "guards", 1.0),
            outcome(4, "rejected", 0.0),
            outcome(5, "accepted", 0.5),
        ]);
        assert_eq!(found.known, 4);
        assert_eq!((found.bins[9].count, found.bins[9].right), (3, 2));
        assert!((found.bins[9].predicted - (0.95 + 0.91 + 1.0) / 3.0).abs() < 1e-9);
        assert_eq!((found.bins[0].count, found.bins[0].right), (1, 0));
        let brier = (0.05f64.powi(2) + 0.91f64.powi(2)) / 4.0;
        assert!((found.brier.unwrap() - brier).abs() < 1e-9);
    }

    #[test]
    fn the_last_word_on_a_test_counts() {
        let found = calibration(&[outcome(1, "rejected", 0.9), outcome(1, "guards", 0.9)]);
        assert_eq!((found.known, found.bins[9].right), (1, 1));
    }

    #[test]
    fn nothing_known_is_no_score() {
        assert_eq!(calibration(&[]).brier, None);
    }
}
