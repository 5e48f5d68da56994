//! JSON of the key `captured` to data. What is missing or of an unknown shape is left out or opaque; it never fails.

use super::*;
use crate::record::json_value::{self, Value as Json};

/// Reads the JSON object under the key `captured` of a capture line. `None` when it is no object of version 1.
pub fn read(json: &str) -> Option<Captured> {
    let (root, _) = json_value::parse_whole(json)?;
    if root.get("version").and_then(Json::number) != Some(1) {
        return None;
    }
    let frames = |key: &str| list(&root, key).iter().map(frame).collect();
    Some(Captured {
        frames: frames("frames"),
        outer: frames("outer"),
        rows: values(&root, "rows"),
        replies: list(&root, "replies").iter().filter_map(reply).collect(),
        state: list(&root, "state").iter().filter_map(held).collect(),
        request: root.get("request").and_then(request),
        notes: list(&root, "notes")
            .iter()
            .filter_map(|n| n.text().map(str::to_owned))
            .collect(),
    })
}

/// Whether a line was written while a test ran.
pub fn is_of_test(json: &str) -> bool {
    json.contains("\"test\":")
        && json_value::parse_whole(json)
            .is_some_and(|(root, _)| matches!(root.get("test"), Some(test) if *test != Json::Null && *test != Json::Bool(false)))
}

fn list<'v>(value: &'v Json, key: &str) -> &'v [Json] {
    value.get(key).and_then(Json::list).unwrap_or_default()
}

fn text(value: &Json, key: &str) -> String {
    value
        .get(key)
        .and_then(Json::text)
        .unwrap_or_default()
        .to_owned()
}

fn index(value: &Json, key: &str) -> Option<usize> {
    value
        .get(key)
        .and_then(Json::number)
        .and_then(|n| usize::try_from(n).ok())
}

fn frame(json: &Json) -> CapturedFrame {
    CapturedFrame {
        exception: index(json, "exception"),
        frame: index(json, "frame"),
        module: text(json, "module"),
        qualname: json.get("qualname").and_then(Json::text).map(str::to_owned),
        kind: match json.get("kind").and_then(Json::text).unwrap_or_default() {
            "classmethod" => FunctionKind::ClassMethod,
            "constructor" => FunctionKind::Constructor,
            "generator" => FunctionKind::Generator,
            "coroutine" => FunctionKind::Coroutine,
            "async_generator" => FunctionKind::AsyncGenerator,
            _ => FunctionKind::Plain,
        },
        arguments: list(json, "arguments")
            .iter()
            .map(|argument| Argument {
                name: text(argument, "name"),
                kind: argument_kind(
                    argument
                        .get("kind")
                        .and_then(Json::text)
                        .unwrap_or_default(),
                ),
                value: argument.get("value").map_or(Value::None, value),
                is_rebound: argument.get("rebound") == Some(&Json::Bool(true)),
            })
            .collect(),
        returned: list(json, "returned").iter().filter_map(returned).collect(),
    }
}

fn returned(json: &Json) -> Option<Returned> {
    Some(Returned {
        variable: text(json, "name"),
        line: u32::try_from(json.get("line")?.number()?).ok()?,
        function: name_at(json, "function")?,
        is_awaited: json.get("async") == Some(&Json::Bool(true)),
        value: json.get("value").map(value)?,
    })
}

fn held(json: &Json) -> Option<Held> {
    Some(Held {
        name: name_at(json, "name")?,
        value: json.get("value").map(value)?,
    })
}

fn argument_kind(name: &str) -> ArgumentKind {
    match name {
        "keyword" => ArgumentKind::Keyword,
        "positional_only" => ArgumentKind::PositionalOnly,
        "var_positional" => ArgumentKind::VarPositional,
        "var_keyword" => ArgumentKind::VarKeyword,
        "free" => ArgumentKind::Free,
        _ => ArgumentKind::Positional,
    }
}

fn request(json: &Json) -> Option<Request> {
    let method = text(json, "method");
    let path = text(json, "path");
    (!method.is_empty() && path.starts_with('/')).then(|| Request {
        framework: text(json, "framework"),
        app: json.get("app").filter(|v| **v != Json::Null).map(value),
        method,
        path,
        query: text(json, "query"),
        headers: headers(json),
        body: json.get("body").filter(|v| **v != Json::Null).map(value),
    })
}

fn headers(json: &Json) -> Vec<(String, String)> {
    let pairs = list(json, "headers").iter();
    pairs
        .filter_map(|pair| match pair.list()? {
            [name, value] => Some((name.text()?.to_owned(), value.text()?.to_owned())),
            _ => None,
        })
        .collect()
}

