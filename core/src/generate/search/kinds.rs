//! Types that a message names, and values of them: what came where something else was meant.

use super::piece::Piece;
use crate::generate::arguments::Source;

/// The type names that a message complains about.
///
/// `'>' not supported between instances of 'NoneType' and 'int'` names two, `unhashable type: 'list'` one.
pub(super) fn named(message: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or(name);
        if crate::generate::literal::is_identifier(name) || matches!(name, "None") {
            let name = if name == "None" { "NoneType" } else { name };
            if !found.iter().any(|f| f == name) {
                found.push(name.to_owned());
            }
        }
    };
    // What was given, before what was wanted.
    for lead in [
        "not '",
        "not \"",
        "got '",
        "got ",
        "(not \"",
        "type: '",
        "type(s) for ",
    ] {
        if let Some((_, rest)) = message.split_once(lead) {
            let rest = rest
                .split_once(": '")
                .filter(|_| lead.starts_with("type(s)"))
                .map_or(rest, |(_, r)| r);
            add(rest
                .split(['\'', '"', ' ', ')', ','])
                .next()
                .unwrap_or_default());
        }
    }
    if let Some((_, rest)) = message.split_once("expected str instance, ") {
        add(rest.split(' ').next().unwrap_or_default());
    }
    if let Some((name, _)) = message
        .strip_prefix('\'')
        .and_then(|m| m.split_once("' object"))
    {
        add(name);
    }
    if let Some((_, rest)) = message.split_once("object of type '") {
        add(rest.split('\'').next().unwrap_or_default());
    }
    if message.contains("unsupported operand") || message.contains("between instances of") {
        for part in message.split('\'').skip(1).step_by(2) {
            add(part);
        }
    }
    found
}

/// Bytes or a text that a codec refuses as the message says: `'utf-8' codec can't decode byte 0xff in position 3`.
pub(super) fn undecodable(message: &str) -> Vec<Piece> {
    let position = message
        .split_once("in position ")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|n| n.parse::<usize>().ok())
        .unwrap_or(0)
        .min(64);
    let before = "a".repeat(position);
    if let Some((_, rest)) = message.split_once("can't decode byte 0x")
        && let Some(byte) = rest
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
    {
        return vec![
            Piece::plain(format!("b\"{before}\\x{byte:02x}\""), Source::Inferred),
            Piece::plain(format!("b\"\\x{byte:02x}\\xfe\""), Source::Inferred),
            // Or a text that is encoded in one way and read in another.
            Piece::plain(
                crate::generate::literal::string(&format!("{before}{}", char::from(byte))),
                Source::Inferred,
            ),
        ];
    }
    if message.contains("can't encode character") {
        return ["\u{e9}", "\u{1f600}", "\u{2603}"]
            .iter()
            .map(|last| crate::generate::literal::string(&format!("{before}{last}")))
            .map(|text| Piece::plain(text, Source::Inferred))
            .collect();
    }
    Vec::new()
}

/// The character that a codec complains about, and where it stood.
pub(super) fn bad_character(message: &str) -> Option<(char, usize)> {
    let (_, rest) = message
        .split_once("can't decode byte 0x")
        .or_else(|| message.split_once("can't encode character '\\x"))?;
    let byte = u8::from_str_radix(rest.get(..2)?, 16).ok()?;
    let (_, position) = message.split_once("in position ")?;
    let digits = position.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((char::from(byte), digits.parse().ok()?))
}

