//! Other values for a place that holds a literal: emptied, cut, bent, of another type. The project's own example shows
//! what a good value looks like; what fails is often near it.

use ruff_python_ast::{self as ast, Expr, Number};
use ruff_text_size::Ranged;

use crate::generate::literal;

/// So many other values of one place.
const MOST: usize = 14;
/// Longer texts are not bent.
const LONGEST: usize = 4096;

/// Whether an expression is a literal, or a container of nothing else.
pub(super) fn is_literal(expr: &Expr) -> bool {
    let all = |elements: &[Expr]| elements.len() <= 40 && elements.iter().all(is_literal);
    match expr {
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_) => true,
        Expr::UnaryOp(unary) => is_literal(&unary.operand),
        Expr::List(list) => all(&list.elts),
        Expr::Tuple(tuple) => all(&tuple.elts),
        Expr::Set(set) => all(&set.elts),
        Expr::Dict(dict) => {
            dict.items.len() <= 40
                && dict
                    .items
                    .iter()
                    .all(|i| i.key.as_ref().is_some_and(is_literal) && is_literal(&i.value))
        }
        _ => false,
    }
}

/// Other values than the literal's own, most telling first.
pub(super) fn mutations(expr: &Expr, source: &str) -> Vec<String> {
    let mut found = match expr {
        Expr::StringLiteral(text) => of_text(text.value.to_str()),
        Expr::BytesLiteral(_) => vec!["b\"\"".to_owned(), "b\"\\xff\"".to_owned()],
        Expr::NumberLiteral(number) => of_number(&number.value),
        Expr::BooleanLiteral(value) => vec![
            if value.value { "False" } else { "True" }.to_owned(),
            "None".to_owned(),
        ],
        Expr::NoneLiteral(_) => ["\"example\"", "0", "[]", "{}", "True"]
            .map(str::to_owned)
            .to_vec(),
        Expr::List(list) => of_elements("[", &list.elts, "]", source),
        Expr::Tuple(tuple) => of_elements("(", &tuple.elts, ")", source),
        Expr::Set(set) => of_elements("{", &set.elts, "}", source),
        Expr::Dict(dict) => {
            let items: Vec<(String, &Expr)> = dict
                .items
                .iter()
                .filter_map(|i| Some((code(i.key.as_ref()?, source)?, &i.value)))
                .collect();
            of_items(&items, source)
        }
        _ => Vec::new(),
    };
    let own = code(expr, source);
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|value| Some(value) != own.as_ref() && seen.insert(value.clone()));
    found.truncate(MOST);
    found
}

/// The literal with one of its members, however deep, in turn being another value: what a message complains about may
/// have come in any place.
pub(super) fn with_member(expr: &Expr, source: &str, value: &str) -> Vec<String> {
    let elements: Vec<(Option<String>, &Expr)> = match expr {
        Expr::List(list) => list.elts.iter().map(|e| (None, e)).collect(),
        Expr::Tuple(tuple) => tuple.elts.iter().map(|e| (None, e)).collect(),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .filter_map(|i| Some((Some(code(i.key.as_ref()?, source)?), &i.value)))
            .collect(),
        _ => return Vec::new(),
    };
    let codes: Option<Vec<String>> = elements.iter().map(|(_, e)| code(e, source)).collect();
    let Some(codes) = codes else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, (_, element)) in elements.iter().enumerate().take(6) {
        let inner = with_member(element, source, value);
        let others = if inner.is_empty() {
            vec![value.to_owned()]
        } else {
            inner
        };
        for other in others {
            let parts = elements.iter().zip(&codes).enumerate();
            let parts: Vec<String> = parts
                .map(|(n, ((key, _), code))| {
                    let value = if n == at { &other } else { code };
                    match key {
                        Some(key) => format!("{key}: {value}"),
                        None => value.clone(),
                    }
                })
                .collect();
            let comma = if parts.len() == 1 && expr.is_tuple_expr() {
                ","
            } else {
                ""
            };
            let (open, close) = match expr {
                Expr::List(_) => ("[", "]"),
                Expr::Tuple(_) => ("(", ")"),
                _ => ("{", "}"),
            };
            found.push(format!("{open}{}{comma}{close}", parts.join(", ")));
        }
    }
    found.truncate(8);
    found
}

