//! Who asks.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The identity of a request (`authentication.k8s.io/v1` UserInfo).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// The name that identifies the user.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// Tells users of one name apart over time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The groups, in the order that the authenticator gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// What else the authenticator told.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Vec<String>>,
}
