//! Captured instances of Django's models that production had saved: they are rows of the test's database before the call,
//! so that what asks the database finds them there.
//!
//! How a row is written is told by `templates/rows.py`, of which a test gets what it needs: column by column, without
//! the project's `save()` and without signals, both of which ran in production, and with the values as they were. Rows
//! that were not captured, but that captured ones refer to, are made up there.

use std::collections::BTreeMap;

use super::build::Builder;
use super::layout::Code;
use super::manner::{Manner, PLAIN, Rows};
use super::models::declares;
use super::objects::{class_of, is_opaque};
use crate::capture::{Captured, Name, Object, Value};
use crate::generate::Plan;
use crate::generate::strategies::Writer;

/// Whatever was captured, before a request.
const WITH_ALL: Manner = Manner {
    rows: Rows::All,
    ..PLAIN
};
/// So many rows that other functions had are written, and no more.
const MOST: usize = 24;
/// Writes rows.
const WRITE: &str = include_str!("../templates/rows.py");
/// Of it, what makes up the rows that were not captured.
const HOLDS: &str = "hold_places";
/// What it defines.
const NAMES: [&str; 3] = ["write_rows", "write_row", HOLDS];
/// What Django itself writes when it makes a database, with keys of its own.
const OWN: [(&str, &str); 2] = [
    ("django.contrib.contenttypes.models", "ContentType"),
    ("django.contrib.auth.models", "Permission"),
];

impl<'a> Builder<'a> {
    /// Whether an instance becomes a row.
    pub(super) fn is_row(&self, object: &'a Object) -> bool {
        self.manner.rows != Rows::None && self.is_saved(object)
    }

    /// Whether production had saved an instance of a model.
    fn is_saved(&self, object: &'a Object) -> bool {
        let class = (object.class.module.as_str(), object.class.qualname.as_str());
        let is_deleted = attribute(object, "id") == Some(&Value::None);
        let is_added = self
            .state_of(object)
            .is_some_and(|state| attribute(state, "adding") == Some(&Value::Bool(false)));
        is_added && !is_deleted && !object.is_local && !OWN.contains(&class)
    }

    /// Notes that the variable of a row is complete.
    pub(super) fn complete_row(&mut self, object: &'a Object, name: &str) {
        self.written.refers |= self.refers(object);
        self.written.names.push(name.to_owned());
        self.written.keys.extend(key_of(object));
        self.written.at = self.setup.statements.len();
    }

    /// Whether it refers by its key alone to another row.
    fn refers(&self, object: &'a Object) -> bool {
        let cached = self.model_state(object).unwrap_or_default();
        let is_written = |relation: &str| {
            cached.iter().any(|(name, value)| {
                *name == relation
                    && matches!(self.meant(value), Value::Object(row) if self.is_saved(row))
            })
        };
        object.attrs.iter().any(|(attr, value)| {
            let relation = attr.strip_suffix("_id").unwrap_or_default();
            !relation.is_empty()
                && !relation.ends_with("_ptr")
                && *value != Value::None
                && !declares(self.map, &object.class, attr)
                && !is_written(relation)
        })
    }

