//! The Node authorizer's index against a plain walk, on random objects: the walker reads the objects' JSON anew
//! for each question and follows every edge.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rbac_check::authz::node::{Decision, Node, NodeGates};
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::{Attributes, Request};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NAMESPACES: &[&str] = &["a", "b"];
const NAMES: &[&str] = &["x", "y", "z", "x-v"];
const NODES: &[&str] = &["n1", "n2", ""];

fn name() -> impl Strategy<Value = &'static str> {
    select(NAMES)
}

fn volume() -> impl Strategy<Value = Value> {
    let with = |source: fn(&str) -> Value| {
        name().prop_map(move |name| {
            let mut volume = source(name);
            volume["name"] = json!("v");
            volume
        })
    };
    prop_oneof![
        with(|n| json!({"secret": {"secretName": n}})),
        with(|n| json!({"configMap": {"name": n}, "secret": null})),
        with(|n| json!({"persistentVolumeClaim": {"claimName": n}})),
        with(|_| json!({"ephemeral": {"volumeClaimTemplate": {}}})),
        with(|n| json!({"csi": {"driver": "d", "nodePublishSecretRef": {"name": n}}})),
        with(|n| json!({"rbd": {"secretRef": {"name": n}}})),
        with(|n| json!({"azureFile": {"secretName": n}})),
        with(
            |n| json!({"projected": {"sources": [{"secret": {"name": n}}, {"configMap": {"name": "z"}}, {"serviceAccountToken": {"path": "t"}}]}})
        ),
        with(|_| json!({"emptyDir": {}})),
    ]
}

fn container() -> impl Strategy<Value = Value> {
    (name(), name()).prop_map(|(secret, map)| {
        json!({"name": "c", "env": [
            {"name": "A", "value": "1"},
            {"name": "B", "valueFrom": {"secretKeyRef": {"name": secret, "key": "k"}}},
            {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        ], "envFrom": [{"configMapRef": {"name": map}}]})
    })
}

fn pod() -> impl Strategy<Value = Value> {
    let lists = (
        vec(container(), 0..2),
        vec(container(), 0..2),
        vec(volume(), 0..3),
        vec(name(), 0..2),
    );
    let claims = (name(), name(), 0..4u8);
    let at = (select(NAMESPACES), name(), select(NODES), name(), 0..6u8);
    (at, lists, claims).prop_map(|(at, lists, (direct, made, claimed))| {
        let (namespace, name, node, account, odd) = at;
        let (containers, ephemeral, volumes, pull) = lists;
        let pull: Vec<Value> = pull.iter().map(|name| json!({"name": name})).collect();
        let mut pod = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"namespace": namespace, "name": name},
            "spec": {"nodeName": node, "containers": containers, "ephemeralContainers": ephemeral,
                "volumes": volumes, "imagePullSecrets": pull, "serviceAccountName": account},
        });
        match odd {
            0 => pod["metadata"]["annotations"] = json!({"kubernetes.io/config.mirror": ""}),
            1 => pod["spec"]["serviceAccountName"] = Value::Null,
            _ => {}
        }
        let template = json!([{"name": "c", "resourceClaimTemplateName": "t"}]);
        match claimed {
            0 => pod["spec"]["resourceClaims"] = json!([{"name": "c", "resourceClaimName": direct}]),
            1 => pod["spec"]["resourceClaims"] = template,
            2 => {
                pod["spec"]["resourceClaims"] = template;
                pod["status"]["resourceClaimStatuses"] =
                    json!([{"name": "d", "resourceClaimName": direct}, {"name": "c", "resourceClaimName": made}]);
            }
            _ => {}
        }
        pod
    })
}

fn persistent_volume() -> impl Strategy<Value = Value> {
    let secret = (select(&["a", "b", ""][..]), name());
    (name(), select(NAMESPACES), name(), secret, 0..5u8).prop_map(
        |(name, namespace, claim, (secret_namespace, secret), kind)| {
            let reference = json!({"namespace": secret_namespace, "name": secret});
            let mut spec = match kind {
                0 => json!({"csi": {"nodeStageSecretRef": reference}}),
                1 => json!({"csi": {"controllerPublishSecretRef": reference}}),
                2 => json!({"cephfs": {"secretRef": reference}}),
                3 => json!({"azureFile": {"secretNamespace": secret_namespace, "secretName": secret}}),
                _ => json!({}),
            };
            if kind < 4 {
                spec["claimRef"] = json!({"namespace": namespace, "name": claim});
            }
            json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec})
        },
    )
}

fn named() -> impl Strategy<Value = Value> {
    const KINDS: &[(&str, &str)] = &[
        ("storage.k8s.io/v1", "VolumeAttachment"),
        ("resource.k8s.io/v1", "ResourceSlice"),
    ];
    (select(KINDS), name(), select(NODES)).prop_map(|((version, kind), name, node)| {
        json!({"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": {"nodeName": node}})
    })
}

