//! `guwu review` on a terminal and without one, and `guwu stats`, over a store with a real log and stored tests.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use guwu::develop::content_hash;
use guwu::source;
use guwu::store::{Filter, NewCandidate, Status, Store};
use guwu_core::model::Options;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;

const NOW: &str = "2026-02-05T06:00:00Z";

/// A project with two groups: one with a test in the project, one with a staged test.
struct Project {
    folder: tempfile::TempDir,
    created: String,
    staged: String,
}

fn failure(kind: &str) -> String {
    format!(
        "2026-02-05 05:33:10,594 ERROR app.facade: refreshing failed\nTraceback (most recent call last):\n  \
         File \"/srv/app/{kind}.py\", line 12, in refresh_{kind}\n    return cache[{kind}]\nKeyError: '{kind}'\n"
    )
}

impl Project {
    fn new() -> Project {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join(".git")).unwrap();
        fs::create_dir_all(root.join("tests/unit")).unwrap();
        fs::write(root.join("app.log"), failure("alpha") + &failure("beta")).unwrap();
        let mut store = Store::open(&root.join("tools/guwu")).unwrap();
        let specs = source::discover(root, &["app.log".to_owned()]);
        source::ingest(&mut store, &specs, &Options::default(), NOW).unwrap();
        let mut ids = Vec::new();
        for (kind, state, status) in [
            ("alpha", "created", Status::Tested),
            ("beta", "staged", Status::Staged),
        ] {
            let groups = store.groups(&Filter::default()).unwrap();
            let group = groups.iter().find(|g| g.title.contains(kind)).unwrap();
            let content = format!(
                "# fingerprint: {}\ndef test_{kind}():\n    assert refresh()\n",
                group.fingerprint
            );
            let path = format!("tests/unit/test_{kind}.py");
            let file = match state {
                "created" => root.join(&path),
                _ => store.generated_tests().join(format!("test_{kind}.py")),
            };
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &content).unwrap();
            let id = store
                .put_candidate(&NewCandidate {
                    fingerprint: group.fingerprint.clone(),
                    strategy: "replay".to_owned(),
                    layer: "unit".to_owned(),
                    tier: "create".to_owned(),
                    confidence: 0.9,
                    evidence:
                        "[{\"name\":\"red\",\"weight\":2.5,\"words\":\"it fails as recorded\"}]"
                            .to_owned(),
                    node_id: format!("{path}::test_{kind}"),
                    path,
                    content_hash: content_hash(&content),
                    content,
                    state: state.to_owned(),
                    created_at: NOW.to_owned(),
                })
                .unwrap();
            store
                .record_proof(
                    &group.fingerprint,
                    id,
                    "red-same",
                    "{\"reason\":\"as recorded\"}",
                    NOW,
                )
                .unwrap();
            store.set_status(&group.fingerprint, status).unwrap();
            ids.push(guwu::render::short_id(&group.fingerprint).to_owned());
        }
        Project {
            staged: ids.remove(1),
            created: ids.remove(0),
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
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

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Reviews on a terminal where somebody types; returns what was on the screen and the exit status.
    fn review(&self, typed: &str) -> (String, Option<i32>) {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap();
        let mut master = fs::File::from(master);
        let mut child = self
            .command(&["review"])
            .stdin(slave.try_clone().unwrap())
            .stdout(slave.try_clone().unwrap())
            .stderr(slave)
            .spawn()
            .unwrap();
        master.write_all(typed.as_bytes()).unwrap();
        let mut screen = Vec::new();
        let mut buffer = [0u8; 4096];
        // Linux reports the end of a terminal as an error.
        while let Ok(count @ 1..) = master.read(&mut buffer) {
            screen.extend_from_slice(&buffer[..count]);
        }
        let status = child.wait().unwrap();
        (String::from_utf8(screen).unwrap(), status.code())
    }

    fn statuses(&self) -> Vec<Status> {
        let store = Store::open(&self.path("tools/guwu")).unwrap();
        [&self.created, &self.staged]
            .map(|id| store.find_group(id).unwrap().status)
            .to_vec()
    }
}

