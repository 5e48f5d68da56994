//! JSON documents of groups and candidates. The failure inside a group is the text that core's writer made, byte for byte.

use guwu_core::correlate::Gap;
use serde_json::{Value, json};

use crate::render::short_id;
use crate::store::{Candidate, Group, Proof};

/// A group without its details.
pub fn group_json(group: &Group) -> Value {
    json!({
        "id": short_id(&group.fingerprint),
        "fingerprint": group.fingerprint,
        "family": group.family,
        "pattern": group.pattern,
        "title": group.title,
        "platform": group.platform,
        "status": group.status.as_str(),
        "first_seen": group.first_seen,
        "last_seen": group.last_seen,
        "first_logged": group.first_logged,
        "last_logged": group.last_logged,
        "count": group.count,
    })
}

/// A candidate with what running it showed.
pub fn candidate_json(candidate: &Candidate, proofs: &[Proof]) -> Value {
    json!({
        "id": candidate.id,
        "strategy": candidate.strategy,
        "layer": candidate.layer,
        "tier": candidate.tier,
        "state": candidate.state,
        "confidence": candidate.confidence,
        "evidence": parsed(&candidate.evidence),
        "path": candidate.path,
        "node_id": candidate.node_id,
        "content": candidate.content,
        "created_at": candidate.created_at,
        "proofs": proofs.iter().map(|p| json!({
            "outcome": p.outcome,
            "detail": parsed(&p.detail),
            "at": p.at,
        })).collect::<Vec<_>>(),
    })
}

/// Everything about a group.
pub fn show_json(
    group: &Group,
    gap: Option<&Gap>,
    candidates: &[(Candidate, Vec<Proof>)],
) -> Value {
    let mut document = group_json(group);
    document["schema_version"] = json!(guwu_core::SCHEMA_VERSION);
    document["failure"] = parsed(&group.example_json);
    document["gap"] = gap.map_or(Value::Null, |gap| {
        let mut value = serde_json::to_value(gap).unwrap_or(Value::Null);
        value["chain_text"] = json!(gap.chain_text());
        value
    });
    document["candidates"] = candidates
        .iter()
        .map(|(candidate, proofs)| candidate_json(candidate, proofs))
        .collect();
    document
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
