//! `guwu watch` as a process: logs that grow and rotate under it, signals, a store that is taken away.
//! A deadline only ends a test that hangs; nothing is timed.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// When a test gives up.
const DEADLINE: Duration = Duration::from_secs(120);

/// A project with a log.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Project {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        Project { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn append(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.path(name))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guwu"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GUWU_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Title's last word and count of each group.
    fn counts(&self) -> Vec<(String, u64)> {
        let list = self.json(&["list", "--all", "--format", "json"]);
        let mut counts: Vec<_> = list["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| {
                let title = g["title"].as_str().unwrap();
                let word = title.rsplit(' ').next().unwrap().trim_matches('\'');
                (word.to_owned(), g["count"].as_u64().unwrap())
            })
            .collect();
        counts.sort();
        counts
    }

    /// A scan after the watch finds nothing that the watch left.
    fn nothing_is_left(&self) {
        let report = self.json(&["scan", "--no-generate", "--format", "json"]);
        assert_eq!(report["failures"], 0, "{report}");
    }

    fn watch(&self, arguments: &[&str]) -> Watch {
        let watch = self.watch_quietly(&[&["--no-generate"], arguments].concat());
        watch.said("watching");
        watch
    }

    fn watch_quietly(&self, arguments: &[&str]) -> Watch {
        let mut child = self
            .command(&[&["watch"], arguments].concat())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        Watch { child, out, err }
    }
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if sender.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A watch at work.
struct Watch {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Watch {
    /// The next line of standard output.
    fn line(&self) -> String {
        self.out.recv_timeout(DEADLINE).unwrap()
    }

    /// Waits for a line of standard error.
    fn said(&self, words: &str) -> String {
        loop {
            let line = self.err.recv_timeout(DEADLINE).unwrap();
            if line.contains(words) {
                return line;
            }
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Ends it by a signal; returns how it ended and the lines that nobody read.
    fn end(mut self, signal: Signal) -> (ExitStatus, Vec<String>) {
        self.signal(signal);
        let status = self.child.wait().unwrap();
        (status, self.out.iter().collect())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failure(kind: &str) -> String {
    format!(
        "2026-02-05 05:33:10,594 ERROR app.facade: refreshing failed\n\
         Traceback (most recent call last):\n\
         \x20 File \"/srv/app/{kind}.py\", line 12, in refresh_{kind}\n\
         \x20   return cache[{kind}]\n\
         KeyError: '{kind}'\n\
         2026-02-05 05:33:11,000 INFO app.web: served\n"
    )
}

#[test]
fn each_new_group_is_one_line_through_a_rotation_and_nothing_is_lost_at_the_end() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&[]);
    assert!(watch.line().contains("KeyError in refresh_alpha"));
    project.append("logs/app.log", &failure("alpha"));
    project.append("logs/app.log", &failure("beta"));
    assert!(watch.line().contains("KeyError in refresh_beta"));
    // What is written between the last look and the rotation belongs to the old file.
    project.append("logs/app.log", &failure("gamma"));
    fs::rename(project.path("logs/app.log"), project.path("logs/app.log.1")).unwrap();
    project.write("logs/app.log", &failure("delta"));
    let mut both = [watch.line(), watch.line()];
    both.sort_by_key(|line| line.contains("gamma"));
    assert!(both[0].contains("refresh_delta") && both[1].contains("refresh_gamma"));
    let (status, rest) = watch.end(Signal::TERM);
    assert_eq!(status.code(), Some(0));
    assert_eq!(rest, [""; 0]);
    let expected = [("alpha", 2), ("beta", 1), ("delta", 1), ("gamma", 1)];
    assert_eq!(project.counts(), expected.map(|(k, n)| (k.to_owned(), n)));
    project.nothing_is_left();
}

#[test]
fn it_goes_on_where_a_kill_stopped_it() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&[]);
    watch.line();
    project.append("logs/app.log", &failure("beta"));
    watch.line();
    watch.end(Signal::KILL);
    project.append("logs/app.log", &failure("gamma"));
    let watch = project.watch(&[]);
    assert!(watch.line().contains("refresh_gamma"));
    let (status, rest) = watch.end(Signal::INT);
    assert_eq!((status.code(), rest.len()), (Some(0), 0));
    let expected = [("alpha", 1), ("beta", 1), ("gamma", 1)];
    assert_eq!(project.counts(), expected.map(|(k, n)| (k.to_owned(), n)));
    project.nothing_is_left();
}

#[test]
fn f12_a_traceback_that_is_still_being_written_is_told_when_it_is_whole() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&[]);
    watch.line();
    let text = failure("beta");
    let (first, rest) = text.split_at(text.find("    return").unwrap());
    project.append("logs/app.log", first);
    // Another log is told meanwhile, so the half was looked at.
    project.write("logs/other.log", &failure("gamma"));
    assert!(watch.line().contains("refresh_gamma"));
    project.append("logs/app.log", rest);
    // On a very slow machine the half was told after its time; the whole one is told in any case.
    while !watch.line().contains("KeyError in refresh_beta") {}
    assert_eq!(watch.end(Signal::TERM).0.code(), Some(0));
    let expected = [("alpha", 1), ("beta", 1), ("gamma", 1)];
    assert_eq!(project.counts(), expected.map(|(k, n)| (k.to_owned(), n)));
}

