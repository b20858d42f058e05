//! The Node authorizer: what a kubelet may do, by what its node runs
//! (`plugin/pkg/auth/authorizer/node/node_authorizer.go`).
//!
//! The objects that are loaded are all that is stored. A kubelet is a user `system:node:NAME` of the group
//! `system:nodes`; whether there is such a Node does not matter.

mod graph;
mod rules;
#[cfg(test)]
mod tests;

pub use graph::Graph;

use super::is_node_user;
use crate::model::node_objects::NodeKind;
use crate::model::selectors::Comparison;
use crate::model::{Attributes, Cluster, Request};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// How the names of kubelets begin.
pub const USER_PREFIX: &str = "system:node:";

/// The feature gates that the authorizer asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeGates {
    /// `PodCertificateRequest`: off in 1.36.
    pub pod_certificate_request: bool,
    /// `KubeletServiceAccountTokenForCredentialProviders`: on in 1.36.
    pub credential_provider_tokens: bool,
    /// `ClusterTrustBundle` and `ClusterTrustBundleProjection`: off in 1.36.
    pub trust_bundles: bool,
}

impl Default for NodeGates {
    fn default() -> Self {
        NodeGates {
            pod_certificate_request: false,
            credential_provider_tokens: true,
            trust_bundles: false,
        }
    }
}

/// The Node authorizer of a cluster. What it needs is gathered when the first kubelet asks.
#[derive(Debug)]
pub struct Node<'c> {
    cluster: &'c Cluster,
    gates: NodeGates,
    graph: OnceLock<Graph>,
    users: OnceLock<BTreeSet<String>>,
}

/// What it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It allows.
    Allow,
    /// It leaves it to the next authorizer.
    NoOpinion(Reason),
}

/// Why it has no opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It does not say.
    Nothing,
    /// In the server's words.
    Words(&'static str),
    /// The object has nothing to do with the node.
    Unrelated,
    /// All Nodes are asked for.
    AllNodes,
    /// Another Node is asked for.
    OtherNode,
    /// The verb is none of a node's, of PodCertificateRequests.
    CertificateRequestVerb,
}

/// How the requests for a resource are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Read(NodeKind),
    Claim,
    Get(NodeKind),
    ServiceAccount,
    Lease,
    CsiNode,
    ResourceSlice,
    Node,
    Pod,
    CertificateRequest,
}

/// The resources that are not left to the rules of all nodes.
fn judged(group: &str, resource: &str) -> Option<Judged> {
    Some(match (group, resource) {
        ("", "secrets") => Judged::Read(NodeKind::Secret),
        ("", "configmaps") => Judged::Read(NodeKind::ConfigMap),
        ("", "persistentvolumeclaims") => Judged::Claim,
        ("", "persistentvolumes") => Judged::Get(NodeKind::PersistentVolume),
        ("resource.k8s.io", "resourceclaims") => Judged::Get(NodeKind::ResourceClaim),
        ("storage.k8s.io", "volumeattachments") => Judged::Get(NodeKind::VolumeAttachment),
        ("", "serviceaccounts") => Judged::ServiceAccount,
        ("coordination.k8s.io", "leases") => Judged::Lease,
        ("storage.k8s.io", "csinodes") => Judged::CsiNode,
        ("resource.k8s.io", "resourceslices") => Judged::ResourceSlice,
        ("", "nodes") => Judged::Node,
        ("", "pods") => Judged::Pod,
        ("certificates.k8s.io", "podcertificaterequests") => Judged::CertificateRequest,
        _ => return None,
    })
}

/// A request for a resource, by its node.
#[derive(Clone, Copy)]
struct Asked<'a> {
    node: &'a str,
    verb: &'a str,
    subresource: &'a str,
    namespace: &'a str,
    name: &'a str,
    /// A requirement of the field selector: its field, and that it equals the node's name.
    selected: &'a dyn Fn(&str) -> bool,
}

const fn says(words: &'static str) -> Decision {
    Decision::NoOpinion(Reason::Words(words))
}

const NOTHING: Decision = Decision::NoOpinion(Reason::Nothing);

impl<'c> Node<'c> {
    /// The authorizer of a server with these gates.
    pub fn new(cluster: &'c Cluster, gates: NodeGates) -> Self {
        Node {
            cluster,
            gates,
            graph: OnceLock::new(),
            users: OnceLock::new(),
        }
    }

