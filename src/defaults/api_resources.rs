//! The API resources of a Kubernetes 1.36 server. Generated: see `tests/defaults.rs`.

use super::{DefaultGroup, DefaultResource, DefaultSubresource, DefaultVersion, Strs};

static VERBS_0: Strs = &["create"];
static VERBS_1: Strs = &["get", "list"];
static VERBS_2: Strs = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
static VERBS_3: Strs = &["create", "delete", "get", "list", "patch", "update", "watch"];
static VERBS_4: Strs = &["update"];
static VERBS_5: Strs = &["get", "patch", "update"];
static VERBS_6: Strs = &["create", "delete", "get", "patch", "update"];
static VERBS_7: Strs = &["create", "get"];
static VERBS_8: Strs = &["get"];

/// The API groups in the server's order.
pub static GROUPS: &[DefaultGroup] = &[
    DefaultGroup { name: "", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "bindings", singular: "binding", kind: "Binding",
                namespaced: true, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "componentstatuses", singular: "componentstatus", kind: "ComponentStatus",
                namespaced: false, verbs: VERBS_1, short_names: &["cs"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "configmaps", singular: "configmap", kind: "ConfigMap",
                namespaced: true, verbs: VERBS_2, short_names: &["cm"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "endpoints", singular: "endpoints", kind: "Endpoints",
                namespaced: true, verbs: VERBS_2, short_names: &["ep"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "events", singular: "event", kind: "Event",
                namespaced: true, verbs: VERBS_2, short_names: &["ev"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "limitranges", singular: "limitrange", kind: "LimitRange",
                namespaced: true, verbs: VERBS_2, short_names: &["limits"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "namespaces", singular: "namespace", kind: "Namespace",
                namespaced: false, verbs: VERBS_3, short_names: &["ns"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "finalize", kind: "Namespace", verbs: VERBS_4 },
                DefaultSubresource { name: "status", kind: "Namespace", verbs: VERBS_5 },] },
            DefaultResource { name: "nodes", singular: "node", kind: "Node",
                namespaced: false, verbs: VERBS_2, short_names: &["no"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "proxy", kind: "NodeProxyOptions", verbs: VERBS_6 },
                DefaultSubresource { name: "status", kind: "Node", verbs: VERBS_5 },] },
            DefaultResource { name: "persistentvolumeclaims", singular: "persistentvolumeclaim", kind: "PersistentVolumeClaim",
                namespaced: true, verbs: VERBS_2, short_names: &["pvc"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "PersistentVolumeClaim", verbs: VERBS_5 },] },
            DefaultResource { name: "persistentvolumes", singular: "persistentvolume", kind: "PersistentVolume",
                namespaced: false, verbs: VERBS_2, short_names: &["pv"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "PersistentVolume", verbs: VERBS_5 },] },
            DefaultResource { name: "pods", singular: "pod", kind: "Pod",
                namespaced: true, verbs: VERBS_2, short_names: &["po"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "attach", kind: "PodAttachOptions", verbs: VERBS_7 },
                DefaultSubresource { name: "binding", kind: "Binding", verbs: VERBS_0 },
                DefaultSubresource { name: "ephemeralcontainers", kind: "Pod", verbs: VERBS_5 },
                DefaultSubresource { name: "eviction", kind: "Eviction", verbs: VERBS_0 },
                DefaultSubresource { name: "exec", kind: "PodExecOptions", verbs: VERBS_7 },
                DefaultSubresource { name: "log", kind: "Pod", verbs: VERBS_8 },
                DefaultSubresource { name: "portforward", kind: "PodPortForwardOptions", verbs: VERBS_7 },
                DefaultSubresource { name: "proxy", kind: "PodProxyOptions", verbs: VERBS_6 },
                DefaultSubresource { name: "resize", kind: "Pod", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "Pod", verbs: VERBS_5 },] },
            DefaultResource { name: "podtemplates", singular: "podtemplate", kind: "PodTemplate",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "replicationcontrollers", singular: "replicationcontroller", kind: "ReplicationController",
                namespaced: true, verbs: VERBS_2, short_names: &["rc"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "scale", kind: "Scale", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "ReplicationController", verbs: VERBS_5 },] },
            DefaultResource { name: "resourcequotas", singular: "resourcequota", kind: "ResourceQuota",
                namespaced: true, verbs: VERBS_2, short_names: &["quota"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "ResourceQuota", verbs: VERBS_5 },] },
            DefaultResource { name: "secrets", singular: "secret", kind: "Secret",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "serviceaccounts", singular: "serviceaccount", kind: "ServiceAccount",
                namespaced: true, verbs: VERBS_2, short_names: &["sa"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "token", kind: "TokenRequest", verbs: VERBS_0 },] },
            DefaultResource { name: "services", singular: "service", kind: "Service",
                namespaced: true, verbs: VERBS_2, short_names: &["svc"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "proxy", kind: "ServiceProxyOptions", verbs: VERBS_6 },
                DefaultSubresource { name: "status", kind: "Service", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "apiregistration.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "apiservices", singular: "apiservice", kind: "APIService",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "APIService", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "apps", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "controllerrevisions", singular: "controllerrevision", kind: "ControllerRevision",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "daemonsets", singular: "daemonset", kind: "DaemonSet",
                namespaced: true, verbs: VERBS_2, short_names: &["ds"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "DaemonSet", verbs: VERBS_5 },] },
            DefaultResource { name: "deployments", singular: "deployment", kind: "Deployment",
                namespaced: true, verbs: VERBS_2, short_names: &["deploy"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "scale", kind: "Scale", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "Deployment", verbs: VERBS_5 },] },
            DefaultResource { name: "replicasets", singular: "replicaset", kind: "ReplicaSet",
                namespaced: true, verbs: VERBS_2, short_names: &["rs"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "scale", kind: "Scale", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "ReplicaSet", verbs: VERBS_5 },] },
            DefaultResource { name: "statefulsets", singular: "statefulset", kind: "StatefulSet",
                namespaced: true, verbs: VERBS_2, short_names: &["sts"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "scale", kind: "Scale", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "StatefulSet", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "events.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "events", singular: "event", kind: "Event",
                namespaced: true, verbs: VERBS_2, short_names: &["ev"], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "authentication.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "selfsubjectreviews", singular: "selfsubjectreview", kind: "SelfSubjectReview",
                namespaced: false, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "tokenreviews", singular: "tokenreview", kind: "TokenReview",
                namespaced: false, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "authorization.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "localsubjectaccessreviews", singular: "localsubjectaccessreview", kind: "LocalSubjectAccessReview",
                namespaced: true, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "selfsubjectaccessreviews", singular: "selfsubjectaccessreview", kind: "SelfSubjectAccessReview",
                namespaced: false, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "selfsubjectrulesreviews", singular: "selfsubjectrulesreview", kind: "SelfSubjectRulesReview",
                namespaced: false, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "subjectaccessreviews", singular: "subjectaccessreview", kind: "SubjectAccessReview",
                namespaced: false, verbs: VERBS_0, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "autoscaling", preferred_version: "v2", versions: &[
        DefaultVersion { name: "v2", resources: &[
            DefaultResource { name: "horizontalpodautoscalers", singular: "horizontalpodautoscaler", kind: "HorizontalPodAutoscaler",
                namespaced: true, verbs: VERBS_2, short_names: &["hpa"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "HorizontalPodAutoscaler", verbs: VERBS_5 },] },
        ] },
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "horizontalpodautoscalers", singular: "horizontalpodautoscaler", kind: "HorizontalPodAutoscaler",
                namespaced: true, verbs: VERBS_2, short_names: &["hpa"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "HorizontalPodAutoscaler", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "batch", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "cronjobs", singular: "cronjob", kind: "CronJob",
                namespaced: true, verbs: VERBS_2, short_names: &["cj"], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "CronJob", verbs: VERBS_5 },] },
            DefaultResource { name: "jobs", singular: "job", kind: "Job",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &["all"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "Job", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "certificates.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "certificatesigningrequests", singular: "certificatesigningrequest", kind: "CertificateSigningRequest",
                namespaced: false, verbs: VERBS_2, short_names: &["csr"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "approval", kind: "CertificateSigningRequest", verbs: VERBS_5 },
                DefaultSubresource { name: "status", kind: "CertificateSigningRequest", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "networking.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "ingressclasses", singular: "ingressclass", kind: "IngressClass",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "ingresses", singular: "ingress", kind: "Ingress",
                namespaced: true, verbs: VERBS_2, short_names: &["ing"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "Ingress", verbs: VERBS_5 },] },
            DefaultResource { name: "ipaddresses", singular: "ipaddress", kind: "IPAddress",
                namespaced: false, verbs: VERBS_2, short_names: &["ip"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "networkpolicies", singular: "networkpolicy", kind: "NetworkPolicy",
                namespaced: true, verbs: VERBS_2, short_names: &["netpol"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "servicecidrs", singular: "servicecidr", kind: "ServiceCIDR",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "ServiceCIDR", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "policy", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "poddisruptionbudgets", singular: "poddisruptionbudget", kind: "PodDisruptionBudget",
                namespaced: true, verbs: VERBS_2, short_names: &["pdb"], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "PodDisruptionBudget", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "rbac.authorization.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "clusterrolebindings", singular: "clusterrolebinding", kind: "ClusterRoleBinding",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "clusterroles", singular: "clusterrole", kind: "ClusterRole",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "rolebindings", singular: "rolebinding", kind: "RoleBinding",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "roles", singular: "role", kind: "Role",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "storage.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "csidrivers", singular: "csidriver", kind: "CSIDriver",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "csinodes", singular: "csinode", kind: "CSINode",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "csistoragecapacities", singular: "csistoragecapacity", kind: "CSIStorageCapacity",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "storageclasses", singular: "storageclass", kind: "StorageClass",
                namespaced: false, verbs: VERBS_2, short_names: &["sc"], categories: &[],
                subresources: &[] },
            DefaultResource { name: "volumeattachments", singular: "volumeattachment", kind: "VolumeAttachment",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "VolumeAttachment", verbs: VERBS_5 },] },
            DefaultResource { name: "volumeattributesclasses", singular: "volumeattributesclass", kind: "VolumeAttributesClass",
                namespaced: false, verbs: VERBS_2, short_names: &["vac"], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "admissionregistration.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "mutatingadmissionpolicies", singular: "mutatingadmissionpolicy", kind: "MutatingAdmissionPolicy",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[] },
            DefaultResource { name: "mutatingadmissionpolicybindings", singular: "mutatingadmissionpolicybinding", kind: "MutatingAdmissionPolicyBinding",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[] },
            DefaultResource { name: "mutatingwebhookconfigurations", singular: "mutatingwebhookconfiguration", kind: "MutatingWebhookConfiguration",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[] },
            DefaultResource { name: "validatingadmissionpolicies", singular: "validatingadmissionpolicy", kind: "ValidatingAdmissionPolicy",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "ValidatingAdmissionPolicy", verbs: VERBS_5 },] },
            DefaultResource { name: "validatingadmissionpolicybindings", singular: "validatingadmissionpolicybinding", kind: "ValidatingAdmissionPolicyBinding",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[] },
            DefaultResource { name: "validatingwebhookconfigurations", singular: "validatingwebhookconfiguration", kind: "ValidatingWebhookConfiguration",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &["api-extensions"],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "apiextensions.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "customresourcedefinitions", singular: "customresourcedefinition", kind: "CustomResourceDefinition",
                namespaced: false, verbs: VERBS_2, short_names: &["crd", "crds"], categories: &["api-extensions"],
                subresources: &[
                DefaultSubresource { name: "status", kind: "CustomResourceDefinition", verbs: VERBS_5 },] },
        ] },
    ] },
    DefaultGroup { name: "scheduling.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "priorityclasses", singular: "priorityclass", kind: "PriorityClass",
                namespaced: false, verbs: VERBS_2, short_names: &["pc"], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "coordination.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "leases", singular: "lease", kind: "Lease",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "node.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "runtimeclasses", singular: "runtimeclass", kind: "RuntimeClass",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "discovery.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "endpointslices", singular: "endpointslice", kind: "EndpointSlice",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "resource.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "deviceclasses", singular: "deviceclass", kind: "DeviceClass",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "resourceclaims", singular: "resourceclaim", kind: "ResourceClaim",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "ResourceClaim", verbs: VERBS_5 },] },
            DefaultResource { name: "resourceclaimtemplates", singular: "resourceclaimtemplate", kind: "ResourceClaimTemplate",
                namespaced: true, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
            DefaultResource { name: "resourceslices", singular: "resourceslice", kind: "ResourceSlice",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[] },
        ] },
    ] },
    DefaultGroup { name: "flowcontrol.apiserver.k8s.io", preferred_version: "v1", versions: &[
        DefaultVersion { name: "v1", resources: &[
            DefaultResource { name: "flowschemas", singular: "flowschema", kind: "FlowSchema",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "FlowSchema", verbs: VERBS_5 },] },
            DefaultResource { name: "prioritylevelconfigurations", singular: "prioritylevelconfiguration", kind: "PriorityLevelConfiguration",
                namespaced: false, verbs: VERBS_2, short_names: &[], categories: &[],
                subresources: &[
                DefaultSubresource { name: "status", kind: "PriorityLevelConfiguration", verbs: VERBS_5 },] },
        ] },
    ] },
];
