//! Short texts in the formats that code reads, with the corners that readers stumble over. Which format a parameter wants
//! is guessed from the names around it.

/// Words that name a format, and texts in it, the plainest first.
const FORMATS: [(&[&str], &[&str]); 23] = [
    (
        &["tb", "traceback", "exception", "exc", "stack"],
        &[
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nValueError: bad",
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()",
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f",
            "Traceback (most recent call last):",
            "ValueError: bad",
        ],
    ),
    (
        &["md", "markdown", "rst", "wiki", "docs"],
        &[
            "# a\n\n- b\n- > c\n\n> d\n>\n> - e\n\n1. f\n\n   g\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n```py\nj\n```\n",
            "- > quote\n",
            "- a\n\n  > b\n  - c\n",
            "> a\n\n- b\n  1. c\n",
            "**a** *b* `c` [d](e \"f\") ![g](h) <i@j.k>\n\n***\n",
            "| a |\n|---|\n",
            "[^1]: note\n\ntext[^1]\n",
            "<div>\n\n<b>x</b>\n",
        ],
    ),
    (
        &[
            "code",
            "source",
            "codestring",
            "python",
            "py",
            "script",
            "program",
            "snippet",
            "lint",
            "pyflakes",
            "module",
        ],
        &[
            "x = 1\n",
            "x += 1\nprint += 1\nprint >> x\n",
            "def f(a, *, b: int = 1, **c) -> int:\n    \"\"\"D.\"\"\"\n    global g\n    return a\n",
            "class A(B, metaclass=C):\n    x: int\n    @property\n    def p(self): ...\n",
            "async def f():\n    async with a as b:\n        await c\n    return [x async for x in y]\n",
            "try:\n    import a.b as c\nexcept (A, B) as e:\n    raise\nelse:\n    pass\nfinally:\n    del x\n",
            "from . import x\nfrom a import (b,\n    c)\nfrom __future__ import annotations\n",
            "match x:\n    case {\"a\": [1, *_]} | A(b=2) if y:\n        pass\n",
            "print(f\"{x!r:>{y}}\" '%s %(a)s' % (1, 2), \"{} {a}\".format(1))\n",
            "(x := 1); lambda *a, b=2: (yield)\n",
            "x: \"List[int\" = 1\n__all__ = [\"y\"] + z\n",
            "if x:\n    pass\n  y\n",
            "(",
            "",
            "\\\n",
            "# a\n",
        ],
    ),
    (
        &["docstring", "doc", "docstrings", "summary"],
        &[
            "Do it.\n\n:param int x: A.\n:returns: B.\n:raises ValueError: C.\n",
            "Do it.\n\nArgs:\n    x (int): A.\n\nReturns:\n    B.\n",
            "Do it.\n\nParameters\n----------\nx : int, optional\n    A.\n",
            "Args:\n",
            "",
        ],
    ),
    (
        &["json"],
        &[
            "{}",
            "[]",
            "null",
            "{\"a\": null}",
            "{\"a\": [1, {\"b\": \"c\"}]}",
            "1",
            "\"a\"",
            "{\"a\": ",
        ],
    ),
    (
        &["sql", "query", "statement", "expression"],
        &[
            "SELECT a FROM t",
            "SELECT a FROM (SELECT a FROM t) AS x",
            "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
            "SELECT a FROM t WHERE a IN (SELECT b FROM u)",
            "SELECT (SELECT MAX(b) FROM u) AS a FROM t",
            "SELECT a FROM t UNION SELECT a FROM u",
            "SELECT t.a AS a FROM t JOIN (SELECT b AS a FROM u) AS v ON t.a = v.a",
            "SELECT a, COUNT(*) OVER (PARTITION BY b ORDER BY c) FROM t GROUP BY a HAVING COUNT(*) > 1",
            "SELECT CASE WHEN a IS NULL THEN 0 ELSE (SELECT MIN(b) FROM u WHERE u.a = t.a) END AS a FROM t",
            "WITH x AS (SELECT a FROM t) SELECT a FROM x WHERE EXISTS (SELECT 1 FROM x AS y WHERE y.a = x.a)",
            "SELECT v.value AS a FROM t, LATERAL FLATTEN(INPUT => (SELECT b FROM u)) AS v",
            "SELECT * FROM t",
            "SELECT a AS",
            "SELECT (",
            "()",
            "CASE WHEN a THEN b END",
            "SELECT a FROM t; -- b",
            "INSERT INTO t (a) VALUES (NULL)",
            "CREATE TABLE t (a INT PRIMARY KEY, b TEXT DEFAULT 'x')",
            "",
        ],
    ),
    (
        &["html", "xml", "markup", "svg"],
        &[
            "<p>a</p>",
            "<ul><li>a<li><b>b</ul>",
            "<a href=\"\">x</a><br/><!-- c -->",
            "<?xml version=\"1.0\"?><a b=\"c\"><d/></a>",
            "<table><tr><td></td></tr></table>",
            "<",
            "a & b",
            "<img src=x alt><input disabled value='a\"b'>",
            "<script>a<b</script><style>p{}</style>",
            "<!DOCTYPE html><html><head><title>t</title></head><body></body></html>",
            "<a><b></a></b>",
            "</p></li></ul></td></tr></table></b></a>",
            "<blockquote><p>a</blockquote></p><h1>b</h2>",
            "<ol><li>a</ol></li><font color=red>b</font></font>",
            "<p>&#x0;&nbsp;&bogus;</p>",
        ],
    ),
    (
        &["url", "uri", "href", "link", "endpoint", "broker"],
        &[
            "http://example.com/a?b=c#d",
            "http://[::1]:80/",
            "//example.com",
            "/a/b?c",
            "http://",
            "mailto:a@b.example",
            "http://user@example.com:x/",
            "",
        ],
    ),
    (
        &["email", "mail", "address", "recipient", "sender"],
        &[
            "a@b.example",
            "A B <a@b.example>",
            "@",
            "a@",
            "\"a b\"@c.example, d@e.example",
            "",
        ],
    ),
    (
        &["date", "time", "datetime", "timestamp", "when", "day"],
        &[
            "2024-01-31",
            "2024-01-31T12:00:00Z",
            "2024-02-30",
            "12:00",
            "2024-01-31T12:00:00+02:00",
            "today",
            "",
        ],
    ),
    (
        &["csv", "table", "rows", "tsv"],
        &["a,b\n1,2\n", "a\n", "a,b\n1\n", "\"a\n", ""],
    ),
    (
        &["ini", "config", "toml", "yaml", "yml", "settings", "conf"],
        &[
            "a: 1\nb:\n  - c\n",
            "[a]\nb = 1\n",
            "a =\n",
            "- a\n- b: null\n",
            "a",
            "",
        ],
    ),
    (
        &["path", "file", "filename", "folder", "directory"],
        &["example.txt", "a/b.tar.gz", "/", ".", "a b", ""],
    ),
    (
        &["version", "release", "spec", "requirement"],
        &["1.0", "1.0.0rc1", "1", "v2", ">=1.0,<2", "x", ""],
    ),
    (
        &["range", "slice", "arg", "pages", "interval"],
        &["1:4", ":5", "2:10", ":", "::2", "-1", "-1:", "x", ""],
    ),
    (
        &["ip", "ipv4", "ipv6", "host", "ipv46", "network", "peer"],
        &[
            "127.0.0.1",
            "::1",
            "localhost:80",
            "10.0.0.0/8",
            "[::1]:80",
            "x",
        ],
    ),
    (
        &[
            "template", "format", "fmt", "pattern", "regex", "rule", "glob",
        ],
        &[
            "{}",
            "{{ x }}",
            "%s",
            "{x!r:>{y}}",
            "{% if x %}a{% endif %}",
            "<int:x>/<y>",
            "a.*b",
            "(a|b)?",
            "[",
            "*",
        ],
    ),
    (
        &["encoding", "charset", "codec", "errors"],
        &["utf-8", "latin-1", "ascii", "utf-16", "idna", "x", ""],
    ),
    (
        &["color", "colour", "style"],
        &["red", "#fff", "bold red on blue", "rgb(1,2,3)", "none", ""],
    ),
    (
        &["cron", "schedule", "crontab"],
        &[
            "* * * * *",
            "*/5 0 1 1 0",
            "0 0 L * mon#2",
            "R R H * *",
            "R(0-0) * * * *",
            "1-5,7 0 1 1 0 0",
            "@daily",
            "",
        ],
    ),
    (
        &["locale", "lang", "language"],
        &[
            "en",
            "en_US",
            "de_DE",
            "ja_JP",
            "fr",
            "pt_BR",
            "hi_IN",
            "ar_EG",
            "zh-Hant-TW",
            "en-",
            "",
        ],
    ),
    (
        &[
            "header", "headers", "cookie", "content", "mimetype", "accept",
        ],
        &[
            "text/html; charset=utf-8",
            "a=b; c",
            "text/*;q=0.5, */*",
            "bytes=0-",
            "attachment; filename*=UTF-8''a",
            ";",
            "",
        ],
    ),
    (
        &[
            "duration", "interval", "size", "delta", "amount", "number", "value",
        ],
        &["1", "1h", "10MB", "1.5", "-1", "1e5", "inf", "nan", ""],
    ),
];

