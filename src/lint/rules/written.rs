//! What is written and has no effect, or another one than it seems.

use crate::defaults::{DefaultBinding, DefaultRole, policy};
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::notes::OddityKind;

const fn rule(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    words: [&'static str; 3],
    examples: [&'static str; 3],
) -> Rule {
    Rule {
        id,
        name,
        severity,
        what: words[0],
        why: words[1],
        fix: words[2],
        references: &["RBAC documentation"],
        bad: Example::Manifest(examples[0]),
        good: Example::Manifest(examples[1]),
        near: Example::Manifest(examples[2]),
        check: Check::With("RBC609"),
    }
}

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: team-a, name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n";
const CLUSTER_ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n";

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC609",
            "subject-namespace-on-user",
            Severity::Low,
            [
                "has a user or a group with a namespace",
                "users and groups have none: it is ignored, and the grant is for the one of that name anywhere",
                "remove the namespace; for an account write kind ServiceAccount",
            ],
            [
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: jane, namespace: team-a}\n",
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: User, name: jane}\n",
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: jane, namespace: team-a}\n",
            ],
        )
    },
    rule(
        "RBC228",
        "grant-in-default-namespace",
        Severity::Low,
        [
            "is in the namespace `default`",
            "what nobody put anywhere lands there, and shares these grants",
            "use a namespace of its own",
        ],
        [
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {namespace: default, name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
            ROLE,
            // It lands where it is applied.
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ],
    ),
    rule(
        "RBC635",
        "aggregated-rules-overwritten",
        Severity::Medium,
        [
            "has rules beside an aggregationRule",
            "the controller replaces them by what it gathers, so they are not in force",
            "move them to a ClusterRole with a label that is gathered",
        ],
        [
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}\nrules: []\n",
            CLUSTER_ROLE,
        ],
    ),
    rule(
        "RBC641",
        "autoupdate-disabled",
        Severity::Medium,
        [
            "is kept from being updated when the server starts",
            "later versions neither add what they need nor take away what was too much",
            "remove the annotation",
        ],
        [
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: view, annotations: {rbac.authorization.kubernetes.io/autoupdate: 'false'}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}\nrules: []\n",
            CLUSTER_ROLE,
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a, annotations: {rbac.authorization.kubernetes.io/autoupdate: 'false'}}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
        ],
    ),
    rule(
        "RBC645",
        "namespace-on-cluster-object",
        Severity::Low,
        [
            "is cluster-scoped and names a namespace",
            "the namespace is ignored: it holds in the whole cluster",
            "remove the namespace, or make it a Role or RoleBinding",
        ],
        [
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {namespace: team-a, name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
            CLUSTER_ROLE,
            ROLE,
        ],
    ),
];

/// Whether a role or binding of this kind, namespace and name is in a fresh cluster.
fn is_built_in(object: &str) -> bool {
    let mut parts = object.splitn(3, '/');
    let (kind, second, third) = (parts.next(), parts.next(), parts.next());
    let (namespace, name) = match (second, third) {
        (Some(namespace), Some(name)) => (namespace, name),
        (Some(name), None) => ("", name),
        _ => return false,
    };
    let role = |roles: &[DefaultRole]| {
        let mut roles = roles.iter();
        roles.any(|role| (role.namespace, role.name) == (namespace, name))
    };
    let binding = |bindings: &[DefaultBinding]| {
        let mut bindings = bindings.iter();
        bindings.any(|binding| (binding.namespace, binding.name) == (namespace, name))
    };
    match kind {
        Some("ClusterRole") => role(policy::CLUSTER_ROLES),
        Some("Role") => role(policy::ROLES),
        Some("ClusterRoleBinding") => binding(policy::CLUSTER_ROLE_BINDINGS),
        Some("RoleBinding") => binding(policy::ROLE_BINDINGS),
        _ => false,
    }
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    for oddity in &lint.cluster.notes().oddities {
        let id = match oddity.kind {
            OddityKind::NamespaceIgnored => "RBC645",
            OddityKind::SubjectNamespaceIgnored => "RBC609",
            OddityKind::SubjectNamespaceImplied => "RBC606",
            OddityKind::OldReview => "RBC642",
            OddityKind::RulesOverwritten => "RBC635",
            OddityKind::AutoupdateOff => "RBC641",
            OddityKind::InDefault => "RBC228",
            // Of other files of this folder.
            OddityKind::NamespaceMissing
            | OddityKind::AwsMasters
            | OddityKind::AwsPattern
            | OddityKind::AwsNodes => continue,
        };
        // A dump of a server shows what the controller gathered.
        if id == "RBC635" && lint.is_complete() {
            continue;
        }
        // Nobody else's roles and bindings are updated when the server starts.
        if id == "RBC641" && !is_built_in(&oddity.object) {
            continue;
        }
        let rule = super::by_id(id);
        let mut finding = Finding::new(rule, rule.severity, oddity.position);
        finding.rare.object = Some(oddity.object.clone());
        if oddity.kind == OddityKind::OldReview {
            finding.why = Some("the server answers reviews of v1 alone".into());
            finding.fix = Some("write v1 in the apiVersion".into());
        }
        if oddity.kind == OddityKind::SubjectNamespaceImplied {
            // In a RoleBinding the server takes it.
            finding.severity = Severity::Low;
            finding.own = Severity::Low;
            let why = "the account of the RoleBinding's own namespace is meant, which a reader has to know";
            finding.why = Some(why.into());
        }
        found.add(finding);
    }
}
