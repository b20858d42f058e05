//! Proves that the embedded tables equal what was recorded from a server. `UPDATE_DEFAULTS=1` rewrites
//! them.

use serde_json::Value;
use std::path::Path;

fn recorded_json(path: &str) -> Value {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/rbac");
    let text = std::fs::read_to_string(data.join(path)).expect("recorded data");
    serde_json::from_str(&text).expect("recorded JSON")
}

// The generator: JSON objects to Rust source.

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn join<T>(items: impl IntoIterator<Item = T>, source: impl FnMut(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(source).collect();
    items.join(", ")
}

fn lines_of(items: &[Value], source: impl FnMut(&Value) -> String) -> String {
    items.iter().map(source).collect()
}

fn strs(value: &Value) -> String {
    format!("&[{}]", join(items(value), |s| format!("{:?}", text(s))))
}

fn pairs(value: &Value) -> String {
    let fields = value.as_object().into_iter().flatten();
    format!(
        "&[{}]",
        join(fields, |(k, v)| format!("({k:?}, {:?})", text(v)))
    )
}

fn rule_source(rule: &Value) -> String {
    let [verbs, groups, resources] = ["verbs", "apiGroups", "resources"].map(|k| strs(&rule[k]));
    let [names, urls] = ["resourceNames", "nonResourceURLs"].map(|k| strs(&rule[k]));
    let rule = match (names.as_str(), urls.as_str(), groups.as_str()) {
        ("&[]", "&[]", _) => format!("resources({verbs}, {groups}, {resources})"),
        (_, "&[]", _) => format!("named({verbs}, {groups}, {resources}, {names})"),
        ("&[]", _, "&[]") => format!("urls({verbs}, {urls})"),
        _ => panic!("a rule of resources and paths"),
    };
    format!("\n            DefaultRule::{rule},")
}

fn role_source(role: &Value) -> String {
    let meta = &role["metadata"];
    let (namespace, name) = (text(&meta["namespace"]), text(&meta["name"]));
    let selectors = items(&role["aggregationRule"]["clusterRoleSelectors"]);
    assert!(
        selectors
            .iter()
            .all(|s| s.get("matchExpressions").is_none())
    );
    let selectors = join(selectors, |s| pairs(&s["matchLabels"]));
    let labels = pairs(&meta["labels"]);
    let rules = lines_of(items(&role["rules"]), rule_source);
    format!(
        "    DefaultRole {{ namespace: {namespace:?}, name: {name:?},
        labels: {labels},
        aggregation_selectors: &[{selectors}],
        rules: &[{rules}] }},\n"
    )
}

fn binding_source(binding: &Value) -> String {
    let [meta, role_ref] = ["metadata", "roleRef"].map(|k| &binding[k]);
    let [namespace, name] = ["namespace", "name"].map(|k| text(&meta[k]));
    let [kind, role] = ["kind", "name"].map(|k| text(&role_ref[k]));
    let subjects = join(items(&binding["subjects"]), |s| {
        match ["kind", "namespace", "name"].map(|k| text(&s[k])) {
            [kind @ "ServiceAccount", within, name] => {
                format!("DefaultSubject::{kind}({within:?}, {name:?})")
            }
            [kind, _, name] => format!("DefaultSubject::{kind}({name:?})"),
        }
    });
    format!(
        "    DefaultBinding {{ namespace: {namespace:?}, name: {name:?},
        role_ref: DefaultRoleRef::{kind}({role:?}),
        subjects: &[{subjects}] }},\n"
    )
}

/// The objects' kind, their table, its type, and what writes one object.
type Table = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Value) -> String,
);

const TABLES: [Table; 4] = [
    ("ClusterRoles", "CLUSTER_ROLES", "DefaultRole", role_source),
    ("Roles", "ROLES", "DefaultRole", role_source),
    (
        "ClusterRoleBindings",
        "CLUSTER_ROLE_BINDINGS",
        "DefaultBinding",
        binding_source,
    ),
    (
        "RoleBindings",
        "ROLE_BINDINGS",
        "DefaultBinding",
        binding_source,
    ),
];

