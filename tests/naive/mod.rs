//! The RBAC authorizer written down as naively as it can be: every binding in turn, every subject in
//! turn, every rule in turn, strings compared with strings. It is the oracle of the property tests and
//! the yardstick of the benchmark, so it shares nothing with the index but the loaded [`Cluster`].
//!
//! As the API server's informers do, it keeps ClusterRoleBindings in one list, RoleBindings in one list
//! for each namespace and roles in a table by name; a scan that lacked even these would flatter the
//! index. What it does not do is copy the list for every question, which the server does.

// Each test and benchmark that includes this file uses a part of it.
#![allow(dead_code)]

use rbac_check::authz::rbac::{Allow, Applicable, Decision};
use rbac_check::model::{
    Attributes, Binding, BindingId, BindingKind, Cluster, PolicyRule, Quoted, Request, RoleId,
    RoleKind, Subject, SubjectKind,
};
use std::collections::HashMap;

/// The naive authorizer over one cluster.
pub struct Naive<'c> {
    cluster: &'c Cluster,
    cluster_role_bindings: Vec<(BindingId, &'c Binding)>,
    role_bindings: HashMap<&'c str, Vec<(BindingId, &'c Binding)>>,
    roles: HashMap<(RoleKind, &'c str, &'c str), RoleId>,
}

/// What a user may do in a namespace.
pub struct NaiveRules<'c> {
    /// Each rule once for each binding that grants it, in visiting order.
    pub rules: Vec<(Applicable, &'c PolicyRule)>,
    /// The errors of roleRefs that lead nowhere, each once.
    pub errors: Vec<String>,
}

