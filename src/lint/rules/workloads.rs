//! Workloads: to make them, to change them, to enter them.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity, Text};
use crate::model::notes::PodSecurity;

/// What has a template of Pods; the kinds of others that have one are added to these.
pub(super) const CREATE_TEMPLATE: &str =
    "create apps:deployments,daemonsets,statefulsets,replicasets";
const CHANGE_TEMPLATE: &str = "update,patch apps:deployments,daemonsets,statefulsets,replicasets";

/// The requests of kinds that have a template of Pods, and their verbs.
pub(in crate::lint) const OF_TEMPLATES: [(&str, &[&str]); 2] = [
    (CREATE_TEMPLATE, &["create"]),
    (CHANGE_TEMPLATE, &["update", "patch"]),
];

const CREATE: &[&str] = &[
    "create pods,replicationcontrollers",
    CREATE_TEMPLATE,
    "create batch:jobs,cronjobs",
];
const MODIFY: &[&str] = &[
    "update,patch replicationcontrollers",
    CHANGE_TEMPLATE,
    "update,patch batch:cronjobs",
    "update,patch pods",
];
const MODIFY_TEMPLATE: &[&str] = &[
    "update,patch replicationcontrollers",
    CHANGE_TEMPLATE,
    "update,patch batch:cronjobs",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC113",
        name: "create-workloads",
        severity: Severity::High,
        what: "creates workloads",
        why: "a workload runs as any service account of its namespace and mounts any Secret, ConfigMap and volume claim there",
        fix: "give each deployer a namespace of its own, without powerful service accounts, and enforce a Pod Security level",
        references: &[
            "CIS 5.1.4",
            "kubescape C-0188",
            "trivy KSV-0048",
            "kube-linter access-to-create-pods",
            "ATT&CK T1610 T1053.007",
        ],
        bad: Example::Cluster("{apiGroups: [batch], resources: [jobs], verbs: [create]}"),
        good: Example::Cluster(
            "{apiGroups: [batch], resources: [jobs], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [jobs, deployments], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(|j| Some(j.takeover())),
            elsewhere: Some(Severity::High),
            detail: Some(gained),
            ..Grant::of(&[CREATE])
        }),
    },
    Rule {
        id: "RBC114",
        name: "modify-workloads",
        severity: Severity::High,
        what: "changes workloads",
        why: "a changed image, command, service account or volume runs with all that the workload's namespace has",
        fix: "pin it to the workload with resourceNames, in a namespace without powerful service accounts",
        references: &[
            "trivy KSV-0048",
            "rbac-police modify_pods rce_weak_ns",
            "KubeHound POD_PATCH",
        ],
        bad: Example::Cluster("{apiGroups: [apps], resources: [deployments], verbs: [get, patch]}"),
        good: Example::Cluster(
            "{apiGroups: [apps], resources: [deployments/scale], verbs: [get, patch]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: [deployments], verbs: [patch]}"),
        check: Check::Grant(Grant {
            pinned: Some(
                "move the workload to a namespace without powerful service accounts, or leave it to whoever deploys it",
            ),
            judge: Some(|j| {
                let severity = j.takeover();
                // Of a running Pod, little more than the image can be changed.
                Some(if j.grants(MODIFY_TEMPLATE) {
                    severity
                } else {
                    severity.min(Severity::Medium)
                })
            }),
            elsewhere: Some(Severity::High),
            detail: Some(gained),
            ..Grant::of(&[MODIFY])
        }),
    },
    Rule {
        id: "RBC115",
        name: "secrets-via-workload",
        severity: Severity::Medium,
        what: "cannot read Secrets, but can mount them in a workload that it writes",
        why: "the missing grant on Secrets protects none of them: the workload prints what it mounts",
        fix: "treat it as a reader of the namespace's Secrets; keep those of others in another namespace",
        references: &["Kubernetes: RBAC good practices, workload creation"],
        bad: Example::Namespace(
            "team-a",
            "{apiGroups: [apps], resources: [deployments], verbs: [patch]}",
        ),
        good: Example::Namespace(
            "team-a",
            "{apiGroups: [apps], resources: [deployments/scale], verbs: [patch]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [apps], resources: [deployments], verbs: [patch]}\n{apiGroups: [''], resources: [secrets], verbs: [get]}",
        ),
        check: Check::Grant(Grant {
            lacks: &["get,list,watch secrets"],
            ..Grant::of(&[&[
                "create pods,replicationcontrollers",
                CREATE_TEMPLATE,
                "create batch:jobs,cronjobs",
                "update,patch replicationcontrollers",
                CHANGE_TEMPLATE,
                "update,patch batch:cronjobs",
            ]])
        }),
    },
    Rule {
        id: "RBC116",
        name: "exec-into-pods",
        severity: Severity::High,
        what: "runs commands in Pods",
        why: "a command in a Pod has the Pod's token, Secrets, network and volumes",
        fix: "bind it for an emergency alone, or pin it to Pods with resourceNames",
        references: &[
            "kubescape C-0002",
            "trivy KSV-0053",
            "checkov CKV2_K8S_2",
            "polaris PodExecAttach",
            "ATT&CK T1609",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/exec], verbs: [create]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods/log], verbs: [get]}"),
        // Since 1.35 a GET that upgrades is asked for `create`, too.
        near: Example::Cluster("{apiGroups: [''], resources: [pods/exec], verbs: [get]}"),
        check: Check::Grant(Grant {
            pinned: Some("bind it for an emergency alone"),
            judge: Some(|j| Some(j.either(Severity::Critical, Severity::High))),
            ..Grant::of(&[&["create pods/exec"]])
        }),
    },
    Rule {
        id: "RBC117",
        name: "attach-to-pods",
        severity: Severity::Medium,
        what: "attaches to running processes of Pods",
        why: "what a process prints is read, and where it has a terminal it is typed to",
        fix: "remove it, or bind it for an emergency alone",
        references: &["trivy KSV-0054", "KubeHound POD_ATTACH", "ATT&CK T1609"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/attach], verbs: [create]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods/log], verbs: [get]}"),
        near: Example::Cluster("{apiGroups: [''], resources: [pods/attach], verbs: [delete]}"),
        check: Check::Grant(Grant::of(&[&["create pods/attach"]])),
    },
    Rule {
        id: "RBC118",
        name: "port-forward",
        severity: Severity::Medium,
        what: "forwards ports to Pods",
        why: "the connection goes around network policies and around the authentication of an ingress",
        fix: "bind a debugging role in the namespaces that need it",
        references: &["kubescape C-0063", "ATT&CK T1572"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/portforward], verbs: [create]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
        near: Example::Cluster(
            "{apiGroups: [apps], resources: [pods/portforward], verbs: [create]}",
        ),
        check: Check::Grant(Grant::of(&[&["create pods/portforward"]])),
    },
    Rule {
        id: "RBC119",
        name: "ephemeral-containers",
        severity: Severity::High,
        what: "adds containers to running Pods",
        why: "the container shares the Pod's network and, if it likes, its processes, and may be privileged where no Pod Security level forbids it",
        fix: "bind it in namespaces with an enforced Pod Security level, for debugging alone",
        references: &[
            "kubescape C-0298",
            "rbac-police pods_ephemeral_ctrs",
            "IceKube DEBUG_POD",
        ],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [patch]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [get]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            detail: Some(|j| with_pod_security(j, None)),
            ..Grant::of(&[&["update,patch pods/ephemeralcontainers"]])
        }),
    },
    Rule {
        id: "RBC146",
        name: "pod-status-or-label-write",
        severity: Severity::Low,
        what: "writes the status of Pods",
        why: "a false status draws traffic to a Pod or gets it evicted",
        fix: "remove it: the status belongs to the kubelets",
        references: &["rbac-police modify_pod_status"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/status], verbs: [patch]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods/status], verbs: [get]}"),
        near: Example::Cluster(
            "{apiGroups: [apps], resources: [deployments/status], verbs: [patch]}",
        ),
        check: Check::Grant(Grant::of(&[&["update,patch pods/status"]])),
    },
    Rule {
        id: "RBC158",
        name: "bind-pod-to-node",
        severity: Severity::Low,
        what: "places Pods on nodes as a scheduler does",
        why: "a Pod is put on a node past every taint and affinity",
        fix: "leave it to the identity of the scheduler",
        references: &["Kubernetes API: Binding"],
        bad: Example::Cluster("{apiGroups: [''], resources: [pods/binding], verbs: [create]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
        near: Example::Cluster("{apiGroups: [''], resources: [pods/binding], verbs: [update]}"),
        check: Check::Grant(Grant::of(&[&["create bindings,pods/binding"]])),
    },
];

