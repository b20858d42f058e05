//! In what a near miss differs from the request.

use super::likeness::{AskedAs, SubjectRelation};
use crate::model::Symbol;

/// One detail in which a near miss differs from the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The rule has other verbs.
    Verb {
        /// The rule's `verbs`.
        granted: Box<[Symbol]>,
    },
    /// The rule is about other API groups.
    Group {
        /// The rule's `apiGroups`.
        granted: Box<[Symbol]>,
    },
    /// The rule is about a related resource.
    Resource {
        /// The entry of the rule's `resources`.
        granted: Symbol,
        /// What it has to do with the resource that is asked for.
        relation: ResourceRelation,
    },
    /// The rule is pinned to `resourceNames`.
    Name {
        /// The rule's `resourceNames`.
        pinned: Box<[Symbol]>,
        /// Whether the request names no object, as list, watch, create and deletecollection do.
        nameless: bool,
    },
    /// The RoleBinding grants in another namespace.
    Namespace {
        /// The RoleBinding's namespace.
        bound_in: Symbol,
    },
    /// The binding names somebody who may be meant.
    Subject {
        /// How the subject differs from the user.
        relation: SubjectRelation,
        /// What of the user it resembles.
        asked: AskedAs,
    },
    /// The rule covers a related path.
    Url {
        /// The entry of the rule's `nonResourceURLs`.
        granted: Symbol,
    },
    /// The rule covers the path, but nonResourceURLs that a RoleBinding gives never grant.
    UrlInNamespace,
    /// The binding's roleRef leads nowhere.
    RoleMissing,
    /// The role allows exactly this, but is not bound to the user.
    NotBound,
}

/// What an entry of a rule's `resources` has to do with the resource that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceRelation {
    /// It looks like a pattern (`pods/*`, `*/*`), but is none.
    NoWildcard,
    /// One of both is probably a misspelling, a singular or a short name.
    Misspelling,
    /// The rule grants the resource, asked was its subresource.
    Parent,
    /// The rule grants a subresource, asked was the resource.
    Subresource,
}
