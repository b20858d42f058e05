//! What a fresh cluster holds anyway: told by content, never by name or label alone.

use crate::defaults::{DefaultBinding, DefaultRole, DefaultRoleRef, DefaultSubject, policy};
use crate::model::{Binding, BindingKind, Cluster, Role, RoleKind, Subject, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

type ByName<K, V> = HashMap<(K, Symbol, Symbol), V, RandomState>;

/// How a role stands to the roles of a fresh cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is one, and grants nothing more.
    Default,
    /// It is an aggregated one to which other roles have added rules.
    Extended,
    /// It bears the name of one and is another.
    Changed,
    /// It is none.
    Own,
}

/// Which roles and bindings a fresh cluster holds anyway.
#[derive(Debug)]
pub struct Known {
    roles: Vec<Standing>,
    bindings: Vec<bool>,
}

impl Known {
    /// Compares the objects of a cluster with those of a fresh one, and with what kubeadm adds.
    pub fn new(cluster: &Cluster) -> Self {
        let roles = default_roles(cluster);
        let roles: Vec<Standing> = cluster
            .roles()
            .iter()
            .map(|role| {
                let default = roles.get(&(role.kind, role.namespace, role.name));
                default.map_or(Standing::Own, |default| standing(cluster, role, default))
            })
            .collect();
        let defaults = default_bindings(cluster);
        let bindings = cluster.bindings().iter().map(|binding| {
            let key = (binding.kind, binding.namespace, binding.name);
            let Some(default) = defaults.get(&key) else {
                return is_kubeadm(cluster, binding, &roles)
                    || is_of_the_kubelet_client(cluster, binding, &roles);
            };
            let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
            let known_role = role.is_none_or(|role| {
                matches!(
                    roles[role.0 as usize],
                    Standing::Default | Standing::Extended
                )
            });
            known_role && same_binding(cluster, binding, default)
        });
        let bindings = bindings.collect();
        Known { roles, bindings }
    }

    /// How a role stands to the defaults.
    pub fn role(&self, id: crate::model::RoleId) -> Standing {
        self.roles[id.0 as usize]
    }

    /// Whether a binding is a default one, or kubeadm's, and grants nothing more.
    pub fn binding(&self, id: crate::model::BindingId) -> bool {
        self.bindings[id.0 as usize]
    }
}

fn default_roles(cluster: &Cluster) -> ByName<RoleKind, &'static DefaultRole> {
    let symbol = |text: &str| cluster.interner().get(text);
    let kinds = [
        (RoleKind::ClusterRole, policy::CLUSTER_ROLES),
        (RoleKind::Role, policy::ROLES),
    ];
    let mut map = ByName::default();
    for (kind, roles) in kinds {
        for role in roles {
            if let (Some(namespace), Some(name)) = (symbol(role.namespace), symbol(role.name)) {
                map.insert((kind, namespace, name), role);
            }
        }
    }
    map
}

fn default_bindings(cluster: &Cluster) -> ByName<BindingKind, &'static DefaultBinding> {
    let symbol = |text: &str| cluster.interner().get(text);
    let kinds = [
        (
            BindingKind::ClusterRoleBinding,
            policy::CLUSTER_ROLE_BINDINGS,
        ),
        (BindingKind::RoleBinding, policy::ROLE_BINDINGS),
    ];
    let mut map = ByName::default();
    for (kind, bindings) in kinds {
        for binding in bindings {
            let names = (symbol(binding.namespace), symbol(binding.name));
            if let (Some(namespace), Some(name)) = names {
                map.insert((kind, namespace, name), binding);
            }
        }
    }
    map
}

fn standing(cluster: &Cluster, role: &Role, default: &DefaultRole) -> Standing {
    if role.position.is_built_in() && default.aggregation_selectors.is_empty() {
        return Standing::Default;
    }
    let more = role
        .rules
        .iter()
        .any(|rule| !is_default_rule(cluster, rule, default));
    match (more, role.aggregation_rule.is_some()) {
        (false, _) => Standing::Default,
        (true, true) if !default.aggregation_selectors.is_empty() => Standing::Extended,
        _ => Standing::Changed,
    }
}

/// Whether one rule of the default role grants all that this rule grants.
pub fn is_default_rule(
    cluster: &Cluster,
    rule: &crate::model::PolicyRule,
    default: &DefaultRole,
) -> bool {
    let covers = |wide: &[&str], narrow: &[Symbol]| {
        wide.contains(&"*") || narrow.iter().all(|s| wide.contains(&cluster.str(*s)))
    };
    default.rules.iter().any(|wide| {
        let names = wide.resource_names.is_empty()
            || (!rule.resource_names.is_empty()
                && rule
                    .resource_names
                    .iter()
                    .all(|s| wide.resource_names.contains(&cluster.str(*s))));
        covers(wide.verbs, &rule.verbs)
            && covers(wide.api_groups, &rule.api_groups)
            && covers(wide.resources, &rule.resources)
            && covers(wide.non_resource_urls, &rule.non_resource_urls)
            && names
    })
}

/// The default role of this name and kind.
pub fn default_role(cluster: &Cluster, role: &Role) -> Option<&'static DefaultRole> {
    let all = match role.kind {
        RoleKind::ClusterRole => policy::CLUSTER_ROLES,
        RoleKind::Role => policy::ROLES,
    };
    let (namespace, name) = (cluster.str(role.namespace), cluster.str(role.name));
    all.iter()
        .find(|default| default.namespace == namespace && default.name == name)
}

