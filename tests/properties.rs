//! The index against the naive evaluator, on random policies and questions: same decision, same grant,
//! same words.

#[path = "naive/mod.rs"]
mod naive;

use naive::Naive;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rbac_check::authz::rbac::{Decision, Rbac};
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::{Attributes, Cluster, Request};
use serde_json::{Value, json};

// Few words, so that rules and questions meet; `*` and odd ones among them.
const VERBS: &[&str] = &["get", "list", "create", "*", "", "get*"];
const GROUPS: &[&str] = &["", "apps", "*", "core"];
const RESOURCES: &[&str] = &[
    "pods", "pods/log", "*", "*/log", "secrets", "", "/log", "pods/*", "*/*",
];
const NAMES: &[&str] = &["a", "b", "", "*"];
const URLS: &[&str] = &["/healthz", "/healthz*", "*", "/logs/*", "**", "", "/a/*/b"];
const NAMESPACES: &[&str] = &["alpha", "beta"];
const USERS: &[&str] = &["jane", "joe", "system:serviceaccount:alpha:app", "*"];
const USER_GROUPS: &[&str] = &["dev", "ops", "system:authenticated", "jane"];
const ROLE_NAMES: &[&str] = &["r0", "r1", "r2", "r3"];

fn words(
    from: &'static [&'static str],
    at_least: usize,
) -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(from), at_least..4)
}

fn rule(urls: bool) -> BoxedStrategy<Value> {
    let names = prop_oneof![3 => Just(Vec::new()), 1 => words(NAMES, 1)];
    let resource = (
        words(VERBS, 1),
        words(GROUPS, 1),
        words(RESOURCES, 1),
        names,
    )
        .prop_map(
            |(v, g, r, n)| json!({"verbs": v, "apiGroups": g, "resources": r, "resourceNames": n}),
        );
    let url = (words(VERBS, 1), words(URLS, 1))
        .prop_map(|(v, u)| json!({"verbs": v, "nonResourceURLs": u}));
    if urls {
        prop_oneof![4 => resource, 1 => url].boxed()
    } else {
        resource.boxed()
    }
}

fn role(kind: &'static str) -> impl Strategy<Value = Value> {
    let namespace = select(NAMESPACES);
    let rules = vec(rule(kind == "ClusterRole"), 0..24);
    (select(ROLE_NAMES), namespace, rules).prop_map(move |(name, namespace, rules)| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind,
            "metadata": {"name": name, "namespace": namespace}, "rules": rules,
        })
    })
}

fn subject() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(USERS).prop_map(|name| json!({"kind": "User", "name": name})),
        select(USER_GROUPS).prop_map(|name| json!({"kind": "Group", "name": name})),
        select(NAMESPACES).prop_map(|namespace| {
            json!({"kind": "ServiceAccount", "name": "app", "namespace": namespace})
        }),
    ]
}

fn binding(kind: &'static str) -> impl Strategy<Value = Value> {
    let role_kind = match kind {
        "ClusterRoleBinding" => select(&["ClusterRole"][..]),
        _ => select(&["ClusterRole", "Role"][..]),
    };
    let role = (role_kind, select(&["r0", "r1", "r2", "r3", "gone"][..]));
    let subjects = vec(subject(), 0..5);
    let at = (select(NAMESPACES), 0..100_000u32);
    (role, at, subjects).prop_map(move |((role_kind, role), (namespace, number), subjects)| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind,
            "metadata": {"name": format!("b{number}"), "namespace": namespace},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": role},
            "subjects": subjects,
        })
    })
}

fn policy() -> impl Strategy<Value = Vec<Value>> {
    (
        vec(role("ClusterRole"), 0..5),
        vec(role("Role"), 0..8),
        vec(binding("ClusterRoleBinding"), 0..8),
        vec(binding("RoleBinding"), 0..16),
    )
        .prop_map(|(a, b, c, d)| [a, b, c, d].concat())
}

#[derive(Clone, Debug)]
struct Asked {
    user: &'static str,
    groups: Vec<String>,
    request: Request<'static>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let namespaces = select(&["alpha", "beta", "", "gamma", "*"][..]);
    let resource = (
        select(VERBS),
        select(GROUPS),
        select(&["pods", "secrets", "*", "", "pods/log", "unheard"][..]),
        select(&["", "log", "*", "a-subresource-that-nobody-grants"][..]),
        namespaces,
        select(&["", "a", "b", "*", "unheard"][..]),
    )
        .prop_map(
            |(verb, group, resource, subresource, namespace, name)| Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
        );
    let path = select(&["/healthz", "/healthz/x", "", "/logs/", "/logs", "/a/*/b"][..]);
    let url = (select(VERBS), path).prop_map(|(verb, path)| Request::NonResource { verb, path });
    let users = select(
        &[
            "jane",
            "joe",
            "system:serviceaccount:alpha:app",
            "",
            "nobody",
            "*",
        ][..],
    );
    let request = prop_oneof![4 => resource, 1 => url];
    (users, vec(select(USER_GROUPS), 0..4), request).prop_map(|(user, groups, request)| Asked {
        user,
        groups: groups.into_iter().map(str::to_owned).collect(),
        request,
    })
}

