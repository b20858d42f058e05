//! The objects that a token is bound to, and what has become of them.

use super::TokenKind;
use crate::model::core_objects::{CoreObjects, ObjectIdentity};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// An object that a token names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoundObject {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace; empty of a Node.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid, as the token says; the legacy format gives none of Secrets.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub uid: String,
    /// What has become of it.
    #[serde(flatten)]
    pub state: State,
    /// Whether the token ends with it. The node of a pod's token is there to be looked at only.
    #[serde(skip)]
    pub binding: bool,
}

/// What has become of an object, among those that are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all_fields = "camelCase")]
pub enum State {
    /// No object of its kind is loaded.
    NotLoaded,
    /// It is there, and the same.
    Exists,
    /// An object of its name is there, in a manifest without a uid.
    UidUnknown,
    /// It is not there.
    Gone,
    /// Another object has its name now.
    Recreated {
        /// The uid of the other one.
        found_uid: String,
    },
    /// It is being deleted.
    BeingDeleted {
        /// Since, or from when on.
        deletion_timestamp: Timestamp,
    },
}

/// The objects of a service account's token.
pub(super) fn objects(kind: &TokenKind, claims: &Value, loaded: &CoreObjects) -> Vec<BoundObject> {
    match kind {
        TokenKind::BoundServiceAccount => of_bound(claims, loaded),
        TokenKind::LegacyServiceAccount => of_legacy(claims, loaded),
        _ => Vec::new(),
    }
}

fn of_bound(claims: &Value, loaded: &CoreObjects) -> Vec<BoundObject> {
    let Some(own) = claims.get("kubernetes.io") else {
        return Vec::new();
    };
    let namespace = own.get("namespace").and_then(Value::as_str).unwrap_or("");
    let is_there = |key: &str| own.get(key).is_some_and(Value::is_object);
    let keys = [
        ("serviceaccount", "ServiceAccount"),
        ("pod", "Pod"),
        ("secret", "Secret"),
        ("node", "Node"),
    ];
    let found = keys.into_iter().filter(|(key, _)| is_there(key));
    found
        .map(|(key, kind)| {
            let field = |field: &str| {
                let value = own.get(key).and_then(|object| object.get(field));
                value.and_then(Value::as_str).unwrap_or("")
            };
            let mut object = object(kind, namespace, field("name"), field("uid"), loaded);
            object.binding = kind != "Node" || !is_there("pod");
            object
        })
        .collect()
}

fn of_legacy(claims: &Value, loaded: &CoreObjects) -> Vec<BoundObject> {
    let field = |name: &str| {
        let value = claims.get(format!("kubernetes.io/serviceaccount/{name}"));
        value.and_then(Value::as_str).unwrap_or("")
    };
    let namespace = field("namespace");
    let account = field("service-account.name");
    vec![
        object(
            "ServiceAccount",
            namespace,
            account,
            field("service-account.uid"),
            loaded,
        ),
        object("Secret", namespace, field("secret.name"), "", loaded),
    ]
}

fn object(
    kind: &'static str,
    namespace: &str,
    name: &str,
    uid: &str,
    loaded: &CoreObjects,
) -> BoundObject {
    let (any, identity) = match kind {
        "ServiceAccount" => (
            loaded.has_service_accounts(),
            loaded.service_account(namespace, name),
        ),
        "Pod" => (
            loaded.has_pods(),
            loaded.pod(namespace, name).map(|pod| &pod.identity),
        ),
        "Secret" => (
            loaded.has_secrets(),
            loaded
                .secret(namespace, name)
                .map(|secret| &secret.identity),
        ),
        _ => (loaded.has_nodes(), loaded.node(name)),
    };
    let namespace = if kind == "Node" { "" } else { namespace };
    BoundObject {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        uid: uid.to_owned(),
        state: state(any, identity, uid),
        binding: true,
    }
}

fn state(any: bool, identity: Option<&ObjectIdentity>, uid: &str) -> State {
    match identity {
        None if any => State::Gone,
        None => State::NotLoaded,
        Some(found) if !uid.is_empty() && found.uid.is_empty() => State::UidUnknown,
        Some(found) if !uid.is_empty() && found.uid != uid => State::Recreated {
            found_uid: found.uid.clone(),
        },
        Some(ObjectIdentity {
            deletion_timestamp: Some(at),
            ..
        }) => State::BeingDeleted {
            deletion_timestamp: *at,
        },
        Some(_) => State::Exists,
    }
}
