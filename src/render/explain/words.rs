//! How objects, rules and places are called in sentences.

use crate::model::{
    Binding, BindingKind, Cluster, PolicyRule, Role, RoleKind, Subject, SubjectKind, Symbol,
};

pub(super) use crate::render::{place, word};

/// How many items of a list are worth reading in a sentence.
const MOST: usize = 6;

/// `NAMESPACE/NAME`, or `NAME` of what has no namespace.
pub(super) fn named(namespace: &str, name: &str) -> String {
    match namespace {
        "" => word(name),
        namespace => format!("{}/{}", word(namespace), word(name)),
    }
}

pub(super) fn binding(cluster: &Cluster, binding: &Binding) -> String {
    let namespace = match binding.kind {
        BindingKind::ClusterRoleBinding => "",
        BindingKind::RoleBinding => cluster.str(binding.namespace),
    };
    format!(
        "{} {}",
        binding.kind.as_str(),
        named(namespace, cluster.str(binding.name))
    )
}

pub(super) fn role(cluster: &Cluster, role: &Role) -> String {
    let namespace = match role.kind {
        RoleKind::ClusterRole => "",
        RoleKind::Role => cluster.str(role.namespace),
    };
    format!(
        "{} {}",
        role.kind.as_str(),
        named(namespace, cluster.str(role.name))
    )
}

pub(super) fn subject(cluster: &Cluster, subject: &Subject) -> String {
    let namespace = match subject.kind {
        SubjectKind::ServiceAccount => cluster.str(subject.namespace),
        SubjectKind::User | SubjectKind::Group => "",
    };
    format!(
        "{} {}",
        subject.kind.as_str(),
        named(namespace, cluster.str(subject.name))
    )
}

/// `RESOURCE.GROUP/SUBRESOURCE`, the group left out where it is the core group.
pub(super) fn resource(group: &str, resource: &str) -> String {
    match (group, resource.split_once('/')) {
        ("", _) => word(resource),
        ("*", _) => word(&format!("{resource}.*")),
        (group, None) => word(&format!("{resource}.{group}")),
        (group, Some((resource, below))) => word(&format!("{resource}.{group}/{below}")),
    }
}

/// `a, b and 3 more`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => "nothing".to_owned(),
        items if items.len() <= MOST => items.join(", "),
        items => format!(
            "{} and {} more",
            items[..MOST - 2].join(", "),
            items.len() - (MOST - 2)
        ),
    }
}

pub(super) fn symbols(cluster: &Cluster, symbols: &[Symbol]) -> String {
    let words: Vec<String> = symbols.iter().map(|s| word(cluster.str(*s))).collect();
    list(&words)
}

/// `create, update on deployments.apps`; the resource `first`, where the rule holds it, comes first.
pub(super) fn rule(cluster: &Cluster, rule: &PolicyRule, first: &str) -> String {
    let mut what: Vec<String> = Vec::new();
    for &group in &rule.api_groups {
        for &entry in &rule.resources {
            let (group, entry) = (cluster.str(group), cluster.str(entry));
            what.push(match (group, entry) {
                ("*", "*") => "everything".to_owned(),
                _ => resource(group, entry),
            });
        }
    }
    if let Some(index) = what.iter().position(|item| item == first) {
        what[..=index].rotate_right(1);
    }
    what.extend(
        rule.non_resource_urls
            .iter()
            .map(|url| word(cluster.str(*url))),
    );
    format!("{} on {}", symbols(cluster, &rule.verbs), list(&what))
}
