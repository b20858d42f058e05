//! Impersonation: to be somebody else.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity, Text};
use crate::model::PolicyRule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC125",
        name: "impersonate-anyone",
        severity: Severity::Critical,
        what: "impersonates any user",
        why: "with any user and any group it acts as a member of system:masters, whom nothing is refused",
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
            judge: Some(|j| {
                let base = if j.subject_may(&["impersonate groups"]) {
                    Severity::Critical
                } else {
                    Severity::High
                };
                Some(j.ladder(base))
            }),
            detail: Some(without_groups),
            // Some user must be named, and an account is one.
            ..Grant::of(&[
                &["impersonate users,serviceaccounts"],
                &["impersonate users", "impersonate groups"],
            ])
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
            judge: Some(|j| (!privileged_names(j).is_empty()).then_some(Severity::Critical)),
            detail: Some(|j| {
                let names: Vec<&str> = privileged_names(j);
                Some(format!("{} holds critical grants", super::listed(&names)).into())
            }),
            ..Grant::of(&[
                &["impersonate users,groups,serviceaccounts"],
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
            pinned: Some("see that the accounts hold no more than whoever acts as them"),
            judge: Some(|j| Some(j.either(Severity::Critical, Severity::High))),
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
            pinned: Some("remove it, unless these values are needed"),
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
            "{apiGroups: [authentication.k8s.io], resources: [nodes], resourceNames: [n1], verbs: ['impersonate:arbitrary-node']}\n{apiGroups: [''], resources: [pods], verbs: ['impersonate-on:arbitrary-node:delete']}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| {
                let (severity, _) = constrained(j)?;
                Some(if severity > Severity::Info {
                    j.ladder(severity)
                } else {
                    severity
                })
            }),
            detail: Some(|j| constrained(j)?.1),
            ..Grant::of(&[&[
                "impersonate:user-info authentication:users",
                "impersonate:serviceaccount authentication:serviceaccounts",
                "impersonate:arbitrary-node authentication:nodes",
                "impersonate:associated-node authentication:nodes",
            ]])
        }),
    },
];

/// The names of a pinned grant that hold critical grants themselves.
fn privileged_names<'c>(judged: &Judged<'_, 'c>) -> Vec<&'c str> {
    let lint = judged.lint;
    let mut names = Vec::new();
    if judged.cluster_wide {
        names = judged.names_for(&["impersonate users", "impersonate groups"]);
        names.retain(|name| lint.is_powerful_name(name));
    }
    let accounts = judged
        .names_for(&["impersonate serviceaccounts"])
        .into_iter();
    names.extend(accounts.filter(|name| lint.is_powerful_account(judged.namespace(), name)));
    names
}

/// What is reached by users alone.
fn without_groups(judged: &Judged<'_, '_>) -> Option<Text> {
    if judged.subject_may(&["impersonate groups"]) {
        return None;
    }
    Some(format!(
        "without a group it acts as a user with the grants of that name alone; {} hold critical ones",
        super::listed(judged.lint.powerful_users())
    ).into())
}

/// The modes of constrained impersonation: name, and what is asked of who is impersonated.
const MODES: [(&str, &str); 4] = [
    ("user-info", "impersonate:user-info authentication:users"),
    (
        "serviceaccount",
        "impersonate:serviceaccount authentication:serviceaccounts",
    ),
    (
        "arbitrary-node",
        "impersonate:arbitrary-node authentication:nodes",
    ),
    (
        "associated-node",
        "impersonate:associated-node authentication:nodes",
    ),
];

/// How much may be requested while impersonating.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum On {
    Nothing,
    Reads,
    Writes,
}

/// How grave a mode is with what may be done in it, and why where it is inert.
fn constrained(judged: &Judged<'_, '_>) -> Option<(Severity, Option<Text>)> {
    let granted = MODES.iter().filter(|(mode, pattern)| {
        // Of an associated node the server asks by the name `*`.
        judged.grants(&[pattern])
            && (!judged.named() || (*mode == "associated-node" && judged.names().contains(&"*")))
    });
    let modes: Vec<&str> = granted.map(|(mode, _)| *mode).collect();
    let on = modes.iter().map(|mode| requests_in(judged, mode)).max()?;
    let spelt = |rule: &&PolicyRule| {
        let mut verbs = rule.verbs.iter();
        verbs.any(|verb| judged.lint.str(*verb).starts_with("impersonate:"))
    };
    match on {
        On::Writes => Some((Severity::High, None)),
        On::Reads => None,
        On::Nothing => Some(judged.rule()).filter(spelt).map(|_| {
            let why = format!(
                "it is inert: no rule allows a request in it, whose verb would be impersonate-on:{}:VERB with the verb spelt out",
                modes.first().unwrap_or(&"")
            );
            (Severity::Info, Some(why.into()))
        }),
    }
}

/// What the subjects may request in a mode, by all of their bindings.
fn requests_in(judged: &Judged<'_, '_>, mode: &str) -> On {
    let lint = judged.lint;
    let of_mode = |verb: &str| {
        let verb = match verb {
            "*" => return On::Writes,
            _ => verb
                .strip_prefix("impersonate-on:")
                .and_then(|v| v.strip_prefix(mode)),
        };
        match verb.and_then(|verb| verb.strip_prefix(':')) {
            // A `*` within a word is no wildcard.
            None | Some("*") => On::Nothing,
            Some("get" | "list" | "watch") => On::Reads,
            Some(_) => On::Writes,
        }
    };
    let bindings = judged
        .subjects()
        .flat_map(|subject| lint.applicable(judged.binding, subject));
    let rules = bindings
        .filter_map(|applicable| applicable.role)
        .flat_map(|role| &lint.cluster.role(role).rules);
    rules
        .filter(|rule| rule.resource_names.is_empty() && rule.non_resource_urls.is_empty())
        .flat_map(|rule| &rule.verbs)
        .map(|verb| of_mode(lint.str(*verb)))
        .max()
        .unwrap_or(On::Nothing)
}