    /// Attributes of a row that the sources do not show to be fields, but that may be some of a package's base class.
    pub(super) fn rest_of_row(
        &self,
        object: &Object,
        rest: Vec<&'a (String, Value)>,
    ) -> Vec<&'a (String, Value)> {
        let class = class_of(self.map, &object.class);
        let is_computed = |attr: &str| class.is_some_and(|c| self.map.method(c, attr).is_some());
        rest.into_iter()
            .filter(|(attr, value)| {
                !attr.starts_with('_') && !is_opaque(value) && !is_computed(attr)
            })
            .collect()
    }

    /// The rows of other functions, where they are wanted, and the statement that writes all.
    pub(super) fn write_rows(&mut self) {
        if self.manner.rows == Rows::All {
            self.rows_of_others();
        }
        let written = std::mem::take(&mut self.written);
        if written.names.is_empty() {
            return;
        }
        let names = written.names.iter().map(Code::atom).collect();
        let call = Code::group("write_rows(", names, ")").lines("", "");
        self.setup.statements.splice(written.at..written.at, call);
        for definition in WRITE.split("\n\n\n") {
            if written.refers || !definition.starts_with("def hold_places") {
                self.setup
                    .helpers
                    .push(lines_of(definition, written.refers));
            }
        }
    }

    fn rows_of_others(&mut self) {
        let all: Vec<&Object> = self.saved();
        let mut left = MOST;
        for object in all {
            let is_known = key_of(object).is_some_and(|key| self.written.keys.contains(&key));
            if is_known || self.names.contains_key(&object.id) || left == 0 {
                continue;
            }
            left -= 1;
            let mark = self.mark();
            if self.object(object, "").is_none() {
                self.back_to(mark);
            }
        }
    }

    /// Saved instances wherever they were captured.
    fn saved(&self) -> Vec<&'a Object> {
        let objects = self.known().values().filter_map(|value| match value {
            Value::Object(object) => Some(&**object),
            _ => None,
        });
        objects.filter(|object| self.is_saved(object)).collect()
    }

    /// Keeps variables from hiding what writes rows.
    pub(super) fn reserve_for_rows(&mut self) {
        if self.manner.rows != Rows::None {
            NAMES.iter().for_each(|name| self.reserve(name));
        }
    }
}

impl<'a> Writer<'a> {
    /// In which ways saved instances may be had, the likeliest first.
    pub(super) fn ways_of_rows(&self, captured: &Captured) -> &'static [Rows] {
        const WAYS: [Rows; 3] = [Rows::Given, Rows::All, Rows::None];
        let known = captured.numbered();
        let has_rows = self.has_database()
            && !Builder::new(self.map, WITH_ALL, known, &[])
                .saved()
                .is_empty();
        if has_rows {
            &WAYS
        } else if self.has_sessions(captured) {
            &WAYS[1..]
        } else {
            &WAYS[2..]
        }
    }

    /// The same after all that was captured is in the database. `None` where that is nothing.
    pub(in crate::generate) fn with_rows(
        &self,
        plan: &Plan,
        captured: &'a Captured,
    ) -> Option<Plan> {
        if !self.ways_of_rows(captured).contains(&Rows::All) {
            return None;
        }
        let known: BTreeMap<_, _> = captured.numbered();
        let roots: Vec<&Value> = known
            .values()
            .copied()
            .filter(|value| matches!(value, Value::Object(_)))
            .collect();
        let mut builder = Builder::new(self.map, WITH_ALL, known, &roots);
        for name in ["response", "Client", "client", "somebody", "get_user_model"] {
            builder.reserve(name);
        }
        builder.reserve_for_rows();
        builder.write_rows();
        let rows = builder.setup;
        if rows.statements.is_empty() {
            return None;
        }
        let mut plan = plan.clone();
        plan.stand_ins += builder.stand_ins;
        plan.insert(0, rows)?;
        Some(plan)
    }
}

fn attribute<'o>(object: &'o Object, name: &str) -> Option<&'o Value> {
    let found = object.attrs.iter().find(|(attr, _)| attr == name);
    found.map(|(_, value)| value)
}

/// What tells a row from the others, where the key has its usual name.
fn key_of(object: &Object) -> Option<(Name, String)> {
    let key = attribute(object, "id")?;
    Some((object.class.clone(), format!("{key:?}")))
}

/// The definitions that write rows, those that make up what they refer to among them.
pub(super) fn row_helpers() -> Vec<Vec<String>> {
    let wanted = WRITE
        .split("\n\n\n")
        .filter(|d| !d.starts_with("def write_rows"));
    wanted
        .map(|definition| lines_of(definition, true))
        .collect()
}

/// The lines of a definition, with or without those that make up what rows refer to.
fn lines_of(definition: &str, refers: bool) -> Vec<String> {
    let mut lines: Vec<String> = definition.trim_end().lines().map(str::to_owned).collect();
    if !refers && lines.last().is_some_and(|line| line.contains(HOLDS)) {
        // With the loop around it.
        lines.truncate(lines.len().saturating_sub(2));
    }
    lines
}
