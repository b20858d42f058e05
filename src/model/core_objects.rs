//! Objects of the core group that credentials are bound to: ServiceAccounts, Secrets, Pods, Nodes.

use super::Position;
use super::node_objects::PodReferences;
use foldhash::fast::RandomState;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// What tells a stored object from another of the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectIdentity {
    /// `metadata.uid`; empty in a manifest that was never stored.
    pub uid: String,
    /// `metadata.deletionTimestamp`: the object is being deleted.
    pub deletion_timestamp: Option<Timestamp>,
    /// `secrets` of a ServiceAccount, by name: a token in one of them was made by the server on its own.
    pub secrets: Vec<String>,
    /// `status.addresses` of a Node is not empty: the server knows how to reach its kubelet.
    pub addressed: bool,
    /// Where it stands.
    pub position: Position,
}

impl From<Position> for ObjectIdentity {
    /// An object of which nothing but its place is known.
    fn from(position: Position) -> Self {
        ObjectIdentity {
            position,
            ..ObjectIdentity::default()
        }
    }
}

/// A Pod, as far as tokens can be bound to it and nodes act for it.
#[derive(Clone, Debug, Default)]
pub struct StoredPod {
    /// Which Pod it is.
    pub identity: ObjectIdentity,
    /// `spec.serviceAccountName`; `default` where the manifest names none.
    pub service_account_name: String,
    /// `spec.nodeName`; empty while it is not scheduled.
    pub node_name: String,
    /// What it gives its node access to.
    pub references: PodReferences,
}

/// A Secret, as far as credentials are made of it: of `data`, only the keys that tokens live in are kept.
#[derive(Clone, Debug, Default)]
pub struct StoredSecret {
    /// Which Secret it is.
    pub identity: ObjectIdentity,
    /// `type`; `Opaque` where the manifest names none.
    pub type_: String,
    /// `metadata.labels`.
    pub labels: BTreeMap<String, String>,
    /// The annotation `kubernetes.io/service-account.name`: whose token it holds.
    pub account: Option<String>,
    /// `data`, decoded, with `stringData` written over it.
    pub data: BTreeMap<String, SecretBytes>,
}

/// A value of a Secret. It cannot be printed by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Keeps a value.
    pub fn new(value: Vec<u8>) -> Self {
        SecretBytes(value)
    }

    /// The value itself, to be compared, never to be printed.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

type ByName<V> = HashMap<(String, String), V, RandomState>;

/// The stored objects, by namespace and name. A later object replaces one of the same name.
#[derive(Debug, Default)]
pub struct CoreObjects {
    service_accounts: ByName<ObjectIdentity>,
    secrets: ByName<StoredSecret>,
    pods: ByName<StoredPod>,
    nodes: HashMap<String, ObjectIdentity, RandomState>,
}

fn get<'a, V>(map: &'a ByName<V>, namespace: &str, name: &str) -> Option<&'a V> {
    map.get(&(namespace.to_owned(), name.to_owned()))
}

impl CoreObjects {
    /// A ServiceAccount.
    pub fn service_account(&self, namespace: &str, name: &str) -> Option<&ObjectIdentity> {
        get(&self.service_accounts, namespace, name)
    }

    /// A Secret.
    pub fn secret(&self, namespace: &str, name: &str) -> Option<&StoredSecret> {
        get(&self.secrets, namespace, name)
    }

    /// Every Secret: namespace, name and what is kept of it, in no order.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &str, &StoredSecret)> {
        let secrets = self.secrets.iter();
        secrets.map(|((namespace, name), secret)| (namespace.as_str(), name.as_str(), secret))
    }

    /// A Pod.
    pub fn pod(&self, namespace: &str, name: &str) -> Option<&StoredPod> {
        get(&self.pods, namespace, name)
    }

    /// A Node.
    pub fn node(&self, name: &str) -> Option<&ObjectIdentity> {
        self.nodes.get(name)
    }

    /// Whether any ServiceAccount was loaded.
    pub fn has_service_accounts(&self) -> bool {
        !self.service_accounts.is_empty()
    }

    /// Whether any Secret was loaded.
    pub fn has_secrets(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Whether any Pod was loaded.
    pub fn has_pods(&self) -> bool {
        !self.pods.is_empty()
    }

    /// The loaded Pods.
    pub fn pods(&self) -> impl Iterator<Item = &StoredPod> {
        self.pods.values()
    }

    /// The names of the loaded Nodes.
    pub fn node_names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }

    /// Whether any Node was loaded.
    pub fn has_nodes(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// Adds a ServiceAccount.
    pub fn add_service_account(&mut self, namespace: &str, name: &str, identity: ObjectIdentity) {
        let key = (namespace.to_owned(), name.to_owned());
        self.service_accounts.insert(key, identity);
    }

    /// Adds an object of another kind.
    pub fn add(&mut self, object: CoreObject) {
        match object {
            CoreObject::Secret(namespace, name, secret) => {
                self.secrets.insert((namespace, name), secret);
            }
            CoreObject::Pod(namespace, name, pod) => {
                self.pods.insert((namespace, name), pod);
            }
            CoreObject::Node(name, identity) => {
                self.nodes.insert(name, identity);
            }
        }
    }
}

/// An object to be added: its namespace, its name, what is kept of it.
#[derive(Clone, Debug)]
pub enum CoreObject {
    /// A Secret.
    Secret(String, String, StoredSecret),
    /// A Pod.
    Pod(String, String, StoredPod),
    /// A Node.
    Node(String, ObjectIdentity),
}
