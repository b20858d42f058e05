//! Grants in a scope where they do not hold.

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, BindingKind, PolicyRule, RoleKind};

macro_rules! bound_in_namespace {
    ($rules:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: example}\nrules:\n",
            $rules,
            "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: example}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: example}\nsubjects:\n- {kind: User, name: jane}\n"
        ))
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC212",
        name: "cluster-role-via-rolebinding-partly-inert",
        severity: Severity::Low,
        what: "is bound in a namespace to rules that hold only cluster-wide",
        why: "a RoleBinding grants nothing on cluster-scoped resources and paths: those rules of the role never apply here",
        fix: "grant those rules by a ClusterRoleBinding, if they are needed",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: bound_in_namespace!(
            "- {apiGroups: [''], resources: [pods], verbs: [get]}\n- {apiGroups: [''], resources: [nodes], verbs: [list]}"
        ),
        good: bound_in_namespace!("- {apiGroups: [''], resources: [pods], verbs: [get]}"),
        // The request for the namespace itself carries the namespace.
        near: bound_in_namespace!(
            "- {apiGroups: [''], resources: [pods], verbs: [get]}\n- {apiGroups: [''], resources: [namespaces], verbs: [get]}"
        ),
        check: Check::With("RBC625"),
    },
    Rule {
        id: "RBC625",
        name: "cluster-scoped-in-namespace",
        severity: Severity::High,
        what: "is bound in a namespace to cluster-scoped resources",
        why: "a RoleBinding grants nothing on cluster-scoped resources: this never applies",
        fix: "use a ClusterRole and a ClusterRoleBinding",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [nodes], verbs: [list]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [nodes], verbs: [list]}"),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [namespaces], verbs: [get]}",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC626",
        name: "nonresource-via-rolebinding",
        severity: Severity::High,
        what: "is bound in a namespace to paths",
        why: "a RoleBinding grants no paths: this never applies",
        fix: "use a ClusterRoleBinding",
        references: &["RBAC documentation: RoleBinding and ClusterRoleBinding"],
        bad: bound_in_namespace!("- {nonResourceURLs: [/metrics], verbs: [get]}"),
        good: Example::Cluster("{nonResourceURLs: [/metrics], verbs: [get]}"),
        near: bound_in_namespace!(
            "- {nonResourceURLs: [/metrics], verbs: [get]}\n- {apiGroups: [''], resources: [pods], verbs: [get]}"
        ),
        check: Check::With("RBC625"),
    },
];

/// Whether nothing of a rule applies by a RoleBinding.
fn is_inert(lint: &Lint<'_>, rule: &PolicyRule) -> bool {
    if !rule.non_resource_urls.is_empty() {
        return true;
    }
    let verbs = || rule.verbs.iter().map(|verb| lint.str(*verb));
    rule.resources.iter().all(|resource| {
        let resource = lint.str(*resource);
        if resource == "namespaces" {
            return verbs()
                .all(|verb| matches!(verb, "list" | "watch" | "create" | "deletecollection"));
        }
        // What a binding may refer to is asked in its namespace.
        if resource == "clusterroles" && verbs().any(|verb| verb == "bind" || verb == "*") {
            return false;
        }
        let mut groups = rule.api_groups.iter().map(|group| lint.str(*group));
        groups.all(|group| {
            let served = lint.catalogue().served(group, resource);
            served.is_some_and(|(namespaced, _)| !namespaced)
        })
    }) && !rule.resources.is_empty()
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let binding = lint.cluster.binding(id);
    let Some(role) = lint
        .role_of(id)
        .filter(|_| binding.kind == BindingKind::RoleBinding)
    else {
        return;
    };
    let of = lint.cluster.role(role);
    // Built-in roles are made to be bound in both ways.
    if lint.is_built_in_role(role) || binding.subjects.is_empty() {
        return;
    }
    let inert = lint.inert_rules(role, |rule| is_inert(lint, rule));
    if inert.is_empty() {
        return;
    }
    let all = inert.len() == of.rules.len();
    let urls = inert
        .iter()
        .all(|i| !of.rules[*i as usize].non_resource_urls.is_empty());
    let (rule, severity) = match (all, of.kind, urls) {
        (true, _, true) => ("RBC626", Severity::High),
        (true, ..) | (false, RoleKind::Role, _) => (
            "RBC625",
            if all {
                Severity::High
            } else {
                Severity::Medium
            },
        ),
        // It may be bound cluster-wide elsewhere, where the rules apply.
        (false, RoleKind::ClusterRole, _) => ("RBC212", Severity::Low),
    };
    let mut finding = lint.head(rule, severity, id);
    finding.role_rules = inert;
    found.add(finding);
}
