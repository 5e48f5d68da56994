//! Where a project's code reaches its database through SQLAlchemy: fixtures, an application of Flask-SQLAlchemy, an engine,
//! a function that gives one, a `sessionmaker` or a `scoped_session` in a module. A test puts its rows there, captured or made
//! up, or has a database of its own in that place. Read from the project's sources; a developer's own database is never what
//! a test needs.

use std::collections::BTreeMap;

use super::build::Builder;
use super::import_into;
use super::layout::Code;
use super::manner::{self, Manner, PLAIN};
use super::mapped::{self, name};
use crate::capture::{Captured, Id, Name, Value};
use crate::code::CodeMap;
use crate::generate::arguments::{Arguments, Setup, Source};
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

const MANNER: Manner = Manner {
    rows: manner::Rows::All,
    ..PLAIN
};
/// Fixtures that give a session.
const FIXTURES: [&str; 5] = ["session", "db_session", "dbsession", "test_session", "db"];
/// Makes a row in every table.
const MAKE: &str = include_str!("../templates/made_tables.py");
/// More modules that import an engine by its name are not rewritten.
const MOST_ENGINES: usize = 8;

/// What is put into the database.
#[derive(Clone, Copy)]
enum Rows<'k> {
    /// What was captured.
    Captured,
    /// A row in every table, made up, with that key.
    Made(&'k str),
}

impl<'a> Writer<'a> {
    /// The same request with the captured rows in the database of the project's fixtures, or in one that takes the place of
    /// the project's own. `None` where neither can be done.
    pub(super) fn with_database(&self, plan: &Plan, captured: &'a Captured) -> Option<Plan> {
        self.in_database(plan, captured.numbered(), Rows::Captured)
    }

    /// The same with a row in every table that SQLAlchemy maps, made up.
    pub(super) fn with_made_tables(&self, plan: &Plan, key: &str) -> Option<Plan> {
        let mut plan = self.in_database(plan, BTreeMap::new(), Rows::Made(key))?;
        plan.setup.used(Source::Invented);
        let helper: Vec<String> = MAKE.trim_end().lines().map(str::to_owned).collect();
        plan.setup.helpers.push(helper);
        Some(plan)
    }

