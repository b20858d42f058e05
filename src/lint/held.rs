//! What subjects hold by all of their bindings together: gathered once, asked for many.
//!
//! A subject is its own name and the groups that the server gives to every one of its kind.

use super::Lint;
use super::requests::Bits;
use crate::model::{BindingId, BindingKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Of the requests that the rules ask about: who holds which, whatever the object's name. What is held is a number of
/// its set, or [`NOTHING`].
#[derive(Debug)]
pub(super) struct Held {
    /// In the cluster: of each name of a group or user.
    in_cluster: Vec<u32>,
    /// In the namespace of a RoleBinding: of each of its subjects, by its place among the subjects of all bindings.
    in_namespace: Vec<u32>,
    /// In a namespace: of each group of the server there, which bindings need not name.
    of_server: HashMap<(u32, Symbol), u32, RandomState>,
    /// Many hold the same.
    sets: Vec<Bits>,
}

const NOTHING: u32 = u32::MAX;

/// What roles grant by a binding of each kind, each set once for a role.
struct Granted {
    /// Of each role: the number of what a ClusterRoleBinding grants of it, and of what a RoleBinding does.
    numbers: Vec<[u32; 2]>,
    sets: Vec<Bits>,
}

impl Granted {
    /// Adds what a binding grants to what a name holds already.
    fn add(&mut self, lint: &Lint<'_>, (kind, id): (BindingKind, BindingId), to: &mut [u32]) {
        let Some(role) = lint.role_of(id) else {
            return;
        };
        let all = lint.allowed(role).any_name;
        let granted = match kind {
            BindingKind::ClusterRoleBinding => all,
            BindingKind::RoleBinding => all.and(lint.requests.namespaced()),
        };
        if granted.is_empty() {
            return;
        }
        let known = self.numbers[role.0 as usize][kind as usize];
        let number = match known {
            NOTHING => self.added(granted),
            known => known,
        };
        self.numbers[role.0 as usize][kind as usize] = number;
        for &name in lint.identities.of_binding(id) {
            let held = &mut to[name as usize];
            if *held == NOTHING {
                *held = number;
                continue;
            }
            let before = self.sets[*held as usize];
            if !granted.without(before).is_empty() {
                *held = self.added(before.or(granted));
            }
        }
    }

    fn added(&mut self, set: Bits) -> u32 {
        self.sets.push(set);
        u32::try_from(self.sets.len() - 1).unwrap_or(NOTHING)
    }
}

impl Held {
    /// Looks at every binding once, namespace by namespace.
    pub(super) fn new(lint: &Lint<'_>) -> Self {
        let names = lint.identities.count();
        let mut granted = Granted {
            numbers: vec![[NOTHING; 2]; lint.cluster.roles().len()],
            sets: Vec::new(),
        };
        let mut in_cluster = vec![NOTHING; names];
        let of_cluster = lint.bindings();
        let of_cluster = of_cluster.filter(|(_, it)| it.kind == BindingKind::ClusterRoleBinding);
        for (id, it) in of_cluster {
            granted.add(lint, (it.kind, id), &mut in_cluster);
        }
        let mut is_of_server = vec![false; names];
        for group in lint.server_groups.all() {
            if let Some(group) = lint.identities.of(true, group) {
                is_of_server[group as usize] = true;
            }
        }
        let mut of_server = HashMap::default();
        let mut in_namespace = vec![NOTHING; lint.identities.subjects()];
        let mut here = vec![NOTHING; names];
        for (&namespace, bindings) in &lint.of_bindings.in_namespace {
            for &id in bindings {
                granted.add(lint, (BindingKind::RoleBinding, id), &mut here);
            }
            for &id in bindings {
                let names = lint.identities.of_binding(id);
                for (place, name) in lint.identities.places(id).zip(names) {
                    in_namespace[place] = here[*name as usize];
                }
            }
            let named = bindings.iter();
            for &name in named.flat_map(|id| lint.identities.of_binding(*id)) {
                let held = std::mem::replace(&mut here[name as usize], NOTHING);
                if held != NOTHING && is_of_server[name as usize] {
                    of_server.insert((name, namespace), held);
                }
            }
        }
        Held {
            in_cluster,
            in_namespace,
            of_server,
            sets: granted.sets,
        }
    }

    /// Whether a subject of a binding, or a group of it, holds one of the requests where the binding grants: in its
    /// namespace, or in the cluster.
    pub(super) fn meets(
        &self,
        lint: &Lint<'_>,
        (binding, subject): (BindingId, u32),
        wanted: Bits,
    ) -> bool {
        let meets = |set: u32| {
            let set = self.sets.get(set as usize);
            set.is_some_and(|set| set.meets(wanted))
        };
        let place = lint.identities.places(binding).start + subject as usize;
        let own = lint.identities.of_binding(binding)[subject as usize];
        if meets(self.in_cluster[own as usize]) || meets(self.in_namespace[place]) {
            return true;
        }
        let binding = lint.cluster.binding(binding);
        let groups = lint.server_groups.of(&binding.subjects[subject as usize]);
        let mut groups = groups.filter_map(|group| lint.identities.of(true, group));
        groups.any(|group| {
            let held = self.of_server.get(&(group, binding.namespace));
            meets(self.in_cluster[group as usize]) || held.is_some_and(|set| meets(*set))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rbac::{Decision, Rbac};
    use crate::lint::Settings;
    use crate::lint::requests::Atom;
    use crate::load::{Format, Loader, Options};
    use crate::model::{Attributes, Request, SubjectKind};

    const POLICY: &str = "
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: [{apiGroups: [''], resources: [secrets, pods/exec, nodes/proxy], verbs: [get, create]}, {apiGroups: ['*'], resources: ['*/token'], verbs: ['*']}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: b}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, rolebindings], verbs: [bind, create, escalate]}, {apiGroups: [''], resources: [pods], resourceNames: [x], verbs: ['*']}, {apiGroups: [''], resources: [pods], resourceNames: ['', x], verbs: [create]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {namespace: one, name: c}, rules: [{apiGroups: [''], resources: ['*'], verbs: [list, impersonate]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}, subjects: [{kind: Group, name: 'system:serviceaccounts:one'}, {kind: User, name: jane}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: one, name: a}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: b}, subjects: [{kind: Group, name: 'system:authenticated'}, {kind: User, name: 'system:serviceaccount:one:bot'}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: one, name: c}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: c}, subjects: [{kind: ServiceAccount, name: bot}, {kind: Group, name: devs}, {kind: Group, name: 'system:serviceaccounts'}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: two, name: a}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}, subjects: [{kind: ServiceAccount, namespace: one, name: bot}, {kind: ServiceAccount, namespace: two, name: bot}]}
";

    /// Every request of a resource by itself.
    fn atoms<'a>(lint: &'a Lint<'_>) -> Vec<(bool, bool, Bits, &'a Atom)> {
        let all = lint.requests.atoms(Bits::default().inverse());
        let all = all
            .enumerate()
            .filter(|(_, (.., atom))| atom.path.is_empty());
        all.map(|(number, (namespaced, nameless, atom))| {
            (namespaced, nameless, Bits::one(number), atom)
        })
        .collect()
    }

    #[test]
    fn says_what_the_authorizer_says() {
        let mut loader = Loader::new(Options::default());
        loader
            .add_text("a.yaml", POLICY, Format::Guess)
            .expect("good");
        let cluster = loader.finish();
        let rbac = Rbac::new(&cluster);
        let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        let lint = Lint::new(&cluster, &rbac, &settings);
        let held_by_all = Held::new(&lint);
        let mut allowed = 0;
        let subjects = lint.bindings().flat_map(|(id, binding)| {
            let subjects = (0u32..).zip(&binding.subjects);
            subjects.map(move |(index, subject)| ((id, index), subject))
        });
        for (place, subject) in subjects {
            let of_namespace = format!("system:serviceaccounts:{}", lint.str(subject.namespace));
            let name = lint.str(subject.matches);
            let (user, groups) = match subject.kind {
                SubjectKind::Group => ("", vec![name]),
                SubjectKind::User => (name, vec!["system:authenticated"]),
                SubjectKind::ServiceAccount => (
                    name,
                    vec![
                        "system:serviceaccounts",
                        &of_namespace,
                        "system:authenticated",
                    ],
                ),
            };
            let namespace = lint.str(cluster.binding(place.0).namespace);
            for (namespaced, nameless, bit, atom) in atoms(&lint) {
                let attributes = Attributes {
                    user,
                    groups: &groups,
                    request: Request::Resource {
                        verb: &atom.verb,
                        group: &atom.group,
                        resource: &atom.resource,
                        subresource: &atom.subresource,
                        namespace: if namespaced { namespace } else { "" },
                        name: if nameless { "" } else { "\u{0}" },
                    },
                    ..Attributes::default()
                };
                let expected = matches!(rbac.decide(&attributes), Decision::Allow(_));
                let held = held_by_all.meets(&lint, place, bit);
                assert_eq!(held, expected, "{name} {namespace:?} {atom:?}");
                allowed += usize::from(held);
            }
        }
        assert!(allowed > 100, "{allowed}");
    }
}