#[test]
fn without_a_terminal_it_prints_the_commands_and_they_work() {
    let project = Project::new();
    let output = project.run(&["review"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    for id in [&project.created, &project.staged] {
        for verb in ["show", "accept", "reject"] {
            assert!(text.contains(&format!("guwu {verb} {id}")), "{text}");
        }
    }
    let run_line = |start: String| {
        let line = text.lines().find(|l| l.starts_with(&start)).unwrap();
        let arguments: Vec<&str> = line.split(' ').skip(1).collect();
        assert!(project.run(&arguments).status.success(), "{line}");
    };
    run_line(format!("guwu accept {}", project.staged));
    run_line(format!("guwu reject {}", project.created));
    assert_eq!(project.statuses(), [Status::Rejected, Status::Accepted]);
    let output = project.run(&["review"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}

#[test]
fn on_a_terminal_each_test_gets_a_word() {
    let project = Project::new();
    // One is looked at and accepted, the other refused with a reason, in whatever order they come.
    let (screen, status) = project.review("d\ne\nx\na\nr\nnot ours\n");
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("[1/2]") && screen.contains("[2/2]"));
    assert!(screen.contains("+    assert refresh()"), "{screen}");
    assert!(screen.contains("it fails as recorded"), "{screen}");
    assert!(screen.contains("`x` is no answer"), "{screen}");
    assert!(screen.contains("not ours"), "{screen}");
    let mut statuses = project.statuses();
    statuses.sort_by_key(|s| s.as_str());
    assert_eq!(statuses, [Status::Accepted, Status::Rejected]);
}

#[test]
fn what_is_skipped_or_left_still_waits() {
    let project = Project::new();
    let (_, status) = project.review("s\nq\n");
    assert_eq!(status, Some(1));
    assert_eq!(project.statuses(), [Status::Tested, Status::Staged]);
}

#[test]
fn an_edited_test_is_shown_as_it_is_and_told_so() {
    let project = Project::new();
    fs::write(
        project.path("tests/unit/test_alpha.py"),
        "# edited by hand\n",
    )
    .unwrap();
    let (screen, _) = project.review("d\ns\nd\nq\n");
    assert!(screen.contains("+# edited by hand"), "{screen}");
    assert_eq!(screen.matches("somebody edited it").count(), 1, "{screen}");
}

#[test]
fn stats_count_and_compare_predictions_with_outcomes() {
    let project = Project::new();
    let mut store = Store::open(&project.path("tools/guwu")).unwrap();
    let (created, staged) = (
        store.find_group(&project.created).unwrap().fingerprint,
        store.find_group(&project.staged).unwrap().fingerprint,
    );
    let id = |store: &Store, group: &str| store.candidates(group).unwrap()[0].id;
    let (first, second) = (id(&store, &created), id(&store, &staged));
    store
        .record_outcome(&created, Some(first), "guards", Some(0.9), NOW)
        .unwrap();
    store
        .record_outcome(&staged, Some(second), "rejected", Some(0.6), NOW)
        .unwrap();
    drop(store);
    let output = project.run(&["stats", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&stats["groups"], &stats["failures"]),
        (&2.into(), &2.into())
    );
    assert_eq!(
        stats["by_status"],
        serde_json::json!({"staged": 1, "tested": 1})
    );
    assert_eq!(stats["patterns"][0]["groups"], 2);
    assert_eq!(stats["proofs"]["red-same"], 2);
    assert_eq!(
        stats["outcomes"],
        serde_json::json!({"accepted": 0, "guards": 1, "recurred": 0, "rejected": 1})
    );
    let replay = &stats["strategies"][0];
    assert_eq!(replay["strategy"], "replay");
    assert_eq!(
        (&replay["runs"], &replay["red_same"]),
        (&2.into(), &2.into())
    );
    assert_eq!(
        (&replay["guards"], &replay["rejected"]),
        (&1.into(), &1.into())
    );
    let bins = stats["calibration"]["bins"].as_array().unwrap();
    assert_eq!(
        (&bins[9]["tests"], &bins[9]["right"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&bins[6]["tests"], &bins[6]["right"]),
        (&1.into(), &0.into())
    );
    let text = String::from_utf8(project.run(&["stats"]).stdout).unwrap();
    assert!(
        text.contains("calibration over 2 tests with a known outcome (Brier score 0.185"),
        "{text}"
    );
}

#[test]
fn stats_without_a_store_say_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_guwu"))
        .args(["stats"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    assert!(!folder.path().join("tools").exists());
}