    /// The users of the kubelets of all nodes that something loaded speaks of, in their order.
    pub fn users(&self) -> &BTreeSet<String> {
        self.users.get_or_init(|| {
            let objects = self.cluster.core_objects();
            let pods = objects.pods().map(|pod| pod.references.node);
            let named = self.cluster.node_objects().named();
            let symbols: BTreeSet<_> = pods.chain(named.map(|(.., node)| node)).collect();
            let running = symbols.into_iter().map(|node| self.cluster.str(node));
            running
                .chain(objects.node_names())
                .filter(|name| !name.is_empty())
                .map(|name| format!("{USER_PREFIX}{name}"))
                .collect()
        })
    }

    /// Decides. It allocates nothing once a kubelet has been asked about.
    #[inline]
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Decision {
        if !is_node_user(attributes.user, attributes.groups) {
            return NOTHING;
        }
        let selected = |node: &str, field: &str| {
            let requirements = attributes.selectors.field.iter();
            requirements
                .filter(|of| of.key == field && of.comparison == Comparison::Equals)
                .any(|of| of.values.iter().any(|value| value == node))
        };
        self.judge(attributes.user, &attributes.request, &selected)
    }

    fn judge(
        &self,
        user: &str,
        request: &Request<'_>,
        selected: &dyn Fn(&str, &str) -> bool,
    ) -> Decision {
        let node = user.strip_prefix(USER_PREFIX).unwrap_or_default();
        if node.is_empty() {
            return says("unknown node for user \"system:node:\"");
        }
        let &Request::Resource {
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
        } = request
        else {
            return NOTHING;
        };
        let Some(judged) = judged(group, resource) else {
            let bundles = self.gates.trust_bundles;
            let allowed = subresource.is_empty() && rules::allow(verb, group, resource, bundles);
            return if allowed { Decision::Allow } else { NOTHING };
        };
        let asked = Asked {
            node,
            verb,
            subresource,
            namespace,
            name,
            selected: &|field| selected(node, field),
        };
        match judged {
            Judged::Read(kind) => self.read(kind, asked),
            Judged::Claim if subresource == "status" => match verb {
                "update" | "patch" => self.related(NodeKind::PersistentVolumeClaim, asked),
                _ => says("can only get/update/patch this type"),
            },
            Judged::Claim => self.get(NodeKind::PersistentVolumeClaim, asked),
            Judged::Get(kind) => self.get(kind, asked),
            Judged::ServiceAccount => self.service_account(asked),
            Judged::Lease => lease(asked),
            Judged::CsiNode => csi_node(asked),
            Judged::ResourceSlice => self.resource_slice(asked),
            Judged::Node => own_node(asked),
            Judged::Pod => self.pod(asked),
            Judged::CertificateRequest if !self.gates.pod_certificate_request => NOTHING,
            Judged::CertificateRequest => self.certificate_request(asked),
        }
    }

    /// The object that is named, if it is related to the node.
    fn related(&self, kind: NodeKind, asked: Asked<'_>) -> Decision {
        if asked.name.is_empty() {
            return says("No Object name found");
        }
        let symbol = |text: &str| self.cluster.interner().get(text);
        let found = match (
            symbol(asked.namespace),
            symbol(asked.name),
            symbol(asked.node),
        ) {
            (Some(namespace), Some(name), Some(node)) => {
                let graph = self.graph.get_or_init(|| Graph::of(self.cluster));
                graph.relates((kind, namespace, name), node)
            }
            // What nothing loaded speaks of.
            _ => false,
        };
        match found {
            true => Decision::Allow,
            false => Decision::NoOpinion(Reason::Unrelated),
        }
    }

    fn get(&self, kind: NodeKind, asked: Asked<'_>) -> Decision {
        match (asked.verb, asked.subresource) {
            ("get", "") => self.related(kind, asked),
            ("get", _) => says("cannot get subresource"),
            _ => says("can only get individual resources of this type"),
        }
    }

    fn read(&self, kind: NodeKind, asked: Asked<'_>) -> Decision {
        if !matches!(asked.verb, "get" | "list" | "watch") {
            return says("can only read resources of this type");
        }
        if !asked.subresource.is_empty() {
            return says("cannot read subresource");
        }
        if asked.namespace.is_empty() {
            return says("can only read namespaced object of this type");
        }
        self.related(kind, asked)
    }

    fn service_account(&self, asked: Asked<'_>) -> Decision {
        if asked.verb == "get" && asked.subresource.is_empty() {
            let gates = &self.gates;
            return match gates.credential_provider_tokens || gates.pod_certificate_request {
                true => self.read(NodeKind::ServiceAccount, asked),
                false => says("not allowed to get service accounts"),
            };
        }
        if asked.verb != "create" || asked.name.is_empty() {
            return says("can only create tokens for individual service accounts");
        }
        match asked.subresource {
            "token" => self.related(NodeKind::ServiceAccount, asked),
            _ => says("can only create token subresource of serviceaccount"),
        }
    }

