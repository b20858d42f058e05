//! Would a server start with this configuration, and if so, with what? In the server's order: flags,
//! gates, the signing key, all options at once, and then the files one after the other.
//!
//! Judged is what concerns authentication, and the modes of authorization. Flags of other parts (etcd,
//! serving, audit, admission) are read and checked for their type alone.

use super::authentication::{
    AuthenticationOptions, NO_ISSUER, NO_KEYS, OidcOptions, ServiceAccountOptions,
};
use super::authentication_config::{
    self, Anonymous, AuthenticationConfiguration, ClaimMappings, ClaimValidationRule, Issuer,
    JwtAuthenticator, PrefixedClaimOrExpression, mapper::Mapper,
};
use super::authorization_config::AuthorizationConfiguration;
use super::files::FileError;
use super::flags::Flags;
use super::policy_file::{self, Policy};
use super::token_file::{self, TokenRow};
use super::webhook_kubeconfig::{self, Connection};
use super::{CommandLine, Files, aggregate, authorizers};
use crate::model::Quoted;
use crate::pki::{self, Certificate, PrivateKeyKind, PublicKey};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a server starts with.
#[derive(Clone, Debug)]
pub struct LoadedConfig {
    /// All flags: for what has no field of its own.
    pub flags: Flags,
    /// The authentication options.
    pub options: AuthenticationOptions,
    /// The CAs of client certificates; `None` where none are accepted.
    pub client_ca: Option<Vec<Certificate>>,
    /// The CAs of front proxies; `None` where there is none.
    pub front_proxy_ca: Option<Vec<Certificate>>,
    /// The keys that verify service account tokens.
    pub service_account_keys: Vec<PublicKey>,
    /// The rows of the token file.
    pub tokens: Vec<TokenRow>,
    /// The configuration file of authentication, or what the `oidc-*` flags make of it.
    pub authentication: AuthenticationConfiguration,
    /// The compiled expressions of its issuers, in the same order.
    pub mappers: Vec<Arc<Mapper>>,
    /// Which requests may be anonymous, by flag or file.
    pub anonymous: Anonymous,
    /// `--authorization-mode`, with the server's default; empty where a file names the authorizers.
    pub authorization_modes: Vec<String>,
    /// The policies of the ABAC mode.
    pub policies: Vec<Policy>,
    /// The authorizers in their order, by file or flags; none where the file that names them is missing.
    pub authorization: AuthorizationConfiguration,
    /// How the webhooks among the authorizers are reached, by their names.
    pub authorization_webhooks: BTreeMap<String, Connection>,
    /// How the webhook that authenticates tokens is reached; `None` where there is none.
    pub token_webhook: Option<Connection>,
    /// Files that are not there, as the flags name them: what depends on them is unknown.
    pub missing: Vec<String>,
    /// What could not be looked at and is taken to be in order.
    pub assumptions: Vec<String>,
}

impl LoadedConfig {
    /// Whether this file is named, but not there.
    pub fn is_missing(&self, path: Option<&str>) -> bool {
        path.is_some_and(|path| self.missing.iter().any(|missing| missing == path))
    }
}

/// How strictly a configuration is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Would a server start with it?
    Start,
    /// A server runs with it, and the copy may be incomplete.
    Running,
}

/// Finds files, and remembers those that are not there though the server must have them.
struct Finder<'a> {
    files: &'a Files,
    mode: Mode,
    missing: Vec<String>,
    assumptions: Vec<String>,
}

