//! Halves of what takes two, which do nothing alone.

use super::certificates::SIGNING;
use crate::lint::{Check, Example, Facet, Finding, Found, Lint, Rule, Severity};
use crate::model::{Binding, BindingId, BindingKind, RoleId};

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
        fix: "remove it, or grant a named user together with the named groups",
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

/// A right that does little without another one.
struct Half {
    rule: &'static str,
    severity: Severity,
    held: &'static [&'static str],
    lacking: &'static [&'static str],
    /// What, why and the fix, where they are not the rule's own.
    words: Option<[&'static str; 3]>,
}

const CERTIFICATES: &str =
    "it is half of a right: with the other half, certificates are made for any name";
const APPROVES: [&str; 3] = [
    "holds the right to approve or sign for a signer, but writes none of its requests",
    CERTIFICATES,
    "remove it",
];

const HALVES: [Half; 9] = [
    Half {
        rule: "RBC647",
        severity: Severity::Info,
        held: &["create pods/exec"],
        lacking: &["get pods"],
        words: Some([
            "may exec into Pods but not read them",
            "clients read the Pod before they enter it",
            "grant get on pods with it, and get on pods/exec for clients that open a WebSocket",
        ]),
    },
    Half {
        rule: "RBC647",
        severity: Severity::Info,
        held: &["create pods/exec"],
        lacking: &["get pods/exec"],
        words: Some([
            "may exec into Pods by POST but not by GET",
            "clients that open a WebSocket send a GET",
            "grant get on pods/exec with it: clients that open a WebSocket need both",
        ]),
    },
    Half {
        rule: "RBC653",
        severity: Severity::Low,
        held: &["escalate rbac:clusterroles"],
        lacking: &["create,update,patch rbac:clusterroles"],
        words: None,
    },
    Half {
        rule: "RBC653",
        severity: Severity::Low,
        held: &["escalate rbac:roles"],
        lacking: &["create,update,patch rbac:roles"],
        words: None,
    },
    Half {
        rule: "RBC130",
        severity: Severity::Low,
        held: &["approve certificates:signers"],
        lacking: &["update,patch certificates:certificatesigningrequests/approval"],
        words: Some(APPROVES),
    },
    Half {
        rule: "RBC130",
        severity: Severity::Low,
        held: &["update,patch certificates:certificatesigningrequests/approval"],
        lacking: &["approve certificates:signers"],
        words: Some([
            "writes the approval of certificate requests, but may approve for no signer",
            CERTIFICATES,
            "remove it",
        ]),
    },
    Half {
        rule: "RBC131",
        severity: Severity::Low,
        held: &["sign certificates:signers"],
        lacking: SIGNING[0].1,
        words: Some(APPROVES),
    },
    Half {
        rule: "RBC131",
        severity: Severity::Low,
        held: &["attest certificates:signers"],
        lacking: SIGNING[1].1,
        words: Some(APPROVES),
    },
    Half {
        rule: "RBC654",
        severity: Severity::Low,
        held: &["impersonate groups"],
        lacking: &["impersonate users,serviceaccounts"],
        words: None,
    },
];

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
    finding.what = Some("holds `escalate` but may not write the roles".into());
    finding.why =
        Some("it is half of an escalation: with the other half, any rule can be written".into());
}

fn check(lint: &Lint<'_>, id: BindingId, found: &mut Found) {
    let Some(role) = lint.role_of(id).filter(|role| lint.holds_a_half(*role)) else {
        return;
    };
    let binding = lint.cluster.binding(id);
    let mut said = "";
    for half in &HALVES {
        if said == half.rule
            || !holds_here(lint, binding, role, half.held)
            || lint.role_holds(role, half.lacking)
            || lint.is_everything(role)
        {
            continue;
        }
        let mut subjects = 0..binding.subjects.len() as u32;
        let alone = subjects.find(|subject| !lint.may_at_all(id, *subject, half.lacking));
        let Some(subject) = alone else { continue };
        said = half.rule;
        let mut finding = lint.of_subject(half.rule, half.severity, id, subject);
        finding.role_rules = rules_of(lint, role, half.held).into();
        if let Some([what, why, fix]) = half.words {
            finding.what = Some(what.into());
            finding.why = Some(why.into());
            finding.fix = Some(fix.into());
        }
        if half.rule == "RBC653" {
            take_as_half_of_an_escalation(lint, id, &mut finding);
        }
        found.add(finding);
    }
}
