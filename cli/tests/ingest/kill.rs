//! Runs that end without warning, and runs at the same time. The child is this test binary itself.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;

const CHILD: &str = "GUWU_TEST_CHILD";
const ONCE: &str = "GUWU_TEST_ONCE";

/// Not a test of its own: what the other process does.
#[test]
fn child() {
    let Some(root) = std::env::var_os(CHILD) else {
        return;
    };
    let root = PathBuf::from(root);
    println!("started");
    let mut store = Store::open(&root.join("tools/guwu")).unwrap();
    loop {
        let specs = source::discover(&root, &[]);
        source::ingest(&mut store, &specs, &Options::default(), NOW).unwrap();
        if std::env::var_os(ONCE).is_some() {
            return;
        }
    }
}

fn spawn(place: &Place, once: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "kill::child", "--nocapture"])
        .env(CHILD, place.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if once {
        command.env(ONCE, "1");
    }
    command.spawn().unwrap()
}

/// Waits until the child is about to open the store.
fn wait_for_start(child: &mut Child) {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("started")));
}

/// A writer that knows what it wrote.
struct Writer {
    place: Place,
    /// Failures of each kind.
    written: [u64; 3],
    next: usize,
    /// The rest of a record that was cut in its middle.
    owed: String,
    rotated: usize,
}

impl Writer {
    fn write(&mut self, records: usize, cut: bool) {
        let mut text = std::mem::take(&mut self.owed);
        for number in self.next..self.next + records {
            text += &fine(number);
            text += &failure(number, ["alpha", "beta", "gamma"][number % 3]);
            self.written[number % 3] += 1;
        }
        self.next += records;
        if cut {
            let keep = text.len() - 50;
            self.owed = text.split_off(keep);
        }
        self.place.append("logs/app.log", &text);
    }

    fn rotate(&mut self, round: usize) {
        if !self.owed.is_empty() {
            let rest = std::mem::take(&mut self.owed);
            self.place.append("logs/app.log", &rest);
        }
        self.rotated += 1;
        let old = format!("logs/app.log.{}", self.rotated);
        match round % 3 {
            0 => self.place.rename("logs/app.log", &old),
            1 => {
                fs::copy(self.place.path("logs/app.log"), self.place.path(&old)).unwrap();
                fs::File::create(self.place.path("logs/app.log")).unwrap();
            }
            _ => self.place.pack("logs/app.log", &format!("{old}.gz")),
        }
    }
}

fn interrupted(kills: usize, end: impl Fn(&mut Child)) {
    let mut writer = Writer {
        place: Place::quick(),
        written: [0; 3],
        next: 0,
        owed: String::new(),
        rotated: 0,
    };
    fs::create_dir(writer.place.path("logs")).unwrap();
    for round in 0..kills {
        writer.write(if round % 10 == 0 { 900 } else { 60 }, round % 3 == 1);
        let mut child = spawn(&writer.place, false);
        wait_for_start(&mut child);
        // Any instant will do; these are spread over the opening, the reading and the commits.
        std::thread::sleep(std::time::Duration::from_micros(
            (round as u64 * 1217) % 60_000,
        ));
        end(&mut child);
        let status = child.wait().unwrap();
        assert!(
            status.code().is_none(),
            "the child ended by itself: {status}"
        );
        if round % 7 == 6 {
            writer.rotate(round);
        }
    }
    writer.write(1, false);
    assert_eq!(writer.place.scan(&[]).problems, [""; 0]);
    let counts: Vec<u64> = writer
        .place
        .groups()
        .into_iter()
        .map(|(_, count)| count)
        .collect();
    assert_eq!(counts, writer.written);
    assert_eq!(writer.place.scan(&[]), Report::default());

    // The store tells the same as one that was never interrupted.
    let calm = Place::new();
    let specs = source::discover(writer.place.root(), &[]);
    calm.scan_specs(&specs);
    let what = |place: &Place| -> Vec<(String, String, u64, usize)> {
        let groups = place.store().groups(&Filter::default()).unwrap();
        groups
            .into_iter()
            .map(|g| (g.fingerprint, g.title, g.count, g.example.exceptions.len()))
            .collect()
    };
    assert_eq!(what(&calm), what(&writer.place));
}

#[test]
fn f01_killed_two_hundred_times() {
    interrupted(200, |child| child.kill().unwrap());
}

#[cfg(unix)]
#[test]
fn f02_ended_by_a_signal() {
    interrupted(20, |child| {
        let id = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    });
}

#[test]
fn f19_several_scans_at_once() {
    let place = Place::new();
    place.write("logs/app.log", "");
    for round in 0..5 {
        place.append("logs/app.log", &log(400 * round, 400));
        let children: Vec<Child> = (0..4).map(|_| spawn(&place, true)).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        assert_eq!(place.total(), 400 * (round as u64 + 1));
    }
}

#[test]
fn f19_the_second_scan_says_who_is_in_the_way() {
    let place = Place::new();
    place.write("logs/app.log", &log(0, 3));
    let specs = source::discover(place.root(), &[]);
    let mut store = place.impatient_store();
    let lock = fs::File::create(place.path("tools/guwu/.scan.lock")).unwrap();
    lock.lock().unwrap();
    let error = source::ingest(&mut store, &specs, &Options::default(), NOW).unwrap_err();
    assert!(
        error.to_string().contains("another scan is at work"),
        "{error}"
    );
    drop(lock);
    assert_eq!(place.scan(&[]).failures, 3);
}
