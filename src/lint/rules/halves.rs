//! Halves of what takes two, which do nothing alone.

use super::certificates::SIGNING;
use crate::lint::{Check, Example, Facet, Finding, Found, Lint, Rule, Severity};
use crate::model::{Binding, BindingId, BindingKind, RoleId};

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

type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    Severity,
);

/// Whether a binding grants one of these requests, for some name at least.
fn holds_here(lint: &Lint<'_>, binding: &Binding, role: RoleId, patterns: &[&str]) -> bool {
    let everywhere = binding.kind == BindingKind::ClusterRoleBinding;
    lint.role_holds(role, patterns) && (everywhere || lint.is_namespaced(patterns))
}

/// The rules of a role that grant one of these requests.
fn rules_of(lint: &Lint<'_>, role: RoleId, patterns: &[&str]) -> Vec<u32> {
    let rules = (0u32..).zip(&lint.cluster.role(role).rules);
    rules
        .filter(|(_, rule)| lint.rule_holds(rule, patterns))
        .map(|(index, _)| index)
        .collect()
}

/// `escalate` alone is told by the rule about escalating, a step above the half that it is.
fn take_as_half_of_an_escalation(lint: &Lint<'_>, id: BindingId, finding: &mut Finding) {
    let everywhere = lint.cluster.binding(id).kind == BindingKind::ClusterRoleBinding;
    let severity = if everywhere {
        Severity::Medium
    } else {
        Severity::Low
    };
    finding.facets.push(Facet {
        rule: std::mem::replace(&mut finding.rule, super::by_id("RBC122")),
        severity: finding.severity,
        why: None,
    });
    finding.severity = severity;
    finding.own = severity;
    finding.what = Some("holds `escalate` but may not write the roles".to_owned());
    finding.why = Some(
        "it is half of an escalation: with the other half, any rule can be written".to_owned(),
    );
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let Some(role) = lint.role_of(id).filter(|role| lint.holds_a_half(*role)) else {
        return;
    };
    let binding = lint.cluster.binding(id);
    let namespace = lint.str(binding.namespace);
    let cases: [Case; 8] = [
        (
            "RBC647",
            &["create pods/exec"],
            &["get pods"],
            Severity::Info,
        ),
        (
            "RBC653",
            &["escalate rbac:clusterroles"],
            &["create,update,patch rbac:clusterroles"],
            Severity::Low,
        ),
        (
            "RBC653",
            &["escalate rbac:roles"],
            &["create,update,patch rbac:roles"],
            Severity::Low,
        ),
        (
            "RBC130",
            &["approve certificates:signers"],
            &["update,patch certificates:certificatesigningrequests/approval"],
            Severity::Low,
        ),
        (
            "RBC130",
            &["update,patch certificates:certificatesigningrequests/approval"],
            &["approve certificates:signers"],
            Severity::Low,
        ),
        (
            "RBC131",
            &["sign certificates:signers"],
            SIGNING[0].1,
            Severity::Low,
        ),
        (
            "RBC131",
            &["attest certificates:signers"],
            SIGNING[1].1,
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
        if !holds_here(lint, binding, role, half)
            || lint.role_holds(role, other)
            || lint.is_everything(role)
        {
            continue;
        }
        let subjects = 0..lint.cluster.binding(id).subjects.len() as u32;
        let alone = subjects
            .clone()
            .find(|subject| !lint.may_at_all(id, *subject, namespace, other));
        let Some(subject) = alone else { continue };
        if found
            .findings
            .iter()
            .rev()
            .any(|f| f.binding == Some(id) && f.rule.id == rule)
        {
            continue;
        }
        let mut finding = lint.of_subject(rule, severity, id, subject);
        finding.role_rules = rules_of(lint, role, half);
        match rule {
            "RBC653" => take_as_half_of_an_escalation(lint, id, &mut finding),
            "RBC130" | "RBC131" => {
                let what = if half[0].contains(" certificates:signers") {
                    "holds the right to approve or sign for a signer, but writes none of its requests"
                } else {
                    "writes the approval of certificate requests, but may approve for no signer"
                };
                finding.what = Some(what.to_owned());
                finding.why = Some("it is half of a right: with the other half, certificates are made for any name".to_owned());
                finding.fix = Some("remove it".to_owned());
            }
            _ => {}
        }
        found.add(finding);
    }
}
