//! What the server refuses, replaces or ignores. The loader has found it out; here it gets its id.

use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity, Word};
use crate::model::Refusal;

macro_rules! binding {
    ($role_ref:literal, $subject:literal) => {
        Example::Manifest(concat!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: example}\nroleRef: ",
            $role_ref,
            "\nsubjects:\n- ",
            $subject,
            "\n"
        ))
    };
}

const fn rule(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    words: [&'static str; 3],
    examples: [Example; 3],
) -> Rule {
    let [bad, good, near] = examples;
    Rule {
        id,
        name,
        severity,
        what: words[0],
        why: words[1],
        fix: words[2],
        references: &["Kubernetes: validation of rbac.authorization.k8s.io/v1"],
        bad,
        good,
        near,
        check: Check::With("RBC603"),
    }
}

const GOOD: Example = binding!(
    "{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}",
    "{kind: ServiceAccount, namespace: ci, name: bot}"
);
const IMPLIED: Example = binding!(
    "{kind: ClusterRole, name: view}",
    "{kind: User, name: jane}"
);

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC603",
            "roleref-invalid",
            Severity::High,
            [
                "has a roleRef that the server refuses",
                "the binding is not made, so it grants nothing",
                "write apiGroup rbac.authorization.k8s.io, the kind Role or ClusterRole, and the name",
            ],
            [
                binding!(
                    "{apiGroup: rbac.authorization.k8s.io, kind: Role, name: view}",
                    "{kind: User, name: jane}"
                ),
                GOOD,
                IMPLIED,
            ],
        )
    },
    rule(
        "RBC604",
        "roleref-immutable-change",
        Severity::Medium,
        [
            "is given twice with different roles",
            "the roleRef of a binding cannot be changed: the server refuses the second one",
            "delete the binding and make it anew, or use kubectl auth reconcile",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: User, name: jane}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects: [{kind: User, name: jane}]\n",
            ),
            GOOD,
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: x, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: User, name: jane}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: z, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}\nsubjects: [{kind: User, name: jane}]\n",
            ),
        ],
    ),
    rule(
        "RBC605",
        "subject-apigroup",
        Severity::Medium,
        [
            "has a subject with an apiGroup that the server refuses",
            "the binding is not made, so it grants nothing",
            "leave apiGroup out: it is implied by the kind",
        ],
        [
            binding!(
                "{kind: ClusterRole, name: view}",
                "{kind: ServiceAccount, apiGroup: rbac.authorization.k8s.io, namespace: ci, name: bot}"
            ),
            GOOD,
            IMPLIED,
        ],
    ),
    rule(
        "RBC606",
        "subject-namespace-missing",
        Severity::High,
        [
            "has a service account without namespace as a subject",
            "the server refuses it in a ClusterRoleBinding; the binding is not made, so it grants nothing",
            "write the namespace of the account",
        ],
        [
            binding!(
                "{kind: ClusterRole, name: view}",
                "{kind: ServiceAccount, name: bot}"
            ),
            GOOD,
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: ci, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: User, name: bot}]\n",
            ),
        ],
    ),
    rule(
        "RBC607",
        "subject-kind-unknown",
        Severity::High,
        [
            "has a subject of a kind that the server refuses",
            "the binding is not made, so it grants nothing",
            "write User, Group or ServiceAccount",
        ],
        [
            binding!(
                "{kind: ClusterRole, name: view}",
                "{kind: serviceaccount, namespace: ci, name: bot}"
            ),
            GOOD,
            IMPLIED,
        ],
    ),
    rule(
        "RBC610",
        "rule-invalid",
        Severity::High,
        [
            "has a rule that the server refuses",
            "the role is not made, so its bindings grant nothing",
            "give verbs, and either apiGroups with resources or, in a ClusterRole, nonResourceURLs",
        ],
        [
            Example::Cluster("{apiGroups: [''], resources: [pods], verbs: []}"),
            Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
            Example::Cluster("{nonResourceURLs: [/metrics], verbs: [get]}"),
        ],
    ),
    rule(
        "RBC638",
        "aggregation-selector-empty",
        Severity::High,
        [
            "has an aggregationRule that selects every ClusterRole, or none at all",
            "an empty selector gathers the rules of every ClusterRole, cluster-admin's too; an empty list is refused",
            "select by a label of your own",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\naggregationRule: {clusterRoleSelectors: [{}]}\nrules: []\n",
            ),
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/gather: 'true'}}]}\nrules: []\n",
            ),
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\naggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: example.com/gather, operator: Exists}]}]}\nrules: []\n",
            ),
        ],
    ),
    rule(
        "RBC642",
        "deprecated-api-version",
        Severity::Medium,
        [
            "is of an API version that is not served",
            "the server knows no such object, so it grants nothing",
            "write rbac.authorization.k8s.io/v1",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: ClusterRole\nmetadata: {name: old}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
            ),
            Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
            Example::Manifest(
                "apiVersion: example.com/v1beta1\nkind: ClusterPolicy\nmetadata: {name: other}\n",
            ),
        ],
    ),
    rule(
        "RBC643",
        "duplicate-object",
        Severity::High,
        [
            "is given twice with different content",
            "the last one that is applied counts, and which that is depends on the order of the files",
            "keep one of the two",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [delete]}\n",
            ),
            Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [pods], verbs: [get]}\n",
            ),
        ],
    ),
    rule(
        "RBC646",
        "duplicate-yaml-key",
        Severity::High,
        [
            "has a key twice",
            "the later value silently wins, and the earlier one is what people read first",
            "keep one of the two",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- apiGroups: ['']\n  resources: [pods]\n  verbs: [get]\n  verbs: [delete]\n",
            ),
            Example::Cluster("{apiGroups: [''], resources: [pods], verbs: [get]}"),
            Example::Cluster(
                "{apiGroups: [''], resources: [pods], verbs: [get]}\n{apiGroups: [''], resources: [services], verbs: [get]}",
            ),
        ],
    ),
    rule(
        "RBC659",
        "unknown-field",
        Severity::High,
        [
            "has a field that the server ignores",
            "what it says is not in force: a misspelt resourceNames grants every name",
            "mend the name of the field, or remove it",
        ],
        [
            Example::Manifest(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [secrets], resourceName: [one], verbs: [get]}\n",
            ),
            Example::Cluster(
                "{apiGroups: [''], resources: [pods], resourceNames: [one], verbs: [get]}",
            ),
            Example::Manifest(
                "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nrules:\n- {anything: true}\n",
            ),
        ],
    ),
];

