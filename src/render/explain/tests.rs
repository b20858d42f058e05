use super::json::explanation_json;
use super::{Asked, Plain, explanation, miss_places, miss_text};
use crate::answer::explain::explain;
use crate::answer::explain::world::{World, ask, url};
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
nearest misses: none; no role that is bound to the user comes near
smallest fix, if the question is meant as asked (see the hints):
  a new role and binding:
  kubectl create clusterrole get-pods-log --verb=get --resource=pods/log --resource-name=web
  kubectl create clusterrolebinding get-pods-log-deployer --clusterrole=get-pods-log --user=deployer
hints:
  - User deployer is not ServiceAccount ci/deployer; to ask as the account: --as system:serviceaccount:ci:deployer
  - no binding names user deployer
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
nearest misses: none; no role that is bound to the user comes near
smallest fix, if the question is meant as asked (see the hints):
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
hints:
  - the API serves no resource things.example.com; if a CustomResourceDefinition defines it, load that too
  - no binding names user "bo\x1b[31m"
"#
    );
}

#[test]
fn every_kind_of_miss() {
    let role = "Role default/r";
    let binding = "RoleBinding default/b";
    let places = "rule roles.yaml:11:5, RoleBinding default/b bindings.yaml:10:1";
    let cases = [
        (
            "get,list pods",
            "create pods default",
            "get, list on pods, not create",
        ),
        (
            "get deployments.extensions",
            "get deployments.apps default",
            "get on deployments.extensions, in API group extensions, not in apps",
        ),
        (
            "get deployments",
            "get deployments.apps default",
            "get on deployments, in the core API group, not in apps",
        ),
        (
            "get pods",
            "get pods/log default web",
            "get on pods, which does not cover the subresource pods/log",
        ),
        (
            "get pods/log",
            "get pods default",
            "get on pods/log, which does not cover pods itself",
        ),
        (
            "get pods/*",
            "get pods/log default",
            "get on pods/*, but pods/* is no pattern: not on pods/log",
        ),
        (
            "get */*.*",
            "get pods default",
            "get on */*.*, but */* is no pattern: not on pods",
        ),
        (
            "get deployment.apps",
            "get deployments.apps default",
            "get on deployment.apps, not on deployments.apps (misspelt?)",
        ),
        (
            "get pods",
            "get podz default",
            "get on pods, not on podz (misspelt?)",
        ),
        (
            "get configmaps @app-config",
            "get configmaps default web",
            "get on configmaps, pinned to resourceNames app-config, you asked for web",
        ),
        (
            "list configmaps @app-config",
            "list configmaps default",
            "list on configmaps, pinned to resourceNames app-config, you asked without a name",
        ),
        (
            "get pods",
            "get pods prod",
            "get on pods; bound in namespace default, you asked in prod",
        ),
        (
            "get pods",
            "get pods -",
            "get on pods; bound in namespace default, you asked across the cluster",
        ),
        (
            "get configmaps @a",
            "list configmaps default",
            "get on configmaps, not list, pinned to resourceNames a, you asked without a name",
        ),
    ];
    for (rule, question, expected) in cases {
        let world = one(role, rule, binding, "User alice");
        let expected = format!("Role default/r grants {expected}: {places}");
        assert_eq!(
            misses(&world, &ask("alice", &[], question)),
            [expected],
            "{rule} {question}"
        );
    }
    for (rule, question) in [
        ("get pods", "get services default"),
        ("get roles.rbac.authorization.k8s.io", "get nodes -"),
        ("list services", "create services prod web"),
        ("get pods/exec", "get pods/log default"),
    ] {
        let world = one(role, rule, binding, "User alice");
        let found = misses(&world, &ask("alice", &[], question));
        let near = rule.starts_with("list");
        assert_eq!(found.len(), usize::from(near), "{rule} {question}");
    }
}

