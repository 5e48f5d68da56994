//! Cuts a frame's file, as any runtime prints it, into scheme, host and path components.
//! It deliberately touches no file system: `..` is resolved in the text alone.

use alloc::vec::Vec;

/// A file or URL in pieces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    /// `https`, `node`, `webpack-internal`; empty for a plain path.
    pub scheme: &'a str,
    /// Host with port; empty where there is none.
    pub host: &'a str,
    /// The path's components: no empty ones, no drive, no `.`, `..` resolved.
    pub components: Vec<&'a str>,
    /// Begins with a slash, a drive or a host name.
    pub absolute: bool,
    /// Had a drive letter, which is left out of `components`, as a UNC path's server and share are.
    pub drive: bool,
}

/// Reads `text` as URL, POSIX path, Windows path or UNC path.
pub(crate) fn parse(text: &str) -> Place<'_> {
    let mut place = Place::default();
    let mut rest = text.trim();
    // blob:http://host/9f6d… names the page that made it
    rest = rest.strip_prefix("blob:").unwrap_or(rest);
    if let Some(colon) = scheme_end(rest) {
        place.scheme = &rest[..colon];
        rest = &rest[colon + 1..];
        if let Some(end) = rest.find(['?', '#']) {
            rest = &rest[..end];
        }
        if let Some(after) = rest.strip_prefix("//") {
            // file:///srv/x.js, https://host/x.js, file://C:/x.js
            let host = after.split(['/', '\\']).next().unwrap_or("");
            place.absolute = true;
            if is_drive(host) {
                rest = after;
            } else {
                place.host = host;
                rest = &after[host.len()..];
            }
        }
    } else if let Some(question) = rest.find('?')
        && !rest[question..].contains(['/', '\\'])
    {
        // a bundler's mark behind a plain path: /src/x.ts?t=1700000000
        rest = &rest[..question];
    }
    if rest.starts_with(['/', '\\']) {
        place.absolute = true;
    }
    let unc = place.scheme.is_empty() && (rest.starts_with("\\\\") || rest.starts_with("//"));
    let mut server_and_share = if unc && !rest.starts_with("\\\\?\\") {
        2
    } else {
        0
    };
    for part in rest.split(['/', '\\']) {
        match part {
            "" | "." => {}
            _ if server_and_share > 0 => {
                server_and_share -= 1;
            }
            "?" if unc => {}
            ".." => {
                place.components.pop();
            }
            drive if place.components.is_empty() && is_drive(drive) => {
                place.drive = true;
                place.absolute = true;
            }
            part => place.components.push(part),
        }
    }
    place
}

/// Where the scheme's colon stands. One letter is a drive, not a scheme.
fn scheme_end(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let scheme = &text[..colon];
    let name = scheme.len() > 1
        && scheme.as_bytes()[0].is_ascii_alphabetic()
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    // `app.js:12` is a file and a line
    let after = text.as_bytes().get(colon + 1);
    (name && (text[colon..].starts_with("://") || after.is_some_and(|b| !b.is_ascii_digit())))
        .then_some(colon)
}

fn is_drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, scheme: &str, host: &str, components: &str) {
        let place = parse(text);
        assert_eq!(
            (place.scheme, place.host, place.components.join("/")),
            (scheme, host, components.to_owned()),
            "{text}"
        );
    }

    #[test]
    fn paths_of_every_system() {
        check("/srv/app/x.py", "", "", "srv/app/x.py");
        check(
            "/app/core/services/../../modules/x.py",
            "",
            "",
            "app/modules/x.py",
        );
        check("C:\\app\\modules\\x.py", "", "", "app/modules/x.py");
        check("\\\\host\\share\\app\\x.py", "", "", "app/x.py");
        check("\\\\?\\C:\\app\\x.py", "", "", "app/x.py");
        check("src/x.ts?t=17", "", "", "src/x.ts");
        check("../../x.py", "", "", "x.py");
        check("", "", "", "");
    }

    #[test]
    fn urls_of_every_scheme() {
        check("https://h:80/a/b.js?v=1:2#x", "https", "h:80", "a/b.js");
        check("file:///C:/app/x.mjs", "file", "", "app/x.mjs");
        check("file://C:/app/x.mjs", "file", "", "app/x.mjs");
        check("node:internal/fs", "node", "", "internal/fs");
        check(
            "webpack-internal:///./src/x.js",
            "webpack-internal",
            "",
            "src/x.js",
        );
        check("blob:http://h/9f6d", "http", "h", "9f6d");
        check("app.js:12", "", "", "app.js:12");
    }
}
