//! What is written and has no effect, or another one than it seems: which words are found, how grave it is,
//! where it stands, and what looks like it and is none.

use super::{ids, json};

const GROUP: &str = "apiVersion: rbac.authorization.k8s.io/v1\n";

/// Rules of a role, bound in the way that a pair of kinds says.
fn bound(role: &str, binding: &str, rules: &[&str]) -> String {
    let of = |kind: &str| match kind {
        "Role" | "RoleBinding" => "{namespace: team-a, name: example}",
        _ => "{name: example}",
    };
    let rules: String = rules.iter().map(|rule| format!("- {rule}\n")).collect();
    format!(
        "{GROUP}kind: {role}\nmetadata: {}\nrules:\n{rules}---\n{GROUP}kind: {binding}\nmetadata: {}\n\
         roleRef: {{kind: {role}, name: example}}\nsubjects:\n- {{kind: ServiceAccount, namespace: tools, name: bot}}\n",
        of(role),
        of(binding)
    )
}

fn everywhere(rule: &str) -> String {
    bound("ClusterRole", "ClusterRoleBinding", &[rule])
}

/// Ids of this family and their severities, facets included, without what is only good to know.
fn found(manifest: &str) -> Vec<String> {
    let report = json(manifest, "");
    let mut found = Vec::new();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    for finding in report["findings"].as_array().expect("findings") {
        let facets = finding["facets"].as_array().expect("facets");
        for entry in std::iter::once(finding).chain(facets) {
            let (rule, severity) = (word(&entry["rule"]), word(&entry["severity"]));
            if rule.starts_with("RBC6") && severity != "info" {
                found.push(format!("{} {severity}", rule.trim_start_matches("RBC")));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn words_of_rules() {
    let cases: &[(&str, &[&str])] = &[
        (
            "{apiGroups: [''], resources: [deployments], verbs: [get]}",
            &["612 high", "658 low"],
        ),
        (
            "{apiGroups: ['', apps], resources: [deployments, configmaps], verbs: [get]}",
            &[],
        ),
        (
            "{apiGroups: [apps/v1], resources: [deployments], verbs: [get]}",
            &["613 high", "658 low"],
        ),
        (
            "{apiGroups: [apps/v1], resources: [Deployment], verbs: [get]}",
            &["613 high", "616 high", "658 low"],
        ),
        (
            "{apiGroups: [v1], resources: [configmaps], verbs: [get]}",
            &["614 high", "658 low"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps, pods/logs], verbs: [get]}",
            &["615 medium"],
        ),
        (
            "{apiGroups: [''], resources: [secrets/status], verbs: [patch]}",
            &["615 low", "658 low"],
        ),
        (
            "{apiGroups: [example.com], resources: [anything], verbs: [do]}",
            &[],
        ),
        (
            "{apiGroups: [''], resources: [Services], verbs: [get]}",
            &["616 high", "658 low"],
        ),
        (
            "{apiGroups: [''], resources: [svc], verbs: [get]}",
            &["616 high", "658 low"],
        ),
        (
            "{apiGroups: [''], resources: [pod/log], verbs: [get]}",
            &["616 high", "658 low"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], verbs: [get, read]}",
            &["617 medium"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], verbs: [get, List]}",
            &["618 high"],
        ),
        (
            "{nonResourceURLs: [/metrics], verbs: [GET]}",
            &["618 high", "658 low"],
        ),
        (
            "{apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create, update]}",
            &["619 low"],
        ),
        (
            "{apiGroups: [''], resources: [pods.exec], verbs: [create]}",
            &["620 high", "658 low"],
        ),
        (
            "{apiGroups: [authentication.k8s.io], resources: ['userextras/*'], verbs: [impersonate]}",
            &["620 high", "658 low"],
        ),
        (
            "{apiGroups: [authentication.k8s.io], resources: ['userextras/*'], resourceNames: ['*'], verbs: ['impersonate:user-info']}",
            &[],
        ),
        (
            "{apiGroups: ['*.example.com'], resources: [widgets], verbs: [get]}",
            &["621 high", "658 low"],
        ),
        (
            "{apiGroups: [''], resources: [users], resourceNames: ['*'], verbs: [impersonate]}",
            &["622 high"],
        ),
        (
            "{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ['*'], verbs: [approve]}",
            &["622 high"],
        ),
        (
            "{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ['example.com/*'], verbs: [approve]}",
            &[],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [create, update]}",
            &["623 high"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [create, get, patch]}",
            &["623 medium"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [get, list]}",
            &["624 medium"],
        ),
        (
            "{nonResourceURLs: [/metrics], verbs: [get, list]}",
            &["628 medium"],
        ),
        (
            "{apiGroups: [''], resources: [configmaps], resourceNames: [\"a\\u200b\"], verbs: [get]}",
            &["651 high"],
        ),
        (
            "{apiGroups: [apps], resources: [uids], verbs: [impersonate]}",
            &["655 high", "658 low"],
        ),
        (
            "{apiGroups: [authentication.k8s.io], resources: [userextras], verbs: [impersonate]}",
            &["657 medium", "658 low"],
        ),
    ];
    for (rule, expected) in cases {
        assert_eq!(found(&everywhere(rule)), *expected, "{rule}");
    }
}

