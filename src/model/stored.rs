//! Objects of which nothing but the name matters: whether a request for one finds it.

use foldhash::fast::RandomState;
use std::collections::HashMap;

type ByText<V> = HashMap<String, V, RandomState>;

/// The names of loaded objects, by API group and kind.
#[derive(Debug, Default)]
pub struct StoredNames(HashMap<(String, String), ByText<Vec<String>>, RandomState>);

/// An object of which only the name is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredName {
    /// The API group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; where the manifest names none, that of the load.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl StoredNames {
    /// Adds an object.
    pub fn add(&mut self, object: StoredName) {
        let names = self.0.entry((object.group, object.kind)).or_default();
        let namespaces = names.entry(object.name).or_default();
        if !namespaces.contains(&object.namespace) {
            namespaces.push(object.namespace);
        }
    }

    /// Whether such an object was loaded; without a namespace, in any.
    pub fn has(&self, group: &str, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        let names = self.0.get(&(group.to_owned(), kind.to_owned()));
        names.and_then(|names| names.get(name)).is_some_and(|all| {
            namespace.is_none_or(|namespace| all.iter().any(|found| found == namespace))
        })
    }
}