    fn in_database(&self, plan: &Plan, known: BTreeMap<Id, &'a Value>, rows: Rows) -> Option<Plan> {
        let has_one = |line: &String| line.contains(".metadata.create_all(");
        if plan.setup.statements.iter().any(has_one) {
            return None;
        }
        let roots = mapped::rows(&known);
        let mut builder = Builder::new(self.map, MANNER, known, &roots);
        for name in [
            "response",
            "client",
            "app",
            "environ",
            "monkeypatch",
            "connection",
        ] {
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
                match rows {
                    Rows::Captured if !builder.add_rows(fixture) => return None,
                    Rows::Captured => {}
                    Rows::Made(key) => {
                        let owner = builder.owner_of_tables()?;
                        let owner = builder.import(&owner)?;
                        let connection = format!("{fixture}.connection()");
                        builder.statement(vec![
                            make_rows(&connection, &owner, key),
                            format!("{fixture}.commit()"),
                        ]);
                    }
                }
                builder.setup.fixture(fixture);
            }
            (None, Some(database)) => {
                let setup = &mut plan.setup;
                at = behind_application(&mut builder, &arguments, setup, database, rows)?;
            }
            (None, None) => of_its_own(&mut builder, rows)?,
        }
        plan.recipe = None;
        plan.stand_ins += builder.stand_ins;
        plan.insert(at, builder.setup)?;
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
    rows: Rows,
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
    if let Rows::Made(key) = rows {
        let connection = format!("{database}.session.connection()");
        within.push(make_rows(&connection, &database, key));
        within.push(format!("{database}.session.commit()"));
    } else if added.is_empty() && is_of_fixture {
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
pub(super) fn has_client(setup: &Setup) -> bool {
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

/// Module and name of what the project holds.
type Held = Vec<(String, String)>;

/// The project's own names for what leads to its database.
struct Names {
    engines: Held,
    /// Functions that return an engine.
    given: Held,
    makers: Held,
    scoped: Held,
}

impl Names {
    /// Those whose database is called, and those whose is awaited.
    fn of(map: &CodeMap) -> [Names; 2] {
        const CREATE: [&str; 3] = [
            "sqlalchemy.create_engine",
            "sqlalchemy.engine.create_engine",
            "sqlmodel.create_engine",
        ];
        const CREATE_ASYNC: [&str; 1] = ["sqlalchemy.ext.asyncio.create_async_engine"];
        let (awaited, makers): (Held, Held) = map
            .assigned(&["sqlalchemy.orm.sessionmaker"])
            .into_iter()
            .partition(|(module, target)| makes_async_sessions(map, module, target));
        let mut async_makers = map.assigned(&["sqlalchemy.ext.asyncio.async_sessionmaker"]);
        async_makers.extend(awaited);
        let called = Names {
            engines: map.assigned(&CREATE),
            given: map.returned(&CREATE),
            makers,
            scoped: map.assigned(&["sqlalchemy.orm.scoped_session"]),
        };
        let awaited = Names {
            engines: map.assigned(&CREATE_ASYNC),
            given: map.returned(&CREATE_ASYNC),
            makers: async_makers,
            scoped: map.assigned(&["sqlalchemy.ext.asyncio.async_scoped_session"]),
        };
        [called, awaited]
    }

    fn is_empty(&self) -> bool {
        [&self.engines, &self.given, &self.makers, &self.scoped]
            .iter()
            .all(|held| held.is_empty())
    }

    /// Lets all of them mean another engine.
    fn lead_to(&self, engine: &str, builder: &mut Builder) -> Option<()> {
        stand_for(builder, &self.engines, engine);
        stand_for(builder, &self.given, &format!("lambda *_: {engine}"));
        let makers = self.makers.iter().map(|held| (held, ""));
        let scoped = self.scoped.iter().map(|held| (held, ".session_factory"));
        for ((module, target), factory) in makers.chain(scoped) {
            let made = import_into(&mut builder.setup, &name(module, target))?;
            builder.statement(vec![format!(
                "monkeypatch.setitem({made}{factory}.kw, \"bind\", {engine})"
            )]);
        }
        Some(())
    }
}

/// A database of the test's own behind the project's names for its engines and its sessions: in memory, or, where it is
/// awaited, in a file, since each event loop has connections of its own.
fn of_its_own(builder: &mut Builder, rows: Rows) -> Option<()> {
    let [called, awaited] = Names::of(builder.map());
    if called.is_empty() && awaited.is_empty() {
        return None;
    }
    let owner = builder.owner_of_tables()?;
    let owner = builder.import(&owner)?;
    let engine = match awaited.is_empty() {
        true => builder.engine()?,
        false => builder.engine_of_file()?,
    };
    builder.statement(vec![format!("{owner}.metadata.create_all({engine})")]);
    builder.setup.fixture("monkeypatch");
    called.lead_to(&engine, builder)?;
    if !awaited.is_empty() {
        let async_engine = builder.async_engine()?;
        awaited.lead_to(&async_engine, builder)?;
    }
    if let Rows::Made(key) = rows {
        builder.statement(vec![
            format!("with {engine}.begin() as connection:"),
            format!("    {}", make_rows("connection", &owner, key)),
        ]);
        return Some(());
    }
    let open = match called.makers.first() {
        Some((module, target)) => {
            let maker = import_into(&mut builder.setup, &name(module, target))?;
            format!("{maker}()")
        }
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

/// Lets names of the project mean something else, wherever a module has imported them.
fn stand_for(builder: &mut Builder, names: &[(String, String)], code: &str) {
    let known_as = |(module, target): &(String, String)| builder.map().known_as(module, target);
    let mut places: Vec<String> = names.iter().flat_map(known_as).collect();
    places.truncate(MOST_ENGINES);
    for place in places.iter().filter(|place| literal::is_dotted(place)) {
        let place = literal::string(place);
        builder.statement(vec![format!("monkeypatch.setattr({place}, {code})")]);
    }
}

/// `sessionmaker(engine, class_=AsyncSession)`.
fn makes_async_sessions(map: &CodeMap, module: &str, target: &str) -> bool {
    let Some(module) = map.module(module) else {
        return false;
    };
    let line = module.assignments.iter().find(|a| a.target == target);
    let line = line.map(|assignment| assignment.line);
    let mut keywords = module
        .calls
        .iter()
        .filter(|call| Some(call.line) == line)
        .flat_map(|call| &call.keywords);
    keywords.any(|(keyword, value)| {
        keyword == "class_"
            && module
                .target_of(value)
                .is_some_and(|class| class.ends_with(".AsyncSession"))
    })
}

/// The call that makes a row in every table.
fn make_rows(connection: &str, owner: &str, key: &str) -> String {
    format!("make_rows({connection}, {owner}.metadata, {key})")
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
        if function.is_async {
            return false;
        }
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
