//! `guwu config` and `guwu completions`, run as a user runs them: real files, real environment, the real binary.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can not set its project up has to stop"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use guwu::config::{Config, KEYS, Overrides};
use serde_json::Value;
use tempfile::TempDir;

/// A project on disk.
struct Project {
    folder: TempDir,
}

impl Project {
    /// With these files (path, text). The folder is a repository of its own, so nothing above it counts.
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(project.root().join(".git")).unwrap();
        for (name, text) in files {
            let path = project.root().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        project
    }

    fn root(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn config(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        guwu(
            &self.root(),
            &[&["config"], arguments].concat(),
            environment,
        )
    }

    /// Value and origin of one setting.
    fn get(&self, key: &str, environment: &[(&str, &str)]) -> (Value, String) {
        let output = self.config(&["--format", "json"], environment);
        assert!(output.status.success(), "{}", stderr(&output));
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let row = document["settings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["key"] == key)
            .unwrap();
        (
            row["value"].clone(),
            row["origin"].as_str().unwrap().to_owned(),
        )
    }

    /// What `guwu config` complains about.
    fn complaint(&self, environment: &[(&str, &str)]) -> String {
        let output = self.config(&[], environment);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert_eq!(stdout(&output), "");
        stderr(&output).trim_end().to_owned()
    }
}

fn guwu(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guwu"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GUWU_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn number(n: f64) -> Value {
    Value::from(n)
}

#[test]
fn without_any_file_the_defaults_hold() {
    let project = Project::new(&[]);
    for (key, value) in [
        ("phase4-enabled", Value::from(true)),
        ("auto-generate-tests", true.into()),
        ("confidence-threshold", number(0.8)),
        ("draft-threshold", number(0.5)),
        ("log-monitoring", true.into()),
        ("use-ai-generation", false.into()),
        ("logs", Value::Array(vec![])),
        ("log-format", Value::Null),
        ("source-roots", vec!["."].into()),
        ("test-roots", vec!["tests"].into()),
        ("state-dir", "tools/guwu".into()),
        ("test-timeout", 30.into()),
        ("timeout", 60.into()),
    ] {
        assert_eq!(
            project.get(key, &[]),
            (value, "default".to_owned()),
            "{key}"
        );
    }
    assert_eq!(project.get("root", &[]).1, ".git");
}

/// Takes the winning source away one by one: the next must come up.
#[test]
fn each_source_wins_over_the_next() {
    let key = "confidence-threshold";
    let project = Project::new(&[
        ("guwu.toml", "# ours\nconfidence-threshold = 0.91\n"),
        (
            "pyproject.toml",
            "[tool.guwu]\nconfidence-threshold = 0.92\n",
        ),
        (
            "pytest.ini",
            "[pytest]\naddopts = -q\n\nguwu_confidence_threshold = 0.93\n",
        ),
        ("tools/guwu/config.py", "GUWU_CONFIDENCE_THRESHOLD = 0.94\n"),
    ]);
    let environment = [("GUWU_CONFIDENCE_THRESHOLD", "0.90")];
    let mut flags = Overrides::default();
    flags.set(key, 0.89, "--confidence-threshold");
    let by_flag = Config::load_with(
        &project.root(),
        &flags,
        &environment
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into(),
    )
    .unwrap();
    assert_eq!(by_flag.confidence_threshold, 0.89);
    assert!(by_flag.origins().contains(&(
        key,
        number(0.89),
        "flag `--confidence-threshold`".to_owned()
    )));

    let expected = [
        (
            "environment",
            0.90,
            "environment variable `GUWU_CONFIDENCE_THRESHOLD`",
        ),
        ("guwu.toml", 0.91, "guwu.toml:2"),
        ("pyproject.toml", 0.92, "pyproject.toml:2"),
        ("pytest.ini", 0.93, "pytest.ini:4"),
        ("tools/guwu/config.py", 0.94, "tools/guwu/config.py:1"),
        ("", 0.8, "default"),
    ];
    for (source, value, origin) in expected {
        let environment = if source == "environment" {
            &environment[..]
        } else {
            &[]
        };
        assert_eq!(
            project.get(key, environment),
            (number(value), origin.to_owned())
        );
        if source != "environment" && !source.is_empty() {
            fs::remove_file(project.root().join(source)).unwrap();
        }
    }
}

#[test]
fn the_team_s_own_names_work_in_environment_ini_and_config_py() {
    let names = [
        ("GUWU_PHASE4_ENABLED", "phase4-enabled", "False"),
        ("GUWU_AUTO_GENERATE_TESTS", "auto-generate-tests", "False"),
        ("GUWU_CONFIDENCE_THRESHOLD", "confidence-threshold", "0.7"),
        ("GUWU_LOG_MONITORING", "log-monitoring", "False"),
        ("GUWU_USE_AI_GENERATION", "use-ai-generation", "True"),
    ];
    for (name, key, text) in names {
        let value: Value = serde_json::from_str(&text.to_lowercase()).unwrap();
        let line = format!("{name} = {text}\n");
        let ini = format!("[pytest]\n{line}");
        let plain = Project::new(&[]);
        assert_eq!(plain.get(key, &[(name, text)]).0, value);
        for (file, content) in [
            ("pytest.ini", &ini),
            ("tox.ini", &ini),
            ("tools/guwu/config.py", &line),
        ] {
            let project = Project::new(&[(file, content)]);
            assert_eq!(project.get(key, &[]).0, value, "{name} in {file}");
        }
        let setup = format!("[tool:pytest]\n{line}");
        assert_eq!(
            Project::new(&[("setup.cfg", &setup)]).get(key, &[]).0,
            value
        );
        let toml = format!("{key} = {}\n", text.to_lowercase());
        assert_eq!(Project::new(&[("guwu.toml", &toml)]).get(key, &[]).0, value);
    }
}

#[test]
fn pytest_reads_one_file_and_so_do_we() {
    let project = Project::new(&[
        ("pytest.ini", "[pytest]\n"),
        ("setup.cfg", "[tool:pytest]\nguwu_strict = true\n"),
    ]);
    assert_eq!(project.get("strict", &[]).1, "default");
    fs::remove_file(project.root().join("pytest.ini")).unwrap();
    assert_eq!(project.get("strict", &[]).1, "setup.cfg:2");
    let toml = "[tool.pytest.ini_options]\nguwu_strict = true\ntestpaths = [\"checks\"]\n";
    fs::write(project.root().join("pyproject.toml"), toml).unwrap();
    assert_eq!(project.get("strict", &[]).1, "pyproject.toml:2");
    assert_eq!(
        project.get("test-roots", &[]),
        (vec!["checks"].into(), "pyproject.toml:3".into())
    );
}

#[test]
fn testpaths_are_the_test_roots() {
    let project = Project::new(&[(
        "pytest.ini",
        "[pytest]\ntestpaths =\n    tests/unit\n    \"checks/*/api\"  # later\n",
    )]);
    let roots = project.get("test-roots", &[]);
    assert_eq!(
        roots,
        (vec!["tests/unit", "checks"].into(), "pytest.ini:2".into())
    );
    // A setting of ours wins over pytest's, wherever it is written.
    fs::create_dir_all(project.root().join("tools/guwu")).unwrap();
    fs::write(
        project.root().join("tools/guwu/config.py"),
        "GUWU_TEST_ROOTS = ['t']\n",
    )
    .unwrap();
    assert_eq!(project.get("test-roots", &[]).1, "tools/guwu/config.py:1");
}

#[test]
fn a_part_of_a_repository_goes_by_the_top_and_by_its_own_pytest_file() {
    let project = Project::new(&[
        ("guwu.toml", "timeout = 7\n"),
        (
            "api/pytest.ini",
            "[pytest]\ntestpaths = tests\nguwu_strict = on\n",
        ),
    ]);
    let config = Config::load_with(
        &project.root().join("api"),
        &Overrides::default(),
        &Default::default(),
    )
    .unwrap();
    assert_eq!(config.root, project.root());
    assert_eq!(config.timeout, 7);
    assert!(config.strict);
    assert_eq!(config.test_roots, ["api/tests"]);
    assert_eq!(config.state_dir, project.root().join("tools/guwu"));
}

#[test]
fn a_path_that_climbs_is_not_the_folder_it_climbs_from() {
    let project = Project::new(&[
        ("api/guwu.toml", "timeout = 7\n"),
        ("web/guwu.toml", "timeout = 8\n"),
    ]);
    let output = guwu(&project.root().join("api"), &["config", "../web"], &[]);
    assert!(stdout(&output).contains("\ntimeout = 8 "));
    let output = guwu(&project.root().join("api"), &["config", ".."], &[]);
    assert!(stdout(&output).contains("\ntimeout = 60 "));
}

#[test]
fn config_py_is_read_and_never_run() {
    let project = Project::new(&[(
        "tools/guwu/config.py",
        "\"\"\"Settings.\n\nGUWU_TIMEOUT = 1\n\"\"\"\nimport os\nopen('ran', 'w').close()\n\n\
         GUWU_LOGS = [\n    'app.log',  # the app's\n    r'C:\\logs\\app.log',\n]\nGUWU_PYTHON = None\n\
         LEVEL = os.environ['X']\nif LEVEL:\n    GUWU_STRICT = True\n",
    )]);
    assert_eq!(
        project.get("logs", &[]),
        (
            vec!["app.log", r"C:\logs\app.log"].into(),
            "tools/guwu/config.py:8".into()
        )
    );
    assert_eq!(project.get("timeout", &[]).1, "default");
    assert_eq!(project.get("strict", &[]).1, "default");
    assert_eq!(project.get("python", &[]), (Value::Null, "default".into()));
    assert!(!project.root().join("ran").exists());
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    for (file, text, complaint) in [
        (
            "guwu.toml",
            "timeout = 3\nconfidence_treshold = 0.9\n",
            "guwu: guwu.toml:2: unknown key `confidence_treshold`; did you mean `confidence-threshold`?",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\n[tool.guwu]\nlog = []\n",
            "guwu: pyproject.toml:4: unknown key `log`; did you mean `logs`?",
        ),
        (
            "pytest.ini",
            "[pytest]\nguwu_stict = 1\n",
            "guwu: pytest.ini:2: unknown key `guwu_stict`; did you mean `guwu_strict`?",
        ),
        (
            "tools/guwu/config.py",
            "GUWU_LOG_MONITOR = True\n",
            "guwu: tools/guwu/config.py:1: unknown key `GUWU_LOG_MONITOR`; did you mean `GUWU_LOG_MONITORING`?",
        ),
    ] {
        assert_eq!(Project::new(&[(file, text)]).complaint(&[]), complaint);
    }
    let other = Project::new(&[("guwu.toml", "[colours]\n")]).complaint(&[]);
    assert!(
        other.starts_with("guwu: guwu.toml:1: unknown key `colours`; remove it or use one of `"),
        "{other}"
    );
}

#[test]
fn a_bad_value_says_where_and_what_to_write() {
    for (file, text, complaint) in [
        (
            "guwu.toml",
            "\nconfidence-threshold = 80\n",
            "guwu: guwu.toml:2: bad value `80` for `confidence-threshold`; \
             write a number from 0 to 1; did you mean `0.8`?",
        ),
        (
            "guwu.toml",
            "logs = [1]\n",
            "guwu: guwu.toml:1: bad value `[1]` for `logs`; write a list of texts, such as `[\"a\", \"b\"]`",
        ),
        (
            "tox.ini",
            "[pytest]\nguwu_timeout = soon\n",
            "guwu: tox.ini:2: bad value `soon` for `guwu_timeout`; \
             write a whole number of seconds, at least 1, such as `30`",
        ),
        (
            "tools/guwu/config.py",
            "import os\nGUWU_PHASE4_ENABLED = os.getenv('X')\n",
            "guwu: tools/guwu/config.py:2: bad value `os.getenv('X')` for `GUWU_PHASE4_ENABLED`; \
             write `True` or `False` (the file is read, never run)",
        ),
    ] {
        assert_eq!(Project::new(&[(file, text)]).complaint(&[]), complaint);
    }
    assert_eq!(
        Project::new(&[]).complaint(&[("GUWU_STRICT", "perhaps")]),
        "guwu: environment variable `GUWU_STRICT`: bad value `perhaps` for `strict`; write `true` or `false`"
    );
}

#[test]
fn a_mistake_is_told_also_where_another_source_wins() {
    let project = Project::new(&[("guwu.toml", "timeout = 0\n")]);
    assert!(
        project
            .complaint(&[("GUWU_TIMEOUT", "5")])
            .contains("guwu.toml:1")
    );
}

#[test]
fn broken_files_are_named_with_their_line() {
    let broken = Project::new(&[("guwu.toml", "timeout = 5\nlogs = [\n")]).complaint(&[]);
    assert!(
        broken.starts_with("guwu: guwu.toml:") && broken.ends_with("run the command again"),
        "{broken}"
    );
    let latin = Project::new(&[]);
    fs::write(latin.root().join("guwu.toml"), b"log-format = \"\xe9\"\n").unwrap();
    let complaint = latin.complaint(&[]);
    assert!(
        complaint.contains("guwu.toml") && complaint.contains("save it as UTF-8"),
        "{complaint}"
    );
}

#[test]
fn a_draft_never_asks_for_more_than_a_creation() {
    let low = Project::new(&[("guwu.toml", "confidence-threshold = 0.4\n")]);
    assert_eq!(low.get("draft-threshold", &[]).0, number(0.4));
    let crossed = Project::new(&[(
        "guwu.toml",
        "confidence-threshold = 0.4\ndraft-threshold = 0.6\n",
    )]);
    assert_eq!(
        crossed.complaint(&[]),
        "guwu: guwu.toml:2: bad value `0.6` for `draft-threshold`; \
         write a number up to `confidence-threshold`, which is `0.4`"
    );
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let project = Project::new(&[("guwu.toml", "timeout = 9\n")]);
    assert_eq!(
        project.get("timeout", &[("GUWU_TIMEOUT", "")]).0,
        Value::from(9)
    );
}

#[test]
fn a_file_given_by_flag_stands_in_for_guwu_toml() {
    let project = Project::new(&[
        ("guwu.toml", "timeout = 9\n"),
        ("ci/other.toml", "timeout = 8\n"),
    ]);
    let output = project.config(&["--config", "ci/other.toml"], &[]);
    assert!(
        stdout(&output).contains("\ntimeout = 8 "),
        "{}",
        stdout(&output)
    );
    let missing = project.config(&["--config", "none.toml"], &[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("`none.toml` (there is no such file)"));
}

#[test]
fn text_prints_every_setting_with_its_origin() {
    let project = Project::new(&[("guwu.toml", "logs = [\"a\\u001b[31m\"]\n")]);
    let text = stdout(&project.config(&[], &[]));
    assert_eq!(text.lines().count(), KEYS.len() + 1);
    for (line, key) in text.lines().skip(1).zip(KEYS) {
        assert!(
            line.starts_with(&format!("{} ", key.name)) && line.contains("  # "),
            "{line}"
        );
    }
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn a_folder_that_is_none_is_an_error() {
    let project = Project::new(&[("file", "")]);
    let output = project.config(&["file"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output)
            .trim_end()
            .ends_with("name the project's folder")
    );
}

#[test]
fn completions_of_each_shell_know_the_verbs() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = guwu(&project.root(), &["completions", shell], &[]);
        assert!(output.status.success());
        let script = stdout(&output);
        assert!(
            script.contains("triage") && script.contains("completions"),
            "{shell}"
        );
    }
    assert_eq!(
        guwu(&project.root(), &["completions", "csh"], &[])
            .status
            .code(),
        Some(2)
    );
}
