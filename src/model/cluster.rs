//! The loaded world: one value, built once, never changed.

use super::api_resources::{ApiResources, CustomResource};
use super::core_objects::{CoreObjects, ObjectIdentity};
use super::node_objects::NodeObjects;
use super::notes::Notes;
use super::stored::StoredNames;
use super::{
    Binding, BindingKind, FileId, Interner, Position, Role, RoleKind, RoleRef, Symbol, aggregation,
};
use foldhash::fast::RandomState;
use std::collections::BTreeMap;

/// Seeded anew in each process: names come from hostile files.
type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;

/// A role of a [`Cluster`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleId(pub u32);

/// A binding of a [`Cluster`]. Ids are in the order in which RBAC visits bindings: every
/// ClusterRoleBinding before every RoleBinding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BindingId(pub u32);

/// Objects by kind, namespace and name.
type ByName<K, V> = HashMap<(K, Symbol, Symbol), V>;

/// Something that was loaded but is not in the cluster as written, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where the object stands.
    pub position: Position,
    /// What and why, for people.
    pub message: String,
}

/// Everything that a question is judged against.
#[derive(Debug)]
pub struct Cluster {
    interner: Interner,
    files: Vec<String>,
    roles: Vec<Role>,
    role_by_name: ByName<RoleKind, RoleId>,
    bindings: Vec<Binding>,
    service_accounts: HashMap<(Symbol, Symbol), Position>,
    core_objects: CoreObjects,
    other_objects: StoredNames,
    node_objects: NodeObjects,
    notes: Notes,
    namespaces: HashMap<Symbol, Position>,
    api_resources: ApiResources,
    kinds: BTreeMap<String, usize>,
    refusals: Vec<Refusal>,
    left_out: BTreeMap<FileId, usize>,
}

impl Cluster {
    /// The strings of the cluster.
    #[inline]
    pub fn interner(&self) -> &Interner {
        &self.interner
    }

    /// The string of a symbol.
    #[inline]
    pub fn str(&self, symbol: Symbol) -> &str {
        self.interner.resolve(symbol)
    }

    /// The name of a loaded file, as the user gave it.
    pub fn file_name(&self, file: FileId) -> &str {
        &self.files[file.0 as usize]
    }

    /// `FILE:LINE:COLUMN`, or `built-in`.
    pub fn place(&self, position: Position) -> String {
        if position.is_built_in() {
            return "built-in".to_owned();
        }
        let file = self.file_name(position.file);
        format!("{file}:{}:{}", position.line, position.column)
    }

    /// All roles, defaults first, then in the order of loading.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// One role.
    #[inline]
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[id.0 as usize]
    }

    /// The role that a binding of `namespace` refers to, if it exists.
    pub fn resolve_role(&self, role_ref: &RoleRef, namespace: Symbol) -> Option<RoleId> {
        let namespace = match role_ref.kind {
            RoleKind::Role => namespace,
            RoleKind::ClusterRole => Symbol::EMPTY,
        };
        self.role_by_name
            .get(&(role_ref.kind, namespace, role_ref.name))
            .copied()
    }

    /// All bindings; the index is the [`BindingId`].
    #[inline]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// One binding.
    #[inline]
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.0 as usize]
    }

    /// The loaded ServiceAccounts: (namespace, name) and place.
    pub fn service_accounts(&self) -> &HashMap<(Symbol, Symbol), Position> {
        &self.service_accounts
    }

    /// The loaded objects that credentials are bound to.
    pub fn core_objects(&self) -> &CoreObjects {
        &self.core_objects
    }

    /// The loaded objects of kinds that nothing else is kept of.
    pub fn other_objects(&self) -> &StoredNames {
        &self.other_objects
    }

    /// The loaded objects, Pods apart, that are tied to nodes.
    pub fn node_objects(&self) -> &NodeObjects {
        &self.node_objects
    }

    /// What is known beside the policy, for lint.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The loaded Namespaces.
    pub fn namespaces(&self) -> &HashMap<Symbol, Position> {
        &self.namespaces
    }

    /// The resources that the API serves.
    pub fn api_resources(&self) -> &ApiResources {
        &self.api_resources
    }

    /// How many objects of each kind were loaded, built-in ones not counted.
    pub fn loaded_kinds(&self) -> &BTreeMap<String, usize> {
        &self.kinds
    }

    /// How many files were loaded.
    pub fn file_count(&self) -> usize {
        self.files.len() - 1
    }

    /// Files with documents that are no Kubernetes objects and were left out, and how many.
    pub fn left_out(&self) -> &BTreeMap<FileId, usize> {
        &self.left_out
    }

    /// Loaded objects that the server would refuse or replace.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }
}

