//! File → module: the part of a path that is the same on every host, in every container and after every build.
//! It deliberately knows nothing of the file system: what a path alone can not tell is decided by the rules below.

use alloc::string::String;
use alloc::vec::Vec;

use super::place;
use crate::model::Platform;
use crate::text::{self, ALNUM, ALPHA, DIGIT, HEX, LETTER, LOWER, NOT, UPPER};

/// The module that a frame's file is.
///
/// Python: dotted, relative to one of `roots` where one matches; else what is left after the drive, a `site-packages`
/// prefix, an archive, a `src` folder, a release folder and the usual homes of deployments (`/app`, `/srv/NAME`,
/// `/home/USER/NAME` …) are taken off. JavaScript: the file's stem without content hash and build marks
/// (`/assets/index-4f3a9c1b.js` is `assets/index`, `/js/cart.4f3a9c1b.chunk.js` is `cart`), with its folder only where
/// the stem is a name that every folder has. Empty when nothing is known.
pub fn module_path(platform: Platform, file: &str, roots: &[String]) -> String {
    if platform.is_python() {
        python(file, roots)
    } else {
        javascript(file)
    }
}

fn python(file: &str, roots: &[String]) -> String {
    match pseudo_file(file) {
        Some(word) => join(&["<", word, ">"], ""),
        None => python_parts(file, roots).1.join("."),
    }
}

/// `<string>`, `<frozen importlib._bootstrap>`, `<ipython-input-7-8f2a>`: the word; what follows it counts up.
fn pseudo_file(file: &str) -> Option<&str> {
    let inner = file.strip_prefix('<')?;
    Some(text::lead(inner, LETTER, ""))
}

/// Home of the deployment and module below it, both in components.
fn python_parts<'a>(file: &'a str, roots: &[String]) -> (Vec<&'a str>, Vec<&'a str>) {
    let place = place::parse(file);
    let mut home = place.components;
    let end = root_end(&home, roots)
        .unwrap_or_else(|| deployment_end(&home, place.absolute, place.drive));
    let mut parts = home.split_off(end.min(home.len().saturating_sub(1)));
    if let Some(last) = parts.last_mut() {
        *last = stem(last, ".py|.pyc|.pyw|.pyx");
    }
    if parts.len() > 1 && parts.last() == Some(&"__init__") {
        parts.pop();
    }
    (home, parts)
}

/// Names the modules of one failure, each relative to the deepest folder that holds all of them.
///
/// One path does not tell where its project begins; the paths of one failure, taken together, tell what is the same on
/// every host: how they lie to each other. Files of different homes do not bind each other.
#[derive(Default)]
pub(crate) struct Modules<'a> {
    /// Home of a deployment, and the folders below it that all its files share.
    shared: Vec<(Vec<&'a str>, Vec<&'a str>)>,
}

/// Homes that are told apart; a failure has one or two.
const MAX_HOMES: usize = 8;

impl<'a> Modules<'a> {
    /// Takes a file of the failure into account.
    pub(crate) fn add(&mut self, platform: Platform, file: &'a str) {
        if !platform.is_python() || pseudo_file(file).is_some() {
            return;
        }
        let (home, mut folders) = python_parts(file, &[]);
        folders.pop();
        if let Some((_, shared)) = self.shared.iter_mut().find(|(known, _)| *known == home) {
            let both = shared.iter().zip(&folders);
            let same = both.take_while(|(a, b)| a == b).count();
            shared.truncate(same);
        } else if self.shared.len() < MAX_HOMES {
            self.shared.push((home, folders));
        }
    }

    /// The module of a file that was added.
    pub(crate) fn name(&self, platform: Platform, file: &str) -> String {
        if !platform.is_python() || pseudo_file(file).is_some() {
            return module_path(platform, file, &[]);
        }
        let (home, parts) = python_parts(file, &[]);
        let shared = self
            .shared
            .iter()
            .find(|(known, _)| *known == home)
            .map_or(0, |(_, shared)| shared.len());
        join(&parts[shared.min(parts.len().saturating_sub(1))..], ".")
    }
}

fn stem<'a>(name: &'a str, extensions: &'static str) -> &'a str {
    text::items(extensions, "|")
        .find_map(|extension| name.strip_suffix(extension))
        .unwrap_or(name)
}

fn join(parts: &[&str], separator: &str) -> String {
    parts.join(separator)
}

/// How many components the longest matching root takes.
pub(super) fn root_end(parts: &[&str], roots: &[String]) -> Option<usize> {
    let mut longest = None;
    for root in roots {
        let root = place::parse(root);
        let wanted = root.components.as_slice();
        if let Some(at) = place::find(parts, wanted, |part, want| part == want)
            && (at == 0 || !root.absolute)
        {
            longest = longest.max(Some(at + wanted.len()));
        }
    }
    longest
}

