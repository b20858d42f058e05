//! Halves of what takes two, which do nothing alone.

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::BindingId;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC647",
        name: "incomplete-verb-set",
        severity: Severity::Info,
        what: "lacks a verb that clients use beside the one that is granted",
        why: "clients list before they watch, read before they patch, and look a Pod up before they exec: without the other verb they are refused",
        fix: "grant the other verb with it",
        references: &["kubectl exec, edit and apply"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/exec], verbs: [create]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods, pods/exec], verbs: [get, create]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods/exec], verbs: [create, get]}\n{apiGroups: ['*'], resources: [pods], verbs: [get]}",
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

/// A rule, its words where they are not its own, the half that is held and the one that is lacking.
type Case = (
    &'static str,
    Option<(&'static str, &'static str)>,
    &'static [&'static str],
    &'static [&'static str],
);

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let Some(role) = lint.role_of(id).filter(|role| lint.holds_a_half(*role)) else {
        return;
    };
    let namespace = lint.str(lint.cluster.binding(id).namespace);
    let cases: [Case; 4] = [
        (
            "RBC647",
            Some((
                "may exec into Pods but not read them",
                "grant get on pods with it, and get on pods/exec for clients that open a WebSocket",
            )),
            &["create pods/exec"],
            &["get pods"],
        ),
        (
            "RBC647",
            Some((
                "may exec into Pods by POST but not by GET",
                "grant get on pods/exec with it: clients that open a WebSocket need both",
            )),
            &["create pods/exec"],
            &["get pods/exec"],
        ),
        (
            "RBC653",
            None,
            &["escalate rbac:roles,clusterroles"],
            &["create,update,patch rbac:roles,clusterroles"],
        ),
        (
            "RBC654",
            None,
            &["impersonate groups"],
            &["impersonate users,serviceaccounts"],
        ),
    ];
    let mut said = "";
    for (rule, words, half, other) in cases {
        if said == rule
            || !lint.role_holds(role, half)
            || lint.role_holds(role, other)
            || lint.is_everything(role)
        {
            continue;
        }
        let subjects = 0..lint.cluster.binding(id).subjects.len() as u32;
        let alone = subjects
            .clone()
            .find(|subject| !lint.may_at_all(id, *subject, namespace, other));
        if let Some(subject) = alone {
            said = rule;
            let severity = super::by_id(rule).severity;
            let mut finding = lint.of_subject(rule, severity, id, subject);
            finding.what = words.map(|(what, _)| what.to_owned());
            finding.fix = words.map(|(_, fix)| fix.to_owned());
            found.add(finding);
        }
    }
}
