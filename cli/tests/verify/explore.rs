//! A call is made with many values: what fails as recorded is found, what hangs or prints is no harm.

use guwu::verify::Runner;
use guwu_core::generate::search::{Exploration, Step};
use guwu_core::prove::Explored;

use super::{Project, file};

/// Reads `name = value, value`; a section that is empty at the end of a line is forgotten about.
const READER: &str = r#"
import logging


def fields(text):
    found = []
    for part in text.split(","):
        found.append(part.strip())
    return found


def read(text, limit=3):
    print("reading", text)
    logging.getLogger("reader").info("reading")
    if text.startswith("loop"):
        while True:
            pass
    name, sign, rest = text.partition("=")
    if not sign:
        return {}
    if name.strip() == "sections":
        return {"sections": [first(part) for part in fields(rest)][:limit]}
    return {name: fields(rest)}


def first(part):
    return part[0]
"#;

fn exploration(values: &[&[&str]]) -> Exploration {
    let step = |function: &str, line: u32| Step {
        path: "reader.py".to_owned(),
        function: function.to_owned(),
        line,
    };
    Exploration {
        values: values
            .iter()
            .map(|codes| codes.iter().map(|c| (*c).to_owned()).collect())
            .collect(),
        words: vec!["sections".to_owned()],
        type_name: "IndexError".to_owned(),
        message: "string index out of range".to_owned(),
        steps: vec![step("read", 22), step("<listcomp>", 22), step("first", 27)],
        milliseconds: 4000,
    }
}

fn explored(project: &Project, body: &str, exploration: Exploration) -> Option<Explored> {
    let runner = Runner {
        chain: exploration.steps.clone(),
        ..project.runner.clone()
    };
    let test = file("test_it", body);
    let mut found = runner.explore(vec![(test, exploration)]).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn values_with_which_the_call_fails_as_recorded_are_found() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("reader.py", READER);
    let body = "from reader import read\n\n\ndef test_it():\n    read(guwu_value(0), limit=guwu_value(1))\n";
    let found = explored(&project, body, exploration(&[&["'a = 1'"], &["3"]])).unwrap();
    let values = found.found.expect("found");
    assert!(
        values[0].contains("sections") && values[0].contains('='),
        "{values:?}"
    );
    assert!(values[0].len() <= 14, "made as small as can be: {values:?}");
    let passing = found.passing.expect("a call like it passes");
    assert_eq!(
        passing.iter().zip(&values).filter(|(a, b)| a != b).count(),
        1
    );
}

#[test]
fn a_call_that_hangs_or_never_fails_ends_in_time() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("reader.py", READER);
    let body = "from reader import read\n\n\ndef test_it(tmp_path):\n    read(guwu_value(0))\n";
    let hanging = exploration(&[&["'loop'", "'loops'", "'loop 1'", "'loop 2'", "'loop 3'"]]);
    let found = explored(&project, body, hanging).unwrap();
    assert!(found.found.is_none() && found.runs < 20, "{found:?}");
    let mut other = exploration(&[&["'a = 1'"]]);
    other.type_name = "ZeroDivisionError".to_owned();
    other.milliseconds = 500;
    let found = explored(&project, body, other).unwrap();
    assert!(found.found.is_none() && found.runs > 20, "{found:?}");
    assert!(found.furthest.is_some());
}

#[test]
fn what_a_test_run_may_not_do_is_refused_to_each_call() {
    let Some(project) = Project::new(20) else {
        return;
    };
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().canonicalize().unwrap().join("precious.txt");
    std::fs::write(&precious, "x").unwrap();
    project.write("reader.py", READER);
    let body = format!(
        "import os\nfrom reader import read\n\n\ndef test_it():\n    os.remove({:?})\n    read(guwu_value(0))\n",
        precious.display().to_string()
    );
    let mut short = exploration(&[&["'a'"]]);
    short.milliseconds = 300;
    let found = explored(&project, &body, short).unwrap();
    assert!(found.found.is_none());
    assert!(precious.exists());
}
