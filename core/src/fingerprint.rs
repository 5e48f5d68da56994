//! Stable ids of groups: the same failure has the same id on every host, runtime version, engine and frontend.
//! docs/fingerprint.md specifies the canonical text byte for byte. It deliberately never uses lines, columns or
//! the wording of a message where a function of the project's own code is known.

use crate::model::{Exception, Frame, Platform, StackEntry, primary};
use crate::normalize::{function_name, is_stack_overflow, module_path, type_name};

pub use crate::normalize::message_template;

/// Part of the canonical text and first part of every id. A change to any rule raises it.
const VERSION: &str = "1";

/// Frames that count, innermost first. V8 keeps ten frames in all, libraries and natives included.
const FRAMES_PYTHON: usize = 8;
const FRAMES_JAVASCRIPT: usize = 4;
/// JavaScript: library frames that may stand between; further out V8's ten frames have ended.
const FOREIGN_JAVASCRIPT: usize = 5;
/// Frames that stand for the whole when none is the project's own.
const FRAMES_FALLBACK: usize = 2;

/// The group's id: `1:` and 16 lower-case hex digits.
///
/// `exceptions` is the chain of one failure as in [`crate::model::Failure`], with `in_app` set on its frames;
/// `log_message` is the record's own text and counts only where the exceptions say nothing.
pub fn fingerprint(
    platform: Platform,
    exceptions: &[Exception],
    log_message: Option<&str>,
) -> String {
    let mut text = head("fingerprint", platform);
    let mut chain: Vec<String> = Vec::new();
    let mut members: Vec<String> = Vec::new();
    let mut anchored = false;
    for exception in exceptions {
        let frames = anchors(platform, exception);
        anchored |= !frames.is_empty();
        let mut block = String::new();
        line(&mut block, '!', type_name(platform, exception));
        for frame in &frames {
            line(&mut block, '@', frame);
        }
        if exception.group_path.is_empty() {
            chain.push(block);
        } else {
            members.push(block);
        }
    }
    // A retry loop repeats its exception, a group lists its tasks in the order in which they ended.
    chain.dedup();
    members.sort_unstable();
    members.dedup();
    for block in &chain {
        text.push_str(block);
    }
    for block in &members {
        text.push_str("+\n");
        text.push_str(block);
    }
    if !anchored {
        let primary = primary(exceptions);
        line(&mut text, '~', &message_of(primary, log_message));
        for frame in primary.map_or_else(Vec::new, |e| fallback(platform, e)) {
            line(&mut text, '@', &frame);
        }
    }
    id(&text)
}

/// The looser id: type, message template and innermost in-app function of the primary exception.
pub fn family(platform: Platform, exceptions: &[Exception], log_message: Option<&str>) -> String {
    let primary = primary(exceptions);
    let mut text = head("family", platform);
    line(
        &mut text,
        '!',
        primary.map_or("", |e| type_name(platform, e)),
    );
    line(&mut text, '~', &message_of(primary, log_message));
    let anchors = primary.map_or_else(Vec::new, |e| anchors(platform, e));
    let function = anchors.first().and_then(|a| a.split_once('\t'));
    line(
        &mut text,
        '@',
        function.map_or("", |(_, function)| function),
    );
    id(&text)
}

fn head(kind: &str, platform: Platform) -> String {
    let mut text = String::with_capacity(256);
    text.push_str(kind);
    text.push(' ');
    text.push_str(VERSION);
    text.push('\n');
    text.push_str(match platform {
        Platform::Python => "python\n",
        Platform::JavaScript => "javascript\n",
    });
    text
}

