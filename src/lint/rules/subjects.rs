//! Subjects that are not who they seem, or are nobody.

use crate::authz::PRIVILEGED_GROUP;
use crate::defaults::{DefaultSubject, policy};
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, BindingKind, SubjectKind, Symbol};

macro_rules! binding {
    ($subject:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: example}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- ",
            $subject,
            "\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC206",
        name: "system-masters-subject",
        severity: Severity::Medium,
        what: "binds a role to system:masters, which may everything anyway",
        why: "the binding grants nothing, and deleting it takes nothing away: the group is allowed everything before RBAC is asked",
        fix: "remove the subject; to take the rights away, revoke the credentials that name the group",
        references: &["CIS 5.1.7", "kubescape C-0246", "trivy KSV-0123"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: ops}"),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: cluster-admin}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:masters'}\n",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC207",
        name: "reserved-system-name",
        severity: Severity::Medium,
        what: "is a name that Kubernetes keeps for itself and does not use",
        why: "it is a misspelling and matches nobody, or whoever can choose the name gets the grant",
        fix: "use a name without the prefix system:",
        references: &["RBAC documentation: the prefix system: is reserved"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:devs'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'corp:devs'}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:bootstrappers:workers'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC208",
        name: "serviceaccount-as-user",
        severity: Severity::Low,
        what: "names a service account as a user",
        why: "it works where the name is whole, but is missed by whoever looks for the account",
        fix: "write `kind: ServiceAccount` with namespace and name",
        references: &["kubectl-who-can#26"],
        bad: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:ci:bot'}"
        ),
        good: binding!("{kind: ServiceAccount, namespace: ci, name: bot}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:ci'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC209",
        name: "group-as-user",
        severity: Severity::Medium,
        what: "names a group as a user, or a user as a group",
        why: "the subject matches nobody",
        fix: "change the kind of the subject",
        references: &["RBAC documentation: referring to subjects"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:nodes'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:kube-scheduler'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC210",
        name: "cross-namespace-subject",
        severity: Severity::Low,
        what: "is a service account of another namespace",
        why: "whoever can make workloads or tokens over there has this grant here",
        fix: "use an account of this namespace, or see that the other one is as well guarded",
        references: &["RBAC documentation: subjects of other namespaces"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: sandbox, name: bot}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: prod, name: bot}\n",
        ),
        // Without a namespace it is the binding's own.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: prod, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: bot}\n",
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC221",
        name: "wildcard-subject-name",
        severity: Severity::Medium,
        what: "has a wildcard for a name",
        why: "RBAC knows no patterns of subjects: this is the one who is called so, and nobody is",
        fix: "name the subjects, or bind a group",
        references: &["RBAC documentation: referring to subjects"],
        bad: binding!("{apiGroup: rbac.authorization.k8s.io, kind: User, name: '*'}"),
        good: binding!("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}"),
        near: binding!(
            "{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'jane+ci@example.com'}"
        ),
        check: Check::With("RBC206"),
    },
    Rule {
        id: "RBC218",
        name: "stale-serviceaccount-subject",
        severity: Severity::Medium,
        what: "is a service account that does not exist",
        why: "whoever may make an account of that name inherits the grant",
        fix: "delete the subject, or the binding",
        references: &["rbac-tool#90", "kubernetes#131570"],
        bad: Example::Manifest(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: ci, name: bot}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: old-bot}\n",
        ),
        good: Example::Manifest(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: ci, name: bot}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: bot}\n",
        ),
        // No account of that namespace was loaded: it cannot be told.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: bot}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: ci, name: old-bot}\n",
        ),
        check: Check::All(stale),
    },
];

