//! The static token file (docs page "Authenticating", static token file).

use super::opinion::{Authenticated, Opinion};
use crate::model::{Secret, UserInfo};
use std::collections::HashMap;

/// The tokens of `--token-auth-file`.
#[derive(Debug, Default)]
pub struct TokenFile {
    users: HashMap<Secret, UserInfo>,
}

impl TokenFile {
    /// Keeps the rows; of two with one token, the last counts.
    pub fn new(rows: impl IntoIterator<Item = (Secret, UserInfo)>) -> Self {
        TokenFile {
            users: rows.into_iter().collect(),
        }
    }

    /// Looks the token up.
    pub fn authenticate(&self, token: &str) -> Opinion {
        match self.users.get(token) {
            Some(user) => Opinion::User(Authenticated {
                user: user.clone(),
                ..Authenticated::default()
            }),
            None => Opinion::Pass,
        }
    }
}
