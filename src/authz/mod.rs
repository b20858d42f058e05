//! A question → a decision, with its reasons as data.
//!
//! The chain is that of a fresh server, `--authorization-mode=Node,RBAC`, behind the group that is
//! allowed everything.

pub mod rbac;
pub mod webhook;

use crate::model::{Attributes, Cluster};
use rbac::{Allow, Decision, Rbac};

/// The group that the server allows everything, before any configured authorizer is asked
/// (docs page "Using RBAC Authorization", user-facing roles).
pub const PRIVILEGED_GROUP: &str = "system:masters";

/// Whether the user is allowed everything without asking an authorizer.
pub fn is_privileged<S: AsRef<str>>(groups: &[S]) -> bool {
    groups
        .iter()
        .any(|group| group.as_ref() == PRIVILEGED_GROUP)
}

/// Whether the Node authorizer has an opinion on what this user asks: it needs both the name and the
/// group of a kubelet (docs page "Using Node Authorization").
pub fn is_node<S: AsRef<str>>(attributes: &Attributes<'_, S>) -> bool {
    let mut groups = attributes.groups.iter();
    attributes.user.starts_with("system:node:")
        && groups.any(|group| group.as_ref() == "system:nodes")
}

/// What the whole chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed as a member of [`PRIVILEGED_GROUP`]; no authorizer was asked.
    Privileged,
    /// Allowed by RBAC.
    Allowed(Allow),
    /// Nobody allows it: refused.
    NoOpinion,
    /// It depends on the Node authorizer, which this version does not evaluate.
    UnknownNode,
}

impl Verdict {
    /// Whether the request is allowed for certain.
    pub fn allowed(self) -> bool {
        matches!(self, Verdict::Privileged | Verdict::Allowed(_))
    }
}

/// The authorizers of a server, in their order.
#[derive(Debug)]
pub struct Chain<'c> {
    rbac: Rbac<'c>,
}

impl<'c> Chain<'c> {
    /// The chain of a fresh server over a cluster.
    pub fn new(cluster: &'c Cluster) -> Self {
        Chain {
            rbac: Rbac::new(cluster),
        }
    }

    /// The RBAC authorizer.
    pub fn rbac(&self) -> &Rbac<'c> {
        &self.rbac
    }

    /// Decides; allocates nothing once a subject has been asked about before.
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Verdict {
        if is_privileged(attributes.groups) {
            return Verdict::Privileged;
        }
        match self.rbac.decide(attributes) {
            Decision::Allow(allow) => Verdict::Allowed(allow),
            // The Node authorizer comes first, but it never denies: RBAC's yes stands.
            Decision::NoOpinion if is_node(attributes) => Verdict::UnknownNode,
            Decision::NoOpinion => Verdict::NoOpinion,
        }
    }

    /// Appends the `reason` of a verdict, as the server words it; nothing where it has none.
    pub fn write_reason<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        verdict: Verdict,
        out: &mut String,
    ) {
        let decision = match verdict {
            Verdict::Privileged | Verdict::UnknownNode => return,
            Verdict::Allowed(allow) => Decision::Allow(allow),
            Verdict::NoOpinion => Decision::NoOpinion,
        };
        self.rbac.write_reason(attributes, &decision, out);
    }

    /// Why a verdict is unknown; empty where it is known.
    pub fn unknown(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::UnknownNode => {
                "unknown: RBAC does not allow it, but the Node authorizer is asked about kubelets too, and its answer depends on objects that are not evaluated yet"
            }
            _ => "",
        }
    }
}
