//! Tokens as a server and its cluster see them: audience, issuer, keys, claims, the objects they are bound to.

use super::tokens::{NONE, finding, rule};
use crate::answer::danger::quoted;
use crate::answer::token_inspection::{AtIssuer, State, TokenKind};
use crate::authn::Setting;
use crate::authn::opinion::Opinion;
use crate::authn::service_account::key_id;
use crate::lint::credentials::{Holder, Inspected, Server};
use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::UserInfo;
use serde_json::Value;

const GOOD: Example = Example::Manifest(
    "apiVersion: v1\nkind: Config\nusers:\n- name: bot\n  user:\n    token: eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln\n",
);
/// Other services take their own tokens.
const OTHERS: Example = Example::Manifest(
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: ci, name: app}\ndata: {token: eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhcHAiLCJhdWQiOiJ2YXVsdCIsImV4cCI6MzYwMH0.c2ln}\n",
);

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC307",
            "token-audience-mismatch",
            Severity::High,
            [
                "holds a token that is not for the API server",
                "the server answers 401: none of its audiences is in the token's `aud`",
                "ask for a token with the audience of the API server, which is its issuer's URL by default",
            ],
            &["Kubernetes API: TokenReview"],
            [
                Example::Manifest(
                    "apiVersion: v1\nkind: Config\nusers:\n- name: bot\n  user:\n    token: eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsidmF1bHQiXSwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OmNpOmJvdCIsImlhdCI6MCwiZXhwIjozNjAwLCJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6ImNpIiwic2VydmljZWFjY291bnQiOnsibmFtZSI6ImJvdCIsInVpZCI6IjEifSwicG9kIjp7Im5hbWUiOiJwIiwidWlkIjoiMiJ9fX0.c2ln\n",
                ),
                GOOD,
                OTHERS,
            ],
        )
    },
    rule(
        "RBC313",
        "token-issuer-unknown",
        Severity::High,
        [
            "holds a token of an issuer that the API server does not know",
            "the server answers 401",
            "name the issuer with another --service-account-issuer or in the authentication configuration, or ask for a new token",
        ],
        &["Kubernetes: kube-apiserver --service-account-issuer"],
        [
            Example::None(
                "with --apiserver: a token whose `iss` is none of --service-account-issuer and of the issuers of the authentication configuration",
            ),
            GOOD,
            OTHERS,
        ],
    ),
    rule(
        "RBC314",
        "token-signature-invalid",
        Severity::Critical,
        [
            "holds a token that none of the API server's keys signed",
            "it is forged, of another cluster, or of a key that was replaced; the server answers 401",
            "name the right key with --service-account-key-file, or throw the token away",
        ],
        &["Kubernetes: kube-apiserver --service-account-key-file"],
        [
            Example::None(
                "with --apiserver and --service-account-key-file: a token of the right issuer that another key signed",
            ),
            GOOD,
            OTHERS,
        ],
    ),
    rule(
        "RBC321",
        "oidc-token-claims",
        Severity::High,
        [
            "holds an ID token that the issuer's configuration does not take, or takes for somebody of the cluster itself",
            "the server answers 401, or the token has the rights of a component",
            "change what the issuer writes into tokens, or the mapping in the authentication configuration",
        ],
        &["Kubernetes: authenticating, OpenID Connect tokens"],
        [
            Example::None(
                "with --apiserver: an ID token with `email_verified: false` where the user name is the claim email",
            ),
            GOOD,
            OTHERS,
        ],
    ),
    rule(
        "RBC325",
        "token-of-missing-object",
        Severity::High,
        [
            "holds a token that is bound to an object which is not there any more",
            "the server looks it up and answers 401",
            "ask for a new token",
        ],
        &["Kubernetes: service account tokens, bound objects"],
        [
            Example::None(
                "in a dump of a whole cluster: a token with the uid of a Pod that is gone",
            ),
            GOOD,
            OTHERS,
        ],
    ),
];

const OF_SERVER: [&str; 4] = ["RBC307", "RBC313", "RBC314", "RBC321"];

fn check(lint: &Lint<'_>, found: &mut Found) {
    let mut tokens = lint.tokens().iter().filter(|t| t.inspection.jwt.is_some());
    if tokens.next().is_none() {
        for rule in RULES {
            found.not_checked(rule.id, NONE);
        }
        return;
    }
    let tokens = lint.tokens().iter().filter(|t| t.inspection.jwt.is_some());
    let Some(server) = lint.server() else {
        for id in OF_SERVER {
            found.not_checked(id, lint.why_no_server());
        }
        for token in tokens {
            audience_by_custom(token, found);
            objects(lint, token, found);
        }
        return;
    };
    for token in tokens {
        audience(server, token, found);
        issuer(server, token, found);
        signature(server, token, found);
        claims(server, token, found);
        objects(lint, token, found);
    }
}

