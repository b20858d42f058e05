//! What is remarkable of a name, told without a look at its text: most names are not, and there are many.

use crate::model::{Interner, Symbol};

/// It is one of Kubernetes' own: it begins with `system:`.
const OF_SYSTEM: u8 = 1;
/// It has a `*`, `:` or `/`.
const PARTED: u8 = 2;
/// It has something beside the visible characters of ASCII.
const ODD: u8 = 4;

/// Of every string of a cluster, what is remarkable of it.
#[derive(Debug)]
pub(super) struct Marks(Vec<u8>);

impl Marks {
    /// Looks at every string once.
    pub(super) fn new(interner: &Interner) -> Self {
        let of = |text: &str| {
            let mut marks = 0;
            if text.starts_with("system:") {
                marks |= OF_SYSTEM;
            }
            for byte in text.bytes() {
                marks |= match byte {
                    b'*' | b':' | b'/' => PARTED,
                    byte if byte.is_ascii_graphic() => 0,
                    _ => ODD,
                };
            }
            marks
        };
        Marks(interner.strings().map(of).collect())
    }

    fn has(&self, name: Symbol, mark: u8) -> bool {
        self.0
            .get(name.index())
            .is_some_and(|marks| marks & mark != 0)
    }

    /// Whether a name begins with `system:`.
    pub(super) fn is_of_system(&self, name: Symbol) -> bool {
        self.has(name, OF_SYSTEM)
    }

    /// Whether a name has a `*`, `:` or `/`.
    pub(super) fn is_parted(&self, name: Symbol) -> bool {
        self.has(name, PARTED)
    }

    /// Whether a name has something beside the visible characters of ASCII.
    pub(super) fn is_odd(&self, name: Symbol) -> bool {
        self.has(name, ODD)
    }
}
