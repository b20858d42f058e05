//! Who bindings name, numbered without gaps: tables by these numbers are as small as they can be.
//!
//! A service account is the user of its name.

use crate::model::{Binding, BindingId, Cluster, Subject, SubjectKind, Symbol};
use std::ops::Range;

/// The numbers of names that subjects are matched by, those of groups and of users apart.
#[derive(Debug)]
pub(super) struct Identities {
    /// Of each symbol as the name of a user and of a group.
    by_name: Vec<[u32; 2]>,
    /// Of the subjects of all bindings, side by side, and where those of each binding end.
    of_subjects: Vec<u32>,
    ends: Vec<u32>,
    count: u32,
}

/// A name that no binding mentions.
const NOBODY: u32 = u32::MAX;

impl Identities {
    /// None yet.
    pub(super) fn new(cluster: &Cluster) -> Self {
        Identities {
            by_name: vec![[NOBODY; 2]; cluster.interner().len()],
            of_subjects: Vec::new(),
            ends: Vec::with_capacity(cluster.bindings().len()),
            count: 0,
        }
    }

    /// Looks at the subjects of the next binding.
    pub(super) fn add(&mut self, binding: &Binding) {
        for Subject { kind, matches, .. } in &binding.subjects {
            let is_group = *kind == SubjectKind::Group;
            let number = &mut self.by_name[matches.index()][usize::from(is_group)];
            if *number == NOBODY {
                *number = self.count;
                self.count += 1;
            }
            self.of_subjects.push(*number);
        }
        self.ends.push(self.of_subjects.len() as u32);
    }

    /// How many there are: the numbers are below.
    pub(super) fn count(&self) -> usize {
        self.count as usize
    }

    /// The number of a name, if a binding mentions it.
    pub(super) fn of(&self, is_group: bool, name: Symbol) -> Option<u32> {
        let number = self.by_name.get(name.index())?[usize::from(is_group)];
        (number != NOBODY).then_some(number)
    }

    /// How many subjects all bindings have.
    pub(super) fn subjects(&self) -> usize {
        self.of_subjects.len()
    }

    /// Where the subjects of a binding stand among those of all.
    pub(super) fn places(&self, binding: BindingId) -> Range<usize> {
        let end = |binding: usize| self.ends[binding] as usize;
        let binding = binding.0 as usize;
        binding.checked_sub(1).map_or(0, end)..end(binding)
    }

    /// The numbers of the subjects of a binding, in their order.
    pub(super) fn of_binding(&self, binding: BindingId) -> &[u32] {
        &self.of_subjects[self.places(binding)]
    }
}