/// Users and groups of Kubernetes itself.
fn is_known(kind: SubjectKind, name: &str) -> bool {
    let listed: &[&str] = match kind {
        SubjectKind::User => &[
            "system:anonymous",
            "system:apiserver",
            "system:kube-controller-manager",
            "system:cloud-controller-manager",
            "system:kube-scheduler",
            "system:kube-proxy",
            "system:kube-aggregator",
            "system:admin",
        ],
        _ => &[
            PRIVILEGED_GROUP,
            "system:authenticated",
            "system:unauthenticated",
            "system:nodes",
            "system:serviceaccounts",
            "system:bootstrappers",
            "system:monitoring",
        ],
    };
    let starts: &[&str] = match kind {
        SubjectKind::User => &[
            "system:node:",
            "system:serviceaccount:",
            "system:bootstrap:",
        ],
        _ => &["system:serviceaccounts:", "system:bootstrappers:"],
    };
    let bindings = policy::CLUSTER_ROLE_BINDINGS
        .iter()
        .chain(policy::ROLE_BINDINGS);
    let default = || {
        bindings
            .flat_map(|b| b.subjects)
            .any(|subject| match (kind, subject) {
                (SubjectKind::User, DefaultSubject::User(user)) => *user == name,
                (SubjectKind::Group, DefaultSubject::Group(group)) => *group == name,
                _ => false,
            })
    };
    listed.contains(&name) || starts.iter().any(|start| name.starts_with(start)) || default()
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    for (index, subject) in (0u32..).zip(&binding.subjects) {
        let name = lint.str(subject.name);
        let mut add = |id_of_rule, severity, why: Option<String>| {
            let mut finding = lint.of_subject(id_of_rule, severity, id, index);
            finding.why = why;
            found.add(finding);
        };
        if subject.kind == SubjectKind::ServiceAccount {
            let other = binding.kind == BindingKind::RoleBinding
                && subject.namespace != binding.namespace
                && subject.namespace != Symbol::EMPTY;
            if other {
                cross_namespace(lint, id, &mut add);
            }
            continue;
        }
        if name.contains('*') {
            add("RBC221", Severity::Medium, None);
        }
        let Some(rest) = name.strip_prefix("system:") else {
            continue;
        };
        let other_kind = match subject.kind {
            SubjectKind::User => SubjectKind::Group,
            _ => SubjectKind::User,
        };
        if subject.kind == SubjectKind::Group && name == PRIVILEGED_GROUP {
            add("RBC206", Severity::Medium, None);
        } else if let (SubjectKind::User, Some(account)) =
            (subject.kind, rest.strip_prefix("serviceaccount:"))
        {
            let whole = matches!(account.split_once(':'), Some((ns, n)) if !ns.is_empty() && !n.is_empty() && !n.contains(':'));
            let why =
                "the name is not system:serviceaccount:NAMESPACE:NAME, so it matches no account"
                    .to_owned();
            match whole {
                true => add("RBC208", Severity::Low, None),
                false => add("RBC208", Severity::High, Some(why)),
            }
        } else if is_known(other_kind, name) && !is_known(subject.kind, name) {
            add("RBC209", Severity::Medium, None);
        } else if !is_known(subject.kind, name) {
            add("RBC207", Severity::Medium, None);
        }
    }
}

fn cross_namespace(
    lint: &Lint<'_>,
    id: BindingId,
    add: &mut impl FnMut(&'static str, Severity, Option<String>),
) {
    let Some(role) = lint.role_of(id) else { return };
    // Every server of an aggregated API reads this one ConfigMap.
    let reader =
        lint.str(lint.cluster.role(role).name) == "extension-apiserver-authentication-reader";
    if reader && lint.is_built_in_role(role) {
        return;
    }
    let grave = lint.gravest_of_role(role) >= Severity::High;
    add(
        "RBC210",
        if grave {
            Severity::Medium
        } else {
            Severity::Low
        },
        None,
    );
}

fn stale(lint: &Lint<'_>, found: &mut Found) {
    let accounts = lint.cluster.service_accounts();
    let namespaces: std::collections::HashSet<Symbol> =
        accounts.keys().map(|(namespace, _)| *namespace).collect();
    if namespaces.is_empty() {
        found.not_checked("RBC218", "no ServiceAccounts were loaded");
        return;
    }
    let mut unknown = false;
    for (id, binding) in lint.bindings().filter(|(id, _)| !lint.known.binding(*id)) {
        for (index, subject) in (0u32..).zip(&binding.subjects) {
            if subject.kind != SubjectKind::ServiceAccount || subject.namespace == Symbol::EMPTY {
                continue;
            }
            if !namespaces.contains(&subject.namespace) {
                unknown = true;
                continue;
            }
            // The controller that makes namespaces makes this one.
            let exists = accounts.contains_key(&(subject.namespace, subject.name))
                || lint.str(subject.name) == "default";
            if exists || lint.role_of(id).is_none() {
                continue;
            }
            let grave = lint
                .role_of(id)
                .is_some_and(|role| lint.gravest_of_role(role) >= Severity::High);
            let severity = match (lint.is_complete(), grave) {
                (true, true) => Severity::High,
                (true, false) => Severity::Medium,
                // It may be made by another bundle.
                (false, _) => Severity::Low,
            };
            found.add(lint.of_subject("RBC218", severity, id, index));
        }
    }
    if unknown {
        found.not_checked(
            "RBC218",
            "some subjects are of namespaces of which no ServiceAccount was loaded",
        );
    }
}
