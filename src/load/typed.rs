//! Documents read into Go types as apimachinery's serializers read them: which of JSON and YAML a text
//! is, what kind of object, which value has a wrong type, which field does not exist, in its words.
//!
//! A schema names the Go types as far as error messages show them; whoever asks takes the values from the
//! tree afterwards.

use super::go_json;
use super::tree::{Entry, Kind, Tree, Value};
use super::{ParseError, Sink, json, yaml};
use crate::model::{Quoted, duration};
use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, Engine};

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// `bool`
    Bool,
    /// `string`
    String,
    /// `metav1.Duration`, which is written as a string.
    Duration,
    /// `[]byte`, which is written as base64.
    Bytes,
    /// Not looked at.
    Any,
    /// A struct.
    Struct(&'static Struct),
    /// A slice.
    List(&'static Type),
    /// A map with keys that are strings.
    Map(&'static Type),
    /// A named type: the name in messages (with a dot: of another package), and what it is.
    Named(&'static str, &'static Type),
}

/// A Go struct.
#[derive(Debug)]
pub struct Struct {
    /// Its name, without the package.
    pub name: &'static str,
    /// Its fields by their JSON names.
    pub fields: &'static [(&'static str, Type)],
}

impl Type {
    /// How Go names it; structs are of the package of their version.
    fn go_name(self, version: &str) -> String {
        match self {
            Type::Bool => "bool".to_owned(),
            Type::String | Type::Duration => "string".to_owned(),
            Type::Bytes => "[]uint8".to_owned(),
            Type::Any => "interface {}".to_owned(),
            Type::Struct(of) => format!("{version}.{}", of.name),
            Type::List(of) => format!("[]{}", of.go_name(version)),
            Type::Map(of) => format!("map[string]{}", of.go_name(version)),
            Type::Named(name, _) if name.contains('.') => name.to_owned(),
            Type::Named(name, _) => format!("{version}.{name}"),
        }
    }
}

/// The first document of a text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    tree: Tree,
    /// Whether it was read as JSON.
    is_json: bool,
}

/// What is wrong with the values of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What stops decoding.
    pub error: Option<String>,
    /// Where the value stands that stops it: line and column.
    pub error_at: (u32, u32),
    /// Paths of fields that do not exist, in the order in which the server meets them.
    pub unknown: Vec<String>,
    /// Where those fields stand.
    pub unknown_at: Vec<(u32, u32)>,
}

/// The first document alone is read.
#[derive(Default)]
struct First(Option<Tree>);

enum Stop {
    Done,
    Parse(ParseError),
}

impl From<ParseError> for Stop {
    fn from(error: ParseError) -> Self {
        Stop::Parse(error)
    }
}

impl Sink for First {
    type Error = Stop;

    fn item(&mut self, _item: &Tree) -> Result<(), Stop> {
        Ok(())
    }

    fn discard_items(&mut self) {}

    fn document(&mut self, document: &Tree, _items: Option<usize>) -> Result<(), Stop> {
        self.0 = Some(document.clone());
        Err(Stop::Done)
    }

    fn empty(&mut self, _line: u32) -> Result<(), Stop> {
        Err(Stop::Done)
    }
}

/// Go cannot say what the struct of a kind and a version is called, so it shows it whole.
const META: &str = r#"couldn't get version/kind; json parse error: json: cannot unmarshal"#;

impl Document {
    /// Reads a text: as JSON where it begins with a brace, as YAML otherwise.
    ///
    /// # Errors
    /// The server's words, without the file's name.
    pub fn parse(text: &str) -> Result<Self, String> {
        Document::read(text, text.trim_start().starts_with('{'))
    }

    /// Reads a text as YAML, as kubeconfigs are.
    ///
    /// # Errors
    /// The server's words, without the file's name.
    pub fn parse_yaml(text: &str) -> Result<Self, String> {
        Document::read(text, false)
    }