/// A literal on one line: a text over several lines would not bear to be moved.
pub(super) fn code(expr: &Expr, source: &str) -> Option<String> {
    let all = |elements: &[Expr]| -> Option<String> {
        let parts: Option<Vec<String>> = elements.iter().map(|e| code(e, source)).collect();
        Some(parts?.join(", "))
    };
    match expr {
        Expr::StringLiteral(text) => {
            let text = text.value.to_str();
            (text.len() <= LONGEST).then(|| literal::string(text))
        }
        Expr::List(list) => Some(format!("[{}]", all(&list.elts)?)),
        Expr::Set(set) => Some(format!("{{{}}}", all(&set.elts)?)),
        Expr::Tuple(tuple) if tuple.elts.len() == 1 => Some(format!("({},)", all(&tuple.elts)?)),
        Expr::Tuple(tuple) => Some(format!("({})", all(&tuple.elts)?)),
        Expr::Dict(dict) => {
            let item = |item: &ast::DictItem| {
                let key = code(item.key.as_ref()?, source)?;
                Some(format!("{key}: {}", code(&item.value, source)?))
            };
            let items: Option<Vec<String>> = dict.items.iter().map(item).collect();
            Some(format!("{{{}}}", items?.join(", ")))
        }
        _ => {
            let text = source.get(expr.range().to_std_range())?;
            (!text.contains('\n')).then(|| text.to_owned())
        }
    }
}

fn of_text(text: &str) -> Vec<String> {
    let mut found: Vec<String> = vec![literal::string(""), "None".to_owned()];
    if text.len() > LONGEST {
        return found;
    }
    let mut add = |text: String| found.push(literal::string(&text));
    // Formats break where their parts meet.
    let separator = text
        .chars()
        .find(|c| c.is_ascii_punctuation() && !matches!(c, '_' | '"' | '\''));
    if let Some(separator) = separator
        && let Some((before, after)) = text.split_once(separator)
    {
        add(before.to_owned());
        add(format!("{separator}{after}"));
        add(format!("{before}{separator}"));
        add(format!("{before}{separator}{separator}{after}"));
    }
    if text.bytes().any(|b| b.is_ascii_digit()) {
        add(text.replace(|c: char| c.is_ascii_digit(), "0"));
        add(text.replacen(|c: char| c.is_ascii_digit(), "-", 1));
    } else {
        add("1".to_owned());
    }
    add(format!("{text}\n"));
    if text.chars().count() > 3 {
        let half = text.chars().count() / 2;
        add(text.chars().take(half).collect());
        add(text.chars().skip(half).collect());
    }
    add(format!("{text}\u{e9}\u{1f600}"));
    add(text.to_uppercase());
    add(" ".to_owned());
    found.push("b\"example\"".to_owned());
    found
}

fn of_number(number: &Number) -> Vec<String> {
    let mut found: Vec<String> = ["0", "-1", "None"].map(str::to_owned).to_vec();
    match number {
        Number::Int(int) => {
            let int = int.as_i64().unwrap_or(1).clamp(-1_000_000, 1_000_000);
            found.extend([
                (int + 1).to_string(),
                format!("{int}.5"),
                literal::string(&int.to_string()),
                "1000".to_owned(),
                "float(\"nan\")".to_owned(),
            ]);
        }
        _ => found.extend(["1", "float(\"nan\")", "float(\"inf\")", "\"1.5\""].map(str::to_owned)),
    }
    found
}

