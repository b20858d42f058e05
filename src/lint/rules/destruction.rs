//! What destroys, hides or stalls.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity, Text};
use crate::model::PolicyRule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC147",
        name: "delete-events",
        severity: Severity::Low,
        what: "deletes events",
        why: "the traces of what happened go with them",
        fix: "grant create and patch, which is what writers of events need",
        references: &["kubescape C-0031", "ATT&CK T1070"],
        bad: Example::Cluster("{apiGroups: [''], resources: [events], verbs: [delete]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [events], verbs: [create, patch]}"),
        near: Example::Cluster("{apiGroups: [apps], resources: [events], verbs: [delete]}"),
        check: Check::Grant(Grant::of(&[&[
            "delete,deletecollection events",
            "delete,deletecollection events:events",
        ]])),
    },
    Rule {
        id: "RBC148",
        name: "mass-delete",
        severity: Severity::Medium,
        what: "deletes much at once",
        why: "one request deletes all objects of a kind, or everything in a namespace, or the data of a volume",
        fix: "grant `delete` alone, pinned where it can be",
        references: &[
            "kubescape C-0007",
            "krane risky-any-resource-delete",
            "ATT&CK T1485",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [namespaces], verbs: [delete]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [delete]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods], resourceNames: [a], verbs: [deletecollection]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("take `delete` away, unless the program removes them itself"),
            judge: Some(mass_delete),
            ..Grant::of(&[&[
                "delete namespaces,persistentvolumes",
                "delete apiextensions:customresourcedefinitions",
                "deletecollection pods,secrets,configmaps,persistentvolumeclaims,services",
                "deletecollection apps:deployments,statefulsets,daemonsets",
                "#deletes-many",
            ]])
        }),
    },
    Rule {
        id: "RBC150",
        name: "serviceaccount-write",
        severity: Severity::Medium,
        what: "writes service accounts",
        why: "an annotation gives a cloud identity, and a new account takes up bindings that were left for its name",
        fix: "grant `patch` on accounts pinned with resourceNames",
        references: &[
            "rbac-police providerIAM",
            "kubesplaining KUBE-RBAC-STALE-002",
        ],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [serviceaccounts], verbs: [create, patch]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [serviceaccounts], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [apps], resources: [serviceaccounts], verbs: [create, patch]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("leave the accounts to the installer"),
            judge: Some(|j| {
                let worth = worth_an_account(j).is_some();
                Some(j.ladder(if worth {
                    Severity::High
                } else {
                    Severity::Medium
                }))
            }),
            detail: Some(worth_an_account),
            ..Grant::of(&[&["create,update,patch serviceaccounts"]])
        }),
    },
    Rule {
        id: "RBC151",
        name: "leader-election-write",
        severity: Severity::Low,
        what: "writes the leader election leases of kube-system",
        why: "whoever takes the lease of the controller manager or the scheduler stalls them",
        fix: "pin its own lease with resourceNames; `create` stands in a rule of its own",
        references: &["Kubernetes: leases"],
        bad: Example::Namespace(
            "kube-system",
            "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [update]}",
        ),
        good: Example::Namespace(
            "kube-system",
            "{apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [my-controller], verbs: [update]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [update]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("use a lease of its own"),
            judge: Some(leases),
            ..Grant::of(&[&["update,patch,delete coordination:leases"]])
        }),
    },
    Rule {
        id: "RBC152",
        name: "log-and-debug-read",
        severity: Severity::Low,
        what: "reads logs of every namespace, or the API server's logs and profiles",
        why: "what programs print there holds tokens and personal data more often than not",
        fix: "grant pods/log by a RoleBinding in the namespaces that need it",
        references: &["ATT&CK T1552"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/log], verbs: [get]}"),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [pods/log], verbs: [get]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: [pods/log], verbs: [list]}"),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            ..Grant::of(&[&[
                "get pods/log,nodes/log",
                "get /logs,/logs/,/logs/kube-apiserver.log",
                "get /debug/pprof,/debug/pprof/,/debug/pprof/profile,/debug/pprof/heap,/debug/flags/v",
            ]])
        }),
    },
    Rule {
        id: "RBC156",
        name: "flowcontrol-write",
        severity: Severity::Low,
        what: "writes the priorities of API requests",
        why: "requests of others can be starved, and its own exempted",
        fix: "leave it to the administrators of the platform",
        references: &["ATT&CK T1499"],
        bad: Example::Cluster(
            "{apiGroups: [flowcontrol.apiserver.k8s.io], resources: [flowschemas], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [flowcontrol.apiserver.k8s.io], resources: [flowschemas], verbs: [get]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [flowcontrol.apiserver.k8s.io], resources: [flowschemas/status], verbs: [patch]}",
        ),
        check: Check::Grant(Grant::of(&[&[
            "create,update,patch,delete flowcontrol:flowschemas,prioritylevelconfigurations",
        ]])),
    },
];

/// What one `delete` or a spelt `deletecollection` does to much.
const MUCH: &[&str] = &[
    "delete namespaces,persistentvolumes",
    "delete apiextensions:customresourcedefinitions",
    "deletecollection pods,secrets,configmaps,persistentvolumeclaims,services",
    "deletecollection apps:deployments,statefulsets,daemonsets",
];

fn mass_delete(judged: &Judged<'_, '_>) -> Option<Severity> {
    let role = judged.lint.cluster.role(judged.role);
    let mut rules = judged
        .role_rules()
        .iter()
        .map(|rule| &role.rules[*rule as usize]);
    // An operator clears away its own resources.
    let others = |rule: &PolicyRule| {
        rule.resource_names.is_empty() && !super::wildcards::only_custom(judged.lint, rule)
    };
    let much = judged.grants(MUCH) || rules.any(|rule| others(rule));
    much.then(|| judged.either(Severity::High, Severity::Medium))
}

fn leases(judged: &Judged<'_, '_>) -> Option<Severity> {
    let control_plane = [
        "kube-controller-manager",
        "kube-scheduler",
        "cloud-controller-manager",
    ];
    let there = judged.cluster_wide || judged.namespace() == "kube-system";
    let reached = !judged.named() || judged.names().iter().any(|n| control_plane.contains(n));
    let severity = if judged.broad {
        Severity::Medium
    } else {
        Severity::Low
    };
    (there && reached).then_some(severity)
}

/// What makes the writing of accounts grave: a cloud identity that is given by an annotation, or a binding that
/// waits for an account.
fn worth_an_account(judged: &Judged<'_, '_>) -> Option<Text> {
    let namespace = (!judged.cluster_wide).then(|| judged.namespace());
    if let Some((namespace, name)) = judged.lint.cloud_account(namespace) {
        return Some(format!(
            "accounts get identities of the cloud by annotations here, as {namespace}/{name} does, and it can annotate one for itself"
        ).into());
    }
    if !judged.grants(&["create serviceaccounts"]) {
        return None;
    }
    let (namespace, name) = judged.lint.awaited_account(namespace)?;
    Some(format!(
        "a binding waits for the account {namespace}/{name}, which does not exist: whoever makes it holds what is bound"
    ).into())
}