fn reply(json: &Json) -> Option<Reply> {
    Some(Reply {
        client: text(json, "client"),
        method: text(json, "method"),
        url: text(json, "url"),
        status: u16::try_from(json.get("status")?.number()?).ok()?,
        headers: headers(json),
        body: value(json.get("body")?),
    })
}

fn name(text: &str) -> Option<Name> {
    let (module, qualname) = text.split_once(':')?;
    Some(Name {
        module: module.to_owned(),
        qualname: qualname.to_owned(),
    })
}

fn name_at(json: &Json, key: &str) -> Option<Name> {
    name(json.get(key)?.text()?)
}

fn values(json: &Json, key: &str) -> Vec<Value> {
    list(json, key).iter().map(value).collect()
}

/// `[name, value]` pairs.
fn named(json: &Json, key: &str) -> Vec<(String, Value)> {
    list(json, key)
        .iter()
        .filter_map(|pair| match pair.list()? {
            [name, inner] => Some((name.text()?.to_owned(), value(inner))),
            _ => None,
        })
        .collect()
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(digits) if is_int(digits) => Value::Int(digits.clone()),
        Json::Number(digits) => Value::Float(digits.clone()),
        Json::Text(text) => Value::Text(text.clone()),
        Json::List(_) => opaque("limit"),
        Json::Object(_) => tagged(json),
    }
}

fn is_int(digits: &str) -> bool {
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())
}

fn opaque(why: &str) -> Value {
    Value::Opaque {
        class: None,
        why: why.to_owned(),
        id: 0,
        global: None,
        is_async: false,
    }
}

fn tagged(json: &Json) -> Value {
    let id = json
        .get("id")
        .and_then(Json::number)
        .and_then(|n| Id::try_from(n).ok())
        .unwrap_or_default();
    let is_cut = json
        .get("cut")
        .is_some_and(|cut| !matches!(cut, Json::Null | Json::Bool(false)));
    let sequence = |kind| Value::Sequence {
        kind,
        items: values(json, "v"),
        id,
        is_cut,
    };
    match json.get("t").and_then(Json::text).unwrap_or_default() {
        "int" if is_int(&text(json, "v")) => Value::Int(text(json, "v")),
        "float" => Value::Float(text(json, "v")),
        "str" => Value::Text(text(json, "v")),
        "bytes" => Value::Bytes {
            data: base64(&text(json, "v")),
            is_mutable: json.get("of").and_then(Json::text) == Some("bytearray"),
            id,
        },
        "list" => sequence(SequenceKind::List),
        "tuple" => sequence(SequenceKind::Tuple),
        "set" => sequence(SequenceKind::Set),
        "frozenset" => sequence(SequenceKind::FrozenSet),
        "dict" => Value::Dict {
            entries: list(json, "v")
                .iter()
                .filter_map(|pair| match pair.list()? {
                    [key, inner] => Some((value(key), value(inner))),
                    _ => None,
                })
                .collect(),
            id,
            is_cut,
        },
        "call" => match name_at(json, "f") {
            Some(callee) => Value::Call {
                callee,
                args: values(json, "args"),
                kwargs: named(json, "kwargs"),
                id,
            },
            None => opaque("limit"),
        },
        "global" => name_at(json, "v").map_or_else(|| opaque("limit"), Value::Global),
        "method" => Value::Method {
            of: Box::new(json.get("self").map_or(Value::None, value)),
            name: text(json, "name"),
        },
        "object" => object(json, id),
        "ref" => Value::Ref(id),
        "redacted" => Value::Redacted {
            of: text(json, "of"),
            length: index(json, "n").unwrap_or_default().min(4096),
            like: text(json, "like"),
            number: index(json, "v").map_or(1, |n| n as u64),
        },
        "opaque" => Value::Opaque {
            class: name_at(json, "class"),
            why: text(json, "why"),
            id,
            global: name_at(json, "global"),
            is_async: json.get("async") == Some(&Json::Bool(true)),
        },
        _ => opaque("limit"),
    }
}

