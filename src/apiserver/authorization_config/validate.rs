//! What the server has against a decoded configuration, in its order.

use super::{AuthorizationConfiguration, TYPES, WEBHOOK, WebhookConfiguration};
use crate::model::names::dns_subdomain_errors;
use crate::model::{BadValue, FieldError, duration};
use serde::Serialize;

const MOST_CONDITIONS: usize = 64;
const MOST_SECONDS: i64 = 30_000_000_000;

/// What stands where a webhook's kubeconfig should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kubeconfig {
    /// A regular file, or one that is taken to be there.
    File,
    /// Something else.
    Other,
    /// It cannot be looked at; in the server's words.
    Unreadable(String),
}

pub(super) fn complaints(
    config: &AuthorizationConfiguration,
    kubeconfigs: &mut dyn FnMut(&str) -> Kubeconfig,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if config.authorizers.is_empty() {
        errors.push(FieldError::required(
            "authorizers",
            "at least one authorization mode must be defined",
        ));
    }
    let (mut types, mut names): (Vec<&str>, Vec<&str>) = Default::default();
    for (i, authorizer) in config.authorizers.iter().enumerate() {
        let path = |field: &str| format!("authorizers[{i}].{field}");
        let kind = &authorizer.kind[..];
        if kind.is_empty() {
            errors.push(FieldError::required(path("type"), ""));
            continue;
        }
        if !TYPES.contains(&kind) {
            errors.push(FieldError::not_supported(path("type"), kind, &TYPES));
            continue;
        }
        if types.contains(&kind) && kind != WEBHOOK {
            errors.push(FieldError::duplicate(path("type"), kind));
            continue;
        }
        types.push(kind);
        let name = &authorizer.name[..];
        let wrong = dns_subdomain_errors(name);
        if name.is_empty() {
            errors.push(FieldError::required(path("name"), ""));
        } else if names.contains(&name) {
            errors.push(FieldError::duplicate(path("name"), name));
        } else if !wrong.is_empty() {
            let detail = format!("authorizer name is invalid: {}", wrong.join(", "));
            errors.push(FieldError::invalid(path("name"), name, detail));
        }
        names.push(name);
        match &authorizer.webhook {
            None if kind == WEBHOOK => errors.push(FieldError::required(
                path("webhook"),
                "required when type=Webhook",
            )),
            Some(webhook) if kind == WEBHOOK => {
                webhook_complaints(webhook, &path, kubeconfigs, &mut errors);
            }
            None => {}
            Some(_) => errors.push(FieldError::invalid(
                path("webhook"),
                "non-null",
                "may only be specified when type=Webhook",
            )),
        }
    }
    errors
}

fn webhook_complaints(
    webhook: &WebhookConfiguration,
    path: &dyn Fn(&str) -> String,
    kubeconfigs: &mut dyn FnMut(&str) -> Kubeconfig,
    errors: &mut Vec<FieldError>,
) {
    let shown = duration::show(webhook.timeout);
    match webhook.timeout {
        0 => errors.push(FieldError::required(path("timeout"), "")),
        1..=MOST_SECONDS => {}
        _ => errors.push(FieldError::invalid(
            path("timeout"),
            &shown[..],
            "must be > 0s and <= 30s",
        )),
    }
    for (field, ttl) in [
        ("authorizedTTL", webhook.authorized_ttl),
        ("unauthorizedTTL", webhook.unauthorized_ttl),
    ] {
        if ttl < 0 {
            let shown = duration::show(ttl);
            errors.push(FieldError::invalid(path(field), &shown[..], "must be > 0s"));
        }
    }
    let field = path("subjectAccessReviewVersion");
    match &webhook.subject_access_review_version[..] {
        "" => errors.push(FieldError::required(field, "")),
        "v1" | "v1beta1" => {}
        other => errors.push(FieldError::not_supported(field, other, &["v1", "v1beta1"])),
    }
    let field = path("matchConditionSubjectAccessReviewVersion");
    match &webhook.match_condition_version[..] {
        "" if webhook.match_conditions.is_empty() => {}
        "" => errors.push(FieldError::required(
            field,
            "required if match conditions are specified",
        )),
        "v1" => {}
        other => errors.push(FieldError::not_supported(field, other, &["v1"])),
    }
    let field = path("failurePolicy");
    match &webhook.failure_policy[..] {
        "" => errors.push(FieldError::required(field, "")),
        "NoOpinion" | "Deny" => {}
        other => errors.push(FieldError::not_supported(
            field,
            other,
            &["NoOpinion", "Deny"],
        )),
    }
    connection_complaints(webhook, path, kubeconfigs, errors);
    condition_complaints(&webhook.match_conditions, path, errors);
}

fn connection_complaints(
    webhook: &WebhookConfiguration,
    path: &dyn Fn(&str) -> String,
    kubeconfigs: &mut dyn FnMut(&str) -> Kubeconfig,
    errors: &mut Vec<FieldError>,
) {
    /// Go's `%v` of the struct, as JSON.
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Shown<'a> {
        r#type: &'a str,
        kube_config_file: Option<&'a str>,
    }
    let kind = path("connectionInfo.type");
    let file = path("connectionInfo.kubeConfigFile");
    let named = webhook.kubeconfig_file.as_deref();
    match (&webhook.connection_type[..], named) {
        ("", _) => errors.push(FieldError::required(kind, "")),
        ("InClusterConfig", None) => {}
        ("InClusterConfig", Some(named)) => errors.push(FieldError::invalid(
            file,
            named,
            "can only be set when type=KubeConfigFile",
        )),
        ("KubeConfigFile", None | Some("")) => errors.push(FieldError::required(file, "")),
        ("KubeConfigFile", Some(named)) if !named.starts_with('/') => {
            errors.push(FieldError::invalid(file, named, "must be an absolute path"));
        }
        ("KubeConfigFile", Some(named)) => match kubeconfigs(named) {
            Kubeconfig::File => {}
            Kubeconfig::Other => {
                errors.push(FieldError::invalid(file, named, "must be a regular file"));
            }
            Kubeconfig::Unreadable(error) => {
                let detail = format!("error loading file: {error}");
                errors.push(FieldError::invalid(file, named, detail));
            }
        },
        (other, named) => {
            let shown = Shown {
                r#type: other,
                kube_config_file: named,
            };
            errors.push(FieldError::not_supported(
                kind,
                BadValue::json(&shown),
                &["InClusterConfig", "KubeConfigFile"],
            ));
        }
    }
}

fn condition_complaints(
    conditions: &[String],
    path: &dyn Fn(&str) -> String,
    errors: &mut Vec<FieldError>,
) {
    if conditions.len() > MOST_CONDITIONS {
        errors.push(FieldError::too_many(
            path("matchConditions"),
            conditions.len(),
            MOST_CONDITIONS,
        ));
        return;
    }
    for (i, expression) in conditions.iter().enumerate() {
        let field = path(&format!("matchConditions[{i}].expression"));
        if expression.trim().is_empty() {
            errors.push(FieldError::required(field, ""));
        } else if conditions[..i].contains(expression) {
            errors.push(FieldError::duplicate(field, &expression[..]));
        } else if let Err(error) = super::conditions::compile(field, expression) {
            errors.push(error);
        }
    }
}
