//! JSON Web Keys as go-jose reads them: one in a token's header, many in the set that an issuer serves.

use super::compact::ParseError;
use super::json::{GO_DEPTH, Kind, Raw, check};
use super::{Fill, STANDARD_BASE64, decode};
use crate::load::go_json;
use crate::pki::{Certificate, PublicKey};
use base64::Engine;
use std::borrow::Cow;

/// The most keys of one set: beyond it nobody serves any, and each may be tried for a token.
const MOST_KEYS: usize = 10_000;

/// What a key is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// A public key.
    Public(PublicKey),
    /// A secret or private key, with which go-jose verifies no signature of a public one.
    Secret,
}

/// One key. What it says of its use and algorithm does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    /// `kid`, empty if it is missing.
    pub id: String,
    /// The key.
    pub material: KeyMaterial,
}

/// The members of a key that are text, and those that are bytes.
const TEXTS: [&str; 7] = ["use", "kty", "kid", "crv", "alg", "x5t", "x5t#S256"];
const BYTES: [&str; 11] = ["k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"];

/// A member of bytes: missing, or with what it holds.
type Octets = Option<Vec<u8>>;

impl Jwk {
    /// Reads a key.
    ///
    /// # Errors
    /// go-jose's text.
    pub fn read(value: Raw<'_>) -> Result<Jwk, ParseError> {
        let malformed = ParseError::Malformed;
        let mut texts = [const { String::new() }; TEXTS.len()];
        let mut bytes: [Octets; BYTES.len()] = [const { None }; BYTES.len()];
        let mut chain = Vec::new();
        let mut fill = Fill::default();
        fill.object(value, "jose.rawJSONWebKey", |fill, name, value| {
            if let Some(at) = TEXTS.iter().position(|text| *text == name) {
                return fill.string(value, &mut texts[at]);
            }
            if let Some(at) = BYTES.iter().position(|octets| *octets == name) {
                bytes[at] = octets(value)?;
                return Ok(());
            }
            match name {
                "x5c" => fill.strings(value, &mut chain),
                // go-jose would read a Go struct there, which no text is.
                "x5u" => fill.object(value, "url.URL", |_, _, _| Ok(())).map(drop),
                _ => Ok(()),
            }
        })
        .map_err(malformed)?;
        fill.finish().map_err(malformed)?;
        let certificates = chain_of(&chain).map_err(|error| {
            malformed(format!(
                "go-jose/go-jose: failed to unmarshal x5c field: {error}"
            ))
        })?;
        let [_, kty, id, curve, _, x5t, x5t256] = &texts;
        let material = material(kty, curve, &bytes, !certificates.is_empty()).map_err(malformed)?;
        if let (Some(leaf), KeyMaterial::Public(key)) = (certificates.first(), &material)
            && leaf.public_key() != key
        {
            return Err(malformed(
                "go-jose/go-jose: invalid JWK, public keys in key and x5c fields to not match"
                    .to_owned(),
            ));
        }
        for (text, name, size) in [(x5t, "x5t", 20), (x5t256, "x5t#S256", 32)] {
            thumbprint(text, name, size).map_err(malformed)?;
        }
        Ok(Jwk {
            id: id.clone(),
            material,
        })
    }
}

/// Reads a set of keys, one that go-jose cannot read spoils them all.
///
/// # Errors
/// Go's text.
pub fn key_set(text: &[u8]) -> Result<Vec<Jwk>, ParseError> {
    let malformed = ParseError::Malformed;
    let Ok(root) = check(text, GO_DEPTH) else {
        let complaint = go_json::complaint(text);
        return Err(malformed(complaint.unwrap_or_default()));
    };
    let mut keys = Vec::new();
    match root.kind() {
        Kind::Object => {}
        Kind::Null => return Ok(keys),
        other => {
            let found = other.go_name();
            return Err(malformed(format!(
                "json: cannot unmarshal {found} into Go value of type jose.JSONWebKeySet"
            )));
        }
    }
    let mut wrong = None;
    for (name, value) in root.entries() {
        if !super::is_field(&name, "keys") {
            continue;
        }
        match value.kind() {
            Kind::Null => keys.clear(),
            Kind::Array => {
                keys.clear();
                for key in value.elements() {
                    if keys.len() == MOST_KEYS {
                        return Err(ParseError::Unknown(format!(
                            "a key set of more than {MOST_KEYS} keys is not read here"
                        )));
                    }
                    keys.push(Jwk::read(key)?);
                }
            }
            other => {
                let found = other.go_name();
                wrong.get_or_insert_with(|| {
                    malformed(format!("json: cannot unmarshal {found} into Go struct field JSONWebKeySet.keys of type []jose.JSONWebKey"))
                });
            }
        }
    }
    wrong.map_or(Ok(keys), Err)
}

