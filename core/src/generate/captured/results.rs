//! Rows that queries gave, of sqlite3 and of SQLAlchemy, made again of their columns, or put into the database that the
//! project's own fixtures make. No other is opened but an empty one in memory.

use super::build::Builder;
use super::layout::Code;
use super::manner::PLAIN;
use super::{databases, import_into};
use crate::capture::{Captured, Name, Value};
use crate::generate::arguments::Source;
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

const INSERT: &str = include_str!("../templates/insert_rows.py");
/// More rows are no readable test.
const MOST: usize = 12;
const SQLITE: &str = include_str!("../templates/sqlite_row.py");
const SQLALCHEMY: &str = include_str!("../templates/sqlalchemy_row.py");

impl<'a> Writer<'a> {
    /// The same request with the rows that queries of sqlite3 had given in the database of the project's fixtures. `None`
    /// where there are none of either.
    pub(super) fn with_results(&self, plan: &Plan, captured: &'a Captured) -> Option<Plan> {
        let arguments = self.arguments(plan.layer);
        if !databases::has_client(&plan.setup) || !arguments.visible_fixture("app") {
            return None;
        }
        let known = captured.numbered();
        let rows: Vec<&Value> = known.values().filter_map(|value| columns(value)).collect();
        let (module, function) = self.map.returned(&["sqlite3.connect"]).into_iter().next()?;
        let mut builder = Builder::new(self.map, PLAIN, known.clone(), &[]);
        for name in ["app", "client", "response", "insert_rows"] {
            builder.reserve(name);
        }
        let mut codes: Vec<Code> = Vec::new();
        for row in rows.into_iter().take(MOST) {
            let mark = builder.mark();
            match builder.value(row, "row") {
                Some(code) if !codes.contains(&code) => codes.push(code),
                _ => builder.back_to(mark),
            }
        }
        if codes.is_empty() {
            return None;
        }
        let opened = Name {
            module,
            qualname: function,
        };
        let connect = import_into(&mut builder.setup, &opened)?;
        let before = format!("    insert_rows({connect}(), ");
        let call = Code::group(before, codes, ")");
        let mut statements = vec!["with app.app_context():".to_owned()];
        let lines = call.lines("", "");
        let (first, rest) = lines.split_first()?;
        statements.push(first.clone());
        statements.extend(rest.iter().map(|line| format!("    {line}")));
        builder.statement(statements);
        builder.setup.fixture("app");
        let helper = INSERT.trim_end().lines().map(str::to_owned);
        builder.setup.helpers.push(helper.collect());
        let mut plan = plan.clone();
        plan.stand_ins += builder.stand_ins;
        plan.insert(0, builder.setup)?;
        plan.recipe = None;
        let is_read = captured.request.as_ref().is_none_or(|r| r.method == "GET");
        if !is_read {
            // What is written next may need rows that nobody had looked at.
            plan.setup.used(Source::Invented);
        }
        Some(plan)
    }
}

/// The dict of the columns of a row of sqlite3.
fn columns(value: &Value) -> Option<&Value> {
    match value {
        Value::Call { callee, args, .. }
            if (callee.module.as_str(), callee.qualname.as_str()) == ("sqlite3", "Row") =>
        {
            args.first()
        }
        _ => None,
    }
}

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
