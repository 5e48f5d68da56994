//! The store in trouble: damaged, locked, full, read-only, too new, gone.

use guwu::store::{NewCandidate, Status, StoreError};
use rusqlite::Connection;

use super::*;

fn ingest(place: &Place, store: &mut Store) -> Result<Report, StoreError> {
    let specs = source::discover(place.root(), &[]);
    source::ingest(store, &specs, &Options::default(), NOW)
}

fn database(place: &Place) -> PathBuf {
    place.path("tools/guwu/failures.db")
}

#[test]
fn f03_a_damaged_store_is_kept_aside_and_said() {
    for damage in ["not a database at all, but long enough to be looked at", ""] {
        let place = Place::new();
        place.write("logs/app.log", &log(0, 9));
        place.scan(&[]);
        for round in 1..=2 {
            fs::write(database(&place), damage).unwrap();
            let _ = fs::remove_file(place.path("tools/guwu/failures.db-wal"));
            if !damage.is_empty() {
                let error = Store::open_read_only(&place.path("tools/guwu")).unwrap_err();
                assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
            }
            let mut store = Store::open(&place.path("tools/guwu")).unwrap();
            let notice = store.notices().join("\n");
            let kept = format!("failures.db.corrupt-{round}");
            assert!(notice.contains(&kept), "{notice}");
            assert_eq!(
                fs::read_to_string(place.path("tools/guwu").join(kept)).unwrap(),
                damage
            );
            // Gathered again from the log that still exists.
            assert_eq!(ingest(&place, &mut store).unwrap().failures, 9);
            assert_eq!(place.total(), 9);
        }
    }
}

#[test]
fn f03_a_page_of_rubbish_is_found() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 600));
    place.scan(&[]);
    Connection::open(database(&place))
        .unwrap()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let mut bytes = fs::read(database(&place)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 3000].fill(0xa5);
    fs::write(database(&place), &bytes).unwrap();
    let store = Store::open(&place.path("tools/guwu")).unwrap();
    assert!(
        store.notices()[0].contains("damaged"),
        "{:?}",
        store.notices()
    );
}

#[test]
fn f03_a_missing_store_is_said_when_there_was_one() {
    let place = Place::new();
    place.store();
    fs::remove_file(database(&place)).unwrap();
    let store = Store::open(&place.path("tools/guwu")).unwrap();
    assert!(
        store.notices()[0].contains("missing"),
        "{:?}",
        store.notices()
    );
}

#[test]
fn f03_a_torn_write_ahead_log_loses_position_and_failures_alike() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 700));
    let mut store = place.store();
    ingest(&place, &mut store).unwrap();
    // While the store is open its last commits are in the log beside it: this is the disk at a power cut.
    let main = fs::read(database(&place)).unwrap();
    let wal = fs::read(place.path("tools/guwu/failures.db-wal")).unwrap();
    drop(store);
    assert!(wal.len() > 100_000);
    for part in 0..12 {
        let torn = Place::new();
        torn.write("logs/app.log", &log(0, 700));
        torn.write("tools/guwu/x", "");
        fs::write(database(&torn), &main).unwrap();
        let mut left = wal[..wal.len() * part / 11].to_vec();
        // The last sector holds something else.
        let end = left.len();
        left[end.saturating_sub(512)..].fill(0);
        fs::write(torn.path("tools/guwu/failures.db-wal"), left).unwrap();
        let specs = source::discover(torn.root(), &[]);
        let mut store = torn.store();
        let before: u64 = store
            .groups(&Filter::default())
            .unwrap()
            .iter()
            .map(|g| g.count)
            .sum();
        let report = source::ingest(&mut store, &specs, &Options::default(), NOW).unwrap();
        // Another folder, so other inodes: the log is known by its contents.
        assert_eq!(before + report.failures, 700, "part {part}");
        assert_eq!(torn.total(), 700, "part {part}");
    }
}

