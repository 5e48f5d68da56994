//! Which variables of the environment a test run gets: those that look like secrets, databases or production settings
//! stay outside. What the project's pytest settings or conftest.py set, they set inside the run; nothing of that is touched.

/// Names, or parts of names, of variables that a test run does not get. `*` at an end stands for anything.
pub const WITHHELD: &[&str] = &[
    "AWS_*",
    "AZURE_*",
    "GCP_*",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "KUBECONFIG",
    "SSH_AUTH_SOCK",
    "PGHOST",
    "PGHOSTADDR",
    "PGUSER",
    "PGDATABASE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGPASSFILE",
    "MYSQL_*",
    "DATABASE_URL",
    "DATABASE_URI",
    "*_DATABASE_URL",
    "*_DATABASE_URI",
    "DB_URL",
    "DB_HOST",
    "*_DB_URL",
    "*_DB_HOST",
    "REDIS_URL",
    "MONGO_URL",
    "MONGO_URI",
    "MONGODB_URI",
    "BROKER_URL",
    "*_BROKER_URL",
    "*CONNECTION_STRING",
    "DSN",
    "*_DSN",
    "*PASSWORD",
    "*PASSWD",
    "*PASSPHRASE",
    "*TOKEN",
    // Not `*SECRET_KEY`: frameworks sign sessions with it and do not start without, and it opens no door.
    "*SECRET",
    "*API_KEY",
    "*ACCESS_KEY",
    "*PRIVATE_KEY",
    "*CREDENTIALS",
];

const DATABASES: &[&str] = &[
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "amqp",
    "mssql",
    "oracle",
    "cockroachdb",
    "clickhouse",
];

/// Whether a test run gets a variable of that value. `kept` are the patterns of `keep-environment`.
pub fn is_withheld(name: &str, value: &str, kept: &[String]) -> bool {
    let upper = name.to_ascii_uppercase();
    if kept
        .iter()
        .any(|k| matches(&k.to_ascii_uppercase(), &upper))
    {
        return false;
    }
    WITHHELD.iter().any(|pattern| matches(pattern, &upper))
        || is_address_of_data(value)
        || is_production(&upper, value)
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

/// `postgres://…`, `mysql+pymysql://…`, or any URL with a password in it.
fn is_address_of_data(value: &str) -> bool {
    let Some((scheme, rest)) = value.trim().split_once("://") else {
        return false;
    };
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    DATABASES.iter().any(|name| scheme.starts_with(name))
        || host
            .rsplit_once('@')
            .is_some_and(|(user, _)| user.contains(':'))
}

/// `APP_ENV=production`, `DJANGO_SETTINGS_MODULE=shop.settings.prod`.
fn is_production(name: &str, value: &str) -> bool {
    let last = match name.ends_with("SETTINGS_MODULE") {
        true => value.rsplit('.').next().unwrap_or_default(),
        false => value,
    };
    matches!(
        last.trim().to_ascii_lowercase().as_str(),
        "production" | "prod" | "live"
    )
}

/// A `.env` file without the lines that a test run does not get from the environment either.
pub fn without_secrets(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let entry = line.trim();
        let entry = entry.strip_prefix("export ").unwrap_or(entry);
        let is_out = entry.split_once('=').is_some_and(|(name, value)| {
            let value = value.trim().trim_matches(['"', '\'']);
            is_withheld(name.trim(), value, &[])
        });
        if !is_out {
            out.push_str(line);
        }
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_databases_and_production_stay_outside() {
        for (name, value) in [
            ("DATABASE_URL", "sqlite:///x.db"),
            ("SENTRY_DSN", "https://k@sentry.example/1"),
            ("AWS_PROFILE", "main"),
            ("GITHUB_TOKEN", "x"),
            ("CLIENT_SECRET", "x"),
            ("database_password", "x"),
            ("CACHE", "redis://cache:6379/0"),
            ("UPSTREAM", "https://me:secret@host/path"),
            ("STORE", "postgresql+asyncpg://db/x"),
            ("APP_ENV", "Production"),
            ("DJANGO_SETTINGS_MODULE", "shop.settings.prod"),
        ] {
            assert!(is_withheld(name, value, &[]), "{name}");
        }
        for (name, value) in [
            ("DJANGO_SECRET_KEY", "x"),
            ("PATH", "/usr/bin"),
            ("HOME", "/home/me"),
            ("APP_ENV", "test"),
            ("DJANGO_SETTINGS_MODULE", "shop.settings.test"),
            ("HOMEPAGE", "https://example.org/a@b:c"),
            ("TOKENIZERS_PARALLELISM", "false"),
            ("LIVE", "1"),
        ] {
            assert!(!is_withheld(name, value, &[]), "{name}");
        }
    }

    #[test]
    fn what_is_kept_by_name_is_kept() {
        let kept = ["test_database_url".to_owned(), "CI_*".to_owned()];
        assert!(!is_withheld(
            "TEST_DATABASE_URL",
            "postgres://localhost/t",
            &kept
        ));
        assert!(!is_withheld("CI_TOKEN", "x", &kept));
        assert!(is_withheld("DATABASE_URL", "x", &kept));
    }

    #[test]
    fn a_file_of_variables_loses_the_same() {
        let text = b"# shop\nDEBUG=1\nexport DATABASE_URL='postgres://db/shop'\nAPI_TOKEN=abc\nNAME=\"shop\"\n";
        assert_eq!(
            String::from_utf8(without_secrets(text)).unwrap(),
            "# shop\nDEBUG=1\nNAME=\"shop\"\n"
        );
    }
}
