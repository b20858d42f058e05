//! Which of two near misses is closer.
//!
//! Each detail that differs has a cost; a miss costs the sum, and the cheapest is the closest:
//!
//! | what differs | cost |
//! |---|---|
//! | verb; object name; a pattern that is none; nonResourceURLs through a RoleBinding | 2 |
//! | misspelt resource | 2 |
//! | API group; resource and subresource; no object name; path; namespace | 3 |
//! | subject: another kind, another case | 3 |
//! | subject: another namespace, misspelt; roleRef to nothing | 4 |
//! | not bound to the user at all | 20 |

use super::difference::{Difference, ResourceRelation};
use super::likeness::SubjectRelation;

/// What one detail that differs costs.
pub(super) fn cost(difference: &Difference) -> u32 {
    match difference {
        Difference::Verb { .. } | Difference::UrlInNamespace => 2,
        Difference::Name { nameless, .. } => 2 + u32::from(*nameless),
        Difference::Resource { relation, .. } => match relation {
            ResourceRelation::NoWildcard | ResourceRelation::Misspelling => 2,
            ResourceRelation::Parent | ResourceRelation::Subresource => 3,
        },
        Difference::Group { .. } | Difference::Namespace { .. } | Difference::Url { .. } => 3,
        Difference::Subject { relation, .. } => match relation {
            SubjectRelation::OtherKind | SubjectRelation::Case => 3,
            SubjectRelation::OtherNamespace | SubjectRelation::Spelling => 4,
        },
        Difference::RoleMissing => 4,
        Difference::NotBound => 20,
    }
}
