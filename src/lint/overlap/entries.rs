//! Subjects of bindings side by side, and those of one name chained: what is asked of them again and again is
//! asked of memory that lies together.

use crate::lint::Lint;
use crate::lint::covered::{Counted, Sketch};
use crate::model::{BindingId, BindingKind, RoleId, SubjectKind, Symbol};
use std::cell::OnceCell;
use std::ops::Range;

/// How many bindings of one subject are compared with each other.
pub(super) const BINDINGS: usize = 64;

/// A subject of a binding: what is asked of it again and again, side by side with its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) binding: BindingId,
    pub(super) role: Option<RoleId>,
    /// The number of its name.
    pub(super) number: u32,
    /// The number of the group of its namespace's service accounts, if bindings name it.
    pub(super) accounts: Option<u32>,
    pub(super) kind: SubjectKind,
    pub(super) of: BindingKind,
    /// Whether there is something to be had by the binding, and it is nobody's default.
    pub(super) counts: bool,
}

impl Entry {
    /// The entries of the cluster and then of each namespace, in the order of the bindings: all, and where
    /// those of each are.
    pub(super) fn by_scope(lint: &Lint<'_>) -> (Vec<Entry>, Vec<Range<usize>>) {
        let scope = |namespace: Symbol| namespace.index();
        let mut ends = vec![0usize; lint.cluster.interner().len()];
        for (_, binding) in lint.bindings() {
            ends[scope(binding.namespace)] += binding.subjects.len();
        }
        let mut all = 0;
        let mut scopes = Vec::new();
        for end in &mut ends {
            scopes.push(all..all + *end);
            // Where the next one goes.
            (*end, all) = (all, all + *end);
        }
        let empty = Entry {
            binding: BindingId(0),
            role: None,
            number: 0,
            accounts: None,
            kind: SubjectKind::User,
            of: BindingKind::RoleBinding,
            counts: false,
        };
        let mut entries = vec![empty; all];
        for (id, binding) in lint.bindings() {
            let role = lint.role_of(id);
            let known = lint.known.binding(id);
            let numbers = lint.identities.of_binding(id);
            for (subject, number) in binding.subjects.iter().zip(numbers) {
                let place = &mut ends[scope(binding.namespace)];
                let accounts = lint.server_groups.accounts_of(subject);
                entries[*place] = Entry {
                    binding: id,
                    role,
                    number: *number,
                    accounts: accounts.and_then(|group| lint.identities.of(true, group)),
                    kind: subject.kind,
                    of: binding.kind,
                    counts: !known && !lint.gains_nothing(subject),
                };
                *place += 1;
            }
        }
        (entries, scopes)
    }
}

/// The entries of each name in one scope.
#[derive(Debug)]
pub(super) struct Scope {
    /// Of each name, the number of its list, counted from 1.
    pub(super) of: Vec<u32>,
    pub(super) lists: Vec<List>,
    /// Of each entry from the first one on, the next one of its name; 0 after the last one.
    pub(super) next: Vec<u32>,
    pub(super) first: usize,
}

/// The entries of one name: those that are chained from the first one on.
#[derive(Debug)]
pub(super) struct List {
    pub(super) number: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) length: u32,
    pub(super) many: OnceCell<Box<Many>>,
}

impl Scope {
    pub(super) fn new(names: usize) -> Self {
        Scope {
            of: vec![0; names],
            lists: Vec::new(),
            next: Vec::new(),
            first: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        for list in self.lists.drain(..) {
            self.of[list.number as usize] = 0;
        }
    }

    /// Fills it, once it is clear.
    pub(super) fn add(&mut self, all: &[Entry], entries: Range<usize>) {
        self.first = entries.start;
        self.next.clear();
        self.next.resize(entries.len(), 0);
        for (at, entry) in (0u32..).zip(&all[entries]) {
            let list = &mut self.of[entry.number as usize];
            if let Some(list) = list.checked_sub(1) {
                let list = &mut self.lists[list as usize];
                self.next[list.last as usize] = at;
                list.last = at;
                list.length += 1;
                continue;
            }
            self.lists.push(List {
                number: entry.number,
                first: at,
                last: at,
                length: 1,
                many: OnceCell::new(),
            });
            *list = self.lists.len() as u32;
        }
    }

    pub(super) fn list(&self, number: u32) -> Option<&List> {
        let list = self.of[number as usize].checked_sub(1)?;
        self.lists.get(list as usize)
    }

    pub(super) fn many_mut(&mut self, number: u32) -> Option<&mut Many> {
        let list = self.of[number as usize].checked_sub(1)?;
        self.lists[list as usize].many.get_mut().map(AsMut::as_mut)
    }

    /// An entry and those of its name after it, by their places among all.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = usize> {
        let next = |at: &usize| {
            let next = self.next[*at - self.first] as usize;
            (next != 0).then_some(self.first + next)
        };
        std::iter::successors(Some(at), next)
    }

    /// The first entries of a name.
    pub(super) fn entries(&self, list: &List) -> impl Iterator<Item = usize> {
        self.from(self.first + list.first as usize).take(BINDINGS)
    }
}

/// The bindings of a name that has many.
#[derive(Debug, Default)]
pub(super) struct Many {
    pub(super) bindings: Vec<Other>,
    pub(super) counted: Counted,
    /// What they may grant, those that were taken away as well.
    pub(super) sketch: Sketch,
}

impl Many {
    pub(super) fn of(&self, binding: BindingId) -> Option<&Other> {
        self.bindings.iter().find(|other| other.binding == binding)
    }
}

/// A binding beside the one that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub(super) binding: BindingId,
    /// Its first entry of the name.
    pub(super) first: usize,
    pub(super) role: Option<RoleId>,
    /// Whether it still counts.
    pub(super) counts: bool,
}
