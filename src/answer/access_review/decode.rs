//! Decoding of access reviews: borrowing, lenient about repetitions, with Go's words about wrong types.

use super::{AccessReview, Metadata, NonResourceAttributes, ResourceAttributes, Spec};
use crate::model::BadValue;
use crate::model::selectors::{Requirement, Selector};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The JSON fields of ObjectMeta, in the server's order. `managedFields` is not among them: the
/// server fills it in and does not count it.
const OBJECT_META: [&str; 13] = [
    "name",
    "generateName",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
];

impl Metadata<'_> {
    /// The object as the server's messages show it.
    pub(super) fn shown(&self, with_namespace: bool) -> BadValue {
        let mut members: Vec<String> = Vec::new();
        let mut push = |name: &str, value: &Value| members.push(format!("\"{name}\":{value}"));
        let (before, after) = (self.rest.range(..2), self.rest.range(2..));
        before.for_each(|(&i, value)| push(OBJECT_META[i], value));
        if with_namespace && !self.namespace.is_empty() {
            push("namespace", &Value::from(&*self.namespace));
        }
        after.for_each(|(&i, value)| push(OBJECT_META[i], value));
        BadValue::Json(format!("{{{}}}", members.join(",")))
    }
}

/// Where a value stands, for the message about its type.
struct Place<'p> {
    /// The Go type that has the field; `*` stands for Field or Label, as the path tells.
    owner: &'static str,
    name: &'static str,
    parent: Option<&'p Place<'p>>,
    /// The Go type of the field where it is not the usual one.
    go_type: Option<&'static str>,
}

/// Decodes into a value that may hold something already, as Go does: a later object is merged into an
/// earlier one, and `null` leaves a string or an object alone.
trait Decode<'de> {
    fn go_type() -> String;
    fn null(&mut self) {}
    fn text(&mut self, _: Cow<'de, str>) -> bool {
        false
    }
    /// `false`: an array does not fit.
    fn seq<A: SeqAccess<'de>>(&mut self, _: A, _: Option<&Place>) -> Result<bool, A::Error> {
        Ok(false)
    }
    /// `false`: an object does not fit.
    fn map<A: MapAccess<'de>>(&mut self, _: A, _: Option<&Place>) -> Result<bool, A::Error> {
        Ok(false)
    }
}

struct Target<'s, T>(&'s mut T, Option<&'s Place<'s>>);

impl<T> Target<'_, T> {
    fn mismatch<'de, E: serde::de::Error>(&self, found: &str) -> E
    where
        T: Decode<'de>,
    {
        let mut go_type = T::go_type();
        let Some(place) = self.1 else {
            return E::custom(format!(
                "json: cannot unmarshal {found} into Go value of type {go_type}"
            ));
        };
        if let Some(name) = place.go_type {
            go_type = name.to_owned();
        }
        let mut path: Vec<_> = std::iter::successors(Some(place), |p| p.parent)
            .map(|p| p.name)
            .collect();
        path.reverse();
        let selector = if path.contains(&"fieldSelector") {
            "Field"
        } else {
            "Label"
        };
        let (owner, path) = (place.owner, path.join("."));
        let text = format!(
            "json: cannot unmarshal {found} into Go struct field {owner}.{path} of type {go_type}"
        );
        E::custom(text.replace('*', selector))
    }
}

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Target<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Decode<'de>> Visitor<'de> for Target<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&T::go_type())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }
    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        Err(self.mismatch("bool"))
    }
    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        Err(self.mismatch("number"))
    }
    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        Err(self.mismatch("number"))
    }
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        Err(self.mismatch("number"))
    }
    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<(), E> {
        let fits = self.0.text(Cow::Borrowed(text));
        if fits {
            Ok(())
        } else {
            Err(self.mismatch("string"))
        }
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        let fits = self.0.text(Cow::Owned(text.to_owned()));
        if fits {
            Ok(())
        } else {
            Err(self.mismatch("string"))
        }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        let fits = self.0.seq(seq, self.1)?;
        if fits {
            Ok(())
        } else {
            Err(self.mismatch("array"))
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let fits = self.0.map(map, self.1)?;
        if fits {
            Ok(())
        } else {
            Err(self.mismatch("object"))
        }
    }
}

impl<'de> Decode<'de> for Cow<'de, str> {
    fn go_type() -> String {
        "string".to_owned()
    }
    fn text(&mut self, text: Cow<'de, str>) -> bool {
        *self = text;
        true
    }
}

impl<'de, T: Decode<'de> + Default> Decode<'de> for Vec<T> {
    fn go_type() -> String {
        format!("[]{}", T::go_type())
    }
    fn null(&mut self) {
        self.clear();
    }
    fn seq<A: SeqAccess<'de>>(&mut self, mut seq: A, at: Option<&Place>) -> Result<bool, A::Error> {
        self.clear();
        // An element's type has no name of its own.
        let at = at.map(|at| Place {
            go_type: None,
            ..*at
        });
        let mut element = T::default();
        while let Some(()) = seq.next_element_seed(Target(&mut element, at.as_ref()))? {
            self.push(std::mem::take(&mut element));
        }
        Ok(true)
    }
}

