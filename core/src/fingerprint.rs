//! Stable ids of groups: the same failure has the same id on every host, runtime version, engine and frontend.
//! docs/fingerprint.md specifies the canonical text byte for byte. It deliberately never uses lines, columns or
//! the wording of a message where a function of the project's own code is known.

use alloc::string::String;
use alloc::vec::Vec;

use crate::model::{Exception, Frame, Platform, StackEntry, primary};
use crate::normalize::{Modules, function_name, is_stack_overflow, is_telling, type_name};
use crate::text;

pub use crate::normalize::message_template;

/// Part of the canonical text and first part of every id. A change to any rule raises it.
const VERSION: &str = "1";

/// Frames that count, innermost first. V8 keeps ten frames in all, libraries and natives included.
const FRAMES_PYTHON: usize = 8;
const FRAMES_JAVASCRIPT: usize = 4;
/// JavaScript: library frames that may stand between; further out V8's ten frames have ended.
const FOREIGN_JAVASCRIPT: usize = 5;
/// JavaScript: innermost frames among which the constructors of the error are looked for.
const CONSTRUCTORS_JAVASCRIPT: usize = 4;
/// Frames that stand for the whole when none is the project's own.
const FRAMES_FALLBACK: usize = 2;

/// Members of a group, functions of a cycle: so many different ones count.
const MAX_SORTED: usize = 64;

/// The group's id: `1:` and 16 lower-case hex digits.
///
/// `exceptions` is the chain of one failure as in [`crate::model::Failure`], with `in_app` set on its frames;
/// `log_message` is the record's own text and counts only where the exceptions say nothing.
pub fn fingerprint(
    platform: Platform,
    exceptions: &[Exception],
    log_message: Option<&str>,
) -> String {
    id(&canonical(platform, exceptions, log_message))
}

/// The text whose hash the fingerprint is; it shows why two failures are one group or two.
pub fn canonical(
    platform: Platform,
    exceptions: &[Exception],
    log_message: Option<&str>,
) -> String {
    let mut all: Vec<Vec<Anchor<'_>>> = Vec::new();
    let mut anonymous = true;
    for exception in exceptions {
        let anchors = anchors(platform, exception);
        anonymous &= anchors.is_empty();
        all.push(anchors);
    }
    let primary = primary(exceptions);
    let fallback = match primary {
        Some(primary) if anonymous => fallback(platform, primary),
        _ => Vec::new(),
    };
    let mut modules = Modules::default();
    if platform.is_python() {
        for anchor in all.iter().flatten().chain(&fallback) {
            modules.add(platform, anchor.file);
        }
    }
    let mut text = head("fingerprint", platform);
    let mut blocks: Vec<String> = Vec::new();
    for (exception, anchors) in exceptions.iter().zip(&all) {
        let mut block = String::new();
        line(&mut block, "!", type_name(platform, exception));
        write(anchors, platform, &modules, &mut block);
        blocks.push(block);
    }
    let mut last = "";
    let mut members = Vec::new();
    for (exception, block) in exceptions.iter().zip(&blocks) {
        // A retry loop repeats its exception, a group lists its tasks in the order in which they ended.
        if !exception.group_path.is_empty() {
            let function = block;
            insert_sorted(&mut members, Anchor { function, file: "" });
        } else if last != block {
            text.push_str(block);
            last = block;
        }
    }
    for member in &members {
        text.push_str("+\n");
        text.push_str(member.function);
    }
    if anonymous {
        line(&mut text, "~", &message_of(primary, log_message));
        write(&fallback, platform, &modules, &mut text);
    }
    text
}

/// The looser id: type, message template and innermost in-app function of the primary exception.
pub fn family(platform: Platform, exceptions: &[Exception], log_message: Option<&str>) -> String {
    let primary = primary(exceptions);
    let anchors = primary.map_or_else(Vec::new, |e| anchors(platform, e));
    let mut text = head("family", platform);
    let name = primary.map_or("", |e| type_name(platform, e));
    line(&mut text, "!", name);
    line(&mut text, "~", &message_of(primary, log_message));
    line(&mut text, "@", anchors.first().map_or("", |a| a.function));
    id(&text)
}

