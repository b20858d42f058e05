//! The API server's own way to a decision, ported as it is: what `decide` is measured against.
//!
//! The server keeps each kind in a store, a hash map from `NAMESPACE/NAME` to the object behind a lock,
//! with an index from a namespace to its keys. Every question lists *all* ClusterRoleBindings out of the
//! store and copies that list into one of their own type, likewise the RoleBindings of the namespace,
//! then compares each subject as strings and looks each role up by a key that it joins for that
//! (client-go `ListAll`, `ListAllByNamespace`, `GetByKey`; `DefaultRuleResolver.VisitRulesFor`).
//! The store has no order, so that another binding than ours may be named where several allow.

use rbac_check::model::{Attributes, BindingKind, Cluster, Request, RoleKind, SubjectKind, Symbol};
use std::collections::{HashMap, HashSet};
use std::sync::RwLock;

/// The hash is a fast one, as Go's is.
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
type Set<T> = HashSet<T, foldhash::fast::RandomState>;

struct Subject {
    kind: SubjectKind,
    namespace: String,
    name: String,
}

struct Binding {
    kind: BindingKind,
    namespace: String,
    name: String,
    role_kind: RoleKind,
    role_name: String,
    subjects: Vec<Subject>,
}

struct Rule {
    verbs: Vec<String>,
    api_groups: Vec<String>,
    resources: Vec<String>,
    resource_names: Vec<String>,
    non_resource_urls: Vec<String>,
}

struct Role {
    kind: RoleKind,
    namespace: String,
    name: String,
    rules: Vec<Rule>,
}

/// The objects, with strings of their own.
pub struct Objects {
    bindings: Vec<Binding>,
    roles: Vec<Role>,
}

impl Objects {
    /// Copies those of a cluster.
    pub fn new(cluster: &Cluster) -> Self {
        let text = |symbol: Symbol| cluster.str(symbol).to_owned();
        let list = |symbols: &[Symbol]| symbols.iter().map(|s| text(*s)).collect();
        let bindings = cluster.bindings().iter().map(|binding| Binding {
            kind: binding.kind,
            namespace: text(binding.namespace),
            name: text(binding.name),
            role_kind: binding.role_ref.kind,
            role_name: text(binding.role_ref.name),
            subjects: binding
                .subjects
                .iter()
                .map(|subject| Subject {
                    kind: subject.kind,
                    namespace: text(subject.namespace),
                    name: text(subject.name),
                })
                .collect(),
        });
        let roles = cluster.roles().iter().map(|role| Role {
            kind: role.kind,
            namespace: text(role.namespace),
            name: text(role.name),
            rules: role
                .rules
                .iter()
                .map(|rule| Rule {
                    verbs: list(&rule.verbs),
                    api_groups: list(&rule.api_groups),
                    resources: list(&rule.resources),
                    resource_names: list(&rule.resource_names),
                    non_resource_urls: list(&rule.non_resource_urls),
                })
                .collect(),
        });
        Objects {
            bindings: bindings.collect(),
            roles: roles.collect(),
        }
    }
}

struct Items<'o, T> {
    by_key: Map<String, &'o T>,
    by_namespace: Map<&'o str, Set<String>>,
}

/// client-go's thread-safe store.
struct Store<'o, T>(RwLock<Items<'o, T>>);

impl<'o, T> Store<'o, T> {
    fn new(objects: impl Iterator<Item = (&'o str, &'o str, &'o T)>) -> Self {
        let mut items = Items {
            by_key: Map::default(),
            by_namespace: Map::default(),
        };
        for (namespace, name, object) in objects {
            let keys = items.by_namespace.entry(namespace).or_default();
            keys.insert(key(namespace, name));
            items.by_key.insert(key(namespace, name), object);
        }
        Store(RwLock::new(items))
    }

    fn list(&self) -> Vec<&'o T> {
        let items = self.0.read().expect("nobody panics");
        typed(items.by_key.values().copied().collect())
    }

    fn list_namespace(&self, namespace: &str) -> Vec<&'o T> {
        let items = self.0.read().expect("nobody panics");
        let keys = items.by_namespace.get(namespace).into_iter().flatten();
        typed(keys.map(|key| items.by_key[key]).collect())
    }

    fn get(&self, namespace: &str, name: &str) -> Option<&'o T> {
        let items = self.0.read().expect("nobody panics");
        items.by_key.get(&key(namespace, name)).copied()
    }
}

fn key(namespace: &str, name: &str) -> String {
    match namespace {
        "" => name.to_owned(),
        _ => format!("{namespace}/{name}"),
    }
}

/// What the typed lister does with what the store gives it: each item is appended to a list that grows.
fn typed<T>(untyped: Vec<&T>) -> Vec<&T> {
    let mut list = Vec::new();
    for item in untyped {
        list.push(item);
    }
    list
}