/// `spec.extra`
impl<'de> Decode<'de> for BTreeMap<Cow<'de, str>, Vec<Cow<'de, str>>> {
    fn go_type() -> String {
        "map[string]v1.ExtraValue".to_owned()
    }
    fn null(&mut self) {
        self.clear();
    }
    fn map<A: MapAccess<'de>>(&mut self, mut map: A, at: Option<&Place>) -> Result<bool, A::Error> {
        let go_type = Some("v1.ExtraValue");
        let at = at.map(|at| Place { go_type, ..*at });
        while let Some(Text(key)) = map.next_key()? {
            let mut value = Vec::new();
            map.next_value_seed(Target(&mut value, at.as_ref()))?;
            self.insert(key, value);
        }
        Ok(true)
    }
}

impl<'de, T: Decode<'de> + Default> Decode<'de> for Option<T> {
    fn go_type() -> String {
        T::go_type()
    }
    fn null(&mut self) {
        *self = None;
    }
    fn map<A: MapAccess<'de>>(&mut self, map: A, at: Option<&Place>) -> Result<bool, A::Error> {
        self.get_or_insert_default().map(map, at)
    }
}

/// A key, borrowed where it can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Implements [`Decode`] for an object: its type, its Go type, and its fields by their JSON names.
macro_rules! object {
    ($type:ident, $go:literal, $($key:literal => $field:ident $(as $go_type:literal)?),+) => {
        impl<'de> Decode<'de> for $type<'de> {
            fn go_type() -> String {
                concat!("v1.", $go).to_owned()
            }
            fn map<A: MapAccess<'de>>(
                &mut self,
                mut map: A,
                parent: Option<&Place>,
            ) -> Result<bool, A::Error> {
                            while let Some(Text(key)) = map.next_key()? {
                        match &*key {
                            $($key => {
                                let go_type = None$(.or(Some($go_type)))?;
                                let at = Place { owner: $go, name: $key, parent, go_type };
                                map.next_value_seed(Target(&mut self.$field, Some(&at)))?;
                            })+
                            _ => {
                                map.next_value::<IgnoredAny>()?;
                            }
                        }
                    }
                Ok(true)
            }
        }
    };
}

object!(AccessReview, "SubjectAccessReview",
    "apiVersion" => api_version, "kind" => kind, "metadata" => metadata, "spec" => spec);
object!(Spec, "SubjectAccessReviewSpec",
    "resourceAttributes" => resource_attributes,
    "nonResourceAttributes" => non_resource_attributes,
    "user" => user, "groups" => groups, "extra" => extra, "uid" => uid);
object!(ResourceAttributes, "ResourceAttributes",
    "namespace" => namespace, "verb" => verb, "group" => group, "version" => version,
    "resource" => resource, "subresource" => subresource, "name" => name,
    "fieldSelector" => field_selector, "labelSelector" => label_selector);
object!(NonResourceAttributes, "NonResourceAttributes", "path" => path, "verb" => verb);
object!(Selector, "*SelectorAttributes", "rawSelector" => raw, "requirements" => requirements);
object!(Requirement, "*SelectorRequirement",
    "key" => key, "operator" => operator as "v1.*SelectorOperator", "values" => values);

impl<'de> Decode<'de> for Metadata<'de> {
    fn go_type() -> String {
        "v1.ObjectMeta".to_owned()
    }
    fn map<A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        parent: Option<&Place>,
    ) -> Result<bool, A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            let name = OBJECT_META.iter().position(|&name| name == key);
            match name {
                _ if key == "namespace" => {
                    let at = Place {
                        owner: "ObjectMeta",
                        name: "namespace",
                        parent,
                        go_type: None,
                    };
                    map.next_value_seed(Target(&mut self.namespace, Some(&at)))?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(i) => {
                    let value: Value = map.next_value()?;
                    let empty = match &value {
                        Value::Null => true,
                        Value::String(text) => text.is_empty(),
                        Value::Array(list) => list.is_empty(),
                        Value::Object(map) => map.is_empty(),
                        // A grace period of 0 is a pointer, which is there.
                        Value::Number(n) => n.as_i64() == Some(0) && OBJECT_META[i] == "generation",
                        Value::Bool(_) => false,
                    };
                    if empty {
                        self.rest.remove(&i);
                    } else {
                        self.rest.insert(i, value);
                    }
                }
            }
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AccessReview<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut review = AccessReview::default();
        Target(&mut review, None).deserialize(deserializer)?;
        Ok(review)
    }
}
