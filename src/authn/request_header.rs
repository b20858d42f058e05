//! The authenticating front proxy: a client certificate that may speak for others, in headers
//! (docs page "Authenticating", authenticating proxy).

use super::opinion::{Authenticated, Opinion};
use crate::model::UserInfo;
use crate::pki::{self, Certificate};
use crate::request::headers::Headers;
use crate::request::target::percent_decoded;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What the `--requestheader-*` flags say.
#[derive(Debug, Default)]
pub struct RequestHeader {
    /// Who may sign a proxy's certificate.
    pub client_ca: Vec<Certificate>,
    /// The common names of proxies; empty: any.
    pub allowed_names: Vec<String>,
    /// Headers that hold the user's name, in the order of the flag.
    pub username_headers: Vec<String>,
    /// Headers that hold a group each.
    pub group_headers: Vec<String>,
    /// Headers that hold the uid.
    pub uid_headers: Vec<String>,
    /// Beginnings of the headers that hold `extra`.
    pub extra_headers_prefixes: Vec<String>,
}

impl RequestHeader {
    /// Judges the certificate of the connection, then reads the headers.
    pub fn authenticate(
        &self,
        certificates: &[Certificate],
        headers: &Headers,
        now: Timestamp,
    ) -> Opinion {
        let Some(proxy) = certificates.first() else {
            return Opinion::Pass;
        };
        if let Err(error) = pki::verify(certificates, &self.client_ca, now) {
            return match error.is_unknown() {
                true => Opinion::Unknown(error.to_string()),
                false => Opinion::Refused(error.to_string()),
            };
        }
        let name = proxy.common_name();
        if !self.allowed_names.is_empty() && !self.allowed_names.iter().any(|n| n == name) {
            let refusal = format!("x509: subject with cn={name} is not in the allowed list");
            return Opinion::Refused(refusal);
        }
        match self.user(headers) {
            Some(user) => Opinion::User(Authenticated {
                user,
                ..Authenticated::default()
            }),
            None => Opinion::Pass,
        }
    }

    /// The user that the headers name.
    fn user(&self, headers: &Headers) -> Option<UserInfo> {
        let first = |names: &[String]| {
            let mut values = names.iter().map(|name| headers.first(name));
            values.find(|value| !value.is_empty()).map(str::to_owned)
        };
        let username = first(&self.username_headers)?;
        let groups = self.group_headers.iter().flat_map(|name| headers.all(name));
        let mut extra = BTreeMap::<String, Vec<String>>::new();
        for prefix in &self.extra_headers_prefixes {
            let prefix = prefix.to_ascii_lowercase();
            for (name, value) in headers.lines() {
                let name = name.to_ascii_lowercase();
                if let Some(key) = name.strip_prefix(&prefix) {
                    let values = extra.entry(unescaped(key)).or_default();
                    values.push(value.to_owned());
                }
            }
        }
        Some(UserInfo {
            username,
            uid: first(&self.uid_headers).unwrap_or_default(),
            groups: groups
                .filter(|group| !group.is_empty())
                .map(str::to_owned)
                .collect(),
            extra,
        })
    }
}

/// Percent-decoded; the key itself where that fails.
fn unescaped(key: &str) -> String {
    percent_decoded(key)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_else(|| key.to_owned())
}
