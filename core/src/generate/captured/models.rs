//! Instances of Django's, SQLAlchemy's and pydantic's models, by the fields that their constructors take. Models of other packages
//! are objects like any other.

use std::collections::BTreeSet;

use super::build::Builder;
use super::layout::Code;
use super::objects::{class_of, is_attribute, is_opaque};
use crate::capture::{ArgumentKind, InitParam, Name, Object, ObjectKind, Value};
use crate::code::{ClassRef, CodeMap};

/// Arguments of a constructor, and the attributes that they set.
type Fields<'a> = (Vec<Code>, BTreeSet<&'a str>);

impl<'a> Builder<'a> {
    /// The fields of a model. `None`: it is none. `Some(None)`: one of them can not be built.
    pub(super) fn model(&mut self, object: &'a Object) -> Option<Option<Fields<'a>>> {
        if object.base.is_some() {
            return None;
        }
        if let Some(cached) = self.model_state(object) {
            class_of(self.map(), &object.class)?;
            return Some(self.django_fields(object, &cached));
        }
        let is_plain = object.init.as_deref().is_some_and(takes_any);
        if object.kind == ObjectKind::SqlAlchemy && is_plain {
            return Some(self.mapped_fields(object));
        }
        if object.kind == ObjectKind::Pydantic && is_plain {
            return Some(self.pydantic_fields(object));
        }
        None
    }

    /// Columns and relationships; what leads back to an instance that is being built is left to the relationship's other
    /// side.
    fn mapped_fields(&mut self, object: &'a Object) -> Option<Fields<'a>> {
        let used = object.attrs.iter().map(|(name, _)| name.as_str()).collect();
        let mut items = Vec::new();
        for (name, value) in &object.attrs {
            // Pydantic's own are no columns of a model of SQLModel.
            let is_column = is_attribute(name) && !name.starts_with("__");
            if is_column && !is_opaque(value) && !self.leads_back(value) {
                items.push(Code::named(name, self.value(value, name)?));
            }
        }
        Some((items, used))
    }

    /// Whether a value is, or holds as an element, something that is being built right now.
    fn leads_back(&self, value: &'a Value) -> bool {
        match self.meant(value) {
            Value::Object(object) => self.is_open(object.id),
            Value::Sequence { items, .. } => items.iter().any(|item| self.leads_back(item)),
            Value::Dict { entries, .. } => entries.iter().any(|(_, item)| self.leads_back(item)),
            _ => false,
        }
    }

    fn pydantic_fields(&mut self, object: &'a Object) -> Option<Fields<'a>> {
        let mut used = BTreeSet::new();
        let mut items = Vec::new();
        for (name, value) in &object.attrs {
            used.insert(name.as_str());
            if is_given_field(object, name) {
                items.push(Code::named(name, self.value(value, name)?));
            }
        }
        Some((items, used))
    }

    /// What an instance of a Django model knows of its row; `None` when it is none.
    pub(super) fn state_of(&self, object: &'a Object) -> Option<&'a Object> {
        let (_, state) = object.attrs.iter().find(|(name, _)| name == "_state")?;
        let Value::Object(state) = self.meant(state) else {
            return None;
        };
        let is_state =
            state.class.module == "django.db.models.base" && state.class.qualname == "ModelState";
        is_state.then_some(state)
    }

    /// The related objects that an instance of a Django model has at hand; `None` when it is none.
    pub(super) fn model_state(&self, object: &'a Object) -> Option<Vec<(&'a str, &'a Value)>> {
        let state = self.state_of(object)?;
        let cache = state.attrs.iter().find(|(name, _)| name == "fields_cache");
        let Some(Value::Dict { entries, .. }) = cache.map(|(_, cache)| self.meant(cache)) else {
            return Some(Vec::new());
        };
        let named = entries.iter().filter_map(|(name, value)| match name {
            Value::Text(name) => Some((name.as_str(), value)),
            _ => None,
        });
        Some(named.collect())
    }

    /// What a file's field has of it in the database.
    fn file_name(&self, value: &'a Value) -> Option<&'a Value> {
        let Value::Object(object) = self.meant(value) else {
            return None;
        };
        let (_, name) = object.attrs.iter().find(|(attr, _)| attr == "name")?;
        (object.class.module == "django.db.models.fields.files").then_some(name)
    }

    /// The fields as the constructor takes them, related objects instead of their keys.
    fn django_fields(
        &mut self,
        object: &'a Object,
        cached: &[(&'a str, &'a Value)],
    ) -> Option<Fields<'a>> {
        // What the database told of it, the constructor sets by itself.
        let mut used: BTreeSet<&str> = BTreeSet::from(["_state"]);
        let mut items = Vec::new();
        for (name, value) in &object.attrs {
            let relation = name.strip_suffix("_id").unwrap_or_default();
            let is_field = is_attribute(name)
                && (name == "id"
                    || relation.ends_with("_ptr")
                    || declares(self.map(), &object.class, name)
                    || declares(self.map(), &object.class, relation));
            if !is_field {
                continue;
            }
            used.insert(name);
            if is_opaque(value) && self.is_row(object) {
                // No column holds a stand-in.
                continue;
            }
            let value = self.file_name(value).unwrap_or(value);
            let related = cached
                .iter()
                .find(|(known, _)| *known == relation)
                .map(|(_, related)| *related)
                .filter(|related| {
                    let target = self.meant(related);
                    matches!(target, Value::Object(o) if !self.is_open(o.id))
                });
            match related {
                Some(related) => {
                    let code = self.value(related, relation)?;
                    items.push(Code::named(relation, code));
                }
                None => items.push(Code::named(name, self.value(value, name)?)),
            }
        }
        Some((items, used))
    }
}

/// Whether a class of the project, or one of its bases there, has a name at class level.
pub(super) fn declares(map: &CodeMap, class: &Name, name: &str) -> bool {
    let mut open: Vec<ClassRef> = class_of(map, class).into_iter().collect();
    let mut seen = 0;
    while let Some(at) = open.pop() {
        if at.class.attributes.contains_key(name) {
            return true;
        }
        seen += 1;
        if seen < 20 {
            let bases = at.class.bases.iter();
            open.extend(bases.filter_map(|base| map.class_named(at.module, base)));
        }
    }
    false
}

/// A model's own `__init__`, which takes the fields by their names.
fn takes_any(params: &[InitParam]) -> bool {
    params.iter().all(|p| p.kind == ArgumentKind::VarKeyword)
}

/// Whether a model's field was given to it, or set later; the others have their default.
fn is_given_field(object: &Object, name: &str) -> bool {
    let given = object
        .attrs
        .iter()
        .find(|(attr, _)| attr == "__pydantic_fields_set__");
    let is_given = match given {
        Some((_, Value::Sequence { items, .. })) => items.contains(&Value::Text(name.to_owned())),
        _ => true,
    };
    is_given && !name.starts_with("__") && is_attribute(name)
}
