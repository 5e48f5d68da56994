//! Plain reading: growing files, tails, names and links.

use super::*;

#[test]
fn f30_a_second_scan_finds_nothing_new() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 30));
    let first = place.scan(&[]);
    assert_eq!(first.failures, 30);
    assert_eq!(first.new_groups.len(), 3);
    assert_eq!(first.sources_read, 1);
    assert_eq!(first.problems, [""; 0]);
    let second = place.scan(&[]);
    assert_eq!(second, Report::default());
    assert_eq!(place.total(), 30);
}

#[test]
fn f30_only_what_was_appended_is_news() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 30));
    place.scan(&[]);
    place.append("logs/app.log", &failure(30, "alpha"));
    place.append("logs/app.log", &failure(31, "delta"));
    let report = place.scan(&[]);
    assert_eq!(
        (
            report.failures,
            report.new_groups.len(),
            report.seen_again.len()
        ),
        (2, 1, 1)
    );
    assert_eq!(place.total(), 32);
}

#[test]
fn f12_a_record_that_grows_is_one_failure() {
    let whole = failure(1, "alpha");
    // Each cut is what a scan in the middle of a write may see.
    for end in (0..whole.len()).step_by(3) {
        let inside = Place::quick();
        inside.write("logs/app.log", &(fine(0) + &whole[..end]));
        inside.scan(&[]);
        assert!(inside.total() <= 1, "cut at {end}");
        inside.append("logs/app.log", &whole[end..]);
        inside.scan(&[]);
        assert_eq!(inside.total(), 1, "cut at {end}: {:?}", inside.groups());
        inside.append("logs/app.log", &failure(2, "alpha"));
        inside.scan(&[]);
        assert_eq!(
            inside.groups().len(),
            1,
            "cut at {end}: {:?}",
            inside.groups()
        );
        assert_eq!(inside.total(), 2, "cut at {end}");
    }
}

#[test]
fn f12_a_traceback_split_over_many_scans_is_one_failure() {
    let place = Place::quick();
    let whole = log(0, 3);
    place.write("logs/app.log", "");
    for piece in whole.as_bytes().chunks(23) {
        place.append("logs/app.log", std::str::from_utf8(piece).unwrap());
        place.scan(&[]);
    }
    assert_eq!(place.total(), 3);
    assert_eq!(place.groups().len(), 3);
}

#[test]
fn f11_links_and_overlapping_globs_count_once() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 6));
    fs::hard_link(place.path("logs/app.log"), place.path("logs/same.log")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("app.log", place.path("logs/link.log")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", place.path("logs/loop")).unwrap();
    place.scan(&["logs/**", "logs/*.log", "logs/app.log", "logs", "**/*.log"]);
    assert_eq!(place.total(), 6);
    place.scan(&["logs/same.log"]);
    assert_eq!(place.total(), 6);
}

#[test]
fn f09_two_logs_with_the_same_head_are_two() {
    let place = Place::new();
    let head: String = (0..40).map(fine).collect();
    assert!(head.len() > 1024);
    place.write("logs/a.log", &(head.clone() + &failure(50, "alpha")));
    place.write("logs/b.log", &(head.clone() + &failure(50, "beta")));
    place.write("logs/b.log.1", &(head + &failure(50, "gamma")));
    place.scan(&[]);
    assert_eq!(place.total(), 3);
    place.append("logs/a.log", &failure(51, "alpha"));
    place.append("logs/b.log", &failure(51, "alpha"));
    place.scan(&[]);
    assert_eq!(place.total(), 5);
}

#[test]
fn f10_a_tiny_log_is_read_and_followed() {
    let place = Place::quick();
    place.write("logs/app.log", &failure(0, "alpha"));
    assert_eq!(place.scan(&[]).failures, 1);
    for number in 1..20 {
        place.append("logs/app.log", &failure(number, "alpha"));
        assert_eq!(place.scan(&[]).failures, 1);
    }
    assert_eq!(place.groups().len(), 1);
    assert_eq!(place.total(), 20);
}

#[test]
fn a_big_log_is_read_in_pieces() {
    let place = Place::new();
    let text = log(0, 9000);
    assert!(text.len() > 4 * 256 * 1024 / 2);
    place.write("logs/app.log", &text);
    let report = place.scan(&[]);
    assert_eq!(report.failures, 9000);
    assert_eq!(place.total(), 9000);
    assert_eq!(report.bytes_read, text.len() as u64);
}

#[test]
fn f22_what_can_not_be_read_is_said_and_the_rest_is_read() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 3));
    place.write("logs/packed.log.zst", "\u{28}");
    fs::write(place.path("logs/packed.txt"), [0x28, 0xb5, 0x2f, 0xfd, 0]).unwrap();
    let report = place.scan(&["logs/missing.log", "logs/packed.txt", "logs/app.log"]);
    assert_eq!(report.failures, 3);
    assert_eq!(report.problems.len(), 2, "{:?}", report.problems);
    assert!(
        report
            .problems
            .iter()
            .any(|p| p.contains("`logs/missing.log`"))
    );
    assert!(report.problems.iter().any(|p| p.contains("zstd")));
}

#[cfg(unix)]
#[test]
fn f22_a_fifo_does_not_block() {
    let place = Place::new();
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("pipe.log"))
        .status()
        .unwrap();
    assert!(made.success());
    let report = place.scan(&["pipe.log"]);
    assert!(
        report.problems[0].contains("no regular file"),
        "{:?}",
        report.problems
    );
    assert_eq!(place.scan(&["*.log"]), Report::default());
}

#[test]
fn standard_input_counts_what_carries_a_time_once() {
    let pipe = |place: &Place, text: &str| {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_guwu"))
            .args(["scan", "-", "--no-generate"])
            .current_dir(place.root())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let place = Place::new();
    fs::create_dir(place.path(".git")).unwrap();
    pipe(&place, &log(0, 600));
    assert_eq!(place.total(), 600);
    // Overlapping with what was piped before, as a daily excerpt does.
    pipe(&place, &log(590, 20));
    assert_eq!(place.total(), 610);
    let crash = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 3, in <module>\n    start()\n\
                 RuntimeError: no configuration\n";
    pipe(&place, crash);
    pipe(&place, crash);
    assert_eq!(place.total(), 612);
}
