//! Tokens of the TokenRequest API: bound to an account, to times, and perhaps to an object.

use super::{Account, Fault, MissingObject, Question, account_user, not_found, read_object};
use crate::jwt::json::Raw;
use crate::jwt::{Fill, NumericDate};
use crate::model::Quoted;
use crate::model::core_objects::ObjectIdentity;
use jiff::{SignedDuration, Timestamp};

/// The lifetime that kubelets ask for and clients may outlive: it is extended and warned about.
pub const WARN_ONLY_SECONDS: i64 = 60 * 60 + 7;

/// How long such a token lasts.
pub const EXTENDED_SECONDS: i64 = 365 * 24 * 60 * 60;

/// Clocks may differ by so much.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

const INVALIDATED: &str = "service account token has been invalidated";

/// The `kubernetes.io` claim.
#[derive(Debug, Default)]
pub(super) struct Claims {
    namespace: String,
    account: Ref,
    pod: Option<Ref>,
    secret: Option<Ref>,
    node: Option<Ref>,
}

/// An object by name and uid.
#[derive(Debug, Default)]
struct Ref {
    name: String,
    uid: String,
}

impl Ref {
    /// Reads a reference into `self`; whether there is one.
    fn fill(&mut self, fill: &mut Fill, value: Raw<'_>) -> Result<bool, String> {
        fill.object(value, "serviceaccount.ref", |fill, key, value| match key {
            "name" => fill.string(value, &mut self.name),
            "uid" => fill.string(value, &mut self.uid),
            _ => Ok(()),
        })
    }

    fn optional(fill: &mut Fill, value: Raw<'_>, field: &mut Option<Ref>) -> Result<(), String> {
        let mut found = Ref::default();
        let is_there = found.fill(fill, value)?;
        *field = is_there.then_some(found);
        Ok(())
    }
}

impl Claims {
    pub(super) fn read(claims: Raw<'_>) -> Result<Self, String> {
        let mut out = Claims::default();
        let mut warn_after: Option<NumericDate> = None;
        read_object(
            claims,
            "serviceaccount.privateClaims",
            |fill, key, value| {
                if key != "kubernetes.io" {
                    return Ok(());
                }
                fill.object(
                    value,
                    "serviceaccount.kubernetes",
                    |fill, key, value| match key {
                        "namespace" => fill.string(value, &mut out.namespace),
                        "serviceaccount" => out.account.fill(fill, value).map(drop),
                        "pod" => Ref::optional(fill, value, &mut out.pod),
                        "secret" => Ref::optional(fill, value, &mut out.secret),
                        "node" => Ref::optional(fill, value, &mut out.node),
                        "warnafter" => fill.date(value, &mut warn_after),
                        _ => Ok(()),
                    },
                )
                .map(drop)
            },
        )?;
        Ok(out)
    }

