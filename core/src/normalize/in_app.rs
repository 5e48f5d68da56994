//! Is a frame the project's own code? Decided by its place alone, and by what the user configured.
//! It deliberately looks at no file: the log may come from another machine.

use alloc::string::String;
use alloc::vec::Vec;

use super::place::{self, Place};
use crate::model::{Frame, Options, Platform};
use crate::text::{self, NOT};

/// Whether a frame is the project's own code.
///
/// The longest matching entry of `in_app_include` or `in_app_exclude` decides. Then a file below one of
/// `project_roots` is in-app unless an installed tree lies between. A file below none of them is judged by
/// its path like any other: logs are written on hosts whose folders the configuration does not name.
pub fn is_in_app(platform: Platform, frame: &Frame, options: &Options) -> bool {
    let Some(file) = frame.file.as_deref().filter(|file| !file.is_empty()) else {
        return false;
    };
    let place = place::parse(file);
    let included = longest_match(&place, &options.in_app_include);
    let excluded = longest_match(&place, &options.in_app_exclude);
    if included > 0 || excluded > 0 {
        return included >= excluded;
    }
    let below = super::module::root_end(&place.components, &options.project_roots);
    let components = place.components.as_slice();
    let parts = components.get(below.unwrap_or(0)..).unwrap_or(&[]);
    if platform.is_python() {
        !is_pseudo_file(file)
            && !is_python_tree(parts)
            && (below.is_some() || !is_python_runtime(&place, frame))
    } else {
        !is_engine_place(file, &place)
            && !is_javascript_tree(parts)
            && (below.is_some() || !is_foreign_script(&place))
    }
}

/// Length of the longest entry that stands in the path: `shop/kg`, `shop.kg`, `site-packages/shop`, a host.
fn longest_match(place: &Place<'_>, entries: &[String]) -> usize {
    let parts = place.components.as_slice();
    let mut longest = 0;
    for entry in entries {
        if entry.len() > longest && (place.host == entry.as_str() || matches_path(parts, entry)) {
            longest = entry.len();
        }
    }
    longest
}

fn matches_path(parts: &[&str], entry: &str) -> bool {
    let folders = pieces(entry, "/\\");
    let one_folder = matches!(folders.as_slice(), [folder] if folder.len() == entry.len());
    stand_in(parts, &folders) || (one_folder && stand_in(parts, &pieces(entry, ".")))
}

/// What stands between the joints.
fn pieces<'t>(text: &'t str, joints: &str) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let piece = text::lead(rest, NOT, joints);
        rest = text::from(rest, piece.len() + 1);
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

fn stand_in(parts: &[&str], wanted: &[&str]) -> bool {
    let same = |part: &str, want: &str| part == want || part.strip_suffix(".py") == Some(want);
    place::find(parts, wanted, same).is_some()
}

/// `<string>`, `<frozen importlib._bootstrap>`, `<attrs generated init shop.Order>`; a notebook's cells are the user's own.
fn is_pseudo_file(file: &str) -> bool {
    file.starts_with('<') && !file.starts_with("<ipython-input") && !file.starts_with("<doctest ")
}

/// Trees of installed packages.
fn is_python_tree(parts: &[&str]) -> bool {
    parts.iter().enumerate().any(|(i, part)| {
        let next = parts.get(i + 1).copied().unwrap_or("");
        matches!(
            *part,
            "site-packages" | "dist-packages" | "__pypackages__" | "_vendor" | "node_modules"
        ) || [".egg", ".whl"].iter().any(|end| part.ends_with(end))
            // …/lib/python3.11/json/decoder.py, …/lib64/pypy3.9/…
            || (matches!(*part, "lib" | "lib64" | "Lib")
                && (is_versioned(next, "python") || is_versioned(next, "pypy")))
            // C:\Python39\Lib\json\decoder.py, …\miniconda3\lib\…, /build/Python-3.13.0/Lib/…
            || (next.eq_ignore_ascii_case("lib") && is_python_home(parts, i))
            // the standard library in a zip: /lib/python311.zip/json/decoder.py
            || (is_versioned(part, "python") && part.ends_with(".zip"))
            // …/.vscode/extensions/ms-python.debugpy/…
            || part.starts_with(".vscode")
            // …\Scripts\gunicorn.exe\__main__.py
            || part.ends_with(".exe")
    })
}

/// `python3.11`, `Python311`, `python3`, `pypy3.9-v7`, `Python-3.13.0`.
fn is_versioned(part: &str, name: &str) -> bool {
    part.get(..name.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(name))
        && part[name.len()..]
            .trim_start_matches('-')
            .starts_with(|c: char| c.is_ascii_digit())
}

fn is_python_home(parts: &[&str], at: usize) -> bool {
    let part = parts[at];
    is_versioned(part, "python")
        || is_versioned(part, "pypy")
        || matches!(part, "python" | "cpython" | "pypy")
        || part.contains("conda")
        || part.starts_with("PythonSoftwareFoundation.")
        || (at > 0 && parts[at - 1] == "envs")
}

