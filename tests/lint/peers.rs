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
    (
        "trivy KSV-0051, IceKube: the bind that names no role passes",
        &[
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
        ],
        &["RBC123"],
        &["RBC622"],
    ),
    (
        "trivy KSV-0051: the order of the rules decides",
        &[
            "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}",
            "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}",
        ],
        &["RBC123"],
        &["RBC622"],
    ),
    (
        "rakkess: the verb * is a fixed list, without bind and escalate",
        &["{apiGroups: [rbac.authorization.k8s.io], resources: ['*'], verbs: ['*']}"],
        &["RBC122", "RBC123", "RBC124"],
        &[],
    ),
    (
        "rbac-tool: an empty name is every name",
        &["{apiGroups: [''], resources: [secrets], resourceNames: [''], verbs: [delete, get]}"],
        &["RBC611"],
        &["RBC111"],
    ),
    (
        "rbac-tool, krane: impersonation is of the core group alone",
        &["{apiGroups: [authentication.k8s.io], resources: [uids], verbs: [impersonate]}"],
        &["RBC128"],
        &[],
    ),
    (
        "kubescape C-0065: userextras are missed",
        &[
            "{apiGroups: [authentication.k8s.io], resources: [userextras/scopes], verbs: [impersonate]}",
        ],
        &["RBC128"],
        &[],
    ),
    (
        "KubiScan: two rules that match one half are the whole",
        &[
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [patch]}",
            "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}",
        ],
        // As the half that it is, low: `grants.rs` holds the severities.
        &["RBC130"],
        &[],
    ),
    (
        "rbac-police: that a key is there counts, not that it says something",
        &[
            "{apiGroups: [''], resources: [secrets], resourceNames: [], nonResourceURLs: [], verbs: [get]}",
        ],
        &["RBC108"],
        &[],
    ),
    (
        "checkov: rules are flattened",
        &[
            "{apiGroups: [''], resources: [secrets], verbs: [delete]}",
            "{apiGroups: [''], resources: [configmaps], verbs: [get, list]}",
        ],
        &[],
        &["RBC108"],
    ),
    (
        "kube-linter: who creates or deletes Secrets reads them",
        &["{apiGroups: [''], resources: [secrets], verbs: [create, delete]}"],
        &[],
        &["RBC108"],
    ),
    (
        "kubescape C-0265: the verbs are ignored",
        &["{apiGroups: [apps], resources: [statefulsets, daemonsets], verbs: [get, list]}"],
        &[],
        &["RBC113", "RBC114"],
    ),
    (
        "kubescape C-0265: the singular is a resource",
        &["{apiGroups: [apps], resources: [statefulset], verbs: [create]}"],
        &["RBC616"],
        &["RBC113"],
    ),
    (
        "kubescape: */* is everything",
        &["{apiGroups: ['*'], resources: ['*/*'], verbs: ['*']}"],
        &["RBC620"],
        &["RBC101", "RBC104", "RBC106", "RBC108"],
    ),
    (
        "trivy KSV-0042, KSV-0053: operations that the API lacks",
        &["{apiGroups: [''], resources: [pods/log], verbs: [delete]}"],
        &["RBC619"],
        &["RBC152"],
    ),
    (
        "all: no constrained impersonation",
        &[
            "{apiGroups: [authentication.k8s.io], resources: [users], verbs: ['impersonate:user-info']}",
            "{apiGroups: [''], resources: [secrets], verbs: ['impersonate-on:user-info:create']}",
        ],
        &["RBC129"],
        &["RBC617"],
    ),
];

