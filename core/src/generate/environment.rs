//! Variables of the environment that importing the project asks for and nothing in its tests gives: which ones a run
//! missed, and a value for each with which nothing beyond the test is reached.

use crate::code::{CodeMap, Module};
use crate::prove::{Run, Seen};

/// More variables of one exception are none that it misses.
const MOST: usize = 16;
/// What is said beside the name of a variable that is missing.
const SAID: [&str; 4] = ["environment", "envvar", "env var", "config '"];

/// The variables that a run missed before any test of its began.
pub fn missing(run: &Run, map: &CodeMap) -> Vec<String> {
    if run.errors == 0 || run.failed > 0 {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for seen in run.seen.iter().filter(|seen| !seen.is_logged) {
        let named = match () {
            () if is_of_environ(seen) => vec![unquoted(&seen.message)],
            () if seen.type_name == "ValidationError" => fields(seen, map),
            () => told(&seen.message),
        };
        for name in named.into_iter().filter(|name| is_variable(name)) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found.truncate(MOST);
    found
}

/// `os.environ["DATABASE_URL"]`.
fn is_of_environ(seen: &Seen) -> bool {
    let last = seen.frames.last();
    seen.type_name == "KeyError"
        && last.is_some_and(|frame| frame.function == "__getitem__" && is_os(&frame.file))
}

fn is_os(file: &str) -> bool {
    let file = file.replace('\\', "/");
    file == "<frozen os>" || file.ends_with("/os.py")
}

/// `'DATABASE_URL'`, `b'DATABASE_URL'`.
fn unquoted(message: &str) -> String {
    message
        .trim_start_matches('b')
        .trim_matches(['\'', '"'])
        .to_owned()
}

/// Names in a message that says that something is missing: `Set the DATABASE_URL environment variable`.
fn told(message: &str) -> Vec<String> {
    let line = message.lines().next().unwrap_or_default();
    let lower = line.to_lowercase();
    if !SAID.iter().any(|said| lower.contains(said)) {
        return Vec::new();
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = line.split(|c: char| !is_name(c));
    words
        .filter(|word| word.contains('_') || word.len() > 5)
        .map(str::to_owned)
        .collect()
}

//     2 validation errors for Settings
//     database_url
//       Field required [type=missing, …]
/// The variables of the fields that a class of pydantic-settings misses.
fn fields(seen: &Seen, map: &CodeMap) -> Vec<String> {
    let mut lines = seen.message.lines();
    let class = lines.next().and_then(|line| line.rsplit(' ').next());
    let prefix = class
        .and_then(|class| prefix(class, map))
        .unwrap_or_default();
    let mut found = Vec::new();
    let mut field = "";
    for line in lines {
        if !line.starts_with(' ') {
            field = line.trim();
        } else if line.trim().to_lowercase().starts_with("field required") {
            found.push(format!("{prefix}{field}").to_uppercase());
        }
    }
    found
}

/// What the names of a class's variables begin with: `SettingsConfigDict(env_prefix="SHOP_")`.
fn prefix(class: &str, map: &CodeMap) -> Option<String> {
    let mut modules = map.modules.iter().filter(|m| !m.is_test);
    modules.find_map(|module| {
        let class = module.classes.iter().find(|c| c.name == class)?;
        let mut keywords = module
            .calls
            .iter()
            .filter(|call| class.first_line <= call.line && call.line <= class.last_line)
            .flat_map(|call| &call.keywords);
        let (_, value) = keywords.find(|(name, _)| name == "env_prefix")?;
        Some(value.trim_matches(['\'', '"']).to_owned())
    })
}

/// A name as variables have it; settings of Django are set up otherwise.
fn is_variable(name: &str) -> bool {
    let mut signs = name.bytes();
    !name.ends_with("SETTINGS_MODULE")
        && (2..=64).contains(&name.len())
        && signs.next().is_some_and(|b| b.is_ascii_uppercase())
        && signs.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// A value for a variable, by its name and by what the project is made of.
pub fn value_for(name: &str, map: &CodeMap) -> String {
    let parts: Vec<&str> = name.split('_').collect();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    let is_address = has(&["URL", "URI", "DSN"]);
    if is_address
        && has(&[
            "DATABASE",
            "DB",
            "SQLALCHEMY",
            "SQL",
            "POSTGRES",
            "POSTGRESQL",
            "PG",
            "MYSQL",
        ])
    {
        return database(name, map);
    }
    if is_address && has(&["REDIS", "CACHE", "BROKER", "CELERY"]) {
        return "redis://localhost:6379/0".to_owned();
    }
    if is_address {
        return "http://localhost".to_owned();
    }
    if has(&["HOST", "SERVER"]) {
        return "localhost".to_owned();
    }
    if has(&[
        "PORT", "TIMEOUT", "SECONDS", "MINUTES", "LIMIT", "SIZE", "COUNT", "MAX", "MIN", "ID",
    ]) {
        return "1".to_owned();
    }
    if has(&["DEBUG", "ENABLED", "ENABLE", "DISABLED", "USE"]) {
        return "0".to_owned();
    }
    // Keys have a length below which libraries complain.
    "test".repeat(if has(&["KEY", "SECRET", "TOKEN"]) {
        16
    } else {
        1
    })
}

/// A database in memory, unless the project takes none but one of a kind: then one on this machine that nothing connects
/// to.
fn database(name: &str, map: &CodeMap) -> String {
    let modules = || map.modules.iter().filter(|m| !m.is_test);
    let field = name.to_lowercase();
    let wants_postgres = modules().any(|module| {
        let mut fields = module.classes.iter().flat_map(|c| &c.fields);
        fields.any(|f| {
            field.ends_with(&f.name)
                && f.annotation
                    .as_deref()
                    .is_some_and(|a| a.contains("Postgres"))
        })
    });
    let is_awaited = modules().any(awaits_databases);
    match (wants_postgres, is_awaited) {
        (true, true) => "postgresql+asyncpg://localhost/test",
        (true, false) => "postgresql://localhost/test",
        (false, true) => "sqlite+aiosqlite://",
        (false, false) => "sqlite://",
    }
    .to_owned()
}

fn awaits_databases(module: &Module) -> bool {
    let mut imports = module.imports.iter();
    imports.any(|i| i.target == "sqlalchemy.ext.asyncio.create_async_engine")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prove::SeenFrame;

    fn missed(type_name: &str, message: &str, file: &str) -> Vec<String> {
        let map = CodeMap::of_texts(&[(
            "shop/settings.py",
            "class Settings(BaseSettings):\n    database_url: str\n    model_config = SettingsConfigDict(env_prefix='SHOP_')\nclass Other(BaseSettings):\n    key: str\n",
        )]);
        let frame = SeenFrame {
            file: file.to_owned(),
            function: "__getitem__".to_owned(),
            ..SeenFrame::default()
        };
        let run = Run {
            errors: 1,
            seen: vec![Seen {
                type_name: type_name.to_owned(),
                message: message.to_owned(),
                frames: vec![frame],
                ..Seen::default()
            }],
            ..Run::default()
        };
        missing(&run, &map)
    }

    #[test]
    fn what_a_run_misses_is_told_by_its_exception() {
        const OS: &str = "<frozen os>";
        let none: [&str; 0] = [];
        assert_eq!(missed("KeyError", "'SHOP_DB'", OS), ["SHOP_DB"]);
        assert_eq!(
            missed("KeyError", "b'SHOP_DB'", "/usr/lib/python3.11/os.py"),
            ["SHOP_DB"]
        );
        assert_eq!(missed("KeyError", "'SHOP_DB'", "/srv/shop/prices.py"), none);
        assert_eq!(missed("KeyError", "'x = y'", OS), none);
        for (type_name, message) in [
            (
                "ImproperlyConfigured",
                "Set the SHOP_DB environment variable",
            ),
            (
                "UndefinedValueError",
                "SHOP_DB not found. Declare it as envvar or define a default value.",
            ),
            ("EnvError", "Environment variable \"SHOP_DB\" not set"),
            (
                "KeyError",
                "\"Config 'SHOP_DB' is missing, and has no default.\"",
            ),
        ] {
            assert_eq!(
                missed(type_name, message, "/x.py"),
                ["SHOP_DB"],
                "{message}"
            );
        }
        for message in [
            "SHOP_DB is no number",
            "LIBSSL not found",
            "define the environment variable DJANGO_SETTINGS_MODULE",
        ] {
            assert_eq!(missed("ValueError", message, "/x.py"), none);
        }
        let settings = |class: &str, field: &str| {
            let message = format!(
                "2 validation errors for {class}\n{field}\n  Field required [type=missing, input_value={{}}, input_type=dict]\n    For further information visit https://errors.pydantic.dev\ncount\n  Input should be a valid integer"
            );
            missed("ValidationError", &message, "/x.py")
        };
        assert_eq!(settings("Settings", "database_url"), ["SHOP_DATABASE_URL"]);
        assert_eq!(settings("Other", "key"), ["KEY"]);
    }

    #[test]
    fn a_value_reaches_nothing() {
        let plain = CodeMap::of_texts(&[("shop.py", "")]);
        let awaited = CodeMap::of_texts(&[(
            "shop.py",
            "from sqlalchemy.ext.asyncio import create_async_engine\n",
        )]);
        let strict = CodeMap::of_texts(&[(
            "shop.py",
            "class Settings:\n    database_url: PostgresDsn\n",
        )]);
        for (name, map, value) in [
            ("DATABASE_URL", &plain, "sqlite://"),
            ("SHOP_DB_URI", &awaited, "sqlite+aiosqlite://"),
            ("SHOP_DATABASE_URL", &strict, "postgresql://localhost/test"),
            ("REDIS_URL", &plain, "redis://localhost:6379/0"),
            ("PAYMENT_API_URL", &plain, "http://localhost"),
            ("SMTP_PORT", &plain, "1"),
            ("DEBUG", &plain, "0"),
            ("REGION", &plain, "test"),
        ] {
            assert_eq!(value_for(name, map), value, "{name}");
        }
        assert_eq!(value_for("SECRET_KEY", &plain).len(), 64);
    }
}
