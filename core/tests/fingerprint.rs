//! The same failure has one fingerprint, another failure another one: rules, the page in docs, and figures over the corpus.

#![allow(
    clippy::print_stdout,
    reason = "the figures over the corpus are for people to read"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use guwu_core::fingerprint::{canonical, family, fingerprint};
use guwu_core::model::{Exception, Failure, Frame, Options, Platform, Relation, StackEntry};
use guwu_core::triage;

fn frame(function: &str, file: &str, in_app: bool) -> StackEntry {
    StackEntry::Frame(Frame {
        function: (!function.is_empty()).then(|| function.to_owned()),
        file: Some(file.to_owned()),
        line: Some(1),
        in_app,
        ..Frame::default()
    })
}

/// An exception whose frames, oldest first, all lie in one in-app file.
fn raised(name: &str, message: &str, file: &str, functions: &[&str]) -> Exception {
    Exception {
        type_name: Some(name.to_owned()),
        message: Some(message.to_owned()),
        frames: functions.iter().map(|f| frame(f, file, true)).collect(),
        ..Exception::default()
    }
}

fn python(exception: Exception) -> String {
    fingerprint(Platform::Python, &[exception], None)
}

fn javascript(exception: Exception) -> String {
    fingerprint(Platform::JavaScript, &[exception], None)
}

fn one(text: &str) -> Failure {
    let mut failures = triage(text.as_bytes(), &Options::default());
    assert_eq!(failures.len(), 1, "{text}");
    failures.remove(0)
}

mod rules {
    use super::*;

    #[test]
    fn an_id_is_a_version_and_sixteen_digits() {
        let id = python(raised("E", "m", "/app/x.py", &["f"]));
        let digits = id.strip_prefix("1:").unwrap_or("");
        assert_eq!(digits.len(), 16, "{id}");
        assert!(
            digits
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        );
        assert_eq!(fingerprint(Platform::Python, &[], None).len(), 18);
    }

    #[test]
    fn what_must_not_count() {
        let base = raised("E", "order 7 failed", "/app/kg/x.py", &["main", "f"]);
        let id = python(base.clone());
        let mut other = base.clone();
        for entry in &mut other.frames {
            if let StackEntry::Frame(frame) = entry {
                frame.line = Some(99);
                frame.column = Some(7);
                frame.source_line = Some("x = 1".to_owned());
            }
        }
        other.message = Some("something else entirely".to_owned());
        other.notes = vec!["a note".to_owned()];
        other.module = Some("shop.errors".to_owned());
        assert_eq!(python(other), id);
        for file in [
            "C:\\shop\\kg\\x.py",
            "/home/u/deep/in/kg/x.py",
            "kg/x.py",
            "/v/lib/python3.9/site-packages/kg/x.py",
        ] {
            assert_eq!(python(raised("E", "", file, &["main", "f"])), id, "{file}");
        }
        let mut library = base;
        library.frames.push(frame(
            "dumps",
            "/usr/lib/python3.11/json/__init__.py",
            false,
        ));
        assert_eq!(python(library), id);
    }

    #[test]
    fn what_must_count() {
        let base = || raised("E", "m", "/app/x.py", &["main", "f"]);
        let mut ids = BTreeSet::from([python(base())]);
        let mut differs = |id: String, why: &str| assert!(ids.insert(id), "{why}");
        differs(
            python(raised("F", "m", "/app/x.py", &["main", "f"])),
            "type",
        );
        differs(
            python(raised("E", "m", "/app/x.py", &["main", "g"])),
            "innermost function",
        );
        differs(
            python(raised("E", "m", "/app/x.py", &["job", "f"])),
            "caller",
        );
        differs(
            python(raised("E", "m", "/app/y.py", &["main", "f"])),
            "module",
        );
        differs(
            javascript(raised("E", "m", "/app/x.py", &["main", "f"])),
            "platform",
        );
        let mut caused = base();
        caused.relation = Some(Relation::Cause);
        let cause = raised("KeyError", "'k'", "/app/x.py", &["f"]);
        differs(
            fingerprint(Platform::Python, &[cause, caused], None),
            "cause",
        );
        let mut packages = base();
        packages.frames[1] = frame("f", "/app/kg/x.py", true);
        differs(python(packages.clone()), "package");
        packages.frames[1] = frame("f", "/app/rag/x.py", true);
        differs(python(packages), "other package");
    }

