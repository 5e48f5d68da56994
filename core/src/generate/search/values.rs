//! Values for a parameter, from all that is known of it: the log, the message, other calls of the same function,
//! annotation, use in the body, defaults, texts it is compared with, and what its name suggests.

use super::kinds;
use super::lines;
use super::node::Template;
use super::piece::Piece;
use super::rebuild::Rebuild;
use super::samples;
use super::scene::Scene;
use crate::code::{AccessKind, FunctionRef, Param};
use crate::generate::arguments::{Setup, Source, dict_for};
use crate::generate::hypothesis::Hypothesis;
use crate::generate::literal;

/// So many values of one parameter are enough.
const MOST: usize = 40;
/// Constructors within constructors.
const DEPTH: usize = 3;

/// The values of a place: one to begin with, some that may be what was wrong, others.
#[derive(Debug, Default)]
pub(super) struct Pool {
    neutral: Vec<Piece>,
    suspect: Vec<Piece>,
    rest: Vec<Piece>,
}

impl Pool {
    /// One neutral value, then the suspects, then everything else.
    pub fn ordered(self) -> Vec<Piece> {
        let mut all: Vec<Piece> = Vec::new();
        let mut neutral = self.neutral.into_iter();
        let mut rest = self.rest.into_iter();
        let first = neutral.next().or_else(|| rest.next());
        for piece in first
            .into_iter()
            .chain(self.suspect)
            .chain(neutral)
            .chain(rest)
        {
            if all.len() < MOST && !all.iter().any(|p| p.code == piece.code) {
                all.push(piece);
            }
        }
        all
    }
}

impl<'a> Scene<'a> {
    /// Values for a parameter of a function of the project.
    pub fn pool(
        &self,
        param: &Param,
        owner: FunctionRef<'a>,
        suspects: &[Hypothesis],

        depth: usize,
    ) -> Pool {
        let mut pool = Pool::default();
        let arguments = self.writer.arguments(self.writer.gap.layer);
        if arguments.visible_fixture(&param.name) {
            let mut setup = Setup::default();
            setup.fixture(&param.name);
            setup.used(Source::Fixture);
            pool.neutral.push(Piece {
                code: param.name.clone(),
                setup,
            });
        }
        pool.neutral.extend(self.command_lines(param));
        // Bad values, by what is known of the failing line.
        let bad = suspects.iter().filter(|h| h.param == param.name);
        pool.suspect.extend(bad.map(Piece::of_hypothesis));
        pool.neutral.extend(self.passed_elsewhere(param, owner));
        if let Some(class) = self.hinted(owner, &param.name) {
            pool.neutral.extend(self.instances(class, depth));
        }
        let annotation = param.annotation.as_deref().unwrap_or_default();
        pool.neutral
            .extend(self.annotated(annotation, param, owner, depth));
        pool.neutral.extend(self.dictionaries(owner, &param.name));
        if pool.neutral.is_empty() || annotation.is_empty() {
            let attributes = self.attributes_of(owner, &param.name, 2);
            pool.neutral
                .extend(self.with_attributes(&attributes, &param.name, depth));
        }
        if annotation.is_empty() {
            let kinds = Self::named_kinds(param);
            pool.neutral.extend(kinds.into_iter().take(2));
        }
        let is_text = annotation.contains("str") || annotation.is_empty();
        if is_text {
            let plain = |text: &str, source| Piece::plain(literal::string(text), source);
            let constants = self.constants_in(owner, &param.name);
            let constants = constants.iter().map(|t| plain(t, Source::Inferred));
            let formats = samples::formatted(&self.names_around(&param.name, owner));
            let formats = formats.iter().take(16).map(|t| plain(t, Source::Invented));
            let woven = self.woven(param, owner);
            pool.rest
                .extend(in_turn(vec![formats.collect(), constants.collect(), woven]));
        }
        if let Some(default) = &param.default
            && let Some(piece) = self.default_of(default, owner)
        {
            pool.rest.insert(pool.rest.len().min(2), piece);
        }
        let mut of_message = self.of_message(depth);
        if is_text {
            pool.suspect.extend(self.miscoded(param, owner));
        }
        // What fits the annotation comes first.
        if annotation == "str" {
            of_message.sort_by_key(|p| !p.code.starts_with('"'));
        }
        pool.suspect.extend(of_message);
        pool.rest.extend(self.named(param, owner));
        pool
    }

