//! Sequences of calls on the object of a draft: which methods of the project's classes there are, and what each may be
//! given.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Method, Parameter, Sequence};
use super::lines;
use super::mutations::is_literal;
use super::prepare::{attributes, puts_something_in};
use super::scene::Scene;
use crate::code::{ClassRef, Function, FunctionRef};
use crate::generate::literal;

/// Methods of one class, classes, and literals of one parameter.
const METHODS: usize = 32;
const CLASSES: usize = 4;
const VALUES: usize = 8;
/// Parameters of a method that has more are left as they are.
const PARAMETERS: usize = 6;
/// How deep methods that call others of their object are followed.
const DEPTH: usize = 3;

impl<'a> Scene<'a> {
    /// What may be called on an object before the call that failed; `None` where there is nothing.
    pub fn sequence(&self, class: ClassRef<'a>, callee: FunctionRef<'a>) -> Option<Sequence> {
        let mut sequence = Sequence::default();
        let own = self.methods_of(class, Some(callee));
        let mut classes = vec![(class, own)];
        for at in &classes[0].1.clone() {
            let given = self.class_made_by(*at);
            if let Some(given) = given.filter(|g| !g.module.is_test)
                && classes.len() < CLASSES
                && !classes
                    .iter()
                    .any(|(c, _)| c.class.name == given.class.name)
            {
                classes.push((given, self.methods_of(given, None)));
            }
        }
        for (class, methods) in classes {
            let described = methods.into_iter().map(|at| self.method(at, &mut sequence));
            let described: Vec<Method> = described.collect();
            let name = class.class.name.clone();
            sequence.calls.methods.insert(name, described);
        }
        sequence.calls.class.clone_from(&class.class.name);
        let has_any = !sequence.calls.methods.get(&class.class.name)?.is_empty();
        has_any.then_some(sequence)
    }

    /// Methods of a class and of its bases that a test may call, those that touch what the failing call reads first.
    fn methods_of(
        &self,
        class: ClassRef<'a>,
        callee: Option<FunctionRef<'a>>,
    ) -> Vec<FunctionRef<'a>> {
        let all = self.all_methods(class);
        let read = callee.map(|callee| touched(&all, callee.function, DEPTH));
        let mut found: Vec<_> = all
            .values()
            .filter(|at| is_callable(at.function))
            .map(|at| {
                let shared = read.as_ref().map_or(0, |read| {
                    touched(&all, at.function, DEPTH).intersection(read).count()
                });
                let rank = (
                    shared == 0,
                    !puts_something_in(at.function),
                    usize::MAX - shared,
                );
                (rank, *at)
            })
            .collect();
        found.sort_by_key(|(rank, at)| (*rank, at.function.first_line));
        found.truncate(METHODS);
        found.into_iter().map(|(_, at)| at).collect()
    }

    fn all_methods(&self, class: ClassRef<'a>) -> BTreeMap<&'a str, FunctionRef<'a>> {
        let mut all: BTreeMap<&'a str, FunctionRef<'a>> = BTreeMap::new();
        let mut classes = vec![class];
        let mut at = 0;
        while let Some(class) = classes.get(at).copied() {
            at += 1;
            let module: &'a crate::code::Module = class.module;
            for function in &module.functions {
                if function.class.as_deref() == Some(class.class.name.as_str())
                    && !function.is_nested
                {
                    let method = FunctionRef { module, function };
                    all.entry(function.name.as_str()).or_insert(method);
                }
            }
            let bases = class.class.bases.iter();
            for base in bases.filter_map(|base| self.writer.map.class_named(module, base)) {
                if classes.len() < 8 && !classes.iter().any(|c| std::ptr::eq(c.class, base.class)) {
                    classes.push(base);
                }
            }
        }
        all
    }

    fn method(&self, at: FunctionRef<'a>, sequence: &mut Sequence) -> Method {
        let all = at.function.params.iter();
        let plain = all.filter(|p| !p.is_variadic && literal::is_identifier(&p.name));
        let params = plain.take(PARAMETERS).map(|param| {
            let mut parameter = Parameter {
                name: param.name.clone(),
                is_needed: param.default.is_none(),
                is_named: param.is_keyword_only,
                ..Parameter::default()
            };
            for piece in self.pool(param, at, &[], 1).ordered() {
                let is_plain = lines::expression(&piece.code).is_some_and(|e| is_literal(&e));
                if is_plain && parameter.values.len() < VALUES {
                    parameter.values.push(piece.code);
                } else if !is_plain && parameter.objects.len() < 2 {
                    parameter.objects.extend(sequence.object(piece));
                }
            }
            parameter
        });
        Method {
            params: params.collect(),
            name: at.function.name.clone(),
            takes_more: at
                .function
                .params
                .iter()
                .any(|p| p.is_variadic && p.name != "kwargs"),
        }
    }
}

fn is_callable(function: &Function) -> bool {
    const OTHER: [&str; 9] = [
        "property",
        "cached_property",
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "overload",
        "contextmanager",
        "fixture",
        "hybrid_property",
    ];
    !function.is_async
        && !function.is_generator
        && !function.name.starts_with('_')
        && literal::is_identifier(&function.name)
        && !OTHER.iter().any(|name| function.has_decorator(name))
        && !function
            .decorators
            .iter()
            .any(|d| d.ends_with(".setter") || d.ends_with(".deleter"))
}

/// Attributes of its object that a method reads or writes, itself or by methods of the object that it calls.
fn touched<'a>(
    all: &BTreeMap<&'a str, FunctionRef<'a>>,
    function: &'a Function,
    depth: usize,
) -> BTreeSet<&'a str> {
    let mut found = attributes(function);
    let Some(depth) = depth.checked_sub(1) else {
        return found;
    };
    let own = function
        .calls
        .iter()
        .filter_map(|c| c.callee.strip_prefix("self."));
    let names: BTreeSet<&str> = own.collect();
    for called in names.into_iter().filter_map(|name| all.get(name)) {
        if !std::ptr::eq(called.function, function) {
            found.extend(touched(all, called.function, depth));
        }
    }
    found
}