fn head(kind: &str, platform: Platform) -> String {
    let mut text = text::owned(kind);
    text.push(' ');
    text.push_str(VERSION);
    text.push('\n');
    text.push_str(if platform.is_python() {
        "python\n"
    } else {
        "javascript\n"
    });
    text
}

/// One line of the canonical text. Line ends inside a value become blanks, so that no value can pose as two lines.
#[inline(never)]
fn line(text: &mut String, mark: &str, value: &str) {
    let mut joint = mark;
    for piece in text::items(value, "\n") {
        text.push_str(joint);
        text.push_str(piece);
        joint = " ";
    }
    text.push('\n');
}

/// A place that counts: file as printed, bare function (empty for the file as such).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Anchor<'a> {
    function: &'a str,
    file: &'a str,
}

#[inline(never)]
fn write(anchors: &[Anchor<'_>], platform: Platform, modules: &Modules<'_>, text: &mut String) {
    for anchor in anchors {
        // In JavaScript the file is where a bundler put the function: it counts where the name alone would not do.
        let mut module = String::new();
        if platform.is_python() || !is_telling(anchor.function) {
            module = modules.name(platform, anchor.file);
        }
        module.push('\t');
        module.push_str(anchor.function);
        line(text, "@", &module);
    }
}

fn message_of(primary: Option<&Exception>, log_message: Option<&str>) -> String {
    let own = primary.and_then(|e| e.message.as_deref()).unwrap_or("");
    let bare = primary.is_none_or(|e| e.type_name.is_none() && e.frames.is_empty());
    if own.is_empty() && bare {
        message_template(log_message.unwrap_or(""))
    } else {
        message_template(own)
    }
}

/// The in-app functions of one exception, innermost first: loops taken out, bounded.
fn anchors(platform: Platform, exception: &Exception) -> Vec<Anchor<'_>> {
    if is_stack_overflow(platform, exception) {
        let cycle = repeated(platform, exception);
        if !cycle.is_empty() {
            return cycle;
        }
    }
    let mut all = named_in_app(platform, exception);
    if let Some(file) = exception.syntax.as_ref().and_then(|s| s.file.as_deref())
        && !file.starts_with('<')
    {
        // The file that does not parse is the innermost place, whichever runtime printed it as a frame.
        all.insert(0, Anchor { file, function: "" });
    }
    let limit = if platform.is_python() {
        FRAMES_PYTHON
    } else {
        FRAMES_JAVASCRIPT
    };
    without_loops(&all, limit)
}

/// Every in-app frame that names a function, innermost first.
fn named_in_app(platform: Platform, exception: &Exception) -> Vec<Anchor<'_>> {
    let mut foreign = 0;
    let mut all = Vec::new();
    for frame in exception.innermost() {
        if !platform.is_python() {
            // Only V8 prints the awaiting callers. They count where nothing else does.
            if frame.is_async && !all.is_empty() {
                break;
            }
            if !frame.in_app && !is_native(frame) {
                foreign += 1;
                if foreign > FOREIGN_JAVASCRIPT {
                    break;
                }
            }
        }
        let anchor = named(platform, frame);
        if frame.in_app && !anchor.function.is_empty() {
            all.push(anchor);
        }
    }
    if !platform.is_python() {
        // V8 leaves out the constructors of the error itself.
        let class = type_name(platform, exception);
        let mut at = all.len().min(CONSTRUCTORS_JAVASCRIPT);
        while at > 0 {
            at -= 1;
            if all
                .get(at)
                .is_some_and(|a: &Anchor<'_>| a.function == class)
            {
                all = all.split_off(at + 1);
                break;
            }
        }
    }
    all
}

/// The frame's place; its function is empty where it has no name.
#[inline(never)]
fn named(platform: Platform, frame: &Frame) -> Anchor<'_> {
    let function = text::given(&frame.function);
    Anchor {
        file: text::given(&frame.file),
        function: function_name(platform, function).unwrap_or(""),
    }
}

