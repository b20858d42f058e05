//! A question → a decision, with its reasons as data.
//!
//! A [`Chain`] holds the configured authorizers in the server's order, behind the group that is allowed
//! everything. The first that allows or denies decides; what no authorizer decides is refused
//! (`pkg/authorization/union`). An authorizer whose opinion cannot be known makes the verdict unknown if it
//! is asked at all, because it could allow.

pub mod abac;
mod always_allow;
mod always_deny;
mod chain;
mod member;
pub mod node;
pub mod rbac;
pub mod rules;
mod unknown;
mod verdict;
pub mod webhook;

pub use chain::{Chain, Opined, Said};
pub use member::{Assumption, Authorizer, Member};
pub use verdict::{Grounds, Open, Opinion, Unknown, Verdict, Words};

/// The group that the server allows everything, before any configured authorizer is asked
/// (docs page "Using RBAC Authorization", user-facing roles).
pub const PRIVILEGED_GROUP: &str = "system:masters";

/// Whether the user is allowed everything without asking an authorizer.
pub fn is_privileged<S: AsRef<str>>(groups: &[S]) -> bool {
    groups
        .iter()
        .any(|group| group.as_ref() == PRIVILEGED_GROUP)
}

/// The group of all kubelets.
pub const NODES_GROUP: &str = "system:nodes";

/// Whether the Node authorizer has an opinion on what this user asks: it needs both the name and the
/// group of a kubelet (`pkg/auth/nodeidentifier`).
pub fn is_node_user<S: AsRef<str>>(user: &str, groups: &[S]) -> bool {
    user.starts_with(node::USER_PREFIX) && groups.iter().any(|group| group.as_ref() == NODES_GROUP)
}
