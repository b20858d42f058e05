//! The claims of a verified token by their exact names; of several of one name, the last.

use crate::jwt::json::{Kind, Raw};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// How deep claims may be nested for expressions to be evaluated here.
const MOST_DEPTH: usize = 500;

/// The claims of a token.
#[derive(Clone, Debug)]
pub struct Claims<'t> {
    entries: Vec<(Cow<'t, str>, Raw<'t>)>,
}

impl<'t> Claims<'t> {
    /// The claims of a payload.
    pub fn new(payload: Raw<'t>) -> Self {
        Claims {
            entries: payload.entries().collect(),
        }
    }

    /// A claim.
    pub fn get(&self, name: &str) -> Option<Raw<'t>> {
        let mut from_the_last = self.entries.iter().rev();
        let (_, value) = from_the_last.find(|(key, _)| key == name)?;
        Some(*value)
    }

    /// Adds a claim.
    pub fn set(&mut self, name: &str, value: Raw<'t>) {
        self.entries.push((Cow::Owned(name.to_owned()), value));
    }

    /// A claim that has to be a string; `null` is the empty one.
    ///
    /// # Errors
    /// The server's words.
    pub fn text(&self, name: &str) -> Result<String, String> {
        let value = self.get(name).ok_or("claim not present")?;
        text(value)
    }

    /// A claim that has to be a string or a list of them; `null` is none.
    ///
    /// # Errors
    /// Go's words.
    pub fn texts(&self, name: &str) -> Option<Result<Vec<String>, String>> {
        let value = self.get(name)?;
        let list: Option<Vec<String>> = match value.kind() {
            Kind::Null => Some(Vec::new()),
            Kind::Array => value.elements().map(|one| text(one).ok()).collect(),
            _ => None,
        };
        Some(match list {
            Some(list) => Ok(list),
            None => text(value).map(|one| vec![one]),
        })
    }

    /// A claim that has to be a truth value; `null` is false.
    ///
    /// # Errors
    /// Go's words.
    pub fn truth(&self, name: &str) -> Option<Result<bool, String>> {
        let value = self.get(name)?;
        Some(match value.kind() {
            Kind::Null => Ok(false),
            Kind::Bool => Ok(value.boolean() == Some(true)),
            other => Err(mismatch(other, "bool")),
        })
    }

    /// All claims, for expressions.
    ///
    /// # Errors
    /// Why it cannot be done, or cannot be done here.
    pub fn to_json(&self) -> Result<Map<String, Value>, Unconvertible> {
        let entry = |(name, value): &(Cow<'t, str>, Raw<'t>)| {
            Ok((name.clone().into_owned(), json(*value, MOST_DEPTH)?))
        };
        self.entries.iter().map(entry).collect()
    }
}

/// Why claims are no value of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconvertible {
    /// The server cannot do it either, in Go's words.
    Refused(String),
    /// It is not done here, and why.
    Unknown(String),
}

fn text(value: Raw<'_>) -> Result<String, String> {
    match value.string() {
        Some(text) => Ok(text.into_owned()),
        None if value.kind() == Kind::Null => Ok(String::new()),
        None => Err(mismatch(value.kind(), "string")),
    }
}

fn mismatch(found: Kind, go_type: &str) -> String {
    let found = found.go_name();
    format!("json: cannot unmarshal {found} into Go value of type {go_type}")
}

/// A value as JSON. Go reads every number as a floating point number.
fn json(value: Raw<'_>, depth: usize) -> Result<Value, Unconvertible> {
    let inner = depth.checked_sub(1).ok_or_else(|| {
        Unconvertible::Unknown(format!(
            "claims of more than {MOST_DEPTH} levels are not evaluated here"
        ))
    });
    Ok(match value.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(value.boolean() == Some(true)),
        Kind::String => Value::String(value.string().unwrap_or_default().into_owned()),
        Kind::Number => match value.float().and_then(Number::from_f64) {
            Some(number) => Value::Number(number),
            None => {
                let shown = String::from_utf8_lossy(value.bytes());
                return Err(Unconvertible::Refused(format!(
                    "json: cannot unmarshal number {shown} into Go value of type float64"
                )));
            }
        },
        Kind::Array => {
            let inner = inner?;
            let elements = value.elements().map(|element| json(element, inner));
            Value::Array(elements.collect::<Result<_, _>>()?)
        }
        Kind::Object => {
            let inner = inner?;
            let entries = value
                .entries()
                .map(|(name, value)| Ok((name.into_owned(), json(value, inner)?)));
            Value::Object(entries.collect::<Result<_, _>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt::json::check;

    fn with<T>(text: &str, look: impl Fn(Claims<'_>) -> T) -> Option<T> {
        Some(look(Claims::new(check(text.as_bytes(), 10_000).ok()?)))
    }

    #[test]
    fn reads_one_claim_as_go_does() {
        let groups = |text: &str| with(text, |claims| claims.texts("g").map(|g| g.ok())).flatten();
        let some = |groups: &[&str]| Some(Some(groups.iter().map(|g| (*g).to_owned()).collect()));
        assert_eq!(groups(r#"{"g":"a","G":"b"}"#), some(&["a"]));
        assert_eq!(groups(r#"{"g":1,"g":["a",null,""]}"#), some(&["a", "", ""]));
        assert_eq!(groups(r#"{"g":null}"#), some(&[]));
        assert_eq!(groups(r#"{"g":["a",1]}"#), Some(None));
        assert_eq!(groups(r#"{"G":"a"}"#), None);
        let text = with("{}", |claims| claims.text("x"));
        assert_eq!(text, Some(Err("claim not present".to_owned())));
    }

    #[test]
    fn makes_values_within_bounds() {
        let whole = with(
            r#"{"a":1,"a":9007199254740993,"b":[{"c":null}]}"#,
            |claims| claims.to_json(),
        );
        let expected = serde_json::json!({"a": 9_007_199_254_740_992.0, "b": [{"c": null}]});
        assert_eq!(
            whole.map(|whole| whole.map(Value::Object)),
            Some(Ok(expected))
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        let deep = with(&deep, |claims| claims.to_json());
        assert!(matches!(deep, Some(Err(Unconvertible::Unknown(_)))));
        let large = with(r#"{"a":1e999}"#, |claims| claims.to_json());
        assert!(matches!(large, Some(Err(Unconvertible::Refused(_)))));
    }
}
