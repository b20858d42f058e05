//! Impersonation: to be somebody else.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC125",
        name: "impersonate-anyone",
        severity: Severity::Critical,
        what: "impersonates any user",
        why: "it can act as users that hold more, system:kube-controller-manager among them, and with groups as well as a member of system:masters",
        fix: "pin the users with resourceNames, or use constrained impersonation",
        references: &[
            "CIS 5.1.8",
            "kubescape C-0065",
            "trivy KSV-0043",
            "checkov CKV2_K8S_3",
            "KubeHound IDENTITY_IMPERSONATE",
            "ATT&CK T1078",
        ],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [users, groups], verbs: [impersonate]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [users], resourceNames: [jane], verbs: [impersonate]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [users, groups], verbs: [impersonate]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            named: false,
            ..Grant::of(&[&["impersonate users"]])
        }),
    },
    Rule {
        id: "RBC126",
        name: "impersonate-privileged-name",
        severity: Severity::Critical,
        what: "impersonates an identity that rules the cluster",
        why: "the names that it is pinned to hold critical grants themselves",
        fix: "impersonate a group with the rights that are needed, bound for this purpose",
        references: &["CIS 5.1.7", "CIS 5.1.8"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [groups], resourceNames: ['system:masters'], verbs: [impersonate]}\n{apiGroups: [''], resources: [users], resourceNames: [oncall], verbs: [impersonate]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [users], resourceNames: [jane], verbs: [impersonate]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [groups], resourceNames: ['system:master'], verbs: [impersonate]}\n{apiGroups: [''], resources: [users], resourceNames: [oncall], verbs: [impersonate]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(privileged_name),
            detail: Some(|j| {
                let names: Vec<&str> = privileged_names(j);
                Some(format!("{} holds critical grants", super::listed(&names)))
            }),
            ..Grant::of(&[
                &["impersonate users,groups"],
                &["impersonate users,serviceaccounts"],
            ])
        }),
    },
    Rule {
        id: "RBC127",
        name: "impersonate-serviceaccounts",
        severity: Severity::Critical,
        what: "impersonates service accounts",
        why: "it acts as any of them; those of kube-system's controllers may write any role",
        fix: "pin the accounts with resourceNames",
        references: &["CIS 5.1.8", "kubescape C-0065", "checkov CKV2_K8S_3"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [serviceaccounts], verbs: [get]}"),
        near: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [serviceaccounts], verbs: [impersonate]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(|j| {
                Some(if j.named() {
                    j.ladder(Severity::High)
                } else {
                    j.takeover()
                })
            }),
            ..Grant::of(&[&["impersonate serviceaccounts"]])
        }),
    },
    Rule {
        id: "RBC128",
        name: "impersonate-extra-or-uid",
        severity: Severity::Medium,
        what: "gives itself a uid or extra values while it impersonates",
        why: "webhooks and scopes believe what they find there",
        fix: "list the values with resourceNames, or remove it",
        references: &["rbac-police impersonate"],
        bad: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [userextras/scopes], verbs: [impersonate]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [users], resourceNames: [jane], verbs: [impersonate]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [userextras/scopes, uids], verbs: [impersonate]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            ..Grant::of(&[&["#userextras", "impersonate authentication:uids"]])
        }),
    },
    Rule {
        id: "RBC129",
        name: "constrained-impersonation-too-wide",
        severity: Severity::High,
        what: "impersonates, for certain requests, any identity of a kind",
        why: "both halves of constrained impersonation are there and neither is pinned: the mode, and what may be done in it",
        fix: "pin the identities with resourceNames, or use the mode associated-node, and name the verbs that may be used",
        references: &["KEP-5284"],
        bad: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [nodes], verbs: ['impersonate:arbitrary-node']}\n{apiGroups: [''], resources: [pods], verbs: ['impersonate-on:arbitrary-node:delete']}",
        ),
        good: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [nodes], resourceNames: ['*'], verbs: ['impersonate:associated-node']}\n{apiGroups: [''], resources: [pods], verbs: ['impersonate-on:associated-node:list']}",
        ),
        near: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [nodes], verbs: ['impersonate:arbitrary-node']}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            named: false,
            judge: Some(|j| {
                // Whole wildcards are the business of other rules.
                let spelt = j
                    .rule()
                    .verbs
                    .iter()
                    .any(|v| j.lint.str(*v).starts_with("impersonate:"));
                spelt.then(|| j.ladder(Severity::High))
            }),
            ..Grant::of(&[
                &[
                    "impersonate:user-info authentication:users",
                    "impersonate:serviceaccount authentication:serviceaccounts",
                    "impersonate:arbitrary-node authentication:nodes",
                ],
                &["#impersonate-on"],
            ])
        }),
    },
];

/// The names of a pinned grant that hold critical grants themselves.
fn privileged_names<'c>(judged: &Judged<'_, 'c>) -> Vec<&'c str> {
    let names = judged.names().into_iter();
    names
        .filter(|name| judged.lint.is_powerful_name(name))
        .collect()
}

fn privileged_name(judged: &Judged<'_, '_>) -> Option<Severity> {
    (judged.rule_is_named() && !privileged_names(judged).is_empty()).then_some(Severity::Critical)
}
