//! Which tables of an SQLite file are logs and what their columns mean, by name and by content.

use guwu_core::record::{is_level, is_record};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Which column holds what.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Columns {
    /// The text.
    pub message: String,
    /// `ERROR`, or a number as Python's logging uses it.
    pub level: Option<String>,
    /// Name of the logger.
    pub logger: Option<String>,
    /// Time as logged.
    pub timestamp: Option<String>,
    /// A traceback or stack of its own.
    pub trace: Option<String>,
}

/// The names that people give to columns, without what stands between words; the most telling first.
const MESSAGE: [&str; 16] = [
    "message",
    "msg",
    "logmessage",
    "renderedmessage",
    "formattedmessage",
    "errormessage",
    "text",
    "event",
    "body",
    "content",
    "entry",
    "excmessage",
    "excvalue",
    "exceptionmessage",
    "errortext",
    "description",
];
const LEVEL: [&str; 9] = [
    "level",
    "levelname",
    "loglevelname",
    "loglevel",
    "severity",
    "lvl",
    "levelno",
    "priority",
    "severitytext",
];
const LOGGER: [&str; 8] = [
    "logger",
    "loggername",
    "logname",
    "name",
    "source",
    "channel",
    "src",
    "module",
];
const TIMESTAMP: [&str; 13] = [
    "timestamp",
    "time",
    "loggedat",
    "datetime",
    "asctime",
    "ts",
    "createdat",
    "created",
    "date",
    "logtime",
    "createdatetime",
    "occurredat",
    "eventtime",
];
const TRACE: [&str; 10] = [
    "traceback",
    "exctext",
    "exception",
    "excinfo",
    "stacktrace",
    "stack",
    "trace",
    "tb",
    "exctraceback",
    "stackinfo",
];
/// Columns that hold whole records.
const RECORD: [&str; 9] = [
    "record",
    "line",
    "json",
    "payload",
    "data",
    "raw",
    "log",
    "logline",
    "rawmessage",
];
/// Columns that hold a trace among other things.
const MORE: [&str; 4] = ["extra", "details", "context", "properties"];
/// An identifier inside SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The tables that look like logs, by name.
pub(super) fn log_tables(connection: &Connection) -> rusqlite::Result<Vec<(String, Columns)>> {
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut tables = Vec::new();
    for name in names {
        let Some(columns) = recognise(connection, &name)? else {
            continue;
        };
        let says_log = ["log", "error", "event"]
            .iter()
            .any(|word| name.to_ascii_lowercase().contains(word));
        let is_whole = RECORD.contains(&plain(&columns.message).as_str());
        let good = match &columns.level {
            Some(level) => holds_levels(connection, &name, level)?,
            None => {
                is_whole || says_log && (columns.timestamp.is_some() || columns.trace.is_some())
            }
        };
        // A chat has messages and times too; a level, a logger or the name must speak for a log.
        if good && (says_log || is_whole || columns.level.is_some()) {
            tables.push((name, columns));
        }
    }
    Ok(tables)
}

/// What the columns of a table mean by their names; `None` without a message or a rowid to go by.
pub(super) fn recognise(connection: &Connection, table: &str) -> rusqlite::Result<Option<Columns>> {
    let mut found: Vec<String> = Vec::new();
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        found.push(row.get(0)?);
    }
    let pick = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| found.iter().find(|column| plain(column) == *name).cloned())
    };
    let trace = pick(&TRACE);
    let message = match pick(&MESSAGE) {
        Some(message) => message,
        None => match pick(&RECORD) {
            Some(column) if holds_records(connection, table, &column)? => column,
            // A table of errors that has nothing but their tracebacks.
            _ => match &trace {
                Some(trace) => trace.clone(),
                None => return Ok(None),
            },
        },
    };
    let has_rowid = connection
        .prepare(&format!("SELECT rowid FROM {} LIMIT 0", quoted(table)))
        .is_ok();
    Ok(has_rowid.then(|| Columns {
        message,
        level: pick(&LEVEL),
        logger: pick(&LOGGER),
        timestamp: pick(&TIMESTAMP),
        trace: trace.or_else(|| pick(&MORE)),
    }))
}

/// Whether a column's first values are whole records that say their level; an empty table is not believed.
fn holds_records(connection: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare(&format!(
        "SELECT {0} FROM {1} WHERE {0} IS NOT NULL LIMIT 20",
        quoted(column),
        quoted(table)
    ))?;
    let mut rows = statement.query([])?;
    let mut seen = false;
    while let Some(row) = rows.next()? {
        let fits = text(row, 0)?.is_some_and(|text| is_record(&text));
        if !fits {
            return Ok(false);
        }
        seen = true;
    }
    Ok(seen)
}

