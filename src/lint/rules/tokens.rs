//! Tokens as they are: how long they live, what they are bound to, who signed them, who holds them.

use crate::answer::danger::{DAY, Severity as Gravity};
use crate::answer::token_inspection::TokenKind;
use crate::authn::service_account::EXTENDED_SECONDS;
use crate::lint::credentials::{Holder, Inspected};
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

macro_rules! kubeconfig {
    ($user:literal, $token:literal) => {
        Example::Manifest(concat!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: ",
            $user,
            "\n  user:\n    token: ",
            $token,
            "\n"
        ))
    };
}

pub(super) const fn rule(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    words: [&'static str; 3],
    references: &'static [&'static str],
    examples: [Example; 3],
) -> Rule {
    let [bad, good, near] = examples;
    Rule {
        id,
        name,
        severity,
        what: words[0],
        why: words[1],
        fix: words[2],
        references,
        bad,
        good,
        near,
        check: Check::Driver,
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC305",
            "token-without-exp",
            Severity::High,
            [
                "holds a token that never expires (no exp claim)",
                "whoever copies it keeps it",
                "use a token of the TokenRequest API, with a lifetime of an hour",
            ],
            &[
                "kubesplaining KUBE-SECRETS-001",
                "Kubernetes: hardening guide, authentication mechanisms",
            ],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OmNpOmJvdCIsImt1YmVybmV0ZXMuaW8vc2VydmljZWFjY291bnQvbmFtZXNwYWNlIjoiY2kiLCJrdWJlcm5ldGVzLmlvL3NlcnZpY2VhY2NvdW50L3NlcnZpY2UtYWNjb3VudC5uYW1lIjoiYm90Iiwia3ViZXJuZXRlcy5pby9zZXJ2aWNlYWNjb3VudC9zZXJ2aWNlLWFjY291bnQudWlkIjoiMSIsImt1YmVybmV0ZXMuaW8vc2VydmljZWFjY291bnQvc2VjcmV0Lm5hbWUiOiJzIn0.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // Its Secret's type promises a token, and there is none in it.
                Example::Manifest(
                    "apiVersion: v1\nkind: Secret\nmetadata: {namespace: ci, name: bot-token, annotations: {kubernetes.io/service-account.name: bot}}\ntype: kubernetes.io/service-account-token\n",
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC306",
            "token-too-long",
            Severity::Medium,
            [
                "holds a token that lives long",
                "it cannot be revoked but through what it is bound to, and is good for as long as it lives",
                "ask for an hour, and let clients ask again",
            ],
            &["CIS 1.2.30"],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MTcyODAwLCJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6ImNpIiwic2VydmljZWFjY291bnQiOnsibmFtZSI6ImJvdCIsInVpZCI6IjEifSwicG9kIjp7Im5hbWUiOiJwIiwidWlkIjoiMiJ9fX0.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // A day is not over a day.
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6ODY0MDAsImt1YmVybmV0ZXMuaW8iOnsibmFtZXNwYWNlIjoiY2kiLCJzZXJ2aWNlYWNjb3VudCI6eyJuYW1lIjoiYm90IiwidWlkIjoiMSJ9LCJwb2QiOnsibmFtZSI6InAiLCJ1aWQiOiIyIn19fQ.c2ln"
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC309",
            "token-unbound",
            Severity::Medium,
            [
                "holds a service account token that is bound to no object",
                "it outlives the Pod or the job that it was made for",
                "project it into the Pod, or give kubectl create token --bound-object-kind",
            ],
            &["Kubernetes: hardening guide, authentication mechanisms"],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn19fQ.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // It ends with its Secret.
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInNlY3JldCI6eyJuYW1lIjoicyIsInVpZCI6IjMifX19.c2ln"
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC310",
            "token-expired",
            Severity::High,
            [
                "holds a token that has expired",
                "the server answers 401 to whoever uses it",
                "ask for a new one",
            ],
            &["Kubernetes: authenticating"],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOi03MjAwLCJleHAiOi0zNjAwLCJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6ImNpIiwic2VydmljZWFjY291bnQiOnsibmFtZSI6ImJvdCIsInVpZCI6IjEifSwicG9kIjp7Im5hbWUiOiJwIiwidWlkIjoiMiJ9fX0.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // The server allows a minute for clocks.
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOi0zNjAwLCJleHAiOi0zMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC311",
            "token-not-yet-valid",
            Severity::High,
            [
                "holds a token that is not valid yet",
                "the server answers 401 until then; the clock of issuer or server is wrong",
                "set the clocks, and ask for a new token",
            ],
            &["Kubernetes: authenticating"],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6OTAwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX0sIm5iZiI6NzIwMH0.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // The server allows a minute for clocks.
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjMwLCJleHAiOjM2MDAsImt1YmVybmV0ZXMuaW8iOnsibmFtZXNwYWNlIjoiY2kiLCJzZXJ2aWNlYWNjb3VudCI6eyJuYW1lIjoiYm90IiwidWlkIjoiMSJ9LCJwb2QiOnsibmFtZSI6InAiLCJ1aWQiOiIyIn19LCJuYmYiOjMwfQ.c2ln"
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC312",
            "token-weak-crypto",
            Severity::Critical,
            [
                "holds a token whose signature proves nothing",
                "anybody can make such a token, or find the key of it",
                "sign with RS256 and 2048 bits at least, or with ES256",
            ],
            &["RFC 8725"],
            [
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // A shared secret signs tokens of other services, which no API server is asked to take.
                Example::Manifest(
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: ci, name: app}\ndata: {token: eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhcHAiLCJleHAiOjM2MDB9.c2ln}\n",
                ),
            ],
        )
    },
    Rule {
        check: Check::With("RBC305"),
        ..rule(
            "RBC324",
            "serviceaccount-token-for-humans",
            Severity::Medium,
            [
                "holds a service account token for somebody outside the cluster",
                "who used it cannot be told from the audit log, and it is not taken away with the person's account",
                "let people log in through an identity provider, with an exec plugin",
            ],
            &["CIS 3.1.2"],
            [
                kubeconfig!(
                    "jane",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ),
                kubeconfig!(
                    "bot",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2siLCJhdWQiOlsiaHR0cHM6Ly9rIl0sInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjaTpib3QiLCJpYXQiOjAsImV4cCI6MzYwMCwia3ViZXJuZXRlcy5pbyI6eyJuYW1lc3BhY2UiOiJjaSIsInNlcnZpY2VhY2NvdW50Ijp7Im5hbWUiOiJib3QiLCJ1aWQiOiIxIn0sInBvZCI6eyJuYW1lIjoicCIsInVpZCI6IjIifX19.c2ln"
                ), // Somebody of an identity provider.
                kubeconfig!(
                    "jane",
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcCIsInN1YiI6ImphbmUiLCJhdWQiOiJrIiwiaWF0IjowLCJleHAiOjM2MDB9.c2ln"
                ),
            ],
        )
    },
];