/// Values of a builtin or standard type.
pub(super) fn values(kind: &str) -> Vec<Piece> {
    let plain = |codes: &[&str]| -> Vec<Piece> {
        codes
            .iter()
            .map(|c| Piece::plain(*c, Source::Inferred))
            .collect()
    };
    let of = |module: &str, codes: &[&str]| -> Vec<Piece> {
        codes
            .iter()
            .map(|c| Piece::with_modules(c, &[module], Source::Inferred))
            .collect()
    };
    match kind {
        "NoneType" => plain(&["None"]),
        "str" => plain(&["\"example\"", "\"\"", "\"1\""]),
        "int" => plain(&["1", "0", "-1"]),
        "float" => plain(&["1.5", "0.0", "float(\"nan\")", "float(\"inf\")"]),
        "bool" => plain(&["True", "False"]),
        "bytes" => plain(&["b\"example\"", "b\"\""]),
        "bytearray" => plain(&["bytearray(b\"example\")"]),
        "list" => plain(&["[\"example\"]", "[]", "[1]", "[{}]", "[[]]"]),
        "tuple" => plain(&["(\"example\",)", "()", "(1, 2)"]),
        "dict" => plain(&["{\"example\": 1}", "{}", "{\"example\": {}}"]),
        "set" => plain(&["{\"example\"}", "set()"]),
        "frozenset" => plain(&["frozenset({\"example\"})"]),
        "complex" => plain(&["1j"]),
        "range" => plain(&["range(3)"]),
        "generator" => plain(&["(x for x in [1])"]),
        "function" | "builtin_function_or_method" | "method" => {
            plain(&["lambda *args, **kwargs: None", "len"])
        }
        "type" => plain(&["int", "str"]),
        "object" => plain(&["object()"]),
        "ellipsis" => plain(&["..."]),
        "Decimal" => of(
            "decimal",
            &[
                "decimal.Decimal(\"1\")",
                "decimal.Decimal(\"NaN\")",
                "decimal.Decimal(\"1E+2\")",
            ],
        ),
        "Fraction" => of("fractions", &["fractions.Fraction(1, 2)"]),
        "datetime" => of(
            "datetime",
            &[
                "datetime.datetime(2024, 1, 31)",
                "datetime.datetime(2024, 1, 31, tzinfo=datetime.timezone.utc)",
            ],
        ),
        "date" => of("datetime", &["datetime.date(2024, 1, 31)"]),
        "time" => of("datetime", &["datetime.time(12, 0)"]),
        "timedelta" => of(
            "datetime",
            &["datetime.timedelta(days=1)", "datetime.timedelta(0)"],
        ),
        "UUID" => of("uuid", &["uuid.UUID(int=1)"]),
        "PosixPath" | "WindowsPath" | "Path" | "PurePosixPath" | "PathLike" => of(
            "pathlib",
            &[
                "pathlib.Path(\"example\")",
                "pathlib.PurePosixPath(\"a/b\")",
            ],
        ),
        "IPv4Address" => of("ipaddress", &["ipaddress.IPv4Address(\"127.0.0.1\")"]),
        "IPv6Address" => of("ipaddress", &["ipaddress.IPv6Address(\"::1\")"]),
        "IPv4Network" => of("ipaddress", &["ipaddress.IPv4Network(\"10.0.0.0/8\")"]),
        "StringIO" | "TextIOWrapper" | "TextIO" | "IO" => {
            of("io", &["io.StringIO(\"example\")", "io.StringIO()"])
        }
        "BytesIO" | "BufferedReader" | "BinaryIO" => {
            of("io", &["io.BytesIO(b\"example\")", "io.BytesIO()"])
        }
        "OrderedDict" => of("collections", &["collections.OrderedDict(example=1)"]),
        "defaultdict" => of("collections", &["collections.defaultdict(list)"]),
        "deque" => of("collections", &["collections.deque([1])"]),
        "Counter" => of("collections", &["collections.Counter(\"example\")"]),
        "mappingproxy" => of("types", &["types.MappingProxyType({\"example\": 1})"]),
        "SimpleNamespace" => of("types", &["types.SimpleNamespace()"]),
        "partial" => of("functools", &["functools.partial(int)"]),
        "dict_values" => plain(&["{\"example\": 1}.values()"]),
        "dict_keys" => plain(&["{\"example\": 1}.keys()"]),
        "dict_items" => plain(&["{\"example\": 1}.items()"]),
        "map" => plain(&["map(str, [1])"]),
        "filter" => plain(&["filter(None, [1])"]),
        "zip" => plain(&["zip([1], [2])"]),
        "list_iterator" => plain(&["iter([1])"]),
        "Pattern" => of("re", &["re.compile(\"a\")"]),
        _ => Vec::new(),
    }
}

/// The parts of a message in quotes, and a message that is nothing but a key.
pub(in crate::generate) fn quoted(message: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // It quotes a type and a name of the code.
    if message.contains("object has no attribute") || message.contains(" codec can't ") {
        return found;
    }
    for quote in ['\'', '"'] {
        for part in message.split(quote).skip(1).step_by(2) {
            let is_type = !values(part).is_empty() || part == "NoneType";
            if !part.is_empty() && part.len() <= 200 && !is_type && !found.iter().any(|f| f == part)
            {
                found.push(part.to_owned());
            }
        }
    }
    if let Some((_, rest)) = message.rsplit_once(": ")
        && !rest.is_empty()
        && rest.len() <= 80
        && !rest.contains(['\'', '"'])
    {
        found.push(rest.to_owned());
    }
    found.truncate(4);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_what_it_was_given() {
        for (message, expected) in [
            (
                "'>' not supported between instances of 'NoneType' and 'int'",
                vec!["NoneType", "int"],
            ),
            ("'list' object has no attribute 'strip'", vec!["list"]),
            ("unhashable type: 'list'", vec!["list"]),
            (
                "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
                vec!["NoneType"],
            ),
            (
                "unsupported operand type(s) for *=: 'NoneType' and 'int'",
                vec!["NoneType", "int"],
            ),
            ("can only concatenate str (not \"int\") to str", vec!["int"]),
            (
                "sequence item 0: expected str instance, int found",
                vec!["int"],
            ),
            (
                "expected string or bytes-like object, got 'NoneType'",
                vec!["NoneType"],
            ),
            ("list index out of range", vec![]),
        ] {
            assert_eq!(named(message), expected, "{message}");
        }
    }

    #[test]
    fn a_codec_says_which_character_and_where() {
        assert_eq!(
            bad_character("'utf-8' codec can't decode byte 0xfc in position 3: invalid start byte"),
            Some(('\u{fc}', 3))
        );
        assert_eq!(bad_character("bad"), None);
        let codes: Vec<String> = undecodable("can't decode byte 0xff in position 2")
            .into_iter()
            .map(|p| p.code)
            .collect();
        assert_eq!(codes[0], "b\"aa\\xff\"");
    }

    #[test]
    fn a_message_quotes_values() {
        assert_eq!(
            quoted("invalid literal for int() with base 10: 'abc'"),
            ["abc"]
        );
        assert_eq!(quoted("'owner'"), ["owner"]);
        assert_eq!(quoted("Node Z is not in the graph"), Vec::<String>::new());
    }
}
