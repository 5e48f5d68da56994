//! f29: log tables of SQLite files, with everything that happens to them.

use guwu::source::table::Columns;
use rusqlite::Connection;

use super::*;

const SCHEMA: &str = "CREATE TABLE application_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp DATETIME NOT NULL, level VARCHAR(10) NOT NULL,
    logger VARCHAR(100) NOT NULL, message TEXT NOT NULL, duration_ms REAL,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// The same without AUTOINCREMENT: ids of deleted rows are given again.
const REUSING: &str = "CREATE TABLE application_logs (
    id INTEGER PRIMARY KEY, timestamp TEXT, level TEXT, logger TEXT, message TEXT)";

fn database(place: &Place, schema: &str) -> Connection {
    fs::create_dir_all(place.path("logs")).unwrap();
    let connection = Connection::open(place.path("logs/app.db")).unwrap();
    connection.execute_batch(schema).unwrap();
    connection
}

/// Rows numbered from `first`; every other one is an error, of three kinds.
fn insert(connection: &Connection, first: usize, count: usize) {
    let alone = connection.is_autocommit();
    if alone {
        connection.execute_batch("BEGIN").unwrap();
    }
    for number in first..first + count {
        let stamp = format!(
            "2026-02-05T05:{:02}:{:02}.{number:06}",
            number / 60 % 60,
            number % 60
        );
        let (level, message) = if number.is_multiple_of(2) {
            ("INFO", format!("request {number} served"))
        } else {
            let text = failure(number, ["alpha", "beta", "gamma"][number % 3]);
            let (_, message) = text.split_once("app.facade: ").unwrap();
            ("ERROR", message.trim_end().to_owned())
        };
        connection
            .execute(
                "INSERT INTO application_logs (timestamp, level, logger, message) VALUES (?1, ?2, 'app.facade', ?3)",
                [stamp.as_str(), level, message.as_str()],
            )
            .unwrap();
    }
    if alone {
        connection.execute_batch("COMMIT").unwrap();
    }
}

#[test]
fn f29_rows_are_read_once() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 1201);
    let report = place.scan(&[]);
    assert_eq!((report.failures, report.new_groups.len()), (600, 3));
    assert_eq!(report.problems, [""; 0]);
    assert_eq!(place.scan(&[]), Report::default());
    insert(&connection, 1201, 3);
    assert_eq!(place.scan(&[]).failures, 2);
    assert_eq!(place.total(), 602);
    let groups = place.store().groups(&Filter::default()).unwrap();
    assert_eq!(
        groups[0].example.origin.source,
        "logs/app.db#application_logs"
    );
    assert!(
        groups[0].example.origin.line.is_multiple_of(2),
        "ids begin at 1, errors have odd numbers"
    );
}

#[test]
fn f29_retention_takes_rows() {
    for all in [false, true] {
        let place = Place::new();
        let connection = database(&place, SCHEMA);
        insert(&connection, 0, 200);
        place.scan(&[]);
        let deleted = if all { "" } else { "WHERE id <= 120" };
        connection
            .execute(&format!("DELETE FROM application_logs {deleted}"), [])
            .unwrap();
        assert_eq!(place.scan(&[]), Report::default());
        insert(&connection, 200, 10);
        assert_eq!(place.scan(&[]).failures, 5);
        connection.execute_batch("VACUUM").unwrap();
        assert_eq!(place.scan(&[]), Report::default());
        assert_eq!(place.total(), 105);
    }
}

#[test]
fn f29_retention_by_level() {
    let place = Place::new();
    let connection = database(&place, REUSING);
    insert(&connection, 0, 300);
    place.scan(&[]);
    connection
        .execute(
            "DELETE FROM application_logs WHERE level = 'INFO' OR id > 100",
            [],
        )
        .unwrap();
    assert_eq!(place.scan(&[]).failures, 0);
    insert(&connection, 300, 4);
    assert_eq!(place.scan(&[]).failures, 2);
    assert_eq!(place.total(), 152);
}

#[test]
fn f29_ids_used_again_after_a_clear() {
    // Fewer, as many and more rows than before.
    for again in [10, 200, 500] {
        let place = Place::new();
        let connection = database(&place, REUSING);
        insert(&connection, 0, 200);
        place.scan(&[]);
        connection
            .execute("DELETE FROM application_logs", [])
            .unwrap();
        insert(&connection, 1000, again);
        assert_eq!(place.scan(&[]).failures, again as u64 / 2, "{again} rows");
        assert_eq!(place.scan(&[]), Report::default());
        assert_eq!(place.total(), 100 + again as u64 / 2);
    }
}

#[test]
fn f29_the_last_rows_go_and_their_ids_come_back() {
    let place = Place::new();
    let connection = database(&place, REUSING);
    insert(&connection, 0, 200);
    place.scan(&[]);
    connection
        .execute("DELETE FROM application_logs WHERE id > 190", [])
        .unwrap();
    insert(&connection, 1000, 20);
    assert_eq!(place.scan(&[]).failures, 10);
    assert_eq!(place.total(), 110);
}