fn say(id: &'static str, severity: Severity, token: &Inspected, what: String, found: &mut Found) {
    let mut finding = finding(id, severity, token);
    finding.what = Some(what.into());
    found.add(finding);
}

/// Whether whoever holds it shows it to the API server.
fn is_for_the_api(token: &Inspected) -> bool {
    matches!(token.held.holder, Holder::Kubeconfig { .. } | Holder::File)
}

fn listed(audiences: &[&str]) -> String {
    let shown: Vec<String> = audiences.iter().take(5).map(|one| quoted(one)).collect();
    shown.join(", ")
}

fn audience(server: Server<'_>, token: &Inspected, found: &mut Found) {
    let ours = &server.authenticators.api_audiences;
    let theirs = token.inspection.audiences();
    if token.inspection.kind != TokenKind::BoundServiceAccount || !is_for_the_api(token) {
        return;
    }
    if ours.is_empty() {
        found.not_checked(
            "RBC307",
            "neither --api-audiences nor --service-account-issuer is given",
        );
        return;
    }
    let fits = theirs.iter().any(|one| ours.iter().any(|own| own == one));
    // A token without audiences is for the server's own.
    if !fits && !theirs.is_empty() {
        let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
        let what = format!(
            "holds a token for {}, and the API server's audiences are {}",
            listed(&theirs),
            listed(&ours)
        );
        say("RBC307", Severity::High, token, what, found);
    }
}

/// Without a server: its audience is its issuer by default, and something of Kubernetes by custom.
fn audience_by_custom(token: &Inspected, found: &mut Found) {
    let theirs = token.inspection.audiences();
    let issuer = token.inspection.text("iss").unwrap_or("");
    let usual = |audience: &&str| {
        *audience == issuer || audience.to_ascii_lowercase().contains("kubernetes")
    };
    if token.inspection.kind == TokenKind::BoundServiceAccount
        && is_for_the_api(token)
        && !theirs.is_empty()
        && !theirs.iter().any(usual)
    {
        let what = format!(
            "holds a token for {}, which is no audience of an API server unless --api-audiences names it",
            listed(&theirs)
        );
        say("RBC307", Severity::Medium, token, what, found);
    }
}

fn issuer(server: Server<'_>, token: &Inspected, found: &mut Found) {
    let Some(named) = token.inspection.text("iss").filter(|iss| !iss.is_empty()) else {
        return;
    };
    if token.inspection.kind == TokenKind::LegacyServiceAccount || !token.concerns_the_server() {
        return;
    }
    let authenticators = server.authenticators;
    let accounts: &[String] = match &authenticators.service_accounts {
        Setting::On(accounts) => accounts.issuers(),
        _ => &[],
    };
    if accounts.iter().any(|issuer| issuer == named) {
        return;
    }
    let urls: Vec<&str> = match &authenticators.oidc {
        Setting::On(oidc) => oidc.urls().collect(),
        Setting::Missing(why) => return found.not_checked("RBC313", why.clone()),
        Setting::Off => Vec::new(),
    };
    if matches!(token.inspection.issuer, Some(AtIssuer::Judged(_))) {
        return;
    }
    if !matches!(authenticators.webhook, Setting::Off) {
        let why = "a webhook may take tokens of any issuer";
        return found.not_checked("RBC313", why);
    }
    if accounts.is_empty() && urls.is_empty() {
        let why = "the API server's configuration names no issuer";
        return found.not_checked("RBC313", why);
    }
    let known: Vec<&str> = accounts
        .iter()
        .map(String::as_str)
        .chain(urls.iter().copied())
        .collect();
    let what = format!(
        "holds a token of the issuer {}, and the API server knows {}",
        quoted(named),
        listed(&known)
    );
    say("RBC313", Severity::High, token, what, found);
    let bare = |url: &str| url.trim_end_matches('/').to_owned();
    if let Some(near) = known.iter().find(|url| bare(url) == bare(named)) {
        let what = format!(
            "holds a token of {}, which differs from the configured {} by a slash at its end",
            quoted(named),
            quoted(near)
        );
        say("RBC321", Severity::High, token, what, found);
    }
}