    #[test]
    fn recursion_depth_never_matters() {
        let calls = |cycle: &[&str], rounds: usize, end: &[&str]| {
            let mut functions = vec!["main"];
            for _ in 0..rounds {
                functions.extend(cycle);
            }
            functions.extend(end);
            functions
                .iter()
                .map(|f| (*f).to_owned())
                .collect::<Vec<String>>()
        };
        for (cycle, end) in [
            (&["walk"][..], &[][..]),
            (&["walk"], &["leaf"]),
            (&["a", "b"], &[]),
            (&["a", "b"], &["a"]),
            (&["a", "b", "c"], &["leaf"]),
        ] {
            let ids: BTreeSet<String> = [1, 2, 3, 10, 1000]
                .into_iter()
                .flat_map(|rounds| {
                    let functions = calls(cycle, rounds, end);
                    let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
                    let exception = |file| raised("ValueError", "m", file, &functions);
                    [
                        python(exception("/app/t.py")),
                        javascript(exception("/app/t.js")),
                    ]
                })
                .collect();
            assert_eq!(ids.len(), 2, "one for each platform: {cycle:?} {end:?}");
        }
    }

    #[test]
    fn an_exhausted_stack_ends_anywhere() {
        let overflow = |functions: &[&str]| {
            raised(
                "RangeError",
                "Maximum call stack size exceeded",
                "/t.js",
                functions,
            )
        };
        // V8 keeps ten frames, Gecko 128, and the stack ends in either function.
        let id = javascript(overflow(&["odd", "even", "odd", "even"]));
        assert_eq!(
            javascript(overflow(&["even", "odd", "even", "odd", "even"])),
            id
        );
        assert_eq!(
            javascript(overflow(&["main", "odd", "even", "odd", "even", "check"])),
            id
        );
        let mut gecko = raised(
            "InternalError",
            "too much recursion",
            "/t.js",
            &["even", "odd", "even", "odd"],
        );
        assert_eq!(javascript(gecko.clone()), id);
        gecko.message = Some("allocation size overflow".to_owned());
        assert_ne!(javascript(gecko), id);
    }

    #[test]
    fn engines_print_one_function_differently() {
        let stack = |functions: &[&str]| raised("TypeError", "m", "https://h/app.js", functions);
        let id = javascript(stack(&["openPage", "loadCart", "Cart"]));
        for functions in [
            &["Object.openPage", "async loadCart", "new Cart"][..],
            &[
                "openPage",
                "openPage/<",
                "loadCart",
                "loadCart/loadCart/<",
                "Cart",
            ],
            &[
                "App.prototype.openPage [as onclick]",
                "",
                "loadCart",
                "<anonymous>",
                "Cart",
            ],
        ] {
            assert_eq!(javascript(stack(functions)), id, "{functions:?}");
        }
        let mut native = stack(&["openPage", "loadCart", "Cart"]);
        native
            .frames
            .insert(2, frame("Array.map", "<anonymous>", false));
        native.frames.push(frame("parse", "[native code]", false));
        assert_eq!(javascript(native), id);
    }

    #[test]
    fn a_constructor_of_the_error_does_not_count() {
        let v8 = raised("ValidationError", "m", "https://h/app.js", &["checkField"]);
        let gecko = raised(
            "ValidationError",
            "m",
            "https://h/app.js",
            &["checkField", "ValidationError"],
        );
        assert_eq!(javascript(v8), javascript(gecko));
    }

    #[test]
    fn v8_and_gecko_keep_different_numbers_of_frames() {
        let mut gecko = raised("TypeError", "m", "https://h/app.js", &["startApp"]);
        for _ in 0..40 {
            gecko.frames.push(frame(
                "work",
                "https://h/node_modules/react-dom/x.js",
                false,
            ));
        }
        gecko
            .frames
            .push(frame("Dashboard", "https://h/app.js", true));
        let mut v8 = gecko.clone();
        v8.frames.drain(..v8.frames.len() - 10);
        assert_eq!(javascript(gecko), javascript(v8));
    }

    #[test]
    fn a_files_name_tells_functions_with_common_names_apart() {
        let at =
            |file: &str, function: &str| javascript(raised("TypeError", "m", file, &[function]));
        assert_ne!(
            at("/srv/routes/users.js", "handler"),
            at("/srv/routes/orders.js", "handler")
        );
        assert_eq!(
            at("/srv/dist/server.js", "loadOrders"),
            at("https://h/assets/index-4f3a9c1b.js", "loadOrders")
        );
    }

