//! Whether a caller and what it names fit each other: a call that no definition takes, an attribute or key that is not
//! there. The test reads the caller's source again and looks at the real objects; it runs neither, so that it needs no
//! values.
//!
//! What the caller says is read when the test runs, not now: a fix may be made on either side. Deliberately nothing where
//! the object is only known while the program runs.

use super::arguments::Source;
use super::literal;
use super::strategies::Writer;
use super::{Plan, Strategy};
use crate::code::{AccessKind, FunctionRef, Module, Value};
use crate::correlate::{ProjectFrame, key_of, snake_case};

/// Finds a function in its module's source, however it is decorated.
const SOURCE_OF: [&str; 8] = [
    "def source_of(module, path):",
    "    \"\"\"The syntax tree of a function, by its names from the module inwards.\"\"\"",
    "    node = ast.parse(inspect.getsource(module))",
    "    for name in path.split(\".\"):",
    "        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)",
    "        found = (part for part in ast.walk(node) if isinstance(part, kinds) and part.name == name)",
    "        node = next(found)",
    "    return node",
];

/// What the caller names on the failing line.
enum Named<'a> {
    /// A function or class of the project, by a call that it does not take.
    Call(FunctionRef<'a>),
    /// A part of something that a module holds: `settings.TIMEOUT`, `RATES["eur"]`.
    Part {
        holder: Holder,
        /// As the caller calls it.
        base: String,
        is_item: bool,
    },
}

/// What an import gives.
enum Holder {
    Module(String),
    Member(String, String),
}

impl Writer<'_> {
    /// A plan that looks whether the caller on the failing line fits what it names.
    pub(super) fn fits(&self) -> Option<Plan> {
        let caller = self.frames.last()?;
        let function = caller.function?.function;
        let path = function.qualified_name();
        let can_be_read = literal::is_dotted(&caller.module.name)
            && !function.is_nested
            && path.split('.').all(literal::is_identifier);
        if !can_be_read {
            return None;
        }
        let named = self.named(caller)?;
        let subject = match &named {
            Named::Call(callee) => callee.function.name.trim_matches('_').to_owned(),
            Named::Part { base, .. } => snake_case(&base.replace('.', "_")),
        };
        let check = format!("fits_{}", snake_case(function.name.trim_matches('_')));
        let layer = self.layer_from(self.frames.len() - 1);
        let mut plan = self.plan(Strategy::Static, layer, &subject, &check);
        plan.entered = self.frames.len() - 1;
        plan.setup.used(Source::Known);
        for module in ["ast", "inspect"] {
            plan.setup.modules.insert(module.to_owned());
        }
        plan.setup.modules.insert(caller.module.name.clone());
        plan.setup
            .helpers
            .push(SOURCE_OF.map(str::to_owned).to_vec());
        plan.setup.statements.push(format!(
            "caller = source_of({}, {})",
            caller.module.name,
            literal::string(&path)
        ));
        match named {
            Named::Call(callee) => call_fits(&mut plan, callee)?,
            Named::Part {
                holder,
                base,
                is_item,
            } => part_is_there(&mut plan, &holder, &base, is_item),
        }
        Some(plan)
    }

    fn named(&self, caller: &ProjectFrame) -> Option<Named<'_>> {
        let message = self.exception.message.as_deref().unwrap_or_default();
        let line = caller.frame.line?;
        let function = caller.function?.function;
        match self.exception.type_name.as_deref()? {
            "TypeError" if message.contains("() ") => {
                let link = self.gap.chain.last().filter(|link| !link.in_trace)?;
                let module = self.map.module(&link.module)?;
                let function = module
                    .functions
                    .iter()
                    .find(|f| f.qualified_name() == link.name)?;
                let is_readable = !function.is_nested && literal::is_dotted(&module.name);
                is_readable.then_some(Named::Call(FunctionRef { module, function }))
            }
            kind @ ("AttributeError" | "KeyError") => {
                let is_item = kind == "KeyError";
                let wanted = match is_item {
                    true => key_of(message),
                    false => attribute_of(message)?,
                };
                let access = function.accesses.iter().find(|access| {
                    access.line == line
                        && access.key == wanted
                        && match access.kind {
                            AccessKind::Item => is_item,
                            AccessKind::Attribute => !is_item,
                            AccessKind::Get => false,
                        }
                })?;
                let first = access.base.split('.').next()?;
                let is_local = function.assignments.iter().any(|a| a.target == first)
                    || function.params.iter().any(|p| p.name == first);
                if is_local || !access.base.split('.').all(literal::is_identifier) {
                    return None;
                }
                let holder = holder(caller.module, first)?;
                // A table that is filled while the program runs is not there yet.
                if is_item && !(first == access.base && self.is_table(&holder)) {
                    return None;
                }
                Some(Named::Part {
                    holder,
                    base: access.base.clone(),
                    is_item,
                })
            }
            _ => None,
        }
    }

    /// Whether a module writes out a dictionary under that name.
    fn is_table(&self, holder: &Holder) -> bool {
        let Holder::Member(module, member) = holder else {
            return false;
        };
        let module = self.map.module(module);
        let is_written = |value: &Value| matches!(value, Value::Other(text) if text.starts_with('{') && text.contains(':'));
        module.is_some_and(|module| {
            let mut of_name = module.assignments.iter().filter(|a| a.target == *member);
            of_name.next().is_some_and(|a| is_written(&a.value)) && of_name.next().is_none()
        })
    }
}

