use super::{Fix, RuleList};
use crate::answer::explain::explain;
use crate::answer::explain::world::{World, ask, url};
use crate::authz::rbac::{Decision, Rbac};
use crate::model::Attributes;

const USERS: &[(&str, &[&str])] = &[
    ("alice", &["dev"]),
    ("Alice", &[]),
    ("carol", &["dev", "ops"]),
    (
        "system:serviceaccount:default:app",
        &["system:serviceaccounts"],
    ),
    ("app", &[]),
    ("", &["system:authenticated", "nobody"]),
];

const QUESTIONS: &[&str] = &[
    "get pods default",
    "get pods prod",
    "get pods -",
    "get pods/log default web",
    "list pods default",
    "create pods default",
    "create pods default named",
    "create pods/exec default web",
    "delete pods default web",
    "get deployments.apps default",
    "patch deployments.apps default",
    "get configmaps default a",
    "get configmaps default b",
    "list configmaps default",
    "delete configmaps default a",
    "get nodes -",
    "get nodes default",
    "get namespaces default default",
    "use widgets.example.com prod",
    "* * default",
    "get /metrics",
    "post /metrics",
    "get /logs",
];

fn question<'a>(user: &'a str, groups: &'a [&'a str], text: &'a str) -> Attributes<'a, &'a str> {
    if text.contains(" /") {
        url(user, groups, text)
    } else {
        ask(user, groups, text)
    }
}

fn worlds() -> Vec<World> {
    let rules: &[&[&str]] = &[
        &["get pods"],
        &["get pods", "list services"],
        &["get,list pods,services", "get configmaps @a"],
        &["get configmaps @a", "update,patch deployments"],
        &["get deployments.extensions", "patch deployments.apps"],
        &["get pods/log", "* pods/*", "get nodes"],
        &["get /metrics", "get /logs/*", "get nodes,pods"],
        &["* *.*"],
        &[],
    ];
    let bindings = [
        ("RoleBinding default/b", "Role r"),
        ("RoleBinding prod/b", "ClusterRole r"),
        ("RoleBinding default/b", "ClusterRole r"),
        ("ClusterRoleBinding b", "ClusterRole r"),
        ("RoleBinding default/b", "Role gone"),
        ("ClusterRoleBinding b", "ClusterRole gone"),
    ];
    let subjects = [
        ["User alice", "Group ops"],
        ["ServiceAccount default/app", "Group dev"],
    ];
    let mut worlds = Vec::new();
    for rules in rules {
        for (binding, role_ref) in bindings {
            for subjects in &subjects {
                let mut world = World::new();
                world.role("Role default/r", rules);
                world.role("ClusterRole r", rules);
                // The names that a fix would take by itself.
                world.role("Role default/get-pods", &["get secrets"]);
                world.role("ClusterRole get-metrics", &["get /nothing"]);
                world.bind(binding, role_ref, subjects);
                worlds.push(world);
            }
        }
    }
    worlds
}

#[test]
fn every_fix_allows_what_was_asked_and_an_exact_one_nothing_else() {
    let mut kinds = [0; 5];
    for world in worlds() {
        let cluster = world.build();
        let rbac = Rbac::new(&cluster);
        for (user, groups) in USERS {
            for text in QUESTIONS {
                let attributes = question(user, groups, text);
                let decision = rbac.decide(&attributes);
                let explanation = explain(&rbac, &attributes, &decision);
                let Some(fix) = explanation.fix else {
                    assert!(explanation.allowed, "no fix for {user:?} {text}");
                    continue;
                };
                let mut fixed = world.clone();
                fixed.apply(&cluster, &fix);
                let fixed = fixed.build();
                let after = Rbac::new(&fixed);
                let now = after.decide(&attributes);
                assert!(
                    matches!(now, Decision::Allow(_)),
                    "{user} {text} {fix:?}\n{world:?}"
                );
                kinds[match fix {
                    Fix::ExtendRule { .. } => 0,
                    Fix::AddRule { .. } => 1,
                    Fix::CreateMissingRole { .. } => 2,
                    Fix::BindRole { .. } => 3,
                    Fix::NewRole { .. } => 4,
                }] += 1;
                // A binding that exists may grant in more namespaces, to more people; a role that
                // exists may hold more.
                let exact = matches!(fix, Fix::ExtendRule { .. } | Fix::NewRole { .. });
                let others = QUESTIONS
                    .iter()
                    .filter(|other| exact && more_than(text, other));
                for other in others {
                    let other = question(user, groups, other);
                    assert_eq!(
                        matches!(rbac.decide(&other), Decision::Allow(_)),
                        matches!(after.decide(&other), Decision::Allow(_)),
                        "{fix:?} for {user} {text} changes {other:?}\n{world:?}"
                    );
                }
            }
        }
    }
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}

/// Whether allowing the one should leave the other alone: same words in another scope are the same
/// request to a ClusterRoleBinding, and a create or a wildcard covers more than its own words.
fn more_than(asked: &str, other: &str) -> bool {
    let words = |text: &str| text.split(' ').take(2).collect::<Vec<_>>().join(" ");
    !asked.starts_with('*') && words(asked) != words(other)
        || (asked.contains("configmaps") && asked != other && asked.split(' ').count() == 4)
}

#[test]
fn a_rule_is_extended_only_where_nothing_else_comes_with_it() {
    let cases = [
        (
            "get pods",
            "list pods default",
            Some((RuleList::Verbs, "list")),
        ),
        ("get pods", "list pods default web", None),
        ("get pods,services", "list pods default", None),
        (
            "get pods",
            "get pods/log default",
            Some((RuleList::Resources, "pods/log")),
        ),
        ("get,list pods", "get pods/log default", None),
        (
            "get pods @a",
            "get pods default b",
            Some((RuleList::ResourceNames, "b")),
        ),
        (
            "get pods @a",
            "list pods default a",
            Some((RuleList::Verbs, "list")),
        ),
        ("get pods @a,b", "list pods default a", None),
        (
            "get deployments",
            "get deployments.apps default",
            Some((RuleList::ApiGroups, "apps")),
        ),
        ("get *.*", "list pods default", None),
    ];
    for (rule, text, expected) in cases {
        let mut world = World::new();
        world.role("Role default/r", &[rule]);
        world.bind("RoleBinding default/b", "Role r", &["User alice"]);
        let cluster = world.build();
        let rbac = Rbac::new(&cluster);
        let attributes = ask("alice", &[], text);
        let fix = explain(&rbac, &attributes, &Decision::NoOpinion).fix;
        let found = match &fix {
            Some(Fix::ExtendRule { list, add, .. }) => Some((*list, add.as_str())),
            _ => None,
        };
        assert_eq!(found, expected, "{rule} {text} {fix:?}");
    }
}
