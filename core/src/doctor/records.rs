//! Log set-ups that lose records: settings under which nothing is written, and handlers that write later.

use super::is_test;
use super::logger::Scope;
use crate::code::{Class, CodeMap, Function, Module, Value};

/// A log set-up that loses records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRecords {
    /// Relative path.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Class or setting.
    pub name: String,
    /// What happens, in words.
    pub words: String,
    /// What to do.
    pub advice: String,
}

/// Finds log set-ups that lose records.
pub fn lost_records(map: &CodeMap) -> Vec<LostRecords> {
    let mut found = Vec::new();
    for module in map.modules.iter().filter(|m| !is_test(m)) {
        found.extend(django_default(map, module));
        for class in &module.classes {
            queued_handler(map, module, class, &mut found);
        }
    }
    found
}

/// Django without `LOGGING` and without `DEBUG`: a failed request is mailed to the admins and written nowhere.
fn django_default(map: &CodeMap, module: &Module) -> Option<LostRecords> {
    let setting = |name: &str| setting(map, module, name, 4);
    let own = |name: &str| module.assignments.iter().find(|a| a.target == name);
    // A settings module says at least these two; one that only adds to another is judged through that one.
    setting("INSTALLED_APPS")?;
    setting("ROOT_URLCONF")?;
    let debug = own("DEBUG")?;
    if debug.value == Value::Other("True".to_owned()) || setting("LOGGING").is_some() {
        return None;
    }
    let when = match &debug.value {
        Value::Other(text) if text == "False" => "",
        _ => " where `DEBUG` turns out false",
    };
    Some(LostRecords {
        file: module.path.clone(),
        line: debug.line,
        name: "DEBUG".to_owned(),
        words: format!(
            "django without `LOGGING` writes the tracebacks of failed requests nowhere{when}; it only mails them to `ADMINS`"
        ),
        advice: "set `LOGGING = {\"version\": 1, \"disable_existing_loggers\": False, \"handlers\": {\"file\": \
                 {\"class\": \"logging.FileHandler\", \"filename\": \"logs/django.log\"}}, \"root\": {\"handlers\": \
                 [\"file\"], \"level\": \"INFO\"}}` and create the folder"
            .to_owned(),
    })
}

/// A name of a settings module, of one that it takes everything from too.
fn setting<'a>(
    map: &'a CodeMap,
    module: &'a Module,
    name: &str,
    depth: usize,
) -> Option<&'a Module> {
    if module.assignments.iter().any(|a| a.target == name) {
        return Some(module);
    }
    let depth = depth.checked_sub(1)?;
    module.imports.iter().find_map(|import| {
        if import.alias == name {
            return Some(module);
        }
        let base = import
            .target
            .strip_suffix(".*")
            .filter(|_| import.alias == "*")?;
        setting(map, map.module(base)?, name, depth)
    })
}

/// A log handler that hands its records to a thread through a queue.
fn queued_handler(map: &CodeMap, module: &Module, class: &Class, found: &mut Vec<LostRecords>) {
    if !is_log_handler(map, module, class, 6) {
        return;
    }
    let methods = || {
        module
            .functions
            .iter()
            .filter(|f| f.class.as_deref() == Some(class.name.as_str()))
    };
    let has_queue = class.attributes.values().any(makes_queue);
    let thread = methods()
        .flat_map(|f| &f.calls)
        .find(|c| c.name() == "Thread");
    if !has_queue {
        return;
    }
    let mut tell = |line, words: &str, advice: &str| {
        found.push(LostRecords {
            file: module.path.clone(),
            line,
            name: class.name.clone(),
            words: words.to_owned(),
            advice: advice.to_owned(),
        });
    };
    for method in methods() {
        if let Some(line) = method.stalled_loop {
            tell(
                line,
                "this loop stops reading its queue for ever once nothing was logged for a while: the time mark is set only \
                 when records were written; what is logged afterwards is lost",
                "set the time mark on every way through the loop",
            );
        }
        if let Some(line) = dropping_line(module, method) {
            tell(
                line,
                "a full queue drops records without a word",
                "call `self.handleError(record)` there, or write the record directly",
            );
        }
    }
    if let Some(thread) = thread {
        let ends_well = methods().any(|f| {
            matches!(f.name.as_str(), "close" | "flush" | "shutdown" | "stop")
                && f.calls.iter().any(|c| c.name() == "join")
        }) || methods()
            .flat_map(|f| &f.calls)
            .any(|c| c.callee == "atexit.register");
        let words = match ends_well {
            true => {
                "a thread writes the records later: what is queued when the process is killed or crashes is lost, \
                     often the very error that ended it"
            }
            false => {
                "a thread writes the records later and nothing waits for it: what is queued when the process ends \
                      is lost, often the very error that ended it"
            }
        };
        tell(
            thread.line,
            words,
            "also send errors to standard error or to a file directly (`logging.StreamHandler` at level ERROR)",
        );
    }
}

