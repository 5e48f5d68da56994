//! What is called on an object before the call that failed: methods that touch the same attributes. An object fresh from
//! its constructor is mostly too empty to fail.

use std::collections::BTreeSet;

use super::piece::{PREPARED, Piece, merge};
use super::scene::Scene;
use crate::code::{ClassRef, Function, FunctionRef};
use crate::generate::arguments::{Setup, Source};
use crate::generate::literal;

/// Methods that are called before, and ways of calling one.
const METHODS: usize = 4;
const WAYS: usize = 12;
/// How methods begin that put something into an object.
const PUTTING: [&str; 12] = [
    "set", "add", "write", "append", "insert", "push", "put", "load", "register", "update", "feed",
    "parse",
];

impl<'a> Scene<'a> {
    /// For each method that may come before a call, the ways of calling it; the first is not to, unless a
    /// message asks for it.
    pub fn preparations(&self, class: ClassRef<'a>, callee: FunctionRef<'a>) -> Vec<Vec<Piece>> {
        let read = attributes(callee.function);
        let mut found: Vec<(u8, usize, FunctionRef<'a>)> = Vec::new();
        for function in &class.module.functions {
            let is_method = function.class.as_deref() == Some(class.class.name.as_str());
            let is_callable = is_method
                && !function.is_nested
                && !function.is_async
                && !function.is_generator
                && !function.name.starts_with('_')
                && literal::is_identifier(&function.name)
                && function.name != callee.function.name;
            let is_asked = is_callable && self.is_asked_for(function, class);
            if !is_callable || !(is_asked || function.decorators.is_empty()) {
                continue;
            }
            let shared = attributes(function).intersection(&read).count();
            let puts = puts_something_in(function);
            if shared > 0 || is_asked {
                let at = FunctionRef {
                    module: class.module,
                    function,
                };
                let rank = match is_asked {
                    true => 0,
                    false => 1 + u8::from(!puts),
                };
                found.push((rank, usize::MAX - shared, at));
            }
        }
        found.sort_by_key(|(rank, shared, at)| (*rank, *shared, at.function.first_line));
        let ways = |(rank, _, at): (u8, usize, FunctionRef<'a>)| {
            let mut ways = self.ways(at)?;
            if rank == 0 && ways.len() > 1 {
                // Without it nothing works.
                ways.swap(0, 1);
            }
            Some(ways)
        };
        found.into_iter().take(METHODS).filter_map(ways).collect()
    }

    /// Whether a message of the class' module says that a method has to be called: `call add_page() first`.
    fn is_asked_for(&self, function: &Function, class: ClassRef) -> bool {
        let named = format!("{}()", function.name);
        function.required_params().next().is_none()
            && self.texts_of(class.module).any(|text| {
                text.contains(' ')
                    && text
                        .split(' ')
                        .any(|word| word.trim_start_matches('.') == named)
            })
    }

    fn ways(&self, at: FunctionRef<'a>) -> Option<Vec<Piece>> {
        let params: Vec<_> = at
            .function
            .params
            .iter()
            .filter(|p| !p.is_variadic && literal::is_identifier(&p.name))
            .collect();
        let mut pools: Vec<Vec<Piece>> = Vec::new();
        for param in &params {
            let mut pool = self.pool(param, at, &[], 1).ordered();
            pool.truncate(6);
            pools.push(pool);
        }
        // Each parameter's choice; `None` leaves it out.
        let base: Vec<Option<usize>> = params
            .iter()
            .map(|p| p.default.is_none().then_some(0))
            .collect();
        let mut wishes = vec![base.clone()];
        for level in 0..3 {
            for (number, pool) in pools.iter().enumerate() {
                let choice = match base[number] {
                    Some(_) => level + 1,
                    None => level,
                };
                if choice < pool.len() {
                    let mut changed = base.clone();
                    changed[number] = Some(choice);
                    wishes.push(changed);
                }
            }
        }
        let mut ways = vec![Piece {
            code: String::new(),
            setup: Setup::default(),
        }];
        for wish in wishes.iter().take(WAYS) {
            let mut setup = Setup::default();
            setup.used(Source::Built);
            let mut parts = Vec::new();
            let mut must_name = false;
            for ((param, pool), choice) in params.iter().zip(&pools).zip(wish) {
                let Some(choice) = choice else {
                    must_name = true;
                    continue;
                };
                let piece = pool.get(*choice)?;
                merge(&mut setup, &piece.setup);
                parts.push(match must_name || param.is_keyword_only {
                    true => format!("{}={}", param.name, piece.code),
                    false => piece.code.clone(),
                });
            }
            ways.push(Piece {
                code: format!("{PREPARED}.{}({})", at.function.name, parts.join(", ")),
                setup,
            });
        }
        Some(ways)
    }
}

/// Whether a method's name says that it puts something into its object.
pub(super) fn puts_something_in(function: &Function) -> bool {
    PUTTING.iter().any(|p| function.name.starts_with(p))
}

/// Attributes of its object that a method reads or writes.
pub(super) fn attributes(function: &Function) -> BTreeSet<&str> {
    let own = |dotted: &'_ str| -> Option<usize> { dotted.strip_prefix("self.").map(|_| 5) };
    let mut found = BTreeSet::new();
    for access in &function.accesses {
        if access.base == "self" {
            found.insert(access.key.as_str());
        } else if let Some(at) = own(&access.base) {
            found.extend(access.base[at..].split('.').next());
        }
    }
    for assignment in &function.assignments {
        if let Some(at) = own(&assignment.target) {
            found.extend(assignment.target[at..].split('.').next());
        }
    }
    for call in &function.calls {
        // `self.lines.append(…)`, not a method of its own.
        if let Some(at) = own(&call.callee)
            && let Some((attribute, _)) = call.callee[at..].split_once('.')
        {
            found.insert(attribute);
        }
    }
    found
}
