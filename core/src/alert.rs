//! The words that a developer reads at the end of a pytest run. Only text: what to tell is decided by the caller.

/// What became of one new group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Short id for `guwu show`.
    pub id: String,
    /// `TypeError`.
    pub type_name: String,
    /// First line of the message.
    pub message: String,
    /// Project file and line of the failure.
    pub file: Option<String>,
    /// Where it failed: function.
    pub function: Option<String>,
    /// How often it was seen.
    pub count: u64,
    /// The best test, if there is one.
    pub test: Option<Test>,
    /// Why there is none, or what is left to do.
    pub reason: String,
    /// It had a test that guarded against it, and came back.
    pub came_back: bool,
}

/// A test written for a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// `integration`.
    pub layer: String,
    /// Path of the file, relative to the project.
    pub path: String,
    /// Lies in the project's tests, not in the staging folder.
    pub is_created: bool,
    /// No test yet: it waits to be filled in.
    pub is_skeleton: bool,
    /// 0..1.
    pub confidence: f64,
    /// The proof in words.
    pub proof: String,
}

/// Blocks with next steps are written for this many groups; the rest is counted.
const BLOCKS: usize = 3;

/// The alert, empty when there is nothing to say. Lines without control characters.
pub fn alert(items: &[Item]) -> String {
    let mut out = String::new();
    let (told, quiet): (Vec<&Item>, Vec<&Item>) =
        items.iter().partition(|i| i.test.is_some() || i.came_back);
    if items.is_empty() {
        return out;
    }
    line(
        &mut out,
        &format!(
            "[Gu Wu] Detected {} since last run",
            plural(items.len(), "production failure")
        ),
    );
    for item in &told {
        if item.came_back {
            line(
                &mut out,
                &format!(
                    "[Gu Wu] Came back: {} in {}, although a test guards against it",
                    item.type_name,
                    place(item)
                ),
            );
        }
        let Some(test) = &item.test else { continue };
        let what = if test.is_created {
            format!("Generated missing {} test", test.layer)
        } else if test.is_skeleton {
            format!(
                "Staged skeleton of a missing {} test to fill in",
                test.layer
            )
        } else {
            format!("Staged draft {} test for review", test.layer)
        };
        line(&mut out, &format!("[Gu Wu] {what}: {}", test.path));
        let proof = if test.is_skeleton {
            format!("[Gu Wu] Not proven: {}", test.proof)
        } else {
            let percent = test.confidence * 100.0;
            format!("[Gu Wu] Confidence: {percent:.0}% - {}", test.proof)
        };
        line(&mut out, &proof);
    }
    if !quiet.is_empty() {
        line(
            &mut out,
            &format!(
                "[Gu Wu] No test proven for {}; see guwu list",
                plural(quiet.len(), "failure")
            ),
        );
    }
    for item in told.iter().take(BLOCKS) {
        out.push('\n');
        block(&mut out, item);
    }
    if told.len() > BLOCKS {
        out.push('\n');
        line(
            &mut out,
            &format!("[Gu Wu] {} more: run guwu list", told.len() - BLOCKS),
        );
    }
    out
}

fn block(out: &mut String, item: &Item) {
    line(out, "CRITICAL: production bug detected");
    if let Some(file) = &item.file {
        line(out, &format!("   File: {file}"));
    }
    let message = item.message.lines().next().unwrap_or_default();
    if message.is_empty() {
        line(out, &format!("   Error: {}", item.type_name));
    } else {
        line(
            out,
            &format!("   Error: {} - {}", item.type_name, clip(message, 120)),
        );
    }
    let Some(test) = &item.test else {
        line(out, &format!("   Next steps: run guwu show {}", item.id));
        return;
    };
    line(out, &format!("   Test: {}", test.path));
    line(out, "   Next steps:");
    if test.is_created {
        line(out, "   1. Review the generated test");
        line(out, &format!("   2. Run: pytest {}", test.path));
        line(out, "   3. Commit it with the fix");
    } else if test.is_skeleton {
        line(
            out,
            &format!("   1. See what is missing: guwu show {}", item.id),
        );
        line(out, "   2. Fill it in where it was staged");
        line(out, &format!("   3. Run it: guwu verify {}", item.id));
        line(out, &format!("   4. Take it over: guwu accept {}", item.id));
    } else {
        line(
            out,
            &format!(
                "   1. Review the staged test and its evidence: guwu show {}",
                item.id
            ),
        );
        line(out, &format!("   2. Take it over: guwu accept {}", item.id));
        line(out, &format!("   3. Or drop it: guwu reject {}", item.id));
    }
}

fn place(item: &Item) -> &str {
    item.function.as_deref().unwrap_or("production")
}

fn line(out: &mut String, text: &str) {
    // Log text ends up in a terminal here.
    out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    out.push('\n');
}

fn clip(text: &str, limit: usize) -> String {
    let mut out: String = text.chars().take(limit).collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

/// `1 failure`, `2 failures`.
pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_created_test_reads_as_promised() {
        let item = Item {
            id: "5f0c".to_owned(),
            type_name: "TypeError".to_owned(),
            message: "clear_cache() missing\u{1b}[31m argument".to_owned(),
            file: Some("modules/facade.py".to_owned()),
            function: Some("refresh".to_owned()),
            count: 1,
            test: Some(Test {
                layer: "integration".to_owned(),
                path: "tests/integration/test_refresh_integration.py".to_owned(),
                is_created: true,
                is_skeleton: false,
                confidence: 0.85,
                proof: "fails today as in production (TypeError in refresh)".to_owned(),
            }),
            ..Item::default()
        };
        assert_eq!(
            alert(&[item]),
            "[Gu Wu] Detected 1 production failure since last run\n\
             [Gu Wu] Generated missing integration test: tests/integration/test_refresh_integration.py\n\
             [Gu Wu] Confidence: 85% - fails today as in production (TypeError in refresh)\n\
             \n\
             CRITICAL: production bug detected\n   File: modules/facade.py\n   \
             Error: TypeError - clear_cache() missing [31m argument\n   \
             Test: tests/integration/test_refresh_integration.py\n   Next steps:\n   \
             1. Review the generated test\n   \
             2. Run: pytest tests/integration/test_refresh_integration.py\n   \
             3. Commit it with the fix\n"
        );
    }

    #[test]
    fn nothing_to_say_is_nothing() {
        assert_eq!(alert(&[]), "");
    }
}
