//! Rows that queries gave, of sqlite3 and of SQLAlchemy, made again of their columns. No database is opened but an empty one
//! in memory.

use super::build::Builder;
use super::layout::Code;
use crate::capture::{Name, Value};
use crate::generate::literal;

const SQLITE: &str = include_str!("../templates/sqlite_row.py");
const SQLALCHEMY: &str = include_str!("../templates/sqlalchemy_row.py");

impl<'a> Builder<'a> {
    /// A row of its columns. `None` where a call makes none.
    pub(super) fn result(&mut self, callee: &Name, args: &'a [Value]) -> Option<Code> {
        let (helper, function, after) = match (callee.module.as_str(), callee.qualname.as_str()) {
            ("sqlite3", "Row") => (SQLITE, "sqlite_row", ""),
            ("sqlalchemy.engine.row", "Row") => (SQLALCHEMY, "sqlalchemy_row", ""),
            ("sqlalchemy.engine.row", "RowMapping") => (SQLALCHEMY, "sqlalchemy_row", "._mapping"),
            _ => return None,
        };
        let [Value::Dict { entries, .. }] = args else {
            return None;
        };
        let mut items = Vec::new();
        for (column, value) in entries {
            let Value::Text(column) = column else {
                return None;
            };
            let value = self.value(value, column)?;
            items.push(option(column, value));
        }
        self.reserve(function);
        let helper: Vec<String> = helper.trim_end().lines().map(str::to_owned).collect();
        if !self.setup.helpers.contains(&helper) {
            self.setup.helpers.push(helper);
        }
        if function == "sqlite_row" {
            self.setup.modules.insert("sqlite3".to_owned());
        } else {
            const FROM: &str = "sqlalchemy.engine.result";
            self.setup.import(FROM, "IteratorResult");
            self.setup.import(FROM, "SimpleResultMetaData");
        }
        Some(Code::group(
            format!("{function}("),
            items,
            format!("){after}"),
        ))
    }
}

/// `name=value`, or `**{"a name": value}` where it is no identifier.
pub(super) fn option(name: &str, value: Code) -> Code {
    if literal::is_identifier(name) {
        return Code::named(name, value);
    }
    let key = format!("{}: ", literal::string(name));
    let entry = Code::Prefixed(key, Box::new(value));
    Code::Prefixed(
        "**".to_owned(),
        Box::new(Code::group("{", vec![entry], "}")),
    )
}
