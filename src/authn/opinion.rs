//! What one authenticator says of a request.

use crate::model::UserInfo;

/// What one authenticator says of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It names the user.
    User(Authenticated),
    /// It does not know the credential: the next one is asked.
    Pass,
    /// It knows the credential and refuses it, in the server's words.
    Refused(String),
    /// It cannot be told offline, and why.
    Unknown(String),
}

/// A user that an authenticator names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authenticated {
    /// The user, before `system:authenticated` is added.
    pub user: UserInfo,
    /// Which of the wanted audiences the credential is for; `None` of an authenticator that knows no audiences.
    pub audiences: Option<Vec<String>>,
    /// The values of the `Warning` headers.
    pub warnings: Vec<String>,
    /// Keys of `extra` whose values are `null` rather than an empty list.
    pub null_extra: Vec<String>,
}
