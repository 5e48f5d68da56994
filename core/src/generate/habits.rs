//! How the project writes its tests: folders, names, markers, style. Learnt from the tests themselves.

use crate::code::{CodeMap, Function, Module};
use crate::correlate::Layer;

/// What a new test should look like to be at home in the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// Tests are methods of `TestX` classes.
    pub uses_classes: bool,
    /// Comments such as `# ARRANGE`, `# ACT`, `# ASSERT`, as the project spells them.
    pub sections: Option<[String; 3]>,
    /// Markers in use or declared.
    pub markers: Vec<String>,
    /// Folder of each layer that has one, relative to the project.
    pub folders: Vec<(Layer, String)>,
    /// Folder for layers without their own.
    pub test_root: String,
    /// Files are called `x_test.py` rather than `test_x.py`.
    pub name_ends_with_test: bool,
    /// Tests carry return annotations (`-> None`).
    pub annotates: bool,
    /// pytest-django sets Django up.
    pub has_django_plugin: bool,
}

/// Reads the habits. `declared_markers` and `test_roots` come from the project's pytest configuration.
pub fn learn(map: &CodeMap, declared_markers: &[String], test_roots: &[String]) -> Habits {
    let tests: Vec<_> = map.tests().collect();
    let in_class = tests.iter().filter(|(_, f)| f.class.is_some()).count();
    let annotated = tests.iter().filter(|(_, f)| f.returns.is_some()).count();
    let ends_with_test = map
        .modules
        .iter()
        .filter(|m| m.is_test && m.path.ends_with("_test.py"))
        .count();
    let starts_with_test = map
        .modules
        .iter()
        .filter(|m| m.is_test && file_name(&m.path).starts_with("test_"))
        .count();
    let mut markers: Vec<String> = declared_markers.to_vec();
    for (_, test) in &tests {
        markers.extend(test.decorators.iter().filter_map(|d| marker(d)));
    }
    markers.sort();
    markers.dedup();
    let test_root = test_roots
        .first()
        .cloned()
        .unwrap_or_else(|| "tests".to_owned());
    // Where the project says where its tests are, those that a package brings along are none of its own.
    let in_roots = |m: &Module| test_roots.iter().any(|root| is_below(&m.path, root));
    let is_told = test_roots != ["tests"] || map.modules.iter().any(|m| m.is_test && in_roots(m));
    let own: Vec<&Module> = map
        .modules
        .iter()
        .filter(|m| m.is_test && (!is_told || in_roots(m)))
        .collect();
    let mut folders = Vec::new();
    for (layer, names) in [
        (Layer::Unit, ["unit", "unittests"]),
        (Layer::Integration, ["integration", "functional"]),
        (Layer::E2e, ["e2e", "end_to_end"]),
    ] {
        let folder = own
            .iter()
            .find_map(|m| folder_named(&m.path, &names))
            // A project that sorts its unit tests into a folder will want the others sorted too.
            .or_else(|| sibling_of_sorted(&own, names[0]));
        if let Some(folder) = folder {
            folders.push((layer, folder));
        }
    }
    Habits {
        uses_classes: in_class * 2 > tests.len(),
        sections: sections(&tests.iter().map(|(_, f)| *f).collect::<Vec<_>>()),
        markers,
        folders,
        test_root,
        name_ends_with_test: ends_with_test > starts_with_test,
        annotates: annotated * 2 > tests.len(),
        has_django_plugin: own.iter().any(|m| {
            m.functions.iter().any(|f| {
                f.decorators.iter().any(|d| d.contains("mark.django_db"))
                    || f.params.iter().any(|p| matches!(p.name.as_str(), "db" | "django_user_model" | "transactional_db"))
            }) || m.assignments.iter().any(|a| a.target == "pytestmark" && matches!(&a.value, crate::code::Value::Name(v) | crate::code::Value::Other(v) if v.contains("django_db")))
        }),
    }
}

impl Habits {
    /// Folder for tests of a layer.
    pub fn folder(&self, layer: Layer) -> &str {
        self.folders
            .iter()
            .find(|(l, _)| *l == layer)
            .map_or(self.test_root.as_str(), |(_, folder)| folder)
    }

    /// The project's marker for a layer, if it has one.
    pub fn marker(&self, layer: Layer) -> Option<&str> {
        self.markers
            .iter()
            .find(|m| m.as_str() == layer.as_str())
            .map(String::as_str)
    }
}

