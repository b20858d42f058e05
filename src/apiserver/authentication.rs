//! The authentication options of a server, with their defaults, and what the server says of them before
//! it reads any file (`BuiltInAuthenticationOptions.Validate`).

use super::flags::Flags;
use super::go_url;
use crate::model::Quoted;
use std::collections::BTreeMap;

pub(super) const NO_ISSUER: &str = "service-account-issuer is a required flag";
pub(super) const NO_KEYS: &str =
    "either `--service-account-key-file` or `--service-account-signing-endpoint` must be set";

/// How requests are authenticated, as the flags say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticationOptions {
    /// `--anonymous-auth`; `None` where the flag was not given, which is the same as true unless the
    /// configuration file says otherwise.
    pub anonymous_auth: Option<bool>,
    /// `--client-ca-file`.
    pub client_ca_file: Option<String>,
    /// `--token-auth-file`.
    pub token_auth_file: Option<String>,
    /// `--authentication-config`.
    pub authentication_config: Option<String>,
    /// `--enable-bootstrap-token-auth`.
    pub bootstrap_tokens: bool,
    /// The audiences of the API: `--api-audiences`, without it all service account issuers.
    pub api_audiences: Vec<String>,
    /// Service accounts.
    pub service_accounts: ServiceAccountOptions,
    /// The front proxy.
    pub request_header: RequestHeaderOptions,
    /// The `oidc-*` flags.
    pub oidc: OidcOptions,
    /// The token webhook.
    pub webhook: WebhookOptions,
    /// Gate `AllowParsingUserUIDFromCertAuth`.
    pub uid_from_certificates: bool,
    /// Gate `RemoteRequestHeaderUID`.
    pub uid_from_request_header: bool,
}

/// The `service-account-*` flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceAccountOptions {
    /// `--service-account-issuer`: the first issues, all are accepted.
    pub issuers: Vec<String>,
    /// `--service-account-key-file`.
    pub key_files: Vec<String>,
    /// `--service-account-signing-key-file`.
    pub signing_key_file: Option<String>,
    /// `--service-account-signing-endpoint`.
    pub signing_endpoint: Option<String>,
    /// `--service-account-lookup`.
    pub lookup: bool,
    /// `--service-account-max-token-expiration` in nanoseconds; 0 is no limit.
    pub max_token_expiration: i64,
    /// `--service-account-extend-token-expiration`.
    pub extend_token_expiration: bool,
    /// `--service-account-jwks-uri`.
    pub jwks_uri: Option<String>,
}

/// The `requestheader-*` flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestHeaderOptions {
    /// The CA of front proxies; without it no header is looked at.
    pub client_ca_file: Option<String>,
    /// Headers of the user's name.
    pub username_headers: Vec<String>,
    /// Headers of the uid.
    pub uid_headers: Vec<String>,
    /// Headers of groups.
    pub group_headers: Vec<String>,
    /// Prefixes of headers of extra values.
    pub extra_headers_prefix: Vec<String>,
    /// Common names of front proxies; none is any.
    pub allowed_names: Vec<String>,
}

/// The `oidc-*` flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OidcOptions {
    /// Whether any of them was given.
    pub configured: bool,
    /// `--oidc-issuer-url`.
    pub issuer_url: String,
    /// `--oidc-client-id`.
    pub client_id: String,
    /// `--oidc-ca-file`.
    pub ca_file: Option<String>,
    /// `--oidc-username-claim`.
    pub username_claim: String,
    /// `--oidc-username-prefix`, as written.
    pub username_prefix: String,
    /// `--oidc-groups-claim`.
    pub groups_claim: String,
    /// `--oidc-groups-prefix`.
    pub groups_prefix: String,
    /// `--oidc-signing-algs`.
    pub signing_algs: Vec<String>,
    /// `--oidc-required-claim`.
    pub required_claims: BTreeMap<String, String>,
}

/// The `authentication-token-webhook-*` flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookOptions {
    /// The kubeconfig of the webhook; without it there is none.
    pub config_file: Option<String>,
    /// The version of the TokenReviews that it is sent.
    pub version: String,
    /// How long its answers are remembered, in nanoseconds.
    pub cache_ttl: i64,
}

