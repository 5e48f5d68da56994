//! Logs that real frameworks wrote, read while they grow. Needs the shared corpus; says so where it is absent.

use super::*;

fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("GUWU_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let logs = shared.join("corpus/logs");
    if !logs.is_dir() {
        println!("skipped: there is no `{}`", logs.display());
        return None;
    }
    Some(logs)
}

/// Fingerprint and count of each group.
fn counts(place: &Place) -> Vec<(String, u64)> {
    let mut groups: Vec<(String, u64)> = place
        .store()
        .groups(&Filter::default())
        .unwrap()
        .into_iter()
        .map(|group| (group.fingerprint, group.count))
        .collect();
    groups.sort();
    groups
}

#[test]
fn f12_logs_of_real_frameworks_growing_under_the_scan() {
    let Some(logs) = corpus() else {
        return;
    };
    let mut compared = 0;
    for entry in fs::read_dir(logs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "log") {
            continue;
        }
        let text = fs::read(&path).unwrap();
        let once = Place::quick();
        fs::write(once.path("app.log"), &text).unwrap();
        once.scan(&["app.log"]);
        let grown = Place::quick();
        let mut written = 0;
        for step in 1..=6 {
            // Anywhere: inside a line, a character, a compressed piece.
            let end = if step == 6 {
                text.len()
            } else {
                text.len() * step / 6 + step
            };
            let end = end.min(text.len());
            let mut file = fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(grown.path("app.log"))
                .unwrap();
            file.write_all(&text[written..end]).unwrap();
            written = end;
            grown.scan(&["app.log"]);
        }
        assert_eq!(counts(&grown), counts(&once), "{}", path.display());
        compared += 1;
    }
    assert!(compared > 0, "the corpus holds no log");
}

#[test]
fn f29_a_table_that_a_real_handler_wrote() {
    let Some(logs) = corpus() else {
        return;
    };
    let original = logs.join("js_chromium_src_sqlite.db");
    let once = Place::quick();
    once.scan_specs(&[SourceSpec::table(&original, None)]);
    // The same rows as they come in.
    let grown = Place::quick();
    fs::create_dir(grown.path("logs")).unwrap();
    let copy = rusqlite::Connection::open(grown.path("logs/app.db")).unwrap();
    let attach = format!("ATTACH '{}' AS original", original.display());
    copy.execute_batch(&attach).unwrap();
    copy.execute_batch(
        "CREATE TABLE application_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp, level, logger, message,
             duration_ms, created_at)",
    )
    .unwrap();
    for until in [9, 88, 181, 300, 301, 302, 433, 500] {
        copy.execute(
            "INSERT INTO application_logs SELECT * FROM original.application_logs
             WHERE id <= ?1 AND id > (SELECT coalesce(max(id), 0) FROM main.application_logs)",
            [until],
        )
        .unwrap();
        grown.scan(&[]);
    }
    assert!(once.total() > 40);
    assert_eq!(counts(&grown), counts(&once));
}
