//! What other tools get wrong against the real server, each as a case: a rule of a ClusterRole that a
//! service account is bound to, what must be found and what must not be.

use super::{ids, json};

fn bound(rules: &[&str], subject: &str) -> String {
    let rules: String = rules.iter().map(|rule| format!("- {rule}\n")).collect();
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: example}}\nrules:\n{rules}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: example}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: example}}\nsubjects:\n- {subject}\n"
    )
}

const BOT: &str = "{kind: ServiceAccount, namespace: tools, name: bot}";

/// The tool and its mistake; the rules; what is found; what is not.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const CASES: &[Case] = &[
    (
        "KubiScan, krane: a wildcard does not satisfy a specific rule",
        &["{apiGroups: [''], resources: ['*'], verbs: ['*']}"],
        &["RBC108", "RBC113", "RBC116", "RBC120"],
        &[],
    ),
    (
        "KubiScan, rakkess, kube-linter: API groups are ignored",
        &["{apiGroups: [example.com], resources: [secrets, pods], verbs: [get, create]}"],
        &[],
        &["RBC108", "RBC113"],
    ),
    (
        "trivy KSV-0041: any verb on secrets",
        &["{apiGroups: [''], resources: [secrets], verbs: [delete]}"],
        &[],
        &["RBC108"],
    ),
    (
        "trivy KSV-0041: never on wildcard resources",
        &["{apiGroups: ['*'], resources: ['*'], verbs: [list]}"],
        &["RBC108"],
        &[],
    ),
    (
        "trivy KSV-0043: impersonation only with apiGroups *",
        &["{apiGroups: [''], resources: [users, groups], verbs: [impersonate]}"],
        &["RBC125"],
        &[],
    ),
    (
        "trivy KSV-0050: clusterroles are omitted",
        &["{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [update]}"],
        &["RBC124"],
        &[],
    ),
    (
        "trivy KSV-0051: resourceNames * is a name",
        &[
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: ['*'], verbs: [bind]}",
        ],
        &["RBC622"],
        &["RBC123"],
    ),
    (
        "trivy KSV-0053, polaris: get on pods/exec is exec",
        &["{apiGroups: [''], resources: [pods/exec], verbs: [get]}"],
        &[],
        &["RBC116"],
    ),
    (
        "trivy KSV-0056: the role is seen, the binding never",
        &["{apiGroups: [''], resources: [endpoints], verbs: [update]}"],
        &["RBC143"],
        &[],
    ),
    (
        "checkov CKV_K8S_157, CKV2_K8S_1, rbac-police bind_roles: bind on bindings",
        &[
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterrolebindings], verbs: [bind, create]}",
        ],
        &["RBC652"],
        &["RBC123"],
    ),
    (
        "checkov CKV_K8S_49: only the first rule",
        &[
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
            "{apiGroups: [apps], resources: [deployments], verbs: ['*']}",
        ],
        &["RBC103"],
        &[],
    ),
    (
        "checkov CKV_K8S_49: any string with a star is a wildcard",
        &["{apiGroups: [apps], resources: [deployments], verbs: ['get*']}"],
        &["RBC621"],
        &["RBC103"],
    ),
    (
        "kubescape C-0279, who-can, rakkess: */sub is not matched",
        &["{apiGroups: [''], resources: ['*/proxy'], verbs: [get]}"],
        &["RBC120", "RBC106"],
        &[],
    ),
    (
        "kubescape C-0280: patch is missed",
        &[
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [patch]}",
            "{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]}",
        ],
        &["RBC130"],
        &[],
    ),
    (
        "kubescape C-0065: uids are not in the core group",
        &["{apiGroups: [''], resources: [uids], verbs: [impersonate]}"],
        &["RBC655"],
        &["RBC128"],
    ),
    (
        "rbac-police, IceKube: nodes/proxy needs create",
        &["{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}"],
        &["RBC120"],
        &[],
    ),
    (
        "rbac-police: resourceNames are no finding",
        &["{apiGroups: [''], resources: [configmaps], resourceNames: [aws-auth], verbs: [update]}"],
        &["RBC142"],
        &[],
    ),
    (
        "rbac-tool: an empty resource is everything",
        &["{apiGroups: [''], resources: [''], verbs: ['get']}"],
        &["RBC611"],
        &["RBC108"],
    ),
    (
        "rbac-tool: the explicit core group never fires",
        &["{apiGroups: [''], resources: [pods/exec], verbs: [create]}"],
        &["RBC116"],
        &[],
    ),
    (
        "rbac-tool: workloads of apps are not listed",
        &["{apiGroups: [apps], resources: [statefulsets], verbs: [create]}"],
        &["RBC113"],
        &[],
    ),
    (
        "kube-linter: the plural of cronjob never matches",
        &["{apiGroups: [batch], resources: [cronjobs], verbs: [create]}"],
        &["RBC113"],
        &[],
    ),
    (
        "kubectl-who-can: only exact paths",
        &["{nonResourceURLs: ['/debug*'], verbs: [get]}"],
        &["RBC152"],
        &[],
    ),
    (
        "polaris: all seven verbs are a wildcard",
        &[
            "{apiGroups: [example.com], resources: [widgets], verbs: [get, list, watch, create, update, patch, delete]}",
        ],
        &[],
        &["RBC103"],
    ),
    (
        "kube-bench 5.1.3: the literal [\"*\"] alone",
        &["{apiGroups: [apps], resources: [deployments], verbs: ['*', get]}"],
        &["RBC103"],
        &[],
    ),
    (
        "checkov#2938, kubernetes#78936: pods/* is a wildcard",
        &["{apiGroups: [''], resources: ['pods/*'], verbs: ['create']}"],
        &["RBC620"],
        &["RBC116"],
    ),
    (
        "krane: get and patch are needed together",
        &["{apiGroups: [apps], resources: [deployments], verbs: [patch]}"],
        &["RBC114"],
        &[],
    ),
];