    fn read(text: &str, is_json: bool) -> Result<Self, String> {
        let mut first = First::default();
        if is_json && let Some(complaint) = go_json::complaint(text.as_bytes()) {
            return Err(format!(
                "couldn't get version/kind; json parse error: {complaint}"
            ));
        }
        let parsed = match is_json {
            true => json::parse(text, &mut first),
            false => yaml::parse(text, &mut first),
        };
        match parsed {
            Ok(_) | Err(Stop::Done) => Ok(Document {
                tree: first.0.unwrap_or_default(),
                is_json,
            }),
            Err(Stop::Parse(error)) if is_json => Err(format!(
                "couldn't get version/kind; json parse error: {}",
                error.message
            )),
            Err(Stop::Parse(error)) => Err(match yaml::go_complaint(text) {
                Some(complaint) => format!("yaml: {complaint}"),
                None => format!("yaml: line {}: {}", error.line, error.message),
            }),
        }
    }

    /// The tree, for places.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The value; `None` for nothing and for `null`.
    pub fn root(&self) -> Option<Value<'_>> {
        self.tree.root().filter(|root| !root.is_null())
    }

    /// `apiVersion` and `kind`; empty where there is none.
    ///
    /// # Errors
    /// The server's words for what is no mapping, and for a version or kind that is no string.
    pub fn type_meta(&self) -> Result<(&str, &str), String> {
        let Some(root) = self.root() else {
            return Ok(("", ""));
        };
        let found = root.kind();
        if found != Kind::Mapping {
            return Err(format!(
                r#"{META} {} into Go value of type struct {{ APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }}"#,
                found.json_name()
            ));
        }
        let field = |name: &str| match root.get(name) {
            None => Ok(""),
            Some(value) => match value.kind() {
                Kind::Null => Ok(""),
                Kind::String => Ok(value.as_str().unwrap_or("")),
                kind => Err(format!(
                    "{META} {} into Go struct field .{name} of type string",
                    kind.json_name()
                )),
            },
        };
        Ok((field("apiVersion")?, field("kind")?))
    }

    /// Compares the values with a schema; `version` is the package of its structs.
    pub fn check(&self, of: &Struct, version: &str) -> Findings {
        let mut walk = Walk {
            version,
            is_json: self.is_json,
            soft: None,
            hard: None,
            unknown: Vec::new(),
            unknown_at: Vec::new(),
        };
        if let Some(root) = self.root() {
            walk.structure(root, of, "", "");
        }
        let (error, error_at) = walk.hard.or(walk.soft).unzip();
        Findings {
            error,
            error_at: error_at.unwrap_or_default(),
            unknown: walk.unknown,
            unknown_at: walk.unknown_at,
        }
    }

    /// What a strict decoder says of repeated and unknown fields; `None` if there are none.
    pub fn strict(&self, unknown: &[String]) -> Option<String> {
        let mut strict = self.duplicates();
        let unknown = unknown.iter();
        strict.extend(unknown.map(|path| format!("unknown field {}", Quoted(path))));
        match strict.is_empty() {
            true => None,
            false => Some(format!("strict decoding error: {}", strict.join(", "))),
        }
    }

    /// The entries of a mapping as a decoder that is not strict meets them: of repeated keys, JSON gives
    /// each in turn, and YAML the last alone.
    pub fn entries<'t>(&self, mapping: Value<'t>) -> Vec<Entry<'t>> {
        let mut entries: Vec<_> = mapping.entries().collect();
        if !self.is_json {
            // The sort is stable: the last of equal names stays last.
            entries.sort_by_key(|entry| entry.name);
            entries.reverse();
            entries.dedup_by_key(|entry| entry.name);
            entries.reverse();
        }
        entries
    }

    fn duplicates(&self) -> Vec<String> {
        let entries: Vec<_> = self.tree.duplicates().take(100).collect();
        if entries.is_empty() {
            return Vec::new();
        }
        if self.is_json {
            return entries
                .iter()
                .map(|entry| format!("duplicate field {}", Quoted(&self.tree.path(entry.key))))
                .collect();
        }
        let mut text = "yaml: unmarshal errors:".to_owned();
        for entry in &entries {
            // goyaml tells where the value stands.
            let (line, name) = (entry.value.line(), Quoted(entry.name));
            text.push_str(&format!("\n  line {line}: key {name} already set in map"));
        }
        vec![text]
    }
}

