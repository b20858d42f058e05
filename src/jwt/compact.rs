//! Signed tokens in their compact form, parsed and verified as go-jose does.

use super::json::{Keys, Kind, Raw, check};
use super::{BASE64, decode};
use crate::pki::{Certificate, PublicKey, SignatureCheck};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// go-jose's words for every signature that is not good.
pub const CRYPTO_FAILURE: &str = "go-jose/go-jose: error in cryptographic primitive";

/// Why a text is not taken for a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is none. The text is for people; the server shows none of its own.
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
        return malformed("a token has three parts with dots between them");
    };
    let part = |name: &str, text: &str| {
        decode(text).or_else(|error| malformed(format!("the {name} is not base64url: {error}")))
    };
    let protected = part("header", protected)?;
    Ok(Token {
        payload: part("payload", payload)?,
        signature: part("signature", signature)?,
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
            return malformed("the header is no JSON");
        };
        if !matches!(root.kind(), Kind::Object | Kind::Null) {
            return malformed("the header is no JSON object");
        }
        let mut keys = Keys::default();
        for (key, value) in root.entries() {
            keys.add(key.clone()).or_else(malformed)?;
            if value.kind() == Kind::Null {
                continue;
            }
            let text = || match value.string() {
                Some(text) => Ok(text.into_owned()),
                None => malformed(format!("{key} in the header is no string")),
            };
            match &*key {
                "alg" => header.algorithm = text()?,
                "kid" => header.key_id = text()?,
                "nonce" => drop(text()?),
                "jwk" => check_jwk(value)?,
                "x5c" => drop(certificates(value)?),
                name => {
                    if let Some(trouble) = value.trouble() {
                        return malformed(trouble);
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

/// Go's `base64.StdEncoding`.
const STANDARD_BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The certificates of an `x5c`, each of which Go has to be able to read.
fn certificates(value: Raw<'_>) -> Result<Vec<Certificate>, ParseError> {
    if value.kind() != Kind::Array {
        return malformed("x5c is no list");
    }
    let mut found = Vec::new();
    for one in value.elements() {
        let text = match one.kind() {
            Kind::Null => Cow::Borrowed(""),
            _ => match one.string() {
                Some(text) => text,
                None => return malformed("x5c is no list of strings"),
            },
        };
        let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let der = STANDARD_BASE64
            .decode(text)
            .or_else(|error| malformed(format!("x5c is not base64: {error}")))?;
        found.push(Certificate::parse(&der).or_else(|error| malformed(error.to_string()))?);
    }
    Ok(found)
}

/// Checks a key that came with the token. It is not used, but go-jose takes no token whose key is not a good
/// public one.
fn check_jwk(value: Raw<'_>) -> Result<(), ParseError> {
    const TEXTS: [&str; 8] = ["use", "kty", "kid", "crv", "alg", "x5u", "x5t", "x5t#S256"];
    const BYTES: [&str; 11] = ["k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"];
    if value.kind() != Kind::Object {
        return malformed("jwk is no object");
    }
    let mut keys = Keys::default();
    let mut texts = [const { String::new() }; TEXTS.len()];
    let mut bytes: [Option<Vec<u8>>; BYTES.len()] = [const { None }; BYTES.len()];
    let mut chain = Vec::new();
    for (key, value) in value.entries() {
        keys.add(key.clone()).or_else(malformed)?;
        let is_field = TEXTS.contains(&&*key) || BYTES.contains(&&*key);
        if value.kind() == Kind::Null || !(is_field || key == "x5c") {
            continue;
        }
        if key == "x5c" {
            chain = certificates(value)?;
            continue;
        }
        let Some(text) = value.string() else {
            return malformed(format!("jwk.{key} is no string"));
        };
        if let Some(at) = TEXTS.iter().position(|name| *name == key) {
            texts[at] = text.into_owned();
        } else if let Some(at) = BYTES.iter().position(|name| *name == key) {
            let decoded = decode(text.trim_end_matches('='));
            bytes[at] = Some(decoded.or_else(|_| malformed(format!("jwk.{key} is not base64")))?);
        }
    }
    let [_, kty, _, curve, _, x5u, x5t, x5t256] = &texts;
    let [_, x, y, n, e, d, ..] = &bytes;
    if d.is_some() || kty == "oct" {
        return malformed("jwk is not a public key");
    }
    if !(chain.is_empty() && x5u.is_empty() && x5t.is_empty() && x5t256.is_empty()) {
        return Err(ParseError::Unknown(
            "the token's header has a key with a certificate, which is not compared here"
                .to_owned(),
        ));
    }
    match (kty.as_str(), curve.as_str()) {
        ("RSA", _) => match (n, e) {
            (Some(_), Some(e)) if low_bits(e) != 0 => Ok(()),
            _ => malformed("jwk is no RSA key"),
        },
        ("OKP", "Ed25519") if x.is_some() => Ok(()),
        ("EC", "P-256" | "P-384" | "P-521") => match (x, y) {
            (Some(x), Some(y)) if is_on_curve(curve, x, y) => Ok(()),
            _ => malformed("jwk is no point of its curve"),
        },
        _ => malformed("jwk is of no known kind"),
    }
}

/// The lowest 64 bits, which are all that Go takes of an exponent.
fn low_bits(number: &[u8]) -> u64 {
    let low = &number[number.len().saturating_sub(8)..];
    low.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

fn is_on_curve(curve: &str, x: &[u8], y: &[u8]) -> bool {
    /// SubjectPublicKeyInfo up to the coordinates, and their size.
    const PREFIXES: [(&str, &[u8], usize); 3] = [
        (
            "P-256",
            b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04",
            32,
        ),
        (
            "P-384",
            b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04",
            48,
        ),
        (
            "P-521",
            b"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04",
            66,
        ),
    ];
    PREFIXES.iter().any(|(name, prefix, size)| {
        *name == curve
            && x.len() == *size
            && y.len() == *size
            && PublicKey::from_spki_der(&[prefix, x, y].concat()).is_ok()
    })
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
