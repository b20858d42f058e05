//! Values at run time.

use super::opaque::Opaque;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value of an expression.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number from 0.
    Uint(u64),
    /// A floating point number: every number of JSON is one.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(List),
    /// A map.
    Map(Map),
    /// `claims` or `user` as the server hands them in: a map that gives single values and nothing else.
    Object(Arc<BTreeMap<String, Value>>),
    /// A value that may be missing.
    Optional(Option<Arc<Value>>),
    /// Nanoseconds since 1970.
    Timestamp(i128),
    /// Nanoseconds.
    Duration(i64),
    /// A type, by its name.
    Type(Arc<str>),
    /// A value that only functions understand, such as an IP address.
    Opaque(Arc<Opaque>),
}

/// A list.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub(super) items: Arc<Vec<Value>>,
    /// Whether what is taken out of it takes escaped names.
    pub(super) unescape: bool,
    /// Whether it is a Go `[]string`: the server takes no such list for groups or extra values.
    pub(super) go_strings: bool,
}

/// A map.
#[derive(Clone, Debug, Default)]
pub struct Map {
    pub(super) entries: Arc<BTreeMap<Key, Value>>,
    /// Whether `a__dot__b` stands for the key `a.b`.
    pub(super) unescape: bool,
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Bool(bool),
    Int(i64),
    Uint(u64),
    String(Arc<str>),
}

impl List {
    pub(super) fn new(items: Vec<Value>) -> Self {
        Self {
            items: Arc::new(items),
            unescape: false,
            go_strings: false,
        }
    }

    pub(super) fn strings(items: Vec<String>) -> Self {
        let items = items.into_iter().map(Value::from).collect();
        Self {
            items: Arc::new(items),
            unescape: false,
            go_strings: true,
        }
    }

    /// The elements.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    pub(super) fn get(&self, index: usize) -> Option<Value> {
        let value = self.items.get(index)?.clone();
        Some(if self.unescape {
            value.unescaping()
        } else {
            value
        })
    }
}

impl Map {
    pub(super) fn new(entries: BTreeMap<Key, Value>) -> Self {
        Self {
            entries: Arc::new(entries),
            unescape: false,
        }
    }

    /// The value of a key; numbers of different types that are equal are one key.
    pub(super) fn find(&self, key: &Value) -> Option<Value> {
        if self.unescape
            && let Value::String(name) = key
        {
            let plain = unescape(name).filter(|plain| **plain != **name);
            let name = plain.map_or_else(|| Arc::clone(name), Arc::from);
            return self
                .entries
                .get(&Key::String(name))
                .cloned()
                .map(Value::unescaping);
        }
        let found = match key {
            Value::Bool(b) => self.entries.get(&Key::Bool(*b)),
            Value::String(s) => self.entries.get(&Key::String(Arc::clone(s))),
            Value::Int(n) => self.number(Some(*n), u64::try_from(*n).ok()),
            Value::Uint(n) => self.number(i64::try_from(*n).ok(), Some(*n)),
            Value::Double(d) => self.number(whole(*d), whole_unsigned(*d)),
            _ => None,
        };
        found
            .cloned()
            .map(|v| if self.unescape { v.unescaping() } else { v })
    }

    fn number(&self, signed: Option<i64>, unsigned: Option<u64>) -> Option<&Value> {
        signed
            .and_then(|n| self.entries.get(&Key::Int(n)))
            .or_else(|| unsigned.and_then(|n| self.entries.get(&Key::Uint(n))))
    }
}

impl Key {
    pub(super) fn to_value(&self) -> Value {
        match self {
            Key::Bool(b) => Value::Bool(*b),
            Key::Int(n) => Value::Int(*n),
            Key::Uint(n) => Value::Uint(*n),
            Key::String(s) => Value::String(Arc::clone(s)),
        }
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(b) => Key::Bool(*b),
            Value::Int(n) => Key::Int(*n),
            Value::Uint(n) => Key::Uint(*n),
            Value::String(s) => Key::String(Arc::clone(s)),
            _ => return None,
        })
    }
}

/// A double as a whole number, if it is one.
pub(super) fn whole(d: f64) -> Option<i64> {
    let limit = 9_223_372_036_854_775_808.0;
    ((-limit..limit).contains(&d) && d.fract() == 0.0).then_some(d as i64)
}

fn whole_unsigned(d: f64) -> Option<u64> {
    ((0.0..18_446_744_073_709_551_616.0).contains(&d) && d.fract() == 0.0).then_some(d as u64)
}

