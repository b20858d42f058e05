use super::{misses, one};
use crate::answer::explain::explain;
use crate::answer::explain::world::{World, ask, url};
use crate::authz::rbac::Rbac;

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
            "Role default/r allows this, but is bound to Group system:authenticated in default, not to the user: \
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
            "ClusterRole narrow allows this, but is bound to User bob and 1 more in default, not to the user: \
             rule roles.yaml:31:5, RoleBinding default/n bindings.yaml:30:1",
            "ClusterRole unused allows this, but is bound to nobody: rule roles.yaml:41:5",
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
