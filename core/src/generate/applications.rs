//! Which application a test sends its request to: the one that served it, one that a module of the project holds, or
//! what a factory of the project makes (see `factories`); and a test client of it.

use super::arguments::{Arguments, Setup};
use super::captured::{self, trust};
use super::factories::{DEPTH, Factory, Framework, Given, factories, of_value, sources, used_in};
use super::literal;
use super::strategies::Writer;
use crate::capture::Name;
use crate::code::{CodeMap, Module, Value};

/// An application as a test gets it.
#[derive(Debug, Clone)]
pub(super) struct Application {
    /// What is imported: the object, or the factory.
    name: Name,
    pub(super) framework: Framework,
    /// The arguments of the factory; `None` for an object that a module holds.
    call: Option<Given>,
    /// The factory has to be waited for.
    is_awaited: bool,
}

/// More applications of one project than these are not tried.
const MOST: usize = 3;
impl Application {
    fn held(module: &str, name: &str, framework: Framework) -> Application {
        Application {
            name: Name {
                module: module.to_owned(),
                qualname: name.to_owned(),
            },
            framework,
            call: None,
            is_awaited: false,
        }
    }

    /// Makes it known to the test; gives the expression to use.
    pub(super) fn bind(&self, setup: &mut Setup) -> Option<String> {
        let name = captured::import_into(setup, &self.name)?;
        let Some(given) = &self.call else {
            return Some(name);
        };
        setup.lines.extend(given.lines.iter().cloned());
        // A local variable hides what was imported under its name.
        let variable = match name.as_str() {
            "app" => "application",
            _ => "app",
        };
        setup
            .statements
            .push(format!("{variable} = {}", given.call(&name)));
        Some(variable.to_owned())
    }

    /// As an expression within a coroutine.
    pub(super) fn awaited(&self, setup: &mut Setup) -> Option<String> {
        let name = captured::import_into(setup, &self.name)?;
        let Some(given) = &self.call else {
            return Some(name);
        };
        setup.lines.extend(given.lines.iter().cloned());
        let call = given.call(&name);
        Some(if self.is_awaited {
            format!("await {call}")
        } else {
            call
        })
    }

    /// Statements for a test client of it; gives the client. `None` where its framework has none.
    pub(super) fn client(&self, map: &CodeMap, setup: &mut Setup) -> Option<String> {
        if self.framework == Framework::Wsgi || self.framework.is_server() {
            return None;
        }
        let app = self.bind(setup)?;
        if let Some(module) = self.framework.client_module() {
            asgi_client(&app, module, setup);
            return Some("client".to_owned());
        }
        // As in production it would answer 500 and keep the exception to itself.
        if self.call.is_some() {
            setup.statements.push(format!("{app}.testing = True"));
        } else {
            setup.fixture("monkeypatch");
            setup
                .statements
                .push(format!("monkeypatch.setattr({app}, \"testing\", True)"));
        }
        setup
            .statements
            .push(format!("client = {app}.test_client()"));
        tables(&app, map, setup);
        Some("client".to_owned())
    }
}

/// A database in memory is empty: the tables of the project's models are made in it. Any other is left as it is.
pub(super) fn tables(app: &str, map: &CodeMap, setup: &mut Setup) {
    let made = map.assigned(&["flask_sqlalchemy.SQLAlchemy"]);
    let database = made
        .into_iter()
        .next()
        .map(|(module, qualname)| Name { module, qualname });
    let Some(database) = database.and_then(|name| captured::import_into(setup, &name)) else {
        return;
    };
    setup.statements.extend([
        format!("url = {app}.config.get(\"SQLALCHEMY_DATABASE_URI\")"),
        format!("binds = {app}.config.get(\"SQLALCHEMY_BINDS\") or {{}}"),
        "if all(u in (None, \"sqlite://\", \"sqlite:///:memory:\") for u in [url, *binds.values()]):"
            .to_owned(),
        format!("    with {app}.app_context():"),
        format!("        {database}.create_all(*([] if url else [list(binds)]))"),
    ]);
}

fn asgi_client(app: &str, module: &str, setup: &mut Setup) {
    setup.import(module, "TestClient");
    setup.statements.push(format!("client = TestClient({app})"));
}