#[test]
fn mistakes_of_other_tools_are_not_made_here() {
    let mut wrong = Vec::new();
    for (mistake, rules, found, silent) in CASES {
        let ids = ids(&bound(rules, BOT));
        let has = |id: &&&str| ids.iter().any(|other| other == **id);
        let missing: Vec<_> = found.iter().filter(|id| !has(id)).collect();
        let spurious: Vec<_> = silent.iter().filter(has).collect();
        if !missing.is_empty() || !spurious.is_empty() {
            wrong.push(format!(
                "{mistake}: missing {missing:?}, spurious {spurious:?}, found {ids:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const SECRETS: &str = "{apiGroups: [''], resources: [secrets], verbs: [list]}";

#[test]
fn subjects_are_found_however_they_are_written() {
    // rbac-police loses accounts that stand after a group; kubescape skips users without apiGroup;
    // rbac-tool leaves out whatever begins with system:.
    let subjects = [
        "{kind: Group, name: devs}\n- {kind: ServiceAccount, namespace: tools, name: bot}",
        "{kind: User, name: jane}",
        "{kind: Group, name: 'system:authenticated'}",
        "{kind: User, name: 'system:serviceaccount:tools:bot'}",
        "{kind: ServiceAccount, namespace: kube-system, name: helper}",
    ];
    for subject in subjects {
        let ids = ids(&bound(&[SECRETS], subject));
        assert!(ids.contains(&"RBC108".to_owned()), "{subject}: {ids:?}");
    }
}

#[test]
fn defaults_are_known_by_content_and_not_by_name() {
    // krane, rback, rbac-lookup and kube-bench go by names, labels and prefixes.
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:discovery', labels: {kubernetes.io/bootstrapping: rbac-defaults}}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n";
    let found = ids(role);
    assert!(
        found.contains(&"RBC108".to_owned()) && found.contains(&"RBC640".to_owned()),
        "{found:?}"
    );
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: cluster-admin, labels: {kubernetes.io/bootstrapping: rbac-defaults}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n- {kind: Group, name: 'system:masters'}\n- {kind: ServiceAccount, namespace: kube-system, name: default}\n";
    assert!(ids(binding).contains(&"RBC201".to_owned()));
    // kube-bench 5.1.1 trusts the name of the role; krane and KubiScan join by the names of bindings.
    let renamed = bound(
        &["{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"],
        "{kind: User, name: jane}",
    );
    assert!(ids(&renamed).contains(&"RBC201".to_owned()));
    let fine = binding.replace(
        "- {kind: ServiceAccount, namespace: kube-system, name: default}\n",
        "",
    );
    assert_eq!(ids(&fine), Vec::<String>::new());
}

#[test]
fn aggregated_roles_hold_what_they_gather() {
    // In files their rules are empty: nobody else computes them.
    let gathered = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {gather: 'yes'}}]}\nrules: []\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: part, labels: {gather: 'yes'}}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}\nsubjects:\n- {kind: User, name: jane}\n";
    assert!(ids(gathered).contains(&"RBC108".to_owned()));
}