#[test]
fn f16_a_full_disk_moves_no_position() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 300));
    place.scan(&[]);
    for number in 0..400 {
        place.append(
            "logs/app.log",
            &failure(number, &format!("kind{}", "x".repeat(number))),
        );
    }
    let size = fs::metadata(database(&place)).unwrap().len();
    let options = OpenOptions {
        size_limit: Some(size + 40_000),
        ..OpenOptions::default()
    };
    let mut full = Store::open_with(&place.path("tools/guwu"), &options).unwrap();
    let error = ingest(&place, &mut full).unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.to_string().contains("no space left"), "{error}");
    let kept: u64 = full
        .groups(&Filter::default())
        .unwrap()
        .iter()
        .map(|g| g.count)
        .sum();
    drop(full);
    let report = place.scan(&[]);
    assert_eq!(kept + report.failures, 700);
    assert_eq!(place.total(), 700);
}

/// As another user where the tests run as root, who may write everywhere.
#[cfg(unix)]
#[test]
fn f17_a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    if let Some(folder) = std::env::var_os("GUWU_TEST_READ_ONLY") {
        let folder = PathBuf::from(folder);
        let error = Store::open(&folder.join("store")).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
        let error = Store::open(&folder.join("none")).unwrap_err();
        assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
        let store = Store::open_read_only(&folder.join("store"))
            .unwrap()
            .unwrap();
        let total: u64 = store
            .groups(&Filter::default())
            .unwrap()
            .iter()
            .map(|g| g.count)
            .sum();
        assert_eq!(total, 5);
        return;
    }
    let place = Place::new();
    place.write("logs/app.log", &log(0, 5));
    place.scan(&[]);
    fs::rename(place.path("tools/guwu"), place.path("store")).unwrap();
    let binary = place.path("test-binary");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for entry in fs::read_dir(place.path("store")).unwrap() {
        allow(&entry.unwrap().path(), 0o444);
    }
    allow(&place.path("store"), 0o555);
    allow(&binary, 0o755);
    allow(place.root(), 0o555);
    let mut command = std::process::Command::new(&binary);
    command
        .args(["--exact", "store::f17_a_read_only_folder", "--nocapture"])
        .env("GUWU_TEST_READ_ONLY", place.root());
    if rustix::process::getuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    allow(place.root(), 0o755);
    allow(&place.path("store"), 0o755);
    assert!(
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn f18_a_locked_store_is_said_and_nothing_moves() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 5));
    place.scan(&[]);
    place.append("logs/app.log", &log(5, 5));
    let mut store = place.impatient_store();
    let other = Connection::open(database(&place)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = ingest(&place, &mut store).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    // Reading goes on all the while.
    assert_eq!(store.groups(&Filter::default()).unwrap().len(), 3);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(ingest(&place, &mut store).unwrap().failures, 5);
    assert_eq!(place.total(), 10);
}

#[test]
fn f20_a_newer_store_is_refused_and_left_alone() {
    for file in ["failures.db", "patterns.db", "learning_metrics.db"] {
        let place = Place::new();
        place.store();
        let path = place.path("tools/guwu").join(file);
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let before = fs::read(&path).unwrap();
        let error = Store::open(&place.path("tools/guwu")).unwrap_err();
        assert!(error.to_string().contains("schema version 99"), "{error}");
        assert!(Store::open_read_only(&place.path("tools/guwu")).is_err());
        assert!(before == fs::read(&path).unwrap());
    }
}

#[test]
fn f20_an_older_store_becomes_a_newer_one() {
    let place = Place::new();
    place.write("tools/guwu/x", "");
    // Version 0: ours by its mark, without any table yet.
    Connection::open(database(&place))
        .unwrap()
        .pragma_update(None, "application_id", 0x4775_5775)
        .unwrap();
    place.write("logs/app.log", &log(0, 4));
    assert!(Store::open_read_only(&place.path("tools/guwu")).is_err());
    assert_eq!(place.scan(&[]).failures, 4);
}

