//! The rules about bindings and subjects, through the binary: by what the binding really grants, whom it
//! reaches, and what else the subjects hold.

use super::command::Folder;
use super::json;
use serde_json::Value;

const GROUP: &str = "rbac.authorization.k8s.io";

fn role(namespace: &str, name: &str, rules: &[&str]) -> String {
    let (kind, namespace) = match namespace {
        "" => ("ClusterRole", String::new()),
        namespace => ("Role", format!("namespace: {namespace}, ")),
    };
    let rules = rules.join(", ");
    format!(
        "apiVersion: {GROUP}/v1\nkind: {kind}\nmetadata: {{{namespace}name: {name}}}\nrules: [{rules}]\n---\n"
    )
}

/// A binding to `ClusterRole/NAME` or `Role/NAME`.
fn bind(namespace: &str, name: &str, role: &str, subjects: &[&str]) -> String {
    let (kind, namespace) = match namespace {
        "" => ("ClusterRoleBinding", String::new()),
        namespace => ("RoleBinding", format!("namespace: {namespace}, ")),
    };
    let (role_kind, role) = role.split_once('/').expect("a kind");
    let subjects = subjects.join(", ");
    format!(
        "apiVersion: {GROUP}/v1\nkind: {kind}\nmetadata: {{{namespace}name: '{name}'}}\nroleRef: {{apiGroup: {GROUP}, kind: {role_kind}, name: '{role}'}}\nsubjects: [{subjects}]\n---\n"
    )
}

fn account(namespace: &str, name: &str, rest: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{namespace: {namespace}, name: {name}}}\n{rest}\n---\n"
    )
}

fn workload(kind: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{namespace: web, name: web}}\nspec: {{template: {{spec: {{{spec}}}}}}}\n---\n"
    )
}

const READ: &str = "{apiGroups: [''], resources: [pods], verbs: [get, list]}";
const NODES: &str = "{apiGroups: [''], resources: [nodes], verbs: [get]}";
const SECRETS: &str = "{apiGroups: [''], resources: [secrets], verbs: [get]}";
const JANE: &str = "{kind: User, name: jane}";
const DEVS: &str = "{kind: Group, name: devs}";
const BOT: &str = "{kind: ServiceAccount, namespace: web, name: bot}";
const MASTER: &str = "{kind: ServiceAccount, namespace: ops, name: deployer}";

/// Rule and severity of everything that is found of a rule, as a finding or as a facet.
fn of(manifest: &str, rule: &str) -> Vec<String> {
    of_with(manifest, "", rule)
}

fn of_with(manifest: &str, words: &str, rule: &str) -> Vec<String> {
    said(&json(manifest, words), rule)
}

fn said(report: &Value, rule: &str) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    let facets = findings
        .iter()
        .flat_map(|finding| finding["facets"].as_array().expect("facets"));
    let all = findings.iter().chain(facets);
    let all = all.filter(|found| found["rule"] == rule);
    all.map(|found| found["severity"].as_str().expect("a severity").to_owned())
        .collect()
}

