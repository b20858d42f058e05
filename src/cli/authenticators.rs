//! From the API server's configuration to its authenticators.

use crate::apiserver::authentication_config::{self, AuthenticationConfiguration};
use crate::apiserver::token_file::{self, TokenRow};
use crate::apiserver::{AuthenticationOptions, Files, Flags, LoadedConfig};
use crate::authn::anonymous::Anonymous;
use crate::authn::request_header::RequestHeader;
use crate::authn::service_account::ServiceAccounts;
use crate::authn::token_file::TokenFile;
use crate::authn::x509::X509;
use crate::authn::{Authenticators, Setting};
use crate::model::UserInfo;
use crate::pki::{self, Certificate, PublicKey};
use anyhow::{Result, anyhow};

/// The parts of a configuration that come from files.
struct Parts {
    client_ca: Setting<Vec<Certificate>>,
    front_proxy_ca: Setting<Vec<Certificate>>,
    tokens: Setting<Vec<TokenRow>>,
    keys: Setting<Vec<PublicKey>>,
    authentication: AuthenticationConfiguration,
}

/// The authenticators of a server that starts.
pub(super) fn of(config: LoadedConfig) -> Authenticators {
    let on = |ca: Option<Vec<Certificate>>| ca.map_or(Setting::Off, Setting::On);
    let parts = Parts {
        client_ca: on(config.client_ca),
        front_proxy_ca: on(config.front_proxy_ca),
        tokens: match config.options.token_auth_file {
            Some(_) => Setting::On(config.tokens),
            None => Setting::Off,
        },
        keys: Setting::On(config.service_account_keys),
        authentication: config.authentication,
    };
    built(config.options, parts)
}

/// The authenticators of what is given of a configuration: a file that is not there makes what depends
/// on it unknown.
pub(super) fn partial(flags: &Flags, files: &Files) -> Result<Authenticators> {
    let options = AuthenticationOptions::from_flags(flags);
    let read = |path: &Option<String>| match path {
        None => Ok(Setting::Off),
        Some(path) => match files.read(path) {
            Ok(data) => Ok(Setting::On((path.clone(), data))),
            Err(error) if error.absent => Ok(Setting::Missing(error.to_string())),
            Err(error) => Err(anyhow!("{error}")),
        },
    };
    let certificates = |path: &Option<String>| {
        parsed(read(path)?, |path, data| {
            pki::certificates_from_pem(data).map_err(|error| format!("{path}: {error}"))
        })
    };
    let mut keys: Setting<Vec<PublicKey>> = Setting::Off;
    for path in &options.service_accounts.key_files {
        let found = parsed(read(&Some(path.clone()))?, |path, data| {
            pki::public_keys_from_pem(data).map_err(|error| format!("{path}: {error}"))
        })?;
        keys = match (keys, found) {
            (Setting::Missing(what), _) | (_, Setting::Missing(what)) => Setting::Missing(what),
            (Setting::On(mut keys), Setting::On(more)) => {
                keys.extend(more);
                Setting::On(keys)
            }
            (Setting::Off, found) => found,
            (keys, Setting::Off) => keys,
        };
    }
    let authentication = match &options.authentication_config {
        None => AuthenticationConfiguration::default(),
        Some(path) => {
            let data = files.read(path).map_err(|error| anyhow!("{error}"))?;
            authentication_config::decode(&data)
                .map_err(|error| anyhow!("authentication configuration {path}: {error}"))?
        }
    };
    let parts = Parts {
        client_ca: certificates(&options.client_ca_file)?,
        front_proxy_ca: certificates(&options.request_header.client_ca_file)?,
        tokens: parsed(read(&options.token_auth_file)?, |path, data| {
            token_file::rows(path, data).map_err(|error| error.to_string())
        })?,
        keys,
        authentication,
    };
    Ok(built(options, parts))
}

fn parsed<T>(
    file: Setting<(String, Vec<u8>)>,
    parse: impl FnOnce(&str, &[u8]) -> Result<T, String>,
) -> Result<Setting<T>> {
    Ok(match file {
        Setting::Off => Setting::Off,
        Setting::Missing(what) => Setting::Missing(what),
        Setting::On((path, data)) => {
            Setting::On(parse(&path, &data).map_err(|error| anyhow!("{error}"))?)
        }
    })
}

fn map<T, U>(setting: Setting<T>, make: impl FnOnce(T) -> U) -> Setting<U> {
    match setting {
        Setting::Off => Setting::Off,
        Setting::Missing(what) => Setting::Missing(what),
        Setting::On(value) => Setting::On(make(value)),
    }
}

fn built(options: AuthenticationOptions, parts: Parts) -> Authenticators {
    let headers = options.request_header;
    let accounts = options.service_accounts;
    let mut identity_providers = Vec::new();
    if options.oidc.configured || !parts.authentication.jwt.is_empty() {
        identity_providers
            .push("JWT issuers are configured, which are not evaluated yet".to_owned());
    }
    if options.webhook.config_file.is_some() {
        identity_providers
            .push("a token webhook is configured, whose answers are not read yet".to_owned());
    }
    let anonymous = match &parts.authentication.anonymous {
        Some(anonymous) => Anonymous {
            enabled: anonymous.enabled,
            paths: anonymous.paths.clone(),
        },
        None => Anonymous {
            enabled: options.anonymous_auth.unwrap_or(true),
            paths: Vec::new(),
        },
    };
    Authenticators {
        request_header: map(parts.front_proxy_ca, |client_ca| RequestHeader {
            client_ca,
            allowed_names: headers.allowed_names,
            username_headers: headers.username_headers,
            group_headers: headers.group_headers,
            uid_headers: match options.uid_from_request_header {
                true => headers.uid_headers,
                false => Vec::new(),
            },
            extra_headers_prefixes: headers.extra_headers_prefix,
        }),
        x509: map(parts.client_ca, |client_ca| X509 {
            client_ca,
            parse_uid: options.uid_from_certificates,
        }),
        token_file: map(parts.tokens, |rows| {
            TokenFile::new(rows.into_iter().map(|row| {
                let user = UserInfo {
                    username: row.user,
                    uid: row.uid,
                    groups: row.groups,
                    ..UserInfo::default()
                };
                (row.token, user)
            }))
        }),
        service_accounts: map(parts.keys, |keys| {
            ServiceAccounts::new(
                accounts.issuers,
                keys,
                options.api_audiences.clone(),
                accounts.lookup,
            )
        }),
        bootstrap: match options.bootstrap_tokens {
            true => Setting::On(()),
            false => Setting::Off,
        },
        identity_providers,
        anonymous,
        api_audiences: options.api_audiences,
    }
}
