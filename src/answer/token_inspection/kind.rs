//! What a text is, by its shape.

use super::is_legacy;
use crate::authn::bootstrap;
use crate::jwt::{self, InspectError, Inspection};
use serde_json::Value;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Of the TokenRequest API.
    BoundServiceAccount,
    /// Of a Secret.
    LegacyServiceAccount,
    /// A JSON Web Token of another issuer.
    Oidc,
    /// A JSON Web Token without an issuer.
    OtherJwt,
    /// It looks like a JSON Web Token, but cannot be read; why.
    BrokenJwt(String),
    /// A bootstrap token.
    Bootstrap,
    /// Nothing can be seen in it: for a static token file or a webhook.
    Opaque,
    /// No client could send it; why.
    NotAToken(&'static str),
}

impl TokenKind {
    /// A word for scripts.
    pub fn id(&self) -> &'static str {
        match self {
            TokenKind::BoundServiceAccount => "BoundServiceAccount",
            TokenKind::LegacyServiceAccount => "LegacyServiceAccount",
            TokenKind::Oidc => "OIDC",
            TokenKind::OtherJwt => "JWT",
            TokenKind::BrokenJwt(_) => "BrokenJWT",
            TokenKind::Bootstrap => "Bootstrap",
            TokenKind::Opaque => "Opaque",
            TokenKind::NotAToken(_) => "NotAToken",
        }
    }
}

/// How every JSON Web Token begins: the base64 of a brace and a quote.
const JWT_START: &str = "eyJ";

/// What a text is, and what is in it if it is a JSON Web Token.
pub fn kind(token: &str) -> (TokenKind, Option<Inspection>) {
    if token.is_empty() {
        return (TokenKind::NotAToken("it is empty"), None);
    }
    if token.starts_with("-----BEGIN") {
        let pem = "it is PEM, a certificate or a key: see cert inspect";
        return (TokenKind::NotAToken(pem), None);
    }
    if bootstrap::split(token).is_some() {
        return (TokenKind::Bootstrap, None);
    }
    match jwt::inspect(token) {
        Ok(jwt) => (of_claims(&jwt), Some(jwt)),
        Err(error) if token.starts_with(JWT_START) => {
            let why = match error {
                InspectError::Parts(5) => {
                    "it has five parts: an encrypted token (JWE), which the server does not read"
                        .to_owned()
                }
                other => other.to_string(),
            };
            (TokenKind::BrokenJwt(why), None)
        }
        Err(_) if token.contains(|c: char| c.is_whitespace() || c.is_control()) => {
            let why = "white space or control characters are in it";
            (TokenKind::NotAToken(why), None)
        }
        Err(_) => (TokenKind::Opaque, None),
    }
}

fn of_claims(jwt: &Inspection) -> TokenKind {
    let Value::Object(claims) = &jwt.claims else {
        return TokenKind::BrokenJwt("its claims are no JSON object".to_owned());
    };
    if !jwt.header.is_object() {
        return TokenKind::BrokenJwt("its header is no JSON object".to_owned());
    }
    let has_issuer = claims
        .get("iss")
        .and_then(Value::as_str)
        .is_some_and(|iss| !iss.is_empty());
    if is_legacy(&jwt.claims) {
        TokenKind::LegacyServiceAccount
    } else if claims.get("kubernetes.io").is_some_and(Value::is_object) {
        TokenKind::BoundServiceAccount
    } else if has_issuer {
        TokenKind::Oidc
    } else {
        TokenKind::OtherJwt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    #[test]
    fn shapes() {
        let jwt = |claims: &str| {
            let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
            format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims))
        };
        for (token, expected) in [
            (
                jwt(r#"{"iss":"kubernetes/serviceaccount"}"#),
                "LegacyServiceAccount",
            ),
            (
                jwt(r#"{"iss":"i","kubernetes.io":{}}"#),
                "BoundServiceAccount",
            ),
            (jwt(r#"{"iss":"https://i"}"#), "OIDC"),
            (jwt(r#"{"iss":7}"#), "JWT"),
            (jwt("[]"), "BrokenJWT"),
            (jwt("{"), "BrokenJWT"),
            ("eyJhbGciOiJSUzI1NiJ9".to_owned(), "BrokenJWT"),
            ("eyJ.a.b.c.d".to_owned(), "BrokenJWT"),
            ("abcdef.0123456789abcdef".to_owned(), "Bootstrap"),
            ("ABCDEF.0123456789abcdef".to_owned(), "Opaque"),
            ("31ada4fd-adec-460c-809a-9e56ceb75269".to_owned(), "Opaque"),
            ("a.b.c".to_owned(), "Opaque"),
            (String::new(), "NotAToken"),
            ("two words".to_owned(), "NotAToken"),
            ("-----BEGIN CERTIFICATE-----".to_owned(), "NotAToken"),
        ] {
            assert_eq!(kind(&token).0.id(), expected, "{token}");
        }
    }
}
