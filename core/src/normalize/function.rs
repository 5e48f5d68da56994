//! One spelling for a function's and a type's name, whatever runtime printed it.
//! It deliberately drops receivers and qualifiers: some engines print them, others can not.

use super::is_letter;
use crate::model::{Exception, Platform};

/// The bare name of a function; `None` where it says nothing that every runtime would print.
///
/// Python: qualifiers go (`f.<locals>.g`, `C.g` give `g`), and so do the frames of comprehensions,
/// which CPython 3.12 and later no longer print. JavaScript: `Object.foo`, `async foo`, `new foo`,
/// `get foo`, `outer/foo`, `Foo.prototype.foo [as bar]` give `foo`; `foo/<`, `<anonymous>`, `eval` and the
/// names of top-level code give `None`.
pub fn function_name(platform: Platform, name: &str) -> Option<&str> {
    match platform {
        Platform::Python if cfg!(feature = "python") => python(name.trim()),
        _ => javascript(name.trim()),
    }
}

fn python(name: &str) -> Option<&str> {
    // `block 'content'` and other names with blanks are kept whole
    let last = if name.contains(char::is_whitespace) {
        name
    } else {
        name.rsplit('.').next().unwrap_or(name)
    };
    match last {
        "" | "?" | "<listcomp>" | "<dictcomp>" | "<setcomp>" | "<genexpr>" => None,
        last => Some(last),
    }
}

/// What engines print for code without a name.
const NAMELESS: [&str; 15] = [
    "",
    "?",
    "anonymous",
    "eval",
    "eval code",
    "global code",
    "module code",
    "global",
    "(anonymous)",
    "{anonymous}",
    "(anonymous function)",
    "Anonymous function",
    "anonymous function",
    "(program)",
    "default",
];

/// Words that engines set before a name.
const MARKS: [&str; 7] = ["async ", "new ", "get ", "set ", "static ", "bound ", "*"];

fn javascript(name: &str) -> Option<&str> {
    // `Foo.bar [as baz]`
    let mut name = name.split(" [as ").next().unwrap_or(name).trim();
    // `setTimeout handler*foo`, `async*foo`
    name = name.rsplit('*').next().unwrap_or(name);
    while let Some(rest) = MARKS.iter().find_map(|mark| name.strip_prefix(mark)) {
        name = rest;
    }
    if !name.contains(' ') {
        // Gecko: `outer/inner`, `outer/<`, `outer</inner`
        name = name.rsplit('/').next().unwrap_or(name);
        if name.ends_with('<') {
            return None;
        }
        name = name.rsplit('.').next().unwrap_or(name);
    }
    let bracketed = name.starts_with('<') && name.ends_with('>');
    (!bracketed && !name.starts_with("wasm-function[") && !NAMELESS.contains(&name)).then_some(name)
}

/// Words that functions of many modules share.
const COMMON_WORDS: &str = "action add after apply async before build call callback catch change check child click \
close component config constructor context create data delete destroy did dispatch done each effect element emit end \
error event execute fetch filter find format from generate get handle handler has hide index info init initial initialize \
input insert invoke item items key list listener load loader main make map message method middleware module mount mounted \
name new next node object open options page parse path paths perform post process props push put query read reduce refresh \
register reject remove render request reset resolve response result run save select send server service set setup show side \
start state static stop store string submit success sync test then toggle transform type unmount update use validate value \
view will with wrap write";

/// Whether a JavaScript function's name tells it from the functions of other modules: it has a word of three letters or
/// more that is not one which many modules use (`loadOrders`, not `handleSubmit`, `render` or `t`).
pub(crate) fn is_telling(name: &str) -> bool {
    let mut rest = name;
    while let Some(from) = rest.find(is_letter) {
        rest = &rest[from..];
        let mut upper_before = true;
        let end = rest
            .char_indices()
            .find(|&(_, c)| {
                let new_word = !is_letter(c) || (c.is_ascii_uppercase() && !upper_before);
                upper_before = c.is_ascii_uppercase();
                new_word
            })
            .map_or(rest.len(), |(at, _)| at);
        let word = &rest[..end];
        rest = &rest[end..];
        let common = || {
            COMMON_WORDS
                .split(' ')
                .any(|c| c.eq_ignore_ascii_case(word))
        };
        if word.chars().count() >= 3 && !common() {
            return true;
        }
    }
    false
}

