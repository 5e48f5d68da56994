//! Each class that a run can have, from real runs, judged against a real traceback.

use guwu_core::code::{CodeMap, SourceFile};
use guwu_core::model::{Failure, Options};
use guwu_core::prove::{self, Likeness, Outcome, Proof};

use super::{Project, file};

pub(super) fn failure(project: &Project, code: &str) -> Failure {
    let done = std::process::Command::new(&project.runner.python)
        .args(["-c", &format!("import shop\n{code}")])
        .current_dir(project.root())
        .output()
        .unwrap();
    let text = String::from_utf8(done.stderr).unwrap();
    let options = Options {
        project_roots: vec![project.root().display().to_string()],
        ..Options::default()
    };
    guwu_core::triage_text(&text, &options).remove(0)
}

pub(super) fn judge(project: &Project, failure: &Failure, bodies: &[&str]) -> Vec<Proof> {
    let source = SourceFile {
        path: "shop.py".into(),
        text: std::fs::read_to_string(project.root().join("shop.py")).unwrap(),
        is_test: false,
    };
    let map = CodeMap::new(&[source], &[".".to_owned()]);
    let files: Vec<_> = bodies
        .iter()
        .map(|body| file("test_it", &format!("import shop\n\n{body}\n")))
        .collect();
    let runs = project.runner.run_batch(&files).unwrap();
    runs.iter()
        .map(|run| prove::judge(failure, &map, run))
        .collect()
}

#[test]
fn each_class_has_its_name() {
    let Some(project) = Project::new(3) else {
        return;
    };
    let recorded = failure(&project, "shop.price({'apple': 1})");
    let cases = [
        ("def test_it():\n    shop.price({'apple': 1})", "red-same"),
        // Only logged, while the test fails for what follows from it.
        (
            "def test_it():\n    assert shop.quiet({'apple': 1}) == 1",
            "red-same",
        ),
        // The cause of what ended the test.
        ("def test_it():\n    shop.total({'apple': 1})", "red-same"),
        // What a failed assertion was raised while handling.
        (
            "def test_it():\n    try:\n        shop.price({'apple': 1})\n    except KeyError:\n        assert False",
            "red-same",
        ),
        // The same exception at the same function, for another reason than the message gives.
        ("def test_it():\n    shop.price({'pear': 1})", "red-same"),
        ("def test_it():\n    {}['pear']", "red-other"),
        ("def test_it():\n    shop.price(1)", "red-other"),
        (
            "def test_it():\n    assert shop.price({'apple': 1, 'pear': 2}) == 3",
            "green",
        ),
        ("import nothing_of_this_name", "error"),
        (
            "import time\n\ndef test_it():\n    time.sleep(60)",
            "timeout",
        ),
        (
            "import os\n\ndef test_it():\n    os.system('true')",
            "refused",
        ),
        (
            "import os\n\ndef test_it():\n    try:\n        os.system('true')\n    except OSError:\n        pass\n    shop.price({'apple': 1})",
            "red-same",
        ),
        (
            "import pytest\n\ndef test_it():\n    pytest.skip('no')",
            "skipped",
        ),
    ];
    let bodies: Vec<&str> = cases.iter().map(|case| case.0).collect();
    let proofs = judge(&project, &recorded, &bodies);
    for ((body, class), proof) in cases.iter().zip(&proofs) {
        assert_eq!(proof.outcome.as_str(), *class, "{body}\n{proof:#?}");
    }
    assert!(proofs[0].message == Likeness::Same);
    assert!(!proofs[4].is_as_recorded() && proofs[0].is_as_recorded());
    assert!(
        proofs[4].reason.contains("another message"),
        "{}",
        proofs[4].reason
    );
    assert!(
        proofs[5].reason.contains("not in price"),
        "{}",
        proofs[5].reason
    );
    assert!(
        proofs[10].reason.contains("start true"),
        "{}",
        proofs[10].reason
    );
    assert_eq!(proofs[11].refused, ["start true"]);
    assert!(proofs[11].reason.contains("refused: start true"));
}

#[test]
fn the_place_is_the_recorded_function_of_a_chain() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let recorded = failure(&project, "shop.total({'apple': 1})");
    let proofs = judge(
        &project,
        &recorded,
        &[
            "def test_it():\n    shop.total({'apple': 1})",
            "def test_it():\n    raise ValueError('no total')",
            "def test_it():\n    try:\n        shop.total({})\n    except ValueError as error:\n        raise RuntimeError('x') from error",
        ],
    );
    let outcomes: Vec<Outcome> = proofs.iter().map(|proof| proof.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::RedSame, Outcome::RedOther, Outcome::RedSame]
    );
}

#[test]
fn runs_that_differ_are_flaky() {
    let red = || Proof::new(Outcome::RedSame, "as recorded");
    assert_eq!(red().and_then(&red()).outcome, Outcome::RedSame);
    let green = Proof::new(Outcome::Green, "passes");
    let flaky = red().and_then(&green);
    assert_eq!(flaky.outcome, Outcome::Flaky);
    assert!(
        flaky.reason.contains("red-same, then green"),
        "{}",
        flaky.reason
    );
}
