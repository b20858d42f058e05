//! The look at the issuer before anything is verified.

use super::json::{GO_DEPTH, Kind, check};
use super::{decode_as_go, is_field};
use crate::load::go_json;

/// The `iss` claim as the server's first look finds it, which tells whose token it is: with Go's
/// `encoding/json`, to which `Iss` is the same key and of several the last one counts.
///
/// `None`: it has not the form of a token. The empty text: it names no issuer.
pub fn probe_issuer(token: &str) -> Option<String> {
    match untrusted_issuer(token) {
        UntrustedIssuer::Named(issuer) => Some(issuer),
        UntrustedIssuer::NoToken(_) => None,
    }
}

/// What the first look at a token finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UntrustedIssuer {
    /// The `iss` claim; the empty text if there is none.
    Named(String),
    /// It has not the form of a token, and what the server says to that.
    NoToken(String),
}

/// [`probe_issuer`], with the server's words for what is no token.
pub fn untrusted_issuer(token: &str) -> UntrustedIssuer {
    match issuer(token) {
        Ok(issuer) => UntrustedIssuer::Named(issuer),
        Err(error) => UntrustedIssuer::NoToken(error),
    }
}

fn issuer(token: &str) -> Result<String, String> {
    if token.trim_start().starts_with('{') {
        return Err("token is not compact JWT".to_owned());
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("malformed token".to_owned());
    };
    let payload =
        decode_as_go(payload).map_err(|error| format!("error decoding token: {error}"))?;
    let unread = |error: String| format!("while unmarshaling token: {error}");
    let claims = check(&payload, GO_DEPTH)
        .map_err(|_| unread(go_json::complaint(&payload).unwrap_or_default()))?;
    let mut issuer = String::new();
    match claims.kind() {
        Kind::Object => {}
        Kind::Null => return Ok(issuer),
        other => {
            let found = other.go_name();
            return Err(unread(format!(
                "json: cannot unmarshal {found} into Go value of type struct {{ Issuer string \"json:\\\"iss\\\"\" }}"
            )));
        }
    }
    let mut wrong = None;
    for (key, value) in claims.entries() {
        if !is_field(&key, "iss") {
            continue;
        }
        match (value.kind(), value.string()) {
            (Kind::Null, _) => {}
            (_, Some(text)) => issuer = text.into_owned(),
            (other, None) => {
                let found = other.go_name();
                wrong.get_or_insert_with(|| {
                    unread(format!(
                        "json: cannot unmarshal {found} into Go struct field .iss of type string"
                    ))
                });
            }
        }
    }
    wrong.map_or(Ok(issuer), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    #[test]
    fn reads_as_encoding_json_does() {
        let of =
            |claims: &str| probe_issuer(&format!("x.{}.y", super::super::BASE64.encode(claims)));
        for (claims, expected) in [
            (r#"{"iss":"a"}"#, Some("a")),
            (r#"{"iss":"a","Iss":"b","iſS":null}"#, Some("b")),
            (r#"{"isſ":"a"}"#, Some("a")),
            (r#"{"issx":"a","is":"b"}"#, Some("")),
            (r#"{"iss":["a"],"iss":"a"}"#, None),
            ("null", Some("")),
            ("[]", None),
            (r#"{"iss":"a"} x"#, None),
            ("", None),
        ] {
            assert_eq!(of(claims).as_deref(), expected, "{claims}");
        }
        let payload = super::super::BASE64.encode(r#"{"iss":"a"}"#);
        for (token, fine) in [
            (format!(".{payload}."), true),
            (format!(" \n.{payload}\n."), true),
            (format!(" {{.{payload}."), false),
            (format!(". {payload}."), false),
            (format!(".{payload}"), false),
            (format!("..{payload}."), false),
        ] {
            assert_eq!(probe_issuer(&token).is_some(), fine, "{token:?}");
        }
    }
}