/// The bare class name of an exception: without module, `<locals>` and the marks of a printer, and under
/// one spelling where runtimes changed it. Empty when the type is unknown.
pub fn type_name(platform: Platform, exception: &Exception) -> &str {
    let name = exception.type_name.as_deref().unwrap_or("").trim();
    match platform {
        Platform::Python if cfg!(feature = "python") => {
            let bare = name.rsplit('.').next().unwrap_or(name);
            let printed = exception.module.as_deref().unwrap_or(name);
            match bare {
                "IOError" | "EnvironmentError" | "WindowsError" => "OSError",
                // `socket.timeout` and `socket.error` until 3.9
                "timeout" if printed.starts_with("socket") => "TimeoutError",
                "error" if printed.starts_with("socket") || printed.starts_with("select") => {
                    "OSError"
                }
                bare => bare,
            }
        }
        _ => {
            let name = name.strip_prefix("Uncaught ").unwrap_or(name);
            let bare = match name.split_once(" [") {
                // `DOMException [AbortError]` in Node is `AbortError` in a browser
                Some(("DOMException", code)) => code.trim_end_matches(']'),
                // `TypeError [ERR_INVALID_ARG_TYPE]`
                Some((bare, _)) => bare,
                None => name,
            };
            if bare == "InternalError" && is_stack_overflow(platform, exception) {
                "RangeError"
            } else {
                bare
            }
        }
    }
}

/// Whether the stack was exhausted: then the innermost function is a matter of chance.
pub(crate) fn is_stack_overflow(platform: Platform, exception: &Exception) -> bool {
    let message = exception.message.as_deref().unwrap_or("");
    match platform {
        Platform::Python if cfg!(feature = "python") => {
            exception.type_name.as_deref() == Some("RecursionError")
                || message.starts_with("maximum recursion depth exceeded")
        }
        _ => message.starts_with("Maximum call stack") || message.starts_with("too much recursion"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_names() {
        let check = |name, want| assert_eq!(function_name(Platform::Python, name), want, "{name}");
        check("refresh", Some("refresh"));
        check("Facade.refresh", Some("refresh"));
        check("f.<locals>.g", Some("g"));
        check("f.<locals>.<lambda>", Some("<lambda>"));
        check("<listcomp>", None);
        check("f.<locals>.<genexpr>", None);
        check("<module>", Some("<module>"));
        check("block 'a.b'", Some("block 'a.b'"));
    }

    #[test]
    fn javascript_names() {
        let check =
            |name, want| assert_eq!(function_name(Platform::JavaScript, name), want, "{name}");
        for name in [
            "load",
            "Object.load",
            "async load",
            "new load",
            "outer/load",
            "outer</load",
            "Store.prototype.load",
            "Store.load [as onclick]",
            "async*load",
            "setTimeout handler*load",
            "get load",
            "async Store.load",
        ] {
            check(name, Some("load"));
        }
        for name in [
            "outer/<",
            "outer/<.value<",
            "Object.<anonymous>",
            "new <anonymous>",
            "eval",
            "eval code",
            "global code",
            "",
            "<?>.wasm-function[3]",
        ] {
            check(name, None);
        }
        check("look at me", Some("look at me"));
        check("Store.#load", Some("#load"));
    }

    #[test]
    fn telling_names() {
        for name in [
            "loadOrders",
            "bigint",
            "__runAll",
            "named_inner",
            "HTMLParse",
            "функция",
            "look at me",
        ] {
            assert!(is_telling(name), "{name}");
        }
        for name in [
            "t",
            "handleSubmit",
            "render",
            "onClick",
            "getServerSideProps",
            "",
            "#get",
            "set2",
            "on_change",
        ] {
            assert!(!is_telling(name), "{name}");
        }
    }

    #[test]
    fn type_names() {
        let check = |platform, module: Option<&str>, name: &str, message: &str, want| {
            let exception = Exception {
                type_name: Some(name.to_owned()),
                module: module.map(str::to_owned),
                message: Some(message.to_owned()),
                ..Exception::default()
            };
            assert_eq!(type_name(platform, &exception), want, "{name}");
        };
        check(Platform::Python, None, "main.<locals>.E", "", "E");
        check(Platform::Python, Some("__main__"), "E", "", "E");
        check(
            Platform::Python,
            Some("socket"),
            "timeout",
            "",
            "TimeoutError",
        );
        check(
            Platform::JavaScript,
            None,
            "DOMException [AbortError]",
            "",
            "AbortError",
        );
        check(
            Platform::JavaScript,
            None,
            "TypeError [ERR_X]",
            "",
            "TypeError",
        );
        check(
            Platform::JavaScript,
            None,
            "InternalError",
            "too much recursion",
            "RangeError",
        );
    }
}