/// Any text at all.
const PLAIN: [&str; 8] = [
    "example",
    "a b",
    "a",
    "1",
    "a\nb\n",
    "a=b",
    "\u{e9}\u{1f600}",
    "",
];

/// Texts for a place with these names around it, those of the nearest name first; of several formats in turn.
pub(super) fn texts(names: &[&str]) -> Vec<&'static str> {
    let mut formats = formats(names);
    formats.push(&PLAIN);
    let (last, known) = match formats.split_last() {
        Some((last, known)) => (*last, known),
        None => return Vec::new(),
    };
    let mut found: Vec<&'static str> = Vec::new();
    let longest = known.iter().map(|f| f.len()).max().unwrap_or(0);
    for at in (0..longest).step_by(TURN) {
        for format in known {
            let turn = format.iter().skip(at).take(TURN);
            for text in turn {
                if !found.contains(text) {
                    found.push(text);
                }
            }
        }
    }
    let plain = last.iter().filter(|t| !found.contains(t));
    let plain: Vec<_> = plain.copied().collect();
    found.extend(plain);
    found
}

/// Texts in the format that the names ask for; none where they name no format.
pub(super) fn formatted(names: &[&str]) -> Vec<&'static str> {
    match formats(names).is_empty() {
        true => Vec::new(),
        false => texts(names),
    }
}

