//! Certificates: who lets them be made, and tokens.

use crate::lint::{Check, Example, Grant, Judged, Rule, Scope, Severity};
use crate::model::{Subject, SubjectKind};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RBC130",
        name: "csr-approve",
        severity: Severity::Critical,
        what: "approves certificate requests",
        why: "whoever may create a request gets a client certificate for the name in it; of the client signers, only system:masters is refused",
        fix: "pin `approve` with resourceNames to a signer of your own",
        references: &[
            "CIS 5.1.11",
            "kubescape C-0280",
            "checkov CKV_K8S_156",
            "rbac-police approve_csrs",
        ],
        bad: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}\n{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}\n{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [example.com/web], verbs: [approve]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| signer(j, "approve certificates:signers")),
            ..Grant::of(&[
                &["approve certificates:signers"],
                &["update,patch certificates:certificatesigningrequests/approval"],
            ])
        }),
    },
    Rule {
        id: "RBC131",
        name: "csr-sign",
        severity: Severity::Critical,
        what: "signs certificate requests",
        why: "it writes the certificate into the request of a client or of a Pod, or the trust bundle, in the place of the signer that everybody trusts",
        fix: "pin `sign` with resourceNames to a signer of your own",
        references: &["Kubernetes: RBAC good practices, CSRs and certificate issuing"],
        bad: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/status], verbs: [update]}\n{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [sign]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get, list]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/status], verbs: [update]}\n{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ['example.com/*'], verbs: [sign]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| {
                let halves = SIGNING
                    .iter()
                    .filter(|(verb, writes)| j.grants(&[verb]) && j.subject_may_for_some(writes));
                halves.filter_map(|(verb, _)| signer(j, verb)).max()
            }),
            ..Grant::of(&[
                &["sign,attest certificates:signers"],
                &[
                    "update,patch certificates:certificatesigningrequests/status",
                    "update,patch certificates:podcertificaterequests/status",
                    "create,update,patch certificates:clustertrustbundles",
                ],
            ])
        }),
    },
    Rule {
        id: "RBC132",
        name: "node-csr-autoapprove",
        severity: Severity::High,
        what: "has its node certificates approved by the controller manager",
        why: "its requests for a node's client certificate are approved without anybody looking: it becomes a node",
        fix: "bind this to system:bootstrappers:* and, for the renewal, to system:nodes alone",
        references: &["Kubernetes: kubelet TLS bootstrapping"],
        bad: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/nodeclient], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}",
        ),
        near: Example::Manifest(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: join}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:certificates.k8s.io:certificatesigningrequests:nodeclient'}\nsubjects:\n- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:bootstrappers:workers'}\n",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| {
                let strangers = j.binding().subjects.iter().any(|s| {
                    let name = j.lint.str(s.name);
                    let nodes = name == "system:nodes"
                        || name == "system:bootstrappers"
                        || name.starts_with("system:bootstrappers:");
                    !(s.kind == SubjectKind::Group && nodes)
                });
                strangers.then(|| j.ladder(Severity::High))
            }),
            ..Grant::of(&[&[
                "create certificates:certificatesigningrequests/nodeclient,certificatesigningrequests/selfnodeclient",
            ]])
        }),
    },
    Rule {
        id: "RBC133",
        name: "token-request",
        severity: Severity::Critical,
        what: "makes tokens of service accounts",
        why: "a token is all that it takes to be the account, from anywhere, until it expires",
        fix: "pin the accounts with resourceNames: the name is known when a token is asked for",
        references: &[
            "CIS 5.1.13",
            "kubescape C-0282",
            "rbac-police token_request",
            "ATT&CK T1528",
        ],
        bad: Example::Cluster(
            "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
        ),
        good: Example::Cluster("{apiGroups: [''], resources: [serviceaccounts], verbs: [get]}"),
        near: Example::Cluster(
            "{apiGroups: [''], resources: ['serviceaccounts/*'], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            pinned: Some("see that the accounts hold no more than whoever makes their tokens"),
            judge: Some(token_request),
            detail: Some(|j| {
                j.named().then(|| {
                    format!("it makes tokens of {} alone", super::listed(&j.names())).into()
                })
            }),
            ..Grant::of(&[&["create serviceaccounts/token"]])
        }),
    },
    Rule {
        id: "RBC153",
        name: "token-and-access-review",
        severity: Severity::Info,
        what: "asks the server about the tokens or the rights of others",
        why: "tokenreviews tell whether a stolen token is good; subjectaccessreviews tell what anybody may do",
        fix: "leave it to servers of aggregated APIs and to authenticating proxies, each with its own account",
        references: &["ATT&CK T1613"],
        bad: Example::Cluster(
            "{apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create]}",
        ),
        good: Example::Cluster(
            "{apiGroups: [authorization.k8s.io], resources: [selfsubjectaccessreviews], verbs: [create]}",
        ),
        near: Example::Cluster(
            "{apiGroups: [authorization.k8s.io], resources: [tokenreviews], verbs: [create]}",
        ),
        check: Check::Grant(Grant {
            scope: Scope::Cluster,
            judge: Some(|j| (!serves_an_api(j)).then(|| j.ladder(Severity::Info))),
            ..Grant::of(&[&[
                "create authentication:tokenreviews",
                "create authorization:subjectaccessreviews",
            ]])
        }),
    },
];

/// What is asked of the signer, and what is written then.
pub(super) const SIGNING: [(&str, &[&str]); 2] = [
    (
        "sign certificates:signers",
        &[
            "update,patch certificates:certificatesigningrequests/status",
            "update,patch certificates:podcertificaterequests/status",
        ],
    ),
    (
        "attest certificates:signers",
        &["create,update,patch certificates:clustertrustbundles"],
    ),
];

/// Signers whose certificates the API server takes for client certificates.
const CLIENT_SIGNERS: [&str; 3] = [
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
    "kubernetes.io/*",
];

/// How grave a right on signers is; none on signers of one's own, whose certificates the API server takes for
/// nothing.
fn signer(judged: &Judged<'_, '_>, right: &str) -> Option<Severity> {
    if judged.role_may(&[right]) {
        return Some(Severity::Critical);
    }
    let names = judged.names_for(&[right]);
    if names.iter().any(|name| CLIENT_SIGNERS.contains(name)) {
        return Some(Severity::Critical);
    }
    let of_kubernetes = names.iter().any(|name| name.starts_with("kubernetes.io/"));
    of_kubernetes.then_some(Severity::High)
}

/// Whether every subject reads how the API server authenticates to aggregated APIs: who does is one.
fn serves_an_api(judged: &Judged<'_, '_>) -> bool {
    let reads = |subject| {
        let lint = judged.lint;
        let (namespace, name) = ("kube-system", "extension-apiserver-authentication");
        lint.may_named(
            judged.binding,
            subject,
            namespace,
            &["get configmaps"],
            name,
        )
    };
    let account = |subject: &Subject| {
        subject.kind == SubjectKind::ServiceAccount && judged.lint.str(subject.name) != "default"
    };
    judged.binding().subjects.iter().all(account) && judged.subjects().all(reads)
}

fn token_request(judged: &Judged<'_, '_>) -> Option<Severity> {
    let own = judged.binding().subjects.iter().all(|subject| {
        subject.kind == SubjectKind::ServiceAccount
            && judged
                .names()
                .iter()
                .all(|name| *name == judged.lint.str(subject.name))
            && (judged.cluster_wide || subject.namespace == judged.binding().namespace)
    });
    if judged.named() && own && !judged.cluster_wide {
        return Some(Severity::Info);
    }
    Some(judged.either(Severity::Critical, Severity::High))
}
