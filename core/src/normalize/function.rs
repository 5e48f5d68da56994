//! One spelling for a function's and a type's name, whatever runtime printed it.
//! It deliberately drops receivers and qualifiers: some engines print them, others can not.

use crate::model::{Exception, Platform};
use crate::text::{self, LETTER, LOWER, NOT, UPPER, WIDE, in_place};

in_place! {
    /// The bare name of a function; `None` where it says nothing that every runtime would print.
    ///
    /// Python: qualifiers go (`f.<locals>.g`, `C.g` give `g`), and so do the frames of comprehensions,
    /// which CPython 3.12 and later no longer print. JavaScript: `Object.foo`, `async foo`, `new foo`,
    /// `get foo`, `outer/foo`, `Foo.prototype.foo [as bar]` give `foo`; `foo/<`, `<anonymous>`, `eval` and the
    /// names of top-level code give `None`.
    pub fn function_name(platform: Platform, name: &str) -> Option<&str> {
        let name = text::trim(name);
        if platform.is_python() {
            python(name)
        } else {
            javascript(name)
        }
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
const NAMELESS: &str = "|?|anonymous|eval|eval code|global code|module code|global|(anonymous)|{anonymous}|\
(anonymous function)|Anonymous function|anonymous function|(program)|default";

/// Words that engines set before a name.
const MARKS: &str = "async |new |get |set |static |bound |*";

fn javascript(name: &str) -> Option<&str> {
    // `Foo.bar [as baz]`
    let name = text::trim(text::before(name, " [as "));
    // `setTimeout handler*foo`, `async*foo`
    let mut name = text::after(name, "*");
    while text::items(MARKS, "|").any(|mark| text::eat(&mut name, mark)) {}
    if !text::has(name, " ") {
        // Gecko: `outer/inner`, `outer/<`, `outer</inner`
        name = text::after(name, "/");
        if name.ends_with('<') {
            return None;
        }
        name = text::after(name, ".");
    }
    let bracketed = name.starts_with('<') && name.ends_with('>');
    let known = bracketed || name.starts_with("wasm-function[") || text::listed(NAMELESS, name);
    (!known).then_some(name)
}

/// Words that functions of many modules share.
const COMMON_WORDS: &str = "action|add|after|apply|async|before|build|call|callback|catch|change|check|child|click|\
close|component|config|constructor|context|create|data|delete|destroy|did|dispatch|done|each|effect|element|emit|end|\
error|event|execute|fetch|filter|find|format|from|generate|get|handle|handler|has|hide|index|info|init|initial|initialize|\
input|insert|invoke|item|items|key|list|listener|load|loader|main|make|map|message|method|middleware|module|mount|mounted|\
name|new|next|node|object|open|options|page|parse|path|paths|perform|post|process|props|push|put|query|read|reduce|refresh|\
register|reject|remove|render|request|reset|resolve|response|result|run|save|select|send|server|service|set|setup|show|side|\
start|state|static|stop|store|string|submit|success|sync|test|then|toggle|transform|type|unmount|update|use|validate|value|\
view|will|with|wrap|write";

/// Whether a JavaScript function's name tells it from the functions of other modules: it has a word of three letters or
/// more that is not one which many modules use (`loadOrders`, not `handleSubmit`, `render` or `t`).
pub(crate) fn is_telling(name: &str) -> bool {
    let mut rest = name;
    loop {
        rest = text::from(rest, text::run(rest, NOT | LETTER, ""));
        // a word: capitals, then letters without any
        let capitals = text::run(rest, UPPER, "");
        let small = text::run(text::from(rest, capitals), LOWER | WIDE, "");
        let word = text::until(rest, capitals + small);
        if word.is_empty() {
            return false;
        }
        rest = text::from(rest, word.len());
        if is_long(word) && !text::listed_in_any_case(COMMON_WORDS, word) {
            return true;
        }
    }
}

/// Three characters or more.
fn is_long(word: &str) -> bool {
    let mut chars = word.chars();
    (0..3).all(|_| chars.next().is_some())
}

in_place! {
    /// The bare class name of an exception: without module, `<locals>` and the marks of a printer, and under
    /// one spelling where runtimes changed it. Empty when the type is unknown.
    pub fn type_name(platform: Platform, exception: &Exception) -> &str {
        let name = text::trim(text::given(&exception.type_name));
        if platform.is_python() {
            python_type(name, exception.module.as_deref().unwrap_or(name))
        } else {
            javascript_type(name, exception)
        }
    }
}

fn python_type<'e>(name: &'e str, printed: &str) -> &'e str {
    match text::after(name, ".") {
        "IOError" | "EnvironmentError" | "WindowsError" => "OSError",
        // `socket.timeout` and `socket.error` until 3.9
        "timeout" if printed.starts_with("socket") => "TimeoutError",
        "error" if printed.starts_with("socket") || printed.starts_with("select") => "OSError",
        bare => bare,
    }
}

fn javascript_type<'e>(name: &'e str, exception: &Exception) -> &'e str {
    let name = text::without(name, "Uncaught ");
    let bare = match text::split(name, " [") {
        // `DOMException [AbortError]` in Node is `AbortError` in a browser
        Some(("DOMException", code)) => text::without_end(code, 0, "]"),
        // `TypeError [ERR_INVALID_ARG_TYPE]`
        Some((bare, _)) => bare,
        None => name,
    };
    if bare == "InternalError" && is_stack_overflow(Platform::JavaScript, exception) {
        "RangeError"
    } else {
        bare
    }
}

/// Whether the stack was exhausted: then the innermost function is a matter of chance.
pub(crate) fn is_stack_overflow(platform: Platform, exception: &Exception) -> bool {
    let message = text::given(&exception.message);
    if platform.is_python() {
        exception.type_name.as_deref() == Some("RecursionError")
            || message.starts_with("maximum recursion depth exceeded")
    } else {
        message.starts_with("Maximum call stack") || message.starts_with("too much recursion")
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
