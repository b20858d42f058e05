//! What is dangerous about a token, or wrong with it.

use super::{State, Surroundings, Taker, TokenInspection, TokenKind, texts, trouble};
use crate::answer::danger::{DAY, Danger, Dangers, Severity, YEAR, quoted, seconds_until};
use crate::authn::service_account::EXTENDED_SECONDS;
use crate::authn::{Setting, bootstrap};
use crate::model::core_objects::StoredSecret;
use serde_json::{Map, Value};

/// By so much the clocks of issuer and server may differ, in seconds.
const LEEWAY: i64 = 60;

/// The label with which the server shuts off legacy tokens that nobody used for long.
const INVALID_SINCE: &str = "kubernetes.io/legacy-token-invalid-since";

pub(super) fn find(
    token: &str,
    inspection: &TokenInspection,
    surroundings: &Surroundings<'_>,
) -> Vec<Danger> {
    let mut dangers = Dangers::default();
    match &inspection.kind {
        TokenKind::BrokenJwt(why) => dangers.add(Severity::Invalid, "broken", why.clone()),
        TokenKind::NotAToken(why) => {
            dangers.add(
                Severity::Invalid,
                "not-a-token",
                format!("this is no token: {why}"),
            );
        }
        TokenKind::Bootstrap => of_bootstrap(token, surroundings, &mut dangers),
        _ => {}
    }
    if token.contains(char::is_whitespace) && inspection.jwt.is_some() {
        let text = "white space is inside the token, where no header can carry it: join its lines";
        dangers.add(Severity::Warning, "white-space", text);
    }
    if let Some(Value::Object(claims)) = inspection.jwt.as_ref().map(|jwt| &jwt.claims) {
        of_header(inspection, &mut dangers);
        of_text(token, inspection, &mut dangers);
        of_times(inspection, surroundings, &mut dangers);
        of_objects(inspection, &mut dangers);
        match inspection.kind {
            TokenKind::LegacyServiceAccount => {
                of_legacy(token, inspection, surroundings, &mut dangers)
            }
            TokenKind::BoundServiceAccount => of_audience(inspection, surroundings, &mut dangers),
            _ => of_claims(claims, &mut dangers),
        }
    }
    of_account(inspection, &mut dangers);
    if let Taker::Refused { errors, .. } = &inspection.taker {
        let said = match errors.is_empty() {
            true => "no authenticator knows it".to_owned(),
            false => errors.join("; "),
        };
        let text = format!("the server refuses it: {said}");
        dangers.add(Severity::Invalid, "refused", text);
    }
    dangers.sorted()
}

fn of_header(inspection: &TokenInspection, dangers: &mut Dangers) {
    let Some(jwt) = &inspection.jwt else {
        return;
    };
    let algorithm = jwt.header.get("alg").and_then(Value::as_str).unwrap_or("");
    if algorithm.eq_ignore_ascii_case("none") || algorithm.is_empty() {
        let text =
            "nobody signed it (alg none): anybody could have written it, and no server takes it";
        dangers.add(Severity::Invalid, "alg-none", text);
    } else if algorithm.starts_with("HS") {
        let text = format!(
            "alg {} is a shared secret (HMAC): no API server verifies such tokens",
            quoted(algorithm)
        );
        dangers.add(Severity::Invalid, "alg-hmac", text);
    } else if !jwt.signed {
        dangers.add(Severity::Invalid, "unsigned", "its signature is missing");
    }
}

/// What the server's readers stumble over, and the eye does not.
fn of_text(token: &str, inspection: &TokenInspection, dangers: &mut Dangers) {
    let Some(trouble) = trouble(token) else {
        return;
    };
    let (severity, who) = match inspection.kind {
        TokenKind::BoundServiceAccount | TokenKind::LegacyServiceAccount => {
            (Severity::Invalid, "the server does not read it")
        }
        _ => (Severity::Warning, "readers differ about it"),
    };
    let twice = trouble.contains("duplicate key");
    let id = if twice { "duplicate-key" } else { "malformed" };
    dangers.add(severity, id, format!("{who}: {}", quoted(&trouble)));
}