#[test]
fn mistakes_of_other_tools_are_not_made_here() {
    let mut wrong = Vec::new();
    for (mistake, rules, found, silent) in CASES {
        // An id that no rule has is silent always.
        for id in found.iter().chain(*silent) {
            assert!(rbac_check::lint::rules::find(id).is_some(), "{id}");
        }
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

fn manifests(objects: &[&str]) -> String {
    let objects = objects.iter();
    let objects =
        objects.map(|o| format!("{{apiVersion: rbac.authorization.k8s.io/v1, {o}}}\n---\n"));
    objects.collect()
}

const HARMLESS: &str = "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]";
const READS: &str = "rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]";
const APPROVES: &str = "rules: [{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}]";
const SIGNERS: &str =
    "rules: [{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]}]";

fn role(kind: &str, namespace: &str, name: &str, rules: &str) -> String {
    format!("kind: {kind}, metadata: {{namespace: {namespace}, name: {name}}}, {rules}")
}

fn binding(kind: &str, namespace: &str, role: &str, name: &str, subject: &str) -> String {
    format!(
        "kind: {kind}, metadata: {{namespace: {namespace}, name: {name}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name}}}, subjects: [{subject}]"
    )
}

/// What is found at bindings, not what waits in a role.
fn at_bindings(objects: &[&str]) -> Vec<(String, String)> {
    let report = json(&manifests(objects), "");
    let findings = report["findings"].as_array().expect("findings").iter();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    findings
        .filter(|finding| text(&finding["path"]).contains("Binding"))
        .flat_map(|finding| {
            let facets = finding["facets"].as_array().expect("facets").iter();
            let all = std::iter::once(finding).chain(facets);
            all.map(|f| (text(&f["rule"]), text(&f["severity"])))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn has(found: &[(String, String)], id: &str) -> bool {
    found.iter().any(|(other, _)| other == id)
}

#[test]
fn roles_of_one_name_are_not_one_role() {
    // who-can pools names across namespaces, KubiScan and checkov join without kind or namespace.
    let near = role("Role", "a", "x", HARMLESS);
    let far = role("Role", "b", "x", READS);
    let wide = role("ClusterRole", "''", "x", READS);
    let bound = binding("RoleBinding", "a", "Role", "x", BOT);
    let found = at_bindings(&[&near, &far, &wide, &bound]);
    assert!(
        !has(&found, "RBC109") && !has(&found, "RBC108"),
        "{found:?}"
    );
    let there = binding("RoleBinding", "b", "Role", "x", BOT);
    // rolesum looks for bindings in the account's own namespace alone.
    let found = at_bindings(&[&near, &far, &wide, &there]);
    assert!(has(&found, "RBC109"), "{found:?}");
    // kubesplaining reads every kind but Role as ClusterRole.
    let other = binding("RoleBinding", "a", "role", "x", BOT);
    let found = at_bindings(&[&wide, &other]);
    assert!(!has(&found, "RBC109"), "{found:?}");
}

#[test]
fn names_lower_what_they_narrow() {
    // KubiScan ignores resourceNames; rbac-police finds nothing where there are some.
    let pinned = READS.replace("verbs", "resourceNames: [app-tls], verbs");
    let role = role("ClusterRole", "''", "x", &pinned);
    let bound = binding("ClusterRoleBinding", "''", "ClusterRole", "x", BOT);
    let found = at_bindings(&[&role, &bound]);
    let severity = found.iter().find(|(id, _)| id == "RBC108");
    assert!(
        severity.is_none_or(|(_, severity)| severity != "critical"),
        "{found:?}"
    );
}

#[test]
fn halves_in_two_roles_are_a_whole_for_one_subject() {
    // checkov CKV_K8S_156 wants both in one role.
    let of = |second: &str| {
        at_bindings(&[
            &role("ClusterRole", "''", "x", APPROVES),
            &role("ClusterRole", "''", "z", SIGNERS),
            &binding("ClusterRoleBinding", "''", "ClusterRole", "x", BOT),
            &binding("ClusterRoleBinding", "''", "ClusterRole", "z", second),
        ])
    };
    assert!(
        of(BOT)
            .iter()
            .any(|(id, s)| id == "RBC130" && s == "critical")
    );
    let apart = of("{kind: User, name: jane}");
    assert!(
        !apart
            .iter()
            .any(|(id, s)| id == "RBC130" && s == "critical")
    );
    // Nobody else knows of constrained impersonation at all.
    let rules = |group: &str, resource: &str, verb: &str| {
        format!("rules: [{{apiGroups: [{group}], resources: [{resource}], verbs: ['{verb}']}}]")
    };
    let who = rules("authentication.k8s.io", "users", "impersonate:user-info");
    let what = rules("''", "secrets", "impersonate-on:user-info:create");
    let found = at_bindings(&[
        &role("ClusterRole", "''", "x", &who),
        &role("ClusterRole", "''", "z", &what),
        &binding("ClusterRoleBinding", "''", "ClusterRole", "x", BOT),
        &binding("ClusterRoleBinding", "''", "ClusterRole", "z", BOT),
    ]);
    assert!(has(&found, "RBC129"), "{found:?}");
}

#[test]
fn aggregation_has_levels_and_expressions() {
    // kube-linter goes one level, by matchLabels.
    let found = at_bindings(&[
        "kind: ClusterRole, metadata: {name: x}, aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: l, operator: In, values: [two]}]}]}",
        "kind: ClusterRole, metadata: {name: middle, labels: {l: two}}, aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: l, operator: NotIn, values: [two, three]}, {key: l, operator: Exists}]}]}",
        &format!("kind: ClusterRole, metadata: {{name: leaf, labels: {{l: one}}}}, {READS}"),
        &binding("ClusterRoleBinding", "''", "ClusterRole", "x", BOT),
    ]);
    assert!(has(&found, "RBC108"), "{found:?}");
}

#[test]
fn every_namespace_may_be_a_privileged_one() {
    // rbac-police knows one, kube-system.
    let exec = "rules: [{apiGroups: [''], resources: [pods/exec], verbs: [create]}]";
    let exec = role("Role", "a", "x", exec);
    let bound = binding("RoleBinding", "a", "Role", "x", "{kind: User, name: jane}");
    let power = role("ClusterRole", "''", "z", READS);
    let powerful = binding(
        "ClusterRoleBinding",
        "''",
        "ClusterRole",
        "z",
        "{kind: ServiceAccount, namespace: a, name: operator}",
    );
    let severity = |found: &[(String, String)]| {
        let found = found.iter().find(|(id, _)| id == "RBC116");
        found.map(|(_, severity)| severity.clone())
    };
    let alone = severity(&at_bindings(&[&exec, &bound])).expect("a finding");
    let beside = severity(&at_bindings(&[&exec, &bound, &power, &powerful])).expect("a finding");
    assert_eq!(beside, "critical");
    assert_ne!(alone, "critical");
}

#[test]
fn subjects_that_others_drop_or_invent() {
    // rbac-police drops system:masters to reduce clutter.
    let role = role("ClusterRole", "''", "x", READS);
    let of = |subject: &str| {
        let bound = binding("ClusterRoleBinding", "''", "ClusterRole", "x", subject);
        at_bindings(&[&role, &bound])
    };
    assert!(has(&of("{kind: Group, name: 'system:masters'}"), "RBC206"));
    // CKV2 checks look for subjects of the kind Node: the server refuses them.
    assert!(!has(&of("{kind: Node, name: a}"), "RBC108"));
    // rbac-lookup finds substrings of names.
    let found = of("{kind: User, name: 'not-system:masters'}");
    assert!(!has(&found, "RBC206") && has(&found, "RBC108"), "{found:?}");
}

#[test]
fn the_pod_decides_before_the_account_whether_a_token_is_mounted() {
    // kube-bench 5.1.6 wants both to say so.
    let of = |account: &str, pod: &str| {
        let workload = format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{namespace: tools, name: bot}}\n{account}---\napiVersion: v1\nkind: Pod\nmetadata: {{namespace: tools, name: p}}\nspec:\n  serviceAccountName: bot\n{pod}  containers: [{{name: c, image: i}}]\n"
        );
        ids(&(bound(&[SECRETS], BOT) + &workload)).contains(&"RBC301".to_owned())
    };
    let (account, pod) = (
        "automountServiceAccountToken: false\n",
        "  automountServiceAccountToken: false\n",
    );
    assert!(of("", ""));
    assert!(!of("", pod));
    assert!(!of(account, ""));
}