/// What a module calls by that name, if it is its own or imported.
fn holder(module: &Module, name: &str) -> Option<Holder> {
    if module
        .assignments
        .iter()
        .any(|a| a.target == name && !a.is_of_main)
        || module.classes.iter().any(|c| c.name == name)
    {
        return Some(Holder::Member(module.name.clone(), name.to_owned()));
    }
    let import = module.imports.iter().find(|import| import.alias == name)?;
    if !literal::is_dotted(&import.target) {
        return None;
    }
    Some(match import.target.rsplit_once('.') {
        Some((from, member)) => Holder::Member(from.to_owned(), member.to_owned()),
        None => Holder::Module(import.target.clone()),
    })
}

/// `module 'shop.settings' has no attribute 'RATE'`, `type object 'Cart' has no attribute 'new'`.
fn attribute_of(message: &str) -> Option<&str> {
    let is_of_definition = message.starts_with("module '") || message.starts_with("type object '");
    let (_, rest) = message.split_once("has no attribute '")?;
    is_of_definition.then(|| rest.split('\'').next()).flatten()
}

/// Each call of that name in the caller is one that the definition takes.
fn call_fits(plan: &mut Plan, callee: FunctionRef) -> Option<()> {
    let function = callee.function;
    let name = &function.name;
    let (called, is_bound) = match &function.class {
        // `Cart(…)`: its signature leaves `self` out.
        Some(class) if name == "__init__" => (class.clone(), false),
        Some(class) => {
            let is_bound =
                !function.has_decorator("staticmethod") && !function.has_decorator("classmethod");
            (format!("{class}.{name}"), is_bound)
        }
        None => (name.clone(), false),
    };
    if !called.split('.').all(literal::is_identifier) {
        return None;
    }
    let first = called.split('.').next().unwrap_or(&called);
    plan.setup.import(&callee.module.name, first);
    let spelled = called.rsplit('.').next().unwrap_or(&called);
    let bound = if is_bound { "None, " } else { "" };
    plan.setup
        .statements
        .push(format!("signature = inspect.signature({called})"));
    plan.act.extend([
        "for call in ast.walk(caller):".to_owned(),
        "    function = getattr(call, \"func\", None)".to_owned(),
        format!(
            "    if {} not in (getattr(function, \"id\", None), getattr(function, \"attr\", None)):",
            literal::string(spelled)
        ),
        "        continue".to_owned(),
        "    named = {keyword.arg: keyword for keyword in call.keywords}".to_owned(),
        "    if None in named or any(isinstance(passed, ast.Starred) for passed in call.args):".to_owned(),
        "        continue  # how many it passes shows when it runs".to_owned(),
        format!("    signature.bind({bound}*call.args, **named)  # production failed here"),
    ]);
    Some(())
}

