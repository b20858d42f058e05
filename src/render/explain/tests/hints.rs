use super::show;
use crate::answer::explain::world::{World, ask, url};

/// User, groups, question, TYPE argument; the hints.
type HintCase<'a> = (&'a str, &'a [&'a str], &'a str, &'a str, &'a [&'a str]);

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
    let cases: &[HintCase] = &[
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
        ("bob", &[], "update pods/finalizers prod", "", &[no_user]),
        (
            "bob",
            &[],
            "update pods prod finalizers",
            "pods/finalizers",
            &[
                "pods/finalizers asks about an object named finalizers; for the subresource: pods --subresource=finalizers",
                no_user,
            ],
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
                "nodes is cluster-scoped: a real request has no namespace and would be refused, for only a RoleBinding in default allows this",
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
                no_user,
                "nodes is cluster-scoped: a real request has no namespace and no RoleBinding in default counts for it",
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
