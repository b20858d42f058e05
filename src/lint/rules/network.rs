//! Where traffic goes, and what kube-system is configured with.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC142",
        name: "kube-system-configmap-write",
        severity: Severity::High,
        what: "writes ConfigMaps of kube-system",
        why: "coredns, kube-proxy, kubeadm-config, extension-apiserver-authentication and, on EKS, aws-auth are among them: names, routes and identities",
        fix: "pin the ConfigMap with resourceNames, or use a Lease for leader election",
        references: &[
            "kubescape C-0037",
            "trivy KSV-0049 KSV-0115",
            "rbac-police eks_modify_aws_auth",
            "ATT&CK T1557",
        ],
        bad: Example::Namespace(
            "kube-system",
            "{apiGroups: [''], resources: [configmaps], verbs: [update]}",
        ),
        good: Example::Namespace(
            "kube-system",
            "{apiGroups: [''], resources: [configmaps], resourceNames: [my-lock], verbs: [update]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [configmaps], verbs: [update]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(configmaps),
            ..Grant::of(&[&["update,patch configmaps"]])
        }),
    },
    Rule {
        id: "RBC143",
        name: "endpoints-write",
        severity: Severity::Medium,
        what: "writes where Services send their traffic",
        why: "the traffic of a Service goes to an address of its choice, in another namespace too",
        fix: "leave Endpoints and EndpointSlices to their controllers",
        references: &["CVE-2021-25740", "trivy KSV-0056"],
        bad: Example::Cluster(
            "{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [patch]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: [endpointslices], verbs: [patch]}"),
        check: Check::Grant(Grant::of(&[&[
            "create,update,patch endpoints",
            "create,update,patch discovery:endpointslices",
        ]])),
    },
    Rule {
        id: "RBC144",
        name: "service-externalips-or-status",
        severity: Severity::Medium,
        what: "gives Services external addresses",
        why: "traffic of the cluster to that address goes to the Service: the status through load balancer addresses, the spec through externalIPs where DenyServiceExternalIPs is off",
        fix: "drop services/status, and turn the admission plugin DenyServiceExternalIPs on",
        references: &[
            "CVE-2020-8554",
            "rbac-police modify_service_status",
            "checkov CKV2_K8S_4",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [services/status], verbs: [patch]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [services], verbs: [get, list]}"),
        near: Example::Cluster(
            "{apiGroups: [serving.knative.dev], resources: [services/status], verbs: [patch]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(|j| {
                let status = j.grants(&["update,patch services/status"]);
                Some(j.ladder(if status {
                    Severity::Medium
                } else {
                    Severity::Low
                }))
            }),
            ..Grant::of(&[&[
                "update,patch services/status",
                "create,update,patch services",
            ]])
        }),
    },
    Rule {
        id: "RBC145",
        name: "network-policy-write",
        severity: Severity::Medium,
        what: "writes network policies",
        why: "the isolation between workloads ends where it says so",
        fix: "leave network policies to the platform team, or to the namespace's owner alone",
        references: &["trivy KSV-0056", "ATT&CK T1562.007"],
        bad: Example::Cluster(
            "{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [delete]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [extensions], resources: [networkpolicies], verbs: [delete]}",
        ),
        check: Check::Grant(Grant::of(&[&[
            "create,update,patch,delete networking:networkpolicies",
        ]])),
    },
];

/// ConfigMaps of kube-system by which names, routes or identities of the cluster are changed.
const SENSITIVE: [&str; 8] = [
    "aws-auth",
    "extension-apiserver-authentication",
    "kubeadm-config",
    "kubelet-config",
    "kube-proxy",
    "coredns",
    "kube-dns",
    "cluster-info",
];

fn configmaps(judged: &Judged<'_, '_>) -> Option<Severity> {
    if !judged.cluster_wide && judged.namespace() != "kube-system" {
        return None;
    }
    if !judged.named() {
        return Some(if judged.broad {
            Severity::Critical
        } else {
            Severity::High
        });
    }
    let names = judged.names();
    if names.contains(&"aws-auth") {
        return Some(Severity::Critical);
    }
    names
        .iter()
        .any(|n| SENSITIVE.contains(n))
        .then_some(Severity::High)
}
