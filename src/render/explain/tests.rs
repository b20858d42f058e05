mod hints;
mod misses;

use super::json::explanation_json;
use super::{Asked, Plain, explanation, miss_places, miss_text};
use crate::answer::explain::explain;
use crate::answer::explain::world::{World, ask};
use crate::answer::hints::hints;
use crate::authz::rbac::Rbac;
use crate::model::Attributes;
use serde_json::json;

fn show(world: &World, attributes: &Attributes<'_, &str>, type_arg: &str) -> String {
    let cluster = world.build();
    let rbac = Rbac::new(&cluster);
    let decision = rbac.decide(attributes);
    let explained = explain(&rbac, attributes, &decision);
    let hints = hints(&rbac, attributes, &decision, type_arg);
    explanation(&cluster, attributes, &explained, &hints, &Plain)
}

/// The texts of the near misses alone, each with its places.
fn misses(world: &World, attributes: &Attributes<'_, &str>) -> Vec<String> {
    let cluster = world.build();
    let rbac = Rbac::new(&cluster);
    let explained = explain(&rbac, attributes, &rbac.decide(attributes));
    let asked = Asked::new(attributes);
    let text = |miss| {
        let (text, places) = (
            miss_text(&cluster, &asked, miss),
            miss_places(&cluster, miss),
        );
        format!("{text}: {places}")
    };
    explained.nearest_misses.iter().map(text).collect()
}

/// A cluster in which one role is bound to one subject.
fn one(role: &str, rule: &str, binding: &str, subject: &str) -> World {
    let mut world = World::new();
    let kind = role.split(' ').next().unwrap();
    let name = role.rsplit([' ', '/']).next().unwrap();
    world.role(role, &[rule]);
    world.bind(binding, &format!("{kind} {name}"), &[subject]);
    world
}

#[test]
fn a_yes_names_every_grant() {
    let mut world = World::new();
    world.role(
        "ClusterRole edit",
        &["get services", "create,update deployments.apps @web"],
    );
    world.bind(
        "RoleBinding team-a/developers-edit",
        "ClusterRole edit",
        &["User bob", "Group developers"],
    );
    world.bind(
        "ClusterRoleBinding all",
        "ClusterRole edit",
        &["ServiceAccount ci/app"],
    );
    let attributes = ask(
        "alice",
        &["developers"],
        "update deployments.apps team-a web",
    );
    assert_eq!(
        show(&world, &attributes, ""),
        "\
allowed by RoleBinding team-a/developers-edit (bindings.yaml:10:1)
  → ClusterRole edit (roles.yaml:10:1)
  → rule: create, update on deployments.apps named web (roles.yaml:12:5)
  to Group developers
"
    );
    let attributes = ask("x", &["system:masters"], "get pods -");
    assert_eq!(
        show(&world, &attributes, ""),
        "allowed: the user is in group system:masters, for which the server asks no authorizer\n"
    );
}

#[test]
fn an_aggregated_rule_names_its_source() {
    let mut world = World::new();
    world.role("ClusterRole all", &[]);
    world.role("ClusterRole part", &["get pods"]);
    world.aggregate("ClusterRole all", "ClusterRole part");
    world.bind("ClusterRoleBinding b", "ClusterRole all", &["User alice"]);
    assert_eq!(
        show(&world, &ask("alice", &[], "get pods -"), ""),
        "\
allowed by ClusterRoleBinding b (bindings.yaml:10:1)
  → ClusterRole all (roles.yaml:10:1)
  → rule: get on pods (roles.yaml:21:5, aggregated from ClusterRole part)
  to User alice
"
    );
    // What the controller writes is not for people to change.
    let text = show(&world, &ask("alice", &[], "list pods -"), "");
    assert!(
        text.contains("rule roles.yaml:21:5 (aggregated from ClusterRole part), "),
        "{text}"
    );
    assert!(text.contains("a new role and binding:"), "{text}");
}

