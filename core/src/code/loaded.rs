//! Which modules of the project are loaded once some of them are: read from the imports that run when a module is loaded.

use std::collections::BTreeSet;

use super::{CodeMap, Module};

impl CodeMap {
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
}