    /// Texts in the parameter's format with the very character that a codec complains about, where it stood in a word.
    fn miscoded(&self, param: &Param, owner: FunctionRef<'a>) -> Vec<Piece> {
        let message = self.writer.exception.message.as_deref().unwrap_or_default();
        let Some((bad, position)) = kinds::bad_character(message) else {
            return Vec::new();
        };
        let word: Vec<char> = "example".chars().collect();
        let (before, after) = word.split_at(position.min(word.len()));
        let bent: String = before.iter().chain([&bad]).chain(after).collect();
        let texts = self.texts_for(&param.name, owner);
        let texts = texts.iter().filter(|t| t.contains("example")).take(4);
        texts
            .map(|t| {
                Piece::plain(
                    literal::string(&t.replacen("example", &bent, 1)),
                    Source::Inferred,
                )
            })
            .collect()
    }

    /// Texts that the patterns of the code accept, and texts in the parameter's format with one of them in it.
    fn woven(&self, param: &Param, owner: FunctionRef<'a>) -> Vec<Piece> {
        let accepted = self.accepted_texts();
        let mut found: Vec<String> = Vec::new();
        let whole = self.texts_for(&param.name, owner);
        let base = whole
            .iter()
            .find(|t| t.split(' ').count() > 2 && !t.contains('\n'));
        for text in &accepted {
            if let Some(base) = base
                && !text.contains(' ')
            {
                let (first, rest) = base.split_once(' ').unwrap_or((base, ""));
                found.push(format!("{text} {rest}"));
                if let Some((before, _)) = base.rsplit_once(' ') {
                    found.push(format!("{before} {text}"));
                }
                if let Some((second, rest)) = rest.split_once(' ') {
                    found.push(format!("{first} {text} {rest}"));
                    found.push(format!("{text} {second} {rest}"));
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        let texts = accepted.iter().map(|t| (*t).to_owned()).chain(found);
        texts
            .filter(|t| seen.insert(t.clone()))
            .take(24)
            .map(|t| Piece::plain(literal::string(&t), Source::Invented))
            .collect()
    }

    /// Dictionaries with the keys that the body reads: all of them, one left out, and with the key of the message in.
    fn dictionaries(&self, owner: FunctionRef<'a>, name: &str) -> Vec<Piece> {
        let function = owner.function;
        let Some(whole) = dict_for(function, name, None) else {
            return Vec::new();
        };
        let mut found = vec![Piece::plain(whole, Source::Invented)];
        let mut keys: Vec<&str> = function
            .accesses
            .iter()
            .filter(|a| {
                a.base == name && a.kind != AccessKind::Attribute && !a.key.starts_with('$')
            })
            .map(|a| a.key.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.truncate(5);
        let message = self.writer.exception.message.as_deref().unwrap_or_default();
        for key in &keys {
            for text in kinds::quoted(message).iter().take(2) {
                let code = format!("{{{}: {}}}", literal::string(key), literal::string(text));
                found.push(Piece::plain(code, Source::Inferred));
            }
        }
        for key in &keys {
            found.extend(
                dict_for(function, name, Some(key)).map(|d| Piece::plain(d, Source::Invented)),
            );
            found.push(Piece::plain(
                format!("{{{}: None}}", literal::string(key)),
                Source::Invented,
            ));
        }
        found
    }

    /// Values that the message names by type or in quotes.
    pub fn of_message(&self, depth: usize) -> Vec<Piece> {
        let message = self.writer.exception.message.as_deref().unwrap_or_default();
        let mut found = Vec::new();
        for kind in kinds::named(message) {
            let values = kinds::values(&kind);
            if values.is_empty() && depth > 0 {
                let class = self
                    .near
                    .iter()
                    .find_map(|m| self.writer.map.class_named(m, &kind));
                if let Some(class) = class {
                    found.extend(self.instances(class, depth - 1));
                }
            }
            found.extend(values);
        }
        found.extend(kinds::undecodable(message));
        // The message has the text, but nothing says that it came in by this parameter.
        let quoted = kinds::quoted(message);
        for text in &quoted {
            found.push(Piece::plain(literal::string(text), Source::Inferred));
        }
        if message.contains("empty sequence")
            || message.contains("empty iterable")
            || message.contains("out of range")
        {
            for code in ["[]", "\"\"", "{}", "()", "[1]", "[[]]"] {
                found.push(Piece::plain(code, Source::Inferred));
            }
        }
        found
    }

    /// Literal arguments of other calls of the same function, in tests and sources.
    fn passed_elsewhere(&self, param: &Param, owner: FunctionRef<'a>) -> Vec<Piece> {
        let function = owner.function;
        let name = match function.name.as_str() {
            "__init__" => function.class.as_deref().unwrap_or_default(),
            name => name,
        };
        let at = function.params.iter().position(|p| p.name == param.name);
        let mut found: Vec<Piece> = Vec::new();
        for (from, call) in self.calls_of(name).into_iter().take(200) {
            let text = call
                .keywords
                .iter()
                .find(|(key, _)| *key == param.name)
                .map(|(_, value)| value)
                .or_else(|| at.and_then(|at| call.args.get(at)));
            let Some(expr) = text.and_then(|t| lines::expression(t)) else {
                continue;
            };
            if let Some(mut piece) = self.closed(&expr, Some(from.module)) {
                piece.setup.used(Source::Built);
                if !found.iter().any(|p| p.code == piece.code) {
                    found.push(piece);
                }
            }
            if found.len() >= 6 {
                break;
            }
        }
        found
    }

    /// An expression that needs nothing of where it stands, written anew.
    pub fn closed(
        &self,
        expr: &ruff_python_ast::Expr,
        module: Option<&'a crate::code::Module>,
    ) -> Option<Piece> {
        let mut setup = Setup::default();
        let mut unknown = |_: &str| None;
        let node = Rebuild::new(
            self.writer.map,
            module,
            &self.near,
            &mut setup,
            &mut unknown,
        )
        .expression(expr)?;
        let template = Template {
            before: Vec::new(),
            node,
            setup,
            holes: Vec::new(),
        };
        template.fill(&[])
    }

    fn default_of(&self, default: &str, owner: FunctionRef<'a>) -> Option<Piece> {
        let expr = lines::expression(default)?;
        let mut piece = self.closed(&expr, Some(owner.module))?;
        piece.setup.used(Source::Built);
        Some(piece)
    }

    /// Values of an annotation, whichever of its alternatives.
    fn annotated(
        &self,
        annotation: &str,
        param: &Param,
        owner: FunctionRef<'a>,

        depth: usize,
    ) -> Vec<Piece> {
        let mut found = Vec::new();
        let mut is_optional = false;
        for part in alternatives(annotation) {
            if part == "None" {
                is_optional = true;
                continue;
            }
            let base = part.split('[').next().unwrap_or(part);
            let base = base.rsplit('.').next().unwrap_or(base);
            if base == "Literal" {
                let inner = part
                    .split_once('[')
                    .map_or("", |(_, rest)| rest.trim_end_matches(']'));
                for value in inner.split(',') {
                    let expr = lines::expression(value.trim());
                    found.extend(expr.and_then(|e| self.closed(&e, None)));
                }
                continue;
            }
            if let Some(class) = self.writer.map.class_named(owner.module, part) {
                found.extend(self.members(class));
                found.extend(self.instances(class, depth));
                continue;
            }
            let kind = match base {
                "List" | "Sequence" | "Iterable" | "Collection" | "MutableSequence"
                | "Iterator" => "list",
                "Dict" | "Mapping" | "MutableMapping" => "dict",
                "Tuple" => "tuple",
                "Set" | "AbstractSet" => "set",
                "Callable" => "function",
                "Type" => "type",
                "Text" | "AnyStr" => "str",
                base => base,
            };
            if kind == "str" {
                for text in self.texts_for(&param.name, owner) {
                    found.push(Piece::plain(literal::string(text), Source::Invented));
                }
                continue;
            }
            found.extend(kinds::values(kind).into_iter().map(|mut piece| {
                piece.setup.used(Source::Invented);
                piece
            }));
        }
        if is_optional {
            found.push(Piece::plain("None", Source::Built));
        }
        found
    }

    /// Texts that suit a parameter's name and its surroundings.
    fn texts_for(&self, name: &str, owner: FunctionRef) -> Vec<&'static str> {
        let mut texts = samples::texts(&self.names_around(name, owner));
        texts.truncate(24);
        texts
    }

    /// The names that say what a parameter is about, its own first.
    fn names_around<'n>(&self, name: &'n str, owner: FunctionRef<'n>) -> [&'n str; 5] {
        let function = owner.function;
        let class = function.class.as_deref().unwrap_or_default();
        let module = owner.module.name.rsplit('.').next().unwrap_or_default();
        let package = owner.module.name.split('.').next().unwrap_or_default();
        [name, &function.name, class, module, package]
    }

    /// What the name alone suggests: a number, a file, a function.
    fn named_kinds(param: &Param) -> Vec<Piece> {
        let mut found = Vec::new();
        let words = samples::words(&param.name);
        let is = |names: &[&str]| words.iter().any(|w| names.contains(&w.as_str()));
        let mut add = |codes: &[&str]| {
            found.extend(codes.iter().map(|c| Piece::plain(*c, Source::Invented)));
        };
        if is(&[
            "id", "count", "limit", "size", "index", "number", "page", "offset", "total", "n",
            "width", "height", "length", "port",
        ]) {
            add(&["1", "0", "-1", "1.5"]);
        }
        if is(&[
            "rows", "items", "records", "values", "entries", "nodes", "list", "seq", "iterable",
            "args", "names",
        ]) {
            add(&["[]", "[\"example\"]", "[1, 2]"]);
        }
        if is(&[
            "data", "payload", "config", "options", "params", "record", "row", "mapping", "dict",
            "kwargs", "attrs", "obj",
        ]) {
            add(&["{}", "{\"example\": 1}", "{\"example\": None}"]);
        }
        if is(&[
            "callback", "func", "function", "fn", "handler", "hook", "key", "factory",
        ]) {
            add(&["lambda *args, **kwargs: None"]);
        }
        if is(&[
            "file", "fp", "stream", "buffer", "fileobj", "f", "out", "output",
        ]) {
            found.extend(kinds::values("StringIO"));
            found.extend(kinds::values("BytesIO"));
        }
        found
    }

    /// Texts that the names around suggest, and one value of each common type.
    fn named(&self, param: &Param, owner: FunctionRef) -> Vec<Piece> {
        let mut found = Self::named_kinds(param);
        for text in self.texts_for(&param.name, owner) {
            found.push(Piece::plain(literal::string(text), Source::Invented));
        }
        for code in [
            "None",
            "[]",
            "{}",
            "1",
            "True",
            "0",
            "[\"example\"]",
            "1.5",
            "b\"example\"",
            "()",
            "-1",
        ] {
            found.push(Piece::plain(code, Source::Invented));
        }
        found
    }
}

/// Three of each list, then three of each again, until all are through.
fn in_turn(lists: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut queues: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        for queue in &mut queues {
            all.extend(queue.take(3));
        }
        if all.len() == before {
            return all;
        }
    }
}

/// `Optional[Union[int, "Graph"]]` → `int`, `Graph`, `None`.
fn alternatives(annotation: &str) -> Vec<&str> {
    let text = annotation.trim().trim_matches(['"', '\'']).trim();
    if text.is_empty() {
        return Vec::new();
    }
    for (wrapper, more) in [
        ("Optional[", Some("None")),
        ("typing.Optional[", Some("None")),
        ("t.Optional[", Some("None")),
        ("Union[", None),
        ("typing.Union[", None),
        ("t.Union[", None),
        ("Annotated[", None),
        ("Final[", None),
    ] {
        if let Some(inner) = text.strip_prefix(wrapper).and_then(|t| t.strip_suffix(']')) {
            let mut parts: Vec<&str> = split_top(inner, ',')
                .into_iter()
                .flat_map(alternatives)
                .collect();
            if wrapper == "Annotated[" {
                parts.truncate(1);
            }
            parts.extend(more);
            return parts;
        }
    }
    let parts = split_top(text, '|');
    if parts.len() > 1 {
        return parts.into_iter().flat_map(alternatives).collect();
    }
    vec![text]
}

fn split_top(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|p| !p.is_empty());
    parts
}

/// How deep constructors may need other objects.
pub(super) const fn depth() -> usize {
    DEPTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_falls_into_its_alternatives() {
        assert_eq!(
            alternatives("Optional[Union[int, 'Graph']]"),
            ["int", "Graph", "None"]
        );
        assert_eq!(
            alternatives("dict[str, int | None] | None"),
            ["dict[str, int | None]", "None"]
        );
        assert_eq!(alternatives(""), Vec::<&str>::new());
    }
}
