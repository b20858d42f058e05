//! Wildcards: what is granted without being named.

use crate::lint::{Check, Example, Grant, Judged, Lint, Rule, Scope, Severity, Text};
use crate::model::{PolicyRule, SubjectKind, Symbol};

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
            judge: Some(|j| Some(gravest(j, wildcard_verb))),
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
            judge: Some(|j| Some(gravest(j, wildcard_resource))),
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
        check: Check::Grant(Grant {
            detail: Some(serving_groups),
            ..Grant::of(&[&["#any-group"]])
        }),
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
            judge: Some(|j| Some(gravest(j, wildcard_subresource))),
            ..Grant::of(&[&["#any-parent"]])
        }),
    },
    Rule {
        id: "RBC107",
        name: "wildcard-nonresource-url",
        severity: Severity::Medium,
        what: "reads paths of the API server by a wildcard",
        why: "profiles, logs, configuration or metrics are among the paths, and endpoints of later versions",
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
            ..Grant::of(&[&["get /a-path-of-later,/debug/a-path-of-later,/logs/a-path-of-later"]])
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

/// Resources of the core group by which more is won than what they are: with verbs beyond the usual ones, or by
/// what they hold.
const SENSITIVE: [&str; 6] = [
    "users",
    "groups",
    "serviceaccounts",
    "secrets",
    "nodes",
    "pods",
];

/// Groups of which every verb matters.
const SENSITIVE_GROUPS: [&str; 2] = ["rbac.authorization.k8s.io", "authentication.k8s.io"];

/// The gravest of what the rules of the role are that grant it.
fn gravest(judged: &Judged<'_, '_>, of: fn(&Judged<'_, '_>, &PolicyRule) -> Severity) -> Severity {
    let role = judged.lint.cluster.role(judged.role);
    let rules = judged.role_rules().iter();
    let each = rules.map(|rule| of(judged, &role.rules[*rule as usize]));
    judged.ladder(each.max().unwrap_or(Severity::Info))
}

/// Whether a group is one of custom resources or of an aggregated API.
fn is_custom(lint: &Lint<'_>, group: &str) -> bool {
    group != "*" && !lint.catalogue().is_built_in(group)
}

/// Whether every group that a rule names is one of custom resources.
pub(super) fn only_custom(lint: &Lint<'_>, rule: &PolicyRule) -> bool {
    let mut groups = rule.api_groups.iter();
    groups.all(|group| is_custom(lint, lint.str(*group)))
}

fn wildcard_verb(judged: &Judged<'_, '_>, rule: &PolicyRule) -> Severity {
    let lint = judged.lint;
    let mut subjects = judged.binding().subjects.iter();
    let only_accounts = subjects.all(|s| s.kind == SubjectKind::ServiceAccount);
    let pairs = rule.api_groups.iter().flat_map(|group| {
        let resources = rule.resources.iter();
        resources.map(move |resource| (lint.str(*group), lint.str(*resource)))
    });
    let severity = pairs.map(|(group, resource)| {
        if is_custom(lint, group) {
            // An operator and its own resources: there is no special verb to be won.
            return match (only_accounts, lint.is_custom(&[group], resource)) {
                (true, _) => Severity::Info,
                (false, true) => Severity::Medium,
                (false, false) => Severity::High,
            };
        }
        let (parent, _) = resource.split_once('/').unwrap_or((resource, ""));
        let core = ["", "*"].contains(&group) && (parent == "*" || SENSITIVE.contains(&parent));
        let signers =
            ["certificates.k8s.io", "*"].contains(&group) && ["*", "signers"].contains(&resource);
        match core || signers || SENSITIVE_GROUPS.contains(&group) {
            true => Severity::High,
            false => Severity::Medium,
        }
    });
    severity.max().unwrap_or(Severity::Info)
}

fn wildcard_resource(judged: &Judged<'_, '_>, rule: &PolicyRule) -> Severity {
    let lint = judged.lint;
    if only_custom(lint, rule) {
        return Severity::Low;
    }
    let holds =
        |list: &[Symbol], words: &[&str]| list.iter().any(|s| words.contains(&lint.str(*s)));
    let core = holds(&rule.api_groups, &["", "*", "rbac.authorization.k8s.io"]);
    let writes = holds(
        &rule.verbs,
        &["create", "update", "patch", "impersonate", "*"],
    );
    match core && writes {
        true => Severity::Critical,
        false => Severity::High,
    }
}

fn wildcard_subresource(judged: &Judged<'_, '_>, rule: &PolicyRule) -> Severity {
    const POWERFUL: [&str; 7] = [
        "exec",
        "attach",
        "portforward",
        "proxy",
        "token",
        "approval",
        "ephemeralcontainers",
    ];
    let mut names = rule.resources.iter().map(|name| judged.lint.str(*name));
    let powerful = |name: &str| {
        name.strip_prefix("*/")
            .is_some_and(|sub| POWERFUL.contains(&sub))
    };
    match names.any(powerful) {
        true => Severity::High,
        false => Severity::Low,
    }
}

/// The groups that really serve what the rule names.
fn serving_groups(judged: &Judged<'_, '_>) -> Option<Text> {
    let lint = judged.lint;
    let mut groups: Vec<&str> = Vec::new();
    for resource in &judged.rule().resources {
        for group in lint.catalogue().groups_of(lint.str(*resource)) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    (!groups.is_empty()).then(|| {
        format!(
            "its resources are served by {} alone; in other groups, those of aggregated APIs among them, the names match as well",
            super::listed(&groups)
        )
        .into()
    })
}