impl Writer<'_> {
    /// A test client from the project's fixtures, or of the application that one gives.
    pub(super) fn client_of_fixtures(
        &self,
        arguments: &Arguments,
        framework: Option<Framework>,
        setup: &mut Setup,
    ) -> Option<String> {
        let clients = ["client", "test_client", "api_client", "flask_client"];
        if let Some(name) = clients.iter().find(|n| arguments.visible_fixture(n)) {
            setup.fixture(name);
            return Some((*name).to_owned());
        }
        if !arguments.visible_fixture("app") {
            return None;
        }
        setup.fixture("app");
        let read = || {
            let fixtures = self.map.fixtures();
            let mut visible = fixtures.filter(|(m, f)| f.name == "app" && arguments.sees(&m.path));
            visible.find_map(|(m, f)| used_in(self.map, m, f))
        };
        match framework.or_else(read).and_then(Framework::client_module) {
            Some(module) => asgi_client("app", module, setup),
            None => setup
                .statements
                .push("client = app.test_client()".to_owned()),
        }
        Some("client".to_owned())
    }

    /// The application that served the captured request, where a module holds it; else those of the project.
    pub(super) fn applications_for(
        &self,
        captured: Option<&Name>,
        framework: Option<Framework>,
    ) -> Vec<Application> {
        let held = captured
            .zip(framework)
            .filter(|(name, _)| trust::may_import(name, self.map) && !is_of_main(self.map, name));
        match held {
            Some((name, framework)) => {
                vec![Application::held(&name.module, &name.qualname, framework)]
            }
            None => self.applications(framework),
        }
    }

    /// Applications of the project, best first: held ones, then what factories make.
    pub(super) fn applications(&self, framework: Option<Framework>) -> Vec<Application> {
        let fits = |app: &Application| framework.is_none_or(|f| app.framework.may_be(f));
        let mut found = self.held_applications();
        found.retain(fits);
        let mut factories: Vec<Factory> = factories(self.map);
        factories.retain(|f| framework.is_none_or(|wanted| f.framework.may_be(wanted)));
        // The sort keeps what is likelier before what is not.
        factories.sort_by_key(|f| f.shown.is_none() && !self.is_near(f.at.module));
        let is_held = !found.is_empty();
        // One place is left for a factory that the tests show how to call.
        found.truncate(MOST - usize::from(factories.iter().any(|f| f.shown.is_some())));
        for factory in factories {
            // Where a module holds what it makes, it is called as the tests do or not at all.
            let needs_none = !is_held && factory.at.function.required_params().next().is_none();
            let bare = needs_none.then(Given::default);
            for given in factory.shown.iter().cloned().chain(bare) {
                let app = Application {
                    call: Some(given),
                    is_awaited: factory.at.function.is_async,
                    ..Application::held(
                        &factory.at.module.name,
                        &factory.at.function.name,
                        factory.framework,
                    )
                };
                if !found
                    .iter()
                    .any(|other| other.call == app.call && other.name == app.name)
                {
                    found.push(app);
                }
            }
        }
        found.truncate(MOST);
        found
    }

    /// In the modules of the trace first.
    fn held_applications(&self) -> Vec<Application> {
        let mut found: Vec<(bool, Application)> = Vec::new();
        for module in sources(self.map) {
            for assignment in &module.assignments {
                let is_name = literal::is_identifier(&assignment.target);
                if !is_name
                    || assignment.is_of_main
                    || !matches!(assignment.value, Value::Call(_) | Value::Either(_))
                {
                    continue;
                }
                if let Some(framework) = of_value(self.map, module, None, &assignment.value, DEPTH)
                {
                    let app = Application::held(&module.name, &assignment.target, framework);
                    found.push((!self.is_near(module), app));
                }
            }
        }
        found.sort_by_key(|(is_far, app)| (*is_far, app.name.module.len()));
        found.into_iter().map(|(_, app)| app).collect()
    }

    fn is_near(&self, module: &Module) -> bool {
        self.frames.iter().any(|f| std::ptr::eq(f.module, module))
    }
}

/// Whether a module holds a name only when it is run as a program.
fn is_of_main(map: &CodeMap, name: &Name) -> bool {
    let Some(module) = map.module(&name.module) else {
        return false;
    };
    let mut assigned = module
        .assignments
        .iter()
        .filter(|a| a.target == name.qualname)
        .peekable();
    assigned.peek().is_some() && assigned.all(|a| a.is_of_main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;

    #[test]
    fn what_only_a_program_has_is_not_held() {
        let file = SourceFile {
            path: "run.py".to_owned(),
            text: "from shop.web import make\nif __name__ == '__main__':\n    app = make()\nelse:\n    other = make()\n"
                .to_owned(),
            is_test: false,
        };
        let map = CodeMap::new(&[file], &[".".to_owned()]);
        let name = |text: &str| Name {
            module: "run".to_owned(),
            qualname: text.to_owned(),
        };
        assert!(is_of_main(&map, &name("app")));
        assert!(!is_of_main(&map, &name("other")));
        assert!(!is_of_main(&map, &name("unknown")));
    }
}