struct Walk<'a> {
    version: &'a str,
    is_json: bool,
    /// The first value of a wrong type: decoding goes on, and then fails.
    soft: Option<(String, (u32, u32))>,
    /// The first value that decodes itself and refuses: decoding stops.
    hard: Option<(String, (u32, u32))>,
    unknown: Vec<String>,
    unknown_at: Vec<(u32, u32)>,
}

impl Walk<'_> {
    /// The entries in the order in which the server meets them: it sorts the keys of YAML.
    fn ordered<'t>(&self, mapping: Value<'t>) -> Vec<Entry<'t>> {
        let mut entries: Vec<_> = mapping.entries().collect();
        if !self.is_json {
            entries.sort_by_key(|entry| entry.name);
        }
        entries
    }

    /// `shown` is the path with indices, `fields` the one of names alone.
    fn structure(&mut self, value: Value<'_>, of: &Struct, shown: &str, fields: &str) {
        let join = |path: &str, name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        for Entry { name, key, value } in self.ordered(value) {
            let Some((_, kind)) = of.fields.iter().find(|(field, _)| *field == name) else {
                self.unknown.push(join(shown, name));
                self.unknown_at.push((key.line(), key.column()));
                continue;
            };
            self.value(
                value,
                *kind,
                of.name,
                &join(shown, name),
                &join(fields, name),
            );
        }
    }

    fn value(&mut self, value: Value<'_>, kind: Type, owner: &str, shown: &str, fields: &str) {
        let at = (value.line(), value.column());
        match (kind, value.kind()) {
            (Type::Named(_, of), found) if !mismatch(*of, found) => {
                self.value(value, *of, owner, shown, fields);
            }
            (Type::Duration, Kind::String | Kind::Null) => {
                if let Err(error) = duration::parse(value.as_str().unwrap_or("")) {
                    self.hard.get_or_insert((error, at));
                }
            }
            (Type::Bytes, Kind::String) => {
                if let Some(error) = base64_complaint(value.as_str().unwrap_or("")) {
                    self.soft.get_or_insert((error, at));
                }
            }
            (_, Kind::Null)
            | (Type::Any, _)
            | (Type::Bool, Kind::Bool(_))
            | (Type::String, Kind::String) => {}
            (Type::Struct(of), Kind::Mapping) => self.structure(value, of, shown, fields),
            (Type::List(of), Kind::Sequence) => {
                for (i, item) in value.items().enumerate() {
                    self.value(item, *of, owner, &format!("{shown}[{i}]"), fields);
                }
            }
            (Type::Map(of), Kind::Mapping) => {
                for Entry { name, value, .. } in self.ordered(value) {
                    self.value(value, *of, owner, &format!("{shown}.{name}"), fields);
                }
            }
            (_, found) => {
                let (found, go) = (found.json_name(), kind.go_name(self.version));
                let error = format!(
                    "json: cannot unmarshal {found} into Go struct field {owner}.{fields} of type {go}"
                );
                match kind {
                    Type::Duration => self.hard.get_or_insert((error, at)),
                    _ => self.soft.get_or_insert((error, at)),
                };
            }
        }
    }
}

/// What Go says of a text that is no base64; line breaks do not count.
fn base64_complaint(text: &str) -> Option<String> {
    let plain: String = text.split(['\r', '\n']).collect();
    let at = match STANDARD.decode(&plain) {
        Ok(_) => return None,
        Err(DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _)) => at,
        Err(DecodeError::InvalidLength(_) | DecodeError::InvalidPadding) => plain.len(),
    };
    Some(format!("illegal base64 data at input byte {at}"))
}