impl Value {
    /// `claims` or `user`: fields are found by their escaped names at every depth (`a__dot__b` is `a.b`), and the
    /// whole has neither a size nor elements (`k8s.io/apiserver/pkg/cel/lazy`).
    #[must_use]
    pub fn object(fields: &serde_json::Map<String, serde_json::Value>) -> Self {
        let fields = fields
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value).unescaping()))
            .collect();
        Value::Object(Arc::new(fields))
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// What the server takes from a value of groups or of an extra key: a string, a list of strings or null; empty
    /// strings are left out. `None` where it answers `expression must return a string or a list of strings`.
    #[must_use]
    pub fn to_strings(&self) -> Option<Vec<String>> {
        match self {
            Value::Null => Some(Vec::new()),
            Value::String(s) if s.is_empty() => Some(Vec::new()),
            Value::String(s) => Some(vec![s.to_string()]),
            Value::List(list) if list.go_strings => None,
            Value::List(list) => {
                let all: Option<Vec<&str>> = list.items.iter().map(Value::as_str).collect();
                Some(
                    all?.into_iter()
                        .filter(|s| !s.is_empty())
                        .map(str::to_owned)
                        .collect(),
                )
            }
            _ => None,
        }
    }

    pub(super) fn unescaping(self) -> Self {
        match self {
            Value::List(list) => Value::List(List {
                unescape: true,
                ..list
            }),
            Value::Map(map) => Value::Map(Map {
                unescape: true,
                ..map
            }),
            other => other,
        }
    }

    /// The name of the type at run time.
    pub(super) fn type_name(&self) -> &str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::String(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Object(fields) if fields.contains_key("username") => "kubernetes.UserInfo",
            Value::Object(_) => "kubernetes.claims",
            Value::Optional(_) => "optional_type",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::Type(_) => "type",
            Value::Opaque(opaque) => opaque.type_name(),
        }
    }

    /// The name of the Go type, which one error shows.
    pub(super) fn go_type(&self) -> &'static str {
        match self {
            Value::Null => "types.Null",
            Value::Bool(_) => "types.Bool",
            Value::Int(_) => "types.Int",
            Value::Uint(_) => "types.Uint",
            Value::Double(_) => "types.Double",
            Value::String(_) => "types.String",
            Value::Bytes(_) => "types.Bytes",
            Value::List(_) => "*types.baseList",
            Value::Map(_) => "*types.baseMap",
            Value::Object(_) => "*lazy.MapValue",
            Value::Optional(_) => "*types.Optional",
            Value::Timestamp(_) => "types.Timestamp",
            Value::Duration(_) => "types.Duration",
            Value::Type(_) => "*types.Type",
            Value::Opaque(opaque) => opaque.go_type(),
        }
    }

    /// What cost counts: characters, bytes, elements; 1 for all else.
    pub(super) fn size(&self) -> u64 {
        match self {
            Value::String(s) => s.chars().count() as u64,
            Value::Bytes(b) => b.len() as u64,
            Value::List(list) => list.items.len() as u64,
            Value::Map(map) => map.entries.len() as u64,
            Value::Object(fields) => fields.len() as u64,
            Value::Opaque(opaque) => opaque.size(),
            _ => 1,
        }
    }
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(*b),
            serde_json::Value::Number(n) => Value::Double(n.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(s) => Value::from(s.as_str()),
            serde_json::Value::Array(items) => {
                Value::List(List::new(items.iter().map(Value::from).collect()))
            }
            serde_json::Value::Object(fields) => {
                let entry = |(name, value): (&String, &serde_json::Value)| {
                    (Key::String(Arc::from(name.as_str())), Value::from(value))
                };
                Value::Map(Map::new(fields.iter().map(entry).collect()))
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(Arc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(Arc::from(text))
    }
}

/// Words that are escaped as `__word__`.
const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Resolves `__dot__` and the like (`k8s.io/apiserver/pkg/cel/escaping.go`); nothing if an escape is none.
pub(super) fn unescape(escaped: &str) -> Option<String> {
    let mut out = String::with_capacity(escaped.len());
    let mut rest = escaped;
    loop {
        // Two underscores, something without any, two underscores.
        let found = rest.match_indices("__").find_map(|(at, _)| {
            let inner = &rest[at + 2..];
            let end = inner.find('_')?;
            (end > 0 && inner[end..].starts_with("__")).then_some((at, end))
        });
        let Some((at, len)) = found else {
            out.push_str(rest);
            return Some(out);
        };
        out.push_str(&rest[..at]);
        let word = &rest[at + 2..at + 2 + len];
        out.push_str(match word {
            "underscores" => "__",
            "dot" => ".",
            "dash" => "-",
            "slash" => "/",
            _ if RESERVED.contains(&word) && escaped.len() == len + 4 => word,
            _ => return None,
        });
        rest = &rest[at + 4 + len..];
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn unescapes_as_kubernetes_does() {
        for (escaped, plain) in [
            ("sub", Some("sub")),
            ("example__dot__com", Some("example.com")),
            ("a__dash__b__slash__c", Some("a-b/c")),
            ("a__underscores__b", Some("a__b")),
            ("__if__", Some("if")),
            ("x__if__", None),
            ("__nope__", None),
            ("a__b", Some("a__b")),
            ("____", Some("____")),
            ("__namespace__", Some("namespace")),
        ] {
            assert_eq!(unescape(escaped).as_deref(), plain, "{escaped}");
        }
    }
}
