//! Cuts a frame's file, as any runtime prints it, into scheme, host and path components.
//! It deliberately touches no file system: `..` is resolved in the text alone.

use alloc::vec::Vec;

use crate::text::{self, ALNUM, ALPHA, NOT};

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
    // blob:http://host/9f6d… names the page that made it
    let mut rest = text::without(text::trim(text), "blob:");
    if let Some(colon) = scheme_end(rest) {
        place.scheme = text::until(rest, colon);
        rest = text::from(rest, colon + 1);
        rest = text::lead(rest, NOT, "?#");
        if let Some(after) = rest.strip_prefix("//") {
            // file:///srv/x.js, https://host/x.js, file://C:/x.js
            let host = component(after);
            place.absolute = true;
            if is_drive(host) {
                rest = after;
            } else {
                place.host = host;
                rest = text::from(after, host.len());
            }
        }
    } else if let Some((path, query)) = text::split(rest, "?")
        && component(query) == query
    {
        // a bundler's mark behind a plain path: /src/x.ts?t=1700000000
        rest = path;
    }
    place.absolute |= text::begins(rest, "/\\");
    let unc = place.scheme.is_empty() && (rest.starts_with("\\\\") || rest.starts_with("//"));
    place.walk(rest, unc);
    place
}

impl<'a> Place<'a> {
    /// Takes the components of a path.
    fn walk(&mut self, path: &'a str, unc: bool) {
        // \\host\share\x.js, but \\?\C:\x.js
        let mut server_and_share = if unc && !path.starts_with("\\\\?\\") {
            2
        } else {
            0
        };
        let mut rest = path;
        while !rest.is_empty() {
            let part = component(rest);
            rest = text::from(rest, part.len() + 1);
            match part {
                "" | "." => {}
                _ if server_and_share > 0 => {
                    server_and_share -= 1;
                }
                "?" if unc => {}
                ".." => {
                    self.components.pop();
                }
                drive if self.components.is_empty() && is_drive(drive) => {
                    self.drive = true;
                    self.absolute = true;
                }
                part => self.components.push(part),
            }
        }
    }
}

/// Where `wanted` stands among the components; never where nothing is wanted.
#[inline(never)]
pub(crate) fn find(parts: &[&str], wanted: &[&str], same: fn(&str, &str) -> bool) -> Option<usize> {
    let places = (parts.len() + 1).saturating_sub(wanted.len().max(1));
    (0..places).find(|&at| {
        let mut window = parts.iter().skip(at);
        wanted
            .iter()
            .all(|want| window.next().is_some_and(|part| same(part, want)))
            && !wanted.is_empty()
    })
}

/// The component at the start of a path.
fn component(path: &str) -> &str {
    text::lead(path, NOT, "/\\")
}

/// Where the scheme's colon stands. One letter is a drive, not a scheme.
fn scheme_end(text: &str) -> Option<usize> {
    let colon = text::run(text, ALNUM, "+-.");
    let rest = text::from(text, colon).strip_prefix(':')?;
    let name = colon > 1 && text::run(text, ALPHA, "") > 0;
    // `app.js:12` is a file and a line
    let goes_on = !rest.is_empty() && text::digits(rest) == 0;
    (name && goes_on).then_some(colon)
}

fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
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