#[test]
fn definitions_that_are_loaded_are_known() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\n\
        spec: {group: example.com, scope: Namespaced, names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wi]}, versions: [{name: v1, served: true, storage: true}]}\n";
    for (resource, expected) in [
        ("widget", &["616 high"][..]),
        ("wi", &["616 high"]),
        ("wigdets", &["615 medium"]),
        // Another definition of the group may not be loaded.
        ("gadgets", &[]),
        ("widgets", &[]),
    ] {
        let rule = format!("{{apiGroups: [example.com], resources: [{resource}], verbs: [get]}}");
        let manifest = format!("{}---\n{definition}", everywhere(&rule));
        assert_eq!(found(&manifest), expected, "{resource}");
    }
}

#[test]
fn a_word_is_shown_where_it_stands() {
    let role = format!(
        "{GROUP}kind: ClusterRole\nmetadata: {{name: a}}\nrules:\n- apiGroups: ['']\n  resources:\n  - pods\n  verbs:\n  - get\n  - 'List' # rbac-check: WORDS\n"
    );
    let plain = role.replace(" # rbac-check: WORDS", "");
    let list = |object: &str| {
        let item = object.trim_end().replace('\n', "\n  ");
        format!("apiVersion: v1\nkind: List\nitems:\n- {item}\n")
    };
    let tree: serde_json::Value = serde_yaml::from_str(&plain).expect("YAML");
    let text = serde_json::to_string_pretty(&tree).expect("JSON");
    let line = 1 + text
        .lines()
        .position(|line| line.contains("List"))
        .expect("the verb");
    for (manifest, place) in [
        (plain.clone(), (10, 5)),
        (list(&plain), (13, 7)),
        (text.clone(), (line, 9)),
    ] {
        let report = json(&manifest, "--only RBC618");
        let finding = &report["findings"][0];
        let at = &finding["location"];
        assert_eq!(
            (&at["line"], &at["column"]),
            (&place.0.into(), &place.1.into()),
            "{report:#}"
        );
        let label = finding["related"][0]["label"].as_str().expect("the rule");
        assert_eq!(label, "in rule 1 of ClusterRole a");
    }
    // Where it is shown, it can be accepted.
    let accepted = role.replace("WORDS", "ignore RBC618 -- on purpose");
    assert!(
        !ids(&accepted)
            .iter()
            .any(|id| id == "RBC618" || id == "RBC690")
    );
}