/// Whether a column's first values are levels; an empty table is believed.
fn holds_levels(connection: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare(&format!(
        "SELECT {} FROM {} LIMIT 20",
        quoted(column),
        quoted(table)
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let fits = match row.get_ref(0)? {
            ValueRef::Null => true,
            ValueRef::Integer(number) => (0..=60).contains(&number),
            ValueRef::Text(text) => is_level(String::from_utf8_lossy(text).trim()),
            _ => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A cell as text; `None` for NULL and for what is empty.
pub(super) fn text(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<String>> {
    let text = match row.get_ref(index)? {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    Ok((!text.is_empty()).then_some(text))
}

// Logger Name, logger_name, LoggerName
/// The letters of a column's name.
fn plain(column: &str) -> String {
    let letters = column
        .chars()
        .filter(|c| !matches!(c, '_' | ' ' | '-' | '.'));
    letters.collect::<String>().to_ascii_lowercase()
}

/// Whether what stands in a column is a trace, where the column may hold anything.
pub(super) fn is_trace(column: &str, text: &str) -> bool {
    !MORE.contains(&plain(column).as_str())
        || ["Traceback (most recent", "File \\\"", "\\n    at "]
            .iter()
            .any(|sign| text.contains(sign))
}

/// The level as a word.
pub(super) fn level(text: String) -> String {
    let word = match text.trim() {
        "10" => "DEBUG",
        "20" => "INFO",
        "30" => "WARNING",
        "40" => "ERROR",
        "50" => "CRITICAL",
        other => other,
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(sql: &str) -> Vec<String> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        let found = log_tables(&connection).unwrap();
        found.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn columns_are_told_however_their_words_are_joined() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE log (\"Time Stamp\", Source, LogLevel, LogLevelName, Rendered_Message, Module, trace, extra)",
            )
            .unwrap();
        let columns = recognise(&connection, "log").unwrap().unwrap();
        assert_eq!(columns.message, "Rendered_Message");
        assert_eq!(columns.level.as_deref(), Some("LogLevelName"));
        assert_eq!(columns.logger.as_deref(), Some("Source"));
        assert_eq!(columns.timestamp.as_deref(), Some("Time Stamp"));
        assert_eq!(columns.trace.as_deref(), Some("trace"));
        assert!(is_trace("trace", "anything"));
        assert!(!is_trace("extra", "{\"user\": 7}"));
        assert!(is_trace(
            "extra",
            "{\"exc_info\": \"Traceback (most recent call last):\"}"
        ));
    }

    #[test]
    fn log_tables_are_told_by_names_and_contents() {
        assert_eq!(
            tables(
                "CREATE TABLE application_logs (id INTEGER PRIMARY KEY, timestamp, level, logger, message, duration_ms, created_at);
                 CREATE TABLE logs (id INTEGER PRIMARY KEY, created, level, logger_name, message, pathname, lineno, func_name);
                 INSERT INTO logs VALUES (1, 'x', 'ERROR', 'a', 'b', 'c', 1, 'd');
                 CREATE TABLE journal (levelno INTEGER, msg TEXT);
                 INSERT INTO journal VALUES (40, 'x');"
            ),
            ["application_logs", "journal", "logs"]
        );
    }

    #[test]
    fn whole_records_and_bare_tracebacks() {
        assert_eq!(
            tables(
                "CREATE TABLE captured (id INTEGER PRIMARY KEY, line TEXT);
                 INSERT INTO captured VALUES (1, '{\"level\": \"ERROR\", \"message\": \"x\"}'), (2, '2026-11-22 13:31:44,213 INFO a: b');
                 CREATE TABLE error_reports (id INTEGER PRIMARY KEY, created_at, exc_type, exc_value, traceback);
                 CREATE TABLE errors_seen (id INTEGER PRIMARY KEY, traceback);
                 CREATE TABLE orders (id INTEGER PRIMARY KEY, data TEXT);
                 INSERT INTO orders VALUES (1, '{\"sku\": \"A1\"}');
                 CREATE TABLE outbox (id INTEGER PRIMARY KEY, payload TEXT);"
            ),
            ["captured", "error_reports", "errors_seen"]
        );
    }

    #[test]
    fn other_tables_are_no_logs() {
        assert_eq!(
            tables(
                "CREATE TABLE chat (id INTEGER PRIMARY KEY, time, name, message);
                 CREATE TABLE players (name, level INTEGER, text);
                 INSERT INTO players VALUES ('x', 4000, 'hello');
                 CREATE TABLE log_settings (name, value);
                 CREATE TABLE cards (level TEXT, message TEXT);
                 INSERT INTO cards VALUES ('beginner', 'x');
                 CREATE TABLE keyed_logs (id TEXT PRIMARY KEY, level, message) WITHOUT ROWID;"
            ),
            [""; 0]
        );
    }

    #[test]
    fn columns_of_the_known_layouts() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE l (Id, CREATED_AT, Timestamp, \"level\", logger_name, message, exc_text)")
            .unwrap();
        let columns = recognise(&connection, "l").unwrap().unwrap();
        assert_eq!(columns.timestamp.as_deref(), Some("Timestamp"));
        assert_eq!(columns.logger.as_deref(), Some("logger_name"));
        assert_eq!(columns.trace.as_deref(), Some("exc_text"));
    }
}
