//! Texts that are read by a shortcut give the same cluster, or the same error, as without it.

mod describe;

use describe::describe;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rbac_check::load::{Format, Loader, Options};
use serde_json::{Value, json};

const RBAC: &str = "rbac.authorization.k8s.io";

/// What loading gives: a description of the cluster, or the error.
fn outcome(text: &str, shortcuts: bool) -> String {
    let mut loader = Loader::new(Options {
        defaults: false,
        ..Options::default()
    });
    if !shortcuts {
        loader.take_no_shortcuts();
    }
    match loader.add_text("dump.json", text, Format::Json) {
        Ok(()) => describe(&loader.finish()),
        Err(error) => format!("{error:?}"),
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "a", "b", "app", "system:x", "get", "*", "", "a/b", "..", "A.b", "a-", "é", "q\"\n",
            "pods", "v1", RBAC, "team-1",
        ][..],
    )
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => select(&["a", "b", "app", "team-1"][..]), 1 => word()]
}

fn metadata() -> impl Strategy<Value = Value> {
    let labels = vec((name(), name()), 0..3);
    let time = select(
        &[
            "2026-01-31T12:00:00Z",
            "2026-02-28T23:59:59Z",
            "2026-02-30T00:00:00Z",
            "2026-1-1",
            "2026-01-01T00:00:00+02:00",
        ][..],
    );
    let other = select(
        &[
            "uid",
            "generateName",
            "annotations",
            "generation",
            "ownerReferences",
            "unheard",
        ][..],
    );
    (name(), name(), labels, time, other, 0..12u8).prop_map(
        |(name, namespace, labels, time, other, which)| {
            let labels: serde_json::Map<String, Value> = labels
                .into_iter()
                .map(|(k, v)| (k.to_owned(), json!(v)))
                .collect();
            let mut metadata = json!({"name": name, "namespace": namespace, "labels": labels});
            match which {
                0 => metadata[other] = json!(name),
                1 => metadata[other] = json!({"example.com/note": "a \\ \"quote\" é\n", name: "x"}),
                2 => metadata["creationTimestamp"] = Value::Null,
                3 => metadata["namespace"] = json!(""),
                4 => metadata["labels"] = json!({"a": 1}),
                5 => metadata["creationTimestamp"] = json!(time),
                _ => metadata["creationTimestamp"] = json!("2026-01-31T12:00:00Z"),
            }
            metadata
        },
    )
}

fn rule() -> impl Strategy<Value = Value> {
    let lists = [0; 4].map(|_| vec(word(), 0..3));
    (lists, 0..8u8).prop_map(|([verbs, groups, resources, names], which)| match which {
        0 => json!({"verbs": verbs, "nonResourceURLs": groups}),
        1 => json!({"verbs": verbs, "apiGroups": groups, "resources": null}),
        2 => json!({"verbs": verbs, "apiGroups": groups, "resources": resources, "unheard": 1}),
        3 => json!({"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": names}),
        _ => json!({"verbs": ["get", "list"], "apiGroups": [""], "resources": resources}),
    })
}

fn subject() -> impl Strategy<Value = Value> {
    let kind = select(&["User", "Group", "ServiceAccount", "ServiceAccount", "Robot"][..]);
    (kind, name(), name(), 0..8u8).prop_map(|(kind, name, namespace, which)| {
        let mut subject = json!({"kind": kind, "name": name});
        if which > 1 && kind != "ServiceAccount" {
            subject["apiGroup"] = json!(RBAC);
        }
        if which % 3 > 0 {
            subject["namespace"] = json!(namespace);
        }
        if which == 7 {
            subject["apiGroup"] = json!(namespace);
        }
        subject
    })
}

fn object() -> impl Strategy<Value = Value> {
    let kind = select(
        &[
            "Role",
            "ClusterRole",
            "RoleBinding",
            "ClusterRoleBinding",
            "Namespace",
            "ServiceAccount",
            "Pod",
            "",
        ][..],
    );
    let bodies = (vec(rule(), 0..3), vec(subject(), 0..4), word());
    (kind, metadata(), bodies, 0..16u8).prop_map(
        |(kind, metadata, (rules, subjects, word), which)| {
            let mut object = json!({"kind": kind, "metadata": metadata});
            let version = format!("{RBAC}/v1");
            object["apiVersion"] = match kind {
                "Namespace" | "ServiceAccount" | "Pod" => json!("v1"),
                _ if which == 0 => json!(word),
                _ => json!(version),
            };
            if kind.ends_with("Role") {
                object["rules"] = json!(rules);
            } else if kind.ends_with("Binding") {
                let role_kind = if which % 3 == 0 {
                    "Role"
                } else {
                    "ClusterRole"
                };
                object["roleRef"] = json!({"apiGroup": RBAC, "kind": role_kind, "name": word});
                object["subjects"] = json!(subjects);
            }
            match which {
                1 => object["unheard"] = json!([{"a": [1, -2.5e3, true, null]}]),
                2 => {
                    object["aggregationRule"] =
                        json!({"clusterRoleSelectors": [{"matchLabels": {"a": word}}]})
                }
                3 => drop(object.as_object_mut().map(|o| o.remove("metadata"))),
                _ => {}
            }
            object
        },
    )
}

