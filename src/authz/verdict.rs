//! What the chain says, as data.

use super::rbac::Allow;

/// What an authorizer says of its own accord: a webhook's reason and its errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The reason, or empty.
    pub reason: String,
    /// What went wrong, each error for itself.
    pub errors: Vec<String>,
}

/// What one authorizer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It allows: nobody else is asked.
    Allow(Grounds),
    /// It denies: nobody else is asked. Only webhooks do.
    Deny(Box<Words>),
    /// It leaves it to the next. Without words, its reason is that of [`super::Chain::write_reason`].
    NoOpinion(Option<Box<Words>>),
    /// What it says cannot be known; why.
    Unknown(String),
}

/// On what grounds an authorizer allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// It allows whatever it is asked.
    Always,
    /// A rule of the Node authorizer.
    Node,
    /// The ABAC policy of this index.
    Policy(usize),
    /// A rule of a bound role.
    Rbac(Allow),
    /// A path that is always allowed.
    Path,
    /// A webhook's answer.
    Webhook(Box<Words>),
}

/// An authorizer whose opinion was not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its index in the chain.
    pub member: usize,
    /// Why its opinion is not known.
    pub why: String,
}

/// What is known where the answer is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The authorizers that could decide it, in the order in which they are asked.
    pub open: Vec<Open>,
    /// What is said if none of them has an opinion; never [`Verdict::Unknown`].
    pub otherwise: Verdict,
}

/// What the whole chain says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed as a member of [`super::PRIVILEGED_GROUP`]; no authorizer was asked.
    Privileged,
    /// Allowed by an authorizer.
    Allowed {
        /// Its index in the chain.
        by: usize,
        /// Why.
        grounds: Grounds,
    },
    /// Denied by an authorizer.
    Denied {
        /// Its index in the chain.
        by: usize,
        /// What it said.
        words: Box<Words>,
    },
    /// Nobody allows it: refused. Holds what authorizers said of their own accord, by their index.
    NoOpinion(Vec<(usize, Box<Words>)>),
    /// It depends on what cannot be known.
    Unknown(Box<Unknown>),
}

impl Verdict {
    /// Whether the request is allowed for certain.
    pub fn allowed(&self) -> bool {
        matches!(self, Verdict::Privileged | Verdict::Allowed { .. })
    }

    /// Whether an authorizer denies the request (`status.denied`), rather than nobody allowing it.
    pub fn denied(&self) -> bool {
        matches!(self, Verdict::Denied { .. })
    }

    /// Whether the request is refused for certain.
    pub fn refused(&self) -> bool {
        matches!(self, Verdict::Denied { .. } | Verdict::NoOpinion(_))
    }

    /// The errors of those who decided: of one authorizer, or of all where nobody did. A real request that
    /// is refused with any of them is answered 500, not 403 (`filters.WithAuthorization`).
    pub fn errors(&self) -> impl Iterator<Item = &String> {
        let (one, all) = match self {
            Verdict::Denied { words, .. }
            | Verdict::Allowed {
                grounds: Grounds::Webhook(words),
                ..
            } => (Some(&**words), &[][..]),
            Verdict::NoOpinion(said) => (None, &said[..]),
            _ => (None, &[][..]),
        };
        let all = all.iter().map(|(_, words)| &**words);
        one.into_iter().chain(all).flat_map(|words| &words.errors)
    }
}
