//! Which authorizers a server has, from its file or its flags, and how it reaches those that are webhooks.

use super::aggregate;
use super::authorization_config::{
    self, AuthorizationConfiguration, AuthorizerConfiguration, Kubeconfig, WEBHOOK,
    WebhookConfiguration,
};
use super::files::{FileError, Files};
use super::flags::Flags;
use super::scheme::{Place, Refusal};
use super::webhook_kubeconfig::{self, Connection};
use crate::model::Quoted;
use std::collections::BTreeMap;

/// What the server names the webhook that flags configure.
const DEFAULT_WEBHOOK: &str = "default";

/// The authorizers of `--authorization-mode`.
pub(super) fn from_modes(flags: &Flags, modes: &[String]) -> AuthorizationConfiguration {
    let ttl = |flag: &str, default| flags.nanoseconds(flag).unwrap_or(default);
    let authorizers = modes.iter().map(|mode| match &mode[..] {
        WEBHOOK => AuthorizerConfiguration {
            kind: mode.clone(),
            name: DEFAULT_WEBHOOK.to_owned(),
            webhook: Some(WebhookConfiguration::from_flags(
                flags.file("authorization-webhook-config-file"),
                flags
                    .text("authorization-webhook-version")
                    .unwrap_or("v1beta1")
                    .to_owned(),
                ttl(
                    "authorization-webhook-cache-authorized-ttl",
                    300_000_000_000,
                ),
                ttl(
                    "authorization-webhook-cache-unauthorized-ttl",
                    30_000_000_000,
                ),
            )),
        },
        _ => AuthorizerConfiguration {
            kind: mode.clone(),
            name: mode.to_lowercase(),
            webhook: None,
        },
    });
    AuthorizationConfiguration {
        authorizers: authorizers.collect(),
    }
}

/// Decodes and judges the content of `--authorization-config`; `stat` finds the kubeconfigs that it names.
///
/// # Errors
/// The words with which the server refuses the file.
pub(super) fn from_file(
    data: &[u8],
    stat: &mut dyn FnMut(&str) -> Kubeconfig,
) -> Result<AuthorizationConfiguration, String> {
    let (config, _) = authorization_config::decode(data).map_err(|refusal| refusal.message)?;
    match config.complaint(stat) {
        Some(error) => Err(error),
        None => Ok(config),
    }
}

/// What stands where a kubeconfig should be; `excuse` lets pass what is only not part of this copy.
pub fn stat(
    path: &str,
    files: &Files,
    excuse: impl FnOnce(FileError) -> Result<(), FileError>,
) -> Kubeconfig {
    match files.is_regular(path) {
        Ok(true) => Kubeconfig::File,
        Ok(false) => Kubeconfig::Other,
        Err(error) => match excuse(error) {
            Ok(()) => Kubeconfig::File,
            Err(error) => Kubeconfig::Unreadable(error.to_string()),
        },
    }
}

/// How the webhooks are reached, by their names.
///
/// # Errors
/// The words with which the server refuses to start.
pub(super) fn connections(
    config: &AuthorizationConfiguration,
    policy_file: Option<String>,
    read: &mut webhook_kubeconfig::Read<'_>,
) -> Result<BTreeMap<String, Connection>, String> {
    let refused = |error: String| format!("invalid authorization config: {error}");
    let has_abac = config.authorizers.iter().any(|a| a.kind == "ABAC");
    if has_abac && policy_file.is_none() {
        return Err(refused("open : no such file or directory".to_owned()));
    }
    let mut connections = BTreeMap::new();
    for authorizer in &config.authorizers {
        let Some(webhook) = &authorizer.webhook else {
            continue;
        };
        let Some(path) = &webhook.kubeconfig_file else {
            // It validates, but the server then reads the file's name all the same.
            return Err(
                "panic: runtime error: invalid memory address or nil pointer dereference"
                    .to_owned(),
            );
        };
        let connection = webhook_kubeconfig::load(path, read).map_err(refused)?;
        let version = &webhook.subject_access_review_version[..];
        if !["v1", "v1beta1"].contains(&version) {
            let version = Quoted(version);
            return Err(refused(format!(
                "unsupported webhook authorizer version {version}, supported versions are \"v1\", \"v1beta1\""
            )));
        }
        connections.insert(authorizer.name.clone(), connection);
    }
    Ok(connections)
}

/// Judges the content of `--authorization-config` alone; `stat` finds the kubeconfigs that it names.
///
/// # Errors
/// The words with which the server refuses the file, and the place of each complaint.
pub fn judge(data: &[u8], stat: &mut dyn FnMut(&str) -> Kubeconfig) -> Result<(), Refusal> {
    let (config, document) = authorization_config::decode(data)?;
    let complaints = config.complaints(stat).into_iter();
    let mut told: Vec<(String, String)> = complaints
        .map(|complaint| (complaint.to_string(), complaint.field))
        .collect();
    if told.is_empty() {
        told = config.misnamed();
    }
    let messages: Vec<String> = told.iter().map(|(message, _)| message.clone()).collect();
    let Some(message) = aggregate(&messages) else {
        return Ok(());
    };
    let places = told.into_iter().map(|(message, field)| {
        let (line, column) = authorization_config::locate(&document, &field).unwrap_or((1, 1));
        Place {
            line,
            column,
            message,
        }
    });
    Err(Refusal {
        message,
        places: places.collect(),
    })
}
