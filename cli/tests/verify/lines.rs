//! Which line of a function failed tells failures of one function apart.

use guwu_core::model::StackEntry;
use guwu_core::prove::{Outcome, Proof};

use super::Project;
use super::classes::{failure, judge};

const TWO_LINES: &str = "
def total(basket, discount):
    tax = (
        basket['price']
        * basket['rate'].real
    )
    if not discount:
        return basket['price'].real + tax
    return basket['price'] - (
        discount['share'].real
    )
";

fn summary(proof: &Proof) -> (Outcome, bool) {
    (proof.outcome, proof.is_as_recorded())
}

#[test]
fn another_line_of_the_function_is_another_failure() {
    let Some(project) = Project::new(20) else {
        return;
    };
    project.write("shop.py", TWO_LINES);
    let recorded = failure(
        &project,
        "shop.total({'price': 2, 'rate': 1}, {'share': None})",
    );
    let bodies = [
        "def test_it():\n    shop.total({'price': 2, 'rate': 1}, {'share': None})",
        "def test_it():\n    shop.total({'price': 2, 'rate': None}, {'share': 1})",
    ];
    let proofs = judge(&project, &recorded, &bodies);
    let there = (Outcome::RedSame, true);
    let elsewhere = (Outcome::RedSame, false);
    assert_eq!(
        proofs.iter().map(summary).collect::<Vec<_>>(),
        [there, elsewhere]
    );
    let reason = &proofs[1].reason;
    let wanted = "at `* basket['rate'].real`, not at `discount['share'].real`";
    assert!(reason.contains(wanted), "{reason}");

    // The lines have moved since; the recorded text tells where it stands now.
    project.write("shop.py", &format!("# one\n# two\n# three\n{TWO_LINES}"));
    let proofs = judge(&project, &recorded, &bodies);
    assert_eq!(
        proofs.iter().map(summary).collect::<Vec<_>>(),
        [there, elsewhere]
    );

    // Another line of the same statement, as another version of Python names it.
    let mut other_version = recorded.clone();
    for exception in &mut other_version.exceptions {
        for entry in &mut exception.frames {
            if let StackEntry::Frame(frame) = entry
                && frame.function.as_deref() == Some("total")
            {
                frame.line = Some(9);
                frame.source_line = Some("return basket['price'] - (".into());
            }
        }
    }
    project.write("shop.py", TWO_LINES);
    let proofs = judge(&project, &other_version, &bodies);
    assert_eq!(
        proofs.iter().map(summary).collect::<Vec<_>>(),
        [there, elsewhere]
    );

    // The recorded line is there no more: nobody knows which one it was.
    project.write("shop.py", &TWO_LINES.replace("['share']", "[\"share\"]"));
    let proofs = judge(&project, &recorded, &bodies);
    assert_eq!(
        proofs.iter().map(summary).collect::<Vec<_>>(),
        [there, there]
    );
}
