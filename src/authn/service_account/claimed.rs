//! Whose a service account token says that it is, whether that is true or not.

use super::account_user;
use crate::jwt;
use crate::model::UserInfo;
use serde_json::Value;

/// The user that a token's claims name; `None` of what is no service account's token.
pub fn claimed_user(token: &str) -> Option<UserInfo> {
    let claims = jwt::inspect(token).ok()?.claims;
    let text = |path: &str| claims.pointer(path).and_then(Value::as_str);
    let bound = || {
        Some((
            text("/kubernetes.io/namespace")?,
            text("/kubernetes.io/serviceaccount/name")?,
            text("/kubernetes.io/serviceaccount/uid")?,
        ))
    };
    let legacy = || {
        Some((
            text("/kubernetes.io~1serviceaccount~1namespace")?,
            text("/kubernetes.io~1serviceaccount~1service-account.name")?,
            text("/kubernetes.io~1serviceaccount~1service-account.uid")?,
        ))
    };
    let (namespace, name, uid) = bound().or_else(legacy)?;
    Some(account_user(namespace, name, uid))
}