/// What a workload of this namespace would gain, and what of it the namespace forbids.
fn gained(judged: &Judged<'_, '_>) -> Option<Text> {
    with_pod_security(judged, accounts_gained(judged))
}

/// With what the namespace forbids of a Pod, where its labels tell; in place of the rule's own words, if there are
/// none before.
fn with_pod_security(judged: &Judged<'_, '_>, before: Option<Text>) -> Option<Text> {
    let levels = &judged.lint.cluster.notes().pod_security;
    let Some(level) = levels.get(judged.namespace()) else {
        return before;
    };
    let before = before.unwrap_or(judged.hit.rule.why.into());
    let after = match level {
        PodSecurity::Privileged => {
            "its namespace has the Pod Security level privileged, by which a Pod can take the node"
        }
        PodSecurity::Baseline => {
            "its namespace has the Pod Security level baseline: no Pod is privileged, unless the server exempts it"
        }
        PodSecurity::Restricted => {
            "its namespace has the Pod Security level restricted: no Pod is privileged or runs as root, unless the server exempts it"
        }
    };
    Some(format!("{before}; {after}").into())
}

/// What a workload of this namespace would gain.
fn accounts_gained(judged: &Judged<'_, '_>) -> Option<Text> {
    if judged.cluster_wide {
        return Some("a workload in any namespace runs as any service account there, those of kube-system's controllers among them, and mounts any Secret"
                .into());
    }
    let binding = judged.binding();
    let powerful = judged.lint.powerful_in(binding.namespace);
    let mut others = powerful
        .iter()
        .filter(|p| binding.subjects.iter().all(|s| s.matches != p.user));
    let other = judged.lint.str(others.next()?.user);
    let account = other
        .strip_prefix("system:serviceaccount:")
        .unwrap_or(other);
    Some(format!(
        "a workload of the namespace runs as any service account there, {} among them, which holds a critical grant",
        account.replacen(':', "/", 1)
    ).into())
}