/// One line of the canonical text. Line ends inside the value become blanks, so that no value can pose as two lines.
fn line(text: &mut String, mark: char, value: &str) {
    text.push(mark);
    for c in value.chars() {
        text.push(if c == '\n' { ' ' } else { c });
    }
    text.push('\n');
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

/// The in-app functions of one exception, innermost first, as `module\tfunction`: loops taken out, bounded.
fn anchors(platform: Platform, exception: &Exception) -> Vec<String> {
    let mut keys = named_in_app(platform, exception);
    if is_stack_overflow(platform, exception) {
        let cycle = repeated(platform, exception);
        if !cycle.is_empty() {
            return cycle;
        }
    }
    if let Some(place) = exception.syntax.as_ref().and_then(|s| s.file.as_deref())
        && !place.starts_with('<')
    {
        // The file that does not parse is the innermost place, whichever runtime printed it as a frame.
        keys.insert(0, key(platform, place, ""));
    }
    let limit = match platform {
        Platform::Python => FRAMES_PYTHON,
        Platform::JavaScript => FRAMES_JAVASCRIPT,
    };
    without_loops(&keys, limit)
}

/// Every in-app frame that names a function, innermost first.
fn named_in_app(platform: Platform, exception: &Exception) -> Vec<String> {
    let mut foreign = 0;
    let mut keys = Vec::new();
    for frame in exception.plain_frames().rev() {
        if platform == Platform::JavaScript {
            // Only V8 prints the awaiting callers. They count where nothing else does.
            if frame.is_async && !keys.is_empty() {
                break;
            }
            if !frame.in_app && !is_native(frame) {
                foreign += 1;
                if foreign > FOREIGN_JAVASCRIPT {
                    break;
                }
            }
        }
        if frame.in_app
            && let Some(name) = named(platform, frame)
        {
            keys.push(key(platform, frame.file.as_deref().unwrap_or(""), name));
        }
    }
    keys
}

fn named(platform: Platform, frame: &Frame) -> Option<&str> {
    function_name(platform, frame.function.as_deref()?)
}

/// Engines' own functions: V8 and JavaScriptCore print them, Gecko does not.
fn is_native(frame: &Frame) -> bool {
    frame
        .file
        .as_deref()
        .is_none_or(|file| file.starts_with('<') || file.contains("native"))
}

fn key(platform: Platform, file: &str, function: &str) -> String {
    let module = module_path(platform, file, &[]);
    let mut key = match platform {
        // Two components: the root of a project can not be told from one path.
        Platform::Python => match module.rmatch_indices('.').nth(1) {
            Some((at, _)) => module[at + 1..].to_owned(),
            None => module,
        },
        Platform::JavaScript => module,
    };
    key.push('\t');
    key.push_str(function);
    key
}

/// The path from the innermost function outwards without its loops: from each function the walk goes on at that
/// function's outermost entry, so that neither the depth nor the number of rounds of a recursion matters.
fn without_loops(keys: &[String], limit: usize) -> Vec<String> {
    let mut path = Vec::new();
    let mut rest = keys;
    while let [innermost, ..] = rest
        && path.len() < limit
    {
        path.push(innermost.clone());
        let outermost = rest.iter().rposition(|key| key == innermost).unwrap_or(0);
        rest = &rest[outermost + 1..];
    }
    path
}

/// The functions of an endless recursion, sorted: in which of them the stack ended is chance.
fn repeated(platform: Platform, exception: &Exception) -> Vec<String> {
    let mut keys = Vec::new();
    for entry in &exception.frames {
        match entry {
            StackEntry::Frame(frame) if frame.in_app => {
                if let Some(name) = named(platform, frame) {
                    keys.push(key(platform, frame.file.as_deref().unwrap_or(""), name));
                }
            }
            // `[Previous line repeated 996 more times]`
            StackEntry::Repeated { .. } => keys.extend(keys.last().cloned()),
            _ => {}
        }
    }
    keys.sort_unstable();
    let mut cycle: Vec<String> = Vec::new();
    for pair in keys.windows(2) {
        if pair[0] == pair[1] && cycle.last() != Some(&pair[0]) {
            cycle.push(pair[0].clone());
        }
    }
    cycle.truncate(FRAMES_PYTHON);
    cycle
}

/// What stands in for named in-app frames: modules of nameless in-app frames, else the innermost functions of any kind.
fn fallback(platform: Platform, exception: &Exception) -> Vec<String> {
    let modules: Vec<String> = exception
        .plain_frames()
        .rev()
        .filter(|frame| frame.in_app)
        .map(|frame| key(platform, frame.file.as_deref().unwrap_or(""), ""))
        .collect();
    if !modules.is_empty() {
        return without_loops(&modules, FRAMES_FALLBACK);
    }
    let functions: Vec<String> = exception
        .plain_frames()
        .rev()
        .filter(|frame| platform == Platform::Python || !is_native(frame))
        .filter_map(|frame| named(platform, frame))
        .map(|name| key(platform, "", name))
        .collect();
    without_loops(&functions, FRAMES_FALLBACK)
}

/// 64-bit FNV-1a. Not cryptographic on purpose: an id only has to keep a few thousand groups apart, it protects
/// nothing, it must be easy to write again in any language and weigh nothing in a browser.
fn id(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for b in text.bytes() {
        hash ^= u64::from(b);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut id = String::with_capacity(18);
    id.push_str(VERSION);
    id.push(':');
    for shift in (0..16).rev() {
        let digit = (hash >> (shift * 4)) & 15;
        id.push(char::from(b"0123456789abcdef"[digit as usize]));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
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
            assert_eq!(without_loops(&keys(given), 8), keys(want), "{given}");
        }
        assert_eq!(without_loops(&keys("a b c d e"), 3), keys("a b c"));
    }

    #[test]
    fn ids_are_fnv_1a() {
        assert_eq!(id(""), "1:cbf29ce484222325");
        assert_eq!(id("a"), "1:af63dc4c8601ec8c");
        assert_eq!(id("foobar"), "1:85944171f73967e8");
    }
}