fn of_times(inspection: &TokenInspection, surroundings: &Surroundings<'_>, dangers: &mut Dangers) {
    // The server looks at no time of a legacy token.
    if inspection.kind == TokenKind::LegacyServiceAccount {
        return;
    }
    let now = surroundings.now;
    let times = inspection.times;
    let left = times.expires.map(|expires| seconds_until(now, expires));
    match left {
        None => {
            let text = "it never expires (no exp claim): whoever copies it keeps it";
            dangers.add(Severity::High, "no-expiry", text);
        }
        Some(left) if left < -LEEWAY => {
            dangers.add(Severity::Invalid, "expired", "it has expired");
        }
        Some(left) if left < 0 => {
            let text = "it has expired; the minute that the server allows for clocks is not over";
            dangers.add(Severity::Warning, "expired", text);
        }
        Some(_) => {}
    }
    for (claim, time) in [("nbf", times.not_before), ("iat", times.issued_at)] {
        if time.is_some_and(|time| seconds_until(now, time) > LEEWAY) {
            let text = format!("it is not valid yet ({claim} lies in the future)");
            dangers.add(Severity::Invalid, "not-yet-valid", text);
            break;
        }
    }
    if let Some(life) = times.lifetime() {
        if life > YEAR {
            let text = "it lives longer than a year, and cannot be revoked but through what it is bound to";
            dangers.add(Severity::High, "long-life", text);
        } else if life == EXTENDED_SECONDS && times.warn_after.is_some() {
            let text = "it lives for a year: the server lengthened a pod's token (--service-account-extend-token-expiration)";
            dangers.add(Severity::Note, "long-life", text);
        } else if life > DAY {
            dangers.add(Severity::Note, "long-life", "it lives longer than a day");
        } else if life <= 0 {
            let text = "it expires before it is issued";
            dangers.add(Severity::Warning, "no-life", text);
        }
    }
    if times
        .warn_after
        .is_some_and(|time| seconds_until(now, time) < 0)
    {
        let text = "its holder should have read a newer token by now (warnafter); the server counts it as stale";
        dangers.add(Severity::Note, "stale", text);
    }
}

fn of_objects(inspection: &TokenInspection, dangers: &mut Dangers) {
    let mut only_account = true;
    for object in &inspection.bound {
        only_account &= object.kind == "ServiceAccount";
        let path = match object.namespace.is_empty() {
            true => object.name.clone(),
            false => format!("{}/{}", object.namespace, object.name),
        };
        let what = format!("{} {}", object.kind, quoted(&path));
        let severity = match object.binding {
            true => Severity::Invalid,
            false => Severity::Note,
        };
        match &object.state {
            State::Gone => {
                let text = format!(
                    "{what}, which it is bound to, does not exist among the loaded objects"
                );
                dangers.add(severity, "bound-object-gone", text);
            }
            State::Recreated { .. } => {
                let text = format!("{what} was made anew since: its uid is another one");
                dangers.add(severity, "bound-object-recreated", text);
            }
            State::BeingDeleted { .. } => {
                let text = format!("{what} is being deleted: the token ends with it");
                dangers.add(Severity::Warning, "bound-object-being-deleted", text);
            }
            State::UidUnknown => {
                let text = format!(
                    "{what} is loaded without a uid: whether it is the same cannot be told"
                );
                dangers.add(Severity::Note, "bound-object-uid-unknown", text);
            }
            State::NotLoaded | State::Exists => {}
        }
    }
    if inspection.kind == TokenKind::BoundServiceAccount && only_account {
        let text = "it is bound to its account alone: deleting a pod or a secret does not end it";
        dangers.add(Severity::Note, "bound-to-account-only", text);
    }
}

fn of_legacy(
    token: &str,
    inspection: &TokenInspection,
    surroundings: &Surroundings<'_>,
    dangers: &mut Dangers,
) {
    let text = "it is a legacy token and never expires: it lives as long as its Secret, for everybody who can read it or once could";
    dangers.add(Severity::High, "legacy-token", text);
    if inspection.times.expires.is_some() || inspection.times.not_before.is_some() {
        let text = "the server does not look at exp and nbf of a legacy token";
        dangers.add(Severity::Note, "times-ignored", text);
    }
    let stored = inspection
        .bound
        .iter()
        .find(|object| object.kind == "Secret");
    let objects = surroundings.cluster.core_objects();
    let Some(secret) = stored.and_then(|s| objects.secret(&s.namespace, &s.name)) else {
        return;
    };
    of_secret(token, secret, dangers);
}