/// The recorded default objects of a kind, such as `ClusterRoles`.
fn default_objects(kinds: &str) -> Vec<Value> {
    let list = recorded_json(&format!("defaults/input/{}.json", kinds.to_lowercase()));
    items(&list["items"]).to_vec()
}

fn policy_source() -> String {
    let mut out = String::from(
        "//! The default RBAC objects of a Kubernetes 1.36 cluster. Generated: see `tests/defaults.rs`.

use super::{DefaultBinding, DefaultRole, DefaultRoleRef, DefaultRule, DefaultSubject};\n",
    );
    for (kinds, name, of, source) in TABLES {
        let objects = lines_of(&default_objects(kinds), source);
        out +=
            &format!("\n/// The default {kinds}.\npub static {name}: &[{of}] = &[\n{objects}];\n");
    }
    out
}

fn api_resources_source() -> String {
    let discovery = recorded_json("defaults/discovery.json");
    // Most resources serve one of few lists of verbs.
    let mut lists: Vec<String> = Vec::new();
    let mut verbs_of = |value: &Value| {
        let list = strs(&value["verbs"]);
        let found = lists.iter().position(|old| *old == list);
        let index = found.unwrap_or(lists.len());
        if found.is_none() {
            lists.push(list);
        }
        format!("VERBS_{index}")
    };
    let mut resource = |r: &Value| {
        let [name, singular, kind] = ["name", "singularName", "kind"].map(|k| text(&r[k]));
        let [short, categories] = ["shortNames", "categories"].map(|k| strs(&r[k]));
        let (verbs, namespaced) = (verbs_of(r), &r["namespaced"]);
        let below = lines_of(items(&r["subresources"]), |s| {
            let ([name, kind], verbs) = (["name", "kind"].map(|k| text(&s[k])), verbs_of(s));
            format!(
                "\n                DefaultSubresource {{ name: {name:?}, kind: {kind:?}, verbs: {verbs} }},"
            )
        });
        format!(
            "            DefaultResource {{ name: {name:?}, singular: {singular:?}, kind: {kind:?},
                namespaced: {namespaced}, verbs: {verbs}, short_names: {short}, categories: {categories},
                subresources: &[{below}] }},\n"
        )
    };
    let mut version = |v: &Value| {
        let resources = lines_of(items(&v["resources"]), &mut resource);
        let name = text(&v["version"]);
        format!(
            "        DefaultVersion {{ name: {name:?}, resources: &[\n{resources}        ] }},\n"
        )
    };
    let groups = lines_of(items(&discovery["groups"]), |g| {
        let versions = lines_of(items(&g["versions"]), &mut version);
        let [name, preferred] = ["group", "preferredVersion"].map(|k| text(&g[k]));
        format!(
            "    DefaultGroup {{ name: {name:?}, preferred_version: {preferred:?}, versions: &[
{versions}    ] }},\n"
        )
    });
    let numbered = lists.iter().enumerate();
    let lists: String = numbered
        .map(|(index, list)| format!("static VERBS_{index}: Strs = {list};\n"))
        .collect();
    format!(
        "//! The API resources of a Kubernetes 1.36 server. Generated: see `tests/defaults.rs`.

use super::{{DefaultGroup, DefaultResource, DefaultSubresource, DefaultVersion, Strs}};

{lists}
/// The API groups in the server's order.
pub static GROUPS: &[DefaultGroup] = &[\n{groups}];\n"
    )
}

fn check_generated(file: &str, source: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/defaults")
        .join(file);
    if std::env::var_os("UPDATE_DEFAULTS").is_some_and(|v| v == "1") {
        std::fs::write(&path, &source).expect("the source tree can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the table is checked in");
    assert!(
        checked_in == source,
        "{file} is out of date: run with UPDATE_DEFAULTS=1"
    );
}

#[test]
fn the_policy_is_as_recorded() {
    check_generated("policy.rs", policy_source());
}

#[test]
fn the_api_resources_are_as_recorded() {
    check_generated("api_resources.rs", api_resources_source());
}