/// What the server says of one field: the path, and the words with it.
struct Cause<'m> {
    path: &'m str,
    text: &'m str,
}

/// The causes in a message of the loader, the words of which are the server's own and held by the recorded
/// answers.
fn causes(message: &str) -> Vec<Cause<'_>> {
    let fields = ["roleRef.", "subjects[", "rules[", "aggregationRule."];
    let starts = fields.iter().flat_map(|field| message.match_indices(field));
    let mut starts: Vec<usize> = starts
        .map(|(start, _)| start)
        .filter(|start| message[..*start].ends_with([' ', '[']))
        .collect();
    starts.sort_unstable();
    let ends = starts.iter().copied().skip(1).chain([message.len()]);
    let causes = starts.iter().zip(ends).map(|(start, end)| {
        let text = message[*start..end].trim_end_matches([',', ' ', ']']);
        let path = text.split(": ").next().unwrap_or_default();
        Cause { path, text }
    });
    causes.take(100).collect()
}

/// The rule that one cause falls under.
fn id_of_cause(cause: &Cause<'_>) -> Option<&'static str> {
    let Cause { path, text } = cause;
    let of_subject = |field: &str| path.starts_with("subjects[") && path.ends_with(field);
    let spaced = || {
        let name = text.split('"').nth(1).unwrap_or_default();
        name.trim() != name || name.contains('\\')
    };
    if path.starts_with("roleRef.") {
        Some("RBC603")
    } else if of_subject("].apiGroup") {
        Some("RBC605")
    } else if of_subject("].namespace") {
        Some("RBC606")
    } else if of_subject("].kind") {
        Some("RBC607")
    } else if of_subject("].name") && spaced() {
        Some("RBC651")
    } else if path.starts_with("rules[") {
        Some("RBC610")
    } else if path.starts_with("aggregationRule.clusterRoleSelector") {
        Some("RBC638")
    } else {
        None
    }
}

/// The rule that a message falls under that is about the whole object.
fn id_of_object(message: &str) -> Option<&'static str> {
    let has = |part: &str| message.contains(part);
    if has("is given twice; the last one counts") {
        Some("RBC646")
    } else if message.starts_with("unknown field ") {
        Some("RBC659")
    } else if has("with another roleRef, which cannot be changed") {
        Some("RBC604")
    } else if has(" replaces the different one at ") {
        Some("RBC643")
    } else if has("the server serves v1 alone")
        || has("; expected apiVersion rbac.authorization.k8s.io")
    {
        Some("RBC642")
    } else {
        None
    }
}

