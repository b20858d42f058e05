//! Which objects are related to which nodes.
//!
//! The server keeps a graph whose edges lead from objects by way of Pods to nodes, and walks it
//! (`plugin/pkg/auth/authorizer/node/graph.go`). All ways but that by a PersistentVolume pass one Pod, so they
//! are kept as a set of ends; a volume is followed to its claim, of which the set is asked. Memory grows with
//! the references that are loaded, and nothing is walked more than two steps.

use crate::model::node_objects::NodeKind;
use crate::model::{Cluster, Symbol};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// An object: its kind, namespace and name.
type Object = (NodeKind, Symbol, Symbol);

/// A PersistentVolumeClaim: its namespace and name.
type Claim = (Symbol, Symbol);

/// The relations of a cluster.
#[derive(Debug, Default)]
pub struct Graph {
    /// Objects and the nodes that Pods, or they themselves, tie them to.
    related: HashSet<(Object, Symbol), RandomState>,
    /// The claim of a PersistentVolume.
    claims: HashMap<Symbol, Claim, RandomState>,
    /// The claims whose volumes need a secret.
    secret_claims: HashMap<(Symbol, Symbol), Vec<Claim>, RandomState>,
}

impl Graph {
    /// The relations of what is loaded. Objects that are referred to need not be loaded themselves, nor
    /// need nodes.
    pub fn of(cluster: &Cluster) -> Self {
        let mut graph = Graph::default();
        for pod in cluster.core_objects().pods() {
            let of = &pod.references;
            if of.node == Symbol::EMPTY {
                continue;
            }
            let objects = of.objects.iter().copied();
            for (kind, name) in objects.chain([(NodeKind::Pod, of.name)]) {
                graph.related.insert(((kind, of.namespace, name), of.node));
            }
        }
        for (kind, namespace, name, node) in cluster.node_objects().named() {
            graph.related.insert(((kind, namespace, name), node));
        }
        for (volume, references) in cluster.node_objects().volumes() {
            graph.claims.insert(volume, references.claim);
            for secret in &references.secrets {
                let claims = graph.secret_claims.entry(*secret).or_default();
                claims.push(references.claim);
            }
        }
        for claims in graph.secret_claims.values_mut() {
            claims.sort_unstable();
            claims.dedup();
        }
        graph
    }

    /// Whether an object is related to a node.
    pub fn relates(&self, object: Object, node: Symbol) -> bool {
        let (kind, namespace, name) = object;
        let claimed = |&(namespace, name): &Claim| {
            let claim = (NodeKind::PersistentVolumeClaim, namespace, name);
            self.related.contains(&(claim, node))
        };
        match kind {
            // A volume has no namespace: asked with one, it is not found.
            NodeKind::PersistentVolume => {
                namespace == Symbol::EMPTY && self.claims.get(&name).is_some_and(claimed)
            }
            NodeKind::Secret => {
                let claims = self.secret_claims.get(&(namespace, name));
                self.related.contains(&(object, node))
                    || claims.is_some_and(|claims| claims.iter().any(claimed))
            }
            _ => self.related.contains(&(object, node)),
        }
    }
}