#[test]
fn json_lines_hold_the_failure() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&["--format", "jsonl"]);
    let group: Value = serde_json::from_str(&watch.line()).unwrap();
    assert_eq!(group["failure"]["exceptions"][0]["type"], "KeyError");
    assert_eq!(group["status"], "new");
}

#[test]
fn f30_once_twice_finds_nothing_the_second_time() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let once = || {
        let arguments = ["watch", "--once", "--no-generate"];
        let output = project.command(&arguments).output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap().lines().count();
        (output.status.code(), lines)
    };
    assert_eq!(once(), (Some(1), 1));
    assert_eq!(once(), (Some(0), 0));
}

#[test]
fn a_log_folder_that_appears_later_is_followed() {
    let project = Project::new();
    let watch = project.watch_quietly(&["--no-generate"]);
    watch.said("no log below");
    project.write("service/logs/app.log", &failure("alpha"));
    assert!(watch.line().contains("refresh_alpha"));
    // The folder goes away and comes again: its watch went with it.
    fs::remove_dir_all(project.path("service")).unwrap();
    project.write("service/logs/app.log", &failure("beta"));
    assert!(watch.line().contains("refresh_beta"));
    project.append("service/logs/app.log", &failure("gamma"));
    assert!(watch.line().contains("refresh_gamma"));
}

#[test]
fn f23_without_events_it_looks_again_and_again() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&["--poll"]);
    watch.line();
    project.append("logs/app.log", &failure("beta"));
    assert!(watch.line().contains("refresh_beta"));
    project.write("logs/other.log", &failure("gamma"));
    assert!(watch.line().contains("refresh_gamma"));
    assert_eq!(watch.end(Signal::TERM).0.code(), Some(0));
}

#[test]
fn f21_a_deleted_store_is_told_and_replaced() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&[]);
    watch.line();
    fs::remove_dir_all(project.path("tools/guwu")).unwrap();
    project.append("logs/app.log", &failure("beta"));
    watch.said("deleted or replaced");
    assert!(watch.line().contains("refresh_beta"));
    let (status, rest) = watch.end(Signal::TERM);
    // What was told before is not told again, but it is in the new store.
    assert_eq!((status.code(), rest.len()), (Some(0), 0));
    let expected = [("alpha", 1), ("beta", 1)];
    assert_eq!(project.counts(), expected.map(|(k, n)| (k.to_owned(), n)));
}

#[test]
fn rows_of_a_log_table_are_followed() {
    let project = Project::new();
    fs::create_dir(project.path("logs")).unwrap();
    let table = rusqlite::Connection::open(project.path("logs/app_logs.db")).unwrap();
    table.pragma_update(None, "journal_mode", "WAL").unwrap();
    table
        .execute_batch(
            "CREATE TABLE application_logs (id INTEGER PRIMARY KEY, timestamp TEXT, level TEXT, logger TEXT,
                                            message TEXT, duration_ms REAL, created_at TEXT)",
        )
        .unwrap();
    let add = |kind: &str| {
        let text = failure(kind);
        let message: Vec<&str> = text.lines().skip(1).take(4).collect();
        table
            .execute(
                "INSERT INTO application_logs (timestamp, level, logger, message, created_at)
                 VALUES ('2026-02-05T05:33:10.594951', 'ERROR', 'app', ?1, '2026-02-05 04:33:10')",
                [format!("refreshing failed\n{}", message.join("\n"))],
            )
            .unwrap();
    };
    add("alpha");
    let watch = project.watch(&[]);
    assert!(watch.line().contains("refresh_alpha"));
    add("beta");
    assert!(watch.line().contains("refresh_beta"));
    let (status, rest) = watch.end(Signal::TERM);
    assert_eq!((status.code(), rest.len()), (Some(0), 0));
    project.nothing_is_left();
}