/// Why there is nothing to judge.
pub(super) const NONE: &str =
    "no token was loaded: no kubeconfig, no --token-file, no Secret that holds one";

/// A finding about a token.
pub(super) fn finding(id: &'static str, severity: Severity, token: &Inspected) -> Finding {
    let mut finding = Finding::new(super::by_id(id), severity, token.held.at);
    finding.rare.object = Some(token.held.object.clone());
    finding.rare.file.clone_from(&token.held.file);
    finding
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    let tokens = lint.tokens();
    let mut any = false;
    for token in tokens {
        if token.inspection.jwt.is_some() && token.concerns_the_server() {
            any = true;
            one(lint, token, found);
        }
    }
    let opaque = |token: &Inspected| token.inspection.kind == TokenKind::Opaque;
    let reason = match (any, tokens.iter().any(opaque)) {
        (true, _) => None,
        (false, true) => Some("the tokens that were loaded say nothing of themselves"),
        (false, false) => Some(NONE),
    };
    if let Some(reason) = reason {
        for rule in RULES {
            found.not_checked(rule.id, reason);
        }
    }
    for unread in lint.credentials.iter().flat_map(|given| &given.unread) {
        for rule in RULES {
            found.not_checked(rule.id, unread.clone());
        }
    }
}

fn one(lint: &Lint<'_>, token: &Inspected, found: &mut Found) {
    let mut say = |id, severity, what: Option<String>| {
        let mut finding = finding(id, severity, token);
        finding.what = what.map(Into::into);
        found.add(finding);
    };
    let inspection = &token.inspection;
    let is_legacy = inspection.kind == TokenKind::LegacyServiceAccount;
    let is_bound = inspection.kind == TokenKind::BoundServiceAccount;
    let expired = token.is_expired(lint);
    // What is over cannot be stolen any more; it shows how others are made.
    let live = |severity: Severity| if expired { Severity::Low } else { severity };
    // The server looks at no time of a legacy token, even if it has some.
    if is_legacy || inspection.times.expires.is_none() {
        let what = is_legacy.then(|| {
            "holds a legacy service account token, which never expires: it lives as long as its Secret".to_owned()
        });
        say("RBC305", Severity::High, what);
    } else if let Some((severity, what)) = long(lint, token) {
        say("RBC306", live(severity), Some(what));
    }
    if is_bound && inspection.bound.iter().all(|o| o.kind == "ServiceAccount") {
        say("RBC309", live(Severity::Medium), None);
    }
    for danger in &inspection.dangers {
        match (danger.id, danger.severity) {
            // What a server takes in spite of it is High at most.
            ("expired", Gravity::Invalid | Gravity::High) => {
                say("RBC310", Severity::High, None);
            }
            ("not-yet-valid", _) => say("RBC311", Severity::High, None),
            _ => {}
        }
    }
    if let Some(what) = weak(token) {
        say("RBC312", Severity::Critical, Some(what));
    }
    if let Some(what) = outside(token) {
        say("RBC324", Severity::Medium, Some(what));
    }
}

