//! What ties objects to nodes: the references that the Node authorizer follows
//! (`plugin/pkg/auth/authorizer/node/graph.go`). Of an object no more is kept.

use super::Symbol;
use foldhash::fast::RandomState;
use std::collections::HashMap;

type ByKey<K, V> = HashMap<K, V, RandomState>;

/// The kinds of objects that a node can be related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum NodeKind {
    Secret,
    ConfigMap,
    PersistentVolumeClaim,
    PersistentVolume,
    ResourceClaim,
    ServiceAccount,
    Pod,
    VolumeAttachment,
    ResourceSlice,
    PodCertificateRequest,
}

/// What the Node authorizer needs of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodReferences {
    /// `metadata.namespace`
    pub namespace: Symbol,
    /// `metadata.name`
    pub name: Symbol,
    /// `spec.nodeName`; empty while the Pod is not scheduled: then it relates nothing.
    pub node: Symbol,
    /// The objects of its namespace that it refers to, each once; none of a mirror Pod, which a node makes
    /// itself.
    pub objects: Box<[(NodeKind, Symbol)]>,
}

/// What the Node authorizer needs of a PersistentVolume that is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeReferences {
    /// Namespace and name of `spec.claimRef`.
    pub claim: (Symbol, Symbol),
    /// Namespace and name of the secrets that a kubelet needs to use it.
    pub secrets: Box<[(Symbol, Symbol)]>,
}

/// An object, not a Pod, that is tied to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeObject {
    /// A PersistentVolume, by name; `None` while it has no claim.
    Volume(Symbol, Option<VolumeReferences>),
    /// An object that names its node: its kind, namespace, name and node.
    Named(NodeKind, Symbol, Symbol, Symbol),
}

/// The loaded objects, Pods apart. A later object replaces one of the same name.
#[derive(Debug, Default)]
pub struct NodeObjects {
    volumes: ByKey<Symbol, Option<VolumeReferences>>,
    named: ByKey<(NodeKind, Symbol, Symbol), Symbol>,
}

impl NodeObjects {
    /// Adds an object.
    pub fn add(&mut self, object: NodeObject) {
        match object {
            NodeObject::Volume(name, references) => {
                self.volumes.insert(name, references);
            }
            NodeObject::Named(kind, namespace, name, node) => {
                self.named.insert((kind, namespace, name), node);
            }
        }
    }

    /// The bound PersistentVolumes, by name.
    pub fn volumes(&self) -> impl Iterator<Item = (Symbol, &VolumeReferences)> {
        let volumes = self.volumes.iter();
        volumes.filter_map(|(name, references)| Some((*name, references.as_ref()?)))
    }

    /// The objects that name a node: kind, namespace, name and node.
    pub fn named(&self) -> impl Iterator<Item = (NodeKind, Symbol, Symbol, Symbol)> {
        self.named
            .iter()
            .filter(|(_, node)| **node != Symbol::EMPTY)
            .map(|(&(kind, namespace, name), &node)| (kind, namespace, name, node))
    }
}
