//! Objects that Node printed with an error in them: what stands beside the error are the record's own fields.

use super::finding::{Finding, Meta, Outcome};
use super::framer::Record;
use super::json_value::{self, Value};
use super::places::Places;
use super::{structured, text};
use crate::model::{Platform, Relation, Trace};

/// An object that Node printed with an error in it, whose stack is below it in the text.
pub(super) fn inspected(text: &str, value: &Value, record: &Record) -> Option<Outcome> {
    if !text
        .lines()
        .any(|line| line.trim_start().starts_with("at ") && line.starts_with("    "))
    {
        return None;
    }
    let mut traces = text::traces(text);
    traces.retain(|t| t.platform == Platform::JavaScript);
    // Keys stand behind the error as well, where reading the object as such has ended.
    let pairs = pairs_beside(text);
    let whole = json_value::parse(&pairs);
    let value = whole.as_ref().map_or(value, |(pairs, _)| pairs);
    let meta = structured::meta(value, &Meta::default());
    if let Some(finding) = with_cause(text, value, &mut traces) {
        return Some(Outcome {
            findings: vec![finding],
            part: None,
        });
    }
    let mut places = Places::new(text, record);
    let findings: Vec<Finding> = traces
        .into_iter()
        .map(|trace| {
            let place = places.of(trace.start);
            let mut finding = meta.finding(trace);
            finding.place = (place != record.places[0]).then_some(place);
            finding
        })
        .collect();
    let part = None;
    (!findings.is_empty()).then_some(Outcome { findings, part })
}

/// An object that Node printed, without the errors in it.
fn pairs_beside(text: &str) -> String {
    let mut pairs = String::new();
    let mut is_error = false;
    for line in text.lines() {
        let own = line.strip_prefix("  ").unwrap_or(line);
        if !own.starts_with(' ') {
            let value = own.split_once(": ").map_or("", |(_, value)| value);
            is_error = value.starts_with(|c: char| c.is_ascii_uppercase() || c == '[');
        }
        if !is_error {
            pairs.push_str(line);
            pairs.push('\n');
        }
    }
    pairs
}

//   stack: 'PaymentDeclined: order 7 declined\n' + …,
//   cause: TypeError: x is null
//       at load (/srv/a.js:2:34)
/// An object whose stack is one of its texts, while its cause was printed as an error.
fn with_cause(text: &str, value: &Value, traces: &mut Vec<Trace>) -> Option<Finding> {
    value.get("stack").and_then(Value::text)?;
    let mut own = structured::findings(value, &Meta::default())
        .into_iter()
        .find(|f| f.trace.exceptions.iter().any(|e| !e.frames.is_empty()))?;
    let mut is_cause = |t: &mut Trace| text[..t.start.min(text.len())].ends_with("\n  cause: ");
    let cause = traces.extract_if(.., &mut is_cause).next()?;
    let chain = &mut own.trace.exceptions;
    chain.first_mut()?.relation = Some(Relation::Cause);
    chain.splice(0..0, cause.exceptions);
    Some(own)
}