/// Places of the interpreter, of compiled packages and of launchers.
fn is_python_runtime(place: &Place<'_>, frame: &Frame) -> bool {
    let parts = place.components.as_slice();
    let Some((name, folders)) = parts.split_last() else {
        return true;
    };
    let system = place.absolute
        && (parts.starts_with(&["usr", "lib"])
            || parts.starts_with(&["usr", "libexec"])
            || parts.starts_with(&["usr", "share"])
            || parts.starts_with(&["var", "runtime"]));
    // /srv/venv/bin/gunicorn, C:\venv\Scripts\flask
    let launcher = matches!(folders.last(), Some(&("bin" | "Scripts"))) && !name.contains(".py");
    system || launcher || (!place.absolute && is_compiled(parts, frame))
}

/// Cython writes the path of its build, relative, and a function with its package: `src/gevent/greenlet.py` in
/// `gevent._gevent_cgreenlet.Greenlet.run`, `pandas/_libs/index.pyx` in `pandas._libs.index.IndexEngine.get_loc`.
fn is_compiled(parts: &[&str], frame: &Frame) -> bool {
    let source = parts.last().copied().unwrap_or("");
    let package = frame
        .function
        .as_deref()
        .and_then(|f| f.split_once('.'))
        .map_or("", |(package, _)| package);
    source.ends_with(".pyx")
        || source.ends_with(".pxi")
        || source.ends_with(".pxd")
        || parts.starts_with(&["src", "gevent"])
        || (!package.is_empty() && parts.len() > 1 && parts[..parts.len() - 1].contains(&package))
}

/// Schemes of engines, runtimes and browser extensions.
const FOREIGN_SCHEMES: &str = "\
node|ext|deno|bun|internal|native|wasm|chrome|resource|about|javascript|chrome-extension|moz-extension|\
safari-extension|safari-web-extension|ms-browser-extension|webkit-masked-url";

/// Whether the place belongs to a browser extension.
pub(crate) fn is_extension(file: &str) -> bool {
    let scheme = place::parse(file).scheme;
    scheme.ends_with("-extension") || scheme == "webkit-masked-url"
}

fn is_engine_place(file: &str, place: &Place<'_>) -> bool {
    text::listed(FOREIGN_SCHEMES, place.scheme)
        || (file.starts_with('<') && file.ends_with('>'))
        || text::has(file, "[native code]")
        || text::has(file, "[wasm code]")
        || text::listed("native|(native)|unknown location", file)
        || is_old_node_core(place)
}

/// Node until 10 printed its own modules without scheme: `module.js`, `internal/process/next_tick.js`.
fn is_old_node_core(place: &Place<'_>) -> bool {
    const MODULES: &str = "module.js|fs.js|events.js|net.js|timers.js|vm.js|bootstrap_node.js";
    if place.absolute || !place.scheme.is_empty() {
        return false;
    }
    match place.components.as_slice() {
        ["internal", ..] => true,
        [name] => {
            text::listed(MODULES, name) || begins_like("_stream_|_http_|_tls_", name, |_| true)
        }
        _ => false,
    }
}

/// One of the words with `|` between them leads `name`, and what follows it passes the test.
fn begins_like(leads: &'static str, name: &str, test: fn(&str) -> bool) -> bool {
    text::items(leads, "|").any(|lead| name.strip_prefix(lead).is_some_and(test))
}

/// Trees of installed packages, and what bundlers and dev servers add.
fn is_javascript_tree(parts: &[&str]) -> bool {
    const TREES: &str = "node_modules|bower_components|jspm_packages|.pnpm|.yarn|~|vendor|vendors|@vite|@react-refresh|(webpack)";
    parts.iter().any(|part| text::listed(TREES, part))
        || matches!(parts, ["webpack", "bootstrap" | "runtime", ..])
        || parts.last().is_some_and(|name| is_library_file(name))
}

/// Files that hold libraries wherever they lie. The last reports what others threw; its own frames are above every logged
/// error.
const LIBRARY_FILES: &str = "\
vendor|vendors|chunk-vendors|polyfill|polyfills|webpack-runtime|runtime~main|jquery|react-dom|\
react-dom-client|react.production|react.development|vue.global|vue.runtime|angular.min|lodash|modernizr|\
zone.js|require.js|clientErrorLogger";

fn is_library_file(name: &str) -> bool {
    begins_like(LIBRARY_FILES, name, |rest| {
        rest.is_empty() || text::begins(rest, ".-~")
    })
}

/// Hosts that serve other people's scripts.
const FOREIGN_HOSTS: &str = "\
unpkg.com|jsdelivr.net|cdnjs.cloudflare.com|googleapis.com|gstatic.com|googletagmanager.com|\
google-analytics.com|googlesyndication.com|doubleclick.net|google.com|esm.sh|skypack.dev|jspm.io|jspm.dev|\
bootstrapcdn.com|code.jquery.com|aspnetcdn.com|polyfill.io|tailwindcss.com|stripe.com|facebook.net|hotjar.com|\
sentry-cdn.com|segment.com|intercomcdn.com|newrelic.com|clarity.ms|cloudflareinsights.com";

