//! What is known of bindings, told in one pass over them: they and their subjects lie far apart.

use super::Lint;
use super::identities::Identities;
use super::marks::Marks;
use super::server_groups::ServerGroups;
use crate::model::{BindingId, BindingKind, Cluster, RoleId, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// Of a binding whose roleRef leads nowhere.
const NO_ROLE: u32 = u32::MAX;

/// What is known of bindings.
#[derive(Debug)]
pub(super) struct Bindings {
    /// The role of each, or [`NO_ROLE`].
    roles: Vec<u32>,
    /// Those of each role.
    of_role: Vec<Vec<BindingId>>,
    /// RoleBindings by namespace.
    pub(super) in_namespace: HashMap<Symbol, Vec<BindingId>, RandomState>,
    /// Of each: whether a subject is everybody of some kind.
    broad: Vec<bool>,
    /// Of each: whether any subject gains something.
    gains: Vec<bool>,
    /// How many roleRefs lead nowhere.
    dangling: usize,
    /// The namespaces of the service accounts that they name.
    pub(super) granted: HashSet<Symbol, RandomState>,
}

/// Looks at all bindings of a cluster: what is known of them, who they name, and which groups of the server.
pub(super) fn survey(cluster: &Cluster, marks: &Marks) -> (Bindings, Identities, ServerGroups) {
    let count = cluster.bindings().len();
    let mut bindings = Bindings {
        roles: Vec::with_capacity(count),
        of_role: vec![Vec::new(); cluster.roles().len()],
        in_namespace: HashMap::default(),
        broad: Vec::with_capacity(count),
        gains: Vec::with_capacity(count),
        dangling: 0,
        granted: HashSet::default(),
    };
    let mut identities = Identities::new(cluster);
    let mut server_groups = ServerGroups::default();
    for (id, binding) in (0u32..).map(BindingId).zip(cluster.bindings()) {
        match cluster.resolve_role(&binding.role_ref, binding.namespace) {
            Some(role) => {
                bindings.roles.push(role.0);
                bindings.of_role[role.0 as usize].push(id);
            }
            None => {
                bindings.roles.push(NO_ROLE);
                bindings.dangling += 1;
            }
        }
        if binding.kind == BindingKind::RoleBinding {
            let of_namespace = bindings.in_namespace.entry(binding.namespace);
            of_namespace.or_default().push(id);
        }
        let (mut broad, mut gains) = (false, false);
        for subject in &binding.subjects {
            broad |= marks.is_broad(cluster, subject);
            gains |= !marks.gains_nothing(subject);
            match subject.kind {
                SubjectKind::Group => server_groups.add(cluster, marks, subject),
                SubjectKind::ServiceAccount => {
                    bindings.granted.insert(subject.namespace);
                }
                SubjectKind::User => {}
            }
        }
        bindings.broad.push(broad);
        bindings.gains.push(gains);
        identities.add(binding);
    }
    (bindings, identities, server_groups)
}

impl Lint<'_> {
    /// The role that a binding grants, if it exists.
    pub fn role_of(&self, binding: BindingId) -> Option<RoleId> {
        let role = self.of_bindings.roles[binding.0 as usize];
        (role != NO_ROLE).then_some(RoleId(role))
    }

    /// The bindings that grant a role.
    pub fn bindings_of(&self, role: RoleId) -> &[BindingId] {
        &self.of_bindings.of_role[role.0 as usize]
    }

    /// The RoleBindings of a namespace.
    pub fn bindings_in(&self, namespace: Symbol) -> &[BindingId] {
        let of_namespace = self.of_bindings.in_namespace.get(&namespace);
        of_namespace.map_or(&[], Vec::as_slice)
    }

    /// Whether so few roleRefs lead nowhere that each can be compared with every role.
    pub fn few_dangling(&self) -> bool {
        self.of_bindings.dangling * self.cluster.roles().len() <= 100_000
    }

    /// Whether any subject of a binding gains something by it.
    pub fn gains_something(&self, binding: BindingId) -> bool {
        self.of_bindings.gains[binding.0 as usize]
    }

    /// Whether a subject of a binding is everybody, or everybody of some kind.
    pub fn is_broad(&self, binding: BindingId) -> bool {
        self.of_bindings.broad[binding.0 as usize]
    }
}