/// The authorizer over its four stores.
pub struct Server<'o> {
    cluster_role_bindings: Store<'o, Binding>,
    role_bindings: Store<'o, Binding>,
    cluster_roles: Store<'o, Role>,
    roles: Store<'o, Role>,
}

impl<'o> Server<'o> {
    /// Fills the stores.
    pub fn new(objects: &'o Objects) -> Self {
        let bindings = |kind| {
            let of_kind = objects.bindings.iter().filter(move |b| b.kind == kind);
            Store::new(of_kind.map(|b| (&*b.namespace, &*b.name, b)))
        };
        let roles = |kind| {
            let of_kind = objects.roles.iter().filter(move |r| r.kind == kind);
            Store::new(of_kind.map(|r| (&*r.namespace, &*r.name, r)))
        };
        Server {
            cluster_role_bindings: bindings(BindingKind::ClusterRoleBinding),
            role_bindings: bindings(BindingKind::RoleBinding),
            cluster_roles: roles(RoleKind::ClusterRole),
            roles: roles(RoleKind::Role),
        }
    }

    /// Whether it is allowed, and the reason.
    pub fn decide(&self, attributes: &Attributes<'_>) -> (bool, String) {
        let mut errors = Vec::new();
        for binding in self.cluster_role_bindings.list() {
            if let Some(reason) = self.visit(binding, attributes, &mut errors) {
                return (true, reason);
            }
        }
        let namespace = attributes.request.namespace();
        if !namespace.is_empty() {
            for binding in self.role_bindings.list_namespace(namespace) {
                if let Some(reason) = self.visit(binding, attributes, &mut errors) {
                    return (true, reason);
                }
            }
        }
        match errors.is_empty() {
            true => (false, String::new()),
            false => (false, format!("RBAC: {}", errors.join(", "))),
        }
    }

    /// The reason, if the binding allows the request.
    fn visit(
        &self,
        binding: &Binding,
        attributes: &Attributes<'_>,
        errors: &mut Vec<String>,
    ) -> Option<String> {
        let mut subjects = binding.subjects.iter();
        let subject = subjects.find(|subject| applies(subject, binding, attributes))?;
        let role = match binding.role_kind {
            RoleKind::ClusterRole => self.cluster_roles.get("", &binding.role_name),
            RoleKind::Role => self.roles.get(&binding.namespace, &binding.role_name),
        };
        let Some(role) = role else {
            errors.push(format!("{:?} not found", binding.role_name));
            return None;
        };
        role.rules.iter().find(|rule| allows(rule, attributes))?;
        let (kind, name) = (binding.kind.as_str(), &binding.name);
        let (role_kind, role) = (binding.role_kind.as_str(), &binding.role_name);
        let (subject_kind, subject) = (subject.kind.as_str(), &subject.name);
        Some(format!(
            "RBAC: allowed by {kind} {name:?} of {role_kind} {role:?} to {subject_kind} {subject:?}"
        ))
    }
}

fn applies(subject: &Subject, binding: &Binding, attributes: &Attributes<'_>) -> bool {
    match subject.kind {
        SubjectKind::User => attributes.user == subject.name,
        SubjectKind::Group => attributes.groups.contains(&subject.name),
        SubjectKind::ServiceAccount => {
            let namespace = match &*subject.namespace {
                "" => &binding.namespace,
                named => named,
            };
            let name = attributes.user.strip_prefix("system:serviceaccount:");
            let name = name.and_then(|rest| rest.strip_prefix(namespace));
            let name = name.and_then(|rest| rest.strip_prefix(':'));
            !namespace.is_empty() && name == Some(&*subject.name)
        }
    }
}

fn allows(rule: &Rule, attributes: &Attributes<'_>) -> bool {
    let holds =
        |list: &[String], word: &str| list.iter().any(|entry| entry == "*" || entry == word);
    match attributes.request {
        Request::NonResource { verb, path } => {
            holds(&rule.verbs, verb) && rule.non_resource_urls.iter().any(|url| covers(url, path))
        }
        Request::Resource {
            verb,
            group,
            resource,
            subresource,
            name,
            ..
        } => {
            let combined = match subresource {
                "" => resource.to_owned(),
                _ => format!("{resource}/{subresource}"),
            };
            let names = &rule.resource_names;
            holds(&rule.verbs, verb)
                && holds(&rule.api_groups, group)
                && rule.resources.iter().any(|r| {
                    let any = r.strip_prefix("*/");
                    r == "*"
                        || *r == combined
                        || (!subresource.is_empty() && any == Some(subresource))
                })
                && (names.is_empty() || names.iter().any(|n| n == name))
        }
    }
}

fn covers(url: &str, path: &str) -> bool {
    let prefix = url.trim_end_matches('*');
    url == "*" || url == path || (prefix.len() < url.len() && path.starts_with(prefix))
}
