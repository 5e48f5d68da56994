//! `guwu doctor` and `guwu init` on projects on disk.

#![allow(clippy::unwrap_used, reason = "a test ends where something is amiss")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use guwu::config::{Config, Overrides};
use serde_json::Value;

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(project.path(".git")).unwrap();
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guwu"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GUWU_") {
                command.env_remove(name);
            }
        }
        let output = command
            .args(arguments)
            .current_dir(self.folder.path())
            .output();
        output.unwrap()
    }

    /// The document of `guwu doctor`, after its exit status was checked against what it holds.
    fn doctor(&self) -> Value {
        let output = self.run(&["doctor", "--format", "json"]);
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let found =
            !rows(&document, "problems").is_empty() || !rows(&document, "handlers").is_empty();
        assert_eq!(output.status.code(), Some(i32::from(found)));
        document
    }

    /// What is said about one matter.
    fn problems(&self, check: &str) -> Vec<String> {
        rows(&self.doctor(), "problems")
            .iter()
            .filter(|p| p["check"] == check)
            .map(|p| p["words"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn rows(document: &Value, key: &str) -> Vec<Value> {
    document[key].as_array().unwrap().clone()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const FACADE: &str = "\
import logging

from core.cache import CacheService

logger = logging.getLogger(__name__)


class KnowledgeFacade:
    def __init__(self):
        self.cache = CacheService()

    def refresh(self):
        try:
            return {\"success\": True, \"cleared\": self.cache.clear_cache()}
        except Exception as e:
            logger.error(f\"Error refreshing cache: {e}\")
            return {\"success\": False, \"error\": str(e)}

    def drop(self):
        try:
            self.cache.clear_cache()
        except Exception:
            pass
        try:
            self.cache.close()
        except KeyError:
            pass

    def load(self):
        try:
            self.cache.load()
        except Exception:
            logger.exception(\"loading failed\")
";
const CACHE: &str = "class CacheService:\n    def clear_cache(self, kind): ...\n    def load(self): ...\n    def close(self): ...\n";

#[test]
fn handlers_that_hide_failures_come_with_a_change_that_helps() {
    let project = Project::new(&[
        ("modules/kg/facade.py", FACADE),
        ("core/cache.py", CACHE),
        (
            "tests/test_kg.py",
            "def test():\n    try:\n        f()\n    except Exception:\n        pass\n",
        ),
        ("logs/app.log", ""),
    ]);
    let document = project.doctor();
    let found: Vec<_> = rows(&document, "handlers")
        .iter()
        .map(|h| {
            (
                h["function"].as_str().unwrap().to_owned(),
                h["kind"].as_str().unwrap().to_owned(),
                h["line"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("KnowledgeFacade.drop", "nothing", 22),
        ("KnowledgeFacade.refresh", "message", 15),
    ];
    assert_eq!(
        found,
        expected.map(|(f, k, l)| (f.to_owned(), k.to_owned(), l))
    );
    assert_eq!(document["counts"]["broad"], 3);
    assert_eq!(
        document["handlers"][0]["guards"][0],
        "core.cache.CacheService.clear_cache"
    );

    let text = stdout(&project.run(&["doctor"]));
    assert!(text.contains("handlers: 2 of 3 broad handlers hide what they catch: 1 logs nothing, 1 logs only a message"), "{text}");
    assert!(text.contains("    -            logger.error(f\"Error refreshing cache: {e}\")\n    +            logger.exception("), "{text}");

    let mut lines: Vec<String> = FACADE.lines().map(str::to_owned).collect();
    for handler in rows(&document, "handlers") {
        let change = &handler["change"];
        let at = usize::try_from(change["line"].as_u64().unwrap()).unwrap() - 1;
        assert_eq!(change["removed"], lines[at].as_str());
        lines[at] = change["added"].as_str().unwrap().to_owned();
    }
    project.write("modules/kg/facade.py", &lines.join("\n"));
    assert_eq!(rows(&project.doctor(), "handlers"), [] as [Value; 0]);
}

#[test]
fn missing_logs_and_patterns_that_name_none_are_told() {
    let project = Project::new(&[]);
    assert!(project.problems("logs")[0].contains("no log found"));
    project.write(
        "guwu.toml",
        "logs = [\"app/*.log\", \"other.log\", \"logs/**\"]\n",
    );
    project.write("logs/app.log", "");
    let problems = project.problems("logs");
    assert_eq!(problems.len(), 2);
    assert!(problems[0].contains("`app/*.log`") && problems[1].contains("`other.log`"));
    project.write("app/x.log", "");
    project.write("other.log", "");
    assert_eq!(project.problems("logs"), [""; 0]);
}

#[cfg(unix)]
#[test]
fn the_interpreter_is_asked_for_its_pytest() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new(&[("guwu.toml", "python = \"./py\"\n"), ("logs/a.log", "")]);
    assert!(project.problems("python")[0].contains("cannot start python"));
    let become_python = |script: &str| {
        project.write("py", &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(project.path("py"), fs::Permissions::from_mode(0o755)).unwrap();
    };
    become_python("echo python 3.11.0; echo No module named pytest >&2; exit 1");
    assert!(project.problems("python")[0].contains("has no pytest"));
    become_python("echo python 3.11.0; echo pytest 8.3.3");
    let document = project.doctor();
    assert_eq!(rows(&document, "problems"), [] as [Value; 0]);
    assert!(
        document["python"]
            .as_str()
            .unwrap()
            .ends_with("(python 3.11.0, pytest 8.3.3)")
    );
    let output = project.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("nothing hides failures here"));
}

#[test]
fn a_broken_store_is_told_and_left_alone() {
    let project = Project::new(&[("logs/a.log", "")]);
    assert_eq!(project.problems("store"), [""; 0]);
    assert!(!project.path("tools").exists(), "looking makes nothing");
    project.run(&["scan", "--no-generate"]);
    assert_eq!(project.problems("store"), [""; 0]);
    let path = project.path("tools/guwu/failures.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..3000].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let _ = fs::remove_file(project.path("tools/guwu/failures.db-wal"));
    assert!(project.problems("store")[0].contains("is damaged"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
    // The next command that writes puts it aside, and that is told too.
    project.run(&["scan", "--no-generate"]);
    assert!(project.problems("store")[0].contains("put aside"));
}

#[test]
fn a_state_folder_that_is_none_is_told() {
    let project = Project::new(&[
        ("logs/a.log", ""),
        ("tools/guwu", "a file\n"),
        ("guwu.toml", ""),
    ]);
    assert!(!project.problems("store").is_empty());
}

#[test]
fn log_set_ups_that_lose_records_are_told_with_their_place() {
    let settings = "DEBUG = False\nINSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n";
    let project = Project::new(&[("shop/settings.py", settings), ("logs/a.log", "")]);
    let document = project.doctor();
    let found = rows(&document, "problems");
    let found = found.iter().find(|p| p["check"] == "log-setup").unwrap();
    assert_eq!(
        (found["file"].as_str(), found["line"].as_u64()),
        (Some("shop/settings.py"), Some(1))
    );
    assert!(found["advice"].as_str().unwrap().contains("LOGGING"));
}

#[test]
fn names_in_sources_can_not_move_the_cursor() {
    let text = "def f():\n    try:\n        g()\n    except Exception as e:\n        print('\u{1b}[2J', e)\n        x = '\u{1b}]0;a'\n";
    let project = Project::new(&[("a\u{1b}[31m.py", text)]);
    let output = project.run(&["doctor"]);
    assert!(stdout(&output).contains("only prints a message"));
    assert!(!output.stdout.contains(&0x1b), "{}", stdout(&output));
}

#[test]
fn init_writes_what_it_found_once() {
    let project = Project::new(&[
        ("app/logs/app.log", ""),
        ("app/logs/worker.stderr", ""),
        ("server.log", ""),
        ("server.log.1", ""),
        ("src/shop/__init__.py", ""),
        ("checks/unit/test_cart.py", ""),
        ("checks/api/test_api.py", ""),
    ]);
    let output = project.run(&["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for next in ["guwu doctor", "guwu scan", "guwu review", "guwu watch"] {
        assert!(stdout(&output).contains(next));
    }
    let config = Config::load_with(
        project.folder.path(),
        &Overrides::default(),
        &Default::default(),
    );
    let config = config.unwrap();
    assert_eq!(config.logs, ["app/logs/**", "server.log"]);
    assert_eq!(config.test_roots, ["checks/api", "checks/unit"]);
    assert_eq!(config.source_roots, ["src"]);
    let written = project.read("guwu.toml");
    for key in guwu::config::KEYS {
        assert!(
            written.contains(&format!("{} = ", key.name)),
            "{}",
            key.name
        );
    }
    assert!(project.read("tools/guwu/.gitignore").contains("*.db\n"));

    project.write("guwu.toml", "logs = [\"mine.log\"]\n");
    project.write("tools/guwu/.gitignore", "mine\n");
    let output = project.run(&["init"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("stays as it is"));
    assert_eq!(project.read("guwu.toml"), "logs = [\"mine.log\"]\n");
    assert_eq!(project.read("tools/guwu/.gitignore"), "mine\n");
}

#[test]
fn what_init_switched_off_is_valid_when_switched_on() {
    let project = Project::new(&[
        ("tests/test_a.py", ""),
        ("shop.py", ""),
        ("it's \"odd\".log", ""),
    ]);
    project.run(&["init"]);
    let text = project.read("guwu.toml");
    assert!(text.contains("\n# phase4-enabled = true\n"));
    let on: String = text
        .lines()
        .filter(|line| !line.ends_with("= \"\"") && !line.ends_with("= []"))
        .map(|line| match line.strip_prefix("# ") {
            Some(setting) if setting.contains(" = ") && !setting.contains('`') => {
                format!("{setting}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    project.write("guwu.toml", &on);
    let config = Config::load_with(
        project.folder.path(),
        &Overrides::default(),
        &Default::default(),
    );
    let config = config.unwrap();
    assert_eq!(config.logs, ["it's \"odd\".log"]);
    assert_eq!(
        (config.test_roots, config.source_roots),
        (vec!["tests".to_owned()], vec![".".to_owned()])
    );
    assert_eq!(config.test_timeout, 30);
}

#[test]
fn init_leaves_settings_in_pyproject_alone() {
    let project = Project::new(&[("pyproject.toml", "[tool.guwu]\nstrict = true\n")]);
    let output = project.run(&["init"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("[tool.guwu]"));
    assert!(!project.path("guwu.toml").exists());
}
