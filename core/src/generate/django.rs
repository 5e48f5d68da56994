//! What a test of a Django site needs around it: its settings, databases of its own.

use super::arguments::Setup;
use super::literal;
use super::strategies::Writer;
use crate::code::{self, CodeMap, Module};

impl Writer<'_> {
    /// Settings before anything of the project is imported, unless a plugin does that.
    pub(super) fn django_setup(&self, setup: &mut Setup) {
        if self.habits.has_django_plugin {
            setup.marker("django_db");
            return;
        }
        let Some(settings) = django_settings(self.map) else {
            return;
        };
        if setup.preamble.iter().any(|line| line == "django.setup()") {
            return;
        }
        setup.preamble.extend([
            "import os".to_owned(),
            String::new(),
            "import django".to_owned(),
            String::new(),
            format!(
                "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", {})",
                literal::string(&settings.name)
            ),
            "django.setup()".to_owned(),
        ]);
        if has_databases(settings) {
            // Before what uses them.
            setup
                .helpers
                .insert(0, TEST_DATABASES.map(str::to_owned).to_vec());
        }
    }

    /// Whether the site knows who sends a request, and a test can have somebody who may do everything.
    pub(super) fn has_logins(&self) -> bool {
        self.has_database()
            && django_settings(self.map).is_some_and(|settings| {
                let named = |value: &code::Value| matches!(value, code::Value::Other(text) if text.contains("AuthenticationMiddleware"));
                settings.assignments.iter().any(|a| a.target == "MIDDLEWARE" && named(&a.value))
            })
    }

    /// Whether tests have databases of their own.
    pub(super) fn has_database(&self) -> bool {
        django_settings(self.map)
            .is_some_and(|settings| self.habits.has_django_plugin || has_databases(settings))
    }
}

/// Has somebody who may do everything log in; the client's name.
pub(super) fn log_in(setup: &mut Setup) -> &'static str {
    setup.import("django.contrib.auth", "get_user_model");
    setup.statements.extend([
        // An address is a valid name, too: models name people by either.
        "somebody = get_user_model().objects.create_superuser(\"somebody@example.com\", password=None)".to_owned(),
        "client = Client()".to_owned(),
        "client.force_login(somebody)".to_owned(),
    ]);
    "client"
}

/// Whether the project is a Django site.
pub(super) fn uses_django(map: &CodeMap) -> bool {
    django_settings(map).is_some()
}

/// What Django's own test runner does: databases of its own for the tests, never those of the settings.
const TEST_DATABASES: [&str; 18] = [
    "@pytest.fixture(autouse=True, scope=\"module\")",
    "def databases():",
    "    from django.db import connections",
    "    from django.db.backends.base.base import BaseDatabaseWrapper",
    "    from django.db.utils import OperationalError",
    "    from django.test.utils import setup_databases, teardown_databases",
    "",
    "    try:",
    "        kept = setup_databases(verbosity=0, interactive=False)",
    "    except OperationalError:",
    "        # No server is there: a test that needs it will say so.",
    "        yield",
    "        return",
    "    yield",
    "    teardown_databases(kept, verbosity=0)",
    "    for connection in connections.all():",
    "        # One in memory would stay open, with its rows.",
    "        BaseDatabaseWrapper.close(connection)",
];

/// Whether the settings name a database.
fn has_databases(settings: &Module) -> bool {
    settings.assignments.iter().any(|a| {
        let is_empty = matches!(&a.value, code::Value::Other(text) if text.trim() == "{}");
        a.target == "DATABASES" && !a.is_member && !is_empty
    })
}

/// The module of the site's settings.
pub(super) fn django_settings(map: &CodeMap) -> Option<&Module> {
    let assigns = |module: &Module, name: &str| module.assignments.iter().any(|a| a.target == name);
    let mut found: Vec<&Module> = map
        .modules
        .iter()
        .filter(|m| literal::is_dotted(&m.name))
        .filter(|m| {
            let own = ["INSTALLED_APPS", "ROOT_URLCONF"];
            let others = ["DATABASES", "SECRET_KEY", "MIDDLEWARE"];
            let count = |names: &[&str]| names.iter().filter(|name| assigns(m, name)).count();
            let known = count(&own);
            known > 0 && known + count(&others) > 1 && m.name.split('.').next() != Some("django")
        })
        .collect();
    // Those of a site before a worker's, settings for tests before those for production, then the plainest name.
    found.sort_by_key(|m| {
        let name = m.name.rsplit('.').next().unwrap_or_default();
        (
            !assigns(m, "ROOT_URLCONF"),
            !name.contains("test"),
            name.contains("prod"),
            m.name.len(),
        )
    });
    found.first().copied()
}
