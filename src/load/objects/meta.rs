//! `metadata` (`metav1.ObjectMeta`): decoded and validated as for every object.

use super::Context;
use crate::load::decode::{DecodeError, integer, list, mapping, string, string_field, time};
use crate::load::tree::{Entry, Value};
use crate::model::names::{label_key_errors, label_value_errors, path_segment_errors};
use crate::model::{FieldError, Symbol};
use std::borrow::Cow;

/// The fields of ObjectMeta.
const METADATA_FIELDS: [&str; 15] = [
    "name",
    "namespace",
    "labels",
    "annotations",
    "generateName",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "ownerReferences",
    "finalizers",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
];

/// The metadata that matters here.
pub(super) struct ObjectMeta<'t> {
    /// The name; with `generateName`, the prefix and a stand-in for what the server would add.
    pub(super) name: Cow<'t, str>,
    pub(super) namespace: &'t str,
    pub(super) labels: Box<[(Symbol, Symbol)]>,
}

impl Context<'_> {
    /// Decodes `metadata`; what the server would refuse is added to `errors`.
    pub(super) fn object_meta<'t>(
        &mut self,
        root: Value<'t>,
        kind: &str,
        errors: &mut Vec<FieldError>,
    ) -> Result<ObjectMeta<'t>, DecodeError> {
        let Some(metadata) = mapping(root.get("metadata"), format_args!("metadata"))? else {
            return Err(DecodeError::at(
                root,
                format!("{kind} without metadata: metadata.name is required"),
            ));
        };
        let (mut name, mut generate_name, mut namespace) = ("", "", "");
        let (mut labels, mut annotations, mut owners, mut finalizers) = (None, None, None, None);
        let mut unknown = false;
        for Entry {
            name: field, value, ..
        } in metadata.entries()
        {
            let path = format_args!("metadata.{field}");
            match field {
                "name" => name = string(value, path)?.unwrap_or(""),
                "generateName" => generate_name = string(value, path)?.unwrap_or(""),
                "namespace" => namespace = string(value, path)?.unwrap_or(""),
                "labels" => labels = Some(value),
                "annotations" => annotations = Some(value),
                "ownerReferences" => owners = Some(value),
                "finalizers" => finalizers = Some(value),
                "uid" | "resourceVersion" | "selfLink" => drop(string(value, path)?),
                "generation" => integer(value, path)?,
                "creationTimestamp" | "deletionTimestamp" => time(value, path)?,
                "managedFields" | "deletionGracePeriodSeconds" => {}
                _ => unknown = true,
            }
        }
        if unknown {
            self.check_fields(metadata, "metadata", &METADATA_FIELDS);
        }
        let labels = match labels {
            Some(labels) => self.string_map(Some(labels), "metadata.labels")?,
            None => Vec::new(),
        };
        let name: Cow<'t, str> = match (name, generate_name) {
            ("", "") => {
                return Err(DecodeError::at(
                    metadata,
                    format!("{kind} without a name: metadata.name is required"),
                ));
            }
            ("", prefix) => {
                let wrong = path_segment_errors(prefix).into_iter();
                errors
                    .extend(wrong.map(|e| FieldError::invalid("metadata.generateName", prefix, e)));
                format!("{prefix}<generated>").into()
            }
            (name, _) => name.into(),
        };
        let wrong = path_segment_errors(&name).into_iter();
        errors.extend(wrong.map(|e| FieldError::invalid("metadata.name", &*name, e)));
        self.check_labels(&labels, "metadata.labels", errors);
        check_annotations(annotations, errors)?;
        check_owners(owners, errors)?;
        check_finalizers(finalizers, errors)?;
        Ok(ObjectMeta {
            name,
            namespace,
            labels: labels.into(),
        })
    }

    /// The namespace of a namespaced object.
    pub(super) fn namespace_of(&mut self, object: &ObjectMeta<'_>) -> Symbol {
        let named = Some(object.namespace).filter(|namespace| !namespace.is_empty());
        self.interner.intern(named.unwrap_or(self.namespace))
    }

    /// A mapping from strings to strings.
    pub(super) fn string_map(
        &mut self,
        value: Option<Value<'_>>,
        path: &str,
    ) -> Result<Vec<(Symbol, Symbol)>, DecodeError> {
        let Some(map) = mapping(value, format_args!("{path}"))? else {
            return Ok(Vec::new());
        };
        let mut pairs = Vec::new();
        for Entry { name, value, .. } in map.entries() {
            let text = string(value, format_args!("{path}.{name}"))?.unwrap_or("");
            pairs.push((self.interner.intern(name), self.interner.intern(text)));
        }
        Ok(pairs)
    }

    /// Label keys and values have a syntax.
    pub(super) fn check_labels(
        &self,
        labels: &[(Symbol, Symbol)],
        path: &str,
        errors: &mut Vec<FieldError>,
    ) {
        for &(key, value) in labels {
            let (key, value) = (self.interner.resolve(key), self.interner.resolve(value));
            let wrong = label_key_errors(key).into_iter();
            errors.extend(wrong.map(|e| FieldError::invalid(path, key, e)));
            let wrong = label_value_errors(value).into_iter();
            errors.extend(wrong.map(|e| FieldError::invalid(path, value, e)));
        }
    }
}