/// Bytes in base64; `null` is none, an empty text is no byte.
fn octets(value: Raw<'_>) -> Result<Octets, String> {
    if value.kind() == Kind::Null {
        return Ok(None);
    }
    let Some(text) = value.string() else {
        let found = value.kind().go_name();
        return Err(format!(
            "json: cannot unmarshal {found} into Go value of type string"
        ));
    };
    super::decode_as_go(text.trim_end_matches('=')).map(Some)
}

/// The certificates of an `x5c`, each of which Go has to be able to read.
pub(super) fn chain_of(chain: &[String]) -> Result<Vec<Certificate>, String> {
    let certificate = |text: &String| {
        let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let der = STANDARD_BASE64.decode(&text).map_err(|_| {
            let at = super::illegal_at(&text, b"+/=");
            format!("illegal base64 data at input byte {at}")
        })?;
        Certificate::parse(&der).map_err(|error| error.to_string())
    };
    chain.iter().map(certificate).collect()
}

fn material(
    kty: &str,
    curve: &str,
    bytes: &[Octets; BYTES.len()],
    has_certificate: bool,
) -> Result<KeyMaterial, String> {
    let [k, x, y, n, e, d, p, q, ..] = bytes;
    let fail = |text: &str| Err(format!("go-jose/go-jose: {text}"));
    match kty {
        "RSA" if d.is_some() => {
            let parts = [(n, "N"), (e, "E"), (d, "D"), (p, "P"), (q, "Q")];
            let missing: Vec<&str> = parts
                .iter()
                .filter(|(part, _)| part.is_none())
                .map(|(_, name)| *name)
                .collect();
            match missing.is_empty() {
                true => Ok(KeyMaterial::Secret),
                false => fail(&format!(
                    "invalid RSA private key, missing {} value(s)",
                    missing.join(", ")
                )),
            }
        }
        "RSA" => match (n, e) {
            (Some(n), Some(e)) => Ok(KeyMaterial::Public(PublicKey::rsa(n, low_bits(e)))),
            _ => fail("invalid RSA key, missing n/e values"),
        },
        "EC" => {
            let Some(size) = coordinate_size(curve) else {
                return fail(&format!("unsupported elliptic curve '{curve}'"));
            };
            let (Some(x), Some(y)) = (x, y) else {
                return fail(match d.is_some() {
                    true => "invalid EC private key, missing x/y/d values",
                    false => "invalid EC key, missing x/y values",
                });
            };
            let kind = if d.is_some() { "private" } else { "public" };
            for (coordinate, name) in [(x, "x"), (y, "y")] {
                if coordinate.len() != size {
                    return fail(&format!("invalid EC {kind} key, wrong length for {name}"));
                }
            }
            let key = PublicKey::point(curve, x, y).ok_or(
                "go-jose/go-jose: invalid EC key, X/Y are not on declared curve".to_owned(),
            )?;
            Ok(match d {
                Some(_) => KeyMaterial::Secret,
                None => KeyMaterial::Public(key),
            })
        }
        "oct" if has_certificate => {
            fail("invalid JWK, found 'oct' (symmetric) key with cert chain")
        }
        "oct" => match k {
            Some(_) => Ok(KeyMaterial::Secret),
            None => fail("invalid OCT (symmetric) key, missing k value"),
        },
        "OKP" => match (curve, x, d) {
            ("Ed25519", Some(_), Some(_)) => Ok(KeyMaterial::Secret),
            ("Ed25519", Some(x), None) => {
                let mut key = x.clone();
                key.resize(32, 0);
                Ok(KeyMaterial::Public(PublicKey::Ed25519(key)))
            }
            _ => fail(&format!("unknown curve {curve}'")),
        },
        other => fail(&format!("unknown json web key type '{other}'")),
    }
}