#[test]
fn what_holds_only_cluster_wide() {
    let nodes = "{apiGroups: [''], resources: [nodes, configmaps], verbs: [list]}";
    assert_eq!(found(&bound("Role", "RoleBinding", &[nodes])), ["625 high"]);
    let report = json(&bound("Role", "RoleBinding", &[nodes]), "--only RBC625");
    let message = report["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        message.ends_with("cluster-scoped resources: \"nodes\""),
        "{message}"
    );
    let partly = bound("ClusterRole", "RoleBinding", &[nodes]);
    assert!(ids(&partly).contains(&"RBC212".to_owned()));
    let namespaces =
        |verbs: &str| format!("{{apiGroups: [''], resources: [namespaces], verbs: [{verbs}]}}");
    for (verbs, expected) in [
        ("get, patch", &[][..]),
        ("list", &["625 high"]),
        ("get, list", &["625 high"]),
    ] {
        let manifest = bound("Role", "RoleBinding", &[&namespaces(verbs)]);
        assert_eq!(found(&manifest), expected, "{verbs}");
    }
    let both = "{apiGroups: [''], resources: [nodes], verbs: [list]}";
    let mixed = bound(
        "ClusterRole",
        "RoleBinding",
        &[both, "{nonResourceURLs: [/metrics], verbs: [get]}"],
    );
    assert_eq!(found(&mixed), ["625 high", "626 high"]);
    // Another binding grants it after all.
    let inert = bound("ClusterRole", "RoleBinding", &[both]);
    let granted = bound("ClusterRole", "ClusterRoleBinding", &[both]);
    let (_, cluster_wide) = granted.split_once("---\n").expect("two objects");
    assert_eq!(found(&inert), ["625 high"]);
    assert_eq!(
        found(&format!("{inert}---\n{cluster_wide}")),
        Vec::<String>::new()
    );
}

#[test]
fn what_the_server_refuses_is_said_of_each_field() {
    let binding = |subjects: &str| {
        format!(
            "{GROUP}kind: ClusterRoleBinding\nmetadata: {{name: a}}\nroleRef: {{kind: Role, name: view}}\nsubjects: {subjects}\n"
        )
    };
    let all = binding(
        "[{kind: serviceaccount, name: x, namespace: ci}, {kind: User, apiGroup: apps, name: q}, {kind: ServiceAccount, name: z}]",
    );
    assert_eq!(
        found(&all),
        ["603 high", "605 medium", "606 high", "607 high"]
    );
    let report = json(&all, "--only RBC603");
    let message = report["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(
        message.starts_with("ClusterRoleBinding \"a\": "),
        "{message}"
    );
    // Each at its own field, in the words that speak of it.
    let report = json(&all, "--only RBC607");
    let finding = &report["findings"][0];
    let at = &finding["location"];
    assert_eq!(
        (&at["line"], &at["column"]),
        (&5.into(), &19.into()),
        "{report:#}"
    );
    let consequence = finding["consequence"].as_str().expect("a sentence");
    assert!(
        consequence.contains("subjects[0].kind: ") && !consequence.contains("subjects[1]"),
        "{consequence}"
    );
    let padded = binding("[{kind: ServiceAccount, name: 'bot ', namespace: ci}]");
    assert!(found(&padded).contains(&"651 high".to_owned()));
    // Nothing that is refused is passed silently.
    let upper = binding("[{kind: ServiceAccount, name: Bot, namespace: ci}]")
        .replace("kind: Role,", "kind: ClusterRole,");
    assert!(ids(&upper).contains(&"RBC692".to_owned()));
    let implied = format!(
        "{GROUP}kind: RoleBinding\nmetadata: {{namespace: ci, name: a}}\nroleRef: {{kind: ClusterRole, name: view}}\nsubjects: [{{kind: ServiceAccount, name: bot}}]\n"
    );
    assert_eq!(found(&implied), ["606 low"]);
    let old = "apiVersion: authentication.k8s.io/v1beta1\nkind: TokenReview\nspec: {token: x}\n";
    assert_eq!(found(old), ["642 medium"]);
    assert_eq!(found(&old.replace("v1beta1", "v1")), Vec::<String>::new());
}