/// The findings about an object that the server refuses as invalid, one for each rule.
fn invalid(refusal: &Refusal, found: &mut Found) {
    let first = found.findings.len();
    for cause in causes(&refusal.message) {
        let Some(id) = id_of_cause(&cause) else {
            continue;
        };
        let place = Word {
            field: cause.path.to_owned(),
            text: None,
            at: None,
        };
        let mut earlier = found.findings[first..].iter_mut();
        if let Some(earlier) = earlier.find(|earlier| earlier.rule.id == id) {
            earlier.rare.words.push(place);
            continue;
        }
        let rule = super::by_id(id);
        let mut finding = Finding::new(rule, rule.severity, refusal.position);
        finding.rare.object = Some(object_of(&refusal.message).to_owned());
        finding.why = Some(format!("{}: {}", rule.why, cause.text).into());
        finding.rare.words.push(place);
        found.add(finding);
    }
    if found.findings.len() == first {
        // What it would have granted was not judged.
        let rule = super::by_id("RBC692");
        let mut finding = Finding::new(rule, rule.severity, refusal.position);
        finding.rare.object = Some(object_of(&refusal.message).to_owned());
        finding.what = Some("is refused by the server, so it was not judged".into());
        finding.why = Some(refusal.message.clone().into());
        finding.fix = Some("mend what the server refuses".into());
        found.add(finding);
    }
}

/// The object that a message of the loader is about: its kind and its name.
fn object_of(message: &str) -> &str {
    let ends = [
        " is not in the cluster",
        " is defined before",
        " replaces the different one",
    ];
    let ends = ends.iter().filter_map(|end| message.find(end));
    ends.min().map_or("an object", |end| &message[..end])
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    for refusal in lint.cluster.refusals() {
        if let Some(id) = id_of_object(&refusal.message) {
            let rule = super::by_id(id);
            let mut finding = Finding::new(rule, rule.severity, refusal.position);
            finding.rare.object = Some(object_of(&refusal.message).to_owned());
            finding.why = Some(format!("{}: {}", rule.why, refusal.message).into());
            found.add(finding);
        } else if refusal.message.contains("the server refuses it as invalid") {
            invalid(refusal, found);
        }
    }
    for (id, role) in lint.roles() {
        let Some(aggregation) = &role.aggregation_rule else {
            continue;
        };
        let mut selectors = aggregation.cluster_role_selectors.iter();
        let all = selectors.any(|s| s.match_labels.is_empty() && s.match_expressions.is_empty());
        if all && !lint.is_default_role(id) {
            found.add(lint.of_role("RBC638", Severity::High, id, None));
        }
    }
}
