//! A 401 for people: what each authenticator said, and what to do about it.

use super::credential::line;
use crate::authn::{Authentication, Outcome, Said};
use std::fmt::Write;

/// What each authenticator said, a line each, and what to do.
pub fn refusal(authentication: &Authentication) -> String {
    let mut text = steps(authentication);
    let mut advice: Vec<&str> = authentication
        .steps
        .iter()
        .filter_map(|step| match &step.said {
            Said::Refused(error, details) => Some(advice(error, details)),
            _ => None,
        })
        .filter(|advice| !advice.is_empty())
        .collect();
    advice.dedup();
    if advice.is_empty()
        && matches!(&authentication.outcome, Outcome::Unauthorized(e) if e.is_empty())
    {
        advice.push("no authenticator found a credential that it reads, and anonymous requests are not let through here: send a client certificate or a bearer token");
    }
    if advice.is_empty() {
        advice.push("no authenticator of this server knows the credential: compare its issuer, its kind and the server's flags");
    }
    for advice in advice {
        let _ = writeln!(text, "hint: {advice}");
    }
    text
}

/// What each authenticator said, a line each.
pub fn steps(authentication: &Authentication) -> String {
    let mut text = String::new();
    for step in &authentication.steps {
        let said = match &step.said {
            Said::Off => "not configured".to_owned(),
            Said::NothingForIt => "nothing for it in the request".to_owned(),
            Said::Unknown => "does not know this credential".to_owned(),
            Said::Named => "names the user".to_owned(),
            Said::CannotBeTold(why) => format!("unknown: {why}"),
            Said::Refused(error, details) => {
                let said = [error.clone()].into_iter().chain(details.clone());
                let said: Vec<String> = said.filter(|line| !line.is_empty()).collect();
                format!("refuses: {}", said.join("; "))
            }
        };
        let _ = writeln!(text, "  {}: {}", step.authenticator, line(&said));
    }
    text
}

/// What to do about a refusal; empty where the server's words say it.
pub(super) fn advice(error: &str, details: &[String]) -> &'static str {
    let says = |words: &str| error.contains(words) || details.iter().any(|d| d.contains(words));
    let hints = [
        (
            "signed by unknown authority",
            "the certificate was not signed by the server's CA (--client-ca-file), or an intermediate certificate is missing in the file",
        ),
        (
            "certificate has expired or is not yet valid",
            "renew the certificate (kubeadm certs renew, or a new CertificateSigningRequest); --now asks about another day",
        ),
        (
            "incompatible key usage",
            "a client certificate needs the extended key usage clientAuth, and so does every CA above it that has any",
        ),
        (
            "service account token has expired",
            "ask for a new token (kubectl create token); a pod gets one by reading its projected volume again",
        ),
        (
            "is invalid for the target audiences",
            "ask for a token with an audience of the server's --api-audiences (kubectl create token --audience)",
        ),
        (
            " does not match ",
            "the object that the token is bound to was deleted and made anew: ask for a new token",
        ),
        (
            "has been invalidated",
            "the object that the token is bound to is gone: ask for a new token",
        ),
        (
            "not found",
            "the account or object that the token names does not exist among the loaded objects",
        ),
        (
            "error in cryptographic primitive",
            "the token was not signed with a key of --service-account-key-file, or was changed",
        ),
        (
            "no keys found",
            "the token names a key that is not in --service-account-key-file",
        ),
        (
            "is not in the allowed list",
            "add the common name to --requestheader-allowed-names, or use a certificate of a listed name",
        ),
        (
            "Expired bootstrap token",
            "make a new bootstrap token (kubeadm token create)",
        ),
    ];
    let found = hints.iter().find(|(words, _)| says(words));
    found.map_or("", |(_, advice)| advice)
}
