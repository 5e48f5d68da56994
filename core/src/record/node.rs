//! What Node's loggers (pino, bunyan, winston) write of an error that has no stack worth parsing: aggregated errors,
//! and thrown values that are no errors.

use super::finding::{Finding, Meta};
use super::json_value::Value;
use super::{client, text};
use crate::model::{Exception, Platform, Relation, Trace};

/// `{"type":"AggregateError","message":…,"stack":…,"aggregateErrors":[…]}`
pub(crate) fn error(value: &Value) -> Option<Trace> {
    let error = value
        .get("err")
        .or_else(|| value.get("error"))
        .unwrap_or(value);
    let members = error.get("aggregateErrors").and_then(Value::list)?;
    let mut trace = client::trace(&payload(error)?);
    for (index, member) in members.iter().enumerate() {
        let Some(inner) = payload(member) else {
            continue;
        };
        let inner = client::trace(&inner).exceptions.pop().unwrap_or_default();
        trace.exceptions.push(Exception {
            relation: Some(Relation::Member),
            group_path: vec![u32::try_from(index).unwrap_or(u32::MAX)],
            ..inner
        });
    }
    Some(trace)
}

fn payload(error: &Value) -> Option<client::Payload> {
    let kind = error
        .get("type")
        .or_else(|| error.get("name"))
        .and_then(Value::text)?;
    let message = error
        .get("message")
        .and_then(Value::text)
        .unwrap_or_default();
    Some(client::Payload {
        message: format!("{kind}: {message}"),
        stack: error.get("stack").and_then(Value::text).map(str::to_owned),
        ..client::Payload::default()
    })
}

/// A value that is no error object, thrown in Node and logged by pino or bunyan: `{"level":50,"err":"just a string"}`.
pub(crate) fn thrown(value: &Value, meta: &Meta) -> Option<Finding> {
    let node = value
        .get("level")
        .is_some_and(|l| matches!(l, Value::Number(_)))
        && value.get("pid").is_some();
    let text = value
        .get("err")
        .or_else(|| value.get("error"))
        .and_then(Value::text)?;
    if !node || !meta.is_error() {
        return None;
    }
    let mut finding = text::message_only(text, meta)?;
    finding.trace.platform = Platform::JavaScript;
    finding.context.log_message = meta.message.clone();
    Some(finding)
}