#[test]
fn rules_that_could_be_fewer() {
    let get = "{apiGroups: [''], resources: [configmaps], verbs: [get, list]}";
    let cases = [
        (
            "{apiGroups: [''], resources: [configmaps], verbs: [list, get]}",
            Some("RBC630"),
        ),
        (
            "{apiGroups: [''], resources: [configmaps], verbs: [get]}",
            Some("RBC631"),
        ),
        (
            "{apiGroups: [''], resources: [configmaps], verbs: [update]}",
            Some("RBC632"),
        ),
        (
            "{apiGroups: [''], resources: [services], verbs: [get, list]}",
            Some("RBC632"),
        ),
        // Together they would allow more.
        (
            "{apiGroups: [''], resources: [services], verbs: [get]}",
            None,
        ),
        (
            "{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [update]}",
            None,
        ),
    ];
    for (other, expected) in cases {
        let ids = ids(&bound("ClusterRole", "ClusterRoleBinding", &[get, other]));
        let found = ["RBC630", "RBC631", "RBC632"]
            .into_iter()
            .filter(|id| ids.iter().any(|i| i == id));
        assert_eq!(
            found.collect::<Vec<_>>(),
            Vec::from_iter(expected),
            "{other}"
        );
    }
    let wide = "{apiGroups: [apps], resources: ['*/scale'], verbs: [get]}";
    let narrow = "{apiGroups: [apps], resources: [deployments/scale], verbs: [get]}";
    assert_eq!(
        found(&bound("ClusterRole", "ClusterRoleBinding", &[wide, narrow])),
        ["631 low"]
    );
    let (wide, narrow) = (
        "{nonResourceURLs: ['/a*'], verbs: [get]}",
        "{nonResourceURLs: [/a/b], verbs: [get]}",
    );
    assert_eq!(
        found(&bound("ClusterRole", "ClusterRoleBinding", &[wide, narrow])),
        ["631 low"]
    );
}

#[test]
fn subjects_that_are_hardly_told_apart() {
    let bindings = |one: &str, other: &str| {
        let binding = |name: &str, subject: &str| {
            format!(
                "{GROUP}kind: RoleBinding\nmetadata: {{namespace: ci, name: {name}}}\nroleRef: {{kind: ClusterRole, name: view}}\nsubjects: [{subject}]\n"
            )
        };
        format!("{}---\n{}", binding("a", one), binding("b", other))
    };
    let group = |name: &str| format!("{{kind: Group, name: '{name}'}}");
    for (one, other, expected) in [
        ("Devs", "devs", &["650 medium"][..]),
        ("the devs", "thedevs", &["650 medium"]),
        ("jane", "jane@example.com", &["650 medium"]),
        ("jane@example.org", "jane@example.com", &["650 medium"]),
        ("ci@a.example.com", "ci@b.example.com", &[]),
        ("devs", "devops", &[]),
        ("devs", "devs", &[]),
        ("Domain Admins", "devs", &[]),
        ("System:masters", "devs", &["650 medium"]),
        ("devs ", "others", &["651 high"]),
    ] {
        assert_eq!(
            found(&bindings(&group(one), &group(other))),
            expected,
            "{one} {other}"
        );
    }
    let user = "{kind: User, name: devs}";
    assert_eq!(found(&bindings(user, &group("Devs"))), Vec::<String>::new());
}

#[test]
fn rights_that_lack_their_companion() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["{apiGroups: [''], resources: [configmaps], verbs: [get, watch]}"],
            &["RBC647"],
        ),
        (
            &["{apiGroups: [''], resources: [configmaps], verbs: [get, list, watch]}"],
            &[],
        ),
        (
            &["{apiGroups: [apps], resources: [deployments], verbs: [patch]}"],
            &["RBC647"],
        ),
        (
            &["{apiGroups: [''], resources: [events], verbs: [create, patch]}"],
            &[],
        ),
        (
            &[
                "{apiGroups: [''], resources: [configmaps], verbs: [watch]}",
                "{apiGroups: ['*'], resources: ['*'], verbs: [list]}",
            ],
            &[],
        ),
        (
            &["{apiGroups: [''], resources: [pods], verbs: [get]}"],
            &["RBC648"],
        ),
        (
            &["{apiGroups: [metrics.k8s.io], resources: [pods], verbs: [get]}"],
            &[],
        ),
        (
            &["{apiGroups: [''], resources: [pods/log], verbs: [get]}"],
            &["RBC649"],
        ),
        (
            &["{apiGroups: [''], resources: [nodes/metrics], verbs: [get]}"],
            &[],
        ),
        (
            &["{apiGroups: [''], resources: [pods, pods/log], verbs: [get]}"],
            &[],
        ),
    ];
    for (rules, expected) in cases {
        let ids = ids(&bound("ClusterRole", "ClusterRoleBinding", rules));
        let found = ["RBC647", "RBC648", "RBC649"]
            .into_iter()
            .filter(|id| ids.iter().any(|i| i == id));
        assert_eq!(found.collect::<Vec<_>>(), *expected, "{rules:?}");
    }
}

