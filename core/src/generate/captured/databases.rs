//! Where a project's code reaches its database through SQLAlchemy: fixtures, an application of Flask-SQLAlchemy, an engine
//! or a `sessionmaker` in a module. A test that was captured puts its rows there, or a database in memory in its place. Read
//! from the project's sources; a developer's own database is never what a test needs.

use super::build::Builder;
use super::import_into;
use super::layout::Code;
use super::manner::{Files, Manner, Rows, State};
use super::mapped::{self, name};
use crate::capture::{Captured, Name};
use crate::code::CodeMap;
use crate::generate::arguments::{Arguments, Setup};
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

const MANNER: Manner = Manner {
    state: State::Constructed,
    takes_globals: true,
    rows: Rows::All,
    files: Files::Kept,
};
/// Fixtures that give a session.
const FIXTURES: [&str; 5] = ["session", "db_session", "dbsession", "test_session", "db"];
/// More modules that import an engine by its name are not rewritten.
const MOST_ENGINES: usize = 8;

impl<'a> Writer<'a> {
    /// The same request with the captured rows in the database of the project's fixtures, or in one in memory that takes
    /// the place of the project's own. `None` where neither can be done.
    pub(super) fn with_database(&self, plan: &Plan, captured: &'a Captured) -> Option<Plan> {
        let has_one = |line: &String| line.contains(".metadata.create_all(");
        if plan.setup.statements.iter().any(has_one) {
            return None;
        }
        let known = captured.numbered();
        let roots = mapped::rows(&known);
        let mut builder = Builder::new(self.map, MANNER, known, &roots);
        for name in ["response", "client", "app", "environ", "monkeypatch"] {
            builder.reserve(name);
        }
        variables(&plan.setup.statements).for_each(|name| builder.reserve(name));
        let arguments = self.arguments(plan.layer);
        let mut sessions = FIXTURES.iter();
        let fixture = match has_client(&plan.setup) {
            true => sessions.find(|name| gives_session(&arguments, self.map, name)),
            false => None,
        };
        let flask = self.map.assigned(&["flask_sqlalchemy.SQLAlchemy"]);
        let mut plan = plan.clone();
        let mut at = 0;
        match (fixture, flask.first()) {
            (Some(fixture), _) => {
                builder.reserve(fixture);
                if !builder.add_rows(fixture) {
                    return None;
                }
                builder.setup.fixture(fixture);
            }
            (None, Some(database)) => {
                at = behind_application(&mut builder, &arguments, &mut plan.setup, database)?;
            }
            (None, None) => in_memory(&mut builder)?,
        }
        let made = builder.setup;
        let is_taken = |(module, name): &(String, String)| {
            let mut others = plan.setup.imports.iter();
            others.any(|(other, same)| same == name && other != module)
        };
        if made.imports.iter().any(is_taken) {
            return None;
        }
        plan.recipe = None;
        plan.stand_ins += builder.stand_ins;
        plan.setup.imports.extend(made.imports);
        plan.setup.modules.extend(made.modules);
        for fixture in &made.fixtures {
            plan.setup.fixture(fixture);
        }
        plan.setup.statements.splice(at..at, made.statements);
        Some(plan)
    }
}

/// The rows in the database of an application of Flask-SQLAlchemy: the one that the project's fixtures give, else one in
/// memory in place of the application's own. Gives the place of the statements, behind those that make the application.
fn behind_application(
    builder: &mut Builder,
    arguments: &Arguments,
    setup: &mut Setup,
    (module, target): &(String, String),
) -> Option<usize> {
    let is_of_fixture = has_client(setup);
    let client = setup.statements.iter().position(|line| {
        let made = line.strip_prefix("client = ");
        made.is_some_and(|made| made.ends_with(".test_client()"))
    });
    let (app, at) = match client {
        Some(at) => {
            let made = setup.statements[at].strip_prefix("client = ")?;
            (made.strip_suffix(".test_client()")?.to_owned(), at)
        }
        None if is_of_fixture && arguments.visible_fixture("app") => {
            builder.setup.fixture("app");
            ("app".to_owned(), 0)
        }
        None => return None,
    };
    if !literal::is_dotted(&app) {
        return None;
    }
    let database = import_into(&mut builder.setup, &name(module, target))?;
    builder.reserve(&database);
    let mut at = at;
    let mut within = Vec::new();
    if !is_of_fixture {
        // What makes the tables of a database in memory makes them of another one.
        let tables = setup.statements.iter().position(|line| {
            line.starts_with("url = ") && line.contains("SQLALCHEMY_DATABASE_URI")
        });
        if let Some(first) = tables {
            let is_last = |line: &String| line.contains(".create_all(");
            let length = setup.statements[first..].iter().position(is_last)? + 1;
            setup.statements.drain(first..first + length);
            at = if first < at { at - length } else { at };
        }
        let engine = builder.engine()?;
        builder.setup.fixture("monkeypatch");
        within.push(format!(
            "monkeypatch.setitem({database}.engines, None, {engine})"
        ));
        within.push(format!("{database}.create_all()"));
    }
    // What the rows need is made before, they themselves where the application is known.
    let added = builder.row_codes();
    if added.is_empty() && is_of_fixture {
        return None;
    }
    if !added.is_empty() {
        let add = Code::group(format!("{database}.session.add_all(["), added, "])");
        within.extend(add.lines("", ""));
        within.push(format!("{database}.session.commit()"));
    }
    builder.statement(vec![format!("with {app}.app_context():")]);
    let within = within.into_iter().map(|line| format!("    {line}"));
    builder.statement(within.collect());
    Some(at)
}

