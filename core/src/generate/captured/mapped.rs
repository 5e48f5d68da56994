//! What SQLAlchemy maps: the rows that were captured, and a session of a database in memory that holds them.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Builder;
use super::databases::declarative_base;
use super::layout::Code;
use super::manner::Rows;
use super::trust;
use crate::capture::{Captured, Id, Name, Object, ObjectKind, Value};
use crate::generate::strategies::Writer;

/// The file of a database of the test's own.
const OF_FILE: &str = "test.db";

/// Whether it is a session of SQLAlchemy, or of what is built on it.
pub(super) fn is_session(class: &Name) -> bool {
    let is_known = ["sqlalchemy", "sqlmodel", "flask_sqlalchemy"]
        .contains(&class.module.split('.').next().unwrap_or_default());
    is_known && class.qualname == "Session"
}

/// Saved instances of classes that SQLAlchemy maps, wherever they were captured; not those that others hold, which are
/// saved with them.
pub(super) fn rows<'a>(known: &BTreeMap<Id, &'a Value>) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let mut within = BTreeSet::new();
    for value in known.values().copied() {
        if matches!(value, Value::Object(object) if is_row(object) && !within.contains(&object.id))
        {
            found.push(value);
            note_all_within(value, known, &mut within);
        }
    }
    found
}

fn note_all_within<'a>(
    value: &'a Value,
    known: &BTreeMap<Id, &'a Value>,
    found: &mut BTreeSet<Id>,
) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        value.walk(&mut |inner| {
            match inner {
                Value::Object(object) => {
                    found.insert(object.id);
                }
                Value::Ref(id) if found.insert(*id) => open.extend(known.get(id)),
                _ => {}
            }
            true
        });
    }
}

fn is_row(object: &Object) -> bool {
    object.kind == ObjectKind::SqlAlchemy && object.is_saved && !object.is_local
}

impl<'a> Builder<'a> {
    /// A session of a database in memory that holds the captured rows.
    pub(super) fn session_or_stand_in(&mut self) -> Code {
        if self.manner.rows == Rows::All {
            let mark = self.mark();
            if let Some(code) = self.session() {
                return code;
            }
            self.back_to(mark);
        }
        self.stand_in()
    }

    fn session(&mut self) -> Option<Code> {
        if let Some(name) = &self.written.session {
            // One call is given one database.
            return Some(Code::atom(name));
        }
        let engine = self.engine_with_tables()?;
        let class = self.import(&name("sqlalchemy.orm", "Session"))?;
        let session = self.variable("session");
        self.statement(vec![format!("{session} = {class}({engine})")]);
        self.add_rows(&session);
        self.written.session = Some(session.clone());
        Some(Code::atom(session))
    }

    /// Makes the tables of the project's models in memory; gives the engine's variable.
    pub(super) fn engine_with_tables(&mut self) -> Option<String> {
        let owner = self.owner_of_tables()?;
        let owner = self.import(&owner)?;
        let engine = self.engine()?;
        self.statement(vec![format!("{owner}.metadata.create_all({engine})")]);
        Some(engine)
    }

    /// A database in memory that all threads share; gives the engine's variable.
    pub(super) fn engine(&mut self) -> Option<String> {
        let create = self.import(&name("sqlalchemy", "create_engine"))?;
        let pool = self.import(&name("sqlalchemy.pool", "StaticPool"))?;
        let engine = self.variable("engine");
        let make = Code::group(
            format!("{create}("),
            vec![
                Code::atom("\"sqlite://\""),
                Code::atom("connect_args={\"check_same_thread\": False}"),
                Code::atom(format!("poolclass={pool}")),
            ],
            ")",
        );
        self.statement(make.lines(&format!("{engine} = "), ""));
        Some(engine)
    }

    /// A database in a file of the test's own; gives the engine's variable.
    pub(super) fn engine_of_file(&mut self) -> Option<String> {
        let create = self.import(&name("sqlalchemy", "create_engine"))?;
        self.setup.fixture("tmp_path");
        let engine = self.variable("engine");
        self.statement(vec![format!(
            "{engine} = {create}(f\"sqlite:///{{tmp_path}}/{OF_FILE}\")"
        )]);
        Some(engine)
    }

    /// The same file for code that awaits its database; gives the engine's variable.
    pub(super) fn async_engine(&mut self) -> Option<String> {
        let create = self.import(&name("sqlalchemy.ext.asyncio", "create_async_engine"))?;
        let pool = self.import(&name("sqlalchemy.pool", "NullPool"))?;
        let engine = self.variable("async_engine");
        let make = Code::group(
            format!("{create}("),
            vec![
                Code::atom(format!("f\"sqlite+aiosqlite:///{{tmp_path}}/{OF_FILE}\"")),
                Code::atom(format!("poolclass={pool}")),
            ],
            ")",
        );
        self.statement(make.lines(&format!("{engine} = "), ""));
        Some(engine)
    }

    /// A class whose `metadata` knows the tables.
    pub(super) fn owner_of_tables(&self) -> Option<Name> {
        let captured = rows(self.known())
            .into_iter()
            .find_map(|value| match value {
                Value::Object(object) if trust::may_build(&object.class, self.map) => {
                    Some(object.class.clone())
                }
                _ => None,
            });
        captured.or_else(|| declarative_base(self.map))
    }

    /// Adds what was captured to a session and commits it.
    pub(super) fn add_rows(&mut self, session: &str) -> bool {
        let added = self.row_codes();
        if added.is_empty() {
            return false;
        }
        let add = Code::group(format!("{session}.add_all(["), added, "])");
        self.statement(add.lines("", ""));
        self.statement(vec![format!("{session}.commit()")]);
        true
    }

    /// What was captured, each as an expression.
    pub(super) fn row_codes(&mut self) -> Vec<Code> {
        let mut added = Vec::new();
        for value in rows(self.known()) {
            let mark = self.mark();
            match self.value(value, "") {
                Some(code) => added.push(code),
                None => self.back_to(mark),
            }
        }
        added
    }
}

impl Writer<'_> {
    /// Whether a call was given a session that can be made again.
    pub(super) fn has_sessions(&self, captured: &Captured) -> bool {
        let mut found = false;
        let frames = captured.frames.iter().chain(&captured.outer);
        for value in frames.flat_map(|f| f.arguments.iter().map(|a| &a.value)) {
            value.walk(&mut |inner| {
                found |=
                    matches!(inner, Value::Opaque { class: Some(class), .. } if is_session(class));
                !found
            });
        }
        found && (!rows(&captured.numbered()).is_empty() || declarative_base(self.map).is_some())
    }
}

pub(super) fn name(module: &str, qualname: &str) -> Name {
    Name {
        module: module.to_owned(),
        qualname: qualname.to_owned(),
    }
}
