//! X.509 client certificates (docs page "Authenticating", X.509 client certificates).

use super::opinion::{Authenticated, Opinion};
use crate::model::UserInfo;
use crate::pki::{self, Certificate, colon_hex};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The key of `extra` that tells which credential was used.
pub const CREDENTIAL_ID: &str = "authentication.kubernetes.io/credential-id";

/// What `--client-ca-file` and the gates say.
#[derive(Debug)]
pub struct X509 {
    /// Who may sign a client's certificate.
    pub client_ca: Vec<Certificate>,
    /// Gate AllowParsingUserUIDFromCertAuth: the UID attribute of the subject counts.
    pub parse_uid: bool,
}

impl X509 {
    /// Judges the certificates of the connection, leaf first.
    pub fn authenticate(&self, certificates: &[Certificate], now: Timestamp) -> Opinion {
        let Some(leaf) = certificates.first() else {
            return Opinion::Pass;
        };
        if let Err(error) = pki::verify(certificates, &self.client_ca, now) {
            let text = format!("verifying certificate {} failed: {error}", identifier(leaf));
            return match error.is_unknown() {
                true => Opinion::Unknown(text),
                false => Opinion::Refused(text),
            };
        }
        match user(leaf, self.parse_uid) {
            Ok(Some(user)) => Opinion::User(Authenticated {
                user,
                ..Authenticated::default()
            }),
            Ok(None) => Opinion::Pass,
            Err(refusal) => Opinion::Refused(refusal),
        }
    }
}

/// The user that a certificate's subject names, whether it is to be trusted or not. None without a
/// common name.
///
/// # Errors
/// What the server says of a uid that it cannot use.
pub fn user(leaf: &Certificate, parse_uid: bool) -> Result<Option<UserInfo>, String> {
    let username = leaf.common_name().to_owned();
    if username.is_empty() {
        return Ok(None);
    }
    let uid = match parse_uid {
        true => uid(leaf)?,
        false => String::new(),
    };
    let digest = leaf.sha256();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let credential = format!("X509SHA256={hex}");
    Ok(Some(UserInfo {
        username,
        uid,
        groups: leaf.organizations().to_vec(),
        extra: BTreeMap::from([(CREDENTIAL_ID.to_owned(), vec![credential])]),
    }))
}

fn uid(leaf: &Certificate) -> Result<String, String> {
    match leaf.subject_uids() {
        [] => Ok(String::new()),
        [uid] if uid.is_empty() => Err("UID cannot be an empty string".to_owned()),
        [uid] => Ok(uid.clone()),
        several => Err(format!(
            "expected 1 UID, but found multiple: [{}]",
            several.join(" ")
        )),
    }
}

/// How the server's log names a certificate.
fn identifier(certificate: &Certificate) -> String {
    format!(
        "SN={}, SKID={}, AKID={}",
        certificate.serial_decimal(),
        colon_hex(certificate.subject_key_id().unwrap_or_default()),
        colon_hex(certificate.authority_key_id().unwrap_or_default())
    )
}
