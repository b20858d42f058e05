//! Secrets: to read them, to write them, and what both together give.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity, Text};

const READ: &[&str] = &["get,list,watch secrets"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC108",
        name: "read-secrets-cluster",
        severity: Severity::Critical,
        what: "reads Secrets of every namespace",
        why: "tokens, TLS keys and cloud credentials of every namespace are among them; a stolen token often leads to cluster-admin",
        fix: "grant it by a Role in each namespace that needs it, with resourceNames",
        references: &[
            "CIS 5.1.2",
            "kubescape C-0015 C-0186",
            "trivy KSV-0041",
            "checkov CKV2_K8S_5",
            "kube-linter access-to-secrets",
            "ATT&CK T1552.007 T1528",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [secrets], verbs: [list]}"),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [secrets], resourceNames: [app-tls], verbs: [get]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [secrets], resourceNames: [app-tls], verbs: [get]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            named: false,
            ..Grant::of(&[READ])
        }),
    },
    Rule {
        id: "RBC109",
        name: "read-secrets-namespace",
        severity: Severity::Medium,
        what: "reads Secrets of the namespace",
        why: "whoever holds this holds each credential of the namespace; a name that is not listed can be guessed or read from a Pod",
        fix: "list the Secrets by resourceNames, with `get` alone",
        references: &[
            "trivy KSV-0113",
            "kubescape C-0015",
            "kubesplaining KUBE-SECRETS-CROSSNS-001",
        ],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [secrets], verbs: [get]}",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [configmaps], verbs: [get]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [example.com], resources: [secrets], verbs: [get]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("see that each of the Secrets is needed; to read one, `get` is enough"),
            everywhere: Some("reads Secrets of some names in every namespace"),
            judge: Some(|j| match (j.named(), j.cluster_wide) {
                (true, _) if j.broad => Some(Severity::Medium),
                (true, _) => Some(Severity::Low),
                (false, false) => Some(j.either(Severity::High, Severity::Medium)),
                (false, true) => None,
            }),
            detail: Some(named_secrets),
            ..Grant::of(&[READ])
        }),
    },
    Rule {
        id: "RBC110",
        name: "secrets-list-believed-harmless",
        severity: Severity::High,
        what: "may list or watch Secrets but not get them",
        why: "a list holds the contents of every Secret, not only their names: leaving `get` out protects nothing",
        fix: "drop list and watch; grant `get` with resourceNames where the contents are needed",
        references: &[
            "Kubernetes: RBAC good practices, listing secrets",
            "CIS 5.1.2",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [secrets], verbs: [list, watch]}"),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [secrets], resourceNames: [app-tls], verbs: [get]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: [secrets], verbs: [get, list]}"),
        check: Check::Grant(Grant {
            named: false,
            lacks: &["get secrets"],
            ..Grant::of(&[&["list,watch secrets"]])
        }),
    },
    Rule {
        id: "RBC111",
        name: "secret-write-mints-tokens",
        severity: Severity::Critical,
        what: "makes tokens of any service account by writing Secrets",
        why: "a Secret of the type kubernetes.io/service-account-token is filled with a token of the account that it names, and can be read or mounted",
        fix: "take away the reading, or the creating: a writer of Secrets needs no get",
        references: &[
            "rbac-police issue_token_secrets",
            "IceKube CREATE_SECRET_WITH_TOKEN",
            "ATT&CK T1528",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [secrets], verbs: [create, get]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [secrets], verbs: [create]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [create, get]}",
        ),
        // Of a name that is not taken yet, a Secret can be made and then read: reading by name is a step less.
        check: Check::Grant(Grant {
            judge: Some(|j| Some(j.either(Severity::Critical, Severity::High))),
            elsewhere: Some(Severity::High),
            ..Grant::of(&[
                &["create secrets"],
                &["get,list,watch secrets", "create pods"],
            ])
        }),
    },
    Rule {
        id: "RBC112",
        name: "bootstrap-token-forgery",
        severity: Severity::High,
        what: "writes Secrets of kube-system, of which bootstrap tokens are made",
        why: "a Secret bootstrap-token-ID there authenticates as system:bootstrap:ID in the groups system:bootstrappers:*, where the server has bootstrap tokens turned on",
        fix: "grant it in another namespace; where it must be kube-system, list names and leave create out",
        references: &["CIS 3.1.3", "kubescape C-0288"],
        bad: Example::Namespace(
            "kube-system",
            "{apiGroups: [''], resources: [secrets], verbs: [create]}",
        ),
        good: Example::Namespace(
            "kube-system",
            "{apiGroups: [''], resources: [secrets], resourceNames: [my-cert], verbs: [update]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [secrets], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(|j| {
                let there = j.cluster_wide || j.namespace() == "kube-system";
                let forges =
                    !j.named() || j.names().iter().any(|n| n.starts_with("bootstrap-token-"));
                let more = j.lint.joiners_hold_more()
                    && !j.server_has(|config| !config.options.bootstrap_tokens);
                let base = if more {
                    Severity::Critical
                } else {
                    Severity::High
                };
                (there && forges).then(|| j.ladder(base))
            }),
            ..Grant::of(&[&["create,update,patch secrets"]])
        }),
    },
];

fn named_secrets(judged: &Judged<'_, '_>) -> Option<Text> {
    judged.named().then(|| {
        let names = super::listed(&judged.names());
        match judged.cluster_wide {
            true => format!("it reads Secrets named {names}, in every namespace").into(),
            false => format!("it reads the Secrets {names} alone").into(),
        }
    })
}
