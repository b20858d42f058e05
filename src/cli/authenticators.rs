//! From the API server's configuration to its authenticators.

use crate::apiserver::startup::SIGNING_ALGORITHMS;
use crate::apiserver::{Fetched, LoadedConfig};
use crate::authn::anonymous::Anonymous;
use crate::authn::oidc::{Issuer, Oidc};
use crate::authn::request_header::RequestHeader;
use crate::authn::service_account::ServiceAccounts;
use crate::authn::token_file::TokenFile;
use crate::authn::webhook::TokenWebhook;
use crate::authn::x509::X509;
use crate::authn::{Authenticators, Setting};
use crate::model::UserInfo;
use crate::webhook::review::Review;
use crate::webhook::{Client, Recordings};
use std::sync::Arc;

/// How long a webhook may take, in nanoseconds.
const WEBHOOK_TIMEOUT: i64 = 30_000_000_000;

/// The authenticators of a server. What depends on a file that is missing is unknown.
pub(super) fn of(
    config: &LoadedConfig,
    recordings: &Recordings,
    fetched: Option<&Arc<Fetched>>,
) -> Authenticators {
    let missing = |path: Option<&String>| {
        let path = path.filter(|path| config.is_missing(Some(path)));
        path.map(|path| format!("{path}, which the API server's configuration names, is not there"))
    };
    let options = &config.options;
    let headers = &options.request_header;
    let accounts = &options.service_accounts;
    let keys_missing = match accounts.key_files.is_empty() {
        true => Some("no --service-account-key-file is given".to_owned()),
        false => accounts
            .key_files
            .iter()
            .find_map(|path| missing(Some(path))),
    };
    Authenticators {
        request_header: setting(
            config.front_proxy_ca.clone(),
            missing(headers.client_ca_file.as_ref()),
            |client_ca| RequestHeader {
                client_ca,
                allowed_names: headers.allowed_names.clone(),
                username_headers: headers.username_headers.clone(),
                group_headers: headers.group_headers.clone(),
                uid_headers: match options.uid_from_request_header {
                    true => headers.uid_headers.clone(),
                    false => Vec::new(),
                },
                extra_headers_prefixes: headers.extra_headers_prefix.clone(),
            },
        ),
        x509: setting(
            config.client_ca.clone(),
            missing(options.client_ca_file.as_ref()),
            |client_ca| X509 {
                client_ca,
                parse_uid: options.uid_from_certificates,
            },
        ),
        token_file: setting(
            options.token_auth_file.as_ref().map(|_| &config.tokens),
            missing(options.token_auth_file.as_ref()),
            |rows| {
                TokenFile::new(rows.iter().map(|row| {
                    let user = UserInfo {
                        username: row.user.clone(),
                        uid: row.uid.clone(),
                        groups: row.groups.clone(),
                        ..UserInfo::default()
                    };
                    (row.token.clone(), user)
                }))
            },
        ),
        service_accounts: Setting::On({
            let accounts_of = |keys| {
                ServiceAccounts::new(
                    accounts.issuers.clone(),
                    keys,
                    options.api_audiences.clone(),
                    accounts.lookup,
                )
            };
            match keys_missing {
                Some(why) => {
                    accounts_of(Vec::new()).without_keys(why, accounts.signing_endpoint.is_some())
                }
                None => accounts_of(config.service_account_keys.clone()),
            }
        }),
        bootstrap: match options.bootstrap_tokens {
            true => Setting::On(()),
            false => Setting::Off,
        },
        oidc: setting(
            (!config.authentication.jwt.is_empty()).then(|| issuers(config, fetched)),
            missing(options.authentication_config.as_ref()),
            |issuers| issuers,
        ),
        webhook: setting(
            config
                .token_webhook
                .as_ref()
                .zip(Review::token(&options.webhook.version)),
            // Without the kubeconfig only the URL of error messages lacks.
            missing(options.webhook.config_file.as_ref()).filter(|_| recordings.tokens().is_none()),
            |(connection, review)| TokenWebhook {
                client: Client {
                    url: connection.url.clone(),
                    timeout: WEBHOOK_TIMEOUT,
                    patience: WEBHOOK_TIMEOUT,
                    shared: true,
                },
                review,
                recording: recordings.tokens().cloned(),
                api_audiences: options.api_audiences.clone(),
            },
        ),
        anonymous: Anonymous {
            enabled: config.anonymous.enabled,
            paths: config.anonymous.paths.clone(),
        },
        api_audiences: options.api_audiences.clone(),
    }
}

/// The issuers of OpenID Connect tokens. Those of a configuration file may sign with any algorithm.
fn issuers(config: &LoadedConfig, fetched: Option<&Arc<Fetched>>) -> Oidc {
    let options = &config.options;
    let algorithms = match (
        &options.authentication_config,
        &options.oidc.signing_algs[..],
    ) {
        (Some(_), _) => SIGNING_ALGORITHMS.map(str::to_owned).to_vec(),
        (None, []) => vec!["RS256".to_owned()],
        (None, some) => some.to_vec(),
    };
    let issuers = config.authentication.jwt.iter().zip(&config.mappers);
    let issuers = issuers.map(|(jwt, mapper)| {
        Issuer::new(
            jwt.clone(),
            Arc::clone(mapper),
            algorithms.clone(),
            fetched.cloned(),
        )
    });
    issuers.collect()
}

fn setting<T, U>(
    value: Option<T>,
    missing: Option<String>,
    make: impl FnOnce(T) -> U,
) -> Setting<U> {
    match (missing, value) {
        (Some(what), _) => Setting::Missing(what),
        (None, Some(value)) => Setting::On(make(value)),
        (None, None) => Setting::Off,
    }
}
