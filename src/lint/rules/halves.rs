//! Halves of what takes two, which do nothing alone.

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::BindingId;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC647",
        name: "incomplete-verb-set",
        severity: Severity::Info,
        what: "may exec into Pods but not read them",
        why: "kubectl exec looks the Pod up first, and is refused",
        fix: "grant `get` on pods with it",
        references: &["kubectl exec"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/exec], verbs: [create]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods, pods/exec], verbs: [get, create]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods/exec], verbs: [create]}\n{apiGroups: ['*'], resources: [pods], verbs: [get]}",
        ),
        check: Check::With("RBC653"),
    },
    Rule {
        id: "RBC653",
        name: "escalate-without-write",
        severity: Severity::Low,
        what: "holds `escalate` but may not write the roles",
        why: "it is half of an escalation: with the other half, any rule can be written",
        fix: "drop the verb",
        references: &["CIS 5.1.8"],
        bad: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get, escalate]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [update, escalate]}",
        ),
        check: Check::Binding(check),
    },
    Rule {
        id: "RBC654",
        name: "impersonate-groups-only",
        severity: Severity::Low,
        what: "may impersonate groups but no user",
        why: "an impersonation names a user always, so this does nothing alone; with a user it gives any group",
        fix: "remove it, or pin users and groups with resourceNames",
        references: &["Kubernetes: user impersonation"],
        bad: Example::Cluster("{apiGroups: [''], resources: [groups], verbs: [impersonate]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [users], resourceNames: [jane], verbs: [impersonate]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [groups, serviceaccounts], verbs: [impersonate]}",
        ),
        check: Check::With("RBC653"),
    },
];

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let Some(role) = lint.role_of(id).filter(|role| lint.holds_a_half(*role)) else {
        return;
    };
    let namespace = lint.str(lint.cluster.binding(id).namespace);
    let cases: [(&str, &[&str], &[&str], Severity); 3] = [
        (
            "RBC647",
            &["create pods/exec"],
            &["get pods"],
            Severity::Info,
        ),
        (
            "RBC653",
            &["escalate rbac:roles,clusterroles"],
            &["create,update,patch rbac:roles,clusterroles"],
            Severity::Low,
        ),
        (
            "RBC654",
            &["impersonate groups"],
            &["impersonate users,serviceaccounts"],
            Severity::Low,
        ),
    ];
    for (rule, half, other, severity) in cases {
        if !lint.role_holds(role, half) || lint.role_holds(role, other) || lint.is_everything(role)
        {
            continue;
        }
        let subjects = 0..lint.cluster.binding(id).subjects.len() as u32;
        let alone = subjects
            .clone()
            .find(|subject| !lint.may_at_all(id, *subject, namespace, other));
        if let Some(subject) = alone {
            found.add(lint.of_subject(rule, severity, id, subject));
        }
    }
}
