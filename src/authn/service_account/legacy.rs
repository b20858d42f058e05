//! Tokens that live in Secrets. They do not expire.

use super::{Account, Fault, MissingObject, Question, account_user, not_found, read_object};
use crate::jwt::json::Raw;
use crate::model::{Quoted, names};

/// The issuer of every legacy token, whatever the server's own is.
pub const LEGACY_ISSUER: &str = "kubernetes/serviceaccount";

/// By which the server marks tokens that nobody has used for long.
const INVALID_SINCE: &str = "kubernetes.io/legacy-token-invalid-since";

const AUTO_GENERATED: &str = "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.";

/// The claims below `kubernetes.io/serviceaccount/`.
#[derive(Debug, Default)]
pub(super) struct Claims {
    namespace: String,
    secret: String,
    account: String,
    uid: String,
}

impl Claims {
    pub(super) fn read(claims: Raw<'_>) -> Result<Self, String> {
        let mut out = Claims::default();
        read_object(
            claims,
            "serviceaccount.legacyPrivateClaims",
            |fill, key, value| {
                let field = match key.strip_prefix("kubernetes.io/serviceaccount/") {
                    Some("namespace") => &mut out.namespace,
                    Some("secret.name") => &mut out.secret,
                    Some("service-account.name") => &mut out.account,
                    Some("service-account.uid") => &mut out.uid,
                    _ => return Ok(()),
                };
                fill.string(value, field)
            },
        )?;
        Ok(out)
    }

    pub(super) fn validate(
        self,
        question: &Question<'_>,
        details: &mut Vec<String>,
    ) -> Result<Account, Fault> {
        let subject = &question.registered.subject;
        let Claims {
            namespace,
            secret,
            account,
            uid,
        } = &self;
        for (text, name) in [
            (subject, "sub"),
            (namespace, "namespace"),
            (secret, "secretName"),
            (account, "serviceAccountName"),
            (uid, "serviceAccountUID"),
        ] {
            if text.is_empty() {
                return Err(format!("{name} claim is missing").into());
            }
        }
        if split_username(subject) != Some((namespace, account)) {
            return Err("sub claim is invalid".into());
        }
        let warnings = match question.lookup {
            true => self.look_up(question, details)?,
            false => Vec::new(),
        };
        Ok(Account {
            user: account_user(namespace, account, uid),
            warnings,
        })
    }

    /// Looks for the Secret and the account; the warnings.
    fn look_up(
        &self,
        question: &Question<'_>,
        details: &mut Vec<String>,
    ) -> Result<Vec<String>, Fault> {
        let Claims {
            namespace,
            secret: secret_name,
            account: name,
            uid,
        } = self;
        let who = format!("{namespace}/{name}");
        let what = format!("{namespace}/{secret_name} for service account {who}");
        let Some(secret) = question.objects.secret(namespace, secret_name) else {
            let error = not_found("secrets", Some(namespace), secret_name);
            details.push(format!("Could not retrieve token {what}: {error}"));
            return Err(Fault {
                reason: "Token has been invalidated".to_owned(),
                missing: Some(MissingObject::Secret {
                    namespace: namespace.clone(),
                    name: secret_name.clone(),
                }),
            });
        };
        if secret.identity.deletion_timestamp.is_some() {
            details.push(format!("Token is deleted and awaiting removal: {what}"));
            return Err("Token has been invalidated".into());
        }
        let stored = secret.data.get("token").map_or(&[][..], |s| s.expose());
        if stored != question.token.as_bytes() {
            details.push(format!("Token contents no longer matches {what}"));
            return Err("Token does not match server's copy".into());
        }
        let Some(account) = question.objects.service_account(namespace, name) else {
            let reason = not_found("serviceaccounts", Some(namespace), name);
            details.push(format!(
                "Could not retrieve service account {who}: {reason}"
            ));
            return Err(Fault {
                reason,
                missing: Some(MissingObject::ServiceAccount {
                    namespace: namespace.clone(),
                    name: name.clone(),
                }),
            });
        };
        if account.deletion_timestamp.is_some() {
            details.push(format!("Service account has been deleted {who}"));
            return Err(format!("ServiceAccount {who} has been deleted").into());
        }
        if account.uid != *uid {
            details.push(format!(
                "Service account UID no longer matches {who}: {} != {}",
                Quoted(&account.uid),
                Quoted(uid)
            ));
            return Err(format!(
                "ServiceAccount UID ({}) does not match claim ({uid})",
                account.uid
            )
            .into());
        }
        if secret
            .labels
            .get(INVALID_SINCE)
            .is_some_and(|since| !since.is_empty())
        {
            return Err(format!(
                "the token in secret {what} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '{INVALID_SINCE}' label from the secret to temporarily allow use of this token"
            )
            .into());
        }
        Ok(match account.secrets.contains(secret_name) {
            true => vec![AUTO_GENERATED.to_owned()],
            false => Vec::new(),
        })
    }
}

/// Namespace and name of the user name of a service account.
fn split_username(username: &str) -> Option<(&str, &str)> {
    let (namespace, name) = username
        .strip_prefix("system:serviceaccount:")?
        .split_once(':')?;
    let is_good = names::is_dns_label(namespace) && names::dns_subdomain_errors(name).is_empty();
    is_good.then_some((namespace, name))
}