fn object(json: &Json, id: Id) -> Value {
    let Some(class) = name_at(json, "class") else {
        return opaque("limit");
    };
    if was_left_out(json) {
        return Value::Opaque {
            class: Some(class),
            why: "limit".to_owned(),
            id,
            global: name_at(json, "global"),
            is_async: false,
        };
    }
    Value::Object(Box::new(Object {
        id,
        class,
        is_local: json.get("local") == Some(&Json::Bool(true)),
        kind: match json.get("kind").and_then(Json::text).unwrap_or_default() {
            "dataclass" => ObjectKind::Dataclass,
            "attrs" => ObjectKind::Attrs,
            "pydantic" => ObjectKind::Pydantic,
            "exception" => ObjectKind::Exception,
            "sqlalchemy" => ObjectKind::SqlAlchemy,
            _ => ObjectKind::Plain,
        },
        is_saved: json.get("saved") == Some(&Json::Bool(true)),
        base: json.get("base").and_then(Json::text).map(|base| {
            (
                base.to_owned(),
                json.get("items").map_or(Value::None, value),
            )
        }),
        slots: list(json, "slots")
            .iter()
            .filter_map(|s| s.text().map(str::to_owned))
            .collect(),
        attrs: named(json, "attrs"),
        args: values(json, "args"),
        init: json.get("init").and_then(Json::list).map(|params| {
            params
                .iter()
                .filter_map(|param| match param.list()? {
                    [name, kind, required] => Some(InitParam {
                        name: name.text()?.to_owned(),
                        kind: argument_kind(kind.text()?),
                        is_required: *required == Json::Bool(true),
                    }),
                    _ => None,
                })
                .collect()
        }),
        global: name_at(json, "global"),
    }))
}

/// Whether nothing of an object was written for want of time or room: without its attributes it would be none.
fn was_left_out(json: &Json) -> bool {
    json.get("cut") == Some(&Json::Bool(true))
        && list(json, "attrs").is_empty()
        && json.get("items").is_none()
        && !matches!(json.get("init"), Some(Json::List(params)) if params.is_empty())
}

/// RFC 4648 with padding; other characters are passed over.
fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_and_without_padding() {
        assert_eq!(base64("aGVsbG8="), b"hello");
        assert_eq!(base64("AP8Q"), [0, 255, 16]);
        assert_eq!(base64(""), b"");
    }

    #[test]
    fn what_is_unknown_is_opaque() {
        let read = read(
            r#"{"version":1,"frames":[{"module":"m","arguments":[{"name":"x","kind":"positional","value":{"t":"new"}}]}]}"#,
        );
        let frames = read.map(|c| c.frames).unwrap_or_default();
        assert_eq!(frames[0].arguments[0].value, opaque("limit"));
        assert_eq!(super::read(r#"{"version":2}"#), None);
    }

    #[test]
    fn values_of_every_tag() {
        let line = r#"{"version":1,"frames":[{"exception":0,"frame":1,"module":"shop","qualname":"Cart.add","kind":"function","arguments":[
            {"name":"self","kind":"positional","value":{"t":"object","id":1,"class":"shop:Cart","attrs":[["lines",{"t":"list","id":2,"v":[{"t":"ref","id":1},1.5,-3]}]],"init":[["lines","positional",true]]}},
            {"name":"price","kind":"keyword","value":{"t":"call","f":"decimal:Decimal","args":["1.5"],"kwargs":[]}}]}],
            "request":{"framework":"flask","app":{"t":"global","v":"shop:app"},"method":"POST","path":"/cart","query":"","headers":[["A","b"]],"body":"{}"}}"#;
        let captured = read(line).expect("a capture");
        let frame = &captured.frames[0];
        assert_eq!((frame.exception, frame.frame), (Some(0), Some(1)));
        let Value::Object(cart) = &frame.arguments[0].value else {
            panic!("no object: {frame:?}");
        };
        assert_eq!(cart.class.qualname, "Cart");
        assert!(cart.init.as_ref().is_some_and(|i| i[0].is_required));
        assert_eq!(
            cart.attrs[0].1,
            Value::Sequence {
                kind: SequenceKind::List,
                items: vec![
                    Value::Ref(1),
                    Value::Float("1.5".to_owned()),
                    Value::Int("-3".to_owned())
                ],
                id: 2,
                is_cut: false
            }
        );
        assert_eq!(frame.arguments[1].kind, ArgumentKind::Keyword);
        let request = captured.request.expect("a request");
        assert_eq!(request.headers, [("A".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn an_object_of_which_nothing_was_written_is_opaque() {
        let read_one = |object: &str| {
            let line = format!(
                r#"{{"version":1,"frames":[{{"module":"m","arguments":[{{"name":"x","kind":"positional","value":{object}}}]}}]}}"#
            );
            read(&line).unwrap().frames[0].arguments[0].value.clone()
        };
        let cut = r#"{"t":"object","id":3,"class":"m:Row","attrs":[],"init":[["values","positional",true]],"cut":true}"#;
        assert!(
            matches!(read_one(cut), Value::Opaque { class: Some(class), id: 3, .. } if class.qualname == "Row")
        );
        let whole = cut.replace(",\"cut\":true", "");
        assert!(matches!(read_one(&whole), Value::Object(_)));
        let bare = cut.replace(r#"[["values","positional",true]]"#, "[]");
        assert!(matches!(read_one(&bare), Value::Object(_)));
    }
}