    pub(super) fn validate(
        self,
        question: &Question<'_>,
        details: &mut Vec<String>,
    ) -> Result<Account, Fault> {
        let early = question.now.saturating_sub(LEEWAY).unwrap_or(question.now);
        check_times(question, early)?;
        let objects = question.objects;
        let Claims {
            namespace,
            account: Ref { name, uid },
            ..
        } = &self;
        let who = format!("{namespace}/{name}");
        let gone = |object: &ObjectIdentity| object.deletion_timestamp.is_some_and(|at| at < early);

        let Some(account) = objects.service_account(namespace, name) else {
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
        if gone(account) {
            details.push(format!("Service account has been deleted {who}"));
            return Err(format!("service account {who} has been deleted").into());
        }
        if account.uid != *uid {
            details.push(format!(
                "Service account UID no longer matches {who}: {} != {}",
                Quoted(&account.uid),
                Quoted(uid)
            ));
            return Err(format!(
                "service account UID ({}) does not match claim ({uid})",
                account.uid
            )
            .into());
        }

        let bound_to = |kind: &str,
                        reference: &Ref,
                        found: Option<&ObjectIdentity>,
                        details: &mut Vec<String>|
         -> Result<(), Fault> {
            let is_node = kind == "node";
            let Ref { name, uid } = reference;
            let what = match is_node {
                true => name.clone(),
                false => format!("{namespace}/{name}"),
            };
            let Some(object) = found else {
                let (error, missing) = match kind {
                    "node" => (
                        not_found("nodes", None, name),
                        MissingObject::Node { name: name.clone() },
                    ),
                    "pod" => (
                        not_found("pods", Some(namespace), name),
                        MissingObject::Pod {
                            namespace: namespace.clone(),
                            name: name.clone(),
                        },
                    ),
                    _ => (
                        not_found("secrets", Some(namespace), name),
                        MissingObject::Secret {
                            namespace: namespace.clone(),
                            name: name.clone(),
                        },
                    ),
                };
                details.push(match is_node {
                    true => format!(
                        "Could not retrieve node object {} for service account {who}: {error}",
                        Quoted(name)
                    ),
                    false => format!(
                        "Could not retrieve bound {kind} {what} for service account {who}: {error}"
                    ),
                });
                return Err(Fault {
                    reason: INVALIDATED.to_owned(),
                    missing: Some(missing),
                });
            };
            if gone(object) {
                details.push(match is_node {
                    true => format!(
                        "Node {} is deleted and awaiting removal for service account {who}",
                        Quoted(name)
                    ),
                    false => format!(
                        "Bound {kind} is deleted and awaiting removal: {what} for service account {who}"
                    ),
                });
                return Err(INVALIDATED.into());
            }
            if object.uid != *uid {
                let mut title = kind.to_owned();
                title[..1].make_ascii_uppercase();
                details.push(format!(
                    "{title} UID no longer matches {what}: {} != {}",
                    Quoted(&object.uid),
                    Quoted(uid)
                ));
                return Err(format!(
                    "{kind} UID ({}) does not match service account {kind} ref claim ({uid})",
                    object.uid
                )
                .into());
            }
            Ok(())
        };
        if let Some(secret) = &self.secret {
            let found = objects.secret(namespace, &secret.name);
            bound_to("secret", secret, found.map(|s| &s.identity), details)?;
        }
        if let Some(pod) = &self.pod {
            let found = objects.pod(namespace, &pod.name);
            bound_to("pod", pod, found.map(|p| &p.identity), details)?;
        }
        // The node of a pod is only told, that of a token is checked.
        if let (Some(node), None) = (&self.node, &self.pod) {
            bound_to("node", node, objects.node(&node.name), details)?;
        }

        let mut user = account_user(namespace, name, uid);
        let mut extra = |key: &str, value: String| {
            let key = format!("authentication.kubernetes.io/{key}");
            user.extra.insert(key, vec![value]);
        };
        let id = &question.registered.id;
        if !id.is_empty() {
            extra("credential-id", format!("JTI={id}"));
        }
        if let Some(Ref { name, uid }) = self.pod
            && !name.is_empty()
            && !uid.is_empty()
        {
            extra("pod-name", name);
            extra("pod-uid", uid);
        }
        if let Some(Ref { name, uid }) = self.node
            && !name.is_empty()
        {
            extra("node-name", name);
            if !uid.is_empty() {
                extra("node-uid", uid);
            }
        }
        Ok(Account {
            user,
            warnings: Vec::new(),
        })
    }
}

fn check_times(question: &Question<'_>, early: Timestamp) -> Result<(), Fault> {
    let claims = question.registered;
    let late = question.now.saturating_add(LEEWAY).unwrap_or(question.now);
    if claims.not_before.is_some_and(|date| date.is_after(late)) {
        return Err("service account token is not valid yet".into());
    }
    if claims.expiry.is_some_and(|date| date.is_before(early)) {
        return Err("service account token has expired".into());
    }
    if claims.issued_at.is_some_and(|date| date.is_after(late)) {
        return Err("service account token is issued in the future".into());
    }
    Ok(())
}
