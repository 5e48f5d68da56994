//! Files that production read or wrote: a test has its own, in a folder that pytest makes for it.

use super::Plan;
use super::build::Builder;
use super::layout::Code;
use super::manner::Files;
use crate::capture::{Captured, Name, Value};
use crate::generate::arguments::Source;
use crate::generate::literal;

/// So many files are made for a request.
const MOST: usize = 8;

impl Builder<'_> {
    /// A file's name in a folder of the test's own, if the text is one that lay in a folder of production's.
    pub(super) fn file(&mut self, text: &str) -> Option<String> {
        if self.manner.files == Files::Kept {
            return None;
        }
        let (folder, name) = parts_of_file(text)?;
        let path = self.own_path(folder, name);
        Some(format!("str({path})"))
    }

    /// The same for a path: it may be told from where the program ran, too.
    pub(super) fn path(&mut self, callee: &Name, args: &[Value]) -> Option<Code> {
        if self.manner.files == Files::Kept {
            return None;
        }
        let text = text_of_path(callee, args)?;
        let (folder, name) = parts_of_file(text).or_else(|| parts_from_here(text))?;
        Some(Code::atom(self.own_path(folder, name)))
    }

    fn own_path(&mut self, folder: Option<&str>, name: &str) -> String {
        self.setup.fixture("tmp_path");
        let mut path = "tmp_path".to_owned();
        if let Some(folder) = folder {
            path = format!("{path} / {}", literal::string(folder));
            self.once(format!("({path}).mkdir(exist_ok=True)"));
        }
        path = format!("{path} / {}", literal::string(name));
        if self.manner.files == Files::Empty {
            // What stood in it is not known.
            self.stand_ins = self.stand_ins.max(1);
            self.once(format!("({path}).touch()"));
        }
        path
    }

    /// Adds a statement unless it stands there.
    fn once(&mut self, line: String) {
        if !self.setup.statements.contains(&line) {
            self.setup.statements.push(line);
        }
    }
}

/// The same in a folder where the files are that production's frames name from where it ran, each empty. `None` where they
/// name none.
pub(super) fn with_files(plan: &Plan, captured: &Captured) -> Option<Plan> {
    let mut found: Vec<&str> = Vec::new();
    let frames = captured.frames.iter().chain(&captured.outer);
    for argument in frames.flat_map(|frame| &frame.arguments) {
        argument.value.walk(&mut |value| {
            if let Some(text) = text_of_file(value)
                && !found.contains(&text)
                && found.len() < MOST
            {
                found.push(text);
            }
            true
        });
    }
    if found.is_empty() {
        return None;
    }
    let mut plan = plan.clone();
    // What stood in them is not known.
    plan.setup.used(Source::Invented);
    plan.stand_ins += 1;
    plan.setup.fixture("monkeypatch");
    plan.setup.fixture("tmp_path");
    let mut lines = vec!["monkeypatch.chdir(tmp_path)".to_owned()];
    for text in found {
        let path = format!("tmp_path / {}", literal::string(text));
        if text.contains('/') {
            lines.push(format!(
                "({path}).parent.mkdir(parents=True, exist_ok=True)"
            ));
        }
        lines.push(format!("({path}).touch()"));
    }
    plan.setup.statements.splice(0..0, lines);
    Some(plan)
}

/// The name of a file that may have been where the program ran.
fn text_of_file(value: &Value) -> Option<&str> {
    match value {
        Value::Call { callee, args, .. } => text_of_path(callee, args)
            .filter(|text| parts_from_here(text).is_some_and(|(_, name)| name.contains('.'))),
        // Of a text, more must speak for it.
        Value::Text(text) => {
            let (folder, name) = parts_from_here(text)?;
            let (stem, ending) = name.rsplit_once('.')?;
            let is_plain = |part: &str| {
                let mut signs = part.bytes();
                signs.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.'))
            };
            let is_name = !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.starts_with(|c: char| c.is_ascii_lowercase())
                && text.split('/').all(is_plain);
            (folder.is_some() && is_name).then_some(text)
        }
        _ => None,
    }
}

/// The text of a `pathlib` path.
fn text_of_path<'v>(callee: &Name, args: &'v [Value]) -> Option<&'v str> {
    const KINDS: [&str; 3] = ["Path", "PosixPath", "WindowsPath"];
    match args {
        [Value::Text(text)]
            if callee.module == "pathlib" && KINDS.contains(&callee.qualname.as_str()) =>
        {
            Some(text)
        }
        _ => None,
    }
}

const LONGEST: usize = 255;

/// The folder and the name of a file, where a text is the path of one. What a request asks for looks alike, but begins
/// with other words.
fn parts_of_file(text: &str) -> Option<(Option<&str>, &str)> {
    const ROOTS: &str = "tmp var home root srv mnt data opt usr private Users run media Volumes scratch work workspace";
    let (root, rest) = text.strip_prefix('/')?.split_once('/')?;
    if !ROOTS.split(' ').any(|known| known == root) {
        return None;
    }
    parts_from_here(rest)
}

/// The last folder and the name, where a text is a path without a root that leads further in.
fn parts_from_here(text: &str) -> Option<(Option<&str>, &str)> {
    let parts: Vec<&str> = text.split('/').collect();
    let is_path = text.len() <= LONGEST
        && !text.contains(['\n', '\0', '?', '*', ':'])
        && parts
            .iter()
            .all(|part| !part.is_empty() && *part != ".." && *part != ".");
    if !is_path {
        return None;
    }
    let (name, folders) = parts.split_last()?;
    Some((folders.last().copied(), name))
}