/// How grave the lifetime is. Without `iat` what is left of it counts.
fn long(lint: &Lint<'_>, token: &Inspected) -> Option<(Severity, String)> {
    let times = token.inspection.times;
    let left = || Some(times.expires?.saturating_sub(lint.settings.now.as_second()));
    let life = times.lifetime().or_else(left)?;
    if life == EXTENDED_SECONDS && times.warn_after.is_some() {
        let what = "holds a Pod's token that the server lengthened to a year (--service-account-extend-token-expiration)";
        return Some((Severity::Medium, what.to_owned()));
    }
    if life <= DAY {
        return None;
    }
    let severity = match life > 30 * DAY {
        true => Severity::High,
        false => Severity::Medium,
    };
    Some((
        severity,
        format!("holds a token that lives for {} days", life / DAY),
    ))
}

/// What is weak about the signature.
fn weak(token: &Inspected) -> Option<String> {
    let algorithm = token.inspection.jwt.as_ref()?.header.get("alg");
    let algorithm = algorithm.and_then(Value::as_str).unwrap_or("");
    if algorithm.is_empty() || algorithm.eq_ignore_ascii_case("none") {
        return Some("holds a token that nobody signed (alg none)".to_owned());
    }
    if algorithm.starts_with("HS") {
        return Some(
            "holds a token that is signed with a shared secret (HMAC): whoever can verify it can make another".to_owned(),
        );
    }
    if !algorithm.starts_with("RS") && !algorithm.starts_with("PS") {
        return None;
    }
    // A signature of RSA is as long as its modulus.
    let signature = token.held.token.expose().rsplit('.').next()?;
    let bits = URL_SAFE_NO_PAD.decode(signature).ok()?.len() * 8;
    // Less than this is cut off or made up, and no signature.
    (512..2048)
        .contains(&bits)
        .then(|| format!("holds a token that is signed with an RSA key of about {bits} bits"))
}

/// What tells that a service account's token is for somebody outside.
fn outside(token: &Inspected) -> Option<String> {
    let Holder::Kubeconfig { user } = &token.held.holder else {
        return None;
    };
    let account = token.inspection.user.as_ref()?;
    let account = account.username.strip_prefix("system:serviceaccount:")?;
    let (_, name) = account.split_once(':')?;
    let lower = user.to_ascii_lowercase();
    let words = [
        "ci", "cd", "gitlab", "github", "jenkins", "circleci", "travis", "teamcity",
    ];
    let of_pipeline = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| words.contains(&word));
    let names_account = !name.is_empty() && lower.contains(&name.to_ascii_lowercase());
    (of_pipeline || !names_account).then(|| {
        format!(
            "holds a token of the service account {} for {}, who is somebody else",
            crate::answer::danger::quoted(&account.replacen(':', "/", 1)),
            crate::answer::danger::quoted(user)
        )
    })
}
