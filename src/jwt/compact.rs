//! Signed tokens in their compact form, parsed and verified as go-jose does.

use super::json::{Keys, Kind, Raw, check};
use super::jwk::{self, Jwk, KeyMaterial};
use super::{BASE64, Fill, decode_as_go};
use crate::load::go_json;
use crate::model::Quoted;
use crate::pki::{PublicKey, SignatureCheck};
use base64::Engine;
use std::borrow::Cow;

/// go-jose's words for every signature that is not good.
pub const CRYPTO_FAILURE: &str = "go-jose/go-jose: error in cryptographic primitive";

/// Why a text is not taken for a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is none, with go-jose's text.
    #[error("{0}")]
    Malformed(String),
    /// Whether it is one cannot be told here.
    #[error("{0}")]
    Unknown(String),
}

fn malformed<T>(text: impl Into<String>) -> Result<T, ParseError> {
    Err(ParseError::Malformed(text.into()))
}

/// The extensions that must be understood (`crit`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Critical {
    /// None but those that are.
    #[default]
    Understood,
    /// Another one.
    Foreign,
    /// The list is none, with go-jose's text.
    Malformed(String),
}

/// What the header of a token decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `alg`, empty if it is missing.
    pub algorithm: String,
    /// `kid`, empty if it is missing.
    pub key_id: String,
    /// `crit`
    pub critical: Critical,
    /// `b64` is false: the payload is signed as it is, not as base64.
    pub bare_payload: bool,
}

/// A token in three parts, not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What its header decides.
    pub header: Header,
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What becomes of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It is the key's.
    Valid,
    /// It is not, with go-jose's text.
    Invalid(String),
    /// It cannot be told here, and why.
    Unknown(String),
}

/// Parses a signed token (`jose.ParseSigned`). White space anywhere does not count.
///
/// # Errors
/// [`ParseError`]: what go-jose would not take for a token, or nobody here can say.
pub fn parse(token: &str) -> Result<Token, ParseError> {
    let token = match token.contains(char::is_whitespace) {
        true => Cow::Owned(token.split_whitespace().collect::<String>()),
        false => Cow::Borrowed(token),
    };
    let mut parts = token.split('.');
    let (Some(protected), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return malformed("go-jose/go-jose: compact JWS format must have three parts");
    };
    let part = |text: &str| decode_as_go(text).or_else(malformed);
    let protected = part(protected)?;
    Ok(Token {
        payload: part(payload)?,
        signature: part(signature)?,
        header: Header::read(&protected)?,
        protected,
    })
}

impl Header {
    fn read(protected: &[u8]) -> Result<Header, ParseError> {
        let mut header = Header::default();
        if protected.is_empty() {
            return Ok(header);
        }
        let Ok(root) = check(protected, usize::MAX) else {
            return malformed(go_json::complaint(protected).unwrap_or_default());
        };
        if !matches!(root.kind(), Kind::Object | Kind::Null) {
            let found = root.kind().go_name();
            return malformed(format!(
                "json: cannot unmarshal {found} into Go value of type jose.rawHeader"
            ));
        }
        let mut keys = Keys::default();
        for (key, _) in root.entries() {
            keys.add(key).or_else(malformed)?;
        }
        for (key, value) in root.entries() {
            if value.kind() == Kind::Null {
                continue;
            }
            let wrong = |what: &str, error: String| {
                let shown = jwk::shown(value);
                format!("failed to unmarshal {what}: {error}: {}", Quoted(&shown))
            };
            let text = |what: &str| match value.string() {
                Some(text) => Ok(text.into_owned()),
                None => {
                    let found = value.kind().go_name();
                    let error =
                        format!("json: cannot unmarshal {found} into Go value of type string");
                    malformed(wrong(what, error))
                }
            };
            match &*key {
                "alg" => header.algorithm = text("algorithm")?,
                "kid" => header.key_id = text("key ID")?,
                "nonce" => drop(text("nonce")?),
                "jwk" => match Jwk::read(value) {
                    Ok(jwk) if is_good(&jwk) => {}
                    Ok(_) => {
                        return malformed(
                            "go-jose/go-jose: invalid embedded jwk, must be public key",
                        );
                    }
                    Err(ParseError::Malformed(error)) => return malformed(wrong("JWK", error)),
                    Err(unknown) => return Err(unknown),
                },
                "x5c" => {
                    let mut chain = Vec::new();
                    let mut fill = Fill::default();
                    let read = fill
                        .strings(value, &mut chain)
                        .and_then(|()| fill.finish())
                        .and_then(|()| jwk::chain_of(&chain).map(drop));
                    read.or_else(|error| malformed(wrong("x5c header", error)))?;
                }
                name => {
                    if let Some(trouble) = value.trouble() {
                        return malformed(wrong("value", trouble));
                    }
                    match name {
                        "crit" => header.critical = Critical::read(value),
                        "b64" => header.bare_payload = value.boolean() == Some(false),
                        _ => {}
                    }
                }
            }
        }
        Ok(header)
    }
}

/// Whether go-jose takes a token that has this key in its header. The key is not used.
fn is_good(jwk: &Jwk) -> bool {
    match &jwk.material {
        KeyMaterial::Public(key) => key.has_exponent(),
        KeyMaterial::Secret => false,
    }
}

impl Critical {
    fn read(value: Raw<'_>) -> Critical {
        let wrong = |found: Kind, go_type: &str| {
            let found = found.go_name();
            Critical::Malformed(format!(
                "json: cannot unmarshal {found} into Go value of type {go_type}"
            ))
        };
        if value.kind() != Kind::Array {
            return wrong(value.kind(), "[]string");
        }
        let mut critical = Critical::Understood;
        for name in value.elements() {
            match (name.kind(), &critical) {
                // The first wrong type counts, but a number ends the reading.
                (Kind::Number, _) => return wrong(Kind::Number, "string"),
                (_, Critical::Malformed(_)) => {}
                (Kind::String, _) if name.string().as_deref() == Some("b64") => {}
                (Kind::String | Kind::Null, _) => critical = Critical::Foreign,
                (other, _) => critical = wrong(other, "string"),
            }
        }
        critical
    }
}