/// Homes of deployments; `*` is any one name.
const HOMES: [&[&str]; 23] = [
    &["usr", "src", "*"],
    &["usr", "local", "*"],
    &["var", "www", "*"],
    &["var", "task"],
    &["var", "tmp", "*"],
    &["var", "lib", "*"],
    &["home", "site", "wwwroot"],
    &["home", "*", "*"],
    &["Users", "*", "*"],
    &["private", "tmp", "*"],
    &["github", "workspace"],
    &["workspaces", "*"],
    &["inetpub", "wwwroot", "*"],
    &["builds", "*", "*"],
    &["srv", "*"],
    &["opt", "*"],
    &["root", "*"],
    &["tmp", "*"],
    &["mnt", "*"],
    &["data", "*"],
    &["app"],
    &["code"],
    &["workspace"],
];

/// Folders behind which an installed or unpacked tree begins.
fn is_tree_root(part: &str) -> bool {
    matches!(part, "site-packages" | "dist-packages" | "current")
        || [".zip", ".pyz", ".pex", ".egg", ".whl"]
            .iter()
            .any(|end| part.ends_with(end))
        // /releases/20261122131542/
        || (part.len() >= 8 && part.bytes().all(|b| b.is_ascii_digit()))
}

fn deployment_end(parts: &[&str], absolute: bool, drive: bool) -> usize {
    let folders = parts.len().saturating_sub(1);
    let tree = (0..folders)
        .rev()
        .find(|&i| is_tree_root(parts[i]))
        .map_or(0, |i| i + 1);
    let home = if !absolute || tree > 0 {
        tree
    } else {
        HOMES
            .iter()
            // a file may lie anywhere inside a home: /srv/facade.py
            .find(|home| {
                home.iter()
                    .zip(&parts[..folders])
                    .all(|(want, part)| *want == "*" || want.eq_ignore_ascii_case(part))
            })
            .map_or(
                // C:\shop\…, D:\a\repo\… have no usual names
                usize::from(drive && folders > 0),
                |home| home.len().min(folders),
            )
    };
    // a `src` layout names the tree's root itself
    (home..folders)
        .rev()
        .find(|&i| parts[i] == "src")
        .map_or(home, |i| i + 1)
}

/// Endings that name a language or a build step, not a module.
const MARKS: &str = "\
.js|.mjs|.cjs|.ts|.mts|.cts|.tsx|.jsx|.vue|.svelte|.html|.htm|.min|.chunk|.bundle|.production|.development|\
.prod|.dev";

/// Stems that say nothing without their folder.
const FOLDER_NAMES: &str = "index|page|route|layout|+page|+layout|+server";

fn javascript(file: &str) -> String {
    let mut module = String::new();
    let place = place::parse(file);
    let [folders @ .., last] = place.components.as_slice() else {
        return module;
    };
    if place.scheme == "data" {
        return module;
    }
    let mut name = *last;
    loop {
        let shorter = without_hash(stem(name, MARKS));
        if shorter.len() == name.len() {
            break;
        }
        name = shorter;
    }
    if text::only(name, DIGIT, "") {
        // a numbered chunk, or the id in a page's address
        return module;
    }
    if text::listed(FOLDER_NAMES, name)
        && let Some(folder) = folders.last()
    {
        percent_decoded(folder, &mut module);
        module.push('/');
    }
    percent_decoded(name, &mut module);
    module
}

/// Takes off one content hash: `main.4f3a9c1b`, `index-BxY3_a9Z`, `chunk-3FQ2ZJ7K`.
fn without_hash(name: &str) -> &str {
    // Vite's hashes are eight characters of base64url, which may hold the very `-` that leads them
    if let Some(cut) = name.len().checked_sub(9)
        && cut > 0
        && is_base64_hash(text::from(name, cut))
    {
        return text::until(name, cut);
    }
    let hash = text::last_run(name, NOT, ".-_~");
    if hash > 1 && is_hex_hash(text::from(name, hash)) {
        text::until(name, hash - 1)
    } else {
        name
    }
}

fn is_hex_hash(text: &str) -> bool {
    text.len() >= 6 && text::only(text, HEX, "") && !text::only(text, ALPHA, "")
}

/// `-BxY3_a9Z`.
fn is_base64_hash(text: &str) -> bool {
    let Some(hash) = text.strip_prefix('-') else {
        return false;
    };
    let has = |text: &str, kind| !text::only(text, NOT | kind, "");
    // `section2` is a name
    let inner = text::without_end(hash, DIGIT, "");
    text::all(hash, ALNUM, "_-") && (has(hash, LOWER) && has(hash, UPPER) || has(inner, DIGIT))
}

/// A text with its escapes (`%20`) resolved.
pub(crate) fn percent_decoded(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, _)) = text::split(rest, "%") {
        out.push_str(before);
        rest = text::from(rest, before.len());
        let (decoded, length) = escaped(rest);
        out.push(decoded);
        rest = text::from(rest, length);
    }
    out.push_str(rest);
}