/// Engines' own functions: V8 and JavaScriptCore print them, Gecko does not.
fn is_native(frame: &Frame) -> bool {
    frame
        .file
        .as_deref()
        .is_none_or(|file| file.starts_with('<') || text::has(file, "native"))
}

/// The path from the innermost function outwards without its loops: from each function the walk goes on at that
/// function's outermost entry, so that neither the depth nor the number of rounds of a recursion matters.
fn without_loops<'a>(all: &[Anchor<'a>], limit: usize) -> Vec<Anchor<'a>> {
    let mut path = Vec::new();
    let mut at = 0;
    while path.len() < limit
        && let Some(innermost) = all.get(at)
    {
        path.push(*innermost);
        at = 1 + all.iter().rposition(|a| a == innermost).unwrap_or(at);
    }
    path
}

/// The functions of an endless recursion, sorted by name: in which of them the stack ended is chance.
fn repeated(platform: Platform, exception: &Exception) -> Vec<Anchor<'_>> {
    let mut seen = Vec::new();
    let mut cycle = Vec::new();
    let mut previous = Anchor::default();
    for entry in &exception.frames {
        match entry {
            StackEntry::Frame(frame) if frame.in_app => previous = named(platform, frame),
            // `[Previous line repeated 996 more times]`: once more is enough
            StackEntry::Repeated { .. } => {}
            _ => previous = Anchor::default(),
        }
        if !previous.function.is_empty() && !insert_sorted(&mut seen, previous) {
            insert_sorted(&mut cycle, previous);
        }
    }
    cycle.truncate(FRAMES_PYTHON);
    cycle
}

/// Inserts into an ordered list of different values, whose smallest 64 are kept; false if it was there.
/// A bounded list instead of a sort: hostile input stays linear, and sorts weigh much in a browser.
#[inline(never)]
fn insert_sorted<'a>(list: &mut Vec<Anchor<'a>>, value: Anchor<'a>) -> bool {
    let at = list.iter().take_while(|known| **known < value).count();
    if list.get(at) == Some(&value) {
        return false;
    }
    list.insert(at, value);
    list.truncate(MAX_SORTED);
    true
}

/// What stands in for named in-app frames: modules of nameless in-app frames, else the innermost functions of any kind.
fn fallback(platform: Platform, exception: &Exception) -> Vec<Anchor<'_>> {
    let (mut files, mut functions) = (Vec::new(), Vec::new());
    for frame in exception.innermost() {
        if let Some(file) = frame.file.as_deref().filter(|_| frame.in_app) {
            files.push(Anchor { file, function: "" });
        }
        let function = named(platform, frame).function;
        if !function.is_empty() && (platform.is_python() || !is_native(frame)) {
            functions.push(Anchor { function, file: "" });
        }
    }
    let places = if files.is_empty() { functions } else { files };
    without_loops(&places, FRAMES_FALLBACK)
}

/// 64-bit FNV-1a. Not cryptographic on purpose: an id only has to keep a few thousand groups apart, it protects
/// nothing, it must be easy to write again in any language and weigh nothing in a browser.
fn id(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for b in text.bytes() {
        hash ^= u64::from(b);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut id = text::owned(VERSION);
    id.push(':');
    text::push_hex(&mut id, hash, 16);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Vec<Anchor<'_>> {
        text.split(' ')
            .map(|function| Anchor {
                file: "x.py",
                function,
            })
            .collect()
    }

    #[test]
    fn loops_of_any_length_vanish() {
        // innermost first
        for (given, want) in [
            ("f f f main", "f main"),
            ("b a b a main", "b a main"),
            ("a b a main", "a main"),
            ("c b a c b a c b a main", "c b a main"),
            ("x f f g f main", "x f main"),
        ] {
            assert_eq!(without_loops(&walk(given), 8), walk(want), "{given}");
        }
        assert_eq!(without_loops(&walk("a b c d e"), 3), walk("a b c"));
    }

    #[test]
    fn ids_are_fnv_1a() {
        assert_eq!(id(""), "1:cbf29ce484222325");
        assert_eq!(id("a"), "1:af63dc4c8601ec8c");
        assert_eq!(id("foobar"), "1:85944171f73967e8");
    }
}