    fn resource_slice(&self, asked: Asked<'_>) -> Decision {
        if !asked.subresource.is_empty() {
            return says("cannot authorize ResourceSlice subresources");
        }
        match asked.verb {
            "create" => Decision::Allow,
            "get" | "update" | "patch" | "delete" => self.related(NodeKind::ResourceSlice, asked),
            "watch" | "list" | "deletecollection" if (asked.selected)("spec.nodeName") => {
                Decision::Allow
            }
            "watch" | "list" | "deletecollection" => says(
                "can only list/watch/deletecollection resourceslices with nodeName field selector",
            ),
            _ => says(
                "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
            ),
        }
    }

    fn pod(&self, asked: Asked<'_>) -> Decision {
        match (asked.subresource, asked.verb) {
            ("", "get") => self.get(NodeKind::Pod, asked),
            ("", "list" | "watch") if (asked.selected)("spec.nodeName") => Decision::Allow,
            ("", "list" | "watch") if !asked.name.is_empty() => self.related(NodeKind::Pod, asked),
            ("", "list" | "watch") => {
                says("can only list/watch pods with spec.nodeName field selector")
            }
            // Admission narrows these to what is the node's own.
            ("", "create" | "delete") | ("status", "update" | "patch") | ("eviction", "create") => {
                Decision::Allow
            }
            _ => NOTHING,
        }
    }

    fn certificate_request(&self, asked: Asked<'_>) -> Decision {
        if !asked.subresource.is_empty() {
            return says("nodes may not access the status subresource of PodCertificateRequests");
        }
        match asked.verb {
            "create" => Decision::Allow,
            "get" => self.related(NodeKind::PodCertificateRequest, asked),
            "list" | "watch" if (asked.selected)("spec.nodeName") => Decision::Allow,
            "list" | "watch" => {
                says("can only list/watch podcertificaterequests with nodeName field selector")
            }
            _ => Decision::NoOpinion(Reason::CertificateRequestVerb),
        }
    }
}

fn lease(asked: Asked<'_>) -> Decision {
    if !is_owners_verb(asked.verb) {
        return says("can only get, create, update, patch, or delete a node lease");
    }
    if asked.namespace != "kube-node-lease" {
        return says("can only access leases in the \"kube-node-lease\" system namespace");
    }
    match asked.verb == "create" || asked.name == asked.node {
        true => Decision::Allow,
        false => says("can only access node lease with the same name as the requesting node"),
    }
}

fn csi_node(asked: Asked<'_>) -> Decision {
    if !is_owners_verb(asked.verb) {
        return says("can only get, create, update, patch, or delete a CSINode");
    }
    if !asked.subresource.is_empty() {
        return says("cannot authorize CSINode subresources");
    }
    match asked.verb == "create" || asked.name == asked.node {
        true => Decision::Allow,
        false => says("can only access CSINode with the same name as the requesting node"),
    }
}

fn own_node(asked: Asked<'_>) -> Decision {
    match (asked.subresource, asked.verb) {
        ("", "create" | "update" | "patch") | ("status", "update" | "patch") => Decision::Allow,
        ("", "get" | "list" | "watch") if asked.name == asked.node => Decision::Allow,
        ("", "get" | "list" | "watch") => Decision::NoOpinion(match asked.name {
            "" => Reason::AllNodes,
            _ => Reason::OtherNode,
        }),
        _ => NOTHING,
    }
}

fn is_owners_verb(verb: &str) -> bool {
    matches!(verb, "get" | "create" | "update" | "patch" | "delete")
}

impl Reason {
    /// Appends it in the server's words.
    pub fn write<S: AsRef<str>>(self, attributes: &Attributes<'_, S>, out: &mut String) {
        let node = attributes
            .user
            .strip_prefix(USER_PREFIX)
            .unwrap_or_default();
        let name = match &attributes.request {
            Request::Resource { name, .. } => name,
            Request::NonResource { .. } => "",
        };
        let parts = match self {
            Reason::Nothing => [""; 5],
            Reason::Words(words) => [words, "", "", "", ""],
            Reason::Unrelated => [
                "no relationship found between node '",
                node,
                "' and this object",
                "",
                "",
            ],
            Reason::AllNodes => [
                "node '",
                node,
                "' cannot read all nodes, only its own Node object",
                "",
                "",
            ],
            Reason::OtherNode => [
                "node '",
                node,
                "' cannot read '",
                name,
                "', only its own Node object",
            ],
            Reason::CertificateRequestVerb => [
                "nodes may not ",
                attributes.request.verb(),
                " podcertificaterequests",
                "",
                "",
            ],
        };
        for part in parts {
            out.push_str(part);
        }
    }
}
