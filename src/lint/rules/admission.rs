//! What stands between a request and the cluster: webhooks, policies, API services, definitions.

use crate::lint::{Check, Example, Grant, Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC134",
        name: "admission-webhook-write",
        severity: Severity::Critical,
        what: "writes admission webhook configurations",
        why: "a webhook reads every object that is admitted, a mutating one changes it, and either can block the cluster",
        fix: "pin it to its own configuration with resourceNames",
        references: &[
            "CIS 5.1.12",
            "kubescape C-0281",
            "trivy KSV-0114",
            "checkov CKV_K8S_155",
            "ATT&CK T1562.001",
        ],
        bad: Example::Cluster(
            "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [apps], resources: [mutatingwebhookconfigurations], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some(
                "leave the configuration to the installer, unless the program renews the certificate in it",
            ),
            judge: Some(|j| {
                let mutating = j.grants(&[
                    "create,update,patch,delete admission:mutatingwebhookconfigurations",
                ]);
                let severity = match (j.named(), mutating) {
                    (true, _) => Severity::Medium,
                    (false, true) => Severity::Critical,
                    (false, false) => Severity::High,
                };
                Some(if j.broad { severity.higher() } else { severity })
            }),
            ..Grant::of(&[&[
                "create,update,patch,delete admission:mutatingwebhookconfigurations",
                "create,update,patch,delete admission:validatingwebhookconfigurations",
            ]])
        }),
    },
    Rule {
        id: "RBC135",
        name: "admission-policy-write",
        severity: Severity::High,
        what: "writes admission policies",
        why: "what the policies forbid is allowed to whoever may change them, and a mutating one changes what others write",
        fix: "leave it to the identity that deploys the policies",
        references: &["rbac-tool", "ATT&CK T1562.001"],
        bad: Example::Cluster(
            "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingadmissionpolicies], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [admissionregistration.k8s.io], resources: [mutatingadmissionpolicies], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [admissionregistration.k8s.io], resources: [validatingadmissionpolicies/status], verbs: [update]}",
        ),
        check: Check::Grant(Grant::of(&[&[
            "create,update,patch,delete admission:validatingadmissionpolicies,validatingadmissionpolicybindings,mutatingadmissionpolicies,mutatingadmissionpolicybindings",
            "create,update,patch,delete kyverno.io:policies,clusterpolicies,policyexceptions",
            "create,update,patch,delete policies.kyverno.io:validatingpolicies,mutatingpolicies,imagevalidatingpolicies",
            "create,update,patch,delete templates.gatekeeper.sh:constrainttemplates",
            "#gatekeeper-constraints",
        ]])),
    },
    Rule {
        id: "RBC136",
        name: "apiservice-write",
        severity: Severity::Critical,
        what: "writes APIServices",
        why: "an API group is routed to a server of its choice, which receives the users' identities and what they send",
        fix: "pin it to its own APIService with resourceNames",
        references: &["kubescape C-0089"],
        bad: Example::Cluster(
            "{apiGroups: [apiregistration.k8s.io], resources: [apiservices], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [apiregistration.k8s.io], resources: [apiservices], verbs: [get]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [apiregistration.k8s.io], resources: [apiservices], resourceNames: [v1beta1.metrics.k8s.io], verbs: [update]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some(
                "leave the APIService to the installer, unless the program renews the certificate in it",
            ),
            named: false,
            ..Grant::of(&[&["create,update,patch apiregistration:apiservices"]])
        }),
    },
    Rule {
        id: "RBC137",
        name: "crd-write",
        severity: Severity::Medium,
        what: "writes CustomResourceDefinitions",
        why: "a conversion webhook sees the objects, and with the definition all its objects are deleted",
        fix: "pin the definitions with resourceNames, or let the installer own them",
        references: &["rbac-tool"],
        bad: Example::Cluster(
            "{apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [update]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [get, list, watch]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions/status], verbs: [update]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some(
                "leave the definitions to the installer, unless the program renews a certificate in them",
            ),
            ..Grant::of(&[&["create,update,patch,delete apiextensions:customresourcedefinitions"]])
        }),
    },
    Rule {
        id: "RBC138",
        name: "namespace-label-write",
        severity: Severity::High,
        what: "changes the labels of namespaces",
        why: "labels decide which Pod Security level holds, which network policies select the namespace and which webhooks look at it",
        fix: "leave namespaces to the platform; an object in them needs no write on them",
        references: &[
            "Kubernetes: RBAC good practices, namespace modification",
            "IceKube PATCH_NAMESPACE_TO_BYPASS_PSA",
        ],
        bad: Example::Cluster("{apiGroups: [''], resources: [namespaces], verbs: [patch]}"),
        good: Example::Cluster("{apiGroups: [''], resources: [namespaces], verbs: [get, list]}"),
        near: Example::Cluster("{apiGroups: [apps], resources: [namespaces], verbs: [patch]}"),
        check: Check::Grant(Grant::of(&[&["update,patch namespaces"]])),
    },
    Rule {
        id: "RBC139",
        name: "persistentvolume-create",
        severity: Severity::High,
        what: "creates PersistentVolumes",
        why: "a hostPath volume is the file system of a node",
        fix: "let workloads ask by PersistentVolumeClaims; leave volumes to the provisioners",
        references: &["CIS 5.1.9", "kubescape C-0278", "ATT&CK T1611"],
        bad: Example::Cluster("{apiGroups: [''], resources: [persistentvolumes], verbs: [create]}"),
        good: Example::Cluster(
            "{apiGroups: [''], resources: [persistentvolumeclaims], verbs: [create]}",
        ),
        near: Example::Namespace(
            "team-a",
            "{apiGroups: [''], resources: [persistentvolumes], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            scope: crate::lint::Scope::Cluster,
            ..Grant::of(&[&["create persistentvolumes"]])
        }),
    },
    Rule {
        id: "RBC157",
        name: "use-privileged-policy",
        severity: Severity::High,
        what: "uses a privileged security context constraint of OpenShift",
        why: "its Pods run as root, on the host's network or with the host's files",
        fix: "use restricted-v2",
        references: &["kubescape C-0068"],
        bad: Example::Cluster(
            "{apiGroups: [security.openshift.io], resources: [securitycontextconstraints], resourceNames: [privileged], verbs: [use]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [security.openshift.io], resources: [securitycontextconstraints], resourceNames: [restricted-v2], verbs: [use]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]}",
        ),
        check: Check::Grant(Grant {
            judge: Some(|j| {
                let privileged = [
                    "privileged",
                    "anyuid",
                    "hostaccess",
                    "hostnetwork",
                    "hostmount-anyuid",
                    "node-exporter",
                ];
                let names = j.names();
                let hit = !j.named() || names.iter().any(|name| privileged.contains(name));
                // The names are those that are dangerous: to list them is no confinement.
                let severity = if j.cluster_wide || j.privileged {
                    Severity::High
                } else {
                    Severity::Medium
                };
                hit.then(|| if j.broad { severity.higher() } else { severity })
            }),
            ..Grant::of(&[&["use security.openshift.io:securitycontextconstraints"]])
        }),
    },
];