#[test]
fn the_command_gets_the_failure_on_its_standard_input_alone() {
    let project = Project::new();
    let hostile = failure("alpha").replace(
        "KeyError: 'alpha'",
        "KeyError: '$(touch pwned)`touch pwned`; touch pwned'",
    );
    project.write("logs/app.log", &hostile);
    let watch = project.watch(&["--exec", "cat > got.json; echo done; exit 3"]);
    watch.line();
    watch.said("done");
    // A command that fails is told, and the watch goes on.
    watch.said("exit status: 3");
    let got: Value = serde_json::from_slice(&fs::read(project.path("got.json")).unwrap()).unwrap();
    assert_eq!(got["schema_version"], 1);
    assert!(
        got["exceptions"][0]["message"]
            .as_str()
            .unwrap()
            .contains("touch pwned")
    );
    assert!(!project.path("pwned").exists());
    project.append("logs/app.log", &failure("beta"));
    assert!(watch.line().contains("refresh_beta"));
    watch.said("exit status: 3");
    let (status, rest) = watch.end(Signal::TERM);
    assert_eq!((status.code(), rest.len()), (Some(0), 0));
}

#[test]
fn a_command_that_reads_nothing_and_takes_too_long_is_ended() {
    let project = Project::new();
    project.write("logs/app.log", &failure("alpha"));
    let watch = project.watch(&["--exec", "exec sleep 1000", "--exec-timeout", "1"]);
    watch.line();
    watch.said("was ended after 1 seconds");
    // At work again, a signal ends it at once.
    project.append("logs/app.log", &failure("beta"));
    watch.line();
    assert_eq!(watch.end(Signal::TERM).0.code(), Some(0));
}

#[test]
fn a_signal_ends_a_test_run_that_is_at_work() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new();
    project.write("app/__init__.py", "");
    project.write(
        "app/cart.py",
        "def total(order):\n    return order['sum']\n",
    );
    project.write("tests/test_cart.py", "def test_nothing():\n    pass\n");
    // An interpreter that says in the project that it runs and never ends.
    let told = project.path("running").display().to_string();
    project.write(
        "python.sh",
        &format!("#!/bin/sh\necho $$ > {told}.tmp\nmv {told}.tmp {told}\nexec sleep 1000\n"),
    );
    let python = project.path("python.sh");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    project.write(
        "guwu.toml",
        &format!(
            "python = {:?}\ntest-timeout = 900\n",
            python.display().to_string()
        ),
    );
    let traceback = format!(
        "2026-02-05 05:33:10,594 ERROR app: no total\nTraceback (most recent call last):\n  File \"{}\", line 2, in total\n    \
         return order['sum']\nKeyError: 'sum'\n2026-02-05 05:33:11,000 INFO app: served\n",
        project.path("app/cart.py").display()
    );
    project.write("logs/app.log", &traceback);
    let watch = project.watch_quietly(&[]);
    assert!(watch.line().contains("KeyError in total"));
    let running = project.path("running");
    let started = std::time::Instant::now();
    while !running.exists() {
        assert!(started.elapsed() < DEADLINE, "no test run began");
        std::thread::sleep(Duration::from_millis(10));
    }
    let (status, _) = watch.end(Signal::TERM);
    assert_eq!(status.code(), Some(0));
    let pid: i32 = fs::read_to_string(&running)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(rustix::process::test_kill_process(Pid::from_raw(pid).unwrap()).is_err());
    let left: Vec<_> = fs::read_dir(project.path("tests"))
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // Nothing was judged, so the next run takes it up.
    let list = project.json(&["list", "--format", "json"]);
    assert_eq!(list["groups"][0]["status"], "new");
}
