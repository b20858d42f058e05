//! Why a request is allowed or not: for a yes all that allows it, for a no what nearly does and what
//! would.

pub mod cost;
pub mod difference;
pub mod fix;
pub mod likeness;
pub mod misses;
mod rule_gap;
pub(super) mod spelling;
mod width;
#[cfg(test)]
pub(crate) mod world;

use super::grants::{Grant, all_grants};
use crate::authz::rbac::{Decision, Rbac};
use crate::authz::{Chain, Grounds, Verdict, is_privileged};
use crate::model::Attributes;
use fix::{Fix, smallest_fix};
use misses::{DEFAULT_LIMIT, NearMiss, near_misses};

/// Why a request is allowed or refused, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Whether the request is allowed.
    pub allowed: bool,
    /// Whether the user is in group system:masters, so that no authorizer is asked.
    pub privileged: bool,
    /// For a yes: every grant of RBAC that allows it, in visiting order.
    pub grants: Vec<Grant>,
    /// For a no: what nearly allows it, closest first.
    pub nearest_misses: Vec<NearMiss>,
    /// How many near misses there are in all.
    pub total_misses: usize,
    /// For a no: the smallest change that would allow it.
    pub fix: Option<Fix>,
}

/// RBAC, where what it grants or misses tells why the verdict is what it is.
pub fn rbac_in<'a, 'c>(chain: &'a Chain<'c>, verdict: &Verdict) -> Option<&'a Rbac<'c>> {
    let known = match verdict {
        Verdict::Unknown(unknown) => &unknown.otherwise,
        known => known,
    };
    let tells = match known {
        Verdict::Privileged | Verdict::NoOpinion(_) => true,
        Verdict::Allowed { grounds, .. } => matches!(grounds, Grounds::Rbac(_)),
        Verdict::Denied { .. } | Verdict::Unknown(_) => false,
    };
    chain.rbac().filter(|_| tells)
}

/// Explains the decision of RBAC on a request, with at most [`DEFAULT_LIMIT`] near misses.
pub fn explain<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    decision: &Decision,
) -> Explanation {
    explain_with(rbac, attributes, decision, DEFAULT_LIMIT)
}

/// [`explain`], with at most `limit` near misses.
pub fn explain_with<S: AsRef<str>>(
    rbac: &Rbac<'_>,
    attributes: &Attributes<'_, S>,
    decision: &Decision,
    limit: usize,
) -> Explanation {
    let privileged = is_privileged(attributes.groups);
    if privileged || matches!(decision, Decision::Allow(_)) {
        return Explanation {
            allowed: true,
            privileged,
            grants: all_grants(rbac, attributes),
            ..Explanation::default()
        };
    }
    let misses = near_misses(rbac, attributes, limit);
    let fix = smallest_fix(rbac, attributes, &misses);
    Explanation {
        nearest_misses: misses.nearest,
        total_misses: misses.total,
        fix,
        ..Explanation::default()
    }
}