/// All edges as text, from what is referred to towards nodes.
fn edges(objects: &[Value]) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut edges = BTreeSet::new();
    for (i, object) in objects.iter().enumerate() {
        let (kind, meta, spec) = (&object["kind"], &object["metadata"], &object["spec"]);
        let same = |other: &Value| {
            other["kind"] == *kind
                && other["metadata"]["name"] == meta["name"]
                && other["metadata"]["namespace"] == meta["namespace"]
        };
        if objects[i + 1..].iter().any(same) {
            continue;
        }
        let (namespace, name) = (text(&meta["namespace"]), text(&meta["name"]));
        let node = format!("node//{}", text(&spec["nodeName"]));
        match kind.as_str().unwrap_or("") {
            "Pod" if node != "node//" => {
                let pod = format!("pods/{namespace}/{name}");
                edges.insert((pod.clone(), node));
                if !meta["annotations"]["kubernetes.io/config.mirror"].is_null() {
                    continue;
                }
                let mut from = |resource: &str, name: &Value| {
                    edges.insert((
                        format!("{resource}/{namespace}/{}", text(name)),
                        pod.clone(),
                    ));
                };
                from("serviceaccounts", &spec["serviceAccountName"]);
                for secret in list(&spec["imagePullSecrets"]) {
                    from("secrets", &secret["name"]);
                }
                let containers = list(&spec["containers"]).into_iter();
                for container in containers.chain(list(&spec["ephemeralContainers"])) {
                    for env in list(&container["env"]) {
                        from("secrets", &env["valueFrom"]["secretKeyRef"]["name"]);
                    }
                    for env in list(&container["envFrom"]) {
                        from("configmaps", &env["configMapRef"]["name"]);
                    }
                }
                for volume in list(&spec["volumes"]) {
                    from("secrets", &volume["secret"]["secretName"]);
                    from("secrets", &volume["azureFile"]["secretName"]);
                    from("secrets", &volume["csi"]["nodePublishSecretRef"]["name"]);
                    from("secrets", &volume["rbd"]["secretRef"]["name"]);
                    from("configmaps", &volume["configMap"]["name"]);
                    for source in list(&volume["projected"]["sources"]) {
                        from("secrets", &source["secret"]["name"]);
                        from("configmaps", &source["configMap"]["name"]);
                    }
                    let claim = &volume["persistentVolumeClaim"]["claimName"];
                    from("persistentvolumeclaims", claim);
                    if !volume["ephemeral"].is_null() {
                        from("persistentvolumeclaims", &json!(format!("{name}-v")));
                    }
                }
                for claim in list(&spec["resourceClaims"]) {
                    from("resourceclaims", &claim["resourceClaimName"]);
                    let made = list(&object["status"]["resourceClaimStatuses"]);
                    for made in made.iter().filter(|made| made["name"] == claim["name"]) {
                        from("resourceclaims", &made["resourceClaimName"]);
                    }
                }
            }
            "PersistentVolume" if !spec["claimRef"].is_null() => {
                let volume = format!("persistentvolumes//{name}");
                let (of, claim) = (&spec["claimRef"]["namespace"], &spec["claimRef"]["name"]);
                let claim = format!("persistentvolumeclaims/{}/{}", text(of), text(claim));
                edges.insert((volume.clone(), claim));
                let or_claims = |namespace: &Value| match text(namespace) {
                    none if none.is_empty() => text(of),
                    named => named,
                };
                let csi = &spec["csi"]["nodeStageSecretRef"];
                let ceph = &spec["cephfs"]["secretRef"];
                let azure = &spec["azureFile"];
                for (namespace, name) in [
                    (text(&csi["namespace"]), &csi["name"]),
                    (or_claims(&ceph["namespace"]), &ceph["name"]),
                    (or_claims(&azure["secretNamespace"]), &azure["secretName"]),
                ] {
                    let secret = format!("secrets/{namespace}/{}", text(name));
                    edges.insert((secret, volume.clone()));
                }
            }
            "VolumeAttachment" => {
                edges.insert((format!("volumeattachments//{name}"), node));
            }
            "ResourceSlice" => {
                edges.insert((format!("resourceslices//{name}"), node));
            }
            _ => {}
        }
    }
    edges
}

fn reaches(edges: &BTreeSet<(String, String)>, from: &str, to: &str) -> bool {
    from == to
        || edges
            .iter()
            .filter(|(start, _)| start == from)
            .any(|(_, end)| reaches(edges, end, to))
}

const RESOURCES: [(&str, &str, &str, &str); 10] = [
    ("", "secrets", "get", ""),
    ("", "configmaps", "watch", ""),
    ("", "persistentvolumeclaims", "get", ""),
    ("", "persistentvolumeclaims", "patch", "status"),
    ("", "persistentvolumes", "get", ""),
    ("resource.k8s.io", "resourceclaims", "get", ""),
    ("storage.k8s.io", "volumeattachments", "get", ""),
    ("resource.k8s.io", "resourceslices", "delete", ""),
    ("", "serviceaccounts", "create", "token"),
    ("", "pods", "list", ""),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_index_relates_what_the_walk_finds(
        pods in vec(pod(), 0..8),
        volumes in vec(persistent_volume(), 0..5),
        named in vec(named(), 0..4),
    ) {
        let objects = [pods, volumes, named].concat();
        let text = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
        let mut loader = Loader::new(Options { defaults: false, ..Options::default() });
        loader.add_text("objects.json", &text, Format::Json).expect("objects");
        let cluster = loader.finish();
        let node = Node::new(&cluster, NodeGates::default());
        let edges = edges(&objects);
        for on in ["n1", "n2", "n3"] {
            for (group, resource, verb, subresource) in RESOURCES {
                for (namespace, name) in ["a", "b", ""]
                    .iter()
                    .flat_map(|namespace| ["x", "y", "z", "x-v", "y-v", "z-v"].map(|name| (*namespace, name)))
                {
                    let user = format!("system:node:{on}");
                    let attributes = Attributes {
                        user: &user,
                        groups: &["system:nodes"],
                        request: Request::Resource { verb, group, resource, subresource, namespace, name },
                        ..Attributes::default()
                    };
                    let from = format!("{resource}/{namespace}/{name}");
                    // Secrets of no namespace are not asked about, whatever a PersistentVolume says.
                    let askable = resource != "secrets" || !namespace.is_empty();
                    prop_assert_eq!(
                        node.decide(&attributes) == Decision::Allow,
                        askable && reaches(&edges, &from, &format!("node//{on}")),
                        "{} for {}", from, on
                    );
                }
            }
        }
    }
}