#[test]
fn a_no_says_it_all() {
    let mut world = World::new();
    world.role("Role default/ci-deploy", &["update,patch deployments.apps"]);
    world.bind(
        "RoleBinding default/ci",
        "Role ci-deploy",
        &["ServiceAccount ci/deployer"],
    );
    let user = "system:serviceaccount:ci:deployer";
    let groups = ["system:serviceaccounts", "system:authenticated"];
    assert_eq!(
        show(&world, &ask(user, &groups, "create deployments.apps default"), ""),
        "\
not allowed: ServiceAccount ci/deployer (groups system:serviceaccounts, system:authenticated) may not create deployments.apps in namespace default
nearest misses:
  1. Role default/ci-deploy grants update, patch on deployments.apps, not create
     rule roles.yaml:11:5, RoleBinding default/ci bindings.yaml:10:1
smallest fix:
  add create to verbs of the rule at roles.yaml:11:5 of Role default/ci-deploy (roles.yaml:10:1):
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [update, patch, create]
"
    );
    assert_eq!(
        show(&world, &ask("deployer", &[], "get pods/log - web"), ""),
        "\
not allowed: User deployer (no groups) may not get pods/log named web in all namespaces
hints:
  - User deployer is not ServiceAccount ci/deployer; to ask as the account: --as system:serviceaccount:ci:deployer
  - no binding names user deployer
nearest misses: none, no role allows anything like it
smallest fix, if the question is meant as asked:
  a new role and binding:
  kubectl create clusterrole get-pods-log --verb=get --resource=pods/log --resource-name=web
  kubectl create clusterrolebinding get-pods-log-deployer --clusterrole=get-pods-log --user=deployer
"
    );
}

#[test]
fn what_cannot_be_a_command_is_yaml() {
    let world = World::new();
    assert_eq!(
        show(
            &world,
            &ask("bo\u{1b}[31m", &[], "use things.example.com dev"),
            ""
        ),
        r#"not allowed: User "bo\x1b[31m" (no groups) may not use things.example.com in namespace dev
hints:
  - the API serves no resource things.example.com; if a CustomResourceDefinition defines it, load that too
  - no binding names user "bo\x1b[31m"
nearest misses: none, no role allows anything like it
smallest fix, if the question is meant as asked:
  a new role and binding:
  ---
  apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata: {namespace: dev, name: use-things}
  rules:
  - apiGroups: [example.com]
    resources: [things]
    verbs: [use]
  ---
  apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {namespace: dev, name: use-things-bo-31m}
  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: use-things}
  subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: "bo\x1b[31m"}
"#
    );
}

#[test]
fn the_same_as_json() {
    let mut world = World::new();
    world.role("Role default/r", &["get configmaps @a"]);
    world.bind("RoleBinding default/b", "Role r", &["User alice"]);
    let cluster = world.build();
    let rbac = Rbac::new(&cluster);
    let answer = |attributes: &Attributes<'_, &str>| {
        let decision = rbac.decide(attributes);
        let explained = explain(&rbac, attributes, &decision);
        explanation_json(
            &cluster,
            attributes,
            &explained,
            &hints(&rbac, attributes, &decision, ""),
        )
    };
    let role =
        json!({"kind": "Role", "namespace": "default", "name": "r", "position": "roles.yaml:10:1"});
    let rule = json!({
        "verbs": ["get"], "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["a"],
        "position": "roles.yaml:11:5",
    });
    let binding = json!({
        "kind": "RoleBinding", "namespace": "default", "name": "b", "position": "bindings.yaml:10:1",
    });
    let subject = json!({"kind": "User", "name": "alice", "position": "bindings.yaml:15:1"});
    assert_eq!(
        answer(&ask("alice", &[], "get configmaps default a")),
        json!({
            "allowed": true,
            "privileged": false,
            "grants": [{"binding": binding, "role": role, "rule": rule, "subject": subject}],
            "nearestMisses": [],
            "totalMisses": 0,
            "fix": null,
            "hints": [],
        })
    );
    assert_eq!(
        answer(&ask("alice", &[], "get configmaps default b")),
        json!({
            "allowed": false,
            "privileged": false,
            "grants": [],
            "nearestMisses": [{
                "message": "Role default/r grants get on configmaps, pinned to resourceNames a, you asked for b",
                "cost": 2,
                "differences": [{"kind": "name", "granted": ["a"]}],
                "binding": binding, "role": role, "rule": rule, "subject": subject,
            }],
            "totalMisses": 1,
            "fix": {
                "kind": "extendRule", "role": role, "rule": rule, "list": "resourceNames", "add": "b",
                "text": "add b to resourceNames of the rule at roles.yaml:11:5 of Role default/r (roles.yaml:10:1):\n- apiGroups: [\"\"]\n  resources: [configmaps]\n  resourceNames: [a, b]\n  verbs: [get]\n",
            },
            "hints": [],
        })
    );
}