fn load(objects: &[Value]) -> Cluster {
    let mut loader = Loader::new(Options {
        defaults: false,
        ..Options::default()
    });
    let text: String = objects.iter().map(|o| format!("{o}\n")).collect();
    loader
        .add_text("policy.jsonl", &text, Format::Json)
        .expect("a policy that the server takes");
    loader.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_index_decides_as_the_naive_evaluator(
        policy in policy(),
        questions in vec(asked(), 1..40),
    ) {
        let cluster = load(&policy);
        let rbac = Rbac::new(&cluster);
        let naive = Naive::new(&cluster);
        for asked in &questions {
            let attributes = Attributes {
                user: asked.user,
                groups: &asked.groups,
                request: asked.request,
                ..Attributes::default()
            };
            let decision = rbac.decide(&attributes);
            let (expected, reason) = naive.decide(&attributes);
            prop_assert_eq!(decision, expected, "{:?}", asked);
            prop_assert_eq!(rbac.reason(&attributes, &decision), reason, "{:?}", asked);
        }
    }

    #[test]
    fn rules_reviews_list_as_the_naive_evaluator(
        policy in policy(),
        asked in asked(),
        namespace in select(&["alpha", "beta", "", "gamma"][..]),
    ) {
        let cluster = load(&policy);
        let rbac = Rbac::new(&cluster);
        let naive = Naive::new(&cluster);
        let ours = rbac.rules_for(asked.user, &asked.groups, namespace);
        let expected = naive.rules_for(asked.user, &asked.groups, namespace);
        prop_assert_eq!(ours.rules, expected.rules);
        prop_assert_eq!(ours.errors, expected.errors);
        prop_assert_eq!(
            rbac.applicable(asked.user, &asked.groups, namespace),
            naive.applicable(asked.user, &asked.groups, namespace)
        );
    }
}

/// A rule of very many combinations and a subject of very many rules take other ways through the index.
#[test]
fn wide_rules_and_heavy_subjects() {
    let many: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
    let wide = json!({"verbs": many, "apiGroups": many, "resources": many});
    let mut rules = vec![wide];
    for i in 0..200 {
        let name = format!("n{i}");
        rules.push(json!({"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": [name]}));
    }
    let cluster = load(&[
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r0"}, "rules": rules}),
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"},
               "roleRef": {"kind": "ClusterRole", "name": "r0"}, "subjects": [{"kind": "User", "name": "jane"}]}),
    ]);
    let rbac = Rbac::new(&cluster);
    let naive = Naive::new(&cluster);
    let mut allowed = 0;
    for (verb, group, resource, name) in [
        ("get", "", "pods", "n0"),
        ("get", "", "pods", "n199"),
        ("get", "", "pods", "n200"),
        ("get", "", "pods", ""),
        ("x0", "x39", "x20", "anything"),
        ("x0", "x40", "x20", ""),
    ] {
        let attributes: Attributes<'_, String> = Attributes {
            user: "jane",
            groups: &[],
            request: Request::Resource {
                verb,
                group,
                resource,
                subresource: "",
                namespace: "",
                name,
            },
            ..Attributes::default()
        };
        let decision = rbac.decide(&attributes);
        assert_eq!(
            decision,
            naive.decide(&attributes).0,
            "{verb} {group} {resource} {name}"
        );
        allowed += usize::from(decision != Decision::NoOpinion);
    }
    assert_eq!(allowed, 3);
}

/// A subject of very many namespaces, with and without cluster-wide grants, is found in each of them.
#[test]
fn subjects_of_many_namespaces() {
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"},
                      "rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}]});
    let binding = |kind: &str, namespace: &str, role: &str, user: &str| {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind,
               "metadata": {"name": user, "namespace": namespace},
               "roleRef": {"kind": "ClusterRole", "name": role}, "subjects": [{"kind": "User", "name": user}]})
    };
    let mut objects = vec![role, binding("ClusterRoleBinding", "", "missing", "both")];
    for i in 0..300 {
        let namespace = format!("team-{i}");
        objects.push(binding("RoleBinding", &namespace, "r", "both"));
        if i % 3 == 0 {
            objects.push(binding("RoleBinding", &namespace, "r", "third"));
        }
    }
    let cluster = load(&objects);
    let rbac = Rbac::new(&cluster);
    let naive = Naive::new(&cluster);
    let mut allowed = 0;
    for user in ["both", "third", "nobody"] {
        for namespace in (0..301).map(|i| format!("team-{i}")).chain([String::new()]) {
            let attributes = Attributes {
                user,
                groups: &[] as &[String],
                request: Request::Resource {
                    verb: "get",
                    group: "",
                    resource: "pods",
                    subresource: "",
                    namespace: &namespace,
                    name: "",
                },
                ..Attributes::default()
            };
            let decision = rbac.decide(&attributes);
            let (expected, reason) = naive.decide(&attributes);
            assert_eq!(decision, expected, "{user} {namespace}");
            assert_eq!(rbac.reason(&attributes, &decision), reason);
            allowed += usize::from(decision != Decision::NoOpinion);
        }
    }
    assert_eq!(allowed, 400);
}
