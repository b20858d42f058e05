//! An event of the audit log: what was asked, by whom, and at which stage it was decided
//! (`audit.k8s.io/v1` Event).

use super::pasted::{self, Origin};
use crate::impersonation::ask::Asked;
use crate::model::{Request, UserInfo};
use crate::request::{RequestInfo, Target};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields of an event that say how it was decided.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditEvent {
    /// What it is.
    pub kind: String,
    /// Tells requests apart.
    #[serde(rename = "auditID")]
    pub audit_id: String,
    /// The verb, as authorizers know it.
    pub verb: String,
    /// Path and query, as sent.
    #[serde(rename = "requestURI")]
    pub request_uri: String,
    /// When it was received, as the server writes it.
    pub request_received_timestamp: String,
    /// Who asked.
    pub user: UserInfo,
    /// As whom the request was judged, where it was another.
    pub impersonated_user: Option<UserInfo>,
    /// What was asked for; absent for a path.
    pub object_ref: Option<ObjectRef>,
    /// What was answered; absent of a request that was only received.
    pub response_status: Option<ResponseStatus>,
    /// What the stages noted.
    pub annotations: BTreeMap<String, String>,
    /// What authentication noted.
    pub authentication_metadata: Option<AuthenticationMetadata>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs)]
pub struct ObjectRef {
    pub api_group: String,
    pub api_version: String,
    pub resource: String,
    pub subresource: String,
    pub namespace: String,
    pub name: String,
}

/// What was answered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResponseStatus {
    /// The HTTP code.
    pub code: u16,
    /// The message of a refusal.
    pub message: String,
}

/// What authentication noted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationMetadata {
    /// The constrained mode of impersonation.
    pub impersonation_constraint: Option<String>,
}

impl AuditEvent {
    /// The recorded decision: allowed or not; `None` where none was made.
    pub fn decision(&self) -> Option<bool> {
        match self
            .annotations
            .get("authorization.k8s.io/decision")?
            .as_str()
        {
            "allow" => Some(true),
            "forbid" => Some(false),
            _ => None,
        }
    }

    /// The recorded reason.
    pub fn reason(&self) -> &str {
        let reason = self.annotations.get("authorization.k8s.io/reason");
        reason.map_or("", String::as_str)
    }

    /// The HTTP code; 0 where none is recorded.
    pub fn code(&self) -> u16 {
        self.response_status
            .as_ref()
            .map_or(0, |status| status.code)
    }

    /// The user that authorization was about.
    pub fn effective(&self) -> &UserInfo {
        self.impersonated_user.as_ref().unwrap_or(&self.user)
    }

    /// The method that the verb stands for.
    pub fn method(&self) -> String {
        match &*self.verb {
            "get" | "list" | "watch" | "proxy" => "GET".to_owned(),
            "create" => "POST".to_owned(),
            "update" => "PUT".to_owned(),
            "deletecollection" => "DELETE".to_owned(),
            other => other.to_ascii_uppercase(),
        }
    }

    /// What was asked, by the event's own words.
    pub fn asked(&self) -> Asked {
        let verb = self.verb.clone();
        let about = match &self.object_ref {
            Some(object) => Ok([
                object.api_group.clone(),
                object.resource.clone(),
                object.subresource.clone(),
                object.namespace.clone(),
                object.name.clone(),
            ]),
            None => Err(match Target::parse(&self.request_uri) {
                Some(target) => target.path.into_owned(),
                None => self.request_uri.clone(),
            }),
        };
        Asked { verb, about }
    }

    /// Whether a path, resolved, asks what the event says: then it tells version and selectors, too.
    pub fn is_asked_by(&self, info: &RequestInfo<'_>) -> bool {
        let asked = self.asked();
        match (info.request(), asked.request()) {
            (Request::Resource { verb: "", .. }, Request::Resource { .. }) => false,
            (ours, recorded) => ours == recorded,
        }
    }

    /// The stage that decided it.
    pub fn origin(&self) -> Origin {
        let message = self.response_status.as_ref().map_or("", |s| &s.message);
        match (self.code(), self.decision()) {
            (401, None) => Origin::Authentication,
            (_, Some(false)) => Origin::Authorization,
            (403, Some(true)) => match pasted::parse(message).map(|pasted| pasted.origin) {
                Some(origin @ (Origin::Escalation | Origin::Authorization)) => origin,
                _ => Origin::Admission,
            },
            (403 | 400, None) => match pasted::parse(message).map(|pasted| pasted.origin) {
                Some(origin @ Origin::Impersonation { .. }) => origin,
                _ => Origin::Impersonation {
                    mode: None,
                    on_request: false,
                },
            },
            (500, None) => Origin::Failure,
            _ => Origin::Handler,
        }
    }
}
