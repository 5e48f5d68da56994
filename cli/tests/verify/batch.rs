//! Many files in one process: each gets its own result, whatever its neighbours do.

use guwu_core::prove::Run;

use super::{Project, file};

const GREEN: &str = "def test_green():\n    assert True\n";

fn counts(run: &Run) -> (u32, u32, u32, u32, bool) {
    (
        run.passed,
        run.failed,
        run.errors,
        run.skipped,
        run.timed_out,
    )
}

#[test]
fn each_file_gets_its_own_result_in_the_order_given() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let files = [
        file(
            "test_price",
            "import shop\n\ndef test_price():\n    shop.price({'apple': 1})\n",
        ),
        file("test_green", GREEN),
        file(
            "test_chain",
            "import shop\n\ndef test_total():\n    shop.total({})\n",
        ),
        file("test_broken", "import no_such_module\n"),
        file("test_syntax", "def test_(:\n"),
        file("test_empty", "\n"),
        file(
            "test_skipped",
            "import pytest\n\ndef test_it():\n    pytest.skip('not here')\n",
        ),
        file(
            "test_quiet",
            "import shop\n\ndef test_it():\n    assert shop.quiet({'apple': 1}) == 1\n",
        ),
        file(
            "test_fixture",
            "import pytest\n\n@pytest.fixture\ndef gone():\n    raise OSError('x')\n\ndef test_it(gone):\n    pass\n",
        ),
        file("test_green", GREEN),
    ];
    let runs = project.runner.run_batch(&files).unwrap();
    let seen: Vec<Vec<(&str, bool, u32)>> = runs
        .iter()
        .map(|run| {
            let seen = run.seen.iter();
            seen.map(|s| (s.type_name.as_str(), s.is_logged, s.chain))
                .collect()
        })
        .collect();
    assert_eq!(counts(&runs[0]), (0, 1, 0, 0, false));
    assert_eq!(seen[0], [("KeyError", false, 0)]);
    assert_eq!(runs[0].seen[0].frames.last().unwrap().function, "<genexpr>");
    assert_eq!(counts(&runs[1]), (1, 0, 0, 0, false));
    assert_eq!(seen[1], []);
    assert_eq!(counts(&runs[2]), (0, 1, 0, 0, false));
    assert_eq!(seen[2], [("ValueError", false, 0), ("KeyError", false, 1)]);
    assert_eq!(counts(&runs[3]), (0, 0, 1, 0, false));
    assert!(seen[3].iter().any(|s| s.0 == "ModuleNotFoundError"));
    assert_eq!(counts(&runs[4]), (0, 0, 1, 0, false));
    assert_eq!(counts(&runs[5]), (0, 0, 0, 0, false));
    assert_eq!(counts(&runs[6]), (0, 0, 0, 1, false));
    assert_eq!(counts(&runs[7]), (0, 1, 0, 0, false));
    assert_eq!(
        seen[7],
        [("KeyError", true, 0), ("AssertionError", false, 0)]
    );
    assert_eq!(counts(&runs[8]), (0, 0, 1, 0, false));
    assert_eq!(seen[8][0].0, "OSError");
    assert_eq!(counts(&runs[9]), (1, 0, 0, 0, false));
    assert_eq!(std::fs::read_dir(project.root()).unwrap().count(), 1);
}

#[test]
fn hanging_and_dying_files_take_no_other_with_them() {
    let Some(project) = Project::new(2) else {
        return;
    };
    let files = [
        file("test_before", GREEN),
        file(
            "test_sleeps",
            "import time\n\ndef test_it():\n    time.sleep(600)\n",
        ),
        file(
            "test_stubborn",
            "import time\n\ndef test_it():\n    while True:\n        try:\n            time.sleep(600)\n        except BaseException:\n            pass\n",
        ),
        file(
            "test_exits",
            "import os\n\ndef test_it():\n    os._exit(0)\n",
        ),
        file("test_dies_early", "import os\nos._exit(3)\n"),
        file(
            "test_stops_all",
            "import pytest\n\ndef test_it():\n    pytest.exit('enough')\n",
        ),
        file(
            "test_crashes",
            "import ctypes\n\ndef test_it():\n    ctypes.string_at(0)\n",
        ),
        file("test_slow_import", "import time\ntime.sleep(600)\n"),
        file("test_exit_import", "import pytest\npytest.exit('enough')\n"),
        file("test_after", GREEN),
    ];
    let runs = project.runner.run_batch(&files).unwrap();
    let all: Vec<_> = runs.iter().map(counts).collect();
    let (green, hung, error) = ((1, 0, 0, 0, false), (0, 1, 0, 0, true), (0, 0, 1, 0, false));
    assert_eq!(all[0], green);
    assert_eq!(all[1], hung);
    assert!(all[2].4, "{:?}", all[2]);
    assert_eq!(all[3..7], [error; 4]);
    assert!(all[7].4, "{:?}", all[7]);
    assert_eq!(all[8], error);
    assert_eq!(all[9], green);
}

#[test]
fn a_broken_conftest_stops_its_own_folder_only() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("tests/bad/conftest.py", "raise RuntimeError('settings')\n");
    let mut bad = file("test_it", GREEN);
    bad.path = "tests/bad/test_it.py".to_owned();
    let runs = project
        .runner
        .run_batch(&[file("test_a", GREEN), bad, file("test_b", GREEN)])
        .unwrap();
    let passed: Vec<u32> = runs.iter().map(|run| run.passed).collect();
    assert_eq!(passed, [1, 0, 1]);
    assert_eq!(runs[1].errors, 1);
    assert!(runs[1].output.contains("settings"), "{}", runs[1].output);
}
