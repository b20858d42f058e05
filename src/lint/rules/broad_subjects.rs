//! Subjects that are everybody, or everybody of some kind.

use crate::defaults::policy;
use crate::lint::known::is_default_rule;
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, BindingKind, RoleId, Subject, SubjectKind};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC202",
        name: "unauthenticated-binding",
        severity: Severity::Critical,
        what: "is granted something without a credential",
        why: "whoever reaches the API server over the network has it",
        fix: "remove the subject, or name who it was meant for",
        references: &[
            "CIS 1.2.1",
            "kubescape C-0262",
            "trivy KSV-0122",
            "krane unauthenticated-subject-access",
            "ATT&CK T1190",
        ],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: staff}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: health}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:public-info-viewer'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}\n",
        ),
        check: Check::Head(|lint, id, found| check(lint, id, "RBC202", found)),
    },
    Rule {
        id: "RBC203",
        name: "authenticated-binding",
        severity: Severity::High,
        what: "is every user, node and service account",
        why: "each pod of the cluster has it, and with a public identity provider anybody at all",
        fix: "bind a group of the people or accounts that need it",
        references: &["kubescape C-0265", "trivy KSV-01011"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: staff}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: discovery}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:discovery'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}\n",
        ),
        check: Check::Head(|lint, id, found| check(lint, id, "RBC203", found)),
    },
    Rule {
        id: "RBC204",
        name: "all-serviceaccounts-binding",
        severity: Severity::High,
        what: "is every service account",
        why: "each pod of the cluster, or of the namespace, has it, whoever made the pod",
        fix: "bind the one service account that needs it",
        references: &["kubescape C-0189"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: tools, name: lister}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: issuer}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:service-account-issuer-discovery'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}\n",
        ),
        check: Check::Head(|lint, id, found| check(lint, id, "RBC204", found)),
    },
    Rule {
        id: "RBC205",
        name: "default-serviceaccount-binding",
        severity: Severity::High,
        what: "is the service account of every pod that names none",
        why: "pods that never asked for an identity have it",
        fix: "make a service account for the workload, and name it in the pod",
        references: &[
            "CIS 5.1.5",
            "kubescape C-0189",
            "checkov CKV_K8S_42",
            "kubesplaining KUBE-SA-DEFAULT",
        ],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: default}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: web}\n",
        ),
        // The same words, another kind of subject.
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: default}\n",
        ),
        check: Check::Head(|lint, id, found| check(lint, id, "RBC205", found)),
    },
    Rule {
        id: "RBC327",
        name: "issuer-discovery-open",
        severity: Severity::Info,
        what: "reads the issuer's discovery documents without a credential",
        why: "clouds that trust the cluster's service accounts need this; nobody else does",
        fix: "keep it where a cloud fetches the documents; else bind system:serviceaccounts",
        references: &["Kubernetes: service account issuer discovery"],
        bad: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: oidc}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:service-account-issuer-discovery'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}\n",
        ),
        good: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: oidc}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:service-account-issuer-discovery'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}\n",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: oidc}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:service-account-issuer-discovery'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}\n",
        ),
        check: Check::With("RBC202"),
    },
];

/// Which of the rules a subject falls under.
fn rule_of(lint: &Lint<'_>, subject: &Subject) -> Option<&'static str> {
    let name = lint.str(subject.name);
    match subject.kind {
        SubjectKind::User => (name == "system:anonymous").then_some("RBC202"),
        SubjectKind::ServiceAccount => (name == "default").then_some("RBC205"),
        SubjectKind::Group => match name {
            "system:unauthenticated" => Some("RBC202"),
            "system:authenticated" => Some("RBC203"),
            "system:serviceaccounts" => Some("RBC204"),
            _ => name
                .starts_with("system:serviceaccounts:")
                .then_some("RBC204"),
        },
    }
}

/// Default roles that hold nothing for such a subject, since it has them anyway.
fn harmless(id: &str) -> &'static [&'static str] {
    match id {
        "RBC202" => &["system:public-info-viewer"],
        _ => &[
            "system:public-info-viewer",
            "system:basic-user",
            "system:discovery",
            "system:service-account-issuer-discovery",
        ],
    }
}

/// The rules that grant something which such a subject does not have anyway.
fn beyond_defaults(lint: &Lint<'_>, id: BindingId, role: RoleId, rule: &str) -> Vec<u32> {
    let defaults = || {
        let defaults = policy::CLUSTER_ROLES.iter();
        defaults.filter(|default| harmless(rule).contains(&default.name))
    };
    let of = &lint.cluster.role(role).rules;
    let rules = lint.effective_rules(id);
    let beyond = rules.iter().copied().filter(|index| {
        let rule = &of[*index as usize];
        !defaults().any(|default| is_default_rule(lint.cluster, rule, default))
    });
    beyond.collect()
}

fn check(lint: &Lint<'_>, id: BindingId, rule: &'static str, found: &mut Found) {
    if !lint.is_broad(id) {
        return;
    }
    let binding = lint.cluster.binding(id);
    let subjects = (0u32..).zip(&binding.subjects);
    let mut subjects = subjects.filter(|(_, subject)| rule_of(lint, subject) == Some(rule));
    let (Some((index, subject)), Some(role)) = (subjects.next(), lint.role_of(id)) else {
        return;
    };
    let role_name = lint.str(lint.cluster.role(role).name);
    let rules = beyond_defaults(lint, id, role, rule);
    if rules.is_empty() {
        return;
    }
    if rule == "RBC202"
        && lint.is_built_in_role(role)
        && role_name == "system:service-account-issuer-discovery"
    {
        found.add(lint.head("RBC327", Severity::Info, id));
        return;
    }
    let of_one_namespace = lint
        .str(subject.name)
        .starts_with("system:serviceaccounts:");
    let mut severity = match rule {
        "RBC202" => Severity::Critical,
        "RBC204" if of_one_namespace => Severity::Medium,
        _ => Severity::High,
    };
    let privileged = || lint.is_privileged(binding.namespace, binding);
    if binding.kind == BindingKind::RoleBinding && !privileged() {
        severity = severity.lower();
    }
    let of = &lint.cluster.role(role).rules;
    if rules
        .iter()
        .all(|index| !of[*index as usize].resource_names.is_empty())
    {
        severity = severity.lower();
    }
    let mut head = lint.head(rule, severity, id);
    head.subject = (binding.subjects.len() > 1).then_some(index);
    head.also
        .push((binding.role_ref.position, "what it is granted".into()));
    found.add(head);
}