/// Whether a file lies below a folder, both told from the root.
#[must_use]
pub fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    matches!(folder, "" | ".")
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `pytest.mark.unit` → `unit`.
fn marker(decorator: &str) -> Option<String> {
    let rest = decorator.split_once("mark.")?.1;
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let is_builtin = matches!(
        name.as_str(),
        "parametrize" | "skip" | "skipif" | "xfail" | "usefixtures" | "filterwarnings"
    );
    (!name.is_empty() && !is_builtin).then_some(name)
}

fn folder_named(path: &str, names: &[&str]) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let folders = &parts[..parts.len().saturating_sub(1)];
    let at = folders.iter().position(|p| names.contains(p))?;
    Some(folders[..=at].join("/"))
}

fn sibling_of_sorted(own: &[&Module], name: &str) -> Option<String> {
    let sorted = own
        .iter()
        .find_map(|m| folder_named(&m.path, &["unit", "integration", "e2e"]))?;
    let parent = sorted.rsplit_once('/').map(|(parent, _)| parent);
    Some(match parent {
        Some(parent) => format!("{parent}/{name}"),
        None => name.to_owned(),
    })
}

fn sections(tests: &[&Function]) -> Option<[String; 3]> {
    for words in [["arrange", "act", "assert"], ["given", "when", "then"]] {
        let spelled = |word: &str| {
            tests.iter().flat_map(|t| &t.comments).find_map(|comment| {
                let first = comment.split([' ', ':']).next().unwrap_or(comment);
                (first.to_lowercase() == word).then(|| first.to_owned())
            })
        };
        if let (Some(a), Some(b), Some(c)) =
            (spelled(words[0]), spelled(words[1]), spelled(words[2]))
        {
            return Some([a, b, c]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;

    #[test]
    fn style_is_learnt_from_the_tests() {
        let files = [SourceFile {
            path: "tests/unit/test_a.py".to_owned(),
            text: "import pytest\nclass TestA:\n    @pytest.mark.unit\n    def test_b(self):\n        # ARRANGE\n        x = 1\n        # ACT\n        y = x\n        # ASSERT\n        assert y\n".to_owned(),
            is_test: true,
        }];
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let habits = learn(&map, &["integration".to_owned()], &["tests".to_owned()]);
        assert!(habits.uses_classes);
        assert_eq!(
            habits.sections.as_ref().map(|s| s[0].as_str()),
            Some("ARRANGE")
        );
        assert_eq!(habits.folder(Layer::Unit), "tests/unit");
        assert_eq!(habits.folder(Layer::Integration), "tests/integration");
        assert_eq!(habits.marker(Layer::Integration), Some("integration"));
        assert_eq!(habits.marker(Layer::E2e), None);
    }

    #[test]
    fn tests_that_a_package_brings_along_are_not_the_projects() {
        let file = |path: &str| SourceFile {
            path: path.to_owned(),
            text: "def test_a():\n    assert 1\n".to_owned(),
            is_test: true,
        };
        let folder = |paths: &[&str], root: &str| {
            let files: Vec<SourceFile> = paths.iter().map(|path| file(path)).collect();
            let map = CodeMap::new(&files, &[".".to_owned()]);
            learn(&map, &[], &[root.to_owned()])
                .folder(Layer::Unit)
                .to_owned()
        };
        let vendored = "vendor/nltk/test/unit/test_a.py";
        assert_eq!(folder(&[vendored], "checks"), "checks");
        assert_eq!(folder(&[vendored, "tests/test_a.py"], "tests"), "tests");
        let own = "tests/unit/test_a.py";
        assert_eq!(folder(&[vendored, own], "tests"), "tests/unit");
        let has_plugin = |path: &str| {
            let text = "import pytest\n\n@pytest.mark.django_db\ndef test_a():\n    assert 1\n";
            let files = [
                file("tests/test_b.py"),
                SourceFile {
                    text: text.to_owned(),
                    ..file(path)
                },
            ];
            let map = CodeMap::new(&files, &[".".to_owned()]);
            learn(&map, &[], &["tests".to_owned()]).has_django_plugin
        };
        assert!(has_plugin("tests/test_a.py"));
        assert!(!has_plugin("vendor/django_countries/tests/test_a.py"));
        // Nobody said where they are.
        assert_eq!(
            folder(&["shop/tests/unit/test_a.py"], "tests"),
            "shop/tests/unit"
        );
    }
}