impl<'c> Naive<'c> {
    /// Sorts the bindings and roles of a cluster into the lists that the server keeps.
    pub fn new(cluster: &'c Cluster) -> Self {
        let mut naive = Naive {
            cluster,
            cluster_role_bindings: Vec::new(),
            role_bindings: HashMap::new(),
            roles: HashMap::new(),
        };
        for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
            match binding.kind {
                BindingKind::ClusterRoleBinding => naive.cluster_role_bindings.push((id, binding)),
                BindingKind::RoleBinding => naive
                    .role_bindings
                    .entry(cluster.str(binding.namespace))
                    .or_default()
                    .push((id, binding)),
            }
        }
        for (id, role) in (0u32..).map(RoleId).zip(cluster.roles()) {
            let key = (
                role.kind,
                cluster.str(role.namespace),
                cluster.str(role.name),
            );
            naive.roles.insert(key, id);
        }
        naive
    }

    /// Decides, and gives the reason.
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> (Decision, String) {
        let mut allowed = None;
        let mut errors = Vec::new();
        let namespace = attributes.request.namespace();
        self.visit(
            attributes.user,
            attributes.groups,
            namespace,
            |found, binding, rule| match rule {
                Ok((index, rule)) => {
                    if !self.rule_allows(rule, &attributes.request) {
                        return true;
                    }
                    allowed = found.role.map(|role| {
                        let allow = Allow {
                            binding: found.binding,
                            subject: found.subject,
                            role,
                            rule: index,
                        };
                        (allow, self.describe(found, binding))
                    });
                    false
                }
                Err(error) => {
                    errors.push(error);
                    true
                }
            },
        );
        if let Some((allow, source)) = allowed {
            return (Decision::Allow(allow), format!("RBAC: allowed by {source}"));
        }
        let reason = match errors.is_empty() {
            true => String::new(),
            false => format!("RBAC: {}", aggregate(&errors)),
        };
        (Decision::NoOpinion, reason)
    }

    /// The bindings that apply to a user in a namespace (empty: the cluster-wide ones alone).
    pub fn applicable<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
    ) -> Vec<Applicable> {
        let cluster_wide = self.cluster_role_bindings.iter();
        let namespaced = self.in_namespace(namespace).iter();
        cluster_wide
            .chain(namespaced)
            .filter_map(|&(id, binding)| self.applies(id, binding, user, groups))
            .collect()
    }

    /// All rules that apply to a user in a namespace.
    pub fn rules_for<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
    ) -> NaiveRules<'c> {
        let (mut rules, mut errors) = (Vec::new(), Vec::new());
        self.visit(user, groups, namespace, |found, _, rule| {
            match rule {
                Ok((_, rule)) => rules.push((found, rule)),
                Err(error) => errors.push(error),
            }
            true
        });
        let mut once: Vec<String> = Vec::new();
        for error in errors {
            if !once.contains(&error) {
                once.push(error);
            }
        }
        NaiveRules {
            rules,
            errors: once,
        }
    }

    /// Shows each rule of each binding that applies, or the error of a binding whose role does not
    /// exist, until the visitor says `false`.
    fn visit<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
        mut visitor: impl FnMut(Applicable, &'c Binding, Result<(u32, &'c PolicyRule), String>) -> bool,
    ) {
        let cluster_wide = self.cluster_role_bindings.iter();
        let namespaced = self.in_namespace(namespace).iter();
        for &(id, binding) in cluster_wide.chain(namespaced) {
            let Some(found) = self.applies(id, binding, user, groups) else {
                continue;
            };
            let Some(role) = found.role else {
                if !visitor(found, binding, Err(self.not_found(binding))) {
                    return;
                }
                continue;
            };
            for (index, rule) in (0u32..).zip(&self.cluster.role(role).rules) {
                if !visitor(found, binding, Ok((index, rule))) {
                    return;
                }
            }
        }
    }

    fn in_namespace(&self, namespace: &str) -> &[(BindingId, &'c Binding)] {
        if namespace.is_empty() {
            return &[];
        }
        self.role_bindings.get(namespace).map_or(&[], Vec::as_slice)
    }

    fn role_of(&self, binding: &Binding) -> Option<RoleId> {
        let name = self.cluster.str(binding.role_ref.name);
        let namespace = match binding.role_ref.kind {
            RoleKind::Role => self.cluster.str(binding.namespace),
            RoleKind::ClusterRole => "",
        };
        self.roles
            .get(&(binding.role_ref.kind, namespace, name))
            .copied()
    }

    fn not_found(&self, binding: &Binding) -> String {
        let kind = match binding.role_ref.kind {
            RoleKind::Role => "role",
            RoleKind::ClusterRole => "clusterrole",
        };
        let name = Quoted(self.cluster.str(binding.role_ref.name));
        format!("{kind}.rbac.authorization.k8s.io {name} not found")
    }

    /// Whether a binding applies to a user, and by which subject first.
    fn applies<S: AsRef<str>>(
        &self,
        id: BindingId,
        binding: &Binding,
        user: &str,
        groups: &[S],
    ) -> Option<Applicable> {
        let mut subjects = binding.subjects.iter();
        let subject = subjects.position(|subject| self.is_user(subject, user, groups))?;
        Some(Applicable {
            binding: id,
            subject: subject as u32,
            role: self.role_of(binding),
        })
    }

    fn is_user<S: AsRef<str>>(&self, subject: &Subject, user: &str, groups: &[S]) -> bool {
        let name = self.cluster.str(subject.name);
        match subject.kind {
            SubjectKind::User => user == name,
            SubjectKind::Group => groups.iter().any(|group| group.as_ref() == name),
            SubjectKind::ServiceAccount => {
                // The loader has put the binding's namespace where the subject names none.
                let namespace = self.cluster.str(subject.namespace);
                !namespace.is_empty() && is_service_account(user, namespace, name)
            }
        }
    }

    fn rule_allows(&self, rule: &PolicyRule, request: &Request<'_>) -> bool {
        let str = |symbol| self.cluster.str(symbol);
        match *request {
            Request::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                rule.verbs.iter().any(|&v| str(v) == "*" || str(v) == verb)
                    && rule
                        .api_groups
                        .iter()
                        .any(|&g| str(g) == "*" || str(g) == group)
                    && rule
                        .resources
                        .iter()
                        .any(|&r| resource_matches(str(r), resource, subresource))
                    && (rule.resource_names.is_empty()
                        || rule.resource_names.iter().any(|&n| str(n) == name))
            }
            Request::NonResource { verb, path } => {
                rule.verbs.iter().any(|&v| str(v) == "*" || str(v) == verb)
                    && rule
                        .non_resource_urls
                        .iter()
                        .any(|&url| url_matches(str(url), path))
            }
        }
    }

    fn describe(&self, found: Applicable, binding: &Binding) -> String {
        let str = |symbol| self.cluster.str(symbol);
        let name = match binding.kind {
            BindingKind::ClusterRoleBinding => str(binding.name).to_owned(),
            BindingKind::RoleBinding => {
                format!("{}/{}", str(binding.name), str(binding.namespace))
            }
        };
        let subject = &binding.subjects[found.subject as usize];
        let to = match subject.kind {
            SubjectKind::ServiceAccount => {
                format!("{}/{}", str(subject.name), str(subject.namespace))
            }
            SubjectKind::User | SubjectKind::Group => str(subject.name).to_owned(),
        };
        format!(
            "{} {} of {} {} to {} {}",
            binding.kind.as_str(),
            Quoted(&name),
            binding.role_ref.kind.as_str(),
            Quoted(str(binding.role_ref.name)),
            subject.kind.as_str(),
            Quoted(&to),
        )
    }
}

/// Whether a user name is that of a ServiceAccount, compared piece by piece.
fn is_service_account(user: &str, namespace: &str, name: &str) -> bool {
    user.strip_prefix("system:serviceaccount:")
        .and_then(|rest| rest.strip_prefix(namespace))
        .and_then(|rest| rest.strip_prefix(':'))
        .is_some_and(|rest| rest == name)
}

fn resource_matches(rule: &str, resource: &str, subresource: &str) -> bool {
    if rule == "*" {
        return true;
    }
    if subresource.is_empty() {
        return rule == resource;
    }
    let combined = rule
        .strip_prefix(resource)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| rest == subresource);
    combined || rule.strip_prefix("*/") == Some(subresource)
}

fn url_matches(rule: &str, path: &str) -> bool {
    if rule == "*" || rule == path {
        return true;
    }
    rule.ends_with('*') && path.starts_with(rule.trim_end_matches('*'))
}

/// Errors as the server joins them: each text once, several in brackets.
fn aggregate(errors: &[String]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for error in errors {
        if !distinct.contains(&error.as_str()) {
            distinct.push(error);
        }
    }
    match distinct[..] {
        [] => String::new(),
        [one] => one.to_owned(),
        _ => format!("[{}]", distinct.join(", ")),
    }
}