fn same_binding(cluster: &Cluster, binding: &Binding, default: &DefaultBinding) -> bool {
    let (kind, name) = match default.role_ref {
        DefaultRoleRef::Role(name) => (RoleKind::Role, name),
        DefaultRoleRef::ClusterRole(name) => (RoleKind::ClusterRole, name),
    };
    binding.role_ref.kind == kind
        && cluster.str(binding.role_ref.name) == name
        && binding.subjects.iter().all(|subject| {
            default
                .subjects
                .iter()
                .any(|d| same_subject(cluster, subject, d))
        })
}

fn same_subject(cluster: &Cluster, subject: &Subject, default: &DefaultSubject) -> bool {
    let name = cluster.str(subject.name);
    match *default {
        DefaultSubject::User(user) => subject.kind == SubjectKind::User && name == user,
        DefaultSubject::Group(group) => subject.kind == SubjectKind::Group && name == group,
        DefaultSubject::ServiceAccount(namespace, account) => {
            subject.kind == SubjectKind::ServiceAccount
                && cluster.str(subject.namespace) == namespace
                && name == account
        }
    }
}

/// What kubeadm binds when it makes a cluster: binding, namespace, role, its subjects.
const KUBEADM: [(&str, &str, &str, DefaultSubject); 9] = [
    (
        "kubeadm:cluster-admins",
        "",
        "cluster-admin",
        DefaultSubject::Group("kubeadm:cluster-admins"),
    ),
    (
        "kubeadm:get-nodes",
        "",
        "kubeadm:get-nodes",
        DefaultSubject::Group("system:bootstrappers:kubeadm:default-node-token"),
    ),
    (
        "kubeadm:kubelet-bootstrap",
        "",
        "system:node-bootstrapper",
        DefaultSubject::Group("system:bootstrappers:kubeadm:default-node-token"),
    ),
    (
        "kubeadm:node-autoapprove-bootstrap",
        "",
        "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
        DefaultSubject::Group("system:bootstrappers:kubeadm:default-node-token"),
    ),
    (
        "kubeadm:node-autoapprove-certificate-rotation",
        "",
        "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        DefaultSubject::Group("system:nodes"),
    ),
    (
        "kubeadm:node-proxier",
        "",
        "system:node-proxier",
        DefaultSubject::ServiceAccount("kube-system", "kube-proxy"),
    ),
    (
        "kubeadm:bootstrap-signer-clusterinfo",
        "kube-public",
        "kubeadm:bootstrap-signer-clusterinfo",
        DefaultSubject::User("system:anonymous"),
    ),
    (
        "kubeadm:kubelet-config",
        "kube-system",
        "kubeadm:kubelet-config",
        DefaultSubject::Group("system:nodes"),
    ),
    (
        "kubeadm:nodes-kubeadm-config",
        "kube-system",
        "kubeadm:nodes-kubeadm-config",
        DefaultSubject::Group("system:nodes"),
    ),
];

/// Reads that kubeadm's own roles grant: resource and name.
const KUBEADM_READS: [(&str, &str); 4] = [
    ("nodes", ""),
    ("configmaps", "cluster-info"),
    ("configmaps", "kubelet-config"),
    ("configmaps", "kubeadm-config"),
];

/// What certificates call the API server where it speaks to kubelets: kubeadm, kops, and those who make their own.
const KUBELET_CLIENTS: [&str; 4] = [
    "kube-apiserver-kubelet-client",
    "kubelet-api",
    "kube-apiserver",
    "system:kube-apiserver",
];

/// Whether a binding lets the API server, and nobody else, speak to kubelets.
fn is_of_the_kubelet_client(cluster: &Cluster, binding: &Binding, roles: &[Standing]) -> bool {
    let role = cluster.resolve_role(&binding.role_ref, binding.namespace);
    binding.kind == BindingKind::ClusterRoleBinding
        && cluster.str(binding.role_ref.name) == "system:kubelet-api-admin"
        && role.is_some_and(|role| roles[role.0 as usize] == Standing::Default)
        && binding.subjects.iter().all(|subject| {
            subject.kind == SubjectKind::User
                && KUBELET_CLIENTS.contains(&cluster.str(subject.name))
        })
}

fn is_kubeadm(cluster: &Cluster, binding: &Binding, roles: &[Standing]) -> bool {
    let name = cluster.str(binding.name);
    if !name.starts_with("kubeadm:") {
        return false;
    }
    let namespace = cluster.str(binding.namespace);
    let of_name = KUBEADM
        .iter()
        .find(|(binding, ns, ..)| *binding == name && *ns == namespace);
    let Some((_, _, role_name, subject)) = of_name else {
        return false;
    };
    let bootstrappers = DefaultSubject::Group("system:bootstrappers:kubeadm:default-node-token");
    let same_subjects = binding.subjects.iter().all(|s| {
        same_subject(cluster, s, subject)
            || (namespace == "kube-system" && same_subject(cluster, s, &bootstrappers))
    });
    if !same_subjects || cluster.str(binding.role_ref.name) != *role_name {
        return false;
    }
    let Some(id) = cluster.resolve_role(&binding.role_ref, binding.namespace) else {
        return true;
    };
    if roles[id.0 as usize] == Standing::Default {
        return true;
    }
    cluster.role(id).rules.iter().all(|rule| {
        let is = |list: &[Symbol], word: &str| list.len() == 1 && cluster.str(list[0]) == word;
        is(&rule.verbs, "get")
            && is(&rule.api_groups, "")
            && KUBEADM_READS.iter().any(|(resource, name)| {
                is(&rule.resources, resource) && (name.is_empty() || is(&rule.resource_names, name))
            })
    })
}
