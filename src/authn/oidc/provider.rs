//! What an issuer says of itself: its discovery document, and the keys that it names (go-oidc's
//! `NewProvider` and `RemoteKeySet`).
//!
//! Keys are taken as they are served now: a server that fetched them earlier may still take a key that was
//! removed since.

use crate::apiserver::fetched::{Answer, Fetched, status_line};
use crate::jwt::json::{GO_DEPTH, Kind, Raw, check};
use crate::jwt::{self, Jwk, KeyMaterial, ParseError, is_field};
use crate::model::Quoted;
use crate::pki::PublicKey;

/// An issuer as far as the network tells.
#[derive(Debug)]
pub enum Provider {
    /// Its discovery fails, and why: its tokens get `authenticator not initialized`.
    Down(String),
    /// It is there.
    Up(KeySet),
}

/// The keys of an issuer.
#[derive(Debug)]
pub enum KeySet {
    /// They are known.
    Keys(Vec<Key>),
    /// They cannot be fetched, in the server's words.
    Refused(String),
    /// They cannot be told here, and why.
    Unknown(String),
}

/// A key that may have signed a token.
#[derive(Debug)]
pub struct Key {
    /// `kid`, empty if it has none.
    pub id: String,
    /// The key.
    pub public: PublicKey,
}

/// Where the discovery document of an issuer is.
pub fn discovery_url(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    format!("{issuer}/.well-known/openid-configuration")
}

impl Provider {
    /// Asks an issuer; its document is at `document`.
    pub fn discover(issuer: &str, document: &str, fetched: &Fetched) -> Provider {
        let body = match fetched.get(document, None) {
            Answer::Page(200, body) => body,
            Answer::Page(status, _) => {
                return Provider::Down(format!("{document}: {}", status_line(status)));
            }
            Answer::Unreachable => {
                return Provider::Down(format!("{document} cannot be fetched"));
            }
        };
        let root = match check(body, GO_DEPTH) {
            Ok(root) if matches!(root.kind(), Kind::Object | Kind::Null) => root,
            _ => return Provider::Down(format!("{document} is no discovery document")),
        };
        let read = |field| document_field(root, field);
        let fields = [
            "issuer",
            "jwks_uri",
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
        ];
        let [Some(found), Some(keys), Some(_), Some(_), Some(_)] = fields.map(read) else {
            return Provider::Down(format!("{document}: a URL in it is no string"));
        };
        if found != issuer {
            let (issuer, found) = (Quoted(issuer), Quoted(&found));
            return Provider::Down(format!(
                "oidc: issuer did not match the issuer returned by provider, expected {issuer} got {found}"
            ));
        }
        if keys.is_empty() {
            return Provider::Down(format!("{document} names no jwks_uri"));
        }
        Provider::Up(KeySet::fetch(&keys, fetched))
    }
}

/// A field of the document; `None` if it is no string.
fn document_field(root: Raw<'_>, field: &str) -> Option<String> {
    let mut found = String::new();
    for (key, value) in root.entries() {
        if !is_field(&key, field) || value.kind() == Kind::Null {
            continue;
        }
        found = value.string()?.into_owned();
    }
    Some(found)
}

impl KeySet {
    fn fetch(url: &str, fetched: &Fetched) -> KeySet {
        let failed = |what: String| KeySet::Refused(format!("fetching keys oidc: {what}"));
        let body = match fetched.get(url, None) {
            Answer::Page(200, body) => body,
            Answer::Page(status, body) => {
                let body = shown(body);
                return failed(format!("get keys failed: {} {body}", status_line(status)));
            }
            Answer::Unreachable => {
                let url = Quoted(url);
                return failed(format!("get keys failed Get {url}: it cannot be fetched"));
            }
        };
        match jwt::key_set(body) {
            Ok(keys) => KeySet::Keys(keys.into_iter().filter_map(public).collect()),
            Err(ParseError::Malformed(error)) => {
                let body = shown(body);
                failed(format!(
                    "failed to decode keys: got Content-Type = application/json, but could not unmarshal as JSON: {error} {body}"
                ))
            }
            Err(ParseError::Unknown(why)) => KeySet::Unknown(format!("{url}: {why}")),
        }
    }
}

/// A page as it is told, cut where the server's log would be full of it.
fn shown(body: &[u8]) -> String {
    const MOST: usize = 64 << 10;
    match body.get(..MOST) {
        Some(cut) if body.len() > MOST => format!("{}…", String::from_utf8_lossy(cut)),
        _ => String::from_utf8_lossy(body).into_owned(),
    }
}

/// A secret key verifies no signature that the server takes.
fn public(key: Jwk) -> Option<Key> {
    match key.material {
        KeyMaterial::Public(public) => Some(Key { id: key.id, public }),
        KeyMaterial::Secret => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apiserver::fetched::Page;

    fn discover(document: &str, keys: &str) -> String {
        let page = |body: &str| Page {
            status: 200,
            body: body.as_bytes().to_vec(),
            authorization: None,
        };
        let fetched = Fetched::from_iter([
            (discovery_url("https://a.example/"), page(document)),
            ("https://a.example/keys".to_owned(), page(keys)),
        ]);
        let document = discovery_url("https://a.example/");
        match Provider::discover("https://a.example/", &document, &fetched) {
            Provider::Down(why) | Provider::Up(KeySet::Refused(why) | KeySet::Unknown(why)) => why,
            Provider::Up(KeySet::Keys(keys)) => format!("{} keys", keys.len()),
        }
    }

    #[test]
    fn believes_a_document_about_its_own_issuer_alone() {
        let good = r#"{"ISSUER":"https://a.example/","jwks_uri":"https://a.example/keys"}"#;
        assert_eq!(discover(good, r#"{"keys":[]}"#), "0 keys");
        assert!(discover(good, "{").starts_with("fetching keys oidc: failed to decode keys: "));
        for (document, why) in [
            ("", "no discovery document"),
            ("[]", "no discovery document"),
            ("null", "did not match"),
            (
                r#"{"issuer":"https://a.example","jwks_uri":"x"}"#,
                "did not match",
            ),
            (r#"{"issuer":"https://a.example/"}"#, "names no jwks_uri"),
            (
                r#"{"issuer":"https://a.example/","token_endpoint":1}"#,
                "no string",
            ),
        ] {
            assert!(discover(document, "{}").contains(why), "{document}");
        }
        let elsewhere = r#"{"issuer":"https://a.example/","jwks_uri":"https://b.example/"}"#;
        assert!(discover(elsewhere, "").contains("get keys failed Get"));
    }
}