#[test]
fn f20_the_database_of_another_program_is_left_alone() {
    let place = Place::new();
    place.write("tools/guwu/x", "");
    Connection::open(database(&place))
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    let before = fs::read(database(&place)).unwrap();
    let error = Store::open(&place.path("tools/guwu")).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert!(before == fs::read(database(&place)).unwrap());
}

#[test]
fn f21_a_store_deleted_while_open() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 4));
    let mut store = place.store();
    fs::remove_dir_all(place.path("tools/guwu")).unwrap();
    let error = ingest(&place, &mut store).unwrap_err();
    assert!(matches!(error, StoreError::Gone { .. }), "{error}");
    assert_eq!(place.scan(&[]).failures, 4);
}

#[test]
fn no_store_is_no_error_for_a_reader() {
    let place = Place::new();
    assert!(
        Store::open_read_only(&place.path("tools/guwu"))
            .unwrap()
            .is_none()
    );
    assert!(!place.path("tools").exists());
}

fn new_candidate(fingerprint: &str, content: &str) -> NewCandidate {
    NewCandidate {
        fingerprint: fingerprint.to_owned(),
        strategy: "replay".to_owned(),
        layer: "unit".to_owned(),
        tier: "draft".to_owned(),
        confidence: 0.6,
        evidence: "{}".to_owned(),
        path: "tests/test_x.py".to_owned(),
        node_id: "tests/test_x.py::test_x".to_owned(),
        content: content.to_owned(),
        content_hash: content.to_owned(),
        state: "proposed".to_owned(),
        created_at: NOW.to_owned(),
    }
}

#[test]
fn groups_candidates_proofs_and_the_library() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 9));
    place.scan(&[]);
    let mut store = place.store();
    let groups = store.groups(&Filter::default()).unwrap();
    let id = groups[0].fingerprint.clone();
    let hex = id.split_once(':').unwrap().1;
    for name in [id.as_str(), hex, &hex[..12], &id[..14], &hex.to_uppercase()] {
        assert_eq!(store.find_group(name).unwrap().fingerprint, id, "{name}");
    }
    for name in ["", "1:%", "zz", "ffffffffffffffffff", "_"] {
        assert!(
            matches!(store.find_group(name), Err(StoreError::NoGroup { .. })),
            "{name}"
        );
    }
    let Err(StoreError::Ambiguous { matches, .. }) = store.find_group("1:") else {
        panic!("`1:` fits all three");
    };
    assert_eq!(matches.len(), 3);

    store.set_status(&id, Status::Noise).unwrap();
    assert!(store.set_status("1:0", Status::Noise).is_err());
    assert_eq!(store.find_group(&id).unwrap().status, Status::Noise);
    let noise = Filter {
        statuses: vec![Status::Noise],
        ..Filter::default()
    };
    assert_eq!(store.groups(&noise).unwrap().len(), 1);

    assert_eq!(store.gap(&id).unwrap(), None);
    store.put_gap(&id, "{}").unwrap();
    store.put_gap(&id, "{\"a\":1}").unwrap();
    assert_eq!(store.gap(&id).unwrap().as_deref(), Some("{\"a\":1}"));

    let first = store.put_candidate(&new_candidate(&id, "one")).unwrap();
    assert_eq!(
        store.put_candidate(&new_candidate(&id, "one")).unwrap(),
        first
    );
    let second = store.put_candidate(&new_candidate(&id, "two")).unwrap();
    assert_ne!(first, second);
    assert_eq!(store.candidates(&id).unwrap().len(), 1);
    store.set_candidate_state(second, "created").unwrap();
    let third = store.put_candidate(&new_candidate(&id, "two")).unwrap();
    assert_ne!(second, third);
    assert_eq!(store.candidates(&id).unwrap().len(), 2);
    assert!(store.set_candidate_state(999, "created").is_err());

    store
        .record_proof(&id, second, "red-same", "{}", NOW)
        .unwrap();
    store.record_proof(&id, second, "green", "{}", NOW).unwrap();
    store
        .record_outcome(&id, Some(second), "guards", Some(0.9), NOW)
        .unwrap();
    let proofs = store.proofs(second).unwrap();
    assert_eq!(proofs.len(), 2);
    assert_eq!(proofs[0].outcome, "red-same");
    assert_eq!(
        proofs[0].pattern.as_deref(),
        Some(groups[0].pattern.as_str())
    );
    assert_eq!(proofs[0].strategy.as_deref(), Some("replay"));

    store
        .sync_patterns(&[
            (groups[0].pattern.as_str(), "a title"),
            ("GW000", "never seen"),
        ])
        .unwrap();
    let library = store.patterns().unwrap();
    let record = library
        .iter()
        .find(|p| p.code == groups[0].pattern)
        .unwrap();
    assert_eq!((record.title.as_str(), record.seen), ("a title", 9));
    assert_eq!((record.proven, record.guarded, record.rejected), (1, 1, 0));
    assert!(library.iter().any(|p| p.code == "GW000" && p.seen == 0));

    // A reset of failures.db takes neither the record nor the proofs, and new ids do not meet old proofs.
    drop(store);
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(place.path(&format!("tools/guwu/failures.db{end}")));
    }
    let store = Store::open(&place.path("tools/guwu")).unwrap();
    let library = store.patterns().unwrap();
    assert_eq!(
        library
            .iter()
            .find(|p| p.code == groups[0].pattern)
            .unwrap()
            .seen,
        9
    );
    assert_eq!(store.all_proofs().unwrap().len(), 2);
    assert_eq!(store.proofs(second).unwrap(), []);
    assert_eq!(store.outcomes().unwrap()[0].predicted_confidence, Some(0.9));
}