#[test]
fn aggregation_that_leads_nowhere() {
    let role = |name: &str, labels: &str, gathers: &str| {
        let (rule, rules) = match gathers {
            "" => (
                String::new(),
                "[{apiGroups: [''], resources: [configmaps], verbs: [get]}]",
            ),
            label => (
                format!(
                    "aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{{label}: 'true'}}}}]}}\n"
                ),
                "[]",
            ),
        };
        format!(
            "{GROUP}kind: ClusterRole\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n{rule}rules: {rules}\n"
        )
    };
    let own = "rbac.authorization.k8s.io/aggregate-to";
    let dead = |labels: &str| found(&role("a", labels, "")).contains(&"637 medium".to_owned());
    assert!(dead(&format!("{own}-edti: 'true'")));
    assert!(dead(&format!("{own}-view: 'True'")));
    // A role of another distribution may gather by it.
    let others = role("a", &format!("{own}-others: 'true'"), "");
    assert!(found(&others).contains(&"637 low".to_owned()));
    assert!(!dead(&format!("{own}-others: 'true', {own}-view: 'true'")));
    assert!(!dead("example.com/aggregate-to-others: 'true'"));
    let cycle = format!(
        "{}---\n{}",
        role("a", "x/b: 'true'", "x/a"),
        role("b", "x/a: 'true'", "x/b")
    );
    assert!(found(&cycle).contains(&"639 low".to_owned()));
    let chain = format!(
        "{}---\n{}---\n{}",
        role("a", "", "x/a"),
        role("b", "x/a: 'true'", "x/b"),
        role("c", "x/b: 'true'", "")
    );
    assert!(!found(&chain).contains(&"639 low".to_owned()));
    let frozen = |name: &str| {
        role(name, "", "").replace(
            "labels: {}",
            "annotations: {rbac.authorization.kubernetes.io/autoupdate: 'false'}",
        )
    };
    assert!(found(&frozen("view")).contains(&"641 medium".to_owned()));
    assert!(!found(&frozen("mine")).contains(&"641 medium".to_owned()));
    assert!(found(&role("'system:mine'", "", "")).contains(&"640 medium".to_owned()));
}

#[test]
fn a_file_that_leaves_its_namespace_to_whoever_applies_it() {
    let object = |kind: &str, metadata: &str| match kind {
        "ServiceAccount" => {
            format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {metadata}\n")
        }
        _ => format!("---\n{GROUP}kind: {kind}\nmetadata: {metadata}\nrules: []\n"),
    };
    let of = |manifest: &str| -> Vec<(String, String)> {
        let report = json(manifest, "");
        let findings = report["findings"].as_array().expect("findings");
        let found = findings.iter().filter(|f| f["rule"] == "RBC644");
        found
            .map(|f| {
                let text = |key: &str| f[key].as_str().unwrap_or_default().to_owned();
                (text("severity"), text("message"))
            })
            .collect()
    };
    let one = |severity: &str, message: &str| vec![(severity.to_owned(), message.to_owned())];
    let bundle = object("ServiceAccount", "{name: bot}") + &object("Role", "{name: r}");
    let and_another = "ServiceAccount/default/bot: names no namespace, nor do 1 more of the file";
    assert_eq!(of(&bundle), one("low", and_another));
    let placed = object("Role", "{namespace: web, name: other}");
    assert_eq!(of(&(bundle.clone() + &placed)), one("medium", and_another));
    assert_eq!(of(&placed), []);
    // The binding says where the account is meant to be.
    let bound = |namespace: &str| {
        format!(
            "{bundle}---\n{GROUP}kind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: ClusterRole, name: view}}\nsubjects:\n- {{kind: ServiceAccount, namespace: {namespace}, name: bot}}\n"
        )
    };
    assert_eq!(of(&bound("web")), one("medium", and_another));
    assert_eq!(of(&bound("default")), one("low", and_another));
}