    #[test]
    fn the_message_counts_only_without_functions_of_the_project() {
        let library = |message: &str| {
            let mut e = raised("ValueError", message, "", &[]);
            e.frames = vec![frame(
                "loads",
                "/usr/lib/python3.11/json/__init__.py",
                false,
            )];
            python(e)
        };
        assert_eq!(library("line 3 of order 7"), library("line 4 of order 12"));
        assert_ne!(library("line 3 of order 7"), library("no order"));

        let logged = |text| fingerprint(Platform::Python, &[Exception::default()], Some(text));
        assert_eq!(logged("user 42 is unknown"), logged("user 7 is unknown"));
        assert_ne!(logged("user 42 is unknown"), logged("user 42 is locked"));
        // Where the exceptions say something, the record's own text does not count.
        let known = raised("E", "m", "/app/x.py", &["f"]);
        assert_eq!(
            fingerprint(Platform::Python, std::slice::from_ref(&known), Some("a")),
            fingerprint(Platform::Python, &[known], Some("b"))
        );
    }

    #[test]
    fn members_of_a_group_in_any_number_and_order() {
        let group = raised(
            "ExceptionGroup",
            "errors (2 sub-exceptions)",
            "/app/x.py",
            &["main"],
        );
        let member = |name: &str, function: &str, path: u32| {
            let mut e = raised(name, "m", "/app/x.py", &[function]);
            e.relation = Some(Relation::Member);
            e.group_path = vec![path];
            e
        };
        let of = |members: &[Exception]| {
            let mut all = vec![group.clone()];
            all.extend_from_slice(members);
            fingerprint(Platform::Python, &all, None)
        };
        let id = of(&[member("KeyError", "a", 0), member("ValueError", "b", 1)]);
        assert_eq!(
            of(&[
                member("ValueError", "b", 0),
                member("KeyError", "a", 1),
                member("KeyError", "a", 2)
            ]),
            id
        );
        assert_ne!(of(&[member("KeyError", "a", 0)]), id);
    }

    #[test]
    fn hostile_names_can_not_pose_as_others() {
        let honest = raised("E", "m", "/app/x.py", &["main", "f"]);
        let forged = raised("E\n@x\tf", "m", "/app/x.py", &["main"]);
        assert_ne!(python(honest), python(forged));
        // Long input: many frames, long names, many exceptions; it only has to end.
        let long = "x".repeat(1_000);
        let functions: Vec<String> = (0..20_000).map(|i| format!("f{i}")).collect();
        let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
        python(raised(&long, &long, &long, &functions));
        let chain: Vec<Exception> = (0..5_000)
            .map(|i| raised("E", "m", &format!("/d{i}/e/x.py"), &["f"]))
            .collect();
        fingerprint(Platform::Python, &chain, None);
    }

    #[test]
    fn the_family_is_looser() {
        let of = |e: Exception| family(Platform::Python, &[e], None);
        let base = of(raised(
            "E",
            "user 7 is unknown",
            "/app/x.py",
            &["main", "f"],
        ));
        assert_eq!(
            of(raised("E", "user 8 is unknown", "/app/y.py", &["job", "f"])),
            base
        );
        assert_ne!(
            of(raised("E", "user 8 is locked", "/app/x.py", &["main", "f"])),
            base
        );
        assert_ne!(
            of(raised(
                "E",
                "user 7 is unknown",
                "/app/x.py",
                &["main", "g"]
            )),
            base
        );
    }
}

mod any_text {
    use super::*;
    use guwu_core::fingerprint::message_template;
    use guwu_core::normalize::{function_name, is_in_app, module_path};
    use proptest::prelude::*;

    /// Text of the characters that the rules look at, and of any others.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zA-Z0-9_./\\\\:<>'\"`{}()\\[\\]@%?#~*= -]{0,60}",
            "(\\.\\./|//|\\\\|C:|é|💥|%|'|<|\\{|a1B2){0,20}",
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn every_rule_takes_it(file in text(), function in text(), message in text()) {
            let template = message_template(&message);
            prop_assert!(template.len() <= 240 && !template.contains('\n'), "{}", template);
            for platform in [Platform::Python, Platform::JavaScript] {
                let options = Options { project_roots: vec![message.clone()], ..Options::default() };
                module_path(platform, &file, std::slice::from_ref(&message));
                function_name(platform, &function);
                let mut e = raised(&message, &function, &file, &[&function, &message]);
                if let Some(StackEntry::Frame(frame)) = e.frames.first_mut() {
                    frame.in_app = is_in_app(platform, frame, &options);
                }
                let id = fingerprint(platform, std::slice::from_ref(&e), Some(&message));
                prop_assert_eq!(id.len(), 18);
                prop_assert_eq!(family(platform, &[e], None).len(), 18);
            }
        }
    }
}

