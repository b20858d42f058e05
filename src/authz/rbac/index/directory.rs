//! Where the scope of a namespace is, for a subject that has many.

use crate::model::Symbol;

/// A hash table from namespace to scope. A search by halves would wait for memory at every step.
#[derive(Debug)]
pub(super) struct Directory {
    /// A power of two of them, at most half of which are taken; [`Symbol::EMPTY`] is free.
    slots: Box<[(Symbol, u32)]>,
}

impl Directory {
    /// Of the namespaces of a key's scopes, in their order.
    pub(super) fn new(namespaces: impl ExactSizeIterator<Item = Symbol>) -> Self {
        let size = (2 * namespaces.len()).next_power_of_two();
        let mut directory = Directory {
            slots: vec![(Symbol::EMPTY, 0); size].into(),
        };
        for (scope, namespace) in (0..).zip(namespaces) {
            // Cluster-wide grants are found without it.
            if namespace != Symbol::EMPTY {
                let at = directory.seat(namespace);
                directory.slots[at] = (namespace, scope);
            }
        }
        directory
    }

    /// Which of the scopes is a namespace's.
    pub(super) fn find(&self, namespace: Symbol) -> Option<usize> {
        let (found, scope) = self.slots[self.seat(namespace)];
        (found == namespace && namespace != Symbol::EMPTY).then_some(scope as usize)
    }

    /// Where a namespace stands, or would.
    fn seat(&self, namespace: Symbol) -> usize {
        let mask = self.slots.len() - 1;
        // Symbols are numbers without gaps; this spreads those of namespaces over the slots.
        let hash = (namespace.index() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (hash >> 32) as usize & mask;
        while !matches!(self.slots[at].0, found if found == namespace || found == Symbol::EMPTY) {
            at = (at + 1) & mask;
        }
        at
    }
}