#[test]
fn secrets_are_not_stored() {
    let place = Place::new();
    place.write(
        "logs/app.log",
        "2026-02-05 05:00:00,000 ERROR app.db: login with password=hunter2 failed\n\
         Traceback (most recent call last):\n\
         \x20 File \"/srv/app/db.py\", line 3, in login\n\
         \x20   connect(\"postgres://bob:hunter2@db/x\")\n\
         ConnectionError: postgres://bob:hunter2@db/x refused, mail bob@example.org\n",
    );
    place.scan(&[]);
    let store = place.store();
    let group = &store.groups(&Filter::default()).unwrap()[0];
    assert!(group.example_json.contains("[redacted]"));
    drop(store);
    for entry in fs::read_dir(place.path("tools/guwu")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for secret in [b"hunter2".as_slice(), b"bob@example"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret));
        }
    }
}

#[test]
fn outcomes_of_a_former_version_get_their_present_names() {
    let place = Place::new();
    let mut store = place.store();
    let folder = place.path("tools/guwu");
    let id = "1:0000000000000001";
    store.record_proof(id, 1, "green", "{}", NOW).unwrap();
    drop(store);
    let path = folder.join("learning_metrics.db");
    let old = Connection::open(&path).unwrap();
    for (outcome, version) in [("red-as-recorded", 2), ("red-elsewhere", 1)] {
        old.execute(
            "INSERT INTO proofs (store_id, fingerprint, candidate_id, outcome, detail, at)
             SELECT store_id, fingerprint, 1, ?1, '{}', at FROM proofs LIMIT 1",
            [outcome],
        )
        .unwrap();
        old.pragma_update(None, "user_version", version).unwrap();
    }
    drop(old);
    let names = |store: &Store| -> Vec<String> {
        let proofs = store.all_proofs().unwrap();
        proofs.into_iter().map(|proof| proof.outcome).collect()
    };
    let expected = ["green", "red-same", "red-other"];
    // Whoever may only read sees the same as whoever brings the file up to date.
    assert_eq!(
        names(&Store::open_read_only(&folder).unwrap().unwrap()),
        expected
    );
    assert_eq!(names(&place.store()), expected);
    let stored: i64 = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT count(*) FROM proofs WHERE outcome IN ('red-same', 'red-other')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(stored, 2);
}
