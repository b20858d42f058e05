//! Who holds critical grants, by itself or through the accounts that it can act as.

use super::Lint;
use super::grants::{TARGETS, acts_as, grade, leads_to};
use super::severity::Severity;
use crate::authz::PRIVILEGED_GROUP;
use crate::model::{Binding, BindingId, BindingKind, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A service account with a critical grant.
#[derive(Clone, Copy, Debug)]
pub struct Powerful {
    /// Its user name.
    pub user: Symbol,
    /// The binding of the grant.
    pub binding: BindingId,
    /// Through which other account it comes to power; `None` where it holds it.
    pub through: Option<Symbol>,
    /// Whether it ends in everything, and not only in something critical.
    pub everything: bool,
}

impl<'c> Lint<'c> {
    /// The service accounts of a namespace with critical grants.
    pub fn powerful_in(&self, namespace: Symbol) -> &[Powerful] {
        self.powerful.get(&namespace).map_or(&[], Vec::as_slice)
    }

    /// The service account of a user name, if it has a critical grant.
    pub(super) fn powerful_account(&self, user: Symbol) -> Option<&Powerful> {
        let account = self.str(user).strip_prefix("system:serviceaccount:")?;
        let (namespace, _) = account.split_once(':')?;
        let namespace = self.cluster.interner().get(namespace)?;
        let mut of_namespace = self.powerful_in(namespace).iter();
        of_namespace.find(|powerful| powerful.user == user)
    }

    /// Every service account with a critical grant.
    pub fn powerful(&self) -> impl Iterator<Item = &Powerful> {
        self.powerful.values().flatten()
    }

    /// A few of the accounts that reach everything, in every namespace: those that hold it by themselves.
    pub(super) fn masters(&self) -> &[Powerful] {
        self.masters.get_or_init(|| {
            let powerful = self.powerful();
            let all = powerful.filter(|p| p.everything && p.through.is_none());
            let mut masters: Vec<Powerful> = all.copied().collect();
            masters.sort_by_key(|p| p.binding.0);
            masters
        })
    }

    /// Whether whoever takes over a namespace gains something critical that these subjects lack.
    pub fn is_privileged(&self, namespace: Symbol, binding: &Binding) -> bool {
        self.privileged.contains(&namespace)
            || self.powerful_in(namespace).iter().any(|powerful| {
                binding
                    .subjects
                    .iter()
                    .any(|subject| subject.matches != powerful.user)
            })
    }

    /// Whether a user, group or account of this name holds critical grants.
    pub fn is_powerful_name(&self, name: &str) -> bool {
        let known = [
            PRIVILEGED_GROUP,
            "system:kube-controller-manager",
            "system:kube-scheduler",
        ];
        let found = || {
            let name = self.cluster.interner().get(name);
            name.is_some_and(|name| self.powerful_names().contains(&name))
        };
        known.contains(&name) || name.starts_with("system:node:") || found()
    }

    /// Whether a service account of this name holds critical grants, in a namespace or (empty) in any.
    pub fn is_powerful_account(&self, namespace: &str, name: &str) -> bool {
        if !namespace.is_empty() {
            return self.is_powerful_name(&format!("system:serviceaccount:{namespace}:{name}"));
        }
        let names = self.powerful_accounts.get_or_init(|| {
            let names = self.powerful_names().iter();
            let accounts = names.filter_map(|name| {
                let account = self.str(*name).strip_prefix("system:serviceaccount:")?;
                Some(account.split_once(':')?.1)
            });
            accounts.collect()
        });
        names.contains(name)
    }

    /// Users with critical grants whom bindings name.
    pub fn powerful_users(&self) -> &[&'c str] {
        self.powerful_users.get_or_init(|| {
            let subjects = self.bindings().flat_map(|(_, binding)| &binding.subjects);
            let users = subjects.filter(|subject| subject.kind == SubjectKind::User);
            let names: BTreeSet<&str> = users
                .map(|user| self.str(user.name))
                .filter(|name| self.is_powerful_name(name))
                .collect();
            names.into_iter().collect()
        })
    }

    fn powerful_names(&self) -> &HashSet<Symbol, RandomState> {
        self.powerful_names.get_or_init(|| powerful_names(self))
    }

    /// Whether a RoleBinding lets its subjects act as a service account of its namespace.
    pub fn acts_as(&self, binding: BindingId, account: Symbol) -> bool {
        acts_as(self, binding, account)
    }

    /// Whether the groups of bootstrap tokens hold more than the requests of a node for its certificate.
    pub fn joiners_hold_more(&self) -> bool {
        *self.joiners_hold_more.get_or_init(|| {
            self.bindings().any(|(id, binding)| {
                let mut subjects = binding.subjects.iter();
                let joins = subjects.any(|subject| {
                    let is_one = |name: &str| {
                        name == "system:bootstrappers" || name.starts_with("system:bootstrappers:")
                    };
                    subject.kind == SubjectKind::Group
                        && self.marks.is_of_system(subject.name)
                        && is_one(self.str(subject.name))
                });
                joins && !self.known.binding(id) && self.is_about_more_than_requests(id)
            })
        })
    }

    /// Whether a binding grants more than requests for certificates.
    fn is_about_more_than_requests(&self, id: BindingId) -> bool {
        let requests = |resource: &Symbol| {
            let name = self.str(*resource);
            let (parent, _) = name.split_once('/').unwrap_or((name, ""));
            parent == "certificatesigningrequests"
        };
        let role = self.role_of(id).map(|role| self.cluster.role(role));
        role.is_some_and(|role| {
            role.rules.iter().any(|rule| {
                !rule.non_resource_urls.is_empty() || !rule.resources.iter().all(requests)
            })
        })
    }
}

/// Rules that amount to everything.
const EVERYTHING: [&str; 6] = ["RBC101", "RBC122", "RBC123", "RBC125", "RBC126", "RBC201"];

/// The service accounts with critical grants, and those that reach one of them, by namespace.
pub(super) fn powerful(lint: &Lint<'_>) -> HashMap<Symbol, Vec<Powerful>, RandomState> {
    let mut powerful: HashMap<Symbol, Vec<Powerful>, RandomState> = HashMap::default();
    let mut fresh: Vec<Symbol> = Vec::new();
    let mut seen: std::collections::HashSet<Symbol, RandomState> = Default::default();
    let mut note = |powerful: &mut HashMap<Symbol, Vec<Powerful>, RandomState>,
                    fresh: &mut Vec<Symbol>,
                    id: BindingId,
                    through: Option<Symbol>,
                    everything: bool| {
        for subject in &lint.cluster.binding(id).subjects {
            if subject.kind != SubjectKind::ServiceAccount
                || lint.gains_nothing(subject)
                || Some(subject.matches) == through
                || !seen.insert(subject.matches)
            {
                continue;
            }
            let of_namespace = powerful.entry(subject.namespace).or_default();
            if of_namespace.len() < 2 {
                fresh.push(subject.namespace);
            }
            of_namespace.push(Powerful {
                user: subject.matches,
                binding: id,
                through,
                everything,
            });
        }
    };
    // Those of everything first, so that a path ends in as much as it can.
    let mut critical = Vec::new();
    let has_accounts = |binding: &Binding| {
        let mut subjects = binding.subjects.iter();
        subjects.any(|subject| subject.kind == SubjectKind::ServiceAccount)
    };
    for (id, binding) in lint.bindings() {
        let Some(role) = lint.role_of(id) else {
            continue;
        };
        let danger = lint.dangers[role.0 as usize];
        if !danger.grave[binding.kind as usize] || lint.known.binding(id) || !has_accounts(binding)
        {
            continue;
        }
        let is_plain = binding.kind == BindingKind::RoleBinding
            && !lint.is_broad(id)
            && !lint.is_privileged(binding.namespace, binding);
        if is_plain && !danger.grave_elsewhere {
            continue;
        }
        let graded = grade(lint, id, false);
        let graded = graded
            .iter()
            .filter(|(_, severity, _)| *severity == Severity::Critical);
        let mut everything = None;
        for (hit, ..) in graded {
            everything = Some(everything == Some(true) || EVERYTHING.contains(&hit.rule.id));
        }
        match everything {
            Some(true) => note(&mut powerful, &mut fresh, id, None, true),
            Some(false) => critical.push(id),
            None => {}
        }
    }
    for id in critical {
        note(&mut powerful, &mut fresh, id, None, false);
    }
    while let Some(namespace) = fresh.pop() {
        let Some(targets) = powerful.get(&namespace).cloned() else {
            continue;
        };
        for &id in lint.bindings_in(namespace) {
            let Some(role) = lint.role_of(id) else {
                continue;
            };
            if !lint.dangers[role.0 as usize].may_lead || lint.known.binding(id) {
                continue;
            }
            let hits = &lint.hits[role.0 as usize];
            let subjects = &lint.cluster.binding(id).subjects;
            let target = targets.iter().take(TARGETS).find(|t| {
                subjects.iter().any(|s| s.matches != t.user)
                    && hits
                        .namespace
                        .iter()
                        .any(|hit| hit.whole && leads_to(lint, role, hit, t.user))
            });
            if let Some(target) = target {
                note(
                    &mut powerful,
                    &mut fresh,
                    id,
                    Some(target.user),
                    target.everything,
                );
            }
        }
    }
    powerful
}

/// Users and groups with critical grants of their own.
pub(super) fn powerful_names(lint: &Lint<'_>) -> std::collections::HashSet<Symbol, RandomState> {
    let mut names = std::collections::HashSet::default();
    for (id, binding) in lint.bindings() {
        let graded = grade(lint, id, false);
        if graded
            .iter()
            .any(|(_, severity, _)| *severity == Severity::Critical)
        {
            names.extend(binding.subjects.iter().map(|subject| subject.matches));
        }
    }
    names
}
