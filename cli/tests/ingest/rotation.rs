//! Everything that rotation does to a log between two scans.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use super::*;

#[test]
fn f05_renamed_while_nobody_looked() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    place.append("app.log", &log(10, 5));
    place.rename("app.log", "app.log.1");
    place.write("app.log", &log(15, 4));
    // Only `app.log` is asked for: the rest of the old one is found beside it.
    assert_eq!(place.scan(&["app.log"]).failures, 9);
    assert_eq!(place.total(), 19);
    assert_eq!(place.scan(&["app.log"]).failures, 0);
}

#[test]
fn f05_logs_rotated_before_the_first_scan_are_left_alone_unless_named() {
    let place = Place::new();
    place.write("app.log.2", &log(0, 3));
    place.write("app.log.1", &log(3, 3));
    place.write("app.log", &log(6, 3));
    assert_eq!(place.scan(&["app.log"]).failures, 3);
    assert_eq!(place.scan(&["app.log"]).failures, 0);
    place.rename("app.log.2", "app.log.3");
    place.rename("app.log.1", "app.log.2");
    place.rename("app.log", "app.log.1");
    place.write("app.log", &log(9, 2));
    place.pack("app.log.3", "app.log.3.gz");
    assert_eq!(place.scan(&["app.log"]).failures, 2);
    assert_eq!(place.scan(&["app.log*"]).failures, 6);
    assert_eq!(place.total(), 11);
}

#[test]
fn f05_a_packed_old_log_is_not_read_again() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log*"]);
    place.rename("app.log", "app.log.1");
    place.write("app.log", &log(10, 3));
    place.scan(&["app.log*"]);
    assert_eq!(place.total(), 13);
    place.pack("app.log.1", "app.log.2.gz");
    assert_eq!(place.scan(&["app.log*"]).failures, 0);
    assert_eq!(place.scan(&["app.log*"]), Report::default());
}

#[test]
fn f05_the_rest_is_read_from_the_packed_log() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    place.append("app.log", &log(10, 7));
    place.pack("app.log", "app.log.1.gz");
    place.write("app.log", &log(17, 1));
    assert_eq!(place.scan(&["app.log"]).failures, 8);
    assert_eq!(place.total(), 18);
}

#[test]
fn f05_a_packed_twin_beside_the_plain_log_counts_once() {
    let place = Place::new();
    place.write("app.log.1", &log(0, 10));
    fs::write(place.path("app.log.1.gz"), packed(log(0, 10).as_bytes())).unwrap();
    place.scan(&["app.log*"]);
    assert_eq!(place.total(), 10);
    fs::remove_file(place.path("app.log.1")).unwrap();
    place.scan(&["app.log*"]);
    assert_eq!(place.total(), 10);
}

#[test]
fn f05_a_packed_log_that_is_still_being_written_is_read_once() {
    let place = Place::new();
    let whole = packed(log(0, 400).as_bytes());
    place.write("old.log.gz", "\u{1f}");
    assert_eq!(place.scan(&["old.log.gz"]), Report::default());
    for end in [
        5,
        whole.len() / 3,
        whole.len() / 2,
        whole.len() - 3,
        whole.len(),
    ] {
        fs::write(place.path("old.log.gz"), &whole[..end]).unwrap();
        let report = place.scan(&["old.log.gz"]);
        assert_eq!(
            report.problems.is_empty(),
            end == whole.len(),
            "{:?}",
            report.problems
        );
    }
    assert_eq!(place.total(), 400);
    assert_eq!(place.scan(&["old.log.gz"]).failures, 0);
}

#[test]
fn f06_several_rotations_between_two_scans() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    place.append("app.log", &log(10, 1));
    for round in 0..4 {
        for number in (1..=round).rev() {
            place.rename(
                &format!("app.log.{number}"),
                &format!("app.log.{}", number + 1),
            );
        }
        place.rename("app.log", "app.log.1");
        place.write("app.log", &log(11 + 5 * round, 5));
    }
    // The logs in between never had the name that was asked for when a scan looked.
    assert_eq!(place.scan(&["app.log"]).failures, 21);
    assert_eq!(place.scan(&["app.log"]).failures, 0);
    assert_eq!(place.total(), 31);
}