fn signature(server: Server<'_>, token: &Inspected, found: &mut Found) {
    let inspection = &token.inspection;
    let is_legacy = inspection.kind == TokenKind::LegacyServiceAccount;
    let named = inspection.text("iss").unwrap_or("");
    if let Setting::On(accounts) = &server.authenticators.service_accounts
        && (is_legacy || accounts.issuers().iter().any(|issuer| issuer == named))
    {
        match accounts.has_signed(token.held.token.expose()) {
            Ok(true) => {}
            Ok(false) => {
                let keys = &server.config.service_account_keys;
                let id = inspection
                    .jwt
                    .as_ref()
                    .and_then(|jwt| jwt.header.get("kid"));
                let id = id.and_then(Value::as_str).unwrap_or("");
                let hint = match id {
                    "" => String::new(),
                    id if keys.iter().any(|key| key_id(key) == id) => {
                        format!("; it names the key {} and is not of it", quoted(id))
                    }
                    id => format!("; it names the key {}, which is none of them", quoted(id)),
                };
                let what = format!(
                    "holds a token that none of the {} keys of the API server signed{hint}",
                    keys.len()
                );
                say("RBC314", Severity::Critical, token, what, found);
            }
            Err(why) => found.not_checked("RBC314", why),
        }
        return;
    }
    let Some(AtIssuer::Judged(judgement)) = &inspection.issuer else {
        return;
    };
    match &judgement.opinion {
        Opinion::Unknown(why) => found.not_checked("RBC314", why.clone()),
        Opinion::Refused(words) if words.contains("failed to verify signature") => {
            let what = "holds a token that none of its issuer's keys signed".to_owned();
            say("RBC314", Severity::Critical, token, what, found);
        }
        _ => {}
    }
}

fn claims(server: Server<'_>, token: &Inspected, found: &mut Found) {
    let Some(AtIssuer::Judged(judgement)) = &token.inspection.issuer else {
        if let Setting::Missing(why) = &server.authenticators.oidc {
            found.not_checked("RBC321", why.clone());
        }
        return;
    };
    // Times and signatures have rules of their own.
    let other = [
        "failed to verify signature",
        "token is expired",
        "before the nbf",
    ];
    let refusal = match &judgement.opinion {
        Opinion::Refused(words) => Some(words.as_str()),
        _ => judgement
            .findings
            .iter()
            .filter(|step| step.step != "discovery")
            .find_map(|step| step.outcome.as_ref().err())
            .map(String::as_str),
    };
    let user = match &judgement.opinion {
        Opinion::User(user) => Some(&user.user),
        _ => judgement.suspect.as_ref(),
    };
    if let Some(words) = refusal.filter(|words| !other.iter().any(|o| words.contains(o))) {
        let what = format!(
            "holds an ID token that the API server refuses: {}",
            quoted(words)
        );
        say("RBC321", Severity::High, token, what, found);
    } else if let Some(name) = user.and_then(of_the_cluster) {
        let what = format!(
            "holds an ID token that makes its holder {}, a name of the cluster itself",
            quoted(name)
        );
        say("RBC321", Severity::High, token, what, found);
    } else if refusal.is_none()
        && user.is_none()
        && let Opinion::Unknown(why) = &judgement.opinion
    {
        found.not_checked("RBC321", why.clone());
    }
}

/// A name of a user that is the cluster's own.
fn of_the_cluster(user: &UserInfo) -> Option<&str> {
    let names = std::iter::once(&user.username).chain(&user.groups);
    let mut own =
        names.filter(|name| name.starts_with("system:") && *name != "system:authenticated");
    own.next().map(String::as_str)
}

fn objects(lint: &Lint<'_>, token: &Inspected, found: &mut Found) {
    let bound = token
        .inspection
        .bound
        .iter()
        .filter(|object| object.binding);
    for object in bound {
        if !lint.is_complete() {
            let why = "this is not a whole cluster: what is not there may exist";
            return found.not_checked("RBC325", why);
        }
        let path = match object.namespace.as_str() {
            "" => object.name.clone(),
            namespace => format!("{namespace}/{}", object.name),
        };
        let path = quoted(&path);
        match &object.state {
            State::Gone => {
                let what = format!(
                    "holds a token that is bound to {} {path}, which does not exist",
                    object.kind
                );
                return say("RBC325", Severity::High, token, what, found);
            }
            State::Recreated { .. } => {
                let what = format!(
                    "holds a token that is bound to a {} {path} of another uid: it was made anew since",
                    object.kind
                );
                return say("RBC325", Severity::High, token, what, found);
            }
            State::NotLoaded | State::UidUnknown => {
                let why = format!("no {} with its uid was loaded", object.kind);
                found.not_checked("RBC325", why);
            }
            State::Exists | State::BeingDeleted { .. } => {}
        }
    }
}
