//! Requests without a credential (docs page "Authenticating", anonymous requests; KEP-4633).

use super::opinion::{Authenticated, Opinion};
use crate::model::UserInfo;

/// Who makes anonymous requests.
pub const USERNAME: &str = "system:anonymous";

/// The group of anonymous requests.
pub const GROUP: &str = "system:unauthenticated";

/// Whether anonymous requests are let through, and to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anonymous {
    /// They are let through at all.
    pub enabled: bool,
    /// The paths to which they are; empty: everywhere.
    pub paths: Vec<String>,
}

impl Anonymous {
    /// Lets a request for `path` (decoded, without its query) through, or not.
    pub fn authenticate(&self, path: &str) -> Opinion {
        let reached = self.paths.is_empty() || self.paths.iter().any(|p| p == path);
        match self.enabled && reached {
            true => Opinion::User(Authenticated {
                user: user(),
                ..Authenticated::default()
            }),
            false => Opinion::Pass,
        }
    }
}

/// The user of anonymous requests.
pub fn user() -> UserInfo {
    UserInfo {
        username: USERNAME.to_owned(),
        groups: vec![GROUP.to_owned()],
        ..UserInfo::default()
    }
}