#[test]
fn f06_timed_rotation() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 10));
    place.scan(&["logs/app.log"]);
    place.append("logs/app.log", &log(10, 2));
    place.rename("logs/app.log", "logs/app.log.2026-02-05");
    place.write("logs/app.log", &log(12, 2));
    place.rename("logs/app.log", "logs/app.log.2026-02-06");
    place.write("logs/app.log", &log(14, 2));
    assert_eq!(place.scan(&["logs/app.log"]).failures, 6);
    assert_eq!(place.total(), 16);
}

#[test]
fn f07_copytruncate_and_shorter_than_before() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    place.append("app.log", &log(10, 3));
    fs::copy(place.path("app.log"), place.path("app.log.1")).unwrap();
    place.write("app.log", &log(13, 2));
    assert_eq!(place.scan(&["app.log"]).failures, 5);
    assert_eq!(place.total(), 15);
    assert_eq!(place.scan(&["app.log*"]).failures, 0);
}

#[test]
fn f07_copytruncate_and_longer_than_before() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    fs::copy(place.path("app.log"), place.path("app.log.1")).unwrap();
    place.write("app.log", &log(10, 25));
    assert_eq!(place.scan(&["app.log"]).failures, 25);
    assert_eq!(place.total(), 35);
    assert_eq!(place.scan(&["app.log*"]).failures, 0);
}

#[test]
fn f07_a_scan_between_copy_and_truncation() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    fs::copy(place.path("app.log"), place.path("app.log.1")).unwrap();
    place.append("app.log", &log(10, 1));
    place.scan(&["app.log*"]);
    assert_eq!(place.total(), 11);
    place.write("app.log", &log(11, 2));
    place.scan(&["app.log*"]);
    assert_eq!(place.total(), 13);
}

#[test]
fn f07_a_copy_older_than_the_position_is_not_read_again() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    let copy = fs::read(place.path("app.log")).unwrap();
    place.append("app.log", &log(10, 2));
    place.scan(&["app.log"]);
    fs::write(place.path("app.log.1"), copy).unwrap();
    place.write("app.log", &log(12, 1));
    assert_eq!(place.scan(&["app.log"]).failures, 1);
    assert_eq!(place.total(), 13);
}

#[test]
fn f07_truncated_with_a_writer_that_keeps_its_position() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["app.log"]);
    let size = fs::metadata(place.path("app.log")).unwrap().len();
    // The file has a hole of NUL bytes where the old text was.
    let file = fs::OpenOptions::new()
        .write(true)
        .open(place.path("app.log"))
        .unwrap();
    file.set_len(0).unwrap();
    file.set_len(size).unwrap();
    place.append("app.log", &log(10, 2));
    assert_eq!(place.scan(&["app.log"]).failures, 2);
    assert_eq!(place.total(), 12);
}

#[test]
fn f08_a_reused_inode_is_another_log() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["*.log"]);
    // Overwriting in place is what a reused inode looks like; the new text is longer than the old one.
    place.write("app.log", &log(100, 30));
    assert_eq!(place.scan(&["*.log"]).failures, 30);
    assert_eq!(place.total(), 40);
}

#[test]
fn f08_a_reused_inode_with_the_same_head() {
    let place = Place::new();
    let head: String = (0..40).map(fine).collect();
    place.write("app.log", &(head.clone() + &log(50, 10)));
    place.scan(&["*.log"]);
    place.write("app.log", &(head + &log(80, 30)));
    assert_eq!(place.scan(&["*.log"]).failures, 30);
    assert_eq!(place.total(), 40);
}

#[test]
fn f11_deleted_and_created_anew() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["*.log"]);
    fs::remove_file(place.path("app.log")).unwrap();
    assert_eq!(place.scan(&["*.log"]), Report::default());
    place.write("app.log", &log(10, 12));
    assert_eq!(place.scan(&["*.log"]).failures, 12);
    assert_eq!(place.total(), 22);
}

#[test]
fn f11_the_same_log_laid_down_anew_goes_on_where_it_was() {
    let place = Place::new();
    place.write("app.log", &log(0, 10));
    place.scan(&["*.log"]);
    // What rsync does: a new file with the old text and some more takes the name.
    place.write("app.log.part", &log(0, 13));
    place.rename("app.log.part", "app.log");
    assert_eq!(place.scan(&["*.log"]).failures, 3);
    assert_eq!(place.total(), 13);
}