fn of_elements(open: &str, elements: &[Expr], close: &str, source: &str) -> Vec<String> {
    let codes: Option<Vec<String>> = elements.iter().map(|e| code(e, source)).collect();
    let Some(codes) = codes else {
        return Vec::new();
    };
    let group = |codes: &[String]| match (open, codes) {
        ("{", []) => "set()".to_owned(),
        ("(", [one]) => format!("({one},)"),
        _ => format!("{open}{}{close}", codes.join(", ")),
    };
    let mut found = vec![group(&[]), "None".to_owned()];
    let with = |at: usize, other: String| {
        let mut changed = codes.clone();
        changed[at] = other;
        changed
    };
    // A set takes nothing that can be changed.
    let fits = |other: &String| open != "{" || !other.starts_with(['[', '{']);
    for at in 0..elements.len().min(4) {
        found.push(group(&with(at, "None".to_owned())));
    }
    if codes.len() > 1 {
        found.push(group(&codes[..1]));
        found.push(group(&codes[1..]));
    }
    for (at, element) in elements.iter().enumerate().take(4) {
        let is_group = !matches!(element, Expr::StringLiteral(_) | Expr::NumberLiteral(_));
        let others = mutations(element, source).into_iter().filter(fits);
        for other in others.take(if is_group { 4 } else { 2 }) {
            found.push(group(&with(at, other)));
        }
    }
    if let Some(first) = codes.first() {
        let mut twice = codes.clone();
        twice.push(first.clone());
        found.push(group(&twice));
    }
    found
}

fn of_items(items: &[(String, &Expr)], source: &str) -> Vec<String> {
    let values: Option<Vec<String>> = items.iter().map(|(_, value)| code(value, source)).collect();
    let Some(values) = values else {
        return Vec::new();
    };
    let group = |skip: Option<usize>, other: Option<(usize, &str)>| {
        let parts = items.iter().zip(&values).enumerate();
        let parts: Vec<String> = parts
            .filter(|(at, _)| Some(*at) != skip)
            .map(|(at, ((key, _), value))| match other {
                Some((place, other)) if place == at => format!("{key}: {other}"),
                _ => format!("{key}: {value}"),
            })
            .collect();
        format!("{{{}}}", parts.join(", "))
    };
    let mut found = vec!["{}".to_owned(), "None".to_owned()];
    for (at, (_, value)) in items.iter().enumerate().take(5) {
        found.push(group(Some(at), None));
        found.push(group(None, Some((at, "None"))));
        if let Some(other) = mutations(value, source).first() {
            found.push(group(None, Some((at, other))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::search::lines;

    fn of(text: &str) -> Vec<String> {
        let source = format!("({text}\n)");
        let expr = lines::expression(text).expect("an expression");
        assert!(is_literal(&expr), "{text}");
        mutations(&expr, &source)
    }

    #[test]
    fn literals_are_emptied_cut_and_bent() {
        let texts = of("\"2:10\"");
        for expected in ["\"\"", "None", "\"2\"", "\":10\"", "\"0:00\""] {
            assert!(texts.iter().any(|t| t == expected), "{expected} {texts:?}");
        }
        let items = of("{\"a\": 1, \"b\": [2]}");
        for expected in [
            "{}",
            "{\"b\": [2]}",
            "{\"a\": None, \"b\": [2]}",
            "{\"a\": 1, \"b\": []}",
        ] {
            assert!(items.iter().any(|t| t == expected), "{expected} {items:?}");
        }
        assert!(of("[1, 2]").contains(&"[None, 2]".to_owned()));
        let expr = lines::expression("[(\"a\", {\"b\": 1})]").expect("an expression");
        assert_eq!(
            with_member(&expr, "([(\"a\", {\"b\": 1})]\n)", "None"),
            ["[(None, {\"b\": 1})]", "[(\"a\", {\"b\": None})]"]
        );
        assert!(of("True").contains(&"False".to_owned()));
        assert!(!of("0").contains(&"0".to_owned()));
    }

    #[test]
    fn what_is_computed_is_no_literal() {
        for text in ["f(1)", "[x]", "{\"a\": x}", "f\"{x}\""] {
            assert!(
                !is_literal(&lines::expression(text).expect("an expression")),
                "{text}"
            );
        }
    }
}
