//! The groups that the server puts users and service accounts in, of those that bindings name.

use super::marks::Marks;
use crate::model::{Cluster, Subject, SubjectKind, Symbol};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Their names.
#[derive(Debug, Default)]
pub(super) struct ServerGroups {
    pub(super) authenticated: Option<Symbol>,
    pub(super) accounts: Option<Symbol>,
    /// The group of the service accounts of each namespace.
    accounts_of: HashMap<Symbol, Symbol, RandomState>,
}

impl ServerGroups {
    /// Looks at a group that a binding names.
    pub(super) fn add(&mut self, cluster: &Cluster, marks: &Marks, group: &Subject) {
        if !marks.is_of_system(group.name) {
            return;
        }
        match cluster.str(group.name) {
            "system:authenticated" => self.authenticated = Some(group.matches),
            "system:serviceaccounts" => self.accounts = Some(group.matches),
            name => {
                let namespace = name.strip_prefix("system:serviceaccounts:");
                let namespace = namespace.and_then(|name| cluster.interner().get(name));
                if let Some(namespace) = namespace {
                    self.accounts_of.insert(namespace, group.matches);
                }
            }
        }
    }

    /// All that bindings name.
    pub(super) fn all(&self) -> impl Iterator<Item = Symbol> {
        let of_all = [self.authenticated, self.accounts].into_iter().flatten();
        of_all.chain(self.accounts_of.values().copied())
    }

    /// The group of the service accounts of a subject's namespace.
    pub(super) fn accounts_of(&self, subject: &Subject) -> Option<Symbol> {
        match subject.kind {
            SubjectKind::ServiceAccount => self.accounts_of.get(&subject.namespace).copied(),
            _ => None,
        }
    }

    /// The groups of a subject.
    pub(super) fn of(&self, subject: &Subject) -> impl Iterator<Item = Symbol> + use<> {
        let groups = match subject.kind {
            SubjectKind::Group => [None; 3],
            SubjectKind::User => [self.authenticated, None, None],
            SubjectKind::ServiceAccount => {
                [self.authenticated, self.accounts, self.accounts_of(subject)]
            }
        };
        groups.into_iter().flatten()
    }
}