/// The character that the escapes at the start stand for, and their length. U+FFFD for a byte that is no UTF-8, the
/// percent sign itself where no escape begins.
//  %20, %c3%bc
fn escaped(text: &str) -> (char, usize) {
    let first = escape(text);
    // as many as the character has bytes
    let length = match first {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf8 => 4,
        256 => return ('%', 1),
        _ => return ('\u{fffd}', 3),
    };
    let mut code = first & (0xff >> length);
    for at in 1..length {
        let next = escape(text::from(text, at * 3));
        if next & !0x3f != 0x80 {
            return ('\u{fffd}', 3);
        }
        code = code << 6 | next & 0x3f;
    }
    // no overlong form
    match char::from_u32(code) {
        Some(c) if c.len_utf8() == length => (c, length * 3),
        _ => ('\u{fffd}', 3),
    }
}

/// The byte that `%4f` at the start stands for; else more than a byte.
#[inline(never)]
fn escape(text: &str) -> u32 {
    let [b'%', high, low, ..] = text.as_bytes() else {
        return 256;
    };
    if text::run(text::from(text, 1), HEX, "") < 2 {
        return 256;
    }
    // `a` is 0x61, `A` is 0x41, `0` is 0x30
    let value = |digit: u8| u32::from(digit & 15) + u32::from(digit >> 6) * 9;
    value(*high) << 4 | value(*low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn py(file: &str) -> String {
        module_path(Platform::Python, file, &[])
    }

    fn js(file: &str) -> String {
        module_path(Platform::JavaScript, file, &[])
    }

    #[test]
    fn one_python_module_on_every_host() {
        for file in [
            "/srv/app/modules/kg/facade.py",
            "C:\\app\\modules\\kg\\facade.py",
            "/app/../modules/kg/facade.py",
            "/app/core/services/../../modules/kg/facade.py",
            "modules/kg/facade.py",
            "./modules/kg/facade.py",
            "/home/bob/shop/modules/kg/facade.py",
            "C:\\Users\\bob\\shop\\modules\\kg\\facade.py",
            "\\\\files\\deploy\\modules\\kg\\facade.py",
            "/usr/src/app/modules/kg/facade.py",
            "/opt/shop/src/modules/kg/facade.py",
            "/srv/app/venv/lib/python3.11/site-packages/modules/kg/facade.py",
            "/var/www/shop/releases/20261122131542/modules/kg/facade.py",
            "/app/shop.pyz/modules/kg/facade.py",
            "file:///srv/app/modules/kg/facade.py",
        ] {
            assert_eq!(py(file), "modules.kg.facade", "{file}");
        }
        assert_eq!(py("/srv/facade.py"), "facade");
        assert_eq!(py("/app/modules/kg/__init__.py"), "modules.kg");
        assert_eq!(py("<frozen importlib._bootstrap>"), "<frozen>");
        assert_eq!(py("<ipython-input-7-8f2a>"), "<ipython>");
        assert_eq!(py(""), "");
    }

    #[test]
    fn a_known_root_decides() {
        let roots = ["/data/deep/work/shop".to_owned(), "backend".to_owned()];
        let check = |file, want| {
            assert_eq!(module_path(Platform::Python, file, &roots), want, "{file}");
        };
        check("/data/deep/work/shop/app.py", "app");
        check("/x/y/backend/kg/facade.py", "kg.facade");
        check("/srv/app/kg/facade.py", "kg.facade");
    }

    #[test]
    fn one_javascript_module_after_every_build() {
        for file in [
            "https://a.example/js/cart.js",
            "https://b.example:8443/v2/@scope/cart.js?v=1.2:3#top",
            "https://cdn.example/static/js/cart.4f3a9c1b.chunk.js",
            "/assets/cart-4f3a9c1b.js",
            "/assets/cart-BxY3_a9Z.js",
            "/assets/cart-Bx-Y3a9Z.js",
            "webpack-internal:///./src/cart.tsx",
            "C:\\build\\cart.min.js",
            "file:///srv/cart.mjs",
        ] {
            assert_eq!(js(file), "cart", "{file}");
        }
        assert_eq!(js("/assets/index-4f3a9c1b.js"), "assets/index");
        assert_eq!(js("/src/user/index.ts"), "user/index");
        assert_eq!(js("/src/user-settings.js"), "user-settings");
        assert_eq!(js("/284.4f3a9c.js"), "");
        assert_eq!(js("http://h/orders/42?x"), "");
        assert_eq!(js("http://h/my%20page.html"), "my page");
        assert_eq!(js("http://h/%c3%BC%e2%82%ac%F0%9f%98%80%.js"), "ü€😀%");
        assert_eq!(js("http://h/%c0%80%4.js"), "\u{fffd}\u{fffd}%4");
        assert_eq!(js("http://h/"), "");
        assert_eq!(js("data:text/javascript,throw 1"), "");
    }
}