#[test]
fn every_kind_of_subject_miss() {
    let full = "system:serviceaccount:default:app";
    let cases: &[(&str, &str, &[&str], &str)] = &[
        (
            "ServiceAccount default/app",
            "app",
            &[],
            "ServiceAccount default/app, you asked as User app",
        ),
        (
            "ServiceAccount default/app",
            "default:app",
            &[],
            "ServiceAccount default/app, you asked as User default:app",
        ),
        (
            "User app",
            full,
            &[],
            "User app, you asked as ServiceAccount default/app",
        ),
        ("Group app", "app", &[], "Group app, you asked as User app"),
        (
            "User dev",
            "alice",
            &["x", "dev"],
            "User dev, you asked as Group dev",
        ),
        (
            "User alice",
            "Alice",
            &[],
            "User alice, you asked as User Alice",
        ),
        (
            "User alise",
            "alice",
            &[],
            "User alise, you asked as User alice",
        ),
        (
            "Group Developers",
            "alice",
            &["developers"],
            "Group Developers, you asked as Group developers",
        ),
        (
            "ServiceAccount prod/app",
            full,
            &[],
            "ServiceAccount prod/app, you asked as ServiceAccount default/app",
        ),
        (
            "ServiceAccount default/apps",
            full,
            &[],
            "ServiceAccount default/apps, you asked as ServiceAccount default/app",
        ),
    ];
    for (subject, user, groups, expected) in cases {
        let world = one(
            "Role default/r",
            "get pods",
            "RoleBinding default/b",
            subject,
        );
        let expected = format!(
            "Role default/r grants get on pods; binding names {expected}: \
             rule roles.yaml:11:5, RoleBinding default/b bindings.yaml:10:1"
        );
        assert_eq!(
            misses(&world, &ask(user, groups, "get pods default")),
            [expected]
        );
    }
    let world = one(
        "Role default/r",
        "get pods",
        "RoleBinding default/b",
        "Group system:authenticated",
    );
    let found = misses(
        &world,
        &ask("bob", &["system:unauthenticated"], "get pods default"),
    );
    assert_eq!(
        found,
        [
            "Role default/r allows this, but is not bound to the user (Group system:authenticated may): \
          rule roles.yaml:11:5, RoleBinding default/b bindings.yaml:10:1"
        ]
    );
}

#[test]
fn misses_of_paths() {
    let cases = [
        (
            "get /metrics",
            "ClusterRoleBinding b",
            "post /metrics",
            "get on /metrics, not post",
        ),
        (
            "get /logs/*",
            "ClusterRoleBinding b",
            "get /logs",
            "get on /logs/*, not on /logs",
        ),
        (
            "get /metrics",
            "RoleBinding default/b",
            "get /metrics",
            "get on /metrics, but nonResourceURLs bound by a RoleBinding never grant",
        ),
    ];
    for (rule, binding, question, expected) in cases {
        let world = one("ClusterRole r", rule, binding, "User alice");
        let expected = format!(
            "ClusterRole r grants {expected}: rule roles.yaml:11:5, {binding} bindings.yaml:10:1"
        );
        assert_eq!(misses(&world, &url("alice", &[], question)), [expected]);
    }
}

#[test]
fn roles_that_are_missing_or_not_bound() {
    let mut world = World::new();
    world.role("ClusterRole admin", &["* *.*"]);
    world.role(
        "ClusterRole wide",
        &["get,list,watch pods,services,secrets"],
    );
    world.role("ClusterRole narrow", &["get pods"]);
    world.role("ClusterRole unused", &["get,list pods"]);
    world.bind("RoleBinding default/a", "Role gone", &["User alice"]);
    world.bind("RoleBinding prod/w", "ClusterRole wide", &["Group ops"]);
    world.bind(
        "RoleBinding default/n",
        "ClusterRole narrow",
        &["User bob", "Group ops"],
    );
    assert_eq!(
        misses(&world, &ask("alice", &[], "get pods default")),
        [
            "RoleBinding default/a refers to Role default/gone, which does not exist: roleRef bindings.yaml:11:1",
            "ClusterRole narrow allows this, but is not bound to the user (User bob and 1 more may): \
             rule roles.yaml:31:5, RoleBinding default/n bindings.yaml:30:1",
            "ClusterRole unused allows this, but is not bound to the user (nobody has it): rule roles.yaml:41:5",
        ]
    );
}

#[test]
fn many_alike_misses_leave_room_for_others() {
    let mut world = World::new();
    world.role("ClusterRole view", &["get pods"]);
    world.role("ClusterRole other", &["list pods"]);
    for n in 0..20 {
        world.bind(
            &format!("RoleBinding ns{n}/v"),
            "ClusterRole view",
            &["User alice"],
        );
    }
    world.bind(
        "RoleBinding default/o",
        "ClusterRole other",
        &["User alice"],
    );
    world.bind("RoleBinding prod/o", "ClusterRole other", &["User alice"]);
    let cluster = world.build();
    let rbac = Rbac::new(&cluster);
    let attributes = ask("alice", &[], "get pods default");
    let explained = explain(&rbac, &attributes, &rbac.decide(&attributes));
    let costs: Vec<u32> = explained
        .nearest_misses
        .iter()
        .map(|miss| miss.cost)
        .collect();
    assert_eq!((costs, explained.total_misses), (vec![2, 3, 3, 5], 22));
}

