//! Nodes, and the way through them into every Pod.

use crate::lint::{Check, Example, Grant, Rule, Scope, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC120",
        name: "nodes-proxy",
        severity: Severity::Critical,
        what: "speaks to the kubelet's API of every node",
        why: "the kubelet runs commands in every Pod of its node, without admission and audit by the API server; `get` is enough, since a WebSocket begins with a GET",
        fix: "grant the kubelet's own subresources instead: nodes/metrics, nodes/stats, nodes/pods, nodes/healthz, nodes/configz, nodes/log",
        references: &[
            "CIS 5.1.10",
            "kubescape C-0279",
            "trivy KSV-0047",
            "checkov CKV2_K8S_2",
            "kubernetes#136550",
            "ATT&CK T1609 T1611",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [nodes/metrics, nodes/stats], verbs: [get]}",
        ),
        near: Example::Cluster("{apiGroups: [''], resources: ['nodes/*'], verbs: [get]}"),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            ..Grant::of(&[&["get,create,update,patch,delete nodes/proxy"]])
        }),
    },
    Rule {
        id: "RBC121",
        name: "service-or-pod-proxy",
        severity: Severity::Medium,
        what: "sends HTTP to any port of Pods or Services through the API server",
        why: "the requests come from the control plane, past network policies; even a GET may change something there",
        fix: "remove it, or pin it to the Services with resourceNames",
        references: &["Kubernetes: RBAC good practices", "ATT&CK T1090"],
        bad: Example::Cluster("{apiGroups: [''], resources: [services/proxy], verbs: [get]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [services], verbs: [get]}"),
        near: Example::Cluster("{apiGroups: [''], resources: [services/proxy], verbs: [list]}"),
        check: Check::Grant(Grant {
            pinned: Some("remove it, or reach the Service over the network"),
            ..Grant::of(&[&["get,create,update,patch,delete pods/proxy,services/proxy"]])
        }),
    },
    Rule {
        id: "RBC140",
        name: "node-write",
        severity: Severity::High,
        what: "writes Node objects",
        why: "labels and taints steer workloads to a node of one's choice, and a deleted node takes its Pods with it",
        fix: "grant `get` and `list`; to drain a node takes `patch` on nodes for the people who do it",
        references: &[
            "rbac-police modify_node_status",
            "kubescape modify-node-status-v1",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [nodes], verbs: [patch]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [nodes], verbs: [get, list, watch]}"),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [nodes], verbs: [patch]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            ..Grant::of(&[&[
                "create,update,patch,delete nodes",
                "update,patch nodes/status",
            ]])
        }),
    },
    Rule {
        id: "RBC141",
        name: "steal-pods",
        severity: Severity::High,
        what: "evicts Pods and decides where they come back",
        why: "powerful Pods are evicted while other nodes are made unschedulable, so that they come back on a node under control, with their tokens",
        fix: "give the eviction and the writing of nodes to different identities",
        references: &["rbac-police steal_pods"],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [pods/eviction], verbs: [create]}\n{apiGroups: [''], resources: [nodes], verbs: [patch]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [pods/eviction], verbs: [create]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: [pods/eviction], verbs: [create]}\n{apiGroups: [''], resources: [nodes/status], verbs: [patch]}",
        ),
        check: Check::Grant(Grant {
            named: false,
            // The Pods of a namespace without power are not worth it.
            judge: Some(|j| (j.cluster_wide || j.privileged).then(|| j.ladder(Severity::High))),
            ..Grant::of(&[
                &[
                    "delete pods",
                    "create pods/eviction",
                    "update,patch pods/status",
                ],
                &["update,patch nodes", "delete nodes"],
            ])
        }),
    },
];
