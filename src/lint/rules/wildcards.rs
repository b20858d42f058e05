//! Wildcards: what is granted without being named.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity};
use crate::model::Symbol;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC101",
        name: "cluster-admin-equivalent",
        severity: Severity::Critical,
        what: "may do everything in the cluster",
        why: "it covers every present and future object, and the verbs escalate, bind and impersonate with it",
        fix: "list the resources and verbs that are needed, reads apart from writes; keep one break-glass group",
        references: &[
            "CIS 5.1.1",
            "CIS 5.1.3",
            "kubescape C-0035",
            "trivy KSV-0044 KSV-0046",
            "ATT&CK T1078",
        ],
        bad: Example::Cluster("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"),
        good: Example::Cluster(
            "{apiGroups: [apps], resources: [deployments], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster("{apiGroups: ['*'], resources: ['*/scale'], verbs: ['*']}"),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            named: false,
            ..Grant::of(&[&["* *:*"]])
        }),
    },
    Rule {
        id: "RBC102",
        name: "namespace-admin-equivalent",
        severity: Severity::High,
        what: "may do everything in the namespace",
        why: "every workload, Secret and service account of the namespace is in its hands, and the role bindings too",
        fix: "bind the built-in `edit` or `view`, or list what is needed",
        references: &[
            "CIS 5.1.3",
            "kubescape C-0187",
            "trivy KSV-0046",
            "polaris rolebindingClusterAdminClusterRole",
        ],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [apps], resources: [deployments], verbs: [get, list, watch]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: ['*'], resources: ['*'], resourceNames: [app], verbs: [get]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Namespace,
            named: false,
            judge: Some(|j| Some(j.either(Severity::Critical, Severity::High))),
            ..Grant::of(&[&["* *:*"]])
        }),
    },
    Rule {
        id: "RBC103",
        name: "wildcard-verb",
        severity: Severity::High,
        what: "holds every verb on what its rule names",
        why: "`*` includes escalate, bind, impersonate, approve, sign and use, deletecollection, and verbs that are invented later",
        fix: "write out the verbs: get, list, watch, and of create, update, patch, delete those that are needed",
        references: &[
            "CIS 5.1.3",
            "trivy KSV-0045",
            "checkov CKV_K8S_49",
            "kube-linter wildcard-in-rules",
        ],
        bad: Example::Cluster("{apiGroups: [apps], resources: [deployments], verbs: ['*']}"),
        good: Example::Cluster(
            "{apiGroups: [apps], resources: [deployments], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster("{apiGroups: [apps], resources: [deployments], verbs: ['get*']}"),
        check: Check::Grant(Grant {
            judge: Some(wildcard_verb),
            ..Grant::of(&[&["#any-verb"]])
        }),
    },
    Rule {
        id: "RBC104",
        name: "wildcard-resource",
        severity: Severity::High,
        what: "holds its verbs on every resource of an API group",
        why: "`*` matches kinds that come later and every subresource: pods/exec, nodes/proxy, serviceaccounts/token",
        fix: "name the resources",
        references: &[
            "CIS 5.1.3",
            "kubescape C-0187",
            "trivy KSV-0046",
            "krane risky-any-resource",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: ['*'], verbs: [get, list]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods, services], verbs: [get, list]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: ['pods/*'], verbs: [get, list]}"),
        check: Check::Grant(Grant {
            judge: Some(wildcard_resource),
            ..Grant::of(&[&["#any-resource"]])
        }),
    },
    Rule {
        id: "RBC105",
        name: "wildcard-api-group",
        severity: Severity::Medium,
        what: "holds its verbs in every API group",
        why: "the resource names match in groups that nobody thought of, those of aggregated APIs among them",
        fix: "name the groups that serve the resources",
        references: &["CIS 5.1.3", "checkov CKV_K8S_49"],
        bad: Example::Cluster("{apiGroups: ['*'], resources: [deployments], verbs: [get]}"),
        good: Example::Cluster("{apiGroups: [apps], resources: [deployments], verbs: [get]}"),
        near: Example::Cluster("{apiGroups: ['*.apps'], resources: [deployments], verbs: [get]}"),
        check: Check::Grant(Grant::of(&[&["#any-group"]])),
    },
    Rule {
        id: "RBC106",
        name: "wildcard-subresource",
        severity: Severity::High,
        what: "holds its verbs on a subresource of every resource",
        why: "`*/NAME` reaches that subresource of every parent, present and future",
        fix: "name the parents: `pods/exec` in place of `*/exec`",
        references: &["CIS 5.1.3"],
        bad: Example::Cluster("{apiGroups: [''], resources: ['*/exec'], verbs: [create]}"),
        good: Example::Cluster("{apiGroups: [apps], resources: [deployments/scale], verbs: [get]}"),
        near: Example::Cluster("{apiGroups: [''], resources: ['pods/*'], verbs: [create]}"),
        check: Check::Grant(Grant {
            judge: Some(wildcard_subresource),
            ..Grant::of(&[&["#any-parent"]])
        }),
    },
    Rule {
        id: "RBC107",
        name: "wildcard-nonresource-url",
        severity: Severity::Medium,
        what: "may read every path of the API server that is no resource",
        why: "profiles, logs, configuration and metrics are among the paths, and endpoints of later versions",
        fix: "name the paths: /healthz, /livez, /readyz, /version, /metrics",
        references: &["RBAC documentation: referring to non-resource URLs"],
        bad: Example::Cluster("{nonResourceURLs: ['*'], verbs: [get]}"),
        good: Example::Cluster("{nonResourceURLs: [/healthz, /livez, /readyz], verbs: [get]}"),
        near: Example::Cluster("{nonResourceURLs: ['/healthz/*'], verbs: [get]}"),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| {
                Some(if j.broad {
                    Severity::Critical
                } else {
                    Severity::Medium
                })
            }),
            ..Grant::of(&[&["get /a-path-of-a-later-version"]])
        }),
    },
    Rule {
        id: "RBC149",
        name: "read-everything",
        severity: Severity::High,
        what: "reads every object of the core group",
        why: "Secrets are among them, and `get` on every resource includes nodes/proxy and pods/proxy, through which a read acts",
        fix: "bind the built-in `view`, which leaves Secrets out, and add what it lacks by name",
        references: &[
            "Kubernetes: RBAC good practices",
            "krane risky-any-resource-get",
        ],
        bad: Example::Cluster("{apiGroups: ['*'], resources: ['*'], verbs: [get, list, watch]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods, services, configmaps], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster("{apiGroups: [apps], resources: ['*'], verbs: [get, list, watch]}"),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            ..Grant::of(&[&["get,list,watch *"]])
        }),
    },
];

