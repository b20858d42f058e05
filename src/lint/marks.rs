//! What is remarkable of a name, told without a look at its text: most names are not, and there are many.

use crate::authz::PRIVILEGED_GROUP;
use crate::model::{Cluster, Interner, Subject, SubjectKind, Symbol};

/// It is one of Kubernetes' own: it begins with `system:`.
const OF_SYSTEM: u8 = 1;
/// It has a `*`, `:` or `/`.
const PARTED: u8 = 2;
/// It has something beside the visible characters of ASCII.
const ODD: u8 = 4;

/// Of every string of a cluster, what is remarkable of it.
#[derive(Debug)]
pub(super) struct Marks {
    of: Vec<u8>,
    /// Names that every subject is compared with.
    masters: Option<Symbol>,
    default_account: Option<Symbol>,
}

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
        Marks {
            of: interner.strings().map(of).collect(),
            masters: interner.get(PRIVILEGED_GROUP),
            default_account: interner.get("default"),
        }
    }

    fn has(&self, name: Symbol, mark: u8) -> bool {
        let marks = self.of.get(name.index());
        marks.is_some_and(|marks| marks & mark != 0)
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

    /// Whether a subject is everybody, or everybody of some kind.
    pub(super) fn is_broad(&self, cluster: &Cluster, subject: &Subject) -> bool {
        let name = || cluster.str(subject.name);
        match subject.kind {
            SubjectKind::User | SubjectKind::Group if !self.is_of_system(subject.name) => false,
            SubjectKind::User => name() == "system:anonymous",
            SubjectKind::Group => {
                matches!(
                    name(),
                    "system:unauthenticated" | "system:authenticated" | "system:serviceaccounts"
                ) || name().starts_with("system:serviceaccounts:")
            }
            SubjectKind::ServiceAccount => Some(subject.name) == self.default_account,
        }
    }

    /// Whether a subject gains nothing by any binding: the group that may everything, or an account of no namespace.
    pub(super) fn gains_nothing(&self, subject: &Subject) -> bool {
        match subject.kind {
            SubjectKind::User => false,
            SubjectKind::Group => Some(subject.name) == self.masters,
            SubjectKind::ServiceAccount => subject.namespace == Symbol::EMPTY,
        }
    }
}
