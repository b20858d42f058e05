//! Who would take a token.

use super::{Surroundings, TokenKind};
use crate::answer::token_review::authenticate_token;
use crate::authn::{Authentication, Outcome, Said};

/// Who would take a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taker {
    /// By its shape, without a server: the authenticator that knows such tokens, or nobody.
    ByShape(Option<&'static str>),
    /// The server takes it.
    Accepted {
        /// Its authenticator.
        authenticator: &'static str,
    },
    /// The server refuses it.
    Refused {
        /// The authenticators that know the token and refuse it.
        authenticators: Vec<&'static str>,
        /// In the server's words.
        errors: Vec<String>,
    },
    /// What the server says cannot be told.
    Unknown {
        /// What is missing.
        missing: Vec<String>,
    },
}

/// Asks the server, or the shape where there is none.
pub fn taker(token: &str, kind: &TokenKind, surroundings: &Surroundings<'_>) -> Taker {
    let Surroundings {
        server,
        cluster,
        now,
    } = surroundings;
    match server {
        None => Taker::ByShape(by_shape(kind)),
        // No client could send it, so that nobody is asked.
        Some(_) if matches!(kind, TokenKind::NotAToken(_)) => Taker::ByShape(None),
        Some(server) => Taker::of(&authenticate_token(token, &[], server, cluster, *now)),
    }
}

fn by_shape(kind: &TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::BoundServiceAccount | TokenKind::LegacyServiceAccount => {
            Some("service account token")
        }
        TokenKind::Oidc => Some("JWT issuer (OIDC) or token webhook"),
        TokenKind::Bootstrap => Some("bootstrap token"),
        TokenKind::Opaque | TokenKind::OtherJwt => Some("static token file or token webhook"),
        TokenKind::BrokenJwt(_) | TokenKind::NotAToken(_) => None,
    }
}

impl Taker {
    /// What an authentication says of the token that was asked about. Somebody whom the server takes for
    /// anonymous has shown no token.
    pub fn of(authentication: &Authentication) -> Taker {
        let steps = || authentication.steps.iter();
        match &authentication.outcome {
            Outcome::User(_) => {
                let named = steps().find(|step| step.said == Said::Named);
                match named.map(|step| step.authenticator) {
                    Some(authenticator) if authenticator != "anonymous" => {
                        Taker::Accepted { authenticator }
                    }
                    _ => Taker::Refused {
                        authenticators: Vec::new(),
                        errors: vec!["the server finds no bearer token in it".to_owned()],
                    },
                }
            }
            Outcome::Unauthorized(errors) => Taker::Refused {
                authenticators: steps()
                    .filter(|step| matches!(step.said, Said::Refused(..)))
                    .map(|step| step.authenticator)
                    .collect(),
                errors: errors.clone(),
            },
            Outcome::Unverified { missing, .. } => Taker::Unknown {
                missing: missing.clone(),
            },
        }
    }
}