fn list() -> impl Strategy<Value = Value> {
    let kind = select(&["List", "List", "List", "RoleList", "PodList", "Pod"][..]);
    (kind, vec(object(), 0..6)).prop_map(|(kind, items)| {
        let version = if kind == "RoleList" {
            "rbac.authorization.k8s.io/v1"
        } else {
            "v1"
        };
        json!({"apiVersion": version, "items": items, "kind": kind, "metadata": {"name": "x"}})
    })
}

/// Something done to a text.
#[derive(Clone, Debug)]
enum Damage {
    /// A line is repeated, which may repeat a key.
    Repeat(Index),
    /// A line goes.
    Remove(Index),
    /// Two lines change places.
    Swap(Index, Index),
    /// A character is replaced.
    Replace(Index, &'static str),
}

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = select(
        &[
            "", "\"", "{", "}", "[", "]", ",", ":", "null", "\\", "\\u0041", "é", "\t", "\n",
            "\u{1}", "1", "\r\n", "\u{feff}", "\u{7f}", "  ",
        ][..],
    );
    prop_oneof![
        any::<Index>().prop_map(Damage::Repeat),
        any::<Index>().prop_map(Damage::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Swap(a, b)),
        (any::<Index>(), pieces).prop_map(|(at, piece)| Damage::Replace(at, piece)),
    ]
}

fn damaged(text: &str, damage: &Damage) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    match damage {
        Damage::Repeat(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at]);
        }
        Damage::Remove(at) => drop(lines.remove(at.index(lines.len()))),
        Damage::Swap(a, b) => {
            let count = lines.len();
            lines.swap(a.index(count), b.index(count));
        }
        Damage::Replace(at, piece) => {
            let mut characters: Vec<String> = text.chars().map(String::from).collect();
            let at = at.index(characters.len());
            (*piece).clone_into(&mut characters[at]);
            return characters.concat();
        }
    }
    lines.concat()
}

fn check(text: &str) {
    let (quick, careful) = (outcome(text, true), outcome(text, false));
    assert_eq!(quick, careful, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_json_list_is_read_the_same(
        list in list(),
        damages in vec(damage(), 0..3),
        compact in any::<bool>(),
    ) {
        let mut text = if compact { list.to_string() } else { format!("{list:#}\n") };
        for damage in &damages {
            if !text.is_empty() {
                text = damaged(&text, damage);
            }
        }
        check(&text);
    }
}

/// The form that everything is about, and what it may hold.
#[test]
fn kubectl_prints_what_is_read_directly() {
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {"annotations": {"a": "\\\"\u{8}"}, "creationTimestamp": "2026-01-31T12:00:00Z",
            "labels": {"a": "b", "c": ""}, "name": "x", "namespace": "n", "resourceVersion": "1", "uid": "u"},
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "r"},
        "subjects": [{"kind": "ServiceAccount", "name": "s"}, {"apiGroup": RBAC, "kind": "User", "name": "u"}],
    });
    let text = json!({"apiVersion": "v1", "items": [binding], "kind": "List"}).to_string();
    // Each byte in turn is gone, or doubled, or another.
    check(&text);
    for at in 0..text.len() {
        for piece in ["", "\"\"", "x", "é", "\n "] {
            check(&format!("{}{piece}{}", &text[..at], &text[at + 1..]));
        }
    }
}

/// What stands between values is compared with what stood there in the objects before.
#[test]
fn objects_that_are_printed_like_those_before_are_read_the_same() {
    let subject = |kind: &str, name: &str| json!({"apiGroup": RBAC, "kind": kind, "name": name});
    let object = |name: &str| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": name, "namespace": "n"},
            "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": "r"},
            "subjects": [subject("User", "u"), {"kind": "ServiceAccount", "name": "s", "namespace": "n"}, subject("Group", "g")],
        })
    };
    let printed = |name: &str| format!("{:#}", object(name));
    let last = printed("c");
    let before = format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{},\n{},\n",
        printed("a"),
        printed("b")
    );
    let list = |last: &str| format!("{before}{last}]}}");
    check(&list(&last));
    // Other ways to print it: positions have to be right all the same.
    for (from, to) in [
        ("\n", "\r\n"),
        ("\n", "\n\n"),
        ("  ", "\t"),
        ("  ", ""),
        (": ", ":"),
        (": ", " :  "),
        (",", " ,"),
        ("  ", "                    "),
        ("}", "\n  }"),
    ] {
        let other = last.replace(from, to);
        check(&list(&other));
        check(&list(&format!("{other},{last},{other}")));
    }
    for at in 0..last.len() {
        for piece in ["", " ", "\n", ",", "\"", "}"] {
            check(&list(&format!("{}{piece}{}", &last[..at], &last[at + 1..])));
            check(&list(&format!("{}{piece}{}", &last[..at], &last[at..])));
        }
    }
}
