//! AlwaysDeny: it has no opinion, so that authorizers after it may still allow
//! (`authorizerfactory.NewAlwaysDenyAuthorizer`). It gives nobody a rule.

/// What it says.
pub const REASON: &str = "Everything is forbidden.";