fn is_foreign_script(place: &Place<'_>) -> bool {
    let host = text::before(place.host, ":");
    text::items(FOREIGN_HOSTS, "|").any(|foreign| {
        host.strip_suffix(foreign)
            .is_some_and(|front| front.is_empty() || front.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(function: &str, file: &str) -> Frame {
        Frame {
            function: Some(function.to_owned()),
            file: Some(file.to_owned()),
            ..Frame::default()
        }
    }

    fn check(platform: Platform, file: &str, want: bool) {
        let options = Options::default();
        assert_eq!(
            is_in_app(platform, &frame("f", file), &options),
            want,
            "{file}"
        );
    }

    #[test]
    fn python_places() {
        for file in [
            "/srv/app/modules/kg/facade.py",
            "C:\\app\\modules\\kg\\facade.py",
            "/app/core/../modules/kg/facade.py",
            "app.py",
            "/home/u/lib/tool.py",
            "/srv/bin/run.py",
            "/srv/python/lib_tools/x.py",
            "<ipython-input-1-5e3f>",
            "/app/shop.pyz/shop/cart.py",
            "src/shop/cart.py",
        ] {
            check(Platform::Python, file, true);
        }
        for file in [
            "/srv/venv/lib/python3.11/site-packages/flask/app.py",
            "/usr/lib/python3/dist-packages/yaml/__init__.py",
            "/usr/lib/python3.11/json/decoder.py",
            "/root/.pyenv/versions/3.8.18/lib/python3.8/threading.py",
            "/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/json/decoder.py",
            "C:\\Users\\u\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\json\\decoder.py",
            "C:\\Python39\\lib\\threading.py",
            "C:\\Users\\u\\miniconda3\\envs\\shop\\Lib\\threading.py",
            "/usr/lib/pypy3.9/lib-python/x.py",
            "/lib/python311.zip/json/decoder.py",
            "<frozen importlib._bootstrap>",
            "<string>",
            "<attrs generated init shop.Order>",
            "<__array_function__ internals>",
            "src/gevent/greenlet.py",
            "pandas/_libs/index.pyx",
            "/srv/venv/bin/gunicorn",
            "C:\\venv\\Scripts\\flask.exe\\__main__.py",
            "/var/runtime/bootstrap.py",
            "",
        ] {
            check(Platform::Python, file, false);
        }
        let cython = frame("pydantic.main.BaseModel.__init__", "pydantic/main.py");
        assert!(!is_in_app(Platform::Python, &cython, &Options::default()));
    }

    #[test]
    fn javascript_places() {
        for file in [
            "http://127.0.0.1:8081/scen.js",
            "https://shop.example/assets/index-4f3a9c1b.js",
            "webpack-internal:///./src/cart.js",
            "/srv/shop/server.cjs",
            "C:\\shop\\server.js",
            "http://h/page.html?e=1",
            "blob:http://h/9f6d",
        ] {
            check(Platform::JavaScript, file, true);
        }
        for file in [
            "node:internal/fs/utils",
            "ext:core/01_core.js",
            "internal/process/next_tick.js",
            "module.js",
            "webpack-internal:///./node_modules/react/index.js",
            "webpack:///./~/react/index.js",
            "webpack:///webpack/bootstrap",
            "/srv/shop/node_modules/express/lib/router.js",
            "https://shop.example/assets/vendor~main.4f3a9c1b.js",
            "https://shop.example/js/chunk-vendors.4f3a9c1b.js",
            "https://shop.example/js/jquery-3.6.0.min.js",
            "https://unpkg.com/x@1/x.js",
            "https://cdn.jsdelivr.net/npm/x",
            "https://ajax.googleapis.com/ajax/libs/x.js",
            "chrome-extension://abcdef/content.js",
            "moz-extension://abc-def/content.js",
            "safari-web-extension://abc/x.js",
            "[native code]",
            "<anonymous>",
            "native",
            "wasm://wasm/0a1b2c",
        ] {
            check(Platform::JavaScript, file, false);
        }
    }

    #[test]
    fn configuration_decides_first() {
        let options = Options {
            project_roots: vec!["/usr/lib/shop".to_owned(), "backend".to_owned()],
            in_app_include: vec!["site-packages/shop".to_owned(), "ours.kg".to_owned()],
            in_app_exclude: vec![
                "generated".to_owned(),
                "site-packages/shop/vendored".to_owned(),
            ],
            ..Options::default()
        };
        let check = |file: &str, want: bool| {
            let got = is_in_app(Platform::Python, &frame("f", file), &options);
            assert_eq!(got, want, "{file}");
        };
        check("/v/lib/python3.11/site-packages/shop/cart.py", true);
        check("/v/lib/python3.11/site-packages/shop/vendored/x.py", false);
        check("/v/lib/python3.11/site-packages/ours/kg.py", true);
        check("/v/lib/python3.11/site-packages/shopping/cart.py", false);
        check("/srv/app/generated/x.py", false);
        check("/usr/lib/shop/cart.py", true);
        check("/usr/lib/shop/venv/lib/python3.9/site-packages/x.py", false);
        check("/srv/backend/x.py", true);
        check("/srv/other/x.py", true);
    }
}