#[test]
fn hints_in_words() {
    let mut world = World::new();
    world.role("Role default/reader", &["get pods"]);
    world.role("ClusterRole nodes", &["get nodes,namespaces"]);
    world.bind("RoleBinding default/a", "Role raeder", &["User alice"]);
    world.bind(
        "RoleBinding default/n",
        "ClusterRole nodes",
        &["Group developers"],
    );
    world.account("prod", "app");
    world.account("default", "app");
    world.namespace("prod");
    let no_user = "no binding names user bob";
    let cases: &[(&str, &[&str], &str, &str, &[&str])] = &[
        (
            "app",
            &[],
            "get pods prod",
            "",
            &[
                "User app is not ServiceAccount prod/app; to ask as the account: --as system:serviceaccount:prod:app or system:serviceaccount:default:app",
                "no binding names user app",
            ],
        ),
        (
            "system:serviceaccount:app",
            &[],
            "get pods prod",
            "",
            &[
                "User system:serviceaccount:app is not ServiceAccount prod/app; to ask as the account: --as system:serviceaccount:prod:app or system:serviceaccount:default:app",
                "no binding names user system:serviceaccount:app",
            ],
        ),
        (
            "system:serviceaccount:x",
            &[],
            "get pods prod",
            "",
            &[
                "system:serviceaccount:x is no service account's name; those are system:serviceaccount:NAMESPACE:NAME",
                "no binding names user system:serviceaccount:x",
            ],
        ),
        (
            "bob",
            &[],
            "get pods prod log",
            "pods/log",
            &[
                "pods/log asks about an object named log; for the subresource: pods --subresource=log",
                no_user,
            ],
        ),
        (
            "bob",
            &[],
            "get pod prod",
            "",
            &[
                "the API serves no resource pod; did you mean pods?",
                no_user,
            ],
        ),
        (
            "bob",
            &[],
            "get deployments prod",
            "",
            &[
                "the API serves no resource deployments; did you mean deployments.apps?",
                no_user,
            ],
        ),
        (
            "bob",
            &[],
            "get deploymnets.apps prod",
            "",
            &[
                "the API serves no resource deploymnets.apps; did you mean deployments.apps?",
                no_user,
            ],
        ),
        ("bob", &[], "impersonate users -", "", &[no_user]),
        (
            "bob",
            &[],
            "get pods/logs prod",
            "",
            &["pods has no subresource logs; it has log", no_user],
        ),
        (
            "bob",
            &[],
            "gett pods prod",
            "",
            &["gett is no verb of the API; did you mean get?", no_user],
        ),
        (
            "bob",
            &[],
            "GET pods prod",
            "",
            &["GET is no verb of the API; did you mean get?", no_user],
        ),
        (
            "bob",
            &[],
            "logs pods prod",
            "",
            &["logs is no verb of the API; it needs get pods/log", no_user],
        ),
        (
            "bob",
            &[],
            "update pods/log prod",
            "",
            &[
                "the API does not serve update on pods/log, only get",
                no_user,
            ],
        ),
        (
            "alice",
            &[],
            "get pods default",
            "",
            &[
                "RoleBinding default/a grants nothing: its roleRef names Role raeder, which does not exist (bindings.yaml:11:1); there is a Role default/reader (roles.yaml:10:1)",
            ],
        ),
        (
            "bob",
            &["developers"],
            "get nodes default",
            "",
            &[
                "nodes is cluster-scoped: a real request has no namespace (default) and would be refused: only a RoleBinding there allows this",
            ],
        ),
        (
            "bob",
            &["developers"],
            "get namespaces default default",
            "",
            &[],
        ),
        (
            "bob",
            &[],
            "get nodes default",
            "",
            &[
                "nodes is cluster-scoped: a real request has no namespace (default) and is not looked up in RoleBindings",
                no_user,
            ],
        ),
        (
            "bob",
            &[],
            "get pods prud",
            "",
            &[
                "nothing loaded mentions namespace prud; did you mean prod?",
                no_user,
            ],
        ),
        (
            "alicia",
            &["Developers", "system:authenticated"],
            "get pods prod",
            "",
            &[
                "no binding names user alicia",
                "no binding names group Developers; did you mean developers?",
            ],
        ),
        (
            "alcie",
            &[],
            "get pods prod",
            "",
            &["no binding names user alcie; did you mean alice?"],
        ),
    ];
    for (user, groups, question, type_arg, expected) in cases {
        let text = show(&world, &ask(user, groups, question), type_arg);
        let hints: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("  - "))
            .collect();
        let hints: Vec<&str> = hints
            .into_iter()
            .filter(|h| !h.starts_with("apiGroups"))
            .collect();
        assert_eq!(hints, *expected, "{user} {question}");
    }
    let text = show(&world, &url("bob", &["developers"], "list /metrics"), "");
    assert!(text.contains("  - list is no verb of the API"), "{text}");
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
