//! Where traffic goes, and what kube-system is configured with.

use crate::lint::{Check, Example, Grant, Judged, Rule, Severity, Text};

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
            pinned: Some("leave these ConfigMaps to the tools that set up the cluster"),
            judge: Some(configmaps),
            detail: Some(reachable),
            ..Grant::of(&[&["create,update,patch configmaps"]])
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
        check: Check::Grant(Grant {
            judge: Some(|j| Some(j.either(Severity::High, Severity::Medium))),
            ..Grant::of(&[&[
                "create,update,patch endpoints",
                "create,update,patch discovery:endpointslices",
            ]])
        }),
    },
    Rule {
        id: "RBC144",
        name: "service-externalips-or-status",
        severity: Severity::Medium,
        what: "gives Services external addresses",
        why: "traffic of the cluster to that address goes to the Service: the status through load balancer addresses, the spec through externalIPs unless the admission plugin DenyServiceExternalIPs is on",
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
                let denied = j.server_has(|config| {
                    let mut plugins = config.flags.strings("enable-admission-plugins").into_iter();
                    plugins.any(|plugin| plugin == "DenyServiceExternalIPs")
                });
                (status || !denied).then(|| j.ladder(Severity::Medium))
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
        what: "writes network policies or routes",
        why: "the isolation between workloads ends where it says so, and a route leads from outside to what it names",
        fix: "leave network policies and routes to the platform team, or to the namespace's owner alone",
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
            "create,update,patch,delete networking:networkpolicies,ingresses",
            "create,update,patch,delete gateway.networking.k8s.io:gateways,httproutes,grpcroutes,tlsroutes,tcproutes",
        ]])),
    },
];

/// ConfigMaps by which names, routes or identities of the cluster are changed: namespace, name, and whether
/// it is who is who that changes.
const SENSITIVE: [(&str, &str, bool); 8] = [
    ("kube-system", "aws-auth", true),
    ("kube-system", "extension-apiserver-authentication", true),
    ("kube-system", "kubeadm-config", true),
    ("kube-system", "kubelet-config", false),
    ("kube-system", "kube-proxy", false),
    ("kube-system", "coredns", false),
    ("kube-system", "kube-dns", false),
    ("kube-public", "cluster-info", false),
];

/// The sensitive ConfigMaps that a grant reaches, and whether it reaches them since it reaches all.
fn reached(judged: &Judged<'_, '_>) -> (Vec<&'static (&'static str, &'static str, bool)>, bool) {
    let changes = ["update,patch configmaps"];
    let names = judged.names_for(&changes);
    // `create` beside changes by name alone is how locks are made.
    let any = names.is_empty() || judged.role_may(&changes);
    let reached = SENSITIVE.iter().filter(|(namespace, name, _)| {
        (judged.cluster_wide || judged.namespace() == *namespace) && (any || names.contains(name))
    });
    (reached.collect(), any)
}

fn configmaps(judged: &Judged<'_, '_>) -> Option<Severity> {
    let (reached, any) = reached(judged);
    let identities = reached.iter().map(|(.., identities)| *identities).max()?;
    let severity = match !any && identities {
        true => Severity::Critical,
        false => Severity::High,
    };
    Some(if judged.broad {
        severity.higher()
    } else {
        severity
    })
}

fn reachable(judged: &Judged<'_, '_>) -> Option<Text> {
    let (reached, _) = reached(judged);
    let names: Vec<&str> = reached.iter().map(|(_, name, _)| *name).collect();
    Some(format!(
        "it reaches {}, where the cluster has them: by those, names, routes and identities change",
        super::listed(&names)
    ).into())
}