/// docs/fingerprint.md: each example's traces give its canonical text, its fingerprint and its family.
#[test]
fn the_page_in_docs_is_right() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/fingerprint.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let (_, examples) = page.split_once("\n## Examples\n").unwrap_or_default();
    let mut checked = 0;
    for example in examples.split("\n### ").skip(1) {
        let blocks = |kind: &str| {
            let open = format!("```{kind}\n");
            let blocks = example.split(open.as_str()).skip(1);
            blocks
                .map(|rest| rest.split("\n```").next().unwrap_or("").to_owned() + "\n")
                .collect::<Vec<String>>()
        };
        let canonicals = blocks("canonical");
        let ids = example
            .lines()
            .find(|line| line.starts_with("fingerprint `"))
            .unwrap_or("");
        for trace in blocks("trace") {
            let failure = one(&trace);
            let text = canonical(failure.platform, &failure.exceptions, None);
            assert_eq!(Some(&text), canonicals.first(), "{example}");
            let want = format!(
                "fingerprint `{}`, family `{}`",
                failure.fingerprint, failure.family
            );
            let want_one_of_several = format!("fingerprint `{}`,", failure.fingerprint);
            assert!(
                ids == want || (ids.starts_with(&want_one_of_several) && !ids.contains("family")),
                "{ids} should be {want}\n{example}"
            );
            checked += 1;
        }
    }
    assert!(checked >= 10, "{checked} traces");
}

/// Figures over real programs' output. What two fair readings divide is listed in fingerprint_contested.md.
mod corpus {
    use super::*;

    struct Case {
        scenario: String,
        runtime: String,
        fingerprint: String,
    }

    /// The text of a top-level string field of one JSON line.
    fn field(line: &str, name: &str) -> Option<String> {
        let open = format!("\"{name}\": \"");
        let mut chars = line[line.find(&open)? + open.len()..].chars();
        let mut units: Vec<u16> = Vec::new();
        loop {
            let unit = match chars.next()? {
                '"' => return Some(String::from_utf16_lossy(&units)),
                '\\' => match chars.next()? {
                    'n' => 10,
                    't' => 9,
                    'r' => 13,
                    'b' => 8,
                    'f' => 12,
                    'u' => {
                        let hex: String = chars.by_ref().take(4).collect();
                        u16::from_str_radix(&hex, 16).ok()?
                    }
                    other => u16::try_from(u32::from(other)).ok()?,
                },
                c => {
                    units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
                    continue;
                }
            };
            units.push(unit);
        }
    }

    fn shared(name: &str) -> Option<String> {
        let root = std::env::var_os("GUWU_SHARED").map(PathBuf::from);
        let root =
            root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
        let text = std::fs::read_to_string(root.join("corpus").join(name)).ok();
        if text.is_none() {
            println!("skipped: no corpus `{name}`; set GUWU_SHARED to the folder that holds it");
        }
        text
    }

    /// The cases that `pick` names with scenario and runtime, and that hold a failure.
    fn cases(name: &str, pick: impl Fn(&str) -> Option<(String, String)>) -> Vec<Case> {
        let mut cases = Vec::new();
        for line in shared(name).unwrap_or_default().lines() {
            let id = field(line, "id").unwrap_or_default();
            let (Some((scenario, runtime)), Some(input)) = (pick(&id), field(line, "input")) else {
                continue;
            };
            let failures = triage(input.as_bytes(), &Options::default());
            let ids: BTreeSet<String> = failures.into_iter().map(|f| f.fingerprint).collect();
            if !ids.is_empty() {
                cases.push(Case {
                    scenario,
                    runtime,
                    fingerprint: ids.into_iter().collect::<Vec<String>>().join(" "),
                });
            }
        }
        cases
    }

    /// Pairwise precision and recall of "same scenario, same fingerprint".
    fn figures(what: &str, cases: &[Case]) -> (f64, f64) {
        let (mut both, mut same_id, mut same_scenario) = (0u32, 0u32, 0u32);
        for (i, a) in cases.iter().enumerate() {
            for b in &cases[..i] {
                let scenario = a.scenario == b.scenario;
                let id = a.fingerprint == b.fingerprint;
                both += u32::from(scenario && id);
                same_id += u32::from(id);
                same_scenario += u32::from(scenario);
            }
        }
        let precision = f64::from(both) / f64::from(same_id.max(1));
        let recall = f64::from(both) / f64::from(same_scenario.max(1));
        println!(
            "{what}: {} cases, {same_scenario} pairs of one scenario; precision {precision:.4}, recall {recall:.4}",
            cases.len()
        );
        report(cases);
        (precision, recall)
    }