impl Finder<'_> {
    /// The file's content; `None` if it is only not part of this copy.
    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, FileError> {
        let found = self.files.read(path);
        self.excuse(path, found)
    }

    fn excuse<T>(
        &mut self,
        path: &str,
        found: Result<T, FileError>,
    ) -> Result<Option<T>, FileError> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.folder_absent || (error.absent && self.mode == Mode::Running) => {
                self.assume_there(path, &error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn assume_there(&mut self, path: &str, error: &FileError) {
        if !self.missing.iter().any(|missing| missing == path) {
            self.missing.push(path.to_owned());
            self.assumptions.push(format!(
                "{error}; not part of this copy, taken to be there and in order"
            ));
        }
    }
}

/// Judges a command line and loads what it names.
///
/// A private key that is not there, and a file whose whole folder is not there, are no part of this copy
/// of the configuration: they are taken to be in order and named in [`LoadedConfig::missing`].
///
/// # Errors
/// The words with which the server refuses to start.
pub fn validate(line: &CommandLine, files: &Files) -> Result<LoadedConfig, String> {
    read(line, files, Mode::Start)
}

/// Loads what a server runs with: that it could start is given. Flags that issue tokens may be left out,
/// and any file may be missing.
///
/// # Errors
/// The words with which the server would refuse what is there.
pub fn running(line: &CommandLine, files: &Files) -> Result<LoadedConfig, String> {
    read(line, files, Mode::Running)
}

fn read(line: &CommandLine, files: &Files, mode: Mode) -> Result<LoadedConfig, String> {
    let flags = line.parse()?;
    let options = AuthenticationOptions::from_flags(&flags);
    let mut finder = Finder {
        files,
        mode,
        missing: Vec::new(),
        assumptions: Vec::new(),
    };
    let issues_tokens = signing_key(&options.service_accounts, &mut finder)?;
    let authorization_modes = authorization_modes(&flags);
    let mut complaints = options.complaints();
    complaints.extend(authorization_complaints(&flags, &authorization_modes));
    let authorization = match authorization(&flags, &authorization_modes, &mut finder) {
        Ok(authorization) => authorization,
        Err(error) => {
            complaints.extend(error);
            AuthorizationConfiguration::default()
        }
    };
    complaints.extend(token_request_complaint(&flags, &options, issues_tokens));
    if mode == Mode::Running {
        complaints.retain(|complaint| !INCOMPLETE.contains(&&complaint[..]));
    }
    if let Some(error) = aggregate(&complaints) {
        return Err(error);
    }
    load(flags, options, authorization_modes, authorization, finder)
}

/// The authorizers; `Err(None)` where the flags are at odds with one another, which is complained of already.
fn authorization(
    flags: &Flags,
    modes: &[String],
    finder: &mut Finder<'_>,
) -> Result<AuthorizationConfiguration, Option<String>> {
    let Some(path) = flags.file("authorization-config") else {
        return Ok(authorizers::from_modes(flags, modes));
    };
    if LEGACY_AUTHORIZATION.iter().any(|flag| flags.changed(flag)) {
        return Err(None);
    }
    let data = finder
        .read(&path)
        .map_err(|error| Some(error.to_string()))?;
    let Some(data) = data else {
        return Ok(AuthorizationConfiguration::default());
    };
    let files = finder.files;
    let mut stat = |path: &str| {
        authorizers::stat(path, files, |error| {
            finder.excuse::<()>(path, Err(error)).map(drop)
        })
    };
    authorizers::from_file(&data, &mut stat).map_err(Some)
}

const NOT_TOGETHER: &str = "--service-account-signing-key-file, --service-account-issuer, and --api-audiences should be specified together";
const NO_SIGNING: &str =
    "--service-account-signing-key-file and --service-account-issuer are required flags";

/// What a server that runs cannot lack, but an excerpt of its flags can.
const INCOMPLETE: [&str; 4] = [NO_ISSUER, NO_KEYS, NOT_TOGETHER, NO_SIGNING];

/// Checks the options of issuing tokens, which the server completes before it validates the others;
/// returns whether it can issue any.
fn signing_key(accounts: &ServiceAccountOptions, finder: &mut Finder<'_>) -> Result<bool, String> {
    const HOUR: i64 = 3_600_000_000_000;
    const MOST: i64 = (1 << 32) * 1_000_000_000;
    let limit = accounts.max_token_expiration;
    if limit != 0 && !(HOUR..=MOST).contains(&limit) {
        let error =
            "the service-account-max-token-expiration must be between 1 hour and 2^32 seconds";
        return Err(error.to_owned());
    }
    let has_issuer = accounts.issuers.first().is_some_and(|i| !i.is_empty());
    let (key, endpoint) = (&accounts.signing_key_file, &accounts.signing_endpoint);
    match (has_issuer, key, endpoint) {
        (false, ..) | (true, None, None) => Ok(false),
        (true, Some(_), Some(_)) => Err("service-account-signing-key-file and service-account-signing-endpoint are mutually exclusive and cannot be set at the same time".to_owned()),
        (true, None, Some(endpoint)) => {
            finder
                .assumptions
                .push(format!("the signer behind {endpoint} is taken to answer"));
            Ok(true)
        }
        (true, Some(path), None) => check_signing_key(path, finder).map(|()| true),
    }
}

fn check_signing_key(path: &str, finder: &mut Finder<'_>) -> Result<(), String> {
    let unparsed =
        |error: String| format!("failed to parse service-account-issuer-key-file: {error}");
    let kind = match finder.files.read(path) {
        Ok(data) => pki::private_key_kind_from_pem(&data)
            .map_err(|error| unparsed(format!("error reading private key file {path}: {error}")))?,
        Err(error) if error.absent => {
            // Copies of a configuration rightly lack it.
            finder.assume_there(path, &error);
            match public_half(path, finder.files) {
                Some(PublicKey::Ed25519(_)) => PrivateKeyKind::Ed25519,
                _ => return Ok(()),
            }
        }
        Err(error) => return Err(unparsed(error.to_string())),
    };
    let name = match kind {
        PrivateKeyKind::Rsa | PrivateKeyKind::Ecdsa => return Ok(()),
        PrivateKeyKind::Ed25519 => "ed25519.PrivateKey",
        PrivateKeyKind::Other => "*ecdh.PrivateKey",
    };
    Err(format!(
        "failed to build token generator: unknown private key type {name}, must be *rsa.PrivateKey, *ecdsa.PrivateKey, or jose.OpaqueSigner"
    ))
}

/// The public key that lies beside an absent private one: `sa.pub` for `sa.key`.
fn public_half(path: &str, files: &Files) -> Option<PublicKey> {
    let data = files
        .read(&format!("{}.pub", path.strip_suffix(".key")?))
        .ok()?;
    let mut blocks = pki::pem::blocks(&data);
    let block = blocks.next().filter(|block| block.label == "PUBLIC KEY")?;
    PublicKey::from_spki_der(&block.der).ok()
}

/// The modes, with the default of a server that nobody tells.
fn authorization_modes(flags: &Flags) -> Vec<String> {
    let modes = flags.strings("authorization-mode");
    if modes.is_empty() && flags.file("authorization-config").is_none() {
        return vec!["AlwaysAllow".to_owned()];
    }
    modes
}

/// The flags that go with `--authorization-mode` alone.
const LEGACY_AUTHORIZATION: [&str; 5] = [
    "authorization-mode",
    "authorization-webhook-cache-authorized-ttl",
    "authorization-webhook-cache-unauthorized-ttl",
    "authorization-webhook-config-file",
    "authorization-webhook-version",
];

/// What the server has against the flags of authorization (`BuiltInAuthorizationOptions.Validate`).
fn authorization_complaints(flags: &Flags, modes: &[String]) -> Vec<String> {
    let mut errors = Vec::new();
    if flags.file("authorization-config").is_some() {
        if LEGACY_AUTHORIZATION.iter().any(|flag| flags.changed(flag)) {
            errors.push("--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined".to_owned());
        }
        return errors;
    }
    let policy = flags.file("authorization-policy-file");
    let webhook = flags.file("authorization-webhook-config-file");
    let known = [
        "AlwaysAllow",
        "AlwaysDeny",
        "ABAC",
        "Webhook",
        "RBAC",
        "Node",
    ];
    for mode in modes {
        if !known.contains(&&mode[..]) {
            let mode = Quoted(mode);
            errors.push(format!("authorization-mode {mode} is not a valid mode"));
        }
        if mode == "ABAC" && policy.is_none() {
            errors
                .push("authorization-mode ABAC's authorization policy file not passed".to_owned());
        }
        if mode == "Webhook" && webhook.is_none() {
            errors.push(
                "authorization-mode Webhook's authorization config file not passed".to_owned(),
            );
        }
    }
    let has = |mode: &str| modes.iter().any(|m| m == mode);
    if policy.is_some() && !has("ABAC") {
        let error = "cannot specify --authorization-policy-file without mode ABAC";
        errors.push(error.to_owned());
    }
    if webhook.is_some() && !has("Webhook") {
        let error = "cannot specify --authorization-webhook-config-file without mode Webhook";
        errors.push(error.to_owned());
    }
    let repeated = (1..)
        .zip(modes)
        .any(|(next, mode)| modes[next..].contains(mode));
    if repeated {
        let quoted: Vec<_> = modes.iter().map(|m| Quoted(m).to_string()).collect();
        let quoted = quoted.join(" ");
        errors.push(format!(
            "authorization-mode [{quoted}] has mode specified more than once"
        ));
    }
    errors
}

fn token_request_complaint(
    flags: &Flags,
    options: &AuthenticationOptions,
    issues_tokens: bool,
) -> Option<String> {
    if issues_tokens {
        return None;
    }
    let accounts = &options.service_accounts;
    let attempted = accounts.signing_key_file.is_some()
        || accounts.issuers.first().is_some_and(|i| !i.is_empty())
        || !flags.strings("api-audiences").is_empty();
    let error = if attempted { NOT_TOGETHER } else { NO_SIGNING };
    Some(error.to_owned())
}

/// Loads the files in the server's order; the first that it cannot use stops it.
fn load(
    flags: Flags,
    options: AuthenticationOptions,
    authorization_modes: Vec<String>,
    authorization: AuthorizationConfiguration,
    mut finder: Finder<'_>,
) -> Result<LoadedConfig, String> {
    let client_ca = ca_bundle("client-ca-bundle", &options.client_ca_file, &mut finder)?;
    let authentication = match &options.authentication_config {
        Some(path) => authentication_configuration(path, &mut finder)?,
        None => AuthenticationConfiguration {
            jwt: oidc_flags(&options.oidc, &mut finder)?
                .into_iter()
                .collect(),
            anonymous: None,
        },
    };
    let anonymous = match &authentication.anonymous {
        Some(_) if options.anonymous_auth.is_some() => {
            return Err("anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file".to_owned());
        }
        Some(anonymous) => anonymous.clone(),
        None => Anonymous {
            // With everything allowed the server lets nobody in without a name, whatever the flag says
            // (`BuiltInAuthenticationOptions.ApplyAuthorization`).
            enabled: options.anonymous_auth.unwrap_or(true)
                && !authorization_modes.iter().any(|mode| mode == "AlwaysAllow"),
            paths: Vec::new(),
        },
    };
    let egress_selectors = flags
        .gates()
        .enabled("StructuredAuthenticationConfigurationEgressSelector");
    let mappers = authentication
        .compile(egress_selectors)
        .map_err(|complaints| {
            let told = authentication_config::told(&complaints).unwrap_or_default();
            format!("invalid authentication configuration: {told}")
        })?;
    let proxies = &options.request_header.client_ca_file;
    let front_proxy_ca = ca_bundle("request-header", proxies, &mut finder)?;
    let mut service_account_keys = Vec::new();
    for path in &options.service_accounts.key_files {
        let Some(data) = finder.read(path).map_err(|error| error.to_string())? else {
            continue;
        };
        let keys = pki::public_keys_from_pem(&data)
            .map_err(|error| format!("error reading public key file {path}: {error}"))?;
        service_account_keys.extend(keys);
    }
    if let (Some(clients), Some(proxies)) = (&client_ca, &front_proxy_ca)
        && options.request_header.allowed_names.is_empty()
        && proxies
            .iter()
            .any(|proxy| clients.iter().any(|client| client.der() == proxy.der()))
    {
        return Err("--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users".to_owned());
    }
    let tokens = match &options.token_auth_file {
        Some(path) => {
            let data = finder.read(path).map_err(|error| error.to_string())?;
            let data = data.unwrap_or_default();
            token_file::rows(path, &data).map_err(|error| error.to_string())?
        }
        None => Vec::new(),
    };
    if let Some(error) = authentication.overlap(&options.service_accounts.issuers) {
        return Err(error.to_string());
    }
    check_issuers(&authentication, &flags, &options.oidc)?;
    let webhook = &options.webhook;
    let token_webhook = match &webhook.config_file {
        Some(path) => Some(webhook_kubeconfig::load(path, &mut |path| {
            finder.read(path)
        })?),
        None => None,
    };
    if webhook.config_file.is_some() && !["v1", "v1beta1"].contains(&&webhook.version[..]) {
        let version = Quoted(&webhook.version);
        return Err(format!(
            "unsupported authentication webhook version {version}, supported versions are \"v1\", \"v1beta1\""
        ));
    }
    let policy_file = flags.file("authorization-policy-file");
    let has_abac = authorization.authorizers.iter().any(|a| a.kind == "ABAC");
    let policies = match &policy_file {
        Some(path) if has_abac => policies(path, &mut finder)
            .map_err(|error| format!("invalid authorization config: {error}"))?,
        _ => Vec::new(),
    };
    let authorization_webhooks =
        authorizers::connections(&authorization, policy_file, &mut |path| finder.read(path))?;
    Ok(LoadedConfig {
        flags,
        options,
        client_ca,
        front_proxy_ca,
        service_account_keys,
        tokens,
        authentication,
        mappers: mappers.into_iter().map(Arc::new).collect(),
        anonymous,
        authorization_modes,
        policies,
        authorization,
        authorization_webhooks,
        token_webhook,
        missing: finder.missing,
        assumptions: finder.assumptions,
    })
}

/// The ABAC policies; none from a file that is not part of this copy.
fn policies(path: &str, finder: &mut Finder<'_>) -> Result<Vec<Policy>, String> {
    let data = finder.read(path).map_err(|error| match error.operation {
        // Only what was opened is read line by line.
        "read" => format!("error reading policy file {path}: {error}"),
        _ => error.to_string(),
    })?;
    policy_file::policies(path, &data.unwrap_or_default())
}

/// The algorithms that the server lets an issuer sign with.
pub const SIGNING_ALGORITHMS: [&str; 9] = [
    "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
];

/// What the server says of issuers when it makes their authenticators.
fn check_issuers(
    authentication: &AuthenticationConfiguration,
    flags: &Flags,
    oidc: &OidcOptions,
) -> Result<(), String> {
    for jwt in &authentication.jwt {
        let mut algorithms = oidc.signing_algs.iter();
        if let Some(unknown) = algorithms.find(|alg| !SIGNING_ALGORITHMS.contains(&&alg[..])) {
            let unknown = Quoted(unknown);
            return Err(format!("oidc: unsupported signing alg: {unknown}"));
        }
        let egress = &jwt.issuer.egress_selector_type;
        if !egress.is_empty() && flags.file("egress-selector-config-file").is_none() {
            let egress = Quoted(egress);
            return Err(format!(
                "oidc: egress lookup required with egress selector type {egress}"
            ));
        }
    }
    Ok(())
}

/// A bundle of CA certificates; `name` is what the server calls it in its words. A file that is not part
/// of this copy gives an empty bundle.
fn ca_bundle(
    name: &str,
    path: &Option<String>,
    finder: &mut Finder<'_>,
) -> Result<Option<Vec<Certificate>>, String> {
    let Some(path) = path else {
        return Ok(None);
    };
    let Some(data) = finder.read(path).map_err(|error| error.to_string())? else {
        return Ok(Some(Vec::new()));
    };
    let shown = format!("{name}::{path}");
    let shown = Quoted(&shown);
    if data.is_empty() {
        return Err(format!("missing content for CA bundle {shown}"));
    }
    pki::certificates_from_pem(&data)
        .map(Some)
        .map_err(|error| format!("error loading CA bundle for {shown}: {error}"))
}

fn authentication_configuration(
    path: &str,
    finder: &mut Finder<'_>,
) -> Result<AuthenticationConfiguration, String> {
    let decoded = match finder.read(path) {
        Ok(Some(data)) => authentication_config::decode(&data),
        Ok(None) => Ok(AuthenticationConfiguration::default()),
        Err(error) => Err(error.to_string()),
    };
    decoded.map_err(|error| {
        let path = Quoted(path);
        format!("failed to load authentication configuration from file {path}: {error}")
    })
}

/// The issuer that the `oidc-*` flags describe.
fn oidc_flags(
    oidc: &OidcOptions,
    finder: &mut Finder<'_>,
) -> Result<Option<JwtAuthenticator>, String> {
    if oidc.issuer_url.is_empty() || oidc.client_id.is_empty() {
        return Ok(None);
    }
    let username_prefix = match &oidc.username_prefix[..] {
        "-" => String::new(),
        "" if oidc.username_claim == "email" => String::new(),
        "" => format!("{}#", oidc.issuer_url),
        prefix => prefix.to_owned(),
    };
    let groups = PrefixedClaimOrExpression {
        claim: oidc.groups_claim.clone(),
        prefix: (!oidc.groups_claim.is_empty()).then(|| oidc.groups_prefix.clone()),
        expression: String::new(),
    };
    let certificate_authority = match &oidc.ca_file {
        Some(path) => {
            let data = finder.read(path).map_err(|error| error.to_string())?;
            String::from_utf8_lossy(&data.unwrap_or_default()).into_owned()
        }
        None => String::new(),
    };
    let rule = |(claim, value): (&String, &String)| ClaimValidationRule {
        claim: claim.clone(),
        required_value: value.clone(),
        ..ClaimValidationRule::default()
    };
    Ok(Some(JwtAuthenticator {
        issuer: Issuer {
            url: oidc.issuer_url.clone(),
            certificate_authority,
            audiences: vec![oidc.client_id.clone()],
            ..Issuer::default()
        },
        claim_validation_rules: oidc.required_claims.iter().map(rule).collect(),
        claim_mappings: ClaimMappings {
            username: PrefixedClaimOrExpression {
                claim: oidc.username_claim.clone(),
                prefix: Some(username_prefix),
                expression: String::new(),
            },
            groups,
            ..ClaimMappings::default()
        },
        user_validation_rules: Vec::new(),
    }))
}
