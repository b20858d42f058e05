//! As much of JSON Schema (draft 7) as the schemas here need. A word that is not known is an error, so that
//! nothing of a schema is passed over.

use serde_json::Value;

/// Everything in which a value is not what the schema says.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, schema, value, "", &mut errors);
    errors
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, errors: &mut Vec<String>) {
    let Some(words) = schema.as_object() else {
        return;
    };
    let mut say = |what: String| errors.push(format!("{path}: {what}"));
    // Of draft 7: beside a $ref nothing counts.
    if let Some(reference) = words.get("$ref") {
        let pointer = reference
            .as_str()
            .and_then(|r| r.strip_prefix('#'))
            .expect("a local reference");
        let target = root.pointer(pointer).expect("a definition");
        return check(root, target, value, path, errors);
    }
    for (word, wanted) in words {
        match word.as_str() {
            "$schema" | "$id" | "title" | "description" | "default" | "definitions" | "format" => {}
            "type" => {
                let is = |name: &str| match name {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("type {other}"),
                };
                let good = match wanted {
                    Value::Array(names) => {
                        names.iter().any(|name| is(name.as_str().expect("a type")))
                    }
                    name => is(name.as_str().expect("a type")),
                };
                if !good {
                    say(format!("is no {wanted}"));
                }
            }
            "enum" => {
                if !wanted.as_array().expect("a list").contains(value) {
                    say(format!("{value} is none of {wanted}"));
                }
            }
            "minimum" | "maximum" => {
                if let Some(number) = value.as_f64() {
                    let limit = wanted.as_f64().expect("a number");
                    if (word == "minimum" && number < limit)
                        || (word == "maximum" && number > limit)
                    {
                        say(format!("{number} is beyond the {word} {limit}"));
                    }
                }
            }
            "minItems" | "maxItems" => {
                let limit = wanted.as_u64().expect("a number");
                let count = value.as_array().map_or(limit, |items| items.len() as u64);
                if (word == "minItems" && count < limit) || (word == "maxItems" && count > limit) {
                    say(format!("{count} items are beyond {word} {limit}"));
                }
            }
            "uniqueItems" => {
                if let Some(items) = value.as_array() {
                    let twice = (1..items.len()).any(|i| items[..i].contains(&items[i]));
                    if twice && wanted == &Value::Bool(true) {
                        say("has an item twice".to_owned());
                    }
                }
            }
            "required" => {
                for name in wanted.as_array().expect("a list") {
                    let name = name.as_str().expect("a name");
                    if value.is_object() && value.get(name).is_none() {
                        say(format!("lacks {name}"));
                    }
                }
            }
            // What the patterns are for is tested where the values are made.
            "pattern" => {}
            "properties" | "additionalProperties" | "items" | "anyOf" | "oneOf" => {}
            other => panic!("the word {other} of a schema"),
        }
    }
    for (word, some) in [("anyOf", false), ("oneOf", true)] {
        if let Some(of) = words.get(word).and_then(Value::as_array) {
            let good = of.iter().filter(|one| {
                let mut inner = Vec::new();
                check(root, one, value, path, &mut inner);
                inner.is_empty()
            });
            let good = good.count();
            if good == 0 || (some && good > 1) {
                errors.push(format!("{path}: matches {good} of {word}"));
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), words.get("items")) {
        for (i, item) in items.iter().enumerate() {
            check(root, schema, item, &format!("{path}/{i}"), errors);
        }
    }
    let Some(fields) = value.as_object() else {
        return;
    };
    let known = words.get("properties").and_then(Value::as_object);
    for (name, field) in fields {
        let path = format!("{path}/{name}");
        match (
            known.and_then(|known| known.get(name)),
            words.get("additionalProperties"),
        ) {
            (Some(schema), _) => check(root, schema, field, &path, errors),
            (None, Some(Value::Bool(false))) => errors.push(format!("{path}: is not known")),
            (None, Some(schema)) => check(root, schema, field, &path, errors),
            (None, None) => {}
        }
    }
}

#[test]
fn a_wrong_value_is_found() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "additionalProperties": false,
        "properties": {"a": {"$ref": "#/definitions/n"}, "l": {"items": {"enum": [1, 2]}, "minItems": 1}},
        "definitions": {"n": {"type": "integer", "minimum": 1}},
    });
    assert!(errors(&schema, &serde_json::json!({"a": 1, "l": [1, 2]})).is_empty());
    for wrong in [
        r#"{}"#,
        r#"{"a":0}"#,
        r#"{"a":"x"}"#,
        r#"{"a":1,"b":1}"#,
        r#"{"a":1,"l":[3]}"#,
        r#"{"a":1,"l":[]}"#,
        "[]",
    ] {
        let value = serde_json::from_str(wrong).expect("JSON");
        assert!(!errors(&schema, &value).is_empty(), "{wrong}");
    }
}