    fn report(cases: &[Case]) {
        let mut by_scenario: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        let mut by_id: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for case in cases {
            let ids = by_scenario.entry(&case.scenario).or_default();
            ids.entry(&case.fingerprint)
                .or_default()
                .push(&case.runtime);
            by_id
                .entry(&case.fingerprint)
                .or_default()
                .insert(&case.scenario);
        }
        for (scenario, ids) in by_scenario.iter().filter(|(_, ids)| ids.len() > 1) {
            println!(
                "  divided: {scenario} {:?}",
                ids.values().collect::<Vec<_>>()
            );
        }
        for (_, scenarios) in by_id.iter().filter(|(_, scenarios)| scenarios.len() > 1) {
            println!("  united: {scenarios:?}");
        }
    }

    #[test]
    fn python_versions() {
        let all = cases("python.jsonl", |id| {
            let (runtime, scenario) = id.split_once('/')?;
            let version = runtime.strip_prefix("py")?;
            // one program, run under many names of its code: see fingerprint_contested.md
            let contested = scenario.starts_with("filename_");
            (version.starts_with("3.") && !contested).then(|| {
                let scenario = scenario.strip_prefix("color_").unwrap_or(scenario);
                (scenario.to_owned(), runtime.to_owned())
            })
        });
        if all.is_empty() {
            return;
        }
        let (precision, recall) = figures("Python 3.6 to 3.14", &all);
        assert!(precision >= 0.99, "{precision}");
        assert!(recall >= 0.99, "{recall}");
    }

    /// `real/ENGINE/SCENARIO`, with a header line where the engine's stacks have none of their own.
    fn engine(id: &str, wanted: &[&str]) -> Option<(String, String)> {
        let (runtime, scenario) = id.strip_prefix("real/")?.split_once('/')?;
        let headed = !["firefox", "webkit", "gjs"]
            .iter()
            .any(|e| runtime.starts_with(e));
        let scenario = match scenario.strip_suffix("+header") {
            Some(scenario) => scenario,
            None if headed => scenario,
            None => return None,
        };
        let contested = scenario == "name_with_spaces_at";
        (!contested && wanted.iter().any(|w| runtime.starts_with(w)))
            .then(|| (scenario.to_owned(), runtime.to_owned()))
    }

    #[test]
    fn browsers() {
        let all = cases("js_engines.jsonl", |id| engine(id, &["v8-", "firefox"]));
        if all.is_empty() {
            return;
        }
        let (precision, recall) = figures("Chromium and Firefox, two addresses each", &all);
        assert!(precision >= 0.99, "{precision}");
        assert!(recall >= 0.99, "{recall}");
    }

    #[test]
    fn servers() {
        let all = cases("js_engines.jsonl", |id| engine(id, &["node", "deno"]));
        if all.is_empty() {
            return;
        }
        let (precision, recall) = figures("Node 18, 22, 26 and Deno", &all);
        assert!(precision >= 0.99, "{precision}");
        assert!(recall >= 0.99, "{recall}");
    }

    #[test]
    fn browsers_and_servers_run_different_files() {
        let engines = ["v8-", "firefox", "node", "deno", "gjs"];
        let all = cases("js_engines.jsonl", |id| engine(id, &engines));
        if all.is_empty() {
            return;
        }
        let (precision, recall) = figures("all engines that name methods", &all);
        assert!(precision >= 0.99, "{precision}");
        assert!(recall >= 0.85, "{recall}");
    }

    /// WebKit and Bun do not name functions that were assigned to a property: mostly the message is left.
    #[test]
    fn engines_without_names() {
        const CONTESTED: [&str; 3] = ["async_method", "nested_eval", "new_anonymous_class"];
        let named = |(scenario, _): &(String, String)| !CONTESTED.contains(&scenario.as_str());
        let all = cases("js_engines.jsonl", |id| {
            engine(id, &["webkit", "bun"]).filter(named)
        });
        if all.is_empty() {
            return;
        }
        let (webkit, bun): (Vec<Case>, Vec<Case>) = all
            .into_iter()
            .partition(|case| case.runtime.starts_with("webkit"));
        let (precision, recall) = figures("WebKit, two addresses", &webkit);
        assert!(precision >= 0.99, "{precision}");
        assert!(recall >= 0.99, "{recall}");
        // Bun ran each scenario once: no two cases may share a fingerprint.
        figures("Bun", &bun);
        let ids: BTreeSet<&str> = bun.iter().map(|case| case.fingerprint.as_str()).collect();
        assert_eq!(ids.len(), bun.len());
    }
}
