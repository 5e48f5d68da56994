//! Rows for a request of which none were captured: one in each table of the site's own, made up. What fails for any row
//! fails for these; production's were others, so that such a test is a draft.

use super::rows::row_helpers;
use crate::code::{Class, CodeMap, Module, Value};
use crate::generate::arguments::{Setup, Source};
use crate::generate::strategies::Writer;
use crate::generate::{Plan, literal};

/// Tables that get a row.
const MOST: usize = 8;
const MAKE: &str = include_str!("../templates/made_rows.py");

impl Writer<'_> {
    /// The same request with a row in each table of the site. `None` where no model is known.
    pub(in crate::generate) fn with_made_rows(&self, plan: &Plan, path: &str) -> Option<Plan> {
        let key = key_in(path);
        self.with_made_models(plan, &key)
            .or_else(|| self.with_made_tables(plan, &key))
    }

    fn with_made_models(&self, plan: &Plan, key: &str) -> Option<Plan> {
        let models = self.own_models();
        if models.is_empty() || !self.has_database() {
            return None;
        }
        let mut plan = plan.clone();
        let mut names = vec![key.to_owned()];
        for (module, class) in models {
            // Two things of one name cannot both be imported.
            let is_taken =
                |(other, name): &(String, String)| *name == class.name && *other != module.name;
            if !plan.setup.imports.iter().any(is_taken) {
                names.push(plan.setup.import(&module.name, &class.name));
            }
        }
        plan.setup.used(Source::Invented);
        helpers(&mut plan.setup);
        let call = format!("make_rows({})", names.join(", "));
        plan.setup.statements.insert(0, call);
        Some(plan)
    }

    /// Models of the applications that the site's settings install, those of its own package first.
    fn own_models(&self) -> Vec<(&Module, &Class)> {
        let Some(settings) = super::super::django::django_settings(self.map) else {
            return Vec::new();
        };
        let installed = settings.assignments.iter().find_map(|a| match &a.value {
            Value::Other(text) if a.target == "INSTALLED_APPS" => Some(text.as_str()),
            _ => None,
        });
        let installed = installed.unwrap_or_default();
        let site = top(&settings.name);
        let is_installed = |module: &Module| {
            let name = module.name.trim_end_matches(".models");
            ["\"", "'"]
                .iter()
                .any(|quote| installed.contains(&format!("{quote}{name}")))
        };
        let mut found: Vec<(&Module, &Class)> = self
            .map
            .modules
            .iter()
            .filter(|module| !module.is_test && literal::is_dotted(&module.name))
            .filter(|module| top(&module.name) == site || is_installed(module))
            .flat_map(|module| module.classes.iter().map(move |class| (module, class)))
            .filter(|(module, class)| is_model(self.map, module, class))
            .collect();
        found.sort_by_key(|(module, _)| top(&module.name) != site);
        found.truncate(MOST);
        found
    }
}

fn top(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

/// A model with a table of its own: its bases lead to Django's, and it is not said to be abstract.
fn is_model(map: &CodeMap, module: &Module, class: &Class) -> bool {
    let mut open = vec![(module, class)];
    for _ in 0..20 {
        let Some((module, class)) = open.pop() else {
            return false;
        };
        for base in &class.bases {
            if base.ends_with("models.Model") {
                return true;
            }
            open.extend(map.class_named(module, base).map(|c| (c.module, c.class)));
        }
    }
    false
}

/// The number in a path, which most likely is a row's key: `/orders/7/edit`.
fn key_in(path: &str) -> String {
    let is_number = |part: &&str| {
        (1..=9).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()) && *part != "0"
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let number = path.split('/').find(is_number);
    let number = number.map(|n| n.trim_start_matches('0'));
    number.filter(|n| !n.is_empty()).unwrap_or("1").to_owned()
}

fn helpers(setup: &mut Setup) {
    let own: Vec<String> = MAKE.trim_end().lines().map(str::to_owned).collect();
    for helper in row_helpers().into_iter().chain([own]) {
        if !setup.helpers.contains(&helper) {
            setup.helpers.push(helper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_path_is_a_key() {
        assert_eq!(key_in("/orders/7/edit"), "7");
        assert_eq!(key_in("/orders/007"), "7");
        assert_eq!(key_in("/orders/?page=3"), "1");
        assert_eq!(key_in("/orders/0/12345678901/"), "1");
    }
}