/// Gathers objects; [`ClusterBuilder::build`] makes them a [`Cluster`].
#[derive(Debug)]
pub struct ClusterBuilder {
    /// Where the strings of the objects to be added are interned.
    pub interner: Interner,
    /// What credentials are bound to.
    pub core_objects: CoreObjects,
    /// What only requests for it can find.
    pub other_objects: StoredNames,
    /// What nodes are related to, Pods apart.
    pub node_objects: NodeObjects,
    /// What is known beside the policy.
    pub notes: Notes,
    files: Vec<String>,
    roles: Vec<Role>,
    role_by_name: ByName<RoleKind, RoleId>,
    /// Of each kind, in the order in which RBAC visits the kinds.
    bindings: [Vec<Binding>; 2],
    binding_by_name: ByName<BindingKind, u32>,
    service_accounts: HashMap<(Symbol, Symbol), Position>,
    namespaces: HashMap<Symbol, Position>,
    custom_resources: Vec<CustomResource>,
    kinds: HashMap<Symbol, usize>,
    refusals: Vec<Refusal>,
    left_out: BTreeMap<FileId, usize>,
}

impl Default for ClusterBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ClusterBuilder {
    /// An empty cluster that knows the built-in API resources.
    pub fn new() -> Self {
        ClusterBuilder {
            interner: Interner::default(),
            core_objects: CoreObjects::default(),
            other_objects: StoredNames::default(),
            node_objects: NodeObjects::default(),
            notes: Notes::default(),
            files: vec!["built-in".to_owned()],
            roles: Vec::new(),
            role_by_name: ByName::default(),
            bindings: Default::default(),
            binding_by_name: ByName::default(),
            service_accounts: HashMap::default(),
            namespaces: HashMap::default(),
            custom_resources: Vec::new(),
            kinds: HashMap::default(),
            refusals: Vec::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// Names a file whose objects follow.
    pub fn add_file(&mut self, name: impl Into<String>) -> FileId {
        self.files.push(name.into());
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The name of a file added before.
    pub fn file_name(&self, file: FileId) -> &str {
        &self.files[file.0 as usize]
    }

    /// Makes room for as many more objects; most objects of a large cluster are bindings.
    pub fn reserve(&mut self, objects: usize) {
        self.binding_by_name.reserve(objects);
    }

    /// Adds a role; it replaces one of the same kind, namespace and name.
    pub fn add_role(&mut self, role: Role) {
        let key = (role.kind, role.namespace, role.name);
        let id = RoleId(u32::try_from(self.roles.len()).unwrap_or(u32::MAX));
        match self.role_by_name.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(id);
                self.roles.push(role);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let slot = entry.get().0 as usize;
                let old = &self.roles[slot];
                let same = old.labels == role.labels
                    && old.aggregation_rule == role.aggregation_rule
                    && old.rules.len() == role.rules.len()
                    && old
                        .rules
                        .iter()
                        .zip(&role.rules)
                        .all(|(a, b)| a.same_content(b));
                let replaced = old.position;
                let (kind, name) = (role.kind.as_str(), role.name);
                let position = role.position;
                self.roles[slot] = role;
                self.note_replacement(kind, name, position, replaced, same);
            }
        }
    }

    /// Adds a binding; it replaces one of the same kind, namespace and name, where the server lets it:
    /// a roleRef cannot be changed.
    pub fn add_binding(&mut self, binding: Binding) {
        let key = (binding.kind, binding.namespace, binding.name);
        let of_kind = &mut self.bindings[binding.kind as usize];
        let slot = match self.binding_by_name.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(u32::try_from(of_kind.len()).unwrap_or(u32::MAX));
                of_kind.push(binding);
                return;
            }
            std::collections::hash_map::Entry::Occupied(entry) => *entry.get() as usize,
        };
        let old = &of_kind[slot];
        let replaced = old.position;
        let (kind, name, position) = (binding.kind.as_str(), binding.name, binding.position);
        let same_role = old.role_ref.kind == binding.role_ref.kind
            && old.role_ref.name == binding.role_ref.name;
        if !same_role && !replaced.is_built_in() {
            let message = format!(
                "{kind} {:?} is defined before, at {}, with another roleRef, which cannot be changed: the server refuses this one, so it grants nothing",
                self.interner.resolve(name),
                self.place(replaced)
            );
            self.refuse(position, message);
            return;
        }
        let same = same_role
            && old.subjects.len() == binding.subjects.len()
            && old
                .subjects
                .iter()
                .zip(&binding.subjects)
                .all(|(a, b)| a.kind == b.kind && a.matches == b.matches);
        of_kind[slot] = binding;
        self.note_replacement(kind, name, position, replaced, same);
    }

    /// Adds a ServiceAccount.
    pub fn add_service_account(&mut self, namespace: Symbol, name: Symbol, id: ObjectIdentity) {
        self.service_accounts.insert((namespace, name), id.position);
        let (namespace, name) = (
            self.interner.resolve(namespace),
            self.interner.resolve(name),
        );
        self.core_objects.add_service_account(namespace, name, id);
    }

    /// Adds a Namespace.
    pub fn add_namespace(&mut self, name: Symbol, position: Position) {
        self.namespaces.insert(name, position);
    }

    /// Adds the resource that a CustomResourceDefinition defines.
    pub fn add_custom_resource(&mut self, resource: CustomResource) {
        self.custom_resources.push(resource);
    }

    /// Counts a loaded object.
    pub fn count_kind(&mut self, kind: Symbol) {
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// Notes that documents of a file are no Kubernetes objects.
    pub fn leave_out(&mut self, file: FileId, documents: usize) {
        self.left_out.insert(file, documents);
    }

    /// Notes that a loaded object is not in the cluster as written.
    pub fn refuse(&mut self, position: Position, message: String) {
        self.refusals.push(Refusal { position, message });
    }

    /// Settles aggregation (unless told not to) and freezes the cluster.
    pub fn build(mut self, aggregate: bool) -> Cluster {
        if aggregate {
            aggregation::settle(&mut self.roles, &self.interner);
        }
        let [mut bindings, role_bindings] = self.bindings;
        bindings.extend(role_bindings);
        let kinds = self.kinds.iter();
        let kinds = kinds.map(|(kind, count)| (self.interner.resolve(*kind).to_owned(), *count));
        let kinds = kinds.collect();
        Cluster {
            interner: self.interner,
            files: self.files,
            roles: self.roles,
            role_by_name: self.role_by_name,
            bindings,
            service_accounts: self.service_accounts,
            core_objects: self.core_objects,
            other_objects: self.other_objects,
            node_objects: self.node_objects,
            notes: self.notes,
            namespaces: self.namespaces,
            api_resources: {
                let mut resources = ApiResources::built_in();
                resources.extend(self.custom_resources);
                resources
            },
            kinds,
            refusals: self.refusals,
            left_out: self.left_out,
        }
    }

    fn note_replacement(
        &mut self,
        kind: &str,
        name: Symbol,
        position: Position,
        replaced: Position,
        same: bool,
    ) {
        // Replacing a built-in object is what --no-defaults's absence promises; a copy changes nothing.
        if same || replaced.is_built_in() {
            return;
        }
        let message = format!(
            "{kind} {:?} replaces the different one at {}",
            self.interner.resolve(name),
            self.place(replaced)
        );
        self.refuse(position, message);
    }

    fn place(&self, position: Position) -> String {
        let file = self.file_name(position.file);
        format!("{file}:{}:{}", position.line, position.column)
    }
}