fn check_annotations(
    value: Option<Value<'_>>,
    errors: &mut Vec<FieldError>,
) -> Result<(), DecodeError> {
    let path = "metadata.annotations";
    let Some(annotations) = mapping(value, format_args!("{path}"))? else {
        return Ok(());
    };
    for Entry { name, value, .. } in annotations.entries() {
        string(value, format_args!("{path}.{name}"))?;
        // Annotations may be upper case where labels may not.
        let wrong = label_key_errors(&name.to_lowercase()).into_iter();
        errors.extend(wrong.map(|e| FieldError::invalid(path, name, e)));
    }
    Ok(())
}

fn check_owners(value: Option<Value<'_>>, errors: &mut Vec<FieldError>) -> Result<(), DecodeError> {
    let path = "metadata.ownerReferences";
    let Some(owners) = list(value, format_args!("{path}"))? else {
        return Ok(());
    };
    for owner in owners.items() {
        let Some(owner) = mapping(Some(owner), format_args!("{path}[]"))? else {
            continue;
        };
        let field = |name: &str| string_field(owner, name, format_args!("{path}.{name}"));
        let version = field("apiVersion")?;
        let version = version
            .rsplit_once('/')
            .map_or(version, |(_, version)| version);
        if version.is_empty() {
            let why = "version must not be empty";
            errors.push(FieldError::invalid(
                format!("{path}.apiVersion"),
                version,
                why,
            ));
        }
        for name in ["kind", "name", "uid"] {
            if field(name)?.is_empty() {
                let field = format!("{path}.{name}");
                errors.push(FieldError::invalid(field, "", "must not be empty"));
            }
        }
    }
    Ok(())
}

fn check_finalizers(
    value: Option<Value<'_>>,
    errors: &mut Vec<FieldError>,
) -> Result<(), DecodeError> {
    // Those without a domain that the server knows.
    const STANDARD: [&str; 3] = ["foregroundDeletion", "orphan", "kubernetes"];
    let path = "metadata.finalizers";
    let Some(finalizers) = list(value, format_args!("{path}"))? else {
        return Ok(());
    };
    for (i, finalizer) in finalizers.items().enumerate() {
        let name = string(finalizer, format_args!("{path}[{i}]"))?.unwrap_or("");
        let field = format!("{path}[{i}]");
        let wrong = label_key_errors(name);
        if wrong.is_empty() && !name.contains('/') && !STANDARD.contains(&name) {
            let why = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&*field, name, why));
        }
        let wrong = wrong.into_iter();
        errors.extend(wrong.map(|e| FieldError::invalid(&*field, name, e)));
    }
    Ok(())
}