impl Token {
    /// The claims, which nobody has vouched for before [`Token::verify`] did.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The header as it was sent.
    pub fn protected(&self) -> &[u8] {
        &self.protected
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What was signed. go-jose encodes header and payload anew, so that line breaks and bits after the last
    /// byte of the token as sent make no difference.
    pub fn signed_message(&self) -> Vec<u8> {
        let length = (self.protected.len() + self.payload.len()) / 3 * 4 + 16;
        let mut message = String::with_capacity(length);
        BASE64.encode_string(&self.protected, &mut message);
        message.push('.');
        let mut message = if self.header.bare_payload {
            message.into_bytes()
        } else {
            BASE64.encode_string(&self.payload, &mut message);
            return message.into_bytes();
        };
        message.extend_from_slice(&self.payload);
        message
    }

    /// Whether the signature over `message`, which is [`Token::signed_message`], is the key's.
    pub fn verify(&self, message: &[u8], key: &PublicKey) -> Verification {
        let failure = || Verification::Invalid(CRYPTO_FAILURE.to_owned());
        match &self.header.critical {
            Critical::Understood => {}
            Critical::Foreign => return failure(),
            Critical::Malformed(text) => return Verification::Invalid(text.clone()),
        }
        let algorithm = self.header.algorithm.as_str();
        let known = [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA",
        ];
        if self.protected.is_empty() || !known.contains(&algorithm) {
            return failure();
        }
        match key.verify_jws(algorithm, message, &self.signature) {
            SignatureCheck::Valid => Verification::Valid,
            SignatureCheck::Invalid(_) => failure(),
            SignatureCheck::Unknown(why) => Verification::Unknown(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        format!("{}.{}.c2ln", BASE64.encode(header), BASE64.encode("{}"))
    }

    #[test]
    fn parses_what_go_jose_parses() {
        for header in [
            "",
            "null",
            "{}",
            r#" { "alg" : "none", "kid":null } "#,
            r#"{"alg":"XX","x":{"a":[1]},"crit":7,"b64":"no","nonce":"n"}"#,
            r#"{"jwk":{"kty":"RSA","n":"AQ","e":"AQAB"}}"#,
            r#"{"jwk":{"kty":"OKP","crv":"Ed25519","x":""}}"#,
            r#"{"jwk":null,"x5c":[]}"#,
        ] {
            assert!(parse(&token(header)).is_ok(), "{header}");
        }
        for header in [
            " ",
            "[]",
            "1",
            r#"{"alg":"a","alg":"a"}"#,
            r#"{"alg":7}"#,
            r#"{"kid":[]}"#,
            r#"{"nonce":{}}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":1e999}"#,
            r#"{"jwk":{}}"#,
            r#"{"jwk":"x"}"#,
            r#"{"jwk":{"kty":"RSA","n":"AQ","e":"AA"}}"#,
            r#"{"jwk":{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}}"#,
            r#"{"jwk":{"kty":"oct","k":"AQ"}}"#,
            r#"{"jwk":{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}}"#,
            r#"{"x5c":["AQ=="]}"#,
            r#"{"x5c":"AQ=="}"#,
        ] {
            assert!(parse(&token(header)).is_err(), "{header}");
        }
        for text in ["", "a", "a.b", "e30.e30.e30.e30", "e30.e30.=", "e30!.e30."] {
            assert!(parse(text).is_err(), "{text}");
        }
        let spaced = parse(" e\u{a0}30.e3\t0\n.\u{2028}");
        assert_eq!(spaced, parse("e30.e30."));
    }

    #[test]
    fn header_values() {
        let header = |text: &str| parse(&token(text)).map(|token| token.header);
        assert_eq!(
            header(r#"{"alg":"RS256","kid":"k","Kid":"x","crit":["b64"],"b64":false}"#),
            Ok(Header {
                algorithm: "RS256".to_owned(),
                key_id: "k".to_owned(),
                critical: Critical::Understood,
                bare_payload: true,
            })
        );
        let critical = |text: &str| header(&format!(r#"{{"crit":{text}}}"#)).map(|h| h.critical);
        let wrong = |text: &str| {
            Ok(Critical::Malformed(format!(
                "json: cannot unmarshal {text}"
            )))
        };
        assert_eq!(critical("[]"), Ok(Critical::Understood));
        assert_eq!(critical("[null]"), Ok(Critical::Foreign));
        assert_eq!(critical(r#"["b64","exp"]"#), Ok(Critical::Foreign));
        assert_eq!(
            critical(r#""exp""#),
            wrong("string into Go value of type []string")
        );
        assert_eq!(
            critical(r#"[true,[],"x"]"#),
            wrong("bool into Go value of type string")
        );
        assert_eq!(
            critical("[true,1]"),
            wrong("number into Go value of type string")
        );
    }

    #[test]
    fn signs_what_it_encodes_itself() {
        let message = |text: &str| parse(text).map(|token| token.signed_message());
        // The last characters of header and payload have bits beyond their last byte.
        assert!(message("e3\n1").is_err());
        assert_eq!(message("e30.YR."), Ok(b"e30.YQ".to_vec()));
        let bare = format!("{}.YR.", BASE64.encode(r#"{"b64":false}"#));
        assert_eq!(message(&bare), Ok(b"eyJiNjQiOmZhbHNlfQ.a".to_vec()));
    }
}