/// So many of one format before the next one has its turn.
const TURN: usize = 4;

fn formats(names: &[&str]) -> Vec<&'static [&'static str]> {
    let mut found: Vec<&'static [&'static str]> = Vec::new();
    for name in names {
        for word in words(name) {
            for (keys, texts) in &FORMATS {
                // `croniter` reads cron lines, `sqlparse` SQL.
                let fits =
                    |key: &&&str| **key == word || (key.len() > 2 && word.starts_with(**key));
                if keys.iter().any(|key| fits(&key)) && !found.iter().any(|f| f[0] == texts[0]) {
                    found.push(texts);
                }
            }
        }
    }
    found
}

/// `parse_HTTPHeader2` → `parse`, `http`, `header`, `httpheader2`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let snake = crate::correlate::snake_case(part);
        for word in snake.split('_').filter(|w| !w.is_empty()) {
            if !found.iter().any(|f| f == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_decides_the_format() {
        assert!(texts(&["tb_str", "ParsedException"])[0].starts_with("Traceback"));
        assert_eq!(texts(&["sql"])[0], "SELECT a FROM t");
        assert_eq!(texts(&["s", "from_string", "RangeParser"])[0], "1:4");
        assert_eq!(texts(&["x"])[0], "example");
        assert!(texts(&["expr_format", "croniter"])[..8].contains(&"* * * * *"));
        assert!(formatted(&["x"]).is_empty() && !formatted(&["sql"]).is_empty());
    }
}
