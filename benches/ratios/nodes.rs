//! Nodes with their Pods, and what kubelets ask.

use crate::world::Random;
use rbac_check::load::{Format, Loader};
use rbac_check::model::{Attributes, Request};
use serde_json::{Value, json};

/// How many namespaces the Pods are in.
const NAMESPACES: u64 = 200;

/// Adds nodes with so many Pods each, a PersistentVolume to every fourth Pod.
pub fn add(loader: &mut Loader, nodes: u64, pods: u64, seed: u64) {
    let mut rng = Random(seed);
    for node in 0..nodes {
        let mut items = Vec::new();
        for pod in 0..pods {
            let namespace = format!("ns-{}", rng.below(NAMESPACES));
            let name = format!("pod-{node}-{pod}");
            items.push(json!({"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"nodeName": format!("node-{node}"), "serviceAccountName": format!("sa-{}", rng.below(20)),
                    "containers": [{"name": "c", "envFrom": [{"configMapRef": {"name": format!("map-{}", rng.below(50))}}],
                        "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": format!("secret-{}", rng.below(100)), "key": "k"}}}]}],
                    "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": name}}]}}));
            if pod % 4 == 0 {
                items.push(json!({"apiVersion": "v1", "kind": "PersistentVolume",
                    "metadata": {"name": format!("pv-{node}-{pod}")},
                    "spec": {"claimRef": {"namespace": namespace, "name": name},
                        "csi": {"driver": "d", "nodeStageSecretRef": {"namespace": "storage", "name": format!("stage-{node}")}}}}));
            }
        }
        let list: Value = json!({"apiVersion": "v1", "kind": "List", "items": items});
        let loaded = loader.add_text("nodes", &list.to_string(), Format::Json);
        loaded.expect("a good dump");
    }
}

/// A kubelet's question.
pub struct Asked {
    user: String,
    resource: &'static str,
    namespace: String,
    name: String,
}

/// Questions of kubelets for objects, some of which are related to them.
pub fn questions(nodes: u64, pods: u64, count: u64, seed: u64) -> Vec<Asked> {
    let mut rng = Random(seed);
    let mut question = |n: u64| {
        let node = rng.below(nodes);
        let of = rng.below(pods);
        let namespace = format!("ns-{}", rng.below(NAMESPACES));
        let (resource, namespace, name) = match n % 5 {
            0 => ("secrets", namespace, format!("secret-{}", rng.below(100))),
            1 => ("configmaps", namespace, format!("map-{}", rng.below(50))),
            2 => ("pods", namespace, format!("pod-{node}-{of}")),
            3 => (
                "persistentvolumes",
                String::new(),
                format!("pv-{node}-{}", of / 4 * 4),
            ),
            _ => ("secrets", "storage".to_owned(), format!("stage-{node}")),
        };
        Asked {
            user: format!("system:node:node-{node}"),
            resource,
            namespace,
            name,
        }
    };
    (0..count).map(&mut question).collect()
}

impl Asked {
    /// The question.
    pub fn attributes(&self) -> Attributes<'_, &'static str> {
        Attributes {
            user: &self.user,
            groups: &["system:nodes", "system:authenticated"],
            request: Request::Resource {
                verb: "get",
                group: "",
                resource: self.resource,
                subresource: "",
                namespace: &self.namespace,
                name: &self.name,
            },
            ..Attributes::default()
        }
    }
}
