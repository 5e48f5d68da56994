//! What imports say: what a name means by those of its module, which modules are loaded once some of them are, and what
//! modules hold of what a package makes.

use std::collections::BTreeSet;

use super::{CodeMap, Module, Value};

impl Module {
    /// What a dotted name means by the imports of the module; `None` where none of them gives its first part.
    pub(crate) fn target_of(&self, name: &str) -> Option<String> {
        let (head, tail) = name.split_once('.').unwrap_or((name, ""));
        let import = self.imports.iter().rev().find(|i| i.alias == head)?;
        Some(match tail.is_empty() {
            true => import.target.clone(),
            false => format!("{}.{tail}", import.target),
        })
    }

    /// Whether a value is what one of the calls gives, by the imports of the module.
    fn is_result(&self, value: &Value, calls: &[&str]) -> bool {
        let Value::Call(callee) = value else {
            return false;
        };
        self.target_of(callee)
            .is_some_and(|target| calls.contains(&target.as_str()))
    }
}

impl CodeMap {
    /// Module and name of what modules hold of the result of one of the calls; nothing of tests and of what runs only as a
    /// program.
    pub(crate) fn assigned(&self, calls: &[&str]) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for module in self.modules.iter().filter(|m| !m.is_test) {
            let is_made = |value: &Value| module.is_result(value, calls);
            let held = module.assignments.iter().filter(|a| !a.is_of_main);
            let made = held.filter(|a| !a.target.contains('.') && is_made(&a.value));
            found.extend(made.map(|a| (module.name.clone(), a.target.clone())));
        }
        found
    }

    /// Functions of modules that return what one of these calls gives: `def get_engine(): return create_engine(URL)`. Each
    /// as module and name.
    pub(crate) fn returned(&self, calls: &[&str]) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for module in self.modules.iter().filter(|m| !m.is_test) {
            let is_made = |value: &Value| module.is_result(value, calls);
            let plain = module
                .functions
                .iter()
                .filter(|f| f.class.is_none() && !f.is_nested && !f.is_async && !f.is_generator);
            let makes = plain.filter(|f| {
                f.returned_values.iter().any(|value| match value {
                    Value::Name(name) => f
                        .assignments
                        .iter()
                        .any(|a| a.target == *name && is_made(&a.value)),
                    other => is_made(other),
                })
            });
            found.extend(makes.map(|f| (module.name.clone(), f.name.clone())));
        }
        found
    }

    /// Every dotted name by which modules of the project know what one of them holds: its own, then those that others import
    /// it by when they are loaded. Nothing of tests.
    pub(crate) fn known_as(&self, module: &str, name: &str) -> Vec<String> {
        let whole = format!("{module}.{name}");
        let mut places = Vec::new();
        for other in self.modules.iter().filter(|m| !m.is_test) {
            let imports = other.imports.iter().filter(|i| !i.is_deferred);
            let named = imports.filter(|i| i.target == whole);
            places.extend(named.map(|i| format!("{}.{}", other.name, i.alias)));
        }
        places.insert(0, whole);
        places
    }

    /// The names of the modules that Python has loaded when it has loaded `starts`, themselves included.
    pub(crate) fn loaded_with<'m>(
        &'m self,
        starts: impl IntoIterator<Item = &'m Module>,
    ) -> BTreeSet<&'m str> {
        let mut open: Vec<&str> = starts.into_iter().map(|m| m.name.as_str()).collect();
        let mut loaded = BTreeSet::new();
        while let Some(name) = open.pop() {
            // `a.b.C` is a class of the module `a.b` or a module, and the packages that hold it are loaded first.
            let dots = name.match_indices('.').map(|(at, _)| at);
            for end in dots.chain([name.len()]) {
                let Some(module) = self.module(&name[..end]) else {
                    continue;
                };
                if loaded.insert(module.name.as_str()) {
                    let imports = module.imports.iter().filter(|i| !i.is_deferred);
                    open.extend(imports.map(|i| i.target.as_str()));
                }
            }
        }
        loaded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::SourceFile;

    #[test]
    fn what_is_imported_in_functions_and_for_checkers_is_not_loaded() {
        let files = [
            (
                "shop/cart.py",
                "from typing import TYPE_CHECKING\nfrom shop.prices import Price\n\
                 if TYPE_CHECKING:\n    from shop.users import User\n\
                 def pay():\n    from bank.errors import Refused\n",
            ),
            ("shop/__init__.py", "import rates as r\n"),
            ("shop/prices.py", "from . import taxes\n"),
            ("shop/taxes.py", "import os\n"),
            ("shop/users.py", ""),
            ("bank/__init__.py", ""),
            ("bank/errors.py", ""),
            ("rates.py", "import shop\n"),
        ]
        .map(|(path, text)| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: false,
        });
        let map = CodeMap::new(&files, &[".".to_owned()]);
        let loaded = map.loaded_with(map.module("shop.cart"));
        let names: Vec<&str> = loaded.into_iter().collect();
        assert_eq!(
            names,
            ["rates", "shop", "shop.cart", "shop.prices", "shop.taxes"]
        );
    }

    #[test]
    fn what_a_module_holds_of_a_package_is_told_by_its_imports() {
        let text = "import flask_sqlalchemy as fs\nfrom flask_sqlalchemy import SQLAlchemy as Made\n\
                    db = fs.SQLAlchemy()\nother = Made()\nthird = SQLAlchemy()\n\
                    if __name__ == '__main__':\n    main = Made()\n\
                    class Site:\n    base: fs.SQLAlchemy\n    own = Made()\n";
        let file = SourceFile {
            path: "shop.py".to_owned(),
            text: text.to_owned(),
            is_test: false,
        };
        let map = CodeMap::new(&[file], &[".".to_owned()]);
        let held = map.assigned(&["flask_sqlalchemy.SQLAlchemy"]);
        let names: Vec<&str> = held.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["db", "other"]);
        assert_eq!(map.modules[0].target_of("SQLAlchemy"), None);
    }
}
