//! What subjects hold by all of their bindings together: gathered once, asked for many.
//!
//! A subject is its own name and the groups that the server gives to every one of its kind.

use super::Lint;
use super::requests::Bits;
use crate::model::{BindingId, BindingKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Of the requests that the rules ask about: who holds which, whatever the object's name.
#[derive(Debug)]
pub(super) struct Held {
    /// In the cluster: of each name of a group or user, the number of what it holds.
    in_cluster: Vec<Option<u32>>,
    /// In namespaces: of each number of a name and namespace.
    in_namespace: HashMap<(u32, Symbol), u32, RandomState>,
    /// Of each name: whether it holds anything in a namespace. Most groups of the server hold nothing.
    in_some: Vec<bool>,
    /// What is held: many hold the same.
    sets: Vec<Bits>,
}

impl Held {
    /// Looks at every binding once.
    pub(super) fn new(lint: &Lint<'_>) -> Self {
        let names = lint.identities.count();
        let mut found = Held {
            in_cluster: vec![None; names],
            in_namespace: HashMap::default(),
            in_some: vec![false; names],
            sets: Vec::new(),
        };
        found.in_namespace.reserve(lint.cluster.bindings().len());
        // Of each role: the number of what a ClusterRoleBinding grants of it, and of what a RoleBinding does.
        let mut numbers: Vec<[Option<u32>; 2]> = vec![[None; 2]; lint.cluster.roles().len()];
        for (id, binding) in lint.bindings() {
            let Some(role) = lint.role_of(id) else {
                continue;
            };
            let all = lint.allowed(role).any_name;
            let (scope, kind, granted) = match binding.kind {
                BindingKind::ClusterRoleBinding => (Symbol::EMPTY, 0, all),
                BindingKind::RoleBinding => {
                    (binding.namespace, 1, all.and(lint.requests.namespaced()))
                }
            };
            if granted.is_empty() {
                continue;
            }
            let sets = &mut found.sets;
            let number_of_set =
                *numbers[role.0 as usize][kind].get_or_insert_with(|| added(sets, granted));
            for &name in lint.identities.of_binding(id) {
                let held = match scope {
                    Symbol::EMPTY => found.in_cluster[name as usize].get_or_insert(number_of_set),
                    scope => {
                        found.in_some[name as usize] = true;
                        let held = found.in_namespace.entry((name, scope));
                        held.or_insert(number_of_set)
                    }
                };
                let before = found.sets[*held as usize];
                if !granted.without(before).is_empty() {
                    *held = added(&mut found.sets, before.or(granted));
                }
            }
        }
        found
    }

    /// Whether a subject of a binding, or a group of it, holds one of the requests in a namespace, or in the cluster
    /// alone for [`Symbol::EMPTY`].
    pub(super) fn meets(
        &self,
        lint: &Lint<'_>,
        (binding, subject): (BindingId, u32),
        namespace: Symbol,
        wanted: Bits,
    ) -> bool {
        let meets = |set: u32| self.sets[set as usize].meets(wanted);
        let holds = |name: u32| {
            let in_namespace = || self.in_namespace.get(&(name, namespace)).copied();
            self.in_cluster[name as usize].is_some_and(meets)
                || (namespace != Symbol::EMPTY
                    && self.in_some[name as usize]
                    && in_namespace().is_some_and(meets))
        };
        let own = lint.identities.of_binding(binding)[subject as usize];
        let subject = &lint.cluster.binding(binding).subjects[subject as usize];
        let mut groups = lint.server_groups.of(subject);
        holds(own) || groups.any(|group| lint.identities.of(true, group).is_some_and(holds))
    }
}

fn added(sets: &mut Vec<Bits>, set: Bits) -> u32 {
    sets.push(set);
    u32::try_from(sets.len() - 1).unwrap_or(u32::MAX)
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
            for namespace in ["", "one", "two", "kube-system"] {
                let symbol = cluster.interner().get(namespace).expect("a namespace");
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
                    let held = held_by_all.meets(&lint, place, symbol, bit);
                    assert_eq!(held, expected, "{name} {namespace:?} {atom:?}");
                    allowed += usize::from(held);
                }
            }
        }
        assert!(allowed > 100, "{allowed}");
    }
}