/// Whether a value cannot be of a type at all.
fn mismatch(kind: Type, found: Kind) -> bool {
    match (kind, found) {
        (_, Kind::Null)
        | (Type::Any, _)
        | (Type::Bool, Kind::Bool(_))
        | (Type::String | Type::Duration | Type::Bytes, Kind::String)
        | (Type::Struct(_) | Type::Map(_), Kind::Mapping)
        | (Type::List(_), Kind::Sequence) => false,
        (Type::Named(_, of), found) => mismatch(*of, found),
        _ => true,
    }
}

/// The value of a field that is there and not null.
pub fn present<'t>(value: Value<'t>, name: &str) -> Option<Value<'t>> {
    value.get(name).filter(|value| !value.is_null())
}

/// The text of a field; `None` where there is none.
pub fn optional(value: Value<'_>, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}

/// The text of a field; empty where there is none.
pub fn text(value: Value<'_>, name: &str) -> String {
    optional(value, name).unwrap_or_default()
}

/// What the items of a field are made to.
pub fn items<T>(value: Value<'_>, name: &str, of: impl Fn(Value<'_>) -> T) -> Vec<T> {
    let list = present(value, name);
    list.iter().flat_map(|list| list.items()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{Document, Struct, Type};

    static OUTER: Struct = Struct {
        name: "Outer",
        fields: &[
            ("inner", Type::Struct(&INNER)),
            ("list", Type::List(&Type::Struct(&INNER))),
            ("data", Type::Bytes),
        ],
    };

    static INNER: Struct = Struct {
        name: "Inner",
        fields: &[
            ("text", Type::String),
            ("time", Type::Duration),
            (
                "more",
                Type::Map(&Type::Named("Words", &Type::List(&Type::String))),
            ),
        ],
    };

    #[test]
    fn texts_that_are_no_documents_are_told_as_go_does() {
        for (text, error) in [
            ("a: [", "yaml: line 1: did not find expected node content"),
            (
                "a: 1\nb: [b\n",
                "yaml: line 1: did not find expected ',' or ']'",
            ),
            (
                "a: 1\nb:\n\t- c\n",
                "yaml: line 3: found character that cannot start any token",
            ),
            (
                "{a: 1}",
                "couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string",
            ),
        ] {
            assert_eq!(Document::parse(text).map(drop), Err(error.to_owned()));
        }
        assert!(Document::parse_yaml("{a: 1}").is_ok());
    }

    #[test]
    fn wrong_types_have_gos_words_and_a_place() {
        for (text, error, place) in [
            (
                "inner: {text: 5}",
                "json: cannot unmarshal number into Go struct field Inner.inner.text of type string",
                (1, 15),
            ),
            (
                "list: [{}, {more: {k: x}}]",
                "json: cannot unmarshal string into Go struct field Inner.list.more of type v1.Words",
                (1, 23),
            ),
            (
                "list: {}",
                "json: cannot unmarshal object into Go struct field Outer.list of type []v1.Inner",
                (1, 7),
            ),
            ("data: '?'", "illegal base64 data at input byte 0", (1, 7)),
            // What decodes itself stops everything.
            (
                "inner: {text: 5, time: x}",
                "time: invalid duration \"x\"",
                (1, 24),
            ),
        ] {
            let document = Document::parse(text).expect("a document");
            let findings = document.check(&OUTER, "v1");
            assert_eq!(findings.error.as_deref(), Some(error), "{text}");
            assert_eq!(findings.error_at, place, "{text}");
        }
    }

    #[test]
    fn unknown_fields_are_all_found() {
        let document = Document::parse("zz: 1\nlist:\n- text: a\n  Text: b\n").expect("a document");
        let findings = document.check(&OUTER, "v1");
        assert_eq!(findings.error, None);
        assert_eq!(findings.unknown, ["list[0].Text", "zz"]);
        assert_eq!(findings.unknown_at, [(4, 3), (1, 1)]);
        let strict = document.strict(&findings.unknown);
        let expected =
            "strict decoding error: unknown field \"list[0].Text\", unknown field \"zz\"";
        assert_eq!(strict.as_deref(), Some(expected));
    }
}