#[test]
fn roles_of_one_subject_add_up() {
    // Per binding alone, neither is dangerous; krane and kubescape cross-join by names instead.
    let half = |name: &str, rule: &str, subject: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules:\n- {rule}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: {name}}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {name}}}\nsubjects:\n- {subject}\n---\n"
        )
    };
    let (escalate, write) = (
        "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}",
        "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [update]}",
    );
    let one = half("a", escalate, BOT) + &half("b", write, BOT);
    let gravest = |manifest: &str| json(manifest, "")["findings"][0]["severity"].clone();
    assert!(ids(&one).contains(&"RBC122".to_owned()));
    assert_eq!(gravest(&one), "critical");
    let two = half("a", escalate, BOT) + &half("b", write, "{kind: User, name: jane}");
    assert_ne!(gravest(&two), "critical");
    let through_group = half("a", escalate, BOT)
        + &half(
            "b",
            write,
            "{kind: Group, name: 'system:serviceaccounts:tools'}",
        );
    assert_eq!(gravest(&through_group), "critical");
}

#[test]
fn role_bindings_hold_in_their_namespace_alone() {
    let bound = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: [''], resources: [secrets, nodes/proxy], verbs: [get]}\n- {nonResourceURLs: ['*'], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: team-a, name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}\nsubjects:\n- {kind: ServiceAccount, name: bot}\n";
    let found = ids(bound);
    assert!(found.contains(&"RBC109".to_owned()), "{found:?}");
    for id in ["RBC108", "RBC120", "RBC107"] {
        assert!(!found.contains(&id.to_owned()), "{id}: {found:?}");
    }
}

#[test]
fn edit_in_a_namespace_is_no_danger_by_itself() {
    let binding = |role: &str, kind: &str, namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{{namespace}name: devs}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\n\
             subjects: [{{apiGroup: rbac.authorization.k8s.io, kind: Group, name: devs}}]\n"
        )
    };
    let gravest = |manifest: &str| {
        let report = json(manifest, "");
        let findings = report["findings"].as_array().expect("findings").clone();
        findings.first().map(|finding| {
            let text = |field: &str| finding[field].as_str().expect("a text").to_owned();
            (text("rule"), text("severity"))
        })
    };
    let told = |rule: &str, severity: &str| Some((rule.to_owned(), severity.to_owned()));
    for role in ["admin", "edit"] {
        let here = binding(role, "RoleBinding", "namespace: team-a, ");
        assert_eq!(gravest(&here), told("RBC215", "info"), "{role}");
        let account = "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: team-a, name: web}}\n";
        assert_eq!(gravest(&format!("{here}{account}")), told("RBC215", "info"));
        // Its service account is as good as cluster-admin.
        let powerful = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: deployer}\n\
             roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n\
             subjects: [{kind: ServiceAccount, namespace: team-a, name: web}]\n";
        let both = json(&format!("{here}{account}{powerful}"), "");
        let findings = both["findings"].as_array().expect("findings");
        let devs = findings.iter().find(|finding| {
            finding["path"]
                .as_str()
                .is_some_and(|path| path.contains("team-a/devs"))
        });
        assert_ne!(devs.expect("the binding")["severity"], "info", "{role}");
        let everywhere = binding(role, "ClusterRoleBinding", "");
        let found = gravest(&everywhere).expect("a finding");
        assert!(
            ["high", "critical"].contains(&found.1.as_str()),
            "{found:?}"
        );
    }
}