/// Each part of that object which the caller reads is there.
fn part_is_there(plan: &mut Plan, holder: &Holder, base: &str, is_item: bool) {
    let (name, root) = match holder {
        Holder::Module(module) => {
            plan.setup.modules.insert(module.clone());
            (module.clone(), base.split('.').next().unwrap_or(base))
        }
        Holder::Member(module, member) => {
            let name = plan.setup.import(module, member);
            (name, base.split('.').next().unwrap_or(base))
        }
    };
    let owner = format!("{name}{}", &base[root.len()..]);
    let text = literal::string(base);
    plan.act.push("for read in ast.walk(caller):".to_owned());
    if is_item {
        plan.act.extend([
            format!(
                "    if isinstance(read, ast.Subscript) and ast.unparse(read.value) == {text}:"
            ),
            "        if isinstance(read.slice, ast.Constant) and isinstance(read.ctx, ast.Load):"
                .to_owned(),
            format!("            {owner}[read.slice.value]  # production failed here"),
        ]);
    } else {
        plan.act.extend([
            format!(
                "    if isinstance(read, ast.Attribute) and ast.unparse(read.value) == {text}:"
            ),
            format!("        getattr({owner}, read.attr)  # production failed here"),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use crate::code::CodeMap;
    use crate::correlate::correlate;
    use crate::generate::{Header, Strategy, candidates, habits};
    use crate::model::Options;
    use crate::triage_text;

    const CACHE: &str = "class Cache:\n    def clear(self, kind):\n        return kind\n\n\nRATES = {\"eur\": 1}\nFILLED = {}\n";

    /// The act of the static test of a module whose line 5 failed.
    fn act(line: &str, error: &str) -> Option<String> {
        let source = format!(
            "import shop.cache\nfrom shop.cache import FILLED, RATES, Cache\n\ndef refresh(cache, x):\n    {line}\n"
        );
        let map = CodeMap::of_texts(&[("shop/cache.py", CACHE), ("shop/main.py", &source)]);
        let text = format!(
            "ERROR shop: failed\nTraceback (most recent call last):\n  File \"/srv/shop/main.py\", line 5, in refresh\n    {line}\n{error}\n"
        );
        let failure = triage_text(&text, &Options::default()).remove(0);
        let gap = correlate(&failure, &map)?;
        let habits = habits::learn(&map, &[], &["tests".to_owned()]);
        let all = candidates(&failure, &gap, &map, &habits, &Header::default());
        let candidate = all.iter().find(|c| c.strategy == Strategy::Static)?;
        let (_, act) = candidate
            .content
            .split_once("caller = source_of(shop.main, \"refresh\")\n")?;
        Some(act.to_owned())
    }

    #[test]
    fn a_call_is_bound_to_the_signature_of_what_it_calls() {
        let act = act(
            "return cache.clear(x, ttl=3)",
            "TypeError: Cache.clear() got an unexpected keyword argument 'ttl'",
        )
        .expect("a test");
        assert!(
            act.contains("signature = inspect.signature(Cache.clear)\n"),
            "{act}"
        );
        assert!(
            act.contains("signature.bind(None, *call.args, **named)"),
            "{act}"
        );
    }

    #[test]
    fn parts_are_looked_for_where_they_would_be() {
        let read = |line: &str, error: &str| act(line, error).unwrap_or_default();
        let missing = "AttributeError: module 'shop.cache' has no attribute 'purge'";
        let text = read("return shop.cache.purge(x)", missing);
        assert!(
            text.contains("ast.unparse(read.value) == \"shop.cache\""),
            "{text}"
        );
        assert!(text.contains("getattr(shop.cache, read.attr)"), "{text}");
        let missing = "AttributeError: type object 'Cache' has no attribute 'new'";
        assert!(read("return Cache.new(x)", missing).contains("getattr(Cache, read.attr)"));
        let text = read("return RATES[\"usd\"]", "KeyError: 'usd'");
        assert!(
            text.contains("            RATES[read.slice.value]"),
            "{text}"
        );
    }

    #[test]
    fn what_is_only_known_while_the_program_runs_is_left_alone() {
        for (line, error) in [
            ("return FILLED[\"usd\"]", "KeyError: 'usd'"),
            ("return x[\"usd\"]", "KeyError: 'usd'"),
            ("return RATES[x]", "KeyError: 'usd'"),
            (
                "return x.purge()",
                "AttributeError: 'Cache' object has no attribute 'purge'",
            ),
            (
                "return int(x)",
                "TypeError: int() argument must be a string, not 'list'",
            ),
        ] {
            assert_eq!(act(line, error), None, "{line}");
        }
    }
}