/// Groups whose verbs beyond the usual ones are dangerous.
const SENSITIVE: [&str; 5] = [
    "",
    "*",
    "rbac.authorization.k8s.io",
    "certificates.k8s.io",
    "authentication.k8s.io",
];

/// Whether every group that a rule names is one of custom resources.
fn only_custom(judged: &Judged<'_, '_>) -> bool {
    let lint = judged.lint;
    judged.rule().api_groups.iter().all(|group| {
        let name = lint.str(*group);
        name != "*" && !is_built_in_group(name)
    })
}

fn is_built_in_group(name: &str) -> bool {
    name.is_empty()
        || !name.contains('.')
        || (name.ends_with(".k8s.io") && !name.contains(".x-k8s.io"))
}

fn wildcard_verb(judged: &Judged<'_, '_>) -> Option<Severity> {
    if only_custom(judged) {
        // Its own custom resources: there is no special verb to be won.
        return Some(Severity::Info);
    }
    let groups = &judged.rule().api_groups;
    let sensitive = groups
        .iter()
        .any(|g| SENSITIVE.contains(&judged.lint.str(*g)));
    Some(judged.ladder(if sensitive {
        Severity::High
    } else {
        Severity::Medium
    }))
}

fn wildcard_resource(judged: &Judged<'_, '_>) -> Option<Severity> {
    if only_custom(judged) {
        return Some(Severity::Low.min(judged.ladder(Severity::Low)));
    }
    let rule = judged.rule();
    let core = ["", "*", "rbac.authorization.k8s.io"];
    let core = rule
        .api_groups
        .iter()
        .any(|g| core.contains(&judged.lint.str(*g)));
    let writes = ["create", "update", "patch", "impersonate", "*"];
    let writes = rule
        .verbs
        .iter()
        .any(|v| writes.contains(&judged.lint.str(*v)));
    Some(judged.ladder(match (core, writes) {
        (true, true) => Severity::Critical,
        (true, false) => Severity::High,
        (false, _) => Severity::Medium,
    }))
}

fn wildcard_subresource(judged: &Judged<'_, '_>) -> Option<Severity> {
    let powerful = |resource: &Symbol| {
        let name = judged.lint.str(*resource).strip_prefix("*/");
        let powerful = [
            "exec",
            "attach",
            "portforward",
            "proxy",
            "token",
            "approval",
            "ephemeralcontainers",
        ];
        name.is_some_and(|name| powerful.contains(&name))
    };
    let high = judged.rule().resources.iter().any(powerful);
    Some(judged.ladder(if high { Severity::High } else { Severity::Low }))
}
