//! From a string's hash to where it stands.

use super::Symbol;

/// A string of an interner. It holds what is compared, so that looking a string up touches memory at two
/// places, here and where its bytes are; a table that keeps hashes apart from its entries takes a third.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) hash: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) symbol: Symbol,
}

/// No string is the `u32::MAX`th.
const FREE: Slot = Slot {
    hash: 0,
    start: 0,
    end: 0,
    symbol: Symbol(u32::MAX),
};

impl Slot {
    fn is_free(self) -> bool {
        self.symbol == FREE.symbol
    }
}

/// An open hash table with linear probing, from which nothing is ever removed.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// A power of two of them, at most seven of eight of which are taken: where a table is large, fewer pages are worth
    /// a few more steps on one of them.
    slots: Box<[Slot]>,
    taken: usize,
}

impl Slots {
    pub(super) fn new() -> Self {
        Slots {
            slots: [FREE; 16].into(),
            taken: 0,
        }
    }

    /// The first string with this hash that is the one wanted.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(Slot) -> bool) -> Option<Slot> {
        let mut at = self.home(hash);
        loop {
            let slot = self.slots[at];
            if slot.is_free() {
                return None;
            }
            if slot.hash == hash && is_it(slot) {
                return Some(slot);
            }
            at = self.next(at);
        }
    }

    /// Adds a string that is not there.
    pub(super) fn insert(&mut self, slot: Slot) {
        self.reserve(1);
        self.put(slot);
    }

    /// Makes room for as many more strings.
    pub(super) fn reserve(&mut self, more: usize) {
        let size = ((self.taken + more) * 8 / 7 + 1).next_power_of_two();
        if size <= self.slots.len() {
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![FREE; size].into());
        self.taken = 0;
        for slot in old {
            if !slot.is_free() {
                self.put(slot);
            }
        }
    }

    fn put(&mut self, slot: Slot) {
        let mut at = self.home(slot.hash);
        while !self.slots[at].is_free() {
            at = self.next(at);
        }
        self.slots[at] = slot;
        self.taken += 1;
    }

    #[inline]
    fn home(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    #[inline]
    fn next(&self, at: usize) -> usize {
        (at + 1) & (self.slots.len() - 1)
    }
}