/// A manifest; a rule; how grave it is each time that it is found.
type Case = (String, &'static str, &'static [&'static str]);

fn hold(cases: &[Case]) {
    for (manifest, rule, severities) in cases {
        assert_eq!(&of(manifest, rule), severities, "{rule}\n{manifest}");
    }
}

#[test]
fn administrators_are_told_from_those_that_a_cluster_needs() {
    let admin =
        |name: &str, subjects: &[&str]| bind("", name, "ClusterRole/cluster-admin", subjects);
    let masters = "{kind: Group, name: 'system:masters'}";
    let kubeadm = "{kind: Group, name: 'kubeadm:cluster-admins'}";
    hold(&[
        (admin("a", &[BOT]), "RBC201", &["critical"]),
        (admin("a", &[DEVS]), "RBC201", &["high"]),
        (admin("a", &[masters]), "RBC201", &[]),
        (admin("a", &[masters]), "RBC206", &["medium"]),
        (admin("cluster-admin", &[masters, JANE]), "RBC206", &[]),
        (
            admin("kubeadm:cluster-admins", &[kubeadm]),
            "RBC201",
            &["info"],
        ),
        (
            admin("kubeadm:cluster-admins", &[kubeadm, JANE]),
            "RBC201",
            &["critical"],
        ),
        (
            bind("web", "a", "ClusterRole/cluster-admin", &[BOT]),
            "RBC201",
            &[],
        ),
        (
            role(
                "",
                "all",
                &["{apiGroups: [example.com], resources: ['*'], verbs: ['*']}"],
            ) + &bind("", "a", "ClusterRole/all", &[BOT]),
            "RBC201",
            &[],
        ),
    ]);
    let people = [
        "{kind: User, name: a}",
        "{kind: User, name: b}",
        "{kind: User, name: c}",
    ];
    let manager = "{kind: User, name: 'system:kube-controller-manager'}";
    let with = |more: &str| admin("a", &[people[0], people[1], people[2], more]);
    hold(&[
        (with(DEVS), "RBC217", &["medium"]),
        (with(manager), "RBC217", &[]),
    ]);
    // It is about the one that gains something.
    let report = json(&admin("cluster-admin", &[masters, JANE]), "");
    assert_eq!(
        report["findings"][0]["subjects"],
        serde_json::json!(["User jane"])
    );
}

#[test]
fn broad_subjects_are_judged_by_what_reaches_them() {
    let everybody = "{kind: Group, name: 'system:authenticated'}";
    let nobody = "{kind: Group, name: 'system:unauthenticated'}";
    let default = "{kind: ServiceAccount, namespace: web, name: default}";
    let cluster = |rule: &str, subject: &str| {
        role("", "r", &[rule]) + &bind("", "b", "ClusterRole/r", &[subject])
    };
    let here = |rule: &str, namespace: &str, subject: &str| {
        role("", "r", &[rule]) + &bind(namespace, "b", "ClusterRole/r", &[subject])
    };
    let health = "{nonResourceURLs: [/healthz], verbs: [get]}";
    let metrics = "{nonResourceURLs: [/metrics], verbs: [get]}";
    let unserved = "{apiGroups: [''], resources: [deployments], verbs: [get]}";
    let pinned = "{apiGroups: [''], resources: [configmaps], resourceNames: [c], verbs: [get]}";
    hold(&[
        (cluster(READ, nobody), "RBC202", &["critical"]),
        (cluster(metrics, nobody), "RBC202", &["critical"]),
        // Everybody has that on a fresh cluster.
        (cluster(health, nobody), "RBC202", &[]),
        (here(NODES, "web", nobody), "RBC202", &[]),
        (cluster(unserved, nobody), "RBC202", &[]),
        (cluster(READ, everybody), "RBC203", &["high"]),
        (cluster(SECRETS, everybody), "RBC203", &["critical"]),
        (here(READ, "web", everybody), "RBC203", &["medium"]),
        (here(READ, "kube-system", everybody), "RBC203", &["high"]),
        (here(pinned, "web", everybody), "RBC203", &["low"]),
        (here(NODES, "web", everybody), "RBC203", &[]),
        (cluster(READ, default), "RBC205", &["high"]),
        (here(READ, "web", default), "RBC205", &["medium"]),
        (here(unserved, "web", default), "RBC205", &[]),
    ]);
}

#[test]
fn names_that_are_not_what_they_seem() {
    let named = |subject: &str| bind("web", "b", "ClusterRole/view", &[subject]);
    let bot = account("ci", "bot", "");
    hold(&[
        (
            named("{kind: User, name: 'system:serviceaccount:ci:bot'}"),
            "RBC208",
            &["low"],
        ),
        (
            named("{kind: User, name: 'system:serviceaccount:bot'}"),
            "RBC208",
            &["high"],
        ),
        (
            bot.clone() + &named("{kind: User, name: 'ci:bot'}"),
            "RBC208",
            &["high"],
        ),
        (
            bot.clone() + &named("{kind: User, name: ci/bot}"),
            "RBC208",
            &["high"],
        ),
        (named("{kind: User, name: 'web:bot'}"), "RBC208", &["high"]),
        // A prefix of an issuer.
        (
            bot.clone() + &named("{kind: User, name: 'oidc:bot'}"),
            "RBC208",
            &[],
        ),
        (
            named("{kind: User, name: devs}") + &bind("b", "b", "ClusterRole/view", &[DEVS]),
            "RBC209",
            &["medium"],
        ),
        (
            named("{kind: User, name: devs}") + &bind("b", "b", "ClusterRole/view", &[DEVS]),
            "RBC229",
            &["low"],
        ),
        (
            named(JANE) + &bind("b", "b", "ClusterRole/view", &[DEVS]),
            "RBC209",
            &[],
        ),
        (
            bot.clone() + &named("{kind: User, name: bot}"),
            "RBC229",
            &["low"],
        ),
        (bot + &named("{kind: Group, name: bot}"), "RBC229", &[]),
    ]);
}

#[test]
fn accounts_of_other_namespaces_are_as_safe_as_these() {
    let grant = |namespace: &str, rule: &str| {
        role("", "r", &[rule]) + &bind(namespace, "b", "ClusterRole/r", &[BOT])
    };
    let make = role(
        "",
        "make",
        &["{apiGroups: [''], resources: [pods], verbs: [create]}"],
    );
    let in_web = make + &bind("web", "make", "ClusterRole/make", &[DEVS]);
    let too = bind("prod", "devs", "ClusterRole/r", &[DEVS]);
    let leases =
        "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}";
    hold(&[
        (grant("prod", READ), "RBC210", &["low"]),
        (grant("prod", READ) + &in_web, "RBC210", &["high"]),
        (grant("prod", READ) + &in_web + &too, "RBC210", &["low"]),
        (grant("kube-system", SECRETS), "RBC210", &["high"]),
        (grant("kube-system", leases), "RBC210", &["low"]),
        (grant("kube-system", leases) + &in_web, "RBC210", &["low"]),
        (grant("prod", NODES), "RBC210", &[]),
        (grant("web", SECRETS), "RBC210", &[]),
    ]);
}

#[test]
fn a_binding_in_the_cluster_for_work_in_one_namespace() {
    let grant = |rule: &str| role("", "r", &[rule]) + &bind("", "b", "ClusterRole/r", &[BOT]);
    let works = workload("Deployment", "serviceAccountName: bot");
    let watch = "{apiGroups: [''], resources: [secrets], verbs: [get, list, watch]}";
    let custom = "{apiGroups: [example.com], resources: [widgets], verbs: [get]}";
    hold(&[
        (grant(SECRETS) + &works, "RBC211", &["medium"]),
        (grant(watch) + &works, "RBC211", &[]),
        (grant(NODES) + &works, "RBC211", &[]),
        (
            grant("{nonResourceURLs: [/metrics], verbs: [get]}") + &works,
            "RBC211",
            &[],
        ),
        (grant(custom) + &works, "RBC211", &[]),
        (grant(SECRETS), "RBC211", &[]),
        (
            role("", "r", &[SECRETS]) + &bind("web", "b", "ClusterRole/r", &[BOT]) + &works,
            "RBC211",
            &[],
        ),
    ]);
    let not_checked = |manifest: &str| {
        let report = json(manifest, "");
        let all = report["notChecked"].as_array().expect("a list").clone();
        all.iter().any(|entry| entry["rule"] == "RBC211")
    };
    assert!(not_checked(&grant(SECRETS)));
    assert!(not_checked(&(grant(custom) + &works)));
    assert!(!not_checked(&(grant(SECRETS) + &works)));
}

#[test]
fn built_in_roles_where_they_do_not_belong() {
    let mixed = "{apiGroups: [''], resources: [pods, nodes], verbs: [list]}";
    let master = bind("", "a", "ClusterRole/cluster-admin", &[MASTER]);
    hold(&[
        (
            role("", "r", &[mixed]) + &bind("web", "b", "ClusterRole/r", &[BOT]),
            "RBC212",
            &["low"],
        ),
        (
            role("", "r", &[mixed]) + &bind("", "b", "ClusterRole/r", &[BOT]),
            "RBC212",
            &[],
        ),
        (
            bind(
                "",
                "n",
                "ClusterRole/system:node",
                &["{kind: Group, name: 'system:nodes'}"],
            ),
            "RBC213",
            &["high"],
        ),
        (
            // Medium, but making tokens of the namespace is high and in the same finding.
            bind("web", "n", "ClusterRole/system:node", &[JANE]),
            "RBC213",
            &["high"],
        ),
        (
            bind("ops", "e", "ClusterRole/edit", &[DEVS]),
            "RBC215",
            &["info"],
        ),
        (
            bind("ops", "e", "ClusterRole/edit", &[DEVS]) + &master,
            "RBC215",
            &["high"],
        ),
        (
            bind("ops", "e", "ClusterRole/edit", &[DEVS]) + &master,
            "RBC223",
            &["critical"],
        ),
        (
            bind("web", "e", "ClusterRole/edit", &[DEVS]) + &master,
            "RBC223",
            &[],
        ),
        // What is made for a team is not made for everybody.
        (
            bind("web", "e", "ClusterRole/edit", &[DEVS]),
            "RBC113",
            &["info"],
        ),
        (
            bind(
                "web",
                "e",
                "ClusterRole/edit",
                &["{kind: Group, name: 'system:serviceaccounts:web'}"],
            ),
            "RBC113",
            &["high"],
        ),
    ]);
}

#[test]
fn what_another_binding_grants_is_redundant() {
    let view = bind("web", "a", "ClusterRole/view", &[JANE]);
    let own = |rules: &[&str]| role("web", "r", rules) + &bind("web", "r", "Role/r", &[JANE]);
    hold(&[
        (
            view.clone() + &bind("web", "b", "ClusterRole/edit", &[JANE]),
            "RBC216",
            &["low"],
        ),
        (
            view.clone() + &bind("", "b", "ClusterRole/edit", &[JANE]),
            "RBC216",
            &["low"],
        ),
        (
            view.clone() + &bind("web", "b", "ClusterRole/view", &[JANE]),
            "RBC216",
            &["low"],
        ),
        (view.clone() + &own(&[READ]), "RBC216", &["low"]),
        (view.clone() + &own(&[READ, SECRETS]), "RBC216", &[]),
        (
            view.clone() + &bind("web", "b", "ClusterRole/edit", &[DEVS]),
            "RBC216",
            &[],
        ),
        (
            view + &bind("prod", "b", "ClusterRole/edit", &[JANE]),
            "RBC216",
            &[],
        ),
        // An account has what its group has.
        (
            bind("web", "a", "ClusterRole/view", &[BOT])
                + &bind(
                    "web",
                    "b",
                    "ClusterRole/view",
                    &["{kind: Group, name: 'system:serviceaccounts:web'}"],
                ),
            "RBC216",
            &["low"],
        ),
    ]);
}

#[test]
fn accounts_that_are_gone() {
    let other = account("web", "other", "");
    let admin = bind("", "a", "ClusterRole/cluster-admin", &[BOT]);
    let controller = "{kind: ServiceAccount, namespace: kube-system, name: route-controller}";
    hold(&[
        (
            other.clone() + &bind("web", "b", "ClusterRole/view", &[BOT]),
            "RBC218",
            &["medium"],
        ),
        (other.clone() + &admin, "RBC218", &["high"]),
        (account("web", "bot", "") + &admin, "RBC218", &[]),
        (account("ops", "other", "") + &admin, "RBC218", &[]),
        (
            account("kube-system", "other", "") + &bind("", "b", "ClusterRole/view", &[controller]),
            "RBC218",
            &[],
        ),
        (
            other.clone() + &role("", "r", &[NODES]) + &bind("web", "b", "ClusterRole/r", &[BOT]),
            "RBC218",
            &[],
        ),
        (
            other.clone() + &workload("Deployment", "serviceAccountName: gone"),
            "RBC320",
            &["medium"],
        ),
        (
            other + &workload("Deployment", "serviceAccountName: other"),
            "RBC320",
            &[],
        ),
    ]);
}

#[test]
fn an_inventory_says_who_there_is() {
    let subjects = ["{kind: User, name: jnae@corp}", DEVS, BOT];
    let manifest = bind("web", "b", "ClusterRole/view", &subjects);
    let folder = Folder::with("rbac.yaml", &manifest);
    folder.write("who.txt", "# people\nUser jane@corp\nGroup devs\n");
    let answer =
        folder.run("lint rbac.yaml --only RBC219 --profile strict -o json --identities who.txt");
    let report: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    assert_eq!(said(&report, "RBC219"), ["info"]);
    let fix = report["findings"][0]["fix"].as_str().expect("a fix");
    assert!(fix.contains("jane@corp"), "{fix}");
    let without = json(&bind("web", "b", "ClusterRole/view", &[JANE]), "");
    let not_checked = without["notChecked"].as_array().expect("a list");
    assert!(not_checked.iter().any(|entry| entry["rule"] == "RBC219"));
    folder.write("who.txt", "User jane@corp\njoe\n");
    folder
        .run("lint rbac.yaml --identities who.txt")
        .stopped("who.txt:2: \"joe\" is neither `User NAME` nor `Group NAME`");
}

#[test]
fn a_grant_in_the_hands_of_who_holds_it() {
    let write = |resource: &str, names: &str, verbs: &str| {
        format!("{{apiGroups: [{GROUP}], resources: [{resource}], {names}verbs: [{verbs}]}}")
    };
    let own = |rules: &[&str]| role("web", "r", rules) + &bind("web", "b", "Role/r", &[JANE]);
    let this = write("roles", "resourceNames: [r], ", "update");
    let binding = write("rolebindings", "resourceNames: [b], ", "delete");
    hold(&[
        (own(&[&this]), "RBC222", &["high"]),
        (own(&[&binding]), "RBC222", &["high"]),
        (
            own(&[&write("rolebindings", "", "patch")]),
            "RBC222",
            &["high"],
        ),
        (
            own(&[&this, &write("roles", "", "escalate")]),
            "RBC222",
            &["critical"],
        ),
        (
            own(&[&binding, &write("roles", "", "bind")]),
            "RBC222",
            &["critical"],
        ),
        (
            own(&[&write("roles", "resourceNames: [other], ", "update")]),
            "RBC222",
            &[],
        ),
        (
            own(&[&write("roles", "resourceNames: [r], ", "get")]),
            "RBC222",
            &[],
        ),
        (own(&[&write("roles", "", "create")]), "RBC222", &[]),
        (own(&[&this.replace(GROUP, "example.com")]), "RBC222", &[]),
        // A Role of that name in another namespace.
        (
            role("web", "r", &[READ])
                + &bind("web", "b", "Role/r", &[JANE])
                + &role("ops", "w", &[&this])
                + &bind("ops", "w", "Role/w", &[JANE]),
            "RBC222",
            &[],
        ),
        // By another binding of the same subject.
        (
            role("web", "r", &[READ])
                + &bind("web", "b", "Role/r", &[JANE])
                + &role("web", "w", &[&this])
                + &bind("web", "w", "Role/w", &[JANE]),
            "RBC222",
            &["high"],
        ),
        (
            role("web", "r", &[READ])
                + &bind("web", "b", "Role/r", &[JANE])
                + &role("web", "w", &[&this])
                + &bind("web", "w", "Role/w", &[DEVS]),
            "RBC222",
            &[],
        ),
        (role("web", "r", &[&this]), "RBC222", &[]),
        (
            bind("", "a", "ClusterRole/cluster-admin", &[JANE]),
            "RBC222",
            &[],
        ),
        (
            bind("web", "a", "ClusterRole/admin", &[DEVS]),
            "RBC222",
            &["info"],
        ),
    ]);
}

#[test]
fn paths_end_where_an_account_can_be_reached() {
    let master = bind("", "a", "ClusterRole/cluster-admin", &[MASTER]);
    let here = |rule: &str| {
        master.clone() + &role("ops", "r", &[rule]) + &bind("ops", "b", "Role/r", &[JANE])
    };
    let mint = |name: &str| {
        format!(
            "{{apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [{name}], verbs: [create]}}"
        )
    };
    let jobs = "{apiGroups: [batch], resources: [jobs], verbs: [create]}";
    let token = "apiVersion: v1\nkind: Secret\nmetadata: {namespace: ops, name: t, annotations: {kubernetes.io/service-account.name: deployer}}\ntype: kubernetes.io/service-account-token\n---\n";
    let named = "{apiGroups: [''], resources: [secrets], resourceNames: [t], verbs: [get]}";
    hold(&[
        (here(jobs), "RBC223", &["critical"]),
        (here(&mint("deployer")), "RBC223", &["critical"]),
        (here(&mint("other")), "RBC223", &[]),
        (
            here("{apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [patch]}"),
            "RBC223",
            &["critical"],
        ),
        (here(named), "RBC223", &[]),
        (here(named) + token, "RBC223", &["critical"]),
        (
            here(&named.replace("[t]", "[other]")) + token,
            "RBC223",
            &[],
        ),
        (
            master.clone() + &role("", "r", &[jobs]) + &bind("", "b", "ClusterRole/r", &[JANE]),
            "RBC223",
            &["critical"],
        ),
        (
            master.clone() + &role("web", "r", &[jobs]) + &bind("web", "b", "Role/r", &[JANE]),
            "RBC223",
            &[],
        ),
        (
            master.clone() + &role("ops", "r", &[jobs]) + &bind("ops", "b", "Role/r", &[MASTER]),
            "RBC223",
            &[],
        ),
    ]);
}

#[test]
fn workloads_are_what_their_accounts_may() {
    let critical = role("", "r", &[SECRETS]) + &bind("", "b", "ClusterRole/r", &[BOT]);
    let high = role(
        "",
        "r",
        &["{apiGroups: [''], resources: [nodes], verbs: [patch]}"],
    ) + &bind("", "b", "ClusterRole/r", &[BOT]);
    let by_group = role("", "r", &[SECRETS])
        + &bind(
            "",
            "b",
            "ClusterRole/r",
            &["{kind: Group, name: 'system:serviceaccounts:web'}"],
        );
    let harmless = role("web", "r", &[READ]) + &bind("web", "b", "Role/r", &[BOT]);
    let inert = role("", "r", &[NODES]) + &bind("web", "b", "ClusterRole/r", &[BOT]);
    let pod = |kind: &str, more: &str| workload(kind, &format!("serviceAccountName: bot{more}"));
    let off = ", automountServiceAccountToken: false";
    let on = ", automountServiceAccountToken: true";
    let projected = ", automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}]";
    let privileged = ", containers: [{name: c, securityContext: {privileged: true}}]";
    let account_off = account("web", "bot", "automountServiceAccountToken: false");
    hold(&[
        (pod("DaemonSet", "") + &critical, "RBC224", &["high"]),
        (pod("DaemonSet", "") + &high, "RBC224", &["high"]),
        (pod("DaemonSet", "") + &harmless, "RBC224", &[]),
        (pod("DaemonSet", off) + &critical, "RBC224", &[]),
        (pod("DaemonSet", projected) + &critical, "RBC224", &["high"]),
        (pod("Deployment", "") + &critical, "RBC224", &[]),
        (
            pod("DaemonSet", privileged) + &critical,
            "RBC303",
            &["critical"],
        ),
        (pod("Deployment", "") + &by_group, "RBC303", &["high"]),
        (pod("Deployment", "") + &high, "RBC303", &[]),
        (pod("Deployment", "") + &harmless, "RBC301", &["medium"]),
        (pod("Deployment", "") + &inert, "RBC301", &["low"]),
        (
            pod("Deployment", "") + &account_off + &harmless,
            "RBC301",
            &[],
        ),
        (
            pod("Deployment", on) + &account_off + &harmless,
            "RBC301",
            &["medium"],
        ),
        (pod("Deployment", off) + &harmless, "RBC301", &[]),
        (
            workload("Deployment", "containers: []"),
            "RBC302",
            &["medium"],
        ),
        (
            workload("Deployment", "serviceAccountName: default"),
            "RBC302",
            &["medium"],
        ),
        (
            workload("Deployment", "automountServiceAccountToken: false"),
            "RBC302",
            &[],
        ),
        (pod("Deployment", ""), "RBC302", &[]),
    ]);
}

#[test]
fn identities_of_aws() {
    let mapped = |entry: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{namespace: kube-system, name: aws-auth}}\ndata:\n  mapRoles: |\n    - {entry}\n"
        )
    };
    let nodes = "groups: [system:bootstrappers, system:nodes]";
    hold(&[
        (
            mapped("{rolearn: 'arn:aws:iam::1:role/a', groups: [system:masters]}"),
            "RBC225",
            &["critical"],
        ),
        (
            mapped("{rolearn: 'arn:aws:iam::1:role/*', groups: [devs]}"),
            "RBC225",
            &["critical"],
        ),
        (
            mapped(&format!(
                "{{rolearn: 'arn:aws:iam::1:role/a', username: dev, {nodes}}}"
            )),
            "RBC225",
            &["medium"],
        ),
        (
            mapped(&format!(
                "{{rolearn: 'arn:aws:iam::1:role/a', username: 'system:node:{{{{EC2PrivateDNSName}}}}', {nodes}}}"
            )),
            "RBC225",
            &[],
        ),
        (
            mapped("{rolearn: 'arn:aws:iam::1:role/a', username: system:masters, groups: [devs]}"),
            "RBC225",
            &[],
        ),
    ]);
}

