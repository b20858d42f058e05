//! Interned strings: equal strings have equal numbers, so that matching a rule compares integers.

mod slots;

use foldhash::fast::RandomState;
use slots::{Slot, Slots};
use std::hash::{BuildHasher, Hasher};

/// An interned string of one [`Interner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u32);

impl Default for Symbol {
    /// The empty text.
    fn default() -> Self {
        Symbol::EMPTY
    }
}

impl Symbol {
    /// The empty string, in every interner.
    pub const EMPTY: Symbol = Symbol(0);
    /// The string `*`, in every interner.
    pub const ANY: Symbol = Symbol(1);

    /// A dense index, for tables by symbol.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of strings, each stored once.
#[derive(Clone, Debug)]
pub struct Interner {
    text: String,
    ends: Vec<u32>,
    slots: Slots<Symbol>,
    // Seeded anew in each process: names come from hostile files.
    hasher: RandomState,
    /// Scratch space of [`Interner::intern_each`].
    likely: Vec<(u32, Option<Slot<Symbol>>)>,
}

/// Some of the strings of an interner and what is to be known of each: a small table, where all of the strings are many.
#[derive(Clone, Debug)]
pub struct Lookup<T>(Slots<T>);

impl<T: Copy + Default> Default for Lookup<T> {
    fn default() -> Self {
        Lookup(Slots::new())
    }
}

impl<T> Slot<T> {
    #[inline]
    fn is(self, all: &str, text: &str) -> bool {
        let (start, end) = (self.start as usize, self.end as usize);
        // Bytes: where a character begins has been settled when the string was added.
        same(&all.as_bytes()[start..end], text.as_bytes())
    }
}

/// Whether both are the same bytes. Most are short, and then a call costs more than the comparison.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        (Some(first), Some(other)) if a.len() <= 16 => {
            first == other && a.last_chunk::<8>() == b.last_chunk::<8>()
        }
        (Some(_), _) if a.len() <= 32 => {
            a.first_chunk::<16>() == b.first_chunk::<16>()
                && a.last_chunk::<16>() == b.last_chunk::<16>()
        }
        _ => a == b,
    }
}

/// The bytes alone: what `str` adds to its hash keeps fields apart, and there is but one.
#[inline]
fn hash(hasher: &RandomState, text: &str) -> u32 {
    let mut state = hasher.build_hasher();
    state.write(text.as_bytes());
    let hash = state.finish();
    (hash ^ (hash >> 32)) as u32
}

impl Default for Interner {
    fn default() -> Self {
        let mut interner = Interner {
            text: String::new(),
            ends: Vec::new(),
            slots: Slots::new(),
            hasher: RandomState::default(),
            likely: Vec::new(),
        };
        interner.intern("");
        interner.intern("*");
        interner
    }
}

impl Interner {
    /// The symbol of `text`, added if it is new.
    ///
    /// # Panics
    /// When more than 4 GiB of distinct text is added; the loader's limits are far below.
    pub fn intern(&mut self, text: &str) -> Symbol {
        self.intern_hashed(hash(&self.hasher, text), text)
    }

    /// [`Interner::intern`] of several strings at once, their symbols appended in their order. A large table
    /// is hardly ever in the cache; looked up side by side, the strings wait for memory together.
    pub fn intern_each<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a str> + Clone,
        symbols: &mut Vec<Symbol>,
    ) {
        let mut likely = std::mem::take(&mut self.likely);
        likely.clear();
        likely.extend(texts.clone().map(|text| (hash(&self.hasher, text), None)));
        for (hash, slot) in &mut likely {
            // Whether it is really this one can wait.
            *slot = self.slots.find(*hash, |_| true);
        }
        for (text, &(hash, slot)) in texts.zip(&likely) {
            symbols.push(match slot {
                Some(slot) if slot.is(&self.text, text) => slot.value,
                _ => self.intern_hashed(hash, text),
            });
        }
        self.likely = likely;
    }

    fn intern_hashed(&mut self, hash: u32, text: &str) -> Symbol {
        if let Some(found) = self.slots.find(hash, |slot| slot.is(&self.text, text)) {
            return found.value;
        }
        let symbol = Symbol(u32::try_from(self.ends.len()).expect("fewer than 2^32 strings"));
        let start = self.ends.last().copied().unwrap_or(0);
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).expect("fewer than 4 GiB of distinct text");
        self.ends.push(end);
        self.slots.insert(Slot {
            hash,
            start,
            end,
            value: symbol,
        });
        symbol
    }

    /// [`Interner::intern`], the cheaper where the guess is right: in the objects of one cluster the same
    /// words stand at the same places.
    #[inline]
    pub fn intern_guess(&mut self, text: &str, guess: Symbol) -> Symbol {
        let (start, end) = self.span(guess);
        let guessed = &self.text.as_bytes()[start as usize..end as usize];
        let right = same(guessed, text.as_bytes());
        if right { guess } else { self.intern(text) }
    }

    /// Makes room for as many more strings.
    pub fn reserve(&mut self, strings: usize) {
        self.slots.reserve(strings);
        self.ends.reserve(strings);
    }

    /// The symbol of `text`, or `None` where no loaded object mentions it.
    pub fn get(&self, text: &str) -> Option<Symbol> {
        // No group, no name, no namespace: every other question lacks one.
        if text.is_empty() {
            return Some(Symbol::EMPTY);
        }
        self.slots
            .find(hash(&self.hasher, text), |slot| slot.is(&self.text, text))
            .map(|slot| slot.value)
    }

    /// A table of some strings, each of them once.
    pub fn lookup<T: Copy + Default>(
        &self,
        of: impl ExactSizeIterator<Item = (Symbol, T)>,
    ) -> Lookup<T> {
        // A third of them free at least: many who are looked for are not there.
        let mut slots = Slots::with_room(of.len() * 3 / 2);
        for (symbol, value) in of {
            let (start, end) = self.span(symbol);
            slots.insert(Slot {
                hash: hash(&self.hasher, self.resolve(symbol)),
                start,
                end,
                value,
            });
        }
        Lookup(slots)
    }

    /// What is known of a string by a table of this interner's strings.
    pub fn look_up<T: Copy + Default>(&self, table: &Lookup<T>, text: &str) -> Option<T> {
        let found = table
            .0
            .find(hash(&self.hasher, text), |slot| slot.is(&self.text, text));
        found.map(|slot| slot.value)
    }

    /// The string of a symbol of this interner.
    #[inline]
    pub fn resolve(&self, symbol: Symbol) -> &str {
        let (start, end) = self.span(symbol);
        &self.text[start as usize..end as usize]
    }

    /// Every string, by the number of its symbol.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let spans = starts.zip(&self.ends);
        spans.map(|(start, end)| &self.text[*start as usize..*end as usize])
    }

    /// How many distinct strings are held.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: the empty string and `*` are always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where a string begins and ends.
    #[inline]
    fn span(&self, symbol: Symbol) -> (u32, u32) {
        let start = match symbol.index() {
            0 => 0,
            i => self.ends[i - 1],
        };
        (start, self.ends[symbol.index()])
    }
}
