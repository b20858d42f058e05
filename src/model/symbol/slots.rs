//! From a string's hash to where it stands.

/// A string of an interner, and what is known of it. It holds what is compared, so that looking a string up touches
/// memory at two places, here and where its bytes are; a table that keeps hashes apart from its entries takes a third.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slot<T> {
    pub(super) hash: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) value: T,
}

/// No string starts here: all of the text is shorter, and the empty string comes first.
const FREE: u32 = u32::MAX;

impl<T: Copy + Default> Slot<T> {
    fn free() -> Self {
        Slot {
            start: FREE,
            ..Slot::default()
        }
    }

    fn is_free(self) -> bool {
        self.start == FREE
    }
}

/// An open hash table with linear probing, from which nothing is ever removed.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    /// A power of two of them, at most seven of eight of which are taken: where a table is large, fewer pages are worth
    /// a few more steps on one of them.
    slots: Box<[Slot<T>]>,
    taken: usize,
}

impl<T: Copy + Default> Slots<T> {
    pub(super) fn new() -> Self {
        Slots {
            slots: [Slot::free(); 16].into(),
            taken: 0,
        }
    }

    /// A power of two of free ones, as many at least.
    pub(super) fn with_room(size: usize) -> Self {
        Slots {
            slots: vec![Slot::free(); size.next_power_of_two().max(16)].into(),
            taken: 0,
        }
    }

    /// The first string with this hash that is the one wanted.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(Slot<T>) -> bool) -> Option<Slot<T>> {
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
    pub(super) fn insert(&mut self, slot: Slot<T>) {
        self.reserve(1);
        self.put(slot);
    }

    /// Makes room for as many more strings.
    pub(super) fn reserve(&mut self, more: usize) {
        let size = ((self.taken + more) * 8 / 7 + 1).next_power_of_two();
        if size <= self.slots.len() {
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![Slot::free(); size].into());
        self.taken = 0;
        for slot in old {
            if !slot.is_free() {
                self.put(slot);
            }
        }
    }

    fn put(&mut self, slot: Slot<T>) {
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