fn of_secret(token: &str, secret: &StoredSecret, dangers: &mut Dangers) {
    let own = secret.data.get("token").map(|value| value.expose());
    if own != Some(token.as_bytes()) {
        let text = "its Secret holds another token by now";
        dangers.add(Severity::Invalid, "secret-rotated", text);
    }
    if secret
        .labels
        .get(INVALID_SINCE)
        .is_some_and(|since| !since.is_empty())
    {
        let text = format!("the server has shut it off (label {INVALID_SINCE} on its Secret)");
        dangers.add(Severity::Invalid, "shut-off", text);
    }
}

/// Whether the token is for the API of the given server.
fn of_audience(
    inspection: &TokenInspection,
    surroundings: &Surroundings<'_>,
    dangers: &mut Dangers,
) {
    let Some(server) = surroundings.server else {
        return;
    };
    let ours = &server.api_audiences;
    let theirs = inspection.audiences();
    let fits = theirs
        .iter()
        .any(|audience| ours.iter().any(|own| own == audience));
    if ours.is_empty()
        || theirs.is_empty()
        || fits
        || matches!(server.service_accounts, Setting::Off)
    {
        return;
    }
    let list = |items: Vec<String>| items.join(", ");
    let text = format!(
        "it is for the audience {}, and the server's are {}",
        list(theirs.iter().map(|audience| quoted(audience)).collect()),
        list(ours.iter().map(|audience| quoted(audience)).collect())
    );
    dangers.add(Severity::Invalid, "wrong-audience", text);
}

/// Names in the claims of a foreign issuer that mean something to the server.
fn of_claims(claims: &Map<String, Value>, dangers: &mut Dangers) {
    for (claim, value) in claims {
        let is_group = ["group", "role"]
            .iter()
            .any(|word| claim.to_ascii_lowercase().contains(word));
        let is_name = [
            "sub",
            "email",
            "upn",
            "name",
            "username",
            "preferred_username",
        ]
        .contains(&&**claim);
        if !is_group && !is_name {
            continue;
        }
        let what = if is_group { "group" } else { "user" };
        for name in texts(Some(value))
            .into_iter()
            .filter(|name| name.starts_with("system:"))
        {
            let text = format!(
                "claim {} names the {what} {}: a server that maps it without a prefix gives the rights of a part of the cluster",
                quoted(claim),
                quoted(name)
            );
            dangers.add(Severity::High, "system-identity", text);
        }
    }
}

/// What an account may do by its name alone.
fn of_account(inspection: &TokenInspection, dangers: &mut Dangers) {
    let masters = "system:masters";
    if inspection
        .user
        .iter()
        .any(|user| user.groups.iter().any(|group| group == masters))
    {
        let text = "group system:masters may do everything, whatever RBAC says";
        dangers.add(Severity::High, "system-masters", text);
    }
}

fn of_bootstrap(token: &str, surroundings: &Surroundings<'_>, dangers: &mut Dangers) {
    let cluster = surroundings.cluster;
    let Some((id, _)) = bootstrap::split(token) else {
        return;
    };
    if !cluster.core_objects().has_secrets() {
        let text = format!(
            "whether it is good and for how long stands in Secret kube-system/bootstrap-token-{id}: load it with -f"
        );
        dangers.add(Severity::Note, "secret-not-loaded", text);
        return;
    }
    let mut details = Vec::new();
    bootstrap::authenticate(token, cluster, surroundings.now, &mut details);
    for detail in details {
        dangers.add(Severity::Invalid, "bootstrap-secret", quoted(&detail));
    }
    let secret = cluster
        .core_objects()
        .secret("kube-system", &format!("bootstrap-token-{id}"));
    let expires = secret.and_then(|secret| secret.data.get("expiration"));
    if secret.is_some() && expires.is_none_or(|value| value.expose().is_empty()) {
        let text =
            "it never expires (its Secret has no expiration): anybody who holds it can join nodes";
        dangers.add(Severity::High, "no-expiry", text);
    }
}