#[test]
fn what_a_review_has_to_get_through() {
    let one_by_one: String = (0..6)
        .map(|i| {
            bind(
                "web",
                &format!("b{i}"),
                "ClusterRole/view",
                &[&format!("{{kind: User, name: u{i}}}")],
            )
        })
        .collect();
    let roles = |many: usize, same: bool| -> String {
        (0..many)
            .map(|i| {
                let name = if same { "r0".to_owned() } else { format!("r{i}") };
                let rule = format!("{{apiGroups: [''], resources: [configmaps], resourceNames: [{name}], verbs: [get]}}");
                let namespace = format!("n{i}");
                role(&namespace, &name, &[&rule]) + &bind(&namespace, "b", &format!("Role/{name}"), &[BOT])
            })
            .collect()
    };
    let in_namespaces: String = (0..9)
        .map(|i| bind(&format!("n{i}"), "b", "ClusterRole/view", &[BOT]))
        .collect();
    hold(&[
        (one_by_one, "RBC226", &["info"]),
        (bind("web", "b", "ClusterRole/view", &[JANE]), "RBC226", &[]),
        (roles(9, false), "RBC227", &["info"]),
        (roles(3, false), "RBC227", &[]),
        (in_namespaces, "RBC227", &[]),
        (account("default", "bot", ""), "RBC228", &["low"]),
        (account("web", "bot", ""), "RBC228", &[]),
        (account("default", "default", ""), "RBC228", &[]),
    ]);
}