/// Whether a fixture of the project gives the client: the others are pytest's own.
fn has_client(setup: &Setup) -> bool {
    const PYTESTS: [&str; 3] = ["monkeypatch", "tmp_path", "caplog"];
    let mut fixtures = setup.fixtures.iter();
    fixtures.any(|fixture| !PYTESTS.contains(&fixture.as_str()))
}

/// The variables that statements make.
fn variables(statements: &[String]) -> impl Iterator<Item = &str> {
    let starts = statements.iter().filter_map(|line| line.split_once(" = "));
    starts
        .map(|(name, _)| name)
        .filter(|name| literal::is_identifier(name))
}

/// A database in memory behind the project's own names for its engine and its sessions.
fn in_memory(builder: &mut Builder) -> Option<()> {
    let map = builder.map();
    let makers = map.assigned(&["sqlalchemy.orm.sessionmaker"]);
    let engines = map.assigned(&[
        "sqlalchemy.create_engine",
        "sqlalchemy.engine.create_engine",
        "sqlmodel.create_engine",
    ]);
    if makers.is_empty() && engines.is_empty() {
        return None;
    }
    let engine = builder.engine_with_tables()?;
    builder.setup.fixture("monkeypatch");
    let mut places: Vec<String> = Vec::new();
    for (module, target) in &engines {
        let whole = format!("{module}.{target}");
        places.push(whole.clone());
        let importers = map.modules.iter().filter(|m| !m.is_test);
        for other in importers {
            let imports = other.imports.iter().filter(|i| !i.is_deferred);
            let named = imports.filter(|i| i.target == whole);
            places.extend(named.map(|i| format!("{}.{}", other.name, i.alias)));
        }
    }
    places.truncate(MOST_ENGINES);
    for place in places.iter().filter(|place| literal::is_dotted(place)) {
        let place = literal::string(place);
        builder.statement(vec![format!("monkeypatch.setattr({place}, {engine})")]);
    }
    let mut session = None;
    for (module, target) in &makers {
        let maker = import_into(&mut builder.setup, &name(module, target))?;
        builder.statement(vec![format!(
            "monkeypatch.setitem({maker}.kw, \"bind\", {engine})"
        )]);
        session.get_or_insert(format!("{maker}()"));
    }
    let open = match session {
        Some(open) => open,
        None => {
            let class = builder.import(&name("sqlalchemy.orm", "Session"))?;
            format!("{class}({engine})")
        }
    };
    let at = builder.setup.statements.len();
    let variable = builder.variable("session");
    if builder.add_rows(&variable) {
        builder
            .setup
            .statements
            .insert(at, format!("{variable} = {open}"));
        builder.statement(vec![format!("{variable}.close()")]);
    }
    Some(())
}

/// What the models of the project derive from.
pub(super) fn declarative_base(map: &CodeMap) -> Option<Name> {
    const BASES: [&str; 2] = [
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
    ];
    const CALLS: [&str; 2] = [
        "sqlalchemy.orm.declarative_base",
        "sqlalchemy.ext.declarative.declarative_base",
    ];
    let own = map
        .modules
        .iter()
        .filter(|m| !m.is_test && literal::is_dotted(&m.name));
    let mut classes = own.flat_map(|m| m.classes.iter().map(move |c| (m, c)));
    let class = classes.find(|(module, class)| {
        let mut bases = class.bases.iter();
        bases.any(|base| {
            module
                .target_of(base)
                .is_some_and(|target| BASES.contains(&target.as_str()))
        })
    });
    if let Some((module, class)) = class {
        return Some(name(&module.name, &class.name));
    }
    let called = map.assigned(&CALLS).into_iter().next();
    called.map(|(module, target)| name(&module, &target))
}

/// Whether a fixture of that name is there and has to do with sessions of SQLAlchemy.
fn gives_session(arguments: &Arguments, map: &CodeMap, wanted: &str) -> bool {
    let mut fixtures = map
        .fixtures()
        .filter(|(module, f)| f.name == wanted && arguments.sees(&module.path));
    fixtures.any(|(module, function)| {
        let calls = function.calls.iter().any(|call| {
            let callee = call.callee.to_ascii_lowercase();
            callee.contains("session")
        });
        let imports = module
            .imports
            .iter()
            .any(|i| i.target.starts_with("sqlalchemy") || i.target.starts_with("sqlmodel"));
        calls && imports
    })
}