impl AuthenticationOptions {
    /// The options that flags give.
    pub fn from_flags(flags: &Flags) -> Self {
        let text = |name: &str, default: &str| flags.text(name).unwrap_or(default).to_owned();
        let issuers = flags.array("service-account-issuer");
        let mut api_audiences = flags.strings("api-audiences");
        if api_audiences.is_empty() {
            api_audiences.clone_from(&issuers);
        }
        let mut signing_algs = flags.strings("oidc-signing-algs");
        if !flags.changed("oidc-signing-algs") {
            signing_algs = vec!["RS256".to_owned()];
        }
        AuthenticationOptions {
            anonymous_auth: flags
                .changed("anonymous-auth")
                .then(|| flags.bool("anonymous-auth", true)),
            client_ca_file: flags.file("client-ca-file"),
            token_auth_file: flags.file("token-auth-file"),
            authentication_config: flags.file("authentication-config"),
            bootstrap_tokens: flags.bool("enable-bootstrap-token-auth", false),
            api_audiences,
            service_accounts: ServiceAccountOptions {
                issuers,
                key_files: flags.array("service-account-key-file"),
                signing_key_file: flags.file("service-account-signing-key-file"),
                signing_endpoint: flags.file("service-account-signing-endpoint"),
                lookup: flags.bool("service-account-lookup", true),
                max_token_expiration: flags
                    .nanoseconds("service-account-max-token-expiration")
                    .unwrap_or(0),
                extend_token_expiration: flags
                    .bool("service-account-extend-token-expiration", true),
                jwks_uri: flags.file("service-account-jwks-uri"),
            },
            request_header: RequestHeaderOptions {
                client_ca_file: flags.file("requestheader-client-ca-file"),
                username_headers: flags.strings("requestheader-username-headers"),
                uid_headers: flags.strings("requestheader-uid-headers"),
                group_headers: flags.strings("requestheader-group-headers"),
                extra_headers_prefix: flags.strings("requestheader-extra-headers-prefix"),
                allowed_names: flags.strings("requestheader-allowed-names"),
            },
            oidc: OidcOptions {
                configured: OIDC_FLAGS.iter().any(|name| flags.changed(name)),
                issuer_url: text("oidc-issuer-url", ""),
                client_id: text("oidc-client-id", ""),
                ca_file: flags.file("oidc-ca-file"),
                username_claim: text("oidc-username-claim", "sub"),
                username_prefix: text("oidc-username-prefix", ""),
                groups_claim: text("oidc-groups-claim", ""),
                groups_prefix: text("oidc-groups-prefix", ""),
                signing_algs,
                required_claims: flags.pairs("oidc-required-claim"),
            },
            webhook: WebhookOptions {
                config_file: flags.file("authentication-token-webhook-config-file"),
                version: text("authentication-token-webhook-version", "v1beta1"),
                cache_ttl: flags
                    .nanoseconds("authentication-token-webhook-cache-ttl")
                    .unwrap_or(120_000_000_000),
            },
            uid_from_certificates: flags.gates().enabled("AllowParsingUserUIDFromCertAuth"),
            uid_from_request_header: flags.gates().enabled("RemoteRequestHeaderUID"),
        }
    }

    /// What the server has against these options, in its order.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut errors = Vec::new();
        self.check_oidc(&mut errors);
        self.check_service_accounts(&mut errors);
        self.check_request_header(&mut errors);
        errors
    }

    fn check_oidc(&self, errors: &mut Vec<String>) {
        let oidc = &self.oidc;
        let error = if self.authentication_config.is_some() && oidc.configured {
            "authentication-config file and oidc-* flags are mutually exclusive"
        } else if oidc.configured && (oidc.issuer_url.is_empty() || oidc.client_id.is_empty()) {
            "oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set"
        } else {
            return;
        };
        errors.push(error.to_owned());
    }

    fn check_service_accounts(&self, errors: &mut Vec<String>) {
        let accounts = &self.service_accounts;
        let mut seen: Vec<&str> = Vec::new();
        for issuer in &accounts.issuers {
            let quoted = Quoted(issuer);
            let problem = issuer.contains(':').then(|| go_url::parse(issuer).err());
            if let Some(error) = problem.flatten() {
                errors.push(format!(
                    "service-account-issuer {quoted} contained a ':' but was not a valid URL: {error}"
                ));
            } else if issuer.is_empty() {
                errors.push("service-account-issuer should not be an empty string".to_owned());
            } else if seen.contains(&&issuer[..]) {
                errors.push(format!(
                    "service-account-issuer {quoted} is already specified"
                ));
            } else {
                seen.push(issuer);
            }
        }
        if accounts.issuers.is_empty() {
            errors.push(NO_ISSUER.to_owned());
        }
        if accounts.key_files.is_empty() && accounts.signing_endpoint.is_none() {
            errors.push(NO_KEYS.to_owned());
        }
        if !accounts.key_files.is_empty() && accounts.signing_endpoint.is_some() {
            errors.push("`--service-account-key-file` and `--service-account-signing-endpoint` are mutually exclusive and cannot be set at the same time".to_owned());
        }
        if let Some(uri) = &accounts.jwks_uri {
            match go_url::parse(uri) {
                Err(error) => errors.push(format!(
                    "service-account-jwks-uri must be a valid URL: {error}"
                )),
                Ok(url) if url.scheme != "https" => errors.push(format!(
                    "service-account-jwks-uri requires https scheme, parsed as: {uri}"
                )),
                Ok(_) => {}
            }
        }
    }

    fn check_request_header(&self, errors: &mut Vec<String>) {
        let header = &self.request_header;
        let lists = [
            ("requestheader-username-headers", &header.username_headers),
            ("requestheader-uid-headers", &header.uid_headers),
            ("requestheader-group-headers", &header.group_headers),
            (
                "requestheader-extra-headers-prefix",
                &header.extra_headers_prefix,
            ),
            ("requestheader-allowed-names", &header.allowed_names),
        ];
        for (flag, values) in lists {
            if values.iter().any(|value| value.trim().is_empty()) {
                errors.push(format!("empty value in \"{flag}\""));
            }
        }
        if header.uid_headers.is_empty() {
            return;
        }
        if !self.uid_from_request_header {
            errors.push("--requestheader-uid-headers requires the \"RemoteRequestHeaderUID\" feature to be enabled".to_owned());
        }
        let is_standard = |name: &String| name.eq_ignore_ascii_case("X-Remote-Uid");
        if !header.uid_headers.iter().any(is_standard) {
            errors.push("--requestheader-uid-headers is set without specifying the standard X-Remote-Uid header - API aggregation will not work".to_owned());
        }
    }
}

const OIDC_FLAGS: [&str; 9] = [
    "oidc-ca-file",
    "oidc-client-id",
    "oidc-groups-claim",
    "oidc-groups-prefix",
    "oidc-issuer-url",
    "oidc-required-claim",
    "oidc-signing-algs",
    "oidc-username-claim",
    "oidc-username-prefix",
];