/// `queue.Queue(maxsize=1000)`, `deque()`
fn makes_queue(value: &Value) -> bool {
    match value {
        Value::Call(callee) => callee
            .rsplit('.')
            .next()
            .is_some_and(|name| name.ends_with("Queue") || name == "deque"),
        Value::Either(values) => values.iter().any(makes_queue),
        Value::Name(_) | Value::Other(_) => false,
    }
}

/// `logging.Handler` or a class of the project that derives from it.
fn is_log_handler(map: &CodeMap, module: &Module, class: &Class, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    class.bases.iter().any(|base| {
        let head = base.split('.').next().unwrap_or(base);
        let target = module.imports.iter().find(|i| i.alias == head);
        let is_logging = base.ends_with("Handler")
            && target.is_some_and(|i| i.target == "logging" || i.target.starts_with("logging."));
        is_logging
            || map.class_named(module, base).is_some_and(|b| {
                !std::ptr::eq(b.class, class) && is_log_handler(map, b.module, b.class, depth)
            })
    })
}

/// Line of a handler that passes over a full queue in silence.
fn dropping_line(module: &Module, method: &Function) -> Option<u32> {
    let scope = Scope {
        module,
        function: Some(method),
    };
    let handler = method.handlers.iter().find(|h| {
        let is_full = h.is_broad() || h.types.iter().any(|t| t == "Full" || t.ends_with(".Full"));
        let puts = method.calls.iter().any(|c| {
            h.try_first <= c.line
                && c.line <= h.try_last
                && matches!(c.name(), "put_nowait" | "put")
        });
        let tells = h
            .calls
            .iter()
            .any(|c| super::logger::shown_by(c, &scope) != super::logger::Shows::Nothing);
        let retries = h
            .calls
            .iter()
            .any(|c| matches!(c.name(), "put" | "put_nowait"));
        is_full && puts && !tells && !retries && !h.reraises
    })?;
    Some(handler.line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;

    fn lost(files: &[(&str, &str)]) -> Vec<(String, u32)> {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
                is_test: false,
            })
            .collect();
        lost_records(&CodeMap::new(&files, &[".".to_owned()]))
            .into_iter()
            .map(|l| (l.name, l.line))
            .collect()
    }

    const BASE: &str = "INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n";

    #[test]
    fn django_s_default_writes_nothing_in_production() {
        let with = |more: &str| lost(&[("shop/settings.py", &format!("{BASE}{more}"))]);
        assert_eq!(with("DEBUG = False\n"), [("DEBUG".to_owned(), 3)]);
        assert_eq!(with("DEBUG = env.bool('DEBUG', default=False)\n").len(), 1);
        assert_eq!(with("DEBUG = True\n"), []);
        assert_eq!(with("DEBUG = False\nLOGGING = {'version': 1}\n"), []);
        assert_eq!(with(""), []);
    }

    #[test]
    fn settings_that_build_on_others_are_judged_with_them() {
        let prod = "from .base import *\nDEBUG = False\n";
        let with = |base: &str| {
            lost(&[
                ("s/__init__.py", ""),
                ("s/base.py", base),
                ("s/prod.py", prod),
            ])
        };
        assert_eq!(with(BASE), [("DEBUG".to_owned(), 2)]);
        assert_eq!(with(&format!("{BASE}LOGGING = {{}}\n")), []);
    }

    #[test]
    fn a_queue_between_record_and_file_loses_the_last_words() {
        let text = "import logging, queue, threading\n\
            class SQLiteHandler(logging.Handler):\n    def __init__(self):\n        self.queue = queue.Queue(1000)\n        \
            self.thread = threading.Thread(target=self.loop, daemon=True)\n    def emit(self, record):\n        try:\n            \
            self.queue.put_nowait(record)\n        except queue.Full:\n            pass\n";
        assert_eq!(
            lost(&[("log.py", text)]),
            [
                ("SQLiteHandler".to_owned(), 9),
                ("SQLiteHandler".to_owned(), 5)
            ]
        );
        let plain = "import logging\nclass H(logging.Handler):\n    def emit(self, record):\n        write(record)\n";
        assert_eq!(lost(&[("log.py", plain)]), []);
        let deaf = text.replace(
            "    def emit",
            "    def loop(self):\n        batch, last = [], 0\n        while True:\n            \
             if time.time() - last < 5:\n                batch.append(self.queue.get(timeout=1))\n            \
             if batch:\n                last = time.time()\n    def emit",
        );
        assert_eq!(
            lost(&[("log.py", &deaf)])[0],
            ("SQLiteHandler".to_owned(), 8)
        );
        // No log handler: a queue of work is none of our business.
        assert_eq!(
            lost(&[("work.py", &text.replace("logging.Handler", "object"))]),
            []
        );
    }
}
