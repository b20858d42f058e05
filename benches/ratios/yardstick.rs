//! What a careful program without an index or a scanner of its own would do: derived owned structs,
//! filled by `serde_yaml` and `serde_json`.
//!
//! One flat struct stands for every kind, because a tagged enum would make serde buffer each object and
//! flatter the contender. Nothing keeps positions.

use serde::Deserialize;
use std::collections::BTreeMap;

/// An object of any kind of the dump.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub struct Object {
    api_version: String,
    /// The kind.
    pub kind: String,
    metadata: Metadata,
    /// The rules of a role.
    #[serde(default)]
    pub rules: Vec<Rule>,
    role_ref: Option<RoleRef>,
    /// The subjects of a binding.
    #[serde(default)]
    pub subjects: Vec<Subject>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Metadata {
    name: String,
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// A rule of a role.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub struct Rule {
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    api_groups: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    resource_names: Vec<String>,
    #[serde(default, rename = "nonResourceURLs")]
    non_resource_urls: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct RoleRef {
    #[serde(default)]
    api_group: String,
    kind: String,
    name: String,
}

/// A subject of a binding.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub struct Subject {
    #[serde(default)]
    api_group: String,
    kind: String,
    name: String,
    #[serde(default)]
    namespace: String,
}

/// A `kind: List`.
#[derive(Debug, Deserialize)]
pub struct List {
    /// Its items.
    pub items: Vec<Object>,
}

/// A stream of YAML documents.
pub fn yaml_documents(text: &str) -> Vec<Object> {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| Object::deserialize(document).expect("an object"))
        .collect()
}

/// One list in YAML.
pub fn yaml_list(text: &str) -> Vec<Object> {
    serde_yaml::from_str::<List>(text).expect("a list").items
}

/// One list in JSON.
pub fn json_list(text: &str) -> Vec<Object> {
    serde_json::from_str::<List>(text).expect("a list").items
}

/// A SubjectAccessReview.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub struct Review {
    api_version: String,
    kind: String,
    #[serde(default)]
    metadata: ReviewMetadata,
    spec: ReviewSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct ReviewMetadata {
    #[serde(default)]
    name: String,
    #[serde(default)]
    namespace: String,
    creation_timestamp: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct ReviewSpec {
    resource_attributes: Option<ResourceAttributes>,
    non_resource_attributes: Option<NonResourceAttributes>,
    #[serde(default)]
    user: String,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    extra: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    uid: String,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
#[allow(dead_code)]
struct ResourceAttributes {
    namespace: String,
    verb: String,
    group: String,
    version: String,
    resource: String,
    subresource: String,
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[allow(dead_code)]
struct NonResourceAttributes {
    path: String,
    verb: String,
}
