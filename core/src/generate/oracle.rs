//! What a call must give once the bug is fixed, beyond not failing: only what every way out of the function says, or every
//! test that calls it, and nothing that a decorator, an override or a second definition could change. When in doubt it says
//! nothing: a check that is wrong would make the test red on fixed code.

use super::arguments::Setup;
use super::literal;
use super::strategies::Writer;
use crate::code::{
    Answer, Assignment, Call, ClassRef, CodeMap, Constant, Fact, Function, FunctionRef, Value,
};

/// More keys make no better check.
const MOST_KEYS: usize = 6;

impl Writer<'_> {
    /// Assertions about `result`, the value of a call of that function.
    pub(super) fn oracle(&self, at: FunctionRef, setup: &mut Setup) -> Vec<String> {
        if !is_what_is_called(at, self.map) {
            return Vec::new();
        }
        let Some(answer) = &at.function.answer else {
            return agreed(at, self.map);
        };
        match answer {
            Answer::Keys(keys) => {
                let keys: Vec<String> = keys
                    .iter()
                    .take(MOST_KEYS)
                    .map(|key| literal::string(key))
                    .collect();
                vec![format!("assert {{{}}} <= set(result)", keys.join(", "))]
            }
            Answer::Builtin(kind) => vec![format!("assert isinstance(result, {kind})")],
            Answer::Made(name) => {
                let Some(class) = self
                    .map
                    .class_named(at.module, name)
                    .filter(|class| is_plain(*class, self.map))
                else {
                    return Vec::new();
                };
                let is_hidden = setup
                    .imports
                    .iter()
                    .any(|(module, n)| *n == class.class.name && *module != class.module.name);
                if is_hidden || !literal::is_dotted(&class.module.name) {
                    return Vec::new();
                }
                let name = setup.import(&class.module.name, &class.class.name);
                vec![format!("assert isinstance(result, {name})")]
            }
        }
    }
}

/// Tests that agree by chance are fewer, of what there is and of how it is.
const ENOUGH: usize = 2;
const ENOUGH_FOR_VALUES: usize = 3;

/// Assertions that all tests of the function make of what it gave, each for other arguments.
fn agreed(at: FunctionRef, map: &CodeMap) -> Vec<String> {
    let mut calls: Vec<String> = Vec::new();
    let mut facts: Option<Vec<&Fact>> = None;
    let tests = map.modules.iter().filter(|m| m.is_test);
    for test in tests.flat_map(|module| {
        let functions = module.functions.iter();
        functions.map(move |function| FunctionRef { module, function })
    }) {
        let is_it = |callee: &str| map.callee(test, callee).is_some_and(|f| f.is(&at));
        for call in &test.function.calls {
            let given = format!("{:?}{:?}", call.args, call.keywords);
            if call.name() != at.function.name || calls.contains(&given) || !is_it(&call.callee) {
                continue;
            }
            let said = said(test.function, call);
            if said.is_empty() {
                // It looks at something else; what it gave then is not known.
                return Vec::new();
            }
            calls.push(given);
            facts = Some(match facts {
                None => said,
                Some(facts) => facts.into_iter().filter(|f| said.contains(f)).collect(),
            });
        }
    }
    let is_enough = |fact: &&Fact| match fact {
        Fact::Key(_) | Fact::Kind(_) => calls.len() >= ENOUGH,
        Fact::Item(..) => calls.len() >= ENOUGH_FOR_VALUES,
    };
    let facts = facts.unwrap_or_default().into_iter().filter(is_enough);
    facts.take(MOST_KEYS).map(asserted).collect()
}

/// What a test asserts of the one name that a call's value gets.
fn said<'t>(test: &'t Function, call: &Call) -> Vec<&'t Fact> {
    let is_its = |a: &&Assignment| {
        a.line == call.line && matches!(&a.value, Value::Call(callee) if *callee == call.callee)
    };
    let Some(name) = test.assignments.iter().find(is_its).map(|a| &a.target) else {
        return Vec::new();
    };
    // A name that means two things.
    if test
        .assignments
        .iter()
        .filter(|a| a.target == *name)
        .count()
        != 1
    {
        return Vec::new();
    }
    let own = test.asserted.iter().filter(|a| a.of == *name);
    own.map(|a| &a.fact).collect()
}

fn asserted(fact: &Fact) -> String {
    match fact {
        Fact::Key(key) => format!("assert {} in result", literal::string(key)),
        Fact::Kind(kind) => format!("assert isinstance(result, {kind})"),
        Fact::Item(key, value) => {
            let (value, operator) = match value {
                Constant::Text(text) => (literal::string(text), "=="),
                Constant::Plain(text) if text.starts_with(['N', 'T', 'F']) => (text.clone(), "is"),
                Constant::Plain(text) => (text.clone(), "=="),
            };
            format!("assert result[{}] {operator} {value}", literal::string(key))
        }
    }
}

/// Whether calling the function by its name runs this very definition and gives what it returns.
fn is_what_is_called(at: FunctionRef, map: &CodeMap) -> bool {
    let function = at.function;
    let is_bare = function
        .decorators
        .iter()
        .all(|d| d == "staticmethod" || d == "classmethod");
    // What stands for an operator or a hook is called by Python, which may do something else with the answer.
    if !is_bare || function.is_nested || function.is_generator || function.name.starts_with("__") {
        return false;
    }
    let definitions = at
        .module
        .functions
        .iter()
        .filter(|f| f.name == function.name && f.class == function.class && !f.is_nested);
    if definitions.count() != 1 {
        return false;
    }
    match at.class() {
        None => {
            function.class.is_none()
                && !at
                    .module
                    .assignments
                    .iter()
                    .any(|a| a.target == function.name)
        }
        Some(class) => {
            !class.class.attributes.contains_key(&function.name)
                && class.class.decorators.is_empty()
                && !is_overridden(class, &function.name, map, 0)
        }
    }
}

/// Whether a class below it defines the method anew: the object of a test may be one of those.
fn is_overridden(class: ClassRef, name: &str, map: &CodeMap, depth: usize) -> bool {
    map.subclasses(class).into_iter().any(|sub| {
        depth > 8
            || sub.own_method(name).is_some()
            || sub.class.attributes.contains_key(name)
            || is_overridden(sub, name, map, depth + 1)
    })
}

/// A class of which calling it gives an instance: nothing of it or above it says otherwise.
fn is_plain(class: ClassRef, map: &CodeMap) -> bool {
    let mut open = vec![class];
    let mut seen = 0;
    while let Some(class) = open.pop() {
        seen += 1;
        let is_made_otherwise = class.class.has_metaclass || class.own_method("__new__").is_some();
        if seen > 16 || is_made_otherwise || class.is_abstract() {
            return false;
        }
        let is_dataclass = class.is_dataclass() && class.class.decorators.len() == 1;
        if !class.class.decorators.is_empty() && !is_dataclass {
            return false;
        }
        for base in &class.class.bases {
            match map.class_named(class.module, base) {
                Some(base) => open.push(base),
                None if matches!(base.as_str(), "object" | "Exception" | "NamedTuple") => {}
                None => return false,
            }
        }
    }
    true
}