#[test]
fn f29_the_file_is_replaced() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 100);
    place.scan(&[]);
    drop(connection);
    fs::remove_file(place.path("logs/app.db")).unwrap();
    assert_eq!(place.scan(&[]), Report::default());
    let connection = database(&place, SCHEMA);
    insert(&connection, 100, 300);
    assert_eq!(place.scan(&[]).failures, 150);
    assert_eq!(place.total(), 200);
}

#[test]
fn f29_a_backup_brings_old_rows_back() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 100);
    place.scan(&[]);
    drop(connection);
    let backup = fs::read(place.path("logs/app.db")).unwrap();
    fs::remove_file(place.path("logs/app.db")).unwrap();
    let connection = database(&place, SCHEMA);
    insert(&connection, 100, 50);
    place.scan(&[]);
    drop(connection);
    fs::write(place.path("logs/app.db"), backup).unwrap();
    assert_eq!(place.scan(&[]).failures, 0);
    assert_eq!(place.total(), 75);
}

#[test]
fn f29_vacuum_renumbers_rows_without_a_key() {
    let place = Place::new();
    let connection = database(
        &place,
        "CREATE TABLE application_logs (timestamp TEXT, level TEXT, logger TEXT, message TEXT)",
    );
    insert(&connection, 0, 200);
    place.scan(&[]);
    connection
        .execute("DELETE FROM application_logs WHERE rowid <= 60", [])
        .unwrap();
    connection.execute_batch("VACUUM").unwrap();
    insert(&connection, 200, 6);
    assert_eq!(place.scan(&[]).failures, 3);
    assert_eq!(place.total(), 103);
}

#[test]
fn f29_a_writer_in_wal_mode_is_not_disturbed() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    insert(&connection, 0, 100);
    // A transaction of the application is open: its rows are not there yet, and it can commit afterwards.
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    insert(&connection, 100, 10);
    assert_eq!(place.scan(&[]).failures, 50);
    connection.execute_batch("COMMIT").unwrap();
    assert_eq!(place.scan(&[]).failures, 5);
    drop(connection);
    // Nobody uses it now. Opening it the ordinary way would leave files of ours beside it.
    assert_eq!(place.scan(&[]), Report::default());
    let mut left: Vec<String> = fs::read_dir(place.path("logs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["app.db"]);
    let connection = Connection::open(place.path("logs/app.db")).unwrap();
    insert(&connection, 110, 10);
    assert_eq!(place.scan(&[]).failures, 5);
}

#[test]
fn f29_a_locked_database_is_said_and_read_later() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 10);
    place.scan(&[]);
    insert(&connection, 10, 10);
    connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let specs = source::discover(place.root(), &[]);
    let mut store = place.impatient_store();
    let report = source::ingest(&mut store, &specs, &Options::default(), NOW).unwrap();
    assert_eq!(report.failures, 0);
    assert!(
        report.problems[0].contains("another program holds it"),
        "{:?}",
        report.problems
    );
    connection.execute_batch("COMMIT").unwrap();
    assert_eq!(place.scan(&[]).failures, 5);
    assert_eq!(place.total(), 10);
}

#[test]
fn f29_the_application_file_keeps_every_byte() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 50);
    drop(connection);
    let before = fs::read(place.path("logs/app.db")).unwrap();
    place.scan(&[]);
    assert!(before == fs::read(place.path("logs/app.db")).unwrap());
}

#[test]
fn a_table_and_its_columns_can_be_told() {
    let place = Place::new();
    let connection = database(
        &place,
        "CREATE TABLE \"odd \"\" name\" (wann TEXT, was TEXT, wie TEXT);
         INSERT INTO \"odd \"\" name\" VALUES ('2026-02-05T05:00:00', 'the cache is gone', 'ERROR')",
    );
    drop(connection);
    assert_eq!(place.scan(&[]), Report::default());
    let report = place.scan(&["logs/app.db"]);
    assert!(
        report.problems[0].contains("no table that looks like a log"),
        "{:?}",
        report.problems
    );
    let spec = SourceSpec::Table {
        path: place.path("logs/app.db"),
        name: "app".to_owned(),
        table: Some("odd \" name".to_owned()),
        columns: Some(Columns {
            message: "was".to_owned(),
            level: Some("wie".to_owned()),
            timestamp: Some("wann".to_owned()),
            ..Columns::default()
        }),
        explicit: true,
    };
    assert_eq!(place.scan_specs(std::slice::from_ref(&spec)).failures, 1);
    assert_eq!(place.scan_specs(&[spec]).failures, 0);
    let report = place.scan_specs(&[SourceSpec::table(place.path("logs/app.db"), Some("absent"))]);
    assert!(
        report.problems[0].contains("`absent`"),
        "{:?}",
        report.problems
    );
}

#[test]
fn a_table_can_be_read_without_a_store() {
    let place = Place::new();
    let connection = database(&place, SCHEMA);
    insert(&connection, 0, 1100);
    let found = source::table::failures(
        &place.path("logs/app.db"),
        "app.db",
        None,
        &Options::default(),
    )
    .unwrap();
    assert_eq!(found.len(), 550);
    assert_eq!(found[0].origin.line, 2);
    assert_eq!(found[549].origin.line, 1100);
}