#[cfg(unix)]
#[test]
fn f11_a_link_that_is_switched() {
    let place = Place::new();
    place.write("logs/run-1.log", &log(0, 5));
    std::os::unix::fs::symlink("run-1.log", place.path("logs/current.log")).unwrap();
    assert_eq!(place.scan(&["logs/current.log"]).failures, 5);
    place.append("logs/run-1.log", &log(5, 2));
    place.write("logs/run-2.log", &log(7, 3));
    fs::remove_file(place.path("logs/current.log")).unwrap();
    std::os::unix::fs::symlink("run-2.log", place.path("logs/current.log")).unwrap();
    assert_eq!(place.scan(&["logs/current.log"]).failures, 5);
    assert_eq!(place.total(), 10);
}

#[test]
fn f04_moved_into_another_folder_that_is_read_too() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 5));
    place.scan(&["logs/**"]);
    place.append("logs/app.log", &log(5, 1));
    fs::create_dir(place.path("logs/old")).unwrap();
    place.rename("logs/app.log", "logs/old/app.log.1");
    place.write("logs/app.log", &log(6, 1));
    assert_eq!(place.scan(&["logs/**"]).failures, 2);
    assert_eq!(place.total(), 7);
}

#[test]
fn equal_texts_without_any_time_are_two_runs() {
    let place = Place::new();
    let crash = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 3, in <module>\n    start()\n\
                 RuntimeError: no configuration\n";
    place.write("err.log.1", crash);
    place.write("err.log", crash);
    place.scan(&["err.log*"]);
    let first = place.total();
    let alone = Place::new();
    alone.write("err.log", crash);
    alone.scan(&["err.log"]);
    assert_eq!(first, 2 * alone.total());
}

/// A writer that rotates while scans run; every record it wrote must be counted once in the end.
fn rotated_under_the_scan(rotate: fn(&Place, usize), patterns: &[&str]) {
    let place = Place::quick();
    place.write("app.log", &log(0, 1));
    place.scan(patterns);
    /// Said however the scanning side ends, so that the writer never waits for ever.
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, SeqCst);
        }
    }
    let stopped = AtomicBool::new(false);
    let scans = AtomicUsize::new(0);
    let specs: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..60 {
                for number in 0..5 {
                    place.append("app.log", &log(1 + round * 25 + number * 5, 5));
                    // Not all rounds wait, so that several rotations fall between two scans too.
                    let until = scans.load(SeqCst) + usize::from(round % 4 != 0);
                    while scans.load(SeqCst) < until && !stopped.load(SeqCst) {
                        std::thread::yield_now();
                    }
                }
                rotate(&place, round);
            }
        });
        let mut store = place.store();
        let _stop = Stop(&stopped);
        while !writer.is_finished() {
            let found = source::discover(place.root(), &specs);
            source::ingest(&mut store, &found, &Options::default(), NOW).unwrap();
            scans.fetch_add(1, SeqCst);
        }
    });
    assert!(scans.load(SeqCst) > 200);
    place.scan(patterns);
    assert_eq!(place.total(), 1 + 60 * 25);
    assert_eq!(place.scan(patterns).failures, 0);
}

fn by_renaming(place: &Place, round: usize) {
    place.rename("app.log", &format!("app.log.{round}"));
    place.write("app.log", "");
}

fn by_truncating(place: &Place, round: usize) {
    fs::copy(
        place.path("app.log"),
        place.path(&format!("app.log.{round}")),
    )
    .unwrap();
    fs::File::create(place.path("app.log")).unwrap();
}

fn by_packing(place: &Place, round: usize) {
    by_renaming(place, round);
    if round > 0 {
        let old = format!("app.log.{}", round - 1);
        place.pack(&old, &format!("{old}.gz"));
    }
}

#[test]
fn f04_renamed_under_the_scan() {
    rotated_under_the_scan(by_renaming, &["app.log"]);
    rotated_under_the_scan(by_renaming, &["app.log*"]);
}

#[test]
fn f04_packed_under_the_scan() {
    rotated_under_the_scan(by_packing, &["app.log*"]);
}

#[test]
fn f07_truncated_under_the_scan() {
    rotated_under_the_scan(by_truncating, &["app.log"]);
    rotated_under_the_scan(by_truncating, &["app.log*"]);
}
