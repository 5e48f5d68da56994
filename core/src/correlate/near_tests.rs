//! The tests nearest to a gap, and what kept them from catching the failure.

use super::{Link, NearTest, Shown, snake_case};
use crate::code::{Call, CodeMap, Function, Module, Value};

pub(super) fn near_tests(chain: &[Link], shown: &Shown, map: &CodeMap) -> Vec<NearTest> {
    let mut found: Vec<(u8, NearTest)> = Vec::new();
    let last = chain.last();
    let seam = last.map(|l| l.name.as_str()).unwrap_or_default();
    let methods: Vec<&str> = chain
        .iter()
        .map(|l| l.name.rsplit('.').next().unwrap_or(&l.name))
        .filter(|name| !name.starts_with('<'))
        .collect();
    for (module, test) in map.tests() {
        let called = methods.iter().rev().find(|m| {
            test.calls
                .iter()
                .any(|c| c.name() == **m && !is_mock_call(c))
        });
        let replaced = replaced_seam(module, test, chain, map);
        let imports_chain = module.imports.iter().any(|i| {
            chain.iter().any(|l| {
                i.target == l.module
                    || i.target
                        .strip_prefix(l.module.as_str())
                        .and_then(|rest| rest.strip_prefix('.'))
                        .is_some_and(|name| l.name.starts_with(name))
            })
        });
        let id = node_id(module, test);
        let entry = match (called, replaced) {
            (Some(called), Some(how)) => Some((
                0,
                format!("calls `{called}`, but {how}, so the real `{seam}` never runs"),
            )),
            (Some(called), None) => Some((
                1,
                match shown {
                    Shown::Swallowed { by, .. } if by.ends_with(called) => format!(
                        "calls `{called}`, but not with the real parts in the state that failed"
                    ),
                    _ => format!("calls `{called}`, but with other data than production did"),
                },
            )),
            (None, Some(how)) if imports_chain => {
                Some((2, format!("does not call the failing code: {how}")))
            }
            (None, _) if imports_chain => Some((
                3,
                format!(
                    "uses `{}`, but never calls `{}`",
                    chain.first().map(|l| l.module.as_str()).unwrap_or_default(),
                    methods.last().copied().unwrap_or_default()
                ),
            )),
            _ => None,
        };
        if let Some((rank, reason)) = entry {
            found.push((rank, NearTest { id, reason }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    found.into_iter().take(5).map(|(_, t)| t).collect()
}

/// pytest's id of a test function.
pub fn node_id(module: &Module, test: &Function) -> String {
    match &test.class {
        Some(class) => format!("{}::{class}::{}", module.path, test.name),
        None => format!("{}::{}", module.path, test.name),
    }
}

fn is_mock_call(call: &Call) -> bool {
    is_mock(&call.callee)
}

/// Whether a callee makes a stand-in: `Mock()`, `mock.patch.object(…)`, `mocker.patch(…)`.
pub fn is_mock(callee: &str) -> bool {
    callee.split('.').any(|part| {
        matches!(
            part.trim_end_matches("()"),
            "Mock"
                | "MagicMock"
                | "AsyncMock"
                | "NonCallableMock"
                | "create_autospec"
                | "patch"
                | "mocker"
        )
    })
}

/// How a test keeps a part of the chain from running for real.
fn replaced_seam(
    module: &Module,
    test: &Function,
    chain: &[Link],
    map: &CodeMap,
) -> Option<String> {
    let class_of = |link: &Link| link.name.split('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = chain
        .iter()
        .skip(1)
        .flat_map(|l| {
            [
                class_of(l),
                l.name.rsplit('.').next().unwrap_or_default().to_owned(),
            ]
        })
        .filter(|n| !n.is_empty() && !n.starts_with('<'))
        .collect();
    // `@patch("core.cache.CacheService")` and `patch.object(CacheService, "clear_cache")`
    let patch_texts = test.decorators.iter().cloned().chain(
        test.calls
            .iter()
            .filter(|c| c.callee.contains("patch") || c.callee.ends_with("setattr"))
            .map(|c| format!("{}({})", c.callee, c.args.join(", "))),
    );
    for text in patch_texts.filter(|t| t.contains("patch") || t.contains("setattr")) {
        if let Some(name) = names.iter().find(|n| text.contains(n.as_str())) {
            return Some(format!("patches `{name}`"));
        }
    }
    // `Facade(source, cache_service=Mock())`, directly or through a name or fixture that is a mock.
    let is_mocked = |argument: &str| {
        is_mock(argument.split('(').next().unwrap_or(argument))
            || test
                .assignments
                .iter()
                .any(|a| a.target == argument && value_is_mock(&a.value))
            || test
                .params
                .iter()
                .any(|p| p.name == argument && fixture_is_mock(map, argument))
    };
    let snake: Vec<String> = names.iter().map(|n| snake_case(n)).collect();
    let uses_fixture = |function: &Function| -> Vec<(String, String)> {
        function
            .calls
            .iter()
            .flat_map(|c| {
                c.keywords
                    .iter()
                    .cloned()
                    .chain(c.args.iter().map(|a| (a.clone(), a.clone())))
            })
            .collect()
    };
    let own = uses_fixture(test);
    for (keyword, argument) in &own {
        let is_seam = snake
            .iter()
            .any(|s| keyword.contains(s.as_str()) || s.contains(keyword.as_str()));
        if is_seam && is_mocked(argument) {
            return Some(format!("replaces `{keyword}` by a mock"));
        }
    }
    // The same through a fixture that builds the object under test.
    for param in &test.params {
        let fixture = map
            .fixtures()
            .filter(|(m, f)| {
                f.name == param.name && (m.path == module.path || m.path.ends_with("conftest.py"))
            })
            .map(|(_, f)| f)
            .next();
        if let Some(fixture) = fixture
            && (fixture.calls.iter().any(is_mock_call)
                || fixture.params.iter().any(|p| fixture_is_mock(map, &p.name)))
        {
            return Some(format!(
                "its fixture `{}` puts a mock in place of the real part",
                fixture.name
            ));
        }
    }
    // `facade.cache_service = Mock()`
    test.assignments
        .iter()
        .find(|a| a.target.contains('.') && value_is_mock(&a.value))
        .map(|a| format!("replaces `{}` by a mock", a.target))
}

fn value_is_mock(value: &Value) -> bool {
    match value {
        Value::Call(callee) => is_mock(callee),
        Value::Either(values) => values.iter().any(value_is_mock),
        _ => false,
    }
}

/// Whether a fixture of that name gives or uses a mock.
pub fn fixture_is_mock(map: &CodeMap, name: &str) -> bool {
    map.fixtures()
        .any(|(_, f)| f.name == name && f.calls.iter().any(is_mock_call))
}