fn coordinate_size(curve: &str) -> Option<usize> {
    match curve {
        "P-256" => Some(32),
        "P-384" => Some(48),
        "P-521" => Some(66),
        _ => None,
    }
}

/// The lowest 64 bits, which are all that Go takes of an exponent.
fn low_bits(number: &[u8]) -> i64 {
    let low = &number[number.len().saturating_sub(8)..];
    let low = low
        .iter()
        .fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
    low.cast_signed()
}

/// Checks the form of a certificate's thumbprint. That it is the certificate's is taken for granted.
fn thumbprint(text: &str, name: &str, size: usize) -> Result<(), String> {
    let fail = |what: &str| Err(format!("go-jose/go-jose: invalid JWK, {what}"));
    let Ok(bytes) = decode(text) else {
        return fail(&format!("{name} header has invalid encoding"));
    };
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    match bytes.len() {
        0 => Ok(()),
        found if found == size => Ok(()),
        found if found == 2 * size && is_hex(&bytes) => Ok(()),
        found if found == 2 * size => fail(&format!("unable to hex decode {name}")),
        _ => fail(&format!("{name} header is of incorrect size")),
    }
}

/// A value as it stands in the text, for go-jose's messages, which repeat it.
pub(super) fn shown(value: Raw<'_>) -> Cow<'_, str> {
    String::from_utf8_lossy(value.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match key_set(text.as_bytes()) {
            Err(ParseError::Malformed(text) | ParseError::Unknown(text)) => text,
            Ok(_) => String::new(),
        }
    }

    #[test]
    fn reads_sets_as_go_does() {
        let keys = key_set(
            br#"{"x":1,"KEYS":[{"kty":"RSA","kid":"a","n":"AQ==","e":"AQAB","alg":"none"},{"kty":"oct","k":""},{"kty":"OKP","crv":"Ed25519","x":"AQ","x5t":""}]}"#,
        );
        let ids = keys.map(|keys| keys.into_iter().map(|key| key.id).collect::<Vec<_>>());
        assert_eq!(ids, Ok(vec!["a".to_owned(), String::new(), String::new()]));
        for nothing in ["null", "{}", r#"{"keys":null}"#, r#"{"keys":[]}"#] {
            assert_eq!(key_set(nothing.as_bytes()), Ok(Vec::new()), "{nothing}");
        }
    }

    #[test]
    fn one_bad_key_spoils_the_set() {
        for (text, expected) in [
            ("{", "unexpected end of JSON input"),
            (
                "[]",
                "json: cannot unmarshal array into Go value of type jose.JSONWebKeySet",
            ),
            (
                r#"{"keys":"x"}"#,
                "json: cannot unmarshal string into Go struct field JSONWebKeySet.keys of type []jose.JSONWebKey",
            ),
            (
                r#"{"keys":["x"]}"#,
                "json: cannot unmarshal string into Go value of type jose.rawJSONWebKey",
            ),
            (
                r#"{"keys":[null]}"#,
                "go-jose/go-jose: unknown json web key type ''",
            ),
            (
                r#"{"keys":[{"kty":"RSA","n":"AQ"}]}"#,
                "go-jose/go-jose: invalid RSA key, missing n/e values",
            ),
            (
                r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}]}"#,
                "go-jose/go-jose: invalid EC public key, wrong length for x",
            ),
            (
                r#"{"keys":[{"kty":"oct","k":"!"}]}"#,
                "illegal base64 data at input byte 0",
            ),
            (
                r#"{"keys":[{"kty":"oct","kty":"RSA"}]}"#,
                "json: duplicate key 'kty' in object",
            ),
            (
                r#"{"keys":[{"kty":"oct","k":"AQ","x5u":"https://x"}]}"#,
                "json: cannot unmarshal string into Go value of type url.URL",
            ),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }
}
