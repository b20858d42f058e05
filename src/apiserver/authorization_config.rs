//! `AuthorizationConfiguration` of `apiserver.config.k8s.io`: decoded strictly, as the server decodes
//! it, defaulted and validated (`ValidateAuthorizationConfiguration` of kubernetes/apiserver).

mod conditions;
mod decode;
mod schema;
mod validate;

pub use decode::decode;
pub use validate::Kubeconfig;

use crate::load::tree::{Kind, Value};
use crate::load::typed::Document;
use crate::model::FieldError;

/// The types of authorizers, in the order in which the server lists them.
pub const TYPES: [&str; 6] = [
    "ABAC",
    "AlwaysAllow",
    "AlwaysDeny",
    "Node",
    "RBAC",
    "Webhook",
];

/// The type of an authorizer that is asked over HTTP; alone it may be there several times.
pub const WEBHOOK: &str = "Webhook";

/// The configuration file of authorization, or what the `authorization-*` flags make of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationConfiguration {
    /// The authorizers, in the order in which they are asked.
    pub authorizers: Vec<AuthorizerConfiguration>,
}

/// `authorizers[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizerConfiguration {
    /// `type`: one of [`TYPES`] where the configuration is valid.
    pub kind: String,
    /// Its name; of a built-in one, its type in lower case.
    pub name: String,
    /// Of a webhook.
    pub webhook: Option<WebhookConfiguration>,
}

/// `authorizers[].webhook`. Durations are in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct WebhookConfiguration {
    pub authorized_ttl: i64,
    pub unauthorized_ttl: i64,
    pub cache_authorized_requests: bool,
    pub cache_unauthorized_requests: bool,
    pub timeout: i64,
    pub subject_access_review_version: String,
    pub match_condition_version: String,
    pub failure_policy: String,
    pub connection_type: String,
    pub kubeconfig_file: Option<String>,
    pub match_conditions: Vec<String>,
}

impl WebhookConfiguration {
    /// Whether a webhook that fails denies, instead of having no opinion.
    pub fn denies_on_failure(&self) -> bool {
        self.failure_policy == "Deny"
    }

    /// What `--authorization-mode=Webhook` makes of its flags.
    pub(super) fn from_flags(
        kubeconfig: Option<String>,
        version: String,
        authorized_ttl: i64,
        unauthorized_ttl: i64,
    ) -> Self {
        WebhookConfiguration {
            authorized_ttl,
            unauthorized_ttl,
            timeout: 30_000_000_000,
            subject_access_review_version: version,
            failure_policy: "NoOpinion".to_owned(),
            connection_type: "KubeConfigFile".to_owned(),
            kubeconfig_file: kubeconfig,
            ..WebhookConfiguration::default()
        }
    }
}

impl AuthorizationConfiguration {
    /// What the server has against the configuration, without what only the API server itself asks of it
    /// ([`Self::misnamed`]).
    pub fn complaints(&self, kubeconfigs: &mut dyn FnMut(&str) -> Kubeconfig) -> Vec<FieldError> {
        validate::complaints(self, kubeconfigs)
    }

    /// What the API server has against built-in authorizers that are not named as their type, and the paths of
    /// their names.
    pub fn misnamed(&self) -> Vec<(String, String)> {
        let built_in = self.authorizers.iter().enumerate();
        built_in
            .filter(|(_, a)| a.kind != WEBHOOK && a.name != a.kind.to_lowercase())
            .map(|(i, AuthorizerConfiguration { kind, name, .. })| {
                let expected = kind.to_lowercase();
                let message =
                    format!("expected name {expected} for authorizer {kind} instead of {name}");
                (message, format!("authorizers[{i}].name"))
            })
            .collect()
    }

    /// Everything that the server says before it uses the configuration, or `None`.
    pub fn complaint(&self, kubeconfigs: &mut dyn FnMut(&str) -> Kubeconfig) -> Option<String> {
        let complaints = self.complaints(kubeconfigs);
        let told: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        super::aggregate(&told).or_else(|| {
            let misnamed = self.misnamed().into_iter();
            super::aggregate(&misnamed.map(|(message, _)| message).collect::<Vec<_>>())
        })
    }
}

/// Where a field stands that a complaint names, as line and column: its value, or the nearest thing around
/// it that is there. The server leaves `.webhook` out of paths.
pub fn locate(document: &Document, field: &str) -> Option<(u32, u32)> {
    let mut at = document.root()?;
    for part in field.split('.') {
        let (name, indices) = part.split_once('[').unwrap_or((part, ""));
        let hidden = at.get("webhook").and_then(|webhook| webhook.get(name));
        let Some(found) = at.get(name).or(hidden) else {
            // What is missing belongs into the webhook, if there is one.
            at = at.get("webhook").unwrap_or(at);
            break;
        };
        at = found;
        let index = indices.trim_end_matches(']').parse::<usize>().ok();
        if let Some(item) = index.and_then(|index| at.items().nth(index)) {
            at = item;
        }
    }
    let at: Value<'_> = at;
    // A mapping in block style begins where its first key stands.
    let first = match at.kind() {
        Kind::Mapping => at.entries().next().map(|entry| entry.key),
        _ => None,
    };
    let place = first.unwrap_or(at);
    Some((place.line(), place.column()))
}
